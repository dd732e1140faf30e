"""What the tables of a corpus must look like, and what to say when they do not."""

from pathlib import Path

import pandas as pd
import pandera.pandas as pa

from lib.corpus.splits import SPLITS
from lib.errors import CorpusError

_id = pa.Check.str_length(min_value=1)
_positive = pa.Check.gt(0)

CLIPS = pa.DataFrameSchema(
    {
        "clip_id": pa.Column(str, _id, unique=True),
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
        "start_s": pa.Column(float),
        "end_s": pa.Column(float),
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
        lib.errors.CorpusError: clips.parquet: 1 fault(s): column split, row 1: 'tset' is none of train, val, test; ...
    """
    try:
        schema.validate(table, lazy=True)
    except pa.errors.SchemaErrors as errors:
        # A check that cannot be computed on a column of the wrong type says no more than the type does.
        cases = errors.failure_cases[~errors.failure_cases.failure_case.astype(str).str.startswith("TypeError(")]
        told = [_told(case) for case in cases.head(3).to_dict("records")]
        more = "" if len(cases) <= 3 else f"; and {len(cases) - 3} more"
        raise CorpusError(
            f"{len(cases)} fault(s): {'; '.join(told)}{more}", where=where, fix="correct the table"
        ) from None
    return table


def missing_counts(clips: pd.DataFrame) -> dict[str, int]:
    """How many clips lack captions and how many lack motion, as `Provenance.missing` has it."""
    return {
        "clips without captions": int((~clips.has_captions).sum()),
        "clips without motion": int((~clips.has_motion).sum()),
    }


def _told(case: dict[str, object]) -> str:
    check, value = str(case["check"]), case["failure_case"]
    if check == "column_in_dataframe":
        return f"column {value} is missing"
    if check.startswith("dtype("):
        wanted = "str" if "string" in check else check[7:-2]
        if pd.isna(case["index"]):  # type: ignore[call-overload]
            return f"column {case['column']} is {value} instead of {wanted}"
        return f"column {case['column']}, row {case['index']}: {value!r} is no {wanted}"
    if check == "not_nullable":
        return f"column {case['column']}, row {case['index']}: no value"
    if check.startswith("isin("):
        wanted = "is none of " + check[6:-2].strip(",").replace("'", "")
    else:
        wanted = "occurs more than once" if check == "field_uniqueness" else f"fails {check}"
    shown = repr(value) if len(repr(value)) <= 60 else repr(value)[:57] + "…"
    return f"column {case['column']}, row {case['index']}: {shown} {wanted}"
