"""Figures of 06: trainings, differences between generators, subsets, and FID by the number of motions."""

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from lib.draw import style
from lib.draw.exhibits import Drawing
from lib.models.generated_motions import EXTERNAL
from lib.models.momask.regimes import SHUFFLED, UNFILTERED, WEIGHTED, curve_of
from lib.sections.evaluation import phrases, rule_values
from lib.sections.evaluation.differences import ALL
from lib.sections.evaluation.generation_scores import REAL
from lib.sections.evaluation.values import BOTH, LEAK_FREE, SHOWN

COLUMNS, MANY = 3, 8
"""Panels in a line, and comparisons from which on a forest keeps to its first line of panels."""
NETWORKS = (phrases.MASKED, "residual transformer")


def look(model: str) -> dict[str, Any]:
    """Colour, marker and line by training set, the same in every figure; what others made is grey.

    Example:
        >>> look("h3d")["color"] == look("kit")["color"] != look("h3d+dm")["color"]
        True
        >>> [look(name)["marker"] for name in ("h3d+dm", "h3d+dm unfiltered")]
        ['s', 'X']
    """
    if model.endswith(EXTERNAL) or curve_of(model):
        return {"color": style.GREY, "marker": "P", "ls": ":"}
    if model.endswith(f" {UNFILTERED}"):
        return {"color": style.CYCLE[1], "marker": "X", "ls": (0, (1, 2))}
    at = {REAL: 4, WEIGHTED: 2, SHUFFLED: 3}.get(model.rpartition(" ")[2], 1 if "+" in model else 0)
    return {"color": style.CYCLE[at], "marker": style.MARKERS[at], "ls": style.DASHES[at]}


def training(logs: pd.DataFrame) -> Drawing:
    """Validation loss by step, one line a seed, of the networks that were validated more than once."""
    shown = [name for name in NETWORKS if logs.loc[logs["network"] == name, "step"].nunique() > 1] or NETWORKS[:1]
    figure, panels = plt.subplots(1, len(shown), figsize=(max(7.5, 5 * len(shown)), 3.6), squeeze=False)
    for axes, network in zip(panels[0], shown, strict=True):
        for name, rows in logs[logs["network"] == network].groupby("regime", sort=False):
            line: dict[str, Any] = {**look(str(name)), "ms": 4, "alpha": 0.85}
            for n, (_, losses) in enumerate(rows.groupby("seed")):
                axes.plot(losses["step"], losses["val"], label=str(name) if n == 0 else None, **line)
        axes.set(title=f"{network}, validation clips", xlabel="step", ylabel="cross-entropy")
    figure.legend(*panels[0][0].get_legend_handles_labels(), loc="outside lower center", ncols=3, fontsize=10)
    return Drawing(figure, phrases.losses_of(logs), logs)


def forest(paired: pd.DataFrame, weighting: pd.DataFrame, judged_by: Sequence[str], baseline: str) -> Drawing:
    """The two comparisons that decide, and below them all others: paired differences with their intervals.

    One panel a metric, those that decide first; a row has a filled mark on leak-free clips and a hollow one on all.

    Args:
        paired: differences to the baseline, of which those on leak-free and on all clips are drawn.
        weighting: of the weighted training sets to the unweighted ones.
        judged_by: the metrics that decide.
        baseline: name of what is compared with.
    """
    alt = phrases.forest(paired, weighting, judged_by, baseline)
    unweighted = weighting["model"].str.removesuffix(f" {WEIGHTED}")
    sides = weighting.assign(compared_with=unweighted), paired.assign(compared_with=baseline)
    table = pd.concat([one for one in sides if len(one)] or [sides[1]])
    table = table[table["subset"].isin([LEAK_FREE, ALL])].reset_index(drop=True)
    metrics = sorted((one for one in SHOWN if one in set(table["metric"])), key=lambda one: one not in judged_by)
    if not metrics:
        return Drawing(None, alt, table)
    every = [*dict.fromkeys(zip(table["model"], table["compared_with"], strict=True))]
    deciding = {model for model, role in rule_values.roles([*paired["model"]]).items() if role == BOTH}
    compared = sorted(every, key=lambda pair: (pair[0] not in deciding, pair[1] != baseline))
    first = sum(model in deciding for model, _ in compared)
    columns = min(COLUMNS, len(metrics))
    lines = 1 if len(compared) > MANY else -(-len(metrics) // columns)
    size = (2.3 * columns + 2.6, lines * (0.45 * len(compared) + 1.1) + 0.4)
    figure, panels = plt.subplots(lines, columns, figsize=size, sharey=True, squeeze=False)
    for rest in panels.flat[len(metrics) :]:
        rest.axis("off")
    for axes, metric in zip(panels.flat, metrics, strict=False):
        own = table[table["metric"] == metric]
        _differences(axes, own, compared)
        axes.axhline(first - 0.5, color=style.GREY, lw=0.8, ls=":")
        better = {"higher": "right is better", "lower": "left is better"}.get(str(own["better"].iloc[0]), "")
        axes.set(title=metric, xlabel=better)
    for axes in panels[:, 0]:
        axes.set_yticks(range(len(compared)), [f"{model} − {rival}" for model, rival in compared])
        for label, (model, _) in zip(axes.get_yticklabels(), compared, strict=True):
            label.set_fontweight("bold" if model in deciding else "normal")
    panels[0][0].set_ylim(len(compared) - 0.5, -0.5)
    marks = {LEAK_FREE: style.GREY, ALL: "none"}
    handles = [
        Line2D([], [], color=style.GREY, marker="o", mfc=mark, label=f"{subset} test clips")
        for subset, mark in marks.items()
        if subset in set(table["subset"])
    ]
    figure.legend(handles=handles, loc="outside lower center", ncols=2, fontsize=10)
    return Drawing(figure, alt, table)


def _differences(axes: Axes, table: pd.DataFrame, compared: Sequence[tuple[str, str]]) -> None:
    """The rows of one metric: leak-free clips a little above the middle, all clips a little below."""
    for row in table.to_dict("records"):
        at = compared.index((row["model"], row["compared_with"])) + (0.16 if row["subset"] == ALL else -0.16)
        drawn, whole = look(row["model"]), row["subset"] == ALL
        axes.plot([row["low"], row["high"]], [at, at], color=drawn["color"], lw=1.2 if whole else 2.2)
        filled = "white" if whole else drawn["color"]
        axes.plot(row["difference"], at, color=drawn["color"], marker=drawn["marker"], mfc=filled, ms=6)
    axes.axvline(0, color=style.GREY, lw=1)
    axes.tick_params(labelsize=10)
    axes.locator_params(axis="x", nbins=4)


def curves(table: pd.DataFrame, judged_by: Sequence[str], baseline: str) -> Drawing:
    """Differences to the benchmark alone by the share of the added clips, and by the exponent of the weights.

    Args:
        table: differences on all clips and on subsets, of which those on all are drawn.
        judged_by: the metrics, a row of panels each.
        baseline: name of what is compared with.

    Returns:
        Nothing where no training set is a point of a curve.
    """
    own = table[(table["subset"] == ALL) & table["metric"].isin([*judged_by])]
    ends = {"+": {"share": 1.0, "exponent": 0.0}, WEIGHTED: {"exponent": 1.0}}
    points = []
    for row in own.to_dict("records"):
        model, way = str(row["model"]), curve_of(str(row["model"]))
        kind = WEIGHTED if model.partition(" ")[2] == WEIGHTED else "+" if "+" in model and " " not in model else ""
        places = {way[0]: way[1]} if way else ends.get(kind, {})
        points += [{**row, "curve": curve, "at": at} for curve, at in places.items()]
    whole = pd.DataFrame(points)
    if whole.empty or not any(curve_of(str(model)) for model in own["model"]):
        return Drawing(None)
    names = [curve for curve in ("share", "exponent") if (whole["curve"] == curve).sum() > 1]
    size = (4.2 * len(names), 2.7 * len(judged_by))
    figure, panels = plt.subplots(len(judged_by), len(names), figsize=size, sharey="row", squeeze=False)
    for line, metric in zip(panels, judged_by, strict=True):
        for axes, curve in zip(line, names, strict=True):
            rows = whole[(whole["metric"] == metric) & (whole["curve"] == curve)].sort_values("at")
            at, reach = rows["at"], np.abs(rows[["low", "high"]].to_numpy().T - rows["difference"].to_numpy())
            axes.errorbar(at, rows["difference"], yerr=reach, marker="o", capsize=3)
            axes.axhline(0, color=style.GREY, lw=1)
            label = {"share": "share of the added clips", "exponent": "exponent of the weights"}[curve]
            axes.set(xlabel=label, ylabel=f"{metric} minus {baseline}" if axes is line[0] else "")
    return Drawing(figure, phrases.curves(whole, judged_by, baseline), whole)


def subsets(table: pd.DataFrame, metric: str, judged: Mapping[str, str]) -> Drawing:
    """One metric of every model on every subset of the test clips, with intervals over clips.

    Args:
        table: from `differences.by_subset`.
        metric: to draw.
        judged: by model, "yes" or why it is not judged; only judged ones are called best.
    """
    rows = table[table["metric"] == metric]
    if rows.empty:
        return Drawing(None, "", table)
    names, models = [*dict.fromkeys(rows["subset"])], [*dict.fromkeys(rows["model"])]
    figure, axes = plt.subplots(figsize=(8, min(8.4, 0.42 * len(names) * max(1, len(models) / 2) + 1.4)))
    for i, model in enumerate(models):
        scores = rows[rows["model"] == model].set_index("subset").reindex(names)
        y = np.arange(len(names)) + (i - (len(models) - 1) / 2) * 0.8 / len(models)
        drawn: dict[str, Any] = {**look(model), "ls": ""}
        axes.hlines(y, scores["clip_low"], scores["clip_high"], color=drawn["color"])
        axes.plot(scores["value"], y, ms=5, label=model, **drawn)
    sizes = rows.drop_duplicates("subset").set_index("subset")["base_clips"]
    axes.set_yticks(range(len(names)), [f"{name} (N = {sizes[name]:,.0f})" for name in names])
    axes.set(xlabel=metric, ylim=(len(names) - 0.5, -0.5))
    figure.legend(loc="outside lower center", ncols=3, fontsize=10)
    return Drawing(figure, phrases.subsets(table, metric, judged), table)


def by_size(curves: Mapping[str, pd.DataFrame]) -> Drawing:
    """FID against the number of motions a side, for real halves and for every model, with the spread of draws."""
    if not curves:
        return Drawing(None)
    figure, axes = plt.subplots(figsize=(8, 4.8))
    for name, rows in curves.items():
        axes.plot(rows["n"], rows["FID"], label="halves of the real motions" if name == REAL else name, **look(name))
        axes.fill_between(rows["n"], rows["low"], rows["high"], color=look(name)["color"], alpha=0.15, lw=0)
    axes.set(xlabel="motions on either side", ylabel="FID", xscale="log", ylim=(0, None))
    ticks = sorted({int(n) for rows in curves.values() for n in rows["n"]})
    axes.set_xticks(ticks, [f"{n:,}" for n in ticks], fontsize=9, rotation=45)
    axes.minorticks_off()
    figure.legend(loc="outside lower center", ncols=3, fontsize=10)
    data = pd.concat([rows.assign(model=name) for name, rows in curves.items()], ignore_index=True)
    return Drawing(figure, phrases.by_size(curves), data)
