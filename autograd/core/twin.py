"""The compiled twin of autograd/value.py and autograd/reverse.py.

The C does what happens for every node; here is what happens seldom. Importing
it raises ImportError where the core was not built or can't run.
"""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy
from operator import attrgetter, index
from typing import TYPE_CHECKING, Any, NoReturn

from autograd import modes, primitives, reverse, subclasses
from autograd.core import _core
from autograd.graph import topological_order
from autograd.reverse import Lift, itself, number_of
from autograd.row import Primitive

if TYPE_CHECKING:
    from autograd.row import spread
    from autograd.value import Value, assign, clear_grads, constant, data_of, grads_of
else:
    Value, constant, spread = _core.Value, _core.constant, _core.spread
    assign, clear_grads = _core.assign, _core.clear_grads
    data_of, grads_of = _core.data_of, _core.grads_of

adam, sgd, first_nonfinite = _core.adam, _core.sgd, _core.first_nonfinite
"""The arithmetic of nn's optimizers: from lists or arrays of floats to arrays."""

neurons = _core.neurons
"""neurons(weights, inputs, starts, activation, places): what nn's loop over a layer's neurons
records, as one call; None where Python must go through them."""

__all__ = [
    "Value",
    "adam",
    "assign",
    "below",
    "call_row",
    "clear_grads",
    "constant",
    "cotangents",
    "data_of",
    "first_nonfinite",
    "gradients",
    "grads_of",
    "itself",
    "neurons",
    "number_of",
    "sgd",
    "spread",
]

call_row = _core.caller(Primitive.__call__)
"""Primitive.__call__ for this engine: floats, ints and Values without Python in between."""


def cotangents(
    seeds: Iterable[tuple[Value, Any]],
    wrt: Iterable[Value] | None = None,
    lift: Lift = number_of,
    order: list[Value] | None = None,
) -> dict[Value, Any]:
    """The cotangent of every node on a path from `wrt` to the seeded outputs.

    As autograd.reverse.cotangents, which does what is not plain floats.
    """
    seeds = list(seeds)
    wanted = None if wrt is None else list(wrt)
    if lift is number_of or lift is itself:
        outputs = [output for output, _ in seeds]
        factors = [seed for _, seed in seeds]
        sums = _core.cotangents(outputs, factors, wanted, lift is itself, False)
        if sums is not None:
            return sums  # type: ignore[no-any-return]  # C has no types here
    return reverse.cotangents(seeds, wanted, lift, order)


def below(outputs: list[Value], leaves: list[Value]) -> tuple[list[Value] | None, bool]:
    """As autograd.reverse.below, without the list."""
    return None, _core.linked(outputs, leaves)


def gradients(
    seeds: list[tuple[Value, Any]], leaves: list[Value], lift: Lift, order: list[Value] | None
) -> list[Any]:
    """As autograd.reverse.gradients."""
    outputs = [output for output, _ in seeds]
    factors = [seed for _, seed in seeds]
    sums = _core.cotangents(outputs, factors, leaves, lift is itself, True)
    if sums is not None:
        return sums  # type: ignore[no-any-return]  # C has no types here
    order, _ = reverse.below(outputs, leaves)
    return reverse.gradients(seeds, leaves, lift, order)


# What the C calls


def record_in_mode(mode: modes.Mode, node: Value) -> Value:
    """What a mode asks for, done to a node just made."""
    if mode.strict:
        modes.refuse_nonfinite(_primitive(node), node.parents, node.data)
    if not mode.record:
        return constant(node.data)
    node.place = modes.place_for(mode)
    return node


def place_leaf(mode: modes.Mode, leaf: Value) -> None:
    """Note where a leaf is made, if the mode asks for it."""
    leaf.place = modes.place_for(mode)


def copy(node: Value) -> Value:
    """`copy.copy` of a node."""
    twin = _core.twin(node, node.parents)
    subclasses.restore(twin, subclasses.state(node, Value))
    return twin  # type: ignore[no-any-return]


def deep_copy(root: Value, memo: dict[int, Any]) -> Value:
    """`copy.deepcopy` of the graph below a node."""
    subclassed = []
    for node in topological_order(root):
        if id(node) not in memo:
            memo[id(node)] = _core.twin(node, tuple([memo[id(parent)] for parent in node.parents]))
            if type(node) is not Value:
                subclassed.append(node)
    for node in subclassed:
        state = subclasses.state(node, Value)
        subclasses.restore(memo[id(node)], deepcopy(state, memo))
    return memo[id(root)]  # type: ignore[no-any-return]


def reduced(node: Value) -> tuple[Any, ...]:
    """What pickle keeps of a leaf."""
    if node.primitive is not None:
        raise TypeError(
            f"can't pickle a node made by {node.primitive.name!r} (data={node.data!r}):"
            " its graph would part from the leaves it shares with other objects; pickle the"
            " leaves and compute again, or use copy.deepcopy"
        )
    from autograd.engine import leaf  # the same function for both engines, above them

    made = (node.data, node._grad, node.constant, node.label)
    if type(node) is Value:
        return (leaf, made)
    return (leaf, (*made, type(node)), subclasses.state(node, Value))


def leaves_the_graph(node: Value) -> NoReturn:
    """Refuse to make a plain number of a node."""
    raise TypeError(
        f"{node!r} can't become a plain number without leaving the graph: use autograd's"
        " function (autograd.exp(x) for math.exp(x)), or x.data if you want just the number"
    )


def refuse_arguments(name: str, args: tuple[Any, ...], options: dict[str, Any] | None) -> NoReturn:
    """Refuse arguments that a function or method doesn't take: its pure twin words the error."""
    from autograd import value

    attrgetter(name)(value)(*args, **(options or {}))
    raise SystemError(f"{name} of the compiled core refuses what the pure engine takes: {args!r}")


def refuse_children(children: Any, op: Any) -> NoReturn:
    """Refuse a node made by hand."""
    raise TypeError(
        f"a Value made by hand is a leaf, got _children={children!r:.80}, _op={op!r}:"
        " compute it with operators or autograd's functions, and name it with label=..."
    )


def refuse_data(node: Value, new: Any) -> NoReturn:
    """Refuse to assign a number that was computed."""
    raise AttributeError(
        f"the data of a node made by {_primitive(node).name!r} is computed"
        f" ({node.data!r}) and can't be assigned {new!r:.80}: assign a leaf and"
        " compute again, or start a new leaf with Value(...)"
    )


def comparable(x: Any) -> Any:
    """What Python compares: a NumPy scalar as Python's, to give a bool."""
    return x.item() if getattr(x, "ndim", None) == 0 and hasattr(x, "item") else x


def rounded_to(node: Value, digits: Any) -> Any:
    """round(node, digits)."""
    return primitives.round_to(node, index(digits))


def _primitive(node: Value) -> Primitive:
    assert node.primitive is not None
    return node.primitive


_core.connect(globals())
