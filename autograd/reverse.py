"""The reverse traversal: from an output's cotangent to those of everything below it.

It is written once. What passes through the partials, and so what the
cotangents are, is chosen by `lift`: floats for a gradient, the nodes
themselves for a gradient that can be differentiated again.
"""

from __future__ import annotations

from _thread import RLock
from collections.abc import Callable, Iterable
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from autograd import modes
from autograd.graph import topological_order

if TYPE_CHECKING:
    from autograd.engine import Value

Lift = Callable[["Value"], Any]

number_of: Lift = attrgetter("_data")
"""The lift to floats."""


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
        if output in needed:
            sums[output] = sums[output] + seed if output in sums else seed
    if modes.is_strict():
        with modes.lenient():
            return _sweep_strictly(order, needed, sums, lift)
    for node in reversed(order):
        primitive = node.primitive
        if primitive is None:
            break  # only leaves are left
        cotangent = sums.get(node)
        if cotangent is None:
            continue
        parents = node.parents
        y = lift(node)
        if primitive.plain and y == y:
            arguments = (*map(lift, parents), y)
            for parent, partial in zip(parents, primitive.plain, strict=True):
                if parent in needed:
                    share = partial(*arguments) * cotangent
                    sums[parent] = sums[parent] + share if parent in sums else share
        else:
            wanted = [i for i, parent in enumerate(parents) if parent in needed]
            for i, derivative in primitive.local(list(map(lift, parents)), y, wanted):
                parent = parents[i]
                share = derivative * cotangent
                sums[parent] = sums[parent] + share if parent in sums else share
    return sums


def below(outputs: list[Value], leaves: list[Value]) -> tuple[list[Value] | None, bool]:
    """The graph from the outputs down to what is older than the leaves, for `gradients`.

    Returns it, and whether there is something in it to differentiate by that is
    none of the leaves: a variable, or a node that is older than the first leaf.
    The compiled core finds the graph again faster than it lists it: None.
    """
    since = leaves[0]._serial if leaves else 0
    order = topological_order(*outputs, since=since)
    own = set(leaves)
    return order, any(_outside(node, since) for node in order if node not in own)


def _outside(node: Value, since: int) -> bool:
    return (node.primitive is None or node._serial < since) and not node.constant


def gradients(
    seeds: list[tuple[Value, Any]], leaves: list[Value], lift: Lift, order: list[Value] | None
) -> list[Any]:
    """The derivative of the sum of seed * output by each leaf: `cotangents` for a few nodes.

    Arguments: `order`, what `below` gave for these outputs and leaves; the
    others as cotangents'.
    """
    sums = cotangents(seeds, leaves, lift, order)
    return [sums.get(leaf, 0.0) for leaf in leaves]


def _sweep_strictly(
    order: list[Value], needed: set[Value], sums: dict[Value, Any], lift: Lift
) -> dict[Value, Any]:
    """The same sweep, stopping at the first NaN or infinity that it makes."""
    for node in reversed(order):
        primitive = node.primitive
        if primitive is None:
            break
        if node not in sums:
            continue
        wanted = [i for i, parent in enumerate(node.parents) if parent in needed]
        for i, derivative in primitive.local([lift(p) for p in node.parents], lift(node), wanted):
            parent = node.parents[i]
            share = derivative * sums[node]
            before = [sums[parent]] if parent in sums else []
            sums[parent] = sums[parent] + share if before else share
            modes.refuse_derivative(node, i, sums[parent], [sums[node], *before])
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
        f"{name} was assigned (its data is {leaf.data!r} now) after"
        f" {getattr(node.primitive, 'name', '')!r} had used it, so the recorded graph no longer"
        " fits: compute the output again, then differentiate"
    )


_adding = RLock()  # a signal's handler may call backward() in the middle of another


def backward(root: Value, cotangent: float = 1.0) -> None:
    """Set the gradients of everything below `root`; what `Value.backward` does.

    Leaves add to the gradient they have; interior nodes start afresh. Nothing
    is changed until all of it is known.
    """
    order = topological_order(root)
    if not any(node.primitive is None and not node.constant for node in order):
        raise RuntimeError(
            f"{root!r} depends on no variable, so there is nothing to differentiate: plain"
            " numbers, detach() and no_grad() make constants, Value(...) makes a variable"
        )
    sums = cotangents([(root, cotangent)], order=order)
    with _adding:  # another thread may add to the same leaves; no call comes between read and write
        for node in order:
            if node.primitive is not None:
                node._grad = sums.get(node)
            elif node in sums:
                node._grad = sums[node] if node._grad is None else node._grad + sums[node]
