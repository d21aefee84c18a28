"""Which ward a postcode lies in, from a table that the council loads."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from consult.models.base import Base


class PostcodeArea(Base):
    """One postcode of the country, not of a resident: nothing points here."""

    __tablename__ = "postcode_area"

    postcode: Mapped[str] = mapped_column(String(8), primary_key=True)
    """Capital letters and digits, no space."""
    area_code: Mapped[str] = mapped_column(String(20))
