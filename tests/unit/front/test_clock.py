"""The clock plans and says what is due, outlives every fault, and holds nobody up."""

from __future__ import annotations

import asyncio
from datetime import datetime, timezone
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from doorstep.front import clock as clock_module
from doorstep.front.clock import AT_ONCE, Clock
from doorstep.storage.notices import Notice

NOW = datetime(2025, 6, 18, 12, 0, tzinfo=timezone.utc)


class _Keeper:
    """Has orders to plan and notices to say; `faults` are raised by what they are named for, once each."""

    def __init__(self, orders: int = 0, notices: int = 0, **faults: BaseException) -> None:
        self.orders = list(range(orders))
        self.notices = [Notice(number, 1, "shipped", "1", NOW) for number in range(notices)]
        self.faults = faults
        self.said: list[int] = []
        self.has_said = asyncio.Event()
        self.planned: list[int] = []
        self.put_off_ids: list[int] = []
        self.largest = 0

    def _fail(self, name: str) -> None:
        if name in self.faults:
            raise self.faults.pop(name)

    def to_plan(self, _connection: Any, _now: datetime, limit: int) -> list[int]:
        self._fail("to_plan")
        return self.orders[:limit]

    def plan(self, _connection: Any, orders: list[int], _now: datetime) -> None:
        self._fail("plan")
        self.largest = max(self.largest, len(orders))
        self.planned += orders
        self.orders = [one for one in self.orders if one not in orders]

    def tidy(self, _connection: Any, _now: datetime) -> None:
        """Nothing to drop."""

    def due(self, _connection: Any, _now: datetime, limit: int) -> list[Notice]:
        return self.notices[:limit]

    def tell(self, _connection: Any, notice: Notice, _now: datetime) -> str:
        self._fail("tell")
        self.said.append(notice.id)
        self.has_said.set()
        self.notices.remove(notice)
        return f"c{notice.id}"

    def put_off(self, _connection: Any, notice: Notice, _now: datetime) -> None:
        self.put_off_ids.append(notice.id)


class _Database:
    async def read(self, work: Any, *values: Any) -> Any:
        return work(None, *values)

    write = read


class _Hub:
    def __init__(self) -> None:
        self.woken: list[str] = []

    def wake(self, conversation_id: str) -> None:
        self.woken.append(conversation_id)


def _clock(keeper: _Keeper, hub: _Hub | None = None) -> Clock:
    kept: Any = keeper
    database: Any = _Database()
    listeners: Any = hub or _Hub()
    return Clock(kept, database, listeners, lambda: NOW)


def test_what_is_due_is_said_and_its_listeners_are_woken() -> None:
    keeper, hub = _Keeper(orders=3, notices=2), _Hub()
    asyncio.run(_clock(keeper, hub).look())
    assert keeper.planned == [0, 1, 2]
    assert keeper.said == [0, 1]
    assert hub.woken == ["c0", "c1"]


def test_many_orders_are_planned_in_short_transactions_and_looked_for_again_at_once() -> None:
    keeper = _Keeper(orders=250)
    assert asyncio.run(_clock(keeper).look()) is True
    assert keeper.largest <= 10
    assert len(keeper.planned) == 200
    assert asyncio.run(_clock(keeper).look()) is False
    assert len(keeper.planned) == 250


def test_one_notice_that_cannot_be_said_is_put_off_and_the_others_are_said() -> None:
    keeper = _Keeper(notices=3, tell=ValueError("a broken order"))
    asyncio.run(_clock(keeper).look())
    assert keeper.put_off_ids == [0]
    assert keeper.said == [1, 2]


def test_orders_that_cannot_be_planned_do_not_keep_others_from_being_told() -> None:
    keeper = _Keeper(orders=1, notices=1, plan=ValueError("a broken order"))
    asyncio.run(_clock(keeper).look())
    assert keeper.said == [0]


def test_a_look_says_no_more_than_fits_between_turns() -> None:
    keeper = _Keeper(notices=AT_ONCE + 5)
    asyncio.run(_clock(keeper).look())
    assert len(keeper.said) == AT_ONCE


@pytest.mark.parametrize("fault", [ValueError("anything"), OperationalError("", {}, Exception("away"))])
def test_the_clock_goes_on_after_a_fault(monkeypatch: pytest.MonkeyPatch, fault: Exception) -> None:
    monkeypatch.setattr(clock_module, "LOOK_EVERY", 0.0)

    async def run() -> list[int]:
        keeper = _Keeper(notices=1, to_plan=fault)
        clock = _clock(keeper)
        clock.start()
        await keeper.has_said.wait()
        await clock.stop()
        return keeper.said

    assert asyncio.run(asyncio.wait_for(run(), 20)) == [0]
