// The area finder with script: suggestions while typing (the ARIA combobox pattern) and "use my location".
// Without it the form and the list stand as they are. Nothing is kept here, and nothing goes to anybody else.
(() => {
  "use strict";
  const locate = document.querySelector(".locate-form");
  if (locate && navigator.geolocation) {
    const status = locate.querySelector("[role=status]"), put = (name, value) => { locate.elements[name].value = value; };
    const fail = ({ code }) => {
      const { refused, failed, late } = locate.dataset;
      status.textContent = code === 1 ? refused : code === 3 ? late : failed;
    };
    locate.hidden = false;
    locate.addEventListener("submit", (event) => {
      event.preventDefault();
      status.textContent = locate.dataset.asking;
      navigator.geolocation.getCurrentPosition(({ coords }) => {
        put("lat", coords.latitude.toFixed(4));
        put("lon", coords.longitude.toFixed(4));
        put("accuracy", String(Math.ceil(coords.accuracy)));
        locate.submit();
      }, fail, { enableHighAccuracy: true, timeout: 20000, maximumAge: 60000 });
    });
  }

  const input = document.querySelector("input[data-suggest]");
  if (!input || !window.fetch) return;
  const list = document.createElement("ul"), count = document.createElement("p");
  list.id = "places";
  list.className = "suggestions";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.dataset.list);
  count.className = "hide";
  count.setAttribute("role", "status");
  input.closest(".row").after(list, count);
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["aria-controls", "places"]]) {
    input.setAttribute(name, value);
  }
  let chosen = -1, asked = 0, timer = 0;
  const options = () => [...list.children];
  const close = () => {
    chosen = -1;
    list.hidden = true;
    list.replaceChildren();
    count.textContent = "";
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const choose = (at) => {
    const all = options();
    if (!all.length) return;
    chosen = (at + all.length + 1) % (all.length + 1);
    all.forEach((option, n) => option.setAttribute("aria-selected", String(n === chosen)));
    if (chosen === all.length) {
      input.removeAttribute("aria-activedescendant");
    } else {
      input.setAttribute("aria-activedescendant", all[chosen].id);
      all[chosen].scrollIntoView({ block: "nearest" });
    }
  };
  const take = (option) => {
    input.value = option.textContent;
    close();
    input.form.requestSubmit();
  };
  const show = (places) => {
    close();
    if (!places.length) return;
    list.append(...places.map((name, n) => {
      const option = document.createElement("li");
      option.id = `place-${n}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.textContent = name;
      return option;
    }));
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    count.textContent = input.dataset.count.replace("[count]", String(places.length));
  };
  const ask = async () => {
    const words = input.value.trim(), mine = asked += 1;
    if (words.length < 2) { close(); return; }
    try {
      const body = new URLSearchParams({ place: words });
      const answer = await fetch(input.dataset.suggest, { method: "POST", body, credentials: "omit", referrerPolicy: "no-referrer" });
      const { places } = await answer.json();
      if (mine === asked && document.activeElement === input) show(places);
    } catch { close(); }
  };
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, 150);
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || list.hidden) return;
    if (event.key === "ArrowDown") { event.preventDefault(); choose(chosen + 1); }
    else if (event.key === "ArrowUp") { event.preventDefault(); choose(chosen < 0 ? options().length - 1 : chosen - 1); }
    else if (event.key === "Escape") { event.preventDefault(); event.stopPropagation(); asked += 1; close(); }
    else if (event.key === "Enter" && options()[chosen]) { event.preventDefault(); take(options()[chosen]); }
  });
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) take(option);
  });
  input.addEventListener("blur", () => { asked += 1; close(); });
  input.form.addEventListener("submit", () => { asked += 1; clearTimeout(timer); close(); });
})();
