"""Losses: PyTorch as the oracle, exactness at the ends, refusals."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd import Value
from nn import losses

numbers = st.floats(-30.0, 30.0)


def values_and_grads(loss: Any, xs: list[float], targets: list[Any]) -> tuple[float, list[float]]:
    values = [Value(x) for x in xs]
    y = loss(values, targets)
    y.backward()
    return y.data, [v.grad for v in values]


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(numbers, st.floats(-5.0, 5.0)), min_size=1, max_size=6))
def test_regression_losses_match_torch(pairs: list[tuple[float, float]]) -> None:
    torch = pytest.importorskip("torch")
    xs, ts = [p for p, _ in pairs], [t for _, t in pairs]
    functional = torch.nn.functional
    for ours, theirs in (
        (losses.mean_squared_error, functional.mse_loss),
        (losses.mean_absolute_error, functional.l1_loss),
        (losses.huber, functional.huber_loss),
        (lambda p, t: losses.huber(p, t, 2.5), lambda p, t: functional.huber_loss(p, t, delta=2.5)),
    ):
        x = torch.tensor(xs, dtype=torch.float64, requires_grad=True)
        expected = theirs(x, torch.tensor(ts, dtype=torch.float64))
        expected.backward()
        y, grads = values_and_grads(ours, xs, ts)
        assert y == pytest.approx(expected.item(), rel=1e-12, abs=1e-300)
        assert grads == pytest.approx(x.grad.tolist(), rel=1e-12, abs=1e-300)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(numbers, st.floats(0.0, 1.0)), min_size=1, max_size=6))
def test_binary_cross_entropy_matches_torch(pairs: list[tuple[float, float]]) -> None:
    torch = pytest.importorskip("torch")
    xs, ts = [p for p, _ in pairs], [t for _, t in pairs]
    x = torch.tensor(xs, dtype=torch.float64, requires_grad=True)
    target = torch.tensor(ts, dtype=torch.float64)
    expected = torch.nn.functional.binary_cross_entropy_with_logits(x, target)
    expected.backward()
    y, grads = values_and_grads(losses.binary_cross_entropy, xs, ts)
    # PyTorch subtracts x·t, which cancels: its last digits are relative to |x|.
    assert y == pytest.approx(expected.item(), rel=1e-9, abs=1e-13)
    assert grads == pytest.approx(x.grad.tolist(), rel=1e-9, abs=1e-13)


@settings(deadline=None, max_examples=60)
@given(st.integers(2, 5), st.integers(1, 4), st.data())
def test_cross_entropy_matches_torch(classes: int, count: int, data: Any) -> None:
    torch = pytest.importorskip("torch")
    row = st.lists(numbers, min_size=classes, max_size=classes)
    rows = data.draw(st.lists(row, min_size=count, max_size=count))
    labels = data.draw(st.lists(st.integers(0, classes - 1), min_size=count, max_size=count))
    x = torch.tensor(rows, dtype=torch.float64, requires_grad=True)
    expected = torch.nn.functional.cross_entropy(x, torch.tensor(labels))
    expected.backward()
    values = [[Value(v) for v in r] for r in rows]
    y = losses.cross_entropy(values, labels)
    y.backward()
    assert y.data == pytest.approx(expected.item(), rel=1e-10, abs=1e-13)
    grads = [v.grad for r in values for v in r]
    assert grads == pytest.approx(x.grad.flatten().tolist(), rel=1e-9, abs=1e-13)


def test_each_example_of_cross_entropy_is_one_log_softmax() -> None:
    y = losses.cross_entropy([[Value(1.0), Value(2.0), Value(3.0)]], [1])
    (negated,) = y.parents
    assert negated.parents[0].primitive.name == "log_softmax"


@pytest.mark.parametrize(
    ("loss", "x", "target", "value", "grad"),
    [
        (losses.binary_cross_entropy, 1000.0, 1, 0.0, 0.0),
        (losses.binary_cross_entropy, 1000.0, 0, 1000.0, 1.0),
        (losses.binary_cross_entropy, -1000.0, 1, 1000.0, -1.0),
        (losses.binary_cross_entropy, -1000.0, 0, 0.0, 0.0),
        (losses.binary_cross_entropy, 1000.0, 0.25, 750.0, 0.75),
        (losses.binary_cross_entropy, 40.0, 1, math.log1p(math.exp(-40.0)), -math.exp(-40.0)),
        (losses.hinge, 1000.0, 1, 0.0, 0.0),
        (losses.hinge, -1000.0, 1, 1001.0, -1.0),
        (losses.hinge, 1000.0, -1, 1001.0, 1.0),
        (losses.mean_squared_error, 1000.0, -1000.0, 4e6, 4000.0),
        (losses.mean_absolute_error, -1000.0, 1000.0, 2000.0, -1.0),
        (losses.huber, 1000.0, 0.0, 999.5, 1.0),
        (losses.huber, -1000.0, 0.0, 999.5, -1.0),
    ],
)
def test_large_predictions(loss: Any, x: float, target: float, value: float, grad: float) -> None:
    y, (g,) = values_and_grads(loss, [x], [target])
    assert y == pytest.approx(value, rel=1e-15)
    assert g == pytest.approx(grad, rel=1e-15)


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_cross_entropy_of_large_logits(sign: float) -> None:
    logits = [Value(1000.0 * sign), Value(-1000.0 * sign), Value(0.0)]
    right, wrong = (0, 1) if sign > 0 else (1, 0)
    sure = losses.cross_entropy([logits], [right])
    sure.backward()
    assert sure.data == 0.0
    assert [v.grad for v in logits] == [0.0, 0.0, 0.0]
    for v in logits:
        v.grad = None
    missed = losses.cross_entropy([logits], [wrong])
    missed.backward()
    assert missed.data == 2000.0
    assert [logits[right].grad, logits[wrong].grad, logits[2].grad] == [1.0, -1.0, 0.0]


def test_ten_classes_alike_cost_ln_10() -> None:
    assert losses.cross_entropy([[0.0] * 10], [3]) == pytest.approx(2.302585092994046, rel=1e-15)


def test_lists_of_outputs_are_taken_apart() -> None:
    assert losses.mean_squared_error([[1.0, 2.0], [3.0, 4.0]], [[1.0, 0.0], [3.0, 0.0]]) == 5.0
    with pytest.raises(ValueError, match=r"for one example, got 2 prediction\(s\) and 1"):
        losses.mean_squared_error([[1.0, 2.0]], [[1.0]])


def test_penalties() -> None:
    parameters = [Value(3.0), Value(-4.0), Value(0.0)]
    losses.l1(parameters, 0.5).backward()
    assert [p.grad for p in parameters] == [0.5, -0.5, 0.0]
    for p in parameters:
        p.grad = None
    y = losses.l2(parameters, 0.5)
    y.backward()
    assert y.data == 12.5
    assert [p.grad for p in parameters] == [3.0, -4.0, 0.0]


EVERY = [
    losses.mean_squared_error, losses.mean_absolute_error, losses.huber, losses.hinge,
    losses.binary_cross_entropy, losses.cross_entropy,
]  # fmt: skip


@pytest.mark.parametrize("loss", EVERY)
def test_lengths_and_empty_batches(loss: Any) -> None:
    with pytest.raises(ValueError, match=rf"{loss.__name__} of an empty batch"):
        loss([], [])
    with pytest.raises(ValueError, match=rf"{loss.__name__} got 2 prediction\(s\) and 1 target"):
        loss([Value(1.0), Value(2.0)], [1])
    with pytest.raises(TypeError, match=rf"{loss.__name__} takes two lists"):
        loss(Value(1.0), 1)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: losses.hinge([1.0, 1.0], [1, 0]), ValueError, "target 0.0 at position 1: .*-1"),
        (lambda: losses.binary_cross_entropy([1.0], [-1]), ValueError, "target -1.0 at position 0"),
        (lambda: losses.binary_cross_entropy([1.0], [math.nan]), ValueError, "target nan"),
        (lambda: losses.cross_entropy([[1.0, 2.0]], [2]), ValueError, "label 2 at position 0"),
        (lambda: losses.cross_entropy([[1.0, 2.0]], [-1]), ValueError, "label -1"),
        (lambda: losses.cross_entropy([[1.0, 2.0]], [0.5]), ValueError, "label 0.5"),
        (lambda: losses.cross_entropy([[1.0, 2.0]], ["a"]), ValueError, "label 'a'"),
        (lambda: losses.cross_entropy([[1.0, 2.0]], [math.nan]), ValueError, "label nan"),
        (lambda: losses.cross_entropy([Value(1.0)], [0]), TypeError, "a list of logits for each"),
        (lambda: losses.huber([1.0], [1.0], 0.0), ValueError, "delta is 0.0"),
        (lambda: losses.mean_squared_error([1.0], ["1"]), TypeError, "mean_squared_error's target"),
    ],
)  # fmt: skip
def test_refusals(call: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        call()
