"""The ``consult`` command."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click
from flask import Flask
from sqlalchemy.exc import DBAPIError

from consult import create_app, worker
from consult.config import ConfigurationError, Settings, make_secret
from consult.db import db, unit_of_work, upgrade
from consult.document.reading import ConsultationFileError, read_consultation
from consult.document.writing import write_consultation_file
from consult.services import audit, consultations, importing, postcodes, workspaces


class Refused(click.ClickException):
    """Bad input or settings: one clear message and exit code 2."""

    exit_code = 2

    def show(self, file: object = None) -> None:
        """Print the message as it is."""
        click.echo(self.message, err=True)


@click.group()
@click.version_option(package_name="resident-consult")
def main() -> None:
    """Ask residents what they think of a draft, in their languages."""
    os.umask(0o077)  # answers are for this account only


@main.command()
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option(
    "--data",
    default="demo-data",
    show_default=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="The one folder that the demonstration lives in; delete it to start afresh.",
)
@click.option("--responses", default=400, show_default=True, type=click.IntRange(0, 200_000))
@click.option("--no-serve", is_flag=True, help="Prepare everything and stop.")
def demo(port: int, data: Path, responses: int, no_serve: bool) -> None:
    """Set the model case up and serve it on this machine."""
    from consult.demo.setting_up import set_up

    with _refusing():
        try:
            data.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise Refused(f"{data}: {error.strerror}. Name another folder with --data.") from None
        settings = Settings.for_demo(data)
        app = _application(settings)
        with app.app_context():
            prepared = set_up(db.session, settings, responses=responses, now=datetime.now(UTC))
    click.echo(f"{prepared.title}: {prepared.responses} illustrative responses, none of them real.")
    click.echo(f"Data folder: {data.absolute()}")
    base = f"http://127.0.0.1:{port}"
    click.echo("Residents:")
    click.echo(f"  {base}/c/{prepared.slug}  (choose a language)")
    for language in prepared.languages:
        click.echo(f"  {base}/{language}/{prepared.slug}/")
    click.echo("Officers and partners: their pages are not built yet; there is no sign-in.")
    if not no_serve:
        _serve(app, "127.0.0.1", port)


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--no-worker", is_flag=True, help="Start no worker; run `consult worker` beside.")
def serve(host: str, port: int, no_worker: bool) -> None:
    """Serve the configured database."""
    with _refusing():
        app = _application(Settings.from_environment())
    _serve(app, host, port, with_worker=not no_worker)


@main.command(name="worker")
def run_worker() -> None:
    """Run the work that happens beside the pages until stopped."""
    with _refusing():
        app = _application(Settings.from_environment())
    worker.run(app, threading.Event())


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--replace", is_flag=True, help="Also over what officers have not published yet.")
def import_consultation(file: Path, replace: bool) -> None:
    """Create or update a consultation from a YAML file. Residents meet it at once."""
    with _session() as app, app.app_context():
        document = read_consultation(file)
        stored_before = consultations.find(db.session, document.slug)
        if stored_before is not None:  # a mend does not open what was paused by command
            document = document.model_copy(update={"paused": stored_before.paused})
        with unit_of_work(db.session):
            stored = importing.store_file(
                db.session,
                document,
                translations_by=file.name,
                actor=audit.COMMAND_LINE,
                now=datetime.now(UTC),
                replace=replace,
            )
            revision = stored.revision
        click.echo(f"{document.slug}: stored, revision {revision}")


@main.command()
@click.argument("slug")
@click.argument("file", type=click.Path(path_type=Path))
def export_consultation(slug: str, file: Path) -> None:
    """Write a consultation to a YAML file."""
    with _session() as app, app.app_context():
        document = consultations.document_of(db.session, consultations.get(db.session, slug))
        write_consultation_file(document, file)
        click.echo(f"{slug}: written to {file}")


@main.command()
@click.argument("slug")
@click.option("--resume", is_flag=True, help="Let it go on.")
def pause(slug: str, resume: bool) -> None:
    """Pause a consultation; nothing that residents saved is lost."""
    with _session() as app, app.app_context():
        with unit_of_work(db.session):
            consultations.set_paused(
                db.session, slug, not resume, actor=audit.COMMAND_LINE, now=datetime.now(UTC)
            )
        click.echo(f"{slug}: {'goes on' if resume else 'paused'}")


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
def load_postcodes(file: Path) -> None:
    """Load the table that leads from postcodes to areas."""
    with _session() as app, app.app_context():
        with unit_of_work(db.session):
            count = postcodes.load(db.session, file)
        click.echo(f"{count} postcodes loaded")


@main.command(name="make-secret")
def print_secret() -> None:
    """Print a new secret for CONSULT_SECRET_KEY."""
    click.echo(make_secret())


def _application(settings: Settings) -> Flask:
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    upgrade(settings.database_url)
    app = create_app(settings)
    with app.app_context(), unit_of_work(db.session):
        workspaces.adopt_all(db.session, actor=audit.MACHINE, now=datetime.now(UTC))
    return app


def _serve(app: Flask, host: str, port: int, *, with_worker: bool = True) -> None:
    from consult.serving import make_server

    try:
        server = make_server(app, host, port)
    except OSError as error:
        raise Refused(
            f"Port {port} of {host} cannot be used: {error.strerror}. Choose another with --port."
        ) from None
    stop = worker.start_beside(app) if with_worker else None
    click.echo(f"Serving on http://{host}:{port}  (Ctrl+C stops)")
    try:
        server.run()
    finally:
        if stop is not None:
            stop.set()


@contextmanager
def _session() -> Iterator[Flask]:
    with _refusing():
        yield _application(Settings.for_data_folder())


@contextmanager
def _refusing() -> Iterator[None]:
    """Turn what a person can mend into one clear message."""
    try:
        yield
    except (ConfigurationError, ConsultationFileError, postcodes.PostcodeFileError) as error:
        raise Refused(str(error)) from None
    except importing.UnpublishedChanges as error:
        raise Refused(
            f"Officers have changed {error.args[0]!r} on their pages and not published it yet. "
            "Add --replace to put the file in place of what they wrote."
        ) from None
    except consultations.NoSuchConsultation as error:
        raise Refused(f"There is no consultation {error.args[0]!r}.") from None
    except DBAPIError as error:
        raise Refused(f"The database cannot be used: {error.orig}") from None
    except OSError as error:
        raise Refused(f"{error.filename}: {error.strerror}") from None
