"""`autograd train` and `autograd predict`: networks from the command line.

The `autograd` script finds both by the entry-point group `autograd.commands`.
"""

from __future__ import annotations

import argparse
import csv
import difflib
import io
import os
import re
import shlex
import shutil
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from autograd.cli import Run as Handler
from autograd.cli import add_parser
from nn import data as datasets
from nn.data import Dataset, load_dataset, read_csv, read_inputs
from nn.runs import OPTIMIZERS, SEEN, Outcome, Predictor, Run, Settings
from nn.saving import load, save

MODEL = "model.safetensors"
"""The model's file in the folder of a run."""

REAL = ("iris", "breast_cancer", "digits", "diabetes")
MADE: dict[str, Callable[..., Dataset]] = {
    "moons": datasets.make_moons,
    "circles": datasets.make_circles,
    "spiral": datasets.make_spiral,
    "blobs": datasets.make_blobs,
    "gauss": datasets.make_gauss,
    "xor": datasets.make_xor,
}
MADE_COUNT = 300
"""Examples of made-up data."""


def train(commands: Any) -> Handler:
    """Add `autograd train` to the command line; gives what runs it."""
    parser = add_parser(
        commands,
        "train",
        "train a network of Values on data, and write a report",
        "DATA is iris (the default), breast_cancer, digits, diabetes (real, from scikit-learn),\n"
        f"{', '.join(MADE)} (made up), or a CSV file whose first line names the\n"
        "columns. A quarter of the rows is put aside as a test; of the others a fifth chooses the\n"
        f"best epoch. The folder gets report.html, its pictures as SVG and PNG, and\n{MODEL}."
        " The same command gives the same files, to the bit. Ctrl-C stops early and\n"
        "keeps the best network so far; again, it leaves out the report.",
        "  autograd train\n"
        "  autograd train digits --hidden 32 --epochs 3\n"
        "  autograd train moons --activation relu --hidden 16 16 --optimizer sgd\n"
        "  autograd train flats.csv --target rent --out rents\n",
    )
    add = parser.add_argument
    add("data", metavar="DATA", nargs="?", default="iris", help="a name or a CSV file (iris)")
    add("--target", metavar="COLUMN", help="what to predict from a CSV file (the last column)")
    add("--task", choices=("classification", "regression"), help="(as the target looks)")
    add(
        "--hidden",
        metavar="N",
        nargs="*",
        type=int,
        help="neurons in each hidden layer (8 8; 16 for more than 40 inputs); none: a linear model",
    )
    add(
        "--activation", metavar="NAME", default="tanh", help="tanh, relu, sigmoid, gelu, ... (tanh)"
    )
    add("--epochs", metavar="N", type=int, help=f"passes through the data (about {SEEN} examples)")
    add("--batch-size", metavar="N", type=int, default=16, help="examples in a step (16)")
    add("--optimizer", choices=tuple(OPTIMIZERS), default="adam", help="(adam)")
    add("--lr", metavar="RATE", type=float, help="the learning rate (0.01 for adam)")
    add("--l2", metavar="STRENGTH", type=float, default=0.0, help="penalty on large weights (0)")
    add("--test", metavar="SHARE", type=float, default=0.25, help="of the rows, put aside (0.25)")
    add("--seed", metavar="N", type=int, default=0, help="of every random draw (0)")
    add("--out", metavar="FOLDER", help="a new or empty folder (autograd-run-DATA, numbered)")
    add("--quiet", action="store_true", help="no progress bar")  # fmt: skip
    return run_training


def predict(commands: Any) -> Handler:
    """Add `autograd predict` to the command line; gives what runs it."""
    parser = add_parser(
        commands,
        "predict",
        "predict the rows of a CSV file with a trained network",
        "The file must have a column for each of the network's inputs, found by name; all columns\n"
        "are passed on. If it has the target too, the score is told.",
        f"  autograd predict autograd-run-iris/{MODEL} flowers.csv\n"
        "  autograd predict autograd-run-iris flowers.csv --out predicted.csv\n",
    )
    parser.add_argument("model", metavar="MODEL", help="a model's file, or the folder of a run")
    parser.add_argument("csv", metavar="CSV", help="the rows; its first line names the columns")
    parser.add_argument("--out", metavar="FILE", help="write there, not to the terminal")
    return run_prediction


# train


def run_training(arguments: argparse.Namespace) -> int:
    """Train, test, report; the exit code: 1 if the run diverged, 130 after Ctrl-C."""
    from nn.report import write_report

    _need_libraries()
    run = Run(_data(arguments), _settings(arguments))
    with _Folder(arguments.out, run.data.name) as folder:
        print(_plan(run), flush=True)
        outcome = run.go(progress=sys.stderr.isatty() and not arguments.quiet)
        if not outcome.history.epochs:
            raise KeyboardInterrupt  # before there was anything to keep
        print(_verdict(outcome), flush=True)
        model = outcome.predictor.model
        model.notes = outcome.predictor.notes()
        save(model, folder.path / MODEL)
        try:
            check = write_report(outcome, folder.path, _again(arguments.data, outcome), MODEL)
        except KeyboardInterrupt:  # the report takes some seconds; the network is not lost for it
            final = folder.publish(only=MODEL)
            print(f"wrote {final}{os.sep}: {MODEL}, without a report")
            return 130
        final = folder.publish()
    print(f"gradients: {check}")
    print(f"wrote {final}{os.sep}: report.html, its pictures as SVG and PNG, {MODEL}")
    if outcome.trouble:
        print(f"autograd: error: {outcome.trouble}", file=sys.stderr)
        return 1
    return 130 if outcome.history.stopped == "interrupted" else 0


def _need_libraries() -> None:
    """Refuse before the training what would be missed after it."""
    for library in ("numpy", "matplotlib", "safetensors"):
        if find_spec(library) is None:
            raise ImportError(
                f"training needs {library}: pip install 'scalar-autograd[train]'", name=library
            )


def _settings(arguments: argparse.Namespace) -> Settings:
    names = Settings.__dataclass_fields__
    return Settings(**{name: getattr(arguments, name) for name in names})


def _data(arguments: argparse.Namespace) -> Dataset:
    """The data that are asked for."""
    name = arguments.data.replace("-", "_").replace(" ", "_").lower()
    if name in REAL or name in MADE:
        for option in ("target", "task"):
            if getattr(arguments, option) is not None:
                raise ValueError(f"--{option} is for a CSV file, {name} has its own: leave it out")
        return load_dataset(name) if name in REAL else MADE[name](MADE_COUNT, seed=arguments.seed)
    if os.path.exists(arguments.data):
        return read_csv(arguments.data, arguments.target, arguments.task)
    close = difflib.get_close_matches(name, [*REAL, *MADE], 1)
    remedy = f"did you mean {close[0]!r}?" if close else f"choose {', '.join([*REAL, *MADE])}"
    raise ValueError(f"there is no file and no data set {arguments.data!r}: {remedy}")


def _plan(run: Run) -> str:
    data, settings = run.data, run.settings
    kinds = f"{len(data.classes)} classes" if data.classes else f"numbers ({data.target})"
    steps = -(-len(run.train) // settings.batch_size)
    return (
        f"{data.name}: {len(data)} rows, {len(data.features)} inputs, {kinds}; {len(run.train)} to"
        f" learn from, {len(run.validation)} to choose by, {len(run.test)} to test\n"
        f"network: {run.shape()}, {len(run.predictor.model.parameters())} parameters;"
        f" {settings.epochs} epochs of {steps} steps, {settings.optimizer} at {settings.lr:g}"
    )


def _verdict(outcome: Outcome) -> str:
    history = outcome.history
    lines = {
        "interrupted": f"stopped after {history.epochs} epochs; the best network is kept",
        "diverged": f"diverged in epoch {history.epochs + 1}; the last good network is kept",
    }
    start = lines.get(history.stopped, f"{history.epochs} epoch{'s' * (history.epochs != 1)} done")
    return (
        f"{start} (best: epoch {history.best_epoch + 1})\n"
        f"loss: {_loss(history.loss[-1])} after training, {_loss(outcome.test_loss)} in the test\n"
        f"test: {outcome.score_text()}"
    )


def _loss(x: float) -> str:
    # A run with far too large a step has a loss of hundreds of digits.
    return f"{x:.4f}" if abs(x) < 1e6 else f"{x:.4g}"


def _again(data: str, outcome: Outcome) -> str:
    """The command that makes the same run, every setting spelled out."""
    s = outcome.settings
    words = ["autograd", "train", data, "--hidden", *map(str, s.hidden or ())]
    words += ["--activation", s.activation, "--epochs", str(s.epochs)]
    words += ["--batch-size", str(s.batch_size), "--optimizer", s.optimizer, "--lr", repr(s.lr)]
    words += ["--l2", repr(s.l2), "--test", repr(s.test), "--seed", str(s.seed)]
    if data not in REAL and data not in MADE:
        words += ["--target", outcome.data.target, "--task", outcome.data.task]
    return shlex.join(words)


class _Folder:
    """A new folder that appears whole, under its name, or not at all.

    Arguments: `wanted`, its path, which must be free or an empty folder; if
    None, `autograd-run-NAME` here, with a number behind it where that is taken.
    Raises ValueError if the path is taken, OSError if it can't be written.
    """

    def __init__(self, wanted: str | None, name: str) -> None:
        slug = re.sub(r"[^\w.-]+", "-", name).strip("-.") or "data"
        path = Path(wanted or f"autograd-run-{slug}")
        self.wanted = path if path.name not in ("", "..") else path.resolve()
        self.numbered = wanted is None
        if wanted is not None and self.wanted.exists() and not _is_empty_folder(self.wanted):
            raise ValueError(f"{wanted!r} is there already: choose a new or empty folder, --out")

    def __enter__(self) -> _Folder:
        parent = self.wanted.parent
        try:
            self.path = Path(tempfile.mkdtemp(prefix=f".{self.wanted.name}-", dir=parent))
        except OSError as error:
            raise ValueError(
                f"can't write into the folder {str(parent)!r} ({error.strerror}): choose another"
                " with --out"
            ) from None
        mask = os.umask(0)
        os.umask(mask)
        self.path.chmod(0o777 & ~mask)  # mkdtemp's are for the owner alone
        return self

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self.path, ignore_errors=True)

    def publish(self, only: str = "") -> Path:
        """Give the folder its name; of its files keep this one only, if one is named."""
        if only:
            for file in self.path.iterdir():
                if file.name != only:
                    file.unlink()
        number, final = 1, self.wanted
        while True:
            if not final.exists() or _is_empty_folder(final):
                if final.exists():
                    final.rmdir()  # Windows renames onto nothing that is there
                self.path.rename(final)
                return final
            if not self.numbered:
                raise ValueError(f"{str(final)!r} was made by another run: choose another --out")
            number += 1
            final = self.wanted.with_name(f"{self.wanted.name}-{number}")


def _is_empty_folder(path: Path) -> bool:
    return path.is_dir() and not any(path.iterdir())


# predict


def run_prediction(arguments: argparse.Namespace) -> int:
    """Predict every row of a CSV file; the exit code."""
    path = arguments.model
    if os.path.isdir(path):
        path = os.path.join(path, MODEL)
    predictor = Predictor.from_notes(load(path))
    rows = read_inputs(arguments.csv, predictor.features)
    with open(arguments.csv, encoding="utf-8-sig", newline="") as file:
        header, *lines = [cells for cells in csv.reader(file) if cells]
    header = [column.strip() for column in header]
    outputs = predictor.outputs(rows)
    added = _added_columns(predictor, outputs)
    for column in added:
        if column in header:
            raise ValueError(f"{arguments.csv} has a column {column!r} already: rename it")
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow([*header, *added])
    writer.writerows([*cells, *more] for cells, more in zip(lines, zip(*added.values())))
    if arguments.out is None:
        sys.stdout.write(written.getvalue())
    else:
        _replace_file(arguments.out, written.getvalue(), arguments.csv)
    if predictor.target in header:
        at = header.index(predictor.target)
        print(_score(predictor, outputs, [cells[at].strip() for cells in lines]), file=sys.stderr)
    return 0


def _added_columns(predictor: Predictor, outputs: list[Any]) -> dict[str, list[str]]:
    """The columns that a prediction adds, by name."""
    answers = [str(predictor.answer(output)) for output in outputs]
    columns = {f"predicted {predictor.target}": answers}
    if predictor.classes:
        columns["probability"] = [f"{max(predictor.probabilities(o)):.6g}" for o in outputs]
    return columns


def _score(predictor: Predictor, outputs: list[Any], targets: list[str]) -> str:
    """How good the predictions are where the file has the targets too."""
    answers = [predictor.answer(output) for output in outputs]
    if predictor.classes:
        right = sum(answer == target for answer, target in zip(answers, targets))
        return f"{right} of {len(targets)} right ({right / len(targets):.1%})"
    try:
        numbers = [float(target) for target in targets]
    except ValueError:
        return f"no score: the column {predictor.target!r} does not hold numbers only"
    return f"R² {predictor.score(answers, numbers):.4f}"


def _replace_file(path: str, text: str, source: str) -> None:
    """Write a file that appears whole or not at all."""
    if os.path.exists(path) and os.path.samefile(path, source):
        raise ValueError(f"{path!r} is the file that is read: choose another with --out")
    beside = f"{path}.{os.getpid()}.part"
    try:
        with open(beside, "x", encoding="utf-8", newline="") as file:
            file.write(text)
        os.replace(beside, path)
    except OSError as error:
        with suppress(OSError):
            os.unlink(beside)
        raise ValueError(f"can't write {path!r} ({error.strerror}): choose another --out") from None
