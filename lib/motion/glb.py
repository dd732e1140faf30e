"""Binary glTF files (``.glb``), read: nodes, and the keys of the animation that moves the skeleton."""

import struct
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pygltflib import GLTF2, Accessor, Animation

from lib.errors import CorpusError
from lib.motion.glb_pose import PATHS, Glb, Track
from lib.motion.skeleton import Array

MOST_NODES = 2_000
MOST_KEYS = 10_000_000
LONGEST_S = 3_600.0
_WIDTHS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4}
_TYPES = {5120: "<i1", 5121: "<u1", 5122: "<i2", 5123: "<u2", 5125: "<u4", 5126: "<f4"}
_COMPRESSED = {"EXT_meshopt_compression", "KHR_meshopt_compression"}
_EXPORT = "export it again as binary glTF (.glb) with its animation"


def read(path: Path) -> Glb:
    """Reads a file: all its nodes by name, and one animation.

    Of several animations the first is taken that moves at least half as many joints as any of them does, and a note
    says so. Joints are the nodes that a skin names, or all nodes where there is no skin. Where a joint and another node
    have the same name, the joint keeps it.

    Raises:
        CorpusError: no such file, no whole binary glTF, no animation of a joint, data outside the file, or compressed.

    Source: glTF 2.0 specification, Khronos Group 2021.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise CorpusError(f"cannot be read ({error.strerror})", where=path, fix="check the file") from error
    try:
        return _glb(_opened(content))
    except _Fault as fault:
        raise CorpusError(str(fault), where=path, fix=_EXPORT) from None
    except (ArithmeticError, LookupError, RecursionError, TypeError, ValueError, AttributeError, struct.error) as error:
        # The library checks nothing: whatever a damaged file makes of its objects ends here.
        told = f"not a whole binary glTF ({type(error).__name__})"
        raise CorpusError(told, where=path, fix=_EXPORT) from error


class _Fault(Exception):
    pass


def _opened(content: bytes) -> GLTF2:
    if content[:4] != b"glTF" or len(content) < 20:
        raise _Fault("no binary glTF, which begins with the letters glTF")
    version, length = struct.unpack("<II", content[4:12])
    if version != 2:
        raise _Fault(f"glTF of version {version}, not 2")
    if length > len(content):
        raise _Fault(f"cut short: {len(content):,} of {length:,} bytes")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        gltf: GLTF2 = GLTF2.load_from_bytes(content)
    if compressed := _COMPRESSED & set(gltf.extensionsRequired or ()):
        raise _Fault(f"compressed by {compressed.pop()}, which is not read here")
    if len(gltf.nodes) > MOST_NODES:
        raise _Fault(f"more than {MOST_NODES:,} nodes")
    return gltf


def _glb(gltf: GLTF2) -> Glb:
    joints = list(dict.fromkeys(joint for skin in gltf.skins for joint in skin.joints)) or list(range(len(gltf.nodes)))
    animation = _animation(gltf, set(joints))
    order, parents = _ordered(gltf)
    place = {node: n for n, node in enumerate(order)}
    lost = [node for node in joints if node not in place]
    if lost:
        raise _Fault(f"node {lost[0]} is its own ancestor, or is not there")
    names: dict[int, str] = {}
    for node in dict.fromkeys([*joints, *order]):
        name = str(gltf.nodes[node].name or f"node {node}")
        names[node] = name if name not in names.values() else f"{name} (node {node})"
    glb = Glb([names[node] for node in order], [place.get(parent, -1) for parent in parents])
    glb.rest = np.array([_rest(gltf, node) for node in order])
    for node in order:
        if gltf.nodes[node].matrix:
            glb.matrices[place[node]] = np.array(gltf.nodes[node].matrix, dtype=np.float64).reshape(4, 4).T
    for channel in animation.channels:
        path, node = channel.target.path, channel.target.node
        if path in PATHS and node in place:
            sampler = animation.samplers[channel.sampler]
            glb.tracks[place[node], path] = _track(gltf, sampler.input, sampler.output, sampler.interpolation, path)
            glb.matrices.pop(place[node], None)
    if len(gltf.animations) > 1:
        glb.notes.append("several animations: the first that moves the skeleton is read")
    seconds = glb.seconds
    if seconds[-1] - seconds[0] > LONGEST_S:
        raise _Fault(f"an animation of {seconds[-1] - seconds[0]:.3g} s")
    return glb


def _animation(gltf: GLTF2, joints: set[int]) -> Animation:
    if not gltf.animations:
        raise _Fault("no animation")
    moved = [
        len({c.target.node for c in animation.channels if c.target.path in PATHS} & joints)
        for animation in gltf.animations
    ]
    if not max(moved):
        raise _Fault("no animation that moves a joint")
    return next(animation for animation, n in zip(gltf.animations, moved, strict=True) if 2 * n >= max(moved))


def _ordered(gltf: GLTF2) -> tuple[list[int], list[int]]:
    # Nodes with parents before children, and the parent of each (-1: none).
    parent = {child: node for node, each in enumerate(gltf.nodes) for child in each.children or ()}
    if len(parent) < sum(len(node.children or ()) for node in gltf.nodes):
        raise _Fault("a node with two parents")
    order, waiting = [], [node for node in range(len(gltf.nodes)) if node not in parent]
    while waiting:
        node = waiting.pop()
        order.append(node)
        waiting += gltf.nodes[node].children or ()
    return order, [parent.get(node, -1) for node in order]


def _rest(gltf: GLTF2, node: int) -> list[float]:
    of = gltf.nodes[node]
    place, turn, scale = of.translation or [0, 0, 0], of.rotation or [0, 0, 0, 1], of.scale or [1, 1, 1]
    if (len(place), len(turn), len(scale)) != (3, 4, 3) or not np.isfinite([*place, *turn, *scale]).all():
        raise _Fault(f"node {node} has no finite translation, rotation and scale")
    return [*place, *(turn if any(turn) else (0, 0, 0, 1)), *scale]


def _track(gltf: GLTF2, keys: int, values: int, interpolation: str | None, path: str) -> Track:
    mode = interpolation or "LINEAR"
    times, outputs = _values(gltf, keys)[:, 0], _values(gltf, values)
    width = 4 if path == "rotation" else 3
    per_key = 3 if mode == "CUBICSPLINE" else 1
    if mode not in {"LINEAR", "STEP", "CUBICSPLINE"}:
        raise _Fault(f"a sampler of the unknown kind {mode[:40]!r}")
    if not len(times) or outputs.shape != (len(times) * per_key, width):
        raise _Fault(f"{len(outputs):,} values of {path} for {len(times):,} keys")
    if (np.diff(times) <= 0).any():
        raise _Fault(f"keys of {path} whose times do not increase")
    turns = path == "rotation"
    shaped = outputs.reshape(len(times), 3, width) if mode == "CUBICSPLINE" else outputs
    if turns and not np.linalg.norm(shaped[:, 1] if mode == "CUBICSPLINE" else shaped, axis=-1).all():
        raise _Fault("a rotation whose quaternion is 0")
    return Track(times, shaped, mode, turns)


def _values(gltf: GLTF2, index: int) -> Array:
    accessor: Accessor = _entry(gltf.accessors, index)
    if not 0 <= accessor.count <= MOST_KEYS:
        raise _Fault(f"{accessor.count:,} keys in a track")
    shape = accessor.count, _WIDTHS[accessor.type]
    values = np.zeros(shape) if accessor.bufferView is None else _dense(gltf, accessor, shape)
    if accessor.sparse is not None and accessor.sparse.count:
        sparse = accessor.sparse
        which, what = sparse.indices, sparse.values
        at = _numbers(gltf, which.bufferView, which.byteOffset, which.componentType, (sparse.count, 1))
        kept = _numbers(gltf, what.bufferView, what.byteOffset, accessor.componentType, (sparse.count, shape[1]))
        values[at[:, 0].astype(int)] = _floats(kept, accessor)
    if not np.isfinite(values).all():
        raise _Fault("a number that is not finite")
    return values


def _entry(entries: Sequence[Any], index: int) -> Any:
    if index < 0:
        raise IndexError(index)
    return entries[index]


def _dense(gltf: GLTF2, accessor: Accessor, shape: tuple[int, int]) -> Array:
    return _floats(_numbers(gltf, accessor.bufferView, accessor.byteOffset, accessor.componentType, shape), accessor)


def _floats(numbers: NDArray[Any], accessor: Accessor) -> Array:
    # Normalised integers: the largest stands for 1, and the smallest signed one for -1 as its neighbour does.
    if accessor.normalized and numbers.dtype.kind in "iu":
        shares: Array = np.maximum(numbers / np.iinfo(numbers.dtype).max, -1.0)
        return shares
    floats: Array = numbers.astype(np.float64)
    return floats


def _numbers(gltf: GLTF2, view_index: int, offset: int | None, component: int, shape: Sequence[int]) -> NDArray[Any]:
    view = _entry(gltf.bufferViews, view_index)
    content = _content(gltf, view.buffer)
    kind = np.dtype(_TYPES[component])
    stride = view.byteStride or kind.itemsize * shape[1]
    start = (view.byteOffset or 0) + (offset or 0)
    end = start + stride * (shape[0] - 1) + kind.itemsize * shape[1]
    if min(shape[0], offset or 0, view.byteOffset or 0, stride) < 0 or end > len(content):
        raise _Fault(f"data at byte {end:,} of {len(content):,}, cut short or damaged")
    numbers: NDArray[Any] = np.ndarray(shape, kind, content, start, (stride, kind.itemsize))
    return numbers


def _content(gltf: GLTF2, buffer: int) -> bytes:
    uri = _entry(gltf.buffers, buffer).uri
    if uri is not None and not uri.startswith("data:"):
        raise _Fault(f"its data lie in another file, {uri[:60]!r}")
    content = gltf.get_data_from_buffer_uri(uri) if uri is not None or buffer == 0 else None
    if content is None:
        raise _Fault("no data: its binary chunk is not there")
    whole: bytes = content
    return whole
