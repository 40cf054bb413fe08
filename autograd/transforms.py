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
from autograd.engine import Value, below, constant, gradients, itself, number_of
from autograd.forward import Dual, new_tag
from autograd.row import number, primal
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
        if isinstance(y, (list, tuple, dict)) or tree.is_array(y):
            raise TypeError(
                f"grad takes a function whose result is one number, got {y!r:.80}:"
                " use jacobian for several"
            )
        value, gradient = _pull(_result(y), variables.leaves)
        return _settled(value), variables.shaped(gradient)

    return both


class _Variables:
    """The chosen arguments of one call of f, each number in them made a new variable."""

    def __init__(self, f: Function, args: tuple[Any, ...], argnums: Argnums) -> None:
        self.f = f
        self.original = list(args)
        self.single = isinstance(argnums, int)
        self.chosen = _positions(argnums, len(args))
        self.numbers, self._build = tree.flatten([args[i] for i in self.chosen])
        self.numbers = [_numeric(x, "a variable") for x in self.numbers]
        self.leaves: list[Value] = []

    def evaluate(self, options: dict[str, Any]) -> Any:
        """f on new variables, recorded."""
        with modes.recording():
            fresh = [_fresh(x) for x in self.numbers]
            self.leaves = [leaf for _, leaf in fresh]
            return self._call([x for x, _ in fresh], options)

    def push(self, options: dict[str, Any]) -> tuple[list[list[Any]], Build]:
        """The gradient of each number of the result, by one forward pass for each variable."""
        columns: list[list[Any]] = []
        build: Build = list
        for j, x in enumerate(self.numbers):
            tag = new_tag()
            numbers = [*self.numbers[:j], Dual(x, 1.0, tag), *self.numbers[j + 1 :]]
            with modes.recording():
                outputs, build = tree.flatten(self._call(numbers, options))
            columns.append([_parted(y, tag)[1] for y in outputs])
        return [list(row) for row in zip(*columns, strict=True)], build

    def _call(self, numbers: list[Any], options: dict[str, Any]) -> Any:
        args = list(self.original)
        for i, argument in zip(self.chosen, self._build(numbers), strict=True):
            args[i] = argument
        return self.f(*args, **options)

    def shaped(self, numbers: list[Any]) -> Any:
        """One number for each variable, in the shape of the arguments."""
        built = self._build([_settled(x) for x in numbers])
        return built[0] if self.single else tuple(built)


def _positions(argnums: Argnums, count: int) -> tuple[int, ...]:
    """The argnums as positions from 0, each once."""
    chosen = (argnums,) if isinstance(argnums, int) else tuple(argnums)
    for i in chosen:
        if type(i) is not int:
            raise TypeError(f"argnums takes ints, got {i!r:.80}: count the arguments from 0")
        if not -count <= i < count:
            raise ValueError(
                f"argnums {i} is not among the {count} positional argument(s):"
                " count from 0, and pass what you differentiate by position"
            )
    positions = tuple([i % count for i in chosen])
    if len(set(positions)) < len(positions):
        raise ValueError(f"argnums {argnums!r} names an argument twice: name each once")
    return positions


def _numeric(x: Any, what: str) -> Any:
    return x if hasattr(type(x), "_rank") else number(x, what)


def _result(y: Any) -> Any:
    return _numeric(y, "the result of the function")


def _settled(x: Any) -> Any:
    """x as it leaves a transform: under no_grad() a plain number."""
    return x if modes.is_recording() else primal(x)


def _fresh(x: Any) -> tuple[Any, Value]:
    """x as a new variable, and the node that is its innermost number.

    A number gets a node of its own, so that only paths through this variable
    count; it is no leaf, so that to a transform around this one it is none of
    the Values that are closed over. Inside a dual or a series the primal is
    replaced: differentiating commutes with expanding, so the gradient of each
    coefficient is the coefficient of the gradient.
    """
    if isinstance(x, Dual):
        inner, leaf = _fresh(x.primal)
        return Dual(inner, x.tangent, x.tag), leaf
    if isinstance(x, Series):
        inner, leaf = _fresh(x.coefficients[0])
        return Series([inner, *x.coefficients[1:]], x.tag), leaf
    leaf = primitives.positive(x if isinstance(x, Value) else constant(x))
    return leaf, leaf


def _pull(y: Any, leaves: list[Value]) -> tuple[Any, list[Any]]:
    """y's value and its derivative by each leaf, for whatever y is made of."""
    if isinstance(y, Dual):
        value, primals = _pull(y.primal, leaves)
        tangent, tangents = _pull(y.tangent, leaves)
        pairs = zip(primals, tangents, strict=True)
        return Dual(value, tangent, y.tag), [Dual(p, t, y.tag) for p, t in pairs]
    if isinstance(y, Series):
        parts = [_pull(c, leaves) for c in y.coefficients]
        columns = zip(*[gradient for _, gradient in parts], strict=True)
        values = [value for value, _ in parts]
        return Series(values, y.tag), [Series(list(column), y.tag) for column in columns]
    if not isinstance(y, Value):
        return y, [0.0] * len(leaves)
    order, linked = _below([y], leaves)
    return y if linked else y.data, _sweep([(y, 1.0)], leaves, order, linked)


def _value(y: Any, leaves: list[Value]) -> Any:
    """y as it leaves the transform: a Value only if something outside can differentiate it."""
    if isinstance(y, Dual):
        return Dual(_value(y.primal, leaves), _value(y.tangent, leaves), y.tag)
    if isinstance(y, Series):
        return Series([_value(c, leaves) for c in y.coefficients], y.tag)
    if not isinstance(y, Value):
        return y
    return y if _below([y], leaves)[1] else y.data


def _below(ys: list[Value], leaves: list[Value]) -> tuple[list[Value] | None, bool]:
    """The graph from ys down to what is older than the leaves; whether it has other variables."""
    order, linked = below(ys, leaves)
    return order, linked and modes.is_recording()


def _sweep(
    seeds: list[tuple[Value, Any]], leaves: list[Value], order: list[Value] | None, linked: bool
) -> list[Any]:
    """The derivative of the sum of seed * y by each leaf."""
    if linked:
        return gradients(seeds, leaves, itself, order)
    return gradients([(y, primal(seed)) for y, seed in seeds], leaves, number_of, order)


def vjp(f: Function, *primals: Any) -> tuple[Any, Function]:
    """f's result and the function that pulls a cotangent of it back to the arguments.

    Returns `(result, pullback)`; `pullback(cotangent)`, with the result's shape,
    gives a tuple with the arguments' shapes, and may be called again.
    Raises ValueError if the cotangent has another shape.

    >>> y, pullback = vjp(lambda x, z: [x * z, x + z], 3.0, 4.0)
    >>> y, pullback([1.0, 10.0])
    ([12.0, 7.0], (14.0, 13.0))
    """
    variables = _Variables(f, primals, range(len(primals)))
    result = variables.evaluate({})
    outputs, build = tree.flatten(result)
    outputs = [_result(y) for y in outputs]

    def pullback(cotangent: Any) -> Any:
        seeds = tree.flatten_like(result, cotangent, "the cotangent")
        seeds = [_numeric(seed, "a cotangent") for seed in seeds]
        return variables.shaped(_pull_all(outputs, seeds, variables.leaves))

    return build([_settled(_value(y, variables.leaves)) for y in outputs]), pullback


def _pull_all(outputs: list[Any], seeds: list[Any], leaves: list[Value]) -> list[Any]:
    """The derivative of sum(seed * output), by one pass where they are plain."""
    total: list[Any] = [0.0] * len(leaves)
    plain: list[tuple[Value, Any]] = []
    for y, seed in zip(outputs, seeds, strict=True):
        if isinstance(y, Value) and isinstance(seed, (Value, float)):
            plain.append((y, seed))
            continue
        gradient = [seed * g for g in _pull(y, leaves)[1]]
        total = [_added(t, g) for t, g in zip(total, gradient, strict=True)]
    if plain:
        order, linked = _below([y for y, _ in plain], leaves)
        linked = linked or any(isinstance(seed, Value) for _, seed in plain)
        gradient = _sweep(plain, leaves, order, linked and modes.is_recording())
        total = [_added(t, g) for t, g in zip(total, gradient, strict=True)]
    return total


def _added(t: Any, g: Any) -> Any:
    return g if _none(t) else t if _none(g) else t + g


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
    _listed("primals", primals)
    _listed("tangents", tangents)
    tag = new_tag()
    xs, build = tree.flatten(list(primals))
    ts = tree.flatten_like(list(primals), list(tangents), "the tangents")
    moving = [_moved(x, t, tag) for x, t in zip(xs, ts, strict=True)]
    with modes.recording():
        outputs, build_output = tree.flatten(f(*build(moving)))
    pairs = [_parted(y, tag) for y in outputs]
    return build_output([y for y, _ in pairs]), build_output([t for _, t in pairs])


def _listed(name: str, xs: Any) -> None:
    if not isinstance(xs, (list, tuple)):
        raise TypeError(
            f"the {name} are a list or tuple with one entry for each argument, got {xs!r:.80}:"
            f" write ({xs!r:.20},)"
        )


def _moved(x: Any, t: Any, tag: int) -> Any:
    x, t = _numeric(x, "a primal"), _numeric(t, "a tangent")
    return x if _none(t) else Dual(x, t, tag)


def _parted(y: Any, tag: int) -> tuple[Any, Any]:
    """y's value and its tangent in the differentiation of this tag."""
    value, tangent = _expanded(y, tag, 1)
    return _settled(value), _settled(tangent)


def _expanded(y: Any, tag: int, order: int) -> list[Any]:
    """y's coefficients in the powers of this tag's perturbation.

    A higher tag around it is a perturbation that outlived its own differentiation
    (kept in a list, say): it stays around each coefficient.
    """
    if isinstance(y, (Dual, Series)) and y.tag == tag:
        return y._parts()
    if isinstance(y, (Dual, Series)) and y.tag > tag:
        columns = zip(*[_expanded(part, tag, order) for part in y._parts()], strict=True)
        return [y._with_parts(list(column)) for column in columns]
    return [_result(y), *[0.0] * order]


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
        rows: list[list[Any]] | None = None
        build: Build = list
        if mode != "forward" or not variables.numbers:
            outputs, build = tree.flatten(variables.evaluate(options))
            if mode == "reverse" or len(variables.leaves) >= len(outputs) or not variables.leaves:
                rows = [_pull(_result(y), variables.leaves)[1] for y in outputs]
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
    _listed("primals", primals)
    argnums: Argnums = 0 if len(primals) == 1 else range(len(primals))
    return jvp(grad(f, argnums), primals, tangents)[1]


def derivative(f: Function, n: int = 1) -> Function:
    """The n-th derivative of a function of one number, by Taylor series.

    Raises ValueError if n is negative, TypeError if it is not an int.

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
    Raises ValueError if the order is negative, TypeError if it is not an int.

    >>> import autograd
    >>> taylor(autograd.exp, 0.0, 3)
    [1.0, 1.0, 0.5, 0.16666666666666666]
    """
    if not isinstance(order, int):
        raise TypeError(f"the order is {order!r:.80}: it counts derivatives, so give an int")
    if order < 0:
        raise ValueError(f"the order is {order}: it counts derivatives, so give 0 or more")
    x = _numeric(x, "the point of expansion")
    tag = new_tag()
    with modes.recording():
        y = f(Series([x, 1.0, *[0.0] * (order - 1)], tag) if order else x)
    return [_settled(c) for c in _expanded(y, tag, order)]
