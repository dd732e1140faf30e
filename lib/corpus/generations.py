"""Motions that a model made for captions: `<model>/<repeat>/<clip_id>.npy`, read on demand, every fault on record."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lib.base import atomic
from lib.base.errors import CorpusError
from lib.corpus.foreign_files import nfc
from lib.corpus.generation_bodies import ModelBodies
from lib.corpus.generation_files import FILES, REPORT, Entry, entries, judged
from lib.motion.features import from_joints, recover_joints
from lib.motion.motion_array import open_array

Array = NDArray[np.float32]
OPTIONAL = "generations"


@dataclass(frozen=True)
class Generations:
    """What a folder of generations holds.

    Attributes:
        folder: the folder that was read.
        files: a row a usable file: model, repeat, clip_id, path (relative to `folder`), form, frames.
        report: a row a fault: model, repeat, clip_id, path, reason, detail, used (whether the motion counts all the
            same, as one of another length than asked for does). A missing motion has the path it should have; a fault
            that a model's bodies share has a row a model, without clip, and the path of the first such motion.
        clip_ids: the clips that were asked for.
    """

    folder: Path
    files: pd.DataFrame
    report: pd.DataFrame
    clip_ids: tuple[str, ...]

    @property
    def models(self) -> list[str]:
        """Models with at least one usable motion, sorted."""
        return sorted(set(self.files["model"]))

    @property
    def bodies(self) -> pd.DataFrame:
        """The rows of `report` about what the bodies of a model share (`generation_bodies`), not about a file."""
        return self.report[self.report["used"] & (self.report["clip_id"] == "")]

    def repeats(self, model: str) -> list[str]:
        """Repeats of a model with at least one usable motion, in counting order."""
        return sorted(set(self.files.loc[self.files["model"] == model, "repeat"]), key=lambda name: (len(name), name))

    def motions(self, model: str, repeat: str) -> Iterator[tuple[str, Array]]:
        """Pairs of clip id and features (T, 263) of the usable motions, one read at a time, in the order of the clips.

        Joints become features by `from_joints`, which loses a frame. No motion for a clip: no pair; `report` has it.
        """
        chosen = self.files[(self.files["model"] == model) & (self.files["repeat"] == repeat)]
        for clip_id, path, form in zip(chosen["clip_id"], chosen["path"], chosen["form"], strict=True):
            yield clip_id, _features(self.folder / path, form)

    def joints(self, model: str, repeat: str) -> Iterator[tuple[str, Array]]:
        """As `motions`, joint positions (T, 22, 3) in metres; stored joints are given as they are."""
        chosen = self.files[(self.files["model"] == model) & (self.files["repeat"] == repeat)]
        for clip_id, path, form in zip(chosen["clip_id"], chosen["path"], chosen["form"], strict=True):
            array = _read(self.folder / path)
            yield clip_id, array if form == "joints" else np.asarray(recover_joints(array), dtype=np.float32)

    def summary(self) -> pd.DataFrame:
        """Counts by model: ``model, repeats, expected, usable, missing, refused, other_length, not_asked_for``.

        Expected are clips times repeats; they are usable, missing or refused.
        """
        names = sorted({*self.files["model"], *self.report["model"]} - {""})
        return pd.DataFrame([self._counts(name) for name in names], columns=COUNTS)

    def _counts(self, model: str) -> tuple[object, ...]:
        faults, usable = self.report[self.report["model"] == model], int((self.files["model"] == model).sum())
        kinds = faults["reason"].value_counts()
        missing, stray = int(kinds.get("missing", 0)), int(kinds.get("not asked for", 0))
        asked = faults["clip_id"].isin(self.clip_ids) & ~faults["used"]
        refused = int(asked.sum()) - missing
        repeats = len({*self.repeats(model), *faults.loc[faults["clip_id"] != "", "repeat"]})
        expected = usable + missing + refused
        return model, repeats, expected, usable, missing, refused, int(kinds.get("other length", 0)), stray


COUNTS = ["model", "repeats", "expected", "usable", "missing", "refused", "other_length", "not_asked_for"]


def read_generations(
    folder: Path, clip_ids: Sequence[str], *, frames: Mapping[str, int] | None = None, repeats: int | None = None
) -> Generations:
    """Lists and checks the generations in a folder; every file is read once, none is kept in memory.

    Refused, with path and reason: pickled objects and other types than float16/32/64, another shape than (T, 263) or
    (T, 22, 3), T = 0, T above 1,000, NaN or infinity, numbers too large for a motion, joints that lie on their parent,
    truncated or foreign files. Reported and used: another length than the clip's; and, once a model, bodies that are
    upside down or lying, have left and right exchanged, never leave the origin, or are not in metres. Reported: missing
    motions and repeats, and files or folders that nobody asked for.

    Args:
        folder: with `<model>/<repeat>/<clip_id>.npy`.
        clip_ids: the clips of the test set, whose captions the models were given.
        frames: length of each clip in feature frames (joints may have one more); lengths are not compared without.
        repeats: repeats that each model should have; by default as many as its highest numbered one says.

    Raises:
        CorpusError: no such folder.

    Example:
        >>> import tempfile
        >>> root = Path(tempfile.mkdtemp())
        >>> write_generations(root, "ours", 0, {"000001": np.zeros((60, 263))})
        >>> read_generations(root, ["000001", "000002"]).report.loc[0, ["path", "reason"]].tolist()
        ['ours/0/000002.npy', 'missing']
    """
    if not folder.is_dir():
        what = "is a file, not a folder" if folder.exists() else "no such folder"
        raise CorpusError(what, where=folder, fix="name a folder of <model>/<repeat>/<clip_id>.npy")
    found: list[Entry] = []
    usable: list[tuple[object, ...]] = []
    bodies: dict[str, ModelBodies] = {}
    clip_ids = tuple(dict.fromkeys(map(nfc, clip_ids)))
    for entry in entries(folder, clip_ids, repeats):
        sound = entry if entry.fault else judged(folder, entry, None if frames is None else frames.get(entry.clip_id))
        found += [sound] if sound.fault else []
        usable += [sound.file] if sound.used else []
        if sound.used:
            bodies.setdefault(sound.model, ModelBodies()).look(folder, sound)
    shown = [row for model, one in bodies.items() for row in one.rows(model)]
    report = pd.DataFrame([*(entry.row for entry in found), *shown], columns=REPORT)
    return Generations(folder, pd.DataFrame(usable, columns=FILES), report, clip_ids)


def write_generations(folder: Path, model: str, repeat: int, motions: Mapping[str, NDArray[np.floating]]) -> None:
    """Writes one repeat of a model in the same layout, float32; what is there already is replaced file by file.

    Args:
        folder: made if need be.
        model: name of the model, a folder's name.
        repeat: number of the repeat, from 0.
        motions: features (T, 263) or joints (T, 22, 3) by clip id.

    Raises:
        CorpusError: a model or a clip id that is no file name.

    Example:
        >>> write_generations(Path("generations"), "../ours", 0, {})
        Traceback (most recent call last):
        lib.base.errors.CorpusError: generations: '../ours' cannot name a file; use letters, digits, spaces and -_+.
    """
    check_names(folder, [model, *motions])
    target = folder / model / str(repeat)
    target.mkdir(parents=True, exist_ok=True)
    for clip_id, motion in motions.items():
        part = target / f".{clip_id}.part"
        with part.open("wb") as stream:
            np.save(stream, np.asarray(motion, dtype=np.float32), allow_pickle=False)
        atomic.rename(part, target / f"{clip_id}.npy")


def check_names(folder: Path, names: Iterable[str]) -> None:
    """Refuses a model or a clip id that is no file name.

    Args:
        folder: of generations, for the message.
        names: of models and clips.

    Raises:
        CorpusError: one of them cannot name a file.
    """
    for name in names:
        if not name or name != Path(name).name or name.startswith(".") or not name.isprintable():
            raise CorpusError(
                f"{name[:60]!r} cannot name a file", where=folder, fix="use letters, digits, spaces and -_+."
            )


def folder_of(root: Path, named: str | None) -> Path | None:
    """The folder of generations: the one that parameters name, else `generations/` in the corpus' root, if it exists.

    Example:
        >>> folder_of(Path("nowhere"), None) is None, folder_of(Path("nowhere"), "made").name
        (True, 'made')
    """
    if named is not None:
        return Path(named).expanduser()
    return root / OPTIONAL if (root / OPTIONAL).is_dir() else None


def _features(path: Path, form: str) -> Array:
    array = _read(path)
    return np.asarray(from_joints(array), dtype=np.float32) if form == "joints" else array


def _read(path: Path) -> Array:
    return np.asarray(open_array(path), dtype=np.float32)
