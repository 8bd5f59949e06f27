"""The commands `doorstep agents …`, as they are typed; what they do is in `doorstep.commands.agents`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,  # a trace with locals would print the password
    help="Who may sign in at the desk, where people answer buyers.",
)

Login = Annotated[str, typer.Argument(metavar="LOGIN", help="An e-mail address, or a word without spaces.")]
Generate = Annotated[bool, typer.Option("--generate", help="Make a password and show it once.")]
FromStdin = Annotated[bool, typer.Option("--password-stdin", help="Take the password from standard input.")]


def _tell(line: str) -> None:
    print(line, flush=True)


@contextmanager
def _told() -> Iterator[None]:
    """Within, what cannot be done is told in a line, with exit code 1."""
    from doorstep.people.agents import AgentError
    from doorstep.processes.errors import CannotStart

    try:
        yield
    except (CannotStart, AgentError) as error:
        print(error, file=sys.stderr)
        raise typer.Exit(1) from error


@app.command()
def add(  # noqa: PLR0917 - typer gives every one by name
    login: Login,
    name: Annotated[str, typer.Option("--name", help="As buyers read it.")],
    role: Annotated[str, typer.Option("--role", help="agent, or lead.")] = "agent",
    shop: Annotated[str, typer.Option("--shop", metavar="NAME", help="Only its conversations; all if left out.")] = "",
    team: Annotated[str, typer.Option("--team", help="One of the policy's; all if left out.")] = "",
    language: Annotated[str, typer.Option("--language", help="Of the desk's own words: en, zh …")] = "en",
    generate: Generate = False,
    password_stdin: FromStdin = False,
) -> None:
    """Add somebody who may sign in. The password is asked for, or made, or read from standard input."""
    from doorstep.commands import agents
    from doorstep.people.agents import Agent
    from doorstep.ports import SystemClock
    from doorstep.processes import preflight

    with _told(), agents.opened() as (settings, engine):
        preflight.check_policy(settings)
        new = agents.wanted(Agent(0, shop, login, name, role, team, language), settings.policy_file)
        now = SystemClock(settings.clock_file).now()
        agents.add(engine, new, agents.Password(generate, password_stdin), now, _tell)


@app.command("list")
def list_all() -> None:
    """List everybody, also those who may not sign in any more."""
    from rich.console import Console

    from doorstep.commands import agents

    with _told(), agents.opened() as (_, engine):
        agents.show(engine, Console())


@app.command()
def disable(login: Login) -> None:
    """Sign somebody out at once, and let them sign in no more."""
    from doorstep.commands import agents
    from doorstep.desk.work import Desk
    from doorstep.policy import shop as shop_policy
    from doorstep.ports import SystemClock
    from doorstep.replies.catalogue import Catalogue
    from doorstep.settings import ROOT

    with _told(), agents.opened() as (settings, engine):
        desk = Desk(shop_policy.load(settings.policy_file), Catalogue(ROOT / "replies"))
        agents.disable(engine, desk, login, SystemClock(settings.clock_file).now(), _tell)


@app.command()
def reset(login: Login, generate: Generate = False, password_stdin: FromStdin = False) -> None:
    """Give somebody another password; lets in again who was disabled, or locked out by wrong tries."""
    from doorstep.commands import agents

    with _told(), agents.opened() as (settings, engine):
        agents.reset(engine, settings, login, agents.Password(generate, password_stdin), _tell)
