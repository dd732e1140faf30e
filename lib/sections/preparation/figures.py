"""Figures of 00: words, vocabulary, the funnel, scores and thresholds; `example_clips` draws the clips."""

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
import seaborn as sns

from lib.draw import style
from lib.draw.exhibits import Drawing
from lib.sections.preparation import funnel, sentences
from lib.sections.preparation.funnel import Funnel, Thresholds
from lib.sections.preparation.motion_quality import MotionQuality

Look = dict[str, Any]
RATIOS = {
    "word_ratio": "distinct words, relative to as many random captions",
    "motion_ratio": "spread of motion, relative to all clips",
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
    figure, panels = plt.subplots(1, len(funnels), figsize=(4.6 * len(funnels), 3.4), squeeze=False)
    for axes, audit in zip(panels[0], funnels, strict=True):
        stages, kept, dropped = (audit.summary[column] for column in ("stage", "kept", "dropped"))
        axes.barh(stages, kept, color=style.COLOURS["kept"], label="kept")
        axes.barh(stages, dropped, left=kept, color=style.COLOURS["dropped"], hatch="///", label="dropped")
        for y, (left, lost) in enumerate(zip(kept, dropped, strict=True)):
            axes.annotate(f" {left:,} (−{lost:,})", (left + lost, y), va="center", fontsize=9)
        axes.set(title=audit.name, xlabel="clips", xlim=(0, audit.summary["entering"].max() * 1.35))
        axes.invert_yaxis()
        axes.grid(axis="y", visible=False)
    figure.legend(*panels[0][0].get_legend_handles_labels(), loc="outside lower center", ncols=2)
    return Drawing(figure, sentences.funnel(funnels), funnel.summaries(funnels))


def score_distributions(quality: MotionQuality, bounds: Thresholds | None) -> Drawing:
    """Distribution functions of both scores with the bounds of the funnel."""
    if not quality.tables or bounds is None:
        return Drawing(None)
    figure, panels = plt.subplots(1, 2, figsize=(9, 3.8))
    limits = {"realism": bounds.realism_min, "high_pass": bounds.high_pass_max}
    labels = {"realism": "clip realism (0 to 1)", "high_pass": "high-pass movement score (m/s)"}
    for axes, (score, limit) in zip(panels, limits.items(), strict=True):
        for i, (name, table) in enumerate(quality.tables.items()):
            sns.ecdfplot(x=table[score].dropna(), ax=axes, color=style.CYCLE[i], ls=style.DASHES[i], label=name)
        axes.axvline(limit, color=style.GREY, lw=1.5, ls=":", label=f"bound {limit:.3g}")
        axes.set(xlabel=labels[score], ylabel="share of clips at or below")
        axes.legend()
    panels[1].set_xscale("log")
    return Drawing(figure, sentences.scores(quality, bounds), quality.clips())


def sensitivity(table: pd.DataFrame | None) -> Drawing:
    """Variety left when only the best share of clips is kept.

    Args:
        table: from `lib.sections.preparation.funnel.sensitivity`.
    """
    if table is None:
        return Drawing(None)
    figure, panels = plt.subplots(1, 2, figsize=(9, 3.8), sharex=True, sharey=True)
    for axes, (score, part) in zip(panels, table.groupby("score", sort=False), strict=True):
        for i, (column, label) in enumerate(RATIOS.items()):
            look: Look = {"color": style.CYCLE[i], "marker": style.MARKERS[i], "ls": style.DASHES[i]}
            axes.plot(part["kept"], part[column], label=label, **look)
        axes.axhline(1, color=style.GREY, lw=1)
        axes.set(title=f"by {str(score).replace('_', '-')}", xlabel="share of clips kept", ylabel="ratio")
    figure.legend(*panels[0].get_legend_handles_labels(), loc="outside lower center", ncols=2)
    return Drawing(figure, sentences.sensitivity(table), table)


def roc(curves: Mapping[str, pd.DataFrame], quality: MotionQuality, recovered: pd.DataFrame | None) -> Drawing:
    """Receiver operating characteristics, one line a planted defect, and the network on held-out poses.

    Args:
        curves: from `lib.sections.preparation.planted.curves`.
        quality: the scores, with the network's own curve.
        recovered: from `lib.sections.preparation.planted.defects`.
    """
    lines = {**curves, **quality.curve()}
    if not lines:
        return Drawing(None)
    figure, axes = plt.subplots(figsize=(5.2, 4.6))
    for i, (name, curve) in enumerate(lines.items()):
        look: Look = {"color": style.CYCLE[i % 5], "ls": style.DASHES[i % 5]}
        axes.plot(curve["false_positive_rate"], curve["true_positive_rate"], label=name, **look)
    axes.plot([0, 1], [0, 1], color=style.GREY, lw=1, label="chance")
    axes.set(xlabel="false positive rate", ylabel="true positive rate", aspect="equal")
    axes.legend(fontsize=9)
    data = pd.concat([curve.assign(curve=name) for name, curve in lines.items()], ignore_index=True)
    return Drawing(figure, sentences.roc(quality.held_out(), recovered), data)
