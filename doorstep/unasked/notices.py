"""What Doorstep says first: the kinds of news about an order and the words of each. Nothing is decided here."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from doorstep import cases
from doorstep.cases import Case
from doorstep.facts import (
    address_differs,
    business_days,
    carrier_name,
    hide_private,
    items_of,
    masked_address,
    named,
    order_facts,
    parcel_facts,
    scan_line,
    showable,
)
from doorstep.offers import PERSON
from doorstep.orders import Money
from doorstep.parcels import Parcel, Scan
from doorstep.replies.values import Choice, Days, Reply, Value
from doorstep.settlement import Situation
from doorstep.windows import end_of, shop_date, window_of

SHIPPED, LEFT_ORIGIN, ARRIVED = "shipped", "left_origin", "arrived"
CUSTOMS_HELD, RELEASED = "customs_held", "released"
OUT, FAILED, PICKUP = "out_for_delivery", "delivery_failed", "ready_for_pickup"
DELIVERED, GOING_BACK = "delivered", "going_back"
_GONE_BACK = ("returning", "returned", "cancelled")  # statuses of a scan
LATE, UNPAID, BACK_IN_STOCK = "late", "unpaid", "back_in_stock"
PROMISE, RETURN_DEADLINE, CASE = "promise", "return_deadline", "case"
OF_PARCEL = (SHIPPED, LEFT_ORIGIN, ARRIVED, CUSTOMS_HELD, RELEASED, OUT, FAILED, PICKUP, DELIVERED, GOING_BACK)

STOP = Choice("choice_messages_off", "stop_messages")
_REPLIES = {
    SHIPPED: ("notice_shipped", "utter_feel_good_news"),
    LEFT_ORIGIN: ("notice_left_origin", "utter_feel_news"),
    ARRIVED: ("notice_arrived", "utter_feel_good_news"),
    CUSTOMS_HELD: ("notice_customs_held", "utter_feel_customs"),
    RELEASED: ("notice_released", "utter_feel_good_news"),
    OUT: ("notice_out_for_delivery", "utter_feel_good_news"),
    FAILED: ("notice_delivery_failed", "utter_feel_pickup"),
    PICKUP: ("notice_ready_for_pickup", "utter_feel_pickup"),
    DELIVERED: ("notice_delivered", "utter_feel_good_news"),
    GOING_BACK: ("notice_going_back", "utter_feel_returning"),
    LATE: ("notice_late", "utter_feel_late"),
}
_ASKS = {
    CUSTOMS_HELD: ("customs", "choice_notice_customs"),
    FAILED: ("not_received", "choice_notice_what_now"),
    GOING_BACK: ("returned_to_sender", "choice_notice_what_now"),
    LATE: ("not_received", "choice_notice_what_now"),
}


def asking(situation: Situation, label: str, wish: str) -> Choice:
    """A choice that states a wish about this order, whichever one the conversation is about by then."""
    return Choice(label, wish, {"order_number": situation.order.number})


def with_stop(reply: Reply) -> Reply:
    """The reply with the way to stop such messages."""
    return replace(reply, choices=(*reply.choices, STOP))


def parcel_notice(situation: Situation, kind: str, parcel: Parcel, scan: Scan | None) -> Reply:
    """The words for news of a parcel; `scan` is what brought it, where a scan did."""
    parcel = showable(situation.order, parcel)
    name, feeling = _REPLIES[kind]
    values = {**_parcel_facts(situation, parcel), **(_scan_facts(situation, parcel, scan) if scan else {})}
    if kind == DELIVERED and scan and address_differs(scan.delivered_to, situation.order.ship_to):
        feeling = "utter_feel_news"
    if kind == DELIVERED:
        return Reply(name, {**values, "feeling": Reply(feeling)}, delivered_choices(situation))
    choices: tuple[Choice, ...] = ()
    if scan and scan.reason == "bad_address":
        choices = (Choice("choice_correct_address", "change_address"),)
    if kind in _ASKS:
        wish, label = _ASKS[kind]
        choices = (asking(situation, label, wish), *choices, PERSON)
    return Reply(name, {**values, "feeling": Reply(feeling)}, choices)


def delivered_choices(situation: Situation) -> tuple[Choice, ...]:
    """What a buyer may say to a delivery."""
    return (
        asking(situation, "choice_notice_received", "confirm_receipt"),
        asking(situation, "choice_notice_not_there", "not_received"),
        asking(situation, "choice_notice_problem", "defective"),
    )


def _parcel_facts(situation: Situation, parcel: Parcel) -> dict[str, Value]:
    order, policy = situation.order, situation.policy
    window = window_of(order, parcel, policy)
    late = window.days_late(shop_date(situation.now, policy)) if window else 0
    inside = tuple(line for line in order.lines if line.sku in parcel.skus)
    facts = parcel_facts(situation, parcel)
    return {
        **facts,
        "items": items_of(inside or order.lines),
        "expected_by": window.expected_by if window and not late else None,
        "expected_was": window.expected_by if window and late else None,
        "days_late": Days(late) if late else None,
        "untracked_carrier": None if parcel.tracking_number else carrier_name(parcel.carrier),
        "mail": Reply("term_mail", {"carrier": facts["carrier"], "service": facts["service"]}),
        "take_along": Reply("term_take_along", named(parcel)),
        "call_carrier": Reply("term_call_carrier", named(parcel)),
    }


def _scan_facts(situation: Situation, parcel: Parcel, scan: Scan) -> dict[str, Value]:
    due = None
    if scan.amount_due is not None and situation.policy.customs.duties != "shop":
        due = Money(scan.amount_due, scan.amount_currency or situation.order.currency)
    acts = scan.act_by is not None and scan.act_by >= situation.now
    shown = next((one for one in parcel.scans if (one.at, one.status) == (scan.at, scan.status)), scan)
    differs = address_differs(scan.delivered_to, situation.order.ship_to)
    return {
        "latest_scan": scan_line(shown),
        "progress": Reply(f"term_progress_{scan.status}") if scan.status in _GONE_BACK else None,
        "since": scan.at.date(),
        "reason": Reply(f"term_reason_{scan.reason}") if scan.reason else None,
        "amount_due": due,
        "place": shown.location or None,
        "act_by": scan.act_by.astimezone(scan.at.tzinfo).date() if acts and scan.act_by else None,
        "delivered_at": scan.at,
        "signer": hide_private(scan.signed_by, situation.order) or None,
        "left_at": shown.left_at or None,
        "went_to": masked_address(scan.delivered_to) if differs and scan.delivered_to else None,
    }


def unpaid_notice(situation: Situation) -> Reply:
    """The words for a payment that has not come."""
    order, policy = situation.order, situation.policy
    values: dict[str, Value] = {
        **order_facts(order),
        "feeling": Reply("utter_feel_unpaid_yet"),
        "reserved_until": shop_date(reserved_until(situation), policy),
        "how_to_pay": Reply("term_how_to_pay", {"pay_url": order.pay_url}),
    }
    return Reply("notice_unpaid", values, (asking(situation, "choice_notice_paid", "payment_problem"),))


def reserved_until(situation: Situation) -> datetime:
    """Until when the goods of an unpaid order are kept: as the order says, else by the policy."""
    order, policy = situation.order, situation.policy
    days = timedelta(days=policy.unpaid.reserve_days)
    return order.reserved_until or end_of(shop_date(order.placed_at, policy) + days, policy)


def stock_notice(situation: Situation, title: str) -> Reply:
    """The words for a product that was sold out and is there again."""
    values: dict[str, Value] = {
        **order_facts(situation.order),
        "feeling": Reply("utter_feel_good_news"),
        "title": title,
        "handling_days": business_days(situation.policy.handling_days),
    }
    return Reply("notice_back_in_stock", values)


def return_notice(situation: Situation, case: Case, by: date) -> Reply:
    """The words for goods that should be sent back soon."""
    values: dict[str, Value] = {
        **order_facts(situation.order),
        "feeling": Reply("utter_feel_reminder"),
        "return_number": case.number,
        "ship_by": by,
        "address": case.facts.get("address"),
    }
    return Reply("notice_return_deadline", values, (asking(situation, "choice_notice_return", "return_item"), PERSON))


_CASE_REPLIES = {
    cases.ASKING: "notice_case_asking",
    cases.AGREED: "notice_case_agreed",
    cases.PERSON: "notice_case_person",
}


def case_notice(situation: Situation, case: Case, by: Value) -> Reply:
    """The words for a case that is still open; `by` is the next date that was promised in it."""
    values: dict[str, Value] = {
        **order_facts(situation.order),
        "feeling": Reply("utter_feel_case"),
        "case_number": case.number,
        "by": by,
    }
    return Reply(_CASE_REPLIES[case.state], values, (PERSON,))
