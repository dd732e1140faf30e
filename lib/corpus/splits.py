"""Split lists: which clip trains, validates, tests."""

from collections.abc import Collection, Iterable
from pathlib import Path

import pandas as pd

from lib.base.errors import CorpusError
from lib.corpus.findings import findings
from lib.corpus.foreign_files import check_ids, is_data, nfc, read_text

SPLITS = ("train", "val", "test")


def read_ids(path: Path) -> list[str]:
    """The ids of a list file, one a line, in order.

    Raises:
        CorpusError: the file is missing, unreadable, empty, or names an id twice or one that cannot name a file.
    """
    text = nfc(read_text(path, fix="put the split's id list there, one id a line"))
    ids = [line.strip() for line in text.split("\n") if line.strip()]
    if not ids:
        raise CorpusError("the split is empty", where=path, fix="list at least one id, one a line")
    check_ids(ids, path)
    check_unique(ids, path)
    return ids


def check_unique(ids: Iterable[str], where: str | Path) -> None:
    """Refuses an id that occurs twice.

    Raises:
        CorpusError: naming the first such ids and how many there are.
    """
    series = pd.Series(list(ids), dtype="str")
    twice = series[series.duplicated()].unique()
    if len(twice):
        shown = ", ".join(repr(str(i)[:40]) for i in twice[:3])
        raise CorpusError(f"{len(twice)} id(s) occur twice: {shown}", where=where, fix="keep one row for each id")


def read_splits(folder: Path) -> dict[str, list[str]]:
    """train, val and test from `<split>.txt` in a folder.

    Raises:
        CorpusError: a list is missing or empty, or an id is in two of them.
    """
    splits = {split: read_ids(folder / f"{split}.txt") for split in SPLITS}
    for one, other in (("train", "val"), ("train", "test"), ("val", "test")):
        both = sorted(set(splits[one]) & set(splits[other]))
        if both:
            shown = ", ".join(map(repr, both[:3]))
            fix = f"remove them from {one}.txt or {other}.txt"
            raise CorpusError(f"{len(both)} id(s) in both {one} and {other}: {shown}", where=folder, fix=fix)
    return splits


def read_subsets(folder: Path, known: Collection[str]) -> dict[str, list[str]]:
    """The other id lists beside the three splits (`all`, `train_val`, `nsim_test`, …), by name.

    Args:
        folder: where the lists lie.
        known: ids of the corpus; a text file of which less than half the lines are such ids is no id list.
    """
    lists: dict[str, list[str]] = {}
    for path in sorted(folder.glob("*.txt")):
        if not path.is_file() or not is_data(path.relative_to(folder)):
            continue
        ids = nfc(path.read_text(encoding="utf-8-sig", errors="replace")).split("\n")
        ids = [clip_id.strip() for clip_id in ids if clip_id.strip()]
        if path.stem not in SPLITS and 2 * sum(clip_id in known for clip_id in ids) > len(ids):
            lists[path.stem] = ids
    return lists


def divided_mirrors(clips: pd.DataFrame) -> pd.DataFrame:
    """Clips whose mirror sits in another split, as (clip_id, reason, detail).

    Such a pair leaks the test set into training. It is reported and kept, not refused: measuring leaks is what the
    report is for, and refusing to load would hide the worst of them.

    Args:
        clips: with clip_id, split, base_id.
    """
    first = clips.groupby("base_id").split.transform("first")
    bases = clips.base_id[clips.split != first].unique()
    pairs = clips[clips.base_id.isin(bases)]
    where = pairs.groupby("base_id").split.agg(lambda split: ", ".join(sorted(set(split))))
    reason = "clip and mirror in different splits"
    return findings([(c, reason, f"base {b}: {where[b]}") for c, b in zip(pairs.clip_id, pairs.base_id, strict=True)])
