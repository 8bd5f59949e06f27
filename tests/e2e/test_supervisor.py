"""The process manager, with programs of a line or two: what fails to start is named with the end of its log."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from doorstep import settings
from doorstep.processes.errors import CannotStart
from doorstep.processes.readiness import wait_until_ready
from doorstep.processes.supervisor import Program, Supervisor
from tests.e2e.running import VARIABLES, free_ports, until

pytestmark = pytest.mark.processes

STAYS = "import signal; signal.pause()"


@pytest.fixture
def some_settings(tmp_path: Path) -> settings.Settings:
    ports = {name: str(port) for name, port in zip(VARIABLES, free_ports(3), strict=True)}
    return settings.load({"DOORSTEP_DATA_DIR": str(tmp_path / "100% var"), **ports})


@pytest.fixture
def started(request: pytest.FixtureRequest, some_settings: settings.Settings) -> Iterator[Supervisor]:
    programs = [Program(name, [sys.executable, "-c", code]) for name, code in request.param.items()]
    supervisor = Supervisor(some_settings, programs)
    supervisor.start()
    yield supervisor
    supervisor.stop()


@pytest.mark.parametrize("started", [{"rasa": STAYS, "front": "raise SystemExit('no such port')"}], indirect=True)
def test_process_that_ends_again_and_again_is_named_with_the_end_of_its_log(
    started: Supervisor, some_settings: settings.Settings
) -> None:
    with pytest.raises(CannotStart, match=r"The process front ends again and again\..*\n  no such port"):
        wait_until_ready(some_settings, started, limit=60)


@pytest.mark.parametrize("started", [{"front": STAYS}], indirect=True)
def test_process_that_never_answers_is_named(started: Supervisor, some_settings: settings.Settings) -> None:
    with pytest.raises(CannotStart, match="The process front did not answer within 2 s"):
        wait_until_ready(some_settings, started, limit=2)


@pytest.mark.parametrize("started", [{"front": STAYS}], indirect=True)
def test_manager_that_ends_is_noticed(started: Supervisor, some_settings: settings.Settings) -> None:
    until(lambda: any(state.pid for state in started.states()), 20, "the process is up")
    started.stop()

    with pytest.raises(CannotStart, match="The process supervisord ended"):
        wait_until_ready(some_settings, started, limit=20)
