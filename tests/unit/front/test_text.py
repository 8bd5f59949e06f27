"""Cleaned text is plain words: never a command, never invisible, never longer than it may be."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorstep.front.text import MOST_CHARACTERS, TextTooLong, clean, clean_name, folded

TRICKY = st.one_of(st.characters(), st.sampled_from("/／∕⧸ \u200b\u202e\u0338\ufe0f\u0301\u0323\n\t\ud800\x00e"))


@given(st.text(alphabet=TRICKY, max_size=80))
def test_no_cleaned_text_begins_with_a_slash_or_holds_what_cannot_be_seen(text: str) -> None:
    cleaned = clean(text)
    assert not cleaned.lstrip().startswith("/")
    assert all(each in "\n\t" or unicodedata.category(each)[0] != "C" for each in cleaned)
    cleaned.encode()


@given(st.text(alphabet=TRICKY, max_size=80))
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(st.from_regex(r"[a-z0-9 ,.?!#-]{0,60}", fullmatch=True))
def test_ordinary_words_stay_as_they_are(text: str) -> None:
    assert clean(text) == text.strip()


@pytest.mark.parametrize(
    "text", ["我的包裹到哪里了？", "Où est mon colis ?", "Где моя посылка", "¿Dónde está?", "नमस्ते", "👍 ok", "a/b 1/2"]
)
def test_other_languages_stay_readable(text: str) -> None:
    assert clean(text) == unicodedata.normalize("NFKC", text)


@pytest.mark.parametrize(
    "slash", ["/", "／", "∕", "⁄", "⧸", "╱", "\u200b/", " \u2060/", "\ufeff／", "\u202e/", "//", "/ /"]
)
def test_every_kind_of_leading_slash_is_taken_away(slash: str) -> None:
    assert clean(slash + 'restart{"a":"b"}') == 'restart{"a":"b"}'


def test_a_text_of_the_greatest_length_passes_and_one_more_does_not() -> None:
    assert clean("x" * MOST_CHARACTERS) == "x" * MOST_CHARACTERS
    with pytest.raises(TextTooLong):
        clean("x" * (MOST_CHARACTERS + 1))


def test_a_text_that_grows_when_normalised_is_measured_afterwards() -> None:
    with pytest.raises(TextTooLong):
        clean("\ufdfa" * 200)


def test_piled_up_marks_are_cut_down() -> None:
    assert len(clean("a" + "\u0301\u0323" * 3_000)) <= 10


@pytest.mark.parametrize(
    ("name", "kept"),
    [("a/b\\c.png", "c.png"), ("..", "photo"), ("", "photo"), ("a\x00\n b.jpg", "a b.jpg"), ("/", "photo")],
)
def test_a_file_name_keeps_no_folder_and_no_control(name: str, kept: str) -> None:
    assert clean_name(name, otherwise="photo") == kept


def test_case_width_and_outer_spaces_do_not_count_when_comparing() -> None:
    assert folded(" Ｆull  Refund ") == folded("FULL refund")
