"""Corpora whose motions lie in files, as a worker of the engine opens them."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from lib.base.hashes import file_sha256
from lib.corpus import Corpus, Provenance
from lib.corpus.motions import Motions, PackedStore
from lib.motion.motion_array import open_array
from tests.unit.motion.bodies import swinging


def stored(corpus: Corpus, folder: Path) -> Corpus:
    """A corpus whose features are written into one packed array."""
    motions = {clip: corpus.motion(clip) for clip in corpus.clips["clip_id"]}
    return replace(
        corpus,
        motions=Motions(_packed(folder / "features.npy", motions), None),
        provenance=replace(
            corpus.provenance, root=folder, files={"features.npy": file_sha256(folder / "features.npy")}
        ),
    )


def bodies(folder: Path, clips: int) -> Corpus:
    """Clips of swinging bodies, of which joints in millimetres are kept; the first caption of some is of a part."""
    ids = [f"c{at:02d}" for at in range(clips)]
    joints = {clip: np.round(swinging(30 + 7 * (at % 5), seed=at) * 1000) for at, clip in enumerate(ids)}
    store = _packed(folder / "joints.npy", {clip: one.astype(np.int16) for clip, one in joints.items()})
    split = ["test" if at % 3 else "train" for at in range(clips)]
    table = pd.DataFrame({"clip_id": ids, "base_id": ids, "split": split, "has_motion": True, "mirror_of": None})
    captions = pd.DataFrame({"clip_id": ids, "caption_id": [f"{clip}#0" for clip in ids], "text": "a person swings"})
    captions = captions.assign(tokens="a/DET person/NOUN swings/VERB", start_s=0.0, end_s=0.0)
    captions.loc[captions.index % 4 == 1, ["start_s", "end_s"]] = [0.35, 1.0]
    found = Provenance(folder, {"joints.npy": file_sha256(folder / "joints.npy"), "captions.parquet": "0"})
    return Corpus("bodies", table, captions[captions.index % 5 != 4], {"test": ids}, Motions(None, store), found)


def _packed(file: Path, motions: dict[str, np.ndarray]) -> PackedStore:
    np.save(file, np.concatenate([*motions.values()]))
    ends = np.cumsum([len(motion) for motion in motions.values()]).tolist()
    rows = {clip: (end - len(motion), len(motion)) for end, (clip, motion) in zip(ends, motions.items(), strict=True)}
    return PackedStore(file, open_array(file, mapped=True), rows)
