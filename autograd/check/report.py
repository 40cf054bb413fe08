"""What a gradient check found, as text, JSON and HTML."""

from __future__ import annotations

import html
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from autograd.check.judge import Fault

OK, KINK, STEEP, OVERFLOW, WRONG = "ok", "kink", "steep", "overflow", "WRONG"

_MEANING = {
    OK: "the derivative agrees",
    KINK: "a kink: the derivative lies between the slopes on the two sides",
    STEEP: "infinite, and the slopes do grow without bound",
    OVERFLOW: "the derivative overflows on the way: no float can tell",
    WRONG: "the derivative does not agree",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One derivative of one output, checked.

    Fields
    - `by`: what it is the derivative by: ("x",), or ("x", "y") for a second derivative.
    - `output`: which number of the result, empty if there is only one.
    - `at`: the input's value.
    - `analytic`: by mode, {"reverse": ..., "forward": ...}.
    - `numerical`, `error`: by differences, and how far that may be off.
    - `left`, `right`: the slopes on either side.
    - `exact`, `bound`: by the exact judge, and how far rounding may take the
      analytic from it; None where it could not judge.
    - `verdict`: "ok", "kink", "steep", "overflow" or "WRONG"; `note`: why.
    """

    by: tuple[str, ...]
    output: str
    at: float
    analytic: dict[str, float]
    numerical: float
    error: float
    left: float
    right: float
    exact: float | None
    bound: float | None
    verdict: str
    note: str = ""

    @property
    def passed(self) -> bool:
        """Whether the derivative is right, as far as anything can tell."""
        return self.verdict != WRONG

    @property
    def order(self) -> int:
        """1 for a gradient, 2 for a second derivative."""
        return len(self.by)

    @property
    def name(self) -> str:
        """What it is the derivative by, as one text."""
        return ", ".join(self.by)

    @property
    def title(self) -> str:
        """The derivative as it is written: "∂f/∂x", "∂²f/∂x∂y"."""
        by = "".join([f"∂{part}" for part in self.by])
        power = {1: "", 2: "²", 3: "³"}.get(self.order, f"^{self.order}")
        return f"∂{power}{self.output or 'f'}/{by}"


@dataclass(frozen=True, slots=True)
class Report:
    """The result of `check_grads`: true if every derivative agrees.

    Fields: `title`, what was checked; `entries`, one for each derivative;
    `faults`, the rules found wrong, first the first in the graph; `notes`;
    `output`, the recorded value, for drawing (None if nothing was recorded).

    >>> from autograd import check_grads
    >>> report = check_grads(lambda x, y: x * y, (2.0, -3.0))
    >>> bool(report), [entry.name for entry in report]
    (True, ['x', 'y'])
    """

    title: str
    entries: tuple[Entry, ...]
    faults: tuple[Fault, ...] = ()
    notes: tuple[str, ...] = ()
    output: Any = field(default=None, repr=False)

    @property
    def passed(self) -> bool:
        """Whether every derivative agrees and every rule is right."""
        return all(entry.passed for entry in self.entries) and not self.faults

    def __bool__(self) -> bool:
        return self.passed

    def __iter__(self) -> Any:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    @property
    def blame(self) -> Fault | None:
        """The first operation whose own rule is wrong, if there is one."""
        return self.faults[0] if self.faults else None

    def __str__(self) -> str:
        """The table: a line for each derivative, then what is wrong and where."""
        head, *rows = [_columns(entry) for entry in (None, *self.entries)]
        widths = [max(len(row[i]) for row in (head, *rows)) for i in range(len(head))]
        lines = [self.headline()]
        for row in (head, *rows):
            cells = [row[0].ljust(widths[0])]
            cells += [row[i].rjust(widths[i]) for i in range(1, len(row) - 1)]
            lines.append(("  " + "  ".join([*cells, row[-1]])).rstrip())
        lines += [f"  {text}" for text in self._remarks() + self._reasons()]
        return "\n".join(lines)

    def _remarks(self) -> list[str]:
        """What is to be said about single derivatives, the wrong ones first."""
        noted = sorted([entry for entry in self.entries if entry.note], key=lambda e: e.passed)
        lines = [_line(f"{entry.title}: {entry.note}") for entry in noted[:_REMARKS]]
        more = len(noted) - len(lines)
        return [*lines, f"and {more} more remark(s), in .entries"] if more else lines

    def titled(self, title: str) -> Report:
        """The same report under another title."""
        return replace(self, title=title)

    def headline(self) -> str:
        """One line: what was checked, and how it went."""
        wrong = sum(not entry.passed for entry in self.entries)
        count = f"{len(self.entries)} derivative{'s' if len(self.entries) != 1 else ''}"
        if wrong:
            return f"{_line(self.title)}: {wrong} of {count} WRONG"
        well = f"{_line(self.title)}: {count} ok"
        return well + ("" if self.passed else ", but a rule is WRONG")

    def _reasons(self) -> list[str]:
        lines = []
        if self.faults:
            lines.append(_line(f"first wrong operation: {self.faults[0]}"))
            if len(self.faults) > 1:
                lines.append(f"and {len(self.faults) - 1} more after it, in .faults")
        return [*lines, *map(_line, self.notes)]

    def draw(self, **settings: Any) -> Any:
        """A picture of the recorded graph, around the first wrong operation if there is one.

        Arguments: `draw`'s settings. Raises ValueError if nothing was recorded.
        """
        if self.output is None:
            raise ValueError(f"{self.title} recorded no graph, so there is none to draw")
        from autograd.drawing import draw

        blame = self.blame
        if blame is not None:
            settings = {"focus": blame.node, "partials": True, **settings}
        return draw(self.output, **settings)

    def to_json(self, indent: int | None = None) -> str:
        """The report as JSON; a number that JSON lacks is the string "nan", "inf" or "-inf"."""
        entries = [
            {"name": entry.name} | {slot: getattr(entry, slot) for slot in Entry.__slots__}
            for entry in self.entries
        ]
        document = {
            "title": self.title,
            "passed": self.passed,
            "derivatives": entries,
            "faults": [_fault(fault) for fault in self.faults],
            "notes": list(self.notes),
        }
        text = json.dumps(_jsonable(document), indent=indent, ensure_ascii=False, allow_nan=False)
        # A lone surrogate can't be written to a file; the escape in its place is JSON's own.
        return text.encode("utf-8", "backslashreplace").decode("utf-8")

    def to_html(self) -> str:
        """The report as one HTML page that loads nothing from elsewhere."""
        return page(self.title, [self])

    def _repr_html_(self) -> str:
        return f"<style>{_STYLE}</style>{section(self)}"


class GradientError(AssertionError):
    """A derivative is wrong; `report` tells which, and what wrong rule is the first."""

    def __init__(self, report: Report) -> None:
        super().__init__(str(report))
        self.report = report


def _line(text: str) -> str:
    """A text as one line that any file and terminal takes: no control characters."""
    from autograd.drawing.escape import clean

    return clean(text, LONGEST_LINE)


LONGEST_LINE = 20_000
"""Characters of a line of a report: twice the longest expression."""

_REMARKS = 8
_HEAD = ("", "at", "analytic", "numerical", "± error", "exact", "verdict")


def _columns(entry: Entry | None) -> list[str]:
    if entry is None:
        return list(_HEAD)
    return [
        _line(entry.title),
        f"{entry.at:.6g}",
        _modes(entry),
        f"{entry.numerical:.10g}",
        f"{entry.error:.1g}",
        "" if entry.exact is None else f"{entry.exact:.15g}",
        entry.verdict,
    ]


def _modes(entry: Entry) -> str:
    """The analytic derivative; by each mode if the modes don't agree."""
    values = list(entry.analytic.values())
    if entry.passed or all(_close(v, values[0]) for v in values):
        return f"{values[0]:.15g}"
    return ", ".join([f"{value:.15g} ({mode})" for mode, value in entry.analytic.items()])


def _close(a: float, b: float) -> bool:
    return a == b or abs(a - b) <= 1e-14 * abs(a) or (a != a and b != b)


def _fault(fault: Fault) -> dict[str, Any]:
    place = fault.node.place
    return {
        "primitive": fault.primitive.name,
        "arguments": [parent.data for parent in fault.node.parents],
        "argument": fault.position,
        "order": fault.order,
        "found": fault.found,
        "exact": fault.exact,
        "tolerance": fault.tolerance,
        "file": place.filename if place else None,
        "line": place.line if place else None,
        "text": str(fault),
    }


def _jsonable(x: Any) -> Any:
    if isinstance(x, float) and not math.isfinite(x):
        return str(x)
    if isinstance(x, dict):
        return {key: _jsonable(value) for key, value in x.items()}
    if isinstance(x, (list, tuple)):
        return [_jsonable(value) for value in x]
    return x


_STYLE = """
.gradcheck { font: 14px/1.5 system-ui, sans-serif; color-scheme: light dark; }
.gradcheck table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
.gradcheck th, .gradcheck td { padding: .2em .8em; text-align: right;
  border-bottom: 1px solid #8884; }
.gradcheck th:first-child, .gradcheck td:first-child,
.gradcheck th:last-child, .gradcheck td:last-child { text-align: left; }
.gradcheck .WRONG td { font-weight: 600; background: #d3302f2b; }
.gradcheck .kink td, .gradcheck .steep td, .gradcheck .overflow td { background: #f0a80026; }
.gradcheck .blame { border-left: 4px solid #d3302f; padding: .2em .8em; }
.gradcheck .scroll { overflow-x: auto; }
"""


def section(report: Report) -> str:
    """One report as a piece of HTML; every text in it is escaped."""
    head = "".join([f'<th scope="col">{html.escape(cell)}</th>' for cell in _HEAD])
    rows = []
    for entry in report.entries:
        cells = "".join([f"<td>{html.escape(cell)}</td>" for cell in _columns(entry)])
        title = html.escape(_line(entry.note) or _MEANING[entry.verdict])
        rows.append(f'<tr class="{entry.verdict}" title="{title}">{cells}</tr>')
    blamed = "".join([f'<p class="blame">{html.escape(t)}</p>' for t in report._reasons()])
    noted = "".join([f"<p>{html.escape(text)}</p>" for text in report._remarks()])
    if report.blame is not None and report.output is not None:
        blamed += f'<div class="scroll">{report.draw(legend=False).svg()}</div>'
    return (
        f'<section class="gradcheck"><h2>{html.escape(report.headline())}</h2>'
        f'<div class="scroll"><table><thead><tr>{head}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>{noted}{blamed}</section>"
    )


def page(title: str, reports: Sequence[Report]) -> str:
    """Reports as one HTML page that loads nothing from elsewhere."""
    wrong = sum(not report.passed for report in reports)
    return page_of(title, [section(report) for report in reports], wrong)


def page_of(title: str, sections: Sequence[str], wrong: int) -> str:
    """The page of sections that were made before, `wrong` of them of checks that failed."""
    summary = f"{len(sections)} check(s), {wrong} wrong"
    body = "\n".join(sections)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{html.escape(_line(title))}</title>"
        f"<style>:root {{ color-scheme: light dark }}{_STYLE}</style></head>\n"
        f'<body><main><p class="gradcheck">{html.escape(summary)}</p>\n'
        f"{body}</main></body></html>\n"
    )
