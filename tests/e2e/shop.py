"""The whole system, started once for all tests that talk to it, with orders of the tests' own beside the demo's.

A test gets it by `running_shop(config)`; it ends with the test run. Everything a buyer typed and every token is kept,
so that a test can look for it where it must not be.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from ruamel.yaml import YAML
from sqlalchemy import select
from sqlalchemy.engine import Engine

from doorstep import settings
from doorstep.orders import Order
from doorstep.policy import shop as shop_policy
from doorstep.policy.shop import ShopPolicy
from doorstep.settings import ROOT
from doorstep.storage.engine import make_engine, reading, writing
from doorstep.storage.orders import Orders
from doorstep.storage.tables import conversations, offers, promises
from tests.e2e.buyer import Buyer
from tests.e2e.orders import document
from tests.e2e.running import Doorstep, doorstep

WAREHOUSE = "Doorstep Returns, Unit 4, Trafford Park, Manchester M17 1AA"  # for returns from Great Britain only
_KEY = pytest.StashKey["Shop"]()


@dataclass
class Shop:
    """A running system: what buyers see by `buyer()`, and what its database says."""

    process: Doorstep
    policy: ShopPolicy
    engine: Engine
    http: httpx.Client
    buyers: list[Buyer] = field(default_factory=list)

    def buyer(self, language: str = "en") -> Buyer:
        """A buyer who has just opened the chat."""
        response = self.http.post("/api/chat/sessions", json={"language": language})
        assert response.status_code == 201, response.text
        buyer = Buyer(self.http, response.json()["session_token"], response.json()["conversation_id"])
        self.buyers.append(buyer)
        return buyer

    def import_orders(self, content: dict[str, Any], folder: Path) -> subprocess.CompletedProcess[str]:
        """Bring orders into the running system as a seller does."""
        file = folder / "orders.json"
        file.write_text(json.dumps(content))
        command = [sys.executable, "-m", "doorstep.cli", "import", str(file)]
        return subprocess.run(
            command, cwd=ROOT, env=self.process.environment, capture_output=True, text=True, timeout=120, check=False
        )

    def command(self, *arguments: str, typed: str | None = None) -> str:
        """What a command prints that the shop's people run beside the running system; `typed` is its input."""
        done = subprocess.run(
            [sys.executable, "-m", "doorstep.cli", *arguments],
            cwd=ROOT, env={**self.process.environment, "COLUMNS": "240"},
            input=typed, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    def order(self, number: str) -> Order:
        """An order as the shop handed it over."""
        with reading(self.engine) as connection:
            found = Orders(connection).find("default", number)
        assert found is not None, number
        return found

    def promises(self, number: str) -> list[Any]:
        """The promises made for an order, oldest first."""
        mine = promises.c.order_id == self.order(number).id
        with reading(self.engine) as connection:
            return list(connection.execute(select(promises).where(mine).order_by(promises.c.id)))

    def offers(self, buyer: Buyer) -> list[Any]:
        """The offers made in a buyer's conversation."""
        mine = offers.c.conversation_id == buyer.conversation_id
        with reading(self.engine) as connection:
            return list(connection.execute(select(offers).where(mine).order_by(offers.c.made_at)))

    def owner(self, buyer: Buyer) -> str:
        """Who has a buyer's conversation: assistant, queue, agent or closed."""
        mine = conversations.c.id == buyer.conversation_id
        with reading(self.engine) as connection:
            return str(connection.execute(select(conversations.c.owner).where(mine)).scalar_one())

    def let_pass(self, number: str, kind: str, now: datetime) -> None:
        """Put the database in the state of the day after a promise: its date is just over."""
        mine = (promises.c.order_id == self.order(number).id) & (promises.c.kind == kind)
        with writing(self.engine) as connection:
            changed = connection.execute(promises.update().where(mine).values(due_at=now)).rowcount
        assert changed == 1


def running_shop(config: pytest.Config) -> Shop:
    """The one system of this test run; the first test that asks starts it."""
    if _KEY not in config.stash:
        stack = ExitStack()
        config.add_cleanup(stack.close)
        config.stash[_KEY] = start(stack)
    return config.stash[_KEY]


def start(stack: ExitStack) -> Shop:
    """Start a system of its own in a new folder; closing `stack` ends it."""
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="doorstep-e2e-")))
    policy_file = _patient_policy(folder)
    process = stack.enter_context(
        doorstep(folder, "--demo", environment={"DOORSTEP_POLICY_FILE": str(policy_file), "LOG_LEVEL": "DEBUG"})
    )
    process.wait_until_ready()
    engine = make_engine(settings.load(process.environment).database_url)
    stack.callback(engine.dispose)
    http = stack.enter_context(httpx.Client(base_url=process.url, timeout=60, trust_env=False))
    shop = Shop(process, shop_policy.load(policy_file), engine, http)
    imported = shop.import_orders(document(datetime.now().astimezone()), folder)
    assert imported.returncode == 0, imported.stderr
    return shop


def _patient_policy(folder: Path) -> Path:
    """The shop's own rules, but the tests, all from one address, may write and try as often as they like."""
    yaml = YAML()
    rules = yaml.load((ROOT / "shop_policy.yml").read_text(encoding="utf-8"))
    rules["messages"] = {"per_minute": 5_000, "burst": 500, "conversations_per_address_per_hour": 5_000}
    rules["identity"]["tries_per_address_per_hour"] = 5_000
    rules["notices"] = {"on": False}  # these tests count what is answered; tests/e2e/test_week.py is about the rest
    rules["goods"]["coupons"] = [f"SORRY-{place}" for place in range(5)]
    rules["goods"]["coupon_worth"] = "10 %"
    rules["returns"]["warehouses"] = {"GB": WAREHOUSE}
    file = folder / "shop_policy.yml"
    with file.open("w", encoding="utf-8") as handle:
        yaml.dump(rules, handle)
    return file
