"""Sizes, radii and density on data whose dense places are known."""

import numpy as np
import pandas as pd
import pytest

from lib.clustering.kmeans import kmeans
from lib.metrics.directions import unit
from lib.sections.clustering import cluster_density, two_spaces
from lib.sections.clustering.cluster_density import CENTROIDS, UNIFORM, Density
from lib.sections.clustering.cluster_judgement import PLAIN, TWO_STEPS, Method

TREE = {"linkage": "ward", "metric": "euclidean", "weighted": True}


def measured(rows: np.ndarray, clusters: int = 6) -> Density:
    """Both spaces hold the same rows, so that they must come out alike."""
    clips = two_spaces.Clips(pd.DataFrame({"text": [str(i) for i in range(len(rows))]}), {"text": rows, "motion": rows})
    found = two_spaces.clustered(clips, centroids=60, rows_per_centroid=10, clusters=clusters, seed=0, **TREE)
    plain = kmeans(rows, n_centroids=clusters, seed=0).labels
    labels = {TWO_STEPS: found["text"].labels, PLAIN: plain}
    methods = [Method(space, name, of_rows, "") for space in clips.spaces for name, of_rows in labels.items()]
    return cluster_density.density(clips, found, methods, draws=100, seed=0)


@pytest.fixture(scope="module")
def uneven() -> Density:
    """Clips around places of which each is 1.5 times as wide as the one before, from 0.005 to 0.1."""
    rng = np.random.default_rng(0)
    places = unit(rng.normal(size=(8, 5)))
    widths = 0.005 * 1.5 ** np.arange(8)
    return measured(
        unit(np.concatenate([p + w * rng.normal(size=(100, 5)) for p, w in zip(places, widths, strict=True)]))
    )


def of(found: Density, method: str) -> pd.Series:
    return found.table[(found.table["method"] == method) & (found.table["space"] == "text")].iloc[0]


def test_centroids_lie_closer_where_clips_do_and_differ_in_radius(uneven: Density) -> None:
    real, even = of(uneven, CENTROIDS), of(uneven, UNIFORM)
    assert real["centre_rho"] > 0.6 and real["centre_rho_low"] > 0.5 and real["centre_p"] < 0.01
    assert real["radius_variation_low"] > even["radius_variation_high"] and real["radius_rho"] > 0.2


def test_data_without_dense_places_is_like_the_uniform_data_beside_it() -> None:
    rows = unit(np.random.default_rng(5).normal(size=(800, 4)))
    found = measured(rows)
    real, even = of(found, CENTROIDS), of(found, UNIFORM)
    for name in ("size_variation", "radius_variation"):
        assert real[f"{name}_low"] < even[f"{name}_high"] and even[f"{name}_low"] < real[f"{name}_high"]
    assert cluster_density.dimensions(rows) == 4


def test_every_way_is_counted_in_full_and_equal_spaces_are_alike(uneven: Density) -> None:
    sizes = uneven.clusters.groupby(["space", "method"])["size"].agg(["sum", "count"])
    assert (sizes["sum"] == 800).all()
    assert sizes.loc["text", "count"].to_dict() == {CENTROIDS: 60, UNIFORM: 60, PLAIN: 6, TWO_STEPS: 6}
    text, motion = (uneven.table[uneven.table["space"] == space].drop(columns="space") for space in ("text", "motion"))
    pd.testing.assert_frame_equal(text.reset_index(drop=True), motion.reset_index(drop=True))


def test_the_sentences_hold_the_numbers_of_the_table(uneven: Density) -> None:
    values = cluster_density.values(uneven, "text")
    real = of(uneven, CENTROIDS)
    text = str(values["density"])
    assert text.startswith("In the text space centroids lie closer together where clips do: a rank correlation of ")
    assert f"{real['centre_rho']:.2f}" in text and f"radii by {real['radius_variation']:.2f}" in text
    assert values["text_centroids_radius_variation"].value == real["radius_variation"]
    assert len(cluster_density.shown(uneven)) == 8


def test_too_few_centroids_for_a_correlation_give_no_sentence() -> None:
    found = measured(unit(np.random.default_rng(1).normal(size=(12, 3))), clusters=2)
    assert "density" not in cluster_density.values(found, "text")
