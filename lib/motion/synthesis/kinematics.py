"""From tracks to joints: a trunk by forward kinematics, legs and arms by two-bone inverse kinematics."""

import numpy as np
from numpy.typing import NDArray

from lib.motion.skeleton import OFFSETS
from lib.motion.synthesis.tracks import Tracks

Array = NDArray[np.float64]

SIDE = np.array([1.0, -1.0])  # left is +X
LENGTH = np.linalg.norm(OFFSETS, axis=1)
TOE_REST = 0.01
FOOT_DROP = float(np.abs(OFFSETS[[10, 11], 1]).mean())
ANKLE_REST = TOE_REST + FOOT_DROP
LEG = np.stack([LENGTH[[4, 5]], LENGTH[[7, 8]]])
ARM = np.stack([LENGTH[[18, 19]], LENGTH[[20, 21]]])
KNEE_LOCK = 0.985  # a standing leg keeps a trace of flexion, or the knee snaps as the leg straightens
SOFTNESS = 0.012  # metres over which a limit is approached


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


def soft_floor(x: Array, limit: Array | float, softness: float = SOFTNESS) -> Array:
    """`x` held at or below `limit`, bending smoothly instead of at a corner.

    Example:
        >>> soft_floor(np.array([0.0, 5.0]), 1.0).round(3).tolist()
        [0.0, 1.0]
    """
    held: Array = limit - softness * np.logaddexp(0.0, (limit - x) / softness)
    return held


def two_bones(reach: Array, lengths: Array, pole: Array) -> tuple[Array, Array]:
    """Middle and end of a two-bone limb that starts at the origin and bends towards `pole`.

    Args:
        reach: (T,2,3) wished end of the limb, metres from its start.
        lengths: (2,2) upper and lower bone, by side.
        pole: (T,2,3) direction in which the middle joint goes out; only its part across the limb counts.

    Returns:
        (T,2,3) middle and (T,2,3) end, at the end where the wish is within reach, else on the line to it.
    """
    upper, lower = lengths
    wished = np.sqrt(np.einsum("tsk,tsk->ts", reach, reach))
    direction = reach / np.maximum(wished, 1e-9)[..., None]
    least = np.sqrt(upper**2 + lower**2 - 2.0 * upper * lower * np.cos(np.radians(32.0)))
    distance = np.maximum(np.where(wished > 0.9 * (upper + lower), soft_floor(wished, 0.998 * (upper + lower), 0.004),
                                   wished), least)  # fmt: skip
    along = (upper**2 - lower**2 + distance**2) / (2.0 * distance)
    out = np.sqrt(np.maximum(upper**2 - along**2, 0.0))
    across = pole - np.einsum("tsk,tsk->ts", pole, direction)[..., None] * direction
    across /= np.maximum(np.sqrt(np.einsum("tsk,tsk->ts", across, across)), 1e-9)[..., None]
    return along[..., None] * direction + out[..., None] * across, distance[..., None] * direction


def feet(tracks: Tracks) -> tuple[Array, Array]:
    """Ankles and toes, (T,2,3) each in the world, of feet that pivot on the toe or on the heel."""
    pitch = tracks.foot_pitch
    raised = 0.5 * (pitch + np.sqrt(pitch**2 + 0.01)) - 0.05
    length = LENGTH[[10, 11]]
    forward = np.stack([np.sin(tracks.foot_yaw), np.zeros_like(pitch), np.cos(tracks.foot_yaw)], axis=-1)
    slope = np.arcsin(FOOT_DROP / length)

    def sole(angle: Array) -> Array:
        vector = (length * np.cos(slope + angle))[..., None] * forward
        vector[..., 1] = -length * np.sin(slope + angle)
        return vector

    ankle = tracks.ankle + sole(np.zeros_like(pitch)) - sole(raised)
    ankle[..., 1] += ANKLE_REST
    # The smooth split leaves a little of a heel rise when the toe is up; the ankle carries it, the toe stays true.
    return ankle, ankle + sole(pitch)


def joints(tracks: Tracks) -> Array:
    """Pose the body.

    Args:
        tracks: T frames of curves.

    Returns:
        (T,22,3) joints in metres in the frame of the tracks. Every bone has the length of `skeleton.OFFSETS`.

    Example:
        >>> from lib.motion.synthesis.persona import Persona
        >>> pose = joints(Persona().rest(1))
        >>> bool(abs(np.linalg.norm(pose[0, 4] - pose[0, 1]) - LENGTH[4]) < 1e-9)
        True
    """
    turned = tracks.tilt.copy()
    turned[:, 1] += tracks.yaw
    pelvis = rotations(turned)
    bend = rotations(tracks.spine / 3.0)
    low = pelvis @ bend
    middle = low @ bend
    chest = middle @ bend
    skull = chest @ rotations(tracks.head)

    hips = np.einsum("tij,sj->tsi", pelvis, OFFSETS[[1, 2]])
    ankle, toe = feet(tracks)
    flat = ankle[..., [0, 2]] - tracks.root[:, None, [0, 2]] - hips[..., [0, 2]]
    longest = KNEE_LOCK * LEG.sum(axis=0)
    room = np.sqrt(np.maximum(longest**2 - (flat**2).sum(axis=-1), 1e-4))
    limit = ankle[..., 1] + room - hips[..., 1]
    out = np.empty((len(tracks), 22, 3))
    out[:, 0] = tracks.root
    out[:, 0, 1] = soft_floor(soft_floor(tracks.root[:, 1], limit[:, 0]), limit[:, 1])
    out[:, 1:3] = out[:, :1] + hips

    # Legs bend about the body's left-right axis, so the knee points ahead of a hanging leg and above a raised one.
    splay = np.tan(np.clip(SIDE * (tracks.foot_yaw - tracks.yaw[:, None]), -1.0, 1.0)) * 0.7 + tracks.knee_out
    local = np.einsum("tji,tsj->tsi", pelvis, ankle - out[:, 1:3])
    drop = np.sqrt(local[..., 1] ** 2 + local[..., 2] ** 2) + 1e-9
    pole = np.stack([SIDE * splay, local[..., 2] / drop, -local[..., 1] / drop], axis=-1)
    knee, end = two_bones(local, LEG, pole)
    out[:, 4:6] = out[:, 1:3] + np.einsum("tij,tsj->tsi", pelvis, knee)
    out[:, 7:9] = out[:, 1:3] + np.einsum("tij,tsj->tsi", pelvis, end)
    out[:, 10:12] = out[:, 7:9] + toe - ankle

    out[:, 3] = out[:, 0] + pelvis @ OFFSETS[3]
    out[:, 6] = out[:, 3] + low @ OFFSETS[6]
    out[:, 9] = out[:, 6] + middle @ OFFSETS[9]
    out[:, 12] = out[:, 9] + chest @ OFFSETS[12]
    out[:, 15] = out[:, 12] + skull @ OFFSETS[15]
    out[:, 13:15] = out[:, 9:10] + np.einsum("tij,sj->tsi", chest, OFFSETS[[13, 14]])
    _arms(tracks, chest, out)
    return out


def _arms(tracks: Tracks, chest: Array, out: Array) -> None:
    """Fill in shoulders, elbows and wrists; the collar follows a raised or reaching hand."""
    rest = OFFSETS[[16, 17]] * np.stack([SIDE, np.ones(2), np.ones(2)], axis=-1)
    free = tracks.hand
    gripping = tracks.grip_weight[..., None]
    if gripping.any():
        held = np.einsum("tji,tsj->tsi", chest, tracks.grip - out[:, 13:15])
        held[..., 0] *= SIDE
        free = free + gripping * (held - rest - free)
    shrug = 0.32 * np.tanh(free[..., 1] / 0.5) + 0.12
    swing = 0.25 * np.tanh(free[..., 2] / 0.5)
    ahead = np.stack([np.zeros_like(shrug), -swing, shrug], axis=-1)
    shoulder = np.einsum("tsij,sj->tsi", rotations(ahead * np.array([1.0, 1.0, -1.0])), rest)
    target = free + rest - shoulder
    size = np.sqrt((target**2).sum(axis=-1)) + 1e-9
    pole = np.stack([tracks.swivel, -target[..., 2] / size - 0.15, target[..., 1] / size - 0.15], axis=-1)
    elbow, wrist = two_bones(target, ARM, pole)
    for joint, local in ((16, shoulder), (18, elbow), (20, wrist)):
        parent = 13 if joint == 16 else 16
        local[..., 0] *= SIDE
        out[:, joint : joint + 2] = out[:, parent : parent + 2] + np.einsum("tij,tsj->tsi", chest, local)
