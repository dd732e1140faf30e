"""Motions of a manifest: packed arrays addressed by offset, or a file a clip."""

from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lib.corpus.motion_array import FEATURES, JOINTS, bone_fault, content_fault, open_array
from lib.corpus.motion_folder import read_folder
from lib.corpus.motions import Motions, PackedStore, Store, without_single_poses
from lib.errors import CorpusError
from lib.motion.skeleton import PARENTS

FORMS = {"features": (FEATURES, "f2 f4"), "joints": (JOINTS, "i2")}
Faults = list[tuple[str, str, str]]
AT_ONCE = 16_384
"""Frames looked at together."""


def read_motions(root: Path, clips: pd.DataFrame, *, check: bool) -> tuple[Motions, dict[str, int], Faults]:
    """What motions there are for the clips.

    Args:
        root: the manifest's folder.
        clips: clip_id, n_frames, offset.
        check: read every array and look for NaN and for bones without length.

    Returns:
        (motions, frames by clip, (clip_id, reason, detail) of unusable ones). Where both forms are stored,
        a fault in one takes the clip out of that form alone; a clip of which no features are stored, nor can be made
        of its joints, is unusable.

    Raises:
        CorpusError: a packed array of the wrong shape or type, or a clip that lies beyond its end.
    """
    stores: dict[str, Store | None] = {}
    frames: dict[str, dict[str, int]] = {form: {} for form in FORMS}
    faults: Faults = []
    for form, (row, kinds) in FORMS.items():
        packed = root / f"{form}.npy"
        if packed.is_file():
            store, wrong = _packed(packed, clips, row, kinds, check=check)
            stores[form] = store
            frames[form] = {clip_id: n for clip_id, (_, n) in store.rows.items()}
            faults += wrong
            continue
        folder = read_folder(root / form, clips.clip_id.tolist(), row, kinds, check=check)
        stores[form], frames[form] = folder.store, folder.frames
        faults += folder.faults
    joints, single = without_single_poses(stores["features"], stores["joints"], frames["joints"])
    joints, boneless = _without_boneless(stores["features"], joints)
    lost = {clip_id for clip_id, _, _ in single + boneless}
    frames_of = {c: n for form in FORMS for c, n in frames[form].items() if c not in lost}
    return Motions(stores["features"], joints), frames_of, faults + single + boneless


def _without_boneless(features: Store | None, joints: Store | None) -> tuple[Store | None, Faults]:
    """Packed joints less the clips in which a bone has no length, as features cannot be made of them.

    Packed joints are read in one pass at every load; files of a clip each are opened for it by `check` alone.
    """
    if not isinstance(joints, PackedStore):
        return joints, []
    only = [clip_id for clip_id in joints.rows if features is None or clip_id not in features]
    before = np.concatenate([[0], np.cumsum(_boneless(joints.array))]) if only else np.zeros(1, dtype=np.int64)
    faults: Faults = []
    for clip_id in only:
        begin, n = joints.rows[clip_id]
        if before[begin + n] > before[begin]:
            faults.append((clip_id, "motion: bone without length", bone_fault(joints.array[begin : begin + n])))
    return joints.without({clip_id for clip_id, _, _ in faults}), faults


def _boneless(joints: NDArray[np.generic]) -> NDArray[np.bool_]:
    """In which frames (n,) of packed joints (n, 22, 3) a joint lies on its parent."""
    parents = list(PARENTS[1:])
    blocks = [joints[at : at + AT_ONCE] for at in range(0, len(joints), AT_ONCE)]
    parts = [(block[:, 1:] == block[:, parents]).all(axis=2).any(axis=1) for block in blocks]
    return np.concatenate(parts) if parts else np.zeros(0, dtype=np.bool_)


def _packed(
    path: Path, clips: pd.DataFrame, row: tuple[int, ...], kinds: str, *, check: bool
) -> tuple[PackedStore, Faults]:
    array = open_array(path, mapped=True)
    if array.shape[1:] != row or array.dtype.str[1:] not in kinds.split():
        wanted = f"{' or '.join(str(np.dtype(k)) for k in kinds.split())} (T, {', '.join(map(str, row))})"
        raise CorpusError(
            f"holds {array.dtype} {array.shape} instead of {wanted}", where=path, fix="pack the motions again"
        )
    placed = clips[clips.offset.notna()]
    if placed.n_frames.isna().any():
        told = f"clip {placed.clip_id[placed.n_frames.isna()].iloc[0]!r} has an offset and no n_frames"
        raise CorpusError(told, where=path.with_name("clips.parquet"), fix="give n_frames")
    beyond = placed[placed.offset + placed.n_frames > len(array)]
    if len(beyond):
        clip = beyond.iloc[0]
        span = f"{clip.clip_id!r} at {clip.offset} + {clip.n_frames}"
        told = f"{len(beyond)} clip(s) lie beyond its {len(array)} rows: {span}"
        raise CorpusError(told, where=path, fix="correct offset and n_frames in clips.parquet, or pack again")
    spans = zip(placed.clip_id, placed.offset.astype(int), placed.n_frames.astype(int), strict=True)
    rows = {str(clip_id): (int(offset), int(n)) for clip_id, offset, n in spans}
    faults: Faults = []
    if check and array.dtype.kind == "f":
        faults_of = {clip_id: content_fault(array[offset : offset + n]) for clip_id, (offset, n) in rows.items()}
        faults = [
            (clip_id, "motion: NaN or infinite values", f"{path.name}: {fault}")
            for clip_id, fault in faults_of.items()
            if fault
        ]
    broken = {clip_id for clip_id, _, _ in faults}
    return PackedStore(path, array, {clip_id: span for clip_id, span in rows.items() if clip_id not in broken}), faults
