"""Nested lists, tuples, dicts and arrays of numbers: taken apart and put together again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Build = Callable[[list[Any]], Any]


def flatten(tree: Any) -> tuple[list[Any], Build]:
    """The numbers of a nested list, tuple, dict or NumPy array, in order, and how to put
    others in their place.

    >>> numbers, build = flatten({"w": [1.0, 2.0], "b": 3.0})
    >>> numbers, build([10.0, 20.0, 30.0])
    ([1.0, 2.0, 3.0], {'w': [10.0, 20.0], 'b': 30.0})
    """
    numbers: list[Any] = []
    shape = _take_apart(tree, numbers)

    def build(others: list[Any]) -> Any:
        return _put_together(shape, iter(others))

    return numbers, build


def flatten_like(example: Any, tree: Any, what: str) -> list[Any]:
    """The numbers of a tree of the same shape as the example, in the example's order.

    A list may stand for a tuple, and dicts may have their keys in another order.
    Raises ValueError, naming `what` and the place, if the shapes differ.

    >>> flatten_like({"a": 1.0, "b": [2.0]}, {"b": [20.0], "a": 10.0}, "the tangents")
    [10.0, 20.0]
    """
    found: list[Any] = []
    _match(example, tree, what, found)
    return found


def is_array(x: Any) -> bool:
    """Whether x is a NumPy array with at least one dimension."""
    return type(x).__module__ == "numpy" and getattr(x, "ndim", 0) > 0 and hasattr(x, "flat")


class _Number:
    """The place of a number in a shape."""


class _Array:
    """The place of an array in a shape."""

    def __init__(self, dimensions: tuple[int, ...]) -> None:
        self.dimensions = dimensions


_NUMBER = _Number()


def _take_apart(tree: Any, numbers: list[Any]) -> Any:
    if isinstance(tree, dict):
        return {key: _take_apart(value, numbers) for key, value in tree.items()}
    if isinstance(tree, tuple) and hasattr(tree, "_fields"):
        return type(tree)(*[_take_apart(value, numbers) for value in tree])
    if isinstance(tree, (list, tuple)):
        return _plain(tree)([_take_apart(value, numbers) for value in tree])
    if is_array(tree):
        numbers.extend(tree.ravel().tolist())
        return _Array(tree.shape)
    numbers.append(tree)
    return _NUMBER


def _put_together(shape: Any, numbers: Any) -> Any:
    if isinstance(shape, dict):
        return {key: _put_together(value, numbers) for key, value in shape.items()}
    if isinstance(shape, tuple) and hasattr(shape, "_fields"):
        return type(shape)(*[_put_together(value, numbers) for value in shape])
    if isinstance(shape, (list, tuple)):
        parts = [  # numbers are many: they are looked at first
            next(numbers) if part is _NUMBER else _put_together(part, numbers) for part in shape
        ]
        return parts if isinstance(shape, list) else tuple(parts)
    if isinstance(shape, _Array):
        return _array(shape.dimensions, numbers)
    return next(numbers)


def _plain(sequence: Any) -> type:
    return tuple if isinstance(sequence, tuple) else list


def _array(dimensions: tuple[int, ...], numbers: Any) -> Any:
    """An array of floats, or of objects; where its numbers are arrays, those add dimensions."""
    import math

    import numpy

    found = [next(numbers) for _ in range(math.prod(dimensions))]
    if found and all(is_array(x) and x.shape == found[0].shape for x in found):
        return numpy.stack(found).reshape(dimensions + found[0].shape)
    if all(type(x) is float for x in found):
        return numpy.array(found, dtype=float).reshape(dimensions)
    array = numpy.empty(len(found), dtype=object)
    array[:] = found
    return array.reshape(dimensions)


def _match(example: Any, tree: Any, what: str, found: list[Any], place: str = "") -> None:
    if isinstance(example, dict):
        if not isinstance(tree, dict) or example.keys() != tree.keys():
            raise _differs(what, place, f"a dict with the keys {list(example)!r:.200}", tree)
        for key, value in example.items():
            _match(value, tree[key], what, found, f"{place}[{key!r}]")
    elif isinstance(example, (list, tuple)) or is_array(example):
        count = len(example)
        if not (isinstance(tree, (list, tuple)) or is_array(tree)) or len(tree) != count:
            raise _differs(what, place, f"{count} element(s)", tree)
        for i in range(count):
            _match(example[i], tree[i], what, found, f"{place}[{i}]")
    elif isinstance(tree, (dict, list, tuple)) or is_array(tree):
        raise _differs(what, place, "one number", tree)
    else:
        found.append(tree)


def _differs(what: str, place: str, wanted: str, got: Any) -> ValueError:
    at = f" at {place}" if place else ""
    return ValueError(
        f"{what} must have{at} {wanted}, as the numbers they go with; got {got!r:.80}"
    )
