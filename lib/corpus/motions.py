"""Motions on demand: features or joints, from files or one packed array, each derived from the other if need be."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from lib.base.errors import CorpusError
from lib.motion.features import from_joints, recover_joints
from lib.motion.motion_array import FEATURES, JOINTS, content_fault, open_array
from lib.motion.skeleton import PARENTS

Array = NDArray[np.float32]
AT_ONCE = 16_384
"""Frames looked at together."""


class Store(Protocol):
    """Arrays by clip id, as stored."""

    def __contains__(self, clip_id: str) -> bool:
        """Whether a sound array is stored for the clip."""
        ...

    def read(self, clip_id: str) -> NDArray[np.generic]:
        """The clip's array in its stored type."""
        ...

    def where(self, clip_id: str) -> str:
        """The place to name in a message."""
        ...

    def place(self, clip_id: str) -> tuple[Path, int | None, int | None]:
        """The file that holds the array and, where it holds others too, first row and number of rows."""
        ...


@dataclass(frozen=True)
class FileStore:
    """One `.npy` file a clip; `names` are those found sound when the folder was listed, by id."""

    folder: Path
    names: Mapping[str, str]

    def __contains__(self, clip_id: str) -> bool:
        """Whether a sound array is stored for the clip."""
        return clip_id in self.names

    def read(self, clip_id: str) -> NDArray[np.generic]:
        """Reads the clip's file."""
        return open_array(self.folder / self.names[clip_id])

    def where(self, clip_id: str) -> str:
        """The clip's file."""
        return str(self.folder / self.names[clip_id])

    def place(self, clip_id: str) -> tuple[Path, int | None, int | None]:
        """The clip's file, which holds nothing else."""
        return self.folder / self.names[clip_id], None, None


@dataclass(frozen=True)
class PackedStore:
    """All clips in one memory-mapped array; `rows` maps an id to (first row, number of rows)."""

    path: Path
    array: NDArray[np.generic]
    rows: Mapping[str, tuple[int, int]]

    def __contains__(self, clip_id: str) -> bool:
        """Whether a sound array is stored for the clip."""
        return clip_id in self.rows

    def read(self, clip_id: str) -> NDArray[np.generic]:
        """Copies the clip's rows out of the packed array, through the file: pages of a map would stay in memory."""
        return self.frames(*self.rows[clip_id])

    def frames(self, at: int, count: int) -> NDArray[np.generic]:
        """Copies some rows, from `at` on."""
        # An array saved in Fortran's order has the numbers of a row all over its file.
        if not (isinstance(self.array, np.memmap) and self.array.flags.c_contiguous):
            return np.array(self.array[at : at + count])
        row = self.array.shape[1:]
        size = int(np.prod(row))
        start = self.array.offset + at * size * self.array.itemsize
        found = np.fromfile(self.path, self.array.dtype, count * size, offset=start)
        if len(found) < count * size:
            raise CorpusError("was cut short meanwhile", where=self.path, fix="take a fresh copy of the file")
        return found.reshape(count, *row)

    def where(self, clip_id: str) -> str:
        """The packed file and the clip's rows in it."""
        offset, frames = self.rows[clip_id]
        return f"{self.path}[{offset}:{offset + frames}] ({clip_id})"

    def place(self, clip_id: str) -> tuple[Path, int | None, int | None]:
        """The packed file and the clip's rows in it."""
        return self.path, *self.rows[clip_id]


@dataclass(frozen=True)
class Motions:
    """What a corpus reads motions from; either store may be absent.

    A stored form is preferred to a derived one. Features derived from T poses have T-1 rows; joints recovered from
    T rows have T poses. Whole numbers are millimetres, fractions metres.
    """

    features_store: Store | None = None
    joints_store: Store | None = None
    absent: str = field(default="no motion is stored for it")

    def __contains__(self, clip_id: str) -> bool:
        """Whether a sound array is stored for the clip."""
        return any(store is not None and clip_id in store for store in (self.features_store, self.joints_store))

    def features(self, clip_id: str) -> Array:
        """Features (T,263), float32."""
        if self.features_store is not None and clip_id in self.features_store:
            return _sound(self.features_store, clip_id, FEATURES)
        joints = self.joints(clip_id)
        try:
            return np.asarray(from_joints(joints), dtype=np.float32)
        except CorpusError as error:
            where = clip_id if self.joints_store is None else self.joints_store.where(clip_id)
            raise CorpusError(error.what, where=where, fix="look the dataset over with corpus check") from error

    def joints(self, clip_id: str) -> Array:
        """Joint positions (T,22,3), float32 metres."""
        if self.joints_store is not None and clip_id in self.joints_store:
            return _sound(self.joints_store, clip_id, JOINTS)
        if self.features_store is None or clip_id not in self.features_store:
            raise CorpusError(f"clip {clip_id[:60]!r}: {self.absent}", fix="choose clips whose has_motion is true")
        return np.asarray(recover_joints(self.features(clip_id)), dtype=np.float32)


def with_features(
    features: Store | None, joints: Store | None, frames: Mapping[str, int]
) -> tuple[dict[str, int], list[tuple[str, str, str]]]:
    """The clips that have features or of whose joints features can be made.

    Bones are looked at where joints are packed, in one pass; a file a clip is not opened for it.

    Args:
        features: what is stored as features.
        joints: what is stored as joints.
        frames: of each clip that is in either.

    Returns:
        (frames of those clips, (clip_id, reason, detail) of the others).
    """
    only = [clip_id for clip_id in frames if features is None or clip_id not in features]
    found = {clip_id: ("one pose, no features", "features need two poses") for clip_id in only if frames[clip_id] < 2}
    if isinstance(joints, PackedStore) and only:
        flat = np.concatenate([[0], np.cumsum(_boneless(joints))])
        for clip_id in set(only) - {*found}:
            begin, n = joints.rows[clip_id]
            if boneless := int(flat[begin + n] - flat[begin]):
                detail = f"a joint lies on its parent in {boneless:,} of {n:,} frames"
                found[clip_id] = ("a bone without length, no features", detail)
    faults = [(clip_id, f"motion: {found[clip_id][0]}", found[clip_id][1]) for clip_id in only if clip_id in found]
    return {clip_id: n for clip_id, n in frames.items() if clip_id not in found}, faults


def _boneless(joints: PackedStore) -> NDArray[np.bool_]:
    """In which frames (n,) of packed joints (n, 22, 3) a joint lies on its parent."""
    parts = []
    for block in _blocks(joints):
        # Frames last and a bone at a time: row by row the same comparison takes eight times as long.
        placed = np.ascontiguousarray(np.moveaxis(block, 0, 2))
        bones = enumerate(PARENTS[1:], 1)
        parts.append(np.logical_or.reduce([(placed[joint] == placed[parent]).all(axis=0) for joint, parent in bones]))
    return np.concatenate(parts) if parts else np.zeros(0, dtype=np.bool_)


def _blocks(packed: PackedStore) -> Iterator[NDArray[np.generic]]:
    """The rows of a packed array, a block at a time."""
    for at in range(0, len(packed.array), AT_ONCE):
        yield packed.frames(at, min(AT_ONCE, len(packed.array) - at))


def _sound(store: Store, clip_id: str, row: tuple[int, ...]) -> Array:
    raw = store.read(clip_id)
    if raw.shape[1:] != row or not len(raw):
        raise CorpusError(
            f"wrong shape: {raw.shape}",
            where=store.where(clip_id),
            fix="load with check_motions to leave such clips out",
        )
    fault = content_fault(raw)
    if fault:
        raise CorpusError(fault, where=store.where(clip_id), fix="load with check_motions to leave such clips out")
    return raw.astype(np.float32) / np.float32(1000) if raw.dtype.kind == "i" else raw.astype(np.float32)
