"""Settings of the council's own sign-in."""

import pytest

from consult.config import ConfigurationError, Settings

SECRET = "0123456789abcdef" * 2
ISSUER = "https://login.council.example.org/tenant"


def settings(**values):
    environment = {f"CONSULT_OIDC_{name}": value for name, value in values.items()}
    return Settings.from_environment({"CONSULT_SECRET_KEY": SECRET, **environment})


def test_it_is_off_unless_it_is_set():
    found = settings()
    assert (found.oidc_issuer, found.oidc_client_id, found.oidc_client_secret) == (None, None, None)
    assert found.oidc_name is None


def test_every_setting_is_read_and_the_secret_not_shown():
    found = settings(ISSUER=ISSUER, CLIENT_ID="consult", CLIENT_SECRET="s3cret", NAME="Login")
    assert (found.oidc_issuer, found.oidc_client_id) == (ISSUER, "consult")
    assert (found.oidc_client_secret, found.oidc_name) == ("s3cret", "Login")
    assert "s3cret" not in repr(found)


@pytest.mark.parametrize("issuer", ["http://127.0.0.1:9", "http://localhost:9/", "https://[::1]"])
def test_a_provider_on_this_machine_needs_no_https(issuer):
    assert settings(ISSUER=issuer, CLIENT_ID="consult").oidc_issuer == issuer


@pytest.mark.parametrize(
    ("issuer", "words"),
    [
        ("http://login.council.example.org", "https://"),
        ("login.council.example.org", "https://"),
        ("ftp://login.council.example.org", "https://"),
        ("https://", "https://"),
        (f"{ISSUER}?x=1", "alone"),
        (f"{ISSUER}#x", "alone"),
        ("https://user:word@login.council.example.org", "alone"),
    ],
)
def test_an_issuer_that_cannot_be_trusted_is_refused(issuer, words):
    with pytest.raises(ConfigurationError, match=words):
        settings(ISSUER=issuer, CLIENT_ID="consult")


def test_an_issuer_needs_a_client_id():
    with pytest.raises(ConfigurationError, match="CONSULT_OIDC_CLIENT_ID is not"):
        settings(ISSUER=ISSUER)
