"""A session token opens its own conversation for a day, whatever happens to the clock, and no other."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from doorstep.front.errors import ApiError
from doorstep.front.tokens import LIFETIME, SessionTokens

NOW = datetime(2025, 6, 18, 12, 0, tzinfo=timezone.utc)
TOKENS = SessionTokens("a key")


def _code(authorization: str, now: datetime = NOW) -> str:
    with pytest.raises(ApiError) as refused:
        TOKENS.read(authorization, now)
    assert refused.value.status == 401
    return refused.value.code


def test_a_token_gives_its_conversation_and_end() -> None:
    token, session = TOKENS.issue("c1", NOW)
    assert TOKENS.read(f"Bearer {token}", NOW) == session
    assert (session.conversation_id, session.expires_at) == ("c1", NOW + LIFETIME)


def test_a_token_is_good_until_its_last_second_and_not_after() -> None:
    token, _ = TOKENS.issue("c1", NOW)
    assert TOKENS.read(f"bearer {token}", NOW + LIFETIME - timedelta(seconds=1))
    assert _code(f"Bearer {token}", NOW + LIFETIME) == "session_expired"


def test_a_clock_set_back_does_not_end_a_session() -> None:
    token, _ = TOKENS.issue("c1", NOW)
    assert TOKENS.read(f"Bearer {token}", NOW - timedelta(minutes=10))


def test_a_token_of_another_key_opens_nothing() -> None:
    token, _ = SessionTokens("another key").issue("c1", NOW)
    assert _code(f"Bearer {token}") == "session_invalid"


def test_no_part_of_a_token_can_be_changed() -> None:
    token, _ = TOKENS.issue("c1", NOW)
    for place in range(len(token) - 1):  # the last character holds spare bits of the signature
        other = "A" if token[place] != "A" else "B"
        assert _code(f"Bearer {token[:place]}{other}{token[place + 1 :]}") == "session_invalid"


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer  ", "Basic abc"])
def test_without_a_token_a_session_is_asked_for(header: str) -> None:
    assert _code(header) == "session_missing"
