"""The mutants that `python -m tests.mutation` makes, how one is put into a process, and its list."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("mutmut")
if not hasattr(os, "fork"):
    pytest.skip("mutants live in forked processes", allow_module_level=True)

import autograd
from autograd.row import table
from tests.mutation import equivalents, mutants
from tests.mutation.__main__ import pool

pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")

TABLE = list(mutants.mutants("autograd/primitives.py", ["square", "zero", "KINK0", "where"]))
FILE = str(Path("autograd/primitives.py").resolve())


def one(where: str, new: str) -> mutants.Mutant:
    (found,) = [m for m in TABLE if m.where == where and m.new == new]
    return found


def answers(mutant: mutants.Mutant, ask: Any) -> Any:
    """What `ask()` gives in a process that has the mutant."""

    def job() -> Any:
        mutants.patch(mutant, mutants.living({FILE}), set())
        return ask()

    ((_, answer),) = pool([("", job)], 1)
    return answer


def slope() -> Any:
    (partial,) = autograd.square.partials  # the compiled engine has its own
    return partial(3.0, 9.0)


def test_a_lambda_of_the_table_is_mutated() -> None:
    mutant = one("square", 'square = row("square", lambda x: x * x, (lambda x, y: 3.0 * x,),')
    assert answers(mutant, slope) == 9.0
    assert slope() == 6.0


def test_what_a_row_says_is_mutated() -> None:
    mutant = one("square", '(REAL,), "({0} * {0})", "XX{0}²XX", "{0}^2")')
    assert answers(mutant, lambda: table()["square"].label) == "XX{0}²XX"
    assert table()["square"].label == "{0}²"


def test_a_function_is_mutated() -> None:
    mutant = one("zero", "return 1.0")
    assert answers(mutant, lambda: autograd.floor.partials[0](2.5, 2.0)) == 1.0


def test_what_asks_nothing_survives() -> None:
    mutant = one("square", 'square = row("square", lambda x: x * x, (lambda x, y: 3.0 * x,),')
    assert answers(mutant, lambda: autograd.square(3.0)) == 9.0


def test_what_runs_at_import_needs_an_import() -> None:
    mutant = one("KINK0", "KINK0 = None")
    with pytest.raises(mutants.NeedsImportError):
        mutants.patch(mutant, {}, set())


def test_what_dies_gives_no_answer() -> None:
    assert list(pool([("a", lambda: os._exit(3)), ("b", lambda: 1)], 2)) in (
        [("a", None), ("b", 1)],
        [("b", 1), ("a", None)],
    )


def test_each_mutant_is_the_file_with_one_place_changed() -> None:
    lines = Path("autograd/primitives.py").read_text(encoding="utf-8").splitlines()
    for mutant in TABLE[::10]:
        changed = mutant.source().splitlines()
        start, stop = mutant.statement
        assert changed[: start - 1] == lines[: start - 1]
        assert changed[len(changed) - len(lines) + stop :] == lines[stop:]
        assert mutant.old != mutant.new


def test_texts_of_errors_are_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "some.py"
    file.write_text('def f(x):\n    if x:\n        raise ValueError("no")\n    return "yes"\n')
    new = [m.new for m in mutants.mutants(str(file))]
    assert new == ["raise ValueError(None)", 'return "XXyesXX"', 'return "YES"']


def test_the_list_of_equivalents_says_why() -> None:
    listed = equivalents.read()
    assert all(why.endswith(".") for why in listed.values())
    assert all(Path(path).exists() and old != new for path, _, old, new in listed)
