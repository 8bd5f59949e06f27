"""What a trained model makes of one message, asked without Rasa: for `doorstep preview`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml import YAML

from doorstep.languages import foreign_language_of
from doorstep.nlu.clauses import Plainly, understand
from doorstep.nlu.normal import normalise
from doorstep.nlu.scoring import NEVER
from doorstep.nlu.sentences import give_vectors
from doorstep.processes.understanding import (
    INTENTS,
    NO_CLASSIFIER,
    NO_CLAUSES,
    REFUSED,
    NotScored,
    scorers_in,
    settings_of,
    taken_for,
)
from doorstep.wishes import WISHES, in_order, said_closely

MOODS = "mood"  # the name of a classifier in a model; the others but the intents' are called after their wish


@dataclass(frozen=True)
class Understood:
    """What a message is taken for, as the dialogue acts on it.

    `intent` is REFUSED where nothing is clear enough; then `likeliest` says what came nearest. `wishes` are all that it
    states, in the order of handling, each with what is said more closely ("customs/refuse"). `mood` is "" if unclear;
    `foreign` is the code of a language that is not spoken.
    """

    intent: str
    likeliest: str = ""
    confidence: float = 0.0
    wishes: tuple[str, ...] = ()
    mood: str = ""
    foreign: str = ""


def listen(model: Path, root: Path, text: str) -> Understood:
    """Read a message as Rasa would with this model and the config.yml in `root`.

    Raises understanding.NotScored for a model of another kind.
    """
    pipeline = YAML(typ="safe").load((root / "config.yml").read_text(encoding="utf-8"))["pipeline"]
    scorers, read = scorers_in(model), normalise(text)
    if INTENTS not in scorers:
        raise NotScored(NO_CLASSIFIER)
    foreign = foreign_language_of(text) or ""
    if foreign or not read or read.startswith("/"):
        return Understood(REFUSED, foreign=foreign)
    settings = settings_of(pipeline, "IntentClassifier")
    give_vectors(scorers[INTENTS], settings)
    found = understand(read, scorers[INTENTS].read_normalised, WISHES, Plainly(**settings.get("clauses", NO_CLAUSES)))
    limits = settings_of(pipeline, "FallbackClassifier")
    ranking = found.reading.ranking
    intent = taken_for(ranking, limits.get("threshold", 0.0), limits.get("ambiguity_threshold", 0.0))
    if intent == REFUSED:
        return Understood(intent, *ranking[0])
    closely = {"sentence_vector": NEVER, "threshold": 0.5, **settings_of(pipeline, "SubintentClassifier")}

    def label(name: str) -> str:
        scorer = scorers.get(name)
        if scorer is None:
            return ""
        give_vectors(scorer, closely)
        return scorer.label(read, float(closely["threshold"]))

    stated = [*found.wishes, intent]
    wishes = in_order(said_closely(stated, {wish: label(wish) for wish in stated}))
    return Understood(intent, *ranking[0], wishes, label(MOODS))
