"""Vectors that came with a manifest, of the clips and captions that may be seen."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from lib.base.errors import CorpusError
from lib.corpus.corpus import Corpus
from lib.corpus.manifest_table import read_table
from lib.corpus.splits import check_unique

KEYS = {"video": "clip_id", "caption": "caption_id"}


def read_embeddings(corpus: Corpus, kind: Literal["video", "caption"]) -> tuple[list[str], NDArray[np.float32]]:
    """Ids and vectors of `video_embeddings.parquet` (by clip_id) or `caption_embeddings.parquet` (by caption_id).

    Vectors of anything that is not in the corpus, above all of clips without consent, are passed over: their ids are
    neither returned nor named in a message.

    Args:
        corpus: read from a manifest.
        kind: which file.

    Returns:
        (ids in the file's order, (n,d) float32).

    Raises:
        CorpusError: the file is missing or unreadable, lacks a column, names an id twice, or holds vectors of unequal
            length or that are not finite.
    """
    path, key = corpus.provenance.root / f"{kind}_embeddings.parquet", KEYS[kind]
    table = read_table(path)
    for column in (key, "vector"):
        if column not in table:
            raise CorpusError(f"column {column} is missing", where=path, fix=f"write the columns {key} and vector")
    seen = corpus.clips[key].tolist() if kind == "video" else _caption_ids(corpus)
    table = table[table[key].isin(seen)]
    check_unique(table[key], path)
    lengths = table["vector"].map(len)
    if table.empty or lengths.nunique() != 1:
        told = "no vector of this corpus" if table.empty else f"vectors of lengths {sorted(set(lengths))[:3]}"
        raise CorpusError(told, where=path, fix="write one vector of the same length for each id")
    vectors = np.stack(table["vector"].tolist()).astype(np.float32)
    bad = np.asarray(~np.isfinite(vectors).all(axis=1))
    if bad.any():
        raise CorpusError(
            f"{bad.sum()} vector(s) are not finite: {table[key].to_numpy()[bad][0]!r}", where=path, fix="embed again"
        )
    return table[key].tolist(), vectors


def _caption_ids(corpus: Corpus) -> list[str]:
    candidates = [] if corpus.candidates is None else corpus.candidates.caption_id.tolist()
    return [*corpus.captions.caption_id, *candidates]
