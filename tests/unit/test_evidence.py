"""A chain of entries shows every change: of a byte, of the sequence, of what was taken out or put in."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorstep import evidence
from doorstep.evidence import Entry, Note, appended, canonical, hash_of, problems
from tests.builders import CHINA, NOW, a_parcel, an_order

NOTES = [Note(kind, str(number), {"text": f"Olá {number}"}) for number, kind in enumerate(evidence.KINDS)]
CHAIN = appended((), NOTES, NOW)


def made_anew(entry: Entry, **changes: object) -> Entry:
    """What a forger writes who knows how entries are hashed."""
    changed = replace(entry, **changes)
    return replace(changed, hash=hash_of(changed.previous, changed.position, changed.at, changed.kind, changed.content))


def test_a_chain_begins_at_one_and_each_entry_holds_the_hash_before_it() -> None:
    assert [entry.position for entry in CHAIN] == list(range(1, len(NOTES) + 1))
    assert [entry.previous for entry in CHAIN] == [evidence.FIRST, *(entry.hash for entry in CHAIN[:-1])]
    assert problems(CHAIN) == []


def test_a_hash_is_what_the_readme_says() -> None:
    second = CHAIN[1]
    text = "\n".join([second.previous, "2", second.at, second.kind, second.content])
    assert second.hash == hashlib.sha256(text.encode()).hexdigest()


@given(st.sampled_from(range(len(CHAIN))), st.sampled_from(("at", "kind", "content", "previous", "hash")), st.data())
def test_any_changed_letter_of_an_entry_is_named(place: int, part: str, data: st.DataObject) -> None:
    text = getattr(CHAIN[place], part)
    at = data.draw(st.integers(0, len(text) - 1))
    letter = data.draw(st.characters(codec="utf-8").filter(lambda char: char != text[at]))
    chain = list(CHAIN)
    chain[place] = replace(chain[place], **{part: text[:at] + letter + text[at + 1 :]})
    kind = f" ({CHAIN[place].kind})" if part != "kind" else ""
    assert problems(chain) == [f"entry {place + 1}{kind} was changed"]


@given(st.integers(0, len(CHAIN) - 1), st.integers(-5, 50))
def test_another_position_is_named(place: int, position: int) -> None:
    if position != place + 1:
        chain = [*CHAIN[:place], replace(CHAIN[place], position=position), *CHAIN[place + 1 :]]
        assert problems(chain) == [f"entry {place + 1} ({CHAIN[place].kind}) was changed"]


@pytest.mark.parametrize(
    ("left", "told"),
    [
        ((*CHAIN[:4], *CHAIN[5:]), "entry 5 is missing"),
        (CHAIN[2:], "entries 1 to 2 are missing"),
    ],
)
def test_what_was_taken_out_is_named(left: tuple[Entry, ...], told: str) -> None:
    assert problems(left) == [told]


def test_entries_in_another_sequence_are_named() -> None:
    found = problems([*CHAIN[:2], CHAIN[3], CHAIN[2], *CHAIN[4:]])
    assert found == ["entry 3 is missing", "entry 3 (parcel) is in the wrong place, or there twice"]


def test_an_entry_that_is_there_twice_is_named() -> None:
    assert problems([*CHAIN, CHAIN[-1]]) == ["entry 12 (case) is in the wrong place, or there twice"]


def test_an_entry_made_anew_does_not_fit_the_one_after_it() -> None:
    forged = made_anew(CHAIN[6], content='{"id":"6","text":"nothing was offered"}')
    (found,) = problems([*CHAIN[:6], forged, *CHAIN[7:]])
    assert found.startswith("entry 8 (taken) does not follow the one before")


def test_what_says_the_same_as_before_is_not_put_in_again() -> None:
    parcel = evidence.parcel_notes(an_order())
    chain = appended((), parcel, NOW)
    assert appended(chain, parcel, NOW + timedelta(days=1)) == ()
    moved = evidence.parcel_notes(an_order(parcels=(a_parcel(status="lost"),)))
    both = (*chain, *appended(chain, moved, NOW))
    back = appended(both, parcel, NOW)  # what was seen before the last time is news again
    assert [entry.position for entry in (*both, *back)] == [1, 2, 3]


def test_what_has_no_name_of_its_own_is_put_in_each_time() -> None:
    said = Note(evidence.REPLY, "", {"reply": "utter_x"})
    assert len(appended((), [said, said], NOW)) == 2


def test_the_same_content_is_written_in_one_way_only() -> None:
    at = datetime(2025, 6, 18, 20, 0, tzinfo=CHINA)
    written = canonical({"b": Decimal("24.50"), "a": at, "é": None})
    assert written == '{"a":"2025-06-18T20:00:00+08:00","b":"24.50","é":null}'
    assert canonical({"é": None, "a": at, "b": Decimal("24.50")}) == written


def test_letters_that_no_database_keeps_do_not_break_the_chain() -> None:
    chain = appended((), [Note(evidence.MESSAGE, "1", {"text": "half \ud83d nul \x00"})], NOW)
    assert problems(chain) == []
    assert "\x00" not in chain[0].content
    chain[0].content.encode("utf-8")


def test_what_has_no_word_in_json_is_refused() -> None:
    with pytest.raises(TypeError, match="cannot be put into evidence"):
        canonical({"a": object()})


def test_a_time_is_kept_in_utc_with_all_its_digits() -> None:
    assert evidence.stamp(datetime(2025, 6, 18, 20, 0, tzinfo=CHINA)) == "2025-06-18T12:00:00.000000+00:00"
    assert CHAIN[0].at == evidence.stamp(NOW.astimezone(timezone.utc))


def test_the_order_is_kept_with_its_lines_and_address_and_without_the_phone() -> None:
    facts = appended((), [evidence.order_note(an_order())], NOW)[0].facts
    assert facts["ship_to"]["line1"] == "Rua Augusta 1508"
    assert (facts["total"], facts["currency"], facts["lines"][0]["quantity"]) == ("24.50", "USD", 1)
    assert "5555" not in str(facts)


def test_a_scan_keeps_the_time_of_its_place() -> None:
    (facts,) = (entry.facts for entry in appended((), evidence.parcel_notes(an_order()), NOW))
    assert facts["scans"][0]["at"].endswith("+08:00")
