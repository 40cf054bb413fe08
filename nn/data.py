"""Data: examples with targets, made up, from scikit-learn, or from a CSV file."""

from __future__ import annotations

import csv
import math
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from nn.initializers import generator

Row = list[float]
Path = str | os.PathLike[str]

LARGEST = 1e150
"""The largest number that is standardized."""


@dataclass(frozen=True)
class Dataset:
    """Examples: n rows of inputs, each with its target.

    Fields
    - `inputs`: n lists of k floats.
    - `targets`: n ints, each the position of its class in `classes`; for
      regression n floats.
    - `features`: the k columns' names.
    - `classes`: the classes' names; empty for regression.
    - `target`: what the target is called.
    - `name`: what the whole is called.

    Raises ValueError if lengths don't fit or a target is no class.

    >>> data = Dataset([[0.0], [1.0]], [0, 1], ["x"], ["no", "yes"])
    >>> len(data), data.task
    (2, 'classification')
    """

    inputs: list[Row]
    targets: list[Any]
    features: list[str]
    classes: list[str] = field(default_factory=list)
    target: str = "target"
    name: str = "data"

    def __post_init__(self) -> None:
        if len(self.inputs) != len(self.targets):
            raise ValueError(
                f"{self.name} has {len(self.inputs)} rows and {len(self.targets)} targets: give one"
                " target for each row"
            )
        for i, row in enumerate(self.inputs):
            if len(row) != len(self.features):
                raise ValueError(
                    f"row {i} of {self.name} has {len(row)} numbers for {len(self.features)}"
                    f" features: {row!r:.80}"
                )
        for i, t in enumerate(self.targets if self.classes else ()):
            if not isinstance(t, int) or not 0 <= t < len(self.classes):
                raise ValueError(
                    f"row {i} of {self.name} has the target {t!r}: it is the position of one of"
                    f" the {len(self.classes)} classes, an int from 0"
                )

    def __len__(self) -> int:
        return len(self.inputs)

    @property
    def task(self) -> str:
        """ "classification" if there are classes, else "regression"."""
        return "classification" if self.classes else "regression"

    def take(self, rows: Sequence[int]) -> Dataset:
        """The examples at these positions, in this order."""
        inputs, targets = self.inputs, self.targets
        return replace(self, inputs=[inputs[i] for i in rows], targets=[targets[i] for i in rows])

    def columns(self, columns: Sequence[int]) -> Dataset:
        """The same examples with these features only."""
        return replace(
            self,
            inputs=[[row[j] for j in columns] for row in self.inputs],
            features=[self.features[j] for j in columns],
        )

    def scaled(self, scaling: Scaling) -> Dataset:
        """The same examples with the inputs that `scaling` makes of them."""
        return replace(self, inputs=scaling.apply(self.inputs))


# Preparing


@dataclass(frozen=True)
class Scaling:
    """What standardizing subtracts from each column and divides it by.

    >>> scaling = standardize([[1.0, 5.0], [3.0, 5.0]])
    >>> scaling
    Scaling(mean=[2.0, 5.0], scale=[1.0, 1.0])
    >>> scaling.apply([[3.0, 6.0]]), scaling.undo([[1.0, 1.0]])
    ([[1.0, 1.0]], [[3.0, 6.0]])
    """

    mean: list[float]
    scale: list[float]

    def apply(self, rows: Sequence[Sequence[float]]) -> list[Row]:
        """The rows with each column less its mean, over its scale."""
        return [
            [(x - m) / s for x, m, s in zip(row, self.mean, self.scale, strict=True)]
            for row in rows
        ]

    def undo(self, rows: Sequence[Sequence[float]]) -> list[Row]:
        """The rows that `apply` made these of."""
        return [
            [x * s + m for x, m, s in zip(row, self.mean, self.scale, strict=True)] for row in rows
        ]


def standardize(rows: Sequence[Sequence[float]]) -> Scaling:
    """The scaling that gives every column mean 0 and standard deviation 1.

    A column of equal numbers has the scale 1. Take it from the training rows
    only, and apply it to the others.
    Raises ValueError if there are no rows, or a number above 1e150, whose square
    is none.
    """
    if not rows:
        raise ValueError("can't standardize no rows: give at least one")
    means, scales = [], []
    for i, column in enumerate(zip(*rows, strict=True)):
        largest = max(map(abs, column))
        if largest > LARGEST:
            raise ValueError(
                f"column {i} holds {largest:.6g}: standardize takes at most {LARGEST:g}, give its"
                " numbers in a larger unit"
            )
        mean = math.fsum(column) / len(column)
        spread = math.sqrt(math.fsum([(x - mean) ** 2 for x in column]) / len(column))
        means.append(mean)
        scales.append(spread if min(column) < max(column) and spread > 0.0 else 1.0)
    return Scaling(means, scales)


def split(data: Dataset, test: float = 0.25, seed: int | Random = 0) -> tuple[Dataset, Dataset]:
    """The data parted at random in two: for training and for testing.

    For classes each is parted by itself, so that both parts have them in the
    same proportion.

    Arguments: `test`, the share of the second part, between 0 and 1; `seed`,
    an int or a `random.Random`.
    Raises ValueError if a part would be empty, or lack a class.

    >>> train, test = split(make_moons(100, seed=0), 0.2, seed=0)
    >>> len(train), len(test), sum(test.targets)
    (80, 20, 10)
    """
    if not 0.0 < test < 1.0:
        raise ValueError(f"the test share is {test!r}: it must be between 0 and 1, such as 0.25")
    random = generator(seed)
    groups = _by_class(data) if data.classes else {data.name: list(range(len(data)))}
    training: list[int] = []
    testing: list[int] = []
    for name, rows in groups.items():
        random.shuffle(rows)
        count = round(test * len(rows))
        if not 0 < count < len(rows):
            raise ValueError(
                f"{name!r} has {len(rows)} row(s), too few to put a share of {test!r} aside:"
                " give more rows or another share"
            )
        testing += rows[:count]
        training += rows[count:]
    return data.take(sorted(training)), data.take(sorted(testing))


def _by_class(data: Dataset) -> dict[str, list[int]]:
    groups: dict[str, list[int]] = {name: [] for name in data.classes}
    for i, t in enumerate(data.targets):
        groups[data.classes[t]].append(i)
    return groups


def batches(
    count: int, size: int | None = None, random: Random | None = None
) -> Iterator[list[int]]:
    """The positions 0 .. count - 1 in batches of `size`, shuffled if there is a generator.

    The last batch has what is left. One batch of all if `size` is None.
    Raises ValueError if there is nothing, or the size is below 1.

    >>> list(batches(5, 2))
    [[0, 1], [2, 3], [4]]
    """
    if count < 1:
        raise ValueError("there are no examples to make batches of: give at least one")
    if size is not None and (isinstance(size, bool) or not isinstance(size, int) or size < 1):
        raise ValueError(f"the batch size is {size!r}: give a whole number of at least 1, or None")
    order = list(range(count))
    if random is not None:
        random.shuffle(order)
    size = size or count
    return (order[start : start + size] for start in range(0, count, size))


# Made up


def make_moons(count: int = 100, noise: float = 0.1, seed: int | Random = 0) -> Dataset:
    """Two half circles that reach into each other; 2 inputs, 2 classes.

    Arguments: `count`, the number of examples; `noise`, the standard deviation
    of what is added to each coordinate; `seed`, an int or a `random.Random`.

    >>> len(make_moons(100)), make_moons(4, noise=0.0).inputs[0]
    (100, [1.0, 0.0])
    """
    outer, inner = _halves(count)
    points = [(math.cos(a), math.sin(a)) for a in _angles(outer, math.pi)]
    points += [(1.0 - math.cos(a), 0.5 - math.sin(a)) for a in _angles(inner, math.pi)]
    return _planar("moons", points, [0] * outer + [1] * inner, noise, seed)


def make_circles(
    count: int = 100, noise: float = 0.05, factor: float = 0.5, seed: int | Random = 0
) -> Dataset:
    """A circle of radius 1 around one of radius `factor`; 2 inputs, 2 classes.

    Arguments: as make_moons'.
    """
    outer, inner = _halves(count)
    full = 2.0 * math.pi
    points = [(math.cos(a), math.sin(a)) for a in _angles(outer + 1, full)[:-1]]
    points += [(factor * math.cos(a), factor * math.sin(a)) for a in _angles(inner + 1, full)[:-1]]
    return _planar("circles", points, [0] * outer + [1] * inner, noise, seed)


def make_blobs(
    count: int = 100, classes: int = 3, noise: float = 0.5, seed: int | Random = 0
) -> Dataset:
    """Round heaps on a circle of radius 2, one for each class; 2 inputs.

    Arguments: as make_moons'; `classes`, their number, 2 or more.
    """
    _at_least("blobs' classes", classes, 2)
    _at_least("blobs' count", count, classes)
    labels = [i * classes // count for i in range(count)]
    turn = 2.0 * math.pi / classes
    points = [(2.0 * math.cos(turn * c), 2.0 * math.sin(turn * c)) for c in labels]
    return _planar("blobs", points, labels, noise, seed)


def make_gauss(count: int = 100, noise: float = 1.0, seed: int | Random = 0) -> Dataset:
    """Two heaps, around (2, 2) and (-2, -2); 2 inputs, 2 classes, nearly apart."""
    first, second = _halves(count)
    points = [(2.0, 2.0)] * first + [(-2.0, -2.0)] * second
    return _planar("gauss", points, [0] * first + [1] * second, noise, seed)


def make_xor(count: int = 100, noise: float = 0.0, seed: int | Random = 0) -> Dataset:
    """Points of a square of side 2; class 1 where the coordinates' signs differ."""
    _at_least("xor's count", count, 2)
    random = generator(seed)
    points = [(random.uniform(-1.0, 1.0), random.uniform(-1.0, 1.0)) for _ in range(count)]
    labels = [int(x * y < 0.0) for x, y in points]
    return _planar("xor", points, labels, noise, random)


def make_spiral(
    count: int = 300, classes: int = 3, noise: float = 0.2, seed: int | Random = 0
) -> Dataset:
    """Arms of a spiral, one for each class; 2 inputs. `noise` is in radians.

    Source: CS231n, "Putting it together: minimal neural network case study".
    """
    _at_least("spiral's classes", classes, 2)
    _at_least("spiral's count", count, 2 * classes)
    random = generator(seed)
    points, labels = [], []
    for c in range(classes):
        arm = count * (c + 1) // classes - count * c // classes
        for i in range(arm):
            radius = i / (arm - 1)
            angle = 4.0 * (c + radius) + random.gauss(0.0, noise)
            points.append((radius * math.sin(angle), radius * math.cos(angle)))
            labels.append(c)
    return _planar("spiral", points, labels, 0.0, random)


def _planar(
    name: str,
    points: Sequence[tuple[float, float]],
    labels: list[int],
    noise: float,
    seed: int | Random,
) -> Dataset:
    random = generator(seed)
    inputs = [[x + random.gauss(0.0, noise), y + random.gauss(0.0, noise)] for x, y in points]
    if noise == 0.0:
        inputs = [[x, y] for x, y in points]
    classes = [str(c) for c in range(max(labels) + 1)]
    return Dataset(inputs, labels, ["x0", "x1"], classes, "class", name)


def _halves(count: int) -> tuple[int, int]:
    _at_least("count", count, 2)
    return count // 2, count - count // 2


def _angles(count: int, end: float) -> list[float]:
    return [end * i / max(1, count - 1) for i in range(count)]


def _at_least(name: str, n: Any, least: int) -> None:
    if isinstance(n, bool) or not isinstance(n, int) or n < least:
        raise ValueError(f"{name} is {n!r}: give a whole number of at least {least}")


# Real


_REAL = {
    "iris": "load_iris",
    "breast cancer": "load_breast_cancer",
    "digits": "load_digits",
    "diabetes": "load_diabetes",
}


def load_dataset(name: str) -> Dataset:
    """Data that comes with scikit-learn: "iris", "breast cancer", "digits" or "diabetes".

    The first three are for classification, diabetes for regression.
    Raises ValueError for another name, ImportError without scikit-learn.

    >>> data = load_dataset("iris")
    >>> len(data), data.classes
    (150, ['setosa', 'versicolor', 'virginica'])
    """
    key = name.replace("_", " ").replace("-", " ").strip().lower()
    if key not in _REAL:
        raise ValueError(f"no data set is named {name!r}: choose one of {', '.join(_REAL)}")
    try:
        from sklearn import datasets
    except ImportError:
        raise ImportError(
            f"the data set {key!r} comes with scikit-learn: pip install 'scalar-autograd[train]'"
        ) from None
    bunch = getattr(datasets, _REAL[key])()
    classes = [str(c) for c in getattr(bunch, "target_names", ())]
    targets = [int(t) if classes else float(t) for t in bunch.target.tolist()]
    features = [str(f) for f in bunch.feature_names]
    unit = "disease progression" if key == "diabetes" else "class"
    return Dataset(bunch.data.tolist(), targets, features, classes, unit, key)


# CSV


def read_csv(path: Path, target: str | None = None, task: str | None = None) -> Dataset:
    """Examples from a CSV file whose first line names the columns.

    Arguments
    - `target`: the column to predict; the last if None. Every other column
      must hold numbers.
    - `task`: "classification" or "regression". If None it is regression where
      the targets are numbers, and not just a few whole ones (at most 20, each
      there twice on average).

    Raises ValueError naming the row (the line of the file) and the column of a
    cell that is missing, no number, or not finite; for a file with no rows, one
    class, a column twice or an unknown target. OSError if it can't be read.
    """
    header, lines = _table(path)
    target = header[-1] if target is None else target
    _known(path, header, [target])
    at = header.index(target)
    features = [column for column in header if column != target]
    if not features:
        raise ValueError(f"{path} has the column {target!r} only: there must be inputs beside it")
    inputs = [
        [
            _cell(path, line, column, x)
            for column, x in zip(header, cells, strict=True)
            if column != target
        ]
        for line, cells in lines
    ]
    column = [(line, cells[at].strip()) for line, cells in lines]
    for line, text in column:
        if not text:
            raise ValueError(
                f"{path}, row {line}, column {target!r}: the cell is empty, fill it in"
            )
    name = os.path.splitext(os.path.basename(os.fspath(path)))[0]
    if _is_regression([text for _, text in column], task):
        numbers = [_cell(path, line, target, text) for line, text in column]
        return Dataset(inputs, numbers, features, [], target, name)
    classes = _in_order({text for _, text in column})
    if len(classes) < 2:
        raise ValueError(
            f"{path}, column {target!r}: every row has the class {classes[0]!r}; there must be at"
            " least two to tell apart"
        )
    position = {c: i for i, c in enumerate(classes)}
    return Dataset(inputs, [position[text] for _, text in column], features, classes, target, name)


def read_inputs(path: Path, features: Sequence[str]) -> list[Row]:
    """The rows of a CSV file at these columns, in this order; other columns are not looked at.

    Raises as `read_csv`.
    """
    header, lines = _table(path)
    _known(path, header, features)
    at = [header.index(feature) for feature in features]
    return [[_cell(path, line, header[j], cells[j]) for j in at] for line, cells in lines]


def _table(path: Path) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """The column names, and the rows with the lines they end on."""
    with open(path, encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, strict=True)
        try:
            header = [column.strip() for column in next(reader, [])]
            lines = [(reader.line_num, cells) for cells in reader if cells]
        except UnicodeDecodeError as error:
            raise ValueError(
                f"{path} is not UTF-8 text ({error.reason} at byte {error.start}): save it as UTF-8"
            ) from None
        except csv.Error as error:
            raise ValueError(
                f"{path}, row {reader.line_num}, is not CSV: {error}: look for a quote that is not"
                " closed"
            ) from None
    for sign in ";\t":
        if len(header) == 1 and sign in header[0]:
            raise ValueError(f"{path} has {sign!r} between its columns: write commas")
    if not header:
        raise ValueError(f"{path} is empty: its first line must name the columns")
    for column in header:
        if not column:
            raise ValueError(f"{path}: column {header.index(column) + 1} has no name: name it")
        if header.count(column) > 1:
            raise ValueError(f"{path} has the column {column!r} twice: rename one")
    if all(_is_number(column) for column in header):
        raise ValueError(
            f"{path}: the first line holds numbers ({', '.join(header):.80}), it must name the"
            " columns: put a line of names above it"
        )
    if not lines:
        raise ValueError(
            f"{path} has no rows below the line of names: there is nothing to learn from"
        )
    for line, cells in lines:
        if len(cells) != len(header):
            raise ValueError(
                f"{path}, row {line}: {len(cells)} cells where the first line has {len(header)}"
            )
    return header, lines


def _known(path: Path, header: list[str], columns: Sequence[str]) -> None:
    for column in columns:
        if column not in header:
            raise ValueError(
                f"{path} has no column {column!r}: it has {', '.join(map(repr, header))}"
            )


def _cell(path: Path, line: int, column: str, text: str) -> float:
    text = text.strip()
    if not text:
        raise ValueError(
            f"{path}, row {line}, column {column!r}: the cell is empty; fill it in or leave out the"
            " row"
        )
    if not _is_number(text):
        raise ValueError(
            f"{path}, row {line}, column {column!r}: {text!r:.80} is not a number; write it as one"
            " or leave out the column"
        )
    x = float(text)
    if not math.isfinite(x):
        raise ValueError(
            f"{path}, row {line}, column {column!r}: {text!r} is not finite; correct it or leave"
            " out the row"
        )
    return x


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return "_" not in text


def _is_regression(texts: list[str], task: str | None) -> bool:
    if task not in (None, "classification", "regression"):
        raise ValueError(f"the task is {task!r}: choose 'classification' or 'regression'")
    if task is not None:
        return task == "regression"
    if not all(_is_number(text) for text in texts):
        return False
    numbers = {float(text) for text in texts}
    whole = all(math.isfinite(x) and x == int(x) for x in numbers)
    return not (whole and len(numbers) <= min(20, len(texts) // 2))


def _in_order(classes: set[str]) -> list[str]:
    """By size if they are numbers, else by name."""
    if all(_is_number(c) for c in classes):
        return sorted(classes, key=lambda c: (float(c), c))
    return sorted(classes)
