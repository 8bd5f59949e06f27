"""Trains the intent model: one linear model on words, letter groups and sentence vectors, and how sure it may be.

Only training needs this module and scikit-learn; what comes out is a `doorstep.nlu.scoring.Scorer`. Method and the
choice of every number: docs/decisions/0003-understanding.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from doorstep.nlu.normal import normalise
from doorstep.nlu.scoring import FEATURES, Array, Calibration, English, Part, Places, Scorer, SentencePart, nearest
from doorstep.nlu.sentences import DIMENSIONS, SentenceEncoder

_SEEN_AT_LEAST = {"words": 1, "letters": 2}  # times in the training texts, for a term to count
_FOLDS = 4
_CLOSE = 0.01  # to the optimum; a hundred times closer takes a third longer and answers the same
_STRANGERS_WEIGH = 0.5  # of a known wish: most buyers write to a shop about what shops are for


@dataclass(frozen=True)
class Recipe:
    """How to train.

    `strength`: inverse of the regularisation. `vector_weight`: length of a sentence vector beside the words' 1.
    `nearness_weight`: what it adds to an intent's sum when a sentence is as near to one of its examples as can be.
    """

    strength: float
    seed: int
    vector_weight: float
    nearness_weight: float


class _Fitted:
    """A linear model for a set of rows and, for those that have one, sentence vectors."""

    def __init__(self, rows: Any, vectors: Array, intents: Array, recipe: Recipe) -> None:
        model = LogisticRegression(
            C=recipe.strength, class_weight="balanced", solver="liblinear", tol=_CLOSE, random_state=recipe.seed
        ).fit(rows, intents)
        self.names = model.classes_
        self.weights = model.coef_ if len(self.names) > 2 else np.vstack([-model.coef_, model.coef_])
        self.start = model.intercept_ if len(self.names) > 2 else np.array([-model.intercept_[0], model.intercept_[0]])

        known = vectors.any(axis=1)
        self.examples = vectors[known]
        place_of = {name: place for place, name in enumerate(self.names)}
        self.places = np.array([place_of[intent] for intent in intents[known]], dtype=np.int16)
        self.nearness_weight = recipe.nearness_weight
        self.usual_nearness = _usual_nearness(self.examples, self.places)

    def sums(self, rows: Any, vectors: Array) -> tuple[Array, Array]:
        """Each intent's sum for each row, and how near the likeliest one's nearest example is; NaN without a vector."""
        sums = np.asarray(rows @ self.weights.T + self.start)
        near = np.full(len(sums), np.nan)
        known = vectors.any(axis=1)
        if known.any() and len(self.examples):
            each = nearest(vectors[known], self.examples, self.places, len(self.names))
            sums[known] += self.nearness_weight * (each - self.usual_nearness)
            near[known] = np.take_along_axis(each, sums[known].argmax(axis=1)[:, np.newaxis], axis=1)[:, 0]
        return sums, near


def _usual_nearness(examples: Array, places: Array) -> float:
    """How near the nearest other example of its own intent is, on the average."""
    near = []
    for place in set(places):
        own = examples[places == place]
        if len(own) > 1:
            likeness = own @ own.T
            np.fill_diagonal(likeness, -1.0)
            near += list(likeness.max(axis=1))
    return float(np.mean(near)) if near else 0.0


def fit(texts: Sequence[str], intents: Sequence[str], recipe: Recipe, encoder: SentenceEncoder | None) -> Scorer:
    """Train on texts as buyers wrote them, at least two intents; with sentence vectors where there is an encoder."""
    read = [normalise(text) for text in texts]
    labels = np.array(list(intents))
    vectorizers = {
        kind: TfidfVectorizer(analyzer=terms, min_df=min(_SEEN_AT_LEAST[kind], len(read)), sublinear_tf=True)
        for kind, terms in FEATURES.items()
    }
    blocks = [vectorizer.fit_transform(read) for vectorizer in vectorizers.values()]
    english = English.learn(read)
    vectors = _vectors(read, encoder, english)
    if encoder is not None:
        blocks.append(sparse.csr_matrix(recipe.vector_weight * vectors))
    rows = sparse.hstack(blocks).tocsr()
    calibration = _calibrate(rows, vectors, labels, recipe)
    fitted = _Fitted(rows, vectors, labels, recipe)
    parts, used = {}, 0
    for kind, vectorizer in vectorizers.items():
        terms = [str(term) for term in vectorizer.get_feature_names_out()]
        weights = np.ascontiguousarray(fitted.weights[:, used : used + len(terms)].T, dtype=np.float32)
        parts[kind] = Part(Places(terms), vectorizer.idf_.astype(np.float32), weights, terms)
        used += len(terms)
    names = [str(name) for name in fitted.names]
    sentences = None
    if encoder is not None and len(fitted.examples):
        weights = np.ascontiguousarray(recipe.vector_weight * fitted.weights[:, used:].T, dtype=np.float32)
        near = np.array(fitted.nearness_weight), np.array(fitted.usual_nearness)
        usual = fitted.examples.mean(axis=0) @ weights
        sentences = SentencePart(weights, usual, fitted.examples, fitted.places, *near, english)
    return Scorer(names, fitted.start, parts, calibration, sentences)


def _vectors(read: Sequence[str], encoder: SentenceEncoder | None, english: English) -> Array:
    """One row for each text; nothing but zeros where the vector has nothing to say."""
    rows = np.zeros((len(read), DIMENSIONS), np.float32)
    if encoder is not None:
        places = [place for place, text in enumerate(read) if text and text in english]
        rows[places] = encoder.encode_all([read[place] for place in places])
    return rows


# -- how sure it may be ---------------------------------------------------------------------


def _calibrate(rows: Any, vectors: Array, labels: Array, recipe: Recipe) -> Calibration:
    """Learn from texts the model has not seen, and from wishes it has not seen at all: those are the strangers.

    In each round the model does without a fold of the texts and without all texts of a group of intents.
    """
    draw = np.random.default_rng(recipe.seed)
    fold = draw.integers(0, _FOLDS, len(labels))
    names = np.array(sorted(set(labels)))
    group_of = dict(zip(names, draw.permutation(len(names)) % _FOLDS, strict=True))
    group = np.array([group_of[label] for label in labels])
    told, right, weigh = [], [], []
    for left_out in range(_FOLDS):
        learn = (fold != left_out) & (group != left_out)
        ask = (fold == left_out) | ((group == left_out) & (draw.random(len(labels)) < 1 / 2))
        if len(set(labels[learn])) < 2 or not ask.any():
            continue
        fitted = _Fitted(rows[learn], vectors[learn], labels[learn], recipe)
        sums, near = fitted.sums(rows[ask], vectors[ask])
        taken = fitted.names[sums.argmax(axis=1)]
        ordered = np.sort(sums, axis=1)
        told.append(np.column_stack([ordered[:, -1], ordered[:, -1] - ordered[:, -2], near]))
        right.append(taken == labels[ask])
        weigh.append(np.where(group[ask] == left_out, _STRANGERS_WEIGH, 1.0))
    return _weigh(told, right, weigh)


def _weigh(told: list[Array], right: list[Array], weigh: list[Array]) -> Calibration:
    if not told:
        return Calibration(_AS_TOLD, _AS_TOLD)
    signals, correct, weights = np.concatenate(told), np.concatenate(right), np.concatenate(weigh)
    near = ~np.isnan(signals[:, 2])
    with_vector = _logistic(signals[near], correct[near], weights[near])
    without = _logistic(signals[~near][:, :2], correct[~near], weights[~near])
    if without is None:
        without = _logistic(signals[:, :2], correct, weights)
    return Calibration(*(_AS_TOLD if found is None else found for found in (with_vector, without)))


_AS_TOLD = np.array([0.0, 1.0, 0.0, 0.0])  # the model's own share, where there is too little to learn from
_ENOUGH = 50


def _logistic(signals: Array, correct: Array, weights: Array) -> Array | None:
    if len(correct) < _ENOUGH or correct.all() or not correct.any():
        return None
    model = LogisticRegression(C=100.0).fit(signals, correct, sample_weight=weights)
    return np.pad(np.concatenate([model.intercept_, model.coef_[0]]), (0, 3 - signals.shape[1]))
