"""Keeps offers and promises: each is made once, and an option is granted once."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

from sqlalchemy import and_, delete, insert, or_, select, update
from sqlalchemy.engine import Connection

from doorstep.offers import AFTER_WAIT, NewOffer, Offer, grants
from doorstep.orders import Money
from doorstep.promises import NOTICE, RETURN, Promise
from doorstep.storage.tables import notices, offers, orders, promises

RENEWED = (NOTICE, RETURN)  # kinds that are promised again for the same subject once the day before is over


class Commitments:
    """Works in the transaction of the connection it is given."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def lock(self, order_id: int) -> None:
        """Let no other transaction grant anything for the order before this one ends."""
        self._connection.execute(select(orders.c.id).where(orders.c.id == order_id).with_for_update())

    def promises_for(self, order_id: int) -> tuple[Promise, ...]:
        """All promises made for an order, oldest first."""
        rows = self._connection.execute(select(promises).where(promises.c.order_id == order_id).order_by(promises.c.id))
        return tuple(_promise_of(row) for row in rows)

    def promise(self, conversation_id: str, order_id: int, promise: Promise, now: datetime) -> None:
        """Make a promise, unless one of its kind stands for the same subject: then the first one holds.

        One that gives nothing and is over (a last day to send something back, a day to look again) makes room.
        """
        same = self._promise_key(order_id, promise.kind, promise.subject)
        self._make_room(order_id, promise, now)
        if self._connection.execute(select(promises.c.id).where(same)).first() is None:
            self._connection.execute(
                insert(promises).values(
                    conversation_id=conversation_id,
                    order_id=order_id,
                    subject=promise.subject,
                    kind=promise.kind,
                    remedy=promise.remedy,
                    made_at=now,
                    due_at=promise.due_at,
                    state=promise.state,
                    amount=promise.amount.amount if promise.amount else None,
                    currency=promise.amount.currency if promise.amount else "",
                )
            )

    def _make_room(self, order_id: int, promise: Promise, now: datetime) -> None:
        """Take a promise away that is over and can be made anew, with what was planned for its day."""
        if promise.kind not in RENEWED or promise.due_at <= now:
            return
        over = and_(self._promise_key(order_id, promise.kind, promise.subject), promises.c.state != "open")
        if self._connection.execute(delete(promises).where(over)).rowcount:
            its_day = or_(
                and_(notices.c.kind == "promise", notices.c.subject == f"{promise.kind}/{promise.subject}"),
                and_(notices.c.kind == "return_deadline", notices.c.subject == promise.subject),
            )
            mine = and_(notices.c.order_id == order_id, its_day, notices.c.state != "planned")
            self._connection.execute(delete(notices).where(mine))

    def choose_remedy(self, order_id: int, kind: str, subject: str, remedy: str) -> None:
        """Note on a standing promise what the buyer wants on its date."""
        self._connection.execute(
            update(promises).where(self._promise_key(order_id, kind, subject)).values(remedy=remedy)
        )

    def change_state(self, order_id: int, kind: str, subject: str, state: str) -> None:
        """Note what became of a promise: kept, broken or cancelled. That it was kept can be told from now on."""
        key = self._promise_key(order_id, kind, subject)
        self._connection.execute(update(promises).where(key).values(state=state))
        if state == "kept":
            made_at = select(promises.c.made_at).where(key).scalar_subquery()
            planned = and_(
                notices.c.order_id == order_id,
                notices.c.kind == "promise",
                notices.c.subject == f"{kind}/{subject}",
                notices.c.state == "planned",
            )
            self._connection.execute(update(notices).where(planned).values(due_at=made_at))

    @staticmethod
    def _promise_key(order_id: int, kind: str, subject: str) -> Any:
        return and_(promises.c.order_id == order_id, promises.c.kind == kind, promises.c.subject == subject)

    def offer(self, conversation_id: str, order_id: int, offer: NewOffer, now: datetime) -> None:
        """Make an offer, or renew the one of its kind; one of which something was granted stays as it is."""
        standing = self.find_offer(conversation_id, order_id, offer.subject, offer.kind)
        if standing and grants(standing.kind, standing.chosen):
            return
        values = {
            "chosen": "",
            "options": list(offer.options),
            "amount": offer.amount.amount if offer.amount else None,
            "currency": offer.amount.currency if offer.amount else "",
            "made_at": now,
            "expires_at": offer.expires_at,
        }
        if standing:
            self._connection.execute(update(offers).where(offers.c.id == standing.id).values(**values))
            return
        key = {"conversation_id": conversation_id, "order_id": order_id, "subject": offer.subject, "kind": offer.kind}
        self._connection.execute(insert(offers).values(id=uuid4().hex, **key, **values))

    def find_offer(self, conversation_id: str, order_id: int, subject: str, kind: str) -> Offer | None:
        """The offer of a kind made in a conversation for a subject of an order."""
        query = select(offers).where(
            offers.c.conversation_id == conversation_id,
            offers.c.order_id == order_id,
            offers.c.subject == subject,
            offers.c.kind == kind,
        )
        row = self._connection.execute(query).first()
        return _offer_of(row) if row else None

    def offers_of(self, conversation_id: str, order_id: int) -> tuple[Offer, ...]:
        """Everything that was offered for an order in a conversation, oldest first, with what was chosen."""
        query = (
            select(offers)
            .where(offers.c.conversation_id == conversation_id, offers.c.order_id == order_id)
            .order_by(offers.c.made_at, offers.c.kind, offers.c.subject)
        )
        return tuple(_offer_of(row) for row in self._connection.execute(query))

    def newest_offers(self, conversation_id: str, order_id: int, now: datetime) -> tuple[Offer, ...]:
        """What was offered last for an order in a conversation and is still open: one offer, or one for each part.

        A wish for later stays open, so that it can be changed.
        """
        still_open = or_(offers.c.chosen == "", offers.c.kind == AFTER_WAIT)
        query = (
            select(offers)
            .where(offers.c.conversation_id == conversation_id, offers.c.order_id == order_id)
            .where(still_open, offers.c.expires_at >= now)
            .order_by(offers.c.made_at.desc(), offers.c.subject)
        )
        rows = self._connection.execute(query).all()
        return tuple(_offer_of(row) for row in rows if row.made_at == rows[0].made_at)

    def take(self, offer: Offer, option: str, now: datetime) -> bool:
        """Note the option taken. False when another one was taken meanwhile: then nothing is changed."""
        as_read = and_(offers.c.id == offer.id, offers.c.chosen.in_((offer.chosen, option)))
        return bool(
            self._connection.execute(update(offers).where(as_read).values(chosen=option, chosen_at=now)).rowcount
        )


def _promise_of(row: Any) -> Promise:
    amount = Money(Decimal(row.amount), row.currency) if row.amount is not None else None
    return Promise(row.kind, row.subject, row.due_at, row.remedy, row.state, amount)


def _offer_of(row: Any) -> Offer:
    amount = Money(Decimal(row.amount), row.currency) if row.amount is not None else None
    return Offer(
        row.id,
        row.conversation_id,
        row.order_id,
        row.subject,
        row.kind,
        tuple(row.options),
        row.expires_at,
        amount,
        row.chosen,
    )
