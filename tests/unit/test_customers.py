"""Recency, frequency and money: which of the 64 groups a customer is in, and which tier that makes."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorstep.orders import Money
from doorstep.people.customers import ALL_GROUPS, Bought, Group, count_groups, key_of, standing_of
from doorstep.policy.groups import Customers
from tests.builders import NOW, a_buyer, days_ago

RULES = Customers()
CURRENCIES = ("USD", "EUR", "BRL", "XTS")

bought = st.builds(
    Bought,
    orders=st.integers(0, 30),
    last_at=st.none() | st.integers(-5, 2_000).map(lambda days: NOW - timedelta(days=days)),
    spent=st.dictionaries(st.sampled_from(CURRENCIES), st.decimals(0, 100_000, places=2)),
)


def test_a_customer_who_bought_much_often_and_lately_is_in_the_highest_group_and_tier() -> None:
    found = standing_of(Bought(8, days_ago(30), {"USD": Decimal(500)}), RULES, NOW)
    assert (found.group, found.group.points, found.tier) == (Group(4, 4, 4), 12, "gold")


def test_one_small_order_long_ago_is_the_lowest() -> None:
    found = standing_of(Bought(1, days_ago(181), {"USD": Decimal("49.99")}), RULES, NOW)
    assert (found.group, found.group.points, found.tier) == (Group(1, 1, 1), 3, "regular")


@pytest.mark.parametrize(("days", "level"), [(0, 4), (30, 4), (31, 3), (90, 3), (91, 2), (180, 2), (181, 1)])
def test_recency_falls_with_the_days_since_the_last_order(days: int, level: int) -> None:
    assert standing_of(Bought(1, days_ago(days)), RULES, NOW).group.recency == level


@pytest.mark.parametrize(("orders", "level"), [(1, 1), (2, 2), (3, 2), (4, 3), (7, 3), (8, 4)])
def test_frequency_rises_with_the_number_of_orders(orders: int, level: int) -> None:
    assert standing_of(Bought(orders, NOW), RULES, NOW).group.frequency == level


@pytest.mark.parametrize(("spent", "level"), [("49.99", 1), ("50", 2), ("200", 3), ("499.99", 3), ("500", 4)])
def test_money_rises_with_what_was_spent(spent: str, level: int) -> None:
    assert standing_of(Bought(1, NOW, {"USD": Decimal(spent)}), RULES, NOW).group.money == level


def test_money_of_several_currencies_is_added_in_that_of_the_policy() -> None:
    rules = Customers(currency="EUR", rates={"USD": Decimal("0.9")})
    found = standing_of(Bought(2, NOW, {"USD": Decimal(100), "EUR": Decimal(10)}), rules, NOW)
    assert found.spent == Money(Decimal("100.00"), "EUR")


def test_a_currency_without_rate_counts_nothing_and_is_named() -> None:
    found = standing_of(Bought(2, NOW, {"XTS": Decimal(9_000), "USD": Decimal(10)}), RULES, NOW)
    assert (found.spent, found.no_rate) == (Money(Decimal("10.00"), "USD"), ("XTS",))


@pytest.mark.parametrize(("points", "tier"), [((4, 3, 3), "gold"), ((3, 3, 3), "silver"), ((2, 2, 2), "regular")])
def test_the_tier_is_the_first_whose_points_are_reached(points: tuple[int, int, int], tier: str) -> None:
    days, orders, spent = {4: 1, 3: 60, 2: 120}, {4: 9, 3: 5, 2: 2}, {4: 900, 3: 300, 2: 60}
    given_ = Bought(orders[points[1]], days_ago(days[points[0]]), {"USD": Decimal(spent[points[2]])})
    assert standing_of(given_, RULES, NOW).tier == tier


def test_the_same_address_in_other_letters_is_the_same_customer() -> None:
    assert key_of(a_buyer(email=" Ana.Souza@Example.com ")) == key_of(a_buyer(email="ana.souza@example.com", id="B-2"))


def test_without_an_address_the_buyers_id_counts_and_without_both_the_order_stands_alone() -> None:
    assert key_of(a_buyer(email="")) == key_of(a_buyer(email=" ", name="Somebody"))
    assert key_of(a_buyer(email="B-1", id="")) != key_of(a_buyer(email="", id="B-1"))
    assert key_of(a_buyer(email="", id="")) == ""


@given(bought)
def test_everybody_is_in_exactly_one_of_the_64_groups_and_has_one_tier(some: Bought) -> None:
    found = standing_of(some, RULES, NOW)
    assert len(ALL_GROUPS) == 64
    assert [group for group in ALL_GROUPS if group == found.group] == [found.group]
    assert 3 <= found.group.points <= 12
    assert found.tier in RULES.tiers


@given(st.lists(bought, max_size=30))
def test_the_groups_counts_add_up_to_all_customers(several: list[Bought]) -> None:
    counted = count_groups(standing_of(each, RULES, NOW) for each in several)
    assert (len(counted), sum(counted.values())) == (64, len(several))


@given(bought, st.integers(0, 10), st.decimals(0, 1_000, places=2))
def test_buying_more_never_lowers_the_points(some: Bought, orders: int, amount: Decimal) -> None:
    more = Bought(some.orders + orders, NOW, {**some.spent, "USD": some.spent.get("USD", Decimal(0)) + amount})
    assert standing_of(more, RULES, NOW).group.points >= standing_of(some, RULES, NOW).group.points
