"""What is told when something is refused or fails: always `{"error": {"code", "message"}}`, never a trace."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response


class ApiError(Exception):
    """A refusal the client is told of. `retry_after` is in seconds."""

    def __init__(self, status: int, code: str, message: str, *, retry_after: int | None = None) -> None:
        super().__init__(f"{status} {code}")
        self.status = status
        self.code = code
        self.message = message
        self.retry_after = retry_after

    def response(self) -> Response:
        """The answer that tells it."""
        headers = {} if self.retry_after is None else {"Retry-After": str(max(1, self.retry_after))}
        if self.status == 401:
            headers["WWW-Authenticate"] = "Bearer"
        return error_response(self.status, self.code, self.message, headers)


def error_response(status: int, code: str, message: str, headers: Mapping[str, str] | None = None) -> Response:
    """An error in the form every error of the chat API has."""
    return JSONResponse({"error": {"code": code, "message": message}}, status, dict(headers or {}))


def unavailable() -> Response:
    """Told when the database cannot be reached: nothing was accepted, the same call may be tried again."""
    return ApiError(
        503, "unavailable", "Nothing could be stored just now. Please send it again.", retry_after=2
    ).response()


def internal() -> Response:
    """Told when the fault is ours and not known in advance."""
    return error_response(500, "internal", "Something went wrong on our side. Please try again.")


async def tell_refusal(_request: Request, error: Exception) -> Response:
    """Starlette's handler for ApiError."""
    assert isinstance(error, ApiError)  # noqa: S101 - Starlette registers handlers by class
    return error.response()


async def tell_http_error(_request: Request, error: Exception) -> Response:
    """Starlette's handler for its own errors: no such page, wrong method, broken form."""
    assert isinstance(error, HTTPException)  # noqa: S101 - Starlette registers handlers by class
    codes = {404: "not_found", 405: "method_not_allowed"}
    messages = {404: "There is nothing here.", 405: "This address does not take that method."}
    code = codes.get(error.status_code, "refused")
    return error_response(
        error.status_code, code, messages.get(error.status_code, "The request cannot be used."), error.headers
    )
