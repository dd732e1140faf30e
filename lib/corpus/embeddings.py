"""Vectors that came with a manifest, of the clips and captions that may be seen."""

import json
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
from numpy.typing import NDArray

from lib.base.errors import CorpusError
from lib.corpus.corpus import Corpus
from lib.corpus.manifest_table import read_table
from lib.corpus.splits import check_unique

KEYS = {"video": "clip_id", "caption": "caption_id"}
JUDGE = b"judge"
"""Under this key the files' metadata name the judge that made them."""


@dataclass(frozen=True)
class MadeBy:
    """The judge that made a manifest's vectors.

    Attributes:
        name: of its folder, or on the hub.
        sha256: of its content.
        longest: tokens of the longest text that it reads whole.
    """

    name: str
    sha256: str
    longest: int


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


def judge_of(corpus: Corpus) -> MadeBy | None:
    """The judge of a manifest's vectors; None where there are none, or another program made them.

    Raises:
        CorpusError: videos and captions were embedded by two judges, or the note is not one of this project.
    """
    found = []
    for kind in KEYS:
        path = corpus.provenance.root / f"{kind}_embeddings.parquet"
        try:
            note = (pq.read_schema(path).metadata or {}).get(JUDGE)
            found.append(None if note is None else MadeBy(**json.loads(note)))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError) as error:
            told = f"not readable ({type(error).__name__})"
            raise CorpusError(told, where=path, fix="embed again with: python -m lib embed-videos") from None
    if found[0] != found[1]:
        told = "videos and captions were embedded by two judges"
        raise CorpusError(told, where=corpus.provenance.root, fix="embed again with: python -m lib embed-videos")
    return found[0]


def captions_cut(corpus: Corpus) -> "pd.Series[bool]":
    """Which captions the judge did not read to their end, by caption_id; empty where nothing tells.

    Raises:
        CorpusError: as `judge_of`; the captions' file is unreadable.
    """
    judge = judge_of(corpus)
    table = pd.DataFrame() if judge is None else read_table(corpus.provenance.root / "caption_embeddings.parquet")
    if judge is None or "tokens" not in table:
        return pd.Series(dtype=bool)
    table = table[table["caption_id"].isin(_caption_ids(corpus))].set_index("caption_id")
    return table["tokens"] > judge.longest


def _caption_ids(corpus: Corpus) -> list[str]:
    candidates = [] if corpus.candidates is None else corpus.candidates.caption_id.tolist()
    return [*corpus.captions.caption_id, *candidates]
