"""Random graphs on which every way of differentiating must give the same.

Each graph is differentiated by reverse mode, forward mode, differences and mpmath (all in
check_grads, which must raise no alarm) and by the dot-product test, <J v, w> = <v, Jᵀ w>.
Half of the graphs stay away from kinks, poles and borders, half visit them. One that fails is
printed as a program.
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
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import mpmath

import autograd
from autograd import Value, check_grads, jvp, vjp
from autograd.check.strategies import Builder, RandomGraph, operations
from autograd.graph import topological_order

COUNT, ROUND = 100_000, 500
ROWS = operations()
RESULT = Path(__file__).with_name("GRAPHS.md")


def path_sizes(
    outputs: Sequence[Value], leaves: Sequence[Value], v: Sequence[float], w: Sequence[float]
) -> float:
    """Σ |w| |paths| |v|: what the terms of <J v, w> are in size, over every path."""
    sizes: dict[Value, float] = {}
    for y, weight in zip(outputs, w, strict=False):
        sizes[y] = sizes.get(y, 0.0) + abs(weight)
    for node in reversed(topological_order(*outputs)):
        if node.primitive is None or node not in sizes:
            continue
        xs = [parent.data for parent in node.parents]
        for i, p in node.primitive.local(xs, node.data, range(len(xs))):
            parent = node.parents[i]
            sizes[parent] = sizes.get(parent, 0.0) + abs(p) * sizes[node]
    return math.fsum([abs(d) * sizes.get(x, 0.0) for d, x in zip(v, leaves, strict=True)])


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
    size = path_sizes(graph.outputs, graph.leaves, v, w)
    assert abs(left - right) <= 1e-13 * size + 1e-300, (left, right)
    return True


def random_graph(rng: random.Random, edges: str) -> RandomGraph:
    """Any rows on any numbers, simple ones and any others."""
    often = 0.7 if edges == "include" else 0.2

    def number() -> float:
        if rng.random() < often:
            return rng.choice((0.0, 0.0, 1.0, -1.0, 2.0, 0.5))
        return rng.choice((rng.uniform(-4.0, 4.0), rng.gauss(0.0, 0.1), rng.uniform(-50.0, 50.0)))

    inputs = [number() for _ in range(rng.randint(1, 4))]
    builder = Builder(inputs, [number() for _ in range(rng.randint(0, 2))], edges)
    plans = [(rng.choice(ROWS), rng.randrange(2**24)) for _ in range(rng.randint(2, 28))]
    builder.follow(plans, 14)
    return builder.graph([rng.randrange(2**16) for _ in range(rng.randint(0, 2))])


def round_of(seed: int) -> tuple[list[bytes], Counter[str]]:
    """One round: the graphs' hashes, and what was met in them."""
    rng = random.Random(seed)
    met: Counter[str] = Counter()
    seen: dict[bytes, None] = {}
    for k in range(ROUND):
        graph = random_graph(rng, "include" if k % 2 else "avoid")
        name = hashlib.blake2b(graph.source.encode(), digest_size=8).digest()
        if name not in seen:
            seen[name] = None
            try:
                look(graph, met)
            except AssertionError as error:
                raise AssertionError(f"{error}\n{graph!r}") from None
    return list(seen), met


def look(graph: RandomGraph, met: Counter[str]) -> None:
    """Assert that every way agrees; count what was met."""
    report = check_grads(graph, graph.inputs)
    verdicts = {entry.verdict for entry in report}
    uses = Counter(i for step in graph.steps for i in step.operands)
    met["dot products"] += dot_product_test(graph)
    met["derivatives"] += len(report)
    met["nodes"] += len(graph.nodes)
    met["shared"] += max(uses.values(), default=0) > 1
    met["several outputs"] += len(graph.roots) > 1
    met["at kinks"] += "kink" in verdicts
    met["infinite slopes"] += "steep" in verdicts
    met["overflows"] += "overflow" in verdicts
    met.update({f"row {step.row}" for step in graph.steps})


def markdown(met: Counter[str], distinct: int, minutes: float) -> str:
    """The result as it is kept."""
    rows = {name[4:]: count for name, count in met.items() if name.startswith("row ")}
    missing = [row.name for row in ROWS if row.name not in rows]
    rarest = min(rows, key=lambda name: rows[name])
    facts = [
        ("random graphs, all different", distinct),
        ("nodes in them", met["nodes"]),
        ("with shared nodes", met["shared"]),
        ("with several outputs", met["several outputs"]),
        ("standing at a kink that shows", met["at kinks"]),
        ("with an infinite slope", met["infinite slopes"]),
        ("with a derivative that overflows on the way", met["overflows"]),
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
        f" {mpmath.__version__}. Half of the graphs stay away"
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
        seeds = range(options.seed, options.seed + 10**6)
        for k, (seen, found) in enumerate(pool.imap(round_of, seeds)):
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
