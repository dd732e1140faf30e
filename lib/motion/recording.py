"""A file of motion capture, whatever its format: named joints, and where each is at any time."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import numpy as np

from lib.base.errors import CorpusError
from lib.motion import bvh_text, glb
from lib.motion.skeleton import FPS, Array


class Recording(Protocol):
    """What a rig needs to know of a file.

    Attributes:
        names: of the joints, each once.
        notes: what a reader of the file should know, each a clause whose subject is the clip.
        in_metres: whether the format says that lengths are metres and Y points up.
    """

    names: list[str]
    notes: list[str]
    in_metres: bool

    @property
    def seconds(self) -> Array:
        """Times (T,) of the poses that were recorded."""

    def at(self, seconds: Array, *, added: bool = False) -> Array:
        """Positions (T, J, 3) at any times between the first and the last, in the file's units and axes.

        Args:
            seconds: (T,).
            added: position channels are counted from a joint's offset, where the format leaves that open.
        """


READERS: dict[str, Callable[[Path], Recording]] = {".bvh": bvh_text.read, ".glb": glb.read}
"""The functions that read a file, by its suffix in small letters."""


def read(path: Path) -> Recording:
    """Reads a file by its suffix.

    Raises:
        CorpusError: another suffix, no regular file, or one that cannot be used.
    """
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise CorpusError("no motion capture that is read here", where=path, fix=f"give {' or '.join(READERS)}")
    if path.exists() and not path.is_file():
        raise CorpusError("not a file that can be read to its end", where=path, fix="name a file")
    return reader(path)


def sampling_times(recording: Recording, first: int = 0, *, fps: float = FPS) -> Array:
    """Times at another rate, from a recorded pose to the last that fits.

    Nothing is smoothed: a rate that is lowered takes single poses out, as HumanML3D does.

    Args:
        recording: a file as read.
        first: the recorded pose to start from.
        fps: frames a second that are wanted.

    Returns:
        (T,) seconds.

    Source: HumanML3D: raw_pose_processing.ipynb, which takes every n-th frame; rates that are no multiple of 20 are
        rounded there.
    """
    start, end = recording.seconds[first], recording.seconds[-1]
    times: Array = start + np.arange(int(np.floor((end - start) * fps + _ROUNDED)) + 1) / fps
    return times


_ROUNDED = 1e-3
"""Share of a frame by which times in a file are rounded."""
