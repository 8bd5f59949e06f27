"""The system of a week of shop life: a clock in the test's hand, two fronts, buyers by their orders, its tables."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import httpx
import psutil
from ruamel.yaml import YAML
from sqlalchemy import select

from doorstep import settings
from doorstep.policy import shop as shop_policy
from doorstep.settings import ROOT
from doorstep.storage import tables
from doorstep.storage.engine import make_engine, reading
from doorstep.unasked.keeper import Keeper
from tests.e2e.buyer import Buyer, Told
from tests.e2e.orders import email_of
from tests.e2e.orders_clock import (
    MONDAY,
    told_by_shop,
)  # fmt: skip
from tests.e2e.running import Doorstep, doorstep, free_ports, until
from tests.e2e.shop import Shop
from tests.telling import WORDS

QUIET_SECONDS = 60


class Week:
    """The system, its clock, a second front beside it, and the buyers by their orders."""

    def __init__(self, shop: Shop, folder: Path, clock: Path) -> None:
        self.shop = shop
        self.folder = folder
        self._clock = clock
        self.buyers: dict[str, Buyer] = {}
        self._keeper = Keeper(shop.policy, WORDS)
        self.now = MONDAY

    def is_now(self, moment: datetime) -> None:
        """Set the clock of all processes."""
        self.now = moment
        set_clock(self._clock, moment)

    def tells(self, *orders: dict[str, Any]) -> None:
        """The shop exports; waits until all that follows from it was said."""
        done = self.shop.import_orders(told_by_shop(*orders), self.folder)
        assert done.returncode == 0, done.stderr
        self.settles()

    def settles(self) -> None:
        """Wait until nothing is left to plan or to say just now."""

        def is_quiet() -> bool:
            with reading(self.shop.engine) as connection:
                left = self._keeper.to_plan(connection, self.now, 10) or self._keeper.due(connection, self.now, 10)
            return not left

        until(is_quiet, QUIET_SECONDS, f"all said that is due at {self.now}")

    def hears(self, number: str) -> list[Told]:
        """What the buyer of an order has been told since they last looked."""
        buyer = self.buyers[number]
        return buyer.listen() if buyer.page()["messages"] else []

    def comes(self, number: str) -> list[Told]:
        """The buyer of an order asks for it and proves that it is theirs."""
        self.buyers[number] = self.shop.buyer()
        return self.buyers[number].open(number, email_of(number))


def set_clock(file: Path, moment: datetime) -> None:
    """Have a clock file tell a time; whoever reads it meanwhile sees the old time or the new one."""
    new = file.with_suffix(".new")
    new.write_text(moment.isoformat())
    new.replace(file)


@contextmanager
def a_week() -> Iterator[Week]:
    """A system of its own with two fronts, on Monday morning."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="doorstep-week-")))
        clock = folder / "clock"
        set_clock(clock, MONDAY)
        environment = {"DOORSTEP_CLOCK_FILE": str(clock), "DOORSTEP_POLICY_FILE": str(_policy(folder))}
        process = stack.enter_context(doorstep(folder, environment=environment))
        process.wait_until_ready()
        engine = make_engine(settings.load(process.environment).database_url)
        stack.callback(engine.dispose)
        http = stack.enter_context(httpx.Client(base_url=process.url, timeout=60, trust_env=False))
        policy = shop_policy.load(Path(environment["DOORSTEP_POLICY_FILE"]))
        _second_front(stack, process)
        yield Week(Shop(process, policy, engine, http), folder, clock)


def _policy(folder: Path) -> Path:
    yaml = YAML()
    rules = yaml.load((ROOT / "shop_policy.yml").read_text(encoding="utf-8"))
    rules["messages"] = {"per_minute": 5_000, "burst": 500, "conversations_per_address_per_hour": 5_000}
    rules["identity"] = {"tries_per_address_per_hour": 5_000}
    rules.pop("notices", None)
    file = folder / "shop_policy.yml"
    with file.open("w", encoding="utf-8") as handle:
        yaml.dump(rules, handle)
    return file


def _second_front(stack: ExitStack, process: Doorstep) -> None:
    """Another front on the same database, with a clock of its own."""
    (port,) = free_ports(1)
    other = psutil.Popen(
        [sys.executable, "-m", "doorstep.processes.front"],
        cwd=ROOT,
        env={**process.environment, "DOORSTEP_PORT": str(port)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    stack.callback(other.kill)
    until(lambda: _is_live(port), 60, "a second front")


def _is_live(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/health/live", trust_env=False, timeout=5).status_code == 200
    except httpx.HTTPError:
        return False


def notices_of(week: Week) -> list[Any]:
    query = select(tables.notices, tables.orders.c.number).join(
        tables.orders, tables.orders.c.id == tables.notices.c.order_id
    )
    with reading(week.shop.engine) as connection:
        return list(connection.execute(query.order_by(tables.notices.c.sent_at, tables.notices.c.id)))


def messages_of(week: Week) -> list[Any]:
    mine = [buyer.conversation_id for buyer in week.buyers.values()]
    table = tables.outbox
    with reading(week.shop.engine) as connection:
        found = select(table).where(table.c.sender == "notice", table.c.conversation_id.in_(mine))
        return list(connection.execute(found))


def day_of(moment: datetime) -> int:
    return (moment.astimezone(timezone.utc).date() - MONDAY.date()).days


def run(week: Week, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "doorstep.cli", *arguments],
        cwd=ROOT,
        env={**week.shop.process.environment, "COLUMNS": "120"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
