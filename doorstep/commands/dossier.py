"""`doorstep dossier`: writes the dossier of a case, or checks one that somebody brings."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path

from sqlalchemy.engine import Connection, Engine

from doorstep.dossier.archive import write
from doorstep.dossier.gather import THERE, DossierError, gather
from doorstep.dossier.page import page_of
from doorstep.dossier.verify import Verdict, verify
from doorstep.evidence import Entry
from doorstep.policy import shop as shop_policy
from doorstep.policy.shop import ShopPolicy
from doorstep.processes import preflight
from doorstep.replies.catalogue import Catalogue
from doorstep.settings import ROOT, Settings
from doorstep.storage import migrate
from doorstep.storage.cases import Cases
from doorstep.storage.engine import make_engine, reading
from doorstep.storage.evidence import Evidence

Tell = Callable[[str], None]


def make_files(settings: Settings, number: str, out: Path | None, language: str, tell: Tell) -> None:
    """`doorstep dossier CASE`. Raises DossierError, CannotStart."""
    if not number:
        raise DossierError("Name a case, or a ZIP to check with --verify. `doorstep disputes` lists the cases.")
    preflight.check_policy(settings)
    preflight.check_replies()
    preflight.prepare_database(settings, demo=False)
    engine = make_engine(settings.database_url)
    try:
        make(
            engine, shop_policy.load(settings.policy_file), Catalogue(ROOT / "replies"), settings.data_dir,
            number=number, out=out or settings.data_dir / "dossiers", language=language,
            now=datetime.now(timezone.utc), tell=tell,
        )  # fmt: skip
    finally:
        engine.dispose()


def check_file(settings: Settings, file: Path, tell: Tell) -> bool:
    """`doorstep dossier --verify FILE.zip`: the database is only looked at, and only where there is one already."""
    if not migrate.is_current(settings.database_url):
        return check(file, None, tell)
    engine = make_engine(settings.database_url)
    try:
        return check(file, engine, tell)
    finally:
        engine.dispose()


def make(
    engine: Engine, policy: ShopPolicy, catalogue: Catalogue, data_dir: Path, *, number: str, out: Path, language: str,
    now: datetime, tell: Tell,
) -> None:  # fmt: skip
    """Write page and ZIP of a case and tell where they are. Raises DossierError."""
    spoken = catalogue.languages()
    if language and language not in spoken:
        raise DossierError(f"There are no words in {language!r}: the languages are {', '.join(spoken)}.")
    dossier = gather(engine, policy, data_dir, number, language=language, now=now)
    try:
        files = write(dossier, page_of(dossier, catalogue), out)
    except OSError as error:
        raise DossierError(f"{error.filename or out} cannot be written: {error.strerror}.") from error
    for file in files:
        tell(str(file))
    for photo in dossier.photos:
        if photo.state != THERE:
            tell(f"Left out: {photo.name} is {photo.state} ({photo.file}).")
    tell(f"{_entries(len(dossier.entries))}; the last hash is {dossier.last_hash}.")


def check(file: Path, engine: Engine | None, tell: Tell) -> bool:
    """Check a dossier and tell what is wrong with it; gives whether nothing is. Raises DossierError.

    It is compared with the database of `engine` where the case is known there; None is no database.
    """
    verdict = verify(file)
    problems = list(verdict.problems)
    beside = "It was not compared with a database: there is none here."
    if engine is not None and verdict.number and verdict.entries:
        with reading(engine) as connection:
            differing, beside = _compare(connection, verdict)
        problems += differing
    for problem in problems:
        tell(problem)
    if problems:
        return False
    held = f"{_entries(len(verdict.entries))} and {_files(verdict.files)}"
    tell(f"Case {verdict.number}: {held}, all as they were written.")
    for name in verdict.left_out:
        tell(f"Left out when it was made: {name}.")
    tell(f"The last hash is {verdict.entries[-1].hash}.")
    tell(beside)
    return True


def _compare(connection: Connection, verdict: Verdict) -> tuple[list[str], str]:
    case = Cases(connection).find(verdict.number)
    if case is None:
        return [], f"It was not compared with this database, which does not know the case {verdict.number}."
    kept = Evidence(connection).chain(case.id)
    differing = [
        _differs(theirs)
        for theirs, ours in zip(verdict.entries, kept, strict=False)
        if theirs != ours and theirs.is_whole
    ]
    if differing:
        return differing, ""
    if len(verdict.entries) > len(kept):
        return [f"the database here has {_entries(len(kept))} of this case, not {len(verdict.entries)}"], ""
    later = len(kept) - len(verdict.entries)
    return [], "The database here has the same" + (f", and {_entries(later)} since." if later else ".")


def _differs(entry: Entry) -> str:
    return f"entry {entry.position} ({entry.kind}) is not the one kept in the database here"


def _entries(count: int) -> str:
    return "1 entry" if count == 1 else f"{count} entries"


def _files(count: int) -> str:
    return "1 photo or video" if count == 1 else f"{count} photos or videos"
