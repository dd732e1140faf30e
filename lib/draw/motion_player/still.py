"""Motions as one picture, for print and for readers without JavaScript."""

from collections.abc import Sequence

import matplotlib.pyplot as plt
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from lib.draw.motion_player.markup import Motion
from lib.draw.strip import strip
from lib.draw.style import COLOURS

WIDTH, HEIGHT = 8.0, 2.1
IN_ONE_COLUMN = 4


def still(motions: Sequence[Motion], *, n: int = 6) -> Figure:
    """A strip of stick figures a motion with its label over it; more than four stand in two columns.

    Args:
        motions: one or more.
        n: figures a strip.

    Example:
        >>> import numpy as np
        >>> from lib.motion.skeleton import OFFSETS
        >>> pose = OFFSETS.cumsum(axis=0)[None].repeat(9, axis=0)
        >>> len(still([Motion(pose, "real"), Motion(pose, "made")], n=3).axes)
        2
        >>> plt.close("all")
    """
    columns = 1 if len(motions) <= IN_ONE_COLUMN else 2
    rows = -(-len(motions) // columns)
    # Every strip has a place of its own, so that no layout has to be found.
    figure = plt.figure(figsize=(WIDTH, HEIGHT * rows), layout="none")
    for number, motion in enumerate(motions):
        row, column = divmod(number, columns)
        ax = figure.add_axes(((column + 0.01) / columns, 1 - (row + 0.97) / rows, 0.98 / columns, 0.84 / rows))
        strip(motion.joints, n=n, ax=ax, fps=motion.fps, legend=False)
        ax.set_title(" ".join(motion.label.split()), fontsize=10, y=1.0, parse_math=False)
    sides = [Line2D([], [], color=COLOURS[side], linewidth=2, label=side) for side in ("left", "right")]
    figure.legend(handles=sides, loc="upper left", ncols=2, frameon=False, fontsize=8, handlelength=1.2)
    return figure
