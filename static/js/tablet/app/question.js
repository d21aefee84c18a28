import { announce, h, said } from "./dom.js";
import { chosen } from "./journey.js";
import { choice, field } from "./parts.js";
import { labelOf, textOf } from "./texts.js";

const FILTER_FROM = 15;

/**
 * The fields of a question, as on the web page. `tell(fields)` is called with all of them at each
 * change. Returns `{element, read}`.
 */
export class Fields {
  constructor({ pack, code, question, typed, problem, word, tell }) {
    Object.assign(this, { pack, code, question, problem, word, tell });
    this.typed = typed || {};
    this.element = this.build();
    this.element.addEventListener("input", () => this.tell(this.read()));
    this.element.addEventListener("change", () => this.tell(this.read()));
  }

  build() {
    switch (this.question.kind) {
      case "short_text":
      case "long_text":
        return this.text(this.question.kind === "long_text");
      case "number":
        return this.text(false, { inputmode: "numeric" });
      case "ranking":
        return this.ranking();
      case "ward":
        return this.wards();
      default:
        return this.choices();
    }
  }

  /** What stands in the fields now. */
  read() {
    const typed = {};
    this.element.querySelectorAll("[name]").forEach((input) => {
      const isChoice = input.type === "radio" || input.type === "checkbox";
      if (isChoice ? input.checked : input.value !== "") {
        typed[input.name] = [...(typed[input.name] || []), input.value];
      }
    });
    return typed;
  }

  label() {
    const text = textOf(this.pack, this.code, `questions.${this.question.key}.label`);
    return said(text, this.code);
  }

  hint() {
    const { question } = this;
    const own = textOf(this.pack, this.code, `questions.${question.key}.help`);
    if (own) {
      return said(own, this.code);
    }
    if (question.kind === "several_choices") {
      return question.choose_at_most === null
        ? this.word("question.all_that_apply")
        : this.word("question.up_to", { count: question.choose_at_most });
    }
    if (question.kind === "number") {
      const unit = textOf(this.pack, this.code, `questions.${question.key}.unit`);
      return question.minimum !== null && question.maximum !== null
        ? this.word("question.from_to", { smallest: question.minimum, largest: question.maximum })
        : unit && said(unit, this.code);
    }
    return question.kind === "ranking" ? this.word("question.order") : null;
  }

  error(name) {
    return this.problem && this.problem.field === name
      ? this.word(this.problem.word, this.problem.values)
      : null;
  }

  text(long, attributes = {}) {
    return field(this.label(), {
      titled: true,
      id: "answer",
      name: "answer",
      long,
      value: (this.typed.answer || [])[0] || "",
      hint: this.hint(),
      error: this.error("answer"),
      ...attributes,
    });
  }

  group(...content) {
    const hint = this.hint();
    const error = this.error("answer") || (this.problem && this.word(this.problem.word, this.problem.values));
    const described = [hint && "answer-hint", error && "answer-error"].filter(Boolean).join(" ");
    return h(
      "fieldset",
      {
        class: `tablet-group${error ? " tablet-field--wrong" : ""}`,
        "aria-describedby": described || null,
      },
      h("legend", {}, h("h1", { class: "tablet-question" }, this.label())),
      hint && h("p", { class: "tablet-hint", id: "answer-hint" }, hint),
      error && h("p", { class: "tablet-error", id: "answer-error" }, error),
      ...content,
    );
  }

  words(key) {
    const label = labelOf(this.pack, this.code, this.question, key);
    return label.text ? said(label.text, this.code) : this.word(label.fixed);
  }

  choices() {
    const several = this.question.kind === "several_choices";
    const keys = chosen(this.question, this.typed);
    const parts = this.question.choices.map((each, n) => [
      choice(
        several ? "checkbox" : "radio",
        {
          id: `answer-${n}`,
          name: "answer",
          value: each.key,
          checked: keys.has(each.key),
          onchange: several ? (event) => this.exclude(event.target, each) : null,
        },
        this.words(each.key),
        this.hintOf(each.key),
      ),
      each.other &&
        field(this.word("question.please_say"), {
          id: `other-${each.key}`,
          name: `other-${each.key}`,
          value: (this.typed[`other-${each.key}`] || [])[0] || "",
          error: this.error(`other-${each.key}`),
        }),
    ]);
    return this.group(parts);
  }

  /** What the consultation says beside one answer, if anything. */
  hintOf(key) {
    const path = `questions.${this.question.key}.options.${key}.hint`;
    const text = textOf(this.pack, this.code, path);
    return text && said(text, this.code, "span", { class: "tablet-hint tablet-hint--choice" });
  }

  /** "None of these" takes the others away, and they take it away. */
  exclude(input, pressed) {
    if (!input.checked) {
      return;
    }
    const isAlone = (each) => each.exclusive || each.key === "prefer_not_to_say";
    const byKey = new Map(this.question.choices.map((each) => [each.key, each]));
    this.element.querySelectorAll("input[type=checkbox]").forEach((other) => {
      if (other !== input && (isAlone(pressed) || isAlone(byKey.get(other.value)))) {
        other.checked = false;
      }
    });
  }

  ranking() {
    const { question } = this;
    const places = question.rank_at_most || question.choices.length;
    const rows = question.choices.map((each, n) => {
      const name = `rank-${each.key}`;
      const held = (this.typed[name] || [])[0] || "";
      return h(
        "div",
        { class: "tablet-rank" },
        h("label", { for: `rank-${n}` }, this.words(each.key)),
        h(
          "select",
          {
            id: `rank-${n}`,
            name,
            autocomplete: "off",
            onchange: (event) => this.moveAside(event.target),
          },
          h("option", { value: "" }, this.word("question.no_place")),
          Array.from({ length: places }, (_, place) =>
            h(
              "option",
              { value: String(place + 1), selected: held === String(place + 1) },
              String(place + 1),
            ),
          ),
        ),
      );
    });
    return this.group(rows);
  }

  /** A place is given once: who had it before has none. */
  moveAside(select) {
    this.element.querySelectorAll("select").forEach((other) => {
      if (other !== select && select.value && other.value === select.value) {
        other.value = "";
      }
    });
  }

  wards() {
    const held = chosen(this.question, this.typed);
    const keys = [
      ...this.pack.areas.map((area) => area.code),
      "outside_area",
      ...(this.question.part === "monitoring" ? ["prefer_not_to_say"] : []),
    ];
    const rows = keys.map((key, n) =>
      choice(
        "radio",
        { id: `answer-${n}`, name: "answer", value: key, checked: held.has(key) },
        this.words(key),
      ),
    );
    const filter =
      keys.length >= FILTER_FROM &&
      h(
        "div",
        { class: "tablet-field" },
        h("label", { for: "filter", class: "tablet-label" }, this.word("question.find")),
        h("input", {
          id: "filter",
          class: "tablet-input",
          type: "search",
          autocomplete: "off",
          spellcheck: "false",
          dir: "auto",
          onkeydown: (event) => {
            if (event.key === "Enter") {
              event.preventDefault(); // it looks for something, and answers nothing yet
            }
          },
          oninput: (event) => {
            event.stopPropagation();
            const wanted = event.target.value.trim().toLocaleLowerCase();
            rows.forEach((row, n) => {
              const isArea = n < this.pack.areas.length;
              row.hidden = isArea && !row.textContent.toLocaleLowerCase().includes(wanted);
            });
            const found = rows.filter((row) => !row.hidden).length;
            announce(this.word("question.found", { count: found }));
          },
        }),
      );
    return this.group(filter, h("div", { class: "tablet-list" }, rows));
  }
}
