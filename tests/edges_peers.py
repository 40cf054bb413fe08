"""Writes PyTorch's and JAX's answers beside ours into edges.csv.

python tests/edges_peers.py            # the whole file, about two minutes
python tests/edges_peers.py --check    # fail if the file would change

A cell is the value and, after a semicolon, the partials; `-` where there is none, or no such
function.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable, Sequence
from typing import Any

import edges
from accuracy.peers import CONSTANTS, jax_functions, torch_functions

COMPOSED: dict[str, Callable[..., Any]] = {
    "0 * sqrt(x)": lambda m, x: 0.0 * m.sqrt(x),
    "where(x > 0, sqrt(x), 0)": lambda m, x: m.where(x > 0.0, m.sqrt(x), m.zeros_like(x)),
    "where(x > 0, log(x), x)": lambda m, x: m.where(x > 0.0, m.log(x), x),
    "where(x == 0, 1, sin(x) / x)": lambda m, x: m.where(x == 0.0, m.ones_like(x), m.sin(x) / x),
    "where(x < 0, exp(x), log(x))": lambda m, x: m.where(x < 0.0, m.exp(x), m.log(x)),
    "maximum(x, 0) * log(x)": lambda m, x: m.maximum(x, m.zeros_like(x)) * m.log(x),
    "relu(x) + relu(-x)": lambda m, x: (
        m.relu(x) + m.relu(-x) if hasattr(m, "relu") else m.nn.relu(x) + m.nn.relu(-x)
    ),
    "sqrt(x**2 + z**2)": lambda m, x, z: m.sqrt(x**2 + z**2),
    "x - x": lambda m, x: x - x,
}
POWERS = {
    "the 5th derivative of x**4": (4, 5),
    "the 4th derivative of x**4": (4, 4),
    "the 2nd derivative of x**3": (3, 2),
}


def cell(value: float, partials: Sequence[float | None]) -> str:
    """What stands in the file."""
    texts = ["-" if d is None else repr(float(d)) for d in partials]
    return f"{float(value)!r}; {' '.join(texts)}".strip().rstrip(";")


def by_torch(name: str, xs: tuple[float, ...]) -> str:
    """PyTorch's answer."""
    import torch

    leaves = [torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in xs]
    fixed = CONSTANTS.get(name)
    args: list[Any] = [xs[i] if i == fixed else leaf for i, leaf in enumerate(leaves)]
    try:
        if name in POWERS:
            power, order = POWERS[name]
            y = leaves[0] ** power
            for _ in range(order):
                (y,) = torch.autograd.grad(y, leaves[0], create_graph=True)
        elif name in COMPOSED:
            y = COMPOSED[name](torch, *args)
        elif name in torch_functions():
            y = torch_functions()[name](*args)
        else:
            return "-"
    except (RuntimeError, TypeError, ValueError, IndexError):
        return "-"  # it refuses
    partials: list[float | None] = [None] * len(xs)
    try:
        y.backward()
    except RuntimeError:  # it has no derivative for this, or for a constant
        return cell(y.item(), partials)
    else:
        partials = [None if leaf.grad is None else leaf.grad.item() for leaf in leaves]
        return cell(y.item(), partials)


def by_jax(name: str, xs: tuple[float, ...]) -> str:
    """JAX's answer."""
    functions = jax_functions()  # enables float64
    import jax
    import jax.numpy as jnp

    if name in POWERS:
        power, order = POWERS[name]

        def f(x: Any) -> Any:
            return x**power

        for _ in range(order):
            f = jax.grad(f)
    elif name in COMPOSED:

        class Module:
            nn = jax.nn

            def __getattr__(self, attribute: str) -> Any:
                return getattr(jnp, attribute)

        def f(*args: Any) -> Any:
            return COMPOSED[name](Module(), *args)
    elif name in functions:
        f = functions[name]
    else:
        return "-"
    args: list[Any] = [jnp.float64(x) for x in xs]
    if name == "polygamma":
        if not xs[0].is_integer():
            return "-"
        args[0] = int(xs[0])
    try:
        value = f(*args)
        partials = [
            None if name == "polygamma" and i == 0 else float(jax.grad(f, argnums=i)(*args))
            for i in range(len(xs))
        ]
    except (TypeError, ValueError):
        return "-"
    return cell(float(value), partials)


def main(arguments: list[str]) -> int:
    """The command: 0 if all is well."""
    records = edges.records()
    before = [dict(record) for record in records]
    for record in records:
        xs = tuple(float(x) for x in record["arguments"].split())
        record["torch"] = by_torch(record["function"], xs)
        record["jax"] = by_jax(record["function"], xs)
    if "--check" in arguments:
        return 0 if records == before else 1
    with edges.FILE.open("w", newline="", encoding="utf-8") as out:
        writer = csv.DictWriter(out, list(records[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(records)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
