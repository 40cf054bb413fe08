"""micrograd's programs, run with the import swapped and held against micrograd itself."""

from __future__ import annotations

import gc
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nn
from autograd import Value

micrograd_engine = pytest.importorskip("micrograd.engine")
micrograd_nn = pytest.importorskip("micrograd.nn")


@pytest.fixture(autouse=True)
def _no_collector() -> Any:
    # micrograd's closures make cycles; collecting them is most of its time.
    gc.disable()
    yield
    gc.enable()
    gc.collect()


def readme_program(value: Any) -> tuple[Any, Any, Any]:
    a, b = value(-4.0), value(2.0)
    c = a + b
    d = a * b + b**3
    c += c + 1
    c += 1 + c + (-a)
    d += d * 2 + (b + a).relu()
    d += 3 * d + (b - a).relu()
    e = c - d
    f = e**2
    g = f / 2.0
    g += 10.0 / f
    g.backward()
    return a, b, g


def sanity_program(value: Any) -> tuple[Any, Any]:
    x = value(-4.0)
    z = 2 * x + 2 + x
    q = z.relu() + z * x
    h = (z * z).relu()
    y = h + q + q * x
    y.backward()
    return x, y


def test_the_readme_example() -> None:
    a, b, g = readme_program(Value)
    assert f"{g.data:.4f} {a.grad:.4f} {b.grad:.4f}" == "24.7041 138.8338 645.5773"
    ours, theirs = readme_program(Value), readme_program(micrograd_engine.Value)
    for mine, other in zip(ours, theirs, strict=True):
        assert mine.data == pytest.approx(other.data, rel=1e-15)
        assert mine.grad == pytest.approx(other.grad, rel=1e-14)


def test_the_sanity_check() -> None:
    x, y = sanity_program(Value)
    assert (y.data, x.grad) == (-20.0, 46.0)
    theirs_x, theirs_y = sanity_program(micrograd_engine.Value)
    assert (y.data, x.grad) == (theirs_y.data, theirs_x.grad)


def test_the_sanity_check_in_torch() -> None:
    torch = pytest.importorskip("torch")
    x = torch.tensor(-4.0, dtype=torch.float64, requires_grad=True)
    z = 2 * x + 2 + x
    q = z.relu() + z * x
    y = (z * z).relu() + q + q * x
    y.backward()
    ours_x, ours_y = sanity_program(Value)
    assert (ours_y.data, ours_x.grad) == (y.item(), x.grad.item())


def test_the_lectures_first_graph_and_its_step() -> None:
    a, b = Value(2.0, label="a"), Value(-3.0, label="b")
    c, f = Value(10.0, label="c"), Value(-2.0, label="f")

    def forward() -> Value:
        return (a * b + c) * f

    loss = forward()
    loss.backward()
    assert loss.data == -8.0
    assert [x.grad for x in (a, b, c, f)] == [6.0, -4.0, -2.0, 4.0]
    for x in (a, b, c, f):
        x.data += 0.01 * x.grad
    assert forward().data == pytest.approx(-7.286496, abs=1e-12)


@pytest.mark.parametrize("written_with", ["tanh", "exp"])
def test_the_lectures_tanh_neuron(written_with: str) -> None:
    x1, x2, w1, w2 = Value(2.0), Value(0.0), Value(-3.0), Value(1.0)
    n = x1 * w1 + x2 * w2 + Value(6.8813735870195432)
    e = (2 * n).exp()
    o = n.tanh() if written_with == "tanh" else (e - 1) / (e + 1)
    o.backward()
    assert o.data == pytest.approx(0.7071067811865476, abs=1e-15)
    grads = [x1.grad, w1.grad, x2.grad, w2.grad, n.grad]
    assert grads == pytest.approx([-1.5, 1.0, 0.5, 0.0, 0.5], abs=1e-12)


def test_drawing_code_that_walks_prev_and_op() -> None:
    def trace(root: Any) -> tuple[set[Any], set[Any]]:
        nodes, edges = set(), set()

        def build(v: Any) -> None:
            if v not in nodes:
                nodes.add(v)
                for child in v._prev:
                    edges.add((child, v))
                    build(child)

        build(root)
        return nodes, edges

    a, b = Value(2.0), Value(-3.0)
    y = (a * b + a).relu()
    nodes, edges = trace(y)
    assert len(nodes) == 5
    (total,) = y._prev
    product = total._prev[0]
    assert edges == {(a, product), (b, product), (product, total), (a, total), (total, y)}
    assert [v._op for v in (y, total, product, a)] == ["ReLU", "+", "×", ""]


def test_weights_names_counts_and_repr_are_micrograds() -> None:
    random.seed(1337)
    ours = nn.MLP(2, [16, 16, 1])
    random.seed(1337)
    theirs = micrograd_nn.MLP(2, [16, 16, 1])
    assert len(ours.parameters()) == 337
    assert [p.data for p in ours.parameters()] == [p.data for p in theirs.parameters()]
    assert repr(ours) == repr(theirs)
    neuron, other = ours.layers[1].neurons[3], theirs.layers[1].neurons[3]
    assert [w.data for w in neuron.w] == [w.data for w in other.w]
    assert (neuron.b.data, neuron.nonlin) == (other.b.data, other.nonlin)


def train_moons(value: Any, mlp: Any, inputs: Any, targets: Any, steps: int) -> list[Any]:
    """micrograd's demo: max-margin loss, L2 penalty, a learning rate that falls."""
    random.seed(1337)
    model = mlp(2, [16, 16, 1])
    course = []
    for k in range(steps):
        scores = [model(list(map(value, row))) for row in inputs]
        losses = [(1 + -t * score).relu() for t, score in zip(targets, scores, strict=True)]
        data_loss = sum(losses) * (1.0 / len(losses))
        total = data_loss + 1e-4 * sum(p * p for p in model.parameters())
        right = [(t > 0) == (score.data > 0) for t, score in zip(targets, scores, strict=True)]
        model.zero_grad()
        total.backward()
        grads = [p.grad for p in model.parameters()]
        for p in model.parameters():
            p.data -= (1.0 - 0.9 * k / 100) * p.grad
        course.append((total.data, sum(right) / len(right), grads))
    return course


def moons(count: int) -> tuple[Any, Any]:
    numpy = pytest.importorskip("numpy")
    datasets = pytest.importorskip("sklearn.datasets")
    numpy.random.seed(1337)
    inputs, targets = datasets.make_moons(n_samples=count, noise=0.1)
    return inputs, targets * 2 - 1


def test_the_moons_demo_step_by_step_with_micrograd() -> None:
    inputs, targets = moons(30)
    ours = train_moons(Value, nn.MLP, inputs, targets, 8)
    theirs = train_moons(micrograd_engine.Value, micrograd_nn.MLP, inputs, targets, 8)
    for (loss, right, grads), (other_loss, other_right, others) in zip(ours, theirs, strict=True):
        assert loss == pytest.approx(other_loss, rel=1e-12)
        assert right == other_right
        assert grads == pytest.approx(others, rel=1e-11, abs=1e-13)


def test_the_moons_demo_learns_as_micrograds_does() -> None:
    # micrograd itself reports "step 99 loss 0.01098, accuracy 100.0%" for this program.
    loss, right, _ = train_moons(Value, nn.MLP, *moons(100), 100)[-1]
    assert loss == pytest.approx(0.010978370135492719, rel=1e-9)
    assert right == 1.0


def test_the_moons_demo_written_with_fit() -> None:
    inputs, targets = moons(100)
    random.seed(1337)
    model = nn.MLP(2, [16, 16, 1])
    data = nn.Dataset(inputs.tolist(), [float(t) for t in targets], ["x", "y"])
    history = nn.fit(
        model,
        data,
        nn.losses.hinge,
        nn.SGD(model.parameters(), nn.schedules.linear(1.0, 0.1, 100)),
        5,
        penalty=lambda: nn.losses.l2(model.parameters(), 1e-4),
        score=nn.accuracy,
        progress=False,
    )
    by_hand = train_moons(Value, nn.MLP, inputs, targets, 5)
    assert history.step_loss == pytest.approx([loss for loss, _, _ in by_hand], rel=1e-12)
    assert history.score == [right for _, right, _ in by_hand]


def test_the_lectures_mlp() -> None:
    xs = [[2.0, 3.0, -1.0], [3.0, -1.0, 0.5], [0.5, 1.0, 1.0], [1.0, 1.0, -1.0]]
    ys = [1.0, -1.0, -1.0, 1.0]

    def course(mlp: Any) -> list[float]:
        random.seed(42)
        model = mlp(3, [4, 4, 1])
        losses = []
        for _ in range(20):
            outputs = [model(x) for x in xs]
            loss = sum((out - y) ** 2 for y, out in zip(ys, outputs, strict=True))
            model.zero_grad()
            loss.backward()
            for p in model.parameters():
                p.data += -0.01 * p.grad
            losses.append(loss.data)
        return losses

    ours = course(nn.MLP)
    assert ours == pytest.approx(course(micrograd_nn.MLP), rel=1e-10)
    assert ours[-1] < ours[0]


def test_a_module_written_in_micrograds_way() -> None:
    class Line(nn.Module):
        def __init__(self) -> None:
            self.slope = Value(2.0)

        def __call__(self, x: Any) -> Any:
            return self.slope * x

        def parameters(self) -> list[Value]:
            return [self.slope]

    line = Line()
    line(3.0).backward()
    assert line.slope.grad == 3.0
    line.zero_grad()
    assert line.slope.grad == 0.0
    assert not line.slope.reached


@settings(max_examples=25, deadline=None)
@given(
    st.integers(1, 4),
    st.lists(st.integers(1, 5), min_size=0, max_size=2),
    st.integers(0, 10**6),
)
def test_any_network_has_micrograds_output_and_gradients(
    nin: int, hidden: list[int], seed: int
) -> None:
    # micrograd can't feed a layer of one neuron to another, so hidden layers have two or more.
    nouts = [n + 1 for n in hidden] + [1]
    random.seed(seed)
    ours = nn.MLP(nin, nouts)
    x = [random.uniform(-3.0, 3.0) for _ in range(nin)]
    random.seed(seed)
    theirs = micrograd_nn.MLP(nin, nouts)
    y, z = ours(x), theirs(x)
    y.backward()
    z.backward()
    assert y.data == pytest.approx(z.data, rel=1e-12, abs=1e-14)
    for p, q in zip(ours.parameters(), theirs.parameters(), strict=True):
        assert p.grad == pytest.approx(q.grad, rel=1e-12, abs=1e-14)
