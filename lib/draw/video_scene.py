"""What a video of a motion shows, in pixels: the body, its shadow, its way and the floor, as a camera sees them."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from lib.motion.canonical import forward, yaw
from lib.motion.ground import ground
from lib.motion.rotations import about_y
from lib.motion.skeleton import FPS, Array

HEAD = 15
FACE = 22
"""Where the nose is, after the 22 joints."""
STAGE_M = 3.0
"""A motion within a square of this size is seen by a camera that stands still."""

_DISTANCE_M = 6.0
_LEAST_M = 1.9
_ROOM = 0.06
_SKIN_M = 0.13
_REACH_M = 7
_SMOOTH_S = 0.5


@dataclass(frozen=True)
class Scene:
    """A motion as a camera sees it; the last axis of points is x, y in pixels from the top left corner.

    Attributes:
        size: pixels of width and height.
        body: (T, 23, 4) joints and nose, with their nearness in metres and pixels a metre there.
        shadow: (T, 22, 2) of the joints on the floor.
        way: gives (n, 2) the way of the pelvis up to a frame, made when it is drawn: all ways together are T² long.
        grid: by frame, (n, 2, 2) lines of the floor; of one frame only where the camera stands still.
        fading: by frame, (n,) how far a line has faded, 0 to 1.
    """

    size: int
    body: Array
    shadow: Array
    way: Callable[[int], Array]
    grid: list[Array]
    fading: list[Array]


def scene(poses: Array, size: int, azimuth: float, elevation: float) -> Scene:
    """Sets up the camera and sees everything through it.

    Args:
        poses: (T, 22, 3) metres, Y up, at 20 frames a second.
        size: pixels of width and height.
        azimuth: degrees from the front of the first pose to its right at which the camera stands; it never turns.
        elevation: degrees that it looks down.
    """
    poses = poses - [0.0, ground(poses).floor, 0.0]
    facing = forward(poses)
    body = np.concatenate([poses, poses[:, [HEAD]] + [0.0, 0.05, 0.0] + 0.11 * facing[:, None]], axis=1)
    pivot, stands = _pivot(poses)
    camera = _Camera(body, pivot, float(yaw(facing[0])) + np.radians(azimuth), np.radians(elevation), size)
    shadow = camera.seen(poses * (1.0, 0.0, 1.0))[..., :2]
    floor = [_floor(camera, frame) for frame in range(1 if stands else len(poses))]
    roots = poses[:, 0] * (1.0, 0.0, 1.0)
    return Scene(
        size=size,
        body=camera.seen(body),
        shadow=shadow,
        way=lambda frame: _line(camera, roots[: frame + 1], frame),
        grid=[lines for lines, _ in floor],
        fading=[fading for _, fading in floor],
    )


def _pivot(poses: Array) -> tuple[Array, bool]:
    """(T, 3) the place on the floor that the camera looks at, and whether it is one: else the root's, smoothed."""
    every = poses[..., (0, 2)].reshape(-1, 2)
    low, high = every.min(axis=0), every.max(axis=0)
    root = poses[:, 0] * (1.0, 0.0, 1.0)
    if (high - low).max() <= STAGE_M:
        middle = (low + high) / 2
        return np.broadcast_to([middle[0], 0.0, middle[1]], root.shape), True
    width = round(3 * _SMOOTH_S * FPS)
    weights = np.exp(-((np.arange(-width, width + 1) / (_SMOOTH_S * FPS)) ** 2) / 2)
    padded = np.pad(root, ((width, width), (0, 0)), mode="edge")
    smooth = [np.convolve(padded[:, axis], weights / weights.sum(), mode="valid") for axis in range(3)]
    return np.stack(smooth, axis=-1), False


class _Camera:
    # Perspective from a fixed side; scale and place are such that all of the body is in the picture in every frame.
    def __init__(self, body: Array, pivot: Array, turn: float, tilt: float, size: int) -> None:
        self.pivot, self.turn, self.tilt, self.size = pivot, turn, tilt, size
        from_pivot = np.linalg.norm(body - pivot[:, None], axis=-1).max()
        self.distance = max(_DISTANCE_M, 2.0 * float(from_pivot))
        self.scale, self.left, self.top = 1.0, 0.0, 0.0
        seen = self.seen(body)
        edge = _SKIN_M * seen[..., 3:]
        low, high = (seen[..., :2] - edge).min(axis=(0, 1)), (seen[..., :2] + edge).max(axis=(0, 1))
        self.scale = size * (1 - 2 * _ROOM) / max(_LEAST_M, float((high - low).max()))
        middle = (low + high) / 2 * self.scale
        self.left, self.top = size / 2 - middle[0], size / 2 - middle[1]

    def placed(self, points: Array, frame: int | None = None) -> Array:
        # (..., 3): right, up, near, in metres from the pivot
        pivot = self.pivot[:, None] if frame is None else self.pivot[frame]
        around = about_y(points - pivot, np.asarray(self.turn))
        up = around[..., 1] * np.cos(self.tilt) - around[..., 2] * np.sin(self.tilt)
        near = around[..., 1] * np.sin(self.tilt) + around[..., 2] * np.cos(self.tilt)
        return np.stack([around[..., 0], up, near], axis=-1)

    def pictured(self, placed: Array) -> Array:
        # (..., 4): x, y, near, pixels a metre
        size = self.scale * self.distance / (self.distance - placed[..., 2])
        x, y = self.left + placed[..., 0] * size, self.top - placed[..., 1] * size
        return np.stack([x, y, placed[..., 2], size], axis=-1)

    def seen(self, points: Array, frame: int | None = None) -> Array:
        return self.pictured(self.placed(points, frame))


def _line(camera: _Camera, points: Array, frame: int) -> Array:
    # A way on the floor, without what lies too near the camera or too far from what it looks at.
    placed = camera.placed(points, frame)
    kept = (placed[:, 2] < 0.6 * camera.distance) & (np.abs(points - camera.pivot[frame]).max(axis=-1) < _REACH_M)
    gone = np.flatnonzero(~kept)
    return camera.pictured(placed[gone[-1] + 1 if len(gone) else 0 :])[:, :2]


def _floor(camera: _Camera, frame: int) -> tuple[Array, Array]:
    # Lines a metre apart about the pivot; those at the rim fade, so that none appears all at once.
    centre = camera.pivot[frame]
    reach = _REACH_M * max(1.0, camera.distance / _DISTANCE_M)
    lines, fading = [], []
    for axis, other in ((0, 2), (2, 0)):
        at = np.arange(np.ceil(centre[axis] - reach), np.floor(centre[axis] + reach) + 1)
        ends = np.zeros((len(at), 2, 3))
        ends[:, :, axis] = at[:, None]
        ends[:, :, other] = centre[other] + np.array([-reach, reach])
        lines.append(ends)
        fading.append(np.abs(at - centre[axis]) / reach)
    placed = camera.placed(np.concatenate(lines), frame)
    limit = 0.75 * camera.distance
    near = placed[..., 2]
    kept = (near < limit).any(axis=1)
    placed, near = placed[kept], near[kept]
    share = np.clip((limit - near[:, 0]) / np.where(near[:, 1] == near[:, 0], 1.0, near[:, 1] - near[:, 0]), 0, 1)
    cut = placed[:, 0] + share[:, None] * (placed[:, 1] - placed[:, 0])
    for end in (0, 1):
        beyond = near[:, end] > limit
        placed[beyond, end] = cut[beyond]
    return camera.pictured(placed)[..., :2], np.concatenate(fading)[kept]
