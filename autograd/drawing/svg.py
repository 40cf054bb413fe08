"""A view as SVG: one self-contained picture, valid XML, that follows light and dark."""

from __future__ import annotations

from autograd.drawing import metrics, theme
from autograd.drawing.boxes import KINDS, Box, Link, Scope, View
from autograd.drawing.escape import LONGEST_DETAIL, clean, xml
from autograd.drawing.layout import Arrow, Layout

MARGIN = 14.0
LEGEND = 34.0
FONT = "'Helvetica Neue',Helvetica,Arial,'DejaVu Sans',sans-serif"

RULES = (
    (" text", f"font:12px {FONT};font-variant-numeric:tabular-nums;white-space:pre"),
    (" .word,{c} .note,{c} .frame-title,{c} .link text", "font-size:11px"),
    (" .title,{c} .symbol,{c} .frame-title", "font-weight:600"),
    (" .shape", "stroke-width:1.3"),
    (" .output .outline,{c} .marked .outline", "stroke-width:3"),
    (" .link path", "fill:none;stroke-width:1.3"),
    (" .link .tip", "stroke:none"),
    (" .link.marked path", "stroke-width:2.6"),
    (" .link text", "paint-order:stroke;stroke-width:4px;stroke-linejoin:round"),
    (" .constant .shape", "stroke-dasharray:4 3"),
    (" .more .shape", "stroke-dasharray:1.5 3.5;stroke-linecap:round"),
)

COLOURS = (
    (" text", "fill:{ink}"),
    (" .paper", "fill:{paper}"),
    (" .word,{c} .note,{c} .frame-title", "fill:{quiet}"),
    (" .grad", "fill:{grad}"),
    (" .frame", "fill:{frame};stroke:{frame-line}"),
    (" .badge", "fill:{badge}"),
    (" .link path", "stroke:{edge}"),
    (" .link .tip", "fill:{edge}"),
    (" .link text", "stroke:{paper}"),
    *[(f" .{kind} .shape", f"fill:{{{kind}}};stroke:{{{kind}-line}}") for kind in KINDS],
    (" .marked .outline,{c} .link.marked path", "stroke:{mark}"),
    (" .link.marked .tip", "fill:{mark}"),
)


def style(name: str, colours: str) -> str:
    """The style sheet, each rule bound to the class `name`: a page around it stays as it is."""
    c = f".{name}"
    fixed = "".join([f"{c}{where.replace('{c}', c)}{{{rule}}}" for where, rule in RULES])

    def coloured(palette: dict[str, str]) -> str:
        return "".join(
            [
                f"{c}{where.replace('{c}', c)}{{{rule.format_map(palette)}}}"
                for where, rule in COLOURS
            ]
        )

    return fixed + theme.scheme(coloured, colours)


def svg(
    view: View, placed: Layout, colours: str = "auto", legend: bool = True, title: str = ""
) -> str:
    """The picture as an SVG document's root element.

    Arguments: `colours`, "auto", "light" or "dark"; `legend`, whether a line
    below tells the kinds of boxes and what was left out; `title`, for screen
    readers.
    """
    name = f"autograd-{colours}"
    below = _legend(view, MARGIN, placed.height + 2 * MARGIN + 10.0) if legend else ("", 0.0, 0.0)
    width = max(placed.width + 2 * MARGIN, below[1] + 2 * MARGIN)
    height = placed.height + 2 * MARGIN + below[2]
    told = title or describe(view)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="{name}" role="img"'
        f' aria-label="{xml(told)}" width="{width:.0f}" height="{height:.0f}"'
        f' viewBox="0 0 {width:.0f} {height:.0f}" style="{_shrinking(width)}">',
        f"<title>{xml(told)}</title><style>{style(name, colours)}</style>",
        f'<rect class="paper" width="{width:.0f}" height="{height:.0f}" rx="8"/>',
        f'<g transform="translate({(width - placed.width) / 2:.1f} {MARGIN})">',
        *_frames(placed),
        *[_link(i, link, placed.arrows[i]) for i, link in enumerate(view.links)],
        *[_box(box, *placed.boxes[box.key]) for box in view.boxes],
        "</g>",
        below[0],
        "</svg>",
    ]
    return "\n".join(parts)


def _shrinking(width: float) -> str:
    """A narrow page shrinks the picture while its smallest text keeps 10 px, then scrolls."""
    return f"max-width:100%;min-width:{width * 10.0 / metrics.SMALL:.0f}px;height:auto"


def describe(view: View) -> str:
    """The picture in one sentence."""
    outputs = [f"{box.title or box.symbol} = {box.rows[0][1]}" for box in view.boxes if box.output]
    text = f"Computation graph of {', '.join(outputs) or 'nothing'}: {len(view.boxes)} boxes"
    return "; ".join([text, *view.notes])


def scope_path(scope: Scope) -> str:
    """A scope as one name, no other scope's."""
    return clean("/".join([name.replace("/", "∕") for name in scope]), LONGEST_DETAIL)


def _frames(placed: Layout) -> list[str]:
    parts = []
    for scope, (x, y, width, height) in placed.frames.items():
        parts.append(
            f'<rect class="frame" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}"'
            f' height="{height:.1f}" rx="10"/>'
            f'<text class="frame-title" x="{x + 10:.1f}" y="{y + 17:.1f}">'
            f"{xml(clean(scope[-1]))}</text>"
        )
    return parts


def _box(box: Box, x: float, y: float) -> str:
    size = metrics.size(box)
    classes = " ".join(["box", box.kind, *["output"] * box.output, *["marked"] * box.marked])
    left, top = -size.width / 2, -size.height / 2
    opens = f' data-opens="{xml(scope_path(box.opens))}"' if box.opens else ""
    place = f'transform="translate({x:.1f} {y:.1f})"'
    parts = [
        f'<g data-box="{box.key}"{opens} class="{classes}" {place}>',
        f"<title>{xml(chr(10).join(box.detail))}</title>",
        shape(box.kind, size.width, size.height),
    ]
    middle = left + size.width / 2
    if size.badge:
        parts.append(_badge(left, top, size))
        at = left + size.badge / 2
        text_size = metrics.symbol_size(box.symbol)
        parts.append(
            f'<text class="symbol" x="{at:.1f}" y="{text_size * 0.35:.1f}" text-anchor="middle"'
            f' style="font-size:{text_size:.0f}px">{xml(box.symbol)}</text>'
        )
        middle = left + size.badge + (size.width - size.badge) / 2
    baseline = top + 5.0 + 12.0
    if box.title:
        parts.append(
            f'<text class="title" x="{middle:.1f}" y="{baseline:.1f}"'
            f' text-anchor="middle">{xml(box.title)}</text>'
        )
        baseline += metrics.LINE
    inset = metrics.PAD + (5.0 if box.kind == "input" else 0.0)
    for word, value in box.rows:
        parts.append(_row(word, value, left + size.badge + inset, -left - inset, middle, baseline))
        baseline += metrics.LINE
    parts.append("</g>")
    return "".join(parts)


_VALUES = {"‖grad‖": "norm"}
"""The classes of values whose word is none itself."""


def _row(word: str, value: str, left: float, right: float, middle: float, y: float) -> str:
    kind = f' class="{_VALUES.get(word, f"value-{word}")}{" grad" if "grad" in word else ""}"'
    if not word:
        return f'<text x="{middle:.1f}" y="{y:.1f}" text-anchor="middle">{xml(value)}</text>'
    return (
        f'<text class="word" x="{left:.1f}" y="{y:.1f}">{xml(word)}</text>'
        f'<text{kind} x="{right:.1f}" y="{y:.1f}" text-anchor="end">{xml(value)}</text>'
    )


def _badge(left: float, top: float, size: metrics.Size) -> str:
    right, bottom, r = left + size.badge, top + size.height, 7.0
    return (
        f'<path class="badge" d="M{right:.1f} {top + 0.7:.1f}H{left + r:.1f}'
        f"Q{left + 0.7:.1f} {top + 0.7:.1f} {left + 0.7:.1f} {top + r:.1f}V{bottom - r:.1f}"
        f'Q{left + 0.7:.1f} {bottom - 0.7:.1f} {left + r:.1f} {bottom - 0.7:.1f}H{right:.1f}Z"/>'
    )


def shape(kind: str, width: float, height: float) -> str:
    """The outline of a kind of box, centred at the origin."""
    x, y = -width / 2, -height / 2

    def rect(inset: float, radius: float, extra: str = " outline", shift: float = 0.0) -> str:
        at = inset + shift
        return (
            f'<rect class="shape{extra}" x="{x + at:.1f}" y="{y + at:.1f}"'
            f' width="{width - 2 * inset:.1f}" height="{height - 2 * inset:.1f}" rx="{radius:g}"/>'
        )

    if kind == "input":
        return rect(0, min(height / 2, 22.0))
    if kind == "parameter":
        return rect(0, 0) + rect(3, 0, "")
    if kind == "group":
        behind = [rect(0, 6, "", shift) for shift in ((6.0, 3.0) if height > 20 else (3.0,))]
        return "".join(behind) + rect(0, 6)
    return rect(0, 7)


def _link(number: int, link: Link, arrow: Arrow) -> str:
    (x0, y0), *rest = arrow.spline
    classes = " ".join(["link", *["marked"] * link.marked, *["several"] * (link.count > 1)])
    course = f"M{x0:g} {y0:g}C" + " ".join([f"{x:g} {y:g}" for x, y in rest])
    parts = [f'<g data-link="{number}" class="{classes}">']
    if link.detail:
        parts.append(f"<title>{xml(link.detail)}</title>")
    parts.append(f'<path d="{course}"/>')
    parts.append(_tip(arrow.spline[-1], arrow.tip))
    if link.text and arrow.text_at is not None:
        x, y = arrow.text_at
        parts.append(f'<text x="{x:g}" y="{y + 4:g}" text-anchor="middle">{xml(link.text)}</text>')
    parts.append("</g>")
    return "".join(parts)


def _tip(end: tuple[float, float], tip: tuple[float, float]) -> str:
    dx, dy = tip[0] - end[0], tip[1] - end[1]
    length = (dx * dx + dy * dy) ** 0.5 or 1.0
    nx, ny = -dy / length * 3.2, dx / length * 3.2
    return (
        f'<path class="tip" d="M{tip[0]:g} {tip[1]:g}L{end[0] + nx:.1f} {end[1] + ny:.1f}'
        f'L{end[0] - nx:.1f} {end[1] - ny:.1f}Z"/>'
    )


def _legend(view: View, x: float, y: float) -> tuple[str, float, float]:
    """The line below the picture: its markup, width and height."""
    kinds = [kind for kind in KINDS if any(box.kind == kind for box in view.boxes)]
    entries = [(kind, KINDS[kind]) for kind in kinds]
    if any(box.output for box in view.boxes):
        entries.append(("operation output", "output"))
    if any(value == "–" for box in view.boxes for word, value in box.rows if "grad" in word):
        entries.append(("", "– not reached by a backward pass"))
    parts, at = [], x
    for kind, text in entries:
        if kind:
            parts.append(
                f'<g class="{kind}" transform="translate({at + 11:.1f} {y - 4:.1f})">'
                f"{shape(kind.split()[0], 20, 12)}</g>"
            )
            at += 29
        parts.append(f'<text class="note" x="{at:.1f}" y="{y:.1f}">{xml(text)}</text>')
        at += metrics.width(text, metrics.SMALL) + 14
    width = at - x - 14
    height = LEGEND - 10
    for note in view.notes:
        y += metrics.LINE
        height += metrics.LINE
        parts.append(f'<text class="note" x="{x:.1f}" y="{y:.1f}">{xml(note)}</text>')
        width = max(width, metrics.width(note, metrics.SMALL))
    return f'<g class="legend">{"".join(parts)}</g>', width, height
