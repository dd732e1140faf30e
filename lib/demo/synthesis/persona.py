"""Who performs: the build of the stance and the habits that make two clips of one action differ."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lib.demo.synthesis.limbs import ARM, SIDE
from lib.demo.synthesis.tracks import WIDTH, Tracks

Array = NDArray[np.float64]

UPPER, LOWER = (float(x) for x in ARM.mean(axis=1))


def arm(pitch: Array | float, flex: Array | float, out: Array | float = 0.1) -> Array:
    """Wrist of an arm swung forward by `pitch`, bent by `flex` at the elbow and held `out` to the side.

    Args:
        pitch: upper arm against hanging, radians, positive forward.
        flex: elbow, radians, 0 straight.
        out: the whole arm turned outward about the forward axis, radians.

    Returns:
        (..., 3) wrist from the shoulder as (outward, up, forward), metres.

    Example:
        >>> [round(abs(x), 2) for x in arm(np.pi / 2, 0.0, 0.0).tolist()]
        [0.0, 0.0, 0.53]
    """
    p, f, o = np.broadcast_arrays(np.asarray(pitch, dtype=np.float64), flex, out)
    up = -UPPER * np.cos(p) - LOWER * np.cos(p + f)
    return np.stack([-up * np.sin(o), up * np.cos(o), UPPER * np.sin(p) + LOWER * np.sin(p + f)], axis=-1)


@dataclass(frozen=True)
class Persona:
    """Habits of one performer, constant through a clip.

    Attributes:
        width: half the distance between the ankles, metres.
        toe_out: radians each foot turns outward.
        stagger: how far the left foot stands ahead of the right, metres.
        ankle: how far the ankles stand behind the pelvis, metres.
        slouch: forward bend of the spine, radians.
        drop: how much lower than straight legs the pelvis rides, metres.
        elbow: flexion of a hanging arm, radians.
        arms_out: how far hanging arms stand off the body, radians.
        tempo: multiplies every speed.
        vigour: multiplies every amplitude.
    """

    width: float = 0.1
    toe_out: float = 0.12
    stagger: float = 0.0
    ankle: float = -0.04
    slouch: float = 0.03
    drop: float = 0.01
    elbow: float = 0.25
    arms_out: float = 0.05
    tempo: float = 1.0
    vigour: float = 1.0

    @classmethod
    def drawn(cls, rng: np.random.Generator) -> "Persona":
        """A performer at random, within what people do without being told to."""
        low = np.array([0.085, 0.03, -0.05, -0.05, -0.03, 0.0, 0.15, 0.02, 0.88, 0.9])
        high = np.array([0.125, 0.25, 0.05, -0.03, 0.12, 0.02, 0.4, 0.1, 1.12, 1.1])
        return cls(*(float(x) for x in rng.uniform(low, high)))

    def rest(self, frames: int) -> Tracks:
        """Tracks of this performer standing still at the origin, facing +Z."""
        tracks = Tracks(np.zeros((frames, WIDTH)))
        tracks.root[:, 1] = 0.96 - self.drop
        tracks.spine[:, 0] = self.slouch
        tracks.head[:, 0] = -0.5 * self.slouch
        tracks.ankle[..., 0] = SIDE * self.width
        tracks.ankle[..., 2] = self.ankle + 0.5 * SIDE * self.stagger
        tracks.foot_yaw[:] = SIDE * self.toe_out
        tracks.hand[:] = arm(0.02, self.elbow, self.arms_out)
        tracks.swivel[:] = 0.15
        return tracks
