"""The three processes and the command of each."""

from __future__ import annotations

import sys
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from doorstep.processes.errors import CannotStart
from doorstep.processes.supervisor import Program
from doorstep.settings import ROOT, Settings


def programs(settings: Settings, model: Path) -> list[Program]:
    """What runs side by side, for these settings and this model; adapts endpoints.yml where a port differs."""
    python = sys.executable
    rasa = [
        python, "-m", "doorstep.nlu.rasa_server", "--interface", "127.0.0.1", "--port", str(settings.rasa_port),
        "--model", str(model), "--endpoints", str(endpoints_file(settings)),
        "--credentials", str(ROOT / "credentials.yml"),
    ]  # fmt: skip
    return [
        Program("actions", [python, "-m", "actions"]),
        Program("rasa", rasa),
        Program("front", [python, "-m", "doorstep.processes.front"]),
    ]


def endpoints_file(settings: Settings, source: Path = ROOT / "endpoints.yml") -> Path:
    """endpoints.yml itself, or a copy in the data directory that names the port the actions really have.

    Raises CannotStart when the file does not say where the actions are.
    """
    yaml = YAML()
    try:
        content = yaml.load(source.read_text(encoding="utf-8"))
        address = urlsplit(content["action_endpoint"]["url"])
    except (OSError, YAMLError, KeyError, TypeError) as error:
        raise CannotStart(f"{source} must name the actions' address under action_endpoint: url.") from error
    if address.port == settings.actions_port:
        return source
    netloc = f"{address.hostname}:{settings.actions_port}"
    content["action_endpoint"]["url"] = urlunsplit(address._replace(netloc=netloc))
    copy = settings.data_dir / "run" / "endpoints.yml"
    copy.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with copy.open("w", encoding="utf-8") as handle:
        yaml.dump(content, handle)
    return copy
