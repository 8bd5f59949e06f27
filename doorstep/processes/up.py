"""`doorstep up`: checks everything, prepares what is missing, starts the processes and stays until stopped."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from doorstep import settings as settings_module
from doorstep.people.agents import HOW_TO_ADD
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
            check_other_desk(settings, tell)
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
    desk = desk_line(settings)
    try:
        supervisor.start()
        readiness.wait_until_ready(settings, supervisor)
        tell(f"Doorstep is ready: {readiness.address(settings)}/demo (Ctrl-C stops it)")
        tell(desk)
        supervisor.wait(None)
        raise CannotStart("The process manager ended; Doorstep is stopped.")
    finally:
        for number in STOP_SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        supervisor.stop()


def check_other_desk(settings: Settings, tell: Tell) -> None:
    """Tell what is wrong with a desk that is not ours. Nothing has to wait for it: it is told later what came in."""
    from doorstep.adapters.desks.chatwoot_desk import ChatwootDesk

    if settings.chatwoot:
        desk = ChatwootDesk(settings.chatwoot)
        trouble = desk.check()
        desk.close()
        if trouble:
            tell(f"{trouble}. Doorstep starts; buyers who wait for a person are told to Chatwoot once that is mended.")


def desk_line(settings: Settings) -> str:
    """Where people answer buyers; or, while there is nobody who may, how to add somebody."""
    if settings.chatwoot:
        return f"People answer buyers in Chatwoot at {settings.chatwoot.url}"
    from doorstep.storage import agents
    from doorstep.storage.engine import make_engine, reading

    at_hand = f"http://{settings.host}:{settings.port}"  # of the settings, when nobody gave another address
    desk = (readiness.address(settings) if settings.public_url in ("", at_hand) else settings.public_url) + "/desk"
    engine = make_engine(settings.database_url)
    try:
        with reading(engine) as connection:
            if agents.can_anybody_sign_in(connection):
                return f"People answer buyers at {desk}"
    finally:
        engine.dispose()
    return f"Nobody can sign in at {desk} yet. Add somebody: {HOW_TO_ADD}"


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
