"""How large text and boxes are, without asking a font.

Widths are those of a wide common face (DejaVu Sans), so that text fits
whatever the reader's machine has. The same sizes everywhere give the same
layout everywhere.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from autograd.drawing.boxes import Box

SIZE = 12.0
"""Text size, in pixels at 100%."""

SMALL = 11.0
"""Size of the words before numbers."""

SYMBOL = 16.0
"""Size of an operation's symbol of one or two characters."""

LINE = 16.0
PAD = 9.0
GAP = 10.0

_WIDTHS = {
    **dict.fromkeys("iljI|'!.,:;·´` ", 0.34),
    **dict.fromkeys('frt()[]{}/\\-*"', 0.42),
    **dict.fromkeys("mwMWOQGD@%∇‖", 0.92),
    **dict.fromkeys("−+×=<>≤≥≠±∑ΣΠ√∞#~^", 0.84),
    **dict.fromkeys("…—", 1.0),
}


def width(text: str, size: float = SIZE, bold: bool = False) -> float:
    """An upper estimate of the width of a line of text, in pixels.

    >>> width("0.5", 10.0) < width("24.704", 10.0) < 60.0
    True
    """
    ems = 0.0
    for character in text:
        if character in _WIDTHS:
            ems += _WIDTHS[character]
        elif unicodedata.combining(character):
            pass
        elif unicodedata.east_asian_width(character) in "WF":
            ems += 1.05
        else:
            ems += 0.72 if character.isupper() else 0.64
    return ems * size * (1.08 if bold else 1.0)


@dataclass(frozen=True, slots=True)
class Size:
    """A box's width and height, and the width of the part that holds the symbol."""

    width: float
    height: float
    badge: float
    words: float


def symbol_size(symbol: str) -> float:
    """Long symbols are written smaller."""
    return SYMBOL if len(symbol) <= 2 else SIZE


def has_badge(box: Box) -> bool:
    """Whether the box has its operation in a part of its own."""
    return bool(box.symbol)


def size(box: Box) -> Size:
    """How large a box is drawn."""
    badge = 0.0
    if has_badge(box):
        badge = max(30.0, width(box.symbol, symbol_size(box.symbol), bold=True) + 14.0)
    words = max([width(word, SMALL) for word, _ in box.rows if word], default=0.0)
    body = [width(box.title, SIZE, bold=True)] if box.title else []
    for word, value in box.rows:
        body.append(words + GAP + width(value) if word else width(value))
    lines = len(box.rows) + bool(box.title)
    side = 2 * PAD + (10.0 if box.kind == "input" else 0.0)
    return Size(
        width=round(badge + max(body, default=0.0) + side, 1),
        height=round(max(lines, 1) * LINE + 10.0, 1),
        badge=round(badge, 1),
        words=words,
    )
