"""Latents of clips and of their captions, row by row."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lib.corpus import Corpus
from lib.models.latents import Latents

Floats = NDArray[np.float32]

FEWEST = 5
"""Base clips from which on a test split is measured, as many as the probe of the gap has folds."""


@dataclass(frozen=True, eq=False)
class CaptionMotionLatents:
    """Clips beside their first caption, row by row.

    Attributes:
        corpus: name.
        clips: clip_id, base_id, split, mirrored, caption_id, text, tokens.
        text: (n, d) latents of the captions.
        motion: (n, d) latents of the clips.
        listed: ids of the corpus' own list of dissimilar test clips; empty where it has none.
    """

    corpus: str
    clips: pd.DataFrame
    text: Floats
    motion: Floats
    listed: tuple[str, ...] = ()

    def __len__(self) -> int:
        """Number of pairs."""
        return len(self.clips)

    def where(self, flags: Any) -> "CaptionMotionLatents":
        """The pairs that are flagged (n,)."""
        at = np.flatnonzero(np.asarray(flags, dtype=bool))
        return CaptionMotionLatents(
            self.corpus, self.clips.iloc[at].reset_index(drop=True), self.text[at], self.motion[at], self.listed
        )

    @property
    def unmirrored(self) -> "CaptionMotionLatents":
        """Without mirrored clips."""
        return self.where(~self.clips["mirrored"])

    def split(self, name: str) -> "CaptionMotionLatents":
        """The pairs of a split, mirrors included."""
        return self.where(self.clips["split"] == name)


def pair(latents: Latents, corpus: Corpus) -> CaptionMotionLatents:
    """Every clip that has a motion and a caption, with its first caption, in the order of the ids."""
    first = latents.first_captions()
    captions = corpus.captions.drop_duplicates("caption_id")[["caption_id", "text", "tokens"]]
    clips = corpus.clips[["clip_id", "base_id", "split"]].assign(mirrored=corpus.clips["mirror_of"].notna())
    rows = first.merge(clips, on="clip_id").merge(captions, on="caption_id").sort_values("clip_id", ignore_index=True)
    text, motion = latents.text[rows["text_row"]], latents.motion[rows["motion_row"]]
    columns = ["clip_id", "base_id", "split", "mirrored", "caption_id", "text", "tokens"]
    return CaptionMotionLatents(corpus.name, rows[columns], text, motion, tuple(corpus.subsets.get("nsim_test", ())))


def of_corpora(latents: Mapping[str, Latents], corpora: Mapping[str, Corpus]) -> dict[str, CaptionMotionLatents]:
    """`pair` of every corpus, by its name.

    Args:
        latents: by key.
        corpora: by key.
    """
    return {corpus.name: pair(latents[key], corpus) for key, corpus in corpora.items()}


def unmirrored(pairs: Mapping[str, CaptionMotionLatents]) -> dict[str, CaptionMotionLatents]:
    """The pairs of every corpus without mirrored clips."""
    return {name: one.unmirrored for name, one in pairs.items()}


def held_out(pairs: Mapping[str, CaptionMotionLatents]) -> tuple[dict[str, int], dict[str, CaptionMotionLatents]]:
    """Base clips of every test split, and the test splits that have enough of them to be measured."""
    splits = {name: one.split("test") for name, one in pairs.items()}
    return base_clips(splits), measurable(splits)


def base_clips(tests: Mapping[str, CaptionMotionLatents]) -> dict[str, int]:
    """How many clips without mirrors, which are what intervals resample, each test split has."""
    return {name: len(one.unmirrored) for name, one in tests.items()}


def measurable(tests: Mapping[str, CaptionMotionLatents]) -> dict[str, CaptionMotionLatents]:
    """The test splits of at least `FEWEST` base clips: fewer fill neither the folds of a probe nor a gallery."""
    return {name: tests[name] for name, n in base_clips(tests).items() if n >= FEWEST}


def counted(pairs: Mapping[str, CaptionMotionLatents]) -> pd.DataFrame:
    """Pairs of each split, mirrors counted and not: ``corpus, split, pairs, without_mirrors``."""
    rows = [
        (
            name,
            split,
            int((one.clips["split"] == split).sum()),
            int(((one.clips["split"] == split) & ~one.clips["mirrored"]).sum()),
        )
        for name, one in pairs.items()
        for split in ("train", "val", "test")
    ]
    return pd.DataFrame(rows, columns=["corpus", "split", "pairs", "without_mirrors"])
