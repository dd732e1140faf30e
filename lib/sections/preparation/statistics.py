"""Size and language of datasets, side by side; mirrored clips are counted only where a column says so."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from lib.corpus import Corpus
from lib.metrics import intervals, vocabulary
from lib.metrics import vocabulary_difference as difference
from lib.metrics.intervals import Measure

Captions = Mapping[str, pd.DataFrame]
"""Captions by corpus, as `lib.corpus.other_languages.english` gives them."""


def sizes(corpora: Sequence[Corpus]) -> pd.DataFrame:
    """Clips, captions and hours of each corpus.

    Returns:
        One row a corpus: ``corpus, clips_with_mirrors, clips, clips_captioned, captions, clips_with_motion,
        hours_with_motion, median_s``; all but the first count leave mirrors out; hours and seconds count the motions
        that are there, at each clip's own frame rate.
    """
    return pd.DataFrame([_size(corpus) for corpus in corpora])


def loading(corpora: Sequence[Corpus]) -> pd.DataFrame:
    """What the loaders counted: ``corpus, kind, what, n``; kinds are listed, missing, withheld, dropped, reported."""
    parts = [corpus.provenance.counts().assign(corpus=corpus.name) for corpus in corpora]
    return pd.concat(parts, ignore_index=True)[["corpus", "kind", "what", "n"]]


def language(captions: Captions, *, draws: int, rng: np.random.Generator) -> pd.DataFrame:
    """Words per caption and vocabulary of each corpus, also at the number of captions of the smallest.

    Args:
        captions: by corpus.
        draws: bootstrap replicates, and random subsets for the interval of the rarefied vocabulary.
        rng: source of randomness.

    Returns:
        One row a corpus: ``corpus, captions, words_per_caption, low, high, median_words, distinct_words, rarefied_to,
        rarefied_words, rarefied_low, rarefied_high``.
    """
    smallest = min((len(table) for table in captions.values()), default=0)
    rows = []
    for name, table in captions.items():
        lengths, lists = table["words"].map(len).to_numpy(), list(table["words"])
        length = intervals.mean(lengths, table["base_id"], draws=draws, rng=rng, unit="words")
        low, high = vocabulary.rarefied_interval(lists, smallest, draws=draws, rng=rng)
        rows.append(
            {
                "corpus": name,
                "captions": len(table),
                "words_per_caption": length.value,
                "low": length.low,
                "high": length.high,
                "median_words": float(np.median(lengths)) if len(lengths) else float("nan"),
                "distinct_words": len(vocabulary.document_frequencies(lists)),
                "rarefied_to": smallest,
                "rarefied_words": vocabulary.rarefied(lists, [smallest])[0],
                "rarefied_low": low,
                "rarefied_high": high,
            }
        )
    return pd.DataFrame(rows)


def more_words(captions: Captions, *, rng: np.random.Generator) -> dict[str, Measure]:
    """How many more distinct words the last corpus has than the first, at equal amounts of text.

    Returns:
        ``more_words_by_captions`` and ``more_words_by_running_words``, by what there is equally much of; neither where
        there is one corpus or too little text.
    """
    if len(captions) < 2:
        return {}
    first, *_, last = captions.values()
    if first.empty or last.empty:
        return {}
    texts, groups = (list(first["words"]), list(last["words"])), (first["base_id"], last["base_id"])
    measures = {
        "more_words_by_captions": difference.more_words(*texts, groups, equal="captions", rng=rng),
        "more_words_by_running_words": difference.more_words(*texts, groups, equal="running words", rng=rng),
    }
    return {name: measure for name, measure in measures.items() if measure is not None}


def rarefaction_curves(captions: Captions, *, points: int = 30) -> pd.DataFrame:
    """Expected distinct words against the number of captions: ``corpus, captions, distinct_words``.

    A corpus none of whose captions counts has no rows.
    """
    parts = [pd.DataFrame(columns=["corpus", "captions", "distinct_words"])]
    for name, table in captions.items():
        if len(table):
            at = np.unique(np.geomspace(1, len(table), points).astype(int)).tolist()
            expected = vocabulary.rarefied(list(table["words"]), at)
            parts.append(pd.DataFrame({"corpus": name, "captions": at, "distinct_words": expected}))
    return pd.concat(parts[1:] or parts, ignore_index=True)


def _size(corpus: Corpus) -> dict[str, object]:
    base = corpus.clips[corpus.clips["mirror_of"].isna()]
    moving = base[base["has_motion"]]
    seconds = (moving["n_frames"].astype(float) / moving["fps"].astype(float)).to_numpy()
    return {
        "corpus": corpus.name,
        "clips_with_mirrors": len(corpus.clips),
        "clips": len(base),
        "clips_captioned": int(base["has_captions"].sum()),
        "captions": int(corpus.captions["clip_id"].isin(base["clip_id"]).sum()),
        "clips_with_motion": len(moving),
        "hours_with_motion": float(seconds.sum() / 3600),
        "median_s": float(np.median(seconds)) if len(seconds) else float("nan"),
    }


def published_sizes() -> pd.DataFrame:
    """Sizes of the datasets as published: ``dataset, clips, captions, distinct_words, top_action, published_in``.

    How words were counted there is not stated, so they compare with nothing measured here.

    Example:
        >>> published_sizes()["dataset"].tolist()
        ['HumanML3D', 'DM']
    """
    rows = [("HumanML3D", 14_616, 44_970, 5_371, "walk"), ("DM", 344_476, 344_476, 12_139, "dance")]
    table = pd.DataFrame(rows, columns=["dataset", "clips", "captions", "distinct_words", "top_action"])
    return table.assign(published_in="technical report of the motion-AI team")
