"""Finite differences: right within their own error estimate, inside the domain, kinks seen."""

import math

import pytest

from autograd.check.numeric import Estimate, Slope, derivative

SMOOTH = [
    (math.exp, 1.0, math.e),
    (math.exp, -700.0, math.exp(-700.0)),
    (math.sin, 1e8, math.cos(1e8)),
    (math.log, 1e-5, 1e5),
    (math.log, 1e300, 1e-300),
    (math.tanh, 0.5, 1.0 / math.cosh(0.5) ** 2),
    (math.tanh, 20.0, 1.0 / math.cosh(20.0) ** 2),
    (lambda x: math.sin(1000.0 * x), 0.3, 1000.0 * math.cos(300.0)),
    (lambda x: x * x * x, 0.0, 0.0),
    (lambda x: 3.0, 2.0, 0.0),
    (lambda x: x, 1e-300, 1.0),
    (math.asin, 0.99999, 1.0 / math.sqrt((1.0 - 0.99999) * 1.99999)),
    (lambda x: math.sin(math.pi * math.fmod(x, 2.0)), 1e6, math.pi),  # periodic in its steps
    (lambda x: 1.0 / x, 1e-3, -1e6),
]


UNDERFLOW = [(lambda x: x * x, x, 2.0 * x) for x in (-6.577788750891499e-181, 1e-170, 1e-300)]


@pytest.mark.parametrize(("f", "x", "expected"), SMOOTH + UNDERFLOW)
def test_the_error_estimate_covers_the_error(f, x, expected):
    found = derivative(f, x)
    assert abs(found.value - expected) <= found.error
    assert not found.kink
    assert found.growing == 0


@pytest.mark.parametrize(("f", "x", "expected"), SMOOTH)
def test_the_error_estimate_is_small(f, x, expected):
    found = derivative(f, x)
    scale = max(abs(expected), abs(f(x)) * 1e-3, 1e-50)
    assert found.error <= 1e-8 * scale


def test_a_kink_is_told_by_its_two_slopes():
    found = derivative(lambda x: max(x, 0.0) + 0.25 * x, 0.0)
    assert found.kink
    assert found.left.value == pytest.approx(0.25)
    assert found.right.value == pytest.approx(1.25)
    assert found.brackets(0.25)
    assert found.brackets(0.7)
    assert not found.brackets(1.3)
    assert not found.brackets(0.2)


def test_a_kink_nearby_is_not_one_here():
    for distance in (1e-1, 1e-3, 1e-6, 1e-9):
        found = derivative(abs, distance)
        assert not found.kink
        assert found.value == pytest.approx(1.0, abs=1e-5)


def test_steps_stay_inside_the_interval():
    visited = []

    def f(x):
        visited.append(x)
        return math.sqrt(x * (1.0 - x))

    found = derivative(f, 1e-4, low=0.0, high=1.0)
    assert all(0.0 <= x <= 1.0 for x in visited)
    assert found.value == pytest.approx((1 - 2e-4) / (2 * math.sqrt(1e-4 * (1 - 1e-4))), rel=1e-8)


def test_outside_the_domain_smaller_steps_are_tried():
    assert derivative(math.log, 1e-8).value == pytest.approx(1e8, rel=1e-7)
    assert derivative(lambda x: math.nan if x < 0 else x * x, 1e-8).value == pytest.approx(2e-8)


def test_at_a_border_the_inner_slope_is_the_answer():
    found = derivative(lambda x: math.sqrt(x) ** 3 + x, 0.0)
    assert not found.left.known
    assert found.value == pytest.approx(1.0, abs=1e-3)


@pytest.mark.parametrize(
    ("f", "x", "sign"),
    [
        (math.sqrt, 0.0, 1),
        (math.asin, 1.0, 1),
        (math.acos, 1.0, -1),
        (math.cbrt, 0.0, 1),
    ],
)
def test_a_vertical_tangent_grows_without_bound(f, x, sign):
    assert derivative(f, x).growing == sign


def test_no_value_at_the_point_is_no_derivative():
    found = derivative(math.log, -1.0)
    assert math.isnan(found.value)
    assert found.evaluations == 1


def test_it_needs_few_evaluations():
    assert derivative(math.exp, 1.0).evaluations <= 40
    assert derivative(lambda x: x * x, 3.0).evaluations <= 40


def test_the_largest_numbers_have_slopes():
    found = derivative(lambda x: 2.0 * x, 1e305)
    assert abs(found.value - 2.0) <= found.error <= 1e-6


def test_what_a_function_raises_beside_the_point_is_no_value_and_at_it_is_its_own():
    def listed(x):
        return {1.0: 1.0, 0.5: 1.0}[x]

    assert math.isnan(derivative(listed, 1.0).value)
    with pytest.raises(KeyError):
        derivative(listed, 2.0)


def test_brackets_are_closed_and_include_the_errors():
    for left, right in ((Slope(-1.0, 0.25), Slope(1.0, 0.5)), (Slope(1.0, 0.5), Slope(-1.0, 0.25))):
        estimate = Estimate(0.0, 0.0, left, right)
        for slope, slack, inside in (
            (-1.25, 0.0, True),
            (1.5, 0.0, True),
            (-1.3125, 0.0, False),
            (1.5625, 0.0, False),
            (-1.3125, 0.0625, True),
            (1.5625, 0.0625, True),
        ):
            assert estimate.brackets(slope, slack) is inside


def test_no_value_no_derivative():
    found = derivative(lambda x: math.nan, 1.0)
    assert math.isnan(found.value)
    assert math.isnan(found.error)
    assert not found.left.known
    assert not found.right.known
    assert (found.growing, found.evaluations) == (0, 1)


def test_what_a_function_raises_counts_at_the_point_only():
    def fails_at(where):
        def f(x):
            if where(x):
                raise KeyError("mine")
            return 2.0 * x

        return f

    with pytest.raises(KeyError, match="mine"):
        derivative(fails_at(lambda x: x == 1.0), 1.0)
    assert derivative(fails_at(lambda x: x > 1.0), 1.0).value == pytest.approx(2.0)


@pytest.mark.parametrize("x", [1e-9, -1e-12, 1e-30, 3e-200])
def test_near_0_steps_are_of_the_inputs_own_size(x):
    for f, slope in ((math.log, 1.0 / x), (lambda v: 1.0 / v, -1.0 / x / x)):
        if f is math.log and x < 0.0:
            continue
        if math.isfinite(slope):
            found = derivative(f, x)
            assert abs(found.value - slope) <= found.error <= 1e-6 * abs(slope)


@pytest.mark.parametrize("power", [1.25, 1.5, 1.75, 2.5])
@pytest.mark.parametrize("end", [1.0, 0.0, -3.0])
def test_a_fractional_power_at_the_end_of_its_domain(power: float, end: float) -> None:
    for f in (lambda x: math.pow(end - x, power), lambda x: math.pow(x - end, power)):
        slope = derivative(f, end)
        assert abs(slope.value) <= slope.error < 0.1
