"""fit: the same as a loop by hand, the same bits again, and good manners when it goes wrong."""

from __future__ import annotations

import math
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nn
from autograd import Value
from nn import losses


def network(seed: int = 0) -> nn.MLP:
    return nn.MLP(2, [4, 1], activation="tanh", initializer="xavier", seed=seed)


def train(
    model: nn.Module, data: nn.Dataset, epochs: int = 5, lr: Any = 0.1, **options: Any
) -> nn.History:
    options.setdefault("batch_size", 7)
    optimizer = nn.SGD(model.parameters(), lr)
    loss = losses.binary_cross_entropy
    return nn.fit(model, data, loss, optimizer, epochs, progress=False, **options)


DATA = nn.make_moons(20, seed=0)


def test_the_same_seed_gives_the_same_bits() -> None:
    runs = []
    for _ in range(2):
        model = network()
        history = train(model, DATA, seed=3)
        runs.append((history, model.state_dict()))
    assert runs[0] == runs[1]
    other = network()
    train(other, DATA, seed=4)
    assert other.state_dict() != runs[0][1]


def test_fit_is_the_loop_by_hand() -> None:
    model, twin = network(), network()
    history = train(model, DATA, epochs=3, seed=5)
    optimizer = nn.SGD(twin.parameters(), 0.1)
    rng = random.Random(5)
    step_loss = []
    for _ in range(3):
        for rows in nn.batches(len(DATA), 7, rng):
            part = DATA.take(rows)
            optimizer.zero_grad()
            loss = losses.binary_cross_entropy([twin(x) for x in part.inputs], part.targets)
            loss.backward()
            optimizer.step()
            step_loss.append(loss.data)
    assert history.step_loss == step_loss
    assert model.state_dict() == twin.state_dict()


def test_the_history_has_an_entry_for_each_epoch() -> None:
    history = train(
        network(), DATA, epochs=4, validation=DATA, lr=nn.schedules.linear(1.0, 0.0, 12),
        snapshot_every=3,
    )  # fmt: skip
    assert history.epochs == 4
    for column in (history.loss, history.score, history.rate, history.validation_loss):
        assert len(column) == 4
    assert len(history.step_loss) == 12
    assert history.rate[0] == pytest.approx(1.0 - 2.0 / 12.0)
    assert [epoch for epoch, _ in history.snapshots] == [0, 3]
    assert history.stopped == ""


def test_without_validation_the_last_parameters_stay() -> None:
    model = network()
    history = train(model, DATA, epochs=3, snapshot_every=1)
    assert [p.data for p in model.parameters()] == history.snapshots[-1][1]


def test_with_validation_the_best_parameters_come_back() -> None:
    model = network()
    validation = nn.make_moons(20, seed=1)
    history = train(
        model, DATA, epochs=12, lr=nn.schedules.linear(0.5, 3.0, 36), validation=validation
    )
    assert history.best_loss == min(history.validation_loss)
    assert history.best_epoch == history.validation_loss.index(history.best_loss)
    loss, score = nn.evaluate(model, validation, losses.binary_cross_entropy, nn.accuracy)
    assert loss == history.best_loss
    assert score == history.validation_score[history.best_epoch]


def test_patience_and_callback_stop_early() -> None:
    seen: list[int] = []
    history = train(network(), DATA, epochs=50, lr=0.0, patience=4, batch_size=None)
    assert (history.epochs, history.stopped) == (5, "early")

    def callback(epoch: int, history: nn.History) -> bool:
        seen.append(history.epochs)
        return epoch == 2

    history = train(network(), DATA, epochs=50, callback=callback)
    assert (seen, history.stopped) == ([1, 2, 3], "early")


def test_ctrl_c_keeps_the_best_so_far() -> None:
    def interrupt(epoch: int, history: nn.History) -> None:
        if epoch == 6:
            raise KeyboardInterrupt

    model = network()
    rising = nn.schedules.linear(0.1, 8.0, 30)
    history = train(model, DATA, epochs=50, lr=rising, callback=interrupt, validation=DATA)
    assert (history.stopped, history.epochs) == ("interrupted", 7)
    assert [p.data for p in model.parameters()] == history.best
    assert (
        nn.evaluate(model, DATA, losses.binary_cross_entropy, nn.accuracy)[0] == history.best_loss
    )


def test_ctrl_c_inside_a_step_leaves_whole_parameters() -> None:
    model = network()
    before = model.state_dict()
    calls = 0

    def loss(outputs: Any, targets: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise KeyboardInterrupt
        return losses.binary_cross_entropy(outputs, targets)

    history = nn.fit(
        model, DATA, loss, nn.SGD(model.parameters(), 0.1), 5, batch_size=7, progress=False
    )
    assert (history.stopped, history.epochs) == ("interrupted", 0)
    assert model.state_dict() == before


@pytest.mark.parametrize("batch_size", [None, 7])
def test_a_divergent_run_names_the_step_and_restores(batch_size: int | None) -> None:
    model = nn.MLP(2, [1], seed=0)
    data = nn.Dataset(DATA.inputs, [float(t) for t in DATA.targets], DATA.features)
    with pytest.raises(
        nn.DivergenceError, match=r"training diverged in step \d+ \(epoch \d+\)"
    ) as caught:
        nn.fit(model, data, losses.mean_squared_error, nn.SGD(model.parameters(), 1e60), 20,
               batch_size=batch_size, progress=False)  # fmt: skip
    history = caught.value.history
    assert history.stopped == "diverged"
    kept = [p.data for p in model.parameters()]
    assert all(map(math.isfinite, kept))
    if history.best:
        assert kept == history.best
    score = nn.evaluate(model, data, losses.mean_squared_error, nn.r2)
    assert all(map(math.isfinite, score))


def test_a_loss_of_nan_in_the_first_step_changes_nothing() -> None:
    model = network()
    before = model.state_dict()
    with pytest.raises(nn.DivergenceError, match=r"step 0 \(epoch 0\): the loss is nan. The"
                       " parameters it started with are back"):  # fmt: skip
        nn.fit(
            model,
            DATA,
            lambda o, t: o[0] * math.nan,
            nn.SGD(model.parameters(), 0.1),
            3,
            progress=False,
        )
    assert model.state_dict() == before


def test_an_error_of_the_users_code_restores_too() -> None:
    model = network()
    before = model.state_dict()

    def loss(outputs: Any, targets: Any) -> Any:
        if len(outputs) < 7:
            raise ZeroDivisionError("mine")
        return losses.binary_cross_entropy(outputs, targets)

    with pytest.raises(ZeroDivisionError, match="mine"):
        nn.fit(model, DATA, loss, nn.SGD(model.parameters(), 0.1), 3, batch_size=7, progress=False)
    assert model.state_dict() == before
    assert model.training


def test_dropout_trains_and_is_off_for_evaluation() -> None:
    model = nn.Sequential(
        nn.Layer(2, 6, seed=0), nn.Dropout(0.5, seed=0), nn.Layer(6, 1, nonlin=False, seed=1)
    )
    model.eval()
    history = train(model, DATA, epochs=3, validation=DATA)
    assert not model.training
    loss, _ = nn.evaluate(model, DATA, losses.binary_cross_entropy, nn.accuracy)
    assert loss == history.best_loss
    assert nn.predict(model, DATA.inputs) == [y.data for y in map(model, DATA.inputs)]


def test_the_penalty_is_in_the_step_not_in_the_epochs_loss() -> None:
    model = network()
    strength = 0.1
    history = train(
        model, DATA, epochs=1, batch_size=None,
        penalty=lambda: losses.l2(model.parameters(), strength),
    )  # fmt: skip
    size = math.fsum(p.data**2 for p in network().parameters())
    assert history.step_loss[0] == pytest.approx(history.loss[0] + strength * size, rel=1e-12)


def test_regression_learns_and_scores_by_r2() -> None:
    inputs = [[x / 10.0] for x in range(-10, 11)]
    data = nn.Dataset(inputs, [math.sin(2.0 * x) for (x,) in inputs], ["x"])
    model = nn.MLP(1, [8, 1], activation="tanh", seed=0)
    history = nn.fit(model, data, losses.mean_squared_error, nn.Adam(model.parameters(), 0.05), 150,
                     batch_size=7, progress=False)  # fmt: skip
    assert history.score[-1] > 0.97


def test_iris_is_learnt() -> None:
    pytest.importorskip("sklearn")
    train_part, test_part = nn.split(nn.load_dataset("iris"), 0.3, seed=0)
    scaling = nn.standardize(train_part.inputs)
    model = nn.MLP(4, [8, 3], activation="tanh", seed=0)
    nn.fit(model, train_part.scaled(scaling), losses.cross_entropy,
           nn.Adam(model.parameters(), 0.05), 15, batch_size=16, progress=False)  # fmt: skip
    outputs = nn.predict(model, scaling.apply(test_part.inputs))
    assert nn.accuracy(outputs, test_part.targets) > 0.9


def test_progress_bar_writes_to_stderr_only(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("tqdm")
    nn.fit(
        network(), DATA, losses.binary_cross_entropy, nn.SGD((m := network()).parameters(), 0.1), 2
    )
    out, err = capsys.readouterr()
    assert out == ""
    assert "epoch" in err
    assert m.training


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"epochs": 0}, ValueError, "epochs is 0"),
        ({"epochs": 2.5}, ValueError, "epochs is 2.5"),
        ({"batch_size": 0}, ValueError, "the batch size is 0"),
        ({"patience": 0}, ValueError, "patience is 0"),
        ({"data": DATA.take([])}, ValueError, r"the training data \(moons\) has no examples"),
        (
            {"validation": DATA.take([])},
            ValueError,
            r"the validation data \(moons\) has no examples",
        ),
    ],
)
def test_refusals_change_nothing(
    options: dict[str, Any], error: type[Exception], message: str
) -> None:
    model = network()
    before = model.state_dict()
    with pytest.raises(error, match=message):
        train(model, options.pop("data", DATA), **options)
    assert model.state_dict() == before


def test_a_loss_that_is_no_value() -> None:
    model = network()
    with pytest.raises(TypeError, match=r"the loss is 1.0, not a Value"):
        nn.fit(model, DATA, lambda o, t: 1.0, nn.SGD(model.parameters(), 0.1), 1, progress=False)


# Scores


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(-9, 9), st.floats(-9, 9)), min_size=2, max_size=9))
def test_r2_matches_sklearn(pairs: list[tuple[float, float]]) -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    outputs, targets = [o for o, _ in pairs], [t for _, t in pairs]
    if math.fsum((t - math.fsum(targets) / len(targets)) ** 2 for t in targets) > 1e-6:
        assert nn.r2(outputs, targets) == pytest.approx(
            metrics.r2_score(targets, outputs), rel=1e-9
        )


def test_scores() -> None:
    assert nn.r2([1.0, 1.0], [1.0, 1.0]) == 1.0
    assert nn.r2([1.0, 2.0], [1.0, 1.0]) == 0.0


@pytest.mark.parametrize("wrong", [[1e200, 0.0, 0.0], [1.2e154, 1.2e154, 0.0]])
def test_r2_of_answers_beyond_all_measure(wrong: list[float]) -> None:
    assert nn.r2(wrong, [1.0, 2.0, 3.0]) == -math.inf
    assert nn.accuracy([[0.0, 1.0], [1.0, 0.0]], [1, 1]) == 0.5
    assert nn.decided([1.0, 1.0]) == 0
    assert nn.confusion([[0.0, 1.0], [1.0, 0.0], [1.0, 0.0]], [1, 1, 0], 2) == [[1, 0], [1, 1]]
    for score in (nn.accuracy, nn.r2):
        with pytest.raises(ValueError, match="no examples"):
            score([], [])
        with pytest.raises(ValueError, match=r"1 output\(s\) and 2 target"):
            score([1.0], [1, 1])


def test_outputs_of_predict_are_plain() -> None:
    assert all(type(y) is float for y in nn.predict(network(), DATA.inputs))
    rows = nn.predict(nn.MLP(2, [3], seed=0), DATA.inputs)
    assert all(type(y) is float for row in rows for y in row)
    assert not isinstance(rows[0][0], Value)


def test_several_outputs_are_trained_and_scored_as_scikit_learn_scores_them() -> None:
    inputs = [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]
    data = nn.Dataset(inputs, [[1.0, 2.0], [3.0, 4.0], [5.0, 7.0]], ["a", "b"])
    model = nn.MLP(2, [3, 2], activation="tanh", seed=1)
    optimizer = nn.SGD(model.parameters(), lr=0.01)
    history = nn.fit(model, data, losses.mean_squared_error, optimizer, 20, progress=False)
    outputs = [[v.data for v in model(x)] for x in inputs]
    metrics = pytest.importorskip("sklearn.metrics")
    assert nn.r2(outputs, data.targets) == pytest.approx(metrics.r2_score(data.targets, outputs))
    assert history.loss[-1] < history.loss[0]
