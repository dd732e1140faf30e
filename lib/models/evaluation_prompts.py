"""The test captions that generators are evaluated on, with the real motions as the evaluator sees them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lib.base.errors import CorpusError
from lib.corpus import Corpus
from lib.metrics.movement import UNITS, bodies
from lib.models.generated_latents import TestSet
from lib.models.latents import JointSpace, Latents
from lib.models.motion_latents import segment
from lib.models.pairs import pair
from lib.models.tmr.pairs import FPS

Floats = NDArray[np.float32]
FEWEST, MOST = 40, 200
"""Frames of an evaluated clip: at least the one, fewer than the other (Guo et al. 2022, as in their loaders)."""


@dataclass(frozen=True, eq=False)
class EvaluationPrompts:
    """The test captions of a corpus that generators are given.

    Attributes:
        corpus: name.
        clips: clip_id, base_id, mirrored, text, tokens, begin, end, frames (of the segment).
        test: the same clips as the evaluator sees them.
        normalised: whether latents have unit length.
        left_out: test clips that generators are not given, by reason.
    """

    corpus: str
    clips: pd.DataFrame
    test: TestSet
    normalised: bool
    left_out: Mapping[str, int]

    def __repr__(self) -> str:
        """The corpus, and how many prompts there are."""
        return f"EvaluationPrompts({self.corpus!r}, {len(self.clips):,} prompts)"

    def latents(self, evaluator: JointSpace, motions: Sequence[Floats]) -> Floats:
        """The evaluator's latents (n, d) of motions, of unit length where the test set's are."""
        return unit(evaluator.encode_motion(motions)) if self.normalised else evaluator.encode_motion(motions)


@dataclass(frozen=True, eq=False)
class Judge:
    """An evaluator, and the test captions of a corpus as it sees them.

    Attributes:
        name: as the report calls the evaluator.
        evaluator: another model than any generator.
        prompts: the captions, with the real motions.
    """

    name: str
    evaluator: JointSpace
    prompts: EvaluationPrompts

    def latents(self, motions: Sequence[Floats]) -> Floats:
        """See `EvaluationPrompts.latents`."""
        return self.prompts.latents(self.evaluator, motions)


def of_corpus(corpus: Corpus, latents: Latents, *, normalised: bool, seed: int) -> EvaluationPrompts:
    """The test clips of a corpus with a motion of 40 to 199 frames and a caption, each with its first caption.

    Args:
        corpus: whose test split is evaluated, mirrors included.
        latents: the evaluator's, of this corpus.
        normalised: whether latents are brought to unit length, so that Euclidean distance orders as the cosine does.
        seed: deals clips to blocks.
    """
    paired = pair(latents, corpus).split("test")
    spans = corpus.captions.drop_duplicates("caption_id").set_index("caption_id")[["start_s", "end_s"]]
    own = (spans.loc[paired.clips["caption_id"]].to_numpy() * FPS).astype(np.int64)
    motions = [
        segment(corpus.motion(clip), *ends) for clip, ends in zip(paired.clips["clip_id"], own.tolist(), strict=True)
    ]
    frames = np.array([len(motion) for motion in motions], dtype=np.int64)
    kept = (frames >= FEWEST) & (frames < MOST)
    chosen = paired.where(kept)
    measured = bodies(motions[at] for at in np.flatnonzero(kept))
    text, motion = (unit(side) if normalised else side for side in (chosen.text, chosen.motion))
    columns = ["clip_id", "base_id", "mirrored", "text", "tokens"]
    return EvaluationPrompts(
        corpus.name,
        chosen.clips[columns].assign(begin=own[kept, 0], end=own[kept, 1], frames=frames[kept]),
        TestSet(
            text.astype(np.float64),
            motion.astype(np.float64),
            chosen.clips["base_id"].to_numpy(),
            {name: measured[name].to_numpy() for name in UNITS},
            seed,
        ),
        normalised,
        {
            "no motion or no caption": len(corpus.splits.get("test", ())) - len(frames),
            f"shorter than {FEWEST} frames": int((frames < FEWEST).sum()),
            f"{MOST} frames or longer": int((frames >= MOST).sum()),
        },
    )


def of_corpora(
    corpora: Mapping[str, Corpus], latents: Mapping[str, Latents], *, normalised: bool, seed: int
) -> dict[str, EvaluationPrompts]:
    """The prompts of every corpus that has any, by key, the benchmark's first; see `of_corpus`.

    Raises:
        CorpusError: the benchmark's test split has none.
    """
    prompts = {
        key: of_corpus(corpus, latents[key], normalised=normalised, seed=seed) for key, corpus in corpora.items()
    }
    benchmark = next(iter(prompts.values()))
    if not len(benchmark.clips):
        lack = f"no test clip with a caption and a motion of {FEWEST} to {MOST - 1} frames"
        raise CorpusError(lack, where=benchmark.corpus, fix="leave 06_evaluation out of the profile's notebooks")
    return {key: of_one for key, of_one in prompts.items() if len(of_one.clips)}


def counts(judges: Mapping[str, Sequence[Judge]]) -> pd.DataFrame:
    """How many test clips are prompts and how many are left out, by reason: ``corpus, asked_for, base_clips, …``."""
    rows = [
        {
            "corpus": of_corpus.corpus,
            "asked_for": len(of_corpus.clips),
            "base_clips": of_corpus.clips["base_id"].nunique(),
            **of_corpus.left_out,
        }
        for of_corpus in (first.prompts for first, *_ in judges.values())
    ]
    return pd.DataFrame(rows)


def unit(rows: Floats) -> Floats:
    """Rows (n, d) brought to unit length.

    Example:
        >>> unit(np.float32([[3, 4], [0, 0]])).astype(float).round(3).tolist()
        [[0.6, 0.8], [0.0, 0.0]]
    """
    scaled: Floats = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), np.float32(1e-12))
    return scaled
