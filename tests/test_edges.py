"""The edge file, on everything that passes through the table: no row may deviate."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import edges
import pytest
from edges import COMPOSED, Edge

import autograd
from autograd import Value
from autograd.engine import cotangents, itself
from autograd.row import table

EDGES = edges.edges()
ROWS = [edge for edge in EDGES if edge.function not in COMPOSED]
RULES = {"R1", "R2", "R3", "R4", "R5", "IEEE", "exact", "choice", "stated", "exception"}


def expect(edge: Edge, value: float, partials: Sequence[float | None]) -> None:
    """Compare with the file; a partial that was not asked for is None."""
    assert edges.agrees(value, edge.value), f"{edge} is {value!r}, not {edge.value}"
    for i, (got, expected) in enumerate(zip(partials, edge.partials, strict=True)):
        if got is None or expected == "-":
            continue
        assert edges.agrees(got, expected), f"{edge}: partial {i} is {got!r}, not {expected}"


def on_every_edge(check: Callable[[Edge], None], some: Sequence[Edge] = EDGES) -> None:
    """Check all, and tell all deviations at once."""
    deviations = []
    for edge in some:
        try:
            check(edge)
        except AssertionError as deviation:
            deviations.append(str(deviation).splitlines()[0])
    assert not deviations, "\n".join(deviations)


def test_the_file_is_whole():
    assert len(EDGES) >= 150
    assert set(table()) <= {edge.function for edge in EDGES}
    assert {edge.rule for edge in EDGES} == RULES
    assert all(record["torch"] and record["jax"] for record in edges.records())
    for edge in ROWS:
        row = table()[edge.function]
        assert len(edge.partials) == len(edge.arguments)
        if not row.nary:
            assert len(edge.arguments) == len(row.domain)
            none = [i for i, text in enumerate(edge.partials) if text == "-"]
            without = [i for i, partial in enumerate(row.partials) if partial is None]
            assert set(without) <= set(none)


def test_floats():
    def check(edge: Edge) -> None:
        value = edges.function(edge.function)(*edge.arguments)
        assert type(value) is float
        expect(edge, value, [None] * len(edge.partials))

    on_every_edge(check)


def test_partials_on_floats():
    def check(edge: Edge) -> None:
        row, xs = table()[edge.function], list(edge.arguments)
        y = row.value(*xs)
        found = dict(row.local(xs, y, range(len(xs))))
        expect(edge, y, [found.get(i, 0.0) for i in range(len(xs))])

    on_every_edge(check, ROWS)


def test_backward():
    def check(edge: Edge) -> None:
        leaves = [Value(x) for x in edge.arguments]
        y = edges.function(edge.function)(*leaves)
        if isinstance(y, Value):
            y.backward()
        expect(edge, autograd.row.primal(y), [leaf.grad for leaf in leaves])

    on_every_edge(check)


def test_traversal_that_records_itself():
    def check(edge: Edge) -> None:
        leaves = [Value(x) for x in edge.arguments]
        y = edges.function(edge.function)(*leaves)
        sums: dict[Any, Any] = {}
        if isinstance(y, Value):
            sums = cotangents([(y, 1.0)], leaves, itself)
        got = [autograd.row.primal(sums.get(leaf, 0.0)) for leaf in leaves]
        expect(edge, autograd.row.primal(y), got)

    on_every_edge(check)


def test_gradient_inside_a_gradient():
    """The inner gradient is recorded; what the outer gives depends on it alone."""

    def check(edge: Edge) -> None:
        f = edges.function(edge.function)
        n = len(edge.arguments)
        seen: list[Any] = [None] * n

        def inner(scale: Any, i: int) -> Any:
            value, seen[i] = autograd.value_and_grad(f, argnums=i)(*edge.arguments)
            return scale * value

        for i in range(n):
            autograd.grad(inner)(1.0, i)
        y = f(*edge.arguments)
        expect(edge, y, [autograd.row.primal(g) for g in seen])

    on_every_edge(check)


def test_forward_mode():
    def check(edge: Edge) -> None:
        f = edges.function(edge.function)
        n = len(edge.arguments)
        tangents = []
        for i in range(n):
            direction = [1.0 if j == i else 0.0 for j in range(n)]
            y, tangent = autograd.jvp(f, list(edge.arguments), direction)
            tangents.append(tangent)
            expect(edge, y, [None] * n)
        expect(edge, f(*edge.arguments), tangents)

    on_every_edge(check)


def test_taylor_series():
    """The first coefficient is the partial: also where a row's series has a rule of its own."""

    def check(edge: Edge) -> None:
        f = edges.function(edge.function)
        xs = edge.arguments
        for i in range(len(xs)):

            def along(t: Any, i: int = i) -> Any:
                return f(*xs[:i], t, *xs[i + 1 :])

            y, slope = autograd.taylor(along, xs[i], 1)
            got = [slope if j == i else None for j in range(len(xs))]
            expect(edge, y, got)

    on_every_edge(check)


def test_arrays():
    """Values on NumPy's arrays, and partials, which are the same formulas."""
    numpy = pytest.importorskip("numpy")

    def check(edge: Edge) -> None:
        row = table()[edge.function]
        if row.nary:
            return
        xs = [numpy.array([x, x]) for x in edge.arguments]
        if row.conditional:
            xs[0] = xs[0] != 0.0
        with numpy.errstate(all="ignore"):
            y = row(*xs)
            expect(edge, float(y[1]), [None] * len(xs))
            if y[1] != y[1]:
                return  # R1, which `local` sees to
            found = [None if p is None else p(*xs, y) for p in row.partials]
        got = [None if d is None else float(numpy.broadcast_to(d, 2)[1]) for d in found]
        expect(edge, float(y[1]), got)

    on_every_edge(check, ROWS)


def test_arrays_of_values():
    numpy = pytest.importorskip("numpy")

    def check(edge: Edge) -> None:
        row = table()[edge.function]
        if row.nary:
            return
        leaves = [Value(x) for x in edge.arguments]
        with numpy.errstate(all="ignore"):
            (y,) = row(*[numpy.array([leaf], dtype=object) for leaf in leaves])
        if isinstance(y, Value):
            y.backward()
        expect(edge, autograd.row.primal(y), [leaf.grad for leaf in leaves])

    on_every_edge(check, ROWS)


def test_strict_stops_at_a_choice():
    with autograd.strict(), pytest.raises(FloatingPointError, match="atan2"):
        y = autograd.atan2(Value(0.0), Value(0.0))
        y.backward()


def test_finite_numbers_are_the_mathematics():
    """What the file says of smooth points is judged by mpmath, not by the table."""
    pytest.importorskip("sympy")
    from accuracy.measure import orders, ulp_error
    from accuracy.truth import TRUTH, exact

    seen = 0
    for edge in ROWS:
        if edge.function not in TRUTH or not all(math.isfinite(x) for x in edge.arguments):
            continue
        row = table()[edge.function]
        for by, text in [
            *[(by, edge.value) for by in orders(row, 0)],
            *[(by, edge.partials[by.index(1)]) for by in orders(row, 1)],
        ]:
            true = exact(TRUTH[edge.function], edge.arguments, by)
            if true is None or text == "-" or text == "nan":
                continue
            seen += 1
            assert ulp_error(float(text), true) <= 1.0, f"{edge} {by}: {text}, not {true}"
    assert seen > 100
