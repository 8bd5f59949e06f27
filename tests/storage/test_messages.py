"""Messages on both kinds of database: accepted once, settled once, numbered together, with choices and files."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import IntegrityError

from doorstep.storage import conversations, messages, transcript, uploads
from doorstep.storage.engine import reading, writing
from doorstep.storage.messages import Choice, Incoming, Outgoing, Shown
from doorstep.storage.transcript import PAGE
from doorstep.storage.uploads import Upload
from tests.builders import NOW
from tests.conversations import locked

REPLY = Outgoing("assistant", "Pick one.", (Choice("Send again", "/resend"), Choice("Refund", "/refund")))


def _started(connection: Connection) -> str:
    return conversations.start(
        connection, shop="default", channel="web", language="en", address="", email_key="", now=NOW
    ).id


def _accept(
    connection: Connection, conversation_id: str, message_id: str, text: str = "x", now: datetime = NOW
) -> Incoming:
    return messages.accept(connection, locked(connection, conversation_id), message_id, text=text, now=now)


def _post(connection: Connection, conversation_id: str, *replies: Outgoing, answers: int | None = None) -> list[Shown]:
    return messages.post(connection, locked(connection, conversation_id), replies, NOW, answers)


def _at_once(work: Callable[[], Any]) -> list[Any]:
    with ThreadPoolExecutor(8) as pool:
        return [future.result() for future in [pool.submit(work) for _ in range(8)]]


def test_a_message_sent_many_times_at_once_is_stored_once(engine: Engine) -> None:
    with writing(engine) as connection:
        conversation_id = _started(connection)

    def send() -> int:
        with writing(engine) as connection:
            conversation = locked(connection, conversation_id)
            earlier, _ = messages.before_accepting(connection, conversation_id, "a")
            return (earlier or messages.accept(connection, conversation, "a", text="hello", now=NOW)).seq

    assert _at_once(send) == [1] * 8
    with reading(engine) as connection:
        assert messages.count_unsettled(connection) == 1


def test_an_id_that_is_taken_is_not_stored_again(engine: Engine) -> None:
    with writing(engine) as connection:
        conversation_id = _started(connection)
        _accept(connection, conversation_id, "a")
    with pytest.raises(IntegrityError), writing(engine) as connection:
        _accept(connection, conversation_id, "a")


def test_before_accepting_it_is_known_what_is_stored_and_whether_something_waits(engine: Engine) -> None:
    with writing(engine) as connection:
        conversation_id, other = _started(connection), _started(connection)
        assert messages.before_accepting(connection, conversation_id, "a") == (None, False)
        stored = _accept(connection, conversation_id, "a")
        for message_id in ("b", "c", "d"):
            _accept(connection, conversation_id, message_id)
        assert messages.before_accepting(connection, conversation_id, "a") == (stored, True)
        assert messages.before_accepting(connection, conversation_id, "z") == (None, True)
        for number in range(1, 5):
            messages.settle(connection, number, "answered", NOW)
        earlier, waits = messages.before_accepting(connection, conversation_id, "a")
        assert (earlier and earlier.outcome, waits) == ("answered", False)
        assert messages.before_accepting(connection, other, "a") == (None, False)


def test_a_message_settled_by_many_at_once_has_one_outcome(engine: Engine) -> None:
    with writing(engine) as connection:
        incoming = _accept(connection, _started(connection), "a")

    def settle() -> bool:
        with writing(engine) as connection:
            return messages.settle(connection, incoming.id, "answered", NOW)

    assert sorted(_at_once(settle)) == [False] * 7 + [True]


def test_what_was_asked_first_is_kept(engine: Engine) -> None:
    with writing(engine) as connection:
        conversation_id = _started(connection)
        incoming = _accept(connection, conversation_id, "a")
        messages.mark_asked(connection, incoming.id, NOW)
        messages.mark_asked(connection, incoming.id, NOW + timedelta(1))
        found = messages.next_unsettled(connection, conversation_id)
    assert found is not None
    assert found.asked_at == NOW


def test_the_oldest_message_without_an_outcome_is_next(engine: Engine) -> None:
    with writing(engine) as connection:
        conversation_id = _started(connection)
        first = _accept(connection, conversation_id, "b", "one")
        second = _accept(connection, conversation_id, "a", "two")
        assert messages.next_unsettled(connection, conversation_id) == first
        messages.settle(connection, first.id, "answered", NOW)
        assert messages.next_unsettled(connection, conversation_id) == second
        messages.settle(connection, second.id, "queued", NOW)
        assert messages.next_unsettled(connection, conversation_id) is None


def test_both_directions_share_one_numbering(engine: Engine) -> None:
    with writing(engine) as connection:
        conversation_id = _started(connection)
        _accept(connection, conversation_id, "a", "hello")
        _post(connection, conversation_id, REPLY)
        _accept(connection, conversation_id, "b", "thanks")
        shown = transcript.shown_between(connection, conversation_id, 0, 3)
    assert [(each.seq, each.sender, each.text) for each in shown] == [
        (1, "buyer", "hello"),
        (2, "assistant", "Pick one."),
        (3, "buyer", "thanks"),
    ]


def test_only_what_lies_between_is_shown_and_never_more_than_a_page(engine: Engine) -> None:
    with writing(engine) as connection:
        conversation_id = _started(connection)
        for number in range(PAGE + 5):
            _post(connection, conversation_id, Outgoing("agent", str(number)))
        shown = transcript.shown_between(connection, conversation_id, 2, PAGE + 5)
        few = transcript.shown_between(connection, conversation_id, 2, 4)
    assert [each.seq for each in shown] == list(range(3, PAGE + 3))
    assert [each.seq for each in few] == [3, 4]


def test_cards_and_attachments_come_back_as_they_were(engine: Engine) -> None:
    card = {"type": "tracking", "parcels": [{"scans": ["ü", None]}]}
    with writing(engine) as connection:
        conversation_id = _started(connection)
        _post(connection, conversation_id, Outgoing("assistant", "", (), card, ({"id": "u"},)))
        _post(connection, conversation_id, Outgoing("assistant", "plain"))
        rich, plain = transcript.shown_between(connection, conversation_id, 0, 9)
    assert (rich.card, rich.attachments) == (card, ({"id": "u"},))
    assert (plain.card, plain.attachments) == (None, ())


def test_a_choice_opens_only_in_its_own_conversation(engine: Engine) -> None:
    with writing(engine) as connection:
        mine, other = _started(connection), _started(connection)
        _post(connection, mine, REPLY)
        (shown,) = transcript.shown_between(connection, mine, 0, 9)
        token = shown.choices[1].token
        assert messages.find_choice(connection, mine, token) == Choice("Refund", "/refund", token)
        assert messages.find_choice(connection, other, token) is None


def test_open_choices_are_those_of_the_newest_turn(engine: Engine) -> None:
    def labels() -> list[str]:
        return [choice.label for choice in messages.open_choices(connection, conversation_id)]

    with writing(engine) as connection:
        conversation_id = _started(connection)
        assert labels() == []
        asked = _accept(connection, conversation_id, "a", "hello")
        _post(connection, conversation_id, REPLY, answers=asked.id)
        _post(connection, conversation_id, Outgoing("assistant", "Take your time."), answers=asked.id)
        assert labels() == ["Send again", "Refund"]
        _post(connection, conversation_id, Outgoing("assistant", "Your parcel moved."))
        assert labels() == []
        _post(connection, conversation_id, REPLY)
        assert labels() == ["Send again", "Refund"]
        _post(connection, conversation_id, Outgoing("agent", "Ana here."))
        assert labels() == []


def test_what_was_said_comes_oldest_first_and_only_the_latest(engine: Engine) -> None:
    with writing(engine) as connection:
        conversation_id = _started(connection)
        for number in range(5):
            _post(connection, conversation_id, Outgoing("assistant", str(number)))
        assert messages.said(connection, conversation_id, limit=3) == ["2", "3", "4"]


def test_the_latest_messages_are_known_by_when_they_came(engine: Engine) -> None:
    with writing(engine) as connection:
        conversation_id = _started(connection)
        for seconds in (0, 10, 20):
            _accept(connection, conversation_id, f"m{seconds}", now=NOW + timedelta(seconds=seconds))
        times = messages.latest_accepted(connection, conversation_id, 2)
    assert times == [NOW + timedelta(seconds=20), NOW + timedelta(seconds=10)]


def test_several_replies_are_shown_as_they_were_posted(engine: Engine) -> None:
    with writing(engine) as connection:
        conversation_id = _started(connection)
        posted = _post(connection, conversation_id, REPLY, Outgoing("assistant", "Take your time."), REPLY)
        assert transcript.shown_between(connection, conversation_id, 0, 3) == posted
    assert [message.seq for message in posted] == [1, 2, 3]


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
