"""The report of a run: one HTML page that needs nothing else, and its pictures as files.

The page holds no clock and nothing from elsewhere: the same run gives the same
bytes.
"""

from __future__ import annotations

import base64
import html
import io
import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Any

import autograd
from autograd import transforms
from autograd.check import GradientError, Report, check_grads
from autograd.drawing import Drawing, draw
from autograd.engine import Value
from nn import plots
from nn.layers import Neuron
from nn.runs import Outcome, shape
from nn.training import confusion, decided

CHECKED = 24
"""Parameters whose gradients are checked, spread over the layers."""

GRID = 50
"""Places on each side of the picture of what the network sees."""

MISTAKES = 8
"""Wrong answers, or largest errors, that are listed."""

escape = html.escape


def write_report(outcome: Outcome, folder: Path, command: str, model: str) -> str:
    """Write report.html and its pictures into a folder.

    Arguments: `command`, the one that makes the run again; `model`, the name of
    the model's file.
    Returns one line about the gradient check.
    Raises ImportError without matplotlib or Graphviz, OSError if the folder
    can't be written.
    """
    pictures = _pictures(outcome)
    check = check_network(outcome)
    for picture in pictures.values():
        (folder / f"{picture.name}.svg").write_bytes(picture.light)
        (folder / f"{picture.name}.png").write_bytes(picture.png)
    text = page(outcome, pictures, check, command, model)
    (folder / "report.html").write_text(text, encoding="utf-8", newline="\n")
    return _check_line(check)


# The gradient check


def check_network(outcome: Outcome) -> Report:
    """Check the trained network's gradients, for CHECKED parameters and a few examples.

    The function that is checked is the loss of the examples, the other
    parameters held. Gives the report, right or wrong.
    """
    predictor = outcome.predictor
    model, loss = predictor.model, predictor.loss
    data = predictor.prepared(outcome.train).take(_some_rows(outcome))
    numbers = [parameter.data for parameter in model.parameters()]
    names = [name for name, _ in model.named_parameters()]
    chosen = _spread(len(numbers), CHECKED)

    def f(some: dict[str, Any]) -> Any:
        twin = model.with_parameters([some.get(name, x) for name, x in zip(names, numbers)])
        return loss([twin(row) for row in data.inputs], data.targets)

    try:
        return check_grads(f, {names[i]: numbers[i] for i in chosen})
    except GradientError as wrong:
        return wrong.report


def _some_rows(outcome: Outcome) -> list[int]:
    """Up to three training examples: of different classes, or spread over the rows."""
    targets = outcome.train.targets
    if not outcome.data.classes:
        return _spread(len(targets), 3)
    return sorted({t: i for i, t in reversed(list(enumerate(targets)))}.values())[:3]


def _spread(count: int, most: int) -> list[int]:
    """At most `most` positions among `count`, evenly spread."""
    return sorted(
        {i * (count - 1) // max(1, min(count, most) - 1) for i in range(min(count, most))}
    )


def _check_line(check: Report) -> str:
    wrong = sum(not entry.passed for entry in check)
    if wrong or not check:
        return f"{max(wrong, 1)} of {len(check)} checked are WRONG, see the report"
    return f"{len(check)} of the trained network's checked against differences, all right"


# What is worth a look


def informative_features(outcome: Outcome) -> tuple[int, int]:
    """The positions of the two inputs whose change moves the network's outputs most.

    Measured by the mean of |∂output/∂input| over training examples, the inputs
    scaled to a spread of 1. With one input, it twice.
    """
    predictor = outcome.predictor
    slopes = transforms.jacobian(predictor.model.plain())
    rows = predictor.prepared(outcome.train).inputs
    totals = [0.0] * len(outcome.data.features)
    for i in _spread(len(rows), 40):
        jacobian = slopes(rows[i])
        for gradient in jacobian if isinstance(jacobian[0], list) else [jacobian]:
            totals = [total + abs(g) for total, g in zip(totals, gradient)]
    first, second, *_ = [*sorted(range(len(totals)), key=lambda j: -totals[j]), 0]
    return min(first, second), max(first, second)


def hardest_example(outcome: Outcome) -> int:
    """The position in the test of the example with the largest loss."""
    predictor = outcome.predictor
    test = predictor.prepared(outcome.test)
    outputs = predictor.outputs(outcome.test.inputs)
    losses = [predictor.loss([o], [t]) for o, t in zip(outputs, test.targets)]
    return max(range(len(losses)), key=losses.__getitem__)


def clearest_neuron(outcome: Outcome) -> tuple[int, int]:
    """The layer and position of the neuron to show: of the narrowest layer, the strongest."""
    layers = outcome.predictor.model.layers
    layer = min(range(len(layers)), key=lambda i: len(layers[i].neurons[0].w))
    strengths = [math.hypot(*(w.data for w in neuron.w)) for neuron in layers[layer].neurons]
    return layer, max(range(len(strengths)), key=strengths.__getitem__)


# Pictures


@dataclass(frozen=True)
class Picture:
    """A picture of the report.

    Fields: `name`, of its files; `alt`, what it shows in a sentence; `light`, as
    SVG; `dark`, the same for a dark page, None where `light` follows the page
    itself; `png`.
    """

    name: str
    alt: str
    light: bytes
    dark: bytes | None
    png: bytes


def _pictures(outcome: Outcome) -> dict[str, Picture]:
    """Every picture of the report, by its name."""
    confusion = _confusion(outcome) if outcome.data.classes else _predictions(outcome)
    plotted = [_loss(outcome), confusion, _boundary(outcome), _network(outcome)]
    return {picture.name: picture for picture in [*plotted, *_graphs(outcome)]}


LIGHT = {"paper": "#ffffff", "ink": "#1d2126", "line": "#8a929c"}
DARK = {"paper": "#1a1d21", "ink": "#e6e8eb", "line": "#6f7984"}
"""The page's own colours, see report.html."""


def _plotted(name: str, alt: str, size: tuple[float, float], plot: Callable[[Any], Any]) -> Picture:
    """A picture by matplotlib: `plot` draws on a figure of this size in inches."""
    light, png = _rendered(size, plot, LIGHT, ("svg", "png"))
    (dark,) = _rendered(size, plot, DARK, ("svg",))
    return Picture(name, alt, light, dark, png)


def _rendered(
    size: tuple[float, float],
    plot: Callable[[Any], Any],
    colours: dict[str, str],
    formats: Sequence[str],
) -> list[bytes]:
    """The picture in each format, whatever the user's own matplotlib settings are."""
    try:
        import matplotlib.style
        from matplotlib.figure import Figure
    except ImportError:
        raise ImportError(
            "the report's pictures need matplotlib: pip install 'scalar-autograd[train]'"
        ) from None
    paper, ink, line = colours["paper"], colours["ink"], colours["line"]
    settings = {
        "svg.hashsalt": "autograd",  # else ids are random
        "font.size": 10.0, "axes.spines.top": False, "axes.spines.right": False,
        "text.color": ink, "axes.labelcolor": ink, "axes.edgecolor": line,
        "xtick.color": line, "ytick.color": line, "xtick.labelcolor": ink, "ytick.labelcolor": ink,
        "figure.facecolor": paper, "axes.facecolor": paper, "savefig.facecolor": paper,
        "legend.facecolor": paper, "legend.edgecolor": line, "grid.color": line,
    }  # fmt: skip
    with matplotlib.style.context(["default", settings], after_reset=True):
        figure = Figure(figsize=size, layout="constrained")
        plot(figure)
        figure.draw_without_rendering()
        figure.set_layout_engine("none")  # it is laid out, once for every format
        return [_saved(figure, kind) for kind in formats]


def _saved(figure: Any, kind: str) -> bytes:
    # What a file says of its making would change from day to day.
    silent = {"svg": {"Date": None, "Creator": None}, "png": {"Software": None}}
    content = io.BytesIO()
    figure.savefig(content, format=kind, dpi=150 if kind == "png" else 72, metadata=silent[kind])
    return content.getvalue()


def _loss(outcome: Outcome) -> Picture:
    history = outcome.history
    name = "right answers" if outcome.data.classes else "R²"

    def plot(figure: Any) -> None:
        above, below = figure.subplots(2, 1, sharex=True, height_ratios=(3, 2))
        plots.loss_curve(history, above)
        above.set_xlabel("")
        plots.score_curve(history, below, name)
        below.get_legend().remove()
        for line in [*above.lines, *below.lines]:
            line.set_xdata(line.get_xdata() + 1)  # people count epochs from 1
        for axes in (above, below):
            axes.relim()
            axes.autoscale_view()

    alt = (
        f"Two curves over {history.epochs} epochs. The training loss goes from"
        f" {history.loss[0]:.3g} to {history.loss[-1]:.3g}, the validation loss from"
        f" {history.validation_loss[0]:.3g} to {history.validation_loss[-1]:.3g}, its lowest,"
        f" {history.best_loss:.3g}, in epoch {history.best_epoch + 1}"
    )
    return _plotted("loss", alt, (6.2, 5.0), plot)


def _confusion(outcome: Outcome) -> Picture:
    classes = outcome.data.classes
    matrix = confusion(outcome.outputs, outcome.test.targets, len(classes))
    said = "; ".join(
        f"of {sum(row)} {name} {row[i]} right" for i, (name, row) in enumerate(zip(classes, matrix))
    )
    size = (4.2 if len(classes) <= 4 else 5.6) + 0.04 * max(map(len, classes))

    def plot(figure: Any) -> None:
        from matplotlib.colors import LinearSegmentedColormap as Map

        axes = figure.subplots()
        paper = axes.get_facecolor()
        image = plots.confusion_matrix(matrix, classes, axes)
        image.set_cmap(Map.from_list("", [paper, plots.COLOURS[0]]))  # on a dark page too
        for text in axes.texts:
            few = int(text.get_text()) < 0.5 * max(map(max, matrix))
            text.set_color(axes.xaxis.label.get_color() if few else "white")

    return _plotted("confusion", f"Confusion matrix: {said}", (size, size - 0.3), plot)


def _predictions(outcome: Outcome) -> Picture:
    answers = [outcome.predictor.answer(output) for output in outcome.outputs]

    def plot(figure: Any) -> None:
        plots.predicted_vs_true(
            answers, outcome.test.targets, figure.subplots(), outcome.data.target
        )

    alt = f"Predicted {outcome.data.target} over true, R² {outcome.test_score:.3f}"
    return _plotted("predictions", alt, (5.6, 5.0), plot)


def _boundary(outcome: Outcome) -> Picture:
    columns = informative_features(outcome)
    first, second = [outcome.data.features[i] for i in columns]
    alt = f"What the network answers over {first} (across) and {second} (up), and the test examples"
    outputs = _once(outcome.predictor.outputs)

    def plot(figure: Any) -> None:
        if not outcome.data.classes:
            _surface(outcome, columns, figure, outputs)
            return
        axes = figure.subplots()
        plots.decision_boundary(outputs, outcome.test, columns, axes, steps=GRID)
        if len(outcome.data.classes) > 4:  # the legend would hide what it explains
            axes.get_legend().remove()
            marks, names = axes.get_legend_handles_labels()
            names = [name if len(name) <= 18 else f"{name[:17]}…" for name in names]
            figure.legend(marks, names, loc="outside right upper", frameon=False)

    return _plotted("boundary", alt, (6.2, 5.0), plot)


def _once(outputs: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """The function, computed the first time only: the dark picture asks for what the light did."""
    kept: list[Any] = []

    def first(rows: Any) -> Any:
        if not kept:
            kept.append(outputs(rows))
        return kept[0]

    return first


def _surface(
    outcome: Outcome, columns: tuple[int, int], figure: Any, outputs: Callable[[Any], Any]
) -> None:
    """The numbers predicted over two features as colours, the test's true ones as dots."""
    i, j = columns
    test, predictor = outcome.test, outcome.predictor
    axes = figure.subplots()
    sides = [_side([row[k] for row in test.inputs]) for k in columns]
    rows = []
    for y in sides[1]:
        for x in sides[0]:
            row = list(predictor.scaling.mean)
            row[i], row[j] = x, y
            rows.append(row)
    numbers = [predictor.answer(output) for output in outputs(rows)]
    table = [numbers[k : k + GRID] for k in range(0, len(numbers), GRID)]
    low, high = min(*numbers, *test.targets), max(*numbers, *test.targets)
    axes.contourf(*sides, table, levels=24, cmap="cividis", vmin=low, vmax=high, alpha=0.85)
    dots = axes.scatter(
        [row[i] for row in test.inputs], [row[j] for row in test.inputs], c=test.targets, s=26,
        cmap="cividis", vmin=low, vmax=high, edgecolors="white", linewidths=0.8,
    )  # fmt: skip
    axes.set_xlabel(test.features[i])
    axes.set_ylabel(test.features[j])
    figure.colorbar(dots, ax=axes, label=test.target)


def _side(numbers: list[float]) -> list[float]:
    """GRID places from below the smallest to above the largest."""
    low, high = min(numbers), max(numbers)
    margin = 0.1 * (high - low) or 1.0
    low, high = low - margin, high + margin
    return [low + (high - low) * k / (GRID - 1) for k in range(GRID)]


def _network(outcome: Outcome) -> Picture:
    model, features = outcome.predictor.model, outcome.data.features
    sizes = [len(features), *[len(layer.neurons) for layer in model.layers]]

    def plot(figure: Any) -> None:
        plots.network(model, ax=figure.subplots(), features=features)

    alt = f"The network {shape(model)} as circles and lines, a line wider for a larger weight"
    return _plotted(
        "network", alt, (2.2 * len(sizes) + 1.0, 0.38 * min(12, max(sizes)) + 1.6), plot
    )


def _graphs(outcome: Outcome) -> list[Picture]:
    """The graphs of a neuron and of an example's loss; none where there is no layout engine."""
    layer, position = clearest_neuron(outcome)
    neuron = outcome.predictor.model.layers[layer].neurons[position]
    drawings = {
        f"one neuron of layer {layer + 1}, its inputs, weights and output": (
            "neuron",
            _neuron_drawing(outcome, neuron, layer),
        ),
        "the network's loss for one example, its parts folded": ("example", _loss_drawing(outcome)),
    }
    try:
        return [
            Picture(name, f"Computation graph of {alt}", d.svg().encode(), None, d.png())
            for alt, (name, d) in drawings.items()
        ]
    except ImportError:
        return []  # the page says what to install


def _neuron_drawing(outcome: Outcome, neuron: Neuron, layer: int) -> Drawing:
    predictor = outcome.predictor
    row = predictor.prepared(outcome.test).inputs[hardest_example(outcome)]
    names = outcome.data.features
    model = predictor.model.plain()
    for before in model.layers[:layer]:
        row = before(row)
        row = row if isinstance(row, list) else [row]
        names = [f"neuron {i + 1}" for i in range(len(row))]
    inputs = [Value(x, label=name) for x, name in zip(row, names, strict=True)]
    output = neuron(inputs)
    output.label = "output"
    output.backward()
    try:
        return draw(output, parameters=neuron, partials=True)
    finally:
        neuron.zero_grad()


def _loss_drawing(outcome: Outcome) -> Drawing:
    predictor = outcome.predictor
    model = predictor.model
    test = predictor.prepared(outcome.test)
    i = hardest_example(outcome)
    inputs = [Value(x, label=name) for x, name in zip(test.inputs[i], test.features, strict=True)]
    loss = predictor.loss([model(inputs)], [test.targets[i]])
    loss.label = "loss"
    loss.backward()
    try:
        return draw(loss, parameters=model)
    finally:
        model.zero_grad()


# The page


def page(
    outcome: Outcome, pictures: dict[str, Picture], check: Report, command: str, model: str
) -> str:
    """The report as one HTML page; every text from the data is escaped."""
    sections = [
        _learning_section(outcome, pictures),
        _result_section(outcome, pictures),
        _boundary_section(outcome, pictures),
        _network_section(outcome, pictures),
        _neuron_section(outcome, pictures),
        _example_section(outcome, pictures),
        _check_section(check),
        _use_section(outcome, command, model),
    ]
    template = Template(files("nn").joinpath("report.html").read_text(encoding="utf-8"))
    data = outcome.data
    return template.substitute(
        title=escape(f"{data.name}: a training report"),
        kicker=f"scalar-autograd {autograd.__version__} · training report",
        heading=escape(_heading(outcome)),
        lead=escape(_lead(outcome)),
        notes=_notes(outcome),
        tiles=_tiles(outcome, check),
        contents="\n".join(f'<li><a href="#{s.key}">{s.title}</a></li>' for s in sections),
        sections="\n".join(s.html() for s in sections),
        footer="Every number on this page was computed by Values: the same command makes the"
        " same page, to the bit.",
    )


@dataclass(frozen=True)
class _Section:
    """A section: its anchor, its title, and HTML for its text and for what stands with it."""

    key: str
    title: str
    prose: str
    content: str
    beside: bool = False

    def html(self) -> str:
        kind = ' class="beside"' if self.beside else ""
        return (
            f'<section id="{self.key}"{kind} aria-labelledby="{self.key}-title">\n'
            f'<div class="prose"><h2 id="{self.key}-title">{self.title}</h2>\n{self.prose}</div>\n'
            f"<div>{self.content}</div>\n</section>"
        )


def _heading(outcome: Outcome) -> str:
    data = outcome.data
    if data.classes:
        return f"{data.name}: {outcome.test_score:.1%} right"
    return f"{data.name}: R² {outcome.test_score:.2f}"


def _lead(outcome: Outcome) -> str:
    data, test = outcome.data, outcome.test
    count = len(outcome.predictor.model.parameters())
    start = f"A network of {count} numbers learned from {len(outcome.train)} examples"
    unseen = f"{len(test)} examples it had never seen"
    if data.classes:
        few = len(data.classes) <= 4
        what = _listed(data.classes) if few else f"{len(data.classes)} classes"
        return (
            f"{start} to tell {what} apart by {_counted(len(data.features), 'number')}. On {unseen}"
            f" it was right {outcome.right} times."
        )
    return (
        f"{start} to predict {data.target} from {_counted(len(data.features), 'number')}. On"
        f" {unseen} it is off by {_typical_error(outcome):.4g} on average, where always saying the"
        f" mean is off by {_mean_error(outcome):.4g}."
    )


def _listed(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]


def _counted(n: int, thing: str) -> str:
    return f"{n} {thing}{'s' if n != 1 else ''}"


def _typical_error(outcome: Outcome) -> float:
    """The mean absolute error of the test, in the target's unit."""
    answers = [outcome.predictor.answer(output) for output in outcome.outputs]
    errors = [abs(a - t) for a, t in zip(answers, outcome.test.targets, strict=True)]
    return math.fsum(errors) / len(errors)


def _mean_error(outcome: Outcome) -> float:
    """The same for always saying the mean of the training targets."""
    mean = outcome.predictor.unit.mean[0]
    return math.fsum([abs(mean - t) for t in outcome.test.targets]) / len(outcome.test)


def _notes(outcome: Outcome) -> str:
    if outcome.trouble:
        return f'<p class="note"><strong>The run diverged.</strong> {escape(outcome.trouble)}</p>'
    if outcome.history.stopped == "interrupted":
        return (
            f'<p class="note">The run was stopped after {outcome.history.epochs} of'
            f" {outcome.settings.epochs} epochs; the best network until then is shown.</p>"
        )
    return ""


def _tiles(outcome: Outcome, check: Report) -> str:
    history, model = outcome.history, outcome.predictor.model
    if outcome.data.classes:
        commonest = max(Counter(outcome.test.targets).values()) / len(outcome.test)
        first = (
            "Right answers",
            f"{outcome.test_score:.1%}",
            f"{outcome.right} of {len(outcome.test)} in the test; always saying the commonest"
            f" class: {commonest:.0%}",
        )
        nothing = math.log(len(outcome.data.classes))
    else:
        first = (
            "Variation explained (R²)",
            f"{outcome.test_score:.3f}",
            "1 is perfect, 0 is as good as always saying the mean",
        )
        nothing = 1.0
    right = sum(entry.passed for entry in check)
    tiles = [
        first,
        (
            "Loss in the test",
            f"{outcome.test_loss:.3g}",
            f"a network that knows nothing: {nothing:.3g}",
        ),
        ("Parameters", str(len(model.parameters())), shape(model)),
        (
            "Steps",
            str(len(history.step_loss)),
            f"{_counted(history.epochs, 'epoch')}, the best was {history.best_epoch + 1}",
        ),
        ("Gradients right", f"{right} of {len(check)}", "checked against differences"),
    ]
    return "\n".join(
        f"<div{' class=first' if i == 0 else ''}><dt>{escape(name)}</dt>"
        f'<dd><div class="big">{escape(big)}</div>'
        f'<div class="small">{escape(small)}</div></dd></div>'
        for i, (name, big, small) in enumerate(tiles)
    )


# Its sections


def _learning_section(outcome: Outcome, pictures: dict[str, Picture]) -> _Section:
    history = outcome.history
    loss = {
        "mean_squared_error": "the mean squared error, in units of the target's spread",
        "binary_cross_entropy": "the cross-entropy: the surprise, −ln p, at the true class",
        "cross_entropy": "the cross-entropy: the surprise, −ln p, at the true class",
    }[outcome.predictor.loss.__name__]
    prose = (
        f"<p>The <em>loss</em> is one number for how wrong the network is: {loss}. In each of"
        f" {len(history.step_loss)} steps the graph of the loss of {outcome.settings.batch_size}"
        " examples was recorded, walked backwards for the gradient, and every parameter moved a"
        " little against its own.</p>"
        f"<p>The solid line is the {len(outcome.train)} examples it learned from, the dashed line"
        f" {len(outcome.validation)} others. Where the dashed line stops falling the network begins"
        f" to learn by heart; so the parameters of epoch {history.best_epoch + 1}, where it is"
        " lowest, were kept.</p>"
    )
    return _Section("learning", "How it learned", prose, _figure(pictures["loss"]), True)


def _result_section(outcome: Outcome, pictures: dict[str, Picture]) -> _Section:
    test = len(outcome.test)
    if outcome.data.classes:
        prose = (
            f"<p>The {test} test examples played no part in training. Each row is a true class,"
            " each column what the network said: the diagonal is right, everything beside it is"
            " a confusion of two classes.</p>"
        )
        content = _figure(pictures["confusion"])
    else:
        prose = (
            f"<p>The {test} test examples played no part in training. Each point is one of them:"
            " on the line the prediction is right, above it too high, below it too low.</p>"
            "<p>R² is the share of the targets' variation that the predictions explain.</p>"
        )
        content = _figure(pictures["predictions"])
    return _Section("result", "How good it is", prose + _mistakes(outcome), content, True)


def _mistakes(outcome: Outcome) -> str:
    """The wrong answers, or the largest errors, as a table."""
    predictor, targets = outcome.predictor, outcome.test.targets
    if outcome.data.classes:
        wrong = [i for i, o in enumerate(outcome.outputs) if decided(o) != targets[i]]
        if not wrong:
            return "<p>It made no mistake.</p>"
        rows = []
        for i in wrong[:MISTAKES]:
            sure = max(predictor.probabilities(outcome.outputs[i]))
            truth, said = outcome.data.classes[targets[i]], predictor.answer(outcome.outputs[i])
            rows.append([str(i + 1), truth, said, f"{sure:.0%}"])
        head, title = ["Example", "It is", "It said", "Sure by"], "Its mistakes"
        rest = len(wrong) - len(rows)
    else:
        errors = [predictor.answer(o) - t for o, t in zip(outcome.outputs, targets, strict=True)]
        worst = sorted(range(len(errors)), key=lambda i: -abs(errors[i]))[:MISTAKES]
        rows = [
            [str(i + 1), f"{targets[i]:.4g}", f"{targets[i] + errors[i]:.4g}", f"{errors[i]:+.4g}"]
            for i in worst
        ]
        head, title, rest = ["Example", "It is", "It said", "Error"], "Its largest errors", 0
    more = f"<p class=muted>and {rest} more</p>" if rest else ""
    return f"<details><summary>{title}</summary>{_table(head, rows)}{more}</details>"


def _boundary_section(outcome: Outcome, pictures: dict[str, Picture]) -> _Section:
    features = outcome.data.features
    first, second = informative_features(outcome)
    one, other = [f"<em>{escape(features[i])}</em>" for i in (first, second)]
    what = "the answer" if outcome.data.classes else "the prediction"
    if len(features) > 2:
        prose = (
            f"<p>Of its {len(features)} inputs the network listens most to {one} and {other}: by"
            " its own gradients the mean of <span class=mono>|∂output/∂input|</span> is largest"
            " there.</p>"
            f"<p>The colours show {what} over these two, the other inputs held at their mean; so"
            " an example can stand on a colour that is not its own and still be answered right.</p>"
        )
    elif first != second:
        prose = f"<p>The colours show {what} for every pair of {one} and {other}.</p>"
    else:
        prose = f"<p>The colours show {what} for every {one}, upwards.</p>"
    prose += "<p>The marks are the test examples, where they truly belong.</p>"
    return _Section("boundary", "What it sees", prose, _figure(pictures["boundary"]), True)


def _network_section(outcome: Outcome, pictures: dict[str, Picture]) -> _Section:
    count = len(outcome.predictor.model.parameters())
    prose = (
        f"<p>All that was learned is {count} numbers: a weight for each line and a bias for each"
        " circle. Blue, solid lines have positive weights, orange, dashed ones negative; a wide"
        " line weighs much. Wide layers show their first neurons.</p>"
    )
    return _Section("network", "The network", prose, _wide(pictures, "network"))


def _neuron_section(outcome: Outcome, pictures: dict[str, Picture]) -> _Section:
    layer, position = clearest_neuron(outcome)
    neuron = outcome.predictor.model.layers[layer].neurons[position]
    formula = "b + w₀·x₀ + w₁·x₁ + ⋯"
    formula = formula if neuron.activation == "linear" else f"{neuron.activation}({formula})"
    prose = (
        f"<p>Neuron {position + 1} of layer {layer + 1} computes {escape(formula)}. The inputs come"
        " from one test example. Each box has its number and its gradient: how much the neuron's"
        " output would move if that number moved by one. An arrow carries the local derivative, and"
        " the chain rule multiplies along the arrows.</p>"
    )
    return _Section("neuron", "One neuron, from inside", prose, _wide(pictures, "neuron"))


def _example_section(outcome: Outcome, pictures: dict[str, Picture]) -> _Section:
    i = hardest_example(outcome)
    prose = (
        f"<p>Test example {i + 1} is the one the network finds hardest. This is the graph of its"
        " loss, from the inputs on one side to the one number on the other, neurons and layers"
        " folded into boxes. A backward pass walks it from the loss to every parameter, and"
        " that is all a gradient is.</p>"
    )
    return _Section("example", "The loss of one example", prose, _wide(pictures, "example"))


def _check_section(check: Report) -> _Section:
    right = sum(entry.passed for entry in check)
    verdict = (
        f'<span class="good">All {len(check)} agree.</span>'
        if check
        else f'<span class="bad">{len(check) - right} of {len(check)} are wrong.</span>'
    )
    prose = (
        "<p>The gradient of the trained network, computed in one backward pass, against moving one"
        f" parameter at a time and looking at the loss: {verdict} The differences come with an"
        " estimate of their own error, so the comparison needs no guessed tolerance.</p>"
    )
    rows = [
        [
            _parameter_name(entry.name),
            f"{entry.at:.6g}",
            f"{next(iter(entry.analytic.values())):.12g}",
            f"{entry.numerical:.10g}",
            f"{entry.error:.0e}",
            entry.verdict,
        ]
        for entry in check
    ]
    head = ["Parameter", "Its value", "Gradient", "By differences", "± error", "Verdict"]
    table = _table(head, rows, good={"ok", "kink"})
    notes = "".join(f"<p class=muted>{escape(text)}</p>" for text in check.notes)
    details = f"<details open><summary>{len(rows)} parameters</summary>{table}{notes}</details>"
    return _Section("gradients", "Are the gradients right?", prose, details)


def _parameter_name(path: str) -> str:
    """ "layers.0.neurons.3.w.1" as "layer 1, neuron 4, w1"."""
    parts = path.split(".")
    if len(parts) >= 5 and parts[0] == "layers" and parts[2] == "neurons":
        return f"layer {int(parts[1]) + 1}, neuron {int(parts[3]) + 1}, {''.join(parts[4:])}"
    return path


def _use_section(outcome: Outcome, command: str, model: str) -> _Section:
    python = f'import nn\nmodel = nn.load("{model}")\nmodel([0.0] * {len(outcome.data.features)})'
    python += "    # inputs scaled as model.notes says"
    prose = (
        "<p>Predict the rows of a CSV file that has the inputs as columns:</p>"
        f"<pre><code>autograd predict {model} FILE.csv</code></pre>"
        f"<p>Take it into Python:</p><pre><code>{escape(python)}</code></pre>"
        "<p>Make this run again, to the bit:</p>"
        f"<pre><code>{escape(command)}</code></pre>"
    )
    return _Section("use", "Use it, make it again", prose, _inputs_table(outcome))


def _inputs_table(outcome: Outcome) -> str:
    """The inputs with what they are scaled by, in the order the network takes them."""
    scaling = outcome.predictor.scaling
    rows = [
        [name, f"{mean:.6g}", f"{scale:.6g}"]
        for name, mean, scale in zip(
            outcome.data.features, scaling.mean, scaling.scale, strict=True
        )
    ]
    table = _table(["Input", "Mean", "Spread"], rows)
    return f"<details><summary>The {len(rows)} inputs</summary>{table}</details>"


# Pieces of HTML


def _table(head: list[str], rows: list[list[str]], good: set[str] | None = None) -> str:
    """A table; with `good` the last column is coloured by whether its text is one of these."""
    parts = [f'<th scope="col">{escape(cell)}</th>' for cell in head]
    lines = [f"<thead><tr>{''.join(parts)}</tr></thead><tbody>"]
    for row in rows:
        cells = [f"<td>{escape(cell)}</td>" for cell in row]
        if good is not None:
            colour = "good" if row[-1] in good else "bad"
            cells[-1] = f'<td class="{colour}">{escape(row[-1])}</td>'
        lines.append(f"<tr>{''.join(cells)}</tr>")
    return f'<div class="scroll"><table>{"".join(lines)}</tbody></table></div>'


def _wide(pictures: dict[str, Picture], name: str) -> str:
    if name in pictures:
        return _figure(pictures[name], "wide")
    return (
        "<p class=muted>Graphs are drawn with Graphviz, which was not there:"
        " <code>pip install 'scalar-autograd[draw]'</code></p>"
    )


def _figure(picture: Picture, kind: str = "") -> str:
    alt = escape(picture.alt)
    image = f'<img src="{_url(picture.light)}" alt="{alt}">'
    if picture.dark is not None:
        image = (
            f'<picture><source media="(prefers-color-scheme: dark)" srcset="{_url(picture.dark)}">'
            f"{image}</picture>"
        )
    if not kind:
        return f"<figure>{image}</figure>"
    # What scrolls must be reachable by the keyboard.
    return (
        f'<figure class="{kind}" tabindex="0" role="group" aria-label="A picture to scroll">'
        f"{image}</figure>"
    )


def _url(svg: bytes) -> str:
    return f"data:image/svg+xml;base64,{base64.b64encode(svg).decode('ascii')}"
