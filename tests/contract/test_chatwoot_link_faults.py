"""Chatwoot that fails at any step, is away, or a front that dies: in the end each message is there once, both ways."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.engine import Engine

from doorstep.front.desk_link import Pace
from doorstep.settings import Settings
from tests.contract import desk_port, desk_talk, desks, fake_chatwoot, fronts
from tests.contract.chat_client import Buyer
from tests.contract.desk_port import ASKS, MEI, Shop, Time, until
from tests.contract.desks import AtChatwoot
from tests.contract.fake_rasa import FakeRasa

STEPS = 18  # calls of a first pass, and a few more
# Answers are not waited for long, and a conversation that is closed is left alone.
IMPATIENT = Pace(
    replace(desk_port.QUICK.periods, after_for=timedelta(0), longest=timedelta(seconds=0.1)), look=0.05, answer=0.5
)


@pytest.fixture
def people(small_settings: Settings, sqlite_engine: Engine, rasa: FakeRasa) -> Iterator[AtChatwoot]:
    """People at a Chatwoot that is not waited for."""
    with desks.open_shop(desk_port.CHATWOOT, small_settings, sqlite_engine, rasa, IMPATIENT) as opened:
        assert isinstance(opened, AtChatwoot)
        yield opened
        opened.fake.let_go.set()


def until_read(people: AtChatwoot, buyer: Buyer, *texts: str) -> None:
    """Wait until people read exactly these messages of the buyer's."""
    until(lambda: people.reads(buyer) == list(texts), f"people do not read {texts}")


def until_said(buyer: Buyer, *texts: str) -> None:
    """Wait until the buyer reads exactly these messages of a person's."""
    until(lambda: desk_talk.said(buyer) == list(texts), f"the buyer does not read {texts}")


def check_once(people: AtChatwoot, buyer: Buyer) -> None:
    """Nothing of ours is there twice, and there is one brief."""
    ours = Counter(each["content_attributes"].get("our_id") for each in people.row(buyer)["messages"])
    twice = {name: count for name, count in ours.items() if name and count > 1}
    assert twice == {}
    assert len([name for name in ours if str(name).startswith("brief-")]) == 1


@pytest.mark.parametrize("fault", ["500", "html", "reset before", "reset after", "lost"])
def test_whichever_call_fails_each_message_is_there_once(people: AtChatwoot, fault: str) -> None:
    fake = people.fake
    for step in range(STEPS):
        fake.faults = ["" for _ in range(step)] + [fault]
        buyer = people.shop.buyer("Where is it?", ASKS)
        until_read(people, buyer, ASKS)
        people.sees_waiting(buyer)
        fake.faults = ["" for _ in range(step % 7)] + [fault]
        fake.agent_replies(people.remote(buyer), "Hello!")
        buyer.say("At last")
        until_read(people, buyer, ASKS, "At last")
        until_said(buyer, "Hello!")
        people.closes(buyer)
        assert desk_talk.said(buyer) == ["Hello!"]
        check_once(people, buyer)
    assert len(fake.rows.contacts) == len(fake.rows.conversations) == STEPS


def test_while_chatwoot_is_away_nothing_is_lost_and_all_of_it_is_told_in_order_later(people: AtChatwoot) -> None:
    fake, shop = people.fake, people.shop
    talking = shop.buyer(ASKS)
    people.sees_waiting(talking)
    people.claims(talking)
    people.has(talking)
    fake.stop()
    newcomer = shop.buyer(ASKS)
    texts = [f"Message {number}" for number in range(4)]
    for text in texts:
        talking.say(text)
        newcomer.say(text)
    until(lambda: ready(shop) == "away")
    shop.clock.ahead += timedelta(minutes=5)
    assert [shop.owner(each)[0] for each in (talking, newcomer)] == ["agent", "queue"]
    assert newcomer.settled()[-1]["from"] == "notice"

    fake.start()
    shop.clock.ahead += timedelta(minutes=5)
    for buyer in (talking, newcomer):
        until_read(people, buyer, ASKS, *texts)
        check_once(people, buyer)
    until(lambda: ready(shop) == "ok")


def ready(shop: Shop) -> str:
    return str(shop.http.get("/health/ready").json()["parts"]["desk"])


def test_chatwoot_says_when_it_is_asked_again(people: AtChatwoot) -> None:
    people.fake.faults = ["429 after 120"]
    buyer = people.shop.buyer(ASKS)
    until(lambda: ready(people.shop) == "away")
    calls = len(people.fake.calls)
    buyer.say("Hello?")
    buyer.settled()
    assert len(people.fake.calls) == calls
    people.shop.clock.ahead += timedelta(minutes=3)
    until_read(people, buyer, ASKS, "Hello?")


def test_two_fronts_on_one_database_tell_and_hear_everything_once(people: AtChatwoot, small_settings: Settings) -> None:
    other = desks.at_chatwoot(replace(small_settings, port=fronts.free_port()), people.fake)
    with fronts.running(fronts.a_front(other, now=people.shop.clock.now, pace=IMPATIENT)):
        for _ in range(3):
            buyer = people.shop.buyer(ASKS)
            people.sees_waiting(buyer)
            for text in ("One", "Two", "Three"):
                buyer.say(text)
                people.says(buyer, f"{text}!")
            until_read(people, buyer, ASKS, "One", "Two", "Three")
            assert desk_talk.said(buyer) == ["One!", "Two!", "Three!"]
            check_once(people, buyer)


@pytest.mark.parametrize("fault", ["hang", "lost"])
@pytest.mark.parametrize("step", [3, 5, 14])
def test_a_front_that_dies_in_the_middle_of_a_pass_loses_and_repeats_nothing(  # noqa: PLR0917 - fixtures
    settings: Settings, engine: Engine, rasa: FakeRasa, tmp_path: Path, fault: str, step: int
) -> None:
    (tmp_path / "shop_policy.yml").write_text("{}\n", encoding="utf-8")
    with fake_chatwoot.running() as fake:
        settings = desks.at_chatwoot(settings, fake)
        front = fronts.FrontProcess(settings, tmp_path / "front.log")
        try:
            front.start()
            people = AtChatwoot(Shop(front.client, engine, rasa, Time()), fake)
            fake.faults = ["" for _ in range(step)] + [fault]
            buyer = people.shop.buyer("Where is it?", ASKS)
            assert fake.reached.wait(20)
            front.kill()
            fake.let_go.set()
            front.start()
            until_read(people, buyer, ASKS)
            people.says(buyer, "Hello!")
            people.has(buyer, MEI)
            check_once(people, buyer)
            assert desk_talk.said(buyer) == ["Hello!"]
        finally:
            front.close()
    assert "Where is it?" not in (tmp_path / "front.log").read_text(encoding="utf-8")
