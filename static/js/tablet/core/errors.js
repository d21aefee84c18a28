/** Something that the helper has to know: `word` names the sentence, `error.<word>` in the words. */
export class TabletError extends Error {
  constructor(word, cause) {
    super(word, cause === undefined ? undefined : { cause });
    this.name = "TabletError";
    this.word = word;
  }
}

/** The passphrase does not open what is locked. */
export class WrongPassphrase extends TabletError {
  constructor() {
    super("wrong_passphrase");
  }
}

/** There is no network, or the server did not answer in time. */
export class Offline extends TabletError {
  constructor(cause) {
    super("offline", cause);
  }
}

/** The server answered with a refusal: its word, its status and when to try again. */
export class Refused extends TabletError {
  constructor(word, status, retryAfter = null) {
    super(word);
    this.status = status;
    this.retryAfter = retryAfter;
  }
}

/** What an error of the browser's storage means to the helper; other errors stay what they are. */
export function storageError(error) {
  if (error instanceof TabletError) {
    return error;
  }
  const name = error && error.name;
  if (name === "QuotaExceededError") {
    return new TabletError("storage_full", error);
  }
  if (name === "InvalidStateError" || name === "UnknownError" || name === "AbortError") {
    // A full disk also ends a transaction without saying why.
    return new TabletError("storage_failed", error);
  }
  return error;
}

/** For what is kept for convenience only: a full tablet must still open, and send. */
export function unlessNoRoom(error) {
  if (!["storage_full", "storage_failed"].includes(error.word)) {
    throw error;
  }
}
