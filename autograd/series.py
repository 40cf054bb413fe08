"""Taylor series: the same programs on truncated power series, for derivatives of high order.

A primitive's series follows from its partials alone: y' = sum_i dy/dx_i x_i'
gives coefficient k + 1 of y from coefficients up to k of everything on the
right (Griewank and Walther, "Evaluating Derivatives", 2nd ed., section 13.2).
"""

from __future__ import annotations

from typing import Any

from autograd import primitives
from autograd.forward import Perturbed
from autograd.row import Primitive


class Series(Perturbed):
    """c[0] + c[1] t + ... + c[n] t^n, truncated, for the t of one expansion.

    >>> from autograd import exp
    >>> exp(Series([0.0, 1.0, 0.0], tag=1)).coefficients
    [1.0, 1.0, 0.5]
    """

    __slots__ = ("coefficients",)

    def __init__(self, coefficients: list[Any], tag: int) -> None:
        self.coefficients = coefficients
        self.primal = coefficients[0]
        self.tag = tag

    def __repr__(self) -> str:
        return f"Series({self.coefficients!r}, tag={self.tag})"

    @staticmethod
    def _through(primitive: Primitive, args: tuple[Any, ...], tag: int) -> Any:
        moving = [i for i, x in enumerate(args) if type(x) is Series and x.tag == tag]
        order = len(args[moving[0]].coefficients) - 1
        rule = _ARITHMETIC.get(primitive)
        if rule is not None:
            return Series(rule(*[_coefficients(x, tag, order) for x in args]), tag)
        y = [primitive(*[_coefficients(x, tag, 0)[0] for x in args])]
        for k in range(order):
            y.append(_next_coefficient(primitive, args, y, moving, tag, k))
        return Series(y, tag)


def _next_coefficient(
    primitive: Primitive, args: tuple[Any, ...], y: list[Any], moving: list[int], tag: int, k: int
) -> Any:
    """Coefficient k + 1 of y, from the partials as series of order k."""
    xs = [_truncated(x, tag, k) for x in args]
    total: Any = 0.0
    for i, partial in primitive.local(xs, Series(y[: k + 1], tag), moving):
        p = _coefficients(partial, tag, k)
        x = args[i].coefficients
        for j in range(k + 1):
            # a 0 here is a coefficient that is not there: it must not meet an infinity
            if not _absent(x[j + 1]) and not _absent(p[k - j]):
                total = total + p[k - j] * ((j + 1.0) * x[j + 1])
    return primitives.divide(total, k + 1.0)


def _absent(c: Any) -> bool:
    return type(c) is float and c == 0.0


def _coefficients(x: Any, tag: int, order: int) -> list[Any]:
    if type(x) is Series and x.tag == tag:
        return x.coefficients[: order + 1]
    return [x, *[0.0] * order]


def _truncated(x: Any, tag: int, order: int) -> Any:
    if type(x) is Series and x.tag == tag:
        return Series(x.coefficients[: order + 1], tag)
    return x


def _product(a: list[Any], b: list[Any]) -> list[Any]:
    return [_convolution(a, b, k) for k in range(len(a))]


def _convolution(a: list[Any], b: list[Any], k: int) -> Any:
    total: Any = a[0] * b[k]
    for j in range(1, k + 1):
        if not _absent(a[j]) and not _absent(b[k - j]):
            total = total + a[j] * b[k - j]
    return total


def _quotient(a: list[Any], b: list[Any]) -> list[Any]:
    y: list[Any] = []
    for k in range(len(a)):
        rest = a[k]
        for j in range(1, k + 1):
            if not _absent(b[j]) and not _absent(y[k - j]):
                rest = rest - b[j] * y[k - j]
        y.append(primitives.divide(rest, b[0]))
    return y


# The linear rows and products, whose own recurrences are shorter than the general one.
_ARITHMETIC: dict[Primitive, Any] = {
    primitives.add: lambda a, b: [x + z for x, z in zip(a, b, strict=True)],
    primitives.subtract: lambda a, b: [x - z for x, z in zip(a, b, strict=True)],
    primitives.negative: lambda a: [-x for x in a],
    primitives.multiply: _product,
    primitives.divide: _quotient,
}
