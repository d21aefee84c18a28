"""What everybody can read of a consultation's results."""

import json
import re
import sqlite3
from datetime import timedelta

import pytest

from consult.db import unit_of_work
from consult.services import consultations
from consult.services.reporting import versions
from tests.support.versions import put_version
from tests.support.visitors import NOON, SLUG, Visitor


def test_before_anything_is_published_the_address_says_so(app, visitor: Visitor) -> None:
    put_version(app, 1, published=False)
    page = visitor.get(f"/en/{SLUG}/results")
    assert page.status == 200
    assert "There are no results yet" in page.text
    assert visitor.get(f"/en/{SLUG}/results/1").status == 404
    assert visitor.client.get(f"/en/{SLUG}/results/1/full.docx").status_code == 404
    assert "/results" not in visitor.get(f"/en/{SLUG}/").html


def test_results_stand_at_an_address_that_lasts_and_earlier_ones_stay(app, visitor) -> None:
    put_version(app, 1)
    put_version(app, 2, note="Paper answers are in.")
    assert f'href="/en/{SLUG}/results"' in visitor.get(f"/en/{SLUG}/").html
    latest = visitor.get(f"/en/{SLUG}/results").text
    assert "140 responses" in latest
    assert "Paper answers are in." in latest
    assert "Version 1, published on" in latest
    assert "There are newer ones now" not in latest
    earlier = visitor.get(f"/en/{SLUG}/results/1").text
    assert "There are newer ones now" in earlier


@pytest.mark.parametrize("language", ["en", "ur", "bn"])
def test_every_file_that_the_page_offers_is_there(app, visitor, language: str) -> None:
    put_version(app, 1)
    page = visitor.get(f"/{language}/{SLUG}/results")
    links = set(re.findall(r'href="([^"]*(?:/results/1/|/schemas/)[^"]*)"', page.html))
    endings = {link.rsplit(".", 1)[1] for link in links if "/part/" not in link}
    assert sum("/part/" in link for link in links) >= 8
    assert endings == {"docx", "xlsx", "html", "csv", "json", "svg", "png"}
    for link in links:
        found = visitor.client.get(link)
        assert found.status_code == 200, link
        assert found.data, link


def test_each_part_has_a_page_that_leads_to_the_next(app, visitor) -> None:
    put_version(app, 1)
    seen, path = [], f"/en/{SLUG}/results/1/part/summary"
    while path:
        page = visitor.get(path)
        seen.append(path.rsplit("/", 1)[1])
        following = re.search(r'Next: <a class="govuk-link" href="([^"]+)"', page.html)
        path = following[1] if following else ""
    assert seen[0] == "summary"
    assert {"answered", "missing", "themes", "equality"} <= set(seen)
    assert "tables" not in seen
    assert visitor.get(f"/en/{SLUG}/results/1/part/tables").status == 404
    themes = visitor.get(f"/en/{SLUG}/results/1/part/themes").html
    assert 'id="theme-t-1"' in themes


def test_beside_each_chart_stands_a_table_that_says_the_same(app, visitor) -> None:
    put_version(app, 1)
    drawn = 0
    for part in ("answered", "missing", "closed", "themes"):
        page = visitor.get(f"/en/{SLUG}/results/1/part/{part}").html
        for key in re.findall(r'id="figure-([^"]+)"', page):
            drawn += 1
            assert f'id="table-{key}"' in page, key
    assert drawn >= 4


def test_the_json_is_the_data_and_its_schema_is_published(app, visitor) -> None:
    import jsonschema_rs

    put_version(app, 1)
    data = json.loads(visitor.client.get(f"/en/{SLUG}/results/1/full.json").data)
    schema = json.loads(visitor.client.get("/schemas/report-1.schema.json").data)
    jsonschema_rs.validator_for(schema).validate(data)
    assert data["arrived"]["responses"]["value"] == 140


def test_what_is_not_there_is_not_found(app, visitor) -> None:
    put_version(app, 1)
    for path in (
        "results/7",
        "results/7/full.docx",
        "results/1/full.pdf",
        "results/1/longer.docx",
        "results/1/charts/gaps-religion.gif",
        "results/1/charts/nothing.svg",
    ):
        assert visitor.get(f"/en/{SLUG}/{path}").status == 404, path


def test_what_was_taken_down_is_gone(app, visitor) -> None:
    put_version(app, 1)
    with app.app_context():
        from consult.db import db

        with unit_of_work(db.session):
            stored = consultations.get(db.session, SLUG)
            version = versions.numbered(db.session, stored, 1)
            versions.take_down(db.session, version, actor="officer", now=NOON + timedelta(days=9))
    page = visitor.get(f"/en/{SLUG}/results")
    assert "taken down again" in page.text
    assert "There are no results yet" not in page.text
    assert visitor.client.get(f"/en/{SLUG}/results/1/full.docx").status_code == 404


def test_a_file_that_is_kept_is_handed_out_while_somebody_writes(app, visitor, settings) -> None:
    put_version(app, 1)
    path = f"/en/{SLUG}/results/1/full.csv"
    first = visitor.client.get(path).data
    writer = sqlite3.connect(settings.database_url.removeprefix("sqlite:///"))
    writer.execute("BEGIN IMMEDIATE")
    again = visitor.client.get(path)
    writer.close()
    assert (again.status_code, again.data) == (200, first)
