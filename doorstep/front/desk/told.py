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
# What a hand-over or a task notes; what has no word here is shown as it is called.
NOTES = {
    "address": "note_address",
    "amount": "note_amount",
    "by": "note_by",
    "came": "note_came",
    "carrier": "note_carrier",
    "case": "note_case",
    "contacts": "note_contacts",
    "duty": "note_duty",
    "expected": "note_expected",
    "failed_attempts": "note_failed_attempts",
    "given": "note_given",
    "item": "note_item",
    "items": "note_items",
    "parcel": "note_parcel",
    "part": "note_part",
    "problem": "note_problem",
    "promised": "note_promised",
    "reason": "note_reason",
    "refused": "note_refused",
    "remedy": "note_remedy",
    "share": "note_share",
    "ship_by": "note_ship_by",
    "signer": "note_signer",
    "sku": "note_sku",
    "trace_promised_by": "note_trace_promised_by",
    "tracking_number": "note_parcel",
    "value": "note_value",
    "wanted": "note_wanted",
    "wanted_address": "note_address",
    "why": "note_why",
}
# Ids and names that nobody reads, and what stands in another place of the screen.
_LEFT_OUT = ("asked", "kind", "photos", "promise", "refund", "status", "subject", "threat", "wishes")
_THINGS_NOTED = ("problem", "promised", "refused", "remedy", "wanted")
_MONEY_NOTED = ("amount", "duty", "share", "value")
_DAYS_NOTED = ("by", "came", "ship_by", "trace_promised_by")
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

    def amount(self, amount: Money) -> str:
        """An amount of money."""
        return format_value(amount, self.language)

    def facts(self, facts: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        """What a hand-over or a task notes, each with its name."""
        for named, value in facts.items():
            part, _, name = named.rpartition(", ")  # "part 2, reason": of several parcels
            if value and name not in _LEFT_OUT:
                of_part = self._of_part(part or name)
                if of_part and not part:
                    yield of_part, self._why(str(value))
                else:
                    told = self._own(NOTES, name), self._fact(name, str(value))
                    yield (f"{of_part}: {told[0]}" if of_part else told[0]), told[1]

    def _of_part(self, part: str) -> str:
        number = part.removeprefix("part ")
        return t(self.language, "note_of_part", number=number) if number.isdigit() and number != part else ""

    def _fact(self, name: str, value: str) -> str:
        if name in _THINGS_NOTED:
            return ", ".join(self.thing(each) for each in value.split(", "))
        if name in _MONEY_NOTED:
            return self.money(value)
        if name in _DAYS_NOTED:
            return self._noted_day(value)
        if name in ("reason", "why"):
            return self._reply_or_thing(f"term_reason_{value}", value)
        return self.carrier(value) if name == "carrier" else value

    def _reply_or_thing(self, name: str, value: str) -> str:
        try:
            return self.reply(name)
        except KeyError:
            return self.thing(value)

    def _noted_day(self, value: str) -> str:
        try:
            return self.day(date.fromisoformat(value[:10]))
        except ValueError:
            return value

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
