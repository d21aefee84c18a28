"""The summary as an officer reads it."""

import math
from dataclasses import replace

import pytest

from analysis.themes.model import Quote
from analysis.themes.summary import summarise
from tests.unit.analysis.theme_answers import run, statements

SIX = statements(72)
RARE = [f"چھت سے پانی {when} ٹپکتا ہے" for when in ("اب", "ہر وقت", "رات کو", "کل سے")]


@pytest.fixture(scope="module")
def mixed():
    """Six themes in English, one in Urdu, a letter, and what says nothing."""
    return run(
        [*SIX, *RARE, *[SIX[0]] * 24, "n/a", "", "yes", "Zoo", "Zoo", "Library"],
        themes=7,
        languages=[*["en"] * 72, *["ur"] * 4, *["en"] * 30],
        age_group=[*["16 to 24"] * 36, *["65+"] * 40, *["65+"] * 24, *[""] * 6],
    )


@pytest.fixture(scope="module")
def shown(mixed):
    return summarise(mixed).splitlines()


def section(lines, heading):
    start = lines.index(heading) + 1
    end = next((at for at in range(start, len(lines)) if lines[at].startswith("## ")), len(lines))
    return lines[start:end]


def test_it_opens_with_who_answered_and_what_could_not_be_used(shown):
    assert shown[0] == "# Themes"
    assert shown[2].startswith("**Internal.**")
    assert shown[4:11] == [
        "- 106 answers from 106 respondents; 103 of them wrote something with content.",
        '- Blank or saying nothing ("n/a", "no comment"): 2 answers.',
        '- Agreeing, thanking and the like ("yes", "ok") without a topic: 1 answer.',
        "- Languages: English 99, Urdu 4.",
        "- 7 themes.",
        "- With content but in no theme: 3 respondents.",
        "",
    ]


def test_the_table_has_whole_percentages_and_letters_once(shown):
    table = section(shown, "## Overview")
    assert table[1] == (
        "| theme | respondents | share | 95 % interval | firmness | each letter counted once |"
    )
    # 36 of 103 are 34.95 %, Wilson 26.4 to 44.5; 25 copies of one sentence make 24 voices fewer.
    assert table[3].startswith("| ")
    assert "| 36 | 35 % | 26 % to 45 % | " in table[3]
    assert table[3].endswith(" | 12 (15 %) |")  # 12 of 79
    assert sum(line.startswith("| ") for line in table) == 8
    assert table[-2].startswith("Shares are of the 103 respondents with content.")
    assert "loose below 0.5" in table[-2]


def test_a_theme_shows_words_quotes_and_whom_it_comes_from(shown, mixed):
    buses = next(line for line in shown if line.startswith("## ") and "buses" in line)
    lines = section(shown, buses)
    assert lines[1] == f"`{mixed.themes[0].id}`"
    assert lines[3] == "- 36 respondents: English 36."
    assert lines[4].startswith("- English: ")
    quotes = [line for line in lines if line.startswith("> ")]
    assert 3 <= len(quotes) <= 5
    assert all(line.startswith("> “The buses ") for line in quotes)
    assert any("” (en, " in line for line in quotes)


def test_a_theme_carried_by_one_language_or_group_is_said_to_be(shown, mixed):
    urdu = next(theme for theme in mixed.themes if theme.count.languages == {"ur": 4})
    lines = section(shown, f"## {urdu.words.label}")
    assert "- Carried by answers in Urdu." in lines
    # 65+ are most of all people: that they are most of a theme says nothing.
    assert not any("65+" in line for line in lines)
    carried = run(SIX, themes=6, ward=["Aston" if "damp" in text else "Lozells" for text in SIX])
    text = summarise(carried)
    assert text.count("Carried by") == 1
    assert "- Carried by ward Aston: 12 of 12 for whom it is known." in text


def test_differences_are_told_with_numbers(shown):
    lines = section(shown, "## Who raises what")
    # Buses: 6 of 36 against 30 of 64; by hand -30 points, Newcombe about -45 to -11.
    assert "age group 65+ more often, 30 of 64 (47 %) against 6 of 36 (17 %, +11 to +45" in lines[2]
    assert lines[-2] == (
        "14 comparisons of a group with everybody else whose group is known: 2 clear, 12 without "
        "a clear difference, 0 with fewer than ten people on a side, which is too few to tell."
    )


def test_no_difference_is_not_taken_for_none():
    text = summarise(run(SIX, themes=2, ward=["Aston"] * 4 + [""] * 40 + ["Lozells"] * 28))
    assert "none clear, 0 without a clear difference, 4 with fewer than ten people" in text
    assert "## Who raises what" not in summarise(run(SIX, themes=2))


def test_single_words_in_no_theme_are_listed(shown):
    assert section(shown, "## Single words in no theme") == ["", "“Zoo” (2), “Library” (1)", ""]


def test_it_ends_with_how_sure_it_is(shown):
    lines = section(shown, "## How sure this is")
    assert lines[1] == "- Texts compared by: words, for a test."
    assert lines[2] == "- English, Urdu: Compares words."
    assert any(line.startswith("- 25 respondents sent a copy of 1 letter.") for line in lines)
    assert any("people who did not answer" in line for line in lines)
    assert lines[-1] == "- Run: seed 0, words/1, numpy."


def test_one_language_needs_no_names():
    text = summarise(run(SIX, themes=6))
    assert "\n- 12 respondents.\n- Keywords: " in text
    assert "Carried" not in text
    assert "each letter" not in text


@pytest.mark.parametrize(
    ("stability", "word"),
    [
        (1.0, "firm (1.00)"),
        (0.75, "firm (0.75)"),
        (0.7499, "fairly firm (0.74)"),
        (0.5, "fairly firm (0.50)"),
        (0.499, "loose (0.49)"),
        (0.29, "loose (0.29)"),  # 28.999... in floating point
        (math.nan, "–"),
    ],
)
def test_firmness_and_its_number_agree(stability, word):
    two = run(SIX, themes=2)
    changed = replace(two, themes=tuple(replace(one, stability=stability) for one in two.themes))
    assert summarise(changed).count(f"| {word} |") == 2


def test_one_theme_has_no_firmness_to_measure():
    text = summarise(run(["There are too few buses"] * 3))
    assert "| 3 | 100 % | 44 % to 100 % | – |" in text
    assert "**Provisional:** 1 different statement to go by." in text
    assert "Firmness" not in text


def test_shares_of_many_people_have_a_decimal():
    text = summarise(run(["There are too few buses"] * 4 + ["Our flat is damp"] * 1200, themes=2))
    # Wilson, 1200 of 1204: 0.9915 to 0.9987.
    assert "| 1,200 | 99.7 % | 99.1 % to 99.9 % | – |" in text
    assert "| 4 | 0.3 % | 0.1 % to 0.9 % | – |" in text


def test_a_small_share_is_not_none():
    text = summarise(run([*["There are too few buses"] * 996, *["Our flat is damp"] * 2], themes=2))
    assert "| 2 | under 1 % | under 1 % to 1 % |" in text


def test_no_content_means_no_shares():
    text = summarise(run(["n/a", "", "-"]))
    assert "- 3 answers from 3 respondents; 0 of them wrote something with content." in text
    assert "No answer has content: there are no themes and no shares." in text
    assert "%" not in text
    assert "Languages" not in text


def test_few_statements_are_listed_with_their_numbers():
    text = summarise(
        run(
            ["Our flat is damp", "Parking", "parking!", "Call me on 07700 900123 please", "Parking"]
        )
    )
    assert "Too few different statements to tell themes." in text
    assert "\n- “Parking” (3)\n" in text
    assert "\n- “Our flat is damp” (1)\n" in text
    assert "07700" not in text
    assert "Words used, English: " in text
    assert "Single words in no theme" not in text


def words(count):
    letters = "abcdefghijklmnop"
    return [f"zo{letters[at // 16]}{letters[at % 16]}{letters[at // 16]}" for at in range(count)]


def test_long_lists_end_with_how_many_are_left():
    text = summarise(run(words(205)))
    assert text.count("\n- “zo") == 200
    assert "\nAnd 5 more.\n" in text
    text = summarise(run([*SIX, *words(205)], themes=6))
    assert ", and 5 more" in text


def test_people_cannot_write_markup_into_it():
    nasty = "# Close <script>alert(1)</script> [the](/x) *pool* | now\n- or never"
    result = run(SIX, themes=2)
    quotes = (Quote("`a|b`\n# c", nasty, "en"),)
    changed = replace(
        result, themes=tuple(replace(theme, exemplars=quotes) for theme in result.themes)
    )
    assert (
        r"> “\# Close \<script\>alert(1)\</script\> \[the\](/x) \*pool\* \| now - or never” "
        r"(en, \`a\|b\` \# c)"
    ) in summarise(changed).splitlines()


def test_quotes_are_free_of_personal_data_that_can_be_found():
    result = run(SIX, themes=2)
    quote = Quote("7", "Ring me on 07700 900123 or write to a.b@example.org please", "en")
    changed = replace(
        result, themes=tuple(replace(theme, exemplars=(quote,)) for theme in result.themes)
    )
    text = summarise(changed)
    assert "07700" not in text
    assert "example.org" not in text


def test_a_theme_without_a_label_goes_by_its_id():
    result = run(SIX, themes=2)
    nameless = tuple(
        replace(theme, words=replace(theme.words, label="")) for theme in result.themes
    )
    text = summarise(replace(result, themes=nameless))
    assert f"## {nameless[0].id}\n" in text
    assert f"| {nameless[0].id} |" in text
