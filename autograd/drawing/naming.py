"""A name for every node of a graph: its label, or v with a number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from autograd.drawing.escape import clean
from autograd.engine import Value

_SUBSCRIPT = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def names(order: Sequence[Value], given: Mapping[Value, str] | None = None) -> dict[Value, str]:
    """The name of each node that has one, in topological order; constants go by their number.

    A label that several nodes share gets a number after it, so that a name
    means one node.

    >>> x = Value(2.0, label="x")
    >>> y = (x + 1.0) * x
    >>> from autograd.graph import topological_order
    >>> list(names(topological_order(y)).values())
    ['x', 'v₁', 'v₂']
    """
    given = given or {}
    labels = {node: clean(node.label or given.get(node, ""), 24) for node in order}
    met: dict[str, int] = {}
    taken = set(labels.values())
    found: dict[Value, str] = {}
    number = 0
    for node in order:
        label = labels[node]
        if label:
            met[label] = met.get(label, 0) + 1
            if met[label] > 1:
                label = f"{label} #{met[label]}"
        elif node.primitive is None and node.constant:
            continue
        else:
            label = ""
            while not label or label in taken:
                number += 1
                label = "v" + str(number).translate(_SUBSCRIPT)
        found[node] = label
    return found


def meant(nodes: Iterable[Value], given: Any, what: str) -> Value:
    """The node that is meant by a Value, or by the label of one of `nodes`.

    Argument: `what`, what an error calls it.
    Raises TypeError for anything else, ValueError for a label that no node or
    several nodes have.
    """
    if isinstance(given, Value):
        return given
    if not isinstance(given, str):
        raise TypeError(
            f"{what} is {given!r:.80} of type {type(given).__name__}: give a Value or its label"
        )
    labelled = [node for node in nodes if node.label]
    found = [node for node in labelled if node.label == given]
    if len(found) == 1:
        return found[0]
    if found:
        raise ValueError(f"{len(found)} nodes are labelled {given!r:.60}: give the Value itself")
    labels = ", ".join(sorted({repr(node.label) for node in labelled})[:12]) or "none"
    raise ValueError(f"no node is labelled {given!r:.60}: the labels are {labels}")
