"""The columns of an import file in CSV, as they follow from `schema.json`: names with dots, a prefix for each list."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from doorstep.imports.report import FileRefusedError, Path
from doorstep.imports.validate import schema
from doorstep.imports.words import did_you_mean

Group = Literal["order", "line", "parcel", "event", "product"]
OPTION = "line.options."
BETWEEN = "|"  # between the parts of a cell that holds several


@dataclass(frozen=True)
class Column:
    """A column: which group it belongs to, where its value goes inside the group, and what kind of value it is."""

    group: Group
    path: tuple[str, ...]
    kind: str = "string"
    required: bool = False

    def value(self, cell: str) -> Any:
        """The cell as the schema wants it; a cell that is not of its kind stays a text, for the check to name."""
        if self.kind == "integer" and cell.isascii() and cell.isdigit():
            return int(cell)
        if self.kind == "boolean":
            return {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}.get(
                cell.lower(), cell
            )
        if self.kind == "array":
            return [part.strip() for part in cell.split(BETWEEN) if part.strip()]
        return cell


@cache
def known() -> dict[str, Column]:
    """Every column by its name; besides these, line.options.<name> takes any name."""
    order = schema("order")
    line = order["properties"]["lines"]["items"]
    parcel = order["properties"]["parcels"]["items"]
    event = parcel["properties"]["events"]["items"]
    found = {".".join(column.path): column for column in _columns("order", order)}
    groups: list[tuple[Group, dict[str, Any]]] = [("line", line), ("parcel", parcel), ("event", event)]
    for group, node in [*groups, ("product", schema("product"))]:
        found |= {".".join((group, *column.path)): column for column in _columns(group, node)}
    return found


def columns(header: list[str]) -> list[Column]:
    """The column of each name in the first line. Raises FileRefusedError naming what is unknown, twice or missing."""
    found = []
    for name in header:
        column = known().get(name)
        if column is None and name.startswith(OPTION) and name != OPTION:
            column = Column("line", ("options", name.removeprefix(OPTION)))
        if column is None:
            raise FileRefusedError(1, f"there is no column {name!r}; {did_you_mean(name, known())}")
        if header.count(name) > 1:
            raise FileRefusedError(1, f"the column {name!r} is there twice")
        found.append(column)
    groups = {column.group for column in found}
    needed: set[Group] = {"order", "line"} if groups != {"product"} else {"product"}
    needed |= groups | ({"parcel"} if "event" in groups else set())
    missing = [name for name, column in known().items() if column.required and column.group in needed]
    missing = [name for name in missing if name not in header]
    if missing:
        raise FileRefusedError(1, f"missing columns: {', '.join(missing)}")
    return found


def column_name(kind: Literal["order", "product"], path: Path) -> str:
    """The column of a place inside an order or product: ("parcels", 0, "events", 1, "at") is event.at."""
    names = [part for part in path if not isinstance(part, int)]
    if kind == "product":
        return ".".join(("product", *names))
    for lead, prefix in ((["parcels", "events"], "event"), (["parcels"], "parcel"), (["lines"], "line")):
        if names[: len(lead)] == lead:
            return ".".join((prefix, *names[len(lead) :]))
    return ".".join(names)


def _columns(group: Group, node: dict[str, Any], path: tuple[str, ...] = (), needed: bool = True) -> Iterator[Column]:
    for name, item in node["properties"].items():
        required = needed and name in node.get("required", ())
        kind = item.get("type", "string")
        if kind == "object" and "properties" in item:
            yield from _columns(group, item, (*path, name), required)
        elif kind != "object" and item.get("items", {}).get("type") != "object":
            yield Column(group, (*path, name), kind, required)
