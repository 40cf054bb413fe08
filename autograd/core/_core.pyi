"""What autograd/core/twin.py takes from the compiled core."""

from typing import Any

TABLE: str
Value: Any
constant: Any
adam: Any
assign: Any
caller: Any
clear_grads: Any
connect: Any
cotangents: Any
data_of: Any
first_nonfinite: Any
grads_of: Any
linked: Any
neurons: Any
sgd: Any
spread: Any
statistics: Any
twin: Any
