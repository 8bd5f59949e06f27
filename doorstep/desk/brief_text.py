"""The brief and what was said as plain text, for a desk that shows nothing else. Times are in the shop's zone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from doorstep.desk.telling import Words
from doorstep.people.briefs import Brief, OrderTold, ParcelTold
from doorstep.replies.values import Reply
from doorstep.storage.messages import Shown

LONGEST_PART = 20_000  # characters of one note
URGENCY = {1: "now", 2: "today", 3: "in turn"}
_WHO = {"buyer": "Buyer", "assistant": "Assistant", "agent": "Colleague", "notice": "Shop"}
_TIME = "%d %b %Y %H:%M"


def brief_text(brief: Brief, words: Words, language: str, timezone: str) -> str:
    """All that a person has to know, a fact a line; what is not known is left out.

    Why and what next are worded in `language`; `timezone` is an IANA name.
    """
    zone = ZoneInfo(timezone)
    parts = ["\n".join(_head(brief, words, language, zone))]
    parts += ["\n".join(_order(order, zone)) for order in brief.orders]
    if brief.offered:
        parts.append("\n".join(("Offered:", *(f"- {_joined(each, zone)}" for each in brief.offered))))
    return "\n\n".join(parts)


def transcript_texts(messages: Iterable[Shown], timezone: str, head: str = "") -> list[str]:
    """What was said, a message a line, in parts of at most LONGEST_PART characters; `head` begins the first."""
    zone = ZoneInfo(timezone)
    parts, part = list[str](), head
    for message in messages:
        line = _line(message, zone)[:LONGEST_PART]
        if part and len(part) + len(line) + 1 > LONGEST_PART:
            parts.append(part)
            part = ""
        part = f"{part}\n{line}" if part else line
    return [*parts, part] if part and part != head else parts


def said_text(message: Shown) -> str:
    """A message with what was offered to pick and the names of its files, as one who was not there reads it."""
    offered = " | ".join(choice.label for choice in message.choices)
    files = ", ".join(str(each.get("name", "")) for each in message.attachments)
    extra = [f"[to pick: {offered}]" if offered else "", f"[file: {files}]" if files else ""]
    return "\n".join(filter(None, (message.text, *extra)))


def _line(message: Shown, zone: ZoneInfo) -> str:
    return f"[{message.at.astimezone(zone):{_TIME}}] {_WHO.get(message.sender, message.sender)}: {said_text(message)}"


def _head(brief: Brief, words: Words, language: str, zone: ZoneInfo) -> Iterator[str]:
    who = brief.who
    local = f", {who.local_time:%a %H:%M} there" if who.local_time else ""
    if brief.reason:
        yield f"Why: {words.word(Reply(brief.means), language).text}"
        yield f"Next step: {words.word(Reply(brief.next_step), language).text}"
        yield f"Team: {brief.team}, {URGENCY.get(brief.urgency, 'in turn')}"
    where = ", ".join(filter(None, (f"language {who.language}", who.country)))
    yield f"Buyer: {who.name or 'not known, no order is proven'} ({where}{local})"
    if who.tier:
        yield f"Customer: {who.tier}, {who.orders} orders, {who.spent} (group {who.group})"
    yield f"Mood: {brief.mood}"
    told = {
        "Threatens with": ", ".join(brief.threats),
        "Also asked": ", ".join(brief.wishes),
        "Note": _joined({k: v for k, v in brief.note.items() if k not in ("wishes", "threat")}, zone),
        "Photos": ", ".join(str(photo["name"]) for photo in brief.photos),
    }
    yield from (f"{name}: {text}" for name, text in told.items() if text)


def _order(order: OrderTold, zone: ZoneInfo) -> Iterator[str]:
    cancelled = ", cancelled" if order.cancelled else ""
    yield f"Order {order.number} ({order.marketplace or 'own shop'}), {_time(order.placed_at, zone)}{cancelled}"
    yield f"Total: {order.total}; items: {', '.join(order.items)}"
    for parcel in order.parcels:
        yield from _parcel(parcel, zone)
    yield from _listed("Promises", order.promises, zone)
    yield from _listed("Cases", order.cases, zone)
    yield from _listed("To do", order.tasks, zone)
    if order.deadline:
        yield f"Marketplace's deadline: {_time(order.deadline, zone)}"
    why = ", ".join(f"{part['reason']} {part['what']}".strip() for part in order.risk_parts)
    yield f"Risk of a dispute: {order.risk} of 100" + (f" ({why})" if why else "")


def _parcel(parcel: ParcelTold, zone: ZoneInfo) -> Iterator[str]:
    yield f"Parcel {parcel.tracking_number or 'not registered'} ({parcel.carrier}): {parcel.stage}"
    for scan in parcel.scans:
        place = f", {scan['location']}" if scan["location"] else ""
        duty = f" (duty {scan['due']})" if scan["due"] else ""
        yield f"- {_time(scan['at'], zone)}: {scan['description'] or scan['status']}{place}{duty}"


def _listed(name: str, rows: Sequence[Mapping[str, Any]], zone: ZoneInfo) -> Iterator[str]:
    if rows:
        yield f"{name}:"
    yield from (f"- {_joined(row, zone)}" for row in rows)


def _joined(row: Mapping[str, Any], zone: ZoneInfo) -> str:
    return "; ".join(f"{name}: {_shown(value, zone)}" for name, value in row.items() if value not in ("", None, (), []))


def _shown(value: Any, zone: ZoneInfo) -> str:
    if isinstance(value, datetime):
        return _time(value, zone)
    if isinstance(value, Mapping):
        return _joined(value, zone)
    return ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)


def _time(at: datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).strftime(_TIME)
