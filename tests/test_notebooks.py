"""The notebooks: executed from a clean kernel, and the same as the kept ones."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

nbformat = pytest.importorskip("nbformat")
for needed in ("jupytext", "nbclient", "ipykernel", "matplotlib", "sklearn", "mpmath"):
    pytest.importorskip(needed)

from notebooks import __main__ as build  # noqa: E402  # it needs what is looked for above
from notebooks.exercises import CHECKS, hint_for  # noqa: E402

SOURCES = build.sources()
NAMES = [source.stem for source in SOURCES]

SCREEN = 26
"""Lines that one cell of a program may have."""

NEEDS = {"11_from_scalars_to_pytorch_and_jax": ("torch", "jax")}
"""Notebooks whose kept outputs were made with what may be missing here."""


def kept(name: str) -> Any:
    return nbformat.read(build.FOLDER / f"{name}.ipynb", as_version=4)


def texts(cell: Any) -> list[str]:
    """What a cell printed and showed, as text; pictures in their text form."""
    found = []
    for output in cell.get("outputs", ()):
        if output.output_type == "stream":
            found.append(f"{output.name}: {output.text}")
        elif "text/plain" in output.get("data", {}):
            found.append(output.data["text/plain"])
    return found


@pytest.fixture(scope="module")
def executed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Every notebook after `python -m notebooks --solved`, without the solutions' cells."""
    folder = tmp_path_factory.mktemp("notebooks")
    # In a process of its own: what kernels leave behind is no warning of ours.
    run = subprocess.run(
        [sys.executable, "-m", "notebooks", "--solved", "--to", str(folder)],
        cwd=build.FOLDER.parent,
        capture_output=True,
        text=True,
        timeout=900,
    )
    assert run.returncode == 0, run.stderr[-4000:]
    return {name: nbformat.read(folder / f"{name}.ipynb", as_version=4) for name in NAMES}


def cells_of_solutions(notebook: Any) -> list[Any]:
    return [cell for cell in notebook.cells if cell.id.startswith("solution-")]


@pytest.mark.parametrize("name", NAMES)
def test_it_runs_from_a_clean_kernel_and_says_what_is_kept(
    executed: dict[str, Any], name: str
) -> None:
    if any(importlib.util.find_spec(package) is None for package in NEEDS.get(name, ())):
        pytest.skip("its kept outputs were made with packages that are not installed here")
    solutions = cells_of_solutions(executed[name])
    cells = [cell for cell in executed[name].cells if cell not in solutions]
    for now, then in zip(cells, kept(name).cells, strict=True):
        assert texts(now) == texts(then), now.source


@pytest.mark.parametrize("name", NAMES)
def test_every_solution_in_it_is_right(executed: dict[str, Any], name: str) -> None:
    cells = cells_of_solutions(executed[name])
    assert len(cells) == len(list(build.solutions(kept(name))))
    for cell in cells:
        said = "".join(texts(cell))
        assert said.count("✓") == cell.source.count("check(") > 0, f"{cell.source}\n{said}"
        assert "✗" not in said


@pytest.mark.parametrize("source", SOURCES, ids=NAMES)
def test_the_kept_notebook_has_the_cells_of_its_text(source: Path) -> None:
    text, notebook = build.read(source), kept(source.stem)
    assert [(c.id, c.cell_type, c.source) for c in notebook.cells] == [
        (c.id, c.cell_type, c.source) for c in text.cells
    ]
    assert notebook.metadata == text.metadata


@pytest.mark.parametrize("name", NAMES)
def test_no_cell_is_longer_than_a_screen(name: str) -> None:
    for cell in kept(name).cells:
        lines = cell.source.count("\n") + 1
        if cell.cell_type == "code":
            assert lines <= SCREEN, cell.source
        elif "<details>" not in cell.source:
            assert lines <= 2 * SCREEN, cell.source  # prose reads faster


@pytest.mark.parametrize("name", NAMES)
def test_nothing_kept_tells_a_machine_a_time_or_an_error(name: str) -> None:
    for cell in kept(name).cells:
        for output in cell.get("outputs", ()):
            assert output.output_type in ("stream", "execute_result", "display_data"), output
            assert output.get("name") != "stderr", output.text
        shown = "\n".join(texts(cell))
        assert not re.search(r"0x[0-9a-f]{5,}|/(home|tmp|usr|work|Users)/|ipykernel", shown), shown
        assert not set(cell.metadata), cell.metadata


@pytest.mark.parametrize("name", NAMES)
def test_exercises_are_kept_unanswered(name: str) -> None:
    for cell in kept(name).cells:
        if cell.cell_type == "code" and "check(" in cell.source:
            for number in re.findall(r'check\("([\d.]+)"', cell.source):
                assert f"{number}: put your answer" in "".join(texts(cell))


def test_every_exercise_is_in_a_notebook_with_its_solution() -> None:
    asked, answered = [], []
    for source in SOURCES:
        notebook = build.read(source)
        code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
        asked += re.findall(r'check\("([\d.]+)"', code)
        for _, program in build.solutions(notebook):
            answered += re.findall(r'check\("([\d.]+)"', program)
    assert asked == answered == list(CHECKS)


def test_links_lead_to_notebooks_that_are_there() -> None:
    for page in [*SOURCES, *build.FOLDER.glob("*.md")]:
        for link in re.findall(
            r"\]\(([\w./-]+\.(?:ipynb|md|py))\)", page.read_text(encoding="utf-8")
        ):
            if not link.startswith("http"):
                assert (page.parent / link).exists(), f"{page.name}: {link}"


# The exercises' checks


WRONG: dict[str, list[tuple[Any, str]]] = {}
"""Three wrong answers to each exercise, and words of the hint each gets."""


def test_every_exercise_has_three_wrong_answers() -> None:
    assert list(WRONG) == list(CHECKS)
    assert all(len(answers) >= 3 for answers in WRONG.values())


@pytest.mark.parametrize(
    ("number", "answer", "words"),
    [(number, answer, words) for number, answers in WRONG.items() for answer, words in answers],
)
def test_a_wrong_answer_gets_its_hint(number: str, answer: Any, words: str) -> None:
    hint = hint_for(number, answer)
    assert hint is not None
    assert words in hint
