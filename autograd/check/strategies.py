"""Hypothesis strategies: numbers of a row's domain, expressions of the table, whole graphs.

    from hypothesis import given
    from autograd import check_grads
    from autograd.check import strategies

    @given(strategies.expressions())
    def test_gradients(expression):
        check_grads(expression, expression.inputs)

A failing expression shrinks to a small one, and prints as Python source that can be
pasted into a test.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from autograd.engine import Value
from autograd.graph import topological_order
from autograd.row import Domain, Primitive, lookup, table

try:
    from hypothesis import strategies as st
except ImportError:
    raise ImportError(
        "autograd.check.strategies needs hypothesis: pip install 'scalar-autograd[check]'"
    ) from None

EDGES = ("avoid", "include", "only")
_LIMIT = 1e6  # beyond this an argument is far from anything that the rows do
_MARGIN = 2.0**-6


def floats(
    row: Primitive | str,
    argument: int = 0,
    edges: str = "avoid",
    limit: float = _LIMIT,
) -> st.SearchStrategy[float]:
    """Floats of the domain of a row's argument.

    Arguments: `row`, a primitive or its name; `argument`, which of its arguments;
    `edges`, "avoid" to stay away from kinks, poles and borders, "include" to visit
    them among others, "only" for nothing else; `limit`, the largest size.
    Raises ValueError for an unknown choice, or a row without edges if "only".

    >>> floats("log", edges="only")
    just(1.0)
    """
    row = lookup(row) if isinstance(row, str) else row
    if edges not in EDGES:
        raise ValueError(f"edges is {edges!r}: choose from {EDGES}")
    domain = _domain(row, argument)
    special = _edges(domain)
    if edges == "only":
        if not special:
            raise ValueError(f"argument {argument} of {row.name} has no edges in its domain")
        return st.sampled_from(special)
    ordinary = _inside(domain, limit).filter(lambda x: _away(x, domain))
    if edges == "avoid" or not special:
        return ordinary
    return st.one_of(ordinary, st.sampled_from(special), _inside(domain, limit))


def _domain(row: Primitive, argument: int) -> Domain:
    return row.domain[0 if row.nary else argument]


def _edges(domain: Domain) -> list[float]:
    """The points of the domain that need care: its edges, and its ends if they belong to it."""
    points = [*domain.edges, domain.low, domain.high]
    found = [x for x in points if math.isfinite(x) and x in domain]
    return sorted(set(found), key=lambda x: (abs(x), x))


def _inside(domain: Domain, limit: float) -> st.SearchStrategy[float]:
    low, high = max(domain.low, -limit), min(domain.high, limit)
    near = st.floats(
        max(low, -8.0),
        min(high, 8.0) if high > -8.0 else high,
        exclude_min=domain.open and domain.low >= -8.0,
        exclude_max=domain.open and domain.high <= 8.0,
        allow_subnormal=False,
    )
    far = st.floats(
        low,
        high,
        exclude_min=domain.open and domain.low == low,
        exclude_max=domain.open and domain.high == high,
        allow_subnormal=False,
    )
    return st.one_of(near, far)


def _away(x: float, domain: Domain) -> bool:
    """Whether x is not at, nor close to, an edge or an end."""
    points = [*domain.edges, domain.low, domain.high]
    return all(
        abs(x - point) >= _MARGIN * min(1.0, max(abs(point), 2.0**-3))
        for point in points
        if math.isfinite(point)
    )


def smooth_at(row: Primitive, xs: Sequence[float]) -> bool:
    """Whether no kink, jump, pole or border of a row is at, or close to, these arguments.

    >>> smooth_at(lookup("relu"), [0.0]), smooth_at(lookup("maximum"), [1.0, 2.0])
    (False, True)
    """
    here = all(_away(x, _domain(row, i)) for i, x in enumerate(xs))
    return here and not _tied(row, xs)


# Expressions


def as_source(drawn: Any, printer: Any, cycle: bool) -> None:
    """How Hypothesis and IPython print what was drawn: by its repr, not field by field."""
    printer.text(repr(drawn))


@dataclass(frozen=True, slots=True)
class Step:
    """One operation: a row's name, and which earlier results it is applied to."""

    row: str
    operands: tuple[int, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Expression:
    """A function made of table rows, with inputs to call it at.

    Its results are numbered: first the inputs, then the constants, then one for each
    step; the last is what it returns. A result used twice is a shared node.

    Fields: `inputs`, the numbers to evaluate it at; `constants`; `steps`.

    >>> e = Expression((2.0,), (), (Step("multiply", (0, 0)), Step("tanh", (1,))))
    >>> e(*e.inputs) == math.tanh(4.0)
    True
    >>> print(e)
    def f(x0):
        a = autograd.multiply(x0, x0)
        b = autograd.tanh(a)
        return b
    """

    inputs: tuple[float, ...]
    constants: tuple[float, ...]
    steps: tuple[Step, ...]

    @property
    def __name__(self) -> str:
        """What it is called in messages: "f", as in its source."""
        return "f"

    def __call__(self, *inputs: Any) -> Any:
        """The result at other inputs, whatever passes through the table."""
        return _results([*inputs, *self.constants], self.steps)[-1]

    def __len__(self) -> int:
        return len(self.steps)

    @property
    def depth(self) -> int:
        """The length of the longest path from an input to the result."""
        depths = [0] * (len(self.inputs) + len(self.constants))
        for step in self.steps:
            depths.append(1 + max([depths[i] for i in step.operands], default=0))
        return depths[-1]

    @property
    def source(self) -> str:
        """The expression as the source of a Python function f, for pasting into a test."""
        names = [f"x{i}" for i in range(len(self.inputs))]
        made = _assignments(names + [_literal(c) for c in self.constants], self.steps)
        lines = [f"    {name} = {call}" for name, call in made]
        return "\n".join([f"def f({', '.join(names)}):", *lines, f"    return {made[-1][0]}"])

    def __str__(self) -> str:
        return self.source

    def __repr__(self) -> str:
        arguments = ", ".join([_literal(x) for x in self.inputs])
        comma = "," if len(self.inputs) == 1 else ""
        call = f"autograd.check_grads(f, ({arguments}{comma}))"
        return f"\nimport autograd\n\n{self.source}\n\n{call}\n"

    _repr_pretty_ = as_source


def _results(results: list[Any], steps: Sequence[Step]) -> list[Any]:
    """The results given, and after them each step's."""
    for step in steps:
        results.append(lookup(step.row)(*[results[i] for i in step.operands]))
    return results


def _assignments(names: list[str], steps: Sequence[Step]) -> list[tuple[str, str]]:
    """For each step a name and the call that makes it; `names` has what comes before."""
    names = list(names)
    made = []
    for k, step in enumerate(steps):
        operands = ", ".join([names[i] for i in step.operands])
        made.append((_letters(k), f"autograd.{_spelling(step.row)}({operands})"))
        names.append(_letters(k))
    return made


# autograd.sum(xs) takes a list: these rows are called as rows.
_LISTED = frozenset(
    ["sum", "prod", "dot", "mean", "variance", "std", "norm", "max", "min",
     "logsumexp", "softmax", "log_softmax"]
)  # fmt: skip


def _spelling(name: str) -> str:
    import autograd

    if name not in _LISTED and isinstance(getattr(autograd, name, None), Primitive):
        return name
    return f"table()[{name!r}]"


def _literal(x: float) -> str:
    return repr(x) if math.isfinite(x) else f"float({str(x)!r})"


def _letters(k: int) -> str:
    """a, b, ..., z, a1, b1, ..."""
    turn, letter = divmod(k, 26)
    return chr(ord("a") + letter) + (str(turn) if turn else "")


# What they are made of. The simplest first: hypothesis shrinks towards the front.
_SIMPLEST = ("add", "multiply", "negative", "subtract", "tanh", "exp")


def operations(names: Iterable[str] | None = None, without: Iterable[str] = ()) -> list[Primitive]:
    """Rows for expressions, the simplest first.

    Arguments: `names`, which (all that take any real arguments, if None);
    `without`, names to leave out.
    Raises KeyError for a name that is not in the table.
    """
    rows = table()
    if names is None:
        chosen = [*_SIMPLEST, *[n for n in rows if n not in _SIMPLEST and _is_smooth(rows[n])]]
    else:
        chosen = [lookup(name).name for name in names]
    left_out = set(without)
    return [rows[name] for name in chosen if name not in left_out]


def _is_smooth(row: Primitive) -> bool:
    """Whether a row's partials tell all: no argument is left out that the value depends on."""
    if row.name == "positive":
        return False  # no operation: it would only pad expressions
    if row.nary or row.conditional or not isinstance(row.partials, tuple):
        return True
    return None not in row.partials or set(row.partials) == {None}


@st.composite
def expressions(
    draw: st.DrawFn,
    rows: Sequence[Primitive | str] | None = None,
    max_inputs: int = 3,
    max_steps: int = 8,
    max_depth: int | None = None,
    edges: str = "avoid",
    limit: float = 1e4,
) -> Expression:
    """Expressions of the table's rows, with shared nodes, defined at their inputs.

    Arguments
    - `rows`: the operations to use, as primitives or names; `operations()` if None.
    - `max_inputs`, `max_steps`, `max_depth`: the size.
    - `edges`: "avoid" keeps every operation away from its kinks, poles and borders;
      "include" lets them happen.
    - `limit`: results larger than this are not used.

    Every operation gets arguments of its domain, and depends on an input. A step
    whose arguments can't be found, or that the result does not use, is dropped.
    """
    builder = _drawn(draw, rows, max_inputs, 1, max_steps, max_depth, edges, limit)
    return Expression(*_pruned(builder, [builder.last]))


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class RandomGraph:
    """A recorded graph with labelled leaves and several outputs, and the program for it.

    It can be called as a function of its leaves' numbers, giving the list of its
    outputs, for `check_grads(graph, graph.inputs)`.

    Fields: `inputs`, `constants`, `steps`, as an Expression's; `labels`, one for each
    leaf; `roots`, which results are outputs; `leaves` and `outputs`, recorded Values.

    >>> g = RandomGraph((2.0,), (), (Step("tanh", (0,)), Step("square", (1,))), ("w",), (1, 2))
    >>> print(g)
    x0 = Value(2.0, label='w')
    a = autograd.tanh(x0)
    b = autograd.square(a)
    outputs = [a, b]
    >>> g.outputs[0] is g.outputs[1].parents[0], len(g.nodes)
    (True, 3)
    """

    inputs: tuple[float, ...]
    constants: tuple[float, ...]
    steps: tuple[Step, ...]
    labels: tuple[str, ...]
    roots: tuple[int, ...]
    leaves: list[Value] = field(init=False)
    outputs: list[Value] = field(init=False)

    def __post_init__(self) -> None:
        leaves = [Value(x, label=name) for x, name in zip(self.inputs, self.labels, strict=True)]
        object.__setattr__(self, "leaves", leaves)
        object.__setattr__(self, "outputs", self(*leaves))

    @property
    def __name__(self) -> str:
        """What it is called in messages."""
        return "graph"

    def __call__(self, *inputs: Any) -> list[Any]:
        """The outputs at other inputs, whatever passes through the table."""
        results = _results([*inputs, *self.constants], self.steps)
        return [results[i] for i in self.roots]

    def __len__(self) -> int:
        return len(self.steps)

    @property
    def nodes(self) -> list[Value]:
        """Every node below the outputs, parents before children, constants included."""
        return topological_order(*self.outputs)

    @property
    def source(self) -> str:
        """The graph as Python source that records it again."""
        names = [f"x{i}" for i in range(len(self.inputs))]
        lines = [
            f"{name} = Value({_literal(x)}, label={label!r})"
            for name, x, label in zip(names, self.inputs, self.labels, strict=True)
        ]
        made = _assignments(names + [_literal(c) for c in self.constants], self.steps)
        names = [*names, *[_literal(c) for c in self.constants], *[name for name, _ in made]]
        lines += [f"{name} = {call}" for name, call in made]
        outputs = ", ".join([names[i] for i in self.roots])
        return "\n".join([*lines, f"outputs = [{outputs}]"])

    def __str__(self) -> str:
        return self.source

    def __repr__(self) -> str:
        head = "import autograd\nfrom autograd import Value"
        check = "for y in outputs:\n    autograd.check_grads(y)"
        return f"\n{head}\n\n{self.source}\n\n{check}\n"

    _repr_pretty_ = as_source


@st.composite
def graphs(
    draw: st.DrawFn,
    rows: Sequence[Primitive | str] | None = None,
    max_leaves: int = 3,
    min_steps: int = 1,
    max_steps: int = 12,
    max_outputs: int = 3,
    max_depth: int | None = None,
    edges: str = "avoid",
    limit: float = 1e4,
    labels: st.SearchStrategy[str] | None = None,
) -> RandomGraph:
    """Whole graphs: shared nodes, constants, n-ary nodes, labelled leaves, several outputs.

    Arguments: `max_leaves`, `max_outputs`, `max_steps`, `max_depth`, the size, and
    `min_steps`, how many steps to try for at least; `labels`, where the leaves'
    labels come from ("x0", "x1", ... if None); the others are those of `expressions`.

    An output may be a leaf, and may lie below another. What no output uses is dropped.

        @given(strategies.graphs(labels=st.text()))
        def test_any_label_can_be_drawn(graph):
            draw(graph.outputs[0]).svg()
    """
    builder = _drawn(draw, rows, max_leaves, min_steps, max_steps, max_depth, edges, limit)
    more = draw(st.lists(st.integers(0, 2**16 - 1), max_size=max_outputs - 1))
    if labels is None:
        return builder.graph(more)
    graph = builder.graph(more)
    return replace(graph, labels=tuple([draw(labels) for _ in graph.inputs]))


def _drawn(
    draw: st.DrawFn,
    rows: Sequence[Primitive | str] | None,
    max_inputs: int,
    min_steps: int,
    max_steps: int,
    max_depth: int | None,
    edges: str,
    limit: float,
) -> Builder:
    """What `expressions` and `graphs` begin with: inputs, constants and steps that fit."""
    if edges not in EDGES[:2]:
        raise ValueError(f"edges is {edges!r}: choose from {EDGES[:2]}")
    chosen = [lookup(r) if isinstance(r, str) else r for r in rows] if rows else operations()
    number = st.floats(-4.0, 4.0, allow_subnormal=False, width=32)
    inputs = draw(st.lists(number, min_size=1, max_size=max_inputs))
    constants = draw(st.lists(number, max_size=2))
    # A plan means something whatever came before it, so that shrinking can take any away.
    plan = st.tuples(st.sampled_from(chosen), st.integers(0, 2**24 - 1))
    plans = draw(st.lists(plan, min_size=min_steps, max_size=3 * max_steps))
    builder = Builder(inputs, constants, edges, max_depth, limit)
    builder.follow(plans, max_steps)
    return builder


class Builder:
    """The steps of an expression so far, and what they came to at its inputs.

    Arguments: `inputs`, `constants`, numbers; `edges`, `max_depth`, `limit`, see
    `expressions`. A campaign can follow plans of its own.

    >>> builder = Builder([2.0], [])
    >>> builder.follow([(lookup("tanh"), 0), (lookup("square"), 0)])
    >>> print(builder.graph([1]))
    x0 = Value(2.0, label='x0')
    a = autograd.tanh(x0)
    b = autograd.square(a)
    outputs = [b, a]
    """

    def __init__(
        self,
        inputs: list[float],
        constants: list[float],
        edges: str = "avoid",
        max_depth: int | None = None,
        limit: float = 1e4,
    ) -> None:
        self.inputs, self.constants = inputs, constants
        self.results = [*inputs, *constants]
        self.moves = [True] * len(inputs) + [False] * len(constants)
        self.depths = [0] * len(self.results)
        self.edges, self.max_depth, self.limit = edges, max_depth, limit
        self.steps: list[Step] = []

    @property
    def last(self) -> int:
        """The number of the latest result."""
        return len(self.results) - 1

    def follow(self, plans: Iterable[tuple[Primitive, int]], max_steps: int = 12) -> None:
        """Add what fits of a list of rows, each with a number that picks its arguments."""
        for row, pick in plans:
            if len(self.steps) < max_steps:
                self.add(row, pick)
        if not self.steps:
            self.apply(lookup("add"), (0, 0))

    def graph(self, outputs: Sequence[int]) -> RandomGraph:
        """The graph whose outputs are the last result and some more, counted back from it."""
        moving = [i for i in range(self.last, -1, -1) if self.moves[i]]
        roots = list(dict.fromkeys([self.last, *[moving[k % len(moving)] for k in outputs]]))
        inputs, constants, steps = _pruned(self, roots)
        place = {old: new for new, old in enumerate(_kept(self, roots))}
        names = tuple([f"x{i}" for i in range(len(inputs))])
        return RandomGraph(inputs, constants, steps, names, tuple([place[i] for i in roots]))

    def add(self, row: Primitive, pick: int) -> None:
        """Apply the row to earlier results, if some fit; `pick` says which."""
        operands = self._operands(row, pick)
        if operands is None or not any(self.moves[i] for i in operands):
            return
        xs = [self.results[i] for i in operands]
        y = row.value(*xs)
        if not math.isfinite(y) or abs(y) > self.limit:
            return
        if self.edges == "avoid" and _tied(row, xs):
            return
        self.apply(row, operands)

    def apply(self, row: Primitive, operands: tuple[int, ...]) -> None:
        """Apply the row to these results."""
        y = row.value(*[self.results[i] for i in operands])
        self.steps.append(Step(row.name, operands))
        self.results.append(y)
        self.moves.append(True)
        self.depths.append(1 + max([self.depths[i] for i in operands]))

    def _operands(self, row: Primitive, pick: int) -> tuple[int, ...] | None:
        """Earlier results for the row's arguments; None if some argument has none."""
        count = row.arity
        if count is None:
            pick, count = divmod(pick, 4)
            count += 2 if row.name == "dot" else 1
        operands = []
        for argument in range(count):
            fitting = self._fitting(row, argument)
            if not fitting:
                return None
            # the latest result is as likely as all others, or most steps would be left unused
            pick, choice = divmod(pick, 2 * len(fitting))
            operands.append(fitting[max(0, choice - len(fitting))])
        return tuple(operands)

    def _fitting(self, row: Primitive, argument: int) -> list[int]:
        """The earlier results that an argument may be, the latest first."""
        domain = _domain(row, argument)
        return [
            i
            for i, x in reversed(list(enumerate(self.results)))
            if x in domain
            and (self.edges != "avoid" or _away(x, domain))
            and (self.max_depth is None or self.depths[i] < self.max_depth)
        ]


_COMPARING = frozenset(
    ["less", "less_equal", "greater", "greater_equal", "equal", "not_equal", "maximum",
     "minimum", "fmax", "fmin", "max", "min", "clip", "std", "floor_divide", "remainder"]
)  # fmt: skip


def _tied(row: Primitive, xs: Sequence[float]) -> bool:
    """Whether a kink or a jump lies where arguments meet: rows that compare them."""
    if row.name == "std" and len(xs) == 1:
        return True
    if row.name in ("floor_divide", "remainder"):
        ratio = xs[0] / xs[1]
        return abs(ratio - round(ratio)) < _MARGIN
    if row.name in ("hypot", "norm", "atan2"):
        return max(map(abs, xs)) < _MARGIN
    if row.name in ("logical_and", "logical_or", "where"):
        return any(abs(x) < _MARGIN for x in xs[: 1 if row.name == "where" else 2])
    if row.name not in _COMPARING:
        return False
    return any(b - a < _MARGIN * max(1.0, abs(a)) for a, b in itertools.pairwise(sorted(xs)))


def _kept(builder: Builder, roots: Sequence[int]) -> list[int]:
    """The numbers of the results that the roots use; the first input is always kept."""
    first = len(builder.inputs) + len(builder.constants)
    used = {0, *roots}
    for k in range(builder.last, first - 1, -1):
        if k in used:
            used.update(builder.steps[k - first].operands)
    return sorted(used)


def _pruned(
    builder: Builder, roots: Sequence[int]
) -> tuple[tuple[float, ...], tuple[float, ...], tuple[Step, ...]]:
    """The inputs, constants and steps that the roots use, numbered anew."""
    given, first = len(builder.inputs), len(builder.inputs) + len(builder.constants)
    place = {old: new for new, old in enumerate(_kept(builder, roots))}
    steps = [
        Step(step.row, tuple([place[i] for i in step.operands]))
        for k, step in enumerate(builder.steps, first)
        if k in place
    ]
    return (
        tuple([x for i, x in enumerate(builder.inputs) if i in place]),
        tuple([c for i, c in enumerate(builder.constants, given) if i in place]),
        tuple(steps),
    )
