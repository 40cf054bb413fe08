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
from operator import itemgetter

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

    Paths that send nothing (a product of 0, an argument not selected) are not
    among them. NaN counts as larger than anything: it is what one looks for.
    Of equals, those through later nodes come first.
    """
    targets = set(targets)
    factors = _factors(order, output, above(order, targets))
    if all(math.isfinite(factor) for local in factors.values() for factor in local.values()):
        kinds: tuple[int, ...] = (FINITE,)
    else:  # 0 may yet meet an infinity and give NaN
        kinds = (NAN, INFINITE, FINITE, ZERO)
    # For each node, its strongest ways up to the output.
    best: dict[Value, list[_Way]] = {output: [(FINITE, 0.0, None, 0)]}
    for node, local in factors.items():
        if node not in best:
            continue
        ways = best[node] = _strongest(best[node], kinds, most)
        for i, factor in local.items():
            edge = Edge(node.parents[i], node, i)
            kind, gain = _strength(factor)
            if kind in kinds:
                best.setdefault(edge.parent, []).extend(
                    [(_joined(k, kind), s + gain, edge, r) for r, (k, s, _, _) in enumerate(ways)]
                )
    found = [
        (kind, strength, edge, rank)
        for target in order
        if target in targets and target in best
        for kind, strength, edge, rank in _strongest(best[target], kinds, most)
        if edge is not None and kind != ZERO
    ]
    chosen = nlargest(most, found, key=itemgetter(0, 1))
    return [_traced(edge, rank, best, factors) for _, _, edge, rank in chosen if edge is not None]


ZERO, FINITE, INFINITE, NAN = range(4)
"""What a product is; in the order in which paths are told, the last first."""

_Way = tuple[int, float, "Edge | None", int]
"""What the product is, the logarithm of its size, the edge up, the way's rank there."""


_Factors = dict[Value, dict[int, float]]
"""For each node its partials by its arguments."""


def _factors(order: Sequence[Value], output: Value, wanted: set[Value]) -> _Factors:
    """The partials on the ways from the output down to wanted nodes, from the top."""
    factors: _Factors = {}
    met = {output}
    for node in reversed(order):
        if node in met and node.primitive is not None:
            positions = [i for i, parent in enumerate(node.parents) if parent in wanted]
            factors[node] = partials.local(node, positions)
            met.update([node.parents[i] for i in factors[node]])
    return factors


def _strength(factor: float) -> tuple[int, float]:
    """What a factor is, and the logarithm of its size, beyond all numbers if it is none."""
    if factor == 0.0:
        return ZERO, -1e6
    if not math.isfinite(factor):
        return (NAN if factor != factor else INFINITE), 1e6
    return FINITE, math.log(abs(factor))


def _joined(a: int, b: int) -> int:
    """What the product of two is."""
    low, high = min(a, b), max(a, b)
    if low == ZERO:
        return ZERO if high <= FINITE else NAN
    return high


def _strongest(ways: list[_Way], kinds: Iterable[int], most: int) -> list[_Way]:
    """The strongest ways of each kind: which of them wins is decided by what is below."""
    size = itemgetter(1)
    return [way for k in kinds for way in nlargest(most, [w for w in ways if w[0] == k], key=size)]


def _traced(edge: Edge, rank: int, best: dict[Value, list[_Way]], factors: _Factors) -> Path:
    edges: list[Edge] = []
    up: Edge | None = edge
    while up is not None:
        edges.append(up)
        _, _, up, rank = best[up.child][rank]
    edges.reverse()
    return Path(tuple(edges), tuple([factors[e.child][e.position] for e in edges]))


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
