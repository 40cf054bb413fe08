"""What every writer of pictures reads: boxes, links between them, frames around them.

Nothing here knows of graphs: a view is text and shape, and stays as it is when
the graph changes.
"""

from __future__ import annotations

from dataclasses import dataclass

Scope = tuple[str, ...]

KINDS = {
    "input": "input",
    "parameter": "parameter",
    "constant": "constant",
    "operation": "operation",
    "group": "several nodes",
    "more": "left out",
}
"""The kinds of boxes, and what a legend calls them."""


@dataclass(frozen=True, slots=True)
class Box:
    """One box: a node, several nodes, or a mark that something is left out.

    `key` is its name in every format ("n3", "g1"), `kind` one of KINDS,
    `symbol` the operation's, `title` the label, `rows` pairs of a word and a
    number, `detail` the lines of the tooltip, `scope` the frame it stands in.
    """

    key: str
    kind: str
    symbol: str = ""
    title: str = ""
    rows: tuple[tuple[str, str], ...] = ()
    detail: tuple[str, ...] = ()
    scope: Scope = ()
    output: bool = False
    marked: bool = False
    opens: Scope = ()
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """An arrow from the box `tail` to the box `head`, that uses it."""

    tail: str
    head: str
    text: str = ""
    detail: str = ""
    count: int = 1
    marked: bool = False


@dataclass(frozen=True, slots=True)
class View:
    """Everything a picture shows. `notes` say what it leaves out."""

    boxes: tuple[Box, ...]
    links: tuple[Link, ...]
    notes: tuple[str, ...] = ()
    rankdir: str | None = None

    @property
    def frames(self) -> list[Scope]:
        """The open scopes, outer before inner."""
        found: dict[Scope, None] = {}
        for box in self.boxes:
            for depth in range(1, len(box.scope) + 1):
                found[box.scope[:depth]] = None
        return list(found)
