"""The benchmarks read forms, fill them in and summarise times as they say."""

import random

import pytest

from benchmarks.figures import Spread, percentile
from benchmarks.outcome import Table
from benchmarks.pages import Field, Form, fill_in, read_page

PAGE = """<html><head>
<link rel="stylesheet" href="/a.css"><link rel="alternate" href="/b">
<script src="/a.js"></script>
</head><body>
<a href="/ur/x/" hreflang="ur">اردو</a>
<form method="get" action="/search"><input name="q"></form>
<main>
<form method="post" action="/question/one">
<input type="hidden" name="csrf_token" value="abc">
<input type="hidden" name="version" value="3">
<input type="radio" name="answer" value="yes"><input type="radio" name="answer" value="no">
<input type="checkbox" name="needs" value="bus">
<input type="checkbox" name="needs" value="none" data-exclusive>
<input id="not-sent" type="text">
<input name="website" type="text" tabindex="-1">
<select name="rank-a"><option value="">-</option><option value="1">1</option></select>
<textarea name="words">
</textarea>
<button name="skip" value="1">Skip</button>
</form>
<strong data-code>1234 5678</strong> 9
</main></body></html>"""


def test_a_page_gives_its_main_form_links_resources_and_code():
    page = read_page(PAGE)
    form = page.main_form()
    assert (form.action, form.method) == ("/question/one", "post")
    assert [f.name for f in form.fields] == [
        "csrf_token",
        "version",
        "answer",
        "needs",
        "website",
        "rank-a",
        "words",
    ]
    assert form.value("version") == "3"
    assert form.fields[2].values == ["yes", "no"]
    assert form.fields[3].exclusive == {"none"}
    assert form.fields[5].values == ["", "1"]
    assert [(link.href, link.hreflang) for link in page.links] == [("/ur/x/", "ur")]
    assert page.resources == ["/a.css", "/a.js"]
    assert page.code == "1234 5678"


def test_a_page_without_a_form_says_so():
    with pytest.raises(LookupError, match="no form"):
        read_page("<main><form action='/search'></form></main>").main_form()


@pytest.mark.parametrize("seed", range(20))
def test_choices_are_made_hidden_fields_kept_and_buttons_left(seed):
    sent = fill_in(read_page(PAGE).main_form(), random.Random(seed))
    given = dict(sent)
    assert given["csrf_token"] == "abc"
    assert given["version"] == "3"
    assert given["answer"] in {"yes", "no"}
    assert [value for name, value in sent if name == "needs"] in (["bus"], ["none"])
    assert given["rank-a"] == "1"
    assert given["website"] == given["words"] == ""
    assert "skip" not in given


def test_words_and_figures_go_where_there_is_nothing_to_choose_from():
    trap = Field("website", "text", [""], shown=False)
    fields = [Field("words", "textarea"), Field("days", "text", [""], numeric=True), trap]
    given = dict(fill_in(Form("/x", "post", True, fields), random.Random(1)))
    assert len(given["words"]) > 100
    assert given["days"].isdigit()
    assert given["website"] == ""


def test_each_place_of_a_ranking_is_given_once():
    fields = [Field(f"rank-{key}", "select", ["", "1", "2", "3"]) for key in "abcde"]
    given = dict(fill_in(Form("/x", "post", True, fields), random.Random(1)))
    assert sorted(given.values()) == ["", "", "1", "2", "3"]


@pytest.mark.parametrize(
    ("values", "percent", "expected"),
    [
        ([15, 20, 35, 40, 50], 5, 15),  # the nearest-rank example of textbooks
        ([15, 20, 35, 40, 50], 30, 20),
        ([50, 15, 40, 20, 35], 40, 20),
        ([15, 20, 35, 40, 50], 50, 35),
        ([15, 20, 35, 40, 50], 100, 50),
        ([7], 99, 7),
    ],
)
def test_percentile_is_the_nearest_rank(values, percent, expected):
    assert percentile(values, percent) == expected


@pytest.mark.parametrize(("values", "percent"), [([], 50), ([1], 0), ([1], 100.1)])
def test_percentile_refuses_what_has_none(values, percent):
    with pytest.raises(ValueError, match=r"no values|not above 0"):
        percentile(values, percent)


def test_a_spread_is_in_milliseconds():
    assert Spread.of([0.003, 0.001, 0.002]) == Spread(3, 2.0, 3.0, 3.0, 3.0)


def test_a_table_sets_numbers_on_the_right():
    table = Table("Times", ("page", "ms"), [("start", 1234.56), ("check", None)])
    assert str(table) == "Times\n\npage        ms\n-----  -------\nstart  1,234.6\ncheck        –"
