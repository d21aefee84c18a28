"""A real ``consult serve`` process on data of its own."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from consult.demo.setting_up import model_case
from consult.document.model import Consultation

COMMAND = str(Path(sys.executable).parent / "consult")
START_LIMIT_SECONDS = 60
POLL_SECONDS = 0.005
KIB = 1024


@dataclass(frozen=True, slots=True)
class Installation:
    """A data folder and a database with the model case."""

    data_dir: Path
    database_url: str
    document: Consultation

    def environment(self) -> dict[str, str]:
        """Settings for a command on it; nothing comes from the settings of whoever runs this."""
        return {
            **clean_environment(),
            "CONSULT_DATA_DIR": str(self.data_dir),
            "CONSULT_DATABASE_URL": self.database_url,
            "CONSULT_SECRET_KEY": (self.data_dir / "secret.key").read_text("ascii").strip(),
            "CONSULT_SECURE_COOKIES": "0",
        }


@dataclass(frozen=True, slots=True)
class Server:
    """A running server."""

    port: int
    pid: int
    log: Path
    ready_seconds: float
    """From the start of the process to the first good answer."""

    def memory_mib(self, name: str) -> float | None:
        """Memory of the process: ``VmRSS`` now, ``VmHWM`` at its peak. None without /proc."""
        try:
            lines = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii").splitlines()
        except OSError:
            return None
        (line,) = (line for line in lines if line.startswith(f"{name}:"))
        return round(int(line.split()[1]) / KIB, 1)

    def errors_logged(self) -> list[str]:
        """What the server has logged as an error so far."""
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        return [line for line in lines if '"level": "error"' in line]

    def cpu_seconds(self) -> float | None:
        """Processor time of the process so far. None without /proc."""
        try:
            stat = Path(f"/proc/{self.pid}/stat").read_text(encoding="utf-8")
        except OSError:
            return None
        fields = stat.rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def install(data_dir: Path, *, database_url: str | None = None, responses: int = 1) -> Installation:
    """Set the model case up with ``consult demo``, with its own SQLite file by default."""
    path = data_dir / "consult.sqlite3"
    url = database_url or f"sqlite:///{path.absolute()}"
    command = [COMMAND, "demo", "--no-serve", f"--responses={responses}", f"--data={data_dir}"]
    subprocess.run(
        command,
        env={**clean_environment(), "CONSULT_DATABASE_URL": url},
        stdout=subprocess.DEVNULL,
        check=True,
    )
    return Installation(data_dir, url, model_case())


def pause(installation: Installation) -> None:
    """Pause the consultation, as an officer would from the command line."""
    subprocess.run(
        [COMMAND, "pause", installation.document.slug],
        env=installation.environment(),
        stdout=subprocess.DEVNULL,
        check=True,
    )


@contextmanager
def running_server(installation: Installation) -> Iterator[Server]:
    """Start ``consult serve``, wait until it answers, and stop it at the end.

    Raises
    ------
    RuntimeError
        If it does not come up; the message has its last words.
    """
    port = _free_port()
    log = installation.data_dir / "serve.log"
    with log.open("wb") as output:
        began = time.perf_counter()
        process = subprocess.Popen(
            [COMMAND, "serve", f"--port={port}"],
            env=installation.environment(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            while not _is_healthy(port):
                if process.poll() is not None or time.perf_counter() > began + START_LIMIT_SECONDS:
                    said = log.read_text(encoding="utf-8", errors="replace")[-2000:]
                    raise RuntimeError(f"`consult serve` did not come up:\n{said}")
                time.sleep(POLL_SECONDS)
            yield Server(port, process.pid, log, time.perf_counter() - began)
        finally:
            process.terminate()
            process.wait(timeout=30)


def clean_environment() -> dict[str, str]:
    """The environment at hand without settings of Consult and of PostgreSQL's client."""
    return {k: v for k, v in os.environ.items() if not k.startswith(("CONSULT_", "PG"))}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _is_healthy(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
