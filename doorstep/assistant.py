"""What the chat can ask the rules to do: one method, one transaction, one settlement.

No order detail leaves this module for a conversation that has not proven the order.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.engine import Connection, Engine

from doorstep import offers
from doorstep.acceptance import settle_option
from doorstep.access import Access, Asked, Heard, Step
from doorstep.deliveries import PERSON, already_granted
from doorstep.facts import order_facts
from doorstep.offers import Offer, refusal_of
from doorstep.overview import settle_wish
from doorstep.ports import Clock
from doorstep.promises import GRACE
from doorstep.replies.values import Reply
from doorstep.settlement import Handover, Settlement, Situation
from doorstep.shop_policy import ShopPolicy
from doorstep.storage import conversations
from doorstep.storage.commitments import Commitments
from doorstep.storage.engine import writing
from doorstep.storage.identities import Identities
from doorstep.storage.orders import Orders
from doorstep.tracking import settle_tracking

TRACKING_WISHES = {"track_order": False, "not_received": True, "delivery_time": False}  # wish: is it a complaint?


@dataclass(frozen=True)
class Assistant:
    """The use cases. `fingerprint(purpose, value)` makes keyed hashes of personal values."""

    engine: Engine
    policy: ShopPolicy
    clock: Clock
    fingerprint: Callable[[str, str], str]

    def open_order(self, conversation_id: str, shop: str, address: str, heard: Heard, asked: Asked) -> Step:
        """Take what the buyer said a step further towards an order that is proven to be theirs."""
        now = self.clock.now()
        with writing(self.engine) as connection:
            access = Access(Identities(connection), self.policy, self.fingerprint, shop, conversation_id, address, now)
            step = access.next_step(heard, asked)
            self._hand_over(connection, conversation_id, step.handover)
            return step

    def settle(self, conversation_id: str, wish: str) -> Settlement:
        """Answer a wish about the proven order named last; one for money back takes the refund on offer, if one is."""
        with writing(self.engine) as connection:
            open_offer = Commitments(connection).newest_offer(conversation_id, self.clock.now())
            if wish == offers.REFUND and open_offer and offers.REFUND in open_offer.options:
                return self._take(connection, conversation_id, open_offer, offers.REFUND)
            order_id = Identities(connection).current_order(conversation_id)
            situation = self._situation(connection, order_id, TRACKING_WISHES.get(wish, True))
            if situation is None:
                return Settlement((Reply("utter_order_needed"),))
            settled = settle_tracking(situation) if wish in TRACKING_WISHES else settle_wish(situation, wish)
            return self._keep(connection, conversation_id, situation, settled)

    def take_option(self, conversation_id: str, offer_key: str, option: str) -> Settlement:
        """Take an option of the offer named by "kind/order/subject"; a refusal is an answer too."""
        with writing(self.engine) as connection:
            offer = self._find_offer(connection, conversation_id, offer_key)
            return self._take(connection, conversation_id, offer, option)

    def answer_offer(self, conversation_id: str, option: str) -> Settlement | None:
        """Take `option` of the offer made last, if that has such an option; None when nothing of the kind is open."""
        with writing(self.engine) as connection:
            offer = Commitments(connection).newest_offer(conversation_id, self.clock.now())
            if offer is None or option not in offer.options:
                return None
            return self._take(connection, conversation_id, offer, option)

    def hand_over(self, conversation_id: str, reason: str) -> Settlement:
        """Give the conversation to a person."""
        with writing(self.engine) as connection:
            self._hand_over(connection, conversation_id, Handover(reason))
        values = {"answer_within_hours": self.policy.answer_within_hours}
        return Settlement((Reply(f"utter_handover_{reason}", values),), handover=Handover(reason))

    # -- inside the transaction --------------------------------------------------------------

    def _take(self, connection: Connection, conversation_id: str, offer: Offer | None, option: str) -> Settlement:
        now = self.clock.now()
        refusal = refusal_of(offer, conversation_id, option, now)
        preference = offer is not None and offer.kind == offers.AFTER_WAIT
        if refusal and not (preference and refusal is offers.Refusal.SETTLED):
            return Settlement((Reply(f"utter_offer_{refusal.value}", {}, (PERSON,)),))
        assert offer is not None  # noqa: S101 - refusal_of refuses a missing offer
        commitments = Commitments(connection)
        commitments.lock(offer.order_id)
        situation = self._situation(connection, offer.order_id, complaint=True)
        if situation is None or not Identities(connection).is_verified(conversation_id, offer.order_id):
            return Settlement((Reply("utter_order_needed"),))
        granted = already_granted(situation, offer.subject, order_facts(situation.order))
        if granted and not offer.chosen:
            return granted  # in another conversation, or by another offer
        if preference:
            commitments.change(offer, option, now)
            commitments.choose_remedy(offer.order_id, GRACE, offer.subject, "" if option == offers.WAIT else option)
        elif not commitments.take(offer, option, now):
            return Settlement((Reply("utter_offer_settled", {}, (PERSON,)),))
        return self._keep(connection, conversation_id, situation, settle_option(situation, offer, option))

    def _find_offer(self, connection: Connection, conversation_id: str, key: str) -> Offer | None:
        kind, order_id, subject = ([*key.split("/", 2), "", "", ""])[:3]
        if not order_id.isdigit():
            return None
        return Commitments(connection).find_offer(conversation_id, int(order_id), subject, kind)

    def _situation(self, connection: Connection, order_id: int | None, complaint: bool) -> Situation | None:
        orders = Orders(connection)
        order = orders.get(order_id) if order_id else None
        if order is None:
            return None
        skus = {line.sku for line in order.lines}
        products = orders.products(order.shop, sorted(skus))
        similar = {sku for product in products.values() for sku in product.similar} - skus
        products |= orders.products(order.shop, sorted(similar)) if similar else {}
        commitments = Commitments(connection)
        return Situation(order, self.policy, self.clock.now(), commitments.promises_for(order.id), products, complaint)

    def _keep(
        self, connection: Connection, conversation_id: str, situation: Situation, settled: Settlement
    ) -> Settlement:
        commitments = Commitments(connection)
        for promise in settled.promises:
            commitments.promise(conversation_id, situation.order.id, promise, situation.now)
        for offer in settled.offers:
            commitments.offer(conversation_id, situation.order.id, offer, situation.now)
        self._hand_over(connection, conversation_id, settled.handover)
        return settled

    def _hand_over(self, connection: Connection, conversation_id: str, handover: Handover | None) -> None:
        if handover:
            conversations.set_owner(
                connection, conversation_id, conversations.QUEUE, self.clock.now(), handover.reason, handover.note
            )
