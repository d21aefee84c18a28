"""What a tablet loads before it goes out: its sessions, and the questions of one."""

from uuid import UUID

from flask.typing import ResponseReturnValue

from consult.db import db, unit_of_work
from consult.models import Consultation
from consult.services.assisting import enrolling, fetching, packs
from consult.views.clock import now, settings
from consult.views.staff.public_addresses import public_address
from consult.views.tablet.current import Refusal, as_json, blueprint, keys, reading_device


@blueprint.get("/api/sessions")
def sessions() -> ResponseReturnValue:
    """The sessions of the tablet's organisation."""
    with unit_of_work(db.session) as session:
        found = reading_device(session)
        enrolling.note_seen(session, found, None, now=now())
        told = fetching.sessions_for(session, found, now=now())
    return as_json(told)


@blueprint.get("/api/pack/<uuid:session_id>")
def pack(session_id: UUID) -> ResponseReturnValue:
    """The questions of a session, in all languages, and the keys to seal answers to."""
    with unit_of_work(db.session) as session:
        found = reading_device(session)
        enrolling.note_seen(session, found, None, now=now())
        try:
            held, stored = fetching.loadable(session, found, session_id, now=now())
        except fetching.NoSuchSession:
            raise Refusal(404, "no_session") from None
        except fetching.NotReady:
            raise Refusal(409, "not_ready") from None
        content = packs.content(
            session,
            held,
            packs.current_pack(session, stored, now=now()),
            keys=keys().published(session, now=now()),
            receipt_addresses=_receipt_addresses(stored),
            clip_address=f"{blueprint.url_prefix}/clip/",
            paused=stored.paused,
            now=now(),
        )
    return as_json(content)


def _receipt_addresses(stored: Consultation) -> dict[str, str]:
    """Where a person uses their code, by language."""
    return {
        language: public_address("residents.enter_code", language=language, slug=stored.slug)
        for language in stored.definition["languages"]
        if language in settings().languages
    }
