"""Taylor series: the same programs on truncated power series, for derivatives of high order.

A primitive's series follows from its partials alone: y' = sum_i dy/dx_i x_i'
gives coefficient k + 1 of y from coefficients up to k of everything on the
right (Griewank and Walther, "Evaluating Derivatives", 2nd ed., section 13.2).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from autograd import primitives
from autograd.forward import Perturbed, new_tag
from autograd.row import Primitive, primal


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

    def _parts(self) -> list[Any]:
        return self.coefficients

    def _with_parts(self, parts: list[Any]) -> Any:
        return Series(parts, self.tag)

    @staticmethod
    def _through(primitive: Primitive, args: tuple[Any, ...], tag: int) -> Any:
        moving = [i for i, x in enumerate(args) if type(x) is Series and x.tag == tag]
        order = len(args[moving[0]].coefficients) - 1
        xs = [_coefficients(x, tag, 0)[0] for x in args]
        y = [primitive(*xs)]
        y.append(_slope(primitive.local(xs, y[0], moving), args))
        rule = (
            _RULES.get(primitive) if primal(xs[0]) > _FAR_LEFT.get(primitive, -math.inf) else None
        )
        if order > 1 and rule is not None:
            y += rule(*[_coefficients(x, tag, order) for x in args])[2:]
        elif order > 1:
            # Partials that don't ask for y are taken once, not for each coefficient:
            # cos in sin's, sin in cos's and so on would double the work at each.
            xs = [_truncated(x, tag, order - 1) for x in args]
            partials = _without_y(primitive, xs, y[0], moving)
            for k in range(1, order):
                now = partials
                if now is None:
                    xs = [_truncated(x, tag, k) for x in args]
                    now = primitive.local(xs, Series(y[: k + 1], tag), moving)
                y.append(_next_coefficient(args, now, tag, k))
        return Series(y, tag)


def _slope(partials: list[tuple[int, Any]], args: tuple[Any, ...]) -> Any:
    """Coefficient 1, by the table's rules to the letter: as a dual's tangent."""
    total: Any = None
    for i, partial in partials:
        share = partial * args[i].coefficients[1]
        total = share if total is None else total + share
    return 0.0 if total is None else total


def _without_y(
    primitive: Primitive, xs: list[Any], y: Any, moving: list[int]
) -> list[tuple[int, Any]] | None:
    """The partials, if they can do without the series of y."""
    try:
        partials = primitive.local(xs, _OnlyCompared(y), moving)
    except TypeError:  # what computing with _OnlyCompared gives
        return None
    return None if any(type(p) is _OnlyCompared for _, p in partials) else partials


class _OnlyCompared:
    """y while its coefficients are not known: it can be compared, not computed with."""

    __slots__ = ("primal",)

    def __init__(self, y: Any) -> None:
        self.primal = primal(y)

    def __eq__(self, other: object) -> bool:
        return self.primal == other

    def __ne__(self, other: object) -> bool:
        return self.primal != (self.primal if other is self else other)

    def __lt__(self, other: Any) -> bool:
        return self.primal < primal(other)

    def __le__(self, other: Any) -> bool:
        return self.primal <= primal(other)

    def __gt__(self, other: Any) -> bool:
        return self.primal > primal(other)

    def __ge__(self, other: Any) -> bool:
        return self.primal >= primal(other)

    def __bool__(self) -> bool:
        raise TypeError("the series of y is asked for while it is being made")

    __hash__ = None  # type: ignore[assignment]  # compared by value, and short-lived


def _next_coefficient(
    args: tuple[Any, ...], partials: list[tuple[int, Any]], tag: int, k: int
) -> Any:
    """Coefficient k + 1 of y, from the partials as series of order k or more."""
    total: Any = 0.0
    for i, partial in partials:
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
    return [a[0] * b[0], *[_convolution(a, b, k) for k in range(1, len(a))]]


def _convolution(a: list[Any], b: list[Any], k: int) -> Any:
    total: Any = 0.0
    for j in range(k + 1):
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
        y.append(primitives.divide(rest, b[0]) if k == 0 or not _absent(rest) else 0.0)
    return y


def _power(x: list[Any], p: list[Any]) -> list[Any]:
    """x**p, for a fixed p by the binomial series at x[0], else as exp(p ln x).

    Its own partial is a power again, so the general recurrence would never end.
    """
    first = primitives.pow(x[0], p[0])
    if all(_absent(c) for c in p[1:]):
        outer, factor = [first], 1.0
        for k in range(1, len(x)):
            factor = factor * (p[0] - (k - 1.0)) * (1.0 / k)
            term = 0.0 if _absent(factor) else factor * primitives.pow(x[0], p[0] - float(k))
            outer.append(term)
        return _composed(outer, x)
    return _exponential(first, _product(p, primitives.log(Series(x, new_tag())).coefficients))


def _exponential(first: Any, exponent: list[Any]) -> list[Any]:
    """y = exp(exponent) from y' = exponent' y; `first` is y[0]."""
    y = [first]
    for k in range(1, len(exponent)):
        steps = [float(j) * exponent[j] for j in range(1, k + 1)]
        y.append(primitives.divide(_convolution(steps, y, k - 1), float(k)))
    return y


def _exponential_of(primitive: Primitive, exponent: Any) -> Any:
    return lambda *xs: _exponential(primitive(*[x[0] for x in xs]), exponent(*xs))


def _gelu_exponent(x: list[Any], k: list[Any]) -> list[Any]:
    cube = _product(x, _product(x, x))
    scale = primitives.SQRT_2_OVER_PI * k[0]
    return [scale * (a + 0.044715 * b) for a, b in zip(x, cube, strict=True)]


def _gated(exponent: Any) -> Any:
    """x σ(exponent): its first derivative divides by growing exponentials, later ones cancel."""

    def rule(x: list[Any]) -> list[Any]:
        gate = primitives.sigmoid(Series(exponent(x), new_tag()))
        return _product(x, gate.coefficients)

    return rule


def _sinc(x: list[Any]) -> list[Any]:
    """sinc(x + w) from (x + w) sinc = sin(π(x + w))/π: x a[k] + a[k-1] = s[k]/π.

    Going up, each step divides by x, and the digits are gone near 0; going down from far enough
    out, where a[k] is nothing yet, each step multiplies.
    """
    order = len(x) - 1
    y = primitives.sinc(x[0])
    if not abs(primal(x[0])) < math.inf:
        return [y, *[0.0] * order]
    down = abs(primal(x[0])) < 3.0
    turns = [primitives.sinpi(x[0]), primitives.cospi(x[0])]
    turns += [-turns[0], -turns[1]]
    last = 120 if down else order
    sines, factor = [], 1.0 / math.pi
    for k in range(last + 1):
        sines.append(turns[k % 4] * factor)
        factor *= math.pi / (k + 1.0)
    outer: list[Any] = [0.0 if down else y]
    for k in range(last, 0, -1) if down else range(1, last + 1):
        term = sines[k] - (x[0] if down else 1.0) * outer[-1]
        outer.append(term if down else primitives.divide(term, x[0]))
    return _composed([y, *outer[::-1][1 : order + 1]] if down else outer, x)


def _composed(outer: list[Any], x: list[Any]) -> list[Any]:
    """outer[0] + outer[1] w + outer[2] w² + ... for w = x - x[0], by powers of w."""
    total = [outer[0], *[0.0] * (len(x) - 1)]
    power: list[Any] = [1.0, *[0.0] * (len(x) - 1)]
    w = [0.0, *x[1:]]
    for c in outer[1:]:
        power = _product(power, w)
        for k, coefficient in enumerate(power):
            if not _absent(c) and not _absent(coefficient):
                total[k] = total[k] + c * coefficient
    return total


def _length(primitive: Primitive, xs: Sequence[list[Any]]) -> list[Any]:
    """From y² = x² + z² + ... The partials of hypot and norm ask for the same row again."""
    first = primitive(*[x[0] for x in xs])
    order = len(xs[0]) - 1
    if primal(first) in (0.0, math.inf):  # a kink; flat
        return [first, *[0.0] * order]
    s = 2.0 ** max(-1000, min(1000, -math.frexp(primal(first))[1]))  # the squares stay in range
    scaled = [[c * s for c in x] for x in xs]
    squares = [primitives.sum(*cs) for cs in zip(*[_product(x, x) for x in scaled], strict=True)]
    y = [first * s]
    for k in range(1, order + 1):
        rest = squares[k]
        for j in range(1, k):
            rest = rest - y[j] * y[k - j]
        y.append(primitives.divide(rest, 2.0 * y[0]))
    return [first, *[c * (1.0 / s) for c in y[1:]]]


# For coefficients from the second on: rows whose own recurrences are shorter than the general
# one, or whose partials ask for the same row again, which would double the work with each.
_RULES: dict[Primitive, Any] = {
    primitives.add: lambda a, b: [x + z for x, z in zip(a, b, strict=True)],
    primitives.subtract: lambda a, b: [x - z for x, z in zip(a, b, strict=True)],
    primitives.negative: lambda a: [-x for x in a],
    primitives.multiply: _product,
    primitives.divide: _quotient,
    primitives.over_square: lambda a, b: _quotient(_quotient(a, b), b),
    primitives.pow: _power,
    primitives.hypot: lambda *xs: _length(primitives.hypot, xs),
    primitives.silu: _gated(lambda x: x),
    primitives.gelu_tanh: _gated(lambda x: _gelu_exponent(x, [2.0])),
    primitives.sinc: _sinc,
    primitives.norm: lambda *xs: _length(primitives.norm, xs),
    primitives.exp: _exponential_of(primitives.exp, lambda x: x),
    primitives.exp2: _exponential_of(primitives.exp2, lambda x: [primitives.LN2 * c for c in x]),
    primitives.gaussian: _exponential_of(
        primitives.gaussian, lambda x: [-c for c in _product(x, x)]
    ),
    primitives.normal_pdf: _exponential_of(
        primitives.normal_pdf, lambda x: [-0.5 * c for c in _product(x, x)]
    ),
    primitives.gelu_exp: _exponential_of(primitives.gelu_exp, _gelu_exponent),
}

# Where a rule would underflow and the row's own partial does not.
_FAR_LEFT = {primitives.silu: -600.0, primitives.gelu_tanh: -20.0}
