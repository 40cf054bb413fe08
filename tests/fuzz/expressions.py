"""Expressions: any text, and texts that are always well formed."""

from __future__ import annotations

import ast
import math
import struct
from typing import Any

from autograd.engine import Value
from autograd.expressions import (
    LONGEST,
    Expression,
    ExpressionError,
    assignment,
    function_names,
    function_of,
)
from autograd.row import Primitive
from tests.fuzz.target import Target, joined, texts

NUMBERS = (0.75, -2.0, 3.5, 0.0, -1e-300, 1e300, math.inf, math.nan, -0.0, 1.0)
"""What the variables are, in their order."""

REFUSED = (ExpressionError, ValueError, TypeError)
"""Of a function at work: a list too short, or a list where a number belongs."""


def bits(x: Any) -> Any:
    """A result as what can be compared: NaN equals NaN, -0.0 is not 0.0."""
    if isinstance(x, list):
        return [bits(item) for item in x]
    assert type(x) is float, f"{x!r} is no float"
    return "nan" if x != x else struct.pack("<d", x)


def parsed(text: str) -> Expression | None:
    """The expression, or None where the text is refused as documented."""
    try:
        return Expression(text)
    except ExpressionError as error:
        assert 0 < len(str(error)) < 1000
        return None


def value(expression: Expression, numbers: list[float]) -> Any:
    """Its bits at these numbers, or the type of the refusal."""
    try:
        return bits(expression(*numbers))
    except REFUSED as error:
        return type(error)


def check(expression: Expression) -> None:
    """What holds for every expression that was read."""
    assert all(name.isidentifier() for name in expression.names)
    numbers = [NUMBERS[i % len(NUMBERS)] for i in range(len(expression.names))]
    found = value(expression, numbers)

    # Written by Python's own printer, and read: the same.
    printed = ast.unparse(ast.parse(expression.text))
    if len(printed) <= LONGEST:
        again = Expression(printed)
        assert (again.names, value(again, numbers)) == (expression.names, found), printed

    # On nodes: the same bits, and gradients that are floats.
    try:
        output, inputs = expression.record(dict(zip(expression.names, numbers)))
    except REFUSED as error:
        # No variables, or a list: refused by `record`, yet a result for floats.
        assert isinstance(error, ExpressionError) or found is type(error)
        return
    assert bits(output.data) == found
    output.backward()
    for leaf in inputs.values():
        assert isinstance(leaf, Value)
        assert leaf.grad is None or type(leaf.grad) is float


def run_text(data: bytes) -> None:
    """The input is the expression."""
    (text,) = texts(data, 1)
    expression = parsed(text)
    if expression is not None:
        check(expression)


# Well-formed ones: each byte is a step of a machine that writes an expression.

LEAVES = ("x", "y", "z", "w", "2", "0.5", "1e-3", "0", "pi", "inf", "nan", "3")
SIGNS = ("+", "-", "*", "/", "//", "%", "**")
COMPARISONS = ("<", "<=", ">", ">=", "==", "!=")


def arguments(name: str) -> int | None:
    """How many numbers a function takes; None for a list."""
    function = function_of(name)
    if isinstance(function, Primitive) and not function.nary:
        return len(function.domain) - len(function.defaults)
    return None


CALLS = [(name, arguments(name)) for name in function_names() if name != "where"]


def written(data: bytes) -> str:
    """The expression that these bytes write, with a stack of what is ready."""
    stack: list[str] = []
    steps: list[str] = []

    def pop() -> str:
        return stack.pop() if stack else LEAVES[len(steps) % len(LEAVES)]

    for at, byte in enumerate(data):
        kind, choice = byte % 8, byte // 8  # 32 choices each
        if kind <= 1:
            stack.append(LEAVES[choice % len(LEAVES)])
        elif kind == 2:
            right, left = pop(), pop()
            stack.append(f"({left} {SIGNS[choice % len(SIGNS)]} {right})")
        elif kind == 3:
            stack.append(f"(-{pop()})" if choice < 24 else f"+{pop()}")
        elif kind <= 5:
            more = data[at + 1] if at + 1 < len(data) else 0
            name, count = CALLS[(choice * 8 + more) % len(CALLS)]
            if count is None:
                items = ", ".join([pop() for _ in range(more % 5)])
                stack.append(f"{name}([{items}])" + (f"[{more % 3}]" if more >= 192 else ""))
            else:
                stack.append(f"{name}({', '.join([pop() for _ in range(count)])})")
        elif kind == 6:
            a, b, c, d = pop(), pop(), pop(), pop()
            sign = COMPARISONS[choice % len(COMPARISONS)]
            condition = f"{a} {sign} {b}"
            if choice >= 16:
                condition += f" {'and' if choice >= 24 else 'or'} {c} > {d}"
            stack.append(f"where({condition}, {c}, {d})")
        else:
            name = f"step{len(steps)}"
            steps.append(f"{name} = {pop()}")
            stack.extend([name, name])
    return ";\n".join([*steps, stack[-1] if stack else "x"])


def run_written(data: bytes) -> None:
    """The input chooses the expression; only one that is too long, deep or wide is refused."""
    text = written(data)
    try:
        expression = Expression(text)
    except ExpressionError as error:
        told = ("nested more than", "at most", "argument", "stands alone", "has a value already")
        assert any(words in str(error) for words in told), (text, error)
        return
    check(expression)


def run_assignment(data: bytes) -> None:
    """NAME=NUMBER, as on the command line."""
    (text,) = texts(data, 1)
    try:
        name, number = assignment(text)
    except ExpressionError as error:
        assert str(error)
        return
    assert name.isidentifier()
    assert bits(assignment(f"{name}={number!r}")[1]) == bits(number)


WORDS = [*function_names(), *SIGNS, *COMPARISONS, "and ", "or ", "where(", "pi", "inf", "nan"]
WORDS += ["if ", "else ", "not ", "lambda ", "import ", "__class__", "0x", "1e308", "[0]", "1j"]
WORDS += ['f"{x}"', "x.y", ":=", "...", "=", ";", "\n", "\\\n", "#", "'", '"""', "\x00", "\x0c"]

TEXT = Target(
    run_text,
    "ExpressionError; of a function at work TypeError and ValueError",
    [
        text.encode()
        for text in (
            "x**2 + tanh(x*y)",
            "e = a*b; d = e + c; d*f",
            "where(x > 0 and x <= 1, sqrt(x), -x)",
            "softmax([x, y, 1.5])[0] // 0.25 % 3",
            "sum([x, y]) - max(x, y, z)",
            "a = x\nb = a\nb",
            "clip(x, -1, 1) + hypot(x, y) + lgamma(x)",
            "__import__('os').system('true')",
            "9**9**9**9",
            "((((((x))))))",
            "-+-+-x",
            "λ = α·2",
            "x^2",
        )
    ],
    WORDS,
)

WRITTEN = Target(
    run_written,
    "ExpressionError of depth, length and number of arguments; of a function at work TypeError"
    " and ValueError",
    [bytes(range(start, 256, step))[:16] for start in range(8) for step in (1, 7, 9, 11, 17, 31)],
    longest=20,
)

ASSIGNMENT = Target(
    run_assignment,
    "ExpressionError",
    [joined(text) for text in ("x=2", "y=-3", "angle = pi/4", "x==2", "pi=3", "é=1e3", "x=[1][0]")],
    WORDS,
)
