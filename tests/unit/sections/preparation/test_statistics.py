"""Sizes, language, and what scores find of planted defects, on corpora small enough to count by hand."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from lib.corpus import Corpus, Provenance
from lib.corpus.other_languages import english
from lib.sections.preparation import funnel, statistics


def corpus(name: str = "c") -> Corpus:
    clips = pd.DataFrame(
        {
            "clip_id": ["a", "b", "Ma"],
            "base_id": ["a", "b", "a"],
            "split": "train",
            "mirror_of": [None, None, "a"],
            "has_motion": [True, False, True],
            "has_captions": True,
            "fps": 20.0,
            "n_frames": pd.array([72, None, 72], dtype="Int64"),
        }
    )
    captions = pd.DataFrame(
        {
            "clip_id": ["a", "a", "b", "Ma"],
            "caption_id": ["a#0", "a#1", "b#0", "Ma#0"],
            "text": ["A man walks.", "walks and waves", "the dancer dances a dance", "mirrored words"],
            "tokens": [
                "a/DET man/NOUN walk/VERB",
                "walk/VERB and/CCONJ wave/VERB",
                "the/DET dancer/NOUN dance/NOUN a/DET dance/NOUN",
                "mirror/VERB word/NOUN",
            ],
        }
    )
    return Corpus(name, clips, captions, {}, None, Provenance(None, {}, listed={"clips": 3}, missing={"motions": 1}))


def test_sizes_leave_mirrors_out_of_all_but_one_count():
    row = statistics.sizes([corpus()]).iloc[0]
    assert row.drop("corpus").tolist() == [3, 2, 2, 3, 1, 72 / 20 / 3600, 3.6]
    assert row.index[1] == "clips_with_mirrors"


def test_language_counts_words_of_unmirrored_captions():
    found = statistics.language(english([corpus()]), draws=50, rng=np.random.default_rng(0)).iloc[0]
    assert found["captions"] == 3 and found["words_per_caption"] == pytest.approx((3 + 3 + 5) / 3)
    assert found["distinct_words"] == 9  # a man walks and waves the dancer dances dance
    assert found["rarefied_words"] == pytest.approx(9)


def test_corpora_of_different_size_are_compared_at_the_smaller():
    one, other = corpus("one"), corpus("other")
    other = replace(other, captions=other.captions.drop(index=[0]))
    found = statistics.language(english([one, other]), draws=50, rng=np.random.default_rng(0)).set_index("corpus")
    assert found["rarefied_to"].tolist() == [2, 2]
    pairs = [{"a", "man", "walks", "and", "waves"}, {"walks", "and", "waves", "the", "dancer", "dances", "a", "dance"}]
    pairs.append({"a", "man", "walks", "the", "dancer", "dances", "dance"})
    assert found.loc["one", "rarefied_words"] == pytest.approx(np.mean([len(pair) for pair in pairs]))


def test_loading_tells_every_count_by_corpus():
    found = statistics.loading([corpus("one"), corpus("other")])
    assert found[["corpus", "what", "n"]].values.tolist() == [
        ["one", "clips", 3],
        ["one", "motions", 1],
        ["other", "clips", 3],
        ["other", "motions", 1],
    ]


def test_spread_is_the_root_mean_square_distance_of_random_pairs():
    x = np.random.default_rng(0).normal(size=(40, 3))
    pairs = [((x[i] - x[j]) ** 2).sum() for i in range(40) for j in range(40) if i != j]
    assert funnel.spread(len(x), x.sum(axis=0), (x**2).sum(axis=0)) == pytest.approx(np.sqrt(np.mean(pairs)))


def test_a_descriptor_does_not_see_where_the_clip_stands():
    joints = np.random.default_rng(0).normal(size=(9, 22, 3))
    assert funnel.descriptor(joints) == pytest.approx(funnel.descriptor(joints + np.array([5.0, 0.0, -3.0])))


def test_losses_are_counted_by_the_rarest_word_of_a_clip():
    ids = [f"k{n}" for n in range(34)]
    words = [["walk"]] * 30 + [["walk", "kick"], ["walk", "kick"], ["walk", "punt"], []]
    flags = pd.DataFrame({"clip_id": ids, "body mode": False, "persons": False, "kept": True})
    flags = flags.assign(**dict.fromkeys(funnel.SCORED, False))
    flags.loc[[0, 31, 32], "pose realism"] = True
    flags.loc[1, "foot skate"] = True
    flags.loc[2, "persons"] = True  # never reaches a score
    audit = funnel.Funnel("c", flags, pd.DataFrame())
    captions = {"c": pd.DataFrame({"clip_id": ids, "words": words})}
    found = statistics.losses_by_word([audit], captions)
    assert found.iloc[:, :5].values.tolist() == [
        ["c", "1 to 2", 3, 2 / 3, 2 / 3],  # two say kick, one punt
        ["c", "30 or more", 29, 1 / 29, 2 / 29],
    ]
    assert (found["low"] < found["dropped"]).all() and (found["dropped"] < found["high"]).all()
    assert statistics.losses_by_word([], {}) is None


def test_rare_words_are_compared_with_common_ones_by_newcombe_s_interval():
    row = {"corpus": "c", "clips": 70, "dropped": 56 / 70, "low": 0.7, "high": 0.9}
    between = row | {"clips": 9, "dropped": 1.0}
    common = row | {"clips": 80, "dropped": 48 / 80}
    losses = pd.DataFrame([row | {"corpus": "b"}, row, between, common])
    found = statistics.rare_loss(losses, ["b", "c"])
    assert list(found) == ["candidate_rare_loss"]  # clips of b have but one class of rarity
    more = found["candidate_rare_loss"]
    assert (more.value, more.n) == (pytest.approx(0.2), 70)
    assert (more.low, more.high) == pytest.approx((0.0524, 0.3339), abs=5e-5)  # Newcombe 1998, table II, example (a)
    assert statistics.rare_loss(None, ["b"]) == statistics.rare_loss(losses, ["b"]) == {}
