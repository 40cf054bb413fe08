"""How nodes are described: their kind, name, gradient, tooltip and box."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from autograd.drawing import formula, numbers, partials
from autograd.drawing.boxes import KINDS, Box, Scope
from autograd.drawing.escape import LONGEST_DETAIL, clean
from autograd.engine import Value
from autograd.graph import Edge

Gradient = Callable[[Value], "float | None"]
EdgeText = Callable[[Value, int], tuple[str, str]]


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
        return str(node.label or self.names.get(node, ""))


def recorded_gradient(node: Value) -> float | None:
    """What the last backward pass left; None if it did not come here."""
    return node.grad if node.reached else None


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


def node_box(key: str, node: Value, look: Look, scope: Scope, output: bool) -> Box:
    """The box of one node."""
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


def _norm(values: Iterable[float | None]) -> float | None:
    there = [x for x in values if x is not None]
    return math.hypot(*there) if there else None


def group_box(
    key: str, members: Sequence[Value], look: Look, scope: Scope, closed: Scope, output: bool
) -> Box:
    """The box of several nodes, of the closed scope or of nodes that are alike, with totals."""
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
