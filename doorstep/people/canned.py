"""Canned replies: what a person says often, filled from the order that is talked about, and what is missing for it.

Pure. Ours are worded in `replies/` as notice_canned_…; the shop's own stand in its policy under `desk.canned`. One
with a missing value is listed with what is missing, and never said half-filled.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

from doorstep import cases, promises
from doorstep.facts import given_name, named, order_facts, showable, status_words
from doorstep.parcels import Parcel, Stage
from doorstep.people.opening import answer_by
from doorstep.people.zones import zone_of
from doorstep.policy.desk import PLACEHOLDER
from doorstep.policy.shop import ShopPolicy
from doorstep.promises import PAPERS, RESEND, SWAP
from doorstep.replies.catalogue import FALLBACK_LANGUAGE, Worded
from doorstep.replies.values import Hours, Reply, Value
from doorstep.returns.agreed import moment
from doorstep.returns.rules import MONEY
from doorstep.settlement import Situation
from doorstep.windows import shop_date, window_of

# Ours, in the order they are listed in, each with all that its words name.
NEEDS: dict[str, tuple[str, ...]] = {
    "greeting": ("agent", "shop"),
    "looking_into": ("answer",),
    "where": ("carrier", "tracking_number", "status", "as_of"),
    "delay": ("order_number",),
    "asked_carrier": ("carrier", "tracking_number"),
    "carrier_note": ("carrier",),
    "photo": (),
    "customs_papers": ("order_number", "papers_by"),
    "refund": ("order_number", "amount", "by"),
    "new_parcel_planned": ("order_number", "leaves_by"),
    "new_parcel": ("order_number", "new_tracking_number"),
    "return_address": ("order_number", "return_number", "address", "ship_by"),
    "your_answer": (),
    "anything_else": (),
    "closing": ("agent",),
}
# What it is that is not there (yet) when one of these values is missing.
LACKS = {
    **dict.fromkeys(("agent", "buyer"), "name"),
    **dict.fromkeys(("order_number", "items", "total"), "order"),
    "carrier": "parcel",
    "tracking_number": "tracking_number",
    **dict.fromkeys(("status", "as_of"), "scan"),
    "expected_by": "expected_by",
    **dict.fromkeys(("amount", "by"), "refund"),
    "papers_by": "papers",
    "leaves_by": "new_parcel_planned",
    "new_tracking_number": "new_parcel",
    **dict.fromkeys(("return_number", "ship_by"), "return"),
    "address": "address",
}


class Words(Protocol):
    """What turns a reply into text: doorstep.replies.catalogue.Catalogue."""

    def word(self, reply: Reply, language: str, said: Sequence[str] = ()) -> Worded:
        """Word a reply; `said` are earlier texts that should not be said again."""


class Unfinished(Exception):
    """A canned reply was to be said without a value that it needs; the message names the values."""


@dataclass(frozen=True)
class Canned:
    """One canned reply. Ours has its words in `reply`, the shop's own in `text`, with `values` for its placeholders.

    The shop's own are named "own/" and their name. `title` and `lacks` are replies for the person: what it is, and what
    is not there yet of what it needs. `missing` are the names of the values that are not known. `language` is that of
    `text`, or "" for the buyer's.
    """

    name: str
    title: Reply
    reply: Reply | None = None
    text: str = ""
    language: str = ""
    values: Mapping[str, Value] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    lacks: tuple[Reply, ...] = ()


def canned_for(
    situation: Situation | None, agent: str, language: str, policy: ShopPolicy, now: datetime
) -> tuple[Canned, ...]:
    """All canned replies, ours first, filled from the order talked about (if there is one) for `agent`'s name.

    `language` is the buyer's; where the shop's own has no text in it, the English one or the first is taken.
    """
    values = _values(situation, agent, policy, now)
    ours = (
        _with_missing(Canned(name, Reply(f"term_canned_title_{name}"), Reply(f"notice_canned_{name}", values)), needs)
        for name, needs in NEEDS.items()
    )
    return (*ours, *_own(policy.desk.canned, language, values))


def text_of(canned: Canned, words: Words, language: str) -> str:
    """What is said, in the buyer's language. Raises Unfinished when a value is missing."""
    if canned.missing:
        raise Unfinished(f"{canned.name} needs {', '.join(canned.missing)}")
    if canned.reply:
        return words.word(canned.reply, language).text

    def told(name: str) -> str:
        return words.word(Reply("term_canned_value", {"value": canned.values[name]}), canned.language).text

    return PLACEHOLDER.sub(lambda found: told(found[1]), canned.text)


def _own(texts: Mapping[str, Mapping[str, str]], language: str, values: Mapping[str, Value]) -> Iterator[Canned]:
    for name, by_language in texts.items():
        taken = next((code for code in (language, FALLBACK_LANGUAGE) if code in by_language), next(iter(by_language)))
        text = by_language[taken]
        own = Canned(f"own/{name}", Reply("term_canned_title_own", {"name": name}), None, text, taken, values)
        yield _with_missing(own, tuple(PLACEHOLDER.findall(text)))


def _with_missing(canned: Canned, needs: tuple[str, ...]) -> Canned:
    values = canned.reply.values if canned.reply else canned.values
    missing = tuple(dict.fromkeys(name for name in needs if not values.get(name)))
    lacking = dict.fromkeys(
        LACKS[name] if values.get("order_number") or name == "agent" else "order" for name in missing
    )
    lacks = tuple(Reply(f"term_canned_lacks_{what}") for what in lacking)
    return replace(canned, missing=missing, lacks=lacks)


# -- what is known ---------------------------------------------------------------------------


def _values(situation: Situation | None, agent: str, policy: ShopPolicy, now: datetime) -> dict[str, Value]:
    zone = zone_of(situation.order.ship_to, now) if situation else None
    answer: dict[str, Value] = {
        "answer_by": answer_by(policy, now).astimezone(zone) if zone else None,
        "answer_within_hours": Hours(policy.answer_within_hours),
    }
    known: dict[str, Value] = {
        "agent": agent,
        "shop": situation.policy.shop.name if situation else policy.shop.name,
        "answer": Reply("term_canned_answer", answer),
    }
    if situation is None:
        return known
    buyer = given_name(situation.order.buyer.name) or None
    return {
        **known,
        **order_facts(situation.order),
        "buyer": buyer,
        **_parcel(situation),
        **_promised(situation),
        **_new_parcel(situation),
        **_return(situation),
    }


def _parcel(situation: Situation) -> dict[str, Value]:
    """The newest parcel that is still under way, else the newest that has left."""
    gone = _gone(situation)
    moving = [parcel for parcel in gone if situation.stage(parcel) is not Stage.DELIVERED]
    if not gone:
        return {}
    parcel = showable(situation.order, (moving or gone)[-1])
    window = window_of(situation.order, parcel, situation.policy)
    late = window is None or window.days_late(shop_date(situation.now, situation.policy)) or not moving
    return {
        **named(parcel),
        "status": status_words(parcel) if parcel.newest else None,
        "as_of": parcel.newest.at if parcel.newest else None,
        "expected_by": None if window is None or late else window.expected_by,
    }


def _gone(situation: Situation) -> list[Parcel]:
    return [parcel for parcel in situation.order.parcels if situation.stage(parcel) is not Stage.NOT_SHIPPED]


def _promised(situation: Situation) -> dict[str, Value]:
    """What is promised and still to come, in time: money, papers, a new parcel; the newest of each."""
    ahead = [p for p in situation.promises if p.state == "open" and not p.is_due(situation.now)]
    money = next((p for p in reversed(ahead) if p.kind in MONEY and p.amount), None)
    papers = next((p for p in reversed(ahead) if p.kind == PAPERS), None)
    resent = next((p for p in reversed(ahead) if p.kind in (RESEND, SWAP)), None)

    def day(promise: promises.Promise | None) -> Value:
        return shop_date(promise.due_at, situation.policy) if promise else None

    return {
        "amount": money.amount if money else None,
        "by": day(money),
        "papers_by": day(papers),
        "leaves_by": day(resent),
    }


def _new_parcel(situation: Situation) -> dict[str, Value]:
    """The parcel that was sent in place of another, or of something that was in one that came."""
    resent = [p for p in situation.promises if p.kind in (RESEND, SWAP) and p.stands]
    if not resent:
        return {}
    came = [parcel.id for parcel in situation.order.parcels if situation.stage(parcel) is Stage.DELIVERED]
    subject = resent[-1].subject
    first = int(subject) if subject.isdecimal() else max(came, default=None)
    later = [parcel for parcel in _gone(situation) if first is not None and parcel.id > first]
    return {"new_tracking_number": later[-1].tracking_number or None} if later else {}


def _return(situation: Situation) -> dict[str, Value]:
    """The newest return or exchange that is agreed: its number, where it goes, and by when it is to be sent."""
    kinds = (cases.RETURN, cases.EXCHANGE)
    agreed = [case for case in situation.cases if case.kind in kinds and case.state == cases.AGREED]
    if not agreed:
        return {}
    case = agreed[-1]
    ship_by = moment(case, "ship_by")
    return {
        "return_number": case.number,
        "address": case.facts.get("address") or None,
        "ship_by": shop_date(ship_by, situation.policy) if ship_by else None,
    }
