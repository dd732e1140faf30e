"""The stand-in for the sentence encoder: what its vectors are, held against sums of its own words' vectors."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS
from sklearn.utils import murmurhash3_32

from lib.base.errors import ModelError
from lib.models.parameters import Models
from lib.models.tmr.text import TokenFeatures
from lib.run import freshness
from lib.run.params import load
from lib.run.pipeline import BY_STEM
from lib.text import encoder, mpnet
from lib.text.stand_in import BUCKETS, NAME, WIDTH, stand_in_folder, stand_in_states, stand_in_vectors

CAPTIONS = ["A man walks forward.", "a man walks", "she kicks, then claps", "", "the", "a dog", "ein Mann läuft"]


def bucket(term: str) -> int:
    return abs(murmurhash3_32(term, seed=0)) % BUCKETS


def by_hand(text: str, seed: int) -> np.ndarray:
    """The sum of the vectors of the words that count, and of their pairs."""
    table = np.random.default_rng(seed).standard_normal((BUCKETS, WIDTH), dtype=np.float32)
    words = [w for w in text.lower().replace(",", " ").replace(".", " ").split() if len(w) > 1]
    words = [word for word in words if word not in ENGLISH_STOP_WORDS]
    terms = [*words, *(" ".join(pair) for pair in pairwise(words))]
    total = np.sum([table[bucket(term)] for term in terms], axis=0) if terms else table[0]
    return total / np.linalg.norm(total)


@pytest.mark.parametrize("seed", [0, 5])
def test_a_vector_is_the_sum_of_its_words(seed: int) -> None:
    np.testing.assert_allclose(stand_in_vectors(CAPTIONS, seed), [by_hand(t, seed) for t in CAPTIONS], atol=1e-5)


@settings(deadline=None, max_examples=30)
@given(texts=st.lists(st.text(alphabet="ab c.é\n", max_size=12), max_size=8), seed=st.integers(0, 3))
def test_vectors_are_of_unit_length_and_no_other_text_moves_them(texts: list[str], seed: int) -> None:
    made = stand_in_vectors(texts, seed)
    assert made.shape == (len(texts), WIDTH) and made.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(made, axis=1), 1.0, atol=1e-5)
    for text, row in zip(texts, made, strict=True):
        np.testing.assert_array_equal(stand_in_vectors([text], seed)[0], row)


def test_the_encoder_gives_the_stand_ins_vectors_and_keeps_none(tmp_path: Path) -> None:
    store = tmp_path / "sentences.sqlite"
    made = encoder.encode([*CAPTIONS, *CAPTIONS], model=stand_in_folder(2), store=store, progress=False)
    np.testing.assert_array_equal(made, np.tile(stand_in_vectors(CAPTIONS, 2), (2, 1)))
    assert not store.exists() and mpnet.fetch(stand_in_folder(2)) == stand_in_folder(2)


def test_hashes_tell_seeds_apart_from_one_another_and_from_the_model() -> None:
    assert len({mpnet.model_hash(None), *(mpnet.model_hash(stand_in_folder(seed)) for seed in range(3))}) == 4


def test_tmr_reads_the_words_vectors_in_place_of_token_states(tmp_path: Path) -> None:
    features = TokenFeatures(sentence_model=stand_in_folder(1), store=tmp_path)
    assert (features.name, features.width, features.prepare(CAPTIONS)) == (NAME, WIDTH, 0)
    for text, states in zip(CAPTIONS, features.get(CAPTIONS), strict=True):
        words = "".join(c if c.isalnum() else " " for c in text.lower()).split()
        table = np.random.default_rng(1).standard_normal((BUCKETS, WIDTH), dtype=np.float32)
        np.testing.assert_array_equal(states.numpy(), table[[bucket(word) for word in words] or [0]])
    np.testing.assert_array_equal(features.sentences(CAPTIONS).numpy(), stand_in_vectors(CAPTIONS, 1))
    assert not [*tmp_path.iterdir()]
    assert stand_in_states("", 1).shape == (1, WIDTH)


def test_a_model_that_was_trained_with_it_is_not_read_without_it() -> None:
    with pytest.raises(ModelError, match=r"no model of that name; set models\.encoder: \{kind: stand-in\}$"):
        TokenFeatures(NAME)


def test_it_is_in_the_stamp_of_what_reads_vectors_and_absent_from_all_others() -> None:
    profile = load("params/scale.yml")
    plain = profile.model_copy(update={"models": Models()})
    stamps = {stem: [freshness._models(BY_STEM[stem], one) for one in (profile, plain)] for stem in profile.notebooks}
    assert {stem: ["mpnet" in told for told in both] for stem, both in stamps.items()} == {
        "00_data_preparation": [False, False],
        "01_similarity_test": [True, False],
        "02_action_distribution": [False, False],
        "04_embedding_gap": [True, False],
        "05_clustering": [True, False],
    }
    assert stamps["01_similarity_test"][0]["mpnet"] == {"kind": "stand-in", "seed": 0}
