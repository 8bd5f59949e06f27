"""A seller's mistake is named with its line; what is left out has its default; the most specific span wins."""

from __future__ import annotations

import json
from datetime import time
from decimal import Decimal
from pathlib import Path

import pytest

from doorstep.policy import overrides as policy_overrides
from doorstep.policy import shop as shop_policy
from doorstep.policy.shop import PolicyError, ShopPolicy
from doorstep.settings import ROOT


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "shop_policy.yml"


def _load(file: Path, text: str) -> ShopPolicy:
    file.write_text(text, encoding="utf-8")
    return shop_policy.load(file)


def _mistakes(file: Path, text: str) -> tuple[str, ...]:
    with pytest.raises(PolicyError) as caught:
        _load(file, text)
    return caught.value.mistakes


def test_the_file_we_ship_shows_the_defaults() -> None:
    assert shop_policy.load(ROOT / "shop_policy.yml") == ShopPolicy()


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "waits:\n", "\ufeff"])
def test_what_is_left_out_has_its_default(file: Path, text: str) -> None:
    assert _load(file, text) == ShopPolicy()


def test_one_rule_can_be_changed_alone(file: Path) -> None:
    policy = _load(file, 'waits: {grace_days: 5}\nopening_hours: {open: "08:30"}\n')
    assert (policy.waits.grace_days, policy.waits.no_scan_days, policy.opening_hours.open) == (5, 10, time(8, 30))


def test_a_loaded_policy_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        ShopPolicy().waits.grace_days = 30


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        (
            "\nwaits:\n  grace_days: two\n",
            "3: waits.grace_days: expected a whole number of days from 0 to 60, found 'two'",
        ),
        ("waits:\n  grace_days: 61", "2: waits.grace_days: expected a whole number of days from 0 to 60, found 61"),
        ("handling_days: true", "1: handling_days: expected a whole number of business days from 0 to 60, found true"),
        ("handling_days:", "1: handling_days: expected a whole number of business days from 0 to 60, found nothing"),
        ("waits:\n  graze_days: 2", "2: waits.graze_days: there is no such rule; did you mean grace_days?"),
        ("wait: 3", "1: wait: there is no such rule; did you mean waits?"),
        ("waits: 3", "1: waits: expected a group of rules, one on each line, found 3"),
        ("remedies: {resend: yes}", "1: remedies.resend: expected true or false, found 'yes'"),
        ("- 1", "1: expected rules such as 'handling_days: 2', found [1]"),
        ("waits: {grace_days: 1\n", "2: this is not YAML: expected ',' or '}', but got '<stream end>'"),
        (
            "shop:\n  timezone: China",
            "2: shop.timezone: expected a time zone by its IANA name, "
            "such as Asia/Shanghai or Europe/Berlin, found 'China'",
        ),
        (
            "opening_hours:\n  days: [mon, Tuesday]",
            "2: opening_hours.days[1]: expected a weekday: mon, tue, wed, thu, fri, sat, sun, found 'Tuesday'",
        ),
        (
            'opening_hours:\n  open: "18:00"\n  close: "09:00"',
            "3: opening_hours.close: expected a time after 18:00, when it opens, found '09:00'",
        ),
        (
            "usual_days:\n  services:\n    yanwen:\n      br: [1, 2]",
            "4: usual_days.services.yanwen.br: expected a country code of two capital letters, such as BR or GB, or "
            "default, found the name 'br'",
        ),
        (
            "shop:\n  order_numbers: [DS-00000, 00]",
            '2: shop.order_numbers[1]: expected a format in quotes such as "DS-00000", 0 for a digit and A for a '
            "letter (3 to 40 characters, a 0 among them), found 0",
        ),
        (
            "shop:\n  order_numbers: DS-00000",
            "2: shop.order_numbers: expected a list of formats in quotes, such as [\"DS-00000\"], found 'DS-00000'",
        ),
        (
            "remedies:\n  limits:\n    USD: -1",
            "3: remedies.limits.USD: expected an amount such as 100 or 99.50, from 0 to 10000000, found -1",
        ),
    ],
)
def test_a_mistake_is_named_with_its_line_and_what_was_expected(file: Path, text: str, mistake: str) -> None:
    assert _mistakes(file, text) == (f"shop_policy.yml:{mistake}",)


@pytest.mark.parametrize("format_", ["DS-AAAAA", "00", " 000", "0000 ", "0" * 41, "000%", "a\\n000", ""])
def test_a_format_of_order_numbers_is_short_holds_a_digit_and_no_odd_sign(file: Path, format_: str) -> None:
    (mistake,) = _mistakes(file, f'shop:\n  order_numbers:\n    - "{format_}"')
    assert mistake.startswith("shop_policy.yml:3: shop.order_numbers[0]: expected a format in quotes")


@pytest.mark.parametrize("written", ["[]", '["DS-00000"]', '["A0/A-0", "#0000", "DS 000 000", "订单0000"]'])
def test_formats_of_order_numbers_are_kept_as_they_are_written(file: Path, written: str) -> None:
    assert list(_load(file, f"shop: {{order_numbers: {written}}}").shop.order_numbers) == json.loads(written)


@pytest.mark.parametrize("span", ["[15, 7]", "[7]", "[7, 15, 30]", "7", "[0, 0]", "[1.5, 2]", "[1, 366]", "[true, 3]"])
def test_a_span_is_two_numbers_the_smaller_first(file: Path, span: str) -> None:
    (mistake,) = _mistakes(file, f"usual_days:\n  default: {span}")
    assert mistake.startswith("shop_policy.yml:2: usual_days.default: expected two whole numbers of business days")


def test_all_mistakes_are_named_at_once_by_line(file: Path) -> None:
    mistakes = _mistakes(file, "messages: {burst: x}\nwaits:\n  no_scan_days: 0\nzzz: 1\nidentity: []\n")
    assert [mistake.split(":")[1] for mistake in mistakes] == ["1", "3", "4", "5"]


def test_the_same_rule_twice_is_named(file: Path) -> None:
    (mistake,) = _mistakes(file, "handling_days: 1\nhandling_days: 2\n")
    assert mistake == "shop_policy.yml:2: handling_days: stands twice, first in line 1; keep one of them"


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match=r"missing\.yml: cannot be read: No such file"):
        shop_policy.load(tmp_path / "missing.yml")


def test_a_file_in_another_encoding_is_named_with_its_line(file: Path) -> None:
    file.write_bytes("shop:\n  name: Café\n".encode("latin-1"))
    with pytest.raises(PolicyError, match=r"shop_policy.yml:2: expected text in UTF-8"):
        shop_policy.load(file)


SPANS = """
usual_days:
  default: [7, 15]
  services:
    yanwen/air: {default: [5, 9], BR: [6, 11]}
    yanwen: {default: [8, 16], FR: [9, 17]}
    4px/air: {BR: [1, 2]}
"""


@pytest.mark.parametrize(
    ("carrier", "service", "country", "span"),
    [
        ("yanwen", "air", "BR", (6, 11)),
        ("yanwen", "air", "FR", (5, 9)),
        ("yanwen", "sea", "FR", (9, 17)),
        ("yanwen", "", "US", (8, 16)),
        ("4px", "air", "US", (7, 15)),
        ("usps", "", "US", (7, 15)),
        (" Yanwen", "AIR ", "br", (6, 11)),
    ],
)
def test_the_most_specific_span_counts(
    file: Path, carrier: str, service: str, country: str, span: tuple[int, int]
) -> None:
    assert _load(file, SPANS).usual_days_for(carrier, service, country) == span


@pytest.mark.parametrize(
    ("amount", "currency", "within"),
    [("100", "USD", True), ("100.01", "USD", False), ("90.50", "eur", True), ("1", "JPY", False), ("0", "JPY", False)],
)
def test_only_amounts_within_a_limit_of_their_currency_are_settled_alone(
    file: Path, amount: str, currency: str, within: bool
) -> None:
    policy = _load(file, "remedies: {limits: {USD: 100, EUR: 90.50}}")
    assert policy.remedies.within_limit(Decimal(amount), currency) is within


def test_a_policy_can_be_made_in_python_too() -> None:
    remedies = shop_policy.Remedies(limits={"USD": Decimal("5")})
    hours = shop_policy.OpeningHours(days=("sat",), open=time(10), close=time(12))
    policy = ShopPolicy(remedies=remedies, opening_hours=hours, usual_days=shop_policy.UsualDays(default=(1, 2)))
    assert (policy.remedies, policy.opening_hours, policy.usual_days.default) == (remedies, hours, (1, 2))


OVERRIDDEN = """
handling_days: 2
remedies: {refund_within_days: 4, limits: {USD: 100, EUR: 90}}
overrides:
  shops:
    lights:
      handling_days: 1
      remedies: {refund_within_days: 6}
  countries:
    BR:
      handling_days: 5
      remedies: {limits: {BRL: 300}}
    FR:
"""


@pytest.mark.parametrize(
    ("shop", "country", "expected"),
    [
        ("default", "US", (2, 4, ["USD", "EUR"])),
        ("default", "FR", (2, 4, ["USD", "EUR"])),
        ("lights", "US", (1, 6, ["USD", "EUR"])),
        ("default", "BR", (5, 4, ["BRL"])),
        ("lights", "br", (5, 6, ["BRL"])),
        ("", "", (2, 4, ["USD", "EUR"])),
    ],
)
def test_a_countrys_rule_comes_before_a_shops_and_that_before_the_general_one(
    file: Path, shop: str, country: str, expected: tuple[int, int, list[str]]
) -> None:
    policy = _load(file, OVERRIDDEN).for_(shop, country)
    found = (policy.handling_days, policy.remedies.refund_within_days, list(policy.remedies.limits))
    assert found == expected


def test_what_an_override_leaves_out_stays_as_it_is(file: Path) -> None:
    general = _load(file, OVERRIDDEN)
    brazil = general.for_("default", "BR")
    same = [name for name in ShopPolicy.__fields__ if getattr(brazil, name) == getattr(general, name)]
    assert sorted({*ShopPolicy.__fields__} - {*same}) == ["handling_days", "overrides", "remedies"]
    assert brazil.remedies.resend_within_days == general.remedies.resend_within_days


def test_the_rules_of_a_shop_and_country_are_put_together_once(file: Path) -> None:
    policy = _load(file, OVERRIDDEN)
    assert policy.for_("lights", "BR") is policy.for_("lights", "BR")
    assert policy.for_("default", "US") is policy


def test_each_rule_either_may_differ_or_is_the_same_for_all() -> None:
    named = [*policy_overrides.BY_SHOP, *policy_overrides.GENERAL]
    assert sorted(named) == sorted(ShopPolicy.__fields__)
    assert set(policy_overrides.BY_COUNTRY) <= set(policy_overrides.BY_SHOP)
