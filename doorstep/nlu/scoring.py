"""Asks the trained intent model about one text at a time, with numpy alone.

The same sums as scikit-learn's `predict_proba`, without the sparse matrices that take most of the time for one row,
and without loading scikit-learn, which would be a fifth of the Rasa process's memory. The model's file holds arrays
only: reading one runs no code, as reading a pickle would.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain, pairwise
from pathlib import Path
from typing import Any

import numpy as np

from doorstep.nlu.normal import normalise

_WORD = re.compile(r"[\w']+|[?!]")
_LONGEST_GROUP = 5


def words(text: str) -> Iterator[str]:
    """The words of a normalised text, question and exclamation marks among them, and each two neighbours."""
    found = _WORD.findall(text)
    return chain(found, map(" ".join, pairwise(found)))


def letter_groups(text: str) -> Iterator[str]:
    """Each one to five neighbouring letters of a word, its borders as spaces."""
    for word in text.split():
        padded = f" {word} "
        for length in range(1, min(_LONGEST_GROUP, len(padded)) + 1):
            for start in range(len(padded) - length + 1):
                yield padded[start : start + length]


FEATURES: dict[str, Callable[[str], Iterator[str]]] = {"words": words, "letters": letter_groups}


@dataclass(frozen=True)
class Part:
    """What the model knows of one kind of feature: each term's place, rarity (idf) and weight for each intent."""

    places: dict[str, int]
    rarity: np.ndarray[Any, Any]
    weights: np.ndarray[Any, Any]


class Scorer:
    """A trained model: its intents, the start of each one's sum, and a part for each kind in FEATURES."""

    def __init__(self, intents: list[str], start: np.ndarray[Any, Any], parts: dict[str, Part]) -> None:
        self.intents = intents
        self._start = start
        self._parts = parts

    def rank(self, text: str) -> list[tuple[str, float]]:
        """All intents with their confidences (0 to 1, summing to 1), the likeliest first."""
        sums = self._start.copy()
        read = normalise(text)
        for kind, part in self._parts.items():
            counts = Counter(part.places[term] for term in FEATURES[kind](read) if term in part.places)
            if counts:
                places = np.fromiter(counts.keys(), dtype=np.intp)
                values = (1.0 + np.log(np.fromiter(counts.values(), dtype=float))) * part.rarity[places]
                sums += (values @ part.weights[places]) / np.linalg.norm(values)
        if len(self.intents) == 2:  # scikit-learn keeps one row of weights for two classes
            sums = np.array([0.0, sums[0]])
        shares = np.exp(sums - sums.max())
        shares /= shares.sum()
        return [(self.intents[index], float(shares[index])) for index in np.argsort(-shares, kind="stable")]

    def save(self, file: Path) -> None:
        """Write the model to a .npz file."""
        arrays = {"intents": np.array(self.intents), "start": self._start}
        for kind, part in self._parts.items():
            arrays |= {f"{kind}.terms": np.array(list(part.places)), f"{kind}.rarity": part.rarity}
            arrays |= {f"{kind}.weights": part.weights}
        np.savez_compressed(file, **arrays)

    @classmethod
    def load(cls, file: Path) -> Scorer:
        """Read what `save` wrote. Raises FileNotFoundError without the file, ValueError or KeyError for another one."""
        with np.load(file, allow_pickle=False) as arrays:
            parts = {
                kind: Part(
                    {term: place for place, term in enumerate(arrays[f"{kind}.terms"].tolist())},
                    arrays[f"{kind}.rarity"],
                    arrays[f"{kind}.weights"],
                )
                for kind in FEATURES
            }
            return cls(arrays["intents"].tolist(), arrays["start"], parts)
