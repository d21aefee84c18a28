"""Versions of a report: made, looked up, published, taken down, and what goes on the last day.

A public version counts as a release from the moment it is made, published or not: files of it
may be anywhere. So the next one must know it.
"""

import json
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import Select, delete, exists, select
from sqlalchemy.orm import Session, undefer

from analysis.suppression.releases import Release, release_from_json, release_to_json
from consult.models import Consultation, ReportVersion, Response
from consult.reports.data import Audience, QuoteRef, ReportData
from consult.services import audit
from consult.services.counted import counted
from consult.services.reporting import group_talk, kept, quoting, texts
from consult.services.reporting.printing import printed

if TYPE_CHECKING:
    from consult.services.reporting.gathering import Gathered

LONGEST_NOTE = 500
"""Characters of what is new in a version."""

LARGEST_NUMBER = 2**31 - 1
"""A version's number is a whole number of four bytes."""


class NoSuchVersion(LookupError):
    """There is no version of that number."""


class NotPublic(ValueError):
    """An internal version is never published."""


class NeverOpen(ValueError):
    """Residents have no pages of the consultation: it was asked elsewhere, or is not open yet."""


class DataRemoved(ValueError):
    """The answers were removed on their day: there is nothing to make a version of."""


class Outrun(Exception):
    """Another public version was made since this one's figures were worked out."""


def is_reportable(session: Session, stored: Consultation) -> bool:
    """Whether there is anything to report: it is or was open, or has answers from elsewhere."""
    if not stored.is_preview:
        return True
    any_counts = exists().where(Response.consultation_id == stored.id, counted())
    return bool(session.scalar(select(any_counts)))


def earlier(session: Session, stored: Consultation) -> list[Release]:
    """All releases so far, oldest first: what the next one must know."""
    return [
        release_from_json(json.dumps(version.release))
        for version in session.scalars(
            _of(stored)
            .where(ReportVersion.release.is_not(None))
            .options(undefer(ReportVersion.release))
        )
    ]


def make(
    session: Session,
    stored: Consultation,
    gathered: "Gathered",
    *,
    actor: str,
    now: datetime,
    note: str = "",
    releases: int | None = None,
) -> ReportVersion:
    """Freeze a report as a version; the same again is the version that is there.

    Then a new note takes the place of the earlier one, for it was typed to be read; not where the
    version was published, taken down or not, as people may have read it with its note.
    The public reads what is printed alone; the release that the next one must know stays whole.

    Parameters
    ----------
    gathered : Gathered
    releases : int, optional
        How many earlier releases its figures were worked out with, where that was outside this
        unit of work.

    Raises
    ------
    DataRemoved
        If the answers were removed on their day.
    Outrun
        If there is a release more by now: the figures must be worked out again.
    """
    texts.hold(session, stored)
    session.refresh(stored, ["data_removed_at"])
    if stored.data_removed_at is not None:
        raise DataRemoved
    audience = gathered.data.audience
    if audience is Audience.PUBLIC and releases not in {None, _releases(session, stored)}:
        raise Outrun
    last = latest(session, stored, audience)
    checked_note = texts.checked("note", note)[:LONGEST_NOTE]
    if last is not None and last.digest == gathered.digest:
        if checked_note and _locked(session, last).published_at is None:
            last.note = checked_note
            session.flush()
        return last
    number = (session.scalar(_numbers(stored)) or 0) + 1
    data = frozen(printed(gathered.data)).model_copy(update={"number": number})
    version = ReportVersion(
        consultation_id=stored.id,
        number=number,
        audience=audience.value,
        digest=gathered.digest,
        data=data.model_dump(mode="json"),
        release=_stored(gathered.release) if audience is Audience.PUBLIC else None,
        note=checked_note,
        made_by=actor,
        made_at=now,
    )
    session.add(version)
    session.flush()
    _note(session, stored, version, "report version made", actor, now)
    return version


def every(session: Session, stored: Consultation) -> list[ReportVersion]:
    """All versions, the newest first."""
    return list(session.scalars(_of(stored)))[::-1]


def latest(session: Session, stored: Consultation, audience: Audience) -> ReportVersion | None:
    """The newest version for some readers."""
    return session.scalars(
        _of(stored)
        .where(ReportVersion.audience == audience.value)
        .order_by(None)
        .order_by(ReportVersion.number.desc())
        .limit(1)
    ).first()


def published(session: Session, stored: Consultation) -> list[ReportVersion]:
    """What everybody may read, the newest first."""
    return [version for version in every(session, stored) if is_published(version)]


def is_published(version: ReportVersion) -> bool:
    """Whether everybody may read it now."""
    return version.published_at is not None and version.taken_down_at is None


def numbered(session: Session, stored: Consultation, number: int) -> ReportVersion:
    """The version of that number; one too large for a database to hold is of none.

    Raises
    ------
    NoSuchVersion
        If there is none.
    """
    if number > LARGEST_NUMBER:
        raise NoSuchVersion(number)
    found = session.scalar(_of(stored).where(ReportVersion.number == number))
    if found is None:
        raise NoSuchVersion(number)
    return found


def before(session: Session, stored: Consultation, version: ReportVersion) -> ReportVersion | None:
    """The version for the same readers that was made last before this one."""
    same = [
        each
        for each in every(session, stored)
        if each.audience == version.audience and each.number < version.number
    ]
    return same[0] if same else None


def data_of(session: Session, version: ReportVersion) -> ReportData:
    """What a version says, with the words of those quotes and tables that may be shown now."""
    data = quoting.fill(session, ReportData.model_validate(version.data))
    return group_talk.fill(session, data)


def frozen(data: ReportData) -> ReportData:
    """A report without the words of quotes and of tables: those are never frozen."""
    return data.model_copy(
        update={
            "group_talks": group_talk.wordless(data.group_talks),
            "talk": tuple(
                talk.model_copy(
                    update={
                        "themes": tuple(
                            theme.model_copy(update={"quotes": _wordless(theme.quotes)})
                            for theme in talk.themes
                        )
                    }
                )
                for talk in data.talk
            ),
        }
    )


def publish(session: Session, version: ReportVersion, *, actor: str, now: datetime) -> None:
    """Let everybody read a version; one that was taken down comes back.

    Raises
    ------
    NotPublic
        If it is an internal one.
    NeverOpen
        If residents have no pages where they could read it.
    """
    version = _locked(session, version)
    if version.audience != Audience.PUBLIC.value:
        raise NotPublic(version.number)
    if is_published(version):
        return
    if session.get_one(Consultation, version.consultation_id).is_preview:
        raise NeverOpen(version.number)
    version.published_at, version.published_by = now, actor
    version.taken_down_at = None
    stored = session.get_one(Consultation, version.consultation_id)
    _note(session, stored, version, "report published", actor, now)


def take_down(session: Session, version: ReportVersion, *, actor: str, now: datetime) -> None:
    """Let nobody but staff read a version any more; one that is not public stays so."""
    version = _locked(session, version)
    if not is_published(version):
        return
    version.taken_down_at = now
    stored = session.get_one(Consultation, version.consultation_id)
    _note(session, stored, version, "report taken down", actor, now)


def note_download(
    session: Session,
    stored: Consultation,
    version: ReportVersion,
    name: str,
    *,
    actor: str,
    now: datetime,
) -> None:
    """Tell the audit trail that somebody took a file with exact figures along."""
    _note(session, stored, version, "internal report downloaded", actor, now, file=name)


def forget(session: Session, stored: Consultation) -> None:
    """Let go what a consultation must not keep after the day on which its data go.

    Internal versions hold exact figures of few people, and so do releases; files hold quotes.
    Public versions stay as they are. Where answers stay without names, so do releases: another
    report may be made of those answers, and must know what was said before.
    """
    kept.drop(session, stored.id)
    session.execute(
        delete(ReportVersion).where(
            ReportVersion.consultation_id == stored.id,
            ReportVersion.audience == Audience.INTERNAL.value,
        ),
        execution_options={"synchronize_session": "fetch"},
    )
    if stored.deletion == "delete":
        for version in session.scalars(_of(stored).where(ReportVersion.release.is_not(None))):
            version.release = None
    session.flush()


def _of(stored: Consultation) -> Select[ReportVersion]:
    return (
        select(ReportVersion)
        .where(ReportVersion.consultation_id == stored.id)
        .order_by(ReportVersion.number)
    )


def _numbers(stored: Consultation) -> Select[int]:
    return (
        select(ReportVersion.number)
        .where(ReportVersion.consultation_id == stored.id)
        .order_by(ReportVersion.number.desc())
        .limit(1)
    )


def _releases(session: Session, stored: Consultation) -> int:
    found: list[UUID] = list(
        session.scalars(
            select(ReportVersion.id).where(
                ReportVersion.consultation_id == stored.id, ReportVersion.release.is_not(None)
            )
        )
    )
    return len(found)


def _stored(release: Release | None) -> dict[str, object] | None:
    if release is None:
        return None
    found: dict[str, object] = json.loads(release_to_json(release))
    return found


def _wordless(quotes: tuple[QuoteRef, ...]) -> tuple[QuoteRef, ...]:
    return tuple(quote.model_copy(update={"text": {}, "translated_by": None}) for quote in quotes)


def _locked(session: Session, version: ReportVersion) -> ReportVersion:
    """A version as it is now, held until the unit of work ends."""
    return session.get_one(ReportVersion, version.id, with_for_update=True, populate_existing=True)


def _note(
    session: Session,
    stored: Consultation,
    version: ReportVersion,
    action: str,
    actor: str,
    now: datetime,
    **details: str,
) -> None:
    audit.record(
        session,
        actor=actor,
        action=action,
        subject=stored.slug,
        now=now,
        version=version.number,
        audience=version.audience,
        **details,
    )
