"""`doorstep disputes`: the cases that a marketplace would call disputes, their deadlines, and their share of orders."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone

from rich.console import Console
from rich.table import Table
from rich.text import Text
from sqlalchemy.engine import Engine

from doorstep.disputes import TYPES, answer_by, counts, dispute_type, reason_of
from doorstep.policy import shop as shop_policy
from doorstep.policy.shop import ShopPolicy
from doorstep.processes import preflight
from doorstep.settings import Settings
from doorstep.storage import disputes as stored
from doorstep.storage.disputes import Reported
from doorstep.storage.engine import make_engine, reading

DEFINITION = (
    "Dispute rate: cases with a type of dispute that were opened in the period, of each 100 orders placed in it.\n"
    "Not counted: cases without a type, such as another address, a cancellation or a change of mind, and parcels that\n"
    "the buyer found after all."
)


def report(settings: Settings, console: Console, days: int) -> None:
    """`doorstep disputes`. Raises CannotStart."""
    preflight.check_policy(settings)
    preflight.prepare_database(settings, demo=False)
    engine = make_engine(settings.database_url)
    try:
        show(engine, shop_policy.load(settings.policy_file), console, days, datetime.now(timezone.utc))
    finally:
        engine.dispose()


def show(engine: Engine, policy: ShopPolicy, console: Console, days: int, now: datetime) -> None:
    """Print the report of the last `days` days; dates are in UTC."""
    since = now - timedelta(days=days)
    with reading(engine) as connection:
        found = stored.reported(connection, since)
        placed = stored.orders_placed(connection, since)
    recent = [each for each in found if each.case.opened_at and each.case.opened_at >= since]
    console.print(_by_type(recent, days))
    console.print(_open(found, policy, now))
    console.print(_rates(recent, placed, days))
    console.print(DEFINITION, highlight=False)
    console.print("The dossier of a case: doorstep dossier CASE", highlight=False)


def _by_type(recent: Sequence[Reported], days: int) -> Table:
    table = Table("dispute", "reason", title=f"Cases opened in the last {days} days")
    for name in ("cases", "still open"):
        table.add_column(name, justify="right")
    count = Counter((dispute_type(each.case), reason_of(each.case)) for each in recent)
    still = Counter((dispute_type(each.case), reason_of(each.case)) for each in recent if each.case.is_open)
    for dispute, reason in sorted(count, key=lambda pair: ([*TYPES, ""].index(pair[0]), pair[1])):
        key = (dispute, reason)
        table.add_row(_words(dispute) or "(no dispute)", Text(_words(reason)), str(count[key]), str(still[key]))
    return table


def _open(found: Sequence[Reported], policy: ShopPolicy, now: datetime) -> Table:
    """The open disputes, the one that has to be answered first on top."""
    table = Table("case", "order", "marketplace", "dispute", "state", "answer by (UTC)", title="Open disputes")
    table.add_column("days left", justify="right")
    due = [
        (answer_by(each.case.opened_at, each.marketplace, policy), each)
        for each in found
        if each.case.is_open and each.case.opened_at and dispute_type(each.case)
    ]
    for by, each in sorted(due, key=lambda pair: (pair[0], pair[1].case.id)):
        cells = (each.case.number, each.order_number, each.marketplace, _words(dispute_type(each.case)))
        table.add_row(*map(Text, cells), each.case.state, f"{by:%Y-%m-%d %H:%M}", _left(by, now))
    return table


def _left(by: datetime, now: datetime) -> str:
    days = (by - now) // timedelta(days=1)
    return "over" if by < now else str(days)


def _rates(recent: Sequence[Reported], placed: dict[str, int], days: int) -> Table:
    table = Table("marketplace", title=f"Dispute rate of the last {days} days")
    for name in ("disputes", "orders placed", "rate"):
        table.add_column(name, justify="right")
    counted = Counter(each.marketplace for each in recent if counts(each.case))
    for name in sorted({*placed, *counted}):
        orders = placed.get(name, 0)
        rate = f"{100 * counted[name] / orders:.1f} %" if orders else "–"
        table.add_row(Text(name), str(counted[name]), str(orders), rate)
    return table


def _words(name: str) -> str:
    return name.replace("_", " ")
