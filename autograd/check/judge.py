"""The exact judge: a recorded graph worked through again with mpmath, rule by rule.

Finite differences can't see a relative error of 1e-10. Here every node's value and
partials are compared with what its row means (oracles.py) at the very numbers that were
recorded, so each rule is judged alone and the first one that is wrong can be named.
Then the exact partials are swept backwards: what the engine's sweep may differ by is
what rounding can do, added up along the way.

A row without an oracle (a user's own) is judged by differences of its value instead.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from autograd.check.numeric import derivative
from autograd.check.oracles import Between, Oracle, context, oracles
from autograd.engine import Value
from autograd.forward import Dual, new_tag
from autograd.graph import topological_order
from autograd.row import Primitive, primal

UNIT = 2.0**-53
TINY = 2.0**-1074
LARGEST = 1.7976931348623157e308

ROUNDINGS = 32.0
"""How many units of rounding a row's value or partial may be off: the table promises 4 ulp,
8 units; some named tails, 32 ulp, are allowed for in WIDER."""

WIDER = {"gelu": 96.0, "gelu_tanh": 96.0, "digamma": 64.0, "polygamma": 64.0}

ROOTED_VALUES = frozenset(["lgamma", "digamma", "polygamma", "sinc", "logsumexp"])
"""Rows whose value has a root between floats: there 2^-53 absolute is good enough."""

ROOTED_PARTIALS: dict[str, Callable[[float], float]] = {
    "lgamma": lambda x: 1.0,
    "sinc": lambda x: 1.0 / max(1.0, abs(x)),
    **dict.fromkeys(["gelu", "gelu_tanh", "silu", "mish"], lambda x: float(abs(x) < 3.0)),
}
"""Rows whose partial has one: there 2^-52 absolute is promised. By the row, in that unit, where."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A rule that is wrong at a node.

    Fields
    - `node`, `position`: where; position None for the value itself.
    - `order`: of the derivative: 0 the value, 1 a partial, 2 a partial's partial.
    - `found`, `exact`, `tolerance`: numbers.
    """

    node: Value
    position: int | None
    order: int
    found: float
    exact: float
    tolerance: float

    @property
    def primitive(self) -> Primitive:
        """The row that is wrong."""
        return _row(self.node)

    def __str__(self) -> str:
        node = self.node
        arguments = ", ".join([_shown(parent) for parent in node.parents[:6]])
        if len(node.parents) > 6:
            arguments += ", ..."
        what = "the value"
        if self.order:
            kind = "partial" if self.order == 1 else "second partial"
            what = f"the {kind} by argument {self.position}"
        place = f", {node.place}" if node.place is not None and str(node.place) else ""
        return (
            f"{what} of {self.primitive.name}({arguments}){place}: found {self.found!r},"
            f" exact {self.exact!r} (off by {_relative(self.found, self.exact)})"
        )


def _row(node: Value) -> Primitive:
    assert node.primitive is not None, "only made nodes have rules"
    return node.primitive


def _shown(node: Value) -> str:
    return f"{node.label}={node.data!r}" if node.label else repr(node.data)


def _relative(found: float, exact: float) -> str:
    off = abs(found - exact)
    return f"{off / abs(exact):.2g} of it" if exact and math.isfinite(off) else f"{off:.2g}"


@dataclass(slots=True)
class Judgement:
    """What the judge found out about one output.

    Fields
    - `gradient`, `bound`: for each leaf the exact derivative, and how far
      rounding may take the engine's from it (infinite if it overflows on the way).
    - `faults`: the wrong rules, in the order of the graph.
    - `kinks`: nodes at a kink, where a convention chose the partial.
    - `by_differences`: names of rows that have no oracle.
    """

    gradient: list[Any] = field(default_factory=list)
    bound: list[float] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    kinks: list[Value] = field(default_factory=list)
    by_differences: list[str] = field(default_factory=list)

    @classmethod
    def of_constant(cls, count: int) -> Judgement:
        """That of a number which no leaf reaches."""
        return cls(gradient=[0.0] * count, bound=[0.0] * count)


@dataclass(slots=True)
class _Rule:
    """One partial at one node: the exact one, and how far the row's may be from it.

    `exact` is None where the row has no partial and none is due: nothing passes there.
    """

    exact: Any
    error: float


def judge(output: Value, leaves: Sequence[Value], order: int = 1) -> Judgement:
    """Judge every rule below `output`, and give its exact derivative by each leaf.

    Arguments: `output`, a recorded value; `leaves`, what to differentiate by;
    `order`, 2 to judge the partials' own derivatives too.
    Raises ImportError if mpmath is not installed.

    >>> from autograd import Value, tanh
    >>> x = Value(0.5)
    >>> verdict = judge(tanh(x) * x, [x])
    >>> verdict.faults, round(float(verdict.gradient[0]), 12)
    ([], 0.855341023743)
    """
    nodes = topological_order(output)
    result = Judgement()
    rules = {node: _rules(node, result, order) for node in nodes if node.primitive is not None}
    sums, errors = _sweep(output, nodes, rules)
    zero = context().mpf(0)
    result.gradient = [sums.get(leaf, zero) for leaf in leaves]
    result.bound = [errors.get(leaf, 0.0) for leaf in leaves]
    return result


def _sweep(
    output: Value, nodes: list[Value], rules: dict[Value, list[_Rule]]
) -> tuple[dict[Value, Any], dict[Value, float]]:
    """Exact cotangents, and for each a bound of what rounding does to the engine's."""
    m = context()
    sums: dict[Value, Any] = {output: m.mpf(1)}
    errors: dict[Value, float] = {output: 0.0}
    sizes: dict[Value, float] = {}
    counts: dict[Value, int] = {}
    for node in reversed(nodes):
        if node not in sums:
            continue
        cotangent = sums[node]
        # each addition rounds a partial sum, which is no larger than the sum of sizes
        errors[node] += counts.get(node, 0) * UNIT * sizes.get(node, 0.0)
        for parent, rule in zip(node.parents, rules.get(node, ()), strict=False):
            if rule.exact is None:
                continue
            share = rule.exact * cotangent
            size = float(abs(share))
            error = float(abs(rule.exact)) * errors[node] + float(abs(cotangent)) * rule.error
            if size > LARGEST or float(abs(cotangent)) > LARGEST:
                error = math.inf
            sums[parent] = sums.get(parent, 0) + share
            errors[parent] = errors.get(parent, 0.0) + error + 2.0 * UNIT * size + TINY
            sizes[parent] = sizes.get(parent, 0.0) + size
            counts[parent] = counts.get(parent, 0) + 1
    for leaf in [node for node in nodes if node.primitive is None]:
        if leaf in sums:
            errors[leaf] += counts.get(leaf, 0) * UNIT * sizes.get(leaf, 0.0)
    return sums, {node: error if error == error else math.inf for node, error in errors.items()}


def _rules(node: Value, result: Judgement, order: int) -> list[_Rule]:
    """The partials of a node, found and exact; faults and kinks go to `result`."""
    primitive = _row(node)
    xs = [parent.data for parent in node.parents]
    found = _found(primitive, xs, node.data)
    oracle = oracles().get(primitive.name)
    if oracle is None:
        if primitive.name not in result.by_differences:
            result.by_differences.append(primitive.name)
        exact, errors = _differences(primitive, xs)
    elif all(map(math.isfinite, xs)) and math.isfinite(node.data):
        exact, errors = list(oracle.partials(*_exactly(xs))), [0.0] * len(xs)
        _judge_value(node, oracle, xs, exact, result)
    else:
        exact, errors = [None] * len(xs), [0.0] * len(xs)
    rules = [
        _judge_partial(node, i, found[i], exact[i], errors[i], xs, oracle, result)
        for i in range(len(xs))
    ]
    if order > 1 and oracle is not None:
        _judge_second(node, oracle, xs, exact, result)
    return rules


def _found(primitive: Primitive, xs: list[Any], y: Any) -> list[Any]:
    """Every partial as the row gives it; None for what it leaves out."""
    partials: list[Any] = [None] * len(xs)
    for i, p in primitive.local(xs, y, range(len(xs))):
        partials[i] = p
    return partials


def _exactly(xs: Iterable[float]) -> list[Any]:
    m = context()
    return [m.mpf(x) for x in xs]


def _judge_value(
    node: Value, oracle: Oracle, xs: list[float], partials: list[Any], result: Judgement
) -> None:
    exact = oracle.value(*_exactly(xs))
    if exact is None:
        return
    name = _row(node).name
    units = WIDER.get(name, ROUNDINGS) * UNIT
    tolerance = (
        units * float(abs(exact)) + 4.0 * TINY + (2 * UNIT if name in ROOTED_VALUES else 0.0)
    )
    if abs(exact - node.data) <= tolerance:
        return
    if len(xs) > 1:  # what a rounding of the arguments, or of a sum of them, does
        moved = [abs(x * p) for x, p in zip(xs, partials, strict=True) if _number(p)]
        tolerance += (units + len(xs) * UNIT) * float(sum(moved))
    if abs(exact - node.data) > tolerance and abs(exact) <= LARGEST:
        result.faults.append(Fault(node, None, 0, node.data, float(exact), tolerance))


def _number(p: Any) -> bool:
    return p is not None and not isinstance(p, Between)


def _judge_partial(
    node: Value,
    i: int,
    given: float | None,
    exact: Any,
    error: float,
    xs: list[float],
    oracle: Oracle | None,
    result: Judgement,
) -> _Rule:
    """Compare one partial; the rule to sweep with is the exact one wherever there is one."""
    m = context()
    found = 0.0 if given is None else given
    if given is None and (exact is None or exact == 0):
        return _Rule(None, 0.0)
    if isinstance(exact, Between):
        if not result.kinks or result.kinks[-1] is not node:
            result.kinks.append(node)
        slack = 8.0 * UNIT * max(abs(exact.low), abs(exact.high)) + error
        if not exact.low - slack <= found <= exact.high + slack:
            nearest = exact.low if found < exact.low else exact.high
            result.faults.append(Fault(node, i, 1, found, float(nearest), float(slack)))
            return _Rule(m.mpf(nearest), 0.0)
        return _Rule(None if given is None else m.mpf(found), 0.0)
    if exact is None or abs(exact) > LARGEST:
        return _Rule(m.mpf(found), 0.0)  # a matter of convention, or out of range
    tolerance = _tolerance(_row(node).name, exact, xs[0]) + error
    off = abs(exact - found)
    if not off <= tolerance and oracle is not None and len(xs) > 1:
        tolerance += _conditioning(lambda *z: oracle.partials(*z)[i], xs)
    if not off <= tolerance:
        result.faults.append(Fault(node, i, 1, found, float(exact), tolerance))
        return _Rule(exact, 0.0)
    return _Rule(exact, float(off) + error)


def _tolerance(name: str, exact: Any, x: float) -> float:
    units = WIDER.get(name, ROUNDINGS) * UNIT
    absolute = 4.0 * UNIT * ROOTED_PARTIALS[name](x) if name in ROOTED_PARTIALS else 0.0
    return units * float(abs(exact)) + 4.0 * TINY + absolute


def _conditioning(f: Any, xs: list[float]) -> float:
    """How far f may move if each argument is off by a few roundings: sum |x_j df/dx_j|."""
    exactly = _exactly(xs)
    total = 0.0
    for j, x in enumerate(xs):
        slope = _slope(lambda z, j=j: f(*exactly[:j], z, *exactly[j + 1 :]), x)
        if slope is not None:
            total += abs(x) * float(abs(slope))
    return (ROUNDINGS + len(xs)) * UNIT * total


def _slope(f: Any, x: float) -> Any | None:
    """The derivative of f at x by a central difference in high precision; None at a kink."""
    m = context()
    with m.workdps(150):
        x = m.mpf(x)
        h = m.mpf(10) ** -50 * (min(abs(x), 1) or 1)
        above, at, below = f(x + h), f(x), f(x - h)
        if not (_number(above) and _number(at) and _number(below)):
            return None
        right, left = (above - at) / h, (at - below) / h
        if abs(right - left) > m.mpf(10) ** -20 * max(abs(right), abs(left)):
            return None
        return (right + left) / 2


def _judge_second(
    node: Value, oracle: Oracle, xs: list[float], exact: list[Any], result: Judgement
) -> None:
    """Compare the partials' own partials, which duals give, with differences of the exact ones."""
    primitive = _row(node)
    exactly = _exactly(xs)
    for j in range(len(xs)):
        if not _number(exact[j]):
            continue
        tag = new_tag()
        moved: list[Any] = [*xs[:j], Dual(xs[j], 1.0, tag), *xs[j + 1 :]]
        found = _found(primitive, moved, primitive(*moved))
        for i, p in enumerate(found):
            if not _number(exact[i]):
                continue
            # near a root of the second derivative the first sets the scale of rounding
            size = abs(xs[j]) or 1.0
            scale = 1.0 / size if len(xs) > 1 else min(1.0, 1.0 / size)
            near_root = 64.0 * UNIT * float(abs(exact[i])) * scale
            second = _slope(
                lambda z, i=i, j=j: oracle.partials(*exactly[:j], z, *exactly[j + 1 :])[i], xs[j]
            )
            tangent = primal(p.tangent) if isinstance(p, Dual) and p.tag == tag else 0.0
            if second is None or not math.isfinite(tangent) or abs(second) > LARGEST:
                continue
            tolerance = 8.0 * _tolerance(primitive.name, second, xs[0]) + near_root
            if abs(second - tangent) > tolerance:
                tolerance += 8.0 * _conditioning(
                    lambda *z, i=i, j=j: _slope_at(oracle, i, j, list(z)), xs
                )
            if abs(second - tangent) > tolerance:
                result.faults.append(Fault(node, i, 2, tangent, float(second), tolerance))


def _slope_at(oracle: Oracle, i: int, j: int, xs: list[Any]) -> Any | None:
    return _slope(lambda z: oracle.partials(*xs[:j], z, *xs[j + 1 :])[i], xs[j])


def _along(primitive: Primitive, xs: list[float], i: int) -> Callable[[float], float]:
    """A row's value as a function of its argument i alone."""
    return lambda x: primitive.value(*xs[:i], x, *xs[i + 1 :])


def _differences(primitive: Primitive, xs: list[float]) -> tuple[list[Any], list[float]]:
    """The partials of a row without an oracle, by differences of its value, with their errors."""
    exact: list[Any] = []
    errors: list[float] = []
    m = context()
    for i, x in enumerate(xs):
        domain = primitive.domain[0 if primitive.nary else i]
        f = _along(primitive, xs, i)
        estimate = derivative(f, x, domain.low, domain.high)
        if estimate.kink:
            low, high = sorted([estimate.left.value, estimate.right.value])
            exact.append(Between(m.mpf(low), m.mpf(high)))
            errors.append(estimate.left.error + estimate.right.error)
        elif math.isfinite(estimate.value) and not estimate.growing:
            exact.append(m.mpf(estimate.value))
            errors.append(estimate.error)
        else:
            exact.append(None)
            errors.append(0.0)
    return exact, errors
