"""The demo orders: one for each thing that can happen to an order, placed relative to today.

They are kept in `demo_data/`, as an import file with days in place of dates, and go into the database by the same
import as a seller's own orders.
"""

from __future__ import annotations

import json
import re
from datetime import datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from ruamel.yaml import YAML
from sqlalchemy.engine import Engine

from doorstep.imports import import_text

DATA = Path(__file__).with_name("demo_data")
ORDER_FILES = ("delivered", "on_the_way", "held", "not_shipped")

_TIME = re.compile(r"(-?\d+)d (\d\d):(\d\d) ([A-Z]\w+/\w+)")


class DemoError(Exception):
    """The demo data does not fit the import; the message says where."""


def orders(today: datetime) -> dict[str, Any]:
    """The demo orders and products as an import document, as they stand on the day of `today` (an aware time)."""
    if today.tzinfo is None:
        raise ValueError("the demo orders need a time with a time zone")
    found = [{name: value for name, value in order.items() if name != "what"} for order in _data()]
    document = {"shop": "default", "products": _read("products"), "orders": found}
    dated: dict[str, Any] = _dated(document, today)
    return dated


def load(engine: Engine, now: datetime) -> int:
    """Put the demo orders into the database and give their count. Raises DemoError when one does not fit."""
    report = import_text(engine, json.dumps(orders(now)))
    if report.problems:
        raise DemoError("\n".join(map(str, report.problems)))
    return report.counts.new + report.counts.changed + report.counts.unchanged


def listing() -> list[dict[str, str]]:
    """What to try: each demo order's `number`, either proof (`email`, `postcode`), and `what` is the matter with it.

    The shop's own numbers come first.
    """
    listed = [
        {
            "number": order["number"],
            "email": order["buyer"]["email"],
            "postcode": order["ship_to"]["postcode"],
            "what": order["what"],
        }
        for order in _data()
    ]
    return sorted(listed, key=lambda one: (len(one["number"]), one["number"]))


def _data() -> list[dict[str, Any]]:
    return [order for name in ORDER_FILES for order in _read(name)]


@cache
def _read(name: str) -> list[dict[str, Any]]:
    read: list[dict[str, Any]] = YAML(typ="safe", pure=True).load((DATA / f"{name}.yml").read_text(encoding="utf-8"))
    return read


def _dated(value: Any, today: datetime) -> Any:
    if isinstance(value, list):
        return [_dated(item, today) for item in value]
    if isinstance(value, dict):
        return {name: _dated(item, today) for name, item in value.items()}
    found = _TIME.fullmatch(value) if isinstance(value, str) else None
    if not found:
        return value
    zone = ZoneInfo(found[4])
    day = today.astimezone(zone).date() - timedelta(days=int(found[1]))
    return datetime.combine(day, time(int(found[2]), int(found[3])), zone).isoformat()
