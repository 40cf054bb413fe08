"""A view as text for a terminal: a tree from the output down, shared nodes told once."""

from __future__ import annotations

import unicodedata

from autograd.drawing.boxes import Box, View
from autograd.drawing.numbers import NOT_REACHED

DEEPEST = 10
"""Levels of indentation before a part goes on in a paragraph of its own."""


def tree(view: View) -> str:
    """The view as lines: what a box is at the left, its numbers in columns at the right."""
    table = _lines(view)
    heads = ("", "data", "grad")
    widths = [max(_cells(row[i]) for row in [heads, *table]) for i in range(3)]
    lines = [_joined(heads, widths)]
    for row in table:
        lines.append(_joined(row, widths))
    if any(box.rows and value == NOT_REACHED for box in view.boxes for word, value in box.rows):
        lines.append(f"{NOT_REACHED} not reached by a backward pass")
    lines += view.notes
    return "\n".join(lines)


def _joined(row: tuple[str, str, str], widths: list[int]) -> str:
    first = row[0] + " " * (widths[0] - _cells(row[0]))
    rest = [" " * (w - _cells(cell)) + cell for cell, w in zip(row[1:], widths[1:], strict=True)]
    return "  ".join([first, *rest]).rstrip()


def _cells(text: str) -> int:
    """How many columns of a terminal a line takes."""
    wide = [c for c in text if unicodedata.east_asian_width(c) in "WF"]
    return len(text) + len(wide) - len([c for c in text if unicodedata.combining(c)])


def _lines(view: View) -> list[tuple[str, str, str]]:
    boxes = {box.key: box for box in view.boxes}
    below: dict[str, list[tuple[str, str]]] = {key: [] for key in boxes}
    for link in view.links:
        below[link.head].append((link.tail, link.text))
    used = {link.tail for link in view.links}
    tops = [box.key for box in view.boxes if box.output or box.key not in used]
    names = _names(view)
    lines: list[tuple[str, str, str]] = []
    told: set[str] = set()
    waiting = [(key, "", "", 0, "") for key in reversed(tops)]
    later: list[str] = []
    while waiting or later:
        if not waiting:
            waiting.append((later.pop(0), "", "", 0, ""))
        key, lead, branch, depth, edge = waiting.pop()
        if depth == 0 and key in told:
            continue
        text, data, grad = _described(boxes[key], names[key])
        edge = f" [{edge}]" if edge else ""
        if key in told or depth >= DEEPEST:
            mark = "↑ above" if key in told else "↓ below"
            repeated = below[key] or key not in told
            again = f"{names[key]}{edge} ({mark})" if repeated else f"{text}{edge}"
            lines.append((f"{lead}{branch}{again}", data, grad))
            if key not in told:
                later.append(key)
            continue
        told.add(key)
        lines.append((f"{lead}{branch}{text}{edge}", data, grad))
        inner = lead + ("" if not branch else "│  " if branch.startswith("├") else "   ")
        children = below[key]
        for i in range(len(children) - 1, -1, -1):
            turn = "└─ " if i == len(children) - 1 else "├─ "
            waiting.append((children[i][0], inner, turn, depth + 1, children[i][1]))
    return lines


def _names(view: View) -> dict[str, str]:
    """What each box is called: its label, or a number in brackets where others refer to it."""
    uses: dict[str, int] = {}
    for link in view.links:
        uses[link.tail] = uses.get(link.tail, 0) + 1
    names = {}
    numbered = 0
    for box in view.boxes:
        if box.title:
            names[box.key] = box.title
        elif box.kind in ("operation", "group") and uses.get(box.key, 0) > 1:
            numbered += 1
            names[box.key] = f"({numbered})"
        else:
            names[box.key] = ""
    return names


def _described(box: Box, name: str) -> tuple[str, str, str]:
    rows = dict(box.rows)
    data = rows.pop("data", rows.pop("", ""))
    grad = rows.pop("grad", rows.pop("‖grad‖", ""))
    rest = ", ".join([f"{value} {word}".strip() for word, value in rows.items()])
    if box.kind == "group":
        if grad != NOT_REACHED:
            grad = f"‖{grad}‖" if grad else ""
        head = f"{box.symbol}, {box.title}" if box.symbol else box.title
        return (f"{head} ({rest})" if rest else head, data, grad)
    head = " = ".join([part for part in (name, box.symbol) if part])
    kind = box.kind if box.kind != "operation" else ""
    if not head:
        return (kind, data, grad)
    return (f"{head} ({kind})" if kind in ("parameter", "constant") else head, data, grad)
