"""Every row that PyTorch or JAX has too, at many points: who is right where they disagree?

Values and first derivatives, in float64, over every binade and closely around roots, kinks,
poles and thresholds, and at the edge points of tests/edges.csv. Where an answer of theirs is
more than 8 units in the last place from ours, or special where ours is not, mpmath judges; at
edge points that file does. JAX takes subnormal numbers for 0: those are left out for it.
"""

from __future__ import annotations

import argparse
import math
import multiprocessing
import platform
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import mpmath

import autograd
from autograd.check.oracles import Between, context, oracles
from autograd.row import lookup
from tests.accuracy import peers
from tests.accuracy.measure import bound, least_unit, rows_measured, sample, ulp_error
from tests.accuracy.truth import TRUTH, exact
from tests.edges import edges

APART, POINTS, LEAST = 8.0, 2400, 1_000_000
RESULT = Path(__file__).with_name("FRAMEWORKS.md")
FUNCTIONS = {"PyTorch": peers.torch_functions, "JAX": peers.jax_functions}
PARTIALS = {"PyTorch": peers.torch_partials, "JAX": peers.jax_partials}

Point = tuple[float, ...]


@dataclass
class Wrong:
    """One answer that is wrong: at which point, what was given, what is right, by how many ulps."""

    at: Point
    got: float
    right: str
    error: float

    @property
    def weight(self) -> tuple[bool, float]:
        """What makes it worse than others: an ordinary point, and then the error."""
        return all(map(math.isfinite, self.at)), self.error


@dataclass
class Record:
    """What came of comparing one number of one row with one framework."""

    name: str
    by: int | None
    peer: str
    evaluations: int = 0
    disagreements: int = 0
    theirs: int = 0
    conventions: int = 0
    worst: Wrong | None = None
    ours: list[Wrong] = field(default_factory=list)


def values(peer: str, name: str, at: Sequence[Point]) -> list[float]:
    """A framework's values at many points at once."""
    f = FUNCTIONS[peer]()[name]
    if peer == "JAX":
        import jax
        import jax.numpy as jnp

        columns = [jnp.array(column, dtype=jnp.float64) for column in zip(*at, strict=True)]
        if name == "polygamma":
            columns[0] = columns[0].astype(int)
        return jax.jit(jax.vmap(f))(*columns).tolist()  # type: ignore[no-any-return]
    import torch

    fixed = peers.CONSTANTS.get(name)
    found = [0.0] * len(at)
    for group in peers._by_constant(at, fixed):
        arguments: list[Any] = [
            torch.tensor([xs[i] for _, xs in group], dtype=torch.float64) for i in range(len(at[0]))
        ]
        if fixed is not None:
            arguments[fixed] = group[0][1][fixed]
        for (k, _), y in zip(group, f(*arguments).tolist(), strict=True):
            found[k] = y
    return found


def partials(peer: str, name: str, at: Sequence[Point]) -> dict[int, list[float]]:
    """A framework's partials, by the argument's position; empty where it has none."""
    try:
        return PARTIALS[peer](name, at) or {}
    except (RuntimeError, TypeError) as error:
        if "not implemented" in str(error) or "real- or complex-valued" in str(error):
            return {}
        raise


def apart(a: float, b: float) -> bool:
    """Whether two answers disagree."""
    if a == b or (a != a and b != b):
        return False
    if not (math.isfinite(a) and math.isfinite(b)):
        return True
    return abs(a - b) > APART * math.ulp(max(abs(a), abs(b)))


def normal(*numbers: float) -> bool:
    """Whether none is subnormal."""
    return all(x == 0.0 or not abs(x) < sys.float_info.min for x in numbers)


def compared(name: str, by: int | None, peer: str, at: Sequence[Point]) -> Record | None:
    """One number of one row, by one framework, over all points; None if it has none."""
    row, record = lookup(name), Record(name, by, peer)
    if by is None:
        theirs = values(peer, name, at)
        ours = [row.value(*xs) for xs in at]
    else:
        theirs = partials(peer, name, at).get(by, [])
        if not theirs:
            return None
        ours = [dict(row.local(list(xs), row.value(*xs), [by])).get(by, 0.0) for xs in at]
    for xs, mine, other in zip(at, ours, theirs, strict=True):
        if peer == "JAX" and not normal(*xs, mine, other):
            continue
        record.evaluations += 1
        if apart(mine, other):
            record.disagreements += 1
            judged(record, xs, mine, other)
    return record


def judged(record: Record, xs: Point, mine: float, other: float) -> None:
    """Who is right, put into the record."""
    by = tuple(int(i == record.by) for i in range(len(xs)))
    right = truth(record.name, record.by, xs)
    if right is None:
        record.conventions += 1
        return
    limit = bound(record.name, sum(by), xs)
    told, of_mine, of_other = errors(right, mine, other)
    if limit < max(of_mine, of_other) and not isinstance(right, (Between, float)):
        least = least_unit(record.name, xs, by)  # beside a root of the derivative
        of_mine, of_other = (ulp_error(y, right, least) for y in (mine, other))
    if of_mine > limit:
        record.ours.append(Wrong(xs, mine, told, of_mine))
    if of_other <= limit:
        return
    record.theirs += 1
    wrong = Wrong(xs, other, told, of_other)
    if record.worst is None or wrong.weight > record.worst.weight:
        record.worst = wrong


def errors(right: Any, mine: float, other: float) -> tuple[str, float, float]:
    """What is right, as text, and how many ulps each is off."""
    if isinstance(right, Between):
        found = [0.0 if right.low <= y <= right.high else math.inf for y in (mine, other)]
        return f"{float(right.low)!r} to {float(right.high)!r}", found[0], found[1]
    if isinstance(right, float):  # a special value of tests/edges.csv
        found = [0.0 if not apart(y, right) else math.inf for y in (mine, other)]
        return repr(right), found[0], found[1]
    nearest = float(right) if abs(right) < 1.7e308 else math.copysign(math.inf, right)
    return repr(nearest), ulp_error(mine, right), ulp_error(other, right)


def truth(name: str, by: int | None, xs: Point) -> Any:
    """What is right: an mpmath number, an interval at a kink, a special float, or None."""
    if all(map(math.isfinite, xs)):
        found = exact(TRUTH[name], xs, tuple(int(i == by) for i in range(len(xs))))
        if found is not None:
            return found
    told = TOLD.get((name, repr(xs)))
    if told is not None:
        return told[0 if by is None else 1 + by]
    if not all(map(math.isfinite, xs)):
        return None
    m = context()
    with m.workprec(400):
        oracle = oracles()[name]
        exactly = [m.mpf(x) for x in xs]
        value = oracle.value(*exactly)
        return value if by is None or value is None else oracle.partials(*exactly)[by]


def _told() -> dict[tuple[str, str], list[float | None]]:
    """The edge points whose answers are facts, limits at infinity among them, not choices."""
    return {
        (edge.function, repr(edge.arguments)): [
            None if text == "-" else float(text) for text in (edge.value, *edge.partials)
        ]
        for edge in edges()
        if edge.rule in ("R2", "IEEE", "exact")
    }


TOLD = _told()


def of_row(task: tuple[str, int]) -> list[Record]:
    """Every comparison of one row."""
    name, points = task
    row = lookup(name)
    at = sample(row, points, seed=2)
    at += [edge.arguments for edge in edges() if edge.function == name]
    records = []
    for peer, functions in FUNCTIONS.items():
        if name not in functions():
            continue
        here = [xs for xs in at if name != "polygamma" or xs[0].is_integer()]
        for by in (None, *range(len(row.domain))):
            record = compared(name, by, peer, here)
            if record is not None and record.evaluations:
                records.append(record)
    return records


# The table


def reproduction(record: Record) -> str:
    """One line that shows the worst, given torch, or jax with 64 bits and jnp."""
    wrong = record.worst
    assert wrong is not None
    f = FUNCTIONS[record.peer]()[record.name]
    library = {"PyTorch": "torch", "JAX": "jnp"}[record.peer]
    call = f"{library}.{record.name}"
    path = getattr(f, "__module__", "") or ""
    known = getattr(f, "__name__", "<lambda>")
    if record.peer == "PyTorch":
        import torch

        if getattr(torch, record.name, None) is not f:
            inside = hasattr(torch.nn.functional, known)
            call = f"torch.nn.functional.{known}" if inside else f"torch.special.{record.name}"
    else:
        import jax

        homes = {
            "jnp": jax.numpy, "jax.nn": jax.nn, "jax.scipy.special": jax.scipy.special,
            "jax.scipy.stats.norm": jax.scipy.stats.norm,
        }  # fmt: skip
        call = next((f"{k}.{known}" for k, home in homes.items() if hasattr(home, known)), call)
    if "<lambda>" in known or path == "functools" or record.name in ("gelu", "gelu_tanh"):
        call = f"{record.peer.lower().replace('py', '')}_functions()['{record.name}']"
    numbers = [number(x) for x in wrong.at]
    if record.peer == "JAX":
        if record.by is None:
            return f"{call}({', '.join(numbers)})"
        argnums = f", {record.by}" if record.by else ""
        return f"jax.grad({call}{argnums})({', '.join(numbers)})"
    tensors = [f"torch.tensor({x}, dtype=torch.double)" for x in numbers]
    if record.by is None:
        return f"{call}({', '.join(tensors)})"
    given = tensors[0] if len(tensors) == 1 else f"({', '.join(tensors)})"
    part = "" if len(tensors) == 1 else f"[{record.by}]"
    return f"torch.autograd.functional.jacobian({call}, {given}){part}"


def number(x: float) -> str:
    """x as Python source."""
    return repr(x) if math.isfinite(x) else f"float('{x}')"


def shown(error: float) -> str:
    """An error in ulps, in two digits."""
    if math.isinf(error):
        return "∞"
    return f"{error:.2g}" if error < 100.0 else f"{error:.0e}".replace("e+", "e")


def markdown(records: list[Record], minutes: float) -> str:
    """The table, by function."""
    import jax
    import torch

    total = sum(r.evaluations for r in records)
    against = sum(len(r.ours) for r in records)
    lines = [
        "Where PyTorch's and JAX's answers differ from ours by more than 8 units in the last place,"
        " or are an infinity, a 0 or a NaN where ours is none, and mpmath, or a rule for edge"
        " points, says that they are wrong. `of`: the value, or the partial by an argument."
        " `wrong`: at how many of the points; `worst`: by how many units in the last place, ∞ for a"
        " special value.",
        "",
        "| function | of | framework | points | wrong | worst | at | theirs | right | to see it |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for r in sorted(records, key=lambda r: (r.name, r.by is not None, r.by or 0, r.peer)):
        if r.worst is None:
            continue
        of = "value" if r.by is None else f"partial {r.by}"
        at = ", ".join(repr(x) for x in r.worst.at)
        lines.append(
            f"| {r.name} | {of} | {r.peer} | {r.evaluations:,} | {r.theirs:,} |"
            f" {shown(r.worst.error)} | {at} | {r.worst.got!r} | {r.worst.right} |"
            f" `{reproduction(r)}` |"
        )
    sums = []
    for peer in FUNCTIONS:
        mine = [r for r in records if r.peer == peer]
        sums.append(
            f"{peer}: {sum(r.evaluations for r in mine):,} evaluations of"
            f" {len({r.name for r in mine})} functions, {sum(r.disagreements for r in mine):,}"
            f" disagreements, in {sum(r.theirs for r in mine):,} of which it is wrong;"
            f" {sum(r.conventions for r in mine):,} are a matter of convention, the others within"
            " the bounds that both are held to."
        )
    lines += [
        "",
        *sums,
        f"Against us: {against}.",
        "",
        f"{total:,} evaluations, values and first derivatives in float64, in {minutes:.0f} minutes"
        f" on 2 processes, {date.today()}: the {autograd.backend} engine of {autograd.__version__},"
        f" Python {platform.python_version()}, PyTorch {torch.__version__}, JAX {jax.__version__},"
        f" mpmath {mpmath.__version__}. An error within 2⁻⁵² of a derivative beside its root counts"
        " for nobody; JAX takes subnormal numbers for 0, and is spared them. `torch_functions` and"
        " `jax_functions`, where a function needs an argument set, are in tests/accuracy/peers.py."
        " JAX with `jax.config.update('jax_enable_x64', True)`. Made by `python -m tests.campaigns"
        " frameworks`.",
        "",
    ]
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    """The campaign: 1 if a disagreement is against us."""
    parser = argparse.ArgumentParser(prog="python -m tests.campaigns frameworks")
    parser.add_argument("--points", type=int, default=POINTS)
    parser.add_argument("--only", default="")
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args(arguments)
    only = set(filter(None, options.only.split(",")))
    rows = [row for row in rows_measured() if row.name in TRUTH]
    names = [row.name for row in rows if not only or row.name in only]
    start = time.perf_counter()
    records: list[Record] = []
    # JAX's threads and a fork don't go together.
    with multiprocessing.get_context("spawn").Pool(options.processes) as pool:
        for found in pool.imap(of_row, [(name, options.points) for name in names]):
            records += found
            for r in found:
                of = "value" if r.by is None else f"partial {r.by}"
                print(
                    r.name, of, r.peer, r.evaluations, r.disagreements, r.theirs, r.conventions,
                    shown(r.worst.error) if r.worst else "", flush=True,
                )  # fmt: skip
                for wrong in r.ours[:5]:
                    print("    against us:", wrong)
    minutes = (time.perf_counter() - start) / 60.0
    text = markdown(records, minutes)
    if sum(r.evaluations for r in records) >= LEAST:
        RESULT.write_text(text, encoding="utf-8")
    else:
        print(text)
    return 1 if any(r.ours for r in records) else 0
