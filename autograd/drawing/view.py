"""What a picture shows: boxes, links between them and frames around them.

A view is made from a graph once and is then only text and shape: writers (DOT,
SVG, Mermaid, terminal) need nothing else. It is a snapshot: what happens to
the graph afterwards does not change a picture.

A graph with more than `limit` nodes is summarised. Scopes close into one box
each; nodes that are alike (same primitive on the same boxes) become one box;
what is still too much and far from the output is told as a number. At most
`WALK` nodes are looked at, so that a graph of any size is drawn at once.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from autograd.drawing import formula, numbers, partials
from autograd.drawing.escape import LONGEST_DETAIL, clean
from autograd.engine import Value
from autograd.graph import Edge

LIMIT = 64
"""Nodes that are drawn one by one before a picture becomes a summary."""

SUMMARY = 32
"""Boxes in a summary."""

WALK = 50_000
"""Nodes a summary looks at."""

Scope = tuple[str, ...]
Gradient = Callable[[Value], "float | None"]
EdgeText = Callable[[Value, int], tuple[str, str]]

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


@dataclass(frozen=True, slots=True)
class Look:
    """How nodes are to be described: see `draw` for the meaning of each."""

    gradient: Gradient
    parameters: frozenset[Value] = frozenset()
    names: dict[Value, str] = field(default_factory=dict)
    edge_text: EdgeText | None = None
    digits: int = 5
    marked: frozenset[Value] = frozenset()
    marked_edges: frozenset[Edge] = frozenset()

    def kind(self, node: Value) -> str:
        """Which of KINDS a node is."""
        if node.primitive is not None:
            return "operation"
        if node.constant:  # a constant with a name is what somebody put in
            return "input" if self.name(node) else "constant"
        return "parameter" if node in self.parameters or node.scope else "input"

    def name(self, node: Value) -> str:
        """A node's label, else the name given to it, else nothing."""
        return node.label or self.names.get(node, "")


def recorded_gradient(node: Value) -> float | None:
    """What the last backward pass left; None if it did not come here."""
    return node.grad if node.reached else None


# Walking


def walk(roots: Sequence[Value], most: int = WALK) -> tuple[list[Value], bool]:
    """Up to `most` nodes below the roots, nearest first, in topological order; and if all."""
    found = list(dict.fromkeys(roots))
    seen = set(found)
    complete = True
    for node in found:  # grows while it is walked
        if len(found) > most:
            complete = False
            break
        for parent in node.parents:
            if parent not in seen:
                seen.add(parent)
                found.append(parent)
    found.sort(key=_creation)
    return found, complete


def _creation(node: Value) -> tuple[bool, int]:
    return (node.primitive is not None, node._serial)


# Describing one node


def partial_text(digits: int) -> EdgeText:
    """The partial of a node by one of its arguments: for the arrow, and for its tooltip."""

    def text(node: Value, position: int) -> tuple[str, str]:
        partial, reason = partials.one(node, position)
        if partial is None:
            return reason, f"{reason}: nothing is sent this way"
        return numbers.short(partial, digits), f"partial = {numbers.exact(partial)}"

    return text


def _tooltip(node: Value, look: Look) -> tuple[str, ...]:
    kind = look.kind(node)
    name = look.name(node)
    lines = [clean(name, LONGEST_DETAIL)] if name else []
    if node.primitive is not None:
        lines.append(clean(formula.inline(node, look.names), LONGEST_DETAIL))
    else:
        lines.append(kind)
    lines.append(f"data = {numbers.exact(node.data)}")
    gradient = look.gradient(node)
    if node.constant:
        lines.append("a plain number: it gets no gradient")
    elif gradient is None:
        lines.append("grad: not reached by a backward pass")
    else:
        lines.append(f"grad = {numbers.exact(gradient)}")
    if node.place is not None:
        lines.append(clean(f"made in {node.place}", LONGEST_DETAIL))
    return tuple(lines)


def _node_box(key: str, node: Value, look: Look, scope: Scope, output: bool) -> Box:
    kind = look.kind(node)
    rows = [("data", numbers.short(node.data, look.digits))]
    if not node.constant:
        rows.append(("grad", numbers.short(look.gradient(node), look.digits)))
    symbol = "" if node.primitive is None else clean(node.primitive.symbol, 16)
    return Box(
        key=key,
        kind=kind,
        symbol=symbol,
        title=clean(look.name(node)),
        rows=tuple(rows),
        detail=_tooltip(node, look),
        scope=scope,
        output=output,
        marked=node in look.marked,
        ordered=node.primitive is not None
        and node.primitive.symbol not in "+×"
        and len(node.parents) > 1,
    )


# Grouping


def home_scopes(nodes: Sequence[Value], look: Look) -> dict[Value, Scope]:
    """The scope each node belongs to.

    A leaf that was made in no scope belongs where it is used, as far as the
    scopes of its users agree. An input belongs there only if one scope uses
    it: what several parts share comes from outside.
    """
    homes = {node: node.scope for node in nodes}
    shared: dict[Value, Scope] = {}
    several: set[Value] = set()
    for node in nodes:
        scope = node.scope
        if not scope:
            continue
        for parent in node.parents:
            if parent.primitive is None and not parent.scope and homes.get(parent) is not None:
                before = shared.setdefault(parent, scope)
                if before != scope:
                    several.add(parent)
                    shared[parent] = _common(before, scope)
    for leaf, scope in shared.items():
        if leaf not in several or look.kind(leaf) != "input":
            homes[leaf] = scope
        if look.kind(leaf) == "input" and leaf.constant:
            homes[leaf] = ()
    return homes


def _common(a: Scope, b: Scope) -> Scope:
    n = 0
    while n < min(len(a), len(b)) and a[n] == b[n]:
        n += 1
    return a[:n]


class _Groups:
    """Which group each node is in: a closed scope, nodes that are alike, or itself."""

    def __init__(self, nodes: Sequence[Value], homes: dict[Value, Scope], look: Look) -> None:
        self.nodes = nodes
        self.homes = homes
        self.look = look
        self.of: dict[Value, int] = {}
        self.members: list[list[Value]] = []
        self.below: list[dict[int, None]] = []
        self.closed: dict[Scope, int] = {}

    def assign(self, is_open: Callable[[Scope], bool], tell_apart: Any, most: int) -> bool:
        """Put each node in the group of its closed scope, or of its signature.

        Arguments: `tell_apart`, which gives the signature of a node in an open
        scope (nodes of one signature share a group, one without is by itself);
        `most`, the number of groups beyond which it gives up.
        Returns whether it has come to the end.
        """
        shut: dict[Scope, Scope | None] = {}
        signatures: dict[Any, int] = {}
        for node in self.nodes:
            scope = self.homes[node]
            if scope not in shut:
                paths = [scope[: d + 1] for d in range(len(scope))]
                shut[scope] = next((path for path in paths if not is_open(path)), None)
            path = shut[scope]
            below = dict.fromkeys([self.of[p] for p in node.parents if p in self.of])
            if path is not None:
                group = self.closed.setdefault(path, len(self.members))
            else:
                signature = tell_apart(self, node, below)
                group = len(self.members)
                if isinstance(signature, int):
                    group = signature
                elif signature is not None:
                    group = signatures.setdefault(signature, group)
            if group == len(self.members):
                if group == most:
                    return False
                self.members.append([])
                self.below.append({})
            self.members[group].append(node)
            below.pop(group, None)
            self.below[group].update(below)
            self.of[node] = group
        return True

    def depends(self, group: int, on: int) -> bool:
        """Whether a group is computed from another; when it takes long to tell, yes."""
        found = [group]
        seen = {group}
        for g in found:  # grows while it is walked
            if g == on or len(found) > 500:
                return True
            new = [b for b in self.below[g] if b not in seen]
            seen.update(new)
            found.extend(new)
        return False


def _by_itself(groups: _Groups, node: Value, below: dict[int, None]) -> None:
    return None


class _Alike:
    """Tells nodes apart by primitive, scope, label and the groups they are computed from.

    A chain, such as a sum written with +, stays in the group it goes on from.
    """

    def __init__(self, nodes: Sequence[Value], homes: dict[Value, Scope], keep: set[Value]) -> None:
        self.homes = homes
        self.keep = keep
        self.users = _users(nodes, homes)

    def __call__(self, groups: _Groups, node: Value, below: dict[int, None]) -> Any:
        if node in self.keep:
            return None
        look = groups.look
        name = (node.primitive, self.homes[node], _stem(look.name(node)))
        if node.primitive is None:
            return (look.kind(node), *name, self.users.get(node))
        for group in below:
            first = groups.members[group][0]
            if (first.primitive, self.homes[first], _stem(look.name(first))) == name and not any(
                groups.depends(other, group) for other in below if other != group
            ):
                return group
        return (*name, frozenset(below))


class _SamePrimitive(_Alike):
    """Tells nodes apart by primitive and scope only: what is left when all else is too much."""

    def __call__(self, groups: _Groups, node: Value, below: dict[int, None]) -> Any:
        if node in self.keep:
            return None
        return (node.primitive, groups.look.kind(node), self.homes[node])


def _stem(label: str) -> str:
    """A label without its numbers: x1 and x2 are alike."""
    return re.sub(r"[\d₀-₉]+", "#", label)


def _users(nodes: Sequence[Value], homes: dict[Value, Scope]) -> dict[Value, frozenset[Any]]:
    """For each leaf, the kinds of operations that use it."""
    users: dict[Value, set[Any]] = {}
    for node in nodes:
        for parent in node.parents:
            if parent.primitive is None:
                users.setdefault(parent, set()).add((node.primitive, homes[node]))
    return {leaf: frozenset(kinds) for leaf, kinds in users.items()}


def _norm(values: Iterable[float | None]) -> float | None:
    there = [x for x in values if x is not None]
    return math.hypot(*there) if there else None


def _group_box(
    key: str, members: Sequence[Value], look: Look, scope: Scope, closed: Scope, output: bool
) -> Box:
    parameters = [m for m in members if m.primitive is None and not m.constant]
    made = [m for m in members if m.primitive is not None] or list(members)
    norm = _norm(look.gradient(m) for m in (parameters or made))
    rows = [("nodes", numbers.count(len(members)))] if closed else []
    if closed and parameters:
        rows.append(("parameters", numbers.count(len(parameters))))
    rows.append(("data", numbers.between([m.data for m in made])))
    if any(not m.constant for m in members):
        rows.append(("‖grad‖", numbers.short(norm, 3)))
    if closed:
        title, symbol = clean(closed[-1]), ""
        words = f"{numbers.count(len(members))} nodes in {clean('/'.join(closed), LONGEST_DETAIL)}"
    else:
        first = members[0]
        symbol = "" if first.primitive is None else clean(first.primitive.symbol, 16)
        kind = look.kind(first)
        named = _span([look.name(m) for m in members])
        noun = KINDS[kind] + ("s" if kind != "operation" else "")
        title = f"{numbers.count(len(members))} {'nodes' if symbol else noun}"
        if named:
            title, rows = named, [("", title), *rows]
        words = f"{numbers.count(len(members))} nodes that are alike: {symbol or noun}"
    return Box(
        key=key,
        kind="group",
        symbol=symbol,
        title=title,
        rows=tuple(rows),
        detail=(words, *[f"{word} {value}" for word, value in rows if word not in ("", "nodes")]),
        scope=scope,
        output=output,
        marked=any(m in look.marked for m in members),
        opens=closed,
    )


def _span(names: list[str]) -> str:
    if not all(names):
        return ""
    return clean(f"{clean(names[0], 12)} … {clean(names[-1], 12)}")


# The view


@dataclass(frozen=True, slots=True)
class Index:
    """Where things are in a view: the box of a node, the number of an edge's link."""

    boxes: dict[Value, str]
    links: dict[tuple[Value, int], int]


def view(
    roots: Sequence[Value],
    look: Look,
    expand: Any = None,
    limit: int = LIMIT,
    rankdir: str | None = None,
    only: set[Value] | None = None,
) -> tuple[View, Index]:
    """Plan the picture of the graph below `roots`.

    Arguments: `only`, the nodes to show, if not all; the others as `draw`'s.
    Returns the view, and where each node and each edge (a node and the position
    of its argument) went.
    """
    nodes, complete = walk(roots)
    total = len(nodes)
    notes = []
    if only is not None:
        nodes = [node for node in nodes if node in only]
        left = total - len(nodes)
        if left:
            notes.append(f"{_of(len(nodes), total, complete)} shown")
    groups = _grouped(nodes, roots, look, expand, limit)
    shown, left_out = _nearest(groups, roots, limit)
    if left_out:
        notes.append(
            f"{_of(sum(len(groups.members[g]) for g in shown), total, complete)} shown,"
            " those nearest to the output"
        )
    elif not complete:
        notes.append(
            f"the {numbers.count(total)} nodes nearest to the output; those below are not counted"
        )
    elif any(len(members) > 1 for members in groups.members):
        notes.append(f"{numbers.count(total)} nodes in {numbers.count(len(groups.members))} boxes")
    seen, index = _assemble(groups, shown, left_out, complete, roots, look, only is not None)
    return replace(seen, notes=tuple(notes), rankdir=rankdir), index


def _grouped(
    nodes: Sequence[Value], roots: Sequence[Value], look: Look, expand: Any, limit: int
) -> _Groups:
    """The nodes in groups, each way of grouping coarser than the one before, until few enough."""
    homes = home_scopes(nodes, look)
    is_open = _opener(expand, homes, len(nodes) > limit)
    groups = _Groups(nodes, homes, look)
    if groups.assign(is_open, _by_itself, limit):
        return groups
    keep = _landmarks(nodes, roots, look)
    few = min(limit, SUMMARY) if expand is None else limit
    for coarser, most in ((_Alike, few), (_SamePrimitive, len(nodes))):
        groups = _Groups(nodes, homes, look)
        if groups.assign(is_open, coarser(nodes, homes, keep), most):
            break
    return groups


def _of(shown: int, total: int, complete: bool) -> str:
    whole = numbers.count(total) if complete else f"more than {numbers.count(total - 1)}"
    return f"{numbers.count(shown)} of {whole} nodes"


def _landmarks(nodes: Sequence[Value], roots: Sequence[Value], look: Look) -> set[Value]:
    """Nodes that stay themselves in a summary: outputs, marked ones, labels met only once."""
    stems: dict[str, int] = {}
    for node in nodes:
        if name := look.name(node):
            stems[_stem(name)] = stems.get(_stem(name), 0) + 1
    named = {n for n in nodes if look.name(n) and stems[_stem(look.name(n))] <= 3}
    return (named if len(named) <= SUMMARY // 2 else set()) | set(roots) | set(look.marked)


def _opener(expand: Any, homes: dict[Value, Scope], large: bool) -> Callable[[Scope], bool]:
    """Which scopes are open: all, those asked for, or as many as a summary can hold."""
    if expand is True or (expand is None and not large):
        return lambda scope: True
    if expand is False:
        return lambda scope: False
    if isinstance(expand, int):  # True and False are dealt with
        return lambda scope: len(scope) <= expand
    opened = _roomy(homes) if large else _with_outer(homes.values())
    for path in [expand] if isinstance(expand, str) else expand or ():
        opened |= _named(tuple(path.split("/")) if isinstance(path, str) else tuple(path), homes)
    return opened.__contains__


def _named(path: Scope, homes: dict[Value, Scope]) -> set[Scope]:
    """The scopes that a name or a path means, with those around them."""
    known = _with_outer(homes.values())
    meant = [scope for scope in known if scope[-len(path) :] == path]
    if not meant:
        some = ", ".join(sorted("/".join(scope) for scope in known)[:8]) or "none"
        raise ValueError(f"expand names no scope: {'/'.join(path)!r:.80}; the scopes are {some}")
    return _with_outer(meant)


def _with_outer(scopes: Iterable[Scope]) -> set[Scope]:
    """Some scopes and those around them."""
    return {scope[:depth] for scope in scopes for depth in range(1, len(scope) + 1)}


def _roomy(homes: dict[Value, Scope]) -> set[Scope]:
    """The scopes that open by themselves: those with few parts, from the outermost on."""
    children: dict[Scope, dict[Scope, None]] = {}
    for scope in homes.values():
        for depth in range(1, len(scope) + 1):
            children.setdefault(scope[: depth - 1], {})[scope[:depth]] = None
    opened: set[Scope] = set()
    waiting = list(children.get((), {})) if len(children.get((), {})) <= 3 else []
    boxes = len(waiting)
    for scope in waiting:  # grows while it is walked
        inner = list(children.get(scope, {}))
        if 1 < len(inner) <= 6 and boxes + len(inner) <= SUMMARY // 2:
            opened.add(scope)
            boxes += len(inner)
            waiting.extend(inner)
    return opened


def _nearest(groups: _Groups, roots: Sequence[Value], limit: int) -> tuple[list[int], list[int]]:
    """The groups to show, nearest to the outputs, and those left out."""
    total = len(groups.members)
    if total <= limit:
        return list(range(total)), []
    found = list(dict.fromkeys(groups.of[root] for root in roots if root in groups.of))
    seen = set(found)
    for group in found:
        if len(found) >= SUMMARY:
            break
        for other in groups.below[group]:
            if other not in seen and len(found) < SUMMARY:
                seen.add(other)
                found.append(other)
    return sorted(found), [g for g in range(total) if g not in seen]


def _assemble(
    groups: _Groups,
    shown: list[int],
    left_out: list[int],
    complete: bool,
    roots: Sequence[Value],
    look: Look,
    focused: bool,
) -> tuple[View, Index]:
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
            boxes.append(_node_box(key, members[0], look, scope, group in outputs))
        else:
            boxes.append(_group_box(key, members, look, scope, path, group in outputs))
    links, numbered, hidden = _links(groups, keys, look)
    if hidden:
        n = sum(len(groups.members[g]) for g in left_out)
        boxes.append(_more_box(n, complete, focused))
        links += [Link("more", key) for key in hidden]
    nodes = {node: keys[group] for node, group in groups.of.items() if group in keys}
    return View(tuple(boxes), tuple(links)), Index(nodes, numbered)


def _more_box(n: int, complete: bool, focused: bool) -> Box:
    title = f"{numbers.count(n)} more nodes" if complete and n else "more nodes"
    if focused:
        title = "…"
    words = "not shown: ask with expand=, focus= or a larger limit="
    return Box(key="more", kind="more", title=title, detail=(words,))


def _links(
    groups: _Groups, keys: dict[int, str], look: Look
) -> tuple[list[Link], dict[tuple[Value, int], int], list[str]]:
    """The arrows between the boxes shown, their numbers, and the boxes with parents not shown."""
    links: list[Link] = []
    numbered: dict[tuple[Value, int], int] = {}
    several: dict[tuple[str, str], int] = {}
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
            marked = Edge(parent, node, position) in look.marked_edges
            if tail[0] == head[0] == "n":
                numbered[node, position] = len(links)
                text, detail = look.edge_text(node, position) if look.edge_text else ("", "")
                links.append(Link(tail, head, text, detail, marked=marked))
            elif tail != head:
                at = several.setdefault((tail, head), len(links))
                if at == len(links):
                    links.append(Link(tail, head, count=0))
                numbered[node, position] = at
                before = links[at]
                links[at] = replace(before, count=before.count + 1, marked=before.marked or marked)
    return [_counted(link) if link.count > 1 else link for link in links], numbered, list(hidden)


def _counted(link: Link) -> Link:
    n = numbers.count(link.count)
    return replace(link, text=f"×{n}", detail=f"{n} edges")
