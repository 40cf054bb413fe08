"""Estimators: networks with scikit-learn's interface, to use wherever it takes a model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

from nn import losses
from nn.data import Dataset
from nn.initializers import generator
from nn.layers import MLP
from nn.optimizers import Adam
from nn.runs import Predictor, width
from nn.training import decided, fit

try:
    import numpy
    from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
    from sklearn.utils.multiclass import check_classification_targets
    from sklearn.utils.validation import check_is_fitted, validate_data
except ImportError:
    raise ImportError(
        "nn.estimators needs scikit-learn 1.6 or newer: pip install 'scalar-autograd[train]'"
    ) from None


class _Estimator(BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """What the two estimators share: the network, trained on standardized inputs."""

    def __init__(
        self,
        hidden: Sequence[int] = (16,),
        *,
        activation: str = "tanh",
        initializer: str = "xavier",
        lr: Any = 0.03,
        epochs: int = 100,
        batch_size: int | None = 16,
        l2: float = 1e-4,
        seed: int = 0,
        progress: bool = False,
    ) -> None:
        # scikit-learn asks that arguments are kept as they are, and checked in fit.
        self.hidden = hidden
        self.activation = activation
        self.initializer = initializer
        self.lr = lr
        self.epochs = epochs
        self.batch_size = batch_size
        self.l2 = l2
        self.seed = seed
        self.progress = progress

    def _train(self, X: Any, targets: list[Any], classes: list[str]) -> Self:
        rows = X.tolist()
        data = Dataset(rows, targets, [f"x{i}" for i in range(len(rows[0]))], classes)
        random = generator(self.seed)
        network = MLP(
            len(rows[0]),
            [*self.hidden, width(classes)],
            activation=self.activation,
            initializer=self.initializer,
            seed=random,
        )
        parameters = network.parameters()
        predictor = Predictor.of(network, data)
        self.history_ = fit(
            network,
            predictor.prepared(data),
            predictor.loss,
            Adam(parameters, self.lr),
            self.epochs,
            batch_size=self.batch_size,
            penalty=(lambda: losses.l2(parameters, self.l2)) if self.l2 else None,
            progress=self.progress,
            seed=random,
        )
        self.predictor_ = predictor
        self.network_, self.scaling_ = network, predictor.scaling
        return self

    def _outputs(self, X: Any) -> list[Any]:
        check_is_fitted(self, "predictor_")
        checked: Any = validate_data(self, X, reset=False, dtype="float64")
        return self.predictor_.outputs(checked.tolist())


class MLPClassifier(ClassifierMixin, _Estimator):  # type: ignore[misc]  # the same
    """A multilayer perceptron that tells classes apart.

    Arguments
    - `hidden`: the sizes of the hidden layers.
    - `activation`, `initializer`: see nn.MLP.
    - `lr`: Adam's learning rate, or a schedule.
    - `epochs`, `batch_size`: see nn.fit.
    - `l2`: the strength of the penalty on the parameters' squares.
    - `seed`: an int; it decides the first weights and the batches.
    - `progress`: show a bar.

    After fit: `network_`, the nn.MLP; `scaling_`, of the inputs; `predictor_`, the
    nn.runs.Predictor of both; `history_`; `classes_`; `n_features_in_`;
    `feature_names_in_` if the inputs named them.

    >>> from nn import make_moons
    >>> data = make_moons(40, seed=0)
    >>> model = MLPClassifier((8,), lr=0.1, batch_size=10, seed=0).fit(data.inputs, data.targets)
    >>> model.score(data.inputs, data.targets)
    1.0
    """

    def fit(self, X: Any, y: Any) -> Self:
        """Train on n rows X of k numbers and their n classes y; gives itself.

        Raises ValueError for no rows, rows of different lengths, cells that are
        not finite, one class, or another number of classes than rows.
        """
        X, y = validate_data(self, X, y, dtype="float64")
        check_classification_targets(y)
        names, targets = numpy.unique(y, return_inverse=True)
        if len(names) < 2:
            raise ValueError(
                "MLPClassifier can't tell classes apart when there is one class,"
                f" {names.tolist()[0]!r}: give rows of at least two"
            )
        self._train(X, targets.tolist(), [str(name) for name in names.tolist()])
        self.classes_ = names
        return self

    def decision_function(self, X: Any) -> Any:
        """The network's outputs as an array: n logits of the second class, or n by k."""
        return numpy.asarray(self._outputs(X))

    def predict_proba(self, X: Any) -> Any:
        """The probability of each class: an array of n rows that add up to 1."""
        return numpy.asarray([self.predictor_.probabilities(o) for o in self._outputs(X)])

    def predict(self, X: Any) -> Any:
        """The class of each row, an array."""
        chosen = [decided(output) for output in self._outputs(X)]
        return self.classes_[chosen]


class MLPRegressor(RegressorMixin, _Estimator):  # type: ignore[misc]  # the same
    """A multilayer perceptron that predicts a number.

    Arguments and attributes: as MLPClassifier's, without `classes_`. The
    targets are standardized while training; `target_scaling_` has their mean
    and spread.

    >>> X = [[x / 10] for x in range(20)]
    >>> y = [2.0 * x + 1.0 for (x,) in X]
    >>> MLPRegressor((4,), seed=0).fit(X, y).score(X, y) > 0.99
    True
    """

    def fit(self, X: Any, y: Any) -> Self:
        """Train on n rows X of k numbers and their n numbers y; gives itself.

        Raises ValueError for no rows, rows of different lengths, numbers that
        are not finite, or another number of targets than rows.
        """
        X, y = validate_data(self, X, y, dtype="float64", y_numeric=True)
        self._train(X, y.tolist(), [])
        self.target_scaling_ = self.predictor_.unit
        return self

    def predict(self, X: Any) -> Any:
        """The predicted number of each row, an array."""
        return numpy.asarray([self.predictor_.answer(output) for output in self._outputs(X)])
