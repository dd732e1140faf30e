"""How the inputs of a pair of ONNX encoders are made: the JSON beside them, frames into numbers, texts into tokens."""

from pathlib import Path, PurePosixPath
from typing import Annotated, Literal

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from lib.base.errors import ModelError
from lib.base.parameters import Count
from lib.models.video_frames import Spans

PREPARATION = "onnx_pair.json"
LARGEST = 1 << 20
"""Bytes beyond which the JSON is none: a full one needs a thousandth of it."""


def inside(name: str) -> str:
    """A relative path that stays in its folder.

    Raises:
        ValueError: absolute, or it leads out.

    Example:
        >>> inside("weights/video.onnx")
        'weights/video.onnx'
    """
    path = PurePosixPath(name)
    if not name or path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name:
        raise ValueError("a path within the folder is needed")
    return name


Inside = Annotated[str, AfterValidator(inside)]
Three = Annotated[list[float], Field(min_length=3, max_length=3)]
Deviations = Annotated[list[Annotated[float, Field(gt=0)]], Field(min_length=3, max_length=3)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


class VideoInput(_Part):
    """The video encoder and what it takes; the defaults are those of InternVideo2-CLIP.

    Attributes:
        file: the encoder.
        input: name of its input, float32 or float16.
        output: name of the output with one vector a video.
        frames: of a video.
        spans: of time or of frames, at whose middles frames are taken, see `lib.models.video_frames`.
        size: height and width in pixels.
        resize: "squash" gives every frame this size, whatever its shape; "crop" fits the shorter side, cuts the rest.
        interpolation: of the resizing.
        antialias: whether it averages over what one new pixel covers, as Pillow does and older tensors did not.
        mean: of red, green and blue, between 0 and 1.
        std: likewise.
        layout: order of batch, time, channel, height and width.
    """

    file: Inside
    input: str
    output: str
    frames: Count = 8
    spans: Spans = "frames"
    size: Count = 224
    resize: Literal["squash", "crop"] = "squash"
    interpolation: Literal["bicubic", "bilinear"] = "bicubic"
    antialias: bool = True
    mean: Three = [0.485, 0.456, 0.406]
    std: Deviations = [0.229, 0.224, 0.225]
    layout: Literal["BTCHW", "BCTHW"] = "BTCHW"

    @property
    def shape(self) -> tuple[int, ...]:
        """Of one video's input, batch included."""
        sizes = {"B": 1, "T": self.frames, "C": 3, "H": self.size, "W": self.size}
        return tuple(sizes[axis] for axis in self.layout)

    def prepare(self, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Frames as the encoder takes them.

        Args:
            images: (frames, height, width, 3), RGB.

        Returns:
            One video in the order of `layout`, float32.
        """
        resized = np.stack([self._resized(image) for image in images])
        scaled = (resized.astype(np.float32) / 255 - np.array(self.mean, dtype=np.float32)) / np.array(
            self.std, dtype=np.float32
        )
        order = [("B", "T", "H", "W", "C").index(axis) for axis in self.layout]
        return np.ascontiguousarray(scaled[None].transpose(order))

    def _resized(self, image: NDArray[np.uint8]) -> NDArray[np.uint8]:
        height, width = image.shape[:2]
        if self.resize == "squash":
            return self._scaled(image, self.size, self.size)
        short = min(height, width)
        scaled = self._scaled(image, int(self.size * height / short), int(self.size * width / short))
        top, left = (round((extent - self.size) / 2) for extent in scaled.shape[:2])
        return scaled[top : top + self.size, left : left + self.size]

    def _scaled(self, image: NDArray[np.uint8], height: int, width: int) -> NDArray[np.uint8]:
        if self.antialias:
            kind = Image.Resampling[self.interpolation.upper()]
            return np.asarray(Image.fromarray(image).resize((width, height), kind))
        pixels = torch.from_numpy(np.ascontiguousarray(image)).permute(2, 0, 1)[None].float()
        scaled = torch.nn.functional.interpolate(pixels, (height, width), mode=self.interpolation, align_corners=False)
        return scaled[0].permute(1, 2, 0).round().clamp(0, 255).to(torch.uint8).numpy()


class TextInput(_Part):
    """The text encoder and what it takes.

    Attributes:
        file: the encoder.
        input: name of the input with the tokens, int64 or int32.
        mask: name of the input that is 1 where a token is no filling; null where there is none.
        output: name of the output with one vector a text.
        tokenizer: a tokenizers JSON, with what it adds at both ends.
        length: tokens of every text, filled up or cut.
        pad: what fills.
        lower: whether texts are put into small letters first, for tokenizers that do not do so themselves.
    """

    file: Inside
    input: str
    output: str
    mask: str | None = None
    tokenizer: Inside = "tokenizer.json"
    length: Annotated[int, Field(ge=2)] = 77
    pad: Annotated[int, Field(ge=0)] = 0
    lower: bool = False


class Preparation(_Part):
    """The whole JSON; `dims` are the numbers of a vector."""

    format: Literal["onnx-pair/1"]
    dims: Count
    video: VideoInput
    text: TextInput

    @classmethod
    def read(cls, folder: Path) -> "Preparation":
        """Reads the JSON of a folder; nothing in it is run.

        Raises:
            ModelError: missing, too large, no JSON, an unknown key, or a value of another kind.
        """
        path = folder / PREPARATION
        try:
            if path.stat().st_size > LARGEST:
                raise ModelError(f"larger than {LARGEST} bytes", where=path, fix="give frames, sizes and names only")
            return cls.model_validate_json(path.read_bytes())
        except OSError as error:
            fix = "write it beside the two encoders"
            raise ModelError(f"cannot be read ({error.strerror})", where=path, fix=fix) from None
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            place = ".".join(map(str, first["loc"])) or "the file"
            raise ModelError(
                f"{place}: {first['msg']}", where=path, fix="its keys are those of onnx_preparation.py"
            ) from None
