"""`draw` and what it gives: a Drawing, in every format."""

from __future__ import annotations

import base64
import inspect
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from autograd import modes
from autograd.drawing import layout, naming, paths
from autograd.drawing.boxes import Scope, View
from autograd.drawing.grouping import LIMIT, Survey
from autograd.drawing.look import Look, partial_text, recorded_gradient
from autograd.drawing.theme import THEMES
from autograd.drawing.view import view
from autograd.engine import Value, cotangents
from autograd.graph import topological_order


class Drawing:
    """A picture of a computation graph; notebooks show it by itself.

    It is a snapshot of the graph as it was drawn (only what a page shows when a
    closed scope is opened is looked up when the page is written). Text and
    Mermaid need nothing installed; SVG and HTML need a layout, DOT, PNG and PDF
    the graphviz package too: pip install 'scalar-autograd[draw]'.

    Attributes: `view`, what it shows; `colours`, "auto", "light" or "dark";
    `legend`, whether the kinds of boxes are told.

    >>> x = Value(2.0, label="x")
    >>> print(Drawing.of(x * x).text())
          data  grad
    ×        4     –
    ├─ x     2     –
    └─ x     2     –
    – not reached by a backward pass
    """

    def __init__(
        self,
        planned: View,
        colours: str = "auto",
        legend: bool = True,
        inside: Callable[[Scope], View] | None = None,
    ) -> None:
        self.view = planned
        self.inside = inside
        self.colours = colours
        self.legend = legend
        self._svg: str | None = None
        self._placed: layout.Layout | None = None

    @classmethod
    def of(cls, *outputs: Value) -> Drawing:
        """The drawing of some outputs with every setting at its default."""
        return cls(view(Survey.of(outputs, Look(recorded_gradient)))[0])

    def __repr__(self) -> str:
        return f"<Drawing of {len(self.view.boxes)} boxes and {len(self.view.links)} arrows>"

    def __str__(self) -> str:
        return self.text()

    def svg(self) -> str:
        """The picture as SVG, with its colours for light and dark.

        Raises ImportError if no Graphviz is found for the layout.
        """
        if self._svg is None:
            from autograd.drawing.svg import svg

            view, placed = self._lay_out()
            self._svg = svg(view, placed, self.colours, self.legend)
        return self._svg

    def _lay_out(self) -> tuple[View, layout.Layout]:
        """The view with its direction settled, and its layout."""
        if self._placed is None:
            self.view, self._placed = layout.fitted(self.view)
        return self.view, self._placed

    def text(self) -> str:
        """The picture as text for a terminal."""
        from autograd.drawing.text import tree

        return tree(self.view)

    def mermaid(self) -> str:
        """The picture as Markdown with a Mermaid flowchart."""
        from autograd.drawing.mermaid import flowchart

        return flowchart(self.view)

    def html(self) -> str:
        """A self-contained page with the picture; closed scopes open on a click."""
        from autograd.drawing.page import page

        return page(self)

    @property
    def graphviz(self) -> Any:
        """The picture as a `graphviz.Digraph`, to change or to render in other formats."""
        from autograd.drawing.dot import digraph

        return digraph(self._lay_out()[0], self.colours, self.legend)

    def dot(self) -> str:
        """The picture as DOT source."""
        return str(self.graphviz.source)

    def png(self, scale: float = 2.0) -> bytes:
        """The picture as PNG.

        Argument: `scale`, pixels for each pixel of the SVG.
        Raises ImportError without Graphviz, RuntimeError without a font, ValueError
        for a scale that is not above 0.
        """
        if not 0.0 < scale < math.inf:
            raise ValueError(f"scale is {scale!r}: give a number above 0, such as 2.0")
        graph = self.graphviz
        graph.attr(dpi=f"{96.0 * scale:g}")
        return layout.render(graph.source, "png")

    def pdf(self) -> bytes:
        """The picture as PDF. Raises as `png`."""
        return layout.render(self.dot(), "pdf")

    def save(self, path: str | Path) -> Path:
        """Write the picture in the format of the path's suffix, and give the path.

        Suffixes: .svg .png .pdf .dot .gv .html .md .txt
        Raises ValueError for another; what can't be drawn leaves no file.
        """
        path = Path(path)
        writers: dict[str, Callable[[], str | bytes]] = {
            ".svg": self.svg,
            ".png": self.png,
            ".pdf": self.pdf,
            ".dot": self.dot,
            ".gv": self.dot,
            ".html": self.html,
            ".md": self.mermaid,
            ".txt": self.text,
        }
        writer = writers.get(path.suffix.lower())
        if writer is None:
            raise ValueError(
                f"can't tell a format from {str(path)!r}: end it in one of {', '.join(writers)}"
            )
        content = writer()
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        return path

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        """SVG and text; PNG if it is asked for by `display(drawing, include=["image/png"])`."""
        bundle = {"text/plain": self.text()}
        if include and "image/png" in include:
            bundle["image/png"] = base64.b64encode(self.png()).decode("ascii")
        try:
            bundle["image/svg+xml"] = self.svg()
        except ImportError as missing:
            bundle["text/plain"] += f"\n({missing})"
        return bundle


def draw(
    what: Any,
    *args: Any,
    rankdir: str | None = None,
    theme: str = "auto",
    partials: bool = False,
    expand: bool | int | str | Sequence[str] | None = None,
    parameters: Any = (),
    focus: Value | str | None = None,
    radius: int = 2,
    between: tuple[Value | str, Value | str] | None = None,
    strongest: int = 0,
    gradients: Mapping[Value, float] | None = None,
    digits: int = 5,
    limit: int = LIMIT,
    legend: bool = True,
) -> Drawing:
    """Draw a computation graph.

    Arguments
    - `what`: a Value, several of them in a list, or a function (a module of nn
      is one) that is called with `args`, its gradient then shown too.
    - `rankdir`: "LR", from left to right, or "TB", from top to bottom; without
      one left to right if that fits a page's width, else whichever is narrower.
    - `theme`: "light", "dark", or "auto", as the reader's system is set.
    - `partials`: whether each arrow shows dy/dx of the operation it leads to.
    - `expand`: which scopes are open: True (all), False (none), a depth, names
      or paths such as "mlp/layer 1"; by default all in a small graph, none that
      is repeated in one of more than 32 nodes, and in one of more than `limit`
      as many as stay readable.
    - `parameters`: Values to show as parameters, or a module that has some.
    - `focus`: a node or its label; only what is at most `radius` edges from it
      is drawn.
    - `between`: two nodes or labels, the lower first; only the paths between are
      drawn.
    - `strongest`: mark so many paths with the largest products of partials; in a
      graph of more than `limit` nodes only they are drawn.
    - `gradients`: numbers to show as gradients, instead of those that the last
      backward pass left.
    - `digits`: significant digits of the numbers.
    - `limit`: the number of nodes from which on the picture is a summary.
    - `legend`: whether the kinds of boxes are told below.

    Returns a Drawing: shown by notebooks, and `.svg()`, `.png()`, `.text()`,
    `.save(path)`.
    Raises TypeError if `what` gives no Value, ValueError for a setting out of range.

    >>> x = Value(2.0, label="x")
    >>> draw(x * 3.0 + 1.0)
    <Drawing of 5 boxes and 4 arrows>
    """
    _check(rankdir, theme, digits=(digits, 1), limit=(limit, 1), radius=(radius, 0),
           strongest=(strongest, 0))  # fmt: skip
    outputs, names, gradient = _outputs(what, args)
    look = Look(
        gradient=gradient if gradients is None else gradients.get,
        parameters=frozenset(_values(parameters)) | frozenset(_values(what)),
        names=names,
        edge_text=partial_text(digits) if partials else None,
        digits=digits,
    )
    survey = part = Survey.of(outputs, look)
    if focus is not None or between is not None or strongest:
        part = _part(survey, focus, radius, between, strongest, limit)
        survey = replace(survey, look=part.look) if survey.complete else part
    planned = view(part, expand, limit, rankdir)[0]
    return Drawing(
        planned,
        theme,
        legend,
        lambda scope: view(survey.inside(scope), [scope], limit)[0],
    )


def _check(rankdir: str | None, colours: str, **whole: tuple[int, int]) -> None:
    """Refuse settings out of range; `whole`, whole numbers and the least each may be."""
    if rankdir not in (None, "LR", "TB"):
        raise ValueError(f"rankdir is {rankdir!r}: choose 'LR' (left to right) or 'TB' (down)")
    if colours not in THEMES:
        raise ValueError(f"theme is {colours!r}: choose one of {', '.join(THEMES)}")
    for name, (number, least) in whole.items():
        if not isinstance(number, int) or number < least:
            raise ValueError(f"{name} is {number!r:.80}: give a whole number of at least {least}")
    if whole["digits"][0] > 17:
        raise ValueError(f"digits is {whole['digits'][0]!r}: a float has at most 17")


def _values(source: Any) -> Iterable[Value]:
    """The parameters of a module, or the Values of a list."""
    if isinstance(source, (Value, list, tuple, set, frozenset)):
        return [] if isinstance(source, Value) else [v for v in source if isinstance(v, Value)]
    found: Any = getattr(source, "parameters", None)
    return list(found()) if callable(found) else []


def _outputs(what: Any, args: tuple[Any, ...]) -> tuple[list[Value], dict[Value, str], Any]:
    """The outputs to draw, names for leaves without a label, and where gradients are found."""
    if isinstance(what, (Value, list, tuple)):
        if args:
            raise TypeError(f"draw takes arguments only for a function, got {args!r:.80}")
        return _all_values(what), {}, recorded_gradient
    outputs, names = called(what, args)
    order = topological_order(*outputs)
    leaves = [node for node in order if node.primitive is None and not node.constant]
    sums = cotangents([(output, 1.0) for output in outputs], leaves, order=order)
    return outputs, names, sums.get


def called(f: Any, args: tuple[Any, ...]) -> tuple[list[Value], dict[Value, str]]:
    """What a function gives for arguments made Values, and the names of these.

    Raises TypeError if it is not a function, gets no arguments or gives no Values.
    """
    if not callable(f):
        raise TypeError(
            f"a picture is made of a Value, a list of Values, a function or a module, got"
            f" {f!r:.80} of type {type(f).__name__}"
        )
    if not args:
        name = getattr(f, "__name__", type(f).__name__)
        raise TypeError(
            f"{name} is shown as it is called: give its arguments after it, as in"
            " draw(f, 1.0, 2.0) or draw(model, [1.0, 2.0])"
        )
    names: dict[Value, str] = {}
    wanted = zip(args, _argument_names(f, args), strict=True)
    inputs = [_input(x, name, names) for x, name in wanted]
    with modes.recording(), modes.lines():
        return _all_values(f(*inputs)), names


def _part(
    survey: Survey, focus: Any, radius: int, between: Any, strongest: int, limit: int
) -> Survey:
    """The nodes to draw, what is to be marked on them in the look; see `draw`."""
    nodes = survey.everything()
    only: set[Value] | None = None
    look = survey.look
    if focus is not None:
        middle = naming.meant(nodes, focus, "focus")
        look = replace(look, marked=frozenset([middle]))
        only = paths.neighbourhood(nodes, middle, radius)
    ends = None if between is None else _ends(nodes, between)
    if ends is not None:
        on_the_way = paths.between(nodes, *ends)
        only = on_the_way if only is None else only & on_the_way
    if strongest:
        leaves = [node for node in nodes if node.primitive is None and not node.constant]
        targets = leaves if ends is None else ends[:1]
        edges = [
            edge
            for output in survey.roots
            for path in paths.strongest(nodes, output, targets, strongest)
            for edge in path.edges
        ]
        look = replace(look, marked_edges=frozenset(edges))
        if only is None and len(nodes) > limit:
            only = {node for edge in edges for node in (edge.parent, edge.child)} or None
    survey = replace(survey, look=look)
    return survey if only is None else survey.part(only, nodes)


def _ends(nodes: list[Value], between: Any) -> tuple[Value, Value]:
    if not isinstance(between, (tuple, list)) or len(between) != 2:
        raise TypeError(f"between is {between!r:.80}: give two nodes, the lower first")
    lower, upper = [naming.meant(nodes, end, "an end of between") for end in between]
    return lower, upper


def _all_values(result: Any) -> list[Value]:
    outputs = list(result) if isinstance(result, (list, tuple)) else [result]
    for output in outputs:
        if not isinstance(output, Value):
            raise TypeError(
                f"there is no graph to draw in {output!r:.80} of type {type(output).__name__}:"
                " compute it from a Value"
            )
    if not outputs:
        raise TypeError("there is nothing to draw: the list of outputs is empty")
    return outputs


def _argument_names(f: Any, args: tuple[Any, ...]) -> list[str]:
    try:
        parameters = list(inspect.signature(f).parameters.values())
    except (TypeError, ValueError):
        parameters = []
    names = [p.name for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    spare = ["x"] if len(args) == 1 else [f"x{i}" for i in range(len(args))]
    return [names[i] if i < len(names) else spare[i] for i in range(len(args))]


def _input(x: Any, name: str, names: dict[Value, str]) -> Any:
    """An argument with each number in it made a named input."""
    if isinstance(x, Value):
        names.setdefault(x, name)
        return x
    if hasattr(x, "tolist"):  # an array's numbers, as a list
        x = x.tolist()
    if isinstance(x, (list, tuple)):
        return type(x)([_input(item, f"{name}{i}", names) for i, item in enumerate(x)])
    if isinstance(x, (int, float)):
        leaf = Value(x)
        names[leaf] = name
        return leaf
    return x
