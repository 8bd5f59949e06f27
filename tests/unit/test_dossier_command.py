"""`doorstep dossier`: made from what is stored, checked against it, with errors that say what to do."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.engine import Engine

from doorstep.commands.dossier import check, make
from doorstep.dossier.archive import as_json
from doorstep.dossier.gather import DossierError
from doorstep.storage import uploads
from doorstep.storage.engine import writing
from doorstep.storage.uploads import Upload
from tests.builders import a_parcel
from tests.storage.shop import Chat, Shop, sold
from tests.telling import WORDS, a_policy

PICTURE = b"\x89PNG an empty box"
NUMBER = "N-1001-1"


@dataclass
class Desk:
    """Somebody at the shop's computer: what the command told them, and the files it wrote."""

    shop: Shop
    chat: Chat
    folder: Path
    told: list[str] = field(default_factory=list)

    def makes(self, number: str = NUMBER, language: str = "") -> Path:
        make(
            self.shop.engine, a_policy(), WORDS, self.folder, number=number, out=self.folder / "out",
            language=language, now=self.shop.clock.now(), tell=self.told.append,
        )  # fmt: skip
        return self.folder / "out" / f"{NUMBER}.zip"

    def checks(self, file: Path, engine: Engine | None = None) -> tuple[bool, list[str]]:
        told: list[str] = []
        return check(file, engine or self.shop.engine, told.append), told

    def sends_photo(self) -> Path:
        file = self.folder / "uploads" / self.chat.id / "u1"
        file.parent.mkdir(parents=True)
        file.write_bytes(PICTURE)
        digest = hashlib.sha256(PICTURE).hexdigest()
        upload = Upload("u1", self.chat.id, "box.png", "image/png", len(PICTURE), digest, self.shop.clock.now())
        with writing(self.shop.engine) as connection:
            uploads.add(connection, upload)
        return file


@pytest.fixture
def desk(sqlite_engine: Engine, tmp_path: Path) -> Desk:
    shop = Shop(sqlite_engine, a_policy())
    sold(shop, a_parcel(status="lost"))
    chat = shop.chat("1001")
    chat.asks()
    return Desk(shop, chat, tmp_path)


def test_a_dossier_is_made_and_is_the_same_as_in_the_database(desk: Desk) -> None:
    desk.sends_photo()
    file = desk.makes()
    assert desk.told[:2] == [str(file.with_suffix(".html")), str(file)]
    right, told = desk.checks(file)
    assert right
    assert told[0].startswith("Case N-1001-1: ")
    assert "1 photo or video, all as they were written." in told[0]
    assert told[-1] == "The database here has the same."
    assert hashlib.sha256(PICTURE).hexdigest() in file.with_suffix(".html").read_text()


def test_a_case_may_be_named_in_small_letters(desk: Desk) -> None:
    assert desk.makes(" n-1001-1 ").exists()


def test_what_came_since_is_no_change(desk: Desk) -> None:
    file = desk.makes()
    desk.sends_photo()
    desk.makes()
    first = file.read_bytes()
    file.write_bytes(first)
    desk.chat.asks()
    right, told = desk.checks(file)
    assert right
    assert told[-1].startswith("The database here has the same, and ")


def test_a_photo_that_is_gone_is_named_and_not_fatal(desk: Desk) -> None:
    photo = desk.sends_photo()
    photo.unlink()
    file = desk.makes()
    assert f"Left out: box.png is missing ({photo})." in desk.told
    right, told = desk.checks(file)
    assert right
    assert "Left out when it was made: box.png (missing)." in told


def test_a_photo_that_was_exchanged_in_the_folder_is_left_out(desk: Desk) -> None:
    desk.sends_photo().write_bytes(b"another box")
    with zipfile.ZipFile(desk.makes()) as packed:
        assert [name for name in packed.namelist() if name.startswith("files/")] == []
        assert json.loads(packed.read("case.json"))["left_out"][0]["why"] == "changed"


def test_a_forged_dossier_differs_from_the_database(desk: Desk) -> None:
    file = desk.makes()
    with writing(desk.shop.engine) as connection:
        connection.execute(text("DROP TRIGGER evidence_stays_as_it_is"))
        connection.execute(text(f"UPDATE evidence SET hash = '{'a' * 64}' WHERE position = 2"))
    right, told = desk.checks(file)
    assert (right, told) == (False, ["entry 2 (parcel) is not the one kept in the database here"])


def test_a_change_is_told_and_nothing_else(desk: Desk) -> None:
    file = desk.makes()

    def change(content: dict[str, bytes]) -> None:
        chain = json.loads(content["chain.json"])
        chain[1]["content"] = chain[1]["content"].replace("lost", "delivered")
        content["chain.json"] = as_json(chain).encode()

    assert desk.checks(repacked(file, change)) == (False, ["entry 2 (parcel) was changed"])


def repacked(file: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    with zipfile.ZipFile(file) as packed:
        content: dict[str, Any] = {name: packed.read(name) for name in packed.namelist()}
    change(content)
    other = file.with_name("other.zip")
    with zipfile.ZipFile(other, "w") as packed:
        for name, data in content.items():
            packed.writestr(name, data)
    return other


def test_without_a_database_the_zip_is_checked_by_itself(desk: Desk) -> None:
    told: list[str] = []
    assert check(desk.makes(), None, told.append)
    assert told[-1] == "It was not compared with a database: there is none here."


def test_a_case_of_another_shop_says_that_it_is_not_known(desk: Desk) -> None:
    file = desk.makes()
    with writing(desk.shop.engine) as connection:
        connection.execute(text("DELETE FROM orders"))
    right, told = desk.checks(file)
    assert right
    assert "does not know the case N-1001-1" in told[-1]


def test_an_unknown_case_says_how_to_list_them(desk: Desk) -> None:
    with pytest.raises(DossierError, match=r"There is no case N-9-9\. `doorstep disputes` lists"):
        desk.makes("N-9-9")


def test_an_unknown_language_names_those_there_are(desk: Desk) -> None:
    with pytest.raises(DossierError, match="no words in 'xx': the languages are de, en"):
        desk.makes(language="xx")


def test_a_folder_that_cannot_be_written_is_named(desk: Desk) -> None:
    (desk.folder / "out").write_text("a file")
    with pytest.raises(DossierError, match=r"out cannot be written"):
        desk.makes()
