"""The reverse traversal, against forward mode, finite differences and mpmath."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from programs import bits, everything, inputs, numbers, steps

import autograd as ag
from autograd import Value
from autograd.engine import cotangents, itself, number_of


def gradient(f: Any, xs: list[float]) -> list[float]:
    leaves = [Value(x) for x in xs]
    y = f(leaves)
    y.backward()
    return [leaf.grad for leaf in leaves]


@given(steps, inputs)
def test_reverse_is_forward(program: Any, xs: list[float]) -> None:
    """A gradient's entries are the derivatives along the axes."""
    reverse = gradient(lambda v: everything(program, v), xs)
    for i in range(len(xs)):
        tangent = [1.0 if j == i else 0.0 for j in range(len(xs))]
        forward = ag.jvp(lambda *v: everything(program, v), xs, tangent)[1]
        assert reverse[i] == pytest.approx(forward, rel=1e-11, abs=1e-11)


@given(steps, inputs)
def test_reverse_is_what_finite_differences_say(program: Any, xs: list[float]) -> None:
    """Central differences with one Richardson step, on plain floats."""
    reverse = gradient(lambda v: everything(program, v), xs)
    for i, x in enumerate(xs):

        def difference(h: float, i: int = i, x: float = x) -> float:
            up, down = (everything(program, [*xs[:i], x + s, *xs[i + 1 :]]) for s in (h, -h))
            return float(up - down) / (2.0 * h)

        h = 2.0**-11
        estimate = (4.0 * difference(h / 2) - difference(h)) / 3.0
        assert reverse[i] == pytest.approx(estimate, rel=1e-6, abs=1e-6)


@given(steps, inputs, st.floats(-3.0, 3.0))
def test_the_cotangent_is_a_factor(program: Any, xs: list[float], factor: float) -> None:
    leaves = [Value(x) for x in xs]
    y = everything(program, leaves)
    once = cotangents([(y, 1.0)])
    scaled = cotangents([(y, factor)])
    for leaf in leaves:
        assert scaled[leaf] == pytest.approx(factor * once[leaf], rel=1e-12, abs=1e-12)
    y.backward(factor)
    assert [leaf.grad for leaf in leaves] == [scaled[leaf] for leaf in leaves]


@given(steps, inputs)
def test_floats_and_nodes_give_the_same_numbers(program: Any, xs: list[float]) -> None:
    """The traversal is one: lifted to nodes it gives a graph of the same gradient."""
    leaves = [Value(x) for x in xs]
    y = everything(program, leaves)
    plain = cotangents([(y, 1.0)], lift=number_of)
    nodes = cotangents([(y, 1.0)], lift=itself)
    assert {n: bits(float(ag.stop_gradient(s).data) if isinstance(s, Value) else s)
            for n, s in nodes.items()} == {n: bits(s) for n, s in plain.items()}  # fmt: skip


@given(steps, inputs)
def test_only_the_wanted_are_given(program: Any, xs: list[float]) -> None:
    """With `wrt`, nodes off its paths are not in the result and cost nothing."""
    leaves = [Value(x) for x in xs]
    y = everything(program, leaves)
    full = cotangents([(y, 1.0)])
    for leaf in leaves:
        some = cotangents([(y, 1.0)], [leaf])
        assert bits(some[leaf]) == bits(full[leaf])
        assert not (set(leaves) - {leaf}) & set(some)


def test_wrt_an_interior_node() -> None:
    x = Value(3.0)
    y = x * x
    z = y * y + x
    assert cotangents([(z, 1.0)], [y])[y] == 18.0
    assert x not in cotangents([(z, 1.0)], [y])


def test_several_seeds_add() -> None:
    x = Value(3.0)
    y, z = x * x, x * 4.0
    assert cotangents([(y, 1.0), (z, 10.0), (y, 1.0)])[x] == 52.0
    assert cotangents([(x, 2.0)]) == {x: 2.0}


def test_a_leaf_a_constant_and_a_graph_without_variables() -> None:
    x = Value(2.0)
    x.backward()
    x.backward(3.0)
    assert x.grad == 4.0
    c = ag.constant(2.0)
    for nothing in (c, c * 3.0, ag.sum([c, 1.0]), x.detach()):
        with pytest.raises(RuntimeError, match="depends on no variable"):
            nothing.backward()
        assert not nothing.reached
        assert not c.reached
    with ag.no_grad():
        y = x * x
    with pytest.raises(RuntimeError, match="no_grad"):
        y.backward()


@pytest.mark.parametrize("seed", [math.inf, -math.inf, math.nan, 0.0, 5e-324])
def test_any_cotangent_is_taken(seed: float) -> None:
    x = Value(2.0)
    (x * 3.0).backward(seed)
    assert bits(x.grad) == bits(3.0 * seed)


def test_not_selected_receives_nothing() -> None:
    """R5: no 0 is multiplied for a branch that was not taken, so none turns NaN."""
    for branch in (ag.sqrt, ag.log, lambda x: 1.0 / x, lambda x: x**0.5):
        x = Value(0.0)
        y = ag.where(x > 0.0, branch(x), x * 2.0)
        y.backward()
        assert x.grad == 2.0
    x, z = Value(0.0), Value(1.0)
    y = ag.max([ag.sqrt(x) - 5.0, z])
    y.backward()
    assert (x.reached, z.grad) == (False, 1.0)


def test_a_constant_exponent_has_no_partial() -> None:
    """x**3 at a negative x asks for no logarithm, in any order."""
    f = ag.grad(ag.grad(ag.grad(lambda x: x**3)))
    assert f(-2.0) == 6.0
    with ag.strict():
        x = Value(-2.0)
        (x**3).backward()
        assert x.grad == 12.0


@given(numbers, st.integers(1, 40))
def test_a_node_used_many_times(x: float, times: int) -> None:
    """Every use adds; the order is that of the uses, from the last."""
    v = Value(x)
    y = v * 0.5
    z = ag.sum([y * float(k) for k in range(times)])
    z.backward()
    total = 0.0
    for k in reversed(range(times)):
        total += float(k)
    assert y.grad == total


@given(steps, inputs)
def test_the_graph_is_not_changed(program: Any, xs: list[float]) -> None:
    """Backward writes gradients and nothing else."""
    leaves = [Value(x) for x in xs]
    y = everything(program, leaves)
    before = [(n, n.data, n.parents, n.primitive, n.label) for n in ag.Graph(y)]
    y.backward()
    assert [(n, n.data, n.parents, n.primitive, n.label) for n in ag.Graph(y)] == before


def test_second_order_through_backward_and_grad_agree() -> None:
    """grad of a Value stays in the graph: it can be differentiated by backward."""
    x = Value(0.7)
    slope = ag.grad(lambda v: ag.tanh(v * v))(x)
    assert isinstance(slope, Value)
    slope.backward()
    assert x.grad == pytest.approx(ag.derivative(lambda v: ag.tanh(v * v), 2)(0.7), rel=1e-13)


def test_a_stale_graph_says_which_leaf_and_which_use() -> None:
    for label, name in (("w", "the leaf 'w'"), ("", "a leaf")):
        w = Value(2.0, label=label)
        y = ag.tanh(w) + 1.0
        w.data = 3.0
        with pytest.raises(RuntimeError) as caught:
            y.backward()
        assert str(caught.value) == (
            f"{name} was assigned (its data is 3.0 now) after 'tanh' had used it, so the recorded"
            " graph no longer fits: compute the output again, then differentiate"
        )


def test_strict_names_the_argument_that_a_derivative_overflows_for() -> None:
    with ag.strict(), pytest.raises(FloatingPointError, match=r"multiply.*back to argument 1"):
        ((Value(1e200) * Value(1e-300)) * Value(1e200)).backward()
