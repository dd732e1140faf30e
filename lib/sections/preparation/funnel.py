"""Which clips are clean enough, why the others are dropped, and what variety stricter bounds would leave."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from lib.corpus import Corpus
from lib.metrics import vocabulary
from lib.metrics.intervals import Measure, percentile_interval, wilson
from lib.sections.preparation.bounds import Bounds
from lib.sections.preparation.scores import SCORES

LABELS = ("body mode", "persons")
"""Stages that read labels."""
SCORED = tuple(score.stage for score in SCORES)
"""Stages that ask a score."""
STAGES = ("consent", *LABELS, *SCORED)
SHARES = tuple(float(x) for x in np.arange(0.5, 1.001, 0.05).round(2))
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Funnel:
    """The audit of one corpus.

    Args:
        name: of the corpus.
        flags: per clip: ``clip_id``, one column a score, one boolean column a stage (True where the clip fails it),
            ``reason`` (the first stage failed, or NA) and ``kept``. Clips without consent are not in it.
        summary: per stage: ``corpus, stage, entering, dropped, kept, failing`` (whatever came before, among
            consented clips for every stage after the first).
        clean: the share of the clips in ``flags`` that are kept; None without clips.
    """

    name: str
    flags: pd.DataFrame = field(repr=False)
    summary: pd.DataFrame
    clean: Measure | None = None

    @property
    def kept(self) -> int:
        """How many clips pass every stage."""
        return int(self.flags["kept"].sum())

    @property
    def scored(self) -> pd.DataFrame:
        """The clips that reach the scored stages."""
        return self.flags[~self.flags[[*LABELS]].any(axis=1)]


def funnels(
    corpora: Sequence[Corpus], tables: Mapping[str, pd.DataFrame], bounds: Bounds | None, *, rng: np.random.Generator
) -> list[Funnel]:
    """The funnel of every corpus that has scores."""
    if bounds is None:
        return []
    return [funnel(corpus, tables[corpus.name], bounds, rng=rng) for corpus in corpora if corpus.name in tables]


def last_scored(funnels: Sequence[Funnel], corpora: Sequence[Corpus]) -> Corpus | None:
    """The candidate: the last corpus that has a funnel."""
    return next((corpus for corpus in corpora if funnels and corpus.name == funnels[-1].name), None)


def funnel(corpus: Corpus, scores: pd.DataFrame, bounds: Bounds, *, rng: np.random.Generator) -> Funnel:
    """Runs the stages over the unmirrored clips of a corpus that have motion.

    Args:
        corpus: the corpus; clips without consent were withheld when it was loaded and are only counted.
        scores: per clip ``clip_id`` and the scores; a clip whose score is missing fails the stage.
        bounds: of the scored stages.
        rng: source of randomness, for the interval of the share kept.
    """
    clips = corpus.clips[corpus.clips["mirror_of"].isna() & corpus.clips["has_motion"]]
    columns = [score.column for score in SCORES]
    scored = clips.merge(scores[["clip_id", *columns]], on="clip_id", how="left")
    fails = pd.DataFrame(
        {
            "body mode": (scored["body_mode"] != "full").to_numpy(),
            "persons": (scored["person_count"].astype(float) != 1).to_numpy(),
            **{score.stage: score.beyond(scored[score.column], bounds.at[score.column]).to_numpy() for score in SCORES},
        }
    )
    stages = np.array([*fails, None], dtype=object)
    first = np.where(fails.any(axis=1), fails.to_numpy().argmax(axis=1), len(stages) - 1)
    flags = pd.concat([scored[["clip_id", *columns]], fails], axis=1)
    flags = flags.assign(reason=pd.Series(stages[first], dtype="object"), kept=~fails.any(axis=1))
    withheld = int(corpus.provenance.withheld.get("consent", 0))
    return Funnel(corpus.name, flags, _summary(corpus.name, flags, withheld), clean_share(flags, bounds, rng=rng))


def clean_share(flags: pd.DataFrame, bounds: Bounds, *, rng: np.random.Generator) -> Measure | None:
    """The share of clips that are kept, with an interval that knows the bounds for estimates.

    Every replicate takes bounds from resampled benchmark clips and draws the judged clips anew.

    Args:
        flags: of a funnel.
        bounds: with their replicates.
        rng: source of randomness.

    Returns:
        Wilson's interval where all replicates agree; None without clips.
    """
    if flags.empty:
        return None
    plain = wilson(int(flags["kept"].sum()), len(flags))
    labelled = flags[[*LABELS]].any(axis=1).to_numpy()
    draws = min((len(again) for again in bounds.replicates.values()), default=0)
    shares = []
    for draw in range(draws):
        failed = labelled.copy()
        for score in SCORES:
            failed |= score.beyond(flags[score.column], bounds.replicates[score.column][draw]).to_numpy()
        shares.append(rng.binomial(len(flags), 1 - failed.mean()) / len(flags))
    if len(set(shares)) < 2:
        return plain
    low, high = percentile_interval(np.array(shares))
    return Measure(plain.value, float(low), float(high), len(flags), "share")


def summaries(funnels: Sequence[Funnel]) -> pd.DataFrame | None:
    """The summaries of several corpora under one another, or None when there are none."""
    return pd.concat([funnel.summary for funnel in funnels], ignore_index=True) if funnels else None


def kept_clips(funnels: Sequence[Funnel], keys: Mapping[str, str]) -> pd.DataFrame:
    """Which clips are kept, as other sections read it: the verdict of every funnel on every clip, with its scores.

    Args:
        funnels: of the corpora that have one.
        keys: the key of each corpus by its name.

    Returns:
        ``corpus`` (the key), ``clip_id, kept, reason`` (the first stage failed, "" where kept), and a column a score:
        every column of numbers in `Funnel.flags`. No rows without a funnel.
    """
    verdict = ["corpus", "clip_id", "kept", "reason"]
    parts = [pd.DataFrame(columns=verdict)]
    for funnel in funnels:
        scores = funnel.flags.select_dtypes(np.floating).astype("float64")
        parts.append(funnel.flags.assign(corpus=keys[funnel.name])[verdict].join(scores))
    whole = pd.concat(parts[1:] or parts, ignore_index=True)
    return whole.fillna({"reason": ""}).astype({"corpus": "str", "clip_id": "str", "kept": "bool", "reason": "str"})


def sensitivity(
    corpus: Corpus | None,
    tables: Mapping[str, pd.DataFrame],
    captions: Mapping[str, pd.DataFrame],
    *,
    rng: np.random.Generator,
    shares: Sequence[float] = SHARES,
) -> pd.DataFrame | None:
    """Keeps the best share of clips by each score and measures what variety is left.

    Distinct words fall with every caption dropped, so they are compared with those of an equally large random subset
    (exact expectation): a ratio below 1 says that a bound removes rare words first. Clips with the same score stand in
    random order. Motions are read once, and only their sums are held.

    Args:
        corpus: the candidate; its clips without a score are left out. None where no corpus has scores.
        tables: scores by corpus.
        captions: by corpus, as `lib.corpus.other_languages.english` gives them.
        rng: source of randomness.
        shares: rising shares of clips to keep.

    Returns:
        One row a score and share: ``score, kept, bound, distinct_words, word_ratio, motion_ratio``; ``motion_ratio``
        is :func:`spread` relative to that of all clips. None without a corpus.
    """
    if corpus is None:
        return None
    scored = tables[corpus.name].set_index("clip_id")
    scored = scored.iloc[rng.permutation(len(scored))]
    ranks = {s.column: s.badness(scored[s.column]).sort_values(kind="stable").index for s in SCORES}
    sizes = [max(2, round(share * len(scored))) for share in shares]
    spreads = _spreads(corpus, ranks, sizes)
    table = captions[corpus.name]
    table = table[table["clip_id"].isin(scored.index)]
    said = table["words"].map(lambda words: [*dict.fromkeys(words)])
    caption = np.repeat(np.arange(len(table)), said.map(len).to_numpy(dtype=np.int64))
    word, words = pd.factorize(said.explode().dropna())
    frequency = np.bincount(word, minlength=len(words)).astype(np.float64)
    rows = []
    for score in SCORES:
        place = pd.Series(np.arange(len(scored)), index=ranks[score.column])
        places = table["clip_id"].map(place).to_numpy()
        first = np.full(len(words), len(scored))
        np.minimum.at(first, word, places[caption])  # the place from which on a word is left
        for share, size, left in zip(shares, sizes, spreads[score.column], strict=True):
            distinct = int((first < size).sum())
            expected = vocabulary.expected(frequency, len(table), [int((places < size).sum())])[0]
            ratio = distinct / expected if expected else np.nan
            bound = scored.loc[ranks[score.column][size - 1], score.column]
            rows.append((score.title, share, bound, distinct, ratio, left))
    return pd.DataFrame(rows, columns=["score", "kept", "bound", "distinct_words", "word_ratio", "motion_ratio"])


def descriptor(joints: npt.NDArray[np.float32]) -> Floats:
    """A clip as mean and standard deviation over time of its root-relative joints: (T,22,3) metres to (132,)."""
    relative = (joints - joints[:, :1]).reshape(len(joints), -1).astype(np.float64)
    return np.concatenate([relative.mean(axis=0), relative.std(axis=0)])


def spread(n: int, total: Floats, squares: Floats) -> float:
    """Root mean squared distance between two random clips, in metres: sqrt(2 tr Cov).

    Args:
        n: clips.
        total: (d,) sum of their descriptors.
        squares: (d,) sum of the squares.

    Example:
        >>> spread(2, np.array([2.0]), np.array([4.0]))
        2.0
    """
    if n < 2:
        return float("nan")
    return float(np.sqrt(max(0.0, 2 * (squares - total**2 / n).sum() / (n - 1))))


def _spreads(corpus: Corpus, ranks: Mapping[str, "pd.Index[str]"], sizes: Sequence[int]) -> dict[str, Floats]:
    """By score, the spread of the best clips of each size relative to that of all."""
    n = len(next(iter(ranks.values())))
    steps = {
        column: pd.Series(np.searchsorted(sizes, np.arange(n), side="right"), index=order)
        for column, order in ranks.items()
    }
    sums = {column: np.zeros((len(sizes) + 1, 2, 132)) for column in ranks}
    for clip_id in next(iter(ranks.values())).sort_values():
        move = descriptor(corpus.joints(clip_id))
        for column in ranks:
            sums[column][steps[column][clip_id]] += (move, move**2)
    found = {}
    for column, added in sums.items():
        upto = added.cumsum(axis=0)
        parts = [spread(size, *upto[step]) for step, size in enumerate(sizes)]
        found[column] = np.array(parts) / spread(n, *upto[-1])
    return found


def _summary(name: str, flags: pd.DataFrame, withheld: int) -> pd.DataFrame:
    entering, rows = len(flags) + withheld, []
    for stage in STAGES:
        dropped = withheld if stage == "consent" else int((flags["reason"] == stage).sum())
        failing = withheld if stage == "consent" else int(flags[stage].sum())
        rows.append((name, stage, entering, dropped, entering - dropped, failing))
        entering -= dropped
    return pd.DataFrame(rows, columns=["corpus", "stage", "entering", "dropped", "kept", "failing"])
