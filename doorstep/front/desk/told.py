"""The facts of a conversation in an agent's words: what the brief and the transcript hold as bare names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from doorstep.desk.telling import Words
from doorstep.dossier.words import PROMISE_STATES, STATES, THINGS
from doorstep.facts import carrier_name
from doorstep.front.desk.wording import t
from doorstep.orders import Money
from doorstep.people.handovers import REASONS, reason_of
from doorstep.replies.formats import format_value
from doorstep.replies.values import Country, Reply
from doorstep.storage.desk_view import Change

MOODS = {"calm": "mood_calm", "upset": "mood_upset", "angry": "mood_angry"}
THREATS = {
    "anger": "threat_anger",
    "dispute": "threat_dispute",
    "legal": "threat_legal",
    "police": "threat_police",
    "review": "threat_review",
}
RISKS = {
    "contacts": "risk_contacts",
    "deadline": "risk_deadline",
    "delivered_disputed": "risk_delivered_disputed",
    "late": "risk_late",
    "mood": "risk_mood",
    "promise_overdue": "risk_promise_overdue",
    "threat": "risk_threat",
    "value": "risk_value",
}
CASES = {
    "address": "case_address",
    "cancel": "case_cancel",
    "customs": "case_customs",
    "exchange": "case_exchange",
    "goods": "case_goods",
    "not_received": "case_not_received",
    "return": "case_return",
}
PROMISED = {"open": "promise_open", "overdue": "promise_overdue"}
CLOSED_FOR = {
    "elsewhere": "closed_elsewhere",
    "no_answer": "closed_no_answer",
    "solved": "closed_solved",
    "spam": "closed_spam",
}
SENDERS = {"agent": "from_agent", "assistant": "from_assistant", "buyer": "from_buyer", "notice": "from_notice"}
# What a hand-over, a case or a task notes; what has no word here is shown as it is called.
NOTES = {
    "address": "note_address",
    "amount": "note_amount",
    "by": "note_by",
    "carrier": "note_carrier",
    "case": "note_case",
    "item": "note_item",
    "parcel": "note_parcel",
    "promised": "note_promised",
    "reason": "note_reason",
    "remedy": "note_remedy",
    "sku": "note_sku",
    "why": "note_why",
}
_SHOWN_ELSEWHERE = ("kind", "subject", "wishes", "threat", "promise")
_NEUTER = "stage_at_destination"  # the buyers' word for it says "your country"


@dataclass(frozen=True)
class Told:
    """Words what is known for an agent; `buyer_language` is that of the conversation."""

    words: Words
    language: str
    buyer_language: str

    def reply(self, name: str) -> str:
        """A reply in the agent's language."""
        return self.say(Reply(name))

    def say(self, reply: Reply) -> str:
        """A reply with its values, in the agent's language."""
        return self.words.word(reply, self.language).text

    def _own(self, names: Mapping[str, str], key: str, **values: object) -> str:
        return t(self.language, names[key], **values) if key in names else key.replace("_", " ")

    def thing(self, key: str) -> str:
        """What is to be done, or what the buyer said; a swap or an item is named with its product."""
        first, _, rest = key.partition(":")
        named = self.reply(THINGS[first]) if first in THINGS else first.replace("_", " ")
        return f"{named} ({rest})" if rest else named

    def mood(self, mood: str) -> str:
        """How the buyer sounds."""
        return self._own(MOODS, mood)

    def threat(self, threat: str) -> str:
        """What the buyer threatens with."""
        return self._own(THREATS, threat)

    def wish(self, wish: str) -> str:
        """What the buyer asked for: "customs/refuse" with what it says more closely."""
        name, _, about = wish.partition("/")
        try:
            named = self.reply(f"choice_wish_{name}")
        except KeyError:
            named = name.replace("_", " ")
        return f"{named} ({self.thing(about)})" if about else named

    def risk(self, part: Mapping[str, Any]) -> str:
        """One reason of a score."""
        said = {"mood": self.mood, "threat": self.threat}.get(part["reason"], str)
        return self._own(RISKS, part["reason"], what=said(part["what"]))

    def case_kind(self, kind: str) -> str:
        """What a case is about."""
        return self._own(CASES, kind)

    def case_state(self, state: str) -> str:
        """How far a case is."""
        return self.reply(STATES[state]) if state in STATES else state

    def promise_state(self, state: str) -> str:
        """Whether a promise was kept, or is still to be."""
        return self.reply(PROMISE_STATES[state]) if state in PROMISE_STATES else self._own(PROMISED, state)

    def stage(self, stage: str) -> str:
        """Where a parcel is."""
        if f"stage_{stage}" == _NEUTER:
            return t(self.language, "stage_at_destination")
        return self.reply(f"term_stage_{stage}")

    def scan(self, scan: Mapping[str, Any]) -> str:
        """What a carrier wrote, or the status in words where it wrote nothing."""
        if scan["description"]:
            return str(scan["description"])
        try:
            return self.reply(f"term_status_{scan['status']}")
        except KeyError:
            return str(scan["status"])

    def day(self, day: date) -> str:
        """A day."""
        return format_value(day, self.language)

    def carrier(self, slug: str) -> str:
        """A carrier as it writes its name."""
        return carrier_name(slug)

    def country(self, code: str) -> str:
        """A country's name; "" for none."""
        return format_value(Country(code), self.language) if code else ""

    def money(self, text: str) -> str:
        """An amount that is written "24.50 USD"; anything else as it is."""
        number, _, code = text.partition(" ")
        try:
            return format_value(Money(Decimal(number), code), self.language) if code else text
        except InvalidOperation:
            return text

    def facts(self, facts: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        """What a hand-over or a task notes, each with its name."""
        for name, value in facts.items():
            if value and name not in _SHOWN_ELSEWHERE:
                yield self._own(NOTES, name), self._fact(name, str(value))

    def _fact(self, name: str, value: str) -> str:
        if name in ("promised", "remedy", "why"):
            return self.thing(value)
        return self.money(value) if name == "amount" else value

    def sender(self, sender: str) -> str:
        """Who wrote a message, where it is nobody by name."""
        return self._own(SENDERS, sender)

    def closing(self, reason: str) -> str:
        """Why a conversation was closed."""
        return self._own(CLOSED_FOR, reason)

    def change(self, change: Change) -> str:
        """A change of owner in a sentence."""
        who = change.agent_name or t(self.language, "somebody")
        if change.after == "agent":
            return t(self.language, "change_taken" if change.before != "agent" else "change_taken_over", who=who)
        if change.after == "closed":
            return t(self.language, "change_closed", who=who, why=self.closing(change.reason))
        if change.after == "assistant":
            return t(self.language, "change_handed_back", who=who)
        if change.before != "agent":
            return t(self.language, "change_handed_over", why=self._why(change.reason))
        if change.reason == "transfer":
            return t(self.language, "change_transferred", who=who, team=self.team(change.team))
        return t(self.language, "change_idle" if change.reason == "idle" else "change_released", who=who)

    def _why(self, reason: str) -> str:
        return self.reply(reason_of(reason).means) if reason in REASONS else reason.replace("_", " ")

    def team(self, team: str) -> str:
        """A team's name: the shop's own as it is called."""
        try:
            return self.reply(f"term_team_{team}")
        except KeyError:
            return team

    def is_past(self, moment: datetime | None, now: datetime) -> bool:
        """Whether a moment is over."""
        return moment is not None and moment < now
