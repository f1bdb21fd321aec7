/* Warns before the idle sign-out, and lets the operator stay. The panel works without it. */
(() => {
  "use strict";
  const idle = Number(document.body.dataset.idle);
  if (!idle) return;
  const before = 5 * 60;
  let timer;
  const token = () => (document.querySelector("[name=csrfmiddlewaretoken]") || {}).value || "";
  const start = () => {
    clearTimeout(timer);
    timer = setTimeout(warn, Math.max(idle - before, 1) * 1000);
  };
  const warn = () => {
    const box = document.createElement("div");
    const text = document.createElement("p");
    const stay = document.createElement("button");
    box.className = "idle";
    box.setAttribute("role", "alertdialog");
    box.setAttribute("aria-label", "Signing out soon");
    text.textContent = "You will be signed out in five minutes.";
    stay.textContent = "Stay signed in";
    stay.className = "primary";
    box.append(text, stay);
    document.body.append(box);
    stay.focus();
    const gone = setTimeout(() => location.reload(), before * 1000);
    stay.addEventListener("click", async () => {
      const answer = await fetch(document.body.dataset.stay, {
        method: "POST",
        headers: { "X-CSRFToken": token() },
      }).catch(() => null);
      if (!answer || !answer.ok) return location.reload();
      clearTimeout(gone);
      box.remove();
      start();
    });
  };
  document.addEventListener("htmx:afterRequest", start);
  start();
})();
