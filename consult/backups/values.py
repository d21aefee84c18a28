"""Column values as plain JSON, without loss, whichever database they come from."""

import base64
import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.types import TypeEngine, UserDefinedType

from consult.models.base import UtcDateTime


class StoredText(UserDefinedType[str]):
    """A column whose text is taken over as it is stored, such as JSON.

    Reading JSON as objects and writing them again would lose what tells JSON's null from no
    value, and how numbers are written.
    """

    cache_ok = True

    def column_expression(self, column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
        """Read as text."""
        return sa.cast(column, sa.Text)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of values: how a database holds them, and how a backup does."""

    type: TypeEngine[Any]
    encode: Callable[[Any], Any]
    decode: Callable[[Any], Any]
    """Raises :class:`ValueError` or :class:`TypeError` for what ``encode`` does not make."""


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError("neither true nor false")
    return value


def _whole(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError("not a whole number")
    return value


def _aware(value: Any) -> datetime:
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError("a time without its zone")
    return moment


def _number(value: Any) -> float | str:
    return float(value) if math.isfinite(value) else str(value)


def _decimal(value: Any) -> str:
    return format(Decimal(value).normalize(), "f")


def _letters(value: Any) -> str:
    return base64.b64encode(value).decode("ascii")


def _bytes(value: Any) -> bytes:
    return base64.b64decode(value, validate=True)


KINDS = {
    "uuid": Kind(sa.Uuid(), str, UUID),
    "datetime": Kind(UtcDateTime(), datetime.isoformat, _aware),
    "date": Kind(sa.Date(), date.isoformat, date.fromisoformat),
    "time": Kind(sa.Time(), time.isoformat, time.fromisoformat),
    "boolean": Kind(sa.Boolean(), _flag, _flag),
    "json": Kind(StoredText(), _text, _text),
    "integer": Kind(sa.BigInteger(), _whole, _whole),
    "float": Kind(sa.Double(), _number, float),
    "decimal": Kind(StoredText(), _decimal, _text),
    "bytes": Kind(sa.LargeBinary(), _letters, _bytes),
    "text": Kind(sa.Text(), _text, _text),
}

_BY_TYPE: tuple[tuple[type[TypeEngine[Any]], str], ...] = (
    (sa.JSON, "json"),
    (sa.Boolean, "boolean"),
    (sa.DateTime, "datetime"),
    (sa.Date, "date"),
    (sa.Time, "time"),
    (sa.Integer, "integer"),
    (sa.Float, "float"),
    (sa.Numeric, "decimal"),
    (sa.LargeBinary, "bytes"),
    (sa.String, "text"),
)


def kind_of(type_: TypeEngine[Any]) -> str:
    """The kind of a column, by the type that SQLite reports for it.

    The product keeps an id in 32 letters there, and all other texts in columns that vary.

    Raises
    ------
    LookupError
        If backups do not know the type.
    """
    if isinstance(type_, sa.CHAR) and type_.length == 32:
        return "uuid"
    for known, kind in _BY_TYPE:
        if isinstance(type_, known):
            return kind
    raise LookupError(str(type_))
