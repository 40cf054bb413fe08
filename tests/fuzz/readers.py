"""Files that people hand in: CSV tables, and models."""

from __future__ import annotations

import atexit
import csv
import functools
import json
import math
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

from nn.data import Dataset, read_csv, read_inputs
from nn.layers import MLP
from nn.runs import Predictor
from nn.saving import load, save
from tests.fuzz.target import Target

TASKS = (None, "classification", "regression")


@functools.cache
def folder() -> Path:
    """A folder for the input as a file, in memory where the system has such a place."""
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    path = Path(tempfile.mkdtemp(prefix="fuzz-", dir=memory))
    atexit.register(shutil.rmtree, path, ignore_errors=True)
    return path


def file_of(name: str, content: bytes) -> Path:
    """The file of that name, with this content."""
    path = folder() / name
    path.write_bytes(content)
    return path


def refused(error: ValueError, path: Path) -> None:
    """An error names the file."""
    assert str(path) in str(error), error


# CSV


def run_csv(data: bytes) -> None:
    """The first byte chooses task and target, the rest is the file."""
    choice, content = (data[0], data[1:]) if data else (0, b"")
    path = file_of("data.csv", content)
    task = TASKS[choice % 3]
    target = "x" if choice & 64 else None
    try:
        found = read_csv(path, target, task)
    except ValueError as error:
        refused(error, path)
        return
    check_dataset(found, path)
    assert found.task == task or task is None
    twin = folder() / "twin"
    twin.mkdir(exist_ok=True)
    assert read_csv(written(found, twin / path.name), found.target, found.task) == found


def check_dataset(found: Dataset, path: Path) -> None:
    """What every data set that was read has."""
    columns = [*found.features, found.target]
    assert len(set(columns)) == len(columns)
    assert all(column == column.strip() != "" for column in columns)
    assert len(found) == len(found.targets) > 0
    assert all(type(x) is float and math.isfinite(x) for row in found.inputs for x in row)
    if found.classes:
        assert len(set(found.classes)) == len(found.classes) > 1
        assert set(found.targets) == set(range(len(found.classes)))
    else:
        assert all(type(t) is float and math.isfinite(t) for t in found.targets)
    assert read_inputs(path, found.features) == found.inputs


def written(data: Dataset, path: Path) -> Path:
    """The same data as a file made by Python's own writer."""
    with open(path, "w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*data.features, data.target])
        for row, t in zip(data.inputs, data.targets, strict=True):
            writer.writerow([*map(repr, row), data.classes[t] if data.classes else repr(t)])
    return path


CSV = Target(
    run_csv,
    "ValueError that names the file",
    [
        b"\x00x,y\n1,2\n3,4.5\n",
        b"\x01height, width ,kind\n1,2,cat\n3,4e-3,dog\n5,6,cat\n",
        b'\x00a,b\r\n"1","two ""words"""\r\n-.5,"line\nbreak"\r\n',
        b"\x02\xef\xbb\xbfa;b,c\n 1 ,0\n\n2,1\n",
        b"\x00a,b\n1,1\n2,2\n3,1\n4,2\n",
        b"\x40x,y\nno,1\nyes,2\n",
        b"\x00a,b\nnan,1\ninf,2\n1_0,3\n",
        b"\x01" + "ä,ö\n１,猫\n2,犬\n".encode(),
        b"\x00",
    ],
    ['"', '""', ",", "\r\n", "\n", "\r", "1e308", "1e999", "nan", "-inf", "1_0", "\x00", "\ufeff"],
)


# Models


@functools.cache
def shapes() -> list[tuple[bytes, MLP]]:
    """Files that `save` wrote, and modules of their shapes."""
    found = []
    for model in (
        MLP(2, [3, 1], seed=0),
        MLP(1, [1], seed=1),
        MLP(3, [2, 2], seed=2, activation="relu", output="linear", bias=False),
    ):
        k, outputs = model.settings()["nin"], model.settings()["nouts"][-1]
        model.notes = {
            "features": [f"x{i}" for i in range(k)],
            "mean": [0.5] * k,
            "scale": [1.0] * k,
            "target": "y",
            "classes": ["a", "b"],
            "unit": [0.0, 1.0],
        }
        assert outputs in (1, 2)
        path = folder() / "seed.safetensors"
        save(model, path)
        found.append((path.read_bytes(), model))
    return found


def run_file(data: bytes) -> None:
    """The input is the file."""
    path = file_of("model.safetensors", data)
    for into in (None, shapes()[0][1]):
        before = into.state_dict() if into is not None else None
        try:
            model = load(path, into)
        except ValueError as error:
            refused(error, path)
            # One that can't be loaded changes nothing.
            assert into is None or into.state_dict() == before
            continue
        check_model(model)
        if into is not None:
            assert before is not None
            into.load_state_dict(before)


def check_model(model: Any) -> None:
    """What every model that was loaded has."""
    state = model.state_dict()
    assert all(math.isfinite(parameter.data) for parameter in model.parameters())
    path = folder() / "again.safetensors"
    save(model, path)
    again = load(path)
    assert again.state_dict() == state
    assert again.notes == model.notes
    assert again.settings() == model.settings()
    try:
        predictor = Predictor.from_notes(model)
    except ValueError as error:
        assert "notes" in str(error)
        return
    answers = predictor.answers([[0.5] * len(predictor.features)])
    assert len(answers) == 1


def run_parts(data: bytes) -> None:
    """The input is a header and numbers; the lengths that frame them are made right.

    Two bytes say how long the header is. So an input gets past the frame, where
    a changed byte is mostly found at once.
    """
    length = int.from_bytes(data[:2], "little")
    header, numbers = data[2 : 2 + length], data[2 + length :]
    try:
        document = json.loads(header)
        end = max(entry["data_offsets"][1] for key, entry in document.items() if key[0] != "_")
        numbers = (numbers + bytes(min(end, 4096)))[: min(end, 4096)]
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError):
        pass  # no header to go by
    header += b" " * (-len(header) % 8)
    run_file(len(header).to_bytes(8, "little") + header + numbers)


def parts(content: bytes) -> bytes:
    """A file as `run_parts` takes it."""
    size = int.from_bytes(content[:8], "little")
    return size.to_bytes(2, "little") + content[8:]


FILE_WORDS = ["__metadata__", "format", "version", "network", "notes", "layers.0.w", "data_offsets"]
FILE_WORDS += [
    "dtype",
    "F64",
    "F32",
    "BF16",
    "shape",
    "[1,1]",
    "1e999",
    "NaN",
    "-1",
    "null",
    "true",
]
FILE_WORDS += [
    '\\"nin\\": 1',
    '\\"nouts\\": [1]',
    '\\"bias\\": true',
    "99999999999999999999",
    "\\ud800",
]
DOCUMENTED_FILE = "ValueError that names the file"


def model_targets() -> tuple[Target, Target]:
    """The two targets, with models as seeds."""
    contents = [content for content, _ in shapes()]
    return (
        Target(run_file, DOCUMENTED_FILE, contents, FILE_WORDS, 1500),
        Target(run_parts, DOCUMENTED_FILE, [parts(c) for c in contents], FILE_WORDS, 1500),
    )


MODEL, MODEL_PARTS = model_targets()
