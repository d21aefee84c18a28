"""Settings: what is wrong is said before anything starts."""

import stat
from pathlib import Path

import pytest

from consult.config import ConfigurationError, Settings, make_secret

SECRET = "0123456789abcdef" * 2


def settings(**values):
    environment = {f"CONSULT_{name}": value for name, value in values.items()}
    return Settings.from_environment({"CONSULT_SECRET_KEY": SECRET, **environment})


def test_a_secret_is_all_that_is_needed(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    found = settings()
    assert found.data_dir == Path("consult-data")
    assert found.database_url == f"sqlite:///{tmp_path}/consult-data/consult.sqlite3"
    assert found.secret_key == SECRET
    assert found.languages == ("en", "ur", "pa", "bn", "pl", "ar", "so", "ro")
    assert (found.embedder, found.translate_url, found.smtp_url) == ("auto", None, None)
    assert (found.trusted_proxies, found.secure_cookies) == (0, True)
    assert (found.second_factor, found.public_url, found.mail_from) == ("required", None, None)


def test_every_setting_is_read():
    found = settings(
        DATA_DIR="/srv/consult",
        LANGUAGES=" ur, en ,",
        EMBEDDER="off",
        TRANSLATE_URL="http://localhost:5000/",
        SMTP_URL="smtps://user:word@mail.example:465",
        MAIL_FROM="consult@example.gov.uk",
        PUBLIC_URL="https://consult.example.gov.uk/",
        SECOND_FACTOR="optional",
        TRUSTED_PROXIES="2",
        SECURE_COOKIES="0",
    )
    assert found.data_dir == Path("/srv/consult")
    assert found.database_url == "sqlite:////srv/consult/consult.sqlite3"
    assert found.languages == ("ur", "en")
    assert found.embedder == "off"
    assert found.translate_url == "http://localhost:5000/"
    assert found.smtp_url == "smtps://user:word@mail.example:465"
    assert found.mail_from == "consult@example.gov.uk"
    assert found.public_url == "https://consult.example.gov.uk"
    assert found.second_factor == "optional"
    assert (found.trusted_proxies, found.secure_cookies) == (2, False)


def test_the_environment_itself_is_read(monkeypatch):
    monkeypatch.setenv("CONSULT_SECRET_KEY", SECRET)
    monkeypatch.setenv("CONSULT_TRUSTED_PROXIES", "3")
    assert Settings.from_environment().trusted_proxies == 3


def test_a_home_folder_is_found(monkeypatch):
    monkeypatch.setenv("HOME", "/home/somebody")
    assert settings(DATA_DIR="~/data").data_dir == Path("/home/somebody/data")


@pytest.mark.parametrize("secret", [None, ""])
def test_a_missing_secret_is_explained(secret):
    environment = {} if secret is None else {"CONSULT_SECRET_KEY": secret}
    with pytest.raises(ConfigurationError, match="consult make-secret"):
        Settings.from_environment(environment)


@pytest.mark.parametrize(
    "secret",
    [SECRET[:31], "a" * 64, "abcdefg" * 10, "changeme"],
    ids=["31 characters", "one letter", "seven letters", "a word"],
)
def test_a_weak_secret_is_refused_and_not_repeated(secret):
    with pytest.raises(ConfigurationError, match="too weak") as caught:
        Settings.from_environment({"CONSULT_SECRET_KEY": secret})
    assert secret not in str(caught.value)


def test_eight_letters_and_32_characters_are_enough():
    assert Settings.from_environment({"CONSULT_SECRET_KEY": "abcdefgh" * 4}).secret_key


def test_secrets_are_not_shown():
    found = settings(SMTP_URL="smtp://user:password@mail.example", PUBLIC_URL="https://h")
    assert SECRET not in repr(found)
    assert "password" not in repr(found)


def test_made_secrets_are_strong_and_differ():
    one, other = make_secret(), make_secret()
    assert len(one) == 64
    assert one != other
    assert Settings.from_environment({"CONSULT_SECRET_KEY": one}).secret_key == one


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("sqlite:////srv/c.sqlite3", "sqlite:////srv/c.sqlite3"),
        ("postgres://u:p@h:5433/d?x=1", "postgresql+psycopg://u:p@h:5433/d?x=1"),
        ("postgresql://u@h/d", "postgresql+psycopg://u@h/d"),
        ("postgresql+psycopg://u@h/d", "postgresql+psycopg://u@h/d"),
    ],
)
def test_addresses_of_databases_are_normalised(given, expected):
    assert settings(DATABASE_URL=given).database_url == expected


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("DATABASE_URL", "mysql://h/d", "CONSULT_DATABASE_URL"),
        ("DATABASE_URL", "postgresql+psycopg2://h/d", "CONSULT_DATABASE_URL"),
        ("DATABASE_URL", "consult.sqlite3", "CONSULT_DATABASE_URL"),
        ("LANGUAGES", "en,xx,yy", "xx, yy"),
        ("LANGUAGES", " , ", "nothing"),
        ("LANGUAGES", "EN", "EN"),
        ("TRANSLATE_URL", "localhost:5000", "CONSULT_TRANSLATE_URL"),
        ("TRANSLATE_URL", "ftp://h", "http://"),
        ("TRANSLATE_URL", "http://", "CONSULT_TRANSLATE_URL"),
        ("TRANSLATE_URL", "http://[::1", "CONSULT_TRANSLATE_URL"),
        ("SMTP_URL", "http://h", "smtp://"),
        ("SMTP_URL", "smtp://mail.example", "CONSULT_PUBLIC_URL"),
        ("PUBLIC_URL", "consult.example", "CONSULT_PUBLIC_URL"),
        ("PUBLIC_URL", "https://consult.example/staff", "without a path"),
        ("MAIL_FROM", "Consult <c@example.org>", "CONSULT_MAIL_FROM"),
        ("MAIL_FROM", "consult", "CONSULT_MAIL_FROM"),
        ("SECOND_FACTOR", "yes", "required or optional"),
        ("SMTP_URL", "smtp://h:many", "CONSULT_SMTP_URL"),
        ("TRUSTED_PROXIES", "-1", "0 to 10"),
        ("TRUSTED_PROXIES", "11", "0 to 10"),
        ("TRUSTED_PROXIES", "two", "0 to 10"),
        ("TRUSTED_PROXIES", "²", "0 to 10"),
        ("SECURE_COOKIES", "yes", "CONSULT_SECURE_COOKIES"),
        ("SECURE_COOKIES", "2", "1 or 0"),
    ],
)
def test_what_cannot_be_used_is_named(name, value, said):
    with pytest.raises(ConfigurationError) as caught:
        settings(**{name: value})
    assert said in str(caught.value)
    assert f"CONSULT_{name}" in str(caught.value)


def test_passwords_are_not_repeated_in_messages():
    with pytest.raises(ConfigurationError) as caught:
        settings(DATABASE_URL="mysql://user:password@h/d", SMTP_URL="")
    assert "password" not in str(caught.value)
    with pytest.raises(ConfigurationError) as caught:
        settings(SMTP_URL="http://user:password@h")
    assert "password" not in str(caught.value)


def test_empty_settings_are_as_if_not_set():
    assert (
        settings(
            DATABASE_URL="",
            LANGUAGES="",
            EMBEDDER="",
            TRANSLATE_URL="",
            SMTP_URL="",
            TRUSTED_PROXIES="",
            SECURE_COOKIES="",
            DATA_DIR="",
        )
        == settings()
    )


# A demonstration


def test_a_demonstration_keeps_its_secret_for_its_owner_only(tmp_path):
    first = Settings.for_demo(tmp_path, {})
    kept = tmp_path / "secret.key"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert kept.read_text(encoding="ascii").strip() == first.secret_key
    assert len(first.secret_key) == 64
    assert [path.name for path in tmp_path.iterdir()] == ["secret.key"]
    again = Settings.for_demo(tmp_path, {})
    assert again.secret_key == first.secret_key
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert first.secure_cookies is False
    assert first.database_url == f"sqlite:///{tmp_path}/consult.sqlite3"


def test_a_demonstration_replaces_an_empty_secret(tmp_path):
    (tmp_path / "secret.key").write_text("\n")
    assert len(Settings.for_demo(tmp_path, {}).secret_key) == 64


def test_a_demonstration_takes_database_and_languages_from_the_environment(tmp_path):
    found = Settings.for_demo(
        tmp_path,
        {"CONSULT_DATABASE_URL": "postgres://h/d", "CONSULT_LANGUAGES": "en,ur"},
    )
    assert found.database_url == "postgresql+psycopg://h/d"
    assert found.languages == ("en", "ur")


def test_a_command_uses_the_secret_of_the_demonstration(tmp_path):
    demo = Settings.for_demo(tmp_path, {})
    found = Settings.for_data_folder({"CONSULT_DATA_DIR": str(tmp_path)})
    assert (found.secret_key, found.secure_cookies) == (demo.secret_key, False)
    own = Settings.for_data_folder(
        {"CONSULT_DATA_DIR": str(tmp_path), "CONSULT_SECRET_KEY": SECRET}
    )
    assert (own.secret_key, own.secure_cookies) == (SECRET, True)
    with pytest.raises(ConfigurationError, match="is not set"):
        Settings.for_data_folder({"CONSULT_DATA_DIR": str(tmp_path / "elsewhere")})


def test_settings_of_tests_read_no_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("CONSULT_DATABASE_URL", "mysql://nowhere")
    found = Settings.for_tests(tmp_path)
    assert found.database_url == f"sqlite:///{tmp_path}/consult.sqlite3"
    assert Settings.for_tests(tmp_path, "sqlite:////x").database_url == "sqlite:////x"


def test_the_key_file_lies_in_the_data_folder_unless_named(tmp_path: Path) -> None:
    given = {"CONSULT_SECRET_KEY": SECRET, "CONSULT_DATA_DIR": str(tmp_path)}
    assert Settings.from_environment(given).key_path == tmp_path / "keys" / "assisted.key"
    given["CONSULT_KEY_FILE"] = str(tmp_path / "disk" / "tablets.key")
    assert Settings.from_environment(given).key_path == tmp_path / "disk" / "tablets.key"
