"""Pages in a real browser: walked by keys, read back, light and dark, nothing loaded or broken."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from autograd import Value, draw, scope, step
from autograd.drawing import Stepper, numbers
from nn import MLP

BROWSER = next(
    filter(None, map(shutil.which, ["chromium", "chromium-browser", "google-chrome", "chrome"])),
    None,
)
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(BROWSER is None, reason="no Chromium is installed"),
]

WATCH = """<script>
window.wrong = [];
addEventListener("error", e => wrong.push(e.message));
addEventListener("unhandledrejection", e => wrong.push(String(e.reason)));
addEventListener("securitypolicyviolation", e => wrong.push("blocked " + e.blockedURI));
for (const kind of ["error", "warn"]) console[kind] = (...what) => wrong.push(what.join(" "));
</script>"""

TOOLS = """
const press = (key, target = document) =>
  target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
const read = id => document.getElementById(id).textContent;
const gradients = () => Object.fromEntries([...document.querySelectorAll("[data-box]")].map(
  box => [box.dataset.box, box.querySelector(".value-grad")?.textContent]));
const data = () => Object.fromEntries([...document.querySelectorAll("[data-box]")].map(
  box => [box.dataset.box, box.querySelector(".value-data")?.textContent]));
"""


def run(page: str, script: str, folder: Path, dark: bool = False, address: str = "") -> Any:
    """What `script` returns in the page, with everything that went wrong there."""
    policy = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', r"\g<0>" + WATCH, page)
    watched = policy if policy != page else page.replace("<head>", "<head>" + WATCH, 1)
    asked = (
        f"<script>{TOOLS}(() => {{ const found = (() => {{ {script} }})();"
        " const out = document.createElement('pre'); out.id = 'found';"
        " out.textContent = JSON.stringify({found, wrong,"
        " loaded: performance.getEntriesByType('resource').map(r => r.name)});"
        " document.body.append(out); })()</script></body>"
    )
    path = folder / "page.html"
    path.write_text(watched.replace("</body>", asked), encoding="utf-8")
    assert BROWSER is not None
    done = subprocess.run(
        [
            BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom",
            "--virtual-time-budget=5000", f"--user-data-dir={folder / 'profile'}",
            f"--blink-settings=preferredColorScheme={0 if dark else 1}",
            "--window-size=1200,700", f"{path.as_uri()}{address}",
        ],
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    match = re.search(r'<pre id="found">(.*?)</pre>', done.stdout, re.S)
    assert match, done.stdout[-2000:] + done.stderr[-2000:]
    answer = json.loads(html.unescape(match[1]))
    assert answer["wrong"] == []
    assert answer["loaded"] == []
    return answer["found"]


def example() -> Value:
    x, y = Value(-2.0, label="x"), Value(5.0, label="<b>y</b>")
    z = Value(0.5, label="z")
    f = ((x + y) * z + x * x).tanh() * x.relu() + z * 0.25
    f.label = "f"
    return f


def shown(steps: Stepper, upto: int) -> dict[str, str]:
    """The gradients by label, as pictures write them."""
    found = steps.gradients(upto)
    return {n.label: numbers.short(found.get(n)) for n in steps.order if not n.constant and n.label}


def by_label(told: dict[str, str], output: Value) -> dict[str, str]:
    boxes = {box.title: box.key for box in draw(output).view.boxes}
    return {n: told[boxes[n]] for n in boxes if n}


def test_walked_to_the_end_by_keyboard_the_page_shows_backwards_numbers(tmp_path: Path) -> None:
    f = example()
    steps = step(f)
    script = (
        f"for (let i = 1; i < {len(steps)}; i++) press('n');"
        "return {count: read('count'), grads: gradients(), live: read('live'),"
        " next: document.getElementById('next').disabled}"
    )
    found = run(steps.html(), script, tmp_path)
    assert found["count"] == f"step {len(steps)} of {len(steps)}"
    assert found["next"] is True
    assert found["live"].startswith(steps.heading(len(steps) - 1))
    f.backward()
    told = by_label(found["grads"], f)
    assert told["x"] == numbers.short(next(n for n in steps.order if n.label == "x").grad)
    assert told == shown(steps, len(steps))


def test_every_step_there_and_back_shows_the_models_numbers(tmp_path: Path) -> None:
    f = example()
    steps = step(f)
    last = len(steps) - 1
    script = (
        "const told = [gradients()];"
        f"for (let i = 0; i < {last}; i++) {{ press('ArrowRight'); told.push(gradients()); }}"
        f"for (let i = 0; i < {last}; i++) {{ press('p'); told.push(gradients()); }}"
        "return told"
    )
    told = run(steps.html(), script, tmp_path)
    there = [by_label(each, f) for each in told[: last + 1]]
    back = [by_label(each, f) for each in told[last:]]
    assert there == [shown(steps, i) for i in range(last + 1)]
    assert back == there[::-1]


def test_keys_buttons_slider_and_boxes(tmp_path: Path) -> None:
    steps = step(example())
    start = steps.backward_at
    script = """
      const at = [];
      const note = () => at.push(read("count"));
      press("b"); note();
      press("f"); note();
      press("End"); note();
      press("Home"); note();
      document.getElementById("backward").click(); note();
      document.getElementById("back").click(); note();
      document.getElementById("next").click(); note();
      const slider = document.getElementById("slider");
      slider.value = 2; slider.dispatchEvent(new Event("input")); note();
      document.querySelector('[data-box="n4"]').dispatchEvent(new Event("click")); note();
      press("q"); note();
      const before = read("about");
      document.querySelector('[data-box="n0"]').dispatchEvent(new Event("mouseenter"));
      return {at, before, about: read("about"), pass: read("pass"),
              waiting: data(), hash: location.hash}
    """
    found = run(steps.html(), script, tmp_path)
    numbers_ = [int(re.findall(r"\d+", text)[0]) for text in found["at"]]
    assert numbers_[:8] == [start + 1, 1, len(steps), 1, start + 1, start, start + 1, 2]
    assert numbers_[8] == numbers_[9]
    assert found["about"] != found["before"]
    assert "x" in found["about"]
    assert found["pass"].startswith("forward")
    assert "?" in found["waiting"].values()
    assert found["hash"] == f"#step={numbers_[9]}"


def test_a_link_to_a_step_opens_there(tmp_path: Path) -> None:
    steps = step(example())
    assert run(steps.html(), "return read('count')", tmp_path, address="#step=4").startswith(
        "step 4 "
    )
    odd = run(steps.html(), "return read('count')", tmp_path, address="#step=999999")
    assert odd == f"step {len(steps)} of {len(steps)}"


def test_hostile_labels_stay_text_in_the_page(tmp_path: Path) -> None:
    with scope("</script><script>wrong.push('scope')</script>"):
        x = Value(2.0, label="</script><img src=x onerror=\"wrong.push('label')\">")
        y = x * x
    y.label = "'\"><svg onload=wrong.push(1)>"
    script = "return [document.images.length, document.scripts.length]"
    images, scripts = run(step(y).html(), script, tmp_path)
    assert (images, scripts) == (0, 4)
    assert run(draw(y).html(), script, tmp_path)[0] == 0


@pytest.mark.parametrize("dark", [False, True])
def test_light_and_dark(tmp_path: Path, dark: bool) -> None:
    script = (
        "const rgb = e => getComputedStyle(e);"
        "return [rgb(document.body).backgroundColor, rgb(document.querySelector('svg text')).fill]"
    )
    for page in (step(example()).html(), draw(example()).html()):
        paper, ink = (
            sum(map(int, re.findall(r"\d+", colour)))
            for colour in run(page, script, tmp_path, dark=dark)
        )
        assert (paper < ink) is dark
        assert abs(paper - ink) > 400


def test_no_box_is_narrower_than_its_text(tmp_path: Path) -> None:
    """Widths are estimated without a font: a real one must fit."""
    model = MLP(2, [3, 1], seed=0)
    y = model([0.123456789, -98765.4321]) * 1e-9
    y.label = "WWWWMMMMWWWW a long label with wide LETTERS"
    y.backward()
    script = """
      return [...document.querySelectorAll("[data-box]")].map(box => {
        const shape = box.querySelector(".outline").getBBox();
        return Math.max(...[...box.querySelectorAll("text")].map(text => {
          const b = text.getBBox();
          return Math.max(b.x + b.width - shape.x - shape.width, shape.x - b.x);
        }));
      })
    """
    for page in (draw(y).html(), draw(y, limit=1).html()):
        assert max(run(page, script, tmp_path)) <= 0.0


def test_the_live_widget_in_a_page(tmp_path: Path) -> None:
    """The widget's script with a model that stands in for the notebook."""
    pytest.importorskip("anywidget")
    from autograd.drawing.page import asset

    live = step(lambda x, y: x * y, 2.0, 3.0).live()
    state = json.dumps({"page": "<p>page</p>", "ranges": live.ranges, "values": live.values})
    page = (
        "<!doctype html><html><head></head><body><div id='here'></div><script>"
        + asset("live.js").replace("export default", "window.widget =")
        + "</script></body></html>"
    )
    script = f"""
      const state = {state}, handlers = {{}};
      const model = {{
        get: name => state[name], on: (name, f) => handlers[name] = f, save_changes: () => {{}},
        set: (name, value) => {{ state[name] = value; }},
      }};
      const stop = widget.render({{ model, el: document.getElementById("here") }});
      const ranges = [...document.querySelectorAll("input")].map(r => [r.min, r.max, r.value]);
      state.values = {{ x: -1, y: 3 }};
      handlers["change:values"]();
      const shown = [...document.querySelectorAll("output")].map(o => o.textContent);
      stop();
      return {{ ranges, shown, frame: document.querySelector("iframe").srcdoc }}
    """
    found = run(page, script, tmp_path)
    assert found["ranges"] == [["-4", "4", "2"], ["-8", "8", "3"]]
    assert found["shown"] == ["-1", "3"]
    assert found["frame"] == "<p>page</p>"


def test_a_closed_scope_opens_on_a_click(tmp_path: Path) -> None:
    model = MLP(2, [16, 16, 1], seed=0)
    y = model([0.5, -1.0])
    script = """
      const box = document.querySelector("[data-opens]");
      const before = [...document.querySelectorAll("dialog[open], .inside:target")].length;
      box.dispatchEvent(new MouseEvent("click", { bubbles: true }));
      const open = document.querySelector("dialog[open]");
      const boxes = open.querySelectorAll("[data-box]").length;
      open.querySelector("button").click();
      return [before, boxes, document.querySelectorAll("dialog[open]").length]
    """
    before, boxes, after = run(draw(y).html(), script, tmp_path)
    assert before == after == 0
    assert boxes > 5


def test_a_group_has_a_gradient_only_once_it_was_reached(tmp_path: Path) -> None:
    model = MLP(2, [16, 16, 1], seed=0)
    y = model([0.5, -1.0])
    y.backward()
    script = """
      const norms = () => Object.fromEntries([...document.querySelectorAll("[data-box]")].map(
        box => [box.querySelector(".title")?.textContent, box.querySelector(".norm")?.textContent]));
      const first = norms();
      press("End");
      const last = norms();
      press("f");
      return [first, last, norms()]
    """
    first, last, again = run(step(y).html(), script, tmp_path)
    layers = [name for name in first if name and name.startswith("layers.")]
    assert len(layers) == 3
    assert [first[name] for name in layers] == ["–"] * 3
    assert again == first
    told = {
        box.title: dict(box.rows)["‖grad‖"] for box in draw(y).view.boxes if box.kind == "group"
    }
    assert {name: last[name] for name in layers} == {name: told[name] for name in layers}


def test_what_can_be_pressed_is_not_inside_an_image(tmp_path: Path) -> None:
    """What stands in an element of the role img is hidden from screen readers."""
    script = """
      const pressable = [...document.querySelectorAll("svg [role=button]")];
      return [pressable.length, pressable.filter(e => e.closest("[role=img]")).length]
    """
    for page in (step(example()).html(), draw(MLP(2, [16, 1])([1.0, 2.0]), expand=False).html()):
        count, hidden = run(page, script, tmp_path)
        assert count > 0
        assert hidden == 0


def test_a_leaf_is_no_button_and_tells_its_numbers(tmp_path: Path) -> None:
    script = """
      const leaf = document.querySelector('[data-box="n0"]');
      leaf.dispatchEvent(new Event("focus"));
      return [leaf.getAttribute("role"), leaf.getAttribute("aria-label"),
              read(leaf.getAttribute("aria-describedby"))]
    """
    role, label, told = run(step(example()).html(), script, tmp_path)
    assert role == "img"
    assert label == "x"
    assert "data = −2" in told


def test_a_key_that_opens_or_jumps_does_nothing_else(tmp_path: Path) -> None:
    """Enter would press the button that gets the focus, and close what was just opened."""
    script = """
      const taken = [];
      for (const key of ["Enter", " "]) {
        const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
        document.querySelector("svg [role=button]").dispatchEvent(event);
        taken.push(event.defaultPrevented);
        document.querySelector("dialog[open]")?.close();
      }
      return [taken, document.getElementById("play")?.textContent]
    """
    closed = draw(MLP(2, [16, 1])([1.0, 2.0]), expand=False).html()
    assert run(closed, script, tmp_path) == [[True, True], None]
    taken, play = run(step(example()).html(), script, tmp_path)
    assert taken == [True, True]
    assert play == "▶ play"
