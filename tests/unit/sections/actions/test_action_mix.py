"""The verbs of captions few enough to count by hand: shares, leads, claimed verbs, and what was planted."""

import itertools

import numpy as np
import pandas as pd
import pytest

from lib.corpus import Corpus, Provenance
from lib.metrics.actions import ActionCounts, count
from lib.sections.actions import action_mix, figures, planted, sentences


def corpus(name: str = "c", tokens: tuple[str, ...] = ("a/DET man/NOUN walk/VERB",)) -> Corpus:
    ids = [f"k{n}" for n in range(len(tokens))]
    clips = pd.DataFrame({"clip_id": [*ids, "Mk0"], "base_id": [*ids, "k0"], "split": "train"})
    clips["mirror_of"] = [None] * len(ids) + ["k0"]
    captions = pd.DataFrame({"clip_id": [*ids, "Mk0"], "text": "a caption", "tokens": [*tokens, "mirror/VERB"]})
    return Corpus(name, clips, captions, {}, None, Provenance(None, {}))


def drawn(counts: dict[str, ActionCounts], draws: int = 200) -> pd.DataFrame:
    return action_mix.shares(counts, draws=draws, rng=np.random.default_rng(0))


def test_a_dance_that_the_tagger_takes_for_a_noun_is_no_verb_but_a_word() -> None:
    spoken = ("walk/VERB", "walk/VERB and/CCONJ wave/VERB", "the/DET dancer/NOUN dance/NOUN")
    tables = action_mix.with_verbs({"k": corpus(tokens=spoken)}, not_actions=[])
    assert tables["c"]["verbs"].tolist() == [["walk"], ["walk", "wave"], []]  # no mirrored clip
    shares = drawn(action_mix.counts(tables))
    rng = np.random.default_rng(0)
    table = action_mix.claims(tables, shares, ["walk", "dance", "walk"], draws=50, rng=rng).set_index("verb")
    columns = ["share", "clips_as_verb", "clips_as_any_word"]
    assert table.loc["walk", columns].tolist() == pytest.approx([2 / 3, 2 / 3, 2 / 3])
    assert table.loc["dance", columns].tolist() == pytest.approx([0, 0, 1 / 3])
    assert table["rank"].tolist() == [1, pd.NA]
    all_but_one = 1 - 3**-3  # resamples with a verb in them, in each of which "walk" is the most frequent or shares it
    assert table["leads"].tolist() == pytest.approx([all_but_one, 0], abs=0.05)


def test_a_share_has_the_interval_of_resampled_clips_and_a_lead_is_counted_by_resample() -> None:
    clips = [["walk"]] * 60 + [["dance"]] * 40
    shares = drawn({"c": count(clips, [str(n) for n in range(100)])}, draws=4000)
    assert shares[["corpus", "rank", "verb", "count", "share"]].to_numpy().tolist() == [
        ["c", 1, "walk", 60, 0.6],
        ["c", 2, "dance", 40, 0.4],
    ]
    reach = 1.96 * (0.6 * 0.4 / 100) ** 0.5
    assert shares[["low", "high"]].iloc[0].tolist() == pytest.approx([0.6 - reach, 0.6 + reach], abs=0.015)
    rng = np.random.default_rng(1)
    walks = rng.binomial(100, 0.6, size=100_000)  # how many of a resample's clips walk
    assert shares["top"].tolist() == pytest.approx([(walks >= 50).mean(), (walks <= 50).mean()], abs=0.015)


def test_one_corpus_is_compared_with_nothing() -> None:
    counts = action_mix.counts(action_mix.with_verbs({"k": corpus()}, not_actions=[]))
    assert action_mix.contrast(counts) is None
    assert action_mix.distance(counts, draws=100, rng=np.random.default_rng(0)) is None
    assert figures.log_odds(None, 3, ["c"]).figure is None


def test_a_verb_that_names_no_action_is_counted_apart_and_ranked_nowhere() -> None:
    spoken = ("take/VERB step/VERB", "walk/VERB", "begin/VERB walk/VERB take/VERB", "take/VERB")
    tables = action_mix.with_verbs({"k": corpus(tokens=spoken)}, not_actions=["take", "begin", "see"])
    counted = action_mix.counts(tables)["c"]
    assert counted.totals.to_dict() == {"walk": 2, "step": 1} and counted.with_verb == 3
    assert action_mix.set_aside(tables).to_numpy().tolist() == [["c", "take", 3, 3 / 7], ["c", "begin", 1, 1 / 7]]
    assert action_mix.set_aside(action_mix.with_verbs({"k": corpus()}, not_actions=[])).empty


def test_every_one_of_fifty_actions_is_named_beside_a_pie_of_the_same_slices() -> None:
    spoken = [[f"verb{n:02d}"] * (60 - n) for n in range(55)]
    pies = figures.top_pies(drawn({"c": count(spoken, [str(n) for n in range(55)])}), 50)
    pies.figure.draw_without_rendering()
    bars, pie = pies.figure.axes[0], pies.figure.axes[0].child_axes[0]
    assert [label.get_text() for label in bars.get_yticklabels()] == [f"verb{n:02d}" for n in range(50)]
    degrees = [wedge.theta2 - wedge.theta1 for wedge in pie.patches]
    total = sum(range(6, 61))
    assert degrees == pytest.approx([360 * (60 - n) / total for n in range(50)] + [360 * sum(range(6, 11)) / total])
    boxes = [label.get_window_extent() for label in bars.get_yticklabels()]
    assert all(below.y1 <= above.y0 for above, below in itertools.pairwise(boxes))


def test_actions_beyond_the_named_ones_are_one_slice_and_coverage_ends_at_all() -> None:
    counts = {"c": count([["walk"], ["walk"], ["dance"], ["wave"]], list("abcd"))}
    pies = figures.top_pies(drawn(counts), 1)
    assert len(pies.figure.axes[0].child_axes[0].patches) == 2
    assert pies.alt == "The 1 most frequent actions of c, led by walk, dance, wave, make up 50 % of its action verbs."
    assert pies.data["cumulative_share"].tolist() == [0.5, 0.75, 1.0]


def test_a_planted_share_is_held_by_the_recovered_interval_or_said_to_be_missed() -> None:
    spoken = [["walk"]] * 60 + [["dance"]] * 40
    shares = drawn({"c": count(spoken, [str(n) for n in range(100)])})
    truth = {"c": {"verbs": {"walk": 60, "dance": 140}}}  # a hundred dances were taken for nouns
    table = planted.verbs(truth, shares, ["walk", "dance"], not_actions=[]).set_index("verb")
    assert table["planted"].to_dict() == {"walk": 0.3, "dance": 0.7} and not table["within"].any()
    with_take = {"c": {"verbs": {"walk": 6, "dance": 4, "take": 90}}}
    honest = planted.verbs(with_take, shares, ["walk", "jump"], not_actions=["take"])
    assert honest["within"].tolist() == [True, True] and honest["recovered"].tolist() == [0.6, 0.0]
    assert planted.verbs(None, shares, ["walk"], not_actions=[]) is None


def test_a_planted_share_that_is_missed_is_explained_by_the_tags() -> None:
    recovered = pd.DataFrame(
        {"corpus": "c", "verb": ["walk", "dance"], "planted": [0.1, 0.2], "recovered": [0.1, 0.15], "low": 0.09}
    ).assign(high=0.16, within=[True, False])
    claims = pd.DataFrame({"corpus": "c", "verb": ["walk", "dance"], "clips_as_verb": 0.3, "clips_as_any_word": 0.4})
    assert sentences.missed(recovered, claims)["missed"] == (
        "The interval of “dance” in c, 15.0 % (95 % CI 9.0–16.0), misses the planted 20.0 %; as a verb the word is in "
        "30.0 % of the clips, under any tag in 40.0 %."
    )
    assert "under any tag" not in sentences.missed(recovered, claims.assign(clips_as_any_word=0.3))["missed"]
    assert sentences.missed(recovered.head(1), claims) == {} and sentences.missed(None, claims) == {}
