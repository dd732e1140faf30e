"""Where the joints of a BVH skeleton are at any time: forward kinematics over its channels."""

from dataclasses import dataclass, field

import numpy as np
from scipy.spatial.transform import Rotation

from lib.motion.skeleton import FPS, Array

_NEAR_ZERO = 1e-3


@dataclass(eq=False)
class Bvh:
    """A skeleton and its motion, in the file's own units, axes and rate.

    Attributes:
        names: of the joints, parents before their children, and after them of the end sites: the name of the joint that
            a site ends and ``_End``, such as ``Head_End``.
        parents: index of each joint's parent, -1 for the root.
        offsets: (J, 3) from the parent at rest.
        channels: of each joint, in the order of the file; sites have none.
        frame_s: seconds a frame.
        values: (T, number of channels), degrees for rotations.
        notes: what a reader of the file should know, each a clause whose subject is the clip.
        in_metres: whether the format says that lengths are metres; BVH says nothing of units.
    """

    names: list[str] = field(default_factory=list)
    parents: list[int] = field(default_factory=list)
    offsets: list[Array] = field(default_factory=list)
    channels: list[tuple[str, ...]] = field(default_factory=list)
    frame_s: float = 0.0
    values: Array = field(default_factory=lambda: np.zeros((0, 0)))
    notes: list[str] = field(default_factory=list)
    in_metres = False

    @property
    def fps(self) -> float:
        """Frames a second; files round the time of a frame to a millionth, so a whole number that near is meant."""
        whole = max(round(1 / self.frame_s), 1)
        return float(whole) if abs(1 / whole - self.frame_s) < 1e-6 else 1 / self.frame_s

    @property
    def seconds(self) -> Array:
        """Times (T,) of the frames."""
        return np.arange(len(self.values)) / self.fps

    def at(self, seconds: Array, *, added: bool = False) -> Array:
        """Positions (T, J, 3) of every joint at any times between the first frame and the last."""
        return positions(self, np.clip(seconds * self.fps, 0, len(self.values) - 1), added=added)

    def lengthened(self) -> list[str]:
        """Joints with an OFFSET whose position channels stay near 0, so that these can only be counted from it.

        An exporter that writes positions instead of offsets repeats the offset's length in them.
        """
        ends = np.cumsum([len(channels) for channels in self.channels])
        named = []
        for joint, channels in enumerate(self.channels):
            columns = [ends[joint] - len(channels) + n for n, name in enumerate(channels) if name.endswith("position")]
            if columns and self.parents[joint] >= 0:
                furthest = np.linalg.norm(self.values[:, columns], axis=1).max()
                if furthest < _NEAR_ZERO * np.linalg.norm(self.offsets[joint]):
                    named.append(self.names[joint])
        return named


def resampled(bvh: Bvh, *, fps: float = FPS, added: bool = False) -> Array:
    """Positions of every joint at another rate, from the first frame to the last that fits.

    Between two frames rotations follow the shortest turn and places a straight line, so that bones keep their length.
    Nothing is smoothed: a rate that is lowered takes single frames out, as HumanML3D does.

    Args:
        bvh: a file as read.
        fps: frames a second that are wanted.
        added: position channels are counted from the joint's offset; otherwise they stand in its stead, save where
            `Bvh.lengthened` shows that they cannot.

    Returns:
        (T, J, 3) in the file's units and axes.

    Source: HumanML3D: raw_pose_processing.ipynb, which takes every n-th frame; rates that are no multiple of 20 are
        rounded there.
    """
    last = len(bvh.values) - 1
    count = int(np.floor(last / bvh.fps * fps + 1e-6)) + 1
    return positions(bvh, np.minimum(np.arange(count) * bvh.fps / fps, last), added=added)


def positions(bvh: Bvh, frames: Array, *, added: bool = False) -> Array:
    """Positions of every joint at given frames, which may lie between two.

    Args:
        bvh: a file as read.
        frames: (T,) from 0 to the number of frames less one.
        added: as in `resampled`.

    Returns:
        (T, J, 3) in the file's units and axes.

    Example:
        >>> bvh = Bvh(["a", "b"], [-1, 0], [np.zeros(3), np.array([0, 2.0, 0])], [("Zrotation",), ()], 0.1)
        >>> bvh.values = np.array([[0.0], [90.0]])
        >>> positions(bvh, np.array([1.0]))[0, 1].round(6).tolist()
        [-2.0, 0.0, 0.0]
    """
    world = np.zeros((len(frames), len(bvh.names), 3, 3))
    placed = np.zeros((len(frames), len(bvh.names), 3))
    lengthened = set(bvh.lengthened())
    ends = np.cumsum([len(channels) for channels in bvh.channels])
    for joint, (name, parent, channels) in enumerate(zip(bvh.names, bvh.parents, bvh.channels, strict=True)):
        values = bvh.values[:, ends[joint] - len(channels) : ends[joint]]
        turn = _turn(channels, values, frames)
        place = _place(channels, values, frames, bvh.offsets[joint], added=added or name in lengthened)
        if parent < 0:
            world[:, joint], placed[:, joint] = turn, place
        else:
            world[:, joint] = world[:, parent] @ turn
            placed[:, joint] = placed[:, parent] + np.einsum("tij,tj->ti", world[:, parent], place)
    return placed


def _turn(channels: tuple[str, ...], values: Array, frames: Array) -> Array:
    columns = [n for n, channel in enumerate(channels) if channel.endswith("rotation")]
    if not columns:
        return np.broadcast_to(np.eye(3), (len(frames), 3, 3))
    # Capitals: each turn is about the axes that the ones before it have turned.
    order = "".join(channels[n][0] for n in columns)
    nearest = np.rint(frames).astype(int)
    if np.allclose(frames, nearest, atol=1e-6):
        whole: Array = Rotation.from_euler(order, values[:, columns][nearest], degrees=True).as_matrix()
        return whole
    before = np.minimum(np.floor(frames).astype(int), len(values) - 2)
    start, end = (Rotation.from_euler(order, values[:, columns][n], degrees=True) for n in (before, before + 1))
    part = Rotation.from_rotvec((frames - before)[:, None] * (start.inv() * end).as_rotvec())
    between: Array = (start * part).as_matrix()
    return between


def _place(channels: tuple[str, ...], values: Array, frames: Array, offset: Array, *, added: bool) -> Array:
    place = np.tile(offset, (len(frames), 1))
    for n, channel in enumerate(channels):
        if channel.endswith("position"):
            axis = "XYZ".index(channel[0])
            told = np.interp(frames, np.arange(len(values)), values[:, n])
            place[:, axis] = told + (offset[axis] if added else 0.0)
    return place
