"""The table: every primitive is one row, and everything else is made from the rows.

A row says: name, value on floats, partials, domain of each argument, C, label.
`partials[i](*xs, y)` is dy/dx_i, written with the table's own primitives, so
floats, Values, duals, symbols and arrays pass through it alike. Three rules
hold for every formula:

- It is straight-line: a choice is the primitive `where`, both sides are computed.
- Only `+ - *` and comparisons stand as operators; they are total on floats.
  Division, powers and the rest are called by name, because Python's own raise.
- It is right for derivatives of every order, so no `abs` where the function is
  smooth: its kink would make a later derivative 0. A choice by sign does it.

Sources: DLMF = NIST Digital Library of Mathematical Functions, https://dlmf.nist.gov.
"""

from __future__ import annotations

import builtins
import math
import operator
from collections.abc import Sequence
from typing import Any

from autograd import ieee, special
from autograd.row import PYTHON, REAL, Domain, primal, row

INF, NAN = math.inf, math.nan
LN2, LOG2_E, LOG10_E = 0.6931471805599453, 1.4426950408889634, 0.4342944819032518
TWO_OVER_SQRT_PI, INV_SQRT_2PI, SQRT_2_OVER_PI = 1.1283791670955126, 0.3989422804014327, 0.7978845608028654
SMALLEST_NORMAL = 2.2250738585072014e-308

KINK0 = Domain(edges=(0.0,))
POSITIVE = Domain(0.0, INF, open=True, edges=(1.0,))
NONNEGATIVE = Domain(0.0, INF, edges=(0.0,))
UNIT = Domain(-1.0, 1.0, edges=(-1.0, 0.0, 1.0))
OPEN_UNIT = Domain(-1.0, 1.0, open=True, edges=(0.0,))
WHOLE_STEPS = Domain(edges=(-1.0, 0.0, 1.0, 2.0))
HALF_STEPS = Domain(edges=(-1.5, -0.5, 0.5, 1.5, 2.5))
NONZERO = Domain(edges=(0.0,))


def zero(*_: Any) -> float:
    """The partial of a function that is constant between its jumps."""
    return 0.0


def one(*_: Any) -> float:
    """The partial of an argument that is added."""
    return 1.0


# Comparisons: what `x > z` means to a Symbol. They have no derivative.

less = row("less", lambda x, z: 1.0 if x < z else 0.0,
    (None, None), (REAL, REAL), "({0} < {1})", "{0} < {1}")
less_equal = row("less_equal", lambda x, z: 1.0 if x <= z else 0.0,
    (None, None), (REAL, REAL), "({0} <= {1})", "{0} ≤ {1}", r"{0} \le {1}")
greater = row("greater", lambda x, z: 1.0 if x > z else 0.0,
    (None, None), (REAL, REAL), "({0} > {1})", "{0} > {1}")
greater_equal = row("greater_equal", lambda x, z: 1.0 if x >= z else 0.0,
    (None, None), (REAL, REAL), "({0} >= {1})", "{0} ≥ {1}", r"{0} \ge {1}")
equal = row("equal", lambda x, z: 1.0 if x == z else 0.0,
    (None, None), (REAL, REAL), "({0} == {1})", "{0} = {1}")
not_equal = row("not_equal", lambda x, z: 1.0 if x != z else 0.0,
    (None, None), (REAL, REAL), "({0} != {1})", "{0} ≠ {1}", r"{0} \ne {1}")
logical_and = row("logical_and", lambda x, z: 1.0 if x and z else 0.0,
    (None, None), (REAL, REAL), "({0} && {1})", "{0} ∧ {1}", r"{0} \land {1}")
logical_or = row("logical_or", lambda x, z: 1.0 if x or z else 0.0,
    (None, None), (REAL, REAL), "({0} || {1})", "{0} ∨ {1}", r"{0} \lor {1}")

# Choices

where = row("where", lambda c, x, z: x if c else z,
    (None, lambda c, x, z, y: where(c, 1.0, 0.0), lambda c, x, z, y: where(c, 0.0, 1.0)),
    (REAL, REAL, REAL), "({0} ? {1} : {2})", selects=True, conditional=True)
maximum = row("maximum", ieee.maximum,
    (lambda x, z, y: where(x > z, 1.0, where(x < z, 0.0, where(x == z, 0.5, NAN))),
     lambda x, z, y: where(z > x, 1.0, where(z < x, 0.0, where(x == z, 0.5, NAN)))),
    (REAL, REAL), "(({0} >= {1} || {0} != {0}) ? {0} : {1})", "max", selects=True)
minimum = row("minimum", ieee.minimum,
    (lambda x, z, y: where(x < z, 1.0, where(x > z, 0.0, where(x == z, 0.5, NAN))),
     lambda x, z, y: where(z < x, 1.0, where(z > x, 0.0, where(x == z, 0.5, NAN)))),
    (REAL, REAL), "(({0} <= {1} || {0} != {0}) ? {0} : {1})", "min", selects=True)
fmax = row("fmax", ieee.fmax,
    (lambda x, z, y: where(x == z, 0.5, where(x == y, 1.0, where(z == y, 0.0, NAN))),
     lambda x, z, y: where(x == z, 0.5, where(z == y, 1.0, where(x == y, 0.0, NAN)))),
    (REAL, REAL), "(({0} >= {1} || {1} != {1}) ? {0} : {1})", selects=True)
fmin = row("fmin", ieee.fmin,
    (lambda x, z, y: where(x == z, 0.5, where(x == y, 1.0, where(z == y, 0.0, NAN))),
     lambda x, z, y: where(x == z, 0.5, where(z == y, 1.0, where(x == y, 0.0, NAN)))),
    (REAL, REAL), "(({0} <= {1} || {1} != {1}) ? {0} : {1})", selects=True)
clip = row("clip", lambda x, low, high: minimum(maximum(x, low), high),
    (lambda x, low, high, y: where((x >= low) & (x <= high), 1.0, where(y == y, 0.0, NAN)),
     lambda x, low, high, y: where((x < low) & (low <= high), where(low == high, 0.5, 1.0), where(y == y, 0.0, NAN)),
     lambda x, low, high, y: where((x < low) & (low == high), 0.5,
         where((x > high) | (low > high), 1.0, where(y == y, 0.0, NAN)))),
    (Domain(edges=(0.0, 1.0)), REAL, REAL), selects=True)

# Arithmetic

positive = row("positive", operator.pos, (one,), (REAL,), "(+{0})", "+{0}")
negative = row("negative", operator.neg, (lambda x, y: -1.0,), (REAL,), "(-{0})", "−{0}", "-{0}")
add = row("add", operator.add, (one, one), (REAL, REAL), "({0} + {1})", "{0} + {1}")
subtract = row("subtract", operator.sub, (one, lambda x, z, y: -1.0),
    (REAL, REAL), "({0} - {1})", "{0} − {1}", "{0} - {1}")
multiply = row("multiply", operator.mul, (lambda x, z, y: z, lambda x, z, y: x),
    (REAL, REAL), "({0} * {1})", "{0} × {1}", r"{0} \cdot {1}")
divide = row("divide", ieee.divide,
    (lambda x, z, y: divide(1.0, z), lambda x, z, y: -over_square(x, z)),
    (REAL, NONZERO), "({0} / {1})", "{0} / {1}", r"\frac{{{0}}}{{{1}}}")
over_square = row("over_square", lambda x, z: _over_square(x, z),
    (lambda x, z, y: over_square(1.0, z), lambda x, z, y: -2.0 * _over_cube(x, z)),
    (REAL, NONZERO), label="{0} / {1}²", latex=r"\frac{{{0}}}{{{1}^2}}")
remainder = row("remainder", ieee.remainder,
    (one, lambda x, z, y: -floor_divide(x, z)),
    (REAL, NONZERO), PYTHON, "{0} mod {1}", r"{0} \bmod {1}")
floor_divide = row("floor_divide", ieee.floor_divide, (zero, zero),
    (REAL, NONZERO), PYTHON, "⌊{0} / {1}⌋", r"\lfloor {0} / {1} \rfloor")
reciprocal = row("reciprocal", lambda x: ieee.divide(1.0, x), (lambda x, y: -(y * y),),
    (NONZERO,), "(1.0 / {0})", "1/{0}", r"\frac{{1}}{{{0}}}")
square = row("square", lambda x: x * x, (lambda x, y: 2.0 * x,),
    (REAL,), "({0} * {0})", "{0}²", "{0}^2")
abs = row("abs", operator.abs, (lambda x, y: sign(x),),
    (KINK0,), "fabs({0})", "|{0}|")
sign = row("sign", ieee.sign, (zero,), (KINK0,),
    "({0} > 0.0 ? 1.0 : {0} < 0.0 ? -1.0 : {0} == 0.0 ? 0.0 : {0})")
floor = row("floor", ieee.floor, (zero,), (WHOLE_STEPS,), "floor({0})", "⌊{0}⌋", r"\lfloor {0} \rfloor")
ceil = row("ceil", ieee.ceil, (zero,), (WHOLE_STEPS,), "ceil({0})", "⌈{0}⌉", r"\lceil {0} \rceil")
trunc = row("trunc", ieee.trunc, (zero,), (WHOLE_STEPS,), "trunc({0})")
round = row("round", ieee.round, (zero,), (HALF_STEPS,), "rint({0})")
round_to = row("round_to", ieee.round_to, (zero, None),
    (HALF_STEPS, Domain(-300.0, 300.0)), PYTHON, "round")
copysign = row("copysign", math.copysign,
    (lambda x, z, y: sign(x) * copysign(1.0, z), zero),
    (KINK0, KINK0), "copysign({0}, {1})")


def _over_square(x: Any, z: Any) -> Any:
    """x / z² as (x / z) / z; where x / z alone underflows, x is taken 2**104 times larger."""
    y = divide(x, z)
    larger = divide(divide(x * 2.0**104, z), z) * 2.0**-104
    return where((abs(y) < SMALLEST_NORMAL) & (abs(z) < 1.0), larger, divide(y, z))


def _over_cube(x: Any, z: Any) -> Any:
    """x / z³, so too."""
    tiny = (abs(x) < 2.0**-900) & (abs(z) > 2.0**-300)
    d = over_square(divide(where(tiny, x * 2.0**104, x), z), z)
    return where(tiny, d * 2.0**-104, d)


# Powers and roots

def _pow_by_x(x: Any, p: Any, y: Any) -> Any:
    """p x^(p-1), each factor kept inside the range of floats.

    What rounding takes from p - 1 is given back to first order, as its error grows with
    log x; not where that is much, far beyond the range of floats. Where x^(p-1) alone over- or
    underflows it is taken as a square of h, and p multiplied in between.
    """
    a = where(x < 0.0, -x, x)
    less = p - 1.0
    v = less - p
    rest = (p - (less - v)) - (1.0 + v)
    t = rest * log(a)
    exact = (rest == 0.0) | (rest != rest) | (a == 0.0) | (a == INF)
    q = pow(a, less)
    h = pow(a, 0.5 * less)
    far = (a != 0.0) & ((q < SMALLEST_NORMAL) | (q == INF))
    d = where(far, (p * h) * h, p * q) * where(exact, 1.0, where(abs(t) > 0.5, 1.0, 1.0 + t))
    # only where 0 meets an infinity: elsewhere p moves this partial even at p = 0
    vanishing = ((p == 0.0) & ((a == 0.0) | (a == INF) | (x != x))) | ((q == 0.0) & (abs(p) == INF))
    return where(vanishing, 0.0, where((x < 0.0) & (copysign(1.0, y) > 0.0), -d, d))


def _pow_by_p(x: Any, p: Any, y: Any) -> Any:
    """y ln x, or (h ln x) h with h² = y where y over- or underflows; 0 where y is 0 for every p."""
    h = pow(x, 0.5 * p)
    ln = log(x)
    far = (abs(y) < SMALLEST_NORMAL) | (abs(y) == INF)
    vanishing = ((x == 0.0) & (p >= 0.0)) | ((x == INF) & (p < 0.0))
    return where(vanishing, 0.0, where(far, (h * ln) * h, y * ln))


pow = row("pow", ieee.pow, (_pow_by_x, _pow_by_p), (POSITIVE, REAL),
    "pow({0}, {1})", "{0}^{1}", "{{{0}}}^{{{1}}}")
sqrt = row("sqrt", ieee.sqrt, (lambda x, y: divide(0.5, y + 0.0),),
    (NONNEGATIVE,), "sqrt({0})", "√{0}", r"\sqrt{{{0}}}")
cbrt = row("cbrt", special.cbrt, (lambda x, y: over_square(1.0 / 3.0, y),),
    (KINK0,), PYTHON, "∛{0}", r"\sqrt[3]{{{0}}}")

# Exponentials and logarithms. x + 0.0 turns -0.0 into +0.0: the limit from inside.

exp = row("exp", ieee.exp, (lambda x, y: y,), (REAL,), "exp({0})", "exp", "e^{{{0}}}")
exp2 = row("exp2", ieee.exp2,
    (lambda x, y: where(x < 1023.0, LN2 * y, (2.0 * LN2) * exp2(x - 1.0)),), # y overflows first
    (REAL,), "exp2({0})", "2^{0}", "2^{{{0}}}")
expm1 = row("expm1", ieee.expm1, (lambda x, y: exp(x),), (REAL,), "expm1({0})")
log = row("log", ieee.log, (lambda x, y: divide(1.0, x + 0.0),),
    (POSITIVE,), "log({0})", "ln", r"\ln({0})")
log2 = row("log2", ieee.log2, (lambda x, y: divide(LOG2_E, x + 0.0),),
    (POSITIVE,), "log2({0})", "log₂", r"\log_2({0})")
log10 = row("log10", ieee.log10, (lambda x, y: divide(LOG10_E, x + 0.0),),
    (POSITIVE,), "log10({0})", "log₁₀", r"\log_{{10}}({0})")
log1p = row("log1p", ieee.log1p, (lambda x, y: divide(1.0, 1.0 + x),),
    (Domain(-1.0, INF, open=True, edges=(0.0,)),), "log1p({0})")
logaddexp = row("logaddexp", special.logaddexp,
    (lambda x, z, y: where(y == -INF, 0.0, _share(x, z)),
     lambda x, z, y: where(y == -INF, 0.0, _share(z, x))),
    (REAL, REAL), PYTHON)
xlogy = row("xlogy", lambda x, z: where((x == 0.0) & (z == z), 0.0, x * log(z)),
    (lambda x, z, y: log(z), lambda x, z, y: where((x == 0.0) & (z == 0.0), 0.0, divide(x, z + 0.0))),
    (REAL, POSITIVE), label="{0} ln {1}", latex=r"{0} \ln {1}")


def _difference(x: Any, z: Any) -> tuple[Any, Any]:
    """x - z and its rounding error, or 0 where that doesn't matter (Knuth, TAOCP 4.2.2)."""
    d = where((x == z) & (abs(x) == INF), 0.0, x - z)
    v = d - x
    return d, where((abs(d) < 1000.0) & (abs(x) < INF), (x - (d - v)) - (z + v), 0.0)


def _share(x: Any, z: Any) -> Any:
    """exp(x) / (exp(x) + exp(z)): a sigmoid of the difference, to the first order in its error."""
    d, rest = _difference(x, z)
    s = sigmoid(d)
    return s + (s * sigmoid(-d)) * rest


# Circular and hyperbolic functions, and their inverses

sin = row("sin", ieee.sin, (lambda x, y: cos(x),), (REAL,), "sin({0})", "sin", r"\sin({0})")
cos = row("cos", ieee.cos, (lambda x, y: -sin(x),), (REAL,), "cos({0})", "cos", r"\cos({0})")
tan = row("tan", ieee.tan, (lambda x, y: 1.0 + y * y,), (REAL,), "tan({0})", "tan", r"\tan({0})")
sinpi = row("sinpi", special.sinpi, (lambda x, y: math.pi * cospi(x),),
    (REAL,), PYTHON, "sin π{0}", r"\sin(\pi {0})")
cospi = row("cospi", special.cospi, (lambda x, y: -math.pi * sinpi(x),),
    (REAL,), PYTHON, "cos π{0}", r"\cos(\pi {0})")
sinc = row("sinc", special.sinc, (lambda x, y: _dsinc(x, y),), (KINK0,), PYTHON)
asin = row("asin", ieee.asin, (lambda x, y: divide(1.0, sqrt((1.0 - x) * (1.0 + x))),),
    (UNIT,), "asin({0})", "asin", r"\arcsin({0})")
acos = row("acos", ieee.acos, (lambda x, y: divide(-1.0, sqrt((1.0 - x) * (1.0 + x))),),
    (UNIT,), "acos({0})", "acos", r"\arccos({0})")
atan = row("atan", math.atan,
    (lambda x, y: where(abs(x) > 1e8, square(divide(1.0, x)), divide(1.0, 1.0 + x * x)),),
    (REAL,), "atan({0})", "atan", r"\arctan({0})")
atan2 = row("atan2", math.atan2,
    (lambda x, z, y: _atan2_by(z, x, z), lambda x, z, y: -_atan2_by(x, x, z)),
    (KINK0, KINK0), "atan2({0}, {1})", chosen=((0.0, 0.0),))
hypot = row("hypot", special.hypot,
    (lambda x, z, y: _hypot_by(x, z, y), lambda x, z, y: _hypot_by(z, x, y)),
    (KINK0, KINK0), PYTHON)
sinh = row("sinh", ieee.sinh, (lambda x, y: cosh(x),), (REAL,), "sinh({0})", "sinh", r"\sinh({0})")
cosh = row("cosh", ieee.cosh, (lambda x, y: sinh(x),), (REAL,), "cosh({0})", "cosh", r"\cosh({0})")
tanh = row("tanh", math.tanh, (lambda x, y: _sech2(x),), (REAL,), "tanh({0})", "tanh", r"\tanh({0})")
asinh = row("asinh", math.asinh, (lambda x, y: divide(1.0, hypot(1.0, x)),),
    (REAL,), "asinh({0})", "asinh", r"\operatorname{{arsinh}}({0})")
acosh = row("acosh", ieee.acosh, (lambda x, y: divide(1.0, sqrt(x - 1.0) * sqrt(x + 1.0)),),
    (Domain(1.0, INF, edges=(1.0,)),), "acosh({0})", "acosh", r"\operatorname{{arcosh}}({0})")
atanh = row("atanh", ieee.atanh, (lambda x, y: divide(1.0, (1.0 - x) * (1.0 + x)),),
    (OPEN_UNIT,), "atanh({0})", "atanh", r"\operatorname{{artanh}}({0})")


def _minus_abs(x: Any) -> Any:
    """-|x| by a choice of sign: smooth through 0 in a formula that is even in it."""
    return where(x < 0.0, x, -x)


def _sech2(x: Any) -> Any:
    e = exp(2.0 * _minus_abs(x))
    return divide(4.0 * e, 1.0 + e * (2.0 + e))


# 2k (-1)**k pi**(2k) / (2k + 1)! for k = 14, ..., 1: the derivative of sinc at 0, over x.
DSINC = tuple(2.0 * k * (-1.0) ** k * math.pi ** (2 * k) / math.factorial(2 * k + 1) for k in range(14, 0, -1))


def _dsinc(x: Any, y: Any) -> Any:
    """(cos πx - sinc x)/x; near 0 its Taylor series, where the difference cancels."""
    t = x * x
    series: Any = 0.0
    for c in DSINC:
        series = c + t * series
    far = where(abs(x) == INF, 0.0, divide(cospi(x) - y, x))
    return where(abs(x) < 0.5, x * series, far)


def _hypot_by(x: Any, z: Any, y: Any) -> Any:
    """x/h by the smaller over the larger: nothing overflows, and no later derivative cancels.

    At the origin the subgradient of least norm; at infinity the limit, along the
    diagonal if both are infinite.
    """
    first = abs(x) >= abs(z)
    t = where(first, divide(z, x), divide(x, z))
    t = where((abs(x) == INF) & (abs(z) == INF), 1.0, t)
    ahead = where(first, x, z) < 0.0
    d = divide(where(first, 1.0, t), sqrt(1.0 + t * t))
    return where(y == 0.0, 0.0, where(ahead, -d, d))


def _atan2_by(u: Any, x: Any, z: Any) -> Any:
    """u/(x² + z²), scaled by a power of two; 0 at the origin and at infinity."""
    m = where(abs(x) > abs(z), abs(x), abs(z))
    s = where(m > 2.0**500, 2.0**-600, where(m < 2.0**-500, 2.0**600, 1.0))
    r = (x * s) * (x * s) + (z * s) * (z * s)
    return where((m == 0.0) | (m == INF), 0.0, divide(u * s, r) * s)


# The exponential family of neural networks

sigmoid = row("sigmoid", lambda x: where(x < 0.0, divide(exp(x), 1.0 + exp(x)), divide(1.0, 1.0 + exp(-x))),
    (lambda x, y: _dsigmoid(x),), (REAL,), label="σ", latex=r"\sigma({0})")
logsigmoid = row("logsigmoid", lambda x: -softplus(-x), (lambda x, y: sigmoid(-x),),
    (REAL,), label="ln σ", latex=r"\ln \sigma({0})")
softplus = row("softplus", lambda x: maximum(x, 0.0) + log1p(exp(_minus_abs(x))),
    (lambda x, y: sigmoid(x),), (REAL,))
relu = row("relu", lambda x: x if x > 0.0 or x != x else 0.0,
    (lambda x, y: where(x > 0.0, 1.0, where(x <= 0.0, 0.0, NAN)),),
    (KINK0,), "(({0} > 0.0 || {0} != {0}) ? {0} : 0.0)", "ReLU", selects=True)
leaky_relu = row("leaky_relu", lambda x, slope: where(x > 0.0, x, slope * x),
    (lambda x, slope, y: where(x > 0.0, 1.0, slope), lambda x, slope, y: where(x > 0.0, 0.0, x)),
    (KINK0, Domain(0.0, 1.0)), label="leaky ReLU", defaults=(0.01,))
elu = row("elu", lambda x, alpha: where(x > 0.0, x, alpha * expm1(x)),
    (lambda x, alpha, y: where(x > 0.0, 1.0, where((x == 0.0) & (alpha > 1.0), 1.0, _scaled_exp(alpha, x))),
     lambda x, alpha, y: where(x > 0.0, 0.0, expm1(x))),
    (KINK0, Domain(0.0, 10.0)), label="ELU", defaults=(1.0,))
SELU_SCALE, SELU_ALPHA = 1.0507009873554805, 1.6732632423543772
selu = row("selu", lambda x: where(x > 0.0, SELU_SCALE * x, (SELU_SCALE * SELU_ALPHA) * expm1(x)),
    (lambda x, y: where(x >= 0.0, SELU_SCALE, (SELU_SCALE * SELU_ALPHA) * exp(x)),),
    (KINK0,), label="SELU")
silu = row("silu", lambda x: _left_tail(x, x, divide(x, 1.0 + exp(-x))),
    (lambda x, y: _dsilu(x),), (REAL,), label="SiLU")
mish = row("mish", lambda x: _left_tail(x, x, x * _mish_gate(x)), (lambda x, y: _dmish(x),), (REAL,))
softsign = row("softsign", lambda x: where(abs(x) == INF, sign(x), divide(x, 1.0 + abs(x))),
    (lambda x, y: over_square(1.0, 1.0 + abs(x)),), (KINK0,))
gelu = row("gelu", lambda x: where(x < -40.0, -0.0, where(x < -37.5, _far_gelu(x), x * ndtr(x))),
    (lambda x, y: where(x < -40.0, -0.0, where(x > 40.0, 1.0, ndtr(x) + _times_density(x))),),
    (REAL,), label="GELU")
gelu_tanh = row("gelu_tanh", lambda x: _gelu_tanh(x), (lambda x, y: _dgelu_tanh(x),), (REAL,), label="GELU≈")
# What gelu_tanh is made of: exp(k √(2/π) (x + 0.044715 x³)), k a power of two.
gelu_exp = row("gelu_exp", special.gelu_exp,
    (lambda x, k, y: _dgelu_exp(x, k, y), None), (REAL, Domain(0.25, 2.0)), PYTHON)


def _dsigmoid(x: Any) -> Any:
    e = exp(_minus_abs(x))
    return divide(e, 1.0 + e * (2.0 + e))


def _scaled_exp(u: Any, x: Any) -> Any:
    """u·exp(x), the exponential as a square far left so that it underflows last."""
    h = exp(0.5 * x)
    return where(x < -700.0, (u * h) * h, u * exp(x))


def _left_tail(u: Any, x: Any, otherwise: Any) -> Any:
    """u·exp(x) for x far left, so too, where u grows with x."""
    h = exp(0.5 * x)
    return where(x < -1600.0, -0.0, where(x < -700.0, (u * h) * h, otherwise))


def _gate_slope(x: Any, e: Any, larger: Any, v: Any) -> Any:
    """The derivative of x·σ(u) with e = exp(-|u|), larger = exp(|u|) and v = x·du/dx.

    `larger` saves a rounding where its square is in range.
    """
    below = 1.0 + e * (2.0 + e)
    near = divide((1.0 + v) + e, larger + (2.0 + e))
    far = divide(e * ((1.0 + v) + e), below)
    return where(x < 0.0, where(e > 2.0**-30, near, far), divide(1.0 + e * (1.0 + v), below))


def _far_slope(x: Any, h: Any, v: Any, unit: float = 1.0) -> Any:
    """So too, where e = unit h² is too small to count beside 1, of v in that unit."""
    return where(x < 0.0, ((unit + v) * h) * h, 1.0 + ((v - unit) * h) * h)


def _dsilu(x: Any) -> Any:
    z = _minus_abs(x)
    inside = where(z < -700.0, _far_slope(x, exp(0.5 * z), x), _gate_slope(x, exp(z), exp(-z), x))
    return where(x < -1600.0, -0.0, where(x > 1600.0, 1.0, inside))


def _mish_gate(x: Any) -> Any:
    """tanh(log(1 + exp x)) = n/(n + 2), n = exp x (exp x + 2): both over exp x, or over exp 2x."""
    e = exp(_minus_abs(x))
    n = where(x < 0.0, 2.0 + e, 1.0 + 2.0 * e)
    return divide(n, n + 2.0 * where(x < 0.0, exp(-x), e * e))


def _dmish(x: Any) -> Any:
    """The derivative of x·t with t = tanh(log(1 + exp x)) = n/(n + 2), n = exp x (exp x + 2).

    As one fraction left of its root at -1.19, beside which it cancels least; else t + x·dt.
    """
    e = exp(_minus_abs(x))
    left = 2.0 + e * (2.0 + e)
    right = 1.0 + e * (2.0 + 2.0 * e)
    far = over_square(e * (4.0 * (x + 1.0) + e * ((4.0 * x + 6.0) + e * (4.0 + e))), left)
    t = where(x < 0.0, divide(e * (e + 2.0), left), 1.0 - divide(2.0 * (e * e), right))
    x_dt = (4.0 * (1.0 + e)) * where(x < 0.0, over_square(x * e, left), e * over_square(x * e, right))
    return where(x > 750.0, 1.0, _left_tail(1.0 + x, x, where(x < -1.0, far, t + x_dt)))


def _far_gelu(x: Any) -> Any:
    """x·Φ(x) for x < -37.5, where Φ underflows before it: Mills' ratio, DLMF 7.12.1."""
    w = square(divide(1.0, x))
    h = gaussian(0.5 * x)
    ratio = 1.0 - w * (1.0 - w * (3.0 - w * (15.0 - w * (105.0 - w * (945.0 - w * 10395.0)))))
    return -(((INV_SQRT_2PI * ratio) * h) * h)


def _gelu_tanh(x: Any) -> Any:
    h = gelu_exp(x, 1.0)
    inside = divide(x, 1.0 + gelu_exp(-x, 2.0))
    return where(x < -40.0, -0.0, where(x < -20.0, (x * h) * h, inside))


def _dgelu_exp(x: Any, k: Any, y: Any) -> Any:
    slope = (k * SQRT_2_OVER_PI) * (1.0 + (3.0 * 0.044715) * (x * x))
    h = gelu_exp(x, 0.5 * k)
    return where(x < -50.0, 0.0, where(x < -20.0, (slope * h) * h, slope * y))


def _dgelu_tanh(x: Any) -> Any:
    z = _minus_abs(x)
    v = x * (1.5957691216057308 + 0.21406444881780073 * (x * x))  # 2 √(2/π) (x + 0.134145 x³)
    near = _gate_slope(x, gelu_exp(z, 2.0), gelu_exp(-z, 2.0), v)
    # v by 2**-60, from x by 2**-20: the cotangents of a third derivative stay normal numbers
    w = x * 2.0**-20
    v = w * (1.5957691216057308 * 2.0**-40 + 0.21406444881780073 * (w * w))
    far = _far_slope(x, gelu_exp(z, 1.0) * 2.0**30, v, 2.0**-60)
    return where(x < -40.0, -0.0, where(x > 40.0, 1.0, where(z < -20.0, far, near)))


# Special functions (DLMF 5, 7)

erf = row("erf", math.erf, (lambda x, y: TWO_OVER_SQRT_PI * gaussian(x),), (REAL,), "erf({0})")
erfc = row("erfc", special.erfc, (lambda x, y: -TWO_OVER_SQRT_PI * gaussian(x),), (REAL,), PYTHON)
gaussian = row("gaussian", special.gaussian, (lambda x, y: -2.0 * _times_gaussian(x, y),),
    (REAL,), PYTHON, "exp(−{0}²)", "e^{{-{0}^2}}")
normal_pdf = row("normal_pdf", special.normal_pdf, (lambda x, y: -_times_density(x),),
    (REAL,), PYTHON, "φ", r"\varphi({0})")
ndtr = row("ndtr", special.ndtr, (lambda x, y: normal_pdf(x),), (REAL,), PYTHON, "Φ", r"\Phi({0})")
lgamma = row("lgamma", special.lgamma, (lambda x, y: digamma(x),), (POSITIVE,), PYTHON, "ln Γ", r"\ln\Gamma({0})")
digamma = row("digamma", special.digamma, (lambda x, y: polygamma(1.0, x),), (POSITIVE,), PYTHON, "ψ", r"\psi({0})")
polygamma = row("polygamma", special.polygamma, (None, lambda n, x, y: polygamma(n + 1.0, x)),
    (Domain(0.0, 20.0), POSITIVE), PYTHON, "ψ", r"\psi^{{({0})}}({1})")



def _times_gaussian(x: Any, y: Any) -> Any:
    """x·exp(-x²), far out by exp(-(z - 1)²) exp(1 - 2z), z = |x|: y = exp(-x²) underflows before."""
    z = -_minus_abs(x)
    far = (x * gaussian(z - 1.0)) * exp(1.0 - 2.0 * z)
    return where(abs(x) > 40.0, 0.0, where(abs(x) > 26.61, far, x * y))


def _times_density(x: Any) -> Any:
    """x·φ(x), so too."""
    h = gaussian(0.5 * x)
    far = ((INV_SQRT_2PI * x) * h) * h
    return where(abs(x) > 60.0, 0.0, where(abs(x) > 37.5, far, x * normal_pdf(x)))


# Primitives of many arguments: they add from left to right, starting with the first.


def _from_the_left(xs: Sequence[float]) -> float:
    total = 0.0 if not xs else xs[0]
    for x in xs[1:]:
        total = total + x
    return total


def _sum(*xs: float) -> float:
    total = _from_the_left(xs)
    if builtins.abs(total) == INF:  # the partial sums may be too large, and the sum not
        return _from_the_left([x * 2.0**-64 for x in xs]) * 2.0**64
    return total


def _all_others(xs: Sequence[Any], y: Any) -> list[Any]:
    """For each x the product of the others; from numbers near 1 where their sizes differ much."""
    sizes = [math.frexp(primal(x))[1] for x in xs]
    if builtins.sum(map(builtins.abs, sizes)) < 1000:
        return _from_both_sides(xs)
    others = _from_both_sides([_shifted(x, -e) for x, e in zip(xs, sizes)])
    total = builtins.sum(sizes)
    return [_shifted(d, total - e) for d, e in zip(others, sizes)]


def _shifted(x: Any, e: int) -> Any:
    """x·2**e, for an e of any size."""
    e = builtins.max(-4000, builtins.min(4000, e))
    while e:
        step = builtins.max(-1000, builtins.min(1000, e))
        x = x * 2.0**step
        e -= step
    return x


def _from_both_sides(xs: Sequence[Any]) -> list[Any]:
    left: list[Any] = [1.0]
    for x in xs[:-1]:
        left.append(left[-1] * x)
    right: Any = 1.0
    others = list(left)
    for i in range(len(xs) - 1, -1, -1):
        others[i] = left[i] * right
        right = right * xs[i]
    return others


def _dot(*xs: float) -> float:
    """xs = (a1 .. an, b1 .. bn) or (a1 .. an, b1 .. bn, start): start + a1 b1 + ... + an bn."""
    total = _dot_from_the_left(xs, 1.0)
    if not builtins.abs(total) < INF:  # the products may be too large, and their sum not
        return _dot_from_the_left(xs, 2.0**-600) * 2.0**600 * 2.0**600
    return total


def _dot_from_the_left(xs: Sequence[float], scale: float) -> float:
    n = len(xs) // 2
    if len(xs) % 2:
        total, first = (xs[-1] * scale) * scale, 0
    elif n:
        total, first = (xs[0] * scale) * (xs[n] * scale), 1
    else:
        return 0.0
    for i in range(first, n):
        total = total + (xs[i] * scale) * (xs[n + i] * scale)
    return total


def _dot_partials(xs: Sequence[Any], y: Any) -> list[Any]:
    n = len(xs) // 2
    return [*xs[n : 2 * n], *xs[:n], *([1.0] if len(xs) % 2 else [])]


def _mean(*xs: float) -> float:
    total = _from_the_left(xs)
    if builtins.abs(total) == INF:
        return ieee.divide(_from_the_left([x * 2.0**-64 for x in xs]), float(len(xs))) * 2.0**64
    return ieee.divide(total, float(len(xs)))


def _variance(*xs: float) -> float:
    return special.mean_of_squares(_deviations(xs)) if xs else NAN


def _deviations(xs: Sequence[Any]) -> list[Any]:
    """x - mean for each x; what rounding left in the mean is taken out, or equal numbers had some."""
    m = mean(*xs)
    ds = [x - m for x in xs]
    rest = _mean(*[primal(d) for d in ds])
    return [d - rest for d in ds]


def _std(*xs: float) -> float:
    """The root of the variance; of scaled numbers where the deviations might not be in range."""
    scale = _range_of_deviations(xs)
    ds = _deviations([x * scale for x in xs])
    return special.root_mean_square(ds) * (1.0 / scale) if xs else NAN


def _range_of_deviations(xs: Sequence[Any]) -> float:
    """A power of two to multiply by, so that x - mean is in the middle of the range."""
    largest = builtins.max([builtins.abs(primal(x)) for x in xs], default=0.0)
    return 2.0**600 if largest < 2.0**-600 else 2.0**-600 if largest > 2.0**1000 else 1.0


def _std_partials(xs: Sequence[Any], y: Any) -> list[Any]:
    if y == 0.0:
        return [0.0] * len(xs)
    scale = _range_of_deviations(xs)
    if scale != 1.0:
        xs = [x * scale for x in xs]
        y = std(*xs)
    return [divide(divide(d, y), float(len(xs))) for d in _deviations(xs)]


def _norm_partials(xs: Sequence[Any], y: Any) -> list[Any]:
    """x/y, both scaled where y is beyond the normal range; equal shares for infinite ones.

    One that is most of y as hypot has it, by the others over it: later derivatives don't cancel.
    """
    if not SMALLEST_NORMAL <= primal(y) < INF:
        scale = 2.0**600 if primal(y) < 1.0 else 2.0**-600
        xs = [x * scale for x in xs]
        y = norm(*xs)
    if y == 0.0:
        return [0.0] * len(xs)
    sizes = [builtins.abs(primal(x)) for x in xs]
    if INF in sizes:
        share = math.sqrt(1.0 / sizes.count(INF))
        return [copysign(share, x) if size == INF else divide(x, y) for x, size in zip(xs, sizes)]
    partials = [divide(x, y) for x in xs]
    k = sizes.index(builtins.max(sizes))
    if sizes[k] > 0.75 * primal(y):
        t = divide(norm(*xs[:k], *xs[k + 1 :]), xs[k])
        partials[k] = divide(copysign(1.0, xs[k]), sqrt(1.0 + t * t))
    return partials


def _max(*xs: float) -> float:
    best = xs[0]
    for x in xs[1:]:
        best = ieee.maximum(best, x)
    return best


def _min(*xs: float) -> float:
    best = xs[0]
    for x in xs[1:]:
        best = ieee.minimum(best, x)
    return best


def _tied(xs: Sequence[Any], y: Any) -> list[Any]:
    """An equal share for each x that equals y."""
    share = 1.0 / builtins.max(1, len([x for x in xs if x == y]))
    return [share if x == y else 0.0 if y == y else NAN for x in xs]


def _exponentials(xs: Sequence[Any]) -> list[Any]:
    """exp(x - m) with m the largest, itself 1: so no later derivative of their shares cancels."""
    m = _max(*[primal(x) for x in xs])
    if not builtins.abs(m) < INF:
        return [exp(0.0 if primal(x) == m else primal(x) - m) for x in xs]
    k = [primal(x) for x in xs].index(m)
    return [1.0 if i == k else _exponential(x, xs[k]) for i, x in enumerate(xs)]


def _exponential(x: Any, m: Any) -> Any:
    """exp(x - m), to the first order in what rounding the difference left."""
    e = exp(x - m)
    _, rest = _difference(primal(x), primal(m))
    return e + e * rest if rest else e


def _logsumexp(*xs: float) -> float:
    m = _max(*xs) if xs else -INF
    if m == -INF or m != m:
        return m
    others = _exponentials(xs)
    del others[xs.index(m)]  # which gives 1: log1p keeps the digits of a small rest
    return m + ieee.log1p(_sum(*others))


def _shares(xs: Sequence[Any], y: Any) -> list[Any]:
    """The softmax of all: the partials of logsumexp."""
    if y == -INF:
        return [0.0] * len(xs)
    es = _exponentials(xs)
    total = _total(es)
    return [divide(e, total) for e in es]


def _total(xs: Sequence[Any]) -> Any:
    """The sum, and to the first order what rounding left."""
    rest = special.rest_of_sum([primal(x) for x in xs])
    return sum(*xs) + rest if rest else sum(*xs)


def _softmax(*xs: float) -> float:
    return float(_shares(xs, 0.0)[0])


def _softmax_partials(xs: Sequence[Any], y: Any) -> list[Any]:
    es = _exponentials(xs)
    total = _total(es)
    # The total is divided by twice, so what rounding it left off counts twice.
    k = 2.0 * ieee.divide(primal(_total([*es, -total])), primal(total))
    first, *others = es
    return [
        divide(first, total) * _total([divide(e, total) for e in others]),
        *[-_reduced(divide(divide(first * e, total), total), k) for e in others],
    ]


def _reduced(q: Any, k: float) -> Any:
    return q - k * q if k else q


def _log_softmax(*xs: float) -> float:
    m = _max(*xs)
    first, *others = _exponentials(xs)
    if xs[0] == m:
        return -ieee.log1p(_total(others))
    return (xs[0] - m) - ieee.log(_total([first, *others]))


def _log_softmax_partials(xs: Sequence[Any], y: Any) -> list[Any]:
    others = _shares(xs, 0.0)[1:]
    return [_total(others), *[-s for s in others]]


sum = row("sum", _sum, lambda xs, y: [1.0] * len(xs), label="Σ", latex=r"\sum", nary=True, c=PYTHON)
prod = row("prod", lambda *xs: special.prod(xs), _all_others, label="Π", latex=r"\prod", nary=True, c=PYTHON)
dot = row("dot", _dot, _dot_partials, nary=True, c=PYTHON)
mean = row("mean", _mean, lambda xs, y: [1.0 / len(xs)] * len(xs), nary=True, c=PYTHON)
variance = row("variance", _variance,
    lambda xs, y: [d * (2.0 / len(xs)) for d in _deviations(xs)], label="var", nary=True, c=PYTHON)
std = row("std", _std, _std_partials, nary=True, c=PYTHON)
norm = row("norm", lambda *xs: special.norm(xs), _norm_partials, label="‖·‖", nary=True, c=PYTHON)
max = row("max", _max, _tied, nary=True, selects=True, c=PYTHON)
min = row("min", _min, _tied, nary=True, selects=True, c=PYTHON)
logsumexp = row("logsumexp", _logsumexp, _shares, label="log Σ exp", nary=True, c=PYTHON)
# The first argument's share among all: softmax(x1; x2 .. xn).
softmax = row("softmax", _softmax, _softmax_partials, nary=True, c=PYTHON)
log_softmax = row("log_softmax", _log_softmax, _log_softmax_partials, label="log softmax", nary=True, c=PYTHON)
