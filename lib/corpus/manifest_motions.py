"""Motions of a manifest: packed arrays addressed by offset, or a file a clip."""

from pathlib import Path

import numpy as np
import pandas as pd

from lib.base.errors import CorpusError
from lib.corpus.motion_folder import read_folder
from lib.corpus.motions import Motions, PackedStore, Store, with_features
from lib.motion.motion_array import FEATURES, JOINTS, content_fault, open_array

FORMS = {"features": (FEATURES, "f2 f4"), "joints": (JOINTS, "i2")}
Faults = list[tuple[str, str, str]]


def read_motions(root: Path, clips: pd.DataFrame, *, check: bool) -> tuple[Motions, dict[str, int], Faults]:
    """What motions there are for the clips.

    Args:
        root: the manifest's folder.
        clips: clip_id, n_frames, offset.
        check: read every array and look for NaN.

    Returns:
        (motions, frames by clip, (clip_id, reason, detail) of unusable ones). Where both forms are stored,
        a fault in one takes the clip out of that form alone; a clip of which no features are stored, nor can be made
        of its joints, is unusable.

    Raises:
        CorpusError: a packed array of the wrong shape or type, or a clip that lies beyond its end.
    """
    stores: dict[str, Store | None] = {}
    frames: dict[str, int] = {}
    faults: Faults = []
    for form, (row, kinds) in FORMS.items():
        packed = root / f"{form}.npy"
        if packed.is_file():
            store, wrong = _packed(packed, clips, row, kinds, check=check)
            stores[form] = store
            frames |= {clip_id: n for clip_id, (_, n) in store.rows.items()}
            faults += wrong
            continue
        folder = read_folder(root / form, clips.clip_id.tolist(), row, kinds, check=check)
        stores[form] = None if folder is None else folder.store
        if folder is not None:
            frames |= folder.frames
            faults += folder.faults
    frames, useless = with_features(stores["features"], stores["joints"], frames)
    return Motions(stores["features"], stores["joints"]), frames, faults + useless


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
        told_by_id = {clip_id: content_fault(array[offset : offset + n]) for clip_id, (offset, n) in rows.items()}
        faults = [
            (clip_id, "motion: NaN or infinite values", f"{path.name}: {told}")
            for clip_id, told in told_by_id.items()
            if told
        ]
    broken = {clip_id for clip_id, _, _ in faults}
    return PackedStore(path, array, {clip_id: span for clip_id, span in rows.items() if clip_id not in broken}), faults
