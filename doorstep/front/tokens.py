"""Session tokens of the chat API, and the identity tokens a shop signs for a buyer who is signed in there.

A session token holds its conversation and its end under our signature: nothing a client says beside it counts.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import lru_cache

from itsdangerous import BadSignature, URLSafeSerializer

from doorstep.front.errors import ApiError
from doorstep.settings import Settings

LIFETIME = timedelta(days=30)  # what was promised is told weeks later, and must be found again
CLOCK_LEEWAY = 60  # seconds by which the shop's clock may differ from ours
_LONGEST = 4_096
_KEPT = 500  # tokens whose signature need not be checked again; a good one stays good until its end


@dataclass(frozen=True)
class Session:
    """What a valid token says."""

    conversation_id: str
    expires_at: datetime


class SessionTokens:
    """Makes and reads session tokens, signed with a key of our own."""

    def __init__(self, key: str) -> None:
        self._serializer = URLSafeSerializer(
            key, salt="session", signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha256}
        )
        self._checked = lru_cache(_KEPT)(self._check)

    def issue(self, conversation_id: str, now: datetime) -> tuple[str, Session]:
        """A token for a conversation, good for LIFETIME."""
        expires_at = (now + LIFETIME).replace(microsecond=0)
        token = self._serializer.dumps([conversation_id, int(expires_at.timestamp())])
        return str(token), Session(conversation_id, expires_at)

    def read(self, authorization: str, now: datetime) -> Session:
        """What the `Authorization` header's token says. Raises ApiError (401)."""
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise ApiError(401, "session_missing", "Start a session first and send its token.")
        session = self._checked(token.strip()[:_LONGEST])
        if session.expires_at <= now:
            raise ApiError(401, "session_expired", "This session is over. Start a new one.")
        return session

    def _check(self, token: str) -> Session:
        try:
            conversation_id, expires = self._serializer.loads(token)
            return Session(str(conversation_id), datetime.fromtimestamp(int(expires), timezone.utc))
        except (BadSignature, ValueError, TypeError, OverflowError) as error:
            raise session_invalid() from error


def session_invalid() -> ApiError:
    """The refusal of a token that is not ours, or whose conversation is gone."""
    return ApiError(401, "session_invalid", "This session is not known. Start a new one.")


def email_key(settings: Settings, identity_token: str) -> str:
    """The keyed hash of the e-mail address a shop vouches for. Raises ApiError (422) when the token does not hold."""
    refusal = ApiError(422, "identity_token_invalid", "The identity token is wrong or expired. No session was started.")
    if not settings.identity_secret:
        raise refusal
    import jwt  # brings a library of 10 MB that shops without a sign-in of their own never need

    try:
        claims = jwt.decode(
            identity_token,
            settings.identity_secret,
            algorithms=["HS256"],
            leeway=CLOCK_LEEWAY,
            options={"require": ["exp", "email"], "verify_aud": False},
        )
    except (jwt.InvalidTokenError, ValueError) as error:
        raise refusal from error
    email = claims["email"]
    if not isinstance(email, str) or "@" not in email:
        raise refusal
    return settings.fingerprint("email", email.strip().casefold())
