import { chosen } from "./journey.js";

// The same checks as on the server (consult/services/answering.py), so that nobody hears of a
// mistake after they have gone. The server looks again.

const OTHER_LIMIT = 200;
const LARGEST = 10 ** 12;

export const length = (text) => [...text].length;
export const isBlank = (text) => !text.replace(/[\s\p{Cc}\p{Cf}]/gu, "");
const entry = (typed, name) => (typed[name] || [])[0] || "";

function plainDigits(text) {
  return text.replace(/\p{Nd}/gu, (digit) => {
    let zero = digit.codePointAt(0);
    while (/\p{Nd}/u.test(String.fromCodePoint(zero - 1)) && digit.codePointAt(0) - zero < 9) {
      zero -= 1;
    }
    return String(digit.codePointAt(0) - zero);
  });
}

const GROUP_MARK = "[\\u066c\\u060c\\u00a0\\u202f'\\u2019 ,]";
const WHOLE_NUMBER = new RegExp(
  `^([-+]?) ?(\\d+|\\d{1,3}(?:${GROUP_MARK}\\d{2,3})*${GROUP_MARK}\\d{3})(?:[.,]0{0,2})?$`,
);

/** A whole number in the digits of any script; "1,200" is one, "7,5" and "1.000" are none. */
export function wholeNumber(text) {
  const plain = plainDigits(text)
    .replace(/\p{Cf}/gu, "")
    .trim()
    .replace(/\u066b/g, ".")
    .replace(/\u2212/g, "-");
  const found = WHOLE_NUMBER.exec(plain);
  return found && Number(found[1] + found[2].replace(/\D/g, ""));
}

function text(question, typed) {
  const words = entry(typed, "answer");
  const over = length(words) - question.length_limit;
  return !isBlank(words) && over > 0
    ? { field: "answer", word: "check.too_long", values: { limit: question.length_limit, over } }
    : null;
}

function number(question, typed) {
  const words = entry(typed, "answer");
  if (isBlank(words)) {
    return null;
  }
  const value = wholeNumber(words);
  if (value === null) {
    return { field: "answer", word: "check.not_a_number", values: {} };
  }
  const smallest = question.minimum === null ? -LARGEST : question.minimum;
  const largest = question.maximum === null ? LARGEST : question.maximum;
  if (value < smallest) {
    return { field: "answer", word: "check.too_small", values: { limit: smallest } };
  }
  return value > largest
    ? { field: "answer", word: "check.too_large", values: { limit: largest } }
    : null;
}

function otherWords(question, typed) {
  const long = question.choices.find(
    (choice) => choice.other && length(entry(typed, `other-${choice.key}`)) > OTHER_LIMIT,
  );
  if (!long) {
    return null;
  }
  const over = length(entry(typed, `other-${long.key}`)) - OTHER_LIMIT;
  return {
    field: `other-${long.key}`,
    word: "check.too_long",
    values: { limit: OTHER_LIMIT, over },
  };
}

function several(question, typed) {
  const keys = chosen(question, typed);
  const alone = question.choices.filter(
    (choice) => choice.exclusive || choice.key === "prefer_not_to_say",
  );
  if (keys.size > 1 && alone.some((choice) => keys.has(choice.key))) {
    return { field: "answer", word: "check.exclusive", values: {} };
  }
  if (question.choose_at_most !== null && keys.size > question.choose_at_most) {
    return { field: "answer", word: "check.too_many", values: { count: question.choose_at_most } };
  }
  return otherWords(question, typed);
}

/** Places are given from the first on: one that is left out may be a slip of the finger. */
function ranking(question, typed) {
  const places = question.choices
    .map((choice) => entry(typed, `rank-${choice.key}`))
    .filter(Boolean)
    .map(Number)
    .sort((one, other) => one - other);
  const skipped = places.findIndex((place, n) => place !== n + 1);
  return skipped < 0
    ? null
    : { field: "answer", word: "check.place_skipped", values: { place: skipped + 1 } };
}

const KINDS = { ranking, short_text: text, long_text: text, number, several_choices: several };

/** What has to be put right in the fields of a question: `{field, word, values}`, or null. */
export function problemOf(question, typed) {
  const found = (KINDS[question.kind] || otherWords)(question, typed);
  if (found) {
    return found;
  }
  const empty = question.kind in { short_text: 1, long_text: 1, number: 1 }
    ? isBlank(entry(typed, "answer"))
    : chosen(question, typed).size === 0;
  return question.required && empty ? { field: "answer", word: "check.required", values: {} } : null;
}
