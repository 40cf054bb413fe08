"""What recording does in a block of code: whether it records, what it notes, when it stops.

A mode belongs to the current thread (or asyncio task): no block changes what
another thread records.
"""

from __future__ import annotations

import math
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Any

from autograd.row import Primitive, primal


@dataclass(frozen=True, slots=True)
class Place:
    """Where a node was made: the scope's names, outermost first, and the line of code."""

    scope: tuple[str, ...] = ()
    filename: str | None = None
    line: int | None = None

    def __str__(self) -> str:
        parts = ["/".join(self.scope)] if self.scope else []
        parts += [spot(self.filename, self.line)] if self.filename else []
        return " ".join(parts)


@dataclass(frozen=True, slots=True)
class Mode:
    """The settings in force; `None` instead of a Mode stands for these defaults."""

    record: bool = True
    strict: bool = False
    lines: bool = False
    place: Place | None = None

    def __post_init__(self) -> None:
        used[0] = 1


used = bytearray(1)
"""1 once there was a Mode: until then the compiled core need not ask which is in force."""


current: ContextVar[Mode | None] = ContextVar("autograd mode", default=None)


@contextmanager
def _changed(**settings: Any) -> Iterator[None]:
    token = current.set(replace(current.get() or Mode(), **settings))
    try:
        yield
    finally:
        current.reset(token)


def recording() -> AbstractContextManager[None]:
    """A block that records whatever is around it: the transforms' own."""
    return nullcontext() if is_recording() else _changed(record=True)


def is_recording() -> bool:
    """Whether operations are recorded here."""
    mode = current.get()
    return mode is None or mode.record


def is_strict() -> bool:
    """Whether the first NaN or infinity stops the program here."""
    mode = current.get()
    return mode is not None and mode.strict


def lenient() -> AbstractContextManager[None]:
    """A block without `strict`: inside formulas a branch that is not taken may be NaN."""
    return _changed(strict=False) if is_strict() else nullcontext()


def no_grad() -> AbstractContextManager[None]:
    """A block whose results are constants: nothing is recorded.

    >>> from autograd import Value, no_grad
    >>> x = Value(2.0)
    >>> with no_grad():
    ...     y = x * x
    >>> y.data, y.parents
    (4.0, ())
    """
    return _changed(record=False)


def strict() -> AbstractContextManager[None]:
    """A block that stops at the first NaN or infinity that was not in the inputs.

    It looks at values, at tangents and at what a backward pass sends, and keeps
    `lines()` so as to name the line of the program. It stops as well where a
    derivative is a convention, as atan2's at (0, 0).

    Raises FloatingPointError naming the primitive, its arguments and the line
    of the program.

    >>> from autograd import Value, log, strict
    >>> with strict():
    ...     log(Value(0.0, label="x"))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    FloatingPointError: log(x = 0.0) is -inf (made at ...): ...
    """
    return _changed(strict=True, lines=True)


def lines() -> AbstractContextManager[None]:
    """A block whose nodes know the file and line that made them, in `.place`.

    >>> from autograd import Value, lines
    >>> with lines():
    ...     y = Value(2.0) * 3.0
    >>> y.place.line
    2
    """
    return _changed(lines=True)


@contextmanager
def scope(name: str) -> Iterator[None]:
    """A block whose nodes carry `name`, below the names of the blocks around it.

    Raises TypeError if the name is not a string.

    >>> from autograd import Value, scope
    >>> with scope("layer 1"), scope("neuron 2"):
    ...     y = Value(2.0) * 3.0
    >>> y.scope
    ('layer 1', 'neuron 2')
    """
    if not isinstance(name, str):
        raise TypeError(f"a scope's name is a string, got {name!r:.80}: write scope(str(...))")
    mode = current.get()
    place = mode.place if mode is not None else None
    with _changed(place=Place((*(place.scope if place else ()), name))):
        yield


_HERE = os.path.dirname(os.path.abspath(__file__)) + os.sep
_NN = os.path.join(os.path.dirname(os.path.dirname(_HERE)), "nn") + os.sep


def caller() -> tuple[str, int]:
    """The file and line of the innermost frame that is not this library's."""
    frame = sys._getframe(1)
    while frame.f_back is not None and frame.f_code.co_filename.startswith((_HERE, _NN)):
        frame = frame.f_back
    return frame.f_code.co_filename, frame.f_lineno


def spot(filename: str, line: int | None) -> str:
    """A line of a program as a person finds it: file:line, or the cell of a notebook.

    >>> spot("train.py", 12)
    'train.py:12'
    """
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    known = getattr(getattr(shell, "compile", None), "format_code_name", None)
    found = known(filename) if known is not None else None
    if found is None:
        return f"{filename}:{line}"
    return f"cell {found[1].removeprefix('In[').removesuffix(']')}, line {line}"


def place_for(mode: Mode) -> Place | None:
    """The place a node made now gets."""
    if not mode.lines:
        return mode.place
    return Place(mode.place.scope if mode.place else (), *caller())


def refuse_nonfinite(primitive: Primitive, xs: Sequence[Any], y: Any, place: Any = None) -> None:
    """Raise if y = primitive(*xs) is not finite and that is new: what `strict` promises.

    Arguments: `xs` and `y`, whatever passes through; `place`, where the node was
    made, if not here.
    """
    numbers = [primal(x) for x in xs]
    if is_new(primal(y), numbers):
        raise _stopped(primitive, xs, f"is {primal(y)!r}", place)
    if tuple(numbers) in primitive.chosen:
        raise _stopped(primitive, xs, "has no derivative", place)


def refuse_derivative(node: Any, i: int, derivative: Any, come_from: Sequence[Any]) -> None:
    """The same for what a node sends to its parent number i in a backward pass."""
    numbers = [parent.data for parent in node.parents] + [primal(x) for x in come_from]
    if is_new(primal(derivative), numbers):
        what = f"sends the derivative {primal(derivative)!r} back to argument {i}"
        raise _stopped(node.primitive, node.parents, what, node.place)


def refuse_tangents(
    primitive: Primitive, xs: Sequence[Any], made: Sequence[float], known: Sequence[float]
) -> None:
    """The same for the tangents in forward mode: `made` from the numbers `known`."""
    for derivative in made:
        if is_new(derivative, known):
            raise _stopped(primitive, xs, f"has the derivative {derivative!r}", None)


def is_new(y: float, xs: Sequence[float]) -> bool:
    """Whether y is a NaN that no x is, or infinite though every x is finite.

    >>> is_new(math.inf, [0.0]), is_new(math.inf, [math.inf]), is_new(math.nan, [math.inf])
    (True, False, True)
    """
    if y != y:
        return not any(x != x for x in xs)
    return math.isinf(y) and all(math.isfinite(x) for x in xs)


def _stopped(
    primitive: Primitive, xs: Sequence[Any], what: str, place: Place | None
) -> FloatingPointError:
    names = [getattr(x, "label", "") for x in xs[:8]]
    parts = [
        f"{name} = {primal(x)!r}" if name else repr(primal(x))
        for name, x in zip(names, xs, strict=False)
    ]
    arguments = ", ".join([*parts, "..."] if len(xs) > 8 else parts)
    filename, line = caller() if place is None else (place.filename, place.line)
    made = spot(filename, line) if filename else "a line that was not noted"
    return FloatingPointError(
        f"{primitive.name}({arguments}) {what} (made at {made}): keep the arguments inside its"
        " domain, or choose with where(...) before it"
    )
