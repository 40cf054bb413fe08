"""Walking a stepper in a terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autograd.drawing.steps import Stepper

HELP = "n next   p back   f forward pass   b backward pass   q quit"

_NEXT = ("n", " ", "\r", "\n", "\x1b[C", "\x1b[B")
_BACK = ("p", "\x1b[D", "\x1b[A")
_END = ("q", "", "\x03", "\x04")


def walk(
    stepper: Stepper,
    read_key: Callable[[], str] | None = None,
    write: Callable[[str], Any] | None = None,
    start: int = 0,
) -> int:
    """The loop: tell a step, read a key, go. See `Stepper.run`."""
    write = write or _write
    read_key = read_key or read_one_key
    at = max(0, min(start, len(stepper) - 1))
    write(f"{HELP}\n")
    write(f"\n{stepper.text(at)}\n")
    while True:
        key = read_key()
        if key in _END:
            return at
        to = _target(stepper, at, key)
        if to is None:
            write(f"{HELP}\n")
        elif not 0 <= to < len(stepper):
            write("that was the last step\n" if to > at else "that is the first step\n")
        else:
            at = to
            write(f"\n{stepper.text(at)}\n")


def _target(stepper: Stepper, at: int, key: str) -> int | None:
    if key in _NEXT:
        return at + 1
    if key in _BACK:
        return at - 1
    return {"f": 0, "b": stepper.backward_at}.get(key)


def _write(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


def read_one_key() -> str:
    """One key press, without waiting for Return where the terminal allows; "" at the end.

    From a pipe or a file a character at a time, blanks and line ends left out.
    """
    if not sys.stdin.isatty():
        while (character := sys.stdin.read(1)) and character.isspace():
            pass
        return character
    try:
        import select
        import termios
        import tty
    except ImportError:  # Windows
        return _windows_key()
    descriptor = sys.stdin.fileno()
    before = termios.tcgetattr(descriptor)
    try:
        tty.setcbreak(descriptor)
        key = os.read(descriptor, 1)
        if key == b"\x1b" and select.select([descriptor], [], [], 0.05)[0]:
            key += os.read(descriptor, 2)  # an arrow is sent as three characters, Escape as one
        return key.decode("latin-1")
    finally:
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)


def _windows_key() -> str:
    import msvcrt

    key: str = msvcrt.getwch()  # type: ignore[attr-defined]  # there on Windows only
    if key in ("\x00", "\xe0"):
        code: str = msvcrt.getwch()  # type: ignore[attr-defined]  # there on Windows only
        return {"M": "n", "P": "n", "K": "p", "H": "p"}.get(code, "?")
    return key
