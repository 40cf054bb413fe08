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

from autograd.drawing import numbers
from autograd.drawing.escape import LONGEST_DETAIL, clean
from autograd.engine import Value
from autograd.graph import Edge

LIMIT = 64
"""Nodes that are drawn one by one before a picture becomes a summary."""

SUMMARY = 32
"""Boxes in a summary."""

WALK = 200_000
"""Nodes a summary looks at."""

Scope = tuple[str, ...]
Gradient = Callable[[Value], "float | None"]

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
    rankdir: str = "LR"
    nodes: dict[Value, str] = field(default_factory=dict)

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
    partials: bool = False
    digits: int = 5
    marked: frozenset[Value] = frozenset()
    marked_edges: frozenset[Edge] = frozenset()

    def kind(self, node: Value) -> str:
        if node.primitive is not None:
            return "operation"
        if node.constant:  # a constant with a name is what somebody put in
            return "input" if self.name(node) else "constant"
        return "parameter" if node in self.parameters or node.scope else "input"

    def name(self, node: Value) -> str:
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


def partial_text(node: Value, position: int, digits: int) -> tuple[str, str]:
    """The partial of a node by one of its arguments: for the arrow, and for its tooltip."""
    primitive = node.primitive
    if primitive is None:
        return "", ""
    xs = [parent.data for parent in node.parents]
    pairs = dict(primitive.local(xs, node.data, [position]))
    if position in pairs:
        value = float(pairs[position])
        return numbers.short(value, digits), f"partial = {numbers.exact(value)}"
    if primitive.selects:
        return "not selected", "not selected: nothing is sent this way"
    return "none", "this argument has no partial derivative"


def _tooltip(node: Value, look: Look) -> tuple[str, ...]:
    from autograd.drawing.formula import symbolic

    kind = look.kind(node)
    name = look.name(node)
    lines = [clean(name, LONGEST_DETAIL)] if name else []
    lines.append(clean(symbolic(node, look.names), LONGEST_DETAIL) if node.primitive else kind)
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

    A leaf that was made in no scope belongs where it is used if it is a
    parameter or a constant; an input comes from outside.
    """
    homes = {node: node.scope for node in nodes}
    wanted: dict[Value, Scope | None] = {
        node: None
        for node in nodes
        if node.primitive is None and not node.scope and look.kind(node) != "input"
    }
    if wanted and any(homes.values()):
        for node in nodes:
            for parent in node.parents:
                if parent in wanted:
                    wanted[parent] = _common(wanted[parent], node.scope)
        homes.update({leaf: scope or () for leaf, scope in wanted.items()})
    return homes


def _common(a: Scope | None, b: Scope) -> Scope:
    if a is None:
        return b
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
        self.closed: dict[Scope, int] = {}

    def assign(self, is_open: Callable[[Scope], bool], alike: bool, keep: set[Value]) -> None:
        signatures: dict[Any, int] = {}
        uses = _uses(self.nodes, self.homes) if alike else {}
        inputs: list[set[int]] = []
        for node in self.nodes:
            scope = self.homes[node]
            shut = next((scope[:d] for d in range(1, len(scope) + 1) if not is_open(scope[:d])), None)
            if shut is not None:
                group = self.closed.setdefault(shut, len(self.members))
            elif not alike or node in keep:
                group = len(self.members)
            elif node.primitive is None:
                signature = (self.look.kind(node), scope, _stem(self.look.name(node)), uses.get(node))
                group = signatures.setdefault(signature, len(self.members))
            else:
                group = self._alike(node, scope, signatures, inputs)
            if group == len(self.members):
                self.members.append([])
                inputs.append({self.of[p] for p in node.parents if p in self.of})
            self.members[group].append(node)
            self.of[node] = group

    def _alike(
        self, node: Value, scope: Scope, signatures: dict[Any, int], inputs: list[set[int]]
    ) -> int:
        """The group of nodes with the same primitive on the same groups.

        A chain, such as a sum written with +, joins the group it goes on from.
        """
        below = {self.of[p] for p in node.parents if p in self.of}
        name = (node.primitive, scope, _stem(self.look.name(node)))
        for group in sorted(below):
            first = self.members[group][0]
            if (first.primitive, self.homes[first], _stem(self.look.name(first))) == name:
                if below - {group} <= inputs[group]:
                    return group
        return signatures.setdefault((name, frozenset(below)), len(self.members))


def _stem(label: str) -> str:
    """A label without its numbers: x1 and x2 are alike."""
    return re.sub(r"[\d₀-₉]+", "#", label)


def _uses(nodes: Sequence[Value], homes: dict[Value, Scope]) -> dict[Value, frozenset[Any]]:
    """For each leaf, the kinds of operations that use it."""
    uses: dict[Value, set[Any]] = {}
    for node in nodes:
        for parent in node.parents:
            if parent.primitive is None:
                uses.setdefault(parent, set()).add((node.primitive, homes[node]))
    return {leaf: frozenset(kinds) for leaf, kinds in uses.items()}


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
        title = f"{numbers.count(len(members))} × {symbol}" if symbol else ""
        title = title or f"{numbers.count(len(members))} {noun}"
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


def view(
    roots: Sequence[Value],
    look: Look,
    expand: Any = None,
    limit: int = LIMIT,
    rankdir: str = "LR",
    only: set[Value] | None = None,
) -> View:
    """Plan the picture of the graph below `roots`.

    Arguments: `only`, the nodes to show, if not all; the others as `draw`'s.
    """
    nodes, complete = walk(roots)
    total = len(nodes)
    notes = []
    if only is not None:
        nodes = [node for node in nodes if node in only]
        left = total - len(nodes)
        if left:
            notes.append(f"{_of(len(nodes), total, complete)} shown")
    homes = home_scopes(nodes, look)
    groups = _Groups(nodes, homes, look)
    is_open = _opener(expand, homes, len(nodes) > limit)
    groups.assign(is_open, False, set())
    if len(groups.members) > limit:
        groups = _Groups(nodes, homes, look)
        groups.assign(is_open, True, _landmarks(nodes, roots, look))
    shown, left_out = _nearest(groups, roots, limit)
    if left_out or not complete:
        notes.append(
            f"{_of(sum(len(groups.members[g]) for g in shown), total, complete)} shown,"
            " those nearest to the output"
        )
    elif any(len(members) > 1 for members in groups.members):
        notes.append(
            f"{numbers.count(total)} nodes in {numbers.count(len(groups.members))} boxes"
        )
    return replace(_assemble(groups, shown, left_out, complete, roots, look, only), notes=tuple(notes), rankdir=rankdir)


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
    if isinstance(expand, int):
        return lambda scope: len(scope) <= expand
    if expand is not None:
        wanted = [expand] if isinstance(expand, str) else list(expand)
        paths = [tuple(w.split("/")) if isinstance(w, str) else tuple(w) for w in wanted]
        known = {scope[:d] for scope in homes.values() for d in range(1, len(scope) + 1)}
        for path in paths:
            if not any(_covers(path, scope) for scope in known):
                some = ", ".join(sorted("/".join(s) for s in known)[:8]) or "none"
                raise ValueError(
                    f"expand names no scope: {'/'.join(path)!r:.80}; the scopes are {some}"
                )
        return lambda scope: any(_covers(path, scope) for path in paths)
    return _roomy(homes).__contains__


def _covers(path: Scope, scope: Scope) -> bool:
    """Whether opening `path`, a whole path or a last name, opens `scope`."""
    return path[: len(scope)] == scope or (len(path) == 1 and path[0] in scope)


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
        if 0 < len(inner) <= 6 and boxes + len(inner) <= SUMMARY // 2:
            opened.add(scope)
            boxes += len(inner)
            waiting.extend(inner)
    return opened


def _nearest(groups: _Groups, roots: Sequence[Value], limit: int) -> tuple[list[int], list[int]]:
    """The groups to show, nearest to the outputs, and those left out."""
    total = len(groups.members)
    if total <= limit:
        return list(range(total)), []
    below: list[dict[int, None]] = [{} for _ in range(total)]
    for node in groups.nodes:
        group = groups.of[node]
        for parent in node.parents:
            other = groups.of.get(parent)
            if other is not None and other != group:
                below[group][other] = None
    found = list(dict.fromkeys(groups.of[root] for root in roots if root in groups.of))
    seen = set(found)
    for group in found:
        if len(found) >= SUMMARY:
            break
        for other in below[group]:
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
    only: set[Value] | None,
) -> View:
    keys: dict[int, str] = {}
    boxes: list[Box] = []
    outputs = {groups.of[root] for root in roots if root in groups.of}
    closed = {group: scope for scope, group in groups.closed.items()}
    for group in shown:
        members = groups.members[group]
        scope = closed[group][:-1] if group in closed else groups.homes[members[0]]
        if len(members) == 1 and group not in closed:
            keys[group] = f"n{len(boxes)}"
            boxes.append(_node_box(keys[group], members[0], look, scope, group in outputs))
        else:
            keys[group] = f"g{len(boxes)}"
            path = closed.get(group, ())
            boxes.append(
                _group_box(keys[group], members, look, scope, path, group in outputs)
            )
    links, hidden = _links(groups, keys, look)
    if hidden:
        n = sum(len(groups.members[g]) for g in left_out)
        boxes.append(_more_box(n, complete, only is not None))
        links += [Link("more", key) for key in hidden]
    nodes = {node: keys[group] for node, group in groups.of.items() if group in keys}
    return View(tuple(boxes), tuple(links), nodes=nodes)


def _more_box(n: int, complete: bool, focused: bool) -> Box:
    title = f"{numbers.count(n)} more nodes" if complete else f"over {numbers.count(n)} more nodes"
    if focused:
        title = "…"
    words = "not shown: ask with expand=, focus= or a larger limit="
    return Box(key="more", kind="more", title=title, detail=(words,))


def _links(groups: _Groups, keys: dict[int, str], look: Look) -> tuple[list[Link], list[str]]:
    """The arrows between the boxes shown, and the boxes with parents that are not shown."""
    single: list[Link] = []
    counts: dict[tuple[str, str], int] = {}
    marked: set[tuple[str, str]] = set()
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
            elif tail.startswith("n") and head.startswith("n"):
                text, detail = partial_text(node, position, look.digits) if look.partials else ("", "")
                mark = Edge(parent, node, position) in look.marked_edges
                single.append(Link(tail, head, text, detail, 1, mark))
            elif tail != head:
                counts[tail, head] = counts.get((tail, head), 0) + 1
                if Edge(parent, node, position) in look.marked_edges:
                    marked.add((tail, head))
    for (tail, head), n in counts.items():
        text = f"×{numbers.count(n)}" if n > 1 else ""
        single.append(Link(tail, head, text, f"{numbers.count(n)} edges", n, (tail, head) in marked))
    return single, list(hidden)
