"""Text that people wrote, made safe to show: the one place where labels are escaped.

A label goes through `clean` once, when a picture is planned. What comes out has
no control characters, no direction overrides and a bounded length; a writer
then puts it into its own markup with `xml`, `dot` or `mermaid`.
"""

from __future__ import annotations

import re
from xml.sax.saxutils import escape as _escape

LONGEST = 40
"""Characters of a label on a node; the tooltip has more."""

LONGEST_DETAIL = 400
"""Characters of one line of a tooltip."""

# What XML 1.0 forbids, and what would turn or hide the text around it: C0 and C1
# controls, surrogates, non-characters, marks and overrides of direction.
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"
    "\ud800-\udfff\ufdd0-\ufdef\ufeff\ufff9-\uffff]"
    "|[\U000e0000-\U000e0fff]"
    "|[" + "".join(chr(p * 0x10000 + low) for p in range(1, 17) for low in (0xFFFE, 0xFFFF)) + "]"
)


def _shown(match: re.Match[str]) -> str:
    character = match.group()
    if character in "\t\n\v\f\r\x85\u2028\u2029":
        return " "
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)  # the picture of the control character
    return "␡" if code == 0x7F else "�"


def clean(text: object, longest: int = LONGEST) -> str:
    """`text` as one short line without control characters.

    Arguments: `text`, anything, `str()` of it is taken; `longest`, in
    characters, at least 1.
    Returns a string that every writer can escape without loss: line breaks are
    spaces, control characters their pictures (␀), what turns the direction of
    the text a replacement character, and a cut end is told by an ellipsis.

    >>> clean("w" + chr(0) + chr(10) + "x"), clean("a" * 50, 10)
    ('w␀ x', 'aaaaaaaaa…')
    """
    text = str(text)
    if len(text) > longest:
        text = text[: longest - 1] + "…"
    return _UNSAFE.sub(_shown, text)


def xml(text: str) -> str:
    """Clean text as the content of an XML or HTML element or of a quoted attribute.

    >>> xml('<script> & "x"')
    '&lt;script&gt; &amp; &quot;x&quot;'
    """
    return _escape(text, {'"': "&quot;", "'": "&#39;"})


def dot(text: str) -> str:
    """Clean text inside a DOT string, plain or HTML-like.

    Graphviz decodes entities in both, and in both a backslash starts an escape
    (`\\N` is the node's name), so it is doubled.

    >>> print(dot('<b> "x" at \\\\N'))
    &lt;b&gt; &quot;x&quot; at \\\\N
    """
    return xml(text).replace("\\", "\\\\")


def mermaid(text: str) -> str:
    """Clean text inside a quoted Mermaid label, where `#...;` is a character's code.

    >>> mermaid('"x" <b>')
    '#34;x#34; #60;b#62;'
    """
    return re.sub(r"[^\w .,:+=/()−–∇·…×^-]", lambda m: f"#{ord(m.group())};", text)
