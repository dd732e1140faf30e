"""The files of a folder of generations: which there are, which there should be, and what is wrong with each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from lib.base.errors import CorpusError
from lib.corpus.foreign_files import is_data, nfc
from lib.motion.motion_array import FEATURES, JOINTS, bone_fault, content_fault, header_fault, open_array

LONGEST = 1000
LARGEST = 1e4
KINDS = "f2 f4 f8"
FORMS = {"features": FEATURES, "joints": JOINTS}
FILES = ["model", "repeat", "clip_id", "path", "form", "frames"]
REPORT = ["model", "repeat", "clip_id", "path", "reason", "detail", "used"]


@dataclass(frozen=True)
class Entry:
    """One motion that is there or should be, or a file that should not.

    Attributes:
        model: the model's folder.
        repeat: the repeat's folder, "" outside one.
        clip_id: the clip, "" when no clip can be told.
        path: relative to the folder of generations.
        fault: what is wrong, "reason: detail", or "".
        form: features or joints, once judged sound.
        frames: poses or feature rows, once judged sound.
    """

    model: str
    repeat: str
    clip_id: str
    path: str
    fault: str = ""
    form: str = ""
    frames: int = 0

    @property
    def used(self) -> bool:
        """Whether the motion is evaluated."""
        return bool(self.form)

    @property
    def file(self) -> tuple[object, ...]:
        """The row of a usable file, as in `FILES`."""
        return self.model, self.repeat, self.clip_id, self.path, self.form, self.frames

    @property
    def row(self) -> tuple[object, ...]:
        """The row of a report, as in `REPORT`."""
        reason, _, detail = self.fault.partition(": ")
        return self.model, self.repeat, self.clip_id, self.path, reason, detail, self.used


def entries(folder: Path, clip_ids: Sequence[str], repeats: int | None) -> Iterator[Entry]:
    """Every motion that is there or should be, model by model, and every stray file; nothing is opened."""
    for model in _sorted(folder):
        if not model.is_dir():
            yield Entry("", "", "", model.name, "not asked for: outside a model's folder")
            continue
        there = {path.name: path for path in _sorted(model) if path.is_dir()}
        for path in _sorted(model):
            if not path.is_dir():
                told = "not asked for: outside a repeat's folder"
                yield Entry(model.name, "", "", f"{model.name}/{path.name}", told)
        wanted = _expected(list(there), repeats)
        for repeat in sorted({*there, *wanted}, key=lambda name: (len(name), name)):
            if repeat not in there:
                yield Entry(model.name, repeat, "", f"{model.name}/{repeat}", "missing repeat: no such folder")
            yield from _of_repeat(model.name, repeat, there.get(repeat), clip_ids)


def judged(folder: Path, entry: Entry, frames: int | None) -> Entry:
    """The entry with its form and length if the file is sound, with its fault if not.

    Args:
        folder: the folder of generations.
        entry: a file that exists.
        frames: length that was asked for, in feature frames.

    Example:
        >>> judged(Path("."), Entry("ours", "0", "a", "ours/0/a.npy"), None).fault.split(":")[0]
        'unreadable'
    """
    path = folder / entry.path
    heads = {form: header_fault(path, row, KINDS) for form, row in FORMS.items()}
    form = next((name for name, (_, fault) in heads.items() if not fault.startswith("wrong shape: (")), "")
    if not form:
        shape = heads["features"][1].split(": ")[1].split(" instead")[0]
        return replace(entry, fault=f"wrong shape: {shape} instead of (T, 263) or (T, 22, 3)")
    length, fault = heads[form]
    fault = fault or _too(length, form) or _content(path, form)
    if fault:
        return replace(entry, fault="no frames: T = 0" if fault.endswith("no frames") else fault)
    # Joints make one feature fewer than there are poses; a model gives as many poses as it was asked for, or one more.
    fits = frames is None or length == frames or (form == "joints" and length == frames + 1)
    other = "" if fits else f"other length: {length} frames instead of {frames}"
    return replace(entry, form=form, frames=length, fault=other)


def _of_repeat(model: str, repeat: str, folder: Path | None, clip_ids: Sequence[str]) -> Iterator[Entry]:
    there = {nfc(path.name): path.name for path in _sorted(folder)} if folder is not None else {}
    for clip_id in clip_ids:
        name = f"{clip_id}.npy"
        fault = "" if name in there else "missing: no such file"
        yield Entry(model, repeat, clip_id, f"{model}/{repeat}/{there.get(name, name)}", fault)
    for name in sorted({*there} - {f"{clip_id}.npy" for clip_id in clip_ids}):
        yield Entry(model, repeat, "", f"{model}/{repeat}/{there[name]}", "not asked for: no clip of this name")


def _expected(there: list[str], repeats: int | None) -> list[str]:
    numbered = [int(name) for name in there if name.isascii() and name.isdigit() and len(name) < 3]
    # Repeats may be counted from 0 or from 1, and be padded with zeros; larger numbers are names.
    first = 1 if min(numbered, default=0) == 1 else 0
    count = max(numbered, default=first - 1) + 1 - first if repeats is None else repeats
    gaps = [str(number) for number in range(first, first + count) if number not in numbered]
    return gaps if repeats is None else gaps[: max(repeats - len(there), 0)]


def _too(length: int, form: str) -> str:
    if length > LONGEST:
        return f"too long: {length} frames, more than {LONGEST:,}"
    return "too short: features need two poses" if form == "joints" and length < 2 else ""


def _content(path: Path, form: str) -> str:
    try:
        array = open_array(path).astype(np.float64)
    except CorpusError as error:
        return f"unreadable: {error.what}"
    if fault := content_fault(array):
        return f"not finite: {fault}"
    if (largest := float(np.abs(array).max())) > LARGEST:
        return f"not a motion: a number of size {largest:.3g}"
    return f"not a body: {bone_fault(array)}" if form == "joints" and bone_fault(array) else ""


def _sorted(folder: Path) -> list[Path]:
    listed = (path for path in folder.iterdir() if is_data(path.relative_to(folder)))
    return sorted(listed, key=lambda path: path.name)
