"""Planning a picture: from a graph to boxes, links and frames."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from autograd.drawing import numbers
from autograd.drawing.boxes import Box, Link, View
from autograd.drawing.escape import clean
from autograd.drawing.grouping import LIMIT, Groups, Survey, grouped, nearest
from autograd.drawing.look import Look, group_box, node_box
from autograd.engine import Value
from autograd.graph import Edge


@dataclass(frozen=True, slots=True)
class Index:
    """Where things are in a view: the box of a node, the number of an edge's link."""

    boxes: dict[Value, str]
    links: dict[tuple[Value, int], int]


def view(
    survey: Survey, expand: Any = None, limit: int = LIMIT, rankdir: str | None = None
) -> tuple[View, Index]:
    """Plan the picture of the nodes of a survey.

    Arguments: as `draw`'s.
    Returns the view, and where each node and each edge (a node and the position
    of its argument) went.
    """
    total, complete = survey.total, survey.complete
    notes = []
    focused = len(survey.nodes) < total
    if focused:
        notes.append(f"{_of(len(survey.nodes), total, complete)} shown")
    groups = grouped(survey, expand, limit)
    shown, left_out = nearest(groups, survey.roots, limit)
    if left_out:
        notes.append(
            f"{_of(sum(len(groups.members[g]) for g in shown), total, complete)} shown,"
            " those nearest to the output"
        )
    elif not complete:
        notes.append(
            f"the {numbers.count(total)} nodes nearest to the output; those below are not counted"
        )
    elif any(len(members) > 1 for members in groups.members) and not focused:
        notes.append(f"{numbers.count(total)} nodes in {numbers.count(len(groups.members))} boxes")
    if survey.stale is not None:
        name = clean(survey.look.name(survey.stale)) or "a leaf"
        notes.append(
            f"{name} was assigned after it was used: what is computed from it is from before"
        )
    boxes, keys = _boxes(groups, shown, survey.roots)
    links, numbered, hidden = _links(groups, keys, survey.look)
    if hidden and not focused:  # a focused picture says in its note that it is a part
        boxes.append(_more_box(sum(len(groups.members[g]) for g in left_out), complete))
        links += [Link("more", key) for key in hidden]
    nodes = {node: keys[group] for node, group in groups.of.items() if group in keys}
    return View(tuple(boxes), tuple(links), tuple(notes), rankdir), Index(nodes, numbered)


def _of(shown: int, total: int, complete: bool) -> str:
    whole = numbers.count(total) if complete else f"more than {numbers.count(total - 1)}"
    return f"{numbers.count(shown)} of {whole} nodes"


def _boxes(
    groups: Groups, shown: list[int], roots: Sequence[Value]
) -> tuple[list[Box], dict[int, str]]:
    """The boxes of the groups shown, and their keys."""
    keys: dict[int, str] = {}
    boxes: list[Box] = []
    outputs = {groups.of[root] for root in roots if root in groups.of}
    closed = {group: scope for scope, group in groups.closed.items()}
    for group in shown:
        members = groups.members[group]
        path = closed.get(group, ())
        scope = path[:-1] if path else groups.homes[members[0]]
        single = len(members) == 1 and not path
        keys[group] = key = f"{'n' if single else 'g'}{len(boxes)}"
        if single:
            boxes.append(node_box(key, members[0], groups.look, scope, group in outputs))
        else:
            boxes.append(group_box(key, members, groups.look, scope, path, group in outputs))
    return boxes, keys


def _more_box(n: int, complete: bool) -> Box:
    title = f"{numbers.count(n)} more nodes" if complete and n else "more nodes"
    words = "not shown: ask with expand=, focus= or a larger limit="
    return Box(key="more", kind="more", title=title, detail=(words,))


def _links(
    groups: Groups, keys: dict[int, str], look: Look
) -> tuple[list[Link], dict[tuple[Value, int], int], list[str]]:
    """The arrows between the boxes shown, their numbers, and the boxes with parents not shown."""
    links: list[Link] = []
    numbered: dict[tuple[Value, int], int] = {}
    several: dict[tuple[str, str], int] = {}
    counts: dict[int, int] = {}
    hidden: dict[str, None] = {}
    for node in groups.nodes:
        head = keys.get(groups.of[node])
        if head is None:
            continue
        for position, parent in enumerate(node.parents):
            group = groups.of.get(parent)
            tail = keys.get(group) if group is not None else None
            if tail is None:
                hidden[head] = None
                continue
            marked = bool(look.marked_edges) and Edge(parent, node, position) in look.marked_edges
            if tail[0] == head[0] == "n":
                numbered[node, position] = len(links)
                text, detail = look.edge_text(node, position) if look.edge_text else ("", "")
                links.append(Link(tail, head, text, detail, marked=marked))
            elif tail != head:
                at = several.setdefault((tail, head), len(links))
                if at == len(links):
                    links.append(Link(tail, head))
                numbered[node, position] = at
                counts[at] = counts.get(at, 0) + 1
                if marked:
                    links[at] = replace(links[at], marked=True)
    for at, n in counts.items():
        if n > 1:
            text, detail = f"×{numbers.count(n)}", f"{numbers.count(n)} edges"
            links[at] = replace(links[at], text=text, detail=detail, count=n)
    return links, numbered, list(hidden)
