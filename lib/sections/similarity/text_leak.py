"""Test captions against training captions: how many have a near-duplicate to have been learnt from."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from lib.corpus import Corpus
from lib.metrics.duplicates import normalised
from lib.metrics.intervals import share
from lib.sections.similarity.sharded import nearest

Vectors = npt.NDArray[np.float32]
SCALES = ("cosine", "(cosine+1)/2")
UNITS = ("caption", "clip")


@dataclass(frozen=True)
class TextLeak:
    """The audit of one test set against one training set.

    Args:
        flags: per test caption: ``clip_id, caption_id, base_id, mirrored, caption, nearest_clip_id, nearest_caption,
            cosine, exact`` (its text, normalised, stands in training); mirrors left out on both sides.
        summary: per mirror rule, unit, scale and threshold: ``test, train, mirrors, unit, scale, threshold, share, low,
            high, n``; a clip is hit when any of its captions is; intervals resample base clips.
        test: how the test set is called.
        train: how the training set is called.
    """

    flags: pd.DataFrame
    summary: pd.DataFrame
    test: str
    train: str

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
        block: rows compared at a time, see :func:`lib.sections.similarity.sharded.nearest`.
        draws: bootstrap replicates.
        rng: source of randomness.
    """
    everything = _nearest(test, train, vectors, block)
    without = _nearest(test[~test["mirrored"]], train[~train["mirrored"]], vectors, block)
    seed = int(rng.integers(2**32))
    parts = [
        _shares(flags, mirrors, thresholds, draws, seed)
        for mirrors, flags in (("without", without), ("with", everything))
    ]
    repeated = {normalised(text) for text in train.loc[~train["mirrored"], "caption"]}
    without = without.assign(exact=[normalised(text) in repeated for text in without["caption"]])
    summary = pd.concat(parts, ignore_index=True)
    summary.insert(0, "test", names[0])
    summary.insert(1, "train", names[1])
    return TextLeak(without, summary, *names)


@dataclass(frozen=True)
class HeldOut:
    """What the audit finds when training clips stand in for the test set.

    Args:
        flags: per held-out caption of every draw: as :class:`TextLeak`'s, with ``draw``.
        summary: per unit and raw cosine: ``unit, cosine, test_share`` (the test set against the same reduced training
            sets, mean over draws), ``held_out_share`` (mean over draws), ``low, high`` (their range), ``draws``.
    """

    flags: pd.DataFrame
    summary: pd.DataFrame


def held_out(
    test: pd.DataFrame,
    train: pd.DataFrame,
    recordings: Mapping[str, str],
    vectors: Mapping[str, Vectors],
    *,
    bounds: Sequence[float],
    draws: int,
    block: int,
    rng: np.random.Generator,
) -> HeldOut:
    """Holds out whole recordings of the training set and audits them against the rest of it.

    Captions repeat where nothing leaks. Each draw holds out recordings at random until it has as many clips as the test
    set (at most half of them), and compares both the held-out clips and the test set with the training clips that are
    left, so that both meet the same references.

    Args:
        test: captions of the test set; mirrors are left out.
        train: captions of the training set; mirrors are left out.
        recordings: the recording of each base clip; a clip without one is held out by itself.
        vectors: unit vector of each caption text.
        bounds: raw cosines.
        draws: how often.
        block: rows compared at a time.
        rng: source of randomness.
    """
    test, train = test[~test["mirrored"]], train[~train["mirrored"]]
    source = train["base_id"].map(lambda base: recordings.get(base, base))
    clips = train.assign(source=source).groupby("source")["base_id"].nunique()
    wanted = min(test["base_id"].nunique(), int(clips.sum()) // 2)
    parts, rows = [], []
    for draw in range(draws):
        order = clips.iloc[rng.permutation(len(clips))]
        chosen = source.isin(order.index[: int(np.searchsorted(order.cumsum(), wanted)) + 1])
        held, tested = (_nearest(part, train[~chosen], vectors, block) for part in (train[chosen], test))
        parts.append(held.assign(draw=draw))
        rows += [(unit, b, hit_share(tested, unit, b), hit_share(held, unit, b)) for unit in UNITS for b in bounds]
    drawn = pd.DataFrame(rows, columns=["unit", "cosine", "test_share", "held_out_share"]).groupby(["unit", "cosine"])
    summary = drawn.mean().assign(low=drawn["held_out_share"].min(), high=drawn["held_out_share"].max(), draws=draws)
    return HeldOut(pd.concat(parts, ignore_index=True), summary.reset_index())


def beside_held_out(leak: TextLeak, held: HeldOut) -> pd.DataFrame:
    """The test set's shares by text beside what recordings held out of training give, mirrors left out.

    Returns:
        A row a unit, clips first, and cosine: ``unit, cosine, (cosine+1)/2, test_share, low, high, n`` (in all of
        training), ``test_share_in_the_rest, held_out_share, least, most`` (in the training clips that draws leave).
    """
    plain = leak.summary[leak.summary["mirrors"] == "without"]
    raw = plain["threshold"].where(plain["scale"] == SCALES[0], 2 * plain["threshold"] - 1).round(4)
    whole = plain.assign(cosine=raw).drop_duplicates(["unit", "cosine"])
    whole = whole[["unit", "cosine", "share", "low", "high", "n"]].rename(columns={"share": "test_share"})
    names = {"test_share": "test_share_in_the_rest", "low": "least", "high": "most"}
    rest = held.summary.assign(cosine=held.summary["cosine"].round(4)).rename(columns=names).drop(columns="draws")
    table = whole.merge(rest, on=["unit", "cosine"]).sort_values(["unit", "cosine"], ascending=[False, True])
    table.insert(2, SCALES[1], (table["cosine"] + 1) / 2)
    return table.reset_index(drop=True)


def by_unit(flags: pd.DataFrame, unit: str) -> pd.DataFrame:
    """``base_id, cosine`` of every caption, or of every clip by the highest cosine of its captions."""
    if unit == "caption":
        return flags[["base_id", "cosine"]]
    return flags.groupby("clip_id", sort=False).agg(base_id=("base_id", "first"), cosine=("cosine", "max"))


def hit_share(flags: pd.DataFrame, unit: str, bound: float) -> float:
    """Share of captions, or of clips any of whose captions, that reach a cosine."""
    return float((by_unit(flags, unit)["cosine"] >= bound).mean())


def _nearest(test: pd.DataFrame, train: pd.DataFrame, vectors: Mapping[str, Vectors], block: int) -> pd.DataFrame:
    if test.empty or train.empty:
        return test.assign(nearest_clip_id="", nearest_caption="", cosine=np.float32("nan"))
    known = train.drop_duplicates("caption")  # of equal texts the first is found
    scores, indices = nearest(_stack(test["caption"], vectors), _stack(known["caption"], vectors), block=block)
    found = known.iloc[indices]
    return test.assign(
        nearest_clip_id=found["clip_id"].to_numpy(), nearest_caption=found["caption"].to_numpy(), cosine=scores
    ).reset_index(drop=True)


def _stack(texts: Iterable[str], vectors: Mapping[str, Vectors]) -> Vectors:
    return np.stack([vectors[text] for text in texts])


def _shares(flags: pd.DataFrame, mirrors: str, thresholds: Sequence[float], draws: int, seed: int) -> pd.DataFrame:
    rows = []
    for unit in UNITS:
        table = by_unit(flags, unit)
        for scale in SCALES:
            for threshold in thresholds:
                bound = threshold if scale == "cosine" else 2 * threshold - 1
                rng = np.random.default_rng(seed)  # equal bounds get equal intervals
                found = share(table["cosine"] >= bound, table["base_id"], draws=draws, rng=rng)
                rows.append((mirrors, unit, scale, threshold, found.value, found.low, found.high, found.n))
    return pd.DataFrame(rows, columns=["mirrors", "unit", "scale", "threshold", "share", "low", "high", "n"])
