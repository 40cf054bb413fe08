"""Nested lists, tuples and dicts of numbers: taken apart and put together again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Build = Callable[[list[Any]], Any]


def flatten(tree: Any) -> tuple[list[Any], Build]:
    """The numbers of a nested list, tuple or dict, in order, and how to put others in place.

    >>> numbers, build = flatten({"w": [1.0, 2.0], "b": 3.0})
    >>> numbers, build([10.0, 20.0, 30.0])
    ([1.0, 2.0, 3.0], {'w': [10.0, 20.0], 'b': 30.0})
    """
    numbers: list[Any] = []
    shape = _take_apart(tree, numbers)

    def build(others: list[Any]) -> Any:
        return _put_together(shape, iter(others))

    return numbers, build


class _Number:
    """The place of a number in a shape."""


_NUMBER = _Number()


def _take_apart(tree: Any, numbers: list[Any]) -> Any:
    if isinstance(tree, dict):
        return {key: _take_apart(value, numbers) for key, value in tree.items()}
    if isinstance(tree, tuple) and hasattr(tree, "_fields"):
        return type(tree)(*[_take_apart(value, numbers) for value in tree])
    if isinstance(tree, (list, tuple)):
        return type(tree)([_take_apart(value, numbers) for value in tree])
    numbers.append(tree)
    return _NUMBER


def _put_together(shape: Any, numbers: Any) -> Any:
    if isinstance(shape, dict):
        return {key: _put_together(value, numbers) for key, value in shape.items()}
    if isinstance(shape, tuple) and hasattr(shape, "_fields"):
        return type(shape)(*[_put_together(value, numbers) for value in shape])
    if isinstance(shape, (list, tuple)):
        return type(shape)([_put_together(value, numbers) for value in shape])
    return next(numbers)
