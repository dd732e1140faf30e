"""The 41 curves a body is driven by: where pelvis, feet and hands should be, and how the trunk bends."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

WIDTH = 41


class Tracks:
    """Named views on one (T, 41) array, so that tracks are cut, joined and mixed as a whole.

    Axis 1 of the paired tracks is the side: 0 left, 1 right. Angles are radians; (pitch, twist, lean) means forward,
    to the left, and over to the left. World coordinates are metres, Y up, facing +Z, left at +X.

    Attributes:
        root: (T,3) pelvis; y is a wish, lowered where a leg would not reach its foot.
        yaw: (T,) heading, positive to the left.
        tilt: (T,3) pelvis against the heading.
        spine: (T,3) bend from pelvis to chest, shared by three joints.
        head: (T,3) head against the chest.
        ankle: (T,2,3) where the ankle is when the foot lies flat; y is the lift above standing.
        foot_yaw: (T,2) heading of the foot in the world.
        foot_pitch: (T,2) above 0 the heel rises over a still toe, below 0 the toe rises over a still heel.
        knee_out: (T,2) how far the knee opens outward (0 ahead, 1 at 45 degrees).
        hand: (T,2,3) wrist from its own shoulder as (outward, up, forward) of the chest.
        swivel: (T,2) how far the elbow is carried outward.
        grip: (T,2,3) a world position for the wrist.
        grip_weight: (T,2) how much of `grip` is taken instead of `hand`, 0..1.

    Example:
        >>> tracks = Tracks(np.zeros((10, WIDTH)))
        >>> tracks.hand[:, 0, 1] = 0.4
        >>> float(tracks.values.max()), len(tracks)
        (0.4, 10)
    """

    def __init__(self, values: Array) -> None:
        """Name the columns of `values` (T, 41)."""
        self.values = values
        frames = len(values)
        self.root = values[:, 0:3]
        self.yaw = values[:, 3]
        self.tilt = values[:, 4:7]
        self.spine = values[:, 7:10]
        self.head = values[:, 10:13]
        self.ankle = values[:, 13:19].reshape(frames, 2, 3)
        self.foot_yaw = values[:, 19:21]
        self.foot_pitch = values[:, 21:23]
        self.knee_out = values[:, 23:25]
        self.hand = values[:, 25:31].reshape(frames, 2, 3)
        self.swivel = values[:, 31:33]
        self.grip = values[:, 33:39].reshape(frames, 2, 3)
        self.grip_weight = values[:, 39:41]

    def __len__(self) -> int:
        """How many frames."""
        return len(self.values)

    def reach(self, side: int, target: ArrayLike, weight: ArrayLike = 1.0) -> None:
        """Bring one hand to `target` (3,) or (T,3), in the terms of `hand`, by `weight` 0..1.

        A hand on its way from hip to head goes round in front: a straight line would fold the arm at the shoulder.
        """
        share = np.asarray(weight)[..., None]
        way = np.asarray(target) - self.hand[:, side]
        detour = np.clip(2.0 * np.abs(way[:, 1:2]) - 1.0, 0.0, 1.0) * 4.0 * share * (1.0 - share)
        self.hand[:, side] += share * way + detour * np.array([0.12, 0.0, 0.26])

    def hold(self, side: int, place: ArrayLike, weight: Array) -> None:
        """Keep one hand at a `place` of the world, (3,) or (T,3), by `weight` (T,) 0..1."""
        self.grip[:, side] = place
        self.grip_weight[:, side] = weight

    def step(self, side: int, shift: ArrayLike, course: Array, lift: float = 0.07) -> None:
        """Carry one foot by `shift` (x, z) as `course` (T,) goes from 0 to 1, lifting it on the way."""
        self.ankle[:, side, ::2] += course[:, None] * np.asarray(shift)
        # The power makes the foot leave the floor before it travels; `course` is eased, so no corner shows.
        arc = np.clip(4.0 * course * (1.0 - course), 0.0, 1.0) ** 0.6
        self.ankle[:, side, 1] += lift * arc
        self.foot_pitch[:, side] += 0.35 * arc

    def stance(self, left: ArrayLike, right: ArrayLike, course: Array) -> None:
        """Set the feet by `left` and `right` (x, z), one after the other, as `course` (T,) goes from 0 to 1."""
        self.step(0, left, np.clip(2.0 * course, 0.0, 1.0), 0.05)
        self.step(1, right, np.clip(2.0 * course - 1.0, 0.0, 1.0), 0.05)

    def crop(self, start: int, stop: int) -> "Tracks":
        """The frames from `start` up to `stop`, as a view."""
        return Tracks(self.values[start:stop])

    def moved(self, position: Array, yaw: float) -> "Tracks":
        """A copy turned by `yaw` about the origin, then carried to `position` (x, z)."""
        copy = Tracks(self.values.copy())
        cosine, sine = np.cos(yaw), np.sin(yaw)
        for place in (copy.root, copy.ankle, copy.grip):
            x, z = place[..., 0].copy(), place[..., 2].copy()
            place[..., 0] = cosine * x + sine * z + position[0]
            place[..., 2] = cosine * z - sine * x + position[1]
        copy.yaw += yaw
        copy.foot_yaw += yaw
        return copy


def chain(parts: Sequence[Tracks]) -> Tracks:
    """Lay tracks end to end, each starting where and facing as the one before it stopped.

    Every part but the first must begin, and every part but the last must end, in the same standing rest.

    Example:
        >>> one = Tracks(np.zeros((5, WIDTH))); one.root[-1, 2] = 2.0
        >>> chain([one, one]).root[:, 2].tolist()
        [0.0, 0.0, 0.0, 0.0, 2.0, 2.0, 2.0, 2.0, 2.0, 4.0]
    """
    if len(parts) == 1:
        return parts[0]
    laid, place, yaw = [], np.zeros(2), 0.0
    for part in parts:
        laid.append(part.moved(place, yaw))
        place, yaw = laid[-1].root[-1, [0, 2]].copy(), float(laid[-1].yaw[-1])
    return Tracks(np.concatenate([part.values for part in laid]))
