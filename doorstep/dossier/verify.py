"""Checks a dossier's ZIP: every file, every entry of the chain and their sequence; what was changed is named."""

from __future__ import annotations

import hashlib
import json
import zipfile
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from doorstep import evidence
from doorstep.dossier.archive import CASE, CHAIN, FORMAT, MESSAGES, PAGE, README, SUMS, messages_of, sum_of_sums
from doorstep.dossier.gather import DossierError
from doorstep.evidence import Entry, missing

_EVERY = (README, PAGE, CASE, CHAIN, MESSAGES, SUMS)
_MOST_TEXT = 256 << 20  # bytes; a page holds its pictures
_BLOCK = 1 << 20
_UNREADABLE_ENTRY = Entry(0, "", "", "{}", "", "")
_NEEDED = {evidence.MESSAGE: {"id", "at", "conversation", "seq"}, evidence.PHOTO: {"id", "sha256", "name"}}
_UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError, ValueError)


@dataclass(frozen=True)
class Verdict:
    """What was found: `problems` are a line each, none when all is as it was written."""

    number: str
    entries: tuple[Entry, ...]
    files: int
    problems: tuple[str, ...]
    left_out: tuple[str, ...] = ()


def verify(file: Path) -> Verdict:
    """Check a ZIP. Raises DossierError for a file that is none, or no dossier."""
    try:
        with zipfile.ZipFile(file) as archive:
            return _Check(file, archive).verdict()
    except FileNotFoundError as error:
        raise DossierError(f"There is no file {file}.") from error
    except _UNREADABLE as error:
        raise DossierError(f"{file} is not a ZIP file, or only a part of one: {error}.") from error


class _Check:
    """One look at one ZIP."""

    def __init__(self, file: Path, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        names = [info.filename for info in archive.infolist()]
        if not {CASE, CHAIN, SUMS} & set(names):
            raise DossierError(f"{file} is a ZIP file, but not a dossier of Doorstep: it has no {CHAIN}.")
        self._twice = [name for name, count in Counter(names).items() if count > 1]
        self._hashes = {name: self._hash(name) for name in names}
        self._found: list[str] = []

    def verdict(self) -> Verdict:
        """Check everything; the problems are told in the sequence chain, files, the rest."""
        entries = self._entries()
        sums = self._sums()
        case = self._json(CASE)
        if not isinstance(case, dict) or (sums and sums.get(CASE) != self._hashes[CASE]):
            case = {}  # it was changed, so it is no measure for the rest
            if CASE in self._hashes:
                self._tell(f"{CASE} was changed")
        chain = evidence.problems(entries) if entries is not None else []
        if entries and not chain:
            chain = self._against_case(entries, case)
        self._found += chain
        self._check_files(entries or [], case)
        self._check_sums(sums, {CHAIN} if chain or entries is None else set())
        if entries and not chain:
            self._against_chain(entries, case)
        photos = [name for name in self._hashes if name.startswith("files/")]
        left_out = [f"{each['name']} ({each['why']})" for each in _list(case.get("left_out")) if _is_absent(each)]
        return Verdict(
            str(case.get("number", "")), tuple(entries or ()), len(photos), tuple(self._found), tuple(left_out)
        )

    def _tell(self, problem: str) -> None:
        if problem not in self._found:
            self._found.append(problem)

    def _entries(self) -> list[Entry] | None:
        content = self._json(CHAIN)
        if not isinstance(content, list) or not content:
            self._tell(f"{CHAIN} {'was changed: it cannot be read' if CHAIN in self._hashes else 'is missing'}")
            return None
        return [_entry(each) for each in content]

    def _against_case(self, entries: Sequence[Entry], case: dict[str, Any]) -> list[str]:
        """A chain that is whole in itself may still lack its end, or be another one."""
        if not case:
            return []
        if case.get("format") != FORMAT:
            return [f"{CASE} was changed: it is not of the format {FORMAT}"]
        count = case.get("entries")
        if isinstance(count, int) and count > len(entries):
            return missing(len(entries) + 1, count)
        if case.get("last_hash") != entries[-1].hash:
            return [f"the chain does not end with the last hash that {CASE} names"]
        return []

    def _against_chain(self, entries: Sequence[Entry], case: dict[str, Any]) -> None:
        """What stands beside the chain, and was summed up anew, must still say what the chain says."""
        if self._json(MESSAGES) != messages_of(tuple(entries)):
            self._tell(f"{MESSAGES} was changed")
        state = next((entry.facts for entry in reversed(entries) if entry.kind == evidence.CASE), {})
        if case and (state.get("id"), state.get("state"), state.get("facts")) != tuple(
            case.get(name) for name in ("number", "state", "facts")
        ):
            self._tell(f"{CASE} was changed")

    def _check_files(self, entries: Sequence[Entry], case: dict[str, Any]) -> None:
        here = {
            name: name.removeprefix("files/").partition(".")[0] for name in self._hashes if name.startswith("files/")
        }
        for name, digest in here.items():
            if self._hashes[name] != digest:
                self._tell(f"{name} was changed")
        if not case:
            return
        absent = {each["sha256"] for each in _list(case.get("left_out")) if _is_absent(each)}
        photos = [entry.facts for entry in entries if entry.kind == evidence.PHOTO and entry.is_whole]
        for photo in photos:
            if photo["sha256"] not in {*here.values(), *absent}:
                self._tell(f"files/{photo['sha256']} is missing ({photo['name']})")

    def _sums(self) -> dict[str, str] | None:
        """What SHA256SUMS says of each file; None when it was changed itself."""
        text = self._text(SUMS)
        lines, mark, _ = (text or "").rpartition("# ")
        if not mark or text != lines + sum_of_sums(lines):
            self._tell(f"{SUMS} {'was changed' if SUMS in self._hashes else 'is missing'}")
            return None
        pairs = (line.partition("  ") for line in lines.splitlines())
        return {name: digest for digest, _, name in pairs}

    def _check_sums(self, sums: dict[str, str] | None, told: set[str]) -> None:
        for name in self._twice:
            self._tell(f"{name} is there twice")
        expected = set(_EVERY) if sums is None else {*sums, *_EVERY}
        for name in sorted(expected - set(self._hashes)):
            self._tell(f"{name} is missing")
        for name, digest in self._hashes.items():
            if digest is None:
                self._tell(f"{name} was changed")
            elif sums is not None and name != SUMS and name not in sums:
                self._tell(f"{name} does not belong here")
            elif sums is not None and name != SUMS and name not in told and digest != sums[name]:
                self._tell(f"{name} was changed")

    # -- reading --------------------------------------------------------------------------

    def _hash(self, name: str) -> str | None:
        """The SHA-256 of a file in the ZIP; None when it cannot be read as it was packed."""
        digest = hashlib.sha256()
        try:
            with self._archive.open(name) as handle:
                while block := handle.read(_BLOCK):
                    digest.update(block)
        except _UNREADABLE:
            return None
        return digest.hexdigest()

    def _text(self, name: str) -> str | None:
        if self._hashes.get(name) is None or self._archive.getinfo(name).file_size > _MOST_TEXT:
            return None
        try:
            return self._archive.read(name).decode("utf-8")
        except UnicodeDecodeError:
            return None

    def _json(self, name: str) -> Any:
        text = self._text(name)
        try:
            return None if text is None else json.loads(text)
        except (ValueError, RecursionError):
            return None


def _entry(content: Any) -> Entry:
    """An entry as it stands in the file; one that Doorstep would not write comes out as one whose hash is wrong."""
    content = content if isinstance(content, dict) else {}
    texts = {name: content.get(name) for name in ("at", "kind", "content", "previous", "hash")}
    position = content.get("position")
    readable = type(position) is int and all(isinstance(text, str) for text in texts.values()) and len(content) == 6
    entry = Entry(position, **texts) if readable else _UNREADABLE_ENTRY
    try:
        needed = _NEEDED.get(entry.kind, {"id"})
        return entry if needed <= set(entry.facts) else _UNREADABLE_ENTRY
    except (ValueError, TypeError, RecursionError):
        return replace(entry, hash="")


def _list(content: Any) -> list[Any]:
    return content if isinstance(content, list) else []


def _is_absent(content: Any) -> bool:
    return isinstance(content, dict) and {"sha256", "name", "why"} <= set(content)
