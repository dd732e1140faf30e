"""Writes the curated training set of a profile: by partitions of clips, resumable, put in place whole."""

import json
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from lib.base.errors import UserError
from lib.base.hashes import digest, file_sha256, text_sha256
from lib.base.imported_code import imported_files
from lib.base.paths import ROOT
from lib.corpus.splits import SPLITS
from lib.dataset.account import About, account
from lib.dataset.caption_files import annotation
from lib.dataset.clip_files import MOTIONS, TEXTS, array_file, clip_files, clip_table, text_file
from lib.dataset.croissant import TABLES
from lib.dataset.documents import PROVENANCE, write_documents
from lib.dataset.members import Member
from lib.dataset.parameters import DatasetParameters
from lib.dataset.part import Part, check_place, is_whole
from lib.dataset.part_files import MADE
from lib.dataset.selection import CAPTIONS, Selection, select
from lib.dataset.shards import Sample, shard_files, shard_names, write_plan
from lib.dataset.statistics import training_statistics
from lib.dataset.upstream import Upstream

LEAK_FREE = "test_leak_free"
UNUSABLE = "motion that cannot be used"
ROWS = 1024
"""Clips of a partition, and about so many of one of shards."""


@dataclass(frozen=True)
class Exported:
    """What was written.

    Attributes:
        made: files that this run made; 0 where the export was there already.
        bytes: of all files.
        clips: in all splits.
        captions: of them.
    """

    made: int
    bytes: int
    clips: int
    captions: int


def export(
    dest: Path,
    members: Sequence[Member],
    upstream: Upstream,
    asked: DatasetParameters,
    about: About,
    *,
    captioner: str | None = None,
    rows: int = ROWS,
) -> Exported:
    """Writes an export, or goes on with one that was cut short.

    Args:
        dest: its folder; an earlier export there is replaced when the new one is whole.
        members: the corpora, the benchmark first.
        upstream: results of the profile.
        asked: the block `dataset` of the parameter file.
        about: where it comes from.
        captioner: the chosen one, where `asked` names none.
        rows: clips of a partition; the files are the same whatever it is.

    Raises:
        UserError: `dest` holds what is of no export, or the disk is full or cannot be written.
        RunError: likewise while partitions are made, or a motion's file cannot be read.
    """
    check_place(dest)
    key = _key(members, upstream, asked, about, captioner)
    if (there := _earlier(dest, key)) is not None:
        return there
    named = asked.captioners or ([captioner] if captioner else [])
    chosen = select(members, upstream, captioners=named, strict=bool(asked.captioners), mirrors=asked.mirrors)
    part: Part | None = None
    try:
        dest.parent.mkdir(parents=True, exist_ok=True)
        part = Part(dest, key)
        written = _clips(part, chosen, members, rows)
        counted = account(written, list(members), upstream)
        _layout(part, written, rows)
        shards = _shards(part, written, asked, rows)
        _tables(part, written)
        write_documents(part, key, about, counted, list(members), written.notes, shards)
        check_place(dest)
        part.finish()
    except OSError as error:
        fix = "free space, or name another folder, then run again: it goes on where it was"
        raise UserError(f"cannot be written ({error.strerror or error})", where=dest, fix=fix) from error
    finally:
        if part is not None:
            part.close()
    return Exported(part.made, part.size(), counted.clips, counted.captions)


def _key(
    members: Sequence[Member], upstream: Upstream, asked: DatasetParameters, about: About, captioner: str | None
) -> str:
    """One digest of all that the files depend on: data, results, parameters, and the code that writes them."""
    code = imported_files("import lib.dataset.export")
    parts = {file.relative_to(ROOT).as_posix(): file_sha256(file) for file in code}
    for member in members:
        parts |= {f"{member.key}/{name}": sha256 for name, sha256 in member.corpus.provenance.files.items()}
    settled = {
        "members": [(one.key, one.corpus.name, one.private, one.corpus.provenance.licence) for one in members],
        "asked": asked.model_dump(),
        "captioner": captioner,
        "profile": [about.profile, about.description, about.date],
        "parameters": about.parameters,
        "upstream": upstream.sha256,
    }
    return digest([*parts.items(), ("settled", text_sha256(json.dumps(settled, sort_keys=True, default=str)))])


def _earlier(dest: Path, key: str) -> Exported | None:
    """What lies there, where it was made of the very same and every file is as it was."""
    try:
        record = json.loads((dest / PROVENANCE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if record.get("key") != key or not is_whole(dest):
        return None
    size = sum(path.stat().st_size for path in dest.rglob("*") if path.is_file())
    return Exported(0, size, record["counts"]["clips"], record["counts"]["captions"])


def _clips(part: Part, chosen: Selection, members: Sequence[Member], rows: int) -> Selection:
    """Writes motion and text of every clip; the selection without those that have no motion after all."""
    table = clip_table(chosen, members)
    lacking = [MOTIONS.format(name) not in part or TEXTS.format(name) not in part for name in table["id"]]
    roots = {member.key: str(member.corpus.provenance.root) for member in members}
    if any(lacking):
        part.add_all(clip_files, table[lacking], step="clips", rows=rows, roots=roots)
    frames = {name: part.note(file) for name in table["id"] if (file := MOTIONS.format(name)) in part}
    written = chosen.without([(name, UNUSABLE) for name in table["id"] if name not in frames])
    return replace(written, clips=written.clips.assign(frames=written.clips["id"].map(frames).astype("int64")))


def _layout(part: Part, written: Selection, rows: int) -> None:
    """The files that the public loaders read beside the motions."""
    clips = written.clips
    lists = {split: clips.loc[clips["split"] == split, "id"].tolist() for split in SPLITS}
    if clips["leak_free"].notna().any():
        lists[LEAK_FREE] = clips.loc[clips["leak_free"].fillna(False), "id"].tolist()
    for name, ids in lists.items():
        for folder in ("", "splits/"):
            part.write(f"{folder}{name}.txt", text_file(ids))
    if not {f"{name}.npy" for name in ("Mean", "Std")} <= {*part.names()}:
        found = training_statistics(part, lists["train"], rows)
        for name, array in (("Mean", found.mean), ("Std", found.std)):
            part.write(f"{name}.npy", array_file(array))
    part.add("annotations.json", partial(_annotations, written))


def _annotations(written: Selection, path: Path) -> None:
    frames = dict(zip(written.clips["id"], written.clips["frames"], strict=True))
    with path.open("w", encoding="utf-8") as stream:
        before = "{\n"
        for clip_id, captions in _said(written.captions):
            entry = annotation(clip_id, int(frames[clip_id]), captions)
            stream.write(f"{before}{json.dumps(clip_id)}: {json.dumps(entry, ensure_ascii=False)}")
            before = ",\n"
        stream.write("\n}\n")


def _shards(part: Part, written: Selection, asked: DatasetParameters, rows: int) -> int:
    """The WebDataset shards, where they are asked for; how many there are."""
    if not asked.webdataset:
        return 0
    of_split = {split: written.clips[written.clips["split"] == split] for split in SPLITS}
    clips = {
        name: some.iloc[number * asked.shard_clips : (number + 1) * asked.shard_clips]
        for split, some in of_split.items()
        for number, name in enumerate(shard_names(split, len(some), asked.shard_clips))
    }
    places = written.captions.groupby("id").indices
    if lacking := [name for name in clips if name not in part]:
        plan = part.folder / MADE / "shards.parquet"
        write_plan(((name, _samples(clips[name], written.captions, places)) for name in lacking), plan)
        part.add_all(shard_files, plan, step="shards", rows=max(1, rows // asked.shard_clips))
    return len(clips)


def _samples(clips: pd.DataFrame, captions: pd.DataFrame, places: Mapping[Hashable, Any]) -> list[Sample]:
    said = dict(_said(captions.iloc[np.concatenate([places[clip_id] for clip_id in clips["id"]])]))
    plain = clips.astype(object).where(clips.notna(), None)
    records = [{str(name): value for name, value in row.items()} for row in plain.to_dict("records")]
    return [{**row, "captions": said[row["id"]]} for row in records]


def _said(captions: pd.DataFrame) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """The captions of each clip: ``text, captioner, tokens, start_s, end_s``."""
    columns = ["text", "captioner", "tokens", "start_s", "end_s"]
    for clip_id, some in captions.groupby("id", sort=False)[columns]:
        rows = some.itertuples(index=False, name=None)
        yield str(clip_id), [dict(zip(columns, row, strict=True)) for row in rows]


def _tables(part: Part, written: Selection) -> None:
    for name, table in zip(TABLES, (written.clips, written.captions[CAPTIONS]), strict=True):
        part.add(name, partial(table.to_parquet, index=False))
