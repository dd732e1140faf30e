"""Which clips the filter of the data preparation keeps: the table that 00 leaves, and a corpus reduced to them."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pandera.pandas as pa

from lib.base.errors import CorpusError, RunError
from lib.base.paths import shown
from lib.base.prose import listed
from lib.corpus.corpus import Corpus
from lib.corpus.manifest_table import read_table
from lib.corpus.schema import validate

AGAIN = "make it again: python -m lib run 00_data_preparation --force, with the PARAMS of the profile"
KEPT = pa.DataFrameSchema(
    {
        "corpus": pa.Column(str, pa.Check.str_length(min_value=1)),
        "clip_id": pa.Column(str, pa.Check.str_length(min_value=1)),
        "kept": pa.Column(bool),
        "reason": pa.Column(str),
    },
    name="kept",
)
"""A row a judged clip: the key of its corpus, whether it is kept, and the first stage failed, "" where it is.

Each further column is a score.
"""


def read_kept(path: Path) -> pd.DataFrame:
    """The table of judged clips.

    Raises:
        RunError: it is not there.
        CorpusError: it is damaged: unreadable, without one of its columns, with a clip twice, or with a reason for a
            clip that is kept or none for one that is not.
    """
    place = shown(path)
    if not path.is_file():
        raise RunError("it is not known yet which clips the filter keeps", where=place, fix=AGAIN)
    try:
        table = validate(read_table(path), KEPT, place)
    except CorpusError as error:
        raise CorpusError(error.what, where=place, fix=AGAIN) from None
    if table.duplicated(["corpus", "clip_id"]).any():
        raise CorpusError("a clip is judged twice", where=place, fix=AGAIN)
    if not (table["kept"] == table["reason"].eq("")).all():
        raise CorpusError("a clip is kept for a reason, or dropped for none", where=place, fix=AGAIN)
    return table


def restricted(corpus: Corpus, kept: pd.DataFrame, key: str, whole: Collection[str] = ()) -> Corpus:
    """A corpus without the clips that the filter drops; a mirror stands or falls with its base clip.

    A clip that was not judged, since it has no motion, is not kept.

    Args:
        corpus: what was loaded.
        kept: from `read_kept`.
        key: of the corpus in the table; a corpus without a row there has no filter and stays whole.
        whole: splits that are not shortened.

    Returns:
        The corpus with fewer clips, captions, captions to compare, and ids in its splits and lists.

    Raises:
        CorpusError: nothing of the corpus is kept.
    """
    rows = kept[kept["corpus"] == key]
    if rows.empty:
        return corpus
    clean = {*rows.loc[rows["kept"], "clip_id"]}
    stays = corpus.clips["base_id"].isin(clean)
    if not stays.any():
        fix = "loosen the bounds of preparation, or set clips: all where all are wanted"
        raise CorpusError("the filter keeps none of its clips", where=corpus.name, fix=fix)
    stays |= corpus.clips["split"].isin([*whole])
    return with_clips(corpus, stays)


def with_clips(corpus: Corpus, stays: "pd.Series[bool]") -> Corpus:
    """A corpus with fewer clips, captions, captions to compare, and ids in its splits and lists.

    Args:
        corpus: what was loaded.
        stays: of each row of its clips, whether it is left.
    """
    left = {*corpus.clips.loc[~stays, "clip_id"]}
    return replace(
        corpus,
        clips=corpus.clips[stays].reset_index(drop=True),
        captions=_without(corpus.captions, left),
        candidates=None if corpus.candidates is None else _without(corpus.candidates, left),
        splits={name: [clip for clip in ids if clip not in left] for name, ids in corpus.splits.items()},
        subsets={name: [clip for clip in ids if clip not in left] for name, ids in corpus.subsets.items()},
    )


def used_clips(whole: Mapping[str, Corpus], used: Mapping[str, Corpus]) -> str:
    """What a page says of the clips that it is about.

    Args:
        whole: all clips, by key.
        used: the same corpora as far as they are used, by key.

    Returns:
        A sentence with the clips of each corpus that are used and that there are, mirrors left out.
    """
    counts = {one.name: (_unmirrored(used[key]), _unmirrored(one)) for key, one in whole.items()}
    filtered = [f"{n:,} of {of:,} of {name}" for name, (n, of) in counts.items() if n < of]
    if not filtered:
        return ""
    others = [f"all {of:,} of {name}" for name, (n, of) in counts.items() if n == of]
    return f"Of the clips, mirrors left out, those that the filter keeps are used: {listed([*filtered, *others])}."


def _without(captions: pd.DataFrame, left: set[str]) -> pd.DataFrame:
    return captions[~captions["clip_id"].isin(left)].reset_index(drop=True)


def _unmirrored(corpus: Corpus) -> int:
    return int(corpus.clips["mirror_of"].isna().sum())
