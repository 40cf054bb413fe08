"""The exercises of the course: `check("7.1", answer)` says whether an answer is right, or helps.

A check is a function that returns for a right answer and raises Hint for a
wrong one. To add one, write it here under @exercise("its number"), and give
tests/test_notebooks.py its solution and three wrong answers.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from autograd import Value, derivative, grad, maximum, relu, sigmoid, tanh
from nn import Module, accuracy, losses, make_circles, predict, r2

CHECKS: dict[str, Callable[[Any], None]] = {}


class Hint(Exception):  # noqa: N818  # it is help, not an error
    """What a wrong answer is told."""


def exercise(number: str) -> Callable[[Callable[[Any], None]], Callable[[Any], None]]:
    """Make a function the check of the exercise with this number."""

    def add(function: Callable[[Any], None]) -> Callable[[Any], None]:
        if number in CHECKS:
            raise ValueError(f"there are two exercises {number}")
        CHECKS[number] = function
        return function

    return add


def check(number: str, answer: Any) -> None:
    """Print whether the answer to an exercise is right, with a hint if not."""
    if answer is ...:
        print(f"{number}: put your answer in place of the dots, and run the cell again.")
        return
    hint = hint_for(number, answer)
    print(f"{number}: ✓ right." if hint is None else f"{number}: ✗ not yet. {hint}")


def hint_for(number: str, answer: Any) -> str | None:
    """The hint that an answer gets, None if it is right.

    Raises ValueError if there is no such exercise.
    """
    if number not in CHECKS:
        raise ValueError(f"there is no exercise {number!r}: choose from {', '.join(CHECKS)}")
    try:
        CHECKS[number](answer)
    except Hint as hint:
        return str(hint)
    except Exception as error:
        return f"It stopped with {type(error).__name__}: {error}"
    return None


# What the checks share


def _number(answer: Any) -> float:
    """The answer as a float."""
    if answer is ...:
        raise Hint("There are still dots in it.")
    if isinstance(answer, Value):
        answer = answer.data
    if isinstance(answer, bool) or not isinstance(answer, (int, float)):
        raise Hint(f"Give one number; this is a {type(answer).__name__}.")
    return float(answer)


def _numbers(answer: Any, count: int) -> list[float]:
    """The answer as so many floats."""
    if not isinstance(answer, (list, tuple)):
        raise Hint(f"Give {count} numbers, in brackets and with commas between them.")
    if len(answer) != count:
        raise Hint(f"Give {count} numbers; these are {len(answer)}.")
    return [_number(x) for x in answer]


def _near(a: Any, b: Any, tolerance: float = 1e-3) -> bool:
    """Whether numbers, or lists of them, agree to about three digits."""
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(_near(x, y, tolerance) for x, y in zip(a, b))
    return math.isclose(a, b, rel_tol=tolerance, abs_tol=tolerance)


def _compare(answer: Any, right: Any, mistakes: Sequence[tuple[Any, str]], otherwise: str) -> None:
    """Raise the hint of the mistake that was made, or `otherwise`, unless the answer is right."""
    if _near(answer, right):
        return
    for wrong, hint in mistakes:
        if _near(answer, wrong):
            raise Hint(hint)
    if _near(answer, right, 0.01):
        raise Hint("Nearly: it is rounded too far. Give a fraction, or four digits.")
    raise Hint(otherwise)


def _gradient(f: Callable[..., Any], *at: float) -> list[float]:
    """The gradient of f by all its arguments, at these numbers."""
    return list(grad(f, tuple(range(len(at))))(*at))


def _function(answer: Any, example: str) -> Callable[..., Any]:
    if not callable(answer):
        raise Hint(f"Give the function itself, such as {example}, without calling it.")
    return answer  # type: ignore[no-any-return]  # a callable of the learner's


# 1. What a neural network is


@exercise("1.1")
def _by_hand(answer: Any) -> None:
    def network(x: float, y: float, bend: Any = relu) -> float:
        return float(bend(x + y) - 2 * bend(x + y - 1))

    points = [(0.5, 0.25), (2.0, 1.0)]
    right = [network(*p) for p in points]
    mistakes = [
        (
            [network(*p, bend=lambda z: z) for p in points],
            "The bend is missing: h2 is never negative.",
        ),
        ([0.75, 1], "h2 counts twice, with a minus."),
        ([0.75, 3], "For 2 and 1 the second hidden neuron is awake: 2 + 1 − 1 is positive."),
    ]
    _compare(_numbers(answer, 2), right, mistakes, "First h1 and h2 of each, then h1 − 2·h2.")


@exercise("1.2")
def _absolute(answer: Any) -> None:
    w1, w2, v1, v2 = _numbers(answer, 4)

    def network(x: float) -> float:
        return float(v1 * relu(w1 * x) + v2 * relu(w2 * x))

    if _near(network(-2.0), -2.0) and _near(network(2.0), 2.0):
        raise Hint("That is x itself: what comes out for negative x must be positive.")
    if network(2.0) == 0.0 or network(-2.0) == 0.0:
        x = 2 if network(2.0) == 0.0 else -2
        if w1 * x > 0 or w2 * x > 0:
            raise Hint(f"For x = {x} a neuron is awake, but v₁ and v₂ make 0 of it.")
        raise Hint(f"For x = {x} both neurons sleep: one has to wake up on each side.")
    for x in (3.0, -3.0, 0.5, -0.5):
        if not _near(network(x), abs(x)):
            raise Hint(f"For x = {x:g} it gives {network(x):g}, not {abs(x):g}.")


@exercise("1.3")
def _count(answer: Any) -> None:
    mistakes = [
        (4 * 3 + 4 * 4 + 4, "Those are the weights. Each neuron has a bias as well."),
        (9, "Those are the neurons' biases. Now the weights."),
        (
            3 + 4 + 4 + 1,
            "Those are circles in the picture. Knobs are its lines, and one bias a neuron.",
        ),
        (44, "The three inputs are not neurons: they have no bias."),
    ]
    _compare(
        _number(answer),
        41,
        mistakes,
        "A neuron with n inputs has n + 1. Add them up, layer by layer.",
    )


# 2. One neuron and its activations


@exercise("2.1")
def _three_outputs(answer: Any) -> None:
    rows = [(1.0, 2.0), (0.0, 3.0), (-1.0, -4.0)]
    sums = [2.0 * a - b + 0.5 for a, b in rows]
    right = [relu(s) for s in sums]
    mistakes = [
        (sums, "Those are the sums. What does ReLU make of a negative one?"),
        ([relu(s - 0.5) for s in sums], "The bias is missing: add 0.5 before the bend."),
        ([relu(s - 0.5) + 0.5 for s in sums], "The bias comes before the bend, not after it."),
        ([0.5, 0, 0], "(−1, −4): 2·(−1) − 1·(−4) is positive."),
    ]
    _compare(_numbers(answer, 3), right, mistakes, "w₁x₁ + w₂x₂ + b, and then max(0, ...).")


@exercise("2.2")
def _both(answer: Any) -> None:
    w1, w2, b = _numbers(answer, 3)
    says = {(x, y): w1 * x + w2 * y + b > 0 for x in (0, 1) for y in (0, 1)}
    if not says[1, 1]:
        raise Hint("It says no to (1, 1): its sum w₁ + w₂ + b must be positive.")
    if says[0, 0]:
        raise Hint("It says yes to (0, 0): the sum there is b, so b must be negative.")
    for corner in ((0, 1), (1, 0)):
        if says[corner]:
            raise Hint(f"It says yes to {corner}: one input alone must not be enough. Lower b.")


@exercise("2.3")
def _leaky(answer: Any) -> None:
    leaky = _function(answer, "leaky")
    for z, y, slope in ((2.0, 2.0, 1.0), (-3.0, -0.3, 0.1)):
        x = Value(z)
        got = leaky(x)
        if not isinstance(got, Value):
            raise Hint(f"It gives {got!r} for a Value: use autograd.where, which records.")
        if z < 0 and _near(got.data, 0.0):
            raise Hint("That is ReLU: a negative z gives 0.1·z, not 0.")
        if z < 0 and _near(got.data, -y):
            raise Hint("A negative z stays negative: 0.1·z.")
        if not _near(got.data, y):
            raise Hint(f"For z = {z:g} it gives {got.data:g}, and should give {y:g}.")
        got.backward()
        if not _near(x.grad, slope):
            raise Hint(
                f"The number is right at z = {z:g}, its slope is not: use z itself, not z.data."
            )


# 3. Regression


@exercise("3.1")
def _line(answer: Any) -> None:
    def cost(w: Any, b: Any) -> Any:
        return losses.mean_squared_error([b, w + b], [0.0, 5.0])

    j, (dw, db) = cost(2.0, 1.0), _gradient(cost, 2.0, 1.0)
    mistakes = [
        ([2 * j, 2 * dw, 2 * db], "Mean: divide by the number of points."),
        ([j, -dw, -db], "Mind the signs: the error is what the line says minus the point."),
        ([j, db, dw], "Give the derivative by w first."),
        ([j, dw / 2, db / 2], "The square has the derivative 2e: a factor 2 is missing."),
        ([j, db, db], "For w each error is multiplied by its x."),
    ]
    _compare(
        _numbers(answer, 3), [j, dw, db], mistakes, "The errors first: 2·0 + 1 − 0 and 2·1 + 1 − 5."
    )


@exercise("3.2")
def _coefficient(answer: Any) -> None:
    mistakes = [
        (2 / 14, "That is the fraction. R² is 1 minus it."),
        (0.5, "Below the line stand squared deviations from the mean."),
        (1 - 2 / 50, "Take the mean, 3, off the truths before you square."),
        (
            2.0,
            "That is the sum of the squared errors; divide by the squared deviations, and from 1.",
        ),
    ]
    right = r2([2.0, 2.0, 3.0, 5.0], [1.0, 2.0, 3.0, 6.0])
    _compare(
        _number(answer),
        right,
        mistakes,
        "Squared errors: 1 + 0 + 0 + 1. The mean of the truths is 3.",
    )


@exercise("3.3")
def _baseline(answer: Any) -> None:
    mistakes = [
        (1.0, "1 would be perfect. What does R² compare with?"),
        (0.5, "It knows nothing about any patient. What does R² compare with?"),
        (-1.0, "It is not as bad as that: both means are nearly the same."),
    ]
    if abs(_number(answer)) < 0.05:  # "about"; it is −0.009 on these patients
        return
    _compare(_number(answer), 0.0, mistakes, "Look at the formula: what if every ŷ is the mean?")


# 4. Classification


@exercise("4.1")
def _probabilities(answer: Any) -> None:
    right = [float(sigmoid(z)) for z in (0.0, math.log(3.0), -math.log(3.0))]
    mistakes = [
        ([0.0, 0.75, 0.25], "σ(0): e⁰ is 1, and 1/(1 + 1) is not 0."),
        ([0.5, 0.25, 0.75], "In σ stands e to the power of *minus* z."),
        ([0.5, 0.75, -0.75], "A probability is never negative; σ(−z) is 1 − σ(z)."),
        ([1.0, 3.0, 1 / 3], "Those are e^z. The probability is e^z/(1 + e^z)."),
    ]
    _compare(_numbers(answer, 3), right, mistakes, "σ(z) = 1/(1 + e^(−z)).")


@exercise("4.2")
def _feature(answer: Any) -> None:
    feature = _function(answer, "feature")
    data = make_circles(100, noise=0.08, seed=0)
    numbers = [_number(feature(x, y)) for x, y in data.inputs]
    outer, inner = [[n for n, c in zip(numbers, data.targets) if c == wanted] for wanted in (0, 1)]
    if max(outer) < min(inner):
        raise Hint("It parts them, but the inner circle has the larger numbers: turn it round.")
    if min(outer) <= max(inner):
        low = [_number(feature(x, 0.0)) for x in (-1.0, 1.0)]
        if low[0] * low[1] < 0:
            raise Hint("(1, 0) and (−1, 0) are both on the outer circle: they should get the same.")
        if _near(_number(feature(1.0, 1.0)), 0.0) or _near(_number(feature(1.0, 0.0)), 0.0):
            raise Hint("On part of the outer circle it is 0. What has the whole circle in common?")
        raise Hint(
            "Some inner points get more than some outer ones. How far are they from the middle?"
        )


@exercise("4.3")
def _disease(answer: Any) -> None:
    mistakes = [
        (
            [0.93, 2 / 3, 0.6],
            "Recall asks about the ill, precision about those called ill: exchange them.",
        ),
        ([0.06, 0.6, 2 / 3], "Those who are well and were called well are right answers, too."),
        ([0.93, 0.6, 0.06], "Precision: of those *called* ill. How many were?"),
        ([0.93, 0.06, 2 / 3], "Recall: of the ill. How many are they?"),
    ]
    _compare(
        _numbers(answer, 3),
        [0.93, 0.6, 6 / 9],
        mistakes,
        "Of 100 people: 6 + 87 right, 4 and 3 wrong.",
    )


# 5. Cost functions


@exercise("5.1")
def _mean_squared_error(answer: Any) -> None:
    right = [losses.mean_squared_error([1.0, 6.0], [3.0, 5.0])]
    right += _gradient(lambda p, q: losses.mean_squared_error([p, q], [3.0, 5.0]), 1.0, 6.0)
    cost, p, q = right
    mistakes = [
        ([2 * cost, 2 * p, 2 * q], "Mean: divide by the number of examples."),
        ([2 * cost, p, q], "The cost is a mean, too: divide it by 2."),
        ([cost, 2 * p, 2 * q], "The derivative of the mean is divided by 2 as well."),
        ([cost, -p, -q], "Mind the signs: the error is what was said minus what is true."),
    ]
    _compare(
        _numbers(answer, 3), right, mistakes, "The errors are −2 and 1. Square, and take the mean."
    )


@exercise("5.2")
def _softmax_gradient(answer: Any) -> None:
    said = [0.1, 0.6, 0.3]
    right = [said[0] - 1.0, *said[1:]]
    mistakes = [
        (said, "What was said, minus what is true: take 1 off where the truth is."),
        ([-x for x in right], "Said minus true, not true minus said."),
        ([0.1, -0.4, 0.3], "The truth is class 0, and we count from 0."),
    ]
    _compare(
        _numbers(answer, 3), right, mistakes, "p − y, and y is 1 for class 0 and 0 for the others."
    )


@exercise("5.3")
def _first_loss(answer: Any) -> None:
    mistakes = [
        (math.log(10), "That is for 10 classes; here are 27."),
        (-math.log(27), "A surprise is never negative: −ln(1/27)."),
        (math.log2(27), "That is the logarithm to base 2; here it is the natural one."),
        (1 / 27, "That is the probability. The loss is its −ln."),
    ]
    _compare(
        _number(answer), math.log(27), mistakes, "Each class has the probability 1/27: −ln of it."
    )


@exercise("5.4")
def _cross_entropy(answer: Any) -> None:
    function = _function(answer, "cross_entropy")
    for scores, truth in (([0.5, -1.0, 2.0], 1), ([0.0, 0.0], 0), ([-2.85, 0.86, 0.28], 2)):
        got, right = _number(function(list(scores), truth)), losses.cross_entropy([scores], [truth])
        mistakes = [
            (math.exp(-right), "That is the probability of the truth. Its −ln is the cost."),
            (-right, "The sign is wrong: a surprise is never negative."),
            (right - max(scores), "m is taken off in the sum: take it off z_t as well."),
            (right + max(scores), "m is taken off z_t: take it off in the sum as well."),
        ]
        _compare(got, right, mistakes, f"For {scores} and class {truth} it gives {got:g}.")
    try:
        got = _number(function([1000.0, 0.0], 1))
    except (OverflowError, ValueError):
        raise Hint("[1000, 0] overflows: take the largest off before exp, not after.") from None
    if not _near(got, 1000.0):
        raise Hint(f"For [1000, 0] and class 1 the cost is 1000, and this gives {got:g}.")


# 6. Gradient descent


@exercise("6.1")
def _one_step(answer: Any) -> None:
    start, slopes = [1.0, 2.0], _gradient(lambda a, b: a**2 + 3 * b, 1.0, 2.0)
    right = [a - 0.1 * s for a, s in zip(start, slopes)]
    uphill = [a + 0.1 * s for a, s in zip(start, slopes)]
    mistakes = [
        (uphill, "That goes uphill: mind the minus."),
        (slopes, "That is the gradient. Go from (1, 2), against it, 0.1 times as far."),
        ([a - s for a, s in zip(start, slopes)], "That is a step with γ = 1. Here γ = 0.1."),
        ([right[0], start[1]], "b moves as well: what is ∂F/∂b?"),
    ]
    _compare(_numbers(answer, 2), right, mistakes, "First the gradient at (1, 2); then a − γ·∇F.")


@exercise("6.2")
def _limit(answer: Any) -> None:
    curvature = derivative(lambda a: 5 * a**2, 2)(0.0)
    mistakes = [
        (1.0, "1 is the limit for the curvature 2. What is F'' here?"),
        (curvature, "That is the curvature F''. The limit is 2/F''."),
        (
            1 / curvature,
            "That one arrives in a single step. A larger one jumps over, and still arrives.",
        ),
        (0.4, "F'' is 10: the 5 gets a factor 2 when a² is differentiated."),
    ]
    _compare(_number(answer), 2 / curvature, mistakes, "By what does one step multiply a? 1 − 10γ.")


@exercise("6.3")
def _descent(answer: Any) -> None:
    descent = _function(answer, "descent")
    slopes = grad(lambda a: (a[0] - 1) ** 2 + 2 * a[1] ** 2 + a[0] * a[1])
    start = [3.0, -1.0]
    one = [a - 0.1 * g for a, g in zip(start, slopes(start))]
    got = descent(slopes, list(start), 0.1, 1)
    if got is None:
        raise Hint("It returns nothing: end it with return a.")
    mistakes = [
        (start, "Nothing has moved: assign a in the loop."),
        ([a + 0.1 * g for a, g in zip(start, slopes(start))], "It goes uphill: mind the minus."),
        ([a - g for a, g in zip(start, slopes(start))], "Multiply the gradient by the rate."),
    ]
    _compare(_numbers(got, 2), one, mistakes, "One step from (3, −1) ends in the wrong place.")
    two = [a - 0.1 * g for a, g in zip(one, slopes(one))]
    again = [a - 0.1 * g for a, g in zip(one, slopes(start))]
    mistakes = [
        (one, "It makes one step whatever `steps` says."),
        (again, "The second step uses the gradient of the start: compute it anew in each step."),
    ]
    _compare(descent(slopes, list(start), 0.1, 2), two, mistakes, "The second step is wrong.")
    if start != [3.0, -1.0]:
        raise Hint("It changes the list it was given: work on a copy.")


# 7. The chain rule on circuits


@exercise("7.1")
def _sum_times_number(answer: Any) -> None:
    right = _gradient(lambda x, y, z: (x + y) * z, -1.0, 2.0, 3.0)
    mistakes = [
        ([1, 1, 3], "A × gate swaps: what goes back to q is z, and what goes back to z is q."),
        ([1, 1, 1], "1 is the local derivative of the +. Multiply it by what arrives at q."),
        ([3, 3, 3], "z is not used in the sum: it gets what the × sends, and that is q."),
    ]
    _compare(_numbers(answer, 3), right, mistakes, "Start at the end: what are ∂f/∂q and ∂f/∂z?")


@exercise("7.2")
def _max_and_product(answer: Any) -> None:
    right = _gradient(lambda x, y: 3 * maximum(x, y) + x * y, 1.0, 5.0)
    mistakes = [
        ([0, 3], "That is the max alone. Each input goes into the product as well: add both."),
        ([5, 1], "That is the product alone. What does the max send, and to whom?"),
        ([8, 1], "max sends its 3 to the larger input only, and that is y."),
        ([8, 4], "max sends its 3 to the larger input only: x gets nothing from it."),
        ([1, 4], "A × gate swaps: x gets y."),
    ]
    _compare(_numbers(answer, 2), right, mistakes, "Two ways lead from each input to f: add them.")


@exercise("7.3")
def _two_ways(answer: Any) -> None:
    backward = _function(answer, "by_hand")
    for x, y in ((3.0, 1.0), (-2.0, 0.5)):
        got = _numbers(backward(x, y), 2)
        right = _gradient(lambda x, y: (x + y) * (x - y), x, y)
        mistakes = [
            (
                [x - y, x - y],
                "That is what comes through s alone. x and y went into d too: add it.",
            ),
            (
                [x + y, -x - y],
                "That is what comes through d alone. x and y went into s too: add it.",
            ),
            ([right[0], 2 * x], "y goes into d with a minus: its local derivative there is -1."),
            ([2 * (x + y), 0], "f = s · d sends d to s, and s to d: they swap."),
        ]
        _compare(got, right, mistakes, f"At x = {x:g}, y = {y:g} it gives {got}, not the gradient.")


@exercise("7.4")
def _one_way_of_three(answer: Any) -> None:
    right, whole = _gradient(
        lambda n, x: (n + sigmoid(-4.0)) / (sigmoid(x) + (x - 4.0) ** 2), 3.0, 3.0
    )
    mistakes = [
        (right + whole, "That is ∂f/∂x, all three ways together. Which line adds the numerator's?"),
        (whole, "Those are the two ways through the denominator. One is left."),
        (3.0 + float(sigmoid(-4.0)), "That is the numerator. Its local derivative is 1/den."),
        (1.0, "1 is the local derivative of num by x. Multiply it by what arrives at num."),
    ]
    _compare(_number(answer), right, mistakes, "x → num → f: what arrives at num, times 1.")


# 8. Backpropagation


@exercise("8.1")
def _two_stages(answer: Any) -> None:
    right = _gradient(lambda a, b: 0.5 * (b * tanh(2.0 * a) - 1.0) ** 2, 0.0, 3.0)
    mistakes = [
        ([6, 0], "∂J/∂z is z − ẑ = 0 − 1: mind the sign."),
        ([-3, 0], "Stage 1 is tanh(Θ₁X): its local derivative by Θ₁ has a factor X."),
        ([-2, 0], "On the way back to stage 1 stands ∂z/∂Y = Θ₂."),
        ([0, -6], "Give ∂J/∂Θ₁ first."),
        ([0, 0], "tanh(0) is 0, but its derivative there is 1 − 0²."),
    ]
    _compare(_numbers(answer, 2), right, mistakes, "First Y, z and ∂J/∂z; then stage by stage.")


@dataclass(eq=False)
class _Step:
    """A node for the checks: it has parents."""

    parents: tuple[Any, ...] = ()


@exercise("8.2")
def _order(answer: Any) -> None:
    order = _function(answer, "order")
    a = _Step()
    b = _Step((a, a))
    c = _Step((b, b, a))
    nodes = [a, b, c]
    found = order(c)
    if not isinstance(found, list):
        raise Hint("It returns a list of nodes.")
    if len(found) > len(set(found)):
        raise Hint("A node is in the list twice: who has been seen must not be put there again.")
    if set(found) != set(nodes):
        raise Hint(f"Of 3 nodes it found {len(found)}: from each node go on to all its parents.")
    if found == nodes[::-1]:
        raise Hint("Children come before parents here: append a node when its parents are done.")
    if found != nodes:
        raise Hint("A parent comes after its child: append a node when its parents are done.")
    near = _Step((a, b, b))  # here `a` is a parent of the root, and far below it as well
    if order(near) != [a, b, near]:
        raise Hint(
            "For b = a + a, c = a + b + b it puts b before a: nearer to the root is not later."
        )
    for _ in range(20_000):
        c = _Step((c,))
    try:
        count = len(order(c))
    except RecursionError:
        raise Hint("On a chain of 20,000 nodes the recursion gets too deep: use a stack.") from None
    if count != 20_003:
        raise Hint("On a chain of 20,000 nodes some are missing.")


@exercise("8.3")
def _tanh(answer: Any) -> None:
    function = _function(answer, "tanh")
    for x in (0.0, 0.7):
        leaf = _Leaf(x)
        node = function(leaf)
        if not _near(node.data, math.tanh(x)):
            raise Hint(f"The number is not tanh({x:g}).")
        if not isinstance(node.parents, tuple) or not isinstance(node.partials, tuple):
            raise Hint("Parents and local derivatives are tuples; of one thing: (node,).")
        if len(node.parents) != 1 or node.parents[0] is not leaf:
            raise Hint("It has one parent, the node it was made from.")
        if len(node.partials) != 1 or not _near(node.partials[0], 1 - math.tanh(x) ** 2):
            raise Hint("The local derivative of t = tanh(x) is 1 − t².")


@dataclass(eq=False)
class _Leaf:
    """A leaf for the checks."""

    data: float


@exercise("8.4")
def _engine(answer: Any) -> None:
    if not isinstance(answer, type):
        raise Hint("Give the class itself: answer = Node.")
    a = answer(3.0)
    _gives(a + a, [a], [2.0], "a + a", "Where paths meet, add: += in place of =.")
    a = answer(3.0)
    b = a + a
    late = "A node must wait for all its children: go through a topological order."
    _gives(b + b, [a], [4.0], "b + b with b = a + a", late)
    c = b * b
    a.grad = 0.0
    c.backward()
    afresh = "In a second pass interior nodes start afresh, and leaves collect."
    _gives(c, [a], [48.0], "b * b with b = a + a, after two passes", afresh)
    deep = start = answer(1.0)
    for _ in range(20_000):
        deep = deep + 0.0
    stack = "The recursion gets too deep: walk with a stack."
    _gives(deep, [start], [1.0], "a chain of 20,000 nodes", stack)
    for seed in range(100):
        mine, leaves = _formula(answer, seed)
        value, variables = _formula(Value, seed)
        if not _near(mine.data, value.data):
            raise Hint(f"A formula of your Nodes gives {mine.data:g}, where it is {value.data:g}.")
        value.backward()
        _gives(
            mine, leaves, [v.grad for v in variables], "a random formula", "Check +, * and tanh."
        )


def _gives(root: Any, leaves: list[Any], right: list[float], what: str, hint: str) -> None:
    """Raise the hint unless root.backward() leaves these gradients."""
    try:
        root.backward()
    except RecursionError:
        raise Hint(f"{what}: RecursionError. Walk with a stack in place of calls.") from None
    got = [leaf.grad for leaf in leaves]
    if not _near(got, right):
        raise Hint(f"{what}: the gradients are {_shown(got)} and should be {_shown(right)}. {hint}")


def _shown(numbers: Sequence[float]) -> str:
    return ", ".join(f"{x:g}" for x in numbers)


def _formula(number: Callable[[float], Any], seed: int) -> tuple[Any, list[Any]]:
    """A random formula of +, * and tanh in three leaves, made of this type."""
    random = Random(seed)
    leaves = [number(random.uniform(-1, 1)) for _ in range(3)]
    nodes = list(leaves)
    for _ in range(8):
        x, y = random.choice(nodes), random.choice(nodes)
        new = {"+": x + y, "×": x * y, "2×": 2 * x, "tanh": x.tanh()}
        nodes.append(new[random.choice(list(new))])
    total = nodes[0] + nodes[1] + nodes[2]
    for node in nodes[3:]:
        total = total + node
    return total, leaves


# 9. Checking gradients


@exercise("9.1")
def _numerical(answer: Any) -> None:
    numerical = _function(answer, "numerical")

    def f(x: Sequence[float]) -> float:
        return math.sin(x[0]) * x[1] ** 3

    x = [0.7, -1.3]
    got = [_number(numerical(f, x, i, 1e-2)) for i in (0, 1)]
    if x != [0.7, -1.3]:
        raise Hint("x is not as it was: work on copies, or put it back.")
    both, right_side = [], []
    for i in (0, 1):
        up, down = [v + 1e-2 * (j == i) for j, v in enumerate(x)], list(x)
        down[i] -= 1e-2
        both.append((f(up) - f(down)) / 2e-2)
        right_side.append((f(up) - f(x)) / 1e-2)
    mistakes = [
        (right_side, "That is the quotient to one side. Look to x − h as well."),
        ([2 * b for b in both], "From x − h to x + h it is 2h, not h."),
        ([-b for b in both], "The sign: f(x + h) first."),
        ([both[0]] * 2, "It always moves element 0: move element i."),
    ]
    _compare(got, both, [(m, h) for m, h in mistakes], "That is not (f(x + h) − f(x − h))/(2h).")


@exercise("9.2")
def _worried(answer: Any) -> None:
    if not isinstance(answer, (list, tuple)) or len(answer) != 2:
        raise Hint("Give two things: the relative error, and True or False.")
    error, worried = answer
    if not 1.5e-4 <= abs(_number(error)) <= 2.5e-4:
        if 3.5e-4 <= abs(_number(error)) <= 4.5e-4:
            raise Hint("That is the absolute error: divide it by the size of the gradient.")
        raise Hint("|2.0000 − 2.0004| over the larger of the two.")
    if worried is not True:
        raise Hint("Without kinks, 1e-4 is too much: see the table.")


@exercise("9.3")
def _suspect(answer: Any) -> None:
    if not isinstance(answer, str) or answer.strip().upper() not in ("A", "B", "C"):
        raise Hint('Give one letter: "A", "B" or "C".')
    if answer.strip().upper() == "A":
        raise Hint("A is right: the product rule gives ln x + x·(1/x). Compare at x = 0.8.")
    if answer.strip().upper() == "C":
        raise Hint("C is right: its inner derivative is the 2 above. Compare at x = 0.8.")


# 10. Training well


@exercise("10.1")
def _he(answer: Any) -> None:
    mistakes = [
        (2 / 50, "That is the variance. The standard deviation is its root."),
        (math.sqrt(1 / 50), "That is for tanh. ReLU throws away half, so He's rule has a 2."),
        (math.sqrt(2 * 50), "With more inputs the weights must be smaller, not larger."),
        (2 / math.sqrt(50), "The 2 belongs under the root."),
    ]
    _compare(_number(answer), math.sqrt(2 / 50), mistakes, "√(2/n), with n = 50.")


@exercise("10.2")
def _fits(answer: Any) -> None:
    if not isinstance(answer, (list, tuple)) or len(answer) != 4:
        raise Hint('Give a list of four words, each "under", "over" or "good".')
    hints = [
        ("under", "The first: both losses are high and equal. It has not learnt much yet."),
        ("over", "The second: 0.05 where it was trained, 0.90 elsewhere."),
        ("good", "The third: both are low, and nearly equal."),
        ("over", "The fourth: nearly 0 where it was trained, and much more elsewhere."),
    ]
    for word, (right, hint) in zip(answer, hints):
        if word != right:
            raise Hint(hint)


@exercise("10.3")
def _by_heart(answer: Any) -> None:
    if not isinstance(answer, Module):
        raise Hint(
            "Give the model itself; train() gives its history, and changes the model in place."
        )
    rows, classes = [[0, 0], [1, 1], [0, 1], [1, 0], [0.5, 0.5]], [0, 0, 1, 1, 1]
    outputs = predict(answer, rows)
    if any(isinstance(output, list) for output in outputs):
        raise Hint("One output will do for two classes: nn.MLP(2, [..., 1]).")
    if max(outputs) == min(outputs):
        raise Hint("It says the same of every point. Were its weights 0 at the start?")
    if len(answer.parameters()) == 3:
        raise Hint("One neuron draws one line, and no line parts these points. Add a hidden layer.")
    share = accuracy(outputs, classes)
    if share < 1.0:
        raise Hint(f"{share:.0%} so far: train longer, or with more hidden neurons.")


# 11. From scalars to PyTorch and JAX


@exercise("11.1")
def _linear_backward(answer: Any) -> None:
    import numpy as np

    backward = _function(answer, "linear_backward")
    W, x = np.array([[1.0, -2.0, 0.5], [0.0, 3.0, 1.0]]), np.array([2.0, -1.0, 4.0])
    upstream = np.array([10.0, 1.0])
    try:
        pair = backward(W, x, upstream)
    except ValueError:  # NumPy's, about shapes
        raise Hint(
            "The shapes do not fit: for W of shape (2, 3), x has 3 numbers and upstream has 2."
        ) from None
    if not isinstance(pair, tuple) or len(pair) != 2 or any(part is ... for part in pair):
        raise Hint("It returns two arrays: dW, dx.")
    dW, dx = np.asarray(pair[0]), np.asarray(pair[1])
    if dW.shape == W.T.shape and np.allclose(dW.T, np.outer(upstream, x)):
        raise Hint("dW is turned on its side: a row for each output, a column for each input.")
    if dW.shape != W.shape:
        raise Hint(f"dW has the shape {dW.shape}, and W the shape {W.shape}: an outer product.")
    if dx.shape != x.shape:
        raise Hint(f"dx has the shape {dx.shape}, and x the shape {x.shape}: which side is W on?")
    if not np.allclose(dW, np.outer(upstream, x)):
        raise Hint("dW: W[i, j] goes into y[i] with the factor x[j].")
    if not np.allclose(dx, upstream @ W):
        raise Hint("dx: x[j] goes into every y[i] with the factor W[i, j], and paths add.")


@exercise("11.2")
def _twice(answer: Any) -> None:
    mistakes = [
        (6, "That is after the first call. Leaves collect."),
        (9, "That is y. Its derivative is 2x."),
        (18, "y is an interior node: it starts afresh, so the second call sends 6 again."),
    ]
    _compare(_number(answer), 12, mistakes, "2x for each call, and leaves collect.")


@exercise("11.3")
def _multiplications(answer: Any) -> None:
    weights = 784 * 100 + 100 * 10
    biases = weights + 110
    mistakes = [
        (
            [weights, biases],
            "The biases have gradients as well, but here only the weights are asked for.",
        ),
        ([biases, biases], "Biases are added, not multiplied: leave them out."),
        ([784 * 100 * 10] * 2, "Layers come one after the other: add their products."),
        (
            [weights, 2 * weights],
            "One gradient for each weight. (To compute them costs about twice as much.)",
        ),
        ([weights, 1], "One backward pass gives all of them."),
    ]
    _compare(
        _numbers(answer, 2), [weights, weights], mistakes, "Each weight is used once for an image."
    )
