"""How many wrong codes have been tried, whoever tried them."""

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from consult.models.base import Base


class CodeGuess(Base):
    """Wrong codes in one hour. No address is kept: a mosque or a school is one address."""

    __tablename__ = "code_guess"
    __table_args__ = (CheckConstraint("wrong_count >= 0", name="count_not_negative"),)

    hour: Mapped[datetime] = mapped_column(primary_key=True)
    wrong_count: Mapped[int] = mapped_column(default=0)
