"""BVH or GLB files and a table of captions, made into a manifest."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from tqdm import tqdm

from lib.base import atomic
from lib.base.errors import CorpusError
from lib.base.hashes import file_sha256
from lib.motion import fitting, recording, rig
from lib.motion.file_to_clip import clip_of
from lib.motion.rig import Rig
from lib.motion.skeleton import FPS, Array
from lib.own_data import captions_csv, clip_rows, manifest_writer, profile

RECORD = "import.json"
LONG_S = 10.0


@dataclass(frozen=True)
class Imported:
    """What was written: clips with consent, how many captions, hours of motion, and what the user should know."""

    clips: pd.DataFrame
    captions: int
    hours: float
    rig: str
    notes: list[str]


def import_bvh(
    folder: Path,
    captions: Path,
    out: Path,
    *,
    rig_file: str | None = None,
    seed: int = 0,
    consent: bool = False,
    notebooks: Iterable[profile.Notebook] = (),
) -> Imported:
    """Builds a manifest from a folder of BVH or GLB files, and a parameter file beside it.

    Of a clip without consent only a row is written, that it may be counted: neither its motion nor its captions.

    Args:
        folder: searched with its subfolders.
        captions: table as `captions_csv.read` wants it.
        out: a new folder, an empty one, or an earlier import, whose files are replaced.
        rig_file: of the skeletons; found among `params/rigs` without it.
        seed: of the splits by recording, where the table names none.
        consent: everybody agreed; needed where the table has no column `consent`.
        notebooks: those that the parameter file lists.

    Raises:
        CorpusError: a file or row that cannot be used, by file and line; nothing is written then.
        ParamsError: a rig that cannot be used.
    """
    if out.is_dir():
        atomic.arrive(out)
    foreign = not out.is_dir() or not all(map(atomic.is_part, out.iterdir()))
    if out.exists() and not (out / RECORD).is_file() and foreign:
        raise CorpusError("holds something that no import made", where=out, fix="choose another folder for --out")
    files = clip_rows.files_in(folder)
    rows = clip_rows.lines_by_file(captions_csv.read(captions), files, captions)
    clips = clip_rows.clips(rows, captions, seed=seed, agreed=consent)
    agreed = {key: path for (key, path), seen in zip(files.items(), clips.consent, strict=True) if seen}
    told = [
        (clip_rows.clip_id(key), line.text, line.captioner, line.start_s, line.end_s)
        for key in agreed
        for line in rows[key]
        if line.text
    ]
    table = pd.DataFrame(told, columns=["clip_id", "text", "captioner", "start_s", "end_s"])
    joints, used, read_notes = _motions(agreed, rig.load(rig_file) if rig_file else None)
    record = {
        "rig": used.model_dump(),
        "seed": seed,
        "files": {path.relative_to(folder).as_posix(): file_sha256(path) for path in agreed.values()},
        "captions_sha256": file_sha256(captions),
    }
    with manifest_writer.writing(out) as part:
        manifest_writer.write(part, clips, table, joints)
        (part / RECORD).write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
        if not (out / profile.FILE).is_file():
            (part / profile.FILE).write_text(profile.text(out, out.resolve().name, notebooks), encoding="utf-8")
    hours = sum(map(len, joints.values())) / FPS / 3600
    return Imported(clips[clips.consent], len(table), hours, used.rig, [*read_notes, *_notes(clips, table, joints)])


def _motions(files: Mapping[str, Path], given: Rig | None) -> tuple[dict[str, Array], Rig, list[str]]:
    first = next(iter(files.values()))
    ranked = [] if given else fitting.fits(recording.read(first))
    used = given or fitting.chosen(ranked, first)
    joints, noted = {}, defaultdict(list)
    for key, path in tqdm(files.items(), unit="file", disable=None):
        clip = clip_of(recording.read(path), used, path)
        joints[clip_rows.clip_id(key)] = clip.joints
        for note in clip.notes:
            noted[note].append(clip_rows.clip_id(key))
    about_rig = fitting.alternatives(ranked) if ranked else ""
    listed = [f"{len(ids)} clip(s) have {note} (first: {ids[0]})" for note, ids in noted.items()]
    return joints, used, [about_rig, *listed] if about_rig else listed


def _notes(clips: pd.DataFrame, captions: pd.DataFrame, joints: Mapping[str, Array]) -> list[str]:
    seen = clips.clip_id[clips.consent]
    withheld = int((~clips.consent).sum())
    told = {
        "without a caption": seen[~seen.isin(captions.clip_id)].tolist(),
        f"longer than {LONG_S:g} s, which HumanML3D's are not; cut them where the action changes": [
            name for name, one in joints.items() if len(one) > LONG_S * FPS
        ],
    }
    notes = [f"{len(names)} clip(s) {what} (first: {names[0]})" for what, names in told.items() if names]
    without = f"{withheld} clip(s) without consent: counted, neither motion nor captions written"
    return [without, *notes] if withheld else notes
