"""What happens to a promise whose date has come: kept, broken, or not needed any more, and what the buyer is told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from doorstep import cases, promises
from doorstep.delivery.deliveries import settle_parcel
from doorstep.delivery.unshipped import settle_unshipped, unshipped_lines
from doorstep.disputes import with_missing_parcels
from doorstep.facts import order_facts, parcel_facts, showable
from doorstep.offers import PERSON
from doorstep.parcels import Parcel, Stage
from doorstep.promises import Promise
from doorstep.remedies import cancelled
from doorstep.replies.values import Hours, Reply, Value
from doorstep.settlement import Handover, Settlement, Situation
from doorstep.unasked import notices
from doorstep.unasked.followups import return_case
from doorstep.windows import shop_date

OPEN, KEPT, BROKEN, CANCELLED = "open", "kept", "broken", "cancelled"


@dataclass(frozen=True)
class Task:
    """Something on the shop's list, and when it was marked as done."""

    kind: str
    note: Mapping[str, str]
    done_at: datetime | None = None


@dataclass(frozen=True)
class Kept:
    """The state a promise has from now on, and what is told; nothing is told without a settlement."""

    state: str
    said: Settlement | None = None


# The shop's tasks that carry a promise out, by what rules and people call them.
TASKS = {
    promises.RESEND: ("resend",),
    promises.REFUND: ("refund",),
    promises.SWAP: ("swap", "send_exchange"),
    promises.CANCEL: ("cancel",),
    promises.PART_REFUND: ("part_refund",),
    promises.DUTY_SHARE: ("pay_duty_share",),
    promises.DUTY: ("pay_duty",),
    promises.PAPERS: ("customs_papers",),
    promises.RETURN_REFUND: ("refund_return",),
    promises.TRACE: ("trace",),
}
_KEPT = {
    promises.RESEND: "utter_kept_resend",
    promises.REFUND: "utter_kept_refund",
    promises.SWAP: "utter_kept_swap",
    promises.CANCEL: "utter_kept_cancel",
    promises.PART_REFUND: "notice_kept_money",
    promises.DUTY_SHARE: "notice_kept_money",
    promises.DUTY: "notice_kept_duty",
    promises.PAPERS: "notice_kept_papers",
    promises.RETURN_REFUND: "notice_kept_money",
    promises.TRACE: "notice_kept_trace",
}
_OVERDUE = {
    promises.RESEND: "utter_overdue_resend",
    promises.REFUND: "utter_overdue_refund",
    promises.SWAP: "utter_overdue_swap",
    promises.CANCEL: "utter_overdue_cancel",
    promises.PART_REFUND: "notice_overdue_money",
    promises.DUTY_SHARE: "notice_overdue_money",
    promises.DUTY: "notice_overdue_duty",
    promises.PAPERS: "notice_overdue_papers",
    promises.RETURN_REFUND: "notice_overdue_money",
}


def keep(
    situation: Situation, promise: Promise, tasks: Iterable[Task] = (), told: Iterable[tuple[str, str]] = ()
) -> Kept:
    """What becomes of an open promise that is due; `told` are the notices (kind, subject) that were sent for the order.

    The settlement's promises and tasks are to be stored with it, as for any answer.
    """
    rule = _RULES.get(promise.kind, _carried_out)
    return rule(_Date(situation, promise, tuple(tasks), frozenset(told)))


@dataclass(frozen=True)
class _Date:
    """What a rule looks at on the date of a promise."""

    situation: Situation
    promise: Promise
    tasks: tuple[Task, ...]
    told: frozenset[tuple[str, str]]

    @property
    def parcel(self) -> Parcel | None:
        """The parcel it is about."""
        return next((one for one in self.situation.order.parcels if str(one.id) == self.promise.subject), None)

    @property
    def is_settled(self) -> bool:
        """Whether something was granted for it meanwhile, or the order is called off."""
        granted = promises.granted(self.situation.promises, self.promise.subject)
        return granted is not None or self.situation.order.cancelled_at is not None


def _look_again(date: _Date) -> Kept:
    """GRACE and NOTICE: the parcel is there, or the buyer gets the answer for its state today."""
    situation, parcel = date.situation, date.parcel
    if parcel is None or date.is_settled:
        return Kept(CANCELLED)
    if situation.stage(parcel) is Stage.DELIVERED:
        return Kept(KEPT, _arrived(date, parcel))
    waits = promises.find(situation.promises, promises.GRACE, date.promise.subject)
    if date.promise.kind == promises.NOTICE and waits:
        return Kept(CANCELLED)  # the buyer was asked for patience until a later day
    complaint = date.promise.kind == promises.GRACE
    answer = settle_parcel(replace(situation, complaint=complaint), parcel)
    if complaint:
        answer = with_missing_parcels(situation, answer, wish="not_received")
    return Kept(KEPT, _as_promised(answer))


def _arrived(date: _Date, parcel: Parcel) -> Settlement | None:
    """The case of a missing parcel ends; told unless the buyer knows."""
    missing = cases.find(date.situation.cases, cases.NOT_RECEIVED, date.promise.subject)
    ends = missing is not None and missing.state == cases.ASKING
    step = cases.CaseStep(cases.NOT_RECEIVED, date.promise.subject, cases.CLOSED, {"closed_for": "delivered"})
    steps = (step,) if ends else ()
    if (notices.DELIVERED, date.promise.subject) in date.told or date.situation.order.confirmed_at:
        return Settlement((), cases=steps) if steps else None
    shown = showable(date.situation.order, parcel)
    values = {
        **parcel_facts(date.situation, shown),
        "feeling": Reply("utter_feel_good_news"),
        "delivered_at": shown.scans[-1].at,
    }
    reply = Reply("notice_promise_delivered", values, notices.delivered_choices(date.situation))
    return Settlement((reply,), cases=steps)


def _as_promised(answer: Settlement) -> Settlement:
    """The answer with the reminder that it was promised."""
    first, *others = answer.replies
    about = replace(first, choices=(), card=None)
    whole = Reply("notice_promised", {"about": about}, first.choices, first.card)
    return replace(answer, replies=(whole, *others))


def _trace(date: _Date) -> Kept:
    """TRACE: a parcel said to be delivered is asked about; for another one the carrier should have been asked."""
    situation, parcel = date.situation, date.parcel
    if _is_done(date):
        return _done(date)
    if parcel is None or date.is_settled or situation.order.confirmed_at:
        return Kept(CANCELLED)
    shown = showable(situation.order, parcel)
    values: dict[str, Value] = {**parcel_facts(situation, shown), "feeling": Reply("utter_feel_missing")}
    if situation.stage(parcel) is Stage.DELIVERED:
        # Left open: who says that it is still missing gets a person at once (doorstep.delivery.deliveries).
        values["delivered_at"] = shown.scans[-1].at
        return Kept(
            OPEN, Settlement((Reply("notice_still_missing", values, notices.delivered_choices(situation)[:2]),))
        )
    return _overdue(date, "notice_overdue_trace", values | {"feeling": Reply("utter_feel_sorry_again")})


def _ship(date: _Date) -> Kept:
    """SHIP: it has left, or the buyer may call it off."""
    situation, order = date.situation, date.situation.order
    lines = unshipped_lines(situation)
    if order.parcels and (not lines or len(lines) < len(order.lines)):
        return Kept(KEPT)  # the notice that it was sent tells of it
    if date.is_settled or order.paid_at is None:
        return Kept(CANCELLED)
    return Kept(BROKEN, _as_promised(settle_unshipped(situation, lines or order.lines)))


def _return(date: _Date) -> Kept:
    """RETURN: the goods are under way, or the case ends."""
    situation = date.situation
    case = return_case(situation, date.promise.subject)
    if case is None:
        return Kept(KEPT if cases_of(situation, date.promise.subject) else CANCELLED)
    values: dict[str, Value] = {
        **order_facts(situation.order),
        "feeling": Reply("utter_feel_case"),
        "return_number": case.number,
        "ship_by": shop_date(date.promise.due_at, situation.policy),
    }
    again = notices.asking(situation, "choice_notice_return", "return_item")
    step = cases.CaseStep(case.kind, case.subject, cases.CLOSED, {"closed_for": "not_sent"})
    return Kept(CANCELLED, Settlement((Reply("notice_return_closed", values, (again, PERSON)),), cases=(step,)))


def cases_of(situation: Situation, subject: str) -> tuple[cases.Case, ...]:
    """The open returns and exchanges of a subject."""
    kinds = (cases.RETURN, cases.EXCHANGE)
    return tuple(one for one in situation.cases if one.is_open and one.kind in kinds and one.subject == subject)


def _carried_out(date: _Date) -> Kept:
    """What the shop had to do: done, seen in a later parcel, or a person looks after it."""
    situation, promise = date.situation, date.promise
    if _is_done(date):
        return _done(date)
    facts = _facts(date)
    if promise.kind in (promises.RESEND, promises.SWAP) and (newer := _later_parcel(situation, promise)):
        if (notices.SHIPPED, str(newer.id)) in date.told:
            return Kept(KEPT)
        told = {**facts, **parcel_facts(situation, showable(situation.order, newer))}
        return _done(date, Reply("notice_kept_sent", told))
    return _overdue(date, _OVERDUE[promise.kind], facts)


def _facts(date: _Date) -> dict[str, Value]:
    return {
        **order_facts(date.situation.order),
        "cancelled": cancelled(date.situation.order, date.promise.subject),
        "amount": date.promise.amount,
        "by": shop_date(date.promise.due_at, date.situation.policy),
    }


def carried_out(situation: Situation, promise: Promise) -> Kept:
    """What is told of a promise that was marked as kept before its date; nothing of one that gives nothing."""
    return _done(_Date(situation, promise, (), frozenset())) if promise.kind in _KEPT else Kept(promise.state)


def _done(date: _Date, about: Reply | None = None) -> Kept:
    """Told as done; an agreed case of the same subject of which nothing else is promised ends with it."""
    situation, subject = date.situation, date.promise.subject
    others = [p for p in situation.promises if p.subject == subject and p.state == OPEN and p.kind != date.promise.kind]
    agreed = [one for one in situation.cases if one.state == cases.AGREED and one.subject == subject]
    steps = tuple(cases.CaseStep(one.kind, subject, cases.CLOSED, {"closed_for": "carried_out"}) for one in agreed)
    told = about or Reply(_KEPT[date.promise.kind], _facts(date))
    reply = Reply("notice_promised", {"about": told}, (PERSON,))
    return Kept(KEPT, Settlement((reply,), cases=() if others else steps))


def _later_parcel(situation: Situation, promise: Promise) -> Parcel | None:
    """A parcel that was sent after the one that was promised for."""
    first = int(promise.subject) if promise.subject.isdecimal() else 0
    later = (one for one in reversed(situation.order.parcels) if one.id > first)
    return next((one for one in later if situation.stage(one) is not Stage.NOT_SHIPPED), None)


def _is_done(date: _Date) -> bool:
    kinds = TASKS.get(date.promise.kind, (date.promise.kind,))
    mine = [task for task in date.tasks if task.kind in kinds and _is_about(date, task)]
    return bool(mine) and all(task.done_at for task in mine)


def _is_about(date: _Date, task: Task) -> bool:
    """Whether a task is about the promise's subject: it names it, or the case it belongs to."""
    if "subject" in task.note:
        return task.note["subject"] == date.promise.subject
    case = next((one for one in date.situation.cases if one.number == task.note.get("case")), None)
    return case is None or case.subject == date.promise.subject


def _overdue(date: _Date, name: str, facts: Mapping[str, Value]) -> Kept:
    policy, promise = date.situation.policy, date.promise
    by = shop_date(promise.due_at, policy)
    note = {"promised": promise.remedy or promise.kind, "by": by.isoformat(), "subject": promise.subject}
    values = {**facts, "by": by, "answer_within_hours": Hours(policy.answer_within_hours)}
    return Kept(BROKEN, Settlement((Reply(name, values),), handover=Handover("promise_overdue", note)))


_RULES: dict[str, Callable[[_Date], Kept]] = {
    promises.GRACE: _look_again,
    promises.NOTICE: _look_again,
    promises.TRACE: _trace,
    promises.SHIP: _ship,
    promises.RETURN: _return,
}
