"""What the tables of a corpus must look like, and what to say when they do not."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pandera.pandas as pa

from lib.base.errors import CorpusError
from lib.corpus.splits import SPLITS

_id = pa.Check.str_length(min_value=1)
_positive = pa.Check.gt(0)
_name = pa.Check(lambda ids: ~ids.str.contains("\0", regex=False), error="a name without a NUL character")
_finite = pa.Check(np.isfinite, element_wise=True, error="a finite number")

CLIPS = pa.DataFrameSchema(
    {
        "clip_id": pa.Column(str, [_id, _name], unique=True),
        "split": pa.Column(str, pa.Check.isin(SPLITS)),
        "fps": pa.Column(float, _positive),
        "n_frames": pa.Column("Int64", _positive, nullable=True),
        "source": pa.Column(str, nullable=True),
        "body_mode": pa.Column(str, pa.Check.isin(("full", "upper"))),
        "person_count": pa.Column("int64", pa.Check.ge(0)),
        "consent": pa.Column(bool, pa.Check.eq(True)),
        "mirror_of": pa.Column(str, nullable=True),
        "base_id": pa.Column(str, _id),
        "has_motion": pa.Column(bool),
        "has_captions": pa.Column(bool),
    },
    name="clips",
)
"""Clips as every loader returns them; further columns are labels."""

CAPTIONS = pa.DataFrameSchema(
    {
        "clip_id": pa.Column(str, _id),
        "caption_id": pa.Column(str, _id, unique=True),
        "text": pa.Column(str, _id),
        "captioner": pa.Column(str),
        "tokens": pa.Column(str, nullable=True),
        "start_s": pa.Column(float, _finite),
        "end_s": pa.Column(float, _finite),
    },
    name="captions",
)
"""Captions as every loader returns them."""

SETTINGS = pa.DataFrameSchema(
    {
        "prompt": pa.Column(str, nullable=True, required=False),
        "temperature": pa.Column(float, pa.Check.ge(0), nullable=True, required=False),
    },
    name="settings",
)
"""How a caption was asked for, where it is told."""


def validate(table: pd.DataFrame, schema: pa.DataFrameSchema, where: str | Path) -> pd.DataFrame:
    """Checks a table against a schema, gathering every fault before it speaks.

    Args:
        table: what was read.
        schema: what is wanted; further columns pass.
        where: the file to name.

    Returns:
        The table.

    Raises:
        CorpusError: one line with the first faults: column, row, value, and what was wanted.

    Example:
        >>> table = pd.DataFrame({"clip_id": ["a", "b"], "split": ["train", "tset"]})
        >>> schema = pa.DataFrameSchema({"split": CLIPS.columns["split"]})
        >>> validate(table, schema, "clips.parquet")  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        lib.base.errors.CorpusError: clips.parquet: 1 fault(s): column split, row 1: 'tset' is none of train, ...; ...
    """
    if found := failures(table, schema):
        told = "; ".join(map(str, found[:3])) + ("" if len(found) <= 3 else f"; and {len(found) - 3} more")
        raise CorpusError(f"{len(found)} fault(s): {told}", where=where, fix="correct the table")
    return table


@dataclass(frozen=True)
class Failure:
    """What a schema refuses: a value by its row, or a whole column where the row is None."""

    column: str
    row: int | None
    value: str
    expected: str
    told: str

    def __str__(self) -> str:
        """Column, row and what is wrong, in a few words."""
        return f"column {self.column}" + (f" {self.told}" if self.row is None else f", row {self.row}: {self.told}")


def failures(table: pd.DataFrame, schema: pa.DataFrameSchema) -> list[Failure]:
    """Everything that a schema refuses in a table, in its own order; rows are those of the table's index.

    Example:
        >>> schema = pa.DataFrameSchema({"split": CLIPS.columns["split"]})
        >>> failures(pd.DataFrame({"split": ["tset"]}), schema)[0].expected
        'one of train, val, test'
    """
    try:
        schema.validate(table, lazy=True)
    except pa.errors.SchemaErrors as errors:
        # A check that cannot be computed on a column of the wrong type says no more than the type does.
        cases = errors.failure_cases[~errors.failure_cases.failure_case.astype(str).str.startswith("TypeError(")]
        return [_failure(case) for case in cases.to_dict("records")]
    return []


def missing_counts(clips: pd.DataFrame) -> dict[str, int]:
    """How many clips lack captions and how many lack motion, as `Provenance.missing` has it."""
    return {
        "clips without captions": int((~clips.has_captions).sum()),
        "clips without motion": int((~clips.has_motion).sum()),
    }


def _failure(case: dict[str, object]) -> Failure:
    check, value, column = str(case["check"]), case["failure_case"], str(case["column"])
    if check == "column_in_dataframe":
        return Failure(str(value), None, "", "a column", "is missing")
    row = None if pd.isna(case["index"]) else int(str(case["index"]))  # type: ignore[call-overload]
    if check.startswith("dtype("):
        wanted = "str" if "string" in check else check[7:-2]
        if row is None:
            return Failure(column, None, str(value), wanted, f"is {value} instead of {wanted}")
        return Failure(column, row, repr(value), wanted, f"{value!r} is no {wanted}")
    if check == "not_nullable":
        return Failure(column, row, "", "a value", "no value")
    shown = repr(value) if len(repr(value)) <= 60 else repr(value)[:57] + "…"
    if check.startswith("isin("):
        wanted = check[6:-2].strip(",").replace("'", "")
        return Failure(column, row, shown, f"one of {wanted}", f"{shown} is none of {wanted}")
    if check == "field_uniqueness":
        return Failure(column, row, shown, "a value of its own", f"{shown} occurs more than once")
    return Failure(column, row, shown, check, f"{shown} fails {check}" if "(" in check else f"{shown} is not {check}")
