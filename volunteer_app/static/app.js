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

  /* Uploads: too large is said before it is sent, a picture is shown, and how far the sending is. */
  function limitOf(input) {
    const limits = JSON.parse(input.dataset.most);
    const kind = input.form.elements.kind;
    return limits[kind ? kind.value : Object.keys(limits)[0]];
  }

  function chosen(input) {
    let box = input.parentElement.querySelector(".chosen");
    if (!box) {
      box = document.createElement("div");
      box.className = "chosen";
      box.setAttribute("role", "status");
      input.after(box);
    }
    return box;
  }

  function complain(input, words) {
    const line = document.createElement("p");
    line.className = "error";
    line.append(words);
    chosen(input).replaceChildren(line);
  }

  /* True where the file may be sent; kinds differ in how large it may be. */
  function fits(input) {
    const file = input.files[0];
    const limit = limitOf(input);
    if (!file || !limit || file.size <= limit[0]) return true;
    complain(input, limit[1].replace("{}", (file.size / 1048576).toFixed(1)));
    return false;
  }

  function look(input) {
    chosen(input).replaceChildren();
    const file = input.files[0];
    if (!file || !fits(input) || !/^image\/(jpeg|png)$/.test(file.type)) return;
    const reader = new FileReader();
    reader.addEventListener("load", () => {
      const image = new Image();
      image.alt = "您选的照片";
      image.addEventListener("load", () => { if (input.files[0] === file) chosen(input).replaceChildren(image); });
      image.src = reader.result;
    });
    reader.readAsDataURL(file);
  }

  /* The answer is the page that the form would have led to: its main part takes the place of this one's. */
  function arrive(request) {
    const page = new DOMParser().parseFromString(request.responseText, "text/html");
    const main = page.querySelector("main");
    if (!main || request.status >= 500) return false;
    document.title = page.title;
    all("[autofocus]", main).forEach((element) => element.removeAttribute("autofocus"));
    document.querySelector("main").replaceWith(main);
    history.replaceState(null, "", request.responseURL);
    const first = main.querySelector(".error-summary") || main;
    first.focus();
    window.scrollTo(0, 0);
    return true;
  }

  function send(form, input) {
    const bar = document.createElement("progress");
    bar.setAttribute("aria-label", "已经上传");
    chosen(input).append(bar);
    const request = new XMLHttpRequest();
    const failed = () => {
      bar.remove();
      wake();
      complain(input, "没有传完，可能是网络断了。请再点一次“上传”。");
    };
    request.upload.addEventListener("progress", (event) => { if (event.lengthComputable) bar.value = event.loaded / event.total; });
    request.addEventListener("load", () => { if (!arrive(request)) failed(); });
    request.addEventListener("error", failed);
    request.open("POST", form.action);
    request.send(new FormData(form));
  }

  document.addEventListener("change", (event) => {
    const form = event.target.form;
    const input = form && form.matches("form[data-upload]") && form.querySelector("input[data-most]");
    if (input) look(input);
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const input = form.matches("form[data-upload]") && form.querySelector("input[data-most]");
    if (!input || !input.files.length) return;
    event.preventDefault();
    if (!fits(input)) {
      input.focus();
      return;
    }
    rest(form, event.submitter);
    send(form, input);
  });
})();
