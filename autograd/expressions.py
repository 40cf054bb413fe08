"""Expressions typed by a person: parsed by an allow-list, never evaluated as Python.

Python's `ast` takes the text apart; what is not in the list below is refused by
name and column, before anything is computed:

- numbers, the constants pi, inf and nan, and names of your own;
- `+ - * / // % **`, signs and brackets;
- calls of the table's rows and of autograd's functions by name: `tanh(x)`,
  `max(x, y)`, `sum([x, y])`, `softmax([x, y])[0]`;
- comparisons, `and` and `or` in the condition of `where(x > 0, x, 0)`;
- steps with names, divided by `;` or a new line: `e = a*b; d = e + c; d*f`.

What is left is a list of calls to rows, worked off on a stack, so whatever
passes through a row passes through an expression.
"""

from __future__ import annotations

import ast
import builtins
import difflib
import inspect
import math
import operator
import re
import warnings
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from autograd import functions, primitives
from autograd.engine import Value
from autograd.graph import topological_order
from autograd.row import Primitive, table

LONGEST = 10_000
"""Characters in an expression."""

DEEPEST = 200
"""Levels of operations inside operations."""

CONSTANTS = {"pi": math.pi, "inf": math.inf, "nan": math.nan}

_OPERATORS: dict[type[ast.AST], Callable[..., Any]] = {
    ast.Add: primitives.add,
    ast.Sub: primitives.subtract,
    ast.Mult: primitives.multiply,
    ast.Div: primitives.divide,
    ast.FloorDiv: primitives.floor_divide,
    ast.Mod: primitives.remainder,
    ast.Pow: primitives.pow,
    ast.USub: primitives.negative,
    ast.UAdd: primitives.positive,
    # Comparisons are left to the type that passes through; `and`, `or` join what it answers.
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.And: operator.and_,
    ast.Or: operator.or_,
}

_REMEDIES: dict[type[ast.AST], str] = {
    ast.BitXor: "'^' is not a power here: write x**2",
    ast.IfExp: "'if' and 'else' are not in the language: write where(condition, x, y)",
    ast.Not: "'not' is not in the language: turn the comparison round",
    ast.BitAnd: "'&' is not in the language: write 'and' between comparisons",
    ast.BitOr: "'|' is not in the language: write 'or' between comparisons",
    ast.Attribute: "'.' is not in the language: write tanh(x), not x.tanh()",
    ast.Lambda: "functions can't be made here: write the expression itself",
    ast.Starred: "'*' before a list is not in the language: write its elements",
    ast.keyword: "arguments are given by position: write f(x, 2), not f(x, name=2)",
    ast.AugAssign: "a name gets one value: choose another name",
    ast.NamedExpr: "':=' is not in the language: write 'name = ...;' before the result",
}

_OTHER_NAMES = {
    "ln": "log",
    "arcsin": "asin",
    "arccos": "acos",
    "arctan": "atan",
    "arctan2": "atan2",
    "arcsinh": "asinh",
    "arccosh": "acosh",
    "arctanh": "atanh",
    "power": "pow",
    "absolute": "abs",
    "fabs": "abs",
    "sgn": "sign",
    "swish": "silu",
    "logistic": "sigmoid",
    "gamma": "lgamma",
    "mod": "remainder",
}


_SIGNS = re.compile(rf"(?:[-+~](?:[\s\\]|#.*+)*+){{{DEEPEST + 1}}}")
"""Signs in a row without end: Python's parser takes a level of the C stack for each, and a thread
with 512 KiB of it would die."""


class ExpressionError(ValueError):
    """An expression that can't be read: the message names the thing, its column and the remedy."""


@dataclass(frozen=True, slots=True)
class _Step:
    """Take `count` results from the stack and put apply(*results) there."""

    apply: Callable[..., Any]
    count: int


@dataclass(frozen=True, slots=True)
class _Load:
    """Put the value of a name on the stack."""

    name: str


@dataclass(frozen=True, slots=True)
class _Store:
    """Give the last result a name; `made`, whether an operation has just made it."""

    name: str
    made: bool


_Program = list["_Step | _Load | _Store"]


class Expression:
    """A function of numbers, written as text.

    Arguments: `text`, in the language described above.
    Raises ExpressionError, naming the column, for anything outside it.

    `names` are its variables in the order of their first use. Call it with one
    argument for each, by position or by name: floats, Values, duals, symbols or
    arrays, as for a row.

    >>> f = Expression("x**2 + tanh(x*y)")
    >>> f.names, f(2.0, y=0.0)
    (('x', 'y'), 4.0)
    >>> import autograd
    >>> autograd.grad(f, (0, 1))(2.0, 0.0)
    (4.0, 2.0)
    >>> Expression("tahn(x)")
    Traceback (most recent call last):
    ...
    autograd.expressions.ExpressionError: unknown function 'tahn' at column 1: did you mean 'tanh'?
    """

    def __init__(self, text: str) -> None:
        if not isinstance(text, str):
            raise TypeError(f"an expression is a text, got {text!r:.80}: put it in quotes")
        # One kind of line end, as Python's parser counts lines; the name is for reports.
        self.text = self.__name__ = "\n".join(re.split(r"\r\n?|\n", text.strip()))
        parser = _Parser(self.text)
        self._program = parser.program
        self._columns = parser.columns
        self.names: tuple[str, ...] = tuple(parser.columns)
        parameter = inspect.Parameter
        self.__signature__ = inspect.Signature(
            [parameter(name, parameter.POSITIONAL_OR_KEYWORD) for name in self.names]
        )

    def __repr__(self) -> str:
        return f"Expression({self.text!r})"

    def __str__(self) -> str:
        return self.text

    def __call__(self, /, *args: Any, **values: Any) -> Any:
        """The expression at these numbers, of whatever type passes through.

        Raises TypeError for too many, ExpressionError for a missing or unknown name.
        """
        if len(args) > len(self.names):
            raise TypeError(
                f"{self.text!r:.80} takes {len(self.names)} number(s) ({', '.join(self.names)}),"
                f" got {len(args)}"
            )
        given = dict(zip(self.names, args))
        for name in values:
            if name in given:
                raise TypeError(f"{name!r} was given twice: by position and by name")
        given.update(values)
        self.check_names(given)
        return self._run(given)

    def check_names(self, given: Iterable[str]) -> None:
        """Raise ExpressionError unless there is one value for each name, and no other.

        >>> Expression("x * y").check_names(["x"])
        Traceback (most recent call last):
        ...
        autograd.expressions.ExpressionError: 'y' at column 5 has no value: give it one, y=...
        """
        given = list(given)
        spare = [name for name in given if name not in self.names]
        for name in self.names:
            if name not in given:
                raise ExpressionError(
                    f"{name!r} at {self._columns[name]} has no value: {_missing(name, spare)}"
                )
        if spare:
            known = ", ".join(self.names) or "no names at all"
            raise ExpressionError(
                f"{spare[0]!r} is not in the expression: leave it out, or use it (it has {known})"
            )

    def record(self, values: Mapping[str, float]) -> tuple[Value, dict[str, Value]]:
        """The graph of the expression at these numbers: its output, and the inputs by name.

        Raises ExpressionError for a missing or superfluous name, or if the
        result does not depend on any.

        >>> y, inputs = Expression("x * x").record({"x": 3.0})
        >>> y.backward(); y.data, inputs["x"].grad
        (9.0, 6.0)
        """
        self.check_names(values)
        inputs = {name: Value(values[name], label=name) for name in self.names}
        output = self._run(dict(inputs))
        if isinstance(output, Value):
            if set(topological_order(output)).isdisjoint(inputs.values()):  # stop_gradient
                raise ExpressionError(
                    f"the result of {self.text!r:.80} depends on no variable (it is"
                    f" {output.data!r}): there is nothing to differentiate"
                )
            return output, inputs
        if isinstance(output, list):
            raise ExpressionError(
                f"the result is a list of {len(output)} numbers: choose one, as in (...)[0]"
            )
        raise ExpressionError(
            f"{self.text!r:.80} has no variables (it is {output!r}): put a name in it, as x in x**2"
        )

    def _run(self, known: dict[str, Any]) -> Any:
        stack: list[Any] = []
        for step in self._program:
            if isinstance(step, _Step):
                start = len(stack) - step.count
                stack[start:] = [step.apply(*stack[start:])]
            elif isinstance(step, _Load):
                stack.append(known[step.name])
            else:
                known[step.name] = result = stack.pop()
                if step.made and isinstance(result, Value):
                    result.label = step.name
        return stack.pop()


def assignment(text: str) -> tuple[str, float]:
    """A name and its number from a text like "x=2", "y=-3" or "angle=pi/4".

    Raises ExpressionError if it is not of that form.

    >>> assignment("y=-3"), assignment("angle = pi/4")
    (('y', -3.0), ('angle', 0.7853981633974483))
    """
    name, equals, number = text.partition("=")
    name = name.strip()
    if not equals or not number.strip() or number.startswith("="):
        raise ExpressionError(f"{text!r:.80} gives no value: write NAME=NUMBER, as x=2")
    if not _is_name(name):
        raise ExpressionError(f"{name!r:.80} is not a name in {text!r:.80}: write it as x=2")
    if name in CONSTANTS:
        raise ExpressionError(f"{name!r} is a constant ({CONSTANTS[name]!r}): choose another name")
    try:
        expression = Expression(number)
    except ExpressionError as error:
        raise ExpressionError(f"in {text!r:.80}: {error}") from None
    if expression.names:
        raise ExpressionError(
            f"{text!r:.80} depends on {expression.names[0]!r}: give {name} a plain number"
        )
    value = expression()
    if not isinstance(value, float):
        raise ExpressionError(f"{text!r:.80} is not one number: write it as {name}=2")
    return name, value


def assignments(texts: Iterable[str]) -> dict[str, float]:
    """Several of them, in order.

    Raises ExpressionError if a name comes twice.

    >>> assignments(["x=2", "y=-3"])
    {'x': 2.0, 'y': -3.0}
    """
    values: dict[str, float] = {}
    for text in texts:
        name, value = assignment(text)
        if name in values:
            raise ExpressionError(f"{name!r} was given twice: {values[name]!r} and {value!r}")
        values[name] = value
    return values


def _is_name(name: str) -> bool:
    import keyword

    return name.isidentifier() and not keyword.iskeyword(name)


def function_of(name: str) -> Callable[..., Any] | None:
    """The function a name stands for: autograd's own of lists, else the row."""
    function = functions.__dict__.get(name)
    own = inspect.isfunction(function) and function.__module__ == functions.__name__
    if own and not name.startswith("_"):  # what that module imports is not meant
        return function
    return table().get(name)


def function_names() -> list[str]:
    """Every function an expression can call, by name."""
    return sorted({*table(), *(name for name in vars(functions) if function_of(name))})


def _missing(name: str, spare: list[str]) -> str:
    """The remedy for a name without a value."""
    close = difflib.get_close_matches(name, spare, 1)
    if close:
        return f"did you mean {close[0]!r}?"
    if function_of(name) is not None:
        return f"to call the function write {name}(...)"
    return f"give it one, {name}=..."


def _unknown_function(name: str) -> str:
    """The remedy for a function that is not there."""
    known, low = function_names(), name.lower()
    swapped = [other for other in known if sorted(other) == sorted(low)]  # difflib prefers tan
    close = [_OTHER_NAMES[low]] if low in _OTHER_NAMES else swapped
    close = close or difflib.get_close_matches(low, known, 1)
    if close:
        return f"did you mean {close[0]!r}?"
    if len(name) == 1:
        return f"to multiply write {name}*(...)"
    return "see `autograd functions` for those there are"


class _Parser:
    """From text to a program, without recursion: `todo` is the stack of what is still to come."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines = text.split("\n")
        self.program: _Program = []
        self.columns: dict[str, str] = {}  # the variables, and where each stands first
        self._own: set[str] = set()  # the names of steps
        statements = self._statements()
        for statement in statements[:-1]:
            self._assign(statement)
        last = statements[-1]
        if isinstance(last, ast.Assign):
            self._assign(last)
            self.program.append(_Load(last.targets[0].id))  # type: ignore[attr-defined]  # checked
        else:
            self._compile(last.value)  # type: ignore[attr-defined]  # an ast.Expr, checked

    # Text to tree

    def _statements(self) -> list[ast.stmt]:
        if len(self.text) > LONGEST:
            raise ExpressionError(
                f"the expression has {len(self.text)} characters, at most {LONGEST} are read:"
                " write it in Python"
            )
        if _SIGNS.search(self.text):
            raise self._too_deep()
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # "1if": refused below, by name
                statements = ast.parse(self.text).body
        except SyntaxError as error:
            raise self._syntax_error(error) from None
        except (RecursionError, MemoryError):
            raise self._too_deep() from None
        except ValueError as error:  # null bytes, lone surrogates
            raise ExpressionError(f"the expression can't be read: {error}") from None
        if not statements:
            raise ExpressionError("the expression is empty: write one, as x**2 + y")
        for statement in statements:
            if not isinstance(statement, (ast.Expr, ast.Assign)):
                raise self._refused(statement)
        for statement in statements[:-1]:
            if isinstance(statement, ast.Expr):
                raise ExpressionError(
                    f"the result of {self._source(statement)!r:.60} is dropped: give it a name"
                    " (d = ...), or join the steps into one expression"
                )
        return statements

    def _syntax_error(self, error: SyntaxError) -> ExpressionError:
        if "too many nested" in str(error) or "too complex" in str(error):
            return self._too_deep()
        place = f"column {error.offset}" if error.offset else "its end"
        if error.lineno and len(self.lines) > 1:
            place = f"line {error.lineno}, {place}"
        what = str(error.msg).split(". ")[0]
        return ExpressionError(
            f"{self.text!r:.80} can't be read at {place} ({what}): check brackets and operators"
        )

    def _too_deep(self) -> ExpressionError:
        return ExpressionError(
            f"the expression is nested more than {DEEPEST} deep: give parts of it names, e = ...;"
        )

    def _place(self, node: ast.AST) -> str:
        line = getattr(node, "lineno", 1)
        text = self.lines[line - 1].encode()[: getattr(node, "col_offset", 0)]
        column = f"column {len(text.decode(errors='replace')) + 1}"
        return f"line {line}, {column}" if len(self.lines) > 1 else column

    def _source(self, node: ast.AST) -> str:
        return ast.get_source_segment(self.text, node) or type(node).__name__

    def _refused(self, node: ast.AST, operation: ast.AST | None = None) -> ExpressionError:
        kind = type(operation or node)
        remedy = _REMEDIES.get(kind, "only numbers, names, + - * / // % ** and functions are read")
        return ExpressionError(f"{self._source(node)!r:.60} at {self._place(node)}: {remedy}")

    # Tree to program

    def _assign(self, statement: ast.stmt) -> None:
        assert isinstance(statement, ast.Assign)
        target = statement.targets[0]
        if len(statement.targets) > 1 or not isinstance(target, ast.Name):
            raise ExpressionError(
                f"{self._source(statement)!r:.60} at {self._place(statement)}: a step is"
                " NAME = EXPRESSION"
            )
        name = target.id
        if name in CONSTANTS or name in self._own or name in self.columns:
            raise ExpressionError(
                f"{name!r} at {self._place(target)} has a value already: choose another name"
            )
        self._compile(statement.value)
        if name in self.columns:
            raise ExpressionError(
                f"{name!r} at {self.columns[name]} is used to compute itself: choose another name"
            )
        self.program.append(_Store(name, isinstance(self.program[-1], _Step)))
        self._own.add(name)

    def _compile(self, expression: ast.expr) -> None:
        """Append the expression's steps, arguments before what takes them."""
        todo: list[tuple[Any, str, int]] = [(expression, "number", 1)]
        while todo:
            node, wanted, depth = todo.pop()
            if not isinstance(node, ast.AST):
                self.program.append(node)
                continue
            if depth > DEEPEST:
                raise self._too_deep()
            step, arguments = self._translate(node, wanted)
            todo.append((step, "", depth))
            todo.extend((child, kind, depth + 1) for child, kind in reversed(arguments))

    def _translate(self, node: Any, wanted: str) -> tuple[Any, list[tuple[ast.AST, str]]]:
        """What one node of the tree does, and its arguments, each with what may stand there.

        `wanted` is "number", "argument" (a number or a list) or "condition".
        """
        if isinstance(node, ast.Constant):
            return _Step(_constantly(self._number(node)), 0), []
        if isinstance(node, ast.Name):
            return self._name(node), []
        if isinstance(node, ast.Call):
            return self._call(node)
        if isinstance(node, (ast.List, ast.Tuple)) and wanted == "argument":
            return _Step(_list, len(node.elts)), [(x, "number") for x in node.elts]
        if isinstance(node, ast.Subscript):
            index = self._index(node)
            return _Step(lambda xs: self._item(xs, index), 1), [(node.value, "argument")]
        if isinstance(node, ast.UnaryOp):
            return self._operation(node, node.op, [node.operand])
        if isinstance(node, ast.BinOp):
            return self._operation(node, node.op, [node.left, node.right])
        if isinstance(node, (ast.Compare, ast.BoolOp)):
            return self._condition(node, wanted)
        if isinstance(node, (ast.List, ast.Tuple)):
            raise ExpressionError(
                f"the list at {self._place(node)} stands alone: give it to a function of many"
                " numbers, as in sum([x, y])"
            )
        raise self._refused(node)

    def _operation(
        self, node: ast.AST, sign: ast.AST, operands: list[ast.expr]
    ) -> tuple[Any, list[tuple[ast.AST, str]]]:
        apply = _OPERATORS.get(type(sign))
        if apply is None:
            raise self._refused(node, sign)
        return _Step(apply, len(operands)), [(x, "number") for x in operands]

    def _condition(
        self, node: ast.Compare | ast.BoolOp, wanted: str
    ) -> tuple[Any, list[tuple[ast.AST, str]]]:
        if wanted != "condition":
            raise ExpressionError(
                f"{self._source(node)!r:.60} at {self._place(node)} is true or false, not a"
                " number: put it first in where(condition, x, y)"
            )
        if isinstance(node, ast.BoolOp):
            join = _OPERATORS[type(node.op)]
            return _Step(_joined(join), len(node.values)), [(x, "condition") for x in node.values]
        signs = [_OPERATORS.get(type(sign)) for sign in node.ops]
        if None in signs:
            raise ExpressionError(
                f"{self._source(node)!r:.60} at {self._place(node)}: compare with"
                " < <= > >= == or !="
            )
        operands = [node.left, *node.comparators]
        return _Step(_chain(signs), len(operands)), [(x, "number") for x in operands]

    def _number(self, node: ast.Constant) -> float:
        if type(node.value) not in (int, float):
            raise ExpressionError(
                f"{self._source(node)!r:.60} at {self._place(node)} is not a real number:"
                " write one, as 2 or 0.5"
            )
        try:
            x = float(node.value)  # type: ignore[arg-type]  # an int or a float, checked
        except OverflowError:
            x = math.inf
        if x == math.inf:
            raise ExpressionError(
                f"the number at {self._place(node)} is too large for a float (the largest is"
                " about 1.8e308): write inf if you mean infinity"
            )
        return x

    def _name(self, node: ast.Name) -> _Step | _Load:
        if node.id in CONSTANTS:
            return _Step(_constantly(CONSTANTS[node.id]), 0)
        if node.id not in self._own:
            self.columns.setdefault(node.id, self._place(node))
        return _Load(node.id)

    def _call(self, node: ast.Call) -> tuple[Any, list[tuple[ast.AST, str]]]:
        if isinstance(node.func, (ast.Constant, ast.Call)):
            source = self._source(node.func)
            raise ExpressionError(
                f"{source!r:.60} at {self._place(node)} is not a function: to multiply write"
                f" {source:.60}*(...)"
            )
        if not isinstance(node.func, ast.Name):
            raise self._refused(node.func)
        if node.keywords:
            raise self._refused(node, node.keywords[0])
        name = node.func.id
        function = function_of(name)
        if function is None:
            raise ExpressionError(
                f"unknown function {name!r} at {self._place(node)}: {_unknown_function(name)}"
            )
        wrong = _wrong_count(function, len(node.args))
        if wrong:
            raise ExpressionError(f"{name} at {self._place(node)} takes {wrong}")
        conditional = isinstance(function, Primitive) and function.conditional
        kinds = [
            "condition" if conditional and i == 0 else "argument" for i in range(len(node.args))
        ]
        return _Step(function, len(node.args)), list(zip(node.args, kinds))

    def _index(self, node: ast.Subscript) -> int:
        index = node.slice
        if isinstance(index, ast.Constant) and type(index.value) is int:
            return index.value
        raise ExpressionError(
            f"{self._source(node)!r:.60} at {self._place(node)}: choose one of a list by a number,"
            " as in softmax([x, y])[0]"
        )

    def _item(self, xs: Any, index: int) -> Any:
        if not isinstance(xs, list):
            raise ExpressionError(f"[{index}] is taken of {xs!r:.60}, which is not a list")
        if index >= len(xs):
            raise ExpressionError(f"[{index}] is taken of a list of {len(xs)}: they count from 0")
        return xs[index]


def _constantly(x: float) -> Callable[[], float]:
    return lambda: x


def _list(*xs: Any) -> list[Any]:
    return list(xs)


def _joined(join: Callable[[Any, Any], Any]) -> Callable[..., Any]:
    """`and`, `or` over several conditions."""

    def joined(first: Any, *rest: Any) -> Any:
        for condition in rest:
            first = join(first, condition)
        return first

    return joined


def _chain(signs: list[Any]) -> Callable[..., Any]:
    """Comparisons in a row: a < b <= c is a < b and b <= c."""

    def chain(*xs: Any) -> Any:
        compared = [sign(x, z) for sign, x, z in zip(signs, xs, xs[1:])]
        return _joined(operator.and_)(*compared)

    return chain


def _wrong_count(function: Callable[..., Any], count: int) -> str:
    """What is wrong with a number of arguments; nothing if it is right."""
    if isinstance(function, Primitive):
        if function.nary:
            return ""
        most = len(function.domain)
        least = most - len(function.defaults)
    else:
        parameters = inspect.signature(function).parameters.values()
        if builtins.any(p.kind is p.VAR_POSITIONAL for p in parameters):
            return "" if count else "at least 1 argument, got none"
        most = len(parameters)
        least = builtins.sum(p.default is p.empty for p in parameters)
    if least <= count <= most:
        return ""
    taken = str(most) if least == most else f"{least} to {most}"
    if most == 1 and not isinstance(function, Primitive):
        return f"one list, got {count} argument(s): put the numbers in [ ]"
    return f"{taken} argument(s), got {count}"
