"""The command line: `doorstep --help` lists the commands."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import datetime, timezone
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from doorstep.commands.agents_options import app as agents
from doorstep.commands.demo_options import demo
from doorstep.commands.followups_options import followups
from doorstep.commands.preview_options import preview
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
    from doorstep.ports import SystemClock
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
        report = import_file(engine, file, now=SystemClock(settings.clock_file).now())
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

    from doorstep.commands import review as review_command
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


app.command()(demo)


@app.command()
def todo(
    done: Annotated[int | None, typer.Option("--done", metavar="ID", help="This task is carried out.")] = None,
) -> None:
    """List what people have to do: conversations that wait for them, tasks of the shop, and promises by their date."""
    from rich.console import Console

    from doorstep.commands import todo as todo_command
    from doorstep.policy import shop as shop_policy
    from doorstep.processes import preflight
    from doorstep.processes.up import read_settings
    from doorstep.storage.engine import make_engine
    from doorstep.storage.todo import NoSuchTask

    now = datetime.now(timezone.utc)
    try:
        settings = read_settings()
        preflight.check_policy(settings)
        preflight.prepare_database(settings, demo=False)
        engine = make_engine(settings.database_url)
        if done is not None:
            _tell(todo_command.done(engine, done, now))
        else:
            todo_command.show(engine, shop_policy.load(settings.policy_file), Console(), now)
    except (CannotStart, NoSuchTask) as error:
        _fail(error)


@app.command()
def brief(conversation: Annotated[str, typer.Argument(help="Its id, as `doorstep todo` lists it.")]) -> None:
    """Show what a person has to know who takes a conversation over."""
    from doorstep.commands import brief as brief_command

    try:
        brief_command.run(brief_command.brief(conversation))
    except (CannotStart, brief_command.NoConversation) as error:
        _fail(error)


@app.command()
def customers() -> None:
    """Count the customers by recency, frequency and money, and by tier."""
    from doorstep.commands import brief as brief_command

    try:
        brief_command.run(brief_command.show_customers)
    except CannotStart as error:
        _fail(error)


@app.command()
def risks() -> None:
    """List the orders that may end in a dispute, the likeliest first, with the reasons."""
    from doorstep.commands import brief as brief_command

    try:
        brief_command.run(brief_command.show_risks)
    except CannotStart as error:
        _fail(error)


@app.command()
def dossier(
    case: Annotated[str, typer.Argument(help="The number of the case, as `doorstep disputes` shows it.")] = "",
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FOLDER", help="Where to; var/dossiers if left out.")
    ] = None,
    language: Annotated[str, typer.Option("--language", help="Of the page, as en; the buyer's if left out.")] = "",
    verify: Annotated[Path | None, typer.Option("--verify", metavar="FILE.zip", help="Check a dossier.")] = None,
) -> None:
    """Write all that is on record about a case, as a page and as a ZIP; or check such a ZIP.

    What was changed in it, or is missing, is named; exit code 1.
    """
    from doorstep.commands import dossier as dossier_command
    from doorstep.dossier.gather import DossierError
    from doorstep.processes.up import read_settings

    try:
        settings = read_settings()
        if verify is not None:
            raise typer.Exit(0 if dossier_command.check_file(settings, verify, _tell) else 1)
        dossier_command.make_files(settings, case, out, language, _tell)
    except (CannotStart, DossierError) as error:
        _fail(error)


@app.command()
def disputes(
    since: Annotated[int, typer.Option("--since", metavar="DAYS", min=1, max=3650, help="How far back.")] = 90,
) -> None:
    """Report the cases by type of dispute, the open ones with their deadlines, and the dispute rate."""
    from rich.console import Console

    from doorstep.commands import disputes as disputes_command
    from doorstep.processes.up import read_settings

    try:
        disputes_command.report(read_settings(), Console(), since)
    except CannotStart as error:
        _fail(error)


@app.command()
def returned(number: Annotated[str, typer.Argument(help="The return's number, such as R-1044-1.")]) -> None:
    """Say that the goods of a return are in: the money, or the other goods, are promised by a date and listed."""
    from doorstep.commands import returned as returned_command
    from doorstep.policy import shop as shop_policy
    from doorstep.ports import SystemClock
    from doorstep.processes import preflight
    from doorstep.processes.up import read_settings
    from doorstep.storage.engine import make_engine

    try:
        settings = read_settings()
        preflight.prepare_database(settings, demo=False)
        policy = shop_policy.load(settings.policy_file)
        _tell(returned_command.arrived(make_engine(settings.database_url), policy, number, SystemClock().now()))
    except (CannotStart, shop_policy.PolicyError, returned_command.ReturnError) as error:
        _fail(error)


app.command()(preview)
app.command()(followups)
app.add_typer(agents, name="agents")


@app.command()
def check() -> None:
    """Check the settings, the shop's policy, the replies, and Rasa's domain and data."""
    from doorstep.processes import preflight
    from doorstep.processes.surroundings import child_environment
    from doorstep.processes.up import read_settings
    from doorstep.settings import ROOT

    try:
        for hint in preflight.check_policy(read_settings()):
            _tell(f"{hint} (allowed)")
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
