{% load static %}/* Shows what this site sends to a phone that somebody enrolled, and opens the page that it is about.
   It answers no request of any page: whatever is opened is asked of the site. */
"use strict";
const HOME = new URL("./", self.location);

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("push", (event) => event.waitUntil(show(read(event.data))));
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(inside(event.notification.data.page)));
});
/* The browser gave this phone another address: nobody who is signed in can say so from here. */
self.addEventListener("pushsubscriptionchange", (event) => event.waitUntil(show({
  id: "again", tag: "again", title: "This phone is not told any more", about: "Press to enrol it again.",
  page: new URL("told/", HOME).href, urgent: true,
})));

function read(data) {
  const unread = { id: "", tag: "unread", title: "Which Number", about: "Something has happened. Press to look at the board." };
  try {
    const said = data.json();
    return said && said.title ? said : unread;
  } catch {
    return unread;
  }
}

/* Sent twice it stands once, and rings once. */
async function show(said) {
  const [held] = await self.registration.getNotifications({ tag: said.tag });
  await self.registration.showNotification(said.title, {
    body: said.about,
    tag: said.tag,
    renotify: !held || held.data.id !== said.id,
    requireInteraction: Boolean(said.urgent),
    icon: "{% static 'public/icon.svg' %}",
    lang: "en-GB",
    data: { id: said.id, page: said.page },
  });
}

/* Pages of the panel alone. */
function inside(page) {
  const url = new URL(page || HOME, HOME);
  return url.origin === HOME.origin && url.pathname.startsWith(HOME.pathname) ? url.href : HOME.href;
}

/* A page that is open keeps what is typed on it: it is brought to the front, or another is opened. */
async function open(page) {
  const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const same = windows.find((each) => each.url === page);
  return same ? same.focus() : self.clients.openWindow(page);
}
