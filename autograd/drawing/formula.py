"""What a node computes, written as a formula: with names, and with numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from autograd import primitives
from autograd.drawing.escape import clean
from autograd.engine import Value
from autograd.row import Primitive
from autograd.symbol import Symbol

MOST_ARGUMENTS = 8
"""Arguments that are written out; of more, the first and the last ones."""

Names = Mapping[Value, str]


def leaf(node: Value, names: Names) -> Symbol:
    """A node as a name, or as its number if it has none."""
    name = names.get(node) or node.label
    return Symbol(clean(name, 24)) if name else Symbol(node.data)


def symbol(node: Value, names: Names) -> Symbol:
    """The node's operation on the names of its parents."""
    return _applied(node, [leaf(parent, names) for parent in node.parents])


def symbolic(node: Value, names: Names) -> str:
    """The same as text.

    >>> x = Value(2.0, label="x")
    >>> symbolic((x + 1.0) * x, {})
    '3 × x'
    """
    return str(symbol(node, names))


def numeric(node: Value) -> str:
    """The node's operation on the numbers of its parents.

    >>> x = Value(-2.0, label="x")
    >>> numeric(3.0 - x)
    '3 − (−2)'
    """
    return str(_applied(node, [Symbol(parent.data) for parent in node.parents]))


def number(x: float) -> str:
    """A number as formulas write it.

    >>> number(-0.5)
    '−0.5'
    """
    return str(Symbol(x))


def inline(node: Value, names: Names, deep: int = 3) -> str:
    """The node's operation with parents that have no name written out, some levels deep.

    >>> x = Value(2.0, label="x")
    >>> inline((x + 1.0) * x, {})
    '(x + 1) × x'
    """
    return str(_inlined(node, names, deep))


def _inlined(node: Value, names: Names, deep: int) -> Symbol:
    parts = []
    for parent in node.parents:
        named = parent.primitive is None or names.get(parent) or parent.label
        wide = len(node.parents) > 3 or len(parent.parents) > MOST_ARGUMENTS
        if named or deep == 1 or wide:
            parts.append(leaf(parent, names))
        else:
            parts.append(_inlined(parent, names, deep - 1))
    return _applied(node, parts)


def _applied(node: Value, parts: list[Symbol]) -> Symbol:
    primitive = node.primitive
    if primitive is None:
        raise ValueError("a leaf computes nothing")
    dots = Symbol("…")
    if primitive is primitives.dot and len(parts) > MOST_ARGUMENTS:
        n = len(parts) // 2
        chosen = [0, 1, None, n - 1]
        halves = [[dots if i is None else parts[k + i] for i in chosen] for k in (0, n)]
        parts = [*halves[0], *halves[1], *parts[2 * n :]]
    elif primitive.nary and len(parts) > MOST_ARGUMENTS:
        half = MOST_ARGUMENTS // 2
        parts = [*parts[:half], dots, *parts[-half:]]
    return Symbol._apply(primitive, tuple(parts))


# Partials as a textbook writes them, where a row's own formula is longer for the sake of its
# last digits. They are for reading: the tests hold them against the rows.

_P = primitives
TEXTBOOK: dict[str, Any] = {
    "divide": (lambda x, z, y: 1.0 / z, lambda x, z, y: -x / z**2.0),
    "pow": (lambda x, p, y: p * x ** (p - 1.0), lambda x, p, y: y * _P.log(x)),
    "sqrt": (lambda x, y: 1.0 / (2.0 * y),),
    "reciprocal": (lambda x, y: -(_P.square(y)),),
    "log": (lambda x, y: 1.0 / x,),
    "log2": (lambda x, y: 1.4426950408889634 / x,),
    "log10": (lambda x, y: 0.4342944819032518 / x,),
    "tan": (lambda x, y: 1.0 + _P.square(y),),
    "tanh": (lambda x, y: 1.0 - _P.square(y),),
    "sigmoid": (lambda x, y: y * (1.0 - y),),
    "softplus": (lambda x, y: _P.sigmoid(x),),
    "asin": (lambda x, y: 1.0 / _P.sqrt(1.0 - _P.square(x)),),
    "acos": (lambda x, y: -1.0 / _P.sqrt(1.0 - _P.square(x)),),
    "atan": (lambda x, y: 1.0 / (1.0 + _P.square(x)),),
    "asinh": (lambda x, y: 1.0 / _P.sqrt(1.0 + _P.square(x)),),
    "acosh": (lambda x, y: 1.0 / _P.sqrt(_P.square(x) - 1.0),),
    "atanh": (lambda x, y: 1.0 / (1.0 - _P.square(x)),),
    "hypot": (lambda x, z, y: x / y, lambda x, z, y: z / y),
    "relu": (lambda x, y: _P.where(x > 0.0, 1.0, 0.0),),
    "maximum": (
        lambda x, z, y: _P.where(x > z, 1.0, 0.0),
        lambda x, z, y: _P.where(z > x, 1.0, 0.0),
    ),
    "minimum": (
        lambda x, z, y: _P.where(x < z, 1.0, 0.0),
        lambda x, z, y: _P.where(z < x, 1.0, 0.0),
    ),
    "norm": lambda xs, y: [x / y for x in xs],
    "logsumexp": lambda xs, y: [_P.exp(x - y) for x in xs],
    "silu": (lambda x, y: _P.sigmoid(x) * (1.0 + x * (1.0 - _P.sigmoid(x))),),
    "gelu": (lambda x, y: _P.ndtr(x) + x * _P.normal_pdf(x),),
}

LONGEST_RULE = 48
"""A formula longer than this explains nothing: the number alone is shown."""


def rule(node: Value, position: int, names: Names) -> str:
    """The partial by one argument as a formula of names; empty if it is too long to help.

    >>> x = Value(2.0, label="x"); y = Value(3.0, label="y")
    >>> rule(x * y, 0, {}), rule(x.tanh(), 0, {})
    ('y', '1 − 0.964028²')
    """
    primitive = node.primitive
    if primitive is None:
        return ""
    ys = leaf(node, names)
    try:
        text = str(_rule(primitive, position, [leaf(p, names) for p in node.parents], ys))
    except (TypeError, ValueError, AttributeError):  # not every partial takes symbols
        return ""
    return text if len(text) <= LONGEST_RULE else ""


def _rule(primitive: Primitive, position: int, xs: Sequence[Symbol], y: Symbol) -> Any:
    functions: Any = TEXTBOOK.get(primitive.name, primitive.partials)
    if callable(functions):
        partial = functions(xs, y)[position]
    else:
        chosen = functions[position]
        if chosen is None:
            return ""
        partial = chosen(*xs, y)
    return partial if isinstance(partial, Symbol) else Symbol(float(partial))
