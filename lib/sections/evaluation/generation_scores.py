"""What one model's motions score on a test set, clip by clip where a score has clips, and with blocks left out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import numpy.typing as npt

from lib.metrics.directions import Floats
from lib.metrics.diversity import spread_by_text, spread_of_all
from lib.metrics.fid import Moments, frechet_between, moments
from lib.metrics.jackknife import blocks_of
from lib.metrics.kid import kernel_sums
from lib.metrics.matching import distances, expected_precision
from lib.models.generated_latents import GeneratedLatents, Mask, TestSet

BLOCKS = 30
FEWEST = 20
TOP_K = 3
REAL = "real"
"""What tables call the real motions, in the place of a model."""
Statistic = Callable[[Floats, npt.NDArray[np.floating], npt.NDArray[np.int64]], Floats]


@dataclass(frozen=True, eq=False)
class Scores:
    """Scores of one model on some clips; every value is that of a training seed, averaged over its repeats.

    Attributes:
        clips: by metric, values (seeds, n) whose mean over clips is the score.
        real: (n, d) latents of the real motions.
        latents: (seeds, repeats, n, d) of the model's.
        groups: (n,) base clip.
        rows: (n,) places of the clips in the test set.
        seed: deals clips to blocks.
    """

    clips: Mapping[str, Floats]
    real: Floats
    latents: npt.NDArray[np.floating]
    groups: npt.NDArray[np.generic]
    rows: npt.NDArray[np.int64]
    seed: int

    @cached_property
    def of_set(self) -> dict[str, tuple[Floats, Floats]]:
        """FID and KID: values (seeds, repeats), and those of the first repeat without each block (seeds, b)."""
        if len(np.unique(self.groups)) < FEWEST:
            return {}
        block = blocks_of(self.groups, BLOCKS, rng=np.random.default_rng(self.seed))
        return {
            name: _of_set(way, self.real, self.latents, block) for name, way in (("FID", _frechet), ("KID", _kernel))
        }

    @property
    def metrics(self) -> list[str]:
        """Names, those of single clips first."""
        return [*self.clips, *self.of_set]

    def of_seeds(self, metric: str) -> Floats:
        """The score of each seed (seeds,); NaN where no clip has a value."""
        if metric in self.of_set:
            return np.asarray(self.of_set[metric][0].mean(axis=1))
        return np.asarray(
            [row[np.isfinite(row)].mean() if np.isfinite(row).any() else np.nan for row in self.clips[metric]]
        )

    def only(self, mask: Mask) -> "Scores":
        """The same on the clips of a mask (of the test set), R-precision still against all; diversity is left out."""
        return _only(self, np.asarray(mask, dtype=bool).tobytes())


def scores(test: TestSet, generated: GeneratedLatents, *, pool: int, among: Mask | None = None) -> Scores:
    """Scores of a model on the clips that it has motions for.

    R-precision is the expectation over pools drawn from all these clips. ``diversity`` holds pseudo-values of clips,
    twice a clip's mean distance less the mean of all, which have its mean and its sampling error.

    Args:
        test: the test set.
        generated: the model's motions.
        pool: motions a text is compared with; all there are if fewer.
        among: clips (n,) that count, all that are there by default.

    Returns:
        ``R@1 … R@3`` (fractions), ``MM-dist``, ``diversity``, ``multimodality`` (with two repeats or more) and physical
        measures by clip; ``FID`` and ``KID`` of the set, unless fewer than 20 base clips are left.

    Example:
        >>> x = np.random.default_rng(0).normal(size=(40, 4))
        >>> own = scores(TestSet(x, x, np.arange(40)), GeneratedLatents(x[None, None]), pool=32)
        >>> own.of_seeds("R@1").tolist(), np.abs(own.of_seeds("FID")).round(6).tolist()
        ([1.0], [0.0])
    """
    counted = generated.present if among is None else generated.present & among
    return _scores(test, generated, counted.tobytes(), pool)


@lru_cache(maxsize=256)
def _only(whole: Scores, mask: bytes) -> Scores:
    kept = np.frombuffer(mask, dtype=bool)[whole.rows]
    clips = {name: values[:, kept] for name, values in whole.clips.items() if name != "diversity"}
    latents = whole.latents[:, :, kept]
    return Scores(clips, whole.real[kept], latents, whole.groups[kept], whole.rows[kept], whole.seed)


@lru_cache(maxsize=64)
def _scores(test: TestSet, generated: GeneratedLatents, counted: bytes, pool: int) -> Scores:
    # The table, the differences and the subsets ask for the same scores.
    rows = np.flatnonzero(np.frombuffer(counted, dtype=bool))
    latents = generated.latents if len(rows) == len(generated.present) else generated.latents[:, :, rows]
    clips = _by_clip(test.text[rows], latents, pool) if len(rows) else {}
    clips |= {name: _mean_of_known(values[:, :, rows]) for name, values in generated.physical.items()}
    return Scores(clips, test.motion[rows].astype(np.float64), latents, test.groups[rows], rows, test.seed)


def _by_clip(text: Floats, latents: npt.NDArray[np.floating], pool: int) -> dict[str, Floats]:
    seeds, repeats, n, d = latents.shape
    flat = latents.reshape(-1, n, d)

    def over_repeats(values: Floats) -> Floats:
        return np.asarray(values.reshape(seeds, repeats, *values.shape[1:]).mean(axis=1))

    precision = over_repeats(np.stack([expected_precision(text, z, pool=pool, top_k=TOP_K) for z in flat]))
    by_metric = {f"R@{k + 1}": precision[..., k] for k in range(TOP_K)}
    by_metric["MM-dist"] = over_repeats(np.stack([distances(text, z) for z in flat]))
    apart = np.stack([spread_of_all(z) for z in flat])
    by_metric["diversity"] = over_repeats(2 * apart - apart.mean(axis=1, keepdims=True))
    if repeats > 1:
        by_metric["multimodality"] = np.stack([spread_by_text(z.transpose(1, 0, 2)) for z in latents])
    return by_metric


def _mean_of_known(values: Floats) -> Floats:
    known = np.isfinite(values)
    count = known.sum(axis=1)
    total = np.where(known, values, 0.0).sum(axis=1)
    return np.asarray(np.divide(total, count, out=np.full(total.shape, np.nan), where=count > 0))


def _of_set(
    statistic: Statistic, real: Floats, latents: npt.NDArray[np.floating], block: npt.NDArray[np.int64]
) -> tuple[Floats, Floats]:
    whole = np.zeros_like(block)
    values = [[float(statistic(real, z, whole)[0]) for z in repeats] for repeats in latents]
    return np.asarray(values), np.stack([statistic(real, repeats[0], block) for repeats in latents])


def _frechet(real: Floats, generated: npt.NDArray[np.floating], block: npt.NDArray[np.int64]) -> Floats:
    sides = _without_blocks(real.tobytes(), real.shape[1], block.tobytes())
    return np.asarray([frechet_between(ours, moments(generated[kept])) for kept, ours in sides])


@lru_cache(maxsize=4)
def _without_blocks(real: bytes, d: int, block: bytes) -> list[tuple[Mask, Moments]]:
    # The real side is the same for every model, seed and repeat.
    rows, of = np.frombuffer(real).reshape(-1, d), np.frombuffer(block, dtype=np.int64)
    kept = [of != b for b in range(of.max() + 1)] if of.max() else [np.ones(len(of), dtype=bool)]
    return [(mask, moments(rows[mask])) for mask in kept]


def _kernel(real: Floats, generated: npt.NDArray[np.floating], block: npt.NDArray[np.int64]) -> Floats:
    # Motions are made for the captions of the very clips they are compared with: such pairs are left out.
    count = int(block.max()) + 1
    weights = 1 - np.eye(count) if count > 1 else np.ones((1, 1))
    return kernel_sums(real, generated, block, block, paired=True).value(weights)
