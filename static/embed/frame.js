// A page inside the widget's frame: tells the tag its height, leaves on Escape, looks for news.
// It stores nothing, and answers only the page that frames it.
(function (d, w) {
  "use strict";
  var LOOK = 30e3, ANSWER = 10e3, SAY = 120e3, WITHDRAW = 600e3, FRESH = 2e3, PRESSES = 2e3;
  var TYPING = "input, select, textarea, [contenteditable]";
  var host = null, good = w.performance.now(), presses = 0, pressed = 0, alone = false, timer;
  var news = d.getElementById("news"), old = d.getElementById("old");

  function tell(type) {
    // What nobody can see has no size to tell.
    if (!host || (type === "size" && !w.innerWidth)) return;
    w.parent.postMessage(type === "size"
      ? { whichNumber: 1, type: type, title: d.title, height: height() }
      : { whichNumber: 1, type: type }, host);
  }

  // A line that has nothing to say takes no room at all.
  function height() {
    var calm = d.body.className === "line" && !d.querySelector("main").childElementCount && old.hidden;
    return calm ? 0 : Math.ceil(d.body.getBoundingClientRect().height);
  }

  function leave() {
    d.documentElement.style.setProperty("display", "none", "important");
    d.title = "";
    if (host) tell("leave");
    else w.location.replace(d.getElementById("leave").href);
  }

  w.addEventListener("message", function (e) {
    var m = e.data;
    if (w.parent === w || e.source !== w.parent || e.origin === "null") return;
    if (!m || m.whichNumber !== 1 || m.type !== "hello") return;
    host = e.origin;
    tell("size");
    wake();
  });

  // Shift three times running leaves. Shift with another key, with a click or in a field is writing.
  function forget() {
    alone = false;
    presses = 0;
  }
  d.addEventListener("keydown", function (e) {
    if (e.key === "Escape") return leave();
    if (e.key !== "Shift" || e.repeat || e.target.closest(TYPING)) return forget();
    alone = true;
  });
  d.addEventListener("keyup", function (e) {
    if (e.key !== "Shift" || !alone) return;
    presses = presses && e.timeStamp - pressed < PRESSES ? presses + 1 : 1;
    pressed = e.timeStamp;
    alone = false;
    if (presses === 3) leave();
  });
  d.addEventListener("pointerdown", forget);
  d.addEventListener("click", function (e) {
    if (e.target.closest("#leave")) {
      e.preventDefault();
      leave();
    }
  });

  function change(page) {
    var now = d.querySelector("main"), next = page.querySelector("main");
    if (!next || now.innerHTML === next.innerHTML) return;
    var focused = now.contains(d.activeElement) && d.activeElement.getAttribute("href");
    now.replaceChildren.apply(now, Array.from(next.childNodes));
    // The focus stays where it was, or at the page's own start: never lost to the host.
    if (focused !== false) {
      var same = Array.from(now.querySelectorAll("a[href]")).find(function (a) {
        return a.getAttribute("href") === focused;
      });
      (same || now).focus({ preventScroll: true });
    }
    news.textContent = news.dataset.words;
  }

  // Whether our own page still lets this host show it: a host that is struck off loses the frame.
  function allows(policy) {
    var parents = /frame-ancestors([^;]*)/.exec(policy);
    if (!host || !parents) return true;
    return parents[1].trim().split(/\s+/).some(function (parent) {
      var form = parent.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replace(/\*/g, "[^/]*");
      return parent === "'self'" ? host === w.location.origin : new RegExp("^" + form + "$").test(host);
    });
  }

  // Somebody looks again after a while: what is there may be old.
  function wake() {
    var age = w.performance.now() - good;
    if (age >= WITHDRAW) retire();
    if (age >= FRESH) look();
  }

  function retire() {
    d.querySelector("main").replaceChildren(d.getElementById("static").content.cloneNode(true));
    old.hidden = true;
  }

  function look() {
    clearTimeout(timer);
    timer = w.setTimeout(look, LOOK);
    if (d.hidden) return;
    // A server that hangs is as good as none: it must not keep the page from saying so.
    var stop = new AbortController(), limit = w.setTimeout(function () { stop.abort(); }, ANSWER);
    w.fetch(w.location.href, { cache: "no-cache", credentials: "omit", signal: stop.signal }).then(function (answer) {
      if (!answer.ok) throw new Error(answer.status);
      if (!allows(answer.headers.get("Content-Security-Policy") || "")) return tell("withdraw");
      return answer.text();
    }).then(function (text) {
      if (text === undefined) return;
      good = w.performance.now();
      old.hidden = true;
      change(new DOMParser().parseFromString(text, "text/html"));
      tell("size");
    }).catch(late).then(function () { clearTimeout(limit); });
  }

  function late() {
    var age = w.performance.now() - good;
    if (age >= WITHDRAW) {
      retire();
      tell("withdraw");
    } else if (age >= SAY) {
      old.hidden = false;
    }
    tell("size");
  }

  d.addEventListener("visibilitychange", function () { if (!d.hidden) wake(); });
  w.addEventListener("online", look);
  w.addEventListener("pageshow", function (e) { if (e.persisted) wake(); });
  new ResizeObserver(function () { tell("size"); }).observe(d.body);
  // What the browser had kept may be three seconds old: it must not stand for half a minute.
  var visit = w.performance.getEntriesByType("navigation")[0];
  timer = w.setTimeout(look, visit && !visit.transferSize ? 0 : LOOK);
})(document, window);
