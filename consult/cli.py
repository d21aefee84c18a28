"""The ``consult`` command."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click
from flask import Flask
from sqlalchemy.exc import DBAPIError

from analysis.progress import Shown
from consult import backups, create_app, import_command, worker
from consult.config import ConfigurationError, Settings, make_secret
from consult.db import db, unit_of_work, upgrade
from consult.document.reading import ConsultationFileError, read_consultation
from consult.document.writing import write_consultation_file
from consult.models import ROLES
from consult.reports.data import Audience, Form
from consult.reports.formats import FORMATS
from consult.services import audit, consultations, importing, postcodes, retention, workspaces
from consult.services.assisting.keys import KeyFileProblem, Keys


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
    from consult.demo import partners, sign_ins
    from consult.demo.setting_up import ask_for_report, ask_for_themes, set_up

    with _refusing():
        try:
            data.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise Refused(f"{data}: {error.strerror}. Name another folder with --data.") from None
        settings = Settings.for_demo(data)
        app = _application(settings)
        with app.app_context():
            prepared = set_up(db.session, settings, responses=responses, now=datetime.now(UTC))
            people = sign_ins.prepare(db.session, data, now=datetime.now(UTC))
            partners.prepare(db.session, prepared.slug, now=datetime.now(UTC))
            if prepared.responses:
                ask_for_themes(db.session, prepared.slug, now=datetime.now(UTC))
                ask_for_report(db.session, prepared.slug, now=datetime.now(UTC))
    click.echo(f"{prepared.title}: {prepared.responses} illustrative responses, none of them real.")
    click.echo(f"Data folder: {data.absolute()}")
    base = f"http://127.0.0.1:{port}"
    click.echo("Residents:")
    click.echo(f"  {base}/c/{prepared.slug}  (choose a language)")
    for language in prepared.languages:
        click.echo(f"  {base}/{language}/{prepared.slug}/")
    click.echo(f"Staff: http://localhost:{port}/en/staff/  (password of all: {people.password})")
    for email in people.emails:
        click.echo(f"  {email}")
    click.echo("  Themes and a report are made in the first minutes; an officer can publish it.")
    click.echo("Partners: sign in as partner@example.org for its sessions and tablets:")
    click.echo(f"  http://localhost:{port}/en/staff/sessions/")
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
    worker.run_alone(app)


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
@click.option(
    "--map",
    "map_file",
    required=True,
    type=click.Path(path_type=Path),
    help="A YAML file that says what each column is.",
)
@click.option("--check", is_flag=True, help="Say what would come in, and store nothing.")
def import_responses(slug: str, file: Path, map_file: Path, check: bool) -> None:
    """Bring in responses that another platform exported as CSV or XLSX. Nothing comes in twice."""
    with _session() as app, app.app_context():
        lines = import_command.bring_in(
            db.session,
            slug,
            file,
            map_file,
            secret_key=app.config["CONSULT_SETTINGS"].secret_key,
            check=check,
            now=datetime.now(UTC),
        )
        for line in lines:
            click.echo(line)


@main.command()
@click.argument("slug")
@click.argument("file", type=click.Path(path_type=Path))
def export_consultation(slug: str, file: Path) -> None:
    """Write a consultation to a YAML file."""
    with _session() as app, app.app_context():
        stored = consultations.get(db.session, slug)
        if stored.is_preview:
            raise Refused(
                f"{slug!r} is not open yet: its preview holds texts that nobody has approved."
            )
        document = consultations.document_of(db.session, stored)
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
@click.argument("slug")
@click.option("--all-over-again", is_flag=True, help="Find the themes anew, not what is new.")
def analyse(slug: str, all_over_again: bool) -> None:
    """Find the themes of all text questions and count who answered, now."""
    from consult import analyse_command  # loads the whole analysis

    with _session() as app, app.app_context():
        settings: Settings = app.config["CONSULT_SETTINGS"]
        if not analyse_command.analyse(db.session, settings, slug, all_over_again=all_over_again):
            raise Refused("Not everything could be analysed; see above.")


@main.command(name="report")
@click.argument("slug")
@click.option(
    "--format",
    "file_format",
    default="docx",
    show_default=True,
    type=click.Choice(list(FORMATS)),
    help="The kind of file.",
)
@click.option("--language", help="One of the consultation's languages; by default its first.")
@click.option(
    "--audience",
    default=Audience.PUBLIC.value,
    show_default=True,
    type=click.Choice([each.value for each in Audience]),
    help="Who may read it. An internal report has exact figures.",
)
@click.option(
    "--form",
    default=Form.FULL.value,
    show_default=True,
    type=click.Choice([each.value for each in Form]),
    help="How long and how plain it is.",
)
@click.option("--version", "number", type=int, help="A version that was made before.")
@click.option("--output", required=True, type=click.Path(path_type=Path), help="The file.")
def write_report(
    slug: str,
    file_format: str,
    language: str | None,
    audience: str,
    form: str,
    number: int | None,
    output: Path,
) -> None:
    """Write the report of a consultation to a file, and keep what it says as a version."""
    from consult import report_command  # loads the whole analysis

    wanted = report_command.Wanted(
        slug, Audience(audience), Form(form), file_format, language, number
    )
    with _session() as app, app.app_context():
        try:
            lines = report_command.report(db.session, wanted, output, Shown())
        except report_command.ReportRefused as error:
            raise Refused(str(error)) from None
        for line in lines:
            click.echo(line)


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
def load_postcodes(file: Path) -> None:
    """Load the table that leads from postcodes to areas."""
    with _session() as app, app.app_context():
        with unit_of_work(db.session):
            count = postcodes.load(db.session, file)
        click.echo(f"{count} postcodes loaded")


@main.command()
@click.argument("email")
@click.option("--role", required=True, type=click.Choice(ROLES))
@click.option("--name", default="", help="What colleagues call them.")
@click.option("--password-stdin", is_flag=True, help="Take the password from standard input.")
def create_user(email: str, role: str, name: str, password_stdin: bool) -> None:
    """Make an account, or a link by which somebody makes theirs."""
    from consult.sign_in import command_line

    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else None
    with _session() as app, app.test_request_context():
        try:
            link = command_line.create_user(
                email, role=role, name=name, password=password, now=datetime.now(UTC)
            )
        except command_line.NotMade as error:
            raise Refused(str(error)) from None
    if link is None:
        click.echo(f"{email}: the account is made")
        return
    click.echo(f"Send this link to {email}. It works once, for seven days:")
    click.echo(link if link.startswith("http") else f"http://127.0.0.1:8000{link}")
    if not link.startswith("http"):
        click.echo("Put the service's own address in the place of http://127.0.0.1:8000.")


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
def backup(file: Path) -> None:
    """Save the database and the files to FILE, and the keys to FILE.keys."""
    with _refusing():
        written = backups.back_up(backups.Place.from_environment(), file, now=datetime.now(UTC))
    for line in written.lines():
        click.echo(line)


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--keys", type=click.Path(path_type=Path), help="The file with the keys.")
@click.option("--replace", is_flag=True, help="Replace what is here; it is saved first.")
@click.option("--without-keys", is_flag=True, help="Go on where the keys are missing or others.")
@click.option("--rehearse", is_flag=True, help="Restore into a temporary folder only.")
def restore(
    file: Path, keys: Path | None, replace: bool, without_keys: bool, rehearse: bool
) -> None:
    """Put a backup's database, files and keys in place."""
    now = datetime.now(UTC)
    with _refusing():
        done = (
            backups.rehearse(file, now=now, keys=keys)
            if rehearse
            else backups.restore(
                file,
                backups.Place.from_environment(),
                now=now,
                keys=keys,
                replace=replace,
                without_keys=without_keys,
            )
        )
    for line in done.lines():
        click.echo(line)


@main.command(name="retention")
def show_retention() -> None:
    """Say what each consultation holds of people, and until when."""
    with _session() as app, app.app_context():
        for line in retention.report(db.session, now=datetime.now(UTC)):
            click.echo(
                f"{line.slug}: responses {line.response_count} (withdrawn {line.withdrawn_count}),"
                f" unsent {line.draft_count}, e-mail addresses {line.contact_count};"
                f" {line.deletion} on {line.delete_on}, {line.days_left} days left"
                f"{' - OVERDUE' if line.is_overdue else ''}"
            )
            for done in line.removals:
                click.echo(
                    f"  {done.at:%Y-%m-%d} {retention.ACTIONS[done.deletion]}: responses "
                    f"{done.response_count}, e-mail addresses {done.contact_count}"
                )


@main.command()
@click.option(
    "--old-are-lost",
    is_flag=True,
    help="The key file is gone for good: give up what tablets have sealed so far.",
)
def rotate_keys(old_are_lost: bool) -> None:
    """Make new keys that tablets seal to; the old ones still open what comes."""
    with _session() as app, app.app_context():
        keys = Keys(app.config["CONSULT_SETTINGS"].key_path)
        with unit_of_work(db.session):
            made = keys.rotate(
                db.session,
                actor=audit.COMMAND_LINE,
                now=datetime.now(UTC),
                give_up_old=old_are_lost,
            )
        click.echo(f"New keys: {', '.join(made)}")
        click.echo(f"Key file: {keys.path}. `consult backup` saves it to the file with the keys.")
        if old_are_lost:
            click.echo("What tablets have sealed so far can never be opened.")
        else:
            click.echo("Tablets take the new keys when they are next online.")


@main.command(name="make-secret")
def print_secret() -> None:
    """Print a new secret for CONSULT_SECRET_KEY."""
    click.echo(make_secret())


def _application(settings: Settings) -> Flask:
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    backups.recover(backups.Place(settings.data_dir, settings.database_url))
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
    signal.signal(signal.SIGTERM, _leave)
    stop = worker.start_beside(app) if with_worker else None
    click.echo(f"Serving on http://{host}:{port}  (Ctrl+C stops)")
    try:
        server.run()
    finally:
        if stop is not None:
            stop.set()


def _leave(_number: int, _frame: object) -> None:
    """End as Ctrl+C does: what is under way is finished, and the worker hands its job back."""
    raise SystemExit


@contextmanager
def _session() -> Iterator[Flask]:
    with _refusing():
        yield _application(Settings.for_data_folder())


@contextmanager
def _refusing() -> Iterator[None]:
    """Turn what a person can mend into one clear message."""
    try:
        yield
    except (
        ConfigurationError,
        ConsultationFileError,
        backups.BackupError,
        import_command.ImportRefused,
        KeyFileProblem,
        postcodes.PostcodeFileError,
    ) as error:
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
