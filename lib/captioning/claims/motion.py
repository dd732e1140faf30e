"""What joints do, as signals that a claim can be held against: heights, speeds, turns and reaches of the limbs."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import median_filter, uniform_filter1d

from lib.motion.canonical import forward
from lib.motion.skeleton import FPS, Array

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

SIDES = ("left", "right")
HIP, KNEE, ANKLE, TOE = (1, 2), (4, 5), (7, 8), (10, 11)
SHOULDER, ELBOW, WRIST = (16, 17), (18, 19), (20, 21)
PELVIS, NECK, HEAD = 0, 12, 15
LEG_M = 0.82
"""Thigh and shin of HumanML3D's body; heights and ways are given for a body of this leg."""
TREMBLE = 5
"""Frames (at 20 fps) of the median and of the mean that take off what trembles from frame to frame."""
FACING_M = 0.3
"""A facing vector shorter than this belongs to a body that lies, and has no direction."""

BACK = 0.4
"""A turn back by this share of the turn leaves open which one was meant."""
SIDE_WAY_M, SIDE_WAY_DEGREES = 0.3, 35.0
"""What is enough of a way to one side, by steps in metres and by a curve in degrees."""


@dataclass(frozen=True)
class Motion:
    """A clip's joints, smoothed, over its own floor and to the size of HumanML3D's body.

    Attributes:
        raw: (T, 22, 3) metres, Y up, as read.
        fps: frames a second.
        upper: only the upper body was seen, so that nothing is known of legs and travel.
    """

    raw: Array
    fps: float = FPS
    upper: bool = False

    @cached_property
    def joints(self) -> Floats:
        """(T, 22, 3) metres: smoothed over a fifth of a second, floor at 0, thigh and shin 0.82 m long."""
        joints = np.asarray(self.raw, dtype=np.float64)
        size = min(self.window(TREMBLE / FPS), len(joints))
        if size > 1:
            joints = median_filter(joints, size=(size - (size + 1) % 2, 1, 1), mode="nearest")
            joints = uniform_filter1d(joints, max(1, round(size * 0.6)), axis=0, mode="nearest")
        legs = [np.linalg.norm(joints[:, a] - joints[:, b], axis=-1) for a, b in ((1, 4), (4, 7), (2, 5), (5, 8))]
        scale = LEG_M * 2 / max(float(np.median(np.sum(legs, axis=0))), 0.1)
        joints = joints * scale
        joints[..., 1] -= np.percentile(joints[..., 1].min(axis=1), 10)
        return np.asarray(joints, dtype=np.float64)

    def window(self, seconds: float) -> int:
        """Frames of a span of time, at least one."""
        return max(1, round(seconds * self.fps))

    def speed(self, places: Floats) -> Floats:
        """(T,) m/s of places (T, …, d), by central differences."""
        return np.asarray(np.linalg.norm(self.rate(places), axis=-1))

    def rate(self, values: Floats) -> Floats:
        """Change a second along the first axis, of the same shape; 0 for a single frame."""
        return np.gradient(values, axis=0) * self.fps if len(values) > 1 else np.zeros_like(values)

    def mean(self, values: Floats, seconds: float) -> Floats:
        """Running mean over a span of time, centred."""
        return np.asarray(uniform_filter1d(values, min(self.window(seconds), len(values)), axis=0, mode="nearest"))

    @cached_property
    def facing(self) -> Floats:
        """(T, 3) unit vectors the body faces, horizontal; held where a lying body has none."""
        vectors = np.asarray(forward(self.joints), dtype=np.float64)
        known = np.linalg.norm(vectors, axis=-1) > FACING_M
        if not known.any():
            return np.tile([0.0, 0.0, 1.0], (len(vectors), 1))
        held = np.maximum.accumulate(np.where(known, np.arange(len(known)), -1))
        vectors = vectors[np.where(held < 0, int(known.argmax()), held)]
        return np.asarray(vectors / np.linalg.norm(vectors, axis=-1, keepdims=True))

    @cached_property
    def heading(self) -> Floats:
        """(T,) degrees turned since the first frame, to the left positive."""
        angles = np.unwrap(np.arctan2(self.facing[:, 0], self.facing[:, 2]))
        return np.asarray(np.degrees(angles - angles[0]))

    def body(self, vectors: Floats) -> Floats:
        """Vectors (T, …, 3) as the body sees them: to its left, up, and ahead."""
        facing = self.facing.reshape(-1, *[1] * (vectors.ndim - 2), 3)
        left = facing[..., [2, 1, 0]] * (1.0, 1.0, -1.0)
        parts = [(vectors * left).sum(axis=-1), vectors[..., 1], (vectors * facing).sum(axis=-1)]
        return np.stack(parts, axis=-1)

    @cached_property
    def seen(self) -> Floats:
        """(T, 22, 3) joints from the pelvis, as the body sees them; heights stay those over the floor."""
        root = self.joints[:, :1] * (1.0, 0.0, 1.0)
        return self.body(self.joints - root)

    @cached_property
    def pace(self) -> Floats:
        """(T, 2) m/s of the pelvis over the floor, over half a second: to the body's left and ahead."""
        return self.mean(self.body(self.rate(self.joints[:, PELVIS]))[:, [0, 2]], 0.5)

    @cached_property
    def going(self) -> Floats:
        """(T,) m/s at which the body gets from where it was half a second before to where it is half a second after."""
        half, place = self.window(0.5), self.joints[:, PELVIS][:, [0, 2]]
        at = np.arange(len(place))
        before, after = np.maximum(at - half, 0), np.minimum(at + half, len(place) - 1)
        span = np.maximum(after - before, 1)
        return np.asarray(np.linalg.norm(place[after] - place[before], axis=-1) * self.fps / span)

    @cached_property
    def still(self) -> bool:
        """Whether nothing of the body moves: then a claim about a deed is surely false."""
        return bool(self.stir.max(initial=0.0) < 0.15)

    @cached_property
    def stir(self) -> Floats:
        """(T,) m/s of the fastest hand or foot, relative to the pelvis, over half a second."""
        ends = self.seen[:, [*ANKLE, *WRIST]]
        return self.mean(np.linalg.norm(self.rate(ends), axis=-1).max(axis=1), 0.5)

    @cached_property
    def drop(self) -> Floats:
        """(T,) height of the pelvis, as a share of that of the standing body."""
        return np.asarray(self.joints[:, PELVIS, 1] / (LEG_M + 0.12))

    @cached_property
    def lean(self) -> Floats:
        """(T,) degrees by which the trunk, pelvis to neck, leaves the upright."""
        trunk = self.joints[:, NECK] - self.joints[:, PELVIS]
        return np.asarray(np.degrees(np.arccos(trunk[:, 1] / np.maximum(np.linalg.norm(trunk, axis=-1), 1e-9))))

    @cached_property
    def bent(self) -> Floats:
        """(T,) degrees by which the trunk leans ahead."""
        trunk = self.seen[:, NECK] - self.seen[:, PELVIS]
        return np.asarray(np.degrees(np.arctan2(trunk[:, 2], trunk[:, 1])))

    @cached_property
    def lift(self) -> Floats:
        """(T, 2) metres each foot, left and right, is off the floor: its lower end over where that end rests."""
        ends = self.joints[:, [*ANKLE, *TOE], 1]
        over = ends - np.percentile(ends, 5, axis=0)
        return np.asarray(np.minimum(over[:, :2], over[:, 2:]))

    @cached_property
    def air(self) -> Floats:
        """(T,) metres that the lower foot is off the floor."""
        return np.asarray(self.lift.min(axis=1))

    @cached_property
    def raised(self) -> Floats:
        """(T, 2) metres of each wrist over its shoulder; negative below."""
        return np.asarray(self.joints[:, WRIST, 1] - self.joints[:, SHOULDER, 1])

    @cached_property
    def arm(self) -> Floats:
        """(T, 2) how straight each arm is, shoulder to wrist against the length of both its bones."""
        shoulder, elbow, wrist = (self.joints[:, list(at)] for at in (SHOULDER, ELBOW, WRIST))
        length = np.linalg.norm(elbow - shoulder, axis=-1) + np.linalg.norm(wrist - elbow, axis=-1)
        return np.asarray(np.linalg.norm(wrist - shoulder, axis=-1) / np.maximum(length, 1e-9))

    @cached_property
    def away(self) -> Floats:
        """(T, 2) degrees between each arm, shoulder to wrist, and the line straight down."""
        way = self.joints[:, list(WRIST)] - self.joints[:, list(SHOULDER)]
        return np.asarray(np.degrees(np.arccos(-way[..., 1] / np.maximum(np.linalg.norm(way, axis=-1), 1e-9))))

    @cached_property
    def hand_speed(self) -> Floats:
        """(T, 2) m/s of each wrist relative to its shoulder."""
        way = self.seen[:, list(WRIST)] - self.seen[:, list(SHOULDER)]
        return np.asarray(np.linalg.norm(self.rate(way), axis=-1))

    @cached_property
    def foot_speed(self) -> Floats:
        """(T, 2) m/s of each ankle relative to the pelvis."""
        return np.asarray(np.linalg.norm(self.rate(self.seen[:, list(ANKLE)] - self.seen[:, :1]), axis=-1))

    @cached_property
    def hands_apart(self) -> Floats:
        """(T,) metres between the wrists."""
        return np.asarray(np.linalg.norm(self.joints[:, 20] - self.joints[:, 21], axis=-1))

    @cached_property
    def hand_to_head(self) -> Floats:
        """(T, 2) metres of each wrist from the head."""
        return np.asarray(np.linalg.norm(self.joints[:, list(WRIST)] - self.joints[:, [HEAD]], axis=-1))


def turned_left(m: Motion) -> float:
    """Degrees turned, to the left positive: the widest turn of the clip; 0 where it also turns back that far."""
    heading = m.mean(m.heading, 0.3)
    left = float((heading - np.minimum.accumulate(heading)).max())
    right = float((np.maximum.accumulate(heading) - heading).max())
    if min(left, right) > BACK * max(left, right):
        return 0.0
    return left if left > right else -right


def gone_left(m: Motion) -> float:
    """How far to the left a body went, by side steps or in a curve; 1 is enough."""
    steps = float(m.pace[:, 0].sum() / m.fps) / SIDE_WAY_M
    curve = turned_left(m) / SIDE_WAY_DEGREES if m.going.max() > 0.3 else 0.0
    if steps * curve < 0 and min(abs(steps), abs(curve)) > 0.7:
        return 0.0
    return steps if abs(steps) > abs(curve) else curve
