"""The tables, one aggregate a file. Promises that matter are constraints, not comments."""

from consult.models.account import (
    ROLES,
    Account,
    ExternalIdentity,
    Invitation,
    Membership,
    Passkey,
    Role,
    SignInFailure,
    StaffSession,
)
from consult.models.audit import AuditEvent
from consult.models.base import Base
from consult.models.code_guess import CodeGuess
from consult.models.consultation import Consultation, Question, QuestionVersion, Translation
from consult.models.contact import Contact, ContactIntake
from consult.models.draft import Draft, DraftAnswer
from consult.models.job import Job
from consult.models.postcode import PostcodeArea
from consult.models.response import Answer, Response, ResponseMark
from consult.models.workspace import (
    Council,
    SignOff,
    TranslationImport,
    Workspace,
    WorkspaceText,
)

__all__ = [
    "ROLES",
    "Account",
    "Answer",
    "AuditEvent",
    "Base",
    "CodeGuess",
    "Consultation",
    "Contact",
    "ContactIntake",
    "Council",
    "Draft",
    "DraftAnswer",
    "ExternalIdentity",
    "Invitation",
    "Job",
    "Membership",
    "Passkey",
    "PostcodeArea",
    "Question",
    "QuestionVersion",
    "Response",
    "ResponseMark",
    "Role",
    "SignInFailure",
    "SignOff",
    "StaffSession",
    "Translation",
    "TranslationImport",
    "Workspace",
    "WorkspaceText",
]
