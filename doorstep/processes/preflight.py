"""What must be right before anything is started; each check raises CannotStart with what to do about it."""

from __future__ import annotations

import errno
import fcntl
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from doorstep.processes.errors import CannotStart
from doorstep.settings import ROOT, Settings

FREE_BYTES = 300_000_000
LOOPBACK = "127.0.0.1"


def check_policy(settings: Settings) -> tuple[str, ...]:
    """The seller's rules can be read; gives what may have been forgotten in them, one line each."""
    from doorstep.policy import shop as shop_policy

    try:
        return shop_policy.read(settings.policy_file).hints
    except shop_policy.PolicyError as error:
        raise CannotStart(str(error)) from error
    except OSError as error:
        raise CannotStart(f"The shop's policy {settings.policy_file} cannot be read: {error.strerror}.") from error


def check_replies(folder: Path = ROOT / "replies") -> None:
    """The words of every language can be read, and there are English ones to fall back on."""
    from doorstep.replies.catalogue import FALLBACK_LANGUAGE, Catalogue, WordsError

    try:
        catalogue = Catalogue(folder)
        for language in catalogue.languages():
            catalogue.names(language)
    except WordsError as error:
        raise CannotStart(str(error)) from error
    except OSError as error:
        raise CannotStart(f"The replies in {folder} cannot be read: {error.strerror}.") from error
    if not catalogue.names(FALLBACK_LANGUAGE):
        raise CannotStart(f"There are no replies in {folder / FALLBACK_LANGUAGE}.")


def check_ports(settings: Settings) -> None:
    """The three ports are different and free."""
    wanted = [
        ("DOORSTEP_PORT", settings.host, settings.port),
        ("DOORSTEP_RASA_PORT", LOOPBACK, settings.rasa_port),
        ("DOORSTEP_ACTIONS_PORT", LOOPBACK, settings.actions_port),
    ]
    taken: dict[int, str] = {}
    for variable, host, port in wanted:
        if port in taken:
            raise CannotStart(f"{taken[port]} and {variable} are both {port}: set one of them to another port.")
        taken[port] = variable
        _check_port(variable, host, port)


def _check_port(variable: str, host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except socket.gaierror:
            raise CannotStart(f"DOORSTEP_HOST is {host!r}: expected an address of this machine.") from None
        except OSError as error:
            raise CannotStart(_port_trouble(error, variable, host, port)) from error


def _port_trouble(error: OSError, variable: str, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is in use: stop the program that uses it, or set {variable} to another port."
    if error.errno == errno.EADDRNOTAVAIL:
        return f"DOORSTEP_HOST is {host!r}: expected an address of this machine."
    return f"Port {port} cannot be used ({error.strerror}): set {variable} to another port."


def check_data_dir(data_dir: Path) -> None:
    """The data directory can be written to and has room."""
    probe = data_dir / ".write-test"
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        raise CannotStart(f"DOORSTEP_DATA_DIR {data_dir} cannot be written to: {error.strerror}.") from error
    free = shutil.disk_usage(data_dir).free
    if free < FREE_BYTES:
        raise CannotStart(
            f"{data_dir} has {free // 1_000_000} MB free and Doorstep needs {FREE_BYTES // 1_000_000} MB: "
            "make room, or set DOORSTEP_DATA_DIR to another place."
        )


@contextmanager
def sole_user(data_dir: Path) -> Iterator[None]:
    """Hold the data directory for one `doorstep up` at a time."""
    run = data_dir / "run"
    run.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (run / "lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise CannotStart(
                f"Doorstep is already running with the data in {data_dir}: stop it, or set DOORSTEP_DATA_DIR."
            ) from None
        yield


def prepare_database(settings: Settings, demo: bool) -> bool:
    """Bring the tables up to date; with `demo`, put the demo orders into an empty shop. Whether it did the latter."""
    from doorstep.storage import migrate

    try:
        migrate.upgrade(settings.database_url)
        return demo and load_demo(settings)
    except migrate.MigrationError as error:
        raise CannotStart(str(error)) from error
    except (SQLAlchemyError, OSError) as error:
        raise CannotStart(_database_trouble(settings.database_url, error)) from error


def load_demo(settings: Settings) -> bool:
    """Put the demo orders into the database unless there are orders already. Whether it did."""
    from doorstep import demo
    from doorstep.storage.engine import make_engine, reading
    from doorstep.storage.tables import orders

    engine = make_engine(settings.database_url)
    try:
        with reading(engine) as connection:
            if connection.execute(select(func.count()).select_from(orders)).scalar_one():
                return False
        demo.load(engine, datetime.now(timezone.utc))
        return True
    finally:
        engine.dispose()


def _database_trouble(url: str, error: Exception) -> str:
    try:
        shown = make_url(url).render_as_string(hide_password=True)
    except SQLAlchemyError:
        return "DOORSTEP_DATABASE_URL cannot be read: expected something like postgresql://user@host/name."
    reason = str(getattr(error, "orig", None) or error).strip().splitlines()
    return f"The database {shown} cannot be used: {reason[0] if reason else type(error).__name__}"
