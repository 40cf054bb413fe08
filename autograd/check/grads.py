"""check_grads: are the derivatives of a function right?"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from autograd.check import frameworks, problems
from autograd.check.judge import Fault, Judgement, judge
from autograd.check.numeric import Estimate, derivative
from autograd.check.problems import Problem, Recorded
from autograd.check.report import (
    KINK,
    OK,
    OVERFLOW,
    STEEP,
    WRONG,
    Entry,
    GradientError,
    Report,
)
from autograd.engine import Value
from autograd.graph import topological_order
from autograd.row import number

_MODES = ("reverse", "forward")


def check_grads(
    f: Any,
    inputs: Any = None,
    *,
    grad: Any = None,
    order: int = 1,
    modes: Sequence[str] | None = None,
    exact: bool | None = None,
    rtol: float | None = None,
    atol: float | None = None,
) -> Report:
    """Check the derivatives of f against differences, and exactly, rule by rule.

    Arguments
    - `f`: a function written with autograd's operations, whose result is a number
      or nested numbers; or a Value already recorded, to be checked by its leaves;
      or, with `grad`, any function of floats or NumPy arrays; or a PyTorch or JAX
      function, if the inputs are tensors or JAX arrays.
    - `inputs`: where. A tuple holds the arguments, f(*inputs); anything else, a
      number, list or dict of numbers, is the one argument, f(inputs). Values are
      taken by their data and named by their label. For a recorded Value: its
      leaves, all that are not constants if None.
    - `grad`: a gradient written by hand, called as f is, whose result has the shape
      of the inputs; True if f returns (value, gradient), as SciPy's jac=True does.
    - `order`: 2 checks second derivatives as well, and so on.
    - `modes`: "reverse", "forward" or both; at order 2 each over each. Both if None;
      only reverse for PyTorch.
    - `exact`: judge every rule exactly with mpmath; None does where mpmath is
      installed, False leaves it to differences.
    - `rtol`, `atol`: a tolerance of your own, atol + rtol·|derivative|, in place
      of the one that follows from the estimated error and from rounding.

    Returns a Report, which prints as a table.
    Raises GradientError, an AssertionError with that report, if a derivative is
    wrong; ValueError if f has no finite value at the inputs; TypeError for
    inputs that aren't numbers; ImportError if `exact` is True without mpmath.

    At a kink every slope between those on the two sides is accepted, and the
    report says so.

    >>> from autograd import tanh
    >>> report = check_grads(lambda x, y: tanh(x) * y, (0.5, -3.0))
    >>> [entry.verdict for entry in report]
    ['ok', 'ok']
    >>> import math
    >>> bool(check_grads(math.sin, 1.0, grad=math.cos))
    True
    """
    __tracebackhide__ = True  # pytest then shows the caller's line
    _refuse_settings(order, modes, {"rtol": rtol, "atol": atol})
    problem = frameworks.foreign(f, grad, inputs) or problems.recorded(f, inputs)
    chosen = problem.default_modes if modes is None else tuple(modes)
    tolerance = None if rtol is None and atol is None else (rtol or 0.0, atol or 0.0)
    _refuse_undefined(problem)
    checker = _Checker(problem, _wants_exact(problem, exact), order, tolerance)
    for k in range(1, order + 1):
        checker.check(k, chosen)
    report = checker.report()
    if not report:
        raise GradientError(report)
    return report


def _refuse_settings(
    order: int, modes: Sequence[str] | None, tolerances: dict[str, float | None]
) -> None:
    if isinstance(modes, str):
        raise TypeError(f"modes is the string {modes!r}: give a tuple, ({modes!r},)")
    if modes is not None and (not modes or not set(modes) <= set(_MODES)):
        raise ValueError(f"modes is {modes!r}: choose from {_MODES}")
    if not isinstance(order, int) or isinstance(order, bool) or order < 1:
        raise ValueError(f"order is {order!r}: give 1 for gradients, 2 for second derivatives")
    for name, given in tolerances.items():
        if given is not None and not number(given, name) >= 0.0:
            raise ValueError(f"{name} is {given!r}: give a number from 0 on")


def _refuse_undefined(problem: Problem) -> None:
    """Refuse what no derivative can be told of: no number, NaN, or not the same one again."""
    values, again = problem.value(problem.numbers), problem.value(problem.numbers)
    if not values:
        raise ValueError(f"{problem.title} gives no number: return what is to be differentiated")
    if not _same(values, again, 64.0 * problem.epsilon):
        raise ValueError(
            f"{problem.title} gave {_first(values)} and then {_first(again)} for the same inputs:"
            " it is random or remembers its calls; fix its seed in each call, or its state"
        )
    for name, y in zip(problem.outputs, values, strict=True):
        if not math.isfinite(y):
            at = ", ".join(
                [f"{n}={x!r}" for n, x in zip(problem.names, problem.numbers, strict=True)][:8]
            )
            raise ValueError(
                f"{name or problem.title} is {y!r} at {at}: a derivative can be checked only"
                " where the function is finite"
            )


def _same(values: list[float], others: list[float], relative: float) -> bool:
    """Whether two lists of numbers agree but for rounding."""
    return len(values) == len(others) and all(
        not abs(a - b) > relative * max(abs(a), abs(b)) for a, b in zip(values, others, strict=True)
    )


def _first(values: list[float]) -> str:
    return repr(values[0]) if len(values) == 1 else repr(values[:4])


def _wants_exact(problem: Problem, exact: bool | None) -> bool:
    if not isinstance(problem, Recorded):
        if exact:
            raise ValueError(
                f"{problem.title} can't be judged exactly, only what autograd records can:"
                " leave exact out"
            )
        return False
    if exact is False:
        return False
    from autograd.check.oracles import context

    try:
        context()
    except ImportError:
        if exact:
            raise
        return False
    return True


@dataclass(slots=True)
class _Claim:
    """One derivative: what the modes say, what differences say, what is exact.

    `beside` is an operation that stands at a kink or jump, `kink` one that explains a difference.
    """

    analytic: dict[str, float]
    estimate: Estimate
    slack: float
    exact: float | None = None
    bound: float | None = None
    faithful: bool = False
    kink: Value | None = None
    beside: Value | None = None
    differentiable: bool = True


class _Checker:
    def __init__(
        self,
        problem: Problem,
        exact: bool,
        highest: int,
        tolerance: tuple[float, float] | None,
    ) -> None:
        self.problem = problem
        self.exact = exact
        self.highest = highest
        self.tolerance = tolerance
        self.entries: list[Entry] = []
        self.faults: list[Fault] = []
        self.notes: list[str] = []
        self.output: Any = None
        self.leaks: dict[tuple[str, str], list[str]] = {}  # what is said, with the inputs' names
        self.searches = 0  # for leaks
        self.kinks: list[Value | None] = []  # for each result, an operation that stands at one

    def check(self, order: int, modes: tuple[str, ...]) -> None:
        """Check every derivative of this order."""
        problem = self.problem
        analytic = problem.analytic(order, modes)
        slack = problem.slack(order, next(iter(analytic.values())))
        estimates = self._estimates(order)
        judgements = self._judgements(order) if self.exact else []
        finite = [math.isfinite(y) for y in problem.lower(order)(problem.numbers)]
        names = list(itertools.product(*[problem.names] * order))
        count = len(problem.names)
        for k, estimate in enumerate(estimates):
            claim = _Claim({mode: ds[k] for mode, ds in analytic.items()}, estimate, slack[k])
            component, j = divmod(k, count)
            claim.differentiable = finite[component]
            if judgements:
                verdict = judgements[component]
                claim.exact, claim.bound = float(verdict.gradient[j]), verdict.bound[j]
                if claim.exact != claim.exact:  # infinities met: only differences can tell
                    claim.exact = None
                claim.faithful = _suspicious(claim) and _faithful(problem, order, component, j)
            result = k // count**order
            claim.beside = self.kinks[result] if self.kinks else None
            if self.kinks and (order > 1 or claim.faithful):
                claim.kink = self.kinks[result]
            output = problem.outputs[result]
            entry = self._entry(names[k % count**order], output, problem.numbers[j], claim)
            self.entries.append(entry)
            # where a rule is wrong that says it all; a leak shows in the first few already
            wanted = not entry.passed and not self.faults and self.searches < _SEARCHES
            if wanted and isinstance(problem, Recorded):
                self.searches += 1
                self._look_for_leak(problem, j)

    def _estimates(self, order: int) -> list[Estimate]:
        """The numerical derivatives of this order, row-major."""
        problem = self.problem
        g = problem.lower(order)
        noise = problem.noise(order, g)
        columns = []
        for j, x in enumerate(problem.numbers):
            moved = _Moved(g, problem.numbers, j)
            column = [
                derivative(moved.component(i), x, noise=noise[i], epsilon=problem.epsilon)
                for i in range(len(noise))
            ]
            sharper = problem.complex_step(j) if order == 1 else None
            columns.append(_sharpened(column, sharper, problem.epsilon))
        return [column[i] for i in range(len(noise)) for column in columns]

    def _judgements(self, order: int) -> list[Judgement]:
        """The exact judge on every number that `lower(order)` computes."""
        assert isinstance(self.problem, Recorded)
        leaves, outputs = self.problem.record(order)
        if order == 1:
            self.output = outputs[0] if isinstance(outputs[0], Value) else None
            self.kinks = [None] * len(outputs)
        verdicts: list[Judgement] = []
        faults: list[tuple[Fault, Value]] = []
        for y in outputs:
            if not isinstance(y, Value):
                verdicts.append(Judgement.of_constant(len(leaves)))
                continue
            verdict = judge(y, leaves, order=min(self.highest, 2) if order == 1 else 1)
            verdicts.append(verdict)
            faults += [(fault, y) for fault in verdict.faults]
            if order == 1:
                self.kinks[len(verdicts) - 1] = next(iter(verdict.kinks), None)
            for name in verdict.by_differences:
                self._note(f"{name!r} has no oracle: its partials were judged by differences")
        faults.sort(key=lambda pair: pair[0].node._serial)  # the first of all outputs' comes first
        if faults and not self.faults:
            self.output = faults[0][1]  # the picture is of the graph that holds the first fault
        self._blame([fault for fault, _ in faults])
        return verdicts

    def _blame(self, faults: list[Fault]) -> None:
        known = {(f.node, f.position, f.order) for f in self.faults}
        self.faults += [f for f in faults if (f.node, f.position, f.order) not in known]

    def _note(self, text: str) -> None:
        if text not in self.notes:
            self.notes.append(text)

    def _look_for_leak(self, problem: Recorded, j: int) -> None:
        """Say where a number left the graph, if one did."""
        leak = _leak(problem, j)
        if leak is not None:
            self.leaks.setdefault(leak, []).append(problem.names[j])

    def _entry(self, by: tuple[str, ...], output: str, at: float, claim: _Claim) -> Entry:
        verdict, note = OK, ""
        for mode, value in claim.analytic.items():
            factor = 2.0 if "forward" not in mode else _OTHER_ORDER
            found, why = _judged(value, claim, factor, self.tolerance)
            if found == WRONG and mode not in _JUDGED and _agrees(value, claim, factor):
                found, why = OK, ""  # its roundings are not those that were judged
            if why and verdict != WRONG:
                verdict = found
                note = f"{mode} mode: {why}" if found == WRONG and len(claim.analytic) > 1 else why
        e = claim.estimate
        return Entry(
            by, output, at, claim.analytic, e.value, e.error, e.left.value,
            e.right.value, claim.exact, claim.bound, verdict, note,
        )  # fmt: skip

    def report(self) -> Report:
        if not self.exact and isinstance(self.problem, Recorded):
            self._note("judged by differences alone, without the exact judge")
        for (what, remedy), names in self.leaks.items():
            more = ", ..." if len(names) > 8 else ""
            self._note(f"{what} changes with {', '.join(names[:8])}{more} {remedy}")
        title = f"check_grads({self.problem.title})"
        return Report(
            title, tuple(self.entries), tuple(self.faults), tuple(self.notes), self.output
        )


def _sharpened(
    column: list[Estimate], sharper: list[float] | None, epsilon: float
) -> list[Estimate]:
    """The estimates with a complex step's answers, where those agree with the differences."""
    if sharper is None or len(sharper) != len(column):
        return column
    return [
        replace(e, value=d, error=16.0 * epsilon * abs(d))
        if abs(d - e.value) <= e.error and not e.kink
        else e
        for e, d in zip(column, sharper, strict=True)
    ]


class _Moved:
    """A function of a list as functions of its j-th number, each result computed once."""

    def __init__(self, g: problems.Flat, numbers: list[float], j: int) -> None:
        self.g, self.numbers, self.j = g, numbers, j
        self.known: dict[float, list[float]] = {}

    def __call__(self, x: float) -> list[float]:
        if x not in self.known:
            moved = list(self.numbers)
            moved[self.j] = x
            try:
                self.known[x] = self.g(moved)
            except Exception:  # whatever it raises, that is outside its domain
                self.known[x] = []
        return self.known[x]

    def component(self, i: int) -> Any:
        def at(x: float) -> float:
            result = self(x)
            return result[i] if i < len(result) else math.nan

        return at


def _agrees(value: float, claim: _Claim, factor: float) -> bool:
    """Whether differences, where they are good, bear a derivative out."""
    estimate = claim.estimate
    allowed = estimate.error + factor * (claim.bound or 0.0)
    return not estimate.kink and abs(value - estimate.value) <= allowed


_SEARCHES = 8
"""How many wrong derivatives a leak is looked for by: each takes two recordings."""

_JUDGED = ("reverse", "forward", "reverse over reverse", "by hand")
"""The modes whose operations are, but for their order, those of the graph that is judged."""

_OTHER_ORDER = 8.0
"""The bound of rounding is worked out for reverse mode; forward mode does other operations."""


def _judged(
    value: float, claim: _Claim, factor: float, tolerance: tuple[float, float] | None
) -> tuple[str, str]:
    """The verdict on one analytic derivative, and why."""
    estimate, exact, bound = claim.estimate, claim.exact, claim.bound
    if not claim.differentiable:
        return STEEP, "what this is the derivative of is not finite here"
    if not math.isfinite(value):
        return _judged_infinite(value, claim)
    if exact is not None and bound is not None:
        allowed = factor * bound if tolerance is None else _allowed(tolerance, exact)
        if not abs(value - exact) <= allowed:
            return WRONG, _differs(value, "exact", exact, allowed, tolerance)
    if not math.isfinite(estimate.value):
        if exact is not None:
            return OK, "differences have no value here"
        return WRONG, "differences have no value here: is the function defined around it?"
    # what is known exactly needs differences only to see that the graph is the function
    doubt = 1.0 if exact is None else 4.0
    allowed = doubt * estimate.error + claim.slack + factor * (bound or 0.0)
    if tolerance is not None:
        allowed = _allowed(tolerance, estimate.value)
    if abs(value - estimate.value) <= allowed and not estimate.kink:
        if claim.beside is not None and estimate.error > 1e-3 * max(1.0, abs(value)):
            return KINK, _at_kink(claim.beside, estimate)  # a jump: nothing else is so rough
        return OK, ""
    sides = f"{estimate.left.value:.6g} on the left, {estimate.right.value:.6g} on the right"
    if estimate.kink and estimate.brackets(value, allowed):
        return KINK, f"a kink, slopes {sides}: {value:.6g} lies between them"
    if claim.kink is not None:
        return KINK, _at_kink(claim.kink, estimate)
    if claim.faithful:
        return OK, "differences can't resolve it; the exact judge has, on a graph that is f"
    if estimate.kink:
        return WRONG, f"a kink, slopes {sides}: {value!r} does not lie between them"
    return WRONG, _differs(value, "numerical", estimate.value, allowed, tolerance)


def _at_kink(node: Value, estimate: Estimate) -> str:
    place = f" ({node.place})" if node.place is not None and str(node.place) else ""
    return (
        f"{node._op} stands at a kink or jump{place}: what follows from the slope chosen there"
        f" need not be what differences see, {estimate.value:.6g}"
    )


def _differs(value: float, kind: str, reference: float, allowed: float, tolerance: Any) -> str:
    because = "rounding and the differences' error explain" if tolerance is None else "you allow"
    return (
        f"{value!r} differs from the {kind} {reference!r} by {abs(value - reference):.2g}, more"
        f" than the {allowed:.2g} that {because}"
    )


def _judged_infinite(value: float, claim: _Claim) -> tuple[str, str]:
    growing = claim.estimate.growing
    if math.isinf(value) and growing and growing == math.copysign(1.0, value):
        return STEEP, f"{value} is right: the slope grows without bound"
    if claim.kink is not None:
        return KINK, _at_kink(claim.kink, claim.estimate)
    if claim.bound == math.inf:
        return OVERFLOW, f"{value}: the derivative overflows on the way"
    return WRONG, f"{value} where the numerical derivative is {claim.estimate.value:.10g}"


def _allowed(tolerance: tuple[float, float], reference: float) -> float:
    return tolerance[1] + tolerance[0] * abs(reference)


def _suspicious(claim: _Claim) -> bool:
    """Whether differences disagree, so that it must be asked if the graph is the function."""
    estimate = claim.estimate
    if not math.isfinite(estimate.value):
        return False
    allowed = estimate.error + claim.slack + 2.0 * (claim.bound or 0.0)
    values = claim.analytic.values()
    return estimate.kink or any(not abs(v - estimate.value) <= allowed for v in values)


def _leak(problem: Recorded, j: int) -> tuple[str, str] | None:
    """What changes with the j-th input though it was not recorded, and what to do, as text."""
    moved = list(problem.numbers)
    moved[j] += 2.0**-16 * max(abs(moved[j]), 1.0)
    leaves, outputs = problem.record()
    inputs = set(leaves)  # a list would compare Values by their numbers
    try:
        _, others = problem.record(numbers=moved)
    except Exception:  # the step led outside its domain
        return None
    for name, y, other in zip(problem.outputs, outputs, others, strict=False):
        if not isinstance(y, Value) and not isinstance(other, Value) and y != other:
            return (
                f"{name or problem.title} is the plain number {y!r}, though it",
                "(return what was computed from the inputs, not its .data nor a float)",
            )
        if not isinstance(y, Value) or not isinstance(other, Value):
            continue
        stray = _stray(topological_order(y), topological_order(other), inputs)
        if stray is not None:
            number, node = stray
            assert node.primitive is not None, "it used the number"
            return (
                f"a number left the graph: {node.primitive.name}, {node.place}, used"
                f" {number.data!r}, which",
                "but was not computed from it by recorded operations (.data, float(...) or"
                " detach() took it out)",
            )
    return None


def _stray(
    nodes: list[Value], twins: list[Value], inputs: set[Value]
) -> tuple[Value, Value] | None:
    """A leaf that differs between two recordings though it is no input, and what used it."""
    if [n.primitive for n in nodes] != [n.primitive for n in twins]:
        return None  # another branch was taken: nothing to compare
    for node, twin in zip(nodes, twins, strict=True):
        for parent, other in zip(node.parents, twin.parents, strict=True):
            if parent.primitive is None and parent not in inputs and parent.data != other.data:
                return parent, node
    return None


_SMALL_STEPS = (2.0**-16, 2.0**-24, 2.0**-32)


def _faithful(problem: Problem, order: int, component: int, j: int) -> bool:
    """Whether the recorded graph, replayed beside the inputs, is the function to the bit.

    Then the exact derivative of the graph is that of the function. A gradient's graph may
    hold numbers that only keep rounding small (the largest of a softmax's arguments): there
    the last bits may differ.
    """
    assert isinstance(problem, Recorded)
    leaves, outputs = problem.record(order)
    output = outputs[component]
    nodes = topological_order(output) if isinstance(output, Value) else []
    g = problem.lower(order)
    x = problem.numbers[j]
    for step in _SMALL_STEPS:
        for moved in (x + step * max(abs(x), 1.0), x - step * max(abs(x), 1.0)):
            numbers = list(problem.numbers)
            numbers[j] = moved
            try:
                expected = g(numbers)[component]
            except Exception:  # outside its domain
                continue
            found = output
            if nodes:
                found = problems.replay(nodes, dict(zip(leaves, numbers, strict=True)))[output]
            slack = 0.0 if order == 1 else 1e-12 * abs(expected)
            same = found == expected or abs(found - expected) <= slack
            if expected == expected and not same:
                return False
    return True
