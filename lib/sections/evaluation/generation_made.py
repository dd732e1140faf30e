"""From test captions to motions to an evaluator's latents, for generators that run here and for files of others."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from tqdm import tqdm

from lib.corpus import Corpus
from lib.corpus.generations import Generations, write_generations
from lib.metrics.physical import UNITS, physical
from lib.models.latents import Latents, segment
from lib.models.pairs import pair
from lib.models.temos.model import TEMOS
from lib.models.tmr.model import TMR
from lib.models.tmr.pairs import FPS
from lib.motion.features import recover_joints
from lib.sections.evaluation.generation_sets import Made, TestSet

Floats = NDArray[np.float32]
EXTERNAL = "(external)"
VERSION = 1
"""Raised with every change to the code that changes the motions that generators make."""
FEWEST, MOST = 40, 200
"""Frames of an evaluated clip: at least the one, fewer than the other (Guo et al. 2022, as in their loaders)."""


@dataclass(frozen=True, eq=False)
class Asked:
    """The test captions that generators are asked for.

    Attributes:
        corpus: name.
        clips: clip_id, base_id, mirrored, text, tokens, frames (of the captioned segment).
        test: the same clips as the evaluator sees them.
        normalised: whether latents have unit length.
        left_out: test clips not asked for, by reason.
    """

    corpus: str
    clips: pd.DataFrame
    test: TestSet
    normalised: bool
    left_out: Mapping[str, int]

    def latents(self, evaluator: TMR, motions: Sequence[Floats]) -> Floats:
        """What the evaluator makes of motions."""
        return unit(evaluator.encode_motion(motions)) if self.normalised else evaluator.encode_motion(motions)


def asked(corpus: Corpus, latents: Latents, *, normalised: bool, seed: int) -> Asked:
    """The test clips of a corpus with a motion of 40 to 199 frames and a caption, each with its first caption.

    Args:
        corpus: whose test split is asked for, mirrors included.
        latents: the evaluator's, of this corpus.
        normalised: whether latents are brought to unit length, so that Euclidean distance orders as the cosine does.
        seed: deals clips to blocks.
    """
    paired = pair(latents, corpus).split("test")
    spans = corpus.captions.drop_duplicates("caption_id").set_index("caption_id")[["start_s", "end_s"]]
    own = spans.loc[paired.clips["caption_id"]].to_numpy() * FPS
    motions = [
        segment(corpus.motion(clip), int(begin), int(end))
        for clip, (begin, end) in zip(paired.clips["clip_id"], own, strict=True)
    ]
    frames = np.array([len(motion) for motion in motions], dtype=np.int64)
    kept = (frames >= FEWEST) & (frames < MOST)
    chosen = paired.where(kept)
    measured = physical(recover_joints(motions[at]) for at in np.flatnonzero(kept))
    text, motion = (unit(side) if normalised else side for side in (chosen.text, chosen.motion))
    columns = ["clip_id", "base_id", "mirrored", "text", "tokens"]
    return Asked(
        corpus.name,
        chosen.clips[columns].assign(frames=frames[kept]),
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


def made(
    runs: Mapping[tuple[str, int], Path],
    opened: Callable[[Path], TEMOS],
    what: Asked,
    evaluator: TMR,
    *,
    repeats: int,
    keep: Path | None = None,
    progress: bool = True,
) -> dict[str, Made]:
    """What every generator makes of the captions, as the evaluator sees it; repeats have the same noise everywhere.

    Args:
        runs: run folders by regime and seed; every regime has the same number of seeds.
        opened: opens a run folder.
        what: the captions.
        evaluator: another model than any generator.
        repeats: motions a caption.
        keep: where the first repeat is written, as `<regime> seed <seed>/0/<clip_id>.npy`.
        progress: whether to show a bar.

    Returns:
        By regime. Physical measures are those of the first repeat.
    """
    texts, frames = what.clips["text"].tolist(), what.clips["frames"].tolist()
    latents: dict[str, list[Floats]] = {}
    bodies: dict[str, list[pd.DataFrame]] = {}
    for (name, seed), folder in tqdm(runs.items(), desc=f"generating for {what.corpus}", disable=not progress):
        temos = opened(folder)
        if temos.fingerprint == evaluator.fingerprint:
            raise ValueError("a generator cannot judge itself")
        captions = temos.gaussians(texts)
        of_repeats = []
        for repeat in range(repeats):
            motions = temos.decode(captions, frames, seed=repeat)
            of_repeats.append(what.latents(evaluator, motions))
            if repeat == 0:
                bodies.setdefault(name, []).append(physical(recover_joints(motion) for motion in motions))
                if keep is not None:
                    named = dict(zip(what.clips["clip_id"], motions, strict=True))
                    write_generations(keep, f"{name} seed {seed}", 0, named)
        latents.setdefault(name, []).append(np.stack(of_repeats))
    return {
        name: Made(np.stack(of_seeds), {unit: np.stack([body[[unit]].T for body in bodies[name]]) for unit in UNITS})
        for name, of_seeds in latents.items()
    }


def external(found: Generations, what: Asked, evaluator: TMR) -> dict[str, Made]:
    """The same for files of others, by name and `EXTERNAL`; where a motion is missing or was refused it is NaN."""
    place = {clip: at for at, clip in enumerate(what.clips["clip_id"])}
    models = {}
    for name in found.models:
        repeats = found.repeats(name)
        latents = np.full((1, len(repeats), len(place), what.test.text.shape[1]), np.nan)
        body = {unit: np.full((1, 1, len(place)), np.nan) for unit in UNITS}
        for number, repeat in enumerate(repeats):
            clips, motions = zip(*found.motions(name, repeat), strict=True)
            rows = [place[clip] for clip in clips]
            latents[0, number, rows] = what.latents(evaluator, motions)
            if number == 0:
                measured = physical(recover_joints(motion) for motion in motions)
                for unit_ in UNITS:
                    body[unit_][0, 0, rows] = measured[unit_]
        models[f"{name} {EXTERNAL}"] = Made(latents, body)
    return models


def unit(rows: Floats) -> Floats:
    """Rows (n, d) brought to unit length.

    Example:
        >>> unit(np.float32([[3, 4], [0, 0]])).astype(float).round(3).tolist()
        [[0.6, 0.8], [0.0, 0.0]]
    """
    brought: Floats = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), np.float32(1e-12))
    return brought
