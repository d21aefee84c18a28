"""A tablet's storage and sender in a real browser, a line that breaks, and what came in."""

import contextlib
import os
import random
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID, uuid4

from playwright.sync_api import BrowserContext, BrowserType, Error, Page
from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.models import Device, Provenance, Response
from consult.services import responses
from consult.services.assisting import sealing
from tests.browser.tablet.line import Break, Line
from tests.support.browser import ROOT, chromium_path

FLAGS = [
    "--no-sandbox",  # root has none, nor have most containers; only our own pages are opened
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
PAGE = "/tablet/harness"
GIVE_UP_AFTER = 60
QUOTA_IS_KNOWN_FOR = 3
"""Seconds after the last tab was closed, in which Chromium does not look at the room again."""
DAY = 86_400_000


class Council(Protocol):
    """The server's side: it starts anew, and its database can be looked into."""

    url: str
    session_id: UUID
    pack_digest: str
    organisation_id: UUID

    def now(self) -> datetime:
        """The time on its clock."""
        ...

    def restart(self) -> str:
        """Stop the server in whatever it does, and start it; returns its address."""
        ...

    def database(self) -> contextlib.AbstractContextManager[Session]:
        """A session on its database."""
        ...


@cache
def bundle() -> str:
    """The harness as one script."""
    command = [
        str(ROOT / "node_modules/.bin/esbuild"),
        str(Path(__file__).with_name("harness.js")),
        "--bundle",
        "--format=iife",
        "--target=chrome80",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    return done.stdout


class Profile:
    """A browser with a folder of its own, which can be killed and started again."""

    def __init__(self, chromium: BrowserType, folder: Path, url: str) -> None:
        self.chromium = chromium
        self.folder = folder
        self.url = url
        self.context: BrowserContext | None = None

    def switch_on(self) -> None:
        """Start the browser."""
        self.context = self.chromium.launch_persistent_context(
            self.folder, executable_path=chromium_path(), args=FLAGS
        )
        self.context.set_default_timeout(30_000)
        html = f"<!doctype html><title>Harness</title><script>{bundle()}</script>"
        self.context.route(
            f"{self.url}{PAGE}",
            lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8"),
        )

    def tab(self) -> Page:
        """A tab with the harness."""
        assert self.context is not None
        page = self.context.new_page()
        page.goto(f"{self.url}{PAGE}")
        page.evaluate("harness.open()")
        return page

    def blank(self) -> Page:
        """A tab with nothing in it."""
        assert self.context is not None
        return self.context.new_page()

    def kill(self) -> None:
        """End the browser's processes at once, with no time to write anything."""
        mine = f"--user-data-dir={self.folder}".encode()
        found = []
        for entry in Path("/proc").iterdir():
            with contextlib.suppress(OSError):
                if entry.name.isdigit() and mine in (entry / "cmdline").read_bytes().split(b"\0"):
                    found.append(int(entry.name))
        assert found, "the browser runs nowhere"
        for process in found:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        self.switch_off()
        while any(Path(f"/proc/{process}/exe").exists() for process in found):
            time.sleep(0.02)

    def switch_off(self) -> None:
        """Close the browser as one does."""
        if self.context is not None:
            with contextlib.suppress(Error):
                self.context.close()
        self.context = None


@dataclass
class Rig:
    """One tablet at a session."""

    council: Council
    line: Line
    profile: Profile
    page: Page
    said: dict[str, str] = field(default_factory=dict)
    """What each person said, by the id of their response."""
    met: Counter[str] = field(default_factory=Counter)
    """How often each fault was met."""

    @classmethod
    def ready(cls, council: Council, chromium: BrowserType, folder: Path) -> "Rig":
        """An enrolled tablet with a passphrase."""
        line = Line(council.url)
        profile = Profile(chromium, folder, line.url)
        profile.switch_on()
        rig = cls(council, line, profile, profile.tab())
        jwk = rig.page.evaluate("harness.publicKey()")
        with council.database() as session:
            device = Device(
                organisation_id=council.organisation_id,
                name="Tablet",
                public_key=jwk,
                thumbprint=sealing.thumbprint(sealing.public_key(jwk)),
                enrolled_by="partner@example.org",
                enrolled_at=council.now(),
                seen_at=council.now(),
            )
            session.add(device)
            session.commit()
            device_id = str(device.id)
        rig.page.evaluate("id => harness.enrolled(id)", device_id)
        return rig

    def close(self) -> None:
        """Let go of everything."""
        self.profile.switch_off()
        self.line.close()

    def open_again(self) -> None:
        """A fresh tab, unlocked."""
        self.page = self.profile.tab()
        assert self.page.evaluate("harness.unlock()") == "done"

    def person(self) -> str:
        """Somebody begins; what they say is kept as a draft. Returns the id."""
        client_id = str(uuid4())
        self.said[client_id] = f"Said by {uuid4().hex} {random.choice('äöشহ')}"
        person = {
            "client_id": client_id,
            "said": self.said[client_id],
            "session": str(self.council.session_id),
            "pack": self.council.pack_digest,
        }
        assert self.page.evaluate("person => harness.begin(person)", person) == "done"
        return client_id

    def finish(self, client_id: str) -> str:
        """They finish; "done" or the word of what went wrong."""
        done: str = self.page.evaluate("id => harness.finish(id)", client_id)
        return done

    def finished(self, people: int) -> None:
        """Some people begin and finish."""
        for _ in range(people):
            assert self.finish(self.person()) == "done"

    def send(self) -> dict[str, Any]:
        """Send what can be sent now; what is owed after it."""
        owed: dict[str, Any] = self.page.evaluate("harness.send()")
        return owed

    def send_all(self) -> None:
        """Send until nothing is owed, with the line mended."""
        self.line.mend()
        until = time.monotonic() + GIVE_UP_AFTER
        while (owed := self.send())["count"]:
            assert time.monotonic() < until, owed
            time.sleep(0.2)

    @contextlib.contextmanager
    def no_room(self) -> Iterator[None]:
        """Give the tablet no more room than it uses, in a tab that is opened anew."""
        beside = self.profile.blank()
        wire = beside.context.new_cdp_session(beside)
        origin = {"origin": self.line.url}
        wire.send("Storage.overrideQuotaForOrigin", {**origin, "quotaSize": 1})
        self.page.close()
        time.sleep(QUOTA_IS_KNOWN_FOR)
        self.open_again()
        yield
        wire.send("Storage.overrideQuotaForOrigin", origin)
        wire.detach()
        beside.close()

    def received(self) -> list[tuple[str, str]]:
        """Id and words of every response that is stored of the session."""
        with self.council.database() as session:
            return [
                (str(row.client_id), responses.answers_of(row)["vision_say"]["text"])
                for row in session.scalars(
                    select(Response)
                    .join(Provenance, Provenance.response_id == Response.id)
                    .where(Provenance.session_id == self.council.session_id)
                )
            ]


class Faults:
    """Things that go wrong, each at a time that a seed decides."""

    def __init__(self, rig: Rig, seed: int) -> None:
        self.rig = rig
        self.chance = random.Random(seed)
        self.kinds = [
            *(("line", where) for where in (Break.CUT, Break.LOST, Break.HALF, Break.BUSY)),
            *((name, None) for name in ("down", "restart", "tab", "killed_sending")),
            *((name, None) for name in ("killed_finishing", "full", "two_tabs", "clock")),
        ]

    def order(self, count: int) -> Iterator[tuple[str, Break | None]]:
        """Each kind as often as the others, in an order of chance."""
        while count:
            kinds = self.chance.sample(self.kinds, min(count, len(self.kinds)))
            count -= len(kinds)
            yield from kinds

    def run(self, *, people: int, faults: int) -> None:
        """Finish as many responses as there are people over as many faults, and send them all."""
        rig = self.rig
        each, more = divmod(people, faults)
        for n, (name, where) in enumerate(self.order(faults)):
            count = each + (n < more)
            rig.met[where.value if where else name] += 1
            if name in {"killed_finishing", "full"}:
                rig.finished(count - 1)
                getattr(self, name)(rig.person())
            else:
                rig.finished(count)
                if where is None:
                    getattr(self, name)()
                else:
                    rig.line.break_at(where)
                    rig.send()
        rig.send_all()

    def down(self) -> None:
        self.rig.page.evaluate("harness.sendLater()")
        self._a_moment()
        self.rig.line.break_at(Break.DOWN)
        self.rig.send()
        self.rig.line.mend()

    def restart(self) -> None:
        self.rig.page.evaluate("harness.sendLater()")
        self._a_moment()
        self.rig.line.point_at(self.rig.council.restart())
        self.rig.send()

    def tab(self) -> None:
        self.rig.page.evaluate("harness.sendLater()")
        self._a_moment()
        self.rig.page.close()
        self.rig.open_again()

    def killed_sending(self) -> None:
        self.rig.page.evaluate("harness.sendLater()")
        self._killed()

    def killed_finishing(self, client_id: str) -> None:
        """Sealed or begun: it is there in one of the two ways, and finishing goes on."""
        self.rig.page.evaluate("id => void harness.finish(id)", client_id)
        self._killed()
        assert self.rig.finish(client_id) == "done"

    def full(self, client_id: str) -> None:
        """The disk is full: nothing is half kept, and it works once there is room."""
        with self.rig.no_room():
            assert self.rig.finish(client_id) == "storage_full"
        assert self.rig.finish(client_id) == "done"

    def two_tabs(self) -> None:
        other = self.rig.profile.tab()
        other.evaluate("harness.sendLater()")
        self.rig.page.evaluate("harness.sendLater()")
        self._a_moment()
        other.evaluate("harness.send()")
        other.close()

    def clock(self) -> None:
        days = self.chance.uniform(-3, 3)
        self.rig.page.evaluate("ms => harness.moveClock(ms)", int(days * DAY))

    def _killed(self) -> None:
        self._a_moment()
        self.rig.profile.kill()
        self.rig.profile.switch_on()
        self.rig.open_again()

    def _a_moment(self) -> None:
        time.sleep(self.chance.uniform(0, 0.15))
