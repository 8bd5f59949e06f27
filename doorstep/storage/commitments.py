"""Keeps offers and promises: each is made once, and an option is granted once."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

from sqlalchemy import and_, insert, or_, select, update
from sqlalchemy.engine import Connection

from doorstep.offers import AFTER_WAIT, NewOffer, Offer, grants
from doorstep.orders import Money
from doorstep.promises import Promise
from doorstep.storage.tables import offers, orders, promises


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
        return tuple(Promise(row.kind, row.subject, row.due_at, row.remedy, row.state) for row in rows)

    def promise(self, conversation_id: str, order_id: int, promise: Promise, now: datetime) -> None:
        """Make a promise, unless one of its kind stands for the same subject: then the first one holds."""
        same = self._promise_key(order_id, promise.kind, promise.subject)
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
                )
            )

    def choose_remedy(self, order_id: int, kind: str, subject: str, remedy: str) -> None:
        """Note on a standing promise what the buyer wants on its date."""
        self._connection.execute(
            update(promises).where(self._promise_key(order_id, kind, subject)).values(remedy=remedy)
        )

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
