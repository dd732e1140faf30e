"""Whether the motions of a model are people in metres with Y up: told once a model, and evaluated all the same."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from lib.corpus.generation_files import Entry
from lib.motion.body import body_faults, stays_at_origin
from lib.motion.features import recover_joints
from lib.motion.motion_array import open_array

LOOKED_AT = 200
"""Motions of a model that are looked at: conventions are those of the model, and every file costs milliseconds."""

SHOWN = {
    "up": ("upside down or lying", "the head is never well above the feet", "most"),
    "toes": ("left and right exchanged", "the toes point backwards", "most"),
    "root": ("root-relative", "the pelvis never leaves the origin", "most"),
    "drift": ("not in metres", "bones change their length by half and more, as those of normalised features", "any"),
    "scale": ("not in metres", "the legs are of a length that nobody has", "any"),
}
"""Reason, clause, and of how many of a model's motions it is told: anybody may lie through one clip."""


@dataclass
class ModelBodies:
    """The bodies of one model's first usable motions.

    Attributes:
        looked_at: how many were looked at.
        counts: of how many of them each of `SHOWN` holds.
        first: path of the first motion of each.
    """

    looked_at: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    first: dict[str, str] = field(default_factory=dict)

    def look(self, folder: Path, entry: Entry) -> None:
        """Adds one usable motion, unless enough were looked at.

        Args:
            folder: the folder of generations.
            entry: a motion judged sound.
        """
        if self.looked_at >= LOOKED_AT:
            return
        array = np.asarray(open_array(folder / entry.path), dtype=np.float64)
        joints = array if entry.form == "joints" else recover_joints(array)
        kinds = [fault.kind for fault in body_faults(joints) if fault.kind in SHOWN]
        self.looked_at += 1
        for kind in [*kinds, "root"] if stays_at_origin(joints) else kinds:
            self.counts[kind] += 1
            self.first.setdefault(kind, entry.path)

    def rows(self, model: str) -> list[tuple[object, ...]]:
        """The rows of a report (`generation_files.REPORT`), each about all motions of the model."""
        return [
            (model, "", "", self.first[kind], reason, f"{what} in {n} of {self.looked_at} motions looked at", True)
            for kind, (reason, what, some) in SHOWN.items()
            if (n := self.counts[kind]) and (some == "any" or 2 * n > self.looked_at)
        ]
