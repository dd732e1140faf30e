"""The manifest layout: two parquet tables beside packed or separate motion files."""

from pathlib import Path

import pandas as pd

from lib.base import atomic
from lib.base.errors import CorpusError
from lib.base.hashes import hash_files
from lib.corpus import manifest_seal
from lib.corpus.corpus import Corpus, Provenance, licence_of
from lib.corpus.findings import findings
from lib.corpus.manifest_captions import CANDIDATES, read_candidates, usable
from lib.corpus.manifest_motions import read_motions
from lib.corpus.manifest_table import RAW_CLIPS, normalise, read_table, with_consent
from lib.corpus.schema import CLIPS, missing_counts, validate
from lib.corpus.splits import SPLITS, divided_mirrors

BESIDE = (CANDIDATES, "video_embeddings.parquet", "caption_embeddings.parquet", "survey.csv")
"""Files about captioners, which nothing but their comparison reads."""

FILES = ("clips.parquet", "captions.parquet", "joints.npy", "features.npy", "joints/", "features/", *BESIDE)
FPS = 20.0


def load_manifest(
    root: Path, *, name: str | None = None, licence: str | None = None, check_motions: bool = False
) -> Corpus:
    """Reads a dataset in the manifest layout.

    Rows whose consent is false or null, their captions and their mirrors are removed before anything else is looked at,
    and only counted, in `provenance.withheld`.

    An import that was committed and then killed is brought to its end first. Tables that tell which packed arrays they
    were written for (`lib.corpus.manifest_seal`) are held to it, so that no motion is read under another clip's id.

    Args:
        root: with clips.parquet and captions.parquet; captioner_captions.parquet, the captions of captioners that are
            only to be compared; joints.npy (int16 millimetres) and/or features.npy (float16/32), packed and addressed
            by `offset` and `n_frames`; or joints/<clip_id>.npy, features/<clip_id>.npy. Captions may carry a prompt
            and a temperature.
        name: how the report calls it; default: the folder's name.
        licence: said in the provenance; default: first line of the folder's LICENSE.
        check_motions: read every motion and leave out those with NaN; otherwise one raises when it is asked for.

    Raises:
        CorpusError: a table is missing, unreadable, lacks a column or has wrong values; an id occurs twice or in two
            splits; a split is empty; an offset lies beyond the packed array; the tables were written for other arrays.
        OSError: an import waits here to be finished, and the folder cannot be written.
    """
    atomic.arrive(root)
    seal = manifest_seal.read(root)
    raw, raw_captions = read_table(root / "clips.parquet"), read_table(root / "captions.parquet")
    listed = {"clips": len(raw), "captions": len(raw_captions)}
    raw, withheld_ids, withheld = with_consent(raw, root / "clips.parquet")
    _check_splits(raw, root / "clips.parquet")
    raw = normalise(raw, RAW_CLIPS, root / "clips.parquet").reset_index(drop=True)
    captions, dropped, n_withheld = usable(raw_captions, raw.clip_id, withheld_ids, root / "captions.parquet")
    withheld |= {"captions of withheld clips": n_withheld} if withheld_ids else {}
    candidates, dropped_too, n_withheld = read_candidates(root, raw.clip_id, withheld_ids, raw_captions.caption_id)
    if candidates is not None:
        listed["captions to compare"] = len(candidates) + len(dropped_too) + n_withheld
        withheld |= {"captions to compare of withheld clips": n_withheld} if withheld_ids else {}
    motions, frames, faults = read_motions(root, raw, check=check_motions)
    files = hash_files(root, FILES)
    manifest_seal.check_hashes(seal, root, files)
    clips = _clips(raw, frames, set(captions.clip_id))
    odd = clips[clips.fps != FPS]
    reported = findings(
        [(c, "not at the features' 20 fps", f"{f:g} fps") for c, f in zip(odd.clip_id, odd.fps, strict=True)]
    )
    return Corpus(
        name=name or root.name,
        clips=validate(clips, CLIPS, root / "clips.parquet"),
        captions=captions,
        splits={split: clips.clip_id[clips.split == split].tolist() for split in SPLITS},
        motions=motions,
        candidates=candidates,
        provenance=Provenance(
            root=root,
            files=files,
            licence=licence or licence_of(root),
            listed=listed,
            missing=missing_counts(clips),
            dropped=pd.concat([dropped, dropped_too, findings(faults)], ignore_index=True),
            reported=pd.concat([reported, divided_mirrors(clips)], ignore_index=True),
            withheld=withheld,
        ),
    )


def _check_splits(clips: pd.DataFrame, path: Path) -> None:
    if "split" not in clips:
        return
    spread = clips.drop_duplicates(["clip_id", "split"]).clip_id
    both = spread[spread.duplicated()]
    if len(both):
        told = f"{len(both)} id(s) in two splits: {both.iloc[0]!r}"
        raise CorpusError(told, where=path, fix="keep each clip in one split")
    empty = [split for split in SPLITS if not (clips.split == split).any()]
    if empty:
        fix = "put at least one clip with consent in each split"
        raise CorpusError(f"the split is empty: {', '.join(empty)}", where=path, fix=fix)


def _clips(raw: pd.DataFrame, frames: dict[str, int], captioned: set[str]) -> pd.DataFrame:
    derived = raw.assign(
        n_frames=raw.clip_id.map(frames).astype("Int64"),
        person_count=raw.person_count.astype("int64"),
        consent=True,
        base_id=raw.mirror_of.where(raw.mirror_of.notna(), raw.clip_id),
        has_motion=raw.clip_id.isin(frames),
        has_captions=raw.clip_id.isin(captioned),
    )
    labels = [column for column in raw.columns if column not in CLIPS.columns and column != "offset"]
    return derived[[*CLIPS.columns, *labels]]
