"""Special functions of one float64, right to the last digits, in plain Python.

Only `math` is imported, and of it only what is a plain call of the C library (`exp`, `log`, `sin`,
`pow`, `ldexp`, ...): CPython's own `lgamma`, `gamma`, `hypot`, `fsum` and float `sum` differ from
one version to the next, so the same bits on every CPython >= 3.11 need forms of our own.

Nothing raises: the IEEE 754 answer (nan, inf, a signed zero) is returned.

Where a sum cancels it is carried in double-double: an unevaluated pair hi + lo, about 106 bits
(T. J. Dekker, "A floating-point technique for extending the available precision", Numerische
Mathematik 18, 1971; D. E. Knuth, TAOCP vol. 2, 4.2.2). Errors stated in the docstrings are in units
in the last place (ulp) of the true value, measured against mpmath with 70 digits on glibc 2.36.
Constants were printed by mpmath with 80 digits and rounded; "NAME, NAME_LO" is a double-double.
"""

import math
from collections.abc import Iterable, Sequence

__all__ = [
    "cbrt",
    "cospi",
    "digamma",
    "erfc",
    "gaussian",
    "gelu_exp",
    "hypot",
    "lgamma",
    "logaddexp",
    "mean_of_squares",
    "ndtr",
    "norm",
    "normal_pdf",
    "polygamma",
    "prod",
    "rest_of_sum",
    "root_mean_square",
    "sinc",
    "sinpi",
]

_PI, _PI_LO = 3.141592653589793, 1.2246467991473532e-16
_LOG_PI, _LOG_PI_LO = 1.1447298858494002, 1.0265951162707826e-17
_SQRT_HALF, _SQRT_HALF_LO = 0.7071067811865476, -4.833646656726457e-17
_INV_SQRT_PI, _INV_SQRT_PI_LO = 0.5641895835477563, 7.66772980658294e-18
_INV_SQRT_2PI, _INV_SQRT_2PI_LO = 0.3989422804014327, -2.49232720227773e-17


# Double-double arithmetic


def _fast_two_sum(a: float, b: float) -> tuple[float, float]:
    """a + b as a rounded sum and its error; needs abs(a) >= abs(b) (Dekker 1971)."""
    s = a + b
    return s, b - (s - a)


def _two_sum(a: float, b: float) -> tuple[float, float]:
    """a + b as a rounded sum and its exact error (Knuth, TAOCP 4.2.2, theorem B)."""
    s = a + b
    t = s - a
    return s, (a - (s - t)) + (b - t)


def _split(a: float) -> tuple[float, float]:
    """a as two halves of 26 bits, whose products are exact (Dekker 1971)."""
    t = 134217729.0 * a  # 2**27 + 1
    hi = t - (t - a)
    return hi, a - hi


def _two_prod(a: float, b: float) -> tuple[float, float]:
    """a * b as a rounded product and its exact error (Dekker 1971; math.fma is too new)."""
    p = a * b
    ah, al = _split(a)
    bh, bl = _split(b)
    return p, ((ah * bh - p) + ah * bl + al * bh) + al * bl


def _dd_add(ah: float, al: float, bh: float, bl: float) -> tuple[float, float]:
    """(ah + al) + (bh + bl)."""
    s, e = _two_sum(ah, bh)
    return _fast_two_sum(s, e + (al + bl))


def _dd_mul(ah: float, al: float, bh: float, bl: float) -> tuple[float, float]:
    """(ah + al) * (bh + bl)."""
    p, e = _two_prod(ah, bh)
    return _fast_two_sum(p, e + (ah * bl + al * bh))


def _dd_div(ah: float, al: float, bh: float, bl: float) -> tuple[float, float]:
    """(ah + al) / (bh + bl): the rounded quotient, and its remainder divided."""
    q = ah / bh
    p, e = _two_prod(q, bh)
    return _fast_two_sum(q, ((ah - p) - e + (al - q * bl)) / bh)


def _ldexp(m: float, e: int) -> float:
    """m * 2**e, inf where math.ldexp raises OverflowError."""
    try:
        return math.ldexp(m, e)
    except OverflowError:
        return math.copysign(math.inf, m)


def _exp(x: float) -> float:
    """exp(x), inf where math.exp raises OverflowError."""
    try:
        return math.exp(x)
    except OverflowError:
        return math.inf


def _horner(coefficients: tuple[float, ...], x: float) -> float:
    """A polynomial; the coefficient of the highest power comes first."""
    total = 0.0
    for c in coefficients:
        total = total * x + c
    return total


# 33 bits of log 2, so that a binary exponent times it is exact, and the rest
# (fdlibm's e_log.c splits it so).
_LN2, _LN2_LO = 6.93147180369123816490e-01, 1.90821492927058770002e-10
_THIRD, _THIRD_LO = 0.3333333333333333, 1.850371707708594e-17
_ATANH = tuple(1.0 / k for k in range(25, 3, -2))  # 1/25, ..., 1/7, 1/5


def _log_dd(x: float, x_lo: float = 0.0) -> tuple[float, float]:
    """log(x + x_lo) for finite x > 0, to about 2**-64 of its value.

    x = 2**e * m with m near 1, s = (m - 1)/(m + 1), log m = 2 atanh s = 2(s + s³/3 + s⁵/5 + ...)
    (DLMF 4.6.4). s² <= 0.0295, so only s and s³/3 need both words.
    """
    m, e = math.frexp(x)
    if m < _SQRT_HALF:
        m, e = 2.0 * m, e - 1
    s, s_lo = _dd_div(m - 1.0, 0.0, *_two_sum(m, 1.0))
    w, w_lo = _dd_mul(s, s_lo, s, s_lo)
    c, c_lo = _fast_two_sum(_THIRD, w * _horner(_ATANH, w))
    t, t_lo = _dd_mul(w, w_lo, c, c_lo + _THIRD_LO)
    t, t_lo = _dd_mul(s, s_lo, t, t_lo)
    hi, lo = _fast_two_sum(s, t)
    lo += s_lo + t_lo
    return _dd_add(e * _LN2, e * _LN2_LO + x_lo / x, 2.0 * hi, 2.0 * lo)


# Sine and cosine of pi x


def _sin_of_pi_times(r: float) -> tuple[float, float]:
    """sin(pi r) for abs(r) <= 1/2, as the C library's sine and a correction for pi's rounding."""
    t, t_lo = _two_prod(_PI, r)
    return math.sin(t), (t_lo + _PI_LO * r) * math.cos(t)


def _sinpi_parts(x: float) -> tuple[float, float]:
    """sin(pi x) for finite x, a sine and its correction; an integer gives zeros."""
    r = math.remainder(x, 2.0)  # exact
    if abs(r) > 0.5:
        r = math.copysign(1.0, r) - r  # exact; sin(pi - t) = sin t
    return _sin_of_pi_times(r)


def _cospi_parts(x: float) -> tuple[float, float]:
    """cos(pi x) for finite x, so too; away from its roots it needs no correction."""
    r = abs(math.remainder(x, 2.0))  # exact
    if 0.25 < r < 0.75:
        return _sin_of_pi_times(0.5 - r)  # exact difference
    if r <= 0.25:
        return math.cos(_PI * r), 0.0
    return -math.cos(_PI * (1.0 - r)), 0.0


def sinpi(x: float) -> float:
    """Return sin(pi x), within 1.5 ulp, also beside its roots.

    At an integer it is 0 with the sign of x (IEEE 754-2019, 9.2.1).

    >>> sinpi(0.5), sinpi(3.0), sinpi(-3.0), sinpi(float("inf"))
    (1.0, 0.0, -0.0, nan)
    """
    if abs(x) == math.inf:
        return math.nan
    hi, lo = _sinpi_parts(x)
    return hi + lo if hi != 0.0 else math.copysign(0.0, x)


def cospi(x: float) -> float:
    """Return cos(pi x), within 1.5 ulp, also beside its roots, where it is +0.

    >>> cospi(1.0), cospi(0.5), cospi(-1.5), cospi(float("inf"))
    (-1.0, 0.0, 0.0, nan)
    """
    if abs(x) == math.inf:
        return math.nan
    hi, lo = _cospi_parts(x)
    return hi + lo


# Gamma, its logarithm, and the derivatives of that

# zeta(k) - 1 for k = 2, 3, ..., 35 (mpmath.zeta).
_ZETA_MINUS_1 = (
    0.6449340668482264,
    0.2020569031595943,
    0.08232323371113819,
    0.03692775514336993,
    0.01734306198444914,
    0.008349277381922827,
    0.00407735619794434,
    0.0020083928260822143,
    0.0009945751278180853,
    0.0004941886041194645,
    0.0002460865533080483,
    0.00012271334757848915,
    6.124813505870483e-05,
    3.058823630702049e-05,
    1.528225940865187e-05,
    7.637197637899763e-06,
    3.81729326499984e-06,
    1.908212716553939e-06,
    9.539620338727962e-07,
    4.769329867878064e-07,
    2.38450502727733e-07,
    1.1921992596531106e-07,
    5.960818905125948e-08,
    2.980350351465228e-08,
    1.4901554828365043e-08,
    7.45071178983543e-09,
    3.725334024788457e-09,
    1.862659723513049e-09,
    9.313274324196682e-10,
    4.656629065033784e-10,
    2.3283118336765053e-10,
    1.164155017270052e-10,
    5.820772087902701e-11,
    2.9103850444971e-11,
)

# DLMF 5.7.3 with Gamma(2 + z) = (1 + z) Gamma(1 + z):
#   lgamma(2 + z) = (1 - gamma) z + sum over k >= 2 of (-1)**k (zeta(k) - 1) z**k / k
#   digamma(2 + z) = (1 - gamma) + sum over k >= 2 of (-1)**k (zeta(k) - 1) z**(k - 1)
# It converges for abs(z) < 2; here abs(z) <= 0.55, so 34 terms end below 2**-60.
_ONE_MINUS_GAMMA, _ONE_MINUS_GAMMA_LO = 0.42278433509846713, 4.942915152430645e-18
_DIGAMMA_AT_2 = tuple(-c if k % 2 else c for k, c in enumerate(_ZETA_MINUS_1, 2))[::-1]
_LGAMMA_AT_2 = tuple(c / k for k, c in zip(range(35, 1, -1), _DIGAMMA_AT_2, strict=True))
_LGAMMA_CUBIC_ON = _LGAMMA_AT_2[:-1]
_LGAMMA_SLOPES = (*_LGAMMA_AT_2, _ONE_MINUS_GAMMA)
_HALF_ZETA_2_MINUS_1, _HALF_ZETA_2_MINUS_1_LO = 0.3224670334241132, 1.520336175199238e-17


def _divided_difference(coefficients: tuple[float, ...], a: float, b: float) -> float:
    """(p(a) - p(b)) / (a - b) without the subtractions; p's coefficients end with the linear one.

    Dividing p(z) - p(a) by z - a is Horner's rule at a; the quotient is evaluated at b on the way.
    """
    at_a = total = 0.0
    for c in coefficients:
        at_a = at_a * a + c
        total = total * b + at_a
    return total


# Roots of lgamma below -2, each written k + root with k the nearest integer: the one left of k,
# the one right of k (mpmath, bisection with 80 digits). Beyond -17 they are nearer to k than the
# next float.
_LGAMMA_ROOTS = {
    -2: (
        (-0.45702473822080064, 1.843554041574456e-17),
        (math.nan, math.nan),  # no root: lgamma is above 0.8 between -2 and -1
    ),
    -3: (
        (-0.14358088834998006, 3.862806401714152e-18),
        (0.2523173532725874, -2.04688991691325e-17),
    ),
    -4: (
        (-0.03936183974053688, 3.2731379225891636e-18),
        (0.04470571514140207, 8.223977942582053e-19),
    ),
    -5: (
        (-0.008218168322593521, -5.582665915956405e-19),
        (0.008455359439952277, 8.231751957350036e-19),
    ),
    -6: (
        (-0.0013852944531550972, -2.6295731811446077e-20),
        (0.0013925199191243706, -7.090441230646531e-20),
    ),
    -7: (
        (-0.00019833340732475162, 1.1820573401560963e-20),
        (0.0001984921093623021, 6.263909978492175e-21),
    ),
    -8: (
        (-2.48002706819597e-05, 1.0083974251164085e-21),
        (2.4802904179335845e-05, 3.15397713595963e-22),
    ),
    -9: (
        (-2.7557148226503463e-06, -5.624459871432079e-23),
        (2.7557490225318057e-06, -6.500300408654724e-23),
    ),
    -10: (
        (-2.755730136466002e-07, -2.4472526783403563e-23),
        (2.7557337083353163e-07, 1.4502658434955713e-23),
    ),
    -11: (
        (-2.5052106852407546e-08, 1.2924868620853802e-24),
        (2.5052109918476226e-08, -6.807394864189793e-25),
    ),
    -12: (
        (-2.087675687777539e-09, -4.849684877236172e-26),
        (2.087675709796081e-09, -8.658839215884982e-26),
    ),
    -13: (
        (-1.6059043830108875e-10, 7.046449983196074e-27),
        (1.6059043843534355e-10, 6.465141936497467e-27),
    ),
    -14: (
        (-1.147074559737784e-11, 4.194056116105366e-28),
        (1.147074559808161e-11, -7.830340218001236e-28),
    ),
    -15: (
        (-7.647163731803788e-13, 4.886154187641447e-29),
        (7.647163731835846e-13, -3.8035184915187745e-29),
    ),
    -16: (
        (-4.779477332386745e-14, -1.811833433216651e-30),
        (4.779477332388026e-14, -9.319923331229129e-31),
    ),
}

# B(2k) / (2k (2k - 1)) for k = 10, ..., 1: Stirling's series, DLMF 5.11.1.
_STIRLING = (
    -174611.0 / 125400.0,
    43867.0 / 244188.0,
    -3617.0 / 122400.0,
    1.0 / 156.0,
    -691.0 / 360360.0,
    1.0 / 1188.0,
    -1.0 / 1680.0,
    1.0 / 1260.0,
    -1.0 / 360.0,
    1.0 / 12.0,
)
_STIRLING_C, _STIRLING_C_LO = 0.4189385332046727, 1.6728209650585413e-17  # (log(2 pi) - 1)/2


def lgamma(x: float) -> float:
    """Return log(abs(gamma(x))); +inf at +-0 and at the negative integers.

    Within 1.1 ulp above 0, within 2.1 ulp below 0, right up to the roots on both sides.
    Source: Stirling's series (DLMF 5.11.1) from 10 on; the series about 2 (DLMF 5.7.3) and the
    recurrence in double-double below; reflection (DLMF 5.5.3) below -20.

    >>> lgamma(1.0), lgamma(0.5)
    (0.0, 0.5723649429247001)
    >>> lgamma(-0.0), lgamma(-2.0)
    (inf, inf)
    """
    if x != x or abs(x) == math.inf:
        return abs(x)
    if x <= 0.0 and x == math.floor(x):
        return math.inf
    if x >= 1e17:  # only the leading term is left, and _split would overflow on 1e300
        hi, lo = _log_dd(x)
        hi, lo = _dd_add(hi, lo, -1.0, 0.0)
        return x * hi + x * lo
    if x >= 10.0:
        hi, lo = _lgamma_stirling(x)
    elif x < -20.0:
        hi, lo = _lgamma_reflected(x)
    else:
        return _lgamma_small(x)
    return hi + lo


def _lgamma_stirling(x: float) -> tuple[float, float]:
    """lgamma for 10 <= x <= 1e17: (x - 1/2)(log x - 1) + (log(2 pi) - 1)/2 + 1/(12 x) - ..."""
    log, log_lo = _log_dd(x)
    log, log_lo = _dd_add(log, log_lo, -1.0, 0.0)
    a, a_lo = _two_sum(x, -0.5)
    hi, lo = _dd_mul(a, a_lo, log, log_lo)
    z = 1.0 / x
    return _dd_add(hi, lo + _STIRLING_C_LO, _STIRLING_C, z * _horner(_STIRLING, z * z))


def _lgamma_reflected(x: float) -> tuple[float, float]:
    """lgamma for x < -20: log(pi / (y abs(sin(pi y)))) - lgamma(y) with y = -x (DLMF 5.5.3).

    Here abs(lgamma(x)) > 8, so the rounding of the logarithm's argument is of no account.
    """
    hi, lo = _log_dd(abs(_sinpi_parts(x)[0]))
    log, log_lo = _log_dd(-x)
    hi, lo = _dd_add(hi, lo, log, log_lo)
    hi, lo = _dd_add(_LOG_PI, _LOG_PI_LO, -hi, -lo)
    log, log_lo = _lgamma_stirling(-x)
    return _dd_add(hi, lo, -log, -log_lo)


def _lgamma_small(x: float) -> float:
    """lgamma for -20 <= x < 10, from gamma(2 + f) and its recurrence, x = k + f."""
    k = math.floor(x + 0.5)
    f = x - k  # exact, as are the factors j + f as pairs
    hi, lo = _lgamma_2_plus(f)
    p, p_lo = 1.0, 0.0
    for j in range(2, k) if k > 2 else range(k, 2):
        p, p_lo = _dd_mul(p, p_lo, *_two_sum(j, f))
    if k != 2:
        log, log_lo = _log_dd(abs(p), math.copysign(1.0, p) * p_lo)
        hi, lo = _dd_add(hi, lo, log, log_lo) if k > 2 else _dd_add(hi, lo, -log, -log_lo)
    if abs(hi) < 0.015625 and k in _LGAMMA_ROOTS:
        return _lgamma_near_root(k, f, *_LGAMMA_ROOTS[k][f > 0.0])
    return hi + lo


def _lgamma_2_plus(z: float) -> tuple[float, float]:
    """lgamma(2 + z) for abs(z) <= 1/2 (DLMF 5.7.3), the first two terms in double-double."""
    hi, lo = _two_sum(_HALF_ZETA_2_MINUS_1, z * _horner(_LGAMMA_CUBIC_ON, z))
    hi, lo = _dd_mul(hi, lo + _HALF_ZETA_2_MINUS_1_LO, z, 0.0)
    hi, lo = _dd_add(_ONE_MINUS_GAMMA, _ONE_MINUS_GAMMA_LO, hi, lo)
    return _dd_mul(hi, lo, z, 0.0)


def _lgamma_near_root(k: int, f: float, root: float, root_lo: float) -> float:
    """lgamma(k + f) beside its zero at k + root, as log(gamma(k + f) / gamma(k + root)).

    With h = f - root the recurrence gives
        log(gamma(2 + f) / gamma(2 + root)) - log(product over k <= j <= 1 of 1 + h/(j + root)),
    where every term is h times something known, so nothing cancels when h is small.
    """
    h, h_lo = _two_sum(f - root, -root_lo)  # f - root is exact
    p, p_lo = 0.0, 0.0  # the product, less 1
    for j in range(k, 2):
        d, d_lo = _two_sum(j, root)
        q, q_lo = _dd_div(h, h_lo, d, d_lo + root_lo)
        t, t_lo = _dd_mul(p, p_lo, q, q_lo)
        q, q_lo = _dd_add(q, q_lo, t, t_lo)
        p, p_lo = _dd_add(p, p_lo, q, q_lo)
    slope = _divided_difference(_LGAMMA_SLOPES, f, root)
    return (h * slope - p_lo / (1.0 + p)) - math.log1p(p)


# Roots of digamma, each written k + root with k the nearest integer (mpmath, bisection with 80
# digits). The first stands twice, for floats on either side of 3/2; so does the one at -1/2.
_DIGAMMA_ROOTS = {
    2: (-0.5383678550316376, -1.5522348162858677e-17),
    1: (0.46163214496836236, -1.5522348162858677e-17),
    0: (-0.5040830082644554, -8.15428206243813e-18),
    -1: (0.4959169917355446, -8.15428206243813e-18),
    -2: (0.42650152683760956, -1.574185691077347e-17),
    -3: (0.38927913155585536, -1.2202694992732132e-17),
    -4: (0.3647066335630989, -9.671895995274374e-19),
    -5: (0.34676223825685754, 2.2628894141607193e-17),
    -6: (0.33283755844311447, -3.2153051074948335e-18),
    -7: (0.32158178692657324, 1.40129649619771e-17),
    -8: (0.312211674968374, -2.4133947001851525e-17),
    -9: (0.30423583618359873, 4.467870224652488e-18),
    -10: (0.29732745999813626, 7.435123333532191e-18),
    -11: (0.29125916174585537, -1.8098511510194027e-17),
    -12: (0.28586693877104613, 2.715774696551599e-17),
    -13: (0.2810289742507925, 2.4369117870628782e-17),
    -14: (0.2766525426361732, 8.738659301743149e-18),
    -15: (0.27266558398147106, 1.8892751268118038e-17),
    -16: (0.2690110936671176, -5.5027387288572304e-18),
    -17: (0.2656432760442643, 1.7295163907657788e-17),
    -18: (0.2625248400224111, -1.2977261991403057e-17),
    -19: (0.2596250552199003, -1.4230298349280131e-18),
    -20: (0.2569183274097824, -1.556656310557129e-17),
}

# B(2k) / (2k) for k = 8, ..., 1: digamma's asymptotic series, DLMF 5.11.2.
_DIGAMMA_ASYMPTOTIC = (
    -3617.0 / 8160.0,
    1.0 / 12.0,
    -691.0 / 32760.0,
    1.0 / 132.0,
    -1.0 / 240.0,
    1.0 / 252.0,
    -1.0 / 120.0,
    1.0 / 12.0,
)
# pi cot(pi f) = 1/f - 2 f (zeta(2) + zeta(4) f² + zeta(6) f**4 + ...), DLMF 4.22.3 and 25.8.8;
# below, with the poles at +-1 kept apart, zeta(2k) - 1 for k = 17, ..., 2.
_COT = _ZETA_MINUS_1[2::2][::-1]
_ZETA_2, _ZETA_2_LO = 1.6449340668482264, 3.040672350398476e-17


def digamma(x: float) -> float:
    """Return digamma(x), the derivative of lgamma; nan at the negative integers and at -inf.

    Within 4 ulp above -20, right up to the roots. Below -20, within 3 ulp where abs(digamma) is
    more than 1/4, and within 2**-52 beside the roots.
    Source: the asymptotic series (DLMF 5.11.2) from 10 on; the series about 2 (DLMF 5.7.3 and
    5.5.2) below, divided by the distance to the root near the roots; reflection (DLMF 5.5.4) below
    -20.

    >>> digamma(1.0)
    -0.5772156649015329
    >>> digamma(0.0), digamma(-0.0), digamma(-1.0)
    (-inf, inf, nan)
    """
    if x != x or x == math.inf:
        return x
    if x == 0.0:
        return -math.copysign(math.inf, x)
    if x == -math.inf or (x < 0.0 and x == math.floor(x)):
        return math.nan
    if x >= 10.0:
        return math.log(x) - _digamma_tail(x)
    if x < -20.0:
        return _digamma_reflected(x)
    if abs(x) < 1e-20:
        return -1.0 / x  # the next term is 0.58
    return _digamma_small(x)


def _digamma_tail(x: float) -> float:
    """log(x) - digamma(x) for x >= 10: 1/(2x) + 1/(12 x²) - ..."""
    z = 1.0 / x
    return 0.5 * z + z * z * _horner(_DIGAMMA_ASYMPTOTIC, z * z)


def _digamma_small(x: float) -> float:
    """digamma for -20 <= x < 10, from digamma(2 + f) and its recurrence, x = k + f."""
    k = math.floor(x + 0.5)
    f = x - k  # exact
    root, root_lo = _DIGAMMA_ROOTS.get(k, (0.0, 0.0))
    if root * f > 0.0:  # nothing cancels in digamma(x) - digamma(root), divided by x - root
        slope = 0.0
        for j in range(k, 2):
            slope += 1.0 / ((j + f) * (j + root))
        slope += _divided_difference(_DIGAMMA_AT_2, f, root)
        return ((f - root) - root_lo) * slope
    y = _ONE_MINUS_GAMMA + f * _horner(_DIGAMMA_AT_2, f)
    if k > 1:
        for j in range(2, k):
            y += 1.0 / (j + f)
        return y
    if k == 1:
        return y - 1.0 / (1.0 + f)
    for j in range(k, 0):
        y -= 1.0 / (j + f)
    return y - (1.0 + 2.0 * f) / (f * (1.0 + f))  # 1/f + 1/(1 + f), which cancel near f = -1/2


def _digamma_reflected(x: float) -> float:
    """digamma for x < -20: digamma(y) + 1/y - pi cot(pi x) with y = -x (DLMF 5.5.4).

    The leading terms are kept in double-double: they cancel near the roots.
    """
    y = -x
    f = math.remainder(x, 1.0)  # exact
    w = f * f
    hi, lo = _log_dd(y)
    q, q_lo = _dd_div(1.0, 0.0, f, 0.0)
    hi, lo = _dd_add(hi, lo, -q, -q_lo)
    p, p_lo = _two_prod(2.0 * f, _ZETA_2)
    hi, lo = _dd_add(hi, lo, p, p_lo + 2.0 * f * _ZETA_2_LO)
    rest = 2.0 * f * w * (1.0 / (1.0 - w) + _horner(_COT, w)) + (1.0 / y - _digamma_tail(y))
    return hi + (lo + rest)


# B(2j) / (2j)! for j = 1, ..., 14 (mpmath.bernoulli): the Euler-Maclaurin sum of the
# Hurwitz zeta function.
_EULER_MACLAURIN = (
    0.08333333333333333,
    -0.001388888888888889,
    3.306878306878307e-05,
    -8.267195767195768e-07,
    2.08767569878681e-08,
    -5.284190138687493e-10,
    1.3382536530684679e-11,
    -3.3896802963225827e-13,
    8.586062056277845e-15,
    -2.174868698558062e-16,
    5.5090028283602295e-18,
    -1.3954464685812522e-19,
    3.534707039629467e-21,
    -8.953517427037546e-23,
)


def polygamma(n: float, x: float) -> float:
    """Return the n-th derivative of digamma at x; nan unless n is whole and 0 <= n < 1e15.

    Within 3 ulp for n <= 12 at x > 0, else 5 ulp for n <= 4, 8 ulp for n <= 20, 25 ulp for
    n <= 150; but where an even order has its roots, below 0, within 2**-49 of n! 2**(n + 1), the
    size of its poles' shares.
    Source: (-1)**(n+1) n! zeta(n+1, x) (DLMF 5.15.1, 25.11.12). Below 0 the sum over the poles,
    of 1/(x + j)**(n+1), is cut at the pole nearest to x, which leaves three Hurwitz zeta functions
    of positive arguments. At a pole an odd order is +inf, an even one nan (but signed at +-0).

    >>> polygamma(1.0, 1.0)
    1.6449340668482264
    >>> polygamma(1.0, 0.0), polygamma(2.0, 0.0), polygamma(2.0, -1.0)
    (inf, -inf, nan)
    """
    if not float(n).is_integer() or not 0.0 <= n < 1e15:
        return math.nan
    if n == 0.0:
        return digamma(x)
    odd = n % 2.0 == 1.0
    if x != x or x == -math.inf:
        return math.nan
    if x == math.inf:
        return 0.0 if odd else -0.0
    if abs(x) < 1e-200:  # beyond the range: n! / x**(n+1)
        return math.inf if odd else -math.copysign(math.inf, x)
    if x > 0.0:
        y = _times_factorial_over_power(_hurwitz(n, x, x), n, x)
        return y if odd else -y
    if x == math.floor(x):
        return math.inf if odd else math.nan
    f = math.remainder(x, 1.0)  # exact
    u = abs(f)
    right = _hurwitz(n, 1.0 + f, u)
    left = _hurwitz(n, 1.0 - f, u) - _hurwitz(n, 1.0 - x, u)
    if odd:
        return _times_factorial_over_power(1.0 / u + (right + left), n, u)
    return _times_factorial_over_power(-1.0 / f - (right - left), n, u)


def _hurwitz(n: float, a: float, u: float) -> float:
    """u**n zeta(n + 1, a) for 0 < u <= a, by Euler-Maclaurin summation (DLMF 25.11.5).

    Terms are taken singly up to y >= n + 11, unless they die out before; then comes the tail.
    They are added from the least to the greatest.
    """
    terms = []
    total = 0.0
    y, y_lo = a, 0.0
    while y < n + 11.0:
        terms.append(_power_of_quotient(u, y, y_lo, n) / y)
        if terms[-1] <= 1e-20 * terms[0]:  # both may be 0
            break
        y, y_lo = _two_sum(a, float(len(terms)))
    else:
        total = _power_of_quotient(u, y, y_lo, n) * _hurwitz_tail(n, y)
    for term in reversed(terms):
        total += term
    return total


def _power_of_quotient(u: float, y: float, y_lo: float, n: float) -> float:
    """(u / (y + y_lo))**n, the power corrected for the rounding of the quotient."""
    q = u / y
    if q == 1.0 and y_lo == 0.0:
        return 1.0
    p, p_lo = _two_prod(q, y)
    power = math.pow(q, n)
    return power + power * (n * (((u - p) - p_lo) / u - y_lo / y))


def _hurwitz_tail(n: float, y: float) -> float:
    """y**n zeta(n + 1, y) for y >= n + 11: the series in 1/y ends below 2**-60."""
    s = n + 1.0
    z = 1.0 / y
    factor = s * z  # s (s + 1) ... (s + 2j - 2) / y**(2j - 1)
    series = 0.0
    for j, b in enumerate(_EULER_MACLAURIN, 1):
        series += b * factor
        factor *= ((s + 2 * j - 1) * z) * ((s + 2 * j) * z)
    hi, lo = _dd_div(1.0, 0.0, n, 0.0)
    return hi + (lo + (0.5 + series) * z)


def _times_factorial_over_power(b: float, n: float, u: float) -> float:
    """b * n! / u**n, without spurious overflow."""
    if b == 0.0:
        return b
    if n <= 100.0:  # scale by a power of two, then the powers stay in range
        m, e = math.frexp(u)
        p, p_lo = 1.0, 0.0
        for _ in range(int(n)):
            p, p_lo = _dd_mul(p, p_lo, m, 0.0)
        q, q_lo = _dd_div(b, 0.0, p, p_lo)
        factorial = float(math.factorial(int(n)))
        return _ldexp(q * factorial + q_lo * factorial, -e * int(n))
    log_u, log_u_lo = _log_dd(u)
    log_b, log_b_lo = _log_dd(abs(b))
    hi, lo = _lgamma_stirling(n + 1.0)
    p, p_lo = _dd_mul(n, 0.0, log_u, log_u_lo)
    hi, lo = _dd_add(hi, lo, -p, -p_lo)
    hi, lo = _dd_add(hi, lo, log_b, log_b_lo)
    y = _exp(hi)
    return math.copysign(y + y * lo if y < math.inf else y, b)


# The normal distribution and the error function


def _times_exp_of_minus(t: float, t_lo: float, b: float, b_lo: float) -> float:
    """(b + b_lo) exp(-(t + t_lo)), t_lo being too small to need more than its first term."""
    y = math.exp(-t)
    return y * b + y * (b_lo - b * t_lo)


def gaussian(x: float) -> float:
    """Return exp(-x²), within 1.2 ulp: the square is split in two parts.

    >>> gaussian(1.0)
    0.36787944117144233
    """
    if abs(x) > 28.0:
        return 0.0
    return _times_exp_of_minus(*_two_prod(x, x), 1.0, 0.0)


def normal_pdf(x: float) -> float:
    """Return the density of the standard normal distribution, exp(-x²/2) / sqrt(2 pi).

    Within 2 ulp: the square is split in two parts.

    >>> normal_pdf(0.0)
    0.3989422804014327
    """
    if abs(x) > 39.0:
        return 0.0
    t, t_lo = _two_prod(x, x)
    return _times_exp_of_minus(0.5 * t, 0.5 * t_lo, _INV_SQRT_2PI, _INV_SQRT_2PI_LO)


# Pairs t = (k h)², 2 h / pi * exp(-t) * t for k = 1, ..., 14 with the step h = 7/16.
_STEP_POLE = 14.361566416410483  # 2 pi / h
_ERFC_TABLE = (
    (37.515625, 5.324041643210569e-16),
    (32.34765625, 8.059208429827719e-14),
    (27.5625, 8.221198412050492e-12),
    (23.16015625, 5.63990262728042e-10),
    (19.140625, 2.5950544656765153e-08),
    (15.50390625, 7.980652146869075e-07),
    (12.25, 1.6326265911105597e-05),
    (9.37890625, 0.00022070041226122087),
    (6.890625, 0.001952344176927057),
    (4.78515625, 0.011132362745957637),
    (3.0625, 0.0398939856274186),
    (1.72265625, 0.08568734783224227),
    (0.765625, 0.09916709099594927),
    (0.19140625, 0.04402380912915905),
)


def _erfcx(x: float, x_lo: float = 0.0) -> tuple[float, float]:
    """exp(x²) erfc(x) for x >= 1.

    The trapezoidal rule with step h for DLMF 7.7.1's integral, whose error is that of a pole,
    known, and exp(-(pi/h)²) = 4e-23 (C. Chiarella, A. Reichel, "On the evaluation of integrals
    related to the error function", Math. Comp. 22, 1968). Written as 1/sqrt(pi) less a small
    correction, over x, so that the rounding of the sum counts little.
    """
    w = x * x
    c = 0.0
    for t, b in _ERFC_TABLE:
        c += b / (w + t)
    if x < 4.0:  # beyond, the pole's share is below 2**-56
        c += 2.0 * x * math.exp(w) / math.expm1(_STEP_POLE * x)
    n, n_lo = _fast_two_sum(_INV_SQRT_PI, -c)
    return _dd_div(n, n_lo + _INV_SQRT_PI_LO, x, x_lo)


def erfc(x: float) -> float:
    """Return 1 - erf(x), within 2.5 ulp down to the subnormal numbers.

    Source: the C library's below 1, exp(-x²) times the trapezoidal rule of `_erfcx` from 1 on.

    >>> erfc(0.0), erfc(30.0)
    (1.0, 0.0)
    """
    if not x >= 1.0:
        return math.erfc(x)
    if x > 28.0:
        return 0.0
    return _times_exp_of_minus(*_two_prod(x, x), *_erfcx(x))


def ndtr(x: float) -> float:
    """Return the standard normal distribution function, erfc(-x / sqrt(2)) / 2.

    Within 2.5 ulp down to the subnormal numbers.
    Source: DLMF 7.18 with the argument in two parts; in the lower tail exp(-x²/2) erfcx / 2.

    >>> ndtr(0.0), ndtr(9.0)
    (0.5, 1.0)
    """
    if x > 9.0:
        return 1.0
    if x < -39.0:
        return 0.0
    u, u_lo = _two_prod(-x, _SQRT_HALF)
    u_lo -= x * _SQRT_HALF_LO
    if x > -1.5:
        return 0.5 * math.erfc(u) - u_lo * _INV_SQRT_PI * math.exp(-u * u)
    t, t_lo = _two_prod(x, x)
    b, b_lo = _erfcx(u, u_lo)
    return _times_exp_of_minus(0.5 * t, 0.5 * t_lo, 0.5 * b, 0.5 * b_lo)


# Exponentials and logarithms of sums

_SQRT_2_OVER_PI, _SQRT_2_OVER_PI_LO = 0.7978845608028654, -4.98465440455546e-17


def gelu_exp(x: float, k: float) -> float:
    """Return exp(k sqrt(2/pi) (x + 0.044715 x³)), the exponent in double-double.

    Twice the argument of the tanh in gelu's usual approximation is this exponent with k = 2.

    >>> gelu_exp(0.0, 2.0), gelu_exp(-50.0, 2.0)
    (1.0, 0.0)
    """
    if abs(x) > 50.0:
        return math.inf if x > 0.0 else 0.0
    t, t_lo = _dd_mul(*_two_prod(x, x), *_two_prod(0.044715, x))
    t, t_lo = _dd_add(t, t_lo, x, 0.0)
    t, t_lo = _dd_mul(t, t_lo, k * _SQRT_2_OVER_PI, k * _SQRT_2_OVER_PI_LO)
    y = _exp(t)
    return y + y * t_lo if y < math.inf else y


def logaddexp(x: float, z: float) -> float:
    """Return log(exp(x) + exp(z)).

    max + log1p(exp(-difference)); near the curve exp(x) + exp(z) = 1, where that cancels, the sum
    of the exponentials less 1 in integers with as many bits as it takes.

    >>> logaddexp(1000.0, 1000.0), logaddexp(-math.inf, -math.inf)
    (1000.6931471805599, -inf)
    """
    if x != x or z != z:
        return math.nan
    m, s = (x, z) if x >= z else (z, x)
    if abs(m) == math.inf:
        return m
    d, d_lo = _two_sum(s, -m) if s > m - 1e3 else (-math.inf, 0.0)
    e = math.exp(d)
    y = m + math.log1p(e + e * d_lo)
    if m >= 0.0 or abs(y) > 0.5 * abs(m):
        return y
    bits = 160 - math.frexp(m)[1]
    excess = _exp_fixed(m, bits) + _exp_fixed(s, bits) - (1 << bits)
    return math.log1p(excess / (1 << bits))


def _exp_fixed(x: float, bits: int) -> int:
    """2**bits exp(x) for x <= 0, rounded down: the Taylor series of x / 2**16, squared 16 times."""
    bits += 32
    n, d = x.as_integer_ratio()
    term = total = 1 << bits
    k = 0
    while term:
        k += 1
        term = term * n // (d * k << 16)
        total += term
    for _ in range(16):
        total = total * total >> bits
    return total >> 32


# Roots, products and sums


def prod(xs: Iterable[float]) -> float:
    """Return the product, from left to right, with no overflow or underflow on the way.

    Within 1 ulp. The factors and what they multiply to are kept near 1; their powers of two are
    added, and so is what rounding left, to the first order.

    >>> prod([1e-200, 1e-200, 1e300]), prod([1e300, 1e300, 0.0]), prod([])
    (1e-100, 0.0, 1.0)
    """
    m, rest, e = 1.0, 0.0, 0
    for x in xs:
        factor, size = math.frexp(x)
        p, error = _two_prod(m, factor)
        m, shift = math.frexp(p)
        rest = _ldexp(rest * factor + error, -shift)
        e += size + shift
    return _ldexp(m if rest == 0.0 or rest != rest else m + rest, e)


def rest_of_sum(xs: Iterable[float]) -> float:
    """Return what rounding leaves of the sum from left to right, itself rounded.

    >>> rest_of_sum([1e16, 1.0, 2.0])
    1.0
    """
    total = rest = 0.0
    for x in xs:
        total, error = _two_sum(total, x)
        rest += error
    return rest


def cbrt(x: float) -> float:
    """Return the cube root of x, within 0.51 ulp (glibc's has 3.1 ulp).

    Source: pow, and one Newton step with the residual in double-double.

    >>> cbrt(-27.0)
    -3.0
    """
    if x == 0.0 or x != x or abs(x) == math.inf:
        return x
    m, e = math.frexp(abs(x))
    q, r = divmod(e, 3)
    m = math.ldexp(m, r)
    y = math.pow(m, 1.0 / 3.0)
    s, s_lo = _two_prod(y, y)
    p, p_lo = _two_prod(s, y)
    y -= ((p - m) + (p_lo + s_lo * y)) / (3.0 * s)
    return math.copysign(math.ldexp(y, q), x)


def _sqrt_dd(hi: float, lo: float) -> float:
    """sqrt(hi + lo) for hi > 0: the C library's square root, and one Newton step."""
    y = math.sqrt(hi)
    p, e = _two_prod(y, y)
    return y + ((hi - p) - e + lo) / (2.0 * y)


def hypot(x: float, y: float) -> float:
    """Return sqrt(x² + y²) without spurious overflow or underflow.

    Within 0.51 ulp; a subnormal result, which is rounded twice, within 0.75 ulp. Scaled by a power
    of two, which is exact; the squares are added in double-double. An infinity gives inf, even
    beside nan (IEEE 754-2019, 9.2.1).

    >>> hypot(3.0, 4.0), hypot(float("inf"), float("nan"))
    (5.0, inf)
    """
    big, small = abs(x), abs(y)
    if big == math.inf or small == math.inf:
        return math.inf
    if small > big:
        big, small = small, big
    if big == 0.0 or big != big or small != small:
        return big + small
    e = math.frexp(big)[1]
    big, small = math.ldexp(big, -e), math.ldexp(small, -e)
    return _ldexp(_sqrt_dd(*_dd_add(*_two_prod(big, big), *_two_prod(small, small))), e)


def norm(xs: Iterable[float]) -> float:
    """Return the square root of the sum of squares, 0 for no numbers, as right as `hypot`.

    Computed as there; the squares are added from left to right.

    >>> norm([1.0, 2.0, 2.0]), norm([])
    (3.0, 0.0)
    """
    hi, lo, e = _squares(xs)
    return _ldexp(_sqrt_dd(hi, lo), e) if 0.0 < hi < math.inf else hi


def mean_of_squares(xs: Sequence[float]) -> float:
    """Return the sum of squares, as for `norm`, over the count.

    >>> mean_of_squares([1.0, 2.0, 2.0])
    3.0
    """
    hi, _, e = _squares(xs)
    return _ldexp(hi / len(xs), 2 * e)


def root_mean_square(xs: Sequence[float]) -> float:
    """Return its root, which is in range where the squares are not.

    >>> root_mean_square([1e200, 7e200])
    5e+200
    """
    hi, lo, e = _squares(xs)
    if not 0.0 < hi < math.inf:
        return hi
    return _ldexp(_sqrt_dd(*_dd_div(hi, lo, float(len(xs)), 0.0)), e)


def _squares(xs: Iterable[float]) -> tuple[float, float, int]:
    """(hi + lo) 2**(2 e), the sum of squares; hi alone where it is 0, inf or nan."""
    sizes = [abs(x) for x in xs]
    if math.inf in sizes:
        return math.inf, 0.0, 0
    if any(x != x for x in sizes):
        return math.nan, 0.0, 0
    e = math.frexp(max(sizes, default=0.0))[1]
    hi = lo = 0.0
    for x in sizes:
        t = math.ldexp(x, -e)
        hi, lo = _dd_add(hi, lo, *_two_prod(t, t))
    return hi, lo, e


# The cardinal sine


def sinc(x: float) -> float:
    """Return sin(pi x) / (pi x), 1 at 0 (NumPy's sinc), within 1.5 ulp, also beside its roots.

    Source: the definition, the sine after exact reduction and pi in double-double.

    >>> sinc(0.5), sinc(0.0), sinc(3.0)
    (0.6366197723675814, 1.0, 0.0)
    """
    if abs(x) < 1e-9:  # 1 - 1.6e-18; the quotient would lose digits on a subnormal x
        return 1.0
    if abs(x) >= 4503599627370496.0:  # 2**52: an integer, or inf
        return 0.0
    hi, lo = _sinc(abs(x))  # so that the roots are +0 on both sides
    return hi + lo


def _sinc(x: float) -> tuple[float, float]:
    """sinc(x) for 1e-9 <= abs(x) < 2**52, with what the sine and pi are known to more digits."""
    t, t_lo = _two_prod(_PI, x)
    return _dd_div(*_sinpi_parts(x), t, t_lo + _PI_LO * x)
