"""The two tables of a manifest, read, freed of rows without consent, and only then looked at."""

from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pandas as pd
import pandera.pandas as pa
import pyarrow
from pyarrow import ArrowException, types
from pyarrow import parquet as pq

from lib.base.errors import CorpusError, refuse_limits
from lib.corpus.schema import CAPTIONS, CLIPS, SETTINGS, validate

_COUNT = pa.Column("Int64", pa.Check.ge(0))
RAW_CLIPS = pa.DataFrameSchema(
    {name: CLIPS.columns[name] for name in ("clip_id", "split", "fps", "n_frames", "source", "body_mode", "mirror_of")}
    | {"offset": pa.Column("Int64", pa.Check.ge(0), nullable=True), "person_count": _COUNT}
)
RAW_CAPTIONS = pa.DataFrameSchema({**CAPTIONS.columns, "text": pa.Column(str, nullable=True)})
IDS = {"clip_id", "caption_id", "mirror_of"}
PLAIN = {*CLIPS.columns, *CAPTIONS.columns, *SETTINGS.columns, "offset"}
MANIFEST = "clips.parquet and captions.parquet in the manifest layout"


def read_table(path: Path) -> pd.DataFrame:
    """A parquet file as a table; ids are composed (NFC), as names of files are.

    Raises:
        CorpusError: missing, unreadable, text that is not UTF-8, or a list, an object or bytes where a text or a number
            should be.
    """
    if not path.is_file():
        told = "is no file" if path.exists() else "no such file"
        raise CorpusError(told, where=path, fix=f"a manifest needs {MANIFEST}")
    try:
        arrow = pq.read_table(path, partitioning=None)
        _check_types(arrow.schema, path)
        arrow.validate(full=True)
        table: pd.DataFrame = arrow.to_pandas()
    except (OSError, ValueError, ArrowException) as error:
        refuse_limits(error)
        raise CorpusError(f"not a readable parquet file ({error})", where=path, fix="write the table again") from error
    for name in IDS & {*table.columns}:
        if table[name].dtype == "str":
            table[name] = table[name].str.normalize("NFC")
    return table


def _check_types(schema: pyarrow.Schema, path: Path) -> None:
    for column in schema:
        if column.name in PLAIN and (types.is_nested(column.type) or _is_binary(column.type)):
            kind = "bytes" if _is_binary(column.type) else f"{column.type} values"
            told = f"column {column.name} holds {kind} where a text or a number should be"
            raise CorpusError(told, where=path, fix="write one plain value a row")


def _is_binary(kind: pyarrow.DataType) -> bool:
    return bool(types.is_binary(kind) or types.is_large_binary(kind) or types.is_fixed_size_binary(kind))


def with_consent(clips: pd.DataFrame, path: Path) -> tuple[pd.DataFrame, set[str], dict[str, int]]:
    """Clips whose consent is true, before anything else is checked, so that no message can quote another row.

    An id is withheld as soon as one of its rows lacks consent, and so is every clip that mirrors a withheld one, be it
    through other mirrors.

    Returns:
        (clips with consent, withheld ids: for filtering captions only, counts by reason).

    Raises:
        CorpusError: no clip_id or consent column, consent that is neither true, false nor null, or mirrors in a circle.
    """
    for column in ("clip_id", "consent"):
        if column not in clips:
            raise CorpusError(f"column {column} is missing", where=path, fix=f"a manifest needs {MANIFEST}")
    consent = clips.consent
    if not consent.map(lambda value: pd.isna(value) or isinstance(value, bool)).all():
        told = f"column consent is {consent.dtype} instead of bool"
        raise CorpusError(told, where=path, fix="write true, false or null")
    refused = set(clips.clip_id[~consent.map(lambda value: value is True).astype(bool)])
    mirrors = _mirrors(clips, refused, path) - refused if "mirror_of" in clips else set()
    counts = {
        "consent": int(clips.clip_id.isin(refused).sum()),
        "consent of the mirrored clip": int(clips.clip_id.isin(mirrors).sum()),
    }
    withheld = refused | mirrors
    return clips[~clips.clip_id.isin(withheld)].copy(), withheld, {reason: n for reason, n in counts.items() if n}


def _mirrors(clips: pd.DataFrame, refused: set[str], path: Path) -> set[str]:
    """The clips whose chain of mirrors passes a refused clip; all chains are followed, so that none may be a circle."""
    of: dict[str, set[str]] = {}
    for clip, original in clips[["clip_id", "mirror_of"]].itertuples(index=False):
        if isinstance(clip, str) and isinstance(original, str):
            of.setdefault(clip, set()).add(original)
    try:
        originals_first = [*TopologicalSorter(of).static_order()]
    except CycleError as error:
        told = f"mirror_of of {len(set(error.args[1])):,} clip(s) leads in a circle"
        raise CorpusError(told, where=path, fix="let each mirror name the clip that it was made from") from None
    withheld = set(refused)
    for clip in originals_first:
        if of.get(clip, set()) & withheld:
            withheld.add(clip)
    return withheld


def normalise(table: pd.DataFrame, schema: pa.DataFrameSchema, path: Path) -> pd.DataFrame:
    """The table as `converted` has it, checked.

    Raises:
        CorpusError: what `validate` finds.
    """
    return validate(converted(table, schema), schema, path)


def converted(table: pd.DataFrame, schema: pa.DataFrameSchema) -> pd.DataFrame:
    """The table in the schema's types, converted within a kind only: whole floats to counts, any number to float.

    Text that looks like a number stays text and is refused by the schema.
    """
    table = table.copy()
    for name, column in schema.columns.items():
        if name not in table:
            continue
        series, wanted = table[name], str(column.dtype)
        kind = pd.api.types.infer_dtype(series, skipna=True)
        if wanted.startswith("str") and kind in ("string", "empty"):
            table[name] = series.astype("str")
        elif wanted == "float64" and kind in ("floating", "integer", "mixed-integer-float"):
            table[name] = series.astype("float64")
        elif wanted == "Int64" and (kind in ("integer", "empty") or (kind == "floating" and _whole(series))):
            table[name] = series.astype("Int64")
    return table


def _whole(series: "pd.Series[float]") -> bool:
    return bool((series.dropna() % 1 == 0).all())
