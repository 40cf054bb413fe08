"""The stepper as a live widget: move an input, and both passes are computed again."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from autograd import modes
from autograd.drawing.escape import clean
from autograd.engine import Value, constant
from autograd.row import number

if TYPE_CHECKING:
    from autograd.drawing.steps import Stepper

MOST = 12
"""Inputs that get a slider."""


def replayed(
    output: Value, order: list[Value], changed: Mapping[Value, float]
) -> dict[Value, Value]:
    """A new graph of the same operations on other numbers: for each node its new one.

    >>> from autograd.graph import topological_order
    >>> x = Value(2.0); y = x * x
    >>> replayed(y, topological_order(y), {x: 3.0})[y].data
    9.0
    """
    new: dict[Value, Value] = {}
    with modes.recording():
        for node in order:
            if node.primitive is not None:
                twin = node.primitive(*[new[parent] for parent in node.parents])
            elif node.constant:
                twin = constant(node.data, node.label)
            else:
                twin = Value(changed.get(node, node.data))
            twin.label = node.label
            if node.place is not None:
                twin.place = node.place
            new[node] = twin
    return new


def widget(stepper: Stepper) -> Any:
    """The widget of a stepper: a slider for each of its inputs above the page.

    Its `values`, a dict from an input's name to its number, can be set from
    Python too; `stepper` is the one that is shown.
    Raises ImportError if anywidget is missing.
    """
    try:
        import anywidget
        import traitlets
    except ImportError:
        raise ImportError(
            "the live stepper needs anywidget: pip install 'scalar-autograd[notebook]'"
            " (the stepper itself shows without it)"
        ) from None
    from autograd.drawing.page import asset
    from autograd.drawing.stepper_page import page

    inputs = [node for node in stepper.order if node.primitive is None and not node.constant]
    named = {clean(stepper.name(node)): node for node in inputs[:MOST]}

    class LiveStepper(anywidget.AnyWidget):
        """A stepper whose inputs can be moved."""

        _esm = asset("live.js")
        page = traitlets.Unicode().tag(sync=True)
        ranges = traitlets.Dict().tag(sync=True)
        values = traitlets.Dict().tag(sync=True)

        @traitlets.validate("values")
        def _numbers(self, proposal: Any) -> dict[str, float]:
            told = {name: node.data for name, node in named.items()} | self.values
            for name, x in proposal["value"].items():
                if name not in named:
                    raise ValueError(f"no input is named {name!r:.40}: they are {', '.join(named)}")
                told[name] = number(x, name)
            return told

        @traitlets.observe("values")
        def _again(self, change: Any) -> None:
            changed = {named[name]: x for name, x in change["new"].items()}
            new = replayed(stepper.output, stepper.order, changed)
            given = {new[node]: name for node, name in stepper.given.items() if node in new}
            self.stepper = type(stepper)(new[stepper.output], given, stepper.digits)
            self.page = page(self.stepper)

    made = LiveStepper()
    made.stepper = stepper
    made.ranges = {name: _range(node.data) for name, node in named.items()}
    made.page = page(stepper)
    with made.hold_trait_notifications():
        made.values = {name: node.data for name, node in named.items()}
    return made


def _range(x: float) -> list[float]:
    """Where a slider goes: around the number, a power of two wide."""
    if not math.isfinite(x):
        return [-10.0, 10.0]
    width = 2.0 ** math.ceil(math.log2(max(abs(x), 0.5)) + 1.0)
    return [-width, width]
