import { uuid } from "./bytes.js";
import { Offline, Refused } from "./errors.js";
import { sign } from "./seal.js";

const BASE = "/tablet/api";
const PATIENCE = 30_000;

function waitFor(header) {
  const seconds = Number(header);
  return header !== null && Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : null;
}

/** The server, as the tablet speaks with it. `deviceOf` gives the enrolled device. */
export class Api {
  constructor(deviceOf, { patience = PATIENCE } = {}) {
    this.deviceOf = deviceOf;
    this.patience = patience;
  }

  me() {
    return this.ask("GET", "/me", { cookies: true });
  }

  enrol(body, csrf) {
    return this.ask("POST", "/enrol", { body, cookies: true, headers: { "X-CSRFToken": csrf } });
  }

  signOut(csrf) {
    return this.ask("POST", "/sign-out", { body: {}, cookies: true, headers: { "X-CSRFToken": csrf } });
  }

  sessions() {
    return this.ask("GET", "/sessions", { signed: true });
  }

  pack(session) {
    return this.ask("GET", `/pack/${encodeURIComponent(session)}`, { signed: true });
  }

  send(body) {
    return this.ask("POST", "/send", { body, signed: true });
  }

  owe(body) {
    return this.ask("POST", "/owe", { body, signed: true });
  }

  async ask(method, path, { body, signed = false, cookies = false, headers = {} } = {}) {
    const address = `${BASE}${path}`;
    const all = { Accept: "application/json", ...headers };
    if (signed) {
      all.Authorization = `Device ${await this.signature(method, address)}`;
    }
    if (body !== undefined) {
      all["Content-Type"] = "application/json";
    }
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), this.patience);
    let answer;
    let content;
    try {
      answer = await fetch(address, {
        method,
        headers: all,
        body: body === undefined ? undefined : JSON.stringify(body),
        cache: "no-store",
        credentials: cookies ? "same-origin" : "omit",
        redirect: "error",
        signal: limit.signal,
      });
      content = await answer.json().catch(() => null);
    } catch (error) {
      throw new Offline(error);
    } finally {
      clearTimeout(timer);
    }
    if (!answer.ok) {
      const word = content && typeof content.error === "string" ? content.error : "fault";
      throw new Refused(word, answer.status, waitFor(answer.headers.get("Retry-After")));
    }
    if (content === null) {
      throw new Refused("fault", answer.status); // a page of a network that wants a sign-in
    }
    return content;
  }

  async signature(method, address) {
    const device = await this.deviceOf();
    if (!device) {
      throw new Refused("not_enrolled", 0);
    }
    return sign(device, { m: method, p: address, t: Date.now(), n: uuid() });
  }
}
