"""Takes in what a shop exports: orders and products as JSON (`schema.json`) or CSV, once or every hour.

A file is read (`json_file`, `csv_file`), each order is checked (`validate`), and what is right is stored (`save`).
Importing the same file again changes nothing.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from sqlalchemy.engine import Engine

from doorstep.imports.csv_file import read as read_csv
from doorstep.imports.json_file import read as read_json
from doorstep.imports.report import Counts, FileRefusedError, ImportReport, Problem
from doorstep.imports.save import save
from doorstep.ports import SystemClock

__all__ = ["Counts", "ImportReport", "Problem", "import_file", "import_text"]

LARGEST = 100_000_000  # bytes; a shop's year of orders is far below
DEFAULT_SHOP = "default"
LONGEST_SHOP = 64


def import_file(engine: Engine, path: Path, shop: str | None = None, now: datetime | None = None) -> ImportReport:
    """Store the orders and products of a file; `shop` counts before the shop the file names.

    `now` is when it came in, by the machine's clock unless it is said.

    Mistakes do not raise: each is in the report with its line, and everything else was kept. When the file as a
    whole cannot be used (missing, too large, not UTF-8, broken JSON) the report has that one problem.
    """
    path = Path(path)
    try:
        return import_text(engine, _text(path), shop, now)
    except FileRefusedError as error:
        return ImportReport(problems=[Problem(error.line, path.name, error.reason)])


def import_text(engine: Engine, text: str, shop: str | None = None, now: datetime | None = None) -> ImportReport:
    """Store what a text in JSON or CSV holds. Raises FileRefusedError when the text as a whole cannot be used."""
    start = text.lstrip("\ufeff \t\r\n")[:1]
    if not start:
        raise FileRefusedError(1, "the file is empty")
    document = (read_json if start in "{[" else read_csv)(text.removeprefix("\ufeff"))
    chosen = shop or document.shop or DEFAULT_SHOP
    if len(chosen) > LONGEST_SHOP:
        raise FileRefusedError(1, f"the name of the shop is longer than {LONGEST_SHOP} characters")
    return save(engine, document, chosen, now or SystemClock().now())


def _text(path: Path) -> str:
    try:
        size = path.stat().st_size
        if size > LARGEST:
            mb = LARGEST // 1_000_000
            raise FileRefusedError(1, f"the file has {size / 1e6:.0f} MB; at most {mb} MB are taken at once: split it")
        data = path.read_bytes()
    except OSError as error:
        raise FileRefusedError(1, f"the file cannot be read: {error.strerror}") from error
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise FileRefusedError(1, "the file is in UTF-16; save it as UTF-8 (in Excel: 'CSV UTF-8')")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        byte = f"0x{data[error.start]:02x}"
        raise FileRefusedError(
            line, f"byte {byte} is not UTF-8; save the file as UTF-8 (in Excel: 'CSV UTF-8')"
        ) from error
