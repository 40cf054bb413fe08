"""Engines to compare with: two small ones written here, and what is installed."""

from __future__ import annotations

import importlib
import math
from typing import Any

from tests.benchmarks.programs import Numbers


class TupleValue:
    """A node that keeps its children and their local derivatives as two tuples.

    The plainest fast form of an engine in Python: no closures, a recursive
    depth-first order, derivatives computed while recording.
    """

    __slots__ = ("children", "data", "grad", "local_grads")

    def __init__(self, data: float, children: Any = (), local_grads: Any = ()) -> None:
        self.data = data
        self.grad = 0.0
        self.children = children
        self.local_grads = local_grads

    def __add__(self, other: Any) -> TupleValue:
        other = other if isinstance(other, TupleValue) else TupleValue(other)
        return TupleValue(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other: Any) -> TupleValue:
        other = other if isinstance(other, TupleValue) else TupleValue(other)
        return TupleValue(self.data * other.data, (self, other), (other.data, self.data))

    def __pow__(self, p: float) -> TupleValue:
        return TupleValue(self.data**p, (self,), (p * self.data ** (p - 1),))

    def exp(self) -> TupleValue:
        y = math.exp(self.data)
        return TupleValue(y, (self,), (y,))

    def log(self) -> TupleValue:
        return TupleValue(math.log(self.data), (self,), (1.0 / self.data,))

    def relu(self) -> TupleValue:
        return TupleValue(max(0.0, self.data), (self,), (float(self.data > 0.0),))

    def __neg__(self) -> TupleValue:
        return self * -1.0

    def __radd__(self, other: Any) -> TupleValue:
        return self + other

    def __sub__(self, other: Any) -> TupleValue:
        return self + (-other)

    def __rsub__(self, other: Any) -> TupleValue:
        return -self + other

    def __rmul__(self, other: Any) -> TupleValue:
        return self * other

    def __truediv__(self, other: Any) -> TupleValue:
        return self * other**-1

    def backward(self) -> None:
        order: list[TupleValue] = []
        seen: set[TupleValue] = set()

        def visit(node: TupleValue) -> None:
            if node not in seen:
                seen.add(node)
                for child in node.children:
                    visit(child)
                order.append(node)

        visit(self)
        self.grad = 1.0
        for node in reversed(order):
            for child, local in zip(node.children, node.local_grads):
                child.grad += local * node.grad


TUPLES = Numbers(TupleValue, TupleValue.exp, TupleValue.log, TupleValue.relu)


def installed(name: str) -> Any | None:
    """The module, or None if it is not installed."""
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def micrograd_numbers() -> Numbers | None:
    """micrograd's Value, given the exp and log that it lacks in its own style: closures."""
    engine = installed("micrograd.engine")
    if engine is None:
        return None
    kind = engine.Value

    def exp(x: Any) -> Any:
        out = kind(math.exp(x.data), (x,), "exp")

        def backward() -> None:
            x.grad += out.data * out.grad

        out._backward = backward
        return out

    def log(x: Any) -> Any:
        out = kind(math.log(x.data), (x,), "log")

        def backward() -> None:
            x.grad += out.grad / x.data

        out._backward = backward
        return out

    return Numbers(kind, exp, log, kind.relu)
