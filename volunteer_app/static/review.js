/* Keys for the staff's queue and application pages: data-key="j" on a link, button or field says which key presses it. */
"use strict";

(function () {
  const dialog = document.getElementById("keys");
  const hasDialog = Boolean(dialog && dialog.showModal);

  /* One may switch the keys off (WCAG 2.1.4); private windows may refuse storage. */
  function stored(value) {
    try {
      if (value !== undefined) localStorage.setItem("keys", value);
      return localStorage.getItem("keys");
    } catch (refused) {
      return value;
    }
  }
  let on = stored() !== "off";

  function open() {
    if (hasDialog && !dialog.open) dialog.showModal();
  }

  if (hasDialog) {
    document.querySelectorAll("button[data-opens=keys]").forEach((button) => {
      button.hidden = false;
      button.addEventListener("click", open);
    });
    dialog.querySelectorAll("input[data-keys-on]").forEach((box) => {
      box.checked = on;
      box.addEventListener("change", () => {
        on = box.checked;
        stored(on ? "on" : "off");
      });
    });
  }

  /* In a list J and K walk along a[data-row], O opens the row and X ticks its box. */
  function walk(key) {
    const rows = Array.from(document.querySelectorAll("a[data-row]"));
    if (!rows.length) return false;
    const row = document.activeElement && document.activeElement.closest("tr, li");
    const at = rows.findIndex((link) => link === document.activeElement || (row && row.contains(link)));
    if (key === "j" || key === "k") {
      const next = rows[at < 0 ? 0 : at + (key === "j" ? 1 : -1)];
      if (next) next.focus();
      return true;
    }
    if (at < 0) return false;
    if (key === "o") {
      rows[at].click();
      return true;
    }
    const box = key === "x" && rows[at].closest("tr, li").querySelector("input[type=checkbox]");
    if (box) box.click();
    return Boolean(box);
  }

  function press(key) {
    const target = Array.from(document.querySelectorAll("[data-key]"))
      .find((element) => element.dataset.key === key && !element.disabled && !element.hidden);
    if (!target) return false;
    if (target.matches("input:not([type=submit], [type=button]), select, textarea")) target.focus();
    else target.click();
    return true;
  }

  document.addEventListener("keydown", (event) => {
    if (!on || event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const place = event.target instanceof Element ? event.target : document.body;
    if (place.closest("select, textarea, [contenteditable], dialog, input:not([type=checkbox], [type=radio])")) return;
    const key = event.key.toLowerCase();
    if (key === "?" ? hasDialog : press(key) || walk(key)) {
      if (key === "?") open();
      event.preventDefault();
    }
  });

  /* Uploaded pictures: turned by quarters, made larger up to four times. The theme does it; here is only how far. */
  document.querySelectorAll("[data-paper]").forEach((paper) => {
    const tools = paper.querySelector(".paper-tools");
    if (!tools) return;
    tools.hidden = false;
    let turned = 0;
    let zoomed = 1;
    tools.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (!button) return;
      turned = (turned + Number(button.dataset.turn || 0)) % 4;
      zoomed = Math.min(4, Math.max(1, zoomed + Number(button.dataset.zoom || 0)));
      if (turned || zoomed > 1) paper.dataset.turned = turned;
      else delete paper.dataset.turned;
      paper.dataset.zoomed = zoomed;
    });
  });
})();
