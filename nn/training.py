"""Training: `fit` makes a network fit data, step by step, and tells how it went."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from autograd.engine import Value
from nn.data import Dataset, batches
from nn.initializers import generator
from nn.layers import Seed
from nn.module import Module
from nn.optimizers import Optimizer

Loss = Callable[[Sequence[Any], Sequence[Any]], Any]
Score = Callable[[Sequence[Any], Sequence[Any]], float]


@dataclass
class History:
    """What happened in a training run; lists have one entry for each finished epoch.

    Fields
    - `loss`, `score`: the means over the epoch's batches, each taken before its
      step changed the network. The loss has no penalty in it.
    - `rate`: the learning rate of the epoch's last step.
    - `validation_loss`, `validation_score`: of the validation data after the
      epoch; empty without validation data.
    - `step_loss`: the loss of every step, with its penalty.
    - `best_epoch`, `best_loss`: the best epoch, from 0, and its loss (of the
      validation data if there is any); -1 and infinity before the first.
    - `best`: the parameters' numbers then, in the order of `parameters()`.
    - `snapshots`: pairs (epoch, parameters' numbers), if asked for.
    - `stopped`: why it ended early: "interrupted", "early" or "diverged"; else "".
    """

    loss: list[float] = field(default_factory=list)
    score: list[float] = field(default_factory=list)
    rate: list[float] = field(default_factory=list)
    validation_loss: list[float] = field(default_factory=list)
    validation_score: list[float] = field(default_factory=list)
    step_loss: list[float] = field(default_factory=list)
    best_epoch: int = -1
    best_loss: float = math.inf
    best: list[float] = field(default_factory=list)
    snapshots: list[tuple[int, list[float]]] = field(default_factory=list)
    stopped: str = ""

    @property
    def epochs(self) -> int:
        """The number of epochs that were finished."""
        return len(self.loss)


class DivergenceError(FloatingPointError):
    """A training run's loss or gradient became NaN or infinite; `.history` tells the rest."""

    def __init__(self, message: str, history: History) -> None:
        super().__init__(message)
        self.history = history


def fit(
    model: Module,
    data: Dataset,
    loss: Loss,
    optimizer: Optimizer,
    epochs: int,
    *,
    batch_size: int | None = None,
    penalty: Callable[[], Any] | None = None,
    score: Score | None = None,
    validation: Dataset | None = None,
    patience: int | None = None,
    snapshot_every: int | None = None,
    callback: Callable[[int, History], Any] | None = None,
    progress: bool = True,
    seed: Seed = 0,
) -> History:
    """Train the model on the data.

    Arguments
    - `loss`: from the outputs for a batch and its targets to one number
      (`nn.losses`).
    - `optimizer`: holds the model's parameters and the learning rate.
    - `epochs`: how often to go through the data.
    - `batch_size`: the examples of a step; all of them if None. Batches are
      drawn anew for each epoch, in an order that `seed` decides.
    - `penalty`: gives a number to add to each step's loss
      (`lambda: losses.l2(model.parameters(), 1e-4)`).
    - `score`: from outputs and targets to a number, larger is better; without
      one `accuracy` for classes and `r2` for regression.
    - `validation`: other data, measured after each epoch.
    - `patience`: stop after so many epochs that brought no better loss.
    - `snapshot_every`: keep the parameters after the first, every so many epochs,
      and the last.
    - `callback`: called after each epoch with its number, from 0, and the
      history; if it returns True the training stops.
    - `progress`: show a bar, if tqdm is installed.

    Returns the History. With validation data the model ends with the best
    epoch's parameters, without with the last ones. Ctrl-C ends the run as if
    it were over, with the best parameters so far.

    Raises DivergenceError if a loss or gradient is NaN or infinite, naming the step,
    after the best parameters so far (those it started with, if there are none)
    are put back. ValueError if there are no examples.

    >>> from nn import MLP, SGD, losses, make_moons
    >>> model = MLP(2, [4, 1], activation="tanh", seed=0)
    >>> history = fit(model, make_moons(20, seed=0), losses.binary_cross_entropy,
    ...               SGD(model.parameters(), lr=1.0), epochs=30, progress=False)
    >>> history.epochs, history.loss[-1] < history.loss[0]
    (30, True)
    """
    for name, n in (("epochs", epochs), ("patience", patience), ("snapshot_every", snapshot_every)):
        if n is not None and (isinstance(n, bool) or not isinstance(n, int) or n < 1):
            raise ValueError(f"{name} is {n!r}: give a whole number of at least 1")
    run = _Run(model, data, loss, optimizer, batch_size, penalty, score, validation)
    random, history = generator(seed), run.history
    with _Bar(epochs if progress else None) as bar:
        try:
            for epoch in range(epochs):
                run.epoch(epoch, random)
                if snapshot_every and (epoch % snapshot_every == 0 or epoch == epochs - 1):
                    history.snapshots.append((epoch, run.numbers()))
                bar.show(history)
                told = callback is not None and callback(epoch, history) is True
                if told or (patience and epoch - history.best_epoch >= patience):
                    history.stopped = "early"
                    break
        except KeyboardInterrupt:
            history.stopped = "interrupted"
        except BaseException:
            run.restore()
            raise
        finally:
            model.train(run.was_training)
    if validation is not None or history.stopped == "interrupted":
        run.restore()
    return history


class _Run:
    """A training run: what its epochs share."""

    def __init__(
        self,
        model: Module,
        data: Dataset,
        loss: Loss,
        optimizer: Optimizer,
        batch_size: int | None,
        penalty: Callable[[], Any] | None,
        score: Score | None,
        validation: Dataset | None,
    ) -> None:
        for part, name in ((data, "the training data"), (validation, "the validation data")):
            if part is not None and not len(part):
                raise ValueError(f"{name} ({part.name}) has no examples: give at least one")
        self.model, self.data, self.loss, self.optimizer = model, data, loss, optimizer
        self.batch_size, self.penalty, self.validation = batch_size, penalty, validation
        self.score = score or (accuracy if data.classes else r2)
        self.was_training = model.training
        self.history = History()
        self.parameters = model.parameters()
        self.start = self.numbers()

    def numbers(self) -> list[float]:
        return [parameter.data for parameter in self.parameters]

    def restore(self) -> None:
        """Put the best parameters so far back, or those at the start."""
        for parameter, x in zip(self.parameters, self.history.best or self.start, strict=True):
            parameter.data = x

    def epoch(self, epoch: int, random: Any) -> None:
        """One pass through the data: a step for each batch, then the measurements."""
        self.model.train()
        count = len(self.data)
        shuffled = random if self.batch_size is not None and self.batch_size < count else None
        total, outputs, targets = 0.0, [], []
        rate = 0.0
        before: list[float] = []
        for rows in batches(count, self.batch_size, shuffled):
            rate, before = self.optimizer.lr, self.numbers()
            batch_loss, batch_outputs, batch_targets = self.step(epoch, rows)
            total += batch_loss * len(rows)
            outputs += batch_outputs
            targets += batch_targets
        history = self.history
        history.loss.append(total / count)
        history.score.append(self.score(outputs, targets))
        history.rate.append(rate)
        if self.validation is None:
            # The numbers that the last batch's loss was measured with: known to be good.
            self.keep(epoch, history.loss[-1], before)
        else:
            loss, score = evaluate(self.model, self.validation, self.loss, self.score)
            history.validation_loss.append(loss)
            history.validation_score.append(score)
            self.keep(epoch, loss, self.numbers())

    def step(self, epoch: int, rows: list[int]) -> tuple[float, list[Any], list[Any]]:
        """One step: the loss without penalty, the outputs as numbers, the targets."""
        inputs, targets = self.data.inputs, self.data.targets
        batch_targets = [targets[i] for i in rows]
        self.optimizer.zero_grad()
        outputs = [self.model(inputs[i]) for i in rows]
        data_loss = self.loss(outputs, batch_targets)
        loss = data_loss if self.penalty is None else data_loss + self.penalty()
        if not isinstance(loss, Value):
            raise TypeError(
                f"the loss is {loss!r:.80}, not a Value: compute it from the model's outputs"
            )
        self.history.step_loss.append(loss.data)
        if not math.isfinite(loss.data):
            raise self.diverged(epoch, f"the loss is {loss.data!r}")
        loss.backward()
        try:
            self.optimizer.step()
        except FloatingPointError as error:
            raise self.diverged(epoch, str(error)) from None
        return data_loss.data, [numbers_of(output) for output in outputs], batch_targets

    def diverged(self, epoch: int, what: str) -> DivergenceError:
        self.history.stopped = "diverged"
        kept = "best parameters so far" if self.history.best else "parameters it started with"
        return DivergenceError(
            f"training diverged in step {len(self.history.step_loss) - 1} (epoch {epoch}): {what}."
            f" The {kept} are back in place; take a smaller learning rate, or scale the inputs",
            self.history,
        )

    def keep(self, epoch: int, loss: float, numbers: list[float]) -> None:
        history = self.history
        if loss < history.best_loss:
            history.best_epoch, history.best_loss, history.best = epoch, loss, numbers


def numbers_of(output: Any) -> Any:
    """A network's output as a plain number, or as a list of them."""
    if isinstance(output, (list, tuple)):
        return [numbers_of(item) for item in output]
    return output.data if isinstance(output, Value) else float(output)


def predict(model: Module, inputs: Iterable[Sequence[float]]) -> list[Any]:
    """The outputs for rows of inputs as plain numbers: a float each, or a list of them.

    Nothing is recorded, and modules such as Dropout are told that they are only used.
    """
    plain = model.plain().eval()
    return [numbers_of(plain(row)) for row in inputs]


def evaluate(model: Module, data: Dataset, loss: Loss, score: Score) -> tuple[float, float]:
    """The loss and the score on the data, as plain numbers; nothing is recorded.

    >>> from nn import MLP, losses, make_moons
    >>> model = MLP(2, [1], initializer="zeros")
    >>> evaluate(model, make_moons(10), losses.binary_cross_entropy, accuracy)
    (0.6931471805599453, 0.5)
    """
    outputs = predict(model, data.inputs)
    return float(loss(outputs, data.targets)), score(outputs, data.targets)


# Scores


def decided(output: Any) -> int:
    """The class that an output stands for: of the largest number, or 1 if one number is above 0.

    >>> decided([0.1, 3.0, -2.0]), decided(-0.5)
    (1, 0)
    """
    if isinstance(output, (list, tuple)):
        return max(range(len(output)), key=lambda i: (output[i], -i))
    return int(output > 0.0)


def accuracy(outputs: Sequence[Any], targets: Sequence[Any]) -> float:
    """The share of examples whose class is right.

    Arguments: n outputs, each a number (above 0 is class 1) or a list of one
    for each class; n targets, classes from 0, or -1 and 1 for single numbers.
    Raises ValueError if the lengths differ or there are none.

    >>> accuracy([2.0, -1.0, 0.5, -3.0], [1, -1, -1, -1])
    0.75
    """
    _same_length("accuracy", outputs, targets)
    right = [decided(output) == max(0, int(t)) for output, t in zip(outputs, targets, strict=True)]
    return sum(right) / len(right)


def r2(outputs: Sequence[Any], targets: Sequence[Any]) -> float:
    """The coefficient of determination R²: 1 - squared errors / squared deviations from the mean.

    1 is perfect, 0 as good as always saying the mean. Where all targets are
    equal it is 1 for a perfect prediction, else 0; where the squares are beyond
    all numbers, -inf. For lists of outputs it is the mean of each output's.
    Raises ValueError if the lengths differ or there are none.

    >>> r2([1.0, 2.0, 3.0], [1.0, 2.0, 4.0])
    0.7857142857142857
    """
    _same_length("r2", outputs, targets)
    if isinstance(targets[0], Sequence):
        columns = zip(*outputs, strict=True), zip(*targets, strict=True)
        return math.fsum(map(r2, *columns)) / len(targets[0])
    mean = math.fsum(targets) / len(targets)
    try:
        errors = math.fsum([(o - t) ** 2 for o, t in zip(outputs, targets, strict=True)])
    except OverflowError:
        return -math.inf
    spread = math.fsum([(t - mean) ** 2 for t in targets])
    if spread == 0.0:
        return 1.0 if errors == 0.0 else 0.0
    return 1.0 - errors / spread


def confusion(outputs: Sequence[Any], targets: Sequence[int], classes: int) -> list[list[int]]:
    """How often each class (row) was taken for each (column).

    >>> confusion([2.0, -1.0, 0.5], [1, 0, 0], 2)
    [[1, 1], [0, 1]]
    """
    _same_length("confusion", outputs, targets)
    matrix = [[0] * classes for _ in range(classes)]
    for output, t in zip(outputs, targets, strict=True):
        matrix[t][decided(output)] += 1
    return matrix


def _same_length(name: str, outputs: Sequence[Any], targets: Sequence[Any]) -> None:
    if len(outputs) != len(targets):
        raise ValueError(
            f"{name} got {len(outputs)} output(s) and {len(targets)} target(s): give one target for"
            " each"
        )
    if not outputs:
        raise ValueError(f"{name} of no examples is not defined: give at least one")


class _Bar:
    """The progress bar, or nothing where it isn't wanted or there is no tqdm."""

    def __init__(self, epochs: int | None) -> None:
        self._bar: Any = None
        if epochs is None:
            return
        try:
            from tqdm.auto import tqdm
        except ImportError:
            return
        self._bar = tqdm(total=epochs, unit="epoch")

    def __enter__(self) -> _Bar:
        return self

    def __exit__(self, *_: Any) -> None:
        if self._bar is not None:
            self._bar.close()

    def show(self, history: History) -> None:
        """One more epoch is done."""
        if self._bar is not None:
            self._bar.set_postfix(loss=f"{history.loss[-1]:.4f}", score=f"{history.score[-1]:.3f}")
            self._bar.update()
