"""Writes rows.h: the C of every row and partial, by passing Symbols through the table.

    python -m autograd.core.generate           # write rows.h
    python -m autograd.core.generate --check   # fail if rows.h is stale

A formula is straight-line and computes both sides of a `where`; its C computes
the side that is taken. Common subexpressions become temporaries.
"""

from __future__ import annotations

import functools
import hashlib
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from autograd.forward import Operators
from autograd.row import FORMULA, PYTHON, Primitive, number, table
from autograd.symbol import Symbol, c_number

HEADER = Path(__file__).with_name("rows.h")
HAND_WRITTEN = Path(__file__).with_name("special.h")
MOST_ARGUMENTS = 3  # of a row that is not n-ary
MOST_STEPS = 100  # of a partial


class NeedsPython(Exception):  # noqa: N818  # a finding, not a failure
    """A formula uses a primitive that has no C."""


@functools.cache
def in_hand(name: str) -> bool:
    """Whether special.h has this row's value, translated by hand."""
    return f"static double value_{name}(double" in HAND_WRITTEN.read_text(encoding="utf-8")


class Writer:
    """Statements of one C function, from Symbols."""

    def __init__(self, memory: dict[Any, Symbol]) -> None:
        self.lines: list[str] = []
        self.count = 0
        self.known: list[dict[Symbol, str]] = [{}]
        self.memory = memory

    def expression(self, symbol: Symbol) -> str:
        """C for `symbol`, after writing the statements it needs."""
        primitive = symbol.primitive
        if primitive is None:
            return c_number(symbol.name) if isinstance(symbol.name, float) else symbol.name
        for scope in self.known:
            if symbol in scope:
                return scope[symbol]
        if primitive.name == "where":
            text = self._choice(*symbol.args)
        else:
            args = [self.expression(x) for x in symbol.args]
            if primitive.c in (FORMULA, PYTHON):
                text = self._assigned(f"value_{primitive.name}({', '.join(args)})")
            else:
                text = self._assigned(primitive.c.format(*args))
        self.known[-1][symbol] = text
        return text

    def _assigned(self, text: str) -> str:
        self.count += 1
        name = f"t{self.count}"
        self._write(f"const double {name} = {text};")
        return name

    def _choice(self, condition: Symbol, x: Symbol, z: Symbol) -> str:
        test = self.expression(condition)
        self.count += 1
        name = f"t{self.count}"
        self._write(f"double {name};")
        for opening, side in ((f"if ({test}) {{", x), ("} else {", z)):
            self._write(opening)
            self.known.append({})
            self._write(f"{name} = {self.expression(side)};")
            self.known.pop()
        self._write("}")
        return name

    def _write(self, line: str) -> None:
        self.lines.append("    " * len(self.known) + line)


def shared(symbol: Symbol, memory: dict[Any, Symbol]) -> Symbol:
    """The one Symbol for equal expressions."""
    if symbol.primitive is None:
        key: Any = (
            str(symbol.name),
            c_number(symbol.name) if isinstance(symbol.name, float) else "",
        )
        return memory.setdefault(key, symbol)
    args = tuple([shared(x, memory) for x in symbol.args])
    key = (symbol.primitive.name, tuple([id(x) for x in args]))
    return memory.setdefault(key, Symbol(symbol.name, symbol.primitive, args))


def function(name: str, primitive: Primitive, formula: Callable[..., Any], with_y: bool) -> str:
    """A C function of the row's arguments (and y) from a formula."""
    names = [f"x{i}" for i in range(len(primitive.domain))] + (["y"] if with_y else [])
    result = formula(*[Symbol(n) for n in names])
    if not isinstance(result, Symbol):
        result = Symbol(number(result))
    memory: dict[Any, Symbol] = {}
    writer = Writer(memory)
    text = writer.expression(shared(result, memory))
    body = [*writer.lines, f"    return {text};"]
    used = "\n".join(body)
    unused = "".join(f" (void){n};" for n in names if not re.search(rf"\b{n}\b", used))
    parameters = ", ".join(f"double {n}" for n in names)
    opening = [f"static inline double {name}({parameters})", "{"]
    return "\n".join([*opening, *([f"   {unused}"] if unused else []), *body, "}", ""])


def value_in_c(primitive: Primitive) -> str | None:
    """The row's value as a C function; None if it is in special.h or only in Python."""
    if primitive.c == PYTHON:
        return None
    if primitive.c == FORMULA:
        return function(f"value_{primitive.name}", primitive, primitive.value, False)

    def itself(*xs: Any) -> Any:
        return Symbol._apply(primitive, xs)

    return function(f"value_{primitive.name}", primitive, itself, False)


def uses(symbol: Any, found: set[str]) -> set[str]:
    """The names of the primitives in an expression, those inside formulas included."""
    if isinstance(symbol, Symbol) and symbol.primitive is not None:
        primitive = symbol.primitive
        if primitive.name not in found:
            found.add(primitive.name)
            if primitive.c == FORMULA:
                uses(primitive.value(*[Symbol("x") for _ in symbol.args]), found)
        for x in symbol.args:
            uses(x, found)
    return found


def only_in_python(primitive: Primitive, formula: Callable[..., Any], count: int) -> bool:
    """Whether a formula needs a primitive that has no C at all."""
    rows = table()
    found = uses(formula(*[Symbol(f"x{i}") for i in range(count)]), set())
    return any(rows[name].c == PYTHON and not in_hand(name) for name in found)


class Traced(Operators):
    """A type that passes through a partial to note what a Value would record, step by step.

    A comparison of Values is a plain truth value, and what is made of plain
    numbers only is a number: such steps are computed and not recorded.
    """

    __slots__ = ("is_node", "reference", "tape")
    _rank = 50

    def __init__(self, tape: Tape, reference: int, is_node: bool) -> None:
        self.tape = tape
        self.reference = reference
        self.is_node = is_node

    @staticmethod
    def _apply(primitive: Primitive, args: tuple[Any, ...]) -> Traced:
        tape = next(x.tape for x in args if isinstance(x, Traced))
        return tape.step(primitive, args)

    def _compare(self, name: str, other: Any) -> Traced:
        return self.tape.step(table()[name], (self, other), plain=True)

    def __lt__(self, other: Any) -> Any:
        return self._compare("less", other)

    def __le__(self, other: Any) -> Any:
        return self._compare("less_equal", other)

    def __gt__(self, other: Any) -> Any:
        return self._compare("greater", other)

    def __ge__(self, other: Any) -> Any:
        return self._compare("greater_equal", other)

    def __eq__(self, other: object) -> Any:
        return self._compare("equal", other)

    def __ne__(self, other: object) -> Any:
        return self._compare("not_equal", other)

    __hash__ = object.__hash__

    def __and__(self, other: Any) -> Any:
        return self._compare("logical_and", other)

    def __or__(self, other: Any) -> Any:
        return self._compare("logical_or", other)

    def __bool__(self) -> bool:
        raise NeedsPython


class Tape:
    """The steps of one partial: rows on arguments (0 to 2), y (3), earlier steps (4 on)
    and numbers (-1 down)."""

    def __init__(self, numbers: list[str]) -> None:
        self.steps: list[str] = []
        self.numbers = numbers

    def step(self, primitive: Primitive, args: tuple[Any, ...], plain: bool = False) -> Traced:
        """Note one step."""
        if primitive.nary or (primitive.c == PYTHON and not in_hand(primitive.name)):
            raise NeedsPython
        plain = plain or not any(isinstance(x, Traced) and x.is_node for x in args)
        references = [self.reference(x) for x in args]
        padded = [*references, *[0] * (MOST_ARGUMENTS - len(references))]
        listed = ", ".join(map(str, padded))
        self.steps.append(f"{{OP_{primitive.name.upper()}, {int(plain)}, {{{listed}}}}}")
        if len(self.steps) > MOST_STEPS:
            raise NeedsPython
        return Traced(self, MOST_ARGUMENTS + len(self.steps), not plain)

    def reference(self, x: Any) -> int:
        """How a step names x."""
        if isinstance(x, Traced):
            return x.reference
        text = c_number(number(x))
        if text not in self.numbers:
            self.numbers.append(text)
        return -1 - self.numbers.index(text)


def traced(
    primitive: Primitive, partial: Callable[..., Any], numbers: list[str]
) -> tuple[list[str], int] | None:
    """The steps of a partial on Values and what it gives; None if only Python can tell."""
    tape = Tape(numbers)
    xs = [Traced(tape, i, True) for i in range(len(primitive.domain))]
    try:
        result = partial(*xs, Traced(tape, MOST_ARGUMENTS, True))
        return tape.steps, tape.reference(result)
    except NeedsPython:
        return None


def header() -> str:
    """The text of rows.h: what the table is in C, and a hash of that."""
    text = written()
    return f'{text}\n#define TABLE "{hashlib.sha256(text.encode()).hexdigest()[:16]}"\n'


def fingerprint() -> str:
    """The hash that a core built from this table has."""
    return header().rsplit('"', 2)[1]


def written() -> str:
    """The C of the table."""
    rows = list(table().values())
    out = [
        "/* Written by `python -m autograd.core.generate` from primitives.py: edit that.",
        "   Value and partials of each row, on doubles. */",
        "",
        "enum {",
        "    OP_LEAF,",
        *[f"    OP_{row.name.upper()}," for row in rows],
        "    OP_CUSTOM, /* a row made by the user */",
        "    OP_COUNT",
        "};",
        "",
    ]
    prototypes, functions, cases, values, info = [], [], [], [], []
    numbers: list[str] = []
    scripts, formulas = [], []
    for row in rows:
        n = len(row.domain)
        has, callbacks = 0, 0
        if not row.nary:
            assert n <= MOST_ARGUMENTS
            xs = ", ".join(["double"] * n)
            known = row.c != PYTHON or in_hand(row.name)
            if known and row.c == FORMULA and only_in_python(row, row.value, n):
                known = False
            if known:
                text = value_in_c(row)
                if text is not None:
                    prototypes.append(f"static inline double value_{row.name}({xs});")
                    functions.append(text)
                args = ", ".join(f"x[{i}]" for i in range(n))
                values.append(f"    case OP_{row.name.upper()}: return value_{row.name}({args});")
            else:
                callbacks |= 1
            assert isinstance(row.partials, tuple)
            for i, partial in enumerate(row.partials):
                if partial is None:
                    continue
                has |= 1 << i
                script = traced(row, partial, numbers)
                if script is not None:
                    steps, result = script
                    name = f"steps{i}_{row.name}"
                    if steps:
                        scripts.append(f"static const Step {name}[] = {{{', '.join(steps)}}};")
                    formulas.append(
                        f"    [OP_{row.name.upper()}][{i}] ="
                        f" {{{name if steps else 'NULL'}, {len(steps)}, {result}, 1}},"
                    )
                if only_in_python(row, partial, n + 1):
                    callbacks |= 2
                    continue
                functions.append(function(f"partial{i}_{row.name}", row, partial, True))
                args = ", ".join([*[f"x[{k}]" for k in range(n)], "y"])
                cases.append(
                    f"    case OP_{row.name.upper()} << 2 | {i}:"
                    f" return partial{i}_{row.name}({args});"
                )
        traits = [
            *(["SELECTS"] if row.selects else []),
            *(["NARY"] if row.nary else []),
            *(["PLAIN"] if row.plain else []),
            *(["VALUE_IN_PYTHON"] if callbacks & 1 else []),
            *(["PARTIALS_IN_PYTHON"] if callbacks & 2 else []),
        ]
        own = "IN_PYTHON" if callbacks & 2 else "0"
        info.append(f'    {{"{row.name}", {n}, {has}, {" | ".join(traits) or 0}, {own}}},')
    out += [*prototypes, "", *functions]
    out += [
        "static double row_value(unsigned op, const double *x)",
        "{",
        "    switch (op) {",
        *values,
        "    }",
        "    return NAN;",
        "}",
        "",
        "static double row_partial(unsigned op, unsigned i, const double *x, double y)",
        "{",
        "    switch (op << 2 | i) {",
        *cases,
        "    }",
        "    return NAN;",
        "}",
        "",
        "/* name, arguments, bits of those with a partial, traits, flags of its nodes */",
        "static const Row rows[OP_COUNT] = {",
        '    {"", 0, 0, 0, 0},',
        *info,
        '    {"", 0, 0, NARY | VALUE_IN_PYTHON | PARTIALS_IN_PYTHON, IN_PYTHON},',
        "};",
        "",
        "/* What each partial records when Values pass through it: see nodes.h. */",
        f"#define MOST_STEPS {MOST_STEPS}",
        f"static const double formula_numbers[] = {{{', '.join(numbers)}}};",
        *scripts,
        f"static const Formula formulas[OP_COUNT][{MOST_ARGUMENTS}] = {{",
        *formulas,
        "};",
        "",
    ]
    return "\n".join(out)


def main(arguments: list[str]) -> int:
    """The command: 0 if all is well."""
    text = header()
    if "--check" not in arguments:
        HEADER.write_text(text, encoding="utf-8", newline="\n")
        return 0
    if HEADER.read_text(encoding="utf-8") == text:
        return 0
    print("rows.h is stale: run `python -m autograd.core.generate`, then build again")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
