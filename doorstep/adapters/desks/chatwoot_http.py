"""Speaks HTTP with a Chatwoot server, and tells trouble that passes from trouble that the shop must mend."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry

from doorstep.adapters.desks import DeskAway, DeskRefused

Files = Sequence[tuple[str, tuple[str, bytes, str]]]

LONGEST_WAIT = 3600.0  # seconds: a longer Retry-After is not believed
_LATER = {408, 425, 429}
_CHUNK = 65_536
# One more try, at once, and only for reads: a write may have been done although its answer was lost.
_RETRY = Retry(
    total=1, status=0, redirect=0, allowed_methods={"GET"}, respect_retry_after_header=False, raise_on_status=False
)


class ChatwootHttp:
    """Calls one server; connections are kept open and may be used by several threads.

    `url` is its address as people open it, without a path; `seconds` is how long it may be silent, and how long the
    body of an answer may take; `largest` is the most bytes of an answer. Raises ValueError for an address that is
    none and for a token that no header can hold.
    """

    def __init__(self, url: str, token: str, *, connect_seconds: float, seconds: float, largest: int) -> None:
        self.url = _address(url)
        self._token = token.strip()
        if not self._token.isascii() or not self._token.isprintable() or not self._token:
            raise ValueError("Chatwoot's access token is empty or has characters that no token has")
        self._timeout = (connect_seconds, seconds)
        self._seconds = seconds
        self._largest = largest
        self._session = requests.Session()
        # No proxy of the environment sees what buyers write, no cookie is kept, and no redirect carries the token off.
        self._session.trust_env = False
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self._session.headers.update({"api_access_token": self._token, "Accept": "application/json"})
        self._session.mount(self.url, HTTPAdapter(pool_maxsize=8, max_retries=_RETRY))

    def get(self, path: str, what: str, params: Mapping[str, str | int] | None = None) -> Any:
        """What the server has at `path`; `what` names it for people. Raises DeskAway and DeskRefused."""
        return self._call("GET", path, what, params=params)

    def post(self, path: str, what: str, body: Mapping[str, Any]) -> Any:
        """The answer to `body`, sent as JSON. Raises DeskAway and DeskRefused."""
        return self._call("POST", path, what, json=body)

    def post_form(self, path: str, what: str, fields: Mapping[str, str], files: Files) -> Any:
        """The answer to a form with files, each with the name of its field. Raises DeskAway and DeskRefused."""
        return self._call("POST", path, what, data=fields, files=files)

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def _call(self, method: str, path: str, what: str, **sent: Any) -> Any:
        try:
            with self._session.request(
                method, self.url + path, timeout=self._timeout, allow_redirects=False, stream=True, **sent
            ) as response:
                body = self._read(response)
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            raise DeskAway(_why(error)) from error
        status = response.status_code
        if status in _LATER or status >= 500:
            raise DeskAway(f"it answered with status {status}", _wait(response.headers.get("Retry-After")))
        if 300 <= status < 400:
            raise DeskRefused(status, _moved(self.url, response.headers.get("Location", "")))
        if status >= 400:
            said, fields = _complaint(body)
            raise DeskRefused(status, _mend(status, what, said.replace(self._token, "…")), fields)
        return _json(body)

    def _read(self, response: requests.Response) -> bytes:
        """The body, up to the size and the time that an answer may take."""
        until = time.monotonic() + self._seconds
        body = bytearray()
        while chunk := response.raw.read1(_CHUNK, decode_content=True):
            body += chunk
            if len(body) > self._largest:
                raise DeskAway(f"its answer has more than {self._largest} bytes")
            if time.monotonic() > until:
                raise DeskAway("its answer did not end in time")
        return bytes(body)


def _address(url: str) -> str:
    parts = urlsplit(url.strip())
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.username:
        raise ValueError(f"Chatwoot's address must look like https://chat.example.com, without a query: {parts.netloc}")
    _ = parts.port  # raises ValueError itself
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"


def _why(error: Exception) -> str:
    # When the last try fails, requests wraps what urllib3 wrapped.
    reason = getattr(error.args[0], "reason", None) if error.args else None
    timeouts = (requests.Timeout, urllib3.exceptions.TimeoutError, TimeoutError)
    if isinstance(error, timeouts) or isinstance(reason, urllib3.exceptions.ReadTimeoutError):
        return "it did not answer in time"
    if isinstance(error, requests.exceptions.SSLError):
        return "its certificate is not valid for its address"
    if isinstance(error, requests.ConnectionError):
        return "no connection"
    return "its answer broke off"


def _wait(asked: str | None) -> float | None:
    """Seconds of a Retry-After header, which holds seconds or a date (RFC 9110, 10.2.3)."""
    if not asked:
        return None
    if asked.isascii() and asked.isdigit():
        return min(float(asked[:9]), LONGEST_WAIT)
    try:
        at = parsedate_to_datetime(asked)
    except (ValueError, TypeError):
        return None
    seconds = (at.replace(tzinfo=at.tzinfo or timezone.utc) - datetime.now(timezone.utc)).total_seconds()
    return min(max(seconds, 0.0), LONGEST_WAIT)


def _json(body: bytes) -> Any:
    if not body.strip():
        return None
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise DeskAway("its answer is not whole JSON: is this the address of Chatwoot?") from error


def _complaint(body: bytes) -> tuple[str, tuple[str, ...]]:
    """What an error says, in one short line, and the fields that it names."""
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        return "", ()
    if not isinstance(data, Mapping):
        return "", ()
    said = data.get("error") or data.get("message") or data.get("errors") or ""
    if isinstance(said, list):
        said = ", ".join(each for each in said if isinstance(each, str))
    named = data.get("attributes")
    fields = tuple(each for each in named if isinstance(each, str)) if isinstance(named, list) else ()
    return (" ".join(said.split())[:200] if isinstance(said, str) else ""), fields


def _moved(url: str, location: str) -> str:
    try:
        target = urlsplit(location)
        place = f"{target.scheme}://{target.netloc}" if target.netloc else location[:100]
    except ValueError:
        place = "an address that is none"
    return f"{url} sends callers on to {place}: set Chatwoot's address to where it really is"


def _mend(status: int, what: str, said: str) -> str:
    tail = f" (it said: {said})" if said else ""
    if status in (401, 403):
        return _mend_rights(what, said) + tail
    if status == 402:
        return "Chatwoot's account is suspended or its plan has no such feature" + tail
    if status == 404:
        return f"Chatwoot has no {what}: check its address, the account and the inbox" + tail
    if status == 413:
        return f"Chatwoot takes nothing as large as this for {what}" + tail
    return f"Chatwoot would not take {what}, status {status}" + tail


def _mend_rights(what: str, said: str) -> str:
    """Chatwoot answers 401 for several reasons; the words are those of its controllers' concerns, as of 2025."""
    if "for bots" in said:
        return "This is the access token of an agent bot: use that of an administrator, from their profile"
    if "this account" in said:
        return "The owner of Chatwoot's access token is not a member of the account: check the account's number"
    if "sign in" in said:
        return "Chatwoot got no access token: nginx before it must have `underscores_in_headers on`"
    if "Access Token" in said or not said:
        return "Chatwoot does not know the access token: copy it again from an administrator's profile"
    return f"The owner of Chatwoot's access token may not use {what}: use the token of an administrator"
