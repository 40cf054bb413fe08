"""A Value by itself: making, assigning, showing, comparing, copying, pickling."""

from __future__ import annotations

import copy
import math
import operator
import pickle
import subprocess
import sys
import weakref
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from programs import any_float, bits, everything, inputs, steps

import autograd as ag
from autograd import Value
from autograd.engine import assign, clear_grads, data_of, grads_of


@given(any_float)
def test_data_is_the_float_that_was_given(x: float) -> None:
    assert bits(Value(x).data) == bits(x)
    assert type(Value(x).data) is float


@given(st.one_of(st.integers(-(10**300), 10**300), st.fractions()))
def test_real_numbers_become_the_nearest_float(x: Any) -> None:
    assert Value(x).data == float(x)
    assert type(Value(x).data) is float


def test_a_new_leaf() -> None:
    x = Value(2, label="x")
    assert (x.data, x.grad, x.label, x.parents, x.primitive) == (2.0, 0.0, "x", (), None)
    assert not x.reached
    assert not x.constant
    assert x.place is None
    assert x.scope == ()
    assert (x._prev, x._op, x.primal, x.item()) == ((), "", 2.0, 2.0)
    assert repr(x) == "Value(data=2.0, grad=0.0, label='x')"


def test_a_subclass_is_a_value_like_any_other() -> None:
    class Weight(Value):
        pass

    w = Weight(3.0)
    y = ag.tanh(w * 2.0) + ag.sum([w, 1.0]) + 1.0 / w
    y.backward()
    assert w.grad == pytest.approx(ag.grad(lambda w: ag.tanh(w * 2.0) + w + 1.0 + 1.0 / w)(3.0))


def test_assigning_a_leaf() -> None:
    x = Value(2.0)
    (x * x).backward()
    x.data -= 0.1 * x.grad
    x.grad = 0
    assert (x.data, x.grad) == (2.0 - 0.1 * 4.0, 0.0)
    x.grad = None
    assert not x.reached
    assert x.grad == 0.0
    (x * x).backward()
    assert x.grad == 2.0 * x.data


def test_the_data_of_an_interior_node_is_not_assigned() -> None:
    """A graph may never use data that changed after it was recorded."""
    x = Value(2.0)
    y = x * x
    with pytest.raises(AttributeError, match="multiply"):
        y.data = 3.0
    with pytest.raises(AttributeError, match="multiply"):
        y.data += 3.0
    assert y.data == 4.0


@given(st.integers(0, 2), st.booleans())
def test_a_leaf_that_changed_is_an_error_and_never_a_wrong_gradient(which: int, same: bool) -> None:
    """A graph may never use data that changed: the error names the leaf, no gradient moves."""
    leaves = [Value(2.0, label="a"), Value(3.0, label="b"), Value(4.0, label="c")]
    a, b, c = leaves
    y = ag.tanh(a * b) * c + a
    y.backward()
    before = [v.grad for v in [*leaves, y]]
    leaves[which].data = leaves[which].data if same else 9.0
    for lost in (y, y * 2.0, copy.copy(y), copy.deepcopy(y)):
        with pytest.raises(RuntimeError, match=repr(leaves[which].label)):
            lost.backward()
    assert [v.grad for v in [*leaves, y]] == before
    again = ag.tanh(a * b) * c + a
    again.backward()


def test_an_assigned_constant_counts_too() -> None:
    x, c = Value(2.0), Value(3.0).detach()
    y = x * c
    c.data = 5.0
    with pytest.raises(RuntimeError, match="assigned"):
        y.backward()
    assert not x.reached


def test_detach_and_item() -> None:
    x = Value(3.0)
    d = (x * x).detach()
    assert (d.data, d.parents, d.constant) == (9.0, (), True)
    y = x * d
    y.backward()
    assert (x.grad, d.grad, d.reached) == (9.0, 0.0, False)
    assert (x * x).item() == 9.0


# Comparing


@given(any_float, any_float)
def test_comparisons_are_by_value_and_give_a_bool(x: float, z: float) -> None:
    for compare in (
        lambda a, b: a < b, lambda a, b: a <= b, lambda a, b: a > b,
        lambda a, b: a >= b, lambda a, b: a == b, lambda a, b: a != b,
    ):  # fmt: skip
        for a, b in ((Value(x), Value(z)), (Value(x), z), (x, Value(z))):
            assert compare(a, b) is compare(x, z)
    assert bool(Value(x)) is bool(x)


def test_comparing_with_other_things() -> None:
    x = Value(2.0)
    assert x == 2
    assert x == Fraction(2)
    assert x != "2.0"
    assert x is not None
    assert (x == "2.0") is False
    assert (x != None) is True  # noqa: E711  # the operator is what is tested
    with pytest.raises(TypeError):
        x < "3"  # noqa: B015  # raising is what is tested
    assert max(Value(1.0), Value(3.0), 2.0).data == 3.0
    assert [v.data for v in sorted([Value(3.0), Value(1.0), Value(2.0)])] == [1.0, 2.0, 3.0]


def test_hash_is_by_identity() -> None:
    """Values are keys of dicts and members of sets, equal numbers told apart."""
    x, z = Value(1.0), Value(1.0)
    assert x == z
    assert len({x, z}) == 2
    assert {x: "x", z: "z"}[x] == "x"
    before = hash(x)
    x.data = 5.0
    assert hash(x) == before
    assert x in {x}


def test_weak_references() -> None:
    x = Value(1.0)
    w = weakref.ref(x)
    assert w() is x
    del x
    assert w() is None


# Showing


def test_showing() -> None:
    x = Value(1234.5678, label="rate")
    assert f"{x:.2f}" == "1234.57"
    assert f"{x:>10.1f}" == "    1234.6"
    assert f"{x}" == str(x) == repr(x) == "Value(data=1234.5678, grad=0.0, label='rate')"
    with pytest.raises(ValueError):
        f"{x:nonsense}"


# Methods


GRAPHS_OWN = {
    "backward", "constant", "grad", "label", "parents", "place", "primitive", "reached", "scope",
}  # fmt: skip


def test_methods_are_those_of_duals_too() -> None:
    """What a function may call on a Value it may call on what the transforms pass."""
    public = {name for name in dir(Value) if not name.startswith("_")} - GRAPHS_OWN
    arguments = {"clip": (0.1, 0.9), **dict.fromkeys(["pow", "maximum", "minimum"], (0.3,))}
    arguments |= dict.fromkeys(["hypot", "arctan2"], (0.3,))
    assert {"tanh", "relu", "exp", "arcsinh", "rint", "item", "detach", "data"} <= public
    for name in sorted(public - {"data", "primal"}):
        more = arguments.get(name, ())
        x = 1.5 if name in ("acosh", "arccosh") else 0.7
        value = getattr(Value(x), name)(*more)
        number = value.data if isinstance(value, Value) else value
        primal, _ = ag.jvp(lambda d, name=name, more=more: getattr(d, name)(*more), (x,), (1.0,))
        assert bits(primal) == bits(number), name


@pytest.mark.parametrize("name", [n for n, p in ag.table().items() if hasattr(Value, n)])
def test_methods_record_their_row(name: str) -> None:
    """x.tanh() is autograd.tanh(x): the same row, bits and parents."""
    primitive = ag.table()[name]
    more = {1: (), 2: (0.3,), 3: (0.1, 0.9)}[primitive.arity or 1]
    x = Value(1.5)
    y = getattr(x, name)(*more)
    assert y.primitive is primitive
    assert y.parents[0] is x
    assert bits(y.data) == bits(primitive(1.5, *more))
    assert getattr(Value, name).__doc__


def test_every_row_of_one_argument_that_is_usual_is_a_method() -> None:
    usual = [
        "abs",
        "exp",
        "log",
        "sqrt",
        "sin",
        "cos",
        "tanh",
        "sigmoid",
        "relu",
        "floor",
        "square",
    ]
    assert all(callable(getattr(Value, name)) for name in usual)


# Copying and pickling


@given(steps, inputs)
def test_deepcopy_gives_a_graph_of_its_own(program: Any, xs: list[float]) -> None:
    """A graph may never copy wrong: the copy has the same gradients, on leaves of its own."""
    leaves = [Value(x, label=f"x{i}") for i, x in enumerate(xs)]
    y = everything(program, leaves)
    y.backward()
    twins, twin = copy.deepcopy((leaves, y))
    assert [(t.data, t.grad, t.label) for t in twins] == [(v.data, v.grad, v.label) for v in leaves]
    assert len(ag.Graph(twin)) == len(ag.Graph(y))
    assert not set(ag.Graph(twin)) & set(ag.Graph(y))
    before = [v.grad for v in leaves]
    twin.backward()
    assert [t.grad for t in twins] == [2.0 * g for g in before]
    assert [v.grad for v in leaves] == before


def test_deepcopy_keeps_what_is_shared() -> None:
    """Leaves in a list next to the graphs that use them stay the same objects."""
    a, b = Value(2.0), Value(3.0)
    model = {"params": [a, b], "losses": [a * b, a + b], "same": a}
    twin = copy.deepcopy(model)
    ta, tb = twin["params"]
    assert twin["same"] is ta
    assert ta is not a
    for loss in twin["losses"]:
        loss.backward()
    assert (ta.grad, tb.grad, a.grad, b.grad) == (4.0, 3.0, 0.0, 0.0)


def test_copying_does_not_look_at_the_mode() -> None:
    x = Value(0.0)
    y = ag.log(x) * 2.0
    with ag.no_grad(), ag.strict(), ag.scope("copying"):
        twins = [copy.copy(y), copy.deepcopy(y)]
    for twin in twins:
        assert len(twin.parents) == 2
        assert twin.scope == ()
        assert twin.data == y.data
    twins[0].backward()
    assert x.grad == float("inf")


def test_a_shallow_copy_shares_its_parents() -> None:
    x = Value(3.0)
    y = copy.copy(x * x)
    y.backward()
    assert x.grad == 6.0
    leaf = copy.copy(x)
    leaf.data = 1.0
    assert (x.data, leaf.grad) == (3.0, 6.0)


@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_leaves_are_pickled(protocol: int) -> None:
    x = Value(2.5, label="w")
    (x * x).backward()
    c = ag.constant(1.0)
    twins = pickle.loads(pickle.dumps([x, x, c, Value(1.0)], protocol))
    assert twins[0] is twins[1]
    assert (twins[0].data, twins[0].grad, twins[0].label) == (2.5, 5.0, "w")
    assert twins[2].constant
    assert not twins[0].constant
    assert twins[0].reached
    assert not twins[3].reached


def test_interior_nodes_refuse_to_be_pickled() -> None:
    """A graph may never copy wrong: what can't be pickled right refuses by name."""
    x = Value(2.5)
    for node in (x * x, ag.tanh(x), ag.sum([x, x])):
        with pytest.raises(TypeError, match=node.primitive.name):
            pickle.dumps(node)


def test_leaves_travel_to_another_process(tmp_path: Any) -> None:
    path = tmp_path / "leaf"
    path.write_bytes(pickle.dumps({"w": Value(2.5, label="w")}))
    code = "import pickle, sys; print(pickle.load(open(sys.argv[1], 'rb'))['w'])"
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True
    )
    assert done.stdout == "Value(data=2.5, grad=0.0, label='w')\n"


def test_repr_names_what_has_a_name() -> None:
    assert repr(Value(2.0)) == "Value(data=2.0, grad=0.0)"
    assert repr(Value(2.0, label="a")) == "Value(data=2.0, grad=0.0, label='a')"


def test_a_foreign_operator_that_declines_is_a_type_error() -> None:
    class Foreign:
        """Has every operator, and none for a Value."""

        def _declines(self, other: object) -> object:
            return NotImplemented

        __add__ = __sub__ = __mul__ = __truediv__ = __floordiv__ = __mod__ = __pow__ = _declines
        __radd__ = __rsub__ = __rmul__ = __rtruediv__ = __rfloordiv__ = __rmod__ = __rpow__ = (
            _declines
        )

    operators = [operator.add, operator.sub, operator.mul, operator.truediv, operator.floordiv]
    for apply in (*operators, operator.mod, operator.pow):
        for pair in ((Foreign(), Value(2.0)), (Value(2.0), Foreign())):
            with pytest.raises(TypeError, match="unsupported operand"):
                apply(*pair)


@pytest.mark.parametrize(
    ("apply", "name"),
    [
        (operator.pos, "positive"),
        (operator.neg, "negative"),
        (abs, "abs"),
        (round, "round"),
        (math.floor, "floor"),
        (math.ceil, "ceil"),
        (math.trunc, "trunc"),
    ],
)
def test_pythons_functions_record_their_row(apply: Any, name: str) -> None:
    x = Value(-2.5)
    y = apply(x)
    assert y.primitive is ag.table()[name]
    assert len(y.parents) == 1
    assert y.parents[0] is x
    assert y.data == ag.table()[name](-2.5)


def test_a_copy_is_constant_and_placed_as_its_original() -> None:
    with ag.scope("here"):
        x = Value(2.0)
        y = x * 3.0
    for twin in (copy.copy(y), copy.deepcopy(y)):
        assert twin.scope == y.scope == ("here",)
        assert [p.constant for p in twin.parents] == [False, True]
    assert copy.copy(y.parents[1]).constant is True
    assert copy.copy(x).constant is False


def test_many_leaves_at_a_time() -> None:
    leaves = [Value(1.0), Value(2.0), Value(3.0)]
    (leaves[0] * leaves[2]).backward()
    assert list(data_of(leaves)) == [1.0, 2.0, 3.0]
    assert list(grads_of(leaves)) == [3.0, 0.0, 1.0]
    assign(leaves, [4.0, 5.0, 6.0])
    assert [leaf.data for leaf in leaves] == [4.0, 5.0, 6.0]
    clear_grads(leaves)
    assert [leaf.reached for leaf in leaves] == [False, False, False]
    assert list(grads_of(leaves)) == [0.0, 0.0, 0.0]
    for wrong in ([1.0, 2.0], [1.0, 2.0, 3.0, 4.0]):
        with pytest.raises(ValueError):
            assign(leaves, wrong)


class Measured(Value):
    """A leaf with a unit."""

    unit = ""


def test_leaves_of_a_subclass_are_pickled_with_what_they_hold() -> None:
    x = Measured(2.0, label="x")
    x.unit = "m"
    x.grad = 3.0
    twin = pickle.loads(pickle.dumps(x))
    assert type(twin) is Measured
    assert (twin.data, twin.grad, twin.label, twin.unit) == (2.0, 3.0, "x", "m")
