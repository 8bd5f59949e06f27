"""Words every reply in the Rasa process: the generator named under `nlg:` in endpoints.yml."""

from __future__ import annotations

from typing import Any

from rasa.core.nlg.generator import NaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from doorstep.replies.catalogue import FALLBACK_LANGUAGE, Catalogue
from doorstep.replies.values import Reply, from_json
from doorstep.settings import ROOT


class ReplyGenerator(NaturalLanguageGenerator):
    """Looks a reply up by name in the language of the conversation.

    A custom action passes its `reply` (see `doorstep.replies.values.to_json`); a reply that a rule or a form
    names itself may use the text slots as values.
    """

    def __init__(self, endpoint_config: EndpointConfig, domain: Domain) -> None:
        self._catalogue = Catalogue(ROOT / "replies")

    async def generate(
        self,
        utter_action: str,
        tracker: DialogueStateTracker,
        output_channel: str,
        **kwargs: Any,
    ) -> dict[str, Any]:
        """The message as Rasa sends it: text, buttons and a card. Raises KeyError for a reply nobody has worded."""
        slots = {name: slot.value for name, slot in tracker.slots.items() if isinstance(slot.value, str)}
        reply = from_json(kwargs["reply"]) if "reply" in kwargs else Reply(utter_action, slots)
        kwargs.get("reply", {}).clear()  # else Rasa keeps the values with the text, in every event and tracker
        said = [event.text for event in tracker.events if isinstance(event, BotUttered) and event.text]
        worded = self._catalogue.word(reply, language_of(tracker), said)
        message: dict[str, Any] = {"text": worded.text}
        if worded.choices:
            message["buttons"] = [{"title": choice.label, "payload": choice.payload} for choice in worded.choices]
        if worded.card:
            message["card"] = worded.card
        return message


def language_of(tracker: DialogueStateTracker) -> str:
    """The language the front gave with the latest message, else English."""
    metadata = (tracker.latest_message.metadata if tracker.latest_message else None) or {}
    return metadata.get("language") or FALLBACK_LANGUAGE
