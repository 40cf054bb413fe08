"""A drawing as a page of its own, in which closed scopes open on a click."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from autograd.drawing import layout, theme
from autograd.drawing.boxes import Scope, View
from autograd.drawing.escape import xml
from autograd.drawing.svg import describe, scope_path, svg

if TYPE_CHECKING:
    from autograd.drawing.picture import Drawing

MOST = 40
"""Scopes that a page can open."""

POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"
"""A page loads nothing and sends nothing: the browser is told to see to it."""


def page(drawing: Drawing) -> str:
    """A self-contained HTML page: no network."""
    title = xml(describe(drawing.view))
    picture = drawing.svg()
    inner = [_dialog(scope, view, drawing) for scope, view in _insides(drawing)]
    script = f"<script>{asset('drawing.js')}</script>" if inner else ""
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>{title}</title>
<style>{asset("drawing.css")}{theme.controls(drawing.colours)}\
{theme.scheme(_colours, drawing.colours)}</style></head>
<body><main>{picture}</main>{"".join(inner)}
{script}</body></html>
"""


def _insides(drawing: Drawing) -> list[tuple[Scope, View]]:
    """The closed scopes of the drawing, those inside them, and so on, with their views."""
    if drawing.inside is None:
        return []
    waiting = [box.opens for box in drawing.view.boxes if box.opens]
    found: dict[Scope, View] = {}
    for scope in waiting:  # grows while it is walked
        if scope not in found and len(found) < MOST:
            found[scope] = drawing.inside(scope)
            waiting.extend([box.opens for box in found[scope].boxes if box.opens])
    return list(found.items())


def _dialog(scope: Scope, view: View, drawing: Drawing) -> str:
    settled, placed = layout.fitted(view)
    picture = svg(settled, placed, drawing.colours, drawing.legend)
    name = xml(scope_path(scope))
    return (
        f'<dialog data-scope="{name}" aria-label="{name}"><header><b>{name}</b>'
        f"<button>close</button></header><div>{picture}</div></dialog>"
    )


@cache
def asset(name: str) -> str:
    """A file that pages are made with."""
    return (files("autograd.drawing") / "assets" / name).read_text(encoding="utf-8")


def _colours(palette: dict[str, str]) -> str:
    p = palette
    return (
        f"body,dialog{{background:{p['paper']};color:{p['ink']}}}"
        f"dialog,button{{border-color:{p['frame-line']}}}"
        f"button{{background:{p['badge']};color:{p['ink']}}}"
        f"[data-opens]:focus-visible,button:focus-visible{{outline-color:{p['input-line']}}}"
        f".opens:hover .outline{{stroke:{p['mark']}}}"
    )
