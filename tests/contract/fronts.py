"""Runs the real front under uvicorn for the tests: in a thread, or as a process that can be killed."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from sqlalchemy.engine import Engine

from doorstep.front.app import create_app
from doorstep.front.parts import Front, Rules
from doorstep.front.rasa_client import Patience
from doorstep.policy.shop import ShopPolicy
from doorstep.settings import Settings

SECRET = "a secret of the tests"
IDENTITY_SECRET = "the secret that a shop of the tests signs with"
SHOP_SITE = "https://shop.example"


@dataclass(frozen=True)
class Limits:
    """Message limits; high unless a test is about them."""

    per_minute: int = 10_000
    burst: int = 10_000
    conversations_per_address_per_hour: int = 10_000


def free_port() -> int:
    """A port nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def a_settings_key(purpose: str) -> str:
    """A key derived as every front of the tests derives it."""
    return Settings("", "", 1, 1, 1, SECRET, Path(), Path()).key(purpose)


def a_settings(engine: Engine, data_dir: Path, rasa_port: int = 1, **changes: Any) -> Settings:
    """Settings for a front on a free port."""
    values: dict[str, Any] = {
        "database_url": engine.url.render_as_string(hide_password=False),
        "host": "127.0.0.1",
        "port": free_port(),
        "rasa_port": rasa_port,
        "actions_port": 1,
        "secret": SECRET,
        "data_dir": data_dir,
        "policy_file": data_dir / "shop_policy.yml",
        "identity_secret": IDENTITY_SECRET,
        "allowed_origins": (SHOP_SITE,),
    }
    return Settings(**{**values, **changes})


def a_front(
    settings: Settings, limits: Limits | None = None, policy: ShopPolicy | None = None, **changes: Any
) -> Front:
    """A front that soon loses patience with Rasa."""
    values = {"patience": Patience(connect=0.5, call=1.5, tries=2.0), **changes}
    return Front(settings, Rules(limits or Limits(), policy or ShopPolicy()), **values)


@contextmanager
def running(front: Front) -> Iterator[httpx.Client]:
    """Serve a front in a thread; gives a client of it."""
    port = front.settings.port
    config = uvicorn.Config(
        create_app(front=front), "127.0.0.1", port, log_config=None, ws="none", timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    listening = socket.create_server(("127.0.0.1", port))  # a client that comes early waits in its queue
    thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
    thread.start()
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30, trust_env=False) as client:
            _wait_until_live(client)
            yield client
    finally:
        server.should_exit = True
        thread.join(20)
        listening.close()


class FrontProcess:
    """A front in a process of its own, by the command that runs it in production."""

    def __init__(self, settings: Settings, log: Path) -> None:
        self._settings = settings
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None
        self.client = httpx.Client(base_url=f"http://127.0.0.1:{settings.port}", timeout=30, trust_env=False)

    def start(self) -> None:
        """Start it and wait until it answers."""
        port = str(self._settings.port)
        app = ["--factory", "doorstep.front.app:create_app", "--ws", "none", "--port", port]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "uvicorn", *app], env=self._environment(), stdout=log, stderr=log
            )
        _wait_until_live(self.client)

    def kill(self) -> None:
        """End it at once, as a crash would."""
        assert self._process is not None
        self._process.kill()
        self._process.wait(10)

    def close(self) -> None:
        """End it if it still runs."""
        self.client.close()
        if self._process is not None and self._process.poll() is None:
            self.kill()

    def _environment(self) -> Mapping[str, str]:
        settings, place = self._settings, self._settings.chatwoot
        chatwoot = {} if place is None else {
            "DOORSTEP_DESK": "chatwoot",
            "DOORSTEP_CHATWOOT_URL": place.url,
            "DOORSTEP_CHATWOOT_ACCOUNT": str(place.account),
            "DOORSTEP_CHATWOOT_INBOX": str(place.inbox),
            "DOORSTEP_CHATWOOT_TOKEN": place.token,
            "DOORSTEP_CHATWOOT_WEBHOOK_SECRET": place.webhook_secret,
        }  # fmt: skip
        return {
            **os.environ,
            **chatwoot,
            "DOORSTEP_DATABASE_URL": settings.database_url,
            "DOORSTEP_PORT": str(settings.port),
            "DOORSTEP_RASA_PORT": str(settings.rasa_port),
            "DOORSTEP_SECRET": settings.secret,
            "DOORSTEP_DATA_DIR": str(settings.data_dir),
        }


def _wait_until_live(client: httpx.Client) -> None:
    with httpx.Client(
        base_url=client.base_url, transport=httpx.HTTPTransport(retries=6), timeout=30, trust_env=False
    ) as patient:
        assert patient.get("/health/live").json() == {"status": "ok"}
