// Pages on which a consultation is written: the preview follows while an officer types, and what
// a button did is said to people who listen. Everything works without it.

const PAUSE = 700;

// The next page loads unseen over the one in sight and takes its place when it is there: nothing
// flickers, and as every frame is a new one, the browser's Back button keeps its meaning.
function followTyping(frame) {
  const form = document.getElementById("part-form");
  const button = document.querySelector("[data-preview-button]");
  if (!form || !button) {
    return;
  }
  const place = frame.parentElement;
  let shown = frame;
  let waiting = null;
  let count = 0;
  let pause;

  function swap(next) {
    const page = next.contentDocument;
    if (next !== waiting || (page && page.URL === "about:blank")) {
      return;
    }
    waiting = null;
    if (!page || !page.querySelector("main")) {
      next.remove(); // no page came: what was there before stays
      return;
    }
    next.contentWindow.scrollTo(0, shown.contentWindow ? shown.contentWindow.scrollY : 0);
    shown.remove();
    next.id = "preview";
    next.classList.remove("consult-preview__frame--waiting");
    shown = next;
  }

  function refresh() {
    clearTimeout(pause);
    if (waiting) {
      waiting.remove();
    }
    const next = shown.cloneNode();
    next.removeAttribute("id");
    next.removeAttribute("src");
    delete next.dataset.previewUnsaved;
    count += 1;
    next.name = `preview-${count}`; // a frame answers to the name that it began with
    next.classList.add("consult-preview__frame--waiting");
    waiting = next;
    place.append(next);
    send(form, button.formAction, next.name);
    next.addEventListener("load", () => swap(next));
  }

  function refreshSoon() {
    clearTimeout(pause);
    pause = setTimeout(refresh, PAUSE);
  }

  form.addEventListener("input", refreshSoon);
  form.addEventListener("submit", () => clearTimeout(pause));
  Array.from(form.elements)
    .filter((element) => element.name.startsWith("preview_"))
    .forEach((element) => element.addEventListener("change", refresh));
  button.addEventListener("click", (event) => {
    event.preventDefault(); // the form itself stays free to be saved
    refresh();
  });
  if ("previewUnsaved" in frame.dataset) {
    refresh(); // the form came back with words that are not saved
  }
}

// A form of its own: sending the officer's would guard it against being sent again at once.
function send(form, address, target) {
  const sender = document.createElement("form");
  sender.method = "post";
  sender.enctype = "multipart/form-data"; // a long text in Bengali is three times as long else
  sender.action = address;
  sender.target = target;
  sender.hidden = true;
  new FormData(form).forEach((value, name) => {
    if (typeof value === "string") {
      const field = document.createElement("textarea");
      field.name = name;
      field.value = value;
      sender.append(field);
    }
  });
  document.body.append(sender);
  HTMLFormElement.prototype.submit.call(sender);
  sender.remove();
}

// What stands on a page when it opens is not read out as news; what changes afterwards is.
function announce(status) {
  const words = status.textContent;
  if (words.trim()) {
    status.textContent = "";
    setTimeout(() => {
      status.textContent = words;
    }, 200);
  }
}

document.querySelectorAll("[data-preview]").forEach(followTyping);
document.querySelectorAll("[data-announce]").forEach(announce);
