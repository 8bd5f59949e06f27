"""What logins, names and passwords of agents may be, and how passwords are kept."""

from __future__ import annotations

import unicodedata

import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.low_level import Type
from hypothesis import example, given
from hypothesis import strategies as st

from doorstep.people.agents import (
    AGENT,
    LEAD,
    Agent,
    AgentError,
    check_password,
    clean_name,
    may_be_login,
    new_login,
    normal_login,
)
from doorstep.people.passwords import Passwords, made

GOOD = "six words nobody says twice"


def an_agent(**changes: str) -> Agent:
    values = {"shop": "", "login": "anna@shop.example", "name": "Anna", "role": AGENT, "team": "", "language": "en"}
    return Agent(1, **{**values, **changes})


def quick() -> Passwords:
    """The same at a fraction of the work."""
    return Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.mark.parametrize(("shop", "sees"), [("", True), ("de", True), ("fr", False)])
def test_an_agent_of_a_shop_sees_its_conversations_only_and_one_of_no_shop_sees_all(shop: str, sees: bool) -> None:
    assert an_agent(shop=shop).sees("de") is sees


def test_only_a_lead_is_one() -> None:
    assert an_agent(role=LEAD).is_lead
    assert not an_agent().is_lead


@pytest.mark.parametrize("typed", ["Anna@Shop.Example", "  anna@shop.example\n", "ａｎｎａ@shop.example"])
def test_a_login_is_the_same_however_it_is_typed(typed: str) -> None:
    assert new_login(typed) == "anna@shop.example"


@given(st.text(max_size=40))
@example("\u0130\u2100")
@example("\u03d3 \u1e9e")
def test_a_normal_login_stays_as_it_is(typed: str) -> None:
    login = normal_login(typed)
    assert normal_login(login) == login


@pytest.mark.parametrize("typed", ["", "   ", "anna maria", "an\x00na", "a\u202enna", "\ud800", "a" * 121])
def test_what_nobody_could_type_or_see_is_no_login(typed: str) -> None:
    assert not may_be_login(normal_login(typed))
    with pytest.raises(AgentError, match="an e-mail address or a word without spaces"):
        new_login(typed)


@given(st.text(max_size=80))
def test_a_name_is_refused_or_holds_nothing_that_changes_the_text_around_it(typed: str) -> None:
    try:
        name = clean_name(typed)
    except AgentError:
        return
    assert 1 <= len(name) <= 80
    assert not any(unicodedata.category(ch).startswith("C") for ch in name)
    assert clean_name(name) == name


def test_a_name_is_written_on_one_line_in_its_plainest_form() -> None:
    assert clean_name(" Ａnna\n\u202eMaria\x07 ") == "Anna Maria"
    assert clean_name("李娜") == "李娜"


@pytest.mark.parametrize("typed", ["", " \n\u200b", "a" * 81])
def test_a_name_that_is_none_or_too_long_is_refused(typed: str) -> None:
    with pytest.raises(AgentError, match="what buyers read"):
        clean_name(typed)


@pytest.mark.parametrize(
    ("password", "lacks"),
    [
        ("elevenchars", "12 to 200 characters"),
        ("a b" * 67, "12 to 200 characters"),
        ("anna@shop.EXAMPLE", "is the login or the name"),
        ("Anna Maria Lima", "is the login or the name"),
        ("aaaaaaaaaaaa", "one character again and again"),
        ("AaAaAaAaAaAa", "one character again and again"),
        ("twelve\x00chars", "control character"),
    ],
)
def test_a_password_that_is_easy_to_guess_is_refused_without_repeating_it(password: str, lacks: str) -> None:
    with pytest.raises(AgentError, match=lacks) as refused:
        check_password(password, "anna@shop.example", "anna maria lima")
    assert password not in str(refused.value)


@pytest.mark.parametrize("password", ["twelve chars", GOOD, "密码要长一点才好记住它呀", "a b" * 66])
def test_any_other_password_is_taken(password: str) -> None:
    check_password(password, "anna@shop.example", "Anna")


def test_a_made_password_is_long_enough_and_never_made_twice() -> None:
    check_password(made(), "anna@shop.example", "Anna")
    assert made() != made()


def test_a_password_fits_its_hash_alone() -> None:
    passwords = quick()
    kept = passwords.hashed(GOOD)
    assert GOOD not in kept
    assert passwords.fits(GOOD, kept)
    assert not passwords.fits(GOOD + " ", kept)
    assert not passwords.fits(GOOD, None)
    assert not passwords.fits(GOOD, "not a hash")
    assert passwords.hashed(GOOD) != kept


def test_a_password_fits_on_every_keyboard() -> None:
    assert quick().fits("caf\u00e9 in the morning", quick().hashed("cafe\u0301 in the morning"))


def test_what_is_longer_than_a_password_may_be_never_fits() -> None:
    longest = "a b" * 66 + "cd"
    assert quick().fits(longest, quick().hashed(longest))
    assert not quick().fits(longest + "e" * 1000, quick().hashed(longest))
    assert not quick().fits(longest + "e", quick().hashed(longest + "e"))


def test_passwords_are_kept_as_argon2id_with_the_work_of_rfc_9106() -> None:
    parameters = extract_parameters(Passwords().hashed(GOOD))
    assert parameters.type is Type.ID
    assert parameters.memory_cost >= 64 * 1024
    assert parameters.time_cost >= 3


def test_a_hash_of_less_work_is_to_be_made_again() -> None:
    assert Passwords().is_outdated(quick().hashed(GOOD))
    assert not quick().is_outdated(quick().hashed(GOOD))


def test_where_there_is_nobody_the_same_work_is_done() -> None:
    counting = _Counting()
    Passwords(counting).fits(GOOD, counting.hash(GOOD))
    before = counting.worked
    Passwords(counting).fits(GOOD, None)
    assert (before, counting.worked) == (2, 3)


class _Counting(PasswordHasher):
    """Counts how often Argon2 is run."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.worked = 0

    def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
        self.worked += 1
        return super().hash(password, salt=salt)

    def verify(self, hash: str | bytes, password: str | bytes) -> bool:
        self.worked += 1
        return super().verify(hash, password)
