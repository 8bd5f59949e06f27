"""Replies are worded from files that a shop may edit while all runs."""

from __future__ import annotations

import os
from decimal import Decimal
from pathlib import Path

import pytest

from doorstep.orders import Money
from doorstep.replies.catalogue import Catalogue, WordedChoice, WordsError, check
from doorstep.replies.values import AnyOf, Choice, Country, Reply
from doorstep.settings import ROOT

HEAD = 'version: "3.1"\nresponses:\n'


class Folder:
    """A folder of replies; each writing counts as a later edit."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._edits = 0

    def write(self, text: str, name: str = "en/words.yml") -> None:
        file = self.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(HEAD + text, encoding="utf-8")
        self._edits += 1
        os.utime(file, (self._edits, self._edits))

    def word(self, reply: Reply, language: str = "en", said: tuple[str, ...] = ()) -> str:
        return Catalogue(self.path).word(reply, language, said).text


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def test_the_replies_of_this_repository_have_no_mistake() -> None:
    assert check(ROOT / "replies") == []


def test_a_placeholder_is_filled_in(folder: Folder) -> None:
    folder.write('  hello: [{text: "Hello {name}, {name}!"}]\n')
    assert folder.word(Reply("hello", {"name": "Ana"})) == "Hello Ana, Ana!"


@pytest.mark.parametrize("value", ["{other}", "0[", "{0}", "%s", "\\1 \\g<0>", "<b>"])
def test_what_stands_in_a_value_is_never_read_again(folder: Folder, value: str) -> None:
    folder.write('  hello: [{text: "{name} {other}"}]\n')
    assert folder.word(Reply("hello", {"name": value, "other": "x"})) == f"{value} x"


def test_other_braces_are_plain_text(folder: Folder) -> None:
    folder.write("  hello: [{text: 'Say {Name} {1} {}'}]\n")
    assert folder.word(Reply("hello")) == "Say {Name} {1} {}"


def test_a_line_without_its_value_is_left_out_and_leaves_no_gap(folder: Folder) -> None:
    folder.write(
        "  hello:\n    - text: |\n        {feeling}\n\n        One\n\n        Two {missing}\n\n        Three\n"
    )
    assert folder.word(Reply("hello", {"feeling": None})) == "One\n\nThree"


@pytest.mark.parametrize("empty", [None, "", [], AnyOf(()), Reply("nothing")])
def test_an_empty_value_of_any_kind_leaves_its_line_out(folder: Folder, empty: None) -> None:
    folder.write('  hello:\n    - text: |\n        Yes\n        No {it}\n  nothing: [{text: "{gone}"}]\n')
    assert folder.word(Reply("hello", {"it": empty})) == "Yes"


def test_a_nought_is_a_value(folder: Folder) -> None:
    folder.write('  hello: [{text: "{count} left"}]\n')
    assert folder.word(Reply("hello", {"count": 0})) == "0 left"


def test_values_of_values_are_worded_too(folder: Folder) -> None:
    folder.write('  hello: [{text: "{ways}"}]\n  term_way: [{text: "to {land}"}]\n')
    ways = AnyOf((Reply("term_way", {"land": Country("BR")}), Reply("term_way", {"land": Country("FR")})))
    assert folder.word(Reply("hello", {"ways": ways})) == "to Brazil or to France"


# -- variants ------------------------------------------------------------------------------

VARIANTS = "  hello: [{text: One}, {text: Two}]\n  utter_feel_sad: [{text: Sorry}, {text: Alas}]\n"


def test_a_variant_already_said_gives_way_to_the_next(folder: Folder) -> None:
    folder.write(VARIANTS)
    assert folder.word(Reply("hello")) == "One"
    assert folder.word(Reply("hello"), said=("Well. One",)) == "Two"
    assert folder.word(Reply("hello"), said=("One", "Two")) in ("One", "Two")


def test_a_feeling_is_rather_left_out_than_said_twice(folder: Folder) -> None:
    folder.write(VARIANTS)
    assert folder.word(Reply("utter_feel_sad"), said=("Sorry",)) == "Alas"
    assert folder.word(Reply("utter_feel_sad"), said=("Sorry", "Alas")) == ""


def test_a_fact_is_told_in_the_same_words_however_often(folder: Folder) -> None:
    folder.write('  hello: [{text: "{item}"}]\n  term_item: [{text: "{title}, {price}"}, {text: "{title}"}]\n')
    item = Reply("hello", {"item": Reply("term_item", {"title": "Lamp", "price": Money(Decimal(5), "USD")})})
    assert folder.word(item, said=("Lamp, $5.00",)) == "Lamp, $5.00"
    unpriced = Reply("hello", {"item": Reply("term_item", {"title": "Lamp"})})
    assert [folder.word(unpriced, said=said) for said in ((), ("Lamp",), ("Lamp", "x"))] == ["Lamp"] * 3


def test_a_variant_that_has_nothing_to_say_is_not_taken(folder: Folder) -> None:
    folder.write('  hello: [{text: "{missing}"}, {text: Two}]\n')
    assert [folder.word(Reply("hello"), said=said) for said in ((), ("Two",), ("Two", "x"))] == ["Two"] * 3


# -- languages -----------------------------------------------------------------------------


def test_english_stands_in_for_a_reply_a_language_lacks(folder: Folder) -> None:
    folder.write("  hello: [{text: Hello}]\n  bye: [{text: Bye}]\n")
    folder.write("  hello: [{text: Olá}]\n", "pt/words.yml")
    assert [folder.word(Reply(name), "pt") for name in ("hello", "bye")] == ["Olá", "Bye"]
    assert folder.word(Reply("hello"), "xx") == "Hello"
    assert Catalogue(folder.path).languages() == ["en", "pt"]
    assert Catalogue(folder.path).names("pt") == {"hello"}


def test_a_reply_nobody_has_worded_is_an_error_by_name(folder: Folder) -> None:
    folder.write("  hello: [{text: Hello}]\n")
    with pytest.raises(KeyError, match="no_such"):
        folder.word(Reply("no_such"))


# -- choices and cards ---------------------------------------------------------------------


def test_a_choice_is_shown_by_its_words_and_told_by_its_intent(folder: Folder) -> None:
    folder.write('  hello: [{text: Hello}]\n  pay: [{text: "Refund {amount}"}]\n')
    amount = {"amount": Money(Decimal("24.5"), "USD")}
    choices = (Choice("pay", "choose_option", {"option": "refund"}, amount), Choice("hello", "greet"))
    assert Catalogue(folder.path).word(Reply("hello", choices=choices), "en").choices == (
        WordedChoice("Refund $24.50", '/choose_option{"option": "refund"}'),
        WordedChoice("Hello", "/greet"),
    )


def test_a_card_is_worded_where_it_holds_values(folder: Folder) -> None:
    folder.write("  hello: [{text: Hello}]\n")
    card = {"type": "x", "rows": [{"text": Reply("hello"), "to": Country("BR"), "count": 0, "none": None}]}
    assert Catalogue(folder.path).word(Reply("hello", card=card), "en").card == {
        "type": "x",
        "rows": [{"text": "Hello", "to": "Brazil", "count": 0, "none": None}],
    }


# -- edits and mistakes --------------------------------------------------------------------


def test_an_edit_shows_at_once(folder: Folder) -> None:
    folder.write("  hello: [{text: Before}]\n")
    catalogue = Catalogue(folder.path)
    assert catalogue.word(Reply("hello"), "en").text == "Before"
    folder.write("  hello: [{text: After}]\n")
    assert catalogue.word(Reply("hello"), "en").text == "After"


def test_a_broken_edit_keeps_the_words_before_it(folder: Folder) -> None:
    folder.write("  hello: [{text: Before}]\n")
    catalogue = Catalogue(folder.path)
    catalogue.word(Reply("hello"), "en")
    folder.write("  hello: [{text: Bro\n ken")
    assert catalogue.word(Reply("hello"), "en").text == "Before"


def test_broken_words_at_the_start_are_an_error(folder: Folder) -> None:
    folder.write("  hello: [{text: Bro\n ken")
    with pytest.raises(WordsError, match=r"words\.yml"):
        folder.word(Reply("hello"))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("  hello: []\n", "needs a list"),
        ("  hello: text\n", "needs a list"),
        ("  hello: [{text: ' '}]\n", "not empty"),
        ("  hello: [{texts: Hello}]\n", "not empty"),
        ("  hello: [{text: 5}]\n", "not empty"),
        ("  - hello\n", "expected a mapping"),
        ("  hello: [{text: Bro\n ken", "not readable as YAML"),
    ],
)
def test_every_mistake_is_named_with_its_file(folder: Folder, text: str, problem: str) -> None:
    folder.write(text)
    (found,) = check(folder.path)
    assert "en/words.yml" in found
    assert problem in found


def test_one_name_in_two_files_of_a_language_is_a_mistake(folder: Folder) -> None:
    folder.write("  hello: [{text: One}]\n")
    folder.write("  hello: [{text: Two}]\n", "en/more.yml")
    with pytest.raises(WordsError, match="already worded"):
        folder.word(Reply("hello"))
    assert any("already worded" in problem for problem in check(folder.path))


def test_a_folder_without_english_is_a_mistake(tmp_path: Path) -> None:
    assert "no folder en" in check(tmp_path)[0]
