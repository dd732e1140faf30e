"""At which rank each query finds its own item, and how ties are decided."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt
from scipy.stats import hypergeom

Ties = Literal["average", "optimistic", "expected"]
Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Ranks:
    """Where the best positive of each query stands in its gallery, before ties are decided.

    Args:
        above: how many items are more similar than the best positive (n,).
        tied: how many are exactly as similar, the positive itself counted (n,).
        hits: how many of the tied ones are positives (n,); 1 unless a query has several positives.
        gallery: number of items searched.
        own_item_only: whether a query's only positive is its own item, i.e. no threshold was used.
    """

    above: Counts
    tied: Counts
    hits: Counts
    gallery: int
    own_item_only: bool = True

    def __len__(self) -> int:
        """Number of queries."""
        return len(self.above)

    def position(self, ties: Ties = "average") -> Floats:
        """The rank of each query, 0 for the top.

        Args:
            ties: ``average``: the mean place of all tied items, as TMR does (also when several of them are positives);
                ``optimistic``: the positive is the first of them; ``expected``: the mean place of the first positive
                when tied items are shuffled.

        Returns:
            Ranks (n,), fractional where there are ties.

        Source: Petrovich et al. 2023 + TMR: src/model/metrics.py (``average``, ``optimistic``).

        Example:
            >>> top, two, one = np.array([0]), np.array([2]), np.array([1])
            >>> [float(Ranks(top, two, one, 9).position(ties)[0]) for ties in ("average", "optimistic", "expected")]
            [0.5, 0.0, 0.5]
        """
        if known(ties) == "optimistic":
            return self.above.astype(np.float64)
        if ties == "average":
            return np.asarray(self.above + (self.tied - 1) / 2)
        return np.asarray(self.above + (self.tied - self.hits) / (self.hits + 1))

    def found(self, k: int, ties: Ties = "average") -> Floats:
        """Whether each query finds a positive among its first k items.

        Args:
            k: places looked at.
            ties: as in `position`; with ``expected`` the result is the probability when tied items are shuffled.

        Returns:
            Values (n,), 0 or 1, in between only for ``expected``.

        Example:
            >>> ranks = Ranks(np.array([0, 0]), np.array([2, 4]), np.array([1, 1]), 9)
            >>> ranks.found(1).tolist(), ranks.found(1, "expected").tolist()
            ([1.0, 0.0], [0.5, 0.25])
        """
        if known(ties) != "expected":
            return (self.position(ties) < k).astype(np.float64)
        places = np.clip(k - self.above, 0, self.tied)
        return np.asarray(1 - hypergeom.pmf(0, self.tied, self.hits, places), dtype=np.float64)

    def rows(self, chosen: npt.ArrayLike) -> "Ranks":
        """The ranks of some of the queries, in the same gallery."""
        at = np.asarray(chosen)
        return Ranks(self.above[at], self.tied[at], self.hits[at], self.gallery, self.own_item_only)

    def measures(self, *, ties: Ties = "average", ks: Sequence[int] = (1, 2, 3, 5, 10)) -> dict[str, float]:
        """``R@k`` in percent for each k, and ``MedR``, the median rank counted from 1.

        Example:
            >>> ranks = Ranks(np.array([0, 0, 0]), np.array([2, 2, 3]), np.array([1, 1, 1]), 3)
            >>> {name: round(value, 2) for name, value in ranks.measures(ks=(1, 2)).items()}
            {'R@1': 66.67, 'R@2': 100.0, 'MedR': 1.5}
        """
        recalls = {f"R@{k}": 100 * float(self.found(k, ties).mean()) for k in ks}
        return recalls | {"MedR": float(np.median(self.position(ties))) + 1}


def both_ways(
    there: Ranks, back: Ranks, *, ties: Ties = "average", ks: Sequence[int] = (1, 2, 3, 5, 10)
) -> dict[str, float]:
    """The measures of text-to-motion ranks as ``t2m/…`` and of motion-to-text ranks as ``m2t/…``.

    Example:
        >>> one = np.array([1])
        >>> both_ways(Ranks(one * 0, one, one, 9), Ranks(one, one, one, 9), ks=(1,))
        {'t2m/R@1': 100.0, 't2m/MedR': 1.0, 'm2t/R@1': 0.0, 'm2t/MedR': 2.0}
    """
    ways = (("t2m", there), ("m2t", back))
    return {f"{way}/{name}": value for way, r in ways for name, value in r.measures(ties=ties, ks=ks).items()}


def together(parts: Sequence[Ranks]) -> Ranks:
    """The queries of several galleries of one size, one after the other.

    Raises:
        ValueError: no parts, or galleries of several sizes.
    """
    if len({(part.gallery, part.own_item_only) for part in parts}) != 1:
        raise ValueError("ranks can be put together only when they come from galleries of one size")
    above, tied, hits = (np.concatenate([getattr(p, name) for p in parts]) for name in ("above", "tied", "hits"))
    return Ranks(above, tied, hits, parts[0].gallery, parts[0].own_item_only)


def known(ties: Ties) -> Ties:
    """The tie rule, or a ValueError that lists those there are."""
    if ties not in get_args(Ties):
        raise ValueError(f"ties must be one of {', '.join(get_args(Ties))}, not {ties!r}")
    return ties
