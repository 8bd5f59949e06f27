"""No log line carries what a buyer wrote or who they are, whoever wrote the line."""

from __future__ import annotations

import io
import json
import logging
import sqlite3
import warnings
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from doorstep import logs, redaction

WRITTEN = "my parcel 112-4455667 for ann.lee@example.com never came, call +49 30 1234567"
TELLTALE = ("parcel 112", "4455667", "ann.lee", "1234567", "never came")


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Configured logging; calling it gives the lines written so far."""
    root = logging.getLogger()
    kept = (root.handlers[:], root.level, logging.lastResort, logging.raiseExceptions, warnings.showwarning)
    levels = {name: logging.getLogger(name).level for name in logs.OURS}
    monkeypatch.setenv("LOG_LEVEL", "INFO")
    out = io.StringIO()
    logs.configure("front", out)
    yield lambda: [json.loads(line) for line in out.getvalue().splitlines()]
    root.handlers[:], root.level, logging.lastResort, logging.raiseExceptions, warnings.showwarning = kept
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)
    structlog.reset_defaults()


def says_nothing(lines: list[dict[str, Any]]) -> bool:
    whole = json.dumps(lines)
    return not any(word in whole for word in TELLTALE)


def test_our_line_is_json_with_time_level_process_event_and_fields(lines: Any) -> None:
    structlog.get_logger("doorstep.parcels").info("parcel looked up", carrier="dhl", ms=3.5)

    (line,) = lines()
    assert line.pop("at").endswith("+00:00")
    assert line == {
        "level": "info",
        "process": "front",
        "logger": "doorstep.parcels",
        "event": "parcel looked up",
        "carrier": "dhl",
        "ms": 3.5,
    }


@pytest.mark.parametrize(
    "field",
    ["text", "user_text", "message", "email", "phone", "address", "name", "slots", "payload", "token", "secret"],
)
def test_field_named_like_a_text_or_a_personal_fact_is_emptied(lines: Any, field: str) -> None:
    structlog.get_logger("doorstep.front").info("received", **{field: "Ann said hello"})

    assert lines()[0][field] == redaction.REMOVED


def test_private_field_inside_another_is_emptied(lines: Any) -> None:
    structlog.get_logger("doorstep.front").info("received", order={"buyer": {"email": "x"}, "lines": 2})

    assert lines()[0]["order"] == {"buyer": {"email": redaction.REMOVED}, "lines": 2}


def test_conversation_id_survives_so_that_lines_can_be_followed(lines: Any) -> None:
    structlog.get_logger("doorstep.front").info("settled", conversation_id="c-20240102030405")

    assert lines()[0]["conversation_id"] == "c-20240102030405"


def test_our_debug_lines_are_left_out_at_info(lines: Any) -> None:
    structlog.get_logger("doorstep.front").debug("detail")
    logging.getLogger("actions.track_order").debug("detail")

    assert lines() == []


@pytest.mark.parametrize("level", ["debug", "info"])
def test_others_are_heard_from_warning_on(lines: Any, level: str) -> None:
    getattr(logging.getLogger("rasa.core.processor"), level)("Received user message '%s'", WRITTEN)

    assert lines() == []


def test_values_in_others_messages_become_dots(lines: Any) -> None:
    logging.getLogger("rasa.core.actions.action").warning(f"Failed because of '{WRITTEN}', sorry")

    assert lines()[0]["event"] == "Failed because of '…', sorry"


def test_arguments_of_others_messages_are_left_out(lines: Any) -> None:
    logging.getLogger("sanic.error").error("Bad request: %s", WRITTEN)

    assert lines()[0]["event"] == "Bad request: %s"


def test_message_of_others_that_is_no_literal_is_left_out(lines: Any) -> None:
    logging.getLogger("asyncio").error(WRITTEN)

    assert says_nothing(lines())


def test_structlog_event_of_rasa_keeps_its_name_and_loses_its_fields(lines: Any) -> None:
    structlog.get_logger("rasa.core.channels.rest").error("rest.message.received.timeout", text=WRITTEN, sender=WRITTEN)

    (line,) = lines()
    assert line["event"] == "rest.message.received.timeout"
    assert says_nothing([line])


def test_exception_tells_kind_frames_and_cause_but_not_its_message(lines: Any) -> None:
    try:
        try:
            int(WRITTEN)
        except ValueError as error:
            raise RuntimeError(WRITTEN) from error
    except RuntimeError:
        structlog.get_logger("doorstep.front").exception("turn failed")

    (line,) = lines()
    assert line["exception"]["kind"] == "RuntimeError"
    assert line["exception"]["after"]["kind"] == "ValueError"
    assert "test_exception_tells_kind" in line["exception"]["frames"][0]
    assert says_nothing([line])


def test_database_error_says_what_is_wrong_without_the_values(lines: Any) -> None:
    try:
        sqlite3.connect(":memory:").execute("SELECT ? FROM nowhere", (WRITTEN,))
    except sqlite3.OperationalError as error:
        structlog.get_logger("doorstep.storage").error("failed", exc_info=error)

    (line,) = lines()
    assert line["exception"]["message"] == "no such table: nowhere"
    assert says_nothing([line])


def test_python_warning_gives_kind_and_place_only(lines: Any) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.showwarning = logs._warn
        warnings.warn(WRITTEN, UserWarning, stacklevel=1)

    (line,) = lines()
    assert line["kind"] == "UserWarning"
    assert says_nothing([line])


def test_logger_cut_off_from_the_root_cannot_go_around_the_rules(lines: Any, capfd: pytest.CaptureFixture[str]) -> None:
    alone = logging.getLogger("sanic.test_cut_off")
    alone.propagate = False
    alone.error("Exception for %s", WRITTEN)

    assert [line["event"] for line in lines()] == ["Exception for %s"]
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("from ann.lee+x@mail.example.com today", "from [e-mail] today"),
        ("call +49 (30) 123-4567 now", "call [number] now"),
        ("parcel LX123456789CN is late", "parcel [number] is late"),
        ("order 112-4455667-8899001 was found", "order [number] was found"),
        ("Authorization: Bearer abc.def-ghi", "Authorization: Bearer [removed]"),
        ("token=abc&x=1", "token=[removed]"),
        ("postgresql://u:hunter2@db/doorstep", "postgresql://u:[removed]@db/doorstep"),
        ("[SQL: INSERT INTO t VALUES (?)] [parameters: ('Ann',)]", "[removed]"),
        ("3 tries on port 8080 of 127.0.0.1 in 12.5 s", "3 tries on port 8080 of 127.0.0.1 in 12.5 s"),
    ],
)
def test_net_takes_out_addresses_numbers_and_keys(given: str, kept: str) -> None:
    assert redaction.net(given) == kept
