"""How recall falls as the gallery grows: exact expectations over random galleries, beside chance."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.stats import hypergeom

from lib.metrics.intervals import Floats, bootstrap_groups, group_sums, percentile_interval
from lib.metrics.ranks import Counts, Ranks, Ties, known


def recall_by_gallery(
    ranks: Ranks,
    groups: npt.ArrayLike,
    *,
    sizes: Sequence[int],
    ks: Sequence[int] = (1, 3, 10),
    draws: int,
    rng: np.random.Generator,
    ties: Ties = "average",
) -> pd.DataFrame:
    """Expected R@k in random galleries of each size that hold the query's own item.

    No gallery is drawn: a query's own item and g - 1 of the N - 1 others leave a hypergeometric number of the items
    that beat it, so the mean over all galleries follows from the rank in the full one (see `found_in_gallery`).

    Args:
        ranks: ranks in the full gallery of N items, made without a threshold.
        groups: the resampling unit of each query (n,), a base clip.
        sizes: gallery sizes g, 1 to N.
        ks: the k of R@k.
        draws: bootstrap replicates.
        rng: source of randomness of the intervals.
        ties: how ties are decided.

    Returns:
        Columns ``size, k, recall, low, high, chance`` in percent; chance is 100 * min(k, g) / g.

    Raises:
        ValueError: a size that is not in 1..N, or ranks made with a threshold (the best positive may be absent from a
            smaller gallery, so its rank does not tell).

    Example:
        >>> at, one = np.array([0, 1, 2]), np.ones(3, dtype=int)
        >>> curve = recall_by_gallery(
        ...     Ranks(at, one, one, 3), list("abc"), sizes=[1, 2, 3], ks=[1], draws=50, rng=np.random.default_rng(0)
        ... )
        >>> curve[["size", "recall", "chance"]].round(1).values.tolist()
        [[1.0, 100.0, 100.0], [2.0, 50.0, 50.0], [3.0, 33.3, 33.3]]
    """
    points = [(size, k) for size in sizes for k in ks]
    found = np.stack([100 * found_in_gallery(ranks, size, k, ties=ties) for size, k in points], axis=1)
    sums = np.stack([group_sums(one, groups) for one in found.T], axis=1)
    counts = group_sums(np.ones(len(found)), groups)
    # All points are measured on the same resamples, which are what takes the time.
    again = bootstrap_groups(lambda w: (w @ sums) / (w @ counts)[:, None], len(counts), draws=draws, rng=rng)
    lows, highs = percentile_interval(again)
    ends = zip(points, found.mean(axis=0).tolist(), lows.tolist(), highs.tolist(), strict=True)
    rows = [(size, k, value, low, high, 100 * min(k, size) / size) for (size, k), value, low, high in ends]
    return pd.DataFrame(rows, columns=["size", "k", "recall", "low", "high", "chance"])


def found_in_gallery(ranks: Ranks, size: int, k: int, *, ties: Ties = "average") -> Floats:
    """The probability that each query finds its own item among its first k in a random gallery.

    With a items above and t - 1 other items tied in the full gallery, the sampled gallery holds x of the first and y
    of the second. ``optimistic`` needs x < k, ``average`` x + y / 2 < k, ``expected`` averages x + u < k over the
    places u = 0..y the item may take among its ties; the last equals the mean over the places in the full gallery.

    Args:
        ranks: ranks in the full gallery, made without a threshold.
        size: items in the random gallery.
        k: places looked at.
        ties: how ties are decided.

    Returns:
        Probabilities (n,).

    Raises:
        ValueError: as `recall_by_gallery`.

    Example:
        >>> found_in_gallery(Ranks(np.array([1]), np.array([1]), np.array([1]), 3), 2, 1).tolist()
        [0.5]
    """
    if not ranks.own_item_only:
        raise ValueError("recall by gallery size needs ranks made without a threshold")
    if not 1 <= size <= ranks.gallery:
        raise ValueError(f"a gallery of {size} cannot be drawn from {ranks.gallery} items")
    pairs, query_of = np.unique(np.stack([ranks.above, ranks.tied], axis=1), axis=0, return_inverse=True)
    above, others = pairs[:, 0], pairs[:, 1] - 1
    rest, drawn = ranks.gallery - 1, size - 1
    if known(ties) == "optimistic":
        chances = _at_most(k - 1, rest, above, drawn)
    elif ties == "average":
        alone = others == 0  # most items tie with no other, and need a tenth of the sums
        chances = np.empty(len(pairs))
        chances[alone] = _at_most(k - 1, rest, above[alone], drawn)
        chances[~alone] = _average(k, rest, above[~alone], others[~alone], drawn)
    else:
        places = [a + np.arange(t + 1) for a, t in zip(above, others, strict=True)]
        chances = np.array([_at_most(k - 1, rest, place, drawn).mean() for place in places])
    return np.asarray(chances[query_of.ravel()], dtype=np.float64)


def _share(count: int | Counts, items: int | Counts, special: Counts, drawn: int | Counts) -> Floats:
    # scipy knows no empty urn; one ordinary item more changes nothing where nothing is drawn.
    return np.asarray(hypergeom.pmf(count, np.maximum(items, 1), special, drawn), dtype=np.float64)


def _at_most(most: int, rest: int, special: Counts, drawn: int) -> Floats:
    return np.asarray(np.minimum(_share(np.arange(most + 1)[:, None], rest, special, drawn).sum(axis=0), 1.0))


def _average(k: int, rest: int, above: Counts, others: Counts, drawn: int) -> Floats:
    total = np.zeros(len(above))
    left = rest - above
    for x in range(min(k, drawn + 1)):
        ties = _share(np.arange(2 * (k - x))[:, None], left, others, np.minimum(drawn - x, left)).sum(axis=0)
        total += _share(x, rest, above, drawn) * np.minimum(ties, 1.0)
    return np.asarray(np.minimum(total, 1.0))
