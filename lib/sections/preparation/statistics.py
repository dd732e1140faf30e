"""Size and language of datasets, side by side; mirrored clips are counted only where a column says so."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from lib.corpus import Corpus
from lib.metrics import intervals, vocabulary
from lib.metrics import vocabulary_difference as difference
from lib.metrics.intervals import Measure
from lib.text.language import foreign
from lib.text.tokens import words


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


def captions(corpus: Corpus) -> pd.DataFrame:
    """Captions of unmirrored clips with base clip, split, and ``words`` by the rule of ``lib.text.tokens.words``.

    Those that are surely in another language than English are left out: see `lib.sections.other_languages`.
    """
    table = _unmirrored(corpus)
    table = table[(foreign(table) == "").to_numpy()].reset_index(drop=True)
    return table.assign(words=pd.Series([words(text) for text in table["text"]], index=table.index, dtype="object"))


def _unmirrored(corpus: Corpus) -> pd.DataFrame:
    clips = corpus.clips.loc[corpus.clips["mirror_of"].isna(), ["clip_id", "base_id", "split"]]
    return corpus.captions.merge(clips, on="clip_id")


def language(
    corpora: Sequence[Corpus], *, size: int | None = None, draws: int, rng: np.random.Generator
) -> pd.DataFrame:
    """Words per caption and vocabulary of each corpus, also at an equal number of captions.

    Args:
        corpora: the corpora; mirrors are left out.
        size: captions the vocabulary is rarefied to; the smallest corpus's number without it.
        draws: bootstrap replicates, and random subsets for the interval of the rarefied vocabulary.
        rng: source of randomness.

    Returns:
        One row a corpus: ``corpus, captions, words_per_caption, low, high, median_words, distinct_words, rarefied_to,
        rarefied_words, rarefied_low, rarefied_high``.
    """
    tables = {corpus.name: captions(corpus) for corpus in corpora}
    smallest = size or min((len(table) for table in tables.values()), default=0)
    rows = []
    for name, table in tables.items():
        counts = table["words"].map(len).to_numpy()
        length = intervals.mean(counts, table["base_id"], draws=draws, rng=rng, unit="words")
        low, high = vocabulary.rarefied_interval(list(table["words"]), smallest, draws=draws, rng=rng)
        rows.append(
            {
                "corpus": name,
                "captions": len(table),
                "words_per_caption": length.value,
                "low": length.low,
                "high": length.high,
                "median_words": float(np.median(counts)),
                "distinct_words": len(vocabulary.document_frequencies(list(table["words"]))),
                "rarefied_to": smallest,
                "rarefied_words": vocabulary.rarefied(list(table["words"]), [smallest])[0],
                "rarefied_low": low,
                "rarefied_high": high,
            }
        )
    return pd.DataFrame(rows)


def more_words(corpora: Sequence[Corpus], *, rng: np.random.Generator) -> dict[str, Measure]:
    """How many more distinct words the last corpus has than the first, at equal amounts of text.

    Returns:
        ``more_words_by_captions`` and ``more_words_by_running_words``, by what there is equally much of.
    """
    if len(corpora) < 2:
        return {}
    first, second = captions(corpora[0]), captions(corpora[-1])
    if first.empty or second.empty:
        return {}
    texts, groups = (list(first["words"]), list(second["words"])), (first["base_id"], second["base_id"])
    found = {
        "more_words_by_captions": difference.more_words(*texts, groups, equal="captions", rng=rng),
        "more_words_by_running_words": difference.more_words(*texts, groups, equal="running words", rng=rng),
    }
    return {name: one for name, one in found.items() if one is not None}


def rarefaction_curves(corpora: Sequence[Corpus], *, points: int = 30) -> pd.DataFrame:
    """Expected distinct words against the number of captions: ``corpus, captions, distinct_words``.

    A corpus none of whose captions counts has no rows.
    """
    parts = []
    for corpus in corpora:
        if not (lists := list(captions(corpus)["words"])):
            continue
        at = np.unique(np.geomspace(1, max(len(lists), 1), points).astype(int)).tolist()
        parts.append(
            pd.DataFrame({"corpus": corpus.name, "captions": at, "distinct_words": vocabulary.rarefied(lists, at)})
        )
    columns = ["corpus", "captions", "distinct_words"]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)


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
