"""Evidence that cannot be changed unnoticed: entries of which each holds the hash of the one before.

Pure: what an entry says, how it is hashed, and what is wrong with a chain. `doorstep.storage.evidence` keeps them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timezone
from decimal import Decimal
from typing import Any

from doorstep.orders import Order
from doorstep.parcels import Parcel

FIRST = "0" * 64  # what the first entry holds in place of a hash before it

# kinds
ORDER = "order"  # the order as it stood
PACKING = "packing"  # the photos taken when a parcel was packed
PARCEL = "parcel"  # a parcel's history as it was seen
MESSAGE = "message"  # what was written, by either side
PHOTO = "photo"  # a photo or video that the buyer sent
REPLY = "reply"  # what the rules answered, by name and values
OFFER = "offer"
TAKEN = "taken"  # an option of an offer that the buyer took
PROMISE = "promise"
TASK = "task"  # something the shop has to do
HANDOVER = "handover"  # a person takes over
CASE = "case"  # where the case stands
KINDS = (ORDER, PACKING, PARCEL, MESSAGE, PHOTO, REPLY, OFFER, TAKEN, PROMISE, TASK, HANDOVER, CASE)


@dataclass(frozen=True)
class Note:
    """Something to put into evidence. One of the same kind and `id` that says the same as the last is not put in again.

    With an `id` of "" it is put in each time.
    """

    kind: str
    id: str
    content: Mapping[str, Any]

    @property
    def text(self) -> str:
        """What is hashed and kept."""
        return canonical({**self.content, "id": self.id})


@dataclass(frozen=True)
class Entry:
    """One entry of a chain as it is kept. `at` is a time in UTC as `stamp` writes it, `content` canonical JSON."""

    position: int
    at: str
    kind: str
    content: str
    previous: str
    hash: str

    @property
    def facts(self) -> dict[str, Any]:
        """The content as data."""
        facts: dict[str, Any] = json.loads(self.content)
        return facts

    @property
    def is_whole(self) -> bool:
        """Whether nothing of it was changed since it was hashed."""
        return self.hash == hash_of(self.previous, self.position, self.at, self.kind, self.content)


def stamp(at: datetime) -> str:
    """An aware time as text: in UTC, with microseconds."""
    return at.astimezone(timezone.utc).isoformat(timespec="microseconds")


def canonical(content: Any) -> str:
    """The one way to write content down as JSON: sorted names, no spaces, times in ISO 8601, amounts as text.

    Raises TypeError for what JSON has no word for, ValueError for a number that is none.
    """
    text = json.dumps(
        content, default=_plain, sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(",", ":")
    )
    return text.encode("utf-8", "replace").decode("utf-8")  # half a surrogate pair is stored by no database


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"a {type(value).__name__} cannot be put into evidence")


def hash_of(previous: str, position: int, at: str, kind: str, content: str) -> str:
    """SHA-256, in hex, of the five parts with a line break between each two. The first four hold none themselves."""
    parts = "\n".join((previous, str(position), at, kind, content))
    return hashlib.sha256(parts.encode("utf-8", "surrogatepass")).hexdigest()


def appended(chain: Sequence[Entry], notes: Sequence[Note], now: datetime) -> tuple[Entry, ...]:
    """The entries that notes add to a chain at `now`: those that say something new."""
    latest = {(entry.kind, entry.facts["id"]): entry.content for entry in chain}
    position, previous = (chain[-1].position, chain[-1].hash) if chain else (0, FIRST)
    added: list[Entry] = []
    for note in notes:
        if note.id and latest.get((note.kind, note.id)) == note.text:
            continue
        latest[(note.kind, note.id)] = note.text
        position += 1
        entry = (position, stamp(now), note.kind, note.text)
        added.append(Entry(*entry, previous, previous := hash_of(previous, *entry)))
    return tuple(added)


def problems(chain: Sequence[Entry]) -> list[str]:
    """What is wrong with a chain, a line each: "entry 7 (offer) was changed", "entry 5 is missing". Empty when whole.

    That entries at its end are missing, or that all of it was made anew, only its last hash shows, kept elsewhere.
    """
    found: list[str] = []
    expected, before = 1, FIRST
    for entry in chain:
        if not entry.is_whole:
            kind = f" ({entry.kind})" if entry.kind in KINDS else ""
            found.append(f"entry {expected}{kind} was changed")
            expected, before = expected + 1, ""
            continue
        if entry.position > expected:
            found += missing(expected, entry.position - 1)
            before = ""
        elif entry.position < expected:
            found.append(f"entry {entry.position} ({entry.kind}) is in the wrong place, or there twice")
            continue
        if before and entry.previous != before:
            found.append(f"entry {entry.position} ({entry.kind}) does not follow the one before: one was replaced")
        expected, before = entry.position + 1, entry.hash
    return found


def missing(first: int, last: int) -> list[str]:
    """How it is told that entries from `first` to `last` are missing; nothing when there are none."""
    if last < first:
        return []
    return [f"entry {first} is missing" if first == last else f"entries {first} to {last} are missing"]


# -- what is put in --------------------------------------------------------------------------


def order_note(order: Order) -> Note:
    """The order as it stands: with the buyer's name, e-mail and address, which arbitration asks for."""
    lines = [
        {"sku": line.sku, "title": line.title, "quantity": line.quantity, "unit_price": line.unit_price,
         "options": dict(line.options)}
        for line in order.lines
    ]  # fmt: skip
    names = ("number", "marketplace", "placed_at", "paid_at", "cancelled_at", "confirmed_at", "currency")
    content = {name: getattr(order, name) for name in names}
    content |= {"total": f"{order.total:.2f}", "lines": lines, "ship_to": asdict(order.ship_to)}
    return Note(ORDER, order.number, {**content, "buyer": {"name": order.buyer.name, "email": order.buyer.email}})


def parcel_notes(order: Order) -> list[Note]:
    """Each parcel with its history as it is seen now, and the photos of its packing where there are any."""
    notes: list[Note] = []
    for parcel in order.parcels:
        if parcel.packing_photos:
            notes.append(Note(PACKING, str(parcel.id), {"photos": list(parcel.packing_photos)}))
        notes.append(Note(PARCEL, str(parcel.id), _parcel(parcel)))
    return notes


def _parcel(parcel: Parcel) -> dict[str, Any]:
    scans = [{name: value for name, value in asdict(scan).items() if value not in (None, "")} for scan in parcel.scans]
    names = ("carrier", "service", "tracking_number", "shipped_at", "skus")
    return {name: getattr(parcel, name) for name in names} | {"scans": scans}
