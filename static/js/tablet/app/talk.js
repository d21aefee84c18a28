import { uuid } from "../core/index.js";
import { isBlank, length, wholeNumber } from "./checks.js";
import { announce, h, show } from "./dom.js";
import { owesLine } from "./owed.js";
import { button, field, form, heading, select } from "./parts.js";
import { hush } from "./speech.js";
import { textOf } from "./texts.js";
import { language } from "./words.js";

const LONGEST = 20_000;
const MOST_PEOPLE = 500;
const SAVE_AFTER = 800;

/** Most tables speak as the helper does, or as the session was planned for. */
function spokenAt(app, pack) {
  return pack.languages.includes(app.helper) ? app.helper : pack.source_language;
}

/** What a table said together, from the first word to the sealed note. */
export class Talk {
  constructor(app, draft = null, pack = app.pack) {
    this.app = app;
    this.pack = pack;
    this.timer = null;
    this.saving = Promise.resolve();
    this.closed = false;
    this.draft = draft || {
      id: uuid(),
      client_id: uuid(),
      kind: "talk",
      session: app.session.id,
      pack: pack.digest,
      language: spokenAt(app, pack),
      nickname: "",
      typed: { table: "", people: "", said: "", question: "", language: spokenAt(app, pack) },
    };
  }

  get code() {
    return this.app.helper;
  }

  /** Keep what is written, locked as what a person has begun; returns whether it could be. */
  async keep() {
    clearTimeout(this.timer);
    const { table, people, said } = this.draft.typed;
    if (this.closed || [table, people, said].every(isBlank)) {
      return true;
    }
    const saved = this.saving.catch(() => {}).then(() => this.closed || this.app.save(this.draft));
    this.saving = saved;
    try {
      await saved;
      return true;
    } catch (error) {
      this.app.explain(error);
      return false;
    }
  }

  note(typed) {
    this.draft = { ...this.draft, typed, nickname: typed.table, language: typed.language };
    clearTimeout(this.timer);
    if (!this.closed) {
      this.timer = setTimeout(() => this.keep(), SAVE_AFTER);
    }
  }

  show(problem = null) {
    const { app, draft } = this;
    const { typed } = draft;
    const error = (name, values) => (problem === name ? app.word(name, values) : null);
    const table = field(app.word("talk.table"), { id: "table", value: typed.table, maxlength: "80" });
    const people = field(app.word("talk.people"), {
      id: "people",
      value: typed.people,
      inputmode: "numeric",
      error: error("talk.people_wrong"),
    });
    const about = select(app.word("talk.about"), "about", this.subjects());
    const spoken = select(
      app.word("talk.language"),
      "spoken",
      this.pack.languages.map((code) =>
        h("option", { value: code, lang: code, selected: typed.language === code }, language(code).name),
      ),
    );
    const words = field(app.word("talk.said"), {
      id: "talk-said",
      long: true,
      value: typed.said,
      hint: app.word("talk.said_hint"),
      error: error("talk.said_wrong") || error("talk.said_long", { limit: LONGEST }),
    });
    const read = () => ({
      table: table.querySelector("input").value.trim(),
      people: people.querySelector("input").value.trim(),
      said: words.querySelector("textarea").value,
      question: about.querySelector("select").value,
      language: spoken.querySelector("select").value,
    });
    const whole = form(
      async () => {
        this.note(read());
        await this.take();
      },
      table,
      people,
      about,
      spoken,
      words,
      h(
        "button",
        { type: "submit", class: "tablet-button tablet-button--main" },
        app.word("talk.keep"),
      ),
    );
    whole.addEventListener("input", () => this.note(read()));
    hush();
    show(
      language(app.helper),
      heading(app.word("talk.title")),
      h("p", {}, app.word("talk.what")),
      h("p", { class: "tablet-hint" }, app.word("talk.draft")),
      whole,
      button(app.word("question.back"), () => this.back(read()), { kind: "quiet" }),
    );
    owesLine(app);
    const wrong = document.querySelector(".tablet-field--wrong input, .tablet-field--wrong textarea");
    if (wrong) {
      wrong.focus();
    }
  }

  subjects() {
    const { app, pack } = this;
    const questions = pack.questions.filter((question) => question.part === "draft");
    return [
      h("option", { value: "" }, app.word("talk.everything")),
      ...questions.map((question) => {
        const text = textOf(pack, app.helper, `questions.${question.key}.label`);
        const selected = this.draft.typed.question === question.key;
        return h(
          "option",
          { value: question.key, selected, lang: text.language, dir: text.direction },
          text.words,
        );
      }),
    ];
  }

  /** Back to the session: what is written waits there. */
  async back(typed) {
    this.note(typed);
    if (await this.keep()) {
      this.close();
      await this.app.to.home();
    }
  }

  close() {
    this.closed = true;
    clearTimeout(this.timer);
  }

  problem() {
    const { people, said } = this.draft.typed;
    const count = wholeNumber(people);
    if (count === null || count < 1 || count > MOST_PEOPLE) {
      return "talk.people_wrong";
    }
    if (isBlank(said)) {
      return "talk.said_wrong";
    }
    return length(said) > LONGEST ? "talk.said_long" : null;
  }

  async take() {
    const problem = this.problem();
    if (problem) {
      this.show(problem);
      return;
    }
    const { app, draft } = this;
    const { table, people, said, question, language: spoken } = draft.typed;
    this.close();
    await this.saving.catch(() => {}); // what is being kept must not come back after it was sealed
    try {
      await app.finish(
        {
          v: 1,
          kind: "talk",
          client_id: draft.client_id,
          session: draft.session,
          pack: draft.pack,
          table,
          question: question || null,
          language: spoken,
          people: wholeNumber(people),
          said,
          written_at: Date.now(),
        },
        draft.id,
      );
    } catch (error) {
      this.closed = false;
      throw error;
    }
    await app.to.home();
    announce(app.word("talk.kept"));
  }
}
