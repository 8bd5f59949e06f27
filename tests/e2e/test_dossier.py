"""A conversation ends in a dossier that anybody can check: with every word, the photo, and what was promised."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import zipfile
from pathlib import Path

from doorstep.settings import ROOT
from tests.e2e.buyer import Buyer, plain
from tests.e2e.facts import label, total_of
from tests.e2e.orders import email_of
from tests.e2e.shop import Shop
from tests.e2e.talk import asked

PICTURE = b"\x89PNG\r\n\x1a\n" + b"an empty box" * 100
SHA256 = hashlib.sha256(PICTURE).hexdigest()


def doorstep(shop: Shop, *arguments: str) -> subprocess.CompletedProcess[str]:
    """What a seller does beside the running system."""
    command = [sys.executable, "-m", "doorstep.cli", *arguments]
    environment = {**shop.process.environment, "COLUMNS": "160"}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False)


def send_photo(buyer: Buyer, text: str) -> None:
    """Send a photo with a message and wait for the answer."""
    file = {"file": ("box.png", PICTURE, "image/png")}
    response = buyer.http.post("/api/chat/uploads", files=file, headers=buyer.headers)
    assert response.status_code == 201, response.text
    buyer.send(text=text, attachments=[response.json()["id"]])
    buyer.listen()


def made(shop: Shop, case: str, folder: Path, *more: str) -> tuple[str, Path]:
    """The dossier's page and ZIP."""
    done = doorstep(shop, "dossier", case, "--out", str(folder), *more)
    assert done.returncode == 0, done.stderr
    return plain((folder / f"{case}.html").read_text(encoding="utf-8")), folder / f"{case}.zip"


def test_a_conversation_with_a_photo_ends_in_a_dossier_that_verifies(shop: Shop, tmp_path: Path) -> None:
    order = shop.order("7340")
    buyer, _ = asked(shop, "7340")
    buyer.choose(label("choice_now_refund", amount=order.value))
    send_photo(buyer, "This is what my neighbour got instead")

    page, archive = made(shop, "N-7340-1", tmp_path)
    promises = {promise.kind for promise in shop.promises("7340")}
    assert promises == {"trace", "refund"}
    for told in (
        *("Delivery: not received", "eBay", total_of(order), order.ship_to.line1, order.parcels[0].tracking_number),
        *("https://shop.example/packing/7340-1.jpg", order.parcels[0].scans[-1].description),
        *("I have not received my order 7340", "This is what my neighbour got instead", SHA256),
    ):
        assert told in page, told
    with zipfile.ZipFile(archive) as packed:
        assert packed.read(f"files/{SHA256}.png") == PICTURE
        texts = [said["text"] for said in json.loads(packed.read("messages.json"))]
    assert "I have not received my order 7340" in texts
    assert all(told.text in [plain(text) for text in texts] for told in buyer.heard)

    checked = doorstep(shop, "dossier", "--verify", str(archive))
    assert (checked.returncode, checked.stderr) == (0, "")
    assert "1 photo or video, all as they were written." in checked.stdout
    assert checked.stdout.endswith("The database here has the same.\n")


def test_a_dossier_that_was_changed_is_named_with_exit_code_one(shop: Shop, tmp_path: Path) -> None:
    asked(shop, "7342")
    _, archive = made(shop, "N-7342-1", tmp_path)
    with zipfile.ZipFile(archive) as packed:
        content = {name: packed.read(name) for name in packed.namelist()}
    content["chain.json"] = content["chain.json"].replace(b"YunExpress", b"DHL").replace(b"yunexpress", b"dhl")
    with zipfile.ZipFile(archive, "w") as packed:
        for name, data in content.items():
            packed.writestr(name, data)
    checked = doorstep(shop, "dossier", "--verify", str(archive))
    assert checked.returncode == 1
    assert "entry 2 (parcel) was changed" in checked.stdout


def test_what_came_broken_is_a_dispute_of_its_own_and_the_page_speaks_the_language_asked_for(
    shop: Shop, tmp_path: Path
) -> None:
    buyer = shop.buyer()
    buyer.open("7341", email_of("7341"), "It arrived damaged, the glass is smashed. Order")
    send_photo(buyer, "")
    buyer.choose(label("choice_goods_photo_sent"))
    page, archive = made(shop, "G-7341-1", tmp_path, "--language", "de")
    assert '<html lang="de">' in page
    assert SHA256 in page
    assert doorstep(shop, "dossier", "--verify", str(archive)).returncode == 0

    report = doorstep(shop, "disputes")
    assert report.returncode == 0, report.stderr
    (line,) = (line for line in report.stdout.splitlines() if "G-7341-1" in line)
    assert "aliexpress" in line
    assert "defective" in line
    assert "Dispute rate" in report.stdout


def test_a_case_that_is_not_known_says_where_the_known_ones_are(shop: Shop) -> None:
    done = doorstep(shop, "dossier", "N-0-0")
    assert done.returncode == 1
    assert "`doorstep disputes`" in done.stderr
