"""A motion as a video: a figure whose left and right are told apart, on a floor, in view from beginning to end."""

from pathlib import Path

import av
import numpy as np

from lib.base import atomic
from lib.base.errors import CorpusError, ParamsError
from lib.base.mp4 import comment_of, writing
from lib.draw.video_picture import pictures
from lib.draw.video_scene import scene
from lib.motion.skeleton import FPS, Array

SIZE = 320
SMALLEST, LARGEST = 64, 2160
LONGEST_S = 600.0
AZIMUTH, ELEVATION = 30.0, 15.0
MARK = "rendered from joints by lib.draw.video"
"""The comment in every file written here, by which it is told from a recording."""


def render(
    joints: Array,
    path: Path,
    *,
    fps: float = FPS,
    size: int = SIZE,
    azimuth: float = AZIMUTH,
    elevation: float = ELEVATION,
) -> None:
    """Writes a motion as an mp4 of 20 frames a second: H.264, or MPEG-4 where PyAV is built without it.

    Left limbs are blue and end in discs; right limbs are orange with a white core and end in squares; the head has a
    nose. The floor has lines a metre apart, the shadow and the way of the pelvis so far. Where the motion stays within
    3 m the camera stands still, else it goes along smoothly; it never turns, so that a body that turns is seen to turn.

    Args:
        joints: (T, 22, 3) metres, Y up.
        path: where to, on the project's terms: the file appears whole. Equal motions give equal files on one machine.
        fps: frames a second of the motion; poses in between are drawn on the straight line.
        size: pixels of width and height, an even number.
        azimuth: degrees from the front of the first pose to its right at which the camera stands.
        elevation: degrees that it looks down.

    Raises:
        CorpusError: no pose, a value that is not finite, or more than `LONGEST_S` seconds.
        ParamsError: a size that is odd or out of bounds.
    """
    check_size(size)
    if not len(joints) or not np.isfinite(joints).all():
        what = "values that are not finite" if len(joints) else "a motion without a pose"
        raise CorpusError(what, where=path.name, fix="correct the motion")
    if len(joints) / fps > LONGEST_S:
        what = f"a motion of {len(joints) / fps:,.0f} s is too long for a video"
        raise CorpusError(what, where=path.name, fix=f"cut it to {LONGEST_S:g} s")
    poses = resampled(np.asarray(joints, dtype=np.float64), fps)
    with atomic.replaced(path) as part, writing(part, size, size, FPS, comment=MARK) as add:
        for image in pictures(scene(poses, size, azimuth, elevation)):
            add(av.VideoFrame.from_ndarray(np.asarray(image), format="rgb24"))


def check_size(size: int) -> None:
    """Refuses a size that a video cannot have.

    Args:
        size: pixels of width and height.

    Raises:
        ParamsError: odd, or out of bounds.
    """
    if size % 2 or not SMALLEST <= size <= LARGEST:
        fix = f"give an even number of pixels from {SMALLEST} to {LARGEST}"
        raise ParamsError(f"a video cannot be {size} pixels wide", where="size", fix=fix)


def resampled(joints: Array, fps: float, to: float = FPS) -> Array:
    """The motion at another rate, on straight lines between its poses; it lasts as long as before, to half a frame.

    Args:
        joints: (T, ..., 3).
        fps: its rate.
        to: the rate wanted.

    Example:
        >>> resampled(np.arange(4.0)[:, None, None], 40)[:, 0, 0].tolist()
        [0.0, 2.0]
        >>> resampled(np.arange(2.0)[:, None, None], 10)[:, 0, 0].tolist()
        [0.0, 0.5, 1.0, 1.0]
    """
    if fps == to:
        return joints
    count = max(1, round(len(joints) * to / fps))
    at = np.minimum(np.arange(count) * fps / to, len(joints) - 1)
    before = np.floor(at).astype(int)
    after = np.minimum(before + 1, len(joints) - 1)
    share = (at - before)[:, None, None]
    between: Array = (1 - share) * joints[before] + share * joints[after]
    return between


def is_rendered(path: Path) -> bool:
    """Whether a file may be written anew: it was rendered here, or is no video."""
    return comment_of(path) in {MARK, None}
