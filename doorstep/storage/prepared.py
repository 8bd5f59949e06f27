"""Statements that are compiled once for each kind of database and run on its driver: the few that every turn needs.

SQLAlchemy writes their SQL and converts the values both ways, as always. What is left out is what it does around each
execution, which takes several times as long as such a statement. All other statements go through
`Connection.execute`.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.engine import Connection
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.exc import DBAPIError


class Prepared:
    """A statement in which everything that changes is a `bindparam`; of an insert, `columns` are.

    Run it inside a transaction. Raises the DBAPIErrors of `Connection.execute`.
    """

    def __init__(self, statement: Any, columns: Sequence[str] = (), *, many: bool = False) -> None:
        self._statement = statement
        self._options = {"column_keys": columns or None, "for_executemany": many}
        self._compiled: dict[str, _Compiled] = {}

    def all(self, connection: Connection, **values: Any) -> list[Any]:
        """The rows of a query, as named tuples."""
        compiled = self._for(connection)
        return compiled.rows(on_driver(connection, compiled.sql, compiled.bound(values)))

    def first(self, connection: Connection, **values: Any) -> Any:
        """The first row of a query, or None."""
        rows = self.all(connection, **values)
        return rows[0] if rows else None

    def run(self, connection: Connection, **values: Any) -> int:
        """Run an update; gives the number of rows that fitted."""
        compiled = self._for(connection)
        return int(on_driver(connection, compiled.sql, compiled.bound(values)).rowcount)

    def insert(self, connection: Connection, **values: Any) -> int:
        """Insert one row into a table whose key is a number that the database makes; gives the key."""
        compiled = self._for(connection)
        cursor = on_driver(connection, compiled.sql, compiled.bound(values))
        return int(cursor.fetchone()[0] if compiled.returns_key else cursor.lastrowid)

    def insert_all(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Insert rows; the statement was made for `many`."""
        compiled = self._for(connection)
        on_driver(connection, compiled.sql, [compiled.bound(row) for row in rows], many=True)

    def _for(self, connection: Connection) -> _Compiled:
        dialect = connection.dialect
        found = self._compiled.get(dialect.name)
        if found is None:
            found = self._compiled[dialect.name] = _Compiled(self._statement, dialect, self._options)
        return found


class _Compiled:
    """One statement in the SQL of one kind of database, and how its values are converted."""

    def __init__(self, statement: Any, dialect: Dialect, options: Mapping[str, Any]) -> None:
        compiled = statement.compile(dialect=dialect, **options)
        self.sql = str(compiled)
        self.returns_key = bool(compiled.returning)
        self._order = compiled.positiontup if compiled.positional else None
        to_driver = {name: _type(bind, dialect).bind_processor(dialect) for name, bind in compiled.binds.items()}
        self._changing = [(name, to_driver[name]) for name, bind in compiled.binds.items() if bind.required]
        self._fixed = {
            name: _converted(bind.effective_value, to_driver[name])
            for name, bind in compiled.binds.items()
            if not bind.required
        }
        columns = list(getattr(statement, "selected_columns", ()))
        self._row = namedtuple("_Row", [column.key for column in columns])  # type: ignore[misc]
        from_driver = [_type(column, dialect).result_processor(dialect, None) for column in columns]
        self._converted = [(place, convert) for place, convert in enumerate(from_driver) if convert]

    def bound(self, values: Mapping[str, Any]) -> Any:
        """The values as the driver wants them."""
        named = dict(self._fixed)
        for name, convert in self._changing:
            named[name] = _converted(values[name], convert)
        return named if self._order is None else [named[name] for name in self._order]

    def rows(self, cursor: Any) -> list[Any]:
        """What the driver gives, converted."""
        made = []
        for cells in map(list, cursor.fetchall()):
            for place, convert in self._converted:
                cells[place] = convert(cells[place])
            made.append(self._row(*cells))
        return made


def on_driver(connection: Connection, sql: str, values: Any = (), *, many: bool = False) -> Any:
    """Run SQL in the driver's own style and give its cursor. Raises DBAPIError as `Connection.execute` does."""
    driver = connection.connection.dbapi_connection
    cursor = driver.cursor()
    try:
        (cursor.executemany if many else cursor.execute)(sql, values)
    except connection.dialect.dbapi.Error as error:
        away = connection.dialect.is_disconnect(error, driver, cursor)
        if away:
            connection.invalidate(error)
        kind = connection.dialect.dbapi.Error
        raise DBAPIError.instance(sql, None, error, kind, True, away, connection.dialect) from error
    return cursor


def _type(element: Any, dialect: Dialect) -> Any:
    return element.type.dialect_impl(dialect)


def _converted(value: Any, convert: Any) -> Any:
    return convert(value) if convert else value
