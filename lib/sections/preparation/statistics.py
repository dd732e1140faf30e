"""Size and language of datasets, side by side, and what filtering takes of rare words; mirrors rarely count."""

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from statsmodels.stats.proportion import confint_proportions_2indep

from lib.corpus import Corpus
from lib.metrics import intervals, vocabulary
from lib.metrics import vocabulary_difference as difference
from lib.metrics.intervals import Measure, wilson
from lib.sections.preparation.funnel import SCORED, Funnel

Captions = Mapping[str, pd.DataFrame]
"""Captions by corpus, as `lib.corpus.other_languages.english` gives them."""

RARITIES = (1, 3, 10, 30)
"""Clips that share a word: where a class of rarity begins."""


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


def losses_by_word(funnels: Sequence[Funnel], captions: Mapping[str, pd.DataFrame]) -> pd.DataFrame | None:
    """What the scored stages drop of clips, by how many clips share the rarest word of their captions.

    No clip of the benchmark was judged by a network that saw it, so its rows are a check on held-out clips: a filter
    that drops what is rare drops more of the first class than of the last.

    Args:
        funnels: of all corpora.
        captions: by corpus, as `lib.corpus.other_languages.english` gives them.

    Returns:
        ``corpus, clips_with_the_rarest_word, clips, realism`` (share dropped by realism), ``dropped`` (by any score),
        ``low, high`` (Wilson's, of the last); None where no clip has a caption.
    """
    rows = []
    for audit in funnels:
        scored = audit.scored
        table = captions[audit.name]
        table = table[table["clip_id"].isin(scored["clip_id"])]
        words = {clip: set().union(*lists) for clip, lists in table.groupby("clip_id")["words"]}
        shared = Counter(word for one in words.values() for word in one)
        rarest = scored["clip_id"].map({clip: min(shared[word] for word in one) for clip, one in words.items() if one})
        lost = scored[[*SCORED]].any(axis=1)
        for low, high in zip(RARITIES, (*RARITIES[1:], np.inf), strict=True):
            chosen = ((rarest >= low) & (rarest < high)).to_numpy()
            if n := int(chosen.sum()):
                share = wilson(int(lost[chosen].sum()), n)
                name = f"{low} or more" if np.isinf(high) else f"{low} to {high - 1:.0f}"
                realism = float(scored.loc[chosen, "pose realism"].mean())
                rows.append((audit.name, name, n, realism, share.value, share.low, share.high))
    columns = ["corpus", "clips_with_the_rarest_word", "clips", "realism", "dropped", "low", "high"]
    return pd.DataFrame(rows, columns=columns) if rows else None


def rare_loss(losses: pd.DataFrame | None, names: Sequence[str]) -> dict[str, Measure]:
    """How many more clips with the rarest words are dropped than clips with the commonest: a difference of shares.

    Args:
        losses: from `losses_by_word`.
        names: of the corpora, the benchmark first.

    Returns:
        ``benchmark_rare_loss`` of the first and ``candidate_rare_loss`` of the last; N counts the clips with the rarest
        words. Nothing of a corpus whose clips are all alike in this.

    Source: Newcombe 1998, Interval estimation for the difference between independent proportions, method 10.
    """
    found = {}
    for role, name in zip(("benchmark", "candidate"), (names[0], *names[1:][-1:]), strict=False):
        rows = losses[losses["corpus"] == name].to_dict("records") if losses is not None else []
        if len(rows) > 1:
            found[f"{role}_rare_loss"] = _difference(rows[0], rows[-1])
    return found


def _difference(rare: Mapping[Hashable, Any], common: Mapping[Hashable, Any]) -> Measure:
    counts = [n for row in (rare, common) for n in (round(row["dropped"] * row["clips"]), row["clips"])]
    low, high = confint_proportions_2indep(*counts, method="newcomb", compare="diff")
    return Measure(rare["dropped"] - common["dropped"], float(low), float(high), int(rare["clips"]), "share")


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
