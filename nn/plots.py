"""Pictures of training and of networks, with matplotlib.

Every function draws on `ax`, or on the current axes if it is None, and returns
the artists it made. Classes differ by marker and colour, signs by colour and
line; the colours are Okabe and Ito's, which everybody can tell apart.
"""

from __future__ import annotations

import base64
import html
import io
import json
import math
from collections.abc import Callable, Sequence
from importlib import resources
from typing import Any

from nn.data import Dataset, Path
from nn.layers import MLP
from nn.module import Module
from nn.training import History, predict

COLOURS = (
    "#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#7F7F7F",
)  # fmt: skip
MARKERS = "os^DvPX*"
POSITIVE, NEGATIVE, UNREACHED = COLOURS[0], COLOURS[5], "#9A9A9A"

Outputs = Module | Callable[[Sequence[Sequence[float]]], Sequence[Any]]


# Training


def loss_curve(history: History, ax: Any = None, log: bool = False) -> list[Any]:
    """The loss of each epoch, of the validation data too, and a mark at the best epoch.

    Argument: `log`, whether the loss's axis is logarithmic.

    >>> from matplotlib.figure import Figure
    >>> history = History(loss=[0.7, 0.4], best_epoch=1, best_loss=0.4)
    >>> [line.get_label() for line in loss_curve(history, Figure().subplots())]
    ['training', 'best']
    """
    ax = _axes(ax)
    lines = _curves(ax, history.loss, history.validation_loss, "loss")
    if history.best_epoch >= 0:
        (best,) = ax.plot(
            [history.best_epoch], [history.best_loss], "o", color=COLOURS[2], label="best"
        )
        lines.append(best)
    if log:
        ax.set_yscale("log")
    ax.legend(frameon=False)
    return lines


def score_curve(history: History, ax: Any = None, name: str = "score") -> list[Any]:
    """The score of each epoch, of the validation data too; `name` is the axis's."""
    ax = _axes(ax)
    lines = _curves(ax, history.score, history.validation_score, name)
    ax.legend(frameon=False)
    return lines


def _curves(ax: Any, training: list[float], validation: list[float], name: str) -> list[Any]:
    lines: list[Any] = ax.plot(range(len(training)), training, color=COLOURS[0], label="training")
    if validation:
        lines += ax.plot(
            range(len(validation)), validation, "--", color=COLOURS[5], label="validation"
        )
    ax.set_xlabel("epoch")
    ax.set_ylabel(name)
    ax.xaxis.get_major_locator().set_params(integer=True)
    ax.grid(alpha=0.25)
    ax.margins(x=0.02)
    return lines


# Predictions


def decision_boundary(
    outputs: Outputs,
    data: Dataset,
    columns: tuple[int, int] = (0, 1),
    ax: Any = None,
    steps: int = 80,
) -> list[Any]:
    """The examples in the plane of two features, and the class that each place in it gets.

    A place's colour is stronger where the network is surer; other features are
    held at their means.

    Arguments: `outputs`, a network, or a function from rows like the data's to
    its outputs; `data`, with classes; `columns`, the positions of the two
    features; `steps`, how fine the grid is on each axis.
    Returns the image, the boundary and the classes' points.
    Raises ValueError for data without classes.

    >>> from matplotlib.figure import Figure
    >>> from nn import make_moons
    >>> model = MLP(2, [4, 1], seed=0)
    >>> image, *_ = decision_boundary(model, make_moons(20), ax=Figure().subplots(), steps=10)
    >>> image.get_array().shape
    (10, 10, 4)
    """
    if not data.classes:
        raise ValueError(f"{data.name} has no classes: a boundary is between classes")
    count = len(data.features)
    if not all(-count <= column < count for column in columns):
        raise ValueError(f"columns is {columns!r}: {data.name} has {count} features, from 0")
    ax = _axes(ax)
    xs, ys, grid = _grid(data, columns, steps)
    margins = _margins(_evaluated(outputs, grid), len(data.classes)).reshape(steps, steps, -1)
    box = (xs[0], xs[-1], ys[0], ys[-1])
    image = ax.imshow(
        _shades(margins), extent=box, origin="lower", aspect="auto", interpolation="bilinear"
    )
    artists: list[Any] = [image]
    for c in range(margins.shape[-1] if len(data.classes) > 2 else 1):
        level = margins[..., c]
        if level.min() < 0.0 < level.max():
            artists.append(
                ax.contour(xs, ys, level, levels=[0.0], colors=["#555555"], linewidths=0.9)
            )
    artists += _points(ax, data, columns)
    ax.set_xlim(box[:2])
    ax.set_ylim(box[2:])
    return artists


def _evaluated(outputs: Outputs, rows: list[list[float]]) -> Sequence[Any]:
    return predict(outputs, rows) if isinstance(outputs, Module) else outputs(rows)


def _grid(
    data: Dataset, columns: tuple[int, int], steps: int
) -> tuple[list[float], list[float], list[list[float]]]:
    """Places on two axes that hold the data with a margin, and a row for each pair of them."""
    i, j = columns
    xs, ys = [_axis([row[k] for row in data.inputs], steps) for k in (i, j)]
    middle = [math.fsum(column) / len(column) for column in zip(*data.inputs, strict=True)]
    rows = []
    for y in ys:
        for x in xs:
            row = list(middle)
            row[i], row[j] = x, y
            rows.append(row)
    return xs, ys, rows


def _axis(numbers: list[float], steps: int) -> list[float]:
    low, high = min(numbers), max(numbers)
    margin = 0.12 * (high - low) or 1.0
    low, high = low - margin, high + margin
    return [low + (high - low) * k / (steps - 1) for k in range(steps)]


def _margins(outputs: Sequence[Any], classes: int) -> Any:
    """For each row and class, by how much its output is above the best of the others."""
    numpy = _numpy()
    table = numpy.asarray(outputs, dtype=float)
    if table.ndim == 1:
        return numpy.stack([-table, table], axis=1)
    rest = [numpy.delete(table, c, axis=1).max(axis=1) for c in range(classes)]
    return table - numpy.stack(rest, axis=1)


def _shades(margins: Any) -> Any:
    """An RGBA image: the winner's colour, stronger where its margin is larger."""
    numpy = _numpy()
    from matplotlib.colors import to_rgb

    colours = numpy.asarray([to_rgb(_colour(c)) for c in range(margins.shape[-1])])
    image = numpy.empty((*margins.shape[:2], 4))
    image[..., :3] = colours[margins.argmax(axis=-1)]
    image[..., 3] = 0.12 + 0.4 * numpy.tanh(0.5 * margins.max(axis=-1))
    return image


def _points(ax: Any, data: Dataset, columns: tuple[int, int]) -> list[Any]:
    points = []
    for c, name in enumerate(data.classes):
        rows = [row for row, t in zip(data.inputs, data.targets, strict=True) if t == c]
        points.append(
            ax.scatter(
                [row[columns[0]] for row in rows],
                [row[columns[1]] for row in rows],
                s=22,
                color=_colour(c),
                marker=MARKERS[(c + c // len(COLOURS)) % len(MARKERS)],  # no pair comes twice soon
                edgecolors="white",
                linewidths=0.6,
                label=_plain(name),
                zorder=3,
            )
        )
    ax.set_xlabel(_plain(data.features[columns[0]]))
    ax.set_ylabel(_plain(data.features[columns[1]]))
    ax.legend(title=_plain(data.target), framealpha=0.8)
    return points


def confusion_matrix(
    matrix: Sequence[Sequence[int]], classes: Sequence[str], ax: Any = None
) -> Any:
    """How often each true class (row) was taken for each class (column), see nn.confusion.

    Returns the image.

    >>> from matplotlib.figure import Figure
    >>> image = confusion_matrix([[5, 1], [0, 7]], ["no", "yes"], Figure().subplots())
    >>> [text.get_text() for text in image.axes.texts]
    ['5', '1', '0', '7']
    """
    ax = _axes(ax)
    image = ax.imshow(matrix, cmap="Blues", vmin=0)
    largest = max(1, max(max(row) for row in matrix))
    for i, row in enumerate(matrix):
        for j, count in enumerate(row):
            colour = "white" if count > 0.6 * largest else "#222222"
            ax.text(j, i, str(count), ha="center", va="center", color=colour)
    names = [_plain(name) for name in classes]
    slanted = max(map(len, names)) * len(names) > 40
    ax.set_xticks(range(len(names)), names, rotation=35 if slanted else 0,
                  ha="right" if slanted else "center")  # fmt: skip
    ax.set_yticks(range(len(names)), names)
    ax.set_xlabel("predicted")
    ax.set_ylabel("true")
    return image


def predicted_vs_true(
    predictions: Sequence[float], targets: Sequence[float], ax: Any = None, name: str = ""
) -> list[Any]:
    """Each example's predicted number over its true one, and the line where they are equal.

    Argument: `name`, what the numbers are.

    >>> from matplotlib.figure import Figure
    >>> points, line = predicted_vs_true([1.0, 2.0], [1.5, 2.0], Figure().subplots())
    >>> points.get_offsets().tolist()
    [[1.5, 1.0], [2.0, 2.0]]
    """
    ax = _axes(ax)
    points = ax.scatter(
        targets, predictions, s=22, color=COLOURS[0], alpha=0.7, edgecolors="white", linewidths=0.5
    )
    low, high = min(*targets, *predictions), max(*targets, *predictions)
    (line,) = ax.plot([low, high], [low, high], "--", color="#777777", linewidth=1.0)
    ax.set_xlabel(f"true {_plain(name)}".strip())
    ax.set_ylabel(f"predicted {_plain(name)}".strip())
    ax.grid(alpha=0.25)
    return [points, line]


# The network


def network(
    model: MLP,
    data: Dataset | None = None,
    ax: Any = None,
    show: str = "weights",
    features: Sequence[str] | None = None,
    limit: int = 12,
) -> list[Any]:
    """The network as circles and lines: what each connection weighs, or its gradient.

    A line is blue and solid for a positive number, orange and dashed for a
    negative one, wider for a larger one; a gradient that no backward pass
    reached is grey and dotted. The circle of a neuron has its bias's colour.
    Given data with two features, each neuron shows its output over their plane
    (the picture of TensorFlow Playground).

    Arguments: `show`, "weights" or "gradients"; `features`, the inputs' names;
    `limit`, how many neurons of a layer are drawn, from its first.
    Raises ValueError for another `show`.

    >>> from matplotlib.figure import Figure
    >>> unreached, negative, positive, *_ = network(MLP(2, [1], seed=0), ax=Figure().subplots())
    >>> len(unreached.get_segments() + negative.get_segments() + positive.get_segments())
    2
    """
    if show not in ("weights", "gradients"):
        raise ValueError(f"show is {show!r}: choose 'weights' or 'gradients'")
    if not isinstance(model, MLP):
        raise TypeError(f"network draws an MLP, got {model!r:.60} of type {type(model).__name__}")
    ax = _axes(ax)
    sizes = [len(model.layers[0].neurons[0].w), *[len(layer.neurons) for layer in model.layers]]
    columns = [_places(x, n, limit) for x, n in enumerate(sizes)]
    artists = _connections(ax, model, columns, show)
    pictures = _responses(model, data) if data is not None and sizes[0] == 2 else None
    for x, (column, n) in enumerate(zip(columns, sizes, strict=True)):
        for i, place in enumerate(column):
            bias = model.layers[x - 1].neurons[i].b if x else None
            artists.append(_circle(ax, place, bias, show))
            if pictures is not None:
                artists.append(_thumbnail(ax, place, pictures[x][i]))
        if len(column) < n:
            bottom = column[-1][1]
            artists.append(
                ax.text(x, bottom - 0.75, f"and {n - len(column)} more", ha="center", va="top")
            )
    names = features or (data.features if data else [f"x{i}" for i in range(sizes[0])])
    for (left, y), name in zip(columns[0], names, strict=False):
        artists.append(ax.text(left - 0.22, y, _plain(name), ha="right", va="center"))
    _frame(ax, columns, show)
    return artists


def _places(x: int, n: int, limit: int) -> list[tuple[float, float]]:
    shown = min(n, limit)
    return [(float(x), 0.5 * (shown - 1) - i) for i in range(shown)]


def _connections(ax: Any, model: MLP, columns: list[Any], show: str) -> list[Any]:
    from matplotlib.collections import LineCollection

    lines = []
    for x, layer in enumerate(model.layers):
        for neuron, end in zip(layer.neurons, columns[x + 1], strict=False):
            for weight, start in zip(neuron.w, columns[x], strict=False):
                lines.append((_shown(weight, show), start, end))
    largest = max((abs(number) for number, _, _ in lines if number is not None), default=0.0)
    drawn = []
    for style, colour, chosen in (
        (":", UNREACHED, [line for line in lines if line[0] is None]),
        ("--", NEGATIVE, [line for line in lines if line[0] is not None and line[0] < 0.0]),
        ("-", POSITIVE, [line for line in lines if line[0] is not None and line[0] >= 0.0]),
    ):
        share = [abs(number or 0.0) / (largest or 1.0) for number, _, _ in chosen]
        drawn.append(
            ax.add_collection(
                LineCollection(
                    [[start, end] for _, start, end in chosen],
                    linestyles=style,
                    colors=[_faded(colour, 0.25 + 0.7 * s) for s in share],
                    linewidths=[0.5 + 3.5 * s for s in share],
                    zorder=1,
                )
            )
        )
    return drawn


def _shown(parameter: Any, show: str) -> float | None:
    """The parameter's number, or its gradient, None where no backward pass came."""
    if show == "weights":
        return float(parameter.data)
    return float(parameter.grad) if parameter.reached else None


def _circle(ax: Any, place: tuple[float, float], bias: Any, show: str) -> Any:
    number = None if bias is None else _shown(bias, show)
    colour = UNREACHED
    if number is not None:
        colour = POSITIVE if number >= 0.0 else NEGATIVE
    return ax.scatter(*place, s=420, facecolor="white", edgecolors=colour, linewidths=2.0, zorder=2)


def _responses(model: MLP, data: Dataset, steps: int = 24) -> list[list[Any]]:
    """For the inputs and each neuron, what it gives on a grid over the two features."""
    _, _, rows = _grid(data, (0, 1), steps)
    plain = model.plain().eval()
    columns: list[list[list[float]]] = [[] for _ in range(len(model.layers) + 1)]
    for row in rows:
        outputs: Any = row
        columns[0].append(row)
        for x, layer in enumerate(plain.layers):
            outputs = layer(outputs)
            outputs = outputs if isinstance(outputs, list) else [outputs]
            columns[x + 1].append(outputs)
    array = _numpy().asarray
    return [list(array(column).T.reshape(-1, steps, steps)) for column in columns]


def _thumbnail(ax: Any, place: tuple[float, float], response: Any) -> Any:
    from matplotlib.colors import LinearSegmentedColormap
    from matplotlib.offsetbox import AnnotationBbox, OffsetImage

    largest = max(abs(response).max(), 1e-12)
    shades = LinearSegmentedColormap.from_list("signs", [NEGATIVE, "white", POSITIVE])
    image = OffsetImage(shades(0.5 + 0.5 * response[::-1] / largest), zoom=1.0)
    return ax.add_artist(AnnotationBbox(image, place, pad=0.1, zorder=3))


def _frame(ax: Any, columns: list[Any], show: str) -> None:
    ax.set_xlim(-0.6, len(columns) - 0.6)
    height = max(len(column) for column in columns)
    ax.set_ylim(-0.5 * height - 0.8, 0.5 * height + 0.3)
    ax.set_axis_off()
    ax.set_title(f"{show}: blue positive, orange negative", fontsize="medium")


def histogram(model: Module, ax: Any = None, show: str = "weights", bins: int = 30) -> list[Any]:
    """How the parameters of each layer are spread, or their gradients.

    Arguments: `show`, "weights" or "gradients" (of those that a backward pass
    reached); `bins`, the number of bars.
    """
    if show not in ("weights", "gradients"):
        raise ValueError(f"show is {show!r}: choose 'weights' or 'gradients'")
    ax = _axes(ax)
    groups: dict[str, list[float]] = {}
    for name, parameter in model.named_parameters():
        number = _shown(parameter, show)
        if number is not None:
            groups.setdefault(_part(name), []).append(number)
    everything = [number for group in groups.values() for number in group]
    low, high = min(everything, default=0.0), max(everything, default=1.0)
    edges = [low + (high - low or 1.0) * k / bins for k in range(bins + 1)]
    artists = []
    for i, (name, group) in enumerate(groups.items()):
        _, _, patches = ax.hist(
            group, edges, histtype="stepfilled", alpha=0.35, color=_colour(i),
            edgecolor=_colour(i), linestyle=("-", "--", ":", "-.")[i % 4], label=name,
        )  # fmt: skip
        artists += patches
    ax.set_xlabel("weight" if show == "weights" else "gradient")
    ax.set_ylabel("parameters")
    if groups:
        ax.legend(frameon=False)
    return artists


def _part(name: str) -> str:
    """The layer in a parameter's name: its first two parts, or what there is."""
    return ".".join(name.split(".")[:2])


def histogram_over_time(history: History, ax: Any = None, bins: int = 40) -> list[Any]:
    """How the parameters were spread at each snapshot, the later the nearer.

    Needs `fit(..., snapshot_every=...)`. Raises ValueError without snapshots.
    """
    numpy = _numpy()
    ax = _axes(ax)
    _need_snapshots(history)
    everything = [x for _, numbers in history.snapshots for x in numbers]
    edges = numpy.linspace(min(everything), max(everything) + 1e-12, bins + 1)
    middles = 0.5 * (edges[1:] + edges[:-1])
    heights = [numpy.histogram(numbers, edges)[0] for _, numbers in history.snapshots]
    scale = 2.5 * _gap([epoch for epoch, _ in history.snapshots]) / max(h.max() for h in heights)
    artists = []
    for k, ((epoch, _), h) in enumerate(zip(history.snapshots, heights, strict=True)):
        top = epoch - scale * h
        shade = _faded(COLOURS[0], 0.25 + 0.6 * k / len(heights))
        artists.append(
            ax.fill_between(middles, epoch, top, facecolor=shade, edgecolor="white", zorder=k)
        )
    ax.set_xlabel("parameter")
    ax.set_ylabel("epoch")
    first, last = history.snapshots[0][0], history.snapshots[-1][0]
    ax.set_ylim(last, first - scale * heights[0].max())
    ax.set_yticks([epoch for epoch, _ in history.snapshots[:: max(1, len(heights) // 8)]])
    return artists


def animation(
    history: History, model: Module, data: Dataset, path: Path, title: str = "Training"
) -> None:
    """Write a training run as one HTML file: the boundary and the loss at each snapshot.

    The page is played by keyboard or mouse and needs no network.

    Arguments: `history`, of `fit(..., snapshot_every=...)`; `model`, the
    network that was trained; `data`, with two features and classes; `path`, the
    file; `title`, its heading.
    Raises ValueError without snapshots; OSError if the file can't be written.
    """
    _need_snapshots(history)
    _need_matplotlib()
    frames = [_animation_frame(history, k, model, data) for k in range(len(history.snapshots))]
    template = resources.files("nn").joinpath("player.html").read_text(encoding="utf-8")
    page = template.replace("{{frames}}", json.dumps(frames))
    with open(path, "w", encoding="utf-8") as file:
        file.write(page.replace("{{title}}", html.escape(title)))


def _animation_frame(history: History, k: int, model: Module, data: Dataset) -> dict[str, Any]:
    from matplotlib.figure import Figure

    epoch, numbers = history.snapshots[k]
    figure = Figure(figsize=(9.0, 4.0), layout="constrained")
    left, right = figure.subplots(1, 2)
    decision_boundary(model.with_parameters(numbers), data, ax=left, steps=40)
    _curves(right, history.loss, history.validation_loss, "loss")
    right.plot([epoch], [history.loss[epoch]], "o", color=COLOURS[2])
    right.legend(frameon=False)
    picture = io.BytesIO()
    figure.savefig(picture, format="png", dpi=80)
    return {
        "epoch": epoch,
        "text": f"epoch {epoch}: loss {history.loss[epoch]:.4g}, score {history.score[epoch]:.3g}",
        "png": base64.b64encode(picture.getvalue()).decode("ascii"),
    }


def _gap(epochs: list[int]) -> float:
    return float(epochs[1] - epochs[0]) if len(epochs) > 1 else 1.0


def _need_snapshots(history: History) -> None:
    if not history.snapshots:
        raise ValueError("the history has no snapshots: train with fit(..., snapshot_every=1)")


# What the pictures share


def _colour(c: int) -> str:
    return COLOURS[c % len(COLOURS)]


def _faded(colour: str, alpha: float) -> tuple[float, ...]:
    from matplotlib.colors import to_rgba

    return to_rgba(colour, alpha)


def _plain(text: str) -> str:
    """The text as it is: matplotlib would read mathematics between dollar signs."""
    return str(text).replace("$", r"\$")


def _axes(ax: Any) -> Any:
    if ax is not None:
        return ax
    _need_matplotlib()
    import matplotlib.pyplot as plt

    return plt.gca()


def _need_matplotlib() -> None:
    try:
        import matplotlib  # noqa: F401  # only whether it is there
    except ImportError:
        raise ImportError(
            "pictures of training need matplotlib: pip install 'scalar-autograd[train]'"
        ) from None


def _numpy() -> Any:
    import numpy

    return numpy
