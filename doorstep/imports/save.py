"""Checks what a file holds, stores what is right in small batches, and names what is wrong."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy.engine import Engine
from sqlalchemy.exc import DataError, IntegrityError

from doorstep.imports.convert import to_order, to_product
from doorstep.imports.report import Document, Entry, ImportReport
from doorstep.imports.validate import check
from doorstep.imports.words import cleaned, shown
from doorstep.orders import order_key
from doorstep.storage.engine import writing
from doorstep.storage.parcel_news import take_in

BATCH = 200  # short enough that the chat, which shares the database, never waits long for the write lock


def save(engine: Engine, document: Document, shop: str, now: datetime) -> ImportReport:
    """Store the right entries of a document for a shop; the report counts them and names the others."""
    report = ImportReport(problems=list(document.problems))
    seen: dict[tuple[str, str], int] = {}
    entries = _right(document.entries(), report, seen)
    while batch := list(islice(entries, BATCH)):
        try:
            _store(engine, shop, batch, report, now)
        except (DataError, IntegrityError):
            _store_each(engine, shop, batch, report, now)
    report.problems.sort(key=lambda problem: problem.line)
    return report


def _right(entries: Iterable[Entry], report: ImportReport, seen: dict[tuple[str, str], int]) -> Iterator[Entry]:
    """The entries without mistakes, cleaned; the mistakes of the others go to the report."""
    for raw in entries:
        entry = replace(raw, value=_normal(cleaned(raw.value)))
        problems = check(entry)
        if problems:
            report.problems += problems
            continue
        line, _ = entry.place(())
        name = "number" if entry.kind == "order" else "sku"
        key = (entry.kind, order_key(entry.value[name]) if entry.kind == "order" else entry.value[name])
        if key in seen:
            reason = f"{shown(entry.value[name])} was used before, in line {seen[key]}; the first one is kept"
            report.problems.append(entry.problem((name,), reason))
            continue
        seen[key] = line
        yield entry


def _normal(value: Any) -> Any:
    # A buyer's message is brought to the same form before a number is looked for in it.
    if isinstance(value, dict) and isinstance(value.get("number"), str):
        return value | {"number": unicodedata.normalize("NFKC", value["number"])}
    return value


def _store(engine: Engine, shop: str, batch: Sequence[Entry], report: ImportReport, now: datetime) -> None:
    products = [to_product(entry.value) for entry in batch if entry.kind == "product"]
    orders = [to_order(shop, entry.value) for entry in batch if entry.kind == "order"]
    with writing(engine) as connection:
        outcomes = [saved.outcome for saved in take_in(connection, shop, orders, now, products)]
    report.counts.products += len(products)
    report.counts.new += outcomes.count("new")
    report.counts.changed += outcomes.count("changed")
    report.counts.unchanged += outcomes.count("unchanged")


def _store_each(engine: Engine, shop: str, batch: Sequence[Entry], report: ImportReport, now: datetime) -> None:
    """The database refused something of the batch: find out what, and keep the rest."""
    for entry in batch:
        try:
            _store(engine, shop, [entry], report, now)
        except (DataError, IntegrityError) as error:
            reason = str(error.orig).strip().splitlines()[0]
            report.problems.append(entry.problem((), f"the database refused it: {reason}"))
