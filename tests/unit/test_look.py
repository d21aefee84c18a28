"""Colours that can be read, logos that only show themselves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.look.colours import READABLE, WHITE, contrast, parse_colour, readable
from consult.look.logos import LARGEST, LogoError, LogoFault, logo_type

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{}</svg>'

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21),
        ("#ffffff", "#ffffff", 1),
        # The grey that accessibility guides name as the lightest that passes on white.
        ("#767676", "#ffffff", 4.54),
        ("#ff0000", "#ffffff", 4.0),
        ("#0000ff", "#ffffff", 8.59),
    ],
)
def test_contrast_is_as_published(one, other, ratio):
    assert contrast(one, other) == pytest.approx(ratio, abs=0.005)
    assert contrast(other, one) == contrast(one, other)


@given(COLOURS)
def test_every_colour_has_a_readable_one_near(colour):
    found = readable(colour)
    assert contrast(found, WHITE) >= READABLE
    if contrast(colour, WHITE) >= READABLE:
        assert found == colour


@pytest.mark.parametrize("text", ["", "red", "#12345", "#gggggg", "rgb(1,2,3)", "#1234567"])
def test_what_is_no_colour_is_none(text):
    assert parse_colour(text) is None


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"\x89PNG\r\n\x1a\n....", "image/png"),
        (b"\xff\xd8\xff\xe0....", "image/jpeg"),
        (b"RIFF\x10\x00\x00\x00WEBPVP8 ", "image/webp"),
        (SVG.format('<path d="M0 0h9"/>').encode(), "image/svg+xml"),
        (SVG.format('<style>.a{fill:url(#b)}</style><use href="#c"/>').encode(), "image/svg+xml"),
        (b"\xef\xbb\xbf<?xml version='1.0'?>" + SVG.format("").encode(), "image/svg+xml"),
    ],
)
def test_pictures_are_known_by_their_content(content, media_type):
    assert logo_type(content) == media_type


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", LogoFault.EMPTY),
        (b"\x89PNG\r\n\x1a\n" + b"x" * LARGEST, LogoFault.TOO_LARGE),
        (b"%PDF-1.4", LogoFault.UNKNOWN_TYPE),
        (b"GIF89a", LogoFault.UNKNOWN_TYPE),
        (b"<html><svg></svg></html>", LogoFault.UNKNOWN_TYPE),
        (b"<svg><path></svg>", LogoFault.DAMAGED),
        (SVG.format("<script>1</script>").encode(), LogoFault.ACTIVE),
        (SVG.format('<g onload="x()"/>').encode(), LogoFault.ACTIVE),
        (SVG.format('<image href="https://example.org/a.png"/>').encode(), LogoFault.ACTIVE),
        (SVG.format('<a href="JavaScript:x()"/>').encode(), LogoFault.ACTIVE),
        (SVG.format("<foreignObject/>").encode(), LogoFault.ACTIVE),
        (SVG.format("<style>@import 'x'</style>").encode(), LogoFault.ACTIVE),
        (SVG.format('<g style="fill:url(https://example.org/a)"/>').encode(), LogoFault.ACTIVE),
        (b'<!DOCTYPE svg [<!ENTITY a "b">]><svg>&a;</svg>', LogoFault.ACTIVE),
    ],
)
def test_what_could_do_more_than_be_seen_is_refused(content, fault):
    with pytest.raises(LogoError) as refused:
        logo_type(content)
    assert refused.value.fault is fault
