"""Where to measure: every binade of both signs, and closely around what is special."""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Iterator, Sequence

from autograd.row import Primitive

from .truth import ROOTS

SMALLEST, LARGEST = -1074, 1023  # exponents of two

THRESHOLDS = (
    0.0, 0.5, 1.0, 1.5, 2.0, math.pi / 2, math.pi, 4.5, 9.0, 10.0, 20.0, 21.6, 26.0, 26.6, 28.0,
    36.0, 37.5, 38.6, 40.0, 300.0, 372.5, 700.0, 708.4, 709.78, 710.4, 714.7, 745.1, 750.0, 1e4,
    1e8, 2.0**53, 2.0**500, 2.0**511, 2.0**1022,
)  # fmt: skip
"""Where forms change or overflow, ours or other libraries'."""


def _in(row: Primitive, i: int, x: float) -> bool:
    domain = row.domain[i]
    if row.name in ("lgamma", "digamma"):  # their rows' domain is where tests may roam
        return x > -1e4
    return x in domain


def _binades(rng: random.Random, exponents: Sequence[int], count: int) -> Iterator[float]:
    """`count` numbers of each sign from each binade, its lowest among them."""
    for e in exponents:
        for k in range(count):
            m = 1.0 if k == 0 else rng.uniform(1.0, 2.0)
            for sign in (1.0, -1.0):
                x = sign * math.ldexp(m, e)
                if not math.isinf(x):
                    yield x


def _around(c: float) -> Iterator[float]:
    """c, its neighbours, and points that close in on it from both sides."""
    yield c
    for k in range(1, 54):
        step = math.ldexp(max(abs(c), 1.0) if c else 1.0, -k)
        yield from (c - step, c + step)
    for towards in (-math.inf, math.inf):
        x = c
        for _ in range(4):
            x = math.nextafter(x, towards)
            yield x


def special_points(row: Primitive, i: int) -> list[float]:
    """What the row, its roots and other libraries' thresholds ask to be looked at."""
    domain = row.domain[i]
    centres = {*THRESHOLDS, *(-c for c in THRESHOLDS), *ROOTS.get(row.name, ()), *domain.edges}
    centres |= {c for c in (domain.low, domain.high) if math.isfinite(c)}
    return [x for c in sorted(centres) for x in _around(c) if _in(row, i, x)]


def of_one(row: Primitive, count: int, seed: int) -> list[float]:
    """At least `count` arguments for a row of one; the special ones are thinned if few are asked."""
    rng = random.Random(f"{row.name} {seed}")
    every = special_points(row, 0)
    if len(every) > count // 3:
        every = rng.sample(every, count // 3)
    low, high = (max(-1e3, row.domain[0].low), min(1e3, row.domain[0].high))
    for reach in (1.0, 3.0, 10.0, 50.0, 1e3):
        every += [rng.uniform(max(low, -reach), min(high, reach)) for _ in range(count // 20)]
    exponents = list(range(SMALLEST, LARGEST + 1))
    if row.domain[0].high <= 1.0:
        exponents = [e for e in exponents if e < 0]
    while len(every) < count:
        missing = count - len(every)
        chosen = exponents if missing > len(exponents) else rng.sample(exponents, missing)
        every += [x for x in _binades(rng, chosen, 2) if _in(row, 0, x)]
    return every


def of_two(row: Primitive, count: int, seed: int) -> list[tuple[float, float]]:
    """At least `count` pairs: a grid of binades, near equals, and the row's own hard places."""
    rng = random.Random(f"{row.name} {seed}")
    hard = list(itertools.islice(_hard_pairs(row, rng), count // 2))
    pairs = [
        (x, z)
        for x, z in hard
        if math.isfinite(x) and math.isfinite(z) and _in(row, 0, x) and _in(row, 1, z)
    ]
    exponents = [*range(SMALLEST, LARGEST, 60), *range(-8, 9), -1073, -1023, -1022, 511, 1022, 1023]
    while len(pairs) < count:
        for e in exponents:
            for d in rng.sample(exponents, 8):
                x = rng.choice((1.0, -1.0)) * math.ldexp(rng.uniform(1.0, 2.0), e)
                z = rng.choice((1.0, -1.0)) * math.ldexp(rng.uniform(1.0, 2.0), d)
                if row.name == "polygamma":
                    x, z = float(rng.randrange(12)), abs(z)
                elif row.name in ("leaky_relu", "elu"):
                    z = rng.uniform(row.domain[1].low, row.domain[1].high)
                elif row.name == "gelu_exp":
                    z = rng.choice((0.5, 1.0, 2.0))
                elif row.name == "round_to":
                    z = float(rng.randint(-320, 320))
                elif row.name in ("pow", "xlogy"):
                    x, z = (abs(x), z) if row.name == "pow" else (x, abs(z))
                pairs.append((x, z))
    return pairs


def of_three(row: Primitive, count: int, seed: int) -> list[tuple[float, float, float]]:
    """At least `count` triples, of like and of any sizes; a condition is 0 or 1."""
    rng = random.Random(f"{row.name} {seed}")
    triples = []
    for _ in range(count):
        e = rng.randint(SMALLEST, LARGEST)
        reach = rng.choice((0, 2, 2000))
        sizes = [max(SMALLEST, min(LARGEST, e + rng.randint(-reach, reach))) for _ in range(3)]
        a, b, c = (rng.choice((1.0, -1.0)) * math.ldexp(rng.uniform(1.0, 2.0), k) for k in sizes)
        triples.append((float(a > 0.0), b, c) if row.conditional else (a, b, c))
    return triples


def _hard_pairs(row: Primitive, rng: random.Random) -> Iterator[tuple[float, float]]:
    while True:
        size = rng.choice((1.0, 10.0, 1000.0))
        x, z = rng.uniform(-size, size), rng.uniform(-size, size)
        e = math.ldexp(rng.uniform(1.0, 2.0), rng.randint(SMALLEST, LARGEST - 1))
        name = row.name
        if name == "pow":
            # results over the whole range of exponents, beside 1, negative bases
            base = abs(e)
            yield base, rng.uniform(-1100.0, 1100.0) / (math.log2(base) or 1.0)
            near = 1.0 + rng.choice((1.0, -1.0)) * 2.0 ** rng.uniform(-52.0, -1.0)
            yield near, rng.uniform(-1100.0, 1100.0) / math.log2(near) if near != 1.0 else x
            yield abs(x), z
            yield x, float(rng.randint(-40, 40))
            yield abs(x), rng.choice((2.0, 3.0, 0.5, -1.0, -2.0, 1 / 3, 0.1, 1e-5, 1e-300))
            yield base, rng.uniform(-1.0, 1.0) * 2.0 ** rng.uniform(-60.0, 0.0)
        elif name == "logaddexp":
            r = -math.exp(-rng.expovariate(0.2)) * math.log(2.0)
            root = math.log(-math.expm1(r)) if r < 0.0 else 0.0
            yield r, root
            yield r, root * (1.0 + rng.gauss(0.0, 1.0) * 2.0 ** -rng.randint(1, 50))
            yield x, z
            yield e, e * (1.0 + rng.gauss(0.0, 1.0) * 2.0 ** -rng.randint(1, 50))
            yield x, x - rng.expovariate(0.005)
        elif name == "polygamma":
            yield float(rng.randrange(8)), abs(x)
            yield float(rng.randrange(8)), 10.0 + 5.0 * rng.random()
        elif name == "round_to":
            yield x, float(rng.randint(-4, 17))
        elif name == "gelu_exp":
            yield rng.uniform(-25.0, 25.0), rng.choice((0.5, 1.0, 2.0))
        elif name in ("leaky_relu", "elu"):
            yield x, rng.uniform(row.domain[1].low, row.domain[1].high)
        elif name == "xlogy":
            yield x, 1.0 + rng.gauss(0.0, 1.0) * 2.0 ** -rng.randint(1, 50)
            yield x, abs(z)
        else:
            yield x, z
            yield e, rng.choice((1.0, -1.0)) * e * 2.0 ** rng.uniform(-3.0, 3.0)
            yield x, x * (1.0 + rng.gauss(0.0, 1.0) * 2.0 ** -rng.randint(1, 50))
