"""The command line through a real process: what it prints, its exit codes, its errors."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import autograd
from autograd import cli

HERE = Path(__file__).resolve().parent.parent
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(HERE), "PYTHONWARNINGS": "error"}


def run(*words: str, cwd: Path | None = None, **environment: str) -> tuple[int, str, str]:
    """Exit code, output and errors of `autograd WORDS`."""
    done = subprocess.run(
        [sys.executable, "-m", "autograd", *words],
        capture_output=True,
        cwd=cwd,
        env={**ENVIRONMENT, **environment},
        timeout=120,
        encoding="utf-8",
    )
    return done.returncode, done.stdout, done.stderr


def refused(*words: str, cwd: Path | None = None) -> str:
    """The one line that `autograd WORDS` refuses with."""
    code, output, errors = run(*words, cwd=cwd)
    assert (code, output) == (2, ""), errors
    assert re.fullmatch(r"autograd: error: [^\n]+\n", errors), errors
    return errors


def test_version_tells_the_engine() -> None:
    code, output, _ = run("--version")
    assert code == 0
    assert output.startswith(f"autograd {autograd.__version__} ({autograd.backend} engine")
    assert "pure engine" in run("--version", AUTOGRAD_PURE="1")[1]


def test_the_script_is_installed() -> None:
    from importlib.metadata import entry_points

    (script,) = entry_points(group="console_scripts", name="autograd")
    assert script.load() is cli.main


@pytest.mark.parametrize("command", ["grad", "functions", "check", "draw", "step"])
def test_every_command_has_help_with_examples(command: str) -> None:
    code, output, errors = run(command, "--help")
    assert (code, errors) == (0, "")
    assert "examples:" in output
    assert f"autograd {command}" in output
    assert f"    {command} " in run("--help")[1]


# grad and functions


def test_grad() -> None:
    code, output, errors = run("grad", "(x + y) * z", "x=-2", "y=5", "z=-4")
    assert (code, errors) == (0, "")
    assert output.splitlines() == [
        "(x + y) * z = -12.0",
        "  ∂/∂x = -4.0",
        "  ∂/∂y = -4.0",
        "  ∂/∂z = 3.0",
    ]


def test_grad_as_json_writes_what_json_has_no_number_for() -> None:
    code, output, _ = run("grad", "log(x) + y", "x=0", "y=1", "--json")
    assert code == 0
    assert json.loads(output, parse_constant=pytest.fail) == {
        "expression": "log(x) + y",
        "value": "-inf",
        "gradient": {"x": "inf", "y": 1.0},
    }


@pytest.mark.parametrize(
    ("text", "slope"), [("-x**2", -6.0), ("-hypot(x, 4)", -0.6), ("-x", -1.0), ("--x", 1.0)]
)
def test_an_expression_may_begin_with_a_minus(text: str, slope: float) -> None:
    words = ["--", text] if text.startswith("--") else [text]
    code, output, errors = run("grad", "--json", *words, "x=3")
    assert (code, errors) == (0, "")
    assert json.loads(output)["gradient"] == {"x": slope}


def test_functions() -> None:
    code, output, _ = run("functions", "log1p")
    assert (code, output.split()) == (0, ["log1p(x)", "x", "in", "(-1,", "inf)"])
    names = {line.split("(")[0] for line in run("functions")[1].splitlines()}
    assert set(autograd.table()) <= names


# Bad input: one line, exit code 2


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "required: COMMAND"),
        (["grda", "x", "x=1"], "invalid choice: 'grda'"),
        (["grad"], "required: EXPRESSION"),
        (["grad", "x", "--frobnicate"], "unrecognized arguments: --frobnicate"),
        (["grad", "tahn(x)", "x=1"], "did you mean 'tanh'"),
        (["grad", "x + yy", "x=1", "y=2"], "'yy' at column 5 has no value: did you mean 'y'"),
        (["grad", "x", "x=1", "x=2"], "given twice"),
        (["grad", "x", "x=one"], "depends on 'one'"),
        (["grad", "x", "x"], "write NAME=NUMBER"),
        (["grad", "2 + 2"], "has no variables"),
        (["grad", "x.__class__", "x=1"], "not in the language"),
        (["grad", "x\ny z", "x=1"], "can't be read at line 2"),
        (["functions", "nosuch"], "no function's name"),
    ],
)
def test_bad_input_is_told_in_one_line(words: list[str], message: str) -> None:
    assert message in refused(*words)


def test_a_traceback_on_request() -> None:
    code, _, errors = run("grad", "tahn(x)", "x=1", "--traceback")
    assert code == 1
    assert "Traceback" in errors
    assert "ExpressionError" in errors


def test_a_reader_that_leaves_early_is_no_error() -> None:
    command = f'"{sys.executable}" -m autograd functions | head -n 1'
    if not Path("/bin/sh").exists():
        pytest.skip("needs a POSIX shell")
    done = subprocess.run(
        ["/bin/sh", "-c", command], capture_output=True, env=ENVIRONMENT, encoding="utf-8"
    )
    assert done.stdout.count("\n") == 1
    assert done.stderr == ""


def test_a_terminal_without_the_signs_gets_question_marks() -> None:
    code, output, errors = run("grad", "x", "x=1", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert (code, errors) == (0, "")
    assert "?/?x = 1.0" in output


# Commands of other packages


def _package(folder: Path, source: str) -> dict[str, str]:
    """An installed package that adds the command `greet`; gives the environment to see it."""
    folder.joinpath("greeter.py").write_text(source, encoding="utf-8")
    metadata = folder / "greeter-1.0.dist-info"
    metadata.mkdir()
    metadata.joinpath("METADATA").write_text("Metadata-Version: 2.1\nName: greeter\nVersion: 1.0\n")
    metadata.joinpath("entry_points.txt").write_text("[autograd.commands]\ngreet = greeter:greet\n")
    return {"PYTHONPATH": os.pathsep.join([str(folder), str(HERE)])}


GREETER = """
import time

def greet(commands):
    parser = commands.add_parser("greet", help="say hello")
    parser.add_argument("name")

    def run(arguments):
        if arguments.name == "nobody":
            raise ValueError("nobody is there:\\n  greet somebody")
        if arguments.name == "forever":
            print("waiting", flush=True)
            time.sleep(60)
        print("hello", arguments.name)
        return 3

    return run
"""


def test_a_package_adds_a_command(tmp_path: Path) -> None:
    environment = _package(tmp_path, GREETER)
    assert run("greet", "you", **environment) == (3, "hello you\n", "")
    assert "say hello" in run("--help", **environment)[1]
    code, _, errors = run("greet", "nobody", **environment)
    assert (code, errors) == (2, "autograd: error: nobody is there: greet somebody\n")


def test_a_command_that_cannot_be_loaded_harms_no_other(tmp_path: Path) -> None:
    environment = _package(tmp_path, "import no_such_module_of_mine")
    assert run("grad", "x", "x=1", **environment)[0] == 0
    assert run("--help", **environment)[0] == 0
    code, _, errors = run("greet", "you", **environment)
    assert (code, errors) == (2, "autograd: error: No module named 'no_such_module_of_mine'\n")


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
def test_ctrl_c_exits_with_130(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "autograd", "greet", "forever"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**ENVIRONMENT, **_package(tmp_path, GREETER)},
        encoding="utf-8",
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "waiting\n"
    time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "Traceback" not in errors
