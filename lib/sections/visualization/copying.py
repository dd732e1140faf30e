"""How near motions lie to training, beside real motions that no generator was trained on, to find copies."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from lib.metrics.intervals import Measure, mean, share
from lib.metrics.movement import ratio_to_real
from lib.motion.nearest import by_distance

Floats = npt.NDArray[np.float32]
GENERATED, REAL, TRAINING = "generated", "real test", "training"
MEASURES = {"shape": "m", "meaning": "cosine distance"}
"""Root mean square over joints, and one less the cosine of an evaluator's latents."""


@dataclass(frozen=True, eq=False)
class Points:
    """Motions in both measures.

    Attributes:
        table: a row a motion: clip_id, base_id, and what else is known of it, such as energy in m/s.
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

    def nearest(
        self, training: "Points", rows: npt.NDArray[np.int64], *, apart: bool = False, block: int = 2048
    ) -> pd.DataFrame:
        """The table with ``shape, meaning``, the distances to the nearest of training, and ``…_at``, their rows there.

        Args:
            training: the motions to search.
            rows: those of them that count.
            apart: whether a motion of the same ``base_id`` does not count.
            block: see `by_distance`.
        """
        labels = (self.table["base_id"].to_numpy(), training.table["base_id"].to_numpy()) if apart else None
        shape, shape_at = by_distance(self.shape, training.shape, rows=rows, apart=labels, block=block)
        chord, meaning_at = by_distance(self.meaning, training.meaning, rows=rows, apart=labels, block=block)
        return self.table.assign(shape=shape, shape_at=shape_at, meaning=chord**2 / 2, meaning_at=meaning_at)


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
        generated: by model, motions for the captions of those clips; their table also has seed.
        training: the motions of all models, ``base_id`` distinct across corpora.
        members: by model, the rows of `training` that it draws from.
        sample: training motions, drawn at random, whose nearest other training motion is sought.
        block: see `by_distance`.
        seed: of that draw.

    Returns:
        A row a model and motion: ``model, kind, seed, clip_id, base_id, energy, shape, shape_at, meaning, meaning_at``,
        the places being rows of `training`; the energy of training motions is not measured.
    """
    parts = []
    for model, motions in generated.items():
        rows = members[model]
        drawn = rows[np.sort(np.random.default_rng(seed).permutation(len(rows))[:sample])]
        nearest = {
            GENERATED: motions.nearest(training, rows, block=block),
            REAL: real.nearest(training, rows, block=block),
            TRAINING: training.where(drawn).nearest(training, rows, apart=True, block=block),
        }
        parts += [table.assign(model=model, kind=kind) for kind, table in nearest.items()]
    columns = ["model", "kind", "seed", "clip_id", "base_id", "energy", "shape", "shape_at", "meaning", "meaning_at"]
    return pd.concat(parts, ignore_index=True).reindex(columns=columns)


def summary(table: pd.DataFrame, *, near_quantile: float, draws: int, seed: int) -> pd.DataFrame:
    """Each model's motions, the real ones of the test clips and training's own, by how near they lie to training.

    Source: Meehan et al. 2020 compare generated and held-out motions by their distances to training. Here they are
    paired by caption in the place of cells of the space, and a second yardstick is training itself.

    Args:
        table: from `distances`.
        near_quantile: a motion is *near* training when it is nearer than this share of training motions is to others.
        draws: bootstrap replicates over base clips.
        seed: of the bootstrap.

    Returns:
        A row a measure, model and kind: ``measure, model, kind, n, bound, distance, near, closer`` (share of generated
        motions nearer to training than the real motion of their caption; NaN for the other kinds), ``energy`` (motion
        energy as a ratio to the real motions of the same captions; NaN for training and where real motions do not
        move), the last four with their ends ``…_low, …_high``: 95 % over base clips, seeds as they are. ``distinct``
        is how many different training motions are the nearest of the motions, a mean over seeds.
    """
    rows = []
    for measure in MEASURES:
        for model, of_model in table.groupby("model", sort=False):
            kinds = {kind: of_model[of_model["kind"] == kind] for kind in (GENERATED, REAL, TRAINING)}
            real = kinds[REAL].set_index("clip_id")[measure]
            bound = kinds[TRAINING][measure].quantile(near_quantile)
            moving = kinds[REAL].set_index("clip_id")["energy"]
            for kind, motions in kinds.items():
                known = motions[np.isfinite(motions[measure])]
                base = known["base_id"]
                measures = {
                    "distance": mean(known[measure], base, draws=draws, rng=np.random.default_rng(seed)),
                    "near": share(known[measure] < bound, base, draws=draws, rng=np.random.default_rng(seed)),
                    "energy": _energy(motions, moving, draws=draws, seed=seed),
                }
                if kind == GENERATED:
                    flags = known[measure] < known["clip_id"].map(real)
                    measures["closer"] = share(flags, base, draws=draws, rng=np.random.default_rng(seed))
                row = {"measure": measure, "model": model, "kind": kind, "n": len(known), "bound": bound}
                row["distinct"] = known.groupby("seed", dropna=False)[f"{measure}_at"].nunique().mean()
                for name, estimated in measures.items():
                    row |= {name: estimated.value, f"{name}_low": estimated.low, f"{name}_high": estimated.high}
                rows.append(row)
    return pd.DataFrame(rows)


def near_training(table: pd.DataFrame, summary: pd.DataFrame, models: Collection[str]) -> pd.DataFrame:
    """The generated motions that lie near training by shape, those to look at or to leave out, the nearest first.

    Args:
        table: from `distances`.
        summary: of the same table, for the bound of each model.
        models: whose motions are listed.

    Returns:
        ``model, seed, clip_id, shape, bound`` in metres, and ``meaning`` (cosine distance to the nearest by meaning).
    """
    bounds = summary[(summary["measure"] == "shape") & (summary["kind"] == GENERATED)].set_index("model")["bound"]
    made = table[(table["kind"] == GENERATED) & table["model"].isin([*models])]
    listed = made.assign(bound=made["model"].map(bounds).astype(float))
    near = listed[listed["shape"] < listed["bound"]]
    return near.sort_values(["model", "shape"])[["model", "seed", "clip_id", "shape", "bound", "meaning"]]


def _energy(motions: pd.DataFrame, real: "pd.Series[float]", *, draws: int, seed: int) -> Measure:
    """NaN where no motion has an energy, or the real ones of the same captions have none."""
    of_real = motions["clip_id"].map(real).to_numpy(dtype=np.float64)
    both = np.isfinite(of_real) & np.isfinite(motions["energy"].to_numpy(dtype=np.float64))
    if not both.any() or of_real[both].mean() <= 0:
        return Measure(float("nan"), float("nan"), float("nan"), 0)
    rng = np.random.default_rng(seed)
    return ratio_to_real(motions["energy"], of_real, motions["base_id"], draws=draws, rng=rng)
