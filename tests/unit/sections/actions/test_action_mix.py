"""The verbs of captions few enough to count by hand: shares, leads, claimed verbs, and what was planted."""

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
    tables = action_mix.with_verbs({"k": corpus(tokens=spoken)})
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
    counts = action_mix.counts(action_mix.with_verbs({"k": corpus()}))
    assert action_mix.contrast(counts) is None
    assert action_mix.distance(counts, draws=100, rng=np.random.default_rng(0)) is None
    assert figures.log_odds(None, 3, ["c"]).figure is None


def test_the_verbs_that_no_pie_names_are_one_slice_and_coverage_ends_at_all() -> None:
    counts = {"c": count([["walk"], ["walk"], ["dance"], ["wave"]], list("abcd"))}
    pies = figures.top_pies(drawn(counts), 1)
    assert [text.get_text() for text in pies.figure.axes[0].texts if text.get_text()] == ["walk", "all 2 others"]
    assert pies.alt == "The 1 most frequent verbs make up 50 % of c."
    assert pies.data["cumulative_share"].tolist() == [0.5, 0.75, 1.0]


def test_a_planted_share_is_held_by_the_recovered_interval_or_said_to_be_missed() -> None:
    spoken = [["walk"]] * 60 + [["dance"]] * 40
    shares = drawn({"c": count(spoken, [str(n) for n in range(100)])})
    truth = {"c": {"verbs": {"walk": 60, "dance": 140}}}  # a hundred dances were taken for nouns
    table = planted.verbs(truth, shares, ["walk", "dance"]).set_index("verb")
    assert table["planted"].to_dict() == {"walk": 0.3, "dance": 0.7} and not table["within"].any()
    honest = planted.verbs({"c": {"verbs": {"walk": 6, "dance": 4}}}, shares, ["walk", "jump"])
    assert honest["within"].tolist() == [True, True] and honest["recovered"].tolist() == [0.6, 0.0]
    assert planted.verbs(None, shares, ["walk"]) is None


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
