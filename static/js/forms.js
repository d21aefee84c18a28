// Sending a form: not twice by a double tap, and with the time on the device.

// Long enough for a second tap, short enough to try again after a lost connection.
const LOCKED_FOR = 5000;

export function guardForm(form) {
  let sentAt = -Infinity;
  form.addEventListener("submit", (event) => {
    // The browser's clock since the page opened; setting the phone's time does not change it.
    if (performance.now() - sentAt < LOCKED_FOR) {
      event.preventDefault();
      return;
    }
    sentAt = performance.now();
    const time = form.elements.namedItem("finished_at_device");
    if (time) {
      time.value = new Date().toISOString();
    }
  });
  // Back to this page from the browser's memory: the form may be sent again at once.
  window.addEventListener("pageshow", () => {
    sentAt = -Infinity;
  });
}
