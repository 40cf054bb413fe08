"""A run: from data to a trained network that takes raw rows and gives answers.

This is what `autograd train` does, without its command line and its report.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from autograd import functions, primitives
from nn.data import Dataset, Row, Scaling, split, standardize
from nn.layers import MLP
from nn.losses import binary_cross_entropy, cross_entropy, l2, mean_squared_error
from nn.optimizers import SGD, Adagrad, Adam, AdamW, Optimizer, RMSProp
from nn.training import (
    DivergenceError,
    History,
    Loss,
    accuracy,
    decided,
    evaluate,
    fit,
    r2,
)
from nn.training import predict as outputs_of

SEEN = 5000
"""Where the number of epochs isn't given, about so many examples are seen: some seconds."""

VALIDATION = 0.2
"""The share of the rows not put aside for the test that chooses the best epoch."""

OPTIMIZERS: dict[str, tuple[Callable[..., Optimizer], float]] = {
    "adam": (Adam, 0.01),
    "adamw": (AdamW, 0.01),
    "sgd": (SGD, 0.1),
    "rmsprop": (RMSProp, 0.005),
    "adagrad": (Adagrad, 0.05),
}
"""Each with its learning rate where none is given."""


@dataclass(frozen=True)
class Predictor:
    """A network with the scaling of its inputs and the meaning of its outputs.

    Fields: `model`; `features`, the names of its k inputs; `scaling`, what its
    inputs go through; `target`, what it predicts; `classes`, their names, empty
    for regression; `unit`, by which a number it gives is scaled back.

    The network has one output for a number (regression) or for the logit of the
    second of two classes, else one logit for each class.

    >>> data = Dataset([[0.0], [10.0]], [0, 1], ["x"], ["low", "high"], "level")
    >>> model = MLP(1, [1], initializer="zeros")
    >>> model.load_state_dict({"layers.0.neurons.0.w": [3.0], "layers.0.neurons.0.b": 0.0})
    >>> predictor = Predictor.of(model, data)
    >>> predictor.answers([[1.0], [9.0]])
    ['low', 'high']
    """

    model: MLP
    features: list[str]
    scaling: Scaling
    target: str
    classes: list[str]
    unit: Scaling

    @classmethod
    def of(cls, model: MLP, data: Dataset) -> Predictor:
        """The predictor whose scaling is taken from the training data."""
        unit = Scaling([0.0], [1.0])
        if not data.classes:
            unit = standardize([[t] for t in data.targets])
        return cls(model, data.features, standardize(data.inputs), data.target, data.classes, unit)

    @classmethod
    def from_notes(cls, model: Any) -> Predictor:
        """The predictor of a loaded model, its description read from the model's notes.

        Raises ValueError if they are missing or don't fit the model.
        """
        notes = model.notes
        try:
            predictor = cls(
                model,
                _texts(notes["features"]),
                Scaling(_numbers(notes["mean"]), _numbers(notes["scale"])),
                str(notes["target"]),
                _texts(notes["classes"]),
                Scaling(_numbers(notes["unit"][:1]), _numbers(notes["unit"][1:])),
            )
            sizes = model.settings()
            k, outputs = len(predictor.features), sizes["nouts"][-1]
            if 0.0 in predictor.scaling.scale + predictor.unit.scale:
                raise ValueError("a scale of 0")
            if {sizes["nin"], len(notes["mean"]), len(notes["scale"])} != {k}:
                raise ValueError(f"{k} features for {sizes['nin']} inputs")
            if outputs != width(predictor.classes) or len(notes["unit"]) != 2:
                raise ValueError(f"{len(predictor.classes)} classes for {outputs} outputs")
        except (KeyError, TypeError, ValueError, IndexError) as error:
            raise ValueError(
                f"the model's notes don't say what its inputs and outputs are ({error!r:.80}):"
                " use a model that `autograd train` saved"
            ) from None
        return predictor

    def notes(self) -> dict[str, Any]:
        """What `from_notes` reads, made of what JSON has."""
        return {
            "features": self.features,
            "mean": self.scaling.mean,
            "scale": self.scaling.scale,
            "target": self.target,
            "classes": self.classes,
            "unit": [*self.unit.mean, *self.unit.scale],
        }

    def prepared(self, data: Dataset) -> Dataset:
        """The data as the network takes it: inputs scaled, and numbers to predict scaled."""
        scaled = data.scaled(self.scaling)
        if self.classes:
            return scaled
        return replace(
            scaled, targets=[row[0] for row in self.unit.apply([[t] for t in data.targets])]
        )

    def outputs(self, rows: Sequence[Sequence[float]]) -> list[Any]:
        """The network's outputs for raw rows, as plain numbers."""
        return outputs_of(self.model, self.scaling.apply(rows))

    def answers(self, rows: Sequence[Sequence[float]]) -> list[Any]:
        """For each raw row the name of its class, or the number predicted."""
        return [self.answer(output) for output in self.outputs(rows)]

    def answer(self, output: Any) -> Any:
        """What one output of the network stands for."""
        if self.classes:
            return self.classes[decided(output)]
        return self.unit.undo([[output]])[0][0]

    def probabilities(self, output: Any) -> Row:
        """The probability of each class that one output of the network stands for."""
        if isinstance(output, list):
            return functions.softmax(output)
        return [primitives.sigmoid(-output), primitives.sigmoid(output)]

    @property
    def loss(self) -> Loss:
        """The loss it is trained with."""
        if not self.classes:
            return mean_squared_error
        return binary_cross_entropy if len(self.classes) == 2 else cross_entropy

    @property
    def score(self) -> Callable[[Sequence[Any], Sequence[Any]], float]:
        """How good it is: the share of right answers, or R²."""
        return accuracy if self.classes else r2


@dataclass(frozen=True)
class Settings:
    """What a run is asked to do; None leaves a number to the data.

    Fields: `hidden`, the sizes of the hidden layers; `activation`, their
    neurons'; `epochs`; `batch_size`; `optimizer`, a name of OPTIMIZERS; `lr`,
    its rate; `l2`, the strength of the penalty; `test`, the share of the rows
    put aside; `seed`, of every random draw.
    """

    hidden: list[int] | None = None
    activation: str = "tanh"
    epochs: int | None = None
    batch_size: int = 16
    optimizer: str = "adam"
    lr: float | None = None
    l2: float = 0.0
    test: float = 0.25
    seed: int = 0

    def completed(self, data: Dataset) -> Settings:
        """The same with every None replaced by what suits the data."""
        rows = (1.0 - self.test) * (1.0 - VALIDATION) * len(data)
        wide = len(data.features) > 40
        return replace(
            self,
            hidden=([16] if wide else [8, 8]) if self.hidden is None else self.hidden,
            epochs=min(100, max(4, round(SEEN / rows))) if self.epochs is None else self.epochs,
            lr=OPTIMIZERS[self.optimizer][1] if self.lr is None else self.lr,
        )


@dataclass(frozen=True)
class Outcome:
    """What a run gave.

    Fields: `data` and its parts `train`, `validation` and `test`, unscaled;
    `settings`, completed; `predictor`, with the trained network; `history`;
    `test_loss` and `test_score`; `trouble`, why it ended badly, if it did;
    `outputs`, the network's for the test.
    """

    data: Dataset
    train: Dataset
    validation: Dataset
    test: Dataset
    settings: Settings
    predictor: Predictor
    history: History
    test_loss: float = math.nan
    test_score: float = math.nan
    trouble: str = ""
    outputs: list[Any] = field(default_factory=list)

    @property
    def right(self) -> int:
        """How many of the test's classes are right."""
        pairs = zip(self.outputs, self.test.targets, strict=True)
        return sum(decided(output) == t for output, t in pairs)

    def score_text(self) -> str:
        """The test's score in words."""
        if self.data.classes:
            return f"{self.test_score:.1%} right ({self.right} of {len(self.test)})"
        return f"R² {self.test_score:.3f}"


class Run:
    """A run that is ready to start: the data are parted and the network is made.

    Raises ValueError for settings that don't fit the data.

    >>> from nn.data import make_moons
    >>> run = Run(make_moons(40), Settings(hidden=[4], epochs=2))
    >>> len(run.train), len(run.validation), len(run.test)
    (24, 6, 10)
    >>> run.go(progress=False).history.epochs
    2
    """

    def __init__(self, data: Dataset, settings: Settings) -> None:
        if settings.optimizer not in OPTIMIZERS:
            raise ValueError(
                f"no optimizer is named {settings.optimizer!r}: choose {', '.join(OPTIMIZERS)}"
            )
        if not settings.l2 >= 0.0:
            raise ValueError(f"the L2 penalty's strength is {settings.l2!r}: give 0 or more")
        for name, number in (("epochs", settings.epochs), ("batch size", settings.batch_size)):
            if number is not None and number < 1:
                raise ValueError(f"{name} is {number!r}: give a whole number of at least 1")
        for i, neurons in enumerate(settings.hidden or ()):
            if neurons < 1:
                raise ValueError(
                    f"hidden layer {i + 1} has {neurons} neurons: there must be at least 1"
                )
        self.data, seed = data, settings.seed
        rest, self.test = split(data, settings.test, seed=seed)
        self.train, self.validation = split(rest, VALIDATION, seed=seed)
        self.settings = settings = settings.completed(data)
        assert settings.hidden is not None
        model = MLP(
            len(data.features),
            [*settings.hidden, width(data.classes)],
            activation=settings.activation,
            initializer="he" if "lu" in settings.activation else "xavier",  # relu, gelu, silu...
            seed=seed,
        )
        self.predictor = Predictor.of(model, self.train)
        make = OPTIMIZERS[settings.optimizer][0]
        options = {"momentum": 0.9} if settings.optimizer == "sgd" else {}
        self.optimizer = make(model.parameters(), lr=settings.lr, **options)

    def shape(self) -> str:
        """The layers' sizes and the activation, "4 → 8 → 8 → 3, tanh"."""
        return shape(self.predictor.model)

    def go(self, progress: bool = True) -> Outcome:
        """Train the network and test it.

        Argument: `progress`, whether a bar is shown.
        A run that diverges ends with the last good parameters, its outcome tells
        the trouble. Raises DivergenceError if not one epoch was finished.
        """
        predictor, settings, trouble = self.predictor, self.settings, ""
        model, loss = predictor.model, predictor.loss
        parameters = model.parameters()
        assert settings.epochs is not None
        try:
            history = fit(
                model,
                predictor.prepared(self.train),
                loss,
                self.optimizer,
                settings.epochs,
                batch_size=settings.batch_size,
                penalty=(lambda: l2(parameters, settings.l2)) if settings.l2 else None,
                score=predictor.score,
                validation=predictor.prepared(self.validation),
                progress=progress,
                seed=settings.seed,
            )
        except DivergenceError as error:
            history, trouble = error.history, str(error)
            if not history.epochs:
                raise
        model.zero_grad()
        test = predictor.prepared(self.test)
        test_loss, test_score = evaluate(model, test, loss, predictor.score)
        return Outcome(
            self.data, self.train, self.validation, self.test, settings, predictor, history,
            test_loss, test_score, trouble, predictor.outputs(self.test.inputs),
        )  # fmt: skip


def shape(model: MLP) -> str:
    """The layers' sizes and the activation of a network, "4 → 8 → 8 → 3, tanh"."""
    settings = model.settings()
    sizes = " → ".join(map(str, [settings["nin"], *settings["nouts"]]))
    return f"{sizes}, {settings['activation']}"


def width(classes: list[str]) -> int:
    """The number of outputs: one for a number or for two classes, else one a class."""
    return len(classes) if len(classes) > 2 else 1


def _texts(x: Any) -> list[str]:
    if not isinstance(x, list) or not all(isinstance(text, str) for text in x):
        raise ValueError(f"{x!r:.60} is no list of names")
    return x


def _numbers(x: Any) -> list[float]:
    if not isinstance(x, list) or not all(type(n) in (int, float) and math.isfinite(n) for n in x):
        raise ValueError(f"{x!r:.60} is no list of numbers")
    return [float(n) for n in x]
