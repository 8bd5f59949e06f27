"""Who flushes to the disk at a commit, and that nothing is lost between those who do and those who do not."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from doorstep.storage.engine import make_engine, reading, writing

NORMAL, FULL = 1, 2


@pytest.mark.parametrize(("flush", "level"), [(True, FULL), (False, NORMAL)])
def test_only_an_engine_that_flushes_waits_for_the_disk(tmp_path: Path, flush: bool, level: int) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'a.db'}", flush=flush)
    with reading(engine) as connection:
        assert connection.execute(text("PRAGMA synchronous")).scalar_one() == level
        assert connection.execute(text("PRAGMA journal_mode")).scalar_one() == "wal"
    engine.dispose()


def test_what_one_has_committed_the_other_sees_at_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'a.db'}"
    rasa, front = make_engine(url, flush=False), make_engine(url)
    with writing(rasa) as connection:
        connection.execute(text("CREATE TABLE said (text)"))
        connection.execute(text("INSERT INTO said VALUES ('hello')"))
    with reading(front) as connection:
        assert connection.execute(text("SELECT text FROM said")).scalar_one() == "hello"
    for engine in (rasa, front):
        engine.dispose()
