"""`doorstep review` as a person types it: the list, a label, a dismissal, and what it refuses."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import insert
from sqlalchemy.engine import Engine
from typer.testing import CliRunner, Result

from doorstep import cli
from doorstep.storage import conversations, reviews, tables
from doorstep.storage.engine import reading, writing
from tests.builders import NOW

EXAMPLES = "nlu:\n  - intent: refund\n    examples: |\n      - money back\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository of its own, with refund's phrases in English."""
    file = tmp_path / "root/data/nlu/en/refund.yml"
    file.parent.mkdir(parents=True)
    file.write_text(EXAMPLES)
    monkeypatch.setattr("doorstep.settings.ROOT", tmp_path / "root")
    return tmp_path / "root"


@pytest.fixture(autouse=True)
def terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A wide one; a command of ours makes its files private, and the tests after these should not."""
    monkeypatch.setenv("COLUMNS", "160")
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.fixture
def command(sqlite_engine: Engine, tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setenv("DOORSTEP_DATA_DIR", str(tmp_path))  # where sqlite_engine has its file
    return CliRunner()


def review(command: CliRunner, *arguments: str) -> Result:
    return command.invoke(cli.app, ["review", *arguments])


def keep(engine: Engine, text: str = "give me it back", language: str = "en", **values: object) -> int:
    """A message kept for review; gives its id."""
    with writing(engine) as connection:
        started = conversations.start(
            connection, shop="default", channel="web", language="en", address="", email_key="", now=NOW
        )
        stored = connection.execute(
            insert(tables.inbox).values(conversation_id=started.id, message_id="1", seq=1, at=NOW, text=text)
        )
        told = {"intent": "refund", "confidence": 0.271, "second_intent": "greet", "reason": "refused", **values}
        row = {"conversation_id": started.id, "inbox_id": stored.inserted_primary_key[0], "created_at": NOW, **told}
        made = connection.execute(insert(tables.reviews).values(language=language, text=text, **row))
        return int(made.inserted_primary_key[0])


def status(engine: Engine, review_id: int) -> tuple[str, str]:
    with reading(engine) as connection:
        found = reviews.find(connection, review_id)
        assert found is not None
        return found.status, found.label


def test_open_messages_are_listed_by_language_newest_last(command: CliRunner, sqlite_engine: Engine) -> None:
    for text, language in [("first", "en"), ("erste", "de"), ("second", "en")]:
        keep(sqlite_engine, text, language)
    shown = review(command).stdout
    places = [shown.index(word) for word in ("German (de)", "erste", "English (en)", "first", "second")]
    assert places == sorted(places)


def test_a_message_is_shown_with_what_it_was_read_as_and_what_came_of_it(
    command: CliRunner, sqlite_engine: Engine
) -> None:
    keep(sqlite_engine, "order [number] [bold]odd", reason="corrected", choice="return_item")
    shown = review(command).stdout
    for cell in ("order [number] [bold]odd", "refund (0.27), greet", "the buyer chose return_item"):
        assert cell in shown


def test_a_message_in_which_nothing_was_read_says_so(command: CliRunner, sqlite_engine: Engine) -> None:
    keep(sqlite_engine, intent="", confidence=0.0, second_intent="", reason="handed_over")
    shown = review(command).stdout
    assert "nothing" in shown
    assert "went to a person" in shown


def test_a_long_list_is_cut_and_says_so(command: CliRunner, sqlite_engine: Engine) -> None:
    for text in ("first", "second", "third"):
        keep(sqlite_engine, text)
    shown = review(command, "--most", "2").stdout
    assert "Not shown are 1 older: --most 3 shows all." in shown
    assert "first" not in shown


def test_an_empty_list_says_so(command: CliRunner) -> None:
    done = review(command)
    assert (done.stdout, done.exit_code) == ("Nothing is left to review.\n", 0)


def test_a_label_writes_the_example_and_takes_the_message_off_the_list(
    command: CliRunner, sqlite_engine: Engine, folder: Path
) -> None:
    kept = keep(sqlite_engine)
    done = review(command, "--label", str(kept), "refund")
    assert (folder / "data/nlu/en/refund.yml").read_text() == EXAMPLES + "      - give me it back\n"
    assert done.stdout.startswith("data/nlu/en/refund.yml: give me it back\n")
    assert (done.exit_code, status(sqlite_engine, kept)) == (0, ("labelled", "refund"))
    assert "give me it back" not in review(command).stdout


def test_a_refused_label_says_why_and_leaves_the_message_open(
    command: CliRunner, sqlite_engine: Engine, folder: Path
) -> None:
    kept = keep(sqlite_engine)
    done = review(command, "--label", str(kept), "refnud")
    assert (folder / "data/nlu/en/refund.yml").read_text() == EXAMPLES
    assert done.stderr == "There is no intent 'refnud'. Those of this language are refund.\n"
    assert (done.exit_code, status(sqlite_engine, kept)) == (1, ("open", ""))


def test_a_file_that_cannot_be_written_is_named_and_the_message_stays_open(
    command: CliRunner, sqlite_engine: Engine, folder: Path
) -> None:
    (folder / "data/nlu/en/.refund.yml.new").mkdir()
    kept = keep(sqlite_engine)
    done = review(command, "--label", str(kept), "refund")
    assert (done.exit_code, status(sqlite_engine, kept)) == (1, ("open", ""))
    assert done.stderr.endswith("refund.yml.new cannot be written: Is a directory.\n")


def test_a_dismissed_message_is_off_the_list_and_teaches_nothing(
    command: CliRunner, sqlite_engine: Engine, folder: Path
) -> None:
    kept = keep(sqlite_engine)
    done = review(command, "--dismiss", str(kept))
    assert (done.exit_code, status(sqlite_engine, kept)) == (0, ("dismissed", ""))
    assert (folder / "data/nlu/en/refund.yml").read_text() == EXAMPLES


@pytest.mark.parametrize("what", [["--label", "99", "refund"], ["--dismiss", "99"], ["--dismiss", str(2**70)]])
def test_a_message_that_is_not_there_is_refused(command: CliRunner, folder: Path, what: list[str]) -> None:
    done = review(command, *what)
    assert (done.exit_code, "There is no message" in done.stderr) == (1, True)
    assert (folder / "data/nlu/en/refund.yml").read_text() == EXAMPLES


@pytest.mark.parametrize("again", [["--label", "{}", "refund"], ["--dismiss", "{}"]])
def test_a_message_is_labelled_once(command: CliRunner, sqlite_engine: Engine, again: list[str]) -> None:
    kept = str(keep(sqlite_engine))
    review(command, "--label", kept, "refund")
    done = review(command, *(word.format(kept) for word in again))
    assert (done.exit_code, done.stderr) == (1, f"Message {kept} is labelled as refund already.\n")
