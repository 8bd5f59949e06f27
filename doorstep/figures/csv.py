"""Writes a figure's table as CSV that spreadsheet programs open as it is, and of which they run nothing."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from io import StringIO

from doorstep.figures.figure import MINUTES, SHARE, Column, Figure, Value
from doorstep.figures.words import ENGLISH

BOM = "\ufeff"  # without it Excel takes UTF-8 for the code page of the machine
# What a program may take for a formula at the beginning of a cell: owasp.org, "CSV Injection".
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")


def to_csv(figure: Figure, words: Mapping[str, str] = ENGLISH) -> str:
    """The table with a line of titles and one of totals; minutes with one decimal, shares from 0 to 1.

    An empty cell is a value there is nothing to tell from. A text that could be taken for a formula begins with an
    apostrophe. Encode it as UTF-8.
    """
    file = StringIO()
    writer = csv.writer(file)
    writer.writerow(map(safe, (words[f"by_{figure.by}"], *(_title(column, words) for column in figure.columns))))
    for row in figure.rows:
        writer.writerow((safe(row.title(words)), *_cells(figure, row.values)))
    writer.writerow((safe(words["row_total"]), *_cells(figure, figure.total)))
    return BOM + file.getvalue()


def safe(text: str) -> str:
    """A text of which no program makes a formula."""
    return f"'{text}" if text.startswith(_FORMULA) or text.lstrip().startswith(_FORMULA) else text


def _title(column: Column, words: Mapping[str, str]) -> str:
    if column.unit not in (MINUTES, SHARE):
        return column.title
    return words["unit_header"].format(title=column.title, unit=words[f"unit_name_{column.unit}"])


def _cells(figure: Figure, values: tuple[Value, ...]) -> list[str]:
    return [_cell(value, column.unit) for value, column in zip(values, figure.columns, strict=True)]


def _cell(value: Value, unit: str) -> str:
    if value is None:
        return ""
    if isinstance(value, int):
        return str(value)
    return f"{value:.4f}" if unit == SHARE else f"{value:.1f}"
