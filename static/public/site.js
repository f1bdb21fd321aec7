// Everything the public pages do beyond plain HTML: leave fast, follow changes, filter the list, copy.
// Nothing is stored and nothing is sent to anybody else. Without this file every page still works.
(() => {
  "use strict";
  const doc = document;
  const root = doc.documentElement;

  // Nothing is stored, so the door is shut before htmx comes: it would keep the last path it was on.
  for (const name of ["localStorage", "sessionStorage"]) {
    Object.defineProperty(window, name, { get() { throw new DOMException("This site stores nothing", "SecurityError"); } });
  }

  // --- leaving: blank at once, then another page in this one's place, so that Back does not return.
  let leaving = false;
  const leave = () => {
    if (leaving) return;
    leaving = true;
    const away = doc.querySelector(".leave").href;
    root.classList.add("gone");
    doc.title = "\u200b";
    if (doc.body) doc.body.replaceChildren();
    try { history.replaceState(null, "", "/"); } catch { /* a sandboxed frame may not */ }
    location.replace(away);
  };
  // Where Escape has work of its own to do (a field with words, a list, a dialog, a full screen, an
  // input method), it does that, and leaves when it is pressed again.
  const field = () => doc.activeElement && doc.activeElement.matches("input,textarea,select,[contenteditable]");
  const taken = (event) => event.isComposing || doc.fullscreenElement || doc.querySelector("dialog[open],[popover]:popover-open")
    || (field() && (doc.activeElement.tagName === "SELECT" || doc.activeElement.getAttribute("aria-expanded") === "true" || doc.activeElement.value || doc.activeElement.isContentEditable));
  let shifts = [], pressed = false;
  addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      if (!pressed && !leaving && taken(event)) { pressed = true; return; }
      event.preventDefault();
      leave();
      return;
    }
    pressed = false;
    if (event.key !== "Shift" || field()) shifts = [];
    else if (!event.repeat) {
      shifts = [...shifts.filter((at) => event.timeStamp - at < 2000), event.timeStamp];
      if (shifts.length > 2) leave();
    }
  }, true);
  doc.addEventListener("click", (event) => {
    if (event.target.closest && event.target.closest(".leave")) { event.preventDefault(); leave(); }
  }, true);
  // A page that the browser brings back from its memory after leaving stays blank and leaves again.
  addEventListener("pageshow", (event) => { if (event.persisted && leaving) location.replace(doc.URL); });

  // --- live pages: ask now and then whether this page has changed, only while somebody can see it.
  const live = () => doc.getElementById("live");
  const EVERY = 20000, JITTER = 15000, LOST = 120000;
  let tag = null, timer = 0, seen = performance.now(), lost = false, asking = false;
  const say = (key) => { const box = live(); if (box) box.textContent = key ? box.dataset[key] : ""; };
  const address = () => {
    // What stands in the address bar may be the page before a sensitive one; the page knows its own.
    const page = doc.getElementById("page");
    return (page && page.dataset.here) || location.pathname + location.search;
  };
  // The page as the server sent it, before anything was put on: what a new answer is compared with.
  const sent = () => { const page = doc.getElementById("page"); return page ? page.innerHTML : ""; };
  let known = sent();
  const follow = (text) => {
    const fresh = new DOMParser().parseFromString(text, "text/html");
    const from = fresh.getElementById("page"), to = doc.getElementById("page");
    if (!from || !to || from.innerHTML === known) return;
    known = from.innerHTML;
    const held = doc.activeElement, path = held && to.contains(held) ? trail(held, to) : null;
    const open = [...to.querySelectorAll("details")].map((d) => d.open);
    const typed = [...to.querySelectorAll("input[id],select[id],textarea[id]")].map((f) => [f.id, f.value]);
    to.replaceChildren(...from.childNodes);
    [...to.querySelectorAll("details")].forEach((d, n) => { d.open = Boolean(open[n]); });
    for (const [id, value] of typed) { const f = doc.getElementById(id); if (f) f.value = value; }
    const now = fresh.querySelector(".now"), old = doc.querySelector(".now");
    if (now && old) old.textContent = now.textContent;
    dress();
    if (path) { const again = walk(path, to); if (again) again.focus({ preventScroll: true }); }
    say("changed");
  };
  const trail = (node, top) => {
    if (node.id) return { id: node.id };
    if (node.href) return { href: node.getAttribute("href"), nth: [...top.querySelectorAll("a")].filter((a) => a.getAttribute("href") === node.getAttribute("href")).indexOf(node) };
    return { tag: node.tagName, nth: [...top.querySelectorAll(node.tagName)].indexOf(node) };
  };
  const walk = (path, top) => path.id ? doc.getElementById(path.id)
    : path.href ? [...top.querySelectorAll("a")].filter((a) => a.getAttribute("href") === path.href)[path.nth] || doc.getElementById("main")
    : top.querySelectorAll(path.tag)[path.nth] || doc.getElementById("main");
  // --- for when there is no signal: a worker keeps a few pages, the same for everybody (worker.js).
  // Only a page that says where the worker is starts it: no frame, no staff page, no sensitive one.
  // "Forgotten" is remembered by the name of this tab alone, and only until it leaves the site.
  const FORGOTTEN = "forgotten", offline = "kept" in root.dataset;
  const keeper = (root.dataset.keep || offline) && window.top === window && navigator.serviceWorker;
  const renew = (what) => { if (keeper && keeper.controller && window.name !== FORGOTTEN) keeper.controller.postMessage(what); };
  const start = async () => {
    try { await keeper.register(root.dataset.keep, { updateViaCache: "all" }); renew("look"); } catch { /* this browser keeps nothing */ }
  };
  if (keeper && !offline && window.name !== FORGOTTEN) addEventListener("load", () => setTimeout(start, 500));
  const forget = async (button) => {
    window.name = FORGOTTEN;
    // This worker and its pages alone: staff may have one of their own in the same browser.
    const held = await keeper.getRegistration("/");
    if (held) {
      const { port1, port2 } = new MessageChannel();
      await new Promise((done) => {
        port1.onmessage = done;
        setTimeout(done, 3000);
        if (held.active) held.active.postMessage("forget", [port2]); else done();
      });
      await held.unregister();
    }
    await caches.delete("essentials");
    button.disabled = true;
    button.textContent = button.dataset.forget;
  };
  // What is read with no signal becomes the page itself when there is one again.
  if (offline) addEventListener("online", () => ask());
  // And what is left open grows old: the worker then shows what may still be said.
  const grown = () => { const until = Number(root.dataset.kept); if (until && Date.now() >= until) location.reload(); };
  if (offline) {
    setInterval(grown, 5000);
    addEventListener("pageshow", grown);
    doc.addEventListener("visibilitychange", grown);
  }

  const ask = async () => {
    // An error page is no page to follow: whoever reads it must not ask for it again and again.
    if (doc.hidden || leaving || asking || !doc.getElementById("page")) return;
    asking = true;
    const asked = address();
    try {
      const answer = await fetch(asked, {
        headers: tag ? { "If-None-Match": tag } : {},
        cache: "no-store", credentials: "omit", redirect: "error",
        signal: AbortSignal.timeout ? AbortSignal.timeout(10000) : undefined,
      });
      if (answer.status !== 304 && !answer.ok) throw new Error(String(answer.status));
      const text = answer.ok ? await answer.text() : "";
      // While it asked, the visitor may have walked on: an answer for the page before is dropped.
      if (asked !== address()) { asking = false; return; }
      if (offline) { location.reload(); return; }
      renew(answer.ok && tag ? "changed" : "look");
      if (answer.ok) { tag = answer.headers.get("ETag"); follow(text); }
      seen = performance.now();
      if (lost) { lost = false; say("back"); }
    } catch { /* the timer below says so when it has lasted */ }
    asking = false;
    doubt();
  };
  const doubt = () => {
    if (!lost && performance.now() - seen > LOST) { lost = true; say("lost"); }
  };
  const next = () => {
    clearTimeout(timer);
    timer = setTimeout(async () => { await ask(); next(); }, EVERY + Math.random() * JITTER);
  };
  doc.addEventListener("visibilitychange", () => { if (!doc.hidden) { ask(); next(); } else clearTimeout(timer); });
  setInterval(() => { if (!doc.hidden) doubt(); }, 5000);
  // A page reached by Back comes from the browser's memory, however old: it asks at once.
  addEventListener("pageshow", (event) => {
    const [how] = performance.getEntriesByType("navigation");
    if (event.persisted || (how && how.type === "back_forward")) { ask(); next(); }
  });

  // --- what a page needs once it stands: the filter of the directory, copying, the other areas.
  const dress = () => {
    const input = doc.getElementById("filter");
    if (input && !input.dataset.on) { input.dataset.on = "1"; filter(input); }
    for (const button of doc.querySelectorAll("[data-copy]")) {
      if (!navigator.clipboard || button.dataset.on) continue;
      button.dataset.on = "1";
      button.hidden = false;
      button.addEventListener("click", () => copy(button));
    }
    const button = doc.querySelector("[data-forget]");
    if (button && keeper) { button.hidden = false; button.onclick = () => forget(button); }
    const line = doc.querySelector("[data-elsewhere]");
    if (line) elsewhere(line);
  };
  // The directory asks the site's own search which lines the words lead to; plain letters find the rest.
  const fold = (text) => text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase().replace(/[^\p{L}\p{N}\s]/gu, "");
  const filter = (input) => {
    const form = input.closest("form"), status = form.querySelector("[role=status]");
    let asking = 0;
    const only = (fits, searching = true) => {
      let shown = 0;
      for (const item of doc.querySelectorAll("[data-find]")) {
        item.hidden = !fits(item);
        shown += item.hidden ? 0 : 1;
      }
      for (const family of doc.querySelectorAll(".family")) {
        family.hidden = !family.querySelector("[data-find]:not([hidden])");
        family.open = searching;
      }
      status.textContent = shown ? "" : input.dataset.nothing;
    };
    const look = async () => {
      const words = fold(input.value).split(/\s+/).filter(Boolean), own = ++asking;
      const begins = (item) => { const text = ` ${fold(item.textContent)}`, digits = item.querySelector(".num"), run = ` ${text.replace(/\s+/g, "")} ${digits ? digits.textContent.replace(/\s+/g, "") : ""}`; return words.every((word) => text.includes(` ${word}`) || run.includes(` ${word}`)); };
      if (!words.length) { only(() => true, false); return; }
      let led = [];
      try {
        const answer = await fetch(form.action, { method: "POST", headers: { Accept: "application/json" }, body: new URLSearchParams({ q: input.value }), credentials: "omit", redirect: "error" });
        if (answer.ok) led = await answer.json();
      } catch { /* plain letters stay */ }
      if (own === asking) only((item) => led.includes(item.dataset.find) || begins(item));
    };
    let timer = 0;
    form.addEventListener("submit", (event) => { event.preventDefault(); look(); });
    input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(look, 200); });
  };

  // --- search: what was found is a page of its own, kept in this tab's list of pages without the
  // words, so that Back from a hit shows the hits again. Leaving takes it out of the list.
  let walked = false;
  const kept = () => (history.state && history.state.found) || null;
  const keep = () => {
    const hits = doc.getElementById("hits");
    if (hits && hits.childElementCount) history.replaceState({ found: hits.innerHTML }, "");
  };
  const restore = () => {
    const hits = doc.getElementById("hits");
    if (!hits || !kept() || hits.childElementCount) return;
    hits.innerHTML = kept();
    if (window.htmx) window.htmx.process(hits);
  };
  doc.addEventListener("submit", async (event) => {
    const form = event.target.closest(".ask-form[method=post]");
    if (!form || !form.querySelector("#q")) return;
    event.preventDefault();
    try {
      const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), credentials: "omit", redirect: "error" });
      if (!answer.ok) throw new Error(String(answer.status));
      const found = new DOMParser().parseFromString(await answer.text(), "text/html");
      const page = found.getElementById("page"), old = doc.getElementById("page");
      history.pushState(null, "", form.action);
      doc.title = found.title;
      old.dataset.here = page.dataset.here;
      old.replaceChildren(...page.childNodes);
      const panel = doc.querySelector("#main > .panel"), hits = doc.getElementById("hits");
      if (panel && hits) hits.prepend(panel);
      if (window.htmx) window.htmx.process(old);
      known = sent();
      dress();
      keep();
      scrollTo(0, 0);
      doc.getElementById("main").focus({ preventScroll: true });
    } catch { form.submit(); }
  });
  doc.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.target.id !== "q") return;
    event.preventDefault();
    event.target.form.requestSubmit();
  });
  doc.addEventListener("click", (event) => { if (event.target.closest && event.target.closest("#hits a")) { keep(); walked = true; } }, true);
  // From a hit, the way back is to the hits: the page gets an entry of the same neutral address.
  doc.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target !== doc.body) return;
    if (walked && kept()) history.pushState(null, "");
    walked = false;
  });
  addEventListener("popstate", () => setTimeout(() => location.reload(), 0));
  const dated = (source) => {
    const time = new Date().toLocaleString(root.lang === "cy" ? "cy-GB" : "en-GB", { hour: "2-digit", minute: "2-digit", day: "numeric", month: "long", timeZoneName: "short" });
    return `${source.dataset.asOf.replace("[time]", time)}: ${source.textContent.trim()}`;
  };
  const copy = async (button) => {
    const source = doc.getElementById(button.dataset.copy);
    try { await navigator.clipboard.writeText(dated(source)); button.textContent = button.dataset.done; } catch { /* the text stands there to be copied by hand */ }
  };
  doc.addEventListener("click", (event) => {
    const link = event.target.closest && event.target.closest('a[href^="sms:?"]');
    const source = link && doc.getElementById("share-text");
    if (source) link.href = `sms:?&body=${encodeURIComponent(dated(source))}`;
  });
  const elsewhere = async (line) => {
    try {
      const answer = await fetch(line.dataset.elsewhere, { credentials: "omit", redirect: "error" });
      if (answer.ok) line.innerHTML = await answer.text();
    } catch { /* the plain link stays */ }
  };

  // htmx walks the sensitive branches without an entry in the browser's list: the page is new all
  // the same, so the reader starts at its top and what it needs is put on.
  doc.addEventListener("htmx:afterSettle", (event) => {
    if (event.target !== doc.body) return;
    tag = null;
    seen = performance.now();
    known = sent();
    dress();
    scrollTo(0, 0);
    const main = doc.getElementById("main");
    if (main) main.focus({ preventScroll: true });
  });

  // Where htmx gets no answer, the browser asks: then the worker shows what is kept.
  doc.addEventListener("htmx:sendError", (event) => {
    if (event.detail.requestConfig.verb === "get") location.replace(event.detail.pathInfo.finalRequestPath);
  });

  dress();
  restore();
  next();
  // What the browser had kept (Back, a restored tab, a second visit at once) may be old.
  const visit = performance.getEntriesByType("navigation")[0];
  if (visit && !visit.transferSize) ask();
})();
