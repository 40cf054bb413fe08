"""Functions from functions: gradients, Jacobians, Hessians, directional derivatives.

They touch no state that another thread could see: cotangents live in a dict
of the call, tangents in duals of the call.

Each takes a function of numbers, or of nested lists, tuples and dicts of
numbers. They nest to any depth. What a Value goes into, a Value comes out of:
if the function's arguments, or Values it closes over, are variables of a
graph, so is the result; else it is a plain float.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from autograd import modes, primitives, tree
from autograd.engine import Value, cotangents, itself, number_of
from autograd.forward import Dual, Perturbed, new_tag
from autograd.graph import topological_order
from autograd.row import number
from autograd.series import Series
from autograd.tree import Build

Function = Callable[..., Any]
Argnums = int | Sequence[int]


def grad(f: Function, argnums: Argnums = 0) -> Function:
    """The function that gives the gradient of f.

    Arguments: `f`, whose result is one number; `argnums`, which positional
    arguments to differentiate by: an int, or several for a tuple of gradients.
    Returns a function of f's arguments; a gradient has its argument's shape.
    Raises TypeError if f's result is not one number.

    >>> import autograd
    >>> grad(autograd.tanh)(0.0)
    1.0
    >>> grad(lambda p: p["x"] ** 2 * p["y"])({"x": 3.0, "y": 2.0})
    {'x': 12.0, 'y': 9.0}
    >>> grad(grad(lambda x: x ** 3))(2.0)
    12.0
    """
    both = value_and_grad(f, argnums)

    def gradient(*args: Any, **options: Any) -> Any:
        return both(*args, **options)[1]

    return gradient


def value_and_grad(f: Function, argnums: Argnums = 0) -> Function:
    """The function that gives f's value and its gradient, from one evaluation.

    Arguments and errors as `grad`'s.

    >>> value_and_grad(lambda x, y: x * y, argnums=(0, 1))(3.0, 4.0)
    (12.0, (4.0, 3.0))
    """

    def both(*args: Any, **options: Any) -> tuple[Any, Any]:
        variables = _Variables(f, args, argnums)
        y = variables.evaluate(options)
        if isinstance(y, (list, tuple, dict)) or getattr(y, "ndim", 0):
            raise TypeError(
                f"grad takes a function whose result is one number, got {y!r:.80}:"
                " use jacobian for several"
            )
        value, gradient = _pull(_numeric(y, "the function's result"), variables.leaves)
        return value, variables.shaped(gradient)

    return both


class _Variables:
    """The chosen arguments of one call of f, each number in them made a new variable."""

    def __init__(self, f: Function, args: tuple[Any, ...], argnums: Argnums) -> None:
        self.f = f
        self.original = list(args)
        self.single = isinstance(argnums, int)
        chosen = (argnums,) if isinstance(argnums, int) else tuple(argnums)
        for i in chosen:
            if not -len(args) <= i < len(args):
                raise ValueError(
                    f"argnums {i} is not among the {len(args)} positional argument(s):"
                    " count from 0, and pass what you differentiate by position"
                )
        self.chosen = chosen
        self.numbers, self._build = tree.flatten([args[i] for i in chosen])
        self.leaves: list[Value] = []

    def evaluate(self, options: dict[str, Any]) -> Any:
        """f on new variables, recorded."""
        fresh = [_fresh(x) for x in self.numbers]
        self.leaves = [leaf for _, leaf in fresh]
        with modes.recording():
            return self._call([x for x, _ in fresh], options)

    def push(self, options: dict[str, Any]) -> tuple[list[list[Any]], Build]:
        """The gradient of each number of the result, by one forward pass for each variable."""
        columns: list[list[Any]] = []
        build: Build = list
        for j, x in enumerate(self.numbers):
            tag = new_tag()
            moved = Dual(_numeric(x, "a primal"), 1.0, tag)
            result = self._call([*self.numbers[:j], moved, *self.numbers[j + 1 :]], options)
            outputs, build = tree.flatten(result)
            columns.append([_parted(y, tag)[1] for y in outputs])
        return [list(row) for row in zip(*columns, strict=True)], build

    def _call(self, numbers: list[Any], options: dict[str, Any]) -> Any:
        args = list(self.original)
        for i, argument in zip(self.chosen, self._build(numbers), strict=True):
            args[i] = argument
        return self.f(*args, **options)

    def shaped(self, numbers: list[Any]) -> Any:
        """One number for each variable, in the shape of the arguments."""
        built = self._build(numbers)
        return built[0] if self.single else tuple(built)


def _numeric(x: Any, what: str) -> Any:
    return x if hasattr(type(x), "_rank") else number(x, what)


def _fresh(x: Any) -> tuple[Any, Value]:
    """x as a new variable, and the node that is its innermost number.

    A Value gets a node of its own, so that only paths through this variable
    count. Inside a dual or a series the primal is replaced: differentiating
    commutes with expanding, so the gradient of each coefficient is the
    coefficient of the gradient.
    """
    if isinstance(x, Dual):
        inner, leaf = _fresh(x.primal)
        return Dual(inner, x.tangent, x.tag), leaf
    if isinstance(x, Series):
        inner, leaf = _fresh(x.coefficients[0])
        return Series([inner, *x.coefficients[1:]], x.tag), leaf
    if isinstance(x, Value):
        with modes.recording():
            leaf = primitives.positive(x)
    else:
        leaf = Value(number(x, "a variable"))
    return leaf, leaf


def _pull(y: Any, leaves: list[Value], seed: Any = 1.0) -> tuple[Any, list[Any]]:
    """y's value and its derivative by each leaf, for whatever y is made of."""
    if isinstance(y, Dual):
        value, primal = _pull(y.primal, leaves, seed)
        tangent_value, tangent = _pull(y.tangent, leaves, seed)
        pairs = zip(primal, tangent, strict=True)
        return Dual(value, tangent_value, y.tag), [Dual(p, t, y.tag) for p, t in pairs]
    if isinstance(y, Series):
        parts = [_pull(c, leaves, seed) for c in y.coefficients]
        columns = zip(*[gradient for _, gradient in parts], strict=True)
        values = [value for value, _ in parts]
        return Series(values, y.tag), [Series(list(column), y.tag) for column in columns]
    if not isinstance(y, Value):
        return y, [0.0] * len(leaves)
    return _pull_value(y, leaves, seed)


def _pull_value(y: Value, leaves: list[Value], seed: Any) -> tuple[Any, list[Any]]:
    order = topological_order(y)
    own = set(leaves)
    linked = isinstance(seed, (Value, Perturbed)) or any(
        node.primitive is None and not node.constant and node not in own for node in order
    )
    if not linked:
        sums = cotangents([(y, seed)], leaves, number_of, order)
        return y.data, [sums.get(leaf, 0.0) for leaf in leaves]
    with modes.recording():
        sums = cotangents([(y, seed)], leaves, itself, order)
    return y, [sums.get(leaf, 0.0) for leaf in leaves]


def vjp(f: Function, *primals: Any) -> tuple[Any, Function]:
    """f's result and the function that pulls a cotangent of it back to the arguments.

    Returns `(result, pullback)`; `pullback(cotangent)`, with the result's shape,
    gives a tuple with the arguments' shapes, and may be called again.

    >>> y, pullback = vjp(lambda x, z: [x * z, x + z], 3.0, 4.0)
    >>> y, pullback([1.0, 10.0])
    ([12.0, 7.0], (14.0, 13.0))
    """
    variables = _Variables(f, primals, range(len(primals)))
    outputs, build = tree.flatten(variables.evaluate({}))
    outputs = [_numeric(y, "the function's result") for y in outputs]

    def pullback(cotangent: Any) -> Any:
        seeds, _ = tree.flatten(cotangent)
        if len(seeds) != len(outputs):
            raise ValueError(
                f"the pullback takes {len(outputs)} cotangent(s), got {len(seeds)}:"
                " give one for each number of the result"
            )
        total: list[Any] = [0.0] * len(variables.leaves)
        for y, seed in zip(outputs, seeds, strict=True):
            gradient = _pull(y, variables.leaves, _numeric(seed, "a cotangent"))[1]
            total = [g if _none(t) else t + g for t, g in zip(total, gradient, strict=True)]
        return variables.shaped(total)

    values = [_pull(y, variables.leaves)[0] for y in outputs]
    return build(values), pullback


def _none(x: Any) -> bool:
    return type(x) is float and x == 0.0


def jvp(f: Function, primals: Sequence[Any], tangents: Sequence[Any]) -> tuple[Any, Any]:
    """f's result and its derivative in the direction of the tangents, by forward mode.

    Arguments: `primals` and `tangents`, a list or tuple with one entry for each
    argument of f, of the same shapes.
    Returns `(result, tangent)`, both of the result's shape.
    Raises ValueError if the shapes differ.

    >>> jvp(lambda x, z: x * z, (3.0, 4.0), (1.0, 0.5))
    (12.0, 5.5)
    """
    tag = new_tag()
    xs, build = tree.flatten(list(primals))
    ts, _ = tree.flatten(list(tangents))
    if len(xs) != len(ts):
        raise ValueError(
            f"jvp got {len(xs)} number(s) and {len(ts)} tangent(s): give one tangent for each number"
        )
    moving = [_moved(x, t, tag) for x, t in zip(xs, ts, strict=True)]
    outputs, build_output = tree.flatten(f(*build(moving)))
    pairs = [_parted(y, tag) for y in outputs]
    return build_output([y for y, _ in pairs]), build_output([t for _, t in pairs])


def _moved(x: Any, t: Any, tag: int) -> Any:
    x, t = _numeric(x, "a primal"), _numeric(t, "a tangent")
    return x if _none(t) else Dual(x, t, tag)


def _parted(y: Any, tag: int) -> tuple[Any, Any]:
    if isinstance(y, Dual) and y.tag == tag:
        return y.primal, y.tangent
    return _numeric(y, "the function's result"), 0.0


def jacobian(f: Function, argnums: Argnums = 0, mode: str | None = None) -> Function:
    """The function that gives every derivative of every result by every argument.

    Arguments: as `grad`'s, but f's result may be nested; `mode`, "forward" (one
    pass for each input) or "reverse" (one for each output), the fewer if None.
    Returns a function whose result has f's result's shape, each number in it
    replaced by its gradient.
    Raises ValueError for another mode.

    >>> jacobian(lambda v: [v[0] * v[1], v[0] + v[1]])([3.0, 4.0])
    [[4.0, 3.0], [1.0, 1.0]]
    """
    if mode not in (None, "forward", "reverse"):
        raise ValueError(f"mode is {mode!r}: choose 'forward', 'reverse' or None")

    def jacobian_of(*args: Any, **options: Any) -> Any:
        variables = _Variables(f, args, argnums)
        rows = None
        if mode != "forward":
            outputs, build = tree.flatten(variables.evaluate(options))
            if mode == "reverse" or len(variables.leaves) >= len(outputs):
                outputs = [_numeric(y, "the function's result") for y in outputs]
                rows = [_pull(y, variables.leaves)[1] for y in outputs]
        if rows is None:
            rows, build = variables.push(options)
        return build([variables.shaped(row) for row in rows])

    return jacobian_of


def hessian(f: Function, argnums: Argnums = 0) -> Function:
    """The function that gives f's matrix of second derivatives, forward over reverse.

    Arguments and errors as `grad`'s.
    Returns a function whose result has the argument's shape, each number in it
    replaced by one more of that shape.

    >>> hessian(lambda v: v[0] ** 2 * v[1])([3.0, 4.0])
    [[8.0, 6.0], [6.0, 0.0]]
    """
    return jacobian(grad(f, argnums), argnums, mode="forward")


def hvp(f: Function, primals: Sequence[Any], tangents: Sequence[Any]) -> Any:
    """The Hessian of f times a vector, forward over reverse, without the Hessian.

    Arguments: as `jvp`'s; f's result is one number.
    Returns the product, in the shape of the arguments: a tuple for several, the
    one product for one (Pearlmutter, "Fast Exact Multiplication by the
    Hessian", Neural Computation 6, 1994).

    >>> hvp(lambda v: v[0] ** 2 * v[1], ([3.0, 4.0],), ([1.0, 0.0],))
    [8.0, 6.0]
    """
    argnums: Argnums = 0 if len(primals) == 1 else range(len(primals))
    return jvp(grad(f, argnums), primals, tangents)[1]


def derivative(f: Function, n: int = 1) -> Function:
    """The n-th derivative of a function of one number, by Taylor series.

    Raises ValueError if n is negative.

    >>> import autograd
    >>> derivative(autograd.exp, 5)(0.0)
    1.0
    """

    def nth(x: Any) -> Any:
        return taylor(f, x, n)[n] * float(math.factorial(n))

    return nth


def taylor(f: Function, x: Any, order: int) -> list[Any]:
    """The coefficients of f(x + t) = c0 + c1 t + ... + c_order t^order.

    Arguments: `f`, of one number with one number as result; `x`, where to
    expand; `order`, the highest power.
    Raises ValueError if the order is negative.

    >>> import autograd
    >>> taylor(autograd.exp, 0.0, 3)
    [1.0, 1.0, 0.5, 0.16666666666666666]
    """
    if order < 0:
        raise ValueError(f"the order is {order}: it counts derivatives, so give 0 or more")
    x = _numeric(x, "the point of expansion")
    tag = new_tag()
    y = f(Series([x, 1.0, *[0.0] * (order - 1)], tag) if order else x)
    if isinstance(y, Series) and y.tag == tag:
        return y.coefficients
    return [_numeric(y, "the function's result"), *[0.0] * order]
