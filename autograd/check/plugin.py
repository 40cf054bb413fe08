"""A pytest plugin: gradient checks as a fixture and as a marker, their tables in the reports.

Installed with the package, it is there in every test run:

    def test_tanh(gradcheck):
        gradcheck(autograd.tanh, 0.5)

    @pytest.mark.gradcheck(x=2.0, y=-3.0, order=2)
    def test_product(x, y):
        return x * y

A marked test is the function to be checked: its arguments come from the marker, and what it
returns is differentiated. `pytest --gradcheck-html=report.html` writes every check of the run
on one page.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from autograd.check.report import Report

_REPORTS = pytest.StashKey[list[tuple[str, bool, str]]]()
"""Of each check: the test's name, whether it passed, and its piece of the page."""

_SENT = "autograd gradient checks"
_SETTINGS = frozenset(["order", "modes", "exact", "rtol", "atol"])


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add --gradcheck-html."""
    group = parser.getgroup("autograd", "gradient checks")
    group.addoption(
        "--gradcheck-html",
        metavar="FILE",
        default=None,
        help="write every gradient check of the run to one HTML page",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known, and room for the reports."""
    config.stash[_REPORTS] = []
    config.addinivalue_line(
        "markers",
        "gradcheck(order=1, modes=..., exact=..., rtol=..., atol=..., **inputs): check the"
        " gradient of what the test returns at these inputs; without inputs, the settings of"
        " the gradcheck fixture",
    )


@pytest.fixture
def gradcheck(request: pytest.FixtureRequest) -> Callable[..., Report]:
    """check_grads, with the settings of the test's gradcheck marker, its report kept."""
    marker = request.node.get_closest_marker("gradcheck")
    settings, _ = _parted(marker.kwargs if marker else {})
    config, name = request.config, request.node.nodeid

    def check(f: Any, inputs: Any = None, **options: Any) -> Report:
        __tracebackhide__ = True
        return _checked(config, name, f, inputs, {**settings, **options})

    return check


def _checked(
    config: pytest.Config, name: str, f: Any, inputs: Any, options: dict[str, Any]
) -> Report:
    __tracebackhide__ = True
    from autograd.check import GradientError, check_grads

    try:
        report = check_grads(f, inputs, **options)
    except GradientError as error:
        _keep(config, name, error.report)
        raise
    _keep(config, name, report)
    return report


def _keep(config: pytest.Config, name: str, report: Report) -> None:
    """Put a report aside as HTML, if a page is asked for."""
    if config.getoption("--gradcheck-html") is None:
        return
    from autograd.check.report import section

    config.stash[_REPORTS].append((name, report.passed, section(report.titled(name))))


def _parted(options: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """A marker's keywords: settings of the check, and inputs."""
    settings = {key: value for key, value in options.items() if key in _SETTINGS}
    inputs = {key: value for key, value in options.items() if key not in _SETTINGS}
    return settings, inputs


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give a marked test its arguments, so that pytest does not look for fixtures."""
    marker = metafunc.definition.get_closest_marker("gradcheck")
    if marker is None:
        return
    _, inputs = _parted(marker.kwargs)
    unknown = [name for name in inputs if name not in metafunc.fixturenames]
    if unknown:
        raise pytest.UsageError(
            f"{metafunc.definition.nodeid}: the gradcheck marker gives {unknown[0]!r}, which is"
            f" neither an argument of the test nor a setting ({', '.join(sorted(_SETTINGS))})"
        )
    if inputs:
        metafunc.parametrize(list(inputs), [list(inputs.values())], ids=["gradcheck"])


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> object | None:
    """Check a marked test that has inputs instead of calling it once."""
    marker = pyfuncitem.get_closest_marker("gradcheck")
    settings, inputs = _parted(marker.kwargs if marker else {})
    if not inputs:
        return None
    others = {
        name: value
        for name, value in pyfuncitem.funcargs.items()
        if name in pyfuncitem._fixtureinfo.argnames and name not in inputs
    }

    def f(given: dict[str, Any]) -> Any:
        return pyfuncitem.obj(**given, **others)

    f.__name__ = pyfuncitem.originalname or pyfuncitem.name
    at = {name: pyfuncitem.funcargs[name] for name in inputs}
    if table := _failure(pyfuncitem, f, at, settings):
        pytest.fail(table, pytrace=False)  # no line of the test itself went wrong
    return True


def _failure(item: pytest.Function, f: Any, at: Any, settings: dict[str, Any]) -> str:
    """The table of a check that failed; empty if it passed."""
    from autograd.check import GradientError

    try:
        _checked(item.config, item.nodeid, f, at, settings)
    except GradientError as error:
        return str(error)
    return ""


def pytest_sessionfinish(session: pytest.Session) -> None:
    """In a worker of pytest-xdist: send the checks to the process that writes the page."""
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output[_SENT] = [list(check) for check in session.config.stash[_REPORTS]]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """From a worker of pytest-xdist: take its checks."""
    sent = getattr(node, "workeroutput", {}).get(_SENT, ())
    node.config.stash[_REPORTS] += [tuple(check) for check in sent]


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Write the page that --gradcheck-html asked for."""
    path, checks = config.getoption("--gradcheck-html"), config.stash[_REPORTS]
    if path is None:
        return
    from autograd.check.report import page_of

    if config.getoption("numprocesses", None):
        checks = sorted(checks, key=lambda check: check[0])  # workers finish in any order
    wrong = sum(not passed for _, passed, _ in checks)
    page = page_of("Gradient checks", [html for _, _, html in checks], wrong)
    Path(path).write_text(page, encoding="utf-8")
    terminalreporter.write_line(f"{len(checks)} gradient check(s) written to {path}")
