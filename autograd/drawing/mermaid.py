"""A view as a Mermaid flowchart in Markdown: GitHub and many editors draw it themselves."""

from __future__ import annotations

from autograd.drawing.boxes import KINDS, Box, Scope, View
from autograd.drawing.escape import clean, mermaid

_BRACKETS = {
    "input": ("([", "])"),
    "parameter": ("[[", "]]"),
    "constant": ("[", "]"),
    "operation": ("(", ")"),
    "group": ("[/", "\\]"),
    "more": ("[", "]"),
}

_STYLES = """\
    classDef constant stroke-dasharray:4 3
    classDef more stroke-dasharray:1 3
    classDef output stroke-width:3px
    classDef marked stroke:#c2255c,stroke-width:3px"""


def flowchart(view: View) -> str:
    """The view as Markdown with one fenced Mermaid block, the notes below."""
    lines = ["```mermaid", f"flowchart {view.rankdir or 'LR'}"]
    _fill(lines, view, (), "    ")
    for link in view.links:
        text = f'|"{mermaid(link.text)}"|' if link.text else ""
        lines.append(f"    {link.tail} {'==>' if link.marked else '-->'}{text} {link.head}")
    lines += [_STYLES, "```"]
    if view.notes:
        lines += ["", *[f"{note}." for note in view.notes]]
    return "\n".join(lines) + "\n"


def _fill(lines: list[str], view: View, scope: Scope, indent: str) -> None:
    for box in view.boxes:
        if box.scope == scope:
            lines.append(indent + _box(box))
    for i, inner in enumerate(view.frames):
        if inner[:-1] == scope:
            lines.append(f'{indent}subgraph frame{i} ["{mermaid(clean(inner[-1]))}"]')
            _fill(lines, view, inner, indent + "    ")
            lines.append(f"{indent}end")


def _box(box: Box) -> str:
    symbol = box.symbol
    head = [" ".join([part for part in (symbol, box.title) if part])]
    text = [*[h for h in head if h], *[f"{word} {value}".strip() for word, value in box.rows]]
    left, right = _BRACKETS[box.kind]
    classes = [box.kind] if box.kind in ("constant", "more") else []
    classes += ["output"] * box.output + ["marked"] * box.marked
    style = f":::{classes[-1]}" if classes else ""
    assert box.kind in KINDS
    return f'{box.key}{left}"{"<br>".join([mermaid(line) for line in text])}"{right}{style}'
