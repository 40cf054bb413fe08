"""What mutmut would change in a file, and how to put one change into a running Python.

The changes are mutmut's: its operators, and its rules on what to leave alone (annotations,
decorated functions, `len` and `isinstance`). One rule is ours: texts inside a `raise` are for
people, and what they say isn't mutated; what they are made from is.

`mutmut run` itself can't be used. It mutates functions only, and the table is lambdas in the
arguments of `row(...)`: 3,000 mutants of the table alone would be left out. And it starts its
tests anew for each mutant, which takes longer than most of our mutants live.
"""

from __future__ import annotations
import __future__

import ast
import dataclasses
import dis
import functools
import gc
import re
import sys
import types
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider
from mutmut.mutation.file_mutation import MutationVisitor
from mutmut.mutation.mutators import mutation_operators
from mutmut.mutation.pragma_handling import IgnoredCode

TYPE = re.compile(r"Any$|(int|Domain) \| |(Callable|Sequence|tuple)\[")
"""What a type's other name stands for: an annotation, which mutmut leaves alone."""


@dataclasses.dataclass(frozen=True)
class Mutant:
    """A change of one place in a file.

    `where` is the function, class or name it is in; `first` and `last` are its lines;
    `statement` is the span of lines of the top-level statement around it, `text` what these
    lines become, and `old` and `new` the changed lines without their indentation.
    """

    path: str
    where: str
    first: int
    last: int
    statement: tuple[int, int]
    text: str
    old: str
    new: str

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What it is known by in the list of equivalents: no line numbers, which move."""
        return (self.path, self.where, self.old, self.new)

    def constants(self) -> set[str]:
        """The names it sets, if it is an assignment at the top level of the file."""
        body = ast.parse(self.text).body
        if len(body) != 1 or not isinstance(body[0], (ast.Assign, ast.AnnAssign)):
            return set()
        names = [node for node in ast.walk(body[0]) if isinstance(node, ast.Name)]
        return {node.id for node in names if isinstance(node.ctx, ast.Store)}

    def source(self) -> str:
        """The whole file, changed."""
        lines = Path(self.path).read_text(encoding="utf-8").splitlines(keepends=True)
        start, stop = self.statement
        return "".join([*lines[: start - 1], self.text, *lines[stop:]])

    def __str__(self) -> str:
        return f"{self.path}  {self.where}\n  - {self.old}\n  + {self.new}"


class _Visitor(MutationVisitor):
    """mutmut's, which also keeps where each mutation is."""

    def __init__(self, only: Collection[str]) -> None:
        self.only = only
        super().__init__(mutation_operators, IgnoredCode(set(), set(), set()))
        self.names: list[str] = []
        self.raising = 0
        self.found: list[tuple[str, Any, cst.CSTNode]] = []

    def on_visit(self, node: cst.CSTNode) -> bool:
        self.raising += _is_error(node)
        if (name := self._name(node)) is not None:
            self.names.append(name)
            if self.only and self.names[0] not in self.only:
                return False
        if isinstance(node, cst.Assign) and TYPE.match(cst.Module([]).code_for_node(node.value)):
            return False
        return bool(super().on_visit(node))

    def on_leave(self, node: cst.CSTNode) -> None:
        super().on_leave(node)
        self.raising -= _is_error(node)
        if self._name(node) is not None:
            self.names.pop()

    def _name(self, node: cst.CSTNode) -> str | None:
        if isinstance(node, (cst.FunctionDef, cst.ClassDef)):
            return node.name.value
        if (
            isinstance(node, cst.Assign)
            and self.get_metadata(PositionProvider, node).start.column == 0
        ):
            return cst.Module([]).code_for_node(node.targets[0].target)
        return None

    def _create_mutations(self, node: cst.CSTNode) -> None:
        if self.raising and isinstance(node, cst.BaseString):
            return
        before = len(self.mutations)
        super()._create_mutations(node)
        position = self.get_metadata(PositionProvider, node, None)
        for mutation in self.mutations[before:]:
            self.found.append((".".join(self.names), position, mutation.mutated_node))


def _is_error(node: cst.CSTNode) -> bool:
    """A `raise`, or an error that is made for one."""
    if isinstance(node, cst.Call) and isinstance(node.func, cst.Name):
        return node.func.value.endswith("Error")
    return isinstance(node, cst.Raise)


def mutants(path: str, only: Collection[str] = ()) -> Iterator[Mutant]:
    """All mutants of a file, in its order; or only of these functions, classes and names."""
    source = Path(path).read_text(encoding="utf-8")
    lines = source.splitlines(keepends=True)
    wrapper = MetadataWrapper(cst.parse_module(source))
    visitor = _Visitor(only)
    wrapper.visit(visitor)
    places = wrapper.resolve(PositionProvider)
    spans = [(places[s].start.line, places[s].end.line) for s in wrapper.module.body]
    for where, position, node in visitor.found:
        start, end = position.start, position.end
        span = next(s for s in spans if s[0] <= start.line <= s[1])
        new = wrapper.module.code_for_node(node)
        head = "".join(lines[span[0] - 1 : start.line - 1]) + lines[start.line - 1][: start.column]
        tail = lines[end.line - 1][end.column :] + "".join(lines[end.line : span[1]])
        text = head + new + tail
        old_lines, new_lines = "".join(lines[span[0] - 1 : span[1]]).splitlines(), text.splitlines()
        changed = _changed(old_lines, new_lines)
        if changed is not None:
            yield Mutant(path, where, start.line, end.line, span, text, *changed)


def _changed(old: list[str], new: list[str]) -> tuple[str, str] | None:
    """The lines that differ, without what they share at either end."""
    while old and new and old[0] == new[0]:
        old, new = old[1:], new[1:]
    while old and new and old[-1] == new[-1]:
        old, new = old[:-1], new[:-1]
    if not old and not new:
        return None
    return " ".join([s.strip() for s in old]), " ".join([s.strip() for s in new])


# A mutant in a process that has imported everything: the functions get new code objects.


def place(code: types.CodeType) -> tuple[Any, ...]:
    """What tells a code object from all others, lambdas on the same line included."""
    starts = {(line or 0, column or 0) for line, _, column, _ in code.co_positions()}
    return (code.co_filename, code.co_qualname, code.co_firstlineno, tuple(sorted(starts)))


def living(paths: set[str]) -> dict[Any, list[types.FunctionType]]:
    """All functions there are whose code is from these files, by its place."""
    found: dict[Any, list[types.FunctionType]] = {}
    for thing in gc.get_objects():
        if isinstance(thing, types.FunctionType) and thing.__code__.co_filename in paths:
            found.setdefault(place(thing.__code__), []).append(thing)
    return found


class CantBeMadeError(Exception):
    """The mutant is a module that can't be imported."""


class NeedsImportError(Exception):
    """The mutant changes what runs when the module is imported, or did run."""


@functools.cache
def _statement(file: str, span: tuple[int, int]) -> types.CodeType:
    lines = Path(file).read_text(encoding="utf-8").splitlines(keepends=True)
    return _compiled("".join(lines[span[0] - 1 : span[1]]), file, span)


def _compiled(text: str, file: str, span: tuple[int, int]) -> types.CodeType:
    annotations = __future__.annotations.compiler_flag
    source = "\n" * (span[0] - 1) + text
    return compile(source, file, "exec", flags=annotations, dont_inherit=True)


def patch(
    mutant: Mutant, functions: dict[Any, list[types.FunctionType]], ran: set[tuple[Any, ...]]
) -> None:
    """Change this process to the mutant's; `ran` are the places of the codes that ran before it could be.

    Raises NeedsImportError if neither a function's code nor a row can say it.
    """
    file = str(Path(mutant.path).resolve())
    old, new = _statement(file, mutant.statement), _compiled(mutant.text, file, mutant.statement)
    changes = list(_differences(old, new))
    if _own(old) != _own(new) and f"{mutant.where} = row(" in mutant.text:
        _replace_row(mutant.where, new)
        return
    if _own(old) != _own(new) and _only_read_later(mutant, file, ran):
        _execute(new, vars(sys.modules[_module(mutant)]))
        return
    for before, after in changes:
        if not before.co_flags & 1:  # not a function's: a module's, or the body of a class
            if _own(before) != _own(after):
                raise NeedsImportError
        elif place(before) in ran and _own(before) != _own(after):
            raise NeedsImportError
    for before, after in changes:
        for function in functions.get(place(before), []):
            try:
                function.__code__ = after
            except ValueError:  # it closes over other names now
                raise NeedsImportError from None


def _module(mutant: Mutant) -> str:
    return mutant.path.removesuffix(".py").replace("/", ".")


def _only_read_later(mutant: Mutant, file: str, ran: set[tuple[Any, ...]]) -> bool:
    """Whether it sets a constant that nothing has looked at when the module was imported."""
    names = mutant.constants()
    source = Path(file).read_text(encoding="utf-8")
    seen = [
        code
        for code in _codes(compile(source, file, "exec"))
        if not code.co_flags & 1 or place(code) in ran
    ]
    reads = [
        i.argval
        for code in seen
        for i in dis.get_instructions(code)
        if i.opname.startswith("LOAD_")
    ]
    elsewhere = {
        name
        for module in list(sys.modules.values())
        if getattr(module, "__name__", "").startswith("autograd")
        and module.__name__ != _module(mutant)
        for name in vars(module)
    }
    return bool(names) and not names & {*reads, *elsewhere}


def _codes(code: types.CodeType) -> Iterator[types.CodeType]:
    yield code
    for inner in code.co_consts:
        if isinstance(inner, types.CodeType):
            yield from _codes(inner)


def _execute(statement: types.CodeType, names: dict[str, Any]) -> None:
    try:
        exec(statement, names)
    except Exception as error:
        raise CantBeMadeError from error


def _replace_row(name: str, statement: types.CodeType) -> None:
    """Run a row's statement again, and give what it makes to the row that everybody holds."""
    from autograd import primitives
    from autograd import row as rows

    live, before = getattr(primitives, name), dict(rows._ROWS)
    del rows._ROWS[live.name]
    _execute(statement, vars(primitives))
    new = getattr(primitives, name)
    setattr(primitives, name, live)
    for field in dataclasses.fields(live):
        object.__setattr__(live, field.name, getattr(new, field.name))
    rows._ROWS.clear()
    rows._ROWS.update({row.name: row for row in before.values()})


def _own(code: types.CodeType) -> tuple[Any, ...]:
    """What a code does itself, without what the functions in it do."""
    consts = [c.co_name if isinstance(c, types.CodeType) else c for c in code.co_consts]
    names = (code.co_names, code.co_varnames, code.co_freevars, code.co_cellvars)
    return (code.co_code, names, repr(consts), code.co_argcount, code.co_exceptiontable)


def _differences(
    old: types.CodeType, new: types.CodeType
) -> Iterator[tuple[types.CodeType, types.CodeType]]:
    """The code and all codes inside it that differ, with what they become."""
    if _whole(old) == _whole(new):
        return
    yield old, new
    inner = [[c for c in code.co_consts if isinstance(c, types.CodeType)] for code in (old, new)]
    if len(inner[0]) == len(inner[1]):
        for before, after in zip(*inner, strict=True):
            yield from _differences(before, after)


def _whole(code: types.CodeType) -> tuple[Any, ...]:
    inner = [_whole(c) for c in code.co_consts if isinstance(c, types.CodeType)]
    return (*_own(code), inner)
