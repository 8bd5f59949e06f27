"""`doorstep review`: shows the messages that were not understood, and teaches or dismisses one of them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from babel import Locale
from rich.console import Console
from rich.table import Table
from rich.text import Text
from sqlalchemy.engine import Connection, Engine

from doorstep import phrases
from doorstep.reviews import CORRECTED, HANDED_OVER, HIGHEST_ID, REFUSED
from doorstep.storage import reviews
from doorstep.storage.engine import reading, writing
from doorstep.storage.reviews import DISMISSED, LABELLED, OPEN, Review

OUTCOMES = {REFUSED: "no answer", CORRECTED: "the buyer chose", HANDED_OVER: "went to a person"}


class ReviewError(Exception):
    """What was asked for cannot be done; the message says why."""


def show(engine: Engine, console: Console, most: int) -> None:
    """Print the newest open messages by language, newest last."""
    with reading(engine) as connection:
        found, count = reviews.newest_open(connection, most), reviews.count_open(connection)
    if not found:
        console.print("Nothing is left to review.")
        return
    for table in _tables(found):
        console.print(table)
    if count > len(found):
        console.print(f"Not shown are {count - len(found)} older: --most {count} shows all.", highlight=False)
    console.print("Teach one:   doorstep review --label ID INTENT", highlight=False)
    console.print("Leave it be: doorstep review --dismiss ID", highlight=False)


def label(engine: Engine, root: Path, review_id: int, intent: str) -> str:
    """Write a message into the NLU data as an example of an intent, and mark it; gives what to tell.

    Raises ReviewError, or PhrasesError when the text cannot be taken.
    """
    with writing(engine) as connection:
        review = _find_open(connection, review_id)
        try:
            file, example = phrases.teach(root, review.language, intent, review.text)
        except OSError as error:
            raise ReviewError(f"{error.filename} cannot be written: {error.strerror}.") from error
        reviews.settle(connection, review_id, LABELLED, intent)
    return f"{file.relative_to(root)}: {example}\nWhen you have labelled the last one: doorstep train"


def dismiss(engine: Engine, review_id: int) -> str:
    """Mark a message as one that teaches nothing; gives what to tell. Raises ReviewError."""
    with writing(engine) as connection:
        _find_open(connection, review_id)
        reviews.settle(connection, review_id, DISMISSED)
    return f"Message {review_id} is dismissed."


def _find_open(connection: Connection, review_id: int) -> Review:
    review = reviews.find(connection, review_id) if review_id <= HIGHEST_ID else None
    if review is None:
        raise ReviewError(f"There is no message {review_id} to review: `doorstep review` lists those that are open.")
    if review.status != OPEN:
        as_what = f" as {review.label}" if review.label else ""
        raise ReviewError(f"Message {review_id} is {review.status}{as_what} already.")
    return review


def _tables(found: list[Review]) -> Iterator[Table]:
    for language, same in groupby(sorted(found, key=lambda review: review.language), lambda review: review.language):
        name = Locale.parse(language).get_display_name("en")
        table = Table("id", "at (UTC)", "message", "read as", "what came of it", title=f"{name} ({language})")
        for review in same:
            # Texts are put in as they are: Rich would take a buyer's brackets for its own marks.
            cells = (review.text, _thought(review), _outcome(review))
            table.add_row(str(review.id), f"{review.created_at:%Y-%m-%d %H:%M}", *map(Text, cells))
        yield table


def _thought(review: Review) -> str:
    if not review.intent:
        return "nothing"
    first = f"{review.intent} ({review.confidence:.2f})"
    return f"{first}, {review.second_intent}" if review.second_intent else first


def _outcome(review: Review) -> str:
    outcome = OUTCOMES[review.reason]
    return f"{outcome} {review.choice}" if review.reason == CORRECTED else outcome
