"""An option is taken in its own conversation, in time, and what was granted stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from doorstep.offers import AFTER_WAIT, NOW, PASS_ON, SIGNER, UNSHIPPED, NewOffer, Offer, Refusal, refusal_of
from tests.builders import NOW as TODAY

OFFER = Offer("1", "here", 1, "7", NOW, ("resend", "refund"), TODAY + timedelta(days=14))


def test_an_open_offer_is_taken() -> None:
    assert refusal_of(OFFER, "here", "refund", TODAY) is None


@pytest.mark.parametrize(
    ("offer", "conversation", "option"),
    [(None, "here", "refund"), (OFFER, "elsewhere", "refund"), (OFFER, "here", "cancel"), (OFFER, "here", "")],
)
def test_an_offer_of_another_conversation_or_without_that_option_is_unknown(
    offer: Offer | None, conversation: str, option: str
) -> None:
    assert refusal_of(offer, conversation, option, TODAY) is Refusal.UNKNOWN


def test_an_offer_ends_after_its_last_moment() -> None:
    assert refusal_of(OFFER, "here", "refund", OFFER.expires_at) is None
    assert refusal_of(OFFER, "here", "refund", OFFER.expires_at + timedelta(seconds=1)) is Refusal.EXPIRED


def test_the_same_option_may_be_taken_again_even_later() -> None:
    assert refusal_of(replace(OFFER, chosen="refund"), "here", "refund", TODAY + timedelta(days=99)) is None


def test_after_one_was_granted_no_other_option_is() -> None:
    assert refusal_of(replace(OFFER, chosen="refund"), "here", "resend", TODAY) is Refusal.SETTLED


@pytest.mark.parametrize(
    ("kind", "chosen", "then"),
    [
        (AFTER_WAIT, "refund", "resend"),
        (SIGNER, "yes", "no"),
        (UNSHIPPED, "wait", "cancel"),
        (PASS_ON, "no", "yes"),
    ],
)
def test_an_answer_that_granted_nothing_can_be_changed(kind: str, chosen: str, then: str) -> None:
    offer = replace(OFFER, kind=kind, options=(chosen, then), chosen=chosen)
    assert refusal_of(offer, "here", then, TODAY) is None
    assert refusal_of(offer, "here", then, TODAY + timedelta(days=99)) is Refusal.EXPIRED


def test_a_choice_names_its_offer_by_kind_order_and_subject() -> None:
    offer = NewOffer(NOW, "7", ("resend",), TODAY)
    assert offer.entities(12, "resend") == {"offer": "now/12/7", "option": "resend"}
