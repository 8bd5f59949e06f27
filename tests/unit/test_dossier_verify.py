"""Every change that is made to a dossier is named: of a byte, an entry, a photo, a file."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from doorstep import evidence
from doorstep.dossier.archive import write
from doorstep.dossier.gather import DossierError
from doorstep.dossier.page import page_of
from doorstep.dossier.verify import verify
from doorstep.evidence import hash_of
from tests.telling import WORDS
from tests.unit.dossiers import a_dossier, a_photo, changed, members, repacked, summed_anew


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """A ZIP with one photo."""
    dossier = a_dossier(a_photo(tmp_path))
    return write(dossier, page_of(dossier, WORDS), tmp_path)[1]


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_changed_byte_of_any_file_is_named(made: Path, data: st.DataObject) -> None:
    content = members(made)
    name = data.draw(st.sampled_from(sorted(content)))
    place = data.draw(st.integers(0, len(content[name]) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda value: value != content[name][place]))
    content[name] = content[name][:place] + bytes([byte]) + content[name][place + 1 :]
    problems = verify(repacked(made, content)).problems
    assert problems
    told = (name, "entry") if name == "chain.json" else (name,)
    assert all(problem.startswith(told) for problem in problems), problems


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_changed_byte_of_the_zip_itself_is_noticed_or_changes_nothing(made: Path, data: st.DataObject) -> None:
    packed = made.read_bytes()
    place = data.draw(st.integers(0, len(packed) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda value: value != packed[place]))
    other = made.with_name("other.zip")
    other.write_bytes(packed[:place] + bytes([byte]) + packed[place + 1 :])
    try:
        verdict = verify(other)
    except DossierError:
        return
    assert verdict.problems or members(other) == members(made)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_changed_entry_is_named_even_when_the_sums_were_made_to_fit(made: Path, data: st.DataObject) -> None:
    def change(chain: list[dict[str, Any]]) -> list[dict[str, Any]]:
        entry = data.draw(st.sampled_from(chain))
        entry[data.draw(st.sampled_from(sorted(entry)))] = data.draw(
            st.none() | st.integers(100) | st.text() | st.lists(st.integers())
        )
        where.append(chain.index(entry) + 1)
        return chain

    where: list[int] = []
    problems = changed(made, "chain.json", change).problems
    assert any(problem.startswith(f"entry {where[0]} ") and "was changed" in problem for problem in problems), problems


def test_a_changed_entry_is_named_with_its_kind(made: Path) -> None:
    def change(chain: list[dict[str, Any]]) -> list[dict[str, Any]]:
        chain[5]["content"] = chain[5]["content"].replace("24.50", "99.50")
        return chain

    assert changed(made, "chain.json", change).problems == ("entry 6 (offer) was changed",)


def test_a_missing_entry_is_named_wherever_it_stood(made: Path) -> None:
    assert changed(made, "chain.json", lambda chain: chain[:4] + chain[5:]).problems[0] == "entry 5 is missing"
    assert changed(made, "chain.json", lambda chain: chain[:-2]).problems[0] == "entries 10 to 11 are missing"


def test_a_chain_made_anew_does_not_end_with_the_hash_of_the_case(made: Path) -> None:
    def forge(chain: list[dict[str, Any]]) -> list[dict[str, Any]]:
        before = evidence.FIRST
        for entry in chain:
            entry["content"] = entry["content"].replace("24.50", "99.50")
            entry["previous"] = before
            before = hash_of(before, entry["position"], entry["at"], entry["kind"], entry["content"])
            entry["hash"] = before
        return chain

    assert changed(made, "chain.json", forge).problems == (
        "the chain does not end with the last hash that case.json names",
    )


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("messages.json", lambda said: said[:1]),
        ("case.json", lambda case: {**case, "state": "closed"}),
        ("case.json", lambda case: {**case, "number": "G-1001-9"}),
        ("case.json", lambda _case: []),
    ],
)
def test_what_stands_beside_the_chain_must_say_the_same(made: Path, name: str, change: Callable[[Any], Any]) -> None:
    assert changed(made, name, change).problems == (f"{name} was changed",)


def test_a_photo_that_was_exchanged_or_taken_out_is_named(made: Path) -> None:
    content = members(made)
    photo = next(name for name in content if name.startswith("files/"))
    other = summed_anew({**content, photo: b"another lamp"})
    assert verify(repacked(made, other)).problems == (f"{photo} was changed",)
    gone = summed_anew({name: data for name, data in content.items() if name != photo})
    (problem,) = verify(repacked(made, gone)).problems
    assert problem == f"{photo.removesuffix('.jpg')} is missing (lamp.jpg)"


@pytest.mark.parametrize("name", ["README.txt", "page.html", "case.json", "chain.json", "messages.json", "SHA256SUMS"])
def test_a_missing_file_is_named(made: Path, name: str) -> None:
    content = members(made)
    del content[name]
    assert f"{name} is missing" in verify(repacked(made, content)).problems


def test_what_was_put_in_is_named(made: Path) -> None:
    assert verify(repacked(made, {**members(made), "more.txt": b"x"})).problems == ("more.txt does not belong here",)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_file_that_is_there_twice_is_named(made: Path) -> None:
    with zipfile.ZipFile(made, "a") as packed:
        packed.writestr("page.html", "another page")
    assert "page.html is there twice" in verify(made).problems


@pytest.mark.parametrize("share", [0, 0.3, 0.99])
def test_half_a_zip_is_a_clear_error(made: Path, share: float) -> None:
    made.write_bytes(made.read_bytes()[: int(made.stat().st_size * share)])
    with pytest.raises(DossierError, match="not a ZIP file, or only a part of one"):
        verify(made)


def test_a_foreign_zip_is_a_clear_error(made: Path) -> None:
    with pytest.raises(DossierError, match="not a dossier of Doorstep"):
        verify(repacked(made, {"holiday.jpg": b"x"}))


def test_a_file_that_does_not_exist_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(DossierError, match="There is no file"):
        verify(tmp_path / "none.zip")


def test_a_case_of_another_format_is_named(made: Path) -> None:
    (problem,) = changed(made, "case.json", lambda case: {**case, "format": "2"}).problems
    assert problem.startswith("case.json was changed")


@pytest.mark.parametrize("content", ["[]", "{}", "[1]", '[{"position":1}]', "nonsense", "[" * 100_000])
def test_a_chain_that_is_no_chain_is_named(made: Path, content: str) -> None:
    other = summed_anew({**members(made), "chain.json": content.encode()})
    assert verify(repacked(made, other)).problems[0].startswith(("chain.json was changed", "entry 1 was changed"))
