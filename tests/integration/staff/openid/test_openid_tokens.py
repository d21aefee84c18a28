"""Tokens that prove nothing let nobody in."""

import base64
import json

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from tests.openid.fake_provider import (
    CLIENT_ID,
    CLIENT_SECRET,
    as_json,
    rsa_key,
    unsigned,
)
from tests.openid.flow import (
    assert_refused,
    there_and_back,
)
from tests.support.visitors import NOON

# Tokens that prove nothing


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "another"},
        {"aud": ["another"]},
        {"aud": None},
        {"aud": {CLIENT_ID: 1}},
        {"aud": ["another", CLIENT_ID]},
        {"aud": ["another", CLIENT_ID], "azp": "another"},
        {"azp": "another"},
        {"iss": "https://elsewhere.example"},
        {"iss": None},
        {"exp": NOON.timestamp() - 60},
        {"exp": None},
        {"exp": "tomorrow"},
        {"exp": True},
        {"iat": NOON.timestamp() + 61},
        {"iat": None},
        {"nbf": NOON.timestamp() + 61},
        {"sub": None},
        {"sub": ""},
        {"sub": 7},
        {"sub": "s" * 256},
    ],
    ids=str,
)
def test_wrong_claims_prove_nothing(ada, provider, visitor, claims):
    provider.claims = claims
    assert_refused(there_and_back(visitor, provider), visitor, "not surely from Riverton Login")


def wrong_tokens():
    return {
        "unsigned": lambda fake: unsigned(fake.sound_claims()),
        "signed by nobody known": lambda fake: jwt.encode(
            {"alg": "RS256", "kid": "k1"}, fake.sound_claims(), rsa_key("k1", "somebody else")
        ),
        "signed with the shared secret": lambda fake: jwt.encode(
            {"alg": "HS256", "kid": "k1"},
            fake.sound_claims(),
            OctKey.import_key(CLIENT_SECRET.ljust(32, "x")),
            algorithms=["HS256"],
        ),
        "signed with the public key as a secret": lambda fake: jwt.encode(
            {"alg": "HS256", "kid": "k1"},
            fake.sound_claims(),
            OctKey.import_key(json.dumps(fake.keys)),
            algorithms=["HS256"],
        ),
        "changed after signing": _changed,
        "cut": lambda fake: fake.id_token()[:-6],
        "two parts": lambda fake: fake.id_token().rsplit(".", 1)[0],
        "no text": lambda _fake: {"alg": "none"},
        "nothing": lambda _fake: None,
        "too long": lambda _fake: "a" * 70_000,
        "no letters of a token": lambda _fake: "ä.ö.ü",
        "no object within": lambda fake: _signed_text(fake, b"[1]"),
        "no JSON within": lambda fake: _signed_text(fake, b"{"),
    }


def _changed(fake):
    head, _, signature = fake.id_token().split(".")
    other = {**fake.sound_claims(), "sub": "subject-1", "name": "Somebody Else"}
    body = base64.urlsafe_b64encode(json.dumps(other).encode()).rstrip(b"=").decode()
    return f"{head}.{body}.{signature}"


def _signed_text(fake, body):
    from joserfc import jws

    return jws.serialize_compact({"alg": "RS256", "kid": "k1"}, body, fake.key)


@pytest.mark.parametrize("kind", list(wrong_tokens()))
def test_wrong_tokens_prove_nothing(ada, provider, visitor, kind):
    make = wrong_tokens()[kind]
    provider.token = lambda: as_json({"id_token": make(provider)})
    assert_refused(there_and_back(visitor, provider), visitor, "not surely from Riverton Login")
