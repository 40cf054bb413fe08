"""Expressions: right by Python's own arithmetic, and nothing else gets through."""

from __future__ import annotations

import ast
import math
import threading

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import autograd
from autograd import Value
from autograd.expressions import (
    DEEPEST,
    LONGEST,
    Expression,
    ExpressionError,
    assignment,
    assignments,
    function_names,
)
from autograd.forward import Dual
from autograd.symbol import Symbol

# Meaning

NUMBERS = st.floats(-8.0, 8.0, allow_subnormal=False)
LEAVES = st.sampled_from(["x", "y", "z", "2.5", "3", "pi", "0.125"])


def _joined(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.builds("({} {} {})".format, inner, st.sampled_from("+-*"), inner),
        st.builds("(-{})".format, inner),
        st.builds("{}({})".format, st.sampled_from(["sin", "cos", "atan", "tanh"]), inner),
    )


def _by_python(text: str, **values: float) -> float:
    """Python's own reading of the text: the oracle, for texts that this file made."""
    names = {name: getattr(math, name) for name in ("sin", "cos", "atan", "tanh", "pi")}
    return float(eval(text, {"__builtins__": {}}, {**names, **values}))


@given(st.recursive(LEAVES, _joined, max_leaves=12), NUMBERS, NUMBERS, NUMBERS)
def test_it_means_what_python_means(text: str, x: float, y: float, z: float) -> None:
    values = {"x": x, "y": y, "z": z}
    expression = Expression(text)
    got = expression(**{name: values[name] for name in expression.names})
    assert got == pytest.approx(_by_python(text, **values), rel=1e-13, abs=0.0)


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("2 + 3 * 4", 14.0),
        ("2 - 3 - 4", -5.0),
        ("2**3**2", 512.0),
        ("-2**2", -4.0),
        ("7 // 2 + 7 % 4", 6.0),
        ("-7 // 2", -4.0),
        ("1/0", math.inf),
        ("(-8)**(1/3)", math.nan),
        ("1e3 + 1_000", 2000.0),
        ("max(2, 3) + max([1, 4]) + min(5, 6)", 12.0),
        ("sum([1, 2, 3]) + prod([2, 2]) + mean([1, 3])", 12.0),
        ("dot([1, 2], [3, 4]) + dot([1], [2], 3)", 16.0),
        ("softmax([1, 1])[1]", 0.5),
        ("where(1 < 2 <= 2, 3, 4)", 3.0),
        ("where(1 < 2 > 3, 3, 4)", 4.0),
        ("where(1 > 2 or 2 == 2 and 3 != 4, 3, 4)", 3.0),
        ("where(0, 1, 2)", 2.0),
        ("leaky_relu(-1) + leaky_relu(-1, 0.5)", -0.51),
        ("norm((3, 4))", 5.0),
        ("a = 2; b = a * a; a + b", 6.0),
        ("a = 2\nb = a + 1", 3.0),
        ("p = softmax([1, 1]); p[0] + p[1]", 1.0),
        ("  1 ;", 1.0),
    ],
)
def test_values(text: str, result: float) -> None:
    assert Expression(text)() == pytest.approx(result, nan_ok=True)


def test_names_are_in_the_order_of_their_first_use() -> None:
    assert Expression("b * a + b + c").names == ("b", "a", "c")
    assert Expression("e = a * b; e + e").names == ("a", "b")
    assert Expression("tanh * tanh(tanh)").names == ("tanh",)


def test_whatever_passes_through_a_row_passes_through_an_expression() -> None:
    expression = Expression("where(x > 0, x**2 * y, 0.0)")
    assert expression(3.0, 2.0) == 18.0
    node = expression(Value(3.0), Value(2.0))
    assert isinstance(node, Value)
    assert node.data == 18.0
    dual = expression(Dual(3.0, 1.0, 1), 2.0)
    assert (dual.primal, dual.tangent) == (18.0, 12.0)
    assert str(Expression("x**2 / y")(Symbol("x"), Symbol("y"))) == "x^2 / y"
    assert autograd.hessian(Expression("x**3"))(2.0) == 12.0
    numpy = pytest.importorskip("numpy")
    assert Expression("tanh(x) + y")(numpy.zeros(2), 1.0).tolist() == [1.0, 1.0]


def test_both_sides_of_a_choice_are_there_but_only_one_counts() -> None:
    assert autograd.grad(Expression("where(x > 0, sqrt(x), 0)"))(-1.0) == 0.0


def test_recording_labels_inputs_and_steps() -> None:
    # the graph of micrograd's lecture
    output, inputs = Expression("e = a*b; d = e + c; L = d*f").record(
        {"a": 2.0, "b": -3.0, "c": 10.0, "f": -2.0}
    )
    output.backward()
    assert output.data == -8.0
    assert [inputs[name].grad for name in "abcf"] == [6.0, -4.0, -2.0, 4.0]
    labels = {node.label for node in autograd.Graph(output) if node.label}
    assert labels == {"a", "b", "c", "f", "e", "d", "L"}
    assert output.label == "L"


def test_a_step_that_only_renames_leaves_the_label() -> None:
    x = Value(2.0)
    Expression("y = x; y * y")(x)
    assert x.label == ""


def test_shared_steps_are_shared_nodes() -> None:
    output, inputs = Expression("e = x * x; e + e").record({"x": 3.0})
    assert len(autograd.Graph(output)) == 3
    output.backward()
    assert inputs["x"].grad == 12.0


def test_every_function_can_be_called_by_its_name() -> None:
    for name in function_names():
        primitive = autograd.table().get(name)
        if name in vars(autograd.functions):
            with pytest.raises(ExpressionError, match=name):
                Expression(f"{name}(x)(y)")
        elif primitive is not None and primitive.arity:
            text = f"{name}({', '.join('xyz'[: primitive.arity])})"
            assert set(Expression(text).names) == set("xyz"[: primitive.arity])


def test_it_has_the_signature_of_a_function() -> None:
    import inspect

    assert list(inspect.signature(Expression("y * x")).parameters) == ["y", "x"]


# Refusals: every message names the thing, where it stands, and the remedy

REFUSED = [
    ("", "empty"),
    ("   ", "empty"),
    ("# only a comment", "empty"),
    ("x +", "can't be read at column 4"),
    ("x * (y", "never closed"),
    ("x y", "can't be read at column 3"),
    ("x^2", r"'\^' is not a power here: write x\*\*2"),
    ("x if y else z", "write where"),
    ("x.tanh()", "write tanh"),
    ("x.__class__", "not in the language"),
    ("tahn(x)", "unknown function 'tahn' at column 1: did you mean 'tanh'"),
    ("1 + ln(x)", "unknown function 'ln' at column 5: did you mean 'log'"),
    ("é + tahn(x)", "at column 5"),
    ("a = 1\ntahn(a)", "at line 2, column 1"),
    ("x(y + 1)", r"to multiply write x\*"),
    ("2(x)", r"to multiply write 2\*"),
    ("qwertyuiop(x)", "autograd functions"),
    ("tanh(x, y)", r"takes 1 argument\(s\), got 2"),
    ("where(x > 0)", r"takes 3 argument\(s\), got 1"),
    ("leaky_relu()", r"takes 1 to 2 argument\(s\), got 0"),
    ("sum(x, y)", r"put the numbers in \[ \]"),
    ("max()", "at least 1"),
    ("tanh(x=1)", "by position"),
    ("max(*[x])", "write its elements"),
    ("max(**x)", "by position"),
    ("[x, y]", "stands alone"),
    ("[x, y] + 1", "stands alone"),
    ("x > 2", "true or false, not a number"),
    ("where(x, y > 2, 1)", "true or false, not a number"),
    ("x and y", "true or false, not a number"),
    ("where(not x, 1, 2)", "turn the comparison round"),
    ("where(x in y, 1, 2)", "compare with"),
    ("where((x > 1) & (x < 2), 1, 2)", "write 'and'"),
    ("~x", "only numbers"),
    ("x @ y", "only numbers"),
    ("x << 2", "only numbers"),
    ("2j", "not a real number"),
    ("'text'", "not a real number"),
    ("True", "not a real number"),
    ("None", "not a real number"),
    ("...", "not a real number"),
    ("1e999", "too large for a float"),
    ("1" + "0" * 400, "too large for a float"),
    ("1" * 5000, "can't be read"),
    ("x[y]", "by a number"),
    ("x[0:1]", "by a number"),
    ("lambda x: x", "write the expression itself"),
    ("[x for x in y]", "only numbers"),
    ("{1: 2}", "only numbers"),
    ("(yield x)", "only numbers"),
    ("(x := 2)", "before the result"),
    ("f'{x}'", "only numbers|not a real number"),
    ("import os", "only numbers"),
    ("__import__('os').system('true')", "not in the language"),
    ("def f(): pass", "only numbers"),
    ("x += 1; x", "choose another name"),
    ("x = x + 1; x", "used to compute itself"),
    ("a = 1; a = 2; a", "has a value already"),
    ("x + 1; x", "is dropped"),
    ("a = b = 1", "NAME = EXPRESSION"),
    ("a, b = 1, 2", "NAME = EXPRESSION"),
    ("x.y = 2; 1", "NAME = EXPRESSION"),
    ("pi = 3; pi", "choose another name"),
    ("x\0y", "can't be read"),
    ("\ud800", "can't be read"),
    ("(" * 150 + "x" + ")" * 150 + " " * LONGEST + "x", "characters, at most"),
    ("(" * 250 + "x" + ")" * 250, f"nested more than {DEEPEST} deep"),
    ("-" * (LONGEST - 1) + "x", f"nested more than {DEEPEST} deep"),
    ("+".join(["x"] * (DEEPEST + 2)), f"nested more than {DEEPEST} deep"),
    ("tanh(" * 190 + "x" + ")" * 190 + "+" + "+".join("x" * 200), "nested more than"),
]


@pytest.mark.parametrize(("text", "message"), REFUSED, ids=[repr(text)[:30] for text, _ in REFUSED])
def test_refusals(text: str, message: str) -> None:
    with pytest.raises(ExpressionError, match=message) as caught:
        Expression(text)
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize(
    ("text", "values", "message"),
    [
        ("x + yy", {"x": 1.0, "y": 2.0}, "'yy' at column 5 has no value: did you mean 'y'"),
        ("x + tanh", {"x": 1.0}, r"to call the function write tanh\(...\)"),
        ("x + q", {"x": 1.0}, "give it one, q="),
        ("x", {"x": 1.0, "y": 2.0}, "'y' is not in the expression"),
        ("1 + 2", {}, "has no variables"),
        ("softmax([x, x])", {"x": 1.0}, "choose one"),
        ("p = softmax([x, x]); p[2]", {"x": 1.0}, "list of 2"),
        ("x[0]", {"x": 1.0}, "not a list"),
    ],
)
def test_refusals_with_numbers(text: str, values: dict[str, float], message: str) -> None:
    with pytest.raises(ExpressionError, match=message):
        Expression(text).record(values)


def test_a_call_takes_one_number_for_each_name() -> None:
    f = Expression("x * y")
    with pytest.raises(TypeError, match="takes 2 number"):
        f(1.0, 2.0, 3.0)
    with pytest.raises(TypeError, match="given twice"):
        f(1.0, x=2.0)
    with pytest.raises(TypeError, match="put it in quotes"):
        Expression(3)  # type: ignore[arg-type]


def test_nothing_is_evaluated(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("an expression was evaluated as Python")

    f = Expression("x**2 + where(x > 1, tanh(x), 0)")
    for name in ("eval", "exec", "__import__"):
        monkeypatch.setattr(f"builtins.{name}", refuse)
    assert f(1.0) == 1.0


ALPHABET = st.sampled_from("xyz0129.+-*/%() [],;=<>!&|^~:'\"_#\n\\@{}éλ") | st.sampled_from(
    [
        "\r",
        "\r\n",
        "\f",
        "tanh(",
        "where(",
        "**",
        "//",
        " and ",
        "__class__",
        "lambda ",
        "import ",
        "sum([",
        "1e9",
    ]
)


@settings(max_examples=400)
@given(st.lists(ALPHABET, max_size=30).map("".join) | st.text(max_size=40))
@example("1if x else 2")
@example("'\\d'")
@example("x\f")
@example("x\r[y]")
@example("a = 1\r\nb\r")
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        expression = Expression(text)
    except ExpressionError:
        return
    # What was read is in the allow-list, as Python's own parser sees it too.
    for node in ast.walk(ast.parse(expression.text)):
        assert not isinstance(node, (ast.Attribute, ast.Lambda, ast.Import, ast.comprehension))


def test_the_deepest_expression_runs_on_a_small_stack() -> None:
    # Value's operators are straight calls, so evaluating does not recurse.
    text = "tanh(" * 95 + "x" + ")" * 95 + "+x" * (DEEPEST - 97)
    results: list[float] = []
    old = threading.stack_size(512 * 1024)
    try:
        thread = threading.Thread(target=lambda: results.append(Expression(text)(0.0)))
        thread.start()
        thread.join()
    finally:
        threading.stack_size(old)
    assert results == [0.0]


# Assignments


@given(NUMBERS)
def test_a_number_written_by_python_is_read_to_the_bit(x: float) -> None:
    assert assignment(f"x={x!r}") == ("x", x)


def test_assignments() -> None:
    assert assignments(["x=2", " y = -3 ", "angle=pi/4", "z=-inf"]) == {
        "x": 2.0,
        "y": -3.0,
        "angle": math.pi / 4.0,
        "z": -math.inf,
    }


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x", "write NAME=NUMBER"),
        ("x=", "write NAME=NUMBER"),
        ("x==2", "write NAME=NUMBER"),
        ("=2", "is not a name"),
        ("2x=2", "is not a name"),
        ("lambda=2", "is not a name"),
        ("x.y=2", "is not a name"),
        ("pi=3", "is a constant"),
        ("x=two", "depends on 'two'"),
        ("x=tahn(2)", "did you mean 'tanh'"),
        ("x=softmax([1,2])", "not one number"),
        ("x=1e999", "too large"),
        ("x=2;3", "is dropped"),
    ],
)
def test_refused_assignments(text: str, message: str) -> None:
    with pytest.raises(ExpressionError, match=message):
        assignment(text)


def test_a_name_is_given_once() -> None:
    with pytest.raises(ExpressionError, match=r"'x' was given twice: 1\.0 and 2\.0"):
        assignments(["x=1", "x=2"])


def test_only_public_functions_can_be_called() -> None:
    unknown = {name for name in function_names() if not hasattr(autograd, name)}
    assert unknown <= set(autograd.table())
    with pytest.raises(ExpressionError, match="unknown function 'number'"):
        Expression("number(x)")  # what autograd.functions only imports


def test_it_shows_its_text() -> None:
    assert repr(Expression(" x + 1 ")) == "Expression('x + 1')"


def test_a_result_that_depends_on_no_variable_is_refused() -> None:
    with pytest.raises(ExpressionError, match="depends on no variable"):
        Expression("stop_gradient(x) * 2").record({"x": 3.0})
