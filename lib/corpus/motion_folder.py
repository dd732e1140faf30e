"""A folder with one motion file a clip: which ids it holds, how long they are, which are unusable."""

import os
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from lib.base.errors import CorpusError
from lib.corpus.foreign_files import nfc
from lib.corpus.motions import FileStore
from lib.motion.motion_array import JOINTS, bone_fault, content_fault, header_fault, open_array


@dataclass(frozen=True)
class MotionFolder:
    """What a folder holds: the sound clips with their frames, and (clip_id, reason, detail) of the others."""

    store: FileStore
    frames: dict[str, int]
    faults: list[tuple[str, str, str]]


def read_folder(folder: Path, ids: Collection[str], row: tuple[int, ...], kinds: str, *, check: bool) -> MotionFolder:
    """Lists a folder of `<clip_id>.npy` files.

    Args:
        folder: the folder; one that does not exist holds nothing.
        ids: the clips of interest, composed (NFC), as names of files are compared; other files are passed over.
        row: shape of one frame.
        kinds: admitted types, as in `header_fault`.
        check: also read every file and look for NaN and for bones without length (HumanML3D in full is 4 GB); headers
            and lengths always are.
    """
    wanted = set(ids)
    frames: dict[str, int] = {}
    names: dict[str, str] = {}
    faults: list[tuple[str, str, str]] = []
    for entry in sorted(os.scandir(folder), key=lambda e: e.name) if folder.is_dir() else ():
        stem, suffix = os.path.splitext(entry.name)
        clip_id = nfc(stem)
        if suffix != ".npy" or clip_id not in wanted or entry.name.startswith("."):
            continue
        path = Path(entry.path)
        count, fault = header_fault(path, row, kinds)
        if not fault and check:
            fault = _content(path, row)
        if fault:
            reason = fault.split(":")[0] if ":" in fault else "NaN or infinite values"
            faults.append((clip_id, f"motion: {reason}", f"{folder.name}/{entry.name}: {fault}"))
        else:
            frames[clip_id], names[clip_id] = count, entry.name
    return MotionFolder(FileStore(folder, names), frames, faults)


def _content(path: Path, row: tuple[int, ...]) -> str:
    try:
        array = open_array(path)
        return content_fault(array) or (bone_fault(array) if row == JOINTS else "")
    except CorpusError as error:
        return f"unreadable: {error.what}"
