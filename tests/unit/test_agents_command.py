"""`doorstep agents …` as a person types it, and what a start says while there is nobody."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path

import pytest
from sqlalchemy.engine import Engine
from typer.testing import CliRunner, Result

from doorstep import cli
from doorstep.people.agents import LEAD, Agent
from doorstep.people.passwords import Passwords
from doorstep.processes.up import desk_line
from doorstep.settings import ROOT, Settings
from doorstep.storage import agents, sign_in_tries
from doorstep.storage.engine import reading, writing
from doorstep.storage.ownership import By
from tests.storage.at_the_desk import AtTheDesk

GOOD, OTHER = "six words nobody says twice", "another six words for a password"
LOGIN = "anna@shop.example"


@pytest.fixture(autouse=True)
def terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A wide one; a command of ours makes its files private, and the tests after these should not."""
    monkeypatch.setenv("COLUMNS", "160")
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.fixture
def data_dir(sqlite_engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where sqlite_engine has its file."""
    monkeypatch.setenv("DOORSTEP_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("DOORSTEP_SECRET", "a secret of the tests")
    return tmp_path


@pytest.fixture
def anna(data_dir: Path) -> None:
    done = run("add", LOGIN, "--name", "Anna", "--password-stdin", typed=f"{GOOD}\n")
    assert (done.exit_code, done.stdout) == (0, f"Anna can sign in at the desk as {LOGIN}.\n")


def run(*arguments: str, typed: str = "") -> Result:
    done = CliRunner().invoke(cli.app, ["agents", *arguments], input=typed)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done


def refusal(*arguments: str, typed: str = "") -> str:
    """What a command that must fail says, in a line."""
    done = run(*arguments, typed=typed)
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1
    return done.stderr


def fits(engine: Engine, password: str, login: str = LOGIN) -> bool:
    with reading(engine) as connection:
        return Passwords().fits(password, agents.password_hash(connection, login))


# -- who there is --------------------------------------------------------------------------


def test_somebody_is_added_with_all_that_was_said_of_them(data_dir: Path, sqlite_engine: Engine) -> None:
    said = ("--role", "lead", "--shop", "de", "--team", "logistics", "--language", "zh", "--generate")
    assert run("add", " LiNa@Shop.Example ", "--name", " 李娜 ", *said).exit_code == 0
    with reading(sqlite_engine) as connection:
        (listed,) = agents.list_all(connection)
    expected = Agent(listed.agent.id, "de", "lina@shop.example", "李娜", LEAD, "logistics", "zh")
    assert listed == agents.Listed(expected, listed.created_at, None)


def test_the_list_shows_everybody_as_they_are(anna: None) -> None:
    run("add", "bea", "--name", "[red]Bea[/red]", "--role", "lead", "--shop", "de", "--team", "care", "--generate")
    run("disable", "bea")
    rows = [[cell.strip() for cell in line.strip("│").split("│")] for line in run("list").stdout.splitlines()]
    today = f"{datetime.now(timezone.utc):%Y-%m-%d}"
    assert [LOGIN, "Anna", "agent", "all", "all", "en", today, "yes"] in rows
    (bea,) = (row for row in rows if row[0] == "bea")
    assert bea[:7] == ["bea", "[red]Bea[/red]", "lead", "de", "care", "en", today]
    assert bea[7].startswith(f"no, since {today}")


def test_no_password_and_no_hash_is_listed_and_nobody_says_how_to_add_somebody(data_dir: Path) -> None:
    assert run("list").stdout == (
        'There is nobody yet. Add somebody: doorstep agents add you@shop.example --name "Your name"\n'
    )
    run("add", LOGIN, "--name", "Anna", "--password-stdin", typed=f"{GOOD}\n")
    shown = run("list").stdout
    assert GOOD not in shown
    assert "argon2" not in shown


def test_the_login_is_shown_whole_in_a_narrow_terminal(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    login = "a.rather.long.name@help.shop.example"
    run("add", login, "--name", "Anna", "--generate")
    monkeypatch.setenv("COLUMNS", "80")
    assert login in run("list").stdout


def test_a_disabled_agent_gets_in_again_by_a_reset(anna: None, sqlite_engine: Engine) -> None:
    told = run("disable", LOGIN.upper()).stdout
    assert "cannot sign in" in told
    assert f"doorstep agents reset {LOGIN}" in told
    assert not fits(sqlite_engine, GOOD)
    assert run("reset", LOGIN, "--password-stdin", typed=f"{OTHER}\r\n").exit_code == 0
    assert fits(sqlite_engine, OTHER)
    assert not fits(sqlite_engine, GOOD)


def test_a_reset_lifts_the_lock_of_wrong_tries(anna: None, data_dir: Path, sqlite_engine: Engine) -> None:
    key = sign_in_tries.key_of(Settings("", "", 1, 1, 1, "a secret of the tests", data_dir, data_dir), LOGIN)
    now = datetime.now(timezone.utc)
    with writing(sqlite_engine) as connection:
        for _ in range(6):
            sign_in_tries.begin(connection, key, "a", now)
    run("reset", LOGIN, "--generate")
    with reading(sqlite_engine) as connection:
        assert sign_in_tries.blocked_until(connection, key, "a", now) is None


# -- passwords -----------------------------------------------------------------------------


@pytest.mark.parametrize("command", [("add", "bea", "--name", "Bea"), ("reset", LOGIN)], ids=lambda given: given[0])
def test_a_made_password_is_shown_once_and_is_the_one_kept(
    anna: None, data_dir: Path, sqlite_engine: Engine, command: tuple[str, ...]
) -> None:
    shown = run(*command, "--generate").stdout
    password = shown.splitlines()[0].removeprefix("The password, shown this once: ")
    assert fits(sqlite_engine, password, command[1])
    assert shown.count(password) == 1
    assert password not in run("list").stdout
    assert not [file for file in data_dir.iterdir() if file.is_file() and password.encode() in file.read_bytes()]


def test_a_terminal_is_asked_twice_and_shows_nothing_of_it(data_dir: Path, sqlite_engine: Engine) -> None:
    shown = _on_a_terminal(["add", LOGIN, "--name", "Anna"], [GOOD, OTHER, GOOD, GOOD])
    assert "The two entered values do not match" in shown
    assert f"Anna can sign in at the desk as {LOGIN}." in shown
    assert GOOD not in shown
    assert fits(sqlite_engine, GOOD)


def _on_a_terminal(arguments: list[str], typed: list[str]) -> str:
    """Type an answer after each question; gives what the terminal showed."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "doorstep.cli", "agents", *arguments]
    program = subprocess.Popen(command, cwd=ROOT, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True)
    os.close(theirs)
    shown = b""
    try:
        while said := _read(ours):
            shown += said
            if shown.endswith(b": ") and typed:
                os.write(ours, typed.pop(0).encode() + b"\n")
    finally:
        os.close(ours)
        program.kill()
        program.wait(20)
    return shown.decode()


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # nobody is at the other end any more
        return b""


# -- what is refused -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("add", LOGIN, "--name", "X"), f"doorstep agents reset {LOGIN}\n"),
        (("add", "bea", "--name", "Bea", "--team", "sales"), "shop_policy.yml: the teams are care, logistics."),
        (("add", "bea", "--name", "Bea", "--role", "boss"), "the roles are agent and lead."),
        (("add", "bea", "--name", "Bea", "--language", "it"), "it speaks en, zh, es, pt, fr, de, ru."),
        (("add", "bea b", "--name", "Bea"), "a word without spaces"),
        (("add", "bea", "--name", " "), "The name is what buyers read"),
        (("add", "bea", "--name", "Bea", "--shop", "x" * 65), "at most 64 characters"),
        (("add", "bea", "--name", "Bea", "--generate"), "Take one of --generate and --password-stdin."),
        (("disable", "bea"), "`doorstep agents list`"),
        (("reset", "bea"), "`doorstep agents list`"),
    ],
    ids=lambda given: " ".join(given) if isinstance(given, tuple) else "",
)
def test_what_cannot_be_done_is_told_in_a_line_with_the_mend(
    anna: None, sqlite_engine: Engine, arguments: tuple[str, ...], told: str
) -> None:
    piped = () if arguments[0] == "disable" else ("--password-stdin",)
    assert told in refusal(*arguments, *piped, typed=f"{OTHER}\n")
    with reading(sqlite_engine) as connection:
        assert [each.agent.login for each in agents.list_all(connection)] == [LOGIN]
    assert fits(sqlite_engine, GOOD)


@pytest.mark.parametrize("typed", ["", "\n", "short\n", f"{LOGIN}\n", "aaaaaaaaaaaaaaaa\n"])
def test_a_password_that_is_easy_to_guess_changes_nothing(anna: None, sqlite_engine: Engine, typed: str) -> None:
    assert refusal("reset", LOGIN, "--password-stdin", typed=typed).startswith("The password ")
    assert fits(sqlite_engine, GOOD)


def test_without_a_terminal_the_other_ways_to_give_a_password_are_named(data_dir: Path) -> None:
    told = refusal("add", LOGIN, "--name", "Anna", typed=f"{GOOD}\n")
    assert "--generate" in told
    assert "--password-stdin" in told


# -- the start -----------------------------------------------------------------------------


def test_a_start_tells_how_to_add_somebody_until_there_is_somebody(data_dir: Path, sqlite_engine: Engine) -> None:
    url = str(sqlite_engine.url)
    here = Settings(url, "0.0.0.0", 8080, 1, 2, "", data_dir, data_dir, public_url="http://0.0.0.0:8080")
    nobody = (
        "Nobody can sign in at http://127.0.0.1:8080/desk yet. "
        'Add somebody: doorstep agents add you@shop.example --name "Your name"'
    )
    assert desk_line(here) == nobody
    run("add", LOGIN, "--name", "Anna", "--generate")
    assert desk_line(here) == "People answer buyers at http://127.0.0.1:8080/desk"
    run("disable", LOGIN)
    assert desk_line(here) == nobody


def test_a_start_names_the_desk_as_the_shops_people_reach_it(anna: None, data_dir: Path, sqlite_engine: Engine) -> None:
    url, public = str(sqlite_engine.url), "https://help.shop.example"
    there = Settings(url, "127.0.0.1", 8080, 1, 2, "", data_dir, data_dir, public_url=public)
    assert desk_line(there) == "People answer buyers at https://help.shop.example/desk"


def test_what_somebody_has_goes_back_into_the_queue_when_they_may_not_sign_in_any_more(
    anna: None, sqlite_engine: Engine
) -> None:
    at = AtTheDesk(sqlite_engine)
    waiting = at.waits()
    with reading(sqlite_engine) as connection:
        (listed,) = agents.list_all(connection)
    at.do(at.desk.claim, waiting, By("Anna", listed.agent.id))

    assert "back into the queue: 1" in run("disable", LOGIN).stdout
    assert at.found(waiting).owner == "queue"
