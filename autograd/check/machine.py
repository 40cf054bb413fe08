"""A machine that tries an engine: it builds graphs, changes leaves, differentiates and copies.

For autograd's own Values, or any class that has `data`, `grad` and `backward()`, such as
micrograd's:

    from autograd.check.machine import machine

    TestMyEngine = machine(MyValue).TestCase  # for pytest and unittest

Hypothesis (https://hypothesis.readthedocs.io/en/latest/stateful.html) decides what happens
next. Beside the engine runs a naive model, which sums over all paths by plain recursion. Where
the two differ, the shortest program that shows it is found and printed as Python source.
"""

from __future__ import annotations

import copy
import inspect
import math
import operator
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from autograd import engine

try:
    from hypothesis import strategies as st
    from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, multiple, rule
except ImportError:
    raise ImportError(
        "autograd.check.machine needs hypothesis: pip install 'scalar-autograd[check]'"
    ) from None

_LARGEST = 1e6  # beyond this an operation is not done: rounding would be all that is seen


@dataclass(frozen=True, slots=True)
class _Operation:
    """What an engine may offer: how it is asked for, and what the model says of it.

    Fields: `apply(*xs)`, on the engine's values; `value(*xs)` and `partials(*xs)`, on floats;
    `source`, a template; `fits(*xs)`, where it is smooth and moderate.
    """

    apply: Callable[..., Any]
    value: Callable[..., float]
    partials: Callable[..., Sequence[float]]
    source: str
    fits: Callable[..., bool] = lambda *_: True


def _method(name: str, value: Any, partial: Any, fits: Any = lambda x: True) -> _Operation:
    return _Operation(
        lambda a: getattr(a, name)(), value, lambda x: (partial(x),), f"{{0}}.{name}()", fits
    )


def _logistic(x: float) -> float:
    return 1.0 / (1.0 + math.exp(-x))


# By the attribute an engine has if it offers them. The formulas are the textbook's.
_UNARY = {
    "__neg__": _Operation(operator.neg, operator.neg, lambda x: (-1.0,), "-{0}"),
    "tanh": _method("tanh", math.tanh, lambda x: 1.0 - math.tanh(x) ** 2),
    "exp": _method("exp", math.exp, math.exp, lambda x: x < 13.0),
    "log": _method("log", math.log, lambda x: 1.0 / x, lambda x: x > 0.1),
    "relu": _method("relu", lambda x: max(x, 0.0), lambda x: float(x > 0.0), lambda x: x != 0.0),
    "sigmoid": _method(
        "sigmoid", _logistic, lambda x: _logistic(x) * _logistic(-x), lambda x: abs(x) < 300.0
    ),
    "sin": _method("sin", math.sin, math.cos),
    "cos": _method("cos", math.cos, lambda x: -math.sin(x)),
    "sqrt": _method("sqrt", math.sqrt, lambda x: 0.5 / math.sqrt(x), lambda x: x > 0.1),
}
_BINARY = {
    "__add__": _Operation(operator.add, operator.add, lambda x, z: (1.0, 1.0), "{0} + {1}"),
    "__sub__": _Operation(operator.sub, operator.sub, lambda x, z: (1.0, -1.0), "{0} - {1}"),
    "__mul__": _Operation(operator.mul, operator.mul, lambda x, z: (z, x), "{0} * {1}"),
    "__truediv__": _Operation(
        operator.truediv, operator.truediv, lambda x, z: (1.0 / z, -x / z**2), "{0} / {1}",
        lambda x, z: abs(z) > 0.1,
    ),
}  # fmt: skip
_POWER = {
    f"**{n}": _Operation(
        lambda a, n=n: a**n, lambda x, n=n: x**n, lambda x, n=n: (n * x ** (n - 1),), f"{{0}}**{n}",
        fits,
    )
    for n, fits in ((2, lambda x: True), (3, lambda x: True), (-1, lambda x: abs(x) > 0.1),
                    (0.5, lambda x: x > 0.1))
}  # fmt: skip
_OPERATIONS = {**_UNARY, **_BINARY, **_POWER}


@dataclass(eq=False, repr=False, slots=True)
class _Node:
    """What the model knows of one of the engine's values.

    Fields: `value`, the engine's; `data`; `parts`, each parent with the partial by it;
    `leaf`, whether it is one; `versions`, of each leaf below how often it had been assigned.
    """

    name: str
    value: Any
    data: float
    parts: tuple[tuple[_Node, float], ...] = ()
    leaf: bool = False
    versions: dict[_Node, int] = field(default_factory=dict)

    def __repr__(self) -> str:
        return self.name


def _slope(node: _Node, by: _Node, known: dict[_Node, tuple[float, float]]) -> tuple[float, float]:
    """The sum over all paths from a node down to another; and of their sizes, for rounding."""
    if node is by:
        return 1.0, 1.0
    if node not in known:
        total = size = 0.0
        for parent, partial in node.parts:
            slope, its_size = _slope(parent, by, known)
            total += partial * slope
            size += abs(partial) * its_size
        known[node] = total, size
    return known[node]


def _below(node: _Node, found: dict[_Node, None]) -> dict[_Node, None]:
    """A node and all that it was made from, as the keys of a dict."""
    if node not in found:
        found[node] = None
        for parent, _ in node.parts:
            _below(parent, found)
    return found


NODES, LEAVES = Bundle("nodes"), Bundle("leaves")


class GraphMachine(RuleBasedStateMachine):
    """The engine and the model, kept in step: what `machine` makes a class of its own of."""

    make: Callable[[float], Any]
    title: str
    without: frozenset[str]
    tolerance: float

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.nodes: list[_Node] = []
        self.assigned: dict[_Node, int] = {}
        self.grads: dict[_Node, float | None] = {}
        self.sizes: dict[_Node, float] = {}
        self.visited: set[_Node] = set()
        self.failed = False
        self.last: tuple[_Node, float] | None = None

    # What happens. Each is a rule of the class that `machine` makes, and comes as often as others.

    def leaf(self, x: float) -> _Node:
        """A leaf."""
        self._tell(f"{self._next_name()} = {self.title}({x!r})")
        node = self._keep(self._done(lambda: self.make(x)), x, leaf=True)
        node.versions[node] = self.assigned[node] = 0
        self.grads[node], self.sizes[node] = None, 0.0
        return node

    def unary(self, operation: str, a: _Node) -> Any:
        """An operation on a node."""
        return self._applied(operation, a)

    def binary(self, operation: str, a: _Node, b: Any, turned: bool) -> Any:
        """An operation on a node, and another or a number on either side of it."""
        return self._applied(operation, b, a) if turned else self._applied(operation, a, b)

    def _applied(self, name: str, *operands: Any) -> Any:
        """The node that is made; nothing if the operation does not fit there."""
        operation = _OPERATIONS[name]
        numbers = [x.data if isinstance(x, _Node) else x for x in operands]
        if not operation.fits(*numbers):
            return multiple()
        data = operation.value(*numbers)
        if not abs(data) <= _LARGEST:
            return multiple()
        self._tell(f"{self._next_name()} = {operation.source.format(*operands)}")
        given = [x.value if isinstance(x, _Node) else x for x in operands]
        made = self._done(lambda: operation.apply(*given))
        parts = zip(operands, operation.partials(*numbers), strict=True)
        return self._keep(made, data, tuple([(x, p) for x, p in parts if isinstance(x, _Node)]))

    def assign(self, node: _Node, x: float) -> None:
        """Another number in a leaf."""
        self._tell(f"{node}.data = {x!r}")
        self._done(lambda: setattr(node.value, "data", x))
        node.data = x
        self.assigned[node] += 1

    def zero(self, node: _Node) -> None:
        """A leaf's gradient taken away."""
        nothing = None if hasattr(node.value, "reached") else self.make(0.0).grad
        self._tell(f"{node}.grad = {nothing!r}")
        self._done(lambda: setattr(node.value, "grad", nothing))
        self.grads[node], self.sizes[node] = None, 0.0

    def detach(self, node: _Node) -> _Node:
        """The same number without its history."""
        self._tell(f"{self._next_name()} = {node}.detach()")
        return self._keep(self._done(lambda: node.value.detach()), node.data)

    def backward(self, node: _Node, cotangent: float) -> None:
        """The gradients of everything below a node, twice through the same nodes too."""
        below = list(_below(node, {}))
        if not any(part.leaf for part in below):
            return  # constants only
        if self._again(node):
            return
        self.last = node, cotangent
        given = () if cotangent == 1.0 else (cotangent,)
        self._tell(f"{node}.backward({', '.join(map(repr, given))})")
        if self._stale(node):
            try:
                node.value.backward(*given)
            except Exception:  # refusing is right, as long as nothing has changed
                self.lines[-1] += "  # it may refuse: a leaf below was assigned"
                return
        else:
            self._done(lambda: node.value.backward(*given))
        self.visited.update([part for part in below if not part.leaf])
        for part in below:
            slope, size = _slope(node, part, {})
            if part.leaf:
                self.grads[part] = (self.grads[part] or 0.0) + cotangent * slope
                self.sizes[part] += abs(cotangent) * size
            elif "interior" not in self.without and part.versions:
                self._same(f"{part}.grad", _grad(part.value), cotangent * slope, size)

    def again(self) -> None:
        """The last backward pass once more."""
        if self.last is not None:
            self.backward(*self.last)

    def copy(self, node: _Node, differentiated: bool) -> None:
        """A copy of a whole graph: the original must not notice what is done with it."""
        leaves = [part for part in _below(node, {}) if part.leaf]
        names = ", ".join([repr(part) for part in [node, *leaves]])
        self._tell(f"twin, *leaves = copy.deepcopy([{names}])")
        try:
            twin, *twins = copy.deepcopy([part.value for part in [node, *leaves]])
        except Exception:  # refusing is right
            self.lines.pop()
            return
        self._same("twin.data", twin.data, node.data, abs(node.data))
        if not differentiated or not leaves or self._again(node) or self._stale(node):
            return
        self._tell("twin.backward()")
        self._done(twin.backward)
        for i, (leaf, other) in enumerate(zip(leaves, twins, strict=True)):
            slope, size = _slope(node, leaf, {})
            expected = (self.grads[leaf] or 0.0) + slope
            self._same(f"leaves[{i}].grad", _grad(other), expected, size + self.sizes[leaf])

    def teardown(self) -> None:
        """At the end a backward pass from every node that no other was made from."""
        if self.failed:
            return
        used = {parent for node in self.nodes for parent, _ in node.parts}
        for node in reversed(self.nodes):
            if node.parts and node not in used:
                self.backward(node, 1.0)
                self.the_engine_is_the_model()

    @invariant()
    def the_engine_is_the_model(self) -> None:
        """After every step: each number, and each leaf's gradient."""
        for node in self.nodes:
            self._same(f"{node}.data", node.value.data, node.data, abs(node.data))
            if not node.leaf:
                continue
            expected = self.grads[node]
            self._same(f"{node}.grad", _grad(node.value), expected or 0.0, self.sizes[node])
            if expected is None and getattr(node.value, "reached", False):
                self._fail(f"{node}.reached is True")

    # How

    def _next_name(self) -> str:
        turn, letter = divmod(len(self.nodes), 26)
        return chr(ord("a") + letter) + (str(turn) if turn else "")

    def _keep(self, value: Any, data: float, parts: Any = (), leaf: bool = False) -> _Node:
        node = _Node(self._next_name(), value, data, parts, leaf)
        for parent, _ in parts:
            known = {parent: self.assigned[parent]} if parent.leaf else parent.versions
            for part, version in known.items():  # the oldest counts: that one is stale first
                node.versions[part] = min(version, node.versions.get(part, version))
        self.nodes.append(node)
        return node

    def _stale(self, node: _Node) -> bool:
        """Whether a leaf below was assigned after it was used."""
        return not node.leaf and any(self.assigned[k] != v for k, v in node.versions.items())

    def _again(self, node: _Node) -> bool:
        """Whether backward() would be a second one through the same nodes, if that is left out."""
        if "again" not in self.without:
            return False
        reached = node.leaf and self.grads[node] is not None
        return reached or not self.visited.isdisjoint(_below(node, {}))

    def _tell(self, line: str) -> None:
        self.lines.append(line)

    def _done(self, step: Callable[[], Any]) -> Any:
        """What a step gives; an exception of the engine's is shown with the program."""
        try:
            return step()
        except Exception as error:
            self.failed = True
            error.add_note(self._program("raised by the last line of"))
            raise

    def _same(self, what: str, found: Any, expected: float, size: float) -> None:
        if not abs(found - expected) <= self.tolerance * max(1.0, size):
            self._fail(f"{what} is {found!r}, it should be {expected!r}")

    def _fail(self, what: str) -> None:
        __tracebackhide__ = True
        self.failed = True
        raise AssertionError(self._program(f"{what}, after"))

    def _program(self, head: str) -> str:
        return "\n".join([head, "", *[f"    {line}" for line in self.lines], ""])


def _grad(value: Any) -> float:
    grad = value.grad
    return 0.0 if grad is None else float(grad)


def machine(
    make: Any = engine.Value, *, without: Iterable[str] = (), tolerance: float = 1e-9
) -> type[GraphMachine]:
    """A Hypothesis state machine that tries an engine against a naive model.

    Arguments
    - `make`: the engine's class, or a function that makes a leaf of a float. What it makes has
      `data`, `grad` (0 or None at first) and `backward()`; what else it offers is tried:
      + - * / **, numbers on either side, tanh, exp, log, relu, sigmoid, sin, cos, sqrt,
      `detach()`, a cotangent as backward's argument.
    - `without`: what not to try, by an operation's attribute ("__truediv__", "exp") or by
      these names: "numbers" beside values; "assign", `.data` of leaves, after which
      `backward()` must be right for what was recorded, or refuse; "again", a second
      `backward()` through the same nodes; "interior", the gradients of nodes that are no
      leaves; "zero"; "detach"; "copy"; "cotangent".
    - `tolerance`: how far a number may be off, relative to the sizes of what was added up.

    Returns the machine's class: its `TestCase` is one for unittest and pytest. Raises
    ValueError for a name in `without` that nothing has.

    >>> machine().__name__
    'MachineOfValue'
    """
    left_out = _refuse_unknown(without)
    kind = make if isinstance(make, type) else type(make(1.0))
    offered = [name for name in _OPERATIONS if hasattr(kind, name) and name not in left_out]
    unary = [name for name in offered if name in _UNARY]
    binary = [name for name in offered if name in _BINARY]
    if hasattr(kind, "__pow__") and "__pow__" not in left_out:
        unary += _POWER
    numbers = st.integers(-6, 6).map(lambda n: n / 2.0)
    others = NODES if "numbers" in left_out else st.one_of(NODES, numbers)
    seeds = st.sampled_from([1.0, -2.0, 0.5] if _takes_cotangent(kind, left_out) else [1.0])

    mine = GraphMachine
    rules: dict[str, Any] = {
        "leaf": rule(targets=(NODES, LEAVES), x=numbers)(mine.leaf),
        "backward": rule(node=NODES, cotangent=seeds)(mine.backward),
    }
    if "again" not in left_out:
        rules["again"] = rule()(mine.again)
    if unary:
        chosen = st.sampled_from(unary)
        rules["unary"] = rule(target=NODES, operation=chosen, a=NODES)(mine.unary)
    if binary:
        operands: dict[str, Any] = {"a": NODES, "b": others, "turned": st.booleans()}
        chosen = st.sampled_from(binary)
        rules["binary"] = rule(target=NODES, operation=chosen, **operands)(mine.binary)
    if "assign" not in left_out:
        rules["assign"] = rule(node=LEAVES, x=numbers)(mine.assign)
    if "zero" not in left_out:
        rules["zero"] = rule(node=LEAVES)(mine.zero)
    if "detach" not in left_out and hasattr(kind, "detach"):
        rules["detach"] = rule(target=NODES, node=NODES)(mine.detach)
    if "copy" not in left_out:
        rules["copy"] = rule(node=NODES, differentiated=st.booleans())(mine.copy)
    settings = {"without": left_out, "tolerance": tolerance, "make": staticmethod(make)}
    title = getattr(make, "__name__", kind.__name__)
    return type(f"MachineOf{title}", (mine,), {**rules, **settings, "title": title})


_NAMES = ("numbers", "assign", "again", "interior", "zero", "detach", "copy", "cotangent")


def _refuse_unknown(without: Iterable[str]) -> frozenset[str]:
    if isinstance(without, str):
        raise TypeError(f"without is the string {without!r}: give a list, [{without!r}]")
    known = {*_NAMES, *_UNARY, *_BINARY, "__pow__"}
    unknown = sorted(set(without) - known)
    if unknown:
        raise ValueError(f"without has {unknown[0]!r}: choose from {', '.join(sorted(known))}")
    return frozenset(without)


def _takes_cotangent(kind: type, left_out: frozenset[str]) -> bool:
    try:
        parameters = inspect.signature(kind.backward).parameters  # type: ignore[attr-defined]  # what an engine has
    except (TypeError, ValueError):
        return False
    return len(parameters) > 1 and "cotangent" not in left_out
