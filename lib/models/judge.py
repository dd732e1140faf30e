"""What judges captions against videos: what it does, and the kinds of model there are."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from lib.corpus.videos import Video
from lib.models.parameters import VideoTextModel

TOGETHER = 32
"""Captions that a judge reads together, at most: blocks of so many, in rising order of length, have the same bits
wherever they are read."""


class Judge(Protocol):
    """A video-text model: videos and captions in one space.

    Attributes:
        name: as it was asked for.
        sha256: of everything that its answers depend on, so that vectors of two judges are never taken for one's.
        longest: tokens of the longest text that it reads whole, those added at both ends included.
    """

    @property
    def name(self) -> str: ...  # noqa: D102

    @property
    def sha256(self) -> str: ...  # noqa: D102

    @property
    def longest(self) -> int: ...  # noqa: D102

    def encode_videos(self, paths: Sequence[Path | Video], *, progress: bool = True) -> NDArray[np.float32]:
        """Vectors of videos (n, d), L2-normalised; each is seen alone."""

    def encode_texts(self, texts: Sequence[str], *, progress: bool = True) -> NDArray[np.float32]:
        """Vectors of captions (n, d), L2-normalised; of a longer caption only what fits is read."""

    def tokens(self, texts: Sequence[str]) -> NDArray[np.int64]:
        """Tokens of each caption before any is cut, those added at both ends included (n,)."""


def truncated(judge: Judge, texts: Sequence[str]) -> NDArray[np.bool_]:
    """Which captions the judge does not read to their end (n,)."""
    return np.asarray(judge.tokens(texts) > judge.longest)


def load_judge(wanted: VideoTextModel) -> Judge:
    """Loads the judge that a profile names: a folder with a pair of ONNX encoders, else a model of transformers.

    Raises:
        ModelError: as `OnnxPair.load` and `VideoText.load`.
    """
    from lib.models.onnx_preparation import PREPARATION

    if (Path(wanted.name).expanduser() / PREPARATION).exists():
        from lib.models.onnx_pair import OnnxPair

        return OnnxPair.load(Path(wanted.name).expanduser(), frames=wanted.frames)
    from lib.models.video_text import VideoText

    return VideoText.load(**wanted.model_dump(exclude={"videos"}))
