"""Networks on disk: `save` and `load`, in the safetensors format.

A file holds the parameters as float64, to the bit, and in its metadata a JSON
description: what the file is and its version, how the network is rebuilt, and
notes. Nothing in a file is run.
Source of the format: https://github.com/huggingface/safetensors.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from itertools import pairwise
from typing import Any

from nn.data import Path
from nn.layers import MLP
from nn.module import Module

FORMAT = "scalar-autograd network"
VERSION = "1"


def save(model: Module, path: Path) -> None:
    """Write the model's parameters, shape and notes to a file.

    The file appears whole or not at all: it is written beside its place and
    then moved there.

    Arguments: `model`, any module (one that is no MLP is loaded `into` a module
    of the same shape); `path`, the file, by custom ending in ".safetensors".
    Raises OSError if the file can't be written, ValueError if a parameter is
    not finite, TypeError if `model.notes` is not made of what JSON has,
    ImportError without safetensors or NumPy.

    >>> import os, tempfile
    >>> model = MLP(2, [3, 1], seed=0)
    >>> model.notes = {"features": ["height", "width"]}
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = os.path.join(folder, "model.safetensors")
    ...     save(model, path)
    ...     twin = load(path)
    >>> twin.state_dict() == model.state_dict(), twin.notes
    (True, {'features': ['height', 'width']})
    """
    numpy, safetensors = _libraries()
    state = model.state_dict()
    for key, numbers in state.items():
        if not numpy.isfinite(numbers).all():
            raise ValueError(f"the parameters {key!r} are not all finite: {numbers!r:.80}")
    metadata = {
        "format": FORMAT,
        "version": VERSION,
        "network": _json("how it is rebuilt", _description(model)),
        "notes": _json("notes", dict(model.notes)),
    }
    arrays = {key: numpy.asarray(numbers, dtype="float64") for key, numbers in state.items()}
    _write_whole(os.fspath(path), _ordered(safetensors.save(arrays, metadata)))


def load(path: Path, into: Module | None = None) -> Any:
    """The model that a file holds.

    Arguments: `path`, a file that `save` wrote; `into`, a module of the same
    shape that takes the parameters, needed where the file's is no MLP.
    Returns the model, its notes in `.notes`.
    Raises ValueError naming the file and what is wrong with it (cut short,
    another version, keys unknown, missing or there twice, numbers that are too
    few or not finite), and then changes nothing; OSError if it can't be read;
    ImportError without safetensors or NumPy.
    """
    path = os.fspath(path)
    with open(path, "rb") as file:
        content = file.read()
    try:
        return _loaded(content, into)
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        raise ValueError(f"can't load {path!r}: {error}") from None


def _loaded(content: bytes, into: Module | None) -> Any:
    metadata = _metadata(content)
    network, notes = _parsed(metadata, "network"), _parsed(metadata, "notes")
    state = _state(content)
    if into is None:
        count = sum(len(x) if isinstance(x, list) else 1 for x in state.values())
        model: Module = _rebuilt(network, count)
    else:
        model = into
    model.load_state_dict(state)
    model.notes = notes
    return model


# How a network is described


def _description(model: Module) -> dict[str, Any]:
    """Its class, and for an MLP the arguments that make another."""
    if type(model) is not MLP:
        return {"class": type(model).__name__}
    return {"class": "MLP", **model.settings()}


def _rebuilt(network: dict[str, Any], count: int) -> MLP:
    """The MLP of this description, whose parameters must be `count`."""
    settings = dict(network)
    kind = settings.pop("class", None)
    if kind != "MLP":
        raise ValueError(
            f"it holds a {kind!r:.80}, and only an MLP is rebuilt from a file: make the module"
            " yourself and pass it as load(path, into=module)"
        )
    wanted = {"nin": int, "nouts": list, "activation": str, "output": str, "bias": bool}
    for key in settings.keys() | wanted.keys():
        if key not in wanted:
            raise ValueError(f"its network has the unknown setting {key!r:.80}")
        if type(settings.get(key)) is not wanted[key]:
            raise ValueError(f"its network's {key!r} is {settings.get(key)!r:.80}")
    sizes = [settings["nin"], *settings["nouts"]]
    # Counted before anything is made: a damaged size must not fill the memory.
    if not all(type(n) is int and 0 < n <= count for n in sizes):
        raise ValueError(f"its network has layers of the sizes {sizes!r:.80} for {count} numbers")
    needed = sum((a + settings["bias"]) * b for a, b in pairwise(sizes))
    if needed != count:
        raise ValueError(f"its network needs {needed} numbers and the file holds {count}")
    return MLP(**settings, initializer="zeros")


# The file


def _metadata(content: bytes) -> dict[str, Any]:
    """The header's metadata, checked to be ours."""
    if len(content) < 8:
        raise ValueError(f"it has {len(content)} bytes, so it is cut short or no model: save again")
    size = int.from_bytes(content[:8], "little")
    if size > len(content) - 8:
        raise ValueError(
            f"its header should have {size} bytes and {len(content) - 8} are there, so it is cut"
            " short or no model: save again"
        )
    header = _from_json("header", content[8 : 8 + size])
    metadata = header.get("__metadata__")
    if not isinstance(metadata, dict) or metadata.get("format") != FORMAT:
        raise ValueError("it is a safetensors file, but none that nn.save wrote")
    if metadata.get("version") != VERSION:
        raise ValueError(
            f"its version is {metadata.get('version')!r:.80}, and this library reads {VERSION!r}:"
            " use the library's version that wrote it"
        )
    unknown = sorted(metadata.keys() - {"format", "version", "network", "notes"})
    if unknown:
        raise ValueError(f"its metadata has the unknown key {unknown[0]!r:.80}")
    return metadata


def _parsed(metadata: dict[str, Any], key: str) -> dict[str, Any]:
    text = metadata.get(key)
    if not isinstance(text, str):
        raise ValueError(f"its metadata has no {key!r}")
    return _from_json(key, text)


def _from_json(what: str, text: str | bytes) -> dict[str, Any]:
    try:
        found = json.loads(text, object_pairs_hook=_each_once, parse_constant=_no_number)
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"its {what} is not JSON ({error}): save again") from None
    if not isinstance(found, dict):
        raise ValueError(f"its {what} is not a JSON object: {found!r:.80}")
    return found


def _no_number(text: str) -> Any:
    raise ValueError(f"{text} is not JSON")


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"the key {key!r:.80} is there twice")
        found[key] = value
    return found


def _state(content: bytes) -> dict[str, Any]:
    """The parameters in a file, as `state_dict` has them."""
    _, safetensors = _libraries()
    from safetensors import SafetensorError

    try:
        arrays = safetensors.load(content)
    except (SafetensorError, KeyError, TypeError) as error:
        raise ValueError(f"its numbers can't be read ({error}): save again") from None
    for key, array in arrays.items():
        if array.dtype != "float64" or array.ndim > 1:
            raise ValueError(
                f"its {key!r:.80} holds {array.dtype} of shape {array.shape}: it must be float64,"
                " one number or one list"
            )
    return {key: array.tolist() for key, array in arrays.items()}


def _json(what: str, content: dict[str, Any]) -> str:
    try:
        return json.dumps(content, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise TypeError(
            f"the model's {what} can't be written as JSON: {error}; use dicts, lists, text and"
            " finite numbers"
        ) from None


def _ordered(content: bytes) -> bytes:
    """The same file with its header's keys in order: safetensors writes them in a random one."""
    size = int.from_bytes(content[:8], "little")
    header = json.dumps(json.loads(content[8 : 8 + size]), sort_keys=True).encode("ascii")
    header += b" " * (-len(header) % 8)  # the numbers after it stay aligned
    return len(header).to_bytes(8, "little") + header + content[8 + size :]


def _write_whole(path: str, content: bytes) -> None:
    beside = f"{path}.{os.getpid()}.part"
    try:
        with open(beside, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)
    except OSError as error:
        raise type(error)(
            error.errno,
            f"can't write the model ({error.strerror}): choose a folder that is there and can be"
            " written",
            path,
        ) from None
    finally:
        with suppress(OSError):
            os.unlink(beside)


def _libraries() -> tuple[Any, Any]:
    try:
        import numpy
        import safetensors.numpy
    except ImportError:
        raise ImportError(
            "saving and loading needs safetensors and NumPy: pip install 'scalar-autograd[train]'"
        ) from None
    return numpy, safetensors.numpy
