"""Random networks with data: their gradients are right, and a planted bug shrinks to a small one."""

import dataclasses
import re

import pytest

pytest.importorskip("hypothesis")
pytest.importorskip("mpmath")

from hypothesis import HealthCheck, Phase, find, given, settings  # after the skips

import nn
from autograd import check_grads, table
from autograd.check import GradientError
from autograd.row import PYTHON
from nn import strategies
from nn.strategies import Call, Network

FAST = settings(max_examples=40, deadline=None, derandomize=True, database=None,
                suppress_health_check=[HealthCheck.too_slow])  # fmt: skip


@FAST
@given(strategies.networks())
def test_gradients_of_networks(network):
    report = check_grads(network.loss, network.model.parameters())
    assert len(report) == len(network.numbers)


@FAST
@given(strategies.networks(edges="include", activations=["relu", "leaky_relu"]))
def test_gradients_of_networks_at_kinks(network):
    check_grads(network.loss, network.model.parameters())


@FAST
@given(strategies.networks(edges="include"))
def test_the_source_is_the_network(network):
    calls = []
    source = repr(network).replace("check_grads(", "calls.append(")
    names = {"calls": calls}
    exec(source.replace("calls.append(loss, ", "calls.append((loss, ") + ")", names)
    ((loss, parameters),) = calls
    assert loss.data == network.loss.data
    loss.backward()
    network.loss.backward()
    assert [p.grad for p in parameters] == [p.grad for p in network.model.parameters()]


@FAST
@given(strategies.networks(losses=["mean_squared_error", "cross_entropy", "hinge"]))
def test_they_can_be_trained(network):
    before = list(network.numbers)
    data, loss = network.dataset, getattr(nn.losses, network.loss_name)
    assert len(data) == len(network.inputs)
    optimizer = nn.SGD(network.model.parameters(), lr=0.0)
    nn.fit(network.model, data, loss, optimizer, epochs=1, progress=False, score=lambda *_: 0.0)
    assert [p.data for p in network.model.parameters()] == before


@FAST
@given(strategies.networks(["tanh"], [], ["hinge"], max_inputs=1, max_width=2, max_layers=2))
def test_size_and_parts_can_be_chosen(network):
    assert network.loss_name == "hinge"
    assert len(network.inputs[0]) == 1
    assert "Norm" not in str(network)
    assert len(network.numbers) <= 7


def test_a_wrong_choice_is_refused():
    with pytest.raises(ValueError, match="edges is 'only'"):
        find(strategies.networks(edges="only"), lambda _: True)


def test_a_planted_bug_shrinks_to_a_small_network_and_one_row(monkeypatch):
    kept = table()["tanh"]
    wrong = dataclasses.replace(kept, partials=(lambda x, y: 1.0 - y,), c=PYTHON)
    monkeypatch.setattr("nn.layers.lookup", lambda name: wrong if name == "tanh" else table()[name])

    @settings(FAST, max_examples=500, phases=[Phase.generate, Phase.shrink])
    @given(strategies.networks())
    def gradients_are_right(drawn):
        check_grads(drawn.loss, drawn.model.parameters())

    with pytest.raises(GradientError) as caught:
        gradients_are_right()
    assert caught.value.report.blame.primitive is wrong
    program = "\n".join(caught.value.__notes__).split("drawn=")[1].split("\n,")[0]
    assert re.search(r"nn.MLP\(1, \[[12], 1(, 1)?\], activation='tanh', seed=0\)", program), program
    assert re.search(r"inputs, targets = \[\[[-.\d]+\]\], ", program), program  # one row
    with pytest.raises(GradientError):
        exec(program, {})  # our own text: it is what a user pastes


def test_what_a_network_is_made_of():
    plan = Call("Sequential", (Call("Layer", (1, 2), (("seed", 0),)), Call("RMSNorm", (2,))))
    assert str(plan) == "nn.Sequential(nn.Layer(1, 2, seed=0), nn.RMSNorm(2))"
    network = Network(plan, (0.5,) * 6, "mean_squared_error", [[1.0]], [[0.0, 0.0]])
    assert network.loss.data == pytest.approx(0.25, rel=1e-4)
    assert network.dataset.classes == []
