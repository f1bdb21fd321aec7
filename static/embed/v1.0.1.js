/*! Which Number widget 1.0.1 (MIT). Shows our pages in a frame; sets, reads and sends nothing. */
(function (d, w) {
  "use strict";
  var tag = d.currentScript, home = tag && tag.src && new URL(tag.src).origin;
  if (!home || !w.customElements || customElements.get("which-number")) return;
  var EXIT = "https://www.bbc.co.uk/weather",
    ANSWER = 8e3, // a page that says nothing for so long is none
    LIMIT = 66e4, // and a page that was not checked for so long is withdrawn
    AGAIN = 6e4;

  customElements.define("which-number", class extends HTMLElement {
    static get observedAttributes() {
      return ["area", "view", "lang", "accent", "ground", "ink", "pretend"];
    }
    attributeChangedCallback() {
      // What was right for another area does not stand for a moment longer.
      if (this.root && this.isConnected) this.load();
    }
    connectedCallback() {
      // The link inside the tag shows through the slot until the frame has answered.
      this.root = this.root || this.attachShadow({ mode: "open" });
      this.link = this.link || d.createElement("slot");
      w.addEventListener("message", this);
      d.addEventListener("visibilitychange", this);
      for (var rule of ["display:block", "width:auto", "visibility:visible", "opacity:1", "height:auto",
        "max-height:none", "min-height:0", "max-width:none", "overflow:visible", "float:none",
        "position:relative", "inset:auto", "transform:none", "clip-path:none", "filter:none"]) {
        this.style.setProperty(...rule.split(":"), "important");
      }
      this.load();
    }
    disconnectedCallback() {
      w.removeEventListener("message", this);
      d.removeEventListener("visibilitychange", this);
      this.stop();
    }
    wait(after, then) {
      clearTimeout(this.timer);
      this.timer = setTimeout(then.bind(this), after);
    }
    stop() {
      clearTimeout(this.timer);
      if (this.frame) this.frame.remove();
      this.frame = null;
      this.root.replaceChildren(this.link);
    }
    load() {
      var self = this, f = d.createElement("iframe"), query = new URLSearchParams(),
        spoken = this.closest("[lang]"),
        at = function (name, or) { return encodeURIComponent(self.getAttribute(name) || or); };
      for (var name of ["accent", "ground", "ink"]) {
        if (this.hasAttribute(name)) query.set(name, this.getAttribute(name).replace("#", ""));
      }
      this.stop();
      f.setAttribute("sandbox", "allow-scripts allow-same-origin allow-forms allow-popups " +
        "allow-popups-to-escape-sandbox allow-top-navigation-to-custom-protocols");
      f.referrerPolicy = "no-referrer";
      f.title = "Which Number";
      f.style.cssText = "all:initial;display:block;width:100%;border:0;height:0;" +
        "position:absolute;visibility:hidden";
      f.onload = function () {
        self.wait(ANSWER, self.fail);
        f.contentWindow.postMessage({ whichNumber: 1, type: "hello" }, home);
        // A step taken inside begins at its top. What was never shown moves nobody's page.
        if (f.style.position === "static" && f.getBoundingClientRect().top < 0) self.scrollIntoView();
      };
      f.src = home + (spoken && /^cy/i.test(spoken.lang) ? "/cy" : "") +
        (this.hasAttribute("pretend") ? "/sandbox" : "") + "/embed/" + at("view", "banner") +
        "/" + at("area", "uk") + "/" + (String(query) && "?" + query);
      this.frame = f;
      this.root.append(f);
      this.wait(2 * ANSWER, this.fail);
    }
    fail() {
      this.stop();
      this.wait(AGAIN, this.load);
    }
    handleEvent(e) {
      var f = this.frame, m = e.data;
      if (e.type !== "message") {
        if (!d.hidden && !f) this.load();
      } else if (f && e.source === f.contentWindow && e.origin === home && m && m.whichNumber === 1) {
        if (m.type === "leave") {
          d.documentElement.style.setProperty("display", "none", "important");
          d.title = "";
          w.location.replace(EXIT);
        } else if (m.type === "withdraw") {
          this.fail();
        } else if (m.type === "size" && Number.isInteger(m.height) && m.height > 0 &&
          m.height < 2e4 && typeof m.title === "string") {
          f.title = m.title.slice(0, 99);
          f.style.position = "static";
          f.style.visibility = "visible";
          f.style.height = m.height + "px";
          this.link.remove();
          this.wait(LIMIT, this.fail);
        }
      }
    }
  });
})(document, window);
