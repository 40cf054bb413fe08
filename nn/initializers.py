"""Initializers: what a weight is drawn from before training.

An initializer is a function `(rng, nin, nout)` that draws one weight of a
neuron with `nin` inputs in a layer of `nout` neurons; `rng` is a
`random.Random`. The functions here make initializers; `named` gives those that
a network takes by name.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from random import Random
from typing import Any

from autograd.row import number

Initializer = Callable[[Random, int, int], float]


def uniform(low: float = -1.0, high: float = 1.0) -> Initializer:
    """Any number between `low` and `high` alike: micrograd's weights.

    >>> uniform(0.0, 2.0)(Random(1), 3, 1) == Random(1).uniform(0.0, 2.0)
    True
    """
    low, high = number(low, "uniform's low"), number(high, "uniform's high")
    if not low <= high:
        raise ValueError(f"uniform got low={low!r} and high={high!r}: low must not be above high")
    return lambda rng, nin, nout: rng.uniform(low, high)


def normal(std: float = 1.0, mean: float = 0.0) -> Initializer:
    """The normal distribution with this standard deviation and mean."""
    std, mean = _spread("normal's std", std), number(mean, "normal's mean")
    return lambda rng, nin, nout: rng.gauss(mean, std)


def xavier(gain: float = 1.0) -> Initializer:
    """Uniform with variance 2 gain²/(nin + nout), which keeps tanh's signals in size.

    Source: Glorot and Bengio, "Understanding the difficulty of training deep
    feedforward neural networks", AISTATS 2010, equation 16.
    """
    gain = _spread("xavier's gain", gain)

    def draw(rng: Random, nin: int, nout: int) -> float:
        bound = gain * math.sqrt(6.0 / (nin + nout))
        return rng.uniform(-bound, bound)

    return draw


def he(gain: float = math.sqrt(2.0)) -> Initializer:
    """Normal with variance gain²/nin, which keeps ReLU's signals in size.

    Source: He et al., "Delving deep into rectifiers", ICCV 2015, equation 10.
    """
    gain = _spread("he's gain", gain)
    return lambda rng, nin, nout: rng.gauss(0.0, gain / math.sqrt(nin))


def lecun() -> Initializer:
    """Normal with variance 1/nin.

    Source: LeCun et al., "Efficient BackProp", 1998, section 4.6.
    """
    return he(1.0)


def constant(x: float) -> Initializer:
    """Every weight the same number. Neurons that start alike stay alike."""
    x = number(x, "the constant initializer")
    return lambda rng, nin, nout: x


def zeros() -> Initializer:
    """Every weight 0."""
    return constant(0.0)


_NAMED: dict[str, Callable[[], Initializer]] = {
    "uniform": uniform,
    "normal": normal,
    "xavier": xavier,
    "glorot": xavier,
    "he": he,
    "kaiming": he,
    "lecun": lecun,
    "zeros": zeros,
}


def named(initializer: str | Initializer) -> Initializer:
    """The initializer of this name; one that is a function already is given back.

    Raises ValueError for an unknown name.

    >>> named("zeros")(Random(0), 2, 2)
    0.0
    """
    if callable(initializer):
        return initializer
    if initializer not in _NAMED:
        raise ValueError(
            f"no initializer is named {initializer!r}: choose one of {', '.join(_NAMED)}, or pass a"
            " function (rng, nin, nout)"
        )
    return _NAMED[initializer]()


def generator(seed: int | Random | None) -> Random:
    """What to draw from: a generator started with the seed, or the generator itself.

    With None it is Python's own `random` module, the one that `random.seed`
    starts; programs written for micrograd draw from it.
    Raises TypeError for anything else.

    >>> generator(1).random() == Random(1).random()
    True
    """
    if seed is None:
        # The generator whose methods the module's functions are; typeshed calls them functions.
        return random.uniform.__self__  # type: ignore[no-any-return,attr-defined]
    if isinstance(seed, Random):
        return seed
    if isinstance(seed, bool) or not isinstance(seed, int):
        raise TypeError(
            f"a seed is an int or a random.Random, got {seed!r:.80} of type {type(seed).__name__}"
        )
    return Random(seed)


def _spread(name: str, given: Any) -> float:
    x = number(given, name)
    if not 0.0 <= x < math.inf:
        raise ValueError(f"{name} is {x!r}: it must be finite and not negative")
    return x
