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
    say("Signed out", "You are signed out. What you wrote is not kept: copy it now.", "Sign in again", enter);
  };
  document.addEventListener("input", (event) => {
    if (event.target.closest("#declare")) written = true;
  });
  document.addEventListener("htmx:afterRequest", () => box || start());
  start();
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
