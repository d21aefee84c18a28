import { clock, formatCode, newCode, uuid } from "../core/index.js";
import { problemOf } from "./checks.js";
import { h, holdOnTo, paragraphs, said, show } from "./dom.js";
import { isAnswered, place, visible } from "./journey.js";
import { owesLine } from "./owed.js";
import { button, choice, field, form, heading, notice, wrong } from "./parts.js";
import { picture } from "./pictures.js";
import { Fields } from "./question.js";
import { hush, readAloud } from "./speech.js";
import { labelOf, textOf } from "./texts.js";
import { language, word } from "./words.js";

const SAVE_AFTER = 800;

/** One person's way through the questions, from their language to their receipt code. */
export class Flow {
  /**
   * `app` keeps and seals what people say, and shows what is not theirs; `draft` is new or one
   * that was paused.
   */
  constructor(app, draft, pack = app.pack) {
    this.app = app;
    this.pack = pack;
    this.draft = draft;
    this.timer = null;
    this.saving = Promise.resolve();
    this.sealing = false;
    this.closed = false;
  }

  static begin(app) {
    return new Flow(app, {
      id: uuid(),
      client_id: uuid(),
      session: app.session.id,
      pack: app.pack.digest,
      nickname: "",
      language: app.helper,
      mode: null,
      interpreted: app.session.interpreter,
      consented_at: null,
      started_at: Date.now(),
      step: "language",
      typed: {},
      languages: {},
      times: {},
      read: {},
    });
  }

  get code() {
    return this.draft.language;
  }

  word(key, values) {
    return word(this.code, key, values);
  }

  text(path) {
    return textOf(this.pack, this.code, path);
  }

  screen(...content) {
    hush();
    show(language(this.code), this.bar(), ...content);
    owesLine(this.app, { hide: true });
  }

  /** What is always there: the way to stop for now, which in a hand-over leads to the helper. */
  bar() {
    return h(
      "div",
      { class: "tablet-bar" },
      this.draft.mode === "helped" && h("bdi", {}, this.draft.nickname),
      this.draft.mode === "helped" && this.forTheHelper(),
      this.draft.consented_at !== null &&
        button(this.word("person.pause"), () => this.pause(), { kind: "quiet" }),
    );
  }

  /** What to do about harm is a step away also here, where it is most likely to be told. */
  forTheHelper() {
    const { app } = this;
    const open = async () => {
      if (await this.keep()) {
        app.to.harm(() => app.hold(this));
      }
    };
    const { code, direction } = language(app.helper);
    return button(app.word("bar.helper"), open, { kind: "quiet", lang: code, dir: direction });
  }

  /** Keep it, then go on; where it cannot be kept, say so and stay. */
  async go(step) {
    this.draft.step = step;
    if (await this.keep()) {
      this.show();
    }
  }

  async keep() {
    clearTimeout(this.timer);
    if (this.draft.consented_at === null || this.sealing || this.closed) {
      return true; // nothing is kept of somebody who has not said yes, or has finished
    }
    // One after another: an older state must not come to lie over a newer one.
    const saved = this.saving.catch(() => {}).then(() => this.sealing || this.app.save(this.draft));
    this.saving = saved;
    try {
      await saved;
      return true;
    } catch (error) {
      this.app.explain(error, this.code);
      return false;
    }
  }

  async pause() {
    if (!this.closed && (await this.keep())) {
      this.closed = true;
      clearTimeout(this.timer);
      await this.app.leave(this.draft.mode, this.code);
    }
  }

  show() {
    const { step } = this.draft;
    if (step === "language") {
      this.chooseLanguage();
    } else if (step === "consent") {
      this.consent();
    } else if (step === "mode") {
      this.chooseMode();
    } else if (step === "monitoring") {
      this.monitoring();
    } else if (step === "check") {
      this.check();
    } else if (step.startsWith("section:")) {
      this.section(step.slice("section:".length));
    } else {
      this.question(step.slice("question:".length));
    }
  }

  chooseLanguage() {
    const { session } = this.app;
    const first = session.languages;
    const others = this.pack.languages.filter((code) => !first.includes(code));
    const one = (code) => {
      const known = language(code);
      return button(
        h("span", { lang: code, dir: known.direction }, known.name),
        () => {
          this.draft.language = code;
          return this.go("consent");
        },
        { kind: "choice" },
      );
    };
    this.screen(
      heading(this.word("person.language")),
      h("div", { class: "tablet-buttons" }, [...first, ...others].map(one)),
      button(this.word("person.not_now"), () => this.app.to.declined(this.code), { kind: "quiet" }),
    );
  }

  consent() {
    const title = this.text("title");
    const consent = this.text("consent");
    const introduction = this.text("introduction");
    const { minimum_age: age } = this.pack.consultation;
    const seen = this.text("privacy.who_sees");
    const all = [introduction, seen, consent].map((each) => each.words).join("\n\n");
    this.screen(
      this.pack.consultation.illustration && notice(this.word("person.illustration")),
      heading(said(title, this.code)),
      readAloud(this.pack, consent.language, "consent", all, this.word("aloud.read")),
      paragraphs(introduction, this.code),
      h("h2", {}, this.word("person.who_sees")),
      paragraphs(seen, this.code),
      this.contact(),
      h("h2", {}, this.word("person.consent")),
      paragraphs(consent, this.code),
      age > 0 && h("p", {}, this.word("person.age", { age })),
      h("p", {}, this.word("person.kept")),
      button(this.word("person.yes"), () => this.agree(), { kind: "main" }),
      button(this.word("person.no"), () => this.app.to.declined(this.code), { kind: "quiet" }),
      button(this.word("question.back"), () => this.go("language"), { kind: "quiet" }),
    );
  }

  /** Whom to ask, as the consultation says it. */
  contact() {
    const { phone, email } = this.pack.consultation.contact;
    const asked = this.text("asked_by");
    return h(
      "p",
      {},
      said(asked, this.code),
      [phone, email].filter(Boolean).map((way) => [" · ", h("bdi", { dir: "ltr" }, way)]),
    );
  }

  agree() {
    this.draft.consented_at = Date.now();
    return this.go("mode");
  }

  chooseMode() {
    const nickname = field(this.word("person.nickname"), {
      id: "nickname",
      hint: this.word("person.nickname_hint"),
      value: this.draft.nickname,
      maxlength: "30",
      oninput: (event) => {
        this.draft.nickname = event.target.value.trim();
      },
    });
    const interpreter = choice(
      "checkbox",
      {
        id: "interpreted",
        checked: this.draft.interpreted,
        onchange: (event) => {
          this.draft.interpreted = event.target.checked;
        },
      },
      this.word("person.interpreter"),
    );
    const take = async (mode) => {
      this.draft.nickname = nickname.querySelector("input").value.trim();
      this.draft.interpreted = interpreter.querySelector("input").checked;
      this.draft.mode = mode;
      await this.app.handOver(mode === "self" ? this.draft : null);
      await this.go(this.firstStep());
    };
    this.screen(
      heading(this.word("person.how")),
      nickname,
      interpreter,
      button(this.word("person.helped"), () => take("helped"), { kind: "main" }),
      button(this.word("person.self"), () => take("self"), { kind: "main" }),
      h("p", { class: "tablet-hint" }, this.word("person.self_hint")),
    );
  }

  asked() {
    return visible(this.pack, this.draft.typed);
  }

  firstStep() {
    return this.stepOf(this.asked()[0]);
  }

  /** A question comes after what its part of the draft says, once. */
  stepOf(question) {
    if (!question) {
      return "check";
    }
    if (question.part === "monitoring" && !this.draft.read.monitoring) {
      return "monitoring";
    }
    if (question.section && !this.draft.read[question.section]) {
      return `section:${question.section}`;
    }
    return `question:${question.key}`;
  }

  after(key) {
    const asked = this.asked();
    const here = asked.findIndex((question) => question.key === key);
    return this.stepOf(asked[here + 1]);
  }

  before(key) {
    const asked = this.asked();
    const here = asked.findIndex((question) => question.key === key);
    return here > 0 ? `question:${asked[here - 1].key}` : null;
  }

  section(key) {
    const easy = this.text(`sections.${key}.easy_read`);
    const summary = this.text(`sections.${key}.summary`);
    const title = this.text(`sections.${key}.title`);
    const lines = easy.words.split("\n").filter((line) => line.trim());
    this.screen(
      heading(said(title, this.code)),
      readAloud(this.pack, easy.language, `section:${key}`, easy.words, this.word("aloud.read")),
      h(
        "div",
        { class: "tablet-easy" },
        picture(this.pack, key),
        h(
          "ul",
          {},
          lines.map((line) => said({ ...easy, words: line.trim() }, this.code, "li")),
        ),
      ),
      h(
        "details",
        {},
        h("summary", {}, this.word("section.more")),
        paragraphs(summary, this.code),
      ),
      button(
        this.word("question.next"),
        () => {
          this.draft.read[key] = true;
          const first = this.asked().find((question) => question.section === key);
          return this.go(`question:${first.key}`);
        },
        { kind: "main" },
      ),
    );
  }

  monitoring() {
    const intro = this.text("monitoring_introduction");
    this.screen(
      heading(this.word("monitoring.title")),
      readAloud(this.pack, intro.language, "monitoring", intro.words, this.word("aloud.read")),
      paragraphs(intro, this.code),
      button(
        this.word("monitoring.go_on"),
        () => {
          this.draft.read.monitoring = true;
          return this.go(this.stepOf(this.asked().find((question) => question.part === "monitoring")));
        },
        { kind: "main" },
      ),
      button(this.word("monitoring.skip"), () => this.go("check"), { kind: "quiet" }),
    );
  }

  question(key, problem = null) {
    const asked = this.asked();
    const question = asked.find((each) => each.key === key);
    if (!question) {
      this.draft.step = this.firstStep(); // it is not asked any more, after a change before it
      this.show();
      return;
    }
    const at = place(question, asked);
    const label = this.text(`questions.${key}.label`);
    const fields = new Fields({
      pack: this.pack,
      code: this.code,
      question,
      typed: this.draft.typed[key],
      problem,
      word: (name, values) => this.word(name, values),
      tell: (typed) => this.note(key, typed),
    });
    const values = { number: at.number, total: at.total };
    const back = this.before(key);
    this.screen(
      h("p", { class: "tablet-progress" }, this.word(at.monitoring ? "question.about_you" : "question.place", values)),
      readAloud(this.pack, label.language, `question:${key}`, this.spoken(question), this.word("aloud.read")),
      form(
        () => this.take(question, fields.read()),
        fields.element,
        h(
          "div",
          { class: "tablet-actions" },
          h("button", { type: "submit", class: "tablet-button tablet-button--main" }, this.word("question.next")),
          !question.required && button(this.word("question.skip"), () => this.skip(question), { kind: "quiet" }),
          back && button(this.word("question.back"), () => this.go(back), { kind: "quiet" }),
        ),
      ),
    );
    if (problem) {
      const first = document.querySelector(".tablet-field--wrong input, .tablet-field--wrong textarea, .tablet-field--wrong select");
      if (first) {
        first.focus();
      }
    }
  }

  /** A question as a voice reads it: with its answers, unless there are very many. */
  spoken(question) {
    const choices = question.kind === "ward" ? [] : question.choices;
    const answers = choices.map((each) => {
      const label = labelOf(this.pack, this.code, question, each.key);
      return label.text ? label.text.words : this.word(label.fixed);
    });
    const help = this.text(`questions.${question.key}.help`);
    const label = this.text(`questions.${question.key}.label`);
    return [label.words, help && help.words, ...answers].filter(Boolean).join(".\n");
  }

  /** What is typed is kept soon after, in case the tablet is switched off. */
  note(key, typed) {
    this.draft.typed[key] = typed;
    this.draft.languages[key] = this.code;
    this.draft.times[key] = Date.now();
    clearTimeout(this.timer);
    if (!this.closed) {
      this.timer = setTimeout(() => this.keep(), SAVE_AFTER);
    }
  }

  take(question, typed) {
    this.note(question.key, typed);
    const problem = problemOf(question, typed);
    if (problem) {
      this.question(question.key, problem);
      return undefined;
    }
    return this.go(this.draft.from_check ? "check" : this.after(question.key));
  }

  skip(question) {
    delete this.draft.typed[question.key];
    return this.go(this.draft.from_check ? "check" : this.after(question.key));
  }

  shown(question) {
    const typed = this.draft.typed[question.key];
    if (!isAnswered(typed)) {
      return [h("span", { class: "tablet-hint" }, this.word("check.no_answer"))];
    }
    if (["short_text", "long_text", "number"].includes(question.kind)) {
      return [h("span", { dir: "auto", class: "tablet-words" }, typed.answer[0])];
    }
    const words = (key) => {
      const label = labelOf(this.pack, this.code, question, key);
      return label.text ? said(label.text, this.code) : this.word(label.fixed);
    };
    if (question.kind === "ranking") {
      return Object.keys(typed)
        .filter((name) => name.startsWith("rank-"))
        .sort((one, other) => Number(typed[one][0]) - Number(typed[other][0]))
        .map((name) => h("div", {}, `${typed[name][0]}. `, words(name.slice("rank-".length))));
    }
    const others = Object.keys(typed).filter((name) => name.startsWith("other-"));
    return [
      ...(typed.answer || []).map((key) => h("div", {}, words(key))),
      ...others.map((name) => h("div", { dir: "auto" }, typed[name][0])),
    ];
  }

  check(problem = null) {
    this.draft.from_check = false;
    const rows = this.asked().map((question) =>
      h(
        "div",
        { class: "tablet-row" },
        h("dt", {}, said(this.text(`questions.${question.key}.label`), this.code)),
        h("dd", {}, this.shown(question)),
        h(
          "dd",
          {},
          button(
            [
              this.word("check.change"),
              " ",
              said(this.text(`questions.${question.key}.label`), this.code, "span", {
                class: "tablet-hidden",
              }),
            ],
            () => {
              this.draft.from_check = true;
              return this.go(`question:${question.key}`);
            },
            { kind: "quiet" },
          ),
        ),
      ),
    );
    this.screen(
      heading(this.word("check.title")),
      problem && wrong(this.word(problem)),
      problem &&
        button(this.word("check.stop"), () => this.stop(), { kind: "quiet" }),
      h("p", {}, this.word("check.hint")),
      h("dl", { class: "tablet-check" }, rows),
      button(this.word("check.finish"), () => this.finish(), { kind: "main" }),
    );
  }

  async finish() {
    const asked = this.asked();
    const missing = asked.find((question) => problemOf(question, this.draft.typed[question.key] || {}));
    if (missing) {
      this.draft.from_check = true;
      this.question(missing.key, problemOf(missing, this.draft.typed[missing.key] || {}));
      return;
    }
    if (!asked.some((question) => isAnswered(this.draft.typed[question.key]))) {
      this.check("check.nothing");
      return;
    }
    if (this.sealing) {
      return; // pressed twice
    }
    if (await this.isTooLate()) {
      this.check("check.closed");
      return;
    }
    if (this.sealing) {
      return;
    }
    clearTimeout(this.timer);
    this.sealing = true;
    await this.saving.catch(() => {}); // what is being kept must not come back after it was sealed
    this.draft.receipt = this.draft.receipt || newCode();
    const { draft } = this;
    const answers = {};
    asked.forEach((question) => {
      const typed = draft.typed[question.key];
      if (isAnswered(typed)) {
        answers[question.key] = {
          typed,
          language: draft.languages[question.key],
          at: draft.times[question.key],
        };
      }
    });
    const payload = {
      v: 1,
      kind: "response",
      client_id: draft.client_id,
      session: draft.session,
      pack: this.pack.digest,
      language: draft.language,
      mode: draft.mode,
      interpreted: draft.interpreted,
      consented_at: draft.consented_at,
      started_at: draft.started_at,
      finished_at: Date.now(),
      code: draft.receipt,
      answers,
    };
    try {
      await this.app.finish(payload, draft.id);
    } catch (error) {
      this.sealing = false;
      this.app.explain(error, this.code);
      return;
    }
    this.done(draft.receipt);
  }

  /** Whether what is finished now comes too late, by a clock that is known to be right. */
  async isTooLate() {
    const offset = await clock.offset(this.app.store);
    return offset !== null && Date.now() + offset >= this.pack.consultation.finish_by;
  }

  /** Somebody went through the questions and would rather say nothing: nothing is kept. */
  async stop() {
    this.closed = true;
    clearTimeout(this.timer);
    await this.saving.catch(() => {});
    await this.app.forget(this.draft);
    this.app.to.declined(this.code);
  }

  /** The code is all that is left of it here. */
  done(receipt) {
    const { code } = this;
    const { mode } = this.draft;
    const addresses = this.pack.consultation.receipt_url;
    const address = addresses[code] || Object.values(addresses)[0];
    this.draft = { language: code, consented_at: null };
    this.screen(
      heading(this.word("done.title")),
      h("p", {}, this.word("done.code")),
      h("p", { class: "tablet-code", dir: "ltr" }, formatCode(receipt)),
      h("p", {}, this.word("done.address")),
      h("p", { class: "tablet-address", dir: "ltr" }, address),
      notice(this.word("done.write_down")),
      h("p", {}, this.word("done.when")),
      paragraphs(this.text("what_happens_next"), this.code),
      button(this.word("done.clear"), () => this.app.leave(mode, code), { kind: "main" }),
    );
    holdOnTo(); // the code is nowhere else
  }
}

