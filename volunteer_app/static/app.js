/* Improves pages that already work without it: 长辈版 in place, copying, error focus, counties, one submission. */
"use strict";

(function () {
  const root = document.documentElement;
  const all = (selector, within) => Array.from((within || document).querySelectorAll(selector));

  /* One live region, in base.html. Emptied first, so that the same words are spoken twice. */
  function say(words) {
    const region = document.getElementById("spoken");
    if (!region) return;
    region.textContent = "";
    setTimeout(() => { region.textContent = words; }, 50);
  }

  /* 长辈版: the server reads the same cookie, so the next page agrees. */
  function showSize(elder) {
    if (elder) root.dataset.ui = "elder";
    else delete root.dataset.ui;
    all("a[data-ui-switch]").forEach((link) => {
      link.textContent = elder ? "标准版" : "长辈版";
      link.href = elder ? link.dataset.standard : link.dataset.elder;
    });
  }

  function sizeInCookie() {
    return /(?:^|;\s*)ui=elder(?:;|$)/.test(document.cookie);
  }

  all("a[data-ui-switch]").forEach((link) => {
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      const elder = root.dataset.ui !== "elder";
      const secure = location.protocol === "https:" ? "; secure" : "";
      document.cookie = `ui=${elder ? "elder" : "standard"}; path=/; max-age=31536000; samesite=lax${secure}`;
      if (sizeInCookie() !== elder) return; /* cookies refused: let the link try */
      event.preventDefault();
      showSize(elder);
      say(elder ? "已换成长辈版" : "已换成标准版");
    });
  });

  /* Copy buttons stay hidden where copying is impossible (no script, or not a secure page). */
  all("button[data-copy]").forEach((button) => {
    const source = document.querySelector(button.dataset.copy);
    if (!source || !navigator.clipboard) return;
    button.hidden = false;
    button.addEventListener("click", () => {
      const text = "value" in source ? source.value : source.textContent.trim();
      navigator.clipboard.writeText(text).then(() => say("已复制"), () => say("没有复制成功，请手工抄写"))
        .then(() => label(button, document.getElementById("spoken") ? "已复制" : null));
    });
  });

  /* Printing is the browser's own; without a script its menu does the same. */
  all("button[data-print]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  });

  /* Shows other words on a button for a moment; the button's own content comes back unchanged. */
  function label(button, words) {
    if (!words || button.own) return;
    button.own = Array.from(button.childNodes);
    button.replaceChildren(words);
    setTimeout(() => unlabel(button), 3000);
  }

  function unlabel(button) {
    if (!button.own) return;
    button.replaceChildren(...button.own);
    button.own = null;
  }

  /* The summary takes the focus; its links bring the question into view and the cursor into its control. */
  const summary = document.querySelector(".error-summary");
  if (summary) {
    /* autofocus does it, but for older browsers and addresses with a fragment */
    if (!("autofocus" in HTMLElement.prototype) || location.hash) summary.focus();
    summary.addEventListener("click", (event) => {
      const link = event.target.closest("a[href^='#']");
      const control = link && document.getElementById(link.hash.slice(1));
      if (!control) return;
      event.preventDefault();
      (control.closest(".is-wrong") || control.closest(".field") || control).scrollIntoView();
      control.focus({ preventScroll: true });
    });
  }

  /* Counties of the chosen prefecture only. Groups leave the document, because some browsers show hidden ones. */
  function narrow(select) {
    const by = select.form && select.form.elements[select.dataset.narrowsBy];
    const groups = all("optgroup[data-region]", select);
    if (!by || !groups.length) return;
    const apply = () => {
      const chosen = select.value;
      groups.forEach((group) => group.remove());
      select.append(...groups.filter((group) => !by.value || group.dataset.region === by.value));
      select.value = chosen;
      if (select.selectedIndex < 0) select.selectedIndex = 0;
    };
    select.form.addEventListener("change", (event) => {
      if (event.target.name === by.name || event.target.name === select.dataset.narrowsBy) apply();
    });
    window.addEventListener("pageshow", apply);
    apply();
  }
  all("select[data-narrows-by]").forEach(narrow);

  /* Sent once: after the browser took the form its buttons rest for 8 seconds, or until the page is shown again. */
  function rest(form, pressed) {
    all("button:not([type=button])", form).forEach((button) => {
      if (button.disabled) return;
      button.disabled = true;
      button.dataset.resting = "";
    });
    if (pressed && pressed.matches("button.btn")) {
      pressed.own = Array.from(pressed.childNodes);
      pressed.replaceChildren("正在提交");
      say("正在提交");
    }
  }

  function wake() {
    all("button[data-resting]").forEach((button) => {
      button.disabled = false;
      delete button.dataset.resting;
      unlabel(button);
    });
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.getAttribute("method") !== "post" || form.target) return;
    setTimeout(() => {
      if (event.defaultPrevented) return;
      rest(form, event.submitter);
      setTimeout(wake, 8000);
    });
  });
  window.addEventListener("pageshow", () => {
    wake();
    const elder = sizeInCookie();
    if (elder !== (root.dataset.ui === "elder") && /(?:^|;\s*)ui=/.test(document.cookie)) showSize(elder);
  });
})();
