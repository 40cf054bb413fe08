"""The float functions of the table, each held to the bound that its docstring states.

Truth is mpmath with 60 digits, at the same points in every run: a grid over each form of the
function, its seams, and the floats on either side of its roots.
"""

from __future__ import annotations

import functools
import math
import random
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

import mpmath
import pytest
from mpmath import mp

from autograd import special

RNG = random.Random(6)


def between(low: float, high: float, count: int) -> list[float]:
    return [RNG.uniform(low, high) for _ in range(count)]


def binades(low: int, high: int, step: int = 1) -> list[float]:
    return [math.ldexp(RNG.uniform(1.0, 2.0), e) for e in range(low, high, step)]


def both(xs: list[float]) -> list[float]:
    return [*xs, *(-x for x in xs)]


def beside(xs: list[float]) -> list[float]:
    """The floats at, before and after each."""
    return [y for x in xs for y in (x, math.nextafter(x, -math.inf), math.nextafter(x, math.inf))]


def _lgamma(x: Any) -> Any:
    return mpmath.re(mpmath.loggamma(x))


@functools.cache
def roots(name: str) -> tuple[float, ...]:
    """The roots of lgamma and digamma above -20, found by bisection between poles and extrema."""
    with mp.workdps(60):
        extrema = [
            mpmath.findroot(
                mpmath.digamma, (mpmath.mpf(k) + 0.01, mpmath.mpf(k) + 0.99), "anderson"
            )
            for k in range(-20, -1)
        ]
        if name == "digamma":
            return (*map(float, extrema), -0.5040830082644554, 1.4616321449683623)
        found = []
        for k, top in zip(range(-20, -1), extrema, strict=True):
            if _lgamma(top) < 0:
                for end in (mpmath.mpf(k), mpmath.mpf(k + 1)):
                    a, b = end + (top - end) * mpmath.mpf(2) ** -60, top
                    for _ in range(160):
                        c = (a + b) / 2
                        a, b = (a, c) if _lgamma(c) < 0 else (c, b)
                    found.append(float(a))
        return tuple(found)


GAMMA = [
    *between(0.0, 3.0, 150), *between(3.0, 12.0, 80), *between(12.0, 200.0, 30),
    *binades(-1020, 1020, 40), *binades(-12, 60), *beside([1.0, 2.0, 1.5, 2.5, 9.5, 10.0, 1e17]),
]  # fmt: skip
LEFT = [*between(-21.0, 0.0, 200), *between(-60.0, -20.0, 60), *between(-3e3, -60.0, 20)]
LEFT += [*beside([-19.5, -20.0 - 2.0**-40, -20.25]), *(-x for x in binades(-60, -1, 4))]

Truth = Callable[..., Any]
CASES: dict[str, tuple[Callable[..., float], Truth, float, list[Any]]] = {
    "lgamma": (special.lgamma, mpmath.loggamma, 1.1, GAMMA),
    "lgamma left of 0": (
        special.lgamma, lambda x: mpmath.re(mpmath.loggamma(x)), 2.0, [x for x in [*LEFT, *beside(list(roots("lgamma")))] if not x.is_integer()],
    ),
    "digamma": (special.digamma, mpmath.digamma, 4.0, [*GAMMA, *beside([1.4616321449683623])]),
    "digamma left of 0": (
        special.digamma, mpmath.digamma, 4.0, [*[x for x in LEFT if x > -20.0], *beside(list(roots("digamma")))],
    ),
    "digamma below -20": (
        special.digamma,
        mpmath.digamma,
        3.0,
        [x for k in (*range(-40, -20), -150, -3000) for x in (k + 0.02, k + 0.1, k + 0.9, k + 0.99)],
    ),
    "sinpi": (special.sinpi, mpmath.sinpi, 1.5, both([*between(0.0, 4.0, 200), *binades(-1020, 52, 20)])),
    "cospi": (special.cospi, mpmath.cospi, 1.5, both([*between(0.0, 4.0, 200), *beside([0.25, 0.5, 0.75, 1.5])])),
    "gaussian": (special.gaussian, lambda x: mpmath.exp(-x * x), 1.2, both(between(0.0, 28.5, 200))),
    "normal_pdf": (
        special.normal_pdf, lambda x: mpmath.exp(-x * x / 2) / mpmath.sqrt(2 * mp.pi), 2.0, both(between(0.0, 39.5, 200)),
    ),
    "erfc": (special.erfc, mpmath.erfc, 2.5, [*between(-6.0, 1.0, 60), *between(1.0, 28.0, 200), *beside([1.0, 4.0])]),
    "ndtr": (
        special.ndtr, lambda x: mpmath.erfc(-x / mpmath.sqrt(2)) / 2, 2.5,
        [*between(-39.0, -1.5, 200), *between(-1.5, 9.5, 100), *beside([-1.5, 9.0])],
    ),
    "cbrt": (special.cbrt, mpmath.cbrt, 0.51, [*binades(-1074, 1023, 7), *between(0.0, 10.0, 50)]),
    "hypot": (
        special.hypot, lambda x, y: mpmath.sqrt(x * x + y * y), 0.51,
        [*zip(between(-9.0, 9.0, 100), between(-9.0, 9.0, 100), strict=True),
         *zip(binades(-1000, 1000, 40), binades(-990, 1010, 40), strict=True)],
    ),
    "polygamma": (
        special.polygamma, lambda n, x: mpmath.psi(int(n), x), 3.0,
        [*[(float(n), x) for n in range(1, 13) for x in [*between(0.0, 30.0, 12), *binades(-8, 8, 2)]]],
    ),
    "polygamma of a high order": (
        special.polygamma, lambda n, x: mpmath.psi(int(n), x), 25.0,
        [(float(n), x) for n in (20, 60, 99, 100, 101, 130, 150) for x in [*between(0.5, 60.0, 8), 100.5]],
    ),
    "polygamma of an odd order left of 0": (
        special.polygamma, lambda n, x: mpmath.psi(int(n), x), 5.0,
        [(n, x) for n in (1.0, 3.0) for x in between(-12.0, 0.0, 30)],
    ),
    "gelu_exp": (
        special.gelu_exp, lambda x, k: mpmath.exp(k * mpmath.sqrt(2 / mp.pi) * (x + mpmath.mpf(0.044715) * x**3)), 1.5,
        [(x, k) for k in (0.5, 1.0, 2.0) for x in between(-21.0, 20.0, 80)],
    ),
    "logaddexp": (
        special.logaddexp, lambda x, z: mpmath.log(mpmath.exp(x) + mpmath.exp(z)), 2.0,
        [*zip(between(-30.0, 30.0, 100), between(-30.0, 30.0, 100), strict=True),
         *[(r, math.log(-math.expm1(r)) * (1.0 + s)) for r in between(-3.0, -0.01, 20) for s in (0.0, 1e-9, -1e-3)]],
    ),
}  # fmt: skip


@functools.cache
def truth(name: str, xs: Any) -> tuple[Any, float]:
    """The exact value and its unit in the last place."""
    with mp.workdps(60):
        exact = mpmath.re(CASES[name][1](*[mpmath.mpf(x) for x in xs]))
        return exact, math.ulp(float(exact)) if abs(exact) < 1.7e308 else math.inf


@pytest.mark.parametrize("name", CASES)
def test_the_bound_that_is_stated(name: str) -> None:
    function, _, bound, points = CASES[name]
    for at in points:
        xs = at if isinstance(at, tuple) else (at,)
        exact, ulp = truth(name, xs)
        got = function(*xs)
        if math.isinf(ulp):
            assert math.isinf(got), xs
        else:
            with mp.workdps(60):
                assert abs(mpmath.mpf(got) - exact) <= bound * ulp, (xs, got, exact)


def test_lgamma_around_its_roots() -> None:
    around = [
        q * (1.0 + sign * 2.0**-k)
        for q in roots("lgamma")
        for k in range(8, 30, 3)
        for sign in (1, -1)
    ]
    for x in [-2.747247596975014, -2.747574599831669, *around]:  # the two it is worst at
        if not x.is_integer():
            with mp.workdps(60):
                exact = _lgamma(mpmath.mpf(x))
                assert abs(mpmath.mpf(special.lgamma(x)) - exact) <= 2.1 * math.ulp(float(exact))


def test_digamma_beside_its_roots_far_left() -> None:
    for x in between(-60.0, -20.0, 60):
        with mp.workdps(60):
            error = abs(mpmath.mpf(special.digamma(x)) - mpmath.digamma(x))
            assert error <= max(2.0**-52, 3.0 * math.ulp(special.digamma(x)))


def test_even_orders_of_polygamma_left_of_0() -> None:
    for n in (2, 4):
        for x in between(-12.0, -0.0, 30):
            with mp.workdps(60):
                exact = mpmath.psi(n, mpmath.mpf(x))
            size = max(math.factorial(n) * 2.0 ** (n + 1), abs(float(exact)))
            assert abs(special.polygamma(float(n), x) - float(exact)) <= 2.0**-49 * size


# Double-double arithmetic, against fractions


def pairs() -> Iterator[tuple[float, float, float, float]]:
    rng = random.Random(7)
    for _ in range(200):
        a, b = (
            rng.choice((1.0, -1.0)) * math.ldexp(rng.uniform(1.0, 2.0), rng.randint(-40, 40))
            for _ in "ab"
        )
        yield a, a * rng.uniform(-1.0, 1.0) * 2.0**-54, b, b * rng.uniform(-1.0, 1.0) * 2.0**-54


PAIRS = list(pairs())


def test_sums_and_products_without_error() -> None:
    for a, _, b, _ in PAIRS:
        assert sum(map(Fraction, special._two_sum(a, b))) == Fraction(a) + Fraction(b)
        big, small = (a, b) if abs(a) >= abs(b) else (b, a)
        assert sum(map(Fraction, special._fast_two_sum(big, small))) == Fraction(a) + Fraction(b)
        assert sum(map(Fraction, special._two_prod(a, b))) == Fraction(a) * Fraction(b)
        high, low = special._split(a)
        assert Fraction(high) + Fraction(low) == Fraction(a)
        assert all(math.frexp(half)[0] * 2.0**27 % 1.0 == 0.0 for half in (high, low))
        assert special._two_sum(a, b)[0] == a + b
        assert special._two_prod(a, b)[0] == a * b


@pytest.mark.parametrize("operation", ["add", "mul", "div"])
def test_pairs_to_a_hundred_bits(operation: str) -> None:
    exactly = {"add": Fraction.__add__, "mul": Fraction.__mul__, "div": Fraction.__truediv__}[
        operation
    ]
    for a, a_lo, b, b_lo in PAIRS:
        hi, lo = getattr(special, f"_dd_{operation}")(a, a_lo, b, b_lo)
        exact = exactly(Fraction(a) + Fraction(a_lo), Fraction(b) + Fraction(b_lo))
        size = abs(exact) if operation != "add" else abs(Fraction(a)) + abs(Fraction(b))
        assert abs(Fraction(hi) + Fraction(lo) - exact) <= size / 2**100
        assert hi == hi + lo


def test_the_logarithm_of_a_pair() -> None:
    for x in [*binades(-1022, 1023, 15), *between(0.5, 2.0, 100), 1.0 + 2.0**-40]:
        x_lo = x * RNG.uniform(-1.0, 1.0) * 2.0**-54
        hi, lo = special._log_dd(x, x_lo)
        with mp.workdps(60):
            exact = mpmath.log(mpmath.mpf(x) + mpmath.mpf(x_lo))
            assert abs(mpmath.mpf(hi) + mpmath.mpf(lo) - exact) <= abs(exact) * mpmath.mpf(2) ** -63


def test_the_square_root_of_a_pair() -> None:
    for a, a_lo, _, _ in PAIRS:
        with mp.workdps(60):
            exact = mpmath.sqrt(mpmath.mpf(abs(a)) + mpmath.mpf(math.copysign(a_lo, a * a_lo)))
            got = special._sqrt_dd(abs(a), math.copysign(a_lo, a * a_lo))
            assert abs(mpmath.mpf(got) - exact) <= 0.5001 * math.ulp(float(exact))


def test_integers_for_an_exponential() -> None:
    for x in [0.0, -1e-3, -0.5, -1.0, -30.0, -700.0]:
        for bits in (100, 170):
            with mp.workdps(100):
                exact = mpmath.exp(mpmath.mpf(x)) * mpmath.mpf(2) ** bits
                assert abs(special._exp_fixed(x, bits) - exact) <= 2


def test_asymptotic_series_from_their_first_argument_on() -> None:
    for x in [10.0, 10.25, *between(10.0, 14.0, 20), *between(14.0, 1e3, 20)]:
        with mp.workdps(60):
            lgamma, tail = mpmath.loggamma(x), mpmath.log(x) - mpmath.digamma(x)
            hi, lo = special._lgamma_stirling(x)
            assert abs(mpmath.mpf(hi) + mpmath.mpf(lo) - lgamma) <= lgamma * mpmath.mpf(2) ** -63
            assert abs(special._digamma_tail(x) - tail) <= 2.0 * tail * mpmath.mpf(2) ** -53


def test_polygamma_at_its_ends() -> None:
    assert special.polygamma(0.0, 0.7) == special.digamma(0.7)
    for n in (1.0, 2.0, 3.0):
        sign = 1.0 if n % 2.0 else -1.0
        assert math.copysign(1.0, special.polygamma(n, math.inf)) == sign
        assert special.polygamma(n, math.inf) == 0.0
        assert special.polygamma(n, 1e-220) == special.polygamma(n, 0.0) == sign * math.inf
        assert special.polygamma(n, -1e-220) == math.inf
        assert math.isnan(special.polygamma(n, -math.inf))
        assert math.isnan(special.polygamma(n, math.nan))
    assert special.polygamma(1.0, -2.0) == math.inf
    assert math.isnan(special.polygamma(2.0, -2.0))
    assert all(math.isnan(special.polygamma(n, 1.0)) for n in (-1.0, 0.5, 1e15))


def test_polygamma_of_nothing_and_where_an_even_order_has_its_roots() -> None:
    assert math.isnan(special.polygamma(2.0, math.nan))
    assert math.isnan(special.polygamma(2.0, -math.inf))
    # the poles on either side of -17.5 take each other away to the last digit
    exact = mpmath.psi(120, mpmath.mpf(-17.5))
    size = math.ldexp(math.factorial(120), 121 - 49)
    assert abs(special.polygamma(120.0, -17.5) - exact) <= size


def test_lgamma_between_minus_2_and_minus_1_has_no_root() -> None:
    low = min(special.lgamma(-2.0 + i / 512.0) for i in range(1, 512))
    assert 0.8 < low < 0.9


def test_parts_of_functions_to_more_digits() -> None:
    """What is added up in two words is right beyond the last digit of a float."""
    with mp.workdps(60):
        for bits, points in (
            (53.5, between(1.0, 4.0, 60)),
            (56.0, [4.0, 4.5, *between(5.0, 10.0, 20)]),
            (61.0, between(20.0, 40.0, 20)),
        ):
            for x in points:
                hi, lo = special._erfcx(x)
                exact = mpmath.exp(mpmath.mpf(x) ** 2) * mpmath.erfc(x)
                assert (
                    abs(mpmath.mpf(hi) + mpmath.mpf(lo) - exact) <= exact * mpmath.mpf(2) ** -bits
                )
        for x in between(-60.0, -20.0, 100):
            hi, lo = special._lgamma_reflected(x)
            exact = mpmath.re(mpmath.loggamma(mpmath.mpf(x)))
            assert abs(mpmath.mpf(hi) + mpmath.mpf(lo) - exact) <= 1.2 * mpmath.mpf(2) ** -52


def test_logaddexp_beside_the_curve_where_it_is_0() -> None:
    with mp.workdps(400):
        for e in (-20, -60, -150, -300):
            m = -math.ldexp(1.5, e)
            s = float(mpmath.log(-mpmath.expm1(mpmath.mpf(m))))
            for z in (s, math.nextafter(s, 0.0)):
                exact = mpmath.log(mpmath.exp(mpmath.mpf(m)) + mpmath.exp(mpmath.mpf(z)))
                for got in (special.logaddexp(m, z), special.logaddexp(z, m)):
                    assert abs(mpmath.mpf(got) - exact) <= 2.0 * math.ulp(float(exact))


def test_polygamma_that_overflows_is_infinite() -> None:
    for n in (100.0, 101.0, 120.0, 121.0, 149.0):
        for x in between(1e-5, 1e-3, 8):
            assert special.polygamma(n, x) == (math.inf if n % 2.0 else -math.inf)
