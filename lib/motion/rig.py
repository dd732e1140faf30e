"""Which joints of a captured skeleton stand for HumanML3D's 22, and in which units and axes it was captured."""

from pathlib import Path
from typing import Annotated, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from lib import params_file
from lib.errors import CorpusError, ParamsError
from lib.motion.bvh_pose import resampled
from lib.motion.bvh_text import Bvh
from lib.motion.canonical import forward, yaw
from lib.motion.rotations import about_y
from lib.motion.skeleton import JOINT_NAMES, Array
from lib.paths import ROOT

RIGS = ROOT / "params" / "rigs"
LEGS_M = (0.3, 1.5)
BACKWARDS_M = -0.03
_AHEAD = {"X": "+Z", "Y": "+Z", "Z": "-Y"}
"""The axis that faces forward when none is named, by the axis that points up; any would do, as clips are turned."""

Axis = Literal["+X", "-X", "+Y", "-Y", "+Z", "-Z"]


class Between(BaseModel):
    """A place on the line from one joint to another, for a joint that a skeleton lacks."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
    between: Annotated[list[str], Field(min_length=2, max_length=2)]
    at: Annotated[float, Field(ge=0, le=1)] = 0.5


class Rig(BaseModel):
    """A rig file: `joints` names each joint of HumanML3D by its name in the BVH, or as a place between two of them.

    Attributes:
        rig: its name.
        description: where such files come from.
        metres_per_unit: 0.01 for centimetres.
        up: the axis of the file that points up.
        facing: `first_pose` turns every clip so that its first pose faces +Z; an axis turns all clips alike.
        positions: whether position channels of a joint stand instead of its OFFSET or are added to it.
        prefixes: what to take off the names in a file before they are compared.
        joints: of the file by joint of HumanML3D.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
    rig: str
    description: str = ""
    metres_per_unit: Annotated[float, Field(gt=0)] = 0.01
    up: Axis = "+Y"
    facing: Literal["first_pose"] | Axis = "first_pose"
    positions: Literal["instead", "added"] = "instead"
    prefixes: list[str] = []
    joints: dict[Literal[*JOINT_NAMES], str | Between]  # type: ignore[valid-type]

    @model_validator(mode="after")
    def _whole(self) -> "Rig":
        missing = [name for name in JOINT_NAMES if name not in self.joints]
        if missing:
            raise ValueError(f"each of the 22 joints once: {', '.join(missing)} missing")
        if self.facing[-1] == self.up[-1]:
            raise ValueError(f"a facing at right angles to up ({self.up})")
        return self

    def lacking(self, bvh: Bvh) -> list[str]:
        """Names that the rig asks for and the file does not have."""
        there = set(self._names(bvh))
        return [name for one in self.joints.values() for name in _asked(one) if name not in there]

    def joints_of(self, bvh: Bvh, where: str | Path) -> Array:
        """The clip as HumanML3D's joints at 20 fps: metres, Y up, on the floor, the first pelvis over the origin.

        Args:
            bvh: a file as read.
            where: the file to name.

        Returns:
            (T, 22, 3).

        Raises:
            CorpusError: a joint is missing, or the legs are not as long as a person's, or the toes point backwards.
        """
        if lacking := self.lacking(bvh):
            told = f"no joint {', '.join(map(repr, lacking[:3]))}; it has {', '.join(bvh.names[:6])}, …"
            raise CorpusError(told, where=where, fix=f"name its joints in a copy of {RIGS.name}/{self.rig}.yml")
        names = self._names(bvh)
        at = {name: place for name, place in zip(names, np.moveaxis(self._placed(bvh), 1, 0), strict=True)}
        joints = np.stack([_found(self.joints[name], at) for name in JOINT_NAMES], axis=1)
        _refuse_odd_bodies(joints, where)
        joints -= [joints[0, 0, 0], joints[..., 1].min(), joints[0, 0, 2]]
        return about_y(joints, yaw(forward(joints[0]))) if self.facing == "first_pose" else joints

    def _names(self, bvh: Bvh) -> list[str]:
        prefix = next((one for one in self.prefixes if bvh.names[0].startswith(one)), "")
        return [name.removeprefix(prefix) for name in bvh.names]

    def _placed(self, bvh: Bvh) -> Array:
        facing = _AHEAD[self.up[-1]] if self.facing == "first_pose" else self.facing
        up, ahead = _unit(self.up), _unit(facing)
        turn = np.stack([np.cross(up, ahead), up, ahead])
        placed: Array = resampled(bvh, added=self.positions == "added") @ turn.T * self.metres_per_unit
        return placed


def load(name: str | Path) -> Rig:
    """A rig by the path of its file, or by the name of one in `params/rigs`.

    Raises:
        ParamsError: no such file, or one that cannot be used as written.

    Example:
        >>> load("mixamo").joints["left_elbow"]
        'LeftForeArm'
    """
    given = next((p for p in (Path(name), ROOT / name, RIGS / f"{name}.yml") if p.is_file()), None)
    if given is None:
        there = ", ".join(sorted(path.stem for path in RIGS.glob("*.yml")))
        raise ParamsError("no such rig", where=name, fix=f"there are {there}; or name a file of your own")
    try:
        return Rig.model_validate(params_file.read(given))
    except ValidationError as error:
        raise params_file.explain(error, Rig, name) from None


def fitting(bvh: Bvh, where: str | Path) -> Rig:
    """The rig in `params/rigs` whose joints a file has.

    Raises:
        CorpusError: none fits; the message names the nearest one and what it misses.
    """
    rigs = [load(path) for path in sorted(RIGS.glob("*.yml"))]
    nearest = min(rigs, key=lambda rig: len(rig.lacking(bvh)))
    if lacking := nearest.lacking(bvh):
        told = f"no rig fits; the nearest, {nearest.rig}, misses {', '.join(map(repr, lacking[:3]))}"
        fix = f"copy params/rigs/{nearest.rig}.yml, name the joints of your files there, and give it as --rig"
        raise CorpusError(told, where=where, fix=fix)
    return nearest


def _asked(joint: str | Between) -> list[str]:
    return [joint] if isinstance(joint, str) else joint.between


def _found(joint: str | Between, at: dict[str, Array]) -> Array:
    if isinstance(joint, str):
        return at[joint]
    start, end = (at[name] for name in joint.between)
    place: Array = start + joint.at * (end - start)
    return place


def _unit(axis: str) -> Array:
    unit: Array = np.eye(3)["XYZ".index(axis[-1])] * (-1.0 if axis[0] == "-" else 1.0)
    return unit


def _refuse_odd_bodies(joints: Array, where: str | Path) -> None:
    thigh, shin = (np.linalg.norm(joints[:, low] - joints[:, high], axis=-1) for high, low in ((1, 4), (4, 7)))
    legs = float(np.median(thigh + shin))
    if not LEGS_M[0] <= legs <= LEGS_M[1]:
        told = f"the legs are {legs:.3g} m long"
        raise CorpusError(told, where=where, fix="set metres_per_unit in the rig (0.01 for centimetres, 1 for metres)")
    toes = joints[:, [10, 11]] - joints[:, [7, 8]]
    ahead = (toes * forward(joints)[:, None]).sum(-1)
    if np.median(ahead) < BACKWARDS_M:
        told = "the toes point backwards, so left and right are exchanged or up is another axis"
        raise CorpusError(told, where=where, fix="correct up or the joints in the rig")
