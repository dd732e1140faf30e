"""The winner's captions become those that the corpus is used with."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from lib.base import atomic
from lib.base.errors import CorpusError
from lib.captioning.hygiene import clean
from lib.captioning.likeness import profiles
from lib.corpus import Corpus
from lib.corpus.captioners import HUMAN
from lib.corpus.manifest_captions import CANDIDATES
from lib.corpus.manifest_seal import CAPTIONS, KEY
from lib.corpus.manifest_table import read_table

SETTINGS = ["prompt", "temperature"]
BEFORE = "captions_before.parquet"
"""captions.parquet as it was before the first captioner was taken; every later one is taken from it."""
TAKEN = "#taken"
"""Ends the ids of captions that were taken, since an id is in one of the two files only."""


@dataclass(frozen=True)
class Taken:
    """How many captions were taken, for how many clips, and how many clips keep the captions of somebody else.

    Of the captions of the captioner, hygiene has repaired and dropped some before.
    """

    captions: int
    clips: int
    others: int
    repaired: int = 0
    dropped: int = 0


def take(
    corpus: Corpus,
    name: str,
    *,
    rng: np.random.Generator,
    folder: Path | None = None,
    prompt: str | None = None,
    temperature: float | None = None,
) -> Taken:
    """Puts a captioner's captions into captions.parquet.

    They are repaired or dropped as they are before they are judged, so that what is used is what was judged. People's
    captions stay. Another captioner's stay for clips only that this one has not described.

    Args:
        corpus: read from a manifest, in whose folder the captions are.
        name: of the captioner.
        rng: draws the clips by which one text for many unlike clips is told.
        folder: of captioner_captions.parquet; the corpus' own by default.
        prompt: of the captions, where the captioner was asked by several.
        temperature: likewise.

    Raises:
        CorpusError: no such captioner, several settings of which none is chosen, or no caption that can be used.
    """
    root = corpus.provenance.root
    table = read_table((folder or root) / CANDIDATES)
    mine = table[table.captioner == name]
    if mine.empty:
        known = ", ".join(sorted(set(table.captioner) - {*HUMAN}))
        raise CorpusError(f"no captions of {name!r}", where=CANDIDATES, fix=f"there are those of {known or 'nobody'}")
    every = mine.reindex(columns=SETTINGS).drop_duplicates()
    for column, value in zip(SETTINGS, (prompt, temperature), strict=True):
        if value is not None:
            mine = mine[mine[column] == value] if column in mine else mine.head(0)
    settings = mine.reindex(columns=SETTINGS).drop_duplicates()
    if len(settings) != 1:
        told = "; ".join(
            " ".join(f"--{column} {value}" for column, value in zip(SETTINGS, row, strict=True) if pd.notna(value))
            or "neither"
            for row in every.itertuples(index=False)
        )
        fix = f"give --prompt and --temperature, of: {told}"
        raise CorpusError(f"{len(settings)} settings of {name!r} fit", where=CANDIDATES, fix=fix)
    mine = mine.reset_index(drop=True)
    hygiene = clean(mine, likeness=partial(profiles, corpus, rng=rng), rng=rng)
    if hygiene.captions.empty:
        fix = f"page 03 counts why; all {len(mine):,} were dropped"
        raise CorpusError(f"no caption of {name!r} can be used", where=CANDIDATES, fix=fix)
    mine = _without_stale_tokens(hygiene.captions, hygiene.flags)
    before, seal = _before(root)
    people = before.captioner.isin(HUMAN)
    described = before.clip_id.isin(mine.clip_id)
    columns = [column for column in mine if column in before or column in {"prompt", "temperature"}]
    taken = mine[columns].assign(caption_id=mine.caption_id + TAKEN)
    whole = pd.concat([before[people | ~described], taken], ignore_index=True)
    with atomic.replaced(root / CAPTIONS) as part:
        arrow = pa.Table.from_pandas(whole, preserve_index=False)
        if seal is not None:
            arrow = arrow.replace_schema_metadata({**(arrow.schema.metadata or {}), KEY: seal})
        pq.write_table(arrow, part)
    others = before[~people & ~described].clip_id.nunique()
    done = hygiene.info["repaired"], hygiene.info["dropped"]
    return Taken(len(taken), mine.clip_id.nunique(), int(others), *done)


def _without_stale_tokens(captions: pd.DataFrame, flags: pd.DataFrame) -> pd.DataFrame:
    """The captions, those that were repaired without the tags of the words that they had."""
    if "tokens" not in captions:
        return captions
    changed = captions["text"] != flags.loc[captions.index, "text"]
    return captions.assign(tokens=captions["tokens"].mask(changed, None))


def _before(root: Path) -> tuple[pd.DataFrame, bytes | None]:
    """The captions before any captioner was taken, and the seal of their file; one written anew since is kept anew."""
    kept = root / BEFORE
    now = read_table(root / CAPTIONS)
    if not kept.is_file() or not now.caption_id.astype("str").str.endswith(TAKEN).any():
        with atomic.replaced(kept) as part:
            part.write_bytes((root / CAPTIONS).read_bytes())
    metadata = pq.read_schema(kept).metadata or {}
    return read_table(kept), metadata.get(KEY)
