"""How the thresholds of config.yml are chosen: on training phrases that the model has not seen, never on held-out ones.

*Refusing.* Each third of the phrases is read by a model trained on the rest, and so is strangers' chatter
(tests/nlu/chatter_en.yml). Right counts +1, refused 0, taken for something else -1/2: a refusal costs the buyer a
question back, a mistake an answer they did not want, which a choice below it mends. So does a stranger answered. The
highest threshold before the gain begins to fall is taken: it answers the fewest strangers.

*Several wishes.* Two short phrases of one language from the unseen third, put one behind the other, state both their
wishes; one alone states one. Of the settings that see a second wish in at most 1 of 25 single phrases, the one
that finds both most often.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import product

import numpy as np
from rich.console import Console
from rich.table import Table

from bench.understanding.model import examples, train
from doorstep.languages import SPOKEN
from doorstep.nlu.clauses import Plainly, clauses, understand
from doorstep.nlu.normal import normalise
from doorstep.nlu.scoring import Reading, Scorer
from doorstep.processes.understanding import STRANGE
from doorstep.wishes import PERSON, THREAT, WISHES, in_order

_FOLDS = 3
_WRONG_COSTS = 0.5
_PAIRS = 150  # of each language and fold
_MOST_FALSE = 0.04
_SHORT = 70  # characters: who has two wishes does not tell a story about each
_JOINED = (" ", ". ", ", ", "\n")
Phrase = tuple[str, str, str]  # language, text, intent


def show(console: Console) -> None:
    """Train, read and print both tables."""
    phrases = [(language, *pair) for language in SPOKEN for pair in examples("data", "nlu", language)]
    random.Random(7).shuffle(phrases)
    strangers = [text for text, _ in examples("tests", "nlu", "chatter_en.yml")]
    taken: list[tuple[str, Reading]] = []
    refused: list[Reading] = []
    pairs: list[_Pair] = []
    for fold in range(_FOLDS):
        scorer = train([(text, intent) for place, (_, text, intent) in enumerate(phrases) if place % _FOLDS != fold])
        unseen = phrases[fold::_FOLDS]
        taken += [(intent, scorer.read(text)) for _, text, intent in unseen]
        refused += [scorer.read(text) for text in strangers]
        pairs += [_Pair(scorer, text, meant) for text, meant in _pairs(unseen, fold)]
        console.print(f"fold {fold + 1} of {_FOLDS} read")
    console.print(_refusing(taken, refused), _several(pairs))


def _refusing(taken: list[tuple[str, Reading]], strangers: list[Reading]) -> Table:
    table = Table("threshold", "right", "taken for another", "refused", "strangers answered", "gain", title="Refusing")
    wishes = [(meant, reading) for meant, reading in taken if meant != STRANGE]
    for threshold in np.arange(0.1, 0.65, 0.05):
        sure = np.array([reading.ranking[0][1] >= threshold for _, reading in wishes])
        strange = np.array([reading.intent == STRANGE for _, reading in wishes])
        right = np.array([reading.intent == meant for meant, reading in wishes]) & sure
        wrong = sure & ~right & ~strange
        answered = np.mean([r.ranking[0][1] >= threshold and r.intent != STRANGE for r in strangers])
        cost = _WRONG_COSTS * (wrong.mean() + answered * len(strangers) / len(wishes))
        shares = (right.mean(), wrong.mean(), 1 - right.mean() - wrong.mean(), answered, right.mean() - cost)
        table.add_row(f"{threshold:.2f}", *(f"{share:.3f}" for share in shares))
    return table


class _Pair:
    """A message that states the wishes `meant`, with its reading and those of its clauses."""

    def __init__(self, scorer: Scorer, text: str, meant: tuple[str, ...]) -> None:
        self.text = normalise(text)
        self.meant = meant
        self.read = {part: scorer.read_normalised(part) for part in (self.text, *clauses(self.text))}

    def found(self, plainly: Plainly) -> tuple[str, ...]:
        """The wishes found with these thresholds."""
        return in_order(understand(self.text, self.read.__getitem__, WISHES, plainly).wishes)


def _pairs(unseen: list[Phrase], seed: int) -> Iterator[tuple[str, tuple[str, ...]]]:
    draw = random.Random(seed)
    for language in SPOKEN:
        own = [(text, intent) for its, text, intent in unseen if its == language and len(text) <= _SHORT]
        wishes = [pair for pair in own if pair[1] in WISHES]
        last = [pair for pair in wishes if pair[1] in (PERSON, THREAT)]
        made = 0
        while made < _PAIRS:
            first, second = draw.choice(wishes), draw.choice(last if made % 2 else wishes)
            both = in_order((first[1], second[1]))
            if len(both) == 2:
                yield draw.choice(_JOINED).join((first[0], second[0])), both
                made += 1
        yield from ((text, (intent,)) for text, intent in draw.sample(own, 2 * _PAIRS))


def _several(pairs: list[_Pair]) -> Table:
    table = Table("clause", "hint", "whole", "both found", "false second wish", title="Several wishes")
    rows = []
    for clause, hint, whole in product((0.2, 0.3, 0.4, 0.5), (0.01, 0.02, 0.05, 0.1), (0.1, 0.15, 0.2, 0.3, 0.4)):
        plainly = Plainly(clause, hint, whole, unsure=0.3, sure=0.7)
        found = [(set(pair.meant), pair.found(plainly)) for pair in pairs]
        both = np.mean([meant <= set(wishes) for meant, wishes in found if len(meant) == 2])
        false = np.mean([len(wishes) > 1 for meant, wishes in found if len(meant) == 1])
        rows.append((both, false, plainly))
    fitting = sorted((row for row in rows if row[1] <= _MOST_FALSE), key=lambda row: -row[0])
    for both, false, plainly in fitting[:10]:
        table.add_row(f"{plainly.clause}", f"{plainly.hint}", f"{plainly.whole}", f"{both:.3f}", f"{false:.3f}")
    return table
