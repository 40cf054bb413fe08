"""The strategies: numbers inside domains, whole expressions, small counterexamples."""

import math

import pytest

pytest.importorskip("hypothesis")
pytest.importorskip("mpmath")

from hypothesis import HealthCheck, find, given, settings  # after the skips
from hypothesis import strategies as st

import autograd
from autograd import check_grads
from autograd.check import strategies
from autograd.check.strategies import Expression, Step

ROWS = st.sampled_from(list(autograd.table().values()))
FAST = settings(max_examples=100, deadline=None, derandomize=True, database=None,
                suppress_health_check=[HealthCheck.too_slow])  # fmt: skip


@FAST
@given(st.data(), ROWS)
def test_floats_lie_in_the_domain_away_from_its_edges(data, row):
    argument = data.draw(st.integers(0, (row.arity or 1) - 1))
    x = data.draw(strategies.floats(row, argument))
    domain = row.domain[argument]
    assert x in domain
    assert all(x != edge for edge in domain.edges)


@FAST
@given(st.data())
def test_floats_exactly_at_edges(data):
    assert data.draw(strategies.floats("relu", edges="only")) == 0.0
    assert data.draw(strategies.floats("asin", edges="only")) in (-1.0, 0.0, 1.0)
    assert data.draw(strategies.floats("log", edges="include")) > 0.0


def test_edges_are_visited_when_included():
    assert find(strategies.floats("abs", edges="include"), lambda x: x == 0.0) == 0.0


@pytest.mark.parametrize(("arguments", "error", "message"), [
    (("relu", 0, "near"), ValueError, "choose from"),
    (("exp", 0, "only"), ValueError, "no edges"),
    (("no_such_row",), KeyError, "no primitive"),
])  # fmt: skip
def test_wrong_choices_are_refused(arguments, error, message):
    with pytest.raises(error, match=message):
        strategies.floats(*arguments)


@FAST
@given(strategies.expressions(max_steps=12))
def test_expressions_are_defined_at_their_inputs(expression):
    assert math.isfinite(expression(*expression.inputs))
    assert 1 <= len(expression) <= 12


@FAST
@given(strategies.expressions(rows=["add", "tanh"], max_depth=2, max_inputs=1))
def test_size_depth_and_operations_can_be_chosen(expression):
    assert expression.depth <= 2
    assert {step.row for step in expression.steps} <= {"add", "tanh"}
    assert len(expression.inputs) == 1


@FAST
@given(strategies.expressions(max_steps=12))
def test_every_step_counts(expression):
    graph = autograd.Graph(expression(*[autograd.Value(x) for x in expression.inputs]))
    made = [node for node in graph if node.primitive is not None]
    assert len(made) == len(expression)


@FAST
@given(strategies.expressions(max_steps=12, edges="include"))
def test_the_source_is_the_expression(expression):
    names = {"autograd": autograd}
    exec(expression.source, names)  # our own text: it is what a user pastes
    inputs = expression.inputs
    assert names["f"](*inputs) == expression(*inputs)
    calls = []
    source = repr(expression).replace("autograd.check_grads", "repeat")
    exec(source, {"repeat": lambda f, at: calls.append(at)})
    assert calls == [inputs]


def test_shared_nodes_are_drawn():
    shared = find(
        strategies.expressions(rows=["tanh", "multiply"]),
        lambda e: any(
            len(set(s.operands)) < len(s.operands) and min(s.operands) >= len(e.inputs)
            for s in e.steps
        ),
    )
    assert len(shared) <= 3


def test_a_failure_shrinks_to_the_operation_that_fails():
    smallest = find(
        strategies.expressions(), lambda e: any(s.row == "sin" for s in e.steps),
        settings=settings(max_examples=2000, derandomize=True, database=None, deadline=None),
    )  # fmt: skip
    assert [s.row for s in smallest.steps] == ["sin"]
    assert smallest.inputs == (0.0,)


def test_printing():
    e = Expression((2.0, -1.0), (0.5,), (Step("sum", (0, 1, 2)), Step("maximum", (3, 3))))
    assert e.source.splitlines() == [
        "def f(x0, x1):",
        "    a = autograd.table()['sum'](x0, x1, 0.5)",
        "    b = autograd.maximum(a, a)",
        "    return b",
    ]
    assert "autograd.check_grads(f, (2.0, -1.0))" in repr(e)
    assert e.depth == 2


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(strategies.expressions(edges="include"))
def test_no_false_alarm_edges_included(expression):
    check_grads(expression, expression.inputs)
