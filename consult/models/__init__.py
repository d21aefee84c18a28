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
from consult.models.assisted import (
    Arrival,
    AssistedSession,
    Device,
    GroupTalk,
    OrganisationMember,
    PaperForm,
    Provenance,
    ReadAloud,
    ServerKey,
    SessionPack,
)
from consult.models.audit import AuditEvent
from consult.models.base import Base
from consult.models.code_guess import CodeGuess
from consult.models.consultation import Consultation, Question, QuestionVersion, Translation
from consult.models.contact import Contact, ContactIntake
from consult.models.draft import Draft, DraftAnswer
from consult.models.intake import ImportMapping, Petition, ResponseImport, ResponseOrigin
from consult.models.job import Job
from consult.models.judgement import AnswerSheet, AnswerTranslation, Coding, Quote, Redaction
from consult.models.postcode import PostcodeArea
from consult.models.report import (
    ApiToken,
    QuoteTranslation,
    Report,
    ReportFile,
    ReportText,
    ReportVersion,
)
from consult.models.response import Answer, Response, ResponseMark
from consult.models.study import (
    Study,
    StudyAnswer,
    StudyEvent,
    StudyKey,
    StudySuggestion,
    StudyUnit,
)
from consult.models.watch import (
    DigestWish,
    FlagNotice,
    Organisation,
    OutreachAct,
    WatchSnapshot,
)
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
    "AnswerSheet",
    "AnswerTranslation",
    "ApiToken",
    "Arrival",
    "AssistedSession",
    "AuditEvent",
    "Base",
    "CodeGuess",
    "Coding",
    "Consultation",
    "Contact",
    "ContactIntake",
    "Council",
    "Device",
    "DigestWish",
    "Draft",
    "DraftAnswer",
    "ExternalIdentity",
    "FlagNotice",
    "GroupTalk",
    "ImportMapping",
    "Invitation",
    "Job",
    "Membership",
    "Organisation",
    "OrganisationMember",
    "OutreachAct",
    "PaperForm",
    "Passkey",
    "Petition",
    "PostcodeArea",
    "Provenance",
    "Question",
    "QuestionVersion",
    "Quote",
    "QuoteTranslation",
    "ReadAloud",
    "Redaction",
    "Report",
    "ReportFile",
    "ReportText",
    "ReportVersion",
    "Response",
    "ResponseImport",
    "ResponseMark",
    "ResponseOrigin",
    "Role",
    "ServerKey",
    "SessionPack",
    "SignInFailure",
    "SignOff",
    "StaffSession",
    "Study",
    "StudyAnswer",
    "StudyEvent",
    "StudyKey",
    "StudySuggestion",
    "StudyUnit",
    "Translation",
    "TranslationImport",
    "WatchSnapshot",
    "Workspace",
    "WorkspaceText",
]
