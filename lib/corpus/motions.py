"""Motions on demand: features or joints, from files or one packed array, each derived from the other if need be."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from lib.corpus.motion_array import FEATURES, JOINTS, content_fault, open_array
from lib.errors import CorpusError
from lib.motion.features import from_joints, recover_joints

Array = NDArray[np.float32]


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

    def without(self, ids: Collection[str]) -> "Store":
        """The store less some clips."""
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

    def without(self, ids: Collection[str]) -> "FileStore":
        """The store less some clips."""
        return replace(self, names={clip_id: name for clip_id, name in self.names.items() if clip_id not in ids})


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
        """Copies the clip's rows out of the packed array."""
        offset, frames = self.rows[clip_id]
        return np.array(self.array[offset : offset + frames])

    def where(self, clip_id: str) -> str:
        """The packed file and the clip's rows in it."""
        offset, frames = self.rows[clip_id]
        return f"{self.path}[{offset}:{offset + frames}] ({clip_id})"

    def without(self, ids: Collection[str]) -> "PackedStore":
        """The store less some clips."""
        return replace(self, rows={clip_id: span for clip_id, span in self.rows.items() if clip_id not in ids})


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


def without_single_poses(
    features: Store | None, joints: Store | None, poses: Mapping[str, int]
) -> tuple[Store | None, list[tuple[str, str, str]]]:
    """The joints less those of clips of one pose, of which no features can be made; with stored features they stay.

    Args:
        features: what is stored as features.
        joints: what is stored as joints.
        poses: number of poses of each clip in `joints`.

    Returns:
        (the joints that are left, (clip_id, reason, detail) of the others).
    """
    single = {c for c, n in poses.items() if n < 2 and joints is not None and c in joints}
    single = {c for c in single if features is None or c not in features}
    if joints is None or not single:
        return joints, []
    return joints.without(single), [(c, "motion: one pose", "no features can be made of it") for c in sorted(single)]


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
