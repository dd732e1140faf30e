"""Texts and clips that repeat: equal after normalisation, or near enough to be one group."""

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lib.metrics.indexed_pairs import IndexedPairs, Search
from lib.metrics.intervals import Measure
from lib.metrics.joined_rows import JoinedRows
from lib.metrics.near_duplicates import Vectors, pairs_above

Join = Callable[..., NDArray[np.int64]]
TRIED = 1000
"""Texts that an index is tried on."""


@dataclass(frozen=True)
class Duplicates:
    """The audit of captions that repeat.

    Args:
        flags: one row a caption, indexed as given: `clip_id, text, group` (number of its group, 0 the largest, NA when
            alone), `exact` (another clip has the same text).
        summary: one row a kind: `kind` (exact, near), `groups, captions, clips, share` (of clips).
        info: threshold, counts, and `sizes`: clips in each near-duplicate group, largest first; a clip counts
            in every group that one of its captions is in.
        recall: the share of near-duplicates that the index found, where one was asked for.
    """

    flags: pd.DataFrame
    summary: pd.DataFrame
    info: Mapping[str, Any]
    recall: Measure | None = None


def normalised(text: str) -> str:
    """A text as compared for exact repetition: NFKC, case-folded, only letters and digits, single spaces.

    Example:
        >>> normalised("  A man   Walks. ") == normalised("a man walks")
        True
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join("".join(char if char.isalnum() else " " for char in folded).split()) or text.strip()


def components(
    vectors: Vectors, threshold: float, *, block: int = 2048, index: IndexedPairs | None = None
) -> NDArray[np.int64]:
    """Groups rows so that any two at or above a threshold are in one group, and so on through chains.

    Blockwise: after each tile the pairs are folded into the labels, so memory is a tile and the labels; pairs that are
    in one group already are not looked at.

    Source: single linkage, by scipy.sparse.csgraph.connected_components.

    Args:
        vectors: (n, d), L2-normalised for cosines.
        threshold: the lowest similarity that joins two rows, inclusive.
        block: rows and columns of a tile.
        index: where pairs are looked for in its place, over the same rows; by default among all pairs.

    Returns:
        (n,) label of each row: the lowest row of its group.

    Raises:
        ValueError: as `lib.metrics.near_duplicates.pairs_above`.

    Example:
        >>> components(np.array([[1.0, 0.0], [0.8, 0.6], [0.28, 0.96], [0.0, -1.0]]), 0.75).tolist()
        [0, 0, 0, 3]
    """
    joined = JoinedRows(len(vectors))
    if index is None:
        found = pairs_above(vectors, threshold, block=block, settled=joined.together)
    else:
        found = index.above(threshold, block=block)
    for first, second, _ in found:
        joined.join(first, second)
    return joined.labels


def groups(
    captions: pd.DataFrame,
    vectors: Mapping[str, NDArray[np.float32]],
    *,
    threshold: float,
    block: int = 2048,
    search: Search = "exact",
    join: Join = components,
    draws: int = 2000,
    rng: np.random.Generator | None = None,
) -> Duplicates:
    """Groups captions whose texts are near-duplicates, and counts the clips that share one.

    Two captions of one clip are supposed to be alike: a group counts only when it reaches across two clips. Groups are
    of captions; two groups are not joined by a clip that has a caption in either, or a few generic captions would join
    most clips.

    Args:
        captions: `clip_id, text`; pass base clips alone, or a mirror repeats its base by construction.
        vectors: the unit vector of every distinct text.
        threshold: the lowest cosine that joins two texts, inclusive.
        block: texts compared at a time.
        search: exact, or an index of faiss, which may miss pairs.
        join: what joins rows exactly: takes vectors, threshold and block as `components` does, and gives the same.
        draws: bootstrap replicates of the interval of what the index finds.
        rng: of the texts that the index is tried on; by default seeded with 0.

    Returns:
        The audit.

    Raises:
        KeyError: a text without a vector.
        ValueError: vectors that are not finite.

    Example:
        >>> captions = pd.DataFrame({"clip_id": ["a", "b", "c"], "text": ["Walk.", "walk", "jump"]})
        >>> vectors = {"Walk.": np.float32([1, 0]), "walk": np.float32([1, 0]), "jump": np.float32([0, 1])}
        >>> groups(captions, vectors, threshold=0.9).summary[["kind", "groups", "clips"]].values.tolist()
        [['exact', 1, 2], ['near', 1, 2]]
    """
    texts = list(dict.fromkeys(captions["text"]))
    found = np.zeros(0, dtype=np.int64)
    recall = None
    if texts:
        rows = np.stack([vectors[text] for text in texts])
        if search == "exact":
            found = join(rows, threshold, block=block)
        else:
            index = IndexedPairs(rows, search)
            found = components(rows, threshold, block=block, index=index)
            rng = np.random.default_rng(0) if rng is None else rng
            recall = index.recall(threshold, sample=TRIED, draws=draws, rng=rng)
    near = captions["text"].map(dict(zip(texts, found.tolist(), strict=True)))
    same = captions["text"].map(normalised)
    flags = captions[["clip_id", "text"]].assign(group=_numbered(captions["clip_id"], near))
    flags["exact"] = _numbered(captions["clip_id"], same).notna()
    clips = captions["clip_id"].nunique()
    table = []
    for kind, hit, names in (("exact", flags["exact"], same), ("near", flags["group"].notna(), near)):
        inside = flags.loc[hit, "clip_id"].nunique()
        row = {"kind": kind, "groups": names[hit].nunique(), "captions": int(hit.sum()), "clips": inside}
        table.append(row | {"share": inside / clips if clips else float("nan")})
    sizes = flags.dropna(subset="group").groupby("group")["clip_id"].nunique().tolist()
    info = {"threshold": threshold, "clips": clips, "captions": len(captions), "texts": len(texts), "sizes": sizes}
    return Duplicates(flags, pd.DataFrame(table), info, recall)


def _numbered(clips: pd.Series, labels: pd.Series) -> pd.Series:
    sizes = clips.groupby(labels, sort=False).nunique()
    ranked = sizes[sizes > 1].sort_values(ascending=False, kind="stable")
    return labels.map(pd.Series(range(len(ranked)), index=ranked.index)).astype("Int64")
