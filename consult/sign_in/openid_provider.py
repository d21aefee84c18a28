"""The council's provider, by what it says of itself: its addresses and its keys."""

import base64
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any
from urllib.parse import quote_plus

from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry, KeySet

from consult.config import Settings
from consult.sign_in.openid_fetching import (
    PATIENCE,
    ProviderMisbehaved,
    ProviderSilent,
    get_json,
    is_safe,
    post_form,
)
from consult.sign_in.openid_tokens import UnknownKey, claims_of

KNOWN_FOR_SECONDS = 3_600
"""How long addresses and keys are taken as they were last read."""

KEYS_AT_MOST_EVERY = 30
"""Seconds between two readings of the keys for tokens that name an unknown one."""


@dataclass(frozen=True, slots=True)
class Description:
    """What the provider says of itself."""

    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    secret_in_form: bool
    """Whether it takes this service's secret in the form only, and not in a header."""
    names_itself: bool
    """Whether it says in each reply that the reply is its own (RFC 9207)."""
    read_at: float


class Provider:
    """Asks one provider, and remembers for a while what does not change often."""

    def __init__(self, issuer: str, client_id: str, client_secret: str | None) -> None:
        self.issuer = issuer
        self.client_id = client_id
        self._client_secret = client_secret
        self._lock = Lock()
        self._description: Description | None = None
        self._keys: KeySet | None = None
        self._keys_read_at = 0.0

    @classmethod
    def of(cls, settings: Settings) -> "Provider | None":
        """The provider that the settings name, if they name one."""
        if settings.oidc_issuer is None or settings.oidc_client_id is None:
            return None
        return cls(settings.oidc_issuer, settings.oidc_client_id, settings.oidc_client_secret)

    def description(self) -> Description:
        """Where to send people and what to ask where.

        Raises
        ------
        consult.sign_in.openid_fetching.ProviderSilent
            If the provider does not answer.
        consult.sign_in.openid_fetching.ProviderMisbehaved
            If it is not who was configured, or names addresses that are not safe.
        """
        with self._turn():
            known = self._description
            if known is None or time.monotonic() - known.read_at > KNOWN_FOR_SECONDS:
                address = self.issuer.removesuffix("/") + "/.well-known/openid-configuration"
                known = self._description = _described(get_json(address), self.issuer)
            return known

    def redeem(self, code: str, *, redirect_uri: str, verifier: str) -> object:
        """Exchange a code for the ID token.

        Raises
        ------
        consult.sign_in.openid_fetching.ProviderSilent
            If the provider does not answer.
        consult.sign_in.openid_fetching.ProviderRefused
            If it does not take the code, or does not know this service.
        consult.sign_in.openid_fetching.ProviderMisbehaved
            If it answers what it should not.
        """
        description = self.description()
        fields = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "code_verifier": verifier,
        }
        headers = {}
        if self._client_secret is None:
            fields["client_id"] = self.client_id
        elif description.secret_in_form:
            fields["client_id"] = self.client_id
            fields["client_secret"] = self._client_secret
        else:
            headers["Authorization"] = _basic(self.client_id, self._client_secret)
        return post_form(description.token_endpoint, fields, headers).get("id_token")

    def claims_of(self, token: object, *, nonce: str, now: datetime) -> dict[str, Any]:
        """What an ID token says, checked; new keys are fetched where it names one.

        Raises
        ------
        consult.sign_in.openid_tokens.BadToken, consult.sign_in.openid_tokens.UnknownKey
            If it cannot be trusted.
        consult.sign_in.openid_fetching.ProviderSilent
            If the provider does not show its keys.
        consult.sign_in.openid_fetching.ProviderMisbehaved
            If what it shows are none.
        """

        def checked(keys: KeySet) -> dict[str, Any]:
            return claims_of(
                token,
                keys,
                issuer=self.issuer,
                client_id=self.client_id,
                nonce=nonce,
                now=now,
            )

        try:
            return checked(self._known_keys(no_older_than=KNOWN_FOR_SECONDS))
        except UnknownKey:
            return checked(self._known_keys(no_older_than=KEYS_AT_MOST_EVERY))

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """One reads at a time; who would have to wait for long goes away instead."""
        if not self._lock.acquire(timeout=PATIENCE):
            raise ProviderSilent("others are asking")
        try:
            yield
        finally:
            self._lock.release()

    def _known_keys(self, *, no_older_than: float) -> KeySet:
        address = self.description().jwks_uri
        with self._turn():
            if self._keys is None or time.monotonic() - self._keys_read_at > no_older_than:
                self._keys = _key_set(get_json(address))
                self._keys_read_at = time.monotonic()
            return self._keys


def _described(found: dict[str, Any], issuer: str) -> Description:
    if found.get("issuer") != issuer:
        raise ProviderMisbehaved("it names itself otherwise than CONSULT_OIDC_ISSUER")
    addresses = [
        found.get(name) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")
    ]
    if not all(is_safe(address) for address in addresses):
        raise ProviderMisbehaved("its description names an address without HTTPS")
    authorization, token, keys = (str(address) for address in addresses)
    methods = found.get("token_endpoint_auth_methods_supported")
    return Description(
        authorization_endpoint=authorization,
        token_endpoint=token,
        jwks_uri=keys,
        secret_in_form=isinstance(methods, list) and "client_secret_basic" not in methods,
        names_itself=found.get("authorization_response_iss_parameter_supported") is True,
        read_at=time.monotonic(),
    )


def _key_set(found: dict[str, Any]) -> KeySet:
    """The keys that can check a signature; others, secrets among them, are passed over."""
    listed = found.get("keys")
    if not isinstance(listed, list):
        raise ProviderMisbehaved("no keys")
    keys = []
    for each in listed:
        is_public = isinstance(each, dict) and each.get("kty") in {"RSA", "EC", "OKP"}
        if is_public and each.get("use", "sig") == "sig":
            with suppress(JoseError, ValueError, TypeError, KeyError):
                keys.append(JWKRegistry.import_key(each))
    if not keys:
        raise ProviderMisbehaved("no keys that can be read")
    return KeySet(keys)


def _basic(client_id: str, secret: str) -> str:
    """Both form-encoded first, as OAuth 2.0 wants it (RFC 6749, 2.3.1)."""
    pair = f"{quote_plus(client_id)}:{quote_plus(secret)}"
    return "Basic " + base64.b64encode(pair.encode("ascii")).decode("ascii")
