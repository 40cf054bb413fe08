"""The steps of a forward and a backward pass: one model for terminal, page and widget.

The backward steps are those of `autograd.reverse`, in its order: nodes from the
last made to the first, and what children send is added in that order. So each
running sum has the bits that `backward()` leaves.
"""

from __future__ import annotations

import linecache
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from autograd.drawing import formula, naming, partials
from autograd.drawing.escape import LONGEST_DETAIL, clean
from autograd.drawing.numbers import exact, short
from autograd.engine import Value, cotangents
from autograd.graph import topological_order

MOST = 200_000
"""Steps a stepper holds: walking more by hand is no longer explaining."""


MOST_TOLD = 60
"""Steps told in words where there is no page."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step, and everything there is to say about it.

    `kind` is "compute" (forward: a node from its parents), "start" (backward:
    the output's gradient by itself), "send" (backward: a node sends to one
    parent) or "skip" (backward: nothing is sent, `why` says why).

    `node` computes or sends, `parent` receives as argument `position`.
    `local`, `upstream` and `product` are the partial, the gradient that
    arrived at the node, and their product; `before` and `after` the parent's
    gradient, None while nothing has reached it.
    """

    number: int
    kind: str
    node: Value
    parent: Value | None = None
    position: int = -1
    local: float | None = None
    upstream: float | None = None
    product: float | None = None
    before: float | None = None
    after: float | None = None
    why: str = ""

    @property
    def target(self) -> Value:
        """The node whose gradient it changes."""
        return self.node if self.parent is None else self.parent

    @property
    def forward(self) -> bool:
        """Whether it belongs to the forward pass."""
        return self.kind == "compute"


class Stepper:
    """A forward and a backward pass, step by step, to be walked both ways.

    It is a sequence of Steps. In a notebook it shows as a page with buttons, a
    slider and keys; `run()` walks it in a terminal; `lines(i)` and `text()`
    tell it in words; `save("pass.html")` writes the page. The Values'
    gradients are left as they are.

    Arguments: `output`, the Value whose gradient is traced; `names`, for
    leaves without a label; `digits`, significant digits in what it tells (17
    tells every bit; a Step always has the whole number).
    Raises TypeError if `output` is not a Value, ValueError if it takes more
    than 200,000 steps.

    >>> x = Value(3.0, label="x")
    >>> steps = Stepper(x * x)
    >>> [step.kind for step in steps]
    ['compute', 'start', 'send', 'send']
    >>> steps[-1].after
    6.0
    """

    def __init__(
        self, output: Value, names: dict[Value, str] | None = None, digits: int = 6
    ) -> None:
        if not isinstance(output, Value):
            raise TypeError(
                f"step takes a Value, got {output!r:.80} of type {type(output).__name__}:"
                " compute one, or give the function with its arguments"
            )
        if not isinstance(digits, int) or not 1 <= digits <= 17:
            raise ValueError(f"digits is {digits!r}: choose 1 to 17")
        self.output = output
        self.digits = digits
        self.order = topological_order(output)
        _refuse_too_many(sum([node.primitive is not None for node in self.order]))
        self.given = dict(names or {})
        self.names = naming.names(self.order, self.given)
        self.steps = list(_steps(output, self.order))

    def __len__(self) -> int:
        return len(self.steps)

    def __getitem__(self, i: int) -> Step:
        return self.steps[i]

    def __iter__(self) -> Iterator[Step]:
        return iter(self.steps)

    def __repr__(self) -> str:
        return f"<Stepper of {len(self.order)} nodes, {len(self)} steps>"

    @cached_property
    def backward_at(self) -> int:
        """The number of the first backward step."""
        return next(step.number for step in self.steps if step.kind == "start")

    def name(self, node: Value) -> str:
        """What the stepper calls a node: its label, v and a number, or a constant's number."""
        return self.names.get(node) or formula.number(node.data)

    def number(self, x: float | None) -> str:
        """A number with the stepper's digits."""
        return short(x, self.digits) if self.digits < 17 else exact(x)

    def gradients(self, upto: int) -> dict[Value, float]:
        """The gradients as they are after step `upto`."""
        found: dict[Value, float] = {}
        for step in self.steps[: upto + 1]:
            if step.kind in ("start", "send") and step.after is not None:
                found[step.target] = step.after
        return found

    # In words

    def lines(self, i: int) -> list[tuple[str, str]]:
        """Step i as pairs of a text and a note on it.

        >>> x = Value(3.0, label="x"); y = Value(2.0, label="y")
        >>> for text, note in Stepper(x * y).lines(2):
        ...     print(text.ljust(30), note)
        v₁ sends to x                  argument 1 of v₁ = x × y
        ∂v₁/∂x = y = 2                 local partial
        ∂v₁/∂v₁ = 1                    upstream gradient
        2 · 1 = 2                      their product
        ∂v₁/∂x = 2                     nothing had reached x before
        """
        step, told = self.steps[i], self.number
        name, end = self.name(step.node), self.name(self.output)
        if step.kind == "compute":
            written = formula.symbolic(step.node, self.names)
            lines = [(f"{name} = {written}", "the formula")]
            lines.append((f"{name} = {formula.numeric(step.node)}", "with numbers"))
            lines.append((f"{name} = {told(step.node.data)}", "the result"))
            return lines
        if step.kind == "start" or step.parent is None:
            return [(f"∂{end}/∂{end} = {told(step.after)}", "where the backward pass starts")]
        to = self.name(step.parent)
        written = formula.symbolic(step.node, self.names)
        lines = [(f"{name} sends to {to}", f"argument {step.position + 1} of {name} = {written}")]
        if step.kind == "skip":
            return [*lines, (f"nothing reaches {to} this way", step.why)]
        rule = formula.rule(step.node, step.position, self.names)
        value = told(step.local)
        both = f"{rule} = {value}" if rule and rule != value else value
        lines.append((f"∂{name}/∂{to} = {both}", "local partial"))
        lines.append((f"∂{end}/∂{name} = {told(step.upstream)}", "upstream gradient"))
        lines.append(
            (f"{value} · {_bracketed(told(step.upstream))} = {told(step.product)}", "their product")
        )
        if step.before is None:
            note = f"nothing had reached {to} before"
            lines.append((f"∂{end}/∂{to} = {told(step.after)}", note))
        else:
            added = f"{told(step.before)} + {_bracketed(told(step.product))} = {told(step.after)}"
            lines.append((f"∂{end}/∂{to} += {told(step.product)}", added))
        return lines

    def heading(self, i: int) -> str:
        """Where step i is: the pass, and how far in it."""
        start = self.backward_at
        if i < start:
            return f"forward {i + 1} of {start}"
        return f"backward {i - start + 1} of {len(self) - start}"

    def text(self, i: int | None = None) -> str:
        """Step i in words, or all of them."""
        if i is None:
            return "\n\n".join([self.text(k) for k in range(len(self))])
        lines = self.lines(i)
        width = max(len(text) for text, _ in lines) if len(lines) > 1 else 0
        told = [f"  {text.ljust(width)}   {note}".rstrip() for text, note in lines]
        return "\n".join([f"[{self.heading(i)}]", *told])

    def place(self, node: Value) -> tuple[str, str]:
        """Where a node was made, and that line of code; empty if it was not noted."""
        place = node.place
        if place is None:
            return "", ""
        code = ""
        if place.filename and place.line:
            code = linecache.getline(place.filename, place.line).strip()
        return clean(place, LONGEST_DETAIL), clean(code, 120)

    # In other forms

    def html(self, theme: str = "auto") -> str:
        """The stepper as a page of its own: no network; keys, slider, hover, #step=N."""
        from autograd.drawing.stepper_page import page

        return page(self, theme)

    def save(self, path: str | Path, theme: str = "auto") -> Path:
        """Write the page (.html) or the words (.txt), and give the path.

        Raises ValueError for another suffix.
        """
        path = Path(path)
        suffix = path.suffix.lower()
        if suffix not in (".html", ".txt"):
            raise ValueError(f"a stepper is saved as .html or .txt, got {str(path)!r}")
        content = self.html(theme) if suffix == ".html" else self.text() + "\n"
        path.write_text(content, encoding="utf-8")
        return path

    def live(self) -> Any:
        """The stepper as a widget with a slider for each input: move one, and all is recomputed.

        Needs a running notebook and anywidget: pip install 'scalar-autograd[notebook]'.
        """
        from autograd.drawing.live import widget

        return widget(self)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        from autograd.drawing.stepper_page import frame

        try:
            return {"text/plain": repr(self), "text/html": frame(self)}
        except ImportError as missing:
            few = "\n\n".join([self.text(i) for i in range(min(len(self), MOST_TOLD))])
            return {"text/plain": f"{self!r}\n\n{few}\n\n({missing})"}

    def run(
        self,
        read_key: Callable[[], str] | None = None,
        write: Callable[[str], Any] | None = None,
        start: int = 0,
    ) -> int:
        """Walk the steps in a terminal: n next, p back, f forward pass, b backward pass, q quit.

        Arguments: `read_key`, which gives the next key ("" at the end of the
        input); `write`, which takes text; without them the terminal's own.
        Returns the number of the step at which it was left.
        """
        from autograd.drawing.terminal import walk

        return walk(self, read_key, write, start)


def _bracketed(number: str) -> str:
    return f"({number})" if number.startswith("−") else number


def _steps(output: Value, order: Sequence[Value]) -> Iterator[Step]:
    """The steps, in the order of the traversals."""
    cotangents([(output, 1.0)], order=list(order))  # refuses a graph whose leaves were changed
    number = 0
    for node in order:
        if node.primitive is not None:
            yield Step(number, "compute", node)
            number += 1
            _refuse_too_many(number)
    yield Step(number, "start", output, after=1.0)
    number += 1
    needed = _leading_to_variables(order)
    sums: dict[Value, float] = {output: 1.0}
    for node in reversed(order):
        if node.primitive is None or node not in sums or node not in needed:
            continue
        upstream = sums[node]
        wanted = [i for i, parent in enumerate(node.parents) if parent in needed]
        found = partials.local(node, wanted)
        for i in wanted:
            parent = node.parents[i]
            if i not in found:
                why = partials.one(node, i)[1]
                yield Step(number, "skip", node, parent, i, upstream=upstream, why=why)
            else:
                product = found[i] * upstream
                before = sums.get(parent)
                after = product if before is None else before + product
                sums[parent] = after
                yield Step(
                    number, "send", node, parent, i, found[i], upstream, product, before, after
                )
            number += 1
            _refuse_too_many(number)


def _refuse_too_many(number: int) -> None:
    if number >= MOST:
        raise ValueError(
            f"this graph takes more than {MOST:,} steps: step through a smaller one, or use"
            " draw(value) and explain(value, wrt) on this one"
        )


def _leading_to_variables(order: Sequence[Value]) -> set[Value]:
    """The nodes with a variable leaf below: those that the reverse traversal visits."""
    needed = {node for node in order if node.primitive is None and not node.constant}
    for node in order:
        for parent in node.parents:
            if parent in needed:
                needed.add(node)
                break
    return needed


def step(what: Any, *args: Any, digits: int = 6) -> Stepper:
    """Step through the forward and the backward pass of a graph.

    Arguments: `what`, a Value, or a function that is called with `args`, which
    become its named inputs; `digits`, of the numbers it tells, 17 for every bit.
    Returns a Stepper: shown by notebooks with buttons and keys. The line of code
    that made a node is told for a function's nodes, and for a Value's that were
    made inside `with autograd.lines()`.

    >>> steps = step(lambda x, y: x * y, 3.0, 2.0)
    >>> print(steps.text(0))
    [forward 1 of 1]
      v₁ = x × y   the formula
      v₁ = 3 × 2   with numbers
      v₁ = 6       the result
    """
    if isinstance(what, Value) and not args:
        return Stepper(what, digits=digits)
    from autograd.drawing.picture import called

    outputs, names = called(what, args)
    if len(outputs) != 1:
        raise TypeError(f"step takes a function with one result, got {len(outputs)}: choose one")
    return Stepper(outputs[0], names, digits)
