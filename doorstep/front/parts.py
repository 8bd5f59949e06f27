"""What a front is made of: built once per app, reached by the routes through `front_of(request)`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import aiohttp
from sqlalchemy.engine import Engine
from starlette.requests import Request

from doorstep import settings as settings_module
from doorstep.adapters.desks.chatwoot_desk import ChatwootDesk
from doorstep.desk.port import OtherDesk
from doorstep.desk.telling import Words
from doorstep.desk.work import Desk
from doorstep.front.asking import Asking
from doorstep.front.clock import Clock
from doorstep.front.database import Database
from doorstep.front.desk_link import DeskLink, Pace
from doorstep.front.hub import Hub
from doorstep.front.limits import MessageLimits
from doorstep.front.metrics import Metrics
from doorstep.front.minder import Minder
from doorstep.front.rasa_client import Patience, RasaClient
from doorstep.front.tokens import Session, SessionTokens
from doorstep.front.worker import Worker, front_name
from doorstep.policy import shop as shop_policy
from doorstep.policy.shop import ShopPolicy
from doorstep.ports import SystemClock
from doorstep.replies.catalogue import Catalogue
from doorstep.returns.links import path_of
from doorstep.settings import ROOT, Settings
from doorstep.storage.engine import make_engine
from doorstep.unasked.keeper import Keeper


@dataclass(frozen=True)
class Rules:
    """What the front needs of the shop's policy; `keeper` by the whole of it, None where nothing is said first."""

    messages: MessageLimits
    policy: ShopPolicy
    keeper: Keeper | None = None


@dataclass
class Front:
    """One front. Nothing is opened before `start`."""

    settings: Settings
    rules: Rules
    patience: Patience = field(default_factory=Patience)
    now: Callable[[], datetime] = field(default_factory=lambda: SystemClock().now)
    words: Words = field(default_factory=lambda: Catalogue(ROOT / "replies"))
    metrics: Metrics = field(default_factory=Metrics)
    engine: Engine = field(init=False)
    database: Database = field(init=False)
    tokens: SessionTokens = field(init=False)
    hub: Hub = field(init=False)
    rasa: RasaClient = field(init=False)
    actions: aiohttp.ClientSession = field(init=False)
    worker: Worker = field(init=False)
    desk: Desk = field(init=False)
    minder: Minder = field(init=False)
    clock: Clock | None = field(init=False, default=None)
    link: DeskLink | None = field(init=False, default=None)
    pace: Pace = field(default_factory=Pace)

    async def start(self) -> None:
        """Open what is needed and begin to work the inbox. Must run on the event loop that serves."""
        settings = self.settings
        self.engine = make_engine(settings.database_url)
        self.database = Database(self.engine)
        self.tokens = SessionTokens(settings.key("session"))
        self.hub = Hub(self.database)
        self.desk = Desk(self.rules.policy, self.words, self._page_of)
        self.rasa = RasaClient(f"http://127.0.0.1:{settings.rasa_port}", settings.key("rasa-channel"), self.patience)
        self.actions = aiohttp.ClientSession(f"http://127.0.0.1:{settings.actions_port}")
        self.worker = Worker(
            front_name(settings.host, settings.port),
            self.database,
            Asking(self.rasa, self.patience, self.metrics.rasa_trouble),
            self.hub,
            self.metrics,
            desk=self.desk,
            now=self.now,
        )
        self.worker.start()
        self.minder = Minder(self.desk, self.database, self.hub, self.now)
        self.minder.start()
        if settings.chatwoot:
            self.link = self._link_to(ChatwootDesk(settings.chatwoot, seconds=self.pace.answer))
            self.link.start()
        if self.rules.keeper:
            self.clock = Clock(self.rules.keeper, self.database, self.hub, self.now)
            self.clock.start()
        self._watch = asyncio.create_task(self.hub.watch())

    async def stop(self) -> None:
        """End what `start` began."""
        self.hub.close()
        if self.clock:
            await self.clock.stop()
        if self.link:
            await self.link.stop()
        await self.minder.stop()
        await self.worker.stop()
        self._watch.cancel()
        await asyncio.gather(self._watch, return_exceptions=True)
        await self.rasa.close()
        await self.actions.close()
        self.database.close()
        self.engine.dispose()

    def _link_to(self, other: OtherDesk) -> DeskLink:
        name, uploads = front_name(self.settings.host, self.settings.port), self.settings.data_dir / "uploads"
        return DeskLink(
            name,
            other,
            self.desk,
            database=self.database,
            hub=self.hub,
            metrics=self.metrics,
            now=self.now,
            uploads=uploads,
            pace=self.pace,
        )

    def _page_of(self, number: str) -> str:
        return self.settings.public_url + path_of(number, self.settings.fingerprint)

    def session(self, request: Request) -> Session:
        """The session of a request. Raises ApiError (401)."""
        return self.tokens.read(request.headers.get("authorization", ""), self.now())


def build(settings: Settings | None = None) -> Front:
    """A front by the settings and the shop's policy. Raises SettingsError, PolicyError."""
    settings = settings or settings_module.load()
    policy = shop_policy.load(settings.policy_file)
    words = Catalogue(ROOT / "replies")
    rules = Rules(policy.messages, policy, Keeper(policy, words) if policy.notices.on else None)
    return Front(settings, rules, now=SystemClock(settings.clock_file).now, words=words)


def front_of(request: Request) -> Front:
    """The front that serves this request."""
    front: Front = request.app.state.front
    return front
