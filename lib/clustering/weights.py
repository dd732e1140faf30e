"""Sampling weights that balance clusters: how often each clip is drawn, and what that costs."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from lib.base.errors import ParamsError


@dataclass(frozen=True)
class SamplingWeights:
    """How clips are drawn, with replacement.

    Attributes:
        table: one row a clip: ``clip_id, cluster, weight`` (chance of a draw to take it; they sum to one),
            ``expected_draws`` (in an epoch).
        clusters: one row a cluster: ``cluster, clips, dropped`` (clips of weight zero), ``data_share, draw_share,
            draws_per_clip`` (in an epoch, of a clip with weight).
        alpha: the exponent.
        draws: draws an epoch.
        effective: Kish's effective sample size: equally weighted clips that vary a mean as little as these do.
    """

    table: pd.DataFrame
    clusters: pd.DataFrame
    alpha: float
    draws: int
    effective: float

    @property
    def largest(self) -> float:
        """Expected draws of the most often drawn clip in an epoch."""
        return float(self.table["expected_draws"].max())

    def largest_count(self, *, epochs: int, rng: np.random.Generator) -> int:
        """The most often that any clip was drawn in one of so many epochs."""
        chances = self.table["weight"].to_numpy()
        return int(max(rng.multinomial(self.draws, chances).max() for _ in range(epochs)))


def sampling_weights(
    clip_ids: npt.ArrayLike,
    labels: npt.ArrayLike,
    *,
    alpha: float,
    draws: int | None = None,
    kept: npt.ArrayLike | None = None,
) -> SamplingWeights:
    """Draws a cluster with p_c proportional to n_c^alpha, then one of its clips, each as likely as the others.

    Source: the technical report's section 5; the exponent as in Conneau and Lample 2019 for languages.

    Args:
        clip_ids: (n,) distinct.
        labels: (n,) cluster of each clip.
        alpha: 1 draws as the data is, 0 draws every cluster equally often; any number is allowed.
        draws: an epoch's; as many as clips are kept by default.
        kept: (n,) clips to draw from, as from `lib.clustering.deduplicate`; n_c counts these, the others get weight 0.

    Raises:
        ParamsError: ids that repeat, columns of different length, no clip, or an alpha that is not finite.

    Example:
        >>> made = sampling_weights(["a", "b", "c", "d"], [0, 0, 0, 1], alpha=0.0)
        >>> made.table["expected_draws"].round(2).tolist(), round(made.effective, 2)
        ([0.67, 0.67, 0.67, 2.0], 3.0)
    """
    ids, clusters = pd.Series(np.asarray(clip_ids, dtype=object)).astype(str), np.asarray(labels)
    stays = np.ones(len(ids), dtype=bool) if kept is None else np.asarray(kept, dtype=bool)
    if not len(ids) == len(clusters) == len(stays):
        raise ParamsError(f"{len(ids)} ids, {len(clusters)} labels, {len(stays)} flags", fix="give one of each a clip")
    if ids.duplicated().any():
        raise ParamsError(f"clip {ids[ids.duplicated()].iloc[0]} is listed twice", fix="give every clip one row")
    if not stays.any() or not np.isfinite(alpha):
        raise ParamsError(
            f"{int(stays.sum())} clips to draw from, alpha = {alpha}", fix="give clips and a finite alpha"
        )
    names, code = np.unique(clusters, return_inverse=True)
    sizes = np.bincount(code, weights=stays, minlength=len(names))
    with np.errstate(divide="ignore"):
        scaled = np.where(sizes > 0, alpha * np.log(np.maximum(sizes, 1)), -np.inf)
    chance = np.exp(scaled - scaled.max())
    chance /= chance.sum()
    each = np.divide(chance, sizes, out=np.zeros_like(chance), where=sizes > 0)
    weight = np.where(stays, each[code], 0.0)
    count = int(stays.sum()) if draws is None else draws
    table = pd.DataFrame({"clip_id": ids, "cluster": clusters, "weight": weight, "expected_draws": count * weight})
    listed = np.bincount(code, minlength=len(names))
    by_cluster = pd.DataFrame(
        {
            "cluster": names,
            "clips": listed,
            "dropped": listed - sizes.astype(int),
            "data_share": listed / len(ids),
            "draw_share": chance,
            "draws_per_clip": count * each,
        }
    )
    return SamplingWeights(table, by_cluster, float(alpha), count, float(1 / np.square(weight).sum()))
