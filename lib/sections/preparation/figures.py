"""Figures of 00: sizes, vocabulary, the funnel, thresholds and examples."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import pandas as pd
import seaborn as sns
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from lib.corpus import Corpus
from lib.draw import style
from lib.draw.strip import strip
from lib.sections.other_languages import english
from lib.sections.preparation.funnel import Funnel, Thresholds


def caption_lengths(corpora: Sequence[Corpus]) -> tuple[Figure | None, pd.DataFrame | None]:
    """Words per caption as densities that each sum to one, with the plotted counts; None where no caption counts."""
    lengths = {one.name: english(one)["words"].map(len).astype("int64") for one in corpora}
    counted = pd.concat(
        [pd.DataFrame({"corpus": name, "words": some}) for name, some in lengths.items()], ignore_index=True
    )
    if counted.empty:
        return None, None
    figure, axes = plt.subplots()
    for i, (name, part) in enumerate(counted.groupby("corpus", sort=False)):
        shares = part["words"].value_counts(normalize=True).sort_index()
        axes.plot(
            shares.index, shares, color=style.CYCLE[i], marker=style.MARKERS[i], ls=style.DASHES[i], ms=4, label=name
        )
    axes.set(
        xlabel="words per caption", ylabel="share of captions", xlim=(0, counted["words"].quantile(0.995) + 1), ylim=0
    )
    axes.legend()
    return figure, counted.groupby(["corpus", "words"]).size().rename("captions").reset_index()


def rarefaction(curves: pd.DataFrame) -> Figure | None:
    """Expected distinct words against the number of captions drawn; None of no rows."""
    if curves.empty:
        return None
    figure, axes = plt.subplots()
    for i, (name, part) in enumerate(curves.groupby("corpus", sort=False)):
        axes.plot(part["captions"], part["distinct_words"], color=style.CYCLE[i], ls=style.DASHES[i], label=name)
        axes.plot(part["captions"].iloc[-1], part["distinct_words"].iloc[-1], style.MARKERS[i], color=style.CYCLE[i])
    axes.set(xlabel="captions drawn at random", ylabel="expected distinct words", xscale="log", ylim=0)
    axes.legend()
    return figure


def funnel_bars(funnels: Sequence[Funnel]) -> Figure | None:
    """Clips kept and dropped after each stage, one panel a corpus."""
    if not funnels:
        return None
    figure, panels = plt.subplots(1, len(funnels), figsize=(4.6 * len(funnels), 3.4), squeeze=False)
    for axes, funnel in zip(panels[0], funnels, strict=True):
        table = funnel.summary
        axes.barh(table["stage"], table["kept"], color=style.COLOURS["kept"], label="kept")
        axes.barh(
            table["stage"],
            table["dropped"],
            left=table["kept"],
            color=style.COLOURS["dropped"],
            hatch="///",
            label="dropped",
        )
        for y, (kept, dropped) in enumerate(zip(table["kept"], table["dropped"], strict=True)):
            axes.annotate(f" {kept:,} (−{dropped:,})", (kept + dropped, y), va="center", fontsize=9)
        axes.set(title=table["corpus"].iloc[0], xlabel="clips", xlim=(0, table["entering"].max() * 1.35))
        axes.invert_yaxis()
        axes.grid(axis="y", visible=False)
    figure.legend(*panels[0][0].get_legend_handles_labels(), loc="outside lower center", ncols=2)
    return figure


def score_distributions(quality: Mapping[str, pd.DataFrame], thresholds: Thresholds | None) -> Figure | None:
    """Distribution functions of both scores with the bounds of the funnel."""
    if not quality or thresholds is None:
        return None
    figure, panels = plt.subplots(1, 2, figsize=(9, 3.8))
    bounds = {"realism": thresholds.realism_min, "high_pass": thresholds.high_pass_max}
    labels = {"realism": "clip realism (0 to 1)", "high_pass": "high-pass movement score (m/s)"}
    for axes, (score, bound) in zip(panels, bounds.items(), strict=True):
        for i, (name, table) in enumerate(quality.items()):
            sns.ecdfplot(x=table[score].dropna(), ax=axes, color=style.CYCLE[i], ls=style.DASHES[i], label=name)
        axes.axvline(bound, color=style.GREY, lw=1.5, ls=":", label=f"bound {bound:.3g}")
        axes.set(xlabel=labels[score], ylabel="share of clips at or below")
        axes.legend()
    panels[1].set_xscale("log")
    return figure


def sensitivity(table: pd.DataFrame | None) -> Figure | None:
    """Variety left when only the best share of clips is kept."""
    if table is None:
        return None
    figure, panels = plt.subplots(1, 2, figsize=(9, 3.8), sharex=True, sharey=True)
    names = {
        "word_ratio": "distinct words, relative to as many random captions",
        "motion_ratio": "spread of motion, relative to all clips",
    }
    for axes, (score, part) in zip(panels, table.groupby("score", sort=False), strict=True):
        for i, (column, label) in enumerate(names.items()):
            axes.plot(
                part["kept"],
                part[column],
                color=style.CYCLE[i],
                marker=style.MARKERS[i],
                ls=style.DASHES[i],
                label=label,
            )
        axes.axhline(1, color=style.GREY, lw=1)
        axes.set(title=f"by {str(score).replace('_', '-')}", xlabel="share of clips kept", ylabel="ratio")
    figure.legend(*panels[0].get_legend_handles_labels(), loc="outside lower center", ncols=2)
    return figure


def roc(curves: Mapping[str, pd.DataFrame]) -> Figure | None:
    """Receiver operating characteristics, one line a planted defect or a held-out split."""
    if not curves:
        return None
    figure, axes = plt.subplots(figsize=(5.2, 4.6))
    for i, (name, curve) in enumerate(curves.items()):
        axes.plot(
            curve["false_positive_rate"],
            curve["true_positive_rate"],
            color=style.CYCLE[i % 5],
            ls=style.DASHES[i % 5],
            label=name,
        )
    axes.plot([0, 1], [0, 1], color=style.GREY, lw=1, label="chance")
    axes.set(xlabel="false positive rate", ylabel="true positive rate", aspect="equal")
    axes.legend(fontsize=9)
    return figure


def examples(
    corpus: Corpus | None, tables: Mapping[str, pd.DataFrame], *, worst: bool, n: int
) -> tuple[Figure | None, pd.DataFrame | None]:
    """Strips of the n worst or best clips by either score, one column a score, with the clips and scores shown."""
    if corpus is None:
        return None, None
    quality = tables[corpus.name]
    figure, panels = plt.subplots(n, 2, figsize=(9.6, 1.8 * n), squeeze=False)
    shown = []
    for column, (score, low_is_worse) in enumerate((("realism", True), ("high_pass", False))):
        ranked = (
            quality.dropna(subset=[score]).sort_values(score, ascending=low_is_worse == worst, kind="stable").head(n)
        )
        shown.append(ranked[["clip_id", score]])
        for axes, clip_id, value in zip(panels[:, column], ranked["clip_id"], ranked[score], strict=False):
            strip(corpus.joints(clip_id), n=5, ax=axes, title=f"{score.replace('_', '-')} {value:.3g}", legend=False)
            axes.title.set_fontsize(10)
        for axes in panels[len(ranked) :, column]:
            axes.set_axis_off()
    sides = [Line2D([], [], color=style.COLOURS[s], marker=m, label=s) for s, m in (("left", "o"), ("right", "s"))]
    figure.legend(handles=sides, loc="outside upper right", ncols=2)
    return figure, pd.concat(shown, ignore_index=True)
