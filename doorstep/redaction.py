"""What may stand in a log line: takes out texts, personal facts and keys before `logs` writes it."""

from __future__ import annotations

import ast
import functools
import logging
import re
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any

REMOVED = "[removed]"

# Names of fields that hold what a buyer wrote, who they are, or a key: never written, whatever the value.
PRIVATE = re.compile(
    r"(^|_)(text|body|message|content|label|payload|value|slots?|entit(y|ies)|name|e?mail|phone|address|postcode|"
    r"street|city|tracker|token|secret|password|authorization|cookie|key)s?$"
)
# Fields of ours that hold an id and would lose its digits to the net.
IDS = re.compile(r"(^|_)(id|ids|conversation|version|at|until)$")

_EMAIL = re.compile(r"[^\s@'\"<>:;,()]+@[^\s@'\"<>;,()]+\.\w+")
_BEARER = re.compile(r"(?i)\b(bearer)\s+\S+")
_KEYS = re.compile(r"(?i)\b(token|secret|password|api[_-]?key)(['\"]?\s*[=:]\s*['\"]?)[^\s\"',;]+")
_URL_PASSWORD = re.compile(r"(://[^\s:/@]*):[^\s/@]*@")
_SQL_VALUES = re.compile(r"\[(SQL|parameters):.*", re.DOTALL)
_DIGITS = re.compile(r"(?<![\w-])\+?\(?\d(?:[ ()./-]{0,2}\d){5,}(?![\w-])")
_TOKEN = re.compile(r"[A-Za-z0-9-]{6,}")
_OUR_HOSTS = ("127.0.0.1", "0.0.0.0")  # noqa: S104 - told apart from numbers, nothing is bound here
_EVENT_NAME = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)+")
_LOG_METHODS = {"debug", "info", "warning", "warn", "error", "exception", "critical", "log"}
# Their messages name types, attributes, files and addresses, not what somebody wrote.
_TELLING = (ImportError, NameError, AttributeError, TypeError, ConnectionError, FileNotFoundError, PermissionError)
_TELLING_KINDS = re.compile(r"(doorstep|actions|sqlite3)\.|psycopg2\.OperationalError$")


def net(text: str) -> str:
    """Take e-mail addresses, numbers of six digits and more, SQL values and keys out of a text."""
    text = _SQL_VALUES.sub(REMOVED, text)
    text = _URL_PASSWORD.sub(rf"\1:{REMOVED}@", text)
    text = _EMAIL.sub("[e-mail]", text)
    text = _BEARER.sub(rf"\1 {REMOVED}", text)
    text = _KEYS.sub(rf"\1\2{REMOVED}", text)
    return _TOKEN.sub(_number, _DIGITS.sub(_number, text))


def _number(match: re.Match[str]) -> str:
    found = match[0]
    return found if sum(ch.isdigit() for ch in found) < 6 or found in _OUR_HOSTS else "[number]"


def fields(given: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of our own log call: private names emptied, texts through the net, the rest as it is."""
    return {name: _field(name, value) for name, value in given.items()}


def _field(name: str, value: Any) -> Any:
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if PRIVATE.search(name):
        return REMOVED
    if isinstance(value, BaseException):
        return exception(value)["kind"]
    if isinstance(value, Mapping):
        return fields({str(key): item for key, item in value.items()})
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_field(name, item) for item in value]
    return str(value) if IDS.search(name) else net(str(value))


def words(record: logging.LogRecord) -> str:
    """The words of somebody else's log call as they stand in its source, with "…" for every value.

    A structlog event of theirs is kept when it is a name (`rest.message.received.timeout`).
    """
    if hasattr(record, "fields") and _EVENT_NAME.fullmatch(str(record.msg)):
        return str(record.msg)
    if isinstance(record.msg, BaseException):
        return str(exception(record.msg).get("message", type(record.msg).__name__))
    found = _words_in_source(record.pathname, record.lineno)
    return net(found) if found else "(no fixed words)"


@functools.lru_cache(maxsize=512)
def _words_in_source(path: str, line: int) -> str:
    for node in ast.walk(_parsed(path)):
        if isinstance(node, ast.Call) and node.lineno <= line <= (node.end_lineno or node.lineno):
            called = node.func
            if isinstance(called, ast.Attribute) and called.attr in _LOG_METHODS:
                said = [
                    *node.args[called.attr == "log" :],
                    *(word.value for word in node.keywords if word.arg == "msg"),
                ]
                return _fixed_words(said[0]) if said else ""
    return ""


@functools.lru_cache(maxsize=8)
def _parsed(path: str) -> ast.AST:
    try:
        return ast.parse(Path(path).read_bytes())
    except (OSError, SyntaxError, ValueError):
        return ast.Module(body=[], type_ignores=[])


def _fixed_words(node: ast.expr) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(_fixed_words(part) for part in node.values)
    if isinstance(node, ast.FormattedValue):
        return "…"
    if isinstance(node, ast.BinOp):
        return _fixed_words(node.left) + (_fixed_words(node.right) if isinstance(node.op, ast.Add) else "")
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format":
        return _fixed_words(node.func.value)
    return ""


def exception(error: BaseException) -> dict[str, Any]:
    """The kind, the frames and the causes of an exception; its message only where it cannot hold a value.

    A message is kept for our own exceptions and for kinds that name code, files or addresses.
    """
    kind = type(error)
    told: dict[str, Any] = {"kind": f"{kind.__module__}.{kind.__qualname__}".removeprefix("builtins.")}
    if isinstance(error, _TELLING) or _TELLING_KINDS.match(told["kind"]):
        told["message"] = net(str(error))
    frames = traceback.extract_tb(error.__traceback__)
    told["frames"] = [f"{f.filename.rpartition('site-packages/')[2]}:{f.lineno} {f.name}" for f in frames]
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None:
        told["after"] = exception(before)
    return told
