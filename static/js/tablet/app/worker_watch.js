import { attempt } from "./parts.js";

/** Milliseconds that somebody waits for the app itself to be kept, once they have the questions. */
const LONG_ENOUGH = 30_000;

/** Have the app kept, and hear of a new version of it; the helper says when that is used. */
export function watchWorker(app) {
  app.kept = keep(app).catch(() => tell(app, false));
}

async function keep(app) {
  const registration = await navigator.serviceWorker.register("/tablet/worker.js", {
    scope: "/tablet/",
  });
  const ready = () => {
    if (registration.waiting && registration.active) {
      app.updated = true;
      attempt(() => app.to.homeAnew());
    }
  };
  globalThis.addEventListener("online", () => registration.update().catch(() => {}));
  ready();
  registration.addEventListener("updatefound", () => {
    registration.installing.addEventListener("statechange", ready);
  });
  await settled(registration);
  tell(app, Boolean(registration.active));
  // A worker takes the pages that are there when it begins. One that was just being opened then,
  // or was loaded past the worker, would be without recordings when the network goes.
  if (registration.active && !navigator.serviceWorker.controller) {
    registration.active.postMessage("care for this page");
  }
}

/** When the first worker of this browser has all it needs, or has given up. */
async function settled(registration) {
  const first = registration.active ? null : registration.installing || registration.waiting;
  if (first) {
    await new Promise((resolve) => {
      const look = () => ["activated", "redundant"].includes(first.state) && resolve();
      first.addEventListener("statechange", look);
      look();
    });
  }
}

function tell(app, worksOffline) {
  if (app.worksOffline !== worksOffline) {
    app.worksOffline = worksOffline;
    attempt(() => app.to.homeAnew());
  }
}

/** Wait until the app itself is kept; told as not kept where that takes too long. */
export async function untilKept(app) {
  let timer = 0;
  const late = new Promise((resolve) => {
    timer = setTimeout(() => resolve(tell(app, false)), LONG_ENOUGH);
  });
  await Promise.race([app.kept, late]);
  clearTimeout(timer);
}

export async function useUpdate() {
  const registration = await navigator.serviceWorker.getRegistration("/tablet/");
  if (registration && registration.waiting) {
    const { serviceWorker } = navigator;
    serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
    registration.waiting.postMessage("take over");
  }
}
