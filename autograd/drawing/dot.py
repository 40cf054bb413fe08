"""A view as DOT, through the graphviz package: the picture for Graphviz's own renderers."""

from __future__ import annotations

from typing import Any

from autograd.drawing import theme
from autograd.drawing.boxes import KINDS, Box, Scope, View
from autograd.drawing.escape import clean, dot

FONT = "Helvetica"

SHAPES = {
    "input": {"shape": "oval", "margin": "0"},
    "parameter": {"shape": "box", "peripheries": "2"},
    "constant": {"shape": "box", "style": "rounded,filled,dashed"},
    "operation": {"shape": "box", "style": "rounded,filled"},
    "group": {"shape": "folder"},
    "more": {"shape": "box", "style": "rounded,filled,dotted"},
}


def digraph(view: View, colours: str = "light", legend: bool = True) -> Any:
    """The view as a `graphviz.Digraph`: nodes by their keys, labels as HTML-like tables.

    Raises ImportError if the graphviz package is missing.
    """
    try:
        import graphviz
    except ImportError:
        raise ImportError(
            "DOT, PNG and PDF need the graphviz package: pip install 'scalar-autograd[draw]'"
        ) from None
    ink = theme.palette(colours)
    graph = graphviz.Digraph(
        graph_attr={
            "rankdir": view.rankdir or "LR",
            "nodesep": "0.22",
            "ranksep": "0.42",
            "bgcolor": ink["paper"],
            "fontname": FONT,
            "fontsize": "11",
            "fontcolor": ink["quiet"],
            "labelloc": "b",
            "labeljust": "l",
            "pad": "0.15",
        },
        node_attr={
            "fontname": FONT,
            "fontsize": "12",
            "fontcolor": ink["ink"],
            "style": "filled",
            "margin": "0.06,0.03",
            "height": "0",
            "width": "0",
        },
        edge_attr={
            "fontname": FONT,
            "fontsize": "11",
            "fontcolor": ink["ink"],
            "color": ink["edge"],
            "arrowsize": "0.7",
        },
    )
    _fill(graph, view, (), ink)
    for link in view.links:
        attributes = {"penwidth": "2.6", "color": ink["mark"]} if link.marked else {}
        if link.text:
            attributes["label"] = dot(f" {link.text} ")
        if link.detail:
            attributes["tooltip"] = dot(link.detail)
        graph.edge(link.tail, link.head, **attributes)
    caption = _caption(view, ink) if legend else ""
    if caption:
        graph.attr(label=caption)
    return graph


def _fill(graph: Any, view: View, scope: Scope, ink: dict[str, str]) -> None:
    """The boxes of a frame, and the frames in it."""
    for box in view.boxes:
        if box.scope == scope:
            graph.node(box.key, label=_label(box, ink), **_attributes(box, ink))
    frames = view.frames
    for i, inner in enumerate(frames):
        if inner[:-1] == scope:
            with graph.subgraph(name=f"cluster_{i}") as frame:
                frame.attr(
                    label=dot(clean(inner[-1])),
                    labeljust="l",
                    labelloc="t",
                    style="rounded,filled",
                    fillcolor=ink["frame"],
                    color=ink["frame-line"],
                )
                _fill(frame, view, inner, ink)


def _attributes(box: Box, ink: dict[str, str]) -> dict[str, str]:
    attributes = {
        "fillcolor": ink[box.kind],
        "color": ink[f"{box.kind}-line"],
        "tooltip": dot("\n".join(box.detail)),
        **SHAPES[box.kind],
    }
    if box.output:
        attributes["penwidth"] = "3"
    if box.marked:
        attributes.update(color=ink["mark"], penwidth="3")
    if box.ordered:
        attributes["ordering"] = "in"
    return attributes


def _label(box: Box, ink: dict[str, str]) -> str:
    """The box's text as an HTML-like table: the symbol at the left, label and numbers beside."""
    rows = [f'<tr><td colspan="2"><b>{dot(box.title)}</b></td></tr>'] if box.title else []
    for word, value in box.rows:
        color = ink["grad"] if "grad" in word else ink["ink"]
        told = f'<font color="{color}">{dot(value)}</font>'
        if word:
            quiet = f'<font point-size="11" color="{ink["quiet"]}">{dot(word)}</font>'
            rows.append(f'<tr><td align="left">{quiet}</td><td align="right">{told}</td></tr>')
        else:
            rows.append(f'<tr><td colspan="2">{told}</td></tr>')
    head = '<table border="0" cellborder="0" cellspacing="0" cellpadding="2">'
    body = f"{head}{''.join(rows)}</table>"
    if not box.symbol:
        return f"<{body}>"
    size = 16 if len(box.symbol) <= 2 else 12
    badge = (
        f'<td bgcolor="{ink["badge"]}" style="rounded" cellpadding="5">'
        f'<b><font point-size="{size}">{dot(box.symbol)}</font></b></td>'
    )
    row = f"<tr>{badge}<td>{body}</td></tr>"
    return f'<<table border="0" cellborder="0" cellspacing="2">{row}</table>>'


def _caption(view: View, ink: dict[str, str]) -> str:
    """The legend and what was left out, as a table below the picture."""
    styles = {
        "input": 'border="1" style="rounded"',
        "parameter": 'border="3"',
        "constant": 'border="1" style="dashed"',
        "operation": 'border="1" style="rounded"',
        "group": 'border="1"',
        "more": 'border="1" style="dotted"',
    }
    cells = []
    for kind, told in KINDS.items():
        if any(box.kind == kind for box in view.boxes):
            swatch = (
                f'<table {styles[kind]} cellborder="0" cellpadding="0" cellspacing="0"'
                f' color="{ink[kind + "-line"]}" bgcolor="{ink[kind]}" fixedsize="true"'
                ' width="20" height="11"><tr><td></td></tr></table>'
            )
            cells.append(f"<td>{swatch}</td><td>{dot(told)}  </td>")
    if any(box.output for box in view.boxes):
        cells.append("<td><b>thick line</b></td><td>output  </td>")
    if any(value == "–" for box in view.boxes for word, value in box.rows if "grad" in word):
        cells.append("<td>–</td><td>not reached by a backward pass</td>")
    if not cells:
        return ""
    row = (
        '<tr><td align="left"><table border="0" cellborder="0" cellspacing="2" cellpadding="1">'
        f"<tr>{''.join(cells)}</tr></table></td></tr>"
    )
    notes = [f'<tr><td align="left">{dot(note)}</td></tr>' for note in view.notes]
    return f'<<table border="0" cellborder="0" cellspacing="0">{row}{"".join(notes)}</table>>'
