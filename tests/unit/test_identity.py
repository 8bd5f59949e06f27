"""What counts as proof that an order is somebody's: its e-mail address or postcode, however it is written."""

from __future__ import annotations

import pytest

from doorstep.identity import (
    EMAIL,
    MAX_CANDIDATES,
    NOBODY,
    POSTCODE,
    OrderContact,
    candidates_in,
    number_in,
    plain_postcode,
    proof_by,
)

ANA = OrderContact(7, "Ana.Souza@Example.com", "01304-001")


@pytest.mark.parametrize(
    "text",
    [
        "ana.souza@example.com",
        " ANA.SOUZA@EXAMPLE.COM ",
        "it is Ana.Souza@example.com.",
        "my mail: <ana.souza@example.com>, thanks",
        "ana.souza@example.com?",
    ],
)
def test_the_email_proves_whatever_its_case_and_surroundings(text: str) -> None:
    assert proof_by(ANA, candidates_in(text)) == EMAIL


@pytest.mark.parametrize(
    "text", ["ana@example.com", "ana.souza@example.com.br", "xana.souza@example.com", "souza@", "@"]
)
def test_another_email_proves_nothing(text: str) -> None:
    assert proof_by(ANA, candidates_in(text)) == ""


@pytest.mark.parametrize(
    ("of_order", "given"),
    [
        ("01304-001", "01304001"),
        ("01304001", "01304-001"),
        ("01304-001", "01304 001"),
        ("01304-001", "my CEP is 01304 001 I think"),
        ("01304-001", "01.304-001"),
        ("SW1A 1AA", "sw1a 1aa"),
        ("SW1A 1AA", "sw1a1aa"),
        ("SW1A 1AA", "The postcode is SW1A 1AA, London"),
        ("M20 3JH", "it goes to m20 3jh"),
        ("H2J 2L4", "h2j2l4"),
        ("H2J 2L4", "code postal H2J 2L4 Montréal"),
        ("1234 AB", "1234ab"),
        ("1234AB", "I live at 1234 ab Utrecht"),
        ("114 55", "11455"),
        ("11455", "114 55 Stockholm"),
        ("110 00", "PSČ 110 00"),
        ("150-0001", "1500001"),
        ("150-0001", "〒150-0001"),
        ("150-0001", "zip 150 0001 tokyo"),
        ("1000-001", "in 1000 001 Lisboa"),
        ("00-950", "00-950 Warszawa"),
        ("D02 AF30", "eircode d02 af30 please"),
        ("75011", "75011 Paris"),
        ("191002", "191002"),
        ("101", "101"),
        ("78704", "78704-1234"),
        ("78704-1234", "78704"),
        ("78704-1234", "Austin TX 78704-1234"),
    ],
)
def test_a_postcode_proves_however_its_country_writes_it(of_order: str, given: str) -> None:
    assert proof_by(OrderContact(7, "", of_order), candidates_in(given)) == POSTCODE


@pytest.mark.parametrize(
    ("of_order", "given"),
    [
        ("01304-001", "01304-002"),
        ("01304-001", "01304"),
        ("78704", "787"),
        ("SW1A 1AA", "SW1A"),
        ("101", "10"),
        ("-", "-"),
    ],
)
def test_another_postcode_or_a_piece_of_one_proves_nothing(of_order: str, given: str) -> None:
    assert proof_by(OrderContact(7, "", of_order), candidates_in(given)) == ""


def test_the_long_form_is_american_only() -> None:
    assert plain_postcode("01304-001") == "01304001"
    assert plain_postcode("78704-1234") == "78704"


def test_a_message_full_of_postcodes_or_addresses_is_a_guess_and_proves_nothing() -> None:
    postcodes = " ".join(["01304-001", *(f"0130{number}-002" for number in range(MAX_CANDIDATES))])
    emails = " ".join(["ana.souza@example.com", *(f"a{number}@example.com" for number in range(MAX_CANDIDATES))])
    assert not candidates_in(postcodes)
    assert not candidates_in(emails)


def test_some_words_and_a_postcode_are_no_guess() -> None:
    assert proof_by(ANA, candidates_in("flat 42, 3rd floor, 01304-001")) == POSTCODE


@pytest.mark.parametrize("text", ["", "I don't know", "no idea, sorry", "São Paulo"])
def test_words_alone_are_no_proof_at_all(text: str) -> None:
    assert not candidates_in(text)


@pytest.mark.parametrize("given", ["nobody@invalid.invalid", "nowhere", "NOWHERE1"])
def test_an_order_that_does_not_exist_is_proven_by_nothing(given: str) -> None:
    assert proof_by(None, candidates_in(given)) == ""
    assert NOBODY.order_id == 0


def test_an_order_without_email_and_postcode_is_proven_by_nothing() -> None:
    empty = OrderContact(7, "", "")
    assert [proof_by(empty, candidates_in(text)) for text in ("a@b.co", "000", "")] == ["", "", ""]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1001", "1001"),
        (" #1001. ", "1001"),
        ("112-4455667-8899001", "112-4455667-8899001"),
        ("112 4455667 8899001", "112 4455667 8899001"),
        ("AB", ""),
        ("hello", ""),
        ("ana1@example.com", ""),
        ("where is my order 1001", ""),
        ("1" * 41, ""),
    ],
)
def test_a_message_that_is_nothing_but_a_number_is_one(text: str, number: str) -> None:
    assert number_in(text) == number
