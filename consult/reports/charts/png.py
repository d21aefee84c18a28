"""Charts as PNG: the same bytes on every machine, because the fonts are our own."""

import re
from functools import lru_cache
from pathlib import Path
from typing import Final

import resvg_py

from consult.folders import static_folder

FONTS: Final = (
    "NotoSans_400Regular",
    "NotoSans_700Bold",
    "NotoSansArabic_400Regular",
    "NotoSansArabic_700Bold",
    "NotoSansBengali_400Regular",
    "NotoSansBengali_700Bold",
    "NotoSansGurmukhi_400Regular",
    "NotoSansGurmukhi_700Bold",
)


_KEPT: Final = 160
"""Drawings of one report in five languages; about 75 kB each."""

_SPOKEN: Final = re.compile(r"<title.*?</title>|<desc.*?</desc>| aria-labelledby=\"[^\"]*\"", re.S)
"""What is heard and not seen."""


class FontsNotBuilt(RuntimeError):
    """The build has no fonts for pictures."""


def png(svg: str, *, scale: float = 2) -> bytes:
    """Draw an SVG as PNG.

    Raises
    ------
    FontsNotBuilt
        If the front end was not built.
    """
    folder = static_folder() / "built" / "fonts"
    if missing := [f"{name}.ttf" for name in FONTS if not (folder / f"{name}.ttf").is_file()]:
        raise FontsNotBuilt(
            f"The fonts for pictures are not built: {', '.join(missing)}. Run `make setup`."
        )
    return _drawn(_SPOKEN.sub("", svg), scale, folder)


@lru_cache(maxsize=_KEPT)
def _drawn(svg: str, scale: float, folder: Path) -> bytes:
    """One format after the other asks for the same charts."""
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=svg,
            zoom=scale,
            skip_system_fonts=True,
            font_files=[str(folder / f"{name}.ttf") for name in FONTS],
            font_family="Noto Sans",
            sans_serif_family="Noto Sans",
        )
    )
