"""Hand-overs, plain answers, several parts and what has not left, through the use cases on both databases."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy.engine import Engine

from doorstep.access import CONTACT_PROOF, Asked, Heard
from doorstep.parcels import Destination
from doorstep.replies.values import Reply
from tests.builders import a_line, a_parcel, a_product, an_order
from tests.storage.shop import Shop, rows_unchanged, said, sold
from tests.telling import a_delivered_parcel, a_policy, labels, told, told_by

LOST = a_parcel(status="lost")
UNSENT = an_order(parcels=())


@pytest.fixture
def shop(engine: Engine) -> Shop:
    return Shop(engine, a_policy())


# -- limits and hand-over ------------------------------------------------------------------


def test_above_the_limit_a_person_takes_over_with_the_note(shop: Shop) -> None:
    sold(shop, LOST, total=Decimal("180.00"))
    chat = shop.chat("1001")
    assert chat.asks().offers == ()
    assert chat.owner == ("queue", "above_limit")
    assert chat.note == {"parcel": "RB123456785CN", "value": "180.00 USD"}


def test_a_delivery_elsewhere_hands_over_with_the_full_address_for_the_agent(shop: Shop) -> None:
    sold(shop, a_delivered_parcel(delivered_to=Destination("Rua Chile 99", "Campinas", "13010-111", "BR")))
    chat = shop.chat("1001")
    assert "13010-111" not in said(chat.asks())
    assert chat.owner == ("queue", "delivered_elsewhere")
    assert chat.note["delivered_to"] == "Rua Chile 99, Campinas 13010-111 BR"


@pytest.mark.parametrize("reason", ["asked", "angry", "not_understood"])
def test_a_person_is_called_for_any_reason_with_a_time(shop: Shop, reason: str) -> None:
    chat = shop.chat()
    assert "within 24 hours" in told(shop.assistant.hand_over(chat.id, reason))
    assert chat.owner == ("queue", reason)


def test_the_person_called_is_told_what_else_was_asked_for(shop: Shop) -> None:
    chat = shop.chat()
    shop.assistant.hand_over(chat.id, "asked", ("defective", "stock", "complaint_escalation", "human_agent"))
    assert (chat.owner, chat.note) == (("queue", "asked"), {"wishes": "defective, stock"})


@pytest.mark.parametrize("wishes", [(), ("human_agent",), ("complaint_escalation", "human_agent")])
def test_the_person_called_is_told_of_no_wish_where_there_was_none(shop: Shop, wishes: tuple[str, ...]) -> None:
    chat = shop.chat()
    shop.assistant.hand_over(chat.id, "asked", wishes)
    assert (chat.owner, chat.note) == (("queue", "asked"), {})


def test_tries_used_up_call_a_person(shop: Shop) -> None:
    chat = shop.chat()
    asked = Asked(CONTACT_PROOF, "9999")
    for _ in range(3):
        shop.assistant.open_order(chat.id, "default", "", Heard("eve@example.com"), asked)
    assert chat.owner == ("queue", "identity_not_proven")


# -- yes and no ----------------------------------------------------------------------------


def test_yes_and_no_answer_who_signed(shop: Shop) -> None:
    sold(shop, a_delivered_parcel(signed_by="Marcos Oliveira"))
    chat = shop.chat("1001")
    chat.asks()
    assert "ask Marcos Oliveira" in said(chat.says("yes"))
    assert chat.says("no") is None


def test_a_signer_first_thought_to_be_known_can_turn_out_a_stranger(shop: Shop) -> None:
    sold(shop, a_delivered_parcel(signed_by="Marcos Oliveira"))
    chat = shop.chat("1001")
    chat.picks(chat.asks(), "Yes")
    assert "gone to the wrong person" in said(chat.picks(chat.asks(), "No"))
    assert (chat.owner, chat.note) == (("queue", "signed_by_stranger"), {"signer": "Marcos Oliveira"})


def test_a_yes_with_nothing_open_takes_nothing(shop: Shop) -> None:
    sold(shop, a_parcel())
    chat = shop.chat("1001")
    chat.asks()
    assert chat.says("yes") is None
    assert shop.chat().says("yes") is None


def test_passing_on_is_asked_anew_each_time(shop: Shop) -> None:
    sold(shop, a_parcel())
    chat = shop.chat("1001")
    chat.asks("payment_problem")
    assert said(chat.says("no")) == told_by(Reply("utter_not_passed_on"))
    assert chat.owner == ("assistant", "")
    chat.asks("payment_problem")
    assert "passed this conversation on" in said(chat.says("yes"))
    assert chat.owner == ("queue", "asked")


def test_a_cancelled_order_can_still_be_passed_on(shop: Shop) -> None:
    shop.sells(UNSENT)
    chat = shop.chat("1001")
    chat.picks(chat.asks(), "Cancel")
    chat.asks("payment_problem")
    assert "passed this conversation on" in said(chat.says("yes"))


# -- several orders and parts --------------------------------------------------------------

LINES = (a_line(), a_line(sku="CASE", title="Case", unit_price=Decimal("10.50")))
PARTS = {"lines": LINES, "total": Decimal("35.00")}
TWO_LOST = (
    replace(LOST, skus=("HP-200-BK",)),
    a_parcel(id=2, tracking_number="RB200000005CN", status="lost", skus=("CASE",)),
)


def test_an_answer_in_words_is_for_the_order_talked_about_and_not_for_an_earlier_one(shop: Shop) -> None:
    first = sold(shop, LOST)
    shop.sells(an_order(number="1002"))
    chat = shop.chat("1001")
    chat.asks()
    chat.opens("1002")
    assert "Order 1002" in said(chat.asks("refund"))
    assert chat.says("refund") is None
    assert "refund" not in [promise.kind for promise in shop.promises(first)]


def test_a_remedy_in_words_for_several_parts_asks_which_one(shop: Shop) -> None:
    order_id = sold(shop, *TWO_LOST, **PARTS)
    chat = shop.chat("1001")
    chat.asks()
    with rows_unchanged(shop.engine):
        settled = chat.asks("refund")
    assert told(settled) == told_by(Reply("utter_which_part", {"order_number": "1001"}))
    assert labels(settled) == ["Part 1: Refund $24.50", "Part 2: Refund $10.50", "Talk to a person"]
    assert "$10.50 back" in said(chat.picks(settled, "Part 2"))
    assert [promise.subject for promise in shop.promises(order_id) if promise.kind == "refund"] == ["2"]


def test_each_part_is_granted_on_its_own(shop: Shop) -> None:
    order_id = sold(shop, *TWO_LOST, **PARTS)
    chat = shop.chat("1001")
    settled = chat.asks()
    chat.picks(settled, "Part 1: Refund")
    assert chat.picks(settled, "Part 2: Send it again").replies[0].name == "utter_granted_resend"
    granted = [(p.kind, p.subject) for p in shop.promises(order_id) if p.kind != "trace"]
    assert granted == [("refund", "1"), ("resend", "2")]


def test_parcels_of_unknown_content_are_not_both_refunded(shop: Shop) -> None:
    order_id = sold(shop, LOST, a_parcel(id=2, tracking_number="RB200000005CN", status="lost"))
    chat = shop.chat("1001")
    settled = chat.asks()
    chat.picks(settled, "Part 1: Refund")
    chat.picks(settled, "Part 2: Refund")
    assert [promise.kind for promise in shop.promises(order_id)].count("refund") == 1
    assert chat.owner == ("queue", "given_for_other_parcel")


# -- what has not left ---------------------------------------------------------------------


def test_who_chose_to_wait_can_cancel_later(shop: Shop) -> None:
    order_id = shop.sells(UNSENT)
    chat = shop.chat("1001")
    settled = chat.asks()
    assert "stays reserved" in said(chat.picks(settled, "wait"))
    shop.days_pass(1)
    cancelled = said(chat.picks(settled, "Cancel"))
    assert "cancelled order 1001" in cancelled
    assert "$24.50 back by" in cancelled
    assert "order 1001 is cancelled" in said(chat.asks())
    assert "cancel" in [promise.kind for promise in shop.promises(order_id)]


def test_an_order_that_left_meanwhile_is_not_cancelled(shop: Shop) -> None:
    order_id = shop.sells(UNSENT)
    chat = shop.chat("1001")
    settled = chat.asks()
    sold(shop, a_parcel())
    assert told_by(Reply("utter_offer_outdated")) in said(chat.picks(settled, "Cancel"))
    assert "cancel" not in [promise.kind for promise in shop.promises(order_id)]


def test_a_similar_product_is_read_offered_and_taken(shop: Shop) -> None:
    similar = a_product(sku="HP-210", title="Headphones 210", price=Decimal("20.00"))
    order_id = shop.sells(UNSENT, a_product(in_stock=False, similar=("HP-210",)), similar)
    chat = shop.chat("1001")
    settled = chat.asks()
    assert "• Headphones 210, $20.00" in told(settled)
    assert '"Headphones 210" instead' in said(chat.picks(settled, 'Take "Headphones 210"'))
    again = chat.asks()
    assert again.replies[0].name == "utter_already_swap"
    assert "order 1001" in told(again)
    assert "by Mon, Jun 23, 2025" in told(again)
    assert "swap" in [promise.kind for promise in shop.promises(order_id)]


def test_the_policy_of_the_shop_is_the_one_that_counts(engine: Engine) -> None:
    shop = Shop(engine, a_policy(remedies={"refund": False, "offer_valid_days": 1}))
    sold(shop, LOST)
    chat = shop.chat("1001")
    settled = chat.asks()
    assert labels(settled) == ["Send it again", "Talk to a person"]
    shop.days_pass(2)
    assert said(chat.picks(settled, "Send it again")) == told_by(Reply("utter_offer_expired"))
