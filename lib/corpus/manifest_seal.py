"""What ties the tables and the packed arrays of one writing together: a record in the metadata of the tables."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import BaseModel, Field, ValidationError

from lib.base.errors import CorpusError, refuse_limits
from lib.base.hashes import file_sha256, text_sha256
from lib.motion.motion_array import open_array

CLIPS, CAPTIONS, ARRAYS = "clips.parquet", "captions.parquet", ("joints.npy", "features.npy")
KEY = b"lib.manifest"
FIX = "import again or take a fresh copy of the whole folder; if you changed it yourself, write clips.parquet again"

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Packed(BaseModel, extra="forbid"):
    """A packed array as the tables were written for it: its rows, and the SHA-256 of its file."""

    rows: int
    sha256: Sha256


class Seal(BaseModel, extra="forbid"):
    """The record.

    Attributes:
        writing: SHA-256 of all that was written together; both tables carry it.
        arrays: by file name, the packed arrays that `offset` and `n_frames` address; of clips.parquet alone.
    """

    writing: Sha256
    arrays: dict[str, Packed] = {}


def write_tables(folder: Path, clips: pd.DataFrame, captions: pd.DataFrame) -> None:
    """Writes clips.parquet and captions.parquet, with the record of the packed arrays that lie beside them.

    Args:
        folder: with joints.npy and/or features.npy, if there are packed motions.
        clips: the table of clips.
        captions: the table of captions.

    Raises:
        OSError: the disk is full or cannot be written.
    """
    arrays = {
        name: Packed(rows=len(open_array(folder / name, mapped=True)), sha256=file_sha256(folder / name))
        for name in ARRAYS
        if (folder / name).is_file()
    }
    content = [clips.to_csv(index=False), captions.to_csv(index=False), *(one.sha256 for one in arrays.values())]
    writing = text_sha256("\0".join(content))
    _write(folder / CAPTIONS, captions, Seal(writing=writing))
    _write(folder / CLIPS, clips, Seal(writing=writing, arrays=arrays))


def read(root: Path) -> Seal | None:
    """The record of a manifest, or None where the tables were written by something else.

    The lengths of the arrays and the writing of the captions are compared with it; hashes are left to `check_hashes`.

    Args:
        root: the manifest's folder.

    Raises:
        CorpusError: an array or table that is here is not the one that clips.parquet was written with.
    """
    seal = _read(root / CLIPS)
    if seal is None:
        return None
    for name, packed in seal.arrays.items():
        path = root / name
        if path.is_file() and (rows := len(open_array(path, mapped=True))) != packed.rows:
            raise CorpusError(f"holds {rows:,} rows where {CLIPS} was written for {packed.rows:,}", where=path, fix=FIX)
    captions = _read(root / CAPTIONS)
    if captions is not None and captions.writing != seal.writing:
        what = f"was not written together with {CLIPS}"
        raise CorpusError(what, where=root / CAPTIONS, fix="import again or take a fresh copy of the whole folder")
    return seal


def check_hashes(seal: Seal | None, root: Path, sha256: Mapping[str, str]) -> None:
    """Compares the content of packed arrays with what the tables were written for.

    Args:
        seal: of the manifest's tables.
        root: the manifest's folder.
        sha256: hashes of its files by name; an array that is not among them is not there.

    Raises:
        CorpusError: an array of the same length and other content.
    """
    for name, packed in seal.arrays.items() if seal is not None else ():
        if sha256.get(name, packed.sha256) != packed.sha256:
            raise CorpusError(f"holds other motions than {CLIPS} was written for", where=root / name, fix=FIX)


def _write(path: Path, table: pd.DataFrame, seal: Seal) -> None:
    content = pa.Table.from_pandas(table, preserve_index=False)
    known = content.schema.metadata or {}
    pq.write_table(content.replace_schema_metadata({**known, KEY: seal.model_dump_json().encode()}), path)


def _read(path: Path) -> Seal | None:
    if not path.is_file():
        return None  # a named pipe would be waited for without end
    try:
        raw = (pq.read_schema(path).metadata or {}).get(KEY)
    except (OSError, pa.ArrowException) as error:
        refuse_limits(error)
        return None  # whoever reads the table says what is wrong with it
    if raw is None:
        return None
    try:
        return Seal.model_validate_json(raw)
    except ValidationError:
        what = "its record of the arrays it was written for is damaged"
        raise CorpusError(what, where=path, fix="import again or take a fresh copy of the folder") from None
