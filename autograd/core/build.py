"""How the compiled core is built: setuptools' own commands, with what each compiler needs.

pyproject.toml names these classes. Without a compiler the build goes on and
says so: the package then runs on its pure engine. AUTOGRAD_PURE=1 in the
environment builds without the core, for a wheel that runs anywhere (Pyodide).

This file is loaded by its path while the package is not installed yet, so it
imports nothing of it.
"""

from __future__ import annotations

import os
from typing import Any

# setuptools has no types of its own
from setuptools import Extension  # type: ignore[import-untyped,unused-ignore]
from setuptools.command.bdist_wheel import (  # type: ignore[import-untyped,unused-ignore]
    bdist_wheel,
)
from setuptools.command.build_ext import build_ext  # type: ignore[import-untyped,unused-ignore]

FLAGS = {
    # The bits must be Python's: no contraction to fused multiply-add, and libm's own
    # functions rather than what a compiler knows of them.
    "unix": ["-O3", "-ffp-contract=off", "-fno-builtin", "-fno-math-errno", "-fvisibility=hidden"],
    "msvc": ["/O2", "/fp:strict", "/std:c11"],
}
HEADERS = [
    "tape.h",
    "special.h",
    "rows.h",
    "value.h",
    "nary.h",
    "reverse.h",
    "nodes.h",
    "layer.h",
    "steps.h",
    "type.h",
]


def core() -> list[Extension]:
    """The extension, or nothing if it is not wanted."""
    if os.environ.get("AUTOGRAD_PURE") == "1":
        return []
    folder = "autograd/core"
    return [
        Extension(
            "autograd.core._core",
            sources=[f"{folder}/_core.c"],
            depends=[f"{folder}/{header}" for header in HEADERS],
            optional=True,
        )
    ]


class BuildCore(build_ext):  # type: ignore[misc,unused-ignore]  # it is Any
    """build_ext with the flags of the compiler that was found."""

    def finalize_options(self) -> None:
        """Choose what is built."""
        self.distribution.ext_modules = core()
        super().finalize_options()

    def build_extension(self, ext: Any) -> None:
        """Build the core, or say that the pure engine will run."""
        ext.extra_compile_args = FLAGS["msvc" if self.compiler.compiler_type == "msvc" else "unix"]
        if self.compiler.compiler_type != "msvc" and os.environ.get("AUTOGRAD_SANITIZE") == "1":
            ext.extra_compile_args += ["-O1", "-g", "-fsanitize=address,undefined"]
            ext.extra_compile_args += ["-fno-sanitize-recover=undefined", "-DAUTOGRAD_SANITIZED"]
            ext.extra_link_args = ["-fsanitize=address,undefined"]
        try:
            super().build_extension(ext)
        except Exception as error:
            self.warn(f"the compiled core was not built ({error}): the pure engine will run")


class PureWheel(bdist_wheel):  # type: ignore[misc,unused-ignore]  # it is Any
    """bdist_wheel that knows that without the core nothing is for one machine only."""

    def finalize_options(self) -> None:
        """Choose what is built before the wheel is named."""
        self.distribution.ext_modules = core()
        super().finalize_options()
