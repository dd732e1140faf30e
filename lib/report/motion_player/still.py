"""Motions as one picture, for print and for readers without JavaScript."""

from collections.abc import Sequence

import matplotlib.pyplot as plt
from matplotlib.figure import Figure

from lib.motion.strip import strip
from lib.report.motion_player.motion import Motion


def still(motions: Sequence[Motion], *, n: int = 6) -> Figure:
    """A strip of stick figures a motion, one below the other, with its label over it.

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
    figure, axes = plt.subplots(len(motions), 1, figsize=(8, 2.2 * len(motions)), squeeze=False)
    for number, (motion, ax) in enumerate(zip(motions, axes[:, 0], strict=True)):
        strip(motion.joints, n=n, ax=ax, fps=motion.fps, legend=number == 0)
        ax.set_title(" ".join(motion.label.split()), fontsize=10, parse_math=False)
    return figure
