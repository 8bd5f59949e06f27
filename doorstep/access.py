"""Finds the order a buyer talks about and lets them prove that it is theirs, step by step.

Several things in a message may be the number. All of them are looked up and the proof is held against each; what is
asked and said, and how much work is done, depends on what was written alone, or asking would tell which numbers exist.
"""

from __future__ import annotations

import hmac
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from doorstep.identity import (
    EMAIL,
    MAX_CANDIDATES,
    MAX_NUMBER_LENGTH,
    MIN_NUMBER_LENGTH,
    NOBODY,
    Candidates,
    OrderContact,
    candidates_in,
    number_in,
    plain_email,
    proof_by,
)
from doorstep.offers import PERSON
from doorstep.orders import order_key
from doorstep.policy.shop import ShopPolicy
from doorstep.replies.values import Hours, Reply
from doorstep.settlement import Handover

if TYPE_CHECKING:
    from doorstep.storage.identities import Identities

ORDER_NUMBER, CONTACT_PROOF = "order_number", "contact_proof"
SHORT = 5  # words; a longer message that sounds like a new wish is not taken as a postcode
UNCLEAR_LIMIT = 3  # answers in a row that answer nothing, before a person is brought in
BETWEEN = " / "  # several numbers, asked about as one
_TOKEN = re.compile(r"[^\s,;:!?()\[\]\"'«»„“”]+")
_PRICE_OR_DAY = re.compile(r"\d+[.,]\d+|\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|(?:19|20)\d\d|.*[$€£¥₹₽+%].*")


@dataclass(frozen=True)
class Heard:
    """What the buyer just said. `is_answer` is false when the message is a new wish and no answer to a question."""

    text: str
    numbers: tuple[str, ...] = ()
    is_answer: bool = True


@dataclass(frozen=True)
class Asked:
    """What was asked before ("order_number", "contact_proof" or ""), for which number, and unclear answers so far."""

    what: str = ""
    number: str = ""
    unclear: int = 0


@dataclass(frozen=True)
class Step:
    """What comes next. `ask` is "" when the order is open or a person takes over."""

    ask: str = ""
    number: str = ""
    unclear: int = 0
    replies: tuple[Reply, ...] = ()
    handover: Handover | None = None


@dataclass(frozen=True)
class Access:
    """The way to an order, for one conversation. `fingerprint(purpose, value)` makes keyed hashes."""

    identities: Identities
    policy: ShopPolicy
    fingerprint: Callable[[str, str], str]
    shop: str
    conversation_id: str
    address: str
    now: datetime

    def next_step(self, heard: Heard, asked: Asked) -> Step:
        """Take what was heard as far as it goes: open the order, or say what to ask for next."""
        if asked.what == CONTACT_PROOF:
            given = candidates_in(heard.text)
            answers = heard.is_answer or given.emails or len(heard.text.split()) <= SHORT
            return (
                self._prove(asked.number, given)
                if given and answers
                else self._unclear(heard, asked, "utter_proof_unclear")
            )
        number = _given(heard, asked)
        if number:
            return self._take_number(number, heard)
        known = self.identities.current_order(self.conversation_id)
        maybe = BETWEEN.join(numbers_like(heard.text))
        if known and maybe and self._is_theirs(maybe):
            return Step()
        if asked.what == ORDER_NUMBER:
            return self._unclear(heard, asked, "utter_order_number_unclear")
        return Step() if known else Step(ask=ORDER_NUMBER)

    def _take_number(self, number: str, heard: Heard) -> Step:
        """Theirs already, proven by this message, or still to be proven."""
        if self._is_theirs(number):
            return Step()
        emails = candidates_in(heard.text).emails
        return self._prove(number, Candidates(emails=emails)) if emails else Step(ask=CONTACT_PROOF, number=number)

    def _is_theirs(self, number: str) -> bool:
        """Whether it was proven here before, or has the e-mail address that was; then it is the order talked about."""
        store = self.identities
        orders = self._orders(_parts(number))
        verified = store.verified_among(self.conversation_id, [order.order_id for order in orders])
        shown = store.proven_email(self.conversation_id)
        same_email = [hmac.compare_digest(shown, self._email_key(order)) and bool(order.email) for order in orders]
        for order, same in zip(orders, same_email, strict=True):
            if order is not NOBODY and (same or order.order_id in verified):
                store.record_proof(self.conversation_id, order.order_id, EMAIL, self.now)
                return True
        return False

    def _orders(self, numbers: Sequence[str]) -> list[OrderContact]:
        """The order of each number; NOBODY in the place of one that is not there, which is as much work as any."""
        found = self.identities.contacts_of(self.shop, numbers)
        return [found.get(order_key(number), NOBODY) for number in numbers]

    def _prove(self, number: str, given: Candidates) -> Step:
        store = self.identities
        numbers = _parts(number)
        keys = [self.fingerprint("order", order_key(part)) for part in numbers]
        limits = self.policy.identity
        tried, from_address, at_order = store.failed_tries(self.conversation_id, self.address, keys, self.now)
        proofs = [(order, proof_by(order, given)) for order in self._orders(numbers)]
        proven = next(((order, proof) for order, proof in proofs if proof and order is not NOBODY), None)
        blocked = (
            tried >= limits.tries_per_conversation
            or from_address >= limits.tries_per_address_per_hour
            or at_order >= limits.tries_per_order_per_day
        )
        if proven and not blocked:
            return self._open(*proven)
        store.record_failure(self.conversation_id, self.address, keys, self.now)
        if blocked or tried + 1 >= limits.tries_per_conversation:
            reply = Reply("utter_identity_person", {"answer_within_hours": Hours(self.policy.answer_within_hours)})
            return Step(replies=(reply,), handover=Handover("identity_not_proven"))
        return Step(ask=ORDER_NUMBER, replies=(Reply("utter_order_not_found", {}),))

    def _open(self, contact: OrderContact, proof: str) -> Step:
        self.identities.record_proof(self.conversation_id, contact.order_id, proof, self.now)
        if proof == EMAIL:
            # The order's own address: of several given, another one proves nothing.
            self.identities.remember_email(self.conversation_id, self._email_key(contact))
        return Step()

    def _email_key(self, contact: OrderContact) -> str:
        return self.fingerprint("email", plain_email(contact.email))

    def _unclear(self, heard: Heard, asked: Asked, name: str) -> Step:
        if not heard.is_answer:
            return Step(ask=asked.what, number=asked.number, unclear=asked.unclear)
        unclear = asked.unclear + 1
        if unclear >= UNCLEAR_LIMIT:
            reply = Reply("utter_identity_person", {"answer_within_hours": Hours(self.policy.answer_within_hours)})
            return Step(replies=(reply,), handover=Handover("not_understood"))
        return Step(ask=asked.what, number=asked.number, unclear=unclear, replies=(Reply(name, {}, (PERSON,)),))


def numbers_like(text: str) -> tuple[str, ...]:
    """What in a text may be a number of the shop that nobody knew by its looks: a code, or four digits and more."""
    words = (word.strip(".#*-…") for word in _TOKEN.findall(unicodedata.normalize("NFKC", text)))
    found = dict.fromkeys(word for word in words if _is_like_number(word))
    return tuple(sorted(found, key=str.isdecimal))[:MAX_CANDIDATES]


def _is_like_number(word: str) -> bool:
    digits = sum(char.isdigit() for char in word)
    if not MIN_NUMBER_LENGTH <= len(word) <= MAX_NUMBER_LENGTH or "@" in word or _PRICE_OR_DAY.fullmatch(word):
        return False
    if not any(char.isalpha() for char in word):
        return digits >= 4
    return digits >= 3 or (digits >= 2 and not word.isalnum())


def _given(heard: Heard, asked: Asked) -> str:
    """The number, or numbers, that a message gives, as they were written; "" when it gives none."""
    if heard.numbers:
        return BETWEEN.join(heard.numbers[:MAX_CANDIDATES])
    if not (asked.what and heard.is_answer):
        return ""
    return number_in(heard.text) or BETWEEN.join(numbers_like(heard.text))


def _parts(number: str) -> list[str]:
    """The numbers that `_given` put together; what was given as one may still be one among other words."""
    parts = number.split(BETWEEN)
    if len(parts) == 1:
        words = [word for word in _TOKEN.findall(number) if any(char.isdigit() for char in word)]
        parts += [word for word in words if MIN_NUMBER_LENGTH <= len(word) <= MAX_NUMBER_LENGTH]
    by_key: dict[str, str] = {}
    for part in parts:
        by_key.setdefault(order_key(part), part)
    return list(by_key.values())[:MAX_CANDIDATES]
