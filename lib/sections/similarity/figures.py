"""Figures of 01: how close test captions come to training captions, and how clips share sources."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.ticker import LogLocator, MaxNLocator

from lib.draw import style
from lib.draw.exhibits import Drawing
from lib.metrics.duplicates import Duplicates
from lib.sections.similarity import contamination, sentences
from lib.sections.similarity.text_leak import HeldOut, TextLeak


def ecdf(leaks: Mapping[str, TextLeak], held: HeldOut, thresholds: Sequence[float]) -> Drawing:
    """Share of captions whose nearest training caption is at least this close, on both scales.

    Args:
        leaks: a line an audit.
        held: the recordings held out of training, the last line.
        thresholds: bounds on either scale, marked on the upper axis.

    Returns:
        The figure; its data are ``line, cosine, share_at_or_above``.
    """
    cosines = sentences.lines(leaks, held)
    figure, axes = plt.subplots()
    lowest = min(float(values.min()) for values in cosines.values() if len(values))
    grid = np.linspace(max(-1.0, lowest), 1.0, 201)
    rows = []
    for i, (name, values) in enumerate(cosines.items()):
        if len(values):
            sns.ecdfplot(
                x=values,
                complementary=True,
                ax=axes,
                color=style.CYCLE[i],
                ls=style.DASHES[i],
                label=f"{name} (N = {len(values):,})",
            )
            at = 1 - np.searchsorted(np.sort(values), grid, side="left") / len(values)
            rows.append(pd.DataFrame({"line": name, "cosine": grid, "share_at_or_above": at}))
    bounds = contamination.raw_cosines(thresholds)
    for bound in bounds:
        axes.axvline(bound, color=style.GREY, lw=1, ls=":")
    left = min(float(np.quantile(values, 0.005)) for values in cosines.values() if len(values))
    axes.set(xlabel="cosine to the nearest training caption", ylabel="share of captions at or above")
    axes.set(xlim=(left - 0.01, 1.005), ylim=(0, 1))
    other = axes.secondary_xaxis("top")
    other.set_xticks(bounds, [f"{(bound + 1) / 2:g}" for bound in bounds])
    other.set_xlabel("bounds as (cosine + 1)/2")
    figure.legend(loc="outside lower center", ncols=2, fontsize=10)
    alt = sentences.ecdf(next(iter(leaks.values())), held)
    return Drawing(figure, alt, pd.concat(rows, ignore_index=True))


def leak_bars(leaks: Mapping[str, TextLeak]) -> Drawing:
    """Shares of test clips and captions with a near-duplicate, with intervals, mirrors left out."""
    summary = pd.concat([leak.summary for leak in leaks.values()], ignore_index=True)
    table = summary[summary["mirrors"] == "without"]
    pairs = table.groupby(["test", "train"], sort=False)
    figure, panels = plt.subplots(
        1, pairs.ngroups, figsize=(max(6.0, 1.6 + 2.6 * pairs.ngroups), 4.4), sharey=True, squeeze=False
    )
    for axes, ((test, train), part) in zip(panels[0], pairs, strict=True):
        labels = [f"{s}\n≥ {t:g}" for s, t in part[["scale", "threshold"]].drop_duplicates().itertuples(index=False)]
        for i, (unit, rows) in enumerate(part.groupby("unit", sort=False)):
            y = np.arange(len(rows)) + (i - 0.5) * 0.36
            errors = np.clip([rows["share"] - rows["low"], rows["high"] - rows["share"]], 0, None)
            look = {"color": style.CYCLE[i], "hatch": ["", "///"][i], "label": f"by {unit}", "capsize": 3}
            axes.barh(y, 100 * rows["share"], 0.34, xerr=100 * errors, **look)
        clips = int(part.loc[part["unit"] == "clip", "n"].iloc[0])
        axes.set(title=f"{test} test\n({clips:,} clips),\n{train} train", xlim=(0, 100), xlabel="% near-duplicate")
        axes.set_yticks(range(len(labels)), labels)
        axes.set_xticks(range(0, 100, 20))
        axes.grid(axis="y", visible=False)
    panels[0][0].invert_yaxis()
    figure.legend(*panels[0][0].get_legend_handles_labels(), loc="outside lower center", ncols=2)
    return Drawing(figure, sentences.bars(leaks), summary)


def group_sizes(found: Mapping[str, Duplicates]) -> Drawing:
    """How many near-duplicate groups there are of each size (in clips), with the plotted counts."""
    counted = [
        pd.Series(audit.info["sizes"], dtype=int)
        .value_counts()
        .sort_index()
        .rename_axis("clips")
        .reset_index(name="groups")
        for audit in found.values()
    ]
    table = pd.concat([part.assign(corpus=name) for name, part in zip(found, counted, strict=True)], ignore_index=True)
    if table.empty:
        return Drawing(None, sentences.groups(found), table)
    figure, axes = plt.subplots(figsize=(7, 3.6))
    for i, (name, part) in enumerate(zip(found, counted, strict=True)):
        axes.semilogy(part["clips"], part["groups"], style.MARKERS[i], color=style.CYCLE[i], alpha=0.8, label=name)
    axes.set(
        xlabel="clips in the group", ylabel="number of groups", xscale="log" if table["clips"].max() > 30 else "linear"
    )
    axes.xaxis.set_major_locator(MaxNLocator(integer=True) if table["clips"].max() <= 30 else LogLocator())
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter("{x:g}")
    axes.legend()
    return Drawing(figure, sentences.groups(found), table)
