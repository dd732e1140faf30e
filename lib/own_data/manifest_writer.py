"""A manifest, written: two tables and the packed motions, put in place together."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pandas as pd

from lib.base import atomic
from lib.base.errors import CorpusError
from lib.corpus import manifest_seal
from lib.motion.skeleton import FPS, Array

CLIPS = {
    "clip_id": "str", "split": "str", "fps": "float64", "n_frames": "Int64", "offset": "Int64", "source": "str",
    "body_mode": "str", "person_count": "Int64", "consent": "bool", "mirror_of": "str",
}  # fmt: skip
CAPTIONS = {
    "clip_id": "str", "caption_id": "str", "text": "str", "captioner": "str", "tokens": "str", "start_s": "float64",
    "end_s": "float64",
}  # fmt: skip
FURTHEST_M = np.iinfo(np.int16).max / 1000


@contextmanager
def writing(folder: Path) -> Iterator[Path]:
    """Gives a folder to write a manifest into, which becomes that of `folder` whole or not at all.

    Whatever else lies in the folder stays.

    Args:
        folder: made where it is not there.

    Raises:
        CorpusError: the disk is full or cannot be written, and the manifest that was there stays; or features of an
            earlier manifest lie there, which the new one's clips would be given.
    """
    for features in (folder / "features.npy", folder / "features"):
        if features.exists():
            what = "belongs to the manifest that is here, and the new one's clips would be given its motions"
            raise CorpusError(what, where=features, fix="move it away, and make features again afterwards")
    try:
        with atomic.put_together(folder, manifest_seal.CLIPS) as part:
            yield part
    except OSError as error:
        told = f"cannot be written ({error.strerror or error})"
        fix = "check its permissions and the free space, then write it again"
        raise CorpusError(told, where=folder, fix=fix) from error


def write(folder: Path, clips: pd.DataFrame, captions: pd.DataFrame, joints: Mapping[str, Array]) -> None:
    """Writes joints.npy, captions.parquet and clips.parquet.

    Args:
        folder: of `writing`, or an empty one.
        clips: clip_id, split, source, body_mode, person_count, consent, mirror_of, and labels; the rest is added.
        captions: clip_id, text, captioner, start_s, end_s, in order; ids are added.
        joints: (T, 22, 3) metres at 20 fps by clip_id, for the clips that have motion.

    Raises:
        CorpusError: a clip that goes farther than whole millimetres in 16 bits reach.
    """
    packed = {clip_id: _millimetres(joints[clip_id], clip_id) for clip_id in clips.clip_id if clip_id in joints}
    frames = clips.clip_id.map({clip_id: len(one) for clip_id, one in packed.items()}).astype("Int64")
    ends = frames.fillna(0).cumsum()
    clips = clips.assign(fps=float(FPS), n_frames=frames, offset=(ends - frames.fillna(0)).where(frames.notna()))
    number = captions.groupby("clip_id").cumcount().astype("str")
    captions = captions.assign(caption_id=captions.clip_id + "#" + number, tokens=None)
    np.save(folder / "joints.npy", np.concatenate([*packed.values(), np.zeros((0, 22, 3), dtype=np.int16)]))
    manifest_seal.write_tables(folder, _ordered(clips, CLIPS), _ordered(captions, CAPTIONS))


def _ordered(table: pd.DataFrame, kinds: Mapping[str, str]) -> pd.DataFrame:
    labels = [column for column in table.columns if column not in kinds]
    return table.astype(dict(kinds))[[*kinds, *labels]]


def _millimetres(joints: Array, clip_id: str) -> Array:
    if np.abs(joints).max() > FURTHEST_M:
        told = f"clip {clip_id!r} goes {np.abs(joints).max():.0f} m from where it starts"
        raise CorpusError(told, fix=f"cut it before {FURTHEST_M:.0f} m, or correct metres_per_unit")
    rounded: Array = np.rint(joints * 1000).astype(np.int16)
    return rounded
