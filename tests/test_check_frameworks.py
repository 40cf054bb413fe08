"""Gradients of other makes: by hand, NumPy's, SciPy's, PyTorch's, JAX's."""

import math

import pytest

import autograd
from autograd import check_grads
from autograd.check import GradientError, frameworks

FAULTS = [1.0 + 1e-9, -1.0, 2.0]


# By hand


def test_a_plain_function_with_its_gradient():
    assert check_grads(math.sin, 1.0, grad=math.cos)
    assert check_grads(
        lambda x, y: x * math.log(y), (2.0, 3.0), grad=lambda x, y: (math.log(y), x / y)
    )
    assert check_grads(
        lambda p: p["a"] ** 2 * p["b"], {"a": 3.0, "b": 2.0},
        grad=lambda p: {"a": 2.0 * p["a"] * p["b"], "b": p["a"] ** 2},
    )  # fmt: skip


@pytest.mark.parametrize("factor", FAULTS)
def test_a_wrong_one_is_found(factor):
    with pytest.raises(GradientError):
        check_grads(math.sin, 1.0, grad=lambda x: math.cos(x) * factor)


def test_swapped_arguments_are_found():
    with pytest.raises(GradientError) as caught:
        check_grads(
            lambda x, y: x * math.log(y), (2.0, 3.0), grad=lambda x, y: (x / y, math.log(y))
        )
    assert [entry.verdict for entry in caught.value.report] == ["WRONG", "WRONG"]


def test_a_jacobian():
    assert check_grads(
        lambda v: [v[0] * v[1], v[0] + v[1]], [3.0, 4.0], grad=lambda v: [[v[1], v[0]], [1.0, 1.0]]
    )


def test_pythons_errors_mark_the_end_of_the_domain():
    assert check_grads(math.log, 1e-3, grad=lambda x: 1.0 / x)
    assert check_grads(lambda x: 1.0 / x, 1e-3, grad=lambda x: -1.0 / x**2)
    assert check_grads(math.exp, 709.0, grad=math.exp)


def test_at_a_kink_either_slope_will_do_but_not_more():
    for slope in (-1.0, 0.0, 1.0):
        report = check_grads(abs, 0.0, grad=lambda x, slope=slope: slope)
        assert report.entries[0].verdict == "kink"
    with pytest.raises(GradientError, match="does not lie between"):
        check_grads(abs, 0.0, grad=lambda x: 1.5)


def test_an_ill_conditioned_gradient_is_given_its_rounding():
    # the gradient by hand loses eight digits of its own; it is right for all that
    f = lambda x: (1.0 + x) ** 2 - 2.0 * x  # noqa: E731
    assert check_grads(f, 1e8, grad=lambda x: 2.0 * (1.0 + x) - 2.0)


# NumPy and SciPy


def test_numpy_arrays_and_the_complex_step():
    numpy = pytest.importorskip("numpy")
    at = numpy.array([[1.0, 2.0], [3.0, 4.0]])
    report = check_grads(lambda a: numpy.sum(numpy.sin(a)), at, grad=numpy.cos)
    assert [entry.name for entry in report][:2] == ["a[0, 0]", "a[0, 1]"]
    with pytest.raises(GradientError):  # only a complex step sees this much
        check_grads(lambda a: numpy.sum(numpy.sin(a)), at,
                    grad=lambda a: numpy.cos(a) * (1.0 + 1e-13))  # fmt: skip


def test_a_function_that_drops_the_imaginary_part_is_not_believed():
    numpy = pytest.importorskip("numpy")
    for f, df in ((numpy.abs, numpy.sign), (lambda x: numpy.real(x) ** 2, lambda x: 2.0 * x)):
        assert check_grads(f, 1.5, grad=df)


def test_scipys_pairs():
    optimize = pytest.importorskip("scipy.optimize")
    numpy = pytest.importorskip("numpy")
    x = numpy.array([0.5, 1.5, -0.3])
    assert check_grads(optimize.rosen, x, grad=optimize.rosen_der)
    both = lambda x: (optimize.rosen(x), optimize.rosen_der(x))  # noqa: E731
    assert check_grads(both, x, grad=True)
    assert check_grads(optimize.rosen_der, x, grad=optimize.rosen_hess)


def test_a_numpy_function_of_values_is_autograds_own():
    numpy = pytest.importorskip("numpy")
    report = check_grads(lambda a: (a @ a).sum(), numpy.array([[1.0, 2.0], [3.0, 4.0]]))
    assert [entry.analytic["reverse"] for entry in report] == [7.0, 11.0, 9.0, 13.0]


# PyTorch


@pytest.mark.filterwarnings("ignore")  # of its own
def test_pytorch(torch):
    x = torch.tensor([1.0, 2.0], dtype=torch.float64)
    assert check_grads(lambda x: torch.sin(x).prod(), x, order=2)
    assert check_grads(lambda x: torch.sin(x), x, modes=("reverse", "forward"))
    assert check_grads(torch.relu, torch.tensor(0.0, dtype=torch.float64))
    pair = (x, {"scale": torch.tensor(3.0, dtype=torch.float64)}, 2)
    names = [e.name for e in check_grads(lambda x, p, n: (x**n).sum() * p["scale"], pair)]
    assert names == ["x[0]", "x[1]", "p.scale"]


@pytest.mark.filterwarnings("ignore")  # of its own
def test_pytorch_in_single_precision(torch):
    assert check_grads(lambda x: torch.tanh(x * x), torch.tensor(0.7))
    with pytest.raises(GradientError):
        check_grads(lambda x: Wrong(torch, 1.01)(x), torch.tensor(0.7))


def Wrong(torch, factor):  # noqa: N802  # it makes a class
    class Wrong(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return x.exp()

        @staticmethod
        def backward(ctx, cotangent):
            (x,) = ctx.saved_tensors
            return cotangent * x.exp() * factor

    return Wrong.apply


@pytest.mark.filterwarnings("ignore")  # of its own
@pytest.mark.parametrize("factor", FAULTS)
def test_a_custom_pytorch_function_that_is_wrong(torch, factor):
    x = torch.tensor(1.0, dtype=torch.float64)
    assert check_grads(Wrong(torch, 1.0), x)
    with pytest.raises(GradientError):
        check_grads(Wrong(torch, factor), x)


@pytest.mark.filterwarnings("ignore")  # of its own
def test_whole_numbers_are_refused(torch):
    with pytest.raises(TypeError, match=r"floating-point tensors, got torch\.int64"):
        check_grads(lambda x: x, torch.tensor(1))


# JAX


@pytest.mark.filterwarnings("ignore")  # of its own imports
def test_jax():
    jax = pytest.importorskip("jax")
    jnp = jax.numpy
    at = (jnp.array(0.5), {"y": jnp.array([2.0, 3.0])})
    report = check_grads(lambda x, p: (jnp.tanh(x) * p["y"]).sum(), at)  # float32
    assert [entry.name for entry in report] == ["x", "p.y[0]", "p.y[1]"]
    assert check_grads(lambda x: jnp.tanh(x), jnp.array(0.5), order=2)
    assert check_grads(lambda x: x * x if x > 0.0 else -x, jnp.array(0.5))  # not to be compiled

    @jax.custom_jvp
    def wrong(x):
        return jnp.exp(x)

    wrong.defjvp(lambda primals, tangents: (wrong(*primals), tangents[0] * 1.01))
    with pytest.raises(GradientError):
        check_grads(wrong, jnp.array(1.0))


def test_a_primitive_of_ones_own_is_not_taken_for_a_tensor():
    assert check_grads(autograd.tanh, autograd.Value(0.5))


# What is rare


def test_inputs_without_a_number_are_refused():
    with pytest.raises(ValueError, match="without a number"):
        check_grads(lambda v: 1.0, [], grad=lambda v: [])


def test_a_gradient_that_is_not_defined_beside_the_inputs():
    assert check_grads(
        lambda x: math.pow(1.0 - x, 2.5), 1.0, grad=lambda x: -2.5 * math.pow(1.0 - x, 1.5)
    )


@pytest.mark.filterwarnings("ignore")  # of its own
def test_torch_results_that_depend_on_nothing_and_modes_it_lacks():
    torch = pytest.importorskip("torch")
    x = torch.tensor([2.0], dtype=torch.float64)
    report = check_grads(lambda x: torch.stack([x[0] ** 2, torch.tensor(3.0).double()]), x)
    assert [entry.analytic["reverse"] for entry in report] == [4.0, 0.0]
    constant = check_grads(lambda x: (x[0] ** 2, torch.tensor(3.0).double()), x)
    assert [entry.analytic["reverse"] for entry in constant] == [4.0, 0.0]
    with pytest.raises(ValueError, match="forward over forward"):
        check_grads(lambda x: x[0] ** 3, x, order=2, modes=("forward",))


def test_jax_arrays_of_ints_are_refused():
    jax = pytest.importorskip("jax")
    with pytest.raises(TypeError, match="floating-point arrays, got int"):
        check_grads(lambda x: x[0] * 2, jax.numpy.array([1, 2]))


def test_results_too_large_for_single_precision_are_of_double():
    assert not frameworks._fits_single(1e300)
    assert frameworks._fits_single(0.5)
    assert check_grads(lambda x: 1e300 * x, 1.5, grad=lambda x: 1e300)


def test_a_pair_of_tensors_by_hand():
    torch = pytest.importorskip("torch")
    x = torch.tensor([0.7], dtype=torch.float64)
    assert check_grads(lambda x: (torch.sin(x[0]), torch.cos(x)), x, grad=True)
    with pytest.raises(GradientError):
        check_grads(lambda x: (torch.sin(x[0]), torch.cos(x) * 1.001), x, grad=True)
