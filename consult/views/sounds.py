"""Recordings as players ask for them."""

from flask import Response, request

from consult.models import ReadAloud


def sound(found: ReadAloud) -> Response:
    """A recording, whole or the part that a player asks for."""
    reply = Response(found.content, content_type=found.media_type)
    reply.set_etag(found.digest)
    reply.make_conditional(request, accept_ranges=True, complete_length=found.size)
    return reply
