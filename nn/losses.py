"""Losses: how far predictions are from targets, as one number to make smaller.

Every loss takes the predictions and the targets of a batch, two lists of one
length, and gives the mean over the batch. Each is right in value and gradient
however large the predictions are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from autograd import functions, primitives
from autograd.row import number

__all__ = [
    "binary_cross_entropy",
    "cross_entropy",
    "hinge",
    "huber",
    "l1",
    "l2",
    "mean_absolute_error",
    "mean_squared_error",
]


def mean_squared_error(predictions: Sequence[Any], targets: Sequence[Any]) -> Any:
    """The mean of (prediction - target)².

    Arguments: two lists of n numbers, or of n lists of k numbers.
    Raises ValueError if the lengths differ or there are none.

    >>> mean_squared_error([1.0, 2.0], [1.0, 4.0])
    2.0
    """
    pairs = _numbers("mean_squared_error", predictions, targets)
    return functions.mean([primitives.square(p - t) for p, t in pairs])


def mean_absolute_error(predictions: Sequence[Any], targets: Sequence[Any]) -> Any:
    """The mean of |prediction - target|; arguments and errors as mean_squared_error's.

    >>> mean_absolute_error([1.0, 2.0], [1.0, 4.0])
    1.0
    """
    pairs = _numbers("mean_absolute_error", predictions, targets)
    return functions.mean([abs(p - t) for p, t in pairs])


def huber(predictions: Sequence[Any], targets: Sequence[Any], delta: float = 1.0) -> Any:
    """The mean of e²/2 where |e| <= delta, and delta·(|e| - delta/2) beyond.

    Arguments: as mean_squared_error's; `delta`, above 0.
    Source: Huber, "Robust estimation of a location parameter", 1964.

    >>> huber([0.0, 0.0], [0.5, 3.0])
    1.3125
    """
    delta = number(delta, "huber's delta")
    if not delta > 0.0:
        raise ValueError(f"huber's delta is {delta!r}: it must be above 0")
    pairs = _numbers("huber", predictions, targets)
    return functions.mean([_huber(p - t, delta) for p, t in pairs])


def _huber(error: Any, delta: float) -> Any:
    # c = e clipped to ±delta: c·(e - c/2) is both branches, and its derivative is c.
    c = primitives.clip(error, -delta, delta)
    return c * (error - 0.5 * c)


def hinge(scores: Sequence[Any], targets: Sequence[float]) -> Any:
    """The mean of max(0, 1 - target·score): the "max-margin" loss of micrograd's demo.

    Arguments: n scores; n targets, each -1 or 1.
    Raises ValueError if the lengths differ, there are none, or a target is another number.

    >>> hinge([2.0, 0.5], [1, -1])
    0.75
    """
    pairs = _numbers("hinge", scores, targets)
    for i, (_, t) in enumerate(pairs):
        if t != 1.0 and t != -1.0:
            raise ValueError(f"hinge got the target {t!r} at position {i}: targets are -1 or 1")
    return functions.mean([primitives.relu(1.0 + -t * score) for score, t in pairs])


def binary_cross_entropy(logits: Sequence[Any], targets: Sequence[float]) -> Any:
    """The mean of -t ln σ(z) - (1 - t) ln σ(-z): two classes, from the logit z of class 1.

    Arguments: n logits; n targets from 0 to 1.
    Raises ValueError if the lengths differ, there are none, or a target is outside.

    >>> binary_cross_entropy([0.0, 1000.0], [1, 1])
    0.34657359027997264
    """
    pairs = _numbers("binary_cross_entropy", logits, targets)
    return functions.mean([_binary(z, t, i) for i, (z, t) in enumerate(pairs)])


def _binary(z: Any, t: float, i: int) -> Any:
    # -ln σ(z) is softplus(-z): nothing is subtracted, so nothing cancels.
    if t == 0.0:
        return primitives.softplus(z)
    if t == 1.0:
        return primitives.softplus(-z)
    if not 0.0 < t < 1.0:
        raise ValueError(
            f"binary_cross_entropy got the target {t!r} at position {i}: targets are from 0 to 1"
        )
    return t * primitives.softplus(-z) + (1.0 - t) * primitives.softplus(z)


def cross_entropy(logits: Sequence[Sequence[Any]], labels: Sequence[int]) -> Any:
    """The mean of -ln softmax(z)[label]: k classes, from k logits each.

    Arguments: n lists of k logits; n labels, ints from 0 to k - 1.
    Raises ValueError if the lengths differ, there are none, or a label is outside.

    >>> cross_entropy([[0.0, 0.0], [0.0, 1000.0]], [0, 1])
    0.34657359027997264
    """
    rows = _batch("cross_entropy", logits, labels)
    return functions.mean([_surprise(row, label, i) for i, (row, label) in enumerate(rows)])


def _surprise(logits: Any, label: Any, i: int) -> Any:
    """-ln softmax(logits)[label], from one log_softmax node."""
    if not hasattr(logits, "__len__"):
        raise TypeError(
            f"cross_entropy takes a list of logits for each example, got {logits!r:.80} at position"
            f" {i}: give the network one output a class, or use binary_cross_entropy"
        )
    k = len(logits)
    if isinstance(label, bool) or label not in range(k):
        raise ValueError(
            f"cross_entropy got the label {label!r} at position {i}: labels are whole numbers from"
            f" 0 to {k - 1}, one for each of the {k} logits"
        )
    j = int(label)
    return -primitives.log_softmax(logits[j], *logits[:j], *logits[j + 1 :])


def l1(parameters: Iterable[Any], strength: float) -> Any:
    """strength · (|p1| + |p2| + ...): a penalty that pulls parameters to 0.

    >>> l1([3.0, -4.0], 0.5)
    3.5
    """
    return functions.sum([abs(p) for p in parameters]) * number(strength, "l1's strength")


def l2(parameters: Iterable[Any], strength: float) -> Any:
    """strength · (p1² + p2² + ...): a penalty on large parameters, as in micrograd's demo.

    >>> l2([3.0, -4.0], 0.5)
    12.5
    """
    ps = list(parameters)
    return functions.dot(ps, ps) * number(strength, "l2's strength")


# What the losses share


def _batch(name: str, predictions: Sequence[Any], targets: Sequence[Any]) -> list[tuple[Any, Any]]:
    """The predictions with their targets, or an error that names the loss."""
    try:
        ps, ts = list(predictions), list(targets)
    except TypeError:
        raise TypeError(
            f"{name} takes two lists, got {predictions!r:.80} and {targets!r:.80}: put a single"
            " prediction and its target in lists"
        ) from None
    if len(ps) != len(ts):
        raise ValueError(
            f"{name} got {len(ps)} prediction(s) and {len(ts)} target(s): give one target for each"
        )
    if not ps:
        raise ValueError(f"{name} of an empty batch is not defined: give at least one example")
    return list(zip(ps, ts, strict=True))


def _numbers(
    name: str, predictions: Sequence[Any], targets: Sequence[Any]
) -> list[tuple[Any, Any]]:
    """The pairs of numbers; lists inside the lists are taken apart."""
    pairs = _batch(name, predictions, targets)
    flat: list[tuple[Any, Any]] = []
    for p, t in pairs:
        if hasattr(p, "__len__"):
            flat += _batch(f"{name}, for one example,", p, t)
        else:
            flat.append((p, t if hasattr(t, "_rank") else number(t, f"{name}'s target")))
    return flat
