"""What a node computes, written as a formula: with names, and with numbers."""

from __future__ import annotations

from autograd.drawing.escape import clean
from autograd.drawing.numbers import short
from autograd.engine import Value
from autograd.symbol import Symbol

MOST_ARGUMENTS = 8
"""Arguments that are written out; of more, the first and the last ones."""


def name_of(node: Value, names: dict[Value, str]) -> str:
    """The node's label, else the name given to it, else its number."""
    name = node.label or names.get(node)
    return clean(name, 24) if name else short(node.data)


def symbolic(node: Value, names: dict[Value, str]) -> str:
    """The node's operation on the names of its parents.

    >>> x = Value(2.0, label="x")
    >>> symbolic((x + 1.0) * x, {})
    '3 × x'
    """
    return _written(node, [name_of(parent, names) for parent in node.parents])


def numeric(node: Value) -> str:
    """The node's operation on the numbers of its parents.

    >>> x = Value(-2.0, label="x")
    >>> numeric(3.0 - x)
    '3 − (−2)'
    """
    return _written(node, [short(parent.data) for parent in node.parents])


def _written(node: Value, names: list[str]) -> str:
    if node.primitive is None:
        return ""
    if len(names) > MOST_ARGUMENTS:
        half = MOST_ARGUMENTS // 2
        return f"{node.primitive.symbol}({', '.join([*names[:half], '…', *names[-half:]])})"
    return str(Symbol._apply(node.primitive, tuple([Symbol(name) for name in names])))
