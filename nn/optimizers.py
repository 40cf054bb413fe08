"""Optimizers: how a step changes the parameters, given their gradients.

Each rule is one function over flat lists of floats (or arrays of doubles, which
the compiled core gives), made of + - * / and sqrt in a stated order, so that any
form of it gives the same bits. A step computes every new number first and then
assigns them all, or raises and assigns none.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from autograd.engine import Value, assign, backend, clear_grads, data_of, grads_of
from autograd.row import number
from nn.schedules import Schedule, scheduled

Floats: TypeAlias = "list[float] | array[float]"


class Optimizer:
    """Holds parameters and what it remembers of their gradients.

    Arguments: `parameters`, the leaves to change; `lr`, the learning rate, a
    number or a schedule.

    A subclass names what it remembers in `memories` (a list of floats each, one
    for each parameter, 0 at first) and writes `updated`.

    Raises ValueError or TypeError for no parameters, for what is no parameter,
    or a learning rate that is negative or not finite.
    """

    memories: tuple[str, ...] = ()

    def __init__(self, parameters: Iterable[Value], lr: float | Schedule) -> None:
        self.parameters = _parameters(parameters)
        self._schedule = scheduled(lr)
        self.steps = 0
        self.memory: dict[str, Floats] = {
            name: [0.0] * len(self.parameters) for name in self.memories
        }

    @property
    def lr(self) -> float:
        """The learning rate of the next step. Assign a number or a schedule to change it."""
        rate = number(self._schedule(self.steps), "the learning rate")
        if not 0.0 <= rate < math.inf:
            raise ValueError(
                f"the learning rate at step {self.steps} is {rate!r}: it must be finite and not"
                " negative"
            )
        return rate

    @lr.setter
    def lr(self, lr: float | Schedule) -> None:
        self._schedule = scheduled(lr)

    def zero_grad(self) -> None:
        """Make every gradient "not reached"."""
        clear_grads(self.parameters)

    def step(self) -> None:
        """Change every parameter once. One that no gradient reached has the gradient 0.

        Raises FloatingPointError, and changes nothing, if a gradient or a new
        number is NaN or infinite.
        """
        data, grads = data_of(self.parameters), grads_of(self.parameters)
        self._refuse_nonfinite(grads, "gradient is", "look for the node with first_nonfinite(loss)")
        new, memory = self.updated(data, grads, self.lr)
        self._refuse_nonfinite(new, "next number would be", "take a smaller learning rate")
        assign(self.parameters, new)
        self.memory = memory
        self.steps += 1

    def updated(self, data: Floats, grads: Floats, lr: float) -> tuple[Floats, dict[str, Floats]]:
        """The parameters after a step and what is remembered then; changes nothing."""
        raise NotImplementedError

    def _refuse_nonfinite(self, numbers: Floats, what: str, remedy: str) -> None:
        i = _first_nonfinite(numbers)
        if i is None:
            return
        label = self.parameters[i].label
        raise FloatingPointError(
            f"parameter {i}{f' ({label})' if label else ''}: its {what} {numbers[i]!r}, at step"
            f" {self.steps}; nothing was changed: {remedy}"
        )

    def state_dict(self) -> dict[str, Any]:
        """The number of steps done and what it remembers: all that a later step depends on."""
        return {"steps": self.steps, **{name: list(self.memory[name]) for name in self.memories}}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on from a `state_dict()`; at an error nothing is changed.

        Raises ValueError naming a key that is unknown, missing, or has another
        length than the parameters.
        """
        wanted = {"steps", *self.memories}
        if set(state) != wanted:
            raise ValueError(
                f"the state for {type(self).__name__} has the keys {sorted(state)}, it needs"
                f" {sorted(wanted)}: load what state_dict() of the same kind gave"
            )
        steps, memory = state["steps"], dict[str, Floats]()
        if isinstance(steps, bool) or not isinstance(steps, int) or steps < 0:
            raise ValueError(f"the state's 'steps' is {steps!r}: a whole number from 0")
        for name in self.memories:
            memory[name] = [number(x, f"the state's {name!r}") for x in state[name]]
            if len(memory[name]) != len(self.parameters):
                raise ValueError(
                    f"the state's {name!r} has {len(memory[name])} numbers for"
                    f" {len(self.parameters)} parameters: load it for the network it is from"
                )
        self.steps, self.memory = steps, memory


class SGD(Optimizer):
    """Gradient descent: p <- p - lr·g, with momentum if asked.

    Arguments
    - `lr`: the learning rate or a schedule.
    - `momentum`: mu in v <- mu·v + g, p <- p - lr·v; 0 for none.
    - `nesterov`: p <- p - lr·(g + mu·v) instead.
    - `weight_decay`: adds weight_decay·p to g.

    Source: Sutskever et al., "On the importance of initialization and momentum
    in deep learning", ICML 2013, in the form PyTorch uses.

    >>> p = Value(1.0)
    >>> (p * p).backward()
    >>> SGD([p], lr=0.25).step(); p.data
    0.5
    """

    memories = ("velocity",)

    def __init__(
        self,
        parameters: Iterable[Value],
        lr: float | Schedule,
        *,
        momentum: float = 0.0,
        nesterov: bool = False,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(parameters, lr)
        self.momentum = _share("momentum", momentum)
        self.weight_decay = _positive("weight_decay", weight_decay)
        self.nesterov = nesterov
        if nesterov and self.momentum == 0.0:
            raise ValueError("nesterov=True needs a momentum above 0, such as 0.9")

    def updated(self, data: Floats, grads: Floats, lr: float) -> tuple[Floats, dict[str, Floats]]:
        """See Optimizer."""
        new, velocity = _sgd(
            data, grads, self.memory["velocity"],
            lr, self.momentum, self.weight_decay, self.nesterov,
        )  # fmt: skip
        return new, {"velocity": velocity}


def sgd(
    data: Floats,
    grads: Floats,
    velocity: Floats,
    lr: float,
    momentum: float,
    weight_decay: float,
    nesterov: bool,
) -> tuple[Floats, Floats]:
    """SGD's arithmetic: the new numbers and velocities."""
    if weight_decay:
        grads = [g + weight_decay * p for p, g in zip(data, grads, strict=True)]
    if not momentum:
        return [p - lr * g for p, g in zip(data, grads, strict=True)], velocity
    velocity = [momentum * v + g for v, g in zip(velocity, grads, strict=True)]
    if nesterov:
        grads = [g + momentum * v for v, g in zip(velocity, grads, strict=True)]
    else:
        grads = velocity
    return [p - lr * g for p, g in zip(data, grads, strict=True)], velocity


class Adam(Optimizer):
    """Adam: steps of a size that the gradients' recent mean and spread decide.

    m <- beta1·m + (1 - beta1)·g, v <- beta2·v + (1 - beta2)·g²,
    p <- p - lr·m'/(sqrt(v') + eps), with m' = m/(1 - beta1^t), v' = v/(1 - beta2^t).

    Arguments: `lr`, the learning rate or a schedule; `betas`, (beta1, beta2);
    `eps`; `weight_decay`, which adds weight_decay·p to g.
    Source: Kingma and Ba, "Adam", ICLR 2015, algorithm 1.

    >>> p = Value(1.0)
    >>> (p * p).backward()
    >>> Adam([p], lr=0.1).step(); round(p.data, 6)
    0.9
    """

    memories = ("mean", "square")
    decoupled = False

    def __init__(
        self,
        parameters: Iterable[Value],
        lr: float | Schedule = 0.001,
        *,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(parameters, lr)
        self.betas = (_share("betas[0]", betas[0]), _share("betas[1]", betas[1]))
        self.eps = _positive("eps", eps)
        self.weight_decay = _positive("weight_decay", weight_decay)

    def updated(self, data: Floats, grads: Floats, lr: float) -> tuple[Floats, dict[str, Floats]]:
        """See Optimizer."""
        if self.weight_decay and self.decoupled:
            keep = 1.0 - lr * self.weight_decay
            data = [p * keep for p in data]
        elif self.weight_decay:
            grads = [g + self.weight_decay * p for p, g in zip(data, grads, strict=True)]
        new, mean, square = _adam(
            data, grads, self.memory["mean"], self.memory["square"],
            lr, *self.betas, self.eps, self.steps + 1,
        )  # fmt: skip
        return new, {"mean": mean, "square": square}


def adam(
    data: Floats,
    grads: Floats,
    mean: Floats,
    square: Floats,
    lr: float,
    beta1: float,
    beta2: float,
    eps: float,
    t: int,
) -> tuple[Floats, Floats, Floats]:
    """Adam's arithmetic for its t-th step, from 1: the new numbers, means and squares."""
    rest1, rest2 = 1.0 - beta1, 1.0 - beta2
    scale1, scale2 = 1.0 - beta1**t, 1.0 - beta2**t
    sqrt = math.sqrt
    mean = [beta1 * m + rest1 * g for m, g in zip(mean, grads, strict=True)]
    square = [beta2 * v + rest2 * (g * g) for v, g in zip(square, grads, strict=True)]
    new = [
        p - lr * (m / scale1) / (sqrt(v / scale2) + eps)
        for p, m, v in zip(data, mean, square, strict=True)
    ]
    return new, mean, square


class AdamW(Adam):
    """Adam with weight decay apart from the gradient: first p <- p - lr·weight_decay·p.

    Arguments: as Adam's, with `weight_decay` 0.01 if not given.
    Source: Loshchilov and Hutter, "Decoupled weight decay regularization", ICLR 2019.
    """

    decoupled = True

    def __init__(
        self,
        parameters: Iterable[Value],
        lr: float | Schedule = 0.001,
        *,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.01,
    ) -> None:
        super().__init__(parameters, lr, betas=betas, eps=eps, weight_decay=weight_decay)


class RMSProp(Optimizer):
    """s <- decay·s + (1 - decay)·g², p <- p - lr·g/(sqrt(s) + eps).

    Source: Tieleman and Hinton, "Neural networks for machine learning", lecture 6.5, 2012.

    >>> p = Value(1.0)
    >>> (p * p).backward()
    >>> RMSProp([p], lr=0.01).step(); round(p.data, 6)
    0.9
    """

    memories = ("square",)

    def __init__(
        self,
        parameters: Iterable[Value],
        lr: float | Schedule = 0.01,
        *,
        decay: float = 0.99,
        eps: float = 1e-8,
    ) -> None:
        super().__init__(parameters, lr)
        self.decay, self.eps = _share("decay", decay), _positive("eps", eps)

    def updated(self, data: Floats, grads: Floats, lr: float) -> tuple[Floats, dict[str, Floats]]:
        """See Optimizer."""
        rest = 1.0 - self.decay
        return _scaled(data, grads, self.memory["square"], lr, self.decay, rest, self.eps)


class Adagrad(Optimizer):
    """s <- s + g², p <- p - lr·g/(sqrt(s) + eps).

    Source: Duchi, Hazan and Singer, "Adaptive subgradient methods", JMLR 12, 2011.

    >>> p = Value(1.0)
    >>> (p * p).backward()
    >>> Adagrad([p], lr=0.5).step(); round(p.data, 6)
    0.5
    """

    memories = ("square",)

    def __init__(
        self, parameters: Iterable[Value], lr: float | Schedule = 0.01, *, eps: float = 1e-10
    ) -> None:
        super().__init__(parameters, lr)
        self.eps = _positive("eps", eps)

    def updated(self, data: Floats, grads: Floats, lr: float) -> tuple[Floats, dict[str, Floats]]:
        """See Optimizer."""
        return _scaled(data, grads, self.memory["square"], lr, 1.0, 1.0, self.eps)


def _scaled(
    data: Floats, grads: Floats, square: Floats, lr: float, decay: float, rest: float, eps: float
) -> tuple[Floats, dict[str, Floats]]:
    """Steps over the root of the gradients' squares, remembered by `decay`."""
    square = [decay * s + rest * (g * g) for s, g in zip(square, grads, strict=True)]
    new = [p - lr * g / (math.sqrt(s) + eps) for p, g, s in zip(data, grads, square, strict=True)]
    return new, {"square": square}


def _parameters(parameters: Iterable[Value]) -> list[Value]:
    if isinstance(parameters, Value) or not hasattr(parameters, "__iter__"):
        raise TypeError(
            f"an optimizer takes a list of parameters, got {parameters!r:.80}: give"
            " model.parameters()"
        )
    ps = list(parameters)
    if not ps:
        raise ValueError("an optimizer got no parameters: give model.parameters()")
    for i, p in enumerate(ps):
        if not isinstance(p, Value) or p.primitive is not None or p.constant:
            raise TypeError(
                f"an optimizer changes leaf Values, got {p!r:.80} at position {i}: give"
                " model.parameters()"
            )
    if len(set(ps)) != len(ps):
        raise ValueError("an optimizer got a parameter twice: give each once")
    return ps


def _positive(name: str, x: float) -> float:
    x = number(x, name)
    if not 0.0 <= x < math.inf:
        raise ValueError(f"{name} is {x!r}: it must be finite and not negative")
    return x


def _share(name: str, x: float) -> float:
    x = number(x, name)
    if not 0.0 <= x < 1.0:
        raise ValueError(f"{name} is {x!r}: it must be from 0 to below 1")
    return x


def first_nonfinite(numbers: Floats) -> int | None:
    """The position of the first NaN or infinity; None if there is none."""
    if all(map(math.isfinite, numbers)):
        return None
    return next(i for i, x in enumerate(numbers) if not math.isfinite(x))


if backend == "compiled":  # the same to the bit, in C
    from autograd.core.twin import adam as _adam
    from autograd.core.twin import first_nonfinite as _first_nonfinite
    from autograd.core.twin import sgd as _sgd
else:
    _adam, _sgd, _first_nonfinite = adam, sgd, first_nonfinite
