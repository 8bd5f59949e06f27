"""Asks the trained intent model about one text at a time, with numpy alone.

The same sums as scikit-learn's `decision_function`, without the sparse matrices that take most of the time for one
row, and without loading scikit-learn, which would be a fifth of the Rasa process's memory. The model's file holds
arrays only: reading one runs no code, as reading a pickle would. How it is trained: `doorstep.nlu.fitting`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from pathlib import Path
from typing import Any

import numpy as np

from doorstep.languages import language_of
from doorstep.nlu.normal import normalise

HAN = "㐀-䶿一-鿿"
WORD = re.compile(rf"[{HAN}]|[^\W{HAN}]+(?:'[^\W{HAN}]+)*|[?!]")
_RUN = re.compile(rf"[{HAN}]+|[^\s{HAN}]+")
_LONGEST_GROUP = 5
ALWAYS, WHEN_UNSURE, NEVER = "always", "when_unsure", "never"  # when the sentence vector is asked

Array = np.ndarray[Any, Any]
Encode = Callable[[str], Array]


def words(text: str) -> Iterator[str]:
    """The words of a normalised text, each Chinese character and question mark among them, and each two neighbours."""
    found = WORD.findall(text)
    return chain(found, map(" ".join, pairwise(found)))


def letter_groups(text: str) -> Iterator[str]:
    """Each one to five neighbouring letters of a word or of a run of Chinese, its borders as spaces."""
    for run in _RUN.findall(text):
        padded = f" {run} "
        for length in range(1, min(_LONGEST_GROUP, len(padded)) + 1):
            for start in range(len(padded) - length + 1):
                yield padded[start : start + length]


FEATURES: dict[str, Callable[[str], Iterator[str]]] = {"words": words, "letters": letter_groups}


def shares(sums: Array) -> Array:
    """The model's sums as shares from 0 to 1, each intent by itself: a text may fit several, or none."""
    return np.asarray(1.0 / (1.0 + np.exp(-sums)))


@dataclass(frozen=True)
class English:
    """Tells English texts, for which the sentence vector was made, from the other languages in Latin letters.

    A text too short to tell by itself is English where not more of its words are known from other languages.
    """

    words: frozenset[str]
    others: frozenset[str]

    @classmethod
    def learn(cls, texts: Sequence[str]) -> English:
        """Learn the words of texts that are long enough to tell."""
        known: dict[bool, set[str]] = {True: set(), False: set()}
        for text in texts:
            language = language_of(text)
            if language:
                known[language == "en"].update(WORD.findall(text))
        return cls(frozenset(known[True]), frozenset(known[False]))

    def __contains__(self, text: object) -> bool:
        read = str(text)
        language = language_of(read)
        if language:
            return language == "en"
        found = WORD.findall(read)
        return sum(word in self.words for word in found) >= sum(word in self.others for word in found)


def _hashes(terms: Iterable[str]) -> Array:
    """A number for each term. Python hashes bytes alone, and those of "ek" and "步" are the same: hence the length."""
    return np.fromiter((hash(term) ^ len(term) for term in terms), np.int64)


class Places:
    """Where each term's numbers stand. Kept as hashes: the terms themselves would take ten times the memory.

    Two terms of a million share a hash of 64 bits once in a few million trainings, and are then taken for one.
    """

    def __init__(self, terms: Iterable[str]) -> None:
        hashes = _hashes(terms)
        order = np.argsort(hashes)
        self._hashes, self._places = hashes[order], order.astype(np.int32)

    def counts(self, terms: Iterable[str]) -> tuple[Array, Array]:
        """The places of those terms that are known, each once and in rising order, and how often each occurs."""
        asked = _hashes(terms)
        near = np.minimum(np.searchsorted(self._hashes, asked), max(len(self._hashes) - 1, 0))
        known = near[self._hashes[near] == asked] if len(self._hashes) else near[:0]
        # In an order that every process shares, though each has hashes of its own: sums differ by their order.
        places, often = np.unique(self._places[known], return_counts=True)
        return places, often


@dataclass(frozen=True)
class Part:
    """What the model knows of one kind of feature: where each term stands, its rarity (idf) and weight for each intent.

    `terms` are there only in a model that was just trained, in the order of their places.
    """

    places: Places
    rarity: Array
    weights: Array
    terms: Sequence[str] = ()


@dataclass(frozen=True)
class SentencePart:
    """What the model knows of sentence vectors: weights for each intent, and the training sentences with theirs."""

    weights: Array
    usual: Array  # the sums of a usual sentence, for one whose vector is not asked
    examples: Array
    intents: Array
    nearness_weight: Array  # one number: what being as near as can be adds to an intent's sum
    usual_nearness: Array  # one number: how near a sentence usually is to the nearest one of its own intent
    english: English

    def sums(self, vector: Array) -> tuple[Array, Array]:
        """What a sentence's vector adds to each intent's sum, and how near each intent's nearest sentence is."""
        near = nearest(vector[np.newaxis], self.examples, self.intents, self.weights.shape[1])[0]
        return vector @ self.weights + self.nearness_weight * (near - self.usual_nearness), near


def nearest(vectors: Array, examples: Array, intents: Array, count: int) -> Array:
    """For each vector, how near the nearest example of each of `count` intents is: 1 for the same direction."""
    likeness = vectors @ examples.T
    near = np.zeros((len(vectors), count))
    for intent in range(count):
        own = likeness[:, intents == intent]
        if own.shape[1]:
            near[:, intent] = own.max(axis=1)
    return near


@dataclass(frozen=True)
class Calibration:
    """Turns what the model says into how often that is right (0 to 1): of texts with and without a vector.

    Each row holds the weights of: 1, the likeliest intent's sum, its lead over the next one, and its nearness.
    """

    with_vector: Array
    without: Array

    def confidence(self, sums: Array, nearness: float | None) -> float:
        """How sure the likeliest intent is."""
        second, first = np.partition(sums, -2)[-2:]
        told = np.array([1.0, first, first - second, nearness or 0.0])
        weights = self.without if nearness is None else self.with_vector
        return float(shares(told @ weights))


@dataclass(frozen=True)
class Reading:
    """What the model makes of a text: all intents with confidences (0 to 1), the likeliest first, and their shares."""

    ranking: list[tuple[str, float]]
    shares: dict[str, float]

    @property
    def intent(self) -> str:
        """The likeliest one."""
        return self.ranking[0][0]

    @property
    def confidence(self) -> float:
        """How sure that is."""
        return self.ranking[0][1]


class Scorer:
    """A trained model: its intents, the start of each one's sum, a part for each kind in FEATURES, and the rest."""

    def __init__(
        self,
        intents: list[str],
        start: Array,
        parts: dict[str, Part],
        calibration: Calibration,
        sentences: SentencePart | None = None,
    ) -> None:
        self.intents = intents
        self._start = start
        self._parts = parts
        self._calibration = calibration
        self._sentences = sentences
        self.encode: Encode | None = None  # asked for vectors; set by whoever has the weights
        self.sure_above = 1.0  # a share from which the vector is not asked

    @property
    def wants_vectors(self) -> bool:
        """Whether it was trained with sentence vectors."""
        return self._sentences is not None

    def label(self, text: str, at_least: float) -> str:
        """The likeliest intent of a normalised text; "" when it is less sure than `at_least` (0 to 1)."""
        reading = self.read_normalised(text)
        return reading.intent if reading.confidence >= at_least else ""

    def read(self, text: str) -> Reading:
        """Read a text as a buyer wrote it."""
        return self.read_normalised(normalise(text))

    def read_normalised(self, text: str) -> Reading:
        """Read a text that `normalise` has seen already."""
        sums, nearness = self._sums(text)
        by_intent = dict(zip(self.intents, map(float, shares(sums)), strict=True))
        order = np.argsort(-sums, kind="stable")
        has_words = any(char.isalnum() for char in text)
        best = self._calibration.confidence(sums, nearness) if has_words else 0.0
        top = by_intent[self.intents[order[0]]]
        ranking = [(name, best * by_intent[name] / top) for name in (self.intents[place] for place in order)]
        return Reading(ranking, by_intent)

    def _sums(self, text: str) -> tuple[Array, float | None]:
        """Each intent's sum, and how near the likeliest one's nearest example is where that was asked."""
        sums = self._start.astype(float)
        for kind, part in self._parts.items():
            places, often = part.places.counts(FEATURES[kind](text))
            if len(places):
                values = (1.0 + np.log(often)) * part.rarity[places]
                sums += (values @ part.weights[places]) / np.linalg.norm(values)
        if self._sentences is None or not text or text not in self._sentences.english:
            return sums, None
        if self.encode is None or shares((sums + self._sentences.usual).max()) >= self.sure_above:
            return sums + self._sentences.usual, None
        added, near = self._sentences.sums(self.encode(text))
        sums += added
        return sums, float(near[sums.argmax()])

    def save(self, file: Path) -> None:
        """Write a model that was just trained to a .npz file."""
        arrays: dict[str, Any] = {"intents": np.array(self.intents), "start": self._start}
        arrays |= {"calibration": np.stack([self._calibration.with_vector, self._calibration.without])}
        for kind, part in self._parts.items():
            arrays |= {f"{kind}.terms": _packed(part.terms), f"{kind}.rarity": part.rarity}
            arrays |= {f"{kind}.weights": part.weights}
        if self._sentences is not None:
            arrays |= {f"sentences.{name}": getattr(self._sentences, name) for name in _SENTENCE_ARRAYS}
            known = vars(self._sentences.english)
            arrays |= {f"english.{name}": _packed(sorted(words)) for name, words in known.items()}
        np.savez_compressed(file, **arrays)

    @classmethod
    def load(cls, file: Path) -> Scorer:
        """Read what `save` wrote. Raises FileNotFoundError without the file, ValueError or KeyError for another one."""
        with np.load(file, allow_pickle=False) as arrays:
            parts = {
                kind: Part(
                    Places(_unpacked(arrays[f"{kind}.terms"])),
                    arrays[f"{kind}.rarity"],
                    arrays[f"{kind}.weights"],
                )
                for kind in FEATURES
            }
            calibration = Calibration(*arrays["calibration"])
            return cls(arrays["intents"].tolist(), arrays["start"], parts, calibration, _sentences_in(arrays))


def _packed(terms: Iterable[str]) -> Array:
    """Terms as bytes: an array of strings would take the room of the longest for each."""
    return np.frombuffer("\n".join(terms).encode(), np.uint8)


def _unpacked(packed: Array) -> list[str]:
    return packed.tobytes().decode().split("\n")


_SENTENCE_ARRAYS = ("weights", "usual", "examples", "intents", "nearness_weight", "usual_nearness")


def _sentences_in(arrays: Any) -> SentencePart | None:
    if "sentences.weights" not in arrays.files:
        return None
    english = English(*(frozenset(_unpacked(arrays[f"english.{name}"])) for name in ("words", "others")))
    told = {name: arrays[f"sentences.{name}"] for name in _SENTENCE_ARRAYS}
    return SentencePart(**told, english=english)
