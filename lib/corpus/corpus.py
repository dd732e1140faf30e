"""The corpus: clips, captions, motions on demand, and the record of where they came from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lib.corpus.feature_statistics import FeatureStatistics
from lib.corpus.findings import findings
from lib.corpus.motions import Motions

LICENCE_FILES = ("LICENSE", "LICENSE.txt", "LICENSE.md", "LICENCE", "LICENCE.txt", "LICENCE.md")


@dataclass(frozen=True, eq=False)
class Provenance:
    """Where a corpus came from, and what became of every row that was listed.

    Attributes:
        root: the folder that was read.
        files: sha256 of every file read, by path relative to `root`; a folder has one entry, ending in "/".
        licence: first line of the folder's LICENSE file, or the `licence` option.
        listed: counts as the files have them, before anything is left out.
        missing: counts of what is listed but not there (captions, motions).
        dropped: what was left out (clip_id, reason, detail); a clip whose motion is unusable stays, without motion.
        reported: what was kept in spite of a known or found fault (clip_id, reason, detail).
        withheld: counts of rows that must not be seen, by reason; their ids are not kept anywhere.
    """

    root: Path
    files: Mapping[str, str]
    licence: str = "not stated"
    listed: Mapping[str, int] = field(default_factory=dict)
    missing: Mapping[str, int] = field(default_factory=dict)
    dropped: pd.DataFrame = field(default_factory=findings)
    reported: pd.DataFrame = field(default_factory=findings)
    withheld: Mapping[str, int] = field(default_factory=dict)

    def counts(self) -> pd.DataFrame:
        """Every count with its kind and what it counts: listed, missing, withheld, dropped and reported by reason.

        Example:
            >>> Provenance(Path("d"), {}, listed={"clips": 3}, missing={"motions": 1}).counts().n.tolist()
            [3, 1]
        """
        counted = ("listed", "missing", "withheld")
        rows = [(kind, what, n) for kind in counted for what, n in getattr(self, kind).items()]
        for kind in ("dropped", "reported"):
            rows += [(kind, what, int(n)) for what, n in getattr(self, kind).groupby("reason").size().items()]
        return pd.DataFrame(rows, columns=["kind", "what", "n"])


@dataclass(frozen=True, eq=False)
class Corpus:
    """Clips and captions with motions read on demand; built by `lib.corpus.load`.

    Attributes:
        name: how the report calls it.
        clips: one row a clip: clip_id, split, fps, n_frames (NA without motion), source, body_mode, person_count,
            consent, mirror_of, base_id (the resampling unit: a clip and its mirror share it), has_motion, has_captions,
            then labels.
        captions: one row a sentence, unaltered: clip_id, caption_id, text, captioner, tokens, start_s, end_s
            (0, 0 = the whole clip); prompt and temperature where a manifest's captions carry them.
        candidates: captions to compare by captioner, apart from those the dataset is used with: the columns of
            `captions`, prompt and temperature (null where not told); None where a corpus has no file of them. See
            `lib.corpus.captioners`.
        splits: ids of `clips` by split: train, val, test.
        subsets: further id lists that came with the data (`all`, `nsim_test`, …).
        index: HumanML3D's index.csv (source_path, start_frame, end_frame, new_name) or None.
        statistics: HumanML3D's Mean.npy and Std.npy, or None.
        called: the numbers that stand in its tables for captioners who must not be named, by name.
    """

    name: str
    clips: pd.DataFrame
    captions: pd.DataFrame
    splits: Mapping[str, list[str]]
    motions: Motions
    provenance: Provenance
    candidates: pd.DataFrame | None = None
    index: pd.DataFrame | None = None
    subsets: Mapping[str, list[str]] = field(default_factory=dict)
    statistics: FeatureStatistics | None = None
    called: Mapping[str, str] = field(default_factory=dict)

    def motion(self, clip_id: str) -> NDArray[np.float32]:
        """Features (T,263) of a clip, computed from joints where only those are stored.

        Raises:
            CorpusError: no motion for this id, or one that is unreadable, misshapen or not finite.
        """
        return self.motions.features(clip_id)

    def joints(self, clip_id: str) -> NDArray[np.float32]:
        """Joint positions (T,22,3) of a clip in metres, recovered from features where only those are stored.

        Raises:
            CorpusError: no motion for this id, or one that is unreadable, misshapen or not finite.
        """
        return self.motions.joints(clip_id)


def licence_of(root: Path) -> str:
    """First non-empty line of the folder's licence file, or "not stated".

    Example:
        >>> licence_of(Path("/nonexistent"))
        'not stated'
    """
    for name in LICENCE_FILES:
        if (root / name).is_file():
            lines = (root / name).read_text(encoding="utf-8-sig", errors="replace").splitlines()
            return next((line.strip() for line in lines if line.strip()), "not stated")
    return "not stated"
