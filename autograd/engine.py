"""Which engine runs: the compiled core where it was built, else plain Python.

Both have the same names and give the same bits. `AUTOGRAD_PURE=1` in the
environment chooses plain Python. Everything above imports Value from here.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from autograd.row import Primitive, spread

if TYPE_CHECKING or os.environ.get("AUTOGRAD_PURE") == "1":
    from autograd.reverse import below, cotangents, gradients, itself, number_of
    from autograd.value import Value, assign, clear_grads, constant, data_of, grads_of

    backend = "pure"
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
        backend = "compiled"
    except ImportError:
        from autograd.reverse import below, cotangents, gradients, itself, number_of
        from autograd.value import Value, assign, clear_grads, constant, data_of, grads_of

        backend = "pure"


def leaf(data: float, grad: float | None, is_constant: bool, label: str) -> Value:
    """A leaf as it was pickled, by either engine.

    >>> leaf(2.0, None, False, "x")
    Value(data=2.0, grad=0.0, label='x')
    """
    node = constant(data, label) if is_constant else Value(data, label=label)
    node.grad = grad
    return node


__all__ = [
    "Value",
    "assign",
    "backend",
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
