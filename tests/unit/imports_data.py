"""An import document with defaults, for the tests of the import."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sqlalchemy.engine import Engine

from doorstep.imports import ImportReport, import_file
from doorstep.orders import Order
from doorstep.storage.engine import reading
from doorstep.storage.orders import Orders


def order_value(number: str = "1001", **changes: Any) -> dict[str, Any]:
    """One order as in a JSON export; a change to None leaves the key out."""
    value: dict[str, Any] = {
        "number": number,
        "placed_at": "2025-06-01T10:00:00+08:00",
        "paid_at": "2025-06-01T10:05:00+08:00",
        "currency": "USD",
        "total": "24.50",
        "buyer": {"name": "Ana Souza", "email": "ana@example.com"},
        "ship_to": {
            "name": "Ana Souza",
            "line1": "Rua A 1",
            "city": "São Paulo",
            "postcode": "01304-001",
            "country": "BR",
        },
        "lines": [{"sku": "A", "title": "Lamp", "quantity": 1, "unit_price": "24.50"}],
    }
    return {name: item for name, item in (value | changes).items() if item is not None}


def document(*orders: Any, **more: Any) -> str:
    """The text of a JSON export, one key or value on each line."""
    return json.dumps({"orders": list(orders), **more}, indent=1, ensure_ascii=False)


def imported(engine: Engine, text: str | bytes, directory: Path, shop: str | None = None) -> ImportReport:
    """Import a text as the file export.txt."""
    file = directory / "export.txt"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return import_file(engine, file, shop)


def reasons(report: ImportReport) -> list[str]:
    """The problems as the command line shows them."""
    return [str(problem) for problem in report.problems]


def stored(engine: Engine, number: str = "1001", shop: str = "default") -> Order:
    """The stored order of a number."""
    with reading(engine) as connection:
        found = Orders(connection).find(shop, number)
    assert found is not None
    return found
