/* Enrols this browser to be told by web push: asks leave, begins the worker, and hands the browser's
   address to the site with the form. Without it mail tells all the same. */
(() => {
  "use strict";
  const form = document.getElementById("enrol");
  const words = document.getElementById("enrol-words");
  if (!form) return;
  const field = form.elements.subscription;
  const button = form.querySelector("button");
  const say = (text) => {
    words.textContent = text;
    words.classList.add("two");
  };
  const able = window.isSecureContext && "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
  if (!able) {
    const apple = /iPhone|iPad/.test(navigator.userAgent);
    return say(apple
      ? "On an iPhone or iPad: press Share, then Add to Home Screen. Open Which Number from there, and come back to this page."
      : "This browser cannot be told this way. Mail works, and so may another browser.");
  }
  const refused = "This browser is told not to show messages of this site. Allow them in its settings for this site, then load this page again.";
  if (Notification.permission === "denied") return say(refused);
  /* Whether it is this very browser: by the hash of its address, which the list knows. */
  const listed = async () => {
    const worker = await navigator.serviceWorker.getRegistration(form.dataset.scope);
    const held = worker && await worker.pushManager.getSubscription();
    if (!held) return null;
    const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(held.endpoint));
    const mark = Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, "0")).join("");
    return document.querySelector(`[data-mark="${mark}"] h3`);
  };
  listed().catch(() => null).then((own) => {
    if (own) own.append(" (this one)");
    words.hidden = true;
    form.hidden = Boolean(own);
  });

  const key = () => {
    const text = form.dataset.key.replace(/-/g, "+").replace(/_/g, "/");
    return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  };
  const subscribed = async () => {
    await navigator.serviceWorker.register(form.dataset.worker, { scope: form.dataset.scope });
    const worker = await navigator.serviceWorker.ready;
    const options = { userVisibleOnly: true, applicationServerKey: key() };
    try {
      return await worker.pushManager.subscribe(options);
    } catch (error) {
      /* Enrolled under another key of the site: that one is of no use any more. */
      const old = await worker.pushManager.getSubscription();
      if (!old) throw error;
      await old.unsubscribe();
      return worker.pushManager.subscribe(options);
    }
  };
  form.addEventListener("submit", async (event) => {
    if (field.value) return;
    event.preventDefault();
    button.disabled = true;
    try {
      if (await Notification.requestPermission() !== "granted") {
        say(refused);
      } else {
        field.value = JSON.stringify(await subscribed());
      }
    } catch (error) {
      say(`This browser could not be enrolled (${error.name}). Try again, or use another browser. Mail works all the same.`);
    }
    words.hidden = Boolean(field.value);
    button.disabled = false;
    if (field.value) form.requestSubmit(button);
  });
})();
