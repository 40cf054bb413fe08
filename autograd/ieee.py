"""Float functions that answer as IEEE 754 does, where Python raises.

Python's floats raise on `exp(800)`, `log(0)` and `1 / 0.0`, and turn complex on
`(-8.0) ** (1 / 3)`. The table's rows use these instead, so that every engine
gives the same bits: nothing here raises, every answer is a float.
"""

from __future__ import annotations

import builtins
import math
from collections.abc import Callable

INF = math.inf
NAN = math.nan


def _total(function: Callable[[float], float], overflow: float = INF) -> Callable[[float], float]:
    """`function` with NaN where it has no value and `overflow` where it is too large.

    >>> _total(math.exp)(800.0), _total(math.sqrt)(-1.0)
    (inf, nan)
    """

    def total(x: float) -> float:
        try:
            return function(x)
        except OverflowError:
            return overflow
        except ValueError:
            return NAN

    total.__name__ = total.__qualname__ = function.__name__
    return total


exp = _total(math.exp)
exp2 = _total(math.exp2)
expm1 = _total(math.expm1)
cosh = _total(math.cosh)
sqrt = _total(math.sqrt)
sin = _total(math.sin)
cos = _total(math.cos)
tan = _total(math.tan)
asin = _total(math.asin)
acos = _total(math.acos)
acosh = _total(math.acosh)


def sinh(x: float) -> float:
    """Hyperbolic sine; infinite, with the sign of x, where it overflows."""
    try:
        return math.sinh(x)
    except OverflowError:
        return math.copysign(INF, x)


def _logarithm(function: Callable[[float], float], pole: float) -> Callable[[float], float]:
    """`function` with -inf at its `pole` and NaN below it."""

    def total(x: float) -> float:
        try:
            return function(x)
        except ValueError:
            return -INF if x == pole else NAN

    total.__name__ = total.__qualname__ = function.__name__
    return total


log = _logarithm(math.log, 0.0)
log2 = _logarithm(math.log2, 0.0)
log10 = _logarithm(math.log10, 0.0)
log1p = _logarithm(math.log1p, -1.0)


def atanh(x: float) -> float:
    """Inverse hyperbolic tangent; infinite at ±1, NaN outside."""
    try:
        return math.atanh(x)
    except ValueError:
        return math.copysign(INF, x) if abs(x) == 1.0 else NAN


def divide(x: float, z: float) -> float:
    """x / z: a nonzero number over a zero is infinite with the signs' product, 0/0 is NaN.

    >>> divide(1.0, 0.0), divide(1.0, -0.0), divide(0.0, 0.0)
    (inf, -inf, nan)
    """
    try:
        return x / z
    except ZeroDivisionError:
        if x == 0.0 or x != x:
            return NAN
        return math.copysign(INF, x) * math.copysign(1.0, z)


def pow(x: float, p: float) -> float:
    """x to the power p: NaN for a negative x and a fractional p, never complex.

    >>> pow(-8.0, 1 / 3), pow(0.0, -1.0), pow(-10.0, 309.0)
    (nan, inf, -inf)
    """
    try:
        return math.pow(x, p)
    except OverflowError:
        return -INF if x < 0.0 and math.fmod(p, 2.0) != 0.0 else INF
    except ValueError:
        if x != 0.0:
            return NAN
        return math.copysign(INF, x) if math.fmod(p, 2.0) in (1.0, -1.0) else INF


def remainder(x: float, z: float) -> float:
    """x % z with the sign of z, as Python's; NaN for z = 0."""
    try:
        return x % z
    except ZeroDivisionError:
        return NAN


def floor_divide(x: float, z: float) -> float:
    """x // z, as Python's; for z = 0 what x / z gives."""
    try:
        return x // z
    except ZeroDivisionError:
        return divide(x, z)


def _whole(rounding: Callable[[float], int]) -> Callable[[float], float]:
    """`rounding` as a float that keeps the sign of zero, infinities and NaN."""

    def total(x: float) -> float:
        try:
            return math.copysign(float(rounding(x)), x)
        except (OverflowError, ValueError):
            return x

    total.__name__ = total.__qualname__ = rounding.__name__
    return total


floor = _whole(math.floor)
ceil = _whole(math.ceil)
trunc = _whole(math.trunc)
round = _whole(round)


def round_to(x: float, digits: float) -> float:
    """x rounded to so many decimal digits, as Python's round(x, digits)."""
    if digits != digits:
        return NAN
    try:
        # beyond 400 digits either way nothing changes
        return builtins.round(x, int(max(-400.0, min(400.0, digits))))
    except OverflowError:
        return math.copysign(INF, x)


def sign(x: float) -> float:
    """-1, 0 or 1; 0 for both zeros; NaN for NaN."""
    if x > 0.0:
        return 1.0
    if x < 0.0:
        return -1.0
    return 0.0 if x == 0.0 else x


def maximum(x: float, z: float) -> float:
    """The larger; NaN if either is."""
    return x if x >= z or x != x else z


def minimum(x: float, z: float) -> float:
    """The smaller; NaN if either is."""
    return x if x <= z or x != x else z


def fmax(x: float, z: float) -> float:
    """The larger; a NaN gives way to the other."""
    return x if x >= z or z != z else z


def fmin(x: float, z: float) -> float:
    """The smaller; a NaN gives way to the other."""
    return x if x <= z or z != z else z
