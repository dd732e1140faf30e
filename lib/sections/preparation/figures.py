"""Figures of 00: words, vocabulary, the funnel, scores and thresholds; `example_clips` draws the clips."""

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.ticker import MaxNLocator

from lib.draw import style
from lib.draw.exhibits import Drawing
from lib.sections.preparation import funnel, sentences
from lib.sections.preparation.bounds import Bounds
from lib.sections.preparation.funnel import Funnel
from lib.sections.preparation.motion_quality import MotionQuality
from lib.sections.preparation.scores import SCORES

Look = dict[str, Any]
RATIOS = {
    "word_ratio": "distinct words, relative\nto as many random captions",
    "motion_ratio": "spread of motion,\nrelative to all clips",
}


def caption_lengths(captions: Mapping[str, pd.DataFrame], language: pd.DataFrame) -> Drawing:
    """Words per caption as densities that each sum to one; nothing to draw where no caption counts.

    Args:
        captions: by corpus, as `lib.corpus.other_languages.english` gives them.
        language: from `lib.sections.preparation.statistics.language`.
    """
    lengths = {name: table["words"].map(len).astype("int64") for name, table in captions.items()}
    parts = [pd.DataFrame({"corpus": name, "words": counts}) for name, counts in lengths.items()]
    counted = pd.concat(parts, ignore_index=True)
    if counted.empty:
        return Drawing(None)
    figure, axes = plt.subplots()
    for i, (name, rows) in enumerate(counted.groupby("corpus", sort=False)):
        density = rows["words"].value_counts(normalize=True).sort_index()
        look: Look = {"color": style.CYCLE[i], "marker": style.MARKERS[i], "ls": style.DASHES[i], "ms": 4}
        axes.plot(density.index, density, label=name, **look)
    longest = counted["words"].quantile(0.995) + 1
    axes.set(xlabel="words per caption", ylabel="share of captions", xlim=(0, longest), ylim=0)
    axes.legend()
    data = counted.groupby(["corpus", "words"]).size().rename("captions").reset_index()
    return Drawing(figure, sentences.caption_lengths(language), data)


def rarefaction(curves: pd.DataFrame, language: pd.DataFrame) -> Drawing:
    """Expected distinct words against the number of captions drawn.

    Args:
        curves: from `lib.sections.preparation.statistics.rarefaction_curves`.
        language: from `lib.sections.preparation.statistics.language`.
    """
    if curves.empty:
        return Drawing(None)
    figure, axes = plt.subplots()
    for i, (name, part) in enumerate(curves.groupby("corpus", sort=False)):
        axes.plot(part["captions"], part["distinct_words"], color=style.CYCLE[i], ls=style.DASHES[i], label=name)
        axes.plot(part["captions"].iloc[-1], part["distinct_words"].iloc[-1], style.MARKERS[i], color=style.CYCLE[i])
    axes.set(xlabel="captions drawn at random", ylabel="expected distinct words", xscale="log", ylim=0)
    axes.legend()
    return Drawing(figure, sentences.rarefaction(language), curves)


def funnel_bars(funnels: Sequence[Funnel]) -> Drawing:
    """Clips kept and dropped after each stage, one panel a corpus."""
    if not funnels:
        return Drawing(None)
    figure, panels = plt.subplots(1, len(funnels), figsize=(1 + 3.6 * len(funnels), 4.2), squeeze=False, sharey=True)
    for axes, audit in zip(panels[0], funnels, strict=True):
        stages, kept, dropped = (audit.summary[column] for column in ("stage", "kept", "dropped"))
        axes.barh(stages, kept, color=style.COLOURS["kept"], label="kept")
        axes.barh(stages, dropped, left=kept, color=style.COLOURS["dropped"], hatch="///", label="dropped")
        for y, (left, lost) in enumerate(zip(kept, dropped, strict=True)):
            less = f" (−{lost:,})" if lost else ""
            axes.annotate(f" {left:,}{less}", (left + lost, y), va="center", fontsize=10)
        axes.set(title=audit.name, xlabel="clips", xlim=(0, audit.summary["entering"].max() * 1.6))
        axes.xaxis.set_major_locator(MaxNLocator(4))
        axes.grid(visible=False)
    panels[0][0].invert_yaxis()
    figure.legend(*panels[0][0].get_legend_handles_labels(), loc="outside lower center", ncols=2)
    return Drawing(figure, sentences.funnel(funnels), funnel.summaries(funnels))


def score_distributions(quality: MotionQuality, bounds: Bounds | None) -> Drawing:
    """Distribution functions of the scores with the bounds of the funnel and their intervals."""
    if not quality.tables or bounds is None:
        return Drawing(None)
    figure, panels = plt.subplots(2, 3, figsize=(9, 6), sharey=True)
    for axes, score in zip(panels.flat, SCORES, strict=False):
        for i, (name, table) in enumerate(quality.tables.items()):
            sns.ecdfplot(x=table[score.column].dropna(), ax=axes, color=style.CYCLE[i], ls=style.DASHES[i], label=name)
        limit, again = bounds.at[score.column], bounds.replicates[score.column]
        axes.axvspan(*np.quantile(again, [0.025, 0.975]), color=style.GREY, alpha=0.3, lw=0)
        axes.axvline(limit, color=style.GREY, lw=1.5, ls=":", label="bound, 95 % CI")
        axes.set(xlabel=score.axis, ylabel="share of clips at or below")
        axes.set_title(f"bound {limit:.2g} {score.unit}".replace("-", "−").rstrip(), fontsize=11)
        if score.unit:
            axes.set_xscale("log")
            axes.set_xlim(left=max(axes.get_xlim()[0], 1e-3))
            axes.xaxis.set_major_formatter("{x:g}")
    panels.flat[-1].set_axis_off()
    figure.legend(*panels.flat[0].get_legend_handles_labels(), loc="outside lower center", ncols=3)
    return Drawing(figure, sentences.scores(quality, bounds), quality.clips())


def sensitivity(table: pd.DataFrame | None) -> Drawing:
    """Variety left when only the best share of clips is kept.

    Args:
        table: from `lib.sections.preparation.funnel.sensitivity`.
    """
    if table is None:
        return Drawing(None)
    figure, panels = plt.subplots(1, 2, figsize=(9, 4), sharex=True, sharey=True)
    for axes, (column, label) in zip(panels, RATIOS.items(), strict=True):
        for i, (score, part) in enumerate(table.groupby("score", sort=False)):
            look: Look = {"color": style.CYCLE[i], "marker": style.MARKERS[i], "ls": style.DASHES[i]}
            axes.plot(part["kept"], part[column], label=f"by {score}", **look)
        axes.axhline(1, color=style.GREY, lw=1)
        axes.set(xlabel="share of clips kept", ylabel=label)
    figure.legend(*panels[0].get_legend_handles_labels(), loc="outside lower center", ncols=3)
    return Drawing(figure, sentences.sensitivity(table), table)


def roc(curves: Mapping[str, pd.DataFrame], quality: MotionQuality, recovered: pd.DataFrame | None) -> Drawing:
    """Receiver operating characteristics: one panel a score, of planted defects and of clips spoiled on purpose.

    Args:
        curves: from `lib.sections.preparation.planted.curves`.
        quality: the scores, with those of the spoiled clips.
        recovered: from `lib.sections.preparation.planted.defects`.
    """
    lines = {**curves, **quality.curves()}
    if not lines:
        return Drawing(None)
    figure, panels = plt.subplots(2, 3, figsize=(9, 6.2), sharex=True, sharey=True)
    for axes, score in zip(panels.flat, SCORES, strict=False):
        own = {name: curve for name, curve in lines.items() if name.startswith(score.column.replace("_", "-"))}
        for i, (name, curve) in enumerate(own.items()):
            look: Look = {"color": style.CYCLE[i], "ls": style.DASHES[i]}
            label = name.partition(" against ")[2]
            axes.plot(curve["false_positive_rate"], curve["true_positive_rate"], label=label, **look)
        axes.plot([0, 1], [0, 1], color=style.GREY, lw=1)
        axes.set(xlabel="false positive rate", ylabel="true positive rate", aspect="equal", title=score.title)
        axes.legend(fontsize=10, loc="lower right")
    panels.flat[-1].set_axis_off()
    data = pd.concat([curve.assign(curve=name) for name, curve in lines.items()], ignore_index=True)
    return Drawing(figure, sentences.roc(quality.held_out(), recovered), data)
