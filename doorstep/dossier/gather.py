"""Gathers what a dossier holds: the case, its chain brought up to date, and the photos of the data folder."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Connection, Engine

from doorstep import disputes, evidence
from doorstep.cases import Case
from doorstep.evidence import Entry
from doorstep.orders import Order
from doorstep.policy.shop import ShopPolicy
from doorstep.storage import conversations
from doorstep.storage.cases import Cases
from doorstep.storage.commitments import Commitments
from doorstep.storage.engine import writing
from doorstep.storage.evidence import Evidence
from doorstep.storage.orders import Orders
from doorstep.storage.tables import cases

THERE, MISSING, CHANGED = "there", "missing", "changed"
_BLOCK = 1 << 20
_ENDINGS = {
    "image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp", "image/gif": ".gif", "image/heic": ".heic",
    "video/mp4": ".mp4", "video/quicktime": ".mov", "video/webm": ".webm",
}  # fmt: skip


class DossierError(Exception):
    """A dossier cannot be made or read; the message says why and what helps."""


@dataclass(frozen=True)
class Photo:
    """A photo or video of the chain. `state` says whether its file is still there and the one that was sent."""

    name: str
    media_type: str
    size: int
    sha256: str
    at: datetime
    file: Path
    state: str

    @property
    def member(self) -> str:
        """Its name in the ZIP."""
        return f"files/{self.sha256}{_ENDINGS.get(self.media_type, '.bin')}"


@dataclass(frozen=True)
class Dossier:
    """One case with all that is known of it, in the language it is to be shown in. Times are aware."""

    case: Case
    order: Order
    shop: str
    entries: tuple[Entry, ...]
    photos: tuple[Photo, ...]
    answer_by: datetime
    open_until: datetime
    language: str
    made_at: datetime

    @property
    def dispute(self) -> str:
        """The marketplace's type of dispute, or ""."""
        return disputes.dispute_type(self.case)

    @property
    def last_hash(self) -> str:
        """What stands for the whole chain."""
        return self.entries[-1].hash

    def of_kind(self, *kinds: str) -> Iterator[Entry]:
        """The entries of some kinds, oldest first."""
        return (entry for entry in self.entries if entry.kind in kinds)


def gather(engine: Engine, policy: ShopPolicy, data_dir: Path, number: str, *, language: str, now: datetime) -> Dossier:
    """The dossier of a case, its chain brought up to date first; `language` "" is the conversation's own.

    Raises DossierError for a case that is not known.
    """
    with writing(engine) as connection:
        case, order_id, conversation_id = _find(connection, number)
        Commitments(connection).lock(order_id)
        order = Orders(connection).get(order_id)
        if order is None:  # deleted between the two reads
            raise unknown(number)
        Evidence(connection).catch_up(case, order, now)
        entries = Evidence(connection).chain(case.id)
        spoken = conversations.find(connection, conversation_id)
    policy = policy.for_(order.shop, order.ship_to.country)
    photos = tuple(_photo(entry.facts, data_dir) for entry in entries if entry.kind == evidence.PHOTO)
    return Dossier(
        case,
        order,
        policy.shop.name,
        entries,
        photos,
        disputes.answer_by(case.opened_at or now, order.marketplace, policy),
        disputes.can_be_opened_until(order, case, policy),
        language or (spoken.language if spoken else "en"),
        now,
    )


def unknown(number: str) -> DossierError:
    """The error for a case that is not known."""
    return DossierError(f"There is no case {number}. `doorstep disputes` lists those that are open.")


def _find(connection: Connection, number: str) -> tuple[Case, int, str]:
    for tried in (number.strip(), number.strip().upper()):
        case = Cases(connection).find(tried)
        if case:
            query = select(cases.c.order_id, cases.c.conversation_id).where(cases.c.id == case.id)
            row = connection.execute(query).one()
            return case, int(row.order_id), str(row.conversation_id)
    raise unknown(number)


def _photo(facts: dict[str, Any], data_dir: Path) -> Photo:
    file = data_dir / "uploads" / str(facts["conversation"]) / str(facts["id"])
    try:
        state = THERE if sha256_of(file) == facts["sha256"] else CHANGED
    except OSError:
        state = MISSING
    at = datetime.fromisoformat(facts["at"])
    return Photo(facts["name"], facts["media_type"], facts["size"], facts["sha256"], at, file, state)


def sha256_of(file: Path) -> str:
    """The SHA-256 of a file, in hex. Raises OSError."""
    digest = hashlib.sha256()
    with file.open("rb") as handle:
        while block := handle.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()
