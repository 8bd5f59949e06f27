"""Folding, check digits, the shop's own formats, lists, and hostile text."""

from __future__ import annotations

import re
import sre_parse
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorstep.nlu import cues, lookalikes, patterns
from doorstep.nlu.checks import iban_fits, luhn_fits, s10_check_digit_fits
from doorstep.nlu.folding import fold
from doorstep.nlu.numbers import find_numbers
from doorstep.nlu.own_formats import own_formats


def orders(text: str, *formats: str) -> list[str]:
    return [find.value for find in find_numbers(text, own_formats(formats)) if find.kind == "order_number"]


# -- check digits ----------------------------------------------------------------------------


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
    assert orders("where is 4111111111111111") == ["4111111111111111"]
    assert find_numbers("where is the money of card 4111111111111111") == ()


def test_a_bank_account_fits_its_check_and_needs_no_word_beside_it() -> None:
    assert iban_fits("DE89 3704 0044 0532 0130 00")
    assert not iban_fits("DE89 3704 0044 0532 0130 01")
    assert find_numbers("please send it to DE89 3704 0044 0532 0130 00") == ()


# -- folding ---------------------------------------------------------------------------------


def test_folding_remembers_where_each_character_came_from() -> None:
    folded = fold("ﬁ１№")
    assert folded.text == "fi1№"
    assert folded.origin == (0, 0, 1, 2, 3)


@pytest.mark.parametrize("text", ["pedido nº 7712", "pedido n.º 7712", "PEDIDO Nº 7712"])
def test_the_sign_of_a_number_stays_and_that_of_an_ordinal_becomes_a_letter(text: str) -> None:
    assert "º" in fold(text).text
    assert fold("1º de abril").text == "1o de abril"


@pytest.mark.parametrize("char", ["\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u200e"])
def test_characters_without_width_inside_a_number_are_not_part_of_it_and_keep_its_place(char: str) -> None:
    text = f"order 30123{char}45678{char}914456 is late"
    (find,) = find_numbers(text)
    assert find.value == "3012345678914456"
    assert text[find.start : find.end] == f"30123{char}45678{char}914456"


def test_full_width_digits_become_plain_ones_and_keep_their_place() -> None:
    (find,) = find_numbers("订单１１２－４４５５６６７－８８９９００１没收到")
    assert (find.value, find.start, find.end) == ("112-4455667-8899001", 2, 21)


@pytest.mark.parametrize("space", ["\u00a0", "\u202f", "\u3000", " "])
def test_spaces_of_any_kind_may_stand_inside_a_number(space: str) -> None:
    assert orders(f"8153{space}6274{space}8001{space}5926 where") == ["8153 6274 8001 5926"]


@pytest.mark.parametrize("text", ["pedido\n7712", "112-4455667-\n8899001", "Bestellnummer:\r\n771203\r\nDanke"])
def test_a_line_break_between_a_word_and_its_number_or_at_a_dash_does_no_harm(text: str) -> None:
    assert len(orders(text)) == 1


def test_signs_of_our_own_in_a_message_are_taken_out() -> None:
    assert find_numbers(f"{cues.ORDER}{cues.NUMBER} 12") == ()


# -- several ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("orders 771, 772 and 773", ["771", "772", "773"]),
        ("pedidos 771 e 772", ["771", "772"]),
        ("Bestellungen 771, 772 und 773 bitte", ["771", "772", "773"]),
        ("订单号771和772", ["771", "772"]),
        ("order 771 and 2 shirts", ["771"]),
        ("10234\n10235", ["10234", "10235"]),
        ("items 88213 and 88214 of order 771", ["771"]),
    ],
)
def test_what_is_said_of_the_first_number_of_a_list_holds_for_the_others(text: str, found: list[str]) -> None:
    assert orders(text) == found


# -- the shop's own formats --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("format_", "text", "number"),
    [
        ("A0/a-0", "where is A7/x-9", None),
        ("A0/A-0", "where is a7/X-9 please", "a7/X-9"),
        ("0000000000", "call 2025550143", "2025550143"),
        ("00-00-0000", "on 12-11-2026", "12-11-2026"),
        ("DS-00000", "my parcel ds–10234 has gone", "ds–10234"),
        ("DS-00000", "订单DS-10234还没到", "DS-10234"),
        ("DS-00000", "it is DS-10234Recently I bought", "DS-10234"),
        ("DS-00000", "sku DS-10234", "DS-10234"),
        ("Nr.0000", "Nr.4482", "Nr.4482"),
        ("DS 000 000", "ds 102\u00a0345", "ds 102 345"),
        ("ＤＳ００００", "DS7712", "DS7712"),
        ("00-AA", "заказ12-ЖЩ", "12-ЖЩ"),
    ],
)
def test_a_number_of_the_shops_format_is_an_order_number_whatever_it_looks_like(
    format_: str, text: str, number: str | None
) -> None:
    assert orders(text, format_) == ([number] if number else [])


@pytest.mark.parametrize(
    "text", ["it cost 1299.50", "112-4455667-8899001", "12345 Elm Street", "x@12345.example", "5000mah"]
)
def test_a_part_of_something_longer_is_not_of_the_shops_format(text: str) -> None:
    assert orders(text, "0000") == orders(text)


def test_without_its_format_the_same_number_is_what_it_looks_like() -> None:
    assert orders("call 2025550143") == orders("on 12-11-2026") == orders("where is A7/x-9") == []


# -- hostile ---------------------------------------------------------------------------------


def open_repetitions(parsed: Any) -> Iterator[Any]:
    for op, argument in parsed:
        if op in (sre_parse.MAX_REPEAT, sre_parse.MIN_REPEAT) and argument[1] == sre_parse.MAXREPEAT:
            yield argument
        for part in argument if isinstance(argument, (list, tuple)) else [argument]:
            for inner in part if isinstance(part, list) else [part]:
                if isinstance(inner, sre_parse.SubPattern):
                    yield from open_repetitions(inner)


def all_patterns() -> list[re.Pattern[str]]:
    values = [value for module in (patterns, lookalikes) for value in vars(module).values()]
    return [
        one for value in values for one in (value if isinstance(value, tuple) else (value,)) if hasattr(one, "finditer")
    ]


def test_no_pattern_repeats_without_end_so_that_a_long_text_costs_its_length() -> None:
    found = [p for p in all_patterns() if isinstance(p, re.Pattern)]
    assert len(found) > 50
    assert [p.pattern for p in found if any(True for _ in open_repetitions(sre_parse.parse(p.pattern, p.flags)))] == []


def test_no_word_says_two_things_about_a_number() -> None:
    tables = [" ".join(languages.values()).split() for languages in cues.WORDS.values()]
    tables += [words.split() for words in cues.UNSPACED.values()]
    seen: set[str] = set()
    assert [word for table in tables for word in set(table) if word in seen or seen.add(word)] == []


@settings(deadline=None)
@given(st.text(alphabet="0123456789-‑ #.,/@$€№º订单号月日 abcnXYZéßжШＡ１\u200b\ue000\n", max_size=80))
def test_any_text_gives_finds_that_stand_in_it_without_overlap(text: str) -> None:
    end = 0
    for find in find_numbers(text):
        assert end <= find.start < find.end <= len(text)
        assert find.value == find.value.strip() != ""
        end = find.end
