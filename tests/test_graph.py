"""Walking graphs: order, edges, scopes, what depends on what, the first that is not finite."""

from __future__ import annotations

import math
import random
from typing import Any

from hypothesis import given
from programs import everything, inputs, steps

import autograd as ag
from autograd import Graph, Value, first_nonfinite, topological_order


@given(steps, inputs)
def test_parents_come_before_children(program: Any, xs: list[float]) -> None:
    leaves = [Value(x) for x in xs]
    y = everything(program, leaves)
    order = topological_order(y)
    place = {node: i for i, node in enumerate(order)}
    assert len(place) == len(order)
    assert order[-1] is y
    for node in order:
        assert all(place[parent] < place[node] for parent in node.parents)
    made = [node.primitive is not None for node in order]
    assert made == sorted(made), "leaves come first"


@given(steps, inputs)
def test_the_order_does_not_depend_on_where_one_starts(program: Any, xs: list[float]) -> None:
    leaves = [Value(x) for x in xs]
    y = everything(program, leaves)
    order = topological_order(y)
    shuffled = list(order)
    random.Random(0).shuffle(shuffled)
    assert all(a is b for a, b in zip(topological_order(*shuffled), order, strict=True))


def test_a_leaf_made_after_its_cousin_still_comes_first() -> None:
    x = Value(1.0)
    y = x * 2.0
    late = Value(3.0)
    late.data = 4.0
    z = y * late
    assert [n.data for n in topological_order(z)] == [1.0, 2.0, 4.0, 2.0, 8.0]


def test_since_cuts_off_what_is_older() -> None:
    x = Value(1.0)
    y = x * 2.0
    z = Value(5.0)
    w = y * z
    cut = topological_order(w, since=z._serial)
    assert x not in cut
    assert {y, z, w} == set(cut)


def test_graph() -> None:
    x, z = Value(3.0, label="x"), Value(4.0)
    y = x * x + z * 2.0
    graph = Graph(y)
    assert len(graph) == 6
    assert list(graph) == graph.nodes
    assert graph.roots == (y,)
    assert [n.data for n in graph.leaves] == [3.0, 4.0, 2.0]
    assert [n.data for n in graph.constants] == [2.0]
    edges = list(graph.edges())
    assert len(edges) == 6
    assert [e.position for e in edges if e.parent is x] == [0, 1]
    assert all(e.child.parents[e.position] is e.parent for e in edges)


@given(steps, inputs)
def test_every_use_is_an_edge(program: Any, xs: list[float]) -> None:
    y = everything(program, [Value(x) for x in xs])
    graph = Graph(y)
    assert len(list(graph.edges())) == sum(len(node.parents) for node in graph)


@given(steps, inputs)
def test_dependents_are_what_a_change_reaches(program: Any, xs: list[float]) -> None:
    leaves = [Value(x) for x in xs]
    graph = Graph(everything(program, leaves))
    for leaf in leaves:
        reached = graph.dependents([leaf])
        below = {node for node in graph if leaf in set(topological_order(node))}
        assert reached == below | {leaf}


def test_walking_gives_the_same_object_for_the_same_node() -> None:
    x = Value(2.0)
    y = ag.tanh(x * x) + 1.0
    assert y.parents[0] is y.parents[0]
    assert y.parents[0].parents[0] is y.parents[0].parents[0]
    assert y.parents[0].parents[0].parents[0] is x
    kept = y.parents[0]
    kept.label = "kept"
    assert y.parents[0].label == "kept"
    assert {id(n) for n in Graph(y)} == {id(n) for n in Graph(y).nodes} or len(Graph(y)) == 5


def test_scopes() -> None:
    x = Value(2.0)
    with ag.scope("layer"):
        y = x * x
        with ag.scope("neuron"):
            z = y + y
    w = z - y
    scopes = Graph(w).scopes()
    assert {k: [n.data for n in v] for k, v in scopes.items()} == {
        (): [2.0, 4.0],
        ("layer",): [4.0],
        ("layer", "neuron"): [8.0],
    }


def test_first_nonfinite() -> None:
    x = Value(0.0)
    with ag.lines():
        a = x * 2.0
        b = ag.log(a)
        c = b - b
    assert first_nonfinite(a) is None
    found = first_nonfinite(c * 3.0)
    assert found is b
    assert found.place is not None
    assert found.place.filename == __file__
    assert found.place.line is not None
    assert first_nonfinite(Value(math.inf)) is None, "an input's own infinity is no fault"
    assert first_nonfinite(Value(math.inf) * 2.0) is None
    nan = Value(math.inf) - Value(math.inf)
    assert first_nonfinite(nan * 2.0) is nan
