"""Figures of 03: recall by captioner, its differences, its fall with the gallery, and what respondents preferred."""

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lib.base.errors import CorpusError
from lib.corpus import Corpus
from lib.draw import style
from lib.run.redaction import Redaction
from lib.sections.captioners.captioners import Material
from lib.sections.captioners.picture import item_picture
from lib.survey.asked import survey_of
from lib.survey.parameters import SurveyParameters

WIDTH = 8.0


def recalls(table: pd.DataFrame) -> Figure | None:
    """R@k of every captioner in both directions with intervals, beside chance.

    Args:
        table: from `lib.sections.captioners.metrics.captioners.recalls`.
    """
    if table.empty:
        return None
    shown = table[table["measure"] != "MedR"]
    directions, names = shown["direction"].unique(), list(shown["captioner"].unique())
    figure, panels = plt.subplots(1, len(directions), figsize=(WIDTH + 1, 4.2), sharey=True, squeeze=False)
    for axes, direction in zip(panels[0], directions, strict=True):
        one = shown[shown["direction"] == direction]
        measures = list(one["measure"].unique())
        for i, name in enumerate(names):
            rows = one[one["captioner"] == name]
            x = np.arange(len(measures)) + 0.8 * (i + 0.5) / len(names) - 0.4
            _dots(axes, x, rows, i, name)
        chance = one.drop_duplicates("measure")["chance"]
        axes.hlines(chance, np.arange(len(measures)) - 0.45, np.arange(len(measures)) + 0.45, color=style.GREY, ls="--")
        axes.set_xticks(range(len(measures)), measures)
        axes.set(title=direction)
    panels[0][0].set(ylabel="recall, %", ylim=(0, 1.05 * shown["high"].max()))
    panels[0][-1].plot([], [], color=style.GREY, ls="--", label="chance")
    figure.legend(*panels[0][-1].get_legend_handles_labels(), loc="outside lower center", ncols=min(5, len(names) + 1))
    return figure


def differences(table: pd.DataFrame, tested: pd.DataFrame) -> Figure | None:
    """Differences of video-to-text R@1 of every two captioners; filled where the test tells them apart."""
    rows = table[(table["direction"] == "video to text") & (table["measure"] == "R@1")]
    if rows.empty:
        return None
    rows = rows.merge(tested[["first", "second", "different"]], on=["first", "second"])
    figure, axes = plt.subplots(figsize=(WIDTH, 0.42 * len(rows) + 1.2))
    y = np.arange(len(rows))
    axes.hlines(y, rows["low"], rows["high"], color=style.BLUE)
    for told, face in ((True, style.BLUE), (False, "white")):
        some = rows["different"].astype(bool).to_numpy() == told
        label = "told apart" if told else "not told apart"
        axes.scatter(rows["difference"][some], y[some], c=face, edgecolors=style.BLUE, s=42, zorder=3, label=label)
    axes.axvline(0, color=style.GREY, lw=1)
    axes.set_yticks(y, [f"{a} − {b}" for a, b in zip(rows["first"], rows["second"], strict=True)])
    axes.set(xlabel="difference of R@1, percentage points", ylim=(len(rows) - 0.5, -0.5))
    figure.legend(loc="outside lower center", ncols=2)
    return figure


def by_gallery(curves: pd.DataFrame) -> Figure | None:
    """Expected R@1 against the size of the gallery, with intervals, beside chance."""
    if curves.empty:
        return None
    figure, axes = plt.subplots(figsize=(WIDTH, 4.2))
    for i, (name, one) in enumerate(curves.groupby("captioner", sort=False)):
        colour = style.CYCLE[i % len(style.CYCLE)]
        axes.plot(
            one["size"],
            one["recall"],
            color=colour,
            ls=style.DASHES[i % len(style.DASHES)],
            marker=style.MARKERS[i % len(style.MARKERS)],
            ms=5,
            label=name,
        )
        axes.fill_between(one["size"], one["low"], one["high"], color=colour, alpha=0.12, lw=0)
    chance = curves.drop_duplicates("size")
    axes.plot(chance["size"], chance["chance"], color=style.GREY, ls="--", label="chance")
    axes.set(xlabel="clips in the gallery", ylabel="video-to-text R@1, %", xscale="log", ylim=(0, None))
    axes.legend()
    return figure


def growth(table: pd.DataFrame) -> Figure | None:
    """Distinct words against the number of captions, by captioner."""
    if table.empty:
        return None
    figure, axes = plt.subplots(figsize=(WIDTH, 4))
    for i, (name, one) in enumerate(table.groupby("captioner", sort=False)):
        colour, dashes = style.CYCLE[i % len(style.CYCLE)], style.DASHES[i % len(style.DASHES)]
        axes.plot(one["captions"], one["words"], color=colour, ls=dashes, label=name)
    axes.set(xlabel="captions", ylabel="distinct words", ylim=(0, None))
    axes.legend()
    return figure


def preferences(shares: pd.DataFrame | None, abilities: pd.DataFrame | None) -> Figure | None:
    """Shares of first places and abilities with both of their intervals, the most able captioner on top."""
    if shares is None or abilities is None:
        return None
    order = abilities["captioner"].tolist()
    shares = shares.set_index("captioner").loc[order].reset_index()
    figure, (left, right) = plt.subplots(1, 2, figsize=(WIDTH + 1, 0.5 * len(order) + 1.8), sharey=True)
    for axes, table, value, scale, ends in (
        (left, shares, "share", 100, (("low", "high", "respondents"), ("wilson_low", "wilson_high", "Wilson"))),
        (right, abilities, "ability", 1, (("low", "high", "respondents"), ("clips_low", "clips_high", "clips"))),
    ):
        for i, (low, high, told) in enumerate(ends):
            y = np.arange(len(order)) + (0.12, -0.12)[i]
            axes.hlines(y, scale * table[low], scale * table[high], color=style.CYCLE[i], ls=style.DASHES[i])
            axes.scatter(
                scale * table[value],
                y,
                c=style.CYCLE[i],
                marker=style.MARKERS[i],
                s=36,
                zorder=3,
                label=f"interval: {told}",
            )
        axes.legend(fontsize=8)
    left.axvline(100 * float(shares["chance"].mean()), color=style.GREY, ls="--", lw=1)
    right.axvline(0, color=style.GREY, ls="--", lw=1)
    left.set_yticks(range(len(order)), order)
    left.invert_yaxis()
    left.set(xlabel="ranked first, % (dashed: blind choice)")
    right.set(xlabel="Bradley–Terry ability, log odds")
    return figure


def recall_and_preference(table: pd.DataFrame | None) -> Figure | None:
    """Ability against recall, one point a captioner, with both intervals."""
    if table is None or not {"recall_1", "ability"} <= {*table.columns}:
        return None
    figure, axes = plt.subplots(figsize=(WIDTH - 1.5, 4.2))
    for i, row in enumerate(table.dropna(subset=["recall_1", "ability"]).to_dict("records")):
        colour = style.CYCLE[i % len(style.CYCLE)]
        axes.hlines(row["ability"], row["recall_low"], row["recall_high"], color=colour, lw=1)
        axes.vlines(row["recall_1"], row["ability_low"], row["ability_high"], color=colour, lw=1)
        axes.scatter(
            row["recall_1"], row["ability"], color=colour, marker=style.MARKERS[i % len(style.MARKERS)], s=50, zorder=3
        )
        axes.annotate(
            row["captioner"], (row["recall_1"], row["ability"]), (6, 6), textcoords="offset points", fontsize=9
        )
    axes.set(xlabel="video-to-text R@1, %", ylabel="Bradley–Terry ability, log odds")
    return figure


def example_item(
    found: Material | None, asked: SurveyParameters, corpora: Mapping[str, Corpus], redaction: Redaction
) -> Figure | None:
    """The first item of the survey page as a respondent sees it: one clip and the blinded captions, in a random order.

    Args:
        found: the captions that are compared; None, or of no corpus, for no item.
        asked: the survey that the profile asks for.
        corpora: of the profile, by key.
        redaction: says whether a motion and captions of their corpus may be drawn.
    """
    if found is None or found.corpus is None or len(found.names) < 2:
        return None
    try:
        survey, shown = survey_of(asked, corpora)
    except CorpusError:
        return None
    if redaction.drawable(shown) is None:
        return None
    item = survey.items[0]
    fps = float(dict(zip(shown.clips["clip_id"], shown.clips["fps"], strict=True))[item.clip_id])
    return item_picture(item, shown.joints(item.clip_id), seed=str(asked.seed), fps=fps)


def _dots(axes: Axes, x: np.ndarray, rows: pd.DataFrame, i: int, name: str) -> None:
    colour = style.CYCLE[i % len(style.CYCLE)]
    axes.vlines(x, rows["low"], rows["high"], color=colour)
    axes.scatter(
        x, rows["value"], color=colour, marker=style.MARKERS[i % len(style.MARKERS)], s=34, zorder=3, label=name
    )
