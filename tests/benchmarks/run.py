"""Measure the engine against peers in one run, and print tables.

    python -m tests.benchmarks.run              # the engine that was chosen
    AUTOGRAD_PURE=1 python -m tests.benchmarks.run
    python -m tests.benchmarks.run --quick      # does everything run? (for CI)

Times are of this process' processor, so that other programs count little;
what is compared is run in turns and the medians are compared.
"""

from __future__ import annotations

import argparse
import gc
import itertools
import os
import platform
import random
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import autograd
from autograd.engine import Value, backend, gradients, itself
from tests.benchmarks import peers
from tests.benchmarks.programs import FLOATS, NAMES, CharacterGPT, Numbers, Trained

OURS = Numbers(Value, Value.exp, Value.log, Value.relu)


class Table:
    """Rows of one Markdown table, printed as they come."""

    def __init__(self, title: str, *columns: str) -> None:
        print(f"\n## {title}\n\n| {' | '.join(columns)} |\n|{'---|' * len(columns)}", flush=True)

    def row(self, *cells: Any) -> None:
        """Print one row."""
        print(f"| {' | '.join(map(_cell, cells))} |", flush=True)


def _cell(x: Any) -> str:
    return f"{x:.3g}" if isinstance(x, float) else str(x)


@contextmanager
def collector(on: bool) -> Iterator[None]:
    """The garbage collector in its default state, or off."""
    was = gc.isenabled()
    gc.collect()
    (gc.enable if on else gc.disable)()
    try:
        yield
    finally:
        (gc.enable if was else gc.disable)()
        gc.collect()


def timed(f: Callable[[], Any]) -> float:
    """Seconds of processor time for one call; freeing its result included."""
    start = time.process_time()
    f()
    return time.process_time() - start


def medians(repetitions: int, **programs: Callable[[], Any]) -> dict[str, float]:
    """The median seconds of each program, run in turns."""
    times: dict[str, list[float]] = {name: [] for name in programs}
    for f in programs.values():
        f()
    for _ in range(repetitions):
        for name, f in programs.items():
            times[name].append(timed(f))
    return {name: statistics.median(values) for name, values in times.items()}


def gradient(model: CharacterGPT, name: str) -> Callable[[], None]:
    """Forward, backward and freeing of one name."""

    def run() -> None:
        model.loss(name).backward()

    return run


def character_gpt(quick: bool) -> None:
    """The gradient of a transformer of scalars."""
    table = Table(
        "Character GPT of scalars, 4,192 parameters: forward + backward + free, mean of names",
        "program", "ms", "times plain floats", "ours is faster by",
    )  # fmt: skip
    names = NAMES[:1] if quick else NAMES
    floats, ours = CharacterGPT(FLOATS), CharacterGPT(OURS)
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(1_000_000)
    others: list[tuple[str, bool, Numbers | None]] = [
        ("tuples of children and derivatives", True, peers.TUPLES),
        ("the same, garbage collector off", False, peers.TUPLES),
        ("closures (micrograd)", True, peers.micrograd_numbers()),
        ("the same, garbage collector off", False, peers.micrograd_numbers()),
    ]
    floor, mine = [], []
    for name in names:
        together = medians(
            1 if quick else 15, floats=lambda n=name: floats.loss(n), ours=gradient(ours, name)
        )
        floor.append(together["floats"])
        mine.append(together["ours"])
    base, our = statistics.mean(floor), statistics.mean(mine)
    table.row("plain floats, forward only", base * 1e3, 1.0, "")
    table.row(f"ours ({backend})", our * 1e3, our / base, "")
    for title, collecting, numbers in others:
        if numbers is None:
            continue
        model = CharacterGPT(numbers)
        with collector(collecting):
            seconds = statistics.mean(
                [medians(1 if quick else 2, other=gradient(model, n))["other"] for n in names[:3]]
            )
            again = statistics.mean(
                [medians(1 if quick else 5, ours=gradient(ours, n))["ours"] for n in names[:3]]
            )
        table.row(title, seconds * 1e3, seconds / base, seconds / again)
    sys.setrecursionlimit(limit)


def whole_program(quick: bool) -> None:
    """Training the transformer, all of it: gradient, Adam and what Python does around them."""
    table = Table(
        "Training the character GPT, a step of the whole program, mean of names",
        "program", "ms", "ours is faster by", "with nn.Adam",
    )  # fmt: skip
    import nn

    def optimizer(parameters: list[Any]) -> Callable[[], None]:
        adam = nn.Adam(parameters, lr=Trained.rate, betas=(Trained.beta1, Trained.beta2))

        def change() -> None:
            adam.step()
            adam.zero_grad()

        return change

    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(1_000_000)
    count, rounds = (1, 1) if quick else (len(NAMES), 7)
    rows: list[tuple[Any, ...]] = []
    for title, collecting in (("its own Value", True), ("the same, garbage collector off", False)):
        with collector(collecting):
            programs = [Trained(OURS), Trained(OURS, optimizer)]
            other = Trained(peers.TUPLES)
            theirs = [timed(other.step) for _ in range(count)]
            ours: list[list[float]] = [[], []]
            for _ in range(rounds * count):
                for seconds, program in zip(ours, programs):
                    seconds.append(timed(program.step))
            both = [
                statistics.mean(statistics.median(seconds[i::count]) for i in range(count))
                for seconds in ours
            ]
        base = statistics.mean(theirs)
        state = "default" if collecting else "off"
        table.row(f"{title}", base * 1e3, base / both[0], base / both[1])
        rows += [(f"ours ({backend}), its own Adam, collector {state}", both[0] * 1e3, 1.0, "")]
        rows += [(f"ours ({backend}), nn.Adam, collector {state}", both[1] * 1e3, "", 1.0)]
    for row in rows:
        table.row(*row)
    sys.setrecursionlimit(limit)


def chain(length: int, kind: Any = Value) -> Any:
    """a·b + c over and over."""
    a, b, c = kind(1.0), kind(0.99), kind(0.01)
    for _ in range(length // 2):
        a = a * b + c
    return a


def phases(length: int) -> tuple[float, float, float]:
    """Nanoseconds per node to build, differentiate and free a chain."""
    start = time.process_time()
    y = chain(length)
    built = time.process_time()
    y.backward()
    done = time.process_time()
    del y
    freed = time.process_time()
    return tuple([t / length * 1e9 for t in (built - start, done - built, freed - done)])  # type: ignore[return-value]  # three


def one_node(quick: bool) -> None:
    """What a node costs, at any length."""
    table = Table(
        "One eager node in a chain of a * b + c, nanoseconds",
        "nodes",
        "build",
        "backward",
        "free",
        "all",
    )
    lengths = [1000, 10_000] if quick else [1000, 10_000, 100_000, 1_000_000]
    if backend == "compiled" and not quick:
        lengths.append(10_000_000)
    for length in lengths:
        count = 3 if quick or length > 1_000_000 else max(5, min(200, 3_000_000 // length))
        runs = [phases(length) for _ in range(count)]
        parts = [statistics.median(column) for column in zip(*runs)]
        table.row(f"{length:,}", *parts, sum(parts))
    if quick:
        return
    for name, kind in (("micrograd, 900", "micrograd.engine"), ("tuples, 900", None)):
        maker = peers.TupleValue if kind is None else getattr(peers.installed(kind), "Value", None)
        if maker is not None:
            seconds = medians(50, f=lambda m=maker: chain(900, m).backward())["f"]
            table.row(name, "", "", "", seconds / 900 * 1e9)
    xad, torch = peers.installed("xad"), peers.installed("torch")
    if xad is not None:
        table.row("XAD, 10,000", "", "", "", xad_chain(xad, 10_000))
    else:
        table.row("XAD (not installed: pip install xad)", "", "", "", "")
    if torch is not None:
        seconds = medians(5, f=lambda: chain(2000, torch_leaf(torch)).backward())["f"]
        table.row("PyTorch 0-d, 2,000", "", "", "", seconds / 2000 * 1e9)
    else:
        table.row("PyTorch (not installed: pip install torch)", "", "", "", "")


def torch_leaf(torch: Any) -> Callable[[float], Any]:
    return lambda x: torch.tensor(x, dtype=torch.float64, requires_grad=True)


def xad_chain(xad: Any, length: int) -> float:
    """Nanoseconds per node on XAD's tape."""
    from xad.adj_1st import Real, Tape

    def run() -> None:
        with Tape() as tape:
            a, b, c = Real(1.0), Real(0.99), Real(0.01)
            for x in (a, b, c):
                tape.registerInput(x)
            tape.newRecording()
            for _ in range(length // 2):
                a = a * b + c
            tape.registerOutput(a)
            a.derivative = 1.0
            tape.computeAdjoints()

    return medians(15, f=run)["f"] / length * 1e9


def moons() -> tuple[list[list[float]], list[int]]:
    """Two half circles, 100 points, as micrograd's demo has them."""
    import math

    draw = random.Random(1)
    points, labels = [], []
    for i in range(100):
        t = math.pi * (i // 2) / 49
        x, y = (math.cos(t), math.sin(t)) if i % 2 else (1 - math.cos(t), 0.5 - math.sin(t))
        points.append([x + draw.gauss(0, 0.1), y + draw.gauss(0, 0.1)])
        labels.append(1 if i % 2 else -1)
    return points, labels


def training_step(model: Any, points: Any, labels: Any) -> Callable[[], None]:
    """One step of micrograd's demo: hinge loss, regularization, full batch."""

    def run() -> None:
        scores = [model(point) for point in points]
        losses = [(1 + -y * score).relu() for y, score in zip(labels, scores)]
        loss = sum(losses) * (1.0 / len(losses)) + 1e-4 * sum(p * p for p in model.parameters())
        model.zero_grad()
        loss.backward()
        for p in model.parameters():
            p.data -= 0.01 * p.grad

    return run


def make_moons(quick: bool) -> None:
    """The training step of micrograd's demo."""
    table = Table(
        "make_moons step, MLP(2, [16, 16, 1]), 100 points", "engine", "ms", "ours is faster by"
    )
    import nn

    points, labels = moons()
    random.seed(1337)
    mine = training_step(nn.MLP(2, [16, 16, 1]), points, labels)
    theirs = peers.installed("micrograd.nn")
    for on in (True, False):
        state = "default" if on else "off"
        with collector(on):
            ours = medians(2 if quick else 30, f=mine)["f"]
            table.row(f"ours ({backend}), garbage collector {state}", ours * 1e3, "")
            if theirs is None:
                table.row("micrograd (not installed: pip install micrograd)", "", "")
            else:
                random.seed(1337)
                step = training_step(theirs.MLP(2, [16, 16, 1]), points, labels)
                both = medians(1 if quick else 7, ours=mine, theirs=step)
                table.row(
                    f"micrograd, garbage collector {state}",
                    both["theirs"] * 1e3,
                    both["theirs"] / both["ours"],
                )


def second_order(quick: bool) -> None:
    """Gradients that can be differentiated again."""
    table = Table(
        "A gradient as part of the graph, against the first-order one",
        "graph",
        "ms, first order",
        "ms, recorded",
        "ratio",
    )
    model = CharacterGPT(OURS)
    xs = [Value(0.1 * i) for i in range(20)]

    def rosenbrock() -> Any:
        return sum(100.0 * (b - a**2) ** 2 + (1.0 - a) ** 2 for a, b in itertools.pairwise(xs))

    for name, make, leaves in (
        ("Rosenbrock, 20 dimensions", rosenbrock, xs),
        ("character GPT, one name", lambda: model.loss("ava"), model.parameters()),
    ):
        y = make()

        def first(make: Any = make) -> None:
            make().backward()

        def recorded(y: Any = y, leaves: Any = leaves) -> None:
            gradients([(y, 1.0)], leaves, itself, None)

        both = medians(2 if quick else 15, first=first, recorded=recorded)
        table.row(
            name, both["first"] * 1e3, both["recorded"] * 1e3, both["recorded"] / both["first"]
        )


MEMORY = """
import gc, os, sys
from autograd.engine import Value
def resident():
    with open("/proc/self/statm") as f:
        return int(f.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
n = int(sys.argv[1])
a, b, c = Value(1.0), Value(0.99), Value(0.01)
held = [None] * n if sys.argv[2] == "objects" else None
for i in range(1000):
    a = a * b + c
before = resident()
for i in range(n // 2):
    if held is None:
        a = a * b + c
    else:
        held[2 * i] = t = a * b
        held[2 * i + 1] = a = t + c
a.backward()
print((resident() - before) / n)
"""


def memory(quick: bool) -> None:
    """Bytes of a node, all in: what the process grew by."""
    if not os.path.exists("/proc/self/statm"):
        return
    table = Table("Bytes of a binary node, recorded and differentiated", "held by", "bytes")
    count = 20_000 if quick else 2_000_000
    for what, title in (("tape", "its children only"), ("objects", "an object each")):
        command = [sys.executable, "-c", MEMORY, str(count), what]
        out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        table.row(title, float(out))


def long_chain(quick: bool) -> None:
    """A long chain on a thread with a small stack."""
    length = 10_000 if quick else 10_000_000 if backend == "compiled" else 1_000_000
    table = Table("A chain built, differentiated and freed on a 512 KB stack", "nodes", "seconds")
    threading.stack_size(512 * 1024)
    seconds: list[float] = []
    thread = threading.Thread(
        target=lambda: seconds.append(timed(lambda: chain(length).backward()))
    )
    thread.start()
    thread.join()
    threading.stack_size(0)
    table.row(f"{length:,}", seconds[0])


def adam(quick: bool) -> None:
    """One step of Adam over the transformer's parameters."""
    table = Table("Adam, 4,192 parameters", "form", "ms")
    import nn

    model = CharacterGPT(OURS)
    model.loss("emma").backward()
    parameters = model.parameters()
    optimizer = nn.Adam(parameters, lr=0.001)

    def both() -> None:
        optimizer.step()
        optimizer.zero_grad()

    m, v = [0.0] * len(parameters), [0.0] * len(parameters)

    def by_hand() -> None:
        for i, p in enumerate(parameters):
            m[i] = 0.9 * m[i] + 0.1 * p.grad
            v[i] = 0.999 * v[i] + 0.001 * p.grad**2
            p.data -= 0.001 * (m[i] / 0.1) / ((v[i] / 0.001) ** 0.5 + 1e-8)
            p.grad = 0.0

    times = medians(2 if quick else 15, ours=both, by_hand=by_hand)
    table.row("nn.Adam, step and zero_grad", times["ours"] * 1e3)
    table.row("the same as a loop over Values", times["by_hand"] * 1e3)


def import_time(quick: bool) -> None:
    """What importing costs beyond starting Python."""
    table = Table("Import, processor ms beyond bare Python", "module", "ms")
    code = "import time; t = time.process_time(); import {}; print(time.process_time() - t)"
    for module in ("autograd", "nn"):
        runs = []
        for _ in range(2 if quick else 9):
            command = [sys.executable, "-c", code.format(module)]
            out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
            runs.append(float(out))
        table.row(module, statistics.median(runs) * 1e3)


SECTIONS = [
    character_gpt, whole_program, one_node, make_moons, second_order, memory, long_chain, adam, import_time,
]  # fmt: skip


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="only see that everything runs")
    names = [section.__name__ for section in SECTIONS]
    parser.add_argument("sections", nargs="*", help=f"of {', '.join(names)}; all if none")
    options = parser.parse_args()
    unknown = set(options.sections) - set(names)
    if unknown:
        parser.error(f"there is no section {', '.join(sorted(unknown))}")
    print(f"autograd {autograd.__version__}, {backend} engine, Python {platform.python_version()}")
    for section in SECTIONS:
        if not options.sections or section.__name__ in options.sections:
            section(options.quick)


if __name__ == "__main__":
    main()
