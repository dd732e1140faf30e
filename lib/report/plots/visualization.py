"""Figures of 07: how near generated, real and training motions lie to what a generator was trained on."""

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from lib.audit.copying import GENERATED, MEASURES, REAL, TRAINING
from lib.report import style

LOOKS = {
    GENERATED: {"color": style.ORANGE, "ls": "-"},
    REAL: {"color": style.BLUE, "ls": "--"},
    TRAINING: {"color": style.GREY, "ls": ":"},
}


def distances(table: pd.DataFrame, regimes: Sequence[str]) -> Figure:
    """Share of motions that lie within a distance of training: a row a measure, a panel a regime.

    Args:
        table: from `lib.audit.copying.distances`.
        regimes: those to draw.
    """
    size = (max(6.0, 3.2 * len(regimes) + 1), 5.6)
    figure, panels = plt.subplots(len(MEASURES), len(regimes), figsize=size, sharey=True, sharex="row", squeeze=False)
    for row, (measure, unit) in zip(panels, MEASURES.items(), strict=True):
        for axes, regime in zip(row, regimes, strict=True):
            some = table[table["regime"] == regime]
            for kind, look in LOOKS.items():
                values = np.sort(some.loc[some["kind"] == kind, measure])
                values = values[np.isfinite(values)]
                axes.step(values, np.arange(1, len(values) + 1) / max(len(values), 1), where="post", label=kind, **look)
            axes.set(xlabel=f"{measure}, {unit}" if unit == "m" else unit)
            axes.set_xlim(0, None)
    for axes, regime in zip(panels[0], regimes, strict=True):
        axes.set_title(regime)
    figure.supylabel("share of motions within")
    figure.legend(*panels[0][0].get_legend_handles_labels(), loc="outside lower center", ncols=3, fontsize=9)
    return figure
