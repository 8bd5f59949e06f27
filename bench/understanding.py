"""Measures understanding: trains the classifier of config.yml in this process and scores it on messages.

python bench/understanding.py score MESSAGES.jsonl          rows {"text", "intent", "lang"}
python bench/understanding.py thresholds                     how the refusal thresholds are chosen
python bench/understanding.py transfer TRAIN.csv TEST.csv    another shop's data, to judge the method alone
"""

from __future__ import annotations

import argparse
import csv
import json
import time
import warnings
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

warnings.filterwarnings("ignore")

from rasa.shared.nlu.training_data.loading import load_data  # noqa: E402 - Rasa warns while it is imported
from ruamel.yaml import YAML  # noqa: E402
from sklearn.model_selection import StratifiedKFold  # noqa: E402

from doorstep.nlu.intents import train_model  # noqa: E402
from doorstep.nlu.scoring import Scorer  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent
REFUSED = {"nlu_fallback", "out_of_scope"}
Rankings = list[list[tuple[str, float]]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    score = commands.add_parser("score")
    score.add_argument("messages", type=Path)
    score.add_argument("--lang", default="en")
    score.add_argument("--rename", action="append", default=[], metavar="THEIRS=OURS")
    score.add_argument("--misses", action="store_true", help="list every message that was read wrongly")
    commands.add_parser("thresholds")
    transfer = commands.add_parser("transfer")
    transfer.add_argument("train", type=Path)
    transfer.add_argument("test", type=Path)
    transfer.add_argument("--refuse", default="NO_NODES_DETECTED", help="label of messages that must be refused")
    args = parser.parse_args()
    {"score": score_file, "thresholds": choose_thresholds, "transfer": score_transfer}[args.command](args)


def component(name: str) -> dict[str, Any]:
    config = YAML(typ="safe").load(ROOT / "config.yml")
    return next(part for part in config["pipeline"] if part["name"].endswith(name))


def train(texts: list[str], intents: list[str]) -> Scorer:
    settings = component("IntentClassifier")
    return train_model(texts, intents, settings["strength"], settings["random_seed"])


def rank(scorer: Scorer, texts: list[str]) -> Rankings:
    return [scorer.rank(text) for text in texts]


def examples(*parts: str) -> tuple[list[str], list[str]]:
    found = load_data(str(ROOT.joinpath(*parts))).intent_examples
    return [example.get("text") for example in found], [example.get("intent") for example in found]


def decide(rankings: Rankings, threshold: float, lead: float) -> list[str]:
    """What FallbackClassifier makes of the rankings."""
    return [
        first if score >= threshold and score - second >= lead else "nlu_fallback"
        for (first, score), (_, second) in (ranking[:2] for ranking in rankings)
    ]


def score_file(args: argparse.Namespace) -> None:
    renamed = dict(pair.split("=", 1) for pair in args.rename)
    rows = [json.loads(line) for line in args.messages.read_text(encoding="utf-8").splitlines() if line.strip()]
    rows = [row for row in rows if row.get("lang", "en") == args.lang]
    wanted = [renamed.get(row["intent"], row["intent"]) for row in rows]
    settings = component("FallbackClassifier")
    model = train(*examples("data", "nlu"))
    started = time.process_time()
    rankings = rank(model, [row["text"] for row in rows])
    spent = (time.process_time() - started) / max(1, len(rows))
    answers = decide(rankings, settings["threshold"], settings["ambiguity_threshold"])
    right = [a == w or (w == "out_of_scope" and a in REFUSED) for a, w in zip(answers, wanted, strict=True)]
    total, good = Counter(wanted), Counter(w for w, ok in zip(wanted, right, strict=True) if ok)
    for intent in sorted(total):
        print(f"{intent:24}{good[intent]:4} of {total[intent]:4}  {good[intent] / total[intent]:.2f}")
    before = np.mean([ranking[0][0] == w for ranking, w in zip(rankings, wanted, strict=True)])
    wrong = np.mean([not ok and a not in REFUSED for a, ok in zip(answers, right, strict=True)])
    print(f"{'all':24}{sum(right):4} of {len(rows):4}  {np.mean(right):.3f}")
    print(
        f"taken for another intent {wrong:.3f}; right before refusing {before:.3f}; {spent * 1000:.2f} CPU ms a message"
    )
    if args.misses:
        for row, a, w, ok in zip(rows, answers, wanted, right, strict=True):
            if not ok:
                print(f"  {w} -> {a}: {row['text']}")


def choose_thresholds(_args: argparse.Namespace) -> None:
    """Cross-validated examples of the wishes, and strangers' chatter: which thresholds gain most.

    An example read rightly counts +1, refused 0, taken for another wish -1. A stranger refused counts 0, taken -1.
    """
    texts, intents = examples("data", "nlu")
    strangers, _ = examples("tests", "nlu", "chatter_en.yml")
    folded: Rankings = [[] for _ in texts]
    outside: list[Rankings] = []
    for learn, ask in StratifiedKFold(5, shuffle=True, random_state=7).split(texts, intents):
        model = train([texts[i] for i in learn], [intents[i] for i in learn])
        for index, ranking in zip(ask, rank(model, [texts[i] for i in ask]), strict=True):
            folded[index] = ranking
        outside.append(rank(model, strangers))
    print("threshold  lead   right  wrong  strangers taken   gain")
    for threshold in (0.15, 0.20, 0.25, 0.30, 0.35, 0.40, 0.45):
        for lead in (0.0, 0.03, 0.06, 0.10):
            asked = [(a, i) for a, i in zip(decide(folded, threshold, lead), intents, strict=True) if i not in REFUSED]
            right = np.mean([a == i for a, i in asked])
            wrong = np.mean([a not in REFUSED and a != i for a, i in asked])
            taken = np.mean([a not in REFUSED for fold in outside for a in decide(fold, threshold, lead)])
            gain = right - wrong - taken * len(strangers) / len(asked)
            print(f"{threshold:9.2f} {lead:5.2f} {right:7.3f} {wrong:6.3f} {taken:16.3f} {gain:6.3f}")


def score_transfer(args: argparse.Namespace) -> None:
    with args.train.open(encoding="utf-8") as file:
        learn = list(csv.DictReader(file))
    with args.test.open(encoding="utf-8") as file:
        ask = list(csv.DictReader(file))
    rankings = rank(train([r["sentence"] for r in learn], [r["label"] for r in learn]), [r["sentence"] for r in ask])
    for threshold in (0.0, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5):
        answers = [args.refuse if a == "nlu_fallback" else a for a in decide(rankings, threshold, 0.0)]
        share = np.mean([a == row["label"] for a, row in zip(answers, ask, strict=True)])
        print(f"threshold {threshold:.2f}  accuracy {share:.3f}")


if __name__ == "__main__":
    main()
