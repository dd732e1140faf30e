"""Run folders that were trained here: used only as they were made, and trained again where they are damaged."""

from pathlib import Path
from typing import Any

from lib.base import seals, state
from lib.base.errors import ModelError
from lib.models.tmr.model import TMR

AGAIN = "it is trained again"


def is_sound(folder: Path, kind: type[TMR]) -> bool:
    """Whether a folder holds a finished training of which no byte has changed.

    A folder without a seal, which an earlier version of this project trained, is sealed now if its weights have the
    fingerprint that its training noted.

    Args:
        folder: the run folder.
        kind: what was trained, `TMR` or `TEMOS`.
    """
    if seals.is_sealed(folder) or not (folder / "config.json").is_file():
        return seals.is_sealed(folder) and seals.intact(folder)
    noted = state.read(folder / "training.json", dict[str, Any], then=AGAIN) or {}
    try:
        sound = kind.from_run_dir(folder).fingerprint == noted.get("fingerprint")
    except ModelError:
        return False
    if sound:
        seals.seal(folder)
    return sound
