"""The command `doorstep followups`, as it is typed; what it does is in `doorstep.commands.followups`."""

from __future__ import annotations

import sys
from typing import Annotated

import typer


def followups(
    number: Annotated[str, typer.Argument(metavar="ORDER", help="Of this order only.")] = "",
    every: Annotated[bool, typer.Option("--all", help="Also what was told, and what was not and why.")] = False,
) -> None:
    """List what is watched for each order, and when its buyer hears of it."""
    from rich.console import Console

    from doorstep.commands.followups import show
    from doorstep.ports import SystemClock
    from doorstep.processes import preflight
    from doorstep.processes.errors import CannotStart
    from doorstep.processes.up import read_settings
    from doorstep.storage.engine import make_engine

    try:
        settings = read_settings()
        preflight.prepare_database(settings, demo=False)
    except CannotStart as error:
        print(error, file=sys.stderr)
        raise typer.Exit(1) from error
    show(make_engine(settings.database_url), Console(), SystemClock(settings.clock_file).now(), number, every)
