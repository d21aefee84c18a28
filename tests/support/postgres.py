"""A PostgreSQL server of the tests' own, in a temporary folder, reached by a Unix socket."""

import itertools
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from tests.support.missing import missing

SUPERUSER = "consult"

# Nothing here has to survive a crash. Times that come back in a zone other than UTC show
# code that takes it for granted.
_SERVER_SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "timezone": "Asia/Karachi",
}


class PostgresUnavailable(Exception):
    """No server can be started here; the message says why."""


@dataclass
class PostgresServer:
    """A running server."""

    socket_dir: Path
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def url(self, database: str) -> str:
        """SQLAlchemy's address of a database."""
        return f"postgresql+psycopg://{SUPERUSER}@/{database}?host={self.socket_dir}&port=5432"

    def create_database(self, template: str = "template1") -> str:
        """Create a database with the contents of ``template`` and return its name."""
        name = f"consult_{next(self._numbers)}"
        self._execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )
        return name

    def drop_database(self, name: str) -> None:
        """Drop a database, under whoever is still connected to it."""
        self._execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def _execute(self, statement: sql.Composed) -> None:
        with psycopg.connect(
            host=str(self.socket_dir),
            port=5432,
            user=SUPERUSER,
            dbname="postgres",
            autocommit=True,
        ) as connection:
            connection.execute(statement)


@contextmanager
def running_postgres() -> Iterator[PostgresServer]:
    """Start a server, and stop it and delete its data at the end, also after an error.

    Raises
    ------
    PostgresUnavailable
        If the programs are missing, or refuse to run here.
    """
    initdb, pg_ctl = _program("initdb"), _program("pg_ctl")
    account = _account()
    # pytest's temporary folders are closed to other users, and a socket's path may have no
    # more than 107 bytes.
    folder = Path(tempfile.mkdtemp(prefix="consult-pg-", dir="/tmp"))
    data = folder / "data"
    try:
        if account is not None:
            os.chown(folder, account.pw_uid, account.pw_gid)
        _run(
            [
                initdb,
                f"--pgdata={data}",
                f"--username={SUPERUSER}",
                "--auth=trust",  # the folder is closed to everybody else
                "--encoding=UTF8",
                f"--locale={'C.UTF-8' if sys.platform == 'linux' else 'C'}",
                "--no-sync",
            ],
            folder,
            account,
        )
        options = {**_SERVER_SETTINGS, "unix_socket_directories": str(folder), "port": "5432"}
        (data / "postgresql.auto.conf").write_text(
            "".join(f"{name} = '{value}'\n" for name, value in options.items())
        )
        log = folder / "log"
        try:
            _run(
                [pg_ctl, "start", "-w", "-t", "60", f"--pgdata={data}", f"--log={log}"],
                folder,
                account,
            )
        except PostgresUnavailable as error:
            said = log.read_text(errors="replace")[-1000:] if log.exists() else ""
            raise PostgresUnavailable(f"{error}\n{said}") from error
        try:
            yield PostgresServer(folder)
        finally:
            _run([pg_ctl, "stop", "-w", "-m", "immediate", f"--pgdata={data}"], folder, account)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:  # Debian keeps them off the path
        versions = sorted(
            Path("/usr/lib/postgresql").glob(f"*/bin/{name}"),
            key=lambda path: float(path.parts[-3]),
        )
        if not versions:
            raise PostgresUnavailable(
                f"there is no {name} on the path or in /usr/lib/postgresql/*/bin"
            )
        found = str(versions[-1])
    return found


def _account() -> pwd.struct_passwd | None:
    """Whom to run the server as: root may not, anybody else does it themselves."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise PostgresUnavailable("root cannot run it, and there is no user postgres or nobody")


def _run(command: list[str], folder: Path, account: pwd.struct_passwd | None) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=120,
            check=False,
            user=None if account is None else account.pw_uid,
            group=None if account is None else account.pw_gid,
            extra_groups=None if account is None else [],
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise PostgresUnavailable(f"{command[0]}: {error}") from error
    if done.returncode != 0:
        said = (done.stderr or done.stdout).strip()[-1000:]
        raise PostgresUnavailable(f"{command[0]} failed: {said}")


@pytest.fixture(scope="session")
def postgres_server(pytestconfig: pytest.Config) -> Iterator[PostgresServer]:
    """A PostgreSQL server for the whole run."""
    with ExitStack() as stack:
        environment = stack.enter_context(pytest.MonkeyPatch.context())
        for name in [name for name in os.environ if name.startswith("PG")]:
            environment.delenv(name)  # libpq would read them
        try:
            running = stack.enter_context(running_postgres())
        except PostgresUnavailable as error:
            missing(pytestconfig, "PostgreSQL", str(error), required_by="CONSULT_REQUIRE_POSTGRES")
        yield running
