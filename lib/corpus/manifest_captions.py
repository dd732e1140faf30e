"""The captions of a manifest: those the dataset is used with, and those of captioners that are to be compared."""

from collections.abc import Collection
from pathlib import Path

import pandas as pd

from lib.base.errors import CorpusError
from lib.corpus.findings import findings, sound_captions
from lib.corpus.manifest_table import RAW_CAPTIONS, normalise, read_table
from lib.corpus.schema import CAPTIONS, SETTINGS, validate

CANDIDATES = "captioner_captions.parquet"


def usable(
    raw: pd.DataFrame, listed: Collection[str], withheld: Collection[str], path: Path
) -> tuple[pd.DataFrame, pd.DataFrame, int]:
    """Captions with a text, of clips that are listed; those of withheld clips go before anything is looked at.

    Args:
        raw: the table as read.
        listed: ids of clips with consent.
        withheld: ids of clips without.
        path: the file to name.

    Returns:
        (captions, with prompt and temperature where the table has them; what was dropped; how many were withheld).

    Raises:
        CorpusError: a column is missing or has wrong values, or an id occurs twice.
    """
    seen = raw[~raw.clip_id.isin(withheld)] if "clip_id" in raw else raw
    captions = zero_times(normalise(zero_times(seen), RAW_CAPTIONS, path))
    columns = [*CAPTIONS.columns, *(c for c in SETTINGS.columns if c in captions)]
    captions, dropped = sound_captions(captions[columns], captions.clip_id.isin(listed), "caption of no listed clip")
    if len(columns) > len(CAPTIONS.columns):
        captions = normalise(captions, SETTINGS, path)
    return validate(captions, CAPTIONS, path), pd.concat(dropped, ignore_index=True), len(raw) - len(seen)


def read_candidates(
    root: Path, listed: Collection[str], withheld: Collection[str], taken: Collection[str]
) -> tuple[pd.DataFrame | None, pd.DataFrame, int]:
    """`captioner_captions.parquet`, as `usable` has it and always with prompt and temperature; None without the file.

    Args:
        root: the manifest's folder.
        listed: ids of clips with consent.
        withheld: ids of clips without.
        taken: ids of captions elsewhere, which embeddings could not tell apart.

    Returns:
        (captions or None, what was dropped, how many were withheld).

    Raises:
        CorpusError: as `usable`, or an id that is in captions.parquet too.
    """
    path = root / CANDIDATES
    if not path.is_file():
        return None, findings(), 0
    captions, dropped, n_withheld = usable(read_table(path), listed, withheld, path)
    both = captions.caption_id[captions.caption_id.isin(taken)]
    if len(both):
        told = f"{len(both)} caption id(s) are in captions.parquet too: {both.iloc[0]!r}"
        raise CorpusError(told, where=path, fix="give every caption an id of its own")
    return with_settings(captions), dropped, n_withheld


def with_settings(captions: pd.DataFrame) -> pd.DataFrame:
    """The captions with the columns prompt and temperature, null where nothing is told.

    Example:
        >>> with_settings(pd.DataFrame({"text": ["a man waves"]})).columns.tolist()
        ['text', 'prompt', 'temperature']
    """
    told = captions
    if "prompt" not in told:
        told = told.assign(prompt=pd.Series(None, index=told.index, dtype="str"))
    return told if "temperature" in told else told.assign(temperature=float("nan"))


def zero_times(captions: pd.DataFrame) -> pd.DataFrame:
    """Null times mean the whole clip, as `nan` does in HumanML3D's text files."""
    times = [column for column in ("start_s", "end_s") if column in captions]
    return captions.assign(**{column: captions[column].where(captions[column].notna(), 0.0) for column in times})
