"""Arrays through the table: NumPy's and others of the Array API, and object arrays of Values."""

from __future__ import annotations

from typing import Any

from autograd.row import FORMULA, Primitive, number

# NumPy's sinc is 3.9e-17 at 1, where it is 0.
_OURS = {"sinc"}


class Arrays:
    """How a row treats arrays: by the array library's own function, or one by one."""

    _rank = 30

    @staticmethod
    def _apply(primitive: Primitive, args: tuple[Any, ...]) -> Any:
        if any(hasattr(type(x), "_rank") or _of_objects(x) for x in args):
            return _one_by_one(primitive, args)
        space = next(_namespace(x) for x in args if hasattr(x, "ndim"))
        args = tuple([_real(x, space, primitive, i) for i, x in enumerate(args)])
        own = getattr(space, primitive.name, None)
        if own is not None and not primitive.nary and primitive.name not in _OURS:
            return _quietly(own, args)
        if primitive.c == FORMULA:
            return _quietly(primitive.value, args)
        return space.asarray(_one_by_one(primitive, args), dtype=float)


def _of_objects(x: Any) -> bool:
    return getattr(getattr(x, "dtype", None), "kind", "") == "O"


def _namespace(x: Any) -> Any:
    if hasattr(x, "__array_namespace__"):
        return x.__array_namespace__()
    import numpy

    return numpy


def _real(x: Any, space: Any, primitive: Primitive, position: int) -> Any:
    """Whole numbers as floats: the reciprocal of 2 is not 0. Truth values only as conditions."""
    if not hasattr(x, "dtype"):
        return number(x, primitive, position)
    if x.dtype.kind in "iu":
        return space.asarray(x, dtype=float)
    condition = isinstance(primitive.partials, tuple) and primitive.partials[position] is None
    if x.dtype.kind == "b" and not condition:
        raise TypeError(
            f"{primitive.name}, argument {position}, got an array of bools: write it as floats,"
            " or choose with where(condition, x, z)"
        )
    return x


def _quietly(function: Any, args: tuple[Any, ...]) -> Any:
    """IEEE 754's answer is the answer: NumPy need not warn of it."""
    import numpy

    with numpy.errstate(all="ignore"):
        return function(*args)


def _one_by_one(primitive: Primitive, args: tuple[Any, ...]) -> Any:
    import numpy

    with numpy.errstate(all="ignore"):
        return numpy.frompyfunc(primitive, len(args), 1)(*args)
