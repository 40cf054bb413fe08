"""The estimators, judged by scikit-learn's own checks."""

from __future__ import annotations

from typing import Any

import pytest

import nn

sklearn = pytest.importorskip("sklearn", minversion="1.6")


def iris() -> Any:
    from sklearn.datasets import load_iris

    return load_iris(return_X_y=True)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["MLPClassifier", "MLPRegressor"])
def test_scikit_learns_own_checks(name: str) -> None:
    from sklearn.utils.estimator_checks import check_estimator

    estimator = getattr(nn, name)((4,), epochs=15, lr=0.1)
    results = check_estimator(estimator, on_fail=None, on_skip=None)
    failed = [(r["check_name"], r["exception"]) for r in results if r["status"] == "failed"]
    assert failed == []
    assert len(results) > 30


def test_cross_validation_and_clone() -> None:
    from sklearn.base import clone
    from sklearn.model_selection import cross_val_score

    estimator = nn.MLPClassifier((6,), epochs=12, lr=0.05)
    scores = cross_val_score(clone(estimator), *iris(), cv=3)
    assert min(scores) > 0.85


def test_decision_boundary_display() -> None:
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("agg")
    import matplotlib.pyplot as plt
    from sklearn.inspection import DecisionBoundaryDisplay

    X, y = iris()
    estimator = nn.MLPClassifier((4,), epochs=5).fit(X[:, 2:], y)
    display = DecisionBoundaryDisplay.from_estimator(
        estimator, X[:, 2:], grid_resolution=12, response_method="predict"
    )
    assert display.surface_ is not None
    plt.close("all")


def test_classes_keep_their_names_and_probabilities_add_up() -> None:
    data = nn.make_moons(40, seed=0)
    names = ["yes" if t else "no" for t in data.targets]
    estimator = nn.MLPClassifier((8,), epochs=150, lr=0.1).fit(data.inputs, names)
    assert estimator.classes_.tolist() == ["no", "yes"]
    assert estimator.score(data.inputs, names) == 1.0
    rows = estimator.predict_proba(data.inputs)
    assert rows.sum(axis=1) == pytest.approx([1.0] * 40)
    assert (rows.argmax(axis=1) == data.targets).all()
    assert ((estimator.decision_function(data.inputs) > 0) == data.targets).all()


def test_regression() -> None:
    X = [[x / 10.0] for x in range(30)]
    y = [1000.0 + 50.0 * x * x for (x,) in X]
    estimator = nn.MLPRegressor((8,), epochs=150, lr=0.05).fit(X, y)
    assert estimator.score(X, y) > 0.98
    assert estimator.predict([[1.0]])[0] == pytest.approx(1050.0, rel=0.02)


def test_the_same_seed_gives_the_same_bits() -> None:
    X, y = iris()
    runs = [
        nn.MLPClassifier((4,), epochs=3, seed=s).fit(X, y).network_.state_dict() for s in (1, 1, 2)
    ]
    assert runs[0] == runs[1] != runs[2]


@pytest.mark.parametrize(
    ("X", "y", "message"),
    [
        ([[1.0], [2.0]], [1, 1], "when there is one class"),
        ([[1.0], [float("nan")]], [0, 1], "NaN"),
        ([[1.0], [float("inf")]], [0, 1], "infinity"),
        ([[1.0], [2.0]], [0, 1, 1], "inconsistent numbers of samples"),
        ([], [], "Expected 2D array"),
        ([1.0, 2.0], [0, 1], "Expected 2D array"),
    ],
)
def test_refusals(X: Any, y: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        nn.MLPClassifier().fit(X, y)


def test_features_are_checked_when_it_is_used() -> None:
    from sklearn.exceptions import NotFittedError

    X, y = iris()
    with pytest.raises(NotFittedError):
        nn.MLPClassifier().predict(X)
    estimator = nn.MLPClassifier((2,), epochs=1).fit(X, y)
    with pytest.raises(ValueError, match="X has 3 features, but MLPClassifier is expecting 4"):
        estimator.predict(X[:, :3])
