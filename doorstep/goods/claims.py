"""What a buyer says is wrong with one item of an order: the items that came, and what was found out about one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from doorstep import cases
from doorstep.cases import Case, CaseStep
from doorstep.orders import Line, Money
from doorstep.parcels import Parcel, Stage
from doorstep.remedies import value_of_lines
from doorstep.replies.values import Reply, Value
from doorstep.settlement import Situation
from doorstep.windows import add_business_days, end_of, shop_date, window_of

# problems
NOT_WORKING, DAMAGED, WRONG_ITEM, MISSING_PARTS = "not_working", "damaged", "wrong_item", "missing_parts"
USE = "use"  # the buyer cannot get it to work
DISAPPOINTED = "disappointed"  # nothing is broken, but more was expected
DEFECTS = (NOT_WORKING, DAMAGED, WRONG_ITEM, MISSING_PARTS)
PROBLEMS = (*DEFECTS, USE, DISAPPOINTED)

ITEM_PREFIX = "item:"  # an option: followed by the item's subject
ANOTHER = "another"  # an option: to talk about another item

LONGEST_SUBJECT = 60  # characters; a longer SKU is told from the others by its beginning
LONGEST_TEXT = 500  # characters kept of what a buyer tells in free words

_FEELINGS = {
    NOT_WORKING: Reply("utter_feel_goods_not_working"),
    DAMAGED: Reply("utter_feel_goods_damaged"),
    WRONG_ITEM: Reply("utter_feel_goods_wrong_item"),
    MISSING_PARTS: Reply("utter_feel_goods_missing_parts"),
    USE: Reply("utter_feel_how_to_use"),
    DISAPPOINTED: Reply("utter_feel_quality_complaint"),
}


@dataclass(frozen=True)
class Item:
    """One product of an order that came: its lines, what they are worth, and when it came (an aware time)."""

    subject: str
    lines: tuple[Line, ...]
    worth: Money
    came_at: datetime

    @property
    def title(self) -> str:
        """What the buyer knows it by."""
        return self.lines[0].title


@dataclass(frozen=True)
class Claim:
    """What is known of the problem with an item. `facts` are the case's, and those found out just now.

    `photos` are the ids of those that show it, `new_photos` the ones among them that are not in the case yet.
    """

    item: Item
    case: Case | None = None
    facts: Mapping[str, str] = field(default_factory=dict)
    photos: tuple[str, ...] = ()
    new_photos: tuple[str, ...] = ()

    @property
    def problem(self) -> str:
        """One of PROBLEMS, or "" as long as it is not known."""
        return self.facts.get("problem", "")

    def knowing(self, **facts: str) -> Claim:
        """The same claim with more found out; a fact that is "" is taken away."""
        return Claim(self.item, self.case, {**self.facts, **facts}, self.photos, self.new_photos)

    def step(self, state: str = cases.ASKING) -> CaseStep:
        """The step that keeps all this in the item's case."""
        photos = {"photos": " ".join(self.photos)} if self.photos else {}
        facts = {**self.facts, **photos, "item": self.item.title}
        return CaseStep(cases.GOODS, self.item.subject, state, facts)


def subject_of(sku: str) -> str:
    """How cases, offers and promises name an item."""
    return sku[:LONGEST_SUBJECT]


def items_that_came(situation: Situation) -> tuple[Item, ...]:
    """The items of the order that the buyer can have by now, in the order of its lines."""
    came: dict[str, datetime] = {}
    for parcel in situation.order.parcels:
        at = _came_at(situation, parcel)
        for line in situation.order.lines:
            if at and (not parcel.skus or line.sku in parcel.skus):
                came[line.sku] = max(at, came.get(line.sku, at))
    return tuple(_item(situation, sku, came[sku]) for sku in dict.fromkeys(line.sku for line in situation.order.lines)
                 if sku in came)  # fmt: skip


def _item(situation: Situation, sku: str, came_at: datetime) -> Item:
    lines = tuple(line for line in situation.order.lines if line.sku == sku)
    return Item(subject_of(sku), lines, value_of_lines(situation.order, lines), came_at)


def _came_at(situation: Situation, parcel: Parcel) -> datetime | None:
    """When a parcel came: by its scan, by the buyer's word, or for unregistered mail by the end of the usual time."""
    stage = situation.stage(parcel)
    if stage is Stage.DELIVERED:
        return parcel.scans[-1].at
    window = window_of(situation.order, parcel, situation.policy)
    if window is None or stage is Stage.GOING_BACK:
        return None
    if situation.order.confirmed_at:
        return situation.order.confirmed_at
    # Nobody scans unregistered mail at the door: it can be there from the first usual day on.
    earliest = add_business_days(window.counted_from, window.usual[0])
    if parcel.tracking_number or shop_date(situation.now, situation.policy) < earliest:
        return None
    return min(situation.now, end_of(window.expected_by, situation.policy))


def item_named(situation: Situation, subject: str) -> Item | None:
    """The item that came and has this subject; None where there is none (any more)."""
    return next((item for item in items_that_came(situation) if item.subject == subject), None)


def item_in_words(items: tuple[Item, ...], text: str) -> Item | None:
    """The item that a text names best by its title or options; None when it names none, or two alike."""
    said = _words(text)
    counts = [len(said & _words(" ".join((line.title, *line.options.values())))) for line in
              (item.lines[0] for item in items)]  # fmt: skip
    best = max(counts, default=0)
    return items[counts.index(best)] if best and counts.count(best) == 1 else None


def _words(text: str) -> set[str]:
    """The words of a text; where a language writes without spaces, pairs of its characters."""
    words = re.findall(r"\w\w+", text.casefold())
    return {*words, *(word[i : i + 2] for word in words if not word.isascii() for i in range(len(word) - 1))}


def claim_for(situation: Situation, item: Item) -> Claim:
    """What is known of an item's problem: from its open case, and by the photos nothing else was shown with."""
    case = cases.find(situation.cases, cases.GOODS, item.subject)
    facts = dict(case.facts) if case else {}
    known = tuple(facts.pop("photos", "").split())
    taken = {photo for each in situation.cases for photo in each.facts.get("photos", "").split()}
    new = tuple(photo for photo in situation.photos if photo not in taken)
    return Claim(item, case, facts, (*known, *new), new)


def in_talk(situation: Situation, items: tuple[Item, ...]) -> Item | None:
    """The item that is being talked about: the only one, or the one last asked about in a case still asking."""
    if len(items) == 1:
        return items[0]
    since = situation.now - timedelta(days=situation.policy.remedies.offer_valid_days)
    by_subject = {item.subject: item for item in items}
    for case in reversed(situation.cases):
        fresh = case.opened_at is None or case.opened_at >= since
        if case.kind == cases.GOODS and case.state == cases.ASKING and case.subject in by_subject and fresh:
            return by_subject[case.subject]
    return None


def facts_of(situation: Situation, claim: Claim) -> dict[str, Value]:
    """The values that every reply about a claim may use."""
    return {
        "order_number": situation.order.number,
        "title": claim.item.title,
        "photos_kept": Reply("term_goods_photos_kept") if claim.new_photos else None,
        "feeling": _FEELINGS.get(claim.problem, Reply("utter_feel_defective")),
    }


def in_stock(situation: Situation, item: Item) -> bool:
    """Whether the shop can send the item again, as far as it says."""
    product = situation.products.get(item.lines[0].sku)
    return product is None or product.in_stock is not False


def is_low(situation: Situation, item: Item) -> bool:
    """Whether the item is worth so little that nothing need be shown or sent back."""
    return situation.policy.goods.is_low(item.worth.amount, item.worth.currency)
