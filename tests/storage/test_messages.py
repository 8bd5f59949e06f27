"""Messages on both kinds of database: accepted once, settled once, numbered together, with choices and files."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.engine import Connection, Engine

from doorstep.storage import conversations, messages, uploads
from doorstep.storage.engine import reading, writing
from doorstep.storage.messages import PAGE, Choice, Outgoing
from doorstep.storage.uploads import Upload
from tests.builders import NOW

REPLY = Outgoing("assistant", "Pick one.", (Choice("Send again", "/resend"), Choice("Refund", "/refund")))


def _started(connection: Connection) -> str:
    return conversations.start(
        connection, shop="default", channel="web", language="en", address="", email_key="", now=NOW
    ).id


def _at_once(work: Callable[[], Any]) -> list[Any]:
    with ThreadPoolExecutor(8) as pool:
        return [future.result() for future in [pool.submit(work) for _ in range(8)]]


def test_a_message_sent_many_times_at_once_is_stored_once(engine: Engine) -> None:
    with writing(engine) as connection:
        conversation_id = _started(connection)

    def send() -> int:
        with writing(engine) as connection:
            return messages.accept(connection, conversation_id, "a", text="hello", now=NOW).seq

    assert _at_once(send) == [1] * 8
    with reading(engine) as connection:
        assert messages.count_unsettled(connection) == 1


def test_a_message_settled_by_many_at_once_has_one_outcome(engine: Engine) -> None:
    with writing(engine) as connection:
        incoming = messages.accept(connection, _started(connection), "a", text="hello", now=NOW)

    def settle() -> bool:
        with writing(engine) as connection:
            return messages.settle(connection, incoming.id, "answered", NOW)

    assert sorted(_at_once(settle)) == [False] * 7 + [True]


def test_a_message_to_a_conversation_that_is_gone_is_refused(engine: Engine) -> None:
    with writing(engine) as connection, pytest.raises(LookupError):
        messages.accept(connection, "gone", "a", text="hello", now=NOW)


def test_what_was_asked_first_is_kept(engine: Engine) -> None:
    with writing(engine) as connection:
        conversation_id = _started(connection)
        incoming = messages.accept(connection, conversation_id, "a", text="hello", now=NOW)
        messages.mark_asked(connection, incoming.id, NOW)
        messages.mark_asked(connection, incoming.id, NOW + timedelta(1))
        found = messages.find_incoming(connection, conversation_id, "a")
    assert found is not None
    assert found.asked_at == NOW


def test_the_oldest_message_without_an_outcome_is_next(engine: Engine) -> None:
    with writing(engine) as connection:
        conversation_id = _started(connection)
        first = messages.accept(connection, conversation_id, "b", text="one", now=NOW)
        second = messages.accept(connection, conversation_id, "a", text="two", now=NOW)
        assert messages.next_unsettled(connection, conversation_id) == first
        messages.settle(connection, first.id, "answered", NOW)
        assert messages.next_unsettled(connection, conversation_id) == second
        messages.settle(connection, second.id, "queued", NOW)
        assert messages.next_unsettled(connection, conversation_id) is None


def test_both_directions_share_one_numbering(engine: Engine) -> None:
    with writing(engine) as connection:
        conversation_id = _started(connection)
        messages.accept(connection, conversation_id, "a", text="hello", now=NOW)
        messages.post(connection, conversation_id, REPLY, NOW)
        messages.accept(connection, conversation_id, "b", text="thanks", now=NOW)
        shown = messages.shown_between(connection, conversation_id, 0, 3)
    assert [(each.seq, each.sender, each.text) for each in shown] == [
        (1, "buyer", "hello"),
        (2, "assistant", "Pick one."),
        (3, "buyer", "thanks"),
    ]


def test_only_what_lies_between_is_shown_and_never_more_than_a_page(engine: Engine) -> None:
    with writing(engine) as connection:
        conversation_id = _started(connection)
        for number in range(PAGE + 5):
            messages.post(connection, conversation_id, Outgoing("agent", str(number)), NOW)
        shown = messages.shown_between(connection, conversation_id, 2, PAGE + 5)
        few = messages.shown_between(connection, conversation_id, 2, 4)
    assert [each.seq for each in shown] == list(range(3, PAGE + 3))
    assert [each.seq for each in few] == [3, 4]


def test_cards_and_attachments_come_back_as_they_were(engine: Engine) -> None:
    card = {"type": "tracking", "parcels": [{"scans": ["ü", None]}]}
    with writing(engine) as connection:
        conversation_id = _started(connection)
        messages.post(connection, conversation_id, Outgoing("assistant", "", (), card, ({"id": "u"},)), NOW)
        messages.post(connection, conversation_id, Outgoing("assistant", "plain"), NOW)
        rich, plain = messages.shown_between(connection, conversation_id, 0, 9)
    assert (rich.card, rich.attachments) == (card, ({"id": "u"},))
    assert (plain.card, plain.attachments) == (None, ())


def test_a_choice_opens_only_in_its_own_conversation(engine: Engine) -> None:
    with writing(engine) as connection:
        mine, other = _started(connection), _started(connection)
        messages.post(connection, mine, REPLY, NOW)
        (shown,) = messages.shown_between(connection, mine, 0, 9)
        token = shown.choices[1].token
        assert messages.find_choice(connection, mine, token) == Choice("Refund", "/refund", token)
        assert messages.find_choice(connection, other, token) is None


def test_open_choices_are_those_of_the_newest_turn(engine: Engine) -> None:
    def labels() -> list[str]:
        return [choice.label for choice in messages.open_choices(connection, conversation_id)]

    with writing(engine) as connection:
        conversation_id = _started(connection)
        assert labels() == []
        asked = messages.accept(connection, conversation_id, "a", text="hello", now=NOW)
        messages.post(connection, conversation_id, REPLY, NOW, answers=asked.id)
        messages.post(connection, conversation_id, Outgoing("assistant", "Take your time."), NOW, answers=asked.id)
        assert labels() == ["Send again", "Refund"]
        messages.post(connection, conversation_id, Outgoing("assistant", "Your parcel moved."), NOW)
        assert labels() == []
        messages.post(connection, conversation_id, REPLY, NOW)
        assert labels() == ["Send again", "Refund"]
        messages.post(connection, conversation_id, Outgoing("agent", "Ana here."), NOW)
        assert labels() == []


def test_what_was_said_comes_oldest_first_and_only_the_latest(engine: Engine) -> None:
    with writing(engine) as connection:
        conversation_id = _started(connection)
        for number in range(5):
            messages.post(connection, conversation_id, Outgoing("assistant", str(number)), NOW)
        assert messages.said(connection, conversation_id, limit=3) == ["2", "3", "4"]


def test_messages_are_counted_since_a_moment(engine: Engine) -> None:
    with writing(engine) as connection:
        conversation_id = _started(connection)
        for seconds in (0, 10, 20):
            at = NOW + timedelta(seconds=seconds)
            messages.accept(connection, conversation_id, f"m{seconds}", text="x", now=at)
        times = messages.accepted_since(connection, conversation_id, NOW)
    assert times == [NOW + timedelta(seconds=10), NOW + timedelta(seconds=20)]


def test_a_file_is_found_only_in_its_own_conversation_in_the_order_asked_for(engine: Engine) -> None:
    with writing(engine) as connection:
        mine, other = _started(connection), _started(connection)
        files = [Upload(name, mine, f"{name}.jpg", "image/jpeg", 5, "00", NOW) for name in ("u1", "u2")]
        for file in files:
            uploads.add(connection, file)
        assert uploads.find(connection, mine, ["u2", "none", "u1"]) == files[::-1]
        assert uploads.find(connection, other, ["u1"]) == []
        assert uploads.added_since(connection, mine, NOW - timedelta(1)) == (2, NOW)
        assert uploads.added_since(connection, mine, NOW) == (0, None)
