"""The figures of the consultation at hand: looked up, counted where that is quick, or asked for.

Also the fragment that the page fetches to renew itself, and the two files that
``python -m analysis representation`` reads.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from threading import Lock
from typing import Generic, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Response, current_app, g, redirect, render_template
from flask.typing import ResponseReturnValue

from consult.db import db, unit_of_work
from consult.document.model import Consultation as Document
from consult.document.texts import localised
from consult.jobs import watching as work
from consult.models import Consultation
from consult.services import access, audit, consultations
from consult.services.timing import phase
from consult.services.watching import respondents, snapshots
from consult.services.watching.disclosed import Disclosed, disclose
from consult.services.watching.snapshots import Figures
from consult.views.staff.audience import for_staff
from consult.views.staff.current import actor, may, now, page, workspace
from consult.views.staff.watch.board import Board, board
from consult.views.staff.watch.gap_board import GapBoard, gap_board

PATIENCE = timedelta(minutes=5)
"""Figures of a large consultation are worked out anew no sooner than this after the last."""

ItemT = TypeVar("ItemT")


class Recent(Generic[ItemT]):
    """What took long to make, as long as it is not much, and by what it was made of."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._items: OrderedDict[object, ItemT] = OrderedDict()
        self._lock = Lock()

    def get(self, key: object, make: Callable[[], ItemT]) -> ItemT:
        """What is known by that key, else made now."""
        with self._lock:
            if key in self._items:
                self._items.move_to_end(key)
                return self._items[key]
        made = make()
        with self._lock:
            self._items[key] = made
            while len(self._items) > self._most:
                self._items.popitem(last=False)
        return made


class Kept:
    """What this application has made before."""

    def __init__(self) -> None:
        self.documents: Recent[Document] = Recent(24)
        self.disclosed: Recent[Disclosed] = Recent(24)
        self.stamps: Recent[str] = Recent(24)
        self.fragments: Recent[str] = Recent(48)


def _kept() -> Kept:
    found: Kept = current_app.extensions.setdefault("consult_watch", Kept())
    return found


@dataclass(frozen=True, slots=True)
class Watched:
    """What is shown, and to whom.

    Attributes
    ----------
    figures : Figures
    is_exact : bool
        For somebody who may see small numbers.
    is_old : bool
        New figures are being worked out.
    """

    figures: Figures
    is_exact: bool
    is_old: bool


@dataclass(frozen=True, slots=True)
class Told:
    """The same in words, in the language of the page."""

    stamp: str
    """Of all that is shown: the same stamp, the same words."""
    board: Board
    gaps: GapBoard


def stored_here() -> Consultation | None:
    """The consultation at hand as residents meet it; nothing where it was never opened."""
    return workspace().consultation


def document_here(stored: Consultation) -> Document:
    """What it says, in the language of the page."""
    language: str = g.page_language
    key = (stored.id, stored.revision)
    whole = _kept().documents.get(key, lambda: consultations.document_of(db.session, stored))
    return _kept().documents.get((*key, language), lambda: localised(whole, language))


def fragment(stored: Consultation) -> str:
    """The part of the page that changes, from what was made before where that is the same."""
    document = document_here(stored)
    g.consultation_timezone = document.timezone
    found = watched(stored, document)
    if found is None:
        return render_template("staff/watch/figures.html", watched=None, told=None)
    today = now().astimezone(ZoneInfo(document.timezone)).date()
    key = (
        *_key(stored, found.figures),
        stored.revision,
        found.is_exact,
        found.is_old,
        str(g.page_language),
        today,
        phase(document, now()),
    )
    return _kept().fragments.get(key, lambda: _rendered(stored, document, found, _digest(key)))


def _digest(key: object) -> str:
    return hashlib.sha256(repr(key).encode()).hexdigest()[:16]


def _rendered(stored: Consultation, document: Document, found: Watched, stamp: str) -> str:
    shown = _kept().disclosed.get(
        (*_key(stored, found.figures), stored.revision, found.is_exact, str(g.page_language)),
        lambda: disclose(found.figures, document, is_exact=found.is_exact),
    )
    language: str = g.page_language
    told = Told(
        stamp=stamp,
        board=board(shown, document, language, now=now()),
        gaps=gap_board(shown, document, language),
    )
    return render_template("staff/watch/figures.html", watched=found, told=told)


def watched(stored: Consultation, document: Document) -> Watched | None:
    """The figures that the person at hand may see; nothing while the first are worked out."""
    is_exact = may(*access.ANALYSTS)
    found, is_old = _newest(stored, document)
    if not is_exact:
        found = snapshots.held(db.session, stored, "shown") or found
    return None if found is None else Watched(found, is_exact, is_old and is_exact)


def _key(stored: Consultation, found: Figures) -> tuple[UUID, str, str]:
    return stored.id, found.stamp, found.made_at.isoformat()


def _newest(stored: Consultation, document: Document) -> tuple[Figures | None, bool]:
    """The newest figures there are, and whether newer ones are being worked out."""
    if snapshots.is_small(db.session, stored):
        with unit_of_work(db.session):
            return snapshots.renewed(db.session, stored, document, now=now()), False
    held = snapshots.held(db.session, stored, "exact")
    if held is not None and held.stamp == _stamp(stored):
        return held, False
    if held is None or now() - held.made_at >= PATIENCE:
        with unit_of_work(db.session):
            work.ask(db.session, stored.slug, now=now())
    return held, True


def _stamp(stored: Consultation) -> str:
    """The stamp of a large consultation, where it takes its time: of this minute."""
    key = (stored.id, stored.revision, now().replace(second=0, microsecond=0))
    return _kept().stamps.get(key, lambda: snapshots.stamp(db.session, stored, now=now()))


@for_staff("/consultations/<slug>/watch/figures", roles=access.READERS)
def watch_figures() -> ResponseReturnValue:
    """The part of the page that changes, by itself."""
    stored = stored_here()
    return redirect(page("watch"), 303) if stored is None else fragment(stored)


@for_staff("/consultations/<slug>/watch/respondents.csv", roles=access.ANALYSTS)
def watch_respondents() -> ResponseReturnValue:
    """Who is compared, a row per person, for the command line."""
    stored = stored_here()
    if stored is None:
        return redirect(page("watch"), 303)
    document = consultations.document_of(db.session, stored)
    found = respondents.people(db.session, stored, document)
    with unit_of_work(db.session):
        audit.record(
            db.session,
            actor=actor(),
            action="respondents downloaded",
            subject=workspace().slug,
            now=now(),
            people=len(found),
        )
    return _file(respondents.respondents_file(found, document), "respondents")


@for_staff("/consultations/<slug>/watch/population.csv", roles=access.ANALYSTS)
def watch_population() -> ResponseReturnValue:
    """Whom they are compared with, for the command line."""
    stored = stored_here()
    if stored is None:
        return redirect(page("watch"), 303)
    document = consultations.document_of(db.session, stored)
    return _file(respondents.population_file(document), "population")


def _file(text: str, name: str) -> Response:
    answer = Response(text, mimetype="text/csv")
    named = f"{workspace().slug}-{name}.csv"
    answer.headers["Content-Disposition"] = f'attachment; filename="{named}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
