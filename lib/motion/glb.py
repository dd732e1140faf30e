"""Binary glTF files (``.glb``), read: nodes, and the keys of the animation that moves the skeleton."""

import base64
import json
import struct
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lib.base.errors import CorpusError
from lib.motion.glb_pose import PATHS, Glb, Track
from lib.motion.skeleton import Array

MOST_NODES = 2_000
MOST_KEYS = 10_000_000
LONGEST_S = 3_600.0
_LARGEST = 1e12
_WIDTHS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4}
_TYPES = {5120: "<i1", 5121: "<u1", 5122: "<i2", 5123: "<u2", 5125: "<u4", 5126: "<f4"}
_COMPRESSED = {"EXT_meshopt_compression", "KHR_meshopt_compression"}
_INLINE = ("data:application/octet-stream;base64", "data:application/gltf-buffer;base64")
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
        # Values of any type may stand anywhere in a damaged document, and any index may be wrong.
        what = f"not a whole binary glTF ({type(error).__name__})"
        raise CorpusError(what, where=path, fix=_EXPORT) from error


class _Fault(Exception):
    pass


@dataclass(frozen=True)
class _File:
    document: dict[str, Any]
    blob: bytes
    inline: dict[int, bytes] = field(default_factory=dict)

    def entries(self, kind: str) -> list[dict[str, Any]]:
        entries: list[dict[str, Any]] = self.document.get(kind, [])
        return entries

    def entry(self, kind: str, index: int) -> dict[str, Any]:
        if index < 0:
            raise IndexError(index)
        return self.entries(kind)[index]


def _opened(content: bytes) -> _File:
    if content[:4] != b"glTF" or len(content) < 20:
        raise _Fault("no binary glTF, which begins with the letters glTF")
    version, length = struct.unpack("<II", content[4:12])
    if version != 2:
        raise _Fault(f"glTF of version {version}, not 2")
    if length > len(content):
        raise _Fault(f"cut short: {len(content):,} of {length:,} bytes")
    chunks: dict[bytes, bytes] = {}
    at = 12
    while at + 8 <= length:
        size, kind = struct.unpack("<I4s", content[at : at + 8])
        chunks.setdefault(kind, content[at + 8 : at + 8 + size])
        at += 8 + size
    file = _File(json.loads(chunks[b"JSON"].decode()), chunks.get(b"BIN\0", b""))
    if compressed := _COMPRESSED & set(file.document.get("extensionsRequired", ())):
        raise _Fault(f"compressed by {compressed.pop()}, which is not read here")
    if len(file.entries("nodes")) > MOST_NODES:
        raise _Fault(f"more than {MOST_NODES:,} nodes")
    return file


def _glb(file: _File) -> Glb:
    nodes = file.entries("nodes")
    joints = list(dict.fromkeys(joint for skin in file.entries("skins") for joint in skin["joints"])) or [
        *range(len(nodes))
    ]
    animation = _animation(file, set(joints))
    order, parents = _ordered(nodes)
    place = {node: n for n, node in enumerate(order)}
    lost = [node for node in joints if node not in place]
    if lost:
        raise _Fault(f"node {lost[0]} is its own ancestor, or is not there")
    names: dict[int, str] = {}
    for node in dict.fromkeys([*joints, *order]):
        name = str(nodes[node].get("name") or f"node {node}")
        names[node] = name if name not in names.values() else f"{name} (node {node})"
    glb = Glb([names[node] for node in order], [place.get(parent, -1) for parent in parents])
    glb.rest = np.array([_rest(nodes[node], node) for node in order])
    for node in order:
        if "matrix" in nodes[node]:
            glb.matrices[place[node]] = np.array(nodes[node]["matrix"], dtype=np.float64).reshape(4, 4).T
    for channel in animation["channels"]:
        path, node = channel["target"].get("path"), channel["target"].get("node")
        if path in PATHS and node in place:
            sampler = animation["samplers"][channel["sampler"]]
            glb.tracks[place[node], path] = _track(file, sampler, path)
            glb.matrices.pop(place[node], None)
    if len(file.entries("animations")) > 1:
        glb.notes.append("several animations: the first that moves the skeleton is read")
    seconds = glb.seconds
    if seconds[-1] - seconds[0] > LONGEST_S:
        raise _Fault(f"an animation of {seconds[-1] - seconds[0]:.3g} s")
    if not all((np.abs(matrix) < _LARGEST).all() for matrix in glb.matrices.values()):
        raise _Fault("a matrix that is not finite")
    return glb


def _animation(file: _File, joints: set[int]) -> dict[str, Any]:
    animations = file.entries("animations")
    if not animations:
        raise _Fault("no animation")
    targets = [[channel["target"] for channel in animation["channels"]] for animation in animations]
    moved = [len({each.get("node") for each in of if each.get("path") in PATHS} & joints) for of in targets]
    if not max(moved):
        raise _Fault("no animation that moves a joint")
    return next(animation for animation, n in zip(animations, moved, strict=True) if 2 * n >= max(moved))


def _ordered(nodes: list[dict[str, Any]]) -> tuple[list[int], list[int]]:
    # Nodes with parents before children, and the parent of each (-1: none).
    children = [node.get("children", []) for node in nodes]
    if not all(0 <= child < len(nodes) for below in children for child in below):
        raise _Fault("a child that is no node of the file")
    parent = {child: node for node, below in enumerate(children) for child in below}
    if len(parent) < sum(map(len, children)):
        raise _Fault("a node with two parents")
    order, waiting = [], [node for node in range(len(nodes)) if node not in parent]
    while waiting:
        order.append(waiting.pop())
        waiting += children[order[-1]]
    return order, [parent.get(node, -1) for node in order]


def _rest(node: dict[str, Any], index: int) -> list[float]:
    place, turn = node.get("translation", [0, 0, 0]), node.get("rotation", [0, 0, 0, 1])
    scale = node.get("scale", [1, 1, 1])
    if (len(place), len(turn), len(scale)) != (3, 4, 3) or not (np.abs([*place, *turn, *scale]) < _LARGEST).all():
        raise _Fault(f"node {index} has no finite translation, rotation and scale")
    return [*place, *(turn if any(turn) else (0, 0, 0, 1)), *scale]


def _track(file: _File, sampler: dict[str, Any], path: str) -> Track:
    mode = sampler.get("interpolation", "LINEAR")
    times, outputs = _values(file, sampler["input"])[:, 0], _values(file, sampler["output"])
    width = 4 if path == "rotation" else 3
    per_key = 3 if mode == "CUBICSPLINE" else 1
    if mode not in {"LINEAR", "STEP", "CUBICSPLINE"}:
        raise _Fault(f"a sampler of the unknown kind {mode[:40]!r}")
    if not len(times) or outputs.shape != (len(times) * per_key, width):
        raise _Fault(f"{len(outputs):,} values of {path} for {len(times):,} keys")
    if (np.diff(times) <= 0).any():
        raise _Fault(f"keys of {path} whose times do not increase")
    keys = outputs.reshape(len(times), 3, width) if mode == "CUBICSPLINE" else outputs
    if path == "rotation" and not np.linalg.norm(keys[:, 1] if mode == "CUBICSPLINE" else keys, axis=-1).all():
        raise _Fault("a rotation whose quaternion is 0")
    return Track(times, keys, mode, path == "rotation")


def _values(file: _File, index: int) -> Array:
    accessor = file.entry("accessors", index)
    if not 0 <= accessor["count"] <= MOST_KEYS:
        raise _Fault(f"{accessor['count']:,} keys in a track")
    shape = accessor["count"], _WIDTHS[accessor["type"]]
    values = (
        _floats(_numbers(file, accessor, accessor, shape), accessor) if "bufferView" in accessor else np.zeros(shape)
    )
    if sparse := accessor.get("sparse"):
        at = _numbers(file, sparse["indices"], sparse["indices"], (sparse["count"], 1))[:, 0]
        kept = _numbers(file, sparse["values"], accessor, (sparse["count"], shape[1]))
        values[at.astype(int)] = _floats(kept, accessor)
    if not (np.abs(values) < _LARGEST).all():
        raise _Fault(f"a number that is not finite, or over {_LARGEST:g}")
    return values


def _floats(numbers: NDArray[Any], accessor: dict[str, Any]) -> Array:
    # Normalised integers: the largest stands for 1, and the smallest signed one for -1 as its neighbour does.
    if accessor.get("normalized") and numbers.dtype.kind in "iu":
        shares: Array = np.maximum(numbers / np.iinfo(numbers.dtype).max, -1.0)
        return shares
    floats: Array = numbers.astype(np.float64)
    return floats


def _numbers(file: _File, place: dict[str, Any], form: dict[str, Any], shape: tuple[int, int]) -> NDArray[Any]:
    view = file.entry("bufferViews", place["bufferView"])
    content = _content(file, view["buffer"])
    kind = np.dtype(_TYPES[form["componentType"]])
    within, offset = view.get("byteOffset", 0), place.get("byteOffset", 0)
    stride = view.get("byteStride") or kind.itemsize * shape[1]
    end = within + offset + stride * (shape[0] - 1) + kind.itemsize * shape[1]
    if min(shape[0], within, offset, stride) < 0 or end > len(content):
        raise _Fault(f"data at byte {end:,} of {len(content):,}, cut short or damaged")
    numbers: NDArray[Any] = np.ndarray(shape, kind, content, within + offset, (stride, kind.itemsize))
    return numbers


def _content(file: _File, buffer: int) -> bytes:
    if buffer in file.inline:
        return file.inline[buffer]
    uri = file.entry("buffers", buffer).get("uri")
    if uri is None:
        return file.blob if buffer == 0 else b""
    start, _, text = uri.partition(",")
    if start not in _INLINE:
        raise _Fault(f"its data lie in another file, {uri[:60]!r}")
    return file.inline.setdefault(buffer, base64.b64decode(text))
