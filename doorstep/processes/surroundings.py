"""The environment variables our processes are started with."""

from __future__ import annotations

import os

from doorstep.settings import Settings

# Compiling Rasa's imports again at every start costs more than the start itself.
_NOT_OURS = ("PYTHONDONTWRITEBYTECODE", "PYTHONWARNINGS", "FORCE_JSON_LOGGING")
_OURS = {
    "PYTHONUNBUFFERED": "1",
    "RASA_TELEMETRY_ENABLED": "false",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",  # Rasa pins SQLAlchemy 1.4 and cannot heed it
    "OMP_NUM_THREADS": "1",  # one message is too little work to share between threads
}


def child_environment(settings: Settings | None = None) -> dict[str, str]:
    """This process's environment as our processes should see it, with the settings resolved where given."""
    env = {name: value for name, value in os.environ.items() if name not in _NOT_OURS}
    env.update(_OURS)
    if settings is not None:
        env.update(
            DOORSTEP_DATABASE_URL=settings.database_url,
            DOORSTEP_HOST=settings.host,
            DOORSTEP_PORT=str(settings.port),
            DOORSTEP_RASA_PORT=str(settings.rasa_port),
            DOORSTEP_ACTIONS_PORT=str(settings.actions_port),
            DOORSTEP_DATA_DIR=str(settings.data_dir),
            DOORSTEP_POLICY_FILE=str(settings.policy_file),
        )
    return env
