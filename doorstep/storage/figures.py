"""Reads what the leads' figures are counted from: a fixed number of statements, however many conversations there are.

Conversations of the channel "probe", by which Doorstep looks whether it is well, are left out everywhere. Of what was
erased nothing is left to count.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, tzinfo
from typing import Any, NamedTuple

from sqlalchemy import and_, case, func, or_, select, true
from sqlalchemy.engine import Connection

from doorstep.cases import Case
from doorstep.disputes import counts
from doorstep.figures.facts import NONE, Dispute, Facts, Group, Known, OpenNow, Placed, Rated, Stay, Talk
from doorstep.figures.stays import PEOPLE, Change, stays_in
from doorstep.reviews import CORRECTED, HANDED_OVER, REFUSED
from doorstep.storage.conversations import QUEUE
from doorstep.storage.messages import ANSWERED
from doorstep.storage.tables import (
    cases,
    conversations,
    inbox,
    orders,
    outbox,
    owner_changes,
    parcels,
    ratings,
    reviews,
    verified_orders,
)

PROBE = "probe"  # the channel

# Messages in the buyer's own words that the assistant read.
_WRITTEN = and_(inbox.c.asked_at.is_not(None), inbox.c.choice == "", inbox.c.text != "")
_COMES_IN = and_(owner_changes.c.before.not_in(PEOPLE), owner_changes.c.after.in_(PEOPLE))
_BY_PERSON = or_(owner_changes.c.agent_id.is_not(None), owner_changes.c.agent_name != "")


_NOWHERE, _STRANGER = Group(), Known()


class _Seen(NamedTuple):
    """A conversation that any figure needs."""

    began_at: datetime
    group: Group
    known: Known


def gather(  # noqa: PLR0917 - whose, of which time, seen from where: read in this order
    connection: Connection, shop: str, since: datetime, until: datetime, zone: tzinfo, now: datetime
) -> Facts:
    """What is needed for the figures of a shop, or of every shop for "", from `since` up to, without, `until`.

    Times are aware; `zone` is the shop's, whose calendar days are counted. What is open, and what came of the period's
    conversations later, is told as of this moment, which is `now`.
    """
    asked = _Asked(connection, shop, since, until)
    known_orders = asked.orders()
    seen = asked.conversations(known_orders)
    return Facts(
        since,
        until,
        zone,
        now,
        talks=tuple(asked.talks(seen)),
        stays=tuple(asked.stays(seen)),
        open=tuple(asked.open(seen)),
        disputes=tuple(asked.disputes(known_orders)),
        orders=tuple(order for order in known_orders.values() if since <= order.at < until),
        ratings=tuple(asked.ratings(seen)),
    )


class _Asked:
    """The statements of one period of one shop.

    On PostgreSQL each sees what was written until it began: what the first ones did not see is passed over.
    """

    def __init__(self, connection: Connection, shop: str, since: datetime, until: datetime) -> None:
        self._connection = connection
        self._groups: dict[tuple[str, str, str], Group] = {}
        c = conversations.c
        self._ours = and_(c.channel != PROBE, c.shop == shop if shop else true())
        self._order_of_ours = orders.c.shop == shop if shop else true()
        self._begun = and_(self._ours, c.created_at >= since, c.created_at < until)
        self._changed = owner_changes.c.at >= since
        self._rated = and_(ratings.c.at >= since, ratings.c.at < until)
        self._placed = and_(orders.c.placed_at >= since, orders.c.placed_at < until)
        self._opened = cases.c.opened_at >= since
        self._needed = and_(
            self._ours,
            or_(
                self._begun,
                c.owner.in_(PEOPLE),
                c.id.in_(select(owner_changes.c.conversation_id).where(self._changed)),
                c.id.in_(select(ratings.c.conversation_id).where(self._rated)),
            ),
        )

    def _rows(self, query: Any) -> list[Any]:
        return list(self._connection.execute(query).all())

    def orders(self) -> dict[int, Placed]:
        """Orders placed in the period, proven in a conversation that is needed, or in dispute; with their groups."""
        proven = select(verified_orders.c.order_id).join(
            conversations, conversations.c.id == verified_orders.c.conversation_id
        )
        wanted = and_(
            self._order_of_ours,
            or_(
                self._placed,
                orders.c.id.in_(proven.where(self._needed)),
                orders.c.id.in_(select(cases.c.order_id).where(self._opened)),
            ),
        )
        p = parcels.c
        carrier = select(func.min(p.carrier)).where(p.order_id == orders.c.id).scalar_subquery()
        query = select(
            orders.c.id,
            orders.c.placed_at,
            orders.c.buyer["language"].as_string().label("language"),
            orders.c.ship_to["country"].as_string().label("country"),
            carrier.label("carrier"),
        )
        rows = self._rows(query.where(wanted).order_by(orders.c.id))
        several = self._several_carriers(wanted)
        return {
            row.id: Placed(row.placed_at, self._group(row.language, row.country, several.get(row.id) or row.carrier))
            for row in rows
        }

    def _several_carriers(self, wanted: Any) -> dict[int, str]:
        """The carriers of each order that went with more than one of them."""
        p = parcels.c
        mixed = select(p.order_id).group_by(p.order_id).having(func.min(p.carrier) != func.max(p.carrier))
        query = select(p.order_id, p.carrier).join(orders, orders.c.id == p.order_id)
        found: dict[int, set[str]] = defaultdict(set)
        for row in self._rows(query.where(wanted, p.order_id.in_(mixed))):
            found[row.order_id].add(row.carrier)
        return {order_id: " + ".join(sorted(carriers)) for order_id, carriers in found.items()}

    def _group(self, language: str | None, country: str | None, carrier: str | None) -> Group:
        """The group of that name: one object for all its rows."""
        key = (language or NONE, country or NONE, carrier or NONE)
        if key not in self._groups:
            self._groups[key] = Group(*key)
        return self._groups[key]

    def conversations(self, known_orders: Mapping[int, Placed]) -> dict[str, _Seen]:
        """The conversations needed, in the order they began; the order named last gives country and carrier."""
        proven: dict[str, list[int]] = defaultdict(list)
        v, c = verified_orders.c, conversations.c
        query = select(v.conversation_id, v.order_id).join(conversations, c.id == v.conversation_id)
        for row in self._rows(query.where(self._needed).order_by(v.named_at, v.order_id)):
            if row.order_id in known_orders:
                proven[row.conversation_id].append(row.order_id)
        query = select(c.id, c.created_at, c.language, c.email_key).where(self._needed)
        seen = {}
        for row in self._rows(query.order_by(c.created_at, c.id)):
            theirs = proven.get(row.id, ())
            of_order = known_orders[theirs[-1]].group if theirs else _NOWHERE
            known = Known(frozenset(theirs), row.email_key) if theirs or row.email_key else _STRANGER
            seen[row.id] = _Seen(row.created_at, self._group(row.language, of_order.country, of_order.carrier), known)
        return seen

    def talks(self, seen: Mapping[str, _Seen]) -> Iterator[Talk]:
        """The conversations begun in the period, with what their messages came to."""
        missed: dict[str, dict[str, int]] = defaultdict(dict)
        r, i = reviews.c, inbox.c
        query = select(r.conversation_id, r.reason, func.count().label("count")).join(inbox, i.id == r.inbox_id)
        query = query.join(conversations, conversations.c.id == r.conversation_id).where(self._begun, _WRITTEN)
        for row in self._rows(query.group_by(r.conversation_id, r.reason)):
            missed[row.conversation_id][row.reason] = row.count
        query = select(
            i.conversation_id,
            func.count().label("messages"),
            func.count(case((_WRITTEN, i.id))).label("written"),
            func.max(case((i.outcome == ANSWERED, i.settled_at))).label("answered_at"),
        ).join(conversations, conversations.c.id == i.conversation_id)
        for row in self._rows(query.where(self._begun).group_by(i.conversation_id)):
            talk, reasons = seen.get(row.conversation_id), missed.get(row.conversation_id, {})
            if talk is None:
                continue
            yield Talk(
                row.conversation_id,
                talk.began_at,
                talk.group,
                talk.known,
                row.messages,
                row.answered_at,
                row.written,
                reasons.get(REFUSED, 0),
                reasons.get(CORRECTED, 0),
                reasons.get(HANDED_OVER, 0),
            )

    def stays(self, seen: Mapping[str, _Seen]) -> Iterator[Stay]:
        """The stays with people that began in the period or since."""
        o, c = outbox.c, owner_changes.c
        came = select(c.conversation_id).where(self._changed, _COMES_IN)
        said: dict[str, list[datetime]] = defaultdict(list)
        query = select(o.conversation_id, o.at).where(o.sender == "agent", o.conversation_id.in_(came))
        for row in self._rows(query.order_by(o.conversation_id, o.seq)):
            said[row.conversation_id].append(row.at)
        query = (
            select(c.conversation_id, c.at, c.before, c.after, c.reason, _BY_PERSON.label("by_person"))
            .join(conversations, conversations.c.id == c.conversation_id)
            .where(self._ours, self._changed)
            .order_by(c.conversation_id, c.id)
        )
        for stay in stays_in((_change(row) for row in self._rows(query)), said):
            if stay.conversation_id in seen:
                talk = seen[stay.conversation_id]
                yield replace(stay, group=talk.group, known=talk.known)

    def open(self, seen: Mapping[str, _Seen]) -> Iterator[OpenNow]:
        """The conversations that are with people now; one whose coming is not on record came when its owner changed."""
        c, h = conversations.c, owner_changes.c
        came_in = select(func.max(h.at)).where(h.conversation_id == c.id, _COMES_IN).scalar_subquery()
        query = select(c.id, c.owner, func.coalesce(came_in, c.owner_since).label("at"))
        for row in self._rows(query.where(self._ours, c.owner.in_(PEOPLE)).order_by(c.owner_since, c.id)):
            if row.id in seen:
                yield OpenNow(row.at, row.owner == QUEUE, seen[row.id].group)

    def disputes(self, known_orders: Mapping[int, Placed]) -> Iterator[Dispute]:
        """The cases opened in the period or since that count into the dispute rate."""
        query = (
            select(cases.c.order_id, cases.c.number, cases.c.kind, cases.c.facts, cases.c.opened_at)
            .join(orders, orders.c.id == cases.c.order_id)
            .outerjoin(conversations, conversations.c.id == cases.c.conversation_id)
            .where(self._order_of_ours, self._opened)
            .where(func.coalesce(conversations.c.channel, "") != PROBE)
            .order_by(cases.c.opened_at, cases.c.id)
        )
        for row in self._rows(query):
            if row.order_id in known_orders and counts(Case(row.number, row.kind, facts=row.facts)):
                yield Dispute(row.opened_at, row.order_id, known_orders[row.order_id].group)

    def ratings(self, seen: Mapping[str, _Seen]) -> Iterator[Rated]:
        """The ratings given in the period."""
        r = ratings.c
        query = select(r.conversation_id, r.at, r.score).join(conversations, conversations.c.id == r.conversation_id)
        for row in self._rows(query.where(self._ours, self._rated).order_by(r.at, r.closing_id)):
            if row.conversation_id in seen:
                yield Rated(row.at, row.score == "good", seen[row.conversation_id].group)


def _change(row: Any) -> Change:
    return Change(row.conversation_id, row.at, row.before, row.after, row.reason, bool(row.by_person))
