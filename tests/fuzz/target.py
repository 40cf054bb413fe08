"""What a fuzz target is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

SEPARATOR = b"\xff"
"""Between the texts of one input: a byte that no UTF-8 has."""


@dataclass(frozen=True)
class Target:
    """One thing that takes any bytes.

    - `run`: takes an input; whatever it raises is a failure. It catches the
      exceptions that the code under test documents, and no others.
    - `documented`: what these are.
    - `seeds`: inputs to start from.
    - `words`: what the fuzzer may put into an input as a whole.
    - `longest`: bytes of an input.
    - `around`: a block that `run` is used in.
    """

    run: Callable[[bytes], None]
    documented: str
    seeds: Sequence[bytes]
    words: Sequence[str] = ()
    longest: int = 256
    around: Callable[[], AbstractContextManager[object]] = nullcontext


def texts(data: bytes, count: int) -> list[str]:
    """The first `count` texts in an input, "" for those that are not there.

    Bytes that are no UTF-8 become lone surrogates, so these are tried too.
    """
    parts = [part.decode("utf-8", "surrogateescape") for part in data.split(SEPARATOR, count)]
    return (parts + [""] * count)[:count]


def joined(*parts: str) -> bytes:
    """The input that `texts` takes apart into these."""
    return SEPARATOR.join([part.encode("utf-8", "surrogateescape") for part in parts])
