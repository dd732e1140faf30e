"""TMR's annotation layout: annotations.json beside split lists."""

import json
import math
from pathlib import Path
from typing import Any

import pandas as pd

from lib.base.errors import CorpusError
from lib.base.hashes import digest, folder_sha256, hash_files
from lib.corpus.corpus import Corpus, Provenance, licence_of
from lib.corpus.findings import findings, sound_captions
from lib.corpus.foreign_files import check_ids, nfc, read_text, text_fault
from lib.corpus.listed_clips import listed_clips
from lib.corpus.motion_folder import read_folder
from lib.corpus.motions import Motions
from lib.corpus.schema import CAPTIONS, CLIPS, missing_counts, validate
from lib.corpus.splits import SPLITS, divided_mirrors, read_splits, read_subsets
from lib.motion.motion_array import FEATURES

SHAPE = "{id: {path, duration, annotations: [{seg_id, text, start, end}]}}"


def load_tmr_annotations(
    root: Path,
    *,
    name: str | None = None,
    licence: str | None = None,
    motions: str | Path | None = None,
    check_motions: bool = False,
) -> Corpus:
    """Reads one of TMR's annotation folders.

    Args:
        root: with annotations.json, and splits/ holding train.txt, val.txt, test.txt and further lists (`nsim_test`).
        name: how the report calls it; default: the folder's name.
        licence: said in the provenance; default: first line of the folder's LICENSE.
        motions: folder of <id>.npy features; default: motions/ in root, if there is one.
        check_motions: read every motion and leave out those with NaN.

    Raises:
        CorpusError: annotations missing, not JSON or of another shape; split lists missing, empty or overlapping.

    Source: Petrovich et al. 2023, TMR: datasets/annotations and src/data/text_motion.py. Differs: ids that are listed
        and not annotated, or annotated and not listed, are counted. Texts are spell-corrected: word counts differ from
        HumanML3D's own.
    """
    path = root / "annotations.json"
    annotations = _read(path)
    splits = read_splits(root / "splits")
    split_of = {clip_id: split for split in SPLITS for clip_id in splits[split]}
    captions = _captions(annotations, path)
    listed = {"clips": len(split_of), "captions": len(captions)}
    captions, dropped = sound_captions(captions, captions.clip_id.isin(split_of), "caption of a clip in no split")

    folder = Path(motions).expanduser() if motions else root / "motions"
    if motions and not folder.is_dir():
        raise CorpusError(
            "no such folder", where=motions, fix="name a folder of <id>.npy features, or leave motions out"
        )
    stored = read_folder(folder, split_of, FEATURES, "f4 f8", check=check_motions)
    sources = {clip_id: str(entry["path"]) for clip_id, entry in annotations.items()}
    clips = listed_clips(split_of, frames=stored.frames, sources=sources, captioned=set(captions.clip_id))
    clips["duration_s"] = clips.clip_id.map({i: float(a["duration"]) for i, a in annotations.items()}).astype(float)
    files = hash_files(root, ("annotations.json", *(f"splits/{split}.txt" for split in SPLITS)))
    if folder.is_dir():
        files["motions/"] = digest(folder_sha256(folder).items())
    return Corpus(
        name=name or root.name,
        clips=validate(clips, CLIPS, root),
        captions=validate(captions, CAPTIONS, path),
        splits=splits,
        motions=Motions(stored.store),
        provenance=Provenance(
            root=root,
            files=files,
            licence=licence or licence_of(root),
            listed=listed,
            missing=missing_counts(clips),
            dropped=pd.concat([*dropped, findings(stored.faults)], ignore_index=True),
            reported=divided_mirrors(clips),
        ),
        subsets=read_subsets(root / "splits", set(split_of)),
    )


def _read(path: Path) -> dict[str, Any]:
    if not path.exists():
        fix = "point root at one of TMR's datasets/annotations folders"
        raise CorpusError("no such file", where=path, fix=fix)
    text = read_text(path, fix="take a fresh copy")

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            keys = [key for key, _ in pairs]
            twice = next(key for key in keys if keys.count(key) > 1)
            raise CorpusError(f"id or key {twice!r} occurs twice", where=path, fix="keep one of them")
        return found

    try:
        content = json.loads(text, object_pairs_hook=unique)
    except ValueError as error:
        raise CorpusError(f"not readable as JSON ({error})", where=path, fix="take a fresh copy") from error
    except RecursionError:
        raise CorpusError("nested too deeply", where=path, fix=f"annotations must read {SHAPE}") from None
    if not isinstance(content, dict):
        raise CorpusError("holds no object", where=path, fix=f"annotations must read {SHAPE}")
    check_ids(content, path)
    composed = {nfc(clip_id): entry for clip_id, entry in content.items()}
    if len(composed) < len(content):
        raise CorpusError("two ids differ only in how an accent is stored", where=path, fix="keep one of them")
    return composed


def _seconds(value: Any) -> float:
    seconds = float(value)
    if not math.isfinite(seconds):
        raise ValueError(f"{seconds} is no number of seconds")
    return seconds


def _text(value: Any) -> str:
    if not isinstance(value, str | int):
        raise TypeError(f"a {type(value).__name__} where a text should be")
    if fault := text_fault(str(value)):
        raise ValueError(f"text that holds {fault}")
    return str(value)


def _captions(annotations: dict[str, Any], path: Path) -> pd.DataFrame:
    rows = []
    for clip_id, entry in annotations.items():
        try:
            _seconds(entry["duration"]), _text(entry["path"])
            for part in entry["annotations"]:
                said = None if part["text"] is None else _text(part["text"])
                rows.append((clip_id, _text(part["seg_id"]), said, _seconds(part["start"]), _seconds(part["end"])))
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            told = f"clip {clip_id!r}: {type(error).__name__} {error}"
            raise CorpusError(told, where=path, fix=f"annotations must read {SHAPE}") from None
    table = pd.DataFrame(rows, columns=["clip_id", "caption_id", "text", "start_s", "end_s"])
    table = table.astype({"clip_id": "str", "caption_id": "str", "text": "str", "start_s": float, "end_s": float})
    table["captioner"] = pd.Series("crowd", index=table.index, dtype="str")
    table["tokens"] = pd.Series(None, index=table.index, dtype="str")
    return table[list(CAPTIONS.columns)]
