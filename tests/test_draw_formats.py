"""Every format says exactly what the graph says, whatever the labels are."""

from __future__ import annotations

import base64
import html
import json
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograd import Value, draw, explain, modes, scope, step
from autograd.drawing import escape, layout, metrics, numbers
from autograd.drawing.boxes import View
from autograd.drawing.picture import Drawing
from autograd.drawing.text import DEEPEST
from nn import MLP

pygraphviz = pytest.importorskip("pygraphviz")
pytest.importorskip("graphviz")

NASTY = [
    r"\N \G \T \E \L \n \l \r",
    "\\",
    "a\\",
    '"',
    "'quoted' \"twice\"",
    "<b>bold</b>",
    "<script>alert(1)</script>",
    "]]> --> <!-- ",
    "&amp; &lt; &#65; &nbsp;",
    "\x00\x01\x1b\x7f\x85",
    "line\nbreak\r\ttab",
    "\u202eright to left\u202c \u200f",
    "{a|b}<f0>",
    "n0",
    "digraph { a -> b }",
    "</svg></text><image href='x'/>",
    "javascript:alert(1)",
    "\ud800 lone surrogate",
    "\ufffe\uffff",
    "漢字 עברית 🙂",
    "x" * 10_000,
    "`#quot;` #35; %% end",
    "$x$ \\frac{1}{2} \\href{u}{v}",
]
labels = st.one_of(
    st.sampled_from(NASTY),
    st.text(max_size=20),
    st.text(st.characters(), max_size=20),
    st.text(alphabet="\\\"'<>&{}|NGlnr \n;#", max_size=12),
)
few = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
NAMESPACE = "{http://www.w3.org/2000/svg}"


def graph(label: str, other: str = "z") -> Value:
    x, z = Value(-2.0, label=label), Value(5.0, label=other)
    y = (x * z + x).tanh()
    y.label = label
    y.backward()
    return y


def shown(box: Any) -> list[str]:
    """The texts of a box in the order of reading."""
    rows = [text for pair in box.rows for text in pair if text]
    return [text for text in [box.symbol, box.title, *rows] if text]


def spaces(texts: list[str]) -> list[str]:
    return [text for text in texts if text.strip()]


@few
@given(labels, labels)
def test_svg_read_by_an_xml_parser_has_exactly_the_boxes(label: str, other: str) -> None:
    drawing = draw(graph(label, other), partials=True)
    root = ElementTree.fromstring(drawing.svg())
    groups = {g.get("data-box"): g for g in root.iter(f"{NAMESPACE}g") if g.get("data-box")}
    assert set(groups) == {box.key for box in drawing.view.boxes}
    for box in drawing.view.boxes:
        group = groups[box.key]
        texts = [text.text or "" for text in group.findall(f"{NAMESPACE}text")]
        assert texts == shown(box)
        assert (group.get("class") or "").split()[:2] == ["box", box.kind]
        title = group.find(f"{NAMESPACE}title")
        assert title is not None
        assert title.text == "\n".join(box.detail)
    links = [g for g in root.iter(f"{NAMESPACE}g") if g.get("data-link")]
    assert len(links) == len(drawing.view.links)


@few
@given(labels)
def test_svg_has_no_markup_of_the_labels(label: str) -> None:
    with scope(label):
        drawing = draw(graph(label))
    root = ElementTree.fromstring(drawing.svg())
    allowed = {
        f"{NAMESPACE}{name}" for name in ("svg", "title", "style", "rect", "g", "path", "text")
    }
    for element in root.iter():
        assert element.tag in allowed
        assert not any(name.startswith("on") or "href" in name for name in element.attrib)


@few
@given(labels, labels)
def test_dot_read_by_graphviz_has_exactly_the_nodes_edges_and_labels(
    label: str, other: str
) -> None:
    drawing = draw(graph(label, other), partials=True, legend=False)
    read = pygraphviz.AGraph(string=drawing.dot())
    try:
        assert sorted(map(str, read.nodes())) == sorted(box.key for box in drawing.view.boxes)
        edges = sorted((str(tail), str(head)) for tail, head in read.edges())
        assert edges == sorted((link.tail, link.head) for link in drawing.view.links)
        for box in drawing.view.boxes:
            node = read.get_node(box.key)
            assert spaces(html_label(node.attr["label"])) == spaces(shown(box))
            assert unescaped(node.attr["tooltip"]) == "\n".join(box.detail)
            assert node.attr["shape"] == {"input": "oval", "operation": "box"}[box.kind]
    finally:
        read.close()


# pydot's own parser calls deprecated names of pyparsing.
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@settings(few, max_examples=5)
@given(labels)
def test_dot_read_by_pydot_has_exactly_the_nodes_and_edges(label: str) -> None:
    pydot = pytest.importorskip("pydot")
    with scope("outer"), scope(label):
        drawing = draw(graph(label), legend=False)
    (read,) = pydot.graph_from_dot_data(drawing.dot())
    nodes = {n.get_name(): n for n in walk_pydot(read)} | {}
    keys = {box.key for box in drawing.view.boxes}
    assert {name for name in nodes if name not in ("node", "edge", "graph")} == keys


def walk_pydot(graph: Any) -> list[Any]:
    nodes = list(graph.get_nodes())
    for inner in graph.get_subgraphs():
        nodes += walk_pydot(inner)
    return nodes


@few
@given(labels)
def test_what_graphviz_renders_shows_the_labels_unchanged(label: str) -> None:
    """The whole way: through Graphviz's own parser, escapes and entities, into its SVG."""
    from autograd.drawing.layout import render

    drawing = draw(graph(label), legend=False)
    root = ElementTree.fromstring(render(drawing.dot(), "svg"))
    nodes = {
        g.findtext(f"{NAMESPACE}title"): g
        for g in root.iter(f"{NAMESPACE}g")
        if g.get("class") == "node"
    }
    for box in drawing.view.boxes:
        texts = [text.text or "" for text in nodes[box.key].iter(f"{NAMESPACE}text")]
        # Graphviz keeps runs of blanks by making them unbreakable.
        assert [plain(t) for t in spaces(texts)] == [plain(t) for t in spaces(shown(box))]


def plain(text: str) -> str:
    return text.replace("\xa0", " ").strip()


def html_label(label: str) -> list[str]:
    """The texts of an HTML-like label, as Graphviz reads it: tags, entities, backslashes."""
    parts = re.findall(r">([^<>]+)<", label)
    return [unescaped(part) for part in parts]


def unescaped(text: str) -> str:
    return html.unescape(text.replace("\\\\", "\\"))


class Tags(HTMLParser):
    """What elements a page has, and the text in them."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, tuple[str, ...]]] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, tuple(sorted(name for name, _ in attributes))))


@settings(few, max_examples=25)
@given(labels)
def test_pages_have_the_same_elements_whatever_the_labels(label: str) -> None:
    from autograd import step

    plain, odd = Tags(), Tags()
    plain.feed(draw(graph("w")).html())
    odd.feed(draw(graph(label or "w")).html())
    assert plain.tags == odd.tags
    plain, odd = Tags(), Tags()
    plain.feed(step(graph("w")).html())
    odd.feed(step(graph(label or "w")).html())
    assert plain.tags == odd.tags
    page = step(graph(label)).html()
    (told,) = re.findall(r'<script type="application/json" id="steps">(.*?)</script>', page, re.S)
    assert json.loads(told)["nodes"][0]["name"]


@few
@given(labels)
def test_mermaid_is_one_statement_a_line_whatever_the_labels(label: str) -> None:
    plain, odd = draw(graph("w")).mermaid(), draw(graph(label or "w")).mermaid()
    assert plain.count("\n") == odd.count("\n")
    for line in odd.splitlines()[2:-7]:
        assert re.fullmatch(
            r'    n\d+(\S{1,2}"[^"]*"\S{1,2}(:::\w+)?| -->(\|"[^"]*"\|)? n\d+)', line
        )
    drawing = draw(graph(label))
    text = re.sub(r"#(\d+);", lambda m: chr(int(m[1])), drawing.mermaid())
    for box in drawing.view.boxes:
        assert box.title in text


@few
@given(labels)
def test_text_has_one_line_for_a_node_and_no_control_characters(label: str) -> None:
    text = draw(graph(label)).text()
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", text)
    assert len(text.split("\n")) == len(draw(graph("w")).text().split("\n"))


@given(st.text(st.characters()))
def test_clean_text_is_short_legal_xml_and_stays_as_it_is(text: str) -> None:
    clean = escape.clean(text, 30)
    assert len(clean) <= 30
    assert escape.clean(clean, 30) == clean
    assert ElementTree.fromstring(f"<a>{escape.xml(clean)}</a>").text in (clean, None)
    clean.encode("utf-8")


@given(st.floats(allow_nan=True), st.integers(1, 17))
def test_numbers_are_written_to_be_read_back(x: float, digits: int) -> None:
    for text, told in ((numbers.exact(x), x), (numbers.short(x, digits), float(f"{x:.{digits}g}"))):
        plain = text.translate(str.maketrans("−⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "--0123456789")).replace("∞", "inf")
        plain = re.sub(r"×10(?=-|\d)", "e", plain) if "×" in plain else plain
        plain = re.sub(r"^(-?)10(?=[⁻-])", r"\g<1>1e", plain)
        if "×" not in text and "10" in text and re.search("[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]", text):
            power = re.sub(r"^−?10", "", text).translate(
                str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
            )
            plain = f"{'-' if text[0] == '−' else ''}1e{power}"
        assert repr(float(plain)) == repr(told)


def test_pictures_in_every_format(tmp_path: Any) -> None:
    drawing = draw(graph("w"))
    starts = {
        "svg": b"<svg", "png": b"\x89PNG", "pdf": b"%PDF", "dot": b"digraph", "gv": b"digraph",
        "html": b"<!doctype html>", "md": b"```mermaid", "txt": b" ",
    }  # fmt: skip
    for suffix, start in starts.items():
        path = drawing.save(tmp_path / f"graph.{suffix}")
        assert path.read_bytes().startswith(start)
    with pytest.raises(ValueError, match="can't tell a format"):
        drawing.save(tmp_path / "graph.jpeg")
    assert not (tmp_path / "graph.jpeg").exists()


def test_a_larger_scale_gives_a_larger_png() -> None:
    drawing = draw(graph("w"))
    small, large = drawing.png(scale=1.0), drawing.png(scale=2.0)
    widths = [int.from_bytes(png[16:20], "big") for png in (small, large)]
    assert widths[1] == pytest.approx(2 * widths[0], rel=0.02)


def test_a_system_without_fonts_takes_matplotlibs_or_says_what_to_do() -> None:
    pytest.importorskip("matplotlib")
    code = (
        "import os, sys\n"
        "from autograd import Value, draw\n"
        "from autograd.drawing import layout\n"
        "layout.FONT_PLACES = ()\n"
        "os.environ.pop('FONTCONFIG_FILE', None)\n"
        "drawing = draw(Value(2.0, label='x') * 3.0)\n"
        "print(drawing.png()[:4], 'FONTCONFIG_FILE' in os.environ)\n"
        "sys.modules['matplotlib'] = None\n"
        "import importlib.util\n"
        "importlib.util.find_spec = lambda name: None\n"
        "try:\n    drawing.pdf()\n"
        "except RuntimeError as missing:\n    print(missing)\n"
    )
    if not sys.platform.startswith("linux"):
        pytest.skip("other systems always have fonts")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    first, second = done.stdout.splitlines()
    assert first == "b'\\x89PNG' False"
    assert "needs a font" in second
    assert done.stderr == ""


def test_a_picture_is_made_in_silence_and_leaves_nothing_behind(tmp_path: Any) -> None:
    code = "from autograd import Value, draw; d = draw(Value(2.0) * 3.0); d.png(); d.pdf(); d.svg()"
    environment = {k: v for k, v in os.environ.items() if not k.startswith("FONTCONFIG")}
    environment["TMPDIR"] = str(tmp_path)
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment
    )
    assert done.stderr == ""
    assert list(tmp_path.iterdir()) == []


def test_the_graphviz_object_is_the_graphviz_packages() -> None:
    import graphviz

    assert isinstance(draw(graph("w")).graphviz, graphviz.Digraph)


def test_kinds_are_told_apart_without_colour() -> None:
    """With every colour taken away, each kind has an outline of its own."""
    from autograd.drawing.boxes import KINDS
    from autograd.drawing.svg import style

    w, x = Value(0.5, label="w"), Value(2.0, label="x")
    y = w * x + 1.0
    drawing = draw(y, parameters=[w])
    assert [box.kind for box in drawing.view.boxes if box.title == "w"] == ["parameter"]
    root = ElementTree.fromstring(drawing.svg())
    looks = {}
    rules = style("c", "light")
    for group in root.iter(f"{NAMESPACE}g"):
        kind = (group.get("class") or "").split()[1:2]
        if group.get("data-box"):
            rects = group.findall(f"{NAMESPACE}rect")
            dashed = f".c .{kind[0]} .shape{{stroke-dasharray" in rules
            badge = bool(group.findall(f"{NAMESPACE}path"))
            looks[kind[0]] = (len(rects), rects[0].get("rx"), dashed, badge)
    assert set(looks) == {"parameter", "input", "constant", "operation"}
    assert len(set(looks.values())) == 4
    assert all(f".c .{kind} .shape{{fill" in rules for kind in KINDS)
    assert "output" in drawing.svg()


def test_light_dark_and_both() -> None:
    y = graph("w")
    assert "prefers-color-scheme:dark" in draw(y).svg()
    light, dark = draw(y, theme="light").svg(), draw(y, theme="dark").svg()
    assert "prefers-color-scheme" not in light + dark
    assert "#ffffff" in light
    assert "#ffffff" not in dark


def test_not_reached_is_a_dash_and_zero_a_zero() -> None:
    x, unused = Value(-1.0, label="x"), Value(3.0, label="u")
    y = x.relu() + x * 0.0
    y.backward()
    rows = {box.title: dict(box.rows) for box in draw([y, unused * 2.0]).view.boxes}
    assert rows["x"]["grad"] == "0"
    assert rows["u"]["grad"] == "–"
    assert "not reached" in draw([y, unused * 2.0]).svg()


def test_partials_on_the_arrows_and_arguments_not_selected() -> None:
    x, z = Value(2.0, label="x"), Value(3.0, label="z")
    y = (x * z).relu() - z.relu() * (-x).relu()
    texts = sorted(link.text for link in draw(y, partials=True).view.links)
    assert texts == sorted(["3", "2", "1", "1", "−1", "0", "3", "−1", "1", "not selected"])


def test_a_drawing_is_a_snapshot() -> None:
    y = graph("w")
    drawing = draw(y)
    before = drawing.text()
    y.backward()
    assert drawing.text() == before == draw(graph("w")).text()


def test_a_function_is_called_with_named_inputs_and_shown_with_its_gradient() -> None:
    text = draw(lambda x, weights: x * weights[0] + weights[1], 2.0, [3.0, 4.0]).text()
    assert re.search(r"x +2 +3\n", text)
    assert re.search(r"weights0 +3 +2\n", text)


def test_drawing_a_function_leaves_gradients_alone() -> None:
    w = Value(3.0, label="w")
    draw(lambda x: x * w, 2.0)
    assert not w.reached


def test_text_of_a_graph_with_shared_nodes() -> None:
    a = Value(2.0, label="a")
    d = a * a
    f = d + d.tanh() * Value(3.0)
    f.label = "f"
    f.backward()
    assert draw(f).text().splitlines() == [
        "                           data     grad",
        "f = +                     6.998        1",
        "├─ (1) = ×                    4    1.004",
        "│  ├─ a                       2   4.0161",
        "│  └─ a                       2   4.0161",
        "└─ ×                      2.998        1",
        "   ├─ tanh              0.99933        3",
        "   │  └─ (1) (↑ above)        4    1.004",
        "   └─ input                   3  0.99933",
    ]


def test_notebooks_get_svg_and_text() -> None:
    bundle = draw(graph("w"))._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "image/svg+xml"}
    assert bundle["image/svg+xml"].startswith("<svg")


def test_made_in_scope_and_line_are_in_the_tooltip() -> None:
    with modes.lines(), scope("layer"):
        y = Value(2.0) * 3.0
    detail = "\n".join(draw(y).view.boxes[-1].detail)
    assert "layer" in detail
    assert "test_draw_formats.py" in detail


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"rankdir": "up"}, "rankdir is 'up'"),
        ({"theme": "pink"}, "theme is 'pink'"),
        ({"digits": 0}, "digits is 0"),
        ({"limit": 0}, "limit is 0"),
        ({"digits": 18}, "digits is 18"),
        ({"digits": "5"}, "digits is '5'"),
        ({"radius": -1}, "radius is -1"),
        ({"strongest": -1}, "strongest is -1"),
        ({"expand": "nowhere"}, "expand names no scope"),
    ],
)
def test_settings_out_of_range_are_named(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        draw(graph("w"), **settings)


@pytest.mark.parametrize(
    ("what", "message"),
    [
        ("x * y", "got 'x \\* y' of type str"),
        (3.0, "got 3.0 of type float"),
        ([1.0], "no graph to draw in 1.0"),
        ([], "nothing to draw"),
        (lambda x: x, r"give its arguments after it, as in draw\(f, 1\.0, 2\.0\)"),
        (MLP(2, [1]), r"MLP is shown as it is called: .* draw\(model, \[1\.0, 2\.0\]\)"),
    ],
)
def test_what_is_no_graph_is_refused_by_name(what: Any, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        draw(what)


def test_draw_is_the_function_and_the_package_is_drawing() -> None:
    code = (
        "import autograd.drawing.svg, autograd.drawing\n"
        "from autograd import draw, step, explain, Value\n"
        "import autograd\n"
        "assert autograd.draw is draw is autograd.drawing.draw\n"
        "print(repr(draw(Value(2.0) * 3.0)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "<Drawing of 3 boxes and 2 arrows>\n"


def test_importing_autograd_imports_no_picture() -> None:
    code = "import autograd, sys; print([m for m in sys.modules if 'draw' in m or 'graphviz' in m])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_without_graphviz_text_still_works_and_the_remedy_is_named() -> None:
    code = (
        "import sys, os\n"
        "sys.modules['pygraphviz'] = sys.modules['graphviz'] = None\n"
        "os.environ['PATH'] = ''\n"
        "from autograd import Value, draw\n"
        "drawing = draw(Value(2.0) * 3.0)\n"
        "print(list(drawing._repr_mimebundle_()))\n"
        "drawing.mermaid()\n"
        "try:\n    drawing.svg()\n"
        "except ImportError as missing:\n    print(missing)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("['text/plain']\n")
    assert "pip install 'scalar-autograd[draw]'" in done.stdout


def test_both_ways_to_graphviz_are_the_same_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    """A system dot, where one is, is asked the same and answers in the same form."""
    import shutil

    from autograd.drawing import layout

    if shutil.which("dot") is None:
        pytest.skip("no system dot")
    skeleton = layout.skeleton(draw(graph("w")).view)
    assert {o["name"] for o in json.loads(layout._system(skeleton, "json"))["objects"]} == {
        o["name"] for o in json.loads(layout.render(skeleton, "json"))["objects"]
    }


# What is rare


def test_frames_and_notes_in_every_text_format() -> None:
    with scope("outer"):
        x = Value(2.0, label="x")
        with scope("inner"):
            y = x.tanh()
    drawing = draw((y * 3.0).exp(), limit=2)
    assert drawing.view.notes
    assert all(f"{note}." in drawing.mermaid() for note in drawing.view.notes)
    whole = draw(y).mermaid()
    assert whole.count("subgraph") == whole.count("    end") == 2
    assert whole.index('["outer"]') < whole.index('["inner"]')
    assert str(drawing) == drawing.text()


def test_a_group_alone_has_no_legend_of_outputs() -> None:
    drawing = draw(graph("w"))
    boxes = [b for b in drawing.view.boxes if b.kind == "input"]
    alone = Drawing(View((replace(boxes[0], rows=()),), ()))
    assert "thick line" not in alone.dot()
    assert ">output<" not in alone.svg()
    assert ">output<" in draw(graph("w")).svg()
    assert Drawing(View((), ())).graphviz.source.count("label=") == 0
    titled = Drawing(View((replace(boxes[0], rows=(("", "12 nodes"),), marked=True),), ()))
    assert '<td colspan="2"><font' in titled.dot()
    assert "12 nodes" in titled.dot()


def test_a_page_of_a_view_alone_opens_nothing() -> None:
    page = Drawing(draw(graph("w")).view).html()
    assert "<dialog" not in page
    assert "<script" not in page


def test_closed_scopes_are_in_the_page_and_open_to_what_they_hold() -> None:
    model = MLP(2, [3, 1], seed=0)
    drawing = draw(model([0.5, -1.0]), expand=False)
    page = drawing.html()
    (closed,) = [box.opens for box in drawing.view.boxes if box.opens]
    assert drawing.inside is not None
    within = drawing.inside(closed)
    assert len(within.boxes) > len(drawing.view.boxes)
    assert page.count("<dialog") == 1
    assert f'data-scope="{"/".join(closed)}"' in page


def test_combining_marks_take_no_width() -> None:
    assert metrics.width("e\u0301") == metrics.width("e")


def test_a_direction_that_is_asked_for_is_kept() -> None:
    assert draw(graph("w"), rankdir="TB").svg() != draw(graph("w"), rankdir="LR").svg()


def test_arguments_of_every_kind_are_named_where_they_are_numbers() -> None:
    a = Value(2.0)
    drawing = draw(lambda x, k, flag: x * k[0] if flag is not None else x, a, [3.0], "yes")
    assert [box.title for box in drawing.view.boxes if box.kind == "input"] == ["x", "k0"]
    unsigned = draw(type("F", (), {"__call__": lambda self, x: x * 2.0, "__signature__": 1})(), 1.0)
    assert [box.title for box in unsigned.view.boxes if box.kind == "input"] == ["x"]
    with pytest.raises(TypeError, match="arguments only for a function"):
        draw(a * 2.0, 3.0)
    with pytest.raises(ValueError, match="a float has at most 17"):
        draw(a * 2.0, digits=18)


def test_the_systems_dot_is_asked_where_there_is_no_pygraphviz(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    program = tmp_path / "dot"
    program.write_text(f"#!{sys.executable}\nimport sys\nprint(sys.argv[1], sys.stdin.read())\n")
    program.chmod(0o755)
    monkeypatch.setitem(sys.modules, "pygraphviz", None)
    monkeypatch.setattr("shutil.which", lambda name: str(program))
    assert layout.render("digraph {}", "json") == b"-Tjson digraph {}\n"
    program.write_text(f"#!{sys.executable}\nimport sys\nsys.exit('no such format')\n")
    with pytest.raises(RuntimeError, match="failed: no such format"):
        layout.render("digraph {}", "json")


def test_fonts_that_are_set_up_are_left_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    monkeypatch.setenv("FONTCONFIG_FILE", "mine.conf")
    with layout.fonts(needed=True):
        assert os.environ["FONTCONFIG_FILE"] == "mine.conf"
    monkeypatch.setattr(layout, "find_spec", lambda name: None)
    monkeypatch.setattr(layout, "FONT_PLACES", (str(tmp_path),))
    assert layout._font_folders(needed=False) == [tmp_path]
    with pytest.raises(RuntimeError, match="needs a font"):
        layout._font_folders(needed=True)
    (tmp_path / "own.ttf").touch()
    assert layout._font_folders(needed=True) == [tmp_path]


def test_only_fontconfigs_warnings_are_kept_off_stderr(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with layout._no_warnings():
        os.write(2, b"Fontconfig warning: old\nsomething else\n")
    assert capfd.readouterr().err == "something else\n"

    def closed(descriptor: int) -> int:
        raise OSError("no stderr")

    monkeypatch.setattr(os, "dup", closed)
    with layout._no_warnings():
        os.write(2, b"as it is\n")
    monkeypatch.undo()
    assert capfd.readouterr().err == "as it is\n"


def test_what_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    drawing = draw(graph("w"))
    monkeypatch.setitem(sys.modules, "graphviz", None)
    with pytest.raises(ImportError, match=r"pip install 'scalar-autograd\[draw\]'"):
        drawing.dot()


def test_a_long_path_in_text_goes_on_below() -> None:
    y = Value(0.5, label="x")
    for _ in range(30):
        y = y.tanh()
    lines = draw(y, limit=100).text().splitlines()
    assert sum("↓ below" in line for line in lines) == 3
    assert sum("tanh" in line and "below" not in line for line in lines) == 30
    assert max(map(len, lines)) < 100


def test_parts_reached_twice_are_told_once() -> None:
    shared = Value(0.5, label="a").tanh()
    y = shared
    for _ in range(DEEPEST - 1):
        y = y.sin()
    lines = draw(y * shared, limit=100).text().splitlines()
    assert sum("tanh" in line for line in lines) == 1
    assert sum("└─ a " in line for line in lines) == 1


def test_png_in_a_bundle_on_request() -> None:
    drawing = draw(graph("w"))
    assert "image/png" not in drawing._repr_mimebundle_()
    bundle = drawing._repr_mimebundle_(include={"image/png"})
    assert base64.b64decode(bundle["image/png"]).startswith(b"\x89PNG")


def test_arrays_are_inputs_like_lists() -> None:
    numpy = pytest.importorskip("numpy")

    def f(x: Any, n: Any) -> Value:
        return (x[0] * x[1]) ** n

    boxes = draw(f, numpy.array([2.0, 3.0]), numpy.int64(2)).view.boxes
    assert boxes == draw(f, [2.0, 3.0], 2).view.boxes
    assert [box.title for box in boxes if box.kind == "input"] == ["x0", "x1", "n"]


def test_a_label_may_be_a_number_as_in_micrograd() -> None:
    xs = [Value(float(i), label=i) for i in range(1, 90)]  # type: ignore[arg-type]  # that is the point
    y = sum(x * x for x in xs)
    assert "1 … 89" in draw(y).text()
    assert "1" in [box.title for box in draw(xs[0] * 2.0).view.boxes]
    assert step(xs[0] * 2.0).lines(0)[0][0] == "v₁ = 1 × 2"
    assert "∂v₁/∂1 = 2" in str(explain(xs[0] * 2.0, xs[0]))
