"""What a trained model makes of one message, asked without Rasa: for `doorstep preview`."""

from __future__ import annotations

import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from ruamel.yaml import YAML

from doorstep.languages import foreign_language_of
from doorstep.nlu.clauses import Plainly, understand
from doorstep.nlu.normal import normalise
from doorstep.nlu.scoring import NEVER, Scorer
from doorstep.processes.understanding import NO_CLAUSES, REFUSED, NotScored, give_vectors, settings_of, taken_for
from doorstep.wishes import WISHES, in_order

INTENTS, MOODS = "intents", "mood"  # names of classifiers in a model; the others are called after their wish


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
    scorers, read = _scorers(model), normalise(text)
    if INTENTS not in scorers:
        raise NotScored("it holds no intent classifier of ours.")
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
        reading = scorer.read_normalised(read)
        return reading.intent if reading.confidence >= float(closely["threshold"]) else ""

    stated = in_order(dict.fromkeys([*found.wishes, intent]))
    wishes = tuple(f"{wish}/{about}" if (about := label(wish)) else wish for wish in stated)
    return Understood(intent, *ranking[0], wishes, label(MOODS))


def _scorers(model: Path) -> dict[str, Scorer]:
    """The classifiers of a model by name."""
    found: dict[str, Scorer] = {}
    try:
        with tarfile.open(model) as archive, tempfile.TemporaryDirectory() as folder:
            for member in archive:
                name, content = PurePosixPath(member.name), archive.extractfile(member)
                if name.suffix == ".npz" and content is not None:
                    copy = Path(folder) / name.name
                    copy.write_bytes(content.read())
                    found[name.stem] = Scorer.load(copy)
    except (OSError, tarfile.TarError, ValueError, KeyError) as error:
        raise NotScored(f"it cannot be read ({error or type(error).__name__}).") from error
    return found
