"""What the rows should give: textbook definitions, differentiated by SymPy, evaluated by mpmath.

Nothing here is taken from the table. A number is computed with 60 digits and again with twice as
many, until two in a row agree to 30 digits, so that no cancellation in a textbook form counts. A
float that the engine computed otherwise and that agrees to 50 bits settles it at once, until the
last of them matter: the worst error and all over the bounds are judged without that.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import mpmath
from mpmath import mp

START, LAST = 200, 30_000  # bits
AGREE = 100  # bits that two in a row must share

Inside = Callable[..., bool]


@dataclass(frozen=True)
class Piece:
    """One definition, and where it holds: a SymPy expression of x, z and w, or mpmath functions.

    `functions` are for what SymPy has no real form of, by the orders in each argument. `bits` is where to
    start where a textbook form loses a term that counts, which agreement can't tell.
    """

    inside: Inside
    expression: str = ""
    bits: int = START
    functions: dict[tuple[int, ...], Callable[..., Any]] | None = None


@functools.cache
def _compiled(expression: str, orders: tuple[int, ...]) -> Callable[..., Any]:
    """The partial derivative of these orders as a function of mpmath numbers."""
    import sympy

    symbols = sympy.symbols("x z w", real=True)[: len(orders)]
    names = dict(zip(("x", "z", "w"), symbols, strict=False))
    formula = sympy.sympify(expression, locals=names, rational=False)
    for symbol, order in zip(symbols, orders, strict=True):
        formula = sympy.diff(formula, symbol, order)
    return sympy.lambdify(symbols, formula, modules=[{"erfc": _erfc}, "mpmath"], cse=True)  # type: ignore[no-any-return]


def _erfc(x: Any) -> Any:
    """mpmath's erfc is slow far out: there the continued fraction, DLMF 7.9.3."""
    if x < 6:
        return mpmath.erfc(x)
    t = x
    for k in range(30 + int((mp.prec / (2.8 * x)) ** 2), 0, -1):
        t = x + k / (2 * t)
    return mpmath.exp(-x * x) / (t * mpmath.sqrt(mpmath.pi))


def confirms(hint: float | None, number: Any) -> bool:
    """Whether a float computed otherwise is this number to 50 bits: then neither is an accident."""
    if hint is None or not math.isfinite(hint) or abs(hint) < 2.0**-1000:
        return False
    return bool(abs(number - hint) <= mpmath.ldexp(abs(hint), -50))


def exact(
    pieces: Sequence[Piece],
    xs: Sequence[float],
    orders: tuple[int, ...],
    hint: float | None = None,
) -> Any:
    """The derivative of these orders at xs as an mpmath number; None where it is not defined."""
    piece = next((p for p in pieces if p.inside(*xs)), None)
    if piece is None:
        return None
    if piece.functions is not None:
        function = piece.functions.get(orders)
        if function is None:
            return None
    else:
        function = _compiled(piece.expression, orders)
    before = None
    bits = piece.bits
    while bits < LAST:
        with mp.workprec(bits):
            try:
                now = function(*[mpmath.mpf(x) for x in xs])
            except (ZeroDivisionError, ValueError, OverflowError):
                return None
            now = mpmath.mpf(now)
            if confirms(hint, now):
                return now
            told = before is not None and (now != 0 or bits > 4000)
            if told and abs(now - before) <= mpmath.ldexp(abs(now), -AGREE):
                return now
        before = now
        bits *= 2
    return before


def everywhere(*_: float) -> bool:
    """The whole of the real line, or plane."""
    return True


def _smooth(expression: str, inside: Inside = everywhere) -> list[Piece]:
    return [Piece(inside, expression)]


def _between(low: float, high: float) -> Inside:
    return lambda x: low < x < high


def _gate(
    left: str, expression: str, right: str, bits: int = START, far: float = 1e4
) -> list[Piece]:
    """`expression`; what it is to hundreds of digits far left and far right, where it is slow."""
    return [
        Piece(_between(-far, far), expression, bits),
        Piece(lambda x: x <= -far, left),
        Piece(lambda x: x >= far, right),
    ]


def _positive(x: float, *_: float) -> bool:
    return x > 0.0


def _negative(x: float, *_: float) -> bool:
    return x < 0.0


def _not_pole(x: float) -> bool:
    return x > 0.0 or (x > -1e4 and not x.is_integer())


def _turning(f: Callable[..., Any], slope: Callable[..., Any]) -> dict[tuple[int, ...], Any]:
    """The derivatives of a sine or cosine of pi x, and of `slope`, a quarter turn ahead."""
    return {
        (0,): f,
        (1,): lambda x: mpmath.pi * slope(x),
        (2,): lambda x: -(mpmath.pi**2) * f(x),
        (3,): lambda x: -(mpmath.pi**3) * slope(x),
    }


def _lgamma(x: Any) -> Any:
    return mpmath.re(mpmath.loggamma(x))


def _polygammas(first: int, n: int = 0) -> dict[tuple[int, ...], Callable[..., Any]]:
    """The derivatives of an order from `first` on: polygamma functions from the n-th on."""
    return {(first + k,): functools.partial(mpmath.psi, n + k) for k in range(3)}


def _polygamma_after(k: int, n: Any, x: Any) -> Any:
    return mpmath.psi(int(n) + k, x)


def _whole(*functions: Callable[..., Any]) -> list[Piece]:
    """A function that is constant between whole or half numbers."""
    zero = {(k,): lambda x: mpmath.mpf(0) for k in range(1, 4)}
    return [Piece(everywhere, functions={(0,): functions[0], **zero})]


def _stepping(value: Callable[..., Any], inside: Inside = everywhere) -> list[Piece]:
    """A function of two arguments that is constant between its jumps."""
    zero = {by: lambda x, z: mpmath.mpf(0) for k in range(1, 4) for by in ((k, 0), (0, k))}
    return [Piece(inside, functions={(0, 0): value, **zero})]


def _rounded(x: Any, digits: Any) -> Any:
    """To so many decimal digits, ties to even, of the exact number."""
    scale = Fraction(10) ** int(digits)
    exact = Fraction(*float(x).as_integer_ratio()) * scale
    nearest = Fraction(round(exact)) / scale
    return mpmath.mpf(nearest.numerator) / nearest.denominator


def _rational(x: float) -> str:
    n, d = x.as_integer_ratio()
    return f"({n}/{d})"


def _phi(x: Any) -> Any:
    return mpmath.exp(-x * x / 2) / mpmath.sqrt(2 * mpmath.pi)


def _ndtr(x: Any) -> Any:
    return _erfc(-x / mpmath.sqrt(2)) / 2  # SymPy would take it from 2


_NDTR = {
    (0,): _ndtr,
    (1,): _phi,
    (2,): lambda x: -x * _phi(x),
    (3,): lambda x: (x * x - 1) * _phi(x),
}
_GELU = {
    (0,): lambda x: x * _ndtr(x),
    (1,): lambda x: _ndtr(x) + x * _phi(x),
    (2,): lambda x: (2 - x * x) * _phi(x),
    (3,): lambda x: (x**3 - 4 * x) * _phi(x),
}
SCALE, ALPHA = _rational(1.0507009873554805), _rational(1.6732632423543772)
MISH = "x*tanh(log(1 + exp(x)))"
INNER = f"sqrt(2/pi)*(x + {_rational(0.044715)}*x**3)"

TRUTH: dict[str, list[Piece]] = {
    "positive": _smooth("x"),
    "negative": _smooth("-x"),
    "reciprocal": _smooth("1/x", lambda x: x != 0.0),
    "square": _smooth("x**2"),
    "abs": [Piece(_positive, "x"), Piece(_negative, "-x")],
    "sign": _whole(mpmath.sign),
    "floor": _whole(mpmath.floor),
    "ceil": _whole(mpmath.ceil),
    "trunc": _whole(lambda x: mpmath.sign(x) * mpmath.floor(abs(x))),
    "round": _whole(mpmath.nint),
    "sqrt": _smooth("sqrt(x)", _positive),
    "cbrt": [Piece(_positive, "x**(Integer(1)/3)"), Piece(_negative, "-(-x)**(Integer(1)/3)")],
    "exp": _smooth("exp(x)"),
    "exp2": _smooth("2**x"),
    "expm1": _smooth("exp(x) - 1"),
    "log": _smooth("log(x)", _positive),
    "log2": _smooth("log(x)/log(2)", _positive),
    "log10": _smooth("log(x)/log(10)", _positive),
    "log1p": _smooth("log(1 + x)", _between(-1.0, math.inf)),
    "sin": _smooth("sin(x)"),
    "cos": _smooth("cos(x)"),
    "tan": _smooth("tan(x)"),
    "sinpi": [Piece(everywhere, functions=_turning(mpmath.sinpi, mpmath.cospi))],
    "cospi": [Piece(everywhere, functions=_turning(mpmath.cospi, lambda x: -mpmath.sinpi(x)))],
    "sinc": [
        # to 60 digits; the quotient would need thousands
        Piece(
            lambda x: 0.0 < abs(x) < 2.0**-60,
            "1 - (pi*x)**2/6 + (pi*x)**4/120 - (pi*x)**6/5040",
        ),
        Piece(lambda x: 2.0**-60 <= abs(x) < 2.0**53, "sin(pi*x)/(pi*x)"),
        Piece(
            lambda x: abs(x) >= 2.0**53,  # a whole number
            functions={
                (0,): lambda x: mpmath.mpf(0),
                (1,): lambda x: mpmath.cospi(x) / x,
                (2,): lambda x: -2 * mpmath.cospi(x) / x**2,
                (3,): lambda x: mpmath.cospi(x) * (6 / x**3 - mpmath.pi**2 / x),
            },
        ),
    ],
    "asin": _smooth("asin(x)", _between(-1.0, 1.0)),
    "acos": _smooth("acos(x)", _between(-1.0, 1.0)),
    "atan": _smooth("atan(x)"),
    "sinh": _smooth("sinh(x)"),
    "cosh": _smooth("cosh(x)"),
    "tanh": _gate("-1 + 0*x", "tanh(x)", "1 + 0*x"),
    "asinh": _smooth("asinh(x)"),
    "acosh": _smooth("acosh(x)", _between(1.0, math.inf)),
    "atanh": _smooth("atanh(x)", _between(-1.0, 1.0)),
    "sigmoid": _gate("0*x", "1/(1 + exp(-x))", "1 + 0*x"),
    "logsigmoid": _gate("x", "-log(1 + exp(-x))", "0*x"),
    "softplus": _gate("0*x", "log(1 + exp(x))", "x"),
    "relu": [Piece(_positive, "x"), Piece(_negative, "0*x")],
    "selu": [Piece(_positive, f"{SCALE}*x"), Piece(_negative, f"{SCALE}*{ALPHA}*(exp(x) - 1)")],
    "silu": _gate("0*x", "x/(1 + exp(-x))", "x"),
    "mish": [
        Piece(_between(-60.0, 60.0), MISH),
        *_gate("0*x", MISH, "x", bits=2000),
    ],
    "softsign": [Piece(_positive, "x/(1 + x)"), Piece(_negative, "x/(1 - x)")],
    "gelu": [
        Piece(_between(-60.0, 60.0), functions=_GELU),
        Piece(_negative, "0*x"),
        Piece(_positive, "x"),
    ],
    "gelu_tanh": _gate("0*x", f"x/(1 + exp(-2*{INNER}))", "x"),
    "erf": _smooth("erf(x)"),
    "erfc": _gate("2 + 0*x", "erfc(x)", "0*x", far=60.0),
    "gaussian": _smooth("exp(-x**2)"),
    "normal_pdf": _smooth("exp(-x**2/2)/sqrt(2*pi)"),
    "ndtr": [
        Piece(_between(-60.0, 60.0), functions=_NDTR),
        Piece(_negative, "0*x"),
        Piece(_positive, "1 + 0*x"),
    ],
    "lgamma": [Piece(_not_pole, functions={(0,): _lgamma, **_polygammas(1)})],
    "digamma": [Piece(_not_pole, functions={(0,): mpmath.digamma, **_polygammas(1, 1)})],
    # of two arguments
    "add": _smooth("x + z"),
    "subtract": _smooth("x - z"),
    "multiply": _smooth("x*z"),
    "divide": _smooth("x/z", lambda x, z: z != 0.0),
    "over_square": _smooth("x/z**2", lambda x, z: z != 0.0),
    "remainder": [
        Piece(
            lambda x, z: z != 0.0,
            functions={
                (0, 0): lambda x, z: x - z * mpmath.floor(x / z),
                (1, 0): lambda x, z: mpmath.mpf(1),
                (0, 1): lambda x, z: -mpmath.floor(x / z),
                **{by: lambda x, z: mpmath.mpf(0) for by in ((2, 0), (0, 2), (3, 0), (0, 3))},
            },
        )
    ],
    "copysign": [
        Piece(lambda x, z: x * z > 0.0, "x"),
        Piece(lambda x, z: x * z < 0.0, "-x"),
    ],
    "maximum": [Piece(lambda x, z: x > z, "x + 0*z"), Piece(lambda x, z: x < z, "z + 0*x")],
    "minimum": [Piece(lambda x, z: x < z, "x + 0*z"), Piece(lambda x, z: x > z, "z + 0*x")],
    "fmax": [Piece(lambda x, z: x > z, "x + 0*z"), Piece(lambda x, z: x < z, "z + 0*x")],
    "fmin": [Piece(lambda x, z: x < z, "x + 0*z"), Piece(lambda x, z: x > z, "z + 0*x")],
    "pow": [
        Piece(lambda x, p: x > 0.0 and abs(p * math.log2(x)) < 1e5, "x**z"),
        Piece(
            lambda x, p: x < 0.0 and p.is_integer() and abs(p) < 2.0**50,
            functions={
                (0, 0): lambda x, p: mpmath.power(x, int(p)),
                (1, 0): lambda x, p: p * mpmath.power(x, int(p) - 1),
            },
        ),
    ],
    "hypot": _smooth("sqrt(x**2 + z**2)", lambda x, z: x != 0.0 or z != 0.0),
    "atan2": _smooth("atan2(x, z)", lambda x, z: x != 0.0 or z > 0.0),
    "logaddexp": [
        Piece(lambda x, z: max(abs(x), abs(z)) < 1e4, "log(exp(x) + exp(z))"),
        Piece(lambda x, z: x > z + 3000.0, "x + 0*z"),
        Piece(lambda x, z: z > x + 3000.0, "z + 0*x"),
        Piece(everywhere, "x + log(1 + exp(z - x))"),
    ],
    "xlogy": _smooth("x*log(z)", lambda x, z: z > 0.0),
    "leaky_relu": [Piece(_positive, "x + 0*z"), Piece(_negative, "x*z")],
    "elu": [Piece(_positive, "x + 0*z"), Piece(_negative, "z*(exp(x) - 1)")],
    "polygamma": [
        Piece(
            lambda n, x: x > 0.0 and n.is_integer() and n >= 0.0,
            bits=130,  # nothing cancels, and it is slow
            functions={(0, k): functools.partial(_polygamma_after, k) for k in range(4)},
        )
    ],
    "gelu_exp": _smooth(f"exp(z*{INNER})", lambda x, k: abs(x) < 1e4),
    "floor_divide": _stepping(lambda x, z: mpmath.floor(x / z), lambda x, z: z != 0.0),
    "round_to": _stepping(_rounded),
    "less": _stepping(lambda x, z: mpmath.mpf(x < z)),
    "less_equal": _stepping(lambda x, z: mpmath.mpf(x <= z)),
    "greater": _stepping(lambda x, z: mpmath.mpf(x > z)),
    "greater_equal": _stepping(lambda x, z: mpmath.mpf(x >= z)),
    "equal": _stepping(lambda x, z: mpmath.mpf(x == z)),
    "not_equal": _stepping(lambda x, z: mpmath.mpf(x != z)),
    "logical_and": _stepping(lambda x, z: mpmath.mpf(x != 0 and z != 0)),
    "logical_or": _stepping(lambda x, z: mpmath.mpf(x != 0 or z != 0)),
    # of three arguments
    "where": [
        Piece(lambda c, x, z: c != 0.0, "z + 0*x + 0*w"),
        Piece(lambda c, x, z: c == 0.0, "w + 0*x + 0*z"),
    ],
    "clip": [
        Piece(lambda x, low, high: low < x < high, "x + 0*z + 0*w"),
        Piece(lambda x, low, high: x < low < high, "z + 0*x + 0*w"),
        Piece(lambda x, low, high: low < high < x, "w + 0*x + 0*z"),
    ],
}
"""By the row's name. A row of several arguments is differentiated by each."""

ROOTS: dict[str, tuple[float, ...]] = {
    "lgamma": (1.0, 2.0, -2.457024738220801, -2.747682646727413),
    "digamma": (1.4616321449683623, -0.5040830082644554, -1.5734984731623905),
    "log": (1.0,),
    "log2": (1.0,),
    "log10": (1.0,),
    "silu": (-1.278464542761074,),
    "mish": (-1.192,),
    "gelu": (-0.7517915246935645,),
    "gelu_tanh": (-0.7524614220710162,),
}
"""Roots of values and derivatives that are not 0, to look at closely."""
