"""`doorstep followups`: what is watched for each order, when its buyer hears of it next, and what they were told."""

from __future__ import annotations

from datetime import datetime

from rich.console import Console
from rich.table import Table
from rich.text import Text
from sqlalchemy.engine import Engine

from doorstep.storage.engine import reading
from doorstep.storage.followups import Watched, followups_of

_WORDS = {
    "no_way": "no way to reach the buyer",
    "stopped": "the buyer stopped the messages",
    "person": "waits: a person has the conversation",
}


def show(engine: Engine, console: Console, now: datetime, number: str = "", every: bool = False) -> None:
    """List what is planned, the next first; with `every` also what was told, and what was not and why."""
    with reading(engine) as connection:
        watched = followups_of(connection, number, every)
    table = Table("when (UTC)", "order", "what", "about", "state", title=f"Watched, as of {now:%Y-%m-%d %H:%M} UTC")
    for one in watched:
        table.add_row(f"{one.at:%Y-%m-%d %H:%M}", one.order_number, one.kind, Text(one.subject), _state(one))
    console.print(table)


def _state(one: Watched) -> str:
    if one.state == "planned":
        return _WORDS.get(one.hindrance, "planned")
    return f"{one.state}: {one.why}" if one.why else one.state
