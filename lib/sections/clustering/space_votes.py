"""Which space clusters better, text or motion: each measure's difference over clips and seeds, and its vote."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from lib.clustering.semantic import cluster, most_clusters
from lib.clustering.stability import Stability, stability
from lib.draw.table import records
from lib.metrics.directions import Floats
from lib.metrics.intervals import Measure
from lib.sections.clustering.cluster_evidence import MEASURES, Evidence, by_chance, over_clips, scores
from lib.sections.clustering.two_spaces import SPACES, Clips, Clusters

Labels = npt.NDArray[np.int64]
STABILITY = dict.fromkeys(["seeds", "lowest_seeds", "bootstraps", "lowest_bootstraps"], ".3")
"""Decimals of the table of `stable`."""
FORMATS = {
    **dict.fromkeys(["text", "motion", "text_by_chance", "motion_by_chance"], ".3"),
    "difference": ".3 low high",
    "over_seeds": ".3 lowest highest",
}
"""How the table of `votes` is shown."""
NOT_ASKED = "not asked"


@dataclass(frozen=True)
class Difference:
    """A measure in both spaces.

    Attributes:
        values: by space, the mean over seeds.
        chance: by space, what clusters at random have.
        apart: text less motion; n counts clips, or resamples.
        repeats: the difference of every seed, or of every resample.
    """

    values: Mapping[str, float]
    chance: Mapping[str, float]
    apart: Measure
    repeats: tuple[float, ...]

    def vote(self, margin: float) -> str:
        """The space that the measure favours, or neither.

        A difference counts whose interval leaves out zero, that every repetition has the sign of, and that exceeds a
        share, the margin, of the better space's lead over chance.

        Example:
            >>> sure = Measure(0.1, 0.05, 0.15, 9)
            >>> seen = {"text": 0.3, "motion": 0.2}, {"text": 0.0, "motion": 0.0}
            >>> Difference(*seen, sure, (0.1, 0.12)).vote(0.02), Difference(*seen, sure, (0.1, -0.01)).vote(0.02)
            ('text', 'neither')
        """
        better = "text" if self.apart.value > 0 else "motion"
        agreed = all(one > 0 for one in self.repeats) if better == "text" else all(one < 0 for one in self.repeats)
        lead = self.values[better] - self.chance[better]
        sure = agreed and (self.apart.low > 0 or self.apart.high < 0)
        return better if sure and 0 < margin * lead < abs(self.apart.value) else "neither"


def repeated(
    clips: Clips, found: Clusters, *, clusters: int, seeds: int, bootstraps: int, seed: int, **how: Any
) -> dict[str, Stability]:
    """The two steps over again in either space, with other seeds and on resampled clips."""
    made = {}
    for space, one in found.items():
        again = partial(_labels, centroids=len(one.centroids), clusters=clusters, **how)
        numbers = range(seed, seed + seeds)
        rng = np.random.default_rng(seed)  # the same clips are drawn in either space
        made[space] = stability(
            again, clips.spaces[space], seeds=numbers, bootstraps=bootstraps, rng=rng, groups=clips.groups
        )
    return made


def stable(repeats: Mapping[str, Stability]) -> pd.DataFrame:
    """The adjusted Rand indices of `repeated`: ``space, seeds, lowest_seeds, bootstraps, lowest_bootstraps``."""
    rows = [(space, s.seeds, s.lowest_seeds, s.bootstraps, s.lowest_bootstraps) for space, s in repeats.items()]
    return pd.DataFrame(rows, columns=["space", "seeds", "lowest_seeds", "bootstraps", "lowest_bootstraps"])


def differences(
    clips: Clips, seen: Evidence, repeats: Mapping[str, Stability], *, draws: int, seed: int
) -> dict[str, Difference]:
    """Every measure's difference between text and motion clusters.

    A measure of clips is averaged over the seeds of K-means, clip by clip, and its interval resamples base clips.
    Stability is compared on the same resamples, and its interval is their range.

    Args:
        clips: from `two_spaces.gather`.
        seen: from `cluster_evidence.evidence`.
        repeats: from `repeated`.
        draws: bootstrap replicates.
        seed: of these, and of the groupings that say what chance has.
    """
    of = {space: [scores(seen, clips.spaces[space], one) for one in repeats[space].partitions] for space in SPACES}
    rng = np.random.default_rng(seed)
    nulls = {space: by_chance(seen, clips.spaces[space], repeats[space].partitions[0], rng=rng) for space in SPACES}
    found = {}
    for measure in MEASURES:
        apart = [one[measure] - two[measure] for one, two in zip(of["text"], of["motion"], strict=True)]
        values = {space: float(np.mean([np.nanmean(one[measure]) for one in of[space]])) for space in SPACES}
        chance = {space: nulls[space][measure] for space in SPACES}
        mean = over_clips(np.mean(apart, axis=0), clips, draws=draws, seed=seed)
        found[measure] = Difference(values, chance, mean, tuple(float(np.nanmean(one)) for one in apart))
    return found | {"stability": _stability(repeats)}


def votes(found: Mapping[str, Difference], judged_by: Sequence[str], margin: float) -> pd.DataFrame:
    """How each measure votes between the spaces.

    Returns:
        ``measure, text, text_by_chance, motion, motion_by_chance, difference, low, high, n, over_seeds, lowest,
        highest`` (the mean of the seeds or resamples, and their range), ``vote``: text, motion or neither, and
        `NOT_ASKED` of a measure that is not among `judged_by`.
    """
    rows = []
    for measure in [*judged_by, *(name for name in found if name not in judged_by)]:
        one = found[measure]
        sides = [side[space] for space in SPACES for side in (one.values, one.chance)]
        seeds = float(np.mean(one.repeats)), min(one.repeats), max(one.repeats)
        ends = one.apart.value, one.apart.low, one.apart.high, one.apart.n, *seeds
        rows.append((measure, *sides, *ends, one.vote(margin) if measure in judged_by else NOT_ASKED))
    columns = ["measure", "text", "text_by_chance", "motion", "motion_by_chance", "difference", "low", "high", "n"]
    return pd.DataFrame(rows, columns=[*columns, "over_seeds", "lowest", "highest", "vote"])


def winner(cast: pd.DataFrame) -> str | None:
    """The space with more votes, or None."""
    text, motion = (int((cast["vote"] == space).sum()) for space in SPACES)
    return None if text == motion else "text" if text > motion else "motion"


def _stability(repeats: Mapping[str, Stability]) -> Difference:
    resampled = {space: _resampled(one) for space, one in repeats.items()}
    apart = resampled["text"] - resampled["motion"]
    ends = Measure(float(apart.mean()), float(apart.min()), float(apart.max()), len(apart), digits=3, kind="range")
    values = {space: float(one.mean()) for space, one in resampled.items()}
    return Difference(values, dict.fromkeys(SPACES, 0.0), ends, tuple(apart.tolist()))


def _resampled(one: Stability) -> Floats:
    return one.table.loc[one.table["kind"] == "bootstrap", "ari"].to_numpy(dtype=np.float64)


def _labels(rows: npt.NDArray[np.floating], seed: int, *, centroids: int, clusters: int, **how: Any) -> Labels:
    whole = cluster(rows, n_centroids=min(centroids, len(rows)), threshold=0.0, seed=seed, **how)
    return whole.at(n_clusters=most_clusters([whole], clusters)).labels


def values(cast: pd.DataFrame, space: str) -> dict[str, Measure | str]:
    """The space that was taken, and how each measure voted: ``space, words_vote, words_less`` and so on."""
    votes: dict[str, Measure | str] = {"space": space}
    for row in records(cast):
        kind = "range" if row["measure"] == "stability" else "95 % CI"
        less = Measure(row["difference"], row["low"], row["high"], row["n"], digits=3, kind=kind)
        votes |= {f"{row['measure']}_vote": row["vote"], f"{row['measure']}_less": less}
    return votes
