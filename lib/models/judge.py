"""What judges captions against videos: the kinds of model there are, and the consent that code of a model needs."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from lib.base.errors import ModelError
from lib.base.hashes import digest, file_sha256
from lib.corpus.videos import Video
from lib.models.parameters import VideoTextModel
from lib.text.hugging_face import COMMIT

CONFIGS = ("config.json", "preprocessor_config.json", "processor_config.json", "tokenizer_config.json")
"""Files of a model folder in which `auto_map` names code."""


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
        """Vectors of videos (n, d), L2-normalised."""

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
    from lib.models.onnx_pair import OnnxPair
    from lib.models.onnx_preparation import PREPARATION
    from lib.models.video_text import VideoText

    if (Path(wanted.name).expanduser() / PREPARATION).exists():
        return OnnxPair.load(Path(wanted.name).expanduser(), frames=wanted.frames)
    return VideoText.load(**wanted.model_dump(exclude={"videos"}))


def consent(name: str, folder: Path, *, revision: str | None, code_sha256: str | None) -> None:
    """Refuses code that comes with a model unless its very content was agreed to.

    Code on the hub is fixed by the commit, code in a folder by the hash of its files. Code that a model borrows from
    another repository is fixed by neither.

    Args:
        name: of the model, a folder or `owner/name` on the hub.
        folder: where its files lie; of a model on the hub only the configurations have to.
        revision: the commit of a model on the hub.
        code_sha256: `code_hash` of the folder as it was read.

    Raises:
        ModelError: no commit, no hash, another hash, or code of another repository.
    """
    for file in (folder / config for config in CONFIGS):
        if file.is_file() and (borrowed := _borrowed(file)):
            fix = "copy the model and that code into one folder, read it, and name the folder"
            raise ModelError(f"runs code of another repository ({borrowed})", where=name, fix=fix)
    if not Path(name).expanduser().is_dir():
        if not COMMIT.fullmatch(revision or ""):
            fix = "set models.video_text.revision to the full hash of the commit that you read"
            raise ModelError("trust_remote_code holds for one commit only", where=name, fix=fix)
        return
    if code_sha256 != (found := code_hash(folder)):
        what = "its code is not what was agreed to" if code_sha256 else "trust_remote_code holds for known code only"
        fix = f"read its .py files, then set models.video_text.code_sha256 to {found}"
        raise ModelError(what, where=name, fix=fix)


def code_hash(folder: Path) -> str:
    """One hash of every Python file below a folder, by relative path; of the one loaded no matter which."""
    return digest((path.relative_to(folder).as_posix(), file_sha256(path)) for path in sorted(folder.rglob("*.py")))


def _borrowed(file: Path) -> str:
    """The reference of an `auto_map` to code of another repository, written owner/name--module.Class; else nothing."""
    try:
        named = json.loads(file.read_text(encoding="utf-8")).get("auto_map") or {}
        return next((str(one) for one in _texts(named) if "--" in one), "")
    except (ValueError, AttributeError):
        return ""  # transformers says what is wrong with it


def _texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else []
    return [text for part in inside for text in _texts(part)]
