"""The command `doorstep demo`, as it is typed; what `--queue` does is in `doorstep.commands.demo_queue`."""

from __future__ import annotations

import sys
from typing import Annotated

import typer


def demo(
    queue: Annotated[
        bool, typer.Option("--queue", help="Let five demo buyers write to the running system until they wait.")
    ] = False,
) -> None:
    """Put the demo orders into the database, unless it has orders already; or fill the desk's queue."""
    from doorstep.commands import demo_queue
    from doorstep.processes import preflight
    from doorstep.processes.errors import CannotStart
    from doorstep.processes.up import read_settings

    try:
        settings = read_settings()
        if queue:
            demo_queue.fill(settings, _tell)
            return
        loaded = preflight.prepare_database(settings, demo=True)
    except (CannotStart, demo_queue.DemoQueueError) as error:
        print(error, file=sys.stderr)
        raise typer.Exit(1) from error
    _tell("The demo orders are there." if loaded else "There are orders already; nothing was changed.")


def _tell(line: str) -> None:
    print(line, flush=True)
