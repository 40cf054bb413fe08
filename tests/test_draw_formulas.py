"""Formulas are written with the brackets they need; partials for reading are the rows' own."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd import Value, primitives, table
from autograd.drawing import formula, partials
from autograd.symbol import Symbol

WRITTEN = [
    "add",
    "subtract",
    "multiply",
    "divide",
    "pow",
    "negative",
    "positive",
    "square",
    "abs",
    "reciprocal",
    "sum",
    "prod",
    "dot",
]
NUMBERS = {"x": 1.7, "z": 0.6, "w": 2.3}


@st.composite
def expressions(draw: st.DrawFn, deep: int = 4) -> tuple[Symbol, float]:
    """A symbol and its number, computed on the way."""
    if deep == 0 or draw(st.integers(0, 4)) == 0:
        if draw(st.booleans()):
            name = draw(st.sampled_from(sorted(NUMBERS)))
            return Symbol(name), NUMBERS[name]
        number = draw(st.sampled_from([2.0, -2.0, 0.5, -1.5, 3.0]))
        return Symbol(number), number
    a, p = draw(expressions(deep - 1))
    primitive = table()[draw(st.sampled_from(WRITTEN))]
    if primitive.arity == 1:
        return primitive(a), primitive(p)
    others = [draw(expressions(deep - 1)) for _ in range(3 if primitive.nary else 1)]
    return primitive(a, *[b for b, _ in others]), primitive(p, *[q for _, q in others])


@settings(max_examples=150, deadline=None)
@given(expressions())
def test_a_formula_read_back_by_pythons_rules_is_the_same_number(
    pair: tuple[Symbol, float],
) -> None:
    """Python's grammar is the oracle: it reads the brackets as a person would."""
    symbol, number = pair
    python = str(symbol).replace("×", "*").replace("−", "-").replace("^", "**").replace("²", "**2")
    for name in NUMBERS:
        python = python.replace(name, repr(NUMBERS[name]))
    python = bars(python)
    try:
        read = eval(python, {"abs": abs})  # a formula this test has made
    except (OverflowError, ZeroDivisionError):
        return
    if isinstance(read, complex) or not math.isfinite(number):
        return
    assert read == pytest.approx(number, rel=1e-6, abs=1e-9)


def bars(text: str) -> str:
    """|...| as abs(...): a bar opens after a sign, a bracket or at the start."""
    done: list[str] = []
    for character in text:
        if character == "|":
            before = "".join(done).rstrip()
            done.append("abs(" if not before or before[-1] in "(*/+-" else ")")
        else:
            done.append(character)
    return "".join(done)


@pytest.mark.parametrize(
    ("symbol", "text", "latex"),
    [
        (Symbol("x") ** Symbol("z") ** Symbol("w"), "x^(z^w)", r"{x}^{{z}^{w}}"),
        (Symbol(-2.0) ** 2.0, "(−2)^2", r"{\left(-2\right)}^{2}"),
        ((Symbol("x") + 1.0) // Symbol("z"), "⌊(x + 1) / z⌋",
         r"\lfloor \left(x + 1\right) / z \rfloor"),
        ((Symbol("x") + 1.0) / Symbol("z"), "(x + 1) / z", r"\frac{x + 1}{z}"),
        (primitives.gaussian(Symbol("x") + 1.0), "exp(−(x + 1)²)",
         r"e^{-\left(x + 1\right)^2}"),
        (primitives.sqrt(Symbol("x") + 1.0), "√(x + 1)", r"\sqrt{x + 1}"),
        (primitives.norm(Symbol("x"), Symbol("z")), "‖x, z‖", r"\|x, z\|"),
        (primitives.dot(*map(Symbol, ("w0", "w1", "x0", "x1", "b"))), "b + w0 × x0 + w1 × x1",
         r"b + w_{0} \cdot x_{0} + w_{1} \cdot x_{1}"),
        (Symbol(1e-7) * Symbol("x"), "10⁻⁷ × x", r"10^{-7} \cdot x"),
        (Symbol("v₁₂") + 1.0, "v₁₂ + 1", "v_{12} + 1"),
    ],
)  # fmt: skip
def test_written(symbol: Symbol, text: str, latex: str) -> None:
    assert str(symbol) == text
    assert symbol.latex() == latex


@given(st.text())
def test_a_name_in_latex_is_never_a_command(name: str) -> None:
    written = Symbol(name or "x").latex()
    inside = written.removeprefix(r"\text{").removesuffix("}") if r"\text{" in written else ""
    assert not set(inside.replace(r"\_", "")) & set("\\{}$&#^~%<>")


def test_every_row_is_written_in_text_and_latex() -> None:
    for primitive in table().values():
        arguments = [Symbol(name) for name in "xzwu"][: primitive.arity or 4]
        symbol = Symbol._apply(primitive, tuple(arguments))
        for text in (str(symbol), symbol.latex()):
            assert all(str(a) in text for a in arguments)
            assert text.count("(") == text.count(")")
            assert text.count("{") == text.count("}")


def test_a_deep_formula_needs_no_deep_stack() -> None:
    symbol = Symbol("x")
    for _ in range(5000):
        symbol = symbol + 1.0
    assert str(symbol).endswith("+ 1")


@pytest.mark.parametrize("name", sorted(formula.TEXTBOOK))
def test_partials_for_reading_are_the_rows_partials(name: str) -> None:
    """The textbook's forms, computed on floats, against the rows, where they are defined."""
    primitive = table()[name]
    rng = random.Random(name)
    functions = formula.TEXTBOOK[name]
    for _ in range(200):
        domains = primitive.domain if not primitive.nary else (primitive.domain[0],) * 3
        xs = [rng.uniform(max(d.low, -3.0) + 1e-3, min(d.high, 3.0) - 1e-3) for d in domains]
        y = primitive(*xs)
        wanted = dict(primitive.local(xs, y, range(len(xs))))
        for i in range(len(xs)):
            if callable(functions):
                read = functions([*map(Plain, xs)], Plain(y))[i]
            else:
                read = functions[i](*map(Plain, xs), Plain(y))
            assert float(getattr(read, "x", read)) == pytest.approx(wanted.get(i, 0.0), rel=1e-7)


class Plain:
    """A float that every operator hands to its primitive: what a formula computes."""

    _rank = 30

    def __init__(self, x: float) -> None:
        self.x = x

    @staticmethod
    def _apply(primitive: object, args: tuple[object, ...]) -> Plain:
        return Plain(primitive(*[getattr(a, "x", a) for a in args]))  # type: ignore[operator]

    def __add__(self, other: object) -> Plain:
        return primitives.add(self, other)  # type: ignore[no-any-return]

    def __radd__(self, other: object) -> Plain:
        return primitives.add(other, self)  # type: ignore[no-any-return]

    def __sub__(self, other: object) -> Plain:
        return primitives.subtract(self, other)  # type: ignore[no-any-return]

    def __rsub__(self, other: object) -> Plain:
        return primitives.subtract(other, self)  # type: ignore[no-any-return]

    def __mul__(self, other: object) -> Plain:
        return primitives.multiply(self, other)  # type: ignore[no-any-return]

    __rmul__ = __mul__

    def __truediv__(self, other: object) -> Plain:
        return primitives.divide(self, other)  # type: ignore[no-any-return]

    def __rtruediv__(self, other: object) -> Plain:
        return primitives.divide(other, self)  # type: ignore[no-any-return]

    def __pow__(self, other: object) -> Plain:
        return primitives.pow(self, other)  # type: ignore[no-any-return]

    def __neg__(self) -> Plain:
        return primitives.negative(self)  # type: ignore[no-any-return]

    def __gt__(self, other: object) -> Plain:
        return primitives.greater(self, other)  # type: ignore[no-any-return]

    def __lt__(self, other: object) -> Plain:
        return primitives.less(self, other)  # type: ignore[no-any-return]


def test_rules_are_written_with_the_names_of_the_graph() -> None:
    x, y = Value(2.0, label="x"), Value(3.0, label="y")
    z = x * y
    z.label = "z"
    t = z.tanh()
    t.label = "t"
    assert formula.rule(z, 0, {}) == "y"
    assert formula.rule(t, 0, {}) == "1 − t²"
    assert formula.inline(t, {}) == "tanh(z)"
    assert formula.inline((x + 1.0) * y, {}) == "(x + 1) × y"


def test_a_leaf_has_no_formula_and_no_rule() -> None:
    x = Value(2.0, label="x")
    with pytest.raises(ValueError, match="a leaf computes nothing"):
        formula.symbolic(x, {})
    assert formula.rule(x, 0, {}) == ""
    assert partials.local(x, [0]) == {}
    assert formula.rule(primitives.where(x, x, 1.0), 0, {}) == ""  # a condition has no partial


def test_many_arguments_are_told_by_their_ends() -> None:
    xs = [Value(float(i), label=f"x{i}") for i in range(20)]
    assert formula.symbolic(primitives.norm(*xs), {}) == "‖x0, x1, x2, x3, …, x16, x17, x18, x19‖"
