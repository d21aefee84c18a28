"""The tables, one aggregate a file. Promises that matter are constraints, not comments."""

from consult.models.audit import AuditEvent
from consult.models.base import Base
from consult.models.code_guess import CodeGuess
from consult.models.consultation import Consultation, Question, QuestionVersion, Translation
from consult.models.contact import Contact, ContactIntake
from consult.models.draft import Draft, DraftAnswer
from consult.models.postcode import PostcodeArea
from consult.models.response import Answer, Response, ResponseMark

__all__ = [
    "Answer",
    "AuditEvent",
    "Base",
    "CodeGuess",
    "Consultation",
    "Contact",
    "ContactIntake",
    "Draft",
    "DraftAnswer",
    "PostcodeArea",
    "Question",
    "QuestionVersion",
    "Response",
    "ResponseMark",
    "Translation",
]
