"""Symbols pass through every row: formulas are straight-line; C, LaTeX and text are whole."""

from __future__ import annotations

import math
import struct
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd as ag
from autograd.row import FORMULA, PYTHON
from autograd.symbol import Symbol, c_number

ROWS = {name: p for name, p in ag.table().items() if not p.nary}


def symbols(primitive: Any) -> list[Symbol]:
    return [Symbol(name) for name in ("x", "z", "w")[: primitive.arity]]


@pytest.mark.parametrize("name", ROWS)
def test_every_formula_is_straight_line(name: str) -> None:
    """Passing symbols through a row's partials asks no symbol whether it is true."""
    primitive = ROWS[name]
    xs = symbols(primitive)
    for partial in primitive.partials:
        if partial is not None:
            assert isinstance(partial(*xs, Symbol("y")), (Symbol, float))
    if primitive.c == FORMULA:
        assert isinstance(primitive.value(*xs), Symbol)


@pytest.mark.parametrize("name", ROWS)
def test_every_row_is_written(name: str) -> None:
    """As text and LaTeX with balanced brackets and every argument; as C unless only Python can."""
    primitive = ROWS[name]
    xs = symbols(primitive)
    expression = primitive(*xs)
    for text in (str(expression), expression.latex()):
        assert text
        assert all(text.count(a) == text.count(b) for a, b in ("()", "{}", "[]"))
        assert "{0}" not in text
        assert all(x.name in text for x in xs)
    if primitive.c == PYTHON:
        with pytest.raises(ValueError, match=name):
            expression.c()


@pytest.mark.parametrize("name", ROWS)
def test_a_symbols_structure_is_the_program(name: str) -> None:
    primitive = ROWS[name]
    xs = symbols(primitive)
    expression = primitive(*xs)
    assert expression.primitive is primitive
    assert len(expression.args) == primitive.arity
    assert all(a is x for a, x in zip(expression.args, xs, strict=True))


def test_symbols_are_neither_true_nor_false() -> None:
    x = Symbol("x")
    for question in (lambda: bool(x > 0.0), lambda: 1.0 if x == 2.0 else 0.0, lambda: not x):
        with pytest.raises(TypeError, match="where"):
            question()
    with pytest.raises(TypeError, match=r"'1'.*float"):
        x + "1"


def test_operators_and_comparisons_make_expressions() -> None:
    x, z = Symbol("x"), Symbol("z")
    assert str((x + z) * 2.0 - x / z) == "(x + z) × 2 − x / z"
    assert str(x - (z - x)) == "x − (z − x)"
    assert str((x - z) - x) == "x − z − x"
    assert (x < z).primitive is ag.less
    assert (x == z).primitive is ag.equal
    assert ((x < z) & (z > 0.0)).primitive is ag.logical_and
    assert (x + 1.0).c() == "(x + 1.0)"


@given(st.floats())
def test_numbers_in_c_have_the_same_bits(x: float) -> None:
    text = c_number(x)
    names = {"NAN": math.nan, "INFINITY": math.inf, "(-INFINITY)": -math.inf}
    back = names[text] if text in names else float(text.strip("()"))
    assert (x != x and back != back) or struct.pack(">d", back) == struct.pack(">d", x)


def test_conditions_and_what_a_symbol_shows() -> None:
    x = Symbol("x")
    assert (1.0 & (x > 0.0)).primitive is ag.logical_and
    assert (0.0 | (x > 0.0)).primitive is ag.logical_or
    assert repr(x + 1.0) == "Symbol('x + 1')"
