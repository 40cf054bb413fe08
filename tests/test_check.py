"""check_grads: it sees what is wrong, says where, and does not cry wolf."""

import dataclasses
import html.parser
import json
import math
import os
import subprocess
import sys

import pytest

import autograd
from autograd import Value, check_grads, tanh
from autograd.check import GradientError
from autograd.define import sample_points
from autograd.graph import topological_order
from autograd.row import PYTHON, primal

pytest.importorskip("mpmath")

# What passes


def test_a_report_is_true_and_has_a_line_for_each_derivative():
    report = check_grads(lambda x, y: tanh(x) * y, (0.5, -3.0))
    assert report
    assert [entry.name for entry in report] == ["x", "y"]
    assert [entry.at for entry in report] == [0.5, -3.0]
    assert report.entries[1].analytic == {
        "reverse": math.tanh(0.5),
        "forward": math.tanh(0.5),
    }
    assert report.entries[1].exact == pytest.approx(math.tanh(0.5))
    assert report.blame is None
    assert "∂f/∂x" in str(report)


@pytest.mark.parametrize(
    ("inputs", "f", "names"),
    [
        (2.0, lambda x: x * x, ["x"]),
        ([2.0, 3.0], lambda v: v[0] * v[1], ["v[0]", "v[1]"]),
        (
            {"w": [1.0, 2.0], "b": 3},
            lambda p: p["w"][0] * p["w"][1] + p["b"],
            ["w[0]", "w[1]", "b"],
        ),
        ((2.0, [3.0, {"k": 4.0}]), lambda a, b: a * b[0] * b[1]["k"], ["a", "b[0]", "b[1].k"]),
        ((Value(2.0, label="weight"), 3.0), lambda x, y: x * y, ["weight", "y"]),
        ((1.0, 2.0), autograd.atan2, ["x0", "x1"]),
    ],
)
def test_inputs_are_named_by_label_parameter_and_place(inputs, f, names):
    assert [entry.name for entry in check_grads(f, inputs)] == names


def test_methods_and_python_branches_work_in_every_mode():
    def f(x, y):
        return x.relu() * y.exp() if x > 0.0 else x * 2.0

    assert check_grads(f, (0.5, 1.0), order=2)
    assert check_grads(f, (-0.5, 1.0), order=2)


def test_several_results_are_checked_each():
    report = check_grads(lambda x: [x * 2.0, {"square": x**2}], 3.0)
    assert [entry.title for entry in report] == ["∂f[0]/∂x", "∂f[1]/∂x"]
    assert [entry.analytic["reverse"] for entry in report] == [2.0, 6.0]


def test_second_and_third_order():
    report = check_grads(lambda x, y: x**3 * y, (2.0, 5.0), order=3)
    third = {entry.name: entry.analytic for entry in report if entry.order == 3}
    assert set(third["x, x, x"].values()) == {30.0}
    assert len(third["x, x, y"]) == 8  # each mode over each
    assert report.entries[2].title == "∂²f/∂x∂x"


def test_a_recorded_value_is_checked_by_its_leaves():
    a, b, c = Value(2.0, label="a"), Value(-3.0, label="b"), Value(10.0)
    loss = (a * b + c).tanh() * 2.0
    assert [entry.name for entry in check_grads(loss)] == ["a", "b", "leaf 2"]
    assert [entry.name for entry in check_grads(loss, [b], order=2)] == ["b", "b, b"]
    assert (a.data, a.grad) == (2.0, 0.0)  # nothing was touched


def test_an_input_that_does_not_matter_has_derivative_zero():
    report = check_grads(lambda x, y: x * 2.0, (1.0, 5.0), order=2)
    assert report.entries[1].analytic["reverse"] == 0.0


def test_a_constant_function_passes():
    assert check_grads(lambda x: 3.0, 1.0, order=2)


# Kinks, borders, overflow


@pytest.mark.parametrize("f", [
    abs, autograd.relu, lambda x: autograd.maximum(x, -x), lambda x: autograd.clip(x, 0.0, 1.0),
    lambda x: autograd.leaky_relu(x) * 2.0, lambda x: x if x > 0.0 else -0.5 * x,
    lambda x: autograd.hypot(x, 0.0),
])  # fmt: skip
def test_at_a_kink_what_the_slopes_bracket_is_accepted_and_said(f):
    report = check_grads(f, 0.0)
    assert report.entries[0].verdict == "kink"
    assert "slopes" in str(report)


def test_a_kink_inside_is_said_where_it_shows():
    f = lambda x: autograd.relu(x) - autograd.relu(-x)  # noqa: E731  # x, by two kinks
    report = check_grads(f, 0.0)
    assert report.entries[0].verdict == "kink"
    assert "ReLU stands at a kink" in str(report)
    assert __file__ in str(report)
    # x² has the second derivative 2, which relu's slope of 0 hides
    second = check_grads(lambda x: autograd.relu(x * x), 0.0, order=2).entries[1]
    assert (second.verdict, second.analytic["reverse over reverse"]) == ("kink", 0.0)


def test_at_a_kink_what_they_do_not_bracket_is_wrong():
    fault = twin(autograd.relu, (lambda x, y: 1.5,))
    with pytest.raises(GradientError):
        check_grads(lambda x: fault(x) * 2.0, 0.0)


def test_an_infinite_slope_is_accepted_where_the_slopes_grow():
    assert check_grads(autograd.sqrt, 0.0).entries[0].verdict == "steep"
    assert check_grads(autograd.acos, 1.0).entries[0].verdict == "steep"


def test_overflow_on_the_way_is_no_error():
    report = check_grads(lambda x: autograd.exp(x * 1e200) * 1e-300, 0.5e-200)
    assert report


# What does not pass


def twin(row, partials):
    """A row that is another's double but for its partials."""
    return dataclasses.replace(row, partials=partials, c=PYTHON)


def scaled(row, i, factor):
    kept = row.partials
    if row.nary:
        return twin(
            row, lambda xs, y: [p * factor if k == i else p for k, p in enumerate(kept(xs, y))]
        )
    return twin(row, (*kept[:i], lambda *a: kept[i](*a) * factor, *kept[i + 1 :]))


def swapped(row, i, j):
    def exchange(every):
        every = list(every)
        every[i], every[j] = every[j], every[i]
        return every

    kept = row.partials
    if row.nary:
        return twin(row, lambda xs, y: exchange(kept(xs, y)))
    return twin(row, tuple(exchange(kept)))


def points(row):
    for xs in sample_points(row):
        if row.name == "polygamma":
            xs[0] = 2.0
        if row.name == "dot":
            xs = [*xs, 0.7]
        if row.name == "where":
            yield [0.0, *xs[1:]]
        if row.name == "clip":
            yield [xs[0] - 9.0, *xs[1:]]
        yield xs


def partials_at(row, xs):
    y = row.value(*xs)
    found = dict(row.local(xs, y, range(len(xs)))) if math.isfinite(y) else {}
    return [found.get(i, 0.0) for i in range(len(xs))]


def faults():
    for row in autograd.table().values():
        count = 4 if row.name == "dot" else 3 if row.nary else row.arity
        for i in range(count):
            for kind, factor in (("1e-10", 1.0 + 1e-10), ("sign", -1.0), ("two", 2.0)):
                for xs in points(row):
                    if partials_at(row, xs)[i] != 0.0:
                        fault = scaled(row, i, factor)
                        yield pytest.param(row, fault, xs, id=f"{row.name}-{i}-{kind}")
                        break
            j = (i + 1) % count
            both = not row.nary and i < j and None not in (row.partials[i], row.partials[j])
            if both or (row.nary and i < j):
                for xs in points(row):
                    ps = partials_at(row, xs)
                    if ps[i] != ps[j]:
                        fault = swapped(row, i, j)
                        yield pytest.param(row, fault, xs, id=f"{row.name}-{i}-swapped")
                        break


@pytest.mark.parametrize(("row", "fault", "xs"), list(faults()))
def test_every_planted_fault_is_found_and_blamed(row, fault, xs):
    def f(primitive):
        return lambda *inputs: tanh(primitive(*inputs)) * 0.5 + inputs[0]

    assert check_grads(f(row), tuple(xs))
    with pytest.raises(GradientError) as caught:
        check_grads(f(fault), tuple(xs))
    assert caught.value.report.blame.primitive is fault


@pytest.mark.parametrize("name", ["floor", "ceil", "trunc", "round", "sign", "floor_divide"])
def test_a_derivative_where_there_is_none_is_found(name):
    row = autograd.table()[name]
    fault = twin(row, (lambda *a: 1e-9,) * row.arity)
    with pytest.raises(GradientError):
        check_grads(lambda *v: fault(*v) + v[0], tuple(next(iter(points(row)))))


def test_the_first_wrong_operation_is_named_with_its_line():
    wrong_tanh = scaled(tanh, 0, 1.0 + 1e-10)

    def f(x):
        doubled = x * 2.0
        return wrong_tanh(doubled) + doubled  # the line that is to be blamed

    with pytest.raises(GradientError) as caught:
        check_grads(f, 1.0)
    fault = caught.value.report.blame
    assert fault.primitive is wrong_tanh
    assert fault.position == 0
    assert fault.node.place.filename == __file__
    assert fault.node.place.line == f.__code__.co_firstlineno + 2
    assert "tanh(2.0)" in str(caught.value)
    assert f"{__file__}:{fault.node.place.line}" in str(caught.value)


def test_a_wrong_value_is_blamed_too():
    kept = autograd.exp.value
    fault = dataclasses.replace(autograd.exp, value=lambda x: kept(x) * (1.0 + 1e-12), c=PYTHON)
    with pytest.raises(GradientError) as caught:
        check_grads(lambda x: fault(x) * 1.0, 1.0)
    assert caught.value.report.blame.position is None


def test_a_wrong_second_derivative_is_found_at_order_two_only():
    # right as a number, wrong as a function: its own derivative is lost
    fault = twin(autograd.sin, (lambda x, y: autograd.cos(primal(x)),))
    assert check_grads(fault, 1.0)
    with pytest.raises(GradientError) as caught:
        check_grads(fault, 1.0, order=2)
    assert caught.value.report.blame.order == 2


def test_a_missing_accumulation_is_found(monkeypatch):
    def forgetful(self, order, modes):
        leaves, (output,) = self.record()
        sums = {output: 1.0}
        for node in reversed(topological_order(output)):
            if node.primitive is not None:
                xs = [parent.data for parent in node.parents]
                for i, p in node.primitive.local(xs, node.data, range(len(xs))):
                    sums[node.parents[i]] = p * sums[node]  # = where += belongs
        return {"reverse": [sums[leaf] for leaf in leaves]}

    monkeypatch.setattr("autograd.check.problems.Recorded.analytic", forgetful)
    with pytest.raises(GradientError, match="exact") as caught:
        check_grads(lambda x: x * x, 3.0)
    assert caught.value.report.blame is None  # every rule is right, the sweep is not


def test_a_number_that_left_the_graph_is_named_with_its_line():
    def f(x):
        frozen = getattr(x, "data", x)
        return x * autograd.exp(frozen)

    with pytest.raises(GradientError, match="left the graph") as caught:
        check_grads(f, 1.0)
    assert f"{__file__}:{f.__code__.co_firstlineno + 2}" in str(caught.value)


def test_detach_is_a_gradient_that_is_not_the_functions():
    with pytest.raises(GradientError, match="left the graph"):
        check_grads(lambda x: x * (x.detach() if isinstance(x, Value) else x), 2.0)


def test_without_the_exact_judge_differences_see_what_they_can():
    with pytest.raises(GradientError):
        check_grads(math.sin, 1.0, grad=lambda x: math.cos(x) * (1.0 + 1e-9))
    assert check_grads(tanh, 0.5, exact=False)


def test_a_tolerance_of_ones_own():
    loose = lambda x: math.cos(x) * 1.001  # noqa: E731
    assert check_grads(math.sin, 1.0, grad=loose, rtol=1e-2)
    assert check_grads(math.sin, 1.0, grad=loose, atol=1e-2)
    with pytest.raises(GradientError, match="you allow"):
        check_grads(math.sin, 1.0, grad=loose, rtol=1e-4)


# Input that makes no sense


@pytest.mark.parametrize(("arguments", "options", "error", "message"), [
    ((tanh, "0.5"), {}, TypeError, "check_grads takes real numbers, got '0.5'"),
    ((tanh, []), {}, ValueError, "nothing to check"),
    ((tanh,), {}, TypeError, "no inputs"),
    ((3.0, 2.0), {}, TypeError, "function or a recorded Value"),
    ((autograd.log, -1.0), {}, ValueError, r"log is nan at x=-1.0"),
    ((tanh, 0.5), {"order": 0}, ValueError, "order is 0"),
    ((tanh, 0.5), {"modes": "reverse"}, TypeError, "give a tuple"),
    ((tanh, 0.5), {"modes": ("sideways",)}, ValueError, "choose from"),
    ((math.sin, 1.0), {"grad": 3}, TypeError, "grad is 3"),
    ((math.sin, 1.0), {"grad": math.cos, "order": 2}, ValueError, "order 1"),
    ((math.sin, 1.0), {"grad": lambda x: [1.0, 2.0]}, ValueError, "has 2 number"),
    ((math.sin, 1.0), {"grad": math.cos, "exact": True}, ValueError, "can't be judged exactly"),
    ((Value(2.0) * 3.0, [3.0]), {}, TypeError, "checked by its leaves"),
    ((autograd.engine.constant(2.0) * 3.0,), {}, ValueError, "depends on no leaf"),
])  # fmt: skip
def test_bad_input_is_refused_by_name(arguments, options, error, message):
    with pytest.raises(error, match=message):
        check_grads(*arguments, **options)


# The report


@pytest.fixture
def failed():
    with pytest.raises(GradientError) as caught:
        check_grads(lambda x, y: autograd.sqrt(x) + scaled(tanh, 0, 2.0)(y), (0.0, math.pi))
    return caught.value.report


def test_json_reads_back_and_has_no_bare_infinity(failed):
    document = json.loads(failed.to_json(), parse_constant=pytest.fail)
    assert document["passed"] is False
    first = document["derivatives"][0]
    assert (first["name"], first["verdict"]) == ("x", "steep")
    assert first["analytic"]["reverse"] == "inf"


class Cells(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.text = [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text.append(data)


def test_html_is_whole_escaped_and_loads_nothing():
    report = check_grads(lambda p: p["<script>"] * 2.0, {"<script>": 1.0})
    page = Cells()
    page.feed(report.to_html())
    assert "script" not in [tag for tag, _ in page.tags]
    assert any("∂f/∂<script>" in text for text in page.text)
    assert not any("src" in attrs or "href" in attrs for _, attrs in page.tags)
    assert report.to_html().startswith("<!doctype html>")
    assert "<table>" in report._repr_html_()


def test_many_remarks_are_cut_short():
    with pytest.raises(GradientError) as caught:
        check_grads(lambda v: sum(x * x for x in v), [float(i) for i in range(1, 31)],
                    grad=lambda v: [0.0] * 30)  # fmt: skip
    assert "22 more remark" in str(caught.value)
    assert len(caught.value.report) == 30


def test_the_same_check_gives_the_same_text():
    f = lambda x, y: autograd.sigmoid(x * y) + autograd.cbrt(y)  # noqa: E731
    assert str(check_grads(f, (0.3, 2.0), order=2)) == str(check_grads(f, (0.3, 2.0), order=2))


def test_reports_are_the_same_under_threads():
    from concurrent.futures import ThreadPoolExecutor

    def one(k):
        return str(check_grads(lambda x: tanh(x) * x, 0.1 * k))

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(one, range(1, 9))) == [one(k) for k in range(1, 9)]


NOTEBOOK = """\
import autograd
from autograd import Value, check_grads, draw, lines, log, strict
f = lambda x: x * autograd.exp(x.data)
try:
    check_grads(f, Value(1.0))
except AssertionError as error:
    print(error)
with lines():
    y = Value(2.0) * 3.0
print(y.place, "cell 1, line 9" in draw(y).svg())
try:
    with strict():
        log(Value(0.0))
except ArithmeticError as error:
    print(error)
"""


def test_in_a_notebook_the_cell_is_named_and_not_the_kernels_file(tmp_path):
    pytest.importorskip("IPython")
    program = (
        "from IPython.core.interactiveshell import InteractiveShell\n"
        "shell = InteractiveShell.instance()\n"
        f"shell.run_cell({NOTEBOOK!r}, store_history=True)\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "IPYTHONDIR": str(tmp_path), "PYTHONPATH": os.getcwd()},
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert "multiply, cell 1, line 3, used 2.718281828459045" in run.stdout, run.stderr
    assert "cell 1, line 9 True" in run.stdout
    assert "log(0.0) is -inf (made at cell 1, line 13)" in run.stdout
    assert ".py" not in run.stdout


# What is rare


def test_differences_without_a_value_bear_nothing_out():
    with pytest.raises(GradientError, match="is the function defined around it"):
        check_grads(lambda x: x if x == 1.0 else math.nan, 1.0, grad=lambda x: 1.0)


def test_an_infinite_derivative_of_a_finite_slope_is_wrong():
    with pytest.raises(GradientError, match="inf where the numerical derivative is 2"):
        check_grads(lambda x: 2.0 * x, 1.0, grad=lambda x: math.inf)


def test_a_second_derivative_where_the_first_is_infinite_is_not_judged():
    report = check_grads(autograd.sqrt, 0.0, order=2)
    assert [entry.verdict for entry in report] == ["steep", "steep"]
    assert "is not finite here" in report.entries[1].note


def test_a_mode_with_other_roundings_is_borne_out_by_differences(monkeypatch):
    monkeypatch.setattr("autograd.check.grads._OTHER_ORDER", 0.0)  # no rounding is allowed for
    rounded = next(
        x
        for x in (0.1 * i for i in range(1, 50))
        if autograd.jvp(lambda x: autograd.jvp(tanh, (x,), (1.0,))[1], (x,), (1.0,))[1]
        != check_grads(tanh, x, order=2, exact=True).entries[1].exact
        if check_grads(tanh, x, order=2).entries[0].exact == autograd.jvp(tanh, (x,), (1.0,))[1]
    )
    report = check_grads(tanh, rounded, order=2, modes=("forward",))
    assert report.entries[1].verdict == "ok"


def test_a_function_that_raises_beside_the_inputs_leaves_no_note():
    def f(x):
        frozen = getattr(x, "data", x)
        if frozen > 1.0:
            raise ValueError("outside")
        return x * autograd.exp(frozen)

    with pytest.raises(GradientError) as caught:
        check_grads(f, 1.0)
    assert "left the graph" not in str(caught.value)


def test_a_leak_is_looked_for_in_every_result():
    with pytest.raises(GradientError, match="left the graph"):
        check_grads(lambda x: [3.0, x * math.exp(getattr(x, "data", x))], 1.0)


def test_a_wrong_value_of_two_arguments_is_told_from_cancellation():
    def off(factor):
        return dataclasses.replace(autograd.subtract, value=lambda x, z: (x - z) * factor, c=PYTHON)

    # what a rounding of 1e8 does to a difference of 1 is no fault, a digit more is one
    assert check_grads(lambda x, z: off(1.0 + 1e-9)(x, z) * 1.0, (1e8, 1e8 - 1.0), exact=True)
    with pytest.raises(GradientError) as caught:
        check_grads(lambda x, z: off(1.0 + 1e-5)(x, z) * 1.0, (1e8, 1e8 - 1.0))
    assert caught.value.report.blame.order == 0


def test_of_many_arguments_the_first_are_named():
    row = autograd.table()["mean"]
    fault = scaled(row, 0, 2.0)
    with pytest.raises(GradientError) as caught:
        check_grads(lambda *xs: fault(*xs), tuple(map(float, range(8))))
    assert "mean(" in str(caught.value)
    assert "5.0, ...)" in str(caught.value)


def test_a_report_draws_what_is_wrong():
    pytest.importorskip("graphviz")
    pytest.importorskip("pygraphviz")
    wrong_tanh = scaled(tanh, 0, 2.0)
    with pytest.raises(GradientError) as caught:
        check_grads(lambda x: autograd.sin(autograd.exp(wrong_tanh(x) * 2.0) + 1.0), 1.0)
    report = caught.value.report
    marked = [box for box in report.draw().view.boxes if box.marked]
    assert [box.symbol for box in marked] == ["tanh"]
    assert "<svg" in report.to_html()
    right = check_grads(tanh, 1.0)
    assert not [box for box in right.draw().view.boxes if box.marked]
    assert "<svg" not in right.to_html()
    with pytest.raises(ValueError, match="recorded no graph"):
        check_grads(math.sin, 1.0, grad=math.cos).draw()


def test_a_derivative_too_large_for_a_float_is_no_error():
    report = check_grads(lambda x: (x * 1e300) * 1e300, 1e-300)
    assert [entry.verdict for entry in report] == ["overflow"]
    assert "overflows on the way" in str(report)


def test_infinite_slopes_of_both_signs_are_a_kink():
    report = check_grads(lambda x: autograd.sqrt(autograd.maximum(x, -x)), 0.0)
    assert [entry.verdict for entry in report] == ["kink"]
    assert "max stands at a kink" in str(report)


def test_the_table_is_aligned_and_whole():
    report = check_grads(lambda x, longer: x * x + autograd.abs(longer), (3.0, 0.0))
    assert str(report) == (
        "check_grads(f): 2 derivatives ok\n"
        "              at  analytic  numerical  ± error  exact  verdict\n"
        "  ∂f/∂x        3         6          6    1e-13      6  ok\n"
        "  ∂f/∂longer   0         0          0    2e-13      0  kink\n"
        "  ∂f/∂longer: a kink, slopes -1 on the left, 1 on the right: 0 lies between them"
    )


def test_a_value_that_only_a_zeros_sign_decides_is_not_judged():
    report = check_grads(lambda x, z: autograd.atan2(x, z), (0.0, -1.0))
    assert report.entries[1].verdict == "ok"
    assert report.blame is None


def test_what_f_is_given_is_noted_once():
    error = TypeError("not this")

    def f(x):
        raise error

    for _ in range(2):
        with pytest.raises(TypeError, match="not this"):
            check_grads(f, 1.0)
    assert len(error.__notes__) == 1
