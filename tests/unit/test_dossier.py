"""A dossier holds all of a case, reads well in any language, and needs nothing from outside."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from doorstep.dossier import page
from doorstep.dossier.archive import write
from doorstep.dossier.gather import CHANGED, MISSING, Photo
from doorstep.dossier.page import page_of
from doorstep.dossier.verify import verify
from tests.telling import WORDS
from tests.unit.dossiers import CASE, HOSTILE, PICTURE, a_dossier, a_photo, members


def shown(*photos: Photo, language: str = "en") -> str:
    return page_of(a_dossier(*photos, language=language), WORDS)


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """A ZIP with one photo."""
    dossier = a_dossier(a_photo(tmp_path))
    return write(dossier, page_of(dossier, WORDS), tmp_path)[1]


# -- the page ----------------------------------------------------------------------------------


def test_the_page_tells_the_case_in_words(tmp_path: Path) -> None:
    text = shown(a_photo(tmp_path)).replace("\u202f", " ")
    for told in (
        "Case G-1001-1",
        "Goods: defective or damaged",
        "Rua Augusta 1508",
        "$24.50",
        "China Post · registered · RB123456785CN",
        "Wed, Jun 18, 2025, 9:00 AM UTC−03:00",
        "Curitiba",
        "refund / send another product (HP-300)",
        "Passed on to a person",
        "kept",
        "lamp.jpg",
    ):
        assert told in text, told


@pytest.mark.parametrize("language", ["en", "zh", "es", "pt", "fr", "de", "ru"])
def test_the_page_exists_in_every_language(language: str) -> None:
    text = shown(language=language)
    assert f'<html lang="{language}">' in text
    assert "term_" not in text


def test_money_and_dates_are_those_of_the_language() -> None:
    text = shown(language="de").replace("\xa0", " ")
    assert "24,50 $" in text
    assert "18. Juni 2025" in text


def test_nothing_that_was_written_is_taken_for_html_or_for_a_placeholder() -> None:
    text = shown()
    assert "<script" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{ 7 * 7 }} {order_number} 0[" in text


def test_the_page_asks_for_nothing_from_outside(tmp_path: Path) -> None:
    text = shown(a_photo(tmp_path))
    assert "default-src 'none'" in text
    assert 'src="data:image/jpeg;base64,' in text
    assert text.count(" src=") == 1
    assert "http" not in text.replace("http-equiv", "")


def test_a_picture_that_is_too_large_is_named_instead(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "MOST_BYTES", len(PICTURE) - 1)
    photo = a_photo(tmp_path)
    text = shown(photo)
    assert "data:image" not in text
    assert photo.member in text


def test_a_video_is_named_with_its_file(tmp_path: Path) -> None:
    photo = a_photo(tmp_path, media_type="video/mp4", name="lamp.mp4")
    assert f"files/{photo.sha256}.mp4" in shown(photo)


@pytest.mark.parametrize(
    ("state", "told"), [(MISSING, "no longer in the shop"), (CHANGED, "not the one that was sent")]
)
def test_a_photo_that_is_not_there_is_named_and_the_dossier_still_holds(tmp_path: Path, state: str, told: str) -> None:
    photo = a_photo(tmp_path, state=state)
    dossier = a_dossier(photo)
    text = page_of(dossier, WORDS)
    assert told in text
    verdict = verify(write(dossier, text, tmp_path)[1])
    assert (verdict.problems, verdict.left_out, verdict.files) == ((), (f"lamp.jpg ({state})",), 0)


# -- the ZIP -----------------------------------------------------------------------------------


def test_the_zip_holds_everything_and_is_found_whole(made: Path) -> None:
    content = members(made)
    photo = f"files/{hashlib.sha256(PICTURE).hexdigest()}.jpg"
    assert set(content) == {
        *("README.txt", "page.html", "case.json", "chain.json", "messages.json"),
        photo,
        "SHA256SUMS",
    }
    assert content[photo] == PICTURE
    assert [said["text"] for said in json.loads(content["messages.json"])] == [HOSTILE, "I am sorry."]
    verdict = verify(made)
    assert (verdict.number, verdict.problems, verdict.files) == ("G-1001-1", (), 1)


def test_the_readme_tells_how_to_check_without_doorstep(made: Path, tmp_path: Path) -> None:
    lines = members(made)["README.txt"].decode().splitlines()
    program = [line[3:] for line in lines[lines.index("   import hashlib, json") :] if line.startswith("   ")]
    with zipfile.ZipFile(made) as packed:
        packed.extract("chain.json", tmp_path)

    def run() -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", "\n".join(program)]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)

    assert json.loads(members(made)["case.json"])["last_hash"] in run().stdout
    file = tmp_path / "chain.json"
    file.write_text(file.read_text().replace("I am sorry.", "I am not sorry."))
    assert "entry 4 was changed" in run().stderr


def test_a_dossier_made_again_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    for _ in range(2):
        html, _ = write(a_dossier(), "page", tmp_path / "new" / "folder")
    assert sorted(file.name for file in html.parent.iterdir()) == ["G-1001-1.html", "G-1001-1.zip"]


def test_a_number_cannot_name_a_place_outside_the_folder(tmp_path: Path) -> None:
    dossier = replace(a_dossier(), case=replace(CASE, number="G-../../x-1"))
    html, _ = write(dossier, "page", tmp_path)
    assert html.parent == tmp_path
