"""Builds a stock Rasa project of our own domain, training phrases and rules, and trains it."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from bench.errors import CannotMeasure
from bench.stock.environment import pinned, stock_environment_variables
from bench.training import train
from doorstep.settings import ROOT

FILES = Path(__file__).parent / "files"
KINDS = ("lean", "default")
_ACTION = "action_affirm"  # the one that a custom action answers; the others say a plain text
_BUILT_IN = ("action_default_fallback", "action_listen")


@dataclass(frozen=True)
class Trained:
    """A stock project with its model, and what training it took (CPU s, wall s), measured at `at`."""

    kind: str
    folder: Path
    model: Path
    figures: dict[str, float]
    at: str
    kept: bool


def responses() -> dict[str, list[str]]:
    """What a stock project says, by the name of the response."""
    said = _read(FILES / "responses.yml")["responses"]
    return {name: [variant["text"] for variant in variants] for name, variants in said.items()}


def trained_project(kind: str, scratch: Path, rasa: Path, retrain: bool) -> Trained:
    """The project `kind` with a model of just these files: kept from before, or trained and measured now."""
    folder = scratch / f"project-{kind}"
    build(kind, folder)
    model = scratch / "models" / f"{kind}-{_fingerprint(folder)}.tar.gz"
    measured = model.with_suffix("").with_suffix(".json")
    kept = not retrain and model.is_file() and measured.is_file()
    if not kept:
        print(f"Training stock {kind} …", flush=True)
        model.parent.mkdir(exist_ok=True)
        env = stock_environment_variables() | {"RASA_CACHE_DIRECTORY": str(scratch / "cache")}
        shutil.rmtree(scratch / "cache", ignore_errors=True)
        figures = train([str(rasa)], folder, model, env)
        at = datetime.now(timezone.utc).isoformat(timespec="seconds")
        measured.write_text(json.dumps({"at": at, "figures": figures}) + "\n")
    read = json.loads(measured.read_text())
    return Trained(kind, folder, model, read["figures"], read["at"], kept)


def build(kind: str, folder: Path) -> None:
    """Write the project `kind` (see KINDS) into `folder`, which is emptied first."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "data").mkdir(parents=True)
    shutil.copy(FILES / f"config_{kind}.yml", folder / "config.yml")
    shutil.copy(FILES / "actions.py", folder)
    shutil.copy(FILES / "stories.yml", folder / "data")
    shutil.copytree(ROOT / "data/nlu", folder / "data/nlu")
    (folder / "credentials.yml").write_text("rest:\n")
    domain = _read(ROOT / "domain.yml")
    domain["responses"] = _read(FILES / "responses.yml")["responses"]
    domain["actions"] = [_ACTION]
    _write(domain, folder / "domain.yml")
    rules = [rule for file in sorted((ROOT / "data/rules").glob("*.yml")) for rule in _read(file)["rules"]]
    for step in (step for rule in rules for step in _steps(rule)):
        if "action" in step:
            step["action"] = _stock_action(step["action"], domain)
    _write({"version": "3.1", "rules": rules}, folder / "data/rules.yml")


def _stock_action(name: str, domain: dict[str, Any]) -> str:
    """The name under which a stock project does what our action does."""
    if not name.startswith("action_") or name == _ACTION or name in _BUILT_IN:
        return name
    said = name.replace("action_", "utter_", 1)
    if said not in domain["responses"]:
        raise CannotMeasure(f"{name} stands in data/rules: give stock Rasa a text {said} in bench/stock/files.")
    return said


def _steps(rule: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from rule.get("condition", ())
    yield from rule["steps"]


def _fingerprint(folder: Path) -> str:
    made_of = hashlib.sha256(pinned().encode())
    for file in (folder / "config.yml", folder / "domain.yml", *sorted((folder / "data").rglob("*.yml"))):
        made_of.update(file.relative_to(folder).as_posix().encode() + b"\0" + file.read_bytes())
    return made_of.hexdigest()[:16]


def _read(file: Path) -> Any:
    return YAML(typ="safe").load(file.read_text(encoding="utf-8"))


def _write(content: dict[str, Any], file: Path) -> None:
    with file.open("w", encoding="utf-8") as handle:
        YAML(typ="safe").dump(content, handle)
