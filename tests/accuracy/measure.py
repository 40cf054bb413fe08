"""Errors in units in the last place, and the bounds they are held to."""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import mpmath
from mpmath import mp

import autograd
from autograd.row import Primitive, table

from . import many, points
from .truth import TRUTH, exact

VALUE, FIRST, HIGHER = 3.0, 4.0, 64.0

Point = tuple[float, ...]

NAMED: dict[tuple[str, int], tuple[float, Callable[..., bool]]] = {
    ("digamma", 0): (8.0, lambda x: True),
    # far out, where the density underflows before what it is multiplied with
    ("gelu", 0): (32.0, lambda x: x < -37.5),
    ("gelu", 1): (32.0, lambda x: x < -37.5),
    ("gelu_tanh", 0): (32.0, lambda x: x < -20.0),
    ("gelu_tanh", 1): (32.0, lambda x: x < -20.0),
}
"""Rows whose bound is another, by the order of the derivative, and where."""


def bound(name: str, order: int, at: Point) -> float:
    """How many ulps an error may have."""
    limit, where = NAMED.get((name, order), (0.0, lambda *_: False))
    if where(*at):
        return limit
    return VALUE if order == 0 else FIRST if order == 1 else HIGHER


def ulp_error(got: float, true: Any, least: float = 0.0) -> float:
    """|got - true| in units in the last place of the true value; infinite if got is NaN.

    Argument: `least`, what the unit is at least.
    """
    if got != got:
        return math.inf
    nearest = float(true)
    if 1e-290 < abs(nearest) < 1e290 and abs(got) < 1e290:
        return abs((got - nearest) - float(true - nearest)) / max(least, math.ulp(nearest))
    with mp.workprec(200):
        size = abs(true)
        unit = max(least, math.ulp(min(float(size), 1.7e308)))
        top = mpmath.ldexp(1, 1024)
        if math.isinf(got):
            got_exact = top if got > 0.0 else -top
            true = max(min(true, top), -top)
        else:
            got_exact = mpmath.mpf(got)
            true = max(min(true, top), -top)
        return float(abs(got_exact - true) / unit)


@dataclass
class Worst:
    """The largest error found, where, and all that were over the bound."""

    error: float = 0.0
    at: Point = ()
    got: float = 0.0
    count: int = 0
    over: list[tuple[float, Point, float, float]] = field(default_factory=list)

    def join(self, other: Worst) -> None:
        """Take in what another found."""
        self.see(other.error, other.at, other.got)
        self.count += other.count
        self.over += other.over

    def see(self, error: float, at: Point, got: float) -> None:
        if error > self.error:
            self.error, self.at, self.got = error, at, got

    def judge(
        self,
        limit: float,
        at: Point,
        got: float,
        true: Any,
        again: Callable[[], Any],
        least: Callable[[], float],
    ) -> None:
        """Take in one error. Where it matters the truth is asked for again, without a hint, and what
        the unit is at least.
        """
        self.count += 1
        error = ulp_error(got, true)
        if error > min(limit, self.error):
            true = again()
            error = ulp_error(got, true, least())
        if error > limit:
            self.over.append((error, at, got, float(true)))
        self.see(error, at, got)


def orders(row: Primitive, order: int) -> list[tuple[int, ...]]:
    """What to differentiate a row by, `order` times: each argument that has a partial."""
    n = len(row.domain)
    if order == 0:
        return [(0,) * n]
    assert isinstance(row.partials, tuple)
    return [
        tuple(order if j == i else 0 for j in range(n))
        for i in range(n)
        if row.partials[i] is not None
    ]


def engine(row: Primitive, by: tuple[int, ...]) -> Callable[..., float]:
    """The derivative as the engine computes it: the row's partial, or grad of grad."""
    order = sum(by)
    if order == 0:
        return row.value
    i = next(j for j, k in enumerate(by) if k)
    if order == 1:
        return lambda *xs: dict(row.local(list(xs), row.value(*xs), [i])).get(i, 0.0)
    nested: Any = row
    for _ in range(order):
        nested = autograd.grad(nested, argnums=i)
    return nested  # type: ignore[no-any-return]


def counts(xs: Point, true: Any, order: int) -> bool:
    """Whether an error here counts.

    Of a value and a first derivative all do. A higher one is a sum of products, which may
    overflow before it: it must be finite, and the arguments moderate if there are several.
    """
    if true is None:
        return False
    if order < 2:
        return True
    moderate = len(xs) == 1 or all(x == 0.0 or 2.0**-60 < abs(x) < 2.0**60 for x in xs)
    return bool(moderate and abs(true) < 1.7e308)


def least_unit(name: str, xs: Point, by: tuple[int, ...]) -> float:
    """What an error counts in units of at least, beside a root of this derivative; else 0.

    Beside means within about 1 along any argument, and for a higher derivative at a large
    argument within a quarter of it. There 2**-52 is the bound of a first derivative; of a
    higher one the unit is an ulp of the largest it is thereabouts, but no more than one of 1.
    """
    order = sum(by)
    if order == 0:
        return 0.0
    cell = tuple(x if abs(x) > 2.0**50 else round(4.0 * x) / 4.0 for x in xs)
    largest = _largest_beside_root(name, cell, by)
    if order == 1:
        return 2.0**-52 / FIRST if largest else 0.0
    return 2.0**-52 * min(1.0, largest)


@functools.cache
def _largest_beside_root(name: str, cell: Point, by: tuple[int, ...]) -> float:
    for i in range(len(cell)):
        largest = 0.0
        signs = set()
        reaches = [1.0] if sum(by) < 2 else [1.0, abs(cell[i]) / 4.0]
        for reach, k in itertools.product(reaches, range(-16, 17)):
            moved = (*cell[:i], cell[i] + reach * k / 16, *cell[i + 1 :])
            value = exact(TRUTH[name], moved, by)
            if value is not None and mpmath.isfinite(value):
                signs.add(int(mpmath.sign(value)))
                largest = max(largest, abs(float(value)))
        if len(signs) > 1:
            return largest
    return 0.0


def sample(row: Primitive, count: int, seed: int = 0) -> list[Point]:
    """At least `count` points of the row's domain."""
    if row.nary:
        return many.vectors(row, count, seed)
    if len(row.domain) == 1:
        return [(x,) for x in points.of_one(row, count, seed)]
    if len(row.domain) == 2:
        return list(points.of_two(row, count, seed))
    return list(points.of_three(row, count, seed))


def truths(
    name: str, at: Sequence[Point], by: tuple[int, ...], got: Sequence[float | None]
) -> list[Any]:
    """What is exact at each point, beside what the engine says; None where nothing is defined."""
    for xs, hint in zip(at, got, strict=True):
        if (name, xs, by) not in _found:
            _found[name, xs, by] = exact(TRUTH[name], xs, by, hint)
    return [_found[name, xs, by] for xs in at]


_found: dict[tuple[str, Point, tuple[int, ...]], Any] = {}


def forget() -> None:
    """Give back the memory of all truths."""
    _found.clear()


def answers(
    row: Primitive, by: tuple[int, ...], at: Sequence[Point]
) -> tuple[list[Point], list[Any], list[float]]:
    """The points that count, what is exact there, and what the engine says."""
    compute = engine(row, by)
    got = [compute(*xs) for xs in at]
    true = truths(row.name, at, by, got)
    fine = [k for k in range(len(at)) if counts(at[k], true[k], sum(by))]
    return [at[k] for k in fine], [true[k] for k in fine], [got[k] for k in fine]


def answers_of_many(
    row: Primitive, order: int, at: Sequence[Point]
) -> tuple[list[Point], list[Point], list[Any], list[float]]:
    """So too, with the arguments to differentiate by."""
    by = many.directions(row, at, order, 0)
    got = [compute_many(row, xs, ks) for xs, ks in zip(at, by, strict=True)]
    true = [many.exact(row.name, *each) for each in zip(at, by, got, strict=True)]
    fine = [k for k in range(len(at)) if counts(at[k], true[k], order)]
    return (
        [at[k] for k in fine],
        [by[k] for k in fine],
        [true[k] for k in fine],
        [got[k] for k in fine],
    )


def compare(
    name: str, by: tuple[int, ...], at: Sequence[Point], true: Sequence[Any], got: Sequence[float]
) -> Worst:
    """The worst of `got` against `true`."""
    worst = Worst()
    for xs, y, t in zip(at, got, true, strict=True):
        if t is not None:
            again = functools.partial(exact, TRUTH[name], xs, by)
            least = functools.partial(least_unit, name, xs, by)
            worst.judge(bound(name, sum(by), xs), xs, y, t, again, least)
    return worst


def compare_many(
    name: str, at: Sequence[Point], by: Sequence[Point], true: Sequence[Any], got: Sequence[float]
) -> Worst:
    """So too for a row of many arguments, each by its own."""
    worst = Worst()
    for xs, ks, y, t in zip(at, by, got, true, strict=True):
        again = functools.partial(many.exact, name, xs, ks)
        least = functools.partial(many.least_unit, name, xs, len(ks))
        worst.judge(bound(name, len(ks), xs), xs, y, t, again, least)
    return worst


def compute_many(row: Primitive, xs: Point, by: Sequence[int]) -> float:
    """The engine's derivative by these arguments, one after the other."""
    if not by:
        return row.value(*xs)
    if len(by) == 1:
        return dict(row.local(list(xs), row.value(*xs), by)).get(by[0], 0.0)
    nested: Any = row
    for i in by:
        nested = autograd.grad(nested, argnums=i)
    return nested(*xs)  # type: ignore[no-any-return]


def rows_measured() -> list[Primitive]:
    """The rows that have a truth, in the order of the table."""
    return [row for name, row in table().items() if name in TRUTH or name in many.VALUES]


def measure(row: Primitive, order: int, at: Sequence[Point]) -> Worst:
    """The engine's worst error in derivatives of this order, over `at`."""
    if row.nary:
        return compare_many(row.name, *answers_of_many(row, order, at))
    total = Worst()
    for by in orders(row, order):
        total.join(compare(row.name, by, *answers(row, by, at)))
    return total
