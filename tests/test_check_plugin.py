"""The pytest plugin, in pytest runs of its own."""

import importlib.metadata

import pytest

pytest.importorskip("mpmath")

pytest_plugins = ["pytester"]


@pytest.fixture
def run(pytester):
    """Write a test file and run it; the plugin comes from the installation or is named."""
    installed = importlib.metadata.entry_points(group="pytest11", name="autograd")
    named = [] if installed else ["-p", "autograd.check.plugin"]

    def run(source, *arguments):
        pytester.makepyfile("import autograd, pytest\n" + source)
        return pytester.runpytest_inprocess("-p", "no:cacheprovider", *named, *arguments)

    return run


def test_the_fixture_passes_and_fails(run):
    result = run("""
def test_right(gradcheck):
    report = gradcheck(autograd.tanh, 0.5)
    assert report

def test_wrong(gradcheck):
    gradcheck(lambda x: x * autograd.exp(getattr(x, "data", x)), 1.0)
""")
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(
        [
            "*GradientError: check_grads(f): 1 of 1 derivative WRONG*",
            "*∂f/∂x*WRONG*",
            "*left the graph*",
        ]
    )
    result.stdout.no_fnmatch_line("*grads.py*")  # our own frames are not the user's business


def test_a_marked_test_is_the_function(run):
    result = run("""
@pytest.mark.gradcheck(x=2.0, y=-3.0, order=2)
def test_product(x, y):
    return x * y

@pytest.mark.gradcheck(x=2.0)
def test_bad(x):
    return x * autograd.exp(getattr(x, "data", x))

@pytest.fixture
def factor():
    return 3.0

@pytest.mark.gradcheck(x=2.0)
def test_with_a_fixture(x, factor):
    return x * factor
""")
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(["check_grads(test_bad): 1 of 1 derivative WRONG", "*∂f/∂x*"])


def test_the_markers_settings_reach_the_fixture(run):
    result = run("""
@pytest.mark.gradcheck(order=2)
def test_settings(gradcheck):
    assert len(gradcheck(autograd.tanh, 0.5)) == 2
    assert len(gradcheck(autograd.tanh, 0.5, order=1)) == 1
""")
    result.assert_outcomes(passed=1)


def test_an_input_the_test_does_not_take_is_an_error(run):
    result = run("""
@pytest.mark.gradcheck(z=2.0)
def test_product(x):
    return x
""")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*the gradcheck marker gives 'z'*"])


def test_the_html_page_holds_every_check(run, pytester):
    result = run(
        """
def test_right(gradcheck):
    gradcheck(autograd.tanh, 0.5)

def test_wrong(gradcheck):
    gradcheck(autograd.tanh, 0.5, atol=0.0, rtol=1e-30) if 0 else None
    gradcheck(lambda x: x * autograd.exp(getattr(x, "data", x)), 1.0)
""",
        "--gradcheck-html=checks.html",
    )
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["2 gradient check(s) written to checks.html"])
    page = (pytester.path / "checks.html").read_text(encoding="utf-8")
    assert "test_right" in page
    assert "test_wrong" in page
    assert "2 check(s), 1 wrong" in page


def test_the_marker_is_known(run):
    result = run("", "--markers")
    result.stdout.fnmatch_lines(["*gradcheck(order=1*"])


def test_the_html_page_holds_the_checks_of_every_worker(run, pytester):
    pytest.importorskip("xdist")
    source = """
@pytest.mark.parametrize("x", [0.5, 1.5, 2.5, 3.5])
def test_right(gradcheck, x):
    gradcheck(autograd.tanh, x)

def test_wrong(gradcheck):
    gradcheck(lambda x: x * autograd.exp(getattr(x, "data", x)), 1.0)
"""
    result = run(source, "--gradcheck-html=checks.html", "-n2")
    result.assert_outcomes(passed=4, failed=1)
    result.stdout.fnmatch_lines(["5 gradient check(s) written to checks.html"])
    page = (pytester.path / "checks.html").read_text(encoding="utf-8")
    assert "5 check(s), 1 wrong" in page
    assert page.index("test_right[0.5]") < page.index("test_right[3.5]") < page.index("test_wrong")
