"""`doorstep todo`: what people have to do, and `--done` for what the shop has carried out."""

from __future__ import annotations

from datetime import datetime

from rich.console import Console
from rich.table import Table
from rich.text import Text
from sqlalchemy.engine import Engine

from doorstep.policy.shop import ShopPolicy
from doorstep.storage import todo
from doorstep.storage.engine import reading, writing


def show(engine: Engine, policy: ShopPolicy, console: Console, now: datetime) -> None:
    """List the conversations that wait for a person, the shop's tasks, and the promises by their date."""
    with reading(engine) as connection:
        waiting, promises = todo.waiting_for_person(connection, policy, now), todo.open_promises(connection)
        tasks = todo.open_tasks(connection)
    columns = ("tier", "mood", "since (UTC)", "deadline (UTC)", "risk", "team", "why", "conversation")
    queue = Table(*columns, title="Waiting for a person, in this order")
    for each in waiting:
        deadline = f"{each.deadline:%Y-%m-%d}" if each.deadline else ""
        since, risk = f"{each.since:%Y-%m-%d %H:%M}", str(each.risk or "")
        queue.add_row(each.tier, each.mood, since, deadline, risk, each.team, each.reason, each.conversation_id)
    work = Table("id", "since (UTC)", "order", "task", "with", title="For the shop to do (doorstep todo --done ID)")
    for task in tasks:
        note = Text("\n".join(f"{name}: {value}" for name, value in task.note.items() if value))
        work.add_row(str(task.id), f"{task.made_at:%Y-%m-%d %H:%M}", task.order_number, task.kind, note)
    dates = Table("by (UTC)", "order", "promise", "buyer's choice", "conversation", title="Promised")
    for promise in promises:
        due = f"{promise.due_at:%Y-%m-%d %H:%M}"
        dates.add_row(due, promise.order_number, promise.kind, promise.remedy, promise.conversation_id)
    for table in (queue, work, dates):
        console.print(table)


def done(engine: Engine, task_id: int, now: datetime) -> str:
    """Note that the shop has carried a task out; gives what to tell. Raises `todo.NoSuchTask`."""
    with writing(engine) as connection:
        task = todo.mark_done(connection, task_id, now)
    return f"Done: {task.kind} for order {task.order_number}."
