"""Numbers as pictures write them."""

from __future__ import annotations

import math

NOT_REACHED = "–"
"""What stands for the gradient of a node that no backward pass came to: not 0."""

_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def short(x: float | None, digits: int = 5) -> str:
    """x with so many significant digits, a true minus sign and powers of ten.

    None, a number that is not there, is a dash.

    >>> short(-0.5), short(1e-7), short(None), short(2 / 3, 3), short(-0.0)
    ('−0.5', '10⁻⁷', '–', '0.667', '−0')
    """
    if x is None:
        return NOT_REACHED
    if not math.isfinite(x):
        return "NaN" if x != x else "∞" if x > 0 else "−∞"
    mantissa, _, exponent = format(x, f".{digits}g").partition("e")
    if exponent:
        power = "10" + str(int(exponent)).translate(_SUPERSCRIPT)
        mantissa = {"1": power, "-1": "-" + power}.get(mantissa, f"{mantissa}×{power}")
    return mantissa.replace("-", "−")


def exact(x: float | None) -> str:
    """x with every digit needed to give the same bits back.

    >>> exact(0.1 + 0.2), exact(-2.0), exact(None)
    ('0.30000000000000004', '−2', '–')
    """
    if x is None:
        return NOT_REACHED
    if not math.isfinite(x):
        return short(x)
    return repr(x).removesuffix(".0").replace("-", "−")


def count(n: int) -> str:
    """A count with its thousands apart.

    >>> count(1234567)
    '1,234,567'
    """
    return f"{n:,}"


def between(numbers: list[float]) -> str:
    """The range of some numbers; NaNs are told, not compared.

    >>> between([3.0, 1.0, 2.0]), between([1.0]), between([])
    ('1 … 3', '1', '–')
    """
    told = [x for x in numbers if x == x]
    if not told:
        return "NaN" if numbers else NOT_REACHED
    low, high = min(told), max(told)
    text = short(low, 3) if low == high else f"{short(low, 3)} … {short(high, 3)}"
    return text if len(told) == len(numbers) else f"{text}, NaN"
