"""Logs of every process: one JSON object a line on standard output, without anything a buyer wrote or is.

Two rules and a net. Of a log call in our own code the event and its fields are kept, but for fields named
like a text or a personal fact. Of anybody else's (Rasa, Sanic, SQLAlchemy …) only the words that stand in
their source are kept, because the values put between them may be a buyer's message. Exceptions give their
kind and their frames. What is left then passes a net for e-mail addresses, long numbers and keys.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import threading
import warnings
from datetime import datetime, timezone
from types import TracebackType
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, Processor

from doorstep import redaction

OURS = ("doorstep", "actions")


def configure(process: str, stream: TextIO | None = None) -> None:
    """Send all logging of this process, structlog's and the standard library's, to `stream` as JSON lines.

    `process` names the process in every line. The level is LOG_LEVEL (default INFO) for our own code;
    everybody else is heard from WARNING. Times are UTC. `stream` is standard output when not given.
    """
    handler = logging.StreamHandler(stream or sys.stdout)
    handler.setFormatter(_JsonLines(process))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for name in OURS:
        logging.getLogger(name).setLevel(_level(os.environ.get("LOG_LEVEL", "")))
    # Sanic's and APScheduler's loggers are cut off from the root by Rasa; records that reach no handler come here.
    logging.lastResort = handler
    logging.raiseExceptions = False  # a line that cannot be written must not print the record to stderr
    warnings.showwarning = _warn
    sys.excepthook = _end
    threading.excepthook = _thread_end
    structlog.configure(
        processors=_structlog_chain(),
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def _level(name: str) -> int:
    level = logging.getLevelName(name.upper() or "INFO")
    return level if isinstance(level, int) else logging.INFO


def _warn(  # noqa: PLR0917 - the signature is Python's own
    message: Warning | str,  # noqa: ARG001 - its words may repeat what a buyer wrote
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,  # noqa: ARG001
    line: str | None = None,  # noqa: ARG001
) -> None:
    """A Python warning: its kind and place only. Deprecations inside libraries are no news to an operator."""
    if issubclass(category, DeprecationWarning):
        return
    found = {"kind": category.__name__, "raised_at": f"{_short(filename)}:{lineno}"}
    logging.getLogger("doorstep.warnings").warning("warning", extra={"fields": found})


def _end(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """An error that ends the process. Its words are kept: nobody is served any more, and they say what to mend."""
    words = {"reason": str(error)}
    logging.getLogger("doorstep").critical("process ended", exc_info=(kind, error, trace), extra={"fields": words})


def _thread_end(ended: threading.ExceptHookArgs) -> None:
    """An error that ends a thread: as any other."""
    if ended.exc_value is not None:
        logging.getLogger("doorstep").error("thread ended", exc_info=ended.exc_value)


def _short(path: str) -> str:
    return path.rpartition("site-packages/")[2]


def _structlog_chain() -> list[Processor]:
    return [structlog.stdlib.filter_by_level, structlog.contextvars.merge_contextvars, _to_record]


def _to_record(_logger: Any, _method: str, event: EventDict) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Hand a structlog event to the standard library as a record that carries its fields."""
    exc_info = event.pop("exc_info", None)
    name = event.pop("event", "")
    return (name,), {"exc_info": exc_info, "extra": {"fields": event}}


class _JsonLines(logging.Formatter):
    """One record → one line of JSON that keeps the two rules and passes the net."""

    def __init__(self, process: str) -> None:
        super().__init__()
        self._process = process

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, timezone.utc).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "process": self._process,
            "logger": record.name,
        }
        line.update(_ours(record) if record.name.split(".")[0] in OURS else _theirs(record))
        if record.exc_info and record.exc_info[1] is not None:
            line["exception"] = redaction.exception(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False, default=lambda value: f"<{type(value).__name__}>")


def _ours(record: logging.LogRecord) -> dict[str, Any]:
    return {"event": redaction.net(record.getMessage()), **redaction.fields(getattr(record, "fields", {}))}


def _theirs(record: logging.LogRecord) -> dict[str, Any]:
    return {"event": redaction.words(record), "where": f"{_short(record.pathname)}:{record.lineno}"}
