"""Figures of 07: how near generated, real and training motions lie to what a generator was trained on."""

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from lib.draw import style
from lib.draw.exhibits import Drawing
from lib.sections.visualization import sentences
from lib.sections.visualization.copying import GENERATED, MEASURES, REAL, TRAINING

LOOKS = {
    GENERATED: {"color": style.ORANGE, "ls": "-"},
    REAL: {"color": style.BLUE, "ls": "--"},
    TRAINING: {"color": style.GREY, "ls": ":"},
}

TALLEST = 7.4
"""Inches that all panels together may be high, so that letters stay large where the page shows them."""
BEHIND = {"facecolor": "white", "edgecolor": "none", "pad": 1}


def distances(table: pd.DataFrame, models: Sequence[str], summary: pd.DataFrame) -> Drawing:
    """Share of motions that lie within a distance of training: a column a measure, a panel a model.

    Args:
        table: from `copying.distances`.
        models: those to draw.
        summary: from `copying.summary`, for the alternative text and as the figure's data.
    """
    size = (8.0, min(1.9 * len(models), TALLEST) + 1.2)
    figure, panels = plt.subplots(len(models), len(MEASURES), figsize=size, sharey=True, sharex="col", squeeze=False)
    for column, (measure, unit) in zip(panels.T, MEASURES.items(), strict=True):
        for axes, model in zip(column, models, strict=True):
            motions = table[table["model"] == model]
            for kind, look in LOOKS.items():
                values = np.sort(motions.loc[motions["kind"] == kind, measure])
                values = values[np.isfinite(values)]
                axes.step(values, np.arange(1, len(values) + 1) / max(len(values), 1), where="post", label=kind, **look)
            axes.set_xlim(0, None)
        column[-1].set_xlabel(f"distance by {measure}, {unit}" if unit == "m" else f"{unit} ({measure})")
    for axes, model in zip(panels[:, 0], models, strict=True):
        axes.locator_params(axis="y", nbins=3)
        axes.text(0.98, 0.08, model, transform=axes.transAxes, ha="right", fontsize=10, bbox=BEHIND)
    figure.suptitle("Share of motions whose nearest training motion lies within a distance", fontsize=11)
    figure.legend(*panels[0][0].get_legend_handles_labels(), loc="outside lower center", ncols=3, fontsize=10)
    return Drawing(figure, sentences.distances(summary), summary)
