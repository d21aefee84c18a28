"""Headers that keep pages to themselves, sessions, and forged forms."""

import secrets

from flask import Flask, Response, g, request
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from consult.config import Settings

_NO_FRAMES = "frame-ancestors 'none'"

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        _NO_FRAMES,
        "base-uri 'none'",
    )
)

LARGEST_REQUEST = 1_000_000
"""Bytes. Many times the longest answer in any script, so that an over-long one is explained."""

A_YEAR = 31_536_000

csrf = CSRFProtect()


def init_app(app: Flask, settings: Settings) -> None:
    """Set sessions, form tokens, headers and proxies up."""
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="consult",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        MAX_FORM_MEMORY_SIZE=LARGEST_REQUEST,
        MAX_FORM_PARTS=1_000,
        WTF_CSRF_TIME_LIMIT=None,  # tied to the session: a slow reader is no forger
        WTF_CSRF_SSL_STRICT=False,  # pages send no referrer, so there is none to check
    )
    app.before_request(_refuse_other_sites)
    csrf.init_app(app)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops
        )
    app.before_request(_name_request)
    app.after_request(_set_headers)


def _refuse_other_sites() -> Response | None:
    """Refuse a form that another site sends: it is not kept, and no cookie answers it.

    Browsers say where a request comes from over HTTPS and to this machine.
    """
    if request.method in {"GET", "HEAD", "OPTIONS"}:
        return None
    if request.headers.get("Sec-Fetch-Site") in {"cross-site", "same-site"}:
        return Response("Forbidden\n", 403, content_type="text/plain; charset=utf-8")
    return None


def let_be_framed() -> None:
    """Let the page at hand stand in a frame of another page of this site, and of no other."""
    g.may_be_framed = True


def let_hold_frames() -> None:
    """Let the page at hand hold frames with pages of this site."""
    g.may_hold_frames = True


def let_play_recordings() -> None:
    """Let the page at hand play recordings that this site has."""
    g.may_play = True


def _policy() -> str:
    policy = CONTENT_SECURITY_POLICY
    if g.get("may_play"):
        policy = f"{policy}; media-src 'self'"
    if g.get("may_be_framed"):
        policy = policy.replace(_NO_FRAMES, "frame-ancestors 'self'")
    if g.get("may_hold_frames"):
        policy = f"{policy}; frame-src 'self'"
    return policy


def _name_request() -> None:
    g.request_id = secrets.token_hex(8)


def _set_headers(response: Response) -> Response:
    headers = response.headers
    headers["Content-Security-Policy"] = _policy()
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "no-referrer"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), interest-cohort=()"
    if request.is_secure:
        headers["Strict-Transport-Security"] = f"max-age={A_YEAR}; includeSubDomains"
    if request.endpoint == "static":
        built = "/built/" in request.path and response.status_code in {200, 206, 304}
        headers["Cache-Control"] = (
            f"public, max-age={A_YEAR}, immutable" if built else "public, max-age=3600"
        )
    elif not response.cache_control.immutable:
        headers["Cache-Control"] = "no-store"  # the next person on a shared phone sees nothing
    return response
