"""Test captions against training captions: how many have a near-duplicate to have been learnt from."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from lib.audit.similarity import nearest
from lib.corpus import Corpus
from lib.metrics.intervals import share

Vectors = npt.NDArray[np.float32]
SCALES = ("cosine", "(cosine+1)/2")


@dataclass(frozen=True)
class TextLeak:
    """The audit of one test set against one training set.

    Args:
        flags: per test caption: ``clip_id, caption_id, base_id, mirrored, caption, nearest_clip_id, nearest_caption,
            cosine``.
        summary: per mirror rule, unit, scale and threshold: ``test, train, mirrors, unit, scale, threshold, share, low,
            high, n``; a clip is hit when any of its captions is; intervals resample base clips.
        info: what was compared.
    """

    flags: pd.DataFrame
    summary: pd.DataFrame
    info: Mapping[str, object]

    def at(self, *, unit: str, scale: str, threshold: float, mirrors: str = "without") -> "pd.Series[float]":
        """One row of the summary."""
        rows = self.summary.query("unit == @unit and scale == @scale and mirrors == @mirrors")
        return rows[np.isclose(rows["threshold"], threshold)].iloc[0]


def split_captions(corpus: Corpus, split: str) -> pd.DataFrame:
    """Captions of one split: ``clip_id, caption_id, base_id, mirrored, caption``."""
    clips = corpus.clips.loc[corpus.clips["split"] == split, ["clip_id", "base_id", "mirror_of"]]
    table = corpus.captions[["clip_id", "caption_id", "text"]].merge(clips, on="clip_id")
    return table.assign(mirrored=table["mirror_of"].notna(), caption=table["text"])[
        ["clip_id", "caption_id", "base_id", "mirrored", "caption"]
    ]


def text_leak(
    test: pd.DataFrame,
    train: pd.DataFrame,
    vectors: Mapping[str, Vectors],
    *,
    names: tuple[str, str],
    thresholds: Sequence[float],
    block: int,
    draws: int,
    rng: np.random.Generator,
) -> TextLeak:
    """Finds the nearest training caption of every test caption, exactly.

    Args:
        test: captions of the test set, as :func:`split_captions` gives them.
        train: captions of the training set.
        vectors: unit vector of each caption text.
        names: how the test set and the training set are called.
        thresholds: bounds, each applied to the raw cosine and to TMR's scale (cosine + 1) / 2.
        block: rows compared at a time, see :func:`lib.audit.similarity.nearest`.
        draws: bootstrap replicates.
        rng: source of randomness.
    """
    everything = _nearest(test, train, vectors, block)
    without = _nearest(test[~test["mirrored"]], train[~train["mirrored"]], vectors, block)
    parts = [
        _shares(flags, mirrors, thresholds, draws, rng)
        for mirrors, flags in (("without", without), ("with", everything))
    ]
    summary = pd.concat(parts, ignore_index=True)
    summary.insert(0, "test", names[0])
    summary.insert(1, "train", names[1])
    return TextLeak(
        without,
        summary,
        {"test": names[0], "train": names[1], "test_captions": len(test), "train_captions": len(train)},
    )


def redundancy(
    train: pd.DataFrame, n_clips: int, vectors: Mapping[str, Vectors], *, block: int, rng: np.random.Generator
) -> pd.DataFrame:
    """What the audit would find with no leak at all: random training clips against the rest of the training set.

    Args:
        train: captions of the training set; mirrors are left out.
        n_clips: base clips to hold out, as many as the test set has (at most half of those there are).
        vectors: unit vector of each caption text.
        block: rows compared at a time.
        rng: source of randomness.

    Returns:
        Flags like :class:`TextLeak`'s for the held-out training captions.
    """
    base = train[~train["mirrored"]]
    ids = np.sort(base["base_id"].unique())
    held = base["base_id"].isin(rng.choice(ids, min(n_clips, len(ids) // 2), replace=False))
    return _nearest(base[held], base[~held], vectors, block)


def _nearest(test: pd.DataFrame, train: pd.DataFrame, vectors: Mapping[str, Vectors], block: int) -> pd.DataFrame:
    if test.empty or train.empty:
        return test.assign(nearest_clip_id="", nearest_caption="", cosine=np.float32("nan"))
    scores, indices = nearest(_stack(test["caption"], vectors), _stack(train["caption"], vectors), block=block)
    found = train.iloc[indices]
    return test.assign(
        nearest_clip_id=found["clip_id"].to_numpy(), nearest_caption=found["caption"].to_numpy(), cosine=scores
    ).reset_index(drop=True)


def _stack(texts: Iterable[str], vectors: Mapping[str, Vectors]) -> Vectors:
    return np.stack([vectors[text] for text in texts])


def _shares(
    flags: pd.DataFrame, mirrors: str, thresholds: Sequence[float], draws: int, rng: np.random.Generator
) -> pd.DataFrame:
    clips = flags.groupby("clip_id", sort=False).agg(base_id=("base_id", "first"), cosine=("cosine", "max"))
    rows = []
    for unit, table in (("caption", flags), ("clip", clips)):
        for scale in SCALES:
            for threshold in thresholds:
                bound = threshold if scale == "cosine" else 2 * threshold - 1
                found = share(table["cosine"] >= bound, table["base_id"], draws=draws, rng=rng)
                rows.append((mirrors, unit, scale, threshold, found.value, found.low, found.high, found.n))
    return pd.DataFrame(rows, columns=["mirrors", "unit", "scale", "threshold", "share", "low", "high", "n"])
