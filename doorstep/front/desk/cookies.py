"""The desk's two cookies, the secret of its forms that belongs to each, and where a browser may be sent on to.

A session's cookie says who is signed in. Before that, a cookie of its own ties the sign-in form to the browser that
got it. What a form or a script sends back is a keyed hash of the cookie: another site knows neither.
"""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlsplit

from starlette.requests import Request
from starlette.responses import Response

from doorstep.front.bodies import read_bytes
from doorstep.front.errors import ApiError
from doorstep.front.parts import front_of
from doorstep.front.security import is_same
from doorstep.settings import Settings
from doorstep.storage.agents import LIFETIME

HOME = "/desk"
SIGN_IN = "/desk/sign-in"
# Every page of the desk has these. Under the front's general "no-referrer" a browser would send its own forms with
# "Origin: null" (Fetch standard, "append a request Origin header"), which cannot be told from another site's.
PAGE_HEADERS: Mapping[str, str] = {"Referrer-Policy": "same-origin", "Cache-Control": "no-store"}
CSRF_FIELD, CSRF_HEADER = "csrf", "X-CSRF-Token"
FORM_MINUTES = 60  # how long a sign-in form may lie open

_SESSION, _FORM = "doorstep_desk", "doorstep_desk_form"
_VALUE = re.compile(r"[A-Za-z0-9_-]{20,200}")
_MOST_FIELDS = 100
# A path under /desk with an optional query, of plain characters: no "//", no "\", no "." in front, no other site.
_PATH = re.compile(r"/desk(?:/[A-Za-z0-9_~-][A-Za-z0-9_.~-]*)*(?:\?[A-Za-z0-9_.~=&%+-]*)?")
_LONGEST_PATH = 500


class Forged(Exception):
    """The request does not come from a page of ours that this browser was given."""


# -- cookies -------------------------------------------------------------------------------


def token_of(request: Request) -> str:
    """The session token that the browser sent, or "". It may be anybody's invention."""
    return _read(request, _SESSION)


def set_session(response: Response, settings: Settings, token: str) -> None:
    """Keep a session token in the browser, and forget the sign-in form's cookie."""
    _set(response, settings, _SESSION, token, int(LIFETIME.total_seconds()))
    _drop(response, settings, _FORM)


def drop_session(response: Response, settings: Settings) -> None:
    """Make the browser forget its session token."""
    _drop(response, settings, _SESSION)


def form_value(request: Request) -> str:
    """What ties a sign-in form to this browser: the value it has, or a new one, to be set by `set_form_value`."""
    return _read(request, _FORM) or secrets.token_urlsafe(32)


def set_form_value(response: Response, settings: Settings, value: str) -> None:
    """Keep the value of `form_value` in the browser."""
    _set(response, settings, _FORM, value, FORM_MINUTES * 60)


def _name(settings: Settings, name: str) -> str:
    """With TLS, a browser takes a cookie of such a name from this very host only, not from a neighbour's site."""
    return f"__Host-{name}" if _is_https(settings) else name


def _is_https(settings: Settings) -> bool:
    return settings.public_url.startswith("https://")


def _read(request: Request, name: str) -> str:
    value = request.cookies.get(_name(front_of(request).settings, name), "")
    return value if _VALUE.fullmatch(value) else ""


def _set(response: Response, settings: Settings, name: str, value: str, seconds: int) -> None:
    response.set_cookie(
        _name(settings, name),
        value,
        max_age=seconds,
        path="/",
        secure=_is_https(settings),
        httponly=True,
        samesite="lax",
    )


def _drop(response: Response, settings: Settings, name: str) -> None:
    _set(response, settings, name, "", 0)


# -- forms ---------------------------------------------------------------------------------


def csrf_of(settings: Settings, value: str) -> str:
    """What a form or script has to send back beside a cookie of this value (hex)."""
    return hmac.new(settings.key("desk-csrf").encode(), value.encode(), "sha256").hexdigest()


def check_csrf(request: Request, form: Mapping[str, str] | None = None) -> None:
    """Whether a request that changes something comes from a page of the session it names. Raises Forged.

    The proof is the form's field `csrf`, or the header X-CSRF-Token.
    """
    _check(request, token_of(request), form)


def check_sign_in_csrf(request: Request, form: Mapping[str, str]) -> None:
    """The same for the sign-in form, which is older than any session. Raises Forged."""
    _check(request, _read(request, _FORM), form)


def _check(request: Request, value: str, form: Mapping[str, str] | None) -> None:
    _check_site(request)
    sent = (form or {}).get(CSRF_FIELD) or request.headers.get(CSRF_HEADER, "")
    expected = csrf_of(front_of(request).settings, value)
    if not value or not hmac.compare_digest(sent.encode("utf-8", "replace"), expected.encode()):
        raise Forged


def _check_site(request: Request) -> None:
    """What the browser itself says about where a request comes from; programs say nothing."""
    site, origin = request.headers.get("sec-fetch-site", ""), request.headers.get("origin", "")
    if site not in ("", "same-origin", "none"):
        raise Forged
    if origin == "null" and site:
        return  # our own page under a policy that hides its origin
    public = urlsplit(front_of(request).settings.public_url).netloc
    if origin and not any(is_same(origin, host) for host in (request.headers.get("host", ""), public) if host):
        raise Forged


async def read_form(request: Request) -> dict[str, str]:
    """The fields of a form that was sent, the last of each name. Raises ApiError (400, 408, 413, 415).

    Bounded in size and time, as anybody may send the sign-in form.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        raise ApiError(415, "wrong_form", "A form is expected.")
    try:
        text = (await read_bytes(request)).decode("ascii")
        fields = parse_qsl(text, keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError as error:
        raise ApiError(400, "malformed_form", "The form cannot be read.") from error
    return dict(fields)


# -- ways ----------------------------------------------------------------------------------


def safe_next(path: str) -> str:
    """Where to go after signing in: the path given if it is one of the desk's, its first page otherwise."""
    fits = len(path) <= _LONGEST_PATH and _PATH.fullmatch(path)
    return path if fits and not path.startswith(SIGN_IN) else HOME
