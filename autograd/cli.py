"""The command line: `autograd COMMAND ...`.

A command is a function that takes argparse's subparsers, adds its own parser
there and returns what runs it: a function of the parsed arguments that gives
the exit code. Other packages add commands by the entry-point group
`autograd.commands`; `nn` adds `train` and `predict` so.

Exit codes: 0, done; 1, a check failed; 2, bad input, told in one line; 130,
stopped by Ctrl-C.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import re
import sys
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from autograd.expressions import Expression, assignments

Run = Callable[[argparse.Namespace], int]
Command = Callable[[Any], Run]  # argparse's subparsers have no public type

DESCRIPTION = """\
A scalar autograd engine: gradients of expressions, checked, drawn and stepped
through; networks of Values trained on data.
"""

EPILOG = """\
examples:
  autograd check "x**2 * tanh(y)" x=2 y=-3     is every derivative right?
  autograd draw "(x + y) * z" x=-2 y=5 z=-4    the graph, as text
  autograd draw "(x + y) * z" x=-2 y=5 z=-4 -o graph.svg
  autograd train                               a network for the iris data
"""

EXPRESSIONS = """\
An expression has numbers, names, + - * / // % **, brackets and autograd's functions:
tanh(x), max(x, y), sum([x, y, z]), where(x > 0, x, 0). Steps with names are divided by
semicolons: "e = a*b; d = e + c; d*f". `autograd functions` lists the functions.
"""


class Parser(argparse.ArgumentParser):
    """argparse's, its errors in one line and its descriptions as they were written."""

    def __init__(self, *args: Any, **options: Any) -> None:
        options.setdefault("formatter_class", argparse.RawDescriptionHelpFormatter)
        options.setdefault("allow_abbrev", False)
        super().__init__(*args, **options)

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and where the help is; exit with 2."""
        self.exit(2, f"autograd: error: {_one_line(message)} (see {self.prog} --help)\n")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; what the `autograd` script calls.

    Arguments: `argv`, the words after the program's name (those of this
    process, if None).
    Returns the exit code; never raises for bad input or Ctrl-C.

    >>> main(["grad", "x * y", "x=2", "y=-3"])
    x * y = -6.0
      ∂/∂x = -3.0
      ∂/∂y = 2.0
    0
    """
    words = list(sys.argv[1:] if argv is None else argv)
    _write_any_character()
    traceback = "--traceback" in words  # anywhere, so that it can be added to a line that failed
    words = [word for word in words if word != "--traceback"]
    try:
        parser, runs = _parser(words)
        arguments = parser.parse_args(_with_leading_minus(words))
        code = runs[arguments.command](arguments)
        sys.stdout.flush()
    except SystemExit as done:  # argparse's way out: --help, --version, wrong usage
        return done.code if isinstance(done.code, int) else 2
    except KeyboardInterrupt:
        print("\nautograd: stopped", file=sys.stderr)
        return 130
    except BrokenPipeError:  # the reader of a pipe has gone: `autograd draw ... | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except (ValueError, TypeError, ArithmeticError, OSError, ImportError) as error:
        if traceback:
            raise
        print(f"autograd: error: {_one_line(_told(error))}", file=sys.stderr)
        return 2
    return code


def _write_any_character() -> None:
    """A terminal without ∂ shows ? in its place, and nothing fails."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


REMEDIES: dict[type[OSError], str] = {
    FileNotFoundError: ": check the path and its folder",
    IsADirectoryError: ": give a file's name",
    NotADirectoryError: ": check the path and its folder",
    PermissionError: ": choose a place that you may read and write",
}


def _told(error: BaseException) -> str:
    """The error's message; Python's own words for files are turned round to name the file first."""
    if isinstance(error, OSError) and error.strerror and error.filename is not None:
        remedy = next((told for kind, told in REMEDIES.items() if isinstance(error, kind)), "")
        return f"{error.filename}: {error.strerror}{remedy}"
    return str(error) or type(error).__name__


def _one_line(message: str) -> str:
    return " ".join(message.split())


def _with_leading_minus(words: list[str]) -> list[str]:
    """The words, an expression such as -x**2 kept from being taken for an option."""
    if _chosen(words) not in COMMANDS:
        return words
    expression = re.compile(r"-[^-ho]|-h\w*\W")  # -h and -o are options, -hypot(x, y) is not
    return [f" {word}" if expression.match(word) else word for word in words]


def _chosen(words: list[str]) -> str:
    """The command: the first word that is not an option."""
    return next((word for word in words if not word.startswith("-")), "")


def _parser(words: list[str]) -> tuple[Parser, dict[str, Run]]:
    """The parser with its commands, and what runs each."""
    parser = Parser(prog="autograd", description=DESCRIPTION, epilog=EPILOG)
    parser.add_argument("--version", action="version", version=_version())
    parser.add_argument(
        "--traceback", action="store_true", help="on an error show where in the program it arose"
    )
    subparsers = parser.add_subparsers(
        dest="command", metavar="COMMAND", required=True, parser_class=Parser, title="commands"
    )
    chosen = _chosen(words)
    commands = COMMANDS if chosen in COMMANDS else {**COMMANDS, **_further_commands(chosen)}
    return parser, {name: command(subparsers) for name, command in commands.items()}


def _version() -> str:
    import platform

    from autograd import __version__
    from autograd.engine import backend, backend_reason

    which = f"autograd {__version__} ({backend} engine, Python {platform.python_version()})"
    return which if backend == "compiled" else f"{which}: {backend_reason}"


def _further_commands(chosen: str) -> dict[str, Command]:
    """The commands of other packages; one that can't be loaded is an error only when chosen."""
    from importlib.metadata import entry_points

    found: dict[str, Command] = {}
    for entry in sorted(entry_points(group="autograd.commands"), key=lambda entry: entry.name):
        try:
            found[entry.name] = entry.load()
        except ImportError:
            if entry.name == chosen:
                raise
    return found


# What the commands share


def add_parser(commands: Any, name: str, summary: str, description: str, examples: str) -> Any:
    """A command's parser, its help ending in examples."""
    return commands.add_parser(
        name,
        help=summary,
        description=f"{summary[0].upper()}{summary[1:]}.\n\n{description}",
        epilog=f"examples:\n{examples}",
    )


def _takes_expression(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("expression", metavar="EXPRESSION", help='such as "x**2 * tanh(y)"')
    parser.add_argument("values", metavar="NAME=NUMBER", nargs="*", help="a number for each name")


def _json(result: Any) -> str:
    """JSON that every reader takes: NaN and infinities as texts."""

    def plain(x: Any) -> Any:
        if isinstance(x, dict):
            return {key: plain(value) for key, value in x.items()}
        return repr(x) if isinstance(x, float) and not math.isfinite(x) else x

    return json.dumps(plain(result), ensure_ascii=False, indent=2, allow_nan=False)


# The commands


def grad(commands: Any) -> Run:
    """`autograd grad`: the value of an expression and its gradient."""
    parser = add_parser(
        commands,
        "grad",
        "give the value of an expression and its gradient",
        EXPRESSIONS,
        '  autograd grad "x * y" x=2 y=-3\n  autograd grad "-sin(x)/x" x=pi/3 --json\n',
    )
    _takes_expression(parser)
    parser.add_argument("--json", action="store_true", help="as JSON")

    def run(arguments: argparse.Namespace) -> int:
        expression = Expression(arguments.expression)
        output, inputs = expression.record(assignments(arguments.values))
        output.backward()
        gradient = {name: leaf.grad for name, leaf in inputs.items()}
        if arguments.json:
            result = {"expression": expression.text, "value": output.data, "gradient": gradient}
            print(_json(result))
            return 0
        print(f"{expression} = {output.data!r}")
        width = max(map(len, gradient))
        for name, slope in gradient.items():
            print(f"  ∂/∂{name:<{width}} = {slope!r}")
        return 0

    return run


def check(commands: Any) -> Run:
    """`autograd check`: are the derivatives of an expression right?"""
    parser = add_parser(
        commands,
        "check",
        "check the derivatives of an expression",
        "By reverse and forward mode, against differences that know their error and, with mpmath\n"
        "installed, exactly. Exit code 0 if every derivative is right, 1 if one is wrong.\n\n"
        + EXPRESSIONS
        + "MODULE:FUNCTION in its place checks a function of a module of yours.\n",
        '  autograd check "x**2 * tanh(y)" x=2 y=-3\n'
        '  autograd check "relu(x)" x=0            a kink\n'
        '  autograd check "exp(x * y)" x=1 y=2 --order 2 --json\n'
        "  autograd check mymodule:loss w=0.5 b=-1\n",
    )
    _takes_expression(parser)
    parser.add_argument(
        "--order", type=int, default=1, metavar="N", help="2 checks second derivatives too"
    )
    parser.add_argument("--json", action="store_true", help="as JSON")

    def run(arguments: argparse.Namespace) -> int:
        from autograd.check import GradientError, check_grads

        values = assignments(arguments.values)
        f, names = _function_to_check(arguments.expression, values)
        try:
            report = check_grads(f, tuple(values[name] for name in names), order=arguments.order)
        except GradientError as wrong:
            report = wrong.report
        except (ValueError, TypeError, ArithmeticError, OSError, ImportError):
            raise
        except Exception as error:  # exit code 1 would say that a derivative is wrong
            told = f"{arguments.expression} raised {type(error).__name__}: {error}"
            raise ValueError(told) from error
        print(report.to_json(indent=2) if arguments.json else report)
        return 0 if report else 1

    return run


def _function_to_check(text: str, values: dict[str, float]) -> tuple[Callable[..., Any], list[str]]:
    """The expression, or the function MODULE:FUNCTION, and the order of its arguments."""
    if not re.fullmatch(r"[\w.]+:[\w.]+", text):
        expression = Expression(text)
        expression.check_names(values)
        if not expression.names:
            raise ValueError(f"{text!r:.80} has no variables: put a name in it, as x in x**2")
        return expression, list(expression.names)
    import importlib
    import inspect

    module_name, _, name = text.partition(":")
    sys.path.insert(0, os.getcwd())
    try:
        found: Any = importlib.import_module(module_name)
    except ModuleNotFoundError as error:
        remedy = "give one that can be imported from this folder"
        raise ValueError(f"{text}: {error}: {remedy}") from error
    finally:
        sys.path.pop(0)
    for part in name.split("."):
        if not hasattr(found, part):
            raise ValueError(f"{module_name} has no {name!r}: check the name")
        found = getattr(found, part)
    try:
        inspect.signature(found).bind(**values)
    except TypeError as error:
        raise ValueError(f"{text}: {error}; give its arguments as NAME=NUMBER") from None
    known = [name for name in inspect.signature(found).parameters if name in values]
    return found, known


def draw(commands: Any) -> Run:
    """`autograd draw`: the graph of an expression."""
    parser = add_parser(
        commands,
        "draw",
        "draw the computation graph of an expression, with its gradients",
        "As text, or into a file: .svg .png .pdf .html .dot .md .txt\n\n" + EXPRESSIONS,
        '  autograd draw "(x + y) * z" x=-2 y=5 z=-4\n'
        '  autograd draw "e = a*b; d = e + c; d*f" a=2 b=-3 c=10 f=-2 -o graph.svg\n'
        '  autograd draw "tanh(w*x + b)" w=2 x=1 b=-1 --partials -o neuron.png\n',
    )
    _takes_expression(parser)
    parser.add_argument("-o", "--output", metavar="FILE", help="write it there; the suffix decides")
    parser.add_argument("--partials", action="store_true", help="dy/dx on each arrow")
    parser.add_argument("--down", action="store_true", help="from top to bottom")
    parser.add_argument(
        "--theme", choices=("auto", "light", "dark"), default="auto", help="colours of a file"
    )

    def run(arguments: argparse.Namespace) -> int:
        from autograd.drawing import draw

        output, _ = Expression(arguments.expression).record(assignments(arguments.values))
        output.backward()
        drawing = draw(
            output,
            rankdir="TB" if arguments.down else "LR",
            theme=arguments.theme,
            partials=arguments.partials,
        )
        if arguments.output is None:
            print(drawing.text())
        else:
            print(drawing.save(arguments.output))
        return 0

    return run


def step(commands: Any) -> Run:
    """`autograd step`: the forward and the backward pass of an expression, step by step."""
    parser = add_parser(
        commands,
        "step",
        "step through the forward and backward pass of an expression",
        "Keys: n next, p back, f forward pass, b backward pass, q quit.\n\n" + EXPRESSIONS,
        '  autograd step "(x + y) * z" x=-2 y=5 z=-4\n'
        '  autograd step "x * tanh(x)" x=2 --all\n'
        '  autograd step "x * tanh(x)" x=2 -o pass.html\n',
    )
    _takes_expression(parser)
    parser.add_argument("--all", action="store_true", help="print every step")
    parser.add_argument(
        "-o", "--output", metavar="FILE", help="write a page to step through, .html, or a .txt"
    )

    def run(arguments: argparse.Namespace) -> int:
        from autograd.drawing import step

        output, _ = Expression(arguments.expression).record(assignments(arguments.values))
        stepper = step(output)
        if arguments.output is not None:
            print(stepper.save(arguments.output))
        elif arguments.all:
            print(stepper.text())
        else:
            stepper.run()
        return 0

    return run


def functions(commands: Any) -> Run:
    """`autograd functions`: what an expression can call."""
    parser = add_parser(
        commands,
        "functions",
        "list the functions an expression can call",
        "Each with the interval where it is defined, where that is not the whole line.",
        "  autograd functions\n  autograd functions log\n",
    )
    parser.add_argument("part", metavar="PART", nargs="?", default="", help="of the name")

    def run(arguments: argparse.Namespace) -> int:
        lines = [line for name, line in _signatures() if arguments.part in name]
        if not lines:
            raise ValueError(f"no function's name has {arguments.part!r} in it")
        print("\n".join(lines))
        return 0

    return run


def _signatures() -> list[tuple[str, str]]:
    from autograd.expressions import function_names, function_of
    from autograd.row import REAL, Primitive

    found = []
    for name in function_names():
        function = function_of(name)
        if not isinstance(function, Primitive) or function.nary:
            found.append((name, f"{name}([x, y, ...])"))
            continue
        domains = function.domain
        where = [
            f"{letter} in {'(' if d.open else '['}{d.low:g}, {d.high:g}{')' if d.open else ']'}"
            for letter, d in zip("xyz", domains)
            if (d.low, d.high) != (REAL.low, REAL.high)
        ]
        call = f"{name}({', '.join('xyz'[: len(domains)])})"
        found.append((name, f"{call:<24}{'; '.join(where)}".rstrip()))
    return found


COMMANDS: dict[str, Command] = {
    "check": check,
    "draw": draw,
    "step": step,
    "grad": grad,
    "functions": functions,
}
