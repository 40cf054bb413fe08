"""Measures the whole table on two processes, and writes TABLE.md."""

from __future__ import annotations

import argparse
import math
import multiprocessing
import sys
import time
from pathlib import Path
from typing import Any

from autograd.row import lookup

from . import peers
from .measure import (
    Worst,
    compare,
    counts,
    engine,
    orders,
    rows_measured,
    sample,
    truths,
)

POINTS, HIGHER_POINTS = 37_000, 4_000
TABLE = Path(__file__).with_name("TABLE.md")
PEERS = {"PyTorch": peers.torch_partials, "JAX": peers.jax_partials}


def normal(*numbers: Any) -> bool:
    """Whether none is subnormal: JAX takes those for 0, which is not held against it."""
    return all(x == 0.0 or abs(x) >= sys.float_info.min for x in numbers)


def measured(task: tuple[str, int, bool]) -> dict[str, Any]:
    """Everything about one row: the worst of each order, ours and the peers'."""
    name, points, with_peers = task
    row = lookup(name)
    at = sample(row, points)
    found: dict[str, Any] = {"name": name, "points": len(at)}
    for order in range(4):
        if order == 2:
            at = sample(row, min(points, HIGHER_POINTS), seed=1)
        ours = Worst()
        theirs = {peer: Worst() for peer in PEERS}
        answered = dict.fromkeys(PEERS, False)
        for by in orders(row, order):
            true = truths(name, at, by)
            some = [(xs, t) for xs, t in zip(at, true, strict=True) if counts(xs, t, order)]
            if not some:
                continue
            here, exacts = [xs for xs, _ in some], [t for _, t in some]
            compute = engine(row, by)
            ours.join(compare(name, by, here, exacts, [compute(*xs) for xs in here]))
            if order == 1 and with_peers:
                for peer, partials in PEERS.items():
                    got = (partials(name, here) or {}).get(by.index(1))
                    if got is not None:
                        answered[peer] = True
                        fair = [k for k in range(len(here)) if normal(*here[k], exacts[k])]
                        parts = [[whole[k] for k in fair] for whole in (here, exacts, got)]
                        theirs[peer].join(compare(name, by, *parts))
        found[str(order)] = (ours.error, ours.count, ours.over[:3])
        if order == 1:
            for peer in PEERS:
                found[peer] = theirs[peer].error if answered[peer] else None
    return found


def shown(error: float | None) -> str:
    """An error in a cell."""
    if error is None:
        return "–"
    if math.isinf(error):
        return "∞"
    if error < 100.0:
        return f"{error:.1f}" if error else "0"
    return f"10^{math.floor(math.log10(error))}"


def markdown(results: list[dict[str, Any]], minutes: float, points: int) -> str:
    """The table."""
    evaluations = sum(r[str(order)][1] for r in results for order in range(4))
    lines = [
        "The largest error found, in units in the last place, against mpmath. ∞ is an infinity, a 0"
        " or a NaN where there is a number; – is no such function.",
        "",
        "| function | value | derivative | 2nd | 3rd | PyTorch's derivative | JAX's derivative |",
        "|---|---|---|---|---|---|---|",
    ]
    for r in results:
        cells = [shown(r[str(order)][0]) for order in range(4)]
        cells += [shown(r[peer]) for peer in PEERS]
        lines.append(f"| {r['name']} | {' | '.join(cells)} |")
    lines += [
        "",
        f"At least {points:,} points a function, {evaluations:,} numbers of ours compared in"
        f" {minutes:.0f} minutes on 2 cores: every binade of both signs, subnormals included, and"
        " closely around roots, poles, kinks and thresholds. The others are spared the subnormals"
        " (JAX takes them for 0). Second and third derivatives at"
        f" {HIGHER_POINTS:,} points. Within 1 of a root of a derivative an absolute error of 2⁻⁵²"
        " counts as none (2⁻⁴⁶ for higher ones). Made by `python -m tests.accuracy`.",
        "",
    ]
    return "\n".join(lines)


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
                *[shown(found[p]) for p in PEERS],
                flush=True,
            )
            for order in range(4):
                for worst in found[str(order)][2]:
                    over += 1
                    print("    over: order", order, *worst)
    minutes = (time.perf_counter() - start) / 60.0
    text = markdown(results, minutes, options.points)
    if options.points >= POINTS and not only:
        TABLE.write_text(text, encoding="utf-8")
    else:
        print(text)
    return 1 if over else 0
