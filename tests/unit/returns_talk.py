"""A talk about one order as the rules lead it: what was decided is kept in memory, as the storage keeps it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from doorstep import answers, cases
from doorstep.cases import Case, CaseStep
from doorstep.offers import Offer
from doorstep.replies.values import Choice
from doorstep.settlement import Settlement, ShopTask, Situation
from tests.builders import NOW, a_line
from tests.telling import WORDS, a_delivered_parcel, a_policy, a_situation, spaced, told

ADDRESS = "Doorstep Returns\nHafenstr. 4\n20457 Hamburg"
SHIRT = a_line(sku="SHIRT", title="Shirt", options={"colour": "black", "size": "M"})


def a_return_policy(**rules: Any) -> Any:
    """The default rules with a warehouse; `rules` are of the group `returns`."""
    return a_policy(returns={"warehouses": {"default": ADDRESS}, **rules})


class Talk:
    """What the buyer says and picks, answered one after the other; `said` is the latest answer."""

    def __init__(self, days_since_delivery: float = 3, **changes: Any) -> None:
        parcel = a_delivered_parcel(NOW - timedelta(days=days_since_delivery))
        given = {"policy": a_return_policy(), "page_of": lambda number: f"https://help.example/returns/{number}"}
        self.situation: Situation = a_situation(*changes.pop("parcels", (parcel,)), **{**given, **changes})
        self.said = Settlement(())
        self.offers: dict[str, Offer] = {}
        self.tasks: list[ShopTask] = []

    @property
    def text(self) -> str:
        """The latest answer in English."""
        return spaced(told(self.said))

    @property
    def labels(self) -> list[str]:
        """The choices of the latest answer."""
        return [choice.label for choice in WORDS.word(self.said.replies[-1], "en").choices]

    @property
    def cases(self) -> list[tuple[str, str]]:
        """Each case by its kind and state."""
        return [(case.kind, case.state) for case in self.situation.cases]

    def wish(self, wish: str, about: str = "") -> Talk:
        """The buyer states a wish."""
        return self._keep(answers.settle(replace(self.situation, about=about), wish))

    def pick(self, label: str) -> Talk:
        """The buyer picks a choice of the latest answer."""
        return self.take(self.choice(label))

    def choice(self, label: str) -> Choice:
        """A choice of the latest answer."""
        return self.said.replies[-1].choices[self.labels.index(label)]

    def take(self, choice: Choice) -> Talk:
        """The buyer takes a choice, shown now or earlier."""
        if choice.intent != "choose_option":
            return self.wish(choice.intent)
        return self.option(choice.entities["offer"].split("/")[0], choice.entities["option"])

    def option(self, kind: str, option: str) -> Talk:
        """An option of the latest offer of a kind is taken, by a choice or in words."""
        offer = self.offers[kind]
        assert option in offer.options
        return self._keep(answers.settle_option(self.situation, offer, option))

    def tell(self, text: str) -> Talk:
        """The buyer tells what was asked for in free words."""
        what, _, subject = self.said.asks.split("/", 2)
        return self._keep(answers.settle_details(self.situation, what, subject, text))

    def pass_days(self, days: float) -> Talk:
        """Days pass."""
        self.situation = replace(self.situation, now=self.situation.now + timedelta(days=days))
        return self

    def keep(self, settled: Settlement) -> Talk:
        """Something was decided elsewhere."""
        return self._keep(settled)

    def _keep(self, settled: Settlement) -> Talk:
        made = {(p.kind, p.subject) for p in self.situation.promises}
        new = tuple(p for p in settled.promises if (p.kind, p.subject) not in made)
        self.situation = replace(self.situation, promises=self.situation.promises + new)
        for step in settled.cases:
            self._step(step)
        for offer in settled.offers:
            values = (offer.subject, offer.kind, offer.options, offer.expires_at, offer.amount)
            self.offers[offer.kind] = Offer(offer.kind, "here", 1, *values)
        self.tasks += [task for task in settled.tasks if task not in self.tasks]
        self.said = settled
        return self

    def _step(self, step: CaseStep) -> None:
        known = self.situation.cases
        found = cases.find(known, step.kind, step.subject)
        number = cases.number_for(self.situation.order.number, known, step.kind, step.subject)
        facts = {name: value for name, value in {**(found.facts if found else {}), **step.facts}.items() if value}
        case = Case(number, step.kind, step.subject, step.state, facts, self.situation.now)
        others = tuple(one for one in known if one is not found)
        self.situation = replace(self.situation, cases=(*others, case))


def agreed(**changes: Any) -> Talk:
    """A return of the order's one line, agreed."""
    return Talk(**changes).wish("return_item", "return").pick("Yes, it's unused").pick("Yes, return it for my money")
