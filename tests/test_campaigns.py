"""The campaigns in small, and what they found once."""

import math

import pytest

pytest.importorskip("mpmath")
pytest.importorskip("hypothesis")

import autograd
from autograd import grad

# What they found


@pytest.mark.parametrize(("x", "p", "by_x"), [
    (70.15, 1.2744638425325244e20, math.inf),  # was -inf: what rounding takes from p - 1, times ln x
    (119.98716434831456, 8.555482563665949e153, math.inf),
    (0.3, 1.2744638425325244e20, 0.0),
    (0.3, -(2.0**52) + 0.5, -math.inf),
    (9.080200263716644e19, -1.3186568060126323e20, -0.0),
])  # fmt: skip
def test_far_beyond_the_range_a_power_keeps_the_sign_of_its_slope(x, p, by_x):
    assert grad(autograd.pow)(x, p) == by_x
    leaf = autograd.Value(x)
    (leaf**p).backward()
    assert leaf.grad == by_x
    assert math.copysign(1.0, leaf.grad) == math.copysign(1.0, by_x)


# In small


def test_a_few_random_graphs():
    from tests.campaigns import graphs

    rng = graphs.random.Random("a few")
    met = graphs.Counter()
    for k in range(150):
        graphs.look(graphs.random_graph(rng, "include" if k % 2 else "avoid"), met)
    assert met["derivatives"] > 300
    assert met["dot products"] > 140
    assert "| random graphs, all different | 150 |" in graphs.markdown(met, 150, 0.1)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # of PyTorch's and JAX's own imports
def test_a_few_rows_of_other_frameworks():
    pytest.importorskip("torch")
    pytest.importorskip("jax")
    pytest.importorskip("sympy")
    from tests.campaigns import frameworks

    records = [r for name in ("tanh", "log", "pow") for r in frameworks.of_row((name, 200))]
    assert not [wrong for r in records for wrong in r.ours]
    tanh = next(r for r in records if (r.name, r.by, r.peer) == ("tanh", 0, "PyTorch"))
    assert tanh.theirs > 0  # 1 - y² is 0 from 19.1 on
    assert "| tanh | partial 0 | PyTorch |" in frameworks.markdown(records, 0.1)


def test_a_reproduction_can_be_run():
    pytest.importorskip("torch")
    from tests.campaigns import frameworks

    record = frameworks.Record(
        "pow", 1, "PyTorch", worst=frameworks.Wrong((2.0, 3.0), 0.0, "", 9.0)
    )
    import torch

    line = frameworks.reproduction(record)
    assert eval(line, {"torch": torch}).item() == pytest.approx(8.0 * math.log(2.0))


def test_a_few_planted_faults(monkeypatch):
    from tests.campaigns import faults

    monkeypatch.setattr(faults, "ROUND", 60)
    met = faults.round_of(1)
    for kind in faults.KINDS:
        assert met[kind, "found"] == met[kind, "blamed"] == met[kind, "planted"]
    assert "| all | 60 | 100% | 100% |" in faults.markdown(met, 0.1)
