"""The rules for partials at edge points, and classic identities, as properties over all rows."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import autograd as ag
from autograd import Value, grad, jvp
from autograd import row as rows
from autograd.check import strategies
from autograd.check.numeric import derivative
from autograd.engine import cotangents, itself
from autograd.row import FORMULA, Primitive, primal, table
from autograd.symbol import Symbol

ROWS = list(table().values())
FIXED = [row for row in ROWS if not row.nary]
NARY = [row for row in ROWS if row.nary]
COMPARISONS = {row.name for row in FIXED if set(row.partials) == {None}}
INF = math.inf

by_row = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
by_fixed_row = pytest.mark.parametrize("row", FIXED, ids=lambda row: row.name)
# There are many rows, and each is a test of its own.
few = settings(max_examples=max(8, settings.default.max_examples // 8))
anything = st.floats()
moderate = st.floats(-30.0, 30.0, allow_subnormal=False)


def arguments(row: Primitive, numbers: st.SearchStrategy[float]) -> st.SearchStrategy[list[float]]:
    if row.nary:
        return st.lists(numbers, min_size=2, max_size=4)
    return st.tuples(*[numbers for _ in row.domain]).map(list)


def inside(row: Primitive) -> st.SearchStrategy[list[float]]:
    """Arguments in the domain, away from edges; whole numbers where only those make sense."""
    if row.nary:
        return st.lists(moderate, min_size=2, max_size=4)
    columns = [strategies.floats(row, i, limit=30.0) for i in range(len(row.domain))]
    for i, partial in enumerate(row.partials):
        if partial is None:
            columns[i] = st.sampled_from([0.0, 1.0, 2.0])
    return st.tuples(*columns).map(list)


def partials(row: Primitive, xs: list[float]) -> dict[int, float]:
    return dict(row.local(xs, row.value(*xs), range(len(xs))))


# What every row keeps: each check takes any row, so that a new one is held to all of them.


def check_answers_with_floats(row: Primitive, xs: list[float]) -> None:
    """No argument makes a value or a partial raise, or be anything but a float."""
    y = row(*xs)
    assert type(y) is float
    assert all(type(d) is float for d in partials(row, xs).values())


def check_nan(row: Primitive, xs: list[float], at: int) -> None:
    """R1: a NaN value has NaN partials, whichever argument it came from."""
    xs = [*xs[:at], math.nan, *xs[at + 1 :]] if xs else xs
    if row.value(*xs) != row.value(*xs):
        assert all(d != d for d in partials(row, xs).values())


def check_slope(row: Primitive, xs: list[float]) -> None:
    """R2: where the row is smooth, the partial is what differences of its value tend to."""
    y = row.value(*xs)
    if not abs(y) < 1e12:
        return
    for i, d in partials(row, xs).items():
        domain = row.domain[0 if row.nary else i]

        def along(x: float, i: int = i) -> float:
            return row.value(*xs[:i], x, *xs[i + 1 :])

        numerical = derivative(along, xs[i], domain.low, domain.high)
        if math.isfinite(numerical.value) and not numerical.growing and not numerical.kink:
            assert abs(d - numerical.value) <= 4.0 * numerical.error + 2.0**-40 * abs(d) + 1e-290


def check_modes_agree(row: Primitive, xs: list[float]) -> None:
    """Floats, recorded cotangents and duals give the same bits."""
    expected = partials(row, xs)
    leaves = [Value(x) for x in xs]
    y = row(*leaves)
    recorded = cotangents([(y, 1.0)], leaves, itself)
    y.backward()
    for i, leaf in enumerate(leaves):
        tangents = [1.0 if j == i else 0.0 for j in range(len(xs))]
        forward = jvp(row, xs, tangents)[1]
        for got in (leaf.grad, primal(recorded.get(leaf, 0.0)), forward):
            assert got == expected.get(i, 0.0) or (got != got and expected[i] != expected[i])


def check_mixed_partials_commute(row: Primitive, xs: list[float]) -> None:
    """d²y/dx dz = d²y/dz dx."""
    movable = [i for i in range(len(xs)) if row.nary or row.partials[i] is not None]
    for i in movable:
        for j in movable:
            if i < j:
                one = grad(grad(row, argnums=i), argnums=j)(*xs)
                other = grad(grad(row, argnums=j), argnums=i)(*xs)
                size = max(1.0, abs(one), *[abs(d) for d in partials(row, xs).values()])
                assert abs(one - other) <= 1e-9 * size


def check_straight_line(row: Primitive) -> None:
    """Symbols pass through the partials, and through a value that is a formula."""
    if row.nary:
        return
    xs = [Symbol(f"x{i}") for i in range(len(row.domain))]
    if row.c == FORMULA:
        row.value(*xs)
    for partial in row.partials:
        if partial is not None:
            partial(*xs, Symbol("y"))
    assert str(row(*xs))
    assert row(*xs).latex()


@by_row
@few
@given(data=st.data())
def test_every_row_answers_with_floats(row, data):
    check_answers_with_floats(row, data.draw(arguments(row, anything)))


@by_row
@few
@given(data=st.data())
def test_a_nan_value_has_nan_partials(row, data):
    xs = data.draw(arguments(row, anything))
    check_nan(row, xs, data.draw(st.integers(0, len(xs) - 1)))


@by_row
@few
@given(data=st.data())
def test_partials_are_slopes(row, data):
    if row.name in {"round_to", *COMPARISONS}:
        return
    xs = data.draw(inside(row))
    if row.name == "clip":
        assume(len(set(xs)) == 3)  # x at a bound has the slope from inside, by convention
    check_slope(row, xs)


@by_row
@few
@given(data=st.data())
def test_modes_agree_to_the_bit(row, data):
    check_modes_agree(row, data.draw(inside(row)))


@by_row
@few
@given(data=st.data())
def test_mixed_partials_commute(row, data):
    check_mixed_partials_commute(row, data.draw(inside(row)))


@by_fixed_row
def test_formulas_are_straight_line(row):
    check_straight_line(row)


def test_a_new_row_needs_nothing_else(monkeypatch):
    """One row, and every check above holds for it."""
    monkeypatch.setattr(rows, "_ROWS", dict(rows._ROWS))
    new = rows.row(
        "bump",
        lambda x: ag.divide(x, 1.0 + x * x),
        (lambda x, y: table()["over_square"]((1.0 - x) * (1.0 + x), 1.0 + x * x),),
    )
    assert table()["bump"] is new
    rng = random.Random(0)
    check_straight_line(new)
    for _ in range(100):
        xs = [rng.uniform(-5.0, 5.0)]
        check_answers_with_floats(new, xs)
        check_nan(new, xs, 0)
        check_slope(new, xs)
        check_modes_agree(new, xs)
        check_mixed_partials_commute(new, xs)
    assert grad(grad(new))(0.0) == 0.0
    assert ag.taylor(new, 0.0, 5) == [0.0, 1.0, 0.0, -1.0, 0.0, 1.0]
    assert "bump" not in [row.name for row in ROWS]


# R2 at infinity


@pytest.mark.parametrize("row", [r for r in FIXED if len(r.domain) == 1], ids=lambda r: r.name)
@pytest.mark.parametrize("end", [INF, -INF])
def test_partials_at_infinity_are_limits(row, end):
    y = row.value(end)
    if y != y or (end < 0.0 and row.domain[0].low > -INF):
        return
    limit = partials(row, [end]).get(0, 0.0)
    far = partials(row, [math.copysign(1e300, end)]).get(0, 0.0)
    nearer = partials(row, [math.copysign(1e200, end)]).get(0, 0.0)
    if math.isinf(limit):
        assert far * limit > 0.0
        assert abs(far) > abs(nearer) or math.isinf(far)
    else:
        assert abs(far - limit) <= 1e-100


# R3: at a kink the subgradient of least norm


def _least(left: float, right: float) -> float:
    low, high = min(left, right), max(left, right)
    return 0.0 if low <= 0.0 <= high else low if low > 0.0 else high


@pytest.mark.parametrize("name", ["abs", "relu", "selu", "softsign", "silu", "tanh", "gelu"])
def test_the_least_slope_at_0(name):
    row = table()[name]
    h = 2.0**-40
    left, right = -row(-h) / h, row(h) / h
    assert grad(row)(0.0) == pytest.approx(_least(left, right), rel=1e-9)


@given(st.floats(0.0, 1.0))
def test_the_least_slope_of_leaky_relu(slope):
    assert grad(ag.leaky_relu)(0.0, slope) == _least(slope, 1.0)


@given(st.floats(0.0, 10.0))
def test_the_least_slope_of_elu(alpha):
    assert grad(ag.elu)(0.0, alpha) == _least(alpha, 1.0)


@given(st.lists(st.integers(-2, 2).map(float), min_size=1, max_size=6))
def test_ties_share(xs):
    for extreme, choose in ((ag.max, max), (ag.min, min)):
        leaves = [Value(x) for x in xs]
        extreme(leaves).backward()
        share = 1.0 / xs.count(choose(xs))
        assert [leaf.grad for leaf in leaves] == [share if x == choose(xs) else 0.0 for x in xs]


def test_no_direction_at_the_origin():
    assert grad(ag.hypot, argnums=(0, 1))(0.0, 0.0) == (0.0, 0.0)
    assert grad(ag.norm)([0.0, 0.0, 0.0]) == [0.0, 0.0, 0.0]
    assert grad(ag.std)([2.5, 2.5]) == [0.0, 0.0]


def test_at_its_bounds_clip_gives_all_to_what_is_clipped():
    """A parameter at a bound can come back; even where the bounds are one."""
    for xs in ((1.0, 1.0, 2.0), (2.0, 1.0, 2.0), (1.0, 1.0, 1.0)):
        assert grad(ag.clip, argnums=(0, 1, 2))(*xs) == (1.0, 0.0, 0.0)
    assert grad(ag.clip, argnums=(0, 1, 2))(0.0, 1.0, 1.0) == (0.0, 0.5, 0.5)
    assert grad(ag.clip, argnums=(0, 1, 2))(2.0, 1.0, 1.0) == (0.0, 0.0, 1.0)


# R4: at the border of the domain the limit from inside

BORDERS = [
    ("sqrt", 0.0, 1.0),
    ("log", 0.0, 1.0),
    ("log2", 0.0, 1.0),
    ("log10", 0.0, 1.0),
    ("log1p", -1.0, 0.0),
    ("asin", 1.0, 0.0),
    ("asin", -1.0, 0.0),
    ("acos", 1.0, 0.0),
    ("acos", -1.0, 0.0),
    ("acosh", 1.0, 2.0),
    ("atanh", 1.0, 0.0),
    ("atanh", -1.0, 0.0),
    ("lgamma", 0.0, 1.0),
    ("digamma", 0.0, 1.0),
]


@pytest.mark.parametrize(("name", "border", "within"), BORDERS)
def test_the_limit_from_inside(name, border, within):
    slope = grad(table()[name])
    beside = slope(math.nextafter(border, within))
    assert math.isinf(slope(border))
    assert slope(border) * beside > 0.0
    assert abs(beside) > 1e6


def test_both_zeros_have_the_limit_from_the_right():
    for zero in (0.0, -0.0):
        for f in (ag.log, ag.log2, ag.log10, ag.sqrt):
            assert grad(f)(zero) == INF
        assert grad(ag.xlogy, argnums=1)(2.0, zero) == INF


# Partials in range where the value is not, from the mathematics with 60 digits


@pytest.mark.parametrize(
    ("x", "p", "by_x", "by_p"),
    [
        (2.0, 1024.0, INF, 1.2460659279417838e308),
        (0.5, 1060.0, 1.71609157e-316, -5.611e-320),
        (2.0, -1060.0, -4.2902288e-317, 5.611e-320),
    ],
)
def test_partials_of_a_power_beyond_the_range(x, p, by_x, by_p):
    d_x, d_p = grad(ag.pow, argnums=(0, 1))(x, p)
    assert d_x == by_x or abs(d_x - by_x) <= 4.0 * math.ulp(by_x)
    assert abs(d_p - by_p) <= 4.0 * math.ulp(by_p)


# R5: what was not selected, or not reached, receives nothing

SINGULAR = [
    *[(name, x) for name, x, _ in BORDERS],
    *[(name, -2.0) for name in ("sqrt", "log", "log1p", "acosh", "asin", "atanh", "digamma")],
    ("reciprocal", 0.0),
    ("cbrt", 0.0),
    ("exp", 1000.0),
    ("sin", INF),
]
TRANSFORMS: dict[str, Callable[[Callable[..., Any]], Callable[[float], float]]] = {
    "reverse": grad,
    "forward": lambda f: lambda x: jvp(f, [x], [1.0])[1],
    "second": lambda f: lambda x: grad(lambda z: f(z) + 1.0 * z)(x) - 1.0,
    "reverse over reverse": lambda f: grad(grad(lambda x: f(x) + 0.5 * (x * x) - 0.5 * (x * x))),
    "forward over reverse": lambda f: lambda x: jvp(grad(f), [x], [1.0])[1],
    "series": lambda f: ag.derivative(f, 2),
}


@pytest.mark.parametrize("how", TRANSFORMS)
@pytest.mark.parametrize(("name", "x"), SINGULAR)
def test_a_singular_branch_not_taken_gives_0(name, x, how):
    row = table()[name]

    def chosen(v: Any) -> Any:
        return ag.where(v == x, 2.0, row(v))

    def nested(v: Any) -> Any:
        return ag.where(v == x, ag.where(v != x, row(v), 3.0), row(v) * row(v))

    for f in (chosen, nested):
        if how == "reverse over reverse" and math.isinf(x):
            continue  # x * x - x * x
        assert TRANSFORMS[how](f)(x) == 0.0


@given(st.floats(allow_nan=False), st.floats(allow_nan=False))
def test_what_a_choice_leaves_out_can_be_anything(x, z):
    for select in (ag.maximum, ag.minimum, ag.fmax, ag.fmin):
        leaves = [Value(x), Value(z)]
        select(*leaves).backward(INF)  # times 0 this would be NaN
        for leaf in leaves:
            assert leaf.grad in (0.0, INF)


def test_a_number_0_times_infinity_stays():
    assert math.isnan(grad(lambda x: 0.0 * ag.sqrt(x))(0.0))
    assert math.isnan(grad(lambda x: x * ag.log(x))(0.0))  # xlogy(x, x) is the remedy
    assert math.isnan(ag.multiply(0.0, INF))


# Identities, and their derivatives


def vanishes(f: Callable[..., Any], *xs: float, within: float = 1e-13) -> None:
    """f is 0 at xs, and so are its gradients, within rounding."""
    size = max(1.0, *[abs(x) for x in xs])
    assert abs(f(*xs)) <= within * size
    for i in range(len(xs)):
        assert abs(grad(f, argnums=i)(*xs)) <= 8.0 * within * size


positive = st.floats(1e-2, 1e2)
unit = st.floats(-0.99, 0.99, allow_subnormal=False)


@given(moderate)
def test_circular_and_hyperbolic(x):
    vanishes(lambda v: ag.square(ag.sin(v)) + ag.square(ag.cos(v)) - 1.0, x)
    vanishes(lambda v: ag.tan(v) * ag.cos(v) - ag.sin(v), x, within=1e-12)
    vanishes(lambda v: ag.sinpi(v + 0.5) - ag.cospi(v), x, within=1e-12)
    vanishes(lambda v: ag.sinc(v) * (math.pi * v) - ag.sinpi(v), x, within=1e-12)
    z = x / 4.0
    vanishes(lambda v: ag.cosh(v) + ag.sinh(v) - ag.exp(v), z, within=1e-11)
    vanishes(lambda v: ag.tanh(v) * ag.cosh(v) - ag.sinh(v), z, within=1e-11)
    vanishes(lambda v: ag.tanh(v) - (2.0 * ag.sigmoid(2.0 * v) - 1.0), z)
    vanishes(lambda v: ag.sinh(ag.asinh(v)) - v, x)
    vanishes(lambda v: ag.tan(ag.atan(v)) - v, z)
    vanishes(lambda v: ag.atan2(v, 1.0) - ag.atan(v), x)


@given(unit)
def test_inverses_on_the_unit_interval(x):
    vanishes(lambda v: ag.asin(v) + ag.acos(v) - math.pi / 2.0, x)
    vanishes(lambda v: ag.sin(ag.asin(v)) - v, x)
    vanishes(lambda v: ag.tanh(ag.atanh(v)) - v, x, within=1e-12)
    vanishes(lambda v: 2.0 * ag.atanh(v) - (ag.log1p(v) - ag.log1p(-v)), x, within=1e-12)


@given(positive)
def test_logarithms_powers_and_gamma(x):
    vanishes(lambda v: ag.exp(ag.log(v)) - v, x)
    vanishes(lambda v: ag.log1p(ag.expm1(v)) - v, x)
    vanishes(lambda v: ag.log2(v) * math.log(2.0) - ag.log(v), x)
    vanishes(lambda v: ag.log10(v) * math.log(10.0) - ag.log(v), x, within=1e-12)
    vanishes(lambda v: ag.exp2(ag.log2(v)) - v, x)
    vanishes(lambda v: ag.square(ag.sqrt(v)) - v, x)
    vanishes(lambda v: ag.cbrt(v) * ag.cbrt(v) * ag.cbrt(v) - v, x)
    vanishes(lambda v: ag.pow(v, 1.7) - ag.exp(1.7 * ag.log(v)), x, within=1e-10)
    vanishes(lambda v: ag.xlogy(v, v) - v * ag.log(v), x)
    vanishes(lambda v: ag.reciprocal(v) * v - 1.0, x, within=1e-11)
    vanishes(lambda v: ag.cosh(ag.acosh(1.0 + v)) - (1.0 + v), x, within=1e-12)
    vanishes(lambda v: ag.lgamma(v + 1.0) - ag.lgamma(v) - ag.log(v), x, within=1e-12)
    vanishes(lambda v: ag.digamma(v + 1.0) - ag.digamma(v) - ag.reciprocal(v), x, within=1e-9)


@given(moderate)
def test_gates_and_the_normal_distribution(x):
    vanishes(lambda v: ag.sigmoid(v) + ag.sigmoid(-v) - 1.0, x)
    vanishes(lambda v: ag.softplus(v) - ag.softplus(-v) - v, x)
    vanishes(lambda v: ag.logsigmoid(v) - ag.log(ag.sigmoid(v)), x, within=1e-12)
    vanishes(lambda v: ag.logaddexp(v, 0.0) - ag.softplus(v), x)
    vanishes(lambda v: ag.erf(v) + ag.erfc(v) - 1.0, x)
    vanishes(lambda v: ag.ndtr(v) + ag.ndtr(-v) - 1.0, x)
    for gate in (ag.silu, ag.gelu, ag.gelu_tanh):
        vanishes(lambda v, gate=gate: gate(v) - gate(-v) - v, x, within=1e-12)
    vanishes(lambda v: ag.mish(v) - v * ag.tanh(ag.softplus(v)), x, within=1e-12)
    if x:
        vanishes(lambda v: ag.relu(v) - ag.relu(-v) - v, x)
    vanishes(lambda v: ag.gaussian(v) - ag.exp(-v * v), x, within=1e-12)


@given(moderate, moderate)
def test_of_two_arguments(x, z):
    assume(x != z and abs(x) > 1e-3 and abs(z) > 1e-3)
    vanishes(lambda u, v: ag.maximum(u, v) + ag.minimum(u, v) - (u + v), x, z)
    vanishes(lambda u, v: ag.square(ag.hypot(u, v)) - (u * u + v * v), x, z, within=1e-11)
    vanishes(lambda u, v: ag.copysign(u, v) * ag.sign(v) - ag.abs(u), x, z)
    vanishes(lambda u, v: ag.hypot(u, v) * ag.sin(ag.atan2(u, v)) - u, x, z, within=1e-11)
    vanishes(lambda u, v: ag.divide(u, v) * v - u, x, z, within=1e-10)
    vanishes(lambda u, v: ag.remainder(u, v) + v * ag.floor_divide(u, v) - u, x, z, within=1e-10)
    vanishes(lambda u, v: ag.logaddexp(u, v) - ag.logaddexp(v, u), x, z)


@given(st.lists(moderate, min_size=1, max_size=8))
def test_of_many_arguments(xs):
    assert ag.sum(ag.softmax(xs)) == pytest.approx(1.0, abs=4e-16 * (len(xs) + 1))
    gradient = grad(lambda v: ag.sum(ag.softmax(v)))(xs)
    assert max(abs(d) for d in gradient) <= 1e-15 * len(xs)
    for x, share, log_share in zip(xs, ag.softmax(xs), ag.log_softmax(xs), strict=True):
        assert log_share == pytest.approx(x - ag.logsumexp(xs), rel=1e-12, abs=1e-13)
        assert math.exp(log_share) == pytest.approx(share, rel=1e-12)
    assert ag.square(ag.std(xs)) == pytest.approx(ag.variance(xs), rel=1e-12, abs=1e-300)
    assert ag.square(ag.norm(xs)) == pytest.approx(ag.dot(xs, xs), rel=1e-12, abs=1e-300)
    assert ag.sum(grad(ag.logsumexp)(xs)) == pytest.approx(1.0, rel=1e-14)
    assert ag.sum(grad(ag.variance)(xs)) == pytest.approx(0.0, abs=1e-13)
    assert ag.mean(xs) * len(xs) == pytest.approx(ag.sum(xs), rel=1e-13, abs=1e-12)


@pytest.mark.parametrize(
    ("order", "names"),
    [
        (3, "tanh asinh atan erf sigmoid mish sinh tan sin"),
        (4, "sinc gaussian normal_pdf softplus silu gelu gelu_tanh mish cosh cos"),
    ],
)
def test_no_kink_where_a_function_is_smooth(order, names):
    """An abs in a formula would make a later derivative 0 at 0."""
    for name in names.split():
        f: Any = table()[name]
        for _ in range(order):
            f = grad(f)
        assert f(0.0) == pytest.approx(f(1e-7), rel=1e-5)
        assert f(0.0) == pytest.approx(ag.derivative(table()[name], order)(0.0), rel=1e-9)
        assert abs(f(0.0)) > 1e-3


@given(st.floats(-8.0, 8.0), st.floats(-8.0, 8.0), st.sampled_from([-700, -520, 505, 700]))
def test_directions_do_not_know_the_scale(x, z, e):
    """A power of two on both arguments changes no digit."""
    assume(min(abs(x), abs(z)) > 2.0**-100)
    scale = 2.0**e
    near, far = (grad(ag.atan2, argnums=(0, 1))(x * s, z * s) for s in (1.0, scale))
    assert far == (near[0] / scale, near[1] / scale)
    near, far = (grad(ag.hypot, argnums=(0, 1))(x * s, z * s) for s in (1.0, scale))
    assert far == near


def test_lists_and_arguments_of_the_extremes():
    for extreme, builtin in ((ag.max, max), (ag.min, min)):
        assert extreme([3.0, 1.0, 2.0]) == extreme(3.0, 1.0, 2.0) == builtin(3.0, 1.0, 2.0)
        assert extreme(iter([3.0, 1.0])) == builtin(3.0, 1.0)
        xs = [Value(3.0), Value(1.0)]
        assert grad(extreme, argnums=(0, 1))(*[x.data for x in xs]) == (
            (1.0, 0.0) if builtin is max else (0.0, 1.0)
        )
    for name in ("sum", "prod", "mean", "max", "min"):
        with pytest.raises(TypeError, match=rf"^{name}\b"):
            getattr(ag, name)(3.0)


@pytest.mark.parametrize(
    ("x", "z", "y"),
    [(300, -1, 302), (1000, 300, 400), (800, -50, 900), (-905, -640, 375), (-1060, 0, -1060)],
)
def test_quotients_by_squares_and_cubes_keep_their_range(x, z, y):
    """Powers of two, where every digit is known."""
    assert ag.table()["over_square"](2.0**x, 2.0**z) == 2.0**y
    slope = grad(ag.table()["over_square"], argnums=1)
    assert slope(2.0**x, 2.0**z) == -(2.0 ** (y - z + 1))


def test_quotients_of_subnormal_numbers_keep_their_digits():
    x, z = 1e-322, 0.01  # 20 units of the smallest float
    slope = grad(ag.table()["over_square"], argnums=1)(x, z)
    exact = float(-2 * Fraction(x) / Fraction(z) ** 3)
    assert abs(slope - exact) <= 4.0 * math.ulp(exact)
    value = ag.table()["over_square"](x, z)
    exact = float(Fraction(x) / Fraction(z) ** 2)
    assert abs(value - exact) <= 3.0 * math.ulp(exact)
