"""Derivatives of a function of one float by finite differences, with an error estimate.

Differences at steps h, h/2, h/4, ... are extrapolated to h = 0 (L. F. Richardson, "The
deferred approach to the limit", 1927), and of all extrapolations the one is taken whose
neighbours differ least (C. J. F. Ridders, "Accurate computation of F'(x) and F'(x) F''(x)",
Advances in Engineering Software 4, 1982). What rounding may have done is added, so the
error is an estimate that errs on the safe side. From the same evaluations come the slopes
on either side, which tell a kink from a smooth point.

Nothing of the engine is imported: this is an oracle.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

EPSILON = 2.0**-52

_COLUMNS = 6  # more extrapolations than these gain less than rounding takes
_START = 2.0**-2
_LEVELS = 80
_NEVER_MORE = 2.0**1000
_TINY = 2.0**-20  # below this an input has a scale of its own
_END = 4.0  # at the end of a domain powers such as (1 - x)**1.25 converge too slowly to be seen
_SMALLEST = 2.0**-1074  # what underflows is off by as much


@dataclass(frozen=True, slots=True)
class Slope:
    """A slope and how far it may be off; both NaN where there is none."""

    value: float
    error: float

    @property
    def known(self) -> bool:
        """Whether there is one."""
        return math.isfinite(self.value) and math.isfinite(self.error)


NO_SLOPE = Slope(math.nan, math.nan)


@dataclass(frozen=True, slots=True)
class Estimate:
    """A numerical derivative.

    Fields
    - `value`, `error`: the derivative and how far it may be off.
    - `left`, `right`: the slopes on either side.
    - `growing`: +1 or -1 if the slopes grow without bound towards +inf or -inf.
    - `evaluations`: how many times the function was called.
    """

    value: float
    error: float
    left: Slope
    right: Slope
    growing: int = 0
    evaluations: int = 0

    @property
    def kink(self) -> bool:
        """Whether the slopes on the two sides differ by more than their errors."""
        left, right = self.left, self.right
        if not (left.known and right.known):
            return False
        return abs(left.value - right.value) > 4.0 * (left.error + right.error)

    def brackets(self, slope: float, slack: float = 0.0) -> bool:
        """Whether `slope` lies between the slopes on the two sides."""
        left, right = self.left, self.right
        low = min(left.value - left.error, right.value - right.error)
        high = max(left.value + left.error, right.value + right.error)
        return low - slack <= slope <= high + slack


def derivative(
    f: Callable[[float], float],
    x: float,
    low: float = -math.inf,
    high: float = math.inf,
    noise: float | None = None,
    epsilon: float = EPSILON,
) -> Estimate:
    """The derivative of f at x.

    Arguments: `f`, from a float to a float; `low` and `high`, the interval it may
    be called in; `noise`, how far a value of f may be off by rounding (two units
    in its last place if None); `epsilon`, the relative spacing of f's numbers.

    Where f answers NaN or infinity, or raises, it is taken to be outside its domain,
    and smaller steps are tried; with one side outside at every step the slope of the
    other side is the answer. Close to 0 steps of x's own size are tried as well.
    At x itself only ValueError and ArithmeticError mean that there is no value.

    >>> import math
    >>> d = derivative(math.exp, 1.0)
    >>> abs(d.value - math.e) < 1e-11 and d.error < 1e-9
    True
    >>> derivative(abs, 0.0).kink
    True
    """
    probe = _Probe(f, x, low, high)
    centre = probe(x)
    if not math.isfinite(centre):
        return Estimate(math.nan, math.nan, NO_SLOPE, NO_SLOPE, 0, probe.calls)
    right, left, both = _Tableau(2.0), _Tableau(2.0), _Tableau(4.0)
    growth = _Growth()
    smallest = 4.0 * max(math.ulp(x), abs(x) * epsilon)
    for start, coarsest in _ladders(x):
        h = start
        for tableau in (right, left, both):
            tableau.begin()
        for _ in range(_LEVELS):
            if h < smallest:
                break
            above, below = probe(x + h), probe(x - h)
            size = max(abs(y) for y in (centre, above, below) if math.isfinite(y))
            unit = max(epsilon * size, _SMALLEST)
            rounding = (2.0 * unit if noise is None else noise + unit) / h
            right.add((above - centre) / h, 2.0 * rounding)
            left.add((centre - below) / h, 2.0 * rounding)
            both.add((above / 2.0 - below / 2.0) / h, rounding)
            growth.add(right.last, left.last)
            settled = [t.best for t in (both, left, right) if t.row]
            if h <= coarsest and _settled(settled, rounding):
                break
            h *= 0.5
    best = both.best
    if not best.known:
        side = right.best if right.best.known else left.best
        best = Slope(side.value, _END * side.error)
    return Estimate(best.value, best.error, left.best, right.best, growth.sign, probe.calls)


def _ladders(x: float) -> list[tuple[float, float]]:
    """Where steps start, and how small they have to become: from the scale of 1, or of x."""
    size = abs(x)
    found = [
        (_power_of_two(_START * max(size, 1.0)), 2.0**-6 * max(min(1.0, size), 2.0**-10)),
    ]
    if 0.0 < size < _TINY:
        found.append((_power_of_two(_START * size), 2.0**-6 * size))
    return found


def _settled(slopes: list[Slope], rounding: float) -> bool:
    """Whether smaller steps can't help: rounding alone is worse, or nothing is left to gain."""
    scale = max([abs(s.value) for s in slopes], default=math.nan)
    return bool(slopes) and all(s.error < max(rounding, 1e-13 * scale) for s in slopes)


def _power_of_two(h: float) -> float:
    """The power of two below h: adding it to a float is exact."""
    if h > _NEVER_MORE:
        return _NEVER_MORE
    return 2.0 ** math.floor(math.log2(h))


class _Probe:
    """f, with NaN for every way of having no value, and a count."""

    def __init__(self, f: Callable[[float], float], centre: float, low: float, high: float) -> None:
        self.f, self.centre, self.low, self.high = f, centre, low, high
        self.calls = 0

    def __call__(self, x: float) -> float:
        if not self.low <= x <= self.high:
            return math.nan
        self.calls += 1
        try:
            y = float(self.f(x))
        except (ValueError, ArithmeticError):
            return math.nan
        except Exception:  # what a function raises outside its domain is its own affair
            if x == self.centre:
                raise
            return math.nan
        return y if math.isfinite(y) else math.nan


class _Tableau:
    """Differences at halved steps and their extrapolations; `ratio` is the error's per halving."""

    def __init__(self, ratio: float) -> None:
        self.ratio = ratio
        self.row: list[float] = []
        self.best = NO_SLOPE
        self.last = math.nan

    def begin(self) -> None:
        """Start with steps that don't follow from those before."""
        self.row = []

    def add(self, difference: float, rounding: float) -> None:
        """Take the difference at the next smaller step."""
        self.last = difference
        if not math.isfinite(difference):
            self.row = []  # the steps before it were of another kind: begin again
            return
        row, factor, grown = [difference], 1.0, rounding
        candidate = NO_SLOPE
        for older in self.row[: _COLUMNS - 1]:
            factor *= self.ratio
            newer = row[-1]
            extrapolated = newer + (newer - older) / (factor - 1.0)
            grown *= (factor + 1.0) / (factor - 1.0)
            error = 2.0 * max(abs(extrapolated - newer), abs(extrapolated - older)) + grown
            row.append(extrapolated)
            if not candidate.error <= error:
                candidate = Slope(extrapolated, error)
        self.row = row
        if candidate.known:
            self._consider(candidate)

    def _consider(self, candidate: Slope) -> None:
        best = self.best
        agree = abs(candidate.value - best.value) <= candidate.error + best.error
        # A smaller step that contradicts a larger one is right: the larger one saw
        # something beyond a kink, or a period.
        if not best.known or not agree or candidate.error < best.error:
            self.best = candidate


class _Growth:
    """Whether one-sided slopes grow without bound as the step shrinks, as sqrt's do at 0."""

    _ENOUGH = 8

    def __init__(self) -> None:
        self.runs = [0, 0]
        self.previous = [math.nan, math.nan]

    def add(self, *slopes: float) -> None:
        for side, slope in enumerate(slopes):
            before = self.previous[side]
            grows = slope * before > 0.0 and abs(slope) > 1.05 * abs(before)
            self.runs[side] = self.runs[side] + 1 if grows else 0
            self.previous[side] = slope

    @property
    def sign(self) -> int:
        """The sign of what still grew at the smallest steps; 0 if nothing, or both ways."""
        sides = zip(self.previous, self.runs, strict=True)
        signs = {1 if slope > 0.0 else -1 for slope, run in sides if run >= self._ENOUGH}
        return signs.pop() if len(signs) == 1 else 0
