"""The fuzz targets on their seeds and what grew out of them, and what fuzzing once found."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from typing import Any

import pytest

from autograd import draw
from autograd.check.report import OK, Entry, Report
from autograd.drawing import dot, mermaid, stepper_page, svg
from autograd.expressions import Expression, ExpressionError
from nn import data as nn_data

pytest.importorskip("graphviz")
pytest.importorskip("safetensors")
from tests.fuzz import writers  # needs what is looked for above
from tests.fuzz.targets import TARGETS  # the same


def changed(data: bytes, words: list[bytes], source: random.Random) -> bytes:
    """An input like this one."""
    raw = bytearray(data)
    for _ in range(source.randrange(1, 5)):
        at = source.randrange(len(raw) + 1)
        raw[at : at + source.randrange(4)] = source.choice([*words, source.randbytes(2)])
    return bytes(raw)


@pytest.mark.parametrize("name", TARGETS)
def test_what_grows_out_of_the_seeds(name: str) -> None:
    target = TARGETS[name]
    words = [word.encode("utf-8", "surrogateescape") for word in target.words] or [b"\x10", b"\x52"]
    source = random.Random(0)
    with target.around():
        for seed in target.seeds:
            target.run(seed)
        for _ in range(40):
            target.run(changed(source.choice(target.seeds), words, source)[: target.longest])


def unescaped(text: str) -> str:
    return text


@pytest.mark.parametrize(
    ("name", "module", "function", "broken"),
    [
        ("dot", dot, "dot", unescaped),
        ("page", svg, "xml", unescaped),
        ("steps", stepper_page, "_script_safe", unescaped),
        ("text", mermaid, "mermaid", unescaped),
        ("csv", nn_data, "_cell", lambda path, line, column, text: float(text)),
    ],
)
def test_a_target_sees_a_fault(
    name: str, module: Any, function: str, broken: Callable[..., Any], monkeypatch: Any
) -> None:
    monkeypatch.setattr(module, function, broken)
    writers.page_form.cache_clear()
    target = TARGETS[name]
    with pytest.raises(Exception), target.around():  # noqa: B017  # whatever it leads to
        for seed in target.seeds:
            target.run(seed)


# Longer than a fuzzer's inputs

MONSTERS = [
    "(" * 100_000,
    "(" * 9_000,
    "-" * 9_000 + "x",
    "(" + "-#\n" * 3_000 + "x)",
    "-\\\n" * 3_000 + "x",
    "x**" * 3_000 + "x",
    "x+" * 4_900 + "x",
    "f(" * 4_900,
    "not " * 2_400 + "x",
    "lambda:" * 1_400 + "x",
    "x" + "[0]" * 3_000,
    "x" + "()" * 4_900,
    "9" * 9_000,
    "0x" + "f" * 9_000,
    "x<" * 4_900 + "x",
]


def on_a_small_stack(work: Callable[[], None]) -> None:
    """Run it on a thread with 512 KiB, as macOS gives to every thread but the first."""
    raised: list[BaseException] = []

    def guarded() -> None:
        try:
            work()
        except BaseException as error:
            raised.append(error)

    before = threading.stack_size(512 * 1024)
    try:
        thread = threading.Thread(target=guarded)
        thread.start()
    finally:
        threading.stack_size(before)
    thread.join()
    if raised:
        raise raised[0]


def test_deep_and_long_expressions_are_refused_on_a_small_stack() -> None:
    def work() -> None:
        for text in MONSTERS:
            with pytest.raises(ExpressionError):
                Expression(text)

    on_a_small_stack(work)


def test_as_many_signs_and_brackets_as_allowed_are_read_on_a_small_stack() -> None:
    def work() -> None:
        assert Expression("-" * 198 + "x")(2.0) == 2.0
        assert Expression("(" * 199 + "x" + ")" * 199)(2.0) == 2.0
        assert Expression("9**9**9**9")() == float("inf")

    on_a_small_stack(work)


def test_a_report_of_any_names_can_be_printed_and_stored() -> None:
    hostile = "\udc80\x1b[2J\n</title><script>\ufffe"
    entry = Entry(
        (hostile,), hostile, 1.0, {"reverse": 2.0}, 2.0, 0.0, 2.0, 2.0, 2.0, 0.0, OK, hostile
    )
    report = Report(hostile, (entry,), (), (hostile,))
    for text in (str(report), report.to_html(), report.to_json()):
        text.encode("utf-8")
        assert "\x1b" not in text
    assert "<script>" not in report.to_html()
    assert len(str(report).splitlines()) == 5


def test_a_picture_of_any_labels_can_be_stored() -> None:
    _, y = writers.labelled(["\udc80", "\x00", "\ufffe", "\ud800"])
    drawing = draw(y)
    for text in (drawing.svg(), drawing.dot(), drawing.html(), drawing.text(), drawing.mermaid()):
        text.encode("utf-8")
