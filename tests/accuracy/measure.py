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

from . import points
from .truth import TRUTH, exact

VALUE, FIRST, HIGHER = 3.0, 4.0, 64.0

Point = tuple[float, ...]

NAMED: dict[tuple[str, int], tuple[float, Callable[..., bool]]] = {
    ("digamma", 0): (8.0, lambda x: True),
    ("polygamma", 0): (4.0, lambda n, x: n > 2.0),
    # far out, where the density underflows before what it is multiplied with
    ("gelu", 0): (32.0, lambda x: x < -37.5),
    ("gelu", 1): (32.0, lambda x: x < -37.5),
    ("gelu_tanh", 2): (256.0, lambda x: abs(x) > 21.0),
    ("gelu_tanh", 3): (256.0, lambda x: abs(x) > 21.0),
    ("gaussian", 1): (6.0, lambda x: abs(x) > 26.61),
}
"""Rows whose bound is another, by the order of the derivative, and where."""


def bound(name: str, order: int, at: Point) -> float:
    """How many ulps an error may have."""
    limit, where = NAMED.get((name, order), (0.0, lambda *_: False))
    if where(*at):
        return limit
    return VALUE if order == 0 else FIRST if order == 1 else HIGHER


def allowance(order: int) -> float:
    """The absolute error that counts as none within 1 of a root of a derivative."""
    return 0.0 if order == 0 else 2.0**-52 if order == 1 else 2.0**-46


def ulp_error(got: float, true: Any) -> float:
    """|got - true| in units in the last place of the true value; infinite if got is NaN."""
    if got != got:
        return math.inf
    with mp.workprec(200):
        size = abs(true)
        unit = math.ulp(min(float(size), 1.7e308))
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


def near_root(name: str, xs: Point, by: tuple[int, ...]) -> bool:
    """Whether this derivative has a root within about 1 of xs, along any argument.

    Of a higher derivative at a large argument, within a quarter of it.
    """
    return _root_around(
        name, tuple(x if abs(x) > 2.0**50 else round(4.0 * x) / 4.0 for x in xs), by
    )


@functools.cache
def _root_around(name: str, cell: Point, by: tuple[int, ...]) -> bool:
    for i in range(len(cell)):
        signs = set()
        reaches = [1.0] if sum(by) < 2 else [1.0, abs(cell[i]) / 4.0]
        for reach, k in itertools.product(reaches, range(-16, 17)):
            moved = (*cell[:i], cell[i] + reach * k / 16, *cell[i + 1 :])
            value = exact(TRUTH[name], moved, by)
            if value is not None:
                signs.add(int(mpmath.sign(value)))
        if len(signs) > 1:
            return True
    return False


def sample(row: Primitive, count: int, seed: int = 0) -> list[Point]:
    """At least `count` points of the row's domain."""
    if len(row.domain) == 1:
        return [(x,) for x in points.of_one(row, count, seed)]
    return list(points.of_two(row, count, seed))


def truths(name: str, at: Sequence[Point], by: tuple[int, ...]) -> list[Any]:
    """What is exact at each point; None where nothing is defined."""
    pieces = TRUTH[name]
    return [exact(pieces, xs, by) for xs in at]


def compare(
    name: str, by: tuple[int, ...], at: Sequence[Point], true: Sequence[Any], got: Sequence[float]
) -> Worst:
    """The worst of `got` against `true`; what is excused beside a root is left out."""
    worst = Worst()
    order = sum(by)
    for xs, y, t in zip(at, got, true, strict=True):
        if t is None:
            continue
        worst.count += 1
        error = ulp_error(y, t)
        if error > bound(name, order, xs):
            small = abs(y - t) <= allowance(order) if math.isfinite(y) else False
            if small and near_root(name, xs, by):
                continue
            worst.over.append((error, xs, y, float(t)))
        worst.see(error, xs, y)
    return worst


def rows_measured() -> list[Primitive]:
    """The rows that have a truth, in the order of the table."""
    return [row for name, row in table().items() if name in TRUTH]


def measure(row: Primitive, order: int, at: Sequence[Point]) -> Worst:
    """The engine's worst error in derivatives of this order, over `at`."""
    total = Worst()
    for by in orders(row, order):
        true = truths(row.name, at, by)
        some = [(xs, t) for xs, t in zip(at, true, strict=True) if counts(xs, t, order)]
        here, exacts = [xs for xs, _ in some], [t for _, t in some]
        compute = engine(row, by)
        total.join(compare(row.name, by, here, exacts, [compute(*xs) for xs in here]))
    return total
