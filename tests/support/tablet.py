"""A tablet in Python: it enrols, seals what people finish, and sends it, as the app does."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from joserfc import jwe, jws
from joserfc.jwe import JWERegistry
from joserfc.jwk import ECKey
from joserfc.registry import HeaderParameter
from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.models import (
    AssistedSession,
    Consultation,
    Device,
    Organisation,
    SessionPack,
    Workspace,
)
from consult.services import codes, consultations, workspaces
from consult.services.assisting import packs, receiving, sealing
from consult.services.assisting.keys import Keys

Typed = Mapping[str, Mapping[str, list[str]]]

ENVELOPES = JWERegistry(
    header_registry={"cid": HeaderParameter("", "str"), "dev": HeaderParameter("", "str")},
    algorithms=["ECDH-ES", "A256GCM"],
)


def ms(moment: datetime) -> int:
    """A time as tablets write it."""
    return int(moment.timestamp() * 1000)


@dataclass
class Tablet:
    """A tablet that holds a key, a session and its questions."""

    key: ECKey
    device_id: UUID
    session_id: UUID
    pack_digest: str
    seal_to: dict[str, Any]
    """The server's encryption key as the pack names it: ``{"kid", "jwk"}``."""
    now: datetime
    """The time it is for everybody."""
    wrong_by: timedelta = timedelta()
    """How far its clock runs ahead."""
    queue: list[str] = field(default_factory=list)

    @classmethod
    def enrolled(
        cls,
        session: Session,
        held: AssistedSession,
        pack: SessionPack,
        keys: Keys,
        *,
        now: datetime,
        name: str = "Tablet 1",
    ) -> "Tablet":
        """A tablet of a session's organisation, put straight into the database."""
        key = ECKey.generate_key("P-256")
        device = Device(
            organisation_id=held.organisation_id,
            name=name,
            public_key=dict(key.as_dict(private=False)),
            thumbprint=key.thumbprint(),
            enrolled_by="partner@example.org",
            enrolled_at=now,
            seen_at=now,
        )
        session.add(device)
        session.flush()
        seal_to = keys.published(session, now=now)["encryption"][0]
        return cls(key, device.id, held.id, pack.digest, seal_to, now)

    @property
    def clock(self) -> int:
        """What its clock says."""
        return ms(self.now + self.wrong_by)

    @property
    def offset(self) -> int:
        """The server's clock minus its own."""
        return -int(self.wrong_by / timedelta(milliseconds=1))

    def response(self, answers: Typed, **changes: Any) -> dict[str, Any]:
        """The payload of one person's answers, given as the fields of the form."""
        language = changes.get("language", "en")
        return {
            "v": 1,
            "kind": "response",
            "client_id": str(uuid4()),
            "session": str(self.session_id),
            "pack": self.pack_digest,
            "language": language,
            "mode": "helped",
            "interpreted": False,
            "consented_at": self.clock - 700_000,
            "started_at": self.clock - 600_000,
            "finished_at": self.clock,
            "clock_offset": self.offset,
            "code": codes.new_code(),
            "answers": {
                key: {"typed": dict(typed), "language": language, "at": self.clock - 300_000}
                for key, typed in answers.items()
            },
            **changes,
        }

    def talk(self, said: str, **changes: Any) -> dict[str, Any]:
        """The payload of what a table said."""
        return {
            "v": 1,
            "kind": "talk",
            "client_id": str(uuid4()),
            "session": str(self.session_id),
            "pack": self.pack_digest,
            "table": "Table 1",
            "question": None,
            "language": "en",
            "people": 5,
            "said": said,
            "written_at": self.clock,
            "clock_offset": self.offset,
            **changes,
        }

    def sign(self, text: str, *, kid: str | None = None) -> str:
        """A text under the tablet's signature."""
        header = {"alg": "ES256", "kid": kid or str(self.device_id)}
        return jws.serialize_compact(header, text, self.key)

    def seal(self, payload: Mapping[str, Any], **header: Any) -> str:
        """An item: signed, then encrypted to the server. ``header`` changes its outside."""
        return self.seal_signed(
            self.sign(sealing.canonical(payload)),
            **{"cid": str(payload.get("client_id", uuid4())), **header},
        )

    def seal_signed(self, signed: str, **header: Any) -> str:
        """Encrypt what was signed, by whomever."""
        outside = {
            "alg": "ECDH-ES",
            "enc": "A256GCM",
            "kid": self.seal_to["kid"],
            "dev": str(self.device_id),
            "typ": "consult-sealed",
            **header,
        }
        key = ECKey.import_key(self.seal_to["jwk"])
        return jwe.encrypt_compact(outside, signed, key, registry=ENVELOPES)

    def authorisation(self, method: str, path: str, **changes: Any) -> str:
        """The header by which a request is known as this tablet's."""
        claims = {"m": method, "p": path, "t": self.clock, "n": secrets.token_hex(8), **changes}
        return f"Device {self.sign(json.dumps(claims))}"

    def send(
        self, session: Session, sealed: str, keys: Keys, *, secret_key: str, **changes: Any
    ) -> receiving.Receipt:
        """Send an item to the service, without any page; the caller commits."""
        sender = None if changes.pop("by_file", False) else self.device_id
        given = {"device_now": self.clock, "sender": sender, "now": self.now, **changes}
        return receiving.receive(session, sealed, opener=keys, secret_key=secret_key, **given)


def read_receipt(signed: str, signing: list[dict[str, Any]]) -> dict[str, Any]:
    """What a receipt says, checked with the server's published keys as a tablet does."""
    header = jws.extract_compact(signed.encode()).headers()
    (jwk,) = [key["jwk"] for key in signing if key["kid"] == header["kid"]]
    letter = jws.deserialize_compact(signed, ECKey.import_key(jwk), algorithms=["ES256"])
    claims: dict[str, Any] = json.loads(letter.payload or b"")
    return claims


def keys_in(folder: Path) -> Keys:
    """Keys whose file lies in a folder of the test; it is made when it is first needed."""
    return Keys(folder / "keys" / "assisted.key")


def organisation_of(
    session: Session, slug: str, *, now: datetime, name: str = "Lozells Women's Group"
) -> Organisation:
    """A partner of a consultation, whose workspace is made if there is none."""
    workspace = workspaces.find(session, slug)
    if workspace is None:
        stored = consultations.get(session, slug)
        workspace = workspaces.adopt(
            session, stored, translations_by="machine", actor="test", now=now
        )
    found = session.scalar(
        select(Organisation).where(
            Organisation.workspace_id == workspace.id, Organisation.name == name
        )
    )
    if found is None:
        found = Organisation(
            workspace_id=workspace.id,
            name=name,
            languages=["ur"],
            reaches=[],
            areas=[],
            recorded_by="officer@council.example.org",
            recorded_at=now,
        )
        session.add(found)
        session.flush()
    return found


def session_of(
    session: Session, organisation: Organisation, *, now: datetime, **changes: Any
) -> AssistedSession:
    """A session that an organisation holds."""
    held = AssistedSession(
        **{
            "workspace_id": organisation.workspace_id,
            "organisation_id": organisation.id,
            "code": secrets.token_hex(3).upper(),
            "venue": "The library",
            "on": date(2026, 3, 10),
            "languages": ["en"],
            "hopes": [],
            "planned_by": "officer@council.example.org",
            "planned_at": now,
            "changed_at": now,
            **changes,
        }
    )
    session.add(held)
    session.flush()
    return held


def pack_of(session: Session, organisation: Organisation, *, now: datetime) -> SessionPack:
    """The questions as they are now, as a tablet gets them."""
    workspace = session.get_one(Workspace, organisation.workspace_id)
    stored = session.get_one(Consultation, workspace.consultation_id)
    return packs.current_pack(session, stored, now=now)
