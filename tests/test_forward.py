"""What passes through the table behaves as a number: operators, methods, comparisons, format."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd as ag
from autograd import Value
from autograd.forward import Dual
from autograd.row import primal
from autograd.series import Series
from autograd.symbol import Symbol

MAKE: dict[str, Callable[[float], Any]] = {
    "dual": lambda x: Dual(x, 1.0, tag=1),
    "dual of a dual": lambda x: Dual(Dual(x, 1.0, tag=1), 1.0, tag=2),
    "dual of a value": lambda x: Dual(Value(x), 1.0, tag=1),
    "series": lambda x: Series([x, 1.0, 0.0], tag=1),
}
BINARY = {
    "add": operator.add,
    "subtract": operator.sub,
    "multiply": operator.mul,
    "divide": operator.truediv,
    "floor_divide": operator.floordiv,
    "remainder": operator.mod,
    "pow": operator.pow,
}
UNARY = {
    "negative": operator.neg,
    "positive": operator.pos,
    "abs": abs,
    "round": round,
    "floor": math.floor,
    "ceil": math.ceil,
    "trunc": math.trunc,
}
COMPARE = [operator.lt, operator.le, operator.gt, operator.ge, operator.eq, operator.ne]
NUMPYS = {
    "arcsin": "asin", "arccos": "acos", "arctan": "atan", "arctan2": "atan2", "arcsinh": "asinh",
    "arccosh": "acosh", "arctanh": "atanh", "fabs": "abs", "rint": "round",
}  # fmt: skip
kinds = pytest.mark.parametrize("kind", MAKE)


def parts(x: Any) -> list[float]:
    """All the numbers in it, so that two can be compared."""
    if isinstance(x, (Dual, Series)):
        return [number for part in x._parts() for number in parts(part)]
    return [primal(x)]


@kinds
@pytest.mark.parametrize("name", BINARY)
def test_operators_are_rows(kind: str, name: str) -> None:
    x, row = MAKE[kind](2.5), ag.table()[name]
    for other in (1.25, 3, MAKE[kind](0.75)):
        assert parts(BINARY[name](x, other)) == parts(row(x, other))
        assert parts(BINARY[name](other, x)) == parts(row(other, x))
        assert primal(BINARY[name](x, other)) == BINARY[name](2.5, primal(other))


@kinds
def test_divmod(kind: str) -> None:
    x = MAKE[kind](7.5)
    for pair in ((x, 2.0), (2.0, x), (x, MAKE[kind](2.0))):
        assert [primal(y) for y in divmod(*pair)] == [*divmod(*map(primal, pair))]
        assert parts(divmod(*pair)[1]) == parts(ag.remainder(*pair))


@kinds
@pytest.mark.parametrize("name", UNARY)
def test_pythons_functions_are_rows(kind: str, name: str) -> None:
    x = MAKE[kind](-2.6)
    assert parts(UNARY[name](x)) == parts(ag.table()[name](x))
    assert primal(UNARY[name](x)) == UNARY[name](-2.6)


@kinds
def test_round_to_digits(kind: str) -> None:
    assert primal(round(MAKE[kind](2.345), 1)) == 2.3
    with pytest.raises(TypeError):
        round(MAKE[kind](2.345), 1.5)


@kinds
def test_methods_are_rows(kind: str) -> None:
    x = MAKE[kind](0.5)
    assert parts(x.tanh()) == parts(ag.tanh(x))
    assert parts(x.maximum(0.75)) == parts(ag.maximum(x, 0.75))
    for method, name in NUMPYS.items():
        at = MAKE[kind](1.5 if name == "acosh" else 0.5)
        others = (2.0,) if name == "atan2" else ()
        assert parts(getattr(at, method)(*others)) == parts(ag.table()[name](at, *others))
    assert x.conjugate() is x
    assert x.data == x.item() == x.detach() == 0.5
    assert type(x.detach()) is float
    for missing in ("no_such", "__no_such__"):
        with pytest.raises(AttributeError, match=f"{type(x).__name__!r}.*{missing!r}"):
            getattr(x, missing)


@kinds
@given(st.floats(), st.floats())
def test_comparisons_are_by_value(kind: str, x: float, z: float) -> None:
    for compare in COMPARE:
        for pair in ((x, z), (x, x)):
            wanted = compare(*pair)
            one, other = MAKE[kind](pair[0]), MAKE[kind](pair[1])
            assert compare(one, pair[1]) is wanted
            assert compare(one, Value(pair[1])) is wanted
            assert compare(one, other) is wanted


@kinds
def test_comparisons_with_other_things(kind: str) -> None:
    numpy = pytest.importorskip("numpy")
    x = MAKE[kind](1.0)
    for one in (1, numpy.float64(1.0), numpy.array(1.0), numpy.int32(1)):
        assert (x == one) is True
        assert (x < one) is False
    assert (x == "1") is False
    assert (x != None) is True  # noqa: E711  # comparing is what is tried
    assert (x == numpy.array([1.0, 2.0])).tolist() == [True, False]

    class Item:
        """Has an item, and is no array."""

        def item(self) -> float:
            return 1.0

    assert (x == Item()) is False


@kinds
def test_truth_format_and_leaving(kind: str) -> None:
    x = MAKE[kind](2.5)
    assert bool(x) is True
    assert bool(MAKE[kind](0.0)) is bool(MAKE[kind](-0.0)) is False
    assert bool(MAKE[kind](1.0)) is True
    assert f"{x:.2f}" == "2.50"
    assert f"{x}" == str(x) == repr(x)
    assert repr(x).startswith(type(x).__name__ + "(")
    assert {x: 1}[x] == 1
    for leave in (float, int, complex, operator.index, math.exp):
        with pytest.raises(TypeError, match=r"can't become a plain number.*autograd.exp\(x\)"):
            leave(x)


def test_symbols_too() -> None:
    x, z = Symbol("x"), Symbol("z")
    assert [str(y) for y in divmod(x, z)] == ["⌊x / z⌋", "x mod z"]
    assert [str(y) for y in divmod(2.0, z)] == ["⌊2 / z⌋", "2 mod z"]
    written = {name: str(apply(x)) for name, apply in UNARY.items()}
    assert written == {name: str(ag.table()[name](x)) for name in UNARY}
    assert str(round(x, 2)) == str(ag.table()["round_to"](x, 2.0))
    assert str(x.arctan2(z)) == "atan2(x, z)"
    assert str(x.exp()) == "exp(x)"


def test_arrays_take_what_passes_through_apart() -> None:
    numpy = pytest.importorskip("numpy")
    x = Dual(2.0, 1.0, tag=1)
    for y in (x * numpy.array([1.0, 2.0]), numpy.array([1.0, 2.0]) * x):
        assert [parts(one) for one in y] == [[2.0, 1.0], [4.0, 2.0]]
    assert parts(x * numpy.array(3.0)) == [6.0, 3.0]


def test_modes_reach_what_passes_through() -> None:
    x = Dual(2.0, 1.0, tag=1)
    with ag.no_grad():
        assert type(x * x) is float
        assert x * Dual(Value(3.0), 1.0, tag=2) == 6.0
    with ag.strict():
        assert parts(x * x) == [4.0, 4.0]
        with pytest.raises(FloatingPointError, match="log"):
            ag.log(Dual(0.0, 1.0, tag=1))
        with pytest.raises(FloatingPointError, match=r"sqrt.*derivative"):
            ag.sqrt(Dual(0.0, 1.0, tag=1))
    with pytest.raises(TypeError, match=r"multiply, argument 1.*'3'"):
        x * "3"
