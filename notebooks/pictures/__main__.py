"""Draw the README's pictures: `python -m notebooks.pictures` writes the SVGs beside this file."""

from __future__ import annotations

import random
from pathlib import Path

import autograd
import nn
from autograd import Value, draw, scope, tanh

FOLDER = Path(__file__).parent


def circuit() -> Value:
    """(x + y) z at CS231n's numbers."""
    x, y, z = Value(-2.0, label="x"), Value(5.0, label="y"), Value(-4.0, label="z")
    f = (x + y) * z
    f.label = "f"
    f.backward()
    return f


def neuron() -> Value:
    """A tanh neuron of two inputs."""
    w = [Value(-3.0, label="w₁"), Value(1.0, label="w₂")]
    x = [Value(2.0, label="x₁"), Value(0.5, label="x₂")]
    y = tanh(w[0] * x[0] + w[1] * x[1] + Value(6.5, label="b"))
    y.label = "y"
    y.backward()
    return y


def network() -> Value:
    """The loss of an MLP(2, [16, 16, 1]) on 100 points."""
    data = nn.make_moons(100, noise=0.1, seed=1)
    model = nn.MLP(2, [16, 16, 1], seed=1337)
    loss = nn.losses.hinge([model(x) for x in data.inputs], [2.0 * y - 1.0 for y in data.targets])
    loss.label = "loss"
    loss.backward()
    return loss


def attention(width: int = 4, length: int = 3) -> Value:
    """A block of a GPT: attention over three places, then a network of two layers."""
    draws = random.Random(0)

    def matrix(name: str, rows: int, columns: int) -> list[list[Value]]:
        return [
            [Value(draws.gauss(0.0, 0.5), label=f"{name}{i}{j}") for j in range(columns)]
            for i in range(rows)
        ]

    def times(weights: list[list[Value]], x: list[Value]) -> list[Value]:
        return [autograd.dot(row, x) for row in weights]

    tokens = [[Value(draws.gauss(0.0, 1.0)) for _ in range(width)] for _ in range(length)]
    with scope("block"):
        with scope("attention"):
            q, k, v = (matrix(name, width, width) for name in "qkv")
            query = times(q, tokens[-1])
            keys, values = [times(k, t) for t in tokens], [times(v, t) for t in tokens]
            weights = autograd.softmax([autograd.dot(query, key) / width**0.5 for key in keys])
            mixed = [autograd.dot(weights, column) for column in zip(*values, strict=True)]
        with scope("residual"):
            x = [a + b for a, b in zip(tokens[-1], mixed, strict=True)]
        with scope("network"):
            hidden = [h.gelu() for h in times(matrix("f", 2 * width, width), x)]
            out = times(matrix("p", width, 2 * width), hidden)
    y = autograd.mean(out)
    y.label = "out"
    y.backward()
    return y


def main() -> None:
    """Write every picture."""
    draw(circuit(), partials=True).save(FOLDER / "circuit.svg")
    draw(neuron()).save(FOLDER / "neuron.svg")
    draw(network()).save(FOLDER / "network.svg")
    draw(attention()).save(FOLDER / "block.svg")


if __name__ == "__main__":
    main()
