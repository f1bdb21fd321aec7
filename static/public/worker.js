// For when there is no signal: keeps the same few pages for everybody, with the moment they were asked
// for, and shows them only where the network gives nothing. Of a visitor nothing is kept. What is kept,
// and every word of it, is the server's (triage/web/pages/views/offline.py).
"use strict";
const CACHE = "essentials", STAMP = "X-Kept-At";
const ENGLISH = "/offline/kept.json", WELSH = "/cy/offline/kept.json";
const NOT_PAGES = /^\/(cy\/)?(staff|api|embed|feeds|sandbox)\//;
const PATIENCE = 10000, AGAIN = 50000; // milliseconds
let forgotten = false, turn = Promise.resolve();
// One after the other, so that nothing is put back while it is being forgotten.
const queue = (work) => { turn = turn.then(work, work); return turn; };

const stamped = (box) => Number(box.headers.get(STAMP));
const bring = async (cache, address) => {
  const old = await cache.match(address), tag = old && old.headers.get("ETag");
  const answer = await fetch(address, { headers: tag ? { "If-None-Match": tag } : {}, cache: "no-store", credentials: "omit", redirect: "error" });
  const from = answer.status === 304 && old ? old : answer;
  // What stands in for an answer that could not be made says that nobody may keep it: it is older
  // than it seems.
  const standIn = /no-store/.test(answer.headers.get("Cache-Control"));
  if (!from.ok || standIn) throw new Error(String(answer.status));
  const text = await from.text(), whole = JSON.parse(text);
  // By the phone's own clock, which is what its age is counted with later.
  const late = whole.unchecked ? Math.max(0, Date.parse(answer.headers.get("Date")) - Date.parse(whole.unchecked)) : 0;
  const headers = { "Content-Type": "application/json", [STAMP]: String(Date.now() - (late || 0)) };
  for (const name of ["ETag", "Content-Security-Policy"]) headers[name] = from.headers.get(name) || "";
  await cache.put(address, new Response(text, { headers }));
  return whole.scripts;
};
const renew = async (soon) => {
  if (forgotten) return;
  const cache = await caches.open(CACHE), box = await cache.match(WELSH);
  const age = box ? Date.now() - stamped(box) : -1;
  if (soon && age >= 0 && age < AGAIN) return;
  const scripts = [...await bring(cache, ENGLISH), ...await bring(cache, WELSH)];
  const wanted = new Set([ENGLISH, WELSH, ...scripts].map((path) => new URL(path, location.href).href));
  for (const held of await cache.keys()) if (!wanted.has(held.url)) await cache.delete(held);
  for (const script of scripts) if (!await cache.match(script)) await cache.add(script);
};
const forget = async () => {
  forgotten = true;
  await caches.delete(CACHE);
};

const filled = (text, values) => Object.entries(values).reduce((all, [name, value]) => all.split(`[${name}]`).join(value), text);
const kept = async (path) => {
  const box = await caches.match(path.startsWith("/cy/") ? WELSH : ENGLISH, { cacheName: CACHE });
  if (!box) return null;
  const whole = await box.json(), at = stamped(box), age = Date.now() - at;
  // A clock that was put back says nothing of the age: then it is as if it were old.
  const last = whole.ages.length - 1;
  const n = age < 0 ? last : whole.ages.findIndex(({ until }) => until === null || age < until * 1000);
  const own = path.replace(/^\/cy\//, "/").replace(/^\/in\/[^/]+\/(c\/[^/]+\/)?/, "/").slice(1);
  const page = (whole.pages[own] || whole.pages["offline/"])[n];
  const minutes = Math.floor(age / 60000);
  const ago = minutes < 120 ? filled(whole.minutes, { n: minutes }) : filled(whole.hours, { n: Math.floor(minutes / 60) });
  const time = new Date(at).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  const note = filled(whole.ages[n].note, { time, age: ago });
  // When it says too much: a page that is left open asks for itself again then.
  const until = whole.ages[n].until === null || age < 0 ? "" : String(at + whole.ages[n].until * 1000);
  return new Response(filled(whole.frame, { until, title: page.title, note, main: page.main }), {
    headers: {
      "Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store", "Referrer-Policy": "no-referrer",
      "Content-Security-Policy": box.headers.get("Content-Security-Policy"),
    },
  });
};
const ask = async (event) => (await Promise.resolve(event.preloadResponse).catch(() => null)) || fetch(event.request);
const open = async (event, path) => {
  const network = ask(event);
  // What was sent is waited for: it may have arrived.
  const soon = event.request.method === "GET" ? [new Promise((done) => setTimeout(done, PATIENCE))] : [];
  const answer = await Promise.race([network.catch(() => null), ...soon]);
  return answer || await kept(path) || network;
};

addEventListener("install", (event) => { skipWaiting(); event.waitUntil(queue(() => renew(false))); });
addEventListener("activate", (event) => event.waitUntil((async () => {
  if (registration.navigationPreload) await registration.navigationPreload.enable();
  await clients.claim();
})()));
addEventListener("message", (event) => {
  if (event.data === "forget") event.waitUntil(queue(forget).then(() => event.ports[0].postMessage("forgotten")));
  else event.waitUntil(queue(() => renew(event.data !== "changed")).catch(() => { /* what is kept stays, with its age */ }));
});
addEventListener("fetch", (event) => {
  const { request } = event, { origin, pathname } = new URL(request.url);
  if (origin !== location.origin) return;
  if (request.destination === "script" && pathname.startsWith("/static/public/")) {
    event.respondWith(fetch(request).catch(async () => (await caches.match(request)) || Response.error()));
  } else if (request.mode === "navigate" && request.destination === "document" && !NOT_PAGES.test(pathname)) {
    event.respondWith(open(event, pathname));
  }
});
