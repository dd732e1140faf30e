"""What the metrics notice: real motions, altered in ways that whoever looks would see, in a generator's place."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt
import pandas as pd

from lib.corpus import Corpus
from lib.metrics.directions import Floats
from lib.metrics.fid import frechet_distance
from lib.metrics.jackknife import blocks_of, jackknife
from lib.metrics.kid import polynomial_mmd
from lib.metrics.matching import expected_precision, matching_score
from lib.metrics.movement import bodies
from lib.metrics.names import METRICS
from lib.metrics.sample_size import Rows, halved
from lib.models.evaluation_prompts import Judge
from lib.models.motion_latents import segment
from lib.motion.alterations import ALTERATIONS, Alteration, shaken
from lib.sections.evaluation.values import SHOWN

SPLITS, BLOCKS = 20, 15
ROUNDING = 1e-5
"""Share of a value that single precision may cost; a smaller difference is none."""
MOST = 250
"""Base clips at most: the time grows with the square of their number."""
AS_IT_IS, FROZEN, WRONG = "as it is", "frozen", "wrong caption"
BODIES = ("motion energy", "pose spread", "foot skate", "jerk")
"""The metrics that need no evaluator; one measures those of `SHOWN`."""


def of_prompts(
    corpus: Corpus, judges: Sequence[Judge], *, levels: Sequence[float], pool: int, seed: int
) -> pd.DataFrame | None:
    """Every metric on every alteration of the real test motions, beside the motions as they are.

    The real motions of one half of the base clips stand against the altered motions of the other half; values are means
    of 20 splits, the same ones for every alteration. So the row as it is holds what two halves of real motions score,
    and a difference to it is the alteration's doing. `BODIES` are means over all altered motions. A metric notices an
    alteration where it is worse than as it is, or differs either way where real motion sets the level, by a 95 %
    interval: the jackknife's of the difference, over blocks of base clips.

    The motion of a wrong caption is that of another base clip. Base clips are dealt to pairs, which exchange their
    motions and stay together in halves and blocks: the motions as a whole are those that they were.

    Args:
        corpus: of the prompts.
        judges: evaluators, all with the same captions; of more than 250 base clips so many are drawn.
        levels: standard deviations of the jitter in metres; there is none of 0, which is the row as it is.
        pool: motions a text is compared with.
        seed: of the draw, the splits, the blocks and the alterations.

    Returns:
        A row an alteration, evaluator (empty for `BODIES`) and metric: ``alteration, evaluator, metric, unit, better,
        value, as_it_is, difference, low, high, noticed, n`` (motions a half) and ``base_clips``. None where a half
        might not fill a pool.
    """
    rng, every = np.random.default_rng(seed), judges[0].prompts.clips
    kept = _some(every["base_id"], rng)
    if len(kept) < 3 * pool:
        return None
    clips = every.iloc[kept]
    pairs, strangers = paired_off(clips["base_id"], rng)
    halves = _Halves(halved(pairs, times=SPLITS, rng=rng), blocks_of(pairs, BLOCKS, rng=rng), pool)
    real = [_Real(judge.prompts.test.motion[kept], judge.prompts.test.text[kept]) for judge in judges]
    floor: dict[str, Floats] = {}
    rows: list[dict[str, object]] = []
    for name, latents, measured in _cases(corpus, judges, kept, strangers, levels, seed):
        scored = {"": halves.of_bodies(measured)}
        for judge, own, altered in zip(judges, real, latents, strict=True):
            scored[judge.name] = halves.judged(own, altered)
        floor = floor or scored
        for evaluator, values in scored.items():
            rows += [
                {"alteration": name, "evaluator": evaluator} | _row(metric, values[:, at], floor[evaluator][:, at])
                for at, metric in enumerate(SHOWN if evaluator else BODIES)
            ]
    return pd.DataFrame(rows).assign(n=len(halves.splits[0][0]), base_clips=clips["base_id"].nunique())


def paired_off(groups: npt.ArrayLike, rng: np.random.Generator) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Deals groups to pairs, an odd one to the last, and gives each row a row of the other group of its pair.

    Args:
        groups: (n,), two or more that differ.
        rng: source of randomness.

    Returns:
        The pair of each row (n,), and the other group's row (n,): each once where both have as many rows.

    Example:
        >>> pairs, rows = paired_off(["a", "a", "b", "b"], np.random.default_rng(0))
        >>> pairs.tolist(), rows.tolist()
        ([0, 0, 0, 0], [2, 3, 0, 1])
    """
    labels, inverse = np.unique(np.asarray(groups), return_inverse=True)
    dealt = rng.permutation(len(labels))
    pair = np.empty(len(labels), dtype=np.int64)
    pair[dealt] = np.minimum(np.arange(len(labels)) // 2, len(labels) // 2 - 1)
    rows = np.empty(len(inverse), dtype=np.int64)
    for at in range(pair.max() + 1):
        members = [np.flatnonzero(inverse == label) for label in np.flatnonzero(pair == at)]
        for own, other in zip(members, members[1:] + members[:1], strict=True):
            rows[own] = np.resize(other, len(own))
    return pair[inverse], rows


def by_chance(noticing: pd.DataFrame) -> float:
    """How many comparisons would be noticed if no alteration mattered: 1 in 40 on one side, 1 in 20 on either."""
    altered = noticing[noticing["alteration"] != AS_IT_IS]
    return float(np.where(altered["better"] == "like real", 0.05, 0.025).sum())


def _some(groups: "pd.Series[str]", rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """The rows of `MOST` groups, or of all."""
    drawn = rng.permutation(groups.unique())[:MOST]
    return np.flatnonzero(groups.isin(drawn))


def _cases(
    corpus: Corpus,
    judges: Sequence[Judge],
    kept: npt.NDArray[np.int64],
    strangers: npt.NDArray[np.int64],
    levels: Sequence[float],
    seed: int,
) -> Iterator[tuple[str, list[npt.NDArray[np.floating]], Floats]]:
    """Each alteration with the latents of each judge (n, d) and the `BODIES` (n, 4), the motions as they are first."""
    tests = [judge.prompts.test for judge in judges]
    latents: list[npt.NDArray[np.floating]] = [test.motion[kept] for test in tests]
    measured = _measures(tests[0].physical)[kept]
    yield AS_IT_IS, latents, measured
    rows = judges[0].prompts.clips[["clip_id", "begin", "end"]].iloc[kept].itertuples(index=False)
    motions = [segment(corpus.motion(clip), begin, end) for clip, begin, end in rows]
    for name, alter in (_jitters(levels) | ALTERATIONS).items():
        rngs = (np.random.default_rng([seed, at]) for at in range(len(motions)))
        made = [alter(motion, rng).astype(np.float32) for motion, rng in zip(motions, rngs, strict=True)]
        yield name, [judge.latents(made) for judge in judges], _measures(bodies(made))
    yield WRONG, [own[strangers] for own in latents], measured[strangers]


def _jitters(levels: Sequence[float]) -> dict[str, Alteration]:
    return {f"jitter of {1000 * level:g} mm": partial(shaken, deviation=level) for level in levels if level}


def _measures(table: Mapping[str, Floats] | pd.DataFrame) -> Floats:
    return np.stack([np.asarray(table[name]) for name in BODIES], axis=1)


@dataclass(frozen=True)
class _Real:
    """Latents of the real motions and of their captions (n, d)."""

    motion: Floats
    text: Floats


@dataclass(frozen=True, eq=False)
class _Halves:
    """What is measured on all blocks, and with each left out: the first row, and one a block."""

    splits: Sequence[tuple[Rows, Rows]]
    block: npt.NDArray[np.int64]
    pool: int

    def judged(self, real: _Real, altered: npt.NDArray[np.floating]) -> Floats:
        """The metrics in the order of `SHOWN` (1 + blocks, 6), means over splits."""
        return np.array([self._means(real, np.asarray(altered, dtype=np.float64), kept) for kept in self._masks()])

    def of_bodies(self, measured: Floats) -> Floats:
        """The means over motions (1 + blocks, k) of measures (n, k), without those that a motion has none of."""
        return np.array([np.nanmean(measured[kept], axis=0) for kept in self._masks()])

    def _masks(self) -> Iterator[npt.NDArray[np.bool_]]:
        yield np.ones(len(self.block), dtype=bool)
        yield from (self.block != at for at in range(self.block.max() + 1))

    def _means(self, real: _Real, altered: Floats, kept: npt.NDArray[np.bool_]) -> Floats:
        rows = []
        for first, second in self.splits:
            ours, theirs = first[kept[first]], second[kept[second]]
            one, other, text = real.motion[ours], altered[theirs], real.text[theirs]
            precision = expected_precision(text, other, pool=self.pool).mean(axis=0)
            sets = frechet_distance(one, other), polynomial_mmd(one, other)
            rows.append((*precision, *sets, matching_score(text, other)))
        return np.asarray(np.mean(rows, axis=0))


def _row(metric: str, values: Floats, floor: Floats) -> dict[str, object]:
    """A metric and its difference to the motions as they are, from values (1 + blocks,) of either."""
    better, difference = METRICS[metric].better, values - floor
    over = jackknife(float(difference[0]), difference[1:], n=len(difference) - 1)
    slack = ROUNDING * abs(float(floor[0]))
    below, above = over.high < -slack, over.low > slack
    return {
        "metric": metric,
        "unit": METRICS[metric].unit,
        "better": better,
        "value": float(values[0]),
        "as_it_is": float(floor[0]),
        "difference": over.value,
        "low": over.low,
        "high": over.high,
        "noticed": {"higher": below, "lower": above}.get(better, below or above),
    }
