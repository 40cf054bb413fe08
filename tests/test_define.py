"""autograd.primitive: a function of one's own becomes a row, or nothing happens at all."""

import math
import operator
import subprocess
import sys

import pytest

import autograd
from autograd import Value, check_grads, grad, hessian, jvp, primitive, taylor
from autograd.define import check_primitive, sample_points
from autograd.expressions import Expression
from autograd.row import Domain, row
from autograd.symbol import Symbol


def define_twice_sine(**options):
    @primitive(partials=[lambda x, y: 2.0 * autograd.cos(x)], **options)
    def twice_sine(x):
        """Two sines."""
        return 2.0 * math.sin(x)

    return twice_sine


# It is a row like any other


def test_everything_passes_through():
    numpy = pytest.importorskip("numpy")
    f = define_twice_sine(label="2sin", latex=r"2\sin({0})")
    x = 0.7
    assert f(x) == 2.0 * math.sin(x)
    assert f(1) == 2.0 * math.sin(1.0)
    node = f(Value(x))
    node.backward()
    assert node.parents[0].grad == 2.0 * math.cos(x)
    assert jvp(f, (x,), (1.0,))[1] == 2.0 * math.cos(x)
    assert grad(grad(f))(x) == pytest.approx(-2.0 * math.sin(x))
    assert taylor(f, 0.0, 3)[3] == pytest.approx(-2.0 / 6.0)
    assert f(numpy.array([0.0, x])).tolist() == [0.0, 2.0 * math.sin(x)]
    assert f(numpy.array([Value(x)]))[0].data == 2.0 * math.sin(x)
    assert str(f(Symbol("x"))) == "2sin(x)"
    assert autograd.table()["twice_sine"] is f


def test_it_passes_every_generic_check():
    pytest.importorskip("mpmath")
    f = define_twice_sine()
    report = check_grads(lambda x: f(x) * x, 0.7, order=2)
    assert report
    assert "twice_sine' has no oracle" in str(report)


def test_a_wrong_row_of_ones_own_is_blamed_by_differences():
    pytest.importorskip("mpmath")

    @primitive(partials=[lambda x, y: 2.002 * autograd.cos(x)], check=False)
    def twice_sine(x):
        return 2.0 * math.sin(x)

    with pytest.raises(autograd.check.GradientError) as caught:
        check_grads(lambda x: autograd.exp(twice_sine(x)), 0.7)
    assert caught.value.report.blame.primitive is twice_sine


def test_differences_know_the_kinks_and_poles_of_a_row_of_ones_own():
    pytest.importorskip("mpmath")

    @primitive(partials=[lambda x, y: autograd.sign(x)], selects=True)
    def size(x):
        return abs(x)

    @primitive(partials=[lambda x, y: autograd.divide(0.5, y)], domain=(0.0, math.inf))
    def root(x):
        return math.sqrt(x)

    report = check_grads(lambda x: size(x) + 2.0 * size(x), 0.0)
    assert [entry.verdict for entry in report] == ["kink"]
    assert str(report).count("'size' has no oracle") == 1
    assert [entry.verdict for entry in check_grads(root, 0.0)] == ["steep"]


def test_two_arguments_defaults_and_none():
    @primitive(partials=[lambda x, k, y: k * autograd.exp(k * x), None])
    def growth(x, k=2.0):
        return math.exp(k * x)

    assert growth(1.0) == math.exp(2.0)
    assert grad(growth)(1.0) == pytest.approx(2.0 * math.exp(2.0))
    k = Value(2.0)
    growth(Value(1.0), k).backward()
    assert not k.reached


def test_only_a_vjp():
    @primitive(vjp=lambda x, z, y, g: (g * z, g * x))
    def product(x, z):
        return x * z

    assert grad(product, argnums=(0, 1))(3.0, 4.0) == (4.0, 3.0)
    assert hessian(lambda v: product(v[0], v[1]))([3.0, 4.0]) == [[0.0, 1.0], [1.0, 0.0]]


def test_any_number_of_arguments():
    @primitive(partials=lambda xs, y: [2.0 * x for x in xs])
    def square_sum(*xs):
        return math.fsum(x * x for x in xs)

    @primitive(vjp=lambda *a: [a[-1] * 3.0 * x * x for x in a[:-2]])
    def cube_sum(*xs):
        return math.fsum(x**3 for x in xs)

    assert grad(lambda v: square_sum(*v))([1.0, 2.0, 3.0]) == [2.0, 4.0, 6.0]
    assert grad(lambda v: cube_sum(*v))([1.0, 2.0, 3.0]) == [3.0, 12.0, 27.0]


def test_a_formula_passes_symbols_and_arrays_through_its_value():
    numpy = pytest.importorskip("numpy")

    @primitive(partials=[lambda x, y: autograd.exp(x) * (1.0 + x)], c="formula")
    def x_exp(x):
        return x * autograd.exp(x)

    assert x_exp(Symbol("x")).c() == "(x * exp(x))"
    assert x_exp(numpy.array([1.0])).tolist() == [math.e]


def test_selects_keeps_singular_branches_out():
    @primitive(
        partials=[lambda x, y: autograd.where(x > 0.0, 1.0, 0.0)], selects=True, label="ramp"
    )
    def ramp(x):
        return max(x, 0.0)

    assert grad(lambda x: ramp(autograd.sqrt(x) - 1.0))(0.0) == 0.0


# Python's errors


@pytest.mark.parametrize(("f", "at"), [
    (lambda x: math.exp(x), 1000.0), (lambda x: math.log(x), -1.0), (lambda x: 1.0 / x, 0.0),
])  # fmt: skip
def test_an_exception_of_the_function_is_nan(f, at):
    g = primitive(f, partials=[lambda x, y: y], name="g", check=False)
    assert math.isnan(g(at))
    node = g(Value(at))
    node.backward()
    assert math.isnan(node.data)
    assert math.isnan(node.parents[0].grad)


def test_other_exceptions_come_through():
    g = primitive(lambda x: {}["missing"], partials=[lambda x, y: y], name="g", check=False)
    with pytest.raises(KeyError):
        g(1.0)


def test_a_value_that_is_no_number_is_refused():
    g = primitive(lambda x: x**0.5, partials=[lambda x, y: 0.5 / y], name="g", domain=(0.0, 9.0))
    assert g(4.0) == 2.0
    with pytest.raises(TypeError, match=r"the value of g\(-8.0,\)"):
        g(-8.0)  # complex
    h = primitive(lambda x: 3, partials=[lambda x, y: 0.0], name="h")
    assert type(h(1.0)) is float


# What is refused, and then the table is as it was


def good(x):
    return 2.0 * math.sin(x)


GOOD = [lambda x, y: 2.0 * autograd.cos(x)]


@pytest.mark.parametrize(("f", "options", "error", "message"), [
    (good, {}, TypeError, "good needs its derivative"),
    (good, {"partials": GOOD, "vjp": GOOD[0]}, TypeError, "not both"),
    (good, {"partials": []}, TypeError, r"takes 1 argument\(s\) and got 0 partial"),
    (good, {"partials": GOOD * 2}, TypeError, r"got 2 partial"),
    (good, {"partials": [2.0]}, TypeError, "by x is 2.0: give a function of"),
    (good, {"partials": GOOD, "name": "tanh"}, ValueError, "'tanh' already"),
    (good, {"partials": GOOD, "name": "tanh", "replace": True}, ValueError, "'tanh' already"),
    (good, {"partials": GOOD, "name": "two words"}, ValueError, "can't be named 'two words'"),
    (lambda x: x, {"partials": [lambda x, y: 1.0]}, ValueError, "'<lambda>'"),
    (good, {"partials": GOOD, "domain": (1.0, 1.0)}, ValueError, "holds no interval"),
    (good, {"partials": GOOD, "domain": [(0, 1), (0, 1)]}, TypeError, "one for each of its 1"),
    (good, {"partials": GOOD, "domain": "everywhere"}, TypeError, "the domain of good"),
    (good, {"partials": GOOD, "label": "{1}"}, ValueError, "the label of good"),
    (good, {"partials": GOOD, "latex": "{x}"}, ValueError, "the latex of good"),
    (good, {"partials": GOOD, "c": "sin({1})"}, ValueError, "the c of good"),
    (good, {"partials": [lambda x, y: 2.0 * math.cos(x)]}, TypeError, "autograd.exp, not math.exp"),
    (good, {"partials": [lambda x, y: -2.0 * autograd.cos(x)]}, ValueError, "differences"),
    (good, {"partials": [lambda x, y: 2.00001 * autograd.cos(x)]}, ValueError, "differences"),
    (good, {"partials": [lambda x, y: 1 / 0]}, TypeError, "ZeroDivisionError"),
    (good, {"partials": [lambda x, y: "2"]}, TypeError, "takes real numbers, got '2'"),
    (good, {"partials": [lambda x: 1.0]}, TypeError, "a partial of good failed"),
    (good, {"partials": [lambda x, y: good2(x)]}, TypeError, "good2"),  # noqa: F821  # not there
    (lambda x, z: x * z, {"partials": [lambda x, z, y: x, lambda x, z, y: z], "name": "swapped"},
     ValueError, "by argument 0"),
    (lambda x, z: x * z, {"vjp": lambda x, z, y, g: (g * z,), "name": "short"}, TypeError,
     "return a list or tuple of 2"),
    (lambda *xs: sum(xs), {"partials": [lambda xs, y: xs], "name": "many"}, TypeError,
     "one partials"),
    (lambda *, x: x, {"partials": GOOD, "name": "keyword"}, TypeError, "by position"),
    (lambda: 1.0, {"partials": [], "name": "none"}, TypeError, "at least one"),
    (lambda x: math.log(x), {"partials": [lambda x, y: 1.0 / x], "name": "nowhere",
                             "domain": (-5.0, -1.0)}, ValueError, "no finite value"),
    (3.0, {"partials": GOOD}, TypeError, "takes a function"),
])  # fmt: skip
def test_what_is_wrong_is_named_and_the_table_unchanged(f, options, error, message):
    before = autograd.table()
    with pytest.raises(error, match=message):
        primitive(f, **options)
    assert autograd.table() == before


def test_a_name_can_be_given_anew_only_if_asked():
    first = define_twice_sine()
    with pytest.raises(ValueError, match="replace=True"):
        define_twice_sine()
    assert autograd.table()["twice_sine"] is first
    second = define_twice_sine(replace=True)
    assert autograd.table()["twice_sine"] is second


def test_a_failed_replacement_leaves_the_first():
    first = define_twice_sine()
    with pytest.raises(ValueError, match="differences"):
        primitive(good, partials=[lambda x, y: x], name="twice_sine", replace=True)
    assert autograd.table()["twice_sine"] is first


def test_unless_told_not_to_look():
    wrong = primitive(good, partials=[lambda x, y: 0.0], check=False)
    with pytest.raises(ValueError, match="differences"):
        check_primitive(wrong)


def test_a_kink_is_no_fault():
    @primitive(partials=[lambda x, y: autograd.where(x > 0.25, 1.0, 0.0)],
               domain=Domain(-2.0, 2.0, edges=(0.25,)))  # fmt: skip
    def ramp(x):
        return max(x - 0.25, 0.0)

    assert grad(ramp)(1.0) == 1.0


WHOLE = {"round_to", "polygamma", "gelu_exp"}  # one of their arguments is a whole number


@pytest.mark.parametrize("name", sorted(autograd.table().keys() - WHOLE))
def test_the_built_in_rows_would_be_accepted(name):
    check_primitive(autograd.table()[name])


def test_importing_autograd_brings_nothing_of_the_checks():
    code = "import autograd, sys; print([m for m in sys.modules if m.startswith('autograd.check')])"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


@pytest.mark.parametrize("compare", [operator.lt, operator.le, operator.gt, operator.ge])
def test_a_partial_may_compare_y(compare):
    @primitive(partials=[lambda x, y: autograd.where(compare(y, 1e9), y, y)])
    def grown(x):
        return math.exp(x)

    assert taylor(grown, 0.5, 4) == pytest.approx(taylor(autograd.exp, 0.5, 4), rel=1e-14)


def test_a_partial_that_branches_on_y_has_the_whole_of_it():
    @primitive(partials=[lambda x, y: y if y else 0.0 * y], check=False)
    def grown(x):
        return math.exp(x)

    assert taylor(grown, 0.5, 4) == pytest.approx(taylor(autograd.exp, 0.5, 4), rel=1e-14)


def test_one_vjp_of_one_argument_may_give_a_number():
    @primitive(vjp=lambda x, y, c: c * 2.0 * autograd.cos(x))
    def twice_sine(x):
        return 2.0 * math.sin(x)

    assert grad(twice_sine)(0.7) == 2.0 * math.cos(0.7)


def test_each_argument_has_a_domain_of_its_own():
    @primitive(
        partials=[lambda x, z, y: autograd.log(z), lambda x, z, y: x / z],
        domain=((-math.inf, 0.0), Domain(0.0, math.inf, open=True, edges=(1.5,))),
    )
    def scaled_log(x, z):
        return x * math.log(z)

    assert [(d.low, d.high) for d in scaled_log.domain] == [(-math.inf, 0.0), (0.0, math.inf)]
    for x, z in sample_points(scaled_log):
        assert x < 0.0 < z
        assert abs(z - 1.5) > 1e-3


def test_points_where_the_slope_is_not_known_are_passed_over():
    middle = next(iter(sample_points(autograd.table()["atanh"])))[0]  # of -1 to 1

    @primitive(partials=[lambda x, y: autograd.sign(x - middle)], domain=Domain(-1.0, 1.0))
    def distance(x):
        return abs(x - middle)

    assert check_primitive(distance) is None

    @primitive(
        partials=[lambda x, y: autograd.sign(x - middle)],
        domain=Domain(-1.0, 1.0, edges=(middle,)),
    )
    def beside(x):
        return abs(x - middle)

    assert middle not in [x for (x,) in sample_points(beside)]

    @primitive(partials=[lambda x, y: 1.0], check=False)
    def holes(x):  # a value here and there, and no slope anywhere
        return x if x == math.floor(x * 64.0) / 64.0 or x in known else math.nan

    known = {x for (x,) in sample_points(holes)}
    assert check_primitive(holes) is None


def test_any_number_of_arguments_in_an_expression():
    @primitive(partials=lambda xs, y: [2.0 * x for x in xs])
    def square_sum(*xs):
        return math.fsum([x * x for x in xs])

    assert Expression("square_sum(x, 2, 3)")(1.0) == 14.0


def test_a_name_of_the_table_is_taken():
    with pytest.raises(ValueError, match="a primitive named 'exp' already"):
        row("exp", math.exp, (lambda x, y: y,))


def test_a_vjp_of_many_gets_the_value_and_is_named_where_it_miscounts():
    @primitive(vjp=lambda *a: [a[-1] * a[-2] / x for x in a[:-2]], domain=(0.5, 4.0))
    def product_of_all(*xs):
        return math.prod(xs)

    assert grad(lambda v: product_of_all(*v))([2.0, 3.0, 4.0]) == [12.0, 8.0, 6.0]
    for wrong in ({"vjp": lambda *a: [1.0]}, {"partials": lambda xs, y: [1.0]}):
        with pytest.raises(TypeError, match=r"derivative of miscounted by 3 argument\(s\)"):

            @primitive(**wrong)
            def miscounted(*xs):
                return math.fsum(xs)
