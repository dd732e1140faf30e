"""What a model makes of a corpus, kept once beside the results of 04 for the notebooks that build on it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from typing_extensions import TypedDict

from lib.base import state
from lib.base.errors import RunError
from lib.base.hashes import file_sha256
from lib.corpus import Corpus
from lib.models.motion_latents import MotionEncoder, motion_latents
from lib.models.tmr.pairs import FPS

Floats = NDArray[np.float32]
FILES = ("motion.npy", "text.npy", "captions.parquet")
AGAIN = "make it again: python -m lib run 04_embedding_gap --force, with the PARAMS of the profile"


class JointSpace(MotionEncoder, Protocol):
    """A model that puts captions and motions into one space, and so can judge generators: TMR, or an `Evaluator`."""

    def encode_captions(self, captions: pd.DataFrame, *, progress: bool = False) -> Floats:
        """Latents (n, d) of rows with `text` and, where the corpus has them, `tokens`, in the order given."""
        ...


class About(TypedDict):
    """What is said beside the arrays: the clips, the model, and the SHA-256 of each file."""

    clip_id: list[str]
    fingerprint: str
    sha256: dict[str, str]


@dataclass(frozen=True, eq=False)
class Latents:
    """Means, not samples, and not normalised.

    Attributes:
        clip_id: the n clips that have a motion, in the corpus' order.
        motion: (n, d) of each clip.
        captions: the m captions of those clips: clip_id, caption_id; a clip's first caption comes first.
        text: (m, d) of each caption.
        fingerprint: of the model.
    """

    clip_id: list[str]
    motion: Floats
    captions: pd.DataFrame
    text: Floats
    fingerprint: str

    def first_captions(self) -> pd.DataFrame:
        """The first caption of every captioned clip: clip_id, caption_id, motion_row, text_row."""
        rows = self.captions.assign(text_row=np.arange(len(self.captions))).drop_duplicates("clip_id")
        place = {clip: row for row, clip in enumerate(self.clip_id)}
        return rows.assign(motion_row=rows["clip_id"].map(place)).reset_index(drop=True)


def encode(model: JointSpace, corpus: Corpus, *, split: str | None = None, progress: bool = True) -> Latents:
    """Latents of every motion and of every caption of a clip with one, or of those of a split alone.

    A clip's motion is the segment that its first caption describes, as the retrieval protocols pair them; that is the
    whole clip nearly always.

    Source: Mathux/TMR: encode_dataset.py, src/data/text_motion.py (load_keyid).

    Args:
        model: TMR, or an evaluator.
        corpus: with motions and captions.
        split: whose clips; all by default.
        progress: whether to show bars.
    """
    counted = corpus.clips["has_motion"] & (True if split is None else corpus.clips["split"].eq(split))
    clips = corpus.clips.loc[counted, "clip_id"].tolist()
    captions = corpus.captions[corpus.captions["clip_id"].isin(set(clips))].reset_index(drop=True)
    first = captions.drop_duplicates("clip_id").set_index("clip_id")[["start_s", "end_s"]]
    spans = (first.reindex(clips).fillna(0.0) * FPS).astype(np.int64)
    segments = pd.DataFrame({"clip_id": clips, "begin": spans["start_s"].to_numpy(), "end": spans["end_s"].to_numpy()})
    motion = motion_latents(model, corpus, segments, progress=progress)
    text = model.encode_captions(captions, progress=progress)
    return Latents(clips, motion, captions[["clip_id", "caption_id"]], text, model.fingerprint)


def encode_all(model: JointSpace, corpora: Mapping[str, Corpus], folder: Path) -> dict[str, Latents]:
    """`encode` of each corpus by key, written into a results folder."""
    made = {key: encode(model, corpus) for key, corpus in corpora.items()}
    for key, latents in made.items():
        write(latents, folder, key)
    return made


def write(latents: Latents, folder: Path, key: str) -> None:
    """Writes the latents of the corpus `key` into a results folder, under ``latents/``."""
    place = folder / "latents"
    place.mkdir(parents=True, exist_ok=True)
    np.save(place / f"{key}_motion.npy", latents.motion, allow_pickle=False)
    np.save(place / f"{key}_text.npy", latents.text, allow_pickle=False)
    latents.captions.to_parquet(place / f"{key}_captions.parquet", index=False)
    held = {name: file_sha256(place / f"{key}_{name}") for name in FILES}
    about = {"clip_id": latents.clip_id, "fingerprint": latents.fingerprint, "sha256": held}
    (place / f"{key}.json").write_text(json.dumps(about), encoding="utf-8")


def read(folder: Path, key: str) -> Latents:
    """The latents that `write` left in a results folder.

    Raises:
        RunError: they are not there, or not as they were written.
    """
    place = folder / "latents"
    if not (place / f"{key}.json").is_file():
        raise RunError(f"no latents of {key}", where=place, fix="run 04_embedding_gap first: make report")
    about = state.required(place / f"{key}.json", About, fix=AGAIN)
    damaged = [name for name in FILES if not _is(place / f"{key}_{name}", about["sha256"].get(name))]
    if damaged:
        raise RunError("is damaged", where=place / f"{key}_{damaged[0]}", fix=AGAIN)
    try:
        motion = np.load(place / f"{key}_motion.npy", allow_pickle=False)
        text = np.load(place / f"{key}_text.npy", allow_pickle=False)
        captions = pd.read_parquet(place / f"{key}_captions.parquet")
    except (OSError, ValueError) as error:
        raise RunError(f"latents of {key} cannot be read ({type(error).__name__})", where=place, fix=AGAIN) from error
    return Latents(about["clip_id"], motion, captions, text, about["fingerprint"])


def _is(path: Path, sha256: str | None) -> bool:
    return path.is_file() and file_sha256(path) == sha256
