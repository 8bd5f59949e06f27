"""Agents: the people who answer for a shop at the desk, and what their logins, names and passwords may be."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

AGENT, LEAD = "agent", "lead"
ROLES = (AGENT, LEAD)
MOST_LOGIN, MOST_NAME, MOST_SHOP = 120, 80, 64  # characters, as the table keeps them
LEAST_PASSWORD, MOST_PASSWORD = 12, 200  # characters

HOW_TO_ADD = 'doorstep agents add you@shop.example --name "Your name"'


class AgentError(Exception):
    """What was given for an agent cannot be taken; the message says what is wrong and never repeats a password."""


@dataclass(frozen=True)
class Agent:
    """Somebody who may sign in at the desk. `shop` is "" for all shops, `team` is "" for all teams.

    `name` is what buyers read; `language` is that of the desk's own words.
    """

    id: int
    shop: str
    login: str
    name: str
    role: str
    team: str
    language: str

    @property
    def is_lead(self) -> bool:
        """Whether they may see and do what concerns other agents, too."""
        return self.role == LEAD

    def sees(self, shop: str) -> bool:
        """Whether the conversations of this shop are theirs to see."""
        return self.shop in ("", shop)


def normal_login(typed: str) -> str:
    """A login as it is kept and compared: whatever its case, its width and the spaces around it."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", typed).lower()).strip()


def may_be_login(login: str) -> bool:
    """Whether a normal login can be anybody's: 1 to 120 characters, without spaces and control characters."""
    return 1 <= len(login) <= MOST_LOGIN and not any(ch.isspace() or _is_control(ch) for ch in login)


def new_login(typed: str) -> str:
    """The normal form of a login for somebody new. Raises AgentError."""
    login = normal_login(typed)
    if not may_be_login(login):
        raise AgentError(
            f"The login {typed!r} cannot be used: an e-mail address or a word without spaces, "
            f"at most {MOST_LOGIN} characters."
        )
    return login


def clean_name(typed: str) -> str:
    """A name as buyers read it: NFKC, on one line, without control and formatting characters. Raises AgentError."""
    plain = "".join(" " if _is_control(ch) else ch for ch in unicodedata.normalize("NFKC", typed))
    name = " ".join(plain.split())
    if not 1 <= len(name) <= MOST_NAME:
        raise AgentError(f"The name is what buyers read: write 1 to {MOST_NAME} characters, such as Anna.")
    return name


def check_password(password: str, login: str, name: str) -> None:
    """Whether a password is hard enough to guess. Raises AgentError saying what it lacks."""
    plain = normal_login(password)
    if not LEAST_PASSWORD <= len(password) <= MOST_PASSWORD:
        raise AgentError(f"The password has to have {LEAST_PASSWORD} to {MOST_PASSWORD} characters.")
    if any(_is_control(ch) for ch in password):
        raise AgentError("The password holds a control character, which cannot be typed everywhere.")
    if plain in (normal_login(login), normal_login(name)):
        raise AgentError("The password is the login or the name: take another.")
    if len(set(plain)) <= 1:
        raise AgentError("The password is one character again and again: take another.")


def _is_control(ch: str) -> bool:
    """Control, formatting and unassigned characters, and halves of surrogate pairs."""
    return unicodedata.category(ch).startswith("C")
