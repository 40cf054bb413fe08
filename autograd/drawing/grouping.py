"""Putting the nodes of a large graph into few groups.

Scopes close into one group each; nodes that are alike (same primitive on the
same groups) become one; what is still too much and far from the output is left
out. At most `WALK` nodes are looked at, so that a graph of any size is drawn at
once.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from autograd.drawing.boxes import Scope
from autograd.drawing.look import Look
from autograd.engine import Value
from autograd.graph import topological_order

LIMIT = 64
"""Nodes that are drawn one by one before a picture becomes a summary."""

SUMMARY = 32
"""Boxes in a summary; a graph of more nodes closes the parts that are repeated."""

WALK = 50_000
"""Nodes a summary looks at."""


def walk(roots: Sequence[Value]) -> tuple[list[Value], bool]:
    """Up to WALK nodes below the roots, nearest first, in topological order; and if all."""
    found = list(dict.fromkeys(roots))
    seen = set(found)
    complete = True
    for node in found:  # grows while it is walked
        if len(found) > WALK:
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


def stale(nodes: Iterable[Value]) -> Value | None:
    """A leaf that was assigned after it had been used, so that it is younger than a child."""
    for node in nodes:
        for parent in node.parents:
            if parent._serial > node._serial:
                return parent
    return None


@dataclass(frozen=True, slots=True)
class Survey:
    """What was found on one walk: the nodes, the scope each belongs to, and if these are all.

    `stale` is a leaf that was assigned since, None if all numbers belong together.
    """

    roots: tuple[Value, ...]
    look: Look
    nodes: list[Value]
    homes: dict[Value, Scope]
    total: int
    complete: bool
    stale: Value | None = None

    @staticmethod
    def of(roots: Sequence[Value], look: Look) -> Survey:
        """Walk the graph below the roots."""
        nodes, complete = walk(roots)
        homes = home_scopes(nodes, look)
        return Survey(tuple(roots), look, nodes, homes, len(nodes), complete, stale(nodes))

    def everything(self) -> list[Value]:
        """Every node below the roots, however many they are."""
        return self.nodes if self.complete else topological_order(*self.roots)

    def narrowed(self, only: set[Value]) -> Survey:
        """Some of its nodes."""
        return replace(self, nodes=[node for node in self.nodes if node in only])

    def part(self, only: set[Value], everything: list[Value]) -> Survey:
        """Some nodes of the whole graph, which may be larger than what the walk came to.

        Of more than WALK the last made: the budget of a summary holds for it too.
        """
        if self.complete:
            return self.narrowed(only)
        nodes = [node for node in everything if node in only][-WALK:]
        homes = home_scopes(nodes, self.look)
        return replace(self, nodes=nodes, homes=homes, total=len(everything), complete=True)

    def inside(self, scope: Scope) -> Survey:
        """The nodes of one scope, with what they are computed from and what uses them."""
        depth = len(scope)
        own = {node for node in self.nodes if self.homes[node][:depth] == scope}
        beside = {parent for node in own for parent in node.parents}
        beside.update([node for node in self.nodes if not own.isdisjoint(node.parents)])
        return self.narrowed(own | beside)


def home_scopes(nodes: Sequence[Value], look: Look) -> dict[Value, Scope]:
    """The scope each node belongs to.

    A leaf that was made in no scope belongs where it is used, as far as the
    scopes of its users agree. An input belongs there only if one scope uses
    it: what several parts share comes from outside. A parameter that was
    placed while the whole model ran goes with its part, if that now runs alone.
    """
    homes = {node: node.scope for node in nodes}
    shared: dict[Value, Scope] = {}
    several: set[Value] = set()
    for node in nodes:
        scope = homes[node]
        if not scope:
            continue
        for parent in node.parents:
            if parent.primitive is None and _is_movable(homes.get(parent), scope):
                before = shared.setdefault(parent, scope)
                if before != scope:
                    several.add(parent)
                    shared[parent] = _common(before, scope)
    for leaf, scope in shared.items():
        if leaf not in several or (not homes[leaf] and look.kind(leaf) != "input"):
            homes[leaf] = scope
        if look.kind(leaf) == "input" and (leaf.constant or leaf in look.names):
            homes[leaf] = ()  # a number or an argument that somebody put in
    return homes


def _is_movable(home: Scope | None, scope: Scope) -> bool:
    """Whether a leaf may go where it is used: it has no home, or this one under a longer name."""
    return home is not None and home[-len(scope) :] in ((), scope)


def _common(a: Scope, b: Scope) -> Scope:
    n = 0
    while n < min(len(a), len(b)) and a[n] == b[n]:
        n += 1
    return a[:n]


class Groups:
    """Which group each node is in: a closed scope, nodes that are alike, or itself."""

    def __init__(self, survey: Survey) -> None:
        self.nodes = survey.nodes
        self.homes = survey.homes
        self.look = survey.look
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


def _by_itself(groups: Groups, node: Value, below: dict[int, None]) -> None:
    return None


class _Alike:
    """Tells nodes apart by primitive, scope, label and the groups they are computed from.

    A chain, such as a sum written with +, stays in the group it goes on from.
    """

    def __init__(self, nodes: Sequence[Value], homes: dict[Value, Scope], keep: set[Value]) -> None:
        self.homes = homes
        self.keep = keep
        self.users = _users(nodes, homes)

    def __call__(self, groups: Groups, node: Value, below: dict[int, None]) -> Any:
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

    def __call__(self, groups: Groups, node: Value, below: dict[int, None]) -> Any:
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


def grouped(survey: Survey, expand: Any, limit: int) -> Groups:
    """The nodes in groups, each way of grouping coarser than the one before, until few enough."""
    nodes, homes = survey.nodes, survey.homes
    is_open = _opener(expand, [homes[node] for node in nodes], limit)
    groups = Groups(survey)
    few = min(limit, SUMMARY) if expand is None and len(nodes) > limit else limit
    if groups.assign(is_open, _by_itself, few):
        return groups
    keep = _landmarks(survey)
    groups = Groups(survey)
    if groups.assign(is_open, _Alike(nodes, homes, keep), few):
        return groups
    groups = Groups(survey)
    groups.assign(is_open, _SamePrimitive(nodes, homes, keep), len(nodes))
    return groups


def _landmarks(survey: Survey) -> set[Value]:
    """Nodes that stay themselves in a summary: outputs, marked ones, rare labels."""
    nodes, look = survey.nodes, survey.look
    stems: dict[str, int] = {}
    for node in nodes:
        if name := look.name(node):
            stems[_stem(name)] = stems.get(_stem(name), 0) + 1
    named = {n for n in nodes if look.name(n) and stems[_stem(look.name(n))] <= 3}
    return (named if len(named) <= SUMMARY // 2 else set()) | set(survey.roots) | set(look.marked)


def _opener(expand: Any, homes: list[Scope], limit: int) -> Callable[[Scope], bool]:
    """Which scopes are open: all, those asked for, or as many as are readable."""
    if expand is True:
        return lambda scope: True
    if expand is False:
        return lambda scope: False
    if isinstance(expand, int):  # True and False are dealt with
        return lambda scope: len(scope) <= expand
    opened = _open_by_themselves(homes, limit)
    for path in [expand] if isinstance(expand, str) else expand or ():
        opened |= _named(tuple(path.split("/")) if isinstance(path, str) else tuple(path), homes)
    return opened.__contains__


def _open_by_themselves(homes: list[Scope], limit: int) -> set[Scope]:
    """All scopes of a small graph; of a larger one no repeated parts; of a large one few."""
    every = _with_outer(homes)
    if len(homes) <= min(SUMMARY, limit):
        return every
    if len(homes) > limit:
        return _roomy(homes)
    kinds = {scope: (*scope[:-1], _stem(scope[-1])) for scope in every}
    times = Counter(kinds.values())
    return _roomy(homes) | {scope for scope in every if times[kinds[scope]] == 1}


def _named(path: Scope, homes: list[Scope]) -> set[Scope]:
    """The scopes that a name or a path means, with those around them."""
    known = _with_outer(homes)
    end = "/" + "/".join(path)
    meant = [scope for scope in known if ("/" + "/".join(scope)).endswith(end)]
    if not meant:
        some = ", ".join(sorted("/".join(scope) for scope in known)[:8]) or "none"
        raise ValueError(f"expand names no scope: {'/'.join(path)!r:.80}; the scopes are {some}")
    return _with_outer(meant)


def _with_outer(scopes: Iterable[Scope]) -> set[Scope]:
    """Some scopes and those around them."""
    return {scope[:depth] for scope in scopes for depth in range(1, len(scope) + 1)}


def _roomy(homes: list[Scope]) -> set[Scope]:
    """The scopes that open by themselves: those with few parts, from the outermost on."""
    children: dict[Scope, dict[Scope, None]] = {}
    for scope in homes:
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


def nearest(groups: Groups, roots: Sequence[Value], limit: int) -> tuple[list[int], list[int]]:
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
