"""A real intent model of three intents in the archive that Rasa would make of it, and a project around it."""

from __future__ import annotations

import tarfile
import tempfile
from pathlib import Path

from doorstep.nlu.intents import IntentClassifier, train_model
from doorstep.nlu.scoring import NEVER

EXAMPLES = {
    "refund": ["I want my money back", "refund please", "give me a refund", "my money, give it back"],
    "stock": ["is it in stock", "when is it in stock again", "do you have the lamp in stock", "is the lamp available"],
    "greet": ["hello", "hello there", "good morning", "hi"],
}
HELD_OUT = [
    ("please refund me", "refund"),
    ("money back now", "refund"),
    ("in stock?", "stock"),
    ("hello hello", "greet"),
]
COMPONENT = "components/train_doorstep.nlu.intents.IntentClassifier3/intents.npz"


def a_model(folder: Path, examples: dict[str, list[str]] = EXAMPLES, inside: str = COMPONENT) -> Path:
    """An archive with a model trained on these examples, without sentence vectors."""
    pairs = [(text, intent) for intent, texts in examples.items() for text in texts]
    config = IntentClassifier.get_default_config() | {"sentence_vector": NEVER}
    made = Path(tempfile.mkdtemp(dir=folder))
    train_model([text for text, _ in pairs], [intent for _, intent in pairs], config).save(made / "intents.npz")
    with tarfile.open(made / "model.tar.gz", "w:gz") as archive:
        archive.add(made / "intents.npz", inside)
    return made / "model.tar.gz"


def a_project(folder: Path, fallback: str = "threshold: 0.0") -> Path:
    """The sources of a model, and held-out phrases, one of which states two wishes."""
    root = folder / "project"
    files = {"domain.yml": "# none\n", "data/nlu/en/refund.yml": "# none\n", "doorstep/nlu/intents.py": "# none\n"}
    files["config.yml"] = (
        "pipeline:\n  - name: doorstep.nlu.intents.IntentClassifier\n    sentence_vector: never\n"
        f"  - name: FallbackClassifier\n    {fallback}\n"
    )
    blocks = [*HELD_OUT, ("refund me, is it in stock?", "refund+stock")]
    files["tests/nlu/en.yml"] = "nlu:\n" + "".join(
        f"  - intent: {intent}\n    examples: |\n      - {text}\n" for text, intent in blocks
    )
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root
