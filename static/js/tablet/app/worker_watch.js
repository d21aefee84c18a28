import { attempt } from "./parts.js";

/** Hear of a new version of the app; the helper says when it is used. */
export function watchWorker(app) {
  if (!("serviceWorker" in navigator)) {
    app.worksOffline = false;
    return;
  }
  navigator.serviceWorker
    .register("/tablet/worker.js", { scope: "/tablet/" })
    .then((registration) => {
      const ready = () => {
        if (registration.waiting && navigator.serviceWorker.controller) {
          app.updated = true;
          if (document.querySelector("[data-home]")) {
            attempt(() => app.to.home());
          }
        }
      };
      globalThis.addEventListener("online", () => registration.update().catch(() => {}));
      ready();
      registration.addEventListener("updatefound", () => {
        registration.installing.addEventListener("statechange", ready);
      });
    })
    .catch(() => {
      app.worksOffline = false;
    });
}

export async function useUpdate() {
  const registration = await navigator.serviceWorker.getRegistration("/tablet/");
  if (registration && registration.waiting) {
    const { serviceWorker } = navigator;
    serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
    registration.waiting.postMessage("take over");
  }
}
