"""Both quality scores of every clip of every corpus, by one discriminator trained on the benchmark's poses."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from lib.corpus import Corpus
from lib.motion.high_pass import SHORTEST
from lib.motion.quality import quality, sample_poses, train_discriminator
from lib.motion.realism import Realism
from lib.motion.skeleton import Array

FEWEST_CLIPS = 20


@dataclass(frozen=True)
class MotionQuality:
    """Scores by corpus.

    Args:
        tables: by corpus name: ``clip_id, n_poses, high_pass, shakiest, realism, impossible``; unmirrored clips.
        realism: the discriminator, or None where the benchmark has fewer than ``FEWEST_CLIPS`` clips with motion.
        trained_on: the clips that the network saw.
    """

    tables: dict[str, pd.DataFrame] = field(default_factory=dict, repr=False)
    realism: Realism | None = field(default=None, repr=False)
    trained_on: frozenset[str] = field(default=frozenset(), repr=False)

    @property
    def benchmark(self) -> pd.DataFrame | None:
        """The scores that the bounds are taken from: the first corpus's clips that the network was not trained on.

        All its clips where fewer than ``FEWEST_CLIPS`` are left.
        """
        first = next(iter(self.tables.values()), None)
        if first is None:
            return None
        unseen = first[~first["clip_id"].isin(self.trained_on)]
        return unseen if len(unseen) >= FEWEST_CLIPS else first

    def summary(self) -> pd.DataFrame | None:
        """Medians and 1 % tails by corpus: ``corpus, clips, too_short, …``."""
        rows = [
            {
                "corpus": name,
                "clips": len(table),
                "too_short": int((table["n_poses"] < SHORTEST).sum()),
                "realism_median": table["realism"].median(),
                "realism_1st_percentile": table["realism"].quantile(0.01),
                "high_pass_median": table["high_pass"].median(),
                "high_pass_99th_percentile": table["high_pass"].quantile(0.99),
            }
            for name, table in self.tables.items()
        ]
        return pd.DataFrame(rows) if rows else None

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

    def curve(self) -> dict[str, pd.DataFrame]:
        """The ROC curve on held-out benchmark poses: ``false_positive_rate, true_positive_rate`` under its name."""
        if self.realism is None:
            return {}
        roc = self.realism.roc
        points = pd.DataFrame({"false_positive_rate": roc.fpr, "true_positive_rate": roc.tpr})
        return {"network on held-out perturbed poses": points}


def score(corpora: Sequence[Corpus], *, poses: int, epochs: int, cutoff: float, seed: int) -> MotionQuality:
    """Trains the discriminator on the first corpus and scores all of them.

    Args:
        corpora: the benchmark first; those without motion are left out.
        poses: to train on, drawn evenly over the benchmark's training clips (all its clips if none are training clips).
        epochs: of the training.
        cutoff: of the high-pass score, in Hz.
        seed: of the draw and the training.
    """
    moving = {corpus.name: _moving(corpus) for corpus in corpora}
    benchmark = corpora[0]
    chosen = moving[benchmark.name]
    if len(chosen) < FEWEST_CLIPS:
        return MotionQuality()
    train = chosen[chosen["split"] == "train"] if (chosen["split"] == "train").any() else chosen
    per_clip = max(1, -(-poses // len(train)))
    recording = train["source"].fillna(train["clip_id"])
    clips = zip(recording, (joints for _, joints in _joints(benchmark, train)), strict=True)
    drawn, groups = sample_poses(clips, per_clip=per_clip, rng=np.random.default_rng(seed))
    realism = train_discriminator(drawn, groups=groups, seed=seed, epochs=epochs)
    tables = {
        corpus.name: quality(
            _joints(corpus, moving[corpus.name]),
            realism,
            fps=dict(moving[corpus.name][["clip_id", "fps"]].itertuples(index=False)),
            cutoff=cutoff,
            total=len(moving[corpus.name]),
        )
        for corpus in corpora
        if len(moving[corpus.name])
    }
    return MotionQuality(tables, realism, frozenset(train["clip_id"]))


def _moving(corpus: Corpus) -> pd.DataFrame:
    clips = corpus.clips
    return clips[clips["mirror_of"].isna() & clips["has_motion"]]


def _joints(corpus: Corpus, clips: pd.DataFrame) -> Iterator[tuple[str, Array]]:
    return ((clip_id, corpus.joints(clip_id)) for clip_id in clips["clip_id"])
