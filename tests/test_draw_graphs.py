"""Large graphs become summaries that add up; parts of graphs are the right parts."""

from __future__ import annotations

import functools
import itertools
import math
import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd import Graph, Value, draw, explain, no_grad, scope
from autograd import sum as total
from autograd.drawing import grouping, paths
from autograd.drawing.boxes import Box
from autograd.drawing.grouping import SUMMARY
from autograd.drawing.look import Look
from autograd.drawing.picture import Drawing
from autograd.drawing.svg import scope_path
from autograd.graph import Edge, topological_order
from nn import MLP

nothing_slow = settings(max_examples=50, deadline=None)


@st.composite
def graphs(draw: st.DrawFn, most: int = 12) -> Value:
    """A small graph with shared nodes: its last node."""
    nodes = [Value(draw(st.floats(-2, 2)), label=f"x{i}") for i in range(draw(st.integers(1, 3)))]
    for _ in range(draw(st.integers(1, most))):
        a, b = (nodes[draw(st.integers(0, len(nodes) - 1))] for _ in "ab")
        kind = draw(st.integers(0, 5))
        if kind == 0:
            nodes.append(a + b)
        elif kind == 1:
            nodes.append(a * b)
        elif kind == 2:
            nodes.append(a - b)
        elif kind == 3:
            nodes.append(a.tanh())
        elif kind == 4:
            nodes.append(a.relu())
        else:
            nodes.append(a * 0.5)
    return nodes[-1]


def moons_loss(points: int = 100) -> tuple[Value, MLP]:
    """The loss of micrograd's demo on random points."""
    rng = random.Random(1)
    model = MLP(2, [16, 16, 1], seed=0)
    scores = [model([rng.uniform(-1, 1), rng.uniform(-1, 1)]) for _ in range(points)]
    losses = [(1 - rng.choice((-1, 1)) * score).relu() for score in scores]
    loss = sum(losses) * (1 / points) + 1e-4 * sum(p * p for p in model.parameters())
    loss.backward()
    return loss, model


def number(box: Box, word: str) -> int:
    return int(dict(box.rows)[word].replace(",", ""))


def count_of(box: Box) -> int:
    """How many nodes a box stands for, from what it shows."""
    if box.kind == "more":
        return int(box.title.split()[0].replace(",", ""))
    if box.kind != "group":
        return 1
    rows = dict(box.rows)
    if "nodes" in rows:
        return int(rows["nodes"].replace(",", ""))
    return int((rows.get("") or box.title).split()[0].replace(",", ""))


# Summaries


def test_a_network_of_4000_and_more_nodes_fits_a_page_with_readable_text() -> None:
    loss, model = moons_loss()
    drawing = draw(loss, parameters=model)
    assert len(drawing.view.boxes) <= SUMMARY
    width = float(drawing.svg().split('width="')[1].split('"')[0])
    assert width <= 1200
    layers = [box for box in drawing.view.boxes if box.title.startswith("layers.")]
    assert [number(box, "parameters") for box in layers] == [48, 272, 17]
    assert sum(map(count_of, drawing.view.boxes)) == len(Graph(loss))


def test_the_norm_of_a_layers_gradient_is_that_of_its_parameters() -> None:
    loss, model = moons_loss(20)
    box = next(b for b in draw(loss).view.boxes if b.title == "layers.1")
    norm = math.hypot(*[p.grad for p in model.layers[1].parameters()])
    assert float(dict(box.rows)["‖grad‖"]) == pytest.approx(norm, rel=5e-3)


def test_expand_opens_what_is_named_and_what_is_around_it() -> None:
    loss, _ = moons_loss(5)
    for expand in ("layers.0", ["MLP/layers.0"], [("MLP", "layers.0")]):
        drawing = draw(loss, expand=expand)
        assert ("MLP", "layers.0") in drawing.view.frames
        titles = [box.title for box in drawing.view.boxes]
        assert titles.count("neurons.3") == 1
    assert draw(loss, expand=False).view.frames == []
    assert draw(loss, expand=1).view.frames == [("MLP",)]
    shut = [box for box in draw(loss, expand=False).view.boxes if box.title == "MLP"]
    assert number(shut[0], "parameters") == 337


def test_a_small_graph_is_drawn_whole_with_its_frames() -> None:
    model = MLP(2, [2, 1], seed=0)
    y = model([1.0, 2.0])
    drawing = draw(y)
    assert sum(box.kind == "operation" for box in drawing.view.boxes) == 5
    assert drawing.view.frames[:2] == [("MLP",), ("MLP", "layers.0")]
    assert len(drawing.view.boxes) == len(Graph(y))


def test_a_modules_parameters_are_known_without_being_told() -> None:
    y = MLP(2, [2, 1], seed=0)([1.0, 2.0])
    kinds = [box.kind for box in draw(y).view.boxes if box.title[0:1] in ("w", "b")]
    assert kinds == ["parameter"] * 9
    inputs = [box for box in draw(y).view.boxes if box.kind == "input"]
    assert [(box.title, box.scope) for box in inputs] == [("x0", ()), ("x1", ())]


def test_parts_that_are_alike_are_told_once() -> None:
    xs = [Value(float(i), label=f"x{i}") for i in range(200)]
    y = sum((x * 2.0).tanh() for x in xs)
    boxes = draw(y).view.boxes
    assert len(boxes) == 6
    assert sum(map(count_of, boxes)) == len(Graph(y)) == 200 + 200 + 200 + 200 + 199
    assert {box.symbol for box in boxes} == {"", "×", "tanh", "+"}


def test_a_graph_beyond_the_budget_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grouping, "WALK", 5_000)
    y = Value(1.0)
    for _ in range(10_000):
        y = y * 1.0001
    drawing = draw(y)
    assert any("not counted" in note for note in drawing.view.notes)
    assert any(box.kind == "more" for box in drawing.view.boxes)
    assert "not counted" in drawing.text()
    assert "not counted" in drawing.svg()


def test_a_graph_with_nothing_alike_shows_what_is_near_the_output() -> None:
    y = Value(1.0, label="start")
    for i in range(300):
        with scope(f"part {chr(0x4E00 + i)}"):
            y = y.sin() + 1.0
    drawing = draw(y)
    assert len(drawing.view.boxes) <= SUMMARY + 1
    more = next(box for box in drawing.view.boxes if box.kind == "more")
    assert sum(map(count_of, drawing.view.boxes)) == len(Graph(y))
    assert count_of(more) > 0


@pytest.mark.slow
def test_ten_million_nodes_are_summarised_and_freed() -> None:
    y = Value(1.0)
    for _ in range(5_000_000):
        y = y * 1.0000001
    assert "not counted" in draw(y).text()


@nothing_slow
@given(graphs(60), st.integers(1, 40), st.sampled_from([None, True, False, 1]))
def test_no_node_is_lost_or_told_twice(y: Value, limit: int, expand: object) -> None:
    drawing = draw(y, limit=limit, expand=expand)  # type: ignore[arg-type]  # one of its kinds
    assert sum(map(count_of, drawing.view.boxes)) == len(Graph(y))
    keys = {box.key for box in drawing.view.boxes}
    assert len(keys) == len(drawing.view.boxes)
    assert all({link.tail, link.head} <= keys for link in drawing.view.links)


@nothing_slow
@given(graphs())
def test_a_small_graph_has_its_nodes_and_edges(y: Value) -> None:
    drawing = draw(y)
    graph = Graph(y)
    assert len(drawing.view.boxes) == len(graph)
    assert len(drawing.view.links) == len(list(graph.edges()))
    drawing.svg()


# Paths


def all_paths(node: Value, wrt: Value) -> list[tuple[Edge, ...]]:
    """Every path, by recursion: the oracle."""
    if node is wrt:
        return [()]
    return [
        (Edge(parent, node, i), *rest)
        for i, parent in enumerate(node.parents)
        for rest in all_paths(parent, wrt)
    ]


@nothing_slow
@given(graphs(9), st.integers(1, 30))
def test_the_strongest_paths_are_those_a_search_of_all_finds(y: Value, most: int) -> None:
    order = topological_order(y)
    wrt = next((n for n in order if n.primitive is None and not n.constant), None)
    if wrt is None:
        return
    every = all_paths(y, wrt)
    assert paths.number_of_paths(order, y, wrt) == len(every)
    found = paths.strongest(order, y, [wrt], most)
    products = sorted((abs(p) for p in map(product_along, every) if p), reverse=True)
    assert [abs(path.product) for path in found] == pytest.approx(products[:most], rel=1e-9)
    assert len({path.edges for path in found}) == len(found)
    for path in found:
        assert path.edges in every


def product_along(path: tuple[Edge, ...]) -> float:
    product = 1.0
    for edge in path:
        xs = [p.data for p in edge.child.parents]
        assert edge.child.primitive is not None
        pairs = dict(edge.child.primitive.local(xs, edge.child.data, [edge.position]))
        product *= pairs.get(edge.position, 0.0)
    return product


@nothing_slow
@given(graphs())
def test_between_is_what_lies_on_a_path(y: Value) -> None:
    order = topological_order(y)
    x = order[0]
    every = all_paths(y, x)
    if every and y is not x:
        on_paths = {y, x} | {edge.parent for path in every for edge in path}
        assert paths.between(order, x, y) == on_paths


def test_between_two_nodes_without_a_path_is_refused() -> None:
    x, z = Value(1.0, label="x"), Value(2.0, label="z")
    y = x * 2.0 + z
    with pytest.raises(ValueError, match="no path"):
        draw(y, between=(y, x))


def test_focus_is_the_neighbourhood() -> None:
    x = Value(1.0, label="x")
    y = x
    chain = [x]
    for _ in range(9):
        y = y.tanh()
        chain.append(y)
    drawing = draw(y, focus=chain[5], radius=2)
    assert len(drawing.view.boxes) == 5
    assert [box.marked for box in drawing.view.boxes] == [False, False, True, False, False]
    assert drawing.view.notes == ("5 of 10 nodes shown",)
    with pytest.raises(ValueError, match="focus is not in the graph"):
        draw(y, focus=Value(3.0))


def test_the_strongest_paths_are_marked() -> None:
    x, z = Value(1.0, label="x"), Value(2.0, label="z")
    y = x * 10.0 + z * 0.1
    drawing = draw(y, strongest=1)
    marked = [link for link in drawing.view.links if link.marked]
    names = {box.key: box.title for box in drawing.view.boxes}
    assert len(marked) == 2
    assert names[marked[0].tail] == "x"


# explain


@nothing_slow
@given(graphs(9))
def test_an_explanations_summands_add_up_to_the_gradient(y: Value) -> None:
    order = topological_order(y)
    for wrt in order:
        told = explain(y, wrt)
        if told.gradient is None or wrt.constant or wrt is y:
            continue
        total = math.fsum(way.product for way in itertools.chain(told.ways, told.left_out))
        scale = math.fsum(abs(way.product) for way in told.ways) + 1e-300
        assert abs(total - told.gradient) <= 1e-9 * scale + 1e-12
        assert str(told)
        assert told.latex()


def test_an_explanation_in_words_and_latex() -> None:
    x, y, z = Value(-2.0, label="x"), Value(5.0, label="y"), Value(-4.0, label="z")
    f = (x + y) * z
    f.label = "f"
    told = explain(f, "x")
    assert str(told).splitlines() == [
        "∂f/∂x: one path, and along it the product of the partials",
        "  f → v₁ → x   ∂f/∂v₁ · ∂v₁/∂x = (−4) · 1 = −4",
        "∂f/∂x = −4",
        "where",
        "  v₁ = x + y",
    ]
    assert told.latex().splitlines() == [
        r"\begin{aligned}",
        r"\frac{\partial f}{\partial x} &= \frac{\partial f}{\partial v_{1}}\,"
        r"\frac{\partial v_{1}}{\partial x} \\",
        r"&= \left(-4\right) \cdot 1 \\",
        r"&= -4",
        r"\end{aligned}",
    ]
    assert told._repr_latex_().startswith("$\\displaystyle")
    formatters = pytest.importorskip("IPython.core.formatters")
    bundle, _ = formatters.DisplayFormatter().format(told)
    assert bundle["text/plain"] == str(told)
    assert bundle["text/latex"] == told._repr_latex_()


def test_many_paths_are_grouped_by_the_node_they_come_through() -> None:
    x = Value(1.1, label="x")
    y = x
    for _ in range(100):
        y = y + y * 0.01
    told = explain(y, x)
    assert told.paths == 2**100
    assert told.grouped
    assert len(told.ways) == 2
    assert "10^30" in str(told)
    y.backward()
    assert told.gradient == x.grad


def test_explain_names_what_it_can_not_use() -> None:
    x = Value(1.0, label="x")
    twin = Value(2.0, label="x")
    with pytest.raises(ValueError, match="2 nodes are labelled 'x'"):
        explain(x * twin, "x")
    with pytest.raises(ValueError, match="no node is labelled 'q': the labels are 'x'"):
        explain(x * 2.0, "q")
    with pytest.raises(TypeError, match=r"explain's output is 3\.0"):
        explain(3.0, x)  # type: ignore[arg-type]  # that is the point
    assert "does not depend" in str(explain(twin * 2.0, x))
    assert "the output itself" in str(explain(x, x))


def test_an_explanation_is_drawn() -> None:
    x = Value(1.0, label="x")
    assert isinstance(explain((x * x).tanh() * 3.0, x).draw(), Drawing)


def test_an_explanations_drawing_has_its_own_gradients() -> None:
    x = Value(3.0, label="x")
    other, y = x * 5.0, x * x
    other.backward()
    rows = [dict(box.rows)["grad"] for box in explain(y, "x").draw().view.boxes]
    assert rows == ["6", "1"]
    assert dict(draw(y).view.boxes[0].rows)["grad"] == "5"


def test_a_part_that_runs_alone_keeps_its_parameters_in_its_own_frame() -> None:
    model = MLP(2, [3, 1], seed=1)
    model([1.0, 2.0])
    both = draw(sum(model.layers[0]([1.0, 2.0])), expand=True)
    frames = re.findall(r'class="frame-title"[^>]*>([^<]*)<', both.svg())
    assert sorted(frames) == ["layers.0", "neurons.0", "neurons.1", "neurons.2"]


def test_parameters_stay_at_home_when_the_whole_and_a_part_run() -> None:
    model = MLP(2, [2, 1], seed=1)
    loss = model([1.0, 2.0]) + sum(model.layers[0]([3.0, 4.0]))
    weight = model.layers[0].neurons[0].w[0]
    homes = grouping.home_scopes(topological_order(loss), Look(lambda node: None))
    assert homes[weight] == weight.scope == ("MLP", "layers.0", "neurons.0")


# Parts of graphs that are larger than what a summary looks at


def long_chain(n: int) -> list[Value]:
    chain = [Value(1.0, label="x")]
    for _ in range(n):
        chain.append(chain[-1] * 1.5)
    return chain


def test_parts_of_a_large_graph_are_found_wherever_they_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(grouping, "WALK", 500)
    chain = long_chain(2_000)
    y = chain[-1]
    near = draw(y, focus=chain[300], radius=2)
    assert len([box for box in near.view.boxes if box.kind != "constant"]) == 5
    assert near.view.notes == ("8 of 4,001 nodes shown",)
    way = draw(y, between=(chain[0], chain[20]))
    assert len(way.view.boxes) == 21
    strong = draw(y, between=("x", chain[200]), strongest=1, limit=10_000)
    assert sum(link.marked for link in strong.view.links) == 200
    whole = draw(y, strongest=1)
    assert whole.view.notes == ("500 of 4,001 nodes shown",)


def test_focus_and_between_take_labels() -> None:
    x, z = Value(1.0, label="x"), Value(2.0, label="z")
    y = (x * z).tanh() + z
    y.label = "y"
    assert draw(y, focus="x", radius=1).view == draw(y, focus=x, radius=1).view
    assert draw(y, between=("x", "y")).view == draw(y, between=(x, y)).view
    with pytest.raises(ValueError, match="no node is labelled 'q'"):
        draw(y, focus="q")
    with pytest.raises(TypeError, match=r"focus is 3\.0 of type float"):
        draw(y, focus=3.0)  # type: ignore[arg-type]  # that is the point
    with pytest.raises(TypeError, match=r"between is .*: give two nodes"):
        draw(y, between=(x,))  # type: ignore[arg-type]  # that is the point


def test_repeated_parts_are_closed_before_a_graph_is_large() -> None:
    y = MLP(3, [4, 4, 1], seed=1)([1.0, 2.0, 3.0])
    drawing = draw(y)
    assert len(Graph(y)) <= grouping.LIMIT
    assert len(drawing.view.boxes) == 12
    assert sum(map(count_of, drawing.view.boxes)) == len(Graph(y))
    assert len(draw(y, expand=True).view.boxes) == len(Graph(y))


def test_what_is_alike_beside_closed_parts_is_told_once() -> None:
    model = MLP(2, [3, 3, 1], activation="tanh", seed=1)
    loss = total([model([0.1 * i, 1.0]).tanh() for i in range(30)])
    boxes = draw(loss).view.boxes
    assert len(boxes) <= SUMMARY
    assert any(box.symbol == "tanh" and count_of(box) == 30 for box in boxes)


def test_a_part_that_is_there_once_stays_open_in_a_small_graph() -> None:
    with scope("program"):
        y = Value(1.0)
        for _ in range(40):
            y = y.sin()
    assert len(draw(y).view.boxes) == 41


def test_a_long_path_is_told_by_its_ends() -> None:
    chain = long_chain(3_000)
    chain[-1].label = "y"
    told = explain(chain[-1], "x")
    assert len(str(told)) < 1_500
    assert "2,9" in str(told)  # how many are left out
    assert len(told.latex()) < 1_500
    assert told.ways[0].product == told.gradient


# What is rare


def test_a_marked_node_is_marked_in_every_format() -> None:
    x = Value(2.0, label="x")
    y = (x - 1.0).tanh() * 3.0
    source = draw(y, focus=y.parents[0]).dot()
    assert source.count("penwidth=3 ") + source.count("penwidth=3]") >= 2  # it, and the output
    assert "ordering=in" in source  # x - 1 is not 1 - x


def test_the_path_to_where_nan_comes_from_is_the_strongest() -> None:
    x, z, w = (Value(n, label=name) for n, name in ((1.0, "x"), (2.0, "z"), (3.0, "w")))
    y = x * math.nan + z * 10.0 + w * 0.0
    found = [path.nodes[-1] for path in paths.strongest(topological_order(y), y, [x, z, w], 3)]
    assert [node.label for node in found] == ["x", "z", "w"]  # 0 · NaN is NaN


def test_an_explanation_tells_what_it_leaves_out() -> None:
    xs = [Value(float(i + 1), label=f"x{i}") for i in range(40)]
    y = sum(x.tanh() * (x + 1.0) for x in xs)
    told = explain(y, xs[0])
    assert repr(told) == "<Explanation of a gradient as a sum over 2 path(s)>"
    assert explain(y, y).latex().endswith("= 1")
    shared = Value(0.5, label="s")
    many = explain(sum(shared * float(i) for i in range(1, 40)), shared)
    assert many.left_out
    rest = math.fsum(way.product for way in many.left_out)
    assert f"and {len(many.left_out)} smaller summands: {rest:g}" in str(many)
    assert many.gradient == sum(range(1, 40))


def test_a_group_is_not_joined_to_one_that_is_computed_from_it() -> None:
    y = sum(Value(0.01 * i, label=f"x{i}").tanh() for i in range(100))
    for _ in range(5):
        y = y + y.sin()
    view = draw(y, limit=30).view
    assert len(view.boxes) < 30
    below: dict[str, set[str]] = {}
    for link in view.links:
        below.setdefault(link.head, set()).add(link.tail)
    for box in view.boxes:  # no box is computed from itself
        found, waiting = set(), [box.key]
        while waiting:
            new = below.get(waiting.pop(), set()) - found
            found |= new
            waiting.extend(new)
        assert box.key not in found


def test_paths_that_send_nothing_are_counted() -> None:
    x = Value(2.0, label="x")
    told = explain(x * 3.0 + x * 0.0, x)
    assert told.paths == 2
    assert told.idle == 1
    assert "1 path(s) send nothing: a partial is 0 or not selected" in str(told)
    assert told.gradient == 3.0


def test_parts_that_open_each_other_are_in_the_page_once() -> None:
    outputs = MLP(3, [4, 2], seed=0)([1.0, 2.0, 3.0])
    with scope("loss"):
        loss = sum(y * y for y in outputs)
    page = draw(loss, expand=False).html()
    for name in ("MLP", "MLP/layers.0/neurons.0", "loss"):
        assert page.count(f'<dialog data-scope="{name}"') == 1


def test_zero_times_infinity_is_explained() -> None:
    z = Value(0.0, label="z")
    told = explain(z * z.sqrt(), "z")
    assert told.gradient is not None
    assert math.isnan(told.gradient)
    assert [way.factors for way in told.ways] == [(0.0, math.inf)]
    assert told.idle == 1
    assert "v₂ → v₁ → z   ∂v₂/∂v₁ · ∂v₁/∂z = 0 · ∞ = NaN" in str(told)


WILD = st.lists(st.sampled_from([0.0, 0.5, -2.0, math.inf, math.nan]), min_size=1, max_size=3)


@nothing_slow
@given(st.lists(WILD, min_size=1, max_size=6), st.integers(1, 7))
def test_the_strongest_of_wild_paths(routes: list[list[float]], most: int) -> None:
    """NaN, also of 0 · inf, before infinities before numbers; nothing that is 0."""
    x = Value(1.0, label="x")
    output = total([functools.reduce(lambda y, factor: y * factor, route, x) for route in routes])
    found = paths.strongest(topological_order(output), output, [x], most)
    products = [p for p in map(product_along, all_paths(output, x)) if p != 0.0]

    def rank(p: float) -> tuple[bool, float]:
        return (p != p, 0.0 if p != p else abs(p))

    wanted = sorted(map(rank, products), reverse=True)[:most]
    assert [rank(path.product) for path in found] == wanted


def test_numbers_from_before_an_assignment_are_noted() -> None:
    x = Value(2.0, label="x")
    y = x * x
    assert draw(y).view.notes == ()
    x.data = 5.0
    (note,) = draw(y).view.notes
    assert note == "x was assigned after it was used: what is computed from it is from before"


def test_settings_of_an_explanation_and_a_picture_are_checked() -> None:
    y = Value(2.0, label="x") * 3.0
    for most in (0, 1.5, "a"):
        with pytest.raises(ValueError, match=r"most is .*: give a whole number of at least 1"):
            explain(y, "x", most=most)  # type: ignore[arg-type]  # that is the point
    for scale in (0.0, -1.0, math.nan, math.inf):
        with pytest.raises(ValueError, match="scale is"):
            draw(y).png(scale=scale)


def test_a_function_is_recorded_for_its_picture_also_under_no_grad() -> None:
    with no_grad():
        assert len(draw(lambda x: x * x, 2.0).view.boxes) == 2


def test_a_scopes_name_may_have_a_slash_in_it() -> None:
    x = Value(1.0, label="x")
    with scope("a"), scope("b"):
        y = x.sin().cos()
    with scope("a/b"):
        y = y.tanh().exp().sin()
    assert scope_path(("a", "b")) != scope_path(("a/b",))
    assert ("a/b",) in draw(y, expand="a/b", limit=2).view.frames


def test_a_page_opens_so_many_scopes_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    y = MLP(3, [4, 2], seed=0)([1.0, 2.0, 3.0])[0]
    monkeypatch.setattr("autograd.drawing.page.MOST", 2)
    assert draw(y, expand=False).html().count("<dialog") == 2
