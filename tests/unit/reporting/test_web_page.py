"""A report as one web page that needs no other file."""

import base64
import hashlib
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask, render_template_string
from markupsafe import escape

from consult.folders import templates_folder
from consult.reports.data import Audience, Form
from consult.reports.formats import blocks, web_page
from consult.reports.paper import (
    Bullets,
    Cell,
    Column,
    Heading,
    Kind,
    Paper,
    Paragraph,
    Span,
    Table,
)
from tests.support.html import check_page
from tests.support.reports import sample_paper

PLANTED = "<script>alert(1)</script>"


def page(paper: Paper) -> str:
    return web_page.write(paper).decode()


def of_blocks(*found: Heading | Paragraph | Bullets | Table) -> str:
    paper = sample_paper()
    return page(replace(paper, parts=(replace(paper.parts[0], blocks=found),)))


@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("ur", "rtl"), ("bn", "ltr")])
def test_it_says_its_language_and_is_well_formed(language: str, direction: str) -> None:
    html = page(sample_paper(language))
    assert f'<html lang="{language}" dir="{direction}">' in html
    check_page(without_looks(html))


def without_looks(html: str) -> str:
    """The page as the check wants pages of the site; the looks within are tested apart."""
    return re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL)


def test_everything_of_the_paper_is_on_it() -> None:
    paper = sample_paper("ur")
    html = page(paper)
    for words in (
        "Creating a Bolder, Healthier City",
        "An illustration",
        "140 لوگوں نے جواب دیا۔",
        "fewer than 10",
        "Rounded to 5.",
        "Numbers are rounded to 5.",
        "There is no light in the street at night.",
        "رات کو سڑک پر روشنی نہیں ہوتی۔",
    ):
        assert words in html
    assert html.count("<svg") == 2
    assert html.count("<table") == 2, "a table beside each chart"


def test_it_asks_for_nothing_and_runs_nothing() -> None:
    html = page(sample_paper())
    style = html.partition("<style>")[2].partition("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', html)
    assert policy is not None
    assert str(escape(f"default-src 'none'; style-src 'sha256-{digest}'")) in policy[1]
    assert html.count("<style") == 1
    assert "<script" not in html
    assert not re.search(r"\b(?:src|srcset)=|@import|url\(|<link", html)
    assert not re.search(r'<(?!svg\b|/)[^>]*\sstyle="', html)


def test_words_are_words() -> None:
    html = of_blocks(
        Heading((Span(PLANTED),)),
        Paragraph((Span(PLANTED, "ur", strong=True),)),
        Bullets(((Span(PLANTED),),)),
        Table("t", PLANTED, (Column("a", PLANTED),), ((Cell(PLANTED),),), (PLANTED,)),
    )
    assert "<script" not in html
    assert html.count("&lt;script&gt;alert(1)&lt;/script&gt;") == 7


def test_words_in_another_language_say_so() -> None:
    html = page(sample_paper("ur"))
    assert '<strong><span lang="en" dir="ltr">Lozells</span></strong>' in html
    assert '<span lang="en" dir="ltr">Christian</span>' in html
    assert '<p class="govuk-body consult-words" lang="ur" dir="rtl">رات' in html


def test_a_table_that_is_not_printed_can_be_opened() -> None:
    html = page(sample_paper())
    before, found, after = html.partition('<details class="govuk-details">')
    assert found
    assert 'id="table-gaps-religion"' in before
    assert 'id="table-weeks"' in after.partition("</details>")[0]


def test_cells_have_headings_and_numbers_their_side() -> None:
    columns = (Column("group", "Group"), Column("n", "Responses", Kind.COUNT))
    html = of_blocks(Table("t", "Title", columns, ((Cell("A"), Cell("5", 5)),)))
    table = html.partition('<table class="govuk-table" id="table-t">')[2].partition("</table>")[0]
    assert 'scope="col">Group</th>' in table
    assert 'govuk-table__header--numeric" scope="col">Responses</th>' in table
    assert 'scope="row">A</th>' in table
    assert 'govuk-table__cell--numeric">5</td>' in table


def test_columns_for_those_who_calculate_are_left_out() -> None:
    columns = (Column("group", "Group"), Column("low", "From", Kind.SHARE, printed=False))
    html = of_blocks(Table("t", "Title", columns, ((Cell("A"), Cell("8%", 0.08)),)))
    assert "Group</th>" in html
    assert "From" not in html
    assert "8%</td>" not in html


def test_links_within_a_report_find_their_heading() -> None:
    html = of_blocks(Heading((Span("Safe streets"),), 4, anchor="theme-1"))
    assert re.search(r'<h4 class="govuk-heading-s" id="theme-1">Safe streets</h4>', html)


def test_only_a_full_report_has_contents() -> None:
    paper = sample_paper()
    assert '<a href="#part-answered">Who answered</a>' in page(paper)
    for form in (Form.ONE_PAGE, Form.EASY_READ):
        assert 'href="#part-answered"' not in page(replace(paper, form=form))


def test_an_internal_report_is_not_for_search_engines() -> None:
    paper = sample_paper()
    assert 'content="noindex"' not in page(paper)
    assert 'content="noindex"' in page(replace(paper, audience=Audience.INTERNAL))


def test_the_same_report_gives_the_same_bytes_whatever_its_date() -> None:
    paper = sample_paper()
    later = replace(paper, made_at=paper.made_at + timedelta(days=1))
    assert web_page.write(paper) == web_page.write(later), "the date is in words of the paper"


def test_a_site_draws_the_same_parts() -> None:
    app = Flask("site", template_folder=str(templates_folder()))
    app.jinja_env.globals.update(blocks.GLOBALS)
    template = (
        '{% from "reports/blocks.html" import part %}'
        "{% for each in paper.parts %}{{ part(each, shift=1) }}{% endfor %}"
    )
    with app.app_context():
        html = render_template_string(template, paper=sample_paper())
    assert '<h3 class="govuk-heading-l" id="part-answered-title">Who answered</h3>' in html
    assert '<h4 class="govuk-heading-m">Who answered</h4>' in html
