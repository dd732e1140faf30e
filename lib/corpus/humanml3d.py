"""The HumanML3D folder layout."""

import io
from pathlib import Path

import pandas as pd
import pandera.pandas as pa

from lib.base.errors import CorpusError
from lib.base.hashes import hash_files
from lib.corpus.corpus import Corpus, Provenance, licence_of
from lib.corpus.feature_statistics import read_feature_statistics
from lib.corpus.findings import findings, sound_captions
from lib.corpus.foreign_files import nfc, read_text
from lib.corpus.known_faults import known_faults
from lib.corpus.listed_clips import listed_clips
from lib.corpus.motion_folder import read_folder
from lib.corpus.motions import Motions, with_features
from lib.corpus.schema import CAPTIONS, CLIPS, missing_counts, validate
from lib.corpus.splits import SPLITS, divided_mirrors, read_splits, read_subsets
from lib.corpus.text_files import read_captions, text_source
from lib.motion.motion_array import FEATURES, JOINTS

FILES = (*(f"{split}.txt" for split in SPLITS), "all.txt", "index.csv", "texts.zip", "Mean.npy", "Std.npy")
FOLDERS = ("texts/", "new_joint_vecs/", "new_joints/")

INDEX = pa.DataFrameSchema(
    {
        "source_path": pa.Column(str),
        "start_frame": pa.Column("int64", pa.Check.ge(0)),
        "end_frame": pa.Column("int64", pa.Check.ge(-1)),
        "new_name": pa.Column(str, pa.Check.str_endswith(".npy"), unique=True),
    },
    name="index",
)


def load_humanml3d(
    root: Path,
    *,
    name: str = "HumanML3D",
    licence: str | None = None,
    check_motions: bool = False,
    captioner: str = "crowd",
) -> Corpus:
    """Reads a folder in HumanML3D's layout, whole or in part.

    The split lists decide which clips there are. Captions and motions that are not there are counted in
    `provenance.missing`; an unusable motion file is left out and told in `provenance.dropped`, its clip stays.

    Args:
        root: with train.txt, val.txt, test.txt; texts/ or texts.zip; if present new_joint_vecs/, new_joints/,
            index.csv, Mean.npy, Std.npy.
        name: how the report calls it.
        licence: said in the provenance; default: first line of the folder's LICENSE.
        check_motions: read every motion and leave out those with NaN; otherwise one raises when it is asked for.
        captioner: who wrote the sentences.

    Raises:
        CorpusError: split lists missing, empty or overlapping; texts missing or malformed; unreadable archive or index.

    Source: Guo et al. 2022, HumanML3D: README.md. Differs: nothing is skipped in silence.
    """
    splits = read_splits(root)
    split_of = {clip_id: split for split in SPLITS for clip_id in splits[split]}
    rows, empty = read_captions(text_source(root))
    captions = pd.DataFrame(rows, columns=["clip_id", "caption_id", "text", "tokens", "start_s", "end_s"])
    if captions.empty:
        raise CorpusError("no captions at all", where=text_source(root), fix="put HumanML3D's texts there")
    captions = captions.astype({c: "str" for c in ("clip_id", "caption_id", "text", "tokens")})
    captions["captioner"] = captioner
    captions["tokens"] = captions.tokens.mask(captions.tokens == "")
    listed = {"clips": len(split_of), "captions": len(captions)}
    dropped = [findings([(clip_id, "text file without a caption", f"{clip_id}.txt") for clip_id in empty])]
    captions, faulty = sound_captions(captions, captions.clip_id.isin(split_of), "caption of a clip in no split")
    dropped += faulty

    vecs = read_folder(root / "new_joint_vecs", split_of, FEATURES, "f4 f8", check=check_motions)
    joints = read_folder(root / "new_joints", split_of, JOINTS, "f4 f8", check=check_motions)
    frames = {clip_id: n for part in (joints, vecs) for clip_id, n in part.frames.items()}
    frames, featureless = with_features(vecs.store, joints.store, frames)
    dropped += [findings(faults) for faults in (vecs.faults, joints.faults, featureless)]
    index = read_index(root / "index.csv")
    sources = (
        {} if index is None else dict(zip(index.new_name.str.removesuffix(".npy"), index.source_path, strict=True))
    )
    clips = listed_clips(split_of, frames=frames, sources=sources, captioned=set(captions.clip_id), bases=sources)
    useless, reported = known_faults(clips, index)
    provenance = Provenance(
        root=root,
        files=hash_files(root, (*FILES, *FOLDERS)),
        licence=licence or licence_of(root),
        listed=listed,
        missing=missing_counts(clips),
        dropped=pd.concat([*dropped, useless], ignore_index=True),
        reported=pd.concat([reported, divided_mirrors(clips)], ignore_index=True),
    )
    return Corpus(
        name=name,
        clips=validate(clips, CLIPS, root),
        captions=validate(captions[list(CAPTIONS.columns)], CAPTIONS, root),
        splits=splits,
        motions=Motions(vecs.store, joints.store),
        provenance=provenance,
        index=index,
        subsets=read_subsets(root, set(split_of)),
        statistics=read_feature_statistics(root),
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
