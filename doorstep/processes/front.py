"""The front's process: `python -m doorstep.processes.front` serves it where the settings say."""

from __future__ import annotations

import structlog
import uvicorn

from doorstep import languages, logs, settings
from doorstep.processes.lifeline import end_with_parent

log = structlog.get_logger("doorstep.processes.front")
STOP_SECONDS = 5  # held-open polls and event streams are closed after this


def main() -> None:
    """Serve the front until told to stop."""
    end_with_parent()
    logs.configure("front")
    read = settings.load()
    log.info("process started", port=read.port)
    languages.prepare()
    uvicorn.run(
        "doorstep.front.app:create_app",
        factory=True,
        host=read.host,
        port=read.port,
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=STOP_SECONDS,
    )


if __name__ == "__main__":
    main()
