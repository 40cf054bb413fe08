"""A row of the table: one primitive, and what it does when a type passes through it."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

NAN = math.nan

FORMULA = "formula"
"""In a row's `c`: the value is itself written with primitives, its C is made from that."""

PYTHON = "python"
"""In a row's `c`: only Python can compute the value; the compiled core calls back."""

Partial = Callable[..., Any]
Partials = tuple["Partial | None", ...] | Callable[[Sequence[Any], Any], Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Domain:
    """Where an argument may lie: an interval, and the points in it that need care.

    Arguments: `low` and `high`, the interval's ends; `open`, whether they are
    outside it; `edges`, kinks, poles, jumps and thresholds, for tests to visit.

    >>> 0.0 in Domain(0.0, math.inf), 0.0 in Domain(0.0, math.inf, open=True)
    (True, False)
    """

    low: float = -math.inf
    high: float = math.inf
    open: bool = False
    edges: tuple[float, ...] = ()

    def __contains__(self, x: float) -> bool:
        return self.low < x < self.high if self.open else self.low <= x <= self.high


REAL = Domain()


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Primitive:
    """One row: a function of numbers, its partial derivatives, its domain and its spellings.

    Call it with floats for a float, with Values for a node of the graph, with
    duals, symbols or arrays for what those make of it.

    Fields
    - `name`: the Array API's name where it has one.
    - `value`: from floats to a float; never raises on floats (IEEE 754 answers).
    - `partials`: `partials[i](*xs, y)` is dy/dx_i, None for an argument without
      one. An n-ary row has one function, `partials(xs, y)`, for all of them.
    - `domain`: a Domain for each argument (one for all of an n-ary row).
    - `c`: a C expression with `{0}`, `{1}`, or FORMULA, or PYTHON.
    - `label`: how a picture writes it: a name, or a template with `{0}`.
    - `latex`: a template; from the label if empty.
    - `selects`: picks among its arguments: one whose partial is 0 was not
      selected and receives nothing, not even 0 times infinity.
    - `nary`: takes any number of arguments.
    - `defaults`: of the last arguments.
    - `conditional`: takes Python's True and False (where's condition).
    - `chosen`: points where value or partials are a convention, not a limit:
      `strict()` stops there.
    - `plain`: the partials, if each argument has one and always gets its share
      (the rules in `local` then have nothing to add); else nothing.

    >>> import autograd
    >>> autograd.exp.name, autograd.exp(0.0)
    ('exp', 1.0)
    """

    name: str
    value: Callable[..., float]
    partials: Partials
    domain: tuple[Domain, ...] = (REAL,)
    c: str = PYTHON
    label: str = ""
    latex: str = ""
    selects: bool = False
    nary: bool = False
    defaults: tuple[float, ...] = ()
    conditional: bool = False
    chosen: tuple[tuple[float, ...], ...] = ()
    plain: tuple[Partial, ...] = field(init=False)

    def __post_init__(self) -> None:
        every = self.partials if isinstance(self.partials, tuple) and not self.selects else (None,)
        object.__setattr__(self, "plain", () if None in every else every)

    @property
    def arity(self) -> int | None:
        """The number of arguments; None if any number will do."""
        return None if self.nary else len(self.domain)

    @property
    def symbol(self) -> str:
        """What a picture writes on the node: "+", "tanh", "|·|"."""
        text = re.sub(r"\{\d\}", "·", self.label or self.name)
        return text if text.count("·") == 1 and text[0] != "·" != text[-1] else text.strip("· ")

    def __repr__(self) -> str:
        return f"<primitive {self.name}>"

    def __reduce__(self) -> str | tuple[Any, ...]:
        return (lookup, (self.name,))

    def __call__(self, *args: Any) -> Any:
        """The value on floats, or what the arguments' type makes of the row."""
        for x in args:
            if type(x) is not float and (type(x) is not bool or not self.conditional):
                return self._interpret(args)
        if not self.nary and len(args) != len(self.domain):
            return self._interpret(args)
        return self.value(*args)

    def _interpret(self, args: tuple[Any, ...]) -> Any:
        """Hand the arguments to the type among them that is to pass through the row."""
        args = self._complete(args)
        owner = interpreter(args)
        if owner is not None:
            return owner._apply(self, args)
        return self.value(*[number(x, self, i) for i, x in enumerate(args)])

    def _complete(self, args: tuple[Any, ...]) -> tuple[Any, ...]:
        if self.nary:
            return args
        missing = len(self.domain) - len(args)
        if 0 < missing <= len(self.defaults):
            args += self.defaults[len(self.defaults) - missing :]
        if len(args) != len(self.domain):
            raise TypeError(
                f"{self.name} takes {len(self.domain)} argument(s), got {len(args)}: {args!r:.200}"
            )
        return args

    def local(self, xs: Sequence[Any], y: Any, wanted: Iterable[int]) -> list[tuple[int, Any]]:
        """The partials dy/dx_i for the wanted i, as pairs (i, partial).

        This is where the rules for all rows are kept: a NaN value has NaN
        partials (R1); an argument that was not selected is left out (R5).

        >>> import autograd
        >>> autograd.multiply.local([2.0, 3.0], 6.0, [0, 1])
        [(0, 3.0), (1, 2.0)]
        >>> autograd.maximum.local([2.0, 3.0], 3.0, [0, 1])
        [(1, 1.0)]
        """
        partials = self.partials
        undefined = bool(y != y)
        if callable(partials):
            every = partials(xs, y)
            pairs = [(i, every[i]) for i in wanted]
        elif undefined and not self.selects:
            return [(i, NAN) for i in wanted if partials[i] is not None]
        else:
            pairs = [(i, p(*xs, y)) for i in wanted if (p := partials[i]) is not None]
        if self.selects:
            pairs = [(i, d) for i, d in pairs if d != 0.0]
        if undefined:
            return [(i, NAN) for i, _ in pairs]
        return pairs


def spread(primitive: Primitive, *lists: Sequence[Any]) -> Any:
    """An n-ary primitive on the numbers of some lists, one after the other.

    >>> spread(lookup("sum"), [1.0, 2.0], (3.0,))
    6.0
    """
    return primitive(*[x for xs in lists for x in xs])


def interpreter(args: Iterable[Any]) -> Any | None:
    """The type among the arguments' that passes through a row: the one of highest rank.

    A type takes part by having `_rank` and a static `_apply(primitive, args)`.
    Arrays, which we don't own, are known by their looks.
    """
    best, best_rank = None, -1
    for kind in dict.fromkeys(map(type, args)):  # each once: a dot has many arguments of few types
        found = _interpreters.get(kind) or _find_interpreter(kind)
        if found[1] > best_rank:
            best, best_rank = found
    return best


_interpreters: dict[type, tuple[Any, int]] = {}


def _find_interpreter(kind: type) -> tuple[Any, int]:
    found: tuple[Any, int]
    if hasattr(kind, "_rank"):
        found = (kind, kind._rank)
    elif hasattr(kind, "ndim") and hasattr(kind, "__len__"):
        from autograd.arrays import Arrays

        found = (Arrays, Arrays._rank)
    else:
        found = (None, -1)
    _interpreters[kind] = found
    return found


def number(x: Any, where: Any = "Value", position: int | None = None) -> float:
    """x as a float, or an error that names it, where it was met and the remedy.

    Takes floats, ints that fit, and any real scalar (NumPy's, Fraction).
    A condition (an argument without a partial) may be a bool.

    >>> number(3), number(True, where=None)
    Traceback (most recent call last):
    ...
    TypeError: None got the bool True: write 1.0 or 0.0, or choose with where(condition, x, z)
    """
    kind = type(x)
    if kind is float:
        return x  # type: ignore[no-any-return]  # the line above says what it is
    at = where if isinstance(where, str) or where is None else where.name
    if position is not None:
        at = f"{at}, argument {position},"
    if kind.__name__ in ("bool", "bool_"):
        if isinstance(where, Primitive) and where.conditional and position == 0:
            return 1.0 if x else 0.0
        raise TypeError(
            f"{at} got the bool {x!r}: write 1.0 or 0.0, or choose with where(condition, x, z)"
        )
    if isinstance(x, (float, int)) or _is_real_scalar(x):
        try:
            return float(x)
        except OverflowError:
            digits = len(str(abs(x))) if abs(x) < 10**4000 else "over 4000"
            raise OverflowError(
                f"{at} got an int of {digits} digits, too large for a float"
                " (the largest is about 1.8e308): scale it down first"
            ) from None
    if _is_array_of_one(x):
        return number(x.item(), where, position)
    raise TypeError(f"{at} takes real numbers, got {x!r:.80} of type {kind.__name__}: {_remedy(x)}")


def operand(x: Any, name: str, reflected: str) -> Any:
    """What stands beside a Value in an operator, as a float, if it is a number.

    Arguments: `name`, the primitive's; `reflected`, the other half of Python's
    operator. A type that takes part in the table, an array, or a foreign class
    that has this half gets its turn: NotImplemented.

    >>> operand(2, "add", "__radd__")
    2.0
    >>> operand("2", "add", "__radd__")
    Traceback (most recent call last):
    ...
    TypeError: add takes real numbers, got '2' of type str: convert it with float(...) first
    """
    kind = type(x)
    dimensions: int = getattr(x, "ndim", 0)
    if hasattr(kind, "_rank") or dimensions:
        return NotImplemented
    known = kind.__module__ in ("builtins", "numpy") or _is_real_scalar(x) or hasattr(x, "item")
    return NotImplemented if not known and hasattr(kind, reflected) else number(x, name)


def primal(x: Any) -> float:
    """The plain number inside x, whatever passes through.

    >>> import autograd
    >>> primal(autograd.Value(2.0)), primal(3)
    (2.0, 3.0)
    """
    while hasattr(x, "primal"):
        x = x.primal
    return float(x)


def _is_real_scalar(x: Any) -> bool:
    import numbers

    return isinstance(x, numbers.Real)


def _is_array_of_one(x: Any) -> bool:
    """NumPy's arrays without dimensions are numbers; a tensor's might be part of another graph."""
    return type(x).__module__ == "numpy" and getattr(x, "ndim", None) == 0 and hasattr(x, "item")


def _remedy(x: Any) -> str:
    if isinstance(x, (str, bytes)):
        return "convert it with float(...) first"
    if hasattr(type(x), "_rank"):
        return "it takes part in a derivative already; x.data is its plain number"
    if isinstance(x, complex):
        return "take its .real or .imag part, or its abs()"
    if isinstance(x, (list, tuple, set, dict)):
        return "apply it to each element, or use sum, dot, mean, ... for a whole list"
    if getattr(x, "ndim", 0):
        return "apply it to each element, or take lists from it with .tolist()"
    if hasattr(x, "item"):
        return "take one number out of it with .item()"
    return "pass a float"


_ROWS: dict[str, Primitive] = {}


def row(
    name: str,
    value: Callable[..., float],
    partials: Partials,
    domain: tuple[Domain, ...] = (REAL,),
    c: str = FORMULA,
    label: str = "",
    latex: str = "",
    **rest: Any,
) -> Primitive:
    """Add one row to the table, and give it."""
    if name in _ROWS:
        raise ValueError(f"there is a primitive named {name!r} already: choose another name")
    primitive = Primitive(name, value, partials, domain, c, label or name, latex, **rest)
    _ROWS[name] = primitive
    return primitive


def lookup(name: str) -> Primitive:
    """The primitive of this name.

    >>> lookup("tanh")
    <primitive tanh>
    """
    try:
        return _ROWS[name]
    except KeyError:
        raise KeyError(f"no primitive is named {name!r}: see autograd.table()") from None


def table() -> dict[str, Primitive]:
    """Every row by its name, in the order of the table."""
    return dict(_ROWS)
