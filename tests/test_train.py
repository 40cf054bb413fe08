"""`autograd train` and `autograd predict`: the folder, its report, and every kind of bad input."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from autograd.cli import main

pytest.importorskip("sklearn")
pytest.importorskip("matplotlib")
pytest.importorskip("safetensors")

from nn import commands, report, runs
from nn.data import Dataset, load_dataset, make_moons
from nn.runs import Outcome, Predictor, Run, Settings
from nn.saving import load, save

HERE = Path(__file__).resolve().parent.parent
QUICK = ["--epochs", "4", "--hidden", "4"]


def process(*words: str, cwd: Path, **environment: str) -> tuple[int, str, str]:
    """Exit code, output and errors of `autograd WORDS` in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "autograd", *words],
        capture_output=True,
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(HERE), **environment},
        timeout=300,
        encoding="utf-8",
    )
    return done.returncode, done.stdout, done.stderr


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a quick run on iris."""
    cwd = tmp_path_factory.mktemp("train")
    code, output, errors = process("train", *QUICK, cwd=cwd)
    assert code == 0, errors
    assert "Traceback" not in errors
    assert "iris: 150 rows, 4 inputs, 3 classes; 90 to learn from, 24 to choose by" in output
    assert "network: 4 → 4 → 3, tanh, 35 parameters" in output
    assert re.search(r"test: [\d.]+% right \(\d+ of 36\)", output)
    assert "wrote autograd-run-iris" in output
    assert [path.name for path in cwd.iterdir()] == ["autograd-run-iris"]
    return cwd / "autograd-run-iris"


PICTURES = ("loss", "confusion", "boundary", "network", "neuron", "example")


def test_the_folder_has_everything(trained: Path) -> None:
    names = {path.name for path in trained.iterdir()}
    pictures = {f"{name}.{suffix}" for name in PICTURES for suffix in ("svg", "png")}
    assert names == {"report.html", "model.safetensors", *pictures}
    for name in PICTURES:
        assert (trained / f"{name}.png").read_bytes().startswith(b"\x89PNG\r\n")
        root = ElementTree.fromstring((trained / f"{name}.svg").read_bytes())
        assert root.tag == "{http://www.w3.org/2000/svg}svg"


class Page(HTMLParser):
    """What a page holds: its tags, ids, addresses and text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_report_is_one_page_that_needs_nothing_else(trained: Path) -> None:
    text = (trained / "report.html").read_text(encoding="utf-8")
    page = Page(text)
    kinds = [tag for tag, _ in page.tags]
    assert "script" not in kinds
    assert "link" not in kinds
    assert kinds.count("h1") == 1
    for tag, attributes in page.tags:
        for name in ("src", "srcset", "href"):
            address = attributes.get(name)
            assert address is None or address.startswith(("data:image/svg+xml;base64,", "#")), tag
        if tag == "img":
            assert attributes["alt"]
    assert "http:" not in text.replace("http://www.w3.org", "")
    ids = {attributes["id"] for _, attributes in page.tags if "id" in attributes}
    links = {attributes["href"] for tag, attributes in page.tags if tag == "a"}
    assert {f"#{key}" for key in ids} >= links
    keys = ("learning", "result", "boundary", "network", "neuron", "example", "gradients", "use")
    assert ids >= set(keys)
    assert kinds.count("picture") == 4  # by matplotlib, so once for light and once for dark
    assert kinds.count("img") == 6


def test_the_report_tells_the_gradient_check(trained: Path) -> None:
    text = Page((trained / "report.html").read_text(encoding="utf-8")).text
    assert "All 24 agree." in text
    assert "layer 1, neuron 1, w0" in text
    assert "autograd train iris --hidden 4 --activation tanh --epochs 4 --batch-size 16" in text


def test_a_seed_makes_the_run_the_same_to_the_bit(trained: Path, tmp_path: Path) -> None:
    words = ["train", "iris", *QUICK, "--out", "again", "--quiet"]
    code, _, errors = process(
        *words, cwd=tmp_path, PYTHONHASHSEED="7", MPLBACKEND="svg", TZ="UTC-9"
    )
    assert code == 0, errors
    for path in trained.iterdir():
        assert (tmp_path / "again" / path.name).read_bytes() == path.read_bytes(), path.name


# Running without the process and its pictures


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def no_pictures(monkeypatch: pytest.MonkeyPatch) -> list[Outcome]:
    """Runs write no report; gives the outcomes they would have reported."""
    outcomes: list[Outcome] = []

    def write(outcome: Outcome, folder: Path, command: str, model: str) -> str:
        outcomes.append(outcome)
        (folder / "report.html").write_text(command, encoding="utf-8")
        return "not checked"

    monkeypatch.setattr(report, "write_report", write)
    return outcomes


Captured = pytest.CaptureFixture[str]


def refused(capsys: Captured, *words: str) -> str:
    """The one line that the command refuses with."""
    assert main(words) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert re.fullmatch(r"autograd: error: [^\n]+\n", captured.err), captured.err
    return captured.err


@pytest.mark.parametrize("name", ["breast_cancer", "diabetes", "moons", "spiral"])
def test_every_data_set_by_name(
    name: str, here: Path, no_pictures: list[Outcome], capsys: Captured
) -> None:
    assert main(["train", name, "--epochs", "1", "--hidden", "3"]) == 0
    assert (here / f"autograd-run-{name.replace('_', '-')}" / "model.safetensors").exists()
    assert no_pictures[0].history.epochs == 1


def test_folders_are_numbered_and_never_written_over(
    here: Path, no_pictures: list[Outcome], capsys: Captured
) -> None:
    (here / "autograd-run-moons").mkdir()
    (here / "autograd-run-moons" / "mine.txt").write_text("mine")
    for name in ("autograd-run-moons-2", "autograd-run-moons-3"):
        assert main(["train", "moons", "--epochs", "1", "--hidden"]) == 0
        assert f"wrote {name}{os.sep}" in capsys.readouterr().out
    assert (here / "autograd-run-moons" / "mine.txt").read_text() == "mine"
    words = ["train", "moons", "--epochs", "1", "--out", "autograd-run-moons"]
    assert "'autograd-run-moons' is there already" in refused(capsys, *words)
    (here / "empty").mkdir()
    assert main(["train", "moons", "--epochs", "1", "--out", "empty"]) == 0
    assert len(no_pictures) == 3
    assert not list(here.glob(".*"))


def test_a_linear_model_and_every_option(
    here: Path, no_pictures: list[Outcome], capsys: Captured
) -> None:
    words = [
        "train",
        "moons",
        "--hidden",
        "--epochs",
        "2",
        "--batch-size",
        "7",
        "--optimizer",
        "sgd",
        "--lr",
        "0.05",
    ]
    words += ["--l2", "0.01", "--test", "0.5", "--seed", "3", "--activation", "relu", "--quiet"]
    assert main(words) == 0
    (outcome,) = no_pictures
    assert outcome.settings == Settings([], "relu", 2, 7, "sgd", 0.05, 0.01, 0.5, 3)
    assert len(outcome.predictor.model.parameters()) == 3
    assert (len(outcome.test), len(outcome.train)) == (150, 120)
    command = (here / "autograd-run-moons" / "report.html").read_text(encoding="utf-8")
    assert command.split() == [
        *[
            "autograd",
            "train",
            "moons",
            "--hidden",
            "--activation",
            "relu",
            "--epochs",
            "2",
            "--batch-size",
            "7",
        ],
        *["--optimizer", "sgd", "--lr", "0.05", "--l2", "0.01", "--test", "0.5", "--seed", "3"],
    ]


# A CSV file, there and back


FLATS = "rooms,area,floor,rent\n" + "".join(
    f"{i % 4 + 1},{20 + 7 * (i % 11)},{i % 3},{200.5 + 90 * (i % 4) + 8 * (i % 11)}\n"
    for i in range(60)
)


def test_regression_from_a_csv_file(
    here: Path, no_pictures: list[Outcome], capsys: Captured
) -> None:
    (here / "flats.csv").write_text(FLATS, encoding="utf-8")
    assert main(["train", "flats.csv", "--hidden", "--epochs", "80", "--lr", "0.05"]) == 0
    assert re.search(r"test: R² (0\.9|1\.0)", capsys.readouterr().out)
    assert main(["predict", "autograd-run-flats", "flats.csv", "--out", "out.csv"]) == 0
    captured = capsys.readouterr()
    assert captured.out == ""
    assert float(captured.err.split()[-1]) > 0.9
    rows = list(csv.DictReader(io.StringIO((here / "out.csv").read_text(encoding="utf-8"))))
    assert len(rows) == 60
    assert list(rows[0]) == ["rooms", "area", "floor", "rent", "predicted rent"]
    for row in rows:
        assert float(row["predicted rent"]) == pytest.approx(float(row["rent"]), abs=60.0)


def test_the_target_need_not_be_last(
    here: Path, no_pictures: list[Outcome], capsys: Captured
) -> None:
    lines = [line.split(",") for line in FLATS.split()]
    turned = "\n".join(",".join(reversed(cells)) for cells in lines)
    (here / "flats.csv").write_text(turned, encoding="utf-8")
    assert main(["train", "flats.csv", "--target", "rent", "--epochs", "1"]) == 0
    assert no_pictures[0].predictor.features == ["floor", "area", "rooms"]


def iris_csv(rows: int = 150, *, with_class: bool = True) -> str:
    data = load_dataset("iris")
    lines = [",".join([*data.features, "class"] if with_class else data.features)]
    for row, t in list(zip(data.inputs, data.targets, strict=True))[:rows]:
        cells = [repr(x) for x in row]
        lines.append(",".join([*cells, data.classes[t]] if with_class else cells))
    return "\n".join(lines) + "\n"


def test_predictions_are_the_networks_own(trained: Path, here: Path, capsys: Captured) -> None:
    (here / "iris.csv").write_text(iris_csv(), encoding="utf-8")
    assert main(["predict", str(trained), "iris.csv"]) == 0
    captured = capsys.readouterr()
    rows = list(csv.DictReader(io.StringIO(captured.out)))
    predictor = Predictor.from_notes(load(trained / "model.safetensors"))
    data = load_dataset("iris")
    answers = predictor.answers(data.inputs)
    assert [row["predicted class"] for row in rows] == answers
    right = sum(a == data.classes[t] for a, t in zip(answers, data.targets, strict=True))
    assert captured.err == f"{right} of 150 right ({right / 150:.1%})\n"
    for row in rows:
        assert 1 / 3 <= float(row["probability"]) <= 1.0


def test_columns_are_found_by_name(trained: Path, here: Path, capsys: Captured) -> None:
    (here / "a.csv").write_text(iris_csv(9, with_class=False), encoding="utf-8")
    header, *lines = (here / "a.csv").read_text(encoding="utf-8").split("\n")
    turned = [",".join([*reversed(line.split(",")), "note"]) for line in lines if line]
    names = ",".join([*reversed(header.split(",")), "remark"])
    (here / "b.csv").write_text("\n".join([names, *turned]), encoding="utf-8")
    columns = []
    for name in ("a.csv", "b.csv"):
        assert main(["predict", str(trained / "model.safetensors"), name]) == 0
        captured = capsys.readouterr()
        assert captured.err == ""  # without the target there is no score
        rows = list(csv.DictReader(io.StringIO(captured.out)))
        columns.append([(row["predicted class"], row["probability"]) for row in rows])
    assert columns[0] == columns[1]


# Bad input: nothing is left behind


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["irsi"], "no file and no data set 'irsi': did you mean 'iris'?"),
        (["qqq.csv"], "choose iris, breast_cancer"),
        (["moons", "--target", "x0"], "--target is for a CSV file"),
        (["moons", "--hidden", "8", "0"], "hidden layer 2 has 0 neurons: there must be at least 1"),
        (["moons", "--hidden", "2.5"], "invalid int value: '2.5'"),
        (["moons", "--epochs", "0"], "epochs is 0"),
        (["moons", "--batch-size", "-1"], "batch size is -1"),
        (["moons", "--batch-size", "0"], "batch size is 0"),
        (["moons", "--lr", "nan"], "nan"),
        (["moons", "--lr", "-0.1"], "-0.1"),
        (["moons", "--l2", "-1"], "the L2 penalty's strength is -1.0"),
        (["moons", "--test", "1.5"], "1.5"),
        (["moons", "--activation", "rleu"], "no activation is named 'rleu'"),
        (["moons", "--optimizer", "magic"], "invalid choice: 'magic'"),
        (["moons", "--out", "a-file"], "'a-file' is there already"),
        (["moons", "--out", "a-file/run"], "can't write into the folder 'a-file'"),
        (["moons", "--out", "nowhere/run"], "can't write into the folder 'nowhere'"),
    ],
)
def test_bad_requests(
    words: list[str], message: str, here: Path, no_pictures: list[Outcome], capsys: Captured
) -> None:
    (here / "a-file").write_text("mine")
    code = main(["train", "--quiet", *words])
    captured = capsys.readouterr()
    assert code == 2
    assert re.fullmatch(r"autograd: error: [^\n]+\n", captured.err), captured.err
    assert message in captured.err
    assert captured.out == ""  # nothing is announced that can't be done
    assert [path.name for path in here.iterdir()] == ["a-file"]


@pytest.mark.skipif(os.name == "nt" or getattr(os, "geteuid", lambda: 1)() == 0, reason="root may")
def test_a_folder_that_may_not_be_written(here: Path, capsys: Captured) -> None:
    (here / "locked").mkdir(mode=0o500)
    words = ["train", "moons", "--out", "locked/run"]
    assert "can't write into the folder 'locked' (Permission denied)" in refused(capsys, *words)


CSV = "x,y,kind\n" + "".join(f"{i},{i % 3},{'ab'[i % 2]}\n" for i in range(12))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("3,0,b", "3,,b", "row 5, column 'y': the cell is empty"),
        ("3,0,b", "3,zero,b", "row 5, column 'y': 'zero' is not a number"),
        ("3,0,b", "inf,0,b", "row 5, column 'x': 'inf' is not finite"),
        ("3,0,b", "nan,0,b", "row 5, column 'x': 'nan' is not finite"),
        ("3,0,b", "3,0,", "row 5, column 'kind': the cell is empty"),
        ("3,0,b", "3,0", "row 5: 2 cells where the first line has 3"),
        ("x,y,kind", "x,x,kind", "has the column 'x' twice"),
        ("x,y,kind", "x,,kind", "has no name"),
        ("x,y,kind\n", "", "column"),
        (CSV, "", "is empty"),
        (CSV, "x,y,kind\n", "has no rows"),
        (CSV, CSV.replace("b\n", "a\n"), "every row has the class 'a'"),
        (CSV, "kind\na\nb\n", "must be inputs beside it"),
        (CSV, "x,kind\n1,a\n2,b\n", "too few"),
        (CSV, CSV.replace(",", ";"), "';' between its columns: write commas"),
        (CSV, CSV.replace(",", "\t"), "'\\t' between its columns: write commas"),
        (CSV, CSV.replace(",0,", ",1e200,"), "column 1 holds 1e+200: standardize takes at most"),
        ("3,0,b", '3,"0,b', "is not CSV: unexpected end of data: look for a quote that is not"),
    ],
)
def test_bad_files(
    old: str, new: str, message: str, here: Path, no_pictures: list[Outcome], capsys: Captured
) -> None:
    (here / "data.csv").write_text(CSV.replace(old, new), encoding="utf-8")
    assert message in refused(capsys, "train", "data.csv")
    assert [path.name for path in here.iterdir()] == ["data.csv"]


def test_a_file_in_another_encoding(here: Path, capsys: Captured) -> None:
    (here / "data.csv").write_text(CSV.replace("b", "é"), encoding="latin-1")
    assert "is not UTF-8 text" in (told := refused(capsys, "train", "data.csv"))
    assert "save it as UTF-8" in told


def test_an_unknown_target(here: Path, capsys: Captured) -> None:
    (here / "data.csv").write_text(CSV, encoding="utf-8")
    assert "no column 'sort'" in refused(capsys, "train", "data.csv", "--target", "sort")


def _header(change: Callable[[dict[str, Any]], None]) -> Callable[[bytes], bytes]:
    """A change of a model file's metadata."""

    def changed(content: bytes) -> bytes:
        size = int.from_bytes(content[:8], "little")
        header = json.loads(content[8 : 8 + size])
        change(header["__metadata__"])
        text = json.dumps(header).encode()
        return len(text).to_bytes(8, "little") + text + content[8 + size :]

    return changed


def _notes(**changes: Any) -> Callable[[bytes], bytes]:
    def change(metadata: dict[str, Any]) -> None:
        metadata["notes"] = json.dumps({**json.loads(metadata["notes"]), **changes})

    return _header(change)


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda content: content[:-9], "can't be read"),
        (lambda content: content[:300], "cut short"),
        (lambda content: b"", "cut short"),
        (lambda content: b"not a model at all", "cut short or no model"),
        (_header(lambda m: m.update(version="9")), "its version is '9'"),
        (_header(lambda m: m.update(extra="1")), "unknown key 'extra'"),
        (_header(lambda m: m.pop("notes")), "no 'notes'"),
        (_header(lambda m: m.update(notes='{"features": [], "features": []}')), "is there twice"),
        (_header(lambda m: m.update(notes="{}")), "the model's notes"),
        (_notes(features=["a"]), "the model's notes"),
        (_notes(mean=[0.0, 1.0, 2.0, "x"]), "the model's notes"),
        (_notes(classes=["a", "b"]), "the model's notes"),
        (_notes(unit=[1.0]), "the model's notes"),
        (_notes(features="abcd"), "the model's notes"),
    ],
)
def test_damaged_models(
    damage: Callable[[bytes], bytes], message: str, trained: Path, here: Path, capsys: Captured
) -> None:
    content = (trained / "model.safetensors").read_bytes()
    (here / "model").write_bytes(damage(content))
    (here / "iris.csv").write_text(iris_csv(5), encoding="utf-8")
    words = ["predict", "model", "iris.csv", "--out", "out.csv"]
    assert message in refused(capsys, *words)
    assert not (here / "out.csv").exists()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a,b\n1,2\n", "no column 'sepal length (cm)'"),
        (iris_csv(3).replace("5.1", "?"), "row 2, column 'sepal length (cm)': '?' is not a number"),
        (iris_csv(0), "has no rows"),
        (iris_csv(3).replace("class", "probability"), "has a column 'probability' already"),
    ],
)
def test_files_that_cannot_be_predicted(
    text: str, message: str, trained: Path, here: Path, capsys: Captured
) -> None:
    (here / "iris.csv").write_text(text, encoding="utf-8")
    assert message in refused(capsys, "predict", str(trained), "iris.csv")


def test_predictions_go_where_they_can(trained: Path, here: Path, capsys: Captured) -> None:
    (here / "iris.csv").write_text(iris_csv(3), encoding="utf-8")
    words = ["predict", str(trained), "iris.csv", "--out"]
    assert "is the file that is read" in refused(capsys, *words, "iris.csv")
    assert "can't write 'no/out.csv'" in refused(capsys, *words, "no/out.csv")
    assert "no-model" in refused(capsys, "predict", "no-model", "iris.csv")
    assert "no.csv" in refused(capsys, "predict", str(trained), "no.csv")
    assert (here / "iris.csv").read_text(encoding="utf-8") == iris_csv(3)
    assert [path.name for path in here.iterdir()] == ["iris.csv"]


def test_a_missing_library_is_told_before_the_training(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    find = commands.find_spec
    monkeypatch.setattr(commands, "find_spec", lambda n: None if n == "matplotlib" else find(n))
    assert "pip install 'scalar-autograd[train]'" in refused(capsys, "train", "moons")
    assert list(here.iterdir()) == []


# Runs that end early


def test_a_run_that_diverges_at_once_leaves_nothing(
    here: Path, no_pictures: list[Outcome], capsys: Captured
) -> None:
    words = [
        "train",
        "moons",
        "--optimizer",
        "sgd",
        "--lr",
        "1e300",
        "--activation",
        "relu",
        "--epochs",
        "3",
    ]
    assert main(words) == 2
    captured = capsys.readouterr()
    assert re.search(r"error: training diverged in step \d+ \(epoch 0\)", captured.err)
    assert list(here.iterdir()) == []


def test_weights_and_losses_beyond_all_measure_are_still_told(
    here: Path, no_pictures: list[Outcome], capsys: Captured
) -> None:
    assert main(["train", "iris", "--optimizer", "sgd", "--lr", "1e300", "--epochs", "2"]) == 0
    (line,) = re.findall(r"^loss: .*$", capsys.readouterr().out, re.MULTILINE)
    assert len(line) < 80
    (outcome,) = no_pictures
    weights = [w.data for w in outcome.predictor.model.layers[0].neurons[0].w]
    assert max(map(abs, weights)) > 1e200  # their squares overflow
    assert report.clearest_neuron(outcome)[0] == 0


def test_a_run_that_diverges_later_keeps_the_last_good_model(
    here: Path, no_pictures: list[Outcome], capsys: Captured
) -> None:
    (here / "flats.csv").write_text(FLATS, encoding="utf-8")
    words = [
        "train",
        "flats.csv",
        "--hidden",
        "--optimizer",
        "sgd",
        "--lr",
        "2",
        "--epochs",
        "5000",
        "--batch-size",
        "99",
    ]
    assert main(words) == 1
    captured = capsys.readouterr()
    found = re.search(r"diverged in step (\d+) \(epoch (\d+)\)", captured.err)
    assert found is not None
    assert int(found[2]) > 1
    assert "the last good network is kept" in captured.out
    (outcome,) = no_pictures
    assert outcome.trouble
    assert outcome.history.best_epoch == 0
    model = load(here / "autograd-run-flats" / "model.safetensors")
    assert [p.data for p in model.parameters()] == outcome.history.best


def test_ctrl_c_keeps_the_best_network(
    here: Path, no_pictures: list[Outcome], monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    fit = runs.fit

    def interrupted(*args: Any, **options: Any) -> Any:
        def callback(epoch: int, history: Any) -> None:
            if epoch == 2:
                raise KeyboardInterrupt

        return fit(*args, **options, callback=callback)

    monkeypatch.setattr(runs, "fit", interrupted)
    assert main(["train", "moons", "--hidden", "3", "--epochs", "50"]) == 130
    assert "stopped after 3 epochs; the best network is kept" in capsys.readouterr().out
    (outcome,) = no_pictures
    model = load(here / "autograd-run-moons" / "model.safetensors")
    assert [p.data for p in model.parameters()] == outcome.history.best


def test_ctrl_c_while_the_report_is_written_keeps_the_network(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    def write(_: object, folder: Path, *__: object) -> str:
        (folder / "loss.png").write_bytes(b"half a picture")
        raise KeyboardInterrupt

    monkeypatch.setattr(report, "write_report", write)
    assert main(["train", "moons", "--hidden", "3", "--epochs", "1", "--out", "run"]) == 130
    assert [path.name for path in here.iterdir()] == ["run"]
    assert [path.name for path in (here / "run").iterdir()] == ["model.safetensors"]
    assert len(load(here / "run" / "model.safetensors").parameters()) == 13
    assert "without a report" in capsys.readouterr().out


@pytest.mark.skipif(os.name == "nt", reason="POSIX terminals")
# JAX, once a test of this process has loaded it, warns in every fork, also before an exec.
@pytest.mark.filterwarnings("ignore:os.fork:RuntimeWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_ctrl_c_at_a_terminal_with_a_progress_bar(tmp_path: Path) -> None:
    import fcntl
    import pty
    import signal
    import struct
    import termios

    def take_terminal() -> None:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # a shell's background jobs inherit SIG_IGN
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 100, 0, 0))
    words = ["train", "moons", "--hidden", "2", "--epochs", "100000", "--out", "run"]
    run = subprocess.Popen(
        [sys.executable, "-m", "autograd", *words],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(HERE)},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
        preexec_fn=take_terminal,
    )
    os.close(theirs)
    shown, stopped = b"", False
    while piece := _read(ours):
        shown += piece
        if not stopped and re.search(rb"\b[1-9]\d*/100000 .*loss=", shown):
            os.write(ours, b"\x03")  # what the keyboard sends for Ctrl-C
            stopped = True
    os.close(ours)
    assert run.wait(timeout=60) == 130, shown.decode()
    assert b"Traceback" not in shown
    assert b"the best network is kept" in shown
    assert "was stopped after" in (tmp_path / "run" / "report.html").read_text(encoding="utf-8")
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # Linux's way to say that the other side is closed
        return b""


# Predictors and reports of any data


HOSTILE = ['<script>alert("1")</script>', "a\"><img src=x onerror='y'>", "&amp; $x$ {0}", "\u202eß"]


@pytest.fixture(scope="module")
def hostile() -> Outcome:
    moons = make_moons(60, seed=0)
    inputs = [[x, y, x * y, y - x] for x, y in moons.inputs]
    data = Dataset(inputs, moons.targets, HOSTILE, HOSTILE[:2], HOSTILE[0], HOSTILE[1])
    return Run(data, Settings(hidden=[3], epochs=2)).go(progress=False)


def test_texts_of_the_data_stay_texts(hostile: Outcome, tmp_path: Path) -> None:
    report.write_report(hostile, tmp_path, "autograd train '<b>'", "model")
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    page = Page(text)
    kinds = [tag for tag, _ in page.tags]
    assert "script" not in kinds
    assert kinds.count("img") == 6
    assert all("onerror" not in attributes for _, attributes in page.tags)
    assert HOSTILE[0] in page.text
    for path in tmp_path.glob("*.svg"):
        root = ElementTree.fromstring(path.read_bytes())
        assert not [e for e in root.iter() if e.tag.endswith(("script", "foreignObject"))]


def test_a_network_for_numbers_is_reported_in_the_targets_unit(tmp_path: Path) -> None:
    inputs = [[float(i % 7), float(i % 5)] for i in range(50)]
    targets = [1000.0 + 300.0 * a - 50.0 * b for a, b in inputs]
    data = Dataset(inputs, targets, ["a", "b"], [], "price", "prices")
    outcome = Run(data, Settings(hidden=[], epochs=200, lr=0.05)).go(progress=False)
    assert outcome.test_score > 0.99
    for answer, (a, b) in zip(outcome.predictor.answers(inputs), inputs, strict=True):
        assert answer == pytest.approx(1000.0 + 300.0 * a - 50.0 * b, abs=60.0)
    report.write_report(outcome, tmp_path, "", "model")
    text = Page((tmp_path / "report.html").read_text(encoding="utf-8")).text
    assert "to predict price from 2 numbers" in text
    assert (tmp_path / "predictions.svg").exists()


def test_without_graphviz_the_report_says_what_is_missing(
    hostile: Outcome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Missing:
        def svg(self) -> str:
            raise ImportError("no layout")

    plain = report.Picture("loss", "a curve", b"<svg/>", None, b"")
    monkeypatch.setattr(report, "_plotted", lambda name, *_: replace(plain, name=name))
    monkeypatch.setattr(report, "draw", lambda *_, **__: Missing())
    report.write_report(hostile, tmp_path, "", "model")
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert text.count("pip install 'scalar-autograd[draw]'") == 2


def test_a_wrong_gradient_is_told(hostile: Outcome, monkeypatch: pytest.MonkeyPatch) -> None:
    from autograd import primitive

    @primitive(partials=[lambda x, y: 1.5], check=False, name="wrong_identity")
    def wrong_identity(x: float) -> float:
        return x

    loss = hostile.predictor.loss

    def wrong_loss(outputs: Any, targets: Any) -> Any:
        return wrong_identity(loss(outputs, targets))

    monkeypatch.setattr(Predictor, "loss", property(lambda _: wrong_loss))
    check = report.check_network(hostile)
    assert not check
    assert "are WRONG" in report._check_line(check)
    assert "are wrong." in report._check_section(check).html()


def test_the_informative_features_are_found() -> None:
    random = __import__("random").Random(0)
    inputs = [[random.gauss(0.0, 1.0) for _ in range(5)] for _ in range(120)]
    targets = [int(row[1] + row[3] > 0.0) for row in inputs]
    data = Dataset(inputs, targets, list("abcde"), ["no", "yes"])
    outcome = Run(data, Settings(hidden=[4], epochs=40)).go(progress=False)
    assert report.informative_features(outcome) == (1, 3)


def test_a_predictor_survives_the_disk(hostile: Outcome, tmp_path: Path) -> None:
    predictor = hostile.predictor
    predictor.model.notes = predictor.notes()
    save(predictor.model, tmp_path / "model")
    again = Predictor.from_notes(load(tmp_path / "model"))
    assert again.notes() == predictor.notes()
    assert again.outputs(hostile.test.inputs) == hostile.outputs


def test_probabilities_add_up_to_1(hostile: Outcome) -> None:
    for output in hostile.outputs:
        assert sum(hostile.predictor.probabilities(output)) == pytest.approx(1.0)
    iris = Run(load_dataset("iris"), Settings(hidden=[], epochs=1))
    for output in iris.predictor.outputs(iris.test.inputs):
        assert sum(iris.predictor.probabilities(output)) == pytest.approx(1.0)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "least"), [("iris", 0.9), ("breast_cancer", 0.93), ("digits", 0.93), ("moons", 0.95)]
)
def test_the_defaults_learn(
    name: str, least: float, here: Path, no_pictures: list[Outcome]
) -> None:
    assert main(["train", name]) == 0
    assert no_pictures[0].test_score > least
