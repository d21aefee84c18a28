"""The wheel, installed where there is no checkout, serves the model case."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urljoin

import pytest

from tests.support.html import check_page

ROOT = Path(__file__).parents[2]
STYLE_SHEET = re.compile(r'<link(?=[^>]*rel="stylesheet")[^>]*href="([^"]+)"')
# Without proxies: they are for other hosts.
FETCH = urllib.request.build_opener(urllib.request.ProxyHandler({})).open

pytestmark = [pytest.mark.wheel, pytest.mark.slow]


@pytest.fixture(scope="module")
def consult(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command ``consult`` of a fresh environment that holds the wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    _copy_sources(source)
    _run([sys.executable, "-m", "build", "--wheel", "--outdir", str(folder / "dist")], source)
    (wheel,) = (folder / "dist").glob("*.whl")
    shutil.rmtree(source)

    _run([sys.executable, "-m", "venv", str(folder / "env")], folder)
    programs = folder / "env/bin"
    _run([str(programs / "python"), "-m", "pip", "install", "--quiet", str(wheel)], folder)
    return programs / "consult"


def test_the_wheel_carries_the_product(consult, tmp_path):
    where = "import analysis, consult; print(consult.__file__, analysis.__file__)"
    said = _run([str(consult.with_name("python")), "-c", where], tmp_path)
    assert all(
        Path(path).is_relative_to(consult.parent.parent.resolve()) for path in said.split()
    ), said


def test_the_installed_demo_serves_the_start_page(consult, tmp_path):
    data = tmp_path / "data"
    demo = [str(consult), "demo", "--data", str(data), "--responses", "5"]
    _run([*demo, "--no-serve"], tmp_path)
    assert any(data.iterdir())

    port = _free_port()
    address = f"http://127.0.0.1:{port}/"
    with _serving([*demo, "--port", str(port)], tmp_path) as log:
        page = _wait_for(address, log)
        check_page(page)
        style_sheets = STYLE_SHEET.findall(page)
        assert style_sheets, page
        for style_sheet in style_sheets:
            with FETCH(urljoin(address, style_sheet), timeout=10) as reply:
                assert reply.headers.get_content_type() == "text/css"
                assert reply.read()


def _copy_sources(target: Path) -> None:
    """Copy what a commit of everything would hold, without what is built from it."""
    if not (ROOT / ".git").exists():
        built = (".venv", "node_modules", "build", "built", "dist", "__pycache__", "*.mo")
        shutil.copytree(ROOT, target, ignore=shutil.ignore_patterns(*built))
        return
    listing = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z", "-co", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in filter(None, listing.stdout.split("\0")):
        if (ROOT / name).is_file():  # it may be deleted and not yet committed
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)


def _environment() -> dict[str, str]:
    ours = ("CONSULT_", "COV", "PYTHON", "PYTEST")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}


def _run(command: list[str], folder: Path) -> str:
    done = subprocess.run(
        command,
        cwd=folder,
        env=_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=900,
        check=False,
    )
    assert done.returncode == 0, f"{command} ended with {done.returncode}:\n{done.stdout}"
    return done.stdout


@contextmanager
def _serving(command: list[str], folder: Path) -> Iterator[Path]:
    log = folder / "log"
    with (
        log.open("w") as output,
        subprocess.Popen(
            command, cwd=folder, env=_environment(), stdout=output, stderr=subprocess.STDOUT
        ) as server,
    ):
        try:
            yield log
        finally:
            server.terminate()
            try:
                server.wait(timeout=20)
            except subprocess.TimeoutExpired:
                server.kill()
                raise


def _wait_for(address: str, log: Path) -> str:
    until = time.monotonic() + 60
    while True:
        try:
            with FETCH(address, timeout=10) as reply:
                page: str = reply.read().decode()
                return page
        except urllib.error.HTTPError as error:
            with error:
                pytest.fail(f"{address} answered {error.code}:\n{log.read_text()}")
        except OSError:
            if time.monotonic() > until:
                pytest.fail(f"{address} does not answer:\n{log.read_text()}")
            time.sleep(0.2)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
