"""What all tests share: the slow marker, and a Hypothesis profile that gives the same run twice."""

from __future__ import annotations

import os
import warnings
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings

# The same examples in every run, no clock: a failure here is a failure everywhere.
# HYPOTHESIS_PROFILE=explore looks for new ones.
settings.register_profile(
    "repeatable",
    derandomize=True,
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow],
)
# A mutant's counterexample needn't be the smallest.
settings.register_profile(
    "mutation",
    settings.get_profile("repeatable"),
    phases=(Phase.explicit, Phase.generate),
    database=None,
)
settings.register_profile("explore", deadline=None, max_examples=2000, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))


@pytest.fixture
def torch() -> Any:
    """PyTorch; without it the test is skipped."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of its own imports
        return pytest.importorskip("torch")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--slow", action="store_true", help="run the tests marked slow as well")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--slow"):
        return
    slow = [item for item in items if "slow" in item.keywords]
    if slow:
        config.hook.pytest_deselected(items=slow)
        items[:] = [item for item in items if "slow" not in item.keywords]
