"""Weights handed on: a folder in momask-codes' layout with a card, which appears whole or not at all."""

import shutil
from pathlib import Path

from lib.base import atomic, seals, state
from lib.base.errors import ModelError
from lib.models.momask.weights import OURS, read_weights

PLACE = Path("checkpoints/t2m")
CARD = "README.md"


def export_weights(run: Path, dest: Path, card: str) -> None:
    """Writes the networks of a run folder to `dest/checkpoints/t2m/<name>/{opt.txt, model/*.tar, meta/}`.

    What is written is read back strictly before it takes its place, and listed with hashes in `sha256.json`.

    Args:
        run: a run folder of this project.
        dest: the folder to make; an earlier export there is replaced whole.
        card: text of its README.md.

    Raises:
        ModelError: `dest` holds something else than an earlier export, or the run cannot be read strictly.
    """
    check_place(dest)
    read_weights(run)
    dest.parent.mkdir(parents=True, exist_ok=True)
    part = atomic.part_of(dest)
    try:
        for name in OURS:
            shutil.copytree(run / name, part / PLACE / name)
        (part / CARD).write_text(card, encoding="utf-8")
        read_weights(part / PLACE)
        seals.seal(part)
        atomic.swap_in(part, dest)
    finally:
        atomic.remove(part)


def check_place(dest: Path) -> None:
    """Refuses a place that holds anything but an earlier export.

    Raises:
        ModelError: a file, or a folder with a file that an export does not list.
    """
    atomic.recover(dest)
    if not dest.exists():
        return
    if not dest.is_dir():
        raise ModelError("is a file", where=dest, fix="name a folder that is not there yet")
    listed = state.read(dest / seals.SEAL, dict[str, str], then="the folder counts as no export") or {}
    for path in dest.rglob("*"):
        name = path.relative_to(dest).as_posix()
        if not path.is_dir() and name != seals.SEAL and name not in listed:
            what = f"holds {name}, which is of no export, and would be replaced whole"
            raise ModelError(what, where=dest, fix="name a folder that is not there yet")
