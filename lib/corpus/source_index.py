"""HumanML3D's index.csv: the recording, and the frames of it, that each clip was cut from."""

import io
from pathlib import Path

import pandas as pd
import pandera.pandas as pa

from lib.base.errors import CorpusError
from lib.corpus.foreign_files import nfc, read_text
from lib.corpus.schema import validate

INDEX = pa.DataFrameSchema(
    {
        "source_path": pa.Column(str),
        "start_frame": pa.Column("int64", pa.Check.ge(0)),
        "end_frame": pa.Column("int64", pa.Check.ge(-1)),
        "new_name": pa.Column(str, pa.Check.str_endswith(".npy"), unique=True),
    },
    name="index",
)


def read_index(path: Path) -> pd.DataFrame | None:
    """The table as published (an end of -1 means "to the end of the recording"), or None if there is no such file.

    Raises:
        CorpusError: not readable as CSV, columns missing or of the wrong type, or a clip listed twice.
    """
    if not path.is_file():
        return None
    text = nfc(read_text(path, fix="take a fresh copy of index.csv"))
    try:
        table = pd.read_csv(io.StringIO(text), dtype={"source_path": "str", "new_name": "str"})
    except ValueError as error:
        fix = "take a fresh copy of index.csv"
        raise CorpusError(f"not a readable CSV file ({error})", where=path, fix=fix) from error
    return validate(table, INDEX, path)
