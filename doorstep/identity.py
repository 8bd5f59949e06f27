"""Whose order is it? The order number alone opens nothing: an e-mail address or postcode of the order does.

"No such order" and "does not match" are one outcome, reached by the same work, so that nobody learns by asking
which numbers exist.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise

EMAIL, POSTCODE = "email", "postcode"
MAX_CANDIDATES = 4  # a message naming more possible proofs than this is guessing, and none of them counts
MIN_NUMBER_LENGTH = 3
MAX_NUMBER_LENGTH = 40
_EMAIL = re.compile(r"[^\s<>,;:@]+@[^\s<>,;:@]+\.[^\s<>,;:@.]+")
# Postcodes written in two words: "SW1A 1AA", "K1A 0B1", "D02 AF30", "114 55", "1234 AB", "1000 001", "150 0001".
_PAIR = re.compile(
    r"[A-Za-z]{1,2}\d[A-Za-z\d]? \d[A-Za-z]{2}|[A-Za-z]\d[A-Za-z] \d[A-Za-z]\d|[A-Za-z]\d[\dWw] [A-Za-z\d]{4}"
    r"|\d{2,3} \d{2,3}|\d{4} [A-Za-z]{2}|\d{4,5} \d{3}|\d{3} \d{4}"
)
_US_LONG = re.compile(r"\s*(\d{5})-\d{4}\s*")
_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")


@dataclass(frozen=True)
class OrderContact:
    """What proves an order: its buyer's e-mail address and the postcode it goes to."""

    order_id: int
    email: str
    postcode: str


NOBODY = OrderContact(0, "nobody@invalid.invalid", "nowhere")  # compared against when there is no such order


@dataclass(frozen=True)
class Candidates:
    """What a message may be giving as proof."""

    emails: tuple[str, ...] = ()
    postcodes: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.emails or self.postcodes)


def plain_email(text: str) -> str:
    """An e-mail address as it is compared: lower case, no space around it."""
    return text.strip().casefold()


def masked_email(email: str) -> str:
    """An e-mail address as it may be shown to whom has not proven it: "a•••@example.com"."""
    name, _, host = email.rpartition("@")
    return f"{name[:1]}•••@{host}"


def plain_postcode(text: str) -> str:
    """A postcode as it is compared: letters and digits only, upper case; five digits of a long US one."""
    long = _US_LONG.fullmatch(text)
    if long:
        return long.group(1)
    return "".join(ch for ch in text if ch.isalnum()).upper()


def candidates_in(text: str) -> Candidates:
    """The e-mail addresses in a message, else what may be a postcode: the whole, a word, or two words together.

    A message that holds more of either than a person would name gives none.
    """
    emails = tuple(dict.fromkeys(plain_email(match.rstrip(".!?")) for match in _EMAIL.findall(text)))
    if emails:
        return Candidates(emails=emails if len(emails) <= MAX_CANDIDATES else ())
    words = _WORD.findall(text)
    found = [word for word in words if any(ch.isdigit() for ch in word)]
    if len(found) > MAX_CANDIDATES:
        return Candidates()
    pairs = [a + b for a, b in pairwise(words) if _PAIR.fullmatch(f"{a} {b}")]
    whole = [text] if found and len(text) <= 12 else []
    plain = dict.fromkeys(code for code in map(plain_postcode, [*whole, *found, *pairs]) if 3 <= len(code) <= 10)
    return Candidates(postcodes=tuple(plain))


def proof_by(contact: OrderContact | None, given: Candidates) -> str:
    """Which proof of the order a message gives: "email", "postcode" or "".

    Does the same comparisons for an order that does not exist (None) as for one that does.
    """
    order = contact or NOBODY
    by_email = _any_equal(plain_email(order.email), given.emails)
    by_postcode = _any_equal(plain_postcode(order.postcode), given.postcodes)
    if contact is None:
        return ""
    return EMAIL if by_email and order.email else POSTCODE if by_postcode and order.postcode else ""


def _any_equal(secret: str, given: Sequence[str]) -> bool:
    digest = sha256(secret.encode()).digest()
    matches = [hmac.compare_digest(digest, sha256(item.encode()).digest()) for item in given]
    return any(matches)


def number_in(text: str) -> str:
    """A message that is nothing but something like an order number: that number; else ""."""
    word = text.strip().strip("#.!?,;:'\"")
    looks = MIN_NUMBER_LENGTH <= len(word) <= MAX_NUMBER_LENGTH and any(ch.isdigit() for ch in word) and "@" not in word
    return word if looks and len(word.split()) <= 3 else ""
