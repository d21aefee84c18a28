"""Everything that signing in can say is in our words, and goes through our catalogues."""

import ast
import inspect
from io import BytesIO
from pathlib import Path

import flask_security
import pytest
from babel.messages.extract import extract
from flask import Flask
from flask_security import Security
from flask_security.core import _default_messages
from wtforms.fields.core import UnboundField

from consult.folders import PACKAGE, templates_folder
from consult.sign_in import letters, words
from consult.translations_check import KEYWORDS

LIBRARY = Path(inspect.getfile(flask_security)).parent
SWITCHED_ON = (
    "changeable",
    "core",
    "datastore",
    "decorators",
    "forms",
    "password_util",
    "recoverable",
    "recovery_codes",
    "tf_plugin",
    "twofactor",
    "utils",
    "views",
    "webauthn",
    "webauthn_util",
)
"""Modules of the library that our pages go through, whatever part of each."""


@pytest.fixture
def security(app: Flask) -> Security:
    found: Security = app.extensions["security"]
    return found


def extracted(path: Path, method: str = "python") -> set[str]:
    """The messages that ``make translations`` takes out of a file."""
    found = extract(method, BytesIO(path.read_bytes()), KEYWORDS, (), {"encoding": "utf-8"})
    return {message for _line, message, _comments, _context in found if isinstance(message, str)}


def test_every_message_of_the_library_is_ours_or_never_shown(app):
    for name in _default_messages:
        if name in words.NEVER_SHOWN:
            continue
        assert app.config[f"SECURITY_MSG_{name}"] == words.MESSAGES[name], name
    assert not words.NEVER_SHOWN - set(_default_messages), "a message that is no more"
    assert not words.NEVER_SHOWN & set(words.MESSAGES)


def test_every_message_is_in_the_catalogue_s_sources():
    source = Path(inspect.getfile(words))
    collected = extracted(source)
    said = {text for text, _kind in words.MESSAGES.values()} | set(words.SUBJECTS.values())
    assert said <= collected


def test_every_message_that_our_forms_ask_for_exists():
    """Also of the names that only our own forms know."""
    for source in (Path(PACKAGE) / "sign_in").glob("*.py"):
        for name in asked_for(source):
            assert name in words.MESSAGES, f"{source.name}: {name}"


def test_every_message_that_the_library_asks_for_is_known():
    """A new version that says something new has to be looked at."""
    known = set(words.MESSAGES) | words.NEVER_SHOWN
    for name in SWITCHED_ON:
        assert asked_for(LIBRARY / f"{name}.py") <= known, name


def asked_for(source: Path) -> set[str]:
    """Names in ``get_message("NAME")``, ``message="NAME"`` and our helpers' last places."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            given = [*node.args, *(word.value for word in node.keywords)]
            for value in given:
                if isinstance(value, ast.Constant) and isinstance(value.value, str):
                    called = getattr(node.func, "id", getattr(node.func, "attr", ""))
                    wanted = called in {"get_message", "_add", "_given", "refused", "_refused"}
                    message = any(w.arg == "message" and w.value is value for w in node.keywords)
                    if (wanted or message) and value.value.isupper():
                        names.add(value.value)
    return names


def test_no_form_says_a_label_of_its_own(security):
    """Labels stand in our templates: what a field is called in the library never shows."""
    for page in sorted((templates_folder() / "security").glob("*.html")):
        text = page.read_text(encoding="utf-8")
        for said in (".label", "_fsdomain", "hidden_tag(", ".submit", ".description"):
            assert said not in text, f"{page.name}: {said}"


FORMS = [
    "login_form",
    "verify_form",
    "reset_password_form",
    "change_password_form",
    "two_factor_verify_code_form",
    "two_factor_setup_form",
    "two_factor_select_form",
    "two_factor_rescue_form",
    "mf_recovery_form",
    "mf_recovery_codes_form",
    "wan_register_form",
    "wan_register_response_form",
    "wan_signin_form",
    "wan_signin_response_form",
    "wan_delete_form",
    "wan_verify_form",
]


@pytest.mark.parametrize("name", FORMS)
def test_no_validator_speaks_for_itself(security, name):
    """Our forms check by themselves: a library's validator would say its own words."""
    form = security.forms[name].cls
    assert form is not None
    assert form.__module__.startswith("consult.sign_in"), "one of ours"
    for field in dir(form):
        found = getattr(form, field)
        if isinstance(found, UnboundField) and field != "next":
            assert not found.kwargs.get("validators"), f"{name}.{field}"
            assert not found.kwargs.get("choices"), f"{name}.{field}"
            assert not found.args, f"{name}.{field} has a label"


def test_letters_are_in_the_catalogue_s_sources(app):
    collected = extracted(Path(inspect.getfile(letters)))
    with app.test_request_context("/en/staff/"):
        texts = [letters.password_changed(), letters.password_set_anew()]
        texts.append(letters.new_password_link("LINK"))
    for text in texts:
        for paragraph in text.strip().split("\n\n"):
            assert paragraph == "LINK" or paragraph in collected


def test_a_message_is_translated_where_it_is_shown(app, monkeypatch):
    """The library asks our catalogues, in the language of the page."""
    from flask_security.utils import get_message

    security: Security = app.extensions["security"]
    with app.test_request_context("/ur/staff/account/login"):
        from flask_babel import get_translations

        ours = get_translations()
        theirs = security.i18n_domain.get_translations()
        any_message = next(text for text in ours._catalog if isinstance(text, str) and text)
        assert theirs.ugettext(any_message) == ours.ugettext(any_message)
        assert ours.ugettext(any_message) != any_message
        assert get_message("PASSWORD_INVALID_LENGTH", length=12)[0].count("12") == 1


def test_every_page_of_the_library_has_a_template_of_ours(app):
    theirs = {path.name for path in (LIBRARY / "templates/security").glob("*.html")}
    ours = {path.name for path in (templates_folder() / "security").glob("*.html")}
    never_rendered = {
        "_macros.html",
        "_menu.html",
        "_messages.html",
        "base.html",
        "change_email.html",
        "change_username.html",
        "logout_user.html",
        "recover_username.html",
        "register_user.html",
        "send_confirmation.html",
        "send_login.html",
        "us_setup.html",
        "us_signin.html",
        "us_verify.html",
    }
    assert theirs - ours == never_rendered
    configured = {
        name: value
        for name, value in app.config.items()
        if name.startswith("SECURITY_") and name.endswith("_TEMPLATE") and "EMAIL" not in name
    }
    for name in ("LOGIN_USER", "VERIFY", "FORGOT_PASSWORD", "RESET_PASSWORD", "CHANGE_PASSWORD"):
        assert configured[f"SECURITY_{name}_TEMPLATE"].removeprefix("security/") in ours
