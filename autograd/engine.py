"""Which engine runs: the compiled core where it was built, else plain Python.

Both have the same names and give the same bits. `AUTOGRAD_PURE=1` in the
environment chooses plain Python; `backend_reason` says why it is the one that runs.
Everything above imports Value from here.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from autograd.row import Primitive, spread

if TYPE_CHECKING or os.environ.get("AUTOGRAD_PURE") == "1":
    from autograd.reverse import below, cotangents, gradients, itself, number_of
    from autograd.value import Value, assign, clear_grads, constant, data_of, grads_of

    backend, backend_reason = "pure", "AUTOGRAD_PURE=1 is set"
else:
    try:
        from autograd.core.twin import (
            Value,
            assign,
            below,
            call_row,
            clear_grads,
            constant,
            cotangents,
            data_of,
            gradients,
            grads_of,
            itself,
            number_of,
            spread,
        )

        Primitive.__call__ = call_row
        backend, backend_reason = "compiled", "the compiled core was built and can run here"
    except (ImportError, AttributeError) as error:  # the latter: a core built of older sources
        from autograd.reverse import below, cotangents, gradients, itself, number_of
        from autograd.value import Value, assign, clear_grads, constant, data_of, grads_of

        backend, backend_reason = "pure", str(error)
        if "import name '_core'" in backend_reason:
            backend_reason = "no compiled core was built for this Python, as without a C compiler"


def leaf(
    data: float, grad: float | None, is_constant: bool, label: str, kind: type[Value] = Value
) -> Value:
    """A leaf as it was pickled, by either engine; `kind`, its class if that was a subclass.

    >>> leaf(2.0, None, False, "x")
    Value(data=2.0, grad=0.0, label='x')
    """
    node = constant(data, label) if is_constant else kind.__new__(kind)
    if not is_constant:
        Value.__init__(node, data, label=label)  # whatever arguments the subclass takes
    node.grad = grad
    return node


__all__ = [
    "Value",
    "assign",
    "backend",
    "backend_reason",
    "below",
    "clear_grads",
    "constant",
    "cotangents",
    "data_of",
    "gradients",
    "grads_of",
    "itself",
    "leaf",
    "number_of",
    "spread",
]
