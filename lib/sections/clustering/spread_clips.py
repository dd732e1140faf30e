"""One motion cluster with captions that differ, and one text cluster with motions that differ: the widest of each."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.spatial.distance import cdist

from lib.clustering.assignment import Labels
from lib.clustering.closeness import Likeness
from lib.clustering.names import central
from lib.corpus import Corpus
from lib.draw.exhibits import Players
from lib.metrics.directions import Floats, unit
from lib.metrics.intervals import number
from lib.sections.clustering.cluster_evidence import Evidence
from lib.sections.clustering.two_spaces import Clips, Clusters

SHOWN = 6
"""Clips that are played side by side."""
NEAR = 60
"""Clips nearest to the middle of the cluster, among which the six are chosen."""


@dataclass(frozen=True, eq=False)
class Widest:
    """The cluster of a space that differs most in the other respect, and six of its clips.

    Attributes:
        space: text or motion.
        rows: ``key, clip_id, label, note`` of the clips to be played; None where no cluster has enough to show.
        told: which cluster it is, and why.
        label: what a screen reader calls the players.
    """

    space: str
    rows: pd.DataFrame | None
    told: str = ""
    label: str = ""


def widest_motion(
    clips: Clips, found: Clusters, called: pd.DataFrame, seen: Evidence, *, drawable: Collection[str]
) -> Widest:
    """The motion cluster whose captions are least alike, and six of its clips with captions far from one another.

    Args:
        clips: from `two_spaces.gather`.
        found: the clusters of each space.
        called: the names of the motion clusters.
        seen: from `cluster_evidence.evidence`; captions are compared by their sentence vectors.
        drawable: keys of the corpora whose motions may be played.
    """
    rows = np.arange(len(clips.table))
    return _widest(clips, found, "motion", called, seen.captions, rows, drawable, "captions are least alike")


def widest_text(
    clips: Clips, found: Clusters, called: pd.DataFrame, seen: Evidence, *, drawable: Collection[str]
) -> Widest:
    """The text cluster whose clips move least alike, and six of its clips that move unlike one another.

    Args:
        clips: from `two_spaces.gather`.
        found: the clusters of each space.
        called: the names of the text clusters.
        seen: from `cluster_evidence.evidence`; clips are compared by their movement.
        drawable: keys of the corpora whose motions may be played.
    """
    return _widest(clips, found, "text", called, seen.movement, seen.moved, drawable, "clips move least alike")


def apart(rows: Floats, n: int) -> list[int]:
    """The first row, then one after the other the row farthest from all that were taken.

    Example:
        >>> apart(np.array([[0.0], [1.0], [9.0], [5.0]]), 3)
        [0, 2, 3]
    """
    taken = [0]
    nearest = cdist(rows, rows[:1]).ravel()
    while len(taken) < min(n, len(rows)):
        taken.append(int(nearest.argmax()))
        nearest = np.minimum(nearest, cdist(rows, rows[taken[-1:]]).ravel())
    return taken


def _widest(
    clips: Clips,
    found: Clusters,
    space: str,
    called: pd.DataFrame,
    alike: Likeness,
    measured: npt.NDArray[np.int64],
    drawable: Collection[str],
    why: str,
) -> Widest:
    own = found[space].labels[measured]
    table = pd.DataFrame({"cluster": own, "alike": alike.within(own)}).groupby("cluster")["alike"].mean().sort_values()
    for cluster, value in zip(table.index.tolist(), table.tolist(), strict=True):
        near = _near(clips, space, measured[own == cluster], drawable)
        if len(near) < SHOWN:
            continue
        vectors = np.asarray(alike.vectors[np.searchsorted(measured, near)], dtype=np.float64)
        rows = near[apart(unit(vectors) if alike.directions else vectors, SHOWN)]
        name = called.set_index("cluster")["name"][cluster]
        told = (
            f"Cluster {cluster + 1} of {space} latents (“{name}”) is the one whose {why}: {number(value, 2)} "
            f"on average, where clips at random have {number(alike.at_random, 2)}."
        )
        label = f"Six clips of {space} cluster {cluster + 1}, whose {why}"
        picked = clips.table.iloc[rows]
        played = picked[["key", "clip_id"]].assign(
            label=[f"clip {i}" for i in range(1, SHOWN + 1)], note=picked["text"]
        )
        return Widest(space, played.reset_index(drop=True), told, label)
    return Widest(space, None)


def _near(clips: Clips, space: str, rows: npt.NDArray[np.int64], drawable: Collection[str]) -> npt.NDArray[np.int64]:
    """The drawable clips nearest to the middle of a cluster, of equal captions one."""
    there = rows[clips.table["key"].iloc[rows].isin([*drawable]).to_numpy()]
    if not len(there):
        return there
    one: Labels = np.zeros(len(there), dtype=np.int64)
    alike = clips.table["text"].iloc[there].tolist()
    return np.asarray(there[central(clips.spaces[space][there], one, n=NEAR, alike=alike)["row"].to_numpy()])


def played(found: Widest, corpora: Mapping[str, Corpus], *, public: Collection[str], notes: bool) -> Players:
    """Players of the six clips; arguments as `lib.draw.exhibits.Players.of_clips` takes them."""
    return Players.of_clips(corpora, found.rows, public=public, notes=notes, label=found.label)


def values(*found: Widest) -> dict[str, str]:
    """Which clusters they are: ``motion_widest`` and ``text_widest``, where there are clips to show."""
    return {f"{one.space}_widest": one.told for one in found if one.rows is not None}
