"""What the chat can ask the rules to do: one method, one transaction, one settlement.

No order detail leaves this module for a conversation that has not proven the order.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.engine import Connection, Engine

from doorstep import answers, offers
from doorstep.acceptance import changed_since, is_wish
from doorstep.access import Access, Asked, Heard, Step
from doorstep.delivery.tracking import settle_tracking
from doorstep.disputes import with_missing_parcels
from doorstep.facts import order_facts
from doorstep.offers import PERSON, Offer, refusal_of
from doorstep.people import handovers
from doorstep.people import replies as handover_replies
from doorstep.policy.shop import ShopPolicy
from doorstep.ports import Clock
from doorstep.promises import GRACE
from doorstep.remedies import already_granted
from doorstep.replies.values import Choice, Reply
from doorstep.returns.links import path_of
from doorstep.settlement import Handover, Settlement, Situation
from doorstep.storage import conversations, ownership, settling, uploads
from doorstep.storage.commitments import Commitments
from doorstep.storage.engine import writing
from doorstep.storage.identities import Identities
from doorstep.wishes import PERSON as A_PERSON
from doorstep.wishes import THREAT

LONGEST_ID = 9  # digits of an id that every database takes
HANDED_OVER = {A_PERSON: "asked", THREAT: "angry"}  # wish: for which reason a person takes over


@dataclass(frozen=True)
class Assistant:
    """The use cases. `fingerprint(purpose, value)` makes keyed hashes; links to pages begin with `public_url`."""

    engine: Engine
    policy: ShopPolicy
    clock: Clock
    fingerprint: Callable[[str, str], str]
    public_url: str = ""

    def open_order(self, conversation_id: str, shop: str, address: str, heard: Heard, asked: Asked) -> Step:
        """Take what the buyer said a step further towards an order that is proven to be theirs."""
        now = self.clock.now()
        with writing(self.engine) as connection:
            access = Access(Identities(connection), self.policy, self.fingerprint, shop, conversation_id, address, now)
            step = access.next_step(heard, asked)
            self._hand_over(connection, conversation_id, step.handover)
            return step

    def settle(self, conversation_id: str, wish: str, about: str = "") -> Settlement:
        """Answer a wish about the proven order named last; one for money back takes the refund on offer, if one is.

        `about` is what the message says more closely: a sub-intent such as "damaged", or "".
        """
        with writing(self.engine) as connection:
            order_id = Identities(connection).current_order(conversation_id)
            if order_id:
                Commitments(connection).lock(order_id)
            wants_money = wish == offers.REFUND and about != "status"
            if wants_money and (taken := self._answer(connection, conversation_id, offers.REFUND)):
                return taken
            complaint = answers.TRACKING_WISHES.get(wish, True)
            situation = self._situation(connection, conversation_id, order_id, complaint)
            if situation is None:
                return Settlement((Reply("utter_order_needed"),))
            settled = with_missing_parcels(situation, answers.settle(replace(situation, about=about), wish), wish=wish)
            return self._keep(connection, conversation_id, situation, settled)

    def settle_all(self, conversation_id: str, wishes: Sequence[str]) -> Settlement:
        """Answer the wishes of one message one after the other, as far as no person takes over on the way.

        A wish may name what the message says more closely: "customs/refuse". Of several answers that ask for something
        the last one is waited for.
        """
        said: list[Reply] = []
        settled, asks = Settlement(()), ""
        for place, stated in enumerate(wishes):
            wish, _, about = stated.partition("/")
            if wish in HANDED_OVER:
                settled = self.hand_over(conversation_id, HANDED_OVER[wish], wishes, wishes[:place])
            else:
                settled = self.settle(conversation_id, wish, about)
                if said and all(reply in said for reply in settled.replies):
                    continue  # the answer to another wish said it all
                said += [Reply("utter_other_wish", {"wish": Reply(f"choice_wish_{wish}")})] if said else []
            said += settled.replies
            asks = settled.asks or ("" if settled.offers else asks)
            if settled.handover:
                said += () if wish in HANDED_OVER else self._leave(conversation_id, wishes, place + 1)
                break
        return replace(settled, replies=tuple(said), asks=asks)

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

    def take_details(self, conversation_id: str, asked: str, text: str) -> Settlement:
        """Take what was asked for in free words; `asked` is the `asks` of the settlement that asked."""
        what, order_id, subject = ([*asked.split("/", 2), "", "", ""])[:3]
        with writing(self.engine) as connection:
            known = order_id.isdecimal() and len(order_id) <= LONGEST_ID and what in answers.DETAILS
            if not known or not Identities(connection).is_verified(conversation_id, int(order_id)):
                return Settlement((Reply("utter_order_needed"),))
            Commitments(connection).lock(int(order_id))
            situation = self._situation(connection, conversation_id, int(order_id), complaint=True)
            if situation is None:
                return Settlement((Reply("utter_order_needed"),))
            settled = answers.settle_details(situation, what, subject, text)
            return self._keep(connection, conversation_id, situation, settled)

    def hear_mood(self, conversation_id: str, mood: str) -> None:
        """Remember how the buyer's latest message sounded: "upset" or "angry"."""
        with writing(self.engine) as connection:
            conversations.change(connection, conversation_id, mood=mood)

    def mute(self, conversation_id: str, muted: bool) -> Settlement:
        """Stop, or take up again, the messages that nobody asked for."""
        with writing(self.engine) as connection:
            conversations.mute(connection, conversation_id, self.clock.now() if muted else None)
        if muted:
            return Settlement(
                (Reply("utter_messages_stopped", {}, (Choice("choice_messages_on", "resume_messages"),)),)
            )
        return Settlement((Reply("utter_messages_resumed"),))

    def hand_over(
        self, conversation_id: str, reason: str, wishes: Sequence[str] = (), answered: Sequence[str] = ()
    ) -> Settlement:
        """Give the conversation to a person, who is told what else the message asked for, and what it threatened.

        The buyer is told by when that person answers, and which of the wishes wait for them.
        """
        handover = Handover(reason, handovers.note_of(wishes))
        with writing(self.engine) as connection:
            order_id = Identities(connection).current_order(conversation_id)
            situation = self._situation(connection, conversation_id, order_id, complaint=True)
            self._hand_over(connection, conversation_id, handover)
        waiting = [wish for wish in wishes if wish not in answered]
        policy = situation.policy if situation else self.policy
        told = handover_replies.told(handover, policy, self.clock.now(), situation, waiting)
        return Settlement((told,), handover=handover)

    def _leave(self, conversation_id: str, wishes: Sequence[str], answered: int) -> tuple[Reply, ...]:
        """Tell the person all that a message asked for; gives what the buyer is told of those left to the person."""
        with writing(self.engine) as connection:
            ownership.add_to_note(connection, conversation_id, handovers.note_of(wishes))
        return handover_replies.left_over(wishes[answered:])

    # -- inside the transaction --------------------------------------------------------------

    def _answer(self, connection: Connection, conversation_id: str, option: str) -> Settlement | None:
        order_id = Identities(connection).current_order(conversation_id)
        made = Commitments(connection).newest_offers(conversation_id, order_id, self.clock.now()) if order_id else ()
        fitting = [offer for offer in made if option in offer.options]
        if len(fitting) > 1:
            return self._which_part(connection, conversation_id, order_id, option)
        return self._take(connection, conversation_id, fitting[0], option) if fitting else None

    def _which_part(
        self, connection: Connection, conversation_id: str, order_id: int | None, option: str
    ) -> Settlement | None:
        situation = self._situation(connection, conversation_id, order_id, complaint=True)
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
        situation = self._situation(connection, conversation_id, offer.order_id, complaint=True)
        if situation is None or not Identities(connection).is_verified(conversation_id, offer.order_id):
            return Settlement((Reply("utter_order_needed"),))
        if not (offers.grants(offer.kind, offer.chosen) and offer.chosen == option):
            instead = self._instead(situation, offer, option)
            if instead:
                instead = with_missing_parcels(situation, instead, kind=offer.kind)
                return self._keep(connection, conversation_id, situation, instead)
        if not commitments.take(offer, option, now):
            return Settlement((Reply("utter_offer_settled", {}, (PERSON,)),))
        if is_wish(situation, offer):
            commitments.choose_remedy(offer.order_id, GRACE, offer.subject, "" if option == offers.WAIT else option)
        settled = with_missing_parcels(situation, answers.settle_option(situation, offer, option), kind=offer.kind)
        return self._keep(connection, conversation_id, situation, settled)

    @staticmethod
    def _instead(situation: Situation, offer: Offer, option: str) -> Settlement | None:
        """What is told in place of taking an option: it was granted before, or things have changed; None to take it."""
        if offer.kind in (offers.SIGNER, offers.PASS_ON, *answers.OFFERS):
            return None
        granted = already_granted(situation, offer.subject, order_facts(situation.order))
        return granted or changed_since(situation, offer, option)

    def _find_offer(self, connection: Connection, conversation_id: str, key: str) -> Offer | None:
        kind, order_id, subject = ([*key.split("/", 2), "", "", ""])[:3]
        if not order_id.isdecimal() or len(order_id) > LONGEST_ID:
            return None
        return Commitments(connection).find_offer(conversation_id, int(order_id), subject, kind)

    def _situation(
        self, connection: Connection, conversation_id: str, order_id: int | None, complaint: bool
    ) -> Situation | None:
        situation = settling.situation_of(connection, order_id, self.policy, self.clock.now()) if order_id else None
        if situation is None:
            return None
        photos = uploads.ids_of(connection, conversation_id)
        return replace(situation, complaint=complaint, photos=photos, page_of=self._page_of)

    def _page_of(self, number: str) -> str:
        return self.public_url + path_of(number, self.fingerprint)

    def _keep(
        self, connection: Connection, conversation_id: str, situation: Situation, settled: Settlement
    ) -> Settlement:
        return settling.keep(connection, conversation_id, situation, settled)

    def _hand_over(self, connection: Connection, conversation_id: str, handover: Handover | None) -> None:
        if handover:
            ownership.hand_over(connection, conversation_id, self.clock.now(), handover.reason, handover.note)
