"""The audits of text and of recordings, run over all corpora of a profile."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from lib.corpus import Corpus
from lib.metrics import duplicates
from lib.metrics.duplicates import Duplicates
from lib.metrics.indexed_pairs import Search
from lib.metrics.intervals import Measure, share
from lib.sections.similarity import leakage, text_leak
from lib.sections.similarity.leakage import SourceOverlap
from lib.sections.similarity.sharded import joined
from lib.sections.similarity.text_leak import HeldOut, TextLeak
from lib.text.encoder import encode

Vectors = Mapping[str, npt.NDArray[np.float32]]
FACTS = {
    "shares_source": "shared",
    "overlaps": "overlapping",
    "half_covered": "overlapping_by_half",
    "shares_folder": "same_subject_folder",
}


def sentence_vectors(corpora: Sequence[Corpus], model: Path | None = None) -> Vectors:
    """The unit vector of every distinct caption of all corpora, by text; without a folder MPNet is fetched."""
    texts = list(dict.fromkeys(text for corpus in corpora for text in corpus.captions["text"]))
    return dict(zip(texts, encode(texts, model=model), strict=True))


def text_leaks(
    corpora: Sequence[Corpus],
    vectors: Vectors,
    *,
    thresholds: Sequence[float],
    block: int,
    draws: int,
    rng: np.random.Generator,
) -> dict[str, TextLeak]:
    """Every corpus's test set against its own training set, and the benchmark's against every other training set.

    Returns:
        Audits by "test against train", the benchmark against itself first; pairs without captions are left out.
    """
    benchmark, *others = corpora
    pairs = [(benchmark, benchmark), *((benchmark, other) for other in others), *((other, other) for other in others)]
    found = {}
    for tested, trained in pairs:
        test, train = text_leak.split_captions(tested, "test"), text_leak.split_captions(trained, "train")
        if len(test) and len(train):
            names = (tested.name, trained.name)
            found[f"{tested.name} against {trained.name}"] = text_leak.text_leak(
                test,
                train,
                vectors,
                names=names,
                thresholds=thresholds,
                block=block,
                draws=draws,
                rng=rng,
            )
    return found


def raw_cosines(thresholds: Sequence[float]) -> list[float]:
    """The raw cosines of thresholds on either scale, ascending.

    Example:
        >>> raw_cosines([0.9])
        [0.8, 0.9]
    """
    return sorted({round(bound, 4) for threshold in thresholds for bound in (threshold, 2 * threshold - 1)})


def captioned(benchmark: Corpus) -> dict[str, int]:
    """Base clips that the benchmark lists and has captions for: ``test, test_captioned, train, train_captioned``."""
    base = benchmark.clips[benchmark.clips["mirror_of"].isna()]
    counts: dict[str, int] = {}
    for name in ("test", "train"):
        part = base[base["split"] == name]
        counts |= {name: len(part), f"{name}_captioned": int(part["has_captions"].sum())}
    return counts


def held_out(
    benchmark: Corpus,
    vectors: Vectors,
    *,
    thresholds: Sequence[float],
    draws: int,
    block: int,
    rng: np.random.Generator,
) -> HeldOut:
    """Recordings held out of the benchmark's training set, as many clips as the test set has, beside that test set."""
    train, test = (text_leak.split_captions(benchmark, name) for name in ("train", "test"))
    known = benchmark.clips.dropna(subset=["source"])
    return text_leak.held_out(
        test,
        train,
        dict(zip(known["clip_id"], known["source"], strict=True)),
        vectors,
        bounds=raw_cosines(thresholds),
        draws=draws,
        block=block,
        rng=rng,
    )


def exact_repeats(leak: TextLeak, *, draws: int, rng: np.random.Generator) -> pd.DataFrame:
    """Test captions and clips whose normalised text stands in training: ``unit, share, low, high, n``."""
    clips = leak.flags.groupby("clip_id").agg(base_id=("base_id", "first"), exact=("exact", "any"))
    rows = []
    for unit, table in (("caption", leak.flags), ("clip", clips)):
        found = share(table["exact"], table["base_id"], draws=draws, rng=rng)
        rows.append((unit, found.value, found.low, found.high, found.n))
    return pd.DataFrame(rows, columns=["unit", "share", "low", "high", "n"])


def recordings(corpora: Sequence[Corpus]) -> dict[str, SourceOverlap]:
    """Shared recordings of every corpus: by frames where an index says them, else by the ``source`` column."""
    found = {}
    for corpus in corpora:
        if corpus.index is not None:
            found[corpus.name] = leakage.source_overlap(corpus.index, corpus.splits)
        elif corpus.clips["source"].notna().any():
            found[corpus.name] = leakage.shared_sources(corpus.clips)
    return found


def shared_share(
    found: Mapping[str, SourceOverlap], name: str, *, draws: int, rng: np.random.Generator
) -> dict[str, Measure]:
    """The share of a corpus's test clips whose recording feeds training, as the value ``source_share``.

    The interval resamples recordings, whose clips are in the same position all of them; nothing where they are unknown.
    """
    flags = found[name].flags if name in found else pd.DataFrame()
    if flags.empty:
        return {}
    return {"source_share": share(flags["shares_source"], flags["source"], draws=draws, rng=rng)}


def recording_table(found: Mapping[str, SourceOverlap]) -> pd.DataFrame | None:
    """The summaries of shared recordings: ``corpus, flag, clips, of, share, definition``."""
    parts = [audit.summary.assign(corpus=name) for name, audit in found.items()]
    return pd.concat(parts)[["corpus", "clips", "of", "share", "definition"]] if parts else None


def recording_counts(found: Mapping[str, SourceOverlap]) -> dict[str, dict[str, int]]:
    """Counts of shared recordings by corpus, under the names of the planted truth."""
    return {
        name: {fact: audit.count(flag) for flag, fact in FACTS.items() if flag in audit.flags}
        for name, audit in found.items()
    }


def near_duplicate_groups(
    corpora: Sequence[Corpus],
    vectors: Vectors,
    *,
    threshold: float,
    block: int,
    search: Search = "exact",
    draws: int = 2000,
    rng: np.random.Generator | None = None,
) -> dict[str, Duplicates]:
    """Groups of clips whose captions are near-duplicates, within each corpus, mirrors left out.

    Arguments are those of `lib.metrics.duplicates.groups`; rows are joined by `sharded.joined`.
    """
    found = {}
    for corpus in corpora:
        base = corpus.clips.loc[corpus.clips["mirror_of"].isna(), "clip_id"]
        captions = corpus.captions[corpus.captions["clip_id"].isin(base)]
        found[corpus.name] = duplicates.groups(
            captions, vectors, threshold=threshold, block=block, search=search, join=joined, draws=draws, rng=rng
        )
    return found


def group_table(found: Mapping[str, Duplicates]) -> pd.DataFrame:
    """The summaries of the groups: ``corpus, kind, groups, captions, clips, share, largest``."""
    parts = [
        audit.summary.assign(corpus=name, largest=max(audit.info["sizes"], default=0)) for name, audit in found.items()
    ]
    table = pd.concat(parts, ignore_index=True)
    table["largest"] = table["largest"].where(table["kind"] == "near").astype("Int64")
    return table[["corpus", "kind", "groups", "captions", "clips", "share", "largest"]]


def index_recall(found: Mapping[str, Duplicates]) -> pd.DataFrame | None:
    """The share of near-duplicates that the index found: ``corpus, share, low, high, n``; None without an index."""
    recalls = {name: audit.recall for name, audit in found.items() if audit.recall is not None}
    rows = [(name, one.value, one.low, one.high, one.n) for name, one in recalls.items()]
    return pd.DataFrame(rows, columns=["corpus", "share", "low", "high", "n"]) if rows else None


def listed(leaks: Mapping[str, TextLeak]) -> pd.DataFrame:
    """All shares, scale and threshold in one column: ``test, train, mirrors, unit, bound, share, low, high, n``."""
    shares = pd.concat([leak.summary for leak in leaks.values()], ignore_index=True)
    bound = [f"{scale} ≥ {threshold:g}" for scale, threshold in zip(shares["scale"], shares["threshold"], strict=True)]
    return shares.assign(bound=bound)[["test", "train", "mirrors", "unit", "bound", "share", "low", "high", "n"]]


def examples(leak: TextLeak, *, thresholds: Sequence[float], n: int) -> pd.DataFrame:
    """Test captions on either side of each bound beside their nearest training caption, for judging the bound.

    Returns:
        ``bound, cosine, test_caption, train_caption``: of each bound (raw cosine) the closest pairs above and below,
        equal texts left out.
    """
    flags = leak.flags[leak.flags["caption"] != leak.flags["nearest_caption"]].drop_duplicates("caption")
    half = -(-n // 2)
    parts = []
    for bound in raw_cosines(thresholds):
        above, below = flags[flags["cosine"] >= bound], flags[flags["cosine"] < bound]
        near = pd.concat([below.nlargest(half, "cosine").iloc[::-1], above.nsmallest(half, "cosine")])
        parts.append(near.assign(bound=bound))
    table = pd.concat(parts, ignore_index=True)
    return table.rename(columns={"caption": "test_caption", "nearest_caption": "train_caption"})[
        ["bound", "cosine", "test_caption", "train_caption"]
    ]


def played_pairs(corpora: Mapping[str, Corpus], leak: TextLeak, *, most: int = 2) -> pd.DataFrame:
    """Test clips beside the training clip with the nearest caption, to be played: do the motions repeat as well?

    Args:
        corpora: by key.
        leak: an audit of text; the pairs just above its highest cosine, equal texts left out.
        most: pairs.
    """
    keys = {corpus.name: key for key, corpus in corpora.items()}
    flags = leak.flags[leak.flags["caption"] != leak.flags["nearest_caption"]].drop_duplicates("clip_id")
    near = flags[flags["cosine"] >= leak.summary["threshold"].max()].nsmallest(most, "cosine")
    labels = [f"cosine {cosine:.3f}" for cosine in near["cosine"]]
    parts: list[pd.DataFrame] = []
    for side, corpus, prefix in (("test", leak.test, ""), ("train", leak.train, "nearest_")):
        shown = near[[f"{prefix}clip_id", f"{prefix}caption"]].set_axis(["clip_id", "note"], axis=1)
        own = [f"{side}, {label}" for label in labels]
        parts.append(shown.assign(key=keys[corpus], label=own, pair=range(len(near))))
    return pd.concat(parts).sort_values("pair", kind="stable", ignore_index=True)
