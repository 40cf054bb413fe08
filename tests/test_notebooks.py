"""The notebooks: executed from a clean kernel, and the same as the kept ones."""

from __future__ import annotations

import math
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import autograd
import nn

nbformat = pytest.importorskip("nbformat")
for needed in ("jupytext", "nbclient", "ipykernel", "matplotlib", "sklearn", "mpmath"):
    pytest.importorskip(needed)

import numpy as np  # noqa: E402

from notebooks import __main__ as build  # noqa: E402  # it needs what is looked for above
from notebooks.exercises import CHECKS, hint_for  # noqa: E402

SOURCES = build.sources()
NAMES = [source.stem for source in SOURCES]

SCREEN = 26
"""Lines that one cell of a program may have."""


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


def executed(name: str, folder: Path) -> Any:
    """The notebook as `python -m notebooks --solved` executes it."""
    # In a process of its own: what kernels leave behind is no warning of ours.
    run = subprocess.run(
        [sys.executable, "-m", "notebooks", "--solved", "--to", str(folder), name],
        cwd=build.FOLDER.parent,
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert run.returncode == 0, run.stderr[-8000:]
    return nbformat.read(folder / f"{name}.ipynb", as_version=4)


@pytest.mark.parametrize("name", NAMES)
def test_it_runs_from_a_clean_kernel_says_what_is_kept_and_its_solutions_are_right(
    name: str, tmp_path: Path
) -> None:
    notebook = executed(name, tmp_path)
    solutions = [cell for cell in notebook.cells if cell.id.startswith("solution-")]
    assert len(solutions) == len(list(build.solutions(kept(name))))
    for cell in solutions:
        said = "".join(texts(cell))
        assert said.count("✓") == cell.source.count("check(") > 0, f"{cell.source}\n{said}"
        assert "✗" not in said
    if packages := build.missing(name):
        pytest.skip(f"what is kept was made with {' and '.join(packages)}")
    cells = [cell for cell in notebook.cells if cell not in solutions]
    for now, then in zip(cells, kept(name).cells, strict=True):
        assert texts(now) == texts(then), now.source


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


class Made(NamedTuple):
    """A node made by hand: what the checks look at."""

    data: float
    parents: Any
    partials: Any


def walk(root: Any) -> Iterator[Any]:
    """The nodes below, parents first, by recursion and without remembering who was there."""
    for parent in root.parents:
        yield from walk(parent)
    yield root


def by_distance(root: Any) -> list[Any]:
    """The nodes below, those nearest to the root last: often right, but no topological order."""
    found = [root]
    for node in found:
        found += [parent for parent in dict.fromkeys(node.parents) if parent not in found]
    return found[::-1]


def engine(
    accumulates: bool = True, ordered: bool = True, afresh: bool = True, recursive: bool = False
) -> type:
    """A learner's engine, with the mistakes chosen."""

    class Node:
        def __init__(self, data: float, parents: Any = (), partials: Any = ()) -> None:
            self.data, self.parents, self.partials, self.grad = data, parents, partials, 0.0

        def __add__(self, other: Any) -> Node:
            other = other if isinstance(other, Node) else Node(other)
            return Node(self.data + other.data, (self, other), (1.0, 1.0))

        def __mul__(self, other: Any) -> Node:
            other = other if isinstance(other, Node) else Node(other)
            return Node(self.data * other.data, (self, other), (other.data, self.data))

        __rmul__ = __mul__

        def tanh(self) -> Node:
            t = math.tanh(self.data)
            return Node(t, (self,), (1 - t * t,))

        def order(self) -> list[Node]:
            if recursive:
                return list(dict.fromkeys(walk(self)))
            stack, found, seen = [(self, False)], [], set()
            while stack:
                node, done = stack.pop()
                if done:
                    found.append(node)
                elif node not in seen:
                    seen.add(node)
                    stack += [(node, True), *[(parent, False) for parent in node.parents]]
            return found

        def send(self, at_once: bool) -> None:
            for parent, partial in zip(self.parents, self.partials, strict=True):
                share = partial * self.grad
                parent.grad = parent.grad + share if accumulates else share
                if at_once:
                    parent.send(at_once)

        def backward(self) -> None:
            order = self.order()
            for node in order:
                if afresh and node.parents:
                    node.grad = 0.0
            self.grad = 1.0
            if not ordered:
                return self.send(at_once=True)
            for node in reversed(order):
                node.send(at_once=False)
            return None

    return Node


def moved(sign: float, stop: int | None = None) -> Any:
    """A gradient descent that goes up, or stops after some steps."""

    def descent(gradient: Any, start: list[float], rate: float, steps: int) -> list[float]:
        a = list(start)
        for _ in range(stop or steps):
            a = [x + sign * rate * g for x, g in zip(a, gradient(a), strict=True)]
        return a

    return descent


def difference(over: float, both: bool = True, copies: bool = True) -> Any:
    """A difference quotient, divided by over·h; to one side, or spoiling what it is given."""

    def numerical(f: Any, x: list[float], i: int, h: float) -> float:
        up, down = (list(x) if copies else x), list(x)
        up[i] += h
        if both:
            down[i] -= h
        return float(f(up) - f(down)) / ((over if both else 1.0) * h)

    return numerical


WRONG: dict[str, list[tuple[Any, str]]] = {
    "1.1": [([1.25, -1], "never negative"), ([0.75, 1], "counts twice"), ([0.75, 3], "awake")],
    "1.2": [([1, -1, 1, -1], "x itself"), ([1, 1, 1, 0], "sleep"), ([2, -1, 1, 1], "it gives 6")],
    "1.3": [(32, "bias as well"), (12, "circles"), (44, "not neurons"), ("41", "one number")],
    "2.1": [([0.5, -2.5, 2.5], "negative one"), ([0, 0, 2], "missing"), ([0.5, 0, 0], "positive")],
    "2.2": [([1, 1, -3], "no to (1, 1)"), ([1, 1, 0.5], "(0, 0)"), ([1, 1, -0.5], "alone")],
    "2.3": [
        (lambda z: autograd.where(z > 0, z, 0.0 * z), "That is ReLU"),
        (lambda z: max(z.data, 0.1 * z.data), "which records"),
        (lambda z: autograd.where(z > 0, z, -0.1 * z), "stays negative"),
        (lambda z: autograd.where(z > 0, 0.1 * z, z), "should give 2"),
    ],
    "3.1": [([5, -4, -2], "divide"), ([2.5, 2, 1], "signs"), ([2.5, -1, -2], "w first")],
    "3.2": [(0.142857, "1 minus"), (0.96, "before you square"), (2, "sum of the squared")],
    "3.3": [(1, "perfect"), (0.5, "nothing about any"), (-1, "not as bad")],
    "4.1": [([0, 0.75, 0.25], "not 0"), ([0.5, 0.25, 0.75], "minus"), ([1, 3, 1 / 3], "e^z")],
    "4.2": [
        (lambda x, y: x + y, "both on the outer"),
        (lambda x, y: -x * x - y * y, "turn it round"),
        (lambda x, y: x * x - y * y, "in common"),
        (lambda x, y: x * x, "How far"),
    ],
    "4.3": [
        ([0.93, 0.667, 0.6], "exchange"),
        ([0.06, 0.6, 0.667], "called well"),
        ([0.93, 0.6, 0.06], "of those *called* ill"),
    ],
    "5.1": [([5, -4, 2], "divide by"), ([2.5, -4, 2], "as well"), ([2.5, 2, -1], "signs")],
    "5.2": [
        ([0.1, 0.6, 0.3], "take 1 off"),
        ([0.9, -0.6, -0.3], "not true minus said"),
        ([0.1, -0.4, 0.3], "count from 0"),
    ],
    "5.3": [(2.302585, "10 classes"), (-3.295837, "never negative"), (0.037, "probability")],
    "5.4": [
        (lambda z, t: math.log(sum(map(math.exp, z))) - z[t], "overflows"),
        (lambda z, t: z[t] - math.log(sum(map(math.exp, z))), "never negative"),
        (lambda z, t: math.exp(z[t]) / sum(map(math.exp, z)), "probability"),
        (lambda z, t: math.log(sum(math.exp(x - max(z)) for x in z)) - z[t], "z_t as well"),
    ],
    "6.1": [([1.2, 2.3], "uphill"), ([2, 3], "That is the gradient"), ([-1, -1], "γ = 1")],
    "6.2": [(1.0, "curvature 2"), (10, "2/F''"), (0.1, "single step")],
    "6.3": [
        (lambda gradient, a, rate, steps: a, "Nothing has moved"),
        (moved(+1.0), "uphill"),
        (moved(-1.0, stop=1), "whatever `steps` says"),
        (lambda gradient, a, rate, steps: None, "returns nothing"),
    ],
    "7.1": [([1, 1, 3], "swaps"), ([1, 1, 1], "what arrives at q"), ([3, 3, 3], "in the sum")],
    "7.2": [([0, 3], "max alone"), ([5, 1], "product alone"), ([8, 1], "larger input only")],
    "7.3": [
        (lambda x, y: [x - y, x - y], "through s alone"),
        (lambda x, y: [x + y, -x - y], "through d alone"),
        (lambda x, y: [2 * x, 2 * y], "not the gradient"),
    ],
    "7.4": [(2.059570, "all three ways"), (1.0, "local derivative"), (0.5, "what arrives at num")],
    "8.1": [([6, 0], "mind the sign"), ([-3, 0], "factor X"), ([-2, 0], "∂z/∂Y")],
    "8.2": [
        (lambda root: [root, *dict.fromkeys(root.parents)], "before parents"),
        (lambda root: list(walk(root)), "twice"),
        (lambda root: list(dict.fromkeys(walk(root))), "too deep"),
        (lambda root: [root], "found 1"),
        (lambda root: by_distance(root), "nearer to the root"),
    ],
    "8.3": [
        (lambda node: Made(math.tanh(node.data), (node,), (1.0 - node.data**2,)), "1 − t²"),
        (lambda node: Made(math.tanh(node.data), node, 1.0), "tuples"),
        (lambda node: Made(math.tan(node.data), (node,), (1.0,)), "not tanh"),
    ],
    "8.4": [
        (engine(accumulates=False), "a + a"),
        (engine(ordered=False), "topological"),
        (engine(afresh=False), "start afresh"),
        (engine(recursive=True), "RecursionError"),
    ],
    "9.1": [
        (difference(2.0, both=False), "one side"),
        (difference(1.0), "2h"),
        (difference(-2.0), "sign"),
        (difference(2.0, copies=False), "as it was"),
    ],
    "9.2": [([4e-4, True], "absolute"), ([2e-4, False], "see the table"), ([2.0, True], "larger")],
    "9.3": [("A", "product rule"), ("C", "inner derivative"), (2, "one letter")],
    "10.1": [(0.04, "variance"), (0.141421, "for tanh"), (10, "smaller, not larger")],
    "10.2": [
        (["good", "over", "good", "over"], "not learnt much"),
        (["under", "good", "good", "over"], "0.90 elsewhere"),
        (["under", "over", "over", "over"], "nearly equal"),
        (["under", "over", "good", "good"], "much more elsewhere"),
    ],
    "10.3": [
        (nn.MLP(2, [1], seed=0), "no line parts"),
        (nn.MLP(2, [4, 1], initializer="zeros"), "same of every point"),
        (nn.MLP(2, [4, 1], seed=0), "so far"),
        (nn.MLP(2, [4, 2], seed=0), "One output"),
    ],
    "11.1": [
        (lambda W, x, up: (np.outer(x, up), W.T @ up), "on its side"),
        (lambda W, x, up: (W * x, W.T @ up), "W[i, j] goes into"),
        (lambda W, x, up: (np.outer(up, x), W @ x), "which side"),
        (lambda W, x, up: (np.outer(up, x), W @ up), "do not fit"),
        (lambda W, x, up: np.outer(up, x), "two arrays"),
    ],
    "11.2": [(6, "first call"), (9, "That is y"), (18, "afresh")],
    "11.3": [
        ([79510, 79510], "Biases are added"),
        ([784000, 784000], "one after the other"),
        ([79400, 1], "all of them"),
    ],
}
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
