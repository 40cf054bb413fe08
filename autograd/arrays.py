"""Arrays through the table: NumPy's and others of the Array API, and object arrays of Values."""

from __future__ import annotations

from typing import Any

from autograd.row import FORMULA, Primitive


class Arrays:
    """How a row treats arrays: by the array library's own function, or one by one."""

    _rank = 30

    @staticmethod
    def _apply(primitive: Primitive, args: tuple[Any, ...]) -> Any:
        if any(getattr(x, "dtype", None) == object or hasattr(type(x), "_rank") for x in args):
            return _one_by_one(primitive, args)
        space = next(_namespace(x) for x in args if getattr(x, "ndim", 0))
        own = getattr(space, primitive.name, None)
        if own is not None and not primitive.nary:
            return own(*args)
        if primitive.c == FORMULA:
            return primitive.value(*args)
        return _one_by_one(primitive, args).astype(float)


def _namespace(x: Any) -> Any:
    if hasattr(x, "__array_namespace__"):
        return x.__array_namespace__()
    import numpy

    return numpy


def _one_by_one(primitive: Primitive, args: tuple[Any, ...]) -> Any:
    import numpy

    return numpy.frompyfunc(primitive, len(args), 1)(*args)
