"""Execute the notebooks: each `NAME.py` (text, for review) becomes `NAME.ipynb` with its outputs.

Run with `python -m notebooks [NAME ...]`. What is written is the same in every
run: cell ids count from 0, and nothing that tells a machine or a time is kept.
"""

from __future__ import annotations

import sys
from pathlib import Path

import jupytext
import nbformat
from nbclient import NotebookClient

FOLDER = Path(__file__).parent


def sources(names: list[str] | None = None) -> list[Path]:
    """The notebooks' texts, in the order they are read."""
    paths = sorted(path for path in FOLDER.glob("*.py") if not path.name.startswith("_"))
    return [path for path in paths if not names or path.stem in names]


def executed(source: Path) -> nbformat.NotebookNode:
    """The notebook of this text, run from a clean kernel.

    Raises nbclient's CellExecutionError if a cell fails.
    """
    notebook = jupytext.read(source)
    notebook.metadata = nbformat.from_dict(
        {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    )
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(FOLDER)}}).execute()
    notebook.metadata.pop("language_info", None)
    for i, cell in enumerate(notebook.cells):
        cell.id = f"cell-{i}"
        cell.metadata = nbformat.from_dict(
            {key: value for key, value in cell.metadata.items() if key in ("tags", "jupyter")}
        )
    return notebook


def main(names: list[str]) -> None:
    """Write the notebooks named, all if none is."""
    for source in sources(names):
        nbformat.write(executed(source), source.with_suffix(".ipynb"))
        print(source.with_suffix(".ipynb").name)


if __name__ == "__main__":
    main(sys.argv[1:])
