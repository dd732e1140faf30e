"""What answers that no generator is needed for score: bodies that hold a pose, another clip's motion, one for all."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from lib.corpus import Corpus
from lib.metrics.directions import Floats
from lib.metrics.movement import UNITS, bodies
from lib.models.evaluation_prompts import Judge
from lib.models.generated_latents import GeneratedLatents
from lib.models.motion_latents import segment
from lib.motion.alterations import damped, standing

FROZEN, GLIDING = "frozen body", "gliding body"
SHUFFLED, CONSTANT = "another clip's motion", "one motion for all"


def trivial_answers(corpus: Corpus, judge: Judge, *, seed: int) -> dict[str, GeneratedLatents]:
    """Answers to every prompt that know nothing of it, or nothing of motion, in the place of a generator's.

    A metric by which one of them beats a generator cannot decide for that generator.

    Args:
        corpus: of the prompts.
        judge: the evaluator, and the test captions as it sees them.
        seed: of the permutation.

    Returns:
        By name: each real motion replaced by a body that stands in its mean pose, and by one that holds that pose and
        glides at the mean rates of the root; the real motions of other base clips, left out where one base clip has
        more than half of the prompts; and for every prompt the real motion whose latent is nearest to the mean of all.
    """
    test, rows = judge.prompts.test, judge.prompts.clips[["clip_id", "begin", "end"]].itertuples(index=False)
    motions = [segment(corpus.motion(clip_id), begin, end) for clip_id, begin, end in rows]
    held = {FROZEN: [standing(motion) for motion in motions], GLIDING: [damped(motion, 0.0) for motion in motions]}
    order = others(test.groups, np.random.default_rng(seed))
    middle = int(np.linalg.norm(test.motion - test.motion.mean(axis=0), axis=1).argmin())
    answers = {}
    for name, still in held.items():
        measured = bodies(still)
        answers[name] = _of(judge.latents(still), {measure: measured[measure].to_numpy() for measure in UNITS})
    real = {SHUFFLED: order, CONSTANT: np.full(len(test.motion), middle)}
    for name, at in real.items():
        if at is not None:
            answers[name] = _of(test.motion[at], {measure: values[at] for measure, values in test.physical.items()})
    return answers


def others(groups: npt.ArrayLike, rng: np.random.Generator) -> npt.NDArray[np.int64] | None:
    """A permutation (n,) that gives every row another group's row; groups are shifted in a random order.

    None where one group has more than half of the rows, so that there is no such permutation.

    Example:
        >>> groups = np.array(["a", "a", "b", "c"])
        >>> order = others(groups, np.random.default_rng(0))
        >>> sorted(order.tolist()), bool((groups[order] != groups).all())
        ([0, 1, 2, 3], True)
    """
    labels, inverse, counts = np.unique(np.asarray(groups), return_inverse=True, return_counts=True)
    if 2 * counts.max() > len(inverse):
        return None
    shuffled = rng.permutation(len(labels))
    rows = np.argsort(shuffled[inverse], kind="stable")  # groups in a random order, each in one run
    order = np.empty(len(rows), dtype=np.int64)
    order[rows] = np.roll(rows, counts.max())
    return order


def _of(latents: npt.ArrayLike, bodies: Mapping[str, Floats]) -> GeneratedLatents:
    return GeneratedLatents(
        np.asarray(latents, dtype=np.float64)[None, None],
        {name: np.asarray(values, dtype=np.float64)[None, None] for name, values in bodies.items()},
    )
