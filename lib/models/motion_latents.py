"""Latents of the motions of a corpus, computed through the engine: no features and no motions are kept on the way."""

from collections.abc import Sequence
from copy import deepcopy
from typing import Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from torch import nn

from lib.base.device import resolve_device
from lib.base.hashes import digest
from lib.corpus.corpus import Corpus
from lib.corpus.motion_places import PLACES, motions_at, motions_key, places
from lib.engine.keys import Keyed, code_sha256
from lib.engine.mapping import partition_files
from lib.engine.vectors import as_column, read_vectors

Floats = NDArray[np.float32]
STEP = "motion latents"
ROWS = 4096
"""Clips of a partition, some 350 MB of motions. A network sees motions of like length together, so that another number
would change the last bits of a latent; it is no parameter."""


class MotionEncoder(Protocol):
    """What puts motions into a space: TMR, or an `Evaluator`."""

    @property
    def fingerprint(self) -> str:
        """sha256 of its weights."""
        ...

    @property
    def sizes(self) -> object:
        """The numbers of its networks, some of which no weight tells, such as heads; they count as they are printed."""
        ...

    def encode_motion(self, motions: Sequence[NDArray[np.floating]], *, progress: bool = False) -> Floats:
        """Latents (n, d) of motions (T, 263) at 20 fps, in the order given."""
        ...


def motion_latents(
    model: MotionEncoder, corpus: Corpus, segments: pd.DataFrame, *, rows: int = ROWS, progress: bool = True
) -> Floats:
    """Latents of segments of a corpus' clips.

    A worker opens the motions by where they lie, computes features of joints where the corpus holds those, and encodes
    them on one thread or on its GPU; latents are kept by motions, segments, model and code.

    Args:
        model: it can be pickled.
        corpus: holds the motions.
        segments: clip_id, begin, end (frames at 20 fps; the whole clip where end is 0), of clips with a motion.
        rows: clips of a partition.
        progress: whether to show a bar.

    Returns:
        (n, d) in the order of the segments.

    Raises:
        RunError: a motion that cannot be read, or that the model does not take.
    """
    root = corpus.provenance.root
    where = places(corpus.motions, segments["clip_id"], root)
    table = where.assign(begin=segments["begin"].to_numpy(np.int64), end=segments["end"].to_numpy(np.int64))
    files = partition_files(
        encoded_rows,
        table,
        step=STEP,
        arguments={
            "root": Keyed(str(root), motions_key(corpus.provenance.files)),
            "model": Keyed(_on_processor(model), digest([(model.fingerprint, repr(model.sizes))])),
        },
        columns=["clip_id", *PLACES, "begin", "end"],
        code=digest([("rows", code_sha256(encoded_rows)), ("model", code_sha256(model.encode_motion))]),
        rows=rows,
        on_device=True,
        progress=progress,
    )
    return read_vectors(files)


def encoded_rows(rows: pd.DataFrame, *, root: str, model: MotionEncoder) -> pd.DataFrame:
    """The latents of a partition's segments, see `lib.engine.vectors.as_column`.

    Args:
        rows: clip_id, where the motions lie, begin, end.
        root: the corpus' folder.
        model: moved to this process' device.
    """
    if isinstance(model, nn.Module):
        model.to(resolve_device())
    motions = motions_at(rows, root)
    spans = zip(rows["clip_id"], rows["begin"], rows["end"], strict=True)
    return as_column(model.encode_motion([segment(motions.features(clip), begin, end) for clip, begin, end in spans]))


def segment(motion: Floats, begin: int, end: int) -> Floats:
    """Frames begin to end (T,263), the whole where end is 0 or nothing would be left.

    Example:
        >>> frames = np.arange(4.0, dtype=np.float32)[:, None]
        >>> [len(segment(frames, *ends)) for ends in ((0, 0), (1, 3), (9, 12))]
        [4, 2, 4]
    """
    part = motion[begin : end or None]
    return part if len(part) else motion


def _on_processor(model: MotionEncoder) -> MotionEncoder:
    """The model as it travels: a worker may see other GPUs than this process, or none."""
    if isinstance(model, nn.Module) and any(weights.is_cuda for weights in model.parameters()):
        return deepcopy(model).cpu()
    return model
