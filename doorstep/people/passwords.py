"""Keeps passwords as Argon2id hashes and compares them. Each call works for about a tenth of a second, in 64 MB."""

from __future__ import annotations

import secrets
import unicodedata
from dataclasses import dataclass, field

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from doorstep.people.agents import MOST_PASSWORD

# Parameters are the library's: RFC 9106, section 4, the second recommended option (3 passes, 64 MiB, 4 lanes).
_MADE_BYTES = 15  # 120 bits, written in 20 characters


@dataclass(frozen=True)
class Passwords:
    """Hashes and compares. Nothing here belongs into a database transaction: it would hold up every writer."""

    hasher: PasswordHasher = field(default_factory=PasswordHasher)

    def hashed(self, password: str) -> str:
        """The hash that is kept of a password."""
        return self.hasher.hash(_bytes(password))

    def fits(self, password: str, kept: str | None) -> bool:
        """Whether a password is the one whose hash was kept; None where there is nobody, which is as much work."""
        typed = _bytes(password[: MOST_PASSWORD + 1])
        if kept is None:
            self.hasher.hash(typed)
            return False
        try:
            self.hasher.verify(kept, typed)
        except (VerificationError, InvalidHashError):
            return False
        return len(password) <= MOST_PASSWORD

    def is_outdated(self, kept: str) -> bool:
        """Whether a hash was made with other parameters than today's, and should be made again."""
        return self.hasher.check_needs_rehash(kept)


def made() -> str:
    """A password that nobody can guess."""
    return secrets.token_urlsafe(_MADE_BYTES)


def _bytes(password: str) -> bytes:
    """What is hashed. In NFKC, as keyboards differ in how they write é; NIST SP 800-63B, 5.1.1.2."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "replace")
