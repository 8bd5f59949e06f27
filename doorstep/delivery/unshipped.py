"""Settles "where is it?" for what has not left the shop: unpaid, waiting to be sent, sold out, cancelled."""

from __future__ import annotations

from datetime import timedelta

from doorstep import offers, promises
from doorstep.facts import business_days, order_facts
from doorstep.offers import PERSON, NewOffer
from doorstep.orders import Line, Money, Order, Product
from doorstep.parcels import Stage
from doorstep.promises import Promise
from doorstep.remedies import already_granted, offer_ends, value_of_lines
from doorstep.replies.values import Choice, Reply, Value
from doorstep.settlement import Settlement, Situation
from doorstep.windows import add_business_days, end_of, shop_date


def unshipped_lines(situation: Situation) -> tuple[Line, ...]:
    """The lines of the order that are in no parcel that has left."""
    gone = [parcel for parcel in situation.order.parcels if situation.stage(parcel) is not Stage.NOT_SHIPPED]
    if any(not parcel.skus for parcel in gone):
        return ()
    shipped = {sku for parcel in gone for sku in parcel.skus}
    return tuple(line for line in situation.order.lines if line.sku not in shipped)


def settle_unshipped(situation: Situation, lines: tuple[Line, ...]) -> Settlement:
    """Decide for the lines that have not left; `lines` must not be empty."""
    order = situation.order
    done = already_granted(situation, subject_of(order, lines), order_facts(order, lines))
    if done:
        return done
    if order.cancelled_at:
        return Settlement(
            (
                Reply(
                    "utter_order_cancelled",
                    {**order_facts(order), "cancelled_on": shop_date(order.cancelled_at, situation.policy)},
                    (PERSON,),
                ),
            )
        )
    if order.paid_at is None:
        return _unpaid(situation)
    sold_out = [line for line in lines if _sold_out(situation.products.get(line.sku))]
    return _sold_out_line(situation, lines, sold_out[0]) if sold_out else _in_stock(situation, lines)


def subject_of(order: Order, lines: tuple[Line, ...]) -> str:
    """How promises and offers name lines that have not left: all of the order, or the rest of it."""
    return "" if len(lines) == len(order.lines) else promises.REST


def _unpaid(situation: Situation) -> Settlement:
    order, policy = situation.order, situation.policy
    days = timedelta(days=policy.unpaid.reserve_days)
    until = order.reserved_until or end_of(shop_date(order.placed_at, policy) + days, policy)
    lapsed = until < situation.now
    values: dict[str, Value] = {
        **order_facts(order),
        "feeling": Reply("utter_feel_unpaid"),
        "reserved_until": None if lapsed else shop_date(until, policy),
        "reserved_was": shop_date(until, policy) if lapsed else None,
        "how_to_pay": None if lapsed else Reply("term_how_to_pay", {"pay_url": order.pay_url}),
    }
    return Settlement((Reply("utter_order_unpaid", values, (PERSON,)),))


def still_to_ship(situation: Situation) -> Promise | None:
    """The promise of the day on which what has not left leaves; None where no day can be told, or it has passed."""
    order, lines = situation.order, unshipped_lines(situation)
    goes = order.paid_at is not None and order.cancelled_at is None and lines
    if not goes or promises.granted(situation.promises, subject_of(order, lines)):
        return None
    planned = _planned_shipping(order, situation)
    sold_out = any(_sold_out(situation.products.get(line.sku)) for line in lines)
    return None if sold_out or planned.is_due(situation.now) else planned


def _planned_shipping(order: Order, situation: Situation) -> Promise:
    standing = promises.find(situation.promises, promises.SHIP, "")
    if standing:
        return standing
    start = shop_date(order.paid_at or order.placed_at, situation.policy)
    due = add_business_days(start, situation.policy.handling_days)
    return Promise(promises.SHIP, "", end_of(due, situation.policy))


def _in_stock(situation: Situation, lines: tuple[Line, ...]) -> Settlement:
    order, policy = situation.order, situation.policy
    planned = _planned_shipping(order, situation)
    values: dict[str, Value] = {
        **order_facts(order, lines, value_of_lines(order, lines)),
        "placed_on": shop_date(order.placed_at, policy),
        "handling_days": business_days(policy.handling_days),
        "ships_on": shop_date(planned.due_at, policy),
    }
    if not planned.is_due(situation.now):
        values["feeling"] = Reply("utter_feel_waiting") if situation.complaint else Reply("utter_feel_asked")
        return Settlement((Reply("utter_order_unshipped", values, (PERSON,)),), (planned,))
    values["feeling"] = Reply("utter_feel_late")
    offer = _offer(situation, lines, (offers.WAIT, offers.CANCEL))
    return Settlement(
        (Reply("utter_order_unshipped_late", values, (*_choices(situation, offer), PERSON)),), offers=(offer,)
    )


def _sold_out(product: Product | None) -> bool:
    return product is not None and product.in_stock is False


def _sold_out_line(situation: Situation, lines: tuple[Line, ...], line: Line) -> Settlement:
    product = situation.products[line.sku]
    similar = [p for sku in product.similar if (p := situation.products.get(sku)) and p.in_stock is not False]
    swaps = tuple(offers.SWAP_PREFIX + p.sku for p in similar if p.price is not None and p.price <= line.unit_price)
    offer = _offer(situation, lines, (offers.WAIT, *swaps, offers.CANCEL))
    values: dict[str, Value] = {
        **order_facts(situation.order, lines, value_of_lines(situation.order, lines)),
        "feeling": Reply("utter_feel_sold_out"),
        "title": line.title,
        "restock_on": shop_date(product.restock_at, situation.policy) if product.restock_at else None,
        "similar_intro": Reply("term_similar_intro") if similar else None,
        "similar": [_similar(situation, p) for p in similar],
    }
    return Settlement((Reply("utter_order_sold_out", values, (*_choices(situation, offer), PERSON)),), offers=(offer,))


def _similar(situation: Situation, product: Product) -> Reply:
    price = Money(product.price, situation.order.currency) if product.price is not None else None
    return Reply("term_similar_item", {"title": product.title, "price": price, "url": product.url})


def _offer(situation: Situation, lines: tuple[Line, ...], options: tuple[str, ...]) -> NewOffer:
    order = situation.order
    ends = offer_ends(situation.now, situation.policy)
    return NewOffer(offers.UNSHIPPED, subject_of(order, lines), options, ends, value_of_lines(order, lines))


def _choices(situation: Situation, offer: NewOffer) -> tuple[Choice, ...]:
    return tuple(
        Choice(
            f"choice_unshipped_{_label(option)}",
            "choose_option",
            offer.entities(situation.order.id, option),
            _choice_values(situation, offer, option),
        )
        for option in offer.options
    )


def _label(option: str) -> str:
    return "swap" if option.startswith(offers.SWAP_PREFIX) else option


def _choice_values(situation: Situation, offer: NewOffer, option: str) -> dict[str, Value]:
    if option.startswith(offers.SWAP_PREFIX):
        return {"title": situation.products[option.removeprefix(offers.SWAP_PREFIX)].title}
    return {"amount": offer.amount}
