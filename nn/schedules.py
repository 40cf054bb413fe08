"""Schedules: the learning rate as a function of the step.

A schedule is a function from the number of steps done (0 before the first) to
a learning rate. Give it to an optimizer in place of the number.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from autograd.row import number

Schedule = Callable[[int], float]


def constant(rate: float) -> Schedule:
    """Always the same.

    >>> constant(0.1)(1000)
    0.1
    """
    fixed = _rate("the learning rate", rate)
    return lambda step: fixed


def linear(start: float, end: float, steps: int) -> Schedule:
    """From `start` straight to `end` in `steps` steps, `end` from then on.

    micrograd's demo, 1.0 - 0.9*k/100, is linear(1.0, 0.1, 100).

    >>> rate = linear(1.0, 0.1, 100)
    >>> rate(0), rate(50), rate(100), rate(500)
    (1.0, 0.55, 0.1, 0.1)
    """
    start, end, steps = _rate("linear's start", start), _rate("linear's end", end), _steps(steps)
    drop = start - end
    return lambda step: start - drop * step / steps if step < steps else end


def step(rate: float, every: int, factor: float = 0.1) -> Schedule:
    """`rate`, times `factor` after each `every` steps.

    >>> [round(step(1.0, 10)(k), 3) for k in (0, 9, 10, 20)]
    [1.0, 1.0, 0.1, 0.01]
    """
    rate, factor, every = _rate("step's rate", rate), _rate("step's factor", factor), _steps(every)
    return lambda done: rate * factor ** (done // every)


def exponential(rate: float, factor: float) -> Schedule:
    """`rate` times `factor` to the power of the step.

    >>> exponential(1.0, 0.5)(3)
    0.125
    """
    rate, factor = _rate("exponential's rate", rate), _rate("exponential's factor", factor)
    return lambda step: rate * factor**step


def inverse(rate: float, decay: float) -> Schedule:
    """`rate`/(1 + decay·step): the 1/t decay.

    >>> inverse(1.0, 0.5)(2)
    0.5
    """
    rate, decay = _rate("inverse's rate", rate), _rate("inverse's decay", decay)
    return lambda step: rate / (1.0 + decay * step)


def cosine(rate: float, steps: int, end: float = 0.0) -> Schedule:
    """Half a cosine wave from `rate` down to `end` in `steps` steps, `end` from then on.

    Source: Loshchilov and Hutter, "SGDR", ICLR 2017, equation 5.

    >>> [round(cosine(1.0, 10)(k), 6) for k in (0, 5, 10)]
    [1.0, 0.5, 0.0]
    """
    rate, end, steps = _rate("cosine's rate", rate), _rate("cosine's end", end), _steps(steps)

    def at(step: int) -> float:
        if step >= steps:
            return end
        return end + 0.5 * (rate - end) * (1.0 + math.cos(math.pi * step / steps))

    return at


def warmup(schedule: Schedule | float, steps: int) -> Schedule:
    """The schedule's rate, but in the first `steps` steps a growing share of it.

    Step k < `steps` has the share (k + 1)/(steps + 1).

    >>> [warmup(1.0, 3)(k) for k in range(4)]
    [0.25, 0.5, 0.75, 1.0]
    """
    rate, steps = scheduled(schedule), _steps(steps)
    return lambda step: rate(step) * min(1.0, (step + 1) / (steps + 1))


def scheduled(rate: Schedule | float) -> Schedule:
    """A learning rate as a schedule; a schedule is given back."""
    return rate if callable(rate) else constant(rate)


def _rate(name: str, x: float) -> float:
    x = number(x, name)
    if not 0.0 <= x < math.inf:
        raise ValueError(f"{name} is {x!r}: it must be finite and not negative")
    return x


def _steps(steps: int) -> int:
    if isinstance(steps, bool) or not isinstance(steps, int) or steps < 1:
        raise ValueError(f"a schedule got {steps!r} steps: give a whole number of at least 1")
    return steps
