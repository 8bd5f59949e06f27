"""The command `doorstep preview`, as it is typed; what it does is in `doorstep.commands.preview`."""

from __future__ import annotations

import sys
from datetime import datetime
from typing import Annotated

import typer


def preview(  # noqa: PLR0917 - typer knows them by name
    number: Annotated[str, typer.Argument(metavar="ORDER", help="The order's number.")],
    says: Annotated[str, typer.Option("--says", help="What the buyer writes.")] = "",
    wish: Annotated[
        list[str] | None, typer.Option("--wish", help="What is wanted, in place of --says: customs/refuse.")
    ] = None,
    language: Annotated[str, typer.Option("--language", help="The buyer's: en, de … (else by the words).")] = "",
    shop: Annotated[str, typer.Option("--shop", help="Where several shops have such an order.")] = "",
    on: Annotated[
        datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="As if it were that day in the shop.")
    ] = None,
) -> None:
    """Show what a buyer would be told about an order today, and what would follow. Nothing is changed."""
    from rich.console import Console

    from doorstep.commands import preview as preview_command
    from doorstep.policy import shop as shop_policy
    from doorstep.preview import PreviewError
    from doorstep.processes.errors import CannotStart
    from doorstep.processes.training import MODELS
    from doorstep.processes.up import read_settings

    request = preview_command.Request(number, says, tuple(wish or ()), language, shop, on.date() if on else None)
    try:
        settings = read_settings()
        policy = shop_policy.load(settings.policy_file)
        preview_command.show(settings, policy, request, Console(), MODELS)
    except (CannotStart, shop_policy.PolicyError, PreviewError) as error:
        print(error, file=sys.stderr)
        raise typer.Exit(1) from error
