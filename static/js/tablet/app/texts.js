import { language } from "./words.js";

/** A text of the consultation: in the language asked for, else as it was written first. */
export function textOf(pack, code, path) {
  const there = (pack.texts[code] || {})[path];
  const from = there === undefined ? pack.source_language : code;
  const words = there === undefined ? (pack.texts[from] || {})[path] : there;
  if (words === undefined) {
    return null;
  }
  return { words, language: from, direction: language(from).direction };
}

/** The words of an answer that can be chosen; `fixed` names those that are the app's own. */
export function labelOf(pack, code, question, key) {
  const own = textOf(pack, code, `questions.${question.key}.options.${key}.label`);
  if (own) {
    return { text: own };
  }
  const area = pack.areas.find((each) => each.code === key);
  if (area) {
    const from = pack.source_language;
    return { text: { words: area.name, language: from, direction: language(from).direction } };
  }
  return { fixed: `answer.${key}` };
}
