"""Whatever the order, parcels and policy: nothing raises, nothing forbidden is given, nothing private is told."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from doorstep import offers, promises
from doorstep.acceptance import changed_since
from doorstep.answers import OFFERS, settle, settle_option
from doorstep.customs.replies import ABOUT
from doorstep.delivery.tracking import settle_tracking
from doorstep.goods.claims import DEFECTS
from doorstep.imports.validate import schema
from doorstep.orders import Address, Line, Order, Product
from doorstep.parcels import Destination, Parcel, Scan
from doorstep.policy.shop import ShopPolicy
from doorstep.promises import Promise
from doorstep.replies.values import from_json, to_json
from doorstep.settlement import Settlement, Situation
from doorstep.windows import end_of, shop_date
from tests.builders import BRAZIL, CHINA, NOW, a_buyer, a_parcel, days_ago
from tests.telling import WORDS, a_policy, a_situation, later, stored

EVENT = schema("order")["properties"]["parcels"]["items"]["properties"]["events"]["items"]["properties"]
NAMES = ["Ana Souza", "Madonna", "王小明", "Ирина Волкова", "J. R. Vega-Ortiz", ""]
STREETS = ["Rua Augusta 1508", "14 Palatine Road", "Schlossallee", "東京都渋谷区神南1-2-3", "Calle Feria 73, 2º B", ""]
POSTCODES = ["01304-001", "SW1A 1AA", "1234 AB", "75011", "150-0001", ""]
EMAILS = ["ana.souza@example.com", ""]
PHONES = ["+55 11 5555 0100", ""]
WISHES = {
    **dict.fromkeys(("not_received", "delivery_time", "returned_to_sender", "payment_problem", "stock"), ("",)),
    **dict.fromkeys(("quality_complaint", "how_to_use", "change_address", "confirm_receipt"), ("",)),
    "customs": ("", *ABOUT),
    "defective": ("", *DEFECTS),
    "return_item": ("", "return", "exchange", "status"),
    "refund": ("", "want", "status"),
    "cancel_order": ("", "want", "why"),
}  # wish: what a message may say more closely; those for a person are answered by doorstep.assistant
WRITTEN = ["Delivered to {name}", "{street}, {postcode}", "Call {phone} or {email}", "{name}", "{{status}} 0[", ""]
SKUS = ["A", "B", "C"]
SHORTEST = 4  # characters of a street that mean anything


def _moments(first: int, last: int) -> SearchStrategy[Any]:
    hours = st.integers(first * 24, last * 24)
    return st.builds(lambda h, zone: days_ago(h / 24).astimezone(zone), hours, st.sampled_from([CHINA, BRAZIL]))


def _maybe(strategy: SearchStrategy[Any]) -> SearchStrategy[Any]:
    return st.none() | strategy


PRICES = st.decimals(Decimal(0), Decimal(300), places=2)
ADDRESSES = st.builds(
    Address,
    name=st.sampled_from(NAMES),
    line1=st.sampled_from(STREETS),
    city=st.sampled_from(["São Paulo", ""]),
    postcode=st.sampled_from(POSTCODES),
    country=st.sampled_from(["BR", "GB", "XX"]),
)
POLICIES = st.builds(
    lambda waits, remedies, handling, reserve: a_policy(
        waits=waits, remedies=remedies, handling_days=handling, unpaid={"reserve_days": reserve}
    ),
    st.fixed_dictionaries({name: st.integers(1, 9) for name in ("delivered_days", "grace_days", "no_scan_days")}),
    st.fixed_dictionaries(
        {"resend": st.booleans(), "refund": st.booleans(), "limits": st.sampled_from([{}, {"USD": 0}, {"USD": 100}])}
    ),
    st.integers(0, 9),
    st.integers(0, 9),
)
PROMISES = st.builds(
    Promise,
    kind=st.sampled_from(["grace", "trace", "ship", "notice", "resend", "refund", "swap", "cancel"]),
    subject=st.sampled_from(["", "rest", "1", "2", "3"]),
    due_at=_moments(-5, 5),
    remedy=st.sampled_from(["", "resend", "refund"]),
    state=st.sampled_from(["open", "kept", "broken", "cancelled"]),
)
PRODUCTS = st.builds(
    Product,
    sku=st.sampled_from([*SKUS, "D"]),
    title=st.sampled_from(["Lamp", "Lamp {x} 0["]),
    url=st.sampled_from(["", "https://shop.example/x"]),
    price=_maybe(PRICES),
    in_stock=_maybe(st.booleans()),
    restock_at=_maybe(_moments(-30, 0)),
    similar=st.sampled_from([(), ("D",), ("B", "D", "Z")]),
)


@st.composite
def _scans(draw: Any, order: Order) -> Scan:
    def text() -> str:
        buyer, ship_to = order.buyer, order.ship_to
        private = {"name": ship_to.name, "street": ship_to.line1, "postcode": ship_to.postcode}
        written: str = draw(st.sampled_from(WRITTEN))
        return written.format(phone=buyer.phone, email=buyer.email, **private)

    to = ["", order.ship_to.postcode, "99999"]
    return Scan(
        at=draw(_moments(0, 30)),
        status=draw(st.sampled_from(EVENT["status"]["enum"])),
        description=text(),
        location=text(),
        country=draw(st.sampled_from(["", "CN", order.ship_to.country])),
        reason=draw(st.sampled_from(["", *EVENT["reason"]["enum"]])),
        amount_due=draw(_maybe(PRICES)),
        amount_currency=draw(st.sampled_from(["", "BRL"])),
        act_by=draw(_maybe(_moments(-9, 9))),
        signed_by=draw(st.sampled_from(["", "Marcos Oliveira", order.ship_to.name])),
        left_at=text(),
        delivered_to=draw(
            _maybe(st.builds(Destination, line1=st.just(order.ship_to.line1), postcode=st.sampled_from(to)))
        ),
    )


@st.composite
def _parcels(draw: Any, order: Order, number: int) -> Parcel:
    return Parcel(
        id=number,
        carrier=draw(st.sampled_from(["china-post", "yunexpress", "x"])),
        tracking_number=draw(st.sampled_from(["", f"RB00000000{number}CN"])),
        service=draw(st.sampled_from(["", "small-packet"])),
        shipped_at=draw(_maybe(_moments(0, 90))),
        skus=tuple(draw(st.lists(st.sampled_from(SKUS), unique=True, max_size=3))),
        scans=tuple(sorted(draw(st.lists(_scans(order), max_size=4)), key=lambda scan: scan.at)),
    )


@st.composite
def situations(draw: Any) -> Situation:
    """Any order in any state, under any policy, with anything promised before."""
    lines = st.builds(
        Line, sku=st.sampled_from(SKUS), title=st.just("Lamp"), quantity=st.integers(1, 3), unit_price=PRICES
    )
    buyer = a_buyer(
        name=draw(st.sampled_from(NAMES)), email=draw(st.sampled_from(EMAILS)), phone=draw(st.sampled_from(PHONES))
    )
    order = Order(
        id=1,
        shop="default",
        number="1001",
        marketplace="own",
        placed_at=draw(_moments(20, 40)),
        paid_at=draw(_maybe(_moments(0, 20))),
        reserved_until=draw(_maybe(_moments(-5, 5))),
        cancelled_at=draw(st.sampled_from([None, None, days_ago(1)])),
        currency=draw(st.sampled_from(["USD", "USD", "CHF"])),
        total=draw(PRICES),
        buyer=buyer,
        ship_to=draw(ADDRESSES),
        lines=tuple(draw(st.lists(lines, min_size=1, max_size=3, unique_by=lambda line: line.sku))),
    )
    parcels = tuple(draw(_parcels(order, number)) for number in range(1, draw(st.integers(0, 3)) + 1))
    products = {product.sku: product for product in draw(st.lists(PRODUCTS, max_size=3))}
    standing = draw(st.lists(PROMISES, max_size=3, unique_by=lambda promise: (promise.kind, promise.subject)))
    complete = replace(order, parcels=parcels)
    return Situation(complete, draw(POLICIES), NOW, tuple(standing), products, draw(st.booleans()))


def _all_answers(situation: Situation) -> list[Settlement]:
    """The answers to every wish, and to every option of every offer in the first of them."""
    first = settle_tracking(situation)
    then = later(situation, first)
    then = replace(then, promises=(*situation.promises, *first.promises))
    stated = [(wish, about) for wish, abouts in WISHES.items() for about in abouts]
    answers = [first, *(settle(replace(situation, about=about), wish) for wish, about in stated)]
    for index, made in enumerate(first.offers):
        for option in made.options:
            offer = stored(first, index)
            for now in (NOW, NOW + timedelta(days=10)):
                moved = replace(then, now=now)
                instead = None if offer.kind in OFFERS else changed_since(moved, offer, option)
                answers.append(instead or settle_option(moved, offer, option))
    return answers


def _shown(settlement: Settlement) -> list[str]:
    texts = []
    for reply in settlement.replies:
        worded = WORDS.word(from_json(json.loads(json.dumps(to_json(reply)))), "en")
        texts += [worded.text, *(choice.label for choice in worded.choices)]
        texts.append(json.dumps(worded.card, ensure_ascii=False) if worded.card else "a card")
    return texts


def _secrets(order: Order) -> list[str]:
    named = [order.buyer.name, order.ship_to.name, order.buyer.email, order.buyer.phone, order.ship_to.postcode]
    street = order.ship_to.line1
    return [secret for secret in (*named, street if len(street) >= SHORTEST else "") if secret]


ANY = settings(max_examples=25, deadline=None)


@ANY
@given(situations())
@example(a_situation(a_parcel(shipped_at=None, scans=())))
def test_every_answer_has_words_and_names_its_order(situation: Situation) -> None:
    for answer in _all_answers(situation):
        shown = _shown(answer)
        assert "" not in shown
        assert "1001" in " ".join(shown)


@ANY
@given(situations())
def test_no_answer_shows_who_and_where_the_buyer_is_in_full(situation: Situation) -> None:
    shown = "\n".join(text for answer in _all_answers(situation) for text in _shown(answer)).casefold()
    assert [secret for secret in _secrets(situation.order) if secret.casefold() in shown] == []


@ANY
@given(situations())
def test_the_tracking_number_of_a_parcel_that_has_none_is_never_asked_for(situation: Situation) -> None:
    unnumbered = tuple(replace(parcel, tracking_number="") for parcel in situation.order.parcels)
    answers = _all_answers(replace(situation, order=replace(situation.order, parcels=unnumbered)))
    assert "the tracking number" not in "\n".join(text for answer in answers for text in _shown(answer))


@ANY
@given(situations())
def test_nothing_beyond_the_policy_is_offered_or_promised(situation: Situation) -> None:
    order, rules = situation.order, situation.policy.remedies
    within = rules.within_limit(order.total, order.currency)
    for answer in _all_answers(situation):
        given_away = [option for offer in answer.offers for option in offer.options]
        given_away += [promise.kind for promise in answer.promises]
        assert within or not {offers.RESEND, offers.REFUND} & set(given_away)
        assert rules.refund or offers.REFUND not in given_away
        assert rules.resend or offers.RESEND not in given_away


@ANY
@given(situations())
def test_no_amount_offered_is_more_than_was_paid(situation: Situation) -> None:
    made = [offer for answer in _all_answers(situation) for offer in answer.offers if offer.kind != offers.DUTY]
    amounts = [offer.amount.amount for offer in made if offer.amount]
    assert [amount for amount in amounts if amount > situation.order.total] == []


@ANY
@given(situations())
def test_an_answer_without_offer_ends_in_a_person_or_a_choice_of_one(situation: Situation) -> None:
    settled = settle_tracking(situation)
    signer_asked = any(offer.kind == offers.SIGNER for offer in settled.offers)
    to_a_person = any(choice.intent == "human_agent" for choice in settled.replies[-1].choices)
    assert settled.handover or to_a_person or signer_asked


@ANY
@given(situations())
def test_a_promise_made_by_an_answer_lies_ahead_or_stood_before(situation: Situation) -> None:
    new = [promise for promise in settle_tracking(situation).promises if promise not in situation.promises]
    kept = {(promise.kind, promise.subject) for promise in situation.promises}
    assert [p for p in new if p.due_at < situation.now and (p.kind, p.subject) not in kept] == []


@ANY
@given(situations(), st.integers(0, 3))
def test_the_same_days_are_promised_when_asked_again(situation: Situation, days: int) -> None:
    policy: ShopPolicy = situation.policy
    first = settle_tracking(replace(situation, promises=()))
    again = settle_tracking(replace(situation, promises=first.promises, now=NOW + timedelta(days=days)))
    told = {(promise.kind, promise.subject): promise.due_at for promise in first.promises}
    due = {key: day for key, day in told.items() if end_of(shop_date(day, policy), policy) > NOW + timedelta(days=days)}
    repeated = {(p.kind, p.subject): p.due_at for p in again.promises if (p.kind, p.subject) in due}
    assert repeated.items() <= due.items()
    assert promises.CANCEL not in {kind for kind, _ in told}
