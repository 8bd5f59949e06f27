"""What every answer about a parcel is made of: the standing promise, the feeling, and the remedies to choose from."""

from __future__ import annotations

from collections.abc import Mapping

from doorstep import offers, promises
from doorstep.facts import parcel_facts
from doorstep.offers import PERSON, NewOffer
from doorstep.orders import Money
from doorstep.parcels import Parcel
from doorstep.promises import Promise
from doorstep.remedies import ABOVE_LIMIT, Remedies, offer_ends, remedies_for
from doorstep.replies.values import AnyOf, Choice, Reply, Value
from doorstep.settlement import Handover, Settlement, Situation


def subject_of(parcel: Parcel) -> str:
    """How promises and offers name a parcel."""
    return str(parcel.id)


def standing(situation: Situation, parcel: Parcel, kind: str) -> Promise | None:
    """The promise of a kind that was made for a parcel before."""
    return promises.find(situation.promises, kind, subject_of(parcel))


def feeling_of(situation: Situation, case: str) -> Reply:
    """The first sentence for a case; a buyer who only asks is not told that something is wrong."""
    asked = not situation.complaint and case in ("waiting", "missing")
    return Reply("utter_feel_asked" if asked else f"utter_feel_{case}")


def ways_out(options: tuple[str, ...], amount: Money | None = None) -> dict[str, Value]:
    """Remedies for a sentence: several as `remedies` ("send it again or give you your money back"), one as `remedy`.

    `amount` is told with a refund that is the only one.
    """
    if len(options) > 1:
        return {"remedies": AnyOf(tuple(Reply(f"term_remedy_{option}") for option in options)), "remedy": None}
    return {"remedies": None, "remedy": Reply(f"term_remedy_{options[0]}", {"amount": amount}) if options else None}


def choices_of(situation: Situation, offer: NewOffer, label: str) -> tuple[Choice, ...]:
    """The offer's options as choices; `label` begins the name of each one's words."""
    values: dict[str, Value] = {"amount": offer.amount}
    return tuple(
        Choice(label + option, "choose_option", offer.entities(situation.order.id, option), values)
        for option in offer.options
    )


def choose_now(situation: Situation, parcel: Parcel, name: str, known: Mapping[str, Value]) -> Settlement:
    """Offer the remedies at once; above the policy's limit a person decides. `known` is told beside the parcel's facts.

    `name` is the reply with an offer; the one with a person is named the same with "_person" behind it.
    """
    allowed = remedies_for(situation, parcel)
    values = {
        **parcel_facts(situation, parcel),
        **known,
        "amount": allowed.value,
        "offer": Reply("term_offer", {**ways_out(allowed.options, allowed.value), "amount": allowed.value}),
    }
    if not allowed.options:
        values["person_settles"] = _person_settles(allowed)
        note = {
            "parcel": parcel.tracking_number or parcel.carrier,
            "value": f"{allowed.value.amount} {allowed.value.currency}",
        }
        return Settlement((Reply(f"{name}_person", values),), handover=Handover(allowed.why, note))
    offer = NewOffer(
        offers.NOW, subject_of(parcel), allowed.options, offer_ends(situation.now, situation.policy), allowed.value
    )
    return Settlement((Reply(name, values, (*choices_of(situation, offer, "choice_now_"), PERSON)),), offers=(offer,))


def _person_settles(allowed: Remedies) -> Reply:
    name = "term_person_settles_value" if allowed.why == ABOVE_LIMIT else "term_person_settles"
    return Reply(name, {"amount": allowed.value})
