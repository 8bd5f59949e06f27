"""What is written to look at it is seen there, and nowhere else, and is gone afterwards."""

from __future__ import annotations

import pytest
from sqlalchemy.engine import Engine

from doorstep.storage.engine import reading, writing
from doorstep.storage.orders import Orders
from doorstep.storage.unkept import unkept
from tests.builders import an_order


def _url(engine: Engine) -> str:
    return str(engine.url.render_as_string(hide_password=False))


def _count(engine: Engine) -> int:
    with reading(engine) as connection:
        return Orders(connection).count()


def _add(engine: Engine, *numbers: str) -> None:
    with writing(engine) as connection:
        Orders(connection).save_all("default", [an_order(number=number) for number in numbers])


def test_transactions_in_the_block_see_each_other_and_nothing_is_kept(engine: Engine) -> None:
    _add(engine, "1001")
    with unkept(_url(engine)) as trial:
        _add(trial, "1002")
        _add(trial, "1003")
        assert (_count(trial), _count(engine)) == (3, 1)
    assert _count(engine) == 1


def test_what_is_only_read_does_not_undo_what_was_written(engine: Engine) -> None:
    with unkept(_url(engine)) as trial:
        _add(trial, "1002")
        assert [_count(trial), _count(trial)] == [1, 1]


def _write_and_fail(engine: Engine) -> None:
    with unkept(_url(engine)) as trial:
        _add(trial, "1002")
        _add(trial, "1003", "1003")


def test_nothing_is_kept_after_an_error_either_and_the_database_can_be_written(engine: Engine) -> None:
    with pytest.raises(ValueError, match="the same number"):
        _write_and_fail(engine)
    _add(engine, "1004")
    assert _count(engine) == 1
