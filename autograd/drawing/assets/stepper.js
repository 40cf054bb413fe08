"use strict";
(() => {
  const data = JSON.parse(document.getElementById("steps").textContent);
  const { nodes, steps, backward } = data;
  const $ = id => document.getElementById(id);
  const figure = $("graph");
  const boxes = new Map();
  const members = new Map();   // box key -> the nodes in it
  for (const g of figure.querySelectorAll("[data-box]")) boxes.set(g.dataset.box, g);
  const links = [...figure.querySelectorAll("[data-link]")];
  nodes.forEach((node, i) => {
    if (!members.has(node.box)) members.set(node.box, []);
    members.get(node.box).push(i);
  });
  const single = i => (members.get(nodes[i].box) || []).length === 1;
  const computed = new Map();  // node -> step that computes it
  steps.forEach((step, i) => { if (step.kind === "compute") computed.set(step.node, i); });
  let at = -1, gradient = new Map(), timer = 0, pointed = -1;

  // The gradients after a step: forwards one step at a time, backwards from the start.
  function gradientsAt(to) {
    let from = at + 1;
    if (to < at) { gradient = new Map(); from = backward; }
    for (let i = Math.max(from, 0); i <= to; i++) {
      const step = steps[i];
      if (step.after !== undefined) gradient.set(step.to, [step.after, step.exact]);
    }
  }

  function setText(box, selector, text) {
    const found = box.querySelector(selector);
    if (found && found.textContent !== text) found.textContent = text;
  }

  // As drawings write a norm: three digits, powers of ten.
  function short(x) {
    if (!Number.isFinite(x)) return x === Infinity ? "∞" : "NaN";
    const [digits, power] = x.toExponential(2).split("e").map(Number);
    if (power >= -4 && power < 3) return String(Number(x.toPrecision(3)));
    const raised = String(power).replace("-", "⁻").replace(/\d/g, d => "⁰¹²³⁴⁵⁶⁷⁸⁹"[d]);
    return digits === 1 ? `10${raised}` : `${digits}×10${raised}`;
  }

  // The norm of a group's gradient, of its parameters if it has some, as far as the pass has come.
  function norm(inside) {
    const leaves = inside.filter(i => nodes[i].kind === "input" || nodes[i].kind === "parameter");
    const reached = (leaves.length ? leaves : inside).filter(i => gradient.has(i));
    const number = text => Number(text.replace("−", "-").replace("∞", "Infinity"));
    return reached.length ? short(Math.hypot(...reached.map(i => number(gradient.get(i)[1])))) : "–";
  }

  function paint() {
    const step = steps[at];
    for (const [key, box] of boxes) {
      const inside = members.get(key) || [];
      const waiting = inside.some(i => computed.has(i) && computed.get(i) > at);
      box.classList.toggle("later", waiting);
      if (inside.length === 1 && box.classList.contains("single")) {
        const i = inside[0];
        setText(box, ".value-data", waiting ? "?" : nodes[i].data);
        setText(box, ".value-grad", gradient.has(i) ? gradient.get(i)[0] : "–");
      }
      else setText(box, ".norm", norm(inside));
      box.classList.toggle("from", nodes[step.node].box === key);
      box.classList.toggle("to", step.parent !== undefined && nodes[step.parent].box === key
        && nodes[step.node].box !== key);
    }
    const inward = step.kind === "compute" ? nodes[step.node].links : [];
    links.forEach((link, i) => {
      const now = i === step.link || inward.includes(i);
      link.classList.toggle("now", now);
      link.classList.toggle("faint", !now);
      link.classList.toggle("told", i === step.link);
    });
    show(boxes.get(nodes[step.parent === undefined ? step.node : step.parent].box), boxes.get(nodes[step.node].box));
  }

  // Scroll the figure, not the page around it, so that the boxes of the step are seen.
  function show(...wanted) {
    const frame = figure.getBoundingClientRect();
    for (const box of wanted) {
      if (!box) continue;
      const r = box.getBoundingClientRect(), pad = 30;
      if (r.left < frame.left + pad) figure.scrollLeft += r.left - frame.left - pad;
      if (r.right > frame.right - pad) figure.scrollLeft += r.right - frame.right + pad;
      if (r.top < frame.top + pad) figure.scrollTop += r.top - frame.top - pad;
      if (r.bottom > frame.bottom - pad) figure.scrollTop += r.bottom - frame.bottom + pad;
    }
  }

  function cell(row, kind, text) {
    const td = document.createElement("td");
    td.className = kind;
    td.textContent = text;
    row.append(td);
  }

  function tell() {
    const step = steps[at];
    const table = $("lines");
    table.replaceChildren();
    step.lines.forEach(([text, note], i) => {
      const row = document.createElement("tr");
      if (i === step.lines.length - 1) row.className = "result";
      cell(row, "text", text);
      cell(row, "note", note);
      table.append(row);
    });
    $("pass").textContent = step.heading;
    $("pass").className = at < backward ? "forward" : "backward";
    $("count").textContent = `step ${at + 1} of ${steps.length}`;
    $("slider").value = at + 1;
    $("slider").setAttribute("aria-valuetext", `${step.heading}: ${step.lines[0][0]}`);
    $("back").disabled = at === 0;
    $("next").disabled = at === steps.length - 1;
    $("live").textContent = `${step.heading}. ` + step.lines.map(([text, note]) => `${text}, ${note}`).join(". ");
  }

  function describe(i) {
    const node = nodes[i];
    const about = $("about");
    about.replaceChildren();
    const line = (tag, text) => {
      if (!text) return;
      const p = document.createElement("div"), inner = document.createElement(tag);
      inner.textContent = text;
      p.append(inner);
      about.append(p);
    };
    line("b", node.name + (node.formula ? ` = ${node.formula}` : ` (${node.kind})`));
    const waiting = computed.has(i) && computed.get(i) > at;
    line("span", `data = ${waiting ? "not computed yet" : node.exact}`);
    if (node.kind !== "constant") {
      line("span", "gradient = " + (gradient.has(i) ? gradient.get(i)[1] : "not reached yet"));
    }
    line("span", node.place);
    line("code", node.code);
  }

  function go(to, remember = true) {
    to = Math.max(0, Math.min(steps.length - 1, to));
    gradientsAt(to);
    at = to;
    paint();
    tell();
    describe(pointed >= 0 ? pointed : steps[at].node);
    if (remember) {
      try { history.replaceState(null, "", `#step=${at + 1}`); } catch (e) { /* a frame without an address */ }
      if (parent !== window) parent.postMessage({ step: at + 1 }, "*");
    }
  }

  function play(on) {
    clearInterval(timer);
    timer = 0;
    if (on) {
      if (at === steps.length - 1) go(0);
      timer = setInterval(() => { if (at === steps.length - 1) play(false); else go(at + 1); }, 1300);
    }
    $("play").textContent = timer ? "❚❚ pause" : "▶ play";
    $("play").setAttribute("aria-pressed", timer ? "true" : "false");
  }

  const keys = {
    n: () => go(at + 1), p: () => go(at - 1), f: () => go(0), b: () => go(backward),
    ArrowRight: () => go(at + 1), ArrowLeft: () => go(at - 1),
    ArrowDown: () => go(at + 1), ArrowUp: () => go(at - 1),
    Home: () => go(0), End: () => go(steps.length - 1), " ": () => play(!timer),
  };
  document.addEventListener("keydown", event => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.target;
    if (event.key.length > 1 && target.id === "slider") return;
    if (event.key === " " && target.tagName === "BUTTON") return;
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    if (event.key !== " ") play(false);
    act();
  });
  $("first").onclick = () => { play(false); go(0); };
  $("backward").onclick = () => { play(false); go(backward); };
  $("back").onclick = () => { play(false); go(at - 1); };
  $("next").onclick = () => { play(false); go(at + 1); };
  $("play").onclick = () => play(!timer);
  $("slider").oninput = event => { play(false); go(Number(event.target.value) - 1); };

  for (const [key, box] of boxes) {
    const inside = members.get(key) || [];
    box.querySelectorAll("title").forEach(title => title.remove());
    if (!inside.length) continue;
    const i = inside[inside.length - 1];
    box.setAttribute("tabindex", "0");
    box.setAttribute("role", computed.has(i) ? "button" : "img");
    box.setAttribute("aria-describedby", "about");
    const name = inside.length === 1 ? nodes[i].name : `${inside.length} nodes`;
    box.setAttribute("aria-label", !computed.has(i) ? name
      : `${name}: go to where ${inside.length === 1 ? "it" : "the last"} is made`);
    if (inside.length === 1) box.classList.add("single");
    const point = () => { pointed = i; describe(i); };
    const leave = () => { pointed = -1; describe(steps[at].node); };
    box.addEventListener("mouseenter", point);
    box.addEventListener("mouseleave", leave);
    box.addEventListener("focus", point);
    box.addEventListener("blur", leave);
    const jump = () => { if (computed.has(i)) { play(false); go(computed.get(i)); } };
    box.addEventListener("click", jump);
    box.addEventListener("keydown", event => {
      if (!computed.has(i) || (event.key !== "Enter" && event.key !== " ")) return;
      event.preventDefault();
      event.stopPropagation();
      jump();
    });
  }

  figure.querySelector("svg").setAttribute("role", "group");  // an img would hide the boxes in it

  const fromAddress = () => {
    const match = /^#step=(\d+)$/.exec(location.hash);
    return Number(match ? match[1] : $("stepper").dataset.start) - 1;
  };
  window.addEventListener("hashchange", () => go(fromAddress(), false));
  go(fromAddress(), false);
})();
