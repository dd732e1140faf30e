"""A motion on paper: stick figures from left to right."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.lines import Line2D
from matplotlib.patches import Circle
from numpy.typing import NDArray

from lib.draw.style import COLOURS
from lib.draw.untangle import may_give_way
from lib.motion.canonical import forward, yaw
from lib.motion.rotations import about_y
from lib.motion.skeleton import FPS, LEFT, PARENTS, RIGHT, Array

_BONES = {
    "left": LEFT,
    "spine": tuple(joint for joint in range(1, len(PARENTS)) if joint not in LEFT + RIGHT),
    "right": RIGHT,
}
_ENDS = {"left": ([7, 20], "o"), "right": ([8, 21], "s")}
_HEAD = 15
_GAP = 0.18


def strip(
    joints: Array,
    *,
    n: int = 6,
    ax: Axes | None = None,
    title: str | None = None,
    fps: float = FPS,
    azimuth: float = 55.0,
    elevation: float = 15.0,
    legend: bool = True,
) -> Axes:
    """Draws a clip as stick figures, early to late from left to right.

    The `moments` shown part time and movement evenly, so that a kick in a long clip is not missed. The figures stand
    side by side whether or not they travel. Travel is the grey trail on the floor: the way of the pelvis since the
    figure before, to scale, ending under the figure. One camera, set by the first pose, sees all of them, so a body
    that turns is seen to turn; walking forwards leads to the right.

    Args:
        joints: (T, 22, 3) metres, Y up; the floor is at 0.
        n: figures, or as many as there are poses.
        ax: axes to draw on; new ones of a fitting size by default.
        title: over the strip.
        fps: frames a second, for the times under the figures.
        azimuth: degrees from the body's front to its right at which the camera stands.
        elevation: degrees the camera looks down; the projection is orthographic.
        legend: say which colour is which side.

    Returns:
        The axes, equal in both directions and without a frame. Left limbs, right limbs and spine have the colours of
        `lib.draw.style.COLOURS`; left hands and feet end in circles, right ones in squares.

    Example:
        >>> from lib.motion.skeleton import OFFSETS
        >>> strip(np.repeat(OFFSETS.cumsum(axis=0)[None], 40, axis=0), n=3).get_aspect()
        1.0
        >>> plt.close("all")
    """
    shown = moments(joints, n)
    seen = project(np.asarray(joints, dtype=np.float64), azimuth, elevation)
    track = project(joints[:, :1] * (1.0, 0.0, 1.0), azimuth, elevation, turn_by=joints[0])[:, 0]
    figures = seen[shown] - track[shown, None] * (1.0, 1.0, 0.0)
    low, high = figures[..., 0].min(axis=1), figures[..., 0].max(axis=1)
    places = np.cumsum(np.append(0.0, high[:-1] - low[1:] + _GAP))
    left, right = places[0] + low[0], places[-1] + high[-1]
    top = max(1.9, figures[..., 1].max() + 0.15)
    if ax is None:
        ax = plt.subplots(figsize=(max(4.0, 1.5 * (right - left)), 1.5 * (top + 0.6)))[1]
    ax.axhline(0.0, color=COLOURS["spine"], linewidth=0.8, zorder=0)
    for frame, before, figure, place in zip(shown, np.append(0, shown[:-1]), figures, places, strict=True):
        trail = track[before : frame + 1, :2] - track[frame, :2] + (place, 0.0)
        way = Line2D(trail[:, 0], trail[:, 1], color=COLOURS["spine"], linewidth=3, alpha=0.45, zorder=1)
        way.set_solid_capstyle("round")
        ax.add_artist(way)
        draw(ax, figure + np.array([place, 0.0, 0.0]))
        unit = " s" if frame == shown[-1] else ""  # once, so that neighbours do not collide
        at = (place, -0.42)
        time = ax.annotate(f"{frame / fps:.1f}{unit}", at, ha="center", va="top", fontsize=8, annotation_clip=False)
        may_give_way(time)
    ax.set(aspect="equal", xlim=(left - _GAP, right + _GAP), ylim=(-0.6, top), title=title)
    ax.axis("off")
    if legend:
        lines = [Line2D([], [], color=COLOURS[side], linewidth=2, label=side) for side in ("left", "right")]
        ax.legend(handles=lines, loc="upper left", ncols=2, frameon=False, fontsize=8, handlelength=1.2)
    return ax


def moments(joints: Array, n: int) -> NDArray[np.integer]:
    """Frames that tell a clip in a few pictures: the first, the last, and between them even steps of time and movement.

    Args:
        joints: (T, 22, 3) metres.
        n: frames wanted.

    Returns:
        At most n rising frame numbers; fewer for a clip of fewer poses or one that moves in a single frame.

    Example:
        >>> moments(np.zeros((11, 22, 3)), 3).tolist()
        [0, 5, 10]
    """
    time = np.linspace(0, 1, len(joints))
    steps = np.linalg.norm(np.diff(joints - joints[:, :1], axis=0), axis=-1).mean(axis=-1)
    moved = np.append(0.0, np.cumsum(steps))
    progress = (time + moved / moved[-1]) / 2 if moved[-1] > 0 else time
    return np.unique(np.interp(np.linspace(0, 1, n), progress, np.arange(len(joints))).round().astype(int))


def project(joints: Array, azimuth: float, elevation: float, turn_by: Array | None = None) -> Array:
    """To (right, up, towards the camera) of a camera that sees the first pose's front from its right."""
    first = joints[0] if turn_by is None else turn_by
    around = about_y(joints, yaw(forward(first)) + np.radians(azimuth))
    tilt = np.radians(elevation)
    up = around[..., 1] * np.cos(tilt) - around[..., 2] * np.sin(tilt)
    near = around[..., 1] * np.sin(tilt) + around[..., 2] * np.cos(tilt)
    return np.stack([around[..., 0], up, near], axis=-1)


def draw(ax: Axes, figure: Array) -> None:
    """Draws one projected pose (22, 3): limbs in the colours of their sides, near ones over far ones.

    The limits of the axes stay as they are: to find them anew for every limb takes longer than to draw it.
    """
    for side, bones in _BONES.items():
        colour = COLOURS[side]
        depth = 2 + float(figure[list(bones), 2].mean())
        lines = [figure[[PARENTS[joint], joint], :2] for joint in bones]
        ax.add_artist(LineCollection(lines, colors=colour, linewidths=2.2, capstyle="round", zorder=depth))
        if side in _ENDS:
            ends, marker = _ENDS[side]
            x, y = figure[ends, :2].T
            ax.add_artist(Line2D(x, y, color=colour, marker=marker, markersize=3.5, linestyle="", zorder=depth))
    ax.add_artist(Circle(tuple(figure[_HEAD, :2] + (0.0, 0.03)), 0.085, color=COLOURS["spine"], zorder=5))
