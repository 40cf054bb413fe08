"""Measures the whole table on two processes, and writes the README's table."""

from __future__ import annotations

import argparse
import math
import multiprocessing
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from autograd.row import Primitive, lookup

from . import many, peers
from .measure import (
    FIRST,
    HIGHER,
    VALUE,
    Point,
    Worst,
    answers,
    answers_of_many,
    compare,
    compare_many,
    forget,
    orders,
    rows_measured,
    sample,
)

POINTS, HIGHER_POINTS, HIGHER_OF_MANY = 37_000, 4_000, 1_000
README = Path(__file__).parents[2] / "README.md"
BEGIN, END = "<!-- accuracy table -->", "<!-- end -->"
PEERS: dict[str, tuple[Any, Any]] = {
    "PyTorch": (peers.torch_partials, peers.torch_gradients),
    "JAX": (peers.jax_partials, peers.jax_gradients),
}


def normal(*numbers: Any) -> bool:
    """Whether none is subnormal: JAX takes those for 0, which is not held against it."""
    return all(x == 0.0 or abs(x) >= sys.float_info.min for x in numbers)


def measured(task: tuple[str, int, bool]) -> dict[str, Any]:
    """Everything about one row: the worst of each order, ours and the peers'."""
    name, points, with_peers = task
    row = lookup(name)
    find = _of_many if row.nary else _of_few
    found: dict[str, Any] = {"name": name}
    for order in range(4):
        most = points if order < 2 else HIGHER_OF_MANY if row.nary else HIGHER_POINTS
        at = sample(row, min(points, most), seed=0 if order < 2 else 1)
        found.setdefault("points", len(at))
        ours, theirs = find(row, order, at, PEERS if order == 1 and with_peers else ())
        found[str(order)] = (ours.error if ours.count else None, ours.count, ours.over[:3])
        for peer, worst in theirs.items():
            found[peer] = (worst.error, bool(worst.over)) if worst.count else None
    forget()
    return found


def _of_few(
    row: Primitive, order: int, at: Sequence[Point], peers_asked: Iterable[str]
) -> tuple[Worst, dict[str, Worst]]:
    """A row of fixed arity, by each of its arguments."""
    name = row.name
    ours, theirs = Worst(), {peer: Worst() for peer in peers_asked}
    for by in orders(row, order):
        here, exacts, got = answers(row, by, at)
        ours.join(compare(name, by, here, exacts, got))
        for peer, worst in theirs.items():
            said = (PEERS[peer][0](name, here) or {}).get(by.index(1)) if here else None
            if said is not None:
                fair = [k for k in range(len(here)) if normal(*here[k], exacts[k])]
                parts = [[whole[k] for k in fair] for whole in (here, exacts, said)]
                worst.join(compare(name, by, *parts))
    return ours, theirs


def _of_many(
    row: Primitive, order: int, at: Sequence[Point], peers_asked: Iterable[str]
) -> tuple[Worst, dict[str, Worst]]:
    """A row of many arguments, by one of them at each vector."""
    name = row.name
    at, directions, exacts, got = answers_of_many(row, order, at)
    theirs = {}
    for peer in peers_asked:
        theirs[peer] = Worst()
        gradients = PEERS[peer][1](name, at)
        if gradients is not None:
            fair = [k for k in range(len(at)) if normal(*at[k], exacts[k])]
            theirs[peer] = compare_many(
                name,
                [at[k] for k in fair],
                [directions[k] for k in fair],
                [exacts[k] for k in fair],
                [gradients[k][directions[k][0]] for k in fair],
            )
    return compare_many(name, at, directions, exacts, got), theirs


def shown(error: float | None) -> str:
    """An error in a cell."""
    if error is None:
        return "–"
    if math.isinf(error):
        return "∞"
    if error < 100.0:
        return f"{error:.1f}" if error else "0"
    return f"10^{math.floor(math.log10(error))}"


def summary(results: list[dict[str, Any]]) -> str:
    """How many rows are over the bounds, of everybody's."""

    def count(orders: str) -> str:
        some = [r for r in results if any(r[order][1] for order in orders)]
        return f"{sum(any(r[order][2] for order in orders) for r in some)} of {len(some)}"

    def peers_count(peer: str) -> str:
        some = [r[peer] for r in results if r.get(peer)]
        return f"{sum(over for _, over in some)} of {len(some)}"

    return (
        f"Over the bounds are {count('0')} values, {count('1')} derivatives and {count('23')}"
        f" higher derivatives here; {peers_count('PyTorch')} of PyTorch's derivatives and"
        f" {peers_count('JAX')} of JAX's."
    )


def markdown(results: list[dict[str, Any]], minutes: float, points: int) -> str:
    """The table, folded, with what was measured and how."""
    evaluations = sum(r[str(order)][1] for r in results for order in range(4))
    lines = [
        summary(results),
        "",
        "<details>",
        "<summary>The largest error of every row, in units in the last place</summary>",
        "",
        "Against mpmath. ∞ is an infinity, a 0 or a NaN where there is a number; – is no such"
        " function or derivative.",
        "",
        "| function | value | derivative | 2nd | 3rd | PyTorch's derivative | JAX's derivative |",
        "|---|---|---|---|---|---|---|",
    ]
    for r in results:
        cells = [shown(r[str(order)][0]) for order in range(4)]
        cells += [shown(r[peer][0] if r.get(peer) else None) for peer in PEERS]
        lines.append(f"| {r['name']} | {' | '.join(cells)} |")
    lines += [
        "",
        f"At least {points:,} points a function, {evaluations:,} numbers of ours in {minutes:.0f}"
        " minutes on 2 shared cores: every binade of both signs, subnormals included, and closely"
        " around roots, poles, kinks and thresholds; second and third derivatives at"
        f" {min(points, HIGHER_POINTS):,} ({min(points, HIGHER_OF_MANY):,} vectors), if there are several arguments with all"
        " between 2⁻⁶⁰ and 2⁶⁰. The others are spared"
        " the subnormals (JAX takes them for 0).",
        "",
        f"Bounds: {VALUE:.0f} for values, {FIRST:.0f} for derivatives, {HIGHER:.0f} for higher ones;"
        " 8 for digamma; 32 for gelu below -37.5 and gelu_tanh below -20, where they underflow."
        " Within 1 of a root of a derivative relative digits are not asked for: a first derivative"
        " may be off by 2⁻⁵² (4 times the unit used there, 2⁻⁵⁴), and a higher one is counted in"
        " ulps of the largest it is within 1 of there, but of 1 at most.",
        "",
        f"Rows of many arguments: vectors of {_listed(many.LENGTHS)} numbers, of one sign,"
        " nearly cancelling, far from 0 and close together, of all sizes, one larger than all"
        " others; rounding grows with longer ones. A value that adds (sum, mean, dot, logsumexp) is"
        " counted in ulps of the sizes of its terms together; the derivatives of variance and std,"
        " and all higher ones, in ulps of the largest of their kind among the arguments (of std"
        " also of its power that has the same dimension, of the softmax family also of the"
        " derivative before).",
        "",
        "Made by `python -m tests.accuracy`.",
        "",
        "</details>",
    ]
    return "\n".join(lines)


def _listed(numbers: Sequence[int]) -> str:
    *others, last = map(str, numbers)
    return f"{', '.join(others)} and {last}"


def block(text: str) -> str:
    """What stands between the markers in a text."""
    return text.split(BEGIN, 1)[1].split(END, 1)[0].strip("\n")


def with_block(text: str, new: str) -> str:
    """The text with something else between the markers."""
    before, rest = text.split(BEGIN, 1)
    return f"{before}{BEGIN}\n\n{new}\n\n{END}{rest.split(END, 1)[1]}"


def main(arguments: list[str]) -> int:
    """The command: 1 if a row is over its bounds."""
    parser = argparse.ArgumentParser(prog="python -m tests.accuracy", description=__doc__)
    parser.add_argument("--points", type=int, default=POINTS)
    parser.add_argument("--only", default="")
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args(arguments)
    only = set(filter(None, options.only.split(",")))
    names = [row.name for row in rows_measured() if not only or row.name in only]
    tasks = [(name, options.points, True) for name in names]
    start = time.perf_counter()
    results = []
    over = 0
    # JAX's threads and a fork don't go together.
    with multiprocessing.get_context("spawn").Pool(options.processes) as pool:
        for found in pool.imap(measured, tasks):
            results.append(found)
            cells = [shown(found[str(order)][0]) for order in range(4)]
            print(
                found["name"],
                found["points"],
                *cells,
                *[shown(found[p][0] if found.get(p) else None) for p in PEERS],
                flush=True,
            )
            for order in range(4):
                for worst in found[str(order)][2]:
                    over += 1
                    print("    over: order", order, *worst)
    minutes = (time.perf_counter() - start) / 60.0
    text = markdown(results, minutes, options.points)
    if options.points >= POINTS and not only:
        README.write_text(with_block(README.read_text(encoding="utf-8"), text), encoding="utf-8")
    else:
        print(text)
    return 1 if over else 0
