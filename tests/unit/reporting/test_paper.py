"""A report in words: in all languages and forms, whole and the same each time."""

import re

import pytest

from consult.languages import LANGUAGES
from consult.reports.charts.kinds import Shares, Times
from consult.reports.data import Audience, Form, OwnParagraph, ReportData
from consult.reports.paper import Figure, Heading, Notice, Paragraph, Table, plain
from tests.support.papers import app, lines, part, rows, spans, strings, table, written
from tests.support.reports import sample_data

__all__ = ["app"]

pytestmark = pytest.mark.usefixtures("app")
SIGNS = re.compile("%\\(|[\u2066-\u2069\ue000-\uf8ff]")
"""Of a placeholder that was not filled, of isolates, of places of names."""


def changed(data: ReportData, **layout: object) -> ReportData:
    return data.model_copy(update={"layout": data.layout.model_copy(update=layout)})


@pytest.mark.parametrize("form", Form)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_paper_is_whole_in_every_language_and_form(language, form):
    paper = written(sample_data(), language, form)
    assert (paper.language, paper.direction) == (language, LANGUAGES[language].direction)
    assert (paper.form, paper.number) == (form, 2)
    faulty = [text for text in strings(paper) if SIGNS.search(text) or text != text.strip("\n")]
    assert faulty == []
    assert all(plain(block.text) for each in paper.parts for block in each.blocks
               if isinstance(block, Heading | Paragraph | Notice))  # fmt: skip


@pytest.mark.parametrize("form", Form)
@pytest.mark.parametrize("audience", Audience)
def test_every_chart_has_its_table_and_keys_are_unique(form, audience):
    paper = written(sample_data().model_copy(update={"audience": audience}), form=form)
    tables = [each.key for each in paper.tables()]
    figures = [each.key for each in paper.figures()]
    assert len(tables) == len(set(tables))
    assert len(figures) == len(set(figures))
    assert {each.table for each in paper.figures()} <= set(tables)
    anchors = [
        block.anchor
        for each in paper.parts
        for block in each.blocks
        if isinstance(block, Heading) and block.anchor
    ]
    assert len(anchors) == len(set(anchors))


@pytest.mark.parametrize("form", Form)
def test_no_heading_skips_a_level(form):
    for each in written(sample_data(), form=form).parts:
        level = 2
        for block in each.blocks:
            if isinstance(block, Heading):
                assert block.level <= level + 1
                level = block.level


def test_the_same_figures_make_the_same_paper():
    assert written(sample_data(), "ur") == written(sample_data(), "ur")


def test_sections_stand_in_the_officers_order_and_unknown_ones_are_passed_over():
    data = changed(sample_data(), sections=("themes", "poem", "summary", "themes"), own=())
    assert [each.key for each in written(data).parts] == ["themes", "summary"]


def test_own_paragraphs_stand_after_their_section_and_keep_their_language():
    data = changed(
        sample_data(),
        sections=("summary", "method"),
        own=(
            OwnParagraph(
                id="a", after="start", title={}, text={"en": "Read this first.", "ur": "پہلے یہ۔"}
            ),
            OwnParagraph(
                id="b", after="summary", title={"en": "Thanks"}, text={"en": "One.\n\nTwo."}
            ),
        ),
    )
    paper = written(data, "ur")
    assert [each.key for each in paper.parts] == ["start", "summary", "method"]
    assert lines(paper.parts[0])[1:] == ["پہلے یہ۔"]
    assert lines(paper.parts[1])[-3:] == ["Thanks", "One.", "Two."]
    last = paper.parts[1].blocks[-1]
    assert isinstance(last, Paragraph)
    assert last.text[0].language == "en"


def test_texts_in_another_language_are_marked_with_it():
    by_text = {span.text: span.language for span in spans(written(sample_data(), "ur"))}
    assert by_text["ایک صحت مند شہر"] is None
    assert by_text["Christian"] == "en"
    assert by_text["A morning at the mosque in Lozells"] == "en"
    chart = next(written(sample_data(), "ur").figures())
    assert isinstance(chart.chart, Times)
    assert chart.chart.direction == "rtl"
    (gap,) = (
        each.chart for each in written(sample_data(), "ur").figures() if each.key == "gaps-religion"
    )
    assert isinstance(gap, Shares)
    assert [(mark.label, mark.label_language) for mark in gap.marks[:2]] == [
        ("مسلمان", None),
        ("Christian", "en"),
    ]


def test_an_illustration_says_so_before_all_else_in_every_form():
    for form in Form:
        first = written(sample_data(), form=form).parts[0].blocks[0]
        assert isinstance(first, Notice)
        assert plain(first.text).startswith("This is an illustration, not a real consultation.")
    consultation = sample_data().consultation.model_copy(update={"illustration": False})
    real = sample_data().model_copy(update={"consultation": consultation})
    assert not any(
        isinstance(block, Notice) for each in written(real).parts for block in each.blocks
    )


def test_public_and_internal_papers_say_what_they_are():
    public = written(sample_data())
    rule = (
        "This version is public. Numbers of people below 10 are not shown, and others are rounded "
        "to the nearest 5."
    )
    assert plain(public.about[-1]) == rule
    assert rule in public.notes
    easy = written(sample_data(), form=Form.EASY_READ)
    assert plain(easy.about[-1]) == "Public version"
    for form in Form:
        internal = written(
            sample_data().model_copy(update={"audience": Audience.INTERNAL}), form=form
        )
        notice = internal.parts[0].blocks[0]
        assert isinstance(notice, Notice)
        assert plain(notice.text).endswith("Do not publish it or pass it on.")


def test_the_summary_stands_alone_in_six_sentences():
    assert lines(part(written(changed(sample_data(), own=())), "summary"))[1:] == [
        "The council asked people about “Creating a Bolder, Healthier City” from 1 September 2026 "
        "to 31 October 2026, and 140 responses count.",
        "These groups are clearly smaller among the people who answered than among residents: "
        "Muslim (Religion).",
        "The answer given most often to “Do you agree with the vision?” was “Strongly agree”: 70 "
        "of 130 people who answered it, 54% (45% to 62%). Weighted to residents its share would be "
        "48% (38% to 58%).",
        "In answer to “Why?”, people wrote most often about “Safe streets to walk and cycle”: 45 "
        "of 110 people who wrote something, 41% (32% to 50%).",
        "Not all answers in other languages are translated yet; they are counted and sorted into "
        "themes all the same.",
        "People chose for themselves whether to answer. So these are the views of those who "
        "answered, and no one can tell from them how many residents think the same.",
    ]


def test_a_paper_that_is_not_frozen_says_so():
    paper = written(sample_data().model_copy(update={"number": 0}))
    assert plain(paper.about[2]) == "Not a fixed version: the figures of 22 November 2026"


def test_one_page_holds_the_summary_the_gaps_and_the_largest_themes():
    paper = written(sample_data(), form=Form.ONE_PAGE)
    assert [each.key for each in paper.parts] == ["summary"]
    assert rows(table(paper, "missing-groups")) == [
        ["Muslim", "15", "120", "13% (8% to 20%)", "30%", "Confirmed"]
    ]
    assert rows(table(paper, "top-themes")) == [
        ["Safe streets to walk and cycle", "45", "110", "41% (32% to 50%)", "32%", "50%"],
        ["Theme 2", "20", "110", "18% (12% to 27%)", "12%", "27%"],
    ]
    assert not list(paper.figures())


def test_one_page_says_nothing_twice():
    said = lines(part(written(sample_data(), form=Form.ONE_PAGE), "summary"))
    assert [line.split()[:3] for line in said] == [
        ["This", "is", "an"],
        ["The", "council", "asked"],
        ["The", "answer", "given"],
        ["People", "chose", "for"],
    ]
    alone = changed(sample_data(), sections=("summary",), own=())
    assert any(
        line.startswith("These groups are clearly smaller")
        for line in lines(part(written(alone, form=Form.ONE_PAGE), "summary"))
    )


def test_one_page_leaves_out_what_the_officers_left_out():
    data = changed(sample_data(), sections=("summary",), own=())
    assert not list(written(data, form=Form.ONE_PAGE).tables())
    data = changed(sample_data(), sections=("themes",), own=())
    assert [each.key for each in written(data, form=Form.ONE_PAGE).tables()] == ["top-themes"]


def test_a_paper_without_any_section_still_says_that_it_is_an_illustration():
    (only,) = written(changed(sample_data(), sections=(), own=())).parts
    assert lines(only)[0].startswith("This is an illustration")


def test_easy_read_has_short_lines_and_neither_charts_nor_tables():
    paper = written(sample_data(), form=Form.EASY_READ)
    blocks = [block for each in paper.parts for block in each.blocks]
    assert not any(isinstance(block, Table | Figure) for block in blocks)
    said = [plain(block.text) for block in blocks if isinstance(block, Paragraph)]
    assert max(len(line.split()) for line in said) <= 16
    at = said.index("130 people answered this question.")
    assert said[at : at + 3] == [
        "130 people answered this question.",
        "Most of them chose:",
        "That is about 5 in 10 people.",
    ]
    at = said.index("110 people wrote something here.")
    assert said[at + 1 : at + 4] == [
        "This is what many of them wrote about:",
        "That is about 4 in 10 people.",
        "One person wrote:",
    ]
    assert not any("Theme 2" in line for line in lines(part(paper, "themes")))


@pytest.mark.parametrize(
    ("share", "sentence"),
    [
        (0.04, "That is fewer than 1 in 10 people."),
        (0.06, "That is about 1 in 10 people."),
        (0.97, "That is nearly everybody."),
    ],
)
def test_easy_read_tells_shares_in_tens(share, sentence):
    data = sample_data()
    theme = data.talk[0].themes[0]
    theme = theme.model_copy(update={"share": theme.share.model_copy(update={"value": share})})
    talk = data.talk[0].model_copy(update={"themes": (theme,)})
    paper = written(data.model_copy(update={"talk": (talk,)}), form=Form.EASY_READ)
    assert sentence in lines(part(paper, "themes"))


def test_tables_of_a_paper_without_appendix_are_kept_for_spreadsheets():
    data = changed(sample_data(), sections=("answered",), own=())
    assert table(written(data), "responses-by-week").shown is False
    data = changed(sample_data(), sections=("answered", "tables"), own=())
    appendix = part(written(data), "tables")
    assert appendix.appendix
    assert table(written(data), "responses-by-week").shown is True
    assert any(isinstance(block, Table) for block in appendix.blocks)
