"""Pictures and pages with labels that people chose: DOT, SVG, Mermaid, text, HTML, JSON."""

from __future__ import annotations

import functools
import html
import json
import math
import re
import struct
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from unittest import mock
from xml.etree import ElementTree

from autograd import Value, scope, step
from autograd.check.report import KINK, OK, WRONG, Entry, Report
from autograd.drawing import layout, page, stepper_page, svg, theme
from autograd.drawing.boxes import Box, Link, View
from autograd.drawing.dot import digraph
from autograd.drawing.escape import LONGEST_DETAIL, clean
from autograd.drawing.look import Look, node_box, recorded_gradient
from autograd.drawing.picture import Drawing
from tests.fuzz.target import Target, joined, texts

CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f]")
"""Control characters but the end of a line."""


# A small picture with every place that a text can come to: labels, tooltips, frames, arrows.


def labelled(found: list[str]) -> tuple[Value, Value]:
    """A leaf and the node made of it, their labels and scopes these texts."""
    first, second, place, inner = found
    with scope(place):
        x = Value(-2.0, label=first)
        with scope(inner):
            y = x.tanh()
    y.label = second
    y.backward()
    return x, y


def small(found: list[str]) -> View:
    """The view of these two nodes, with an arrow that has a text too."""
    x, y = labelled(found)
    look = Look(recorded_gradient)
    boxes = (node_box("n0", x, look, x.scope, False), node_box("n1", y, look, y.scope, True))
    link = Link("n0", "n1", clean(found[3]), clean(found[0], LONGEST_DETAIL), marked=True)
    return View(boxes, (link,), ("2 of 3 nodes shown",), "LR")


def on_a_line(view: View) -> layout.Layout:
    """A layout that costs nothing: Graphviz is handed keys and sizes, and never a text."""
    boxes = {box.key: (60.0 + 100.0 * i, 40.0) for i, box in enumerate(view.boxes)}
    frames = dict.fromkeys(view.frames, (5.0, 5.0, 90.0, 70.0))
    arrows = []
    for link in view.links:
        a, b = boxes[link.tail], boxes[link.head]
        arrows.append(layout.Arrow((a, a, b, b), b, (a[0], 20.0) if link.text else None))
    return layout.Layout(100.0 * len(boxes), 80.0, boxes, tuple(arrows), frames)


def left_out(*_: object) -> str:
    """In the place of our own styles and scripts; a Mock would remember a million calls."""
    return "/* */"


@contextmanager
def shortened() -> Iterator[None]:
    """A block without Graphviz, and with pages that leave out our own long style sheets."""
    with ExitStack() as stack:
        stack.enter_context(mock.patch.object(layout, "layout", on_a_line))
        for module in (page, stepper_page):
            stack.enter_context(mock.patch.object(module, "asset", left_out))
        stack.enter_context(mock.patch.object(theme, "scheme", left_out))
        stack.enter_context(mock.patch.object(svg, "style", left_out))
        yield


def shown(box: Box) -> list[str]:
    """The texts of a box in the order of reading."""
    rows = [text for pair in box.rows for text in pair if text]
    return [text for text in [box.symbol, box.title, *rows] if text]


# DOT, read by its grammar: https://graphviz.org/doc/info/lang.html

TOKEN = re.compile(
    r"""\s* (?: (?P<html><) | (?P<plain> -> | [{}\[\]=;,] | [A-Za-z_][A-Za-z_0-9]*
    | -?(?:\d+(?:\.\d*)?|\.\d+) | "(?:[^"\\]|\\.)*" ) | \Z )""",
    re.VERBOSE | re.DOTALL,
)
BRACKET = re.compile(r"[<>]")
ESCAPED = re.compile(r"\\(.)", re.DOTALL)
NAMES = {"graph", "node", "edge"}


def tokens(source: str) -> Iterator[str]:
    """The tokens of a DOT source. Raises AssertionError where there is none."""
    at = 0
    while at < len(source):
        match = TOKEN.match(source, at)
        assert match, source[at : at + 80]
        at = match.end()
        if match["plain"]:
            yield match["plain"]
        elif match["html"]:
            start, depth = at - 1, 1
            while depth:
                bracket = BRACKET.search(source, at)
                assert bracket, source[start:]
                depth += 1 if bracket.group() == "<" else -1
                at = bracket.end()
            yield source[start:at]


Attributes = dict[str, str]


def statements(source: str) -> tuple[dict[str, Attributes], list[tuple[str, str, Attributes]]]:
    """The nodes by their keys, and the edges, with their attributes; frames are keys, too.

    Raises AssertionError if the source is anything but a digraph.
    """
    read = [*tokens(source), "", ""]
    assert read[:2] == ["digraph", "{"]
    nodes: dict[str, Attributes] = {}
    edges: list[tuple[str, str, Attributes]] = []
    frames, at = ["whole"], 2
    while frames:
        word, sign, after = read[at : at + 3]
        if word == "}":
            frames.pop()
            at += 1
        elif word == "subgraph":
            assert re.fullmatch(r"cluster_\d+", sign) and after == "{"
            frames.append(sign)
            at += 3
        elif sign == "=":
            nodes.setdefault(frames[-1], {})[word] = after
            at += 3
        else:
            assert re.fullmatch(r"[a-z]+\d*", word), word
            at += 3 if sign == "->" else 1
            attributes, at = bracketed(read, at)
            if sign == "->":
                edges.append((word, after, attributes))
            elif word in NAMES:
                nodes.setdefault(frames[-1], {}).update(attributes)
            else:
                assert word not in nodes
                nodes[word] = attributes
    assert read[at:] == ["", ""]
    return nodes, edges


def bracketed(read: list[str], at: int) -> tuple[Attributes, int]:
    """The attributes in brackets at a place, if there are, and the place after them."""
    attributes: Attributes = {}
    if read[at] == "[":
        at += 1
        while read[at] != "]":
            assert read[at + 1] == "=" and read[at] not in attributes
            attributes[read[at]] = read[at + 2]
            at += 3
        at += 1
    return attributes, at


def unquoted(token: str) -> str:
    """What Graphviz shows for a quoted string or a name."""
    if token.startswith('"'):
        token = token[1:-1].replace('\\"', '"')
    return html.unescape(ESCAPED.sub(r"\1", token))


def table_texts(token: str) -> list[str]:
    """The texts of an HTML-like label: XML, as Graphviz reads it."""
    assert token[0] + token[-1] == "<>"
    root = ElementTree.fromstring(token[1:-1])
    assert {element.tag for element in root.iter()} <= {"table", "tr", "td", "b", "font"}
    return [ESCAPED.sub(r"\1", text) for text in root.itertext()]


def run_dot(data: bytes) -> None:
    """DOT by its grammar, with exactly the boxes, frames and arrows, and their texts."""
    found = texts(data, 4)
    view = small(found)
    source = digraph(view, legend=False).source
    source.encode("utf-8")
    nodes, edges = statements(source)
    assert nodes.keys() == {"n0", "n1", "whole", "cluster_0", "cluster_1"}
    for box in view.boxes:
        assert table_texts(nodes[box.key]["label"]) == shown(box)
        assert unquoted(nodes[box.key]["tooltip"]) == "\n".join(box.detail)
    for i, name in enumerate(found[2:]):
        assert unquoted(nodes[f"cluster_{i}"]["label"]) == clean(name)
    ((tail, head, attributes),) = edges
    (link,) = view.links
    assert (tail, head) == (link.tail, link.head)
    assert unquoted(attributes.get("label", "")) == (f" {link.text} " if link.text else "")
    assert unquoted(attributes.get("tooltip", "")) == link.detail


# Mermaid and text

MERMAID = re.compile(
    r"""\ +(?:subgraph\ frame\d+\ \["(?P<frame>[^"]*)"\] | end
    | (?P<key>[a-z]+\d*)(?:\(\[|\[\[|\[/|\[|\()"(?P<text>[^"]*)"(?:\]\)|\]\]|\\\]|\]|\))(?::::\w+)?
    | \w+\ (?:-->|==>)(?:\|"(?P<edge>[^"]*)"\|)?\ \w+ | classDef\ [\w ,:.\#-]+)""",
    re.VERBOSE,
)
PLAIN = re.compile(r"(?:[\w .,:+=/()−–∇·…×^-]|\#\d+;|<br>)*")
CODE = re.compile(r"#(\d+);")


def run_text(data: bytes) -> None:
    """Mermaid: lines of five forms, texts of harmless characters. Text: no control characters."""
    view = small(texts(data, 4))
    drawing = Drawing(view)
    first, head, *lines, last, _, note, end = drawing.mermaid().split("\n")
    assert (first, head, last, end) == ("```mermaid", "flowchart LR", "```", "")
    assert note == "2 of 3 nodes shown."
    told = {}
    for line in lines:
        match = MERMAID.fullmatch(line)
        assert match, line
        for text in match.group("frame", "text", "edge"):
            assert PLAIN.fullmatch(text or ""), line
        if match["key"]:
            told[match["key"]] = CODE.sub(lambda m: chr(int(m[1])), match["text"])
    for box in view.boxes:
        assert box.title in told[box.key]

    text = drawing.text()
    text.encode("utf-8")
    assert not CONTROL.search(text)
    assert text.count("\n") >= 3


# SVG and pages. Where a text can stand is left out, and so are numbers: what remains is the same
# for every text, so none has made a tag or an attribute.

SHOWN = re.compile(r"""(?<=>)[^<>]+(?=<)|(?<=title=")[^"<>]*(?=")|(?<=-label=")[^"<>]*(?=")""")
SCRIPT = re.compile(r"(<(script|style)\b[^<>]*>).*?(?=</\2>)", re.DOTALL)
NUMBER = re.compile(r"\d+(?:\.\d+)?")
BARE = re.compile(r"&(?!(?:amp|lt|gt|quot|#39|#x27);)")


def form(source: str) -> str:
    """What a page is made of whatever texts it shows.

    Raises AssertionError for a control character, or an & that was not escaped.
    """
    source.encode("utf-8")
    assert not CONTROL.search(source)
    source = SCRIPT.sub(r"\1", source)
    bare = BARE.search(source)
    assert not bare, source[bare.start() :][:40]
    return NUMBER.sub("0", SHOWN.sub("", source))


def alike(found: list[str]) -> tuple[str, ...]:
    """The same texts as letters: empty where they are empty, equal where they are equal."""
    told: dict[str, str] = {"": ""}
    return tuple([told.setdefault(clean(text), "abcde"[len(told) - 1]) for text in found])


def run_page(data: bytes) -> None:
    """The page of a picture: its SVG is XML with exactly the texts, the rest is as ever."""
    found = texts(data, 4)
    view = small(found)
    drawing = Drawing(view)
    source = drawing.html()
    assert form(source) == page_form(alike(found))
    root = ElementTree.fromstring(source[source.index("<svg") : source.index("</main>")])
    read = {g.get("data-box"): g for g in root.iter(f"{SVG}g") if g.get("data-box")}
    assert read.keys() == {box.key for box in view.boxes}
    for box in view.boxes:
        assert [t.text for t in read[box.key].iter(f"{SVG}text")] == shown(box)
        (title,) = read[box.key].iter(f"{SVG}title")
        assert title.text == "\n".join(box.detail)


SVG = "{http://www.w3.org/2000/svg}"


@functools.cache
def page_form(found: tuple[str, ...]) -> str:
    """The form of the page with harmless texts."""
    return form(Drawing(small(list(found))).html())


def run_steps(data: bytes) -> None:
    """The page of a backward pass: the form of a harmless one, and JSON that can be read."""
    found = texts(data, 4)
    _, y = labelled(found)
    source = step(y).html()
    assert form(source) == steps_form(alike(found))
    (told,) = STEPS.findall(source)
    names = [node["name"] for node in json.loads(told)["nodes"]]
    assert len(names) == 2
    for name, label in zip(names, found, strict=False):
        assert name.startswith(clean(label, 24))


STEPS = re.compile(r'<script type="application/json" id="steps">(.*?)</script>', re.DOTALL)


@functools.cache
def steps_form(found: tuple[str, ...]) -> str:
    """The form of the page with harmless texts."""
    return form(step(labelled(list(found))[1]).html())


# The report of a gradient check


def report(data: bytes) -> Report:
    """A report whose texts and numbers are the input's; the numbers have any bits."""
    title, by, output, note, last, raw = texts(data, 6)
    numbers = (raw.encode("utf-8", "surrogateescape") + bytes(64))[:64]
    a, b, c, d, e, f, g, h = struct.unpack("<8d", numbers)
    first = Entry((by,), output, a, {"reverse": b, "forward": c}, d, e, f, g, h, None, WRONG, note)
    second = Entry((by, last), output, h, {"reverse": g}, f, e, d, c, None, a, KINK)
    third = Entry((last,), "", b, {"reverse": a}, c, d, e, f, g, h, OK)
    return Report(title, (first, second, third), (), (last, "a note"))


def run_report(data: bytes) -> None:
    """The text is lines, the JSON is read back as it was, the HTML has the form of a harmless one."""
    made = report(data)
    text = str(made)
    text.encode("utf-8")
    assert not CONTROL.search(text)
    assert text.count("\n") == 6 + bool(made.entries[0].note)

    source = made.to_json()
    source.encode("utf-8")
    document = json.loads(source, parse_constant=refuse_constant)
    assert document["title"] == made.title
    for told, entry in zip(document["derivatives"], made, strict=True):
        assert (told["by"], told["note"]) == (list(entry.by), entry.note)
        assert float(told["at"]) == entry.at or math.isnan(entry.at)

    assert form(made.to_html()) == report_form(bool(made.entries[0].note))


@functools.cache
def report_form(noted: bool) -> str:
    """The form of a report with and without a remark."""
    return form(report(joined("a", "b", "c", "d" if noted else "", "e")).to_html())


def refuse_constant(name: str) -> None:
    """JSON has no NaN."""
    raise AssertionError(f"{name} in JSON")


HOSTILE = [
    r"\N \G \T \E \L \n \l \r",
    'a\\"',
    "'quoted' \"twice\"",
    "</script><script>alert(1)</script>",
    "]]> --> <!-- ",
    "&amp; &lt; &#65; &nbsp;",
    "\x00\x01\x1b\x7f\x85",
    "line\nbreak\r\ttab",
    "\u202eright to left\u202c \u200f",
    "{a|b}<f0>",
    "n0",
    "digraph { a -> b }",
    "</svg></text><image href='x'/>",
    "\udcff lone surrogate",
    "\ufffe\uffff",
    "漢字 עברית 🙂",
    "x" * 60,
    "`#quot;` #35; %% end",
    "w",
    "x",
    "",
    "{{x}} ${y} %s",
    "Δ ⁄ ﷽ ǆ",
]
SEEDS = [joined(*[HOSTILE[(i + k * k) % len(HOSTILE)] for k in range(5)]) for i in range(23)]
WORDS = ["<script>", "</script>", "<!--", "-->", "]]>", "&lt;", "\\", '\\"', '"', "'", "<", ">"]
WORDS += ["&", "&#0;", "onload=", "#34;", "```", "\u2028", "\u202e", "\ufeff", "\U000e0041", "%%"]

DOT = Target(run_dot, "none", SEEDS, WORDS)
TEXTS = Target(run_text, "none", SEEDS, WORDS)
PAGE = Target(run_page, "none", SEEDS, WORDS, around=shortened)
STEP_PAGE = Target(run_steps, "none", SEEDS, WORDS, around=shortened)
REPORT = Target(run_report, "none", SEEDS, WORDS)
