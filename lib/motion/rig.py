"""Which joints of a captured skeleton stand for HumanML3D's 22, and in which units and axes it was captured."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from lib.base import params_file
from lib.base.errors import ParamsError
from lib.base.paths import ROOT
from lib.motion.recording import Recording
from lib.motion.skeleton import JOINT_NAMES, Array

RIGS = ROOT / "params" / "rigs"
_AHEAD = {"X": "+Z", "Y": "+Z", "Z": "-Y"}
"""The axis that faces forward when none is named, by the axis that points up; any would do, as clips are turned."""

Axis = Literal["+X", "-X", "+Y", "-Y", "+Z", "-Z"]


class Between(BaseModel):
    """A place on the line from one joint to another, for a joint that a skeleton lacks."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
    between: Annotated[list[str], Field(min_length=2, max_length=2)]
    at: Annotated[float, Field(ge=0, le=1)] = 0.5


class Rig(BaseModel):
    """A rig file: `joints` names each joint of HumanML3D by its name in a file, or as a place between two of them.

    A namespace or any other prefix that the joints of a file share (``mixamorig:``, ``Character1_``) needs no mention.
    An end site of a BVH file has the name of the joint that it ends, and ``_End``.

    Attributes:
        rig: its name.
        description: where such files come from.
        metres_per_unit: 0.01 for centimetres; of BVH files, as glTF is in metres.
        up: the axis of the file that points up; of BVH files, as glTF has Y up.
        facing: `first_pose` turns every clip so that its first pose faces +Z; an axis turns all clips alike.
        positions: whether position channels of a joint stand instead of its OFFSET or are added to it.
        calibration_frames: poses at the start of every file that are no part of the motion.
        prefixes: of no effect, as every prefix is taken off; kept for rigs of a time when each had to be named.
        joints: of the file by joint of HumanML3D.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
    rig: str
    description: str = ""
    metres_per_unit: Annotated[float, Field(gt=0)] = 0.01
    up: Axis = "+Y"
    facing: Literal["first_pose"] | Axis = "first_pose"
    positions: Literal["instead", "added"] = "instead"
    calibration_frames: Annotated[int, Field(ge=0)] = 0
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

    def lacking(self, names: Sequence[str]) -> list[str]:
        """Names that the rig asks for and that are not among those of a file, whatever prefix these share."""
        there = self.columns(names)
        return [name for name in self._asked() if name not in there]

    def columns(self, names: Sequence[str]) -> dict[str, int]:
        """The index of each name that the rig asks for among those of a file.

        Example:
            >>> load("mixamo").columns(["Armature", "mixamorig7:Hips", "mixamorig7:Spine"])
            {'Hips': 1, 'Spine': 2}
        """
        asked = self._asked()
        prefixes = Counter(name.removesuffix(end) for end in asked for name in names if name.endswith(end))
        prefix = max(prefixes, key=lambda one: (prefixes[one], -len(one)), default="")
        there = {name: n for n, name in enumerate(names)}
        return {name: there[prefix + name] for name in asked if prefix + name in there}

    def joints_at(self, recording: Recording, seconds: Array) -> Array:
        """The joints at any times, in the file's own units, turned so that Y points up and `facing` ahead.

        Args:
            recording: a file of which `lacking` names nothing.
            seconds: (T,).

        Returns:
            (T, 22, 3).
        """
        placed = recording.at(seconds, added=self.positions == "added")
        at = {name: placed[:, n] for name, n in self.columns(recording.names).items()}
        joints = np.stack([_place(self.joints[name], at) for name in JOINT_NAMES], axis=1)
        turned: Array = joints if recording.in_metres else joints @ self.axes().T
        return turned

    def axes(self) -> Array:
        """The rotation (3, 3) from the axes of a file to those with Y up and +Z ahead."""
        facing = _AHEAD[self.up[-1]] if self.facing == "first_pose" else self.facing
        up, ahead = _unit(self.up), _unit(facing)
        return np.stack([np.cross(up, ahead), up, ahead])

    def _asked(self) -> list[str]:
        return list(dict.fromkeys(name for joint in self.joints.values() for name in _named(joint)))


def files() -> list[Path]:
    """The rigs that come with the project, by name."""
    return sorted(RIGS.glob("*.yml"))


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
        there = ", ".join(path.stem for path in files())
        raise ParamsError("no such rig", where=name, fix=f"there are {there}; or name a file of your own")
    try:
        return Rig.model_validate(params_file.read(given))
    except ValidationError as error:
        raise params_file.explain(error, Rig, name) from None


def _named(joint: str | Between) -> list[str]:
    return [joint] if isinstance(joint, str) else joint.between


def _place(joint: str | Between, at: dict[str, Array]) -> Array:
    if isinstance(joint, str):
        return at[joint]
    start, end = (at[name] for name in joint.between)
    place: Array = start + joint.at * (end - start)
    return place


def _unit(axis: str) -> Array:
    unit: Array = np.eye(3)["XYZ".index(axis[-1])] * (-1.0 if axis[0] == "-" else 1.0)
    return unit
