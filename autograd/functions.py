"""Functions of many numbers, taking lists; each records one node."""

from __future__ import annotations

import builtins
from collections.abc import Iterable
from typing import Any

from autograd import primitives, tree
from autograd.engine import spread
from autograd.row import Primitive, number


def _listed(name: str, xs: Any, at_least: int = 0) -> list[Any]:
    """xs as a list, or an error that says what is wrong with it."""
    try:
        xs = xs if type(xs) is list else list(xs)
    except TypeError:
        raise TypeError(
            f"{name} takes a list of numbers, got {xs!r:.80}: put the numbers in a list"
        ) from None
    if len(xs) < at_least:
        raise ValueError(f"{name} of {len(xs)} numbers is not defined: give at least {at_least}")
    return xs  # type: ignore[no-any-return]  # list() made it


def stop_gradient(x: Any) -> Any:
    """The same numbers as constants: their derivatives are 0, of any order and in any mode.

    Argument: a number of any kind, or a nested list, tuple or dict of numbers.

    >>> from autograd import grad
    >>> grad(lambda x: x * stop_gradient(x))(3.0)
    3.0
    """
    xs, build = tree.flatten(x)
    return build([_still(x) for x in xs])


def _still(x: Any) -> Any:
    return x.detach() if hasattr(type(x), "_rank") else number(x, "stop_gradient")


def sum(xs: Iterable[Any]) -> Any:
    """x1 + x2 + ... from left to right; 0.0 if there are none.

    >>> sum([1.0, 2.0, 3.5])
    6.5
    """
    return spread(primitives.sum, _listed("sum", xs))


def prod(xs: Iterable[Any]) -> Any:
    """x1 · x2 · ... from left to right; 1.0 if there are none.

    >>> prod([2.0, 3.0, 4.0])
    24.0
    """
    return spread(primitives.prod, _listed("prod", xs))


def dot(a: Iterable[Any], b: Iterable[Any], start: Any = None) -> Any:
    """start + a1·b1 + a2·b2 + ..., added from left to right.

    Arguments: two lists of the same length, Values and numbers mixed; `start`,
    the number to begin with, a neuron's bias.
    Raises ValueError if the lengths differ.

    >>> dot([1.0, 2.0], [3.0, 4.0]), dot([1.0, 2.0], [3.0, 4.0], start=0.5)
    (11.0, 11.5)
    """
    a = a if type(a) is list else _listed("dot", a)
    b = b if type(b) is list else _listed("dot", b)
    if len(a) != len(b):
        raise ValueError(f"dot takes two lists of one length, got {len(a)} and {len(b)} numbers")
    if start is None:
        return spread(primitives.dot, a, b)
    return spread(primitives.dot, a, b, (start,))


def mean(xs: Iterable[Any]) -> Any:
    """The sum over the count.

    Raises ValueError for an empty list.

    >>> mean([1.0, 2.0, 6.0])
    3.0
    """
    return spread(primitives.mean, _listed("mean", xs, 1))


def variance(xs: Iterable[Any]) -> Any:
    """The mean squared deviation from the mean (of the population: over n).

    Raises ValueError for an empty list.

    >>> variance([1.0, 3.0])
    1.0
    """
    return spread(primitives.variance, _listed("variance", xs, 1))


def std(xs: Iterable[Any]) -> Any:
    """The square root of the variance; its partials are 0 where all are equal.

    Raises ValueError for an empty list.

    >>> std([1.0, 3.0])
    1.0
    """
    return spread(primitives.std, _listed("std", xs, 1))


def norm(xs: Iterable[Any]) -> Any:
    """The Euclidean length sqrt(x1² + x2² + ...), without overflow on the way.

    >>> norm([3.0, 4.0]), norm([3e200, 4e200])
    (5.0, 4.9999999999999995e+200)
    """
    return spread(primitives.norm, _listed("norm", xs))


def _extreme(primitive: Primitive, xs: tuple[Any, ...]) -> Any:
    return primitive(*(_listed(primitive.name, xs[0], 1) if builtins.len(xs) == 1 else xs))


def max(*xs: Any) -> Any:
    """The largest, of a list or of the arguments; tied arguments share the gradient.

    Raises ValueError for an empty list.

    >>> max([1.0, 3.0, 2.0]), max(1.0, 3.0)
    (3.0, 3.0)
    """
    return _extreme(primitives.max, xs)


def min(*xs: Any) -> Any:
    """The smallest, of a list or of the arguments; tied arguments share the gradient.

    Raises ValueError for an empty list.

    >>> min([1.0, 3.0, 2.0]), min(1.0, 3.0)
    (1.0, 1.0)
    """
    return _extreme(primitives.min, xs)


def logsumexp(xs: Iterable[Any]) -> Any:
    """log(exp(x1) + exp(x2) + ...), without overflow; -inf if there are none.

    >>> logsumexp([1000.0, 1000.0])
    1000.6931471805599
    """
    return spread(primitives.logsumexp, _listed("logsumexp", xs))


def _each_first(primitive: Primitive, xs: list[Any]) -> list[Any]:
    return [primitive(x, *xs[:i], *xs[i + 1 :]) for i, x in enumerate(xs)]


def softmax(xs: Iterable[Any]) -> list[Any]:
    """exp(x_i) / (exp(x1) + exp(x2) + ...) for each i: numbers that add up to 1.

    >>> softmax([0.0, 0.0])
    [0.5, 0.5]
    """
    return _each_first(primitives.softmax, _listed("softmax", xs))


def log_softmax(xs: Iterable[Any]) -> list[Any]:
    """The logarithms of the softmax, accurate where it is near 0 or 1.

    >>> log_softmax([0.0, -50.0])
    [-1.9287498479639178e-22, -50.0]
    """
    return _each_first(primitives.log_softmax, _listed("log_softmax", xs))
