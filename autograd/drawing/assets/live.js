// The live stepper: sliders above the page; the step stays where it is when the numbers change.
export default {
  render({ model, el }) {
    const inputs = document.createElement("div");
    const frame = document.createElement("iframe");
    inputs.style.cssText = "display:flex;flex-wrap:wrap;gap:6px 22px;padding:6px 14px;font:14px system-ui,sans-serif";
    frame.style.cssText = "width:100%;height:560px;border:0";
    frame.setAttribute("sandbox", "allow-scripts");
    frame.title = "steps through a forward and a backward pass";
    el.append(inputs, frame);
    let at = 1, waiting = 0;
    const told = new Map();
    for (const [name, [low, high]] of Object.entries(model.get("ranges"))) {
      const label = document.createElement("label"), range = document.createElement("input");
      const number = document.createElement("output");
      label.style.cssText = "display:flex;gap:8px;align-items:center";
      Object.assign(range, { type: "range", min: low, max: high, step: (high - low) / 400 });
      number.style.cssText = "min-width:5em;font-variant-numeric:tabular-nums";
      label.append(name, range, number);
      inputs.append(label);
      told.set(name, [range, number]);
      range.addEventListener("input", () => {
        number.textContent = range.value;
        clearTimeout(waiting);
        waiting = setTimeout(() => {
          model.set("values", { ...model.get("values"), [name]: Number(range.value) });
          model.save_changes();
        }, 60);
      });
    }
    const values = () => {
      for (const [name, x] of Object.entries(model.get("values"))) {
        const [range, number] = told.get(name) || [];
        if (!range) continue;
        if (document.activeElement !== range) range.value = x;
        number.textContent = Number(x.toPrecision(6));
      }
    };
    const page = () => {
      frame.srcdoc = model.get("page").replace('data-start="1"', `data-start="${at}"`);
    };
    const heard = event => {
      if (event.source === frame.contentWindow && Number.isInteger(event.data?.step)) at = event.data.step;
    };
    addEventListener("message", heard);
    model.on("change:values", values);
    model.on("change:page", page);
    values();
    page();
    return () => {
      removeEventListener("message", heard);
      clearTimeout(waiting);
    };
  },
};
