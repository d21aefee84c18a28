import { device, storage } from "../core/index.js";
import { h } from "./dom.js";
import { attempt, button, field, form, heading, notice, select, wrong } from "./parts.js";
import { languages } from "./words.js";

const TO_SIGN_OUT = "to_sign_out";

/** Add this tablet, with a network: who is signed in says which organisation it belongs to. */
export async function enrolment(app, problem = null) {
  const again = () => app.to.enrolment();
  const opening = [languageMenu(app, again), heading(app.word("enrol.title"))];
  let me;
  try {
    me = await app.api.me();
  } catch (error) {
    app.screen(
      opening,
      wrong(app.sentence(error)),
      button(app.word("enrol.again"), again, { kind: "main" }),
    );
    return;
  }
  if (!me.signed_in) {
    const next = encodeURIComponent("/tablet/");
    app.screen(
      opening,
      h("p", {}, app.word("enrol.sign_in_why")),
      h(
        "a",
        {
          class: "tablet-button tablet-button--main",
          href: `/${app.helper}/staff/account/login?next=${next}`,
        },
        app.word("enrol.sign_in"),
      ),
    );
    return;
  }
  if (!me.organisations.length) {
    app.screen(
      opening,
      notice(app.word("enrol.no_organisation", { name: me.name })),
      button(app.word("enrol.again"), again, { kind: "main" }),
    );
    return;
  }
  const name = field(app.word("enrol.name"), {
    id: "name",
    hint: app.word("enrol.name_hint"),
    maxlength: "80",
  });
  const organisation = select(
    app.word("enrol.organisation"),
    "organisation",
    me.organisations.map((each) => h("option", { value: each.id }, each.name)),
  );
  const add = async () => {
    try {
      await device.enrol(app.store, app.api, {
        name: name.querySelector("input").value.trim(),
        organisation: organisation.querySelector("select").value,
        csrf: me.csrf,
      });
    } catch (error) {
      await app.to.enrolment(error);
      return;
    }
    await app.store.setSetting(TO_SIGN_OUT, true);
    await signOutHere(app);
    await app.to.keeping();
  };
  app.screen(
    opening,
    problem && wrong(app.sentence(problem)),
    h("p", {}, app.word("enrol.what")),
    h("p", {}, app.word("enrol.then")),
    form(
      add,
      name,
      organisation,
      h(
        "button",
        { type: "submit", class: "tablet-button tablet-button--main" },
        app.word("enrol.enrol"),
      ),
    ),
  );
}

/**
 * Who signed in to add the tablet is signed out, so that nobody to whom it is handed gets at the
 * council's pages. Where the network goes just then, it is done the next time.
 */
export async function signOutHere(app) {
  if (!(await app.store.setting(TO_SIGN_OUT))) {
    return;
  }
  try {
    const { signed_in: isIn, csrf } = await app.api.me();
    if (isIn) {
      await app.api.signOut(csrf);
    }
    await app.store.remove("settings", TO_SIGN_OUT);
  } catch (error) {
    // The next start tries again.
  }
}

export function languageMenu(app, again) {
  const options = languages().map((each) =>
    h("option", { value: each.code, lang: each.code, selected: each.code === app.helper }, each.name),
  );
  return h(
    "div",
    { class: "tablet-field tablet-field--language" },
    h("label", { for: "helper-language" }, app.word("helper.language")),
    h(
      "select",
      {
        id: "helper-language",
        class: "tablet-input",
        onchange: (event) =>
          attempt(async () => {
            await app.speak(event.target.value);
            await again();
          }),
      },
      options,
    ),
  );
}

/** What the browser promises about keeping things. */
export async function keeping(app) {
  await app.askToKeep();
  if (app.promised === "granted") {
    await app.open();
    return;
  }
  const isPrivate = await storage.isPrivate();
  app.screen(
    heading(app.word("storage.title")),
    notice(app.word(isPrivate ? "storage.private" : "storage.not_promised")),
    button(app.word("storage.go_on"), () => app.open(), { kind: "main" }),
  );
}
