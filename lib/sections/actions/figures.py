"""Figures of 02: which verbs dominate, and which distinguish the corpora."""

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from lib.draw import style
from lib.draw.exhibits import Drawing
from lib.sections.actions import sentences


def top_bars(shares: pd.DataFrame, n: int) -> Drawing:
    """The n most frequent verbs of each corpus with intervals, one panel a corpus.

    Args:
        shares: from `lib.sections.actions.action_mix.shares`.
        n: verbs a corpus.
    """
    table = shares[shares["rank"] <= n]
    corpora = table.groupby("corpus", sort=False)
    size = (max(5.5, 4.6 * corpora.ngroups), 0.24 * table["rank"].max() + 1)
    figure, panels = plt.subplots(1, corpora.ngroups, figsize=size, squeeze=False)
    for i, (axes, (name, rows)) in enumerate(zip(panels[0], corpora, strict=True)):
        errors = np.clip([rows["share"] - rows["low"], rows["high"] - rows["share"]], 0, None)
        axes.barh(rows["verb"], 100 * rows["share"], xerr=100 * errors, color=style.CYCLE[i], error_kw={"lw": 1})
        axes.set(title=name, xlabel="% of verb occurrences")
        axes.margins(y=0.01)
        axes.invert_yaxis()
        axes.grid(axis="y", visible=False)
    return Drawing(figure, sentences.bars(table), table)


def top_pies(shares: pd.DataFrame, n: int, *, named: int = 8) -> Drawing:
    """The n most frequent verbs of each corpus as pies; the most frequent carry their names, the rest is one slice."""
    corpora = shares.groupby("corpus", sort=False)
    figure, panels = plt.subplots(1, corpora.ngroups, figsize=(5.2 * corpora.ngroups, 5), squeeze=False)
    for axes, (name, rows) in zip(panels[0], corpora, strict=True):
        top, others = rows.head(n), rows.iloc[n:]
        labels = [verb if i < named else "" for i, verb in enumerate(top["verb"])]
        slices, colours = list(top["share"]), [style.CYCLE[i % 4] for i in range(len(top))]
        if len(others):
            slices, colours = [*slices, float(others["share"].sum())], [*colours, style.GREY]
            labels.append(f"all {len(others):,} others")
        look = {"wedgeprops": {"edgecolor": "white", "linewidth": 0.6}, "textprops": {"fontsize": 9}}
        axes.pie(slices, labels=labels, colors=colours, startangle=90, counterclock=False, **look)
        axes.set_title(f"{name}: top {len(top)} of {len(rows):,} verbs", y=0.95)  # above the box it would be cut
    return Drawing(figure, sentences.pies(shares, n), _cumulative(shares))


def coverage(shares: pd.DataFrame, concentration: pd.DataFrame) -> Drawing:
    """Share of verb occurrences that the k most frequent verbs cover.

    Args:
        shares: from `lib.sections.actions.action_mix.shares`.
        concentration: from `lib.sections.actions.action_mix.concentration`.
    """
    table = _cumulative(shares)
    figure, axes = plt.subplots(figsize=(7, 4))
    for i, (name, rows) in enumerate(table.groupby("corpus", sort=False)):
        label = f"{name} ({len(rows):,} verbs)"
        axes.plot(rows["rank"], rows["cumulative_share"], color=style.CYCLE[i], ls=style.DASHES[i], label=label)
    axes.set(xlabel="most frequent verbs", ylabel="share of verb occurrences", xscale="log", ylim=(0, 1.02))
    axes.legend()
    return Drawing(figure, sentences.coverage(concentration), table)


def log_odds(contrast: pd.DataFrame | None, n: int, names: Sequence[str]) -> Drawing:
    """The n verbs most typical of either of two corpora, with intervals.

    Args:
        contrast: from `lib.sections.actions.action_mix.contrast`, or None where there is one corpus.
        n: verbs of either.
        names: of the corpora.
    """
    if contrast is None:
        return Drawing(None)
    ends = pd.concat([contrast.head(n), contrast.tail(n)]).drop_duplicates("verb")
    colours = [style.CYCLE[0] if odds > 0 else style.CYCLE[1] for odds in ends["log_odds"]]
    figure, axes = plt.subplots(figsize=(7.5, 0.24 * len(ends) + 1.2))
    y = np.arange(len(ends))
    axes.hlines(y, ends["low"], ends["high"], colors=colours)
    axes.scatter(ends["log_odds"], y, c=colours, s=28, zorder=3)
    axes.axvline(0, color=style.GREY, lw=1)
    axes.set_yticks(y, ends["verb"])
    axes.invert_yaxis()
    axes.margins(y=0.02)
    axes.set(xlabel=f"log-odds ratio (right: typical of {names[0]}, left: typical of {names[1]})")
    return Drawing(figure, sentences.log_odds(contrast, names), contrast)


def _cumulative(shares: pd.DataFrame) -> pd.DataFrame:
    summed = shares.groupby("corpus", sort=False)["share"].cumsum()
    return shares[["corpus", "rank", "verb", "count", "share"]].assign(cumulative_share=summed)
