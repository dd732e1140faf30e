"""Where the motions of clips lie, as columns of a table that a worker of the engine opens them by."""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

import pandas as pd

from lib.base.hashes import digest
from lib.corpus.motions import FileStore, Motions, PackedStore, Store
from lib.motion.motion_array import open_array

FORMS = ("features", "joints")
PLACES = tuple(f"{form}_{what}" for form in FORMS for what in ("file", "at", "frames"))
"""Of each stored form the file, from the corpus' folder, and the first row and rows in it, missing for a whole file."""


def places(motions: Motions, clip_ids: Iterable[str], root: Path) -> pd.DataFrame:
    """Says where each clip's motion lies.

    Args:
        motions: of a corpus.
        clip_ids: of clips with a motion.
        root: the corpus' folder, from which files are named, so that a corpus may move.

    Returns:
        A row a clip in the order given: clip_id and the columns `PLACES`.
    """
    stores = (motions.features_store, motions.joints_store)
    rows = [(clip_id, *(part for store in stores for part in _place(store, clip_id, root))) for clip_id in clip_ids]
    table = pd.DataFrame(rows, columns=["clip_id", *PLACES])
    texts = dict.fromkeys(("clip_id", *(f"{form}_file" for form in FORMS)), "str")
    numbers = dict.fromkeys((f"{form}_{what}" for form in FORMS for what in ("at", "frames")), "Int64")
    return table.astype({**texts, **numbers})


def motions_at(rows: pd.DataFrame, root: str | Path) -> Motions:
    """The motions of some clips, opened by their places.

    Args:
        rows: clip_id and the columns `PLACES`.
        root: the corpus' folder.

    Raises:
        CorpusError: a packed array that is missing or unreadable.
    """
    stores = {form: _store(rows, form, Path(root)) for form in FORMS}
    return Motions(stores["features"], stores["joints"])


def motions_key(files: Mapping[str, str]) -> str:
    """A hash of what a corpus' motions are read from.

    Args:
        files: SHA-256 by name, as its provenance has them: arrays, and folders, whose names end in "/".

    Example:
        >>> same = motions_key({"joints.npy": "a", "captions.parquet": "b"})
        >>> same == motions_key({"joints.npy": "a", "captions.parquet": "c"}), same == motions_key({"joints.npy": "b"})
        (True, False)
    """
    return digest((name, sha) for name, sha in files.items() if name.endswith(("/", ".npy")) and name != "texts/")


def _place(store: Store | None, clip_id: str, root: Path) -> tuple[str | None, int | None, int | None]:
    if store is None or clip_id not in store:
        return None, None, None
    file, at, frames = store.place(clip_id)
    return Path(os.path.relpath(file, root)).as_posix(), at, frames


def _store(rows: pd.DataFrame, form: str, root: Path) -> Store | None:
    there = rows[rows[f"{form}_file"].notna()]
    if there.empty:
        return None
    packed = there[f"{form}_at"].notna()
    files = there.loc[packed, f"{form}_file"].unique()
    if packed.all() and len(files) == 1:
        spans = zip(there.clip_id, there[f"{form}_at"].astype(int), there[f"{form}_frames"].astype(int), strict=True)
        array = open_array(root / files[0], mapped=True)
        return PackedStore(root / files[0], array, {clip_id: (at, frames) for clip_id, at, frames in spans})
    if packed.any():
        raise ValueError("motions of one corpus in a packed array and in files of their own")
    return FileStore(root, dict(zip(there.clip_id, there[f"{form}_file"], strict=True)))
