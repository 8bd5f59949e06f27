"""Writes a dossier down: one HTML page, and one ZIP in which every byte is accounted for."""

from __future__ import annotations

import hashlib
import json
import os
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from doorstep import evidence
from doorstep.dossier.gather import THERE, Dossier
from doorstep.evidence import Entry

FORMAT = "doorstep-dossier/1"
README, PAGE, CASE, CHAIN, MESSAGES, SUMS = (
    *("README.txt", "page.html", "case.json", "chain.json", "messages.json"),
    "SHA256SUMS",
)
_README = Path(__file__).resolve().parent / README


def write(dossier: Dossier, page: str, folder: Path) -> tuple[Path, Path]:
    """Write page and ZIP into a folder, which is made if it is missing; gives their paths. Raises OSError.

    What stands there under the same names is replaced, each in one go.
    """
    folder.mkdir(parents=True, exist_ok=True)
    name = re.sub(r"[^\w-]", "_", dossier.case.number)
    html, archive = folder / f"{name}.html", folder / f"{name}.zip"
    with _replacing(html) as unfinished:
        unfinished.write_text(page, encoding="utf-8")
    with _replacing(archive) as unfinished:
        _write_zip(dossier, page, unfinished)
    return html, archive


@contextmanager
def _replacing(file: Path) -> Iterator[Path]:
    unfinished = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        yield unfinished
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)


def _write_zip(dossier: Dossier, page: str, file: Path) -> None:
    texts = {
        README: _README.read_text(encoding="utf-8"),
        PAGE: page,
        CASE: as_json(_case(dossier)),
        CHAIN: as_json([vars(entry) for entry in dossier.entries]),
        MESSAGES: as_json(messages_of(dossier.entries)),
    }
    sums = {name: hashlib.sha256(text.encode()).hexdigest() for name, text in texts.items()}
    photos = {photo.member: photo for photo in dossier.photos if photo.state == THERE}
    sums |= {name: photo.sha256 for name, photo in photos.items()}
    made = dossier.made_at.timetuple()[:6]
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in {**texts, SUMS: sums_text(sums)}.items():
            archive.writestr(_member(name, made), text.encode(), zipfile.ZIP_DEFLATED)
        for name, photo in photos.items():
            archive.writestr(_member(name, made), photo.file.read_bytes())  # packed already


def _member(name: str, made: Any) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(name, made)
    member.external_attr = 0o600 << 16
    return member


def as_json(content: Any) -> str:
    """JSON that a person can read, too."""
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def sums_text(sums: dict[str, str]) -> str:
    """The lines of SHA256SUMS; the last one, a comment to `sha256sum`, is the sum of those before it."""
    lines = "".join(f"{digest}  {name}\n" for name, digest in sums.items())
    return lines + sum_of_sums(lines)


def sum_of_sums(lines: str) -> str:
    """The last line of SHA256SUMS."""
    return f"# the lines above: {hashlib.sha256(lines.encode()).hexdigest()}\n"


def messages_of(entries: tuple[Entry, ...]) -> list[dict[str, Any]]:
    """The messages of a chain, in the sequence in which they were written."""
    told = [entry.facts for entry in entries if entry.kind == evidence.MESSAGE]
    return sorted(told, key=lambda each: (each["at"], each["conversation"], each["seq"]))


def _case(dossier: Dossier) -> dict[str, Any]:
    case, order = dossier.case, dossier.order
    absent = [{"sha256": p.sha256, "name": p.name, "why": p.state} for p in dossier.photos if p.state != THERE]
    return {
        "format": FORMAT,
        "number": case.number,
        "kind": case.kind,
        "dispute": dossier.dispute,
        "state": case.state,
        "subject": case.subject,
        "facts": dict(case.facts),
        "order": order.number,
        "marketplace": order.marketplace,
        "opened_at": evidence.stamp(case.opened_at) if case.opened_at else None,
        "closed_at": evidence.stamp(case.closed_at) if case.closed_at else None,
        "answer_by": evidence.stamp(dossier.answer_by) if dossier.dispute else None,
        "can_be_opened_until": evidence.stamp(dossier.open_until) if dossier.dispute else None,
        "made_at": evidence.stamp(dossier.made_at),
        "entries": len(dossier.entries),
        "last_hash": dossier.last_hash,
        "left_out": absent,
    }
