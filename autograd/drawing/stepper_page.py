"""A stepper as a page of its own, and as a frame in a notebook."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from autograd.drawing import formula, layout, numbers, theme
from autograd.drawing.escape import LONGEST_DETAIL, clean, xml
from autograd.drawing.grouping import Survey
from autograd.drawing.look import Look
from autograd.drawing.page import POLICY, asset
from autograd.drawing.svg import svg
from autograd.drawing.view import Index, view

if TYPE_CHECKING:
    from autograd.drawing.steps import Step, Stepper

LIMIT = 100
"""Nodes that the page's picture shows one by one."""


LONGEST_TITLE = 60
"""A formula longer than this is no title."""


def page(stepper: Stepper, colours: str = "auto") -> str:
    """The stepper as one self-contained HTML page."""
    gradients = stepper.gradients(len(stepper))
    carried = {
        (step.node, step.position): _carried(step) for step in stepper if step.parent is not None
    }
    look = Look(
        gradient=gradients.get,
        names=stepper.names,
        edge_text=lambda node, position: (carried.get((node, position), ""), ""),
    )
    expand = True if len(stepper.order) <= LIMIT else None
    planned, index = view(Survey.of([stepper.output], look), expand, LIMIT)
    settled, placed = layout.fitted(planned)
    picture = svg(settled, placed, colours, legend=True)
    shape = "wide" if placed.width > 560.0 and placed.height < 0.62 * placed.width else "tall"
    title = f"Backpropagation through {_title(stepper)}"
    told = json.dumps(_content(stepper, look, index), ensure_ascii=False, separators=(",", ":"))
    last = len(stepper)
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>{xml(title)}</title>
<style>{asset("stepper.css")}{theme.controls(colours)}\
{theme.scheme(_colours, colours)}</style></head>
<body><div id="stepper" data-start="1">
<header><h1>{xml(title)}</h1><span id="pass"></span><span id="count"></span></header>
<div id="middle" class="{shape}">
<figure id="graph" tabindex="-1" aria-label="the graph">{picture}</figure>
<section id="told" aria-label="this step"><table><tbody id="lines"></tbody></table>
<div id="about"></div></section>
</div>
<nav aria-label="steps">
<button id="first">forward pass <kbd>f</kbd></button>
<button id="backward">backward pass <kbd>b</kbd></button>
<button id="back">◀ back <kbd>p</kbd></button>
<button id="next">next ▶ <kbd>n</kbd></button>
<button id="play" aria-pressed="false">▶ play</button>
<input id="slider" type="range" min="1" max="{last}" value="1" aria-label="step">
</nav>
<div id="live" class="hidden" aria-live="polite" role="status"></div>
<noscript>This page steps through a backward pass with a script; the steps in words:
<pre>{xml(stepper.text()) if last <= 500 else ""}</pre></noscript>
</div>
<script type="application/json" id="steps">{_script_safe(told)}</script>
<script>{asset("stepper.js")}</script>
</body></html>
"""


def frame(stepper: Stepper, height: int = 560) -> str:
    """The page in a frame of its own, for notebooks: its keys and styles stay inside."""
    return (
        f'<iframe srcdoc="{xml(page(stepper))}" title="{xml(f"Steps through {_title(stepper)}")}"'
        f' sandbox="allow-scripts" style="width:100%;height:{height}px;border:0"></iframe>'
    )


def _title(stepper: Stepper) -> str:
    node = stepper.output
    given = {n: name for n, name in stepper.names.items() if n.primitive is None}
    written = formula.inline(node, given, deep=5) if node.primitive is not None else "a leaf"
    name = clean(node.label)
    if len(written) > LONGEST_TITLE:
        return name or f"{numbers.count(len(stepper.order))} nodes"
    return f"{name} = {written}" if name else written


def _script_safe(text: str) -> str:
    """JSON inside a script element: nothing in it can end the element."""
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _content(stepper: Stepper, look: Look, index: Index) -> dict[str, Any]:
    """Everything the page's script needs, in words that are ready to be shown."""
    numbered = {node: i for i, node in enumerate(stepper.order)}
    nodes = []
    for node in stepper.order:
        place, code = stepper.place(node)
        written = formula.symbolic(node, stepper.names) if node.primitive is not None else ""
        links = [index.links.get((node, i), -1) for i in range(len(node.parents))]
        nodes.append(
            {
                "name": stepper.name(node),
                "box": index.boxes.get(node, ""),
                "kind": look.kind(node),
                "formula": clean(written, LONGEST_DETAIL),
                "data": numbers.short(node.data),
                "exact": numbers.exact(node.data),
                "place": place,
                "code": code,
                "links": links,
            }
        )
    steps = [_told(stepper, step, numbered, index) for step in stepper]
    return {"nodes": nodes, "steps": steps, "backward": stepper.backward_at}


def _told(stepper: Stepper, step: Step, numbered: dict[Any, int], index: Index) -> dict[str, Any]:
    told: dict[str, Any] = {
        "kind": step.kind,
        "node": numbered[step.node],
        "heading": stepper.heading(step.number),
        "lines": stepper.lines(step.number),
    }
    if step.parent is not None:
        told["parent"] = numbered[step.parent]
        told["link"] = index.links.get((step.node, step.position), -1)
    if step.after is not None:
        told["to"] = numbered[step.target]
        told["after"], told["exact"] = numbers.short(step.after), numbers.exact(step.after)
    return told


def _carried(step: Step) -> str:
    """What a step sends along its arrow: the partial times the gradient from above."""
    if step.local is None:
        return step.why
    upstream = numbers.short(step.upstream, 4)
    return f"{numbers.short(step.local, 4)} · {f'({upstream})' if upstream[0] == '−' else upstream}"


def _colours(palette: dict[str, str]) -> str:
    p = palette
    return (
        f"body{{background:{p['paper']};color:{p['ink']}}}"
        f"figure,#told,#about,button,kbd{{border-color:{p['frame-line']}}}"
        f"#told{{background:{p['frame']}}}"
        f"#told td.note,#count,#about{{color:{p['quiet']}}}"
        f"#told tr.result td.text{{color:{p['grad']}}}"
        f"button{{background:{p['badge']};color:{p['ink']}}}"
        f"#pass.forward{{color:{p['input-line']}}}#pass.backward{{color:{p['mark']}}}"
        f"input[type=range]{{accent-color:{p['mark']}}}"
        f"button:focus-visible,input:focus-visible,.box:focus-visible{{outline-color:{p['input-line']}}}"
        f"#stepper svg .from .outline,#stepper svg .to .outline{{stroke:{p['mark']}}}"
        f"#stepper svg .link.now path{{stroke:{p['mark']}}}"
        f"#stepper svg .link.now .tip{{fill:{p['mark']}}}"
        f"#stepper svg .link.now text{{fill:{p['mark']}}}"
    )
