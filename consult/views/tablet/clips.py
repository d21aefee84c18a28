"""Recordings, as a tablet loads them: of what all residents read, so for whoever asks."""

from flask import abort
from flask.typing import ResponseReturnValue

from consult.db import db
from consult.services.assisting import clips
from consult.views.sounds import sound
from consult.views.tablet.current import blueprint


@blueprint.get("/clip/<digest>")
def clip(digest: str) -> ResponseReturnValue:
    """One recording; its address names what it holds, so it may be kept for ever."""
    try:
        found = clips.find_by_digest(db.session, digest)
    except clips.NoSuchClip:
        abort(404)
    reply = sound(found)
    reply.cache_control.public = True
    reply.cache_control.max_age = 31_536_000
    reply.cache_control.immutable = True
    return reply
