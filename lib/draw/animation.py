"""A motion as an animated picture."""

from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from numpy.typing import NDArray
from PIL import Image

from lib.base.errors import CorpusError
from lib.draw.strip import draw, project
from lib.draw.style import COLOURS
from lib.motion.skeleton import FPS, Array

LONGEST = 1_200
AZIMUTH, ELEVATION = 35.0, 16.0
_DPI = 160
_HUNDREDTH = 10
_ROOM = 0.25


def save_gif(joints: Array, path: Path, *, fps: float = FPS, height: int = 400) -> None:
    """Writes a motion as a GIF that repeats: stick figure, a floor of squares of 1 m, and the way of the pelvis so far.

    Args:
        joints: (T, 22, 3) metres, Y up, the floor at 0.
        path: where to.
        fps: frames a second; a GIF counts in hundredths of a second, and frames closer than two of them are left out.
        height: pixels; the width follows from how far the motion travels.

    Raises:
        CorpusError: more than `LONGEST` frames.
    """
    if len(joints) > LONGEST:
        raise CorpusError(f"{len(joints):,} frames make too large a GIF", fix=f"cut the clip to {LONGEST:,} frames")
    every = max(1, round(fps / 50))
    shown = np.arange(0, len(joints), every)
    duration = max(2, round(100 * every / fps)) * _HUNDREDTH
    pictures = _pictures(joints, shown, height)
    pictures[0].save(path, format="GIF", save_all=True, append_images=pictures[1:], duration=duration, loop=0)


def _pictures(joints: Array, shown: NDArray[np.integer], height: int) -> list[Image.Image]:
    seen = project(np.asarray(joints, dtype=np.float64), AZIMUTH, ELEVATION)
    track = project(joints[:, :1] * (1.0, 0.0, 1.0), AZIMUTH, ELEVATION, turn_by=joints[0])[:, 0]
    grid = list(project(_grid(joints), AZIMUTH, ELEVATION, turn_by=joints[0])[..., :2])
    every = np.concatenate([seen.reshape(-1, 3), track])[:, :2]
    low, high = every.min(axis=0) - _ROOM, every.max(axis=0) + _ROOM
    wide, tall = high - low
    figure = Figure(figsize=(height / _DPI * max(wide / tall, 0.75), height / _DPI), dpi=_DPI, layout=None)
    canvas = FigureCanvasAgg(figure)
    ax = figure.add_axes((0, 0, 1, 1))
    pictures = []
    for frame in shown:
        ax.clear()
        ax.add_collection(LineCollection(grid, colors="#d8dcdf", linewidths=0.6, zorder=0))
        _frame(ax, seen[frame], track[: frame + 1])
        ax.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]), aspect="equal")
        ax.axis("off")
        canvas.draw()  # type: ignore[no-untyped-call]
        pixels = np.asarray(canvas.buffer_rgba())  # type: ignore[no-untyped-call]
        picture = Image.fromarray(pixels).convert("RGB")
        pictures.append(picture.quantize(64, dither=Image.Dither.NONE))
    return pictures


def _grid(joints: Array) -> Array:
    # Lines a metre apart on the floor, (lines, 2, 3), as far as the motion goes.
    low, high = np.floor(joints.min(axis=(0, 1))) - 1, np.ceil(joints.max(axis=(0, 1))) + 1
    along = [[(x, 0, low[2]), (x, 0, high[2])] for x in np.arange(low[0], high[0] + 1)]
    across = [[(low[0], 0, z), (high[0], 0, z)] for z in np.arange(low[2], high[2] + 1)]
    return np.array(along + across, dtype=np.float64)


def _frame(ax: Axes, figure: Array, way: Array) -> None:
    ax.plot(*way[:, :2].T, color=COLOURS["spine"], linewidth=3, alpha=0.45, solid_capstyle="round", zorder=1)
    draw(ax, figure)
