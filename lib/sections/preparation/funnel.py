"""Which clips are clean enough, why the others are dropped, and what variety stricter thresholds would leave."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from lib.corpus import Corpus
from lib.metrics import vocabulary

STAGES = ("consent", "body mode", "persons", "pose realism", "high-pass movement")
SHARES = tuple(float(x) for x in np.arange(0.5, 1.001, 0.05).round(2))
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Thresholds:
    """The bounds of the two scored stages.

    Args:
        realism_min: lowest clip realism kept (0 to 1).
        high_pass_max: highest high-pass score kept, in m/s.
    """

    realism_min: float
    high_pass_max: float


@dataclass(frozen=True)
class Funnel:
    """The audit of one corpus.

    Args:
        name: of the corpus.
        flags: per clip: ``clip_id``, one boolean column a stage (True where the clip fails it), ``reason`` (the first
            stage failed, or NA) and ``kept``. Clips without consent are not in it.
        summary: per stage: ``corpus, stage, entering, dropped, kept, failing`` (whatever came before, among
            consented clips for every stage after the first).
    """

    name: str
    flags: pd.DataFrame = field(repr=False)
    summary: pd.DataFrame

    @property
    def kept(self) -> int:
        """How many clips pass every stage."""
        return int(self.flags["kept"].sum())


def thresholds(
    scores: pd.DataFrame | None,
    *,
    realism_quantile: float,
    realism_min: float | None,
    high_pass_quantile: float,
    high_pass_max: float | None,
) -> Thresholds | None:
    """Bounds that drop as little of the benchmark as the quantiles say, unless a bound is given outright.

    Args:
        scores: the benchmark's, columns ``realism`` and ``high_pass``, or None where there are none.
        realism_quantile: share of the benchmark that falls below the lowest realism.
        realism_min: that bound outright, or None.
        high_pass_quantile: share of the benchmark that stays below the highest high-pass score.
        high_pass_max: that bound outright in m/s, or None.

    Example:
        >>> table = pd.DataFrame({"realism": [0.5, 1.0], "high_pass": [0.0, 2.0]})
        >>> thresholds(table, realism_quantile=0, realism_min=None, high_pass_quantile=1, high_pass_max=1.5)
        Thresholds(realism_min=0.5, high_pass_max=1.5)
    """
    if scores is None:
        return None
    low = scores["realism"].quantile(realism_quantile) if realism_min is None else realism_min
    high = scores["high_pass"].quantile(high_pass_quantile) if high_pass_max is None else high_pass_max
    return Thresholds(float(low), float(high))


def funnels(corpora: Sequence[Corpus], tables: Mapping[str, pd.DataFrame], bounds: Thresholds | None) -> list[Funnel]:
    """The funnel of every corpus that has scores."""
    if bounds is None:
        return []
    return [funnel(corpus, tables[corpus.name], bounds) for corpus in corpora if corpus.name in tables]


def last_scored(corpora: Sequence[Corpus], tables: Mapping[str, pd.DataFrame]) -> Corpus | None:
    """The candidate: the last corpus that has scores."""
    return next((corpus for corpus in reversed(corpora) if corpus.name in tables), None)


def funnel(corpus: Corpus, scores: pd.DataFrame, bounds: Thresholds) -> Funnel:
    """Runs the stages over the unmirrored clips of a corpus that have motion.

    Args:
        corpus: the corpus; clips without consent were withheld when it was loaded and are only counted.
        scores: per clip ``clip_id, realism, high_pass``; a clip whose score is missing fails the stage.
        bounds: of the scored stages.
    """
    clips = corpus.clips[corpus.clips["mirror_of"].isna() & corpus.clips["has_motion"]]
    scored = clips.merge(scores[["clip_id", "realism", "high_pass"]], on="clip_id", how="left")
    fails = pd.DataFrame(
        {
            "body mode": (scored["body_mode"] != "full").to_numpy(),
            "persons": (scored["person_count"].astype(float) != 1).to_numpy(),
            "pose realism": ~(scored["realism"] >= bounds.realism_min).to_numpy(),
            "high-pass movement": ~(scored["high_pass"] <= bounds.high_pass_max).to_numpy(),
        }
    )
    stages = [str(stage) for stage in fails]
    reasons = [next((s for s, failed in zip(stages, row, strict=True) if failed), None) for row in fails.to_numpy()]
    flags = pd.concat([scored[["clip_id", "realism", "high_pass"]], fails], axis=1)
    flags = flags.assign(reason=pd.Series(reasons, dtype="object"), kept=~fails.any(axis=1))
    withheld = int(corpus.provenance.withheld.get("consent", 0))
    return Funnel(corpus.name, flags, _summary(corpus.name, flags, withheld))


def summaries(funnels: Sequence[Funnel]) -> pd.DataFrame | None:
    """The summaries of several corpora under one another, or None when there are none."""
    return pd.concat([funnel.summary for funnel in funnels], ignore_index=True) if funnels else None


def sensitivity(
    corpus: Corpus | None,
    tables: Mapping[str, pd.DataFrame],
    captions: Mapping[str, pd.DataFrame],
    *,
    shares: Sequence[float] = SHARES,
) -> pd.DataFrame | None:
    """Keeps the best share of clips by each score and measures what variety is left.

    Distinct words fall with every caption dropped, so they are compared with those of an equally large random subset
    (exact expectation): a ratio below 1 says that a threshold removes rare words first.

    Args:
        corpus: the candidate; its clips without a score are left out. None where no corpus has scores.
        tables: scores by corpus: ``clip_id, realism, high_pass``.
        captions: by corpus, as `lib.corpus.other_languages.english` gives them.
        shares: shares of clips to keep.

    Returns:
        One row a score and share: ``score, kept, bound, distinct_words, word_ratio, motion_ratio``; ``motion_ratio``
        is :func:`spread` relative to that of all clips. None without a corpus.
    """
    if corpus is None:
        return None
    scored = tables[corpus.name].set_index("clip_id")
    moves = pd.DataFrame({clip: descriptor(corpus.joints(clip)) for clip in scored.index}).T
    table = captions[corpus.name]
    table = table[table["clip_id"].isin(scored.index)]
    everything = list(table["words"])
    rows = []
    for score, low_is_best in (("realism", False), ("high_pass", True)):
        ranked = scored[score].sort_values(ascending=low_is_best, kind="stable")
        for share in shares:
            kept = ranked.index[: max(2, round(share * len(ranked)))]
            lists = list(table.loc[table["clip_id"].isin(kept), "words"])
            distinct = len(vocabulary.document_frequencies(lists))
            expected = vocabulary.rarefied(everything, [len(lists)])[0]
            motion_ratio = spread(moves.loc[kept].to_numpy()) / spread(moves.to_numpy())
            rows.append(
                (score, share, ranked[kept[-1]], distinct, distinct / expected if expected else np.nan, motion_ratio)
            )
    return pd.DataFrame(rows, columns=["score", "kept", "bound", "distinct_words", "word_ratio", "motion_ratio"])


def descriptor(joints: npt.NDArray[np.float32]) -> Floats:
    """A clip as mean and standard deviation over time of its root-relative joints: (T,22,3) metres to (132,)."""
    relative = (joints - joints[:, :1]).reshape(len(joints), -1).astype(np.float64)
    return np.concatenate([relative.mean(axis=0), relative.std(axis=0)])


def spread(descriptors: Floats) -> float:
    """Root mean squared distance between two random clips, in metres: sqrt(2 tr Cov), from descriptors (n, d).

    Example:
        >>> spread(np.array([[0.0], [2.0]]))
        2.0
    """
    return float(np.sqrt(2 * descriptors.var(axis=0, ddof=1).sum())) if len(descriptors) > 1 else float("nan")


def _summary(name: str, flags: pd.DataFrame, withheld: int) -> pd.DataFrame:
    entering, rows = len(flags) + withheld, []
    for stage in STAGES:
        dropped = withheld if stage == "consent" else int((flags["reason"] == stage).sum())
        failing = withheld if stage == "consent" else int(flags[stage].sum())
        rows.append((name, stage, entering, dropped, entering - dropped, failing))
        entering -= dropped
    return pd.DataFrame(rows, columns=["corpus", "stage", "entering", "dropped", "kept", "failing"])
