"""A scratch PostgreSQL server for the storage tests: its own directory, port and socket, gone afterwards."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.pool import NullPool

UNPRIVILEGED = "postgres"  # PostgreSQL refuses to run as root
ATTEMPTS = 5  # another process may take the port between choosing it and using it


@dataclass(frozen=True)
class Server:
    """A running server; `url(name)` addresses one of its databases."""

    port: int

    def url(self, database: str) -> str:
        return f"postgresql+psycopg2://doorstep@127.0.0.1:{self.port}/{database}"

    def run(self, statement: str) -> None:
        """Run one statement outside any transaction, as CREATE DATABASE wants it."""
        engine = sa.create_engine(self.url("postgres"), future=True, poolclass=NullPool, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(sa.text(statement))


def find_binaries() -> Path | None:
    """The directory of the newest installed server's programs, or None."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if debian:
        return debian[-1].parent
    found = shutil.which("initdb")
    return Path(found).parent if found else None


@contextmanager
def running(binaries: Path) -> Iterator[Server]:
    """Start a server for the block and remove every trace of it afterwards."""
    home = Path(tempfile.mkdtemp(prefix="doorstep-pg-"))
    try:
        if os.geteuid() == 0:
            shutil.chown(home, UNPRIVILEGED)
        data = home / "data"
        _run(binaries / "initdb", "-D", data, "-U", "doorstep", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        port = _started(binaries, home)
        try:
            yield Server(port)
        finally:
            _run(binaries / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _started(binaries: Path, home: Path) -> int:
    for attempt in range(ATTEMPTS):
        port = _free_port()
        options = f"-p {port} -k {home} -c listen_addresses=127.0.0.1 -c fsync=off -c timezone=America/Sao_Paulo"
        try:
            _run(binaries / "pg_ctl", "-D", home / "data", "-l", home / "log", "-o", options, "-w", "-t", "60", "start")
        except subprocess.CalledProcessError:
            if attempt == ATTEMPTS - 1:
                raise
        else:
            return port
    raise AssertionError("unreachable")


def _run(program: Path, *arguments: object) -> None:
    command = [str(program), *map(str, arguments)]
    if os.geteuid() == 0:
        command = ["setpriv", f"--reuid={UNPRIVILEGED}", f"--regid={UNPRIVILEGED}", "--clear-groups", *command]
    # Not piped: the server would inherit the pipe and keep us waiting for its end.
    subprocess.run(command, check=True, cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, timeout=120)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
