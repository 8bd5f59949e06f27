"""When the shop's people are there, and by when they answer: reckoned in the shop's own time zone."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from doorstep.policy.rules import WEEKDAYS
from doorstep.policy.shop import ShopPolicy


def is_open(policy: ShopPolicy, now: datetime) -> bool:
    """Whether somebody is there now."""
    here = _local(policy, now)
    hours = policy.opening_hours
    return _is_working(policy, here.date()) and hours.open <= here.time() < hours.close


def opens_at(policy: ShopPolicy, now: datetime) -> datetime:
    """When the shop opens next, in its own time zone; `now` while it is open."""
    here = _local(policy, now)
    if is_open(policy, now):
        return here
    today = _is_working(policy, here.date()) and here.time() < policy.opening_hours.open
    day = here.date() if today else _next_working(policy, here.date())
    return _at(policy, day, policy.opening_hours.open)


def answer_by(policy: ShopPolicy, now: datetime) -> datetime:
    """The latest moment at which a person answers, in the shop's time zone.

    The hours of the policy are counted from the next moment somebody is there, and run on working days only. What
    ends while the shop is closed ends when it opens next.
    """
    moment = opens_at(policy, now)
    left = timedelta(hours=policy.answer_within_hours)
    while left > (today := _at(policy, moment.date() + timedelta(days=1), time(0)) - moment):
        moment, left = _at(policy, _next_working(policy, moment.date()), time(0)), left - today
    moment += left
    return moment if is_open(policy, moment - timedelta(minutes=1)) else opens_at(policy, moment)


def _local(policy: ShopPolicy, moment: datetime) -> datetime:
    return moment.astimezone(ZoneInfo(policy.shop.timezone))


def _at(policy: ShopPolicy, day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, ZoneInfo(policy.shop.timezone))


def _is_working(policy: ShopPolicy, day: date) -> bool:
    return WEEKDAYS[day.weekday()] in policy.opening_hours.days


def _next_working(policy: ShopPolicy, day: date) -> date:
    later = (day + timedelta(days=count) for count in range(1, 8))
    return next(each for each in later if _is_working(policy, each))
