"""The kernel distance of two sets of embeddings (KID): unbiased at every sample size."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lib.metrics.directions import Floats, checked
from lib.metrics.intervals import Measure
from lib.metrics.jackknife import blocks_of, jackknife

TILE = 1024
DIGITS = 5


@dataclass(frozen=True)
class KernelSums:
    """Sums of the kernel over pairs of rows, by block of rows; a row is no pair with itself.

    Args:
        real: (b, b) sums over pairs of real rows, by the blocks of the two.
        generated: (b, b) the same for generated rows.
        cross: (b, b) pairs of a real row (first block) and a generated row (second).
        pairs: (3, b, b) how many pairs each sum is over, in the same order.
    """

    real: Floats
    generated: Floats
    cross: Floats
    pairs: Floats

    def value(self, weights: Floats) -> Floats:
        """The squared distance when blocks count so often: weights (k, b) of zeros and ones, values (k,)."""
        sums = np.stack([self.real, self.generated, self.cross])
        held = np.einsum("ka,sab,kb->sk", weights, sums, weights, optimize=True)
        pairs = np.einsum("ka,sab,kb->sk", weights, self.pairs, weights, optimize=True)
        within_real, within_generated, across = held / pairs
        return np.asarray(within_real + within_generated - 2 * across)


def kernel_sums(
    real: npt.ArrayLike,
    generated: npt.ArrayLike,
    real_block: npt.NDArray[np.int64],
    generated_block: npt.NDArray[np.int64],
    *,
    paired: bool = False,
    tile: int = TILE,
) -> KernelSums:
    """Sums of the cubic kernel (x·y / d + 1) ** 3 by blocks of rows.

    Args:
        real: (n, d).
        generated: (m, d).
        real_block: block of each real row (n,), 0 to b - 1.
        generated_block: block of each generated row (m,).
        paired: row i of both belongs to one clip; such pairs are left out of the cross sum.
        tile: rows of the kernel matrix held at once.
    """
    x = checked(real, "real", rows=len(real_block)).astype(np.float64)
    y = checked(generated, "generated", rows=len(generated_block)).astype(np.float64)
    if x.shape[1] != y.shape[1]:
        raise ValueError(f"real has {x.shape[1]} dimensions, generated {y.shape[1]}")
    if paired and len(x) != len(y):
        raise ValueError(f"paired rows, but {len(x)} real and {len(y)} generated ones")
    b = int(max(real_block.max(), generated_block.max())) + 1
    ours, theirs = (np.eye(b)[block] for block in (real_block, generated_block))
    sides = ((x, x, ours, ours, True), (y, y, theirs, theirs, True), (x, y, ours, theirs, paired))
    sums, pairs = zip(*(_block_sums(*side, tile) for side in sides), strict=True)
    return KernelSums(sums[0], sums[1], sums[2], np.stack(pairs))


def polynomial_mmd(real: npt.ArrayLike, generated: npt.ArrayLike) -> float:
    """Squared maximum mean discrepancy under the cubic kernel: unbiased, hence below 0 now and then.

    Source: Binkowski et al. 2018, Demystifying MMD GANs, section 3.4 (kernel (x·y / d + 1) ** 3) and Gretton et al.
        2012, equation 3. All pairs are used rather than the mean over random subsets, which has the same expectation
        and more noise.

    Args:
        real: (n, d), n at least 2.
        generated: (m, d), m at least 2.

    Example:
        >>> polynomial_mmd([[0.0], [0.0]], [[1.0], [1.0]])
        7.0
    """
    n, m = len(checked(real, "real")), len(checked(generated, "generated"))
    if min(n, m) < 2:
        raise ValueError("a kernel distance needs at least two rows a side")
    sums = kernel_sums(real, generated, np.zeros(n, dtype=np.int64), np.zeros(m, dtype=np.int64))
    return float(sums.value(np.ones((1, 1)))[0])


def kid(
    real: npt.ArrayLike,
    generated: npt.ArrayLike,
    *,
    rng: np.random.Generator,
    groups: npt.ArrayLike | None = None,
    blocks: int = 50,
) -> Measure:
    """Kernel distance with an interval that leaves out one block of clips after the other.

    Where two samples come from one law the statistic is degenerate and the interval errs on the wide side.

    Source: as `polynomial_mmd`; paired rows by Gretton et al. 2012, lemma 6, which stays unbiased although a
        generated motion depends on its clip's caption. The interval is the jackknife's, see `jackknife`.

    Args:
        real: (n, d).
        generated: (m, d).
        rng: deals rows to blocks.
        groups: base clip of each row (n,); given, row i of both sides is of one clip (n = m) and pairs of such rows do
            not enter. Without it the two samples are independent and of any size.
        blocks: blocks at most.

    Returns:
        The squared distance (`polynomial_mmd` without ``groups``) with a 95 % interval; n is the generated rows.

    Example:
        >>> rng = np.random.default_rng(0)
        >>> one, other = rng.normal(size=(200, 4)), rng.normal(loc=1.0, size=(150, 4))
        >>> found = kid(one, other, rng=rng)
        >>> found.low > 0, found.value == polynomial_mmd(one, other)
        (True, True)
    """
    paired = groups is not None
    first = np.arange(len(checked(real, "real"))) if groups is None else np.asarray(groups)
    second = np.arange(len(checked(generated, "generated"))) if groups is None else first
    count = min(blocks, len(np.unique(first)), len(np.unique(second)))
    ours = blocks_of(first, count, rng=rng)
    theirs = ours if paired else blocks_of(second, count, rng=rng)
    sums = kernel_sums(real, generated, ours, theirs, paired=paired)
    whole = float(sums.value(np.ones((1, count)))[0])
    return jackknife(whole, sums.value(1 - np.eye(count)), n=len(theirs), digits=DIGITS)


def _block_sums(x: Floats, y: Floats, ours: Floats, theirs: Floats, same: bool, tile: int) -> tuple[Floats, Floats]:
    # Blocks of rows are summed by products with their indicators; the pairs (i, i) are taken out again.
    sums = np.zeros((ours.shape[1], theirs.shape[1]))
    for top in range(0, len(x), tile):
        rows = slice(top, top + tile)
        sums += ours[rows].T @ ((x[rows] @ y.T / x.shape[1] + 1) ** 3 @ theirs)
    pairs = np.outer(ours.sum(axis=0), theirs.sum(axis=0))
    if same:
        own = ((x * y).sum(axis=1) / x.shape[1] + 1) ** 3
        sums -= ours.T @ (own[:, None] * theirs)
        pairs -= ours.T @ theirs
    return sums, pairs
