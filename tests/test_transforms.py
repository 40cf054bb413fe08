"""Transforms: every mode agrees with every other, nested to any depth, over any shape."""

from __future__ import annotations

import itertools
import math
from collections import OrderedDict, namedtuple
from collections.abc import Callable
from typing import Any

import mpmath
import pytest
from hypothesis import given
from hypothesis import strategies as st
from programs import bits, everything, inputs, numbers, steps

import autograd as ag
from autograd import Value, derivative, grad, hessian, hvp, jacobian, jvp, reverse, taylor, vjp
from autograd.row import primal

Function = Callable[[Any], Any]

DERIVATIVES: dict[str, Callable[[Function], Function]] = {
    "grad": grad,
    "value_and_grad": lambda f: lambda x: ag.value_and_grad(f)(x)[1],
    "vjp": lambda f: lambda x: vjp(f, x)[1](1.0)[0],
    "jvp": lambda f: lambda x: jvp(f, (x,), (1.0,))[1],
    "taylor": derivative,
    "jacobian forward": lambda f: jacobian(f, mode="forward"),
    "jacobian reverse": lambda f: jacobian(f, mode="reverse"),
}
PAIRS = list(itertools.product(DERIVATIVES, repeat=2))


def nested(names: Any, f: Function) -> Function:
    for name in names:
        f = DERIVATIVES[name](f)
    return f


# Perturbation confusion: the classic failures of other systems


@pytest.mark.parametrize(("outer", "inner"), PAIRS)
def test_an_inner_derivative_of_a_closure(outer: str, inner: str) -> None:
    """ForwardDiff.jl issue 83 and ReverseDiff.jl issue 45; Siskind and Pearlmutter, 2005."""
    D, E = DERIVATIVES[outer], DERIVATIVES[inner]
    assert D(lambda x: x * E(lambda y: x + y)(1.0))(1.0) == 1.0
    assert D(lambda x: x * E(lambda y: x * y)(1.0))(4.0) == 8.0
    assert D(lambda x: x * E(lambda y: y * ag.norm([x, 0.0]))(1.0))(1.0) == 2.0
    assert D(lambda x: x * E(lambda y: y * y)(1.0))(1.0) == 2.0
    assert D(lambda x: E(lambda y: x)(1.0) + x)(3.0) == 1.0


@pytest.mark.parametrize("name", DERIVATIVES)
def test_a_function_that_differentiates_itself(name: str) -> None:
    """ForwardDiff.jl issue 313: tags from the function's type are not enough."""
    D = DERIVATIVES[name]

    class Confuse:
        def __init__(self, outer: bool, x: Any) -> None:
            self.outer, self.x = outer, x

        def __call__(self, xy: Any) -> Any:
            return xy * D(Confuse(False, xy))(1.0) if self.outer else self.x + xy

    assert D(Confuse(True, 0.0))(1.0) == 1.0


@pytest.mark.parametrize(("outer", "inner"), PAIRS)
def test_a_perturbation_that_outlives_its_derivative(outer: str, inner: str) -> None:
    """ForwardDiff.jl issue 443: a number kept from one inner derivative is used in the next."""

    def f(x: Any) -> Any:
        kept = [x]

        def g(y: Any) -> Any:
            kept[0] = kept[0] * y
            return kept[0]

        DERIVATIVES[inner](g)(1.0)
        return DERIVATIVES[inner](g)(1.0)

    assert primal(DERIVATIVES[outer](f)(1.0)) == 1.0


def test_lagrange_and_hamilton() -> None:
    """ForwardDiff.jl issue 238: mixed derivatives through two closures."""

    def lagrangian(q: list[Any], v: list[Any]) -> Any:
        return (v[0] ** 2 + v[1] ** 2) * (0.5 + q[0]) - 9.8 * q[1]

    q, v = [1.0, 2.0], [3.0, 4.0]
    momentum = lambda q: grad(lambda v: lagrangian(q, v))(v)  # noqa: E731  # as in the issue
    for mode in ("forward", "reverse"):
        assert jacobian(momentum, mode=mode)(q) == [[6.0, 0.0], [8.0, 0.0]]


def smooth(x: Any) -> Any:
    return ag.exp(ag.sin(x * x)) * x**3 + ag.tanh(x) / (x + 2.0)


def derivatives_by_mpmath(x: float, order: int) -> list[float]:
    with mpmath.workdps(50):
        f = lambda t: mpmath.exp(mpmath.sin(t * t)) * t**3 + mpmath.tanh(t) / (t + 2)  # noqa: E731
        return [float(mpmath.diff(f, mpmath.mpf(x), n)) for n in range(order + 1)]


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_modes_nest_in_every_order(depth: int) -> None:
    truth = derivatives_by_mpmath(0.7, depth)[depth]
    for names in itertools.product(DERIVATIVES, repeat=depth):
        assert nested(names, smooth)(0.7) == pytest.approx(truth, rel=1e-12), names


def test_modes_nest_to_depth_4() -> None:
    truth = derivatives_by_mpmath(0.7, 4)[4]
    for names in itertools.product(["grad", "jvp", "taylor"], repeat=4):
        assert nested(names, smooth)(0.7) == pytest.approx(truth, rel=1e-12), names


@pytest.mark.parametrize(("outer", "inner"), PAIRS)
def test_mixed_partials_commute(outer: str, inner: str) -> None:
    D, E = DERIVATIVES[outer], DERIVATIVES[inner]
    f = lambda x, z: ag.sin(x * z) * ag.exp(x - z * z)  # noqa: E731  # a formula
    xz = D(lambda x: E(lambda z: f(x, z))(0.3))(0.8)
    zx = D(lambda z: E(lambda x: f(x, z))(0.8))(0.3)
    assert type(xz) is type(zx) is float  # the inner variable is none that is closed over
    assert xz == pytest.approx(zx, rel=1e-13)


@pytest.mark.parametrize("name", DERIVATIVES)
def test_through_values_outside(name: str) -> None:
    """Arguments and closed-over Values stay in the graph: backward goes through a derivative."""
    w, x = Value(3.0), Value(2.0)
    y = DERIVATIVES[name](lambda v: w * w * v * v * v)(x)  # 3 w² x²
    assert isinstance(y, Value)
    assert y.data == 108.0
    y.backward()
    assert (w.grad, x.grad) == (72.0, 108.0)
    plain = DERIVATIVES[name](lambda v: v * 3.0)(2.0)
    assert type(plain) is float
    assert plain == 3.0


@pytest.mark.parametrize(("outer", "inner"), PAIRS)
def test_constants_and_inputs_as_results(outer: str, inner: str) -> None:
    D, E = DERIVATIVES[outer], DERIVATIVES[inner]
    for constant in (3, 3.0, ag.constant(3.0)):
        assert E(lambda x, c=constant: c)(2.0) == 0.0
        assert D(E(lambda x, c=constant: c * x))(2.0) == 0.0
    assert E(lambda x: x)(2.0) == 1.0
    assert D(E(lambda x: x))(2.0) == 0.0


@pytest.mark.parametrize("name", DERIVATIVES)
def test_stop_gradient_and_detach(name: str) -> None:
    """A stopped number is a constant for every mode and order."""
    D = DERIVATIVES[name]
    for stop in (ag.stop_gradient, lambda v: v.detach()):
        assert D(lambda x, s=stop: s(x * x) * x)(3.0) == 9.0
        assert D(D(lambda x, s=stop: s(x * x) * x))(3.0) == 0.0
        assert grad(D(lambda x, s=stop: s(x * x) * x))(3.0) == 0.0
    assert ag.stop_gradient(3) == 3.0
    assert ag.stop_gradient({"a": [1.0, Value(2.0)]})["a"][1].constant


# Agreement


@given(steps, inputs)
def test_jacobian_modes_agree(program: Any, xs: list[float]) -> None:
    def f(v: list[Any]) -> list[Any]:
        return [everything(program, v), v[0] * v[-1], 1.0]

    forward = jacobian(f, mode="forward")(xs)
    reverse = jacobian(f, mode="reverse")(xs)
    chosen = jacobian(f)(xs)
    for one, two, three in zip(forward, reverse, chosen, strict=True):
        assert one == pytest.approx(two, rel=1e-11, abs=1e-11)
        assert three == pytest.approx(two, rel=1e-11, abs=1e-11)


@given(steps, inputs, st.lists(numbers, min_size=4, max_size=4), numbers)
def test_dot_product(program: Any, xs: list[float], v: list[float], w: float) -> None:
    """<J v, w> = <v, Jᵀ w> within 1e-13 of the sum of the terms' sizes."""
    v = v[: len(xs)]
    f = lambda *x: everything(program, x)  # noqa: E731  # a formula
    _, tangent = jvp(f, xs, v)
    _, pullback = vjp(f, *xs)
    terms = [g * t for g, t in zip(pullback(w), v, strict=True)]
    size = sum(abs(t) for t in terms) + abs(w * tangent) + 1e-3
    assert abs(w * tangent - sum(terms)) <= 1e-12 * size


@given(steps, inputs, st.lists(numbers, min_size=4, max_size=4))
def test_hessian_is_symmetric_and_hvp_multiplies_by_it(
    program: Any, xs: list[float], v: list[float]
) -> None:
    v = v[: len(xs)]
    f = lambda x: everything(program, x)  # noqa: E731  # a formula
    H = hessian(f)(xs)
    product = hvp(f, (xs,), (v,))
    by_reverse = jacobian(grad(f), mode="reverse")(xs)
    for i, row in enumerate(H):
        size = sum(abs(h * t) for h, t in zip(row, v, strict=True)) + 1e-3
        assert abs(product[i] - sum(h * t for h, t in zip(row, v, strict=True))) <= 1e-10 * size
        for j, h in enumerate(row):
            assert h == pytest.approx(H[j][i], rel=1e-9, abs=1e-9)
            assert h == pytest.approx(by_reverse[i][j], rel=1e-9, abs=1e-9)


@given(steps, numbers)
def test_taylor_is_repeated_differentiation(program: Any, x: float) -> None:
    f = lambda t: everything(program, [t, t * 0.5])  # noqa: E731  # a formula
    c = taylor(f, x, 3)
    assert c[0] == pytest.approx(f(x), rel=1e-13, abs=1e-13)
    g = f
    for n in (1, 2, 3):
        g = grad(g)
        assert c[n] * math.factorial(n) == pytest.approx(g(x), rel=1e-8, abs=1e-8)


def test_the_value_is_the_functions_to_the_bit() -> None:
    for f in (smooth, lambda x: x / 3.0, lambda x: round(x, 1)):
        assert bits(ag.value_and_grad(f)(0.7)[0]) == bits(f(0.7))
        assert bits(vjp(f, 0.7)[0]) == bits(f(0.7))
        assert bits(jvp(f, (0.7,), (1.0,))[0]) == bits(f(0.7))
        assert bits(taylor(f, 0.7, 2)[0]) == bits(f(0.7))


# Taylor series of high order

SERIES: dict[str, tuple[Function, Function, float]] = {
    "sin": (ag.sin, mpmath.sin, 0.3),
    "tan": (ag.tan, mpmath.tan, 0.3),
    "exp2": (ag.exp2, lambda x: mpmath.mpf(2) ** x, 0.3),
    "power": (lambda x: x**2.5, lambda x: x ** mpmath.mpf(2.5), 1.3),
    "inverse": (lambda x: (x * x + 1.0) ** -3, lambda x: (x * x + 1) ** -3, 0.3),
    "x^x": (lambda x: x**x, lambda x: x**x, 1.3),
    "hypot": (lambda x: ag.hypot(x, 2 * x + 1), lambda x: mpmath.hypot(x, 2 * x + 1), 0.3),
    "atan2": (lambda x: ag.atan2(x, x * x + 1), lambda x: mpmath.atan2(x, x * x + 1), 0.4),
    "asinh": (ag.asinh, mpmath.asinh, 0.3),
    "lgamma": (ag.lgamma, mpmath.loggamma, 2.3),
    "erf": (ag.erf, mpmath.erf, 0.5),
    "gelu": (ag.gelu, lambda x: x * mpmath.ncdf(x), 0.5),
    "logaddexp": (
        lambda x: ag.logaddexp(x, 2 * x),
        lambda x: mpmath.log(mpmath.exp(x) + mpmath.exp(2 * x)), 0.4,
    ),
    "softmax": (
        lambda x: ag.softmax([x, 2 * x, 1.0])[0],
        lambda x: mpmath.exp(x) / (mpmath.exp(x) + mpmath.exp(2 * x) + mpmath.e), 0.3,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SERIES)
def test_taylor_against_mpmath(name: str) -> None:
    f, truth, x = SERIES[name]
    with mpmath.workdps(60):
        expected = [float(c) for c in mpmath.taylor(truth, mpmath.mpf(x), 8)]
    scale = max(map(abs, expected))
    assert taylor(f, x, 8) == pytest.approx(expected, rel=1e-10, abs=1e-12 * scale)


@pytest.mark.parametrize("name", [n for n, p in ag.table().items() if not p.nary])
def test_every_row_expands_to_order_20(name: str) -> None:
    """The work grows like a power of the order: a row that asks for itself must not double it."""
    primitive = ag.table()[name]
    count = 0
    local = ag.Primitive.local

    def counted(self: Any, *args: Any) -> Any:
        nonlocal count
        count += 1
        assert count < 50_000, f"the series of {name} takes ever more work"
        return local(self, *args)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ag.Primitive, "local", counted)
        taylor(
            lambda x: primitive(*[x * k + 0.1 for k in (0.5, 1.5, 2.5)[: primitive.arity]]), 0.3, 20
        )


def test_taylor_at_edges() -> None:
    assert derivative(lambda x: x**4, 5)(0.0) == 0.0
    assert derivative(lambda x: x**4, 4)(0.0) == 24.0
    assert taylor(lambda x: x**2, -2.0, 3) == [4.0, -4.0, 1.0, 0.0]
    assert taylor(ag.sqrt, 0.0, 1) == [0.0, math.inf]
    assert taylor(lambda x: ag.where(x > 0, ag.sqrt(x), 0.0), 0.0, 3) == [0.0, 0.0, 0.0, 0.0]
    assert grad(grad(lambda x: x**2))(0.0) == 2.0
    assert grad(grad(grad(lambda x: x**2.5)))(1.0) == 1.875
    assert taylor(ag.exp, 1.0, 0) == [math.e]
    assert derivative(ag.exp, 0)(0.0) == 1.0


# Shapes

Point = namedtuple("Point", "x y")


def test_gradients_have_their_arguments_shapes() -> None:
    f = lambda p: p["w"][0] * p["w"][1] + p["b"] ** 2  # noqa: E731  # a formula
    assert grad(f)({"w": [2.0, 3.0], "b": 4}) == {"w": [3.0, 2.0], "b": 8.0}
    g = grad(lambda p: p.x * p.y)(Point(2.0, 3.0))
    assert type(g) is Point
    assert g == Point(3.0, 2.0)
    assert grad(lambda t: t[0] * t[1][0])((2.0, (3.0,))) == (3.0, (2.0,))
    assert grad(lambda d: d["a"])(OrderedDict(a=1.0)) == {"a": 1.0}
    assert grad(lambda v: 5.0)([]) == []
    assert hessian(f)({"w": [2.0, 3.0], "b": 4.0})["w"] == [
        {"w": [0.0, 1.0], "b": 0.0},
        {"w": [1.0, 0.0], "b": 0.0},
    ]


def test_argnums() -> None:
    f = lambda a, b, c=1.0: a * a * b * c  # noqa: E731  # a formula
    assert grad(f)(3.0, 4.0) == 24.0
    assert grad(f, 1)(3.0, 4.0) == grad(f, -1)(3.0, 4.0) == 9.0
    assert grad(f, (1, 0))(3.0, 4.0) == (9.0, 24.0)
    assert grad(f, [0])(3.0, 4.0) == (24.0,)
    assert grad(f, ())(3.0, 4.0) == ()
    assert grad(f, 0)(3.0, 4.0, c=2.0) == 48.0
    assert hessian(f, (0, -1))(3.0, 4.0) == ((8.0, 6.0), (6.0, 0.0))


def test_vjp_may_be_pulled_back_again() -> None:
    y, pullback = vjp(lambda x, z: {"p": x * z, "s": [x + z, 7]}, 3.0, 4.0)
    assert y == {"p": 12.0, "s": [7.0, 7.0]}
    for _ in range(2):
        assert pullback({"s": [1.0, 100.0], "p": 10.0}) == (41.0, 31.0)


def test_cotangents_can_move_too() -> None:
    """The pullback is a function like any other: it is linear, and differentiable in both."""
    pull = lambda x: vjp(lambda z: z * z, x)[1](x)[0]  # noqa: E731  # 2 x · x
    for name, D in DERIVATIVES.items():
        assert D(pull)(3.0) == 12.0, name
    x = Value(3.0)
    y = vjp(lambda z: z * z, 5.0)[1](x)[0]
    y.backward()
    assert x.grad == 10.0


def test_tangents_and_cotangents_go_by_name() -> None:
    """Dicts are matched by their keys, not by the order of these."""
    f = lambda p: p["a"] * 10.0 + p["b"]  # noqa: E731  # a formula
    assert jvp(f, ({"a": 1.0, "b": 2.0},), ({"b": 1.0, "a": 0.0},)) == (12.0, 1.0)
    assert hvp(
        lambda p: p["a"] ** 2 * p["b"], ({"a": 1.0, "b": 2.0},), ({"b": 1.0, "a": 0.0},)
    ) == {
        "a": 2.0,
        "b": 0.0,
    }


def test_shapes_that_differ_are_named() -> None:
    f = lambda p: p["a"][0]  # noqa: E731  # a formula
    with pytest.raises(ValueError, match=r"tangents must have at \[0\]\['a'\] 2 element"):
        jvp(f, ({"a": [1.0, 2.0]},), ({"a": [1.0]},))
    with pytest.raises(ValueError, match="one number"):
        jvp(lambda x: x, (1.0,), ([1.0],))


def test_results_of_any_kind() -> None:
    assert jvp(lambda x: (x, {"k": [x * 2, 5]}), (3.0,), (1.0,)) == (
        (3.0, {"k": [6.0, 5.0]}),
        (1.0, {"k": [2.0, 0.0]}),
    )
    assert jacobian(lambda x: {"a": x * x, "b": 3})(2.0) == {"a": 4.0, "b": 0.0}
    assert jacobian(lambda x: [])(2.0) == []
    assert jacobian(lambda a, b: [a * a * b, b], (0, 1))(3.0, 4.0) == [(24.0, 9.0), (0.0, 1.0)]


@pytest.mark.skipif(ag.backend != "pure", reason="counts the nodes that plain Python lists")
def test_derivatives_inside_a_long_program_cost_their_own_part() -> None:
    """Unrolled descent: each inner gradient walks its own graph, not the whole history."""
    w = Value(2.0)
    x: Any = w
    visited = []
    order = reverse.topological_order

    def counted(*roots: Any, **options: Any) -> Any:
        found = order(*roots, **options)
        visited.append(len(found))
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reverse, "topological_order", counted)
        for _ in range(50):
            x = x - 0.1 * grad(lambda v: v * v)(x)
    assert max(visited) == min(visited)
    x.backward()
    assert w.grad == pytest.approx(0.8**50, rel=1e-12)


# Under no_grad


@pytest.mark.parametrize("name", DERIVATIVES)
def test_transforms_work_under_no_grad_and_leave_no_graph(name: str) -> None:
    w = Value(3.0)
    with ag.no_grad():
        for x in (2.0, Value(2.0)):
            y = DERIVATIVES[name](lambda v: w * w * v * v)(x)
            assert y == 36.0
            assert type(y) is float or y.constant


@pytest.mark.parametrize("name", DERIVATIVES)
def test_no_grad_inside_a_function_is_a_stop_in_every_mode(name: str) -> None:
    def f(x: Any) -> Any:
        with ag.no_grad():
            z = x * x
        return z * x

    assert DERIVATIVES[name](f)(3.0) == 9.0


def test_what_leaves_reverse_mode_inside_forward_mode() -> None:
    """Values and pulled-back gradients keep their tangents, coefficients and tags."""
    values = {
        "vjp": lambda x: ag.vjp(lambda z: ag.sin(z) * x, x)[0],
        "value_and_grad": lambda x: ag.value_and_grad(lambda z: ag.sin(z) * x)(x)[0],
    }
    gradients = {
        "vjp": lambda x: ag.vjp(lambda z: ag.sin(z) * x, x)[1](1.0)[0],
        "value_and_grad": lambda x: ag.value_and_grad(lambda z: ag.sin(z) * x)(x)[1],
        "grad": lambda x: ag.grad(lambda z: ag.sin(z) * x)(x),
    }
    for made, plain in (
        (values, lambda x: ag.sin(x) * x),
        (gradients, lambda x: ag.cos(x) * x),
    ):
        for f in made.values():
            assert ag.taylor(f, 0.7, 3) == pytest.approx(ag.taylor(plain, 0.7, 3), rel=1e-13)
            assert ag.jvp(f, [0.7], [2.0]) == pytest.approx(ag.jvp(plain, [0.7], [2.0]), rel=1e-13)
            inner = lambda x, f=f: ag.jvp(f, [x], [1.0])[1]  # noqa: E731  # f of this round
            wanted = ag.derivative(plain, 2)(0.7)
            assert ag.jvp(inner, [0.7], [1.0])[1] == pytest.approx(wanted, rel=1e-13)
