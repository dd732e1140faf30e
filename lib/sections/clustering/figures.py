"""Figures of 05: how many clusters there are, where they lie, what they hold, and how clips are drawn from them."""

from collections.abc import Collection, Mapping
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from scipy.cluster.hierarchy import dendrogram

from lib.clustering.agreement import Agreement
from lib.clustering.semantic import SemanticClusters
from lib.clustering.weights import SamplingWeights
from lib.corpus import Corpus
from lib.draw import style
from lib.draw.exhibits import Drawing, Players
from lib.draw.strip import strip
from lib.draw.table import records
from lib.sections.clustering import sentences, two_spaces
from lib.sections.clustering.cluster_density import CENTROIDS, UNIFORM, Density
from lib.sections.clustering.cluster_judgement import TWO_STEPS
from lib.sections.clustering.cluster_labels import crossed
from lib.sections.clustering.cluster_sampling import exported
from lib.sections.clustering.two_spaces import Clusters, curves, stacked


def thresholds(found: Clusters) -> Drawing:
    """The number of clusters at every threshold, and the threshold that was taken."""
    figure, panels = plt.subplots(1, len(found), figsize=(5.2 * len(found), 3.8), squeeze=False, sharey=True)
    for i, (axes, (space, one)) in enumerate(zip(panels[0], found.items(), strict=True)):
        curve = one.tree.curve()
        last = 1.08 * float(curve["threshold"].max()) or 1.0
        axes.step([*curve["threshold"], last], [*curve["clusters"], 1], where="post", color=style.CYCLE[i])
        axes.axhline(one.n_clusters, color=style.GREY, lw=1, ls=":")
        axes.plot([one.threshold], [one.n_clusters], marker="o", color=style.BLUE if i else style.ORANGE, ms=8)
        told = f"{one.n_clusters} clusters at {one.threshold:.3f}"
        axes.annotate(told, (one.threshold, one.n_clusters), (6, 8), textcoords="offset points")
        axes.set(title=space, xlabel="threshold", yscale="log")
    panels[0][0].set_ylabel("clusters")
    return Drawing(figure, sentences.thresholds(found), curves(found))


def tree(found: Clusters, called: Mapping[str, pd.DataFrame]) -> Drawing:
    """How the clusters would merge further, one panel a space.

    Nothing is drawn where a space has a single cluster, or merges that lie lower than those they join: no drawing
    orders these.
    """
    if any(one.n_clusters < 2 or (np.diff(one.tree.merges[:, 2]) < 0).any() for one in found.values()):
        return Drawing(None)
    most = max(one.n_clusters for one in found.values())
    figure, panels = plt.subplots(1, len(found), figsize=(6 * len(found), 0.3 * most + 1.2), squeeze=False)
    for axes, (space, one) in zip(panels[0], found.items(), strict=True):
        names = called[space].set_index("cluster")["name"]

        def named(node: int, one: SemanticClusters = one, names: pd.Series = names) -> str:
            while node >= len(one.merged):
                node = int(one.tree.merges[node - len(one.merged), 0])
            return _label(one.merged[node], names[one.merged[node]])

        shown: dict[str, Any] = {"truncate_mode": "lastp", "p": one.n_clusters, "leaf_label_func": named}
        look: dict[str, Any] = {"color_threshold": 0, "above_threshold_color": style.BLUE, "leaf_font_size": 9}
        dendrogram(one.tree.merges, orientation="left", ax=axes, **shown, **look)
        axes.axvline(one.threshold, color=style.GREY, lw=1, ls=":")
        axes.set(title=space, xlabel="threshold")
        axes.grid(axis="y", visible=False)
    curve = curves(found)
    return Drawing(figure, sentences.tree(found), curve[curve["clusters"] <= most])


def centroid_map(
    points: pd.DataFrame, shares: Mapping[str, list[float]], called: Mapping[str, pd.DataFrame]
) -> Drawing:
    """Centroids, as large as they have clips, over clips in the plane of either space; numbers name the clusters."""
    spaces = list(shares)
    figure, panels = plt.subplots(1, len(spaces), figsize=(5 * len(spaces), 4.6), squeeze=False)
    for axes, space in zip(panels[0], spaces, strict=True):
        some = points[points["space"] == space]
        clips, centroids = some[some["kind"] == "clip"], some[some["kind"] == "centroid"]
        axes.scatter(clips["x"], clips["y"], s=4, color=style.GREY, alpha=0.25, lw=0)
        for cluster in sorted(set(centroids["cluster"].tolist())):
            table = centroids[centroids["cluster"] == cluster]
            look = {"color": style.CYCLE[(cluster - 1) % 4], "marker": style.MARKERS[(cluster - 1) // 4 % 5]}
            axes.scatter(
                table["x"], table["y"], s=8 + 2 * table["rows"], alpha=0.75, lw=0.4, edgecolors="white", **look
            )
        for cluster in sorted(set(centroids["cluster"].tolist())):
            table = centroids[centroids["cluster"] == cluster]
            x, y = (np.average(table[axis], weights=table["rows"]) for axis in ("x", "y"))
            box = {"boxstyle": "round,pad=0.15", "fc": "white", "ec": style.GREY, "lw": 0.6, "alpha": 0.9}
            axes.text(x, y, str(cluster), fontsize=9, ha="center", va="center", bbox=box)
        first, second = (f"component {i} ({100 * share:.0f} % of variance)" for i, share in enumerate(shares[space], 1))
        axes.set(title=space, xlabel=first, ylabel=second)
    return Drawing(figure, sentences.centroid_map(called, shares), points)


def sizes(called: Mapping[str, pd.DataFrame]) -> Drawing:
    """Clips of each cluster by dataset, largest first, one panel a space."""
    longest = max(len(table) for table in called.values())
    figure, panels = plt.subplots(1, len(called), figsize=(5 * len(called), 0.34 * longest + 1.2), squeeze=False)
    for axes, (space, table) in zip(panels[0], called.items(), strict=True):
        labels = list(map(_label, table["cluster"], table["name"]))
        before = np.zeros(len(table))
        for i, column in enumerate(name for name in table.columns if name.startswith("clips_")):
            values = table[column].to_numpy(dtype=float)
            axes.barh(labels, values, left=before, color=style.CYCLE[i], label=column.removeprefix("clips_"))
            before += values
        axes.invert_yaxis()
        axes.set(title=space, xlabel="clips")
        axes.grid(axis="y", visible=False)
        axes.tick_params(axis="y", labelsize=9)
    panels[0][-1].legend(loc="lower right", fontsize=9)
    return Drawing(figure, sentences.sizes(called), stacked(called))


def density(found: Density) -> Drawing:
    """Size and radius of centroids, and of the tree's clusters, against how far apart clips lie there."""
    spaces = list(dict.fromkeys(found.clusters["space"]))
    figure, panels = plt.subplots(2, len(spaces), figsize=(5.2 * len(spaces), 6.4), squeeze=False, sharex="col")
    looks = {UNIFORM: (style.GREY, "x", 14), CENTROIDS: (style.BLUE, "o", 14), TWO_STEPS: (style.ORANGE, "^", 44)}
    for column, space in zip(panels.T, spaces, strict=True):
        for axes, what, label in zip(column, ("size", "radius"), ("clips", "radius"), strict=True):
            for name, (colour, marker, area) in looks.items():
                some = found.clusters.query("space == @space and method == @name")
                look = {"color": colour, "marker": marker, "s": area, "lw": 0.8, "alpha": 0.75}
                axes.scatter(some["clip_spacing"], some[what], label=name, **look)
            axes.set(ylabel=label, yscale="log" if what == "size" else "linear")
        column[0].set(title=space)
        column[1].set(xlabel="median distance to the tenth neighbour")
    panels[0][0].legend(fontsize=9)
    return Drawing(figure, sentences.density(found), found.clusters)


def contingency(agreed: Agreement, called: Mapping[str, pd.DataFrame]) -> Drawing:
    """Where the clips of each text cluster lie among the motion clusters, as shares of the text cluster."""
    table = agreed.table
    like = table.to_numpy().argmax(axis=0)
    table = table.iloc[:, np.lexsort((-table.to_numpy().max(axis=0), like))]
    shares = table.to_numpy() / table.to_numpy().sum(axis=1, keepdims=True)
    figure, axes = plt.subplots(figsize=(0.55 * table.shape[1] + 4, 0.38 * table.shape[0] + 2.4))
    image = axes.imshow(shares, cmap="Blues", vmin=0, vmax=1, aspect="auto")
    for row, column in np.ndindex(*shares.shape):
        if shares[row, column] >= 0.05:
            ink = "white" if shares[row, column] > 0.6 else "black"
            axes.text(column, row, f"{100 * shares[row, column]:.0f}", ha="center", va="center", fontsize=8, color=ink)
    names = {space: frame.set_index("cluster")["name"] for space, frame in called.items()}
    axes.set_yticks(range(len(table)), [_label(i, names["text"][i]) for i in table.index.to_numpy()], fontsize=9)
    axes.set_xticks(
        range(table.shape[1]),
        [_label(i, names["motion"][i]) for i in table.columns.to_numpy()],
        rotation=60,
        ha="right",
        fontsize=8,
    )
    axes.set(xlabel="cluster of motion latents", ylabel="cluster of text latents")
    axes.grid(visible=False)
    figure.colorbar(image, ax=axes, label="share of the text cluster")
    return Drawing(figure, sentences.contingency(agreed), crossed(agreed.table))


def middles(exemplars: pd.DataFrame, corpora: Mapping[str, Corpus], called: pd.DataFrame) -> Drawing:
    """The motion nearest to the middle of each cluster, as stick figures; nothing where none may be drawn."""
    first = exemplars[exemplars["rank"] == 1].reset_index(drop=True)
    if first.empty:
        return Drawing(None)
    lines = -(-len(first) // 3)
    figure, panels = plt.subplots(lines, 3, figsize=(9.6, 1.7 * lines), squeeze=False)
    for rest in panels.flat[len(first) :]:
        rest.axis("off")
    for i, row in enumerate(records(first)):
        strip(corpora[row["key"]].joints(row["clip_id"]), n=6, ax=panels.flat[i], legend=i == 0)
        panels.flat[i].set_title(_label(row["cluster"], row["name"]), fontsize=10)
    return Drawing(figure, sentences.middles(called))


def middles_played(
    exemplars: pd.DataFrame, corpora: Mapping[str, Corpus], space: str, *, public: Collection[str], notes: bool
) -> Players:
    """Players of the same motions; arguments as `lib.draw.exhibits.Players.of_clips` takes them."""
    label = "The clip in the middle of each cluster"
    return Players.of_clips(corpora, two_spaces.middles(exemplars, space), public=public, notes=notes, label=label)


def growth(measured: pd.DataFrame, expected: pd.DataFrame) -> Drawing:
    """Time and memory of one tree over all clips and of the two steps, measured and extrapolated."""
    figure, panels = plt.subplots(1, 2, figsize=(11, 4))
    for axes, what, unit in zip(
        panels, ("seconds", "gigabytes"), ("seconds of one core", "GB beyond the clips"), strict=True
    ):
        for i, (way, table) in enumerate(measured.groupby("way", sort=False)):
            look = {"color": style.CYCLE[i], "marker": style.MARKERS[i]}
            table = table.sort_values("clips")
            end = expected[expected["way"] == way].iloc[0]
            dotted = ([table["clips"].iloc[-1], end["clips"]], [table[what].iloc[-1], end[what]])
            axes.plot(*dotted, ls=":", color=look["color"], zorder=1)
            axes.plot(dotted[0][1:], dotted[1][1:], ls="", mfc="white", label=f"{way}, extrapolated", **look)
            axes.plot(table["clips"], table[what], label=f"{way}, measured", **look)
        axes.set(xlabel="clips", ylabel=unit, xscale="log", yscale="log")
    panels[0].legend(fontsize=9)
    return Drawing(figure, sentences.growth(expected), measured)


def mix(table: pd.DataFrame) -> Drawing:
    """The verbs of training captions, as the data is and as drawn."""
    figure, axes = plt.subplots(figsize=(7, 0.34 * len(table) + 1.2))
    y = np.arange(len(table))
    axes.hlines(y, 100 * table["data"], 100 * table["drawn"], color=style.GREY, lw=1)
    for i, (column, label) in enumerate((("data", "as the data is"), ("drawn", "as drawn"))):
        axes.scatter(100 * table[column], y, color=style.CYCLE[i], marker=style.MARKERS[i], label=label, zorder=3)
    axes.set_yticks(y, table["verb"])
    axes.invert_yaxis()
    axes.set(xlabel="% of verb occurrences in training captions")
    axes.legend()
    return Drawing(figure, sentences.mix(table), table)


def draws(made: SamplingWeights, called: pd.DataFrame) -> Drawing:
    """Each cluster's share of the training clips and of the draws."""
    table = made.clusters.merge(called[["cluster", "name"]], on="cluster")
    figure, axes = plt.subplots(figsize=(7.5, 0.4 * len(table) + 1.2))
    y = np.arange(len(table))
    for i, (column, label) in enumerate((("data_share", "as the data is"), ("draw_share", "as drawn"))):
        axes.barh(y + 0.2 * (2 * i - 1), 100 * table[column], height=0.38, color=style.CYCLE[i], label=label)
    axes.set_yticks(y, [*map(_label, table["cluster"], table["name"])], fontsize=9)
    axes.invert_yaxis()
    axes.set(xlabel="% of training clips, and of draws")
    axes.grid(axis="y", visible=False)
    axes.legend()
    return Drawing(figure, sentences.draws(made), exported(made, called))


def _label(cluster: int, name: str) -> str:
    """The number of a cluster and, where the font has its letters, its name."""
    return f"{int(cluster) + 1}  {style.drawable(name, '')}".rstrip()
