"""What recording does in a block of code: whether it records, what it notes, when it stops.

A mode belongs to the current thread (or asyncio task): no block changes what
another thread records.
"""

from __future__ import annotations

import math
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autograd.row import Primitive


@dataclass(frozen=True, slots=True)
class Place:
    """Where a node was made: the scope's names, outermost first, and the line of code."""

    scope: tuple[str, ...] = ()
    filename: str | None = None
    line: int | None = None

    def __str__(self) -> str:
        parts = ["/".join(self.scope)] if self.scope else []
        parts += [f"{self.filename}:{self.line}"] if self.filename else []
        return " ".join(parts)


@dataclass(frozen=True, slots=True)
class Mode:
    """The settings in force; `None` instead of a Mode stands for these defaults."""

    record: bool = True
    strict: bool = False
    lines: bool = False
    place: Place | None = None


current: ContextVar[Mode | None] = ContextVar("autograd mode", default=None)


@contextmanager
def _changed(**settings: Any) -> Iterator[None]:
    token = current.set(replace(current.get() or Mode(), **settings))
    try:
        yield
    finally:
        current.reset(token)


def recording() -> Any:
    """A block that records whatever is around it: the transforms' own."""
    return _changed(record=True) if current.get() is not None else nullcontext()


def no_grad() -> Any:
    """A block whose results are constants: nothing is recorded.

    >>> from autograd import Value, no_grad
    >>> x = Value(2.0)
    >>> with no_grad():
    ...     y = x * x
    >>> y.data, y.parents
    (4.0, ())
    """
    return _changed(record=False)


def strict() -> Any:
    """A block that stops at the first NaN or infinity that was not in the inputs.

    Raises FloatingPointError naming the primitive, its arguments and the line
    of the program.

    >>> from autograd import Value, log, strict
    >>> with strict():
    ...     log(Value(0.0, label="x"))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    FloatingPointError: log(x = 0.0) is -inf (made at ...): ...
    """
    return _changed(strict=True)


def lines() -> Any:
    """A block whose nodes know the file and line that made them, in `.place`.

    >>> from autograd import Value, lines
    >>> with lines():
    ...     y = Value(2.0) * 3.0
    >>> y.place.line
    2
    """
    return _changed(lines=True)


def scope(name: str) -> Any:
    """A block whose nodes carry `name`, below the names of the blocks around it.

    >>> from autograd import Value, scope
    >>> with scope("layer 1"), scope("neuron 2"):
    ...     y = Value(2.0) * 3.0
    >>> y.scope
    ('layer 1', 'neuron 2')
    """
    mode = current.get()
    place = mode.place if mode is not None else None
    return _changed(place=Place((*(place.scope if place else ()), name)))


_HERE = os.path.dirname(os.path.abspath(__file__)) + os.sep
_NN = os.path.join(os.path.dirname(os.path.dirname(_HERE)), "nn") + os.sep


def caller() -> tuple[str, int]:
    """The file and line of the innermost frame that is not this library's."""
    frame = sys._getframe(1)
    while frame.f_back is not None and frame.f_code.co_filename.startswith((_HERE, _NN)):
        frame = frame.f_back
    return frame.f_code.co_filename, frame.f_lineno


def place_for(mode: Mode) -> Place | None:
    """The place a node made now gets."""
    if not mode.lines:
        return mode.place
    return Place(mode.place.scope if mode.place else (), *caller())


def refuse_nonfinite(primitive: Primitive, parents: tuple[Any, ...], y: float) -> None:
    """Raise if y is NaN or infinite and no parent is: what `strict` promises."""
    if math.isfinite(y) or not all(math.isfinite(parent.data) for parent in parents):
        return
    arguments = ", ".join(
        f"{parent.label} = {parent.data!r}" if parent.label else repr(parent.data)
        for parent in parents[:8]
    )
    filename, line = caller()
    raise FloatingPointError(
        f"{primitive.name}({arguments}{', ...' if len(parents) > 8 else ''}) is {y!r}"
        f" (made at {filename}:{line}): keep the arguments inside its domain, or choose"
        " with where(...) before it"
    )
