"""A drawing as a page of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autograd.drawing import theme
from autograd.drawing.escape import xml
from autograd.drawing.svg import describe

if TYPE_CHECKING:
    from autograd.drawing.picture import Drawing


def page(drawing: Drawing) -> str:
    """A self-contained HTML page: no network, no script."""
    title = describe(drawing.view)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{xml(title)}</title><style>{theme.scheme(_colours, drawing.colours)}"
        "body{margin:0;padding:16px}"
        "main{overflow-x:auto}</style></head>"
        f"<body><main>{drawing.svg()}</main></body></html>\n"
    )


def _colours(palette: dict[str, str]) -> str:
    return f"body{{background:{palette['paper']};color:{palette['ink']}}}"
