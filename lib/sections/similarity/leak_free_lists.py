"""The leak-free lists of the benchmark's test set, one for every mix of data to train on."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from lib.corpus import Corpus
from lib.corpus.leak_free import list_name
from lib.sections.similarity import split, text_leak
from lib.sections.similarity.leakage import SourceOverlap
from lib.sections.similarity.split import LeakFree


def of_mixes(
    corpora: Mapping[str, Corpus],
    vectors: Mapping[str, npt.NDArray[np.float32]],
    found: Mapping[str, SourceOverlap],
    *,
    threshold: float,
    block: int,
) -> dict[str, LeakFree]:
    """The benchmark's test clips that share neither recording nor wording with what is trained on.

    Args:
        corpora: by key, the benchmark first.
        vectors: unit vector of each caption text.
        found: the audits of recordings, by name of the corpus.
        threshold: raw cosine of two captions from which on they say the same.
        block: captions compared at a time.

    Returns:
        By list, as `lib.corpus.leak_free.list_name` calls it: that of the benchmark's own training set, then that of
        the benchmark with each other corpus.
    """
    benchmark, *others = corpora.values()
    data = benchmark.clips, benchmark.captions, vectors, found.get(benchmark.name)
    added: dict[str, dict[str, list[str]]] = {"": {}}
    for key, one in zip([*corpora][1:], others, strict=True):
        added[key] = {one.name: text_leak.split_captions(one, "train")["caption"].tolist()}
    return {
        list_name(key): split.leak_free(*data, threshold=threshold, block=block, added=texts)
        for key, texts in added.items()
    }


def table(corpora: Mapping[str, Corpus], clean: Mapping[str, LeakFree]) -> pd.DataFrame:
    """What every list keeps and why it leaves out the rest: ``trained_on, reason, clips, base_clips``.

    With several corpora beside the benchmark the last row is of the clips that are on all lists.
    """
    benchmark, *others = (one.name for one in corpora.values())
    mixes = [benchmark, *(f"{benchmark} and {other}" for other in others)]
    parts = [one.summary.assign(trained_on=mix) for mix, one in zip(mixes, clean.values(), strict=True)]
    if len(others) > 1:
        every = kept_by_all(clean)
        row = {"trained_on": "all of them", "reason": "kept", "clips": len(every), "base_clips": every.nunique()}
        parts.append(pd.DataFrame([row]))
    return pd.concat(parts, ignore_index=True)[["trained_on", "reason", "clips", "base_clips"]]


def lines(clean: Mapping[str, LeakFree]) -> dict[str, list[str]]:
    """The lines of the file of every list, by its name."""
    return {name: one.text.splitlines() for name, one in clean.items()}


def kept_by_all(clean: Mapping[str, LeakFree]) -> "pd.Series[str]":
    """The base clip of every test clip that is on all lists."""
    kept = np.logical_and.reduce([one.flags["kept"] for one in clean.values()])
    return next(iter(clean.values())).flags.loc[kept, "base_id"]
