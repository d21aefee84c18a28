"""What was typed into a form: kept as it is for showing it again, cleaned for saving it."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from flask_babel import gettext

from consult.document.fields import UNPRINTABLE
from consult.services.answering import ascii_digits, parse_whole_number

_TIME = re.compile(r"([0-9]{1,2})[:.٫]?([0-9]{2})")
_LINE_BREAKS = re.compile(r"[\x0b\x0c\u2028\u2029]")
YEARS = range(2000, 2200)
"""Years that a consultation can be dated to."""


class Fields:
    """The fields of one form.

    The reading methods give what is to be saved, and note an error at the field where that
    cannot be made of it. What a person cannot see (control characters, which come with text
    pasted from elsewhere) is left out; :attr:`left_out` says that it was.
    """

    def __init__(self, entries: Mapping[str, Sequence[str]] | None = None) -> None:
        self._entries = {name: list(each) for name, each in (entries or {}).items()}
        self.errors: dict[str, str] = {}
        self.left_out = False
        self._at: dict[str, str] = {}

    def typed(self, name: str) -> str:
        """What stands in a field, exactly as typed."""
        entries = self._entries.get(name)
        return entries[0] if entries else ""

    def all_typed(self, name: str) -> list[str]:
        """Everything entered under one name: of boxes, those that were ticked."""
        return self._entries.get(name, [])

    def names(self) -> list[str]:
        """Names of all fields that came."""
        return list(self._entries)

    def fill(self, name: str, *entries: str) -> None:
        """Put something into a field, as if it had been typed."""
        self._entries[name] = list(entries)

    def drop(self, name: str) -> None:
        """Take a field away."""
        self._entries.pop(name, None)

    def refuse(self, name: str, message: str, at: str | None = None) -> None:
        """Say what is wrong with a field; ``at`` is the id to lead to, if it is not the name."""
        self.errors.setdefault(name, message)
        self._at.setdefault(name, at or name)

    def error_list(self) -> list[tuple[str, str]]:
        """Ids and messages, for the list at the top of the page."""
        return [(self._at[name], message) for name, message in self.errors.items()]

    def text(self, name: str) -> str | None:
        """Text of several lines; nothing where the field is blank."""
        return self.cleaned(self.typed(name)) or None

    def line(self, name: str) -> str | None:
        """Text on one line; nothing where the field is blank."""
        return " ".join((self.text(name) or "").split()) or None

    def ticked(self, name: str) -> bool:
        """Whether a single box is ticked."""
        return bool(self.all_typed(name))

    def number(self, name: str) -> int | None:
        """A whole number in the digits of any script; nothing where the field is blank."""
        text = self.line(name)
        if text is None:
            return None
        number = parse_whole_number(text)
        if number is None or abs(number) > 10**9:
            self.refuse(name, gettext("Write a whole number in digits, such as 16"))
            return None
        return number

    def day(self, name: str) -> str | None:
        """A day in three fields, as ISO writes it; nothing where all three are blank."""
        found = self._date(name)
        return found.isoformat() if found else None

    def moment(self, name: str, zone: str) -> str | None:
        """A day and a time of day in a time zone, as the content writes it: local time."""
        time_name = f"{name}-time"
        typed_time = ascii_digits(self.line(time_name) or "")
        found = self._date(name)
        if found is None:
            if typed_time and name not in self.errors:
                self.refuse(name, gettext("Write the day, the month and the year"), f"{name}-day")
            return None
        parts = _TIME.fullmatch(typed_time)
        if parts is None or int(parts[1]) > 23 or int(parts[2]) > 59:
            self.refuse(
                name,
                gettext("Write the time with hours and minutes, from 00:00 to 23:59"),
                time_name,
            )
            return None
        local = datetime(found.year, found.month, found.day, int(parts[1]), int(parts[2]))  # noqa: DTZ001
        aware = local.replace(tzinfo=ZoneInfo(zone))
        if aware.astimezone(UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None) != local:
            self.refuse(
                name,
                gettext(
                    "There is no such time on that day, because the clocks go forward. "
                    "Write one an hour later."
                ),
                time_name,
            )
            return None
        return local.isoformat(timespec="seconds")

    def show_moment(self, name: str, value: str | None) -> None:
        """Fill the fields of a day and a time from what the content says."""
        try:
            found = datetime.fromisoformat(value or "")
        except ValueError:
            return
        self.show_day(name, found.date().isoformat())
        self.fill(f"{name}-time", found.strftime("%H:%M"))

    def show_day(self, name: str, value: str | None) -> None:
        """Fill the fields of a day from what the content says."""
        try:
            found = date.fromisoformat(value or "")
        except ValueError:
            return
        for part in ("day", "month", "year"):
            self.fill(f"{name}-{part}", str(getattr(found, part)))

    def cleaned(self, text: str) -> str:
        """A text without what nobody can see, and without blanks at its ends."""
        text = _LINE_BREAKS.sub("\n", text.replace("\r\n", "\n").replace("\r", "\n"))
        visible = UNPRINTABLE.sub("", text)
        self.left_out = self.left_out or visible != text
        return visible.strip()

    def _date(self, name: str) -> date | None:
        texts = {part: self.line(f"{name}-{part}") for part in ("day", "month", "year")}
        if not any(texts.values()):
            return None
        first_blank = next((part for part, text in texts.items() if text is None), None)
        if first_blank is not None:
            self.refuse(
                name, gettext("Write the day, the month and the year"), f"{name}-{first_blank}"
            )
            return None
        numbers = {part: parse_whole_number(text or "") for part, text in texts.items()}
        odd = next((part for part, number in numbers.items() if number is None), None)
        if odd is not None:
            self.refuse(
                name, gettext("Write the date in digits, such as 31 3 2027"), f"{name}-{odd}"
            )
            return None
        if numbers["year"] not in YEARS:
            self.refuse(
                name, gettext("Write the year with four digits, such as 2027"), f"{name}-year"
            )
            return None
        try:
            return date(numbers["year"] or 0, numbers["month"] or 0, numbers["day"] or 0)
        except ValueError:
            self.refuse(name, gettext("There is no such day. Check the date."), f"{name}-day")
            return None
