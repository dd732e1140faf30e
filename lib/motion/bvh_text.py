"""BVH files, read: the bones of a skeleton, and what each of their channels says in every frame."""

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from lib.base.errors import CorpusError
from lib.motion.bvh_pose import Bvh
from lib.motion.skeleton import Array

CHANNELS = tuple(f"{axis}{kind}" for kind in ("position", "rotation") for axis in "XYZ")
_SPELT = {name.lower(): name for name in CHANNELS}
_NUMBER = r"[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?|[-+]?(nan|inf|infinity)"
_LARGEST = 1e12
_SITE = -2
_USUAL_S = (1 / 250, 1 / 9)
Numbered = Iterator[tuple[int, str]]


LONGEST_FRAME_S, SHORTEST_FRAME_S = 0.25, 0.001
"""No capture is slower than 4 frames a second, nor faster than 1,000."""
MOST_JOINTS = 2_000


def read(path: Path) -> Bvh:
    """Reads a file.

    Raises:
        CorpusError: no such file, not text, or anything that is no BVH, with the number of its line.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise CorpusError(f"cannot be read ({error.strerror})", where=path, fix="check the file") from error
    except UnicodeDecodeError as error:
        told = f"not text at byte {error.start}"
        raise CorpusError(told, where=path, fix="export it as BVH, which is plain text") from error
    if "\0" in text:
        told = f"a NUL byte in line {text.count(chr(10), 0, text.index(chr(0))) + 1}, which no text has"
        raise CorpusError(told, where=path, fix="export it as BVH, which is plain text")
    return parse(text, path)


def parse(text: str, where: str | Path = "BVH") -> Bvh:
    r"""Reads the text of a file: joints with channels in any order, braces and blanks anywhere.

    Args:
        text: what the file holds.
        where: the file to name in a message.

    Raises:
        CorpusError: with file and line, and what was expected there.

    Source: Meredith and Maddock 2001, Motion capture file formats explained (the format has no standard).

    Example:
        >>> parse("HIERARCHY\nROOT hips {\nOFFSET 0 0 none\n}")
        Traceback (most recent call last):
        lib.base.errors.CorpusError: BVH:3: 'none' is no number; write OFFSET and three numbers
    """
    lines = iter(enumerate(text.splitlines(), start=1))
    bvh = Bvh()
    try:
        _hierarchy(lines, bvh)
        _motion(lines, bvh)
    except _Fault as fault:
        raise CorpusError(fault.what, where=f"{where}:{fault.line}", fix=fault.fix) from None
    return bvh


class _Fault(Exception):
    def __init__(self, line: int, what: str, fix: str) -> None:
        self.line, self.what, self.fix = line, what, fix


def _hierarchy(lines: Numbered, bvh: Bvh) -> None:
    stack: list[int] = []
    ends: list[tuple[int, Array]] = []
    opening: int | None = None
    number = 0
    for number, line in lines:
        for word, rest in _statements(line):
            if word == "MOTION":
                if stack or not bvh.names:
                    told = f"{len(stack)} brace(s) are not closed before MOTION" if stack else "no ROOT before MOTION"
                    raise _Fault(number, told, "complete the hierarchy")
                return _complete(bvh, ends, number)
            if word == "{" and opening is not None:
                stack.append(opening)
                opening = None
            elif word == "}" and stack:
                stack.pop()
            elif word in {"ROOT", "JOINT"} and bool(stack) == (word == "JOINT") and opening is None:
                opening = _joint(bvh, stack[-1] if stack else -1, rest, number)
            elif word == "END" and stack and stack[-1] != _SITE and opening is None:
                opening = _SITE
            elif word == "OFFSET" and stack:
                place = _numbers(rest, 3, number, "OFFSET and three numbers")
                if stack[-1] != _SITE:
                    bvh.offsets[stack[-1]] = place
                else:
                    ends.append((stack[-2], place))
            elif word == "CHANNELS" and stack and stack[-1] != _SITE:
                bvh.channels[stack[-1]] = _channels(rest, number)
            elif word != "HIERARCHY" or rest or bvh.names:
                told = " ".join([word, *rest])[:40]
                raise _Fault(number, f"{told!r} has no place here", "a hierarchy holds ROOT, JOINT, OFFSET, CHANNELS")
    raise _Fault(number, "the file ends without MOTION", "take a fresh copy, or export it again")


def _statements(line: str) -> Iterator[tuple[str, list[str]]]:
    for part in re.findall(r"[{}]|[^{}]+", line):
        if words := part.split():
            yield words[0].upper(), words[1:]


def _joint(bvh: Bvh, parent: int, words: list[str], number: int) -> int:
    name = " ".join(words)
    if not name or parent == _SITE or (parent < 0 and bvh.names):
        told = "a joint without a name" if not name else f"{name!r} starts a second skeleton"
        raise _Fault(number, told, "a file holds one skeleton whose joints have names")
    if name in bvh.names:
        raise _Fault(number, f"a second joint {name[:40]!r}", "give each joint a name of its own")
    if len(bvh.names) == MOST_JOINTS:
        raise _Fault(
            number, f"more than {MOST_JOINTS:,} joints, which no body has", "export the skeleton of one person"
        )
    bvh.names.append(name)
    bvh.parents.append(parent)
    bvh.offsets.append(np.full(3, np.nan))
    bvh.channels.append(())
    return len(bvh.names) - 1


def _channels(words: list[str], number: int) -> tuple[str, ...]:
    names = [_SPELT.get(word.lower(), "") for word in words[1:]]
    if not words or words[0] != str(len(names)) or "" in names or len(set(names)) < len(names):
        told = f"CHANNELS {' '.join(words)[:60]!r}"
        raise _Fault(number, told, f"write how many there are, then each once, of {', '.join(CHANNELS)}")
    return tuple(names)


def _complete(bvh: Bvh, ends: list[tuple[int, Array]], number: int) -> None:
    for name, offset in zip(bvh.names, bvh.offsets, strict=True):
        if np.isnan(offset).any():
            raise _Fault(number, f"joint {name[:40]!r} has no OFFSET", "give it one before MOTION")
    for joint, offset in ends:
        name = f"{bvh.names[joint]}_End"
        if name not in bvh.names:
            bvh.names.append(name)
            bvh.parents.append(joint)
            bvh.offsets.append(offset)
            bvh.channels.append(())


def _motion(lines: Numbered, bvh: Bvh) -> None:
    number, said = _next(lines, 0)
    frames = re.fullmatch(r"frames\s*:\s*(\d{1,12})", said, re.IGNORECASE)
    if not frames:
        raise _Fault(number, f"{said[:40]!r} instead of the number of frames", "write Frames: 120")
    number, said = _next(lines, number)
    rate = re.fullmatch(r"frame\s+time\s*:\s*(\S+)", said, re.IGNORECASE)
    bvh.frame_s = float(_numbers([rate[1]], 1, number, "seconds")[0]) if rate else 0.0
    if bvh.frame_s <= 0:
        raise _Fault(number, f"{said[:40]!r} instead of the time of a frame", "write seconds: Frame Time: 0.05")
    if not SHORTEST_FRAME_S <= bvh.frame_s <= LONGEST_FRAME_S:
        rate_hz = f"{1 / bvh.frame_s:.3g} frame(s) a second, which no capture has"
        raise _Fault(number, f"Frame Time: {bvh.frame_s:.6g} means {rate_hz}", _meant(bvh.frame_s))
    width, rows = sum(map(len, bvh.channels)), []
    for number, line in lines:
        if words := line.split():
            rows.append(_numbers(words, width, number, f"{width} numbers, one for each channel"))
    if abs(len(rows) - int(frames[1])) == 1 and rows:
        bvh.notes.append("one row more or less than Frames says: every row is read")
    elif len(rows) != int(frames[1]) or not rows:
        told = f"Frames says {int(frames[1]):,}, {len(rows):,} rows follow"
        raise _Fault(number, told, "take a fresh copy, or correct the number")
    bvh.values = np.array(rows)


def _meant(frame_s: float) -> str:
    # Some write the rate where the seconds belong; some write thousandths of a second, or thousands of seconds.
    readings = ((1 / frame_s, f"{frame_s:.4g} frames a second"), (frame_s / 1000, f"{frame_s:.4g} thousandths"))
    scaled = [*readings, (frame_s * 1000, f"{frame_s * 1000:.4g} seconds")]
    sane = [f"for {what}, Frame Time: {s:.6g}" for s, what in scaled if _USUAL_S[0] <= s <= _USUAL_S[1]]
    return "write seconds: " + (" or, ".join(sane) or "for 20 frames a second, Frame Time: 0.05")


def _next(lines: Numbered, number: int) -> tuple[int, str]:
    for at, line in lines:
        if line.strip():
            return at, line.strip()
    raise _Fault(number + 1, "the file ends without motion", "take a fresh copy, or export it again")


def _numbers(words: list[str], count: int, number: int, wanted: str) -> Array:
    try:
        values = np.array(words, dtype=np.float64)
    except ValueError:
        bad = next((word for word in words if not re.fullmatch(_NUMBER, word.lower())), words[0])
        raise _Fault(number, f"{bad[:40]!r} is no number", f"write {wanted}") from None
    if len(values) != count or not (np.abs(values) < _LARGEST).all():
        told = (
            f"{len(values)} numbers" if len(values) != count else f"a number that is not finite, or over {_LARGEST:g}"
        )
        raise _Fault(number, told, f"write {wanted}")
    return values
