"""Clusters of a profile: names and middles, votes between spaces, known labels, costs, and what weights do."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy.spatial.distance import cdist
from sklearn.metrics import adjusted_rand_score

from lib.clustering.deduplicate import Deduplication
from lib.clustering.semantic import cluster
from lib.metrics.directions import unit
from lib.run.declared import is_value
from lib.run.redaction import Redaction
from lib.sections.clustering import (
    cluster_cost,
    cluster_judgement,
    cluster_labels,
    cluster_sampling,
    figures,
    sentences,
    space_votes,
    two_spaces,
)

WORDS = ["walk", "jump", "dance", "wave"]


def clips(n: int = 240, spread: float = 0.25) -> two_spaces.Clips:
    rng = np.random.default_rng(0)
    shows = np.arange(n) % 4
    table = pd.DataFrame(
        {
            "corpus": np.where(np.arange(n) < n // 2, "one", "two"),
            "key": np.where(np.arange(n) < n // 2, "a", "b"),
            "clip_id": [f"{i:03d}" for i in range(n)],
            "base_id": [f"{i:03d}" for i in range(n)],
            "split": np.where(np.arange(n) % 5 == 0, "test", "train"),
            "text": [f"a person {WORDS[k]}s" for k in shows],
            "tokens": [f"a/DET person/NOUN {WORDS[k]}/VERB" for k in shows],
        }
    )
    centres = rng.normal(size=(4, 6))
    close, far = (unit(centres[shows] + s * rng.normal(size=(n, 6))) for s in (spread, 4 * spread))
    return two_spaces.Clips(table, {"text": close, "motion": far})


@pytest.fixture(scope="module")
def found() -> dict:
    return two_spaces.clustered(
        clips(), centroids=1000, rows_per_centroid=10, clusters=4, seed=0, linkage="ward", metric="euclidean"
    )


def run(redacted: bool = False) -> SimpleNamespace:
    return SimpleNamespace(redaction=Redaction(["dm"] if redacted else [], dict))


def test_clusters_are_named_by_their_verb_and_counted_by_corpus(found):
    named = two_spaces.named(clips(), found, words=1, least=1)["text"]
    assert set(named["name"]) == set(WORDS)
    assert named[["clips_one", "clips_two"]].to_numpy().sum() == 240 == named["clips"].sum()


def test_figures_number_clusters_whose_names_their_font_lacks(found):
    called = {
        space: table.assign(name="歩く") for space, table in two_spaces.named(clips(), found, words=1, least=1).items()
    }
    alone = Deduplication(np.ones(192, dtype=bool), np.arange(192))
    weights = cluster_sampling.weights(clips(), found["text"], alpha=0.5, duplicates=alone, drop=True)
    drawn = [figures.tree(found, called), figures.sizes(called), figures.draws(weights, called["text"])]
    for drawing in drawn:
        labels = {label.get_text() for label in drawing.figure.axes[0].get_yticklabels()}
        assert labels == {"1", "2", "3", "4"}


def test_the_middle_shows_each_caption_once(found):
    called = two_spaces.named(clips(), found, words=1, least=1)
    table = two_spaces.exemplars(clips(), found, called, n=3)
    text = table[table["space"] == "text"]
    assert len(text) == 4 and all(
        row.name_ in row.caption for row in text.rename(columns={"name": "name_"}).itertuples()
    )
    assert two_spaces.shown(table)["cluster"].min() == 1


def test_the_middle_of_each_cluster_of_one_space_plays():
    rows = [("text", 1, 0, "walk", "o1", "a"), ("text", 2, 0, "walk", "o2", "b"), ("motion", 1, 0, "run", "o3", "c")]
    table = pd.DataFrame(rows, columns=["space", "rank", "cluster", "name", "clip_id", "caption"]).assign(key="h")
    played = two_spaces.middles(table, "text")
    assert played.to_dict("records") == [{"key": "h", "clip_id": "o1", "label": "1  walk", "note": "a"}]


def corpora() -> dict:
    table = clips().table
    parts = {key: SimpleNamespace(name=name, clips=pd.DataFrame({"clip_id": table.loc[table["key"] == key, "clip_id"]}))
             for key, name in (("a", "one"), ("b", "two"))}  # fmt: skip
    parts["b"].clips["content"] = [WORDS[i % 4] for i in range(120)]
    return parts


def truth() -> dict:
    ids = clips().table["clip_id"].tolist()[:120]
    actions = {clip: [WORDS[i % 4]] if i < 100 else [WORDS[i % 4], "sit"] for i, clip in enumerate(ids)}
    return {
        "one": {
            "actions": actions,
            "families": {clip: some[0].upper() for clip, some in actions.items() if len(some) == 1},
        }
    }


def test_known_labels_are_planted_ones_or_the_datasets_own():
    known = cluster_labels.known_labels(clips(), corpora(), truth())
    assert known.notna().sum().to_dict() == {"family": 100, "content": 120}
    assert cluster_labels.known_labels(clips(), {}, None).empty


def test_planted_labels_score_higher_than_chance(found):
    known = cluster_labels.known_labels(clips(), corpora(), truth())
    made = [cluster_judgement.Method("text", "two", found["text"].labels, "")]
    table = cluster_labels.against(clips(), made, known, draws=100, permutations=19, seed=0)
    assert (table["ari"] > 0.8).all() and (table["p"] == 0.05).all()
    assert cluster_labels.against(clips(), made, known.iloc[:, :0], draws=100, permutations=19, seed=0) is None


def test_cost_is_measured_where_it_can_be_and_pairs_bound_the_memory():
    measured = cluster_cost.growth(clips().spaces["text"], [40, 80], centroids=10, linkage="ward", seed=0)
    assert measured.groupby("way")["clips"].apply(list).to_dict() == {
        cluster_cost.FULL: [40, 80],
        cluster_cost.STEPS: [40, 80, 320, 1280],
    }
    law = pd.DataFrame({"way": cluster_cost.FULL, "clips": [10, 100], "seconds": [1.0, 100.0], "gigabytes": [0.0, 0.0]})
    steps = pd.DataFrame({"way": cluster_cost.STEPS, "clips": [10, 50], "seconds": [1.0, 2.0], "gigabytes": [0.5, 1.0]})
    table = cluster_cost.extrapolated(pd.concat([law, steps]), 100_000).set_index("way")
    assert table.loc[cluster_cost.FULL, "seconds"] == pytest.approx(1e8)
    assert table.loc[cluster_cost.FULL, "gigabytes"] == pytest.approx(40, rel=1e-4)
    assert table.loc[cluster_cost.STEPS, ["seconds", "gigabytes"]].tolist() == [4000.0, 2000.0]


def test_costs_are_said_in_two_digits_and_measured_ones_as_measured():
    measured = pd.DataFrame(
        {"way": [cluster_cost.FULL, cluster_cost.STEPS, cluster_cost.FULL], "clips": [40, 1280, 80]}
    ).assign(seconds=[0.1, 2.345, 0.2468], gigabytes=[0.001, 0.0234, 0.00567])
    expected = cluster_cost.extrapolated(measured, 380_000)
    table = cluster_cost.costs(measured, expected)
    assert table[["way", "known", "clips"]].to_numpy().tolist() == [
        [cluster_cost.FULL, "measured", 80],
        [cluster_cost.FULL, "extrapolated", 380_000],
        [cluster_cost.STEPS, "measured", 1280],
        [cluster_cost.STEPS, "extrapolated", 380_000],
    ]
    assert table["seconds"].tolist()[::2] == ["0.25", "2.3"] and table["gigabytes"].tolist()[1] == "580"
    assert "580 GB" in sentences.growth(expected)
    drawn = figures.growth(measured, expected).figure.axes[0].get_lines()
    filled = {tuple(line.get_xdata()): line.get_markerfacecolor() for line in drawn if line.get_marker() != "None"}
    assert filled[(380_000,)] == "white" and filled[(40, 80)] != "white"  # what was measured is not drawn as hollow
    assert sum(380_000 in line.get_xdata() for line in drawn if line.get_marker() != "None") == 2


def test_the_action_mix_is_the_data_at_one_and_even_at_zero():
    some = clips()
    keep = (some.table["text"] != "a person waves") | (some.table.index < 40)
    rows = np.flatnonzero(keep)
    part = two_spaces.Clips(some.table.iloc[rows].reset_index(drop=True), {"text": some.spaces["text"][rows]})
    one = cluster(part.spaces["text"], n_centroids=20, n_clusters=4, seed=0)
    train = int((part.table["split"] == "train").sum())
    alone = Deduplication(np.ones(train, dtype=bool), np.arange(train))
    for alpha in (1.0, 0.0):
        made = cluster_sampling.weights(part, one, alpha=alpha, duplicates=alone, drop=True)
        mix = cluster_sampling.action_mix(part, made, 9, not_actions=[])
        assert made.table["expected_draws"].sum() == pytest.approx(train)
        expected = mix["data"] if alpha else np.full(4, 0.25)
        np.testing.assert_allclose(mix["drawn"], expected, atol=0.03 if not alpha else 1e-9)
        others = cluster_sampling.action_mix(part, made, 9, not_actions=["wave"])
        left = mix[mix["verb"] != "wave"]
        assert len(left) == 3 and others["verb"].tolist() == left["verb"].tolist()
        np.testing.assert_allclose(others["drawn"], left["drawn"] / left["drawn"].sum())


def test_dropped_near_duplicates_have_no_weight_and_ids_that_two_corpora_share_are_told_apart(found):
    some = clips()
    some.table["clip_id"] = [f"{i % 120:03d}" for i in range(240)]
    one = found["text"]
    near = cluster_sampling.near_duplicates(some, one, cosine=0.75)
    made = cluster_sampling.weights(some, one, alpha=0.5, duplicates=near, drop=True)
    assert made.table["clip_id"].is_unique and made.table["clip_id"].str.startswith(("a/", "b/")).all()
    assert (made.table["weight"].to_numpy() == 0).sum() == near.dropped > 0
    called = two_spaces.named(some, {"text": one}, words=1, least=1)["text"]
    table = cluster_sampling.by_cluster(made, called, near)
    assert table["near_duplicates"].sum() == near.dropped and table["draw_share"].sum() == pytest.approx(1)
    assert cluster_sampling.exported(made, called)["cluster"].min() == 1


@pytest.mark.parametrize("captions", [1, 3])
def test_there_are_as_many_clusters_as_distinct_captions_where_more_are_asked_for(captions):
    table = clips(20).table.assign(text=[f"caption {i % captions}" for i in range(20)])
    text = unit(np.eye(captions + 1)[np.arange(20) % captions])
    motion = unit(np.random.default_rng(0).normal(size=(20, 4)))
    some = two_spaces.Clips(table, {"text": text, "motion": motion})
    sizes = {"centroids": 1000, "rows_per_centroid": 10, "clusters": 12}
    made = two_spaces.clustered(some, **sizes, seed=0, linkage="ward", metric="euclidean")
    assert {one.n_clusters for one in made.values()} == {captions}
    for caption in range(captions):  # the clips of a caption are one cluster, and no others are in it
        assert len(set(made["text"].labels[np.arange(20) % captions == caption])) == 1
    assert sentences.fewer(captions, 12, captions)["fewer_clusters"].endswith(f"allow {captions}.")
    repeats = space_votes.repeated(
        some, made, clusters=captions, seeds=2, bootstraps=2, seed=0, linkage="ward", metric="euclidean"
    )
    assert space_votes.stable(repeats)["space"].tolist() == ["text", "motion"]


def test_no_sentence_says_fewer_where_there_are_as_many_as_asked(found):
    assert sentences.fewer(4, 4, found["text"].n_clusters) == {}


def test_a_fit_on_a_sample_is_said_with_what_it_loses_and_one_on_all_is_not(found):
    assert cluster_cost.sample_loss(found) == {}
    sizes = {"centroids": 1000, "rows_per_centroid": 10, "clusters": 4, "seed": 0}
    made = two_spaces.clustered(clips(), **sizes, fit=120, linkage="ward", metric="euclidean")
    assert {len(one.labels) for one in made.values()} == {240}
    assert {one.fitted for one in made.values()} == {120} and len(made["text"].centroids) <= 12
    told = cluster_cost.sample_loss(made)
    for space, one in made.items():
        apart = cdist(clips().spaces[space], one.centroids, "sqeuclidean").min(axis=1)
        assert told[f"{space}_fit_distance"] == pytest.approx(apart.mean(), rel=1e-4)
        assert min(apart) <= told[f"{space}_fit_sample_distance"] <= told[f"{space}_fit_distance"]
    assert told["fit_clips"] == 120
    for part in (
        "fit on 120 of 240 clips, drawn at random",
        f"is {told['text_fit_distance']:.3g} for text ({told['text_fit_sample_distance']:.3g} in the sample) and ",
    ):
        assert part in told["fit"]
    assert all(is_value("clustering", name) for name in told)
    cut = made["text"].at(n_clusters=2)
    assert (cut.fitted, cut.inertia, cut.fit_inertia) == (120, made["text"].inertia, made["text"].fit_inertia)
    repeats = space_votes.repeated(
        clips(), made, clusters=4, seeds=2, bootstraps=1, seed=0, fit=120, linkage="ward", metric="euclidean"
    )
    assert space_votes.stable(repeats)["seeds"].gt(0.5).all()
    asked = {"clusters": 4, "min_samples": 5, "radii": {"text": 0.5, "motion": 0.5}, "metric": "euclidean", "seed": 0}
    whole, drawn = (cluster_judgement.methods(clips(), made, **asked, fit=fit)[1].labels for fit in (None, 120))
    assert len(whole) == len(drawn) == 240 and adjusted_rand_score(whole, drawn) > 0.9
