"""A motion as text small enough to stand in a page."""

import base64
import struct

import numpy as np
from numpy.typing import NDArray

from lib.base.errors import CorpusError
from lib.motion.features import contacts
from lib.motion.skeleton import FPS, PARENTS, Array

_HEAD = struct.Struct("<HHI")
_MILLIMETRE = 1000
_LARGEST = np.iinfo(np.int16).max
_LONGEST = np.iinfo(np.uint16).max


def payload(joints: Array, fps: float = FPS) -> str:
    """Poses and foot contacts of a motion in base64, exact to half a millimetre.

    Eight bytes say how many frames there are (uint16), hundredths of frames a second (uint16) and micrometres a unit
    (uint32: 1,000, more only for a motion that leaves a square of 65 m); T x 66 coordinates follow as int16, then a
    byte a frame with a bit a contact, all little-endian. Ten seconds at 20 frames a second make 35,480 characters.

    Args:
        joints: (T, 22, 3) metres.
        fps: frames a second.

    Returns:
        ASCII letters, digits, ``+``, ``/`` and ``=``.

    Raises:
        CorpusError: wrong shape, no frame, more than 65,535 frames, values that are not finite, or an fps outside 0.01
            to 655.

    Example:
        >>> joints = np.random.default_rng(0).normal(size=(200, 22, 3))
        >>> len(payload(joints))
        35480
        >>> bool(np.abs(read(payload(joints))[0] - joints).max() <= 0.0005001)
        True
    """
    joints = np.asarray(joints, dtype=np.float64)
    if joints.ndim != 3 or joints.shape[1:] != (len(PARENTS), 3) or not 0 < len(joints) <= _LONGEST:
        raise CorpusError(f"motion has shape {joints.shape}, expected (T, 22, 3) with 1 to {_LONGEST:,} frames")
    if not np.isfinite(joints).all():
        raise CorpusError("motion has values that are not finite")
    if not 0.01 <= fps <= _LONGEST / 100:
        raise CorpusError(f"{fps} frames a second cannot be shown", fix=f"use 0.01 to {_LONGEST // 100}")
    unit = max(_MILLIMETRE, int(np.ceil(np.abs(joints).max() * 1e6 / _LARGEST)))
    head = _HEAD.pack(len(joints), round(fps * 100), unit)
    places = (joints * (1e6 / unit)).round().astype("<i2")
    bits = np.packbits(contacts(joints, fps=fps), axis=1, bitorder="little")
    return base64.b64encode(head + places.tobytes() + bits.tobytes()).decode("ascii")


def read(text: str) -> tuple[NDArray[np.float64], float, NDArray[np.bool_]]:
    """What a payload holds: joints (T, 22, 3) in metres, frames a second, contacts (T, 4).

    Example:
        >>> joints, fps, standing = read(payload(np.zeros((3, 22, 3)), fps=30))
        >>> joints.shape, fps, standing.shape
        ((3, 22, 3), 30.0, (3, 4))
    """
    raw = base64.b64decode(text)
    frames, rate, unit = _HEAD.unpack_from(raw)
    places = np.frombuffer(raw, "<i2", frames * len(PARENTS) * 3, _HEAD.size)
    bits = np.frombuffer(raw, np.uint8, frames, _HEAD.size + places.nbytes)
    standing = np.unpackbits(bits[:, None], axis=1, count=4, bitorder="little").astype(bool)
    return places.reshape(frames, len(PARENTS), 3) * (unit / 1e6), rate / 100, standing
