"""Execute the notebooks: each `NAME.py` (text, for review) becomes `NAME.ipynb` with its outputs.

Run with `python -m notebooks [NAME ...]`. What is written is the same in every
run: cell ids count from 0, and nothing that tells a machine or a time is kept.
A notebook whose outputs need a package that is missing here stays as it is.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import re
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import jupytext
import nbformat
from nbclient import NotebookClient

FOLDER = Path(__file__).resolve().parent

SOLUTION = re.compile(r"<summary>Solution</summary>\s*```python\n(.*?)```", re.DOTALL)
"""The program in a collapsed solution."""

COLOUR = re.compile(r"\x1b\[[0-9;]*m")
"""What colours a kernel's messages in a terminal."""

TIMEOUT = 300
"""Seconds that one cell may take."""

NEEDS = {"11_from_scalars_to_pytorch_and_jax": ("torch", "jax")}
"""What the kept outputs of a notebook need beside this project's extras."""


def sources(names: Sequence[str] = ()) -> list[Path]:
    """The notebooks' texts, in the order they are read: the tour, then the course.

    Argument: `names`, those wanted, with or without their number; all if empty.
    Raises ValueError for a name that no notebook has.
    """
    paths = [FOLDER / "tour.py", *sorted(FOLDER.glob("[0-9][0-9]_*.py"))]
    known = {path.stem: path for path in paths}
    known |= {path.stem[:2]: path for path in paths[1:]}
    for name in names:
        if name not in known:
            raise ValueError(f"no notebook is named {name!r}: choose from {', '.join(known)}")
    return [known[name] for name in names] if names else paths


def missing(name: str) -> list[str]:
    """The packages that the notebook's kept outputs need and that are not installed here."""
    return [package for package in NEEDS.get(name, ()) if importlib.util.find_spec(package) is None]


def read(source: Path) -> nbformat.NotebookNode:
    """The notebook of this text, not executed; the same text gives the same cells."""
    notebook = jupytext.read(source)
    notebook.metadata = nbformat.from_dict(
        {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    )
    for i, cell in enumerate(notebook.cells):
        cell.id = f"cell-{i}"
        cell.metadata = nbformat.from_dict({})
    return notebook


def solutions(notebook: nbformat.NotebookNode) -> Iterator[tuple[int, str]]:
    """The position of each collapsed solution, and its program."""
    for i, cell in enumerate(notebook.cells):
        if cell.cell_type == "markdown":
            for program in SOLUTION.findall(cell.source):
                yield i, program.rstrip()


def solved(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """The notebook with each solution as a cell after the text that has it."""
    for count, (i, program) in enumerate(list(solutions(notebook))):
        cell = nbformat.v4.new_code_cell(program, id=f"solution-{count}")
        notebook.cells.insert(i + 1 + count, cell)
    return notebook


def execute(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """The notebook with the outputs of a clean kernel.

    Raises nbclient's CellExecutionError if a cell fails.
    """
    paths = [str(FOLDER.parent), *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(path for path in paths if path),
        "COURSE_STATIC": "1",  # sliders have random ids, and nobody to move them
    }
    client = NotebookClient(
        notebook,
        timeout=TIMEOUT,
        record_timing=False,
        coalesce_streams=True,  # or a text is cut where the kernel happened to send it
        resources={"metadata": {"path": str(FOLDER)}},
    )
    client.execute(env=environment)
    notebook.metadata.pop("language_info", None)  # it names this Python's version
    return notebook


def write(source: Path, folder: Path = FOLDER, with_solutions: bool = False) -> Path:
    """Execute one notebook's text and write it to the folder."""
    notebook = read(source)
    path = folder / f"{source.stem}.ipynb"
    nbformat.write(execute(solved(notebook) if with_solutions else notebook), path)
    return path


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the notebooks named, all if none is."""
    parser = argparse.ArgumentParser(prog="python -m notebooks", description="Execute notebooks.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="tour, 01, 02_...; all if none")
    parser.add_argument("--to", type=Path, default=FOLDER, help="folder for the .ipynb files")
    parser.add_argument("--solved", action="store_true", help="run the collapsed solutions as well")
    parser.add_argument("--kernels", type=int, default=2, help="how many run at the same time")
    options = parser.parse_args(arguments)
    wanted = sources(options.names)
    for source in wanted if options.to.resolve() == FOLDER else ():
        if packages := missing(source.stem):
            print(f"{source.stem} stays as it is: its outputs need {' and '.join(packages)}")
            wanted = [other for other in wanted if other != source]
    with ThreadPoolExecutor(options.kernels) as pool:
        jobs = [pool.submit(write, source, options.to, options.solved) for source in wanted]
        failed = [source.stem for source, job in zip(wanted, jobs) if not _told(source, job)]
    if failed:
        sys.exit(f"failed: {', '.join(failed)}")


def _told(source: Path, job: Future[Path]) -> bool:
    """Print how the job ended; whether it did well."""
    error = job.exception()
    if error is None:
        print(job.result().name, flush=True)
    else:
        print(f"{source.stem}: {COLOUR.sub('', str(error))}", file=sys.stderr, flush=True)
    return error is None


if __name__ == "__main__":
    main()
