"""The exercises of the course: `check("7.1", answer)` says whether an answer is right, or helps.

A check is a function that returns for a right answer and raises Hint for a
wrong one. To add one, write it here under @exercise("its number"), and give
tests/test_notebooks.py its solution and three wrong answers.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from autograd import Value, grad

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
    raise Hint(otherwise)


def _gradient(f: Callable[..., Any], *at: float) -> list[float]:
    """The gradient of f by all its arguments, at these numbers."""
    return list(grad(f, tuple(range(len(at))))(*at))


def _function(answer: Any, example: str) -> Callable[..., Any]:
    if not callable(answer):
        raise Hint(f"Give the function itself, such as {example}, without calling it.")
    return answer  # type: ignore[no-any-return]  # a callable of the learner's
