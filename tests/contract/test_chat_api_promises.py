"""Every accepted message ends in exactly one outcome, in order, whatever Rasa, the front or the buyer do."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import httpx
from sqlalchemy import event
from sqlalchemy.engine import Engine

from doorstep.settings import Settings
from doorstep.storage.conversations import AGENT, ASSISTANT, CLOSED, QUEUE
from tests.contract import chat_client, fake_rasa, fronts, ledger
from tests.contract.chat_client import Buyer
from tests.contract.fake_rasa import FakeRasa

# -- once, and in order --------------------------------------------------------------------


def test_the_same_message_sent_again_is_answered_once(http: httpx.Client, rasa: FakeRasa) -> None:
    buyer = chat_client.start(http)
    first, second = buyer.say("hello", "a"), buyer.say("hello", "a")
    assert first == second
    assert buyer.told() == ["You said: hello"]
    assert rasa.texts == ["hello"]


def test_the_same_message_sent_at_the_same_time_is_answered_once(http: httpx.Client, rasa: FakeRasa) -> None:
    buyer = chat_client.start(http)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: buyer.say("hello", "a"), range(8)))
    assert answers == [{"id": "a", "seq": 1}] * 8
    assert buyer.told() == ["You said: hello"]
    assert rasa.texts == ["hello"]


def test_the_same_id_in_another_conversation_is_another_message(small_http: httpx.Client, rasa: FakeRasa) -> None:
    first, second = chat_client.start(small_http), chat_client.start(small_http)
    first.say("mine", "a")
    second.say("theirs", "a")
    assert (first.told(), second.told()) == (["You said: mine"], ["You said: theirs"])


def test_messages_of_a_conversation_are_asked_one_at_a_time_in_order(http: httpx.Client, rasa: FakeRasa) -> None:
    buyer = chat_client.start(http)
    texts = [f"message {number}" for number in range(12)]
    for text in texts:
        buyer.say(text)
    assert buyer.told() == [f"You said: {text}" for text in texts]
    assert rasa.texts == texts
    assert all(earlier.ended <= later.began for earlier, later in zip(rasa.asked, rasa.asked[1:], strict=False))


def test_a_slow_turn_holds_up_no_other_conversation(small_http: httpx.Client, rasa: FakeRasa) -> None:
    rasa.faults = ["hang"]
    slow, other = chat_client.start(small_http), chat_client.start(small_http)
    slow.say("slow")
    assert rasa.reached.wait(10)
    other.say("quick")
    assert other.told() == ["You said: quick"]
    assert slow.read()["pending"]
    rasa.let_go.set()
    assert slow.told() == ["You said: slow"]


def test_two_fronts_on_one_database_answer_once_and_in_order(settings: Settings, rasa: FakeRasa) -> None:
    other = replace(settings, port=fronts.free_port())
    with fronts.running(fronts.a_front(settings)) as one, fronts.running(fronts.a_front(other)) as two:
        buyers = [chat_client.start(one) for _ in range(4)]
        with ThreadPoolExecutor(4) as pool:
            sent = list(pool.map(lambda buyer: _write_through_both(buyer, one, two), buyers))
        for buyer, texts in zip(buyers, sent, strict=True):
            assert buyer.told() == [f"You said: {text}" for text in texts]
    assert len(rasa.texts) == len(set(rasa.texts)) == 40


def test_a_message_accepted_by_one_front_is_heard_of_at_another(settings: Settings) -> None:
    other = replace(settings, port=fronts.free_port())
    with fronts.running(fronts.a_front(settings)) as one, fronts.running(fronts.a_front(other)) as two:
        buyer = chat_client.start(one)
        buyer.say("hello")
        assert replace(buyer, http=two).told() == ["You said: hello"]


def test_a_turn_takes_two_transactions(small_settings: Settings, rasa: FakeRasa) -> None:
    front = fronts.a_front(small_settings)
    with fronts.running(front) as client:
        buyer = chat_client.start(client)
        buyer.say("hello")
        buyer.settled()
        commits: list[str] = []
        event.listen(front.engine, "commit", lambda _connection: commits.append("commit"))
        buyer.say("thanks")
        buyer.settled()
        assert len(commits) == 2


# -- who owns the conversation -------------------------------------------------------------


def test_messages_in_the_queue_are_acknowledged_in_words_that_vary(
    http: httpx.Client, engine: Engine, rasa: FakeRasa
) -> None:
    buyer = chat_client.start(http)
    ledger.give(engine, buyer, QUEUE)
    for text in ("first", "second", "third"):
        buyer.say(text)
    told = buyer.told()
    assert len(told) == len(set(told)) == 3
    assert rasa.texts == []
    assert ledger.outcomes_of(engine, buyer) == ["queued"] * 3


def test_nobody_talks_over_a_person(http: httpx.Client, engine: Engine, rasa: FakeRasa) -> None:
    buyer = chat_client.start(http)
    ledger.give(engine, buyer, AGENT)
    buyer.say("hello")
    assert buyer.told() == []
    assert (rasa.texts, ledger.outcomes_of(engine, buyer)) == ([], ["queued"])


def test_a_person_who_takes_over_during_a_turn_is_not_talked_over(
    http: httpx.Client, engine: Engine, rasa: FakeRasa
) -> None:
    buyer = chat_client.start(http)
    rasa.at_call = lambda _asked: ledger.give(engine, buyer, AGENT)
    buyer.say("hello")
    assert buyer.told() == []
    assert ledger.outcomes_of(engine, buyer) == ["queued"]


def test_a_hand_over_by_an_action_is_told_in_rasas_words(
    small_http: httpx.Client, sqlite_engine: Engine, rasa: FakeRasa
) -> None:
    buyer = chat_client.start(small_http)
    rasa.answers["a person please"] = [fake_rasa.reply("I will get somebody.")]
    rasa.at_call = lambda _asked: ledger.give(sqlite_engine, buyer, QUEUE)
    buyer.say("a person please")
    assert buyer.told() == ["I will get somebody."]
    assert ledger.outcomes_of(sqlite_engine, buyer) == ["queued"]


def test_a_closed_conversation_is_the_assistants_again(small_http: httpx.Client, sqlite_engine: Engine) -> None:
    buyer = chat_client.start(small_http)
    ledger.give(sqlite_engine, buyer, CLOSED)
    buyer.say("hello")
    assert buyer.told() == ["You said: hello"]
    assert ledger.owner_of(sqlite_engine, buyer) == ASSISTANT


def test_a_choice_to_go_on_with_the_assistant_does_not_take_the_conversation_from_a_person(
    small_http: httpx.Client, sqlite_engine: Engine
) -> None:
    buyer = chat_client.start(small_http)
    ledger.give(sqlite_engine, buyer, QUEUE)
    buyer.say("hello")
    (go_on,) = buyer.settled()[-1]["choices"]
    ledger.give(sqlite_engine, buyer, AGENT)
    buyer.take(go_on["token"])
    buyer.settled()
    assert ledger.owner_of(sqlite_engine, buyer) == AGENT


def _write_through_both(buyer: Buyer, one: httpx.Client, two: httpx.Client) -> list[str]:
    texts = [f"{buyer.conversation_id} {number}" for number in range(10)]
    for number, text in enumerate(texts):
        replace(buyer, http=(one, two)[number % 2]).say(text, f"m{number}")
    return texts
