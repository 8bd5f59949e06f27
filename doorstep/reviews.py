"""Keeps the messages that were not understood, so that the shop's people can teach the assistant from them.

The action server calls `keep` where it does not understand and where a wish is chosen; `doorstep review` shows what
was kept. A message is kept with its numbers and addresses taken out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError

from doorstep.ports import Clock
from doorstep.redaction import net
from doorstep.storage import reviews
from doorstep.storage.engine import writing
from doorstep.storage.reviews import Noted
from doorstep.wishes import PERSON, WISHES

REFUSED, CORRECTED, HANDED_OVER = "refused", "corrected", "handed_over"
NOT_UNDERSTOOD = ("nlu_fallback", "out_of_scope")
LONGEST = 500  # characters
KEPT_FOR = timedelta(days=90)  # unless it was labelled
HIGHEST_ID = 2**31 - 1  # that every database takes
_CUT_MASK = re.compile(r"\[[a-z-]*$")

Message = Mapping[str, Any]  # as Rasa parsed it
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Chosen:
    """What the buyer chose right after a message that was not understood, and what that makes of the message."""

    inbox_id: int
    choice: str
    reason: str


def keep(engine: Engine, clock: Clock, conversation_id: str, heard: Sequence[Message]) -> None:
    """Keep what there is to look at in the buyer's latest message, each message once.

    `heard` are the buyer's messages as Rasa parsed them, oldest first. Trouble with the database is logged and no
    more: what cannot be kept must not cost the buyer the answer.
    """
    found = noticed(heard)
    if found is None:
        return
    now = clock.now()
    try:
        with writing(engine) as connection:
            if isinstance(found, Noted):
                reviews.note(connection, conversation_id, found, now)
                reviews.forget(connection, now - KEPT_FOR)
            else:
                reviews.note_choice(connection, conversation_id, found.inbox_id, found.choice, found.reason)
    except SQLAlchemyError as error:
        log.warning("review.not_kept", conversation=conversation_id, kind=type(error).__name__)


def noticed(heard: Sequence[Message]) -> Noted | Chosen | None:
    """What there is to look at in the latest of a buyer's messages, oldest first; None when it was understood.

    A message in a language that we do not speak is not kept: no example could teach it. One that Rasa could not
    finish is asked again and may be there twice.
    """
    messages = list({message.get("message_id"): message for message in heard}.values())
    latest, before = messages[-1], messages[-2] if len(messages) > 1 else None
    missed_before = before is not None and _intent_of(before) in NOT_UNDERSTOOD
    if str(latest.get("text") or "").startswith("/"):  # a choice; what buyers write never begins with it
        return _chosen(before, _intent_of(latest)) if before is not None and missed_before else None
    inbox_id, metadata = _inbox_id(latest), latest.get("metadata") or {}
    if _intent_of(latest) not in NOT_UNDERSTOOD or inbox_id is None or metadata.get("foreign_language"):
        return None
    ranked = [each for each in latest.get("intent_ranking") or () if each.get("name") != "nlu_fallback"]
    first, second = ([*ranked, {}, {}])[:2]
    return Noted(
        inbox_id,
        str(metadata.get("language") or "en"),
        redacted(str(latest.get("text") or "")),
        str(first.get("name") or ""),
        float(first.get("confidence") or 0.0),
        str(second.get("name") or ""),
        HANDED_OVER if missed_before else REFUSED,
    )


def redacted(text: str) -> str:
    """A text in one line without addresses and numbers, at most LONGEST characters, and no mask cut in two."""
    whole = " ".join(net(text).split())
    return whole if len(whole) <= LONGEST else _CUT_MASK.sub("", whole[:LONGEST]).rstrip()


def _chosen(before: Message, wish: str) -> Chosen | None:
    inbox_id = _inbox_id(before)
    if inbox_id is None or wish not in WISHES:
        return None
    return Chosen(inbox_id, wish, HANDED_OVER if wish == PERSON else CORRECTED)


def _intent_of(message: Message) -> str:
    return str((message.get("intent") or {}).get("name") or "")


def _inbox_id(message: Message) -> int | None:
    """The number under which the front stored a message; in Rasa's shell a message has none."""
    number = str(message.get("message_id") or "")
    return int(number) if number.isdecimal() and int(number) <= HIGHEST_ID else None
