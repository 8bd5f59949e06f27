"""The desk's rules in a seller's file: what people may grant, canned replies, and where a mistake in them stands."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from doorstep.people import canned
from doorstep.policy import desk, shop
from doorstep.policy.shop import PolicyError, ShopPolicy


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "shop_policy.yml"


def _load(file: Path, text: str) -> ShopPolicy:
    file.write_text(text, encoding="utf-8")
    return shop.load(file)


def test_each_role_has_its_limits_and_any_other_has_none(file: Path) -> None:
    rules = _load(file, "desk: {limits: {agent: {USD: 5}, lead: {USD: 7.50}}}").desk
    found = [rules.limits_of(role) for role in ("agent", "lead", "owner")]
    assert found == [{"USD": Decimal(5)}, {"USD": Decimal("7.5")}, {}]


def test_one_rule_of_the_desk_can_be_changed_alone(file: Path) -> None:
    policy = _load(file, "desk:\n  limits: {agent: {}}\n")
    assert (policy.desk.limits.agent, policy.desk.limits.lead) == ({}, ShopPolicy().desk.limits.lead)
    assert policy.desk.idle_minutes == 15


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("  idle_minutes: 0", "2: desk.idle_minutes: expected a whole number of minutes from 1 to 480, found 0"),
        (
            "  limits:\n    agent: {EURO: 3}",
            "3: desk.limits.agent.EURO: expected a currency code of three capital letters, such as USD, found the name "
            "'EURO'",
        ),
        ("  limits:\n    leed: {}", "3: desk.limits.leed: there is no such rule; did you mean lead?"),
        (
            "  limits:\n    agent: {USD: 20}\n    lead: {USD: 10}",
            "4: desk.limits.lead.USD: expected at least 20, which an agent may grant, found 10",
        ),
        (
            "  limits:\n    agent: {JPY: 900}",
            "2: desk.limits.lead.JPY: expected at least 900, which an agent may grant, found nothing",
        ),
        (
            "  canned:\n    Thanks: {en: Hi}",
            "3: desk.canned.Thanks: expected a name of 2 to 32 small letters, such as thanks, found the name 'Thanks'",
        ),
        (
            "  canned:\n    thanks:\n      it: Ciao",
            "4: desk.canned.thanks.it: expected a language that buyers are answered in: en, zh, es, pt, fr, de, ru, "
            "found the name 'it'",
        ),
        (
            "  canned:\n    thanks: {}",
            '3: desk.canned.thanks: expected a text for each language, such as {en: "Thank you!"}, found {}',
        ),
        (
            "  canned:\n    thanks:\n      en: Hello\n      de: ''",
            "5: desk.canned.thanks.de: expected some text, found ''",
        ),
    ],
)
def test_a_mistake_is_named_with_its_line_and_what_was_expected(file: Path, text: str, mistake: str) -> None:
    with pytest.raises(PolicyError) as caught:
        _load(file, f"desk:\n{text}\n")
    assert caught.value.mistakes == (f"shop_policy.yml:{mistake}",)


def test_an_unknown_placeholder_of_a_canned_reply_is_named_with_those_known(file: Path) -> None:
    with pytest.raises(PolicyError) as caught:
        _load(file, 'desk:\n  canned:\n    thanks:\n      en: "Hi {buyer}, {parcle} has left"\n')
    (mistake,) = caught.value.mistakes
    assert mistake.startswith("shop_policy.yml:4: desk.canned.thanks.en: nobody knows what {parcle} stands for; those")
    assert all(f"{{{name}}}" in mistake for name in desk.PLACEHOLDERS)


def test_the_rules_of_the_desk_are_the_same_for_every_shop_and_country(file: Path) -> None:
    with pytest.raises(PolicyError, match=r"overrides\.countries\.BR\.desk: is the same for every country"):
        _load(file, "overrides: {countries: {BR: {desk: {idle_minutes: 5}}}}")


def test_every_placeholder_that_a_seller_may_use_is_one_that_can_be_filled() -> None:
    assert {*desk.PLACEHOLDERS} - {"shop"} <= {*canned.LACKS}
