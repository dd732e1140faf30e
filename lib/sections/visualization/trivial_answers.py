"""Answers that need no generator, put through the same measures: what would each score, and does the rule see it?"""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from lib.corpus import Corpus
from lib.metrics.movement import motion_energy
from lib.models.evaluation_prompts import Judge, unit
from lib.models.motion_latents import segment
from lib.motion.alterations import standing
from lib.motion.features import recover_joints
from lib.motion.nearest import signatures
from lib.sections.visualization.copying import Points
from lib.sections.visualization.training_motions import energies

STILL, COPIES = "a body held still", "training motions at random"
NAMES = (STILL, COPIES)


def of(
    corpora: Mapping[str, Corpus], judge: Judge, training: Points, rows: npt.NDArray[np.int64], *, seed: int
) -> dict[str, Points]:
    """For every test caption the real motion held at its mean over time, and some training motion as it is.

    The first cannot be a copy since it does not move, the second is one: the rule must say so of both.

    Args:
        corpora: by key, the benchmark first.
        judge: whose latents measure meaning, with the benchmark's test captions.
        training: the training motions, whose table has corpus and clip_id.
        rows: those of them that a copy is drawn from.
        seed: of the draw.

    Returns:
        Points by name; the tables have clip_id and base_id of the test clips, seed and energy in m/s.
    """
    benchmark, clips = next(iter(corpora.values())), judge.prompts.clips
    spans = clips[["clip_id", "begin", "end"]].itertuples(index=False)
    still = [standing(segment(benchmark.motion(clip), begin, end)) for clip, begin, end in spans]
    about = clips[["clip_id", "base_id"]].reset_index(drop=True).assign(seed=0)
    held = Points(
        about.assign(energy=[motion_energy(motion) for motion in still]),
        signatures(recover_joints(motion) for motion in still),
        unit(judge.latents(still)),
    )
    at = np.random.default_rng(seed).choice(rows, size=len(clips), replace=len(rows) < len(clips))
    drawn = training.where(at)
    copies = Points(about.assign(energy=energies(corpora, drawn.table)), drawn.shape, drawn.meaning)
    return {STILL: held, COPIES: copies}
