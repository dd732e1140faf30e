"""Text-to-motion and motion-to-text retrieval as TMR measures it: four protocols, with intervals."""

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from lib.metrics.directions import checked
from lib.metrics.intervals import Floats, Measure, bootstrap_groups, percentile_interval, share
from lib.metrics.ranking import BLOCK, rank_pairs
from lib.metrics.ranks import Ranks, Ties, both_ways
from lib.metrics.small_batches import batches, rank_in_batches, small_batches

__all__ = [
    "batches",
    "both_ways",
    "dissimilar",
    "intervals",
    "rank_in_batches",
    "rank_pairs",
    "retrieval_metrics",
    "small_batches",
]


def retrieval_metrics(
    text: npt.ArrayLike,
    motion: npt.ArrayLike,
    *,
    sentence: npt.ArrayLike | None = None,
    threshold: float | None = None,
    ties: Ties = "average",
    ks: Sequence[int] = (1, 2, 3, 5, 10),
    block: int = BLOCK,
) -> dict[str, float]:
    """Retrieval measures over the full gallery (TMR's protocol a), or with a threshold (protocol b).

    Source: Petrovich et al. 2023, TMR + TMR: retrieval.py and src/model/metrics.py. Theirs holds the n x n matrix in
    float32 and rounds to two decimals; here ranks are streamed, exact, and nothing is rounded.

    Args:
        text: (n, d) latents of one caption a clip.
        motion: (n, d) latents of the clips, row by row.
        sentence: (n, e) sentence embeddings of the captions.
        threshold: raw cosine, strict: an item whose sentence is closer to the query's than this is also a positive,
            and the best positive gives the rank. TMR's 0.95 is 0.90 here.
        ties: ``average`` (TMR's), ``optimistic`` or ``expected``, see `Ranks.position`.
        ks: the k of R@k.
        block: rows and columns of a tile; memory follows it, the result does not.

    Returns:
        ``t2m/R@k`` in percent, ``t2m/MedR`` (1 is best), the same for ``m2t``.

    Raises:
        ValueError: shapes that do not match, values that are not finite, a threshold without sentences.

    Example:
        >>> toy = retrieval_metrics([[0.5, 0.5, 0.1], [0.2, 0.9, 0.9], [0.3, 0.3, 0.3]], np.eye(3), ks=(1,))
        >>> round(toy["t2m/R@1"], 2), toy["t2m/MedR"]
        (66.67, 1.5)
    """
    there, back = rank_pairs(text, motion, sentence=sentence, threshold=threshold, block=block)
    return both_ways(there, back, ties=ties, ks=ks)


def dissimilar(
    text: npt.ArrayLike, motion: npt.ArrayLike, ids: Sequence[str], wanted: Iterable[str]
) -> tuple[tuple[Ranks, Ranks], list[str], list[str]]:
    """Ranks among listed clips, whose captions differ from one another (TMR's protocol c, ``nsim_test.txt``).

    Args:
        text: (n, d) finite floats.
        motion: (n, d) finite floats.
        ids: clip ids of the rows.
        wanted: the listed ids; a repeated one counts once.

    Returns:
        Text-to-motion and motion-to-text ranks among the clips found, their ids in the order of the rows of the ranks,
        and the listed ids that are missing, sorted (KIT lists 101, of which 98 exist). `both_ways` makes measures of
        the ranks.

    Raises:
        ValueError: none of the listed ids is there.

    Example:
        >>> (there, _), found, missing = dissimilar(np.eye(3), np.eye(3), ["a", "b", "c"], ["c", "a", "z"])
        >>> there.gallery, found, missing
        (2, ['c', 'a'], ['z'])
    """
    row_of = {name: row for row, name in enumerate(ids)}
    listed = list(dict.fromkeys(wanted))
    found = [name for name in listed if name in row_of]
    if not found:
        raise ValueError(f"none of the {len(listed)} listed ids is among the {len(row_of)} clips")
    rows = [row_of[name] for name in found]
    pairs = rank_pairs(checked(text, "text", rows=len(ids))[rows], checked(motion, "motion", rows=len(ids))[rows])
    return pairs, found, sorted(set(listed) - set(found))


def intervals(
    ranks: Ranks,
    groups: npt.ArrayLike,
    *,
    draws: int,
    rng: np.random.Generator,
    ties: Ties = "average",
    ks: Sequence[int] = (1, 2, 3, 5, 10),
) -> dict[str, Measure]:
    """R@k and MedR of one direction with bootstrap intervals over base clips.

    Queries are resampled, the gallery is not: the interval says how the number would vary with other queries for this
    gallery. Ranks are reused, so it costs no comparison of vectors.

    Args:
        ranks: from `rank_pairs`, `dissimilar` or `rank_in_batches`; for the last, MedR is here the median over all
            queries, not the mean of the batches' medians.
        groups: the resampling unit of each query (n,), a base clip: mirrors and further captions go together.
        draws: bootstrap replicates.
        rng: source of randomness.
        ties: how ties are decided.
        ks: the k of R@k.

    Returns:
        ``R@k`` in percent and ``MedR``, each with its interval and the number of queries.

    Example:
        >>> one, ranks = np.ones(4, dtype=int), np.array([0, 0, 5, 9])
        >>> found = intervals(Ranks(ranks, one, one, 10), list("abcd"), draws=200, rng=np.random.default_rng(0))
        >>> found["R@1"].value, found["MedR"].value
        (50.0, 3.5)
    """
    groups = np.asarray(groups)
    if len(groups) != len(ranks):
        raise ValueError(f"{len(groups)} groups for {len(ranks)} queries")
    estimates = {}
    for k in ks:
        e = share(ranks.found(k, ties), groups, draws=draws, rng=rng)
        estimates[f"R@{k}"] = Measure(100 * e.value, 100 * e.low, 100 * e.high, e.n, "%", 2)
    places = ranks.position(ties)
    order = np.argsort(places)
    names, group_of = np.unique(groups, return_inverse=True)
    ordered, group_of = places[order], group_of[order]

    def median(weights: Floats) -> Floats:
        return np.stack([_weighted_median(ordered, row[group_of]) for row in weights])

    low, high = percentile_interval(bootstrap_groups(median, len(names), draws=draws, rng=rng))
    estimates["MedR"] = Measure(float(np.median(places)) + 1, float(low) + 1, float(high) + 1, len(ranks))
    return estimates


def _weighted_median(ordered: Floats, times: Floats) -> Floats:
    reached = np.cumsum(times)
    middle = [(reached[-1] - 1) // 2, reached[-1] // 2]
    return np.asarray(ordered[np.searchsorted(reached, middle, side="right")].mean())
