"""Finds the order a buyer talks about and lets them prove that it is theirs, step by step."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from doorstep.identity import EMAIL, NOBODY, Candidates, OrderContact, candidates_in, number_in, plain_email, proof_by
from doorstep.offers import PERSON
from doorstep.orders import order_key
from doorstep.replies.values import Reply
from doorstep.settlement import Handover
from doorstep.shop_policy import ShopPolicy

if TYPE_CHECKING:
    from doorstep.storage.identities import Identities

ORDER_NUMBER, CONTACT_PROOF = "order_number", "contact_proof"
SHORT = 5  # words; a longer message that sounds like a new wish is not taken as a postcode
UNCLEAR_LIMIT = 3  # answers in a row that answer nothing, before a person is brought in


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
        number = heard.numbers[0] if heard.numbers else number_in(heard.text) if asked.what and heard.is_answer else ""
        if number:
            return self._take_number(number, heard)
        if asked.what == ORDER_NUMBER:
            return self._unclear(heard, asked, "utter_order_number_unclear")
        known = self.identities.current_order(self.conversation_id)
        return Step() if known else Step(ask=ORDER_NUMBER)

    def _take_number(self, number: str, heard: Heard) -> Step:
        """Proven here before, by the e-mail address shown here before, by this message, or still to be proven.

        An order that does not exist is looked up as thoroughly as one that does.
        """
        store = self.identities
        contact = store.contact_of(self.shop, number)
        order = contact or NOBODY
        verified = store.is_verified(self.conversation_id, order.order_id)
        shown = store.proven_email(self.conversation_id)
        same_email = hmac.compare_digest(shown, self._email_key(order)) and bool(order.email)
        if contact and (verified or same_email):
            store.record_proof(self.conversation_id, contact.order_id, EMAIL, self.now)
            return Step()
        emails = candidates_in(heard.text).emails
        return self._prove(number, Candidates(emails=emails)) if emails else Step(ask=CONTACT_PROOF, number=number)

    def _prove(self, number: str, given: Candidates) -> Step:
        store = self.identities
        key = self.fingerprint("order", order_key(number))
        limits = self.policy.identity
        tried, from_address, at_order = store.failed_tries(self.conversation_id, self.address, key, self.now)
        contact = store.contact_of(self.shop, number)
        proof = proof_by(contact, given)
        blocked = (
            tried >= limits.tries_per_conversation
            or from_address >= limits.tries_per_address_per_hour
            or at_order >= limits.tries_per_order_per_day
        )
        if proof and contact and not blocked:
            return self._open(contact, proof)
        store.record_failure(self.conversation_id, self.address, key, self.now)
        if blocked or tried + 1 >= limits.tries_per_conversation:
            reply = Reply("utter_identity_person", {"answer_within_hours": self.policy.answer_within_hours})
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
            reply = Reply("utter_identity_person", {"answer_within_hours": self.policy.answer_within_hours})
            return Step(replies=(reply,), handover=Handover("not_understood"))
        return Step(ask=asked.what, number=asked.number, unclear=unclear, replies=(Reply(name, {}, (PERSON,)),))
