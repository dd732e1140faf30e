"""A T-pose before a motion is left out, for every rig; no motion that people make is taken for one."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.corpus import load
from lib.demo.synthesis import ACTIONS, Spec, synthesise
from lib.motion import rig
from lib.motion.bvh import bvh
from lib.motion.bvh_text import parse
from lib.motion.calibration import calibration_frames
from lib.motion.file_to_clip import clip_of
from lib.motion.skeleton import OFFSETS, PARENTS

from .test_rig import grounded


def t_pose(arms_deg: float = 0.0) -> np.ndarray:
    """(22, 3): HumanML3D's body with straight limbs, the arms that far below the horizontal."""
    bones = OFFSETS.copy()
    for joint, side in ((16, 1), (18, 1), (20, 1), (17, -1), (19, -1), (21, -1)):
        angle = np.radians(arms_deg if joint > 17 else 0)
        length = np.linalg.norm(OFFSETS[joint])
        bones[joint] = np.array([side * np.cos(angle), -np.sin(angle), 0]) * length
    for joint in (4, 5, 7, 8):
        bones[joint] = [0, -np.linalg.norm(OFFSETS[joint]), 0]
    pose = np.zeros((22, 3))
    for joint, parent in enumerate(PARENTS):
        pose[joint] = (pose[parent] if parent >= 0 else [0, 0.92, 0]) + bones[joint]
    return pose


def performed(action: str, seconds: float = 3.0) -> np.ndarray:
    return synthesise([Spec(action, seconds=seconds)], np.random.default_rng(0)).astype(float)


@pytest.mark.parametrize("held", [1, 2, 40])
@pytest.mark.parametrize("arms_deg", [0.0, 45.0])
@pytest.mark.parametrize("action", ["walk", "run", "kick", "sit"])
def test_a_pose_that_is_left_by_a_jump_is_found_however_long_it_is_held(
    action: str, arms_deg: float, held: int
) -> None:
    motion = performed(action) + np.array([2.0, 0, 1])
    poses = np.concatenate([np.repeat(t_pose(arms_deg)[None], held, axis=0), motion])
    assert calibration_frames(poses, 20.0) == held


@settings(deadline=None, max_examples=30)
@given(action=st.sampled_from(sorted(ACTIONS)), seed=st.integers(0, 99), every=st.sampled_from([1, 2]))
def test_no_motion_loses_a_pose_not_even_at_double_speed(action: str, seed: int, every: int) -> None:
    joints = synthesise([Spec(action)], np.random.default_rng(seed)).astype(float)
    assert calibration_frames(joints[::every], 20.0) == 0


def test_real_motions_keep_every_pose_and_lose_a_t_pose(shared_data: object) -> None:
    corpus = load("manifest", shared_data / "bandai_namco")  # type: ignore[operator]
    for clip_id in corpus.clips.clip_id[::20]:
        joints = corpus.joints(clip_id).astype(float)
        assert calibration_frames(joints, 20.0) == 0
        assert calibration_frames(np.concatenate([t_pose()[None], joints]), 20.0) == 1


def test_a_body_that_moves_out_of_a_t_pose_keeps_it() -> None:
    share = np.linspace(0, 1, 40)[:, None, None]
    assert calibration_frames((1 - share) * t_pose() + share * t_pose(80.0), 20.0) == 0


@pytest.mark.parametrize(("fps", "declared"), [(20, 0), (120, 0), (120, 1)])
def test_floor_origin_and_facing_are_those_of_the_motion(fps: int, declared: int) -> None:
    """The file begins with a T-pose that faces elsewhere, stands elsewhere and lower."""
    quarter = np.array([[0.0, 0, 1], [0, 1, 0], [-1, 0, 0]])
    motion = performed("walk")
    slow = np.repeat(motion, fps // 20, axis=0)
    poses = np.concatenate([t_pose()[None] - [3.0, 0.5, 0], slow @ quarter.T])
    used = rig.Rig.model_validate({**rig.load("humanml3d").model_dump(), "calibration_frames": declared})
    clip = clip_of(parse(bvh(poses, fps=fps)), used, "a.bvh")
    assert clip.notes == ["a calibration pose before the motion, which is left out"]
    np.testing.assert_allclose(clip.joints, grounded(motion @ quarter.T), atol=0.012)
    assert np.abs(np.diff(clip.joints, axis=0))[0].max() < 0.1


def test_more_declared_poses_than_are_looked_at_for_one_are_all_left_out() -> None:
    motion = performed("walk")
    poses = np.concatenate([np.repeat(motion[:1], 230, axis=0), motion])
    used = rig.Rig.model_validate({**rig.load("humanml3d").model_dump(), "calibration_frames": 230})
    assert len(clip_of(parse(bvh(poses)), used, "a.bvh").joints) == len(motion)


def test_declared_poses_are_left_out_even_where_they_look_like_the_motion() -> None:
    motion = performed("walk")
    used = rig.Rig.model_validate({**rig.load("humanml3d").model_dump(), "calibration_frames": 3})
    joints = clip_of(parse(bvh(motion)), used, "a.bvh").joints
    np.testing.assert_allclose(joints, grounded(motion[3:]), atol=1e-3)
    two = clip_of(parse(bvh(motion[:2])), used, "a.bvh").joints
    assert len(two) == 2
    assert rig.load("cmu").calibration_frames == 1
