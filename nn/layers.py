"""Layers: neurons, what is built from them, and what stands between them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from random import Random
from sys import gettrace
from typing import Any

from autograd import functions
from autograd.engine import Value, backend, constant
from autograd.modes import current as current_mode
from autograd.row import Primitive, lookup, number, table
from nn import initializers
from nn.initializers import Initializer, generator
from nn.module import Module

Seed = int | Random | None


class Neuron(Module):
    """activation(b + w0·x0 + w1·x1 + ...): one dot node and one activation node.

    Arguments
    - `nin`: the number of inputs, 1 or more.
    - `nonlin`: False for a linear neuron, whatever the activation.
    - `activation`: the name of a primitive of one number ("relu", "tanh",
      "sigmoid", ...), the primitive itself, or "linear".
    - `initializer`: what the weights are drawn from, a name or a function of
      `nn.initializers`; without one uniform between -1 and 1. The bias is 0.
    - `bias`: whether there is one.
    - `seed`: an int or a `random.Random`. With None the weights come from
      Python's `random` module as micrograd's do, so that `random.seed(1337)`
      before it gives micrograd's weights.
    - `nout`: the number of neurons in its layer, for the initializer.

    Attributes: `w`, the weights; `b`, the bias, None without one.
    Raises ValueError or TypeError for arguments that make no neuron.

    >>> neuron = Neuron(2, activation="tanh", seed=1)
    >>> neuron
    TanhNeuron(2)
    >>> y = neuron([1.0, 2.0])
    >>> -1.0 < y.data < 1.0, y.primitive, y.parents[0].primitive
    (True, <primitive tanh>, <primitive dot>)
    """

    def __init__(
        self,
        nin: int,
        nonlin: bool = True,
        *,
        activation: str | Primitive = "relu",
        initializer: str | Initializer = "uniform",
        bias: bool = True,
        seed: Seed = None,
        nout: int = 1,
    ) -> None:
        nin = _count("nin", nin)
        draw, random = initializers.named(initializer), generator(seed)
        self._activate = _activation(activation if nonlin else "linear")
        self.w = [Value(draw(random, nin, nout), label=f"w{i}") for i in range(nin)]
        self.b = Value(0.0, label="b") if bias else None

    @property
    def activation(self) -> str:
        """The name of its activation; "linear" without one."""
        return "linear" if self._activate is None else self._activate.name

    @property
    def nonlin(self) -> bool:
        """Whether it has an activation."""
        return self._activate is not None

    def forward(self, x: Sequence[Any]) -> Any:
        """The neuron's output for a list of `nin` numbers."""
        if len(x) != len(self.w):
            raise _wrong_length(self, len(self.w), x)
        z = functions.dot(self.w, x, self.b)
        return z if self._activate is None else self._activate(z)

    def __repr__(self) -> str:
        return f"{_title(self._activate)}Neuron({len(self.w)})"


class Layer(Module):
    """`nout` neurons over the same `nin` inputs.

    Arguments: `nin` and `nout`, 1 or more; the others are Neuron's.
    Called with a list of `nin` numbers, it gives the list of the neurons'
    outputs, or the one output if there is one neuron.

    >>> Layer(2, 3, nonlin=False, seed=0)
    Layer of [LinearNeuron(2), LinearNeuron(2), LinearNeuron(2)]
    """

    def __init__(
        self, nin: int, nout: int, nonlin: bool = True, *, seed: Seed = None, **options: Any
    ) -> None:
        nout, random = _count("nout", nout), generator(seed)
        self.neurons = [Neuron(nin, nonlin, seed=random, nout=nout, **options) for _ in range(nout)]

    def forward(self, x: Sequence[Any]) -> Any:
        """The neurons' outputs for a list of `nin` numbers."""
        x = _inputs(self, x, self.neurons[0].w)
        out = self._at_once(x) or [neuron(x) for neuron in self.neurons]
        return out[0] if len(out) == 1 else out

    def _at_once(self, x: list[Any]) -> list[Any] | None:
        """The same nodes from one call of the compiled core; None where each neuron must be called.

        That is when one of them, its class or the values are not the usual ones, when
        a debugger steps through, and the first time in a place.
        """
        if _neurons is None or gettrace() is not None or not _usual():
            return None
        mode, activate = current_mode.get(), self.neurons[0]._activate
        weights, starts, places = [], [], []
        for neuron in self.neurons:
            scoped = neuron._scoped
            if (
                type(neuron) is not Neuron
                or scoped is None
                or scoped[0] is not mode
                or neuron._activate is not activate
                or "forward" in vars(neuron)
            ):
                return None
            weights.append(neuron.w)
            starts.append(neuron.b)
            places.append(scoped[1].place)
        return _neurons(weights, x, starts, activate, places)  # type: ignore[no-any-return]  # C

    def __repr__(self) -> str:
        return f"Layer of [{', '.join(map(repr, self.neurons))}]"


class MLP(Module):
    """A multilayer perceptron: layers one after the other, the last one linear.

    Arguments
    - `nin`: the number of inputs.
    - `nouts`: the number of neurons in each layer, the last being the outputs.
    - `activation`: of the hidden layers, see Neuron.
    - `output`: the last layer's activation, "linear" as micrograd's.
    - `initializer`, `bias`: see Neuron.
    - `seed`: an int or a `random.Random`. With None the weights come from
      Python's `random` module in micrograd's order, so that
      `random.seed(1337); MLP(2, [16, 16, 1])` has micrograd's weights exactly.

    Called with a list of `nin` numbers it gives the list of its outputs, or the
    one output if there is one.

    >>> model = MLP(2, [3, 1], seed=0)
    >>> model
    MLP of [Layer of [ReLUNeuron(2), ReLUNeuron(2), ReLUNeuron(2)], Layer of [LinearNeuron(3)]]
    >>> len(model.parameters()), model([1.0, -2.0]).scope
    (13, ('MLP', 'layers.1', 'neurons.0'))
    """

    def __init__(
        self,
        nin: int,
        nouts: Sequence[int],
        *,
        activation: str | Primitive = "relu",
        output: str | Primitive = "linear",
        initializer: str | Initializer = "uniform",
        bias: bool = True,
        seed: Seed = None,
    ) -> None:
        sizes = [_count("nin", nin), *_sizes(nouts)]
        random = generator(seed)
        _activation(activation)  # a wrong name is an error even where no layer is hidden
        last = len(sizes) - 2
        self.layers = [
            Layer(
                sizes[i],
                sizes[i + 1],
                activation=output if i == last else activation,
                initializer=initializer,
                bias=bias,
                seed=random,
            )
            for i in range(last + 1)
        ]

    def forward(self, x: Sequence[Any]) -> Any:
        """The network's outputs for a list of `nin` numbers."""
        last = self.layers[-1]
        for layer in self.layers:
            x = layer(x)
            if layer is not last and len(layer.neurons) == 1:
                x = [x]
        return x

    def __repr__(self) -> str:
        return f"MLP of [{', '.join(map(repr, self.layers))}]"

    def settings(self) -> dict[str, Any]:
        """The arguments that make a network of this shape, for `nn.save`."""
        first, last = self.layers[0].neurons[0], self.layers[-1].neurons[0]
        return {
            "nin": len(first.w),
            "nouts": [len(layer.neurons) for layer in self.layers],
            "activation": first.activation,
            "output": last.activation,
            "bias": first.b is not None,
        }


class Sequential(Module):
    """Modules one after the other, each fed with what the one before gave.

    >>> model = Sequential(Layer(2, 3, seed=0), Dropout(0.5, seed=0), Layer(3, 1, seed=1))
    >>> len(model.parameters())
    13
    """

    def __init__(self, *layers: Callable[[Any], Any]) -> None:
        if not layers:
            raise ValueError("Sequential got no layers: give it one or more")
        for i, layer in enumerate(layers):
            if not callable(layer):
                raise TypeError(
                    f"Sequential's layer {i} is {layer!r:.80}: give a module or function"
                )
        self.layers = list(layers)

    def forward(self, x: Any) -> Any:
        """What the last layer gives."""
        for layer in self.layers:
            if isinstance(layer, Layer) and isinstance(x, Value | float):
                x = [x]  # a layer of one neuron came before
            x = layer(x)
        return x

    def __repr__(self) -> str:
        return f"Sequential of [{', '.join(map(repr, self.layers))}]"


class Dropout(Module):
    """While training, each number becomes 0 with probability `p`, the others grow by 1/(1 - p).

    When only used (`eval()`) it changes nothing.

    Arguments: `p`, from 0 to below 1; `seed`, an int or a `random.Random`.
    Source: Srivastava et al., "Dropout", JMLR 15, 2014, in its inverted form.

    >>> dropout = Dropout(0.5, seed=1)
    >>> dropout([1.0, 1.0, 1.0, 1.0]), dropout.eval()([1.0, 1.0])
    ([0.0, 2.0, 2.0, 0.0], [1.0, 1.0])
    """

    def __init__(self, p: float = 0.5, *, seed: int | Random) -> None:
        self.p = number(p, "Dropout's p")
        if not 0.0 <= self.p < 1.0:
            raise ValueError(f"Dropout's p is {p!r}: a probability from 0 to below 1")
        self._random = generator(seed)

    def forward(self, x: Sequence[Any]) -> Sequence[Any]:
        """The list x, with some numbers dropped while training."""
        if not self.training:
            return x
        scale = 1.0 / (1.0 - self.p)
        return [0.0 if self._random.random() < self.p else item * scale for item in x]

    def __repr__(self) -> str:
        return f"Dropout({self.p})"


class LayerNorm(Module):
    """(x - mean)/sqrt(variance + eps) · gain + shift, over a list of `size` numbers.

    Source: Ba, Kiros and Hinton, "Layer normalization", 2016.

    >>> [round(y.data, 4) for y in LayerNorm(2)([1.0, 3.0])]
    [-1.0, 1.0]
    """

    def __init__(self, size: int, eps: float = 1e-5) -> None:
        self.eps = number(eps, "LayerNorm's eps")
        self.gain = [Value(1.0, label=f"gain{i}") for i in range(_count("size", size))]
        self.shift = [Value(0.0, label=f"shift{i}") for i in range(size)]

    def forward(self, x: Sequence[Any]) -> list[Any]:
        """The normalized list."""
        x = _inputs(self, x, self.gain)
        m = functions.mean(x)
        scale = (functions.variance(x) + self.eps) ** -0.5
        return [
            (item - m) * scale * gain + shift
            for item, gain, shift in zip(x, self.gain, self.shift, strict=True)
        ]

    def __repr__(self) -> str:
        return f"LayerNorm({len(self.gain)})"


class RMSNorm(Module):
    """x/sqrt(mean of squares + eps) · gain, over a list of `size` numbers.

    Source: Zhang and Sennrich, "Root mean square layer normalization", 2019.

    >>> [round(y.data, 4) for y in RMSNorm(2)([3.0, 4.0])]
    [0.8485, 1.1314]
    """

    def __init__(self, size: int, eps: float = 1e-5) -> None:
        self.eps = number(eps, "RMSNorm's eps")
        self.gain = [Value(1.0, label=f"gain{i}") for i in range(_count("size", size))]

    def forward(self, x: Sequence[Any]) -> list[Any]:
        """The normalized list."""
        x = _inputs(self, x, self.gain)
        scale = (functions.dot(x, x) * (1.0 / len(x)) + self.eps) ** -0.5
        return [item * scale * gain for item, gain in zip(x, self.gain, strict=True)]

    def __repr__(self) -> str:
        return f"RMSNorm({len(self.gain)})"


class Embedding(Module):
    """A table of `count` rows of `size` parameters each; called with a row's index.

    Arguments: `initializer` and `seed` as Neuron's.

    >>> len(Embedding(27, 16, initializer="normal", seed=0)(3))
    16
    """

    def __init__(
        self,
        count: int,
        size: int,
        *,
        initializer: str | Initializer = "normal",
        seed: Seed = None,
    ) -> None:
        count, size = _count("count", count), _count("size", size)
        draw, random = initializers.named(initializer), generator(seed)
        self.rows = [[Value(draw(random, count, size)) for _ in range(size)] for _ in range(count)]

    def forward(self, index: int) -> list[Any]:
        """The row of this index."""
        if isinstance(index, bool) or not hasattr(index, "__index__"):
            raise TypeError(f"Embedding takes an index, got {index!r:.80}: an int from 0")
        if not 0 <= index < len(self.rows):
            raise IndexError(
                f"Embedding has rows 0 to {len(self.rows) - 1}, got the index {index!r}"
            )
        return list(self.rows[index])

    def __repr__(self) -> str:
        return f"Embedding({len(self.rows)}, {len(self.rows[0])})"


# What the layers share

_NEURON_AS_WRITTEN = (Neuron.__call__, Neuron.forward)


def _usual() -> bool:
    """Whether nobody has given the class Neuron other methods."""
    return (Neuron.__call__, Neuron.forward) == _NEURON_AS_WRITTEN


def _activation(activation: str | Primitive) -> Primitive | None:
    """The row of this name, None for "linear"."""
    if activation == "linear":
        return None
    if isinstance(activation, str):
        if activation not in table():
            raise ValueError(
                f"no activation is named {activation!r}: give a primitive of one number such as"
                " 'relu', 'tanh', 'sigmoid', or 'linear' (autograd.table() has them all)"
            )
        activation = lookup(activation)
    if not isinstance(activation, Primitive):
        raise TypeError(
            f"an activation is a primitive or its name, got {activation!r:.80}: make a function of"
            " your own a primitive with autograd.primitive"
        )
    if activation.nary or len(activation.domain) - len(activation.defaults) != 1:
        raise ValueError(
            f"the activation {activation.name!r} is not a function of one number: choose another"
        )
    return activation


def _title(activation: Primitive | None) -> str:
    """How micrograd's repr begins: ReLU, Linear, and so Tanh, Sigmoid, GELU."""
    if activation is None:
        return "Linear"
    symbol, name = activation.symbol, activation.name
    written = symbol if symbol.lower() == name else name
    return written[0].upper() + written[1:]


@cache
def _labels(count: int) -> tuple[str, ...]:
    return tuple([f"x{i}" for i in range(count)])


def _inputs(module: Module, x: Any, weights: Sequence[Any]) -> list[Any]:
    """x as a list of the right length, its plain numbers made nodes that all neurons share."""
    try:
        xs = list(x)
    except TypeError:
        raise TypeError(
            f"{type(module).__name__} takes a list of {len(weights)} number(s), got {x!r:.80}:"
            " put the numbers in a list"
        ) from None
    if len(xs) != len(weights):
        raise _wrong_length(module, len(weights), xs)
    if type(weights[0]) is Value and set(map(type, xs)) != {Value}:
        for i, item in enumerate(xs):
            if isinstance(item, (float, int)):
                xs[i] = constant(number(item, f"input {i}"), _labels(len(xs))[i])
    return xs


def _wrong_length(module: Module, wanted: int, x: Sequence[Any]) -> ValueError:
    return ValueError(
        f"{type(module).__name__} takes {wanted} number(s), got {len(x)}: {list(x)!r:.80};"
        " give one for each input"
    )


def _count(name: str, n: Any) -> int:
    if isinstance(n, bool) or not hasattr(n, "__index__"):
        raise TypeError(f"{name} is a whole number, got {n!r:.80} of type {type(n).__name__}")
    n = n.__index__()
    if n < 1:
        raise ValueError(f"{name} is {n}: there must be at least 1")
    return int(n)


def _sizes(nouts: Any) -> list[int]:
    if isinstance(nouts, (str, bytes)) or not hasattr(nouts, "__iter__"):
        raise TypeError(f"nouts is a list of layer sizes such as [16, 16, 1], got {nouts!r:.80}")
    sizes = [_count(f"nouts[{i}]", n) for i, n in enumerate(nouts)]
    if not sizes:
        raise ValueError("nouts is empty: a network has at least one layer, such as [1]")
    return sizes


_neurons: Callable[..., Any] | None = None
if backend == "compiled":
    from autograd.core.twin import neurons as _neurons
