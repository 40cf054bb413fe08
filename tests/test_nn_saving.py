"""Saving and loading: the bits come back, and a damaged file is refused whole."""

from __future__ import annotations

import json
import math
import os
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import nn
from autograd import Value

pytest.importorskip("safetensors")
pytest.importorskip("numpy")

finite = st.floats(allow_nan=False, allow_infinity=False)


def saved(folder: Path, **options: Any) -> tuple[nn.MLP, Path]:
    model = nn.MLP(2, [3, 1], activation="tanh", seed=0, **options)
    model.notes = {"features": ["a", "b"], "mean": [0.1, 0.2]}
    path = folder / "model.safetensors"
    nn.save(model, path)
    return model, path


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40
)
@given(
    nin=st.integers(1, 4),
    nouts=st.lists(st.integers(1, 4), min_size=1, max_size=3),
    bias=st.booleans(),
    activation=st.sampled_from(["relu", "tanh", "sigmoid"]),
    data=st.data(),
)
def test_bits_shape_and_notes_come_back(
    tmp_path: Path, nin: int, nouts: list[int], bias: bool, activation: str, data: Any
) -> None:
    model = nn.MLP(nin, nouts, bias=bias, activation=activation, initializer="zeros")
    for p in model.parameters():
        p.data = data.draw(finite)
    model.notes = {"classes": ["ä", "\u0000", 'quote"'], "x": data.draw(finite)}
    path = tmp_path / "m.safetensors"
    nn.save(model, path)
    twin = nn.load(path)
    assert [p.data.hex() for p in twin.parameters()] == [p.data.hex() for p in model.parameters()]
    assert (repr(twin), twin.notes, twin.settings()) == (repr(model), model.notes, model.settings())


def test_loading_draws_nothing(tmp_path: Path) -> None:
    _, path = saved(tmp_path)
    state = random.getstate()
    nn.load(path)
    assert random.getstate() == state


def test_the_file_is_plain_safetensors(tmp_path: Path) -> None:
    from safetensors.numpy import load_file

    model, path = saved(tmp_path)
    assert {k: v.tolist() for k, v in load_file(path).items()} == model.state_dict()


def test_any_module_is_loaded_into_its_like(tmp_path: Path) -> None:
    def make(seed: int) -> nn.Sequential:
        return nn.Sequential(nn.Layer(2, 3, seed=seed), nn.LayerNorm(3), nn.Layer(3, 2, seed=seed))

    path = tmp_path / "m.safetensors"
    nn.save(make(1), path)
    with pytest.raises(ValueError, match=r"holds a 'Sequential', and only an MLP .* into=module"):
        nn.load(path)
    twin = make(2)
    assert nn.load(path, into=twin) is twin
    assert twin.state_dict() == make(1).state_dict()
    other = nn.MLP(2, [3, 1], seed=0)
    before = other.state_dict()
    with pytest.raises(ValueError, match=r"doesn't fit MLP: it has no .* is missing"):
        nn.load(path, into=other)
    assert other.state_dict() == before


# Writing


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"can't write the model .*: choose a folder") as caught:
        saved(tmp_path / "nowhere")
    assert caught.value.filename == str(tmp_path / "nowhere" / "model.safetensors")


def test_a_failed_write_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, path = saved(tmp_path)
    before = path.read_bytes()

    def fail(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="No space left"):
        nn.save(nn.MLP(2, [1], seed=5), path)
    assert path.read_bytes() == before
    assert os.listdir(tmp_path) == ["model.safetensors"]


def test_what_can_not_be_saved(tmp_path: Path) -> None:
    model = nn.MLP(2, [1], seed=0)
    path = tmp_path / "m"
    for notes in ({"x": Value(1.0)}, {"x": math.nan}, {"x": {1, 2}}):
        model.notes = notes
        with pytest.raises(TypeError, match="the model's notes can't be written as JSON"):
            nn.save(model, path)
    model.notes = {}
    model.parameters()[0].data = math.inf
    with pytest.raises(
        ValueError, match=r"the parameters 'layers.0.neurons.0.w' are not all finite"
    ):
        nn.save(model, path)
    assert os.listdir(tmp_path) == []


# Damaged files


def rewritten(path: Path, change: Any) -> Path:
    """The file with its header changed by `change(header)`, or replaced by the text it gives."""
    content = path.read_bytes()
    size = int.from_bytes(content[:8], "little")
    header = json.loads(content[8 : 8 + size])
    changed = change(header)
    text = changed if isinstance(changed, str) else json.dumps(header)
    raw = text.encode()
    path.write_bytes(len(raw).to_bytes(8, "little") + raw + content[8 + size :])
    return path


def set_meta(key: str, value: Any) -> Any:
    def change(header: Any) -> None:
        header["__metadata__"][key] = value

    return change


def network(**changes: Any) -> Any:
    shape = {"class": "MLP", "nin": 2, "nouts": [3, 1], "activation": "tanh", "output": "linear",
             "bias": True} | changes  # fmt: skip
    return set_meta("network", json.dumps({k: v for k, v in shape.items() if v is not ...}))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (set_meta("version", "2"), "its version is '2', and this library reads '1'"),
        (set_meta("format", "other"), "none that nn.save wrote"),
        (lambda h: h.pop("__metadata__") and None, "none that nn.save wrote"),
        (set_meta("extra", "1"), "its metadata has the unknown key 'extra'"),
        (lambda h: h["__metadata__"].pop("notes") and None, "its metadata has no 'notes'"),
        (set_meta("notes", "{"), "its notes is not JSON"),
        (set_meta("notes", "[]"), "its notes is not a JSON object"),
        (set_meta("notes", '{"a": NaN}'), "NaN is not JSON"),
        (set_meta("notes", '{"a": 1, "a": 2}'), "the key 'a' is there twice"),
        (network(depth=3), "unknown setting 'depth'"),
        (network(bias=...), "its network's 'bias' is None"),
        (network(nin="2"), "its network's 'nin' is '2'"),
        (network(nin=True), "its network's 'nin' is True"),
        (network(nouts=[10**12, 1]), "layers of the sizes"),
        (network(nouts=[3, -1]), "layers of the sizes"),
        (network(nouts=[3, 2]), "needs 17 numbers and the file holds 13"),
        (network(activation="evil"), "no activation is named 'evil'"),
        (network(**{"class": "os.system"}), "only an MLP is rebuilt"),
        (lambda h: "not json", "its header is not JSON"),
        (lambda h: json.dumps(h)[:-1] + ', "__metadata__": {}}', "'__metadata__' is there twice"),
        (lambda h: json.dumps(h)[:-1] + ', "layers.0.neurons.0.b": {}}', "is there twice"),
        (lambda h: "[" * 100000, "can't load"),
        (lambda h: h["layers.0.neurons.0.b"].update(dtype="I64"), "holds int64 of shape"),
        (lambda h: h["layers.0.neurons.0.b"].update(dtype="F99"), "can't be read"),
        (lambda h: h["layers.0.neurons.0.b"].update(data_offsets=[0, 10**9]), "can't be read"),
        (lambda h: h.update(other=h.pop("layers.0.neurons.0.b")), "has no 'other'; is missing"),
    ],
)
def test_a_damaged_header(tmp_path: Path, change: Any, message: str) -> None:
    _, path = saved(tmp_path)
    with pytest.raises(ValueError, match=message) as caught:
        nn.load(rewritten(path, change))
    assert str(path) in str(caught.value)


def test_numbers_that_are_not_finite(tmp_path: Path) -> None:
    _, path = saved(tmp_path)
    content = path.read_bytes()
    path.write_bytes(content[:-8] + b"\xff" * 8)
    with pytest.raises(ValueError, match="holds nan"):
        nn.load(path)


def test_a_file_cut_short_anywhere(tmp_path: Path) -> None:
    model, path = saved(tmp_path)
    content = path.read_bytes()
    before = model.state_dict()
    for end in range(len(content)):
        path.write_bytes(content[:end])
        with pytest.raises(ValueError, match="can't load"):
            nn.load(path, into=model)
    assert model.state_dict() == before


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.data())
def test_changed_bytes_load_or_are_refused(tmp_path: Path, data: Any) -> None:
    _, path = saved(tmp_path)
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 3))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(bytes(content))
    try:
        model = nn.load(path)
    except ValueError as error:
        assert "can't load" in str(error)  # noqa: PT017  # either answer is right
    else:
        assert all(math.isfinite(p.data) for p in model.parameters())


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        nn.load(tmp_path / "nowhere.safetensors")


def test_notes_with_a_scale_of_0_are_refused() -> None:
    from nn.runs import Predictor

    model = nn.MLP(1, [1], seed=0)
    model.notes = {
        "features": ["x"], "mean": [0.0], "scale": [0.0], "target": "y", "classes": ["a", "b"],
        "unit": [0.0, 1.0],
    }  # fmt: skip
    with pytest.raises(ValueError, match="a scale of 0"):
        Predictor.from_notes(model)
