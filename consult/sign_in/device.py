"""What browser somebody uses, in so few words that they know it again, and no more."""

import re
from dataclasses import dataclass

from flask_babel import gettext

_BROWSERS = (
    ("Edge", r"\bEdg(?:e|A|iOS)?/"),
    ("Opera", r"\bOPR/|\bOpera\b"),
    ("Samsung Internet", r"\bSamsungBrowser/"),
    ("Firefox", r"\bFirefox/|\bFxiOS/"),
    ("Chrome", r"Chrom(?:e|ium)/|\bCriOS/"),
    ("Safari", r"\bVersion/[\d.]+ .*\bSafari/"),
)
"""By what only they say of themselves; all say much that others say, too, so order counts."""

_SYSTEMS = (
    ("iPhone", r"\biPhone\b"),
    ("iPad", r"\biPad\b"),
    ("Android", r"\bAndroid\b"),
    ("Windows", r"\bWindows\b"),
    ("Chromebook", r"\bCrOS\b"),
    ("Mac", r"\bMac(?:intosh| OS X)\b"),
    ("Linux", r"\bLinux\b|\bX11\b"),
)


@dataclass(frozen=True, slots=True)
class Device:
    """Names of a browser and of what it runs on; empty where it does not say."""

    browser: str
    system: str

    @classmethod
    def of(cls, user_agent: str) -> "Device":
        """Read what a browser says of itself."""
        return cls(_first(_BROWSERS, user_agent[:500]), _first(_SYSTEMS, user_agent[:500]))

    @classmethod
    def kept_as(cls, text: str) -> "Device":
        """Read what :meth:`to_keep` gave."""
        browser, _, system = text.partition("/")
        return cls(browser, system)

    def to_keep(self) -> str:
        """In one text, without a word of any language."""
        return f"{self.browser}/{self.system}"

    def words(self) -> str:
        """For people."""
        if self.browser and self.system:
            # Translators: a browser on a kind of computer or phone, such as Firefox on Windows
            return gettext("%(browser)s on %(system)s", browser=self.browser, system=self.system)
        # Translators: a browser or a computer that does not say what it is
        return self.browser or self.system or gettext("A browser that we do not know")


def _first(known: tuple[tuple[str, str], ...], text: str) -> str:
    return next((name for name, sign in known if re.search(sign, text)), "")
