let known = { languages: [], words: {} };

/** Load the app's own words, which the worker keeps for when there is no network. */
export async function loadWords() {
  const answer = await fetch("/tablet/words.json", { credentials: "omit" });
  known = await answer.json();
}

export function languages() {
  return known.languages;
}

const RIGHT_TO_LEFT = /^(ar|dv|fa|ckb|he|ks|pnb|ps|sd|ug|ur|yi)(-|$)/;

/** A language's name and direction; one that the app has no words in is named by the browser. */
export function language(code) {
  const found = known.languages.find((each) => each.code === code);
  if (found) {
    return found;
  }
  const direction = RIGHT_TO_LEFT.test(code) ? "rtl" : "ltr";
  return { code, name: nameOf(code), direction };
}

function nameOf(code) {
  try {
    return new Intl.DisplayNames([code], { type: "language" }).of(code);
  } catch (unknown) {
    return code;
  }
}

/** Words of the app in a language, with values put in by name. */
export function word(code, key, values = {}) {
  const there = (known.words[code] || {})[key] || (known.words.en || {})[key];
  if (there === undefined) {
    throw new Error(`no words for ${key}`);
  }
  return there.replace(/%\((\w+)\)s/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

/** Whether there are words for a key, such as that of an error. */
export function hasWord(key) {
  return key in (known.words.en || {});
}

/** How soon something will be, in words of the language. */
export function ahead(code, milliseconds) {
  return apart(code, -Math.max(60_000, milliseconds));
}

/** How long ago something was, in words of the language. */
export function age(code, milliseconds) {
  return apart(code, Math.max(0, milliseconds));
}

function apart(code, milliseconds) {
  const format = new Intl.RelativeTimeFormat(locale(code), { numeric: "auto" });
  const minutes = Math.round(milliseconds / 60_000);
  if (Math.abs(minutes) < 60) {
    return format.format(-minutes, "minute");
  }
  const hours = Math.round(minutes / 60);
  return Math.abs(hours) < 48 ? format.format(-hours, "hour") : format.format(-Math.round(hours / 24), "day");
}

/**
 * Numbers and dates as they are written here: in the digits of the other numbers on the page, and
 * English not as in America.
 */
export const locale = (code) => `${code === "en" ? "en-GB" : code}-u-nu-latn`;

export function day(code, iso) {
  const date = new Date(`${iso}T12:00:00Z`);
  return new Intl.DateTimeFormat(locale(code), { dateStyle: "long", timeZone: "UTC" }).format(date);
}
