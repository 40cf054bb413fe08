"""The exact judge's knowledge: complete, and its derivatives are those of its values."""

import random
import sys
import threading

import pytest

mpmath = pytest.importorskip("mpmath")

import autograd  # noqa: E402  # after the skip
from autograd.check.judge import judge  # noqa: E402
from autograd.check.oracles import Between, context, oracles  # noqa: E402

ROWS = list(autograd.table().values())


def arguments(row, rng):
    """Numbers in the row's domain, away from infinity."""
    count = rng.randint(2, 5) if row.nary else row.arity
    count += count % 2 if row.name == "dot" else 0
    xs = []
    for i in range(count):
        domain = row.domain[0 if row.nary else i]
        xs.append(rng.uniform(max(domain.low, -4.0), min(domain.high, 6.0)))
    if row.name == "polygamma":
        xs[0] = float(rng.randint(0, 4))
    if row.name == "round_to":
        xs[1] = 2.0
    return xs


def test_every_built_in_row_has_an_oracle_and_no_other():
    assert set(oracles()) >= {row.name for row in ROWS}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_an_oracles_partials_are_the_derivatives_of_its_value(row):
    m, oracle, rng = context(), oracles()[row.name], random.Random(7)
    step = m.mpf(10) ** -15
    for _ in range(10):
        xs = [m.mpf(x) for x in arguments(row, rng)]
        for i, partial in enumerate(oracle.partials(*xs)):
            if partial is None or isinstance(partial, Between):
                continue
            above, below = [*xs], [*xs]
            above[i] += step
            below[i] -= step
            slope = (oracle.value(*above) - oracle.value(*below)) / (2 * step)
            assert abs(slope - partial) <= 1e-20 * max(1, abs(partial))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_the_table_agrees_with_the_oracles(row):
    rng = random.Random(11)
    for _ in range(5):
        leaves = [autograd.Value(x) for x in arguments(row, rng)]
        verdict = judge(row(*leaves), leaves, order=2)
        assert not verdict.faults, str(verdict.faults[0])
        assert not verdict.by_differences


def test_nobody_elses_precision_is_touched():
    before = mpmath.mp.dps
    context().mpf(1) / 3
    assert mpmath.mp.dps == before
    assert context() is not mpmath.mp


def test_without_mpmath_the_error_says_what_to_install(monkeypatch):
    monkeypatch.setattr("autograd.check.oracles._thread", threading.local())
    monkeypatch.setitem(sys.modules, "mpmath", None)
    with pytest.raises(ImportError, match=r"pip install 'scalar-autograd\[check\]'"):
        autograd.check_grads(autograd.tanh, 0.5, exact=True)
    report = autograd.check_grads(autograd.tanh, 0.5)  # differences are enough otherwise
    assert report
    assert "differences alone" in str(report)


def test_each_thread_has_a_context_of_its_own():
    seen = []
    thread = threading.Thread(target=lambda: seen.append(context()))
    thread.start()
    thread.join()
    assert seen[0] is not context()
    assert seen[0].dps == context().dps


EDGES = [
    ("clip", (2.0, -1.0, 2.0), [Between(0, 1), 0, Between(0, 1)]),
    ("pow", (0.0, 2.0), [0, 0]),
    ("pow", (0.0, 1.0), [1, 0]),
    ("pow", (0.0, 0.5), [None, 0]),
    ("pow", (-2.0, 2.0), [-4, None]),
    ("copysign", (2.0, 0.0), [None, 0]),
    ("elu", (0.0, 1.0), [1, 0]),
    ("elu", (0.0, 0.5), [Between(0.5, 1), 0]),
]


@pytest.mark.parametrize(("name", "xs", "partials"), EDGES)
def test_partials_at_the_edges(name, xs, partials):
    m = context()
    found = oracles()[name].partials(*[m.mpf(x) for x in xs])
    for told, expected in zip(found, partials, strict=True):
        if isinstance(expected, Between):
            assert (told.low, told.high) == (expected.low, expected.high)
        else:
            assert told == expected


def test_selus_slopes_at_its_kink():
    (slope,) = oracles()["selu"].partials(context().mpf(0))
    left, right = autograd.selu.local([-1e-300], 0.0, [0]), autograd.selu.local([1e-300], 0.0, [0])
    assert float(slope.low) == right[0][1]
    assert float(slope.high) == pytest.approx(left[0][1], rel=1e-15)


@pytest.mark.parametrize(
    ("name", "xs", "value"),
    [
        ("pow", (0.0, -1.0), None),
        ("pow", (-2.0, 0.5), None),
        ("pow", (-2.0, 3.0), -8),
        ("atan2", (0.0, 1.0), 0),
        ("atan2", (0.0, -1.0), None),
        ("xlogy", (0.0, 0.0), 0),
        ("xlogy", (1.0, 0.0), None),
        ("lgamma", (-2.0,), None),
        ("lgamma", (-0.5,), mpmath.log(2 * mpmath.sqrt(mpmath.pi))),
    ],
)
def test_values_at_the_edges_none_where_the_float_has_a_convention(name, xs, value):
    m = context()
    found = oracles()[name].value(*[m.mpf(x) for x in xs])
    assert found is None if value is None else abs(found - value) < 1e-14
