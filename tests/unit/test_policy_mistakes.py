"""Whatever is wrong in a seller's file is told at once, each with its line, what stands there and what was expected."""

from __future__ import annotations

from pathlib import Path

import pytest

from doorstep import settings
from doorstep.policy import shop as shop_policy
from doorstep.policy.shop import PolicyError
from doorstep.processes import preflight


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "shop_policy.yml"


def _mistakes(file: Path, text: str) -> list[str]:
    file.write_text(text, encoding="utf-8")
    with pytest.raises(PolicyError) as caught:
        shop_policy.load(file)
    return [mistake.removeprefix("shop_policy.yml:") for mistake in caught.value.mistakes]


def _hints(file: Path, text: str) -> list[str]:
    file.write_text(text, encoding="utf-8")
    return [hint.removeprefix("shop_policy.yml:") for hint in shop_policy.read(file).hints]


TWELVE = """\
handling_days: two
waits:
  grace_days: 90
  graze_days: 2
\tno_scan_days: 5
returns:
  warehouses: {UK: "5 Dock Road, Leeds"}
remedies:
  limits: {EURO: 90}
notices:
  earliest: "21:00"
  latest: "08:00"
customers:
  spent: [500, 200, 50]
  tiers: {gold: 10, regular: 2}
goods:
  photo: true
  photo: false
overrides:
  countries:
    BR:
      opening_hours: {open: "10:00"}
      notices: {leave_out: [shiped]}
"""


def test_twelve_kinds_of_mistakes_are_told_at_once_each_with_its_line(file: Path) -> None:
    assert _mistakes(file, TWELVE) == [
        "1: handling_days: expected a whole number of business days from 0 to 60, found 'two'",
        "3: waits.grace_days: expected a whole number of days from 0 to 60, found 90",
        "4: waits.graze_days: there is no such rule; did you mean grace_days?",
        "5: the line is indented with a tab; use spaces, as the lines around it",
        "7: returns.warehouses.UK: expected a country code of two capital letters, such as BR or GB, or default, found "
        "the name 'UK'",
        "9: remedies.limits.EURO: expected a currency code of three capital letters, such as USD, found the name "
        "'EURO'",
        "12: notices.latest: expected a time after 21:00, the earliest, found '08:00'",
        "14: customers.spent: expected three whole numbers of amounts, each larger than the one before, from 1 to "
        "10000000, found [500, 200, 50]",
        "15: customers.tiers: expected tiers from the most points to the fewest, the last one from 0, found "
        "{gold: 10, regular: 2}",
        "18: goods.photo: stands twice, first in line 17; keep one of them",
        "22: overrides.countries.BR.opening_hours: is the same for every country; by country can differ "
        "handling_days, usual_days, waits, remedies, returns, goods, customs, unpaid, notices",
        "23: overrides.countries.BR.notices.leave_out[0]: expected a notice: shipped, left_origin, arrived, "
        "customs_held, released, out_for_delivery, delivery_failed, ready_for_pickup, delivered, late, going_back, "
        "unpaid, back_in_stock, promise, return_deadline, case, found 'shiped'",
    ]


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        (
            "customers:\n  tiers: {vip: 9, all: 0}\n  goodwill: {vip: 5, gold: 9}",
            "3: customers.goodwill.gold: expected one of the tiers above: vip, all, found the name 'gold'",
        ),
        (
            "goods:\n  coupons:\n    - SORRY-1\n    - SORRY-2\n    - SORRY-1",
            "5: goods.coupons[2]: expected a code that is not listed before: each is given once, found 'SORRY-1'",
        ),
        (
            "teams:\n  care: everything",
            "1: teams: expected care and logistics among the teams, found {care: 'everything'}",
        ),
        (
            "teams:\n  care: all\n  logistics:",
            "3: teams.logistics: expected some text, found nothing",
        ),
        (
            "customers: {currency: USX}",
            "1: customers.currency: expected a currency code of three capital letters, such as USD, found 'USX'",
        ),
        (
            "notices:\n  unpaid_after_hours: [24, 1]",
            "2: notices.unpaid_after_hours: expected whole numbers of hours in rising order, such as [1, 24] "
            "(up to 720; [] for none), found [24, 1]",
        ),
    ],
)
def test_what_does_not_fit_together_is_told(file: Path, text: str, mistake: str) -> None:
    assert _mistakes(file, text) == [mistake]


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        (
            "overrides:\n  countries:\n    UK:\n      handling_days: 3",
            "3: overrides.countries.UK: expected a country code of two capital letters, such as BR or GB, found the "
            "name 'UK'",
        ),
        (
            "overrides:\n  countries:\n    BR:\n      returns:\n        window_days: x",
            "5: overrides.countries.BR.returns.window_days: expected a whole number of days from 0 to 730, found 'x'",
        ),
        (
            "overrides:\n  shops:\n    lights:\n      return: {}",
            "4: overrides.shops.lights.return: there is no such rule; did you mean returns?",
        ),
        (
            "overrides:\n  shops:\n    lights:\n      shop: {timezone: Asia/Tokyo}",
            "4: overrides.shops.lights.shop.timezone: is the same for every shop; of `shop` can differ the other rules",
        ),
        (
            "overrides:\n  countries:\n    BR:\n      notices: {on: false}",
            "4: overrides.countries.BR.notices.on: is the same for every country; of `notices` can differ the other "
            "rules",
        ),
        (
            "overrides:\n  shops:\n    lights:\n      messages: {burst: 1}",
            "4: overrides.shops.lights.messages: is the same for every shop; by shop can differ shop, handling_days, "
            "usual_days, waits, remedies, returns, goods, customs, unpaid, notices",
        ),
        (
            "overrides:\n  shops:\n    7: {handling_days: 1}",
            "3: overrides.shops[7]: expected the name of a shop as in its orders, in quotes if it is a number, found "
            "the name 7",
        ),
        (
            "overrides:\n  countries: [BR]",
            "2: overrides.countries: expected names with rules below them, such as BR: {handling_days: 5}, found "
            "['BR']",
        ),
        (
            "overrides:\n  countries:\n    BR: 5",
            "3: overrides.countries.BR: expected a group of rules, one on each line, found 5",
        ),
        (
            "overrides:\n  country: {}",
            "2: overrides.country: there is no such rule; did you mean countries?",
        ),
        (
            'overrides:\n  countries:\n    BR:\n      notices: {earliest: "20:30"}',
            "4: overrides.countries.BR.notices.latest: expected a time after 20:30, the earliest, found '20:00' in the "
            "general rules",
        ),
        (
            'overrides:\n  shops:\n    lights: {notices: {earliest: "11:00"}}\n  countries:\n'
            '    BR: {notices: {latest: "10:00"}}',
            "5: overrides.countries.BR.notices.latest: expected a time after 11:00, the earliest, found '10:00' "
            "together with overrides.shops.lights",
        ),
    ],
)
def test_a_mistake_in_an_override_is_named_by_its_whole_path(file: Path, text: str, mistake: str) -> None:
    assert _mistakes(file, text) == [mistake]


def test_general_rules_that_are_wrong_are_not_told_again_for_each_country(file: Path) -> None:
    text = 'notices: {latest: "25:00"}\noverrides:\n  countries:\n    BR: {notices: {earliest: "22:00"}}\n    FR:'
    assert [mistake.split(":")[0] for mistake in _mistakes(file, text)] == ["1"]


@pytest.mark.parametrize(
    "text",
    ["shop:\n  name: a\tb", "usual_days: {default: [7,\t15]}", "# a comment\t\n\t# another\nhandling_days: 2\t# two"],
)
def test_a_tab_that_does_no_harm_is_none_of_our_business(file: Path, text: str) -> None:
    file.write_text(text)
    assert shop_policy.load(file).handling_days == 2


def test_a_file_that_cannot_be_read_even_without_its_tabs_names_both(file: Path) -> None:
    assert [mistake.split(":")[0] for mistake in _mistakes(file, "waits:\n\tgrace_days: 2\n}\n")] == ["2", "3"]


def test_a_table_may_be_used_in_several_places(file: Path) -> None:
    file.write_text("remedies: {limits: &amounts {USD: 50}}\ngoods: {low_values: *amounts}\n")
    assert shop_policy.load(file).goods.low_values == {"USD": 50}
    text = "remedies: {limits: &amounts {USD: 50, USD: 60}}\ngoods: {low_values: *amounts}\n"
    assert _mistakes(file, text) == ["1: remedies.limits.USD: stands twice, first in line 1; keep one of them"]


def test_a_return_without_an_address_is_pointed_out_but_allowed(file: Path) -> None:
    (hint,) = _hints(file, "handling_days: 2\nreturns:\n  warehouses: {US: 5 Dock Road}\n")
    assert hint.startswith("3: returns.warehouses: no address under default")
    assert preflight.check_policy(
        settings.load({"DOORSTEP_POLICY_FILE": str(file), "DOORSTEP_DATA_DIR": str(file.parent)})
    )[0].endswith(hint)
    assert _hints(file, "returns: {window_days: 0}") == []
    assert _hints(file, "returns: {warehouses: {default: Box 12}}") == []


def test_a_tier_that_gets_nothing_is_pointed_out_but_allowed(file: Path) -> None:
    text = "returns: {window_days: 0}\ncustomers:\n  tiers: {vip: 9, gold: 4, regular: 0}\n"
    assert _hints(file, text) == ["2: customers.goodwill: nothing for vip, so nothing is given"]
    assert shop_policy.load(file).customers.goodwill == {"gold": 10, "regular": 2}
