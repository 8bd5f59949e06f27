"""Reads the environment, once. Every name is listed in .env.example."""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


class SettingsError(Exception):
    """A setting is wrong; the message names it and says what was expected."""


@dataclass(frozen=True)
class ChatwootPlace:
    """An inbox on a Chatwoot server: its address, the numbers of account and inbox, and an administrator's token.

    `webhook_secret` proves that a call comes from there.
    """

    url: str
    account: int
    inbox: int
    token: str = field(repr=False)
    webhook_secret: str = field(repr=False)


@dataclass(frozen=True)
class Settings:
    """Where things are and on which ports they answer."""

    database_url: str
    host: str
    port: int
    rasa_port: int
    actions_port: int
    secret: str
    data_dir: Path
    policy_file: Path
    identity_secret: str = ""  # signs the identity tokens of a shop's own sign-in; empty: none accepted
    allowed_origins: tuple[str, ...] = ()  # shops' sites that embed the chat, e.g. https://shop.example
    speedups: bool = True  # False: Rasa runs as it is
    clock_file: Path | None = None  # tests and demos: the time is the one it holds
    public_url: str = ""  # where buyers reach the front: links to its pages begin with it
    chatwoot: ChatwootPlace | None = None  # where people work, if not at our own desk

    def key(self, purpose: str) -> str:
        """A key for one purpose, derived from the secret (hex)."""
        return hmac.new(self.secret.encode(), purpose.encode(), hashlib.sha256).hexdigest()

    def fingerprint(self, purpose: str, value: str) -> str:
        """A keyed hash of a personal value (address, e-mail), to compare it without keeping it (hex)."""
        return hmac.new(self.key(purpose).encode(), value.encode(), hashlib.sha256).hexdigest()


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings. Raises SettingsError naming the variable that is wrong."""
    env = os.environ if environ is None else environ
    data_dir = Path(env.get("DOORSTEP_DATA_DIR") or ROOT / "var").resolve()
    host, port = env.get("DOORSTEP_HOST") or "127.0.0.1", _port(env, "DOORSTEP_PORT", 8080)
    return Settings(
        database_url=env.get("DOORSTEP_DATABASE_URL") or f"sqlite:///{data_dir / 'doorstep.db'}",
        host=host,
        port=port,
        rasa_port=_port(env, "DOORSTEP_RASA_PORT", 5005),
        actions_port=_port(env, "DOORSTEP_ACTIONS_PORT", 5055),
        secret=env.get("DOORSTEP_SECRET") or _kept_secret(data_dir),
        data_dir=data_dir,
        policy_file=Path(env.get("DOORSTEP_POLICY_FILE") or ROOT / "shop_policy.yml").resolve(),
        identity_secret=env.get("DOORSTEP_IDENTITY_SECRET", ""),
        allowed_origins=tuple(env.get("DOORSTEP_ALLOWED_ORIGINS", "").split()),
        speedups=_switch(env, "DOORSTEP_SPEEDUPS"),
        clock_file=Path(clock_file).resolve() if (clock_file := env.get("DOORSTEP_CLOCK_FILE")) else None,
        public_url=_url(env, "DOORSTEP_PUBLIC_URL", f"http://{host}:{port}"),
        chatwoot=_chatwoot(env),
    )


def _chatwoot(env: Mapping[str, str]) -> ChatwootPlace | None:
    """Where people work; None for our own desk."""
    desk = env.get("DOORSTEP_DESK") or "own"
    if desk not in ("own", "chatwoot"):
        raise SettingsError(f"DOORSTEP_DESK is {desk!r}: expected own or chatwoot.")
    if desk == "own":
        return None
    needed = ("DOORSTEP_CHATWOOT_URL", "DOORSTEP_CHATWOOT_TOKEN", "DOORSTEP_CHATWOOT_WEBHOOK_SECRET")
    for name in needed:
        if not env.get(name, "").strip():
            raise SettingsError(f"{name} is missing: DOORSTEP_DESK=chatwoot needs it.")
    if not re.fullmatch(r"[\x21-\x7e]+", env["DOORSTEP_CHATWOOT_TOKEN"].strip()):
        raise SettingsError("DOORSTEP_CHATWOOT_TOKEN has characters that no access token has: copy it again.")
    return ChatwootPlace(
        url=_url(env, "DOORSTEP_CHATWOOT_URL", ""),
        account=_number(env, "DOORSTEP_CHATWOOT_ACCOUNT"),
        inbox=_number(env, "DOORSTEP_CHATWOOT_INBOX"),
        token=env["DOORSTEP_CHATWOOT_TOKEN"].strip(),
        webhook_secret=env["DOORSTEP_CHATWOOT_WEBHOOK_SECRET"].strip(),
    )


def _number(env: Mapping[str, str], name: str) -> int:
    raw = env.get(name, "").strip()
    if not (raw.isascii() and raw.isdigit() and 0 < int(raw) < 2**31):
        raise SettingsError(f"{name} is {raw!r}: expected the number that Chatwoot shows in its addresses.")
    return int(raw)


def _switch(env: Mapping[str, str], name: str) -> bool:
    raw = (env.get(name) or "on").lower()
    if raw not in {"on", "off"}:
        raise SettingsError(f"{name} is {raw!r}: expected on or off.")
    return raw == "on"


def _url(env: Mapping[str, str], name: str, default: str) -> str:
    url = (env.get(name) or default).rstrip("/")
    if not url.startswith(("https://", "http://")) or any(ch.isspace() for ch in url):
        raise SettingsError(f"{name} is {url!r}: expected an address such as https://help.shop.example.")
    return url


def _port(env: Mapping[str, str], name: str, default: int) -> int:
    raw = env.get(name) or str(default)
    if not raw.isdecimal() or not 1 <= int(raw) <= 65535:
        raise SettingsError(f"{name} is {raw!r}: expected a port number from 1 to 65535.")
    return int(raw)


def _kept_secret(data_dir: Path) -> str:
    """The secret made on the first start; only the user who runs Doorstep can read it."""
    file = data_dir / "secret"
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        try:
            descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return file.read_text().strip()
        with os.fdopen(descriptor, "w") as handle:
            made = secrets.token_hex(32)
            handle.write(made + "\n")
        return made
    except OSError as error:
        raise SettingsError(f"DOORSTEP_DATA_DIR {data_dir} cannot be used: {error.strerror}.") from error
