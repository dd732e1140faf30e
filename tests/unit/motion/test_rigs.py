"""Each rig that comes with the project: a skeleton with the names as its project writes them, placed by hand."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from lib.base.errors import CorpusError
from lib.motion import fitting, rig
from lib.motion.bvh_text import parse
from lib.motion.file_to_clip import clip_of
from lib.motion.skeleton import JOINT_NAMES

from .test_bvh import about
from .test_rig import grounded

HIK = {"leg": "{}UpLeg {}Leg {}Foot", "arm": "{}Shoulder {}Arm {}ForeArm {}Hand", "sides": "Left Right"}
SPINE = "Hips Spine Spine1 Spine2 Neck Head"
XSENS = {
    "spine": "Hips Chest Chest2 Chest3 Chest4 Neck Head",
    "leg": "{}Hip {}Knee {}Ankle {}Toe",
    "arm": "{}Collar {}Shoulder {}Elbow {}Wrist",
    "sides": "Left Right",
    "torso": "Chest Chest3 Chest4",
}
AS_WRITTEN: dict[str, dict[str, str]] = {
    "mixamo": {**HIK, "spine": SPINE, "leg": HIK["leg"] + " {}ToeBase", "torso": "Spine Spine1 Spine2"},
    "lafan1": {**HIK, "spine": SPINE, "leg": HIK["leg"] + " {}Toe", "torso": "Spine Spine1 Spine2"},
    "momask": {**HIK, "spine": SPINE, "leg": HIK["leg"] + " {}Toe", "torso": "Spine Spine1 Spine2"},
    "neuron": {**HIK, "spine": "Hips Spine Spine1 Spine2 Spine3 Neck Head", "torso": "Spine Spine1 Spine2"},
    "100style": XSENS,
    "xsens": XSENS,
    "rokoko": {
        **HIK,
        "spine": "Hips Spine1 Spine2 Spine3 Spine4 Neck Head",
        "leg": "{}Thigh {}Shin {}Foot {}Toe",
        "torso": "Spine2 Spine3 Spine4",
    },
    "bandai_namco": {
        "spine": "Hips Spine Chest Neck Head",
        "leg": "UpperLeg_{} LowerLeg_{} Foot_{} Toes_{}",
        "arm": "Shoulder_{} UpperArm_{} LowerArm_{} Hand_{}",
        "sides": "L R",
        "torso": "Spine Spine/Chest Chest",
        "root": "joint_Root",
    },
    "animate3d": {
        "spine": "hips_JNT spine_JNT spine1_JNT spine2_JNT neck_JNT head_JNT",
        "leg": "{}_upleg_JNT {}_leg_JNT {}_foot_JNT {}_toebase_JNT",
        "arm": "{}_shoulder_JNT {}_arm_JNT {}_forearm_JNT {}_hand_JNT",
        "sides": "l r",
        "torso": "spine_JNT spine1_JNT spine2_JNT",
    },
}
"""CMU's skeleton, whose joints coincide, has a test of its own in `test_rig`."""


def tree(names: dict[str, str]) -> list[tuple[str, str | None, tuple[float, float, float]]]:
    """Name, parent and offset in centimetres of every joint, parents first; a toe that is no joint is `<foot>_End`."""
    spine = names["spine"].split()
    rows: list[Any] = [(names["root"], None, (0, 0, 0))] if "root" in names else []
    rows.append((spine[0], names.get("root"), (0, 95, 0)))
    rows += [(name, above, (0, 50 / (len(spine) - 1), 1)) for above, name in pairwise(spine)]
    for side, sign in zip(names["sides"].split(), (1, -1), strict=True):
        leg = names["leg"].format(*[side] * 4).split()
        leg += [f"{leg[2]}_End"] if len(leg) == 3 else []
        above = [spine[0], *leg]
        rows += list(zip(leg, above, [(9 * sign, -6, 0), (0, -41, 1), (0, -42, -1), (0, -6, 13)], strict=False))
        arm = names["arm"].format(*[side] * 4).split()
        above = [spine[-3], *arm]
        rows += list(
            zip(arm, above, [(4 * sign, 11, 0), (13 * sign, 1, 0), (27 * sign, 0, 0), (25 * sign, 0, 0)], strict=False)
        )
    return rows


def posed(names: dict[str, str], unit: float, prefix: str = "", seed: int = 5) -> tuple[str, np.ndarray]:
    """The text of a file in which every joint turns a little, and where by hand HumanML3D's joints are, in metres."""
    rows = tree(names)
    rng = np.random.default_rng(seed)
    start = rng.uniform(-15, 15, (len(rows), 3))
    angles = start + rng.uniform(-1, 1, (4, len(rows), 3)).cumsum(axis=0)
    at: dict[str, tuple[np.ndarray, np.ndarray]] = {}
    for n, (name, parent, offset) in enumerate(rows):
        turn, place = at[parent] if parent else (np.eye(3)[None].repeat(4, 0), np.zeros((4, 3)))
        z, y, x = (about(axis, angles[:, n, k]) for k, axis in enumerate("ZYX"))
        at[name] = (turn @ z @ y @ x, place + turn @ np.array(offset, dtype=float))
    ours = ours_of(names)
    places = [np.mean([at[one][1] for one in ours[joint].split("/")], axis=0) for joint in JOINT_NAMES]
    order: list[int] = []

    def written(n: int) -> str:
        name, parent, offset = rows[n]
        told = "OFFSET " + " ".join(f"{value * 0.01 / unit:.6f}" for value in offset)
        if name.endswith("_End"):
            return f"End Site\n{{\n{told}\n}}\n"
        order.append(n)
        below = "".join(written(m) for m, row in enumerate(rows) if row[1] == name) or "End Site\n{\nOFFSET 0 0 1\n}\n"
        kind = "JOINT" if parent else "ROOT"
        return f"{kind} {prefix}{name}\n{{\n{told}\nCHANNELS 3 Zrotation Yrotation Xrotation\n{below}}}\n"

    hierarchy = written(0)
    values = "\n".join(" ".join(f"{value:.6f}" for value in angles[t, order].ravel()) for t in range(4))
    return f"HIERARCHY\n{hierarchy}MOTION\nFrames: 4\nFrame Time: 0.05\n{values}\n", np.stack(places, axis=1) / 100


def ours_of(names: dict[str, str]) -> dict[str, str]:
    spine = names["spine"].split()
    ours = dict(zip(("spine1", "spine2", "spine3"), names["torso"].split(), strict=True))
    ours |= {"pelvis": spine[0], "neck": spine[-2], "head": spine[-1]}
    for side, said in zip(("left", "right"), names["sides"].split(), strict=True):
        leg = names["leg"].format(*[said] * 4).split()
        leg += [f"{leg[2]}_End"] if len(leg) == 3 else []
        arm = names["arm"].format(*[said] * 4).split()
        parts = ("hip", "knee", "ankle", "foot", "collar", "shoulder", "elbow", "wrist")
        ours |= {f"{side}_{part}": name for part, name in zip(parts, [*leg, *arm], strict=True)}
    return ours


UNITS = {"momask": 1.0}


@pytest.mark.parametrize("name", sorted(AS_WRITTEN))
def test_every_joint_is_where_it_is_by_hand(name: str) -> None:
    text, wanted = posed(AS_WRITTEN[name], UNITS.get(name, 0.01))
    file = parse(text)
    found = fitting.fitting(file, "a.bvh")
    assert found.rig == ("100style" if name == "xsens" else name)
    assert rig.load("xsens").joints == rig.load("100style").joints
    clip = clip_of(file, rig.load(name), "a.bvh")
    np.testing.assert_allclose(clip.joints, grounded(wanted), atol=1e-4)
    assert not clip.notes


def test_no_rig_comes_without_a_test() -> None:
    assert {path.stem for path in rig.files()} == {*AS_WRITTEN, "cmu", "humanml3d"}


@pytest.mark.parametrize(
    "prefix",
    ["mixamorig7:", "mixamorig12_", "Character1:", "Armature_mixamorig:", "Armature|Take 1|", "ns:sub:", "mixamorig"],
)
@pytest.mark.parametrize("name", ["mixamo", "animate3d", "neuron"])
def test_any_namespace_is_taken_off(name: str, prefix: str) -> None:
    text, wanted = posed(AS_WRITTEN[name], 0.01, prefix)
    file = parse(text)
    found = fitting.fitting(file, "a.bvh")
    assert found.rig == name
    np.testing.assert_allclose(clip_of(file, found, "a.bvh").joints, grounded(wanted), atol=1e-4)


def test_where_no_rig_fits_the_nearest_is_found_below_a_namespace() -> None:
    text, _ = posed(AS_WRITTEN["mixamo"], 0.01, "mixamorig7:")
    file = parse(text.replace("mixamorig7:Head\n", "mixamorig7:Kopf\n"))
    with pytest.raises(
        CorpusError, match=r"no rig fits; the nearest, mixamo, misses 'Head'; copy params/rigs/mixamo.yml"
    ):
        fitting.fitting(file, "a.bvh")


NECKED = {**AS_WRITTEN["mixamo"], "spine": "Hips Spine Spine1 Spine2 Neck Neck1 Head"}
"""Joints of which mixamo and cmu both find all of theirs."""


@pytest.mark.parametrize(("unit", "taken"), [(0.01, "mixamo"), (0.056444, "cmu")])
def test_of_two_rigs_that_fit_the_one_that_leaves_a_person_is_taken_and_both_are_named(unit: float, taken: str) -> None:
    ranked = fitting.fits(parse(posed(NECKED, unit)[0]))
    assert fitting.chosen(ranked, "a.bvh").rig == taken
    said = fitting.alternatives(ranked)
    assert said.startswith(f"the rig {taken} is taken (legs of 0.83 m)") and "mixamo" in said and "cmu" in said
    assert "legs 0.83 m" in str(ranked[0]) and "which nobody has" in str(ranked[1])


def test_where_none_leaves_a_person_all_are_named() -> None:
    with pytest.raises(
        CorpusError, match=r"joints of cmu \(legs of .*\), mixamo \(legs of .*\), of which none leaves a person"
    ):
        fitting.fitting(parse(posed(NECKED, 0.5)[0]), "a.bvh")


def test_one_rig_that_fits_needs_no_word() -> None:
    assert fitting.alternatives(fitting.fits(parse(posed(AS_WRITTEN["animate3d"], 0.01)[0]))) == ""


def test_inches_read_as_centimetres_are_refused_by_the_unit_that_would_fit() -> None:
    file = parse(posed(AS_WRITTEN["lafan1"], 0.0254)[0])
    with pytest.raises(CorpusError) as error:
        clip_of(file, rig.load("lafan1"), "a.bvh")
    assert "the legs are 0.327 m long" in str(error.value) and "is the file in inches (0.0254)?" in str(error.value)


def test_a_unit_that_nobody_knows_is_worked_out_from_the_legs() -> None:
    file = parse(posed(AS_WRITTEN["lafan1"], 0.04)[0])
    with pytest.raises(
        CorpusError, match=r"the legs are 0.208 m long, .* and a unit of 0.041 m leaves 0.85 m; set metres"
    ):
        clip_of(file, rig.load("lafan1"), "a.bvh")


def test_a_lying_body_is_noted_with_the_axis_that_would_be_right() -> None:
    """The same file by a rig that says Z points up: the text writes what stands as (x, y, z) as (x, -z, y)."""
    names = AS_WRITTEN["lafan1"]
    text, _ = posed(names, 0.01)
    standing = {**names, "root": "world"}
    lying = posed(standing, 0.01)[0].splitlines()
    column = 1 + next(n for n, line in enumerate(lying) if line.startswith("Frame Time"))
    for n in range(column, len(lying)):
        lying[n] = " ".join(["0 0 90", *lying[n].split()[3:]])
    clip = clip_of(parse("\n".join(lying)), rig.load("lafan1"), "a.bvh")
    assert clip.notes == ["a head that is never well above the feet, but towards +Z of the file; set up: +Z in the rig"]
    assert not clip_of(parse(text), rig.load("lafan1"), "a.bvh").notes


def test_one_pose_and_small_people_are_noted_and_a_bone_without_length_is_refused() -> None:
    text, _ = posed(AS_WRITTEN["lafan1"], 0.01)
    one = "\n".join(text.replace("Frames: 4", "Frames: 1").splitlines()[:-3])
    assert clip_of(parse(one), rig.load("lafan1"), "a").notes == ["one pose, of which no features can be made"]
    small = clip_of(parse(posed(AS_WRITTEN["lafan1"], 0.016)[0]), rig.load("lafan1"), "a")
    assert small.notes == ["legs shorter or longer than an adult's, 0.7 to 1.05 m"]
    joints = {**rig.load("lafan1").joints, "spine2": "Spine"}
    twice = rig.Rig.model_validate({**rig.load("lafan1").model_dump(), "joints": joints})
    with pytest.raises(CorpusError, match=r"spine2 lies on spine1 in every frame by the rig lafan1; place it between"):
        clip_of(parse(text), twice, "a.bvh")


def test_the_listing_names_every_rig_and_how_well_it_fits() -> None:
    bare = fitting.listing().splitlines()
    assert [line.split()[0] for line in bare] == [path.stem for path in rig.files()]
    lines = fitting.listing(parse(posed(AS_WRITTEN["rokoko"], 0.01)[0])).splitlines()
    assert len(lines) == len(bare) and lines[0].split(maxsplit=1) == ["rokoko", "fits, legs 0.83 m"]
    assert all("misses '" in line for line in lines[1:])
