"""The lists, texts and tables of a HumanML3D folder, gone through line by line."""

from collections.abc import Iterator
from pathlib import Path

from lib.base.errors import CorpusError
from lib.corpus.caption_line import parse
from lib.corpus.feature_statistics import read_feature_statistics
from lib.corpus.foreign_files import nfc, read_text
from lib.corpus.humanml3d import read_index
from lib.corpus.splits import SPLITS
from lib.corpus.text_files import FIELDS, raw_files, text_source
from lib.own_data.diagnosis import Finding, Row, found

OPTIONAL = {
    "index.csv": "which clips come from one recording is not known, nor which faults of the release apply",
    "new_joint_vecs": "features are made from new_joints where those are there",
    "new_joints": "joints are recovered from the features",
}


def findings(root: Path) -> Iterator[Finding]:
    """What is wrong or missing in the files themselves, before anything is joined."""
    yield from _lists(root)
    yield from _texts(root)
    for name, meaning in OPTIONAL.items():
        if not (root / name).exists():
            yield Finding("missing", f"{name}: {meaning}")
    for read, name in ((read_index, "index.csv"), (read_feature_statistics, "")):
        try:
            read(root / name)
        except CorpusError as error:
            yield Finding("wrong", str(error))


def _lists(root: Path) -> Iterator[Finding]:
    first: dict[str, tuple[str, int]] = {}
    twice: list[Row] = []
    crossing: list[Row] = []
    for split in SPLITS:
        name = f"{split}.txt"
        lines = _lines(root / name)
        if isinstance(lines, str):
            yield Finding("wrong", f"{name} {lines}", fix="put the list of the split's ids there, one a line")
            continue
        for number, line in enumerate(lines, start=1):
            clip_id = line.strip()
            where, at = first.setdefault(clip_id, (name, number))
            if clip_id and (where, at) != (name, number):
                row = Row(name, number, clip_id, f"each id once; it is in {where}, row {at}")
                (twice if where == name else crossing).append(row)
    yield from found("wrong", "{n} id(s) listed twice", twice, "keep one of them")
    yield from found("wrong", "{n} id(s) in two splits", crossing, "keep each clip in one split")


def _lines(path: Path) -> list[str] | str:
    try:
        lines = nfc(read_text(path, fix="")).split("\n")
    except CorpusError as error:
        return f"is {error.what}" if path.is_file() else "is not there"
    return lines if any(line.strip() for line in lines) else "is empty"


def _texts(root: Path) -> Iterator[Finding]:
    wrong, undecoded, twice = [], [], []
    seen: set[str] = set()
    try:
        source = text_source(root)
        for clip_id, raw in raw_files(source):
            file = f"{source.name}/{clip_id}.txt"
            if clip_id in seen:
                twice.append(Row(file, None, clip_id, "one text file an id"))
            seen.add(clip_id)
            try:
                lines = raw.decode("utf-8-sig").split("\n")
            except UnicodeDecodeError as error:
                undecoded.append(Row(file, None, f"byte {error.start}", "UTF-8"))
                continue
            for number, line in enumerate(lines, start=1):
                if line.strip() and (fault := _fault(line)):
                    wrong.append(Row(file, number, line, f"{FIELDS} ({fault})"))
    except CorpusError as error:
        yield Finding("wrong", str(error))
    yield from found("wrong", "{n} caption line(s) without their four fields", wrong, "correct the lines")
    yield from found("wrong", "{n} text file(s) that are not UTF-8", undecoded, "save them as UTF-8")
    yield from found("wrong", "{n} id(s) with two text files", twice, "keep one of them")


def _fault(line: str) -> str:
    try:
        parse(line)
    except ValueError as error:
        return str(error)
    return ""
