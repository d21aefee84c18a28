// The way through the questions: the same as on the web page (consult/services/journey.py).

/** The keys chosen in the fields of a question. */
export function chosen(question, typed) {
  if (!typed) {
    return new Set();
  }
  const keys = new Set(
    question.kind === "ranking"
      ? Object.keys(typed)
          .filter((name) => name.startsWith("rank-") && (typed[name][0] || "").trim())
          .map((name) => name.slice("rank-".length))
      : (typed.answer || []).filter(Boolean),
  );
  question.choices.forEach((choice) => {
    if (choice.other && ((typed[`other-${choice.key}`] || [])[0] || "").trim()) {
      keys.add(choice.key);
    }
  });
  const isOne = question.kind !== "several_choices" && question.kind !== "ranking";
  return isOne ? new Set([...keys].slice(0, 1)) : keys;
}

function isMet(condition, answers, byKey) {
  const question = byKey.get(condition.question);
  const keys = chosen(question, answers[condition.question]);
  return condition.any_of.length
    ? condition.any_of.some((key) => keys.has(key))
    : !condition.none_of.some((key) => keys.has(key));
}

/** The questions that are asked, given what is typed; one that is not asked counts as empty. */
export function visible(pack, typed) {
  const byKey = new Map(pack.questions.map((question) => [question.key, question]));
  const shown = [];
  const counted = {};
  pack.questions.forEach((question) => {
    if (question.show_if.every((condition) => isMet(condition, counted, byKey))) {
      shown.push(question);
      counted[question.key] = typed[question.key];
    }
  });
  return shown;
}

/** Whether something was entered. */
export function isAnswered(typed) {
  return Boolean(typed) && Object.values(typed).some((each) => each.some((text) => text.trim()));
}

/** The place of a question among those of its part that are asked. */
export function place(question, questions) {
  const monitoring = question.part === "monitoring";
  const alike = questions.filter((each) => (each.part === "monitoring") === monitoring);
  return { number: alike.indexOf(question) + 1, total: alike.length, monitoring };
}
