"""Consultation files: what is read and written, and what officers are told."""

import re
import sys
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError
from pydantic_core.core_schema import ErrorType

from consult.document import model
from consult.document.explaining import _WORDS
from consult.document.model import Consultation, QuestionKind, Strict
from consult.document.problems import ConsultationFileError, Problem
from consult.document.reading import MAX_BYTES, parse_consultation, read_consultation
from consult.document.texts import missing_texts
from consult.document.writing import write_consultation, write_consultation_file
from tests.unit.consultation_example import example, example_text, write_example


def problems_of(text: str, folder: Path | None = None) -> tuple[Problem, ...]:
    with pytest.raises(ConsultationFileError) as caught:
        parse_consultation(text, name="plan.yaml", folder=folder)
    problems = caught.value.problems
    lines = str(caught.value).split("\n")
    assert len(lines) == len(problems)
    for problem, line in zip(problems, lines, strict=True):
        assert problem.message.strip()
        assert problem.mend.strip()
        assert line == str(problem)
        assert line.isprintable()
    return problems


def changed(old: str, new: str) -> str:
    assert example_text().count(old) == 1, old
    return example_text().replace(old, new)


def line_of(text: str, part: str) -> int:
    """Return the line on which a part that occurs once begins."""
    assert text.count(part) == 1, part
    return text.split(part)[0].count("\n") + 1


def one_problem(text: str) -> Problem:
    problems = problems_of(text)
    assert len(problems) == 1, problems
    return problems[0]


# What the example holds


def test_example_has_every_kind_and_a_complete_translation() -> None:
    consultation = example()
    assert {question.kind for question in consultation.questions} == set(QuestionKind)
    assert missing_texts(consultation, "ur") == []
    assert consultation.question("visits") is not None
    assert consultation.reference_population[0].counts == {"16-44": 5200, "45+": 4800}
    assert consultation.opens_at == datetime(2026, 3, 2, 9, 0)
    assert consultation.opens_at.tzinfo is None
    assert consultation.privacy.delete_on == date(2027, 3, 31)


def test_the_message_of_the_manual_is_given_word_for_word() -> None:
    text = changed("kind: agree_scale", "kind: agre")
    assert str(one_problem(text)) == (
        "plan.yaml, line 71: questions.vision_agree.kind: "
        '"agre" is not a kind of question. Use one of: agree_scale, single_choice, '
        "several_choices, ranking, number, short_text, long_text, ward."
    )


def test_column_is_that_of_the_value() -> None:
    problem = one_problem(changed("kind: agree_scale", "kind: agre"))
    assert (problem.line, problem.column) == (71, 11)


# One changed place: the new text, part of it that is on the line, path, message, mend
FIELD_CASES = [
    ("title: Parks for Riverton\n", "", "format:", "title", "title is missing", '"title: ..."'),
    ("    label: Why?\n", "", "- key: vision_why", "questions.vision_why.label", "missing", "Add"),
    ("opens_at: 2026-03-02T09:00\n", "", "format:", "opens_at", "missing", "2026-03-31T09:00"),
    ("  delete_on: 2027-03-31\n", "", "privacy:\n", "privacy.delete_on", "missing", "2026-03-31"),
    ("    kind: number\n", "", "- key: visits", "questions.visits.kind", "missing", "short_text"),
    ("consent: I", "consnt: I", "consnt", "consnt", "no field", 'Did you mean "consent"?'),
    (
        "    label: Why?",
        "    labl: x\n    label: Why?",
        "labl",
        "questions.vision_why.labl",
        "no field",
        'mean "label"',
    ),
    ("  unit: visits", "  unit: visits\n    zzz: 1", "zzz", "questions.visits.zzz", "no", "Remove"),
    ("title: Our vision", 'title: ""', 'title: ""', "sections.vision.title", "empty", "Write"),
    ("title: Our vision", "title:", "    title:\n", "sections.vision.title", "nothing", "Write"),
    (
        "title: Our vision",
        "title: [a]",
        "title: [a]",
        "sections.vision.title",
        "a list",
        "double quotes",
    ),
    (
        "title: Our vision",
        "title: {a: b}",
        "title: {a",
        "sections.vision.title",
        "a group of fields",
        "double quotes",
    ),
    (
        "phone: 01632 960000",
        f"phone: {'9' * 61}",
        "phone: 9",
        "contact.phone",
        "61 characters",
        "Shorten it by 1",
    ),
    ("- key: order", "- key: Best First", "- key: Best", "Best First.key", "a key", "best_first"),
    ("- key: order", "- key: 1st", "- key: 1st", "1st.key", "a key", "Write k_1st"),
    ("slug: riverton-parks", "slug: Our Parks", "slug:", "slug", "addresses", "our-parks"),
    ("[en, ur]", "[en, Urdu!]", "languages:", "languages[2]", "language code", "pt-BR"),
    ("code: E1", "code: E/1", "code: E/1", "areas.E/1.code", "a code", "E_1"),
    ("  ur:\n", "  UR!:\n", "  UR!:", "translations.UR!", "language code", "en, ur"),
    ("kind: number", "kind:", "kind:\n", "questions.visits.kind", "nothing after", "Use one of"),
    ("part: who", "part: first", "part: first", "capacity.part", "a part", "who, draft, monit"),
    ("deletion: anonymise", "deletion: burn", "deletion:", "privacy.deletion", "way", "anonymise"),
    ("consult/1", "consult/9", "format:", "format", "this version", "format: consult/1"),
    ("minimum: 0", "minimum: few", "minimum:", "questions.visits.minimum", '"few"', "digits"),
    ("minimum: 0", "minimum: 0.5", "minimum:", "questions.visits.minimum", '"0.5"', "digits"),
    ("minimum: 0", "minimum: [0]", "minimum:", "visits.minimum", "a list", "digits"),
    ("minimum: 0", f"minimum: {'9' * 5000}", "minimum:", "visits.minimum", "whole", "digits"),
    ("minimum: 0", "minimum: true", "minimum:", "visits.minimum", '"true"', "digits"),
    ("5200", "-1", "-1", "counts.16-44", "too small", "Write 0 or more"),
    ("max_length: 2000", "max_length: 0", "max_length:", "max_length", "least is 1", "1 or more"),
    ("max_length: 2000", "max_length: 20001", "max_length:", "max_length", "too large", "20000 or"),
    ("illustration: true", "illustration: maybe", "illustration:", "illustration", "true", "false"),
    ("illustration: true", "illustration:", "illustration:", "illustration", "nothing", "true or"),
    ("delete_on: 2027-03-31", "delete_on: 2027-02-30", "delete_on", "delete_on", "date", "exists"),
    ("delete_on: 2027-03-31", "delete_on: 31/03/2027", "delete_on", "delete_on", "date", "year-"),
    ("delete_on: 2027-03-31", "delete_on: 20270331", "delete_on", "delete_on", "not a", "hyphens"),
    ("delete_on: 2027-03-31", "delete_on: {}", "delete_on", "delete_on", "a group", "year-month"),
    (
        "delete_on: 2027-03-31",
        "delete_on: 2027-03-31T10:00",
        "delete_on",
        "delete_on",
        "time of day",
        "Remove the time",
    ),
    ("2026-03-02T09:00", "soon", "opens_at", "opens_at", '"soon"', "2026-03-31T09:00"),
    ("2026-03-02T09:00", "2026-13-02T09:00", "opens_at", "opens_at", "date and", "time zone"),
    ("2026-03-02T09:00", "20260302", "opens_at", "opens_at", "not a date", "hyphens"),
    ("2026-03-02T09:00", "2026-03-02", "opens_at", "opens_at", "no time", "2026-03-02T23:59"),
    ("2026-03-02T09:00", "", "opens_at", "opens_at", "nothing", "2026-03-31T09:00"),
    ("2026-03-02T09:00", "0206-03-02T09:00", "opens_at", "opens_at", "206", "2000 to 2199"),
    ("languages: [en, ur]", "languages: []", "languages", "languages", "nothing", "at least one"),
    ("languages: [en, ur]", "languages: en", "languages", "languages", '"en"', "hyphen"),
    ("any_of: [resident]", "any_of:", "any_of:\n", "residents.any_of", "nothing", "hyphen"),
    ("\nresidents:\n  question", "\nresidents: me\nx:\n  question", "residents: me", "residents",
     '"me"', "question, any_of"),
    ("- question: vision_agree\n        any_of: [disagree, strongly_disagree]", "- vision_agree",
     "- vision_agree", "show_if[1]", '"vision_agree"', "fields"),
    # Rules of the model
    ("any_of: [disagree, strongly_disagree]", "none_of: []", "- question: vision_agree",
     "show_if[1]", "says nothing", "any_of or none_of"),
    ("any_of: [disagree, strongly_disagree]", "any_of: [disagree, oppose]", "oppose",
     "show_if[1].any_of[2]", "'oppose' is no answer", "strongly_agree, agree"),
    ("- question: vision_agree", "- question: visits_x", "visits_x", "show_if[1].question",
     "not an earlier question", "capacity, vision_agree"),
    ("- question: vision_agree", "- question: vision_why", "question: vision_why",
     "show_if[1].question", "not an earlier", "Use one of"),
    ("section: vision\n    max", "section: aims\n    max", "aims", "vision_why.section",
     "no section 'aims'", "vision"),
    ("- key: play", "- key: trees", "- key: trees\n        label: Pl", "options.trees.key",
     "'trees' is used twice", "own"),
    ("- key: order", "- key: wishes", "- key: wishes\n    part: draft\n    kind: ranking",
     "questions.wishes.key", "used twice", "own"),
    ("code: W1", "code: E1", "code: E1\n    name: Westhill", "areas.E1.code", "twice", "own"),
    ("key: from_45", "key: prefer_not_to_say", "prefer_not_to_say", "key", "by itself", "Remove"),
    ("part: draft\n    kind: short", "part: who\n    kind: short", "part: who\n    kind: short",
     "name_of_park.part", "come in the order", "Move"),
    ("sensitivity: personal\n    dimension: age", "required: true\n    dimension: age",
     "required: true\n    dimension", "questions.age.required", "always be skipped", "Remove"),
    ("kind: short_text", "kind: ranking", "- key: name_of_park", "name_of_park.options",
     "at least two options", "key and a label"),
    ("kind: several_choices", "kind: number", "    options:\n      - key: benches",
     "questions.wishes.options", "no options of its own", "Remove"),
    ("kind: several_choices", "kind: single_choice", "choose_at_most", "choose_at_most",
     "several_choices only", "change the kind"),
    ("minimum: 0", "minimum: 61", "minimum: 61", "visits.minimum", "larger", "correct"),
    ("label: Trees", "label: Trees\n        other: true", "other: true\n      - key: play",
     "options.trees.other", "ranking", "Remove"),
    ("  phone: 01632 960000\n  email: parks@riverton.example\n", "", "contact:\n  paper", "contact",
     "reached", "phone number or"),
    ("illustration: true", "timezone: Mars", "timezone", "timezone", "no time zone 'Mars'",
     "Europe/London"),
    ("closes_at: 2026-03-31T23:59", "closes_at: 2026-03-01T00:00", "closes_at", "closes_at",
     "later than", "orrect"),
    ("late_until: 2026-04-02T12:00", "late_until: 2026-04-01T00:28", "late_until", "late_until",
     "grace_minutes", "30 minutes"),
    ("delete_on: 2027-03-31", "delete_on: 2026-04-02", "delete_on", "privacy.delete_on", "after",
     "after 2026-04-02"),
    ("languages: [en, ur]", "languages: [ur]", "languages", "languages", "source", "Add en"),
    ("[en, ur]", "[en, ur, ur]", "languages", "languages[3]", "twice", "Remove"),
    ("[en, ur]", "[en]", "  ur:\n", "translations.ur", "not one of", "none yet"),
    ("  question: capacity", "  question: capacty", "capacty", "residents.question", "no question",
     "capacity"),
    ("any_of: [resident]", "any_of: [residnt]", "residnt", "residents.any_of[1]", "no answer",
     "resident, group"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "on_line", "path", "message", "mend"),
    FIELD_CASES,
)
def test_a_wrong_field_is_explained(
    old: str, new: str, on_line: str, path: str, message: str, mend: str
) -> None:
    text = changed(old, new)
    problems = [problem for problem in problems_of(text) if problem.path.endswith(path)]
    assert problems, problems_of(text)
    problem = problems[0]
    written = text.split("\n")
    starts = [i + 1 for i in range(len(written)) if on_line in "\n".join(written[i : i + 3])]
    assert problem.line is not None
    assert on_line.split("\n")[0] in written[problem.line - 1] + "\n"
    assert problem.line in starts
    assert message in problem.message
    assert mend in problem.mend


def test_areas_are_needed_for_a_ward_question() -> None:
    text = changed(
        "areas:\n  - code: E1\n    name: Eastgate\n  - code: W1\n    name: Westhill\n", ""
    )
    problem = one_problem(text)
    assert problem.line == line_of(text, "kind: ward")
    assert "needs areas" in problem.message


def test_all_problems_come_at_once_in_the_order_of_lines() -> None:
    text = changed("slug: riverton-parks", "slug: A B").replace("kind: number", "kind: numbr")
    text = text.replace("minimum: 0", "minimum: none").replace("consent:", "consnt:")
    problems = problems_of(text)
    assert [problem.path for problem in problems] == [
        "consent",
        "slug",
        "consnt",
        "questions.visits.kind",
        "questions.visits.minimum",
    ]
    lines = [problem.line for problem in problems]
    assert lines == [1, 2, 12, 92, 94]


# YAML itself


SYNTAX_CASES = [
    ("title: One: two\n", 1, "colon", "double quotes"),
    ("title: ok\nslug: 'never\n\n\n", 2, "never closed", "apostrophe twice"),
    ("title: ok\nsections:\n\t- key: a\n", 3, "tab", "spaces"),
    ("title: @home\n", 1, "keeps for itself", "double quotes"),
    ("title: `x`\n", 1, "keeps for itself", "double quotes"),
    ("title: 'ok'\nslug: %x\n", 2, "keeps for itself", "double quotes"),
    ("title: ok\nlanguages: [en, ur\n", 3, "bracket", "closing bracket"),
    ('title: "C:\\quay"\n', 1, "backslash", "twice"),
    ('title: "\\u12"\n', 1, "escape", "character itself"),
    ("title: !a!b c\n", 1, "exclamation mark", "double quotes"),
    ('title: "Foo" bar\n', 1, "quotation mark", "whole text in quotes"),
    ("title: - a\n", 1, "list begins", "next line"),
    ("questions:\n  - key: a\n   label: b\n", 3, "indentation", "first letter"),
    ("title: ok\nslug\n  a\n", 2, "no colon", "name: value"),
    ("title: | text\n  more\n", 1, "next line", "indent"),
    ("  title: ok\nslug: b\n", 2, "does not belong", "very left"),
    ("%YAML 9.1\n---\ntitle: ok\n", 1, "not YAML", "Compare"),
    ("title: ok\n---\ntitle: again\n", 2, "second document", "one consultation"),
    ("title: ok\n? [a]\n: b\n", 2, "plain word", "quotes"),
    ("title: " + "[" * 30 + "]" * 30, 1, "deep", "brackets"),
    ("title: a\x07b\n", 1, "control character (U+0007)", "Remove"),
    ("title: ok\nslug: a\x00b\n", 2, "control character (U+0000)", "Remove"),
    ("title: ok\nslug: a\u2028b\n", 2, "line separator (U+2028)", "Enter"),
    ("title: ok\nslug: a\ud800b\n", 2, "half a character", "Retype"),
]


@pytest.mark.parametrize(("text", "line", "message", "mend"), SYNTAX_CASES)
def test_broken_yaml_is_explained(text: str, line: int, message: str, mend: str) -> None:
    problem = one_problem(text)
    assert problem.line == line
    assert message in problem.message
    assert mend in problem.mend


def test_an_impossible_escape_is_a_problem() -> None:
    assert "escape" in one_problem('title: "\\UFFFFFFFF"\n').message.lower()


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n", "\ufeff"])
def test_an_empty_file_is_a_problem(text: str) -> None:
    problem = one_problem(text)
    assert problem.line is None
    assert "empty" in problem.message


@pytest.mark.parametrize(
    ("text", "message"),
    [("- a\n- b\n", "a list"), ("just words\n", "one text"), ("~\n", "nothing")],
)
def test_a_file_that_is_no_mapping_is_a_problem(text: str, message: str) -> None:
    problem = one_problem(text)
    assert (problem.line, problem.path) == (1, "")
    assert message in problem.message
    assert "title: Our plan" in problem.mend


def test_a_field_written_twice_names_both_lines() -> None:
    problem = one_problem(changed("label: Why?", "label: Why?\n    label: Why not?"))
    assert problem.path == "questions.vision_why.label"
    assert problem.line == 79
    assert "line 78" in problem.message
    assert "one of the two" in problem.mend


def test_aliases_anchors_and_tags_are_refused_without_being_followed() -> None:
    text = changed("label: Why?", "label: &why Why?")
    text = text.replace("label: Which park do you go to?", "label: *why")
    text = text.replace("title: Our vision", "title: !!python/object:os.system Our")
    text = text.replace("unit: visits", "unit: !text visits")
    problems = problems_of(text)
    assert [(problem.path, problem.message.split(" ")[0]) for problem in problems] == [
        ("sections.vision.title", "tag:yaml.org,2002:python/object:os.system"),
        ("questions.vision_why.label", "&why"),
        ("questions.name_of_park.label", "*why"),
        ("questions.visits.unit", "!text"),
    ]
    assert "in quotes" in problems[2].mend


def test_an_alias_bomb_is_not_expanded() -> None:
    text = "a0: &a0 [x, x]\n" + "".join(
        f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 12)
    )
    assert any("*a0" in problem.message for problem in problems_of(text))


def test_standard_tags_are_harmless() -> None:
    text = changed("title: Our vision", "title: !!str 2026")
    section = parse_consultation(text, name="x").section("vision")
    assert section is not None
    assert section.title == "2026"


def test_control_characters_in_escapes_are_refused() -> None:
    text = changed("title: Our vision", 'title: "a\\u0007b"')
    problem = one_problem(text)
    assert (problem.line, problem.path) == (39, "sections.vision.title")
    text = changed("title: Our vision", 'title: "a\\ud800b"')
    assert "U+D800" in one_problem(text).message
    assert "U+0000" in one_problem('"a\\0": b\n').message


# What YAML would have guessed


@pytest.mark.parametrize(
    "word",
    ["no", "Yes", "on", "true", "1e3", "0o17", "017", "2026-01-01", "12:30", "01274", ".inf"],
)
def test_unquoted_words_stay_texts(word: str) -> None:
    text = changed("title: Our vision", f"title: {word}")
    section = parse_consultation(text, name="x").section("vision")
    assert section is not None
    assert section.title == word


@pytest.mark.parametrize(("word", "value"), [("yes", True), ("no", False), ("True", True)])
def test_booleans_may_be_words(word: str, value: bool) -> None:
    text = changed("illustration: true", f"illustration: {word}")
    assert parse_consultation(text, name="x").illustration is value


def test_names_such_as_no_stay_names() -> None:
    text = changed("      E1: 6000\n      W1: 4000", "      no: 1\n      2026: 2\n      null: 3")
    population = parse_consultation(text, name="x").reference_population[1]
    assert population.counts == {"no": 1, "2026": 2, "null": 3}


@pytest.mark.parametrize(
    ("written", "offset"),
    [
        ("2026-03-02T09:00", None),
        ("2026-03-02 09:00:00", None),
        ('"2026-03-02T09:00"', None),
        ("2026-03-02T09:00+02:00", timedelta(hours=2)),
        ("2026-03-02T09:00:00-05:30", -timedelta(hours=5, minutes=30)),
        ("2026-03-02T09:00Z", timedelta(0)),
    ],
)
def test_times_keep_their_clock_and_offset(written: str, offset: timedelta | None) -> None:
    consultation = parse_consultation(changed("2026-03-02T09:00", written), name="x")
    assert consultation.opens_at.replace(tzinfo=None) == datetime(2026, 3, 2, 9, 0)
    assert consultation.opens_at.utcoffset() == offset
    again = parse_consultation(write_consultation(consultation), name="x")
    assert again.opens_at.utcoffset() == offset
    assert again == consultation


# Files


def test_a_file_is_read(tmp_path: Path) -> None:
    assert read_consultation(write_example(tmp_path)) == example()


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "plan.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + example_text().replace("\n", "\r\n").encode())
    assert read_consultation(path) == example()


@pytest.mark.parametrize(
    ("content", "line", "message"),
    [
        ("title: x\n".encode("utf-16"), None, "UTF-16"),
        ("title: x\n".encode("utf-16-le"), None, "UTF-16"),
        (b"slug: a\ntitle: \x93Parks\x94\n", 2, "0x93"),
        (b"\xef\xbb\xbfslug: a\ntitle: caf\xe9\n", 2, "Windows-1252"),
        (b"title: a\x00b\n", 1, "control character"),
    ],
)
def test_other_encodings_are_explained(
    tmp_path: Path, content: bytes, line: int | None, message: str
) -> None:
    path = tmp_path / "plan.yaml"
    path.write_bytes(content)
    with pytest.raises(ConsultationFileError) as caught:
        read_consultation(path)
    (problem,) = caught.value.problems
    assert problem.line == line
    assert message in problem.message
    assert problem.mend


def test_missing_files_folders_and_huge_files_are_explained(tmp_path: Path) -> None:
    huge = tmp_path / "huge.yaml"
    with huge.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    for path, message in (
        (tmp_path / "none.yaml", "no such file"),
        (tmp_path, "folder"),
        (huge, "larger than 20 MB"),
        (tmp_path / "bad\0name.yaml", "cannot be opened"),
    ):
        with pytest.raises(ConsultationFileError, match=message) as caught:
            read_consultation(path)
        (problem,) = caught.value.problems
        assert problem.line is None
        assert problem.mend
    assert "larger" in one_problem("#" * (MAX_BYTES + 1)).message


# Translations


def split_example(folder: Path, named: str = "translations/ur.yaml") -> Path:
    """Write the example with its Urdu in a file of its own."""
    head, inline = example_text().split("  ur:\n")
    (folder / "translations").mkdir(exist_ok=True)
    flat = "\n".join(line[4:] for line in inline.split("\n"))
    (folder / "translations" / "ur.yaml").write_text(flat, encoding="utf-8")
    path = folder / "plan.yaml"
    path.write_text(f"{head}  ur: {named}\n", encoding="utf-8")
    return path


def test_translations_may_stand_in_a_file(tmp_path: Path) -> None:
    assert read_consultation(split_example(tmp_path)) == example()


def test_problems_in_a_translation_file_name_that_file(tmp_path: Path) -> None:
    path = split_example(tmp_path)
    with (tmp_path / "translations" / "ur.yaml").open("a", encoding="utf-8") as file:
        file.write("questions.vision_whi.label: x\ncontact.phone_hours: ''\ncontact.large_print:\n")
    with pytest.raises(ConsultationFileError) as caught:
        read_consultation(path)
    # The group of the field with nothing in it is not checked against the texts yet.
    assert [(p.file, p.line) for p in caught.value.problems] == [
        ("translations/ur.yaml", 44),
        ("translations/ur.yaml", 45),
    ]
    path = split_example(tmp_path)
    with (tmp_path / "translations" / "ur.yaml").open("a", encoding="utf-8") as file:
        file.write("questions.vision_whi.label: x\nzzz: y\n")
    with pytest.raises(ConsultationFileError) as caught:
        read_consultation(path)
    first, second = caught.value.problems
    assert str(first) == (
        "translations/ur.yaml, line 43: translations.ur.questions.vision_whi.label: "
        'The consultation has no such text. Did you mean "questions.vision_why.label"?'
    )
    assert second.line == 44
    assert "questions.KEY.label" in second.mend


@pytest.mark.parametrize(
    ("named", "message", "mend"),
    [
        ("../ur.yaml", "folder", "translations/ur.yaml"),
        ("translations/../../ur.yaml", "folder", "forward slashes"),
        ("/etc/ur.yaml", "folder", "Put the file there"),
        ("translations\\ur.yaml", "folder", "forward slashes"),
        ("C:/ur.yaml", "folder", "Put the file there"),
        ("ur.txt", "not the name of a YAML file", ".yaml"),
        ("none.yaml", "no such file", "Check its name"),
        ("folder.yaml", "folder", "inside it"),
        ("link.yaml", "folder", "Put the file there"),
        ("list.yaml", "a list, not translations", "title: ..."),
        ("broken.yaml", "never closed", "Close it"),
        ("latin.yaml", "0xE9", "UTF-8"),
        ("blank.yaml", "empty", "Write"),
    ],
)
def test_unusable_translation_files_are_explained(
    tmp_path: Path, named: str, message: str, mend: str
) -> None:
    (tmp_path / "ur.yaml").write_text("title: x\n", encoding="utf-8")
    folder = tmp_path / "inside"
    folder.mkdir()
    (folder / "folder.yaml").mkdir()
    (folder / "link.yaml").symlink_to(tmp_path / "ur.yaml")
    (folder / "list.yaml").write_text("- a\n", encoding="utf-8")
    (folder / "broken.yaml").write_text("title: 'a\n", encoding="utf-8")
    (folder / "latin.yaml").write_bytes(b"title: caf\xe9\n")
    (folder / "blank.yaml").write_text("", encoding="utf-8")
    with pytest.raises(ConsultationFileError) as caught:
        read_consultation(split_example(folder, named))
    (problem,) = caught.value.problems
    assert message in problem.message
    assert mend in problem.mend


def test_translation_files_need_a_folder() -> None:
    head = example_text().split("  ur:\n")[0]
    problem = one_problem(f"{head}  ur: ur.yaml\n")
    assert problem.path == "translations.ur"
    assert problem.line == line_of(f"{head}  ur: ur.yaml\n", "ur: ur.yaml")
    assert "only one file" in problem.message


def test_inline_translations_are_checked() -> None:
    text = changed("    questions.vision_why.label: کیوں؟", "    questions.vision_why.lable: کیوں؟")
    problem = one_problem(text)
    assert problem.line == line_of(text, "questions.vision_why.lable")
    assert problem.mend == 'Did you mean "questions.vision_why.label"?'
    text = changed("    questions.vision_why.label: کیوں؟", '    questions.vision_why.label: " "')
    problem = one_problem(text)
    assert problem.line == line_of(text, "questions.vision_why.label")
    assert "empty" in problem.message
    head = example_text().split("translations:\n")[0]
    assert "name of a file" in one_problem(f"{head}translations:\n  ur:\n").mend
    assert "group of translations" in one_problem(f"{head}translations: ur.yaml\n").message


# Writing


def test_written_yaml_is_readable_and_stable() -> None:
    written = write_consultation(example())
    assert parse_consultation(written, name="x") == example()
    assert write_consultation(parse_consultation(written, name="x")) == written
    assert written.startswith(
        "format: consult/1\nslug: riverton-parks\nlanguages: [en, ur]\nillustration: true\n"
        "title: Parks for Riverton\nasked_by: Riverton Council (made up)\nintroduction: |-\n"
        "  We are writing a plan for our parks.\n\n  Tell us what you think of it.\n"
    )
    assert (
        "    show_if:\n      - question: vision_agree\n"
        "        any_of: [disagree, strongly_disagree]\n"
    ) in written
    assert "opens_at: 2026-03-02T09:00\n" in written
    assert "    minimum: 0\n" in written
    assert '      "45+": 4800\n' in written
    assert "    title: ریورٹن کے پارک\n" in written
    assert "version:" not in written


TRICKY = [
    "no",
    "null",
    "~",
    "1e3",
    "2026-01-01",
    "0x1F",
    "# not a comment",
    "a # b",
    "a: b",
    "ends with:",
    "- dash",
    "*bold*",
    "&x",
    "!important",
    "@home",
    "%",
    "| pipe",
    "> more",
    "[a, b]",
    "{a}",
    "? ask",
    "'single'",
    '"double"',
    "it's",
    "back\\slash",
    "---",
    "...",
    "a\n---\nb",
    "a\n...\nb",
    "# a\n# b",
    "a  \nb",
    "a\n  \n  b\n\n\nc",
    "a\n\tb",
    "a\tb",
    "a\r\nb",
    "a\rb",
    "a\x85b",
    "a\u2028b\u2029c",
    "a\ufeffb",
    "😀 👩‍👩‍👧",
    "اردو\u200f (مثال)\nدوسری سطر",
    "<<",
    "=",
    "a" * 19_000,
    "word " * 300 + "end",
    "a\n\u00a0b",
    "a\u00a0",
    "2026-01-01 12:00:00Z",
]


@pytest.mark.parametrize("text", TRICKY)
def test_tricky_texts_come_back_whole(text: str) -> None:
    first = example()
    section = first.sections[0].model_copy(update={"title": text, "full": text})
    contact = first.contact.model_copy(update={"phone_hours": text})
    reference = first.reference_population[1].model_copy(update={"counts": {text: 0}})
    residents = {"question": "wishes", "any_of": ["benches"]}
    data = first.model_dump() | {
        "sections": [section.model_dump()],
        "contact": contact.model_dump(),
        "reference_population": [reference.model_dump()],
        "residents": residents,
        "translations": {"ur": {"title": text}},
    }
    consultation = Consultation.model_validate(data)
    written = write_consultation(consultation)
    assert parse_consultation(written, name="x") == consultation
    assert parse_consultation(written.replace("\n", "\r\n"), name="x") == consultation


def test_odd_offsets_are_written_as_utc() -> None:
    odd = timezone(timedelta(hours=1, seconds=15))
    data = example().model_dump() | {"opens_at": datetime(2026, 3, 2, 9, 0, 15, tzinfo=odd)}
    written = write_consultation(Consultation.model_validate(data))
    assert "opens_at: 2026-03-02T08:00+00:00\n" in written
    assert parse_consultation(written, name="x").opens_at == datetime(2026, 3, 2, 8, tzinfo=UTC)


_PRINTABLE = st.characters(
    codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"
)
TEXTS = st.text(
    st.one_of(_PRINTABLE, st.sampled_from("\n\r\t\x85\u2028\ufeff :#-'\"\\|>&*!%@`[]{},?~0e")),
    min_size=1,
    max_size=60,
).filter(lambda text: text.strip())
LOCAL_TIMES = st.datetimes(datetime(2026, 1, 1), datetime(2026, 2, 28))
OFFSETS = st.one_of(
    st.none(), st.integers(-720, 720).map(lambda minutes: timezone(timedelta(minutes=minutes)))
)


@settings(max_examples=30, deadline=None)
@given(
    texts=st.lists(TEXTS, min_size=4, max_size=4),
    counts=st.dictionaries(TEXTS, st.integers(0, 10**12), min_size=1, max_size=4),
    opens_at=LOCAL_TIMES,
    offset=OFFSETS,
    minimum=st.one_of(st.none(), st.integers(-(10**30), 60)),
    flags=st.tuples(st.booleans(), st.booleans()),
)
def test_every_consultation_comes_back_whole(
    texts: list[str],
    counts: dict[str, int],
    opens_at: datetime,
    offset: timezone | None,
    minimum: int | None,
    flags: tuple[bool, bool],
) -> None:
    data: dict[str, Any] = example().model_dump()
    data["title"], data["introduction"], data["sections"][0]["full"] = texts[:3]
    data["translations"]["ur"]["title"] = texts[3]
    data["reference_population"][0]["counts"] = counts
    data["reference_population"][0]["area"] = None
    data["questions"][0]["options"][0]["category"] = texts[0]
    data["questions"][4]["minimum"] = minimum
    data["questions"][0]["required"], data["paused"] = flags
    data["opens_at"] = opens_at.replace(tzinfo=offset)
    try:
        consultation = Consultation.model_validate(data)
    except ValidationError:
        assume(False)  # Rust strips more signs as white space than Python does.
    written = write_consultation(consultation)
    assert parse_consultation(written, name="x") == consultation
    assert write_consultation(parse_consultation(written, name="x")) == written


@settings(max_examples=150, deadline=None)
@given(
    text=st.text(
        st.one_of(st.characters(), st.sampled_from("\n\n  \t:#-'\"\\|>&*!%@`[]{},?~a0")),
        max_size=60,
    )
)
def test_any_text_is_refused_with_words_not_with_a_crash(text: str) -> None:
    with pytest.raises(ConsultationFileError) as caught:
        parse_consultation(text, name="x")
    assert caught.value.problems
    assert str(caught.value).encode()


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_a_damaged_file_never_crashes(data: st.DataObject) -> None:
    lines = example_text().split("\n")
    at = data.draw(st.integers(0, len(lines) - 1))
    sign = data.draw(
        st.sampled_from([": ", "- ", "[", "{", "'", "\t", "  ", "&", "*a", "!", "~", "|"])
    )
    lines[at] = data.draw(
        st.sampled_from(
            [sign + lines[at], lines[at] + sign, re.sub(r": .*", f": {sign}", lines[at])]
        )
    )
    problems: tuple[Problem, ...] = ()
    try:
        parse_consultation("\n".join(lines), name="x")
    except ConsultationFileError as error:
        problems = error.problems
    assert all(problem.line is not None for problem in problems)


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "plan.yaml"
    write_consultation_file(example(), path)
    assert read_consultation(path) == example()
    assert b"\r" not in path.read_bytes()
    path.chmod(0o640)
    write_consultation_file(example(), path)
    if sys.platform != "win32":
        assert path.stat().st_mode & 0o777 == 0o640
    assert list(tmp_path.iterdir()) == [path]


def test_a_failed_write_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "plan.yaml"
    path.write_text("old", encoding="utf-8")

    def fail(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OSError, match="disk full"):
        write_consultation_file(example(), path)
    assert path.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


# The model's own rules that files depend on


def test_the_model_refuses_control_characters_wherever_they_are() -> None:
    data = example().model_dump()
    data["translations"]["ur"]["title"] = "a\x00b"
    with pytest.raises(ValidationError, match=r"U\+0000"):
        Consultation.model_validate(data)


def test_every_pydantic_error_that_has_words_is_one_that_pydantic_knows() -> None:
    assert set(_WORDS) <= set(get_args(ErrorType))


# The manual


def _models() -> list[type[BaseModel]]:
    return [
        value
        for value in vars(model).values()
        if isinstance(value, type) and issubclass(value, Strict) and value is not Strict
    ]


MANUAL = Path(__file__).parents[2] / "docs" / "consultation-files.md"


@pytest.mark.parametrize("part", _models(), ids=lambda part: part.__name__)
def test_every_field_is_in_the_manual(part: type[BaseModel]) -> None:
    manual = MANUAL.read_text(encoding="utf-8")
    section = next(
        (s for s in re.split(r"^## ", manual, flags=re.M) if f"<!-- {part.__name__} -->" in s), None
    )
    assert section is not None, f"no section is marked <!-- {part.__name__} -->"
    for name in part.model_fields:
        assert f"`{name}`" in section, f"{part.__name__}.{name}"


def test_every_choice_is_in_the_manual() -> None:
    manual = MANUAL.read_text(encoding="utf-8")
    for enum in (model.QuestionKind, model.Part, model.Sensitivity, model.DeletionMode):
        for member in enum:
            assert f"`{member.value}`" in manual


def test_the_worked_example_of_the_manual_is_valid() -> None:
    manual = MANUAL.read_text(encoding="utf-8")
    block = re.search(r"```yaml\n(format: .*?)```", manual, flags=re.S)
    assert block is not None
    consultation = parse_consultation(block.group(1), name="manual.yaml")
    assert consultation.slug == "library-hours"
    assert len(consultation.questions) == 3
