"""Forward mode: dual numbers carry a tangent beside the primal.

A dual belongs to one differentiation, told by its tag. Where two meet, the
later one (the higher tag) is outside and takes the other as a plain number,
so nested derivatives are never confused (Siskind and Pearlmutter, "Perturbation
Confusion and Referential Transparency", 2005).
"""

from __future__ import annotations

import itertools
from operator import index
from typing import Any

from autograd import modes, primitives
from autograd.row import Primitive, number, primal, table

new_tag = itertools.count(1).__next__


def _binary(primitive: Primitive) -> tuple[Any, Any]:
    def operator(self: Any, other: Any) -> Any:
        return NotImplemented if getattr(other, "ndim", 0) else primitive(self, other)

    def reflected(self: Any, other: Any) -> Any:
        return primitive(other, self)

    return operator, reflected


class Operators:
    """Python's operators, each calling its row: for types that only pass through."""

    __slots__ = ()

    __add__, __radd__ = _binary(primitives.add)
    __sub__, __rsub__ = _binary(primitives.subtract)
    __mul__, __rmul__ = _binary(primitives.multiply)
    __truediv__, __rtruediv__ = _binary(primitives.divide)
    __floordiv__, __rfloordiv__ = _binary(primitives.floor_divide)
    __mod__, __rmod__ = _binary(primitives.remainder)
    __pow__, __rpow__ = _binary(primitives.pow)

    def __divmod__(self, other: Any) -> Any:
        return self // other, self % other

    def __rdivmod__(self, other: Any) -> Any:
        return other // self, other % self

    def __neg__(self) -> Any:
        return primitives.negative(self)

    def __pos__(self) -> Any:
        return primitives.positive(self)

    def __abs__(self) -> Any:
        return primitives.abs(self)

    def __round__(self, digits: int | None = None) -> Any:
        if digits is None:
            return primitives.round(self)
        return primitives.round_to(self, index(digits))

    def __floor__(self) -> Any:
        return primitives.floor(self)

    def __ceil__(self) -> Any:
        return primitives.ceil(self)

    def __trunc__(self) -> Any:
        return primitives.trunc(self)

    def __getattr__(self, name: str) -> Any:
        # x.exp(), x.maximum(z) as on a Value
        primitive = table().get(_METHODS.get(name, name))
        if primitive is None or name.startswith("_"):
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        return lambda *others: primitive(self, *others)


# Value's methods whose names are not their rows'
_METHODS = {
    "arcsin": "asin", "arccos": "acos", "arctan": "atan", "arctan2": "atan2",
    "arcsinh": "asinh", "arccosh": "acosh", "arctanh": "atanh", "fabs": "abs", "rint": "round",
}  # fmt: skip


class Perturbed(Operators):
    """A number with more about it, by one differentiation: compared by its primal."""

    __slots__ = ("primal", "tag")
    _rank = 20
    primal: Any
    tag: int

    def __eq__(self, other: object) -> bool:
        return primal(self) == _comparable(other)  # type: ignore[no-any-return]  # arrays: an array

    def __ne__(self, other: object) -> bool:
        return primal(self) != _comparable(other)  # type: ignore[no-any-return]  # arrays: an array

    __hash__ = object.__hash__

    def __lt__(self, other: Any) -> bool:
        return primal(self) < _comparable(other)  # type: ignore[no-any-return]  # as above

    def __le__(self, other: Any) -> bool:
        return primal(self) <= _comparable(other)  # type: ignore[no-any-return]  # as above

    def __gt__(self, other: Any) -> bool:
        return primal(self) > _comparable(other)  # type: ignore[no-any-return]  # as above

    def __ge__(self, other: Any) -> bool:
        return primal(self) >= _comparable(other)  # type: ignore[no-any-return]  # as above

    def __bool__(self) -> bool:
        return primal(self) != 0.0

    def _leaves(self, *_: Any) -> Any:
        raise TypeError(
            f"{self!r} can't become a plain number inside a derivative: use autograd's function"
            " (autograd.exp(x) for math.exp(x))"
        )

    __float__ = __int__ = __complex__ = __index__ = _leaves

    def __format__(self, spec: str) -> str:
        return format(primal(self), spec) if spec else repr(self)

    @property
    def data(self) -> float:
        """The plain number, under Value's name for leaving the graph."""
        return primal(self)

    def item(self) -> float:
        """The plain number, as `Value.item`."""
        return primal(self)

    def detach(self) -> float:
        """The plain number: a constant for every differentiation under way."""
        return primal(self)

    def conjugate(self) -> Any:
        """itself, as `Value.conjugate`."""
        return self

    @staticmethod
    def _apply(primitive: Primitive, args: tuple[Any, ...]) -> Any:
        """Hand over to the type of the highest tag among the arguments."""
        outer = max((x for x in args if isinstance(x, Perturbed)), key=lambda x: x.tag)
        args = tuple(
            [
                x if hasattr(type(x), "_rank") else number(x, primitive, i)
                for i, x in enumerate(args)
            ]
        )
        if modes.current.get() is None:
            return outer._through(primitive, args, outer.tag)
        if not modes.is_recording():
            return primitive(*[primal(x) for x in args])
        with modes.lenient():
            y = outer._through(primitive, args, outer.tag)
        if modes.is_strict():
            modes.refuse_nonfinite(primitive, args, y)
            modes.refuse_tangents(primitive, args, _numbers(y), _numbers(*args))
        return y

    @staticmethod
    def _through(primitive: Primitive, args: tuple[Any, ...], tag: int) -> Any:
        raise NotImplementedError

    def _parts(self) -> list[Any]:
        """The primal and what is beside it."""
        raise NotImplementedError

    def _with_parts(self, parts: list[Any]) -> Any:
        """Others in their place, in the same differentiation."""
        raise NotImplementedError


def _numbers(*xs: Any) -> list[float]:
    """Every plain number inside the xs: primals, tangents, coefficients."""
    found: list[float] = []
    rest = list(xs)
    while rest:
        x = rest.pop()
        if isinstance(x, Perturbed):
            rest.extend(x._parts())
        else:
            found.append(primal(x))
    return found


def _comparable(x: Any) -> Any:
    """What Python compares: a plain number where x has one inside."""
    if hasattr(type(x), "_rank"):
        return primal(x)
    return x.item() if getattr(x, "ndim", None) == 0 and hasattr(x, "item") else x


class Dual(Perturbed):
    """primal + tangent·ε with ε² = 0, for the ε of one differentiation.

    Arguments: `primal` and `tangent`, numbers (floats, Values, duals of lower
    tag); `tag`, which ε.

    >>> from autograd import sin
    >>> sin(Dual(0.0, 2.0, tag=1))
    Dual(primal=0.0, tangent=2.0, tag=1)
    """

    __slots__ = ("tangent",)

    def __init__(self, primal: Any, tangent: Any, tag: int) -> None:
        self.primal = primal
        self.tangent = tangent
        self.tag = tag

    def __repr__(self) -> str:
        return f"Dual(primal={self.primal!r}, tangent={self.tangent!r}, tag={self.tag})"

    def _parts(self) -> list[Any]:
        return [self.primal, self.tangent]

    def _with_parts(self, parts: list[Any]) -> Any:
        primal, tangent = parts
        return Dual(primal, tangent, self.tag)

    @staticmethod
    def _through(primitive: Primitive, args: tuple[Any, ...], tag: int) -> Any:
        moving = [i for i, x in enumerate(args) if type(x) is Dual and x.tag == tag]
        xs = [x.primal if type(x) is Dual and x.tag == tag else x for x in args]
        y = primitive(*xs)
        tangent: Any = None
        for i, partial in primitive.local(xs, y, moving):
            share = partial * args[i].tangent
            tangent = share if tangent is None else tangent + share
        # Nothing moves y: it is a plain number for this differentiation.
        return y if tangent is None else Dual(y, tangent, tag)
