"""The languages of a consultation, and its texts side by side in two of them."""

from dataclasses import dataclass
from typing import Any

from flask import abort, flash, redirect, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from consult.db import db, unit_of_work
from consult.forms import translating_words as words
from consult.languages import direction
from consult.services import access, translating, translating_saving, workspaces
from consult.services.translating import Line, Standing
from consult.services.translating_changes import Piece, changes
from consult.services.translating_saving import Held, Saved, Typed
from consult.views.staff.audience import for_staff
from consult.views.staff.current import actor, may, now, page, settings, workspace
from consult.views.staff.translating_pages import Leaf, Show, after, leaf, matching
from consult.views.staff.typed import line as typed_line

READERS_KEPT = "translations_read_by"
"""In the session: who reads a language, by its code; empty for the person at hand."""

PARTS = ("words", "contact", "privacy", "sections", "questions.who", "questions.draft",
         "questions.monitoring")  # fmt: skip

LONGEST_READER = 200


@dataclass(frozen=True, slots=True)
class Reader:
    """Who has read the texts that somebody approves."""

    on_word_of: str | None = None
    """Their name; nothing where the person at hand reads the language."""
    problem: tuple[str, str] | None = None
    """The field and the sentence, where the form does not say it."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One text as the page shows it."""

    number: int
    line: Line
    typed: str
    """What stands in the field."""
    where: str
    heading: str
    """The name of its part of the consultation, at the first text of it."""
    rows: int
    warnings: tuple[str, ...]
    changes: tuple[Piece, ...]
    """Of a stale one: what became of the source since."""
    error: str = ""
    theirs: str | None = None
    """What somebody else wrote meanwhile."""


# --- Languages -----------------------------------------------------------------------------


@for_staff("/consultations/<slug>/languages", roles=access.READERS)
def languages() -> ResponseReturnValue:
    """Which languages the consultation speaks, and how far each is."""
    return _languages_page(workspaces.part_of(workspace(), "languages"))


@for_staff("/consultations/<slug>/languages", roles=access.EDITORS, methods=("POST",))
def choose_languages() -> ResponseReturnValue:
    """Choose them; translations of a language that is left out are kept."""
    source = translating.source_language(workspace())
    ticked = request.form.getlist("languages")
    chosen = [source, *(code for code in _choosable() if code in ticked)]
    value = {**workspaces.part_of(workspace(), "languages"), "languages": chosen}
    value["source_language"] = source
    try:
        with unit_of_work(db.session):
            workspaces.save_part(
                db.session, workspace().slug, "languages", value,
                seen=request.form.get("seen", ""), actor=actor(), now=now(),
            )  # fmt: skip
    except workspaces.PartChanged as changed:
        sentence = gettext(
            "%(name)s changed the languages while you were at it. Yours are ticked below: look "
            "at both, and save once more.",
            name=changed.changed_by,
        )
        errors = [("languages", sentence)]
        return _languages_page(changed.current, ticked=chosen, errors=errors), 422
    flash(gettext("The languages are saved."))
    return redirect(page("languages"), 303)


def _languages_page(
    part: dict[str, Any],
    ticked: list[str] | None = None,
    errors: list[tuple[str, str]] | None = None,
) -> str:
    source = translating.source_language(workspace())
    return render_template(
        "staff/translating/languages.html",
        page_title=gettext("Languages and translations"),
        errors=errors or [],
        source_name=words.language_name(source),
        completeness=translating.completeness(db.session, workspace()).values(),
        choices=[
            {"value": code, "label": words.language_label(code), "hint": _language_hint(code)}
            for code in _choosable()
        ],
        ticked=ticked if ticked is not None else part.get("languages", []),
        theirs=[words.language_name(code) for code in part.get("languages", [])] if errors else [],
        seen=workspaces.digest(part),
        may_edit=may(*access.EDITORS),
        language_label=words.language_label,
    )


def _choosable() -> list[str]:
    """The other languages that the pages speak, and those that the consultation has already."""
    source = translating.source_language(workspace())
    known = [*settings().languages, *translating.target_languages(workspace())]
    return [code for code in dict.fromkeys(known) if code != source]


def _language_hint(code: str) -> str:
    if code in settings().languages:
        return ""
    return gettext("The pages around the texts do not speak this language here.")


# --- Side by side --------------------------------------------------------------------------


@for_staff("/consultations/<slug>/translations/<code>", roles=access.READERS)
def translations(code: str) -> ResponseReturnValue:
    """The texts and their translations in one language, a page at a time."""
    lines = translating.lines(db.session, workspace(), language_at_hand(code))
    return _side_by_side(code, lines, _leaf(lines))


@for_staff("/consultations/<slug>/translations/<code>", roles=access.EDITORS, methods=("POST",))
def save_translations(code: str) -> ResponseReturnValue:
    """Save all that was typed on the page, then do what the button says."""
    language = language_at_hand(code)
    act, _, number = request.form.get("do", "save").partition("-")
    typed = {n: one for n, one in _typed_texts().items() if (act, n) != ("keep", number)}
    reader = reader_of(language) if act in {"approve", "right"} else Reader()
    with unit_of_work(db.session):
        saved = translating_saving.save(
            db.session, workspace().slug, language, typed.values(), actor=actor(), now=now()
        )
        done, held = _act(language, act, number, typed, saved, reader)
    lines = translating.lines(db.session, workspace(), language)
    if held or reader.problem is not None:
        return _not_all_saved(code, lines, saved, held, reader), 422
    if done:
        flash(done)
    return redirect(_next_page(code, lines, act, number, typed), 303)


def _act(
    language: str,
    act: str,
    number: str,
    typed: dict[str, Typed],
    saved: Saved,
    reader: Reader,
) -> tuple[str, tuple[Held, ...]]:
    """Do what the pressed button says beside saving. The sentence about it, and what was held."""
    slug, held = workspace().slug, saved.held
    told = _saved_words(len(saved.seen)) if saved.seen else ""
    stuck = {one.path for one in held}
    seen = {one.path: one.seen for n, one in typed.items() if n == number or not number}
    seen = {path: saved.seen.get(path, was) for path, was in seen.items() if path not in stuck}
    if act == "unapprove":
        translating_saving.take_back(db.session, slug, language, seen, actor=actor(), now=now())
        return gettext("The approval is taken back."), held
    if act not in {"approve", "right"} or reader.problem is not None:
        return told, held
    still_right = act == "right" and not set(seen) & set(saved.seen)
    do = translating_saving.confirm if still_right else translating_saving.approve
    result = do(
        db.session, slug, language, seen,
        on_word_of=reader.on_word_of, actor=actor(), now=now(),
    )  # fmt: skip
    return _approved_words(len(result.seen)), (*held, *result.held)


def _typed_texts() -> dict[str, Typed]:
    """What stands in the fields of the page, by their numbers."""
    form = request.form
    numbers = [name.removeprefix("path-") for name in form if name.startswith("path-")]
    return {
        number: Typed(
            path=form[f"path-{number}"],
            text=form.get(f"text-{number}", ""),
            seen=form.get(f"seen-{number}", ""),
        )
        for number in numbers
    }


def reader_of(language: str) -> Reader:
    """Who has read the texts, as the form says; the session remembers it for the next page."""
    chosen, name = request.form.get("reader"), typed_line("reader_name", LONGEST_READER)
    if chosen == "other" and not name:
        return Reader(problem=("reader_name", gettext("Write the name of the person who read it")))
    if chosen not in {"me", "other"}:
        sentence = gettext(
            "Before you approve, say who has read these translations: you, or somebody else who "
            "reads the language"
        )
        return Reader(problem=("reader", sentence))
    kept = dict(session.get(READERS_KEPT) or {})
    kept[language] = name if chosen == "other" else ""
    session[READERS_KEPT] = kept
    return Reader(on_word_of=name if chosen == "other" else None)


def reader_fields(language: str) -> dict[str, Any]:
    """What the fields about the reader show: what was typed, else what the session remembers."""
    form = request.form
    if "reader" in form or "reader_name" in form:
        return {"chosen": form.get("reader"), "name": form.get("reader_name", "")}
    name = (session.get(READERS_KEPT) or {}).get(language)
    return {"chosen": None if name is None else "other" if name else "me", "name": name or ""}


def _saved_words(count: int) -> str:
    return ngettext("%(num)s translation is saved.", "%(num)s translations are saved.", count)


def _approved_words(count: int) -> str:
    if not count:
        return gettext("There was nothing to approve: what is missing or stale cannot be approved.")
    return ngettext(
        "%(num)s translation is approved in your name.",
        "%(num)s translations are approved in your name.",
        count,
    )


def _next_page(code: str, lines: list[Line], act: str, number: str, typed: dict[str, Typed]) -> str:
    """Where to go after saving: on to the next texts, or back to this page, at the next field."""
    paths = [one.path for one in typed.values()]
    here = {name: value for name, value in request.args.items() if name in {"show", "part"}}
    wanted = matching(lines, *_filter(), workspace().content)
    if act == "next":
        last = paths[-1] if paths else ""
        following = after(lines, wanted, last)
        if request.args.get("only"):
            return page("translations", code=code, only=following, **here)
        return page("translations", code=code, start=following, **here)
    for name in ("start", "only"):
        if request.args.get(name):
            here[name] = request.args[name]
    anchor = None
    if number:
        at = list(typed).index(number) if number in typed else -1
        shown = {line.path for line in wanted}
        rest = [path for path in paths[at + 1 :] if path in shown]
        anchor = f"text-{rest[0]}" if rest else "after"
    return page("translations", code=code, _anchor=anchor, **here)


def _filter() -> tuple[Show, str]:
    shown = request.args.get("show", "")
    part = request.args.get("part", "")
    return (Show(shown) if shown in set(Show) else Show.ALL), (part if part in PARTS else "")


def _leaf(lines: list[Line]) -> Leaf:
    """The page that the address asks for: one text alone, or those of a filter."""
    only = request.args.get("only", "")
    if only:
        found = next((line for line in lines if line.path == only), None)
        if found is None:
            abort(404)
        at = lines.index(found)
        return Leaf(
            lines=(found,),
            before=at,
            total=len(lines),
            previous=lines[at - 1].path if at else None,
            following=lines[at + 1].path if at + 1 < len(lines) else None,
        )
    wanted = matching(lines, *_filter(), workspace().content)
    return leaf(lines, wanted, request.args.get("start", ""))


def _not_all_saved(
    code: str, lines: list[Line], saved: Saved, held: tuple[Held, ...], reader: Reader
) -> str:
    """The same texts again, with what was not saved in its fields, and why."""
    by_path = {line.path: line for line in lines}
    there = [by_path[one.path] for one in _typed_texts().values() if one.path in by_path]
    errors = [(f"text-{one.path}" if one.now else None, words.held_sentence(one)) for one in held]
    if reader.problem is not None:
        errors.append(reader.problem)
    shown = Leaf(tuple(there), 0, len(there), None, None)
    return _side_by_side(
        code, lines, shown, held={one.path: one for one in held}, errors=errors,
        told=_saved_words(len(saved.seen)) if saved.seen else "",
    )  # fmt: skip


def _side_by_side(
    code: str,
    lines: list[Line],
    shown: Leaf,
    *,
    held: dict[str, Held] | None = None,
    errors: list[tuple[str | None, str]] | None = None,
    told: str = "",
) -> str:
    held = held or {}
    show, part = _filter()
    source = translating.source_language(workspace())
    return render_template(
        "staff/translating/side_by_side.html",
        # Translators: %(language)s is a language, such as: Urdu (اردو)
        page_title=gettext("Translations: %(language)s", language=words.language_name(code)),
        errors=errors or [],
        error_of=dict(errors or []),
        done=told,
        code=code,
        language_name=words.language_name(code),
        language_direction=direction(code),
        source=source,
        source_name=words.language_name(source),
        source_direction=direction(source),
        chosen=code in translating.target_languages(workspace()),
        completeness=translating.counted(code, lines),
        leaf=shown,
        only=bool(request.args.get("only")),
        items=_items(shown, held),
        gone=[one for one in held.values() if one.now is None],
        show=show,
        part=part,
        parts_choices=[{"value": each, "label": words.part_words(each)} for each in PARTS],
        reader=reader_fields(code),
        left_over=translating.left_over(db.session, workspace(), code),
        may_edit=may(*access.EDITORS),
        standing_words=words.standing_words,
        colours=words.COLOURS,
        Standing=Standing,
        action=request.full_path.rstrip("?"),
    )


def _items(shown: Leaf, held: dict[str, Held]) -> list[Shown]:
    content = workspace().content
    items = []
    before = ""
    for number, line in enumerate(shown.lines):
        part = words.part_of(line.path, content)
        stuck = held.get(line.path)
        typed = line.text if stuck is None else stuck.text
        taken = stuck is not None and stuck.now is not None and stuck.now.text != stuck.text
        items.append(
            Shown(
                number=number,
                line=line,
                typed=typed,
                where=words.where(line.path, content),
                heading=words.part_words(part) if part != before else "",
                rows=_rows(typed or line.source),
                warnings=tuple(words.warning_sentence(each) for each in line.warnings),
                changes=changes(line.source_then, line.source) if line.source_then else (),
                error="" if stuck is None else words.held_sentence(stuck),
                theirs=line.text if taken else None,
            )
        )
        before = part
    return items


def _rows(text: str) -> int:
    """How many lines a field needs for a text, within reason."""
    return max(2, min(24, sum(1 + len(line) // 55 for line in text.split("\n"))))


def language_at_hand(code: str) -> str:
    """The language that an address names, if texts can be translated into it here."""
    if code not in _choosable():
        abort(404)
    return code
