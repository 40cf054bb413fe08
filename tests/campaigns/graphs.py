"""Random graphs on which every way of differentiating must give the same.

Each graph is differentiated by reverse mode, forward mode, differences and mpmath (all in
check_grads, which must raise no alarm) and by the dot-product test, <J v, w> = <v, Jᵀ w>.
Half of the graphs stay away from kinks, poles and borders, half visit them. A failure is
shrunk by Hypothesis and printed as a program.
"""

from __future__ import annotations

import argparse
import hashlib
import math
import multiprocessing
import platform
import random
import time
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import hypothesis
import mpmath
from hypothesis import HealthCheck, Phase, given, settings

import autograd
from autograd import Value, check_grads, jvp, vjp
from autograd.check.strategies import RandomGraph, graphs, operations

COUNT, ROUND = 100_000, 500
RESULT = Path(__file__).with_name("GRAPHS.md")


def path_sizes(graph: RandomGraph, v: list[float], w: list[float]) -> float:
    """Σ |w| |paths| |v|: what the terms of <J v, w> are in size, over every path."""
    sizes: dict[Value, float] = {}
    for y, weight in zip(graph.outputs, w, strict=True):
        sizes[y] = sizes.get(y, 0.0) + abs(weight)
    for node in reversed(graph.nodes):
        if node.primitive is None or node not in sizes:
            continue
        xs = [parent.data for parent in node.parents]
        for i, p in node.primitive.local(xs, node.data, range(len(xs))):
            parent = node.parents[i]
            sizes[parent] = sizes.get(parent, 0.0) + abs(p) * sizes[node]
    return math.fsum([abs(d) * sizes.get(x, 0.0) for d, x in zip(v, graph.leaves, strict=True)])


def dot_product_test(graph: RandomGraph) -> bool:
    """Assert the identity in a direction of the graph's own; False if a derivative is infinite."""
    rng = random.Random(graph.source)
    v = [rng.uniform(-1.0, 1.0) for _ in graph.inputs]
    w = [rng.uniform(-1.0, 1.0) for _ in graph.roots]
    _, pushed = jvp(graph, graph.inputs, v)
    _, pullback = vjp(graph, *graph.inputs)
    pulled = pullback(w)
    if not all(map(math.isfinite, [*pushed, *pulled])):
        return False
    left = math.fsum([a * b for a, b in zip(pushed, w, strict=True)])
    right = math.fsum([a * b for a, b in zip(v, pulled, strict=True)])
    assert abs(left - right) <= 1e-13 * path_sizes(graph, v, w) + 1e-300, (left, right)
    return True


def round_of(task: tuple[int, int]) -> tuple[list[bytes], Counter[str]]:
    """One round: the graphs' hashes, and what was met in them."""
    seed, count = task
    met: Counter[str] = Counter()
    seen: list[bytes] = []
    edges = "include" if seed % 2 else "avoid"

    @hypothesis.seed(seed)
    @settings(
        max_examples=count, deadline=None, database=None, print_blob=False,
        phases=[Phase.generate, Phase.shrink], suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(graphs(max_leaves=4, min_steps=1 + seed % 12, max_steps=14, edges=edges))
    def every_way_agrees(graph: RandomGraph) -> None:
        report = check_grads(graph, graph.inputs)
        met["dot products"] += dot_product_test(graph)
        seen.append(hashlib.blake2b(graph.source.encode(), digest_size=8).digest())
        met["graphs"] += 1
        met["derivatives"] += len(report)
        met["nodes"] += len(graph.nodes)
        met["shared"] += any(
            count > 1 for count in Counter(i for s in graph.steps for i in s.operands).values()
        )
        met["several outputs"] += len(graph.roots) > 1
        verdicts = {entry.verdict for entry in report}
        met["at kinks"] += "kink" in verdicts
        met["infinite slopes"] += "steep" in verdicts
        met.update({f"row {step.row}" for step in graph.steps})

    every_way_agrees()
    return seen, met


def markdown(met: Counter[str], distinct: int, minutes: float) -> str:
    """The result as it is kept."""
    rows = {name[4:]: count for name, count in met.items() if name.startswith("row ")}
    missing = [row.name for row in operations() if row.name not in rows]
    rarest = min(rows, key=lambda name: rows[name])
    facts = [
        ("random graphs, all different", distinct),
        ("nodes in them", met["nodes"]),
        ("with shared nodes", met["shared"]),
        ("with several outputs", met["several outputs"]),
        ("standing at a kink that shows", met["at kinks"]),
        ("with an infinite slope", met["infinite slopes"]),
        ("rows of the table in use", len(rows)),
        (f"graphs with the rarest of them, `{rarest}`", rows[rarest]),
        ("derivatives by reverse mode, forward mode, differences and mpmath", met["derivatives"]),
        ("dot-product tests, <J v, w> = <v, Jᵀ w>", met["dot products"]),
        ("false alarms and disagreements", 0),
    ]
    lines = ["| | |", "|---|---|", *[f"| {name} | {count:,} |" for name, count in facts], ""]
    if missing:
        lines += [f"Rows not met: {', '.join(missing)}.", ""]
    lines += [
        f"{date.today()}, {minutes:.0f} minutes on 2 processes, the {autograd.backend} engine of"
        f" {autograd.__version__}, Python {platform.python_version()}, mpmath"
        f" {mpmath.__version__}, Hypothesis {hypothesis.__version__}. Half of the graphs stay away"
        " from kinks, poles and borders, half visit them. Made by `python -m tests.campaigns"
        " graphs`, with the same seeds each time.",
        "",
    ]
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    """The campaign; it ends with a traceback and a program at the first graph that fails."""
    parser = argparse.ArgumentParser(prog="python -m tests.campaigns graphs", description=__doc__)
    parser.add_argument("--count", type=int, default=COUNT)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0, help="the first round's")
    options = parser.parse_args(arguments)
    start = time.perf_counter()
    met: Counter[str] = Counter()
    distinct: set[bytes] = set()
    with multiprocessing.get_context("spawn").Pool(options.processes) as pool:
        tasks: Any = ((options.seed + k, min(ROUND, options.count)) for k in range(10**6))
        for k, (seen, found) in enumerate(pool.imap(round_of, tasks)):
            distinct.update(seen)
            met.update(found)
            if k % 10 == 9:
                print(f"{len(distinct):,} graphs, {time.perf_counter() - start:.0f} s", flush=True)
            if len(distinct) >= options.count:
                break
        pool.terminate()
    text = markdown(met, len(distinct), (time.perf_counter() - start) / 60.0)
    if options.count >= COUNT:
        RESULT.write_text(text, encoding="utf-8")
    print(text)
    return 0
