"""Figures of 03: recall by captioner, its differences, its fall with the gallery, and what respondents preferred."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import NullLocator, StrMethodFormatter

from lib.draw import style
from lib.draw.exhibits import Drawing
from lib.metrics.rank_correlation import RankCorrelation
from lib.sections.captioners import sentences
from lib.sections.captioners.compared_captions import ComparedCaptions
from lib.sections.captioners.metrics.paired_retrieval import video_to_text_r1
from lib.sections.captioners.picture import ExampleItem, item_picture

WIDTH = 7.0
"""Inches of a figure: a page's column shows so many without shrinking them."""
NAMES_A_ROW = 3
"""Captioners in a row of a legend, which stands below what it explains."""
INTERVALS = (
    "95 % interval over respondents",
    "other interval: Wilson's for shares, over clips for abilities",
)
TICKS = 8
"""Sizes of a gallery that are labelled; they are evenly spaced on its logarithmic axis."""


def recalls(table: pd.DataFrame) -> Drawing:
    """R@k of every captioner in both directions with intervals, beside chance.

    Args:
        table: from `metrics.paired_retrieval.recalls`.
    """
    if table.empty:
        return Drawing(None)
    rows = table[table["measure"] != "MedR"]
    directions, names = rows["direction"].unique(), list(rows["captioner"].unique())
    figure, panels = plt.subplots(1, len(directions), figsize=(WIDTH, 4.0), sharey=True, squeeze=False)
    for axes, direction in zip(panels[0], directions, strict=True):
        panel = rows[rows["direction"] == direction]
        measures = list(panel["measure"].unique())
        for i, name in enumerate(names):
            x = np.arange(len(measures)) + 0.8 * (i + 0.5) / len(names) - 0.4
            _dots(axes, x, panel[panel["captioner"] == name], i, name)
        chance = panel.drop_duplicates("measure")["chance"]
        axes.hlines(chance, np.arange(len(measures)) - 0.45, np.arange(len(measures)) + 0.45, color=style.GREY, ls="--")
        axes.set_xticks(range(len(measures)), measures)
        axes.set(title=direction)
    panels[0][0].set(ylabel="recall, %", ylim=(0, 1.05 * rows["high"].max()))
    panels[0][-1].plot([], [], color=style.GREY, ls="--", label="chance")
    _legend(panels[0][-1])
    return Drawing(figure, sentences.recalls(table), table)


def differences(table: pd.DataFrame, tests: pd.DataFrame) -> Drawing:
    """Differences of video-to-text R@1 of every two captioners; filled where the test distinguishes them."""
    rows = video_to_text_r1(table)
    if rows.empty:
        return Drawing(None)
    rows = rows.merge(tests[["first", "second", "different"]], on=["first", "second"])
    figure, axes = plt.subplots(figsize=(WIDTH, 0.42 * len(rows) + 1.2))
    y = np.arange(len(rows))
    axes.hlines(y, rows["low"], rows["high"], color=style.BLUE)
    for different, face in ((True, style.BLUE), (False, "white")):
        at = rows["different"].astype(bool).to_numpy() == different
        label = "distinguished by the test" if different else "not distinguished"
        axes.scatter(rows["difference"][at], y[at], c=face, edgecolors=style.BLUE, s=42, zorder=3, label=label)
    axes.axvline(0, color=style.GREY, lw=1)
    axes.set_yticks(y, [f"{a} − {b}" for a, b in zip(rows["first"], rows["second"], strict=True)])
    axes.set(xlabel="difference of R@1, percentage points", ylim=(len(rows) - 0.5, -0.5))
    figure.legend(loc="outside lower center", ncols=2)
    return Drawing(figure, sentences.differences(tests))


def by_gallery(curves: pd.DataFrame) -> Drawing:
    """Expected R@1 against the size of the gallery, with intervals, beside chance."""
    if curves.empty:
        return Drawing(None)
    figure, axes = plt.subplots(figsize=(WIDTH, 4.2))
    for i, (name, curve) in enumerate(curves.groupby("captioner", sort=False)):
        colour = style.CYCLE[i % len(style.CYCLE)]
        axes.plot(
            curve["size"],
            curve["recall"],
            color=colour,
            ls=style.DASHES[i % len(style.DASHES)],
            marker=style.MARKERS[i % len(style.MARKERS)],
            ms=5,
            label=name,
        )
        axes.fill_between(curve["size"], curve["low"], curve["high"], color=colour, alpha=0.12, lw=0)
    chance = curves.drop_duplicates("size")
    axes.plot(chance["size"], chance["chance"], color=style.GREY, ls="--", label="chance")
    axes.set(xlabel="clips in the gallery", ylabel="video-to-text R@1, %", xscale="log", ylim=(0, None))
    sizes = chance["size"].tolist()
    axes.set_xticks(sizes[:: -(-len(sizes) // TICKS)], minor=False)
    axes.xaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    axes.xaxis.set_minor_locator(NullLocator())  # those of a short logarithmic axis are labelled and collide
    _legend(axes)
    return Drawing(figure, sentences.by_gallery(curves), curves)


def growth(table: pd.DataFrame) -> Drawing:
    """Distinct words against the number of captions, by captioner."""
    if table.empty:
        return Drawing(None)
    figure, axes = plt.subplots(figsize=(WIDTH, 4))
    for i, (name, curve) in enumerate(table.groupby("captioner", sort=False)):
        colour, dashes = style.CYCLE[i % len(style.CYCLE)], style.DASHES[i % len(style.DASHES)]
        axes.plot(curve["captions"], curve["words"], color=colour, ls=dashes, label=name)
    axes.set(xlabel="captions", ylabel="distinct words", ylim=(0, None))
    _legend(axes)
    return Drawing(figure, sentences.growth(table), table)


def preferences(shares: pd.DataFrame, abilities: pd.DataFrame) -> Drawing:
    """Shares of first places and abilities with both of their intervals, the captioner of highest ability on top."""
    if shares.empty:
        return Drawing(None)
    order = abilities["captioner"].tolist()
    shares = shares.set_index("captioner").loc[order].reset_index()
    figure, (left, right) = plt.subplots(1, 2, figsize=(WIDTH, 0.5 * len(order) + 2.4), sharey=True)
    for axes, table, value, scale, ends in (
        (left, shares, "share", 100, (("low", "high"), ("wilson_low", "wilson_high"))),
        (right, abilities, "ability", 1, (("low", "high"), ("clips_low", "clips_high"))),
    ):
        for i, (low, high) in enumerate(ends):
            y = np.arange(len(order)) + (0.12, -0.12)[i]
            axes.hlines(y, scale * table[low], scale * table[high], color=style.CYCLE[i], ls=style.DASHES[i])
            axes.scatter(
                scale * table[value],
                y,
                c=style.CYCLE[i],
                marker=style.MARKERS[i],
                s=36,
                zorder=3,
                label=INTERVALS[i],
            )
    left.axvline(100 * float(shares["chance"].mean()), color=style.GREY, ls="--", lw=1)
    right.axvline(0, color=style.GREY, ls="--", lw=1, label="chance")
    left.set_yticks(range(len(order)), order)
    left.invert_yaxis()
    left.set(xlabel="ranked first, %")
    right.set(xlabel="ability, log odds")
    _legend(right, columns=1)
    return Drawing(figure, sentences.preferences(abilities))


def recall_and_preference(table: pd.DataFrame | None, agreement: RankCorrelation | None) -> Drawing:
    """Ability against recall, one point a captioner, with both intervals."""
    if table is None or not {"recall_1", "ability"} <= {*table.columns}:
        return Drawing(None)
    figure, axes = plt.subplots(figsize=(WIDTH, 4.2))
    for i, row in enumerate(table.dropna(subset=["recall_1", "ability"]).to_dict("records")):
        colour = style.CYCLE[i % len(style.CYCLE)]
        axes.hlines(row["ability"], row["recall_low"], row["recall_high"], color=colour, lw=1)
        axes.vlines(row["recall_1"], row["ability_low"], row["ability_high"], color=colour, lw=1)
        marker = style.MARKERS[i % len(style.MARKERS)]
        axes.scatter(
            row["recall_1"], row["ability"], color=colour, marker=marker, s=50, zorder=3, label=row["captioner"]
        )
    axes.set(xlabel="video-to-text R@1, %", ylabel="ability, log odds")
    _legend(axes)
    return Drawing(figure, sentences.recall_and_preference(agreement), table)


def example_item(compared: ComparedCaptions, example: ExampleItem | None) -> Drawing:
    """An item of the survey page as a respondent sees it: one clip and the blinded captions, in a random order.

    Args:
        compared: what the notebook compares; without several captioners no item is drawn.
        example: the item; None where there is none that may be drawn.
    """
    if example is None or compared.by == "position" or len(compared.names) < 2:
        return Drawing(None)
    figure = item_picture(example.item, example.joints, seed=example.seed, fps=example.fps)
    return Drawing(figure, sentences.example_item(len(example.item.captions)))


def _legend(axes: Axes, columns: int = NAMES_A_ROW) -> None:
    """Names what one of the axes shows, below all of them, where it covers nothing."""
    handles, labels = axes.get_legend_handles_labels()
    axes.figure.legend(handles, labels, loc="outside lower center", ncols=columns)


def _dots(axes: Axes, x: np.ndarray, rows: pd.DataFrame, i: int, name: str) -> None:
    colour = style.CYCLE[i % len(style.CYCLE)]
    axes.vlines(x, rows["low"], rows["high"], color=colour)
    axes.scatter(
        x, rows["value"], color=colour, marker=style.MARKERS[i % len(style.MARKERS)], s=34, zorder=3, label=name
    )
