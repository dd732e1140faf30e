"""A motion as a video: a figure whose left and right are told apart, on a floor, in view from beginning to end."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.codec.codec import UnknownCodecError
from PIL import Image

from lib.base import atomic
from lib.base.errors import CorpusError, ParamsError
from lib.draw.video_picture import pictures
from lib.draw.video_scene import scene
from lib.motion.skeleton import FPS, Array

SIZE = 320
SMALLEST, LARGEST = 64, 2160
LONGEST_S = 600.0
AZIMUTH, ELEVATION = 30.0, 15.0
MARK = "rendered from joints by lib.draw.video"
"""The comment in every file written here, by which it is told from a recording."""
CODECS: dict[str, dict[str, str]] = {
    "libx264": {"preset": "veryfast", "crf": "20", "g": "40", "bf": "0", "threads": "1"},
    "mpeg4": {"flags": "+qscale", "global_quality": "354", "g": "40", "threads": "1"},
}
"""Encoders, the best first, with their options; one thread each, so that equal pictures give equal bytes."""


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
    if size % 2 or not SMALLEST <= size <= LARGEST:
        fix = f"give an even number of pixels from {SMALLEST} to {LARGEST}"
        raise ParamsError(f"a video cannot be {size} pixels wide", where="size", fix=fix)
    if not len(joints) or not np.isfinite(joints).all():
        what = "values that are not finite" if len(joints) else "a motion without a pose"
        raise CorpusError(what, where=path.name, fix="correct the motion")
    if len(joints) / fps > LONGEST_S:
        what = f"a motion of {len(joints) / fps:,.0f} s is too long for a video"
        raise CorpusError(what, where=path.name, fix=f"cut it to {LONGEST_S:g} s")
    poses = resampled(np.asarray(joints, dtype=np.float64), fps)
    with atomic.replaced(path) as part:
        encode(pictures(scene(poses, size, azimuth, elevation)), part, size, size)


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


def encode(images: Iterable[Image.Image], path: Path, width: int, height: int, *, comment: str = MARK) -> None:
    """Writes pictures as an mp4 of 20 frames a second.

    Args:
        images: RGB.
        path: where to.
        width: of each, in pixels, even.
        height: likewise.
        comment: kept in the file.

    Raises:
        OSError: the file cannot be written.
    """
    with av.open(str(path), "w", format="mp4", options={"movflags": "+faststart"}) as container:
        container.metadata["comment"] = comment
        stream = stream_of(container, width, height)
        for image in images:
            container.mux(stream.encode(av.VideoFrame.from_image(image)))
        container.mux(stream.encode())


def stream_of(container: Any, width: int, height: int, rate: Any = FPS) -> Any:
    """A stream of the best encoder that there is, in a container that is being written."""
    for codec, options in CODECS.items():
        try:
            stream = container.add_stream(codec, rate=rate, options=options)
        except UnknownCodecError:
            continue
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        return stream
    raise CorpusError(f"PyAV has none of the encoders {', '.join(CODECS)}", fix="install av of constraints.txt")


def is_rendered(path: Path) -> bool:
    """Whether a video was rendered here; a file that is no video was."""
    try:
        with av.open(str(path)) as container:
            return container.metadata.get("comment") == MARK
    except (av.error.FFmpegError, ValueError):
        return True
