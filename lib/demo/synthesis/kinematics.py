"""From tracks to joints: a trunk by forward kinematics, legs and arms by two-bone inverse kinematics."""

import numpy as np
from numpy.typing import NDArray

from lib.demo.synthesis.limbs import ARM, CLEAR, LEG, SIDE, capped, feet, length, off_the_floor, two_bones
from lib.demo.synthesis.tracks import Tracks
from lib.motion.skeleton import OFFSETS

Array = NDArray[np.float64]

KNEE_LOCK = 0.985  # a standing leg keeps a trace of flexion, or the knee snaps as the leg straightens
_OUTWARD = np.stack([SIDE, np.ones(2), np.ones(2)], axis=-1)  # (left, up, forward) to (outward, up, forward)


def rotations(angles: Array) -> Array:
    """Matrices that lean, then pitch forward, then twist to the left.

    Args:
        angles: (..., 3) pitch, twist, lean in radians.

    Returns:
        (..., 3, 3) matrices Ry(twist) Rx(pitch) Rz(-lean).

    Example:
        >>> (rotations(np.array([0.0, np.pi / 2, 0.0])) @ np.array([0.0, 0.0, 1.0])).round(6).tolist()
        [1.0, 0.0, 0.0]
    """
    (cp, ct, cl), (sp, st, sl) = np.moveaxis(np.cos(angles), -1, 0), np.moveaxis(np.sin(angles), -1, 0)
    out = np.empty((*angles.shape[:-1], 3, 3))
    out[..., 0, 0], out[..., 0, 1], out[..., 0, 2] = ct * cl - st * sp * sl, ct * sl + st * sp * cl, st * cp
    out[..., 1, 0], out[..., 1, 1], out[..., 1, 2] = -cp * sl, cp * cl, -sp
    out[..., 2, 0], out[..., 2, 1], out[..., 2, 2] = -st * cl - ct * sp * sl, -st * sl + ct * sp * cl, ct * cp
    return out


def joints(tracks: Tracks) -> Array:
    """Pose the body.

    The pelvis is lowered wherever a leg would not reach its foot, so a planted foot never slides or floats.

    Args:
        tracks: T frames of curves.

    Returns:
        (T,22,3) joints in metres in the frame of the tracks. Every bone has the length of `skeleton.OFFSETS`.

    Example:
        >>> from lib.demo.synthesis.persona import Persona
        >>> pose = joints(Persona().rest(1))
        >>> bool(abs(np.linalg.norm(pose[0, 4] - pose[0, 1]) - LEG[0, 0]) < 1e-9)
        True
    """
    out = np.empty((len(tracks), 22, 3))
    turned = tracks.tilt.copy()
    turned[:, 1] += tracks.yaw
    pelvis = rotations(turned)
    _legs(tracks, pelvis, out)
    bend = rotations(tracks.spine / 3.0)
    low = pelvis @ bend
    middle = low @ bend
    chest = middle @ bend
    skull = chest @ rotations(tracks.head)
    out[:, 3] = out[:, 0] + pelvis @ OFFSETS[3]
    out[:, 6] = out[:, 3] + low @ OFFSETS[6]
    out[:, 9] = out[:, 6] + middle @ OFFSETS[9]
    out[:, 12] = out[:, 9] + chest @ OFFSETS[12]
    out[:, 15] = out[:, 12] + skull @ OFFSETS[15]
    out[:, 13:15] = out[:, 9:10] + _turn(chest, np.broadcast_to(OFFSETS[[13, 14]], (len(tracks), 2, 3)))
    _arms(tracks, chest, out)
    return out


def _turn(matrix: Array, vectors: Array) -> Array:
    """(T,3,3) on (T,2,3)."""
    return np.asarray(vectors @ matrix.swapaxes(1, 2))


def _legs(tracks: Tracks, pelvis: Array, out: Array) -> None:
    """Fill in pelvis, hips, knees, ankles and toes."""
    hips = _turn(pelvis, np.broadcast_to(OFFSETS[[1, 2]], (len(tracks), 2, 3)))
    ankle, toe = feet(tracks.ankle, tracks.foot_yaw, tracks.foot_pitch)
    flat = ankle[..., ::2] - tracks.root[:, None, ::2] - hips[..., ::2]
    longest = KNEE_LOCK * LEG.sum(axis=0)
    room = np.sqrt(np.maximum(longest**2 - (flat**2).sum(axis=-1), 1e-4))
    limit = ankle[..., 1] + room - hips[..., 1]
    out[:, 0] = tracks.root
    out[:, 0, 1] = capped(capped(tracks.root[:, 1], limit[:, 0]), limit[:, 1])
    out[:, 1:3] = out[:, :1] + hips

    # Legs bend about the body's left-right axis, so the knee points ahead of a hanging leg and above a raised one.
    splay = np.tan(np.clip(SIDE * (tracks.foot_yaw - tracks.yaw[:, None]), -0.5, 0.8)) * 0.7 + tracks.knee_out
    local = (ankle - out[:, 1:3]) @ pelvis
    drop = length(local[..., 1:]) + 1e-9
    pole = np.stack([SIDE * splay, local[..., 2] / drop, -local[..., 1] / drop], axis=-1)
    knee, end = (_turn(pelvis, part) for part in two_bones(local, LEG, pole))
    out[:, 4:6] = out[:, 1:3] + off_the_floor(out[:, 1:3], knee, end)
    out[:, 7:9] = out[:, 1:3] + end
    out[:, 10:12] = out[:, 7:9] + toe - ankle


def _arms(tracks: Tracks, chest: Array, out: Array) -> None:
    """Fill in shoulders, elbows and wrists; the collar follows a raised or reaching hand."""
    rest = OFFSETS[[16, 17]] * _OUTWARD
    free = tracks.hand
    if tracks.grip_weight.any():
        held = ((tracks.grip - out[:, 13:15]) @ chest) * _OUTWARD - rest
        free = free + tracks.grip_weight[..., None] * (held - free)
    shrug = 0.32 * np.tanh(free[..., 1] / 0.5) + 0.02
    swing = 0.25 * np.tanh(free[..., 2] / 0.5)
    collar = rotations(np.stack([np.zeros_like(shrug), -swing, -shrug], axis=-1))
    shoulder = np.einsum("tsij,sj->tsi", collar, rest)
    target = free + rest - shoulder
    upward = chest[:, None, 1, :] * _OUTWARD  # world up in (outward, up, forward) of the chest
    low = CLEAR - out[:, 13:15, 1] - np.einsum("tsk,tsk->ts", upward, shoulder + target)
    target = target + (low - capped(low, 0.0))[..., None] * upward
    size = length(target) + 1e-9
    pole = np.stack([tracks.swivel, -target[..., 2] / size - 0.15, target[..., 1] / size - 0.15], axis=-1)
    elbow, wrist = (_turn(chest, part * _OUTWARD) for part in two_bones(target, ARM, pole))
    out[:, 16:18] = out[:, 13:15] + _turn(chest, shoulder * _OUTWARD)
    out[:, 18:20] = out[:, 16:18] + off_the_floor(out[:, 16:18], elbow, wrist)
    out[:, 20:22] = out[:, 16:18] + wrist
