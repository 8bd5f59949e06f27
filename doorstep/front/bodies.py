"""Reads JSON bodies: bounded in size and time, and checked against the schema that /openapi.json shows."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError, best_match
from starlette.requests import ClientDisconnect, Request

from doorstep.front.errors import ApiError

MOST_BYTES = 64 * 1024
_MOST_DRAINED = 4 * 1024 * 1024  # read on past the limit so far, so that the client can hear the refusal
_TIME_LIMIT = 15.0  # seconds for a whole body


async def read_json(request: Request, validator: Draft202012Validator) -> dict[str, Any]:
    """The body as a mapping that fits the schema. Raises ApiError (400, 408, 413, 422)."""
    raw = await read_bytes(request)
    try:
        body = json.loads(raw, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise ApiError(400, "malformed_json", "The body is not JSON.") from error
    problem = best_match(validator.iter_errors(body))
    if problem is not None:
        raise ApiError(422, "wrong_body", _told(problem))
    return dict(body)


async def read_bytes(request: Request, most: int = MOST_BYTES) -> bytes:
    """The body as it came, of at most so many bytes. Raises ApiError (400, 408, 413)."""
    try:
        return await asyncio.wait_for(_read(request, most), _TIME_LIMIT)
    except asyncio.TimeoutError as error:
        raise ApiError(408, "too_slow", "The message did not arrive in time.") from error
    except ClientDisconnect as error:
        raise ApiError(400, "cut_off", "The message did not arrive whole.") from error


async def _read(request: Request, most: int) -> bytes:
    kept = bytearray()
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size <= most:
            kept += chunk
        elif size > _MOST_DRAINED:
            break
    if size > most:
        raise ApiError(413, "too_large", f"The body is larger than {most // 1024} KB.")
    return bytes(kept)


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _told(problem: ValidationError) -> str:
    """What is wrong, in names of the schema; a value from the body is never repeated."""
    where = ".".join(str(part) for part in problem.absolute_path) or "the body"
    if problem.validator == "additionalProperties" and isinstance(problem.schema, Mapping):
        known = sorted(problem.schema.get("properties", ()))
        return f"{where}: there is a name that is not known. Known are: {', '.join(known)}."
    wanted: Any = problem.validator_value
    if problem.validator == "required":
        return f"{where}: needed are: {', '.join(map(str, wanted))}."
    return f"{where}: expected {problem.validator} {wanted}."
