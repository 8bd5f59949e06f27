"""What the leads' figures count, from made-up facts: definitions at their edges."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from doorstep.figures.count import days_of, figures_of
from doorstep.figures.facts import Dispute, Facts, Group, Known, OpenNow, Placed, Rated, Stay, Talk
from doorstep.figures.figure import Figure, Row, Value, shown
from doorstep.figures.kinds import KINDS
from doorstep.figures.stays import Change, stays_in
from doorstep.figures.words import COLUMNS, DEFINITIONS, TITLES
from doorstep.settings import ROOT
from tests.builders import NOW, days_ago

DAY = timedelta(days=1)
SHANGHAI = ZoneInfo("Asia/Shanghai")
LONG_AGO = days_ago(20)


def facts(**rows: Any) -> Facts:
    """Facts of the thirty days up to NOW, unless told otherwise."""
    period = {"since": days_ago(30), "until": NOW, "zone": timezone.utc, "now": NOW}
    return Facts(**{**period, **rows})


def a_talk(name: str = "c1", **changes: Any) -> Talk:
    """A conversation that the assistant answered twenty days ago, about order 1."""
    values: dict[str, Any] = {"at": LONG_AGO, "messages": 1, "answered_at": LONG_AGO, "known": Known(frozenset({1}))}
    return Talk(name, **{**values, **changes})


def stays(*minutes: float | None, at: datetime = LONG_AGO, **changes: Any) -> tuple[Stay, ...]:
    """Stays with people that were replied to after so many minutes."""
    return tuple(
        Stay(f"c{number}", at, replied_at=None if each is None else at + timedelta(minutes=each), **changes)
        for number, each in enumerate(minutes)
    )


def figure(key: str, by: str = "day", **rows: Any) -> Figure:
    return next(each for each in figures_of(facts(**rows), by) if each.key == key)


def total(key: str, **rows: Any) -> dict[str, Value]:
    found = figure(key, **rows)
    return {column.key: value for column, value in zip(found.columns, found.total, strict=True)}


# -- times --------------------------------------------------------------------------------


def test_the_first_reply_is_told_as_median_and_90th_percentile_of_those_replied_to() -> None:
    assert total("first_reply", stays=stays(*range(1, 11), None)) == {
        "came": 11, "replied": 10, "median": 5.0, "p90": 9.0, "no_reply_yet": 1, "never_replied": 0,
    }  # fmt: skip


def test_a_stay_that_ended_without_a_reply_is_not_one_that_waits() -> None:
    found = total("first_reply", stays=stays(None, ending="closed", ended_at=NOW))
    assert (found["no_reply_yet"], found["never_replied"]) == (0, 1)


@pytest.mark.parametrize(("count", "median", "p90"), [(4, None, None), (5, 3.0, None), (9, 5.0, None), (10, 5.0, 9.0)])
def test_few_times_give_no_percentile(count: int, median: float | None, p90: float | None) -> None:
    found = total("first_reply", stays=stays(*range(1, count + 1)))
    assert (found["replied"], found["median"], found["p90"]) == (count, median, p90)


def test_what_the_buyer_took_back_was_not_closed_by_people() -> None:
    ended = [*stays(*[None] * 5, ending="closed", ended_at=LONG_AGO + DAY)]
    ended += [*stays(None, ending="taken_back", ended_at=LONG_AGO), *stays(None)]
    found = total("time_to_close", stays=tuple(ended))
    assert found == {"came": 7, "ended": 5, "median": 1440.0, "p90": None, "still_open": 1, "taken_back": 1}


def changes(*owners: str, person: int | None = None) -> list[Change]:
    """A conversation that went from one owner to the next, a minute each."""
    return [
        Change("c1", NOW + timedelta(minutes=place), before, after, f"why {place}", by_person=place == person)
        for place, (before, after) in enumerate(pairwise(owners))
    ]


def test_back_to_the_queue_is_the_same_stay_and_after_closing_it_is_another() -> None:
    owners = ("assistant", "queue", "agent", "queue", "agent", "closed", "assistant", "queue")
    found = list(stays_in(changes(*owners), {"c1": [NOW + timedelta(minutes=3)]}))
    assert [(each.reason, each.ending) for each in found] == [("why 0", "closed"), ("why 6", "")]
    assert [each.replied_at for each in found] == [NOW + timedelta(minutes=3), None]


def test_a_message_from_before_it_came_into_the_queue_is_no_reply() -> None:
    replies = [NOW - timedelta(seconds=1), NOW + timedelta(minutes=9)]
    (stay,) = stays_in(changes("assistant", "queue", "agent", "closed"), {"c1": replies})
    assert stay.replied_at is None


@pytest.mark.parametrize(
    ("owners", "person", "ending"),
    [
        (("assistant", "queue", "assistant"), None, "taken_back"),
        (("assistant", "queue", "assistant"), 1, "handed_back"),
        (("assistant", "queue", "agent", "assistant"), None, "handed_back"),
        (("assistant", "queue", "closed"), None, "closed"),
        (("closed", "agent", "closed"), None, "closed"),
    ],
)
def test_each_way_out_has_its_name(owners: tuple[str, ...], person: int | None, ending: str) -> None:
    (stay,) = stays_in(changes(*owners, person=person), {})
    assert stay.ending == ending


def test_what_a_person_took_unasked_is_no_hand_over_without_a_reason() -> None:
    (stay,) = stays_in([Change("c1", NOW, "closed", "agent", by_person=True)], {})
    assert stay.reason == "taken_up"


def test_the_end_of_a_stay_begun_before_the_period_is_passed_over() -> None:
    assert list(stays_in(changes("queue", "agent", "closed"), {})) == []


# -- settled ------------------------------------------------------------------------------


def test_a_conversation_handed_over_at_once_counts_against_the_share_settled() -> None:
    talks = (a_talk("c0", answered_at=None), a_talk("c9"), a_talk("c8", messages=0), a_talk("c7", answered_at=None))
    found = total("settled", talks=talks, stays=stays(None))
    assert found == {"conversations": 3, "settled": 1, "handed_over": 1, "unanswered": 1, "share_settled": 1 / 3}


@pytest.mark.parametrize(("after", "settled"), [(timedelta(), 0), (7 * DAY, 0), (7 * DAY + timedelta(seconds=1), 1)])
def test_a_hand_over_counts_up_to_seven_days_after_the_last_answer(after: timedelta, settled: int) -> None:
    found = total("settled", talks=(a_talk("c0"),), stays=stays(None, at=LONG_AGO + after))
    assert (found["settled"], found["handed_over"]) == (settled, 1 - settled)


def test_an_answer_less_than_seven_days_old_is_too_early_to_tell() -> None:
    young, old = days_ago(7) + timedelta(seconds=1), days_ago(7)
    found = total("still_settled", talks=(a_talk(answered_at=young), a_talk("c2", answered_at=old)))
    assert (found["settled"], found["too_early"], found["counted"], found["share_still_settled"]) == (2, 1, 1, 1.0)


@pytest.mark.parametrize(
    ("after", "still"), [(-DAY, 1), (timedelta(seconds=1), 0), (7 * DAY, 0), (7 * DAY + timedelta(seconds=1), 1)]
)
@pytest.mark.parametrize("complaint", ["dispute", "hand-over, same order", "hand-over, same buyer"])
def test_a_complaint_within_seven_days_says_it_did_not_stay_settled(
    complaint: str, after: timedelta, still: int
) -> None:
    at, me = LONG_AGO + after, Known(frozenset({1}), "me")
    known = {"hand-over, same order": Known(frozenset({1, 2})), "hand-over, same buyer": Known(frozenset(), "me")}
    rows: dict[str, Any] = {"disputes": (Dispute(at, 1),)}
    if complaint in known:
        rows = {"stays": (Stay("another", at, known=known[complaint]),)}
    found = total("still_settled", talks=(a_talk(known=me),), **rows)
    assert (found["counted"], found["still_settled"]) == (1, still)


def test_the_complaint_of_another_order_is_no_matter() -> None:
    rows = {"disputes": (Dispute(LONG_AGO + DAY, 2),), "stays": stays(None, known=Known(frozenset({3}), "you"))}
    assert total("still_settled", talks=(a_talk("mine"),), **rows)["share_still_settled"] == 1.0


def test_a_buyer_who_would_not_be_known_again_is_not_in_the_share() -> None:
    found = total("still_settled", talks=(a_talk(known=Known()), a_talk("c2")))
    assert (found["unknown_buyer"], found["counted"]) == (1, 1)


# -- the others ---------------------------------------------------------------------------


def test_what_is_open_counts_by_the_day_it_came_in_and_nothing_is_hidden() -> None:
    rows = (OpenNow(days_ago(40), waits=True), OpenNow(days_ago(2), waits=False), OpenNow(NOW, waits=True))
    found = figure("open", open=rows)
    assert [row for row in found.rows if row.values != (0,)] == [
        Row("earlier", (1,)), Row("2025-06-16", (1,)), Row("later", (1,)),
    ]  # fmt: skip
    assert (found.total, figure("waiting", open=rows).total) == ((3,), (2,))


def test_hand_overs_have_a_column_for_each_reason_the_most_frequent_first() -> None:
    came = (*stays(None, reason="asked"), *stays(None, None, reason="above_limit"), *stays(None))
    found = figure("handovers", stays=came)
    assert [column.title for column in found.columns] == ["all", "above limit", "no reason given", "asked"]
    assert found.total == (4, 2, 1, 1)


def test_what_came_after_the_period_is_not_counted_into_it() -> None:
    late = {"stays": stays(1, at=NOW), "disputes": (Dispute(NOW, 1),), "orders": (Placed(LONG_AGO),)}
    assert total("first_reply", **late)["came"] == 0
    assert total("handovers", **late) == {"all": 0}
    assert total("dispute_rate", **late) == {"disputes": 0, "orders": 1, "rate": 0.0}


def test_the_dispute_rate_is_of_each_hundred_orders_and_unknown_without_orders() -> None:
    assert total("dispute_rate", disputes=(Dispute(LONG_AGO, 1),), orders=(Placed(LONG_AGO),) * 8)["rate"] == 12.5
    assert total("dispute_rate", disputes=(Dispute(LONG_AGO, 1),))["rate"] is None


def test_messages_not_understood_are_a_share_of_those_written() -> None:
    talks = (a_talk(written=9, refused=1, corrected=2, handed_over=1), a_talk("c2", written=1))
    assert figure("understanding", talks=talks).total == (10, 1, 2, 1, 0.4)


def test_ratings_are_good_or_bad() -> None:
    given_ones = (Rated(LONG_AGO, is_good=True), Rated(LONG_AGO, is_good=True), Rated(LONG_AGO, is_good=False))
    assert figure("ratings", ratings=given_ones).total == (2, 1, 2 / 3)


def test_days_are_those_of_the_shop_and_the_empty_ones_are_there() -> None:
    since = datetime(2025, 6, 10, 16, tzinfo=timezone.utc)  # midnight in Shanghai
    early, late = Rated(since, is_good=True), Rated(since + DAY - timedelta(seconds=1), is_good=True)
    found = figure("ratings", ratings=(early, late), since=since, until=since + 3 * DAY, zone=SHANGHAI)
    assert [(row.key, row.values[0]) for row in found.rows] == [("2025-06-11", 2), ("2025-06-12", 0), ("2025-06-13", 0)]


def test_a_day_that_has_not_begun_is_not_shown() -> None:
    assert list(days_of(facts(since=days_ago(1), until=NOW + 5 * DAY))) == ["2025-06-17", "2025-06-18"]


def test_other_rows_are_sorted_by_how_many_there_are() -> None:
    groups = [Group("de"), Group("en"), Group("en"), Group("—")]
    found = figure("ratings", "language", ratings=tuple(Rated(LONG_AGO, is_good=True, group=each) for each in groups))
    assert [row.key for row in found.rows] == ["en", "de", "—"]


def test_a_way_to_break_down_that_is_not_there_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="'week'"):
        figures_of(facts(), "week")


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (None, "minutes", "–"), (0.4, "minutes", "0 min"), (119, "minutes", "119 min"), (120, "minutes", "2.0 h"),
        (600_000.0, "minutes", "10,000.0 h"), (0.125, "share", "12.5 %"), (12_345, "count", "12,345"),
        (7.25, "rate", "7.2"),
    ],
)  # fmt: skip
def test_values_are_written_for_people(value: Value, unit: str, words: str) -> None:
    assert shown(value, unit) == words


def test_every_kind_of_figure_has_its_words_and_its_place_in_the_docs() -> None:
    page = (ROOT / "docs/figures.md").read_text(encoding="utf-8")
    assert {f"title_{kind.key}" for kind in KINDS} == set(TITLES)
    assert {f"definition_{kind.key}" for kind in KINDS} == set(DEFINITIONS)
    used = {f"column_{key}" for kind in KINDS for key in kind.columns}
    assert used | {"column_no_reason"} == set(COLUMNS)
    assert [title for title in TITLES.values() if not re.search(rf"^\| {title} \|", page, re.MULTILINE)] == []
