"""The benchmarks run, on both engines: what they measure is for people to read."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.mark.slow
@pytest.mark.parametrize("pure", ["0", "1"])
def test_the_benchmarks_run(pure: str) -> None:
    out = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.run", "--quick"],
        cwd=ROOT,
        env={**os.environ, "AUTOGRAD_PURE": pure},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert out.count("## ") == 9
