"""The clips of an import: which BVH file each row of the captions means, and what the rows say of its clip."""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pandas as pd

from lib.base.errors import CorpusError
from lib.corpus.foreign_files import check_ids, is_data, nfc
from lib.motion.recording import READERS
from lib.own_data.captions_csv import CONSENT, OF_CLIPS, Line
from lib.own_data.source_split import by_source


def files_in(folder: Path) -> dict[str, Path]:
    """The BVH and GLB files of a folder and its subfolders, by path without suffix, composed (NFC) as people type it.

    Files that no person named are none: see `foreign_files.is_data`.

    Raises:
        CorpusError: there are none, two would be the same clip, or a name is not UTF-8.
    """
    below = (path for path in folder.rglob("*") if path.suffix.lower() in READERS and path.is_file())
    found = sorted(path for path in below if is_data(path.relative_to(folder)))
    if not found:
        what = "no BVH or GLB files" if folder.is_dir() else "no such folder"
        raise CorpusError(what, where=folder, fix="name a folder that holds files ending in .bvh or .glb")
    keys = [nfc(path.relative_to(folder).with_suffix("").as_posix()) for path in found]
    check_ids(keys, folder)
    ids = [clip_id(key) for key in keys]
    twice = next((one for one in ids if ids.count(one) > 1), None)
    if twice is not None:
        raise CorpusError(f"two files would be clip {twice!r}", where=folder, fix="rename one of them")
    return dict(zip(keys, found, strict=True))


def clip_id(key: str) -> str:
    """The id of a file's clip, which is also fit to name a file.

    Example:
        >>> clip_id("monday/walk")
        'monday__walk'
    """
    return key.replace("/", "__")


def key_of(file: str, files: Iterable[str]) -> str | None:
    r"""The file that a row means by its path below the folder, with or without the suffix.

    Example:
        >>> key_of("monday\\walk.bvh", ["monday/walk"])
        'monday/walk'
    """
    said = file.replace("\\", "/").removeprefix("./")
    bare = said[:-4] if said.lower().endswith(tuple(READERS)) else said
    return next((key for key in (said, bare) if key in files), None)


def lines_by_file(lines: Sequence[Line], files: Mapping[str, Path], where: Path) -> dict[str, list[Line]]:
    """The rows of each file, empty for a file without.

    Raises:
        CorpusError: a row names no file, by its line; rows of one file that disagree about the clip.
    """
    found: dict[str, list[Line]] = {key: [] for key in files}
    unknown = []
    for line in lines:
        key = key_of(line.file, files)
        if key is None:
            unknown.append(line)
            continue
        found[key].append(line)
        for name, value in line.clip.items():
            first = found[key][0]
            if value != first.clip[name]:
                told = f"{name} of {line.file!r} is {value!r}, and {first.clip[name]!r} in line {first.number}"
                raise CorpusError(told, where=f"{where}:{line.number}", fix="say the same of a clip in all of its rows")
    if unknown:
        near = difflib.get_close_matches(unknown[0].file, list(files), n=1, cutoff=0.4)
        hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(list(files)[:3])}, …"
        more = f" (and {len(unknown) - 1} more such rows)" if len(unknown) > 1 else ""
        told = f"no BVH file {unknown[0].file[:60]!r}{more}"
        raise CorpusError(told, where=f"{where}:{unknown[0].number}", fix=hint)
    return found


def clips(rows: Mapping[str, Sequence[Line]], where: Path, *, seed: int, agreed: bool) -> pd.DataFrame:
    """One row a file: clip_id, split, source, body_mode, person_count, consent, mirror_of, and labels.

    Args:
        rows: of each file.
        where: the table to name.
        seed: of the splits by recording, where the table names none.
        agreed: everybody agreed; needed where the table has no column `consent`.

    Raises:
        CorpusError: consent is told nowhere or given by nobody, some clips have a split and some have none, or a mirror
            of no file.
    """
    known = next(lines[0].clip for lines in rows.values() if lines)
    if "consent" not in known and not agreed:
        fix = "add a column consent (true or false), or give --consent if everybody in the recordings agreed"
        raise CorpusError("nothing says that the people recorded agreed", where=where, fix=fix)
    told = {key: lines[0].clip if lines else dict.fromkeys(known, "") for key, lines in rows.items()}
    table = pd.DataFrame([_clip(key, told, where, agreed=agreed) for key in told])
    if not table.consent.any():
        raise CorpusError("no clip has consent", where=where, fix="write true in the column consent of those that have")
    bare = table.consent & (table.split == "")
    if bare.any() and (table.consent & ~bare).any():
        told_of = f"{table.clip_id[bare].iloc[0]!r} has no split, others have one"
        raise CorpusError(told_of, where=where, fix="name the split of all or of none")
    if bare.any():
        table.loc[bare, "split"] = by_source(table.source[bare].tolist(), seed=seed)
    return table.assign(split=table.split.where(table.split != "", "train"))


def _clip(key: str, told: Mapping[str, dict[str, str]], where: Path, *, agreed: bool) -> dict[str, object]:
    said = told[key]
    mirrored = said.get("mirror_of", "")
    base = key_of(mirrored, told) if mirrored else None
    if mirrored and base is None:
        raise CorpusError(f"mirror_of of {key!r} is {mirrored!r}", where=where, fix="name one of the BVH files")
    return {
        "clip_id": clip_id(key),
        "split": said.get("split", ""),
        "source": said.get("source") or (told[base].get("source") if base else None) or base or key,
        "body_mode": said.get("body_mode") or "full",
        "person_count": int(said.get("person_count") or 1),
        "consent": CONSENT[said["consent"].lower()] if "consent" in said else agreed,
        "mirror_of": clip_id(base) if base else None,
        **{name: value or None for name, value in said.items() if name not in OF_CLIPS},
    }
