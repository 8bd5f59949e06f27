"""Agents, their sessions and the count of wrong tries, on both kinds of database."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.engine import Connection, Engine

from doorstep.people.agents import Agent
from doorstep.settings import Settings
from doorstep.storage import agents, sign_in_tries
from doorstep.storage.engine import writing
from doorstep.storage.tables import agent_sessions
from doorstep.storage.tables import agents as agent_rows
from doorstep.storage.tables import sign_in_tries as try_rows
from tests.builders import NOW

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
ANNA = Agent(0, "", "anna@shop.example", "Anna", "agent", "", "en")


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    with writing(engine) as opened:
        yield opened


@pytest.fixture
def anna(connection: Connection) -> Agent:
    return agents.add(connection, ANNA, "a hash", NOW)


# -- agents --------------------------------------------------------------------------------


def test_an_agent_is_found_by_id_and_by_login(connection: Connection, anna: Agent) -> None:
    assert agents.find(connection, anna.id) == agents.find_by_login(connection, "anna@shop.example") == anna
    assert agents.find(connection, anna.id + 1) is None
    assert agents.find_by_login(connection, "bea@shop.example") is None


def test_a_login_is_given_once_and_who_has_it_stays(engine: Engine) -> None:
    with writing(engine) as connection:
        agents.add(connection, ANNA, "a hash", NOW)
    with pytest.raises(agents.LoginTaken, match=r"doorstep agents reset anna@shop\.example"), writing(engine) as again:
        agents.add(again, ANNA, "another", NOW)
    with writing(engine) as connection:
        assert agents.password_hash(connection, ANNA.login) == "a hash"


@pytest.mark.parametrize("login", ["an\x00na", "\ud800", "", "a" * 1000])
def test_what_cannot_be_a_login_is_nobodys_and_breaks_nothing(connection: Connection, login: str) -> None:
    assert agents.find_by_login(connection, login) is None
    assert agents.password_hash(connection, login) is None


def test_a_disabled_agent_is_listed_with_the_first_time_and_cannot_sign_in(connection: Connection, anna: Agent) -> None:
    assert agents.can_anybody_sign_in(connection)
    assert agents.disable(connection, anna.login, NOW + HOUR) == anna
    agents.disable(connection, anna.login, NOW + 2 * HOUR)
    assert agents.list_all(connection) == [agents.Listed(anna, NOW, NOW + HOUR)]
    assert not agents.can_anybody_sign_in(connection)
    assert agents.password_hash(connection, anna.login) is None
    assert agents.lock_with_hash(connection, anna.login, "a hash") is None


def test_a_reset_lets_in_again_by_the_new_password_alone(connection: Connection, anna: Agent) -> None:
    agents.disable(connection, anna.login, NOW)
    assert agents.reset(connection, anna.login, "another") == anna
    assert agents.password_hash(connection, anna.login) == "another"
    assert agents.lock_with_hash(connection, anna.login, "a hash") is None
    assert agents.lock_with_hash(connection, anna.login, "another") == anna


def test_nobody_is_disabled_or_reset_under_a_login_that_nobody_has(connection: Connection) -> None:
    with pytest.raises(agents.NoSuchAgent, match="doorstep agents list"):
        agents.disable(connection, "bea", NOW)
    with pytest.raises(agents.NoSuchAgent, match="doorstep agents list"):
        agents.reset(connection, "bea", "a hash")


# -- sessions ------------------------------------------------------------------------------


def test_a_session_is_its_agents_and_only_a_hash_of_its_token_is_kept(connection: Connection, anna: Agent) -> None:
    token = agents.open_session(connection, anna.id, NOW)
    assert agents.find_session(connection, token, NOW) == anna
    assert agents.find_session(connection, token[:-1], NOW) is None
    assert agents.find_session(connection, "\ud800", NOW) is None
    assert token not in str(connection.execute(select(agent_sessions)).all())
    assert agents.open_session(connection, anna.id, NOW) != token


def test_a_session_ends_eight_hours_after_it_was_used_last(connection: Connection, anna: Agent) -> None:
    token = agents.open_session(connection, anna.id, NOW)
    agents.note_seen(connection, token, NOW + 2 * HOUR)
    assert agents.find_session(connection, token, NOW + 10 * HOUR - SECOND) == anna
    assert agents.find_session(connection, token, NOW + 10 * HOUR) is None


def test_a_session_ends_after_a_day_however_busy(connection: Connection, anna: Agent) -> None:
    token = agents.open_session(connection, anna.id, NOW)
    for hours in range(24):
        agents.note_seen(connection, token, NOW + hours * HOUR)
    assert agents.find_session(connection, token, NOW + 24 * HOUR - SECOND) == anna
    assert agents.find_session(connection, token, NOW + 24 * HOUR) is None


def test_the_use_of_a_session_is_to_be_noted_once_a_minute(connection: Connection, anna: Agent) -> None:
    token = agents.open_session(connection, anna.id, NOW)
    assert agents.find_session_seen(connection, token, NOW + 59 * SECOND) == (anna, False)
    assert agents.find_session_seen(connection, token, NOW + MINUTE) == (anna, True)
    agents.note_seen(connection, token, NOW + MINUTE)
    assert agents.find_session_seen(connection, token, NOW + MINUTE + SECOND) == (anna, False)


def test_a_session_ends_when_it_is_closed_and_others_go_on(connection: Connection, anna: Agent) -> None:
    here, there = (agents.open_session(connection, anna.id, NOW) for _ in range(2))
    agents.close_session(connection, here)
    assert agents.find_session(connection, here, NOW) is None
    assert agents.find_session(connection, there, NOW) == anna


@pytest.mark.parametrize("what", ["disable", "reset"])
def test_sessions_end_at_once_with_a_disabling_or_a_new_password(
    connection: Connection, anna: Agent, what: str
) -> None:
    bea = agents.add(connection, Agent(0, "", "bea", "Bea", "agent", "", "en"), "a hash", NOW)
    hers, anothers = agents.open_session(connection, anna.id, NOW), agents.open_session(connection, bea.id, NOW)
    if what == "disable":
        agents.disable(connection, anna.login, NOW)
    agents.reset(connection, anna.login, "another")  # so that the session itself is looked at, and not the agent
    assert agents.find_session(connection, hers, NOW) is None
    assert agents.find_session(connection, anothers, NOW) == bea


def test_a_session_that_was_left_over_is_worth_nothing_to_a_disabled_agent(connection: Connection, anna: Agent) -> None:
    agents.disable(connection, anna.login, NOW)
    token = agents.open_session(connection, anna.id, NOW)
    assert agents.find_session(connection, token, NOW) is None


def test_sessions_that_are_over_are_swept_away_by_the_next(connection: Connection, anna: Agent) -> None:
    agents.open_session(connection, anna.id, NOW)
    agents.open_session(connection, anna.id, NOW + 8 * HOUR)
    assert len(connection.execute(select(agent_sessions)).all()) == 1


def test_a_newer_hash_of_the_same_password_takes_the_place_of_the_old(connection: Connection, anna: Agent) -> None:
    agents.keep_hash(connection, anna.id, "newer")
    assert connection.execute(select(agent_rows.c.password_hash)).scalar_one() == "newer"


# -- tries ---------------------------------------------------------------------------------


def _tries(connection: Connection, count: int, login: str, address: str, at: datetime) -> list[datetime | None]:
    return [sign_in_tries.begin(connection, login, address, at) for _ in range(count)]


def test_the_sixth_try_at_a_login_waits_fifteen_minutes_from_the_fifth(connection: Connection) -> None:
    assert _tries(connection, 4, "login", "a1", NOW) == [None] * 4
    assert _tries(connection, 1, "login", "a2", NOW + 14 * MINUTE) == [None]
    end = NOW + 29 * MINUTE
    assert _tries(connection, 1, "login", "a3", NOW + 15 * MINUTE) == [end]
    assert _tries(connection, 1, "login", "a3", end - SECOND) == [end]
    assert _tries(connection, 1, "login", "a3", end) == [None]
    assert _tries(connection, 1, "another", "a1", NOW) == [None]


def test_five_tries_over_more_than_fifteen_minutes_lock_nothing(connection: Connection) -> None:
    times = [NOW + number * 4 * MINUTE for number in range(12)]
    assert [sign_in_tries.begin(connection, "login", "a", at) for at in times] == [None] * 12


def test_twenty_tries_in_an_hour_from_an_address_lock_it_for_every_login(connection: Connection) -> None:
    for number in range(20):
        assert sign_in_tries.begin(connection, f"login {number}", "a", NOW + number * MINUTE) is None
    end = NOW + 79 * MINUTE
    assert sign_in_tries.blocked_until(connection, "new", "a", NOW + HOUR) == end
    assert sign_in_tries.blocked_until(connection, "new", "b", NOW + HOUR) is None
    assert sign_in_tries.blocked_until(connection, "new", "a", end) is None


def test_addresses_nobody_knows_are_not_counted_together(connection: Connection) -> None:
    for number in range(25):
        assert sign_in_tries.begin(connection, f"login {number}", "", NOW) is None


def test_a_right_try_clears_those_of_its_login_from_its_address_and_no_other(connection: Connection) -> None:
    _tries(connection, 2, "login", "mine", NOW)
    _tries(connection, 3, "login", "a guesser's", NOW)
    sign_in_tries.succeeded(connection, "login", "mine")
    assert _tries(connection, 3, "login", "a guesser's", NOW) == [None, None, NOW + 15 * MINUTE]


def test_a_forgotten_login_may_be_tried_at_once(connection: Connection) -> None:
    _tries(connection, 6, "login", "a", NOW)
    sign_in_tries.forget(connection, "login")
    assert sign_in_tries.blocked_until(connection, "login", "a", NOW) is None


def test_tries_older_than_a_day_are_swept_away(connection: Connection) -> None:
    _tries(connection, 3, "login", "a", NOW)
    _tries(connection, 1, "login", "a", NOW + 24 * HOUR)
    assert connection.execute(select(try_rows.c.at)).scalars().all() == [NOW + 24 * HOUR]


def test_a_try_is_kept_under_keyed_hashes(tmp_path: Path) -> None:
    keys = [sign_in_tries.key_of(Settings("", "", 1, 1, 1, secret, tmp_path, tmp_path), "anna") for secret in "ab"]
    assert len({*keys, "anna"}) == 3


def test_of_fifty_tries_at_once_five_are_let_through(engine: Engine) -> None:
    def one(number: int) -> bool:
        with writing(engine) as connection:
            return sign_in_tries.begin(connection, "login", f"address {number}", NOW) is None

    with ThreadPoolExecutor(10) as threads:
        assert sum(threads.map(one, range(50))) == 5
