"""What public generators leave: files of one motion or of many, with what each says of its clip."""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lib.base.errors import CorpusError
from lib.corpus.foreign_files import is_data, nfc
from lib.corpus.foreign_generations import mdm_results
from lib.motion.motion_array import FEATURES, JOINTS, header_fault, open_array

Motion = NDArray[np.generic]
SHAPES = "(T, 22, 3) or (T, 263), or several of these"
MOMASK = re.compile(r"sample(?P<number>\d{1,9})_repeat(?P<repeat>\d{1,9})_len\d+(?P<ik>_ik)?")
"""Names of momask-codes: gen_t2m.py; `_ik` has its feet put on the floor."""
GENERATED, REAL = "_pred", "_gt"
"""Ends of names of T2M-GPT: utils/eval_trans.py."""


@dataclass(frozen=True, eq=False)
class Sample:
    """One motion.

    Attributes:
        place: how messages name it.
        motion: reads it: joints (T, 22, 3) or features (T, 263), padding cut off.
        features: whether it is features.
        name: of its clip, as its file is called; None where motions are numbered.
        number: which of the generator's prompts it was made for, from 0; None where its file names the clip.
        repeat: which of the motions for that prompt, from 0.
        text: the prompt, where the file holds it.
    """

    place: str
    motion: Callable[[], Motion]
    features: bool
    name: str | None = None
    number: int | None = None
    repeat: int = 0
    text: str | None = None


@dataclass(eq=False)
class Samples:
    """The motions of a source, and the files that were passed over, each with the reason."""

    found: list[Sample] = field(default_factory=list)
    passed: list[tuple[str, str]] = field(default_factory=list)


def read_samples(
    source: Path, clip_ids: Collection[str], *, lengths: Sequence[int] | None = None, ik: bool = False
) -> Samples:
    """The motions of a file or of a folder; arrays are opened when they are asked for, but for MDM's results.

    A file's name names the clip (T2M-GPT's `<clip>_pred.npy` as well), or the number of the prompt and the repeat
    (MoMask's `sample3_repeat0_len196.npy`). Several motions in a file are repeats of its clip, or, in a single file
    that is not called as a clip, those of the prompts in order. A folder that is called by a number is a repeat.

    Args:
        source: a `.npy` file, or a folder of them.
        clip_ids: of the test set.
        lengths: frames of each numbered motion, the rest being padding; MDM's results say their own.
        ik: take MoMask's files with feet put on the floor in place of the others.

    Raises:
        CorpusError: no such source, no motion in it, or a single file that cannot be used.
    """
    if source.is_dir():
        paths = sorted(path for path in source.rglob("*.npy") if is_data(path.relative_to(source)))
    elif source.exists():
        paths = [source]
    else:
        raise CorpusError("no such file or folder", where=source, fix="name what the generator wrote")
    samples = Samples()
    for path in paths:
        fault = _add(samples, path, source, clip_ids, lengths, ik)
        if fault and path == source:
            raise CorpusError(fault, where=path, fix=f"save arrays of {SHAPES}")
        if fault:
            samples.passed.append((path.relative_to(source).as_posix(), fault))
    if not samples.found:
        why = f" ({samples.passed[0][0]}: {samples.passed[0][1]})" if samples.passed else ""
        raise CorpusError(f"holds no generated motion{why}", where=source, fix=f"save .npy files of {SHAPES}")
    return samples


def _add(
    samples: Samples, path: Path, source: Path, clip_ids: Collection[str], lengths: Sequence[int] | None, ik: bool
) -> str:
    """Adds the motions of one file; what is returned says why there are none, or is empty."""
    place = path.name if path == source else path.relative_to(source).as_posix()
    if header_fault(path, FEATURES, "f4")[1].startswith("pickled objects"):
        for at, (motion, number, repeat, text) in enumerate(mdm_results.read(path)):
            sample = Sample(f"{place}, motion {at}", _held(motion), False, number=number, repeat=repeat, text=text)
            samples.found.append(sample)
        return ""
    try:
        array = open_array(path, mapped=True, wanted=SHAPES)
    except CorpusError as error:
        return error.what
    form = next((form for form in (FEATURES, JOINTS) if array.shape[-len(form) :] == form), None)
    outer = array.shape[: -len(form)] if form else ()
    if form is None or len(outer) not in (1, 2):
        return f"wrong shape {array.shape}"
    if array.dtype.kind != "f":
        return f"wrong type {array.dtype}"
    features, several = form == FEATURES, len(outer) == 2
    name, known = nfc(path.stem), None
    if name not in clip_ids:
        if name.endswith(REAL):
            return "a real motion beside the generated ones"
        known = MOMASK.fullmatch(name)
        name = name.removesuffix(GENERATED)
    if known and bool(known["ik"]) != ik:
        return "the same motion without --ik" if ik else "the same motion with its feet put on the floor"
    if several and path == source and not known and name not in clip_ids:
        samples.found += _numbered(path, outer[0], outer[1], features, lengths)
        return ""
    numbered = int(known["number"]) if known else None
    first = int(known["repeat"]) if known else _repeat(path, source)
    for at in range(outer[0] if several else 1):
        told, read = (f"{place}, motion {at}", _of(path, at)) if several else (place, _of(path))
        samples.found.append(Sample(told, read, features, None if known else name, numbered, first + at))
    return ""


def _repeat(path: Path, source: Path) -> int:
    """The repeat that a folder of a number stands for."""
    outer = path.parent.name
    return int(outer) if path != source and outer.isascii() and outer.isdigit() and len(outer) < 4 else 0


def _numbered(path: Path, count: int, frames: int, features: bool, lengths: Sequence[int] | None) -> list[Sample]:
    """The motions of one array in order, each cut to its length."""
    cuts = [frames] * count if lengths is None else [*lengths]
    if len(cuts) != count:
        what = f"holds {count} motions, and there are {len(cuts)} lengths"
        raise CorpusError(what, where=path, fix="give a length a motion")
    for at, cut in enumerate(cuts):
        if not 0 < cut <= frames:
            what = f"motion {at} has {frames} frames, and its length says {cut}"
            raise CorpusError(what, where=path, fix="give the lengths that it was made with")
    return [Sample(f"{path.name}, motion {at}", _of(path, at, cut), features, number=at) for at, cut in enumerate(cuts)]


def _of(path: Path, at: int | None = None, frames: int | None = None) -> Callable[[], Motion]:
    def read() -> Motion:
        array = open_array(path, mapped=True, wanted=SHAPES)
        return np.array((array if at is None else array[at])[:frames])

    return read


def _held(motion: Motion) -> Callable[[], Motion]:
    return lambda: motion
