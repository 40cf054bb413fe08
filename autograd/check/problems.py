"""What can be checked: a function of numbers and its derivatives, whatever they are made of."""

from __future__ import annotations

import inspect
import itertools
import math
from collections.abc import Callable, Sequence
from typing import Any

from autograd import modes as recording_modes
from autograd import transforms, tree
from autograd.check.numeric import EPSILON
from autograd.engine import Value, constant, cotangents, number_of
from autograd.graph import topological_order
from autograd.row import number, primal

Flat = Callable[[list[Any]], list[Any]]
"""A function from a list of numbers to a list of numbers."""


class Problem:
    """A function to check: `names` and `numbers` of its inputs, `outputs` by name.

    Subclasses give `value(numbers)`, the result as floats; `analytic(order,
    modes)`, the derivatives by each sequence of modes, in row-major order; and
    `lower(order)`, the function whose differences are the derivatives of that
    order: the one before it.
    """

    title = "f"
    epsilon = EPSILON
    default_modes: tuple[str, ...] = ("reverse", "forward")
    names: list[str]
    numbers: list[float]
    outputs: list[str]

    def value(self, numbers: list[float]) -> list[float]:
        """The results as floats."""
        raise NotImplementedError

    def analytic(self, order: int, modes: Sequence[str]) -> dict[str, list[float]]:
        """The derivatives of an order by each sequence of modes, row-major."""
        raise NotImplementedError

    def lower(self, order: int) -> Flat:
        """The function whose derivatives those of this order are."""
        raise NotImplementedError

    def noise(self, order: int, g: Flat) -> list[float | None]:
        """For each number of `lower(order)`'s result, how far rounding may take it."""
        return [None] * len(g(self.numbers))

    def complex_step(self, j: int) -> list[float] | None:
        """The first derivatives by input j with an imaginary step, where the function allows."""
        return None

    def slack(self, order: int, analytic: list[float]) -> list[float]:
        """For each derivative, how far rounding may take the analytic one."""
        return [8.0 * self.epsilon * abs(a) if math.isfinite(a) else 0.0 for a in analytic]


class Recorded(Problem):
    """A function of autograd's numbers: it can be recorded, replayed and judged exactly."""

    def __init__(self, f: Flat, names: list[str], numbers: list[float], title: str) -> None:
        self.f = f
        self.names = names
        self.numbers = numbers
        self.title = title
        self.outputs = output_names(len(self.value(numbers)))

    def value(self, numbers: list[float]) -> list[float]:
        """The results as floats; nothing is recorded."""
        leaves = [Value(x) for x in numbers]  # outside the block, where nothing is noted of them
        with recording_modes.no_grad():
            return [primal(y) for y in self.f(leaves)]

    def analytic(self, order: int, modes: Sequence[str]) -> dict[str, list[float]]:
        """By each sequence of modes: every mode over every mode at order 2."""
        found = {}
        for sequence in itertools.product(modes, repeat=order):
            g = self.f
            for mode in reversed(sequence):
                g = _differentiated(g, mode)
            # forward mode leaves what does not move as it is: as Values, for their methods
            numbers = [constant(x) if "reverse" not in sequence else x for x in self.numbers]
            found[" over ".join(sequence)] = [primal(y) for y in g(numbers)]
        return found

    def lower(self, order: int) -> Flat:
        """The function itself, or its derivatives one order below."""
        if order == 1:
            return self.value
        g = self._derivative(order - 1)
        return lambda numbers: [primal(y) for y in g(numbers)]

    def _derivative(self, order: int) -> Flat:
        g = self.f
        for _ in range(order):
            g = _differentiated(g, "reverse")
        return g

    def record(
        self, order: int = 1, numbers: list[float] | None = None
    ) -> tuple[list[Value], list[Any]]:
        """Fresh leaves, and what `lower(order)` computes from them, recorded with its lines."""
        given = self.numbers if numbers is None else numbers
        leaves = [Value(x, label=name) for x, name in zip(given, self.names, strict=True)]
        with recording_modes.recording(), recording_modes.lines():
            return leaves, self._derivative(order - 1)(list(leaves))

    def noise(self, order: int, g: Flat) -> list[float | None]:
        """By the recorded graph's own cotangents."""
        _, outputs = self.record(order)
        return [_rounding(y) if isinstance(y, Value) else 0.0 for y in outputs]


class Replayed(Recorded):
    """A value already recorded, as a function of its leaves."""

    def __init__(self, output: Value, leaves: list[Value], names: list[str], title: str) -> None:
        self.output = output
        self.leaves = leaves
        self.order = topological_order(output)
        super().__init__(self._replay, names, [leaf.data for leaf in leaves], title)

    def value(self, numbers: list[float]) -> list[float]:
        """The result as a float: rows need no Values."""
        return [primal(y) for y in self._replay(numbers)]

    def _replay(self, numbers: list[Any]) -> list[Any]:
        return [replay(self.order, dict(zip(self.leaves, numbers, strict=True)))[self.output]]

    def record(
        self, order: int = 1, numbers: list[float] | None = None
    ) -> tuple[list[Value], list[Any]]:
        """The graph as it stands, which has the user's own labels and lines; or a new one."""
        if order == 1 and numbers is None:
            return self.leaves, [self.output]
        return super().record(order, numbers)


def replay(order: list[Value], given: dict[Value, Any]) -> dict[Value, Any]:
    """The rows of a recorded graph on other numbers, by node."""
    known = dict(given)
    for node in order:
        if node not in known:
            if node.primitive is None:
                known[node] = node.data
            else:
                known[node] = node.primitive(*[known[parent] for parent in node.parents])
    return known


def _differentiated(f: Flat, mode: str) -> Flat:
    jacobian = transforms.jacobian(f, mode=mode)
    return lambda xs: [d for row in jacobian(xs) for d in row]


def _rounding(output: Value) -> float | None:
    """The first-order bound of the rounding error of a recorded number.

    Each node is off by a few roundings of its own, which reach the output through
    its cotangent (Higham, "Accuracy and Stability of Numerical Algorithms", 3.3).
    """
    nodes = topological_order(output)
    sums = cotangents([(output, 1.0)], nodes, number_of, nodes)
    made = [node for node in nodes if node.primitive is not None and node in sums]
    total = 4.0 * EPSILON * math.fsum([abs(sums[node] * node.data) for node in made])
    return total if math.isfinite(total) else None


_WHAT_F_IS_GIVEN = (
    "check_grads called the function with autograd's Values: one that can't take them is checked"
    " with grad=..., a PyTorch or JAX one with tensors or JAX arrays as inputs"
)


def recorded(f: Any, inputs: Any) -> Recorded:
    """The problem of checking f at these inputs.

    Raises TypeError for an input that is not a number, ValueError if there is none.
    """
    if isinstance(f, Value):
        return _of_value(f, inputs)
    if not callable(f):
        raise TypeError(
            f"check_grads takes a function or a recorded Value, got {f!r:.80}:"
            " write lambda x: ... around an expression"
        )
    if inputs is None:
        raise TypeError("check_grads got no inputs: give the numbers to check the function at")
    given, build = tree.flatten(inputs)
    numbers = [x.data if isinstance(x, Value) else number(x, "check_grads") for x in given]
    if not numbers:
        raise ValueError("check_grads got inputs without a number: there is nothing to check")
    labels = [x.label if isinstance(x, Value) else "" for x in given]
    names = [label or name for label, name in zip(labels, input_names(f, inputs), strict=True)]
    several = isinstance(inputs, tuple)

    def flat(xs: list[Any]) -> list[Any]:
        arguments = build(xs)
        try:
            result = f(*arguments) if several else f(arguments)
        except TypeError as error:
            if _WHAT_F_IS_GIVEN not in getattr(error, "__notes__", ()):
                error.add_note(_WHAT_F_IS_GIVEN)
            raise
        return [_output(y) for y in tree.flatten(result)[0]]

    return Recorded(flat, names, numbers, title_of(f))


def _output(y: Any) -> Any:
    return y if hasattr(type(y), "_rank") else number(y, "the function's result")


def _of_value(output: Value, inputs: Any) -> Replayed:
    order = topological_order(output)
    if inputs is None:
        leaves = [node for node in order if node.primitive is None and not node.constant]
    else:
        leaves = tree.flatten(inputs)[0]
        for leaf in leaves:
            if not isinstance(leaf, Value) or leaf.primitive is not None:
                raise TypeError(
                    f"a recorded value is checked by its leaves, got {leaf!r:.80}:"
                    " give the Values it was made from, or a function and its inputs"
                )
    if not leaves:
        raise ValueError(f"{output!r} depends on no leaf: there is nothing to check")
    names = [leaf.label or f"leaf {i}" for i, leaf in enumerate(leaves)]
    return Replayed(output, leaves, names, output.label or "the recorded value")


def title_of(f: Any) -> str:
    """A function's name, for messages."""
    name = getattr(f, "__name__", None) or getattr(f, "name", None) or type(f).__name__
    return "f" if name == "<lambda>" else str(name)


def input_names(f: Any, inputs: Any) -> list[str]:
    """A name for each number of the inputs: the parameter's, with its place in it."""
    parameters = _parameters(f)
    if isinstance(inputs, tuple):
        fallback = [f"x{i}" for i in range(len(inputs))] if len(inputs) > 1 else ["x"]
        heads = parameters if len(parameters) >= len(inputs) else fallback
        parts = list(zip(heads, inputs, strict=False))
    elif isinstance(inputs, dict):
        parts = [(str(key), part) for key, part in inputs.items()]
    else:
        parts = [(parameters[0] if parameters else "x", inputs)]  # one argument
    return [name for head, part in parts for name in _paths(head, part)]


def _paths(head: str, part: Any) -> list[str]:
    if isinstance(part, dict):
        items = [(f"{head}.{key}", value) for key, value in part.items()]
    elif isinstance(part, (list, tuple)):
        items = [(f"{head}[{i}]", value) for i, value in enumerate(part)]
    elif getattr(part, "ndim", 0):
        items = [
            (f"{head}[{', '.join(map(str, index))}]", None)
            for index in itertools.product(*map(range, part.shape))
        ]
    else:
        return [head]
    return [name for path, value in items for name in _paths(path, value)]


def _parameters(f: Any) -> list[str]:
    try:
        parameters = inspect.signature(f).parameters.values()
    except (TypeError, ValueError):
        return []
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return [p.name for p in parameters if p.kind in kinds]


def output_names(count: int) -> list[str]:
    """A name for each number of a result; none is needed for one."""
    return [""] if count == 1 else [f"f[{i}]" for i in range(count)]
