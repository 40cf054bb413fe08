"""Modules and layers: what they hold, what they compute, how they copy, how they refuse."""

from __future__ import annotations

import copy
import dataclasses
import gc
import math
import pickle
import random
import subprocess
import sys
import threading
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd
import nn
from autograd import Value

finite = st.floats(allow_nan=False, allow_infinity=False)


class Block(nn.Module):
    """A module of a user: parameters, lists of them, modules, and other things."""

    def __init__(self) -> None:
        self.table = [[Value(1.0), Value(2.0)], [Value(3.0), Value(4.0)]]
        self.first = nn.Layer(2, 2, seed=0)
        self.scale = Value(0.5)
        self.named = {"left": nn.Neuron(2, seed=1), "right": Value(7.0)}
        self.tied = self.scale
        self.note = "not a parameter"
        self.input = autograd.constant(9.0)
        self._hidden = Value(8.0)

    def forward(self, x: Any) -> Any:
        return self.named["left"](self.first(x)) * self.scale


# What it holds


def test_parameters_are_each_once_and_in_the_order_of_the_attributes() -> None:
    names = [name for name, _ in Block().named_parameters()]
    assert names == [
        "table.0.0", "table.0.1", "table.1.0", "table.1.1",
        "first.neurons.0.w.0", "first.neurons.0.w.1", "first.neurons.0.b",
        "first.neurons.1.w.0", "first.neurons.1.w.1", "first.neurons.1.b",
        "scale", "named.left.w.0", "named.left.w.1", "named.left.b", "named.right",
    ]  # fmt: skip


def test_interior_nodes_and_constants_are_no_parameters() -> None:
    block = Block()
    block.last = block([1.0, 2.0])
    assert len(block.parameters()) == 15


def test_a_module_may_be_a_dataclass() -> None:
    @dataclasses.dataclass
    class Pair(nn.Module):
        left: nn.Neuron
        right: nn.Neuron

        def forward(self, x: Any) -> Any:
            return self.left(x) + self.right(x)

    pair = Pair(nn.Neuron(2, seed=0), nn.Neuron(2, seed=1))
    assert len(pair.parameters()) == 6
    assert pair([1.0, 2.0]).parents[0].scope == ("Pair", "left")


def test_a_module_that_holds_itself_is_walked_once() -> None:
    block = Block()
    block.named["left"].owner = block
    assert len(block.parameters()) == 15
    assert len(block.modules()) == 5


@settings(deadline=None)
@given(st.integers(1, 5), st.lists(st.integers(1, 5), min_size=1, max_size=3), st.booleans())
def test_the_number_of_parameters(nin: int, nouts: list[int], bias: bool) -> None:
    model = nn.MLP(nin, nouts, bias=bias, seed=0)
    sizes = [nin, *nouts]
    expected = sum((a + bias) * b for a, b in zip(sizes, nouts, strict=False))
    assert len(model.parameters()) == expected == len(dict(model.named_parameters()))


def test_zero_grad_makes_gradients_not_reached() -> None:
    model = nn.MLP(2, [2, 1], activation="tanh", seed=0)
    model([1.0, 2.0]).backward()
    assert all(p.reached for p in model.parameters())
    model.zero_grad()
    assert not any(p.reached for p in model.parameters())


def test_train_and_eval_reach_every_module() -> None:
    model = nn.Sequential(nn.Layer(2, 2, seed=0), nn.Dropout(0.5, seed=0))
    assert model.training
    assert model.eval() is model
    assert not any(m.training for m in model.modules())
    assert all(m.training for m in model.train().modules())


# Scopes


def test_nodes_carry_the_scopes_of_the_modules_that_made_them() -> None:
    model = nn.MLP(2, [2, 1], seed=0)
    y = model([Value(1.0), Value(2.0)])
    assert y.scope == ("MLP", "layers.1", "neurons.0")
    hidden = y.parents[1]
    assert hidden.scope == ("MLP", "layers.0", "neurons.1") or hidden.parents == ()
    with autograd.scope("epoch 1"):
        assert model([1.0, 2.0]).scope == ("epoch 1", "MLP", "layers.1", "neurons.0")
    assert model([1.0, 2.0]).scope == ("MLP", "layers.1", "neurons.0")
    assert (Value(1.0) * 2.0).scope == ()


def test_a_scope_is_a_parameters_path() -> None:
    model = nn.MLP(2, [2, 1], seed=0)
    y = model([1.0, 2.0])
    path = ".".join(y.scope[1:])
    named = dict(model.named_parameters())
    assert y.parents[-1] is named[f"{path}.b"]


def test_the_scope_is_left_when_forward_raises() -> None:
    with pytest.raises(ValueError, match="takes 2"):
        nn.MLP(2, [1], seed=0)([1.0])
    assert (Value(1.0) * 2.0).scope == ()


def test_scopes_under_threads() -> None:
    model = nn.MLP(2, [4, 1], seed=0)
    wrong: list[Any] = []

    def work(name: str) -> None:
        for _ in range(50):
            with autograd.scope(name):
                y = model([1.0, 2.0])
            if y.scope != (name, "MLP", "layers.1", "neurons.0"):
                wrong.append(y.scope)

    threads = [threading.Thread(target=work, args=(f"thread {i}",)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


# What it computes


def test_a_neuron_is_one_dot_and_one_activation() -> None:
    neuron = nn.Neuron(3, activation="tanh", seed=0)
    x = [Value(1.0), Value(2.0), Value(3.0)]
    y = neuron(x)
    assert (y.primitive.name, len(y.parents)) == ("tanh", 1)
    z = y.parents[0]
    assert z.primitive.name == "dot"
    assert list(z.parents) == [*neuron.w, *x, neuron.b]


def test_a_layers_neurons_share_the_nodes_of_plain_inputs() -> None:
    out = nn.Layer(2, 3, nonlin=False, seed=0)([1.0, 2.0])
    inputs = {tuple(y.parents[2:4]) for y in out}
    assert len(inputs) == 1
    (shared,) = inputs
    assert [(x.data, x.label, x.constant) for x in shared] == [(1.0, "x0", True), (2.0, "x1", True)]


@pytest.mark.parametrize("activation", ["relu", "tanh", "sigmoid", "gelu", "leaky_relu", "linear"])
def test_activations_by_name(activation: str) -> None:
    neuron = nn.Neuron(2, activation=activation, seed=3)
    w, x = [w.data for w in neuron.w], [0.5, -2.0]
    z = w[0] * x[0] + w[1] * x[1]
    expected = z if activation == "linear" else getattr(autograd, activation)(z)
    assert neuron(x).data == pytest.approx(expected, rel=1e-14)
    assert neuron.activation == activation


@pytest.mark.parametrize(
    ("activation", "written"),
    [("relu", "ReLUNeuron(1)"), ("tanh", "TanhNeuron(1)"), ("sigmoid", "SigmoidNeuron(1)"),
     ("gelu", "GELUNeuron(1)"), ("silu", "SiLUNeuron(1)"), ("softplus", "SoftplusNeuron(1)"),
     ("leaky_relu", "Leaky_reluNeuron(1)"), ("linear", "LinearNeuron(1)")],
)  # fmt: skip
def test_repr(activation: str, written: str) -> None:
    assert repr(nn.Neuron(1, activation=activation, seed=0)) == written


def test_one_output_is_a_value_and_hidden_layers_of_one_neuron_work() -> None:
    assert isinstance(nn.MLP(2, [1, 1], seed=0)([1.0, 2.0]), Value)
    assert len(nn.MLP(2, [1, 3], seed=0)([1.0, 2.0])) == 3


def test_inputs_may_be_any_sequence_of_real_numbers() -> None:
    numpy = pytest.importorskip("numpy")
    model = nn.MLP(2, [3, 1], seed=0)
    expected = model([1.0, 2.0]).data
    for x in (
        (1, 2),
        [Value(1.0), 2],
        numpy.array([1.0, 2.0]),
        numpy.array([1, 2]),
        map(float, "12"),
    ):
        assert model(x).data == expected


@settings(deadline=None, max_examples=50)
@given(
    st.lists(st.floats(-10, 10), min_size=3, max_size=3),
    st.sampled_from(["relu", "tanh", "softplus"]),
)
def test_the_plain_twin_gives_the_same_bits(x: list[float], activation: str) -> None:
    model = nn.MLP(3, [4, 2], activation=activation, seed=1)
    assert model.plain()(x) == [y.data for y in model(x)]


def test_the_plain_twin_keeps_the_numbers_of_its_moment() -> None:
    model = nn.MLP(1, [1], initializer="zeros")
    twin = model.plain()
    model.parameters()[1].data = 5.0
    assert (twin([1.0]), model([1.0]).data) == (0.0, 5.0)


def test_the_gradient_by_with_parameters_is_that_of_backward() -> None:
    model = nn.MLP(2, [3, 1], activation="tanh", seed=0)
    model([0.5, -1.0]).backward()
    numbers = [p.data for p in model.parameters()]
    grads = autograd.grad(lambda ps: model.with_parameters(ps)([0.5, -1.0]))(numbers)
    assert grads == [p.grad for p in model.parameters()]
    tangent = [0.1 * (-1.0) ** i for i in range(len(numbers))]
    _, jvp = autograd.jvp(lambda *ps: model.with_parameters(ps)([0.5, -1.0]), numbers, tangent)
    expected = sum(g * t for g, t in zip(grads, tangent, strict=True))
    assert jvp == pytest.approx(expected, rel=1e-13)


def test_second_order_through_a_network() -> None:
    torch = pytest.importorskip("torch")
    model = nn.MLP(2, [3, 1], activation="tanh", seed=0)
    numbers = [p.data for p in model.parameters()]

    def f(p: Any) -> Any:
        return model.with_parameters(p)([0.5, -1.0])

    def in_torch(p: Any) -> Any:
        w = p[:9].reshape(3, 3)
        hidden = torch.tanh(w[:, :2] @ torch.tensor([0.5, -1.0], dtype=p.dtype) + w[:, 2])
        return p[9:12] @ hidden + p[12]

    theirs = torch.autograd.functional.hessian(in_torch, torch.tensor(numbers, dtype=torch.float64))
    for row, other in zip(autograd.hessian(f)(numbers), theirs.tolist(), strict=True):
        assert row == pytest.approx(other, rel=1e-11, abs=1e-14)


def test_nothing_is_recorded_without_grad() -> None:
    model = nn.MLP(2, [3, 1], seed=0)
    with autograd.no_grad():
        y = model([1.0, 2.0])
    assert y.parents == ()


def test_a_step_leaves_nothing_for_the_collector() -> None:
    model = nn.MLP(2, [4, 1], seed=0)
    optimizer = nn.Adam(model.parameters(), 0.1)

    def step() -> None:
        optimizer.zero_grad()
        loss = nn.losses.hinge([model([1.0, 2.0]), model([2.0, 1.0])], [1, -1])
        (loss + nn.losses.l2(model.parameters(), 0.1)).backward()
        optimizer.step()

    step()
    gc.collect()
    gc.disable()
    try:
        step()
        assert gc.collect() == 0
    finally:
        gc.enable()


# Other layers


def test_dropout() -> None:
    dropout = nn.Dropout(0.25, seed=5)
    x = [float(i) for i in range(1, 2001)]
    out = dropout(x)
    kept = [y for y in out if y]
    assert len(kept) == pytest.approx(1500, abs=80)
    assert all(y in (0.0, x[i] * (1.0 / 0.75)) for i, y in enumerate(out))
    again = nn.Dropout(0.25, seed=5)
    assert again(x) == out
    assert dropout(x) != out
    assert dropout.eval()(x) == x


def test_norms_match_torch() -> None:
    torch = pytest.importorskip("torch")
    x = [0.3, -2.0, 1.5, 4.0]
    for ours, theirs in (
        (nn.LayerNorm(4), torch.nn.LayerNorm(4, dtype=torch.float64)),
        (nn.RMSNorm(4), torch.nn.RMSNorm(4, eps=1e-5, dtype=torch.float64)),
    ):
        values = [Value(v) for v in x]
        tensor = torch.tensor(x, dtype=torch.float64, requires_grad=True)
        out, expected = ours(values), theirs(tensor)
        assert [y.data for y in out] == pytest.approx(expected.tolist(), rel=1e-13)
        sum(y * float(i) for i, y in enumerate(out)).backward()
        (expected * torch.arange(4.0)).sum().backward()
        assert [v.grad for v in values] == pytest.approx(tensor.grad.tolist(), rel=1e-11)


def test_embedding() -> None:
    table = nn.Embedding(3, 2, seed=0)
    row = table(1)
    (row[0] * 2.0 + row[1]).backward()
    assert [[p.grad for p in r] for r in table.rows] == [[0.0, 0.0], [2.0, 1.0], [0.0, 0.0]]
    assert not table.rows[0][0].reached
    with pytest.raises(IndexError, match=r"rows 0 to 2, got the index 3"):
        table(3)
    with pytest.raises(IndexError):
        table(-1)
    with pytest.raises(TypeError, match="takes an index"):
        table(1.0)


def test_initializers_have_their_spread() -> None:
    def weights(initializer: Any) -> list[float]:
        layer = nn.Layer(50, 40, initializer=initializer, seed=1)
        return [w.data for neuron in layer.neurons for w in neuron.w]

    def spread(ws: list[float]) -> float:
        return math.sqrt(math.fsum(w * w for w in ws) / len(ws))

    assert spread(weights("he")) == pytest.approx(math.sqrt(2 / 50), rel=0.06)
    assert spread(weights("kaiming")) == spread(weights("he"))
    assert spread(weights("lecun")) == pytest.approx(math.sqrt(1 / 50), rel=0.06)
    assert spread(weights("xavier")) == pytest.approx(math.sqrt(2 / 90), rel=0.06)
    assert weights("glorot") == weights("xavier")
    assert max(map(abs, weights("xavier"))) <= math.sqrt(6 / 90)
    assert spread(weights("normal")) == pytest.approx(1.0, rel=0.06)
    assert spread(weights("uniform")) == pytest.approx(math.sqrt(1 / 3), rel=0.06)
    assert set(weights("zeros")) == {0.0}
    assert set(weights(nn.initializers.constant(0.5))) == {0.5}
    assert set(weights(lambda rng, nin, nout: nin + nout / 100)) == {50.4}


def test_seeds() -> None:
    def weights(seed: Any) -> list[float]:
        return [p.data for p in nn.MLP(2, [3, 1], seed=seed).parameters()]

    assert weights(1) == weights(1) == weights(random.Random(1)) != weights(2)
    random.seed(7)
    first = weights(None)
    random.seed(7)
    assert weights(None) == first == weights(7)
    state = random.getstate()
    weights(3)
    assert random.getstate() == state


class Attention(nn.Module):
    """A character GPT of scalars in small: embeddings, one head, a linear layer over them."""

    def __init__(self, letters: int, size: int, length: int) -> None:
        rng = random.Random(0)
        self.letters = nn.Embedding(letters, size, seed=rng)
        self.places = nn.Embedding(length, size, seed=rng)
        self.norm = nn.RMSNorm(size)
        self.query, self.key, self.value = [
            nn.Layer(size, size, nonlin=False, bias=False, initializer="lecun", seed=rng)
            for _ in range(3)
        ]
        self.head = nn.Layer(size, letters, nonlin=False, bias=False, seed=rng)

    def forward(self, text: list[int]) -> list[list[Any]]:
        keys, values, logits = [], [], []
        for place, letter in enumerate(text):
            pairs = zip(self.letters(letter), self.places(place), strict=True)
            x = self.norm([a + b for a, b in pairs])
            keys.append(self.key(x))
            values.append(self.value(x))
            query = self.query(x)
            shares = autograd.softmax([autograd.dot(query, key) * 0.5 for key in keys])
            mixed = [autograd.dot(shares, column) for column in zip(*values, strict=True)]
            logits.append(self.head([a + b for a, b in zip(x, mixed, strict=True)]))
        return logits


def test_a_small_gpt_is_made_of_the_parts() -> None:
    model, text = Attention(3, 4, 4), [0, 2, 1, 2]
    loss = nn.losses.cross_entropy(model(text[:-1]), text[1:])
    loss.backward()
    numbers = [p.data for p in model.parameters()]

    def at(i: int, step: float) -> float:
        moved = [x + step * (j == i) for j, x in enumerate(numbers)]
        return float(nn.losses.cross_entropy(model.with_parameters(moved)(text[:-1]), text[1:]))

    assert at(0, 0.0) == loss.data
    for i, (name, p) in enumerate(model.named_parameters()):
        numerical = (at(i, 1e-5) - at(i, -1e-5)) / 2e-5
        assert p.grad == pytest.approx(numerical, rel=1e-6, abs=1e-9), name


# State


def test_state_dict_round_trip() -> None:
    block, other = Block(), Block()
    for i, p in enumerate(block.parameters()):
        p.data = 0.1 * i
    state = block.state_dict()
    assert state["table"] == [0.0, 0.1, 0.2, 0.1 * 3]
    assert state["scale"] == 1.0
    other.load_state_dict(state)
    assert other.state_dict() == state
    other.load_state_dict(reversed(list(state.items())))
    assert other.state_dict() == state


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda s: s | {"extra": 1.0}, r"has no 'extra'"),
        (lambda s: {k: v for k, v in s.items() if k != "layers.0.neurons.1.b"},
         r"is missing 'layers.0.neurons.1.b'"),
        (lambda s: [*s.items(), ("layers.0.neurons.0.b", 1.0)], "got twice 'layers.0.neurons.0.b'"),
        (lambda s: s | {"layers.0.neurons.0.w": [1.0]}, "has 1 numbers where the network"
         " has 2"),
        (lambda s: s | {"layers.0.neurons.0.w": 1.0}, r"must be a list of 2 numbers, got 1.0"),
        (lambda s: s | {"layers.0.neurons.0.b": [1.0]}, r"must be one number, got \[1.0\]"),
        (lambda s: s | {"layers.1.neurons.0.w": [1.0, math.nan]}, r"holds nan at position 1"),
        (lambda s: s | {"layers.1.neurons.0.b": math.inf}, r"holds inf"),
    ],
)  # fmt: skip
def test_a_state_that_does_not_fit_changes_nothing(change: Any, message: str) -> None:
    model = nn.MLP(2, [2, 1], seed=0)
    before = model.state_dict()
    zeros: Any = {k: [0.0] * len(v) if isinstance(v, list) else 0.0 for k, v in before.items()}
    with pytest.raises(ValueError, match=message):
        model.load_state_dict(change(zeros))
    assert model.state_dict() == before


def test_a_state_of_text_is_a_type_error() -> None:
    model = nn.MLP(1, [1], seed=0)
    with pytest.raises(TypeError, match=r"'layers.0.neurons.0.b' takes real numbers, got '1'"):
        model.load_state_dict({"layers.0.neurons.0.w": [1.0], "layers.0.neurons.0.b": "1"})


def test_copies_are_apart_and_equal() -> None:
    model = nn.MLP(2, [2, 1], seed=0)
    model([1.0, 2.0])
    for twin in (copy.deepcopy(model), pickle.loads(pickle.dumps(model))):
        assert twin.state_dict() == model.state_dict()
        assert not set(twin.parameters()) & set(model.parameters())
        assert twin([1.0, 2.0]).data == model([1.0, 2.0]).data


# Refusals


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: nn.MLP(0, [1]), ValueError, "nin is 0: there must be at least 1"),
        (lambda: nn.MLP(2, []), ValueError, "nouts is empty"),
        (lambda: nn.MLP(2, [3, 0]), ValueError, r"nouts\[1\] is 0"),
        (lambda: nn.MLP(2, 3), TypeError, "nouts is a list of layer sizes such as .* got 3"),
        (lambda: nn.MLP(2, "31"), TypeError, "nouts is a list"),
        (lambda: nn.MLP(2.0, [1]), TypeError, "nin is a whole number, got 2.0"),
        (lambda: nn.MLP(True, [1]), TypeError, "nin is a whole number, got True"),
        (lambda: nn.MLP(2, [1], activation="rely"), ValueError, "no activation is named 'rely'"),
        (lambda: nn.Neuron(2, activation="rely"), ValueError, "no activation is named 'rely'"),
        (lambda: nn.Neuron(2, activation="add"), ValueError, "'add' is not a function of one"),
        (lambda: nn.Neuron(2, activation="sum"), ValueError, "'sum' is not a function of one"),
        (lambda: nn.Neuron(2, activation=math.tanh), TypeError, "a primitive or its name"),
        (lambda: nn.MLP(2, [1], initializer="hee"), ValueError, "no initializer is named 'hee'"),
        (lambda: nn.MLP(2, [1], seed="x"), TypeError, "a seed is an int or a random.Random"),
        (lambda: nn.MLP(2, [1], seed=True), TypeError, "a seed is an int"),
        (lambda: nn.Dropout(1.0, seed=0), ValueError, "Dropout's p is 1.0"),
        (lambda: nn.Sequential(), ValueError, "no layers"),
        (lambda: nn.Sequential(3), TypeError, "layer 0 is 3"),
        (lambda: nn.Module()(1.0), NotImplementedError, "Module has no forward"),
        (lambda: nn.initializers.uniform(2.0, 1.0), ValueError, "low must not be above high"),
        (lambda: nn.initializers.he(-1.0), ValueError, "gain is -1.0"),
        (lambda: nn.MLP(2, [1], seed=0).with_parameters([1.0]), ValueError, "3 parameters, got 1"),
    ],
)  # fmt: skip
def test_what_makes_no_network(make: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        make()


@pytest.mark.parametrize(
    ("x", "error", "message"),
    [
        ([1.0], ValueError, r"takes 2 number\(s\), got 1: \[1.0\]"),
        ([1.0, 2.0, 3.0], ValueError, "takes 2 number"),
        ([], ValueError, "got 0"),
        (1.0, TypeError, r"takes a list of 2 number\(s\), got 1.0"),
        (["1", 2.0], TypeError, "'1'"),
        ([1.0, True], TypeError, "input 1 got the bool True"),
        ([1.0, 10**400], OverflowError, "401 digits"),
        ([1.0, 1j], TypeError, "1j"),
    ],
)
def test_inputs_that_do_not_fit(x: Any, error: type[Exception], message: str) -> None:
    for module in (nn.MLP(2, [2, 1], seed=0), nn.Layer(2, 2, seed=0)):
        with pytest.raises(error, match=message):
            module(x)


def test_a_single_neuron_checks_its_inputs_too() -> None:
    with pytest.raises(ValueError, match=r"Neuron takes 2 number\(s\), got 1"):
        nn.Neuron(2, seed=0)([1.0])


def test_importing_nn_imports_nothing_heavy() -> None:
    program = (
        "import sys, nn\n"
        "heavy = {'numpy', 'sklearn', 'matplotlib', 'tqdm', 'safetensors', 'hypothesis'}\n"
        "sys.exit(', '.join(heavy & set(sys.modules)) or 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_a_layer_of_one_neuron_may_stand_in_a_sequence() -> None:
    layers = [nn.Layer(2, 1, seed=0), nn.Layer(1, 3, seed=1)]
    x = [1.0, 2.0]
    assert nn.Sequential(*layers)(x)[0].data == layers[1]([layers[0](x)])[0].data
