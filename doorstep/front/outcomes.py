"""Decides how a buyer's message ends: answered, queued for a person, or apologised for. Nothing is read or written.

Who owns the conversation is asked twice, before Rasa and after it, because an action or a person may have
taken it meanwhile; a reply of the assistant must not come in between once a person has it.
"""

from __future__ import annotations

from dataclasses import dataclass

from doorstep.replies.values import Choice, Hours, Reply
from doorstep.storage.conversations import AGENT, ASSISTANT, CLOSED, QUEUE
from doorstep.storage.messages import ANSWERED, APOLOGISED, QUEUED, Outgoing

RESUME_INTENT = "resume_assistant"  # taken by the front itself; Rasa never hears of it
RESUME_PAYLOAD = f"/{RESUME_INTENT}"
TECHNICAL = "technical"  # the reason of a hand-over for which nobody asked
SMALL_TALK = {"utter_thank", "utter_goodbye", "utter_greet"}  # answers after which a closed conversation stays closed


@dataclass(frozen=True)
class Ending:
    """How a message ends: its outcome, Rasa's replies or a notice to be worded, and a new owner if it changes."""

    outcome: str
    replies: tuple[Outgoing, ...] = ()
    notice: Reply | None = None
    owner: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Answer:
    """What came of asking Rasa: replies, or the kind of trouble that kept them away.

    `said` names the replies that are Rasa's own, which need no action.
    """

    replies: tuple[Outgoing, ...] = ()
    trouble: str = ""
    said: tuple[str, ...] = ()

    @property
    def is_small_talk(self) -> bool:
        """Whether it only greets, thanks or says goodbye."""
        return len(self.said) == len(self.replies) and SMALL_TALK.issuperset(self.said)


def before_asking(owner: str, payload: str, asked_before: bool, answer_within_hours: int) -> Ending | None:
    """The ending of a message that Rasa is not asked about; None when it is to be asked.

    A message without words is a photo, of which Rasa could make nothing. One that was asked about before a crash
    is asked about again whoever owns the conversation now: Rasa's channel knows it and repeats what it said, which
    may have been the hand-over itself.
    """
    if payload == RESUME_PAYLOAD:
        return Ending(QUEUED) if owner == AGENT else Ending(ANSWERED, notice=_back(), owner=ASSISTANT)
    if not payload and owner in (ASSISTANT, CLOSED):
        return Ending(ANSWERED, notice=Reply("notice_photo_received"))
    if asked_before or owner in (ASSISTANT, CLOSED):
        return None
    return Ending(QUEUED) if owner == AGENT else Ending(QUEUED, notice=_passed_on(answer_within_hours))


def after_asking(owner: str, answer: Answer, answer_within_hours: int, *, had_person: bool = False) -> Ending:
    """The ending of a message that Rasa was asked about, by who owns the conversation now.

    `had_person` when somebody has had it since Rasa was asked: they have read the message, and what Rasa says of it is
    old. A closed conversation is the assistant's again, unless the buyer only thanked.
    """
    if owner == AGENT or had_person:
        return Ending(QUEUED)
    if answer.replies:
        opens = owner == CLOSED and not answer.is_small_talk
        ending = QUEUED if owner == QUEUE else ANSWERED
        return Ending(ending, answer.replies, owner=ASSISTANT if opens else "")
    if owner == QUEUE:
        return Ending(QUEUED, notice=_passed_on(answer_within_hours))
    return Ending(APOLOGISED, notice=_apology(answer_within_hours), owner=QUEUE, reason=TECHNICAL)


def _passed_on(hours: int) -> Reply:
    values = {"answer_within_hours": Hours(hours)}
    return Reply("notice_passed_on", values, [Choice("choice_stay_assistant", RESUME_INTENT)])


def _apology(hours: int) -> Reply:
    values = {"answer_within_hours": Hours(hours)}
    return Reply("apology_technical", values, [Choice("choice_resume_assistant", RESUME_INTENT)])


def _back() -> Reply:
    return Reply("notice_back_with_assistant")
