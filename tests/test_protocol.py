"""Python's own protocol: a Value behaves in arithmetic as the float it holds."""

from __future__ import annotations

import math
import operator
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from programs import any_float, bits

import autograd as ag
from autograd import Value

ARITHMETIC = [
    operator.add, operator.sub, operator.mul, operator.truediv,
    operator.floordiv, operator.mod, operator.pow,
]  # fmt: skip
IN_PLACE = [
    operator.iadd, operator.isub, operator.imul, operator.itruediv,
    operator.ifloordiv, operator.imod, operator.ipow,
]  # fmt: skip


def sides(x: float, z: float) -> list[tuple[Any, Any]]:
    return [(Value(x), Value(z)), (Value(x), z), (x, Value(z))]


@pytest.mark.parametrize("operation", ARITHMETIC, ids=lambda f: f.__name__)
@given(x=any_float, z=any_float)
def test_arithmetic_is_pythons_to_the_bit(operation: Any, x: float, z: float) -> None:
    """On either side of either operand; where Python raises or turns complex, a float comes."""
    results = [operation(a, b) for a, b in sides(x, z)]
    try:
        expected = operation(x, z)
    except (ZeroDivisionError, OverflowError):
        expected = None
    for y in results:
        assert isinstance(y, Value)
        assert type(y.data) is float
        assert bits(y.data) == bits(results[0].data)
        if type(expected) is float:
            assert bits(y.data) == bits(expected)
        elif isinstance(expected, complex):
            assert math.isnan(y.data)


@given(any_float, any_float)
def test_divmod_is_floor_division_and_remainder(x: float, z: float) -> None:
    for a, b in sides(x, z):
        q, r = divmod(a, b)
        assert bits(q.data) == bits((a // b).data)
        assert bits(r.data) == bits((a % b).data)
        if z != 0.0:
            assert (bits(q.data), bits(r.data)) == tuple(map(bits, divmod(x, z)))


def test_where_python_raises_ieee_answers() -> None:
    inf = math.inf
    assert (Value(1.0) / 0.0).data == inf
    assert (Value(-1.0) / 0.0).data == -inf
    assert math.isnan((Value(0.0) / 0.0).data)
    assert math.isnan((Value(1.0) % 0.0).data)
    assert (Value(10.0) ** 400).data == inf
    assert (Value(-10.0) ** 401).data == -inf
    assert (Value(0.0) ** -1).data == inf
    assert math.isnan((Value(-8.0) ** (1 / 3)).data)
    assert (2.0 ** Value(5000.0)).data == inf


@given(any_float)
def test_unary_operators(x: float) -> None:
    v = Value(x)
    for operation in (operator.neg, operator.pos, abs):
        assert bits(operation(v).data) == bits(operation(x))
    if math.isfinite(x):
        for operation in (math.floor, math.ceil, math.trunc, round):
            assert operation(v).data == operation(x)
            assert math.copysign(1.0, operation(v).data) == math.copysign(1.0, x) or operation(x)


@given(st.floats(allow_nan=False), st.integers(-320, 330))
def test_round_to_digits_is_pythons(x: float, digits: int) -> None:
    v = Value(x)
    y = round(v, digits)
    try:
        expected = round(x, digits)
    except OverflowError:
        expected = math.copysign(math.inf, x)
    assert isinstance(y, Value)
    assert bits(y.data) == bits(expected)
    assert bits(y.primitive.value(*[p.data for p in y.parents])) == bits(y.data)


def test_round_asks_for_whole_digits() -> None:
    with pytest.raises(TypeError):
        round(Value(1.5), 1.5)  # type: ignore[call-overload]  # raising is what is tested
    with pytest.raises(TypeError):
        ag.jvp(lambda x: round(x, 1.5), (1.0,), (1.0,))


@pytest.mark.parametrize("operation", IN_PLACE, ids=lambda f: f.__name__)
def test_in_place_operators_make_a_new_node(operation: Any) -> None:
    x = Value(3.0)
    kept = x
    y = operation(x, 2.0)
    assert y is not kept
    assert kept.data == 3.0
    assert y.parents[0] is kept
    assert operation(2.0, x).data == operation(2.0, 3.0)


def test_sum_of_values_starts_without_a_constant() -> None:
    xs = [Value(1.0), Value(2.0)]
    assert len(ag.Graph(sum(xs))) == 3
    assert (0 + xs[0]) is xs[0]
    assert (0.0 + xs[0]) is not xs[0]
    with ag.no_grad():
        assert sum(xs[:1]).constant


def test_three_argument_pow_is_refused() -> None:
    with pytest.raises(TypeError):
        pow(Value(3.0), 2, 5)


@given(st.integers(-(2**70), 2**70), st.fractions(max_denominator=10**6))
def test_ints_and_fractions_on_either_side(n: int, q: Fraction) -> None:
    x = Value(1.5)
    for other in (n, q):
        assert (x * other).data == 1.5 * float(other)
        assert (other - x).data == float(other) - 1.5


class Meters:
    """A foreign number type with arithmetic of its own."""

    def __init__(self, x: Any) -> None:
        self.x = x

    def __rmul__(self, other: Any) -> Any:
        return Meters(other * self.x)

    def __radd__(self, other: Any) -> Any:
        return "theirs"


def test_a_foreign_type_gets_its_turn() -> None:
    y = Value(3.0) * Meters(2.0)
    assert isinstance(y, Meters)
    assert y.x.data == 6.0
    assert Value(3.0) + Meters(1.0) == "theirs"
    with pytest.raises(TypeError):
        Value(3.0) - Meters(1.0)
    with pytest.raises(TypeError, match="unsupported"):
        Value(3.0) * __import__("decimal").Decimal(2)


@pytest.mark.parametrize("bad", ["1", b"1", 1j, None, True, [1.0], (1.0,), {}, {1.0}, object()])
@pytest.mark.parametrize("operation", ARITHMETIC, ids=lambda f: f.__name__)
def test_what_is_no_number_is_refused_on_either_side(operation: Any, bad: Any) -> None:
    x = Value(2.0)
    if not (operation is operator.mod and isinstance(bad, (str, bytes))):
        with pytest.raises(TypeError):
            operation(bad, x)
    with pytest.raises(TypeError):
        operation(x, bad)


def test_format_of_a_string_leaves_the_graph() -> None:
    with pytest.raises(TypeError, match=r"x\.data"):
        "%f" % Value(2.0)  # noqa: UP031  # the operator is what is tested


@given(any_float, any_float)
def test_duals_and_series_calculate_as_values_do(x: float, z: float) -> None:
    for operation in ARITHMETIC:
        expected = bits(operation(Value(x), z).data)
        primal, _ = ag.jvp(lambda d, f=operation: f(d, z), (x,), (1.0,))
        assert bits(primal) == expected
        primal, _ = ag.jvp(lambda d, f=operation: f(x, d), (z,), (1.0,))
        assert bits(primal) == expected
        assert bits(ag.taylor(lambda s, f=operation: f(s, z), x, 1)[0]) == expected


def test_duals_and_series_answer_to_pythons_own_functions() -> None:
    x, z = 2.75, 1.25
    for expected, f in [
        (2.0, lambda d: divmod(d, z)[0]),
        (divmod(z, x)[1], lambda d: divmod(z, d)[1]),
        (x, operator.pos),
        (3.0, round),
        (2.8, lambda d: round(d, 1)),
        (2.0, math.floor),
        (3.0, math.ceil),
        (2.0, math.trunc),
        (1.0, lambda d: d * 0.0 + (1.0 if d else 2.0)),
        (1.0, lambda d: d * 0.0 + (1.0 if d > 0.0 and d >= 0.0 and not d < 0.0 else 2.0)),
        (2.0, lambda d: d * 0.0 + (1.0 if d <= 0.0 else 2.0)),
    ]:
        assert ag.jvp(f, (x,), (1.0,))[0] == expected
        assert ag.taylor(f, x, 2)[0] == expected
    assert ag.jvp(operator.pos, (x,), (3.0,)) == (x, 3.0)
    assert ag.jvp(lambda d: d.conjugate() * d.item(), (x,), (1.0,)) == (x * x, x)
    assert ag.jvp(lambda d: divmod(d, z)[1], (x,), (1.0,))[1] == 1.0


def test_a_rounding_too_large_for_a_float_is_infinite() -> None:
    assert round(Value(1.7e308), -308).data == math.inf
    assert round(Value(-1.7e308), -308).data == -math.inf


def test_series_of_order_0_and_of_a_length_at_its_kink() -> None:
    assert ag.taylor(ag.exp, 0.5, 0) == [math.exp(0.5)]
    assert ag.taylor(ag.sinc, math.inf, 2) == [0.0, 0.0, 0.0]
    assert ag.taylor(lambda x: ag.hypot(x, x), 0.0, 3) == [0.0, 0.0, 0.0, 0.0]
    assert ag.taylor(lambda x: ag.hypot(x, math.inf), 1.0, 3) == [math.inf, 0.0, 0.0, 0.0]
