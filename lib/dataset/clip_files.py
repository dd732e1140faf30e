"""The files of an export's clips, a motion and a text each, made by partitions of clips."""

import io
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lib.base.errors import CorpusError
from lib.corpus.motion_places import PLACES, motions_at, places
from lib.corpus.motions import Motions
from lib.dataset.part_files import maker

if TYPE_CHECKING:  # a worker needs neither, nor the tagger that selection loads
    from lib.dataset.members import Member
    from lib.dataset.selection import Selection

MOTIONS = "new_joint_vecs/{}.npy"
TEXTS = "texts/{}.txt"


def clip_table(chosen: "Selection", members: "Sequence[Member]") -> pd.DataFrame:
    """What the workers need of the clips of an export.

    Args:
        chosen: its clips and captions.
        members: its corpora.

    Returns:
        A row a clip in the order of `chosen.clips`: id, corpus, clip_id, where its motion lies, `lines` of its text.
    """
    parts = []
    for member in members:
        own = chosen.clips.loc[chosen.clips["corpus"] == member.key, ["id", "corpus", "clip_id"]]
        where = places(member.corpus.motions, own["clip_id"], member.corpus.provenance.root)
        parts.append(pd.concat([own, where[[*PLACES]].set_index(own.index)], axis=1))
    table = pd.concat(parts).loc[chosen.clips.index].reset_index(drop=True)
    lines = chosen.captions.groupby("id")["line"].agg(list)
    return table.assign(lines=table["id"].map(lines))


def clip_files(rows: pd.DataFrame, *, folder: str, dest: str, roots: Mapping[str, str]) -> pd.DataFrame:
    """Writes the motions and texts of a partition's clips, one motion in memory at a time.

    Args:
        rows: as `clip_table` gives them.
        folder: the growing export.
        dest: where it will be, for messages.
        roots: the folder of each corpus, by key.

    Returns:
        `lib.dataset.part_files.COLUMNS`, a row a file; the note of a motion is its frames. A clip whose motion cannot
        be used has none.

    Raises:
        CorpusError: a file of a corpus cannot be read.
        UserError: a file of the export cannot be written.
    """
    motions = {str(key): motions_at(own, roots[str(key)]) for key, own in rows.groupby("corpus")}
    with maker(folder, dest) as made:
        for name, key, clip_id, lines in zip(rows["id"], rows["corpus"], rows["clip_id"], rows["lines"], strict=True):
            try:
                motion = motions[key].features(clip_id)
            except CorpusError:
                _read_again(motions[key], clip_id)
                continue
            made.add(MOTIONS.format(name), partial(_write, array_file(motion)), len(motion))
            made.add(TEXTS.format(name), partial(_write, text_file([*lines])))
        return made.table()


def text_file(lines: Sequence[str]) -> bytes:
    """The lines of a clip's text file, each with its line feed; the loaders refuse a clip with an empty line."""
    return "".join(f"{line}\n" for line in lines).encode("utf-8")


def array_file(array: NDArray[np.float32]) -> bytes:
    """An array as a file of NumPy."""
    stream = io.BytesIO()
    np.save(stream, array)
    return stream.getvalue()


def _read_again(motions: Motions, clip_id: str) -> None:
    """Raises what hinders the reading of a file; that it holds no motion is the clip's own fault, and is counted."""
    for store in (motions.features_store, motions.joints_store):
        if store is not None and clip_id in store:
            store.read(clip_id)


def _write(content: bytes, path: Path) -> None:
    path.write_bytes(content)
