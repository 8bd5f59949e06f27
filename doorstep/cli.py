"""The command line: `up`, `import`, `train`, `review`, `demo`, `todo` and `check`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from doorstep.processes.errors import CannotStart

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,  # a trace with locals would print what buyers wrote
)


@app.callback()
def private() -> None:
    """Buyer self-service for shops that sell across borders."""
    os.umask(0o077)  # the orders, logs and keys that a command writes are nobody else's


def _tell(line: str) -> None:
    print(line, flush=True)


def _fail(error: Exception) -> NoReturn:
    print(error, file=sys.stderr)
    raise typer.Exit(1) from error


@app.command()
def up(demo: Annotated[bool, typer.Option("--demo", help="Put demo orders into an empty database.")] = False) -> None:
    """Check everything, then run all processes until Ctrl-C; one that dies is started again."""
    from doorstep.processes.up import up as start

    try:
        start(demo, _tell)
    except CannotStart as error:
        _fail(error)


@app.command("import")
def import_orders(file: Annotated[Path, typer.Argument(help="JSON or CSV with orders.")]) -> None:
    """Read orders from a file. Right ones are kept, wrong ones are named; exit code 1 when there are any."""
    from doorstep.imports import import_file
    from doorstep.processes import preflight
    from doorstep.processes.up import read_settings
    from doorstep.storage.engine import make_engine

    try:
        settings = read_settings()
        preflight.prepare_database(settings, demo=False)
    except CannotStart as error:
        _fail(error)
    engine = make_engine(settings.database_url)
    try:
        report = import_file(engine, file)
    finally:
        engine.dispose()
    for problem in report.problems:
        print(problem, file=sys.stderr)
    print(report.counts)
    raise typer.Exit(1 if report.problems else 0)


@app.command()
def train(
    force: Annotated[
        bool, typer.Option("--force", help="Train even if nothing has changed; take what understands less, too.")
    ] = False,
) -> None:
    """Train the assistant if its configuration, data or components have changed.

    A new one that understands less of the held-out phrases than the one in use is not taken; exit code 1.
    """
    from doorstep.processes.training import ensure_model

    try:
        model = ensure_model(tell=_tell, force=force)
    except CannotStart as error:
        _fail(error)
    _tell(f"The model is {os.path.relpath(model)}.")


@app.command()
def review(
    label: Annotated[
        tuple[int, str] | None, typer.Option("--label", metavar="ID INTENT", help="Teach this message as an example.")
    ] = None,
    dismiss: Annotated[int | None, typer.Option("--dismiss", metavar="ID", help="Take it off the list.")] = None,
    most: Annotated[int, typer.Option("--most", min=1, help="How many of the newest are shown.")] = 50,
) -> None:
    """List the messages that were not understood, newest last; teach the assistant from one, or dismiss it."""
    from rich.console import Console

    from doorstep import review_command
    from doorstep.phrases import PhrasesError
    from doorstep.processes import preflight
    from doorstep.processes.up import read_settings
    from doorstep.settings import ROOT
    from doorstep.storage.engine import make_engine

    try:
        settings = read_settings()
        preflight.prepare_database(settings, demo=False)
        engine = make_engine(settings.database_url)
        if label is not None:
            _tell(review_command.label(engine, ROOT, *label))
        if dismiss is not None:
            _tell(review_command.dismiss(engine, dismiss))
        if label is None and dismiss is None:
            review_command.show(engine, Console(), most)
    except (CannotStart, review_command.ReviewError, PhrasesError) as error:
        _fail(error)


@app.command()
def demo() -> None:
    """Put the demo orders into the database, unless it has orders already."""
    from doorstep.processes import preflight
    from doorstep.processes.up import read_settings

    try:
        loaded = preflight.prepare_database(read_settings(), demo=True)
    except CannotStart as error:
        _fail(error)
    _tell("The demo orders are there." if loaded else "There are orders already; nothing was changed.")


@app.command()
def todo() -> None:
    """List what people have to do: conversations that wait for them, and promises by their date."""
    from rich.console import Console
    from rich.table import Table

    from doorstep.processes import preflight
    from doorstep.processes.up import read_settings
    from doorstep.storage import todo as left
    from doorstep.storage.engine import make_engine, reading

    try:
        settings = read_settings()
        preflight.prepare_database(settings, demo=False)
    except CannotStart as error:
        _fail(error)
    with reading(make_engine(settings.database_url)) as connection:
        waiting, promises = left.waiting_for_person(connection), left.open_promises(connection)
    queue = Table("since (UTC)", "why", "conversation", title="Waiting for a person")
    for each in waiting:
        queue.add_row(f"{each.since:%Y-%m-%d %H:%M}", each.reason, each.conversation_id)
    dates = Table("by (UTC)", "order", "promise", "buyer's choice", "conversation", title="Promised")
    for promise in promises:
        due = f"{promise.due_at:%Y-%m-%d %H:%M}"
        dates.add_row(due, promise.order_number, promise.kind, promise.remedy, promise.conversation_id)
    console = Console()
    console.print(queue)
    console.print(dates)


@app.command()
def check() -> None:
    """Check the settings, the shop's policy, the replies, and Rasa's domain and data."""
    from doorstep.processes import preflight
    from doorstep.processes.surroundings import child_environment
    from doorstep.processes.up import read_settings
    from doorstep.settings import ROOT

    try:
        preflight.check_policy(read_settings())
        preflight.check_replies()
    except CannotStart as error:
        _fail(error)
    command = [sys.executable, "-m", "rasa", "data", "validate", "--fail-on-warnings"]
    done = subprocess.run(  # noqa: S603 - our own interpreter and arguments
        command, cwd=ROOT, env=child_environment(), stdin=subprocess.DEVNULL, check=False
    )
    raise typer.Exit(done.returncode)


if __name__ == "__main__":
    app()
