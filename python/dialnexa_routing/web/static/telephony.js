// Searches as one types, and switches without a new page. Without this file everything works by its buttons.
"use strict";
(() => {
  const WAIT_MS = 150;
  let timer, latest = 0;

  async function shown(request, place, focus) {
    const turn = ++latest;
    const answer = await fetch(request, { headers: { "x-partial": "1" }, credentials: "same-origin", redirect: "follow", ...place });
    const text = await answer.text();
    if (turn !== latest) return; // a later one is under way
    if (!(answer.headers.get("content-type") || "").startsWith("text/html")) { location.reload(); return; }
    const main = document.getElementById("main");
    const { name, from, to, top } = focus;
    main.innerHTML = text;
    if (answer.ok) history.replaceState(null, "", answer.url);
    const again = name && main.querySelector(name);
    if (again) { again.focus({ preventScroll: true }); if (from !== undefined && again.setSelectionRange) again.setSelectionRange(from, to); }
    scrollTo({ top });
  }

  const here = (name, field) => ({ name, from: field && field.selectionStart, to: field && field.selectionEnd, top: scrollY });

  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-live]");
    if (!form || event.isComposing) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      const query = new URLSearchParams(new FormData(form));
      shown(`${location.pathname}?${query}`, {}, here(`#${CSS.escape(event.target.id)}`, event.target.type === "search" || event.target.type === "text" ? event.target : undefined));
    }, WAIT_MS);
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("form.switch")) return;
    event.preventDefault();
    const label = form.querySelector("button").getAttribute("aria-label");
    shown(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) }, here(`button[aria-label="${CSS.escape(label)}"]`));
  });
})();
