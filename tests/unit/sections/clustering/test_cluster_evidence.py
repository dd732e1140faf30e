"""Measures of clips, votes between spaces, DBSCAN against the two steps, and the widest clusters, on known clusters."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from lib.clustering.closeness import Likeness
from lib.clustering.stability import Stability
from lib.metrics.directions import unit
from lib.metrics.intervals import Measure
from lib.run import declared
from lib.sections.clustering import cluster_evidence, cluster_judgement, sentences, space_votes, spread_clips
from lib.sections.clustering.cluster_evidence import Evidence
from lib.sections.clustering.cluster_judgement import DENSE, PLAIN, RANDOM, TWO_STEPS, Method
from lib.sections.clustering.space_votes import NOT_ASKED, Difference
from lib.sections.clustering.two_spaces import Clips

WORDS = ["walk", "jump", "dance", "wave"]
N = 240


def world(noise: float = 0.2) -> tuple[Clips, Evidence, np.ndarray]:
    """Clips of four kinds; both spaces, captions, words and movement show the kind."""
    rng, kind = np.random.default_rng(0), np.arange(N) % 4
    table = pd.DataFrame(
        {
            "key": np.where(np.arange(N) < N // 2, "a", "b"),
            "clip_id": [f"{i:03d}" for i in range(N)],
            "base_id": [f"{i:03d}" for i in range(N)],
            "text": [f"a person {WORDS[k]}s {i}" for i, k in enumerate(kind)],
            "tokens": [f"a/DET person/NOUN {WORDS[k]}/VERB" for k in kind],
        }
    )
    of = {
        name: unit(np.eye(4)[kind] + noise * rng.normal(size=(N, 4))).astype(np.float32) for name in ("text", "motion")
    }
    clips = Clips(table, of)
    told = Likeness(cluster_evidence.word_vectors(table["tokens"].tolist()))
    moves = pd.DataFrame(np.eye(4)[kind] + noise * rng.normal(size=(N, 4)))
    moved = np.arange(0, N, 2)  # half of the clips were read: those of two kinds
    movement = Likeness(cluster_evidence.standardised(moves.iloc[moved]))
    return clips, Evidence(Likeness(of["text"], directions=True), told, movement, moved), kind


def test_noise_and_clips_alone_have_what_chance_gives_and_unread_ones_nothing() -> None:
    clips, seen, kind = world()
    labels = kind.copy()
    labels[[0, 1]] = -1
    labels[2] = 9
    found = cluster_evidence.scores(seen, clips.spaces["text"], labels)
    assert found["silhouette"][[0, 1, 2]].tolist() == [0.0, 0.0, 0.0]
    assert found["words"][[0, 1, 2]] == pytest.approx(seen.words.at_random)
    assert found["words"][3:] == pytest.approx(1.0)  # everyone in a cluster says the same verb
    assert found["movement"][[0, 2]] == pytest.approx(seen.movement.at_random)
    assert np.isnan(found["movement"][1::2]).all() and np.isfinite(found["movement"][::2]).all()
    assert found["words"][3:].mean() > seen.words.at_random + 0.5


def test_clusters_at_random_have_what_chance_is_said_to_have() -> None:
    clips, seen, kind = world()
    rng = np.random.default_rng(1)
    chance = cluster_evidence.by_chance(seen, clips.spaces["text"], kind, rng=rng)
    drawn = [cluster_evidence.scores(seen, clips.spaces["text"], rng.permutation(kind)) for _ in range(30)]
    for measure, value in chance.items():
        assert np.mean([np.nanmean(one[measure]) for one in drawn]) == pytest.approx(value, abs=0.02), measure


def test_ranks_keep_a_clip_that_flies_off_from_deciding() -> None:
    rows = pd.DataFrame({"speed": [1.0, 2.0, 3.0, 4.0], "rise": [0.0, 0.0, 0.0, 0.0]})
    far = rows.assign(speed=[1.0, 2.0, 3.0, 4e6])
    np.testing.assert_allclose(cluster_evidence.standardised(rows), cluster_evidence.standardised(far))
    assert (cluster_evidence.standardised(rows)[:, 1] == 0).all()


def judgement(dense: np.ndarray, clips: Clips, seen: Evidence, kind: np.ndarray) -> cluster_judgement.Judgement:
    named = {TWO_STEPS: kind, PLAIN: kind, DENSE: dense}
    made = [Method(space, name, labels, "") for space in clips.spaces for name, labels in named.items()]
    return cluster_judgement.judged(clips, made, seen, sample=120, permutations=19, draws=100, seed=0)


def test_one_giant_cluster_with_noise_loses_every_measure_that_can_tell() -> None:
    clips, seen, kind = world()
    dense = np.where(np.arange(N) < 200, 0, -1)
    dense[200:206] = 1
    found = judgement(dense, clips, seen, kind)
    table = found.against_dense[found.against_dense["space"] == "text"].set_index("measure")
    assert table.index.tolist() == ["silhouette", "words", "movement", "placed", "dbcv"]
    assert (table.loc[["silhouette", "words", "movement", "placed"], "low"] > 0.02).all()
    assert table.loc["placed", "dbscan"] == pytest.approx(6 / N)
    assert table.loc["placed", "two_steps"] == pytest.approx(0.75) and table.loc[
        "placed", "over_chance"
    ] == pytest.approx(0.75)
    assert table.loc["words", "over_chance"] > 0.5 and table.loc["movement", "n"] == N // 2
    values = sentences.dense_values(found)
    assert all(declared.is_value("clustering", name) for name in values)
    assert values["text_words_more"].low == table.loc["words", "low"]


def test_a_method_that_finds_the_same_clusters_differs_in_nothing() -> None:
    clips, seen, kind = world()
    found = judgement(kind, clips, seen, kind)
    assert (found.against_dense[["difference", "low", "high"]] == 0).all(axis=None)
    table = found.table[found.table["space"] == "text"].set_index("method")
    assert table.index.tolist() == [TWO_STEPS, PLAIN, DENSE, RANDOM]
    assert table.loc[RANDOM, "words"] == seen.words.at_random and -0.1 < table.loc[RANDOM, "silhouette"] < 0
    assert table.loc[TWO_STEPS, "silhouette"] > 0.3 and table.loc[TWO_STEPS, "noise"] == 0
    own = cluster_evidence.scores(seen, clips.spaces["text"], kind, ("silhouette",))["silhouette"]
    assert table.loc[TWO_STEPS, "silhouette"] == pytest.approx(own.mean())
    assert table.loc[TWO_STEPS, "silhouette_low"] < own.mean() < table.loc[TWO_STEPS, "silhouette_high"]


def repeats(text: list[np.ndarray], motion: list[np.ndarray]) -> dict[str, Stability]:
    ari = {"text": [0.9, 0.8], "motion": [0.5, 0.6]}
    return {
        space: Stability(
            1, 1, 1, 1, pd.DataFrame({"kind": ["seeds", "bootstrap", "bootstrap"], "ari": [1, *ari[space]]}), of
        )
        for space, of in (("text", text), ("motion", motion))
    }


def test_differences_are_means_over_clips_and_seeds() -> None:
    clips, seen, kind = world()
    rng = np.random.default_rng(0)
    worse = [np.where(rng.random(N) < share, rng.permutation(kind), kind) for share in (0.3, 0.6)]
    found = space_votes.differences(clips, seen, repeats([kind, kind], worse), draws=100, seed=0)
    assert [*found] == ["silhouette", "words", "movement", "coherence", "stability"]
    for measure in ("silhouette", "words", "coherence"):
        by_seed = [
            np.nanmean(cluster_evidence.scores(seen, clips.spaces["text"], kind)[measure])
            - np.nanmean(cluster_evidence.scores(seen, clips.spaces["motion"], one)[measure])
            for one in worse
        ]
        one = found[measure]
        assert one.repeats == pytest.approx(by_seed) and one.apart.value == pytest.approx(np.mean(by_seed))
        assert one.apart.low < one.apart.value < one.apart.high and one.vote(0.02) == "text"
    stable = found["stability"]
    assert stable.repeats == pytest.approx((0.4, 0.2)) and stable.apart.value == pytest.approx(0.3)
    assert (stable.apart.low, stable.apart.high) == pytest.approx((0.2, 0.4)) and stable.apart.kind == "range"
    cast = space_votes.votes(found, ["words", "stability"], 0.02)
    assert cast["measure"].tolist()[:2] == ["words", "stability"] and space_votes.winner(cast) == "text"
    assert (cast["vote"].iloc[2:] == NOT_ASKED).all()
    assert all(declared.is_value("clustering", name) for name in space_votes.values(cast, "text"))


@pytest.mark.parametrize(
    ("apart", "low", "high", "seeds", "chance", "vote"),
    [
        (0.1, 0.05, 0.15, (0.1, 0.2), 0.0, "text"),
        (-0.1, -0.15, -0.05, (-0.1, -0.2), 0.0, "motion"),
        (0.01, 0.005, 0.015, (0.01, 0.02), 0.0, "neither"),
        (0.1, -0.01, 0.2, (0.1, 0.2), 0.0, "neither"),
        (0.1, 0.05, 0.15, (0.3, -0.1), 0.0, "neither"),
        (0.1, 0.05, 0.15, (0.1, 0.2), 0.5, "neither"),
    ],
    ids=["text", "motion", "within the margin", "interval holds zero", "a seed disagrees", "no better than chance"],
)
def test_a_measure_votes_only_for_what_is_sure(
    apart: float, low: float, high: float, seeds: tuple[float, ...], chance: float, vote: str
) -> None:
    values, chances = {"text": 0.5, "motion": 0.5}, {"text": chance, "motion": chance}
    assert Difference(values, chances, Measure(apart, low, high, 9), seeds).vote(0.02) == vote


def test_votes_that_tie_have_no_winner() -> None:
    assert space_votes.winner(pd.DataFrame({"vote": ["text", "motion", "neither", NOT_ASKED]})) is None
    assert space_votes.winner(pd.DataFrame({"vote": ["motion", "neither"]})) == "motion"


def test_the_widest_cluster_is_shown_by_clips_far_from_one_another() -> None:
    clips, seen, kind = world()
    rows = np.asarray(seen.captions.vectors).copy()
    wide = np.flatnonzero(kind == 2)
    rows[wide] = unit(np.random.default_rng(3).normal(size=(len(wide), 4)))  # captions of one kind say anything
    seen = Evidence(Likeness(rows, directions=True), seen.words, seen.movement, seen.moved)
    found = {space: SimpleNamespace(labels=kind) for space in ("text", "motion")}
    called = pd.DataFrame({"cluster": range(4), "name": WORDS})
    widest = spread_clips.widest_motion(clips, found, called, seen, drawable={"a", "b"})
    assert widest.rows is not None and len(widest.rows) == 6 and "“dance”" in widest.told
    at = clips.table.set_index("clip_id").index.get_indexer(widest.rows["clip_id"])
    assert set(kind[at]) == {2} and widest.rows["note"].tolist() == clips.table["text"].iloc[at].tolist()
    alike = unit(rows[at]) @ unit(rows[at]).T
    assert alike[np.triu_indices(6, 1)].mean() < seen.captions.within(kind)[wide].mean() + 0.05
    only = spread_clips.widest_motion(clips, found, called, seen, drawable={"a"})
    assert only.rows is not None and set(only.rows["key"]) == {"a"}
    assert spread_clips.widest_motion(clips, found, called, seen, drawable=set()).rows is None
    text = spread_clips.widest_text(clips, found, called, seen, drawable={"a", "b"})
    assert text.rows is not None and set(text.rows["clip_id"]) <= set(clips.table["clip_id"].iloc[seen.moved])
    assert set(spread_clips.values(widest, text)) == {"motion_widest", "text_widest"}
    assert spread_clips.values(spread_clips.Widest("text", None)) == {}
