// A page inside the widget's frame: tells the tag its height, leaves on Escape, looks for news.
// It stores nothing, and answers only the page that frames it.
(function (d, w) {
  "use strict";
  var LOOK = 30e3, ANSWER = 10e3, SAY = 120e3, WITHDRAW = 600e3;
  var host = null, good = w.performance.now(), shifts = 0, shifted = 0, timer;
  var news = d.getElementById("news"), old = d.getElementById("old");

  function tell(type) {
    if (!host) return;
    w.parent.postMessage(type === "size"
      ? { whichNumber: 1, type: type, title: d.title, height: Math.ceil(d.body.getBoundingClientRect().height) }
      : { whichNumber: 1, type: type }, host);
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
  });

  d.addEventListener("keydown", function (e) {
    if (e.key === "Escape") return leave();
    shifts = e.key === "Shift" && !e.repeat && e.timeStamp - shifted < 2000 ? shifts + 1 : 1;
    shifted = e.timeStamp;
    if (e.key === "Shift" && shifts === 3) leave();
  });
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

  function look() {
    clearTimeout(timer);
    timer = w.setTimeout(look, LOOK);
    if (d.hidden) return;
    // A server that hangs is as good as none: it must not keep the page from saying so.
    var stop = new AbortController(), limit = w.setTimeout(function () { stop.abort(); }, ANSWER);
    w.fetch(w.location.href, { cache: "no-cache", credentials: "omit", signal: stop.signal }).then(function (answer) {
      if (!answer.ok) throw new Error(answer.status);
      return answer.text();
    }).then(function (text) {
      good = w.performance.now();
      old.hidden = true;
      change(new DOMParser().parseFromString(text, "text/html"));
      tell("size");
    }).catch(late).then(function () { clearTimeout(limit); });
  }

  function late() {
    var age = w.performance.now() - good;
    if (age >= WITHDRAW) {
      d.querySelector("main").replaceChildren(d.getElementById("static").content.cloneNode(true));
      old.hidden = true;
      tell("withdraw");
    } else if (age >= SAY) {
      old.hidden = false;
    }
    tell("size");
  }

  d.addEventListener("visibilitychange", function () { if (!d.hidden) look(); });
  w.addEventListener("online", look);
  w.addEventListener("pageshow", function (e) { if (e.persisted) look(); });
  new ResizeObserver(function () { tell("size"); }).observe(d.body);
  timer = w.setTimeout(look, LOOK);
})(document, window);
