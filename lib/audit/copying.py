"""Whether motions were learned by heart: how near they lie to training, beside real motions that nobody trained on."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from lib.metrics.intervals import share
from lib.motion.nearest import by_distance

Floats = npt.NDArray[np.float32]
GENERATED, REAL, TRAINING = "generated", "real test", "training"
MEASURES = {"shape": "m", "meaning": "cosine distance"}
"""Root mean square over joints, and one less the cosine of an evaluator's latents."""


@dataclass(frozen=True, eq=False)
class Points:
    """Motions in both measures.

    Attributes:
        table: a row a motion: clip_id, base_id, and what else is known of it.
        shape: (n, p) `lib.motion.nearest.signatures`.
        meaning: (n, d) latents of unit length.
    """

    table: pd.DataFrame
    shape: Floats
    meaning: Floats

    def where(self, flags: "npt.ArrayLike | pd.Series[bool]") -> "Points":
        """The motions that are flagged (n,), or at these places."""
        chosen = np.asarray(flags)
        at = np.flatnonzero(chosen) if chosen.dtype == bool else chosen
        return Points(self.table.iloc[at].reset_index(drop=True), self.shape[at], self.meaning[at])

    def nearest(self, training: "Points", *, apart: bool = False, block: int = 2048) -> pd.DataFrame:
        """The table with ``shape, meaning``, the distances to the nearest of training, and ``…_at``, their rows there.

        Args:
            training: the motions to search.
            apart: whether a motion of the same ``base_id`` does not count.
            block: see `by_distance`.
        """
        labels = (self.table["base_id"].to_numpy(), training.table["base_id"].to_numpy()) if apart else None
        shape, shape_at = by_distance(self.shape, training.shape, apart=labels, block=block)
        chord, meaning_at = by_distance(self.meaning, training.meaning, apart=labels, block=block)
        measured = {"shape": shape, "shape_at": shape_at, "meaning": chord**2 / 2, "meaning_at": meaning_at}
        return self.table.assign(**measured)


def distances(
    real: Points,
    generated: Mapping[str, Points],
    training: Points,
    members: Mapping[str, npt.NDArray[np.int64]],
    *,
    sample: int,
    block: int,
    seed: int,
) -> pd.DataFrame:
    """How near real, generated and training motions lie to what each generator was trained on.

    Args:
        real: motions of the test clips.
        generated: by regime, motions for the captions of those clips; their table also has seed.
        training: the motions of all regimes, ``base_id`` distinct across corpora.
        members: by regime, the rows of `training` that it draws from.
        sample: training motions, drawn at random, whose nearest other training motion is sought.
        block: see `by_distance`.
        seed: of that draw.

    Returns:
        A row a regime and motion: ``regime, kind, seed, clip_id, base_id, shape, shape_at, meaning, meaning_at``, the
        places being rows of `training`.
    """
    parts = []
    for regime, made in generated.items():
        rows = members[regime]
        known = training.where(rows)
        drawn = np.sort(np.random.default_rng(seed).permutation(len(rows))[:sample])
        found = {
            GENERATED: made.nearest(known, block=block),
            REAL: real.nearest(known, block=block),
            TRAINING: known.where(drawn).nearest(known, apart=True, block=block),
        }
        parts += [one.assign(regime=regime, kind=kind) for kind, one in found.items()]
    whole = pd.concat(parts, ignore_index=True)
    for measure in MEASURES:
        local = whole[f"{measure}_at"].to_numpy()
        places = [members[regime][at] for regime, at in zip(whole["regime"], local, strict=True)]
        whole[f"{measure}_at"] = np.array(places, dtype=np.int64)
    columns = ["regime", "kind", "seed", "clip_id", "base_id", "shape", "shape_at", "meaning", "meaning_at"]
    return whole.reindex(columns=columns)


def summary(table: pd.DataFrame, *, near_quantile: float, draws: int, seed: int) -> pd.DataFrame:
    """Each regime in each measure: medians, and the shares of generated motions that are nearer than they should be.

    Args:
        table: from `distances`.
        near_quantile: a motion is *near* training when it is nearer than this share of training motions is to others.
        draws: bootstrap replicates over base clips.
        seed: of the bootstrap.

    Returns:
        ``regime, measure, n, generated, real, training`` (medians), ``bound``, ``closer, closer_low, closer_high``
        (share of generated motions nearer to training than the real motion of their caption), ``near, near_low,
        near_high``, ``real_near``.
    """
    rows = []
    for regime, some in table.groupby("regime", sort=False):
        kinds = {kind: some[some["kind"] == kind] for kind in (GENERATED, REAL, TRAINING)}
        made = kinds[GENERATED]
        for measure in MEASURES:
            own = made["clip_id"].map(kinds[REAL].set_index("clip_id")[measure])
            bound = kinds[TRAINING][measure].quantile(near_quantile)
            flags = {"closer": made[measure] < own, "near": made[measure] < bound}
            row: dict[str, object] = {"regime": regime, "measure": measure, "n": len(made)}
            row |= {kind.partition(" ")[0]: one[measure].median() for kind, one in kinds.items()}
            row |= {"bound": bound, "real_near": float((kinds[REAL][measure] < bound).mean())}
            for name, flag in flags.items():
                found = share(flag, made["base_id"], draws=draws, rng=np.random.default_rng(seed))
                row |= {name: found.value, f"{name}_low": found.low, f"{name}_high": found.high}
            rows.append(row)
    return pd.DataFrame(rows)


def copied(table: pd.DataFrame, *, near_quantile: float, measure: str = "shape") -> list[str]:
    """The regimes that show signs of copying: more of their motions near training than training motions are.

    Args:
        table: from `summary`.
        near_quantile: as there; chance has this share of motions near, so the interval must lie wholly above it.
        measure: the one that decides; a copy is a copy of poses.
    """
    some = table[table["measure"] == measure]
    return some.loc[some["near_low"] > near_quantile, "regime"].tolist()
