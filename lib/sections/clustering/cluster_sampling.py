"""The sampling weights of a profile's training clips, and the action mix that they give."""

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
import pandas as pd

from lib.clustering.deduplicate import Deduplication, deduplicate
from lib.clustering.semantic import SemanticClusters
from lib.clustering.weights import SamplingWeights, sampling_weights
from lib.draw.interactive.alpha_slider import AlphaSlider
from lib.sections.clustering.two_spaces import Clips, counted_from_one
from lib.text.tokens import verbs


def trained_on(clips: Clips) -> "pd.Series[bool]":
    """Which clips are of the training split."""
    return clips.table["split"] == "train"


def near_duplicates(clips: Clips, found: SemanticClusters, *, cosine: float) -> Deduplication:
    """Near-duplicates among the training clips, within centroids; the clip nearest to the middle stays.

    The cosine is the mean of that of the texts and that of the motions: one sentence fits motions that differ.
    """
    rows = trained_on(clips).to_numpy()
    both = np.hstack([latents[rows] for latents in clips.spaces.values()])
    return deduplicate(both, found.nearest[rows], threshold=cosine)


def weights(
    clips: Clips, found: SemanticClusters, *, alpha: float, duplicates: Deduplication, drop: bool
) -> SamplingWeights:
    """Weights of the training clips; those that are dropped as near-duplicates have weight 0.

    ``clip_id`` has the corpus' key before it, as in ``h3d/000021``, where two corpora share an id.
    """
    table = clips.table[trained_on(clips)]
    shared = table["clip_id"].duplicated(keep=False)
    ids = table["clip_id"].where(~shared, table["key"] + "/" + table["clip_id"])
    kept = duplicates.kept if drop else None
    return sampling_weights(ids, found.labels[table.index], alpha=alpha, kept=kept)


def by_cluster(made: SamplingWeights, called: pd.DataFrame, duplicates: Deduplication) -> pd.DataFrame:
    """``cluster, name, clips, near_duplicates, data_share, draw_share, draws_per_clip``."""
    repeated = duplicates.by_cluster(made.table["cluster"])[["cluster", "dropped"]]
    table = made.clusters.drop(columns="dropped").merge(repeated.rename(columns={"dropped": "near_duplicates"}))
    table = table.merge(called[["cluster", "name"]], on="cluster")
    columns = ["cluster", "name", "clips", "near_duplicates", "data_share", "draw_share", "draws_per_clip"]
    return counted_from_one(table[columns])


def exported(made: SamplingWeights, called: pd.DataFrame) -> pd.DataFrame:
    """The weight of every training clip: ``clip_id, cluster`` (from 1), ``name, weight, expected_draws``."""
    table = made.table.merge(called[["cluster", "name"]], on="cluster", how="left")
    return counted_from_one(table[["clip_id", "cluster", "name", "weight", "expected_draws"]])


def alphas(clips: Clips, found: SemanticClusters, values: Sequence[float]) -> pd.DataFrame:
    """What other exponents would give: ``alpha, effective, effective_share, largest, smallest_cluster``."""
    labels, rows = found.labels[trained_on(clips)], []
    for alpha in values:
        made = sampling_weights(np.arange(len(labels)), labels, alpha=alpha)
        share = float(made.clusters["draw_share"].min())
        rows.append((alpha, made.effective, made.effective / len(labels), made.largest, share))
    return pd.DataFrame(rows, columns=["alpha", "effective", "effective_share", "largest", "smallest_cluster"])


def action_mix(clips: Clips, made: SamplingWeights, n: int, *, not_actions: Collection[str]) -> pd.DataFrame:
    """The n most frequent actions of the training captions, as the data is and as drawn.

    Args:
        clips: from `two_spaces.gather`.
        made: from `weights`.
        n: how many.
        not_actions: verbs that name no action.

    Returns:
        ``verb, count, data, drawn``: shares of the verbs that name an action.
    """
    lists = _actions(clips, not_actions)
    long = pd.DataFrame({"verb": lists.to_numpy(), "drawn": made.table["expected_draws"].to_numpy()}).explode("verb")
    found = long.dropna(subset="verb").groupby("verb")["drawn"].agg(count="size", drawn="sum").reset_index()
    found = found.assign(data=found["count"] / found["count"].sum(), drawn=found["drawn"] / found["drawn"].sum())
    order = found.sort_values(["count", "verb"], ascending=[False, True], ignore_index=True)
    return order.head(n)[["verb", "count", "data", "drawn"]]


def alpha_slider(
    clips: Clips, made: SamplingWeights, called: pd.DataFrame, n: int, *, not_actions: Collection[str]
) -> AlphaSlider:
    """What a page needs to choose another exponent: clips of each cluster, and in which of them the verbs occur.

    Args:
        clips: from `two_spaces.gather`.
        made: from `weights`.
        called: names of the clusters.
        n: verbs that are shown, the most frequent ones of the training captions.
        not_actions: verbs that name no action.
    """
    counted = made.clusters.merge(called[["cluster", "name"]], on="cluster")
    place = dict(zip(counted["cluster"], range(len(counted)), strict=True))
    lists = _actions(clips, not_actions)
    drawn = (made.table["weight"] > 0).to_numpy()
    long = pd.DataFrame({"verb": lists.to_numpy(), "cluster": made.table["cluster"].map(place), "drawn": drawn})
    long = long.explode("verb").dropna(subset="verb")
    totals = np.bincount(long.loc[long["drawn"], "cluster"], minlength=len(counted))
    counts = long.groupby("verb").size().rename("count").reset_index()
    counts = counts.sort_values(["count", "verb"], ascending=[False, True], ignore_index=True).head(n)
    kept = long[long["drawn"] & long["verb"].isin(counts["verb"])]
    by = pd.crosstab(kept["verb"], kept["cluster"]).reindex(index=counts["verb"], columns=range(len(counted)))
    numbers = counted["cluster"] + 1
    by = by.fillna(0).astype(int).set_axis(numbers.astype(str), axis=1).reset_index(drop=True)
    table = pd.DataFrame(
        {
            "cluster": numbers,
            "name": counted["name"],
            "clips": counted["clips"],
            "kept": counted["clips"] - counted["dropped"],
            "verbs": totals,
        }
    )
    return AlphaSlider(table, counts.join(by), len(long), made.alpha)


def _actions(clips: Clips, not_actions: Collection[str]) -> "pd.Series[Any]":
    """The verbs of each training caption that name an action."""
    lists = clips.keys[trained_on(clips)].map(verbs)
    return lists.map(lambda words: [word for word in words if word not in not_actions])


def values(made: SamplingWeights, dropped: int, largest_count: int) -> dict[str, float | int]:
    """The numbers that prose quotes of the weights."""
    return {
        "alpha": made.alpha,
        "training_clips": len(made.table),
        "effective": made.effective,
        "effective_share": made.effective / len(made.table),
        "largest_expected": made.largest,
        "largest_count": largest_count,
        "near_duplicates": dropped,
        "near_duplicate_share": dropped / len(made.table),
    }
