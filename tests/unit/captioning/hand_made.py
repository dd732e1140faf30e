"""Motions made joint by joint, so that what happens in them is known without any synthesis."""

import numpy as np
from numpy.typing import NDArray

from lib.motion.skeleton import BONE_LENGTHS, PARENTS, REST_DIRECTIONS

Joints = NDArray[np.float64]
LEFT, UP, AHEAD = np.eye(3)
ARM = {"left": (16, 18, 20), "right": (17, 19, 21)}
LEG = {"left": (1, 4, 7, 10), "right": (2, 5, 8, 11)}


def standing(frames: int = 60) -> Joints:
    """A body that stands, arms hanging, facing +Z, its left at +X, soles on the floor."""
    pose = np.zeros((22, 3))
    for joint, parent in enumerate(PARENTS[1:], start=1):
        pose[joint] = pose[parent] + BONE_LENGTHS[joint] * REST_DIRECTIONS[joint]
    for collar, sign in ((13, 1), (14, -1)):  # REST_DIRECTIONS gives collars sideways; shoulders hang below them
        pose[[collar + 3, collar + 5, collar + 7]] += (0.06 * sign, 0.1, 0)
    pose[:, 1] -= pose[:, 1].min()
    return np.repeat(pose[None], frames, axis=0)


def bump(frames: int, centre: float, width: float = 0.15) -> NDArray[np.float64]:
    """(T,) a hill from 0 to 1 and back, about a share of the clip."""
    at = np.linspace(0, 1, frames)
    return np.exp(-(((at - centre) / width) ** 2))


def arm_to(joints: Joints, side: str, way: NDArray[np.float64], amount: NDArray[np.float64]) -> Joints:
    """The arm of a side turned from hanging (amount 0) towards a way (amount 1), straight."""
    shoulder, elbow, wrist = ARM[side]
    made = joints.copy()
    upper, lower = BONE_LENGTHS[elbow], BONE_LENGTHS[wrist]
    course = (1 - amount)[:, None] * -UP + amount[:, None] * way
    course /= np.linalg.norm(course, axis=-1, keepdims=True)
    made[:, elbow] = made[:, shoulder] + upper * course
    made[:, wrist] = made[:, elbow] + lower * course
    return made


def wave(joints: Joints, side: str) -> Joints:
    """A hand beside the head that goes to and fro, twice a second."""
    made = joints.copy()
    _, elbow, wrist = ARM[side]
    sign = 1 if side == "left" else -1
    made[:, elbow] = made[:, elbow - 2] + np.array([0.24 * sign, -0.05, 0.05])
    swing = np.radians(35) * np.sin(np.arange(len(made)) / 20 * 2 * np.pi * 2)
    made[:, wrist] = made[:, elbow] + 0.26 * np.stack([np.sin(swing), np.cos(swing), 0 * swing], axis=-1)
    return made


def kick(joints: Joints, side: str, centre: float = 0.5) -> Joints:
    """A straight leg that is thrown ahead to the height of the hip."""
    hip, knee, ankle, toe = LEG[side]
    made = joints.copy()
    angle = np.radians(80) * bump(len(made), centre, 0.1)
    way = np.stack([0 * angle, -np.cos(angle), np.sin(angle)], axis=-1)
    made[:, knee] = made[:, hip] + BONE_LENGTHS[knee] * way
    made[:, ankle] = made[:, knee] + BONE_LENGTHS[ankle] * way
    made[:, toe] = made[:, ankle] + np.array([0, 0, BONE_LENGTHS[toe]])
    return made


def travel(joints: Joints, way: NDArray[np.float64], metres: float) -> Joints:
    """The whole body carried along a way."""
    return joints + np.linspace(0, metres, len(joints))[:, None, None] * way


def turned(joints: Joints, degrees: NDArray[np.float64]) -> Joints:
    """The body turned about its pelvis, to the left positive, by an angle a frame."""
    angle = np.radians(degrees)
    x, z = joints[..., 0], joints[..., 2]
    cos, sin = np.cos(angle)[:, None], np.sin(angle)[:, None]
    return np.stack([cos * x + sin * z, joints[..., 1], cos * z - sin * x], axis=-1)


def lowered(joints: Joints, metres: NDArray[np.float64]) -> Joints:
    """The hips let down, knees forward, feet where they are."""
    made = joints.copy()
    above = [j for j in range(22) if j not in (4, 5, 7, 8, 10, 11)]
    made[:, above, 1] -= metres[:, None]
    for side in ("left", "right"):
        hip, knee, ankle, _ = LEG[side]
        middle = (made[:, hip] + made[:, ankle]) / 2
        half = np.linalg.norm(made[:, hip] - made[:, ankle], axis=-1) / 2
        out = np.sqrt(np.maximum(0.41**2 - half**2, 0))
        made[:, knee] = middle + out[:, None] * AHEAD
    return made


def hop(joints: Joints, times: int, height: float = 0.3) -> Joints:
    """The whole body off the floor, so many times."""
    at = np.linspace(0, times, len(joints)) % 1.0
    up = np.clip(4 * (at - 0.25) * (0.75 - at) * 4, 0, None) * height
    return joints + up[:, None, None] * UP
