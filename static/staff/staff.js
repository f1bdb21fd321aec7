/* Warns before the idle sign-out, and lets the operator stay; says on an open board that there is
   something new. The panel works without it. */
(() => {
  "use strict";
  const idle = Number(document.body.dataset.idle);
  if (!idle) return;
  const before = 5 * 60;
  let timer, gone, box, from, written;
  const token = () => (document.querySelector("[name=csrfmiddlewaretoken]") || {}).value || "";
  const made = (name, words, holder) => {
    const element = document.createElement(name);
    element.textContent = words;
    holder.append(element);
    return element;
  };
  const start = () => {
    clearTimeout(timer);
    timer = setTimeout(warn, Math.max(idle - before, 1) * 1000);
  };
  const say = (title, words, action, act) => {
    if (!box) {
      from = document.activeElement;
      box = document.createElement("div");
      box.className = "idle";
      box.setAttribute("role", "alertdialog");
      document.body.append(box);
    }
    box.replaceChildren();
    box.setAttribute("aria-label", title);
    made("p", words, box);
    const button = made("button", action, box);
    button.className = "primary";
    button.addEventListener("click", act);
    button.focus();
  };
  const close = () => {
    clearTimeout(gone);
    if (box) box.remove();
    if (from && from.isConnected) from.focus();
    box = null;
    start();
  };
  const warn = () => {
    const when = new Date(Date.now() + before * 1000);
    const at = when.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "Europe/London" });
    say("Signing out soon", `You will be signed out at ${at}, UK time.`, "Stay signed in", stay);
    gone = setTimeout(over, before * 1000);
  };
  const stay = async () => {
    const headers = { "X-CSRFToken": token() };
    const sent = { method: "POST", headers, redirect: "manual" };
    const answer = await fetch(document.body.dataset.stay, sent).catch(() => null);
    if (!answer) return say("Not reached", "The site cannot be reached. Nothing is lost: try again.", "Try again", stay);
    if (answer.status !== 204) return over();
    close();
  };
  /* What was written and not kept stays in view, to be copied; anything else is hidden. */
  const over = () => {
    clearTimeout(gone);
    const enter = () => location.assign(location.href);
    if (!written) return enter();
    say("Signed out", "You are signed out. What you typed comes back when you sign in.", "Sign in again", enter);
  };
  document.addEventListener("input", (event) => {
    if (event.target.closest("#declare")) written = true;
  });
  document.addEventListener("htmx:afterRequest", () => box || start());
  start();
})();
/* What is typed is written down on the server with every pause: a lost connection, an ended session
   and a restart lose nothing. A page that stood open signs its forms with the newest token. */
(() => {
  "use strict";
  const form = document.getElementById("declare");
  const token = () => (document.cookie.match(/(?:^|; )csrftoken=([^;]+)/) || [])[1];
  document.addEventListener("submit", (event) => {
    const field = event.target.querySelector("[name=csrfmiddlewaretoken]");
    if (field && token()) field.value = token();
  }, true);
  document.addEventListener("htmx:configRequest", (event) => {
    if (token()) event.detail.headers["X-CSRFToken"] = token();
  });
  if (!form || !form.dataset.typed) return;
  let dirty = false, timer, leaving = false;
  const line = document.createElement("p");
  line.className = "hint full";
  line.setAttribute("role", "status");
  const say = (words) => {
    if (line.textContent === words) return;
    line.textContent = words;
    const bar = form.querySelector(".bar");
    if (bar) bar.append(line);
  };
  const write = async () => {
    if (!dirty || leaving) return;
    dirty = false;
    const body = new URLSearchParams(new FormData(form));
    body.set("typed_on", location.pathname);
    const headers = { "X-CSRFToken": token() || body.get("csrfmiddlewaretoken") };
    const sent = { method: "POST", headers, body, redirect: "manual" };
    const answer = await fetch(form.dataset.typed, sent).catch(() => null);
    if (answer && answer.status === 204) return say("What you typed is kept here, for you alone.");
    dirty = true;
    say(answer ? "Not kept: you are signed out. Publish or save, sign in, and it is there again."
      : "Not kept yet: no connection. This page goes on trying.");
    timer = setTimeout(write, 4000);
  };
  const soon = (event) => {
    if (event.target.type === "hidden") return;
    dirty = true;
    clearTimeout(timer);
    timer = setTimeout(write, 600);
  };
  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
  form.addEventListener("submit", () => { leaving = true; });
  addEventListener("pageshow", () => { leaving = false; });
  /* Loaded again, the page brings back what was typed. */
  const key = form.elements.key;
  if (key && !form.elements.draft) {
    const address = new URL(location.href);
    address.search = new URLSearchParams({ typed: key.value });
    form.addEventListener("input", () => history.replaceState(null, "", address), { once: true });
  }
})();
/* An open board asks whether it is still what it would show now. It says so, and changes nothing
   under the operator's hands. */
(() => {
  "use strict";
  const news = document.getElementById("news");
  if (!news) return;
  const every = 30 * 1000, late = 2 * 60 * 1000;
  let heard = performance.now();
  const say = (words, act) => {
    if (news.dataset.said === words) return;
    news.dataset.said = words;
    news.replaceChildren();
    if (!words) return;
    const line = document.createElement("p");
    line.className = "two";
    line.textContent = `${words} `;
    const button = document.createElement("button");
    button.textContent = act;
    button.addEventListener("click", () => location.reload());
    line.append(button);
    news.append(line);
  };
  const ask = async () => {
    if (document.hidden) return;
    const answer = await fetch(news.dataset.ask, { redirect: "manual" }).catch(() => null);
    const mark = answer && answer.ok ? await answer.text() : "";
    if (mark) heard = performance.now();
    if (mark && mark !== news.dataset.mark) say("This board has changed.", "Show it");
    else if (performance.now() - heard >= late) say("This board cannot be brought up to date: it may be out of date.", "Try again");
    else if (mark) say("", "");
  };
  setInterval(ask, every);
  document.addEventListener("visibilitychange", ask);
})();
