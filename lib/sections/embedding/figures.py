"""Figures of 04: how TMR was trained, where text and motion lie, and how retrieval fares."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.ticker import LogLocator

from lib.draw import style
from lib.draw.exhibits import Drawing
from lib.metrics.directions import Floats
from lib.metrics.intervals import percent
from lib.sections.embedding import sentences
from lib.sections.embedding.modality_gap import LABELS

MODALITIES = {"text": (style.BLUE, "o"), "motion": (style.ORANGE, "^")}
LOSSES = {"recons": "reconstruction", "contrastive": "contrastive (InfoNCE)"}


def training(log: pd.DataFrame | None) -> Drawing:
    """Losses on the train split and R@1 on the validation split by epoch; nothing is drawn of a run made elsewhere."""
    if log is None:
        return Drawing(None)
    figure, panels = plt.subplots(1, 3, figsize=(11, 3.4))
    for i, (name, label) in enumerate(LOSSES.items()):
        panels[i].plot(log["epoch"] + 1, log[name], color=style.BLUE, marker="o", ms=4)
        panels[i].set(title=label, xlabel="epoch", ylabel="loss, train split", ylim=(0, None))
    for i, (way, label) in enumerate((("t2m/R@1", "text to motion"), ("m2t/R@1", "motion to text"))):
        kept = {"color": style.CYCLE[i], "marker": style.MARKERS[i], "ls": style.DASHES[i]}
        panels[2].plot(log["epoch"] + 1, log[way], ms=4, label=label, **kept)
    panels[2].axhline(100 / 32, color=style.GREY, ls=":", label="chance")
    panels[2].set(title="validation R@1 among 32", xlabel="epoch", ylabel="%", ylim=(0, None))
    panels[2].legend(fontsize=8)
    return Drawing(figure, sentences.training(log), log)


def joint_plane(points: pd.DataFrame, shares: Mapping[str, float], *, lines: int = 40, most: int = 500) -> Drawing:
    """Text and motion of each corpus along the difference of their centroids, as observed and by chance.

    Dashed lines stand at the centroids; above each plane lies the distribution of either modality along that axis.

    Args:
        points: from `modality_gap.drawn`; nothing is drawn of none.
        shares: by corpus, the share of variance of the vertical axis.
        lines: pairs joined by a line, the first ones.
        most: pairs drawn, the first ones; centroids and distributions are those of all.
    """
    if points.empty:
        return Drawing(None)
    size = (max(5.5, 4 * len(shares)), 7.4)
    figure, panels = plt.subplots(4, len(shares), figsize=size, squeeze=False, sharex="col", height_ratios=(1, 3, 1, 3))
    for column, name in zip(panels.T, shares, strict=True):
        own = points[points["corpus"] == name]
        bins = np.linspace(own["x"].min(), own["x"].max(), 31)
        for top, axes, labels in zip(column[::2], column[1::2], LABELS, strict=True):
            some = own[own["labels"] == labels]
            wide = some[some["pair"] < lines].pivot(index="pair", columns="modality", values=["x", "y"])
            axes.plot(wide["x"].T.to_numpy(), wide["y"].T.to_numpy(), color=style.GREY, lw=0.6, alpha=0.7, zorder=1)
            for modality, (colour, marker) in MODALITIES.items():
                one = some[some["modality"] == modality]
                few = one[one["pair"] < most]
                axes.scatter(few["x"], few["y"], c=colour, marker=marker, s=9, alpha=0.6, lw=0, label=modality)
                top.hist(one["x"], bins=list(bins), histtype="step", color=colour, lw=1.6)
                for panel in (top, axes):
                    panel.axvline(one["x"].mean(), color=colour, ls="--", lw=1.4, zorder=3)
            top.set_title(f"{name}, {labels}\n{sentences.shift(some)}", fontsize=9)
            top.set(yticks=[], ylim=(0, None))
            axes.set_ylim(own["y"].min() - 0.05, own["y"].max() + 0.05)
            axes.tick_params(labelsize=8)
        column[1].set_ylabel(f"first component across it\n({percent(shares[name], 0)} of variance)", fontsize=8)
        column[3].set_ylabel("first component across it", fontsize=8)
        column[3].set_xlabel("along the difference of centroids", fontsize=8)
    panels[1][0].legend(fontsize=8, loc="upper left", handletextpad=0.2, borderpad=0.3)
    return Drawing(figure, sentences.plane(points), points)


def cosines(table: pd.DataFrame | None, gaps: pd.DataFrame) -> Drawing:
    """Distribution of the cosine of matched and of mismatched pairs.

    Args:
        table: ``corpus, pairs, cosine``; nothing is drawn of None.
        gaps: from `modality_gap.gaps`, for the means that the alternative text states.
    """
    if table is None:
        return Drawing(None)
    corpora = table["corpus"].unique()
    figure, panels = plt.subplots(1, len(corpora), figsize=(5 * len(corpora), 3.4), squeeze=False, sharey=True)
    bins = np.linspace(min(-0.2, table["cosine"].min()), 1, 50)
    for axes, name in zip(panels[0], corpora, strict=True):
        for i, pairs in enumerate(("matched", "mismatched")):
            some = table.query("corpus == @name and pairs == @pairs")["cosine"]
            looks = {"color": style.CYCLE[i], "ls": style.DASHES[i], "lw": 1.8}
            axes.hist(some, bins=bins, density=True, histtype="step", label=pairs, **looks)
        axes.set(title=name, xlabel="cosine of text and motion", ylabel="density")
        axes.legend(fontsize=9, loc="upper left")
    return Drawing(figure, sentences.cosines(gaps), table)


def classes(table: pd.DataFrame, keywords: Mapping[str, Sequence[str]], separability: pd.DataFrame | None) -> Drawing:
    """The keyword classes in the plane of each space: a row of panels a corpus and space, a panel a class.

    The first panel of a row lays the classes over one another, each as the ellipse that holds half of a normal
    distribution of its mean and covariance. In the others one class stands out of all clips.

    Args:
        table: ``corpus, space, class, x, y``.
        keywords: of each corpus.
        separability: from `keyword_classes.separable`, for the alternative text.
    """
    corpora = list(table["corpus"].unique())
    rows = [(name, space) for name in corpora for space in ("text", "motion")]
    most = max(len(keywords[name]) for name in corpora)
    size = (1.6 * (1 + most), 1.62 * len(rows) + 0.2)
    figure, panels = plt.subplots(len(rows), 1 + most, figsize=size, squeeze=False)
    for row, (name, space) in zip(panels, rows, strict=True):
        some = table.query("corpus == @name and space == @space")
        for axes in row:
            axes.scatter(some["x"], some["y"], c="#c8c8c8", s=2, lw=0, rasterized=True)
            axes.set(xticks=[], yticks=[], xlim=_reach(some["x"]), ylim=_reach(some["y"]))
        row[0].set_ylabel(f"{name}\n{space}", fontsize=8)
        for i, keyword in enumerate(keywords[name]):
            one, colour, marker = some[some["class"] == keyword], style.CYCLE[i % 4], style.MARKERS[i % 4]
            row[i + 1].scatter(one["x"], one["y"], c=colour, s=6, lw=0, marker=marker, rasterized=True)
            for axes in (row[0], row[i + 1]):
                axes.plot(*_half(one[["x", "y"]].to_numpy()), color=colour, ls=style.DASHES[i % 4], lw=1.8)
            row[i + 1].set_title(f"{keyword} ({len(one):,})", fontsize=8, color=colour, pad=3)
        row[0].set_title("half of each class", fontsize=8, pad=3)
        for axes in row[1 + len(keywords[name]) :]:
            axes.set_visible(False)
    return Drawing(figure, sentences.classes(separability, keywords), table)


def recalls(table: pd.DataFrame) -> Drawing:
    """R@1, R@3 and R@10 of every protocol and direction with intervals, a row of panels a corpus.

    Args:
        table: as `lib.sections.embedding.embedding.interval_table` gives it, leak-free clips first; nothing is drawn of
            one without rows.
    """
    if table.empty:
        return Drawing(None)
    corpora, measures = list(table["corpus"].unique()), ("R@1", "R@3", "R@10")
    labels = table["protocol"] + ", " + table["clips"] + " clips"
    lines = [labels[table["corpus"] == name].nunique() for name in corpora]
    figure, panels = plt.subplots(
        len(corpora),
        3,
        figsize=(11, 0.45 * sum(lines) + 1.1 * len(corpora) + 0.3),
        squeeze=False,
        sharey="row",
        height_ratios=lines,
    )
    for row, name in zip(panels, corpora, strict=True):
        for axes, measure in zip(row, measures, strict=True):
            some = table.assign(label=labels).query("corpus == @name and measure == @measure")
            order = list(dict.fromkeys(some["label"]))
            for i, (way, one) in enumerate(some.groupby("direction", sort=False)):
                y = np.array([order.index(label) for label in one["label"]]) + 0.22 * (i - 0.5)
                axes.hlines(y, one["low"], one["high"], color=style.CYCLE[i], lw=2)
                axes.scatter(one["value"], y, color=style.CYCLE[i], marker=style.MARKERS[i], s=34, zorder=3, label=way)
            if measure == "R@1":
                chance = some.drop_duplicates("label")["chance"]
                axes.scatter(chance, range(len(order)), color=style.GREY, marker="|", s=160, label="chance")
            axes.set_yticks(range(len(order)), order)
            axes.set(title=f"{name}: {measure}", xlabel="%", xlim=(0, 100), ylim=(len(order) - 0.5, -0.5))
    figure.legend(*panels[0][0].get_legend_handles_labels(), loc="outside lower center", ncols=3, fontsize=9)
    return Drawing(figure, sentences.recalls(table), table)


def gallery(table: pd.DataFrame | None) -> Drawing:
    """Recall against gallery size with the chance line, one panel a corpus and direction; nothing of no table."""
    if table is None:
        return Drawing(None)
    groups = list(table.groupby(["corpus", "direction"], sort=False))
    rows = -(-len(groups) // 2)
    figure, panels = plt.subplots(rows, 2, figsize=(10, 3.5 * rows), squeeze=False, sharey=True)
    for axes, ((corpus, direction), some) in zip(panels.ravel(), groups, strict=False):
        for i, (k, one) in enumerate(some.groupby("k")):
            looks = {"color": style.CYCLE[i], "marker": style.MARKERS[i], "ms": 4}
            axes.plot(one["size"], one["recall"], label=f"R@{k}", **looks)
            axes.fill_between(one["size"], one["low"], one["high"], color=style.CYCLE[i], alpha=0.18, lw=0)
            axes.plot(one["size"], one["chance"], color=style.CYCLE[i], ls=":", lw=1)
        axes.set(title=f"{corpus}: {direction}", xlabel="clips in the gallery", ylabel="%", xscale="log", ylim=(0, 102))
        axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axes.xaxis.set_major_formatter("{x:,g}")
        axes.xaxis.set_minor_formatter("")  # on a short axis these would collide
    panels[0][0].legend(title="dotted: chance", fontsize=8)
    return Drawing(figure, sentences.gallery(table), table)


def _reach(values: pd.Series) -> tuple[float, float]:
    """The range of some values and a little beyond."""
    low, high = float(values.min()), float(values.max())
    return low - 0.04 * (high - low), high + 0.04 * (high - low)


def _half(place: Floats) -> Floats:
    """The ellipse (2, 73) that holds half of a normal distribution of the mean and covariance of points (n, 2)."""
    if len(place) < 3:
        return np.empty((2, 0))
    variances, directions = np.linalg.eigh(np.cov(place.T))
    angles = np.linspace(0, 2 * np.pi, 73)
    circle = np.stack([np.cos(angles), np.sin(angles)]) * np.sqrt(2 * np.log(2))  # the median radius of two normals
    reach = np.sqrt(np.maximum(variances, 0))[:, None] * circle
    return np.asarray(place.mean(axis=0)[:, None] + directions @ reach)
