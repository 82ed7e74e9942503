// Keeps the page that works without a connection, and its files; never a page with somebody's data in it.

const { version, files, pages, quick } = {{ values|safe }};
const CACHE = `allyship-${version}`;
const DEVICE = "allyship-device"; // the language, noted by js/device.js

self.addEventListener("install", (event) => {
  const fresh = [...files, ...Object.values(pages)].map((url) => new Request(url, { credentials: "omit", cache: "reload" }));
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(fresh)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const old = (name) => name.startsWith("allyship-") && ![CACHE, DEVICE].includes(name);
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter(old).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (files.includes(url.pathname)) {
    event.respondWith(caches.match(request, { cacheName: CACHE }).then((kept) => kept ?? fetch(request)));
  } else if (request.mode === "navigate") {
    const posted = request.method === "POST" && url.pathname === quick ? request.clone() : null;
    event.respondWith(fetch(request).catch(() => held(posted)));
  }
});

// The page that holds entries, with the form in it that could not be sent.
async function held(posted) {
  const noted = await caches.match("/language", { cacheName: DEVICE });
  const language = noted ? await noted.text() : "en";
  const page = await caches.match(pages[language] ?? pages.en, { cacheName: CACHE });
  if (!page || !posted) return page ?? Response.error();
  const fields = new URLSearchParams(await posted.formData());
  fields.delete("csrfmiddlewaretoken");
  const unsent = fields.toString().replaceAll("&", "&amp;");
  const html = (await page.text()).replace('data-unsent=""', `data-unsent="${unsent}"`);
  return new Response(html, { headers: page.headers });
}
