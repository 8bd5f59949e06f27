"""The environment variables our processes are started with."""

from __future__ import annotations

import os
from pathlib import Path

from doorstep.settings import Settings

# Compiling Rasa's imports again at every start costs more than the start itself.
_NOT_OURS = ("PYTHONDONTWRITEBYTECODE", "PYTHONWARNINGS", "FORCE_JSON_LOGGING")
_OURS = {
    "PYTHONUNBUFFERED": "1",
    "RASA_TELEMETRY_ENABLED": "false",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",  # Rasa pins SQLAlchemy 1.4 and cannot heed it
}
_PROCESSOR = Path("/proc/cpuinfo")
_WIDE = {"avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"}


def arithmetic() -> dict[str, str]:
    """What numpy must be told before it is loaded, for one core to make a sentence vector fast.

    Rasa pins a numpy whose OpenBLAS takes a processor that is younger than itself for an older one, and then leaves
    AVX-512 unused (https://github.com/OpenMathLib/OpenBLAS, "OPENBLAS_CORETYPE"). A name already given stays.
    """
    told = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    try:
        known = next(line for line in _PROCESSOR.read_text().splitlines() if line.startswith("flags"))
    except (OSError, StopIteration):  # not Linux, or not x86
        return told
    if set(known.split()) >= _WIDE and "OPENBLAS_CORETYPE" not in os.environ:
        told["OPENBLAS_CORETYPE"] = "SKYLAKEX"
    return told


def child_environment(settings: Settings | None = None) -> dict[str, str]:
    """This process's environment as our processes should see it, with the settings resolved where given."""
    env = {name: value for name, value in os.environ.items() if name not in _NOT_OURS}
    env.update(_OURS | arithmetic())
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
