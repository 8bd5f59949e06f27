"""The Rasa process: `python -m doorstep.nlu.rasa_server …` is `rasa run …` with Doorstep's logs and speed-ups.

Rasa's own command sends log lines with whole exception messages to the terminal, and so would put what buyers
write into a file. This one reads the same arguments and starts the same server after `doorstep.logs` is set up.
"""

from __future__ import annotations

import os
import sys
import warnings

import structlog

from doorstep import logs, settings
from doorstep.nlu import left_out
from doorstep.processes.lifeline import end_with_parent

log = structlog.get_logger("doorstep.nlu.rasa_server")  # run as __main__, its own name would not say whose it is


def main(arguments: list[str]) -> None:
    """Run `rasa run` with these arguments until told to stop."""
    end_with_parent()
    logs.configure("rasa")
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    if settings.load().speedups:
        left_out.leave_out()
        from doorstep.nlu import speedups

        speedups.apply()
    from rasa.__main__ import create_argument_parser
    from rasa.utils.common import EXPECTED_WARNINGS

    for kind, words in EXPECTED_WARNINGS:  # Rasa's own list of what it warns about at every start
        warnings.filterwarnings("ignore", message=f".*{words}", category=kind)
    log.info("process started")
    sys.path.insert(1, os.getcwd())  # components and channels of this project are named by module path
    parsed = create_argument_parser().parse_args(["run", *arguments])
    parsed.func(parsed)


if __name__ == "__main__":
    main(sys.argv[1:])
