// The builder's live preview: the same form, asked as its button would, without leaving the page.
(function (d) {
  "use strict";
  var form = d.getElementById("choices"), timer;
  function show() {
    var to = "?" + new URLSearchParams(new FormData(form));
    fetch(to, { credentials: "omit" }).then(function (answer) {
      if (!answer.ok) throw new Error(answer.status);
      return answer.text();
    }).then(function (text) {
      var next = new DOMParser().parseFromString(text, "text/html").getElementById("result");
      d.getElementById("result").replaceChildren.apply(d.getElementById("result"), Array.from(next.childNodes));
      history.replaceState(null, "", to);
    }).catch(function () { /* The button still works. */ });
  }
  form.addEventListener("input", function () {
    clearTimeout(timer);
    timer = setTimeout(show, 300);
  });
})(document);
