"""Motions as BVH, which animation programs read: a hierarchy of bones, then a rotation of each in every frame."""

from collections.abc import Iterator

import numpy as np
from scipy.spatial.transform import Rotation

from lib.motion.rotations import between
from lib.motion.skeleton import FPS, JOINT_NAMES, OFFSETS, PARENTS, Array

_CENTIMETRES = 100.0
_CHILDREN = tuple(tuple(c for c, parent in enumerate(PARENTS) if parent == joint) for joint in range(len(PARENTS)))
_TIP = 0.08
"""Metres of the end site of a chain, which only shows in which direction its last bone goes on."""


def bvh(joints: Array, *, fps: float = FPS) -> str:
    """A motion as the text of a BVH file.

    The rest pose is the T-pose of `lib.motion.skeleton.OFFSETS` with the clip's own bone lengths. Bones of one length
    throughout, as features recover them, are met within the rounding of that pose (1 cm); other bones keep their
    directions.

    Args:
        joints: (T, 22, 3) metres, Y up.
        fps: frames a second.

    Returns:
        Text in centimetres and degrees; rotations apply in the order Z, X, Y.

    Example:
        >>> bvh(np.cumsum(np.ones((1, 22, 3)), axis=1)).splitlines()[:2]
        ['HIERARCHY', 'ROOT pelvis']
    """
    joints = np.asarray(joints, dtype=np.float64)
    offsets = rest(joints)
    order = list(_depth_first(0))
    turns = Rotation.from_matrix(local_rotations(joints, offsets)[:, order].reshape(-1, 3, 3))
    # At the pole of the angles two of them share a turn; the one scipy picks is as good as any.
    angles = turns.as_euler("ZXY", degrees=True, suppress_warnings=True).reshape(len(joints), len(order), 3)
    degrees = np.unwrap(angles, axis=0, period=360.0)
    rows = np.concatenate([joints[:, 0] * _CENTIMETRES, degrees.reshape(len(joints), -1)], axis=1)
    motion = "\n".join(" ".join(f"{value:.5f}" for value in row) for row in rows)
    hierarchy = "\n".join(_bones(0, offsets, 0))
    return f"HIERARCHY\n{hierarchy}\nMOTION\nFrames: {len(joints)}\nFrame Time: {1 / fps:.6f}\n{motion}\n"


def rest(joints: Array) -> Array:
    """The T-pose's bone vectors (22, 3) in metres, each of the median length it has in a clip (T, 22, 3)."""
    offsets = OFFSETS.copy()
    lengths = np.median(np.linalg.norm(joints[:, 1:] - joints[:, PARENTS[1:]], axis=-1), axis=0)
    offsets[1:] *= (lengths / np.linalg.norm(OFFSETS[1:], axis=1))[:, None]
    return offsets


def local_rotations(joints: Array, offsets: Array) -> Array:
    """The rotation of each joint against its parent that brings the bones below it to where a clip has them.

    A joint with several bones takes the rotation that fits them best; one with a single bone turns by the least angle
    from where its parent leaves it, so that nothing twists. Bones aim from where the bones above have put their start,
    so that errors do not add up along a limb.

    Args:
        joints: (T, 22, 3) metres.
        offsets: (22, 3) metres, the rest pose.

    Returns:
        (T, 22, 3, 3); joints at the end of a chain have none of their own.

    Source: Kabsch 1976 for joints with several bones (`scipy.spatial.transform.Rotation.align_vectors`).

    Example:
        >>> local_rotations(OFFSETS.cumsum(axis=0)[None], OFFSETS).shape
        (1, 22, 3, 3)
    """
    world = np.empty((*joints.shape, 3))
    placed = np.array(joints, dtype=np.float64)
    for joint, (parent, children) in enumerate(zip(PARENTS, _CHILDREN, strict=True)):
        before = world[:, parent] if parent >= 0 else np.broadcast_to(np.eye(3), (len(joints), 3, 3))
        wanted = joints[:, children] - placed[:, joint, None]
        if len(children) > 1:
            world[:, joint] = _fit(offsets[list(children)], wanted)
        elif children:
            start, end = before @ offsets[children[0]], wanted[:, 0]
            world[:, joint] = between(_unit(start), _unit(end)) @ before
        else:
            world[:, joint] = before
        for child in children:
            placed[:, child] = placed[:, joint] + world[:, joint] @ offsets[child]
    local = world.copy()
    local[:, 1:] = world[:, PARENTS[1:]].swapaxes(-1, -2) @ world[:, 1:]
    return local


def _fit(rest_bones: Array, wanted: Array) -> Array:
    # Kabsch for all frames at once: the rotation R that minimises |R a - b| over the bones.
    left, _, right = np.linalg.svd(np.einsum("tbi,bj->tij", wanted, rest_bones))
    left[..., -1] *= np.linalg.det(left @ right)[:, None]
    turned: Array = left @ right
    return turned


def _unit(vectors: Array) -> Array:
    unit: Array = vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9)
    return unit


def _depth_first(joint: int) -> Iterator[int]:
    yield joint
    for child in _CHILDREN[joint]:
        yield from _depth_first(child)


def _bones(joint: int, offsets: Array, depth: int) -> Iterator[str]:
    pad = "  " * depth
    place = offsets[joint] * _CENTIMETRES if depth else np.zeros(3)
    channels = "6 Xposition Yposition Zposition" if depth == 0 else "3"
    yield f"{pad}{'JOINT' if depth else 'ROOT'} {JOINT_NAMES[joint]}"
    yield f"{pad}{{"
    yield f"{pad}  OFFSET " + " ".join(f"{value:.5f}" for value in place)
    yield f"{pad}  CHANNELS {channels} Zrotation Xrotation Yrotation"
    for child in _CHILDREN[joint]:
        yield from _bones(child, offsets, depth + 1)
    if not _CHILDREN[joint]:
        tip = _unit(offsets[joint]) * _TIP * _CENTIMETRES
        yield f"{pad}  End Site\n{pad}  {{\n{pad}    OFFSET " + " ".join(f"{v:.5f}" for v in tip) + f"\n{pad}  }}"
    yield f"{pad}}}"
