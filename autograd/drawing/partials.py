"""The partials of a node by its arguments, as the reverse traversal takes them."""

from __future__ import annotations

from collections.abc import Iterable

from autograd.engine import Value

NOT_SELECTED = "not selected"
NO_PARTIAL = "no partial"


def local(node: Value, wanted: Iterable[int]) -> dict[int, float]:
    """dy/dx_i for the wanted positions i; without those that were not selected.

    >>> x = Value(3.0)
    >>> local(x * x, [0, 1]), local(x.relu(), [0]), local((-x).relu(), [0])
    ({0: 3.0, 1: 3.0}, {0: 1.0}, {})
    """
    if node.primitive is None:
        return {}
    xs = [parent.data for parent in node.parents]
    return {i: float(d) for i, d in node.primitive.local(xs, node.data, wanted)}


def one(node: Value, position: int) -> tuple[float | None, str]:
    """The partial by one argument, or None and the reason why nothing is sent."""
    found = local(node, [position])
    if position in found:
        return found[position], ""
    primitive = node.primitive
    return None, NOT_SELECTED if primitive is not None and primitive.selects else NO_PARTIAL
