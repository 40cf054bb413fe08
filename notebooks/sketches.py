"""What the course's plots share: small SVG pictures, legible on light and dark, and sliders.

`from sketches import plt` at the top of a notebook is all that a plot needs.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Any

import matplotlib.pyplot as plt

INK = "#7d7d7d"
"""For lines and words: it stands out on white and on black."""

COLOURS = ["#2f7fd0", "#d9722e", "#2b9b66", "#c2459b", "#8a6fd1", "#a08a2c"]
"""For curves, in this order. They differ in lightness too."""


def _set_up() -> None:
    plt.rcParams.update(
        {
            "figure.figsize": (5.2, 3.2),
            "figure.facecolor": "none",
            "axes.facecolor": "none",
            "axes.edgecolor": INK,
            "axes.labelcolor": INK,
            "axes.titlecolor": INK,
            "axes.titlesize": 10,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.grid": True,
            "grid.color": INK,
            "grid.alpha": 0.2,
            "xtick.color": INK,
            "ytick.color": INK,
            "text.color": INK,
            "legend.frameon": False,
            "legend.labelcolor": INK,
            "axes.prop_cycle": plt.cycler(color=COLOURS),
            "svg.fonttype": "none",  # words stay words, and the file stays small
            "svg.hashsalt": "course",  # the ids in the SVG are the same in every run
        }
    )
    try:
        from matplotlib_inline.backend_inline import set_matplotlib_formats

        set_matplotlib_formats("svg", metadata={"Date": None})
    except (ImportError, AttributeError):
        pass  # not in a notebook: matplotlib does what it does


_set_up()


def live(show: Callable[..., Any], **sliders: tuple[float, float, float]) -> None:
    """Call `show` with numbers that sliders set; once, with the first ones, without sliders.

    Arguments: `show`, a function of keyword arguments that draws or prints;
    `sliders`, for each of them (start, lowest, highest).

    Sliders come with `pip install 'scalar-autograd[notebook]'` where a notebook
    runs. Everywhere else the picture of the start stands in their place.
    """
    starts = {name: start for name, (start, _, _) in sliders.items()}
    if os.environ.get("COURSE_STATIC"):
        show(**starts)
        return
    try:
        from ipywidgets import FloatSlider, interact
    except ImportError:
        show(**starts)
        return
    interact(
        show,
        **{
            name: FloatSlider(start, min=low, max=high, step=(high - low) / 100)
            for name, (start, low, high) in sliders.items()
        },
    )


def curves(
    functions: dict[str, Callable[[float], Any]], low: float, high: float, ax: Any = None
) -> Any:
    """Plot functions of one number between two numbers, with a legend; returns the axes."""
    ax = ax or plt.subplots()[1]
    xs = [low + (high - low) * i / 200 for i in range(201)]
    for name, f in functions.items():
        ax.plot(xs, [f(x) for x in xs], label=name)
    if len(functions) > 1:
        ax.legend()
    return ax


def surface(
    f: Callable[[float, float], float],
    x: tuple[float, float],
    y: tuple[float, float],
    ax: Any = None,
    levels: Any = 14,
    points: int = 41,
) -> Any:
    """Draw the contours of f(x, y) over a rectangle; returns the axes.

    Arguments: `x` and `y`, the rectangle's bounds; `levels`, how many contours
    or which; `points`, in each direction.
    """
    ax = ax or plt.subplots()[1]
    xs = [x[0] + (x[1] - x[0]) * i / (points - 1) for i in range(points)]
    ys = [y[0] + (y[1] - y[0]) * i / (points - 1) for i in range(points)]
    heights = [[f(a, b) for a in xs] for b in ys]
    ax.contour(xs, ys, heights, levels=levels, cmap="viridis", linewidths=0.9)
    ax.grid(False)
    return ax


def scatter(points: Sequence[Sequence[float]], classes: Sequence[int], ax: Any = None) -> Any:
    """Draw points of the plane, each class with its colour and its mark; returns the axes."""
    ax = ax or plt.subplots(figsize=(3.6, 3.6))[1]
    for c in sorted(set(classes)):
        chosen = [p for p, d in zip(points, classes, strict=True) if d == c]
        xs, ys = zip(*chosen, strict=True)
        ax.plot(xs, ys, "os^DvP"[c % 6], color=COLOURS[c % 6], markersize=4, label=f"class {c}")
    ax.set_aspect("equal")
    ax.grid(False)
    return ax


def boundary(model: Any, data: Any, ax: Any = None, points: int = 31) -> Any:
    """Draw where a network of two inputs says which class, and the data; returns the axes.

    Arguments: `model`, an nn.Module with one output (above 0 is class 1) or one
    for each class; `data`, an nn.Dataset; `points`, of the grid in each direction.
    """
    import nn

    ax = scatter(data.inputs, data.targets, ax)
    (left, right), (low, high) = [
        (min(column) - 0.3, max(column) + 0.3) for column in zip(*data.inputs, strict=True)
    ]
    xs = [left + (right - left) * i / (points - 1) for i in range(points)]
    ys = [low + (high - low) * i / (points - 1) for i in range(points)]
    outputs = nn.predict(model, [[x, y] for y in ys for x in xs])
    said = [nn.decided(output) for output in outputs]
    rows = [said[i * points : (i + 1) * points] for i in range(points)]
    levels = [c - 0.5 for c in range(max(data.targets) + 2)]
    ax.contourf(
        xs, ys, rows, levels=levels, colors=COLOURS[: len(levels) - 1], alpha=0.25, zorder=0
    )
    return ax
