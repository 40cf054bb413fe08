"""The programs that are measured, written once and run on any kind of number.

A kind of number says how to make one from a float and how to call exp, log and
relu; everything else is Python's operators.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Numbers:
    """A kind of number: its constructor and its functions."""

    make: Callable[[float], Any]
    exp: Callable[[Any], Any]
    log: Callable[[Any], Any]
    relu: Callable[[Any], Any]


FLOATS = Numbers(float, math.exp, math.log, lambda x: x if x > 0.0 else 0.0)

Matrix = list[list[Any]]


class CharacterGPT:
    """A transformer of scalars that learns the next letter of names.

    One layer, 16 numbers for a letter, 4 heads, 16 places, 27 letters: 4,192
    parameters. It is written as a newcomer writes it, sums as
    `sum(a * b for a, b in zip(...))` and no list functions of a library.
    """

    width, heads, places, letters = 16, 4, 16, 27

    def __init__(self, numbers: Numbers, seed: int = 42) -> None:
        self.numbers = numbers
        draw = random.Random(seed)

        def matrix(rows: int, columns: int, spread: float = 0.08) -> Matrix:
            return [
                [numbers.make(draw.gauss(0.0, spread)) for _ in range(columns)] for _ in range(rows)
            ]

        w = self.width
        self.letter, self.place = matrix(self.letters, w), matrix(self.places, w)
        self.query, self.key, self.value = matrix(w, w), matrix(w, w), matrix(w, w)
        self.mix = matrix(w, w)
        self.up, self.down = matrix(4 * w, w), matrix(w, 4 * w)
        self.out = matrix(self.letters, w)

    def parameters(self) -> list[Any]:
        """All 4,192 of them."""
        parts = [self.letter, self.place, self.query, self.key, self.value]
        parts += [self.mix, self.up, self.down, self.out]
        return [x for part in parts for row in part for x in row]

    def scores(self, letter: int, place: int, keys: Matrix, values: Matrix) -> list[Any]:
        """What the next letter could be, given this one and those before."""
        x = [a + b for a, b in zip(self.letter[letter], self.place[place])]
        x = normalised(x)
        before = x
        x = normalised(x)
        query, size = linear(x, self.query), self.width // self.heads
        keys.append(linear(x, self.key))
        values.append(linear(x, self.value))
        mixed: list[Any] = []
        for h in range(self.heads):
            part = slice(h * size, (h + 1) * size)
            q, ks, vs = query[part], [k[part] for k in keys], [v[part] for v in values]
            fits = [sum(a * b for a, b in zip(q, k)) / size**0.5 for k in ks]
            weights = softmax(self.numbers, fits)
            mixed += [sum(weights[t] * vs[t][j] for t in range(len(vs))) for j in range(size)]
        x = [a + b for a, b in zip(linear(mixed, self.mix), before)]
        before = x
        x = [self.numbers.relu(h) for h in linear(normalised(x), self.up)]
        x = [a + b for a, b in zip(linear(x, self.down), before)]
        return linear(x, self.out)

    def loss(self, name: str) -> Any:
        """The mean surprise at each letter of a name, 0 standing before and after it."""
        codes = [0, *[ord(c) - ord("a") + 1 for c in name], 0]
        keys: Matrix = []
        values: Matrix = []
        surprises = []
        for place in range(min(self.places, len(codes) - 1)):
            scores = self.scores(codes[place], place, keys, values)
            chances = softmax(self.numbers, scores)
            surprises.append(-self.numbers.log(chances[codes[place + 1]]))
        return (1 / len(surprises)) * sum(surprises)


class Trained:
    """The transformer with Adam written as a newcomer writes it: a loop over the parameters.

    `step()` takes the next name, finds its gradient and changes every parameter;
    `change`, if given, does the last part instead.
    """

    rate, beta1, beta2, eps = 0.01, 0.85, 0.99, 1e-8

    def __init__(
        self, numbers: Numbers, change: Callable[[list[Any]], Callable[[], None]] | None = None
    ) -> None:
        self.model = CharacterGPT(numbers)
        self.parameters = self.model.parameters()
        self.mean = [0.0] * len(self.parameters)
        self.square = [0.0] * len(self.parameters)
        self.steps = 0
        self.change = self.by_hand if change is None else change(self.parameters)

    def step(self) -> float:
        """One name; its loss before the parameters change."""
        loss = self.model.loss(NAMES[self.steps % len(NAMES)])
        loss.backward()
        self.change()
        self.steps += 1
        return float(loss.data)

    def by_hand(self) -> None:
        """Adam, and gradients back to 0."""
        for i, p in enumerate(self.parameters):
            self.mean[i] = self.beta1 * self.mean[i] + (1 - self.beta1) * p.grad
            self.square[i] = self.beta2 * self.square[i] + (1 - self.beta2) * p.grad**2
            mean = self.mean[i] / (1 - self.beta1 ** (self.steps + 1))
            square = self.square[i] / (1 - self.beta2 ** (self.steps + 1))
            p.data -= self.rate * mean / (square**0.5 + self.eps)
            p.grad = 0.0


def linear(x: list[Any], weights: Matrix) -> list[Any]:
    """A matrix times a vector."""
    return [sum(w * a for w, a in zip(row, x)) for row in weights]


def normalised(x: list[Any]) -> list[Any]:
    """x over its root mean square."""
    mean = sum(a * a for a in x) / len(x)
    scale = (mean + 1e-5) ** -0.5
    return [a * scale for a in x]


def softmax(numbers: Numbers, x: list[Any]) -> list[Any]:
    """Shares of 1 in proportion to exp, the largest taken off first."""
    largest = max(float(getattr(a, "data", a)) for a in x)
    powers = [numbers.exp(a - largest) for a in x]
    total = sum(powers)
    return [p / total for p in powers]


NAMES = ("emma", "olivia", "isabella", "charlotte", "ava", "mia", "evelyn", "harper", "luna", "zoe")
