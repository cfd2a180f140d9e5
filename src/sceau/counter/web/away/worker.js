// The service worker of the counter screen: keeps its files and a page that names nobody, for when the network is away.
// It never stores what a page answered: no person is in anything here. SHELL comes before this, from the view.
const CACHE = `sceau-desk-${SHELL.version}`;
const PATIENCE_MS = 4_000;
const AWAY_MS = 10_000;
const GATEWAY = [502, 504];
let awayUntil = 0;

async function fill() {
  const cache = await caches.open(CACHE);
  await cache.addAll([SHELL.page, ...SHELL.files].map((path) => new Request(path, { cache: "reload", credentials: "omit" })));
}

async function clean() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("sceau-desk-") && name !== CACHE).map((name) => caches.delete(name)));
  await self.clients.claim();
}

async function stored(path) {
  return (await (await caches.open(CACHE)).match(path)) ?? Response.error();
}

// The network first, so that nothing old is shown while it is there; once it is away, not asked for each file anew.
async function answer(request, path) {
  if (Date.now() < awayUntil && path !== SHELL.page) return stored(path);
  try {
    const late = new Promise((_, refuse) => setTimeout(() => refuse(new Error("late")), PATIENCE_MS));
    const found = await Promise.race([fetch(request), late]);
    if (GATEWAY.includes(found.status)) throw new Error("gateway");
    return found;
  } catch {
    awayUntil = Date.now() + AWAY_MS;
    return stored(path);
  }
}

self.addEventListener("install", (event) => event.waitUntil(fill().then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(clean()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate" && url.pathname === SHELL.desk) event.respondWith(answer(request, SHELL.page));
  else if (SHELL.files.includes(url.pathname)) event.respondWith(answer(request, url.pathname));
});
