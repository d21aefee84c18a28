"""Consultation files beside the desk: what the command and the pages say to each other."""

from click.testing import CliRunner

from consult.cli import main
from consult.config import Settings
from consult.db import unit_of_work
from consult.demo.setting_up import model_case, set_up
from consult.document.writing import write_consultation_file
from consult.services import audit, consultations, opening, workspaces
from tests.support.visitors import NOON, SLUG, in_session


def change_title(app, title):
    with in_session(app) as session, unit_of_work(session):
        words = workspaces.part_of(workspaces.lock(session, SLUG), "words")
        workspaces.save_part(
            session,
            SLUG,
            "words",
            {**words, "title": title},
            seen=workspaces.digest(words),
            actor="officer@council.example.org",
            now=NOON,
        )


def titles(app):
    """The title on the desk, and the one that residents read."""
    with in_session(app) as session:
        workspace = workspaces.find(session, SLUG)
        assert workspace is not None
        stored = consultations.get(session, SLUG)
        return workspace.content["title"], consultations.document_of(session, stored).title


def run(settings, monkeypatch, *arguments):
    monkeypatch.setenv("CONSULT_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("CONSULT_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("CONSULT_SECRET_KEY", settings.secret_key)
    return CliRunner().invoke(main, list(arguments))


def test_the_command_asks_before_it_sweeps_officers_words_away(
    app, desk, settings, tmp_path, monkeypatch
):
    change_title(app, "An officer's title")
    file = tmp_path / "model.yaml"
    write_consultation_file(model_case().model_copy(update={"title": "The file's title"}), file)
    refused = run(settings, monkeypatch, "import-consultation", str(file))
    assert refused.exit_code == 2
    assert "--replace" in refused.output
    assert titles(app) == ("An officer's title", model_case().title)
    done = run(settings, monkeypatch, "import-consultation", str(file), "--replace")
    assert done.exit_code == 0, done.output
    assert titles(app) == ("The file's title", "The file's title")


def test_a_consultation_of_before_the_desk_has_a_place_on_it(app, settings, monkeypatch, tmp_path):
    with in_session(app) as session:
        assert workspaces.find(session, SLUG) is None
    file = tmp_path / "out.yaml"
    done = run(settings, monkeypatch, "export-consultation", SLUG, str(file))
    assert done.exit_code == 0, done.output
    with in_session(app) as session:
        assert workspaces.find(session, SLUG) is not None


def test_the_demonstration_leaves_what_was_changed_on_the_pages(app, tmp_path):
    settings = Settings.for_tests(tmp_path)
    with in_session(app) as session:
        set_up(session, settings, responses=0, now=NOON)
    change_title(app, "Changed in the demonstration")
    with in_session(app) as session:
        set_up(session, settings, responses=0, now=NOON)
    assert titles(app) == ("Changed in the demonstration", model_case().title)


def correct_title(app, text):
    """Correct one translation, as a translator does; it is not published yet."""
    with in_session(app) as session, unit_of_work(session):
        workspace = workspaces.lock(session, SLUG)
        row = next(row for row in workspace.texts if (row.language, row.path) == ("ur", "title"))
        row.text, row.origin, row.written_by = text, "person", "noor@council.example.org"
        audit.record(
            session,
            actor="noor@council.example.org",
            action="translations written",
            subject=SLUG,
            now=NOON,
        )


def urdu_title(app):
    with in_session(app) as session:
        workspace = workspaces.find(session, SLUG)
        assert workspace is not None
        return next(
            row.text for row in workspace.texts if (row.language, row.path) == ("ur", "title")
        )


def test_a_file_does_not_sweep_a_translator_s_words_away(
    app, desk, settings, tmp_path, monkeypatch
):
    correct_title(app, "نیا عنوان")
    file = tmp_path / "model.yaml"
    write_consultation_file(model_case(), file)
    refused = run(settings, monkeypatch, "import-consultation", str(file))
    assert refused.exit_code == 2
    assert urdu_title(app) == "نیا عنوان"


def test_the_demonstration_leaves_what_a_translator_wrote(app, tmp_path):
    settings = Settings.for_tests(tmp_path)
    with in_session(app) as session:
        set_up(session, settings, responses=0, now=NOON)
    correct_title(app, "نیا عنوان")
    with in_session(app) as session:
        set_up(session, settings, responses=0, now=NOON)
    assert urdu_title(app) == "نیا عنوان"


def test_a_preview_is_not_exported(app, hire, settings, tmp_path, monkeypatch):
    officer = hire("officer")
    officer.visit("new")
    officer.send("/new", {"kind": "nothing", "title": "Parks"})
    with in_session(app) as session, unit_of_work(session):
        opening.make_preview(session, "parks", actor="test", now=NOON)
    refused = run(settings, monkeypatch, "export-consultation", "parks", str(tmp_path / "x.yaml"))
    assert refused.exit_code == 2
    assert "nobody has approved" in refused.output
