"""NumPy on either side: scalars are numbers, object arrays hold Values, rows take arrays."""

from __future__ import annotations

import operator
from typing import Any

import pytest

np = pytest.importorskip("numpy")

import autograd as ag  # noqa: E402  # after importorskip
from autograd import Value  # noqa: E402

ARITHMETIC = [
    operator.add, operator.sub, operator.mul, operator.truediv,
    operator.floordiv, operator.mod, operator.pow,
]  # fmt: skip
COMPARISONS = [operator.lt, operator.le, operator.gt, operator.ge, operator.eq, operator.ne]
SCALARS = [np.float64, np.float32, np.float16, np.longdouble, np.int64, np.int8, np.uint8]


def objects(*xs: float) -> Any:
    return np.array([Value(x) for x in xs], dtype=object)


def data(array: Any) -> list[Any]:
    return [x.data if isinstance(x, Value) else x for x in np.ravel(array)]


@pytest.mark.parametrize("kind", SCALARS, ids=lambda k: k.__name__)
def test_numpy_scalars_are_numbers(kind: Any) -> None:
    x, c = Value(3.0), kind(2)
    assert type(Value(c).data) is float
    assert Value(c).data == 2.0
    for operation in ARITHMETIC:
        for y, expected in (
            (operation(x, c), operation(3.0, 2.0)),
            (operation(c, x), operation(2.0, 3.0)),
        ):
            assert isinstance(y, Value)
            assert type(y.data) is float
            assert y.data == expected
    for compare in COMPARISONS:
        assert compare(x, c) == compare(3.0, 2.0)
        if kind is not np.longdouble:  # it is compared as it is: no float holds it
            assert type(compare(x, c)) is bool
    x.data = c
    x.grad = c
    assert type(x.data) is float
    assert type(x.grad) is float
    assert ag.exp(c) == pytest.approx(np.exp(2.0))
    assert ag.grad(lambda v: v * v)(c) == 4.0


def test_arrays_without_dimensions_are_numbers() -> None:
    x = Value(3.0)
    for c in (np.array(2.0), np.array(2), np.array([2.0]).sum()):
        assert (x * c).data == 6.0
        assert (c * x).data == 6.0
        assert Value(c).data == 2.0
        assert (x > c) is True
    assert ag.exp(np.array(0.0)) == 1.0


@pytest.mark.parametrize("bad", [np.bool_(True), np.array(True), np.complex64(1j), np.str_("1")])
def test_numpy_scalars_that_are_no_real_numbers(bad: Any) -> None:
    x = Value(2.0)
    for wrong in (
        lambda: Value(bad),
        lambda: x + bad,
        lambda: ag.exp(x) * bad,
        lambda: ag.tanh(bad),
    ):
        with pytest.raises(TypeError):
            wrong()


@pytest.mark.parametrize("operation", ARITHMETIC, ids=lambda f: f.__name__)
def test_object_arrays_on_either_side(operation: Any) -> None:
    a, f = [1.5, 2.5], [2.0, 3.0]
    A, F = objects(*a), np.array(f)
    x = Value(3.0)
    cases = [
        (operation(A, F), [operation(p, q) for p, q in zip(a, f, strict=True)]),
        (operation(F, A), [operation(q, p) for p, q in zip(a, f, strict=True)]),
        (operation(x, F), [operation(3.0, q) for q in f]),
        (operation(F, x), [operation(q, 3.0) for q in f]),
        (operation(x, A), [operation(3.0, p) for p in a]),
        (operation(A, x), [operation(p, 3.0) for p in a]),
        (operation(A, 2), [operation(p, 2.0) for p in a]),
        (operation(2, A), [operation(2.0, p) for p in a]),
        (operation(A, A), [operation(p, p) for p in a]),
    ]
    for got, expected in cases:
        assert got.shape == (2,)
        assert data(got) == expected
        assert all(isinstance(y, Value) for y in got)


def test_comparing_with_arrays() -> None:
    x, F = Value(2.0), np.array([1.0, 2.0, 3.0])
    assert (x < F).tolist() == [False, False, True]
    assert (F <= x).tolist() == [True, True, False]  # noqa: SIM300  # F comes first on purpose
    assert (objects(1.0, 3.0) > 2.0).tolist() == [False, True]
    assert np.where(objects(1.0, 3.0) > 2.0, 1.0, 0.0).tolist() == [0.0, 1.0]


UFUNCS = [
    "exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "sqrt", "cbrt", "square",
    "reciprocal", "sin", "cos", "tan", "arctan", "arcsinh", "arctanh", "arcsin", "arccos",
    "sinh", "cosh", "tanh", "floor", "ceil", "trunc", "rint", "fabs", "absolute", "negative",
    "positive",
]  # fmt: skip


@pytest.mark.parametrize("name", UFUNCS)
def test_numpys_functions_of_object_arrays(name: str) -> None:
    """np.exp of an array of Values is an array of Values, with derivatives."""
    A = objects(0.3, 0.7)
    Y = getattr(np, name)(A)
    assert data(Y) == pytest.approx(getattr(np, name)(np.array([0.3, 0.7])), rel=1e-14)
    assert all(isinstance(y, Value) for y in Y)
    Y.sum().backward()
    h = 1e-6
    f = getattr(np, name)
    for v, x in zip(A, (0.3, 0.7), strict=True):
        assert v.grad == pytest.approx((f(x + h) - f(x - h)) / (2 * h), rel=1e-8, abs=1e-8)


def test_arccosh_hypot_and_arctan2_of_object_arrays() -> None:
    assert data(np.arccosh(objects(1.5))) == pytest.approx([np.arccosh(1.5)])
    assert data(np.hypot(objects(3.0), objects(4.0))) == [5.0]
    assert data(np.arctan2(objects(1.0), np.array([2.0]))) == [np.arctan2(1.0, 2.0)]


def test_numpys_reductions_of_object_arrays() -> None:
    a = [1.5, 2.5, 0.5]
    A, F = objects(*a), np.array(a)
    for f in (
        np.sum, np.mean, np.prod, np.std, np.var, np.max, np.min, np.linalg.norm,
        lambda v: np.dot(v, F), lambda v: F @ v, lambda v: v @ v, lambda v: np.inner(v, v),
        lambda v: np.vdot(v, v), lambda v: np.einsum("i,i", v, v), lambda v: np.cumsum(v)[-1],
        lambda v: np.outer(v, v).trace(), lambda v: np.average(v),
    ):  # fmt: skip
        y = f(A)
        assert isinstance(y, Value)
        assert y.data == pytest.approx(float(f(F)), rel=1e-14)
        y.backward()
    assert np.argmax(A) == 1
    assert data(np.sort(A)) == sorted(a)
    M = objects(1.0, 2.0, 3.0, 4.0).reshape(2, 2)
    assert data(M @ M) == [7.0, 10.0, 15.0, 22.0]


def test_arrays_of_values_lose_no_graph_on_the_way_to_floats() -> None:
    """Law 5: np.array(..., dtype=float) would drop the graph, so it is an error."""
    with pytest.raises(TypeError, match=r"x\.data"):
        np.array([Value(1.0)], dtype=float)
    with pytest.raises(TypeError):
        np.array([1.0, 2.0]).__setitem__(0, Value(1.0))


def test_functions_of_lists_take_arrays() -> None:
    F = np.array([1.0, 2.0])
    assert ag.sum(F) == 3.0
    assert type(ag.sum(F)) is float
    assert ag.dot(objects(1.0, 2.0), F).data == 5.0
    assert ag.logsumexp(objects(1.0, 2.0)).data == pytest.approx(np.logaddexp(1.0, 2.0))


# A row takes an array: the same program on many inputs

ROWS = [n for n, p in ag.table().items() if not p.nary]


@pytest.mark.parametrize("name", ROWS)
def test_rows_on_arrays_are_rows_on_each_number(name: str) -> None:
    primitive = ag.table()[name]
    xs = np.array([0.3, 0.7, 0.95]) + (1.0 if name == "acosh" else 0.0)
    others = [np.array([1.0, 2.0, 3.0]), np.array([2.0, 3.0, 4.0])][: primitive.arity - 1]
    if name == "polygamma":
        xs, others = np.array([1.0, 2.0, 3.0]), [xs]
    got = primitive(xs, *others)
    expected = [primitive(*[float(v) for v in row]) for row in zip(xs, *others, strict=True)]
    assert np.asarray(got, dtype=float) == pytest.approx(expected, rel=1e-12, abs=1e-300)
    mixed = primitive(np.array([Value(x) for x in xs], dtype=object), *others)
    assert data(mixed) == expected


def test_rows_on_arrays_answer_as_ieee_without_warnings() -> None:
    F = np.array([0.0, 1.0, -1.0, 1000.0])
    assert ag.log(F)[:2].tolist() == [-np.inf, 0.0]
    assert np.isnan(ag.log(F)[2])
    assert ag.exp(F)[3] == np.inf
    assert ag.sigmoid(-F)[3] == 0.0
    assert ag.divide(1.0, F)[0] == np.inf
    assert ag.reciprocal(np.array([2, 4])).tolist() == [0.5, 0.25]
    assert ag.add(np.array([1]), 1).dtype == float
    assert ag.where(F > 0.5, ag.log(F), 0.0).tolist()[:2] == [0.0, 0.0]


# Transforms over arrays


def test_gradients_of_arrays_are_arrays() -> None:
    x = np.array([1.0, 2.0, 3.0])
    f = lambda v: (v * v).sum() + v[0] * v[2]  # noqa: E731  # a formula
    g = ag.grad(f)(x)
    assert type(g) is np.ndarray
    assert g.dtype == float
    assert g.tolist() == [5.0, 4.0, 7.0]
    H = ag.hessian(f)(x)
    assert H.dtype == float
    assert H.tolist() == [[2.0, 0.0, 1.0], [0.0, 2.0, 0.0], [1.0, 0.0, 2.0]]
    assert ag.hvp(f, (x,), (np.array([1.0, 0.0, 0.0]),)).tolist() == [2.0, 0.0, 1.0]
    J = ag.jacobian(lambda v: np.outer(v, v))(x)
    assert J.shape == (3, 3, 3)
    assert J[0, 2].tolist() == [3.0, 0.0, 1.0]
    assert ag.grad(lambda p: (p["w"] * p["w"]).sum())({"w": x.reshape(3, 1)})["w"].shape == (3, 1)
    y, pullback = ag.vjp(lambda v: np.tanh(v), x)
    assert y == pytest.approx(np.tanh(x))
    assert pullback(np.ones(3))[0] == pytest.approx(1 - np.tanh(x) ** 2)
    with pytest.raises(ValueError, match="cotangent"):
        pullback(np.ones(4))


def test_gradients_at_values_in_arrays_stay_in_the_graph() -> None:
    A = objects(1.0, 2.0)
    g = ag.grad(lambda v: (v**3).sum())(A)
    assert all(isinstance(y, Value) for y in g)
    g.sum().backward()
    assert [v.grad for v in A] == [6.0, 12.0]


def test_tensors_are_refused_with_a_remedy() -> None:
    class Tensor:
        ndim = 1

    class Scalar:
        def item(self) -> float:
            return 1.0

    with pytest.raises(TypeError, match=r"\.tolist\(\)"):
        ag.Value(Tensor())
    with pytest.raises(TypeError, match=r"\.item\(\)"):
        ag.Value(Scalar())


def test_arrays_that_name_no_namespace_are_numpys() -> None:
    from autograd.arrays import _namespace

    class Old:  # as NumPy's own were before 2.0
        ndim = 1

    assert _namespace(Old()) is np
