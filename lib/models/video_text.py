"""A video-text model of the Hugging Face kind: videos and captions in one space."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
import torch
from numpy.typing import NDArray
from tqdm import tqdm

from lib.base.device import resolve_device
from lib.base.errors import ModelError, refuse_limits
from lib.base.hashes import digest, file_sha256
from lib.corpus.videos import Video
from lib.models.judge import TOGETHER
from lib.models.model_code import CONFIGS, code_hash, consent
from lib.models.video_frames import frames
from lib.text.hugging_face import COMMIT, KINDS

FRAMES = 8
CODE = "read its code, then set models.video_text.trust_remote_code to true, or name another model"

Vectors = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class VideoText:
    """A model with `get_video_features` and `get_text_features`, such as X-CLIP, and what prepares its inputs.

    X-CLIP's forward pass also adjusts each caption to the video it is held against; here a caption has one vector,
    whatever the video, since a gallery needs vectors that do not depend on each other.

    Source: Ni et al. 2022, X-CLIP + transformers: models/x_clip/modeling_x_clip.py (get_video_features,
        get_text_features).

    Attributes:
        name: as it was asked for.
        model: in evaluation mode, on the project's device.
        images: the model's image processor.
        tokenizer: the model's tokenizer.
        count: frames a video.
        sha256: of the folder's files, or of name and commit on the hub; and of `count` where it was chosen.
    """

    name: str
    model: Any
    images: Any
    tokenizer: Any
    count: int
    sha256: str

    @classmethod
    def load(
        cls,
        name: str,
        *,
        frames: int | None = None,
        revision: str | None = None,
        trust_remote_code: bool = False,
        code_sha256: str | None = None,
    ) -> Self:
        """Loads a model from a folder or from the hub.

        Args:
            name: a folder, or `owner/name` on the hub.
            frames: how many a video; default: as many as the model was trained with, else 8.
            revision: the full hash of a commit on the hub, so that the answer never changes; a folder has none.
            trust_remote_code: whether the model may run code of its own on this machine: that of the commit, or of a
                folder whose code has the hash `code_sha256`.
            code_sha256: the hash of a folder's code that may run.

        Raises:
            ModelError: a name on the hub without a commit, not there, not loadable, in need of code that is not
                allowed, or other than what was; not a video-text model, or made for another number of frames.
        """
        from transformers import AutoImageProcessor, AutoModel, AutoTokenizer
        from transformers.utils import logging

        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        options: dict[str, Any] = {
            "trust_remote_code": trust_remote_code,
            "local_files_only": Path(name).expanduser().is_dir(),
        }
        if not options["local_files_only"] and not COMMIT.fullmatch(revision or ""):
            fix = "set models.video_text.revision to the full hash of a commit of it, or name a folder that holds it"
            raise ModelError(
                "a model of the hub needs a commit, or it may change between two runs", where=name, fix=fix
            )
        options |= {"revision": revision} if revision else {}
        place = str(Path(name).expanduser()) if options["local_files_only"] else name
        if trust_remote_code:
            there = Path(place) if options["local_files_only"] else _configurations(name, str(revision))
            consent(name, there, revision=revision, code_sha256=code_sha256)
            options |= {"code_revision": revision} if revision else {}
        sha256 = _content(Path(place)) if options["local_files_only"] else digest([(name, str(revision))])
        try:
            model = AutoModel.from_pretrained(place, **options).eval()
            images, tokenizer = (kind.from_pretrained(place, **options) for kind in (AutoImageProcessor, AutoTokenizer))
        except Exception as error:  # transformers raises whatever its parts raise
            refuse_limits(error)
            needs_code = "trust_remote_code" in str(error)
            told = "brings code of its own, which is not run unasked" if needs_code else f"cannot be loaded ({error})"
            fix = CODE if needs_code else "give models.video_text.name a folder that holds model and processor"
            raise ModelError(" ".join(told.split())[:300], where=name, fix=fix) from None
        if not all(hasattr(model, f"get_{kind}_features") for kind in ("video", "text")):
            told = f"{type(model).__name__} has no get_video_features and get_text_features"
            raise ModelError(told, where=name, fix="name a video-text model such as microsoft/xclip-base-patch32")
        made_for = getattr(getattr(model.config, "vision_config", None), "num_frames", None)
        if frames and made_for and frames != made_for:
            fix = f"set models.video_text.frames to {made_for}, or leave it out"
            raise ModelError(f"made for {made_for} frames a video, not {frames}", where=name, fix=fix)
        count = frames or made_for or FRAMES
        if count != (made_for or FRAMES):
            sha256 = digest([("model", sha256), ("frames", str(count))])
        return cls(name, model.to(resolve_device()), images, tokenizer, count, sha256)

    @property
    def longest(self) -> int:
        """Tokens of the longest text that is read whole."""
        text_config = getattr(self.model.config, "text_config", None)
        return int(getattr(text_config, "max_position_embeddings", None) or self.tokenizer.model_max_length)

    def tokens(self, texts: Sequence[str]) -> NDArray[np.int64]:
        """Tokens of each caption before any is cut, those added at both ends included (n,)."""
        ids = self.tokenizer([*texts], truncation=False, padding=False, verbose=False)["input_ids"] if texts else []
        return np.array([len(one) for one in ids], dtype=np.int64)

    @torch.inference_mode()
    def encode_videos(self, paths: Sequence[Path | Video], *, progress: bool = True) -> Vectors:
        """Vectors of videos.

        Returns:
            (n, d) float32, L2-normalised.

        Raises:
            CorpusError: a file that is no readable video.
        """
        shown = tqdm(paths, desc="embedding videos", disable=not progress)
        return np.concatenate([_vectors(self._video(path)) for path in shown])

    @torch.inference_mode()
    def encode_texts(self, texts: Sequence[str], *, progress: bool = True) -> Vectors:
        """Vectors of captions, cut where the model's longest text ends; equal captions have equal vectors.

        Returns:
            (n, d) float32, L2-normalised.
        """
        distinct = sorted(set(texts), key=lambda text: (len(text), text))
        place = {text: at for at, text in enumerate(distinct)}
        found = []
        for at in tqdm(range(0, len(distinct), TOGETHER), desc="embedding captions", disable=not progress):
            some = distinct[at : at + TOGETHER]
            tokens = self.tokenizer(some, padding=True, truncation=True, max_length=self.longest, return_tensors="pt")
            inputs = {key: tokens[key] for key in ("input_ids", "attention_mask") if key in tokens}
            inputs = {key: values.to(self.model.device) for key, values in inputs.items()}
            found.append(_vectors(_pooled(self.model.get_text_features(**inputs))))
        return np.concatenate(found)[[place[text] for text in texts]]

    def _video(self, path: Path | Video) -> torch.Tensor:
        pixels = self.images(list(frames(path, self.count)), return_tensors="pt")["pixel_values"]
        pixels = pixels.reshape(1, self.count, *pixels.shape[-3:]).to(self.model.device)
        return _pooled(self.model.get_video_features(pixel_values=pixels))


def _pooled(output: Any) -> torch.Tensor:
    """One vector an input, whether the version of transformers returns it bare or in an output object."""
    vectors: torch.Tensor = output if isinstance(output, torch.Tensor) else output.pooler_output
    return vectors


def _vectors(pooled: torch.Tensor) -> Vectors:
    found: Vectors = torch.nn.functional.normalize(pooled.float(), dim=-1).cpu().numpy()
    return found


def _content(folder: Path) -> str:
    """One hash of every file of a model folder that may bear on its answers, its code included."""
    files = {path for kind in (*KINDS, "*.safetensors", "*.bin") for path in folder.glob(kind)}
    return digest([("code", code_hash(folder)), *((path.name, file_sha256(path)) for path in files)])


def _configurations(name: str, revision: str) -> Path:
    """The folder with a hub model's configurations, fetched without any code."""
    from huggingface_hub import snapshot_download

    try:
        return Path(snapshot_download(name, revision=revision, allow_patterns=[*CONFIGS], etag_timeout=5.0))
    except Exception as error:  # the transport's own errors differ between versions of huggingface_hub
        refuse_limits(error)
        told = f"cannot be fetched ({type(error).__name__})"
        raise ModelError(told, where=name, fix="connect to the hub, or give a folder that holds the model") from None
