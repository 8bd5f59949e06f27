"""What `doorstep todo` shows to the shop's people, and what `--done` tells them."""

from __future__ import annotations

import io

import pytest
from rich.console import Console
from sqlalchemy.engine import Engine

from doorstep.commands import todo as todo_command
from doorstep.settlement import ShopTask
from doorstep.storage.cases import Cases
from doorstep.storage.engine import writing
from doorstep.storage.orders import Orders
from doorstep.storage.todo import NoSuchTask
from tests.builders import NOW, an_order
from tests.telling import a_policy


def _shown(engine: Engine) -> str:
    console = Console(file=io.StringIO(), width=200)
    todo_command.show(engine, a_policy(), console, NOW)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_a_task_is_shown_with_all_it_needs_as_it_was_written_until_it_is_done(engine: Engine) -> None:
    with writing(engine) as connection:
        order_id = Orders(connection).save("default", an_order(number="1004"))
        note = {"address": "[red]Rua Chile 99[/red]", "instead_of": ""}
        Cases(connection).add_task("c", order_id, ShopTask("change_address", note), NOW)
    shown = _shown(engine)
    (row,) = (line for line in shown.splitlines() if "change_address" in line)
    number = row.strip("│┃ ").split()[0]
    assert "1004" in row
    assert "address: [red]Rua Chile 99[/red]" in row
    assert "instead_of" not in shown
    assert todo_command.done(engine, int(number), NOW) == "Done: change_address for order 1004."
    assert "change_address" not in _shown(engine)
    with pytest.raises(NoSuchTask, match="was done on 2025-06-18"):
        todo_command.done(engine, int(number), NOW)
