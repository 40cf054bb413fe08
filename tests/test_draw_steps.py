"""The stepper: its numbers are backward's, to the bit, and it can be walked both ways."""

from __future__ import annotations

import os
import random
import struct
import subprocess
import sys
import time
import types

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd import Value, scope, step, table
from autograd.drawing import Stepper, live
from autograd.drawing import steps as steps_module
from autograd.drawing.terminal import read_one_key, walk
from autograd.graph import topological_order
from nn import MLP


def bits(x: float | None) -> bytes | None:
    return None if x is None else struct.pack("<d", x)


SMOOTH = [p for p in table().values() if not p.conditional and p.name != "round_to"]


@st.composite
def outputs(draw: st.DrawFn) -> Value:
    """A graph of any primitives of the table, with shared nodes."""
    nodes = [Value(draw(st.floats(-3, 3))) for _ in range(draw(st.integers(1, 3)))]
    for _ in range(draw(st.integers(1, 10))):
        primitive = draw(st.sampled_from(SMOOTH))
        arity = primitive.arity or draw(st.sampled_from([2, 4, 5]))
        args = [nodes[draw(st.integers(0, len(nodes) - 1))] for _ in range(arity)]
        if draw(st.booleans()):
            args[draw(st.integers(0, arity - 1))] = draw(st.floats(-2, 2))
        made = primitive(*args)
        if isinstance(made, Value):
            nodes.append(made)
    return nodes[-1]


@settings(max_examples=150, deadline=None)
@given(outputs())
def test_the_steps_numbers_are_backwards_to_the_bit(y: Value) -> None:
    steps = Stepper(y)
    found = steps.gradients(len(steps))
    y.backward()
    for node in topological_order(y):
        if node.constant:
            assert node not in found
        else:
            assert bits(found.get(node)) == bits(node.grad if node.reached else None)


def test_a_networks_steps_are_backwards_to_the_bit() -> None:
    model = MLP(2, [4, 4, 1], seed=3, activation="tanh")
    rng = random.Random(0)
    loss = sum((model([rng.random(), rng.random()]) - 0.5) ** 2 for _ in range(10))
    steps = step(loss)
    loss.backward()
    found = steps.gradients(len(steps))
    assert [bits(found[p]) for p in model.parameters()] == [
        bits(p.grad) for p in model.parameters()
    ]


def test_each_step_is_local_times_upstream_added_to_what_was_there() -> None:
    x = Value(3.0, label="x")
    y = x * x
    y.label = "y"
    first, second = [s for s in Stepper(y) if s.kind == "send"]
    assert (first.local, first.upstream, first.product) == (3.0, 1.0, 3.0)
    assert (first.before, first.after) == (None, 3.0)
    assert (second.before, second.after) == (3.0, 6.0)


@settings(max_examples=50, deadline=None)
@given(outputs())
def test_every_step_can_be_told(y: Value) -> None:
    steps = Stepper(y)
    text = steps.text()
    assert text.count("[forward") + text.count("[backward") == len(steps)
    for i, each in enumerate(steps):
        assert each.number == i
        assert all(line for line, _ in steps.lines(i))
        if each.kind == "send":
            assert each.local is not None
            assert each.upstream is not None
            assert bits(each.product) == bits(each.local * each.upstream)
            expected = each.product if each.before is None else each.before + each.product
            assert bits(each.after) == bits(expected)


def test_the_words_of_a_pass() -> None:
    x, y = Value(-2.0, label="x"), Value(5.0, label="y")
    f = x * y + x
    f.label = "f"
    assert step(f).text().split("\n\n")[-1].splitlines() == [
        "[backward 5 of 5]",
        "  v₁ sends to y     argument 2 of v₁ = x × y",
        "  ∂v₁/∂y = x = −2   local partial",
        "  ∂f/∂v₁ = 1        upstream gradient",
        "  −2 · 1 = −2       their product",
        "  ∂f/∂y = −2        nothing had reached y before",
    ]
    assert "  ∂f/∂x += 5       1 + 5 = 6" in step(f).text()


def test_what_is_not_selected_says_so() -> None:
    x = Value(-1.0, label="x")
    steps = Stepper(x.relu())
    assert steps[-1].kind == "skip"
    assert steps[-1].why == "not selected"
    assert "nothing reaches x this way" in steps.text()


def test_stepping_leaves_gradients_alone() -> None:
    x = Value(2.0)
    step(x * x)
    assert not x.reached


def test_all_digits_on_request() -> None:
    x = Value(0.1, label="x")
    y = x * 3.0
    assert "0.30000000000000004" in step(y, digits=17).text(0)
    assert "0.3 " in step(y).text(0) + " "
    with pytest.raises(ValueError, match="digits is 0"):
        step(y, digits=0)


def walked(steps: Stepper, keys: str, start: int = 0) -> tuple[int, str]:
    told: list[str] = []
    presses = iter(keys)
    at = steps.run(lambda: next(presses, ""), told.append, start)
    return at, "".join(told)


def test_the_terminal_walks_both_ways() -> None:
    x = Value(3.0, label="x")
    steps = Stepper((x * x).tanh())
    assert walked(steps, "nnq")[0] == 2
    assert walked(steps, "nnp")[0] == 1
    assert walked(steps, "b")[0] == steps.backward_at == 2
    assert walked(steps, "bnnf")[0] == 0
    at, told = walked(steps, "p?")
    assert at == 0
    assert "first step" in told
    assert told.count("n next") == 2
    at, told = walked(steps, "n" * 20)
    assert at == len(steps) - 1
    assert "last step" in told


def test_keys_come_from_a_pipe_too(monkeypatch: pytest.MonkeyPatch) -> None:
    import io
    import sys

    from autograd.drawing.terminal import read_one_key

    monkeypatch.setattr(sys, "stdin", io.StringIO("n\n p\n"))
    assert [read_one_key() for _ in range(3)] == ["n", "p", ""]


def test_a_function_with_its_arguments() -> None:
    steps = step(lambda x, y: x * y, 3.0, 2.0)
    assert steps.text(0).splitlines()[1].split("   ")[0] == "  v₁ = x × y"
    with pytest.raises(TypeError, match="one result"):
        step(lambda x: [x, x], 1.0)
    with pytest.raises(TypeError, match="got 'x'"):
        Stepper("x")  # type: ignore[arg-type]  # that is the point


def test_a_changed_leaf_is_refused_like_in_backward() -> None:
    x = Value(2.0, label="x")
    y = x * x
    x.data = 5.0
    with pytest.raises(RuntimeError, match="'x' was assigned"):
        step(y)


def test_too_many_steps_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps_module, "MOST", 10)
    y = Value(1.0)
    for _ in range(20):
        y = y * 1.5
    with pytest.raises(ValueError, match="more than 10 steps"):
        step(y)


def test_a_replayed_graph_is_the_same_to_the_bit() -> None:
    from autograd.drawing.live import replayed

    model = MLP(2, [3, 1], seed=0, activation="tanh")
    y = (model([0.5, -1.0]) * 3.0).exp()
    order = topological_order(y)
    again = replayed(y, order, {})[y]
    assert [bits(n.data) for n in topological_order(again)] == [bits(n.data) for n in order]
    assert [n.label for n in topological_order(again)] == [n.label for n in order]
    w = model.parameters()[0]
    moved = replayed(y, order, {w: 0.25})[y]
    w.data = 0.25
    assert bits(moved.data) == bits((model([0.5, -1.0]) * 3.0).exp().data)


def test_the_live_stepper_follows_its_inputs() -> None:
    pytest.importorskip("anywidget")
    steps = step(lambda x, y: x * y, 2.0, 3.0)
    live = steps.live()
    assert live.values == {"x": 2.0, "y": 3.0}
    live.values = {"x": -1.0}
    live.values = {"y": 5.0}
    assert live.values == {"x": -1.0, "y": 5.0}
    assert live.stepper.output.data == -5.0
    assert steps.output.data == 6.0
    assert "−5" in live.page
    with pytest.raises(ValueError, match="no input is named 'z': they are x, y"):
        live.values = {"z": 1.0}
    with pytest.raises(TypeError, match="float"):
        live.values = {"x": "1"}


def test_saving(tmp_path: object) -> None:
    from pathlib import Path

    folder = Path(str(tmp_path))
    steps = step(Value(2.0, label="x") * 3.0)
    assert steps.save(folder / "pass.html").read_text(encoding="utf-8").startswith("<!doctype")
    assert "sends to x" in steps.save(folder / "pass.txt").read_text(encoding="utf-8")
    with pytest.raises(ValueError, match=r"pass\.pdf"):
        steps.save(folder / "pass.pdf")


def test_a_notebook_gets_a_frame_that_keeps_its_script_to_itself() -> None:
    frame = step(Value(2.0, label="</iframe>") * 3.0)._repr_mimebundle_()["text/html"]
    assert frame.startswith("<iframe srcdoc=")
    assert 'sandbox="allow-scripts"' in frame
    assert frame.count("</iframe>") == 1


def test_a_function_that_is_stepped_through_knows_its_lines() -> None:
    def f(x: Value) -> Value:
        return x * x + 1.0  # this line

    steps = step(f, 3.0)
    place, code = steps.place(steps.output)
    assert "test_draw_steps.py" in place
    assert code == "return x * x + 1.0  # this line"


def test_a_graph_that_is_much_too_large_is_refused_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps_module, "MOST", 10)
    y = Value(1.0)
    for _ in range(20):
        y = y.sin()

    def nothing(*_: object) -> None:
        raise AssertionError("it was named before it was refused")

    monkeypatch.setattr(steps_module.naming, "names", nothing)
    with pytest.raises(ValueError, match="more than 10 steps"):
        step(y)


@pytest.mark.skipif(sys.platform == "win32", reason="no terminals of this kind")
def test_escape_alone_does_not_wait_for_more() -> None:
    import pty

    code = """
from autograd.drawing.terminal import read_one_key
print("ready", flush=True)
print([read_one_key() for _ in range(4)], flush=True)
"""
    terminal, inner = pty.openpty()
    with subprocess.Popen([sys.executable, "-c", code], stdin=inner, stdout=subprocess.PIPE) as run:
        assert run.stdout is not None
        assert run.stdout.readline() == b"ready\n"
        for sent in (b"\x1b", b"n", b"\x1b[C", b"q"):
            time.sleep(0.5)
            os.write(terminal, sent)
        assert run.stdout.readline().decode().strip() == repr(["\x1b", "n", "\x1b[C", "q"])
    os.close(terminal)
    os.close(inner)


# What is rare


def test_a_stepper_in_a_word_and_its_passes() -> None:
    steps = step(lambda x, y: x * y, 3.0, 2.0)
    assert repr(steps) == "<Stepper of 3 nodes, 4 steps>"
    assert [s.forward for s in steps] == [True, False, False, False]


def test_a_branch_that_is_not_taken_is_told_on_its_arrow() -> None:
    x = Value(-2.0, label="x")
    page = step(x.relu() * x).html()
    assert ">not selected</text>" in page


def test_a_node_with_a_scope_but_no_line_has_no_code() -> None:
    with scope("layer"):
        y = Value(2.0, label="x") * 3.0
    place, code = step(y).place(y)
    assert "layer" in place
    assert code == ""


def test_a_slider_of_what_is_not_finite() -> None:
    assert live._range(float("inf")) == [-10.0, 10.0]
    assert live._range(0.0) == [-1.0, 1.0]
    assert live._range(-3.0) == [-8.0, 8.0]


def test_without_anywidget_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "anywidget", None)
    with pytest.raises(ImportError, match=r"pip install 'scalar-autograd\[notebook\]'"):
        step(lambda x: x * x, 3.0).live()


def test_the_terminal_writes_to_its_output(capsys: pytest.CaptureFixture[str]) -> None:
    keys = iter("nq")
    assert walk(step(lambda x: x * x, 3.0), lambda: next(keys)) == 1
    assert capsys.readouterr().out.count("[") == 2


@pytest.mark.parametrize(
    ("pressed", "key"), [("n", "n"), ("\xe0M", "n"), ("\x00K", "p"), ("\xe0H", "p"), ("\x00;", "?")]
)
def test_keys_on_windows(monkeypatch: pytest.MonkeyPatch, pressed: str, key: str) -> None:
    codes = iter(pressed)
    windows = types.SimpleNamespace(getwch=lambda: next(codes))
    monkeypatch.setitem(sys.modules, "msvcrt", windows)  # type: ignore[arg-type]
    monkeypatch.setitem(sys.modules, "termios", None)
    monkeypatch.setattr(sys, "stdin", types.SimpleNamespace(isatty=lambda: True))
    assert read_one_key() == key
    assert next(codes, "") == ""


def test_without_a_layout_a_notebook_gets_the_words(monkeypatch: pytest.MonkeyPatch) -> None:
    from autograd.drawing import layout

    def missing(*_: object) -> bytes:
        raise ImportError("pip install 'scalar-autograd[draw]'")

    steps = step(lambda x: x * x, 3.0)
    assert list(steps._repr_mimebundle_()) == ["text/plain", "text/html"]
    monkeypatch.setattr(layout, "render", missing)
    (told,) = steps._repr_mimebundle_().values()
    assert "[backward 1 of 3]" in told
    assert "pip install" in told
