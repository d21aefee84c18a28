"""Addresses as QR pictures, drawn in the page itself, so that nothing else is fetched."""

import segno
from markupsafe import Markup


def qr_picture(link: str) -> Markup:
    """The link as a QR picture: SVG for a page of ours."""
    picture = segno.make(link, error="m", micro=False)
    return Markup(  # noqa: S704 - drawn here, from an address of our own
        picture.svg_inline(scale=5, border=4, svgclass="consult-qr", lineclass=None, omitsize=True)
    )
