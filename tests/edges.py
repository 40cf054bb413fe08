"""Reads edges.csv: what every function gives at its edge points.

Columns: `function`, a row of the table or a composition below; `arguments`, `value` and
`partials`, numbers with spaces between; `rule`, from R1 to R5, or "IEEE" (the value over- or
underflows), "exact" (plain mathematics), "choice" and "stated" (conventions); `note`; and
PyTorch's and JAX's answers, written by edges_peers.py.

A partial `-` is none: that argument has no derivative. `0` is a zero of either sign, `+0.0`
and `-0.0` mean theirs. Other numbers may differ by 4 units in the last place.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import autograd as ag
from autograd.row import table

FILE = Path(__file__).with_name("edges.csv")


@dataclass(frozen=True)
class Edge:
    """One line of the file."""

    function: str
    arguments: tuple[float, ...]
    value: str
    partials: tuple[str, ...]
    rule: str

    def __str__(self) -> str:
        return f"{self.function} at {', '.join(map(repr, self.arguments))}"


def _derivative(f: Callable[[Any], Any], order: int) -> Callable[[Any], Any]:
    for _ in range(order):
        f = ag.grad(f)
    return f


COMPOSED: dict[str, Callable[..., Any]] = {
    "0 * sqrt(x)": lambda x: 0.0 * ag.sqrt(x),
    "where(x > 0, sqrt(x), 0)": lambda x: ag.where(x > 0.0, ag.sqrt(x), 0.0),
    "where(x > 0, log(x), x)": lambda x: ag.where(x > 0.0, ag.log(x), x),
    "where(x == 0, 1, sin(x) / x)": lambda x: ag.where(x == 0.0, 1.0, ag.divide(ag.sin(x), x)),
    "where(x < 0, exp(x), log(x))": lambda x: ag.where(x < 0.0, ag.exp(x), ag.log(x)),
    "maximum(x, 0) * log(x)": lambda x: ag.maximum(x, 0.0) * ag.log(x),
    "relu(x) + relu(-x)": lambda x: ag.relu(x) + ag.relu(-x),
    "the 5th derivative of x**4": _derivative(lambda x: ag.pow(x, 4.0), 5),
    "the 4th derivative of x**4": _derivative(lambda x: ag.pow(x, 4.0), 4),
    "the 2nd derivative of x**3": _derivative(lambda x: ag.pow(x, 3.0), 2),
    "sqrt(x**2 + z**2)": lambda x, z: ag.sqrt(ag.pow(x, 2.0) + ag.pow(z, 2.0)),
    "x - x": lambda x: x - x,
}


def function(name: str) -> Callable[..., Any]:
    """The row or composition of this name."""
    return COMPOSED[name] if name in COMPOSED else table()[name]


def records() -> list[dict[str, str]]:
    """The lines of the file as they are."""
    with FILE.open(newline="", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def edges() -> list[Edge]:
    """The lines of the file."""
    return [
        Edge(
            record["function"],
            tuple(float(x) for x in record["arguments"].split()),
            record["value"],
            tuple(record["partials"].split()),
            record["rule"],
        )
        for record in records()
    ]


def agrees(got: float, expected: str) -> bool:
    """Whether a number is what the file says."""
    e = float(expected)
    if e != e or got != got:
        return e != e and got != got
    if e == 0.0:
        signed = expected[0] in "+-"
        return got == 0.0 and (not signed or math.copysign(1.0, got) == math.copysign(1.0, e))
    if math.isinf(e) or math.isinf(got):
        return got == e
    return abs(got - e) <= 4.0 * math.ulp(e)
