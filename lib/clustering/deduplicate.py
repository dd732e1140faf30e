"""Semantic deduplication: of rows that are nearly the same, one stays."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from lib.base.errors import ParamsError
from lib.clustering.assignment import Labels
from lib.clustering.kmeans import means
from lib.clustering.points import points
from lib.metrics.duplicates import components

Keep = Literal["central", "outer", "first"]


@dataclass(frozen=True)
class Deduplication:
    """Which rows stay.

    Attributes:
        kept: (n,) whether the row stays.
        group: (n,) the row that stays in its place: itself where it is kept.
    """

    kept: npt.NDArray[np.bool_]
    group: Labels

    @property
    def dropped(self) -> int:
        """How many rows go."""
        return int((~self.kept).sum())

    def by_cluster(self, labels: npt.ArrayLike) -> pd.DataFrame:
        """What goes of every cluster: ``cluster, rows, dropped, share``."""
        table = pd.DataFrame({"cluster": np.asarray(labels), "dropped": ~self.kept})
        found = table.groupby("cluster")["dropped"].agg(rows="size", dropped="sum").reset_index()
        return found.assign(share=found["dropped"] / found["rows"])


def deduplicate(
    latents: npt.ArrayLike, labels: npt.ArrayLike, *, threshold: float, keep: Keep = "central", block: int = 2048
) -> Deduplication:
    """Keeps one row of every group of near-duplicates; rows of different clusters are never compared.

    A group holds all rows that a chain of cosines at or above the threshold joins. Of each group stays, by `keep`, the
    row with the highest cosine to the mean direction of its cluster (central), with the lowest (outer), or the first;
    of equals the first.

    Source: Abbas et al. 2023, SemDeDup + NeMo-Curator: semdedup. They go through a cluster from its outermost row on
    and drop what is near a row already passed, which depends on the order; a group here has one survivor whatever the
    order. Give K-means' fine clusters, as they do: work grows with the square of a cluster.

    Args:
        latents: (n, d), finite and not zero.
        labels: (n,) cluster of each row.
        threshold: the lowest cosine that makes two rows near-duplicates.
        keep: which row of a group stays.
        block: rows compared at a time; memory is one such tile.

    Returns:
        The rows that stay.

    Raises:
        UserError: rows that are not finite, or zero.
        ParamsError: a threshold outside -1 to 1.

    Example:
        >>> rows = [[1.0, 0.0], [0.999, 0.01], [0.0, 1.0]]
        >>> deduplicate(rows, [0, 0, 0], threshold=0.98).kept.tolist()
        [False, True, True]
    """
    if not -1 < threshold <= 1:
        raise ParamsError(f"threshold = {threshold}", fix="give a cosine above -1, 1 at most")
    rows, clusters = points(latents, directions=True), np.unique(np.asarray(labels), return_inverse=True)[1]
    group = np.arange(len(rows))
    centres = means(rows, clusters, int(clusters.max()) + 1)
    for cluster in range(len(centres)):
        inside = np.flatnonzero(clusters == cluster)
        some = rows[inside]
        joined = components(some, threshold, block=block)
        near = some @ centres[cluster]
        order = np.lexsort((np.arange(len(inside)), {"central": -near, "outer": near, "first": 0 * near}[keep]))
        stays = pd.Series(inside[order]).groupby(joined[order]).first()
        group[inside] = stays.reindex(joined).to_numpy()
    return Deduplication(group == np.arange(len(rows)), group)
