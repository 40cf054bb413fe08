"""Hypothesis strategies: networks with weights, a loss and data.

    from hypothesis import given
    from autograd import check_grads
    from nn import strategies

    @given(strategies.networks(activations=["gelu"]))
    def test_gradients(network):
        check_grads(network.loss, network.model.parameters())

A failing network shrinks to a small one with simple numbers, and prints as Python source that
can be pasted into a test.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import nn
from autograd.check.strategies import as_source, smooth_at
from autograd.engine import Value
from autograd.graph import topological_order
from nn.data import Dataset
from nn.module import Module

try:
    from hypothesis import assume
    from hypothesis import strategies as st
except ImportError:
    raise ImportError(
        "nn.strategies needs hypothesis: pip install 'scalar-autograd[check]'"
    ) from None

# The simplest first: Hypothesis shrinks towards the front.
ACTIVATIONS = ("linear", "tanh", "sigmoid", "relu", "softplus", "silu", "gelu", "elu")
NORMS = ("LayerNorm", "RMSNorm")
LOSSES = (
    "mean_squared_error", "mean_absolute_error", "huber", "binary_cross_entropy", "hinge",
    "cross_entropy",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Call:
    """A class of nn with its arguments: it can be made, and printed.

    >>> print(Call("Layer", (2, 3), (("seed", 0),)))
    nn.Layer(2, 3, seed=0)
    """

    name: str
    arguments: tuple[Any, ...] = ()
    options: tuple[tuple[str, Any], ...] = ()

    def __call__(self) -> Any:
        """What it makes."""
        made = [part() if isinstance(part, Call) else part for part in self.arguments]
        return getattr(nn, self.name)(*made, **dict(self.options))

    def __str__(self) -> str:
        parts = [str(part) if isinstance(part, Call) else repr(part) for part in self.arguments]
        parts += [f"{name}={value!r}" for name, value in self.options]
        return f"nn.{self.name}({', '.join(parts)})"


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Network:
    """A network with numbers in it, a loss and data, and the program for them.

    Fields: `plan`, what makes the model; `numbers`, its parameters', in the order of
    `parameters()`; `loss_name`, of nn.losses; `inputs` and `targets`, the examples;
    `model`, a Module, and `loss`, the recorded Value.

    >>> plan = Call("MLP", (1, [1]), (("seed", 0),))
    >>> network = Network(plan, (3.0, 0.5), "mean_squared_error", [[2.0]], [6.0])
    >>> print(network)
    model = nn.MLP(1, [1], seed=0)
    for p, x in zip(model.parameters(), [3.0, 0.5]):
        p.data = x
    inputs, targets = [[2.0]], [6.0]
    loss = nn.losses.mean_squared_error([model(x) for x in inputs], targets)
    >>> network.loss.data
    0.25
    """

    plan: Call
    numbers: tuple[float, ...]
    loss_name: str
    inputs: list[list[float]]
    targets: list[Any]
    model: Module = field(init=False)
    loss: Value = field(init=False)

    def __post_init__(self) -> None:
        model = self.plan()
        for p, x in zip(model.parameters(), self.numbers, strict=True):
            p.data = x
        outputs = [model(row) for row in self.inputs]
        object.__setattr__(self, "model", model)
        object.__setattr__(self, "loss", getattr(nn.losses, self.loss_name)(outputs, self.targets))

    @property
    def dataset(self) -> Dataset:
        """The examples as a Dataset, for `nn.fit`."""
        classes: list[str] = []
        if self.loss_name in ("binary_cross_entropy", "cross_entropy"):
            classes = [str(k) for k in range(max(2, max(self.targets) + 1))]
        features = [f"x{i}" for i in range(len(self.inputs[0]))]
        return Dataset(self.inputs, self.targets, features, classes)

    @property
    def source(self) -> str:
        """The network, its data and its loss as Python source."""
        return "\n".join(
            [
                f"model = {self.plan}",
                f"for p, x in zip(model.parameters(), {list(self.numbers)}):",
                "    p.data = x",
                f"inputs, targets = {self.inputs}, {self.targets}",
                f"loss = nn.losses.{self.loss_name}([model(x) for x in inputs], targets)",
            ]
        )

    def __str__(self) -> str:
        return self.source

    def __repr__(self) -> str:
        head = "import nn\nfrom autograd import check_grads"
        check = "check_grads(loss, model.parameters())"
        return f"\n{head}\n\n{self.source}\n\n{check}\n"

    _repr_pretty_ = as_source


@st.composite
def networks(
    draw: st.DrawFn,
    activations: Sequence[str] = ACTIVATIONS,
    norms: Sequence[str] = NORMS,
    losses: Sequence[str] = LOSSES,
    max_inputs: int = 3,
    max_width: int = 3,
    max_layers: int = 3,
    max_rows: int = 3,
    edges: str = "avoid",
) -> Network:
    """Networks: an MLP, or a Sequential of layers and norms; weights, a loss and a few rows.

    Arguments: `activations`, `norms`, `losses`, by name, what to choose from, the
    simplest first; `max_inputs`, `max_width`, `max_layers`, `max_rows`, the size;
    `edges`, "avoid" keeps every operation away from kinks, poles and borders,
    "include" lets them happen.
    Raises ValueError for an unknown choice of `edges`.
    """
    if edges not in ("avoid", "include"):
        raise ValueError(f"edges is {edges!r}: choose from ('avoid', 'include')")
    loss = draw(st.sampled_from(list(losses)))
    nin, rows = draw(st.integers(1, max_inputs)), draw(st.integers(1, max_rows))
    outputs = _outputs(draw, loss, max_width)
    widths = [*draw(st.lists(st.integers(1, max_width), max_size=max_layers - 1)), outputs]
    chosen = st.sampled_from(list(activations))
    mixed = draw(st.booleans())
    if mixed:
        plan = _sequential(draw, nin, widths, chosen, norms)
    else:
        options = (("activation", draw(chosen)), ("seed", 0))
        plan = Call("MLP", (nin, widths), options)
    number = st.floats(-2.0, 2.0, allow_subnormal=False, width=16)
    count = len(plan().parameters())
    numbers = tuple(draw(st.lists(number, min_size=count, max_size=count)))
    row = st.lists(number, min_size=nin, max_size=nin)
    inputs = draw(st.lists(row, min_size=rows, max_size=rows))
    target = _target(loss, outputs, number)
    network = Network(plan, numbers, loss, inputs, [draw(target) for _ in inputs])
    assume(edges == "include" or _is_smooth(network.loss))
    return network


def _outputs(draw: st.DrawFn, loss: str, max_width: int) -> int:
    """How many outputs a loss takes."""
    if loss in ("binary_cross_entropy", "hinge"):
        return 1
    least = 2 if loss == "cross_entropy" else 1
    return draw(st.integers(least, max(least, max_width)))


def _target(loss: str, outputs: int, number: st.SearchStrategy[float]) -> st.SearchStrategy[Any]:
    """The targets a loss takes for one row."""
    if loss == "cross_entropy":
        return st.integers(0, outputs - 1)
    if loss == "binary_cross_entropy":
        return st.integers(0, 1)
    if loss == "hinge":
        return st.sampled_from([1, -1])
    return number if outputs == 1 else st.lists(number, min_size=outputs, max_size=outputs)


def _sequential(
    draw: st.DrawFn,
    nin: int,
    widths: list[int],
    activation: st.SearchStrategy[str],
    norms: Sequence[str],
) -> Call:
    """Layers with an activation each, norms between some."""
    # a layer of one neuron gives a number, which no layer after it takes
    widths = [*[max(2, width) for width in widths[:-1]], widths[-1]]
    parts: list[Call] = []
    for k, (size, nout) in enumerate(zip([nin, *widths], widths, strict=False)):
        last = k == len(widths) - 1
        options = () if last else (("activation", draw(activation)),)
        nonlin = (("nonlin", False),) if last else ()
        parts.append(Call("Layer", (size, nout), (*options, *nonlin, ("seed", 0))))
        if not last:
            name = draw(st.sampled_from([None, *norms]))
            parts += [Call(name, (nout,))] if name else []
    return Call("Sequential", tuple(parts))


def _is_smooth(loss: Value) -> bool:
    return all(
        smooth_at(node.primitive, [parent.data for parent in node.parents])
        for node in topological_order(loss)
        if node.primitive is not None
    )
