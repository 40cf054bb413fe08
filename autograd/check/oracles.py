"""What each row means, said again with mpmath: the exact judge's own knowledge.

These are the textbook's values and derivatives, not the table's formulas: `tanh` has sech²
here and 4e/(1 + e)² there. mpmath (https://mpmath.org) works to any precision and without
overflow, so cancellation and the ends of the float range don't count.

Sources of the derivatives: NIST Digital Library of Mathematical Functions,
https://dlmf.nist.gov, sections 4.20, 4.34, 5.2, 5.9, 7.2.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from threading import local
from typing import Any

DIGITS = 50

Number = Any  # mpmath has no types


@dataclass(frozen=True, slots=True)
class Between:
    """A kink: every slope from `low` to `high` is a subgradient there."""

    low: Number
    high: Number


@dataclass(frozen=True, slots=True)
class Oracle:
    """The exact value of a row and its exact partials.

    Fields: `value(*xs)`; `partials(*xs)`, one for each argument, each a number, a
    Between, or None where only a convention can say.
    """

    value: Callable[..., Number]
    partials: Callable[..., Sequence[Number | Between | None]]


# An mpmath context changes its own precision while it works: each thread needs its own.
_thread = local()


def context() -> Any:
    """This thread's mpmath context, so that nobody else's precision is touched.

    Raises ImportError, saying what to install, if mpmath is not there.
    """
    own = getattr(_thread, "context", None)
    if own is None:
        try:
            import mpmath
        except ImportError:
            raise ImportError(
                "the exact judge needs mpmath: pip install 'scalar-autograd[check]',"
                " or pass exact=False to judge by differences alone"
            ) from None
        own = _thread.context = mpmath.MPContext()
        own.dps = DIGITS
    return own


def oracles() -> dict[str, Oracle]:
    """The oracle of every built-in row, by the row's name."""
    found: dict[str, Oracle] | None = getattr(_thread, "oracles", None)
    if found is None:
        m = context()
        groups = (_choices, _arithmetic, _elementary, _networks, _special, _many)
        found = {name: oracle for group in groups for name, oracle in group(m).items()}
        _thread.oracles = found
    return found


def _unary(value: Callable[..., Number], partial: Callable[..., Any]) -> Oracle:
    return Oracle(value, lambda x: [partial(x)])


def _steps(
    value: Callable[..., Number], arguments: int, jumps: Callable[..., bool] = lambda *_: False
) -> Oracle:
    """A row that is constant but for jumps: there 0 is a choice, as at a kink."""
    return Oracle(value, lambda *xs: [Between(0, 0) if jumps(*xs) else 0] * arguments)


def _exact(x: Number) -> Fraction:
    """A number of the context as the fraction it is."""
    sign, mantissa, exponent, _ = x._mpf_
    whole = -int(mantissa) if sign else int(mantissa)
    return whole * (Fraction(2) ** int(exponent))


def _choices(m: Any) -> dict[str, Oracle]:
    def compare(test: Callable[[Any, Any], bool]) -> Oracle:
        return _steps(lambda x, z: m.mpf(1 if test(x, z) else 0), 2, lambda x, z: x == z)

    def logical(test: Callable[[Any, Any], bool]) -> Oracle:
        return _steps(lambda x, z: m.mpf(1 if test(x, z) else 0), 2, lambda x, z: not (x and z))

    def larger(x: Number, z: Number) -> list[Any]:
        return [Between(0, 1)] * 2 if x == z else [1, 0] if x > z else [0, 1]

    def smaller(x: Number, z: Number) -> list[Any]:
        return [Between(0, 1)] * 2 if x == z else [1, 0] if x < z else [0, 1]

    def clipped(x: Number, low: Number, high: Number) -> list[Any]:
        if low > high:
            return [0, 0, 1]
        if low == high:
            return [Between(0, 1) if x == low else 0, Between(0, 1), Between(0, 1)]
        if x == low:
            return [Between(0, 1), Between(0, 1), 0]
        if x == high:
            return [Between(0, 1), 0, Between(0, 1)]
        return [0, 1, 0] if x < low else [0, 0, 1] if x > high else [1, 0, 0]

    return {
        "less": compare(lambda x, z: x < z),
        "less_equal": compare(lambda x, z: x <= z),
        "greater": compare(lambda x, z: x > z),
        "greater_equal": compare(lambda x, z: x >= z),
        "equal": compare(lambda x, z: x == z),
        "not_equal": compare(lambda x, z: x != z),
        "logical_and": logical(lambda x, z: bool(x) and bool(z)),
        "logical_or": logical(lambda x, z: bool(x) or bool(z)),
        "where": Oracle(
            lambda c, x, z: x if c else z, lambda c, x, z: [0, 1, 0] if c else [Between(0, 0), 0, 1]
        ),
        "maximum": Oracle(max, larger),
        "fmax": Oracle(max, larger),
        "minimum": Oracle(min, smaller),
        "fmin": Oracle(min, smaller),
        "clip": Oracle(lambda x, low, high: min(max(x, low), high), clipped),
    }


def _arithmetic(m: Any) -> dict[str, Oracle]:
    def quotient(x: Number, z: Number) -> Number:
        return m.mpf(_exact(x) // _exact(z))

    def remainder(x: Number, z: Number) -> Number:
        rest = _exact(x) % _exact(z)
        return m.mpf(rest.numerator) / rest.denominator

    def whole(x: Number, z: Number) -> bool:
        return bool(z) and _exact(x) % _exact(z) == 0

    def turning(x: Number, z: Number) -> list[Any]:
        q = quotient(x, z)
        return [Between(1, 1), Between(-q, -q)] if whole(x, z) else [1, -q]

    def nonzero(partial: Callable[..., Any]) -> Callable[..., Any]:
        return lambda *xs: None if xs[-1] == 0 else partial(*xs)

    def by_base(x: Number, p: Number) -> Number | None:
        if p == 0:
            return 0
        if x == 0:
            return None if p < 1 else 1 if p == 1 else 0
        return None if x < 0 and p != int(p) else p * x ** (p - 1)

    def by_exponent(x: Number, p: Number) -> Number | None:
        if x <= 0:
            return 0 if x == 0 and p > 0 else None
        return x**p * m.log(x)

    def power(x: Number, p: Number) -> Number | None:
        if (x == 0 and p < 0) or (x < 0 and p != int(p)):
            return None
        return x ** int(p) if p == int(p) and abs(p) < 2**60 else x**p

    def sign(x: Number) -> Number:
        return m.sign(x)

    def signs(x: Number, z: Number) -> list[Any]:
        if z == 0:
            return [None, 0]  # a zero's sign is lost in mpmath
        return [Between(-1, 1) if x == 0 else sign(x) * sign(z), 0]

    return {
        "positive": _unary(lambda x: x, lambda x: 1),
        "negative": _unary(lambda x: -x, lambda x: -1),
        "add": Oracle(lambda x, z: m.fadd(x, z, exact=True), lambda x, z: [1, 1]),
        "subtract": Oracle(lambda x, z: m.fsub(x, z, exact=True), lambda x, z: [1, -1]),
        "multiply": Oracle(lambda x, z: m.fmul(x, z, exact=True), lambda x, z: [z, x]),
        "divide": Oracle(lambda x, z: x / z if z else None,
            lambda x, z: [1 / z, -x / z**2] if z else [None, None]),
        "over_square": Oracle(
            lambda x, z: x / z**2 if z else None,
            lambda x, z: [1 / z**2, -2 * x / z**3] if z else [None, None]),
        "remainder": Oracle(nonzero(remainder),
            lambda x, z: turning(x, z) if z else [None, None]),
        "floor_divide": _steps(nonzero(quotient), 2, whole),
        "reciprocal": _unary(nonzero(lambda x: 1 / x), nonzero(lambda x: -1 / x**2)),
        "square": _unary(lambda x: m.fmul(x, x, exact=True), lambda x: 2 * x),
        "abs": _unary(abs, lambda x: Between(-1, 1) if x == 0 else sign(x)),
        "sign": _steps(sign, 1, lambda x: x == 0),
        "floor": _steps(m.floor, 1, m.isint),
        "ceil": _steps(m.ceil, 1, m.isint),
        "trunc": _steps(lambda x: m.mpf(int(x)), 1, m.isint),
        "round": _steps(m.nint, 1, lambda x: m.isint(x - 0.5)),
        "round_to": Oracle(lambda x, n: m.nint(x * m.mpf(10) ** n) / m.mpf(10) ** n,
            lambda x, n: [0, None]),
        "copysign": Oracle(lambda x, z: abs(x) * sign(z) if z else None, signs),
        "pow": Oracle(power, lambda x, p: [by_base(x, p), by_exponent(x, p)]),
        "sqrt": _unary(lambda x: m.sqrt(x) if x >= 0 else None,
            lambda x: 1 / (2 * m.sqrt(x)) if x > 0 else None),
        "cbrt": _unary(lambda x: sign(x) * m.cbrt(abs(x)),
            lambda x: 1 / (3 * m.cbrt(abs(x)) ** 2) if x else None),
    }  # fmt: skip


def _elementary(m: Any) -> dict[str, Oracle]:
    def inside(test: Callable[[Any], bool], f: Callable[[Any], Any]) -> Callable[[Any], Any]:
        return lambda x: f(x) if test(x) else None

    def positive(f: Callable[[Any], Any]) -> Callable[[Any], Any]:
        return inside(lambda x: x > 0, f)

    def within(f: Callable[[Any], Any]) -> Callable[[Any], Any]:
        return inside(lambda x: abs(x) < 1, f)

    def within_closed(f: Callable[[Any], Any]) -> Callable[[Any], Any]:
        return inside(lambda x: abs(x) <= 1, f)

    def share(x: Number, z: Number) -> Number:
        return 1 / (1 + m.exp(z - x))

    def sinc_slope(x: Number) -> Number:
        # the derivative of 0F1(; 3/2; -(πx)²/4), DLMF 10.16.9, where the quotient cancels
        if abs(x) < 1:
            return -(m.pi**2) * x / 3 * m.hyp0f1(m.mpf(5) / 2, -((m.pi * x) ** 2) / 4)
        return (m.cospi(x) - m.sincpi(x)) / x

    def length(x: Number, z: Number) -> Number:
        return m.sqrt(x**2 + z**2)

    def along(x: Number, z: Number) -> list[Any]:
        if x == 0 and z == 0:
            return [Between(-1, 1)] * 2
        return [x / length(x, z), z / length(x, z)]

    def turning(x: Number, z: Number) -> list[Any]:
        square = x**2 + z**2
        return [z / square, -x / square] if square else [None, None]

    def angle(x: Number, z: Number) -> Number | None:
        if x == 0:  # on the axis the sign of a zero decides
            return m.mpf(0) if z > 0 else None
        return m.pi / 2 * m.sign(x) if z == 0 else m.atan2(x, z)

    def log_part(x: Number, z: Number) -> Number | None:
        if z <= 0:
            return m.mpf(0) if x == 0 and z == 0 else None
        return x * m.log(z)

    return {
        "exp": _unary(m.exp, m.exp),
        "exp2": _unary(lambda x: m.mpf(2) ** x, lambda x: m.ln2 * m.mpf(2) ** x),
        "expm1": _unary(m.expm1, m.exp),
        "log": _unary(positive(m.log), positive(lambda x: 1 / x)),
        "log2": _unary(positive(lambda x: m.log(x) / m.ln2), positive(lambda x: 1 / (x * m.ln2))),
        "log10": _unary(positive(m.log10), positive(lambda x: 1 / (x * m.ln10))),
        "log1p": _unary(inside(lambda x: x > -1, m.log1p),
            inside(lambda x: x > -1, lambda x: 1 / (1 + x))),
        "logaddexp": Oracle(lambda x, z: max(x, z) + m.log1p(m.exp(-abs(x - z))),
            lambda x, z: [share(x, z), share(z, x)]),
        "xlogy": Oracle(log_part,
            lambda x, z: [m.log(z), x / z] if z > 0 else [None, None]),
        "sin": _unary(m.sin, m.cos),
        "cos": _unary(m.cos, lambda x: -m.sin(x)),
        "tan": _unary(m.tan, lambda x: m.sec(x) ** 2),
        "sinpi": _unary(m.sinpi, lambda x: m.pi * m.cospi(x)),
        "cospi": _unary(m.cospi, lambda x: -m.pi * m.sinpi(x)),
        "sinc": _unary(m.sincpi, sinc_slope),
        "asin": _unary(within_closed(m.asin), within(lambda x: 1 / m.sqrt(1 - x**2))),
        "acos": _unary(within_closed(m.acos), within(lambda x: -1 / m.sqrt(1 - x**2))),
        "atan": _unary(m.atan, lambda x: 1 / (1 + x**2)),
        "atan2": Oracle(angle, turning),
        "hypot": Oracle(length, along),
        "sinh": _unary(m.sinh, m.cosh),
        "cosh": _unary(m.cosh, m.sinh),
        "tanh": _unary(m.tanh, lambda x: m.sech(x) ** 2),
        "asinh": _unary(m.asinh, lambda x: 1 / m.sqrt(1 + x**2)),
        "acosh": _unary(inside(lambda x: x >= 1, m.acosh),
            inside(lambda x: x > 1, lambda x: 1 / m.sqrt(x**2 - 1))),
        "atanh": _unary(within(m.atanh), within(lambda x: 1 / (1 - x**2))),
    }  # fmt: skip


def _networks(m: Any) -> dict[str, Oracle]:
    def sigmoid(x: Number) -> Number:
        return 1 / (1 + m.exp(-x))

    def softplus(x: Number) -> Number:
        return m.log1p(m.exp(x)) if x < 0 else x + m.log1p(m.exp(-x))

    def mish_slope(x: Number) -> Number:
        s = softplus(x)
        return m.tanh(s) + x * m.sech(s) ** 2 * sigmoid(x)

    def leaky(x: Number, slope: Number) -> list[Any]:
        if x == 0:
            return [Between(min(slope, 1), max(slope, 1)), 0]
        return [1, 0] if x > 0 else [slope, x]

    def elu(x: Number, alpha: Number) -> list[Any]:
        if x == 0:
            return [1 if alpha == 1 else Between(min(alpha, 1), max(alpha, 1)), 0]
        return [1, 0] if x > 0 else [alpha * m.exp(x), m.expm1(x)]

    # Klambauer et al., "Self-Normalizing Neural Networks", 2017, to the digits of a float
    scale, alpha = m.mpf(1.0507009873554805), m.mpf(1.6732632423543772)

    def selu_slope(x: Number) -> Any:
        if x == 0:
            return Between(scale, scale * alpha)
        return scale if x > 0 else scale * alpha * m.exp(x)

    def bell(x: Number) -> Number:
        return m.exp(-(x**2) / 2) / m.sqrt(2 * m.pi)

    # Hendrycks and Gimpel, "Gaussian Error Linear Units", 2016, to the digits of a float
    def inner(x: Number) -> Number:
        return 2 * m.sqrt(2 / m.pi) * (x + m.mpf(0.044715) * x**3)

    def growth(x: Number) -> Number:
        return 2 * m.sqrt(2 / m.pi) * (1 + 3 * m.mpf(0.044715) * x**2)

    def gelu_tanh_slope(x: Number) -> Number:
        return sigmoid(inner(x)) * (1 + x * growth(x) * sigmoid(-inner(x)))

    return {
        "sigmoid": _unary(sigmoid, lambda x: sigmoid(x) * sigmoid(-x)),
        "logsigmoid": _unary(lambda x: -softplus(-x), lambda x: sigmoid(-x)),
        "softplus": _unary(softplus, sigmoid),
        "relu": _unary(lambda x: max(x, m.zero),
            lambda x: Between(0, 1) if x == 0 else 1 if x > 0 else 0),
        "leaky_relu": Oracle(lambda x, slope: x if x > 0 else slope * x, leaky),
        "elu": Oracle(lambda x, alpha: x if x > 0 else alpha * m.expm1(x), elu),
        "selu": _unary(lambda x: scale * (x if x > 0 else alpha * m.expm1(x)), selu_slope),
        "silu": _unary(lambda x: x * sigmoid(x), lambda x: sigmoid(x) * (1 + x * sigmoid(-x))),
        "mish": _unary(lambda x: x * m.tanh(softplus(x)), mish_slope),
        "softsign": _unary(lambda x: x / (1 + abs(x)), lambda x: 1 / (1 + abs(x)) ** 2),
        "gelu": _unary(lambda x: x * m.ncdf(x), lambda x: m.ncdf(x) + x * bell(x)),
        "gelu_exp": Oracle(
            lambda x, k: m.exp(k * inner(x) / 2),
            lambda x, k: [k * growth(x) / 2 * m.exp(k * inner(x) / 2), None],
        ),
        "gelu_tanh": _unary(lambda x: x * sigmoid(inner(x)), gelu_tanh_slope),
    }  # fmt: skip


def _special(m: Any) -> dict[str, Oracle]:
    def bell(x: Number) -> Number:
        return m.exp(-(x**2) / 2) / m.sqrt(2 * m.pi)

    def log_gamma(x: Number) -> Number | None:
        if x > 0:
            return m.loggamma(x)
        return None if x == int(x) else m.log(abs(m.gamma(x)))

    def psi(n: int, x: Number) -> Number | None:
        return None if x <= 0 and x == int(x) else m.psi(n, x)

    def polygamma(n: Number, x: Number) -> Number | None:
        return psi(int(n), x) if n >= 0 and n == int(n) else None

    return {
        "erf": _unary(m.erf, lambda x: 2 / m.sqrt(m.pi) * m.exp(-(x**2))),
        "erfc": _unary(m.erfc, lambda x: -2 / m.sqrt(m.pi) * m.exp(-(x**2))),
        "gaussian": _unary(lambda x: m.exp(-(x**2)), lambda x: -2 * x * m.exp(-(x**2))),
        "normal_pdf": _unary(bell, lambda x: -x * bell(x)),
        "ndtr": _unary(m.ncdf, bell),
        "lgamma": _unary(log_gamma, lambda x: psi(0, x)),
        "digamma": _unary(lambda x: psi(0, x), lambda x: psi(1, x)),
        "polygamma": Oracle(polygamma,
            lambda n, x: [None, polygamma(n + 1, x)]),
    }  # fmt: skip


def _many(m: Any) -> dict[str, Oracle]:
    def total(*xs: Number) -> Number:
        return m.fsum(xs)

    def products(*xs: Number) -> list[Number]:
        before, after = [m.one], [m.one]
        for x, z in zip(xs, reversed(xs), strict=True):
            before.append(before[-1] * x)
            after.append(after[-1] * z)
        return [before[i] * after[len(xs) - 1 - i] for i in range(len(xs))]

    def dot(*xs: Number) -> Number:
        n = len(xs) // 2
        return m.fdot(xs[:n], xs[n : 2 * n]) + m.fsum(xs[2 * n :])

    def dot_partials(*xs: Number) -> list[Any]:
        n = len(xs) // 2
        return [*xs[n : 2 * n], *xs[:n], *([1] if len(xs) % 2 else [])]

    def mean(*xs: Number) -> Number:
        return m.fsum(xs) / len(xs)

    def deviations(xs: Sequence[Number]) -> list[Number]:
        centre = mean(*xs)
        return [x - centre for x in xs]

    def variance(*xs: Number) -> Number:
        return m.fsum(deviations(xs), squared=True) / len(xs)

    def std_partials(*xs: Number) -> list[Any]:
        n, s = len(xs), m.sqrt(variance(*xs))
        if s == 0:
            return [Between(-m.sqrt(n - 1) / n, m.sqrt(n - 1) / n)] * n
        return [d / (n * s) for d in deviations(xs)]

    def norm(*xs: Number) -> Number:
        return m.sqrt(m.fsum(xs, squared=True))

    def norm_partials(*xs: Number) -> list[Any]:
        y = norm(*xs)
        return [x / y if y else Between(-1, 1) for x in xs]

    def picks(best: Number, xs: Sequence[Number]) -> list[Any]:
        tied = sum(x == best for x in xs) > 1
        return [0 if x != best else Between(0, 1) if tied else 1 for x in xs]

    def shares(*xs: Number) -> list[Number]:
        largest = max(xs)
        es = [m.exp(x - largest) for x in xs]
        return [e / m.fsum(es) for e in es]

    def others(*xs: Number) -> Number:
        """One less the first share, without cancelling."""
        return m.fsum(shares(*xs)[1:])

    def softmax_partials(*xs: Number) -> list[Number]:
        first, *rest = shares(*xs)
        return [first * others(*xs), *[-first * s for s in rest]]

    def log_softmax(*xs: Number) -> Number:
        return -m.log1p(m.fsum([m.exp(x - xs[0]) for x in xs[1:]]))

    def logsumexp(*xs: Number) -> Number:
        first = max(range(len(xs)), key=lambda i: xs[i])
        rest = [m.exp(x - xs[first]) for i, x in enumerate(xs) if i != first]
        return xs[first] + m.log1p(m.fsum(rest))

    def filled(f: Callable[..., Number]) -> Callable[..., Number | None]:
        return lambda *xs: f(*xs) if xs else None

    return {
        "sum": Oracle(total, lambda *xs: [1] * len(xs)),
        "prod": Oracle(lambda *xs: m.fprod(xs), products),
        "dot": Oracle(dot, dot_partials),
        "mean": Oracle(filled(mean), lambda *xs: [m.one / len(xs)] * len(xs)),
        "variance": Oracle(filled(variance), lambda *xs: [2 * d / len(xs) for d in deviations(xs)]),
        "std": Oracle(filled(lambda *xs: m.sqrt(variance(*xs))), std_partials),
        "norm": Oracle(norm, norm_partials),
        "max": Oracle(filled(lambda *xs: max(xs)), lambda *xs: picks(max(xs), xs)),
        "min": Oracle(filled(lambda *xs: min(xs)), lambda *xs: picks(min(xs), xs)),
        "logsumexp": Oracle(filled(logsumexp), shares),
        "softmax": Oracle(filled(lambda *xs: shares(*xs)[0]), softmax_partials),
        "log_softmax": Oracle(filled(log_softmax),
            lambda *xs: [others(*xs), *[-s for s in shares(*xs)[1:]]]),
    }  # fmt: skip
