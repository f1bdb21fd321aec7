// The builder's live preview: the same form, asked as its button would, without leaving the page;
// and a button that copies the tag. It stores nothing.
(function (d) {
  "use strict";
  var form = d.getElementById("choices"), result = d.getElementById("result"), timer;
  function offer() {
    d.getElementById("copy").hidden = false;
  }
  function copy() {
    var tag = d.getElementById("tag"), said = d.getElementById("copied");
    Promise.resolve().then(function () {
      return navigator.clipboard.writeText(tag.textContent);
    }).then(function () {
      said.textContent = said.dataset.done;
    }).catch(function () {
      // A page without https may not write there: the tag is marked, for the reader's own copy.
      d.getSelection().selectAllChildren(tag);
      said.textContent = said.dataset.select;
    });
  }
  function show() {
    var to = "?" + new URLSearchParams(new FormData(form));
    fetch(to, { credentials: "omit" }).then(function (answer) {
      if (!answer.ok) throw new Error(answer.status);
      return answer.text();
    }).then(function (text) {
      var next = new DOMParser().parseFromString(text, "text/html").getElementById("result");
      result.replaceChildren.apply(result, Array.from(next.childNodes));
      offer();
      history.replaceState(null, "", to);
    }).catch(function () { /* The button still works. */ });
  }
  result.addEventListener("click", function (e) {
    if (e.target.id === "copy") copy();
  });
  offer();
  form.addEventListener("input", function () {
    clearTimeout(timer);
    timer = setTimeout(show, 300);
  });
})(document);
