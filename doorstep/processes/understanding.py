"""How well a trained model understands the held-out phrases of tests/nlu, and where it understands less than another.

The model's own arrays are asked, as its intent classifier asks them, without loading Rasa.
"""

from __future__ import annotations

import json
import multiprocessing
import tarfile
import tempfile
from collections.abc import Collection, Iterable, Mapping, Sequence
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from ruamel.yaml import YAML

from doorstep import phrases
from doorstep.nlu.clauses import Plainly, understand
from doorstep.nlu.normal import normalise
from doorstep.nlu.scoring import Scorer
from doorstep.wishes import WISHES

INTENTS = "intents"  # the name of the intent classifier, among a model's components
NO_CLASSIFIER = "it holds no intent classifier of ours."
REFUSED, STRANGE = "nlu_fallback", "out_of_scope"
MOST_LOST, MOST_LOST_OF_A_WISH = 0.02, 0.15  # of macro-F1 in a language, of a wish's F1
_ROUNDING = 1e-9
NO_CLAUSES = {"clause": 1.0, "hint": 1.0, "whole": 1.0, "unsure": 0.0, "sure": 1.0}  # read no clauses


class NotScored(Exception):
    """A model cannot be asked about phrases; the message says why."""


@dataclass(frozen=True)
class Heard:
    """A held-out phrase, what it means, and the intent it was taken for."""

    text: str
    intent: str
    taken_for: str

    @property
    def is_refused(self) -> bool:
        """Whether it was not understood, or taken for what is no wish of buyers."""
        return self.taken_for in (REFUSED, STRANGE)

    @property
    def is_right(self) -> bool:
        """Whether the assistant would do the right thing: to refuse what is no wish of buyers is right."""
        return self.is_refused if self.intent == STRANGE else self.taken_for == self.intent


@dataclass(frozen=True)
class Loss:
    """A language, or a wish in it, that is understood less: F1 before and after, 0 to 1. `intent` "" is the whole."""

    language: str
    intent: str
    before: float
    after: float


Report = Mapping[str, Sequence[Heard]]  # by language


def score(model: Path, root: Path) -> Report:
    """What a model makes of the held-out phrases below `root`, by the thresholds of config.yml there.

    Raises NotScored without phrases and for a model of another kind, PhrasesError for phrases that cannot be read.
    """
    files = _held_out(root)
    pipeline = YAML(typ="safe").load((root / "config.yml").read_text(encoding="utf-8"))["pipeline"]
    settings = settings_of(pipeline, "IntentClassifier")
    scorer, plainly = _scorer(model, settings), Plainly(**settings.get("clauses", NO_CLAUSES))
    limits = settings_of(pipeline, "FallbackClassifier")
    threshold, lead = limits.get("threshold", 0.0), limits.get("ambiguity_threshold", 0.0)
    report = {}
    for language, file in files.items():
        alone = [(text, intent) for text, intent in phrases.read(file) if "+" not in intent]
        report[language] = [
            Heard(text, intent, taken_for(_ranking(scorer, text, plainly), threshold, lead)) for text, intent in alone
        ]
    return {language: heard for language, heard in report.items() if heard}


def score_apart(model: Path, root: Path) -> Report:
    """As `score`, in a process that ends with it: what it takes to read sentences is a hundred times the report."""
    _held_out(root)  # no process is started for nothing
    try:
        with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
            return pool.submit(score, model, root).result()
    except BrokenExecutor as error:
        raise NotScored("the process that asked it ended before its time.") from error


def f1_by_intent(heard: Collection[Heard]) -> dict[str, float]:
    """F1 of each intent that has phrases, 0 to 1. A refusal counts as out_of_scope."""
    found: dict[str, float] = {}
    for intent in sorted({each.intent for each in heard}):
        right = sum(each.intent == intent and each.is_right for each in heard)
        meant = sum(each.intent == intent for each in heard)
        taken = sum(each.is_refused if intent == STRANGE else each.taken_for == intent for each in heard)
        found[intent] = 2 * right / (meant + taken)
    return found


def macro(f1: Mapping[str, float]) -> float:
    """The mean over intents."""
    return sum(f1.values()) / len(f1)


def losses(before: Report, after: Report) -> list[Loss]:
    """Where a model understands clearly less than the one before, by the phrases both were asked."""
    found: list[Loss] = []
    for language, old, new in _asked_both(before, after):
        f1_old, f1_new = f1_by_intent(old), f1_by_intent(new)
        if macro(f1_old) - macro(f1_new) > MOST_LOST + _ROUNDING:
            found.append(Loss(language, "", macro(f1_old), macro(f1_new)))
        wishes = [wish for wish in WISHES if wish in f1_old]
        lost = [wish for wish in wishes if f1_old[wish] - f1_new[wish] > MOST_LOST_OF_A_WISH + _ROUNDING]
        found += [Loss(language, wish, f1_old[wish], f1_new[wish]) for wish in lost]
    return found


def no_longer_right(before: Report, after: Report, languages: Collection[str]) -> dict[str, list[Heard]]:
    """The phrases that were taken rightly before and are not now, by language."""
    return {
        language: [now for was, now in zip(old, new, strict=True) if was.is_right and not now.is_right]
        for language, old, new in _asked_both(before, after)
        if language in languages
    }


def write(report: Report, file: Path) -> None:
    """Keep a report, with its figures for people to read."""
    kept: dict[str, Any] = {}
    for language, heard in report.items():
        f1 = f1_by_intent(heard)
        rows = [[each.text, each.intent, each.taken_for] for each in heard]
        kept[language] = {"macro_f1": round(macro(f1), 4), "f1": {name: round(f1[name], 4) for name in f1}}
        kept[language]["phrases"] = rows
    file.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def read(file: Path) -> Report | None:
    """A report as `write` kept it; None when there is none that can be read."""
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
        return {language: [Heard(*row) for row in told["phrases"]] for language, told in kept.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _held_out(root: Path) -> dict[str, Path]:
    files = phrases.held_out_files(root)
    if not files:
        raise NotScored("there are no held-out phrases (tests/nlu).")
    return files


def _asked_both(before: Report, after: Report) -> Iterable[tuple[str, list[Heard], list[Heard]]]:
    """Each language of both reports, with the phrases of both in the same order."""
    for language in after.keys() & before.keys():
        old = {(each.text, each.intent): each for each in before[language]}
        new = {(each.text, each.intent): each for each in after[language]}
        both = [key for key in new if key in old]
        if both:
            yield language, [old[key] for key in both], [new[key] for key in both]


def _ranking(scorer: Scorer, text: str, plainly: Plainly) -> Sequence[tuple[str, float]]:
    return understand(normalise(text), scorer.read_normalised, WISHES, plainly).reading.ranking


def taken_for(ranking: Sequence[tuple[str, float]], threshold: float, lead: float) -> str:
    """The intent of a ranking, or REFUSED, as Rasa's FallbackClassifier decides it."""
    (first, sure), (_, next_sure) = ranking[:2]
    return first if sure >= threshold and sure - next_sure >= lead else REFUSED


def settings_of(pipeline: Iterable[Mapping[str, Any]], component: str) -> Mapping[str, Any]:
    """The settings of a component in the pipeline of config.yml; none where it is not part of it."""
    return next((part for part in pipeline if str(part["name"]).endswith(component)), {})


def _scorer(model: Path, config: Mapping[str, Any]) -> Scorer:
    """The model's intent classifier with sentence vectors as its component would ask them."""
    from doorstep.nlu.sentences import give_vectors

    scorer = scorers_in(model, INTENTS).get(INTENTS)
    if scorer is None:
        raise NotScored(NO_CLASSIFIER)
    give_vectors(scorer, config)
    return scorer


def scorers_in(model: Path, *names: str) -> dict[str, Scorer]:
    """The classifiers of a model by name; only those named, where any are. Raises NotScored when it cannot be read."""
    found: dict[str, Scorer] = {}
    try:
        with tarfile.open(model) as archive, tempfile.TemporaryDirectory() as folder:
            for member in archive:
                inside = PurePosixPath(member.name)
                wanted = inside.suffix == ".npz" and (not names or inside.stem in names)
                content = archive.extractfile(member) if wanted else None
                if content is not None:
                    copy = Path(folder) / inside.name
                    copy.write_bytes(content.read())
                    found[inside.stem] = Scorer.load(copy)
    except (OSError, tarfile.TarError, ValueError, KeyError) as error:
        raise NotScored(f"it cannot be read ({error or type(error).__name__}).") from error
    return found
