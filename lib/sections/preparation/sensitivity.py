"""What each quality threshold would keep: clips, words, and variety of motion."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from lib.corpus import Corpus
from lib.metrics import vocabulary
from lib.sections.other_languages import english
from lib.sections.preparation.funnel import last_scored

Floats = npt.NDArray[np.float64]
SHARES = tuple(float(x) for x in np.arange(0.5, 1.001, 0.05).round(2))


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


def sweep(corpora: Sequence[Corpus], tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame | None:
    """:func:`of_corpus` for the candidate, the last corpus that has scores, or None without scores."""
    corpus = last_scored(corpora, tables)
    return None if corpus is None else of_corpus(corpus, tables[corpus.name])


def of_corpus(corpus: Corpus, quality: pd.DataFrame, *, shares: Sequence[float] = SHARES) -> pd.DataFrame:
    """Keeps the best share of clips by each score and measures what variety is left.

    Distinct words fall with every caption dropped, so they are compared with those of an equally large random subset
    (exact expectation): a ratio below 1 says that a threshold removes rare words first.

    Args:
        corpus: the corpus; clips without a score are left out.
        quality: ``clip_id, realism, high_pass``.
        shares: shares of clips to keep.

    Returns:
        One row a score and share: ``score, kept, bound, distinct_words, word_ratio, motion_ratio``; ``motion_ratio``
        is :func:`spread` relative to that of all clips.
    """
    scored = quality.set_index("clip_id")
    moves = pd.DataFrame({clip: descriptor(corpus.joints(clip)) for clip in scored.index}).T
    table = english(corpus)
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
