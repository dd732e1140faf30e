"""Sentences of 05: how many clusters, which space, and what the weights do."""

from collections.abc import Mapping

import pandas as pd

from lib.clustering.agreement import Agreement
from lib.clustering.weights import SamplingWeights
from lib.draw.table import records
from lib.metrics.intervals import Counted, Measure, number, percent
from lib.sections.clustering.cluster_cost import FULL, STEPS, two_digits
from lib.sections.clustering.cluster_density import CENTROIDS, Density
from lib.sections.clustering.cluster_judgement import DENSE, TWO_STEPS, Judgement
from lib.sections.clustering.two_spaces import Clusters


def values(
    found: Clusters,
    agreed: Agreement,
    judgement: Judgement,
    against: pd.DataFrame | None,
    repeats: pd.DataFrame,
) -> dict[str, Measure | Counted | float | int | str]:
    """The numbers that prose quotes of both spaces."""
    told: dict[str, Measure | Counted | float | int | str] = {
        "agreement_ari": agreed.scores["ARI"],
        "agreement_ami": agreed.scores["AMI"],
        "agreement_p": agreed.p["ARI"],
    }
    for space, one in found.items():
        mine = judgement.table[judgement.table["space"] == space]
        two, dense = (records(mine[mine["method"] == method])[0] for method in (TWO_STEPS, DENSE))
        again = records(repeats[repeats["space"] == space])[0]
        told |= {
            "clips": len(one.labels),
            "clusters": one.n_clusters,
            "centroids": len(one.centroids),
            f"{space}_threshold": round(one.threshold, 4),
            f"{space}_largest": float(two["largest"]),
            f"{space}_coherence": round(float(two["coherence"]), 3),
            f"{space}_by_chance": round(float(two["by_chance"]), 3),
            f"{space}_silhouette": round(float(two["silhouette"]), 3),
            f"{space}_stability": round(float(again["bootstraps"]), 3),
            f"{space}_dbscan_clusters": int(dense["clusters"]),
            f"{space}_dbscan_noise": Counted(float(dense["noise"]), "share", 1),
            f"{space}_dbscan_largest": Counted(float(dense["largest"]), "share", 1),
        }
    for row in records(against) if against is not None else []:
        if row["method"] == TWO_STEPS:
            slug = f"{row['space']}_{row['labels'].replace(',', '').replace(' ', '_')}"
            told[f"{slug}_ari"] = Measure(row["ari"], row["ari_low"], row["ari_high"], row["clips"], digits=3)
            told[f"{slug}_ami"] = Measure(row["ami"], row["ami_low"], row["ami_high"], row["clips"], digits=3)
    return told


def fewer(captions: int, asked: int, n_clusters: int) -> dict[str, str]:
    """Why there are fewer clusters than the parameters ask for.

    Args:
        captions: distinct first captions of the clips.
        asked: `clustering.clusters` of the parameters.
        n_clusters: how many there are.

    Returns:
        ``fewer_clusters``, a sentence; nothing where there are as many as asked for.

    Example:
        >>> fewer(3, 12, 3)["fewer_clusters"]
        'The parameters ask for 12 clusters; the 3 distinct captions of these clips allow 3.'
    """
    if n_clusters == asked:
        return {}
    allow = (
        f"the {captions:,} distinct captions of these clips allow"
        if captions < asked
        else "the clips lie so close together, or at such even distances, that both spaces allow"
    )
    return {"fewer_clusters": f"The parameters ask for {asked} clusters; {allow} {n_clusters}."}


def dense_values(judgement: Judgement) -> dict[str, Measure | float]:
    """How the two steps differ from DBSCAN in either space: ``text_words_more, text_words_over_chance`` and so on."""
    values: dict[str, Measure | float] = {}
    for row in records(judgement.against_dense):
        name = f"{row['space']}_{row['measure']}"
        values[f"{name}_more"] = Measure(row["difference"], row["low"], row["high"], row["n"], digits=3)
        values[f"{name}_over_chance"] = row["over_chance"]
    return values


def density(found: Density) -> str:
    """Alternative text of the figure of sizes and radii."""
    rows = records(found.table[found.table["method"] == CENTROIDS])
    told = [
        f"{row['space']}: rank correlation {number(row['size_rho'], 2)} with size and {number(row['radius_rho'], 2)} "
        "with radius"
        for row in rows
    ]
    return "Size and radius of centroids against how far apart their clips lie. " + "; ".join(told) + "."


def finding(found: Clusters, agreed: Agreement, chosen: str, called: pd.DataFrame, made: SamplingWeights) -> str:
    """How many clusters of what, how far both spaces agree, and what the weights do."""
    ari, first = agreed.scores["ARI"], called.iloc[0]
    one = found[chosen]
    return (
        f"{len(one.labels):,} clips fall into {_counted(one.n_clusters, 'cluster')} of "
        f"{_counted(len(one.centroids), 'centroid')} in the {chosen} space. The largest (“{first['name']}”) has "
        f"{percent(first['share'], 0)}. Clusters of text and of motion agree with an adjusted Rand index of "
        f"{ari.value:.2f} (95 % CI {ari.low:.2f}–{ari.high:.2f}). Drawn with exponent {made.alpha:g}, an epoch is "
        f"worth {percent(made.effective / len(made.table), 0)} of its clips."
    )


def thresholds(found: Clusters) -> str:
    """Alternative text of the threshold figure."""
    told = [
        f"{space} gives {_counted(one.n_clusters, 'cluster')} at a threshold of {one.threshold:.3f}"
        for space, one in found.items()
    ]
    return "The number of clusters falls with the threshold: " + ", ".join(told) + "."


def tree(found: Clusters) -> str:
    """Alternative text of the tree."""
    told = [
        f"{space} the {one.n_clusters} clusters, cut at {one.threshold:.3f}, are one from {one.tree.heights[-1]:.3f} on"
        for space, one in found.items()
        if len(one.tree.heights)
    ]
    return "How the clusters would merge further: in " + "; in ".join(told) + "."


def centroid_map(called: Mapping[str, pd.DataFrame], shares: Mapping[str, list[float]]) -> str:
    """Alternative text of the map."""
    told = [
        f"{space}: {percent(sum(shares[space]), 0)} of the variance, largest cluster {t['name'].iloc[0]}"
        for space, t in called.items()
    ]
    return "Centroids over clips in two principal components. " + "; ".join(told) + "."


def sizes(called: Mapping[str, pd.DataFrame]) -> str:
    """Alternative text of the sizes."""
    told = [
        f"{space}: from {t['clips'].max():,} clips ({t['name'].iloc[0]}) to {t['clips'].min():,}"
        for space, t in called.items()
    ]
    return "Clips of each cluster. " + "; ".join(told) + "."


def contingency(agreed: Agreement) -> str:
    """Alternative text of the heat map."""
    ari = agreed.scores["ARI"]
    return f"Text clusters against motion clusters, shares by row: the adjusted Rand index is {ari.value:.2f}."


def middles(called: pd.DataFrame) -> str:
    """Alternative text of the strips."""
    return "The motion in the middle of each cluster: " + "; ".join(called["name"]) + "."


def growth(expected: pd.DataFrame) -> str:
    """Alternative text of the cost figure."""
    full, steps = (expected[expected["way"] == way].iloc[0] for way in (FULL, STEPS))
    return (
        f"At {int(full['clips']):,} clips one tree would need {number(two_digits(full['gigabytes']))} GB and "
        f"{number(two_digits(full['seconds'] / 3600))} hours; K-means and a tree of centroids "
        f"{number(two_digits(steps['seconds'] / 60))} minutes."
    )


def draws(made: SamplingWeights) -> str:
    """Alternative text of the draws."""
    table = made.clusters
    return (
        f"The largest cluster goes from {percent(table['data_share'].max())} of the clips to "
        f"{percent(table['draw_share'].max())} of the draws, the smallest from {percent(table['data_share'].min())} to "
        f"{percent(table['draw_share'].min())}."
    )


def mix(table: pd.DataFrame) -> str:
    """Alternative text of the action mix."""
    rows = [f"{r['verb']} {percent(r['data'])} to {percent(r['drawn'])}" for r in records(table.head(3))]
    return "Share of verbs before and after weighting: " + ", ".join(rows) + "."


def _counted(n: int, noun: str) -> str:
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {noun}s"
