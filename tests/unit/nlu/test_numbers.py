"""Check digits, folding and hostile text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorstep.nlu.numbers import find_numbers, fold, luhn_fits, s10_check_digit_fits


@pytest.mark.parametrize("number", ["RB123456785GB", "RB 123 456 785 CN", "LX473124829DE"])
def test_a_right_s10_check_digit_fits(number: str) -> None:
    assert s10_check_digit_fits(number)


@pytest.mark.parametrize("number", ["RB123456784GB", "LX473124820DE"])
def test_a_wrong_s10_check_digit_does_not_fit(number: str) -> None:
    assert not s10_check_digit_fits(number)


def test_spaced_letters_and_digits_with_a_wrong_check_digit_are_no_tracking_number() -> None:
    assert [find for find in find_numbers("is 123 456 784 it") if find.kind == "tracking_number"] == []


def test_a_card_number_fits_luhn_and_its_neighbour_does_not() -> None:
    assert luhn_fits("4111 1111 1111 1111")
    assert not luhn_fits("4111 1111 1111 1112")


def test_sixteen_digits_that_pass_luhn_are_an_order_unless_a_card_is_spoken_of() -> None:
    assert [find.value for find in find_numbers("where is 4111111111111111")] == ["4111111111111111"]
    assert find_numbers("where is the money of card 4111111111111111") == ()


def test_folding_remembers_where_each_character_came_from() -> None:
    folded = fold("ﬁ１№")
    assert folded.text == "fi1№"
    assert folded.origin == (0, 0, 1, 2, 3)


@settings(deadline=None)
@given(st.text(alphabet="0123456789-‑ #.,/@$€№订单号 abcXYZéßＡ１\n", max_size=80))
def test_any_text_gives_finds_that_stand_in_it_without_overlap(text: str) -> None:
    end = 0
    for find in find_numbers(text):
        assert end <= find.start < find.end <= len(text)
        assert find.value == find.value.strip() != ""
        end = find.end
