"""Settles the wish for another address: it is asked for, read back for a yes, and then used as far as that is possible.

What has not left gets the new address at once. What is on its way belongs to the carrier, whom a person asks. What
comes back because of its address is sent again to the new one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime

from doorstep import cases, offers, promises
from doorstep.cases import Case, CaseStep
from doorstep.changes import addresses
from doorstep.changes.addresses import CITY, POSTCODE, STREET
from doorstep.changes.cancelling import called_off, day_of, then_tracked
from doorstep.delivery.choosing import choices_of
from doorstep.delivery.held import sent_again
from doorstep.delivery.unshipped import still_to_ship, unshipped_lines
from doorstep.facts import carrier_name, masked_address, order_facts, showable
from doorstep.offers import PERSON, NewOffer, Offer
from doorstep.orders import Address
from doorstep.parcels import Parcel, Stage
from doorstep.promises import Promise
from doorstep.remedies import already_granted, granted_by, offer_ends, remedies_for, task_for
from doorstep.replies.values import Country, Hours, Reply, Value
from doorstep.settlement import Handover, OrderChange, Settlement, ShopTask, Situation
from doorstep.windows import end_of

ASKS = "new_address"  # for `Settlement.asks`; its subject counts the tries that were not enough
MOST_TRIES = 2  # after which a person takes over

UNSHIPPED, BACK, CARRIER, ARRIVED = "unshipped", "back", "carrier", "arrived"  # what a new address would be for

_ASKED = {UNSHIPPED: "utter_address_ask", BACK: "utter_address_ask_back", CARRIER: "utter_address_ask_carrier"}
_MISSING = {STREET: "term_address_street", CITY: "term_address_city", POSTCODE: "term_address_postcode"}
_FEELING = "utter_feel_change_address"


def settle_address(situation: Situation) -> Settlement:
    """Answer "change my address"."""
    purpose = _purpose(situation)
    done = called_off(situation) if purpose != BACK else _sent_again_before(situation)
    if done:
        return done
    if purpose == ARRIVED:
        return then_tracked(situation, "utter_address_arrived", _FEELING)
    waiting = _waiting_for_return(situation)
    if waiting and all(parcel.scans[-1].status != "returning" for parcel in _coming_back(situation)):
        return _read_back(situation, waiting)  # agreed while it was on its way back; now it is in
    return _ask(situation, _ASKED[purpose])


def settle_details(situation: Situation, tries: str, text: str) -> Settlement:
    """Settle what was written as the new address; `tries` is how often that was not enough ("" for never)."""
    purpose = _purpose(situation)
    done = called_off(situation) if purpose != BACK else _sent_again_before(situation)
    if done or purpose == ARRIVED:
        return done or settle_address(situation)
    reading = addresses.read(text, situation.order.ship_to)
    if reading.missing:
        return _ask_again(situation, reading.missing, tries, is_question="?" in text or "？" in text)
    if reading.address.country != situation.order.ship_to.country:
        note = {"wanted_address": addresses.one_line(reading.address)}
        values = _facts(situation) | {"country": Country(reading.address.country)}
        return Settlement(
            (Reply("utter_address_other_country", values),), handover=Handover("address_other_country", note)
        )
    return _read_back(situation, reading.address)


def settle_answer(situation: Situation, _offer: Offer, option: str) -> Settlement:
    """Settle the yes or no to "is this right?", as things stand now."""
    purpose = _purpose(situation)
    pending = _read(_case(situation), "pending")
    done = called_off(situation) if purpose != BACK else _sent_again_before(situation)
    if done or purpose == ARRIVED:
        return done or settle_address(situation)
    if option == offers.NO:
        return _ask(situation, "utter_address_ask_anew")
    if pending is None:
        agreed = _read(_case(situation), "ship_to")
        if agreed is None or agreed != situation.order.ship_to:
            return settle_address(situation)
        return _tell_changed(situation, agreed)
    settle = {UNSHIPPED: _change, BACK: _send_again, CARRIER: _ask_carrier}[purpose]
    return settle(situation, pending)


def _purpose(situation: Situation) -> str:
    """What a new address would be for. What has left decides, since the order has one address for all of it."""
    stages = [situation.stage(parcel) for parcel in situation.order.parcels]
    gone = [stage for stage in stages if stage is not Stage.NOT_SHIPPED]
    if Stage.GOING_BACK in gone:
        return BACK
    if not gone:
        return UNSHIPPED
    return ARRIVED if set(gone) == {Stage.DELIVERED} and not unshipped_lines(situation) else CARRIER


def _coming_back(situation: Situation) -> tuple[Parcel, ...]:
    found = (parcel for parcel in situation.order.parcels if situation.stage(parcel) is Stage.GOING_BACK)
    return tuple(showable(situation.order, parcel) for parcel in found)


def _sent_again_before(situation: Situation) -> Settlement | None:
    """The answer when what comes back was settled before; None while any of it was not."""
    facts = order_facts(situation.order)
    settled = [already_granted(situation, str(parcel.id), facts) for parcel in _coming_back(situation)]
    return settled[0] if settled and all(settled) else None


# -- asking --------------------------------------------------------------------------------


def _facts(situation: Situation) -> dict[str, Value]:
    order = situation.order
    return {
        **order_facts(order),
        "feeling": Reply(_FEELING),
        "address": masked_address(order.ship_to),
        "country": Country(order.ship_to.country),
        "answer_within_hours": Hours(situation.policy.answer_within_hours),
    }


def _ask(situation: Situation, name: str) -> Settlement:
    values = _facts(situation)
    for parcel in _moving(situation)[-1:]:
        values["parcel"] = Reply("term_parcel", {"tracking_number": parcel.tracking_number or None})
        values["carrier"] = carrier_name(parcel.carrier)
    for parcel in _coming_back(situation)[:1]:
        values["parcel"] = Reply("term_parcel", {"tracking_number": parcel.tracking_number or None})
        values["progress"] = Reply(f"term_progress_{parcel.scans[-1].status}")
        values["then"] = sent_again(situation, _coming_back(situation)) or Reply("term_then_person")
    return Settlement((Reply(name, values, (PERSON,)),), asks=_asks(situation, ""))


def _asks(situation: Situation, tries: str) -> str:
    return f"{ASKS}/{situation.order.id}/{tries}"


def _ask_again(situation: Situation, missing: tuple[str, ...], tries: str, is_question: bool) -> Settlement:
    """Say what is missing and ask for all of it again; a question back is answered and does not count as a try."""
    count = int(tries) if tries.isdecimal() else 0
    if count >= MOST_TRIES and not is_question:
        values = _facts(situation)
        return Settlement((Reply("utter_address_person", values),), handover=Handover("address_not_read"))
    if is_question:
        return Settlement(
            (Reply("utter_address_shown", _facts(situation), (PERSON,)),), asks=_asks(situation, str(count))
        )
    values = _facts(situation) | {"missing": [Reply(_MISSING[part]) for part in missing]}
    return Settlement((Reply("utter_address_again", values, (PERSON,)),), asks=_asks(situation, str(count + 1)))


def _read_back(situation: Situation, address: Address) -> Settlement:
    """The buyer's own new address in full: only a full one can be checked."""
    order = situation.order
    ends = offer_ends(situation.now, situation.policy)
    offer = NewOffer(offers.ADDRESS, "", (offers.YES, offers.NO), ends)
    values: dict[str, Value] = {**order_facts(order), "lines": _lines(address)}
    pending = {"pending": json.dumps(asdict(address), ensure_ascii=False)}
    case = _case(situation)
    return Settlement(
        (Reply("utter_address_read_back", values, (*choices_of(situation, offer, "choice_address_"), PERSON)),),
        offers=(offer,),
        cases=(CaseStep(cases.ADDRESS, "", case.state if case else cases.ASKING, pending),),
    )


def _lines(address: Address) -> list[Value]:
    town = " ".join(part for part in (address.postcode, address.city, address.region) if part)
    lines = [part for part in (address.name, address.line1, address.line2, town) if part]
    return [*lines, Country(address.country)]


# -- agreed --------------------------------------------------------------------------------


def _case(situation: Situation) -> Case | None:
    return cases.find(situation.cases, cases.ADDRESS)


def _read(case: Case | None, name: str) -> Address | None:
    return Address(**json.loads(case.facts[name])) if case and name in case.facts else None


def _waiting_for_return(situation: Situation) -> Address | None:
    """The address that was agreed while the parcel was on its way back."""
    case = _case(situation)
    return _read(case, "ship_to") if case and case.state == cases.AGREED and _coming_back(situation) else None


def _step(address: Address, state: str, more: Mapping[str, str]) -> CaseStep:
    facts = {"pending": "", "address": addresses.one_line(address), **more}
    return CaseStep(cases.ADDRESS, "", state, facts)


def _agreed(situation: Situation, address: Address) -> dict[str, str]:
    """What an import must know: the address agreed on, and those it replaced, which an old export still carries."""
    case = _case(situation)
    replaced = json.loads(case.facts["replaced"]) if case and "replaced" in case.facts else []
    before = asdict(situation.order.ship_to)
    replaced += [before] if before not in (*replaced, asdict(address)) else []
    return {
        "ship_to": json.dumps(asdict(address), ensure_ascii=False),
        "replaced": json.dumps(replaced, ensure_ascii=False),
    }


def _note(situation: Situation, address: Address) -> dict[str, str]:
    order = situation.order
    case = cases.number_for(order.number, situation.cases, cases.ADDRESS)
    return {"case": case, "address": addresses.one_line(address), "instead_of": addresses.one_line(order.ship_to)}


def _tell_changed(situation: Situation, address: Address) -> Settlement:
    ships = still_to_ship(situation)
    values: dict[str, Value] = {
        **order_facts(situation.order),
        "lines": _lines(address),
        "ships_on": day_of(situation, ships),
    }
    return Settlement((Reply("utter_address_changed", values, (PERSON,)),), (ships,) if ships else ())


def _change(situation: Situation, address: Address) -> Settlement:
    return replace(
        _tell_changed(situation, address),
        cases=(_step(address, cases.AGREED, _agreed(situation, address)),),
        change=OrderChange(ship_to=address),
        tasks=(ShopTask("change_address", _note(situation, address)),),
    )


def _moving(situation: Situation) -> list[Parcel]:
    over = (Stage.NOT_SHIPPED, Stage.DELIVERED, Stage.GOING_BACK)
    return [parcel for parcel in situation.order.parcels if situation.stage(parcel) not in over]


def _ask_carrier(situation: Situation, address: Address) -> Settlement:
    """Only the carrier can send a parcel elsewhere, and only a person can ask it; nothing is promised."""
    moving = _moving(situation)
    numbers = ", ".join(parcel.tracking_number or parcel.carrier for parcel in moving)
    note = _note(situation, address) | {"parcels": numbers, "unsent": ", ".join(_unsent(situation))}
    note = {name: value for name, value in note.items() if value}
    values = _facts(situation) | {"carrier": carrier_name(moving[-1].carrier) if moving else None}
    return Settlement(
        (Reply("utter_address_to_carrier", values),),
        cases=(_step(address, cases.PERSON, {}),),
        tasks=(ShopTask("ask_carrier_for_address", note),),
        handover=Handover("address_shipped", note),
    )


def _unsent(situation: Situation) -> list[str]:
    return [line.sku for line in unshipped_lines(situation)]


def _send_again(situation: Situation, address: Address) -> Settlement:
    """Send again what is back, tell it of what is still on its way back; a person where the policy gives nothing."""
    parcels = _coming_back(situation)
    then = sent_again(situation, parcels)
    facts, note = _agreed(situation, address), _note(situation, address)
    note |= {"parcels": ", ".join(parcel.tracking_number or parcel.carrier for parcel in parcels)}
    values = _facts(situation) | {"lines": _lines(address), "then": then}
    only = len(parcels) == len(situation.order.parcels) and not unshipped_lines(situation)
    change = OrderChange(ship_to=address) if only else None
    facts = facts if only else {"ship_to": facts["ship_to"]}
    if then is None:
        step = _step(address, cases.PERSON, facts)
        said = Reply("utter_address_back_person", values)
        handover = Handover("address_correction", note)
        return Settlement((said,), cases=(step,), change=change, handover=handover)
    step = _step(address, cases.AGREED, facts)
    if any(parcel.scans[-1].status == "returning" for parcel in parcels):
        task = ShopTask("resend_when_back", note)
        return Settlement(
            (Reply("utter_address_when_back", values, (PERSON,)),), cases=(step,), change=change, tasks=(task,)
        )
    by = granted_by(offers.RESEND, situation.now, situation.policy)
    made = tuple(_resend(situation, parcel, end_of(by, situation.policy)) for parcel in parcels)
    tasks = tuple(ShopTask(promises.RESEND, {**note, **task_for(situation, promise).note}) for promise in made)
    return Settlement(
        (Reply("utter_address_resend", values | {"by": by}, (PERSON,)),),
        promises=made,
        cases=(step,),
        change=change,
        tasks=tasks,
    )


def _resend(situation: Situation, parcel: Parcel, due_at: datetime) -> Promise:
    value = remedies_for(situation, parcel).value
    return Promise(promises.RESEND, str(parcel.id), due_at, offers.RESEND, amount=value)
