"""Where templates, static files and translations lie, for everything that reads them.

They are at the top of a checkout, and inside the package where it was installed from a wheel.
"""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def templates_folder() -> Path:
    """The folder of the page templates."""
    return _web_folder("templates")


def static_folder() -> Path:
    """The folder of the files that are served as they are."""
    return _web_folder("static")


def translations_folder() -> Path:
    """The folder of the message catalogues."""
    return _web_folder("translations")


def _web_folder(name: str) -> Path:
    installed = PACKAGE / "web" / name
    return installed if installed.is_dir() else PACKAGE.parent / name
