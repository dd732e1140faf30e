"""Lays a generator's motions out as `generations/<model>/<repeat>/<clip_id>.npy`, whole or not at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lib.base import atomic
from lib.base.errors import CorpusError
from lib.corpus.feature_statistics import FeatureStatistics
from lib.corpus.foreign_generations import feature_units
from lib.corpus.foreign_generations.feature_units import FeatureUnits
from lib.corpus.foreign_generations.matching import Matched
from lib.corpus.foreign_generations.samples import Sample
from lib.corpus.generations import Generations, check_names, read_generations, write_generations
from lib.motion.glb_pose import Track
from lib.motion.motion_array import FEATURES
from lib.motion.skeleton import FPS

Floats = NDArray[np.floating]


@dataclass(frozen=True)
class Units:
    """What the numbers of a source are.

    Attributes:
        features: whether features are normalised; None looks at them.
        statistics: that they are normalised by; None where there are none.
        fps: frames a second.
    """

    features: FeatureUnits | None = None
    statistics: FeatureStatistics | None = None
    fps: float = FPS


@dataclass(frozen=True)
class Imported:
    """What was laid out.

    Attributes:
        folder: of the model.
        motions: how many.
        clips: of the test set that have one.
        repeats: how many.
        notes: clauses that a reader should know.
    """

    folder: Path
    motions: int
    clips: int
    repeats: int
    notes: list[str]


def import_generations(
    matched: Matched, folder: Path, model: str, captions: pd.DataFrame, *, units: Units, replace: bool = False
) -> Imported:
    """Writes the motions of a model; what `read_generations` would refuse is left out and told.

    Args:
        matched: the motions by repeat and clip.
        folder: of generations; the model's own folder in it appears whole.
        model: its name.
        captions: of the test clips, as `matching.test_captions` gives them.
        units: what the numbers are.
        replace: whether an older folder of the model may go.

    Raises:
        CorpusError: a name that cannot name a folder, a folder that is there, features whose units are not clear or
            that are not at 20 fps, or no motion that can be used.
    """
    check_names(folder, [model])
    target = folder / model
    if target.exists() and not replace:
        raise CorpusError("is there already", where=target, fix="give another --model, or --replace")
    folder.mkdir(parents=True, exist_ok=True)
    notes, units = _settled([one for some in matched.motions.values() for one in some.values()], units)
    part = atomic.part_of(target)
    try:
        for repeat, motions in sorted(matched.motions.items()):
            for clip_id, sample in motions.items():
                write_generations(part, model, repeat, {clip_id: _converted(sample, units)})
        frames = dict(zip(captions["clip_id"], captions["frames"].tolist(), strict=True))
        read = read_generations(part, [*frames], frames=frames) if part.is_dir() else None
        if read is None or not len(read.files):
            why = "; ".join([*matched.notes, *(_refused(read) if read is not None else [])])
            raise CorpusError("no motion of it can be used", where=model, fix=why or "see what the generator wrote")
        for path in read.report.loc[~read.report["used"], "path"]:
            (part / path).unlink(missing_ok=True)
        atomic.swap_in(part / model, target)
    finally:
        atomic.remove(part)
    files, repeats = read.files, read.repeats(model)
    told = [*matched.notes, *notes, *_refused(read), *_told(read)]
    return Imported(target, len(files), files["clip_id"].nunique(), len(repeats), told)


def resampled(joints: Floats, fps: float) -> Floats:
    """Joints at 20 frames a second: places between two frames lie on a straight line.

    Args:
        joints: (T, 22, 3).
        fps: their rate.

    Returns:
        (T', 22, 3), from the first frame to the last that fits.

    Example:
        >>> resampled(np.arange(4.0)[:, None, None] * np.ones((1, 22, 3)), 30.0)[:, 0, 0].tolist()
        [0.0, 1.5, 3.0]
    """
    seconds = np.arange(len(joints)) / fps
    times = np.arange(int(np.floor(seconds[-1] * FPS + 1e-6)) + 1) / FPS
    values = np.asarray(joints, dtype=np.float64).reshape(len(joints), -1)
    return Track(seconds, values, "LINEAR", False).at(times).reshape(-1, *joints.shape[1:])


def _settled(samples: Sequence[Sample], units: Units) -> tuple[list[str], Units]:
    """The units with what features are, and what there is to tell of that."""
    features = [sample for sample in samples if sample.features]
    if not features:
        return [], units
    if units.fps != FPS:
        what = f"{features[0].place} holds features, which are defined at {FPS:g} fps"
        raise CorpusError(what, fix="give joints, which can be brought to that rate")
    if units.features == "normalised" and units.statistics is None:
        raise CorpusError(
            "no Mean.npy and Std.npy to undo the normalisation with", fix="name their folder: --statistics"
        )
    some = (_floats(sample) for sample in features[:: -(-len(features) // feature_units.LOOKED_AT)])
    seen = feature_units.look(some, units.statistics)
    if units.features is not None:
        return [told] if (told := feature_units.doubt(units.features, seen)) else [], units
    kind, told = feature_units.decide(seen)
    return [f"{told}; --features says otherwise"], Units(kind, units.statistics, units.fps)


def _converted(sample: Sample, units: Units) -> Floats:
    motion = _floats(sample)
    if motion.shape[1:] == FEATURES:
        assert units.statistics is not None or units.features == "plain"
        normalised = units.features == "normalised" and units.statistics is not None
        return feature_units.restored(motion, units.statistics) if normalised else motion  # type: ignore[arg-type]
    return resampled(motion, units.fps) if units.fps != FPS and len(motion) else motion


def _floats(sample: Sample) -> Floats:
    return np.asarray(sample.motion(), dtype=np.float64)


def _refused(read: Generations) -> list[str]:
    """A clause for each reason for which motions are left out."""
    asked = _left_out(read)
    total, clauses = len(read.files) + len(asked), []
    for reason, rows in asked.groupby("reason", sort=False):
        path, detail = rows.iloc[0][["path", "detail"]]
        told = f"{reason}: {detail}" if detail else str(reason)
        clauses.append(f"{len(rows):,} of {total:,} motions are left out: {told} (first: {path})")
    return clauses


def _left_out(read: Generations) -> pd.DataFrame:
    return read.report[~read.report["used"] & ~read.report["reason"].str.startswith(("missing", "not asked for"))]


def _told(read: Generations) -> list[str]:
    """Clauses on motions of another length, on clips without one, and on what the bodies share."""
    clauses = []
    other = read.report[read.report["reason"] == "other length"]
    if len(other):
        path, detail = other.iloc[0][["path", "detail"]]
        count = f"{len(other):,} of {len(read.files):,} motions"
        clauses.append(
            f"{count} are of another length than their clip and judged all the same (first: {path}, {detail})"
        )
    if lacking := int(read.report["reason"].eq("missing").sum()):
        expected = lacking + len(read.files) + len(_left_out(read))
        clauses.append(f"{lacking:,} of {expected:,} motions are missing: {len(read.clip_ids):,} test clips a repeat")
    bodies = read.bodies[["model", "reason", "detail"]].itertuples(index=False)
    return [*clauses, *(f"motions of {model} are {reason}: {detail}" for model, reason, detail in bodies)]
