"""Figures of 02: which verbs dominate, and which tell the corpora apart."""

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from lib.draw import style
from lib.metrics.actions import ActionCounts


def top_bars(tables: Mapping[str, pd.DataFrame]) -> Figure:
    """The most frequent verbs of each corpus with intervals, one panel a corpus.

    Args:
        tables: by corpus, rows ``verb, share, low, high``, most frequent first.
    """
    longest = max(len(table) for table in tables.values())
    figure, panels = plt.subplots(
        1, len(tables), figsize=(max(5.5, 4.6 * len(tables)), 0.24 * longest + 1), squeeze=False
    )
    for i, (axes, (name, table)) in enumerate(zip(panels[0], tables.items(), strict=True)):
        errors = np.clip([table["share"] - table["low"], table["high"] - table["share"]], 0, None)
        axes.barh(table["verb"], 100 * table["share"], xerr=100 * errors, color=style.CYCLE[i], error_kw={"lw": 1})
        axes.set(title=name, xlabel="% of verb occurrences")
        axes.margins(y=0.01)
        axes.invert_yaxis()
        axes.grid(axis="y", visible=False)
    return figure


def top_pies(counts: Mapping[str, ActionCounts], n: int, *, named: int = 8) -> Figure:
    """The n most frequent verbs of each corpus as pies; the most frequent carry their names, the rest is one slice."""
    figure, panels = plt.subplots(1, len(counts), figsize=(5.2 * len(counts), 5), squeeze=False)
    for axes, (name, one) in zip(panels[0], counts.items(), strict=True):
        shares = one.shares
        top, rest = shares.head(n), float(shares.iloc[n:].sum())
        labels = [verb if i < named else "" for i, verb in enumerate(top.index)]
        slices = [*top, *([rest] if rest > 0 else [])]
        names = [*labels, *([f"all {len(shares) - n:,} others"] if rest > 0 else [])]
        colours = [style.CYCLE[i % 4] for i in range(len(top))] + [style.GREY] * (rest > 0)
        wedges = {"edgecolor": "white", "linewidth": 0.6}
        axes.pie(
            slices,
            labels=names,
            colors=colours,
            startangle=90,
            counterclock=False,
            wedgeprops=wedges,
            textprops={"fontsize": 9},
        )
        axes.set_title(f"{name}: top {len(top)} of {len(shares):,} verbs")
    return figure


def coverage(counts: Mapping[str, ActionCounts]) -> Figure:
    """Share of verb occurrences covered by the k most frequent verbs."""
    figure, axes = plt.subplots(figsize=(7, 4))
    for i, (name, one) in enumerate(counts.items()):
        covered = one.shares.cumsum().to_numpy()
        axes.plot(
            np.arange(1, len(covered) + 1),
            covered,
            color=style.CYCLE[i],
            ls=style.DASHES[i],
            label=f"{name} ({len(covered):,} verbs)",
        )
    axes.set(xlabel="most frequent verbs", ylabel="share of verb occurrences", xscale="log", ylim=(0, 1.02))
    axes.legend()
    return figure


def log_odds(table: pd.DataFrame | None, n: int, names: tuple[str, ...]) -> Figure | None:
    """The n verbs most typical of either corpus, with intervals."""
    if table is None:
        return None
    ends = pd.concat([table.head(n), table.tail(n)]).drop_duplicates("verb")
    colours = [style.CYCLE[0] if odds > 0 else style.CYCLE[1] for odds in ends["log_odds"]]
    figure, axes = plt.subplots(figsize=(7.5, 0.24 * len(ends) + 1.2))
    y = np.arange(len(ends))
    axes.hlines(y, ends["low"], ends["high"], colors=colours)
    axes.scatter(ends["log_odds"], y, c=colours, s=28, zorder=3)
    axes.axvline(0, color=style.GREY, lw=1)
    axes.set_yticks(y, ends["verb"])
    axes.invert_yaxis()
    axes.margins(y=0.02)
    axes.set(xlabel=f"log-odds ratio (right: typical of {names[0]}, left: typical of {names[-1]})")
    return figure
