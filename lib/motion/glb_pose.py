"""Where the nodes of a glTF animation are at any time: its samplers, and forward kinematics over what they move."""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from scipy.spatial.transform import Rotation

from lib.motion.skeleton import Array

Path = Literal["translation", "rotation", "scale"]
PATHS: tuple[Path, ...] = ("translation", "rotation", "scale")
_BLOCK = 1_000
_KEY_S = 1e-6
"""Key times are 32-bit floats; a step belongs to the time that its key was meant to have."""


@dataclass(frozen=True, eq=False)
class Track:
    """Keys of one property of a node.

    Attributes:
        times: (K,) seconds, increasing.
        values: (K, width), or (K, 3, width) for cubic splines: tangent before, value, tangent after.
        interpolation: `LINEAR` (rotations follow the shortest turn), `STEP` or `CUBICSPLINE`.
        turns: whether the values are quaternions, x y z w.
    """

    times: Array
    values: Array
    interpolation: str
    turns: bool

    def at(self, seconds: Array) -> Array:
        """Values (T, width) at any times; before the first key and after the last, the value there.

        Source: glTF 2.0 specification, appendix C (animation sampler interpolation modes).

        Example:
            >>> Track(np.array([0.0, 2.0]), np.array([[0.0], [4.0]]), "LINEAR", False).at(np.array([0.5, 9.0])).tolist()
            [[1.0], [4.0]]
        """
        last = len(self.times) - 1
        if self.interpolation == "STEP" or last == 0:
            held = np.clip(np.searchsorted(self.times, seconds + _KEY_S, side="right") - 1, 0, last)
            keys = self.values[:, 1] if self.interpolation == "CUBICSPLINE" else self.values
            return self._unit(keys[held])
        seconds = np.clip(seconds, self.times[0], self.times[-1])
        before = np.clip(np.searchsorted(self.times, seconds, side="right") - 1, 0, last - 1)
        length = (self.times[before + 1] - self.times[before])[:, None]
        share = (seconds - self.times[before])[:, None] / length
        if self.interpolation == "CUBICSPLINE":
            start, end = self.values[before], self.values[before + 1]
            square, cube = share**2, share**3
            point = (2 * cube - 3 * square + 1) * start[:, 1] + (3 * square - 2 * cube) * end[:, 1]
            slope = (cube - 2 * square + share) * length * start[:, 2] + (cube - square) * length * end[:, 0]
            return self._unit(point + slope)
        start, end = self.values[before], self.values[before + 1]
        if self.turns:
            return _shortest_turn(self._unit(start), self._unit(end), share)
        straight: Array = start + share * (end - start)
        return straight

    def _unit(self, values: Array) -> Array:
        if not self.turns:
            return values
        length = np.linalg.norm(values, axis=-1, keepdims=True)
        # A spline may pass through 0, where no turn is any better than none.
        unit: Array = np.where(length > 1e-9, values / np.maximum(length, 1e-9), (0.0, 0.0, 0.0, 1.0))
        return unit


@dataclass(eq=False)
class Glb:
    """The nodes of a file and one animation of them, in metres with Y up, as glTF has it.

    Attributes:
        names: of the nodes, parents before their children.
        parents: index of each node's parent, -1 where it has none.
        rest: (J, 10) translation, rotation x y z w, scale of the nodes at rest.
        matrices: of the nodes that have a matrix instead, (4, 4), by index.
        tracks: by index of the node and property.
        notes: what a reader of the file should know, each a clause whose subject is the clip.
        in_metres: whether the format says that lengths are metres.
    """

    names: list[str] = field(default_factory=list)
    parents: list[int] = field(default_factory=list)
    rest: Array = field(default_factory=lambda: np.zeros((0, 10)))
    matrices: dict[int, Array] = field(default_factory=dict)
    tracks: dict[tuple[int, Path], Track] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    in_metres = True

    @property
    def seconds(self) -> Array:
        """Times (T,) of the keys of the most finely keyed track, from the first key of any to the last of any."""
        tracks = list(self.tracks.values())
        ends = [min(track.times[0] for track in tracks), max(track.times[-1] for track in tracks)]
        finest = max((track.times for track in tracks), key=len)
        return np.unique(np.concatenate([finest, ends]))

    def at(self, seconds: Array, *, added: bool = False) -> Array:
        """Positions (T, J, 3) of every node at any times; `added` means nothing here, as glTF never adds."""
        blocks = [self._places(block) for block in np.split(seconds, range(_BLOCK, len(seconds), _BLOCK))]
        return np.concatenate(blocks)

    def _places(self, seconds: Array) -> Array:
        world = np.zeros((len(seconds), len(self.names), 4, 4))
        for node, parent in enumerate(self.parents):
            local = self._local(node, seconds)
            world[:, node] = world[:, parent] @ local if parent >= 0 else local
        places: Array = world[..., :3, 3]
        return places

    def _local(self, node: int, seconds: Array) -> Array:
        if node in self.matrices:
            return self.matrices[node]
        tracks = {path: self.tracks.get((node, path)) for path in PATHS}
        rest = dict(zip(PATHS, np.split(self.rest[node], (3, 7)), strict=True))
        times = seconds if any(tracks.values()) else seconds[:1]
        place, turn, scale = (track.at(times) if track else rest[path][None] for path, track in tracks.items())
        local = np.zeros((len(times), 4, 4))
        local[:, :3, :3] = Rotation.from_quat(turn).as_matrix() * scale[:, None]
        local[:, :3, 3] = place
        local[:, 3, 3] = 1.0
        return local


def _shortest_turn(start: Array, end: Array, share: Array) -> Array:
    cosine = (start * end).sum(-1, keepdims=True)
    end, cosine = np.where(cosine < 0, -end, end), np.minimum(np.abs(cosine), 1.0)
    angle = np.arccos(cosine)
    near = angle < 1e-6
    sine = np.where(near, 1.0, np.sin(angle))
    turned = np.where(near, 1 - share, np.sin((1 - share) * angle) / sine) * start
    turned = turned + np.where(near, share, np.sin(share * angle) / sine) * end
    unit: Array = turned / np.linalg.norm(turned, axis=-1, keepdims=True)
    return unit
