"""The motions that a map plays: of a sample of its points, ten poses a second, packed into one file."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lib.draw.motion_player.payload import payload
from lib.motion.skeleton import FPS, Array

RATE = 10.0
"""Poses a second; between two of them the player interpolates."""
LONGEST = 10.0
"""Seconds of a motion at most."""


@dataclass(frozen=True, eq=False)
class PointMotion:
    """The motion of one point of a map.

    Args:
        row: of the point among the map's captions.
        joints: (T, 22, 3) metres, Y up, the floor at 0.
        fps: frames a second.
        public: whether a private profile may show it, which only motions of a public corpus allow.
    """

    row: int
    joints: Array
    fps: float = FPS
    public: bool = False


def thinned(joints: Array, fps: float) -> Array:
    """The poses nearest to every tenth of a second, of ten seconds at most: (T, 22, 3) to (t, 22, 3).

    Example:
        >>> thinned(np.zeros((196, 22, 3)), 20.0).shape, thinned(np.zeros((301, 22, 3)), 30.0).shape
        ((98, 22, 3), (101, 22, 3))
    """
    seconds = min((len(joints) - 1) / fps, LONGEST)
    times = np.arange(int(seconds * RATE + 1e-6) + 1) / RATE
    return np.asarray(joints[np.minimum((times * fps).round().astype(int), len(joints) - 1)])


def packed(motions: Sequence[PointMotion]) -> bytes:
    """Motions one after the other, as `lib.draw.motion_player.payload` has each of them.

    How many there are, and the bytes of each, come first as uint32. Of the bytes that follow all even ones come before
    all odd ones: low bytes and high bytes of the coordinates apart deflate better.
    """
    parts = [base64.b64decode(payload(thinned(one.joints, one.fps), RATE)) for one in motions]
    head: npt.NDArray[np.uint32] = np.array([len(parts), *map(len, parts)], dtype="<u4")
    whole = b"".join(parts)
    return head.tobytes() + whole[0::2] + whole[1::2]
