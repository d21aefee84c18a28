"""Texts of a consultation as a report takes them."""

from consult.document.completing import completed
from consult.services.reporting.asked import Wording


def test_what_nobody_has_written_is_no_text() -> None:
    document, missing = completed({"title": "Parks"})
    assert "asked_by" in missing
    wording = Wording(document)
    assert wording.at("title") == {document.source_language: "Parks"}
    assert wording.at("asked_by") == {}
    assert wording.at("sections.nowhere.title") == {}
