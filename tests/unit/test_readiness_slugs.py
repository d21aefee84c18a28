"""Names that addresses of the service begin with are none for consultations."""

import pytest
from pydantic import ValidationError

from consult.document.completing import completed
from consult.document.fields import RESERVED_SLUGS, Misfit
from consult.document.reading import ConsultationFileError, parse_consultation
from consult.languages import LANGUAGES
from tests.support.consultations import changed, example
from tests.unit.consultation_example import example_text


def test_addresses_of_the_service_are_reserved():
    assert {"staff", "preview", "static", "c", "healthz", *LANGUAGES} <= RESERVED_SLUGS


@pytest.mark.parametrize("slug", sorted(RESERVED_SLUGS))
def test_no_consultation_is_called_like_one(slug):
    with pytest.raises(ValidationError) as refused:
        changed(example(), slug=slug)
    [error] = refused.value.errors()
    assert error["loc"] == ("slug",)
    assert isinstance(error["ctx"]["error"], Misfit)


def test_names_that_only_begin_so_are_free():
    assert changed(example(), slug="staff-parking").slug == "staff-parking"


def test_a_file_is_told_where_and_what_to_write():
    text = example_text().replace("slug: riverton-parks", "slug: staff")
    with pytest.raises(ConsultationFileError) as refused:
        parse_consultation(text, name="parks.yaml")
    [problem] = refused.value.problems
    assert str(problem) == (
        "parks.yaml, line 2: slug: 'staff' is an address of the service itself. "
        "Choose another, such as staff-consultation."
    )


def test_what_has_no_name_yet_can_still_be_looked_at():
    document, _gaps = completed({})
    assert document.slug not in RESERVED_SLUGS
