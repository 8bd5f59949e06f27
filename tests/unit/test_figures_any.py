"""What must hold of the leads' figures whatever the facts are."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from doorstep.figures.count import figures_of
from doorstep.figures.facts import Dispute, Facts, Group, Known, OpenNow, Placed, Rated, Stay, Talk
from doorstep.figures.figure import COUNT, SHARE, WAYS
from doorstep.figures.kinds import percentile
from tests.builders import NOW, days_ago

ZONES = (ZoneInfo("Asia/Shanghai"), timezone.utc, ZoneInfo("America/Sao_Paulo"))

moments = st.datetimes(datetime(2025, 5, 1), datetime(2025, 7, 1), timezones=st.just(timezone.utc))  # noqa: DTZ001
groups = st.builds(Group, st.sampled_from(["en", "de", "—"]), st.sampled_from(["BR", "—"]), st.just("—"))
knowns = st.builds(Known, st.frozensets(st.integers(1, 4), max_size=2), st.sampled_from(["", "a", "b"]))
ids = st.sampled_from([f"c{number}" for number in range(9)])
few = st.integers(0, 3)
disputes = st.builds(Dispute, moments, st.integers(1, 4), groups)


@st.composite
def any_talk(draw: st.DrawFn) -> Talk:
    missed = draw(st.tuples(few, few, few))
    answered_at = draw(st.none() | moments)
    written = sum(missed) + draw(few)
    at, known = draw(moments), draw(knowns)
    return Talk(draw(ids), at, draw(groups), known, draw(few), answered_at, written, *missed)


@st.composite
def any_stay(draw: st.DrawFn) -> Stay:
    at, ending = draw(moments), draw(st.sampled_from(["", "closed", "handed_back", "taken_back"]))
    ended_at = at + timedelta(minutes=draw(st.integers(0, 9_999))) if ending else None
    replied_at = draw(st.none() | st.integers(0, 9_999).map(lambda minutes: at + timedelta(minutes=minutes)))
    reason, known = draw(st.sampled_from(["", "asked", "angry"])), draw(knowns)
    return Stay(draw(ids), at, reason, replied_at, ended_at, ending, draw(groups), known)


@st.composite
def any_facts(draw: st.DrawFn) -> Facts:
    def some(rows: st.SearchStrategy[Any]) -> tuple[Any, ...]:
        return tuple(draw(st.lists(rows, max_size=12)))

    since, until = days_ago(30), draw(st.sampled_from([days_ago(9), NOW, NOW + timedelta(days=3)]))

    def of_period(rows: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(row for row in rows if since <= row.at < until)

    return Facts(
        since, until, draw(st.sampled_from(ZONES)), NOW,
        talks=of_period(some(any_talk())),
        stays=tuple(stay for stay in some(any_stay()) if stay.at >= since),
        open=some(st.builds(OpenNow, moments, st.booleans(), groups)),
        disputes=tuple(each for each in some(disputes) if each.at >= since),
        orders=of_period(some(st.builds(Placed, moments, groups))),
        ratings=of_period(some(st.builds(Rated, moments, st.booleans(), groups))),
    )  # fmt: skip


@given(any_facts(), st.sampled_from(WAYS))
def test_the_counts_of_all_rows_add_up_to_the_total(found: Facts, by: str) -> None:
    for each in figures_of(found, by):
        for place, column in enumerate(each.columns):
            if column.unit == COUNT:
                assert sum(row.values[place] or 0 for row in each.rows) == each.total[place], (each.key, column.key)


@given(any_facts(), st.sampled_from(WAYS))
def test_a_share_is_never_less_than_nothing_nor_more_than_all(found: Facts, by: str) -> None:
    for each in figures_of(found, by):
        for values in (*(row.values for row in each.rows), each.total):
            assert len(values) == len(each.columns)
            for column, value in zip(each.columns, values, strict=True):
                assert value is None or value >= 0
                assert column.unit != SHARE or value is None or value <= 1


@given(any_facts())
def test_every_way_to_break_down_has_the_same_total(found: Facts) -> None:
    totals = [[each.total for each in figures_of(found, by)] for by in WAYS]
    assert totals == [totals[0]] * len(WAYS)


@given(st.lists(st.floats(0, 1e6), min_size=10, max_size=60))
def test_a_percentile_is_a_value_that_so_many_do_not_exceed(values: list[float]) -> None:
    for percent in (50, 90):
        found = percentile(values, percent)
        assert found in values
        assert sum(value <= found for value in values) >= len(values) * percent / 100
        assert sum(value < found for value in values) < len(values) * percent / 100
