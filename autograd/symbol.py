"""Symbols: a type that passes through rows to write them down, as C, LaTeX or text.

A Symbol is an expression, not a number: comparing two gives a third. Passing
Symbols through a partial shows that it is straight-line.
"""

from __future__ import annotations

import functools
import math
import re
import string
from typing import Any

from autograd import primitives
from autograd.forward import Operators
from autograd.row import FORMULA, PYTHON, Primitive, number


class Symbol(Operators):
    """A name, a number, or a primitive on other Symbols.

    >>> x = Symbol("x")
    >>> print(primitives.tanh(x * 2.0 + 1.0))
    tanh(x × 2 + 1)
    >>> (x / 3.0).c()
    '(x / 3.0)'
    """

    __slots__ = ("args", "name", "primitive")
    _rank = 40

    def __init__(
        self, name: str | float, primitive: Primitive | None = None, args: tuple[Any, ...] = ()
    ) -> None:
        self.name = name
        self.primitive = primitive
        self.args = args

    @staticmethod
    def _apply(primitive: Primitive, args: tuple[Any, ...]) -> Symbol:
        return Symbol(
            primitive.name,
            primitive,
            tuple(
                [
                    x if isinstance(x, Symbol) else Symbol(number(x, primitive, i))
                    for i, x in enumerate(args)
                ]
            ),
        )

    def __lt__(self, other: Any) -> Any:
        return primitives.less(self, other)

    def __le__(self, other: Any) -> Any:
        return primitives.less_equal(self, other)

    def __gt__(self, other: Any) -> Any:
        return primitives.greater(self, other)

    def __ge__(self, other: Any) -> Any:
        return primitives.greater_equal(self, other)

    def __eq__(self, other: object) -> Any:
        return primitives.equal(self, other)

    def __ne__(self, other: object) -> Any:
        return primitives.not_equal(self, other)

    __hash__ = object.__hash__

    def __and__(self, other: Any) -> Any:
        return primitives.logical_and(self, other)

    def __rand__(self, other: Any) -> Any:
        return primitives.logical_and(other, self)

    def __or__(self, other: Any) -> Any:
        return primitives.logical_or(self, other)

    def __ror__(self, other: Any) -> Any:
        return primitives.logical_or(other, self)

    def __bool__(self) -> bool:
        raise TypeError(
            f"the symbol {self} is neither true nor false: a formula must be straight-line,"
            " so choose with where(condition, x, z)"
        )

    def __repr__(self) -> str:
        return f"Symbol({str(self)!r})"

    def __str__(self) -> str:
        """The expression as Unicode text."""
        return _written(self, _UNICODE)

    def latex(self) -> str:
        """The expression in LaTeX.

        >>> print((Symbol("x") / 2.0).latex())
        \\frac{x}{2}
        """
        return _written(self, _LATEX)

    def c(self) -> str:
        """The expression in C, on doubles.

        Raises ValueError for a primitive that only Python can compute.
        """
        return _c(self)


def _c(symbol: Symbol) -> str:
    primitive = symbol.primitive
    if primitive is None:
        return c_number(symbol.name) if isinstance(symbol.name, float) else symbol.name
    if primitive.c == PYTHON:
        raise ValueError(f"{primitive.name} has no C form: only Python can compute it")
    if primitive.c == FORMULA:
        formula: Any = primitive.value  # on Symbols it gives a Symbol
        return _c(formula(*symbol.args))
    return primitive.c.format(*[_c(x) for x in symbol.args])


def c_number(x: float) -> str:
    """A float as a C expression of the same bits."""
    if math.isnan(x):
        return "NAN"
    if math.isinf(x):
        return "INFINITY" if x > 0.0 else "(-INFINITY)"
    return repr(x) if math.copysign(1.0, x) > 0.0 else f"({x!r})"


# Writing. A row's label (or its LaTeX) is a template; an argument is bracketed if its own
# loosest sign binds less than the signs beside its place in the template.

_ATOM, _POWER, _PREFIX, _PRODUCT, _SUM = 9, 5, 4, 3, 2
_SIGNS = {
    "∧": 0, "∨": 0, r"\land": 0, r"\lor": 0,
    "=": 1, "<": 1, ">": 1, "≤": 1, "≥": 1, "≠": 1, r"\le": 1, r"\ge": 1, r"\ne": 1,
    "+": _SUM, "−": _SUM, "-": _SUM,
    "×": _PRODUCT, "/": _PRODUCT, "mod": _PRODUCT, r"\cdot": _PRODUCT, r"\bmod": _PRODUCT,
    "π": _PRODUCT, r"\pi": _PRODUCT, "ln": _PREFIX, r"\ln": _PREFIX, r"\frac": _PREFIX,
    "√": _PREFIX, "∛": _PREFIX, "^": _POWER, "²": _POWER,
}  # fmt: skip
_TOKEN = re.compile(r"\\[a-zA-Z|]+|[a-z]+|.", re.DOTALL)
_OPENING = ("(", "⌊", "⌈", "{", r"\lfloor", r"\lceil")
_CLOSING = (")", "⌋", "⌉", "}", r"\rfloor", r"\rceil")
_INFIX = {"sum": ("+", "+"), "prod": ("×", r"\cdot")}
"""Rows of many arguments that are written with a sign between them: Unicode and LaTeX."""


@functools.lru_cache(4096)
def _demands(template: str) -> tuple[int, tuple[tuple[int, int], ...]]:
    """How tightly a template binds as a whole, and what the signs beside each argument ask."""
    fields = [field for _, field, _, _ in string.Formatter().parse(template) if field]
    count = 1 + max(map(int, fields), default=-1)
    places = {chr(_PLACES + i): i for i in range(count)}
    tokens = [t for t in _TOKEN.findall(template.format(*places)) if t != " "]
    asked = [(0, 0)] * count
    whole, depth, bars = _ATOM, 0, 0
    for i, token in enumerate(tokens):
        bars += token == "|"
        depth += (token in _OPENING) - (token in _CLOSING)
        if token in _SIGNS and depth == 0 and bars % 2 == 0:
            whole = min(whole, _binding(tokens, i))
        if token in places:
            left = _beside([(tokens[k], _binding(tokens, k)) for k in range(i - 1, -1, -1)])
            right = _beside([(tokens[k], _binding(tokens, k)) for k in range(i + 1, len(tokens))])
            asked[places[token]] = (left, right)
    return whole, tuple(asked)


_PLACES = 0xF0000
"""Characters that stand for arguments while a template is looked at: nobody writes these."""


def _binding(tokens: list[str], i: int) -> int:
    """How tightly the sign at i binds; a minus with nothing before it like a prefix."""
    unary = tokens[i] in "+−-" and (i == 0 or tokens[i - 1] in _OPENING)
    return _PREFIX if unary else _SIGNS.get(tokens[i], -1)


def _beside(tokens: list[tuple[str, int]]) -> int:
    """What the sign next to a place asks: nothing inside brackets of its own."""
    if not tokens:
        return 0
    token, binding = tokens[0]
    if token in "√∛":
        return _POWER + 1
    if token == "}":  # a power's base in LaTeX
        return _POWER + 1 if len(tokens) > 1 and tokens[1][0] == "^" else 0
    return max(binding, 0)


class _Writer:
    """How one notation writes a leaf and a primitive."""

    def __init__(self, latex: bool) -> None:
        self.latex = latex

    def leaf(self, name: str | float) -> tuple[str, int]:
        """A name or a number, and how tightly it binds."""
        if isinstance(name, str):
            return (_latex_name(name) if self.latex else name), _ATOM
        text = _number_text(name, self.latex)
        return text, _PRODUCT if "10" in text and ("^" in text or "×" in text) else _ATOM

    def node(self, primitive: Primitive, parts: list[tuple[str, int]]) -> tuple[str, int]:
        """A primitive on arguments that are written already."""
        template = self.template(primitive, parts)
        whole, asked = _demands(template)
        texts = []
        for (text, binding), (left, right) in zip(parts, asked, strict=True):
            if text.startswith(("-", "−")):
                binding = min(binding, _SUM if left else _PREFIX)
            # Signs group from the left, except the power, whose base is never bare.
            loose = binding <= left or binding < right or binding <= right >= _POWER
            texts.append(self.bracketed(text) if loose and binding < _ATOM else text)
        return template.format(*texts), whole

    def bracketed(self, text: str) -> str:
        return rf"\left({text}\right)" if self.latex else f"({text})"

    def template(self, primitive: Primitive, parts: list[tuple[str, int]]) -> str:
        """The row's template for so many arguments."""
        holes = [f"{{{i}}}" for i in range(len(parts))]
        if primitive.name in _INFIX and len(parts) > 1:
            return f" {_INFIX[primitive.name][self.latex]} ".join(holes)
        if primitive.name == "dot" and len(parts) > 1:
            return self.dot(holes, [text for text, _ in parts])
        template = primitive.latex if self.latex else primitive.label
        if not template:
            template = primitive.label
            if "{" in template:
                return template
            name = template.replace("{", "{{").replace("}", "}}")
            name = name.replace(" ", r"\ ").replace("_", r"\_")
            if "·" in name:
                return name.replace("‖", r"\|").replace("·", ", ".join(holes))
            return rf"\operatorname{{{{{name}}}}}({', '.join(holes)})"
        if "{" in template:
            return template
        if "·" in template:
            return template.replace("·", ", ".join(holes))
        return f"{template}({', '.join(holes)})"

    def dot(self, holes: list[str], texts: list[str]) -> str:
        """start + a1 × b1 + a2 × b2 + ...; an ellipsis stands for pairs left out."""
        n = len(holes) // 2
        terms = holes[2 * n :]
        for i in range(n):
            sign = r"\cdot" if self.latex else "×"
            left_out = texts[i] == texts[n + i] == "…"
            # Both holes must stay: the second is written as nothing.
            terms.append(f"{holes[i]}" if left_out else f"{holes[i]} {sign} {holes[n + i]}")
        return " + ".join(terms)


_UNICODE, _LATEX = _Writer(latex=False), _Writer(latex=True)


def _written(symbol: Symbol, writer: _Writer) -> str:
    """The expression, written from the leaves up: a deep one needs no deep stack."""
    done: dict[int, tuple[str, int]] = {}
    waiting = [symbol]
    while waiting:
        current = waiting[-1]
        if current.primitive is None:
            done[id(current)] = writer.leaf(current.name)
        else:
            missing = [x for x in current.args if id(x) not in done]
            if missing:
                waiting.extend(missing)
                continue
            done[id(current)] = writer.node(current.primitive, [done[id(x)] for x in current.args])
        waiting.pop()
    return done[id(symbol)][0]


_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def _number_text(x: float, latex: bool) -> str:
    """A number with six digits, a power of ten in place of e."""
    if not math.isfinite(x):
        name = "NaN" if x != x else "∞" if x > 0.0 else "−∞"
        return {"∞": r"\infty", "−∞": r"-\infty", "NaN": r"\mathrm{NaN}"}[name] if latex else name
    mantissa, _, exponent = f"{x:g}".partition("e")
    if exponent:
        n = str(int(exponent))
        power = f"10^{{{n}}}" if latex else "10" + n.translate(_SUPERSCRIPT)
        times = r" \cdot " if latex else "×"
        mantissa = {"1": power, "-1": "-" + power}.get(mantissa, f"{mantissa}{times}{power}")
    return mantissa if latex else mantissa.replace("-", "−")


_SUBSCRIPT = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")

# What has a meaning in LaTeX or HTML, and a look-alike without one.
_HARMLESS = str.maketrans("\\{}$&#^~%<>`", "∖❴❵＄＆♯ˆ∼٪‹›‘")


def _latex_name(name: str) -> str:
    """A name in LaTeX: a letter with an index, or upright text in which nothing is a command."""
    match = re.fullmatch(r"([a-zA-Z])_?([0-9₀-₉]+)", name)
    if match:
        return f"{match[1]}_{{{int(match[2].translate(_SUBSCRIPT))}}}"
    if re.fullmatch(r"[a-zA-Z]|…", name):
        return r"\ldots" if name == "…" else name
    return rf"\text{{{name.translate(_HARMLESS).replace('_', chr(0x5C) + '_')}}}"
