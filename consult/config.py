"""Settings from the environment, typed and checked before anything starts."""

import os
import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from consult.languages import LANGUAGES

PREFIX = "CONSULT_"
SECRET_COMMAND = "consult make-secret"
MINIMUM_SECRET_LENGTH = 32

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
"""Hosts that are this machine."""

KEYS_FOLDER = "keys"
KEY_FILE = "assisted.key"
"""In the data folder; what lies in that folder goes to the file with the keys of a backup."""

DATABASE_SCHEMES = ("sqlite", "postgresql", "postgresql+psycopg")
SECOND_FACTOR = ("required", "optional")


class ConfigurationError(Exception):
    """A setting is missing, wrong or unsafe. The message says what to do."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What an operator may set; see ``docs/settings.md``."""

    data_dir: Path
    database_url: str
    secret_key: str = field(repr=False)
    languages: tuple[str, ...] = tuple(LANGUAGES)
    embedder: str = "auto"
    translate_url: str | None = None
    smtp_url: str | None = field(default=None, repr=False)
    mail_from: str | None = None
    key_file: Path | None = None
    """Where the key lies that the keys of tablets are kept under; see :attr:`key_path`."""
    public_url: str | None = None
    """The address under which people reach the service, without a slash at its end."""
    second_factor: str = "required"
    """Whether admins and officers need a second step to sign in; one of ``SECOND_FACTOR``."""
    oidc_issuer: str | None = None
    oidc_client_id: str | None = None
    oidc_client_secret: str | None = field(default=None, repr=False)
    oidc_name: str | None = None
    trusted_proxies: int = 0
    secure_cookies: bool = True
    """Whether cookies travel over HTTPS only; off on a plain-HTTP loopback address."""

    @property
    def key_path(self) -> Path:
        """Where the key file lies: in the data folder, where no other place was named."""
        return self.key_file or self.data_dir / KEYS_FOLDER / KEY_FILE

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Self:
        """Read the settings of a production start.

        Raises
        ------
        ConfigurationError
            If the secret is missing or weak, or any setting cannot be used.
        """
        env = os.environ if environment is None else environment
        secret = env.get(f"{PREFIX}SECRET_KEY", "")
        if not secret:
            raise ConfigurationError(
                "CONSULT_SECRET_KEY is not set. It signs sessions and protects the codes that "
                f"residents hold. Make one with `{SECRET_COMMAND}` and keep it."
            )
        if len(secret) < MINIMUM_SECRET_LENGTH or len(set(secret)) < 8:
            raise ConfigurationError(
                f"CONSULT_SECRET_KEY is too weak: use at least {MINIMUM_SECRET_LENGTH} "
                f"characters made by `{SECRET_COMMAND}`."
            )
        data_dir = Path(env.get(f"{PREFIX}DATA_DIR") or "consult-data").expanduser()
        smtp_url = _url("SMTP_URL", env.get(f"{PREFIX}SMTP_URL"), ("smtp", "smtps"))
        public_url = _public_url(env.get(f"{PREFIX}PUBLIC_URL"))
        if smtp_url and not public_url:
            raise ConfigurationError(
                "CONSULT_SMTP_URL needs CONSULT_PUBLIC_URL beside it: e-mails hold links, and a "
                "link must lead to this service whatever a browser calls it."
            )
        return cls(
            data_dir=data_dir,
            database_url=_database_url(env.get(f"{PREFIX}DATABASE_URL"), data_dir),
            secret_key=secret,
            languages=_languages(env.get(f"{PREFIX}LANGUAGES")),
            embedder=env.get(f"{PREFIX}EMBEDDER") or "auto",
            translate_url=_url("TRANSLATE_URL", env.get(f"{PREFIX}TRANSLATE_URL")),
            smtp_url=smtp_url,
            key_file=_path(env.get(f"{PREFIX}KEY_FILE")),
            mail_from=_address("MAIL_FROM", env.get(f"{PREFIX}MAIL_FROM")),
            public_url=public_url,
            second_factor=_choice(
                "SECOND_FACTOR", env.get(f"{PREFIX}SECOND_FACTOR"), SECOND_FACTOR
            ),
            oidc_issuer=_issuer(env),
            oidc_client_id=env.get(f"{PREFIX}OIDC_CLIENT_ID") or None,
            oidc_client_secret=env.get(f"{PREFIX}OIDC_CLIENT_SECRET") or None,
            oidc_name=env.get(f"{PREFIX}OIDC_NAME") or None,
            trusted_proxies=_count("TRUSTED_PROXIES", env.get(f"{PREFIX}TRUSTED_PROXIES")),
            secure_cookies=_flag("SECURE_COOKIES", env.get(f"{PREFIX}SECURE_COOKIES"), True),
        )

    @classmethod
    def for_demo(cls, data_dir: Path, environment: Mapping[str, str] | None = None) -> Self:
        """Settings of a demonstration on this machine, its secret kept in the data folder.

        The database of ``CONSULT_DATABASE_URL`` is used where it is set.
        """
        env = os.environ if environment is None else environment
        return cls(
            data_dir=data_dir,
            database_url=_database_url(env.get(f"{PREFIX}DATABASE_URL"), data_dir),
            secret_key=_kept_secret(data_dir / "secret.key"),
            languages=_languages(env.get(f"{PREFIX}LANGUAGES")),
            second_factor="optional",
            secure_cookies=False,
        )

    @classmethod
    def for_tests(cls, data_dir: Path, database_url: str | None = None) -> Self:
        """Settings of a test, with nothing read from the environment."""
        return cls(
            data_dir=data_dir,
            database_url=database_url or _database_url(None, data_dir),
            secret_key="only-for-tests-" + "0123456789abcdef" * 2,
            second_factor="optional",
            secure_cookies=False,
        )

    @classmethod
    def for_data_folder(cls, environment: Mapping[str, str] | None = None) -> Self:
        """Settings of a command on the data folder and database that the environment names.

        Uses the secret of a demonstration that lies in the data folder where none is set.
        """
        env = dict(os.environ if environment is None else environment)
        data_dir = Path(env.get(f"{PREFIX}DATA_DIR") or "consult-data").expanduser()
        kept = data_dir / "secret.key"
        if not env.get(f"{PREFIX}SECRET_KEY") and kept.is_file():
            env[f"{PREFIX}SECRET_KEY"] = kept.read_text(encoding="ascii").strip()
            return replace(cls.from_environment(env), secure_cookies=False)
        return cls.from_environment(env)


def make_secret() -> str:
    """A new secret, 64 characters of URL-safe Base64."""
    return secrets.token_urlsafe(48)


def _kept_secret(path: Path) -> str:
    """Read a secret from a file, or make one and keep it there, readable by its owner only."""
    if path.is_file() and (kept := path.read_text(encoding="ascii").strip()):
        return kept
    secret = make_secret()
    with tempfile.NamedTemporaryFile(  # made with mode 0600
        "w", encoding="ascii", dir=path.parent, delete=False
    ) as file:
        file.write(secret + "\n")
    Path(file.name).replace(path)
    return secret


def _database_url(value: str | None, data_dir: Path) -> str:
    if not value:
        return f"sqlite:///{(data_dir / 'consult.sqlite3').absolute()}"
    scheme, separator, rest = value.partition("://")
    if scheme == "postgres":
        scheme = "postgresql"
    if not separator or scheme not in DATABASE_SCHEMES:
        raise ConfigurationError(
            "CONSULT_DATABASE_URL must start with sqlite:/// or postgresql://, for example "
            "postgresql://consult@localhost/consult."
        )
    return f"postgresql+psycopg://{rest}" if scheme.startswith("postgresql") else value


def _languages(value: str | None) -> tuple[str, ...]:
    if not value:
        return tuple(LANGUAGES)
    chosen = tuple(code.strip() for code in value.split(",") if code.strip())
    unknown = [code for code in chosen if code not in LANGUAGES]
    if unknown or not chosen:
        raise ConfigurationError(
            f"CONSULT_LANGUAGES names {', '.join(unknown) or 'nothing'}; "
            f"the interface speaks {', '.join(LANGUAGES)}."
        )
    return chosen


def _url(name: str, value: str | None, schemes: tuple[str, ...] = ("http", "https")) -> str | None:
    if not value:
        return None
    try:
        parts = urlsplit(value)
        usable = parts.scheme in schemes and bool(parts.hostname)
        _ = parts.port
    except ValueError:
        usable = False
    if not usable:
        raise ConfigurationError(
            f"{PREFIX}{name} must be an address that starts with {schemes[0]}://."
        )
    return value


def _issuer(env: Mapping[str, str]) -> str | None:
    """The provider of the council's own sign-in: over HTTPS, or on this machine.

    What it signs is compared with this address letter by letter.
    """
    issuer = _url("OIDC_ISSUER", env.get(f"{PREFIX}OIDC_ISSUER"), ("https", "http"))
    if issuer is None:
        return None
    parts = urlsplit(issuer)
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise ConfigurationError(
            "CONSULT_OIDC_ISSUER must be an address that starts with https://."
        )
    if parts.query or parts.fragment or parts.username or parts.password:
        raise ConfigurationError(
            "CONSULT_OIDC_ISSUER must be the provider's address alone: without ?, # and @."
        )
    if not env.get(f"{PREFIX}OIDC_CLIENT_ID"):
        raise ConfigurationError(
            "CONSULT_OIDC_ISSUER is set and CONSULT_OIDC_CLIENT_ID is not. Register this service "
            "with the provider and set the client id that it gives."
        )
    return issuer


def _public_url(value: str | None) -> str | None:
    found = _url("PUBLIC_URL", value)
    if found is None:
        return None
    parts = urlsplit(found)
    if parts.path.strip("/") or parts.query or parts.fragment or parts.username:
        raise ConfigurationError(
            f"{PREFIX}PUBLIC_URL must be an address without a path, such as "
            "https://consult.example.gov.uk."
        )
    return f"{parts.scheme}://{parts.netloc}"


def _address(name: str, value: str | None) -> str | None:
    if not value:
        return None
    local, _, host = value.partition("@")
    if not local or not host or any(c.isspace() or c in "<>,;" for c in value):
        raise ConfigurationError(f"{PREFIX}{name} must be one plain e-mail address.")
    return value


def _path(value: str | None) -> Path | None:
    return Path(value).expanduser().absolute() if value else None


def _choice(name: str, value: str | None, choices: tuple[str, ...]) -> str:
    if not value:
        return choices[0]
    if value not in choices:
        raise ConfigurationError(f"{PREFIX}{name} must be {' or '.join(choices)}.")
    return value


def _count(name: str, value: str | None) -> int:
    if not value:
        return 0
    if not (value.isascii() and value.isdigit() and int(value) <= 10):
        raise ConfigurationError(f"{PREFIX}{name} must be a whole number from 0 to 10.")
    return int(value)


def _flag(name: str, value: str | None, default: bool) -> bool:
    if not value:
        return default
    if value not in {"0", "1"}:
        raise ConfigurationError(f"{PREFIX}{name} must be 1 or 0.")
    return value == "1"
