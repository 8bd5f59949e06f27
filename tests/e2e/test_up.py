"""`doorstep up`: what stands in its way is told in a line; once ready it stays whole and leaves nothing behind."""

from __future__ import annotations

import os
import re
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.e2e.running import STOP_SECONDS, Doorstep, doorstep, until

pytestmark = pytest.mark.processes

MODULES = ("actions", "doorstep.nlu.rasa_server", "doorstep.processes.front")


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doorstep]:
    """Doorstep with the demo orders, ready."""
    with doorstep(tmp_path_factory.mktemp("running"), "--demo") as started:
        started.wait_until_ready()
        yield started


def refusal(folder: Path, environment: dict[str, str]) -> str:
    """What a start that must fail says; nothing of it may be left."""
    with doorstep(folder, environment=environment) as started:
        assert started.process.wait(60) == 1
        assert "ready" not in started.said
        assert started.left() == []
        return started.complained


def test_port_in_use_is_told_in_one_line(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        told = refusal(tmp_path, {"DOORSTEP_RASA_PORT": str(port)})

    expected = f"Port {port} is in use: stop the program that uses it, or set DOORSTEP_RASA_PORT to another port.\n"
    assert told == expected


def test_broken_policy_is_told_by_its_line(tmp_path: Path) -> None:
    policy = tmp_path / "policy.yml"
    policy.write_text("shop:\n  timezone: Nowhere/City\n")

    told = refusal(tmp_path, {"DOORSTEP_POLICY_FILE": str(policy)})
    assert re.fullmatch(r"\S*policy\.yml:2: shop\.timezone: expected .*\n", told)


def test_data_directory_that_cannot_be_written_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    told = refusal(tmp_path, {"DOORSTEP_DATA_DIR": str(tmp_path / "file" / "var")})
    assert re.fullmatch(r"DOORSTEP_DATA_DIR \S+/file/var cannot be used: Not a directory\.\n", told)


def test_wrong_setting_is_told_in_one_line(tmp_path: Path) -> None:
    told = refusal(tmp_path, {"DOORSTEP_PORT": "eighty"})

    assert told == "DOORSTEP_PORT is 'eighty': expected a port number from 1 to 65535.\n"


def test_unreachable_database_is_told_in_one_line_without_its_password(tmp_path: Path) -> None:
    told = refusal(tmp_path, {"DOORSTEP_DATABASE_URL": "postgresql://shop:hunter2@127.0.0.1:9/doorstep"})

    assert re.fullmatch(r"The database postgresql://shop:\*\*\*@127\.0\.0\.1:9/doorstep cannot be used: .+\n", told)


def test_ready_is_said_once_with_the_address_to_open(running: Doorstep) -> None:
    lines = [line for line in running.said.splitlines() if "ready" in line]

    assert lines == [f"Doorstep is ready: {running.url}/demo (Ctrl-C stops it)"]


def test_the_first_start_says_how_to_add_somebody_who_answers_buyers(running: Doorstep) -> None:
    line = f'Nobody can sign in at {running.url}/desk yet. Add somebody: doorstep agents add you@shop.example --name "'

    until(lambda: line in running.said, 10, "how to add somebody")


def test_every_part_works_when_ready_is_said(running: Doorstep) -> None:
    assert running.answers()


def test_nothing_listens_beyond_this_machine(running: Doorstep) -> None:
    pids = {process.pid for process in running.left()}
    open_at = {
        connection.laddr.ip
        for connection in psutil.net_connections("tcp")
        if connection.pid in pids and connection.status == psutil.CONN_LISTEN
    }

    assert open_at == {"127.0.0.1"}


def test_what_is_written_can_be_read_by_its_owner_only(running: Doorstep) -> None:
    written = [path for path in running.data_dir.rglob("*") if path.is_file()]

    assert [path for path in written if path.stat().st_mode & 0o077] == []


@pytest.mark.parametrize("module", MODULES)
def test_killed_process_comes_back(running: Doorstep, module: str) -> None:
    before = running.pid_of(module)
    os.kill(before, signal.SIGKILL)

    until(lambda: running.pid_of(module) not in (0, before), 60, f"{module} started again")
    until(running.answers, 90, "every part works again")
    assert running.pid_of(module) != before


def test_second_start_on_the_same_data_is_refused(running: Doorstep, tmp_path: Path) -> None:
    with doorstep(tmp_path, environment={"DOORSTEP_DATA_DIR": str(running.data_dir)}) as second:
        assert second.process.wait(60) == 1

        assert re.fullmatch(r"Doorstep is already running with the data in .*\n", second.complained)
    assert running.answers()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stop_signal_ends_everything_quietly(tmp_path: Path, number: signal.Signals) -> None:
    with doorstep(tmp_path) as started:
        started.wait_until_ready()

        assert started.stop(number) == 0
        assert started.left() == []
        assert started.complained == ""


def test_nothing_stays_when_doorstep_up_is_killed(tmp_path: Path) -> None:
    with doorstep(tmp_path) as started:
        started.wait_until_ready()
        started.stop(signal.SIGKILL)

        until(lambda: started.left() == [], STOP_SECONDS, "every process ended")
        assert not started.answers()
