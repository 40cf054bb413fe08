"""A seeded part of what `python -m tests.accuracy` measures in full, and its bounds."""

from __future__ import annotations

import math
import random

import mpmath
import pytest
from mpmath import mp

import autograd
from autograd.row import table

pytest.importorskip("sympy")

from accuracy import many, measure, report

ROWS = measure.rows_measured()


def test_every_row_is_measured():
    assert [row.name for row in ROWS] == list(table())


def test_the_readme_lists_every_row():
    """A row that is added, taken away or renamed asks for `python -m tests.accuracy`."""
    said = readme_cells()
    assert list(said) == list(table())
    for name, (value, derivative, *_) in said.items():
        nothing_to_derive = isinstance(p := table()[name].partials, tuple) and set(p) == {None}
        assert value != "–"
        assert (derivative == "–") == nothing_to_derive


def readme_cells() -> dict[str, list[str]]:
    text = report.block(report.README.read_text(encoding="utf-8"))
    lines = [line.split("|") for line in text.splitlines() if line.startswith("| ")]
    return {line[1].strip(): [cell.strip() for cell in line[2:-1]] for line in lines[1:]}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_values_and_first_derivatives(row):
    """Within the bounds, and no worse than the README says of many more points."""
    said = readme_cells()[row.name]
    at = random.Random(row.name).sample(measure.sample(row, 400, seed=7), 250)
    for order in (0, 1):
        worst = measure.measure(row, order, at)
        assert not worst.over, worst.over[:3]
        assert worst.count == 0 or worst.error <= 1.2 * float(said[order]) + 0.1, worst


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_higher_derivatives(row):
    at = random.Random(row.name).sample(measure.sample(row, 200, seed=8), 30)
    for order in (2, 3):
        worst = measure.measure(row, order, at)
        assert not worst.over, worst.over[:3]


def test_where_others_fail():
    """Single numbers by mpmath; PyTorch or JAX loses half its digits or more at most of them."""

    def derivative(name: str, *xs: float) -> float:
        return autograd.grad(table()[name])(*xs)

    with mp.workdps(60):
        x = mpmath.mpf(710.3)
        assert measure.ulp_error(autograd.cosh(710.3), mpmath.cosh(x)) <= 3
        assert measure.ulp_error(derivative("sinh", 710.3), mpmath.cosh(x)) <= 4
        assert measure.ulp_error(autograd.hypot(1e200, 1e200), mpmath.hypot(1e200, 1e200)) <= 1
        beside = -1.0 + 2.0**-40
        assert measure.ulp_error(autograd.digamma(beside), mpmath.digamma(beside)) <= 8
        assert measure.ulp_error(autograd.log(5e-324), mpmath.log(mpmath.mpf(5e-324))) <= 1
        assert measure.ulp_error(autograd.log2(3e-310), mpmath.log(mpmath.mpf(3e-310), 2)) <= 3
        t = mpmath.mpf(19.5)
        assert measure.ulp_error(derivative("tanh", 19.5), mpmath.sech(t) ** 2) <= 4
        assert measure.ulp_error(derivative("expm1", -40.0), mpmath.exp(-40)) <= 4


def _errors(got: float, true: mpmath.mpf, condition: mpmath.mpf) -> float:
    """The error in units of what rounding the arguments alone could do to the result."""
    return float(abs(mpmath.mpf(got) - true) / (condition * mpmath.mpf(2) ** -52 + 5e-324))


@pytest.mark.parametrize("size", [1, 2, 3, 10, 100])
@pytest.mark.parametrize("spread", [1.0, 30.0, 700.0])
def test_rows_of_many_arguments(size, spread):
    rng = random.Random(f"{size} {spread}")
    xs = [rng.uniform(-spread, spread) for _ in range(size)]
    zs = [rng.uniform(-spread, spread) for _ in range(size)]
    with mp.workdps(700):  # a share may be 1 - exp(-1400)
        ex, ez = [mpmath.mpf(x) for x in xs], [mpmath.mpf(z) for z in zs]
        mass = mpmath.fsum(abs(x) for x in ex)
        mean = mpmath.fsum(ex) / size
        deviations = [x - mean for x in ex]
        variance = mpmath.fsum(d * d for d in deviations) / size
        top = max(ex)
        lse = mpmath.log(mpmath.fsum(mpmath.exp(x) for x in ex))
        dot = mpmath.fsum(x * z for x, z in zip(ex, ez))
        products = mpmath.fsum(abs(x * z) for x, z in zip(ex, ez))
        checks = [
            (autograd.sum(xs), mpmath.fsum(ex), size * mass),
            (autograd.mean(xs), mean, mass),
            (autograd.dot(xs, zs), dot, size * products),
            (autograd.norm(xs), mpmath.sqrt(mpmath.fsum(x * x for x in ex)), mpmath.mpf(1) * mass),
            (autograd.variance(xs), variance, variance * (size + 4) + mass * mass * 2.0**-50),
            (
                autograd.std(xs),
                mpmath.sqrt(variance),
                mpmath.sqrt(variance) * (size + 4) + mass * 2.0**-50,
            ),
            (autograd.logsumexp(xs), lse, abs(top) + size + 3),
            (math.fsum(autograd.softmax(xs)), mpmath.mpf(1), mpmath.mpf(size)),
        ]
        for got, true, condition in checks:
            assert _errors(got, true, condition) <= 3.0
        for x, share, log_share in zip(ex, autograd.softmax(xs), autograd.log_softmax(xs)):
            exact = mpmath.exp(x - lse)
            assert _errors(share, exact, exact * (abs(x - top) + size + 3)) <= 3.0
            if size > 1:
                assert _errors(log_share, x - lse, abs(x - lse) * (size + 3)) <= 3.0


@pytest.mark.parametrize(
    ("name", "xs"),
    [
        ("norm", (1e6, 1.0, 2.0)),
        ("norm", (3.0, -1e-9)),
        ("logsumexp", (0.8653457060214645, 78.11600448493351)),
        ("softmax", (40.0, 1.0, -3.0)),
        ("softmax", (1.0, 40.0, -3.0)),
        ("log_softmax", (-1.4281241147436934, 391.81217682272023)),
    ],
)
def test_later_derivatives_where_one_dominates(name, xs):
    """Each to its own digits: 1 - s, and 1 - x²/y², would cancel here."""
    row = table()[name]
    for i in range(len(xs)):
        for by in ((i,), (i, i), *[(j, i) for j in range(len(xs)) if j != i]):
            got, true = measure.compute_many(row, xs, by), many.exact(name, xs, by)
            assert measure.ulp_error(got, true) <= (4 if len(by) == 1 else 16), by


@pytest.mark.parametrize("x", [-22.3, -21.4, -20.1, 20.1, 21.4, 22.3])
def test_later_derivatives_of_gelu_tanh_beside_underflow(x):
    for order in (2, 3):
        assert not measure.measure(table()["gelu_tanh"], order, [(x,)]).over


def test_the_error_is_measured_in_the_last_place():
    one = mpmath.mpf(1)
    assert measure.ulp_error(1.0 + 2.0**-52, one) == 1.0
    assert measure.ulp_error(math.nan, one) == math.inf
    assert measure.ulp_error(0.0, mpmath.mpf(2) ** -1074) == 1.0
    assert measure.ulp_error(math.inf, mpmath.mpf(2) ** 2000) == 0.0
    assert measure.ulp_error(1.7976931348623157e308, mpmath.mpf(2) ** 2000) == 1.0
    assert measure.ulp_error(0.0, one) > 1e15


def test_a_planted_error_is_found():
    row = table()["exp"]
    at = [(x,) for x in (0.5, 1.0, 2.0)]
    true = measure.truths("exp", at, (1,), [None] * 3)
    got = [row.value(*xs) * (1.0 + 2.0**-49) for xs in at]
    assert len(measure.compare("exp", (1,), at, true, got).over) == 3


def test_cells_of_the_table():
    assert [report.shown(x) for x in (None, 0.0, 0.53, 3.96, 1234.0, math.inf)] == [
        "–", "0", "0.5", "4.0", "10^3", "∞"
    ]  # fmt: skip
    result = {"name": "exp", "PyTorch": (0.5, False), "JAX": None}
    result |= {str(order): (0.5, 10, []) for order in range(4)}
    text = report.markdown([result], 1.0, 10)
    assert "| exp | 0.5 | 0.5 | 0.5 | 0.5 | 0.5 | – |" in text
    assert text.startswith("Over the bounds are 0 of 1 values, 0 of 1 derivatives and 0 of 1")


def test_the_block_between_the_markers():
    text = f"a\n\n{report.BEGIN}\nold\n{report.END}\n\nb\n"
    new = report.with_block(text, "new\nlines")
    assert report.block(new) == "new\nlines"
    assert new.startswith("a\n\n") and new.endswith("\n\nb\n") and "old" not in new


def test_beside_a_root_the_unit_is_what_the_derivative_is_thereabouts():
    assert measure.least_unit("square", (0.5,), (0,)) == 0.0
    assert measure.least_unit("cosh", (0.1,), (1,)) == 2.0**-54
    assert measure.least_unit("tanh", (1e-9,), (2,)) == pytest.approx(0.77 * 2.0**-52, rel=0.01)
    assert measure.least_unit("sinh", (0.1,), (2,)) == 2.0**-52
    assert measure.least_unit("gaussian", (20.0,), (2,)) == 0.0


@pytest.mark.slow
def test_all_of_it():
    assert report.main(["--points", "4000"]) == 0


SERIES = {
    "sinc": (mpmath.sincpi, (0.0, 0.3, 0.51, 0.7, 1.3, 5.2)),
    "silu": (lambda x: x / (1 + mpmath.exp(-x)), (-9.0, -3.7, 0.4)),
    "gelu_tanh": (
        lambda x: x / (1 + mpmath.exp(-mpmath.sqrt(8 / mpmath.pi) * (x + mpmath.mpf(0.044715) * x**3))),
        (-3.7, -2.5, 0.4, 2.5),
    ),
    "mish": (lambda x: x * mpmath.tanh(mpmath.log1p(mpmath.exp(x))), (-9.0, 0.4)),
    "tanh": (mpmath.tanh, (-3.7, 0.4)),
    "softplus": (lambda x: mpmath.log1p(mpmath.exp(x)), (-9.0, 3.7)),
    "tan": (mpmath.tan, (0.4, 1.4)),
    "atan": (mpmath.atan, (0.05, 3.7)),
    "asinh": (mpmath.asinh, (-9.0, 0.51)),
    "erf": (mpmath.erf, (0.05, 1.4)),
    "gaussian": (lambda x: mpmath.exp(-x * x), (0.4, 3.7)),
    "cbrt": (mpmath.cbrt, (0.9, 25.0)),
}  # fmt: skip


@pytest.mark.parametrize("name", SERIES)
def test_taylor_series_to_order_20(name):
    """Each coefficient, relative to itself or its neighbours."""
    f, points = SERIES[name]
    with mp.workdps(80):
        for x in points:
            true = mpmath.taylor(f, mpmath.mpf(x), 21)
            for k, c in enumerate(autograd.taylor(table()[name], x, 20)):
                size = max(abs(true[k]), mpmath.sqrt(abs(true[k - 1] * true[k + 1])) if k else 0)
                assert abs(c - true[k]) <= 1e-12 * size, (x, k, c)
