"""Law 10: importing autograd imports nothing heavy; a missing extra names its install."""

from __future__ import annotations

import re
from typing import Any

import pytest
from programs import ROOT, python

HEAVY = [
    "numpy", "graphviz", "pygraphviz", "hypothesis", "matplotlib", "sklearn", "scipy", "pandas",
    "torch", "jax", "mpmath", "tqdm", "IPython", "anywidget", "ipywidgets", "safetensors", "pytest",
    "asyncio", "multiprocessing", "unittest", "http", "email", "xml", "json", "argparse", "logging",
    "subprocess", "tempfile", "socket", "decimal", "html", "urllib", "concurrent",
]  # fmt: skip


def test_law_10_import_brings_nothing_heavy() -> None:
    """Law 10."""
    # what Python's own start has loaded, by its site packages, is not autograd's doing
    code = (
        "import sys; before = set(sys.modules); import autograd;"
        " print(*sorted({name.split('.')[0] for name in set(sys.modules) - before}))"
    )
    loaded = python(code).split()
    assert set(loaded) & set(HEAVY) == set()
    assert "nn" not in loaded


def test_law_10_the_engine_needs_nothing_that_is_not_pythons() -> None:
    """Values, transforms and modes run with every third-party package hidden."""
    code = f"""
import sys
for name in {HEAVY[:17]!r}:
    sys.modules[name] = None
import autograd as ag
x = ag.Value(2.0)
(ag.tanh(x) * x).backward()
print(ag.hessian(lambda v: v[0] ** 2 * v[1])([3.0, 4.0]))
"""
    assert python(code) == "[[8.0, 6.0], [6.0, 0.0]]\n"


def test_law_10_nothing_is_said_at_import() -> None:
    assert python("import autograd, nn") == ""


def test_autograd_never_imports_nn() -> None:
    """Imports point down: nn imports autograd, never the other way."""
    for path in (ROOT / "autograd").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        found = re.findall(r"^(?:import|from) nn\b", text, flags=re.M)
        assert found == [], path


@pytest.mark.parametrize(
    ("hidden", "code", "extra"),
    [
        (["mpmath"], "import autograd.check.judge", "check"),
        (["hypothesis"], "import autograd.check.strategies", "check"),
    ],
)
def test_law_10_a_missing_extra_names_its_install(hidden: Any, code: str, extra: str) -> None:
    """Law 10: the ImportError names the `pip install`."""
    program = f"""
import sys
for name in {hidden!r}:
    sys.modules[name] = None
try:
    {code}
except ImportError as error:
    print(error)
"""
    said = python(program)
    assert said == "" or f"pip install 'scalar-autograd[{extra}]'" in said


def test_public_names() -> None:
    import autograd

    for name in (
        "Value", "grad", "value_and_grad", "jvp", "vjp", "jacobian", "hessian", "hvp", "derivative",
        "taylor", "no_grad", "strict", "lines", "scope", "stop_gradient", "first_nonfinite",
        "primitive", "table", "backend", "check_grads", "draw", "Graph", "topological_order",
    ):  # fmt: skip
        assert getattr(autograd, name) is not None
    assert autograd.backend in ("pure", "compiled")
    with pytest.raises(AttributeError, match="no attribute 'tahn'"):
        autograd.tahn  # noqa: B018  # raising is what is tested


def test_the_pure_engine_can_be_chosen() -> None:
    assert python("import autograd; print(autograd.backend)", AUTOGRAD_PURE="1") == "pure\n"
