"""The strategies: numbers inside domains, whole expressions, small counterexamples."""

import dataclasses
import math

import pytest

pytest.importorskip("hypothesis")
pytest.importorskip("mpmath")

from hypothesis import HealthCheck, Phase, find, given, settings  # after the skips
from hypothesis import strategies as st

import autograd
from autograd import check_grads
from autograd.check import GradientError, strategies
from autograd.check.strategies import Expression, Step
from autograd.row import PYTHON

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


# Whole graphs


@FAST
@given(strategies.graphs(edges="include", min_steps=4))
def test_graphs_are_recorded_and_whole(graph):
    nodes = set(graph.nodes)
    assert set(graph.leaves[1:]) <= nodes  # the first may be all there is
    assert all(math.isfinite(y.data) for y in graph.outputs)
    assert len([node for node in graph.nodes if node.primitive is not None]) == len(graph)
    assert [y.data for y in graph.outputs] == graph(*graph.inputs)
    assert not any(leaf.constant for leaf in graph.leaves)
    assert len(set(graph.roots)) == len(graph.roots) == len(graph.outputs)


@FAST
@given(strategies.graphs(edges="include", labels=st.text()))
def test_the_source_records_the_graph_again(graph):
    names = {"autograd": autograd, "Value": autograd.Value}
    exec(graph.source, names)  # our own text: it is what a user pastes
    twins = autograd.Graph(*names["outputs"]).nodes
    assert [(n.data, n.label, n.primitive) for n in twins] == [
        (n.data, n.label, n.primitive) for n in graph.nodes
    ]
    assert [y.data for y in names["outputs"]] == [y.data for y in graph.outputs]


@pytest.mark.parametrize(("what", "there_is"), [
    ("several outputs", lambda g: len(g.outputs) > 2),
    ("an output below another", lambda g: any(y in g.outputs[0].parents for y in g.outputs[1:])),
    ("an output that is a leaf", lambda g: any(y.primitive is None for y in g.outputs)),
    ("a shared node", lambda g: len({p for n in g.nodes for p in n.parents})
        < sum(len(n.parents) for n in g.nodes)),
    ("a constant", lambda g: any(n.constant for n in g.nodes)),
    ("an n-ary node", lambda g: any(n.primitive and n.primitive.nary for n in g.nodes)),
])  # fmt: skip
def test_graphs_have(what, there_is):
    found = settings(FAST, max_examples=1000, phases=[Phase.generate])
    assert find(strategies.graphs(), there_is, settings=found), what


@FAST
@given(strategies.graphs(edges="include"))
def test_no_false_alarm_on_graphs(graph):
    check_grads(graph, graph.inputs)
    leaves = tuple(graph.leaves)
    assert [e.name for e in check_grads(graph, leaves)][: len(leaves)] == list(graph.labels)


# What Hypothesis prints when a property fails can be pasted


def failure(strategy, wrong):
    """The argument of a failing property as Hypothesis prints it."""

    @settings(FAST, max_examples=1000, phases=[Phase.generate, Phase.shrink])
    @given(strategy)
    def never(drawn):
        assert not wrong(drawn)

    with pytest.raises(AssertionError) as caught:
        never()
    told = "\n".join(caught.value.__notes__)
    return told.split("drawn=")[1].split("\n,")[0]


@pytest.mark.parametrize(("strategy", "lines"), [
    (strategies.expressions(), ["def f(x0):", "    a = autograd.tanh(x0)", "    return a",
                                "autograd.check_grads(f, (1.0,))"]),
    (strategies.graphs(), ["x0 = Value(1.0, label='x0')", "a = autograd.tanh(x0)",
                           "outputs = [a]"]),
])  # fmt: skip
def test_a_failure_prints_as_a_small_program(strategy, lines, monkeypatch):
    kept = autograd.table()["tanh"]
    wrong = dataclasses.replace(kept, partials=(lambda x, y: 1.0 - y,), c=PYTHON)
    monkeypatch.setattr(autograd, "tanh", wrong)

    def fails(drawn):
        if "tanh" not in str(drawn):
            return False
        try:
            exec(repr(drawn), {})  # our own text, which finds the planted row by its name
        except GradientError as error:
            return error.report.blame.primitive is wrong
        return False

    program = failure(strategy, fails)
    assert set(lines) <= set(program.splitlines()), program
    with pytest.raises(GradientError):
        exec(program, {})


def test_rows_by_name_and_edges_that_are_not_there():
    chosen = strategies.operations(["tanh", "exp"], without=["exp"])
    assert [row.name for row in chosen] == ["tanh"]
    with pytest.raises(KeyError, match="no primitive is named 'tahn'"):
        strategies.operations(["tahn"])
    with pytest.raises(ValueError, match="edges is 'sharp': choose from"):
        find(strategies.expressions(edges="sharp"), lambda _: True)
