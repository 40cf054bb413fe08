"""Paths between two nodes of a graph: how many there are, and the strongest.

The gradient of an output by a node is the sum, over all paths between them, of
the product of the partials along the path. There can be more paths than
atoms, so they are counted, and only the strongest are ever listed.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from heapq import nlargest

from autograd.drawing import partials
from autograd.engine import Value
from autograd.graph import Edge


@dataclass(frozen=True, slots=True)
class Path:
    """One path, from the output down: its edges and the partial of each."""

    edges: tuple[Edge, ...]
    factors: tuple[float, ...]

    @property
    def product(self) -> float:
        """The product of the factors, from the output down."""
        product = 1.0
        for factor in self.factors:
            product = factor * product
        return product

    @property
    def nodes(self) -> tuple[Value, ...]:
        """The nodes along it, the output first."""
        return (self.edges[0].child, *[edge.parent for edge in self.edges]) if self.edges else ()


def above(order: Sequence[Value], targets: Iterable[Value]) -> set[Value]:
    """The nodes of a topological order that depend on any target, those included."""
    reached = set(targets)
    for node in order:
        for parent in node.parents:
            if parent in reached:
                reached.add(node)
                break
    return reached


def number_of_paths(order: Sequence[Value], output: Value, wrt: Value) -> int:
    """How many paths lead from the output down to `wrt`, `x * x` having two.

    >>> from autograd.graph import topological_order
    >>> x = Value(2.0); y = x
    >>> for _ in range(100):
    ...     y = y + y
    >>> number_of_paths(topological_order(y), y, x) == 2 ** 100
    True
    """
    ways = {wrt: 1}
    for node in order:
        if node is not wrt:
            n = sum([ways.get(parent, 0) for parent in node.parents])
            if n:
                ways[node] = n
    return ways.get(output, 0)


def strongest(
    order: Sequence[Value], output: Value, targets: Iterable[Value], most: int
) -> list[Path]:
    """The paths from the output to any of the targets with the largest products, at most `most`.

    Paths that send nothing (a partial of 0, an argument not selected) are not
    among them. NaN counts as larger than anything: it is what one looks for.
    Of equals, those through later nodes come first.
    """
    targets = set(targets)
    wanted = above(order, targets)
    # For each node, its strongest ways up to the output: (strength, edge up, rank there).
    best: dict[Value, list[tuple[float, Edge | None, int]]] = {output: [(0.0, None, 0)]}
    factors: dict[Edge, float] = {}
    for node in reversed(order):
        if node not in best or node.primitive is None:
            continue
        best[node] = nlargest(most, best[node], key=_strength)
        positions = [i for i, parent in enumerate(node.parents) if parent in wanted]
        for i, factor in partials.local(node, positions).items():
            if factor == 0.0:
                continue
            edge = Edge(node.parents[i], node, i)
            factors[edge] = factor
            gain = _gain(factor)
            ways = best.setdefault(edge.parent, [])
            ways.extend([(s + gain, edge, rank) for rank, (s, _, _) in enumerate(best[node])])
    found = [
        (strength, target, (edge, rank))
        for target in order
        if target in targets and target in best
        for strength, edge, rank in nlargest(most, best[target], key=_strength)
        if edge is not None
    ]
    chosen = nlargest(most, found, key=_strength)
    return [_traced(edge, rank, best, factors) for _, _, (edge, rank) in chosen]


def _strength(way: tuple[float, object, object]) -> float:
    return way[0]


def _gain(factor: float) -> float:
    """The logarithm of a factor's size; NaN before infinity before any number."""
    if factor != factor:
        return math.inf
    return math.log(abs(factor)) if abs(factor) < math.inf else 1e6


def _traced(
    edge: Edge,
    rank: int,
    best: dict[Value, list[tuple[float, Edge | None, int]]],
    factors: dict[Edge, float],
) -> Path:
    edges: list[Edge] = []
    up: Edge | None = edge
    while up is not None:
        edges.append(up)
        _, up, rank = best[up.child][rank]
    edges.reverse()
    return Path(tuple(edges), tuple([factors[e] for e in edges]))


def neighbourhood(nodes: Sequence[Value], middle: Value, radius: int) -> set[Value]:
    """The nodes at most `radius` edges away from one, up or down."""
    if not any(node is middle for node in nodes):
        raise ValueError(f"focus is not in the graph that is drawn: {middle!r:.120}")
    found = {middle}
    for _ in range(radius):  # a walk for each step out: a table of all children would be larger
        below = [parent for node in found for parent in node.parents]
        found.update([node for node in nodes if not found.isdisjoint(node.parents)], below)
    return found


def between(nodes: Sequence[Value], lower: Value, upper: Value) -> set[Value]:
    """The nodes on the paths from `upper` down to `lower`.

    Raises ValueError if there is none.
    """
    depend = above(nodes, [lower])
    found: set[Value] = set()
    if upper in depend:
        found.add(upper)
        for node in reversed(nodes):
            if node in found:
                found.update([parent for parent in node.parents if parent in depend])
    if lower not in found:
        raise ValueError(
            f"between names two nodes with no path from {lower!r:.80} up to {upper!r:.80}:"
            " give the input first and what is computed from it second"
        )
    return found
