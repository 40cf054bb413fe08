"""Where boxes stand and how arrows run: Graphviz's `dot`, wherever it is found.

The Graphviz that pygraphviz's wheels carry is taken first, so that a picture
is the same on every machine and needs no system package; a system `dot` stands
in where pygraphviz has no wheel. Only sizes and keys are handed to it, no text:
what people wrote can't reach its parser, and no font is asked for.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from autograd.drawing import metrics
from autograd.drawing.boxes import Scope, View

Point = tuple[float, float]

SHOWING_TEXT = ("png", "pdf")
"""The formats that need a font: in a layout there is no text."""

_one_at_a_time = threading.Lock()  # Graphviz keeps its state in globals


@dataclass(frozen=True, slots=True)
class Arrow:
    """A link's course: the control points of a Bezier spline, its tip, its text's middle."""

    spline: tuple[Point, ...]
    tip: Point
    text_at: Point | None


@dataclass(frozen=True, slots=True)
class Layout:
    """Coordinates in pixels, y downwards: middles of boxes, courses of arrows, frames."""

    width: float
    height: float
    boxes: dict[str, Point]
    arrows: tuple[Arrow, ...]
    frames: dict[Scope, tuple[float, float, float, float]]


def layout(view: View) -> Layout:
    """Lay a view out.

    Raises ImportError if there is neither pygraphviz nor a system `dot`.
    """
    answer = json.loads(render(skeleton(view), "json"))
    left, bottom, right, top = [float(x) for x in answer["bb"].split(",")]

    def at(text: str) -> Point:
        x, y = text.split(",")[:2]
        return (round(float(x) - left, 2), round(top - float(y), 2))

    objects = answer.get("objects", [])
    boxes = {o["name"]: at(o["pos"]) for o in objects if "pos" in o}
    frames: dict[Scope, tuple[float, float, float, float]] = {}
    names = {f"cluster_{i}": scope for i, scope in enumerate(view.frames)}
    for o in objects:
        if o["name"] in names:
            x0, y0, x1, y1 = [float(x) for x in o["bb"].split(",")]
            frames[names[o["name"]]] = (x0 - left, top - y1, x1 - x0, y1 - y0)
    courses = {int(edge["id"]): _arrow(edge, at) for edge in answer.get("edges", [])}
    arrows = tuple([courses[i] for i in range(len(view.links))])
    return Layout(right - left, top - bottom, boxes, arrows, frames)


COLUMN = 1170.0
"""The width of a page that a picture should fit, in pixels."""


def fitted(view: View) -> tuple[View, Layout]:
    """A view with its direction settled, and its layout.

    Without a direction it runs from left to right if that fits a page, else
    in the direction that is narrower.
    """
    if view.rankdir is not None:
        return view, layout(view)
    across, down = replace(view, rankdir="LR"), replace(view, rankdir="TB")
    placed = layout(across)
    if placed.width <= COLUMN:
        return across, placed
    other = layout(down)
    return (down, other) if other.width < placed.width else (across, placed)


def _arrow(edge: dict[str, Any], at: Any) -> Arrow:
    end, *points = edge["pos"].split()  # "e,x,y x,y ...": the tip, then the spline
    spline = tuple([at(point) for point in points])
    return Arrow(spline, at(end.removeprefix("e,")), at(edge["lp"]) if "lp" in edge else None)


def skeleton(view: View) -> str:
    """The view as DOT with nothing but keys and sizes."""
    lines = [
        f"digraph {{ rankdir={view.rankdir or 'LR'}; nodesep=0.22; ranksep=0.42; splines=true;",
        'node [shape=box, fixedsize=true, label=""]; edge [arrowsize=0.7];',
    ]
    frames = view.frames
    numbers = {scope: i for i, scope in enumerate(frames)}

    def inside(scope: Scope) -> None:
        for box in view.boxes:
            if box.scope == scope:
                size = metrics.size(box)
                order = ", ordering=in" if box.ordered else ""
                inches = f"width={size.width / 72:.4f}, height={size.height / 72:.4f}"
                lines.append(f"{box.key} [{inches}{order}];")
        for inner in frames:
            if inner[:-1] == scope:
                title = _space(metrics.width(_title(inner), metrics.SMALL, bold=True) + 8.0, 14.0)
                lines.append(
                    f"subgraph cluster_{numbers[inner]} {{ margin=10; labeljust=l; label={title};"
                )
                inside(inner)
                lines.append("}")

    inside(())
    for i, link in enumerate(view.links):
        text = ""
        if link.text:
            text = f", label={_space(metrics.width(link.text, metrics.SMALL) + 6.0, 14.0)}"
        lines.append(f"{link.tail} -> {link.head} [id={i}{text}];")
    lines.append("}")
    return "\n".join(lines)


def _title(scope: Scope) -> str:
    from autograd.drawing.escape import clean

    return clean(scope[-1])


def _space(width: float, height: float) -> str:
    """An empty label of a size: room for text without a font."""
    return (
        '<<table border="0" cellborder="0" cellpadding="0" cellspacing="0" fixedsize="true"'
        f' width="{width:.0f}" height="{height:.0f}"><tr><td></td></tr></table>>'
    )


def render(dot: str, form: str) -> bytes:
    """DOT source through Graphviz's `dot` into one of its formats.

    Raises ImportError if there is no Graphviz at all, RuntimeError if it fails.
    """
    try:
        import pygraphviz
    except ImportError:
        return _system(dot, form)
    with _one_at_a_time, fonts(needed=form in SHOWING_TEXT):
        graph = pygraphviz.AGraph(string=dot)
        try:
            return bytes(graph.draw(format=form, prog="dot"))
        finally:
            graph.close()


def _system(dot: str, form: str) -> bytes:
    program = shutil.which("dot")
    if program is None:
        raise ImportError(
            "drawing needs Graphviz for the layout: pip install 'scalar-autograd[draw]' brings it"
            " (or .text() and .mermaid(), which need nothing)"
        )
    done = subprocess.run(
        [program, f"-T{form}"], input=dot.encode(), capture_output=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"Graphviz ({program}) failed: {done.stderr.decode()[:400]}")
    return done.stdout


FONT_PLACES = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts")
"""Where Linux keeps fonts."""

FONT_SETTINGS = """\
<?xml version="1.0"?><fontconfig>{folders}
<alias><family>Helvetica</family>
<prefer><family>DejaVu Sans</family><family>Liberation Sans</family></prefer></alias>
<cachedir prefix="xdg">fontconfig</cachedir>
<config><rescan><int>0</int></rescan></config></fontconfig>"""


@contextmanager
def fonts(needed: bool) -> Iterator[None]:
    """Tell Graphviz where fonts are, while it reads its settings.

    On Linux the fontconfig in pygraphviz's wheels is seldom the system's, warns
    of the settings it finds and draws empty boxes where there is no font at all.
    So it gets settings of its own, in which the DejaVu that matplotlib brings
    along comes first: a picture is the same on every machine. Does nothing where
    the user has set fontconfig up.

    Raises RuntimeError if one is needed and none is to be found.
    """
    own = any(f"FONTCONFIG_{kind}" in os.environ for kind in ("FILE", "PATH"))
    if own or not sys.platform.startswith("linux"):
        yield
        return
    from autograd.drawing.escape import xml

    folders = "".join([f"<dir>{xml(str(folder))}</dir>" for folder in _font_folders(needed)])
    with tempfile.TemporaryDirectory(prefix="autograd-fonts-") as place:
        path = Path(place) / "fonts.conf"
        path.write_text(FONT_SETTINGS.format(folders=folders), encoding="utf-8")
        os.environ["FONTCONFIG_FILE"] = str(path)
        try:
            with _no_warnings():
                yield
        finally:
            del os.environ["FONTCONFIG_FILE"]


@contextmanager
def _no_warnings() -> Iterator[None]:
    """Keep fontconfig's warnings of the system's settings, which it doesn't use, off stderr."""
    try:
        before = os.dup(2)
    except OSError:  # a program without a stderr
        yield
        return
    with tempfile.TemporaryFile() as written:
        os.dup2(written.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(before, 2)
            os.close(before)
            written.seek(0)
            for line in written:
                if not line.startswith(b"Fontconfig warning"):
                    os.write(2, line)


def _font_folders(needed: bool) -> list[Path]:
    """The system's folders of fonts, after matplotlib's if it is installed."""
    system = [Path(place).expanduser() for place in FONT_PLACES]
    found = find_spec("matplotlib")
    if found is not None and found.origin is not None:
        return [Path(found.origin).parent / "mpl-data" / "fonts" / "ttf", *system]
    suffixes = ("ttf", "otf", "ttc", "pfb")
    if not needed or any(
        next(folder.rglob(f"*.{suffix}"), None) for suffix in suffixes for folder in system
    ):
        return system
    raise RuntimeError(
        "a PNG or PDF needs a font and this system has none: install one (for example the"
        " package fonts-dejavu-core), or save as .svg or .html, which need none"
    )
