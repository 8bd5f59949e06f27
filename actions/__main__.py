"""The action server's process: `python -m actions`, on loopback only and with Doorstep's logs."""

from __future__ import annotations

import contextlib

import structlog

from doorstep import logs, settings
from doorstep.processes.lifeline import end_with_parent

log = structlog.get_logger("actions")


def main() -> None:
    """Serve every action of this package until told to stop."""
    end_with_parent()
    logs.configure("actions")
    port = settings.load().actions_port
    from rasa_sdk.endpoint import create_app
    from rasa_sdk.utils import update_sanic_log_level

    app = create_app("actions", cors_origins="")
    update_sanic_log_level()
    log.info("process started", port=port)
    with contextlib.suppress(KeyboardInterrupt):
        app.run("127.0.0.1", port, access_log=False, debug=False)


if __name__ == "__main__":
    main()
