"""The environment is read once; what is wrong in it is named, and secrets are made and kept."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from doorstep.settings import Settings, SettingsError, load


def _load(tmp_path: Path, **names: str) -> Settings:
    return load({"DOORSTEP_DATA_DIR": str(tmp_path / "data"), **names})


def test_an_empty_environment_has_a_default_for_everything(tmp_path: Path) -> None:
    settings = _load(tmp_path)
    assert (settings.host, settings.port, settings.rasa_port, settings.actions_port) == ("127.0.0.1", 8080, 5005, 5055)
    assert settings.database_url == f"sqlite:///{tmp_path / 'data' / 'doorstep.db'}"
    assert settings.policy_file.name == "shop_policy.yml"
    assert (settings.identity_secret, settings.allowed_origins) == ("", ())


def test_what_is_set_counts(tmp_path: Path) -> None:
    settings = _load(
        tmp_path,
        DOORSTEP_PORT="9000",
        DOORSTEP_DATABASE_URL="postgresql://db/doorstep",
        DOORSTEP_SECRET="a" * 32,
        DOORSTEP_ALLOWED_ORIGINS="https://a.example https://b.example",
    )
    assert (settings.port, settings.database_url, settings.secret) == (9000, "postgresql://db/doorstep", "a" * 32)
    assert settings.allowed_origins == ("https://a.example", "https://b.example")


@pytest.mark.parametrize("name", ["DOORSTEP_PORT", "DOORSTEP_RASA_PORT", "DOORSTEP_ACTIONS_PORT"])
@pytest.mark.parametrize("value", ["0", "65536", "-1", "80a", "8 0", "²"])
def test_a_wrong_port_is_named(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        _load(tmp_path, **{name: value})


def test_a_secret_is_made_once_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    first = _load(tmp_path).secret
    assert len(first) == 64
    assert _load(tmp_path).secret == first
    assert stat.S_IMODE((tmp_path / "data" / "secret").stat().st_mode) == 0o600


def test_two_installations_have_two_secrets(tmp_path: Path) -> None:
    assert _load(tmp_path / "a").secret != _load(tmp_path / "b").secret


def test_a_data_directory_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("")
    with pytest.raises(SettingsError, match=r"DOORSTEP_DATA_DIR .*file"):
        load({"DOORSTEP_DATA_DIR": str(file / "below")})


def test_a_key_serves_one_purpose_only(tmp_path: Path) -> None:
    settings = _load(tmp_path, DOORSTEP_SECRET="s" * 32)
    assert settings.key("session") != settings.key("address")
    assert settings.key("session") == _load(tmp_path, DOORSTEP_SECRET="s" * 32).key("session")
    assert settings.key("session") != _load(tmp_path, DOORSTEP_SECRET="t" * 32).key("session")


def test_a_fingerprint_can_be_compared_and_not_read(tmp_path: Path) -> None:
    settings = _load(tmp_path, DOORSTEP_SECRET="s" * 32)
    made = settings.fingerprint("email", "ana@example.com")
    assert made == settings.fingerprint("email", "ana@example.com")
    assert made != settings.fingerprint("order", "ana@example.com")
    assert "ana" not in made
