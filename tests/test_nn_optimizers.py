"""Optimizers and schedules: PyTorch as the oracle, bits, refusals that change nothing."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nn
from autograd import Value
from nn import schedules

KINDS: list[tuple[Any, str, dict[str, Any], dict[str, Any]]] = [
    (nn.SGD, "SGD", {"lr": 0.1}, {"lr": 0.1}),
    (nn.SGD, "SGD", {"lr": 0.1, "momentum": 0.9}, {"lr": 0.1, "momentum": 0.9}),
    (nn.SGD, "SGD", *[{"lr": 0.1, "momentum": 0.9, "nesterov": True, "weight_decay": 0.1}] * 2),
    (nn.Adam, "Adam", *[{"lr": 0.01}] * 2),
    (nn.Adam, "Adam", *[{"lr": 0.01, "betas": (0.8, 0.99), "eps": 1e-6, "weight_decay": 0.1}] * 2),
    (nn.AdamW, "AdamW", *[{"lr": 0.01, "weight_decay": 0.1}] * 2),
    (nn.RMSProp, "RMSprop", {"lr": 0.01, "decay": 0.9}, {"lr": 0.01, "alpha": 0.9}),
    (nn.Adagrad, "Adagrad", *[{"lr": 0.1}] * 2),
]


def set_grads(parameters: list[Value], grads: list[float]) -> None:
    for p, g in zip(parameters, grads, strict=True):
        p.grad = g


@pytest.mark.parametrize(("kind", "name", "ours", "theirs"), KINDS)
@settings(deadline=None, max_examples=15)
@given(st.lists(st.lists(st.floats(-5.0, 5.0), min_size=3, max_size=3), min_size=1, max_size=6))
def test_steps_match_torch(
    kind: Any, name: str, ours: dict[str, Any], theirs: dict[str, Any], course: list[list[float]]
) -> None:
    torch = pytest.importorskip("torch")
    parameters = [Value(1.0), Value(-2.0), Value(0.5)]
    optimizer = kind(parameters, **ours)
    tensor = torch.tensor([1.0, -2.0, 0.5], dtype=torch.float64, requires_grad=True)
    peer = getattr(torch.optim, name)([tensor], foreach=False, **theirs)
    for grads in course:
        set_grads(parameters, grads)
        optimizer.step()
        tensor.grad = torch.tensor(grads, dtype=torch.float64)
        peer.step()
        assert [p.data for p in parameters] == pytest.approx(tensor.tolist(), rel=1e-11, abs=1e-13)


@pytest.mark.parametrize(("kind", "name", "ours", "theirs"), KINDS)
def test_the_state_goes_on_where_it_was(
    kind: Any, name: str, ours: dict[str, Any], theirs: dict[str, Any]
) -> None:
    def run(interrupted: bool) -> list[float]:
        parameters = [Value(1.0), Value(-2.0)]
        optimizer = kind(parameters, **ours)
        for k in range(6):
            if interrupted and k == 3:
                state = optimizer.state_dict()
                optimizer = kind(parameters, **ours)
                optimizer.load_state_dict(state)
            set_grads(parameters, [math.sin(k + 1.0), math.cos(k)])
            optimizer.step()
        return [p.data for p in parameters]

    assert run(interrupted=False) == run(interrupted=True)


@pytest.mark.parametrize(("kind", "name", "ours", "theirs"), KINDS)
@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_a_bad_gradient_changes_nothing(
    kind: Any, name: str, ours: dict[str, Any], theirs: dict[str, Any], bad: float
) -> None:
    parameters = [Value(1.0, label="a"), Value(-2.0, label="b")]
    optimizer = kind(parameters, **ours)
    set_grads(parameters, [1.0, 1.0])
    optimizer.step()
    data, state = [p.data for p in parameters], optimizer.state_dict()
    set_grads(parameters, [1.0, bad])
    with pytest.raises(
        FloatingPointError, match=rf"parameter 1 \(b\): its gradient is {bad!r}, at step 1"
    ):
        optimizer.step()
    assert ([p.data for p in parameters], optimizer.state_dict()) == (data, state)


def test_a_step_that_overflows_changes_nothing() -> None:
    p = Value(1e308)
    optimizer = nn.SGD([p], lr=10.0)
    p.grad = -1e308
    with pytest.raises(FloatingPointError, match="next number would be inf"):
        optimizer.step()
    assert (p.data, optimizer.steps) == (1e308, 0)


def test_not_reached_counts_as_zero() -> None:
    p = Value(1.0)
    optimizer = nn.SGD([p], lr=0.5, momentum=0.5)
    p.grad = 1.0
    optimizer.step()
    optimizer.zero_grad()
    assert not p.reached
    optimizer.step()
    assert p.data == 1.0 - 0.5 - 0.25


def test_plain_descent_has_the_bits_of_the_written_out_rule() -> None:
    parameters = [Value(0.1 * i) for i in range(50)]
    twins = [Value(0.1 * i) for i in range(50)]
    optimizer = nn.SGD(parameters, lr=0.3)
    for k in range(5):
        for i, (p, q) in enumerate(zip(parameters, twins, strict=True)):
            p.grad = q.grad = math.sin(i * k + 0.5)
        optimizer.step()
        for q in twins:
            q.data -= 0.3 * q.grad
    assert [p.data for p in parameters] == [q.data for q in twins]


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda p: nn.SGD([], 0.1), ValueError, "no parameters"),
        (lambda p: nn.SGD(p, 0.1), TypeError, "takes a list of parameters"),
        (lambda p: nn.SGD([p, p], 0.1), ValueError, "a parameter twice"),
        (lambda p: nn.SGD([p * 2.0], 0.1), TypeError, "leaf Values, got .* at position 0"),
        (lambda p: nn.SGD([1.0], 0.1), TypeError, "leaf Values, got 1.0"),
        (lambda p: nn.SGD([p.detach()], 0.1), TypeError, "leaf Values"),
        (lambda p: nn.SGD([p], -0.1), ValueError, "the learning rate is -0.1"),
        (lambda p: nn.SGD([p], math.nan), ValueError, "the learning rate is nan"),
        (lambda p: nn.SGD([p], "0.1"), TypeError, "the learning rate takes real numbers"),
        (lambda p: nn.SGD([p], 0.1, momentum=1.0), ValueError, "momentum is 1.0"),
        (lambda p: nn.SGD([p], 0.1, nesterov=True), ValueError, "needs a momentum"),
        (lambda p: nn.SGD([p], 0.1, weight_decay=-1.0), ValueError, "weight_decay is -1.0"),
        (lambda p: nn.Adam([p], betas=(0.9, 1.0)), ValueError, r"betas\[1\] is 1.0"),
        (lambda p: nn.Adam([p], eps=-1.0), ValueError, "eps is -1.0"),
        (lambda p: nn.Adam([p]).load_state_dict({"steps": 1}), ValueError, "has the keys"),
        (lambda p: nn.SGD([p], 0.1).load_state_dict({"steps": -1, "velocity": [0.0]}),
         ValueError, "'steps' is -1"),
        (lambda p: nn.SGD([p], 0.1).load_state_dict({"steps": 1, "velocity": [0.0, 1.0]}),
         ValueError, "'velocity' has 2 numbers for 1 parameters"),
    ],
)  # fmt: skip
def test_refusals(make: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        make(Value(1.0))


def test_a_schedule_drives_the_rate_and_a_bad_one_changes_nothing() -> None:
    p = Value(0.0)
    optimizer = nn.SGD([p], lr=lambda k: [1.0, 0.5, -1.0][k])
    for _ in range(2):
        p.grad = -1.0
        optimizer.step()
    assert (p.data, optimizer.steps) == (1.5, 2)
    with pytest.raises(ValueError, match=r"learning rate at step 2 is -1.0"):
        optimizer.step()
    assert (p.data, optimizer.steps) == (1.5, 2)
    optimizer.lr = 0.25
    optimizer.step()
    assert p.data == 1.75


# Schedules


@pytest.mark.parametrize("steps", [1, 7, 100])
def test_schedules_match_torch(steps: int) -> None:
    torch = pytest.importorskip("torch")
    kinds = torch.optim.lr_scheduler
    for ours, theirs in (
        (schedules.cosine(0.3, steps, 0.1), lambda o: kinds.CosineAnnealingLR(o, steps, 0.1)),
        (schedules.step(0.3, 3, 0.5), lambda o: kinds.StepLR(o, 3, 0.5)),
        (schedules.exponential(0.3, 0.9), lambda o: kinds.ExponentialLR(o, 0.9)),
        (schedules.linear(0.3, 0.03, steps), lambda o: kinds.LinearLR(o, 1.0, 0.1, steps)),
        (schedules.constant(0.3), lambda o: kinds.ConstantLR(o, 1.0)),
    ):
        optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.3)
        scheduler = theirs(optimizer)
        for k in range(steps + 1):
            assert ours(k) == pytest.approx(optimizer.param_groups[0]["lr"], rel=1e-9)
            optimizer.step()
            scheduler.step()


def test_the_demos_rate_to_the_bit() -> None:
    rate = schedules.linear(1.0, 0.1, 100)
    assert [rate(k) for k in range(100)] == [1.0 - 0.9 * k / 100 for k in range(100)]


def test_warmup_reaches_the_schedule_below_it() -> None:
    rate = schedules.warmup(schedules.cosine(1.0, 100), 10)
    assert all(rate(k) < rate(k + 1) for k in range(8))
    assert all(rate(k) == schedules.cosine(1.0, 100)(k) for k in range(10, 120))
    assert schedules.inverse(2.0, 1.0)(3) == 0.5


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: schedules.constant(-1.0), "the learning rate is -1.0"),
        (lambda: schedules.linear(1.0, math.inf, 3), "linear's end is inf"),
        (lambda: schedules.cosine(1.0, 0), "got 0 steps"),
        (lambda: schedules.step(1.0, 2.5), "got 2.5 steps"),
        (lambda: schedules.warmup(0.1, True), "got True steps"),
    ],
)
def test_bad_schedules(make: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()
