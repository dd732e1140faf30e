"""The text files of a HumanML3D folder, from `texts/` or straight from `texts.zip`."""

import os
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from lib.base.errors import CorpusError, refuse_limits
from lib.corpus.caption_line import parse
from lib.corpus.foreign_files import check_ids, is_data, nfc

FRESH = "take a fresh copy of the archive"
LARGEST = 1 << 20
"""Bytes of a text file; HumanML3D's largest has some 2,000, and what is larger by far is something else."""
FIELDS = "caption#word/POS word/POS#start#end"
Row = tuple[str, str, str, str, float, float]


def text_source(root: Path) -> Path:
    """`texts/` if it is there, else `texts.zip`.

    Raises:
        CorpusError: neither is there.
    """
    for name in ("texts", "texts.zip"):
        if (root / name).exists():
            return root / name
    raise CorpusError(
        "neither texts/ nor texts.zip", where=root, fix="put HumanML3D's texts.zip there, packed or unpacked"
    )


def read_captions(source: Path) -> tuple[list[Row], list[str]]:
    """Every caption as (clip_id, caption_id, text, tokens, start_s, end_s), and the ids of files without one.

    Lines end at a line feed and nowhere else, so carriage returns, tabs and Unicode separators inside a caption
    survive; blank lines are no captions.

    Raises:
        CorpusError: an unreadable archive or file, two files for one id, or a line without its four fields.
    """
    rows: list[Row] = []
    empty: list[str] = []
    wrong: list[str] = []
    seen: set[str] = set()
    for clip_id, raw in raw_files(source):
        where = f"{source}/{clip_id}.txt"
        if clip_id in seen:
            raise CorpusError(f"two text files for id {clip_id!r}", where=source, fix="keep one of them")
        seen.add(clip_id)
        try:
            lines = raw.decode("utf-8-sig").split("\n")
        except UnicodeDecodeError as error:
            raise CorpusError(f"not UTF-8 at byte {error.start}", where=where, fix="save the file as UTF-8") from error
        before = len(rows)
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                rows.append((clip_id, f"{clip_id}#{len(rows) - before}", *parse(line)))
            except ValueError as error:
                wrong.append(f"{where}:{number}: {error}")
        if len(rows) == before:
            empty.append(clip_id)
    if wrong:
        more = f" (and {len(wrong) - 1} more such lines)" if len(wrong) > 1 else ""
        raise CorpusError(f"{wrong[0]}{more}", fix=f"every caption line must read {FIELDS}")
    return rows, empty


def raw_files(source: Path) -> Iterator[tuple[str, bytes]]:
    """Every text file's id, composed (NFC), and bytes, from a folder or an archive; see `foreign_files.is_data`.

    Raises:
        CorpusError: an unreadable archive or file, one that is too large for a text, or a name that is not UTF-8.
    """
    for clip_id, raw in _archived(source) if source.suffix == ".zip" else _unpacked(source):
        check_ids((clip_id,), source)
        yield nfc(clip_id), raw


def _unpacked(folder: Path) -> Iterator[tuple[str, bytes]]:
    try:
        # Strings, not Paths: at 29,228 files the difference is seconds.
        texts = (entry for entry in os.scandir(folder) if entry.name.endswith(".txt") and entry.is_file())
        for name in sorted(entry.name for entry in texts if not entry.name.startswith(".")):
            with open(os.path.join(folder, name), "rb") as stream:
                raw = stream.read(LARGEST + 1)
            _check_size(len(raw), name, folder)
            yield name.removesuffix(".txt"), raw
    except OSError as error:
        refuse_limits(error)
        where = error.filename or folder
        raise CorpusError(f"cannot be read ({error.strerror})", where=where, fix="check the file") from error


def _archived(archive: Path) -> Iterator[tuple[str, bytes]]:
    if not archive.is_file():
        raise CorpusError("is no file that can be read to its end", where=archive, fix=FRESH)
    try:
        with zipfile.ZipFile(archive) as opened:
            for member in opened.infolist():
                path = PurePosixPath(member.filename.replace("\\", "/"))
                if not path.parts:
                    raise CorpusError("a member has no name", where=archive, fix=FRESH)
                if path.is_absolute() or ".." in path.parts or ":" in path.parts[0]:
                    raise CorpusError(
                        f"member {member.filename!r} points outside its folder",
                        where=archive,
                        fix=FRESH,
                    )
                if not member.is_dir() and path.suffix == ".txt" and is_data(path):
                    _check_size(member.file_size, member.filename, archive)
                    yield path.stem, opened.read(member)
    except (zipfile.BadZipFile, zlib.error, struct.error, EOFError, RuntimeError, OSError, ValueError) as error:
        refuse_limits(error)
        raise CorpusError(f"not a readable zip archive ({error})", where=archive, fix=FRESH) from error


def _check_size(size: int, name: str, where: Path) -> None:
    if size > LARGEST:
        told = f"text file {name!r} has more than {LARGEST:,} bytes"
        raise CorpusError(told, where=where, fix="leave only files of captions there")
