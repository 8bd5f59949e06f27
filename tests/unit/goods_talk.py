"""A buyer who talks about goods with a problem: each answer is kept, so that the next one builds on it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from doorstep import answers, cases
from doorstep.cases import Case, CaseStep
from doorstep.offers import Offer, refusal_of
from doorstep.replies.values import Choice
from doorstep.settlement import Settlement, Situation
from tests.builders import NOW, a_line, a_parcel
from tests.telling import WORDS, a_delivered_parcel, a_situation

CASE_LINE = a_line(sku="CASE", title="Carrying case", quantity=1)
CAME = a_delivered_parcel(NOW - timedelta(days=3))


def two_items(**changes: Any) -> Situation:
    """An order of headphones and a carrying case, 24.50 each, that came in one parcel."""
    return a_situation(CAME, **{"lines": (a_line(), CASE_LINE), "total": Decimal("49.00"), **changes})


def one_item(**changes: Any) -> Situation:
    """An order of headphones for 24.50 that came three days ago."""
    return a_situation(CAME, **changes)


def on_the_way() -> Situation:
    """An order that has not come yet."""
    return a_situation(a_parcel())


@dataclass
class Talk:
    """One conversation. `situation` is as it stands after the latest answer."""

    situation: Situation
    offers: dict[str, Offer] = field(default_factory=dict)
    heard: list[Settlement] = field(default_factory=list)
    asks: str = ""

    def says(self, wish: str = "defective", about: str = "") -> Settlement:
        """The buyer states a wish."""
        return self._keep(answers.settle(replace(self.situation, about=about), wish))

    def picks(self, label: str) -> Settlement:
        """The buyer takes the choice of that label, the latest one shown."""
        shown = [pair for settled in self.heard for pair in choices_of(settled) if label in pair[1]]
        assert shown, f"{label!r} was not offered; offered last: {self.labels}"
        return self.takes(shown[-1][0])

    def takes(self, choice: Choice) -> Settlement:
        """The buyer takes a choice, however old."""
        offer, option = self.offers[choice.entities["offer"]], choice.entities["option"]
        assert refusal_of(offer, "conversation", option, self.situation.now) is None
        settled = answers.settle_option(self.situation, offer, option)
        self.offers[choice.entities["offer"]] = replace(offer, chosen=option)
        return self._keep(settled)

    def tells(self, text: str) -> Settlement:
        """The buyer answers in free words what was asked for."""
        what, _, subject = self.asks.split("/", 2)
        return self._keep(answers.settle_details(self.situation, what, subject, text))

    def sends(self, *photos: str) -> None:
        """Photos come in."""
        self.situation = replace(self.situation, photos=(*self.situation.photos, *photos))

    def days_pass(self, days: float) -> None:
        """Time goes by."""
        self.situation = replace(self.situation, now=self.situation.now + timedelta(days=days))

    @property
    def labels(self) -> list[str]:
        """The choices shown last."""
        return [label for _, label in choices_of(self.heard[-1])]

    @property
    def case(self) -> Case:
        """The case opened last."""
        return self.situation.cases[-1]

    def _keep(self, settled: Settlement) -> Settlement:
        kept = self.situation
        for promise in settled.promises:
            if not any((p.kind, p.subject) == (promise.kind, promise.subject) for p in kept.promises):
                kept = replace(kept, promises=(*kept.promises, promise))
        for step in settled.cases:
            kept = replace(kept, cases=stepped(kept.cases, step))
        for new in settled.offers:
            key = new.entities(kept.order.id, "")["offer"]
            self.offers[key] = Offer(
                key, "conversation", kept.order.id, new.subject, new.kind, new.options, new.expires_at, new.amount
            )
        self.situation, self.asks = kept, settled.asks
        self.heard.append(settled)
        return settled


def stepped(known: tuple[Case, ...], step: CaseStep) -> tuple[Case, ...]:
    """The cases after a step, as the storage takes it."""
    case = cases.find(known, step.kind, step.subject)
    facts = {name: value for name, value in {**(case.facts if case else {}), **step.facts}.items() if value}
    if case is None:
        number = cases.number_for("1001", known, step.kind, step.subject)
        return (*known, Case(number, step.kind, step.subject, step.state, facts, NOW))
    return tuple(replace(each, state=step.state, facts=facts) if each == case else each for each in known)


def choices_of(settled: Settlement) -> list[tuple[Choice, str]]:
    """The choices of an answer, each with what the buyer sees."""
    pairs: list[tuple[Choice, str]] = []
    for reply in settled.replies:
        pairs += zip(reply.choices, (shown.label for shown in WORDS.word(reply, "en").choices), strict=True)
    return pairs
