"""Words in the Rasa process: values of actions and slots, the buyer's language, and nothing said twice."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, SlotSet, UserUttered
from rasa.shared.core.slots import FloatSlot, TextSlot
from rasa.shared.core.trackers import DialogueStateTracker

from doorstep.nlu import reply_generator
from doorstep.nlu.reply_generator import ReplyGenerator
from doorstep.replies.values import Choice, Reply, to_json

WORDS = {
    "en": """responses:
  utter_found:
    - text: "Order {order_number} holds {title}."
  utter_greet:
    - text: "Hello!"
    - text: "Hello again!"
  utter_count:
    - text: "You have {unclear_answers}."
  choice_resend:
    - text: "Send it again"
""",
    "de": """responses:
  utter_greet:
    - text: "Guten Tag!"
""",
}


@pytest.fixture
def generator(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ReplyGenerator:
    """A generator with the words above."""
    for language, words in WORDS.items():
        folder = tmp_path / "replies" / language
        folder.mkdir(parents=True)
        (folder / "words.yml").write_text(words)
    monkeypatch.setattr(reply_generator, "ROOT", tmp_path)
    return ReplyGenerator(None, Domain.empty())


def a_conversation(language: str | None = "en", said: tuple[str, ...] = (), **slots: Any) -> DialogueStateTracker:
    kept = [TextSlot("order_number", []), TextSlot("title", []), FloatSlot("unclear_answers", [])]
    tracker = DialogueStateTracker("c-1", kept)
    metadata = {"language": language} if language else None
    for event in [*(BotUttered(text) for text in said), *(SlotSet(*slot) for slot in slots.items())]:
        tracker.update(event)
    tracker.update(UserUttered("hello", metadata=metadata))
    return tracker


def word(
    generator: ReplyGenerator, name: str, tracker: DialogueStateTracker | None = None, **passed: Any
) -> dict[str, Any]:
    return asyncio.run(generator.generate(name, tracker or a_conversation(), "doorstep", **passed))


@pytest.mark.parametrize("title", ["{name}", "{order_number}", "0[", "{0}", "%s", "{"])
def test_a_value_is_put_in_as_it_is(generator: ReplyGenerator, title: str) -> None:
    reply = Reply("utter_found", {"order_number": "1002", "title": title})
    assert word(generator, "utter_found", reply=to_json(reply)) == {"text": f"Order 1002 holds {title}."}


def test_a_reply_named_by_a_rule_takes_the_text_slots(generator: ReplyGenerator) -> None:
    tracker = a_conversation(order_number="1002", title="0[ {order_number}")
    assert word(generator, "utter_found", tracker)["text"] == "Order 1002 holds 0[ {order_number}."


def test_a_slot_that_is_no_text_is_no_value(generator: ReplyGenerator) -> None:
    assert word(generator, "utter_count", a_conversation(unclear_answers=2.0))["text"] == ""


def test_the_values_of_an_action_win_over_slots(generator: ReplyGenerator) -> None:
    reply = Reply("utter_found", {"order_number": "1004", "title": "a cup"})
    tracker = a_conversation(order_number="1002", title="a lamp")
    assert word(generator, "utter_found", tracker, reply=to_json(reply))["text"] == "Order 1004 holds a cup."


@pytest.mark.parametrize(
    ("language", "text"), [("de", "Guten Tag!"), ("en", "Hello!"), ("pt", "Hello!"), ("", "Hello!"), (None, "Hello!")]
)
def test_the_language_of_the_message_is_used_and_english_where_it_lacks(
    generator: ReplyGenerator, language: str | None, text: str
) -> None:
    assert word(generator, "utter_greet", a_conversation(language))["text"] == text


def test_a_reply_that_a_language_lacks_is_said_in_english(generator: ReplyGenerator) -> None:
    tracker = a_conversation("de", order_number="1002", title="a cup")
    assert word(generator, "utter_found", tracker)["text"] == "Order 1002 holds a cup."


def test_what_was_said_before_is_said_in_other_words(generator: ReplyGenerator) -> None:
    assert word(generator, "utter_greet", a_conversation(said=("Hello!",)))["text"] == "Hello again!"


def test_choices_become_rasas_buttons_and_a_card_goes_along(generator: ReplyGenerator) -> None:
    choice = Choice("choice_resend", "choose_option", {"offer": "now/2/7", "option": "resend"})
    reply = Reply("utter_greet", {}, (choice,), {"type": "tracking", "carrier": "{name}"})
    payload = '/choose_option{"offer": "now/2/7", "option": "resend"}'
    assert word(generator, "utter_greet", reply=to_json(reply)) == {
        "text": "Hello!",
        "buttons": [{"title": "Send it again", "payload": payload}],
        "card": {"type": "tracking", "carrier": "{name}"},
    }


def test_a_reply_nobody_has_worded_is_named_in_the_error(generator: ReplyGenerator) -> None:
    with pytest.raises(KeyError, match="utter_missing"):
        word(generator, "utter_missing")
