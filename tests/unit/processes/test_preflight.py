"""What stands in the way of a start is told in words that say what to do."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from doorstep import settings
from doorstep.processes import preflight
from doorstep.processes.errors import CannotStart

MEGABYTE = 1_000_000


def some_settings(data_dir: Path, **changes: str) -> settings.Settings:
    return settings.load({"DOORSTEP_DATA_DIR": str(data_dir), **changes})


@pytest.fixture
def busy_port() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


@pytest.mark.parametrize("variable", ["DOORSTEP_PORT", "DOORSTEP_RASA_PORT", "DOORSTEP_ACTIONS_PORT"])
def test_port_in_use_is_named_with_the_variable_that_changes_it(tmp_path: Path, busy_port: int, variable: str) -> None:
    names = ("DOORSTEP_PORT", "DOORSTEP_RASA_PORT", "DOORSTEP_ACTIONS_PORT")
    ports = {name: str(port) for name, port in zip(names, free_ports(3), strict=True)}

    with pytest.raises(CannotStart, match=f"^Port {busy_port} is in use: .* set {variable} to another port"):
        preflight.check_ports(some_settings(tmp_path, **{**ports, variable: str(busy_port)}))


def test_one_port_for_two_processes_is_refused(tmp_path: Path) -> None:
    (port, other) = map(str, free_ports(2))
    same = {"DOORSTEP_PORT": port, "DOORSTEP_RASA_PORT": port, "DOORSTEP_ACTIONS_PORT": other}

    with pytest.raises(CannotStart, match="DOORSTEP_PORT and DOORSTEP_RASA_PORT are both"):
        preflight.check_ports(some_settings(tmp_path, **same))


def test_host_of_another_machine_is_refused(tmp_path: Path) -> None:
    ports = dict(zip(("DOORSTEP_PORT", "DOORSTEP_RASA_PORT"), map(str, free_ports(2)), strict=True))

    with pytest.raises(CannotStart, match=r"DOORSTEP_HOST is '192\.0\.2\.1': expected an address of this machine"):
        preflight.check_ports(some_settings(tmp_path, DOORSTEP_HOST="192.0.2.1", **ports))


def test_data_directory_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(CannotStart, match=r"DOORSTEP_DATA_DIR .*/file cannot be written to: "):
        preflight.check_data_dir(tmp_path / "file")


def test_too_little_room_is_told_with_both_figures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    room = shutil.disk_usage(tmp_path).free
    monkeypatch.setattr(preflight, "FREE_BYTES", room + 5000 * MEGABYTE)

    with pytest.raises(CannotStart, match=r"has \d+ MB free and Doorstep needs \d+ MB"):
        preflight.check_data_dir(tmp_path)


def test_check_of_the_data_directory_leaves_nothing_in_it(tmp_path: Path) -> None:
    preflight.check_data_dir(tmp_path / "var")

    assert list((tmp_path / "var").iterdir()) == []


def test_second_start_on_the_same_data_is_refused_while_the_first_runs(tmp_path: Path) -> None:
    with (
        preflight.sole_user(tmp_path),
        pytest.raises(CannotStart, match="already running"),
        preflight.sole_user(tmp_path),
    ):
        pass
    with preflight.sole_user(tmp_path):
        pass


def test_broken_policy_is_told_by_its_line(tmp_path: Path) -> None:
    policy = tmp_path / "policy.yml"
    policy.write_text("shop:\n  name: Our shop\n  timezone: Nowhere/City\n")

    with pytest.raises(CannotStart, match="3"):
        preflight.check_policy(some_settings(tmp_path, DOORSTEP_POLICY_FILE=str(policy)))


def test_missing_policy_is_named(tmp_path: Path) -> None:
    with pytest.raises(CannotStart, match=r"policy\.yml"):
        preflight.check_policy(some_settings(tmp_path, DOORSTEP_POLICY_FILE=str(tmp_path / "policy.yml")))


def test_broken_replies_are_named_by_file(tmp_path: Path) -> None:
    words = tmp_path / "en" / "track_order.yml"
    words.parent.mkdir()
    words.write_text("responses: [\n")

    with pytest.raises(CannotStart, match=r"track_order\.yml"):
        preflight.check_replies(tmp_path)


def test_replies_without_english_are_refused(tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()

    with pytest.raises(CannotStart, match="no replies"):
        preflight.check_replies(tmp_path)


class Trouble(NamedTuple):
    url: str
    told: str


@pytest.mark.parametrize(
    "trouble",
    [
        Trouble("nonsense", "DOORSTEP_DATABASE_URL cannot be read"),
        Trouble(
            "postgresql://shop:hunter2@127.0.0.1:9/doorstep", "postgresql://shop:\\*\\*\\*@127.0.0.1:9/doorstep cannot"
        ),
    ],
)
def test_database_that_cannot_be_used_is_told_without_its_password(tmp_path: Path, trouble: Trouble) -> None:
    with pytest.raises(CannotStart, match=trouble.told) as raised:
        preflight.prepare_database(some_settings(tmp_path, DOORSTEP_DATABASE_URL=trouble.url), demo=False)
    assert "hunter2" not in str(raised.value)
