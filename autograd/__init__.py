"""A scalar autograd engine: Values record a computation graph, its reverse traversal gives gradients.

>>> from autograd import Value
>>> x = Value(3.0)
>>> y = (x * x).tanh()
>>> y.backward()
>>> y.data, x.grad
(0.999999969540041, 3.6551950273939385e-07)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autograd.define import primitive
from autograd.engine import Value, backend, constant
from autograd.forward import Dual
from autograd.functions import (
    dot,
    log_softmax,
    logsumexp,
    max,
    mean,
    min,
    norm,
    prod,
    softmax,
    std,
    stop_gradient,
    sum,
    variance,
)
from autograd.graph import Graph, first_nonfinite, topological_order
from autograd.modes import lines, no_grad, scope, strict
from autograd.row import Domain, Primitive, table
from autograd.primitives import (
    abs,
    acos,
    acosh,
    add,
    asin,
    asinh,
    atan,
    atan2,
    atanh,
    cbrt,
    ceil,
    clip,
    copysign,
    cos,
    cosh,
    cospi,
    digamma,
    divide,
    elu,
    equal,
    erf,
    erfc,
    exp,
    exp2,
    expm1,
    floor,
    floor_divide,
    fmax,
    fmin,
    gaussian,
    gelu,
    gelu_tanh,
    greater,
    greater_equal,
    hypot,
    leaky_relu,
    less,
    less_equal,
    lgamma,
    log,
    log1p,
    log2,
    log10,
    logaddexp,
    logical_and,
    logical_or,
    logsigmoid,
    maximum,
    minimum,
    mish,
    multiply,
    ndtr,
    negative,
    normal_pdf,
    not_equal,
    polygamma,
    positive,
    pow,
    reciprocal,
    relu,
    remainder,
    round,
    selu,
    sigmoid,
    sign,
    silu,
    sin,
    sinc,
    sinh,
    sinpi,
    softplus,
    softsign,
    sqrt,
    square,
    subtract,
    tan,
    tanh,
    trunc,
    where,
    xlogy,
)
from autograd.transforms import (
    derivative,
    grad,
    hessian,
    hvp,
    jacobian,
    jvp,
    taylor,
    value_and_grad,
    vjp,
)

if TYPE_CHECKING:
    from autograd.check import check_grads
    from autograd.drawing import draw, explain, step

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    # What shows and checks is loaded when it is first used: importing autograd stays quick.
    if name == "check_grads":
        from autograd.check import check_grads

        return check_grads
    if name in ("draw", "explain", "step"):
        from autograd import drawing

        return getattr(drawing, name)
    raise AttributeError(f"module 'autograd' has no attribute {name!r}")
