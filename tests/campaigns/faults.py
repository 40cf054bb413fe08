"""Faults planted in random graphs: does check_grads find each, and blame the right node?

In a random graph one row's partials are made wrong: by a factor of 1 + 1e-10, in sign, by a
factor of two, with arguments swapped, or with one power of an argument too many. A fault counts
where some partial of that row is changed by it in the graph at hand.
"""

from __future__ import annotations

import argparse
import dataclasses
import multiprocessing
import platform
import random
import time
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import autograd
from autograd import Value, check_grads
from autograd.check import GradientError
from autograd.check.strategies import RandomGraph
from autograd.graph import topological_order
from autograd.row import PYTHON, Primitive, lookup

from .graphs import random_graph

COUNT, ROUND = 20_000, 250
RESULT = Path(__file__).with_name("FAULTS.md")

Partials = Callable[[list[Any], list[Any]], list[Any]]

KINDS: dict[str, Partials] = {
    "a factor of 1 + 1e-10": lambda xs, ps: [scaled(p, 1.0 + 1e-10) for p in ps],
    "the sign": lambda xs, ps: [scaled(p, -1.0) for p in ps],
    "a factor of two": lambda xs, ps: [scaled(p, 2.0) for p in ps],
    "arguments swapped": lambda xs, ps: ps[::-1],
    "a power too many": lambda xs, ps: [scaled(p, x) for p, x in zip(ps, xs, strict=True)],
}


def scaled(partial: Any, factor: Any) -> Any:
    """A partial times a factor; none stays none."""
    return None if partial is None else partial * factor


def planted(row: Primitive, kind: str) -> Primitive:
    """The row's double, but for the fault."""
    wrong, kept = KINDS[kind], row.partials
    if callable(kept):
        many = kept
        return dataclasses.replace(
            row, partials=lambda xs, y: wrong(list(xs), list(many(xs, y))), c=PYTHON
        )

    def one(i: int) -> Callable[..., Any]:
        def partial(*given: Any) -> Any:
            *xs, y = given
            found = wrong(xs, [None if p is None else p(*xs, y) for p in kept])[i]
            return 0.0 if found is None else found

        return partial

    partials = tuple([None if p is None else one(i) for i, p in enumerate(kept)])
    return dataclasses.replace(row, partials=partials, c=PYTHON)


def first_wrong(graph: RandomGraph, right: Primitive, wrong: Primitive, f: Any) -> Value | None:
    """The first node whose partials the fault changes."""
    outputs = [y for y in f(*[Value(x) for x in graph.inputs]) if isinstance(y, Value)]
    for node in topological_order(*outputs):
        if node.primitive is wrong:
            xs = [parent.data for parent in node.parents]
            every = range(len(xs))
            if right.local(xs, node.data, every) != wrong.local(xs, node.data, every):
                return node
    return None


def round_of(seed: int) -> Counter[tuple[str, str]]:
    """How many faults of each kind there were, how many were found, how many blamed rightly."""
    rng = random.Random(f"faults {seed}")
    met: Counter[tuple[str, str]] = Counter()
    while sum(count for (_, what), count in met.items() if what == "planted") < ROUND:
        graph = random_graph(rng, "avoid")
        right, kind = lookup(rng.choice(graph.steps).row), rng.choice(list(KINDS))
        wrong = planted(right, kind)

        def f(*inputs: Any, graph: RandomGraph = graph, wrong: Primitive = wrong) -> list[Any]:
            results: list[Any] = [*inputs, *graph.constants]
            for step in graph.steps:
                row = wrong if step.row == wrong.name else lookup(step.row)
                results.append(row(*[results[i] for i in step.operands]))
            return [results[i] for i in graph.roots]

        node = first_wrong(graph, right, wrong, f)
        if node is None:
            continue
        met[kind, "planted"] += 1
        try:
            check_grads(f, graph.inputs)
        except GradientError as error:
            met[kind, "found"] += 1
            blame = error.report.blame
            same = blame is not None and blame.primitive is wrong
            if same and [p.data for p in blame.node.parents] == [p.data for p in node.parents]:
                met[kind, "blamed"] += 1
            else:
                print("blamed:", blame, "not", right.name, kind, graph.source, sep="\n")
        else:
            print("not found:", right.name, kind, graph.source, sep="\n")
    return met


def markdown(met: Counter[tuple[str, str]], minutes: float) -> str:
    """The result as it is kept."""
    lines = ["| planted | times | found | blamed on the right node |", "|---|---|---|---|"]
    for kind in [*KINDS, "all"]:
        times, found, blamed = (
            sum(met[k, what] for k in KINDS if kind in (k, "all"))
            for what in ("planted", "found", "blamed")
        )
        shares = [f"{100.0 * n / times:.4g}%" if times else "–" for n in (found, blamed)]
        lines.append(f"| {kind} | {times:,} | {shares[0]} | {shares[1]} |")
    lines += [
        "",
        f"{date.today()}, {minutes:.0f} minutes, the {autograd.backend} engine of"
        f" {autograd.__version__}, Python {platform.python_version()}. Made by `python -m"
        " tests.campaigns faults`.",
        "",
    ]
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    """The campaign: 1 if a fault was not found."""
    parser = argparse.ArgumentParser(prog="python -m tests.campaigns faults", description=__doc__)
    parser.add_argument("--count", type=int, default=COUNT)
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args(arguments)
    start = time.perf_counter()
    met: Counter[tuple[str, str]] = Counter()
    with multiprocessing.get_context("spawn").Pool(options.processes) as pool:
        for found in pool.imap(round_of, range(-(-options.count // ROUND))):
            met.update(found)
    text = markdown(met, (time.perf_counter() - start) / 60.0)
    if options.count >= COUNT:
        RESULT.write_text(text, encoding="utf-8")
    print(text)
    return int(any(met[kind, "found"] < met[kind, "planted"] for kind in KINDS))
