"""Data: what is made up has its shape, what is read is what was written, refusals name the cell."""

from __future__ import annotations

import csv
import math
import random
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import nn

MAKERS = [
    nn.make_moons, nn.make_circles, nn.make_blobs, nn.make_gauss, nn.make_xor, nn.make_spiral,
]  # fmt: skip


@pytest.mark.parametrize("make", MAKERS)
@pytest.mark.parametrize("count", [7, 60])
def test_made_up_data(make: Any, count: int) -> None:
    data = make(count, seed=3)
    assert len(data) == count
    assert data.task == "classification"
    assert all(len(row) == 2 and all(map(math.isfinite, row)) for row in data.inputs)
    counts = [data.targets.count(c) for c in range(len(data.classes))]
    assert min(counts) >= 1
    if make is not nn.make_xor:
        assert max(counts) - min(counts) <= 1
    assert make(count, seed=3) == data == make(count, seed=random.Random(3))
    assert make(count, seed=4) != data


def test_the_shapes_without_noise() -> None:
    for x, y in nn.make_moons(20, noise=0.0).inputs[:10]:
        assert math.hypot(x, y) == pytest.approx(1.0)
        assert y >= 0.0
    data = nn.make_circles(20, noise=0.0, factor=0.25)
    for (x, y), t in zip(data.inputs, data.targets, strict=True):
        assert math.hypot(x, y) == pytest.approx([1.0, 0.25][t])
    for (x, y), t in zip(*_parts(nn.make_xor(50)), strict=True):
        assert t == int((x > 0) != (y > 0))


def _parts(data: nn.Dataset) -> tuple[Any, Any]:
    return data.inputs, data.targets


@pytest.mark.parametrize("count", [20, 21])
def test_moons_lie_on_sklearns(count: int) -> None:
    datasets = pytest.importorskip("sklearn.datasets")
    X, y = datasets.make_moons(count, shuffle=False)
    ours = nn.make_moons(count, noise=0.0)
    assert [c for row in ours.inputs for c in row] == pytest.approx(X.flatten().tolist(), abs=1e-12)
    assert ours.targets == y.tolist()


@pytest.mark.parametrize(
    ("name", "rows", "columns", "classes"),
    [("iris", 150, 4, 3), ("breast cancer", 569, 30, 2), ("digits", 1797, 64, 10),
     ("diabetes", 442, 10, 0)],
)  # fmt: skip
def test_real_data(name: str, rows: int, columns: int, classes: int) -> None:
    pytest.importorskip("sklearn")
    data = nn.load_dataset(name.replace(" ", "_"))
    assert (len(data), len(data.features), len(data.classes)) == (rows, columns, classes)
    assert type(data.targets[0]) is (int if classes else float)
    assert all(type(x) is float for x in data.inputs[0])


def test_an_unknown_name() -> None:
    with pytest.raises(ValueError, match="no data set is named 'titanic': choose one of iris"):
        nn.load_dataset("titanic")


# Preparing


@settings(deadline=None)
@given(st.lists(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=2), min_size=1, max_size=20))
def test_standardized_columns_have_mean_0_and_deviation_1(rows: list[list[float]]) -> None:
    scaling = nn.standardize(rows)
    scaled = scaling.apply(rows)
    for before, column in zip(zip(*rows, strict=True), zip(*scaled, strict=True), strict=True):
        spread = max(before) - min(before)
        if spread > 1e-6 * max(1.0, *map(abs, before)):
            assert math.fsum(column) / len(column) == pytest.approx(0.0, abs=1e-6)
            assert math.fsum(x * x for x in column) / len(column) == pytest.approx(1.0, abs=1e-6)
    for row, again in zip(rows, scaling.undo(scaled), strict=True):
        assert again == pytest.approx(row, rel=1e-9, abs=1e-9 * max(1.0, *map(abs, scaling.mean)))


@settings(deadline=None)
@given(st.integers(20, 80), st.integers(2, 4), st.floats(0.2, 0.6), st.integers(0, 99))
def test_a_split_parts_each_class_in_proportion(n: int, k: int, share: float, seed: int) -> None:
    data = nn.make_blobs(n, classes=k, seed=1)
    train, test = nn.split(data, share, seed)
    both = sorted(map(tuple, train.inputs + test.inputs))
    assert both == sorted(map(tuple, data.inputs))
    for c in range(k):
        there = test.targets.count(c)
        assert abs(there - share * data.targets.count(c)) <= 0.5
    assert nn.split(data, share, seed) == (train, test)


@settings(deadline=None)
@given(st.integers(1, 50), st.integers(1, 60), st.integers(0, 9))
def test_batches_are_a_partition(count: int, size: int, seed: int) -> None:
    parts = list(nn.batches(count, size, random.Random(seed)))
    assert sorted(i for part in parts for i in part) == list(range(count))
    assert all(len(part) == min(size, count) for part in parts[:-1])
    assert 1 <= len(parts[-1]) <= size


def test_taking_rows_and_columns() -> None:
    data = nn.Dataset([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], [1.5, 2.5], ["a", "b", "c"])
    assert data.task == "regression"
    assert data.take([1]).inputs == [[4.0, 5.0, 6.0]]
    assert data.columns([2, 0]).inputs == [[3.0, 1.0], [6.0, 4.0]]
    assert data.columns([2, 0]).features == ["c", "a"]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: nn.Dataset([[1.0]], [], ["x"]), "1 rows and 0 targets"),
        (lambda: nn.Dataset([[1.0]], [1.0], ["x", "y"]), "row 0 of data has 1 numbers for 2"),
        (lambda: nn.Dataset([[1.0]], [2], ["x"], ["a", "b"]), "row 0 of data has the target 2"),
        (lambda: nn.standardize([]), "no rows"),
        (lambda: nn.split(nn.make_moons(10), 1.0), "test share is 1.0"),
        (lambda: nn.split(nn.make_moons(2), 0.25), "too few"),
        (lambda: nn.batches(0), "no examples"),
        (lambda: nn.batches(5, 0), "batch size is 0"),
        (lambda: nn.make_moons(1), "count is 1: give a whole number of at least 2"),
        (lambda: nn.make_blobs(10, classes=1), "blobs' classes is 1"),
        (lambda: nn.make_spiral(3), "spiral's count is 3"),
    ],
)  # fmt: skip
def test_refusals(make: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()


# CSV


def write(folder: Path, text: str | bytes) -> Path:
    path = folder / "data.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


finite = st.floats(allow_nan=False, allow_infinity=False)
names = st.text(st.characters(codec="utf-8", categories=["L", "P", "Zs"]), min_size=1).map(
    lambda name: "c" + name.strip()
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.data())
def test_what_is_read_is_what_was_written(tmp_path: Path, data: Any) -> None:
    k = data.draw(st.integers(2, 4))
    header = data.draw(st.lists(names, min_size=k, max_size=k, unique=True))
    rows = data.draw(st.lists(st.lists(finite, min_size=k, max_size=k), min_size=1, max_size=5))
    path = tmp_path / "written.csv"
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows([[repr(x) for x in row] for row in rows])
    back = nn.read_csv(path, target=header[0], task="regression")
    assert back.features == header[1:]
    assert back.inputs == [row[1:] for row in rows]
    assert back.targets == [row[0] for row in rows]
    assert nn.read_inputs(path, list(reversed(header))) == [row[::-1] for row in rows]


def test_classes_by_name_and_by_number(tmp_path: Path) -> None:
    data = nn.read_csv(write(tmp_path, "\ufeffx,kind\n1,b\n2, a \n\n3,b\n"))
    assert (data.classes, data.targets, data.target, data.name) == (
        ["a", "b"],
        [1, 0, 1],
        "kind",
        "data",
    )
    data = nn.read_csv(write(tmp_path, "x,n\n1,10\n2,9\n3,10\n4,9\n"))
    assert (data.classes, data.targets) == (["9", "10"], [1, 0, 1, 0])
    data = nn.read_csv(write(tmp_path, "n,x\n1,10\n2,9\n1,10\n2,9\n"), target="n")
    assert (data.features, data.classes) == (["x"], ["1", "2"])


def test_which_targets_are_numbers_to_predict(tmp_path: Path) -> None:
    many = "x,y\n" + "".join(f"{i},{i}\n" for i in range(30))
    assert nn.read_csv(write(tmp_path, many)).task == "regression"
    assert nn.read_csv(write(tmp_path, many), task="classification").task == "classification"
    assert nn.read_csv(write(tmp_path, "x,y\n1,0.5\n2,1.5\n")).task == "regression"
    few = "x,y\n1,0\n2,1\n3,0\n4,1\n"
    assert nn.read_csv(write(tmp_path, few)).task == "classification"
    assert nn.read_csv(write(tmp_path, few), task="regression").targets == [0.0, 1.0, 0.0, 1.0]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty: its first line must name the columns"),
        ("x,y\n", "has no rows"),
        ("x,x,y\n1,2,3\n", "has the column 'x' twice"),
        ("x,,y\n1,2,3\n", "column 2 has no name"),
        ("1,2\n3,4\n", r"the first line holds numbers \(1, 2\)"),
        ("x,y\n1,a\n,b\n", "row 3, column 'x': the cell is empty"),
        ("x,y\n1,a\n2,\n", "row 3, column 'y': the cell is empty"),
        ("x,y\n1,a\nzwei,b\n", "row 3, column 'x': 'zwei' is not a number"),
        ("x,y\n1,a\n1_0,b\n", "row 3, column 'x': '1_0' is not a number"),
        ("x,y\n1,a\ninf,b\n", "row 3, column 'x': 'inf' is not finite"),
        ("x,y\n1,a\nnan,b\n", "row 3, column 'x': 'nan' is not finite"),
        ("x,y\n1,a\n1e999,b\n", "row 3, column 'x': '1e999' is not finite"),
        ("x,y\n1,0.5\n2,nan\n", "row 3, column 'y': 'nan' is not finite"),
        ("x,y\n1,a\n2\n", "row 3: 1 cells where the first line has 2"),
        ("x,y\n1,a\n2,a\n", "every row has the class 'a'"),
        ("y\na\nb\n", "has the column 'y' only"),
        (b"x,y\n1,\xff\n", "is not UTF-8 text"),
        (b'x,y\n1,"a\n', "row 2, is not CSV"),
    ],
)  # fmt: skip
def test_bad_files(tmp_path: Path, text: str | bytes, message: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(ValueError, match=message) as caught:
        nn.read_csv(path)
    assert str(path) in str(caught.value)


def test_bad_targets_tasks_and_features(tmp_path: Path) -> None:
    path = write(tmp_path, "x,y\n1,a\n2,b\n")
    with pytest.raises(ValueError, match="has no column 'z': it has 'x', 'y'"):
        nn.read_csv(path, target="z")
    with pytest.raises(ValueError, match="the task is 'guess'"):
        nn.read_csv(path, task="guess")
    with pytest.raises(ValueError, match="column 'y': 'a' is not a number"):
        nn.read_csv(path, task="regression")
    with pytest.raises(ValueError, match="has no column 'z'"):
        nn.read_inputs(path, ["x", "z"])
    with pytest.raises(FileNotFoundError):
        nn.read_csv(tmp_path / "nowhere.csv")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.one_of(st.binary(max_size=60), st.text("x,y\n1.e-\"\r'a ", max_size=60).map(str.encode)))
def test_no_file_does_anything_but_load_or_say_what_is_wrong(tmp_path: Path, text: bytes) -> None:
    path = write(tmp_path, text)
    try:
        data = nn.read_csv(path)
    except ValueError as error:
        assert str(path) in str(error)  # noqa: PT017  # either answer is right
    else:
        assert all(map(math.isfinite, [x for row in data.inputs for x in row]))


def test_a_missing_extra_says_what_brings_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sklearn", None)
    with pytest.raises(ImportError, match=r"pip install 'scalar-autograd\[train\]'"):
        nn.load_dataset("iris")
