// Keeps the app at hand without a network. The server puts a line before this file that names
// what belongs to the app: `const APP = {"version": "…", "shell": "/tablet/", "files": […]}`.
/* global APP */

const CACHE = `consult-tablet-${APP.version}`;
const CLIPS = "consult-clips";

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches.open(CACHE).then((cache) =>
      cache.addAll([APP.shell, ...APP.files].map((path) => new Request(path, { cache: "reload" }))),
    ),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => names.filter((name) => name !== CACHE && name !== CLIPS))
      .then((old) => Promise.all(old.map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("message", (event) => {
  if (event.data === "take over") {
    self.skipWaiting();
  } else if (event.data === "care for this page") {
    event.waitUntil(self.clients.claim());
  }
});

async function kept(request) {
  const path = new URL(request.url).pathname;
  const cache = await caches.open(CACHE);
  const found = await cache.match(request.mode === "navigate" ? APP.shell : path);
  if (found) {
    return found;
  }
  const clip = await caches.open(CLIPS).then((clips) => clips.match(path));
  return clip ? partOf(request, clip) : fetch(request);
}

/** Players ask for parts of a recording, and some take nothing else. */
async function partOf(request, clip) {
  const asked = /^bytes=(\d+)-(\d*)$/.exec(request.headers.get("Range") || "");
  if (!asked) {
    return clip;
  }
  const bytes = await clip.blob();
  const first = Number(asked[1]);
  const last = Math.min(asked[2] === "" ? Infinity : Number(asked[2]), bytes.size - 1);
  if (first > last) {
    const headers = { "Content-Range": `bytes */${bytes.size}` };
    return new Response(null, { status: 416, headers });
  }
  return new Response(bytes.slice(first, last + 1), {
    status: 206,
    headers: {
      "Content-Type": clip.headers.get("Content-Type"),
      "Content-Range": `bytes ${first}-${last}/${bytes.size}`,
      "Content-Length": String(last - first + 1),
      "Accept-Ranges": "bytes",
    },
  });
}

self.addEventListener("fetch", (event) => {
  const { pathname, origin } = new URL(event.request.url);
  const isOurs =
    origin === self.location.origin &&
    event.request.method === "GET" &&
    !pathname.startsWith("/tablet/api/") &&
    pathname !== "/tablet/worker.js";
  const isKept = isOurs && (pathname.startsWith("/tablet/") || APP.files.includes(pathname));
  if (isKept) {
    event.respondWith(kept(event.request));
  }
});
