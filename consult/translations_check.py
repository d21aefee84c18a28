"""Check the translations of the pages and of the model case, or bring them up to date.

``python -m consult.translations_check`` prints one line for each fault: where, which message,
what is wrong, and the mend. With ``--update`` it takes the messages out of the code and the
templates and writes them into every catalogue; translations that exist stay. It needs a
checkout, for neither ``pyproject.toml`` nor the sources of the catalogues are installed.
``docs/translations.md`` says how to work with it.
"""

import ast
import re
import sys
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from gettext import c2py
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import click
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.plurals import get_plural
from babel.messages.pofile import PoFileError, denormalize, read_po, write_po

from consult.document.reading import ConsultationFileError, read_consultation
from consult.document.texts import missing_texts, texts_of
from consult.folders import PACKAGE
from consult.languages import LANGUAGES
from consult.scripts import KNOWN, script_of, script_of_sign

TRANSLATED = tuple(code for code in LANGUAGES if code != "en")
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "_l": None,
    "lazy_gettext": None,
    "lazy_ngettext": (1, 2),
    "lazy_pgettext": ((1, "c"), 2),
}
UPDATE = "Run `make translations`"
MACHINE_MADE = "# Machine-made; needs a native speaker's check (docs/translations.md)."
"""The first line of a catalogue that no native speaker has checked; else it says `# Checked`."""

_TEMPLATE_COMMENT = "# The messages of Consult, in English (docs/translations.md)."
_NO_SOURCES = frozenset({"build", "dist", "node_modules"})
_PEOPLE_AND_PLACES = re.compile(r"ORGANIZATION|FIRST AUTHOR|EMAIL@ADDRESS|\S@\S|://")
_PLURAL_FORM = re.compile(r"^msgstr\[\d+\]", re.MULTILINE)
_MSGID = re.compile(r'^msgid ((?:".*"\n?)+)', re.MULTILINE)
_PLACEHOLDER = re.compile(r"%\((\w+)\)[#0\-+ ]*\d*(?:\.\d+)?[a-zA-Z]|%%")
_NUMBER = "%(num)s"
_HTML = re.compile(r"</?[a-zA-Z!]|&(?:\w+|#\w+);")
_ENDINGS = {
    **dict.fromkeys(".۔।॥。", "full stop"),
    **dict.fromkeys("?؟？", "question mark"),
    **dict.fromkeys("!！", "exclamation mark"),
    **dict.fromkeys(":：", "colon"),
    **dict.fromkeys("…", "ellipsis"),
}
_AFTER_AN_ENDING = "\"'“”„‘’«»)] \u200e\u200f\u2068\u2069"
_LOOK_ALIKES = {
    # Letters of a neighbour language look the same and are neither found nor read aloud right.
    "ar": {"\u06a9": "\u0643", "\u06cc": "\u064a", "\u06c1": "\u0647"},
    "ur": {"\u0643": "\u06a9", "\u064a": "\u06cc", "\u0649": "\u06cc", "\u0647": "\u06c1"},
    "ro": {"\u015e": "Ș", "\u015f": "ș", "\u0162": "Ț", "\u0163": "ț"},
}
_JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
_SAID_ATTRIBUTES = frozenset({"alt", "aria-label", "placeholder", "title", "label", "summary"})
_ATTRIBUTE_FOR_A_TAG = re.compile(r'[\w-]+="[^"]*"')
_SAID_TO_MACHINES = frozenset({"index", "noindex"})
"""Words in the block ``robots`` of a template."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong, with what a person needs to mend it."""

    where: str
    message: str
    what: str
    mend: str

    def __str__(self) -> str:
        short = self.message if len(self.message) <= 70 else f"{self.message[:69]}…"
        named = f' "{" ".join(short.split())}":' if short else ""
        return f"{self.where}:{named} {self.what}. {self.mend}."


# --- Messages in the code ------------------------------------------------------------------


def extract(root: Path) -> Catalog:
    """Every message of a checkout, in the order of its files."""
    settings = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    mappings = settings["tool"]["babel"]["mappings"]
    found = extract_from_dir(
        str(root),
        method_map=[(mapping["pattern"], mapping["method"]) for mapping in mappings],
        keywords=KEYWORDS,
        comment_tags=("Translators:",),
        strip_comment_tags=True,
        directory_filter=_may_hold_sources,
    )
    messages = Catalog(charset="utf-8")
    for file, line, ids, comments, context in sorted(found, key=lambda one: (one[0], one[1])):
        said = [comment.strip() for comment in comments if comment.strip()]
        messages.add(ids, None, [(file, line)], auto_comments=said, context=context)
    return messages


def _may_hold_sources(folder: object) -> bool:
    name = Path(str(folder)).name
    return not name.startswith((".", "_")) and name not in _NO_SOURCES


def update(root: Path) -> list[str]:
    """Write the messages of the code into the template and into every catalogue.

    Translations stay with the messages that stay word for word. Files that would not change
    are left alone.

    Returns
    -------
    list of str
        What a person has to do now: messages to translate, and translations that were dropped.
    """
    messages = extract(root)
    folder = root / "translations"
    _write(folder / "messages.pot", _header(None, [_TEMPLATE_COMMENT]), messages)
    notes = []
    for language in TRANSLATED:
        path = _catalogue_path(folder, language)
        old = _read(path.read_bytes(), language) if path.exists() else Catalog(locale=language)
        comments = _header_comments(path) if path.exists() else [MACHINE_MADE]
        before = {_key(message): message for message in _of(old)}
        new = Catalog(locale=language, charset="utf-8")
        for message in _of(messages):
            known = before.pop(_key(message), None)
            kept = known.string if known and _same_kind(known, message) else None
            added = new.add(
                message.id,
                kept,
                auto_comments=message.auto_comments,
                user_comments=known.user_comments if known else (),
                flags={"fuzzy"} if known and known.fuzzy else (),
                context=message.context,
            )
            if not all(text.strip() for text in _forms(added)):
                notes.append(f'{language}: translate "{_key(message)[0]}"')
        notes += [f'{language}: dropped "{key[0]}" = {m.string!r}' for key, m in before.items()]
        _write(path, _header(language, comments), new)
    return notes


def _write(path: Path, header: str, messages: Catalog) -> None:
    body = BytesIO()
    write_po(body, messages, omit_header=True, no_location=True, ignore_obsolete=True)
    content = f"{header}\n{body.getvalue().decode('utf-8')}".rstrip("\n") + "\n"
    if not path.exists() or path.read_bytes() != content.encode():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode())


def _header(language: str | None, comments: Iterable[str]) -> str:
    """The same for everyone who writes it: no dates, people, hosts or versions."""
    lines = [*comments, 'msgid ""', 'msgstr ""', r'"Project-Id-Version: resident-consult\n"']
    if language is not None:
        lines.append(rf'"Language: {language}\n"')
    lines.append(r'"MIME-Version: 1.0\n"')
    lines.append(r'"Content-Type: text/plain; charset=utf-8\n"')
    lines.append(r'"Content-Transfer-Encoding: 8bit\n"')
    if language is not None:
        plural = get_plural(language)
        lines.append(
            rf'"Plural-Forms: nplurals={plural.num_plurals}; plural={plural.plural_expr};\n"'
        )
    return "\n".join(lines) + "\n"


def _header_comments(path: Path) -> list[str]:
    first, _, _ = path.read_text(encoding="utf-8").partition("msgid")
    lines = [line.rstrip() for line in first.splitlines()]
    return [line for line in lines if line.startswith("# ")] or [MACHINE_MADE]


def _read(content: bytes, language: str | None) -> Catalog:
    return read_po(BytesIO(content), locale=language, charset="utf-8", abort_invalid=True)


def _catalogue_path(folder: Path, language: str) -> Path:
    return folder / language / "LC_MESSAGES" / "messages.po"


def _of(catalogue: Catalog) -> Iterator[Message]:
    """The messages of a catalogue without its header."""
    return (message for message in catalogue if message.id)


def _key(message: Message) -> tuple[str, str | None]:
    return _sources(message)[0], message.context


def _sources(message: Message) -> tuple[str, ...]:
    """The English of a message: one text, or its singular and its plural."""
    return tuple(message.id) if isinstance(message.id, (list, tuple)) else (message.id,)


def _forms(message: Message) -> tuple[str, ...]:
    texts = message.string if isinstance(message.string, (list, tuple)) else (message.string,)
    return tuple(text or "" for text in texts)


def _same_kind(one: Message, other: Message) -> bool:
    return len(_sources(one)) == len(_sources(other))


# --- Catalogues ----------------------------------------------------------------------------


def template_faults(folder: Path, messages: Catalog) -> Iterator[Fault]:
    """Where ``messages.pot`` differs from the messages of the code."""
    path = folder / "messages.pot"
    where = f"translations/{path.name}"
    if not path.exists():
        yield Fault(where, "", "the file is not there", UPDATE)
        return
    stored = {_key(message): message for message in _of(_read(path.read_bytes(), None))}
    for message in _of(messages):
        known = stored.pop(_key(message), None)
        if known is None:
            yield Fault(where, _key(message)[0], "the message is missing", UPDATE)
        elif _sources(known) != _sources(message):
            yield Fault(where, _key(message)[0], "the plural has changed", UPDATE)
        elif list(known.auto_comments) != list(message.auto_comments):
            yield Fault(where, _key(message)[0], "the note to translators has changed", UPDATE)
    for key in stored:
        yield Fault(where, key[0], "nothing uses this message any more", UPDATE)
    if not path.read_text(encoding="utf-8").startswith(_header(None, [_TEMPLATE_COMMENT])):
        yield Fault(where, "", "the header has changed", UPDATE)


def catalogue_faults(folder: Path, language: str, messages: Catalog) -> Iterator[Fault]:
    """What is wrong with the catalogue of one language."""
    path = _catalogue_path(folder, language)
    if not path.exists():
        yield Fault(language, "", f"there is no {path.name}", UPDATE)
        return
    text = path.read_text(encoding="utf-8")
    yield from _header_faults(language, path, text)
    wrong_count = dict(_wrong_plural_counts(language, text))
    yield from wrong_count.values()
    try:
        catalogue = _read(text.encode(), language)
    except (PoFileError, ValueError) as error:
        if not wrong_count:
            yield Fault(language, "", f"the file cannot be read ({error})", "Mend that line")
        return
    stored = {_key(message): message for message in _of(catalogue)}
    for source in _of(messages):
        known = stored.pop(_key(source), None)
        name = _key(source)[0]
        if known is None or not _same_kind(known, source):
            yield Fault(language, name, "the message is missing", UPDATE)
        elif name not in wrong_count:
            yield from _message_faults(language, source, known)
    for key in (*stored, *map(_key, catalogue.obsolete.values())):
        yield Fault(language, key[0], "nothing uses this message any more", UPDATE)


def _header_faults(language: str, path: Path, text: str) -> Iterator[Fault]:
    comments = _header_comments(path)
    if not text.startswith(_header(language, comments)):
        yield Fault(language, "", "the header is not the one that all catalogues have", UPDATE)
    if not comments[0].startswith(("# Machine-made", "# Checked")):
        what = "the first line does not say who made or checked the translations"
        yield Fault(language, "", what, f"Write {MACHINE_MADE!r} or '# Checked ...'")
    if found := _PEOPLE_AND_PLACES.search(text.partition("\n\n")[0]):
        what = f"the header names a person or a place ({found.group()})"
        yield Fault(language, "", what, "Remove it")


def _wrong_plural_counts(language: str, text: str) -> Iterator[tuple[str, Fault]]:
    """Messages with too few or too many plural forms, which Babel reads over."""
    wanted = get_plural(language).num_plurals
    for entry in text.split("\n\n"):
        found, count = _MSGID.search(entry), len(_PLURAL_FORM.findall(entry))
        if "\nmsgid_plural" in entry and found and count != wanted:
            name = denormalize(found[1].strip())
            what = f"{count} plural forms instead of {wanted}"
            mend = f"Write msgstr[0] to msgstr[{wanted - 1}]"
            yield name, Fault(language, name, what, mend)


def _message_faults(language: str, source: Message, known: Message) -> Iterator[Fault]:
    name = _key(source)[0]
    if known.fuzzy:
        yield Fault(
            language, name, "it is marked fuzzy", "Check the translation and remove the mark"
        )
    texts = _forms(known)
    for position, text in enumerate(texts):
        form = f" in msgstr[{position}]" if source.pluralizable else ""
        if not text.strip():
            yield Fault(language, name, f"it is not translated{form}", "Translate it")
            continue
        what = _placeholder_fault(language, source, text, position)
        if what:
            yield Fault(language, name, what + form, "Write placeholders as in English")
        english = _sources(source)[-1 if position else 0]
        for what, mend in text_faults(language, english, text):
            yield Fault(language, name, what + form, mend)


def _placeholder_fault(language: str, source: Message, text: str, position: int) -> str:
    sources = _sources(source)
    known = {found.group() for english in sources for found in _PLACEHOLDER.finditer(english)}
    wanted = {found.group() for found in _PLACEHOLDER.finditer(sources[-1])}
    there = {found.group() for found in _PLACEHOLDER.finditer(text)}
    if source.pluralizable and position in forms_of_one_number(language):
        wanted -= {_NUMBER}
    if missing := sorted(wanted - there):
        return f"{', '.join(missing)} is missing"
    if unknown := sorted(there - known):
        return f"{', '.join(unknown)} is not in the English text"
    left = _PLACEHOLDER.sub("", text).count("%")
    if left != _PLACEHOLDER.sub("", sources[-1]).count("%"):
        return "a % begins no placeholder"
    return ""


@cache
def forms_of_one_number(language: str) -> frozenset[int]:
    """Plural forms that stand for one number only, which they may say in a word."""
    numbers = Counter(_plural_form(language, n) for n in range(1_000))
    return frozenset(form for form, count in numbers.items() if count == 1)


def _plural_form(language: str, number: int) -> int:
    return int(c2py(get_plural(language).plural_expr)(number))


# --- Texts ---------------------------------------------------------------------------------


def text_faults(language: str, english: str, text: str) -> Iterator[tuple[str, str]]:
    """What is wrong with a translation as a text, each with its mend."""
    if found := _HTML.search(text) or _HTML.search(english):
        yield f"{found.group()} is HTML", "Messages are plain text: put it into the template"
    if _edges(text) != _edges(english):
        yield "spaces at the beginning or the end differ", "Let them be as in English"
    if _ending(text) != _ending(english):
        yield (
            f"it ends with {_ending(text) or 'no sign'}, the English with "
            f"{_ending(english) or 'no sign'}",
            "End it with the same kind of sign",
        )
    if text == english and len(re.findall(r"[^\W\d_]+", _PLACEHOLDER.sub("", english))) > 2:
        yield "it is still English", "Translate it"
    yield from _script_faults(language, _PLACEHOLDER.sub("", text))
    for wrong, right in _LOOK_ALIKES.get(language, {}).items():
        if wrong in text:
            yield (
                f"{wrong} (U+{ord(wrong):04X}) is a letter of another language",
                f"Write {right} (U+{ord(right):04X})",
            )


def _script_faults(language: str, text: str) -> Iterator[tuple[str, str]]:
    own = script_of(language)
    if own is None:
        return
    scripts = [script_of_sign(sign) for sign in text]
    foreign = KNOWN - {own, "LATIN"}
    for sign, script in zip(text, scripts, strict=True):
        if script is not None and script in foreign:
            yield f"{sign} (U+{ord(sign):04X}) is {script.title()}", f"Write {own.title()} letters"
            break
    if "LATIN" in scripts and own not in scripts:
        yield f"it has no {own.title()} letter", "Translate it"
    for sign in text:
        if sign.isdecimal() and not sign.isascii():
            yield f"{sign} is a digit of another kind than on the rest of the page", "Write 0 to 9"
            break


def _edges(text: str) -> tuple[str, str]:
    return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]


def _ending(text: str) -> str:
    return _ENDINGS.get(text.rstrip().rstrip(_AFTER_AN_ENDING)[-1:], "")


# --- The model case ------------------------------------------------------------------------


def model_case_faults(folder: Path) -> Iterator[Fault]:
    """What is wrong with the translations of the model case in a folder."""
    where = "consult/demo"
    try:
        case = read_consultation(folder / "consultation.yaml")
    except ConsultationFileError as error:
        for problem in error.problems:
            yield Fault(where, "", " ".join(str(problem).split()), "Mend the file")
        return
    english = texts_of(case)
    for language in TRANSLATED:
        here = f"{where}/translations/{language}.yaml"
        for path in missing_texts(case, language):
            yield Fault(here, path, "it is not translated", "Translate it")
        for path, text in case.translations.get(language, {}).items():
            for what, mend in _case_text_faults(language, path, english[path], text):
                yield Fault(here, path, what, mend)


def _case_text_faults(
    language: str, path: str, english: str, text: str
) -> Iterator[tuple[str, str]]:
    yield from text_faults(language, english.strip(), text.strip())
    for kind, pattern in (
        ("headings", r"^#+ "),
        ("list items", r"^\s*(?:[-*+]|\d+[.)]) "),
        ("paragraphs", r"\n\s*\n"),
    ):
        count, wanted = (len(re.findall(pattern, one.strip(), re.M)) for one in (text, english))
        if count != wanted:
            extra = int(kind == "paragraphs")
            yield f"{count + extra} {kind} instead of {wanted + extra}", "Lay it out as the English"
    if path.endswith(".easy_read"):
        count, wanted = (sum(1 for line in one.splitlines() if line.strip())
                         for one in (text, english))  # fmt: skip
        if count != wanted:
            yield f"{count} lines instead of {wanted}", "Write one line for each English line"


# --- Words that were never marked for translation ------------------------------------------


def unmarked_faults(root: Path) -> Iterator[Fault]:
    """Visible words in templates and views that do not go through gettext."""
    for path in sorted((root / "templates").rglob("*.html")):
        where = path.relative_to(root).as_posix()
        for line, words in unmarked_in_template(path.read_text(encoding="utf-8")):
            yield Fault(f"{where}:{line}", words, "the page would say this in English only",
                        "Write {{ _('...') }}")  # fmt: skip
    for path in sorted((root / "consult" / "views").rglob("*.py")):
        where = path.relative_to(root).as_posix()
        for line, words in unmarked_in_view(path.read_text(encoding="utf-8")):
            yield Fault(f"{where}:{line}", words, "the page would say this in English only",
                        "Put it through gettext")  # fmt: skip


def unmarked_in_template(source: str) -> list[tuple[int, str]]:
    """Lines and words of a template's own text, and of attributes that are read out."""
    parser = _Words()
    parser.feed(_JINJA.sub(lambda found: "\n" * found.group().count("\n"), source))
    parser.close()
    return parser.found


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[int, str]] = []
        self._in_key = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_key = tag == "kbd"  # what stands on a keyboard stands there in every language
        is_shown_input = tag == "input" and ("type", "hidden") not in attrs
        for name, value in attrs:
            if name in _SAID_ATTRIBUTES or (is_shown_input and name == "value"):
                self._note(value or "")

    def handle_endtag(self, tag: str) -> None:
        self._in_key = False

    def handle_data(self, data: str) -> None:
        if self.cdata_elem is None and not self._in_key:
            self._note(_ATTRIBUTE_FOR_A_TAG.sub("", data))

    def _note(self, text: str) -> None:
        words = " ".join(text.split())
        if any(sign.isalpha() for sign in words) and words not in _SAID_TO_MACHINES:
            self.found.append((self.getpos()[0], words))


def unmarked_in_view(source: str) -> list[tuple[int, str]]:
    """Lines and texts that a view hands to ``render_template`` as they are.

    A title is found always, any other value where it has more than one word.
    """
    found = []
    for call in ast.walk(ast.parse(source)):
        if isinstance(call, ast.Call) and _name(call.func).startswith("render_template"):
            for given in call.keywords:
                words = _literal(given.value)
                sentence = given.arg == "page_title" or " " in words.strip()
                if sentence and any(sign.isalpha() for sign in words):
                    found.append((given.value.lineno, words))
    return found


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _literal(value: ast.expr) -> str:
    parts = value.values if isinstance(value, ast.JoinedStr) else [value]
    return "".join(
        part.value
        for part in parts
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    )


# --- The command ---------------------------------------------------------------------------


def check(root: Path) -> list[Fault]:
    """Everything that is wrong with the translations of a checkout."""
    messages = extract(root)
    folder = root / "translations"
    faults = list(template_faults(folder, messages))
    for language in TRANSLATED:
        faults += catalogue_faults(folder, language, messages)
    faults += model_case_faults(root / "consult" / "demo")
    faults += unmarked_faults(root)
    return faults


@click.command()
@click.option("--update", "to_update", is_flag=True, help="Write the messages into every file.")
def main(to_update: bool) -> None:
    """Check the translations, or bring their files up to date."""
    root = PACKAGE.parent
    if not (root / "translations" / "messages.pot").exists():
        raise click.ClickException(f"{root} is no checkout of Consult with its translations.")
    if to_update:
        try:
            notes = update(root)
        except PoFileError as error:
            raise click.ClickException(f"A catalogue cannot be read: {error}") from None
        for note in notes:
            click.echo(note)
        return
    faults = check(root)
    for fault in faults:
        click.echo(str(fault))
    if faults:
        click.echo(f"Faults in the translations: {len(faults)}", err=True)
        sys.exit(1)
    click.echo(f"No faults in {len(TRANSLATED)} languages")


if __name__ == "__main__":
    main()
