"""What the course's plots share: small SVG pictures, legible on light and dark, and sliders.

`from sketches import plt` at the top of a notebook is all that a plot needs.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import matplotlib.pyplot as plt
from matplotlib.colors import LinearSegmentedColormap

from autograd import Value, step

INK = "#7d7d7d"
"""For lines and words: it stands out on white and on black."""

COLOURS = ["#2f7fd0", "#d9722e", "#2b9b66", "#c2459b", "#8a6fd1", "#a08a2c"]
"""For curves, in this order. They differ in lightness too."""

HEIGHTS = LinearSegmentedColormap.from_list("heights", [COLOURS[2], COLOURS[0], COLOURS[3]])
"""For contours, from low to high."""


def _set_up() -> None:
    plt.rcParams.update(
        {
            "figure.figsize": (5.2, 3.2),
            "figure.constrained_layout.use": True,  # an axis does not write into its neighbour
            "figure.dpi": 60,  # of the bitmaps in an SVG, such as shades
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


def live_step(output: Value) -> Any:
    """The stepper of a graph: with sliders for its inputs where they can be moved."""
    stepper = step(output)
    if os.environ.get("COURSE_STATIC"):
        return stepper
    try:
        return stepper.live()
    except ImportError:
        return stepper


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
    ax.contour(xs, ys, heights, levels=levels, cmap=HEIGHTS, linewidths=0.9)
    ax.grid(False)
    return ax
