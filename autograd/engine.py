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
    from autograd.value import Value, constant

    backend = "pure"
else:
    try:
        from autograd.core.twin import (
            Value,
            below,
            call_row,
            constant,
            cotangents,
            gradients,
            itself,
            number_of,
            spread,
        )

        Primitive.__call__ = call_row
        backend = "compiled"
    except ImportError:
        from autograd.reverse import below, cotangents, gradients, itself, number_of
        from autograd.value import Value, constant

        backend = "pure"

__all__ = [
    "Value",
    "backend",
    "below",
    "constant",
    "cotangents",
    "gradients",
    "itself",
    "number_of",
    "spread",
]
