"""What a dataset holds once it is loaded: its counts, what was left out, and what a reader of the report would ask."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from lib.base.errors import CorpusError
from lib.corpus import Corpus
from lib.corpus.foreign_files import is_data
from lib.motion.body import body_faults, stays_at_origin
from lib.motion.skeleton import FPS
from lib.own_data.diagnosis import Finding, Level, Row, found

HARMLESS = ("known:", "caption of a clip in no split", "caption of no listed clip")
EVALUATED = (40, 200)
SAMPLE = 100
MOTIONS = ("joints.npy", "features.npy", *(f"{folder}/*.npy" for folder in ("joints", "features", "motions")))
MOTIONS += ("new_joints/*.npy", "new_joint_vecs/*.npy")
UNITS = {
    "humanml3d": "new_joints as floats in metres, or new_joint_vecs that are not normalised",
    "tmr_annotations": "features that are not normalised",
    "manifest": "joints as millimetres in int16, or features that are not normalised",
}
BODIES = {
    "bone": ("have a bone without length, of which no features can be made", "leave such clips out", "any"),
    "drift": (
        "have bones that change their length by half and more, as those of normalised features",
        "{units}",
        "any",
    ),
    "scale": ("are no bodies in metres", "{units}", "any"),
    "stature": ("have legs that no adult has", "see that the unit is right; children may be so", "none"),
    "up": ("have no Y axis that points up", "turn the axes", "most"),
    "root": ("never leave the origin", "store where bodies are, not where joints are from the pelvis", "most"),
    "toes": ("have toes that point backwards", "see that left is left and up is +Y", "most"),
}
"""What is told of each kind of `body_faults`, what to do, and of how many clips it is wrong and no longer odd.

Somebody lies through a clip, and a child has short legs; if most clips are so, the dataset is in other units or axes.
"""


def findings(corpus: Corpus, kind: str) -> Iterator[Finding]:
    """Counts, then what was left out, then what is odd; `kind` is the layout, which says what units it stores."""
    yield from _counts(corpus)
    yield from _joined(corpus)
    yield from _provenance(corpus)
    yield from _sources(corpus.clips)
    yield from _lengths(corpus)
    yield from _bodies(corpus, f"store {UNITS[kind]}")


def _counts(corpus: Corpus) -> Iterator[Finding]:
    clips, captions = corpus.clips, corpus.captions
    splits = ", ".join(f"{split} {len(ids):,}" for split, ids in corpus.splits.items())
    bases = clips.base_id.nunique()
    yield Finding("right", f"{len(clips):,} clips ({splits}), {bases:,} without mirrors", len(clips))
    hours = float((clips.n_frames.astype("float64") / clips.fps).sum() / 3600)
    moving = int(clips.has_motion.sum())
    yield Finding("right", f"{moving:,} clips with motion, {hours:.3g} hours", moving)
    wrote = ", ".join(f"{who} {n:,}" for who, n in captions.captioner.value_counts().head(5).items())
    said = f"{len(captions):,} captions of {captions.clip_id.nunique():,} clips, by captioner: {wrote}"
    yield Finding("right", said, len(captions))
    yield Finding("right", f"licence: {corpus.provenance.licence}")


def _joined(corpus: Corpus) -> Iterator[Finding]:
    clips, root = corpus.clips, corpus.provenance.root
    ids = f"clips are called {', '.join(map(repr, clips.clip_id[:2]))}"
    if not clips.has_captions.any():
        stray = corpus.provenance.dropped[corpus.provenance.dropped.reason.str.startswith("caption of")]
        called = f", captions are of {', '.join(map(repr, stray.clip_id.unique()[:2]))}" if len(stray) else ""
        yield Finding("wrong", f"no caption belongs to a clip; {ids}{called}", fix="use the same ids in both")
    files = [name for name in MOTIONS if any(is_data(path.relative_to(root)) for path in root.glob(name))]
    if files and not clips.has_motion.any():
        fix = "give every clip its offset and n_frames" if "joints.npy" in files else "name each file <clip_id>.npy"
        yield Finding("wrong", f"no motion in {', '.join(files)} belongs to a clip; {ids}", fix=fix)
    if clips.has_motion.any() and clips.has_captions.any() and not (clips.has_motion & clips.has_captions).any():
        yield Finding("wrong", f"no clip has both a motion and a caption; {ids}", fix="use the same ids in both")


def _provenance(corpus: Corpus) -> Iterator[Finding]:
    told = corpus.provenance
    columns = {"clips without captions": "has_captions", "clips without motion": "has_motion"}
    for what, column in columns.items():
        lacking = corpus.clips.clip_id[~corpus.clips[column]]
        yield from found("missing", f"{{n}} {what}", (Row(clip_id) for clip_id in lacking))
    for of, n in told.withheld.items():
        why = "for want of consent" if of == "consent" else f"({of})"
        yield Finding("odd", f"{n:,} row(s) withheld {why}: counted, never shown", n)
    for reason, rows in told.dropped.groupby("reason"):
        level: Level = "odd" if str(reason).startswith(HARMLESS) else "wrong"
        listed = (Row(str(row.clip_id), None, str(row.detail)) for row in rows.itertuples())
        yield from found(level, f"{{n}} left out: {reason}", listed)
    for reason, rows in told.reported.groupby("reason"):
        listed = (Row(str(row.clip_id), None, str(row.detail)) for row in rows.itertuples())
        yield from found("odd", f"{{n}} clip(s): {reason}", listed)


def _sources(clips: pd.DataFrame) -> Iterator[Finding]:
    bases = clips[clips.mirror_of.isna()]
    if bases.source.isna().all():
        yield Finding("missing", "source: clips cut from one recording cannot be told, nor leaks between splits by it")
        return
    yield Finding("right", f"{bases.source.nunique():,} recordings named", bases.source.nunique())
    trained = set(bases.source[bases.split == "train"].dropna())
    shared = bases[(bases.split == "test") & bases.source.isin(trained)]
    rows = (Row(str(row.clip_id), None, f"source {row.source}") for row in shared.itertuples())
    yield from found("odd", "{n} test clip(s) cut from a recording that also trains: the test set leaks", rows)


def _lengths(corpus: Corpus) -> Iterator[Finding]:
    clips = corpus.clips[corpus.clips.has_motion]
    low, high = EVALUATED
    at_20 = clips.n_frames.astype("float64") * FPS / clips.fps
    for what, odd in ((f"shorter than {low}", at_20 < low), (f"of {high} or more", at_20 >= high)):
        rows = (Row(str(row.clip_id), None, f"{row.n_frames} frames") for row in clips[odd].itertuples())
        yield from found("odd", f"{{n}} clip(s) {what} frames, which HumanML3D's evaluation leaves out", rows)
    seconds = dict(zip(clips.clip_id, clips.n_frames.astype("float64") / clips.fps, strict=True))
    ends = corpus.captions[corpus.captions.clip_id.isin(seconds)]
    late = ends[ends.end_s > ends.clip_id.map(seconds).astype(float) + 1.0]
    listed = (
        Row(str(row.caption_id), None, f"ends at {row.end_s:g} s", f"{seconds[row.clip_id]:g} s")
        for row in late.itertuples()
    )
    yield from found("odd", "{n} caption(s) end more than a second after their clip", listed)


def _bodies(corpus: Corpus, units: str) -> Iterator[Finding]:
    ids = corpus.clips.clip_id[corpus.clips.has_motion]
    sampled = ids.iloc[np.unique(np.linspace(0, len(ids) - 1, min(SAMPLE, len(ids))).astype(int))] if len(ids) else ids
    upper = set(corpus.clips.clip_id[corpus.clips.body_mode == "upper"])
    unreadable: list[Row] = []
    odd: dict[str, list[Row]] = {kind: [] for kind in BODIES}
    for clip_id in sampled:
        try:
            joints = corpus.joints(clip_id)
        except CorpusError as error:
            unreadable.append(Row(clip_id, None, error.what))
            continue
        for fault in body_faults(joints):
            if fault.kind in odd:
                odd[fault.kind].append(Row(clip_id, None, fault.what))
        if clip_id not in upper and stays_at_origin(joints):
            odd["root"].append(Row(clip_id, None, "the pelvis never leaves the origin"))
    yield from found("wrong", "{n} motion(s) cannot be read", unreadable)
    sample = f"of {len(sampled):,} looked at"
    for kind, (what, fix, some) in BODIES.items():
        rows = odd[kind]
        level: Level = "wrong" if some == "any" or (some == "most" and 2 * len(rows) > len(sampled)) else "odd"
        yield from found(level, f"{{n}} {sample} {what}", rows, fix.format(units=units))
    if len(sampled) and not (unreadable or any(odd.values())):
        yield Finding("right", f"bodies in metres, upright, in all {sample}", len(sampled))
