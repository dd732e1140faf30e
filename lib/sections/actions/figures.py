"""Figures of 02: which actions dominate, and which distinguish the corpora."""

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.colors import LinearSegmentedColormap, to_hex, to_rgb

from lib.draw import style
from lib.draw.exhibits import Drawing
from lib.metrics.intervals import percent
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
        axes.set(title=name, xlabel="% of action verbs")
        axes.margins(y=0.01)
        axes.invert_yaxis()
        axes.grid(axis="y", visible=False)
    return Drawing(figure, sentences.bars(table), table)


def top_pies(shares: pd.DataFrame, n: int) -> Drawing:
    """The n most frequent actions of each corpus: a named bar for each, and the same as slices of a small pie.

    Slices follow the bars clockwise from the top, and a slice has the shade of its bar; all other actions are one grey
    slice.

    Args:
        shares: from `lib.sections.actions.action_mix.shares`.
        n: actions a corpus.
    """
    corpora = shares.groupby("corpus", sort=False)
    rows_drawn = min(n, int(shares["rank"].max()))
    size = (max(5.5, 4 * corpora.ngroups), 0.15 * rows_drawn + 0.9)
    figure, panels = plt.subplots(1, corpora.ngroups, figsize=size, squeeze=False)
    for i, (axes, (name, rows)) in enumerate(zip(panels[0], corpora, strict=True)):
        top, others = rows.head(n), rows.iloc[n:]
        shades = _shades(style.CYCLE[i], len(top))
        errors = np.clip([top["share"] - top["low"], top["high"] - top["share"]], 0, None)
        axes.barh(top["verb"], 100 * top["share"], xerr=100 * errors, color=shades, error_kw={"lw": 0.8})
        axes.set_title(f"{name}: {len(top)} of {len(rows):,} actions", fontsize=10)
        axes.set_xlabel("% of action verbs", fontsize=8)
        axes.set_xlim(0, 100 * max(top["high"].max(), top["share"].max()) * 1.02)
        axes.set_ylim(len(top) - 0.4, -0.6)
        axes.tick_params(labelsize=7.6, pad=1)
        axes.grid(axis="y", visible=False)
        pie = axes.inset_axes((0.38, 0.04, 0.62, 0.48))
        slices, colours = [*top["share"], float(others["share"].sum())], [*shades, style.GREY]
        look = {"edgecolor": "white", "linewidth": 0.3}
        pie.pie(np.array(slices) / sum(slices), colors=colours, startangle=90, counterclock=False, wedgeprops=look)
        pie.set_title(_parts(top, others), fontsize=7.6, pad=2, backgroundcolor="white")
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
        label = f"{name} ({len(rows):,} actions)"
        axes.plot(rows["rank"], rows["cumulative_share"], color=style.CYCLE[i], ls=style.DASHES[i], label=label)
    axes.set(xlabel="most frequent actions", ylabel="share of action verbs", xscale="log", ylim=(0, 1.02))
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


def _shades(colour: str, n: int) -> list[str]:
    """A colour from dark to light, one shade for each of n ranks."""
    ends = [tuple(weight * np.array(to_rgb(colour)) + add) for weight, add in ((0.6, 0.0), (0.45, 0.55))]
    return [to_hex(shade) for shade in LinearSegmentedColormap.from_list("ranks", ends)(np.linspace(0, 1, n))]


def _parts(top: pd.DataFrame, others: pd.DataFrame) -> str:
    """What the slices of a pie are."""
    rest = f"\ngrey: {len(others):,} others, {percent(others['share'].sum(), 0)}" if len(others) else ""
    return f"these {len(top)}: {percent(top['share'].sum(), 0)}{rest}"


def _cumulative(shares: pd.DataFrame) -> pd.DataFrame:
    summed = shares.groupby("corpus", sort=False)["share"].cumsum()
    return shares[["corpus", "rank", "verb", "count", "share"]].assign(cumulative_share=summed)
