/*! Which Number widget 1.1.0 (MIT): our pages in a frame. Sets, reads and sends nothing. */
((d, w) => {
  "use strict";
  var tag = d.currentScript || d.querySelector('script[src$="/embed/v1.1.0.js"],script[src$="/embed/v1.js"]'),
    EXIT = "https://www.bbc.co.uk/weather",
    home = tag && tag.src && new URL(tag.src).origin;
  if (!home || !w.customElements || customElements.get("which-number")) return;
  var ANSWER = 8e3, LIMIT = 66e4, AGAIN = 6e4,
    BOX = "all:initial;display:block;width:100%;border:0;",
    EVENTS = ["message", "visibilitychange", "pageshow", "online"];

  customElements.define("which-number", class extends HTMLElement {
    static get observedAttributes() {
      return ["area", "view", "lang", "accent", "ground", "ink", "pretend"];
    }
    attributeChangedCallback() {
      if (this.root && this.isConnected) this.stop(), this.wake();
    }
    connectedCallback() {
      this.root = this.root || this.attachShadow({ mode: "open" });
      this.link = this.link || d.createElement("slot");
      for (var rule of ("display:block width:auto height:auto max-height:none min-height:0 max-width:none " +
        "visibility:visible opacity:1 overflow:visible float:none position:relative inset:auto transform:none " +
        "clip-path:none filter:none content-visibility:visible pointer-events:auto zoom:1").split(" ")) {
        this.style.setProperty(...rule.split(":"), "important");
      }
      for (var name of EVENTS) w.addEventListener(name, this);
      this.stop();
      // Hidden is not failed: it waits until somebody can see it.
      this.eye = new IntersectionObserver(seen => {
        this.seen = seen.pop().isIntersecting;
        this.wake();
      }, { rootMargin: "50%" });
      this.eye.observe(this);
    }
    disconnectedCallback() {
      for (var name of EVENTS) w.removeEventListener(name, this);
      this.eye.disconnect();
      this.seen = 0;
      this.stop();
    }
    wait(after, then) {
      clearTimeout(this.timer);
      this.timer = setTimeout(then.bind(this), after);
    }
    stop() {
      clearTimeout(this.timer);
      if (this.frame) this.frame.remove();
      this.frame = this.up = null;
      this.root.replaceChildren(this.link);
    }
    hello() {
      if (this.up) this.frame.contentWindow.postMessage({ whichNumber: 1, type: "hello" }, home);
    }
    wake() {
      if (this.seen && !d.hidden && !this.left) this.frame ? this.hello() : this.load();
    }
    load() {
      var f = d.createElement("iframe"), query = new URLSearchParams(),
        spoken = this.closest("[lang]") || d.documentElement,
        at = (name, or) => "/" + encodeURIComponent(this.getAttribute(name) || or);
      for (var name of ["accent", "ground", "ink"]) {
        if (this.hasAttribute(name)) query.set(name, this.getAttribute(name).replace("#", ""));
      }
      f.setAttribute("sandbox", "allow-scripts allow-same-origin allow-forms allow-popups " +
        "allow-popups-to-escape-sandbox allow-top-navigation-to-custom-protocols");
      f.referrerPolicy = "no-referrer";
      f.title = "Which Number";
      f.style.cssText = BOX + "height:0;position:absolute;visibility:hidden";
      f.onload = () => {
        this.up = 1;
        this.wait(ANSWER, this.fail);
        this.hello();
        if (!this.link.isConnected && f.getBoundingClientRect().top < 0) this.scrollIntoView();
      };
      f.src = home + (/^cy/i.test(spoken.lang) ? "/cy" : "") +
        (this.hasAttribute("pretend") ? "/sandbox" : "") + "/embed" + at("view", "banner") +
        at("area", "uk") + "/" + (String(query) && "?" + query);
      this.frame = f;
      this.root.append(f);
      this.wait(2 * ANSWER, this.fail);
    }
    fail() {
      this.stop();
      this.wait(AGAIN, this.wake);
    }
    handleEvent(e) {
      var f = this.frame, m = e.data;
      if (e.type !== "message") {
        this.wake();
      } else if (f && e.source === f.contentWindow && e.origin === home && m && m.whichNumber === 1) {
        if (m.type === "leave") {
          this.left = 1;
          this.stop();
          this.link.remove();
          if (this.getAttribute("exit") === "page") {
            d.documentElement.style.setProperty("display", "none", "important");
            d.title = "";
            w.location.replace(EXIT);
          }
        } else if (m.type === "withdraw") {
          this.fail();
        } else if (m.type === "size" && m.height >>> 0 === m.height && m.height < 2e4 && typeof m.title === "string") {
          f.title = m.title.slice(0, 99);
          f.style.cssText = BOX + "height:" + m.height + "px";
          this.link.remove();
          this.wait(LIMIT, this.fail);
        }
      }
    }
  });
})(document, window);
