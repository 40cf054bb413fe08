"""Rows of many arguments: vectors to measure them at, and what is exact there.

A row is said by its textbook value alone; its derivatives are central differences of that with
thousands of digits, so that nothing of the table's own formulas is used.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import mpmath
from mpmath import mp

from autograd.row import Primitive

from .truth import confirms

LENGTHS = (1, 2, 3, 5, 8)
LINEAR = {"sum", "mean", "max", "min"}
START, LAST, AGREE = 700, 50_000, 80  # bits
STEP = 120  # differences are this many bits below their argument

Point = tuple[float, ...]


def _mean(xs: Sequence[Any]) -> Any:
    return mpmath.fsum(xs) / len(xs)


def _variance(xs: Sequence[Any]) -> Any:
    mean = _mean(xs)
    return _mean([(x - mean) ** 2 for x in xs])


def _dot(xs: Sequence[Any]) -> Any:
    n = len(xs) // 2
    start = xs[-1] if len(xs) % 2 else 0
    return start + mpmath.fsum(a * b for a, b in zip(xs[:n], xs[n : 2 * n], strict=True))


def _logsumexp(xs: Sequence[Any]) -> Any:
    return mpmath.log(mpmath.fsum(mpmath.exp(x) for x in xs))


VALUES: dict[str, Callable[[Sequence[Any]], Any]] = {
    "sum": mpmath.fsum,
    "prod": mpmath.fprod,
    "dot": _dot,
    "mean": _mean,
    "variance": _variance,
    "std": lambda xs: mpmath.sqrt(_variance(xs)),
    "norm": lambda xs: mpmath.sqrt(mpmath.fsum(x * x for x in xs)),
    "max": max,
    "min": min,
    "logsumexp": _logsumexp,
    "softmax": lambda xs: mpmath.exp(xs[0]) / mpmath.fsum(mpmath.exp(x) for x in xs),
    "log_softmax": lambda xs: xs[0] - _logsumexp(xs),
}

TERMS: dict[str, Callable[[Sequence[Any]], Any]] = {
    "sum": lambda xs: mpmath.fsum(abs(x) for x in xs),
    "mean": lambda xs: _mean([abs(x) for x in xs]),
    "dot": lambda xs: _dot([abs(x) for x in xs]),
    "logsumexp": lambda xs: max(abs(x) for x in xs),
}
"""What a value's rounding is relative to: the sizes of the terms it adds."""

COMPARED = {"variance", "std"}
"""Rows whose first partial is a difference, x - mean: counted in ulps of the largest."""


def vectors(row: Primitive, count: int, seed: int) -> list[Point]:
    """At least `count` vectors, of all lengths and kinds by turns; no ties, where a row has a kink."""
    rng = random.Random(f"{row.name} {seed}")
    kinds = _exponents(rng) if "exp" in row.name or "softmax" in row.name else _numbers(rng)
    lengths = [n for n in LENGTHS if n > 1 or row.name not in ("std", "variance", "log_softmax")]
    found: list[Point] = []
    while len(found) < count:
        for n in lengths:
            xs = next(kinds)(n)
            if len(set(map(abs, xs))) == n and all(map(math.isfinite, xs)):
                found.append(tuple(xs))
    return found


def _numbers(rng: random.Random) -> Iterator[Callable[[int], list[float]]]:
    def binade(low: float, high: float) -> float:
        return rng.choice((1.0, -1.0)) * math.ldexp(
            rng.uniform(1.0, 2.0), int(rng.uniform(low, high))
        )

    def nearly_cancelling(n: int) -> list[float]:
        xs = [rng.uniform(-10.0, 10.0) for _ in range(n // 2)]
        xs += [-x * (1.0 + rng.gauss(0.0, 1.0) * 2.0**-30) for x in xs]
        return xs + [2.0**-30 * rng.random()] * (n - len(xs))

    while True:
        yield lambda n: [rng.uniform(0.0, 10.0) for _ in range(n)]
        yield lambda n: [rng.uniform(-10.0, 10.0) for _ in range(n)]
        yield nearly_cancelling
        offset = rng.choice((1.0, -1.0)) * 10.0 ** rng.randint(0, 12)
        yield lambda n, offset=offset: [offset + rng.gauss(0.0, 1.0) for _ in range(n)]
        yield lambda n: [binade(-100.0, 100.0) for _ in range(n)]
        yield lambda n: [binade(-1000.0 / n, 1000.0 / n) for _ in range(n)]
        level = rng.choice((-1070.0, -1000.0, -540.0, 510.0, 1000.0))
        yield lambda n, level=level: [binade(level, level + 16.0) for _ in range(n)]
        large = binade(20.0, 300.0)
        yield lambda n, large=large: rng.sample(
            [large, *[rng.gauss(0.0, 1.0) for _ in range(n - 1)]], n
        )


def _exponents(rng: random.Random) -> Iterator[Callable[[int], list[float]]]:
    while True:
        for reach in (1.0, 10.0, 700.0):
            yield lambda n, reach=reach: [rng.uniform(-reach, reach) for _ in range(n)]
        yield lambda n: [rng.uniform(-10.0, 0.0) - math.log(n) for _ in range(n)]
        offset = rng.choice((1.0, -1.0)) * 10.0 ** rng.randint(1, 6)
        yield lambda n, offset=offset: [offset + rng.gauss(0.0, 1.0) for _ in range(n)]
        yield lambda n: [rng.gauss(0.0, 1.0) * 2.0 ** -rng.randint(0, 60) for _ in range(n)]
        gap = rng.uniform(20.0, 730.0)
        yield lambda n, gap=gap: rng.sample([gap, *[rng.gauss(0.0, 1.0) for _ in range(n - 1)]], n)


def directions(row: Primitive, at: Sequence[Point], order: int, seed: int) -> list[Point]:
    """For each vector the arguments to differentiate by, `order` of them: often the same again."""
    rng = random.Random(f"{row.name} {order} {seed}")
    found = []
    for xs in at:
        first = rng.randrange(len(xs))
        found.append(
            tuple(rng.choice((first, rng.randrange(len(xs)))) if k else first for k in range(order))
        )
    return found  # type: ignore[return-value]  # whole numbers


def vanishes(name: str, n: int, by: Sequence[int]) -> bool:
    """Whether this derivative is 0 everywhere: differences could only tell as many digits of it."""
    half = n // 2
    if name == "prod":
        return len(set(by)) < len(by)
    if name == "dot":
        paired = len(by) == 2 and abs(by[0] - by[1]) == half and max(by) < 2 * half
        return len(by) > 1 and not paired
    if name == "variance":
        return len(by) > 2
    if name == "softmax":
        return n == 1
    flat = name in LINEAR or (n == 1 and name in ("norm", "logsumexp")) or (n, name) == (2, "std")
    return flat and len(by) > 1


def exact(name: str, xs: Point, by: Sequence[int], hint: float | None = None) -> Any:
    """The derivative by these arguments, an mpmath number."""
    if by and vanishes(name, len(xs), by):
        return mpmath.mpf(0)
    before = None
    bits = START
    while bits < LAST:
        with mp.workprec(bits):
            now = _difference(VALUES[name], [mpmath.mpf(x) for x in xs], list(by))
            if confirms(hint, now):
                return now
            told = before is not None and (now != 0 or not by or bits > 10_000)
            if told and abs(now - before) <= mpmath.ldexp(abs(now), -AGREE):
                return now
        before = now
        bits *= 2
    return before


def _difference(f: Callable[[Sequence[Any]], Any], xs: list[Any], by: list[int]) -> Any:
    if not by:
        return f(xs)
    i, *others = by
    step = mpmath.ldexp(1, mpmath.frexp(xs[i])[1] - STEP)
    ends = [_difference(f, [*xs[:i], xs[i] + h, *xs[i + 1 :]], others) for h in (step, -step)]
    return (ends[0] - ends[1]) / (2 * step)


def least_unit(name: str, xs: Point, order: int) -> float:
    """What an error counts in units of at least: an ulp of what rounding is relative to."""
    if order == 0:
        return math.ulp(float(TERMS[name]([mpmath.mpf(x) for x in xs]))) if name in TERMS else 0.0
    if order == 1 and name not in COMPARED:
        return 0.0
    scales = [abs(float(exact(name, xs, (i,) * order))) for i in range(len(xs))]
    if order > 1 and name == "std":
        scales.append(float(VALUES[name](list(map(mpmath.mpf, xs)))) ** (1 - order))
    if order > 1 and name in ("logsumexp", "softmax", "log_softmax"):
        scales += [abs(float(exact(name, xs, (i,) * (order - 1)))) for i in range(len(xs))]
    return math.ulp(max(scales))
