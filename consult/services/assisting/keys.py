"""The server's keys: made here, kept under a key file that lies outside the database.

Tablets seal what they finish to the newest encryption key, and check receipts with the signing
keys. Public halves are no secret. Private halves stand in the database, each sealed under the
key file's 32 bytes, so that neither the database nor the file alone opens anything.
"""

import json
import os
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwe import JWERegistry
from joserfc.jwk import ECKey, OctKey
from sqlalchemy import Select, exists, or_, select
from sqlalchemy.orm import Session

from consult.models import Consultation, Device, Organisation, ServerKey, Workspace
from consult.services import audit
from consult.services.assisting import sealing

ENCRYPTION = "encryption"
SIGNING = "signing"
PURPOSES = (ENCRYPTION, SIGNING)

KEPT = timedelta(days=60)
"""How long a retired key still opens what comes, at the least."""

_KEY_BYTES = 32
_UNDER_FILE = {"alg": "dir", "enc": "A256GCM"}
_REGISTRY = JWERegistry(algorithms=["dir", "A256GCM"])


class KeyFileProblem(Exception):
    """The key file is missing, or is not the one that the keys were made under.

    The message says what to do. What tablets hold stays with them until it is mended.
    """


@dataclass(frozen=True, slots=True)
class Keys:
    """The key file, by which the server's private halves are opened."""

    path: Path

    def signer(self, session: Session, *, now: datetime) -> tuple[ECKey, str]:
        """The key that receipts are signed with, and its id.

        Raises
        ------
        KeyFileProblem
            If the key file does not open it.
        """
        row = _newest(session, SIGNING) or self._make(session, SIGNING, now)
        return self._private(row), row.id

    def decrypter(self, session: Session, key_id: str) -> ECKey | None:
        """The private half of an encryption key; nothing if there is none, or none any more.

        Raises
        ------
        KeyFileProblem
            If it is there and the key file does not open it.
        """
        row = session.get(ServerKey, key_id)
        if row is None or row.purpose != ENCRYPTION or row.private_sealed is None:
            return None
        return self._private(row)

    def published(self, session: Session, *, now: datetime) -> dict[str, list[dict[str, Any]]]:
        """The public halves, the newest first: those to seal to, and those that sign.

        What is missing is made, so this belongs into a unit of work.

        Raises
        ------
        KeyFileProblem
            If new keys are needed and the key file is missing or another.
        """
        for purpose in PURPOSES:
            if _newest(session, purpose) is None:
                self._make(session, purpose, now)
        return {purpose: _published(_in_use(session, purpose)) for purpose in PURPOSES}

    def rotate(
        self, session: Session, *, actor: str, now: datetime, give_up_old: bool = False
    ) -> list[str]:
        """Retire the keys in use, make new ones, and return their ids.

        Retired encryption keys go on opening what comes; a retired signing key is gone at once,
        as nothing needs it any more.

        Parameters
        ----------
        give_up_old
            Whether the old key file is lost for good: what tablets have sealed so far can then
            never be opened.

        Raises
        ------
        KeyFileProblem
            If the key file is another than that of keys which are still needed.
        """
        if give_up_old:
            for row in session.scalars(_wanted().where(ServerKey.private_sealed.is_not(None))):
                row.retired_at = row.retired_at or now
                row.private_sealed, row.removed_at = None, now
            session.flush()
        key = self._file_key(session)
        for row in session.scalars(_wanted().where(ServerKey.retired_at.is_(None))):
            row.retired_at = now
            if row.purpose == SIGNING:
                row.private_sealed, row.removed_at = None, now
        session.flush()
        made = [_new_row(session, purpose, key, now).id for purpose in PURPOSES]
        audit.record(
            session,
            actor=actor,
            action="keys of tablets changed",
            subject="keys of tablets",
            now=now,
            old_given_up=give_up_old,
        )
        return made

    def check(self, rows: Iterable[tuple[str, str]]) -> None:
        """Open private halves, given as pairs of id and sealed text, to know that it can be done.

        Raises
        ------
        KeyFileProblem
            If one of them cannot be opened.
        """
        for key_id, private in rows:
            _unsealed(private, _read(self.path), key_id, self.path)

    def _make(self, session: Session, purpose: str, now: datetime) -> ServerKey:
        return _new_row(session, purpose, self._file_key(session), now)

    def _private(self, row: ServerKey) -> ECKey:
        return _unsealed(row.private_sealed or "", _read(self.path), row.id, self.path)

    def _file_key(self, session: Session) -> OctKey:
        """The file's key; a new file only where no key is sealed under a lost one."""
        row = session.scalar(_wanted().where(ServerKey.private_sealed.is_not(None)).limit(1))
        if row is None and not self.path.exists():
            _write_new(self.path)
        key = _read(self.path)
        if row is not None:
            _unsealed(row.private_sealed or "", key, row.id, self.path)
        return key


def remove_unneeded(session: Session, *, now: datetime) -> int:
    """Remove private halves that no tablet needs any more, and say how many.

    A tablet may need a key that was retired after it was enrolled while it says that it owes
    something, or has not been heard of since, as long as its consultation still takes answers
    and nobody has revoked it.
    """
    needed = exists().where(
        Device.revoked_at.is_(None),
        Device.enrolled_at <= ServerKey.retired_at,
        or_(
            Device.owes > 0,
            Device.unfinished > 0,
            Device.seen_at.is_(None),
            Device.seen_at < ServerKey.retired_at,
        ),
        Organisation.id == Device.organisation_id,
        Workspace.id == Organisation.workspace_id,
        Consultation.id == Workspace.consultation_id,
        Consultation.late_until >= now,
    )
    rows = session.scalars(
        _wanted().where(
            ServerKey.private_sealed.is_not(None), ServerKey.retired_at <= now - KEPT, ~needed
        )
    ).all()
    for row in rows:
        row.private_sealed, row.removed_at = None, now
    session.flush()
    return len(rows)


def _wanted() -> Select[ServerKey]:
    return select(ServerKey).order_by(ServerKey.made_at.desc(), ServerKey.id)


def _in_use(session: Session, purpose: str) -> list[ServerKey]:
    return list(
        session.scalars(
            _wanted().where(ServerKey.purpose == purpose, ServerKey.retired_at.is_(None))
        )
    )


def _newest(session: Session, purpose: str) -> ServerKey | None:
    return next(iter(_in_use(session, purpose)), None)


def _published(rows: Iterable[ServerKey]) -> list[dict[str, Any]]:
    return [{"kid": row.id, "jwk": row.public_key} for row in rows]


def _new_row(session: Session, purpose: str, file_key: OctKey, now: datetime) -> ServerKey:
    pair = ECKey.generate_key(sealing.CURVE)
    key_id = sealing.thumbprint(pair)
    private = jwe.encrypt_compact(
        {**_UNDER_FILE, "kid": key_id},
        json.dumps(pair.as_dict(private=True)),
        file_key,
        registry=_REGISTRY,
    )
    row = ServerKey(
        id=key_id,
        purpose=purpose,
        public_key=dict(pair.as_dict(private=False)),
        private_sealed=private,
        made_at=now,
    )
    session.add(row)
    session.flush()
    return row


def _unsealed(private: str, file_key: OctKey, key_id: str, path: Path) -> ECKey:
    try:
        plain = jwe.decrypt_compact(private, file_key, registry=_REGISTRY).plaintext or b""
        pair = ECKey.import_key(json.loads(plain))
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise KeyFileProblem(
            f"{path} is not the key file that the keys of tablets were made under. Put the right "
            "one in its place: it lies in the file with the keys of a backup."
        ) from error
    if sealing.thumbprint(pair) != key_id:
        raise KeyFileProblem(f"The key {key_id} is not the one that it is called. Restore it.")
    return pair


def _read(path: Path) -> OctKey:
    try:
        content = urlsafe_b64decode(f"{path.read_text(encoding='ascii').strip()}==")
    except FileNotFoundError:
        raise KeyFileProblem(
            f"The key file {path} is missing. Put it back from the file with the keys of a backup: "
            "without it nothing opens what tablets have sealed."
        ) from None
    except (OSError, ValueError) as error:
        raise KeyFileProblem(f"The key file {path} cannot be read. Put it back.") from error
    if len(content) != _KEY_BYTES:
        raise KeyFileProblem(f"The key file {path} holds no key. Put it back.")
    return OctKey.import_key(content)


def _write_new(path: Path) -> None:
    """Make a key file that only this account can read; of two at once, one stays."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    text = urlsafe_b64encode(secrets.token_bytes(_KEY_BYTES)).decode("ascii").rstrip("=")
    with NamedTemporaryFile("w", encoding="ascii", dir=path.parent, delete=False) as file:
        part = Path(file.name)
        try:
            file.write(f"{text}\n")
            file.flush()
            os.fsync(file.fileno())
            os.link(part, path)
        except FileExistsError:
            pass
        finally:
            part.unlink()
