"""What the chat can ask the rules to do: one method, one transaction, one settlement.

No order detail leaves this module for a conversation that has not proven the order.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.engine import Connection, Engine

from doorstep import offers
from doorstep.acceptance import changed_since, is_wish, settle_option
from doorstep.access import Access, Asked, Heard, Step
from doorstep.facts import order_facts
from doorstep.offers import PERSON, Offer, refusal_of
from doorstep.overview import settle_wish
from doorstep.ports import Clock
from doorstep.promises import GRACE
from doorstep.remedies import already_granted
from doorstep.replies.values import Choice, Hours, Reply
from doorstep.settlement import Handover, Settlement, Situation
from doorstep.shop_policy import ShopPolicy
from doorstep.storage import conversations
from doorstep.storage.commitments import Commitments
from doorstep.storage.engine import writing
from doorstep.storage.identities import Identities
from doorstep.storage.orders import Orders
from doorstep.tracking import settle_tracking
from doorstep.wishes import PERSON as A_PERSON
from doorstep.wishes import THREAT

LONGEST_ID = 9  # digits of an id that every database takes
TRACKING_WISHES = {"track_order": False, "not_received": True, "delivery_time": False}  # wish: is it a complaint?
HANDED_OVER = {A_PERSON: "asked", THREAT: "angry"}  # wish: for which reason a person takes over


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
            order_id = Identities(connection).current_order(conversation_id)
            if order_id:
                Commitments(connection).lock(order_id)
            if wish == offers.REFUND and (taken := self._answer(connection, conversation_id, offers.REFUND)):
                return taken
            situation = self._situation(connection, order_id, TRACKING_WISHES.get(wish, True))
            if situation is None:
                return Settlement((Reply("utter_order_needed"),))
            settled = settle_tracking(situation) if wish in TRACKING_WISHES else settle_wish(situation, wish)
            return self._keep(connection, conversation_id, situation, settled)

    def settle_all(self, conversation_id: str, wishes: Sequence[str]) -> Settlement:
        """Answer the wishes of one message one after the other, as far as no person takes over on the way."""
        said: list[Reply] = []
        settled = Settlement(())
        for wish in wishes:
            if wish in HANDED_OVER:
                settled = self.hand_over(conversation_id, HANDED_OVER[wish], wishes)
            else:
                settled = self.settle(conversation_id, wish)
                if said and all(reply in said for reply in settled.replies):
                    continue  # the answer to another wish said it all
                said += [Reply("utter_other_wish", {"wish": Reply(f"choice_wish_{wish}")})] if said else []
            said += settled.replies
            if settled.handover:
                break
        return replace(settled, replies=tuple(said))

    def take_option(self, conversation_id: str, offer_key: str, option: str) -> Settlement:
        """Take an option of the offer named by "kind/order/subject"; a refusal is an answer too."""
        with writing(self.engine) as connection:
            offer = self._find_offer(connection, conversation_id, offer_key)
            return self._take(connection, conversation_id, offer, option)

    def answer_offer(self, conversation_id: str, option: str) -> Settlement | None:
        """Take `option` of the offer made last for the order talked about; None when nothing of the kind is open.

        Where several parts of the order were offered it, the buyer is asked which one is meant.
        """
        with writing(self.engine) as connection:
            return self._answer(connection, conversation_id, option)

    def hand_over(self, conversation_id: str, reason: str, wishes: Sequence[str] = ()) -> Settlement:
        """Give the conversation to a person, who is told what else the message asked for."""
        others = [wish for wish in wishes if wish not in HANDED_OVER]
        handover = Handover(reason, {"wishes": ", ".join(others)} if others else {})
        with writing(self.engine) as connection:
            self._hand_over(connection, conversation_id, handover)
        values = {"answer_within_hours": Hours(self.policy.answer_within_hours)}
        return Settlement((Reply(f"utter_handover_{reason}", values),), handover=handover)

    # -- inside the transaction --------------------------------------------------------------

    def _answer(self, connection: Connection, conversation_id: str, option: str) -> Settlement | None:
        order_id = Identities(connection).current_order(conversation_id)
        made = Commitments(connection).newest_offers(conversation_id, order_id, self.clock.now()) if order_id else ()
        fitting = [offer for offer in made if option in offer.options]
        if len(fitting) > 1:
            return self._which_part(connection, order_id, option)
        return self._take(connection, conversation_id, fitting[0], option) if fitting else None

    def _which_part(self, connection: Connection, order_id: int | None, option: str) -> Settlement | None:
        situation = self._situation(connection, order_id, complaint=True)
        if situation is None:
            return None
        choices: list[Choice] = []
        for reply in settle_tracking(situation).replies:
            choices += [choice for choice in reply.choices if choice.entities.get("option") == option]
        values = {"order_number": situation.order.number}
        return Settlement((Reply("utter_which_part", values, (*choices, PERSON)),))

    def _take(self, connection: Connection, conversation_id: str, offer: Offer | None, option: str) -> Settlement:
        now = self.clock.now()
        refusal = refusal_of(offer, conversation_id, option, now)
        if offer is None or refusal:
            return Settlement((Reply(f"utter_offer_{(refusal or offers.Refusal.UNKNOWN).value}", {}, (PERSON,)),))
        commitments = Commitments(connection)
        commitments.lock(offer.order_id)
        situation = self._situation(connection, offer.order_id, complaint=True)
        if situation is None or not Identities(connection).is_verified(conversation_id, offer.order_id):
            return Settlement((Reply("utter_order_needed"),))
        if not (offers.grants(offer.kind, offer.chosen) and offer.chosen == option):
            instead = self._instead(situation, offer, option)
            if instead:
                return self._keep(connection, conversation_id, situation, instead)
        if not commitments.take(offer, option, now):
            return Settlement((Reply("utter_offer_settled", {}, (PERSON,)),))
        if is_wish(situation, offer):
            commitments.choose_remedy(offer.order_id, GRACE, offer.subject, "" if option == offers.WAIT else option)
        return self._keep(connection, conversation_id, situation, settle_option(situation, offer, option))

    @staticmethod
    def _instead(situation: Situation, offer: Offer, option: str) -> Settlement | None:
        """What is told in place of taking an option: it was granted before, or things have changed; None to take it."""
        if offer.kind in (offers.SIGNER, offers.PASS_ON):
            return None
        granted = already_granted(situation, offer.subject, order_facts(situation.order))
        return granted or changed_since(situation, offer, option)

    def _find_offer(self, connection: Connection, conversation_id: str, key: str) -> Offer | None:
        kind, order_id, subject = ([*key.split("/", 2), "", "", ""])[:3]
        if not order_id.isdecimal() or len(order_id) > LONGEST_ID:
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
            conversations.hand_over(connection, conversation_id, self.clock.now(), handover.reason, handover.note)
