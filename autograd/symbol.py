"""Symbols: a type that passes through rows to write them down, as C, LaTeX or text.

A Symbol is an expression, not a number: comparing two gives a third. Passing
Symbols through a partial shows that it is straight-line.
"""

from __future__ import annotations

import math
import re
from typing import Any

from autograd import primitives
from autograd.forward import Operators
from autograd.row import FORMULA, PYTHON, Primitive, number


class Symbol(Operators):
    """A name, a number, or a primitive on other Symbols.

    >>> x = Symbol("x")
    >>> print(primitives.tanh(x * 2.0 + 1.0))
    tanh(x × 2 + 1)
    >>> (x / 3.0).c()
    '(x / 3.0)'
    """

    __slots__ = ("args", "name", "primitive")
    _rank = 40

    def __init__(
        self, name: str | float, primitive: Primitive | None = None, args: tuple[Any, ...] = ()
    ) -> None:
        self.name = name
        self.primitive = primitive
        self.args = args

    @staticmethod
    def _apply(primitive: Primitive, args: tuple[Any, ...]) -> Symbol:
        return Symbol(
            primitive.name,
            primitive,
            tuple(
                [
                    x if isinstance(x, Symbol) else Symbol(number(x, primitive, i))
                    for i, x in enumerate(args)
                ]
            ),
        )

    def __lt__(self, other: Any) -> Any:
        return primitives.less(self, other)

    def __le__(self, other: Any) -> Any:
        return primitives.less_equal(self, other)

    def __gt__(self, other: Any) -> Any:
        return primitives.greater(self, other)

    def __ge__(self, other: Any) -> Any:
        return primitives.greater_equal(self, other)

    def __eq__(self, other: object) -> Any:
        return primitives.equal(self, other)

    def __ne__(self, other: object) -> Any:
        return primitives.not_equal(self, other)

    __hash__ = object.__hash__

    def __and__(self, other: Any) -> Any:
        return primitives.logical_and(self, other)

    def __rand__(self, other: Any) -> Any:
        return primitives.logical_and(other, self)

    def __or__(self, other: Any) -> Any:
        return primitives.logical_or(self, other)

    def __ror__(self, other: Any) -> Any:
        return primitives.logical_or(other, self)

    def __bool__(self) -> bool:
        raise TypeError(
            f"the symbol {self} is neither true nor false: a formula must be straight-line,"
            " so choose with where(condition, x, z)"
        )

    def __repr__(self) -> str:
        return f"Symbol({str(self)!r})"

    def __str__(self) -> str:
        """The expression as Unicode text."""
        return _written(self, _unicode)

    def latex(self) -> str:
        """The expression in LaTeX.

        >>> print((Symbol("x") / 2.0).latex())
        \\frac{x}{2}
        """
        return _written(self, _latex)

    def c(self) -> str:
        """The expression in C, on doubles.

        Raises ValueError for a primitive that only Python can compute.
        """
        return _c(self)


def _c(symbol: Symbol) -> str:
    primitive = symbol.primitive
    if primitive is None:
        return c_number(symbol.name) if isinstance(symbol.name, float) else symbol.name
    if primitive.c == PYTHON:
        raise ValueError(f"{primitive.name} has no C form: only Python can compute it")
    if primitive.c == FORMULA:
        return _c(primitive.value(*symbol.args))
    return primitive.c.format(*[_c(x) for x in symbol.args])


def c_number(x: float) -> str:
    """A float as a C expression of the same bits."""
    if math.isnan(x):
        return "NAN"
    if math.isinf(x):
        return "INFINITY" if x > 0.0 else "(-INFINITY)"
    return repr(x) if math.copysign(1.0, x) > 0.0 else f"({x!r})"


# How tightly the infix signs bind; anything else is written as a call or closed by itself.
_BINDING = {"=": 1, "<": 1, "≤": 1, ">": 1, "≥": 1, "≠": 1, "∧": 0, "∨": 0,
            "+": 2, "−": 2, "mod": 3, "×": 3, "/": 3, "ln": 3, "^": 5, "²": 5}  # fmt: skip
_ATOM, _PREFIX = 9, 4


def _binding(primitive: Primitive) -> int:
    label = primitive.label
    if "{" not in label:
        return _ATOM
    if not label.startswith("{0}"):
        return _ATOM if label.endswith(("|", "⌋", "⌉", ")")) else _PREFIX
    return _BINDING.get(primitive.symbol, _PREFIX)


def _unicode(primitive: Primitive, args: list[str]) -> str:
    label = primitive.label
    return label.format(*args) if "{" in label else f"{label}({', '.join(args)})"


def _latex(primitive: Primitive, args: list[str]) -> str:
    template = primitive.latex
    if not template and "{" in primitive.label:
        template = re.sub(r"\{(?!\d\})|(?<!\{\d)\}", lambda m: m.group() * 2, primitive.label)
    if template and "{" in template:
        return template.format(*args)
    name = template or rf"\operatorname{{{primitive.label}}}"
    return rf"{name}\left({', '.join(args)}\right)"


def _written(symbol: Symbol, write: Any) -> str:
    """The expression with brackets where the signs' binding asks for them."""
    primitive = symbol.primitive
    if primitive is None:
        return f"{symbol.name:g}" if isinstance(symbol.name, float) else symbol.name
    outer = _binding(primitive)
    parts: list[str] = []
    for i, x in enumerate(symbol.args):
        text = _written(x, write)
        inner = _ATOM if x.primitive is None else _binding(x.primitive)
        if text.startswith(("-", "−")) and i > 0:
            inner = min(inner, 2)
        tight = inner <= outer if i > 0 and outer != _ATOM else inner < outer
        parts.append(f"({text})" if tight and outer != _ATOM else text)
    return write(primitive, parts)  # type: ignore[no-any-return]  # both writers give str
