"""no_grad, strict, lines and scope: nested, across exceptions, threads and tasks."""

from __future__ import annotations

import asyncio
import inspect
import math
import threading
from typing import Any

import pytest
from hypothesis import given
from programs import bits, everything, inputs, steps

import autograd as ag
from autograd import Value, modes, reverse


def test_no_grad_records_nothing() -> None:
    x = Value(2.0)
    with ag.no_grad():
        ys = [x * x, ag.tanh(x), ag.sum([x, 1.0]), -x, x + 1, 1 - x, round(x, 1), x.relu(), 0 + x]
        leaf = Value(3.0)
    assert all(y.constant and y.parents == () for y in ys)
    assert not leaf.constant, "a leaf made by hand is a variable wherever it is made"
    assert (x * leaf).parents == (x, leaf)


@given(steps, inputs)
def test_no_grad_gives_the_same_numbers(program: Any, xs: list[float]) -> None:
    y = everything(program, [Value(x) for x in xs])
    with ag.no_grad():
        z = everything(program, [Value(x) for x in xs])
    assert bits(y.data) == bits(z.data)
    assert len(ag.Graph(z)) == 1


def test_modes_nest_and_end_with_their_block() -> None:
    assert modes.is_recording()
    assert not modes.is_strict()
    with ag.no_grad():
        with ag.strict(), ag.scope("a"):
            assert not modes.is_recording()
            assert modes.is_strict()
            with modes.recording():
                assert modes.is_recording()
            assert not modes.is_recording()
        assert not modes.is_strict()
    with pytest.raises(KeyError), ag.no_grad(), ag.strict():
        raise KeyError
    assert modes.current.get() is None
    block = ag.no_grad()
    with block:
        assert not modes.is_recording()
    assert modes.is_recording()


def test_modes_as_decorators() -> None:
    x = Value(2.0)

    @ag.no_grad()
    def evaluate() -> Any:
        return x * x

    @ag.scope("inner")
    def named() -> Any:
        return x * x

    assert evaluate().constant
    assert evaluate().constant
    with ag.scope("outer"):
        assert named().scope == ("outer", "inner")
    assert named().scope == ("inner",)


def test_a_mode_belongs_to_its_thread() -> None:
    x = Value(2.0)
    inside, outside = threading.Event(), threading.Event()
    seen: list[Any] = []

    def other() -> None:
        inside.wait(10)
        seen.append((x * x).parents == (x, x))
        with ag.scope("other"):
            seen.append((x * x).scope)
        outside.set()

    thread = threading.Thread(target=other)
    thread.start()
    with ag.no_grad(), ag.scope("main"):
        inside.set()
        outside.wait(10)
        seen.append((x * x).constant)
    thread.join()
    assert seen == [True, ("other",), True]


def test_a_mode_belongs_to_its_task() -> None:
    x = Value(2.0)

    async def quiet() -> bool:
        with ag.no_grad():
            await asyncio.sleep(0)
            return (x * x).constant

    async def loud() -> bool:
        await asyncio.sleep(0)
        return (x * x).constant

    async def both() -> list[bool]:
        return await asyncio.gather(quiet(), loud(), quiet(), loud())

    assert asyncio.run(both()) == [True, False, True, False]


# Lines and scopes


def here() -> int:
    frame = inspect.currentframe()
    assert frame is not None
    assert frame.f_back is not None
    return frame.f_back.f_lineno


def test_lines_know_the_users_line() -> None:
    x = Value(2.0)
    with ag.lines():
        ys = [x * 2.0, 2.0 / x, ag.tanh(x), ag.dot([x], [x]), x.relu(), -x, Value(1.0)]
        line = here() - 1
        z = ag.grad(lambda v: v * v)(x)
        inner = here() - 1
    for y in ys:
        assert (y.place.filename, y.place.line) == (__file__, line)
    assert z.place.filename == __file__
    assert z.place.line == inner
    assert (x * x).place is None


def test_scopes_name_what_is_made_in_them() -> None:
    x = Value(2.0)
    with ag.scope("layer"):
        leaf = Value(1.0)
        with ag.scope("neuron"), ag.lines():
            y = leaf * x
    assert (x.scope, leaf.scope, y.scope) == ((), ("layer",), ("layer", "neuron"))
    assert str(y.place).startswith("layer/neuron ")
    assert str(leaf.place) == "layer"


# Strict

FAULTS: list[tuple[Any, list[str]]] = [
    (lambda: ag.log(Value(0.0, label="rate")), ["log(rate = 0.0) is -inf"]),
    (lambda: ag.sqrt(Value(-1.0)), ["sqrt(-1.0) is nan"]),
    (lambda: 1.0 / Value(0.0), ["divide(1.0, 0.0) is inf"]),
    (lambda: Value(1e308) * 10.0, ["multiply(1e+308, 10.0) is inf"]),
    (lambda: ag.exp(Value(1000.0)), ["exp(1000.0) is inf"]),
    (lambda: Value(math.inf) - Value(math.inf), ["subtract(inf, inf) is nan"]),
    (lambda: ag.sum([Value(1e308)] * 9), ["sum(1e+308", "..."]),
    (lambda: ag.atan2(Value(0.0), Value(-0.0)), ["atan2(0.0, -0.0) has no derivative"]),
    (lambda: ag.sqrt(Value(0.0)).backward(), ["sqrt(0.0) sends the derivative inf"]),
    (lambda: ag.grad(ag.sqrt)(0.0), ["sqrt(0.0) sends the derivative inf"]),
    (lambda: ag.grad(ag.grad(lambda x: x**1.5))(0.0), ["inf"]),
    (lambda: ag.jvp(ag.sqrt, (0.0,), (1.0,)), ["sqrt(0.0) has the derivative inf"]),
    (lambda: ag.jvp(ag.log, (0.0,), (1.0,)), ["log(0.0) is -inf"]),
    (lambda: ag.taylor(ag.sqrt, 0.0, 1), ["sqrt(0.0) has the derivative inf"]),
]


@pytest.mark.parametrize(("fault", "named"), FAULTS)
def test_strict_stops_and_names_node_and_line(fault: Any, named: list[str]) -> None:
    fault()  # by default nothing raises
    with ag.strict(), pytest.raises(FloatingPointError) as caught:
        fault()
    for part in named:
        assert part in str(caught.value)
    assert f"made at {__file__}:" in str(caught.value)


def test_strict_lets_pass_what_was_in_the_inputs() -> None:
    with ag.strict():
        x = Value(math.inf)
        assert (x + 1.0).data == math.inf
        assert (x * x).data == math.inf
        assert math.isnan((Value(math.nan) * 2.0).data)
        assert ag.exp(Value(-math.inf)).data == 0.0
        (x * 2.0).backward()
        Value(3.0).backward(math.inf)


def test_strict_does_not_look_into_formulas() -> None:
    """Inside a row's formula a side that is not taken may be NaN; so in any order."""
    rows = [ag.gelu, ag.softplus, ag.silu, ag.mish, ag.sigmoid, ag.sinc, ag.logsigmoid, ag.atan]
    with ag.strict():
        for f in rows:
            for x in (0.5, -30.0, 30.0):
                ag.grad(ag.grad(f))(x)
                ag.hessian(lambda v, f=f: f(v) * ag.hypot(v, 2.0) * v**2)(x)
                ag.taylor(f, x, 4)


@given(steps, inputs)
def test_strict_changes_no_number(program: Any, xs: list[float]) -> None:
    def gradients() -> list[bytes]:
        leaves = [Value(x) for x in xs]
        everything(program, leaves).backward()
        return [bits(leaf.grad) for leaf in leaves]

    plain = gradients()
    with ag.strict():
        assert gradients() == plain


def test_a_strict_error_changes_no_gradient() -> None:
    x, z = Value(0.0), Value(2.0)
    y = ag.sqrt(x) + z * z
    with ag.strict(), pytest.raises(FloatingPointError):
        y.backward()
    assert not any(v.reached for v in (x, z, y))


def test_strict_with_nothing_to_differentiate() -> None:
    assert reverse.cotangents([]) == {}
    with ag.strict():
        assert reverse.cotangents([]) == {}


def test_a_place_is_written_with_what_it_has() -> None:
    from autograd.modes import Place

    assert str(Place()) == ""
    assert str(Place(("a", "b"))) == "a/b"
    assert str(Place((), "file.py", 3)) == "file.py:3"
    assert str(Place(("a", "b"), "file.py", 3)) == "a/b file.py:3"


def test_lenient_and_recording_change_one_setting() -> None:
    from autograd import modes

    with ag.strict(), ag.scope("s"):
        mode = modes.current.get()
        assert mode is not None
        assert (mode.record, mode.strict, mode.lines) == (True, True, True)
        with modes.lenient():
            inner = modes.current.get()
            assert inner is not None
            assert (inner.record, inner.strict, inner.lines) == (True, False, True)
            assert inner.place == mode.place
        with modes.recording():
            assert modes.current.get() is mode
    with modes.lenient():
        assert modes.current.get() is None
    with ag.no_grad():
        mode = modes.current.get()
        assert mode is not None
        assert mode.record is False
        with modes.recording():
            assert modes.is_recording()
        assert not modes.is_recording()


def test_the_line_is_the_users_also_below_nn() -> None:
    from nn import MLP

    x = Value(2.0)
    with ag.lines():
        y = MLP(1, [2, 1])([x])
        line = here() - 1
    assert (y.place.filename, y.place.line) == (__file__, line)
    assert all(node.place.filename == __file__ for node in ag.Graph(y) if node.place)


def test_the_caller_is_found_from_inside_and_outside() -> None:
    from autograd.modes import caller

    assert caller() == (__file__, here())


def test_a_notebooks_line_is_named_by_its_cell(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys
    from types import SimpleNamespace as Having

    from autograd.modes import spot

    compiler = Having(format_code_name=lambda name: ("Cell", "In[12]") if name == "cell" else None)
    shell = Having(get_ipython=lambda: Having(compile=compiler))
    monkeypatch.setitem(sys.modules, "IPython", shell)
    assert spot("cell", 3) == "cell 12, line 3"
    assert spot("file.py", 3) == "file.py:3"
    monkeypatch.setitem(sys.modules, "IPython", Having(get_ipython=lambda: None))
    assert spot("cell", 3) == "cell:3"


def test_strict_names_where_a_node_was_made_not_where_it_failed() -> None:
    with ag.strict():
        y = ag.sqrt(Value(0.0))
        made = here() - 1
        with pytest.raises(FloatingPointError) as caught:
            y.backward()
    assert f"(made at {__file__}:{made})" in str(caught.value)
    with ag.scope("s"):
        y = ag.sqrt(Value(0.0))
    with (
        ag.strict(),
        pytest.raises(FloatingPointError, match=r"\(made at a line that was not noted\)"),
    ):
        y.backward()


def test_strict_writes_eight_arguments_at_most() -> None:
    with ag.strict():
        for count in (8, 9):
            xs = [Value(math.inf if k == 1 else -math.inf if k == 2 else 1.0) for k in range(count)]
            xs[0].label, xs[-1].label = "first", "last"
            with pytest.raises(FloatingPointError) as caught:
                ag.sum(xs)
            start = "sum(first = 1.0, inf, -inf, 1.0, 1.0, 1.0, 1.0, "
            rest = "last = 1.0)" if count == 8 else "1.0, ...)"
            assert str(caught.value).startswith(f"{start}{rest} is nan")
        with pytest.raises(FloatingPointError, match=r"sum\(1e\+308, a = 1e\+308"):
            ag.sum([1e308, Value(1e308, label="a")])
