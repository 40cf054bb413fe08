"""Value: a number that remembers how it was computed.

Arithmetic on Values records a graph of nodes. Each node holds its number, the
primitive that made it and the parents it was made from, nothing else: no
closures and no references back, so that dropping the last reference to an
output frees its graph at once.
"""

from __future__ import annotations

import itertools
from array import array
from collections.abc import Callable
from copy import deepcopy
from operator import index
from typing import Any

from autograd import modes, primitives, reverse, subclasses
from autograd.graph import topological_order
from autograd.row import Primitive, number, operand

_next_serial = itertools.count(1).__next__
_current_mode = modes.current.get


def _binary(primitive: Primitive, sign: str) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """The operator of a row and its reflection; `sign` is Python's word, the div of __div__."""
    name, value = primitive.name, primitive.value
    forth, back = f"__{sign}__", f"__r{sign}__"

    def operator(self: Value, other: Any) -> Any:
        if type(other) is not Value and (other := _operand(other, name, back)) is NotImplemented:
            return NotImplemented
        return _node(primitive, (self, other), value(self._data, other._data))

    def reflected(self: Value, other: Any) -> Any:
        left = _operand(other, name, forth)
        return NotImplemented if left is NotImplemented else operator(left, self)

    operator.__name__, reflected.__name__ = forth, back
    return operator, reflected


def _method(primitive: Primitive) -> Callable[..., Any]:
    """A row of one argument as a method."""
    value = primitive.value

    def method(self: Value) -> Value:
        return _node(primitive, (self,), value(self._data))

    method.__name__ = primitive.name
    method.__qualname__ = f"Value.{primitive.name}"
    method.__doc__ = f"autograd.{primitive.name}(self), recorded in the graph."
    return method


class Value:
    """A node of a computation graph: a leaf made by you, or what an operation made.

    Arguments: `data`, a real number (kept as a float); `label`, a name for
    pictures and messages; `_children` and `_op` are taken for programs written
    for micrograd and must be left empty.

    Raises TypeError for anything that is not a real number, OverflowError for
    an int too large for a float.

    >>> x = Value(2.0, label="x"); y = Value(-3.0, label="y")
    >>> z = x * y + x ** 2
    >>> z.backward()
    >>> z.data, x.grad, y.grad
    (-2.0, 1.0, 2.0)
    """

    __slots__ = (
        "__weakref__",
        "_constant",
        "_data",
        "_grad",
        "_parents",
        "_primitive",
        "_serial",
        "label",
        "place",
    )

    __module__ = "autograd"  # where programs find it, whichever engine runs

    _rank = 10

    def __init__(
        self, data: float, _children: tuple[()] = (), _op: str = "", label: str = ""
    ) -> None:
        if _children or _op:
            raise TypeError(
                f"a Value made by hand is a leaf, got _children={_children!r:.80}, _op={_op!r}:"
                " compute it with operators or autograd's functions, and name it with label=..."
            )
        made_by = getattr(self, "_primitive", None)
        if made_by is not None:
            raise TypeError(
                f"a node made by {made_by.name!r} can't be made anew: make another Value"
            )
        self._data = number(data)
        self._grad: float | None = None
        self._constant = False
        self._serial: int = _next_serial()
        self._parents: tuple[Value, ...] = ()
        self._primitive: Primitive | None = None
        self.label = label
        mode = _current_mode()
        self.place: modes.Place | None = None if mode is None else modes.place_for(mode)

    # What a node knows

    @property
    def data(self) -> float:
        """The number. Assigning a leaf's is allowed; the graphs that used it are then void."""
        return self._data

    @data.setter
    def data(self, new: float) -> None:
        if self.primitive is not None:
            raise AttributeError(
                f"the data of a node made by {self.primitive.name!r} is computed"
                f" ({self._data!r}) and can't be assigned {new!r:.80}: assign a leaf and"
                " compute again, or start a new leaf with Value(...)"
            )
        self._data = number(new, "Value.data")
        self._serial = _next_serial()

    @property
    def grad(self) -> float:
        """The gradient that backward() left here: 0.0 if it did not come here."""
        grad = self._grad
        return 0.0 if grad is None else grad

    @grad.setter
    def grad(self, new: float | None) -> None:
        self._grad = None if new is None else number(new, "Value.grad")

    @property
    def reached(self) -> bool:
        """Whether a backward pass came here: a gradient of 0 is not the same as none."""
        return self._grad is not None

    @property
    def constant(self) -> bool:
        """Whether this leaf stands for a plain number, and gets no gradient."""
        return self._constant

    @property
    def parents(self) -> tuple[Value, ...]:
        """The nodes it was computed from, in order."""
        return self._parents

    @property
    def primitive(self) -> Primitive | None:
        """The row that computed it; None for a leaf."""
        return self._primitive

    @property
    def scope(self) -> tuple[str, ...]:
        """The names of the scopes it was made in, outermost first."""
        return () if self.place is None else self.place.scope

    @property
    def primal(self) -> float:
        """The number: what every type that passes through the table calls it."""
        return self._data

    @property
    def _prev(self) -> tuple[Value, ...]:
        """The parents, under micrograd's name."""
        return self.parents

    @property
    def _op(self) -> str:
        """The operation's symbol, under micrograd's name; empty for a leaf."""
        return "" if self.primitive is None else self.primitive.symbol

    # Derivatives

    def backward(self, cotangent: float = 1.0) -> None:
        """Put d(self)/d(node) into the `.grad` of every node below.

        Leaves add it to the gradient they have, interior nodes start afresh, so
        calling it twice doubles the leaves' gradients and calling it on two
        losses adds theirs.

        Argument: `cotangent`, the factor to start with.
        Raises RuntimeError if a leaf was assigned since the graph was recorded, or
        if this node depends on no variable.

        >>> x = Value(3.0); y = x * x
        >>> y.backward(); y.backward()
        >>> x.grad, y.grad
        (12.0, 1.0)
        """
        reverse.backward(self, number(cotangent, "backward"))

    def detach(self) -> Value:
        """The same number as a constant: no gradient passes.

        >>> x = Value(3.0); y = x * x.detach()
        >>> y.backward(); x.grad
        3.0
        """
        return constant(self._data)

    def item(self) -> float:
        """The number, under PyTorch's and NumPy's name for leaving the graph."""
        return self._data

    # Showing, copying

    def __repr__(self) -> str:
        name = f", label={self.label!r}" if self.label else ""
        return f"Value(data={self._data!r}, grad={self.grad!r}{name})"

    def __format__(self, spec: str) -> str:
        return format(self._data, spec) if spec else repr(self)

    def __copy__(self) -> Value:
        twin = _copied(self, self.parents)
        subclasses.restore(twin, subclasses.state(self, Value))
        return twin

    def __deepcopy__(self, memo: dict[int, Any]) -> Value:
        # Walked here, because deepcopy's own recursion would end a long chain.
        subclassed = []
        for node in topological_order(self):
            if id(node) not in memo:
                parents = tuple([memo[id(parent)] for parent in node.parents])
                memo[id(node)] = _copied(node, parents)
                if type(node) is not Value:
                    subclassed.append(node)
        for node in subclassed:  # what they hold may be nodes of this graph
            subclasses.restore(memo[id(node)], deepcopy(subclasses.state(node, Value), memo))
        return memo[id(self)]  # type: ignore[no-any-return]  # deepcopy's memo is untyped

    def __reduce__(self) -> tuple[Any, ...]:
        if self.primitive is not None:
            raise TypeError(
                f"can't pickle a node made by {self.primitive.name!r} (data={self._data!r}):"
                " its graph would part from the leaves it shares with other objects; pickle the"
                " leaves and compute again, or use copy.deepcopy"
            )
        from autograd.engine import leaf  # the same function for both engines, above them

        made = (self._data, self._grad, self._constant, self.label)
        if type(self) is Value:
            return (leaf, made)
        return (leaf, (*made, type(self)), subclasses.state(self, Value))

    # By value, as numbers; a set or dict tells Values apart by identity

    def __eq__(self, other: object) -> bool:
        return self._data == _comparable(other)  # type: ignore[no-any-return]  # arrays: an array

    def __ne__(self, other: object) -> bool:
        return self._data != _comparable(other)  # type: ignore[no-any-return]  # arrays: an array

    __hash__ = object.__hash__

    def __lt__(self, other: Any) -> bool:
        return self._data < _comparable(other)  # type: ignore[no-any-return]  # as above

    def __le__(self, other: Any) -> bool:
        return self._data <= _comparable(other)  # type: ignore[no-any-return]  # as above

    def __gt__(self, other: Any) -> bool:
        return self._data > _comparable(other)  # type: ignore[no-any-return]  # as above

    def __ge__(self, other: Any) -> bool:
        return self._data >= _comparable(other)  # type: ignore[no-any-return]  # as above

    def __bool__(self) -> bool:
        return self._data != 0.0

    def _leaves_the_graph(self, *_: Any) -> Any:
        raise TypeError(
            f"{self!r} can't become a plain number without leaving the graph: use autograd's"
            " function (autograd.exp(x) for math.exp(x)), or x.data if you want just the number"
        )

    __float__ = __int__ = __complex__ = __index__ = _leaves_the_graph

    # Operators. Each is bound straight to its row: these lines are the hot path.

    def __add__(self, other: Any) -> Any:
        if type(other) is not Value:
            other = _operand(other, "add", "__radd__")
            if other is NotImplemented:
                return NotImplemented
        return _node(primitives.add, (self, other), self._data + other._data)

    def __sub__(self, other: Any) -> Any:
        if type(other) is not Value:
            other = _operand(other, "subtract", "__rsub__")
            if other is NotImplemented:
                return NotImplemented
        return _node(primitives.subtract, (self, other), self._data - other._data)

    def __mul__(self, other: Any) -> Any:
        if type(other) is not Value:
            other = _operand(other, "multiply", "__rmul__")
            if other is NotImplemented:
                return NotImplemented
        return _node(primitives.multiply, (self, other), self._data * other._data)

    __truediv__, __rtruediv__ = _binary(primitives.divide, "truediv")
    __floordiv__, __rfloordiv__ = _binary(primitives.floor_divide, "floordiv")
    __mod__, __rmod__ = _binary(primitives.remainder, "mod")
    _power, __rpow__ = _binary(primitives.pow, "pow")

    def __pow__(self, other: Any, modulus: Any = None) -> Any:
        return self._power(other) if modulus is None else NotImplemented

    def __neg__(self) -> Value:
        return _node(primitives.negative, (self,), -self._data)

    def __pos__(self) -> Value:
        return _node(primitives.positive, (self,), self._data)

    def __abs__(self) -> Value:
        return _node(primitives.abs, (self,), abs(self._data))

    def __radd__(self, other: Any) -> Any:
        # sum() starts with the int 0: recording it would put a constant in every graph.
        if type(other) is int and other == 0 and modes.is_recording():
            return self
        left = _operand(other, "add", "__add__")
        return NotImplemented if left is NotImplemented else left + self

    def __rsub__(self, other: Any) -> Any:
        left = _operand(other, "subtract", "__sub__")
        return NotImplemented if left is NotImplemented else left - self

    def __rmul__(self, other: Any) -> Any:
        left = _operand(other, "multiply", "__mul__")
        return NotImplemented if left is NotImplemented else left * self

    def __divmod__(self, other: Any) -> Any:
        return self // other, self % other

    def __rdivmod__(self, other: Any) -> Any:
        return other // self, other % self

    def __round__(self, digits: int | None = None) -> Value:
        if digits is None:
            return _node(primitives.round, (self,), primitives.round.value(self._data))
        return primitives.round_to(self, index(digits))  # type: ignore[no-any-return]  # a Value

    def __floor__(self) -> Value:
        return _node(primitives.floor, (self,), primitives.floor.value(self._data))

    def __ceil__(self) -> Value:
        return _node(primitives.ceil, (self,), primitives.ceil.value(self._data))

    def __trunc__(self) -> Value:
        return _node(primitives.trunc, (self,), primitives.trunc.value(self._data))

    # The rows as methods, also under the names that NumPy looks for in object arrays.

    exp = _method(primitives.exp)
    exp2 = _method(primitives.exp2)
    expm1 = _method(primitives.expm1)
    log = _method(primitives.log)
    log2 = _method(primitives.log2)
    log10 = _method(primitives.log10)
    log1p = _method(primitives.log1p)
    sqrt = _method(primitives.sqrt)
    cbrt = _method(primitives.cbrt)
    square = _method(primitives.square)
    reciprocal = _method(primitives.reciprocal)
    sin = _method(primitives.sin)
    cos = _method(primitives.cos)
    tan = _method(primitives.tan)
    asin = arcsin = _method(primitives.asin)
    acos = arccos = _method(primitives.acos)
    atan = arctan = _method(primitives.atan)
    sinh = _method(primitives.sinh)
    cosh = _method(primitives.cosh)
    tanh = _method(primitives.tanh)
    asinh = arcsinh = _method(primitives.asinh)
    acosh = arccosh = _method(primitives.acosh)
    atanh = arctanh = _method(primitives.atanh)
    abs = fabs = _method(primitives.abs)
    sign = _method(primitives.sign)
    floor = _method(primitives.floor)
    ceil = _method(primitives.ceil)
    trunc = _method(primitives.trunc)
    rint = _method(primitives.round)
    sigmoid = _method(primitives.sigmoid)
    logsigmoid = _method(primitives.logsigmoid)
    softplus = _method(primitives.softplus)
    softsign = _method(primitives.softsign)
    relu = _method(primitives.relu)
    selu = _method(primitives.selu)
    silu = _method(primitives.silu)
    mish = _method(primitives.mish)
    gelu = _method(primitives.gelu)
    erf = _method(primitives.erf)
    erfc = _method(primitives.erfc)
    lgamma = _method(primitives.lgamma)
    digamma = _method(primitives.digamma)

    def pow(self, other: Any) -> Any:
        """self ** other."""
        return self**other

    def maximum(self, other: Any) -> Any:
        """autograd.maximum(self, other)."""
        return primitives.maximum(self, other)

    def minimum(self, other: Any) -> Any:
        """autograd.minimum(self, other)."""
        return primitives.minimum(self, other)

    def clip(self, low: Any, high: Any) -> Any:
        """autograd.clip(self, low, high)."""
        return primitives.clip(self, low, high)

    def hypot(self, other: Any) -> Any:
        """autograd.hypot(self, other)."""
        return primitives.hypot(self, other)

    def arctan2(self, other: Any) -> Any:
        """autograd.atan2(self, other)."""
        return primitives.atan2(self, other)

    def conjugate(self) -> Value:
        """itself: what NumPy's var, std and vdot ask of a number."""
        return self

    @staticmethod
    def _apply(primitive: Primitive, args: tuple[Any, ...]) -> Value:
        """Record `primitive` on `args`, of which at least one is a Value."""
        parents = tuple(
            [
                x if isinstance(x, Value) else constant(number(x, primitive, i))
                for i, x in enumerate(args)
            ]
        )
        return _node(primitive, parents, primitive.value(*[p._data for p in parents]))


_new = Value.__new__


def _node(primitive: Primitive, parents: tuple[Value, ...], data: float) -> Value:
    """A new node; what the current mode asks for is done here."""
    mode = _current_mode()
    if mode is not None:
        if mode.strict:
            modes.refuse_nonfinite(primitive, parents, data)
        if not mode.record:
            return constant(data)
    node = _new(Value)
    node._data = data
    node._grad = None
    node._constant = False
    node._serial = _next_serial()
    node._parents = parents
    node._primitive = primitive
    node.label = ""
    node.place = None if mode is None else modes.place_for(mode)
    return node


def constant(data: float, label: str = "") -> Value:
    """A leaf that gets no gradient: what a plain number becomes when it meets a Value.

    >>> constant(2.0).constant
    True
    """
    node = _new(Value)
    node._data = data if type(data) is float else number(data, "constant")
    node._grad = None
    node._constant = True
    node._serial = _next_serial()
    node._parents = ()
    node._primitive = None
    node.label = label
    node.place = None
    return node


def _copied(node: Value, parents: tuple[Value, ...]) -> Value:
    """A node like another, made now. What is void for the one is for the other."""
    twin = _new(type(node))
    twin._data, twin._grad, twin._constant = node._data, node._grad, node._constant
    twin._parents, twin._primitive = parents, node._primitive
    twin.label, twin.place = node.label, node.place
    assigned = [i for i, parent in enumerate(node._parents) if parent._serial > node._serial]
    if node._primitive is None or (assigned and parents is node._parents):
        twin._serial = node._serial
    else:
        twin._serial = _next_serial()
        for i in assigned:  # the copied leaf is younger than this copy, as its original is
            parents[i]._serial = _next_serial()
    return twin


def _operand(x: Any, name: str, reflected: str) -> Any:
    """The other operand as a Value; NotImplemented for a type with arithmetic of its own."""
    if type(x) is float:
        return constant(x)
    if isinstance(x, Value):
        return x
    x = operand(x, name, reflected)
    return x if x is NotImplemented else constant(x)


def _comparable(x: Any) -> Any:
    """What Python compares: a Value's number; a NumPy scalar as Python's, to give a bool."""
    if isinstance(x, Value):
        return x._data
    return x.item() if getattr(x, "ndim", None) == 0 and hasattr(x, "item") else x


# Many leaves at a time: what optimizers do, without a line of Python for each in the core


def data_of(values: list[Value]) -> list[float] | array[float]:
    """The data of each, as a list; as an array of doubles from the core."""
    return [value._data for value in values]


def grads_of(values: list[Value]) -> list[float] | array[float]:
    """The gradient of each, 0.0 where none came; a list or an array, as data_of."""
    return [value.grad for value in values]


def assign(values: list[Value], numbers: list[float] | array[float]) -> None:
    """Assign the data of each leaf."""
    for value, x in zip(values, numbers, strict=True):
        value.data = x


def clear_grads(values: list[Value]) -> None:
    """Make every gradient "not reached"."""
    for value in values:
        value._grad = None
