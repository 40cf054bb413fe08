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
        (["check", "2 + 2"], "has no variables"),
        (["check", "log(x)", "x=-1"], "only where the function is finite"),
        (["check", "x", "x=1", "--order", "0"], "order is 0"),
    ],
)
def test_bad_input_is_told_in_one_line(
    words: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(words) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert re.fullmatch(r"autograd: error: [^\n]+\n", captured.err), captured.err
    assert message in captured.err


def test_bad_input_through_a_process() -> None:
    assert "did you mean 'tanh'" in refused("grad", "tahn(x)", "x=1")
    assert "required: COMMAND" in refused()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["draw", "x", "x=1", "-o", "no/x.svg"], "no/x.svg: No such file or directory: check the"),
        (["step", "x", "x=1", "-o", "no/x.html"], "no/x.html: No such file or directory: check"),
        (["draw", "x", "x=1", "-o", "folder.svg"], "folder.svg: Is a directory: give a file's"),
        (["check", "nosuch:f", "x=1"], "No module named 'nosuch': give one that can be imported"),
    ],
)
@pytest.mark.skipif(os.name == "nt", reason="Windows has other words")
def test_what_the_system_refuses_has_a_remedy(
    words: list[str],
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "folder.svg").mkdir()
    monkeypatch.chdir(tmp_path)
    assert cli.main(words) == 2
    assert message in capsys.readouterr().err


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


@pytest.mark.skipif(os.name == "nt", reason="POSIX pipes")
def test_a_reader_that_has_left_already_is_no_error_either() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "-m", "autograd", "functions"],
        stdout=writer, stderr=subprocess.PIPE, env=ENVIRONMENT, encoding="utf-8",
    )  # fmt: skip
    os.close(writer)
    assert (done.returncode, done.stderr) == (1, "")


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
    program = (
        "import signal, sys\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # a background job's is off
        "from autograd.cli import main\n"
        "sys.exit(main(['greet', 'forever']))\n"
    )
    process = subprocess.Popen(  # no preexec_fn: with JAX in this process a fork gives a warning
        [sys.executable, "-c", program],
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


# check


def test_a_function_that_raises_is_no_wrong_derivative(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text("def boom(x):\n    raise KeyError('inside')\n")
    run = subprocess.run(
        [sys.executable, "-m", "autograd", "check", "mine:boom", "x=1"],
        cwd=tmp_path, env=ENVIRONMENT, capture_output=True, encoding="utf-8",
    )  # fmt: skip
    assert run.returncode == 2, "1 says that a derivative is wrong"
    assert run.stderr == "autograd: error: mine:boom raised KeyError: 'inside'\n"


def test_check_passes_with_0() -> None:
    code, output, errors = run("check", "x**2 * tanh(y)", "x=2", "y=-3")
    assert (code, errors) == (0, "")
    assert "2 derivatives ok" in output
    assert "∂f/∂x" in output
    assert "∂f/∂y" in output


def test_check_tells_a_kink() -> None:
    code, output, _ = run("check", "relu(x)", "x=0")
    assert code == 0
    assert "kink" in output


def test_check_as_json() -> None:
    code, output, _ = run("check", "x*y", "x=2", "y=-3", "--order", "2", "--json")
    report = json.loads(output, parse_constant=pytest.fail)
    assert (code, report["passed"]) == (0, True)
    assert [entry["name"] for entry in report["derivatives"]][:2] == ["x", "y"]
    assert len(report["derivatives"]) == 6


WRONG = """
from autograd import primitive

@primitive(partials=[lambda x, y: 3.0 * x], check=False)
def twice(x: float) -> float:
    return x * x

def right(x, y=2.0):
    return x * y

def wrong(x):
    return twice(x) + x
"""


def test_check_of_a_function_fails_with_1_where_it_is_wrong(tmp_path: Path) -> None:
    tmp_path.joinpath("mine.py").write_text(WRONG, encoding="utf-8")
    code, output, errors = run("check", "mine:wrong", "x=2", cwd=tmp_path)
    assert (code, errors) == (1, "")
    assert "WRONG" in output
    assert "twice" in output
    assert run("check", "mine:right", "x=2", cwd=tmp_path)[0] == 0
    assert "missing a required argument: 'x'" in refused("check", "mine:wrong", cwd=tmp_path)
    assert "mine has no 'nothing'" in refused("check", "mine:nothing", "x=1", cwd=tmp_path)
    assert "No module named 'yours'" in refused("check", "yours:f", "x=1", cwd=tmp_path)


# draw and step


def test_draw_as_text() -> None:
    code, output, errors = run("draw", "e = a*b; d = e + c; L = d*f", "a=2", "b=-3", "c=10", "f=-2")
    assert (code, errors) == (0, "")
    for text in ("L", "−8", "a", "6", "b", "−4", "c", "−2", "f"):
        assert text in output


@pytest.mark.parametrize(
    ("suffix", "start"),
    [("svg", b"<svg"), ("png", b"\x89PNG"), ("html", b"<!doctype html>"), ("dot", b"digraph")],
)
def test_draw_into_a_file(tmp_path: Path, suffix: str, start: bytes) -> None:
    pytest.importorskip("graphviz")
    code, output, _ = run("draw", "(x + y) * z", "x=-2", "y=5", "z=-4", "-o", f"g.{suffix}",
                          cwd=tmp_path)  # fmt: skip
    assert (code, output) == (0, f"g.{suffix}\n")
    assert (tmp_path / f"g.{suffix}").read_bytes().lstrip().startswith(start)


def test_draw_refuses_what_it_cannot_write(tmp_path: Path) -> None:
    assert "can't tell a format" in refused("draw", "x*x", "x=1", "-o", "g.xyz", cwd=tmp_path)
    assert "No such file" in refused("draw", "x*x", "x=1", "-o", "no/g.dot", cwd=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_step_prints_every_step() -> None:
    code, output, errors = run("step", "x * y", "x=2", "y=-3", "--all")
    assert (code, errors) == (0, "")
    assert "forward 1 of 1" in output
    assert "backward 3 of 3" in output


def test_step_by_keys() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "autograd", "step", "x * y", "x=2", "y=-3"],
        input="n n p q", capture_output=True, env=ENVIRONMENT, timeout=60, encoding="utf-8",
    )  # fmt: skip
    assert done.returncode == 0
    headings = re.findall(r"\[(.*?)\]", done.stdout)
    assert headings == [
        "forward 1 of 1", "backward 1 of 3", "backward 2 of 3", "backward 1 of 3",
    ]  # fmt: skip


def test_step_as_a_page(tmp_path: Path) -> None:
    assert run("step", "x * y", "x=2", "y=-3", "-o", "s.html", cwd=tmp_path)[0] == 0
    assert "<html" in (tmp_path / "s.html").read_text(encoding="utf-8")
