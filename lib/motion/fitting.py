"""Which rig fits a file: whose joints it has, and which of those leaves a person's legs."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from lib.base.errors import CorpusError
from lib.motion import rig
from lib.motion.body import ADULTS_M, LEGS_M, TYPICAL_M
from lib.motion.file_to_clip import legs_of
from lib.motion.recording import Recording
from lib.motion.rig import Rig


@dataclass(frozen=True)
class Fit:
    """How well a rig fits a file.

    Attributes:
        rig: it.
        lacking: names that it asks for and the file does not have.
        legs: metres of the legs by it; NaN where names are lacking.
    """

    rig: Rig
    lacking: list[str]
    legs: float

    def __str__(self) -> str:
        """How well, in a few words."""
        if not self.lacking:
            return f"fits, legs {self.legs:.2g} m" + ("" if _within(self.legs, LEGS_M) else ", which nobody has")
        more = f" and {len(self.lacking) - 3} more" if len(self.lacking) > 3 else ""
        return f"misses {', '.join(map(repr, self.lacking[:3]))}{more}"


def fits(recording: Recording) -> list[Fit]:
    """Every rig in `params/rigs`, those first that fit best.

    First are those whose joints the file has, of these the one whose scale leaves legs most like an adult's; then those
    that lack the fewest.
    """
    rigs = [rig.load(path) for path in rig.files()]
    lacking = [each.lacking(recording.names) for each in rigs]
    legs = [np.nan if names else legs_of(recording, each) for each, names in zip(rigs, lacking, strict=True)]
    return sorted(map(Fit, rigs, lacking, legs), key=_rank)


def fitting(recording: Recording, where: str | Path) -> Rig:
    """The rig in `params/rigs` that fits a file best.

    Raises:
        CorpusError: the file has the joints of none, and the message names the nearest and what it misses; or of
            several, none of which leaves a person's legs.
    """
    return chosen(fits(recording), where)


def chosen(ranked: Sequence[Fit], where: str | Path) -> Rig:
    """The first of `fits`, with the errors of `fitting`."""
    best = ranked[0]
    if best.lacking:
        what = f"no rig fits; the nearest, {best.rig.rig}, {best}"
        fix = f"copy params/rigs/{best.rig.rig}.yml, name the joints of your files there, and give it as --rig"
        raise CorpusError(what, where=where, fix=fix)
    if len(able := _able(ranked)) > 1 and not _within(best.legs, LEGS_M):
        named = ", ".join(f"{fit.rig.rig} (legs of {fit.legs:.3g} m)" for fit in able)
        fix = f"copy params/rigs/{best.rig.rig}.yml, set metres_per_unit there, and give it as --rig"
        raise CorpusError(f"it has the joints of {named}, of which none leaves a person", where=where, fix=fix)
    return best.rig


def alternatives(ranked: Sequence[Fit]) -> str:
    """A sentence that names the rig taken and the others whose joints a file has, or nothing where there is one."""
    first, *others = _able(ranked) or [ranked[0]]
    if not others:
        return ""
    named = ", ".join(f"{fit.rig.rig} (legs of {fit.legs:.2g} m)" for fit in others)
    return f"the rig {first.rig.rig} is taken (legs of {first.legs:.2g} m); the joints are those of {named} too"


def listing(recording: Recording | None = None) -> str:
    """The rigs in `params/rigs`, one a line, with how well each fits a file where there is one, best first.

    Example:
        >>> listing().splitlines()[1]
        'animate3d     what Animate 3D writes, BVH in centimetres or GLB'
    """
    if recording is None:
        return "\n".join(f"{each.rig:<13} {each.description}" for each in map(rig.load, rig.files()))
    return "\n".join(f"{fit.rig.rig:<13} {fit}" for fit in fits(recording))


def _able(ranked: Sequence[Fit]) -> list[Fit]:
    return [fit for fit in ranked if not fit.lacking]


def _rank(fit: Fit) -> tuple[int, float]:
    if fit.lacking:
        return len(fit.lacking), 0.0
    off = abs(float(np.log(max(fit.legs, 1e-9) / TYPICAL_M)))
    return 0, 0.0 if _within(fit.legs, ADULTS_M) else off


def _within(legs: float, bounds: tuple[float, float]) -> bool:
    return bounds[0] <= legs <= bounds[1]
