"""What a hard-hearted user tries on check_grads: each was wrong once, or is promised."""

import dataclasses
import math
import random
import struct

import pytest

pytest.importorskip("mpmath")

import autograd
from autograd import Value, check_grads
from autograd.check import GradientError
from autograd.check.numeric import derivative
from autograd.row import PYTHON

# Steps stay inside the domain, whatever the function raises outside


@pytest.mark.parametrize("error", [RuntimeError, AssertionError, KeyError, ValueError])
@pytest.mark.parametrize("x", [0.0, 1e-9, 0.5])
def test_whatever_a_function_raises_is_the_end_of_its_domain(error, x):
    def f(x):
        if x < 0.0:
            raise error("outside")
        return x * x * x

    assert check_grads(f, x)
    assert check_grads(f, x, grad=lambda x: 3.0 * x * x)


def test_what_it_raises_at_the_point_itself_is_the_users():
    def f(x):
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        check_grads(f, 1.0)


@pytest.mark.parametrize("x", [1e-12, 1e-20, 1e-30, 1e-100, 1e-300])
def test_a_tiny_input_is_looked_at_in_its_own_scale(x):
    assert check_grads(math.log, x, grad=lambda x: 1.0 / x)
    assert check_grads(autograd.sqrt, x, exact=False)
    for f, slope in ((math.log, 1.0 / x), (math.lgamma, -1.0 / x), (math.sin, 1.0)):
        found = derivative(f, x)
        assert abs(found.value - slope) <= found.error <= 1e-6 * abs(slope)
    with pytest.raises(GradientError):
        check_grads(math.log, x, grad=lambda x: 1.000001 / x)
    assert check_grads(lambda x: x + 1.0, x, grad=lambda x: 1.0)


# Functions that are none


def test_a_random_function_is_told():
    with pytest.raises(ValueError, match=r"f gave .* and then .* for the same inputs"):
        check_grads(lambda x: x * random.random(), 1.0)
    with pytest.raises(ValueError, match="fix its seed"):
        check_grads(lambda x: math.sin(x) + 1e-3 * random.random(), 1.0, grad=math.cos)


def test_a_function_with_a_memory_is_told():
    calls = []

    def f(x):
        calls.append(x)
        return x * len(calls)

    with pytest.raises(ValueError, match="for the same inputs"):
        check_grads(f, 2.0)


@pytest.mark.parametrize("f", [
    lambda x: x.data * 2.0, lambda x: math.sin(x.data), lambda x: [x, x.data**2],
])  # fmt: skip
def test_a_plain_number_returned_by_mistake_is_told(f):
    with pytest.raises(GradientError, match=r"is the plain number .*, though it changes with x"):
        check_grads(f, 1.0)


def test_one_leak_is_told_once_for_all_inputs():
    def f(w, x):
        guess = w * x
        return (guess - 1.0) * guess.data

    with pytest.raises(GradientError, match="which changes with w, x but") as caught:
        check_grads(f, (2.0, 3.0))
    assert len(caught.value.report.notes) == 1


# Input that makes no sense


@pytest.mark.parametrize(("arguments", "options", "error", "message"), [
    ((lambda x: [], 1.0), {}, ValueError, "f gives no number"),
    ((lambda x: [], 1.0), {"grad": math.cos}, ValueError, "f gives no number"),
    ((3.0, 1.0), {"grad": math.cos}, TypeError, "takes a function"),
    ((math.sin, 1.0), {"grad": math.cos, "rtol": -1.0}, ValueError, "rtol is -1.0"),
    ((math.sin, 1.0), {"grad": math.cos, "atol": math.nan}, ValueError, "atol is nan"),
    ((math.sin, 1.0), {"grad": math.cos, "rtol": "1e-3"}, TypeError, "rtol takes real numbers"),
    ((math.sin, 1.0), {"grad": math.cos, "order": True}, ValueError, "order is True"),
    ((lambda x: 1j * x, 1.0), {}, TypeError, "complex"),
    ((math.sin, 1j), {"grad": math.cos}, TypeError, "complex"),
    ((lambda x: None, 1.0), {}, TypeError, "got None"),
])  # fmt: skip
def test_bad_input_is_refused_by_name(arguments, options, error, message):
    with pytest.raises(error, match=message):
        check_grads(*arguments, **options)


# Jumps


@pytest.mark.parametrize(("f", "x"), [
    (autograd.sign, 0.0), (lambda x: autograd.floor(x) + x, 1.0), (autograd.round, 0.5),
])  # fmt: skip
def test_a_jump_is_told_like_a_kink(f, x):
    report = check_grads(f, x)
    assert report.entries[0].verdict == "kink"
    assert "kink or jump" in str(report)


def test_many_inputs():
    xs = [math.sin(i) for i in range(300)]
    report = check_grads(lambda v: sum([x * x for x in v]), xs)
    assert len(report) == 300
    broken = lambda v: sum([x * x for x in v]) + v[123].detach() * 1e-6  # noqa: E731
    with pytest.raises(GradientError) as caught:
        check_grads(broken, [Value(x) for x in xs])
    assert [e.name for e in caught.value.report if not e.passed] == ["v[123]"]


# Other frameworks


def single(x):
    """x as a float32 holds it."""
    return struct.unpack("f", struct.pack("f", x))[0]


def test_a_function_that_computes_in_single_precision_is_no_false_alarm():
    assert check_grads(lambda x: single(math.tanh(x)), 0.5, grad=lambda x: 1.0 - math.tanh(x) ** 2)
    with pytest.raises(GradientError):
        check_grads(lambda x: single(math.tanh(x)), 0.5, grad=lambda x: 1.01 - math.tanh(x) ** 2)
    # values that happen to fit are not taken for single precision
    with pytest.raises(GradientError):
        check_grads(lambda x: x * x, 3.0, grad=lambda x: 2.0 * x * (1.0 + 1e-9))


def test_a_sparse_jacobian_of_scipys():
    sparse = pytest.importorskip("scipy.sparse")
    np = pytest.importorskip("numpy")
    at = np.array([1.0, 2.0])
    assert check_grads(lambda x: x**2, at, grad=lambda x: sparse.diags_array(2.0 * x))
    with pytest.raises(GradientError):
        check_grads(lambda x: x**2, at, grad=lambda x: sparse.diags_array(2.0 * x[::-1]))


def test_a_function_that_takes_no_values_is_told_how():
    np = pytest.importorskip("numpy")
    with pytest.raises(TypeError) as caught:
        check_grads(lambda a: np.linalg.det(a), np.eye(2))
    assert "grad=" in caught.value.__notes__[0]


@pytest.mark.filterwarnings("ignore")  # of its own
def test_whole_numbers_among_tensors_stay_what_they_are(torch):
    x = torch.tensor([1.0, 2.0], dtype=torch.float64)
    report = check_grads(lambda x, i, m: x[i] * x[m].sum(), (x, torch.tensor(1), x > 1.5))
    assert [entry.name for entry in report] == ["x[0]", "x[1]"]


@pytest.mark.filterwarnings("ignore")  # of its own
@pytest.mark.parametrize(("f", "at", "message"), [
    (lambda x: float(x.sum()), 1.0, "f gives 1.0 of type float"),
    (lambda x: x * 1j, 1.0, "complex"),
    (lambda x: x.abs(), 1j, "floating-point tensors, got torch.complex"),
    (lambda x: x * 2, 1, "floating-point tensors, got torch.int64"),
])  # fmt: skip
def test_what_is_no_real_tensor_is_refused_by_name(torch, f, at, message):
    with pytest.raises(TypeError, match=message):
        check_grads(f, torch.tensor(at))


@pytest.mark.filterwarnings("ignore")  # of its own
def test_a_gradient_by_hand_of_tensors(torch):
    x = torch.tensor([1.0, 2.0], dtype=torch.float64)
    assert check_grads(lambda x: torch.sin(x).sum(), x, grad=torch.cos)
    with pytest.raises(GradientError):
        check_grads(lambda x: torch.sin(x).sum(), x, grad=lambda x: torch.cos(x) * (1.0 + 1e-8))


@pytest.mark.filterwarnings("ignore")  # of its own imports
def test_jax_so_too():
    jax = pytest.importorskip("jax")
    jnp = jax.numpy
    x, i = jnp.array([1.0, 2.0]), jnp.array(1)
    assert len(check_grads(lambda x, i: jnp.sin(x)[i], (x, i))) == 2
    assert check_grads(lambda x: jnp.sin(x).sum(), x, grad=jnp.cos)
    assert check_grads(
        lambda x: float(jnp.tanh(x)), 0.5, grad=lambda x: float(jax.grad(jnp.tanh)(x))
    )
    with pytest.raises(TypeError) as caught:
        check_grads(jnp.tanh, 0.5)
    assert any("JAX arrays" in note for note in caught.value.__notes__)


# Far out, where a partial is tiny


@pytest.mark.parametrize(("name", "xs"), [
    ("silu", [-49.65]), ("gelu", [-11.5]), ("gelu_tanh", [-9.0]), ("mish", [-60.0]),
    ("logsumexp", [0.0, 50.0]), ("sinc", [1e7 + 0.25]),
])  # fmt: skip
@pytest.mark.parametrize("factor", [-1.0, 1.0 + 1e-10])
def test_a_fault_in_a_tiny_partial_is_found(name, xs, factor):
    row = autograd.table()[name]
    kept = row.partials
    if row.nary:
        partials = lambda xs, y: [p * factor for p in kept(xs, y)]  # noqa: E731
    else:
        partials = (lambda *given: kept[0](*given) * factor,)
    wrong = dataclasses.replace(row, partials=partials, c=PYTHON)
    assert check_grads(lambda *v: row(*v) + v[0], tuple(xs))
    with pytest.raises(GradientError) as caught:
        check_grads(lambda *v: wrong(*v) + v[0], tuple(xs))
    assert caught.value.report.blame.primitive is wrong


def test_the_first_of_several_results_operations_is_blamed():
    wrong = dataclasses.replace(autograd.tanh, partials=(lambda x, y: 1.0 - y,), c=PYTHON)

    def f(x):
        first = wrong(x)
        second = wrong(first * 2.0)
        return [second * 1.0, first * 3.0]

    with pytest.raises(GradientError) as caught:
        check_grads(f, 0.5)
    report = caught.value.report
    assert report.blame.node.place.line == f.__code__.co_firstlineno + 1
    assert report.blame.node in set(autograd.Graph(report.output).nodes)
    assert "tanh" in report.draw().text()


@pytest.mark.parametrize("x", [0.1, 1e-2, 1e-3, 1e-4, 1e-5])
def test_a_function_that_loses_digits_on_the_way_is_no_false_alarm(x):
    f = lambda x: (1.0 - math.cos(x)) / x**2  # noqa: E731
    assert check_grads(
        f, x, grad=lambda x: -x / 12.0 + x**3 / 180.0 - x**5 / 6720.0 + x**7 / 453600.0
    )
    with pytest.raises(GradientError):
        check_grads(f, x, grad=lambda x: 1e4)


def test_an_honest_function_is_not_taken_for_a_noisy_one():
    for f, df, x in ((math.sin, math.cos, 1.0), (abs, lambda x: 1.0, 1e-3), (math.exp, math.exp, 20.0),
                     (lambda x: math.sin(1e4 * x), lambda x: 1e4 * math.cos(1e4 * x), 1.0)):  # fmt: skip
        assert check_grads(f, x, grad=df)
        with pytest.raises(GradientError):
            check_grads(f, x, grad=lambda x, df=df: df(x) * (1.0 + 1e-8))
