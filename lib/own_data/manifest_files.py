"""The tables and packed motions of a manifest, gone through row by row; what has no consent is not looked at."""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pandera.pandas as pa

from lib.base.errors import CorpusError
from lib.corpus.manifest import BESIDE
from lib.corpus.manifest_captions import CANDIDATES, zero_times
from lib.corpus.manifest_motions import FORMS
from lib.corpus.manifest_table import RAW_CAPTIONS, RAW_CLIPS, converted, read_table, with_consent
from lib.corpus.schema import SETTINGS, failures
from lib.corpus.splits import SPLITS
from lib.motion.motion_array import open_array
from lib.own_data.diagnosis import Finding, Row, found

MEANING = {
    CANDIDATES: "captioners are compared on captions.parquet",
    "video_embeddings.parquet": "captions are compared with motions, not with videos",
    "caption_embeddings.parquet": "captions are compared with motions, not with videos",
    "survey.csv": "no preferences of people are told",
}


def findings(root: Path) -> Iterator[Finding]:
    """What is wrong or missing in the files themselves, with the row of each table."""
    tables = {}
    for name in ("clips.parquet", "captions.parquet", CANDIDATES):
        if name == CANDIDATES and not (root / name).exists():
            continue
        try:
            tables[name] = read_table(root / name)
        except CorpusError as error:
            yield Finding("wrong", f"{name}: {error.what}", fix=error.fix or "")
    if "clips.parquet" in tables:
        clips = tables["clips.parquet"]
        try:
            seen, withheld, _ = with_consent(clips, root / "clips.parquet")
        except CorpusError as error:
            yield from _consent(clips, error)
            return
        yield from _clips(seen)
        yield from _packed(root, seen)
        for name in ("captions.parquet", CANDIDATES):
            if name in tables:
                yield from _captions(tables[name], withheld, name)
    if not any((root / name).exists() for form in FORMS for name in (f"{form}.npy", form)):
        yield Finding("missing", "joints.npy, features.npy, joints/ and features/: there are no motions at all")
    for name in BESIDE:
        if not (root / name).exists():
            yield Finding("missing", f"{name}: {MEANING[name]}")


def _consent(clips: pd.DataFrame, error: CorpusError) -> Iterator[Finding]:
    fix = error.fix or ""
    if "consent" not in clips or "clip_id" not in clips:
        yield Finding("wrong", f"clips.parquet: {error.what}", fix=fix)
        return
    odd = clips.consent[~clips.consent.map(lambda value: pd.isna(value) or isinstance(value, bool))]
    rows = (Row("clips.parquet", int(str(at)), f"consent = {v!r}", "true, false or null") for at, v in odd.items())
    yield from found("wrong", "{n} value(s) of consent that are neither true nor false", rows, fix)


def _clips(clips: pd.DataFrame) -> Iterator[Finding]:
    yield from _table(converted(clips, RAW_CLIPS), RAW_CLIPS, "clips.parquet")
    if not {"clip_id", "split"} <= {*clips.columns}:
        return
    empty = [split for split in SPLITS if not (clips.split == split).any()]
    if empty:
        fix = "put at least one clip with consent in each split"
        yield Finding("wrong", f"no clip with consent in {', '.join(empty)}", len(empty), fix=fix)
    spread = clips.groupby("clip_id").split.nunique()
    rows = (Row("clips.parquet", None, str(clip_id), "one split") for clip_id in spread.index[spread > 1])
    yield from found("wrong", "{n} id(s) in two splits", rows, "keep each clip in one split")
    if "mirror_of" in clips:
        lost = clips[clips.mirror_of.notna() & ~clips.mirror_of.isin(clips.clip_id)]
        rows = (Row("clips.parquet", int(str(at)), str(v), "the id of a clip") for at, v in lost.mirror_of.items())
        yield from found("odd", "{n} clip(s) mirror one that is not listed", rows)


def _captions(captions: pd.DataFrame, withheld: set[str], name: str) -> Iterator[Finding]:
    seen = captions[~captions.clip_id.isin(withheld)] if "clip_id" in captions else captions
    seen = zero_times(converted(zero_times(seen), RAW_CAPTIONS))
    yield from _table(seen, RAW_CAPTIONS, name)
    settings = [column for column in SETTINGS.columns if column in seen]
    if settings:
        yield from _table(converted(seen[settings], SETTINGS), SETTINGS, name)


def _table(table: pd.DataFrame, schema: pa.DataFrameSchema, name: str) -> Iterator[Finding]:
    refused = failures(table, schema)
    for column in dict.fromkeys(one.column for one in refused):
        of_column = [one for one in refused if one.column == column]
        rows = [Row(name, one.row, one.value or one.told, one.expected) for one in of_column]
        yield from found("wrong", f"{name}: {{n}} fault(s) in column {column}", rows, "correct the column")


def _packed(root: Path, clips: pd.DataFrame) -> Iterator[Finding]:
    for form in FORMS:
        path = root / f"{form}.npy"
        if not path.is_file() or not {"offset", "n_frames"} <= {*clips.columns}:
            continue
        try:
            length = (open_array(path, mapped=True).shape or (0,))[0]
        except CorpusError as error:
            yield Finding("wrong", f"{path.name}: {error.what}", fix=error.fix or "")
            continue
        places = clips[["clip_id", "offset", "n_frames"]].assign(
            offset=pd.to_numeric(clips.offset, errors="coerce"), n=pd.to_numeric(clips.n_frames, errors="coerce")
        )
        beyond = places[places.offset + places.n > length]
        rows = (
            Row("clips.parquet", int(str(at)), f"{r.clip_id!r} at {r.offset:g} + {r.n:g}", f"an end within {length:,}")
            for at, r in zip(beyond.index, beyond.itertuples(), strict=True)
        )
        yield from found(
            "wrong", f"{{n}} clip(s) lie beyond the end of {path.name}", rows, "correct offset, or pack again"
        )
        placed = places.dropna().sort_values("offset")
        over = placed[placed.offset < (placed.offset + placed.n).cummax().shift(fill_value=0)]
        rows = (Row("clips.parquet", int(str(at)), str(v), "frames of its own") for at, v in over.clip_id.items())
        yield from found("odd", f"{{n}} clip(s) share frames of {path.name} with another", rows)
