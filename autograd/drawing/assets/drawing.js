"use strict";
// A closed scope opens in a dialog; the browser gives it Escape and keeps the focus inside.
(() => {
  const dialogs = new Map();
  for (const dialog of document.querySelectorAll("dialog")) {
    dialogs.set(dialog.dataset.scope, dialog);
    dialog.querySelector("button").addEventListener("click", () => dialog.close());
    dialog.addEventListener("click", event => { if (event.target === dialog) dialog.close(); });
  }
  for (const box of document.querySelectorAll("[data-opens]")) {
    const dialog = dialogs.get(box.dataset.opens);
    if (!dialog) continue;
    const open = () => { if (!dialog.open) dialog.showModal(); };
    box.classList.add("opens");
    box.closest("svg").setAttribute("role", "group");  // an img would hide the boxes in it
    box.setAttribute("tabindex", "0");
    box.setAttribute("role", "button");
    box.setAttribute("aria-label", `open ${box.dataset.opens}`);
    box.addEventListener("click", open);
    box.addEventListener("keydown", event => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();  // else the same key presses the button that gets the focus
      open();
    });
  }
})();
