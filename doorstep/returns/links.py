"""The address of a return's page to print: it names the return and proves, by a keyed hash, that we gave it out."""

from __future__ import annotations

import binascii
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable

PURPOSE = "return-page"
_PROOF = 32  # hexadecimal digits
_LONGEST = 200

Fingerprint = Callable[[str, str], str]  # purpose, value: a keyed hash (hex)


def path_of(number: str, fingerprint: Fingerprint) -> str:
    """The page's path below our address, for the case of that number."""
    name = urlsafe_b64encode(number.encode()).decode().rstrip("=")
    return f"/returns/{name}.{fingerprint(PURPOSE, number)[:_PROOF]}"


def number_in(token: str, fingerprint: Fingerprint) -> str | None:
    """The number of the case that a token (the last part of a path) names; None for one we did not give out."""
    name = token[:_LONGEST].partition(".")[0]
    try:
        number = urlsafe_b64decode(name + "=" * (-len(name) % 4)).decode()
    except (binascii.Error, ValueError):
        return None
    expected = path_of(number, fingerprint).rpartition("/")[2]
    return number if hmac.compare_digest(expected.encode(), token.encode(errors="replace")) else None
