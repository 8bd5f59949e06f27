"""Runs the three processes under supervisord, which restarts one that ends: its configuration, start and stop."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tempfile
import xmlrpc.client
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from doorstep.processes.lifeline import end_with_parent
from doorstep.processes.surroundings import child_environment
from doorstep.settings import ROOT, Settings

LONGEST_SOCKET_PATH = 100  # the kernel allows 107 bytes, and supervisord adds a suffix while it starts
STOP_SECONDS = 12  # a process is asked to end, and killed after this
LOG_BYTES = 10_000_000
LOG_FILES = 5


@dataclass(frozen=True)
class Program:
    """One process to be kept running."""

    name: str
    command: Sequence[str]


@dataclass(frozen=True)
class State:
    """What supervisord says of a process. `pid` is 0 while it is down."""

    name: str
    state: str
    pid: int


class Supervisor:
    """supervisord as our child. It, and with it every process, ends when this process ends, however it ends."""

    def __init__(self, settings: Settings, programs: Sequence[Program]) -> None:
        self.logs = settings.data_dir / "logs"
        self.config = settings.data_dir / "run" / "supervisord.conf"
        self._settings = settings
        self._programs = programs
        self._socket = _socket_path(settings.data_dir)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Write the configuration and start everything."""
        self.logs.mkdir(parents=True, exist_ok=True)
        self.config.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(self.config, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as handle:
            handle.write(self.configuration())
        us = os.getpid()
        with (self.logs / "supervisord.out").open("wb") as out:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and arguments
                [sys.executable, "-m", "supervisor.supervisord", "-n", "-s", "-c", str(self.config)],
                cwd=self._settings.data_dir,
                env=child_environment(self._settings),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,  # Ctrl-C is for us alone; we stop the others in order
                preexec_fn=lambda: end_with_parent(us),  # noqa: PLW1509 - no thread is running yet
            )

    @property
    def ended(self) -> bool:
        """Whether supervisord is gone."""
        return self._process is None or self._process.poll() is not None

    def states(self) -> list[State]:
        """How each process is. Empty while supervisord does not answer yet."""
        from supervisor.xmlrpc import SupervisorTransport

        transport = SupervisorTransport(serverurl=f"unix://{self._socket}")
        try:
            found = xmlrpc.client.ServerProxy("http://local", transport=transport).supervisor.getAllProcessInfo()
        except (OSError, xmlrpc.client.Error):
            return []
        finally:
            transport.close()
        return [State(one["name"], one["statename"], int(one["pid"])) for one in _dicts(found)]

    def last_lines(self, name: str, count: int = 12, suffix: str = "log") -> list[str]:
        """The end of a process's log; with `suffix` "out", of what it printed before it could log."""
        try:
            return (self.logs / f"{name}.{suffix}").read_text(errors="replace").splitlines()[-count:]
        except OSError:
            return []

    def wait(self, seconds: float | None) -> bool:
        """Wait up to `seconds` (None: for ever) for supervisord to end; whether it has."""
        if self._process is None:
            return True
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def stop(self) -> None:
        """Ask every process to end and wait; what does not end in time is killed."""
        if self._process is None:
            return
        if self._process.poll() is None:
            self._process.terminate()
            if not self.wait(STOP_SECONDS * 2):
                self._process.kill()
                self._process.wait()
        self._socket.unlink(missing_ok=True)
        if self._socket.parent != self.config.parent:
            self._socket.parent.rmdir()

    def configuration(self) -> str:
        """The text of supervisord's configuration."""
        sections = [
            "[unix_http_server]",
            f"file={_escaped(str(self._socket))}",
            "chmod=0600",
            "[supervisord]",
            "logfile=logs/supervisord.log",  # paths without a directory are under the data directory
            f"logfile_maxbytes={LOG_BYTES}",
            "pidfile=run/supervisord.pid",
            "umask=077",  # logs and whatever the processes write is nobody else's
            *(["user=root"] if os.geteuid() == 0 else []),  # said aloud, or it warns at every start
            "[rpcinterface:supervisor]",
            "supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface",
            "[supervisorctl]",
            f"serverurl=unix://{_escaped(str(self._socket))}",
        ]
        for program in self._programs:
            sections += self._section(program)
        return "\n".join(sections) + "\n"

    def _section(self, program: Program) -> list[str]:
        return [
            f"[program:{program.name}]",
            f"command={_escaped(shlex.join(program.command))}",
            f"directory={_escaped(str(ROOT))}",
            "autorestart=true",
            "startsecs=3",
            "startretries=1000000",
            f"stopwaitsecs={STOP_SECONDS}",
            "stopasgroup=true",
            "killasgroup=true",
            f"stdout_logfile=logs/{program.name}.log",
            f"stdout_logfile_maxbytes={LOG_BYTES}",
            f"stdout_logfile_backups={LOG_FILES}",
            "redirect_stderr=true",
        ]


def _escaped(value: str) -> str:
    return value.replace("%", "%%")  # supervisord expands %(name)s


def _dicts(found: object) -> list[dict[str, Any]]:
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _socket_path(data_dir: Path) -> Path:
    """In the data directory, or where its path is too long for a socket in a private directory beside others'."""
    path = data_dir / "run" / "supervisor.sock"
    if len(os.fsencode(path)) <= LONGEST_SOCKET_PATH:
        return path
    private = Path(tempfile.mkdtemp(prefix="doorstep-", dir="/tmp"))
    return private / "supervisor.sock"
