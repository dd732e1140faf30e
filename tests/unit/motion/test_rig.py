"""Rigs: the names of a file become HumanML3D's joints, upright, in metres, facing +Z, whatever its axes and units."""

from pathlib import Path

import numpy as np
import pytest
import yaml

from lib.base.errors import CorpusError, ParamsError
from lib.demo.synthesis import Spec, synthesise
from lib.motion import fitting, rig
from lib.motion.bvh import bvh
from lib.motion.bvh_pose import Bvh
from lib.motion.bvh_text import parse
from lib.motion.file_to_clip import clip_of
from lib.motion.rig import Rig
from lib.motion.skeleton import JOINT_NAMES

RENAMED = yaml.safe_load((rig.RIGS / "mixamo.yml").read_text())["joints"]
Z_UP = np.array([[1.0, 0, 0], [0, 0, -1], [0, 1, 0]])


@pytest.fixture(scope="module")
def walk() -> np.ndarray:
    return synthesise([Spec("walk", seconds=2.0)], np.random.default_rng(0)).astype(float)


def named(text: str, prefix: str = "") -> str:
    for ours in sorted(JOINT_NAMES, key=len, reverse=True):
        text = text.replace(f"ROOT {ours}\n", f"ROOT {prefix}{RENAMED[ours]}\n")
        text = text.replace(f"JOINT {ours}\n", f"JOINT {prefix}{RENAMED[ours]}\n")
    return text


def changed(name: str, **values: object) -> Rig:
    return Rig.model_validate({**rig.load(name).model_dump(), **values})


def test_the_own_export_comes_back_within_a_millimetre(walk: np.ndarray) -> None:
    file = parse(bvh(walk))
    assert fitting.fitting(file, "a.bvh").rig == "humanml3d"
    np.testing.assert_allclose(clip_of(file, rig.load("humanml3d"), "a.bvh").joints, grounded(walk), atol=1e-3)


@pytest.mark.parametrize("prefix", ["", "mixamorig:"])
def test_mixamo_s_names_are_taken_with_and_without_their_prefix(walk: np.ndarray, prefix: str) -> None:
    file = parse(named(bvh(walk), prefix))
    found = fitting.fitting(file, "a.bvh")
    assert found.rig == "mixamo"
    np.testing.assert_allclose(clip_of(file, found, "a.bvh").joints, grounded(walk), atol=1e-3)


@pytest.mark.parametrize(("scale", "unit"), [(100.0, 0.0001), (0.01, 1.0)])
def test_units_axes_and_facing_are_parameters(walk: np.ndarray, scale: float, unit: float) -> None:
    text = bvh(walk @ Z_UP.T * scale)
    found = clip_of(parse(text), changed("humanml3d", metres_per_unit=unit, up="+Z", facing="-Y"), "a.bvh")
    np.testing.assert_allclose(found.joints, grounded(walk), atol=2e-3)


def test_a_clip_that_starts_askew_is_turned_to_plus_z_or_left_as_told(walk: np.ndarray) -> None:
    quarter = np.array([[0.0, 0, 1], [0, 1, 0], [-1, 0, 0]])
    file = parse(bvh(walk @ quarter.T))
    np.testing.assert_allclose(clip_of(file, rig.load("humanml3d"), "a").joints, grounded(walk), atol=1e-3)
    kept = clip_of(file, changed("humanml3d", facing="+Z"), "a").joints
    np.testing.assert_allclose(kept, grounded(walk @ quarter.T, turned=False), atol=1e-3)
    np.testing.assert_allclose(
        clip_of(file, changed("humanml3d", facing="+X"), "a").joints, grounded(walk, turned=False), atol=1e-3
    )


def grounded(joints: np.ndarray, *, turned: bool = True) -> np.ndarray:
    """Floor and origin as asked; facing worked out from hips and shoulders with plain trigonometry."""
    joints = joints - [joints[0, 0, 0], joints[..., 1].min(), joints[0, 0, 2]]
    if not turned:
        return joints
    left = (joints[0, 1] - joints[0, 2]) + (joints[0, 16] - joints[0, 17])
    angle = -np.arctan2(left[2], left[0])
    cosine, sine = np.cos(-angle), np.sin(-angle)
    return joints @ np.array([[cosine, 0, sine], [0, 1, 0], [-sine, 0, cosine]]).T


CMU_TREE = {
    "Hips": ["LHipJoint", "RHipJoint", "LowerBack"], "LHipJoint": ["LeftUpLeg"], "LeftUpLeg": ["LeftLeg"],
    "LeftLeg": ["LeftFoot"], "LeftFoot": ["LeftToeBase"], "RHipJoint": ["RightUpLeg"], "RightUpLeg": ["RightLeg"],
    "RightLeg": ["RightFoot"], "RightFoot": ["RightToeBase"], "LowerBack": ["Spine"], "Spine": ["Spine1"],
    "Spine1": ["Neck", "LeftShoulder", "RightShoulder"], "Neck": ["Neck1"], "Neck1": ["Head"],
    "LeftShoulder": ["LeftArm"], "LeftArm": ["LeftForeArm"], "LeftForeArm": ["LeftHand"],
    "RightShoulder": ["RightArm"], "RightArm": ["RightForeArm"], "RightForeArm": ["RightHand"],
}  # fmt: skip
CMU_OFFSETS = {
    "LeftUpLeg": (1.4, -1.8, 0.8), "LeftLeg": (0, -7, 0), "LeftFoot": (0, -7, 0), "LeftToeBase": (0, -0.5, 2.3),
    "RightUpLeg": (-1.4, -1.8, 0.8), "RightLeg": (0, -7, 0), "RightFoot": (0, -7, 0), "RightToeBase": (0, -0.5, 2.3),
    "Spine": (0, 2, 0), "Spine1": (0, 2, 0), "Neck1": (0, 1.8, 0), "Head": (0, 1.8, 0), "LeftArm": (3.4, 1.2, 0),
    "LeftForeArm": (5, 0, 0), "LeftHand": (3.4, 0, 0), "RightArm": (-3.4, 1.2, 0), "RightForeArm": (-5, 0, 0),
    "RightHand": (-3.4, 0, 0),
}  # fmt: skip


def cmu(joint: str = "Hips") -> str:
    kind, channels = ("ROOT", "6 Xposition Yposition Zposition") if joint == "Hips" else ("JOINT", "3")
    inner = "".join(cmu(child) for child in CMU_TREE.get(joint, ())) or "End Site {\nOFFSET 0 0 1\n}\n"
    offset = " ".join(map(str, CMU_OFFSETS.get(joint, (0, 0, 0))))
    return f"{kind} {joint}\n{{\nOFFSET {offset}\nCHANNELS {channels} Zrotation Yrotation Xrotation\n{inner}}}\n"


def test_cmu_s_coinciding_joints_get_places_of_their_own() -> None:
    zeros = "0 " * (3 + 3 * cmu().count("CHANNELS"))
    text = f"HIERARCHY\n{cmu()}MOTION\nFrames: 1\nFrame Time: 0.0083333\n{zeros}\n"
    file = parse(text)
    found = fitting.fitting(file, "a.bvh")
    joints = clip_of(file, found, "a.bvh").joints[0] / 0.056444
    at = dict(zip(JOINT_NAMES, joints.round(4).tolist(), strict=True))
    assert found.rig == "cmu" and at["pelvis"] == [0, 16.3, 0] and at["left_hip"] == [1.4, 14.5, 0.8]
    assert at["spine1"] == [0, 17.3, 0] and at["spine3"] == [0, 20.3, 0] and at["neck"] == [0, 22.1, 0]
    assert at["left_collar"] == [1.7, 20.9, 0] and at["left_wrist"] == [11.8, 21.5, 0]
    assert at["right_foot"] == [-1.4, 0, 3.1]


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"joints": {k: v for k, v in RENAMED.items() if k not in {"head", "neck"}}}, "neck, head missing"),
        ({"joints": {**RENAMED, "tail": "Tail"}}, "tail"),
        ({"facing": "-Y"}, "a facing at right angles to up (+Y)"),
        ({"up": "Y"}, "up = 'Y'"),
        ({"metres_per_unit": 0}, "metres_per_unit = 0"),
    ],
)
def test_a_faulty_rig_is_refused_by_file_and_key(values: dict, told: str, tmp_path: Path) -> None:
    (tmp_path / "own.yml").write_text(yaml.safe_dump({"rig": "own", "joints": RENAMED, **values}))
    with pytest.raises(ParamsError) as error:
        rig.load(tmp_path / "own.yml")
    assert told in str(error.value) and "own.yml" in str(error.value)


def test_an_unknown_rig_names_those_there_are() -> None:
    with pytest.raises(ParamsError, match="there are .*cmu.*humanml3d.*mixamo"):
        rig.load("maximo")


def test_a_body_out_of_scale_or_turned_back_to_front_is_refused(walk: np.ndarray) -> None:
    file = parse(bvh(walk))
    with pytest.raises(CorpusError, match=r"a.bvh: by the rig humanml3d, the legs are 8\d.* in centimetres \(0.01\)\?"):
        clip_of(file, changed("humanml3d", metres_per_unit=1.0), "a.bvh")
    other = {"left": "right", "right": "left"}
    parts = [name.partition("_") for name in JOINT_NAMES]
    swapped = {side + line + part: other.get(side, side) + line + part for side, line, part in parts}
    with pytest.raises(CorpusError, match="left and right are exchanged"):
        clip_of(file, changed("humanml3d", joints=swapped), "a.bvh")


def test_a_missing_joint_names_what_the_file_has(walk: np.ndarray) -> None:
    file: Bvh = parse(bvh(walk).replace("JOINT head\n", "JOINT Kopf\n"))
    with pytest.raises(CorpusError, match="no joint 'head'; it has pelvis"):
        clip_of(file, rig.load("humanml3d"), "a.bvh")
    with pytest.raises(CorpusError, match="the nearest, humanml3d, misses 'head'"):
        fitting.fitting(file, "a.bvh")
