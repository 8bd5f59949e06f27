"""Keeps a newly trained model from replacing one that understands more; what is measured: `understanding`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

from doorstep import phrases
from doorstep.processes.errors import CannotStart
from doorstep.processes.understanding import Heard, Loss, Report, losses, no_longer_right

_REFUSED = "refused.json"  # in the models' folder: the model that was refused last, so that it is not trained again


class UnderstandsLess(CannotStart):
    """The new model is not taken, and `in_use` stays."""

    def __init__(self, why: str, in_use: Path) -> None:
        super().__init__(why)
        self.in_use = in_use


def complaint(before: Report, after: Report) -> str:
    """Why a model is not to replace the one before, for the person who trained it; "" when it may."""
    found = losses(before, after)
    if not found:
        return ""
    lines = [
        "The new model is not taken: of the held-out phrases it understands less than the one in use (F1, 0 to 1)."
    ]
    lines += [f"  {_where(loss)}: {loss.before:.2f} before, {loss.after:.2f} now" for loss in found]
    lost = list(_phrases_lost(found, before, after))
    if lost:
        lines += ["Understood before and not now:", *lost]
    lines.append("Look at the examples that came last in data/nlu, or take it all the same: doorstep train --force")
    return "\n".join(lines)


def refused_before(models: Path, mark: str, root: Path, in_use: Path | None) -> str:
    """The complaint about a model from these very sources, measured by these phrases against the same model, or ""."""
    try:
        told = json.loads((models / _REFUSED).read_text(encoding="utf-8"))
        return str(told["complaint"]) if told["about"] == _about(mark, root, in_use) else ""
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def remember_refused(models: Path, mark: str, root: Path, in_use: Path, why: str) -> None:
    """Keep a complaint for `refused_before`."""
    told = {"about": _about(mark, root, in_use), "complaint": why}
    (models / _REFUSED).write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _about(mark: str, root: Path, in_use: Path | None) -> list[str]:
    asked = hashlib.sha256()
    for file in phrases.held_out_files(root).values():
        asked.update(file.read_bytes())
    return [mark, asked.hexdigest(), in_use.name if in_use else ""]


def _where(loss: Loss) -> str:
    return f"{loss.language}, {loss.intent}" if loss.intent else f"{loss.language}, all intents"


def _phrases_lost(found: list[Loss], before: Report, after: Report) -> Iterator[str]:
    """The phrases behind the losses: all of a language, or those of the wishes that suffered and taken for them."""
    for language, lost in no_longer_right(before, after, {loss.language for loss in found}).items():
        wishes = {loss.intent for loss in found if loss.language == language}
        for each in lost:
            if "" in wishes or wishes & {each.intent, each.taken_for}:
                yield f"  {language}, {each.intent}: {each.text!r} {_now(each)}"


def _now(heard: Heard) -> str:
    return "is refused" if heard.is_refused else f"is taken for {heard.taken_for}"
