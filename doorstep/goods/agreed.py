"""What stands about an item already, so that nothing is given twice: agreed, going back, with a person, too late."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from doorstep import cases, promises
from doorstep.cases import CaseStep
from doorstep.goods.claims import DISAPPOINTED, Claim, Item, facts_of
from doorstep.offers import DISCOUNT, PERSON
from doorstep.orders import Money
from doorstep.promises import Promise
from doorstep.replies.values import Choice, Days, Hours, Reply, Value
from doorstep.settlement import Handover, Settlement, Situation
from doorstep.windows import shop_date

RETURN_IT = Choice("choice_goods_return", "return_item")
_RETURN = Choice("choice_notice_return", "return_item")

_AGREED = {
    promises.RESEND: "utter_goods_agreed_resend",
    promises.REFUND: "utter_goods_agreed_refund",
    promises.PART_REFUND: "utter_goods_agreed_part_refund",
}


def standing_answer(situation: Situation, claim: Claim) -> Settlement | None:
    """The answer where the item was dealt with before, or is reported too late; None where it can be settled now."""
    promise = granted(situation, claim.item)
    if promise:
        return _with_photos(claim, told_again(situation, claim, promise))
    if claim.problem == DISAPPOINTED and was_given_code(situation, claim.item):
        return told_code(situation, claim)
    values = _values(situation, claim)
    if _goes_back(situation, claim.item):
        return _with_photos(claim, Settlement((Reply("utter_goods_goes_back", values, (_RETURN, PERSON)),)))
    if claim.case and claim.case.state == cases.PERSON:
        note = {"case": claim.case.number, "item": claim.item.title}
        again = Settlement((Reply("utter_goods_with_person", values),), handover=Handover("goods_again", note))
        return _with_photos(claim, again)
    last_day = shop_date(claim.item.came_at, situation.policy) + timedelta(
        days=situation.policy.goods.report_within_days
    )
    if claim.case is None and shop_date(situation.now, situation.policy) > last_day:
        return _too_late(situation, claim, values)
    return None


def granted(situation: Situation, item: Item) -> Promise | None:
    """What was granted for an item, the latest; None when nothing was."""
    for promise in reversed(situation.promises):
        if promise.subject == item.subject and promise.kind in _AGREED and promise.stands:
            return promise
    return None


def told_again(situation: Situation, claim: Claim, promise: Promise) -> Settlement:
    """What was granted, told once more: to come by its date, done, or overdue."""
    values = {**_values(situation, claim), "by": shop_date(promise.due_at, situation.policy), "amount": promise.amount}
    if promise.state == "kept":
        return Settlement((Reply("utter_goods_done", values, (PERSON,)),))
    if promise.is_due(situation.now):
        note = {"promised": promise.kind, "by": shop_date(promise.due_at, situation.policy).isoformat()}
        overdue = Handover("promise_overdue", {**note, "item": claim.item.title})
        return Settlement((Reply("utter_goods_overdue", values),), handover=overdue)
    return Settlement((Reply(_AGREED[promise.kind], values, (PERSON,)),))


def was_given_code(situation: Situation, item: Item) -> bool:
    """Whether a discount code settled an earlier case of this item."""
    mine = (case for case in situation.cases if (case.kind, case.subject) == (cases.GOODS, item.subject))
    return any(case.facts.get("remedy") == DISCOUNT for case in mine)


def told_code(situation: Situation, claim: Claim) -> Settlement:
    """The discount code, handed over or told again; the storage knows which one it is."""
    return Settlement((Reply("utter_goods_discount", _values(situation, claim), (PERSON,)),), coupon=True)


def _goes_back(situation: Situation, item: Item) -> bool:
    subjects = ("", item.subject)
    return any(
        case.is_open and case.kind in (cases.RETURN, cases.EXCHANGE) and case.subject in subjects
        and case.state != cases.ASKING
        for case in situation.cases
    )  # fmt: skip


def _too_late(situation: Situation, claim: Claim, values: dict[str, Value]) -> Settlement:
    came_on = shop_date(claim.item.came_at, situation.policy)
    told = {**values, "came_on": came_on, "report_within": Days(situation.policy.goods.report_within_days)}
    note = {"item": claim.item.title, "problem": claim.problem, "came": came_on.isoformat()}
    note = {name: value for name, value in note.items() if value}
    return Settlement(
        (Reply("utter_goods_too_late", told),),
        handover=Handover("reported_late", note),
        cases=(claim.step(cases.PERSON),),
    )


def _with_photos(claim: Claim, settled: Settlement) -> Settlement:
    """The settlement, with photos sent since added to the case as it stands."""
    if not (claim.case and claim.new_photos):
        return settled
    kept = CaseStep(cases.GOODS, claim.item.subject, claim.case.state, {"photos": " ".join(claim.photos)})
    return replace(settled, cases=(kept,))


def _values(situation: Situation, claim: Claim) -> dict[str, Value]:
    return {**facts_of(situation, claim), "answer_within_hours": Hours(situation.policy.answer_within_hours)}


def value_text(amount: Money) -> str:
    """An amount as cases and notes keep it: "12.50 USD"."""
    return f"{amount.amount} {amount.currency}"
