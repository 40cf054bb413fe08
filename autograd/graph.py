"""Walking a recorded graph: its nodes in topological order, its edges and leaves.

Nothing here recurses: a chain of ten million nodes is walked like one of ten.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from autograd.modes import is_new

if TYPE_CHECKING:
    from autograd.engine import Value


_created = attrgetter("_serial")


def topological_order(*roots: Value, since: int = 0) -> list[Value]:
    """Every node that the roots depend on, themselves included, parents before children.

    Leaves come first. Each group is in the order of creation: a node is made
    after its parents, so creation order is a topological order, the same in
    every run. Nodes with a serial number below `since` are in it, what is below
    them is not.

    >>> from autograd import Value
    >>> a = Value(2.0, label="a"); b = a * a; c = b + a
    >>> [node.data for node in topological_order(c)]
    [2.0, 4.0, 6.0]
    """
    found = list(dict.fromkeys(roots))
    seen = set(found)
    for node in found:  # grows while it is walked
        if node._serial < since:
            continue
        for parent in node.parents:
            if parent not in seen:
                seen.add(parent)
                found.append(parent)
    leaves = [node for node in found if node.primitive is None]
    made = [node for node in found if node.primitive is not None]
    leaves.sort(key=_created)
    made.sort(key=_created)
    return leaves + made


class Edge(NamedTuple):
    """One use of a parent by a child: the child's argument number `position`."""

    parent: Value
    child: Value
    position: int


class Graph:
    """The graph below one or more outputs, for whoever looks at it.

    Arguments: `roots`, the outputs.

    >>> from autograd import Value
    >>> x = Value(3.0, label="x")
    >>> graph = Graph(x * x + 1.0)
    >>> len(graph), [leaf.data for leaf in graph.leaves], len(list(graph.edges()))
    (4, [3.0, 1.0], 4)
    """

    __slots__ = ("nodes", "roots")

    def __init__(self, *roots: Value) -> None:
        self.roots = roots
        self.nodes = topological_order(*roots)

    def __len__(self) -> int:
        return len(self.nodes)

    def __iter__(self) -> Iterator[Value]:
        return iter(self.nodes)

    @property
    def leaves(self) -> list[Value]:
        """Nodes without parents: inputs, parameters and constants."""
        return [node for node in self.nodes if node.primitive is None]

    @property
    def constants(self) -> list[Value]:
        """Leaves that stand for plain numbers and get no gradient."""
        return [node for node in self.leaves if node.constant]

    def edges(self) -> Iterator[Edge]:
        """Every use of a node by another, `x * x` having two."""
        for child in self.nodes:
            for position, parent in enumerate(child.parents):
                yield Edge(parent, child, position)

    def scopes(self) -> dict[tuple[str, ...], list[Value]]:
        """The nodes by the scope they were made in, outermost name first."""
        groups: dict[tuple[str, ...], list[Value]] = {}
        for node in self.nodes:
            groups.setdefault(node.scope, []).append(node)
        return groups

    def dependents(self, of: Iterable[Value]) -> set[Value]:
        """The nodes that depend on any of `of`, those included; a set, to look things up in."""
        reached = set(of)
        for node in self.nodes:
            if node not in reached and not reached.isdisjoint(node.parents):
                reached.add(node)
        return reached


def first_nonfinite(*roots: Value) -> Value | None:
    """The earliest node that is NaN where no parent is, or infinite where all are finite.

    The same that `strict()` stops at, found afterwards. Returns None if there is
    none. Record with `autograd.lines()`, and its `.place` tells the line of the
    program that made it.

    >>> from autograd import Value, log
    >>> x = Value(0.0); y = log(x) * 2.0
    >>> first_nonfinite(y).primitive
    <primitive log>
    """
    for node in topological_order(*roots):
        made = node.primitive is not None
        if made and is_new(node.data, [parent.data for parent in node.parents]):
            return node
    return None
