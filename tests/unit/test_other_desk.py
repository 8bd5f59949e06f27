"""Which desk a shop has: read from the environment, named when wrong, and no reason not to start."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from doorstep.processes import up
from doorstep.settings import ChatwootPlace, Settings, SettingsError, load
from tests.contract import fake_chatwoot
from tests.contract.fake_chatwoot import ACCOUNT, INBOX, SECRET, TOKEN

WHOLE = {
    "DOORSTEP_DESK": "chatwoot",
    "DOORSTEP_CHATWOOT_URL": "https://chat.shop.example/",
    "DOORSTEP_CHATWOOT_ACCOUNT": "1",
    "DOORSTEP_CHATWOOT_INBOX": "4",
    "DOORSTEP_CHATWOOT_TOKEN": "token",
    "DOORSTEP_CHATWOOT_WEBHOOK_SECRET": "secret",
}


def read(tmp_path: Path, **changes: str) -> Settings:
    return load({"DOORSTEP_DATA_DIR": str(tmp_path), **WHOLE, **changes})


def test_people_work_at_our_own_desk_unless_another_is_named(tmp_path: Path) -> None:
    assert read(tmp_path, DOORSTEP_DESK="").chatwoot is None
    assert read(tmp_path, DOORSTEP_DESK="own").chatwoot is None
    assert read(tmp_path).chatwoot == ChatwootPlace("https://chat.shop.example", 1, 4, "token", "secret")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DOORSTEP_DESK", "zendesk"),
        *((name, "") for name in WHOLE if name != "DOORSTEP_DESK"),
        ("DOORSTEP_CHATWOOT_URL", "chat.shop.example"),
        ("DOORSTEP_CHATWOOT_ACCOUNT", "one"),
        ("DOORSTEP_CHATWOOT_INBOX", "-4"),
        ("DOORSTEP_CHATWOOT_TOKEN", "tök en"),
    ],
)
def test_what_is_wrong_or_missing_is_named(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        read(tmp_path, **{name: value})


def test_the_keys_are_not_shown(tmp_path: Path) -> None:
    shown = repr(read(tmp_path, DOORSTEP_CHATWOOT_TOKEN="abcdef", DOORSTEP_CHATWOOT_WEBHOOK_SECRET="ghijkl").chatwoot)
    assert "abcdef" not in shown
    assert "ghijkl" not in shown


def test_the_start_tells_what_is_to_be_mended_and_goes_on(tmp_path: Path) -> None:
    told: list[str] = []
    with fake_chatwoot.running() as fake:
        settings = replace(read(tmp_path), chatwoot=ChatwootPlace(fake.url, ACCOUNT, INBOX, TOKEN, SECRET))
        up.check_other_desk(settings, told.append)
        assert told == []
        fake.auto_assigns = True
        up.check_other_desk(settings, told.append)
        fake.token = "another"
        up.check_other_desk(settings, told.append)
    up.check_other_desk(settings, told.append)
    assigns, wrong, away = told
    assert "auto assignment" in assigns
    assert "access token" in wrong
    assert "no connection" in away
    assert settings.chatwoot is not None
    assert settings.chatwoot.url in up.desk_line(settings)
