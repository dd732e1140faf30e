"""Binary glTF files written by hand, byte by byte, as the specification has them; no library helps."""

import json
import struct
from typing import Any

import numpy as np

KINDS = {"int8": 5120, "uint8": 5121, "int16": 5122, "uint16": 5123, "uint32": 5125, "float32": 5126}
TYPES = {1: "SCALAR", 3: "VEC3", 4: "VEC4"}


class Writer:
    """Arrays go into one buffer; `content` gives the bytes of the file."""

    def __init__(self) -> None:
        self.blob = b""
        self.views: list[dict[str, Any]] = []
        self.accessors: list[dict[str, Any]] = []

    def view(self, content: bytes, **more: int) -> int:
        self.blob += b"\0" * (-len(self.blob) % 4)
        self.views.append({"buffer": 0, "byteOffset": len(self.blob), "byteLength": len(content), **more})
        self.blob += content
        return len(self.views) - 1

    def accessor(self, array: Any, **more: Any) -> int:
        values = np.asarray(array)
        values = values.astype(np.float32) if values.dtype == np.float64 else values
        values = values[:, None] if values.ndim == 1 else values
        told = {"componentType": KINDS[values.dtype.name], "count": len(values), "type": TYPES[values.shape[1]]}
        self.accessors.append({"bufferView": self.view(values.tobytes()), **told, **more})
        return len(self.accessors) - 1

    def animation(
        self, *channels: tuple[int, str, Any, Any], mode: str = "LINEAR", name: str = "take"
    ) -> dict[str, Any]:
        """Channels of node, path, times and values; times or values that are an integer are accessors already."""
        samplers, targets = [], []
        for node, path, *arrays in channels:
            keys, values = (one if isinstance(one, int) else self.accessor(one) for one in arrays)
            targets.append({"sampler": len(samplers), "target": {"node": node, "path": path}})
            samplers.append({"input": keys, "output": values, "interpolation": mode})
        return {"name": name, "channels": targets, "samplers": samplers}

    def content(self, nodes: list[dict[str, Any]], animations: list[dict[str, Any]], **more: Any) -> bytes:
        document = {
            "asset": {"version": "2.0"},
            "nodes": nodes,
            "animations": animations,
            "accessors": self.accessors,
            "bufferViews": self.views,
            "buffers": [{"byteLength": len(self.blob)}],
            **more,
        }
        return wrapped(json.dumps(document).encode(), self.blob)


def wrapped(document: bytes, blob: bytes) -> bytes:
    """The container: a header of 12 bytes, then a chunk of JSON and one of bytes, each padded to 4."""
    document += b" " * (-len(document) % 4)
    blob += b"\0" * (-len(blob) % 4)
    chunks = struct.pack("<I4s", len(document), b"JSON") + document
    chunks += struct.pack("<I4s", len(blob), b"BIN\0") + blob
    return struct.pack("<4sII", b"glTF", 2, 12 + len(chunks)) + chunks


def about(axis: str, degrees: Any) -> np.ndarray:
    """Quaternions (..., 4), x y z w."""
    half = np.radians(np.asarray(degrees, dtype=float)) / 2
    turn = np.zeros((*half.shape, 4))
    turn[..., "XYZ".index(axis)], turn[..., 3] = np.sin(half), np.cos(half)
    return turn


def matrix(turn: np.ndarray) -> np.ndarray:
    """(3, 3) of a quaternion, by the textbook."""
    x, y, z, w = turn / np.sqrt((turn**2).sum())
    return np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
            [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
            [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
        ]
    )
