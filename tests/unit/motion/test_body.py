"""What is no person is told apart by size, axes, toes and bones; people who lie, crawl or are small are not refused."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.corpus import load
from lib.demo.synthesis import ACTIONS, Spec, synthesise
from lib.motion.body import body_faults, fitting_unit, leg_length, up_axis
from lib.motion.features import recover_joints
from lib.motion.skeleton import BONE_LENGTHS, mirror

from .bodies import swinging

Z_UP = np.array([[1.0, 0, 0], [0, 0, -1], [0, 1, 0]])


@pytest.fixture(scope="module")
def walk() -> np.ndarray:
    return synthesise([Spec("walk", seconds=2.0)], np.random.default_rng(0)).astype(float)


def kinds(joints: np.ndarray, **options: float) -> list[str]:
    return [fault.kind for fault in body_faults(joints, **options)]


def test_legs_are_as_long_as_their_bones(walk: np.ndarray) -> None:
    both = [BONE_LENGTHS[[4, 7]].sum(), BONE_LENGTHS[[5, 8]].sum()]
    assert min(both) - 1e-3 <= leg_length(walk) <= max(both) + 1e-3


@pytest.mark.parametrize("action", sorted(ACTIONS))
def test_nothing_is_wrong_with_what_a_person_does(action: str) -> None:
    assert not body_faults(synthesise([Spec(action)], np.random.default_rng(0)).astype(float))


@pytest.mark.parametrize(
    ("scale", "metres_per_unit", "kind", "question"),
    [
        (1 / 2.54, 0.01, "scale", "is the file in inches (0.0254)?"),
        (100.0, 1.0, "scale", "is the file in centimetres (0.01)?"),
        (0.1, 0.001, "scale", "is the file in centimetres (0.01)?"),
        (1000.0, 1.0, "scale", "is the file in millimetres (0.001)?"),
        (1 / 2.54, 1.0, "scale", "were inches read as centimetres?"),
        (0.6, 1.0, "stature", "an adult's are 0.7 to 1.05 m"),
        (1.35, 1.0, "stature", "an adult's are 0.7 to 1.05 m"),
        (12.0, 0.056444, "scale", "an adult's are 0.7 to 1.05 m"),
    ],
)
def test_a_body_out_of_scale_is_asked_for_its_unit(
    walk: np.ndarray, scale: float, metres_per_unit: float, kind: str, question: str
) -> None:
    (fault,) = body_faults(walk * scale, metres_per_unit=metres_per_unit)
    assert fault.kind == kind and fault.what.startswith(f"the legs are {leg_length(walk) * scale:.3g} m long")
    assert fault.what.endswith(question)


def test_no_unit_is_asked_for_of_a_length_that_none_explains() -> None:
    assert fitting_unit(9.9, metres_per_unit=0.056444) == "" and fitting_unit(0.55) == ""
    assert fitting_unit(4.74, metres_per_unit=0.056444) == "is the file in centimetres (0.01)?"


@given(turn=st.floats(-np.pi, np.pi), speed=st.floats(-2, 2), seed=st.integers(0, 99))
def test_where_a_body_stands_and_whither_it_goes_does_not_matter(turn: float, speed: float, seed: int) -> None:
    joints = swinging(20, seed=seed, turn=turn, speed=speed, swing=0.1)
    assert not body_faults(joints) and not body_faults(mirror(joints)) and up_axis(joints) == "+Y"


def test_a_body_on_its_back_is_not_upright_and_its_axis_is_named(walk: np.ndarray) -> None:
    lying = walk @ Z_UP.T
    noisy = lying + np.random.default_rng(0).normal(0, 0.02, lying.shape)
    assert kinds(lying) == ["up"] and kinds(noisy) == ["up"]
    assert up_axis(lying) == "+Z" and up_axis(-lying) == "-Z" and up_axis(walk * 100) == "+Y"


def test_left_and_right_exchanged_are_told_by_the_toes(walk: np.ndarray) -> None:
    assert kinds(walk * [-1, 1, 1]) == ["toes"] and not kinds(mirror(walk))


def test_what_no_features_can_be_made_of_is_told(walk: np.ndarray) -> None:
    assert kinds(walk[:1]) == ["poses"]
    flat = walk.copy()
    flat[3, 15] = flat[3, 12]
    (fault,) = body_faults(flat)
    assert fault.kind == "bone" and fault.what.startswith("head lies on neck in frame 3")


def test_features_that_were_normalised_show_in_their_bones(shared_data: object) -> None:
    folder = shared_data / "humanml3d"  # type: ignore[operator]
    mean, std = np.load(folder / "Mean.npy"), np.load(folder / "Std.npy")
    for path in sorted((folder / "new_joint_vecs").glob("*.npy")):
        features = np.load(path)
        assert not body_faults(recover_joints(features))
        assert "drift" in kinds(recover_joints((features - mean) / std))


def test_real_people_have_no_faults(shared_data: object) -> None:
    corpus = load("manifest", shared_data / "bandai_namco")  # type: ignore[operator]
    assert not [clip for clip in corpus.clips.clip_id[::40] if body_faults(corpus.joints(clip))]
