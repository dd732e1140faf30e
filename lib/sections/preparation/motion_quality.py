"""The quality scores of every clip of every corpus, by networks cross-fitted to the benchmark's poses."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from sklearn.metrics import roc_auc_score, roc_curve

from lib.corpus import Corpus
from lib.corpus.motion_scores import motion_scores
from lib.metrics.intervals import wilson
from lib.motion.clip_defects import SPOILED
from lib.motion.discriminator import cross_fit, sample_poses
from lib.motion.high_pass import SHORTEST
from lib.motion.quality import quality
from lib.motion.realism import Realism
from lib.motion.skeleton import Array
from lib.sections.preparation.bounds import Bounds, bounds
from lib.sections.preparation.scores import SCORES, Score

FEWEST_CLIPS = 20
FOLDS = 5
CLIPS_A_FOLD = 10
SPOILED_CLIPS = 200


@dataclass(frozen=True)
class MotionQuality:
    """Scores by corpus.

    Args:
        tables: by corpus name: the columns of `lib.motion.quality.quality`; unmirrored clips.
        realism: the networks, or None where the benchmark has fewer than ``FEWEST_CLIPS`` clips with motion.
        spoiled: scores of benchmark clips spoiled on purpose, with the column ``defect``.
    """

    tables: dict[str, pd.DataFrame] = field(default_factory=dict, repr=False)
    realism: Realism | None = field(default=None, repr=False)
    spoiled: pd.DataFrame | None = field(default=None, repr=False)

    @property
    def benchmark(self) -> pd.DataFrame | None:
        """The scores that the bounds are taken from: all clips of the first corpus, each judged by a stranger."""
        return next(iter(self.tables.values()), None)

    def summary(self) -> pd.DataFrame | None:
        """Median and worst twentieth of every score: ``corpus, score, unit, median, worst_5_%, clips, too_short``."""
        rows = []
        for name, table in self.tables.items():
            counts = (len(table), int((table["n_poses"] < SHORTEST).sum()))
            for score in SCORES:
                worst = table[score.column].quantile(0.05 if score.low_is_bad else 0.95)
                rows.append((name, score.title, score.unit or "log-odds", table[score.column].median(), worst, *counts))
        columns = ["corpus", "score", "unit", "median", "worst_5_%", "clips", "too_short"]
        return pd.DataFrame(rows, columns=columns) if rows else None

    def clips(self) -> pd.DataFrame | None:
        """The scores of all clips of all corpora, with a ``corpus`` column first."""
        parts = [table.assign(corpus=name) for name, table in self.tables.items()]
        return pd.concat(parts, ignore_index=True).set_index("corpus").reset_index() if parts else None

    def held_out(self) -> pd.DataFrame | None:
        """Area under the ROC curve on held-out benchmark poses, for all perturbations and for each kind."""
        if self.realism is None:
            return None
        roc = self.realism.roc
        rows = [("all kinds", roc.auc), *roc.by_kind.items()]
        return pd.DataFrame(rows, columns=["perturbation", "auc"]).assign(poses=roc.n)

    def curves(self) -> dict[str, pd.DataFrame]:
        """ROC curves of each score on spoiled benchmark clips: ``false_positive_rate, true_positive_rate`` by name."""
        points = {}
        for score, defect, bad, good in self._classes():
            false, true, _ = roc_curve(np.repeat([1, 0], [len(bad), len(good)]), np.concatenate([bad, good]))
            rates = pd.DataFrame({"false_positive_rate": false, "true_positive_rate": true})
            points[f"{score.column.replace('_', '-')} against {defect}"] = rates
        return points

    def bounds(
        self, *, reach: float, given: Mapping[str, float | None], draws: int, rng: np.random.Generator
    ) -> Bounds | None:
        """The bounds on the benchmark's scores, see `lib.sections.preparation.bounds.bounds`; None without scores."""
        return (
            None if self.benchmark is None else bounds(self.benchmark, reach=reach, given=given, draws=draws, rng=rng)
        )

    def found(self, limits: Bounds | None) -> pd.DataFrame | None:
        """Each bound, and how well its score finds benchmark clips that were spoiled in the way it is meant for.

        Returns:
            The columns of `Bounds.table`, then ``spoiled, auc, clips, beyond, beyond_low, beyond_high``: the share
            beyond the bound with Wilson's interval. None where there are no scores.
        """
        if limits is None:
            return None
        rows = []
        for score, defect, bad, good in self._classes():
            auc = float(roc_auc_score(np.repeat([1, 0], [len(bad), len(good)]), np.concatenate([bad, good])))
            limit = limits.at[score.column] * (-1 if score.low_is_bad else 1)
            beyond = wilson(int((bad > limit).sum()), len(bad))
            rows.append((score.title, defect, auc, len(bad), beyond.value, beyond.low, beyond.high))
        columns = ["score", "spoiled", "auc", "clips", "beyond", "beyond_low", "beyond_high"]
        return limits.table().merge(pd.DataFrame(rows, columns=columns), on="score", how="left")

    def _classes(self) -> Iterator[tuple[Score, str, Array, Array]]:
        """Score, defect, and how bad the spoiled clips and those of the benchmark are."""
        if self.spoiled is None or self.benchmark is None:
            return
        for score in SCORES:
            good = score.badness(self.benchmark[score.column].dropna()).to_numpy()
            for defect in score.spoiled:
                rows = self.spoiled.loc[self.spoiled["defect"] == defect, score.column]
                bad = score.badness(rows.dropna()).to_numpy()
                if len(bad):
                    yield score, defect, bad, good


def score(corpora: Sequence[Corpus], *, poses: int, epochs: int, cutoff: float, seed: int) -> MotionQuality:
    """Cross-fits the networks to the first corpus and scores all of them.

    Folds are of the benchmark's recordings, or of its clips where there are few recordings.

    Args:
        corpora: the benchmark first; those without motion are left out.
        poses: to train on, drawn evenly over the benchmark's clips.
        epochs: of the training.
        cutoff: of the high-pass score, in Hz.
        seed: of the draws, the folds and the training.
    """
    moving = {corpus.name: _moving(corpus) for corpus in corpora}
    benchmark = corpora[0]
    chosen = moving[benchmark.name]
    if len(chosen) < FEWEST_CLIPS:
        return MotionQuality()
    groups = _groups(chosen)
    clips = ((groups[clip_id], joints) for clip_id, joints in _joints(benchmark, chosen))
    drawn, members = sample_poses(clips, per_clip=max(1, -(-poses // len(chosen))), rng=np.random.default_rng(seed))
    realism = cross_fit(drawn, groups=members, seed=seed, folds=FOLDS, epochs=epochs)
    tables = {
        corpus.name: motion_scores(
            corpus, moving[corpus.name], realism, groups=groups if corpus is benchmark else None, cutoff=cutoff
        )
        for corpus in corpora
        if len(moving[corpus.name])
    }
    options = {"groups": groups, "cutoff": cutoff, "floor": float(tables[benchmark.name]["floor"].median())}
    return MotionQuality(tables, realism, _spoiled(benchmark, chosen, realism, options, seed=seed))


def _groups(clips: pd.DataFrame) -> dict[str, str]:
    """What no fold splits: the recording of each clip, or its base clip where there are too few recordings."""
    recordings = clips["source"].nunique() >= FOLDS * CLIPS_A_FOLD
    names = clips["source"].fillna(clips["base_id"]) if recordings else clips["base_id"]
    return dict(zip(clips["clip_id"], names.astype(str), strict=True))


def _spoiled(
    benchmark: Corpus, clips: pd.DataFrame, realism: Realism, options: Mapping[str, Any], *, seed: int
) -> pd.DataFrame:
    rng = np.random.default_rng([seed, 1])
    few = clips.sample(min(SPOILED_CLIPS, len(clips)), random_state=seed)
    rates = _rates(few)
    parts = []
    for defect, spoil in SPOILED.items():
        spoiled = ((clip_id, spoil(joints, rates[clip_id], rng)) for clip_id, joints in _joints(benchmark, few))
        parts.append(quality(spoiled, realism, fps=rates, progress=False, **options).assign(defect=defect))
    return pd.concat(parts, ignore_index=True)


def _rates(clips: pd.DataFrame) -> dict[str, float]:
    return dict(clips[["clip_id", "fps"]].itertuples(index=False))


def _moving(corpus: Corpus) -> pd.DataFrame:
    clips = corpus.clips
    return clips[clips["mirror_of"].isna() & clips["has_motion"]]


def _joints(corpus: Corpus, clips: pd.DataFrame) -> Iterator[tuple[str, Array]]:
    return ((clip_id, corpus.joints(clip_id)) for clip_id in clips["clip_id"])
