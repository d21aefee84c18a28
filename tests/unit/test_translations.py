"""The translations are whole, and the check finds every fault that it promises to find."""

import re
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from click.testing import CliRunner
from flask import Flask, g

from consult import i18n, translations_check
from consult.config import Settings
from consult.folders import PACKAGE
from consult.languages import LANGUAGES
from consult.translations_check import (
    TRANSLATED,
    catalogue_faults,
    check,
    extract,
    forms_of_one_number,
    model_case_faults,
    template_faults,
    text_faults,
    unmarked_faults,
    unmarked_in_template,
    unmarked_in_view,
    update,
)

ROOT = PACKAGE.parent
LRM = "\N{LEFT-TO-RIGHT MARK}"


@pytest.fixture(scope="module")
def messages() -> Catalog:
    return extract(ROOT)


@pytest.fixture
def translations(tmp_path: Path) -> Path:
    folder = tmp_path / "translations"
    shutil.copytree(ROOT / "translations", folder, ignore=shutil.ignore_patterns("*.mo"))
    return folder


@pytest.fixture
def checkout(tmp_path: Path, translations: Path) -> Path:
    """What the check reads of a checkout, in a folder of its own."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(ROOT / "templates", tmp_path / "templates")
    ignored = shutil.ignore_patterns("__pycache__", "migrations")
    shutil.copytree(ROOT / "consult", tmp_path / "consult", ignore=ignored)
    shutil.rmtree(tmp_path / "consult/demo/responses")  # large, and no page shows it
    return tmp_path


@pytest.fixture
def demo(tmp_path: Path) -> Path:
    folder = tmp_path / "demo"
    folder.mkdir()
    shutil.copy(ROOT / "consult/demo/consultation.yaml", folder)
    shutil.copytree(ROOT / "consult/demo/translations", folder / "translations")
    return folder


def catalogue(translations, language):
    return translations / language / "LC_MESSAGES" / "messages.po"


def change(path, old, new, count=1):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, count), encoding="utf-8")


def translate(path, english, text):
    """Give a message of one line a translation of one line."""
    pattern = re.compile(rf'(msgid "{re.escape(english)}"\n)msgstr (?:".*"\n)+')
    changed, count = pattern.subn(
        lambda found: f'{found[1]}msgstr "{text}"\n', path.read_text(encoding="utf-8")
    )
    assert count == 1
    path.write_text(changed, encoding="utf-8")


def lines(faults):
    return [str(fault) for fault in faults]


# --- The real tree -------------------------------------------------------------------------


def test_the_translations_have_no_fault():
    assert lines(check(ROOT)) == []


def test_every_language_but_english_is_translated():
    assert sorted(TRANSLATED) == ["ar", "bn", "pa", "pl", "ro", "so", "ur"]
    folders = sorted(path.name for path in (ROOT / "translations").iterdir() if path.is_dir())
    assert folders == sorted(TRANSLATED)


def test_the_guide_for_translators_names_every_language():
    guide = (ROOT / "docs/translations.md").read_text(encoding="utf-8")
    missing = [
        language.code
        for language in LANGUAGES.values()
        if language.code != "en" and f"| {language.english_name} | `{language.code}` |" not in guide
    ]
    assert missing == []


def test_the_glossary_keeps_to_the_words_in_use(messages):
    """Each word of the guide's table stands in the catalogue or the model case it is for."""
    guide = (ROOT / "docs/translations.md").read_text(encoding="utf-8")
    table = guide.partition("## Words that were decided")[2]
    rows = [
        [cell.strip() for cell in row.strip("|").split("|")]
        for row in table.splitlines()
        if row.startswith("|")
    ]
    codes = [cell.strip("`") for cell in rows[0][1:]]
    assert sorted(codes) == sorted(TRANSLATED)
    for position, language in enumerate(codes, start=1):
        texts = catalogue(ROOT / "translations", language).read_text(encoding="utf-8")
        texts += (ROOT / f"consult/demo/translations/{language}.yaml").read_text(encoding="utf-8")
        plain = " ".join(texts.replace('"\n"', "").split()).casefold()
        absent = [row[position] for row in rows[2:] if row[position].casefold() not in plain]
        assert absent == [], language


# --- Faults of the template and of catalogues ----------------------------------------------


def test_a_new_message_makes_the_template_stale(checkout):
    change(checkout / "templates/error.html", "_('Go to the first page')", "_('Begin again')")

    found = lines(check(checkout))

    assert (
        'translations/messages.pot: "Begin again": the message is missing.'
        " Run `make translations`." in found
    )
    assert 'ur: "Begin again": the message is missing. Run `make translations`.' in found
    assert len(found) == 1 + len(TRANSLATED)


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        (
            'msgid "Choose an answer"',
            'msgid "Choose a tin"',
            "nothing uses this message any more",
        ),
        (
            'msgid_plural "Choose no more than %(num)s answers"',
            'msgid_plural "Choose up to %(num)s answers"',
            "the plural has changed",
        ),
        ("#. a time of day", "#. an hour", "the note to translators has changed"),
        ("# The messages", "# Messages", "the header has changed"),
    ],
)
def test_a_stale_template_is_found(translations, messages, old, new, what):
    change(translations / "messages.pot", old, new)

    assert any(what in line for line in lines(template_faults(translations, messages)))


def test_a_missing_template_is_found(translations, messages):
    (translations / "messages.pot").unlink()

    assert "the file is not there" in lines(template_faults(translations, messages))[0]


@pytest.mark.parametrize(
    ("language", "english", "text", "what"),
    [
        ("pl", "Choose an answer", "", "it is not translated"),
        ("pl", "Opens on %(date)s", "Od", "%(date)s is missing"),
        ("pl", "Opens on %(date)s", "Od %(day)s", "%(date)s is missing"),
        ("pl", "Opens on %(date)s", "Od %(date)d", "%(date)s is missing"),
        ("pl", "Opens on %(date)s", "Od %(date)s, %(day)s", "%(day)s is not in the English text"),
        ("pl", "Opens on %(date)s", "Od %(date)s, 100 %", "a % begins no placeholder"),
        ("pl", "Start", "<b>Start</b>", "<b is HTML"),
        ("pl", "Start", "Start&nbsp;tu", "&nbsp; is HTML"),
        ("pl", "Start", "Początek ", "spaces at the beginning or the end differ"),
        ("pl", "Error:", "Błąd", "it ends with no sign, the English with colon"),
        ("pl", "Withdraw it at any time.", "Kiedy?", "it ends with question mark"),
        ("pl", "Choose an answer", "Choose an answer", "it is still English"),
        ("pl", "Start", "Нaчало", "Н (U+041D) is Cyrillic"),
        ("ur", "Start", "Start", "it has no Arabic letter"),
        ("ar", "Start", "Start", "it has no Arabic letter"),
        ("pa", "Start", "Start", "it has no Gurmukhi letter"),
        ("bn", "Start", "Start", "it has no Bengali letter"),
        ("pa", "Start", "ਸ਼ुਰੂ", "ु (U+0941) is Devanagari"),
        ("bn", "Start", "শুरু", "र (U+0930) is Devanagari"),
        ("bn", "Choice %(number)s", "পছন্দ ১ %(number)s", "১ is a digit of another kind"),
        ("ur", "Start", "شروع كریں", "ك (U+0643) is a letter of another language"),
        ("ar", "Start", "ابدأ ہنا", "ہ (U+06C1) is a letter of another language"),
        ("ro", "Start", "Începeţi", "ţ (U+0163) is a letter of another language"),
        ("ro", "Start", "Şi start", "Ş (U+015E) is a letter of another language"),
    ],
)
def test_a_wrong_translation_is_found(translations, messages, language, english, text, what):
    translate(catalogue(translations, language), english, text)

    found = lines(catalogue_faults(translations, language, messages))

    assert len(found) == 1
    assert found[0].startswith(f'{language}: "{english}": {what}')
    assert "\n" not in found[0]


@pytest.mark.parametrize(
    ("language", "old", "new", "what"),
    [
        ("so", 'msgid "Choose an answer"', '#, fuzzy\nmsgid "Choose an answer"', "marked fuzzy"),
        ("so", 'msgid "Choose an answer"', 'msgid "Choose a tin"', "the message is missing"),
        ("so", 'msgid "Choose an answer"', 'msgid "Choose a tin"', "nothing uses this message"),
        ("so", 'nplurals=2; plural=(n != 1)', "nplurals=1; plural=0", "the header is not the one"),
        ("so", "# Machine-made", "# Made", "does not say who made or checked"),
        ("so", "# Machine-made", "# Checked by Xoghaye <x@example.org>", "names a person"),
        ("so", 'Content-Type', 'Last-Translator: EMAIL@ADDRESS\\n"\n"Content-Type', "header"),
    ],
)  # fmt: skip
def test_a_wrong_entry_or_header_is_found(translations, messages, language, old, new, what):
    change(catalogue(translations, language), old, new)

    found = lines(catalogue_faults(translations, language, messages))

    assert any(what in line for line in found), found


def test_an_entry_kept_as_obsolete_is_found(translations, messages):
    path = catalogue(translations, "ro")
    path.write_text(path.read_text("utf-8") + '\n#~ msgid "Old"\n#~ msgstr "Vechi"\n', "utf-8")

    assert lines(catalogue_faults(translations, "ro", messages)) == [
        'ro: "Old": nothing uses this message any more. Run `make translations`.'
    ]


@pytest.mark.parametrize(
    ("change_forms", "count"),
    [(lambda form: f'{form}msgstr[3] "inna"\n', 4), (lambda _form: "", 2)],
)
def test_a_wrong_number_of_plural_forms_is_found(translations, messages, change_forms, count):
    path = catalogue(translations, "pl")
    entry = re.compile(r'(?<=msgid_plural "It takes about %\(num\)s minutes\."\n)(?:msgstr.*\n)+')
    changed = entry.sub(
        lambda found: re.sub(r"msgstr\[2\].*\n", lambda one: change_forms(one[0]), found[0]),
        path.read_text("utf-8"),
    )
    path.write_text(changed, "utf-8")

    assert lines(catalogue_faults(translations, "pl", messages)) == [
        f'pl: "It takes about %(num)s minute.": {count} plural forms instead of 3.'
        " Write msgstr[0] to msgstr[2]."
    ]


@pytest.mark.parametrize(
    ("language", "form", "may"),
    [("pl", 0, True), ("pl", 1, False), ("pl", 2, False), ("ar", 2, True), ("ar", 3, False)],
)
def test_only_a_form_for_one_number_may_leave_the_number_out(
    translations, messages, language, form, may
):
    path = catalogue(translations, language)
    start = "It takes about %(num)s minutes"
    before, middle, after = path.read_text("utf-8").partition(start)
    line = re.compile(rf"(?m)^(msgstr\[{form}\] .*?)%\(num\)s")
    # A form that says the number in a word already has nothing to take out.
    path.write_text(before + middle + line.sub(r"\1", after, count=1), "utf-8")

    found = lines(catalogue_faults(translations, language, messages))

    expected = [] if may else [f"%(num)s is missing in msgstr[{form}]"]
    assert [line for line in expected if not any(line in one for one in found)] == []
    assert len(found) == len(expected)


def test_an_empty_plural_form_is_found(translations, messages):
    path = catalogue(translations, "ar")
    before, start, after = path.read_text("utf-8").partition('"It takes about %(num)s minutes."')
    emptied = re.sub(r"(?m)^msgstr\[4\] .*", 'msgstr[4] ""', after, count=1)
    path.write_text(before + start + emptied, "utf-8")

    assert lines(catalogue_faults(translations, "ar", messages)) == [
        'ar: "It takes about %(num)s minute.": it is not translated in msgstr[4]. Translate it.'
    ]


def test_a_catalogue_that_cannot_be_read_is_a_fault(translations, messages):
    path = catalogue(translations, "ur")
    path.write_text(path.read_text("utf-8") + "\nthese are no quotes\n", "utf-8")

    assert "the file cannot be read" in lines(catalogue_faults(translations, "ur", messages))[0]


def test_a_language_without_a_catalogue_is_a_fault(translations, messages):
    shutil.rmtree(translations / "bn")

    assert lines(catalogue_faults(translations, "bn", messages)) == [
        "bn: there is no messages.po. Run `make translations`."
    ]


def test_forms_of_one_number():
    assert forms_of_one_number("so") == {0}
    assert forms_of_one_number("pl") == {0}
    assert forms_of_one_number("ar") == {0, 1, 2}


@pytest.mark.parametrize(
    ("language", "english", "text"),
    [
        ("ur", "Closed.", "بند ہے۔"),
        ("ur", "Delete?", "کیا مٹا دیں؟"),
        ("pa", "Closed.", "ਬੰਦ ਹੈ।"),
        ("bn", "Closed.", "বন্ধ।"),
        ("ur", "Send an SMS", "SMS بھیجیں"),
        ("ur", "%(time)s on %(day)s", f"%(day)s، {LRM}%(time)s{LRM}"),
        ("ro", "It says “no”.", "Spune „nu”."),
        ("pl", "Start", "Start"),
    ],
)
def test_a_right_translation_is_no_fault(language, english, text):
    assert list(text_faults(language, english, text)) == []


def test_a_language_whose_script_is_unknown_is_not_judged_by_it():
    assert list(text_faults("tlh", "Start", "Qapla")) == []


# --- Faults of the model case --------------------------------------------------------------


def test_the_copy_of_the_model_case_has_no_fault(demo):
    assert lines(model_case_faults(demo)) == []


@pytest.mark.parametrize(
    ("language", "old", "new", "what"),
    [
        ("ro", "sections.vision.title: Viziunea noastră\n", "", "it is not translated"),
        ("ro", "Viziunea noastră", "Viziunea noaştră", "ş (U+015F) is a letter of another"),
        ("ro", "Viziunea noastră", "Viziunea noastră.", "it ends with full stop"),
        ("ro", "  Planul ține până în 2030.\n", "", "4 lines instead of 5"),
        ("ro", "  ## Ce conține planul\n", "  Ce conține planul\n", "1 headings instead of 2"),
        ("ro", "  - Să întrebăm", "  Să întrebăm", "5 list items instead of 6"),
        ("ro", "Iată povestea.", "Iată\n\n  povestea.", "4 paragraphs instead of 3"),
        ("ur", "مستقبل کے بارے میں ہماری سوچ", "Our vision", "it has no Arabic letter"),
    ],
)
def test_a_fault_of_the_model_case_is_found(demo, language, old, new, what):
    change(demo / "translations" / f"{language}.yaml", old, new)

    found = lines(model_case_faults(demo))

    assert len(found) == 1
    assert found[0].startswith(f"consult/demo/translations/{language}.yaml: ")
    assert what in found[0]


def test_a_model_case_that_cannot_be_read_is_a_fault(demo):
    change(demo / "consultation.yaml", "format: consult/1", "format: consult/9")

    assert lines(model_case_faults(demo))[0].startswith("consult/demo: ")


# --- Words that were never marked ----------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("<p>{{ _('Hello') }}</p>", []),
        ("<p>\nHello</p>", [(1, "Hello")]),
        ("{#- Hello\n -#}\n{% if a %}\n<b>Hello</b>{% endif %}", [(4, "Hello")]),
        ('<img alt="A map"><input placeholder="{{ _(\'Name\') }}">', [(1, "A map")]),
        ('<input type="submit" value="Send">', [(1, "Send")]),
        ('<input type="hidden" name="do" value="send">', []),
        ("<p><kbd>Enter</kbd> sends</p>", [(1, "sends")]),
        ("<p>–</p><style>a { b: c }</style>", []),
        ('{% macro m(id) %} aria-describedby="{{ id }}"{% endmacro %}', []),
        ("{% block robots %}noindex{% endblock %}", []),
    ],
)
def test_words_of_a_template(source, found):
    assert unmarked_in_template(source) == found


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("render_template('a.html', page_title=gettext('Help'))", []),
        ("render_template('a.html', page_title='Help')", [(1, "Help")]),
        ("flask.render_template('a.html', page_title=f'Help {n}')", [(1, "Help ")]),
        ("render_template('a.html', text='Come back later')", [(1, "Come back later")]),
        ("render_template('a.html', slug=None, email='', kind='radios')", []),
        ("calls[0](page_title='Help')", []),
    ],
)
def test_words_of_a_view(source, found):
    assert unmarked_in_view(source) == found


def test_unmarked_words_are_faults_of_a_checkout(checkout):
    change(checkout / "templates/error.html", "{{ text }}", "Sorry")
    change(checkout / "consult/views/residents/reading.py", 'gettext("Help")', '"Help"')

    found = lines(unmarked_faults(checkout))

    assert len(found) == 2
    assert re.match(r'templates/error\.html:\d+: "Sorry": .* Write \{\{ _\(', found[0])
    assert re.match(r'consult/views/residents/reading\.py:\d+: "Help": ', found[1])


# --- Bringing files up to date -------------------------------------------------------------


def contents(folder):
    return {path: path.read_bytes() for path in folder.rglob("*.po*")}


def test_update_is_idempotent(checkout, translations):
    assert update(checkout) == []
    before = contents(translations)
    assert len(before) == 1 + len(TRANSLATED)

    assert update(checkout) == []
    assert contents(translations) == before

    for path in before:
        unwrapped = re.sub(r'(?<=[^"n])"\n"', "", path.read_text("utf-8"))
        path.write_text(unwrapped, "utf-8")
    assert contents(translations) != before
    assert update(checkout) == []
    assert contents(translations) == before


def test_update_keeps_translations_and_says_what_is_left_to_do(checkout, translations):
    change(checkout / "templates/error.html", "</h1>", "</h1>{{ _('Begin again') }}")
    receipt = checkout / "templates/residents/withdraw.html"
    change(receipt, "_('Keep my answers')", "_('Keep them')")
    change(catalogue(translations, "pl"), "# Machine-made", "# Checked on 2027-02-01, machine-made")
    change(catalogue(translations, "pl"), 'msgid "Start"', '# first step\nmsgid "Start"')

    notes = update(checkout)

    assert 'pl: translate "Begin again"' in notes
    assert any(note.startswith('pl: dropped "Keep my answers" = ') for note in notes)
    assert len(notes) == 3 * len(TRANSLATED)
    polish = catalogue(translations, "pl").read_text("utf-8")
    assert polish.startswith("# Checked on 2027-02-01, machine-made")
    assert '# first step\nmsgid "Start"\nmsgstr "Start"' in polish
    assert 'msgid "Begin again"\nmsgstr ""' in polish
    assert "Keep my answers" not in polish
    assert "fuzzy" not in polish
    found = lines(check(checkout))
    assert len(found) == 2 * len(TRANSLATED)
    assert all("it is not translated" in line for line in found)


def test_update_begins_a_catalogue_for_a_new_language(checkout, translations):
    shutil.rmtree(translations / "ar")

    notes = update(checkout)

    fresh = catalogue(translations, "ar").read_text("utf-8")
    assert fresh.startswith(translations_check.MACHINE_MADE)
    assert 'msgstr[5] ""' in fresh
    assert notes
    assert all(note.startswith("ar: translate ") for note in notes)


# --- The command ---------------------------------------------------------------------------


@pytest.fixture
def command(checkout, monkeypatch):
    monkeypatch.setattr(translations_check, "PACKAGE", checkout / "consult")
    return lambda *arguments: CliRunner().invoke(translations_check.main, arguments)


def test_the_command_is_content(command):
    done = command()

    assert (done.exit_code, done.output) == (0, "No faults in 7 languages\n")


def test_the_command_fails_with_a_line_for_each_fault(command, translations):
    translate(catalogue(translations, "pl"), "Start", "")

    done = command()

    assert done.exit_code == 1
    assert done.stdout == 'pl: "Start": it is not translated. Translate it.\n'
    assert done.stderr == "Faults in the translations: 1\n"


def test_the_command_updates(command, translations):
    path = catalogue(translations, "pl")
    assert command("--update").exit_code == 0
    before = path.read_bytes()
    change(path, '\\n"\n\n', '\\n"\n"Generated-By: Babel\\n"\n\n')

    assert command("--update").exit_code == 0
    assert path.read_bytes() == before


def test_an_unreadable_catalogue_stops_the_update(command, translations):
    path = catalogue(translations, "pl")
    path.write_text(path.read_text("utf-8") + "\nthese are no quotes\n", "utf-8")

    done = command("--update")

    assert done.exit_code == 1
    assert "A catalogue cannot be read" in done.output


def test_the_command_needs_a_checkout(monkeypatch, tmp_path):
    monkeypatch.setattr(translations_check, "PACKAGE", tmp_path / "consult")

    done = CliRunner().invoke(translations_check.main)

    assert done.exit_code == 1
    assert "is no checkout" in done.output


# --- Times ---------------------------------------------------------------------------------

CLOSING = {
    "en": "23:59 on 17 January 2027",
    "ur": f"17 جنوری، 2027، {LRM}23:59{LRM}",
    "pa": "17 ਜਨਵਰੀ 2027, 23:59",
    "bn": "17 জানুয়ারী, 2027, 23:59",
    "pl": "17 stycznia 2027, godz. 23:59",
    "ar": "الساعة 23:59 يوم 17 يناير 2027",
    "so": "Janaayo 17, 2027, saacadda 23:59",
    "ro": "17 ianuarie 2027, ora 23:59",
}


@pytest.fixture
def app(tmp_path):
    app = Flask("times")
    app.config["CONSULT_SETTINGS"] = Settings.for_tests(tmp_path, "sqlite://")
    i18n.init_app(app)
    return app


def said(app, language, time):
    with app.test_request_context():
        g.page_language = language
        return i18n.local_time(time)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_time_is_on_the_24_hour_clock_in_western_digits(app, language):
    assert said(app, language, datetime(2027, 1, 17, 23, 59, tzinfo=UTC)) == CLOSING[language]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_time_is_local_and_begins_with_a_nought_in_the_morning(app, language):
    assert "09:00" in said(app, language, datetime(2026, 7, 1, 8, 0, tzinfo=UTC))
