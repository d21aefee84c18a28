// The page that watches a consultation renews its figures quietly, once a minute. It never moves
// the focus or the page, says only that something changed, and can be paused. Without it there
// is a link to refresh.

const EVERY = 60000;

async function fetched(address) {
  const reply = await fetch(address, { headers: { Accept: "text/html" } });
  // Who is signed out meanwhile is led elsewhere; refreshing the page says so.
  if (reply.redirected || !reply.ok) {
    throw new Error("no figures to be had");
  }
  const page = new DOMParser().parseFromString(await reply.text(), "text/html");
  const found = page.querySelector("[data-watch-figures]");
  if (!found) {
    throw new Error("no figures in the answer");
  }
  return found;
}

/** What is open stays open, and what has the focus keeps it. */
function keepState(old, fresh) {
  for (const open of old.querySelectorAll("details[open][id]")) {
    fresh.querySelector(`#${CSS.escape(open.id)}`)?.setAttribute("open", "");
  }
}

function swap(old, fresh) {
  const focused = old.contains(document.activeElement) ? document.activeElement.id : "";
  const { scrollX, scrollY } = window;
  keepState(old, fresh);
  old.replaceWith(fresh);
  if (focused) {
    document.getElementById(focused)?.focus({ preventScroll: true });
  }
  window.scrollTo(scrollX, scrollY);
}

function watch(box, renewal) {
  const said = renewal.querySelector("[data-watch-said]");
  const button = renewal.querySelector("[data-watch-pause]");
  let paused = false;
  let looked = Date.now();

  async function look() {
    looked = Date.now();
    try {
      const old = box.querySelector("[data-watch-figures]");
      const fresh = document.importNode(await fetched(box.dataset.watch), true);
      if (paused || fresh.dataset.stamp === old.dataset.stamp) {
        return;
      }
      swap(old, fresh);
      said.textContent = "";
      said.textContent = renewal.dataset.changed;
    } catch (trouble) {
      said.textContent = renewal.dataset.trouble;
    }
  }

  function due() {
    if (!paused && !document.hidden && Date.now() - looked >= EVERY) {
      look();
    }
  }

  button.hidden = false;
  button.addEventListener("click", () => {
    paused = !paused;
    button.textContent = paused ? renewal.dataset.resume : renewal.dataset.pause;
    if (!paused) {
      look();
    }
  });
  document.addEventListener("visibilitychange", due);
  setInterval(due, 1000);
}

const box = document.querySelector("[data-watch]");
const renewal = document.querySelector("[data-watch-renewal]");
if (box && renewal) {
  watch(box, renewal);
}
