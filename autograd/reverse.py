"""The reverse traversal: from an output's cotangent to those of everything below it.

It is written once. What passes through the partials, and so what the
cotangents are, is chosen by `lift`: floats for a gradient, the nodes
themselves for a gradient that can be differentiated again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from autograd.graph import topological_order

if TYPE_CHECKING:
    from autograd.engine import Value

Lift = Callable[["Value"], Any]


def number_of(node: Value) -> float:
    """The lift to floats."""
    return node.data


def itself(node: Value) -> Value:
    """The lift to nodes: cotangents become part of the graph."""
    return node


def cotangents(
    seeds: Iterable[tuple[Value, Any]],
    wrt: Iterable[Value] | None = None,
    lift: Lift = number_of,
    order: list[Value] | None = None,
) -> dict[Value, Any]:
    """The cotangent of every node on a path from `wrt` to the seeded outputs.

    Arguments: `seeds`, outputs with their cotangents; `wrt`, the nodes wanted
    (every leaf that is not a constant, if None); `lift`, see above; `order`,
    the topological order below the outputs, if the caller has it.

    Children are visited from the last made to the first, and a node adds what
    its children send in that order, so the sum has the same bits in every run.
    A node that no child reached is not in the result.

    Raises RuntimeError if a leaf was assigned after the graph was recorded.

    >>> from autograd import Value
    >>> x = Value(3.0); y = x * x
    >>> cotangents([(y, 1.0)])[x]
    6.0
    """
    seeds = list(seeds)
    if order is None:
        order = topological_order(*[output for output, _ in seeds])
    needed = _on_a_path(order, wrt)
    sums: dict[Value, Any] = {}
    for output, seed in seeds:
        sums[output] = sums[output] + seed if output in sums else seed
    for node in reversed(order):
        primitive = node.primitive
        if primitive is None:
            break  # only leaves are left
        if node not in needed or node not in sums:
            continue
        cotangent = sums[node]
        parents = node.parents
        wanted = [i for i, parent in enumerate(parents) if parent in needed]
        xs = [lift(parent) for parent in parents]
        for i, partial in primitive.local(xs, lift(node), wanted):
            parent = parents[i]
            share = partial * cotangent
            sums[parent] = sums[parent] + share if parent in sums else share
    return sums


def _on_a_path(order: list[Value], wrt: Iterable[Value] | None) -> set[Value]:
    """The nodes of `order` that lead down to what is wanted."""
    if wrt is None:
        needed = {node for node in order if node.primitive is None and not node.constant}
    else:
        needed = set(wrt)
    for node in order:
        made = node._serial
        for parent in node.parents:
            if parent._serial > made:
                raise _changed(parent, node)
            if parent in needed:
                needed.add(node)
    return needed


def _changed(leaf: Value, node: Value) -> RuntimeError:
    name = f"the leaf {leaf.label!r}" if leaf.label else "a leaf"
    return RuntimeError(
        f"{name} was assigned (its data is {leaf.data!r} now) after {node.primitive.name!r} had"
        " used it, so the recorded graph no longer fits: compute the output again, then"
        " differentiate"
    )


def backward(root: Value, cotangent: float = 1.0) -> None:
    """Set the gradients of everything below `root`; what `Value.backward` does.

    Leaves add to the gradient they have; interior nodes start afresh.
    """
    order = topological_order(root)
    sums = cotangents([(root, cotangent)], order=order)
    for node in order:
        if node.primitive is not None:
            node._grad = sums.get(node)
        elif node in sums and not node.constant:
            node._grad = sums[node] if node._grad is None else node._grad + sums[node]
