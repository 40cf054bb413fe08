"""Random programs for tests: straight-line code over a pool of numbers, with shared nodes.

A program is a list of steps (which operation, which two operands). It runs on
whatever numbers it is given: floats, Values, duals, mpmath's. Its operations are
smooth and keep values of a size, so that every oracle can judge them.
"""

from __future__ import annotations

import os
import struct
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

import autograd as ag

ROOT = Path(__file__).resolve().parent.parent

STEPS: list[Callable[[Any, Any], Any]] = [
    lambda x, z: x + z,
    lambda x, z: x - z,
    lambda x, z: x * ag.sin(z),
    lambda x, z: x / (1.5 + ag.cos(z)),
    lambda x, z: -x * 0.5 + 1.0,
    lambda x, z: ag.tanh(x) * z,
    lambda x, z: ag.sigmoid(x + z),
    lambda x, z: ag.exp(-x * x),
    lambda x, z: ag.log1p(x * x) - z,
    lambda x, z: ag.hypot(x, z * z + 1.0),
    lambda x, z: (x * x + 1.0) ** 0.75,
    lambda x, z: ag.sum([x, z, x]) * 0.25,
    lambda x, z: ag.dot([x, z], [z, 2.0], start=x) * 0.125,
    lambda x, z: ag.logsumexp([x, z]),
]

Steps = Sequence[tuple[int, int, int]]


def run(steps: Steps, inputs: Sequence[Any]) -> Any:
    """The last number of the pool after all steps."""
    pool = list(inputs)
    for which, i, j in steps:
        pool.append(STEPS[which % len(STEPS)](pool[i % len(pool)], pool[j % len(pool)]))
    return pool[-1]


def everything(steps: Steps, inputs: Sequence[Any]) -> Any:
    """The sum of all of the pool, so that every node matters."""
    pool = list(inputs)
    for which, i, j in steps:
        pool.append(STEPS[which % len(STEPS)](pool[i % len(pool)], pool[j % len(pool)]))
    return ag.sum(pool)


steps = st.lists(
    st.tuples(st.integers(0, len(STEPS) - 1), st.integers(0, 30), st.integers(0, 30)),
    min_size=1,
    max_size=12,
)
numbers = st.floats(-2.0, 2.0).map(lambda x: x if abs(x) > 1e-3 else 0.5)
inputs = st.lists(numbers, min_size=1, max_size=4)
any_float = st.one_of(
    st.floats(),
    st.sampled_from([0.0, -0.0, 1.0, -1.0, 0.5, 2.0, 3.0, 1e308, 5e-324, float("inf")]),
)


def bits(x: float) -> bytes:
    """A float to the bit, every NaN being one."""
    return b"nan" if x != x else struct.pack(">d", x)


def python(code: str, **environment: str) -> str:
    """What a fresh interpreter prints when it runs the code, on this run's engine."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=ROOT,
        env={**os.environ, "PYTHONIOENCODING": "utf-8", **environment},
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, (
        f"exit {done.returncode}\n{done.stdout[-2000:]}{done.stderr[-4000:]}"
    )
    return done.stdout
