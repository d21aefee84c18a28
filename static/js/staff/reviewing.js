// The review queue by keyboard: one key takes one answer. The page works without it, and the keys
// can be switched off (WCAG 2.1.4); the browser remembers that where it may.

const REMEMBERED = "consult-review-keys";

function remembered() {
  try {
    return localStorage.getItem(REMEMBERED) !== "off";
  } catch (refused) {
    return true;
  }
}

function remember(on) {
  try {
    localStorage.setItem(REMEMBERED, on ? "on" : "off");
  } catch (refused) {
    // It holds for this page then.
  }
}

/** A switch for the keys; says whether they are on. */
function keysSwitch() {
  let on = remembered();
  const help = document.querySelector("[data-keys-help]");
  const button = help.querySelector("[data-keys-switch]");
  function show() {
    button.textContent = on ? button.dataset.off : button.dataset.on;
    document.querySelectorAll("[data-key-shown]").forEach((each) => {
      each.hidden = !on;
    });
  }
  button.addEventListener("click", () => {
    on = !on;
    remember(on);
    show();
  });
  help.hidden = false;
  show();
  return () => on;
}

function reviewByKeys(form) {
  const areOn = keysSwitch();
  const statements = Array.from(form.querySelectorAll("[data-statement]"));
  const undo = document.querySelector("[data-undo]");
  let sending = false; // one key takes one answer, however long it is held
  let current = Math.max(0, statements.findIndex((each) => "open" in each.dataset));

  function take() {
    sending = true;
    form.requestSubmit(form.querySelector("[data-take]"));
  }

  function go(step) {
    const next = statements[current + step];
    if (next) {
      current += step;
      next.focus();
    }
    return Boolean(next);
  }

  function follow(link) {
    sending = true;
    location.assign(link.href);
  }

  function choose(key) {
    const list = statements[current].querySelector("select");
    const option = list.querySelector(`option[data-key="${key}"]`);
    if (!option) {
      return false;
    }
    list.value = option.value;
    if (statements.length === 1) {
      take();
    } else if (!go(1)) {
      statements[current].focus();
    }
    return true;
  }

  const acts = {
    Enter: take,
    y: take,
    j: () => go(1),
    ArrowDown: () => go(1),
    k: () => go(-1),
    ArrowUp: () => go(-1),
    t: () => statements[current].querySelector("select").focus(),
    n: () => follow(statements[current].querySelector("[data-new-theme]")),
    s: () => follow(form.querySelector("[data-skip]")),
    u: () => {
      if (undo) {
        sending = true;
        undo.requestSubmit();
      }
    },
  };

  function pressed(event) {
    const plain = !(event.ctrlKey || event.metaKey || event.altKey || event.isComposing);
    if (!areOn() || !plain || event.repeat || event.defaultPrevented) {
      return;
    }
    if (event.target.closest("select, input, textarea")) {
      if (event.key === "Escape") {
        statements[current].focus();
      }
      return;
    }
    if (event.key === "Enter" && event.target.closest("a, button, summary")) {
      return;
    }
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (sending) {
      event.preventDefault();
      return;
    }
    const done = /^[0-9]$/.test(key) ? choose(key) : key in acts && acts[key]() !== false;
    if (done) {
      event.preventDefault();
    }
  }

  statements.forEach((each, place) => {
    each.addEventListener("focusin", () => {
      current = place;
    });
  });
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) {
      event.preventDefault(); // a second press on the same answer
    }
    form.dataset.sent = "1";
  });
  // The browser's Back button can show the page as it was left.
  window.addEventListener("pageshow", () => {
    sending = false;
    delete form.dataset.sent;
  });
  document.addEventListener("keydown", pressed);
  if (areOn() && !document.querySelector("[data-error-summary]") && statements.length) {
    statements[current].focus({ preventScroll: true });
    statements[current].scrollIntoView({ block: "nearest" });
  }
}

document.querySelectorAll("form[data-review]").forEach(reviewByKeys);
