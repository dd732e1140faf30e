"""BVH read back by forward kinematics, with a reader and rotations of the test's own, meets the joints."""

import numpy as np
import pytest

from lib.demo.synthesis import Spec, synthesise
from lib.motion.bvh import bvh
from lib.motion.skeleton import JOINT_NAMES, OFFSETS, PARENTS

from .bodies import standing, swinging


def about(axis: str, degrees: np.ndarray) -> np.ndarray:
    turn = np.zeros((*degrees.shape, 3, 3))
    at = "XYZ".index(axis)
    one, two = (at + 1) % 3, (at + 2) % 3
    turn[..., at, at] = 1
    turn[..., one, one] = turn[..., two, two] = np.cos(np.radians(degrees))
    turn[..., two, one] = np.sin(np.radians(degrees))
    turn[..., one, two] = -turn[..., two, one]
    return turn


def read(text: str) -> tuple[list[str], list[int], np.ndarray, float, np.ndarray]:
    """Names, parents, offsets, seconds a frame, and positions (T, joints, 3) in the file's units."""
    head, body = text.split("MOTION\n")
    names, parents, offsets, channels, stack, ended = [], [], [], [], [], False
    for word, *rest in (line.split() for line in head.splitlines()):
        if word in {"ROOT", "JOINT"}:
            parents.append(stack[-1] if stack else -1)
            names.append(rest[0])
        elif word == "End":
            ended = True
        elif word == "{":
            stack.append(-2 if ended else len(names) - 1)
        elif word == "}":
            ended = False
            stack.pop()
        elif word == "OFFSET" and not ended:
            offsets.append([float(value) for value in rest])
        elif word == "CHANNELS":
            assert int(rest[0]) == len(rest) - 1
            channels += [(len(names) - 1, channel) for channel in rest[1:]]
    assert not stack
    lines = body.splitlines()
    frames, seconds = int(lines[0].split()[1]), float(lines[1].split()[2])
    values = np.array([line.split() for line in lines[2:]], dtype=float)
    assert values.shape == (frames, len(channels))
    world = np.zeros((frames, len(names), 3, 3))
    places = np.zeros((frames, len(names), 3))
    for joint, parent in enumerate(parents):
        local = np.broadcast_to(np.eye(3), (frames, 3, 3))
        place = np.tile(np.array(offsets[joint]), (frames, 1))
        for column, (owner, channel) in enumerate(channels):
            if owner == joint and channel.endswith("rotation"):
                local = local @ about(channel[0], values[:, column])
            elif owner == joint:
                place[:, "XYZ".index(channel[0])] += values[:, column]
        if parent < 0:
            world[:, joint], places[:, joint] = local, place
        else:
            world[:, joint] = world[:, parent] @ local
            places[:, joint] = places[:, parent] + np.einsum("tij,tj->ti", world[:, parent], place)
    return names, parents, np.array(offsets), seconds, places


def in_order(text: str) -> tuple[np.ndarray, float]:
    names, parents, _, seconds, places = read(text)
    assert sorted(names) == sorted(JOINT_NAMES)
    assert all(
        PARENTS[JOINT_NAMES.index(n)] < 0 if p < 0 else JOINT_NAMES[PARENTS[JOINT_NAMES.index(n)]] == names[p]
        for n, p in zip(names, parents, strict=True)
    )
    return places[:, [names.index(name) for name in JOINT_NAMES]] / 100, seconds


@pytest.mark.parametrize("action", ["walk", "kick", "dance", "crawl", "jump", "sit"])
def test_a_motion_of_the_own_skeleton_comes_back_within_a_millimetre(action: str) -> None:
    joints = synthesise([Spec(action)], np.random.default_rng(0)).astype(float)
    back, seconds = in_order(bvh(joints))
    assert back.shape == joints.shape and seconds == pytest.approx(0.05)
    assert np.abs(back - joints).max() < 1e-3


def test_the_t_pose_needs_no_rotation() -> None:
    text = bvh(standing())
    _, _, offsets, _, _ = read(text)
    assert np.allclose(np.sort(offsets, axis=0), np.sort(OFFSETS * 100, axis=0), atol=1e-4)
    assert np.abs(np.array(text.splitlines()[-1].split(), dtype=float)[3:]).max() < 1e-3


def test_a_body_that_bends_where_bones_are_rigid_comes_back_within_centimetres_and_keeps_its_limbs() -> None:
    joints = swinging(40, seed=3, turn=7.0, speed=1.0, swing=0.1)
    back, _ = in_order(bvh(joints, fps=30))
    assert np.linalg.norm(back - joints, axis=-1).max() < 0.05
    for joint in (4, 7, 18, 20):
        lengths = np.linalg.norm(back[:, joint] - back[:, PARENTS[joint]], axis=-1)
        assert lengths == pytest.approx(np.linalg.norm(OFFSETS[joint]), abs=1e-4)


def test_angles_do_not_leap_from_frame_to_frame() -> None:
    joints = swinging(200, turn=4 * np.pi, swing=0.2)
    rows = np.array([line.split() for line in bvh(joints).splitlines()[-200:]], dtype=float)
    assert np.abs(np.diff(rows[:, 3:], axis=0)).max() < 90


def test_another_body_keeps_its_own_bones() -> None:
    joints = swinging(10, swing=0.0) * 1.3
    back, _ = in_order(bvh(joints))
    assert np.abs(back - joints).max() < 1e-3
