"""A listener is given what it has not seen, and reads whenever something happened that it was not given."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from doorstep.front.hub import Hub, Listener
from doorstep.front.pages import Page
from doorstep.storage.conversations import State

SECOND = Page(1, ({"seq": 2},), 2, State(2, "assistant", pending=True))
THIRD = Page(2, ({"seq": 3},), 3, State(3, "assistant", pending=False))


def _woken(*pages: Page | None) -> Listener:
    listener = Listener()
    for page in pages:
        listener.wake(page)
    return listener


def test_what_comes_next_is_given() -> None:
    listener = _woken(SECOND)
    assert listener.told(1) == SECOND
    listener.wake(THIRD)
    assert listener.told(2) == THIRD


def test_what_a_listener_has_read_itself_is_not_given_again() -> None:
    assert _woken(SECOND, THIRD).told(2) == THIRD


@pytest.mark.parametrize(
    ("happened", "after"),
    [
        ((), 1),
        ((SECOND,), 0),
        ((SECOND,), 2),
        ((SECOND, THIRD), 1),
        ((SECOND, None), 1),
        ((None, SECOND), 1),
    ],
)
def test_anything_else_is_read(happened: tuple[Page | None, ...], after: int) -> None:
    assert _woken(*happened).told(after) is None


def test_a_page_is_given_once() -> None:
    listener = _woken(SECOND)
    assert listener.told(1) == SECOND
    assert listener.told(1) is None


def test_a_listener_hears_of_what_was_stored_while_it_listens() -> None:
    hub = Hub(_NoDatabase())
    hub.tell("c1", SECOND)
    with hub.listening("c1") as listener, hub.listening("c2") as other:
        assert listener.told(1) is None
        hub.tell("c1", SECOND)
        asyncio.run(listener.wait(10))
        assert listener.told(1) == SECOND
        assert other.told(1) is None


def test_a_change_without_a_message_is_read() -> None:
    hub = Hub(_NoDatabase())
    with hub.listening("c1") as listener:
        hub.tell("c1", replace(SECOND, after=2, messages=()))
        asyncio.run(listener.wait(10))
        assert listener.told(2) is None


class _NoDatabase:
    """These tests look into no database."""

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"asked for {name}")
