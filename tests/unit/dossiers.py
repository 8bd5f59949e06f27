"""A case as the tests of dossiers need it: with hostile words, a photo, and a step of every kind."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from doorstep import evidence
from doorstep.cases import Case
from doorstep.dossier import archive
from doorstep.dossier.archive import as_json, sums_text
from doorstep.dossier.gather import THERE, Dossier, Photo
from doorstep.dossier.verify import Verdict, verify
from doorstep.evidence import Note, appended
from tests.builders import BRAZIL, NOW, a_line, a_parcel, a_scan, an_order

PICTURE = b"\xff\xd8\xff\xe0 a broken lamp"
HOSTILE = "<script>alert(1)</script> {{ 7 * 7 }} {order_number} 0["
CASE = Case("G-1001-1", "goods", "HP-200-BK", "agreed", {"problem": "damaged", "remedy": "refund"}, NOW)
ORDER = an_order(
    lines=(a_line(title=HOSTILE),),
    parcels=(a_parcel(scans=(a_scan(at=NOW.astimezone(BRAZIL), description="Entregue", location="Curitiba"),)),),
)


def a_photo(folder: Path, content: bytes = PICTURE, **changes: Any) -> Photo:
    file = folder / hashlib.sha256(content).hexdigest()
    file.write_bytes(content)
    photo = Photo("lamp.jpg", "image/jpeg", len(content), file.name, NOW, file, THERE)
    return replace(photo, **changes)


def notes(photos: tuple[Photo, ...]) -> list[Note]:
    said = {"conversation": "c", "at": NOW, "choices": ["Yes"], "photos": []}
    made = {"kind": "goods", "subject": "", "made_at": NOW, "amount": "24.50 USD"}
    return [
        evidence.order_note(ORDER),
        *evidence.parcel_notes(ORDER),
        Note(evidence.MESSAGE, "c/1", {**said, "seq": 1, "from": "buyer", "text": HOSTILE}),
        Note(evidence.MESSAGE, "c/2", {**said, "seq": 2, "from": "assistant", "text": "I am sorry."}),
        *(
            Note(evidence.PHOTO, str(place), {"name": each.name, "sha256": each.sha256, "conversation": "c"})
            for place, each in enumerate(photos)
        ),
        Note(evidence.OFFER, "o", {**made, "options": ["refund", "swap:HP-300"], "expires_at": NOW}),
        Note(evidence.TAKEN, "o", {**made, "option": "refund", "at": NOW}),
        Note(evidence.PROMISE, "p", {**made, "kind": "refund", "remedy": "refund", "due_at": NOW, "state": "kept"}),
        Note(evidence.TASK, "t", {"kind": "refund", "note": {}, "made_at": NOW, "done_at": None}),
        Note(evidence.HANDOVER, "c", {"owner": "queue", "since": NOW, "reason": "angry", "note": {}}),
        Note(evidence.CASE, CASE.number, {"state": CASE.state, "facts": dict(CASE.facts)}),
    ]


def a_dossier(*photos: Photo, language: str = "en") -> Dossier:
    chain = appended((), notes(photos), NOW)
    due = NOW + timedelta(days=7)
    return Dossier(CASE, ORDER, "Lamps & Co", chain, photos, due, due, language, NOW)


def members(file: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(file) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def repacked(file: Path, content: dict[str, bytes]) -> Path:
    """The ZIP that somebody makes who changed its files."""
    other = file.with_name("other.zip")
    with zipfile.ZipFile(other, "w") as packed:
        for name, data in content.items():
            packed.writestr(name, data)
    return other


def summed_anew(content: dict[str, bytes]) -> dict[str, bytes]:
    """With a SHA256SUMS that fits, as a forger would make it."""
    sums = {name: hashlib.sha256(data).hexdigest() for name, data in content.items() if name != archive.SUMS}
    return {**content, archive.SUMS: sums_text(sums).encode()}


def changed(file: Path, name: str, change: Callable[[Any], Any]) -> Verdict:
    """What is found when a JSON file of the ZIP was changed and the sums were made to fit."""
    content = members(file)
    content[name] = as_json(change(json.loads(content[name]))).encode()
    return verify(repacked(file, summed_anew(content)))
