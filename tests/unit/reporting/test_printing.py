"""What an officer leaves out of a public report is in none of its files."""

import json

import pytest

from consult.reports.data import SECTIONS, Audience, Form, ReportData, Signatures
from consult.reports.formats import FORMATS
from consult.services.reporting.printing import printed
from consult.telling.report import files
from tests.support.papers import app, lines, part, strings, written
from tests.support.reports import sample_data

__all__ = ["app"]

PETITION = Signatures(title="Save the lido", signatures=900)


def without(*left_out: str, audience: Audience = Audience.PUBLIC) -> ReportData:
    data = sample_data()
    kept = tuple(each for each in SECTIONS if each not in left_out)
    return data.model_copy(
        update={
            "audience": audience,
            "arrived": data.arrived.model_copy(update={"petitions": (PETITION,)}),
            "layout": data.layout.model_copy(update={"sections": kept, "own": ()}),
        }
    )


LEFT_OUT = [(), *((each,) for each in SECTIONS), SECTIONS]


@pytest.mark.parametrize("left_out", LEFT_OUT, ids=lambda keys: "-".join(keys[:2]) or "none")
def test_every_form_and_format_is_written_whatever_is_left_out(app, left_out):
    data = printed(without(*left_out))
    for name in FORMATS:
        for form in Form:
            assert files.render(data, form, "en", name)
    in_file = json.loads(files.render(data, Form.FULL, "en", "json"))
    assert ReportData.model_validate(in_file) == data


@pytest.mark.parametrize(
    ("left_out", "word"),
    [
        (("themes",), '"t-1"'),
        (("closed",), '"majority_flips"'),
        (("missing", "equality"), '"population_share"'),
        (("reached", "equality"), '"what"'),
        (("equality",), "three mosques"),
        (("left_out",), "Save the lido"),
    ],
)
def test_what_is_left_out_is_not_in_the_data_of_the_public(left_out, word):
    assert word in printed(without()).model_dump_json()
    assert word not in printed(without(*left_out)).model_dump_json()
    inside = without(*left_out, audience=Audience.INTERNAL)
    assert printed(inside) == inside


def test_nothing_is_taken_from_a_report_of_all_sections():
    assert printed(without()) == without()


def test_what_two_sections_tell_stays_while_one_of_them_is_printed():
    whole = without()
    for left_out in ("missing", "reached", "equality"):
        assert printed(without(left_out)).representation == whole.representation
    (talk,) = printed(without("themes")).talk
    assert (talk.themes, talk.answering) == ((), whole.talk[0].answering)
    assert printed(without("themes", "left_out")).talk == ()


def test_how_many_answered_stays_and_how_and_when_goes():
    arrived = printed(without("answered")).arrived
    assert arrived.responses == sample_data().arrived.responses
    assert (arrived.by_channel, arrived.by_language, arrived.by_area) == ((), (), ())
    assert (arrived.by_week, arrived.first_on, arrived.last_on) == ((), None, None)


@pytest.mark.parametrize("form", Form)
def test_what_is_left_out_is_not_said_to_be_missing(app, form):
    data = printed(without("missing", "equality", "closed", "themes", "left_out"))
    said = " ".join(strings(written(data, form=form)))
    for false in ("no figures of residents", "nothing to compare", "not weighted", "own words"):
        assert false not in said
    if form is Form.FULL:
        assert "How themes were found" not in lines(part(written(data), "method"))
