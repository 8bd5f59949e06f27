"""`doorstep brief`, `customers` and `risks`: what a person has to know, on the terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timezone
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text
from sqlalchemy.engine import Connection

from doorstep.people.briefs import Brief, OrderTold
from doorstep.people.customers import LEVELS, count_groups, tier_of
from doorstep.people.risk import Score
from doorstep.policy import shop as shop_policy
from doorstep.policy.shop import ShopPolicy
from doorstep.processes import preflight
from doorstep.processes.up import read_settings
from doorstep.replies.catalogue import FALLBACK_LANGUAGE, Catalogue
from doorstep.replies.values import Reply
from doorstep.settings import ROOT
from doorstep.storage import briefs, customers
from doorstep.storage.engine import make_engine, reading

Show = Callable[[Connection, ShopPolicy, datetime, Console], None]
URGENCY = {1: "now", 2: "today", 3: "in turn"}


class NoConversation(Exception):
    """There is no such conversation; the message says so."""


def run(show: Show) -> None:
    """Read the settings, the policy and the database, and print. Raises CannotStart and NoConversation."""
    settings = read_settings()
    preflight.check_policy(settings)
    preflight.prepare_database(settings, demo=False)
    engine = make_engine(settings.database_url)
    try:
        with reading(engine) as connection:
            show(connection, shop_policy.load(settings.policy_file), datetime.now(timezone.utc), Console())
    finally:
        engine.dispose()


def brief(conversation_id: str) -> Show:
    """Prints the brief of one conversation."""

    def show(connection: Connection, policy: ShopPolicy, now: datetime, console: Console) -> None:
        found = briefs.brief(connection, policy, conversation_id, now)
        if found is None:
            raise NoConversation(f"There is no conversation {conversation_id}: `doorstep todo` lists those that wait.")
        console.print(_facts("Conversation", _head(found)))
        for order in found.orders:
            console.print(_facts(f"Order {order.number}", _order(order)))
            console.print(_history(order))
        console.print(_rows("Offered in this conversation", ("what", "options", "amount", "chosen"), _offers(found)))

    return show


def show_customers(connection: Connection, policy: ShopPolicy, now: datetime, console: Console) -> None:
    """Prints how many customers are in each of the 64 groups, and in each tier."""
    rules = policy.customers
    standings = customers.all_standings(connection, rules, now).values()
    counted = count_groups(standings)
    table = Table("recency", "frequency", *(f"money {level}" for level in LEVELS), title="Customers by group")
    for recency in reversed(LEVELS):
        for frequency in reversed(LEVELS):
            row = [group for group in counted if (group.recency, group.frequency) == (recency, frequency)]
            cells = (f"{counted[group]} ({tier_of(group, rules)})" if counted[group] else "·" for group in row)
            table.add_row(str(recency), str(frequency), *cells)
    console.print(table)
    tiers = Counter(standing.tier for standing in standings)
    rows = ((tier, str(points), str(tiers[tier])) for tier, points in rules.tiers.items())
    console.print(_rows("Tiers", ("tier", "from points", "customers"), rows))
    console.print(f"Customers: {len(standings)}. Levels go from 1 (lowest) to 4.", highlight=False)
    unknown = sorted({code for standing in standings for code in standing.no_rate})
    if unknown:
        console.print(f"Counted as 0, for they have no rate in the policy: {', '.join(unknown)}", highlight=False)


def show_risks(connection: Connection, policy: ShopPolicy, now: datetime, console: Console) -> None:
    """Prints the orders that may end in a dispute, the likeliest first, with the reasons of each score."""
    found = briefs.at_risk(connection, policy, now)
    rows = (
        (str(each.score.points), each.number, each.marketplace, _reasons(each.score), _time(each.deadline),
         each.conversation_id)
        for each in found
    )  # fmt: skip
    head = ("score", "order", "marketplace", "why (points)", "platform's deadline (UTC)", "conversation")
    console.print(_rows("Risk of a dispute, of 100", head, rows))


def _reasons(score: Score) -> str:
    return ", ".join(f"{part.reason} {part.what} ({part.points})".replace("  ", " ") for part in score.parts)


def _head(found: Brief) -> list[tuple[str, str]]:
    words = Catalogue(ROOT / "replies")
    who = found.who
    local = f", {who.local_time:%a %H:%M} there" if who.local_time else ""
    asked = ", ".join(found.wishes)
    return [
        ("who", f"{who.name or 'not known'} ({who.language}, {who.country or '?'}{local})"),
        ("customer", f"{who.tier}, group {who.group}, {who.orders} orders, {who.spent}" if who.tier else "not known"),
        ("counted as 0", ", ".join(who.currencies_without_rate)),
        ("mood", found.mood),
        ("threatens with", ", ".join(found.threats)),
        ("why", words.word(Reply(found.means), FALLBACK_LANGUAGE).text if found.reason else "with the assistant"),
        ("next step", words.word(Reply(found.next_step), FALLBACK_LANGUAGE).text if found.reason else ""),
        ("team", f"{found.team}, {URGENCY[found.urgency]}" if found.reason else ""),
        ("also asked", asked),
        ("note", _joined(found.note)),
        ("owner", f"{found.owner} since {_time(found.since)} UTC"),
        ("photos", ", ".join(f"{photo['name']} ({photo['size']} bytes, {photo['id']})" for photo in found.photos)),
        ("messages", str(found.messages)),
    ]


def _order(order: OrderTold) -> list[tuple[str, str]]:
    return [
        (
            "marketplace",
            f"{order.marketplace}, deadline {_time(order.deadline) if order.deadline else 'not known'} UTC",
        ),
        ("placed", f"{_time(order.placed_at)} UTC, {order.total}{', cancelled' if order.cancelled else ''}"),
        ("items", ", ".join(order.items)),
        ("risk", f"{order.risk} of 100: {', '.join(_part(part) for part in order.risk_parts)}"),
        ("promises", "\n".join(_joined(promise) for promise in order.promises)),
        ("cases", "\n".join(_joined(case) for case in order.cases)),
        ("tasks", "\n".join(_joined(task) for task in order.tasks)),
    ]


def _part(part: Mapping[str, Any]) -> str:
    return " ".join(str(part[name]) for name in ("reason", "what", "points") if part[name])


def _history(order: OrderTold) -> Table:
    rows: list[tuple[str, ...]] = []
    for parcel in order.parcels:
        name = f"{parcel.tracking_number or 'unregistered'} ({parcel.carrier}): {parcel.stage}"
        scans = [(_local(scan["at"]), scan["description"] or scan["status"], scan["location"]) for scan in parcel.scans]
        rows += [(name, *scan) for scan in scans[:1] or [("", "no scan", "")]]
        rows += [("", *scan) for scan in scans[1:]]
    return _rows(f"Parcels of {order.number}", ("parcel", "when (local)", "what", "where"), rows)


def _offers(found: Brief) -> Iterable[tuple[str, ...]]:
    for offer in found.offered:
        yield offer["kind"], ", ".join(offer["options"]), offer["amount"], offer["chosen"] or "nothing yet"


def _facts(title: str, facts: Iterable[tuple[str, str]]) -> Table:
    return _rows(title, ("", ""), (fact for fact in facts if fact[1]))


def _rows(title: str, head: Iterable[str], rows: Iterable[tuple[str, ...]]) -> Table:
    table = Table(*head, title=title)
    for row in rows:
        table.add_row(*map(Text, row))  # as they are: Rich would take a buyer's brackets for its own marks
    return table


def _joined(facts: Mapping[str, Any]) -> str:
    texts = {name: _time(value) if isinstance(value, datetime) else value for name, value in facts.items()}
    return ", ".join(f"{name}: {text}" for name, text in texts.items() if text)


def _time(moment: datetime) -> str:
    return f"{moment.astimezone(timezone.utc):%Y-%m-%d %H:%M}"


def _local(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"
