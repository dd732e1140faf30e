"""Sentences of 05: how many clusters, which space, and what the weights do."""

from collections.abc import Mapping

import pandas as pd

from lib.clustering.agreement import Agreement
from lib.clustering.weights import SamplingWeights
from lib.draw.table import records
from lib.metrics.intervals import Measure, number, percent, span
from lib.sections.clustering.cluster_cost import FULL, STEPS, two_digits
from lib.sections.clustering.cluster_density import CENTROIDS, MEASURED, UNIFORM, Density
from lib.sections.clustering.cluster_judgement import DENSE, PLAIN, TWO_STEPS, Judgement
from lib.sections.clustering.two_spaces import Clusters


def values(
    found: Clusters,
    agreed: Agreement,
    judgement: Judgement,
    against: pd.DataFrame | None,
    repeats: pd.DataFrame,
) -> dict[str, Measure | float | int | str]:
    """The numbers that prose quotes of both spaces."""
    told: dict[str, Measure | float | int | str] = {
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
            f"{space}_dbscan_noise": float(dense["noise"]),
            f"{space}_dbscan_largest": float(dense["largest"]),
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


def weight_values(made: SamplingWeights, dropped: int, largest_count: int) -> dict[str, float | int]:
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


def cost_values(measured: pd.DataFrame, expected: pd.DataFrame) -> dict[str, float | int]:
    """Measured sizes, and extrapolated costs in two digits."""
    full, steps = (expected[expected["way"] == way].iloc[0] for way in (FULL, STEPS))
    return {
        "tree_measured_clips": int(measured.loc[measured["way"] == FULL, "clips"].max()),
        "steps_measured_clips": int(measured.loc[measured["way"] == STEPS, "clips"].max()),
        "extrapolated_clips": int(full["clips"]),
        "tree_gigabytes": two_digits(full["gigabytes"]),
        "tree_hours": two_digits(full["seconds"] / 3600),
        "steps_minutes": two_digits(steps["seconds"] / 60),
        "steps_gigabytes": two_digits(steps["gigabytes"]),
    }


def vote_values(cast: pd.DataFrame, space: str) -> dict[str, Measure | str]:
    """The space that was taken, and how each measure voted: ``space, words_vote, words_less`` and so on."""
    votes: dict[str, Measure | str] = {"space": space}
    for row in records(cast):
        kind = "range" if row["measure"] == "stability" else "95 % CI"
        less = Measure(row["difference"], row["low"], row["high"], row["n"], digits=3, kind=kind)
        votes |= {f"{row['measure']}_vote": row["vote"], f"{row['measure']}_less": less}
    return votes


def dense_values(judgement: Judgement) -> dict[str, Measure | float]:
    """How the two steps differ from DBSCAN in either space: ``text_words_more, text_words_over_chance`` and so on."""
    values: dict[str, Measure | float] = {}
    for row in records(judgement.against_dense):
        name = f"{row['space']}_{row['measure']}"
        values[f"{name}_more"] = Measure(row["difference"], row["low"], row["high"], row["n"], digits=3)
        values[f"{name}_over_chance"] = row["over_chance"]
    return values


def density_values(found: Density, space: str) -> dict[str, Measure | str]:
    """Sizes, radii and density of the centroids and of the clusters, and ``density``, what they say of one space.

    Args:
        found: from `cluster_density.density`.
        space: the one that was chosen; too few centroids for a correlation leave ``density`` out.
    """
    slugs = {CENTROIDS: "centroids", UNIFORM: "uniform", PLAIN: "plain", TWO_STEPS: "tree"}
    values: dict[str, Measure | str] = {}
    for row in records(found.table):
        for name in MEASURED:
            ends = row[name], row[f"{name}_low"], row[f"{name}_high"]
            values[f"{row['space']}_{slugs[row['method']]}_{name}"] = Measure(*ends, row["clusters"], digits=2)
    known = found.table.loc[found.table["space"] == space, ["method", "centre_rho_low"]].set_index("method")
    enough = known["centre_rho_low"].reindex([CENTROIDS, UNIFORM]).notna().all()
    return values | ({"density": _density(found, space)} if enough else {})


def _density(found: Density, space: str) -> str:
    rows = {row["method"]: row for row in records(found.table[found.table["space"] == space])}
    real, even, plain, two = (rows[name] for name in (CENTROIDS, UNIFORM, PLAIN, TWO_STEPS))
    closer = "lie closer together" if real["centre_rho_low"] > 0 else "are not shown to lie closer together"

    def spread(row: Mapping[str, float], what: str) -> str:
        name = f"{what}_variation"
        return f"{row[name]:.2f} (95 % CI {span(row[f'{name}_low'], row[f'{name}_high'], 2)})"

    ends = span(real["centre_rho_low"], real["centre_rho_high"], 2)
    return (
        f"In the {space} space centroids {closer} where clips do: a rank correlation of "
        f"{number(real['centre_rho'], 2)} (95 % CI {ends}), {number(even['centre_rho'], 2)} for uniform data. Sizes of "
        f"their clips vary by {spread(real, 'size')} of the mean, {even['size_variation']:.2f} for uniform data, and "
        f"radii by {spread(real, 'radius')}, {even['radius_variation']:.2f} for uniform data. After the tree sizes "
        f"vary by {spread(two, 'size')} and radii by {spread(two, 'radius')}; as many clusters of K-means alone "
        f"vary by {spread(plain, 'size')} and {spread(plain, 'radius')}."
    )


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
        f"{_counted(len(one.centroids), 'centroid')} in the "
        f"{chosen} space, the largest (“{first['name']}”) with {percent(first['share'], 0)}; the clusters of text and "
        f"of motion agree with an adjusted Rand index of {ari.value:.2f} (95 % CI {ari.low:.2f}–{ari.high:.2f}); drawn "
        f"with exponent {made.alpha:g}, an epoch is worth {percent(made.effective / len(made.table), 0)} of its clips."
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
