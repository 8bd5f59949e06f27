"""`doorstep up`: checks everything, prepares what is missing, starts the processes and stays until stopped."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from doorstep import settings as settings_module
from doorstep.processes import preflight, readiness, training
from doorstep.processes.errors import CannotStart
from doorstep.processes.programs import programs
from doorstep.processes.supervisor import Supervisor
from doorstep.settings import Settings, SettingsError

Tell = Callable[[str], None]
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def up(demo: bool, tell: Tell) -> None:
    """Start Doorstep and return when it was told to stop (Ctrl-C, SIGTERM, the terminal closed).

    `tell` gets what happens, a line each. Raises CannotStart when something is wrong; nothing is running then.
    """
    with _stoppable():
        settings = read_settings()
        preflight.check_policy(settings)
        preflight.check_replies()
        preflight.check_ports(settings)
        preflight.check_data_dir(settings.data_dir)
        with preflight.sole_user(settings.data_dir):
            if preflight.prepare_database(settings, demo):
                tell("Put the demo orders into the database.")
            model = training.model_to_start(tell=tell)
            _run(settings, Supervisor(settings, programs(settings, model)), tell)


def read_settings() -> Settings:
    """The settings. Raises CannotStart naming the variable that is wrong."""
    try:
        return settings_module.load()
    except SettingsError as error:
        raise CannotStart(str(error)) from error


def _run(settings: Settings, supervisor: Supervisor, tell: Tell) -> None:
    tell("Starting …")
    try:
        supervisor.start()
        readiness.wait_until_ready(settings, supervisor)
        tell(f"Doorstep is ready: {readiness.address(settings)}/demo (Ctrl-C stops it)")
        supervisor.wait(None)
        raise CannotStart("The process manager ended; Doorstep is stopped.")
    finally:
        for number in STOP_SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        supervisor.stop()


@contextmanager
def _stoppable() -> Iterator[None]:
    """Within, the stop signals interrupt whatever goes on, and the block ends quietly."""
    before = {number: signal.signal(number, _interrupt) for number in STOP_SIGNALS}
    try:
        yield
    except KeyboardInterrupt:
        return
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
