"""`doorstep agents`: who may sign in at the desk; `doorstep.commands.agents_options` has what is typed."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text
from sqlalchemy.engine import Engine

from doorstep.desk import minding
from doorstep.desk.work import Desk
from doorstep.languages import SPOKEN
from doorstep.people.agents import (
    HOW_TO_ADD,
    LEAST_PASSWORD,
    MOST_SHOP,
    ROLES,
    Agent,
    AgentError,
    check_password,
    clean_name,
    new_login,
    normal_login,
)
from doorstep.people.passwords import Passwords, made
from doorstep.policy import shop as shop_policy
from doorstep.processes import preflight
from doorstep.processes.up import read_settings
from doorstep.settings import Settings
from doorstep.storage import agents, ownership, sign_in_tries
from doorstep.storage.engine import make_engine, reading, writing
from doorstep.storage.ownership import By

Tell = Callable[[str], None]


@contextmanager
def opened() -> Iterator[tuple[Settings, Engine]]:
    """The settings, and the database brought up to date. Raises CannotStart."""
    settings = read_settings()
    preflight.prepare_database(settings, demo=False)
    engine = make_engine(settings.database_url)
    try:
        yield settings, engine
    finally:
        engine.dispose()


@dataclass(frozen=True)
class Password:
    """Where a new password comes from: made here and shown once, a line of standard input, or asked for."""

    generate: bool = False
    from_stdin: bool = False

    def get(self, login: str, name: str) -> str:
        """The password. Raises AgentError when it is too easy, or when nobody can be asked."""
        if self.generate and self.from_stdin:
            raise AgentError("Take one of --generate and --password-stdin.")
        if self.generate:
            return made()
        password = self._typed()
        check_password(password, login, name)
        return password

    def tell_made(self, password: str, tell: Tell) -> None:
        """Show a password that was made here; no other is ever shown."""
        if self.generate:
            tell(f"The password, shown this once: {password}")

    def _typed(self) -> str:
        if self.from_stdin:
            return sys.stdin.readline().rstrip("\r\n")
        if not sys.stdin.isatty():
            raise AgentError(
                "There is no terminal to ask for the password on: let one be made with --generate, "
                "or pipe it in with --password-stdin."
            )
        asked = f"Password (at least {LEAST_PASSWORD} characters)"
        return str(typer.prompt(asked, hide_input=True, confirmation_prompt="The same again"))


def wanted(typed: Agent, policy_file: Path) -> Agent:
    """Somebody new as they are kept, from what was typed. Raises AgentError, or PolicyError."""
    teams = shop_policy.load(policy_file).teams
    if typed.role not in ROLES:
        raise AgentError(f"There is no role {typed.role!r}: the roles are {' and '.join(ROLES)}.")
    if typed.team and typed.team not in teams:
        raise AgentError(f"There is no team {typed.team!r} in {policy_file}: the teams are {', '.join(teams)}.")
    if typed.language not in SPOKEN:
        raise AgentError(f"The desk does not speak {typed.language!r}: it speaks {', '.join(SPOKEN)}.")
    shop = typed.shop.strip()
    if len(shop) > MOST_SHOP:
        raise AgentError(f"The shop's name has at most {MOST_SHOP} characters.")
    return replace(typed, shop=shop, login=new_login(typed.login), name=clean_name(typed.name))


def add(engine: Engine, new: Agent, password: Password, now: datetime, tell: Tell) -> None:
    """Keep somebody new, and tell what they can do. Raises AgentError."""
    with reading(engine) as connection:
        if agents.find_by_login(connection, new.login):
            raise agents.LoginTaken(agents.taken(new.login))
    taken = password.get(new.login, new.name)
    password_hash = Passwords().hashed(taken)
    with writing(engine) as connection:
        agents.add(connection, new, password_hash, now)
    password.tell_made(taken, tell)
    tell(f"{new.name} can sign in at the desk as {new.login}.")


def reset(engine: Engine, settings: Settings, login: str, password: Password, tell: Tell) -> None:
    """Give somebody another password, also after they were disabled or locked out. Raises AgentError."""
    with reading(engine) as connection:
        agent = agents.get_by_login(connection, normal_login(login))
    taken = password.get(agent.login, agent.name)
    password_hash = Passwords().hashed(taken)
    with writing(engine) as connection:
        agents.reset(connection, agent.login, password_hash)
        sign_in_tries.forget(connection, sign_in_tries.key_of(settings, agent.login))
    password.tell_made(taken, tell)
    tell(f"{agent.name} can sign in as {agent.login} with the new password, and is signed out everywhere else.")


def disable(engine: Engine, desk: Desk, login: str, now: datetime, tell: Tell) -> None:
    """Let somebody sign in no more; what they have goes back into the queue. Raises AgentError."""
    with writing(engine) as connection:
        agent = agents.disable(connection, normal_login(login), now)
        held = ownership.held_by(connection, agent.id)
        minding.release_all_of(connection, desk, By(agent.name, agent.id), held, now)
    tell(f"{agent.name} is signed out and cannot sign in as {agent.login} any more.")
    if held:
        tell(f"Conversations that went back into the queue: {len(held)}")
    tell(f"To let them in again: doorstep agents reset {agent.login}")


def show(engine: Engine, console: Console) -> None:
    """List everybody, by login."""
    with reading(engine) as connection:
        found = agents.list_all(connection)
    if not found:
        console.print(f"There is nobody yet. Add somebody: {HOW_TO_ADD}", highlight=False, soft_wrap=True)
        return
    table = Table(title="Agents (times in UTC)")
    table.add_column("login", no_wrap=True)  # it is copied into the other commands
    for head in ("name", "role", "shop", "team", "speaks", "since", "may sign in"):
        table.add_column(head)
    for each in found:
        agent, ended = each.agent, each.disabled_at
        cells = (agent.login, agent.name, agent.role, agent.shop or "all", agent.team or "all", agent.language)
        may = f"no, since {ended:%Y-%m-%d %H:%M}" if ended else "yes"
        table.add_row(*map(Text, cells), f"{each.created_at:%Y-%m-%d}", may)
    console.print(table)
