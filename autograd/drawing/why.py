"""Why a gradient is what it is: the chain rule as a sum over paths, with its numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, TypeVar

from autograd.drawing import formula, naming, partials
from autograd.drawing.numbers import count, short
from autograd.drawing.paths import number_of_paths, strongest
from autograd.engine import Value, cotangents
from autograd.graph import topological_order
from autograd.symbol import Symbol

T = TypeVar("T")

MOST = 8
"""Paths that are told one by one; more are grouped by the node through which they come."""


LONGEST = 12
"""Factors of a path that are told; of a longer one its ends."""


@dataclass(frozen=True, slots=True)
class Way:
    """One summand of a gradient: the factors whose product it is, and its number.

    `nodes` and `factors` as on a path; for a group of paths the first factor is
    the gradient of the output by the node they come through, and `paths` says
    how many they are.
    """

    nodes: tuple[Value, ...]
    factors: tuple[float, ...]
    paths: int = 1

    @property
    def product(self) -> float:
        """The product of the factors, from the output down."""
        product = 1.0
        for factor in self.factors:
            product = factor * product
        return product


class Explanation:
    """The gradient of an output by one node, as a sum over the paths between them.

    Attributes: `output`, `wrt`; `gradient`, as `backward()` computes it, None
    if no path reaches `wrt`; `gradients`, of the nodes on the way; `ways`, the
    summands, the largest first; `paths`, how many paths there are in all;
    `grouped`, whether each way stands for the paths through one node.

    `str()` tells it in words, notebooks show it in LaTeX, `draw()` marks the
    paths on the graph.
    """

    def __init__(self, output: Value, wrt: Value, most: int = MOST) -> None:
        self.output = output
        self.wrt = wrt
        self.order = topological_order(output)
        self.names = naming.names(self.order)
        self.paths = number_of_paths(self.order, output, wrt)
        self.gradients = sums = cotangents([(output, 1.0)], [wrt], order=list(self.order))
        self.gradient: float | None = sums.get(wrt)
        self.grouped = self.paths > most
        if self.grouped:
            self.ways = self._by_node(sums)
        else:
            found = strongest(self.order, output, [wrt], most) if output is not wrt else []
            self.ways = [Way(path.nodes, path.factors) for path in found]
        self.idle = self.paths - sum([way.paths for way in self.ways])
        self.left_out = self.ways[most:]
        self.ways = self.ways[:most]

    def _by_node(self, sums: dict[Value, Any]) -> list[Way]:
        """One way for each use of `wrt`, through the node that uses it."""
        ways = []
        counts = _counts_from(self.order, self.output)
        for node in reversed(self.order):
            positions = [i for i, parent in enumerate(node.parents) if parent is self.wrt]
            if node not in sums or not positions:
                continue
            for factor in partials.local(node, positions).values():
                nodes = (self.output, node, self.wrt)
                ways.append(Way(nodes, (sums[node], factor), counts[node]))
        ways.sort(key=lambda way: -abs(way.product))
        return ways

    # In words

    def name(self, node: Value) -> str:
        """What it calls a node."""
        return self.names.get(node) or formula.number(node.data)

    def text(self) -> str:
        """The explanation in lines of text."""
        d = f"∂{self.name(self.output)}/∂{self.name(self.wrt)}"
        if self.output is self.wrt:
            return f"{d} = 1: it is the output itself"
        if self.paths == 0:
            return f"{self.name(self.output)} does not depend on {self.name(self.wrt)}"
        lines = [self._head(d)]
        lines += [f"  {line}" for line in _aligned([self._told(way) for way in self.ways])]
        if self.left_out:
            rest = sum([way.product for way in self.left_out])
            lines.append(f"  and {count(len(self.left_out))} smaller summands: {short(rest)}")
        if self.idle:
            lines.append(
                f"  {count(self.idle)} path(s) send nothing: a partial is 0 or not selected"
            )
        lines.append(f"{d} = {self._sum()}")
        lines += self._glossary()
        return "\n".join(lines)

    __str__ = text

    def __repr__(self) -> str:
        return f"<Explanation of a gradient as a sum over {count(self.paths)} path(s)>"

    def _head(self, d: str) -> str:
        if self.paths == 1:
            return f"{d}: one path, and along it the product of the partials"
        if not self.grouped:
            return f"{d}: the sum over {count(self.paths)} paths of the products of their partials"
        return (
            f"{d}: the sum over {_large(self.paths)} paths, grouped by the node that uses"
            f" {self.name(self.wrt)}"
        )

    def _told(self, way: Way) -> tuple[str, str, str, str]:
        """A way as columns: its nodes, its partials, their numbers, the product."""
        left_out = f"… {count(len(way.nodes) - len(_ends(way.nodes)))} more …"
        names = _listed(way.nodes, self.name, left_out)
        route = " → ".join(dict.fromkeys(names) if self.grouped else names)
        if self.grouped:
            route += f" ({_large(way.paths)} path{'s' * (way.paths != 1)})"
        symbols = _listed([*pairwise(way.nodes)], self._partial)
        return (
            route,
            " · ".join(symbols),
            " · ".join(_listed(way.factors, _number)),
            short(way.product),
        )

    def _partial(self, pair: tuple[Value, Value]) -> str:
        upper, lower = map(self.name, pair)
        return f"∂{upper}/∂{lower}"

    def _sum(self) -> str:
        products = [way.product for way in self.ways] + [way.product for way in self.left_out]
        whole = short(self.gradient if self.gradient is not None else 0.0)
        if len(products) < 2 or len(products) > MOST:
            return whole
        told = [_number(p) if i else short(p) for i, p in enumerate(products)]
        return f"{' + '.join(told)} = {whole}"

    def _glossary(self) -> list[str]:
        """What the v's stand for."""
        met = {node for way in self.ways for node in _ends(way.nodes)}
        made = [n for n in self.order if n in met and n.primitive is not None and not n.label]
        lines = [f"  {self.name(n)} = {formula.symbolic(n, self.names)}" for n in made]
        return ["where", *lines] if lines else []

    # In LaTeX

    def latex(self) -> str:
        """The explanation as a LaTeX formula, without dollar signs.

        >>> x = Value(3.0, label="x"); y = (x * x).tanh(); y.label = "y"
        >>> print(Explanation(x * x, x).latex().splitlines()[0])
        \\begin{aligned}
        """
        whole = _latex_number(self.gradient if self.gradient is not None else 0.0)
        d = self._latex_partial((self.output, self.wrt))
        if self.output is self.wrt or not self.ways:
            number = "1" if self.output is self.wrt else whole
            return f"{d} = {number}"
        symbols, values = [], []
        for way in self.ways:
            pairs = [(a, b) for a, b in pairwise(way.nodes) if a is not b]
            symbols.append(r"\,".join(_listed(pairs, self._latex_partial, r"\cdots")))
            values.append(r" \cdot ".join(_listed(way.factors, _latex_bracketed, r"\cdots")))
        more = [r"\cdots"] if self.left_out else []
        rows = [
            rf"{d} &= {' + '.join(symbols + more)} \\",
            rf"&= {' + '.join(values + more)} \\",
            rf"&= {whole}",
        ]
        return "\n".join([r"\begin{aligned}", *rows, r"\end{aligned}"])

    def _latex_partial(self, pair: tuple[Value, Value]) -> str:
        a, b = (formula.leaf(node, self.names).latex() for node in pair)
        return rf"\frac{{\partial {a}}}{{\partial {b}}}"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """What IPython prints where there is no LaTeX: the words."""
        printer.text(self.text())

    def _repr_latex_(self) -> str:
        return f"$\\displaystyle {self.latex()}$"

    # On the drawing

    def draw(self, **settings: Any) -> Any:
        """The graph between the two nodes, its strongest paths marked; `draw`'s settings."""
        from autograd.drawing.picture import draw

        settings.setdefault("between", (self.wrt, self.output))
        settings.setdefault("strongest", len(self.ways) or 1)
        settings.setdefault("partials", True)
        settings.setdefault("gradients", self.gradients)
        return draw(self.output, **settings)


def _counts_from(order: Iterable[Value], output: Value) -> dict[Value, int]:
    """How many paths lead from the output down to each node below it, which `order` lists."""
    counts = {output: 1}
    for node in reversed(list(order)):
        for parent in node.parents:
            counts[parent] = counts.get(parent, 0) + counts[node]
    return counts


def _ends(items: Sequence[T]) -> Sequence[T]:
    """The items, or the first and the last of them if they are many."""
    half = LONGEST // 2 - 2
    return items if len(items) <= LONGEST else [*items[:half], *items[-half:]]


def _listed(items: Sequence[T], tell: Callable[[T], str], dots: str = "…") -> list[str]:
    """What is told of each item, dots in the place of those left out."""
    told = [tell(item) for item in _ends(items)]
    if len(told) < len(items):
        told.insert(len(told) // 2, dots)
    return told


def _aligned(rows: list[tuple[str, ...]]) -> list[str]:
    widths = [max([len(row[i]) for row in rows], default=0) for i in range(4)]
    return [
        f"{row[0].ljust(widths[0])}   {row[1].ljust(widths[1])} = {row[2].ljust(widths[2])}"
        f" = {row[3]}"
        for row in rows
    ]


def _number(x: float) -> str:
    text = short(x)
    return f"({text})" if text.startswith("−") else text


def _large(n: int) -> str:
    """A count; a power of ten where it has too many digits to read."""
    text = str(n)
    return (
        count(n)
        if len(text) <= 12
        else f"about {short(float(f'{text[0]}.{text[1:4]}'), 2)}·10^{len(text) - 1}"
    )


def _latex_number(x: float) -> str:
    return Symbol(float(f"{x:.5g}") if x == x and abs(x) != float("inf") else x).latex()


def _latex_bracketed(x: float) -> str:
    text = _latex_number(x)
    return rf"\left({text}\right)" if text.startswith("-") or "cdot" in text else text


def explain(output: Value, wrt: Value | str, most: int = MOST) -> Explanation:
    """Why the gradient of `output` by `wrt` is what it is.

    Arguments: `output`, a Value; `wrt`, a Value below it or the label of one;
    `most`, the number of paths that are told one by one: if there are more,
    they are grouped by the node that uses `wrt`.
    Returns an Explanation: text in a terminal, LaTeX in a notebook.
    Raises TypeError for anything else, ValueError for a label that no node or
    several nodes have.

    >>> x = Value(-2.0, label="x"); y = Value(5.0, label="y")
    >>> f = x * y + x; f.label = "f"
    >>> print(explain(f, "x"))
    ∂f/∂x: the sum over 2 paths of the products of their partials
      f → v₁ → x   ∂f/∂v₁ · ∂v₁/∂x = 1 · 5 = 5
      f → x        ∂f/∂x           = 1     = 1
    ∂f/∂x = 5 + 1 = 6
    where
      v₁ = x × y
    """
    if not isinstance(output, Value):
        raise TypeError(
            f"explain's output is {output!r:.80} of type {type(output).__name__}: give a Value"
        )
    if not isinstance(most, int) or most < 1:
        raise ValueError(f"most is {most!r:.80}: give a whole number of at least 1")
    return Explanation(output, naming.meant(topological_order(output), wrt, "explain's wrt"), most)
