"""The commands and files the processes are started with."""

from __future__ import annotations

import configparser
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from doorstep import settings
from doorstep.processes.errors import CannotStart
from doorstep.processes.programs import endpoints_file, programs
from doorstep.processes.supervisor import LONGEST_SOCKET_PATH, Program, Supervisor
from doorstep.processes.surroundings import child_environment


@pytest.fixture
def endpoints(tmp_path: Path) -> Path:
    file = tmp_path / "endpoints.yml"
    file.write_text(
        "# where the parts are\naction_endpoint:\n  url: http://127.0.0.1:5055/webhook\n  selective_domain: true\n"
        "tracker_store:\n  url: ${DOORSTEP_DATABASE_URL}\n"
    )
    return file


def some_settings(data_dir: Path, actions_port: int = 5055) -> settings.Settings:
    return settings.load({"DOORSTEP_DATA_DIR": str(data_dir), "DOORSTEP_ACTIONS_PORT": str(actions_port)})


def configuration(supervisor: Supervisor) -> configparser.RawConfigParser:
    parsed = configparser.RawConfigParser()
    parsed.read_string(supervisor.configuration())
    return parsed


def test_endpoints_file_is_used_as_it_is_when_the_port_is_the_same(tmp_path: Path, endpoints: Path) -> None:
    assert endpoints_file(some_settings(tmp_path), endpoints) == endpoints


def test_other_port_for_actions_changes_a_copy_and_nothing_else_in_it(tmp_path: Path, endpoints: Path) -> None:
    copy = endpoints_file(some_settings(tmp_path, 6055), endpoints)

    assert copy != endpoints
    # "base" reads every value as text; Rasa, once imported, makes the other readers expand ${…}.
    assert YAML(typ="base").load(copy.read_text()) == {
        "action_endpoint": {"url": "http://127.0.0.1:6055/webhook", "selective_domain": "true"},
        "tracker_store": {"url": "${DOORSTEP_DATABASE_URL}"},
    }
    assert "url: ${DOORSTEP_DATABASE_URL}" in copy.read_text()


@pytest.mark.parametrize("content", ["", "action_endpoint: [\n", "nlg: {}\n"])
def test_endpoints_file_without_the_actions_is_refused_by_name(tmp_path: Path, content: str) -> None:
    (tmp_path / "endpoints.yml").write_text(content)

    with pytest.raises(CannotStart, match=r"endpoints\.yml must name the actions' address"):
        endpoints_file(some_settings(tmp_path), tmp_path / "endpoints.yml")


def test_rasa_is_bound_to_loopback_without_its_api(tmp_path: Path) -> None:
    (rasa,) = (one for one in programs(some_settings(tmp_path), Path("m.tar.gz")) if one.name == "rasa")

    assert "--interface 127.0.0.1" in " ".join(rasa.command)
    assert "--enable-api" not in rasa.command


def test_every_program_is_restarted_and_stopped_with_all_it_started(tmp_path: Path) -> None:
    parsed = configuration(Supervisor(some_settings(tmp_path), [Program("actions", ["python", "-m", "actions"])]))

    section = dict(parsed["program:actions"])
    assert section["autorestart"] == section["stopasgroup"] == section["killasgroup"] == "true"


def test_path_with_a_per_cent_sign_and_a_space_reaches_supervisord_whole(tmp_path: Path) -> None:
    data = tmp_path / "100% of it"
    parsed = configuration(Supervisor(some_settings(data), [Program("front", [f"{data}/python", "-m", "front"])]))

    assert parsed["program:front"]["command"] == f"'{tmp_path}/100%% of it/python' -m front"


def test_socket_path_stays_short_however_long_the_data_directory_is(tmp_path: Path) -> None:
    supervisor = Supervisor(some_settings(tmp_path / ("d" * 60) / ("e" * 60)), [])
    socket_path = Path(configuration(supervisor)["unix_http_server"]["file"])

    assert len(str(socket_path)) <= LONGEST_SOCKET_PATH
    assert socket_path.parent.stat().st_mode & 0o077 == 0
    socket_path.parent.rmdir()


def test_processes_may_keep_compiled_python_whatever_our_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")

    assert "PYTHONDONTWRITEBYTECODE" not in child_environment()


def test_processes_are_told_the_resolved_settings(tmp_path: Path) -> None:
    told = child_environment(some_settings(tmp_path, 6055))

    assert told["DOORSTEP_DATABASE_URL"] == f"sqlite:///{tmp_path}/doorstep.db"
    assert told["DOORSTEP_ACTIONS_PORT"] == "6055"
    assert told["RASA_TELEMETRY_ENABLED"] == "false"
