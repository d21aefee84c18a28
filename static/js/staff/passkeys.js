// Asks the browser for a passkey, and sends its answer by the form on the page. The page says
// what to do where scripts or passkeys are missing.

function bytes(text) {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

function text(buffer) {
  const plain = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

// What the server says in JSON, as the browser wants it.
function readOptions(json) {
  const options = JSON.parse(json);
  options.challenge = bytes(options.challenge);
  if (options.user) {
    options.user.id = bytes(options.user.id);
  }
  for (const name of ["allowCredentials", "excludeCredentials"]) {
    for (const credential of options[name] || []) {
      credential.id = bytes(credential.id);
    }
  }
  return options;
}

const FIELDS = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];

function writeAnswer(credential) {
  const response = {};
  for (const name of FIELDS) {
    if (credential.response[name]) {
      response[name] = text(credential.response[name]);
    }
  }
  if (credential.response.getTransports) {
    response.transports = credential.response.getTransports();
  }
  return JSON.stringify({
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    response,
  });
}

function prepare(form) {
  const status = form.querySelector("[data-passkey-status]");
  const button = form.querySelector("[data-passkey-button]");
  const say = (words) => {
    status.textContent = words;
  };
  document.querySelectorAll("[data-passkey-without-scripts]").forEach((note) => note.remove());
  if (!window.isSecureContext || !window.PublicKeyCredential) {
    say(form.dataset.unable);
    return;
  }
  let asking = false;
  const ask = async () => {
    if (asking) {
      return;
    }
    asking = true;
    say(form.dataset.waiting);
    try {
      const publicKey = readOptions(form.dataset.options);
      const credential = await navigator.credentials[form.dataset.passkey]({ publicKey });
      form.elements.namedItem("credential").value = writeAnswer(credential);
      form.submit();
    } catch (fault) {
      say(fault.name === "InvalidStateError" ? form.dataset.known : form.dataset.stopped);
      asking = false;
    }
  };
  button.hidden = false;
  button.addEventListener("click", ask);
  ask();
}

document.querySelectorAll("form[data-passkey]").forEach(prepare);
