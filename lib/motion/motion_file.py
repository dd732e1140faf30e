"""A motion of one's own in a ``.npy`` file: joints or features, read safely."""

from pathlib import Path

import numpy as np

from lib.base.errors import CorpusError
from lib.motion.body import body_faults
from lib.motion.features import recover_joints
from lib.motion.motion_array import FEATURES, JOINTS, content_fault, open_array
from lib.motion.skeleton import PARENTS, Array

_BONE = (0.03, 1.0)
_QUESTIONS = {"drift": "are they normalised features?", "up": "does Y point up?", "toes": "", "scale": ""}


def read(path: Path) -> Array:
    """Joint positions of a file.

    Args:
        path: ``.npy`` with joints (T, 22, 3), as floats in metres or as integers in millimetres, or with HumanML3D
            features (T, 263), not normalised; Y points up.

    Returns:
        (T, 22, 3) float64 metres, moved up or down so that the lowest joint of the clip is on the floor.

    Raises:
        CorpusError: missing, not a plain numpy array, of another shape, without frames, with values that are not
            finite, or of a body whose bones show that it is not in metres.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     np.save(Path(folder) / "a.npy", np.zeros((0, 22, 3)))
        ...     read(Path(folder) / "a.npy")  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        lib.base.errors.CorpusError: .../a.npy: no frames; give an array of shape (T, 22, 3) or (T, 263)
    """
    array = open_array(path)
    fix = "give an array of shape (T, 22, 3) or (T, 263)"
    if array.shape[1:] not in {JOINTS, FEATURES}:
        raise CorpusError(f"wrong shape {array.shape}", where=path, fix=fix)
    if not len(array):
        raise CorpusError("no frames", where=path, fix=fix)
    if array.dtype.kind not in "fi":
        raise CorpusError(f"wrong type {array.dtype}", where=path, fix="save numbers: floats, or integer millimetres")
    if fault := content_fault(array):
        raise CorpusError(fault, where=path, fix="cut the clip before that frame")
    scale = 1000.0 if array.dtype.kind == "i" else 1.0
    values = array.astype(np.float64) / scale
    joints = recover_joints(values).astype(np.float64) if array.shape[1:] == FEATURES else values
    bone = float(np.median(np.linalg.norm(joints[:, 1:] - joints[:, PARENTS[1:]], axis=-1)))
    if not _BONE[0] <= bone <= _BONE[1]:
        fix = "give floats in metres, integers in millimetres, or features that are not normalised"
        raise CorpusError(
            f"half of the bones are longer than {bone:.3g} m, so this is no body in metres", where=path, fix=fix
        )
    joints[..., 1] -= joints[..., 1].min()
    return joints


def doubts(joints: Array) -> list[str]:
    """What a motion that can be shown shows of units and axes that may not be meant, a clause each.

    Args:
        joints: as `read` gives them.

    Example:
        >>> doubts(np.random.default_rng(0).normal(size=(40, 22, 3)))[0].partition(";")[2]
        ' are they normalised features?'
    """
    faults = [(fault.what, _QUESTIONS[fault.kind]) for fault in body_faults(joints) if fault.kind in _QUESTIONS]
    return [f"{what}; {question}" if question else what for what, question in faults]
