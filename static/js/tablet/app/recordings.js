import { TabletError } from "../core/index.js";
import { h, screenAtHand } from "./dom.js";
import { button } from "./parts.js";
import { locale } from "./words.js";

const CACHE = "consult-clips";
const MEGABYTE = 1_000_000;

const canKeep = () => "caches" in globalThis;

/** The recordings of these questions that are not on the tablet yet. */
async function missing(pack) {
  const cache = await caches.open(CACHE);
  const kept = new Set((await cache.keys()).map((each) => new URL(each.url).pathname));
  return pack.clips.filter((each) => !kept.has(each.url));
}

/** Let go of recordings that no questions on this tablet name any more. */
export async function forgetOldClips(store) {
  if (!canKeep()) {
    return;
  }
  const packs = await store.all("packs");
  const needed = new Set(packs.flatMap((pack) => pack.clips.map((each) => each.url)));
  const cache = await caches.open(CACHE);
  const old = (await cache.keys()).filter((each) => !needed.has(new URL(each.url).pathname));
  await Promise.all(old.map((each) => cache.delete(each)));
}

/** What there is to listen to and is not here yet, how large it is, and a button that loads it. */
export async function recordings(app) {
  const left = canKeep() && app.pack.clips.length ? await missing(app.pack) : [];
  if (!left.length) {
    return null;
  }
  const bytes = left.reduce((sum, each) => sum + each.size, 0);
  const size = new Intl.NumberFormat(locale(app.helper), {
    style: "unit",
    unit: "megabyte",
    maximumFractionDigits: 1,
  }).format(Math.max(0.1, bytes / MEGABYTE));
  return h(
    "section",
    { class: "tablet-owed", "aria-labelledby": "clips-title", "data-clips": String(left.length) },
    h("h2", { id: "clips-title" }, app.word("clips.title")),
    h("p", {}, app.word("clips.there", { count: left.length, size })),
    button(app.word("clips.load"), (event) => loadAll(app, left, event.target), { kind: "quiet" }),
  );
}

/** One after another: what has come stays, also when the network goes in between. */
async function loadAll(app, left, pressed) {
  const here = screenAtHand();
  pressed.disabled = true;
  pressed.textContent = app.word("wait.loading");
  const cache = await caches.open(CACHE);
  let failed = 0;
  for (const each of left) {
    await cache.add(each.url).catch(() => {
      failed += 1;
    });
  }
  if (screenAtHand() !== here) {
    return;
  }
  await app.to.home();
  if (failed) {
    throw new TabletError("clips_missing");
  }
}
