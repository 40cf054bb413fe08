"""Pictures: what they show is what the numbers are, on the axes that were given."""

from __future__ import annotations

import io
import json
import math
import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

import nn
from nn import losses

matplotlib = pytest.importorskip("matplotlib")
matplotlib.use("agg")
from matplotlib.figure import Figure  # noqa: E402  # after the backend is chosen

from nn import plots  # noqa: E402  # the same

HOSTILE = '<script>"$x^2$ & \\frac{'


@pytest.fixture
def ax() -> Any:
    return Figure().subplots()


def svg(ax: Any) -> str:
    """The figure as SVG, which must be XML."""
    file = io.StringIO()
    ax.figure.savefig(file, format="svg")
    ET.fromstring(file.getvalue())
    return file.getvalue()


@pytest.fixture(scope="module")
def run() -> tuple[nn.MLP, nn.Dataset, nn.History]:
    data = nn.make_moons(30, seed=0)
    model = nn.MLP(2, [3, 1], activation="tanh", seed=0)
    optimizer = nn.Adam(model.parameters(), 0.1)
    history = nn.fit(
        model, data, losses.binary_cross_entropy, optimizer, 6,
        validation=nn.make_moons(10, seed=1), snapshot_every=2, progress=False,
    )  # fmt: skip
    return model, data, history


def test_curves(ax: Any, run: Any) -> None:
    _, _, history = run
    training, validation, best = plots.loss_curve(history, ax, log=True)
    assert list(training.get_ydata()) == history.loss
    assert list(validation.get_ydata()) == history.validation_loss
    assert [list(best.get_xdata()), list(best.get_ydata())] == [
        [history.best_epoch],
        [history.best_loss],
    ]
    assert ax.get_yscale() == "log"
    training, validation = plots.score_curve(history, Figure().subplots(), "accuracy")
    assert list(validation.get_ydata()) == history.validation_score
    svg(ax)


def test_current_axes_without_ax(run: Any) -> None:
    import matplotlib.pyplot as plt

    figure = plt.figure()
    (line, *_) = plots.loss_curve(run[2])
    assert line.axes is figure.gca()
    plt.close(figure)


def test_the_boundary_is_the_networks(ax: Any, run: Any) -> None:
    model, data, _ = run
    image, contour, *points = plots.decision_boundary(model, data, ax=ax, steps=30)
    assert len(points) == 2
    for t, collection in enumerate(points):
        shown = sorted(map(tuple, collection.get_offsets().tolist()))
        assert shown == sorted(
            tuple(x) for x, c in zip(data.inputs, data.targets, strict=True) if c == t
        )
    plain = model.plain()
    for path in contour.get_paths():
        for x, y in path.vertices[:: max(1, len(path.vertices) // 20)]:
            assert abs(plain([x, y])) < 0.5
    left, right, bottom, top = image.get_extent()
    assert left < min(x for x, _ in data.inputs) < max(x for x, _ in data.inputs) < right
    assert bottom < min(y for _, y in data.inputs) < max(y for _, y in data.inputs) < top
    svg(ax)


def test_a_boundary_of_three_classes_on_two_of_four_features(ax: Any) -> None:
    pytest.importorskip("sklearn")
    data = nn.load_dataset("iris")
    model = nn.MLP(4, [3], seed=0)
    artists = plots.decision_boundary(lambda rows: nn.predict(model, rows), data, (3, 2), ax, 20)
    assert len(artists) >= 4
    assert (ax.get_xlabel(), ax.get_ylabel()) == (data.features[3], data.features[2])
    with pytest.raises(ValueError, match="diabetes has no classes"):
        plots.decision_boundary(model, nn.load_dataset("diabetes"))


def test_confusion_matrix(ax: Any) -> None:
    image = plots.confusion_matrix([[5, 1], [0, 7]], [HOSTILE, "b"], ax)
    assert image.get_array().tolist() == [[5, 1], [0, 7]]
    assert [text.get_text() for text in ax.texts] == ["5", "1", "0", "7"]
    assert "<script>" not in svg(ax)


def test_predicted_vs_true(ax: Any) -> None:
    points, _ = plots.predicted_vs_true([1.0, 2.0], [1.5, 2.5], ax, HOSTILE)
    assert points.get_offsets().tolist() == [[1.5, 1.0], [2.5, 2.0]]
    assert "<script>" not in svg(ax)


def test_the_networks_lines_are_its_weights(ax: Any, run: Any) -> None:
    model, data, _ = run
    artists = plots.network(model, ax=ax)
    unreached, negative, positive = artists[:3]
    weights = [w.data for layer in model.layers for neuron in layer.neurons for w in neuron.w]
    assert len(unreached.get_segments()) == 0
    assert len(negative.get_segments()) == sum(w < 0.0 for w in weights)
    assert len(positive.get_segments()) == sum(w >= 0.0 for w in weights)
    assert max([*positive.get_linewidths(), *negative.get_linewidths()]) == pytest.approx(4.0)
    assert {t.get_text() for t in ax.texts} == {"x0", "x1"}
    plots.network(model, data, Figure().subplots())


def test_gradients_that_were_not_reached_are_apart_from_zero(ax: Any) -> None:
    model = nn.MLP(2, [2, 1], seed=0)
    artists = plots.network(model, ax=ax, show="gradients", features=[HOSTILE, "b"])
    assert len(artists[0].get_segments()) == 6
    svg(ax)
    model([1.0, 0.0]).backward()
    reached = sum(w.reached for layer in model.layers for neuron in layer.neurons for w in neuron.w)
    artists = plots.network(model, ax=Figure().subplots(), show="gradients")
    assert [len(artists[0].get_segments()), reached] == [6 - reached, reached]
    with pytest.raises(ValueError, match="show is 'biases'"):
        plots.network(model, show="biases")


def test_a_large_network_says_what_is_left_out(ax: Any) -> None:
    plots.network(nn.MLP(64, [20, 10], seed=0), ax=ax, limit=8)
    said = {text.get_text() for text in ax.texts}
    assert {"and 56 more", "and 12 more", "and 2 more"} <= said


def test_histograms_count_every_parameter(ax: Any, run: Any) -> None:
    model, _, history = run
    plots.histogram(model, ax)
    assert len(ax.get_legend().get_texts()) == 2
    plots.histogram(nn.MLP(2, [1], seed=0), Figure().subplots(), show="gradients")
    ridges = plots.histogram_over_time(history, Figure().subplots())
    assert len(ridges) == len(history.snapshots) == 4
    with pytest.raises(ValueError, match="no snapshots"):
        plots.histogram_over_time(nn.History(), ax)


@pytest.fixture
def page(tmp_path: Path, run: Any) -> Path:
    model, data, history = run
    path = tmp_path / "run.html"
    plots.animation(history, model, data, path, title=HOSTILE)
    return path


def test_the_animation_is_one_page_without_a_network(page: Path, run: Any) -> None:
    text = page.read_text(encoding="utf-8")
    history = run[2]
    assert "{{" not in text
    assert text.count("<script>") == 1
    assert not re.search(r"(src|href)\s*=\s*[\"']?(https?:)?//", text)
    frames = json.loads(re.search(r"const frames = (.*);\n", text)[1])  # type: ignore[index]
    assert [frame["epoch"] for frame in frames] == [epoch for epoch, _ in history.snapshots]
    assert f"{history.loss[2]:.4g}" in frames[1]["text"]


@pytest.mark.slow
def test_the_animation_is_played_by_keyboard(page: Path, tmp_path: Path) -> None:
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        pytest.skip("no Chromium here")
    press = "document.dispatchEvent(new KeyboardEvent('keydown', {key: 'ArrowRight'}));" * 2
    page.write_text(
        page.read_text(encoding="utf-8").replace("</html>", f"<script>{press}</script></html>")
    )
    shown = subprocess.run(
        [browser, "--headless=new", "--no-sandbox", "--disable-gpu",
         f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom", page.as_uri()],
        capture_output=True, text=True, timeout=60, check=True,
    ).stdout  # fmt: skip
    assert re.search(r'<output id="epoch"[^>]*>epoch 4</output>', shown)
    assert re.search(r'alt="epoch 4: loss', shown)


def test_every_axis_label_is_finite_text(ax: Any, run: Any) -> None:
    data = nn.Dataset(run[1].inputs, run[1].targets, [HOSTILE, "b$"], [HOSTILE, "$"], HOSTILE)
    plots.decision_boundary(run[0], data, ax=ax, steps=10)
    assert "<script>" not in svg(ax)
    assert all(map(math.isfinite, [*ax.get_xlim(), *ax.get_ylim()]))


def test_what_can_not_be_drawn_is_named(ax: Any) -> None:
    with pytest.raises(TypeError, match=r"network draws an MLP, got .* of type Neuron"):
        plots.network(nn.Neuron(2), ax=ax)  # type: ignore[arg-type]  # that is the point
    data = nn.make_moons(20)
    for columns in ((0, 2), (-3, 0)):
        with pytest.raises(ValueError, match=f"columns is .{columns[0]}.* moons has 2 features"):
            plots.decision_boundary(nn.MLP(2, [1]), data, columns, ax=ax)


def test_a_title_is_only_a_title(run: Any, tmp_path: Path) -> None:
    model, data, history = run
    plots.animation(history, model, data, tmp_path / "page.html", title="{{frames}} <b>")
    text = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "<title>{{frames}} &lt;b&gt;</title>" in text
