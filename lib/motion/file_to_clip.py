"""A file of motion capture, made a clip by a rig: HumanML3D's joints at 20 fps, and what the user should know of it."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from lib.base.errors import CorpusError
from lib.motion.body import ADULTS_M, LEGS_M, SHORTEST_M, TYPICAL_M, BodyFault, body_faults, leg_length, up_axis
from lib.motion.bvh_pose import Bvh
from lib.motion.calibration import calibration_frames
from lib.motion.canonical import PARENT, forward, yaw
from lib.motion.recording import Recording, sampling_times
from lib.motion.rig import Rig
from lib.motion.rotations import about_y
from lib.motion.skeleton import JOINT_NAMES, Array

_LOOKED_AT_S = 10.0


@dataclass(frozen=True)
class Clip:
    """A file that became a clip.

    Attributes:
        joints: (T, 22, 3) metres at 20 fps, Y up.
        notes: what the user should know, each what a clip has.
    """

    joints: Array
    notes: list[str]


def clip_of(recording: Recording, rig: Rig, where: str | Path) -> Clip:
    """A file as HumanML3D's joints at 20 fps: metres, Y up, on the floor, the first pelvis over the origin.

    A calibration pose at the start is left out, so that floor, origin and facing are those of the motion.

    Args:
        recording: a file as read.
        rig: of its skeleton.
        where: the file to name.

    Raises:
        CorpusError: a joint is missing or always lies on its parent, the legs are not as long as a person's, or the
            toes point backwards.
    """
    if lacking := rig.lacking(recording.names):
        what = f"no joint {', '.join(map(repr, lacking[:3]))}; it has {', '.join(recording.names[:6])[:200]}, …"
        raise CorpusError(what, where=where, fix=f"name its joints in {_copied(rig)}")
    recorded = recording.seconds[recording.seconds <= recording.seconds[0] + _LOOKED_AT_S]
    scale = _metres_per_unit(recording, rig)
    detected = _calibration(rig.joints_at(recording, recorded) * scale, recorded)
    first = min(max(rig.calibration_frames, detected), max(len(recording.seconds) - 2, 0))
    joints = rig.joints_at(recording, sampling_times(recording, first)) * scale
    faults = body_faults(joints, metres_per_unit=scale)
    _refuse(joints, faults, scale, rig, where)
    notes = [
        *recording.notes,
        *["a calibration pose before the motion, which is left out" for _ in range(bool(first))],
        *_lengths(recording, rig, scale),
        *(_note(fault, joints, recording, rig) for fault in faults),
    ]
    joints -= [joints[0, 0, 0], joints[..., 1].min(), joints[0, 0, 2]]
    ahead = rig.facing == "first_pose" or recording.in_metres
    return Clip(about_y(joints, yaw(forward(joints[0]))) if ahead else joints, notes)


def legs_of(recording: Recording, rig: Rig) -> float:
    """Metres of the legs in a file by a rig whose joints it has."""
    some = recording.seconds[np.linspace(0, len(recording.seconds) - 1, 5).astype(int)]
    return leg_length(rig.joints_at(recording, some) * _metres_per_unit(recording, rig))


def _metres_per_unit(recording: Recording, rig: Rig) -> float:
    # glTF asks for metres, but some programs write their own unit all the same.
    if not recording.in_metres:
        return rig.metres_per_unit
    legs = leg_length(rig.joints_at(recording, recording.seconds[:1]))
    return rig.metres_per_unit if _walks(legs * rig.metres_per_unit) and not _walks(legs) else 1.0


def _calibration(joints: Array, seconds: Array) -> int:
    return calibration_frames(joints, 1 / float(np.median(np.diff(seconds)))) if len(seconds) > 2 else 0


def _refuse(joints: Array, faults: list[BodyFault], metres_per_unit: float, rig: Rig, where: str | Path) -> None:
    fixes = {"scale": "set metres_per_unit in", "toes": "correct up or the joints in"}
    bones = np.linalg.norm(joints[:, 1:] - joints[:, PARENT], axis=-1).max(axis=0)
    if (bones < SHORTEST_M).any():
        bone = int((bones < SHORTEST_M).argmax()) + 1
        what = f"{JOINT_NAMES[bone]} lies on {JOINT_NAMES[PARENT[bone - 1]]} in every frame by the rig {rig.rig}"
        raise CorpusError(what, where=where, fix=f"place it between two joints in {_copied(rig)}")
    for fault in faults:
        if fault.kind in fixes:
            what = f"by the rig {rig.rig}, {fault.what}"
            if fault.kind == "scale" and not what.endswith("?"):
                unit = metres_per_unit * TYPICAL_M / max(leg_length(joints), 1e-9)
                what += f" and a unit of {unit:.2g} m leaves {TYPICAL_M:g} m"
            raise CorpusError(what, where=where, fix=f"{fixes[fault.kind]} {_copied(rig)}")


def _lengths(recording: Recording, rig: Rig, scale: float) -> list[str]:
    if recording.in_metres and scale != 1.0:
        return [f"lengths that are no metres, as glTF asks for; a unit of {scale:g} m is taken"]
    lengthened = set(recording.lengthened()) if isinstance(recording, Bvh) else set()
    if lengthened & {recording.names[n] for n in rig.columns(recording.names).values()}:
        return ["position channels of 0, which are counted from the offsets (as by positions: added)"]
    return []


def _note(fault: BodyFault, joints: Array, recording: Recording, rig: Rig) -> str:
    if fault.kind == "up":
        axis = "" if recording.in_metres else up_axis(joints @ rig.axes())
        hint = f", but towards {axis} of the file; set up: {axis} in the rig" if axis else "; see that Y points up"
        return "a head that is never well above the feet" + hint
    if fault.kind == "bone":
        return "a bone without length in some frame, of which no features can be made"
    if fault.kind == "stature":
        return f"legs shorter or longer than an adult's, {ADULTS_M[0]:g} to {ADULTS_M[1]:g} m"
    return fault.what


def _copied(rig: Rig) -> str:
    return f"a copy of params/rigs/{rig.rig}.yml and give it as --rig"


def _walks(legs: float) -> bool:
    return LEGS_M[0] <= legs <= LEGS_M[1]
