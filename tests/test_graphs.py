"""Random graphs of the whole table: every way of differentiating gives the same derivatives.

Reverse and forward mode, finite differences and mpmath check each other; PyTorch and JAX where
they are installed. The bounds are those of rounding: sums of the sizes of what was added.
"""

import math

import pytest

pytest.importorskip("hypothesis")
pytest.importorskip("mpmath")

from hypothesis import HealthCheck, given, settings  # after the skips
from hypothesis import strategies as st

import autograd
from autograd import Value, check_grads, jvp, vjp
from autograd.check.machine import machine
from autograd.check.strategies import Expression, Step, expressions, operations
from autograd.row import lookup
from tests.campaigns.graphs import path_sizes


def examples(count):
    return settings(
        max_examples=count, deadline=None, derandomize=True, database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )  # fmt: skip


# Reverse against forward against differences against mpmath: all in check_grads


@examples(150)
@given(expressions())
def test_first_derivatives(expression):
    check_grads(expression, expression.inputs)


@examples(150)
@given(expressions(edges="include"))
def test_first_derivatives_at_edges(expression):
    check_grads(expression, expression.inputs)


@examples(60)
@given(expressions(max_inputs=2, max_steps=5))
def test_second_derivatives(expression):
    check_grads(expression, expression.inputs, order=2)


@pytest.mark.slow
@examples(5000)
@given(expressions(max_steps=12, edges="include"))
def test_many_first_derivatives(expression):
    check_grads(expression, expression.inputs)


@pytest.mark.slow
@examples(1000)
@given(expressions(max_steps=6))
def test_many_second_derivatives(expression):
    check_grads(expression, expression.inputs, order=2)


@pytest.mark.parametrize("row", operations(), ids=lambda row: row.name)
def test_each_row_inside_a_graph(row):
    """Each row between others, its argument shared."""

    @examples(8)
    @given(expressions(rows=[row, "multiply", "tanh"], max_steps=4))
    def check(expression):
        check_grads(expression, expression.inputs)

    check()


# The dot-product identity: <J v, w> = <v, Jᵀ w>


def last_results(expression, count=3):
    """The expression as a function with several results: its last steps'."""

    def f(*inputs):
        results = [*inputs, *expression.constants]
        for step in expression.steps:
            results.append(lookup(step.row)(*[results[i] for i in step.operands]))
        return results[-count:]

    return f


def condition_of(expression, inputs, v, w):
    """What the terms of <Jv, w> are in size, over every path."""
    leaves = [Value(x) for x in inputs]
    outputs = last_results(expression)(*leaves)
    outputs = [y if isinstance(y, Value) else Value(y) for y in outputs]
    return path_sizes(outputs, leaves, v, w)


WEIGHTS = st.lists(st.floats(-1.0, 1.0, allow_subnormal=False, width=16), min_size=3, max_size=3)


@examples(250)
@given(expressions(max_steps=10), WEIGHTS, WEIGHTS)
def test_the_dot_product_identity(expression, v, w):
    f, inputs = last_results(expression), expression.inputs
    v = v[: len(inputs)]
    _, pushed = jvp(f, inputs, v)
    _, pullback = vjp(f, *inputs)
    pulled = pullback(w[: len(pushed)])
    left = math.fsum([a * b for a, b in zip(pushed, w, strict=False)])
    right = math.fsum([a * b for a, b in zip(v, pulled, strict=True)])
    condition = condition_of(expression, inputs, v, w)
    assert abs(left - right) <= 1e-13 * condition + 1e-300


@examples(100)
@given(expressions(max_inputs=3, max_steps=6))
def test_mixed_partials_commute(expression):
    report = check_grads(expression, expression.inputs, order=2)
    second = {entry.by: entry for entry in report if entry.order == 2}
    for (x, z), entry in second.items():
        other = second[z, x]
        if entry.bound is None or other.bound is None:
            continue
        allowed = 8.0 * (entry.bound + other.bound)
        for mode, value in entry.analytic.items():
            assert abs(value - other.analytic[mode]) <= allowed


# Other people's engines

FOREIGN = {
    # our row: (PyTorch's name, JAX's name in jax.numpy, or in jax.nn / jax.scipy.special)
    "add": ("add", "add"), "subtract": ("subtract", "subtract"),
    "multiply": ("multiply", "multiply"), "divide": ("divide", "divide"),
    "negative": ("negative", "negative"), "pow": ("pow", "power"),
    "square": ("square", "square"), "reciprocal": ("reciprocal", "reciprocal"),
    "sqrt": ("sqrt", "sqrt"), "exp": ("exp", "exp"), "exp2": ("exp2", "exp2"),
    "expm1": ("expm1", "expm1"), "log": ("log", "log"), "log2": ("log2", "log2"),
    "log10": ("log10", "log10"), "log1p": ("log1p", "log1p"),
    "logaddexp": ("logaddexp", "logaddexp"), "sin": ("sin", "sin"), "cos": ("cos", "cos"),
    "tan": ("tan", "tan"), "asin": ("asin", "arcsin"), "acos": ("acos", "arccos"),
    "atan": ("atan", "arctan"), "atan2": ("atan2", "arctan2"), "hypot": ("hypot", "hypot"),
    "sinh": ("sinh", "sinh"), "cosh": ("cosh", "cosh"), "tanh": ("tanh", "tanh"),
    "asinh": ("asinh", "arcsinh"), "acosh": ("acosh", "arccosh"), "atanh": ("atanh", "arctanh"),
    "abs": ("abs", "abs"), "maximum": ("maximum", "maximum"), "minimum": ("minimum", "minimum"),
    "sigmoid": ("sigmoid", "nn.sigmoid"), "relu": ("relu", "nn.relu"),
    "softplus": ("nn.functional.softplus", "nn.softplus"),
    "silu": ("nn.functional.silu", "nn.silu"), "erf": ("erf", "scipy.special.erf"),
    "erfc": ("erfc", "scipy.special.erfc"), "lgamma": ("lgamma", "scipy.special.gammaln"),
    "digamma": ("digamma", "scipy.special.digamma"), "floor": ("floor", "floor"),
    "sign": ("sign", "sign"), "sinc": ("sinc", "sinc"),
}  # fmt: skip


def found(module, path):
    for name in path.split("."):
        module = getattr(module, name)
    return module


def agree(expression, theirs):
    """Our gradient and theirs, within what their formulas may lose: 1e-9 of the paths' sizes."""
    inputs = expression.inputs
    ours = autograd.grad(expression, argnums=range(len(inputs)))(*inputs)
    for i, (a, b) in enumerate(zip(ours, theirs, strict=True)):
        direction = [float(k == i) for k in range(len(inputs))]
        size = condition_of(
            expression, inputs, direction, [0.0, 0.0, 1.0][-len_results(expression) :]
        )
        assert abs(a - b) <= 1e-9 * size + 1e-12


def len_results(expression):
    return min(3, len(expression.inputs) + len(expression.constants) + len(expression.steps))


@pytest.mark.filterwarnings("ignore")  # of PyTorch's own imports
@pytest.mark.parametrize("seed", range(2))
def test_against_pytorch(seed):
    torch = pytest.importorskip("torch")

    def replay(expression, inputs):
        results = [*inputs, *[torch.tensor(c, dtype=torch.float64) for c in expression.constants]]
        for step in expression.steps:
            f = found(torch, FOREIGN[step.row][0])
            results.append(f(*[results[i] for i in step.operands]))
        return results[-1]

    @examples(100)
    @given(expressions(rows=sorted(FOREIGN, reverse=bool(seed)), max_steps=10))
    def check(expression):
        inputs = [
            torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in expression.inputs
        ]
        replay(expression, inputs).backward()
        agree(expression, [0.0 if x.grad is None else x.grad.item() for x in inputs])

    check()


@pytest.mark.filterwarnings("ignore")  # of JAX's own imports
def test_against_jax():
    jax = pytest.importorskip("jax")

    def function(row):
        name = FOREIGN[row][1]
        return found(jax if "." in name else jax.numpy, name)

    def replay(expression):
        def f(*inputs):
            results = [*inputs, *expression.constants]
            for step in expression.steps:
                results.append(function(step.row)(*[results[i] for i in step.operands]))
            return results[-1] * 1.0

        return f

    double = getattr(jax, "enable_x64", None)  # a context; older ones have it elsewhere
    if double is None:
        from jax.experimental import enable_x64 as double

    @examples(8)
    @given(expressions(rows=sorted(FOREIGN), max_steps=6))
    def check(expression):
        with double(True):
            inputs = [jax.numpy.float64(x) for x in expression.inputs]
            theirs = jax.grad(replay(expression), argnums=tuple(range(len(inputs))))(*inputs)
        agree(expression, [float(d) for d in theirs])

    check()


# Cases that were found once


@pytest.mark.parametrize(("expression", "order"), [
    # the mean of equal numbers was off by a rounding, so their std had a gradient
    (Expression((3.6128222942352295,), (),
                (Step("asinh", (0,)), Step("asinh", (1,)), Step("std", (2, 2, 2)))), 1),
    # x ln z has the mixed derivative 1/z where x is 0, too
    (Expression((0.0, 2.0), (), (Step("xlogy", (0, 1)),)), 2),
    # x**p has the mixed derivative 1/x where p is 0
    (Expression((2.0,), (0.0,), (Step("pow", (0, 1)),)), 2),
    # an untaken branch with an infinite partial
    (Expression((0.0,), (), (Step("sin", (0,)), Step("add", (1, 1)), Step("atan", (2,)))), 2),
    (Expression((3.0,), (), (Step("less_equal", (0, 0)), Step("asin", (1,)))), 1),
])  # fmt: skip
def test_found_once(expression, order):
    check_grads(expression, expression.inputs, order=order)


# A machine that builds, changes, differentiates and copies, against a naive model

TestMachine = machine(Value).TestCase
TestMachine.settings = settings(
    max_examples=60, stateful_step_count=25, deadline=None, derandomize=True, database=None
)
