"""Colours, and whether white letters on them can be read."""

import re

WHITE = "#ffffff"
READABLE = 4.5
"""The least contrast of text, WCAG 2.2, success criterion 1.4.3."""

_COLOUR = re.compile(r"#?([0-9a-f]{6}|[0-9a-f]{3})", re.IGNORECASE)


def parse_colour(text: str) -> str | None:
    """A colour as ``#rrggbb``, from six or three hexadecimal digits; nothing if it is none.

    >>> parse_colour("0E5157"), parse_colour("#abc"), parse_colour("teal")
    ('#0e5157', '#aabbcc', None)
    """
    found = _COLOUR.fullmatch(text.strip())
    if found is None:
        return None
    digits = found[1].lower()
    return "#" + (digits if len(digits) == 6 else "".join(digit * 2 for digit in digits))


def contrast(one: str, other: str) -> float:
    """Contrast of two colours, from 1 (the same) to 21 (black on white).

    References
    ----------
    WCAG 2.2, definition of contrast ratio and of relative luminance.

    >>> round(contrast("#000000", "#ffffff"), 2), round(contrast("#767676", "#ffffff"), 2)
    (21.0, 4.54)
    """
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def readable(colour: str) -> str:
    """The colour itself where white letters can be read on it, else it darkened until they can.

    >>> readable("#0e5157"), contrast(readable("#ffd84d"), WHITE) >= READABLE
    ('#0e5157', True)
    """
    channels = _channels(colour)
    for percent in range(100, -1, -1):
        darkened = "#" + "".join(f"{channel * percent // 100:02x}" for channel in channels)
        if contrast(darkened, WHITE) >= READABLE:
            return darkened
    raise ValueError(colour)


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(channel / 255) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
